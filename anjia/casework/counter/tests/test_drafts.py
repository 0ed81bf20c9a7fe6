"""A call that breaks off keeps what was typed: sealed, its writer's alone, gone when it was saved or given up."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from anjia.casework.counter import drafts
from anjia.casework.counter.models import Draft
from anjia.engine.matters.tests.world import NAME, STORY, World, at
from anjia.foundation.core.verdict import NotFound, RuleBroken

TYPED = {"name": [NAME], "facts": [STORY], "channel": ["call"], "dv_forms": ["body", "mind"], "phone": [""]}


def kept(world: World, who: str = "county", when: str = "03-10 09:00", **more: list[str]) -> str:
    key = uuid.uuid4().hex
    assert drafts.keep(
        key=key, procedure="dv-case", typed={**TYPED, **more}, actor=world.actor(who), now=at(when)
    )
    return key


def test_what_was_typed_comes_back_as_it_was(world: World) -> None:
    procedure, answers = drafts.read(kept(world), world.actor("county"))
    assert procedure == "dv-case"
    assert answers == {"name": [NAME], "facts": [STORY], "channel": ["call"], "dv_forms": ["body", "mind"]}


def test_nothing_of_it_can_be_read_in_the_database(world: World) -> None:
    kept(world)
    body = bytes(Draft.objects.get().body)
    for words in (NAME, STORY, "facts"):
        assert words.encode() not in body


def test_a_colleague_and_another_office_do_not_find_it(world: World) -> None:
    key = kept(world)
    for who in ("officer", "city", "police", "leader"):
        with pytest.raises(NotFound):
            drafts.read(key, world.actor(who))
        with pytest.raises(NotFound):
            drafts.keep(
                key=key, procedure="dv-case", typed=TYPED, actor=world.actor(who), now=at("03-10 09:01")
            )
        drafts.end(key=key, actor=world.actor(who))
    assert len(drafts.of(world.actor("county"))) == 1


def test_an_empty_page_leaves_nothing(world: World) -> None:
    typed = {"channel": ["call"], "name": [" "], "csrfmiddlewaretoken": ["x"], "key": ["y"]}
    key = uuid.uuid4().hex
    assert not drafts.keep(
        key=key, procedure="dv-case", typed=typed, actor=world.actor("county"), now=at("03-10 09:00")
    )
    assert not Draft.objects.exists()


def test_the_newest_words_count_and_two_clerks_do_not_meet(world: World) -> None:
    key = kept(world)
    kept(world, "officer")
    drafts.keep(
        key=key,
        procedure="dv-case",
        typed={"facts": ["改了"]},
        actor=world.actor("county"),
        now=at("03-10 09:05"),
    )
    assert drafts.read(key, world.actor("county"))[1] == {"facts": ["改了"]}
    assert Draft.objects.count() == 2


def test_given_up_is_gone_and_the_head_is_told_of_what_lies(world: World) -> None:
    key = kept(world)
    office = world.offices["county"].id
    assert drafts.forgotten(office, at("03-10 20:00")) == 0
    assert drafts.forgotten(office, at("03-11 10:00")) == 1
    drafts.end(key=key, actor=world.actor("county"))
    assert drafts.forgotten(office, at("03-11 10:00")) == 0
    kept(world)
    assert drafts.sweep(at("03-10 09:00") + drafts.KEPT + timedelta(minutes=1)) == 1


def test_what_was_saved_leaves_no_draft_whichever_comes_first(world: World) -> None:
    """A line that is slow: the page is saved, and only then what it kept while she typed arrives, or never answers."""
    before, after = kept(world), uuid.uuid4().hex
    for key in (before, after):
        world.help_wanted("03-10 09:01", key=key)
    assert not drafts.keep(
        key=after, procedure="dv-case", typed=TYPED, actor=world.actor("county"), now=at("03-10 09:02")
    )
    assert [str(line.id.hex) for line in drafts.of(world.actor("county"))] == [before]
    drafts.sweep(at("03-10 12:00"))
    assert not Draft.objects.exists()


def test_a_draft_has_its_bounds(world: World) -> None:
    with pytest.raises(RuleBroken):
        kept(world, facts=["长" * 20_000])
    with pytest.raises(NotFound):
        drafts.keep(
            key="../x", procedure="dv-case", typed=TYPED, actor=world.actor("county"), now=at("03-10 09:00")
        )
