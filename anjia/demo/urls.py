"""Addresses of the demo's front page."""

from __future__ import annotations

from django.urls import path

from anjia.demo import views

app_name = "demo"
urlpatterns = [
    path("", views.demo, name="demo"),
    path("<uuid:post_id>/", views.enter, name="enter"),
]
