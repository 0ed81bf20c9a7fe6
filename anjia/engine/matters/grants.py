"""按目的开看 and 应急查阅: who may look behind the mask, for how long, what is written down first and who is told.

Both add to what the reader's scope shows him already; neither lets him see a matter he would not see. What another
office is granted is in `granting`. How long each lasts and what it opens stands here and in the code lists alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from anjia.engine.matters import granting, values
from anjia.engine.matters.acting import locked
from anjia.engine.matters.engine_moves import ACCESS_OVER, EMERGENCY, OPEN_FOR
from anjia.engine.matters.models import Capacity, Duty, Grant, Matter, Seat
from anjia.engine.matters.moving import Moving, notify
from anjia.engine.matters.record import record
from anjia.engine.matters.seats import Seated, visible_to
from anjia.foundation.core.ids import uuid7
from anjia.foundation.core.verdict import ALLOW, NotFound, RuleBroken, Verdict, deny, require
from anjia.foundation.events import access
from anjia.foundation.vault.models import Compartment
from anjia.law import codes
from anjia.law.playbooks.builtin import BUILT_IN_DUTIES
from anjia.law.playbooks.schema import Move
from anjia.registry.posts import agencies, who_may
from anjia.registry.posts.actors import CLOCK, Actor, held_on, today
from anjia.registry.posts.kinds import kinds
from anjia.registry.posts.models import Agency, Post, PostRole

#: The line above looks for one working day; an emergency is over, or in the hands of whoever leads, after two hours.
LASTS: dict[str, timedelta] = {
    Grant.Kind.PURPOSE: timedelta(hours=8),
    Grant.Kind.EMERGENCY: timedelta(hours=2),
}
#: The most the line above may open, whatever the purpose: how she is reached is nobody's to supervise.
FROM_ABOVE = frozenset({Compartment.LABEL, Compartment.IDENTITY, Compartment.NARRATIVE})
#: What saves a life: who she is, how to reach her, what happened. Papers do not, and where she is has its own gate.
IN_EMERGENCY = frozenset({*FROM_ABOVE, Compartment.CONTACT})
PURPOSES, EMERGENCIES = "unmask-purpose", "emergency-purpose"
#: Seats whose line above may look: it supervises whoever leads or asked, not whoever was merely invited.
LED = frozenset({Capacity.HOLDER, Capacity.TRAY, Capacity.REFERRER})
FEDERATION = "federation"
OPENED, URGENT = "opened_for", "emergency"
OPEN_PAGE, EMERGENCY_PAGE = "desk:open", "desk:emergency"


# -- who may ----------------------------------------------------------------------------------------------


def can_open_for(actor: Actor, seated: Seated) -> Verdict:
    """The line above whoever leads the matter, in a post that works; never leaders, administrators, volunteers."""
    if not who_may.opens(OPEN_PAGE, seated.relation) or not seated.above & LED or not supervises(actor):
        return deny(_("只有承办单位的上级可以申请查看。"), "capacity")
    return works(actor, OPEN_PAGE)


def can_open_in_emergency(actor: Actor, seated: Seated) -> Verdict:
    """An office of the line above, or one that helps in the matter: federation, police, health, shelter."""
    above = seated.relation == "masked"
    if not who_may.opens(EMERGENCY_PAGE, seated.relation) or (above and not supervises(actor)):
        return deny(_("您的单位不能应急查阅这件事项。"), "capacity")
    return works(actor, EMERGENCY_PAGE)


def supervises(actor: Actor) -> bool:
    """Whether this kind of office leads others of its line: a bureau does, a hospital or a legal aid centre does not."""
    kind = kinds().get(actor.agency_kind)
    return kind is not None and kind.leads


def works(actor: Actor, page: str) -> Verdict:
    """Whether the table admits this post to the page."""
    if who_may.TABLE[page].admits(actor.role, actor.line, actor.tier):
        return ALLOW
    return deny(_("这个岗位不能办这件事。"), "post")


# -- opening ------------------------------------------------------------------------------------------------


def open_for(*, actor: Actor, matter_id: UUID, purpose: str, words: str, now: datetime) -> Grant:
    """按目的开看: for eight hours the line above reads as much as the purpose needs; whoever leads is told.

    NotFound outside the scope, NotAllowed where this post may not, RuleBroken without a purpose and a reason.
    """
    require(can_open_for(actor, visible_to(actor).find(matter_id)))
    said = reasons(OPEN_FOR, "open_purpose", purpose, words, now)
    opens = FROM_ABOVE & set(codes.book()[PURPOSES].items[purpose].attributes["opens"])
    log_first(actor, matter_id, opens, f"{PURPOSES}:{purpose}", words, OPEN_PAGE, now, access.OPEN)
    with transaction.atomic():
        seated = visible_to(actor).find(matter_id, lock=True)
        require(can_open_for(actor, seated))
        grant = opening(actor, seated.matter, Grant.Kind.PURPOSE, opens, purpose, now)

        def also(moving: Moving) -> None:
            moving.with_event(grant)
            moving.tell(seated.matter.holder_id, OPENED)

        record(seated, OPEN_FOR, actor=actor, now=now, values=said, codes=about(grant), also=also)
    return grant


def open_in_emergency(
    *, actor: Actor, matter_id: UUID, purpose: str, words: str, fresh: bool, now: datetime
) -> Grant:
    """应急查阅: for two hours; written down before anything is decrypted, two heads told at once, reviewed after.

    NotFound outside the scope, NotAllowed where this post may not (code "fresh" without a second factor shown just
    now), RuleBroken without a kind of emergency and a reason.
    """
    require(can_open_in_emergency(actor, visible_to(actor).find(matter_id)))
    require(ALLOW if fresh else deny(_("请先再次验证身份。"), "fresh"))
    said = reasons(EMERGENCY, "emergency_purpose", purpose, words, now)
    log_first(
        actor, matter_id, IN_EMERGENCY, f"{EMERGENCIES}:{purpose}", words, EMERGENCY_PAGE, now, access.URGENT
    )
    with transaction.atomic():
        seated = visible_to(actor).find(matter_id, lock=True)
        require(can_open_in_emergency(actor, seated))
        grant = opening(actor, seated.matter, Grant.Kind.EMERGENCY, IN_EMERGENCY, purpose, now)

        def also(moving: Moving) -> None:
            moving.with_event(grant)
            tell_heads(moving, owe_review(moving, grant))

        record(seated, EMERGENCY, actor=actor, now=now, values=said, codes=about(grant), also=also)
    return grant


def reasons(move: Move, field: str, purpose: str, words: str, now: datetime) -> dict[str, str]:
    """A purpose from the list and a sentence, or what is missing beside each."""
    try:
        said = values.clean(move.asks, {field: purpose, "reason": words}, now=now)
    except RuleBroken as broken:
        named = {("purpose" if name == field else "words"): text for name, text in broken.fields.items()}
        raise RuleBroken(broken.reason, named) from None
    if len(said["reason"]) < 4:
        raise RuleBroken(_("有几处需要改一下。"), {"words": _("请写明为什么现在需要。")})
    return said


def log_first(
    actor: Actor,
    matter: UUID,
    opens: Iterable[str],
    purpose: str,
    words: str,
    route: str,
    now: datetime,
    how: str,
) -> None:
    """The entry in 谁看过 is committed before the right exists: no entry, no right."""
    access.open_now(
        actor,
        matter=matter,
        compartment=sorted(opens),
        purpose_code=purpose,
        purpose_text=words.strip(),
        route=route,
        at=now,
        how=how,
    )


def opening(
    actor: Actor, matter: Matter, kind: str, opens: Iterable[str], purpose: str, now: datetime
) -> Grant:
    """The right of one person in one post, from now."""
    if actor.agency_id is None or actor.post_id is None:
        raise NotFound
    return Grant(
        id=uuid7(),
        matter=matter,
        root=matter.root,
        agency_id=actor.agency_id,
        post_id=actor.post_id,
        account=actor.account_id,
        kind=kind,
        compartments=sorted(opens),
        purpose=purpose,
        from_at=now,
        until=now + LASTS[kind],
    )


def about(grant: Grant) -> dict[str, object]:
    """What the event says of it: ids, codes and an end."""
    return {
        "grant": {"id": str(grant.id), "agency": str(grant.agency_id), "until": grant.until.isoformat()},
        "opens": list(grant.compartments),
    }


# -- review ---------------------------------------------------------------------------------------------------


def owe_review(moving: Moving, grant: Grant) -> Duty:
    """The federation that leads the matter, or asked for it, owes a review; the duty carries the opening's id."""
    duty = moving.start_duty(BUILT_IN_DUTIES[granting.REVIEW])
    duty.id = grant.id
    owner = reviewer(moving)
    if owner.id != duty.agency_id:
        duty.agency, duty.post_id, duty.line = owner, None, owner.line
        duty.village, duty.township, duty.county, duty.city = (
            owner.village, owner.township, owner.county, owner.city,
        )  # fmt: skip
    return duty


