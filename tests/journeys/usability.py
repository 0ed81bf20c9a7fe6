"""How much a person has to do: taps, typing, pages and waiting of a journey, counted in the browser itself.

    with counted(person, 1, who="村(社区)妇联主席,58 岁", thing="从消息打开卡片,说一句,办完", taps=4) as seen:
        person.press("去做")
        …

`taps` is the most she may need: one more fails the test. Whatever is counted is what a person does: a press anywhere
on a page (also one that opens a list or sets a chip), and every character that stands in a field she left. Filling
in by the test counts as typing. Use it around the part that is hers, after she has signed in.

With SCREENSHOTS=1 (`make screenshots`) her line in docs/USABILITY.md is written anew. The seconds of a person there are no
measurement of people: they follow the keystroke-level model (Card, Moran, Newell 1980) with M 1.35 s and P 1.1 s a tap, and
0.28 s a keystroke, two keystrokes a Chinese character; what the browser waited is measured and added.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PAGE = Path(__file__).resolve().parents[2] / "docs" / "USABILITY.md"
MENTAL, POINT, KEY = 1.35, 1.1, 0.28
COUNT = """
    (() => {
      const tell = (what, n) => window.anjiaCounts && window.anjiaCounts(what, n);
      document.addEventListener('pointerdown', e => { if (e.isTrusted) tell('taps', 1); }, true);
      document.addEventListener('keydown', e => { if (e.isTrusted && e.key.length > 1) tell('keys', 1); }, true);
      document.addEventListener('change', e => {
        const words = e.target.matches('textarea, input:not([type=checkbox]):not([type=radio]):not([type=file])');
        if (words) tell('typed', [...e.target.value].reduce((n, c) => n + (c > '\\u2e80' ? 2 : 1), 0));
        else if (e.target.matches('select')) tell('taps', 1);
      }, true);
    })();
"""


@dataclass
class Seen:
    """What was counted so far."""

    taps: int = 0
    keys: int = 0
    typed: int = 0
    pages: int = 0
    waited: float = 0.0

    @property
    def seconds(self) -> float:
        """About how long somebody practised needs."""
        return self.taps * (MENTAL + POINT) + (self.typed + self.keys) * KEY + self.waited


@contextmanager
def counted(person: Any, number: int, *, who: str, thing: str, taps: int | None = None) -> Iterator[Seen]:
    """Count what `person` (a Person of these journeys, already at her first page) does inside the block.

    `number` is her place among the twelve (0: none, nothing is kept). AssertionError when she needs more than `taps` taps.
    """
    seen, page = Seen(), person.page
    counting = True

    def told(_source: Any, what: str, n: int) -> None:
        if counting:
            setattr(seen, what, getattr(seen, what) + n)

    def went(frame: Any) -> None:
        if counting and frame == page.main_frame:
            seen.pages += 1

    page.expose_binding("anjiaCounts", told)
    page.add_init_script(COUNT)
    page.evaluate(COUNT)
    page.on("framenavigated", went)
    waits = Waits(page)
    yield seen
    counting = False
    seen.waited = waits.seconds
    assert seen.taps + seen.typed > 0, "nothing was done"
    assert taps is None or seen.taps <= taps, f"{who}: {seen.taps} taps, {taps} promised"
    if number and os.environ.get("SCREENSHOTS"):  # 0 is nobody: the counting is tested
        keep(number, who, thing, person.width, seen)


class Waits:
    """How long pages that she asked for took to come."""

    def __init__(self, page: Any) -> None:
        self.seconds = 0.0
        self._began: float | None = None
        page.on("request", self._asked)
        page.on("domcontentloaded", self._came)

    def _asked(self, request: Any) -> None:
        if request.is_navigation_request() and self._began is None:
            self._began = time.monotonic()

    def _came(self, _page: Any) -> None:
        if self._began is not None:
            self.seconds += time.monotonic() - self._began
            self._began = None


def keep(number: int, who: str, thing: str, width: int, seen: Seen) -> None:
    """Her line in the table, in its place; the other lines stay."""
    line = (
        f"| {number} | {who} | {width} | {thing} | {seen.taps} | {seen.typed + seen.keys} | {seen.pages} |"
        f" {seen.waited:.1f} | {seen.seconds:.0f} |"
    )
    text = PAGE.read_text(encoding="utf-8")
    lines = [one for one in text.splitlines() if not one.startswith(f"| {number} |")]
    rows = [i for i, one in enumerate(lines) if re.match(r"\| \d+ \|", one)]
    head = next(i for i, one in enumerate(lines) if one.startswith("|---"))
    before = [i for i in rows if int(lines[i].split("|")[1]) < number]
    lines.insert((before[-1] if before else head) + 1, line)
    PAGE.write_text("\n".join(lines) + "\n", encoding="utf-8")
