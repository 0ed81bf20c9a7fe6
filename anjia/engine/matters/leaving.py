"""离岗交接: a post ends only when what it holds has gone to somebody; a post that ended by its date leaves nothing behind.

Whoever ends it names, matter by matter, a colleague or the office above. What he may not see (a wall stands before him,
or he looks after the register alone) goes by itself to a head who may, else to the office, else to the one above.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from anjia.engine.matters import walls
from anjia.engine.matters.acting import locked
from anjia.engine.matters.engine_moves import GIVEN_OUT, HAND_ON
from anjia.engine.matters.handing import give_back, hand_over
from anjia.engine.matters.models import Duty, Matter
from anjia.engine.matters.moving import Moving, step_of
from anjia.engine.matters.seats import visible_to
from anjia.engine.matters.settling import settle
from anjia.foundation.core.ids import first_of
from anjia.foundation.core.verdict import NotFound, RuleBroken, deny, require
from anjia.foundation.events import access
from anjia.foundation.events.models import Access, Event
from anjia.law.playbooks.interpreter import Plan
from anjia.law.playbooks.library import definition, find_duty
from anjia.law.playbooks.schema import Text
from anjia.registry.posts import agencies, ledger, people
from anjia.registry.posts.actions import accounts
from anjia.registry.posts.actors import SYSTEM, Actor, held_on, of_agency, today
from anjia.registry.posts.models import Post, PostRole
from anjia.registry.posts.policies import can_manage_people_of

#: The heir that is no colleague.
ABOVE = "above"
#: How far back what somebody gave out or saved is shown.
OUT_FOR = timedelta(days=180)
SAVED_FOR = timedelta(days=30)
NEWS_FOR = timedelta(days=14)
SHOWN = 100


@dataclass(frozen=True, slots=True)
class Held:
    """One matter that the post holds something in, as whoever ends the post may see it."""

    matter: UUID
    number: str
    label: Text
    duties: tuple[Text, ...]
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Exported:
    """A paper given out, or an original saved, under this person's name."""

    at: datetime
    number: str
    what: str  # code of the paper; "" for an original that was saved


@dataclass(frozen=True)
class Leaving:
    """What the screen of one leaving shows."""

    post: Post
    name: str
    held: list[Held]
    exported: list[Exported]
    heirs: list[tuple[str, str]]


# -- what is held -------------------------------------------------------------------------------------------


def held_matters(posts: Sequence[UUID]) -> list[UUID]:
    """Open matters that lie with these posts, or in which they have a duty."""
    owing = Duty.objects.filter(post__in=posts, done_at__isnull=True).values("matter")
    return list(
        Matter.objects.filter(Q(pk__in=owing) | Q(assignee__in=posts, closed_at__isnull=True))
        .order_by("id")
        .values_list("id", flat=True)
    )


@accounts.before_end
def holds_something(post: Post) -> bool:
    """A post that holds something does not end."""
    return bool(held_matters([post.id]))


def leaving(post: Post, actor: Actor, now: datetime) -> Leaving:
    """The page for whoever looks after the people of that office. NotAllowed for everybody else."""
    check(post, actor, now)
    ids = held_matters([post.id])
    seen = visible_to(actor).seen(ids) if actor.agency_id else set()
    rows = Matter.objects.filter(pk__in=seen).order_by("id")
    duties: dict[UUID, list[Duty]] = {}
    for duty in Duty.objects.filter(matter__in=seen, post=post, done_at__isnull=True).order_by("due_at"):
        duties.setdefault(duty.matter_id, []).append(duty)
    held = [as_held(m, duties.get(m.id, [])) for m in rows]
    return Leaving(
        post=post,
        name=people.name(post.account_id),
        held=held,
        exported=exported(post, actor, now),
        heirs=heirs(post, now),
    )


def check(post: Post, actor: Actor, now: datetime) -> None:
    """Whoever looks after the people of that office, for a post that still runs, and never for his own."""
    require(can_manage_people_of(actor, post.agency))
    if post.account_id == actor.account_id:
        require(deny(_("自己的离岗请上一级负责人办理。"), "own-post"))
    if post.to_on and post.to_on <= today(now):
        raise NotFound


def as_held(matter: Matter, duties: list[Duty]) -> Held:
    """One line; nobody in it is named, because a head above sees it masked."""
    playbook = definition(matter.playbook, matter.version)
    labels = tuple(find_duty(playbook, d.kind).label for d in duties)
    return Held(
        matter.id, matter.number, playbook.label, labels, min((d.due_at for d in duties), default=None)
    )


def exported(post: Post, actor: Actor, now: datetime) -> list[Exported]:
    """Papers given out in half a year and originals saved in a month, in matters this reader may see."""
    papers = Event.objects.filter(move=GIVEN_OUT.name, at__gte=now - OUT_FOR, post=post.id).order_by("-at")
    found = [(e.at, e.matter, str(e.codes.get("facts", {}).get("paper_given", ""))) for e in papers[:SHOWN]]
    since = first_of(now - SAVED_FOR)
    saved = Access.objects.filter(pk__gte=since, post=post.id, how=access.FILE).order_by("-id")
    found += [(a.at, UUID(m), "") for a in saved[:SHOWN] for m in a.matters]
    seen = visible_to(actor).seen({m for _at, m, _what in found})
    numbers = dict(Matter.objects.filter(pk__in=seen).values_list("id", "number"))
    return sorted((Exported(at, numbers[m], what) for at, m, what in found if m in numbers), key=newest)


