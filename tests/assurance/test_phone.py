"""Whoever holds her telephone afterwards finds one neutral address; the way out is always there and leads away."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from phone import Site, open_phone, remains
from playwright.sync_api import Error
from report import row

pytestmark = [pytest.mark.assurance, pytest.mark.browser]

FACTS, NAME, HIM, PHONE, CALL_ME = "昨晚他把门反锁不让我走", "柳小棠", "丁海峰", "10013500871", "质检培训班"
SIZES = ((360, 640), (768, 1024), (1280, 720))
PLACES = (0.0, 0.33, 0.66, 1.0)
FORM = "textarea, input[name=phone], [data-receipt]"
TITLE = "社区家庭服务"
TYPED = "() => [...document.querySelectorAll('textarea, input')].map(e => e.value).join()"
AT_ONCE = """() => {
  document.querySelector('[data-leave]').click();
  const hidden = getComputedStyle(document.body).display === 'none';
  return hidden && document.title === '' && document.body.childElementCount === 0;
}"""
COVERED = """() => {
  const box = document.querySelector('[data-leave]').getBoundingClientRect(), link = document.querySelector('[data-leave]');
  const inside = box.left >= 0 && box.top >= 0 && box.right <= innerWidth && box.bottom <= innerHeight;
  const points = [[.5, .5], [.1, .5], [.9, .5], [.5, .1], [.5, .9]];
  const at = (x, y) => document.elementFromPoint(box.left + box.width * x, box.top + box.height * y);
  const free = points.every(([x, y]) => link.contains(at(x, y)));
  return !inside || !free || box.width < 44 || box.height < 44;
}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    made = Site(tmp_path_factory.mktemp("site"))
    made.start(told=FACTS)
    yield made
    made.stop()


@pytest.fixture(scope="module")
def playwright() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as running:
        yield running


def next_page(page: Any, heading: str) -> None:
    page.locator("button.p-next").click()
    page.wait_for_selector(heading)


def to_her_words(page: Any, site: Site) -> None:
    """As far as the page where she writes, and her words typed."""
    page.goto(site.url + "/")
    page.get_by_role("button", name="遇到难处").click()
    page.locator("button[name=who][value=self]").click()
    page.wait_for_selector("#f-facts")
    page.fill("#f-facts", FACTS)


def tells(page: Any, site: Site) -> str:
    """A whole report; returns the receipt, after it was shown in each of its shapes."""
    to_her_words(page, site)
    page.locator("details.p-more summary").click()
    page.fill("[name=their_name]", HIM)
    next_page(page, ".p-decisions")
    next_page(page, "#way-phone")
    page.locator("label[for=way-phone]").click()
    page.fill("[name=phone]", PHONE)
    page.fill("[name=safe_as]", CALL_ME)
    page.fill("[name=name]", NAME)
    next_page(page, "[data-receipt]")
    receipt = re.sub(r"\D", "", page.inner_text("[data-receipt]"))
    for shape in ("phones", "parcel"):
        page.locator(f"button[name=shape][value={shape}]").click()
        page.wait_for_selector(f".p-receipt--{shape}")
    return receipt


def comes_back(page: Any, site: Site, receipt: str) -> None:
    page.goto(site.url + "/")
    page.get_by_role("button", name="查进度").click()
    page.fill("#f-receipt", receipt)
    page.get_by_role("button", name="查看").click()
    page.wait_for_selector("h1.p-line")


