"""Which device a browser says it is on, in words a person recognises her own devices by."""

from __future__ import annotations

import re

from django.http import HttpRequest

#: The first that fits; what says least about others stands last.
BROWSERS = (
    (re.compile(r"MicroMessenger/"), "微信"),
    (re.compile(r"Edg[A-Za-z]*/"), "Edge"),
    (re.compile(r"QIHU|360[SE]E"), "360"),
    (re.compile(r"Firefox/"), "Firefox"),
    (re.compile(r"Chrome/|Chromium/"), "Chrome"),
    (re.compile(r"Safari/"), "Safari"),
)
SYSTEMS = (
    (re.compile(r"OpenHarmony|HarmonyOS"), "HarmonyOS"),
    (re.compile(r"Android"), "Android"),
    (re.compile(r"iPhone|iPad"), "iOS"),
    (re.compile(r"Windows"), "Windows"),
    (re.compile(r"Mac OS X"), "macOS"),
    (re.compile(r"Linux"), "Linux"),
)


def place_of(request: HttpRequest) -> dict[str, str]:
    """Device and network address of a browser, kept sealed with its session and shown to its owner alone."""
    said = request.META.get("HTTP_USER_AGENT", "")[:400]
    parts = (next((name for mark, name in known if mark.search(said)), "") for known in (BROWSERS, SYSTEMS))
    return {"device": " · ".join(p for p in parts if p), "address": request.META.get("REMOTE_ADDR", "")}


def keeps_keys(request: HttpRequest) -> bool:
    """Whether this is a telephone whose browser keeps passkeys; the one inside WeChat does not."""
    said = request.META.get("HTTP_USER_AGENT", "")[:400]
    return bool(re.search(r"Android|iPhone|HarmonyOS", said)) and "MicroMessenger" not in said
