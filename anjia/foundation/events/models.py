"""What happened (events), who looked (access), and the seals that make both tamper-evident."""

from __future__ import annotations

from django.db import models

from anjia.foundation.core.ids import uuid7


class Event(models.Model):
    """One row per move: at once the timeline, the ledger entry and the fact that figures count.

    `codes` holds only codes, numbers, dates and ids, never text; text is in the vault under `sealed`.
    `mac` = HMAC(ledger key, canonical(entry) | previous mac of the same matter).
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    matter = models.UUIDField()
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor = models.UUIDField(null=True)  # account; null for a resident, the clock and the system
    actor_kind = models.CharField(max_length=10)  # post | agency | resident | clock | system
    post = models.UUIDField(null=True)
    agency = models.UUIDField(null=True)
    move = models.CharField(max_length=40)
    codes = models.JSONField(default=dict)
    sealed = models.UUIDField(null=True)  # owner id of the sealed narrative of this event
    voids = models.UUIDField(null=True)  # the event that this one corrects
    prev_mac = models.BinaryField()
    mac = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["matter", "seq"], name="event_seq_once")]
        indexes = [
            models.Index(fields=["move", "at"], name="event_move")
        ]  # what happened lately, of one kind


class Access(models.Model):
    """One row per request that opened sealed data, written before the value is sent."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    at = models.DateTimeField()
    actor = models.UUIDField(null=True)
    post = models.UUIDField(null=True)
    route = models.CharField(max_length=80)
    how = models.CharField(max_length=10)  # list | open | file | urgent (emergency) | where (whereabouts)
    purpose = models.CharField(max_length=40, blank=True)  # a code; words go to purpose_sealed
    purpose_sealed = models.BinaryField(null=True)
    matters = models.JSONField(default=list)
    compartments = models.JSONField(default=list)
    mac = models.BinaryField()


class AccessMatter(models.Model):
    """Which access rows opened a matter: the index behind 谁看过 (lists are found by scan)."""

    id = models.BigAutoField(primary_key=True)
    access = models.ForeignKey(Access, on_delete=models.PROTECT, db_constraint=False)
    matter = models.UUIDField()

    class Meta:
        indexes = [models.Index(fields=["matter", "id"], name="access_matter")]


class Unsealed(models.Model):
    """An event or access row that no seal covers yet: written by a trigger, deleted by the sealer."""

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=6)  # event | access
    mac = models.BinaryField()


class Seal(models.Model):
    """A Merkle root over everything written since the last seal, chained to it and signed."""

    n = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    prev = models.BinaryField()
    root = models.BinaryField()
    members = models.JSONField()  # ordered [kind, id, mac hex]
    signature = models.BinaryField()
