"""One neutral address; it stands on letters. Code and number are only posted."""

from __future__ import annotations

from django.urls import path

from anjia.doors.reply import views

app_name = "reply"
urlpatterns = [path("", views.letter, name="letter")]
