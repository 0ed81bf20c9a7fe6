"""The demo city's offices and the people who hold posts in them: all kinds, four tiers, all invented."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from anjia.registry.places.actions import add_place
from anjia.registry.posts import actors
from anjia.registry.posts.actions import accounts, agencies, rosters
from anjia.registry.posts.models import Agency, Mode, Post

SYSTEM = actors.SYSTEM
TOWNSHIP, VILLAGE = "柳浦街道", "杨林社区"  # invented
COUNTIES = ("321002", "321003", "321012", "321023", "321071", "321081", "321084")


@dataclass(frozen=True)
class Seat:
    """One post of the demo: who sits where. `key` is what the story calls it; `about` the sign-in page's line."""

    key: str
    name: str
    kind: str
    place: str  # division code, or the invented township or village
    role: str
    title: str
    about: str = ""
    agency: str = ""  # its name, when several of the kind stand at the place


SEATS = (
    Seat("city", "高云", "federation", "321000", "head", "权益部部长", "看全市进度,接提级"),
    Seat("city-desk", "宋岚", "federation", "321000", "triage", "12338值班", "接全市来电"),
    Seat("hanjiang", "沈静", "federation", "321003", "head", "权益部部长", "受理分派、联系、定级、请协办"),
    Seat("hanjiang-desk", "罗敏", "federation", "321003", "triage", "受理分派", "登记来电来访"),
    Seat("street", "陈璐", "federation", TOWNSHIP, "officer", "妇联干事", "街道妇联"),
    Seat("village", "吴秀珍", "federation", VILLAGE, "head", "社区妇联主席", "手机上办事"),
    Seat("volunteer", "梁小雨", "federation", VILLAGE, "volunteer", "维权站志愿者"),
    Seat("police", "秦勇", "police_station", TOWNSHIP, "officer", "社区民警", "来函与回复"),
    Seat("auxiliary", "丁国庆", "police_station", TOWNSHIP, "officer", "辅警"),
    Seat("court-clerk", "孟佳", "court", "321003", "officer", "家事庭书记员", "来件、退回、受理"),
    Seat("judge", "许文", "court", "321003", "head", "家事庭法官"),
    Seat("shelter", "葛红", "shelter", "321000", "head", "庇护点负责人", "", "安置点 B"),
    Seat("doctor", "卞一鸣", "hospital", "321003", "officer", "急诊医生"),
    Seat("appraiser", "田敏", "appraisal_center", "321000", "head", "法医"),
    Seat("lawyer", "邵晨", "legal_aid_center", "321003", "officer", "法律援助律师"),
    Seat("counsellor", "蒋岚", "counselling", "321003", "officer", "心理咨询师"),
    Seat("teacher", "庄晴", "education_bureau", "321003", "officer", "学校联系人"),
    Seat("relief", "范立", "civil_affairs", "321003", "officer", "社会救助"),
    Seat("labour", "石芸", "labour_bureau", "321000", "officer", "劳动监察联络员"),
    Seat("media", "龚航", "media", "321000", "officer", "说法栏目编导"),
    Seat("governance", "倪峰", "governance_center", TOWNSHIP, "officer", "综治中心窗口"),
    Seat("mediator", "施兰", "mediation_committee", "321003", "officer", "人民调解员"),
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
)
#: Offices that sign in themselves; all others are recorded on their behalf.
ONLINE = frozenset({"police", "court-clerk", "lawyer", "counsellor"})
#: A person who holds two posts and switches between them.
SECOND = ("hanjiang", "hanjiang-desk")
#: Shown first on the sign-in page, in this order.
FRONT = (
    "hanjiang-desk",
    "hanjiang",
    "street",
    "village",
    "police",
    "court-clerk",
    "city",
    "leader",
    "sysadmin",
)

