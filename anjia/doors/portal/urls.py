"""Neutral addresses: none of them says what its page is about. What is told is told on the first
one; the two others open the same for whoever was given them."""

from __future__ import annotations

from django.urls import path

from anjia.doors.portal.views import check, families, front, point, quiet, tell

app_name = "portal"
urlpatterns = [
    path("", front.front, name="home"),
    path("s/", tell.tell, name="tell"),
    path("c/", check.check, name="check"),
    path("p/", quiet.nearby, name="nearby"),
    path("h/", families.recognition, name="recognition"),
    path("n/", families.on_notice, name="notice"),
    path("t/<slug:name>/", quiet.topic, name="topic"),
    path("q/<slug:code>/", point.point, name="point"),
    path("k/<slug:name>/", point.card, name="card"),
    path("k/<slug:name>/pdf/", point.card_pdf, name="card-pdf"),
    path("about/", quiet.about, name="about"),
    path("x/", quiet.leave, name="leave"),
]
