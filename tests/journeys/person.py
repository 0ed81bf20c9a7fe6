"""Somebody at a screen, in a real browser: what journeys are told with."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from town import Town

SHOTS = Path(__file__).resolve().parents[2] / "docs" / "screenshots"


class Person:
    """Somebody at a screen. `at` signs in through the demo's page, as a visitor of the demo would."""

    def __init__(self, browser: Any, town: Town, width: int, key: str = "") -> None:
        self.town = town
        height = 900 if width > 500 else 780
        self.context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
        self.page = self.context.new_page()
        self.page.set_default_timeout(8000)
        self.width = width
        if key:
            self.go("/demo/")
            self.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
            self.page.click(f"button[data-key={key}]")
            self.page.wait_for_url("**/desk/")

    def go(self, path: str) -> None:
        self.page.goto(self.town.url + path)

    def sees(self, *words: str) -> None:
        text = self.page.inner_text("body")
        for w in words:
            assert w in text, f"{w!r} is not on {self.page.url}"

    def does_not_see(self, *words: str) -> None:
        html = self.page.content()
        for w in words:
            assert w not in html, f"{w!r} is on {self.page.url}"

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).first.click()

    def follow(self, name: str | re.Pattern[str]) -> None:
        self.page.get_by_role("link", name=name).first.click()

    def choose(self, field: str, value: str) -> None:
        """A chip: the input is under its label, which is what a finger meets once it stands still."""
        box = self.page.locator(f'input[name="{field}"][value="{value}"]').first
        if not box.is_checked():
            box.locator("xpath=ancestor::label").click()
        assert box.is_checked()

    def fill(self, field: str, words: str) -> None:
        self.page.locator(f'[name="{field}"]').first.fill(words)

    def select(self, field: str, label: str) -> None:
        box = self.page.locator(f'select[name="{field}"]')
        if box.count():
            box.first.select_option(label=label)
        else:
            self.page.get_by_label(label, exact=True).first.check(force=True)

    def fits(self) -> None:
        """Nothing runs off the screen sideways."""
        assert self.page.evaluate("document.documentElement.scrollWidth") <= self.width

    def shot(self, name: str) -> None:
        if os.environ.get("SCREENSHOTS"):
            SHOTS.mkdir(parents=True, exist_ok=True)
            self.page.wait_for_timeout(300)  # what came has settled
            self.page.screenshot(path=SHOTS / f"{name}-{self.width}.png")

    def leave(self) -> None:
        self.context.close()


class Desk(Person):
    """Somebody who works on a matter."""

    matter = ""

    def move(self, name: str, matter: str = "") -> None:
        self.go(f"/desk/m/{matter or self.matter}/do/{name}/")

    def record(self) -> None:
        """记下, and back on the matter's page."""
        self.press("记下")
        self.page.wait_for_load_state()
        assert "done=" in self.page.url, self.page.inner_text("main")[:600]
        self.sees("已记下")

    def child(self) -> str:
        """The newest referral of the matter."""
        self.go(f"/desk/m/{self.matter}/")
        href = self.page.locator("#children a.a-child-label").last.get_attribute("href")
        assert href
        return href.rstrip("/").rsplit("/", 1)[-1].split("?")[0]
