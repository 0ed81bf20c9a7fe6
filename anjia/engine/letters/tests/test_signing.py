"""A letter that somebody must sign waits as a duty, leaves only as it was signed, and comes back with a reason."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from anjia.engine.letters import disclosure, papers, signing
from anjia.engine.letters.tests.test_disclosure import drafted, given
from anjia.engine.letters.tests.test_reply_codes import asked
from anjia.engine.matters import worklists
from anjia.engine.matters.models import Duty
from anjia.engine.matters.seats import visible_to
from anjia.engine.matters.tests.world import World, at
from anjia.foundation.core.verdict import NotAllowed, RuleBroken
from anjia.foundation.events import access
from anjia.foundation.events.models import Event


@pytest.fixture
def signed_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the house asked for the head's word on every letter asking for help."""
    with_signers(monkeypatch, "referral-letter", ("head",))


def with_signers(monkeypatch: pytest.MonkeyPatch, name: str, signs: tuple[str, ...], **more: object) -> None:
    book = papers.book()
    one = replace(book.papers[name], signs=signs, **more)  # type: ignore[arg-type]
    monkeypatch.setattr(papers, "book", lambda: replace(book, papers={**book.papers, name: one}))


def lay(world: World, child: UUID, when: str = "03-12 10:00", **typed: str) -> signing.Question:
    draft = drafted(world, child, "referral-letter", "officer", when, typed=typed)
    signing.ask(draft, actor=world.actor("officer", when), now=at(when))
    return signing.in_matter(child)[0]


def leaves(world: World, child: UUID, when: str, who: str = "officer", **typed: str) -> disclosure.Copy:
    return given(world, child, "referral-letter", who, when, typed=typed)


@pytest.mark.usefixtures("signed_paper")
def test_it_waits_for_the_head_and_leaves_as_it_was_signed(world: World) -> None:
    child = asked(world)
    with pytest.raises(NotAllowed) as refused:
        leaves(world, child, "03-12 09:50")
    assert refused.value.verdict.code == "sign"
    one = lay(world, child, request="请今天处理")
    duty = world.duty(child, "sign_letter")
    head = world.actor("county", "03-12 10:10")
    assert duty.agency == world.offices["county"]
    assert duty.rule == "letter.sign"
    with access.reading(head, route="t", how="open"):
        rows = worklists.duties(visible_to(head), "own").rows
    assert duty.id in {r.id for r in rows}
    with pytest.raises(NotAllowed):
        leaves(world, child, "03-12 10:05", request="请今天处理")
    with pytest.raises(NotAllowed):  # nobody signs for the head
        signing.decide(
            actor=world.actor("officer", "03-12 10:06"),
            matter_id=child,
            question=one.id,
            now=at("03-12 10:06"),
        )
    signing.decide(actor=head, matter_id=child, question=duty.id, now=at("03-12 10:10"))
    assert Duty.objects.get(pk=duty.id).outcome == "done"
    with pytest.raises(NotAllowed, match="重新送签"):
        leaves(world, child, "03-12 10:12", request="请明天处理")
    copy = leaves(world, child, "03-12 10:15")  # the words as signed come back by themselves
    assert "请今天处理" in {i.zh for i in copy.draft.items}
    event = Event.objects.filter(matter=child, move="letter_signed").get()
    assert (event.actor, event.agency) == (head.account_id, head.agency_id)
    with pytest.raises(NotAllowed):  # one signature, one copy
        leaves(world, child, "03-12 10:20")


@pytest.mark.usefixtures("signed_paper")
def test_sent_back_with_a_reason_and_signed_anew(world: World) -> None:
    child = asked(world)
    one = lay(world, child)
    head = world.actor("county", "03-12 10:10")
    with pytest.raises(RuleBroken) as refused:
        signing.decide(
            actor=head, matter_id=child, question=one.id, sends_back=True, why=" ", now=at("03-12 10:10")
        )
    assert set(refused.value.fields) == {"why"}
    signing.decide(
        actor=head, matter_id=child, question=one.id, sends_back=True, why="写明时限", now=at("03-12 10:10")
    )
    assert not Duty.objects.filter(matter=child, kind="sign_letter", done_at__isnull=True).exists()
    with pytest.raises(NotAllowed):
        leaves(world, child, "03-12 10:15")
    lay(world, child, "03-12 10:30")
    again = lay(world, child, "03-12 10:40")  # laid before them twice: one duty
    assert Duty.objects.filter(matter=child, kind="sign_letter", done_at__isnull=True).count() == 1
    signing.decide(actor=head, matter_id=child, question=again.id, now=at("03-12 10:50"))
    assert leaves(world, child, "03-12 10:55").number


@pytest.mark.usefixtures("signed_paper")
def test_the_heads_own_letter_needs_no_second_signature(world: World) -> None:
    assert leaves(world, asked(world), "03-12 10:00", "county").number


def test_another_office_co_signs_what_it_has_read(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with_signers(
        monkeypatch, "referral-letter", ("head", "receiver"),
        lines=tuple(x for x in papers.book().papers["referral-letter"].lines if x.source in papers.OF_NOBODY),
    )  # fmt: skip
    child = asked(world)
    one = lay(world, child)
    assert {d.agency.name for d in Duty.objects.filter(matter=child, kind="sign_letter")} == {
        "邗江区妇联",
        "柳浦派出所",
    }
    police = world.actor("police", "03-12 10:05")
    with access.reading(police, route="t", how="open"):
        text = signing.text_for_cosigner(visible_to(police).find(child), police, one, at("03-12 10:05"))
    assert "请依法办理" in text
    signing.decide(actor=police, matter_id=child, question=one.id, now=at("03-12 10:05"))
    with pytest.raises(NotAllowed):
        leaves(world, child, "03-12 10:10")
    signing.decide(
        actor=world.actor("county", "03-12 10:11"), matter_id=child, question=one.id, now=at("03-12 10:11")
    )
    assert leaves(world, child, "03-12 10:15").number


def test_what_says_something_of_a_person_is_co_signed_by_no_other_office() -> None:
    lines = [{"value": "name.asking", "to": ["court"]}]
    paper = {
        "label": {"zh": "函"},
        "of": "any",
        "to_class": "court",
        "by": ["holder"],
        "lines": lines,
        "signs": ["body"],
    }
    with pytest.raises(ValueError, match="co-sign"):
        papers.parse({"classes": {"court": {"kinds": ["*"], "label": {}}}, "papers": {"p": paper}})
