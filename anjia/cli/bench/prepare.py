"""Fills one database and signs people in; a process of its own, because settings are read once a process.

`python -m anjia.cli.bench.prepare COUNT` makes tables, city, samples and COUNT clones (0: only signs in
afresh) and writes the requests that can be sent as JSON on its standard output.
"""

from __future__ import annotations

import json
import random
import secrets
import sys
import time
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402

from anjia.cli.bench import filling, seeding, town  # noqa: E402
from anjia.cli.bench.load import KEY, PHONE  # noqa: E402
from anjia.engine.matters.models import Matter, Seat  # noqa: E402
from anjia.foundation.core.clock import now as present  # noqa: E402
from anjia.foundation.vault import vault  # noqa: E402
from anjia.registry.places.actions import load_places  # noqa: E402
from anjia.registry.posts import actors  # noqa: E402
from anjia.registry.posts.actions import sessions as signing_in  # noqa: E402
from anjia.registry.posts.actions.agencies import found_city  # noqa: E402
from anjia.registry.posts.models import Post  # noqa: E402

FOUNDED_AGO = timedelta(days=400)
PAGES, PEOPLE, FORMS = 400, 400, 60
Item = dict[str, Any]


def make(count: int) -> dict[str, Any]:
    """Tables, city, samples, clones; what it took and what was proved."""
    call_command("migrate", verbosity=0, interactive=False)
    now = present()
    founded = now - FOUNDED_AGO
    load_places(city=settings.CITY, now=founded, actor=actors.SYSTEM)
    found_city(city=settings.CITY, now=founded, actor=actors.SYSTEM)
    place = town.build(settings.CITY, now)
    originals = [seeding.read(sample) for sample in town.samples(place, now)]
    began = time.monotonic()
    filling.fill(originals, max(0, count - len(originals)))
    took = time.monotonic() - began
    return {"seconds": took, "proved": filling.checked(place), "matters": Matter.objects.count()}


def posts() -> dict[str, Post]:
    """The people of the town, by where they sit."""
    found = Post.objects.filter(title=town.TITLE).select_related("agency", "account")
    return {{"city": "city", "village": "village"}.get(p.agency.tier, p.agency.county): p for p in found}


def signed_in(post: Post, token: str) -> str:
    """What a signed-in browser sends as its cookies."""
    cookie = signing_in.sign_in(account=post.account, post=post, now=present())
    return f"{settings.SESSION_COOKIE_NAME}={cookie}; {settings.CSRF_COOKIE_NAME}={token}"


def forms(cookies: dict[str, str], token: str, rng: random.Random) -> list[Item]:
    """Intake forms as the desk posts them, for every county."""
    items = []
    for county, cookie in cookies.items():
        if county in ("city", "village"):
            continue
        home = town.township(county)
        for _n in range(FORMS):
            who = seeding.person(rng)
            typed = {
                "csrfmiddlewaretoken": token,
                "key": KEY,
                "channel": "call",
                "name": who.hers,
                "phone": PHONE,
                "safe_when": "工作日 12:10–12:50",
                "sex": "female",
                "age_band": "30-39",
                "residence": home,
                "their_name": who.his,
                "relation": "spouse",
                "facts": "吵架以后他把我推到墙上,孩子在边上哭。",
                "dv_forms": "physical",
                "urgency": "soon",
                "reporter": "self",
            }
            items.append({"cookie": cookie, "method": "POST", "path": "/desk/new/", "body": urlencode(typed)})
    rng.shuffle(items)
    return items


def get(cookie: str, path: str) -> Item:
    """Looking at a page."""
    return {"cookie": cookie, "method": "GET", "path": path}


def requests() -> dict[str, Any]:
    """Everything that is measured, as requests."""
    rng, token = random.Random(7), secrets.token_hex(16)  # noqa: S311
    people = posts()
    cookies = {where: signed_in(post, token) for where, post in people.items()}
    counties = [c for c in cookies if c not in ("city", "village")]
    pages, finds = [], []
    for county in counties:
        seats = Seat.objects.filter(agency=people[county].agency_id, to_at__isnull=True, is_open=True)
        for matter in seats.values_list("matter", flat=True)[: PAGES // len(counties)]:
            pages.append(get(cookies[county], f"/desk/m/{matter}/"))
        closed = Seat.objects.filter(agency=people[county].agency_id, to_at__isnull=True)
        for matter in closed.values_list("matter", flat=True)[: PEOPLE // len(counties)]:
            label = vault.newest(matter, "label")
            if label is not None:
                name = vault.open_sealed(label, vault.key(label.root))["asking"]
                finds.append(get(cookies[county], "/desk/search/?" + urlencode({"q": name})))
    rng.shuffle(pages)
    rng.shuffle(finds)
    return {
        "token": token,
        "open": forms(cookies, token, rng),
        "list_village": [get(cookies["village"], "/desk/matters/")],
        "list_county": [get(cookies[c], "/desk/matters/") for c in counties],
        "duties_county": [get(cookies[c], "/desk/duties/") for c in counties],
        "list_city": [get(cookies["city"], "/desk/below/")],
        "page": pages,
        "search": finds,
    }


if __name__ == "__main__":
    asked = int(sys.argv[1])
    told = make(asked) if asked else {}
    json.dump({**told, "requests": requests()}, sys.stdout)
