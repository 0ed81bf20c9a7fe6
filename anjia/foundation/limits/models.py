"""How often somebody may try, and the memory that makes a double click one act."""

from __future__ import annotations

from django.db import models

from anjia.foundation.core.ids import uuid7


class Bucket(models.Model):
    """Tries counted per keyed hash of what is limited (address, account, receipt prefix) and window."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    name = models.CharField(max_length=30)
    key = models.BinaryField(max_length=32)
    window = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "key", "window"], name="bucket_once")]


class Idempotency(models.Model):
    """One submission: same key and same content gets the first answer again; kept 72 hours."""

    key = models.BinaryField(primary_key=True, max_length=32)  # keyed hash, never the key itself
    request = models.BinaryField(max_length=32)  # keyed hash of the content
    reply = models.BinaryField()  # sealed
    at = models.DateTimeField(db_index=True)
