"""Whom of the staff is told that something waits: at once, when something new comes, or once a day.

What is counted is what she would see at her desk (`seats.visible_to`), so nobody behind a wall is told of more than
everybody else; asked for under a key, so that a job that runs again asks for nothing twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, time, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from anjia.engine.matters import worklists
from anjia.engine.matters.climbing import ORDER
from anjia.engine.matters.models import Duty, Notice
from anjia.engine.matters.seats import Scope, visible_to
from anjia.engine.messages import channels, sending
from anjia.engine.messages.models import Often, Preference, Way
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.core.ids import uuid7
from anjia.foundation.core.verdict import NotFound
from anjia.registry.posts import actors, agencies, duty
from anjia.registry.posts.actors import Actor, held_on, today
from anjia.registry.posts.models import Agency, Post, PostRole, Shift

#: When the day's one message goes, and until when it is still worth sending.
DAILY, NO_MORE = time(8, 30), time(12)
FRESH_EVERY = timedelta(minutes=15)
LOOKS_BACK = timedelta(hours=26)
#: Lines of the in-box that cannot wait: nobody took it on at the end of the ladder; a serious incident was reported.
ALARM, CLIMBED = "alarm", "climbed"
SERIOUS = "serious-incident"
NEWS = ("new", "holds", "told", CLIMBED)
WORKING = (PostRole.HEAD, PostRole.OFFICER, PostRole.TRIAGE, PostRole.VOLUNTEER)

#: What waits for somebody and is no duty, counted by the room that keeps it, under its name.
BESIDES: dict[str, Callable[[Actor, datetime], int]] = {}


def count_besides(room: str, count: Callable[[Actor, datetime], int]) -> None:
    """Let the day's message count what a room keeps beside the duties."""
    BESIDES[room] = count


def told_today(*, now: datetime) -> int:
    """The day's one message to everybody who wants it and for whom something waits."""
    local = now.astimezone(SHANGHAI)
    if not DAILY <= local.time() < NO_MORE:
        return 0
    asked = 0
    for wish in wishes().exclude(often=Often.URGENT):
        key = f"daily:{wish.account_id}:{local.date().isoformat()}"
        count, agency = waiting(wish.account_id, now)
        if count and agency:
            asked += sending.ask_once(
                key=key,
                wording="digest",
                way=wish.way,
                agency=agency,
                count=count,
                account=wish.account_id,
                now=now,
            )
    return asked


def told_of_new(*, now: datetime) -> int:
    """What has come in since, for whoever wants to know at once: one message in a quarter of an hour at most."""
    slot = int(now.timestamp() // FRESH_EVERY.total_seconds())
    since = now - FRESH_EVERY
    asked = 0
    for wish in wishes().filter(often=Often.FRESH):
        for actor in at_work(wish.account_id, now):
            count = len(worklists.inbox(visible_to(actor), kinds=NEWS, since=since, limit=99))
            if count and actor.agency_id:
                asked += sending.ask_once(
                    key=f"fresh:{wish.account_id}:{slot}", wording="fresh", way=wish.way, agency=actor.agency_id,
                    count=count, account=wish.account_id, now=now,
                )  # fmt: skip
    return asked


def told_at_once(*, now: datetime) -> int:
    """What cannot wait: to whoever is on duty and to the heads of the office, also at night."""
    asked = 0
    for notice in urgent(now):
        for who in recipients(notice, now):
            asked += sending.ask_once(
                key=f"urgent:{notice.id}:{who['account'] or who['shift']}", wording="urgent", agency=notice.agency_id,
                matter=notice.matter_id, now=now, **who,
            )  # fmt: skip
    return asked


def urgent(now: datetime) -> list[Notice]:
    """Unread in-box lines of the last day that cannot wait. Ids grow with time, so the primary key finds them."""
    earliest = uuid7(int((now - LOOKS_BACK).timestamp() * 1000))
    first = UUID(int=earliest.int >> 80 << 80)
    rows = Notice.objects.filter(pk__gte=first, seen_at__isnull=True, at__lte=now)
    wanted = Q(kind=ALARM) | Q(kind=CLIMBED) | Q(matter__playbook=SERIOUS, kind__in=("new", "holds", "told"))
    found = list(rows.filter(wanted).select_related("matter", "agency").order_by("id"))
    at_the_end = set(
        Duty.objects.filter(
            pk__in=[n.duty for n in found if n.kind == CLIMBED and n.duty], done_at__isnull=True
        )
        .exclude(climbed_to__in=ORDER)
        .values_list("id", flat=True)
    )
    return [n for n in found if n.kind != CLIMBED or n.duty in at_the_end]


def recipients(notice: Notice, now: datetime) -> Iterator[dict[str, object]]:
    """The telephone of the roster, whoever is on duty, and the heads; nobody who may not see the matter."""
    shift = on_duty(notice, now)
    accounts = {p.account_id for p in heads(notice.agency_id, now) if sees(p.id, notice.matter_id, now)}
    if shift is not None:
        accounts.add(shift.post.account_id)
        if channels.is_set_up(Way.SMS):
            yield {"shift": shift.id, "account": None, "way": Way.SMS}
    for wish in wishes().filter(account__in=accounts):
        if not (wish.way == Way.SMS and shift is not None and wish.account_id == shift.post.account_id):
            yield {"shift": None, "account": wish.account_id, "way": wish.way}


def on_duty(notice: Notice, now: datetime) -> Shift | None:
    """Who answers the telephone of that office now, or of the next above whose person may see the matter."""
    line: Iterable[Agency] = (notice.agency, *agencies.superiors(notice.agency))
    for office in line:
        shift = duty.on_duty(office.id, now)
        if shift is not None and sees(shift.post_id, notice.matter_id, now):
            return shift
    return None


def heads(agency: UUID, now: datetime) -> list[Post]:
    """Those who answer for an office."""
    return [p for p in actors.of_agency(agency, now) if p.role == PostRole.HEAD]


def sees(post: UUID, matter: UUID, now: datetime) -> bool:
    """Whether the matter exists for whoever holds this post."""
    try:
        visible_to(actors.for_post(post, now)).find(matter)
    except NotFound:
        return False
    return True


def wishes() -> QuerySet[Preference]:
    """Those who want to be told elsewhere than at the desk, on a way the city has."""
    ways = [w for w in (Way.MAIL, Way.WECOM, Way.DINGTALK, Way.SMS) if channels.is_set_up(w)]
    return Preference.objects.filter(way__in=ways, account__is_active=True).order_by("account_id")


def at_work(account: UUID, now: datetime) -> list[Actor]:
    """In each post this person works in today."""
    posts = held_on(today(now)).filter(account=account, role__in=WORKING).order_by("id")
    return [actors.for_post(p, now) for p in posts.values_list("id", flat=True)]


def waiting(account: UUID, now: datetime) -> tuple[int, UUID | None]:
    """How many things are due today or late and hers or her office's, over all her posts, with what is no duty and
    has lain too long; and one of the offices.
    """
    count, office = 0, None
    for actor in at_work(account, now):
        count += due_today(visible_to(actor), now).count()
        count += sum(beside(actor, now) for beside in BESIDES.values())
        office = office or actor.agency_id
    return count, office


def due_today(scope: Scope, now: datetime) -> QuerySet[Duty]:
    """What stands on her first page for today: given to her, or to nobody in her office yet."""
    tonight = worklists.end_of_day(now)
    mine = Q(post__isnull=True) | Q(post=scope.actor.post_id)
    return scope.own_duties().filter(mine, due_at__lte=tonight, paused_at__isnull=True)
