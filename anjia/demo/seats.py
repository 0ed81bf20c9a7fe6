"""The people of the demo and where they sit: every kind of agency, four tiers, all invented."""

from __future__ import annotations

from dataclasses import dataclass

#: Invented places, which no map shows: (name, what it lies in, its code).
TOWNSHIP, VILLAGE = "柳浦街道", "杨林社区"
PETITION_TOWN, PETITION_VILLAGE = "青芦镇", "芦花社区"
SUPPORT_TOWN, SUPPORT_VILLAGE = "杏塘镇", "杏湾村"
QUARREL_TOWN = "荷浦镇"
INVENTED = (
    (TOWNSHIP, "321003", "321003990"),
    (VILLAGE, "321003990", "321003990001"),
    (PETITION_TOWN, "321012", "321012990"),
    (PETITION_VILLAGE, "321012990", "321012990001"),
    (SUPPORT_TOWN, "321081", "321081990"),
    (SUPPORT_VILLAGE, "321081990", "321081990001"),
    (QUARREL_TOWN, "321084", "321084990"),
)
#: Offices that stand there, and some that the law of names alone does not found: (kind, name, place).
OFFICES = (
    ("federation", "柳浦街道妇联", TOWNSHIP),
    ("police_station", "柳浦派出所", TOWNSHIP),
    ("mediation_committee", "柳浦街道人民调解委员会", TOWNSHIP),
    ("justice_office", "柳浦司法所", TOWNSHIP),
    ("governance_center", "柳浦街道综治中心", TOWNSHIP),
    ("school", "柳浦实验小学", TOWNSHIP),
    ("federation", "杨林社区妇联", VILLAGE),
    ("village_committee", "杨林社区居委会", VILLAGE),
    ("federation", "青芦镇妇联", PETITION_TOWN),
    ("government", "青芦镇人民政府", PETITION_TOWN),
    ("police_station", "青芦派出所", PETITION_TOWN),
    ("federation", "芦花社区妇联", PETITION_VILLAGE),
    ("agriculture_bureau", "江都区农业农村局", "321012"),
    ("federation", "杏塘镇妇联", SUPPORT_TOWN),
    ("mediation_committee", "杏塘镇人民调解委员会", SUPPORT_TOWN),
    ("police_station", "杏塘派出所", SUPPORT_TOWN),
    ("federation", "杏湾村妇联", SUPPORT_VILLAGE),
    ("village_committee", "杏湾村村委会", SUPPORT_VILLAGE),
    ("trade_union", "仪征市总工会", "321081"),
    ("federation", "荷浦镇妇联", QUARREL_TOWN),
    ("mediation_committee", "荷浦镇人民调解委员会", QUARREL_TOWN),
    ("police_station", "荷浦派出所", QUARREL_TOWN),
)


@dataclass(frozen=True)
class Seat:
    """One post of the demo: who sits where. `key` is what the story calls it; `about` the sign-in page's line."""

    key: str
    name: str
    kind: str
    place: str  # division code, or the name of an invented place
    role: str
    title: str
    about: str = ""
    agency: str = ""  # its name, when several of the kind stand at the place


