"""Sealed files. The bytes lie encrypted on disk; name, type and check value are sealed in the vault."""

from __future__ import annotations

from django.db import models

from anjia.foundation.core.ids import uuid7


class File(models.Model):
    """One attachment of one matter; its description is the vault document (owner=id, evidence)."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    root = models.UUIDField()
    matter = models.UUIDField(db_index=True)
    event = models.UUIDField(null=True)
    size = models.PositiveBigIntegerField()
    media = models.CharField(max_length=12)  # image | pdf | audio | text | office
    at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)  # when its bytes were last compared with its check values
    fault = models.CharField(max_length=8, blank=True)  # changed | missing: what that found

    class Meta:
        indexes = [
            models.Index(fields=["checked_at", "id"], name="file_checked"),
            models.Index(fields=["matter"], name="file_broken", condition=~models.Q(fault="")),
        ]