def reviewer(moving: Moving) -> Agency:
    """Whoever leads, if a federation; else the federation that asked; never the office that opened."""
    holder = moving.matter.holder
    if holder.line == FEDERATION:
        return holder
    seats = Seat.objects.filter(
        matter=moving.matter, to_at__isnull=True, line=FEDERATION, capacity__in=LED, mask=False
    )
    found = seats.exclude(agency=moving.actor.agency_id).select_related("agency").order_by("from_at").first()
    return found.agency if found else holder


def tell_heads(moving: Moving, duty: Duty) -> None:
    """The head of the federation that will review, and the head of the office that opened (or of the one above)."""
    own = moving.agency(moving.actor.agency_id) if moving.actor.agency_id else None
    heads = heads_of(moving, duty.agency) + (heads_over(moving, own) if own else [])
    for post in heads:
        notify(
            moving.batch,
            agency=post.agency_id,
            kind=URGENT,
            matter=moving.matter.id,
            now=moving.now,
            duty=duty.id,
            post=post.id,
        )
    if not any(p.agency_id == duty.agency_id for p in heads):  # an office without a head: whoever works there
        notify(
            moving.batch,
            agency=duty.agency_id,
            kind=URGENT,
            matter=moving.matter.id,
            now=moving.now,
            duty=duty.id,
        )