SEATS = (
    Seat("city", "高云", "federation", "321000", "head", "权益部部长", "看全市进度,接提级"),
    Seat("city-desk", "宋岚", "federation", "321000", "triage", "12338值班", "接全市来电"),
    Seat("hanjiang", "沈静", "federation", "321003", "head", "权益部部长", "受理分派、联系、定级、请协办"),
    Seat("hanjiang-desk", "罗敏", "federation", "321003", "triage", "受理分派", "登记来电来访"),
    Seat("street", "陈璐", "federation", TOWNSHIP, "officer", "妇联干事", "收件、走访、调解登记"),
    Seat("village", "吴秀珍", "federation", VILLAGE, "head", "社区妇联主席", "手机上办事,最多三件"),
    Seat("volunteer", "梁小雨", "federation", VILLAGE, "volunteer", "维权站志愿者", "照话术卡做一件事"),
    Seat("police", "秦勇", "police_station", TOWNSHIP, "officer", "社区民警", "来函、查访、回复"),
    Seat("auxiliary", "丁国庆", "police_station", TOWNSHIP, "officer", "辅警", "他的堂嫂,他查不到"),
    Seat("court-clerk", "孟佳", "court", "321003", "officer", "家事庭书记员", "来件、退回、受理、送达"),
    Seat("judge", "许文", "court", "321003", "head", "家事庭法官"),
    Seat("shelter", "葛红", "shelter", "321000", "head", "庇护点负责人", "先入住,后补材料", "安置点 B"),
    Seat("doctor", "卞一鸣", "hospital", "321003", "officer", "急诊医生", "两分钟回一封来函"),
    Seat("appraiser", "田敏", "appraisal_center", "321000", "head", "法医"),
    Seat("lawyer", "邵晨", "legal_aid_center", "321003", "officer", "法律援助律师"),
    Seat("counsellor", "蒋岚", "counselling", "321003", "officer", "心理咨询师"),
    Seat("teacher", "庄晴", "school", TOWNSHIP, "officer", "班主任", "只见接送和情绪两件事"),
    Seat("relief", "范立", "civil_affairs", "321003", "officer", "社会救助"),
    Seat("labour", "石芸", "labour_bureau", "321081", "officer", "劳动监察大队"),
    Seat("media", "龚航", "media", "321000", "officer", "说法栏目编导"),
    Seat("governance", "倪峰", "governance_center", TOWNSHIP, "officer", "综治中心窗口"),
    Seat("justice-office", "苗青", "justice_office", TOWNSHIP, "head", "司法所所长"),
    Seat("mediator", "施兰", "mediation_committee", TOWNSHIP, "officer", "人民调解员"),
    Seat("committee", "戴强", "village_committee", VILLAGE, "head", "社区居委会主任"),
    Seat("leader", "严明", "government", "321000", "leader", "分管副市长", "看不到任何个人"),
    Seat("sysadmin", "尤伟", "federation", "321000", "sysadmin", "系统管理员", "看不到任何事项"),
    Seat("guangling", "殷秀", "federation", "321002", "head", "权益部部长", "广陵区"),
    Seat("jiangdu", "韦琴", "federation", "321012", "head", "权益部部长", "江都区"),
    Seat("baoying", "柏青", "federation", "321023", "head", "权益部部长", "宝应县"),
    Seat("zone", "童欣", "federation", "321071", "head", "妇联负责人", "开发区"),
    Seat("yizheng", "康洁", "federation", "321081", "head", "权益部部长", "仪征市"),
    Seat("gaoyou", "俞芳", "federation", "321084", "head", "权益部部长", "高邮市"),
    Seat("bureau", "祁峰", "police_bureau", "321003", "officer", "家暴专班"),
    Seat("justice", "卜华", "justice_bureau", "321000", "officer", "基层科"),
    Seat("procurator", "边宁", "procuratorate", "321003", "officer", "未检办检察官"),
    Seat("petition-office", "席文", "petition_office", "321000", "officer", "接访员"),
    Seat("town", "成霞", "federation", PETITION_TOWN, "head", "镇妇联主席", "外嫁女土地补偿一访"),
    Seat("farm", "舒禾", "agriculture_bureau", "321012", "officer", "农经站"),
    Seat("union", "阮立春", "trade_union", "321081", "officer", "女职工部"),
    Seat("support-town", "窦梅", "federation", SUPPORT_TOWN, "officer", "镇妇联干事"),
    Seat(
        "support-mediator", "管兴", "mediation_committee", SUPPORT_TOWN, "head", "调委会主任", "赡养调解一案"
    ),
    Seat(
        "quarrel-mediator",
        "路宽",
        "mediation_committee",
        QUARREL_TOWN,
        "officer",
        "人民调解员",
        "停调转个案一案",
    ),
)
#: Offices that sign in themselves; all others are recorded on their behalf.
ONLINE = frozenset(
    {"police", "court-clerk", "lawyer", "counsellor", "mediator", "support-mediator", "quarrel-mediator"}
)
#: A person who holds two posts and switches between them.
SECOND = ("hanjiang", "hanjiang-desk")
#: The people one would try first, as the handbook of users orders them; residents have a site of their own.
FRONT = (
    "village",
    "volunteer",
    "street",
    "hanjiang",
    "city",
    "police",
    "court-clerk",
    "shelter",
    "doctor",
    "leader",
)
