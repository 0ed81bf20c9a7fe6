"""The one address: the tiles, and everything that is reached by a button from them.

A browser writes down each address it shows. Telling what happened and coming back with a receipt therefore happen on
the address of the first page, which anybody in the family may have opened.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from anjia.doors.portal.views import check, quiet, tell

BUTTONS = {"s": tell.tell, "c": check.check}


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def front(request: HttpRequest) -> HttpResponse:
    """The tiles; what is posted says itself where it belongs."""
    chosen = BUTTONS.get(request.POST.get("to", ""))
    return chosen(request) if chosen else quiet.home(request)
