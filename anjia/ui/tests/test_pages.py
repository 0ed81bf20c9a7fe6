"""Every component renders in both languages with nothing undefined, and keeps what every page must keep."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.template import engines
from django.test import Client

from anjia.law.playbooks.library import catalogue
from anjia.ui import menu, views

pytestmark = pytest.mark.urls("anjia.ui.tests.urls")
HERE = Path(__file__).parents[1]
BOTH = ("zh-hans", "en")
INLINE = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>|<style\b|\sstyle=|\son[a-z]+=[\"']|javascript:")


@pytest.fixture(autouse=True)
def bare_site(settings: object) -> None:
    """Only this room's own middleware: the pages need no tables."""
    settings.MIDDLEWARE = [  # type: ignore[attr-defined]
        "anjia.ui.middleware.LanguageMiddleware",
        "anjia.ui.middleware.RefusedMiddleware",
    ]


def page(door: str, language: str = "zh-hans") -> str:
    response = Client().get("/desk/gallery", {"door": door, "lang": language})
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("language", BOTH)
@pytest.mark.parametrize("door", views.DOORS)
def test_every_component_in_every_state(door: str, language: str) -> None:
    html = page(door, language)
    assert not INLINE.search(html)
    assert "None" not in re.sub(r"<[^>]+>", " ", html)
    ids = Counter(re.findall(r'\sid="([^"]+)"', html))
    assert [i for i, n in ids.items() if n > 1] == []
    described = {i for ref in re.findall(r'aria-describedby="([^"]+)"', html) for i in ref.split()}
    assert described <= set(ids)


def test_every_move_of_every_playbook_can_be_shown_as_a_form() -> None:
    """A field type without a control would stop a whole procedure at one button."""
    template = engines["jinja2"].env.from_string(
        '{% from "ui/macros/fields.html" import form_from_fields %}{{ form_from_fields(fields) }}'
    )
    for playbook in catalogue().values():
        for fields in (playbook.opening, *(m.asks for m in playbook.moves.values())):
            html = template.render(fields=fields)
            assert all(f'name="{f.name}"' in html or f'name="{f.name}__words"' in html for f in fields)


def test_a_shut_button_tells_why_and_cannot_be_pressed() -> None:
    html = page("desk")
    shut = re.search(r'<div class="a-step a-step--shut">.*?</div>', html, re.S)
    assert shut
    assert "<button" not in shut.group()
    assert "href" not in shut.group()
    assert "不调解" in shut.group()


def test_what_was_typed_comes_back_escaped_and_with_its_error() -> None:
    html = page("desk")
    assert re.search(r'name="incident_at" type="text" value="上周六晚上"[^>]*aria-invalid="true"', html)
    template = engines["jinja2"].env.from_string(
        '{% from "ui/macros/fields.html" import input %}{{ input("n", "L", "<b>\\"x") }}'
    )
    assert "&lt;b&gt;&#34;x" in template.render()


@pytest.mark.parametrize(
    ("outcome", "said"),
    [("done", "已完成"), ("tried", "没办成"), ("void", "不再需要"), ("lapsed", "未办即过")],
)
def test_only_what_was_done_is_called_done(outcome: str, said: str) -> None:
    template = engines["jinja2"].env.from_string(
        '{% from "ui/macros/work.html" import clock_badge %}{{ clock_badge(at, at, done_at=at, outcome=outcome) }}'
    )
    html = template.render(at=datetime(2026, 3, 10, tzinfo=UTC), outcome=outcome)
    assert said in html
    assert ("已完成" in html) == (outcome == "done")


def test_the_portal_tells_nothing_about_itself() -> None:
    """Title, icon and tiles must not give away which page somebody looked at."""
    for door in ("portal", "step"):
        html = page(door)
        assert re.findall(r"<title>(.*?)</title>", html) == ["社区家庭服务"]
        assert 'content="noindex' in html
        assert "data-leave" in html
        for number in ("110", "120", "12338", "12345", "12348", "12356"):
            assert f'href="tel:{number}"' in html
        assert 'href="sms:12110"' in html
    tiles = re.findall(r'class="(a-tile(?: [^"]*)?)"', page("portal"))
    assert tiles == ["a-tile"] * 8  # equal, none marked


def test_the_footer_and_the_ribbon(settings: object) -> None:
    assert "严禁存储、处理、传输国家秘密" in page("desk")
    assert "a-ribbon" not in page("desk")
    settings.DEMO = True  # type: ignore[attr-defined]
    for door in views.DOORS:
        assert "演示数据·人物案件数字均为虚构" in page(door)


def test_html_and_scripts_keep_nothing_on_the_device() -> None:
    used = re.compile(
        r"localStorage|sessionStorage|indexedDB|serviceWorker|document\.cookie|innerHTML|eval\("
    )
    assert not [p.name for p in HERE.rglob("static/**/*.js") if used.search(p.read_text(encoding="utf-8"))]
    assert '"includeIndicatorStyles":false' in page("desk")
    assert '"historyCacheSize":0' in page("desk")


def test_css_is_readable_for_old_kernels() -> None:
    """Office PCs and the WeChat kernel stand near Chromium 86."""
    newer = re.compile(r":is\(|:where\(|:has\(|color-mix|@layer|@container|[;{\s]inset:|oklch|\bdvh\b")
    for path in HERE.rglob("static/**/*.css"):
        assert not newer.search(path.read_text(encoding="utf-8")), path.name


def test_menu_offers_what_the_actor_may_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(menu, "_entries", {})
    menu.register("b", "值班表", "desk:duty", order=2)
    menu.register("a", "首页", "desk:home", order=1, when=lambda actor: actor.is_head)
    menu.register("c", "没有这一页", "desk:no-such-page", order=3)
    shown = menu.items(SimpleNamespace(is_head=True), "/desk/duty/7")
    assert [(i.label, i.is_here) for i in shown] == [("首页", False), ("值班表", True)]
    assert [i.label for i in menu.items(SimpleNamespace(is_head=False), "/")] == ["值班表"]


def test_a_look_up_of_places_answers_with_choices_or_a_word() -> None:
    client = Client()
    found = client.get("/desk/places", {"name": "residence", "residence__words": "yl"}).content.decode()
    assert found.count('type="radio" name="residence"') == 2
    nothing = client.get("/desk/places", {"name": "residence", "residence__words": "zz"}).content.decode()
    assert "没有找到这个地名" in nothing
