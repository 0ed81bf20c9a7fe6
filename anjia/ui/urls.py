"""The gallery; the desk includes it under its own address."""

from __future__ import annotations

from django.urls import path

from anjia.ui import views

app_name = "ui"
urlpatterns = [path("gallery", views.gallery, name="gallery")]
