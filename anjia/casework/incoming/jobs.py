"""What the worker does for files: the next stretch of a long one; and destroying what was read once it has served."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from anjia.casework.incoming import importing, undoing
from anjia.casework.incoming.models import Batch
from anjia.foundation.core.verdict import NotFound
from anjia.foundation.outbox import outbox
from anjia.foundation.vault import erasing
from anjia.foundation.vault.models import DataKey
from anjia.registry.posts import actors

KEPT = timedelta(days=90)  # so long a file can be undone and its results be fetched


@outbox.handler("incoming.carry_on")
def carry_on(*, body: dict[str, Any], outbox_id: UUID, now: datetime) -> None:
    """The next stretch of a file, in the name of whoever started it. Whose post has ended starts nothing more."""
    batch = Batch.objects.select_for_update(of=("self",)).get(pk=UUID(str(body["batch"])))
    try:
        actor = actors.for_post(batch.post_id, now)
    except NotFound:
        batch.state = Batch.State.OPEN if batch.state == Batch.State.RUNNING else Batch.State.DONE
        batch.save(update_fields=["state"])  # what is done is done; the head of the office finds the rest
        return
    if batch.state == Batch.State.RUNNING:
        importing.stretch(batch, actor, now, importing.AT_ONCE)
    elif batch.state == Batch.State.UNDOING:
        undoing.stretch(batch, actor, now, importing.AT_ONCE)


@outbox.scheduled("incoming.forget", every=timedelta(days=1))
def forget_old(*, now: datetime) -> int:
    """What was read of files is destroyed a season after they were carried out; the records in the matters stay."""
    old = Batch.objects.filter(kind=Batch.Kind.FILE, ended_at__lt=now - KEPT).exclude(
        state=Batch.State.UNDOING
    )
    roots = list(DataKey.objects.filter(root__in=old.values("id")).values_list("root", flat=True))
    for root in roots:
        with transaction.atomic():
            erasing.forget(root, now)
    return len(roots)
