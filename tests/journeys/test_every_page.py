"""Every page that a person can reach by links, for one person of each kind: shut to nobody, whole in English.

The pages are found by following links from each person's first page, not by a list: a new page is looked at
from the day it is linked. Pages of one kind (the same address but for its numbers) are opened once.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from known_words import Words
from person import Person
from playwright.sync_api import Error
from test_dv_case import ask_for_help, come_back
from town import Town

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(
        bool(os.environ.get("ANJIA_DATABASE")),
        reason="other database: what a page looks like does not depend on it",
    ),
]

PEOPLE = ("hanjiang", "city", "street", "court-clerk", "leader", "sysadmin")
MOST_PAGES = 140  # of one person; the assertion below says when this is too few
MOST_FORMS = 8  # forms of moves, of all people together: they come from the same macros
NUMBERS = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/rules/)[^/]+|(?<=/m/)[^/]+")
LEFT_OUT = re.compile(r"/paper/|/sign-out|^/x/?$|/static/")
BACK_TO_CHINESE = "lang=zh-hans"  # the switch of an English page shows what was seen before, in Chinese
OWN = ("/desk/", "/desk/m/*/")  # what is on these depends on who looks
AXE = {
    "resultTypes": [
        "violations"
    ],  # what is right is not written out: on a long list that is most of the work
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "rules": {"target-size": {"enabled": True}},
}
WIDTHS = (1280, 360)


class Crawl:
    """What has been opened so far, by the kind of page."""

    def __init__(self) -> None:
        self.seen: set[str] = set()
        self.forms = 0

    def kind(self, person: str, href: str) -> str:
        """The address without its numbers; whose frame it is in, where frames differ."""
        parts = urlsplit(href)
        names = sorted(
            name for name, value in parse_qsl(parts.query) if value and name not in ("lang", "next")
        )
        path = NUMBERS.sub("*", parts.path)
        frame = person if path in OWN or person == "village" else "desk"
        return f"{frame} {path} {' '.join(names)}"

    def wants(self, person: str, href: str) -> bool:
        """Whether this link leads to something not looked at yet."""
        kind = self.kind(person, href)
        if kind in self.seen or LEFT_OUT.search(urlsplit(href).path) or BACK_TO_CHINESE in href:
            return False
        if "/do/" in kind:
            if self.forms >= MOST_FORMS:
                return False
            self.forms += 1
        self.seen.add(kind)
        return True


def pages(person: Person, name: str, crawl: Crawl, start: str) -> Iterator[str]:
    """Open page after page, breadth first; each is on the screen while it is yielded."""
    waiting = [start]
    crawl.seen.add(crawl.kind(name, start))
    opened = 0
    while waiting:
        assert opened < MOST_PAGES, f"{name} reaches more than {MOST_PAGES} kinds of pages"
        href = waiting.pop(0)
        try:
            answer = person.page.goto(person.town.url + href)
        except Error as fault:
            if "Download is starting" not in str(fault):
                raise
            continue  # a file to keep (an empty table), no page
        assert answer is not None
        assert answer.status == 200, f"{name} is led to {href}, which answers {answer.status}"
        if not answer.headers["content-type"].startswith("text/html"):
            continue  # a sheet as PDF, shown by the browser itself
        opened += 1
        yield href
        waiting += [h for h in links(person.page) if crawl.wants(name, h)]


def links(page: Any, selector: str = "a[href]") -> list[str]:
    """Where one can go from here, inside the product."""
    found = page.eval_on_selector_all(selector, "all => all.map(a => a.getAttribute('href'))")
    return [href for href in dict.fromkeys(found) if href and href.startswith("/")]


def faults(page: Any) -> list[str]:
    """What axe finds at both widths, and whatever sticks out sideways."""
    from axe_playwright_python.sync_playwright import Axe

    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        over = page.evaluate("document.documentElement.scrollWidth")
        if over > width:
            found.append(f"{width}: {over} px wide")
        for violation in Axe().run(page, options=AXE).response["violations"]:
            found += [f"{width}: {violation['id']} {node['target']}" for node in violation["nodes"][:3]]
    page.set_viewport_size({"width": WIDTHS[0], "height": 800})
    return found


@pytest.fixture(scope="module")
def crawl() -> Crawl:
    return Crawl()


@pytest.mark.parametrize("name", [*PEOPLE, "village"])
def test_no_page_of_the_desk_shuts_anybody_out(town: Town, chromium: Any, crawl: Crawl, name: str) -> None:
    """WCAG 2.2 AA as far as a machine can tell, targets of 24 px and more, no sideways scrolling."""
    person = Person(chromium, town, WIDTHS[0], name)
    bad = {href: found for href in pages(person, name, crawl, "/desk/") if (found := faults(person.page))}
    assert bad == {}
    for href in links(person.page, "header a, .a-side a, .a-vnav a"):
        answer = person.page.request.get(town.url + href)
        assert answer.status == 200, f"the menu leads {name} to {href}, which answers {answer.status}"
    person.leave()


def test_no_page_of_the_residents_site_shuts_anybody_out(town: Town, chromium: Any) -> None:
    """The quiet pages by their links; the four steps, the receipt and the answer by going through them."""
    her = Person(chromium, town, WIDTHS[0])
    bad = {href: found for href in pages(her, "resident", Crawl(), "/") if (found := faults(her.page))}
    stepped: list[str] = []
    her.shot = lambda name: stepped.extend(faults(her.page))  # type: ignore[method-assign]
    receipt = ask_for_help(her)
    come_back(her, receipt)
    stepped += faults(her.page)
    her.press("撤回")
    stepped += faults(her.page)
    for href in ("/desk/sign-in/", "/demo/"):
        her.go(href)
        stepped += faults(her.page)
    assert (bad, stepped) == ({}, [])
    her.leave()


@pytest.mark.parametrize("name", ["hanjiang", "village", "court-clerk", "resident"])
def test_whoever_reads_english_is_told_everything_in_english(town: Town, chromium: Any, name: str) -> None:
    """Names of places, offices and people, statutes and what somebody wrote stay as they are; our words do not."""
    ours = Words()
    signs_in = "" if name == "resident" else name
    person = Person(chromium, town, WIDTHS[0], signs_in)
    start = "/?lang=en" if name == "resident" else "/desk/?lang=en"
    left = {}
    for href in pages(person, name, Crawl(), start):
        texts = person.page.evaluate(SEEN_TEXTS)
        if found := [text for text in texts if ours.is_ours(text)]:
            left[href] = found[:10]
    assert not left, left
    person.leave()


SEEN_TEXTS = """() => {
  const out = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walk.nextNode()); ) {
    const text = node.textContent.trim();
    const apart = node.parentElement.closest('[lang="zh-CN"]:not(html), script, style');
    if (/[\\u4e00-\\u9fff]/.test(text) && !apart) out.push(text);
  }
  document.querySelectorAll('[aria-label], [title], [placeholder], [alt]').forEach(el => {
    for (const name of ['aria-label', 'title', 'placeholder', 'alt']) {
      const text = el.getAttribute(name) || '';
      if (/[\\u4e00-\\u9fff]/.test(text)) out.push(text);
    }
  });
  return out;
}"""