def history(profile: Path, site: Site) -> list[tuple[str, str]]:
    """Address and title of each of our pages in the browser's history."""
    copy = profile / "history-copy"
    shutil.copy(profile / "Default" / "History", copy)
    with sqlite3.connect(copy) as opened:
        rows = opened.execute("SELECT url, title FROM urls WHERE url LIKE ?", (f"{site.url}%",)).fetchall()
    copy.unlink()
    return [(str(url), str(title)) for url, title in rows]


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_nothing_of_a_report_is_left_on_the_telephone(
    site: Site, playwright: Any, tmp_path: Path, script: bool
) -> None:
    phone = open_phone(playwright, tmp_path, script=script)
    page = phone.pages[0]
    receipt = tells(page, site)
    page.locator(".p-leave").first.click()
    page.wait_for_url(site.away)
    comes_back(page, site, receipt)
    page.locator("[data-leave]").click()
    page.wait_for_url(site.away)
    assert phone.cookies() == []
    phone.close()
    words = [
        FACTS,
        NAME,
        HIM,
        PHONE,
        CALL_ME,
        receipt,
        " ".join(receipt[i : i + 4] for i in range(0, 20, 4)),
        receipt[:12],
    ]
    found = remains(tmp_path, words)
    tabs = [one for one in found if one.startswith("Default/Sessions/")]
    if (
        not script
    ):  # what the site says beside the form: without script the browser keeps it to open the tabs anew
        found = [one for one in found if one not in tabs]
    rows = history(tmp_path, site)
    looked = sum(p.is_file() for p in tmp_path.rglob("*"))
    addresses = {one[0].removeprefix(site.url) for one in rows}
    titles = {one[1] for one in rows} - {"", TITLE}
    note = f"{looked} files × {len(words)} words × 8 encodings; addresses of ours in the history: {sorted(addresses)}"
    if not script:
        note += f"; {len(tabs)} in the list of open tabs, which the page says beside the form"
    title = f"words of a report found in the browser's profile after leaving ({'with' if script else 'without'} script)"
    row("1a", title, looked * len(words), len(found), note)
    assert found == []
    assert addresses <= {"/"}
    assert titles <= {"天气"}


def test_control_a_careless_site_is_found_in_the_profile(site: Site, playwright: Any, tmp_path: Path) -> None:
    phone = open_phone(playwright, tmp_path)
    phone.pages[0].goto(site.away + "told")
    phone.pages[0].wait_for_timeout(1500)
    phone.close()
    found = {one.split("/")[1].split(":")[0] for one in remains(tmp_path, [FACTS])}
    assert "History" in found
    assert len(found) >= 2


def test_a_tab_that_is_opened_anew_is_the_first_page(site: Site, playwright: Any, tmp_path: Path) -> None:
    """After a crash, or when the browser was just closed, it offers the open tabs again: he presses it, or reloads.

    Whatever she had got to, he meets the tiles that anybody meets, and no question whether a form is to be sent again.
    """
    phone = open_phone(playwright, tmp_path)
    page, seen = phone.pages[0], []
    for gets_to in (to_her_words, tells, check_typed):
        gets_to(page, site)
        page.reload()
        seen.append(page.locator(FORM).count() + (page.locator(".p-tiles").count() != 1))
        page.goto("about:blank")
    phone.close()
    row("1d", "tabs opened anew that showed how far she had got", len(seen), sum(bool(n) for n in seen))
    assert seen == [0, 0, 0]


def check_typed(page: Any, site: Site) -> None:
    """She has typed her digits and been called away."""
    page.goto(site.url + "/")
    page.get_by_role("button", name="查进度").click()
    page.fill("#f-receipt", "12345678901234567890")


# -- the way out --------------------------------------------------------------------------------------------


def gone(page: Any, site: Site, backs: int = 10) -> bool:
    """Away, and Back, again and again, never shows what she wrote."""
    page.wait_for_url(site.away)
    for _ in range(backs):
        try:
            page.go_back(timeout=1000)
        except Error:  # a page that was not kept: the browser says so and shows nothing of it
            continue
        if shows(page):
            return False
        if page.url == "about:blank":
            break
    return True


def shows(page: Any) -> bool:
    """Whether her words, or the page she wrote them on, can be seen."""
    for _ in range(20):
        try:
            page.wait_for_load_state()
            return FACTS in page.content() or FACTS in page.evaluate(TYPED)
        except Error:  # it is just being fetched anew
            page.wait_for_timeout(100)
    raise AssertionError("the page does not come to rest")


