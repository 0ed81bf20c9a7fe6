"""One process each: `prepare` a small city, `ask` on every line of input whether a session still lives, `stop` an office."""

from __future__ import annotations

import json
import sys

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402

from anjia.engine.matters.tests.world import World, build  # noqa: E402
from anjia.foundation.core.clock import now  # noqa: E402
from anjia.registry.posts import actions, actors  # noqa: E402
from anjia.registry.posts.models import Agency, Post  # noqa: E402

STAYS, STOPPED = ("court", "village"), ("police", "county", "officer")


def prepare() -> None:
    """The city, and a signed-in browser for each of these people; their cookies are the answer."""
    call_command("migrate", verbosity=0, interactive=False)
    world: World = build()
    posts = {who: world.posts[who] for who in (*STAYS, *STOPPED)}
    cookies = {
        who: actions.sign_in(account=p.account, post=p, now=now(), proved_by="totp")
        for who, p in posts.items()
    }
    head = world.posts["city"]
    print(json.dumps({"cookies": cookies, "head": str(head.id)}), flush=True)


def ask(cookies: dict[str, str]) -> None:
    """For every line that comes in, one request of each browser."""
    setup_test_environment()
    for _line in sys.stdin:
        answers = {}
        for who, cookie in cookies.items():
            client = Client()
            client.cookies["s"] = cookie
            answers[who] = client.get("/desk/").status_code
        print(json.dumps(answers), flush=True)


def stop(head: str) -> None:
    """The city's head stops two offices."""
    actor = actors.for_post(Post.objects.get(pk=head).id, now())
    for name in ("柳浦派出所", "邗江区妇联"):
        office = Agency.objects.get(name=name)
        actions.stop_agency(agency=office, reason="值班电脑被偷", fresh=True, actor=actor, now=now())
    print("{}", flush=True)


if __name__ == "__main__":
    what, given = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else ""
    {"prepare": prepare, "ask": lambda: ask(json.loads(given)), "stop": lambda: stop(given)}[what]()
