"""Instructions and monthly pages: shared out, reported back, decided on; a leader reads them and no person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID, uuid4

import pytest

from anjia.engine.matters import actions, briefs, figures
from anjia.engine.matters.inputs import Decisions
from anjia.engine.matters.models import Matter, Wall
from anjia.engine.matters.seats import READ_BY_LEADERS, visible_to
from anjia.engine.matters.tests.world import COUNTY, NAME, World, at, hired
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.core.verdict import NotAllowed, NotFound, RuleBroken
from anjia.foundation.events import access
from anjia.foundation.vault.models import Sealed
from anjia.law.codes import book as code_book
from anjia.law.playbooks.library import catalogue
from anjia.registry.posts.actors import Actor

T = TypeVar("T")
SAID = "请督促到期未复的单位,十日内回报。"
TEXTS = {
    "fact_1": "本月新增家暴求助1件。", "fact_2": "收到告诫书0份。", "fact_3": "按期办结。",
    "risk_1": "有1项到期未复。", "risk_2": "没有见到面的1件。", "wanted": "请同意下月开一次碰头会。",
}  # fmt: skip


def read_by(world: World, who: str, when: str, read: Callable[[Actor, datetime], T]) -> T:
    """What somebody reads, logged as any reading is."""
    actor = world.actor(who, when)
    with access.reading(actor, route="t", how="open"):
        return read(actor, at(when))


def instruction_of(world: World, who: str, m: UUID, when: str) -> briefs.Instruction:
    return read_by(world, who, when, lambda actor, now: briefs.one_instruction(actor, m, now))


def page_of(world: World, who: str, m: UUID, when: str) -> briefs.Brief:
    return read_by(world, who, when, lambda actor, now: briefs.page(actor, m, now))


def instructed(world: World, who: str = "leader", when: str = "03-10 09:00", **more: str) -> UUID:
    data = {"office": str(world.offices["city"].id), "said_on": "2026-03-10", "said_how": "typed",
            "on_what": "overdue", "said": SAID, **more}  # fmt: skip
    return actions.open_office_work(
        playbook="instruction", actor=world.actor(who, when), now=at(when), data=data
    ).matter


def begun(world: World, when: str = "03-10 09:00") -> UUID:
    data = {"office": str(world.offices["city"].id), "month": "202603"}
    return actions.open_office_work(
        playbook="monthly-page", actor=world.actor("city", when), now=at(when), data=data
    ).matter


def test_an_instruction_comes_back_in_ten_days_and_ends_in_no_other_way(world: World) -> None:
    m = instructed(world)
    duty = world.duty(m, "report")
    assert duty.due_at.astimezone(SHANGHAI).date().isoformat() == "2026-03-20"
    child = world.does(
        "city", "split", m, "03-10 10:00", agency=str(world.offices["police"].id), urgency="soon",
        request="请书面回复",
    ).child  # fmt: skip
    assert child is not None
    with pytest.raises(NotAllowed):  # the station has not answered
        world.does("city", "report_back", m, "03-11 09:00", done_what="done", reply_text="都催了")
    world.does("police", "give_reply", child, "03-11 10:00", outcome="done", reply_text="已查访")
    world.does("city", "report_back", m, "03-12 09:00", done_what="done", reply_text="各单位都已书面回复。")
    assert world.row(m).closed_at is not None
    assert {n for n, mv in catalogue()["instruction"].moves.items() if mv.result} == {"report_back"}
    shown = instruction_of(world, "leader", m, "03-12 10:00")
    assert (shown.said, shown.is_over, shown.is_read) == (SAID, True, False)
    assert [p.is_over for p in shown.parts] == [True]
    assert "各单位都已书面回复" in shown.story[-1].words
    world.does("leader", "read_report", m, "03-12 10:10")
    assert instruction_of(world, "leader", m, "03-12 10:20").is_read


def test_nobody_writes_in_the_name_of_another_citys_leader_or_to_an_office_without_one(world: World) -> None:
    """The office comes from a form: whoever changes it there would give that office a seat, or words to its leader."""
    hired("their leader", world.offices["other"], "leader")
    for who, office in (("county", "other"), ("county", "city"), ("city", "police"), ("leader", "other")):
        with pytest.raises(RuleBroken):
            instructed(world, who, office=str(world.offices[office].id))
    for who, asked in (("county", str(world.offices["other"].id)), ("city", str(uuid4())), ("city", "x")):
        with pytest.raises(RuleBroken):
            begun_for(world, who, office=asked)
    assert begun_for(world, "city", office=str(world.offices["other"].id))  # of the city's own counties


def begun_for(world: World, who: str, *, office: str) -> UUID:
    return actions.open_office_work(
        playbook="monthly-page",
        actor=world.actor(who),
        now=at("03-10 09:00"),
        data={"office": office, "month": "202603"},
    ).matter


def test_a_leader_has_it_worked_on_again_by_an_earlier_day(world: World) -> None:
    m = instructed(world)
    world.does("city", "keep", m, "03-10 10:00", plan="本部办")
    world.does("city", "report_back", m, "03-12 09:00", done_what="partly", reply_text="办了一部分")
    world.does("leader", "again", m, "03-12 10:00", again_text="其余也要办", answer_by="2026-03-16")
    assert world.row(m).stage == "working"
    assert world.duty(m, "report").due_at.astimezone(SHANGHAI).date().isoformat() == "2026-03-16"


def test_nobody_answers_in_a_leaders_place_not_even_in_his_own_office(world: World) -> None:
    m = instructed(world)
    world.does("city", "report_back", m, "03-12 09:00", done_what="done", reply_text="办完了")
    with pytest.raises(NotAllowed):
        world.does("city", "again", m, "03-12 10:00", again_text="再办")
    for step, data in (("note", {"words": "x"}), ("report_back", {"done_what": "done", "reply_text": "x"})):
        with pytest.raises(NotAllowed):
            world.does("leader", step, m, "03-12 10:00", **data)


@pytest.mark.parametrize("who", ["street", "village", "police", "sysadmin", "court"])
def test_others_write_no_instructions(world: World, who: str) -> None:
    with pytest.raises(NotAllowed):
        instructed(world, who)


def test_what_a_leader_reads_records_no_person(world: World) -> None:
    """He finds these two procedures and nothing else, in whichever office he sits."""
    for name in READ_BY_LEADERS:
        book = catalogue()[name]
        assert not book.parties
        assert not book.shares_people
    case, m = world.responding(), instructed(world)
    scope = visible_to(world.actor("leader"))
    assert scope.find(m).relation == "leader"
    for other in Matter.objects.exclude(pk=m):
        with pytest.raises(NotFound):
            scope.find(other.id)
    assert case
    assert not scope.own().exists()
    assert not scope.below().exists()
    assert not scope.own_duties().exists()


def test_what_was_said_is_sealed(world: World) -> None:
    m = instructed(world)
    assert not any(SAID.encode() in bytes(s.body) for s in Sealed.objects.filter(root=m))


# -- the monthly page ----------------------------------------------------------------------------------------


def test_a_page_is_kept_as_a_draft_then_frozen_and_decided_on(world: World) -> None:
    m = begun(world)
    world.does("city", "save", m, "03-10 09:10", fact_1="只写了一句", fact_1_from="new_cases")
    with pytest.raises(NotFound):  # what is still being written is not for him
        page_of(world, "leader", m, "03-10 09:20")
    with pytest.raises(RuleBroken) as missing:
        world.does("city", "send", m, "03-10 09:30", fact_1="只写了一句")
    assert {"fact_2", "risk_1", "wanted"} <= set(missing.value.fields)
    world.does("city", "send", m, "03-10 09:40", **TEXTS, fact_1_from="new_cases")
    with pytest.raises((RuleBroken, NotAllowed)):
        world.does("city", "save", m, "03-10 09:50", fact_1="改一个字")
    shown = page_of(world, "leader", m, "03-10 10:00")
    assert (shown.month, shown.waits) == (202603, True)
    assert shown.slots["fact_1"] == (TEXTS["fact_1"], "new_cases")
    world.does("leader", "decide", m, "03-10 11:00", answer="agree", answer_text="同意,请政法委牵头。")
    assert page_of(world, "city", m, "03-10 12:00").answer_words == "同意,请政法委牵头。"


def test_only_the_head_settles_it(world: World) -> None:
    m = begun(world)
    world.posts["city_officer"] = hired("city_officer", world.offices["city"], "officer")
    with pytest.raises(NotAllowed):
        world.does("city_officer", "send", m, "03-10 09:40", **TEXTS)


# -- figures -------------------------------------------------------------------------------------------------


def test_every_declared_figure_is_named_once_and_can_be_read(world: World) -> None:
    assert set(figures.declared()) == set(code_book()["monthly-figure"].codes)
    world.responding()
    for value in figures.proposals(world.actor("city"), 202603, at("03-12 09:00")):
        assert "{" not in value.sentence["zh"] + value.sentence["en"]
        assert value.n <= value.of


def test_a_leader_counts_what_the_city_counts_and_is_shown_no_row(world: World) -> None:
    case = world.responding(decisions=Decisions(tell_police=True))
    world.refers(case, "refer_police", "police", "03-11 09:00")
    now = at("03-20 09:00")
    for name in figures.declared():
        leader = figures.value(world.actor("leader", "03-20 09:00"), name, 202603, now)
        city = figures.value(world.actor("city", "03-20 09:00"), name, 202603, now)
        assert (leader.n, leader.of, leader.cells()) == (city.n, city.of, city.cells()), name
        assert figures.rows(leader, world.actor("leader", "03-20 09:00")) == []
    late = figures.value(world.actor("city", "03-20 09:00"), "unanswered", 202603, now)
    assert late.n >= 1
    rows = read_by(world, "city", "03-20 09:00", lambda actor, now: figures.rows(late, actor))
    assert [(r.names, r.is_masked) for r in rows] == [("", True)]


def test_who_is_walled_off_counts_without_the_matter(world: World) -> None:
    case = world.responding()
    now = at("03-12 09:00")
    assert figures.value(world.actor("leader"), "new_cases", 202603, now).n == 1
    Wall.objects.create(
        account_id=world.posts["leader"].account_id, root=case, cause="recused", since=now - timedelta(days=1)
    )
    assert figures.value(world.actor("leader"), "new_cases", 202603, now).n == 0


def test_small_cells_are_hidden_from_a_leader_and_never_just_one() -> None:
    cells = {"甲": {"overdue": 2}, "乙": {"overdue": 9}, "丙": {"overdue": 30}}
    assert figures.too_small(cells) == {("甲", "overdue"): "<5", ("乙", "overdue"): "…"}
    cells["乙"]["overdue"] = 1
    assert set(figures.too_small(cells).values()) == {"<5"}


def test_offices_stand_as_on_the_map_not_by_how_many(world: World) -> None:
    world.help_wanted("03-09 10:00", place=COUNTY)
    for n in range(2):
        world.help_wanted(f"03-09 1{n + 1}:00", name=NAME + str(n), phone=f"1001350{n}999", place="321084")
    value = figures.value(world.actor("city"), "new_cases", 202603, at("03-12 09:00"))
    order = [(p.office[0], p.office[2]) for p in value.parts]
    assert list(value.cells()) == list(dict.fromkeys(name for _place, name in sorted(order)))
