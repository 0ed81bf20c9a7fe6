"""Where she is and how she is reached: no paper, no page, no list says it; no log row, no value."""

from __future__ import annotations

import contextlib
import itertools
import json
from typing import Any
from uuid import UUID

import pytest
from report import row

from anjia.engine.letters import disclosure, gate, papers
from anjia.engine.letters.papers import Line, Paper
from anjia.engine.matters import unsaid
from anjia.engine.matters.inputs import Decisions
from anjia.engine.matters.models import Party
from anjia.engine.matters.tests.world import PHONE, WHERE, World, at, build, paper
from anjia.foundation.core.verdict import NotAllowed, NotFound, RuleBroken
from anjia.foundation.events import access
from anjia.foundation.events.models import Access
from anjia.law import codes

pytestmark = [pytest.mark.assurance, pytest.mark.django_db]

SHELTER, LEFT, SCHOOL, SAFE_AS = "安置点 B", "高邮市南门大街九十九号", "邗江区向阳小学", "质检培训班"
CANARIES = (WHERE, PHONE, SHELTER, LEFT, SCHOOL)
ALL = Decisions(tell_community=True, come_to_door=True, tell_police=True)
DIGITS = str.maketrans("0123456789", "零一二三四五六七八九")
WIDE = str.maketrans({chr(c): chr(c + 0xFEE0) for c in range(0x21, 0x7F)})
#: As people write an address or a number without meaning to hide it.
WRITINGS = (
    lambda v: v,
    lambda v: v.translate(WIDE),
    lambda v: v.translate(DIGITS),
    lambda v: " ".join(v),
    lambda v: "-".join(v),
    lambda v: v.replace("六", "6").replace("九十九", "99"),
    lambda v: f"她说:“{v}”,别告诉别人。",
    lambda v: f"{v}。",
    lambda v: "\u3000".join(v),
    lambda v: v.lower(),
)


#: Papers of matters in which no person is recorded: nothing of hers stands there to be compared with.
OF_NOBODY = {"monthly-page", "reply-sheet", "urging-letter"}


@pytest.fixture
def world(db: None) -> World:
    return build()


def family(world: World) -> UUID:
    """A case with everything recorded that must not be said."""
    m = world.responding(decisions=ALL)
    world.does(
        "county", "register_forms", m, "03-10 14:00", child_name="语桐", child_school=SCHOOL, safe_as=SAFE_AS,
    )  # fmt: skip
    world.does("county", "record_whereabouts", m, "03-11 08:30", now_at=WHERE)
    world.does(
        "county", "shelter_in", m, "03-12 02:10", shelter_agency=str(world.offices["shelter"].id),
        shelter_place=SHELTER, admitted_at="2026-03-12T02:00", children_with=1, papers_later="yes",
    )  # fmt: skip
    world.does(
        "county",
        "shelter_out",
        m,
        "03-14 15:00",
        left_at="2026-03-14T14:00",
        own_request="yes",
        leaves_to=LEFT,
    )
    world.does(
        "county", "reply", m, "03-15 10:00", reply_words="已有人在办。", reply_channel="receipt",
        reply_at="2026-03-15T10:00",
    )  # fmt: skip
    return m


def application(world: World, m: UUID) -> UUID:
    child = world.does("county", "apply_order", m, "03-17 09:00", urgent="yes").child
    assert child is not None
    world.does(
        "county", "packet", child, "03-17 09:30", urgent="yes", who_applies="herself", facts="多次",
        measures_sought=["no_violence"], evidence_kinds=["statement"],
    )  # fmt: skip
    return child


def drafting(world: World, m: UUID, paper: Paper, to: str, typed: dict[str, str]) -> disclosure.Drafting:
    """A paper made out to a class of recipient that it may never have been meant for."""
    actor = world.actor("county", "03-18 09:00")
    seated = disclosure.visible_to(actor).find(m)
    made = disclosure.Drafting(seated, actor, at("03-18 09:00"), paper, dict(typed))
    made.recipient = lambda: (to, None)  # type: ignore[method-assign]
    return made


