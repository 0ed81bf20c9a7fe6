"""Disputes for tests: opened at the mediation committee of the small city, taken as far as a test needs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from anjia.engine.matters import actions
from anjia.engine.matters.inputs import PartyInput
from anjia.engine.matters.tests.world import STREET, World, at, paper
from anjia.law import codes

FIRST, SECOND = "许长富", "许小军"
FIRST_PHONE, SECOND_PHONE = "10013500081", "10013500082"
NO = {"was_alone": "yes", "afraid": "no", "hurt": "no", "threatened": "no", "choked": "no"}
AGREED = {
    "agreed_items": ["elder_support"],
    "agreed_words": "三子女每月各付300元,医药费均摊。",
    "perform_how": "每月5日前转账。",
    "instead_of_punishment": "no",
}
SIGNED = {"both_signed": "yes", "mediator_signed": "yes", "sealed_by": "yes", "copies": 5}


def dispute(world: World, when: str = "04-07 09:00", who: str = "mediators", **more: Any) -> UUID:
    """A dispute found in screening, both parties named."""
    first = PartyInput(
        role="asking",
        sex=more.pop("sex", "male"),
        sealed={
            "label": {"name": more.pop("first", FIRST)},
            "contact": {"phone": FIRST_PHONE},
            "identity": {"address": "杏湾村3组12号"},
        },
        residence=STREET,
    )
    second = PartyInput(
        role="other",
        relation=more.pop("relation", "parent_child"),
        sealed={
            "label": {"their_name": more.pop("second", SECOND)},
            "contact": {"their_phone": SECOND_PHONE},
        },
    )
    data = {"mediation_source": "found", "dispute_kind": "elder_support", "dispute_words": "赡养费", **more}
    return actions.open_matter(
        playbook="dispute-mediation",
        actor=world.actor(who, when),
        now=at(when),
        channel="outreach",
        place=STREET,
        parties=[first, second],
        data=data,
    ).matter


def accepted(world: World, when: str = "04-08 09:00", **more: Any) -> UUID:
    """Accepted, the mediator appointed."""
    m = dispute(world, **more)
    world.does("mediators", "accept", m, when, applied="yes", dispute_kind="elder_support")
    world.does("mediators", "appoint_mediator", m, when, mediator=str(world.posts["mediators"].id))
    return m


def told(world: World, m: UUID, when: str = "04-08 10:00") -> None:
    """Both know their rights."""
    rights = list(codes.book()["mediation-right"].codes)
    world.does("mediators", "tell_rights", m, when, told_rights=rights, told_on="2026-04-08", files=[paper()])


def screened(world: World, **more: Any) -> UUID:
    """Rights told, each party seen apart, nobody afraid."""
    m = accepted(world, **more)
    told(world, m)
    world.does("mediators", "safety_first", m, "04-08 11:00", **NO)
    world.does("mediators", "safety_second", m, "04-08 15:00", **NO)
    return m


def mediating(world: World, **more: Any) -> UUID:
    m = screened(world, **more)
    session(world, m)
    return m


def session(world: World, m: UUID, when: str = "04-15 16:00") -> None:
    """Both at the table."""
    world.does(
        "mediators", "session", m, when, session_at="2026-04-15T14:00", session_words="谈赡养费怎么分担。"
    )


def agreed(world: World, m: UUID, when: str = "04-24 15:30", **more: Any) -> None:
    """A written agreement, signed and sealed."""
    given = {**AGREED, **SIGNED, "in_force_at": "2026-04-24T15:00", "files": [paper()], **more}
    world.does("mediators", "agree_written", m, when, **given)