def test_sixty_ways_to_leave_all_lead_away(site: Site, playwright: Any) -> None:
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    browser = playwright.chromium.launch(
        executable_path=os.environ.get("CHROMIUM") or "/usr/bin/chromium", args=arguments
    )
    wrong: list[str] = []
    tried = 0
    for size in SIZES:
        for script in (True, False):
            for place in PLACES:
                for way in ("tap", "keys"):
                    tried += 1
                    if fault := leaves(browser, site, size, script, place, way):
                        wrong.append(f"{size} script={script} at {place} by {way}: {fault}")
        for name, special in SPECIAL.items():
            tried += 1
            if fault := special(browser, site, size):
                wrong.append(f"{size} {name}: {fault}")
    browser.close()
    row(
        "17",
        "ways to leave (screen × scroll × script × tap or key; Shift; at once; no network; Back; kept pages)",
        tried,
        len(wrong),
    )
    assert wrong == []
    assert tried == 60


def fresh(browser: Any, site: Site, size: tuple[int, int], script: bool = True) -> Any:
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height}, java_script_enabled=script, has_touch=True
    )
    context.set_default_timeout(30_000)  # the machine may be busy; nothing here is about speed
    page = context.new_page()
    to_her_words(page, site)
    return page


def leaves(browser: Any, site: Site, size: tuple[int, int], script: bool, place: float, way: str) -> str:
    """Scrolled so far, the way out is on the screen, free, large enough, and used. "" when all is well."""
    page = fresh(browser, site, size, script)
    try:
        page.evaluate(f"() => scrollTo(0, (document.documentElement.scrollHeight - innerHeight) * {place})")
        if page.evaluate(COVERED):
            return "not on the screen, covered or too small"
        if way == "tap":
            box = page.locator("[data-leave]").bounding_box()
            page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        else:
            page.locator("[data-leave]").focus()
            page.keyboard.press("Enter")
        return "" if gone(page, site, 10 if place == 0 and way == "tap" else 2) else "Back shows her words"
    finally:
        page.context.close()


def shift(browser: Any, site: Site, size: tuple[int, int]) -> str:
    """Shift, three times, while she writes."""
    page = fresh(browser, site, size)
    page.focus("#f-facts")
    for _ in range(3):
        page.keyboard.press("Shift")
    fault = "" if gone(page, site) else "Back shows her words"
    page.context.close()
    return fault


def at_once(browser: Any, site: Site, size: tuple[int, int]) -> str:
    """However slow the network: in the very moment of the tap the page is empty."""
    page = fresh(browser, site, size)
    gone_at_once = page.evaluate(AT_ONCE)
    page.context.close()
    return "" if gone_at_once else "the page is still there after the tap"


def offline(browser: Any, site: Site, size: tuple[int, int]) -> str:
    """No network at all: her words are gone, and Back without network does not bring them."""
    page = fresh(browser, site, size)
    page.context.set_offline(True)
    page.evaluate("() => document.querySelector('[data-leave]').click()")
    page.wait_for_timeout(400)
    seen = FACTS in page.inner_text("html") if page.locator("body:visible").count() else False
    page.context.close()
    return "her words are still on the screen" if seen else ""


def kept_page(browser: Any, site: Site, size: tuple[int, int]) -> str:
    """Another page was opened over hers: Back, which may bring a kept page, is empty of her words."""
    page = fresh(browser, site, size)
    page.goto(site.away)
    with suppress(Error):  # it was not kept at all
        page.go_back(timeout=3000)
    fault = "a kept page shows her words" if shows(page) else ""
    page.context.close()
    return fault


SPECIAL = {"Shift": shift, "at once": at_once, "no network": offline, "a kept page": kept_page}
