"""Behind a proxy of ours the reader's own address, and whether his line was locked, come from it; from nobody else."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse


class ProxyMiddleware:
    """Outermost: limits, sign-ins and the check of a form's origin then see what is true."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Take what a proxy of ours says, and forget what anybody else claims."""
        said = request.META.pop("HTTP_X_FORWARDED_FOR", "")
        locked = request.META.pop("HTTP_X_FORWARDED_PROTO", "")
        if is_ours(request.META.get("REMOTE_ADDR", "")):
            request.META["REMOTE_ADDR"] = farthest(said, request.META["REMOTE_ADDR"])
            if locked == "https":
                request.environ["wsgi.url_scheme"] = "https"  # type: ignore[attr-defined]
        return self.get_response(request)


def is_ours(address: str) -> bool:
    """Whether a proxy of ours stands there."""
    try:
        return any(ip_address(address) in network for network in settings.PROXIES)
    except ValueError:
        return False


def farthest(said: str, nearest: str) -> str:
    """The last address that a proxy of ours has seen itself: what stands left of it anybody may have written."""
    for address in reversed([part.strip() for part in said.split(",") if part.strip()]):
        if not is_ours(address):
            return address if is_address(address) else nearest
        nearest = address
    return nearest


def is_address(text: str) -> bool:
    """Whether it is one at all."""
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
