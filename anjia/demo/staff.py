"""Whose hand makes a move: the person who sits there, somebody hired for the crowd, or an officer for that office."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from anjia.demo.posts import City, pledge
from anjia.engine.matters.models import Matter
from anjia.law.playbooks.schema import Move
from anjia.registry.posts import actors
from anjia.registry.posts.actions import accounts
from anjia.registry.posts.models import Agency, Mode, Post

FEDERATION = "federation"
FAMILY_NAMES = "钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛"
GIVEN_NAMES = ("静怡", "文娟", "国栋", "晓东", "秀云", "明霞", "志远", "雅琴")


@dataclass
class Hand:
    """Who acts, and for which other office if it is recorded on its behalf (代录)."""

    actor: actors.Actor
    behalf: UUID | None = None


@dataclass
class Staff:
    """The people of the city by their office."""

    city: City
    agencies: dict[UUID, Agency] = field(default_factory=dict)
    _posts: dict[UUID, Post] = field(default_factory=dict)
    _acting: dict[tuple[UUID, date], actors.Actor] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for post in self.city.posts.values():
            self._posts.setdefault(post.agency_id, post)

    def agency(self, agency_id: UUID) -> Agency:
        """An office, read once."""
        if agency_id not in self.agencies:
            self.agencies[agency_id] = Agency.objects.select_related("superior").get(pk=agency_id)
        return self.agencies[agency_id]

    def post(self, agency: Agency, now: datetime) -> Post:
        """Somebody who sits in that office; hired when the crowd first needs one."""
        if agency.id not in self._posts:
            number = len(self._posts)
            account = accounts.add_account(
                login=f"demo-staff-{number}",
                name=FAMILY_NAMES[number % len(FAMILY_NAMES)] + GIVEN_NAMES[number % len(GIVEN_NAMES)],
                actor=actors.SYSTEM,
                now=now,
            )
            post = self._posts[agency.id] = accounts.give_post(
                account=account,
                agency=agency,
                role="officer",
                title="经办人",
                from_on=date(2026, 1, 1) if now.year >= 2026 else now.date(),
                actor=actors.SYSTEM,
                now=now,
            )
            pledge(post, now)
        return self._posts[agency.id]

    def actor(self, agency: Agency, now: datetime) -> actors.Actor:
        """The person who acts for that office at that moment."""
        post = self.post(agency, now)
        day = actors.today(now)
        if (post.id, day) not in self._acting:
            self._acting[post.id, day] = actors.for_post(post.id, now)
        return self._acting[post.id, day]

    def hand(self, matter: Matter, move: Move, agency: Agency, now: datetime) -> Hand:
        """Who makes a move of that office: itself where it signs in, else the federation that may record it."""
        signs_in = agency.line == FEDERATION or (agency.mode == Mode.ONLINE and agency.id in self._posts)
        recorder = self.recorder(matter)
        if signs_in or not move.on_behalf or recorder is None:
            return Hand(self.actor(agency, now))
        return Hand(self.actor(recorder, now), agency.id)

    def recorder(self, matter: Matter) -> Agency | None:
        """The federation that holds the matter, or asked for it."""
        ids = [matter.holder_id]
        if matter.parent is not None:
            ids.append(matter.parent.holder_id)
        ids += [UUID(str(bound["agency"])) for bound in matter.roles.values()]
        found = (self.agency(i) for i in ids)
        return next((a for a in found if a.line == FEDERATION and a.tier != "village"), None)
