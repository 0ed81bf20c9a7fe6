"""Taking a whole file back: each row becomes a correction in its matter; where work went on since, it is left and named."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from anjia.casework.incoming import batches, importing, police
from anjia.casework.incoming.models import Batch, Row
from anjia.casework.incoming.policies import can_import
from anjia.engine.matters import actions as matters
from anjia.engine.matters import reading
from anjia.engine.matters.engine_moves import GIVEN_OUT
from anjia.engine.matters.language import language
from anjia.engine.matters.models import Matter
from anjia.engine.matters.seats import visible_to
from anjia.foundation.core.batch import Batch as Writes
from anjia.foundation.core.verdict import Refused, RuleBroken, require
from anjia.foundation.events.models import Event
from anjia.foundation.vault import vault
from anjia.law.playbooks.library import definition
from anjia.registry.posts import ledger
from anjia.registry.posts.actors import Actor

#: Steps after which the letter itself is taken back, beside the event that voids them; the case hears of its end.
BACK = frozenset({"record_letter", "issue"})
ENDED = "decide_otherwise"
#: What comes by itself is no work of anybody's; an agency that answered by a code is somebody.
BY_ITSELF = ("system", "clock")


def undo(*, batch_id: UUID, why: str, actor: Actor, now: datetime) -> Batch:
    """撤回整个文件. The reason stands with every correction."""
    require(can_import(actor))
    if not why.strip():
        raise RuleBroken(_("请写为什么撤回。"), {"why": _("这一项要填。")})
    with transaction.atomic():
        batch = batches.find(actor, Batch.Kind.FILE, batch_id, lock=True)
        if batch.state != Batch.State.DONE:
            raise RuleBroken(_("这个文件没有可以撤回的。"))
        batch.state, batch.updated_at = Batch.State.UNDOING, now
        batch.save(update_fields=["state", "updated_at"])
        writes = Writes()
        vault.seal(
            writes, vault.key(batch.id), owner=batch.id, compartment="narrative", value={"why": why.strip()[:500]},
        )  # fmt: skip
        writes.flush()
        stretch(batch, actor, now, importing.FIRST)
    return batch


def stretch(batch: Batch, actor: Actor, now: datetime, most: int) -> None:
    """The last rows first: what came later is taken back before what it stands on."""
    rows = list(batch.rows.filter(state=Row.State.DONE).order_by("-seq")[:most])
    documents = batches.documents(batch, rows, logs=False)
    key = vault.key(batch.id)
    why = batches.why_undone(batch, key)
    for row in rows:
        document, version = documents[row.id]
        document = {**document, "sentence": taken_back(row, why, actor, now)}
        row.updated_at = now
        if row.state == Row.State.UNDONE:
            row.mark = None
        writes = Writes()
        writes.update(row, ["state", "mark", "updated_at"])
        importing.seal(writes, key, row, document, version + 1)
        writes.flush()
    batch.updated_at = now
    if batch.rows.filter(state=Row.State.DONE).exists():
        importing.go_on(batch, now)
    else:
        batch.state = Batch.State.UNDONE
        counts = {str(s): batch.rows.filter(state=s).count() for s in (Row.State.UNDONE, Row.State.LEFT)}
        codes = {"batch": str(batch.id), **counts}
        ledger.note(batch.agency_id, move=importing.UNDONE, actor=actor, now=now, codes=codes)
    batch.save(update_fields=["updated_at", "state"])


def taken_back(row: Row, why: str, actor: Actor, now: datetime) -> str:
    """One row: all of its steps, or none, and why none. Of a matter that is none for this reader nothing is said."""
    if not visible_to(actor).seen([row.matter_id] if row.matter_id else []):
        row.state = Row.State.LEFT
        return _("没有撤回：%(why)s") % {"why": _("没有找到这件事项。")}
    later = went_on(row)
    if later:
        row.state = Row.State.LEFT
        return _("没有撤回：之后又有“%(step)s”。请打开事项更正。") % {"step": later}
    try:
        with transaction.atomic():
            for done in reversed(row.events):
                take_back(done, why, actor, now)
    except Refused as refused:
        row.state = Row.State.LEFT
        fields = getattr(refused, "fields", {})
        words = " ".join(str(m) for m in fields.values()) or str(refused)
        return _("没有撤回：%(why)s") % {"why": words or _("没有找到这件事项。")}
    row.state = Row.State.UNDONE
    return _("已撤回，更正写在事项里。")


def went_on(row: Row) -> str:
    """The first step that somebody took after the row's own, in the matter it ended in; "" when nothing was."""
    if not row.events or row.matter is None or row.matter_id is None:
        return ""
    own = [UUID(done["event"]) for done in row.events]
    events = Event.objects.filter(matter=row.matter_id)
    last = events.filter(pk__in=own).order_by("-seq").values_list("seq", flat=True).first() or 0
    later = events.filter(seq__gt=last).exclude(actor_kind__in=BY_ITSELF).exclude(move=GIVEN_OUT.name)
    first = later.order_by("seq").first()
    if first is None:
        return ""
    return reading.move_of(definition(row.matter.playbook, row.matter.version), first.move).label[language()]


def take_back(done: dict[str, Any], why: str, actor: Actor, now: datetime) -> None:
    """A correction that names the event, and the step by which the matter stands as before."""
    matter, move = UUID(done["matter"]), str(done["move"])
    reason = _("数据文件整个撤回：%(why)s") % {"why": why}
    made: dict[str, Any] = {"matter_id": matter, "actor": actor, "now": now}
    matters.move(name="correct", data={"event": done["event"], "reason": reason}, **made)
    if move == ENDED:
        matters.move(name="reopen", data={"reason": reason}, **made)
    if move == "visit_told":
        owe_again(matter, reason, actor, now)
    elif move in BACK or (move == ENDED and done.get("opened")):
        matters.move(name="void_record", data={"why": reason}, **made)


def owe_again(matter: UUID, reason: str, actor: Actor, now: datetime) -> None:
    """The first visit is owed as if it had not been reported; after others the matter itself has to be looked at."""
    rows = Event.objects.filter(matter=matter, move__in=police.VISITS).values_list("id", flat=True)
    void = {e.codes["corrects"] for e in Event.objects.filter(matter=matter, move="correct")}
    if any(str(event) not in void for event in rows):
        raise RuleBroken(_("这件还有别的查访记录。请打开事项更正。"))
    served = str(Matter.objects.values_list("data", flat=True).get(pk=matter).get("letter_at") or "")
    data = {"letter_at": served, "why": reason}
    matters.move(matter_id=matter, name="untell_visit", actor=actor, now=now, data=data)
