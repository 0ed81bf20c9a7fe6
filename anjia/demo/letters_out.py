"""Letters with numbers, one that waits for a signature, and a hospital's department that reports by its code."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from anjia.casework.reporting import points, reports
from anjia.demo.posts import City
from anjia.engine.letters import disclosure, numbering, signing
from anjia.engine.matters import actions
from anjia.engine.matters.inputs import PartyInput
from anjia.engine.matters.models import Capacity, Seat
from anjia.foundation.events import access
from anjia.registry.posts.models import Agency

HEAD, DESK, CITY_HEAD, DOCTOR = "hanjiang", "hanjiang-desk", "city", "doctor"
COUNTY = "321003"
SITE = "https://example.invalid/"
#: Whose heads have set a letterhead: the post, the office's own word, what its red head rests on.
WORDS = (
    (HEAD, "邗妇权", "演办发〔2026〕演3号"), (CITY_HEAD, "扬妇权", "演办发〔2026〕演1号"),
    ("guangling", "广妇权", ""), ("gaoyou", "邮妇权", ""),
)  # fmt: skip
#: Which letter goes with what.
LETTERS = {
    "referral": "referral-letter",
    "protection-order": "order-request",
    "warning-letter": "warning-request",
}
DEPARTMENTS = ("急诊科", "妇产科", "儿科")
REPORTED = {
    "about": "child", "facts": "四岁,左前臂骨折,家长两次说法不一。", "report_class": "multiple_injury", "police_told": "yes",
    "police_receipt": "演受0311", "name": "小舟", "relation": "parent", "reporter_name": "卞一鸣",
    "reporter_post": "急诊医生",
}  # fmt: skip
MOST = 3


def send(city: City, now: datetime) -> None:
    """The heads set their letterheads; letters go out, one is laid before the head; a report comes from the hospital."""
    first = now - timedelta(days=20)
    for who, word, basis in WORDS:
        numbering.change(actor=city.actor(who, first), word=word, is_red=bool(basis), basis=basis, now=first)
        numbered(city, who, now)
    waits(city, now)
    reported(city, now)


def numbered(city: City, who: str, now: datetime) -> None:
    """The newest questions of this office that others have in hand go out as numbered letters."""
    mine = Seat.objects.filter(
        agency=city.agency(who),
        capacity=Capacity.REFERRER,
        to_at__isnull=True,
        is_open=True,
        playbook__in=LETTERS,
    )
    for n, seat in enumerate(mine.select_related("matter").order_by("-opened_at", "matter__number")[:MOST]):
        at = max(seat.matter.updated_at, now - timedelta(hours=20 - n))
        given(city, who, seat.matter_id, LETTERS[seat.playbook], at)


def given(city: City, who: str, matter: UUID, paper: str, at: datetime) -> None:
    """One letter, looked through and printed."""
    actor = city.actor(who, at)
    with access.reading(actor, route="desk:letter", at=at):
        disclosure.release(actor=actor, matter_id=matter, paper=paper, now=at, checked=True, site=SITE)


def waits(city: City, now: datetime) -> None:
    """An urging opinion that the desk has laid before the head this morning."""
    begun = now - timedelta(days=6)
    desk = city.actor(DESK, begun)
    opened = actions.open_matter(
        playbook="petition",
        actor=desk,
        now=begun,
        channel="visit",
        place=COUNTY,
        parties=[PartyInput(role="asking", sex="female", sealed={"label": {"name": "季小满"}})],
        data={
            "request": "请补发产假期间的工资。",
            "facts": "产假回来被调岗,少发两个月工资。",
            "matter_class": "labour",
        },
    )
    steps = (
        (5, "accept", {"told_how": "on_the_spot", "told_on": (begun + timedelta(days=1)).date().isoformat()}),
        (1, "urge", {"agency": str(labour().id), "failed_to": "delayed", "demand": "请依法查处并书面答复处理情况。"}),
    )  # fmt: skip
    child: UUID | None = None
    for ago, move, data in steps:
        at = now - timedelta(days=ago)
        moved = actions.move(
            matter_id=opened.matter, name=move, actor=city.actor(HEAD, at), now=at, data=data
        )
        child = moved.child or child
    assert child is not None
    at = now - timedelta(hours=1)
    actor = city.actor(DESK, at)
    with access.reading(actor, route="desk:letter", at=at):
        draft = disclosure.draft(actor=actor, matter_id=child, paper="urging-letter", now=at)
    signing.ask(draft, actor=actor, now=at)


def labour() -> Agency:
    """The labour bureau of the county."""
    return Agency.objects.get(kind="labour_bureau", tier="county", county=COUNTY)


def reported(city: City, now: datetime) -> None:
    """Three departments have their codes; one reported an hour ago."""
    hospital, at = city.agency(DOCTOR), now - timedelta(days=15)
    head = city.actor(HEAD, at)
    made = [points.open_point(agency=hospital, name=name, actor=head, now=at) for name in DEPARTMENTS]
    data, _errors = reports.read({k: str(v) for k, v in REPORTED.items()}, ["identity"], ["face"])
    then = now - timedelta(minutes=50)
    reports.send(made[0], data, now=then, key="", burst="")
