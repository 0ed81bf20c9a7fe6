"""What the city's office itself did: instructions, monthly pages, a roster over a feast, shifts handed over."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from anjia.demo.posts import City
from anjia.engine.matters import actions, briefs, figures, worklists
from anjia.engine.matters.seats import visible_to
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.events import access
from anjia.law.calendar import calendar
from anjia.law.calendar.days import WEEKEND
from anjia.registry.posts import actors
from anjia.registry.posts.actions import rosters

DAY = timedelta(days=1)
PHONE = "0514-00000000"
#: How far from today the roster looks for a feast.
FAR = 75
HANDED = 3


def tell(city: City, now: datetime) -> None:
    """All of it, each at its own hour of the last weeks."""
    instructed(city, now)
    monthly(city, now)
    over_a_feast(city, now)
    handed_over(city, now)


def at_office(now: datetime, days: float, hour: int = 10) -> datetime:
    """A working morning so many days ago."""
    day = (now - DAY * days).astimezone(SHANGHAI)
    while not calendar().day(day.date()).works:
        day -= DAY
    return day.replace(hour=hour, minute=0, second=0, microsecond=0)


def does(city: City, who: str, what: str, matter: UUID, at: datetime, **data: Any) -> UUID | None:
    """One step by somebody."""
    return actions.move(matter_id=matter, name=what, actor=city.actor(who, at), now=at, data=data).child


def instructed(city: City, now: datetime) -> None:
    """One that came back closed and was read, and one that is being worked on."""
    at = at_office(now, 24)
    done = written(city, at, "overdue", "请市妇联牵头,把到期没有回复的协办函催一遍,十日内报我。")
    child = does(
        city, "city", "split", done, at + timedelta(hours=4), agency=str(city.agency("police").id),
        urgency="soon", request="请把到期没有回复的来函逐件书面回复。",
    )  # fmt: skip
    assert child is not None
    does(
        city, "police", "give_reply", child, at + 2 * DAY, outcome="done", reply_text="到期来函均已书面回复。"
    )
    does(
        city, "city", "report_back", done, at_office(now, 17, 15), done_what="done",
        reply_text="到期来函已全部书面回复;派出所今后每周一清一次。",
    )  # fmt: skip
    does(city, "leader", "read_report", done, at_office(now, 16, 9))
    begun = at_office(now, 2)
    running = written(city, begun, "serious", "重大事项要当天见人、当天报。请会同公安研究一个办法。")
    does(city, "city", "keep", running, begun + timedelta(hours=3), plan="本周与市公安局家暴专班碰头。")


def written(city: City, at: datetime, about: str, words: str) -> UUID:
    """The leader writes one."""
    data = {
        "office": str(city.agency("leader").id), "said_on": at.date().isoformat(), "said_how": "typed", "on_what": about,
        "said": words,
    }  # fmt: skip
    return actions.open_office_work(
        playbook=briefs.INSTRUCTION, actor=city.actor("leader", at), now=at, data=data
    ).matter


def monthly(city: City, now: datetime) -> None:
    """The page before the last was decided on, the last one waits."""
    last = figures.earlier(figures.month_of(now))
    m, at = sent(city, figures.earlier(last), at_office(now, 26))
    does(city, "leader", "decide", m, at + DAY, answer="agree", answer_text="同意。请政法委牵头,下月看结果。")
    sent(city, last, at_office(now, 1))


def sent(city: City, month: int, at: datetime) -> tuple[UUID, datetime]:
    """One page with what the house proposes."""
    actor = city.actor("city", at)
    data = {"office": str(city.agency("leader").id), "month": str(month)}
    m = actions.open_office_work(playbook=briefs.PAGE, actor=actor, now=at, data=data).matter
    words = briefs.proposed(figures.proposals(actor, month, at))
    later = at + timedelta(minutes=12)
    does(city, "city", "send", m, later, **words)
    return m, later


def over_a_feast(city: City, now: datetime) -> None:
    """The week of the nearest feast: day and night, one colleague taking another's shift."""
    first = feast(now.astimezone(SHANGHAI).date())
    for n in range(7):
        begins = datetime.combine(first + n * DAY, time(8), SHANGHAI)
        for who, hours in (("city-desk", 0), ("city", 12)):
            rosters.add_shift(
                agency=city.agency("city"),
                post=city.posts[who],
                telephone=PHONE,
                starts_at=begins + timedelta(hours=hours),
                ends_at=begins + timedelta(hours=hours + 12),
                actor=actors.SYSTEM,
                now=now,
            )


def feast(today: date) -> date:
    """The first day of the nearest feast, behind us or before us."""
    for n in range(1, FAR):
        for day in (today + n * DAY, today - n * DAY):
            kind = calendar().day(day)
            if not kind.works and kind.name != WEEKEND and day.year == today.year:
                while not calendar().day(day - DAY).works:
                    day -= DAY
                return day
    return today


def handed_over(city: City, now: datetime) -> None:
    """Last night's shift was taken over this morning; one was handed over just now and waits."""
    evening = at_office(now, 1, 18)
    first = handed(city, evening, "夜里注意12338,派出所有可能来电。")
    does(city, "hanjiang", "accept", first, evening + timedelta(minutes=20), taken="逐件对过了,我接着办。")
    handed(city, now - timedelta(minutes=25), "今天到期的都在下面。")


def handed(city: City, at: datetime, general: str) -> UUID:
    """The desk of a county hands over what is due next, with a word on each."""
    actor = city.actor("hanjiang-desk", at)
    with access.reading(actor, route="desk:handover", how="list", at=at):
        rows = worklists.duties(visible_to(actor), limit=HANDED * 4).rows
    chosen = list(dict.fromkeys(r.matter for r in rows))[:HANDED]
    return actions.hand_over_shift(
        notes=dict.fromkeys(chosen, "期限快到了,先办这一件;她约好的时间别错过。"),
        general=general,
        next_post=str(city.posts["hanjiang"].id),
        actor=actor,
        now=at,
    ).matter
