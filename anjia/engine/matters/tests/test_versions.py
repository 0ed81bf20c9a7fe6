"""Procedures change while matters run: a fix reaches them at once, a break only by a mapping, nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner

from anjia.cli.main import main
from anjia.engine.matters import actions, opening, worklists
from anjia.engine.matters.seats import visible_to
from anjia.engine.matters.tests.world import World, at
from anjia.foundation.core.verdict import NotAllowed
from anjia.foundation.events import access
from anjia.foundation.events.models import Event
from anjia.law import playbooks
from anjia.law.playbooks import library, mapping, published
from anjia.law.playbooks.schema import Playbook, Version
from anjia.registry.posts.actors import SYSTEM

FILE = library.CATALOGUE / "dv-case.yaml"
TODAY = playbooks.load(FILE).version
FIX, NEXT = Version(TODAY.major, TODAY.minor + 1), Version(TODAY.major + 1, 0)
#: The next edition renames a stage, a duty and a field: for what is running each of them is gone.
BREAK = (
    ("responding", "working_together"),
    ("    label: {zh: 按等级回访", "    label: {zh: 随访"),
    ("  visit:\n", "  follow_up:\n"),
    ("grade_words", "grade_reasons"),
)


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The shelf of published files, with today's dv-case on it."""
    monkeypatch.setattr(published, "PUBLISHED", tmp_path / "published")
    forget()
    published.publish(FILE)
    yield tmp_path
    forget()


def forget() -> None:
    published.versions.cache_clear()
    published.published.cache_clear()


def edited(folder: Path, version: Version, *edits: tuple[str, str]) -> Playbook:
    text = FILE.read_text(encoding="utf-8")
    for old, new in ((f"version: {TODAY}\n", f"version: {version}\n"), *edits):
        assert old in text, old
        text = text.replace(old, new)
    path = folder / "dv-case.yaml"
    path.write_text(text, encoding="utf-8")
    return playbooks.load(path)


def in_force(monkeypatch: pytest.MonkeyPatch, book: Playbook) -> Playbook:
    books = {**library.catalogue(), book.name: book}
    for room in (library, opening, actions):
        monkeypatch.setattr(room, "catalogue", lambda: books)
    return book


def rows(world: World, m: UUID) -> list[worklists.DutyRow]:
    actor = world.actor("county", "03-12 09:00")
    with access.reading(actor, route="desk:duties", how="list"):
        return [row for row in worklists.duties(visible_to(actor)).rows if row.matter == m]


def test_a_fix_reaches_a_running_matter_and_its_event_says_so(
    world: World, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    m = world.responding()
    in_force(
        monkeypatch, edited(shelf, FIX, ("{zh: 处置中, en: Responding}", "{zh: 协同处置, en: Responding}"))
    )
    assert world.page("county", m).stage["zh"] == "协同处置"
    assert world.row(m).version == str(TODAY)
    world.does("county", "note", m, "03-11 09:00", words="电话已打")
    assert world.row(m).version == str(FIX)
    last = Event.objects.filter(matter=m).latest("seq")
    assert last.codes["version"] == [str(TODAY), str(FIX)]


def test_a_matter_of_an_older_major_version_lives_on_to_its_end(
    world: World, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stands in a stage the new file no longer has; every list, page and step still knows it."""
    m = world.responding()
    new = in_force(monkeypatch, edited(shelf, NEXT, *BREAK))
    assert "responding" not in new.stages
    page = world.page("county", m)
    assert page.stage["zh"] == "处置中"
    assert {row.kind for row in rows(world, m)} >= {"visit", "safety_plan"}
    world.does(
        "county", "visit_done", m, "03-11 09:00", visit_whom="asking", visit_way="phone", visit_found="safe",
        was_alone="yes",
    )  # fmt: skip
    world.does("county", "close_resolved", m, "03-12 09:00", outcome=["safe_now"], why="已平稳")
    world.does("county", "reply", m, "03-12 12:15", reply_words="已办好", reply_channel="receipt")
    world.does("county", "report_up", m, "03-12 13:00", report_stage="final", report_words="已办结")
    row = world.row(m)
    assert (row.result, row.version) == ("resolved", str(TODAY))
    assert row.closed_at is not None
    fresh = world.help_wanted("03-12 14:00", name="吴小梅", phone="10013500077").matter
    assert world.row(fresh).version == str(NEXT)


IMAGE = mapping.Image(
    stages={"responding": "working_together"},
    duties={"visit": "follow_up"},
    fields={"grade_words": "grade_reasons"},
)


def move_over(m: UUID, new: Playbook, image: mapping.Image) -> bool:
    outcome = actions.migrate_version(matter_id=m, to=new, image=image, actor=SYSTEM, now=at("03-12 10:00"))
    return outcome.moved is not None


def test_a_mapping_moves_it_and_every_clock_stays_as_it_was_frozen(
    world: World, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    m = world.responding()
    before = world.duty(m, "visit")
    new = in_force(monkeypatch, edited(shelf, NEXT, *BREAK))
    assert not move_over(m, new, mapping.Image())
    assert world.row(m).version == str(TODAY)
    assert move_over(m, new, IMAGE)
    row, after = world.row(m), world.duty(m, "follow_up")
    assert (row.stage, row.version) == ("working_together", str(NEXT))
    assert after.id == before.id
    assert (after.due_at, after.rule, after.rule_version) == (before.due_at, before.rule, before.rule_version)
    last = Event.objects.filter(matter=m).latest("seq")
    assert (last.move, last.codes["version"]) == ("migrate", [str(TODAY), str(NEXT)])
    page = world.page("county", m)
    assert [entry.label["zh"] for entry in page.entries][-1] == "换用新版流程"
    assert all(entry.label["zh"] != entry.move for entry in page.entries), "an old step lost its words"
    world.does("county", "note", m, "03-12 11:00", words="照办")


def test_nobody_at_a_desk_moves_a_matter_to_another_version(
    world: World, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    m = world.responding()
    new = in_force(monkeypatch, edited(shelf, NEXT, *BREAK))
    with pytest.raises(NotAllowed):
        actions.migrate_version(
            matter_id=m, to=new, image=IMAGE, actor=world.actor("county"), now=at("03-12 10:00")
        )


def test_the_command_looks_first_and_writes_only_when_told(
    world: World, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    m, other = world.responding(), world.help_wanted("03-10 08:00", name="吴小梅", phone="10013500077").matter
    in_force(monkeypatch, edited(shelf, NEXT, *BREAK))
    file = shelf / "mapping.yaml"
    file.write_text("stages: {responding: working_together}\n", encoding="utf-8")
    command = ["playbooks", "migrate", "dv-case", str(TODAY), str(NEXT), "--mapping", str(file)]
    tried = CliRunner().invoke(main, [*command, "--dry-run"])
    assert tried.exit_code == 1, tried.output
    assert world.row(m).number in tried.output
    assert "visit" in tried.output
    assert {world.row(x).version for x in (m, other)} == {str(TODAY)}
    file.write_text(
        "stages: {responding: working_together}\nduties: {visit: follow_up}\nfields: {grade_words: grade_reasons}\n",
        encoding="utf-8",
    )
    done = CliRunner().invoke(main, command)
    assert done.exit_code == 0, done.output
    assert {world.row(x).version for x in (m, other)} == {str(NEXT)}
    assert CliRunner().invoke(main, command).exit_code == 0, "a second run has nothing left to do"
