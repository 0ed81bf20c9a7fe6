"""The three checks an operator runs pass on what is sound and name what is not: file, line, remedy, or the row."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.db import connection

from anjia.cli.main import main
from anjia.engine.matters.tests.world import World, build
from anjia.foundation.events import triggers
from anjia.law.playbooks.library import CATALOGUE

RULES = Path(__file__).resolve().parents[2] / "anjia" / "law" / "rules" / "data"


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, list(words))
    return done.exit_code, done.output


@pytest.fixture
def world(db: None) -> World:
    return build()


def test_sound_rules_and_playbooks_pass() -> None:
    for what in ("rules", "playbooks"):
        code, said = run(what, "check")
        assert code == 0, said
        assert "没有问题" in said


def planted(tmp_path: Path, change: tuple[str, str]) -> tuple[int, str]:
    """A copy of the catalogue with one fault in it."""
    folder = tmp_path / "catalogue"
    shutil.copytree(CATALOGUE, folder)
    book = folder / "dv-case.yaml"
    text = book.read_text(encoding="utf-8")
    assert change[0] in text
    book.write_text(text.replace(change[0], change[1], 1), encoding="utf-8")
    return run("playbooks", "check", str(folder))


FAULTS = {
    "an end without result": ("    to: closed_unfounded\n    by: station\n    result: unfounded\n",
                              "    to: closed_unfounded\n    by: station\n"),
    "an agency move that cannot be recorded": ("  record_feedback:\n    label:",
                                               "  record_feedback:\n    on_behalf: false\n    label:"),
    "a dead stage": ("  waiting:    {holder: station, label: {zh: 待本人决定",
                     "  nowhere:    {holder: station, label: {zh: 无人处, en: Nowhere}}\n"
                     "  waiting:    {holder: station, label: {zh: 待本人决定"),
    "a duty nobody can do": ("    done_by: [safety_plan]\n", "    done_by: [accept_in]\n"),
    "an unknown rule": ("rule: contact.safe-hour", "rule: contact.no-such-rule"),
    "an unknown guard": ("guards: [contact.allowed]", "guards: [contact.alowed]"),
    "a stage nobody named": ("    to: guarding\n    by: station\n", "    to: gaurding\n    by: station\n"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS, ids=lambda f: f.replace(" ", "-"))
def test_planted_fault_in_a_playbook_is_named_with_file_line_and_remedy(tmp_path: Path, fault: str) -> None:
    code, said = planted(tmp_path, FAULTS[fault])
    assert code == 1, said
    assert re.search(r"dv-case\.yaml:\d+", said), said


@pytest.mark.parametrize(
    "change",
    [("unit: hour", "unit: hours"), ('article: "28"', 'articel: "28"'), ("amount: 72", "amount: -72")],
)
def test_planted_fault_in_a_rule_is_named(tmp_path: Path, change: tuple[str, str]) -> None:
    folder = tmp_path / "data"
    shutil.copytree(RULES, folder)
    book = folder / "nation.yaml"
    text = book.read_text(encoding="utf-8")
    assert change[0] in text
    book.write_text(text.replace(change[0], change[1], 1), encoding="utf-8")
    code, said = run("rules", "check", str(folder))
    assert code == 1, said
    assert re.search(r"nation\.yaml:\d+", said), said


def verify() -> tuple[int, str]:
    return run("ledger", "verify")


def as_attacker(statement: str, *values: object) -> None:
    """Somebody with the database in hand, past the triggers."""
    triggers.drop(connection)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def stored(value: object) -> object:
    return value.hex if connection.vendor == "sqlite" and hasattr(value, "hex") else value


def test_whole_ledger_passes(world: World) -> None:
    world.responding()
    code, said = verify()
    assert code == 0, said


def test_changed_byte_in_an_event_is_found(world: World) -> None:
    m = world.responding()
    as_attacker("UPDATE events_event SET move = 'note' WHERE matter = %s AND seq = 2", stored(m))
    code, said = verify()
    assert code == 1
    assert "seq=2" in said


def test_missing_event_is_found(world: World) -> None:
    m = world.responding()
    as_attacker("DELETE FROM events_event WHERE matter = %s AND seq = 3", stored(m))
    code, said = verify()
    assert code == 1
    assert str(m) in said


def test_cut_tail_is_found(world: World) -> None:
    m = world.responding()
    as_attacker("DELETE FROM events_event WHERE matter = %s AND seq = %s", stored(m), world.row(m).chain_seq)
    code, said = verify()
    assert code == 1
    assert str(m) in said
