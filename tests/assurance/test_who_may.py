"""Row 2 of the promises: every address × method × person × matter, against the table and against plain sentences."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from cells import Cell, City, build, cells
from django.core.cache import cache
from oracle import SENTENCES as GENERAL
from oracle_incoming import SENTENCES as INCOMING
from oracle_leaders import SENTENCES as ABOUT_LEADERS
from oracle_ledgers import SENTENCES as ABOUT_MANY
from oracle_letters import SENTENCES as ABOUT_LETTERS
from oracle_looking import SENTENCES as ABOUT_LOOKING
from oracle_people import SENTENCES as PEOPLE
from oracle_rights import SENTENCES as RIGHTS
from oracle_village import SENTENCES as ON_THE_PHONE
from report import row

from anjia.registry.posts import who_may
from anjia.registry.posts.who_may import TABLE, Row

pytestmark = [pytest.mark.assurance, pytest.mark.django_db]

SENTENCES = (
    *GENERAL, *PEOPLE, *ABOUT_LOOKING, *ON_THE_PHONE, *INCOMING, *ABOUT_MANY, *RIGHTS, *ABOUT_LETTERS,
    *ABOUT_LEADERS,
)  # fmt: skip
LEAST = 10_000
#: Heads who were told: of the case the city's (the county is his own office), of what was handed on the other one's.
TOLD = ("city", "other")
#: Heads of federations who cap what their villages are asked; their officers read it.
CAPPERS = ("city", "county", "other")
#: Heads in whose reach the station is; who of them may stop it.
STATIONS, STOPPERS = ("city", "county", "bureau"), ("city", "county")
#: Whoever took the heap of papers in: nobody else, not even a colleague, opens it.
TYPIST = "county"
#: What the address names is not there: no picture or file, no unusual reading, no shift, no message. Whose they would
#: be is proved beside each page.
NONE_HERE = (
    "desk:incoming-picture",
    "desk:police-file",
    "desk:police-results",
    "desk:unusual-line",
    "desk:swap",
    "desk:message-again",
    "desk:point-sheet",
)
OFFICE_WORK = ("desk:month", "desk:month-paper", "desk:instruction", "desk:instruction-paper", "desk:handed")
STRANGERS = ("anonymous", "receipt", "expired")


def expected(city: City, table: dict[str, Row], c: Cell) -> set[str]:
    """The answers that the table allows for one cell."""
    asked = table[c.page]
    if c.method not in asked.methods.split():
        return {"method"}
    if asked.door == "open":
        return {"ok", "sign-in", "not-found", "denied"}
    if c.who in STRANGERS:
        return {"sign-in"}
    post = city.world.posts[c.who]
    if not asked.admits(post.role, post.agency.line, post.agency.tier):
        return {"denied"}
    return of_matter(asked, c) if asked.seats is not None else of_page(c)


def of_matter(asked: Row, c: Cell) -> set[str]:
    """A page of one matter: its seats, else as if there were none."""
    if c.relation not in (asked.seats or ()):
        return {"not-found"}
    if c.method == "POST" and asked.send is not None and c.relation not in asked.send:
        return {"denied"}
    if c.page == "desk:do":
        if c.relation == "masked" and c.move != "claim":
            return {"not-found"}
        if c.relation == "granted" and c.move != "recuse":
            return {"not-found", "denied"}
        return {"ok", "not-found"}  # which steps there are now is the procedure's, and proved there
    if (
        c.page == "desk:open" and c.method == "POST"
    ):  # only above whoever leads or asked: proved beside the code
        return {"ok", "denied"}
    if c.page in OFFICE_WORK:
        return of_office_work(c)
    if c.page in ("desk:paper", "desk:person", "desk:copy-sheet"):
        return {
            "ok",
            "not-found",
        }  # there may be no such paper or person; which systems are told is the procedure's
    if c.page in (
        "desk:letter",
        "desk:packet",
        "desk:second",
        "desk:sign",
    ):  # which papers, whose question: proved in test_gates
        return {"ok", "not-found", "denied"}
    return {"ok", "denied"} if c.page == "desk:whereabouts" and c.method == "POST" else {"ok"}


def of_office_work(c: Cell) -> set[str]:
    """Instructions, monthly pages, hand-overs: a matter of another procedure is none there."""
    is_one = c.matter == "instruction" and c.page != "desk:handed"
    return {"ok", "not-found", "denied"} if is_one else {"not-found"}


def of_page(c: Cell) -> set[str]:
    """Any other page; some of them exist for few."""
    if c.page in ("desk:incoming-batch", "desk:incoming-sheet"):
        return {"ok"} if c.who == TYPIST else {"not-found"}
    if c.page in NONE_HERE:
        return {"not-found"}
    if c.page == "desk:book":  # of this office there is none: proved beside the code
        return {"not-found"}
    if c.page == "desk:recusals":
        return {"ok"} if c.who in TOLD else {"not-found"}
    if c.page == "desk:leaving":  # the mediator who heads the committee: nobody ends his own post
        return {"denied"} if c.who in ("city", "county", "mediators") else {"not-found"}
    if c.page == "desk:months" and c.method == "POST":  # who may begin one: proved beside the code
        return {"ok", "denied"}
    if c.page == "desk:burden" and c.method == "POST" and c.who not in CAPPERS:
        return {"denied"}
    if c.page == "desk:lift":  # the wall before the case, of which the city's head was told
        return {"ok"} if c.who == "city" else {"not-found"}
    if c.page == "desk:office":  # the station: its head's, its line's, and of who may stop it
        near = c.who in STATIONS
        return ({"ok"} if c.method != "POST" or c.who in STOPPERS else {"denied"}) if near else {"not-found"}
    return (
        {"ok", "not-found", "denied"}
        if c.page in ("desk:mediator", "desk:points-of", "posts:switch", "posts:remove-factor")
        else {"ok"}
    )


def wrong(city: City, table: dict[str, Row], asked: list[Cell]) -> list[Cell]:
    return [c for c in asked if c.outcome not in expected(city, table, c)]


def test_every_cell_is_as_the_table_and_the_sentences_say() -> None:
    cache.clear()
    city = build()
    asked = list(cells(city))
    bad = wrong(city, TABLE, asked)
    broken = {s.en: b for s in SENTENCES if (b := s.broken_by(asked))}
    row("2a", "who may open what: address × method × person × matter", len(asked), len(bad))
    row("2b", "the same cells against plain sentences written by hand", len(SENTENCES), len(broken))
    assert not bad, Counter((c.page, c.method, c.relation, c.who, c.outcome) for c in bad).most_common(40)
    assert not broken, {en: [b for b in found][:3] for en, found in broken.items()}
    assert len(asked) >= LEAST
    assert len(SENTENCES) >= 60
    assert len({c.who for c in asked}) >= 14
    controls(city, asked)


def controls(city: City, asked: list[Cell]) -> None:
    """A table that says something else must fail, and so must a city in which a leader reads a name."""
    for page in ("desk:looked", "desk:handover", "desk:matter", "desk:duties"):
        other = (
            Row("desk", methods="GET", roles=("leader",))
            if page != "desk:duties"
            else Row("desk", roles=("head",))
        )
        assert wrong(city, {**TABLE, page: other}, asked), page
    seen = frozenset({"her name"})
    leaked = [replace(c, shown=seen) if (c.who, c.page) == ("leader", "desk:matters") else c for c in asked]
    assert any(s.broken_by(leaked) for s in SENTENCES if "leader" in s.who)
    opened = [replace(c, outcome="ok") if c.who == "walled" and c.page == "desk:matter" else c for c in asked]
    assert any(s.broken_by(opened) for s in SENTENCES if "walled" in s.who)
    assert who_may.opens("desk:looked", "masked") is False
