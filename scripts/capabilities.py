"""Which capability is proved where: reads tests/capabilities and writes docs/CAPABILITIES.md.

Usage: `python scripts/capabilities.py` writes, `--check` only says whether the page is current (exit 1 if not).
Each tests/capabilities/test_row_NN.py says so itself in its first docstring:

    Capability NN · 中文名 · English name.

    Works when: one sentence.
    Screen: /desk/…
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "CAPABILITIES.md"
HEAD = """# Capabilities

What the product promises beyond the plain path of a case, row by row: the screen where it is used and the test that
does what "works when" says. Made by `python scripts/capabilities.py` from the tests themselves; `make test` fails
when this page is stale.

| No. | capability | it works when | screen | test |
|---:|---|---|---|---|
"""
TITLE = re.compile(r"Capability (\d+) · (.+?) · (.+?)\.?$")


@dataclass(frozen=True, order=True)
class Row:
    """One promise and its proof."""

    number: int
    zh: str
    en: str
    works: str
    screen: str
    tests: tuple[str, ...]
    file: str

    def line(self) -> str:
        named = "<br>".join(f"`{t}`" for t in self.tests)
        screens = "<br>".join(f"`{s.strip()}`" for s in self.screen.split(","))
        return (
            f"| {self.number} | {self.zh}<br>{self.en} | {self.works} | {screens} | "
            f"[{Path(self.file).name}](../{self.file})<br>{named} |\n"
        )


def rows() -> Iterator[Row]:
    """Every capability file. ValueError names a file whose docstring lacks a part."""
    for path in sorted((ROOT / "tests" / "capabilities").glob("test_row_*.py")):
        yield row(path)


def row(path: Path) -> Row:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    text = ast.get_docstring(tree) or ""
    said = {
        key: " ".join(value.split())
        for key, value in re.findall(
            r"^(Works when|Screen): (.+?)(?=\n[A-Z][a-z]+[ a-z]*: |\n\n|\Z)", text, re.M | re.S
        )
    }
    title = TITLE.match(text.partition("\n")[0])
    if title is None or {"Works when", "Screen"} - set(said):
        raise ValueError(
            f"{path.name}: say “Capability NN · 中文 · English.”, “Works when:” and “Screen:” first"
        )
    if int(title[1]) != int(path.stem.removeprefix("test_row_")):
        raise ValueError(f"{path.name}: the docstring speaks of capability {title[1]}")
    tests = tuple(n.name for n in tree.body if isinstance(n, ast.FunctionDef) and n.name.startswith("test_"))
    return Row(
        int(title[1]),
        title[2],
        title[3],
        said["Works when"],
        said["Screen"],
        tests,
        path.relative_to(ROOT).as_posix(),
    )


def page() -> str:
    return HEAD + "".join(r.line() for r in sorted(rows()))


def main(check: bool) -> int:
    made = page()
    if not check:
        PAGE.write_text(made, encoding="utf-8")
        return 0
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == made:
        return 0
    print("docs/CAPABILITIES.md is stale: run python scripts/capabilities.py", file=sys.stderr)
    return 1


if __name__ == "__main__":
    raise SystemExit(main("--check" in sys.argv[1:]))
