"""What is a fix and what is a break, the number that each asks for, and that no old version is ever lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from anjia.law import playbooks
from anjia.law.playbooks import library, mapping, published, versions
from anjia.law.playbooks.schema import Playbook, Version
from anjia.law.playbooks.tests.support import SOUND, known, line_of, written

MINOR = {
    "a label": ("label: {zh: 接手, en: Take}", "label: {zh: 接下, en: Take}"),
    "a help text": ("label: {zh: 理由, en: Reasons}", "label: {zh: 理由, en: Reasons}, help: {zh: 简单写, en: Short}"),
    "a script card's words": ("{zh: 慢慢说, en: Take your time}", "{zh: 您慢慢说, en: Take your time}"),
    "an added optional field": ("asks: [where]", "asks: [where, why]"),
    "an added duty": (
        "  look:   {label",
        "  more:   {label: {zh: 再看, en: More}, of: station, rule: visit.grade-2, starts: [looked], done_by: [visit]}\n"
        "  look:   {label",
    ),
    "an added recipient": ("  looked:\n    {from: working", "  looked:\n    {tells: station, from: working"),
    "a removed recipient": ("    tells: village\n", ""),
    "a stricter guard": ("by: station, asks: [where]", "by: station, guards: [risk.assessed], asks: [where]"),
    "an added stage and the way there": (
        "  done:     {end: true",
        "  later:    {holder: station, label: {zh: 稍后, en: Later}}\n  done:     {end: true",
    ),
    "a step allowed from one more stage": ("    {from: working, by: station, asks: [where]",
                                           "    {from: [working, received], by: station, asks: [where]"),
    "another source": ("source: [样例]", "source: [样例, 反家庭暴力法 4]"),
    "another rule for what starts from now on": ("rule: triage.same-day", "rule: contact.safe-hour"),
}  # fmt: skip
MAJOR = {
    "a stage removed": ("  done:     {end: true", "  over:     {end: true"),
    "a move removed": (
        "  place:\n    {from: working, by: station, asks: [where], card: kind, label: {zh: 住处, en: Where}}\n",
        "",
    ),
    "a move that leads elsewhere": ("{from: working, to: done, by", "{from: working, to: received, by"),
    "a move no longer allowed here": ("  told:\n    {from: any", "  told:\n    {from: end"),
    "a field of another type": ("sure:    {type: yes_no", "sure:    {type: date"),
    "a field that moves into another compartment": ("why:     {type: long_text, compartment: narrative",
                                                    "why:     {type: long_text, compartment: counsel"),
    "an optional field that must be filled now": ("asks: [where]", "asks: [{use: where, required: true}]"),
    "a guard taken away": ("guards: [consent.police]", "guards: []"),
    "a guard that looks at something else": ("answer.yes: {field: sure}", "answer.yes: {field: urgency}"),
    "a duty owed only once": ("done_by: [visit],\n           repeats: {until: [done]}}", "done_by: [visit]}"),
    "a duty of somebody else": ("of: station, rule: visit.grade-2", "of: village, rule: visit.grade-2"),
    "a duty that can no longer be fulfilled so": ("done_by: [take]", "done_by: [visit]"),
    "the village in from the start": (
        "tier: village, at: {residence_of: asking}, joins: invite", "tier: village, at: {residence_of: asking}"
    ),
    "violence not looked for any more": ("concerns_violence: true\n", ""),
    "no report up": ("report_up: {default: report.up}\n", ""),
    "a reply by the way": ("report_up:", "answers: [close]\nreport_up:"),
    "another way to hear of a referral": ("replied: told", "replied: visit"),
}  # fmt: skip


def both(folder: Path, old: str, new: str, version: str = "1.0") -> tuple[Playbook, Playbook]:
    assert old in SOUND
    before = written(folder, SOUND)
    after = written(folder, SOUND.replace(old, new, 1).replace("version: 1.0", f"version: {version}"))
    return before, after


@pytest.mark.parametrize("what", MINOR)
def test_a_fix_reaches_running_matters(what: str, tmp_path: Path) -> None:
    found = versions.changes(*both(tmp_path, *MINOR[what]))
    assert versions.class_of(found) == "minor", found


@pytest.mark.parametrize("what", MAJOR)
def test_a_break_opens_new_matters_only(what: str, tmp_path: Path) -> None:
    before, after = both(tmp_path, *MAJOR[what])
    found = versions.changes(before, after)
    assert versions.class_of(found) == "major", found
    assert all(change.reason["zh"] and change.reason["en"] and change.where for change in found)


def test_a_comment_changes_nothing(tmp_path: Path) -> None:
    assert (
        versions.changes(*both(tmp_path, "opening: [urgency]", "opening: [urgency]  # asked at once")) == []
    )


@pytest.mark.parametrize(
    ("edit", "version", "code", "wanted"),
    [
        (MINOR["a label"], "1.0", "version.unchanged", "1.1"),
        (MINOR["a label"], "1.1", None, ""),
        (MINOR["a label"], "2.0", None, ""),
        (MAJOR["a move removed"], "1.0", "version.unchanged", "2.0"),
        (MAJOR["a move removed"], "1.7", "version.too-small", "2.0"),
        (MAJOR["a move removed"], "2.0", None, ""),
        (MINOR["a label"], "0.9", "version.backwards", "1.1"),
    ],
)
def test_a_change_carries_the_number_it_asks_for(
    edit: tuple[str, str], version: str, code: str | None, wanted: str, tmp_path: Path
) -> None:
    before, after = both(tmp_path, *edit, version)
    facts = replace(known(), published={"sound": before})
    found = [f for f in playbooks.check(after, facts) if f.code.startswith("version.")]
    assert [f.code for f in found] == ([code] if code else [])
    if found:
        assert found[0].line == line_of(SOUND, "version: 1.0")
        assert wanted in found[0].remedy["zh"]
        assert wanted in found[0].remedy["en"]


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty shelf of published files, and a catalogue that holds only the sample."""
    monkeypatch.setattr(published, "PUBLISHED", tmp_path / "published")
    forget()
    yield tmp_path
    forget()