def made_out(world: World, m: UUID, paper: Paper, to: str, typed: dict[str, str]) -> disclosure.Draft:
    with access.reading(world.actor("county", "03-18 09:00"), route="t", how="open"):
        return drafting(world, m, paper, to, typed).draft()


def leaving(draft: disclosure.Draft) -> str:
    """All that stands on the paper; nothing, where it is stopped."""
    try:
        disclosure.refuse_what_is_sealed(draft)
    except RuleBroken:
        return ""
    return json.dumps([[i.label, i.text] for i in draft.items], ensure_ascii=False)


def says(text: str) -> list[str]:
    folded = unsaid.fold(text).text
    return [c for c in CANARIES if unsaid.fold(c).text in folded]


def he_asks(world: World, m: UUID) -> None:
    """The person complained of asks what stands there about him, and that something be put right."""
    asked = world.does("county", "ask_access", m, "03-15 11:00", record_person="complained").event
    world.does(
        "county", "answer_access", m, "03-15 12:00", event=str(asked), access_decision="given",
        access_answer="见所附清单。", answer_way="written",
    )  # fmt: skip
    told = next(e for e in world.page("county", m).entries if e.move == "register_forms")
    asked = world.does(
        "county", "ask_correction", m, "03-15 13:00", event=str(told.event), record_person="complained",
        correction_wish="correct", wrong_words="不是这样。",
    ).event  # fmt: skip
    world.does(
        "county", "decide_correction", m, "03-15 14:00", event=str(asked), correction_decision="refused",
        correction_answer="经核查,记录无误。", answer_way="written",
    )  # fmt: skip


def matters_of(world: World) -> dict[str, UUID]:
    m = family(world)
    he_asks(world, m)
    order = application(world, m)
    reported = world.does(
        "county", "record_police_report", m, "03-17 10:00", behalf="police", reported_at="2026-03-14T23:30",
        police_no="演1", dv_forms=["physical"], facts="出警",
    ).child  # fmt: skip
    assert reported is not None
    return {
        "own-particulars": m,
        "correction-answer": m,
        "order-application": order,
        "order-packet": order,
        "order-request": order,
        "warning-request": reported,
        "referral-letter": world.refers(m, "refer", "police", "03-16 09:00"),
        "answer-to-her": m,
        "record-sheet": m,
        "course-sheet": m,
    }


def test_no_paper_says_where_she_is_to_anybody(world: World) -> None:
    """Every paper × class of recipient × place × way of writing, in every field of words."""
    found = matters_of(world)
    counted = wrong = stopped = carried = 0
    book = papers.book()
    for name, one in book.papers.items():
        if one.two_persons or one.packed:  # the one is for the court alone, of the other see below
            continue
        if name in OF_NOBODY:
            continue
        words = [line.name for line in one.lines if line.source == papers.WORDS] or [""]
        for to, field, canary, write in itertools.product(book.classes, words, CANARIES, WRITINGS):
            typed = {field: f"经过如下:{write(canary)}"} if field else {}
            draft = made_out(world, found[name], one, to, typed)
            text = leaving(draft)
            counted += 1
            stopped += not text
            carried += any(i.is_words and i.name == field for i in draft.items)
            wrong += bool(says(text))
    row(
        12,
        "papers made out to every class of recipient with a sealed place or number written into their words, "
        "that left saying it",
        counted,
        wrong,
        f"{stopped} stopped; the others do not carry those words to that recipient",
    )
    assert counted >= 2000
    assert stopped == carried > 800  # whatever carries the words to that recipient is stopped
    assert wrong == 0


