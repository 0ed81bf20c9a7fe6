"""Everything that must happen after a commit is a row written inside it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from anjia.foundation.core.ids import uuid7


class Outbox(models.Model):
    """One effect to carry out after commit. `body` is sealed: it may name people."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    kind = models.CharField(max_length=40)
    body = models.BinaryField()
    created_at = models.DateTimeField()
    not_before = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    dead_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=80, blank=True)  # exception class only, never its text

    class Meta:
        indexes = [
            models.Index(
                fields=["not_before", "id"],
                name="outbox_due",
                condition=Q(done_at__isnull=True, dead_at__isnull=True),
            )
        ]


class Schedule(models.Model):
    """A periodic job of the worker (escalation, sealer, sweeps) and when it runs next."""

    name = models.CharField(max_length=40, primary_key=True)
    next_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    last_ok_at = models.DateTimeField(null=True)
