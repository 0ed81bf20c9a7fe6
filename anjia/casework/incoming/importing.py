"""A file of police over the boundary: looked through first, carried out row by row when somebody says so, undone as a whole.

Of the file only the rows of the list are kept, sealed, with what became of each. A row is recorded on behalf of the
police, 待确认 like any other; the same row again changes nothing. What is many goes on in the worker.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from anjia.casework.incoming import batches, police, table
from anjia.casework.incoming.models import Batch, Row
from anjia.casework.incoming.police import Nothing, Step, Target, Told, Wrong
from anjia.casework.incoming.policies import can_import
from anjia.engine.matters import actions as matters
from anjia.engine.matters.models import Matter
from anjia.foundation.core.batch import Batch as Writes
from anjia.foundation.core.verdict import NotFound, Refused, RuleBroken, require
from anjia.foundation.events.models import Event
from anjia.foundation.outbox import outbox
from anjia.foundation.vault import erasing, vault
from anjia.foundation.vault.models import Compartment
from anjia.registry.posts import agencies, ledger
from anjia.registry.posts.actors import Actor, today

READ, CARRIED_OUT, GIVEN_UP, UNDONE = "file_read", "file_carried_out", "file_given_up", "file_undone"
MOST_BYTES = 5 * 1024 * 1024
FIRST = 20  # rows carried out, or undone, while somebody waits
AT_ONCE = 100  # … and in one stretch of the worker
WRITTEN = 200  # rows written in one statement
STATION = "police_station"
KNOWN = (Row.State.DONE, Row.State.LEFT)  # a row that stands in a matter, taken back by nobody


# -- reading it: nothing is changed but the batch itself -------------------------------------------------------


def read_file(*, upload: UploadedFile[Any], actor: Actor, now: datetime) -> Batch:
    """试算: every row with what it would do, or what is wrong with it. RuleBroken when it is the file that is wrong."""
    require(can_import(actor))
    data = upload.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise RuleBroken(_("文件太大了，最多 5 MB。"))
    told = [police.read_row(line, now) for line in table.read(data, police.COLUMNS)]
    if actor.agency_id is None or actor.post_id is None or actor.account_id is None:
        raise NotFound
    batch = Batch(
        kind=Batch.Kind.FILE, agency_id=actor.agency_id, post_id=actor.post_id, account=actor.account_id,
        at=now, updated_at=now,
    )  # fmt: skip
    with transaction.atomic():
        writes = Writes()
        key = vault.new_root(writes, batch.id)
        writes.insert(batch)
        for n, (row, document) in enumerate(judged(batch, told, actor, now), start=1):
            writes.insert(row)
            seal(writes, key, row, document)
            if n % WRITTEN == 0:
                writes.flush()
        writes.flush()
        ledger.note(
            actor.agency_id,
            move=READ,
            actor=actor,
            now=now,
            codes={"batch": str(batch.id), "rows": len(told)},
        )
    return batch


def judged(
    batch: Batch, told: list[Told], actor: Actor, now: datetime
) -> Iterable[tuple[Row, dict[str, Any]]]:
    """Each row with its verdict, by what stands in the matters now."""
    known = police.targets(actor, {t.reference for t in told if t.reference})
    marks = {t.line: mark_of(batch.agency_id, t) for t in told}
    before = done_before(marks.values())
    seen: dict[str, int] = {}
    numbers: dict[str, tuple[str, int]] = {}
    for seq, one in enumerate(told, start=1):
        target = known.get(one.reference)
        state, sentence = verdict(one, target, marks[one.line] in before, seen, numbers, now)
        mark = marks[one.line] if state == Row.State.READY else None
        yield Row(batch=batch, seq=seq, state=state, mark=mark, updated_at=now), document_of(one, sentence)


def verdict(
    one: Told,
    target: Target | None,
    is_known: bool,
    seen: dict[str, int],
    numbers: dict[str, tuple[str, int]],
    now: datetime,
) -> tuple[str, str]:
    """(state, sentence) of one row; what the rows above said is remembered."""
    if not one.faults:
        if one.content in seen:
            return Row.State.SKIPPED, _("与第 %(n)s 行相同。") % {"n": seen[one.content]}
        seen[one.content] = one.line
        if is_known and target:  # a matter that is none for this reader was none before either
            return Row.State.SKIPPED, _("同样的一行已经导入过，没有要改的。")
        other = numbers.setdefault(vault.normalise("document_no", one.document_no), (one.reference, one.line))
        if one.document_no and other[0] != one.reference:
            return Row.State.REFUSED, _("文书号：与第 %(n)s 行相同，编号却不同。") % {"n": other[1]}
    try:
        found = police.steps(one, target, now)
    except Wrong as wrong:
        return Row.State.REFUSED, str(wrong)
    except Nothing as nothing:
        return Row.State.SKIPPED, str(nothing)
    assert target
    police.as_if_done(found, one, target)
    return Row.State.READY, _("将记：%(steps)s。") % {"steps": police.named(found, target)}


def mark_of(agency: UUID, one: Told) -> bytes:
    """What stands for the content of a row in this office."""
    return vault.fingerprint("police row", agency.bytes + one.content.encode())


def done_before(marks: Iterable[bytes]) -> set[bytes]:
    """Marks of rows that an earlier file carried out."""
    wanted, found = list(marks), set[bytes]()
    for start in range(0, len(wanted), 500):
        rows = Row.objects.filter(mark__in=wanted[start : start + 500], state__in=KNOWN)
        found |= {bytes(m) for m in rows.values_list("mark", flat=True) if m is not None}
    return found


def document_of(one: Told, sentence: str) -> dict[str, Any]:
    """What is kept of a row: its number in the file, its cells, its sentence."""
    return {"line": one.line, "cells": dict(one.cells), "sentence": sentence}


def seal(writes: Writes, key: vault.RootKey, row: Row, document: Mapping[str, Any], version: int = 1) -> None:
    vault.seal(
        writes, key, owner=row.id, compartment=Compartment.NARRATIVE, value=dict(document), version=version
    )  # fmt: skip


# -- carrying it out --------------------------------------------------------------------------------------


def carry_out(*, batch_id: UUID, actor: Actor, now: datetime) -> Batch:
    """Do what the rows in order ask for. The first few at once, the rest in the worker."""
    require(can_import(actor))
    with transaction.atomic():
        batch = batches.find(actor, Batch.Kind.FILE, batch_id, lock=True)
        if batch.state != Batch.State.OPEN:
            return batch  # pressed twice
        batch.state, batch.updated_at = Batch.State.RUNNING, now
        batch.save(update_fields=["state", "updated_at"])
        stretch(batch, actor, now, FIRST)
    return batch


def stretch(batch: Batch, actor: Actor, now: datetime, most: int) -> None:
    """The next rows, each in a savepoint of its own, and a note to go on; or the end."""
    rows = list(batch.rows.filter(state=Row.State.READY).order_by("seq")[:most])
    documents = batches.documents(batch, rows, logs=False)
    key = vault.key(batch.id)
    for row in rows:
        document, version = documents[row.id]
        document = {**document, "sentence": carried_out(batch, row, document, actor, now)}
        row.updated_at = now
        writes = Writes()
        writes.update(row, ["state", "matter", "events", "mark", "updated_at"])
        seal(writes, key, row, document, version + 1)
        writes.flush()
    batch.updated_at = now
    if batch.rows.filter(state=Row.State.READY).exists():
        go_on(batch, now)
    else:
        batch.state, batch.ended_at = Batch.State.DONE, now
        counts = {
            state: batch.rows.filter(state=state).count() for state in (Row.State.DONE, Row.State.REFUSED)
        }
        codes = {"batch": str(batch.id), **{str(k): v for k, v in counts.items()}}
        ledger.note(batch.agency_id, move=CARRIED_OUT, actor=actor, now=now, codes=codes)
    batch.save(update_fields=["updated_at", "state", "ended_at"])


def carried_out(batch: Batch, row: Row, document: Mapping[str, Any], actor: Actor, now: datetime) -> str:
    """One row, looked at anew: since the trial somebody may have recorded it by hand. Returns its sentence."""
    one = told_again(document, now)
    target = police.targets(actor, {one.reference}).get(one.reference)
    if target and done_before([bytes(row.mark or b"")]):
        row.state, row.mark = Row.State.SKIPPED, None
        return _("同样的一行已经导入过，没有要改的。")
    try:
        found = police.steps(one, target, now)
        assert target
        with transaction.atomic():
            take_steps(row, one, target, found, actor, now)
    except Wrong as wrong:
        row.state, row.mark = Row.State.REFUSED, None
        return str(wrong)
    except Nothing as nothing:
        row.state, row.mark = Row.State.SKIPPED, None
        return str(nothing)
    except Refused as refused:
        row.state, row.mark, row.matter, row.events = Row.State.REFUSED, None, None, []
        fields = getattr(refused, "fields", {})
        return " ".join(str(m) for m in fields.values()) or str(refused) or _("没有找到这件事项。")
    row.state = Row.State.DONE
    return _("已记：%(steps)s。") % {"steps": police.named(found, target)}


def told_again(document: Mapping[str, Any], now: datetime) -> Told:
    """The row as it was read."""
    return police.read_row(table.Line(int(document["line"]), dict(document["cells"])), now)


def take_steps(row: Row, one: Told, target: Target, found: list[Step], actor: Actor, now: datetime) -> None:
    """Each step for the police, in the case or in its letter; what the first opens the second goes on with."""
    letter, row.events = target.letter, []
    for step in found:
        matter = target.case if step.in_case else letter
        assert matter
        done = matters.move(
            matter_id=matter.id, name=step.move, actor=actor, now=now, data=step.data,
            on_behalf_of=station_of(target, now), files=(as_paper(one),) if step.needs_paper else (),
        )  # fmt: skip
        row.events = [*row.events, entry(done.event, matter.id, step.move)]
        if done.child:  # the letter it began takes the same answers, in an event of its own
            letter = Matter.objects.select_related("holder").get(pk=done.child)
            own = Event.objects.filter(matter=done.child).order_by("-seq")[0]
            row.events = [*row.events, entry(own.id, letter.id, own.move) | {"opened": True}]
        row.matter = letter or matter


def entry(event: UUID | None, matter: UUID, move: str) -> dict[str, Any]:
    """What undoing needs to know of one step."""
    return {"event": str(event), "matter": str(matter), "move": move}


def station_of(target: Target, now: datetime) -> UUID | None:
    """Whose act it is: the station of the letter, of the case, else the nearest."""
    for matter in (target.letter, target.case):
        if matter and "police" in matter.roles:
            return UUID(matter.roles["police"]["agency"])
    place = target.matter.township or target.matter.county
    found = agencies.nearest(STATION, place, today(now)) if place else None
    return found[0].id if found else None


def as_paper(one: Told) -> SimpleUploadedFile:
    """The row as it came, which stands in the matter for the paper that did not."""
    lines = [_("公安数据文件第 %(n)s 行") % {"n": one.line}]
    lines += [
        f"{c.label['zh']}: {one.cells.get(c.name, '')}" for c in police.COLUMNS if one.cells.get(c.name)
    ]
    return SimpleUploadedFile(f"police-row-{one.line}.txt", "\n".join(lines).encode(), "text/plain")


def go_on(batch: Batch, now: datetime) -> None:
    writes = Writes()
    outbox.put(writes, kind="incoming.carry_on", body={"batch": str(batch.id)}, now=now)
    writes.flush()


def give_up(*, batch_id: UUID, actor: Actor, now: datetime) -> None:
    """A file that was only looked through is not carried out; what was read of it is destroyed."""
    with transaction.atomic():
        batch = batches.find(actor, Batch.Kind.FILE, batch_id, lock=True)
        if batch.state != Batch.State.OPEN or batch.rows.filter(state__in=KNOWN).exists():
            raise RuleBroken(_("这个文件已经办过了。"))
        batch.rows.update(mark=None)
        batch.state, batch.ended_at, batch.updated_at = Batch.State.GIVEN_UP, now, now
        batch.save(update_fields=["state", "ended_at", "updated_at"])
        erasing.forget(batch.id, now)
        ledger.note(batch.agency_id, move=GIVEN_UP, actor=actor, now=now, codes={"batch": str(batch.id)})
