"""Messages in the demo city: nothing leaves. One reached her, one waits for her hours, one stands aside at the head's."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from anjia.demo.posts import City
from anjia.engine.matters import actions as engine
from anjia.engine.matters.inputs import Decisions, PartyInput
from anjia.engine.messages import actions, channels, sending
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.outbox import worker

HEAD = "hanjiang"


def live(city: City, now: datetime) -> None:
    """Two women who agreed to text messages, and a head whose receiving id was wrong."""
    if not channels.is_as_if("sms"):  # a city with a gateway of its own sends nothing for show
        return
    morning = now.astimezone(SHANGHAI) - timedelta(hours=3)
    later = morning + timedelta(hours=7)
    answered(city, "林秋月", "10013500081", "0:00–23:59", morning)
    answered(city, "何素梅", "10013500082", f"{later:%H:%M}–{later + timedelta(minutes=40):%H:%M}", morning)
    stands_aside(city, now)
    worker.drain(now)


def answered(city: City, name: str, phone: str, hours: str, when: datetime) -> UUID:
    """She called, agreed to text messages in her hours, and has an answer at her receipt."""
    contact = {"phone": phone, "safe_when": hours}
    asking = PartyInput(
        role="asking", sex="female", age_band="30-39", sealed={"label": {"name": name}, "contact": contact},
        decisions=Decisions(), residence=city.agency(HEAD).county,
    )  # fmt: skip
    matter = engine.open_matter(
        playbook="dv-case", actor=city.actor(HEAD, when), now=when, channel="call", place=city.agency(HEAD).county,
        parties=[asking], data={"facts": "她想先问问能办什么,暂时不要上门。", "reporter": "self"}, with_receipt=True,
    ).matter  # fmt: skip
    steps = (
        ("accept_in", {"first_or_repeat": "first", "urgency": "soon"}),
        ("change_contact", {"message_ok": "yes"}),
        ("reply", {"reply_words": "您问的几件事都写在这里了,有空来看。", "reply_channel": "sms"}),
    )
    for minutes, (name_, data) in enumerate(steps, 1):
        at = when + timedelta(minutes=5 * minutes)
        engine.move(matter_id=matter, name=name_, actor=city.actor(HEAD, at), now=at, data=data)
    worker.drain(when + timedelta(minutes=20))
    return matter


def stands_aside(city: City, now: datetime) -> None:
    """Her summary of the day before yesterday, refused at every try; since then she has put her address right."""
    asked = now - timedelta(hours=35)
    actor = city.actor(HEAD, asked)
    wish = {"often": "daily", "quiet_from": "0:00", "quiet_to": "0:00"}
    actions.set_preference(actor=actor, way="wecom", address=channels.NOBODY, now=asked, **wish)
    sending.ask_once(
        key=f"daily:{actor.account_id}:{asked.date().isoformat()}", wording="digest", way="wecom", count=3,
        agency=city.agency(HEAD).id, account=actor.account_id, now=asked,
    )  # fmt: skip
    at = asked
    for wait in (timedelta(), *worker.BACKOFF):
        at += wait
        worker.drain(min(at, now))
    actions.set_preference(actor=city.actor(HEAD, now), way="wecom", address="hanjiang-head", now=now, **wish)
