"""A client that clicks until it is killed: opens a matter and moves it, writing down only what was acknowledged.

Usage: clicker.py LEDGER [early]. `early` acknowledges before the commit, as a system that gathers
its commits would: the negative control, which must lose.
"""

from __future__ import annotations

import os
import sys
import time
import uuid

import django

django.setup()

from django.db import transaction  # noqa: E402

from anjia.engine.matters import actions  # noqa: E402
from anjia.engine.matters.inputs import Decisions, PartyInput  # noqa: E402
from anjia.foundation.core.clock import now  # noqa: E402
from anjia.registry.posts import actors  # noqa: E402
from anjia.registry.posts.models import Post  # noqa: E402

GATHERED = 0.02  # seconds for which the early one lets commits gather


def main(ledger: str, early: bool) -> None:
    post = Post.objects.select_related("agency").get(title="county")
    officer = actors.for_post(post.id, now())
    out = os.open(ledger, os.O_CREAT | os.O_APPEND | os.O_WRONLY)

    def acknowledged(*words: str) -> None:
        os.write(out, (" ".join(words) + "\n").encode())

    while True:
        key = uuid.uuid4().hex
        acknowledged("try", key)
        if early:
            with transaction.atomic():
                opened = open_one(key)
                acknowledged("opened", key, str(opened))
                time.sleep(GATHERED)
            continue
        opened = open_one(key)
        acknowledged("opened", key, str(opened))
        note = uuid.uuid4().hex
        acknowledged("trynote", note, str(opened))
        actions.move(
            matter_id=opened,
            name="accept_in",
            actor=officer,
            now=now(),
            data={"first_or_repeat": "first"},
            key=note,
        )
        acknowledged("moved", note, str(opened))


def open_one(key: str) -> uuid.UUID:
    opened = actions.open_matter(
        playbook="dv-case",
        actor=actors.resident(),
        now=now(),
        channel="online",
        place="321003",
        parties=[PartyInput("asking", decisions=Decisions(), sealed={"contact": {"phone": "10013500034"}})],
        data={"facts": "一句话"},
        key=key,
        with_receipt=True,
    )
    return opened.matter


if __name__ == "__main__":
    main(sys.argv[1], len(sys.argv) > 2)
