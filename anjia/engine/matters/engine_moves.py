"""Moves that no playbook names because nobody chooses them: the clock and the engine make them."""

from __future__ import annotations

from anjia.law.playbooks.builtin import BUILT_IN_MOVES
from anjia.law.playbooks.schema import Field, Move

OPENED = Move(name="open", label={"zh": "登记", "en": "Opened"}, from_=(), by=(), builtin=True)
CLIMB = Move(name="climb", label={"zh": "提级", "en": "Escalated"}, from_=(), by=("clock",), builtin=True)
ASK_SAME = Move(
    name="ask_same",
    label={"zh": "提示可能是同一家庭", "en": "May be the same family"},
    from_=(),
    by=("clock",),
    builtin=True,
)
WHEREABOUTS = Move(
    name="whereabouts",
    label={"zh": "更新住处与去向", "en": "Whereabouts updated"},
    from_=(),
    by=(),
    builtin=True,
)
LINK_WHY = Field(
    name="link_why",
    type="code",
    list="person-link-why",
    label={"zh": "依据", "en": "Ground"},
    required=True,
    counts=True,
)
REASON = Field(
    name="reason",
    type="long_text",
    compartment="narrative",
    label={"zh": "说明", "en": "Explanation"},
    max=500,
)
LINK_PERSON = Move(
    name="link_person",
    label={"zh": "认定为同一人", "en": "Held to be the same person"},
    from_=(),
    by=(),
    asks=(LINK_WHY, REASON),
    builtin=True,
)
UNLINK_PERSON = Move(
    name="unlink_person",
    label={"zh": "不再认定为同一人", "en": "No longer held to be the same person"},
    from_=(),
    by=(),
    asks=(REASON,),
    builtin=True,
)
STAND_ASIDE = Move(
    name="stand_aside",
    label={
        "zh": "原单位应当回避，由上一级办理",
        "en": "The office has to step aside; the one above takes over",
    },
    from_=(),
    by=("clock",),
    builtin=True,
)
PASS_ON = Move(
    name="pass_on",
    label={"zh": "原单位停用，由上一级接办", "en": "The office was stopped; the one above takes over"},
    from_=(),
    by=("clock",),
    builtin=True,
)
HAND_ON = Move(
    name="hand_on",
    label={"zh": "经办人离岗，已交接", "en": "Whoever handled it left; handed on"},
    from_=(),
    by=("clock",),
    builtin=True,
)
#: Said at the end of a shift of one matter, and read in it by whoever may read its story.
SHIFT_NOTE = Move(
    name="shift_note",
    label={"zh": "值班交接", "en": "Handed over to the next shift"},
    from_=(),
    by=(),
    asks=(
        Field(
            name="words",
            type="long_text",
            compartment="narrative",
            label={"zh": "交代", "en": "Note"},
            max=500,
        ),
    ),
    builtin=True,
)
SHIFT_LIST = Move(
    name="shift_list",
    label={"zh": "交接清单", "en": "What was handed over"},
    from_=(),
    by=(),
    builtin=True,
)
MIGRATE = Move(
    name="migrate",
    label={"zh": "换用新版流程", "en": "Moved to the new version of the procedure"},
    from_=(),
    by=("clock",),
    builtin=True,
)
ASK_OPEN = Move(
    name="ask_open",
    label={"zh": "请第二人同意查看或出具", "en": "A second person was asked to agree"},
    from_=(),
    by=(),
    asks=(REASON,),
    builtin=True,
)
ALLOW_OPEN = Move(
    name="allow_open",
    label={"zh": "第二人同意", "en": "A second person agreed"},
    from_=(),
    by=(),
    builtin=True,
)
SHOWN_ONCE = Move(
    name="shown_once",
    label={"zh": "住处与去向已看一次", "en": "Whereabouts were shown once"},
    from_=(),
    by=(),
    builtin=True,
)
GIVEN_OUT = Move(
    name="given_out",
    label={"zh": "出具文书", "en": "A paper was given out"},
    from_=(),
    by=(),
    asks=(
        Field(
            name="paper_given",
            type="code",
            list="letter",
            label={"zh": "文书", "en": "Paper"},
            counts=True,
        ),
        Field(
            name="given_to",
            type="code",
            list="letter-to",
            label={"zh": "交给", "en": "Given to"},
            counts=True,
        ),
        Field(
            name="letter_no",
            type="short_text",
            compartment="narrative",
            label={"zh": "文号", "en": "Document number"},
        ),
    ),
    builtin=True,
)
ASK_SIGN = Move(
    name="ask_sign",
    label={"zh": "文书送签", "en": "A letter was laid before those who sign"},
    from_=(),
    by=(),
    builtin=True,
)
#: They meet a duty, so that the procedures know them by name.
SIGNED, SIGN_BACK = BUILT_IN_MOVES["letter_signed"], BUILT_IN_MOVES["letter_back"]
COPIED = Move(
    name="copied",
    label={"zh": "报到其他系统", "en": "Reported to another system"},
    from_=(),
    by=(),
    asks=(
        Field(
            name="copied_to",
            type="code",
            list="copy-system",
            label={"zh": "哪个系统", "en": "Which system"},
            counts=True,
        ),
        Field(
            name="copied_state",
            type="code",
            list="copy-state",
            label={"zh": "报到哪一步", "en": "How far"},
            counts=True,
        ),
        Field(name="copied_on", type="date", label={"zh": "哪天报的", "en": "Reported on"}, counts=True),
        Field(
            name="their_number",
            type="short_text",
            compartment="narrative",
            label={"zh": "那边的编号", "en": "Their number"},
            max=60,
        ),
    ),
    builtin=True,
)
ANSWER_HELD = Move(
    name="answer_held",
    label={"zh": "凭回执码答复,现在的阶段用不上:", "en": "Answered by code, of no use at this stage: "},
    from_=(),
    by=(),
    builtin=True,
)
UNLISTED = Move(
    name="unlisted",
    label={
        "zh": "查无实据期满,被反映人不再可被查找",
        "en": "Nothing was found and the time is over: the person complained of is no longer found by search",
    },
    from_=(),
    by=("clock",),
    builtin=True,
)
LOOK_REASON = Field(
    name="reason",
    type="long_text",
    compartment="narrative",
    label={"zh": "为什么需要", "en": "Why it is needed"},
    required=True,
    max=500,
)
OPEN_FOR = Move(
    name="open_for",
    label={"zh": "上级写明用途查看", "en": "Opened by the line above for a purpose"},
    from_=(),
    by=(),
    asks=(
        Field(
            name="open_purpose",
            type="code",
            list="unmask-purpose",
            label={"zh": "用途", "en": "Purpose"},
            required=True,
            counts=True,
        ),
        LOOK_REASON,
    ),
    builtin=True,
)
EMERGENCY = Move(
    name="emergency",
    label={"zh": "应急查阅", "en": "Opened in an emergency"},
    from_=(),
    by=(),
    asks=(
        Field(
            name="emergency_purpose",
            type="code",
            list="emergency-purpose",
            label={"zh": "什么情形", "en": "What emergency"},
            required=True,
            counts=True,
        ),
        LOOK_REASON,
    ),
    builtin=True,
)
ACCESS_OVER = Move(
    name="access_over",
    label={"zh": "授权到期", "en": "A grant has run out"},
    from_=(),
    by=("clock",),
    builtin=True,
)
ENGINE_MOVES = {
    m.name: m
    for m in (
        OPENED,
        CLIMB,
        ASK_SAME,
        WHEREABOUTS,
        LINK_PERSON,
        UNLINK_PERSON,
        STAND_ASIDE,
        PASS_ON,
        HAND_ON,
        SHIFT_NOTE,
        SHIFT_LIST,
        MIGRATE,
        ASK_OPEN,
        ALLOW_OPEN,
        SHOWN_ONCE,
        GIVEN_OUT,
        ASK_SIGN,
        SIGNED,
        SIGN_BACK,
        COPIED,
        OPEN_FOR,
        EMERGENCY,
        ACCESS_OVER,
        UNLISTED,
        ANSWER_HELD,
    )
}
#: Who was let in, who looked, what came of it: others rely on it, so that nobody corrects it.
OF_RIGHTS = frozenset(
    {"open_for", "emergency", "access_over", "grant_access", "end_access", "review_emergency"}
)
#: Steps that say "she is known elsewhere", "she is hidden", "somebody here is of her family" or who else was let in:
#: read by whoever leads the matter and by nobody else in it.
FOR_LEADERS = frozenset(
    {
        "ask_same",
        "link_same",
        "link_person",
        "unlink_person",
        "stand_aside",
        "ask_open",
        "allow_open",
        "shown_once",
        "ask_sign",
        "letter_signed",
        "letter_back",
        *OF_RIGHTS,
    }
)
