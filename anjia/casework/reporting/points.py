"""Codes of departments: who keeps them, making one, withdrawing it, finding it. Each act stands in the office's ledger."""

from __future__ import annotations

import re
import secrets
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from anjia.casework.reporting.models import ReportPoint
from anjia.foundation.core.ids import uuid7
from anjia.foundation.core.verdict import ALLOW, NotFound, RuleBroken, Verdict, deny, require
from anjia.foundation.vault import vault
from anjia.registry.posts import ledger
from anjia.registry.posts.actors import Actor
from anjia.registry.posts.models import Agency, PostRole

OPENED, CLOSED = "open_report_point", "close_report_point"
#: Kinds of office whose people must report by law, and as what they count (code list `reporter`).
REPORTERS = {"hospital": "hospital", "appraisal_center": "hospital", "school": "school"}
#: No letter or figure that is read for another; ten of them are 49 bits, more than anybody guesses.
SIGNS = "23456789abcdefghjkmnpqrstvwxyz"
LENGTH = 10
CODE = re.compile(f"[{SIGNS}]{{{LENGTH}}}")
MOST = 40  # codes of one office
PURPOSE = "report point"


def can_keep(actor: Actor, agency: Agency) -> Verdict:
    """The office itself (its head or officer), or the head of the federation that answers for the place."""
    if agency.kind not in REPORTERS:
        return deny(_("这类单位没有扫码报告。"), "kind")
    own = agency.id == actor.agency_id and actor.role in (PostRole.HEAD, PostRole.OFFICER)
    tier = getattr(agency, actor.tier, "") if actor.tier in ("city", "county") else ""
    above = (
        actor.line == "federation"
        and actor.role == PostRole.HEAD
        and tier == getattr(actor, actor.tier, None)
    )
    if own or (above and tier):
        return ALLOW
    return deny(_("由这个单位自己,或当地妇联负责人管理。"), "place")


def kept_by(actor: Actor, agency_id: UUID) -> Agency:
    """The office, for whoever keeps its codes; for everybody else it has none."""
    agency = Agency.objects.filter(pk=agency_id).first()
    if agency is None or not can_keep(actor, agency):
        raise NotFound
    return agency


def offices(actor: Actor) -> list[Agency]:
    """The offices whose codes this person keeps."""
    found = Agency.objects.filter(kind__in=REPORTERS, closed_on__isnull=True).order_by("tier", "name")
    if actor.line != "federation":
        found = found.filter(pk__in=[actor.agency_id] if actor.agency_id else [])
    elif actor.tier in ("city", "county"):
        found = found.filter(**{actor.tier: getattr(actor, actor.tier)})
    return [a for a in found[:200] if can_keep(actor, a)]


def points_of(agency: Agency) -> list[ReportPoint]:
    """Open codes first, then the withdrawn ones, the newest first."""
    rows = list(ReportPoint.objects.filter(agency=agency).order_by("-opened_at", "-id"))
    return sorted(rows, key=lambda p: p.closed_at is not None)


def open_point(*, agency: Agency, name: str, actor: Actor, now: datetime) -> ReportPoint:
    """One department gets its code."""
    require(can_keep(actor, agency))
    name = " ".join(name.split())
    there = ReportPoint.objects.filter(agency=agency, closed_at__isnull=True)
    if not 2 <= len(name) <= 40:
        raise RuleBroken(_("有几处需要改一下。"), {"name": _("科室名称写二到四十个字。")})
    if there.filter(name=name).exists():
        raise RuleBroken(_("有几处需要改一下。"), {"name": _("这个科室已经有一个码。要换新的,先停用旧的。")})
    if there.count() >= MOST:
        raise RuleBroken(_("一个单位最多 %(n)s 个码。") % {"n": MOST})
    code = "".join(secrets.choice(SIGNS) for _n in range(LENGTH))
    point = ReportPoint(id=uuid7(), agency=agency, name=name, code_hash=hashed(code), opened_at=now)
    point.code = vault.box(PURPOSE, code.encode(), aad=point.id.bytes)
    with transaction.atomic():
        point.save(force_insert=True)
        ledger.note(agency.id, move=OPENED, actor=actor, now=now, codes={"point": str(point.id)}, words=name)
    return point


def close_point(*, point: ReportPoint, actor: Actor, now: datetime) -> None:
    """停用: from now on the code opens nothing, and answers like one that never was."""
    require(can_keep(actor, point.agency))
    with transaction.atomic():
        changed = ReportPoint.objects.filter(pk=point.pk, closed_at__isnull=True).update(closed_at=now)
        if not changed:
            raise RuleBroken(_("这个码已经停用。"))
        codes = {"point": str(point.id)}
        ledger.note(point.agency_id, move=CLOSED, actor=actor, now=now, codes=codes, words=point.name)


def code_of(point: ReportPoint) -> str:
    """The code, for printing its sheet again."""
    return vault.unbox(PURPOSE, point.code, aad=point.id.bytes).decode()


def find(code: str) -> ReportPoint | None:
    """The department of a code; None alike for unknown and withdrawn ones and where the office is stopped."""
    typed = code.casefold() if CODE.fullmatch(code.casefold()) else "0"
    found = ReportPoint.objects.select_related("agency").filter(code_hash=hashed(typed)).first()
    return found if found and found.closed_at is None and found.agency.stopped_at is None else None


def again(point_id: str) -> ReportPoint | None:
    """The department on a slip that was given out while its code held: a report half written is never lost."""
    return ReportPoint.objects.select_related("agency").filter(pk=UUID(point_id)).first()


def hashed(code: str) -> bytes:
    """What a code is found by."""
    return vault.fingerprint(PURPOSE, code.encode())
