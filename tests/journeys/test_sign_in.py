"""She is handed a password, sets up a passkey and an authenticator, and an unattended page goes away by itself."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from town import ROOT, Town

from anjia.registry.posts.second import totp

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PASSWORD = "one that she alone knows"
OFFICER = """
import django; django.setup()
from datetime import date
from anjia.foundation.core.clock import now
from anjia.registry.posts import actions
from anjia.registry.posts.actors import SYSTEM
from anjia.registry.posts.models import Agency
agency = Agency.objects.get(kind="federation", place="321003")
account = actions.add_account(login="new", name="吕新", actor=SYSTEM, now=now())
print(actions.issue_password(account=account, actor=SYSTEM, now=now()))
new = date(2026, 1, 1)
actions.give_post(account=account, agency=agency, role="officer", title="干事", from_on=new, actor=SYSTEM, now=now())
"""
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def site(town: Town) -> str:
    """The town by its name: a passkey belongs to a name, never to a bare address."""
    return f"http://localhost:{town.port}"


@pytest.fixture(scope="module")
def handed(town: Town) -> str:
    """What an officer was handed on a slip of paper."""
    made = [sys.executable, "-c", OFFICER]
    done = subprocess.run(made, env=town.environment(), cwd=ROOT, check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def window(chromium: Any) -> Iterator[Callable[[int], Any]]:
    """A browser of so many pixels on a device of its own."""
    opened = []

    def open_one(width: int) -> Any:
        opened.append(chromium.new_context(viewport={"width": width, "height": 800}, locale="zh-CN"))
        return opened[-1].new_page()

    yield open_one
    for context in opened:
        context.close()


@pytest.fixture(params=[1280, 360])
def page(window: Callable[[int], Any], request: pytest.FixtureRequest) -> Any:
    return window(request.param)


def give_key(page: Any) -> None:
    """The device can keep passkeys."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})


def password(page: Any, site: str, typed: str = PASSWORD) -> None:
    page.goto(site + "/desk/sign-in/?next=/desk/my-sign-in/")
    page.fill('[name="login"]', "new")
    page.fill('[name="password"]', typed)
    page.get_by_role("button", name="登录").click()


def is_fit(page: Any) -> None:
    """Nothing sticks out, and no accessibility fault."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    faults = Axe().run(page).response["violations"]
    assert not [(f["id"], [n["html"] for n in f["nodes"]]) for f in faults]


def test_from_a_handed_over_password_to_a_passkey_and_codes(
    site: str, handed: str, window: Callable[[int], Any]
) -> None:
    own_password(window(360), site, handed)
    first_time(window(1280), site)
    on_another_device(window(360), site)


def own_password(page: Any, site: str, handed: str) -> None:
    """The slip is good for one page; what is wrong stands beside its field."""
    password(page, site, handed)
    page.get_by_role("heading", name="定一个自己的密码").wait_for()
    is_fit(page)
    for new, again in (("woaini1314520", "woaini1314520"), (PASSWORD, PASSWORD)):
        page.fill('[name="password"]', new)
        page.fill('[name="again"]', again)
        page.get_by_role("button", name="定下来,继续").click()
        page.wait_for_load_state()
    page.get_by_role("heading", name="添加第二重验证").wait_for()
    is_fit(page)
    password(page, site, handed)
    page.get_by_text("账号或密码不对").wait_for()


def first_time(page: Any, site: str) -> None:
    """The office's computer: she sets up an authenticator, then a passkey, and comes in with it."""
    give_key(page)
    password(page, site)
    page.get_by_role("heading", name="添加第二重验证").wait_for()
    is_fit(page)
    letters = page.locator(".a-letters").text_content()
    page.fill('[name="code"]', totp.code_at(letters.replace(" ", ""), int(time.time()) // 30))
    page.get_by_role("button", name="完成").click()
    page.wait_for_url("**/my-sign-in/")
    is_fit(page)
    assert "吕" not in page.url
    page.get_by_role("link", name="添加一种").click()
    page.locator("#way-passkey summary").click()
    page.get_by_role("button", name="添加通行密钥").click()
    page.wait_for_url("**/my-sign-in/")
    assert page.locator("#factors .a-post").count() == 2
    page.context.clear_cookies()
    password(page, site)
    page.get_by_role("heading", name="第二重验证", exact=True).wait_for()
    is_fit(page)
    page.get_by_role("button", name="用通行密钥确认").click()
    page.wait_for_url("**/my-sign-in/")
    assert page.locator("#sessions .a-post").count() == 2, "the window whose cookie was lost is still listed"
    page.get_by_role("button", name="其他设备全部退出").click()
    page.wait_for_url("**/my-sign-in/")
    assert page.locator("#sessions .a-post").count() == 1


def on_another_device(page: Any, site: str) -> None:
    """A device that knows the password only: it is asked, its key is not hers, nobody is let in."""
    give_key(page)
    password(page, site)
    page.get_by_role("heading", name="第二重验证", exact=True).wait_for()
    is_fit(page)
    page.get_by_role("button", name="用通行密钥确认").click()
    page.get_by_text("没有通过").wait_for()
    page.goto(site + "/desk/my-sign-in/")
    assert "/sign-in/" in page.url
    assert page.locator('[name="password"]').count() == 1


def test_an_unattended_page_goes_away_and_an_attended_one_stays(town: Town, page: Any) -> None:
    page.clock.install()
    page.goto(town.url + "/demo/")
    page.locator('[data-key="hanjiang"]').click()
    page.goto(town.url + "/desk/matters/")
    page.locator("a[href*='/desk/m/']").first.click()
    page.wait_for_url(re.compile("/desk/m/"))
    assert page.locator("[data-idle]").get_attribute("data-idle") == "600"
    page.clock.fast_forward("09:30")
    assert page.locator("[data-idle]").is_visible()
    page.keyboard.press("Shift")
    assert page.locator("[data-idle]").is_hidden()
    page.clock.fast_forward("09:00")
    assert re.search("/desk/m/", page.url)
    page.clock.fast_forward("01:10")
    page.get_by_text("有一段时间没有操作,已自动退出。").wait_for()
    page.goto(town.url + "/desk/matters/")
    assert "/desk/sign-in/" in page.url


def test_the_demo_says_what_it_spares_and_shows_its_code_where_it_does_not(town: Town, page: Any) -> None:
    page.goto(town.url + "/demo/")
    assert "演示动态码" in page.inner_text("main")
    page.locator('[data-key="hanjiang"]').click()
    page.goto(town.url + "/desk/step-up/?next=/desk/my-sign-in/")
    is_fit(page)
    shown = re.search(r"\d{6}", page.locator("#way-demo .a-flash").inner_text())
    assert shown
    page.fill("#f-code-demo", shown[0])
    page.locator("#way-demo button").click()
    page.wait_for_url("**/my-sign-in/")
    is_fit(page)
