"""Two doors: the public site at the root, the staff desk under /desk/."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("anjia.doors.portal.urls")),
    path("desk/", include("anjia.doors.desk.urls")),
]
