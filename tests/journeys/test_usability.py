"""What is told of taps and typing is what was done: no tap twice, none forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from usability import counted

pytestmark = pytest.mark.browser
FORM = """<form action="data:text/html,done"><label><input type=checkbox name=a>可以</label><input name=words>
<select name=s><option>甲<option>乙</select><button type=button>不走</button><button>走</button></form>"""


@dataclass
class Somebody:
    page: Any
    width: int = 360


def test_taps_and_typing_are_counted_once(chromium: Any) -> None:
    page = chromium.new_context().new_page()
    page.route(
        "http://usability.test/**",
        lambda route: route.fulfill(content_type="text/html; charset=utf-8", body=FORM),
    )
    page.goto("http://usability.test/")
    with counted(Somebody(page), 0, who="某人", thing="填一张表") as seen:
        page.click("label")  # the browser clicks the box as well: one tap all the same
        page.fill("[name=words]", "你好a")
        page.select_option("select", "乙")
        page.click("text=不走")
    assert (seen.taps, seen.typed) == (3, 5)
    page.click("text=不走")
    assert seen.taps == 3, "what comes after is not hers"
    page.context.close()


def test_one_tap_too_many_fails(chromium: Any) -> None:
    page = chromium.new_context().new_page()
    page.set_content(FORM)

    def two_taps() -> None:
        with counted(Somebody(page), 0, who="某人", thing="", taps=1):
            page.click("text=不走")
            page.click("text=不走")

    with pytest.raises(AssertionError, match="2 taps, 1 promised"):
        two_taps()
    page.context.close()
