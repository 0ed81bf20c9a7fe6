"""What leaves on paper: only what the paper names for that recipient; never where she is; every copy is logged."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from anjia.engine.letters import asked, disclosure, gate, papers, recording
from anjia.engine.matters.inputs import Decisions
from anjia.engine.matters.models import Matter, Party
from anjia.engine.matters.tests.world import HIS_NAME, NAME, PHONE, WHERE, World, at
from anjia.foundation.core.verdict import NotAllowed, NotFound, RuleBroken
from anjia.foundation.events import access
from anjia.foundation.events.models import Access, Event

SCHOOL, SAFE_AS, ID_NUMBER = "邗江区向阳小学", "质检培训班", "999999199001010024"
FACTS = "他喝了酒就动手,3月14日掐了脖子。"
#: What an abuser looks for; none of it may stand on any paper but the sheet for the court.
HIDDEN = (WHERE, "湖滨小区", PHONE, SCHOOL, SAFE_AS)
ALL = Decisions(tell_community=True, come_to_door=True, tell_police=True)


def order(world: World, facts: str = FACTS) -> UUID:
    """Her whereabouts are known; an application is being prepared."""
    m = world.responding(decisions=ALL)
    world.does("county", "record_whereabouts", m, "03-16 08:30", now_at=WHERE)
    child = world.does("county", "apply_order", m, "03-17 09:00", urgent="yes").child
    assert child is not None
    world.does(
        "county", "packet", child, "03-17 09:30", urgent="yes", who_applies="herself", facts=facts,
        measures_sought=["no_violence"], evidence_kinds=["statement"], id_number=ID_NUMBER,
    )  # fmt: skip
    return child


def drafted(
    world: World, m: UUID, paper: str, who: str = "county", when: str = "03-18 09:00", **more: object
):  # type: ignore[no-untyped-def]
    actor = world.actor(who, when)
    with access.reading(actor, route="t", how="open"):
        return disclosure.draft(actor=actor, matter_id=m, paper=paper, now=at(when), **more)


def given(world: World, m: UUID, paper: str, who: str = "county", when: str = "03-18 09:00", **more: object):  # type: ignore[no-untyped-def]
    actor = world.actor(who, when)
    with access.reading(actor, route="t", how="open"):
        return disclosure.release(actor=actor, matter_id=m, paper=paper, now=at(when), **more)


def said(draft: disclosure.Draft) -> str:
    return "\n".join(f"{i.label['zh']} {i.zh}" for i in draft.items)


def test_the_application_has_what_a_court_needs_and_not_where_she_is(world: World) -> None:
    m = order(world)
    copy = given(world, m, "order-application")
    text = said(copy.draft)
    assert all(part in text for part in (NAME, HIS_NAME, ID_NUMBER, FACTS))
    assert not [h for h in HIDDEN if h in text]
    event = Event.objects.filter(matter=m, move="given_out").get()
    assert event.codes["facts"] == {"paper_given": "order-application", "given_to": "court"}
    assert event.codes["letter"]["no"] == copy.number == f"{world.row(m).number}-01"
    assert event.codes["letter"]["mark"] == copy.mark
    assert ID_NUMBER not in str(event.codes)


def test_the_eighteenth_of_march(world: World) -> None:
    """Her mother's address stands in the facts: stopped by name, taken out, and the paper leaves without it."""
    facts = "3月15日她搬到母亲家,住高邮市湖滨小区6幢,他又打电话到100 1350 0034。"
    m = order(world, facts)
    looked = Access.objects.filter(purpose="stopped").count()
    with pytest.raises(RuleBroken) as refused:
        given(world, m, "order-application")
    assert set(refused.value.fields) == {"facts"}
    assert not Event.objects.filter(matter=m, move="given_out").exists()
    assert Access.objects.filter(purpose="stopped").count() > looked
    draft = drafted(world, m, "order-application", strike="facts")
    assert not draft.stopped
    words = next(i.zh for i in draft.items if i.name == "facts")
    assert "保密送达地址确认书" in words
    assert not [h for h in HIDDEN if h in words]
    copy = given(world, m, "order-application", typed={"facts": words})
    assert not [h for h in HIDDEN if h in said(copy.draft)]


def test_what_looks_like_an_address_is_said_to_be_meant(world: World) -> None:
    m = order(world, "他在老房子3号楼302室打了她。")
    with pytest.raises(RuleBroken) as refused:
        given(world, m, "order-application")
    assert set(refused.value.fields) == {"checked"}
    assert given(world, m, "order-application", checked=True).number


@pytest.mark.parametrize(
    ("to", "gets"), [("police", (NAME, HIS_NAME)), ("aid", (NAME,)), ("shelter", (NAME,))]
)
def test_a_letter_says_what_its_recipient_needs(world: World, to: str, gets: tuple[str, ...]) -> None:
    m = world.responding(decisions=ALL)
    world.does("county", "record_whereabouts", m, "03-16 08:30", now_at=WHERE)
    child = world.refers(m, "refer", to, "03-16 09:00")
    text = said(given(world, child, "referral-letter").draft)
    assert "请依法办理" in text
    assert all(part in text for part in gets)
    assert not [h for h in HIDDEN if h in text]
    if to == "shelter":
        assert HIS_NAME not in text


def test_an_unknown_kind_of_office_gets_least(world: World) -> None:
    m = world.responding(decisions=ALL)
    child = world.refers(m, "refer", "shelter", "03-16 09:00")
    world.offices["shelter"].kind = "media"
    world.offices["shelter"].save()
    draft = drafted(world, child, "referral-letter")
    assert draft.to == "other_office"
    assert {i.value.split(".")[0] for i in draft.items} <= {"matter", "data", "words", "due", "name"}
    assert HIS_NAME not in said(draft)


