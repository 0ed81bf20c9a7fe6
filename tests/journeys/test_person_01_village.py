"""人物一 · 村(社区)妇联主席,58岁,手机: from a message to done in at most four taps, spoken, and sent once without a network.

What makes or breaks it: the message opens the card, she speaks instead of typing, and never types an identity number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from person import Person
from town import Town
from usability import counted

pytestmark = [pytest.mark.browser, pytest.mark.slow]
WHO = "village"
PHONE = {"width": 360, "height": 740}
#: A village's network on a bad day: a third of a second each way, 50 kB a second.
THIN = {"offline": False, "latency": 300, "downloadThroughput": 50_000, "uploadThroughput": 20_000}


class Phone(Person):
    """Her telephone: 360 × 740, touch, a thin network."""

    def __init__(self, browser: Any, town: Town, who: str) -> None:
        self.town, self.width = town, PHONE["width"]
        self.context = browser.new_context(
            viewport=PHONE, has_touch=True, is_mobile=True, locale="zh-CN", permissions=["microphone"]
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(15_000)
        self.go("/demo/")
        self.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        self.page.click(f"button[data-key={who}]")
        self.page.wait_for_url("**/desk/")
        self.wire = self.context.new_cdp_session(self.page)
        self.wire.send("Network.enable")
        self.network(there=True)

    def network(self, *, there: bool) -> None:
        """A thin one, or none at all."""
        self.wire.send("Network.emulateNetworkConditions", {**THIN, "offline": not there})

    def taps_on(self, selector: str) -> None:
        self.page.locator(selector).first.tap()

    def speaks(self, seconds: float = 1.2) -> None:
        """A finger on 按住说话, and off it."""
        press = self.page.locator(".d-voice-press")
        press.scroll_into_view_if_needed()
        box = press.bounding_box()
        self.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        self.page.mouse.down()
        self.page.wait_for_selector(".d-voice.is-on")
        self.page.wait_for_timeout(seconds * 1000)
        self.page.mouse.up()
        self.page.wait_for_function("document.querySelector('[data-voice] input').files.length === 1")

    def text(self) -> str:
        return str(self.page.inner_text("body"))


@pytest.fixture
def browser(browsers: Any) -> Iterator[Any]:
    """A browser with an invented microphone."""
    flags = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    found = browsers(*flags)
    yield found
    found.close()


@pytest.fixture
def her(browser: Any, town: Town) -> Iterator[Phone]:
    phone = Phone(browser, town, WHO)
    yield phone
    phone.context.close()


def first_card(her: Phone) -> str:
    """The address her message links to: the card itself."""
    her.go("/desk/")
    cards = her.page.locator("article.a-big")
    assert 1 <= cards.count() <= 3
    href = str(cards.first.locator("a.a-btn--primary").get_attribute("href"))
    assert re.fullmatch(r"/desk/m/[0-9a-f-]{36}/", href)  # says nothing to who reads it on her screen
    return href


def acts(town: Town, move: str) -> int:
    """How often a step stands in the ledger of the whole town."""
    said = town.ask(
        f"from anjia.foundation.events.models import Event; print(Event.objects.filter(move={move!r}).count())"
    )
    return int(said)


def test_from_the_message_to_done_in_four_taps_spoken(her: Phone, town: Town) -> None:
    card = first_card(her)
    before = acts(town, "village_visit_done")
    her.go(card)  # one tap, on the message
    with counted(her, 1, who="村(社区)妇联主席,58 岁,网络差", thing="从消息打开卡片,说一句,办完", taps=3):
        her.sees("不要这样说")
        her.fits()
        assert her.page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") >= 20
        her.taps_on('label.a-chip:has(input[name="visit_found"][value="safe"])')
        her.speaks()
        her.taps_on("form#do button[type=submit]")
        her.page.wait_for_url("**done=village_visit_done*")
        her.sees("已记下。谢谢。")
    assert acts(town, "village_visit_done") == before + 1


def test_without_a_network_what_she_pressed_waits_and_arrives_once(her: Phone, town: Town) -> None:
    before = acts(town, "open")
    her.go("/desk/note/")
    her.taps_on('label.a-chip:has(input[name="harm"][value="no"])')
    her.speaks()
    her.network(there=False)
    her.taps_on("form#note button[type=submit]")
    her.page.wait_for_selector("[data-waits]:not([hidden])")
    assert "还没发出去,有网时自动发" in her.text()
    assert her.page.evaluate("Object.keys(indexedDB).length") == 0
    lost: list[str] = []

    def answer_is_lost(route: Any) -> None:
        """The first arrival is carried out, and she never hears of it."""
        if route.request.method == "POST" and not lost:
            route.fetch(max_redirects=0)
            lost.append(route.request.url)
            route.abort()
        else:
            route.continue_()

    her.page.route("**/desk/note/", answer_is_lost)
    her.network(there=True)
    her.page.wait_for_url("**/desk/?done=lead", timeout=40_000)
    assert lost
    assert "交给乡镇了" in her.text()
    assert acts(town, "open") == before + 1
