"""What test_killed.py runs in processes of its own: `prepare`, `work` (until killed), `report`."""

from __future__ import annotations

import json
import sys
import threading
from datetime import timedelta

import django
from django.db import connection, transaction

MAILS, TEXTS, HERS = 4, 3, 4


def prepare() -> None:
    """The small city, and messages of each kind that wait."""
    from django.core.management import call_command

    from anjia.engine.matters import actions
    from anjia.engine.matters.inputs import Decisions, PartyInput
    from anjia.engine.matters.tests.world import PHONE, build
    from anjia.engine.messages import actions as wishes
    from anjia.engine.messages import sending
    from anjia.foundation.core.clock import now
    from anjia.foundation.outbox.models import Outbox
    from anjia.registry.posts.actions import accounts
    from anjia.registry.posts.actors import SYSTEM, for_post, resident

    if connection.vendor == "sqlite":
        call_command("migrate", verbosity=0, interactive=False)
    world = build()
    post, office = world.posts["county"], world.offices["county"].id
    accounts.set_contact(account=post.account, name="某人", mobile="10013500077", actor=SYSTEM, now=now())
    wishes.set_preference(
        actor=for_post(post.id, now()), way="mail", address="a@example.org", often="daily", quiet_from="0:00",
        quiet_to="0:00", now=now(),
    )  # fmt: skip
    contact = {"phone": PHONE, "safe_when": "0:00–23:59", "message_ok": True}
    asking = PartyInput(
        role="asking", sealed={"label": {"name": "某人"}, "contact": contact}, decisions=Decisions()
    )
    matter = actions.open_matter(
        playbook="dv-case", actor=resident(), now=now(), channel="online", parties=[asking], data={}
    ).matter
    Outbox.objects.all().delete()
    for n in range(max(MAILS, TEXTS, HERS)):
        for many, asked in (
            (MAILS, {"wording": "digest", "way": "mail", "account": post.account_id}),
            (TEXTS, {"wording": "urgent", "way": "sms", "account": post.account_id}),
            (HERS, {"wording": "look", "way": "sms", "matter": matter}),
        ):
            if n < many:
                sending.ask_once(key=f"{asked['wording']}:{n}", agency=office, now=now(), **asked)


def work(*, forgetful: bool) -> None:
    """A worker with little patience. `forgetful`: one that sends again whatever it may have sent."""
    from anjia.engine.messages import sending
    from anjia.foundation.outbox import outbox, worker

    worker.LEASE, sending.STALE = timedelta(seconds=0.4), timedelta(seconds=0.3)
    worker.IDLE_SECONDS = 0.05
    worker.MAX_TRIES = 1000
    outbox.JOBS.clear()
    if forgetful:
        sending.may_repeat = lambda message: True
    worker.run(threading.Event())


def report() -> None:
    """What is remembered of each."""
    from anjia.engine.messages.models import Message

    with transaction.atomic():
        print(json.dumps([[str(m.id), m.wording, m.state] for m in Message.objects.order_by("id")]))


if __name__ == "__main__":
    django.setup()
    if sys.argv[1] == "work":
        work(forgetful=sys.argv[2:] == ["forgetful"])
    else:
        {"prepare": prepare, "report": report}[sys.argv[1]]()