def heads_of(moving: Moving, agency: Agency) -> list[Post]:
    """Heads of an office, without whoever is opening."""
    posts = held_on(today(moving.now)).filter(agency=agency, role=PostRole.HEAD)
    return list(posts.exclude(account=moving.actor.account_id).order_by("id"))


def heads_over(moving: Moving, agency: Agency) -> list[Post]:
    """Heads of one's own office, else of the nearest above that has one."""
    found: Agency | None = agency
    while found is not None:
        if heads := heads_of(moving, found):
            return heads
        found = agencies.above(found)
    return []


# -- reading --------------------------------------------------------------------------------------------------


def account_for(seated: Seated, compartment: str) -> None:
    """What is read by a narrower right says so in the log; in an emergency before it is decrypted, in its own entry."""
    right, actor = seated.beyond_seat(compartment), seated.actor
    if right is None or actor is None or actor.at is None:
        return
    reader = access.current()
    if right.kind != Grant.Kind.EMERGENCY:
        reader.because(f"{LISTS[right.kind]}:{right.purpose}")
        return
    if not reader.has_recorded(seated.matter.id, compartment):
        access.open_now(
            actor,
            matter=seated.matter.id,
            compartment=right.compartments,
            purpose_code=f"{EMERGENCIES}:{right.purpose}",
            purpose_text="",
            route=EMERGENCY_PAGE,
            at=actor.at,
            how=access.URGENT,
        )


#: Where the purpose of each kind of right is a code.
LISTS: dict[str, str] = {
    Grant.Kind.PURPOSE: PURPOSES,
    Grant.Kind.EMERGENCY: EMERGENCIES,
    Grant.Kind.GRANT: "grant-purpose",
}


@dataclass(frozen=True, slots=True)
class Right:
    """One narrower right in a matter, for whoever leads it."""

    id: UUID
    kind: str
    agency: str
    account: UUID | None
    compartments: list[str]
    list: str
    purpose: str
    ground: str
    from_at: datetime
    until: datetime
    ended_at: datetime | None
    is_live: bool
    needs_review: bool
    verdict: str


def of_matter(
    matter: UUID, now: datetime, verdicts: dict[str, str], owed: Iterable[UUID] = ()
) -> list[Right]:
    """Every right that was given or taken in a matter, the newest first. `verdicts`: opening → finding."""
    open_reviews = set(owed)
    rows = Grant.objects.filter(matter=matter).select_related("agency").order_by("-from_at", "-id")
    return [
        Right(
            id=g.id,
            kind=g.kind,
            agency=g.agency.name,
            account=g.account if g.kind != Grant.Kind.GRANT else None,
            compartments=list(g.compartments),
            list=LISTS[g.kind],
            purpose=g.purpose,
            ground=g.ground,
            from_at=g.from_at,
            until=g.until,
            ended_at=g.ended_at,
            is_live=g.ended_at is None and g.until > now,
            needs_review=g.id in open_reviews,
            verdict=verdicts.get(str(g.id), ""),
        )
        for g in rows
    ]


# -- running out ----------------------------------------------------------------------------------------------


def end_what_ran_out(*, now: datetime) -> int:
    """What has run out is put away: seats that were only granted end, and the matter's own story says so.

    Nothing depends on when this runs: from its last moment on a right opens nothing.
    """
    over = Grant.objects.filter(ended_at__isnull=True, until__lte=now)
    over.exclude(kind=Grant.Kind.GRANT).update(ended_at=F("until"))
    matters = sorted(set(over.filter(kind=Grant.Kind.GRANT).values_list("matter_id", flat=True)), key=str)
    for matter in matters:
        with transaction.atomic():
            put_away(locked(matter), now)
    return len(matters)


def put_away(matter: Matter, now: datetime) -> None:
    """The grants of one matter that have run out."""
    over = list(
        Grant.objects.filter(
            matter=matter, kind=Grant.Kind.GRANT, ended_at__isnull=True, until__lte=now
        ).order_by("id")
    )
    if over:
        seated = Seated(matter, "", True)
        record(seated, ACCESS_OVER, actor=CLOCK, now=now, also=lambda moving: granting.end(moving, over))