def newest(one: Exported) -> tuple[float, str]:
    """The newest first."""
    return -one.at.timestamp(), one.number


def heirs(post: Post, now: datetime) -> list[tuple[str, str]]:
    """Colleagues who can take it on, and the office above."""
    posts = [
        p
        for p in of_agency(post.agency_id, now)
        if p.account_id != post.account_id and p.role not in walls.IDLE
    ]
    named = people.names({p.account_id for p in posts})
    found = [(str(p.id), f"{named.get(p.account_id, '')} · {p.title}") for p in posts]
    above = agencies.above(post.agency)
    return [*found, *([(ABOVE, above.name)] if above else [])]


# -- ending --------------------------------------------------------------------------------------------------


def end(*, post: Post, handed: Mapping[UUID, str], actor: Actor, now: datetime) -> int:
    """End a post today and hand on what it holds, all of it or nothing; returns how many matters.

    `handed`: matter → a colleague's post, or ABOVE. Raises RuleBroken with a message for each matter that
    nobody was named for, NotAllowed for whoever does not look after these people.
    """
    check(post, actor, now)
    with transaction.atomic():
        ids = held_matters([post.id])
        seen = visible_to(actor).seen(ids) if actor.agency_id else set()
        choices = {value for value, _label in heirs(post, now)}
        missing = [m for m in ids if m in seen and handed.get(m) not in choices]
        if missing:
            words = _("请选交给谁。")
            raise RuleBroken(_("还有事项没有选交给谁,没有离岗。"), {f"post-{m}": words for m in missing})
        for matter in ids:
            hand_on(matter, post, handed[matter] if matter in seen else "", actor, now)
        accounts.end_post(post=post, actor=actor, now=now)
    return len(ids)


def hand_on(matter_id: UUID, post: Post, heir: str, actor: Actor, now: datetime) -> None:
    """What the post has in one matter goes to the heir: a post of the same office, the office above, or whoever may."""
    moving = begun(locked(matter_id), actor, now)
    walled = walls.of_root(moving.matter.root)
    colleague = None if heir in ("", ABOVE) else Post.objects.select_related("agency").get(pk=heir)
    if colleague is not None and colleague.account_id in walled:
        words = _("这件事不能派给这位同事,请另派一位。")
        raise RuleBroken(words, {f"post-{matter_id}": words})
    if not heir:
        colleague = a_head(post, walled, now)
    for duty in [d for d in moving.duties if d.post_id == post.id]:
        give_back(moving, duty)
        if colleague is not None:
            moving.change_duty(duty, post_id=colleague.id)
    if moving.matter.assignee_id == post.id:
        moving.matter.assignee = colleague
    office, gone = post.agency, {*walled, post.account_id}
    if heir == ABOVE or (colleague is None and walls.emptied({office.id}, gone, today(now))):
        above = agencies.above(office)
        above = walls.instead_of(above, walled, today(now)) if above else None
        if above is not None:
            hand_over(moving, office, above, "above")
            moving.tell(above.id, "holds")
            moving.codes["to_office"] = str(above.id)
    moving.codes["from_post"] = str(post.id)
    if colleague is not None:
        moving.codes["post"] = str(colleague.id)
    moving.tell(office.id, "left")
    settle(moving, Plan(stage_after=moving.matter.stage))
    moving.batch.flush()


def begun(matter: Matter, actor: Actor, now: datetime) -> Moving:
    """The move under way."""
    return step_of(matter, HAND_ON, actor=actor, now=now)


def a_head(post: Post, walled: set[UUID], now: datetime) -> Post | None:
    """A head of the office who may see the matter."""
    posts = held_on(today(now)).filter(agency=post.agency_id, role=PostRole.HEAD)
    return posts.exclude(account__in={*walled, post.account_id}).order_by("id").first()


# -- ended by date ---------------------------------------------------------------------------------------------


def clear_ended(*, now: datetime) -> int:
    """Posts that ended by their date, or with their account: what they held goes to the head; how many posts."""
    over = Q(to_on__lte=today(now)) | Q(account__is_active=False)
    posts = list(Post.objects.filter(over, cleared_at__isnull=True).select_related("agency", "account"))
    for post in posts:
        with transaction.atomic():
            ids = held_matters([post.id])
            for matter in ids:
                hand_on(matter, post, "", SYSTEM, now)
            accounts.note_end(post=post, handed=len(ids), actor=SYSTEM, now=now)
    return len(posts)


def news(actor: Actor, now: datetime) -> list[ledger.Entry]:
    """What the head of an office is told on the first page: whose post ended by itself lately, with something in hand."""
    if actor.role != PostRole.HEAD or actor.agency_id is None:
        return []
    ended = ledger.entries(actor.agency_id, (ledger.POST_ENDED,))
    return [e for e in ended if e.at > now - NEWS_FOR and e.codes.get("by_date") and e.codes.get("handed")]
