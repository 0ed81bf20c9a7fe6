"""The book of an inspection: contents and pages, only de-identified rows, and what there was none of is named."""

from __future__ import annotations

import io
from datetime import date
from uuid import UUID

import pytest
from pypdf import PdfReader

from anjia.casework.mediation.tests.disputes import FIRST, SECOND, dispute
from anjia.engine.letters import books, disclosure
from anjia.engine.matters.inputs import Decisions
from anjia.engine.matters.tests.world import HIS_NAME, NAME, PHONE, STORY, WHERE, World, at
from anjia.foundation.core.verdict import NotFound, RuleBroken
from anjia.foundation.events import access
from anjia.foundation.files import rechecking
from anjia.foundation.files.models import File
from anjia.foundation.outbox import worker
from anjia.foundation.outbox.models import Outbox
from anjia.registry.posts.models import Post

WHEN = "06-01 09:00"


def asks(world: World, name: str = "violence", who: str = "county") -> str:
    return books.ask(
        actor=world.actor(who, WHEN), name=name, first=date(2026, 1, 1), last=date(2026, 12, 31), now=at(WHEN)
    )


def bound(world: World, who: str = "county") -> tuple[books.Book, list[str]]:
    worker.drain(at("06-01 09:01"))
    actor = world.actor(who, WHEN)
    one = books.of_office(actor)[0]
    _name, data = books.read(actor=actor, book=one.id)
    return one, [page.extract_text() for page in PdfReader(io.BytesIO(data)).pages]


def test_the_book_is_bound_by_the_worker_with_contents_and_pages(world: World) -> None:
    m = world.responding()
    assert asks(world) == "CS2026-0001"
    waiting = books.of_office(world.actor("county", WHEN))[0]
    assert waiting.file is None
    one, pages = bound(world)
    assert one.file is not None
    assert "反家庭暴力工作年度检查" in pages[0]
    contents = pages[1].replace("\n", "")
    for n, chapter in enumerate(one.checklist.chapters, 3):
        assert chapter.label["zh"] in contents
        assert chapter.label["zh"] in pages[n - 1]
        assert str(n) in contents
    assert "本期无" in pages[3]
    assert one.empty == 2
    assert world.row(m).number not in "".join(pages)  # no number to ask about goes to another office


def test_single_matters_go_in_as_the_way_out_gives_them(world: World) -> None:
    """Stages by day, what was owed under which article and whether in time, copies by number; only one's own matters."""
    m = world.responding(decisions=Decisions(True, True, True))
    world.refers(m, "refer_police", "police", "03-16 09:00")
    actor = world.actor("county", "03-18 09:00")
    with access.reading(actor, route="t", how="open"):
        disclosure.release(
            actor=actor, matter_id=m, paper="record-sheet", now=at("03-18 09:00"), checked=True
        )
    asks(world)
    text = bound(world)[1][-1]
    assert "四、单件办理经过" in text
    for said in (
        "一、个案受理与处置 第 1 行", "阶段:新收到 2026-03-09", "应办:当日接手 《反家庭暴力法》第 13 条",
        "2026-03-09 按期办结", "逾期未办", "出具第 01 份 事项登记表(本单位存档)",
    ):  # fmt: skip
        assert said in " ".join(text.split()), said
    for secret in (NAME, HIS_NAME, PHONE, STORY, world.row(m).number, world.row(m).number[7:]):
        assert secret not in text
    asks(world, who="city")
    theirs = bound(world, "city")[1]
    assert "登记 1" in "".join(theirs)  # of the line below it has the row
    assert "第 1 行" not in theirs[-1]  # and not how it went


def test_nobody_stands_in_it(world: World) -> None:
    world.responding()
    dispute(world, who="street")
    asks(world)
    text = "".join(bound(world)[1])
    for secret in (NAME, HIS_NAME, PHONE, STORY, WHERE, FIRST, SECOND, "杨林"):
        assert secret not in text


def test_it_holds_what_its_office_sees_and_no_other_office_has_it(world: World) -> None:
    world.responding()
    asks(world)
    mine = bound(world)[0]
    asks(world, who="other")
    theirs, pages = bound(world, "other")
    assert theirs.empty == 3
    assert "登记 1" not in "".join(pages)
    with pytest.raises(NotFound):
        books.read(actor=world.actor("other", WHEN), book=mine.id)


def test_it_is_handed_to_whoever_asked_and_not_past_a_wall(world: World) -> None:
    """It was read with her eyes: a colleague who is walled off from a matter in it would find its row."""
    m = world.responding()
    asks(world)
    mine = bound(world)[0]
    colleague = world.actor("officer", WHEN)
    assert [(b.is_bound, b.file) for b in books.of_office(colleague)] == [(True, None)]
    with pytest.raises(NotFound):
        books.read(actor=colleague, book=mine.id)
    world.does("county", "recuse", m, "05-31 09:00")
    with pytest.raises(NotFound):
        books.read(actor=world.actor("county", WHEN), book=mine.id)
    assert not books.of_office(world.actor("county", WHEN))[0].empty


def test_a_wrong_wish_is_refused_beside_its_field(world: World) -> None:
    with pytest.raises(RuleBroken) as broken:
        asks(world, "nothing")
    assert set(broken.value.fields) == {"checklist"}
    with pytest.raises(RuleBroken):
        books.ask(
            actor=world.actor("county", WHEN),
            name="peace",
            first=date(2026, 5, 1),
            last=date(2026, 4, 1),
            now=at(WHEN),
        )


def test_whoever_left_meanwhile_gets_none_and_nothing_stands_aside_for_it(world: World) -> None:
    asks(world)
    Post.objects.filter(pk=world.posts["county"].pk).update(to_on=date(2026, 5, 30))
    worker.drain(at("06-01 09:01"))
    assert not Outbox.objects.filter(kind=books.BIND, done_at=None).exists()
    assert not File.objects.exists()


def test_bound_twice_by_a_restarted_worker_it_is_one_book(world: World) -> None:
    asks(world)
    one = bound(world)[0]
    event = books.Event.objects.get(pk=one.id)
    books.bind(event, at("06-01 09:05"))
    assert File.objects.filter(matter=world.offices["county"].id).count() == 1


def test_its_bytes_are_compared_each_week_like_every_file(world: World) -> None:
    asks(world)
    file: UUID | None = bound(world)[0].file
    assert rechecking.fault_of(File.objects.get(pk=file)) == ""
