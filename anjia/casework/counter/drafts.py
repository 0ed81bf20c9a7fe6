"""A call that breaks off keeps what was typed: sealed, found again by who typed it, never by anybody else."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from anjia.casework.counter.models import Draft
from anjia.foundation.core.verdict import NotFound, RuleBroken
from anjia.foundation.limits import idempotency
from anjia.foundation.vault import vault
from anjia.registry.posts.actors import Actor

SEAL = "counter-draft"
#: What stands in a form besides answers.
NOT_ANSWERS = frozenset({"csrfmiddlewaretoken", "key", "kept", "ver"})
LARGEST = 48_000  # a form of two hundred long answers
MOST = 30
#: A draft nobody goes on with is somebody who was not helped: after a day the head is told how many there are.
FORGOTTEN_AFTER = timedelta(hours=24)
KEPT = timedelta(days=14)
Typed = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Line:
    """One draft in its writer's list: when it was begun, of which procedure; what stands in it only when opened."""

    id: UUID
    procedure: str
    begun_at: datetime
    updated_at: datetime


def keep(*, key: str, procedure: str, typed: Typed, actor: Actor, now: datetime) -> bool:
    """Keep what stands in the form now. False when nothing was typed: no draft comes of an empty page.

    Somebody else's draft, and a form whose matter was saved in the meantime, are left as they are.
    """
    answers = {k: [v for v in values if v.strip()] for k, values in typed.items() if k not in NOT_ANSWERS}
    answers = {k: v for k, v in answers.items() if v}
    if not set(answers) - {"channel"}:
        return False
    body = json.dumps(answers, ensure_ascii=False).encode()
    if len(body) > LARGEST:
        raise RuleBroken(_("写得太长,草稿没有存下。"))
    draft_id = as_id(key)
    sealed = vault.box(SEAL, body, aad=draft_id.bytes)
    if mine(actor).filter(pk=draft_id).update(body=sealed, procedure=procedure, updated_at=now):
        return True
    account, agency = who(actor)
    if Draft.objects.filter(pk=draft_id).exists():
        raise NotFound
    if idempotency.used(
        [draft_id.hex]
    ):  # typed, sent a moment ago, and only now here: it is a matter already
        return False
    if len(of(actor)) >= MOST:
        raise RuleBroken(_("没登完的太多了,请先登完或放弃几件。"))
    Draft.objects.create(
        id=draft_id,
        account=account,
        agency_id=agency,
        procedure=procedure,
        body=sealed,
        begun_at=now,
        updated_at=now,
    )
    return True


def who(actor: Actor) -> tuple[UUID, UUID]:
    """Account and office of somebody in a post; nobody else has drafts."""
    if actor.account_id is None or actor.agency_id is None:
        raise NotFound
    return actor.account_id, actor.agency_id


def mine(actor: Actor) -> QuerySet[Draft]:
    """One's own drafts, in the office one sits in now."""
    account, agency = who(actor)
    return Draft.objects.filter(account=account, agency=agency)


def as_id(key: str) -> UUID:
    """The key of a form is the id of its draft."""
    try:
        return UUID(key)
    except ValueError:
        raise NotFound from None


def of(actor: Actor) -> list[Line]:
    """What this person has not finished, the newest first."""
    rows = mine(actor).order_by("-updated_at").values_list("id", "procedure", "begun_at", "updated_at")
    return [Line(*row) for row in rows[: MOST + 1]]


def read(key: str, actor: Actor) -> tuple[str, dict[str, list[str]]]:
    """(procedure, answers) of one's own draft. Raises NotFound for anybody else's."""
    draft = mine(actor).filter(pk=as_id(key)).first()
    if draft is None:
        raise NotFound
    return draft.procedure, json.loads(vault.unbox(SEAL, bytes(draft.body), aad=draft.id.bytes))


def end(*, key: str, actor: Actor) -> None:
    """It was saved as a matter, or given up: nothing of it is kept."""
    mine(actor).filter(pk=as_id(key)).delete()


def forgotten(agency: UUID | None, now: datetime) -> int:
    """How many of an office's drafts nobody has gone on with for a day: a number, for its head."""
    return Draft.objects.filter(agency=agency, updated_at__lt=now - FORGOTTEN_AFTER).count()


def sweep(now: datetime) -> int:
    """Delete what was left for a fortnight; its head saw it in the list for thirteen days. And what was saved as a matter
    by a page that had not heard yet that a draft was kept: her words lie in one place.
    """
    saved = idempotency.used(d.hex for d in Draft.objects.values_list("id", flat=True))
    Draft.objects.filter(pk__in=[UUID(key) for key in saved]).delete()
    return Draft.objects.filter(updated_at__lt=now - KEPT).delete()[0]
