"""What is typed while somebody is on the telephone, before it is a matter."""

from __future__ import annotations

from django.db import models


class Draft(models.Model):
    """A registration that was begun and not saved: sealed, its writer's alone, gone once saved or given up.

    The id is the key of the form, so that saving it twice is one matter and the draft of what was saved is none.
    """

    id = models.UUIDField(primary_key=True)
    account = models.UUIDField()
    agency = models.ForeignKey("posts.Agency", on_delete=models.PROTECT, related_name="+")
    procedure = models.CharField(max_length=40)
    body = models.BinaryField()  # sealed
    begun_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["account", "-updated_at"], name="counter_draft_of"),
            models.Index(fields=["agency", "updated_at"], name="counter_draft_office"),
        ]
