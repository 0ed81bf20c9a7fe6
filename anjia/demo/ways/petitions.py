"""信访: petitions with review and re-review, urging opinions, what other offices bring, serious incidents."""

from __future__ import annotations

from anjia.demo.ways.way import Procedure, Way, step

ACCEPTED = (step("entered", 4), step("accept", 24 * 3))
WITH_BODY = (*ACCEPTED, step("hand_over", 24, goes="answered"))
WORKED = (*WITH_BODY, step("work", 24 * 6))
SUPPORTED = (*WORKED, step("answer_supported", 24 * 4))
NOT_SUPPORTED = (*ACCEPTED, step("work", 24 * 5), step("answer_not_supported", 24 * 5))
REVIEWED = (*NOT_SUPPORTED, step("ask_review", 24 * 8, goes="upheld"))
RE_REVIEWED = (*REVIEWED, step("ask_re_review", 24 * 20, goes="upheld"))
REPORT = step("report_up", 3, report_stage="monthly")

PETITION = Procedure(
    name="petition",
    parties={"asking": "female"},
    channels=("visit", "letter", "visit", "call", "online"),
    filled=frozenset({"request", "facts", "matter_class", "first_or_repeat", "urgency", "address"}),
    words={
        "request": [
            "请依法落实我的份额。",
            "请补发产假期间的工资。",
            "请帮我把户口的事弄清楚。",
            "请督促单位改正。",
        ],
        "facts": [
            "村里分补偿款没有我的名字,说外嫁的不算。",
            "怀孕以后单位把我调到外地岗位。",
            "离婚后孩子的抚养费一直没有着落。",
            "招工只要男的,笔试第一也没有用。",
            "婆家不让我回去拿自己的东西。",
        ],
        "address": "通信地址按登记表",
        "urgency": ["normal", "soon"],
        "first_or_repeat": ["first", "first", "repeat"],
        "hand_over.agency": "civil_affairs",
        "hand_over.request": "请在期限内依法处理并书面回复。",
        "urge.agency": "labour_bureau",
        "demand": "请依法处理并书面答复处理情况。",
        "system_no": "演信访",
        "missing": "住址不清,无法书面告知。",
        "opinion": ["经核,诉求有依据,已由责任单位改正。", "经核,现有政策不支持,已逐条说明。"],
        "opinion_no": "演妇信意",
        "notice_no": "演妇信告",
        "work_words": ["约谈了经办人,核了台账。", "到村里听了双方的说法。", "与责任单位开了碰头会。"],
        "review_request": "答复没有说清依据,请求复查。",
        "why": "依法应走其他程序,已当面说明。",
        "forwarded_to": "有权处理的机关",
        "told_on": 0,
        "answered_on": 0,
        "asked_on": 0,
        "told_why": "电话说明了还差一份材料。",
    },
    ways=(
        Way("registered", (), ago=(0.2, 3)),
        Way("unclear", (step("entered", 3), step("unclear", 20)), ago=(1, 3)),
        Way("handled", ACCEPTED, ago=(2, 25), receipt=True),
        Way("forgotten", ACCEPTED, ago=(65, 85), rare=True, keeps=False),
        Way("with the body", (*ACCEPTED, step("hand_over", 24, goes="accepted")), ago=(1, 2)),
        Way("urged", (*WORKED, step("urge", 24, goes="sent")), ago=(5, 20)),
        Way(
            "urged and answered",
            (*WORKED, step("urge", 24, goes="answered"), step("answer_supported", 24 * 30), REPORT),
        ),
        Way(
            "urged and inspected",
            (*WORKED, step("urge", 24, goes="inspected"), step("answer_supported", 24 * 50), REPORT),
        ),
        Way("government inspects", (*WORKED, step("urge", 24, goes="inspecting")), ago=(5, 12)),
        Way(
            "urging recalled",
            (*WORKED, step("urge", 24, goes="recalled"), step("answer_explained", 24 * 8), REPORT),
        ),
        Way("supported", (*SUPPORTED, REPORT, step("no_review", 24 * 31)), often=2, receipt=True),
        Way(
            "explained", (*ACCEPTED, step("work", 24 * 6), step("answer_explained", 24 * 4), REPORT), often=2
        ),
        Way("not supported", (*NOT_SUPPORTED, REPORT)),
        Way("not accepted", (step("entered", 3), step("not_accept", 24 * 4), REPORT)),
        Way("forwarded", (step("entered", 3), step("forward_away", 24 * 3), REPORT)),
        Way("led elsewhere", (*ACCEPTED, step("lead_elsewhere", 24 * 3), REPORT)),
        Way("withdrawn", (*ACCEPTED, step("close_withdrawn", 24 * 6), step("reply", 3), REPORT)),
        Way("in review", (*NOT_SUPPORTED, step("ask_review", 24 * 8, goes="under review")), ago=(2, 8)),
        Way("reviewed", REVIEWED, ago=(3, 10)),
        Way("review changed it", (*NOT_SUPPORTED, step("ask_review", 24 * 8, goes="changed")), ago=(5, 15)),
        Way("in re-review", (*REVIEWED, step("ask_re_review", 24 * 20, goes="under re-review")), ago=(1, 6)),
        Way(
            "re-reviewed",
            RE_REVIEWED,
            ago=(17, 20),
            keeps=False,
        ),
        Way(
            "closed for good",
            (*REVIEWED, step("ask_re_review", 24 * 20, goes="upheld"), step("terminate", 24 * 16), REPORT),
        ),
        Way("re-review changed it", (*REVIEWED, step("ask_re_review", 24 * 20, goes="changed")), ago=(5, 15)),
        Way("rests after review", (*REVIEWED, step("rest_after_review", 24 * 45), REPORT)),
        Way(
            "as a petition",
            (step("entered", 4), step("accept", 24 * 2), step("answer_explained", 24 * 6), REPORT),
            inside=True,
        ),
    ),
)