def test_no_list_of_evidence_says_it_in_the_name_of_a_file(world: World) -> None:
    """Both lists × every class of recipient × every place and way of writing, in names and in what is said of a file."""
    m = family(world)
    for n, (canary, write) in enumerate(itertools.product(CANARIES, WRITINGS)):
        upload = paper()
        upload._name = f"{write(canary)}.pdf"
        world.does(
            "county", "attach", m, f"03-15 {10 + n // 60}:{n % 60:02d}", files=[upload], paper_kind="photo",
            file_about=f"在{write(canary)}拍的"[:100], taken_place=write(canary)[:60],
        )  # fmt: skip
    lists = [one for one in papers.book().papers.values() if one.packed]
    counted = wrong = 0
    for one, to in itertools.product(lists, papers.book().classes):
        draft = made_out(world, m, one, to, {})
        counted += len(CANARIES) * len(WRITINGS) * 3
        wrong += len(says(json.dumps([i.text for i in draft.items], ensure_ascii=False)))
    row("12b", "lists of evidence with sealed places and numbers in names, notes and places of files, that left saying it",
        counted, wrong)  # fmt: skip
    assert len(lists) == 2
    assert wrong == 0
    for_court = made_out(world, m, papers.book().papers["evidence-list"], "court", {})
    assert sum("(略)" in str(i.text) for i in for_court.items) == len(CANARIES) * len(WRITINGS), "the control"


def test_control_a_paper_that_named_her_address_would_be_seen(world: World) -> None:
    """The control: the same count over a paper whose file was not checked finds the leak."""
    m = application(world, family(world))
    leaky = Paper(
        "record-sheet", {"zh": "函", "en": ""}, frozenset({"any"}), frozenset({"holder"}),
        (Line("contact.asking.phone", frozenset({"court"})),), to_class="court",
    )  # fmt: skip
    assert says(leaving(made_out(world, m, leaky, "court", {}))) == [PHONE]


def test_a_hundred_failing_log_rows_show_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    m = family(world)
    her = Party.objects.get(matter=m, role="asking").id
    faults = itertools.cycle([OSError("disk full"), RuntimeError("database is locked"), MemoryError()])

    def fails(rows: Any) -> None:
        raise next(faults)

    asked = {
        "actor": world.actor("county", "03-18 09:00"), "matter_id": m, "party_id": her, "words": "今晚转移",
        "purpose": next(iter(codes.book()[gate.PURPOSES].codes)), "now": at("03-18 09:00"),
    }  # fmt: skip
    before, shown = Access.objects.filter(how="where").count(), 0
    with monkeypatch.context() as patched:
        patched.setattr(access.writer, "write", fails)
        for _ in range(100):
            with contextlib.suppress(OSError, RuntimeError, MemoryError):
                shown += bool(gate.open_whereabouts(**asked, fresh=True))  # type: ignore[arg-type]
    row(3, "openings of whereabouts whose log row could not be written, that showed a value", 100, shown)
    assert shown == 0
    assert Access.objects.filter(how="where").count() == before
    assert gate.open_whereabouts(**asked, fresh=True)["now_at"] == WHERE  # type: ignore[arg-type] # the control


def test_who_may_open_whereabouts(world: World) -> None:
    """Every post × fresh or not: only the office that keeps the case, and only with a second factor just shown."""
    m = family(world)
    her = Party.objects.get(matter=m, role="asking").id
    purpose = next(iter(codes.book()[gate.PURPOSES].codes))
    wrong = counted = 0
    for who, fresh in itertools.product(world.posts, (True, False)):
        expected = fresh and who in ("county", "officer")
        try:
            got = bool(
                gate.open_whereabouts(
                    actor=world.actor(who, "03-18 09:00"), matter_id=m, party_id=her, purpose=purpose,
                    words="今晚转移", fresh=fresh, now=at("03-18 09:00"),
                )
            )  # fmt: skip
        except (NotAllowed, NotFound):
            got = False
        counted += 1
        wrong += got != expected
    row(8, "posts with and without a fresh second factor at the gate for whereabouts", counted, wrong)
    assert wrong == 0
