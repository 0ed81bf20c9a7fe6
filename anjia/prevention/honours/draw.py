"""Who is put up and who is not, so that not being listed says nothing of a home.

At least one household in five (and three in a round) is not listed, however many have a case; among them at least as many
stand there by lot as because of a case. The lot is keyed: the same again whenever it is drawn, and without the key nobody
can tell whose it was. What looks like one household applied twice has one lot, so that trying again shows nothing either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from uuid import UUID

ONE_IN, AT_LEAST = 5, 3


@dataclass(frozen=True)
class Applied:
    """One application: whose names (as tokens) in which township. `held`: it does not go. `aside`: an ordinary reason."""

    key: UUID
    place: str
    names: frozenset[bytes]
    held: bool = False
    aside: bool = False


@dataclass
class Home:
    """Applications that share a name in one township, or two names anywhere: they fare alike."""

    place: str
    names: set[bytes] = field(default_factory=set)
    held: bool = False
    aside: bool = False
    keys: list[UUID] = field(default_factory=list)

    def take_in(self, other: Home) -> None:
        self.names |= other.names
        self.held, self.aside = self.held or other.held, self.aside or other.aside
        self.keys += other.keys


def homes(applied: Iterable[Applied]) -> list[Home]:
    """Applications brought together by the names they share."""
    found: list[Home] = []
    for one in applied:
        home = Home(one.place, set(one.names), one.held, one.aside, [one.key])
        alike = [h for h in found if len(h.names & home.names) > (h.place != home.place)]
        for other in alike:
            home.take_in(other)
            found.remove(other)
        found.append(home)
    return found


def not_listed(applied: Iterable[Applied], lot: Callable[[bytes], bytes]) -> set[UUID]:
    """The applications that are not listed. `lot` is a keyed function: who lacks the key cannot draw."""
    all_homes = homes(applied)
    out = [h for h in all_homes if h.held or h.aside]
    held = sum(h.held for h in all_homes)
    others = [h for h in all_homes if not (h.held or h.aside)]
    others.sort(key=lambda h: lot(h.place.encode() + b"|" + b"|".join(sorted(h.names))))
    wanted = max(AT_LEAST, -(-len(all_homes) // ONE_IN)) - len(out)
    return {key for h in [*out, *others[: max(wanted, held)]] for key in h.keys}
