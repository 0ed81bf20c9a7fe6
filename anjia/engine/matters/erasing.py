"""销毁清册: records are destroyed only after appraisal, from a list that two different people have signed.

The list is a matter of its own (`records-destruction`). What it names is frozen in the event of the appraisal;
each signature looks again whether every period has run out; after the second the worker erases the roots one
by one. What stays of an erased matter are its codes and times, because figures of those years must still add
up, and the event that says by which list it went.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from anjia.engine.matters.models import Grant, Matter, Notice, Party, PersonLink, Seat
from anjia.engine.matters.moving import Moving
from anjia.engine.matters.registry import effect, guard
from anjia.engine.matters.seats import visible_to
from anjia.foundation.core.batch import Batch
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.core.verdict import ALLOW, NotFound, RuleBroken, Verdict, deny
from anjia.foundation.events import events
from anjia.foundation.events.models import Event
from anjia.foundation.files.files import path_of
from anjia.foundation.files.models import File
from anjia.foundation.outbox import outbox
from anjia.foundation.vault import erasing
from anjia.foundation.vault.models import DataKey
from anjia.law import retention
from anjia.law.playbooks.library import definition
from anjia.registry.posts.actors import SYSTEM

MOST = 200
BETWEEN = re.compile(r"[\s,，、;；]+")


@effect("records.list")
def list_records(moving: Moving, *, field: str) -> None:
    """Freeze which matters the list names, each looked at; a number that may not stand there is said."""
    numbers = list(dict.fromkeys(n for n in BETWEEN.split(str(moving.values[field])) if n))
    if not numbers or len(numbers) > MOST:
        raise RuleBroken(_("请写编号,一次最多 200 件。"), {field: _("请写编号,一次最多 200 件。")})
    rows = {m.number: m for m in Matter.objects.filter(number__in=numbers)}
    for number in numbers:
        row = rows.get(number)
        why = kept_because(row, moving) if row and seen(row, moving) else _("没有这个编号")
        if why:
            text = f"{number}:{why}"
            raise RuleBroken(text, {field: text})
    moving.codes["roots"] = [str(rows[number].id) for number in numbers]


@guard("records.due")
def records_due(moving: Moving) -> Verdict:
    """Every matter of the list may still be destroyed: nothing was reopened since the appraisal."""
    for row in Matter.objects.filter(id__in=listed(moving)).order_by("number"):
        why = kept_because(row, moving)
        if why:
            return deny(f"{row.number}:{why}", "records")
    return ALLOW


@guard("signed.by_another")
def signed_by_another(moving: Moving, *, moves: str) -> Verdict:
    """Whoever did one of these steps since the last appraisal does not sign as well: four eyes, not two."""
    names = moves.split()
    earlier = Event.objects.filter(matter=moving.matter.id, move__in=names).order_by("-seq")
    for event in earlier[: len(names)]:
        if event.actor == moving.actor.account_id:
            return deny(_("要由另一个人来签。"), "another")
    return ALLOW


@effect("records.erase")
def erase_records(moving: Moving) -> None:
    """After the second signature: the worker erases each matter of the list."""
    for root in listed(moving):
        body = {"root": str(root), "list": str(moving.matter.id)}
        outbox.put(moving.batch, kind="matters.erase", body=body, now=moving.now)


def listed(moving: Moving) -> list[UUID]:
    """What the newest appraisal named."""
    for event in Event.objects.filter(matter=moving.matter.id).order_by("-seq"):
        if "roots" in event.codes:
            return [UUID(root) for root in event.codes["roots"]]
    return []


def seen(row: Matter, moving: Moving) -> bool:
    """Whether the person who writes the list sees the matter at all; if not, it does not exist for her."""
    try:
        visible_to(moving.actor).find(row.id)
    except NotFound:
        return False
    return True


def kept_because(row: Matter, moving: Moving) -> Any:
    """Why this matter may not be destroyed yet; empty when it may."""
    if row.root != row.id:
        return _("随主案保管,不单独销毁")
    if row.holder_id != moving.matter.holder_id:
        return _("不是本单位承办的")
    if not DataKey.objects.filter(root=row.id).exists():
        return _("已经销毁")
    closed = [m.closed_at for m in Matter.objects.filter(root=row.id)]
    if None in closed:
        return _("还没有办结")
    last = max(at for at in closed if at).astimezone(SHANGHAI).date()
    kind = definition(row.playbook, row.version).retention
    until = retention.period(kind, row.playbook).until(last)
    if until is None:
        return _("永久保管")
    if moving.now.astimezone(SHANGHAI).date() < until:
        return _("保管期限到 %(day)s 才满") % {"day": until.isoformat()}
    return ""


@outbox.handler("matters.erase")
def erase(*, body: dict[str, Any], outbox_id: UUID, now: datetime) -> None:
    """Erase one root with its children: key, tokens, files, seats, what was told of it. A second time does nothing."""
    root, by_list = UUID(body["root"]), body["list"]
    with transaction.atomic():
        matter = Matter.objects.select_for_update(of=("self",)).get(pk=root)
        if not DataKey.objects.filter(root=root).exists():
            return
        head = events.Head(matter.id, matter.chain_seq, bytes(matter.chain_mac))
        batch = Batch()
        events.append(batch, head, at=now, who=SYSTEM, move="erased", codes={"list": by_list})
        matter.chain_seq, matter.chain_mac = head.seq, head.mac
        batch.update(matter, ["chain_seq", "chain_mac"])
        batch.update_where(Seat, {"root": root, "to_at__isnull": True}, {"to_at": now})
        batch.update_where(Grant, {"root": root, "ended_at__isnull": True}, {"ended_at": now})
        batch.flush()
        Matter.objects.filter(root=root).update(data={}, roles={})
        parties = Party.objects.filter(root=root)
        PersonLink.objects.filter(party__in=parties, ended_at=None).update(ended_at=now)
        parties.update(age_band="", relation="", protection=[])
        Notice.objects.filter(matter__root=root).delete()
        erasing.forget(root, now)
        transaction.on_commit(lambda: [path.unlink(missing_ok=True) for path in sealed_files(root)])


def sealed_files(root: UUID) -> Iterator[Any]:
    """Where the bytes of its files lie: unreadable already, they need not take up room."""
    yield from (path_of(file_id) for file_id in File.objects.filter(root=root).values_list("id", flat=True))