def forget() -> None:
    published.versions.cache_clear()
    published.published.cache_clear()


def current(monkeypatch: pytest.MonkeyPatch, book: Playbook) -> None:
    monkeypatch.setattr(library, "catalogue", lambda: {book.name: book})


def test_a_matter_follows_the_newest_fix_of_its_own_major_version(
    shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for version in ("1.0", "1.1", "2.0"):
        text = SOUND.replace("version: 1.0", f"version: {version}").replace("zh: 样例", f"zh: 样例{version}")
        book = written(shelf, text)
        assert published.publish(shelf / "sound.yaml") is not None
        assert published.publish(shelf / "sound.yaml") is None, "what is published stays as it is"
    current(monkeypatch, book)
    assert str(library.definition("sound", "1.0").version) == "1.1"
    assert library.definition("sound", "1.1").label["zh"] == "样例1.1"
    assert library.definition("sound", "2.0") is book
    assert published.versions("sound") == (Version(1, 0), Version(1, 1), Version(2, 0))
    with pytest.raises(KeyError):
        library.definition("sound", "3.0")


def test_what_was_done_under_an_old_version_is_still_told_in_its_words(
    shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(shelf, SOUND)
    published.publish(shelf / "sound.yaml")
    gone = SOUND.replace("version: 1.0", "version: 2.0").replace(*MAJOR["a move removed"])
    book = written(shelf, gone)
    current(monkeypatch, book)
    assert library.find_move(book, "place").label["zh"] == "住处"
    with pytest.raises(KeyError):
        library.find_move(book, "never_was")


@pytest.mark.parametrize("path", sorted(published.PUBLISHED.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_published_file_can_still_be_read(path: Path) -> None:
    book = playbooks.load(path)
    assert path.stem == f"{book.name}-{book.version}"
    assert library.definition(book.name, str(book.version)).version.major == book.version.major


STANDING = mapping.Standing(
    stage="working",
    duties=frozenset({"visit"}),
    values={"urgency": "urgent", "sure": True},
    roles=frozenset({"station"}),
    parties=frozenset({"asking"}),
    has_ended=False,
)
NEXT = {
    "a stage": ("working", "doing", {"stages": {"working": "doing"}}),
    "an open duty": ("  visit:  {label", "  look_in: {label", {"duties": {"visit": "look_in"}}),
    "a role": ("station", "office", {"roles": {"station": "office"}}),
    "a party": ("asking", "asker", {"parties": {"asking": "asker"}}),
}


@pytest.mark.parametrize("what", NEXT)
def test_what_has_no_image_stays_and_what_is_mapped_moves(what: str, tmp_path: Path) -> None:
    old, new, images = NEXT[what]
    before = written(tmp_path, SOUND)
    after = written(tmp_path, SOUND.replace(old, new).replace("version: 1.0", "version: 2.0"))
    why = mapping.moved(before, after, mapping.Image(), STANDING)
    assert isinstance(why, list)
    assert all(reason["zh"] and reason["en"] for reason in why)
    moved = mapping.moved(before, after, mapping.Image(**images), STANDING)
    assert isinstance(moved, mapping.Moved), moved


def test_a_required_value_without_a_place_holds_the_matter_back(tmp_path: Path) -> None:
    must = SOUND.replace("asks: [sure]", "asks: [{use: sure, required: true}]")
    before = written(tmp_path, must)
    after = written(tmp_path, must.replace("sure", "certain").replace("version: 1.0", "version: 2.0"))
    why = mapping.moved(before, after, mapping.Image(), STANDING)
    assert isinstance(why, list)
    assert "sure" in why[0]["zh"]
    moved = mapping.moved(before, after, mapping.Image(fields={"sure": "certain"}), STANDING)
    assert isinstance(moved, mapping.Moved)
    assert moved.values == {"urgency": "urgent", "certain": True}


def test_nobody_is_moved_to_where_nobody_owes_anything(tmp_path: Path) -> None:
    before = written(tmp_path, SOUND)
    after = written(tmp_path, SOUND.replace("version: 1.0", "version: 2.0"))
    idle = replace(STANDING, duties=frozenset())
    assert isinstance(mapping.moved(before, after, mapping.Image(), idle), list)
    first = mapping.moved(before, after, mapping.Image(stages={"working": "received"}), idle)
    assert isinstance(first, mapping.Moved)
    assert [duty.name for duty in first.starts] == ["triage"]


def test_a_mapping_file_says_where_it_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "mapping.yaml"
    path.write_text("stages: {working: doing}\nduty: {a: b}\n", encoding="utf-8")
    with pytest.raises(playbooks.PlaybookError, match=r"mapping\.yaml:2"):
        mapping.load_mapping(path)
    path.write_text("stages: {working: doing}\nduties: {visit: look_in}\n", encoding="utf-8")
    assert mapping.load_mapping(path).duties == {"visit": "look_in"}


def test_cases_under_the_edition_in_which_an_attempt_closed_a_round_move_over_as_they_stand() -> None:
    before, now = published.of_major("dv-case", 2), playbooks.catalogue()["dv-case"]
    standing = mapping.Standing(
        "contacting", frozenset({"contact"}), {}, frozenset(), frozenset(), has_ended=False
    )
    moved = mapping.moved(before, now, mapping.Image(), standing)
    assert isinstance(moved, mapping.Moved)
    assert (moved.stage, moved.duties, moved.starts) == ("contacting", {"contact": "contact"}, ())


def test_a_new_step_that_answers_is_a_fix_because_no_answer_is_lost() -> None:
    one = playbooks.catalogue()["lead"]
    before = replace(
        one, answers=("taken_up",), moves={n: m for n, m in one.moves.items() if n != "to_mediation"}
    )
    assert (
        versions.class_of(versions.changes(before, replace(one, answers=("taken_up", "to_mediation"))))
        == "minor"
    )
