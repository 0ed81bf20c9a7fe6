"""How somebody says how she wants to be told, and what a head and the administrator see of the messages."""

from __future__ import annotations

from typing import Any

import pytest

from anjia.doors.desk.tests.conftest import SignIn
from anjia.engine.matters.tests.world import World
from anjia.engine.messages import actions, preferences, sending
from anjia.engine.messages.models import Message, State
from anjia.foundation.core.clock import now
from anjia.foundation.outbox.models import Outbox

pytestmark = pytest.mark.django_db
MAILS = {"mail": "mailto://127.0.0.1:9?from=d@example.org&to={to}", "wecom": "", "dingtalk": ""}
WISH = {
    "way": "mail",
    "address": "a@example.org",
    "often": "daily",
    "quiet_from": "19:00",
    "quiet_to": "8:00",
}


def test_without_a_way_of_the_city_the_page_says_so(signed_in: SignIn) -> None:
    words = signed_in("county").get("/desk/messages/mine/").content.decode()
    assert "本市还没有开通工作台以外的方式" in words


def test_wishes_are_kept_and_what_was_typed_wrong_stays(
    signed_in: SignIn, world: World, settings: Any
) -> None:
    settings.MESSAGE_WAYS = MAILS
    her = signed_in("village")
    bad = her.post("/desk/messages/mine/", {**WISH, "address": "哎呀@", "quiet_to": "八点"})
    assert bad.status_code == 422
    for words in ("哎呀@", "请看一看地址", "八点", "请写成8:00这样"):
        assert words in bad.content.decode()
    good = her.post("/desk/messages/mine/", WISH, follow=True)
    assert "已保存" in good.content.decode()
    account = world.posts["village"].account_id
    assert preferences.of(account).own_address == "a@example.org"
    tried = her.post("/desk/messages/mine/", {**WISH, "do": "trial"}, follow=True)
    assert "试发的消息已经排上" in tried.content.decode()
    assert her.post("/desk/messages/mine/", {**WISH, "do": "trial"}).status_code == 422
    assert Message.objects.get().wording == "trial"


def test_a_head_who_is_walled_off_counts_no_message_of_that_matter(world: World, settings: Any) -> None:
    settings.MESSAGE_WAYS = MAILS
    m = world.help_wanted().matter
    for n, matter in enumerate((m, None)):
        sending.ask_once(
            key=f"k{n}", wording="urgent", way="mail", agency=world.offices["county"].id, now=now(), matter=matter,
            account=world.posts["officer"].account_id,
        )  # fmt: skip

    def counted() -> int:
        return sum(n for _label, n in actions.overview(actor=world.actor("county"), now=now()).counts)

    assert counted() == 2
    world.does("county", "recuse", m, "03-12 09:00")
    assert counted() == 1


def test_what_stands_aside_is_sent_again_by_one_tap(signed_in: SignIn, world: World, settings: Any) -> None:
    settings.MESSAGE_WAYS = MAILS
    sending.ask_once(
        key="k", wording="digest", way="mail", agency=world.offices["county"].id, now=now(),
        account=world.posts["county"].account_id,
    )  # fmt: skip
    one = Message.objects.get()
    Message.objects.update(state=State.GIVEN_UP, why="refused", tries=8)
    Outbox.objects.filter(pk=one.id).update(dead_at=now(), attempts=8)
    head = signed_in("county")
    words = head.get("/desk/messages/").content.decode()
    for said in ("邗江区妇联", "电子邮件", "对方没有收", "再发一次", "试了 8 次"):
        assert said in words
    assert "已重新排队" in head.post(f"/desk/messages/{one.id}/again/", follow=True).content.decode()
    assert Outbox.objects.get(pk=one.id).dead_at is None
    assert "已经处理过" in head.post(f"/desk/messages/{one.id}/again/", follow=True).content.decode()
    assert signed_in("other").post(f"/desk/messages/{one.id}/again/").status_code == 404
