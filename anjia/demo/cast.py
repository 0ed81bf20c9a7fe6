"""Who plays in the demo: looked up by the login names that the demo itself gave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anjia.demo.seats import FRONT, SEATS, Seat
from anjia.registry.posts.accounts import login_hash
from anjia.registry.posts.actors import held_on, today
from anjia.registry.posts.models import Post


@dataclass(frozen=True)
class Player:
    """One invented person whom a visitor may act as."""

    seat: Seat
    post: Post


def login_of(seat: Seat) -> str:
    """The login name of an invented person."""
    return f"demo-{seat.key}"


def players(now: datetime) -> list[Player]:
    """Everybody, those one would try first at the front. One statement."""
    by_hash = {login_hash(login_of(seat)): seat for seat in SEATS}
    posts = held_on(today(now)).filter(account__login_hash__in=list(by_hash)).order_by("id")
    found: dict[str, Player] = {}
    for post in posts.select_related("agency", "account"):
        seat = by_hash[bytes(post.account.login_hash)]
        found.setdefault(seat.key, Player(seat, post))
    rest = [seat.key for seat in SEATS if seat.key not in FRONT]
    return [found[key] for key in (*FRONT, *rest) if key in found]


def player(post_id: UUID, now: datetime) -> Player | None:
    """The invented person in that post, or None for anybody else."""
    return next((p for p in players(now) if p.post.id == post_id), None)


#: How the demo's page folds the offices: (heading, lines of agencies). What is in none stands last.
GROUPS: tuple[tuple[str | Promise, frozenset[str]], ...] = (
    (_("妇联"), frozenset({"federation"})),
    (_("公安、法院、检察、司法"), frozenset({"police", "court", "procuratorate", "justice"})),
    (
        _("医院、心理、民政、学校、人社"),
        frozenset({"health", "social", "civil_affairs", "education", "labour"}),
    ),
    (_("基层、群团、政府与媒体"), frozenset()),
)


def grouped(found: list[Player]) -> list[tuple[str | Promise, list[Player]]]:
    """The same people by kind of office."""
    named = frozenset().union(*(lines for _label, lines in GROUPS))
    out = []
    for label, lines in GROUPS:
        here = [
            p for p in found if p.post.agency.line in lines or (not lines and p.post.agency.line not in named)
        ]
        out.append((label, here))
    return [(label, here) for label, here in out if here]
