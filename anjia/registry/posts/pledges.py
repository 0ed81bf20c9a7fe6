"""保密承诺: who promises confidentiality before the first sealed view, and whether she has.

Staff of offices are bound by their service; volunteers, mediators and everybody who helps in a village are neighbours
of the people they see. Until they have given the pledge in force, `seats.visible_to` shows them nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import yaml

from anjia.registry.posts.actors import Actor
from anjia.registry.posts.models import Post, PostRole

FILE = Path(__file__).with_name("pledge.yaml")
MEDIATORS = "mediation_committee"
Text = dict[str, str]


@dataclass(frozen=True, slots=True)
class Pledge:
    """One version of the text; asked from its day on."""

    version: str
    begins: date
    lines: tuple[Text, ...]


@cache
def versions(path: Path = FILE) -> tuple[Pledge, ...]:
    """Every version there was, the oldest first."""
    said = yaml.safe_load(path.read_text(encoding="utf-8"))
    found = [Pledge(str(p["version"]), p["from"], tuple(p["lines"])) for p in said]
    return tuple(sorted(found, key=lambda p: p.begins))


def in_force(on: date) -> Pledge:
    """The version asked on a day (before the first: the first)."""
    begun = [p for p in versions() if p.begins <= on]
    return begun[-1] if begun else versions()[0]


def must_be_given_in(post: Post | Actor) -> bool:
    """Whether this post is one of a neighbour who helps."""
    kind, tier = (
        (post.agency.kind, post.agency.tier) if isinstance(post, Post) else (post.agency_kind, post.tier)
    )
    return post.role == PostRole.VOLUNTEER or kind == MEDIATORS or tier == "village"


def asked_of(actor: Actor) -> Pledge | None:
    """The pledge that this person still has to give in this post; None where there is nothing to give."""
    if actor.kind != "post" or actor.on is None or not must_be_given_in(actor):
        return None
    wanted = in_force(actor.on)
    return None if actor.pledge == wanted.version else wanted
