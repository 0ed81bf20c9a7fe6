"""A small city for tests: two counties, one street, one community, an office of each kind that matters."""

from __future__ import annotations

import uuid
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile

from anjia.engine.matters import actions, pages
from anjia.engine.matters.inputs import Decisions, Moved, Opened, PartyInput
from anjia.engine.matters.models import Duty, Matter
from anjia.engine.matters.tests import kept
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.events import access
from anjia.foundation.vault import vault
from anjia.registry.places.actions import new_place
from anjia.registry.places.models import Place
from anjia.registry.posts import actors, pledges
from anjia.registry.posts.actions import accounts, agencies
from anjia.registry.posts.models import Agency, Post

CITY, COUNTY, OTHER = "321000", "321003", "321084"
STREET, VILLAGE = "321003990", "321003990001"
FOUNDED = datetime(2026, 1, 5, 9, tzinfo=SHANGHAI)
PLACES = (
    ("320000", "江苏省", "", "province"), (CITY, "扬州市", "320000", "city"), (COUNTY, "邗江区", CITY, "county"),
    (OTHER, "高邮市", CITY, "county"), (STREET, "柳浦街道", COUNTY, "township"),
    (VILLAGE, "杨林社区居委会", STREET, "village"),
)  # fmt: skip
OFFICES = {
    "city": ("federation", "扬州市妇联", CITY),
    "province": ("federation", "江苏省妇联", "320000"),
    "county": ("federation", "邗江区妇联", COUNTY),
    "other": ("federation", "高邮市妇联", OTHER),
    "street": ("federation", "柳浦街道妇联", STREET),
    "village": ("federation", "杨林社区妇联", VILLAGE),
    "police": ("police_station", "柳浦派出所", STREET),
    "bureau": ("police_bureau", "邗江公安分局", COUNTY),
    "court": ("court", "邗江区人民法院", COUNTY),
    "aid": ("legal_aid_center", "邗江区法律援助中心", COUNTY),
    "shelter": ("shelter", "安置点 B", CITY),
    "mediators": ("mediation_committee", "柳浦街道人民调解委员会", STREET),
}
NAME, HIS_NAME, PHONE, STORY = "周晓兰", "丁海峰", "10013500034", "他喝了酒就动手"
WHERE = "高邮市湖滨小区六幢"


