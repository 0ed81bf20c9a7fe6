"""What a township officer does with the many: thirty disputes visited on one screen, a sheet half copied, a book bound."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from anjia.demo.living import office
from anjia.demo.people import somebody
from anjia.demo.posts import City
from anjia.demo.seats import TOWNSHIP, VILLAGE
from anjia.demo.telling import paper
from anjia.engine.letters import books, copies
from anjia.engine.matters import actions, together
from anjia.engine.matters.inputs import PartyInput
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.events import access
from anjia.law import codes
from anjia.law.playbooks.library import catalogue

HOW_MANY, DUE = 30, 3
NAME, STEP = "dispute-mediation", "visit_performance"
AGREED, VISITED, COPIED = timedelta(days=24), timedelta(days=6), timedelta(days=3)
LONG_AGO = timedelta(days=59)  # the visit within two months falls due this week
KINDS = ("elder_support", "visitation", "in_laws", "neighbours")
NO = {"was_alone": "yes", "afraid": "no", "hurt": "no", "threatened": "no", "choked": "no"}


def live(city: City, now: datetime) -> None:
    """A month of the township, ending now."""
    rng = random.Random(30)  # noqa: S311  invented people, not secrets
    begun = office(now - AGREED, rng)
    disputes = [settled(city, rng, begun + timedelta(minutes=3 * n), n) for n in range(HOW_MANY)]
    for n in range(DUE):
        settled(city, rng, office(now - LONG_AGO, rng), 3 * n + 1)
    visit_all(city, disputes, office(now - VISITED, rng))
    half_copied(city, disputes[0], office(now - COPIED, rng))
    books.ask(
        actor=city.actor("hanjiang", now),
        name="violence",
        first=now.astimezone(SHANGHAI).date().replace(month=1, day=1),
        last=now.astimezone(SHANGHAI).date(),
        now=now - timedelta(minutes=5),
    )


def settled(city: City, rng: random.Random, at: datetime, number: int) -> UUID:
    """A dispute the committee has settled by word of mouth."""
    mediator = city.actor("mediator", at)
    where = city.places[VILLAGE if number % 3 else TOWNSHIP]
    first, second = somebody(rng, her=number % 2 == 0), somebody(rng, her=number % 2 == 1)
    parties = [
        PartyInput(
            role="asking",
            sex="female" if number % 2 == 0 else "male",
            sealed={
                "label": {"name": first.name},
                "contact": {"phone": first.phone},
                "identity": {"residence": where},
            },
            residence=where,
        ),
        PartyInput(role="other", relation="other", sealed={"label": {"their_name": second.name}}),
    ]
    kind = KINDS[number % len(KINDS)]
    told = {
        "dispute_kind": kind,
        "mediation_source": "found",
        "dispute_words": "两家为小事红了脸,愿意坐下来谈。",
    }
    matter = actions.open_matter(
        playbook=NAME, actor=mediator, now=at, channel="outreach", place=where, parties=parties, data=told
    ).matter
    rights = list(codes.book()["mediation-right"].codes)
    on = at.astimezone(SHANGHAI).date().isoformat()
    steps: tuple[tuple[str, dict[str, Any]], ...] = (
        ("accept", {"applied": "yes", "dispute_kind": kind}),
        ("appoint_mediator", {"mediator": str(city.posts["mediator"].id)}),
        ("tell_rights", {"told_rights": rights, "told_on": on}),
        ("safety_first", NO),
        ("safety_second", NO),
        (
            "agree_oral",
            {
                "agreed_items": ["living"],
                "agreed_words": "各让一步,约好以后怎样相处。",
                "perform_how": "当面说定。",
                "in_force_at": at.isoformat(),
                "instead_of_punishment": "no",
            },
        ),
    )
    for n, (move, data) in enumerate(steps, 1):
        files = (paper("权利义务告知书"),) if move == "tell_rights" else ()
        actions.move(
            matter_id=matter,
            name=move,
            actor=mediator,
            now=at + timedelta(seconds=20 * n),
            data=data,
            files=files,
        )
    return matter


def visit_all(city: City, disputes: list[UUID], at: datetime) -> None:
    """Thirty visits on one screen: all keep their word but two, who keep it in part."""
    book = catalogue()[NAME]
    step = together.Step(book.moves[STEP], book)
    street = city.actor("street", at)
    for n, matter in enumerate(disputes):
        answers = {"performance": "partial" if n in (11, 23) else "full", "satisfied": "yes"}
        together.do(
            actor=street, matter=matter, step=step, answers=answers, ver=None, key=f"demo {n}", now=at
        )


def half_copied(city: City, matter: UUID, at: datetime) -> None:
    """The governance platform's sheet: some fields are copied, the rest waits for after lunch."""
    street = city.actor("street", at)
    with access.reading(street, route="desk:copy-sheet", at=at):
        sheet = copies.sheet(actor=street, matter_id=matter, name="governance", now=at)
    ticked = [f.key for f in sheet.fields][:3]
    copies.note(actor=street, matter_id=matter, name="governance", ticked=ticked, state=copies.PART, now=at)
