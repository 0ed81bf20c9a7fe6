"""What leaves, to whom, when, and what is remembered of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from anjia.engine.letters import disclosure, wordings
from anjia.engine.matters import actions as matter_actions
from anjia.engine.matters import safe_contact
from anjia.engine.matters.models import Matter, Notice, Party, Wall
from anjia.engine.matters.tests.world import PHONE, World, at
from anjia.engine.messages import actions, channels, preferences, sending, staff
from anjia.engine.messages.models import Message, Preference, State
from anjia.engine.messages.tests.servers import Gateway, MailServer, body, subject
from anjia.foundation.core.verdict import NotAllowed, NotFound, RuleBroken
from anjia.foundation.events.models import Access
from anjia.foundation.outbox import outbox, worker
from anjia.foundation.outbox.models import Outbox
from anjia.registry.posts import actors
from anjia.registry.posts.actions import accounts, rosters
from anjia.registry.posts.actors import SYSTEM

MORNING = "03-10 08:31"
INSIDE, OUTSIDE = "03-10 12:20", "03-10 15:00"  # a Tuesday; her hours are 工作日 12:10–12:50


def by_mail(world: World, key: str, *, often: str = "daily", **more: str) -> None:
    given = {"address": f"{key}@example.org", "quiet_from": "19:00", "quiet_to": "8:00", **more}
    actions.set_preference(actor=world.actor(key), way="mail", often=often, now=at("03-09 08:00"), **given)


def her_matter(world: World, **wishes: Any) -> UUID:
    """She asked for help and agreed to text messages."""
    m = world.help_wanted().matter
    world.does("county", "change_contact", m, "03-09 21:00", **{"message_ok": "yes", **wishes})
    return m


def told_her(world: World, m: UUID, when: str) -> Message:
    """An answer was laid ready and she is to be told."""
    world.does("county", "reply", m, when, reply_words="有人在办了。", reply_channel="sms")
    worker.drain(at(when))
    return Message.objects.get(wording="look")


# -- what it says ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("to", "text"),
    [("staff", "有1件家暴个案到期。"), ("staff", "请看 13900000000"), ("staff", "请看 https://x"), ("staff", "{name}有事"),
     ("resident", "有{count}条答复"), ("staff", "A court case is due"), ("nobody", "有新安排")],
)  # fmt: skip
def test_a_sentence_that_tells_more_is_not_loaded(to: str, text: str) -> None:
    raw = {"telling": ["家暴", "court"], "messages": {"x": {"to": to, "zh": text, "en": "news"}}}
    with pytest.raises(ValueError, match="message x"):
        wordings.parse(raw)


def test_no_link_ever_goes_to_a_resident() -> None:
    assert disclosure.message("look", link="https://desk/").whole == disclosure.message("look").text
    assert disclosure.message("digest", count=2, link="https://desk/").whole.endswith("\nhttps://desk/")


# -- to staff -------------------------------------------------------------------------------------------------


def test_one_mail_a_day_and_nothing_in_it_but_a_number(world: World, mail: MailServer, settings: Any) -> None:
    settings.PUBLIC_ADDRESS = "https://desk.example/"
    world.help_wanted("03-10 08:00")
    by_mail(world, "county")
    for minutes in (0, 5, 60):
        when = at(MORNING) + timedelta(minutes=minutes)
        staff.told_today(now=when)
        worker.drain(when)
    [one] = mail.mails
    assert subject(one) == channels.SUBJECT
    assert body(one).split() == ["有1件事项今天到期或等着办。", "https://desk.example/desk/"]
    assert Message.objects.get().state == State.SENT
    assert one["X-Entity-Ref-ID"] == str(Message.objects.get().id)


def test_before_half_past_eight_and_with_nothing_to_do_nothing_goes(world: World, mail: MailServer) -> None:
    by_mail(world, "county")
    assert staff.told_today(now=at("03-10 09:00")) == 0, "nothing waits"
    world.help_wanted("03-10 08:00")
    assert staff.told_today(now=at("03-10 08:29")) == 0
    assert staff.told_today(now=at("03-10 12:00")) == 0
    assert staff.told_today(now=at(MORNING)) == 1


def test_whoever_is_walled_off_is_told_of_nothing(world: World, mail: MailServer) -> None:
    m = world.help_wanted("03-10 08:00").matter
    by_mail(world, "county")
    Wall.objects.create(
        account=world.posts["county"].account, root=world.row(m).root, cause="recused", since=at(MORNING)
    )
    assert staff.told_today(now=at(MORNING)) == 0
    Wall.objects.all().delete()
    assert staff.told_today(now=at(MORNING)) == 1, "the control: it was the wall"


def test_quiet_hours_hold_back_everything_but_what_is_urgent(world: World, mail: MailServer) -> None:
    by_mail(world, "county", quiet_from="7:00", quiet_to="9:00")
    world.help_wanted("03-10 08:00")
    staff.told_today(now=at(MORNING))
    sending.ask_once(
        key="urgent:x", wording="urgent", way="mail", agency=world.offices["county"].id,
        account=world.posts["county"].account_id, now=at(MORNING),
    )  # fmt: skip
    worker.drain(at(MORNING))
    assert [body(m).strip() for m in mail.mails] == ["有1件事项请马上看。"]
    assert Message.objects.get(wording="digest").state == State.WAITING
    worker.drain(at("03-10 09:00"))
    assert len(mail.mails) == 2
    assert Outbox.objects.get(pk=Message.objects.get(wording="digest").id).attempts == 1, "waiting is no try"


def test_the_end_of_the_ladder_rings_the_telephone_of_the_roster(world: World, gateway: Gateway) -> None:
    night = at("03-09 22:00")
    rosters.add_shift(
        agency=world.offices["city"], post=world.posts["city"], telephone="10013500099", starts_at=night,
        ends_at=night + timedelta(hours=12), actor=world.actor("city"), now=at("03-09 12:00"),
    )  # fmt: skip
    world.help_wanted(data={"facts": "x", "urgency": "very_urgent"})
    late = at("03-10 04:00")
    matter_actions.climb_overdue(now=late)
    worker.drain(late)
    assert staff.told_at_once(now=late) > 0
    assert staff.told_at_once(now=late) == 0, "the same is asked for once"
    worker.drain(late)
    assert set(gateway.numbers) == {"10013500099"}
    assert "请马上看" in gateway.came[0]["text"]
    assert "家" not in gateway.came[0]["text"]


def test_a_preference_names_what_is_wrong_and_keeps_its_address_sealed(
    world: World, mail: MailServer
) -> None:
    with pytest.raises(RuleBroken) as broken:
        actions.set_preference(
            actor=world.actor("county"), way="desk", address="", often="hourly", quiet_from="x", quiet_to="8:00",
            now=at(MORNING),
        )  # fmt: skip
    assert set(broken.value.fields) == {"often", "quiet_from"}
    by_mail(world, "county")
    row = Preference.objects.get()
    assert b"example.org" not in bytes(row.address)
    assert preferences.of(row.account_id).own_address == "county@example.org"


@pytest.mark.parametrize(
    ("way", "address", "why"),
    [
        ("mail", "", "off"),
        ("mail", "mailto://mail.example.org?to={to}", "open"),
        ("mail", "mailtos://m.example.org", "address"),
        ("mail", "mailtos://u:p@m.example.org?to={to}", ""),
        ("wecom", "wecombot://{to}", ""),
        ("wecom", "json://gw.example.org/{to}", "open"),
        ("wecom", "json://127.0.0.1:9/{to}", ""),
        ("dingtalk", "syslog://{to}", "address"),
    ],
)
def test_a_way_that_is_not_locked_or_not_known_is_not_used(
    settings: Any, way: str, address: str, why: str
) -> None:
    settings.MESSAGE_WAYS = {way: address}
    assert channels.fault(way) == why


# -- to a resident --------------------------------------------------------------------------------------------


def test_she_is_written_to_in_her_hours_with_the_neutral_words_alone(world: World, gateway: Gateway) -> None:
    m = her_matter(world)
    message = told_her(world, m, OUTSIDE)
    assert (message.state, message.why) == (State.WAITING, "hours")
    assert gateway.came == []
    worker.drain(at("03-11 12:09"))
    assert gateway.came == []
    worker.drain(at("03-11 12:10"))
    [one] = gateway.came
    assert one["mobile"] == PHONE
    assert one["text"] == "【社区服务】您预约的咨询有新安排，可凭查询码查看。"
    assert one["template"] == "R1"
    assert Message.objects.get().state == State.SENT
    looked = Access.objects.filter(purpose="reach", matters=[str(m)])
    assert looked.count() == 2, "each opening of her contact is logged, also when nothing was sent"


@pytest.mark.parametrize(
    "change",
    [{"message_ok": "no"}, {"no_contact": "yes"}],
)
def test_what_she_says_meanwhile_counts(world: World, gateway: Gateway, change: dict[str, str]) -> None:
    m = her_matter(world)
    message = told_her(world, m, OUTSIDE)
    world.does("county", "change_contact", m, "03-10 16:00", **change)
    worker.drain(at("03-11 12:20"))
    message.refresh_from_db()
    assert (message.state, message.why) == (State.DROPPED, "never")
    assert gateway.came == []
    assert Notice.objects.filter(matter=m, kind=safe_contact.UNSENT).count() == 1, "whoever leads is told"


def test_after_she_took_it_back_nothing_is_opened_or_sent(world: World, gateway: Gateway) -> None:
    m = her_matter(world)
    message = told_her(world, m, OUTSIDE)
    before = Access.objects.count()
    matter_actions.move(matter_id=m, name="withdraw", actor=actors.resident(), now=at("03-10 16:00"))
    worker.drain(at("03-11 12:20"))
    message.refresh_from_db()
    assert (message.state, message.why, gateway.came) == (State.DROPPED, "gone", [])
    assert Access.objects.count() == before


def test_a_number_that_is_somebody_else_s_too_is_not_used(world: World, gateway: Gateway) -> None:
    m = her_matter(world)
    him = Party.objects.get(matter=m, role="complained")
    world.does(
        "county", "correct", m, "03-09 22:00", party=str(him.id), compartment="contact", base="0", reason="补登记",
        **{"party-their_phone": f"{PHONE[:3]} {PHONE[3:]}"},
    )  # fmt: skip
    message = told_her(world, m, INSIDE)
    assert (message.state, message.why, gateway.came) == (State.DROPPED, "number", [])


def test_residents_messages_are_off_until_the_city_says_otherwise(world: World, settings: Any) -> None:
    m = her_matter(world)
    assert settings.SMS_RESIDENTS is False
    with pytest.raises(NotAllowed, match="没有开通"):
        told_her(world, m, INSIDE)


# -- what becomes of it ---------------------------------------------------------------------------------------


def test_what_may_have_reached_her_is_not_sent_twice_by_itself(
    world: World, gateway: Gateway, monkeypatch: Any
) -> None:
    monkeypatch.setattr(channels, "PATIENCE_SECONDS", 0.2)
    gateway.before_answer = lambda: __import__("time").sleep(0.5)
    message = told_her(world, her_matter(world), INSIDE)
    assert message.state == State.UNSURE
    assert Outbox.objects.get(pk=message.id).dead_at
    gateway.before_answer = lambda: None
    for hours in range(1, 100, 7):
        worker.drain(at(INSIDE) + timedelta(hours=hours))
    assert len(gateway.came) == 1
    actions.send_again(actor=world.actor("county", INSIDE), message_id=message.id, now=at(INSIDE))
    worker.drain(at(INSIDE))
    assert len(gateway.came) == 2
    assert {c["key"] for c in gateway.came} == {str(message.id)}
    message.refresh_from_db()
    assert message.state == State.SENT


def test_a_gateway_that_refuses_is_asked_again_and_again_later_then_it_stands_aside(
    world: World, gateway: Gateway
) -> None:
    account = world.posts["county"].account
    accounts.set_contact(
        account=account, name="方婷", mobile="10013500077", actor=SYSTEM, now=at("03-09 08:00")
    )
    gateway.status = 503
    sending.ask_once(
        key="k", wording="urgent", way="sms", agency=world.offices["county"].id, now=at(MORNING),
        account=account.id,
    )  # fmt: skip
    when: datetime = at(MORNING)
    for wait in [timedelta(), *worker.BACKOFF]:
        when += wait
        worker.drain(when)
    message = Message.objects.get()
    assert message.state == State.GIVEN_UP
    assert len(gateway.came) == worker.MAX_TRIES


def test_delivered_where_the_gateway_says_so(world: World, gateway: Gateway) -> None:
    gateway.answer = b'{"status": "delivered"}'
    assert told_her(world, her_matter(world), INSIDE).state == State.DELIVERED


def test_who_may_see_and_send_again(world: World, gateway: Gateway, monkeypatch: Any) -> None:
    m = her_matter(world)
    message = told_her(world, m, INSIDE)
    Message.objects.update(state=State.UNSURE)
    Outbox.objects.filter(pk=message.id).update(done_at=None, dead_at=at(INSIDE))
    assert [
        line.id for line in actions.overview(actor=world.actor("county", INSIDE), now=at(INSIDE)).aside
    ] == [message.id]
    assert actions.overview(actor=world.actor("other", INSIDE), now=at(INSIDE)).aside == []
    with pytest.raises(NotFound):
        actions.send_again(actor=world.actor("other", INSIDE), message_id=message.id, now=at(INSIDE))
    hers, root = world.posts["county"].account, Matter.objects.get(pk=m).root
    Wall.objects.create(account=hers, root=root, cause="recused", since=at(INSIDE))
    assert actions.overview(actor=world.actor("county", INSIDE), now=at(INSIDE)).aside == []
    with pytest.raises(NotFound):
        actions.send_again(actor=world.actor("county", INSIDE), message_id=message.id, now=at(INSIDE))


def test_no_word_of_a_message_is_stored(world: World, gateway: Gateway) -> None:
    message = told_her(world, her_matter(world), OUTSIDE)
    assert outbox.body_of(Outbox.objects.get(pk=message.id)) == {}
    assert PHONE not in str(Message.objects.values().get())
