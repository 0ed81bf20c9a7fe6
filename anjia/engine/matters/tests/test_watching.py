"""值得关注: each condition finds what it names, for the federation that may see it, and stops when it is over."""

from __future__ import annotations

from uuid import UUID

import pytest

from anjia.engine.matters import watching
from anjia.engine.matters.inputs import Decisions
from anjia.engine.matters.seats import visible_to
from anjia.engine.matters.tests.world import NAME, World, at
from anjia.foundation.events import access
from anjia.law.playbooks.builtin import BUILT_IN_DUTIES
from anjia.law.playbooks.library import catalogue


def list_of(world: World, who: str, when: str) -> dict[UUID, set[str]]:
    actor = world.actor(who, when)
    with access.reading(actor, route="t", how="list"):
        rows = watching.watched(visible_to(actor), at(when))
    return {w.row.id: {words["zh"] for words in w.why} for w in rows}


def police_came(world: World, m: UUID, day: str, child: str = "no") -> None:
    when = f"{day} 23:41"
    world.does("county", "record_police_report", m, when, behalf="police", child_present=child,
               reported_at=f"2026-{day}T23:30")  # fmt: skip


def test_second_police_call_within_thirty_days(world: World) -> None:
    m = world.responding(decisions=Decisions(tell_police=True))
    police_came(world, m, "03-14")
    assert list_of(world, "county", "03-15 09:00") == {}
    police_came(world, m, "04-10")
    for who in ("county", "city"):
        assert "30日内两次警情" in list_of(world, who, "04-11 09:00")[m]
    assert list_of(world, "other", "04-11 09:00") == {}
    assert "30日内两次警情" not in list_of(world, "county", "04-20 09:00").get(m, set())


def test_child_that_was_there(world: World) -> None:
    m = world.responding(decisions=Decisions(tell_police=True))
    police_came(world, m, "03-14", child="yes")
    assert list_of(world, "county", "03-15 09:00") == {m: {"孩子目睹暴力"}}


def test_grave_case_whose_visit_is_overdue(world: World) -> None:
    m = world.assessed()
    world.does("county", "grade_1", m, "03-10 13:10", grade_words="重")
    assert list_of(world, "city", "03-12 09:00") == {}
    assert "一级响应未回访" in list_of(world, "city", "03-20 09:00")[m]
    world.does("county", "visit_done", m, "03-20 10:00", visit_whom="asking", visit_way="phone", visit_found="safe",
               was_alone="yes", visit_words="平安")  # fmt: skip
    assert "一级响应未回访" not in list_of(world, "city", "03-20 11:00").get(m, set())


def test_silence_after_a_return(world: World) -> None:
    m = world.responding(decisions=Decisions(tell_police=True))
    child = world.refers(m, "refer_police", "police", "03-11 09:00")
    world.does(
        "police", "return_back", child, "03-11 15:00", return_reason="not_ours", return_words="请找分局"
    )
    assert "退回后没有再处理" not in list_of(world, "county", "03-12 09:00").get(child, set())
    assert "退回后没有再处理" in list_of(world, "county", "03-20 09:00")[child]


def test_the_line_above_is_shown_no_name(world: World) -> None:
    m = world.responding(decisions=Decisions(tell_police=True))
    police_came(world, m, "03-14", child="yes")
    actor = world.actor("city", "03-15 09:00")
    with access.reading(actor, route="t", how="list"):
        row = watching.watched(visible_to(actor), at("03-15 09:00"))[0].row
    assert row.is_masked
    assert NAME not in str(row)


def test_every_name_in_the_file_is_known() -> None:
    """A renamed move would silence its condition without a word."""
    books = catalogue().values()
    moves = {m for book in books for m in book.moves}
    duties = {d for book in books for d in book.duties} | set(BUILT_IN_DUTIES)
    parties = {p for book in books for p in book.parties}
    facts = {f.name for book in books for f in book.fields.values() if f.counts}
    for c in watching.conditions():
        assert set(c.moves) <= moves, c.name
        assert set(c.duties) <= duties, c.name
        assert {c.party} <= {*parties, ""}, c.name
        assert set(c.facts) <= facts, c.name
        assert c.label["zh"]
        assert c.label["en"]


def test_a_condition_that_reads_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="happened"):
        watching.Condition(name="x", label={"zh": "x", "en": "x"}, reader="happened")