OPINION = {
    "file_words": "调阅了原案卷,听取了双方意见。",
    "opinion": "经审查,提出书面意见如下,理由附后。",
    "opinion_no": "演妇复",
    "told_on": 0,
    "heard_on": 0,
    "asked_on": 0,
}
REVIEW = Procedure(
    name="petition-review",
    words=OPINION,
    ways=(
        Way("upheld", (step("ask_file", 24 * 3), step("uphold", 24 * 5))),
        Way("changed", (step("ask_file", 24 * 3), step("change", 24 * 6))),
        Way("under review", (step("ask_file", 24 * 3),)),
    ),
)
RE_REVIEW = Procedure(
    name="petition-re-review",
    words=OPINION,
    ways=(
        Way("upheld", (step("ask_file", 24 * 3), step("hearing", 24 * 2), step("uphold", 24 * 5))),
        Way("changed", (step("ask_file", 24 * 3), step("change", 24 * 6))),
        Way("under re-review", (step("ask_file", 24 * 3),)),
    ),
)
URGING = Procedure(
    name="urging-opinion",
    words={
        "reply_text": "已约谈用人单位,责令限期改正。",
        "reply_no": "演函复",
        "asked_whom": "同级人民政府",
        "why": "到期未答复,提请督查。",
        "recall.why": "责任单位已先行改正,收回。",
    },
    ways=(
        Way("answered", (step("answer", 24 * 12),)),
        Way("sent", ()),
        Way("inspecting", (step("ask_inspection", 24 * 15),)),
        Way("inspected", (step("ask_inspection", 24 * 15), step("inspect", 24 * 12))),
        Way("recalled", (step("recall", 24 * 3),)),
    ),
)

CHECKED = (step("check", 3),)
TAKEN_UP = (*CHECKED, step("take_up_other", 10))
BROUGHT = Procedure(
    name="referral-in",
    parties={"asking": "female"},
    channels=("transfer", "call", "police_notice", "referral"),
    filled=frozenset({"facts", "urgency", "reporter", "sent_at"}),
    words={
        "source_kind": ["hotline_12345", "hotline_12338", "other_body"],
        "facts": [
            "热线转来:来电人说邻居家常有哭声。",
            "网格员报:一户新来的租户常有争吵。",
            "来件反映:产假待遇没有落实。",
        ],
        "urgency": ["soon", "normal"],
        "sent_at": 0,
        "reporter": ["neighbour", "grid_worker", "self"],
        "check_words": "与来件单位核对过,属实。",
        "return_words": "不属妇联职责,建议找主管部门。",
        "returned_on": 0,
        "answer_words": "已接收办理,结果已告知当事人。",
        "answer_on": 0,
        "why": "来件单位说明已自行处理。",
        "feedback_words": "已出警核实,正在处理。",
        "request": "请依法处理并反馈。",
        "police_receipt": "演受",
    },
    ways=(
        Way("received", (), ago=(0.05, 0.3)),
        Way("not looked at", (), ago=(3, 5), rare=True, keeps=False),
        Way("checking", CHECKED, ago=(0.1, 0.4)),
        Way("taken up", (*CHECKED, step("take_up_dv", 6, goes="reached")), ago=(0.2, 0.8)),
        Way("answered", (*TAKEN_UP, step("answer_sender", 24), step("report_up", 3)), often=2),
        Way(
            "became a petition",
            (
                *CHECKED,
                step("take_up_petition", 8, goes="as a petition"),
                step("answer_sender", 24 * 12),
                step("report_up", 3),
            ),
        ),
        Way("returned", (*CHECKED, step("return_it", 20), step("report_up", 3))),
        Way("withdrawn", (*CHECKED, step("close_withdrawn", 20), step("reply", 3), step("report_up", 3))),
    ),
)

FIRST = (step("first_report", 0.8),)
FOLLOWED = (*FIRST, step("further_report", 16))
INCIDENT = Procedure(
    name="serious-incident",
    channels=("call", "police_notice", "transfer"),
    filled=frozenset({"known_at", "brief", "report_text"}),
    words={
        "incident_kind": ["media", "serious_injury"],
        "known_at": 0,
        "incident_at": 0,
        "brief": "一名妇女受伤送医,公安已到场,无媒体报道。",
        "report_text": ["首报:已知情况和已采取的措施。", "续报:伤者情况稳定,公安已立案。"],
        "told_at": 0,
        "received_by": "市妇联值班",
        "cause": "矛盾长期没有人管。",
        "lessons": "两次报警没有接上回访。",
        "why": "经核系意外摔伤。",
        "next_due": 1,
    },
    ways=(
        Way("just known", (), ago=(0.02, 0.05)),
        Way("followed", FOLLOWED, ago=(0.2, 0.8)),
        Way("looking back", (*FOLLOWED, step("final_report", 24 * 2)), ago=(2, 6)),
        Way(
            "closed",
            (*FOLLOWED, step("final_report", 24 * 2), step("close_final", 24 * 5), step("report_up", 2)),
        ),
        Way("not serious", (step("not_serious", 1), step("report_up", 2))),
    ),
)

REPEAT = Procedure(
    name="repeat-case",
    words={
        "arranged": "由后一件的承办人接着办,前一件的安排照旧。",
        "checked": "分别向两边核对,生日不同,不是一家。",
    },
    ways=(
        Way("asked", ()),
        Way("same", (step("decide_same", 20),)),
        Way("different", (step("decide_different", 20),)),
    ),
)
