"""Papers that come in many at once: photographed in one go, typed in beside the picture, each saved as its own act.

Saving opens, or goes on with, a real matter by the same actions as the single forms; the picture becomes its paper
and leaves the batch. A row that is refused keeps what was typed. Nothing ends by itself: what is given up is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from anjia.casework.incoming import alike, batches, papers
from anjia.casework.incoming.models import Batch, Row
from anjia.casework.incoming.policies import can_take_in
from anjia.engine.matters import actions as matters
from anjia.engine.matters.models import Matter
from anjia.foundation.core.batch import Batch as Writes
from anjia.foundation.core.verdict import NotFound, RuleBroken, require
from anjia.foundation.files import files
from anjia.foundation.files.models import File
from anjia.foundation.vault import erasing, vault
from anjia.foundation.vault.models import Compartment
from anjia.registry.posts import agencies, ledger
from anjia.registry.posts.actors import Actor, today

MOST = 30
NEW = "new"
#: What is not asked again of the next paper of the heap: it usually is of the same office.
CARRIED = ("paper", papers.OFFICE)
TAKEN, GIVEN_UP = "papers_taken_in", "papers_given_up"


@dataclass
class LooksHeld(RuleBroken):
    """It may be a paper that is held already: somebody has to say whether it is."""

    found: tuple[alike.Held, ...] = ()


def begin(*, actor: Actor, now: datetime) -> Batch:
    """An empty heap with a key of its own."""
    require(can_take_in(actor))
    agency, post, account = actor.agency_id, actor.post_id, actor.account_id
    if agency is None or post is None or account is None:
        raise NotFound
    batch = Batch(
        kind=Batch.Kind.PAPERS, agency_id=agency, post_id=post, account=account,
        at=now, updated_at=now,
    )  # fmt: skip
    with transaction.atomic():
        writes = Writes()
        vault.new_root(writes, batch.id)
        writes.insert(batch)
        writes.flush()
        ledger.note(agency, move=TAKEN, actor=actor, now=now, codes={"batch": str(batch.id)})
    return batch


def add_picture(*, batch_id: UUID, upload: UploadedFile[Any], actor: Actor, now: datetime) -> Row:
    """One more paper. RuleBroken: it is no picture or scan, or the heap is full; the others stay."""
    with transaction.atomic():
        batch = open_batch(actor, batch_id)
        last = batch.rows.aggregate(last=Max("seq"))["last"] or 0
        if last >= MOST:
            raise RuleBroken(_("一批最多 30 张，请另起一批。"))
        key = vault.key(batch.id)
        row = Row(batch=batch, seq=last + 1, updated_at=now)
        writes = Writes()
        writes.insert(row)
        file = files.store(writes, key=key, matter=row.id, upload=upload, now=now)
        if file.media not in ("image", "pdf"):
            raise RuleBroken(_("这里只收照片和 PDF 扫描件。"))
        batch.updated_at = now
        writes.update(batch, ["updated_at"])
        writes.flush()
    return row


def open_batch(actor: Actor, batch_id: UUID) -> Batch:
    """The batch, locked, while it is not finished."""
    require(can_take_in(actor))
    batch = batches.find(actor, Batch.Kind.PAPERS, batch_id, lock=True)
    if batch.ended_at:
        raise RuleBroken(_("这一批已经办完了，请另起一批。"))
    return batch


def draft_row(batch: Batch, seq: int) -> Row:
    """The row, locked, while it waits to be typed."""
    row = batches.find_row(batch, seq, lock=True)
    if row.state != Row.State.DRAFT:
        raise RuleBroken(_("这一张已经办过了。"))
    return row


def keep_draft(
    *,
    batch_id: UUID,
    seq: int,
    typed: Mapping[str, Any],
    actor: Actor,
    now: datetime,
    choice: str = "",
    sentence: str = "",
) -> None:
    """Keep what was typed so far, sealed. The same again writes nothing."""
    with transaction.atomic():
        batch = open_batch(actor, batch_id)
        write_draft(batch, draft_row(batch, seq), typed, now, choice=choice, sentence=sentence)


def write_draft(
    batch: Batch, row: Row, typed: Mapping[str, Any], now: datetime, *, choice: str = "", sentence: str = ""
) -> None:
    """A new version of the row's document, where it differs from the last."""
    before, version = batches.documents(batch, [row], logs=False).get(row.id, ({}, 0))
    document = {"typed": dict(typed), "choice": choice, "sentence": sentence}
    if document == before:
        return
    writes = Writes()
    vault.seal(
        writes, vault.key(batch.id), owner=row.id, compartment=Compartment.NARRATIVE, value=document, version=version + 1
    )  # fmt: skip
    row.updated_at = batch.updated_at = now
    writes.update(row, ["updated_at"])
    writes.update(batch, ["updated_at"])
    writes.flush()


def record(
    *, batch_id: UUID, seq: int, typed: Mapping[str, Any], choice: str, actor: Actor, now: datetime
) -> Row:
    """The paper becomes part of a matter, its picture with it. Sent twice it is one act.

    RuleBroken: what is wrong, by field; LooksHeld: it has to be said whether it is one that is held already.
    What was typed is kept either way.
    """
    with transaction.atomic():
        batch = open_batch(actor, batch_id)
        row = batches.find_row(batch, seq, lock=True)
        if row.state == Row.State.DONE:
            return row
        draft_row(batch, seq)
        checked = papers.check(papers.paper_of(typed.get("paper")), typed, now)
        found = alike.held(actor, checked)
        chosen = next((h for h in found if h.choice == choice), None)
        if found and chosen is None and choice != NEW:
            raise LooksHeld(
                _("看起来已经有了，请看一下是不是同一件。"), {"choice": _("请选一项。")}, tuple(found)
            )
        write_draft(batch, row, typed, now)
        matter = carry_out(batch, row, checked, chosen, actor, now)
        settle_row(batch, row, Row.State.DONE, now, matter=matter)
    return row