def test_the_answer_to_her_names_nobody_and_no_office(world: World) -> None:
    m = world.responding()
    with pytest.raises(NotAllowed):
        drafted(world, m, "answer-to-her")
    world.does(
        "county", "reply", m, "03-17 10:00", reply_words="您反映的事情已有人在办。", reply_channel="receipt",
        reply_at="2026-03-17T10:00",
    )  # fmt: skip
    copy = given(world, m, "answer-to-her")
    page = said(copy.draft) + disclosure.letterhead(copy.draft, world.actor("county"))
    assert "您反映的事情已有人在办。" in page
    assert not [c for c in (NAME, HIS_NAME, "妇联", "暴力", *HIDDEN) if c in page]


@pytest.mark.parametrize("who", ["city", "police", "village", "street", "court"])
def test_others_give_out_nothing(world: World, who: str) -> None:
    m = order(world)
    for paper in papers.book().papers:
        with pytest.raises((NotFound, NotAllowed)):
            drafted(world, m, paper, who)


def test_the_sheet_for_the_court_needs_a_second_person_and_a_second_factor(world: World) -> None:
    m = order(world)
    sheet = "address-for-service"
    preview = drafted(world, m, sheet)
    assert WHERE not in said(preview)
    looks = Access.objects.filter(how="where").count()
    with pytest.raises(NotAllowed) as refused:
        given(world, m, sheet, words="交给法院", fresh=False)
    assert refused.value.verdict.code == "fresh"
    with pytest.raises(NotAllowed) as refused:
        given(world, m, sheet, words="交给法院", fresh=True)
    assert refused.value.verdict.code == "second"
    disclosure.ask_for_second(
        actor=world.actor("county"), matter_id=m, paper=sheet, words="今天送法院", now=at("03-18 09:00")
    )
    question = asked.in_matter(m)[0].id
    with pytest.raises(NotAllowed):
        recording.allow(actor=world.actor("county"), matter_id=m, question=question, now=at("03-18 09:05"))
    recording.allow(actor=world.actor("officer"), matter_id=m, question=question, now=at("03-18 09:05"))
    assert Access.objects.filter(how="where").count() == looks
    copy = given(world, m, sheet, when="03-18 09:10", words="交给法院", fresh=True)
    assert WHERE in said(copy.draft)
    assert copy.draft.to == "court"
    assert Access.objects.filter(how="where").count() == looks + 1
    with pytest.raises(NotAllowed):  # one yes, one copy
        given(world, m, sheet, when="03-18 09:12", words="交给法院", fresh=True)


def test_no_log_row_no_sheet(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    m = order(world)
    disclosure.ask_for_second(
        actor=world.actor("county"), matter_id=m, paper="address-for-service", words="今天送法院",
        now=at("03-18 09:00"),
    )  # fmt: skip
    recording.allow(
        actor=world.actor("officer"), matter_id=m, question=asked.in_matter(m)[0].id, now=at("03-18 09:05")
    )

    def broken(*args: object, **kwargs: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(gate.access, "open_now", broken)
    with pytest.raises(OSError, match="disk full"):
        given(world, m, "address-for-service", when="03-18 09:10", words="交给法院", fresh=True)
    assert not Event.objects.filter(matter=m, move="given_out").exists()


def test_a_copy_and_another_have_their_own_numbers_and_marks(world: World) -> None:
    m = order(world)
    first, second = given(world, m, "order-application"), given(world, m, "order-application")
    assert first.number != second.number
    assert first.mark != second.mark
    other = disclosure.numbered(
        replace(first.draft, items=(replace(first.draft.items[0], text="改过"), *first.draft.items[1:])),
        at("03-18 09:00"),
    )
    assert other.mark != first.mark


# -- the file itself ----------------------------------------------------------------------------------------


def broken_book(**change: object) -> dict[str, object]:
    paper = {"label": {"zh": "函"}, "of": "any", "to_class": "court", "by": ["holder"], "lines": [], **change}
    return {
        "classes": {"court": {"kinds": ["*"], "label": {}}, "police": {"label": {}}},
        "papers": {"p": paper},
    }


@pytest.mark.parametrize(
    ("value", "to", "more"),
    [
        ("whereabouts.now_at", ["court"], {}),
        ("whereabouts.now_at", ["court", "police"], {"two_persons": True}),
        ("whereabouts.now_at", "any", {"two_persons": True}),
        ("contact.asking.phone", ["court"], {}),
        ("contact.helper.helper_phone", ["court"], {}),
        ("identity.child.child_school", ["court"], {}),
        ("identity.asking.residence", ["court"], {}),
        ("name.asking", "any", {}),
        ("identity.asking.id_number", "any", {}),
        ("matter.number", ["nobody"], {}),
        ("secret.asking", ["court"], {}),
        ("counsel.asking.words", ["court"], {}),
    ],
)
def test_a_paper_that_could_give_her_away_is_not_accepted(
    value: str, to: object, more: dict[str, object]
) -> None:
    with pytest.raises(ValueError, match="p: "):
        papers.parse(broken_book(lines=[{"value": value, "to": to}], **more))


def test_each_paper_and_each_recipient_has_its_code() -> None:
    from anjia.law import codes

    assert set(papers.book().papers) == set(codes.book()["letter"].codes)
    assert set(papers.book().classes) == set(codes.book()["letter-to"].codes)
    kinds = set(codes.book()["agency-kind"].codes) | {"*"}
    assert set(papers.book().kinds) <= kinds


def test_where_she_is_is_found_with_the_case(world: World) -> None:
    m = order(world)
    case, party = gate.hidden_in(Matter.objects.select_related("parent").get(pk=m)) or (None, None)
    assert case is not None
    assert Party.objects.get(matter=case, role="asking") == party
