"""Addresses for the tests of this room: the sign-in pages and one page behind each gate."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from anjia.registry.posts.gate import require_post, signed_in


@signed_in
def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("page")


@require_post(roles=["head"], kinds=["federation"])
def heads(request: HttpRequest) -> HttpResponse:
    return HttpResponse("heads")


def public(request: HttpRequest) -> HttpResponse:
    return HttpResponse("public")


urlpatterns = [
    path("desk/", include("anjia.registry.posts.urls")),
    path("page/", page),
    path("heads/", heads),
    path("", public),
]