NEW_AGENCIES = (
    ("federation", "柳浦街道妇联", TOWNSHIP),
    ("police_station", "柳浦派出所", TOWNSHIP),
    ("governance_center", "柳浦街道综治中心", TOWNSHIP),
    ("federation", "杨林社区妇联", VILLAGE),
    ("village_committee", "杨林社区居委会", VILLAGE),
)


@dataclass(frozen=True)
class City:
    """Where the story finds its offices, posts and places."""

    posts: dict[str, Post]
    places: dict[str, str]  # invented name -> code
    _acting: dict[tuple[str, date], actors.Actor] = field(default_factory=dict, repr=False)

    def actor(self, key: str, now: datetime) -> actors.Actor:
        """The person in that post, as she acts at that moment."""
        day = actors.today(now)
        if (key, day) not in self._acting:  # nobody's post changes within a day of the demo
            self._acting[key, day] = actors.for_post(self.posts[key].id, now)
        return self._acting[key, day]

    def agency(self, key: str) -> Agency:
        """The office of that post."""
        return self.posts[key].agency


def invented_places(now: datetime) -> dict[str, str]:
    """The street and the community of the stories, which no map shows."""
    street = add_place(
        name=TOWNSHIP, parent="321003", now=now, actor=SYSTEM, code="321003990", fictional=True
    )
    village = add_place(
        name=VILLAGE, parent=street.code, now=now, actor=SYSTEM, code="321003990001", fictional=True
    )
    for number in ("一", "二"):
        add_place(name=f"杨林第{number}网格", parent=village.code, now=now, actor=SYSTEM, fictional=True)
    return {TOWNSHIP: street.code, VILLAGE: village.code}


def staff(now: datetime) -> City:
    """Offices, posts and the duty roster."""
    codes = invented_places(now)
    for kind, name, place in NEW_AGENCIES:
        agencies.add_agency(
            kind=kind,
            name=name,
            place=codes[place],
            actor=SYSTEM,
            now=now,
            fictional=True,
            opened_on=now.date(),
        )
    posts = {seat.key: seated(seat, codes, now) for seat in SEATS}
    first, second = SECOND
    accounts.give_post(
        account=posts[first].account,
        agency=posts[second].agency,
        role="triage",
        title="受理分派(兼)",
        from_on=date(2026, 1, 1),
        actor=SYSTEM,
        now=now,
    )
    for key in ONLINE:
        agencies.set_mode(agency=posts[key].agency, mode=Mode.ONLINE, actor=SYSTEM, now=now)
    return City(posts, codes)


def seated(seat: Seat, codes: dict[str, str], now: datetime) -> Post:
    """One invented person in one post."""
    place = codes.get(seat.place, seat.place)
    found = Agency.objects.filter(kind=seat.kind, place=place)
    agency = (found.filter(name=seat.agency) if seat.agency else found.order_by("name")).first()
    if agency is None:
        raise LookupError(f"no {seat.kind} at {place}")
    account = accounts.add_account(
        login=f"demo-{seat.key}", name=seat.name, actor=SYSTEM, now=now, mobile=f"1000000{len(seat.key):04d}"
    )
    return accounts.give_post(
        account=account,
        agency=agency,
        role=seat.role,
        title=seat.title,
        from_on=date(2026, 1, 1),
        actor=SYSTEM,
        now=now,
    )


def roster(city: City, today: datetime) -> None:
    """Who answers the telephone for the next fortnight, nights and weekends included."""
    midnight = today.replace(hour=0, minute=0, second=0, microsecond=0)
    for key in ("city-desk", "hanjiang-desk", "guangling", "jiangdu", "baoying", "yizheng", "gaoyou"):
        for day in range(14):
            for start, hours in ((8, 12), (20, 12)):
                begins = midnight + timedelta(days=day, hours=start)
                rosters.add_shift(
                    agency=city.agency(key),
                    post=city.posts[key],
                    telephone="0514-00000000",
                    starts_at=begins,
                    ends_at=begins + timedelta(hours=hours),
                    actor=SYSTEM,
                    now=today,
                )
