"""What has just come in: the very urgent first, many from one place in one line, nobody hidden."""

from __future__ import annotations

from anjia.engine.matters import actions, worklists
from anjia.engine.matters.inputs import Decisions, PartyInput
from anjia.engine.matters.seats import visible_to
from anjia.engine.matters.tests.world import COUNTY, VILLAGE, World, at
from anjia.foundation.events import access
from anjia.registry.posts import actors


def report(when: str, *, place: str = COUNTY, phone: str = "", burst: str = "", urgency: str = "") -> str:
    asking = PartyInput(
        role="asking",
        decisions=Decisions(),
        residence=place,
        sealed={"contact": {"phone": phone}} if phone else {},
    )
    opened = actions.open_matter(
        playbook="dv-case", actor=actors.resident(), now=at(when), channel="online", place=place, parties=[asking],
        data={"facts": "…", **({"urgency": urgency} if urgency else {})}, burst=burst,
    )  # fmt: skip
    return str(opened.matter)


def shown(world: World, **more: str) -> worklists.Triage:
    actor = world.actor("county", "03-10 13:00")
    with access.reading(actor, route="t", how="list"):
        return worklists.triage(visible_to(actor), **more)


def test_order_and_folding(world: World) -> None:
    bare = report("03-10 09:00")
    many = [report("03-10 09:30", burst="ab" * 8) for _ in range(3)]
    reachable = report("03-10 10:00", place=VILLAGE, phone="10013500001")
    hasty_many = report("03-10 10:10", burst="ab" * 8, urgency="very_urgent", phone="10013500002")
    hasty = report("03-10 10:20", urgency="very_urgent")
    found = shown(world)
    assert [str(r.matter) for r in found.page.rows] == [hasty, hasty_many, reachable, bare]
    assert [(f.burst, f.count) for f in found.folds] == [("ab" * 8, 3)]
    opened = shown(world, burst="ab" * 8)
    assert {str(r.matter) for r in opened.page.rows} == {*many, hasty_many}
    assert opened.folds == []


def test_the_list_goes_on_and_a_broken_cursor_starts_anew(world: World) -> None:
    for n in range(3):
        report(f"03-10 09:0{n}")
    actor = world.actor("county", "03-10 13:00")
    with access.reading(actor, route="t", how="list"):
        first = worklists.triage(visible_to(actor), limit=2)
        rest = worklists.triage(visible_to(actor), limit=2, page_after=first.page.after)
        again = worklists.triage(visible_to(actor), limit=2, page_after="x'--")
    assert len(first.page.rows) == 2
    assert len(rest.page.rows) == 1
    assert not rest.page.after
    assert [r.id for r in again.page.rows] == [r.id for r in first.page.rows]


def test_others_have_nothing_of_it(world: World) -> None:
    report("03-10 09:00", burst="ab" * 8)
    for who in ("other", "city", "leader", "police"):
        actor = world.actor(who, "03-10 13:00")
        with access.reading(actor, route="t", how="list"):
            found = worklists.triage(visible_to(actor))
        assert (found.page.rows, found.folds) == ([], [])