def at(text: str) -> datetime:
    """“03-10 12:15” of 2026, Beijing time."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI)


def paper() -> SimpleUploadedFile:
    return SimpleUploadedFile(
        "告诫书.pdf", b"%PDF-1.4\n1 0 obj<<>>endobj\n%%EOF\n", content_type="application/pdf"
    )


@dataclass
class World:
    """The city, its people by office (lead, colleague, partner …) and what they do."""

    offices: dict[str, Agency] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)

    def actor(self, key: str, when: str = "03-10 09:00") -> actors.Actor:
        return actors.for_post(self.posts[key].id, at(when))

    def help_wanted(self, when: str = "03-09 20:47", key: str = "", **more: Any) -> Opened:
        """She writes one sentence; unless told otherwise she allows nothing."""
        decisions = more.pop("decisions", Decisions())
        asking = PartyInput(
            role="asking",
            sex="female",
            sealed={
                "label": {"name": more.pop("name", NAME)},
                "contact": {"phone": more.pop("phone", PHONE), "safe_when": "工作日 12:10–12:50"},
            },
            decisions=decisions,
            residence=more.get("place", VILLAGE),
        )
        him = PartyInput(role="complained", relation="spouse", sealed={"label": {"their_name": HIS_NAME}})
        given = {"place": VILLAGE, "channel": "online", "data": {"facts": STORY}, **more}
        return actions.open_matter(
            playbook="dv-case",
            actor=actors.resident(),
            now=at(when),
            parties=[asking, him],
            key=key,
            with_receipt=True,
            **given,
        )

    def does(self, who: str, what: str, matter: UUID, when: str, behalf: str = "", **data: Any) -> Moved:
        """Somebody in an office makes a move."""
        given = {k: data.pop(k) for k in ("ver", "key", "files") if k in data}
        return actions.move(
            matter_id=matter,
            name=what,
            actor=self.actor(who, when),
            now=at(when),
            data=data,
            on_behalf_of=self.offices[behalf].id if behalf else None,
            **given,
        )

    def assessed(self, **more: Any) -> UUID:
        """A matter that was taken on, reached and assessed as medium."""
        m = self.help_wanted(**more).matter
        self.does("county", "accept_in", m, "03-09 21:00", first_or_repeat="first", urgency="urgent")
        self.does("county", "call_safe", m, "03-10 12:15", was_alone="yes", call_words="愿意说")
        answers = {f"answer_{n}": "yes" if n <= 4 else "no" for n in range(1, 10)}
        self.does(
            "county", "assess", m, "03-10 13:00", was_alone="yes", judgement="medium",
            answer_a="no", answer_b="no", **answers,
        )  # fmt: skip
        return m

    def responding(self, **more: Any) -> UUID:
        m = self.assessed(**more)
        self.does("county", "grade_2", m, "03-10 13:10", grade_words="多次")
        return m

    def refers(self, m: UUID, move: str, to: str, when: str, **data: Any) -> UUID:
        """A referral; returns the child."""
        given = {"urgency": "urgent", "request": "请依法办理", **data}
        child = self.does("county", move, m, when, agency=str(self.offices[to].id), **given).child
        assert child is not None
        return child

    def page(self, who: str, m: UUID, when: str = "03-12 09:00") -> pages.MatterPage:
        """The matter page as somebody sees it."""
        actor = self.actor(who, when)
        with access.reading(actor, route="desk:matter", how="open"):
            return pages.matter_page(actor, m, at(when))

    def duty(self, m: UUID, kind: str) -> Duty:
        return Duty.objects.get(matter=m, kind=kind, done_at__isnull=True)

    def row(self, m: UUID) -> Matter:
        return Matter.objects.get(pk=m)


#: The small city as it was founded first under one master key, and its rows.
FIRST: dict[bytes, tuple[World, kept.Rows]] = {}


def build() -> World:
    """The small city in the current transaction: founded by the actions once a process, then laid down again."""
    sealed_for = vault.fingerprint("small city", b"")  # a test may bring a master key of its own
    first = FIRST.get(sealed_for)
    if not (kept.is_new() if first is None else not Place.objects.exists()):
        return founded()  # something is there already: as a second city beside it
    if first is None:
        first = FIRST[sealed_for] = founded(), kept.read()
    else:
        kept.lay(first[1])
    return deepcopy(first[0])


def founded() -> World:
    """The small city, made by the real actions."""
    vault.ensure_staff_key()
    known: dict[str, Place] = {}
    for code, name, parent, tier in PLACES:
        place = new_place(code=code, name=name, tier=tier, parent=known.get(parent))
        place.save()
        known[code] = place
    world = World()
    for key, (kind, name, place) in OFFICES.items():
        office = agencies.add_agency(kind=kind, name=name, place=place, actor=actors.SYSTEM, now=FOUNDED)
        world.offices[key] = office
        role = "officer" if key in ("police", "court") else "head"
        world.posts[key] = hired(key, office, role)
    world.posts["officer"] = hired("officer", world.offices["county"], "officer")
    world.posts["leader"] = hired("leader", world.offices["city"], "leader")
    world.posts["sysadmin"] = hired("sysadmin", world.offices["city"], "sysadmin")
    return world


def hired(key: str, office: Agency, role: str, *, pledged: bool = True) -> Post:
    account = accounts.add_account(
        login=f"{key}-{uuid.uuid4().hex[:6]}", name=f"某{key}", actor=actors.SYSTEM, now=FOUNDED
    )
    post = accounts.give_post(
        account=account,
        agency=office,
        role=role,
        title=key,
        from_on=date(2026, 1, 1),
        actor=actors.SYSTEM,
        now=FOUNDED,
    )
    if pledged and pledges.must_be_given_in(post):
        accounts.give_pledge(
            version=pledges.in_force(FOUNDED.date()).version,
            actor=actors.for_post(post.id, FOUNDED),
            now=FOUNDED,
        )
    return post
