"""What an office writes on: its letterhead, and how far its document numbers have come. Nothing of a person."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from anjia.foundation.core.ids import uuid7


class Letterhead(models.Model):
    """How an office's letters look. `word` is its own part of a document number (机关代字), blank: it numbers none.

    Red only with the document on which that rests.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    agency = models.OneToOneField("posts.Agency", on_delete=models.PROTECT, related_name="+")
    word = models.CharField(max_length=16, blank=True)
    is_red = models.BooleanField(default=False)
    basis = models.CharField(max_length=120, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(is_red=False) | ~Q(basis=""), name="letterhead_red_has_basis")
        ]


class Series(models.Model):
    """The last document number (文号) of one office, word and year. Taken with the copy, so that none is missing."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    agency = models.ForeignKey("posts.Agency", on_delete=models.PROTECT, related_name="+")
    word = models.CharField(max_length=24)  # 机关代字 with the kind: 邗妇权函
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "word", "year"], name="letter_series_once")]
