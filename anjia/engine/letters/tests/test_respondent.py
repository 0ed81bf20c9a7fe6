"""被反映人 asks what the record says of him: he is given his own particulars, and can read nothing else off them."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from anjia.engine.letters import disclosure, papers
from anjia.engine.matters.inputs import Decisions
from anjia.engine.matters.models import Matter, Party
from anjia.engine.matters.tests.world import HIS_NAME, NAME, PHONE, STORY, WHERE, World, at
from anjia.foundation.core.verdict import NotAllowed, NotFound, RuleBroken
from anjia.foundation.events import access

HIS_ID, HIS_PHONE, CHILD = "999999198801010036", "10013500077", "丁语桐"
FACTS = "三月十四日夜里掐了她的脖子,孩子在门口看见"
ALL = Decisions(tell_community=True, come_to_door=True, tell_police=True)


def case(world: World) -> UUID:
    """Everything is recorded that could give somebody away: who reported, where she is, what she told, the child."""
    m = world.responding(decisions=ALL)
    world.does("county", "record_whereabouts", m, "03-10 14:00", now_at=WHERE)
    world.does(
        "county", "register_forms", m, "03-10 14:10", their_id_number=HIS_ID, their_workplace="城北物流",
        child_name=CHILD, facts=FACTS, reporter="relative",
    )  # fmt: skip
    him = str(Party.objects.get(matter=m, role="complained").id)
    world.does(
        "county", "correct", m, "03-10 14:20", party=him, compartment="contact", base="0", reason="登记",
        **{"party-their_phone": HIS_PHONE},
    )  # fmt: skip
    return m


def asked(world: World, m: UUID, who: str = "complained", answer: str = "given", **more: object) -> None:
    request = world.does("county", "ask_access", m, "03-12 10:00", record_person=who).event
    given = {"access_answer": "见所附清单。", "answer_way": "written", **more}
    world.does(
        "county", "answer_access", m, "03-13 10:00", event=str(request), access_decision=answer, **given
    )


def paper(world: World, m: UUID, name: str = "own-particulars", who: str = "county") -> str:
    actor = world.actor(who, "03-14 09:00")
    with access.reading(actor, route="t", how="open"):
        copy = disclosure.release(actor=actor, matter_id=m, paper=name, now=at("03-14 09:00"))
    head = disclosure.letterhead(copy.draft, actor)
    lines = [f"{i.label['zh']} {i.zh}" for i in copy.draft.items]
    return "\n".join([head, copy.draft.paper.label["zh"], copy.draft.recipient, *lines])


def test_he_gets_his_own_particulars_and_nothing_of_anybody_else(world: World) -> None:
    m = case(world)
    asked(world, m)
    text = paper(world, m)
    assert all(part in text for part in (HIS_NAME, HIS_ID, HIS_PHONE, "城北物流"))
    row = Matter.objects.get(pk=m)
    of_others = (
        NAME,
        PHONE,
        WHERE,
        "湖滨",
        STORY,
        "掐",
        CHILD,
        "relative",
        "亲属",
        "配偶",
        row.stage,
        "家庭暴力",
    )
    assert not [part for part in of_others if part in text]


@pytest.mark.parametrize(
    ("who", "answer"), [("complained", "withheld"), ("complained", "not_proven"), ("asking", "given")]
)
def test_no_list_unless_it_was_he_who_asked_and_it_was_granted(world: World, who: str, answer: str) -> None:
    m = case(world)
    asked(world, m, who, answer)
    with pytest.raises(NotAllowed):
        paper(world, m)


def test_a_later_refusal_takes_the_list_away(world: World) -> None:
    m = case(world)
    asked(world, m)
    paper(world, m)
    request = world.does("county", "ask_access", m, "03-13 11:00", record_person="complained").event
    world.does(
        "county", "answer_access", m, "03-13 12:00", event=str(request), access_decision="withheld",
        access_answer="依法应当保密", answer_way="in_person",
    )  # fmt: skip
    with pytest.raises(NotAllowed):
        paper(world, m)


@pytest.mark.parametrize("words", [f"{NAME}的事", f"孩子{CHILD}", "三月十四日夜里掐了她的脖子"])
def test_words_edited_on_the_paper_are_held_to_the_same(world: World, words: str) -> None:
    m = case(world)
    asked(world, m)
    actor = world.actor("county", "03-14 09:00")
    with access.reading(actor, route="t", how="open"), pytest.raises(RuleBroken) as refused:
        disclosure.release(
            actor=actor,
            matter_id=m,
            paper="own-particulars",
            now=at("03-14 09:00"),
            typed={"access_answer": words},
        )
    assert set(refused.value.fields) == {"access_answer"}


@pytest.mark.parametrize("who", ["police", "aid", "city"])
def test_only_the_office_in_charge_gives_it(world: World, who: str) -> None:
    m = case(world)
    asked(world, m)
    with pytest.raises((NotAllowed, NotFound)):
        paper(world, m, who=who)


@pytest.mark.parametrize(
    "value",
    [
        "matter.stage", "matter.holder", "party.complained.relation", "name.asking", "name.helper", "name.child",
        "party.asking.sex", "words.facts", "words.heard_words", "data.reporter", "data.urgency", "due.reply",
        "contact.asking.phone", "identity.asking.id_number", "whereabouts.now_at",
    ],
)  # fmt: skip
def test_control_a_line_of_somebody_else_is_refused_when_the_file_is_read(value: str) -> None:
    one = papers.book().papers["own-particulars"]
    line = papers.Line(value, frozenset({papers.RESPONDENT}))
    assert list(papers.faults(replace(one, lines=(line,)), set(papers.book().classes)))
    to_all = replace(one, lines=(papers.Line(value, frozenset({papers.ANY})),))
    assert list(papers.faults(to_all, set(papers.book().classes)))


def test_the_answer_to_a_correction_is_a_paper_of_its_own(world: World) -> None:
    m = case(world)
    him = str(Party.objects.get(matter=m, role="complained").id)
    request = world.does(
        "county", "ask_correction", m, "03-12 10:00", event=him, record_person="complained",
        correction_wish="correct", wrong_words="我不在城北物流上班",
    ).event  # fmt: skip
    with pytest.raises(NotAllowed):
        paper(world, m, "correction-answer")
    world.does(
        "county", "decide_correction", m, "03-13 10:00", event=str(request), correction_decision="disputed",
        correction_answer="已标明有异议。", answer_way="written",
    )  # fmt: skip
    assert "已标明有异议" in paper(world, m, "correction-answer")
