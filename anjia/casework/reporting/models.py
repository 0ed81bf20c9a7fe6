"""A place from which reports may be made without an account: one department, one code, until it is withdrawn."""

from __future__ import annotations

from django.db import models

from anjia.foundation.core.ids import uuid7


class ReportPoint(models.Model):
    """One department of an office that must report by law (反家庭暴力法 Art. 14). Its code hangs on the wall.

    The code itself is sealed, so that the sheet can be printed again, and found by a keyed hash. How many reported,
    and who, stands nowhere here.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    agency = models.ForeignKey("posts.Agency", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=40)  # 急诊科
    code_hash = models.BinaryField(max_length=32, unique=True)
    code = models.BinaryField()  # sealed
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["agency", "closed_at"], name="report_point_agency")]
