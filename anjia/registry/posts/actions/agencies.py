"""Agencies come, change and close."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from anjia.foundation.core.verdict import RuleBroken, require
from anjia.foundation.core.who import Who
from anjia.registry.places.models import Place
from anjia.registry.places.places import codes_of, inside, manager_chain
from anjia.registry.posts.actors import today
from anjia.registry.posts.agencies import in_force
from anjia.registry.posts.founding import found, new_agency
from anjia.registry.posts.kinds import kinds
from anjia.registry.posts.models import Agency, Mode, Session
from anjia.registry.posts.policies import can_manage_agencies, can_manage_people_of

#: Rows a statement; keeps a city of 4,000 agencies below every back end's limit of parameters.
CHUNK = 500


def found_city(*, city: str, now: datetime, actor: Who, opened_on: date | None = None) -> list[Agency]:
    """Create every agency that a city of these places has and that does not exist yet; returns the new ones.

    Federations at four tiers, police, courts, justice, civil affairs, shelters without address and all
    other kinds, with their superiors. Running it again adds only what is missing.
    """
    require(can_manage_agencies(actor))
    on = opened_on or today(now)
    places = list(
        Place.objects.filter(Q(city=city) | Q(pk__in=Place.objects.filter(pk=city).values("parent")))
    )
    if not places:
        raise RuleBroken(_("请先载入行政区划。"))
    known = list(Agency.objects.filter(place__in=places).select_related("place"))
    new = found(places, known, on)
    with transaction.atomic():
        Agency.objects.bulk_create(new, batch_size=CHUNK)
    return new


def add_agency(
    *,
    kind: str,
    name: str,
    place: str,
    actor: Who,
    now: datetime,
    mode: str | None = None,
    telephone: str = "",
    address: str = "",
    opening_hours: str = "",
    fictional: bool = False,
    opened_on: date | None = None,
) -> Agency:
    """Register one agency at a place (division code). Its superior is the nearest leading one of its line.

    Raises RuleBroken for an unknown kind or place, a tier this kind does not stand at, a blank name, or a
    shelter with an address or telephone: where shelters are is never written down.
    """
    require(can_manage_agencies(actor))
    at = Place.objects.filter(pk=place).first()
    described = kinds().get(kind)
    if described is None:
        raise RuleBroken(fields={"kind": _("没有这一类单位。")})
    if at is None or at.tier not in described.tiers:
        raise RuleBroken(fields={"place": _("这一类单位不设在这一级。")})
    if not name.strip():
        raise RuleBroken(fields={"name": _("请填写名称。")})
    refuse_address(kind, telephone, address)
    on = opened_on or today(now)
    agency = new_agency(kind=kind, name=name.strip(), place=at, on=on, superior=None, fictional=fictional)
    stand_in_line(agency, on)
    agency.mode = mode or agency.mode
    agency.telephone, agency.address, agency.opening_hours = telephone, address, opening_hours
    agency.save(force_insert=True)
    return agency


def refuse_address(kind: str, telephone: str, address: str) -> None:
    """A kind whose whereabouts are secret has neither address nor telephone."""
    if kinds()[kind].secret and (telephone or address):
        raise RuleBroken(fields={"address": _("安置点不登记地址和电话。")})


def stand_in_line(agency: Agency, on: date) -> None:
    """Set ancestors and superior by who manages the agency's place on a day."""
    chain = manager_chain(agency.place_id, on)
    for column, code in codes_of(chain).items():
        setattr(agency, column, code)
    leading = [k.code for k in kinds().values() if k.line == agency.line and k.leads]
    steps = {p.code: n for n, p in enumerate(chain) if n or not kinds()[agency.kind].leads}
    above = list(in_force(on).filter(kind__in=leading, place__in=steps).exclude(pk=agency.pk))
    agency.superior = min(above, key=lambda a: (steps[a.place_id], a.name), default=None)


def follow_management(*, place: str, now: datetime, actor: Who) -> int:
    """After a management (托管) begins or ends: agencies at and below a place answer to who manages it now.

    Work opened from now on follows; matters already seated keep their seats. Returns how many changed.
    """
    require(can_manage_agencies(actor))
    on = today(now)
    below = Place.objects.filter(inside(place)).values("code")
    changed = []
    with transaction.atomic():
        for agency in Agency.objects.filter(place__in=below).select_related("place"):
            before = (agency.city, agency.county, agency.township, agency.village, agency.superior_id)
            stand_in_line(agency, on)
            after = (agency.city, agency.county, agency.township, agency.village, agency.superior_id)
            if before != after:
                changed.append(agency)
        Agency.objects.bulk_update(
            changed, ["city", "county", "township", "village", "superior"], batch_size=CHUNK
        )
    return len(changed)


def set_mode(*, agency: Agency, mode: str, actor: Who, now: datetime) -> None:
    """How an agency takes part from now on: it signs in (在线), or is recorded on behalf (代录)."""
    require(can_manage_people_of(actor, agency))
    if mode not in Mode.values:
        raise RuleBroken(fields={"mode": _("请选择在线或代录。")})
    agency.mode = mode
    agency.save(update_fields=["mode"])


def set_public_details(
    *, agency: Agency, telephone: str, address: str, opening_hours: str, actor: Who, now: datetime
) -> None:
    """What the public reads under 附近服务. Refused for shelters."""
    require(can_manage_people_of(actor, agency))
    refuse_address(agency.kind, telephone, address)
    agency.telephone, agency.address, agency.opening_hours = telephone, address, opening_hours
    agency.save(update_fields=["telephone", "address", "opening_hours"])


def close_agency(*, agency: Agency, on: date, actor: Who, now: datetime) -> None:
    """The agency closes; `on` is the first day without it. Its people are signed out when that day is here.

    Raises RuleBroken while agencies that are still open stand below it.
    """
    require(can_manage_agencies(actor))
    if in_force(on).filter(superior=agency).exists():
        raise RuleBroken(_("还有下级单位,请先调整。"))
    with transaction.atomic():
        agency.closed_on = on
        agency.save(update_fields=["closed_on"])
        if on <= today(now):
            Session.objects.filter(post__agency=agency).delete()
