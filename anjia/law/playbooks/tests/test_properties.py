"""Every finding breaks one promise of the health check, and the whole catalogue keeps its budget of code."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from anjia.law import playbooks
from anjia.law.playbooks.findings import Finding
from anjia.law.playbooks.library import CATALOGUE, catalogue, check_all
from anjia.law.playbooks.properties import PROPERTIES
from anjia.law.playbooks.schema import Effect, Playbook
from anjia.law.playbooks.tests.support import SOUND, known, written

ROOM = Path(playbooks.__file__).parent
CODE = re.compile(r'"((?:[a-z]+-?)+\.[a-z-]+)",\n')


def codes_of_the_checker() -> set[str]:
    """Every finding code that stands in a check."""
    text = "".join(p.read_text(encoding="utf-8") for p in ROOM.glob("check_*.py"))
    return set(CODE.findall(text))


def test_every_finding_speaks_against_exactly_one_promise() -> None:
    codes = codes_of_the_checker()
    assert len(codes) > 50
    for code in codes:
        finding = Finding("x.yaml", 1, code, {"zh": "", "en": ""}, {"zh": "", "en": ""})
        assert [p.key for p in PROPERTIES if p.broken_by([finding])], code
        assert len([p for p in PROPERTIES if p.broken_by([finding])]) == 1, code


def test_more_than_a_third_with_code_of_its_own_is_too_much() -> None:
    busy = dict(catalogue())
    referral = busy["referral"]
    moves = {
        f"{name}_{n}": replace(m, effects=(Effect("grade.set", {"grade": "2"}),))
        for n in range(len(busy) * 5)  # however many procedures there are
        for name, m in referral.moves.items()
    }
    busy["referral"] = replace(referral, moves={**referral.moves, **moves})
    found = [f for f in check_all(busy) if f.code == "effect.budget"]
    assert [f.file for f in found] == ["referral.yaml"]
    assert not [f for f in check_all() if f.code == "effect.budget"]


def child(folder: Path, name: str, **replaced: str) -> Playbook:
    text = SOUND.replace("playbook: sound", f"playbook: {name}\nopens_from: any")
    for old, new in replaced.items():
        text = text.replace(old.replace("_", " "), new, 1)
    return written(folder, text, f"{name}.yaml")


def test_violence_is_not_mediated_two_children_further_down(tmp_path: Path) -> None:
    """The move itself looks harmless; the child of its child sits the two down together."""
    talks = child(tmp_path, "talks", **{"  place:\n    {": "  place:\n    {mediates: true, "})
    middle = child(tmp_path, "middle", **{"opens: referral": "opens: talks"})
    facts = known()
    facts = replace(facts, books={**facts.books, "talks": talks, "middle": middle})
    text = SOUND.replace("opens: referral", "opens: middle").replace("opens_kind: [police_station], ", "")
    found = [f for f in playbooks.check(written(tmp_path, text), facts) if f.code == "mediation.violence"]
    assert [f.path for f in found] == [("refer", "middle", "refer", "talks", "place")]


def test_police_told_by_what_a_child_binds_need_her_word(tmp_path: Path) -> None:
    """The move names no kind of agency; the procedure it opens goes to the police all the same."""
    text = SOUND.replace("guards: [consent.police],", "").replace("opens_kind: [police_station],", "")
    police = child(tmp_path, "letter", **{"joins: invite}": "joins: open}"})
    facts = known()
    facts = replace(facts, books={**facts.books, "letter": police})
    found = playbooks.check(written(tmp_path, text.replace("opens: referral", "opens: letter")), facts)
    assert ("refer",) in [f.path for f in found if f.code == "consent.missing"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_way_is_told_in_the_words_of_the_screen(language: str, tmp_path: Path) -> None:
    text = SOUND.replace("result: resolved, ", "")
    (finding,) = (f for f in playbooks.check(written(tmp_path, text), known()) if f.code == "end.no-result")
    assert (
        finding.way(language)
        == {"zh": "接手(take) → 办结(close)", "en": "Take(take) → Close(close)"}[language]
    )


def test_a_folder_is_checked_as_a_whole(tmp_path: Path) -> None:
    """A child of another file of the same folder is known, and one that nobody opens is found."""
    alone = SOUND.replace("playbook: sound", "playbook: lonely\nopens_from: [dv-case]")
    written(tmp_path, alone, "lonely.yaml")
    for path in CATALOGUE.glob("*.yaml"):
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    from anjia.law.playbooks.library import load_folder

    found = check_all(load_folder(tmp_path))
    assert [(f.file, f.code) for f in found] == [("lonely.yaml", "child.never-opened")]
