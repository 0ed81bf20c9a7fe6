"""Language, headers and refusals: what every answer has in common."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.test import Client, RequestFactory
from django.utils import translation

from anjia.ui import middleware, page

pytestmark = pytest.mark.urls("anjia.ui.tests.urls")


@pytest.fixture(autouse=True)
def bare_site(settings: object) -> None:
    settings.MIDDLEWARE = [  # type: ignore[attr-defined]
        "anjia.ui.middleware.HeadersMiddleware",
        "anjia.ui.middleware.LanguageMiddleware",
        "anjia.ui.middleware.RefusedMiddleware",
    ]


def test_the_address_wins_over_the_account_and_nothing_is_stored() -> None:
    request = RequestFactory().get("/", {"lang": "en"})
    assert middleware.language_of(request) == "en"
    request = RequestFactory().get("/", {"lang": "xx"})
    request.actor = SimpleNamespace(language="en")  # type: ignore[attr-defined]
    assert middleware.language_of(request) == "en"
    assert middleware.language_of(RequestFactory().get("/")) == "zh-hans"
    response = Client().get("/desk/gallery?door=portal&lang=en")
    assert "s" not in response.cookies
    assert all(name not in response.cookies for name in ("django_language", "lang"))
    assert translation.get_language() == "zh-hans"  # nothing left for the next request


def test_links_keep_the_language_that_was_asked_for() -> None:
    html = Client().get("/desk/gallery?lang=en").content.decode()
    assert 'href="/desk/intake?lang=en"' in html
    html = Client().get("/desk/gallery").content.decode()
    assert 'href="/desk/intake"' in html
    assert page.current() is None


def test_no_cache_keeps_a_page() -> None:
    for address in ("/desk/gallery", "/refuse/missing", "/no/such/page"):
        response = Client().get(address)
        assert "no-store" in response.headers["Cache-Control"]
        assert "geolocation=()" in response.headers["Permissions-Policy"]
        assert response.headers["Content-Language"] == "zh-CN"


@pytest.mark.parametrize(
    ("what", "status", "said"),
    [
        ("missing", 404, "没有找到这件事项。"),
        ("silent", 404, "没有找到这件事项。"),
        ("told", 403, "您的岗位不能办这一步。"),
        ("rule", 422, "这一项要填。"),
        ("stale", 409, "刚才有人也改了这一页。"),
    ],
)
@pytest.mark.parametrize("door", ["", "/desk"])
def test_refusals_become_pages(door: str, what: str, status: int, said: str) -> None:
    response = Client().get(f"{door}/refuse/{what}")
    assert response.status_code == status
    assert said in response.content.decode()


def test_hidden_and_absent_read_the_same_to_the_letter() -> None:
    """Otherwise a refusal tells that there is a matter."""
    hidden = Client().get("/desk/refuse/silent").content
    assert hidden == Client().get("/desk/refuse/missing").content


@pytest.mark.parametrize("door", ["", "/desk"])
def test_an_error_page_holds_nothing_of_the_error(door: str) -> None:
    response = Client(raise_request_exception=False).get(f"{door}/refuse/bug?name=周晓兰")
    text = response.content.decode()
    assert response.status_code == 500
    assert "没保存成功。您写的内容还在,请再点一次。" in text
    assert "ValueError" not in text
    assert "refuse" not in text
    assert "%E5" not in text
    english = Client(raise_request_exception=False).get(f"{door}/refuse/bug?lang=en").content.decode()
    assert '<html lang="en"' in english


def test_a_stale_form_says_that_nothing_was_saved(settings: object) -> None:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "django.middleware.csrf.CsrfViewMiddleware"]  # type: ignore[attr-defined]
    settings.CSRF_FAILURE_VIEW = "anjia.ui.middleware.csrf_refused"  # type: ignore[attr-defined]
    response = Client(enforce_csrf_checks=True).post("/desk/home")
    assert response.status_code == 403
    assert "没保存成功。您写的内容还在,请再点一次。" in response.content.decode()
