"""Who plays in the demo: looked up by the login names that the demo itself gave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from anjia.demo.posts import FRONT, SEATS, Seat
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
