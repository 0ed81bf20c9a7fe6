"""Messages while canaries are everywhere: what reached a mail server and a gateway, and the page of what stands aside."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.test import Client

from anjia.engine.matters.models import Matter
from anjia.engine.matters.tests.world import World
from anjia.engine.messages import actions, sending
from anjia.engine.messages.models import Message
from anjia.engine.messages.tests.servers import Gateway, MailServer
from anjia.foundation.core.clock import now
from anjia.foundation.outbox import worker
from anjia.registry.posts import actors

HERS = "10013500034"  # not a canary: it goes to the gateway, and there alone
Move = Callable[..., int]


def messages(
    folder: Path, w: World, browser: Callable[[str], Client], move: Move, word: Callable[[str], str]
) -> None:
    """Staff by mail and she by text message: sent, refused, and one that broke off."""
    with Gateway() as gateway, MailServer() as mail:
        settings.SMS_URL, settings.SMS_RESIDENTS = gateway.address, True
        settings.MESSAGE_WAYS = {**settings.MESSAGE_WAYS, "mail": mail.address}
        head, post = browser("county"), w.posts["county"]
        actions.set_preference(
            actor=actors.for_post(post.id, now()), way="mail", address="a@example.org", often="daily",
            quiet_from="0:00", quiet_to="0:00", now=now(),
        )  # fmt: skip
        for n, status in enumerate((200, 503)):
            gateway.status = status
            m = her_case(head, move, word, n)
            assert move(head, m, "reply", reply_words=word(f"text reply {n}"), reply_channel="sms") == 302
            for wording in ("digest", "urgent", "fresh"):
                sending.ask_once(
                    key=f"{wording}{n}", wording=wording, way="mail", agency=post.agency_id, account=post.account_id,
                    matter=m, count=3, now=now(),
                )  # fmt: skip
            worker.drain(now())
        stands_aside()
        assert mail.came
        assert len(gateway.came) > 1
        (folder / "mails").write_text("\n".join(mail.came), encoding="utf-8")
        (folder / "gateway").write_text(
            "\n".join(f"{c['header']}\n{c['body']}" for c in gateway.came), encoding="utf-8"
        )
    pages = [
        browser(who).get(f"/desk/messages/{p}").content
        for who in ("county", "other", "sysadmin")
        for p in ("", "mine/")
    ]
    assert "发不出去".encode() in pages[0]
    (folder / "messages pages").write_bytes(b"\n".join(pages))


def her_case(head: Client, move: Move, word: Callable[[str], str], n: int) -> UUID:
    """Somebody who agreed to text messages at any hour."""
    sent = {
        "channel": "call", "name": word(f"told name {n}"), "phone": HERS, "safe_when": "0:00–23:59",
        "facts": word(f"told facts {n}"), "their_name": word(f"told their_name {n}"), "relation": "spouse",
        "urgency": "soon", "reporter": "self", "key": f"told-{n}",
    }  # fmt: skip
    assert head.post("/desk/new/", sent).status_code == 302
    m = Matter.objects.latest("id").id
    assert move(head, m, "change_contact", message_ok="yes") == 302
    return m


def stands_aside() -> None:
    """As if every try had failed."""
    Message.objects.filter(state="failed").update(state="given_up")
