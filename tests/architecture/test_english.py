"""English is whole: every label of the law's files has one, and the search for what is missing does find it."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest
import yaml

from anjia.law.playbooks.located import LOADER

ROOT = Path(__file__).resolve().parents[2]
for folder in ("scripts", "tests/journeys"):
    sys.path.insert(0, str(ROOT / folder))
import messages  # noqa: E402
from known_words import CHINESE, pairs  # noqa: E402

LAW = sorted(p for p in (ROOT / "anjia" / "law").rglob("*.yaml") if "tests" not in p.parts)


@pytest.mark.parametrize("path", LAW, ids=lambda p: p.stem)
def test_every_label_of_the_law_has_an_english(path: Path) -> None:
    document = yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)  # noqa: S506 - a safe loader
    without = [where for where, pair in pairs(document, path.name) if not pair.get("en")]
    untranslated = [where for where, pair in pairs(document, path.name) if CHINESE.search(pair.get("en", ""))]
    assert (without, untranslated) == ([], [])


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("<p>今天</p>", ["<p>今天</p>"]),
        ("<p>{{ _('今天') }}</p>", []),
        ('{{ button("今天") }}', ['"今天"']),
        ('{{ button(_("今天")) }}{# 今天 #}', []),
        ('<a href="/" lang="zh-CN">中文</a>', []),
    ],
)
def test_words_outside_gettext_are_found_in_a_template(template: str, found: list[str]) -> None:
    assert list(messages.raw_in_template(messages.COMMENT.sub("", template))) == found


def test_words_outside_gettext_are_found_in_a_view() -> None:
    view = ast.parse('"""今天"""\na = _("今天")\nb = "明天"\n')
    assert list(messages.raw_in_python(view)) == ["明天"]


def test_no_room_speaks_only_chinese() -> None:
    """A catalogue marked fuzzy is left out when translations are compiled, and the whole room stays Chinese."""
    faults = {room.name: [*messages.untranslated(room), *messages.doubtful(room), *messages.raw(room)]
              for room in messages.rooms()}  # fmt: skip
    assert {room: found for room, found in faults.items() if found} == {}
