"""A file that cannot be read says which line, what is wrong and what to do, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from anjia.law.playbooks import PlaybookError
from anjia.law.playbooks.library import load_folder
from anjia.law.playbooks.tests.support import SOUND, line_of, written

BROKEN: dict[str, tuple[str, str, str, str, str]] = {
    "unknown key": ("rule: triage.same-day", "rul: triage.same-day", "key.unknown", "  triage:", "rule"),
    "unknown top key": ("opening: [urgency]", "openning: [urgency]", "key.unknown", "openning", "opening"),
    "key twice": ("version: 1.0", "version: 1.0\nversion: 1.1", "key.twice", "version: 1.1", "one"),
    "bad version": ("version: 1.0", "version: one", "version", "version: one", "major.minor"),
    "missing label": ("label: {zh: 样例, en: Sample}\n", "", "key.missing", "# A small", "label"),
    "undefined field": (
        "asks: [where]",
        "asks: [were]",
        "field.unknown",
        "{from: working, by: station, asks: [were]",
        "where",
    ),
    "unknown type": ("type: yes_no", "type: yesno", "value.unknown", "  sure:", "yes_no"),
    "unknown compartment": (
        "compartment: whereabouts",
        "compartment: wherabouts",
        "value.unknown",
        "  where:",
        "whereabouts",
    ),
    "not a boolean": ("hidden: true", "hidden: yes", "type", "{from: any, by: clock", "true"),
    "words for no stage": (
        "  working:  {asking",
        "  workin:  {asking",
        "stage.unknown",
        "  workin:",
        "working",
    ),
    "broken YAML": ("stages:\n", "stages: [\n", "yaml", "duties:", "indentation"),
    "a bad reference": (
        "at: {residence_of: asking}}",
        "at: residence}",
        "type",
        "  station:",
        "residence_of",
    ),
    "a list where a text should be": (
        "label: {zh: 样例, en: Sample}",
        "label: [样例, Sample]",
        "type",
        "label: [",
        "zh",
    ),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_an_error_names_file_line_and_remedy(fault: str, tmp_path: Path) -> None:
    old, new, code, place, hint = BROKEN[fault]
    text = SOUND.replace(old, new, 1)
    assert text != SOUND
    with pytest.raises(PlaybookError) as caught:
        written(tmp_path, text)
    error = caught.value
    assert (error.file, error.code) == ("sound.yaml", code)
    if fault != "broken YAML":
        assert error.line == line_of(text, place)
    assert hint in error.remedy["en"]
    assert error.remedy["zh"]
    assert error.said("zh").startswith(f"sound.yaml:{error.line}: ")


def test_yes_and_no_stay_words(tmp_path: Path) -> None:
    """YAML 1.1 would turn the code `no` into false and lose an answer."""
    book = written(tmp_path, SOUND.replace("label: {zh: 理由", "show_when: {urgency: no}, label: {zh: 理由"))
    assert book.fields["why"].show_when == ("urgency", ("no",))


def test_two_files_may_not_carry_one_name(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(SOUND, encoding="utf-8")
    (tmp_path / "b.yaml").write_text(SOUND, encoding="utf-8")
    with pytest.raises(PlaybookError, match=r"a\.yaml"):
        load_folder(tmp_path)
