"""Founds the demo's offices and gives its people their posts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from anjia.demo.seats import INVENTED, OFFICES, ONLINE, SEATS, SECOND, VILLAGE, Seat
from anjia.foundation.core.clock import SHANGHAI
from anjia.registry.places.actions import add_place
from anjia.registry.posts import actors, pledges
from anjia.registry.posts.actions import accounts, agencies, rosters
from anjia.registry.posts.models import Agency, Mode, Post

SYSTEM = actors.SYSTEM
FOUNDED = datetime(2026, 1, 5, 9, tzinfo=SHANGHAI)
COUNTIES = ("321002", "321003", "321012", "321023", "321071", "321081", "321084")
#: Who handles the matters of a county.
HEADS = dict(
    zip(COUNTIES, ("guangling", "hanjiang", "jiangdu", "baoying", "zone", "yizheng", "gaoyou"), strict=True)
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
    """The streets, towns and villages of the stories, which no map shows."""
    for name, parent, code in INVENTED:
        add_place(name=name, parent=parent, now=now, actor=SYSTEM, code=code, fictional=True)
    codes = {name: code for name, _parent, code in INVENTED}
    for number in ("一", "二"):
        add_place(name=f"杨林第{number}网格", parent=codes[VILLAGE], now=now, actor=SYSTEM, fictional=True)
    return codes


def staff(now: datetime) -> City:
    """Offices, posts and the duty roster."""
    codes = invented_places(now)
    for kind, name, place in OFFICES:
        agencies.add_agency(
            kind=kind,
            name=name,
            place=codes.get(place, place),
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
    post = accounts.give_post(
        account=account,
        agency=agency,
        role=seat.role,
        title=seat.title,
        from_on=date(2026, 1, 1),
        actor=SYSTEM,
        now=now,
    )
    pledge(post, now)
    return post


def pledge(post: Post, now: datetime) -> None:
    """Whoever helps as a neighbour has promised to keep quiet before she begins."""
    if pledges.must_be_given_in(post):
        version = pledges.in_force(now.date()).version
        accounts.give_pledge(version=version, actor=actors.for_post(post.id, now), now=now)


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