def carry_out(
    batch: Batch, row: Row, checked: papers.Checked, held: alike.Held | None, actor: Actor, now: datetime
) -> UUID:
    """The step that the paper is: in a new matter, in one that waits for it, in a case; or only one more copy."""
    paper, office = checked.paper, office_of(checked, actor, now)
    made: dict[str, Any] = {"actor": actor, "now": now, "files": pages_of(batch, row)}
    if held and held.way == alike.SAME:
        about = {"paper_kind": "other"}
        return matters.move(matter_id=held.row.id, name="attach", data=about, **made).matter
    made |= {"on_behalf_of": office, "data": checked.answers}
    if held and held.way == alike.STEP:
        return matters.move(matter_id=held.row.id, name=paper.move, **made).matter
    if held:
        moved = matters.move(matter_id=held.row.id, name=paper.in_case, **made)
        return moved.child or moved.matter
    moved = matters.open_with(
        step=paper.move,
        answers=checked.answers,
        on_behalf_of=office,
        files=made["files"],
        actor=actor,
        now=now,
        playbook=paper.opens,
        channel=paper.channel,
        parties=checked.people,
        place=str(checked.values.get("residence") or actor.county or actor.city),
        data={f.name: checked.answers[f.name] for f in paper.book.opening if f.name in checked.answers},
        chosen={"police": office} if "police_station" in paper.kinds else {},
    )
    return moved.child or moved.matter


def office_of(checked: papers.Checked, actor: Actor, now: datetime) -> UUID:
    """The office whose paper it is: one of its kind in this city."""
    near = agencies.working(today(now)).filter(kind__in=checked.paper.kinds, city=actor.city)
    office = next((a for a in near.values_list("id", flat=True) if str(a) == checked.office), None)
    if office is None:
        words = _("请从列表中选择。")
        raise RuleBroken(_("有几处需要改一下。"), {papers.OFFICE: words})
    return office


def pages_of(batch: Batch, row: Row) -> tuple[UploadedFile[Any], ...]:
    """The pictures of a paper as they came in, unopened by anybody, for the matter it belongs to."""
    key, out = vault.key(batch.id), []
    rows = [row.id, *row.pages.order_by("seq").values_list("id", flat=True)]
    for file in sorted(
        File.objects.filter(root=batch.id, matter__in=rows), key=lambda f: (rows.index(f.matter), f.id)
    ):
        about = files.describe(file, key)
        out.append(
            SimpleUploadedFile(str(about["name"]), files.read(file, key), str(about.get("mime") or ""))
        )
    return tuple(out)


def settle_row(batch: Batch, row: Row, state: str, now: datetime, *, matter: UUID | None = None) -> None:
    """The row is through: its pictures leave the batch, and with the last row everything does."""
    rows = [row, *row.pages.all()]
    drop_pictures(batch, [r.id for r in rows])
    row.state, row.updated_at = state, now
    row.matter = Matter.objects.get(pk=matter) if matter else None
    row.save(update_fields=["state", "updated_at", "matter"])
    end_if_through(batch, now)


def drop_pictures(batch: Batch, rows: list[UUID]) -> None:
    """The batch's copies go: what was kept is with its matter."""
    gone = File.objects.filter(root=batch.id, matter__in=rows)
    paths = [files.path_of(f) for f in gone.values_list("id", flat=True)]
    gone.delete()
    transaction.on_commit(lambda: unlink(paths))


def unlink(paths: list[Path]) -> None:
    """The sealed bytes go once nothing names them any more."""
    for path in paths:
        path.unlink(missing_ok=True)


def end_if_through(batch: Batch, now: datetime) -> None:
    """No row waits any more: the heap is done, and what was typed can be opened by nobody again."""
    batch.updated_at = now
    if not batch.rows.filter(state=Row.State.DRAFT).exists():
        given_up = not batch.rows.filter(state=Row.State.DONE).exists()
        batch.state, batch.ended_at = Batch.State.GIVEN_UP if given_up else Batch.State.DONE, now
        erasing.forget(batch.id, now)
    batch.save(update_fields=["updated_at", "state", "ended_at"])


def join(*, batch_id: UUID, seq: int, actor: Actor, now: datetime) -> Row:
    """This picture is another page of the paper before it."""
    with transaction.atomic():
        batch = open_batch(actor, batch_id)
        row = draft_row(batch, seq)
        before = batch.rows.filter(seq__lt=seq, state=Row.State.DRAFT).order_by("-seq").first()
        if before is None:
            raise RuleBroken(_("前面没有还没录完的一张可以合在一起。"))
        row.pages.update(joined_to=before)
        row.state, row.joined_to, row.updated_at = Row.State.JOINED, before, now
        row.save(update_fields=["state", "joined_to", "updated_at"])
    return before


def give_up(*, batch_id: UUID, seq: int | None, actor: Actor, now: datetime) -> Batch:
    """One paper, or all that are not typed in yet, are not recorded; their pictures are destroyed. It is noted how many."""
    with transaction.atomic():
        batch = open_batch(actor, batch_id)
        rows = [draft_row(batch, seq)] if seq else list(batch.rows.filter(state=Row.State.DRAFT))
        for row in rows:
            settle_row(batch, row, Row.State.GIVEN_UP, now)
        if not rows:
            end_if_through(batch, now)
        ledger.note(
            batch.agency_id,
            move=GIVEN_UP,
            actor=actor,
            now=now,
            codes={"batch": str(batch.id), "rows": len(rows)},
        )
    return batch
