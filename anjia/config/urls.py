"""Three doors: the public site at the root, the staff desk under /desk/, answers to letters under /r/. The demo's page
in demo mode only."""

from __future__ import annotations

from django.conf import settings
from django.urls import include, path

urlpatterns = [
    path("desk/", include("anjia.registry.posts.urls")),
    path("desk/", include("anjia.doors.desk.urls")),
    path("r/", include("anjia.doors.reply.urls")),
    path("", include("anjia.doors.portal.urls")),
]
if settings.DEMO or settings.TESTING:  # the gallery of components is for whoever designs a page
    urlpatterns.insert(0, path("desk/", include("anjia.ui.urls")))
if settings.DEMO:
    urlpatterns.insert(0, path("demo/", include("anjia.demo.urls")))

handler400 = "anjia.ui.errors.bad_request"
handler403 = "anjia.ui.errors.forbidden"
handler404 = "anjia.ui.errors.not_found"
handler500 = "anjia.ui.errors.server_error"
