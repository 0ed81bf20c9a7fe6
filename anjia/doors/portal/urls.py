"""Neutral addresses: none of them says what its page is about. Every step of one thing has one address."""

from __future__ import annotations

from django.urls import path

from anjia.doors.portal.views import check, quiet, tell

app_name = "portal"
urlpatterns = [
    path("", quiet.home, name="home"),
    path("s/", tell.tell, name="tell"),
    path("c/", check.check, name="check"),
    path("p/", quiet.nearby, name="nearby"),
    path("t/<slug:name>/", quiet.topic, name="topic"),
    path("about/", quiet.about, name="about"),
    path("x/", quiet.leave, name="leave"),
]
