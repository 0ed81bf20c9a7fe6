"""授权查阅: who holds a matter lets another office read part of it, for a purpose, on a ground, until a day.

It ends by itself, by the holder's hand, or by her word; from the next request on nothing of it is left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from anjia.engine.matters import consenting, walls
from anjia.engine.matters.models import Capacity, Duty, Grant
from anjia.engine.matters.moving import Moving, notify
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.core.ids import uuid7
from anjia.foundation.core.verdict import RuleBroken
from anjia.foundation.vault.models import Compartment
from anjia.law.calendar import end_of_day
from anjia.law.playbooks.names import COMMUNITY_KINDS, POLICE_KINDS
from anjia.registry.posts.models import Agency

#: How long another office may read at most; longer needs a new decision.
LONGEST = timedelta(days=90)
#: What a village may be granted: it is told whom to help and what to do, never how she is reached.
VILLAGE_AT_MOST = frozenset({Compartment.LABEL, Compartment.NARRATIVE})
#: The duty to review an emergency opening carries the opening's own id.
REVIEW = "emergency_review"
JUSTIFIED = "justified"
GRANTED, ENDED, REVIEWED = "granted", "grant_ended", "emergency_reviewed"


def give(moving: Moving) -> None:
    """One office may read, from now until that day."""
    agency = moving.agency(UUID(str(moving.values["agency"])))
    may_be_given(moving, agency)
    until = last_moment(moving)
    by = consenting.giver(moving)
    moving.values.pop("giver", None)  # she stands in the grant; an id is no word for the timeline
    grant = Grant(
        id=uuid7(),
        matter=moving.matter,
        root=moving.matter.root,
        agency=agency,
        account=moving.actor.account_id,
        kind=Grant.Kind.GRANT,
        compartments=sorted(moving.values["grant_opens"]),
        purpose=moving.values["grant_purpose"],
        ground=moving.values["grant_ground"],
        consent_of=by,
        from_at=moving.now,
        until=until,
    )
    seat = next((s for s in moving.seats if s.agency_id == agency.id), None)
    if seat is None or seat.capacity == Capacity.GRANTED:
        last = max([until, *(g.until for g in running(moving, agency.id))])
        moving.give_seat(agency, Capacity.GRANTED, mask=True, until=last)
    moving.codes["grant"] = {"id": str(grant.id), "agency": str(agency.id), "until": until.isoformat()}
    moving.with_event(grant)
    notify(moving.batch, agency=agency.id, kind=GRANTED, matter=moving.matter.id, now=moving.now)


def may_be_given(moving: Moving, agency: Agency) -> None:
    """Refuse what no grant may do: to itself, to an office in which nobody is left, to a village more than it needs."""
    if agency.id == moving.matter.holder_id:
        raise RuleBroken(_("请选另一个单位。"), {"agency": _("承办单位本来就能看。")})
    if walls.emptied({agency.id}, walls.of_root(moving.matter.root), moving.now.astimezone(SHANGHAI).date()):
        raise RuleBroken(_("请选另一个单位。"), {"agency": _("这件事不能交给这个单位,请选另一个单位。")})
    if agency.tier == "village" and set(moving.values["grant_opens"]) - VILLAGE_AT_MOST:
        words = _("村(社区)只能看姓名和经过。")
        raise RuleBroken(words, {"grant_opens": words})


def last_moment(moving: Moving) -> datetime:
    """The end of the day that was chosen: not over yet, and within ninety days."""
    day = date.fromisoformat(str(moving.values["grant_until"]))
    until = end_of_day(day)
    if until <= moving.now:
        raise RuleBroken(_("有几处需要改一下。"), {"grant_until": _("日期已经过去了。")})
    if until > moving.now + LONGEST:
        latest = (moving.now + LONGEST - timedelta(days=1)).astimezone(SHANGHAI).date()
        words = _("最长90天:最迟到 %(day)s。") % {"day": latest.isoformat()}
        raise RuleBroken(_("有几处需要改一下。"), {"grant_until": words})
    return until


def running(moving: Moving, agency: UUID | None = None) -> list[Grant]:
    """What other offices may read of this matter now."""
    grants = Grant.objects.filter(
        matter=moving.matter.id, kind=Grant.Kind.GRANT, ended_at__isnull=True, until__gt=moving.now
    )
    return list((grants.filter(agency=agency) if agency else grants).order_by("from_at", "id"))


def take_back(moving: Moving) -> None:
    """收回: by who holds the matter, or by her word."""
    wanted = moving.aim("grant")
    grant = next((g for g in running(moving) if g.id == wanted), None)
    if grant is None:
        words = _("这项授权已经结束了。")
        raise RuleBroken(words, {"grant": words})
    if moving.actor.kind == "resident" and grant.ground != consenting.CONSENT:
        words = _("这一项是法律规定的,不能由本人收回。")
        raise RuleBroken(words, {"grant": words})
    end(moving, [grant])


def end(moving: Moving, grants: Iterable[Grant]) -> None:
    """These grants end now; an office that had its seat by them alone loses it."""
    over = list(grants)
    left = [g for g in running(moving) if g.id not in {o.id for o in over}] if over else []
    for grant in over:
        grant.ended_at, grant.ended_by = moving.now, moving.actor.account_id
        moving.batch.update(grant, ["ended_at", "ended_by"])
        notify(moving.batch, agency=grant.agency_id, kind=ENDED, matter=moving.matter.id, now=moving.now)
    for agency in {g.agency_id for g in over}:
        seat = next((s for s in moving.seats if s.agency_id == agency), None)
        if seat is None or seat.capacity != Capacity.GRANTED:
            continue
        kept = [g.until for g in left if g.agency_id == agency]
        if kept:
            moving.give_seat(moving.agency(agency), Capacity.GRANTED, mask=True, until=max(kept))
        else:
            moving.end_seat(agency)
    if over:
        moving.codes["ended"] = [{"id": str(g.id), "agency": str(g.agency_id)} for g in over]


def end_by_her_word(moving: Moving, of: Callable[[Agency], bool] = lambda _agency: True) -> None:
    """She takes her consent back: what stood on it ends, a statutory ground does not."""
    on_consent = [g for g in running(moving) if g.ground == consenting.CONSENT]
    end(moving, [g for g in on_consent if of(moving.agency(g.agency_id))])


def to_whom_she_says_no(moving: Moving) -> Callable[[Agency], bool]:
    """The offices that her changed decisions keep from being told."""
    police = moving.values.get("tell_police") is False
    community = moving.values.get("tell_community") is False

    def is_one(agency: Agency) -> bool:
        near = agency.kind in COMMUNITY_KINDS or agency.tier == "village"
        return (police and agency.kind in POLICE_KINDS) or (community and near)

    return is_one


def review(moving: Moving) -> None:
    """Somebody else says whether an emergency opening had a good reason; without one it ends at once."""
    duty = moving.aimed_duty()
    grant = opening_of(duty)
    if grant is None or duty.agency_id != moving.actor.agency_id:
        words = _("这一项不由本单位复核。")
        raise RuleBroken(words, {"duty": words})
    if grant.account == moving.actor.account_id:
        words = _("要由另一个人复核,不能复核自己。")
        raise RuleBroken(words, {"duty": words})
    moving.codes["reviews"] = str(grant.id)
    if moving.values["emergency_verdict"] != JUSTIFIED and grant.until > moving.now:
        grant.ended_at, grant.ended_by = moving.now, moving.actor.account_id
        moving.batch.update(grant, ["ended_at", "ended_by"])
    notify(moving.batch, agency=grant.agency_id, kind=REVIEWED, matter=moving.matter.id, now=moving.now)


def opening_of(duty: Duty) -> Grant | None:
    """The emergency opening a review is about."""
    return (
        Grant.objects.filter(pk=duty.id, kind=Grant.Kind.EMERGENCY).first() if duty.kind == REVIEW else None
    )
