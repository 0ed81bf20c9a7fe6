"""The tree of places: province, city, county, township, village, grid."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Tier(models.TextChoices):
    """How high a place stands. Work is done at the lower five; a grid is a part of a village."""

    PROVINCE = "province", _("省")
    CITY = "city", _("市")
    COUNTY = "county", _("县(市、区)")
    TOWNSHIP = "township", _("乡镇(街道)")
    VILLAGE = "village", _("村(社区)")
    GRID = "grid", _("网格")


class Place(models.Model):
    """One place by division code. Names repeat (83 village names in Yangzhou): never key on a name.

    `city`, `county`, `township` and `village` are the codes of the statistical tree above it, its own
    tier included and blank below it. Who *manages* it may differ: see PlaceManagement.
    """

    code = models.CharField(max_length=16, primary_key=True)
    name = models.CharField(max_length=60)
    tier = models.CharField(max_length=8, choices=Tier.choices)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    city = models.CharField(max_length=16, blank=True)
    county = models.CharField(max_length=16, blank=True)
    township = models.CharField(max_length=16, blank=True)
    village = models.CharField(max_length=16, blank=True)
    pinyin = models.CharField(max_length=200, db_index=True)  # full pinyin, no tones or spaces
    initials = models.CharField(max_length=60, db_index=True)
    is_fictional = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["county", "tier"], name="place_county_tier")]


class PlaceManagement(models.Model):
    """托管: who manages a place in practice, with dates. Work follows management, statistics offer both.

    Holds from `from_on` until the day before `to_on`.
    """

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="managements")
    managed_by = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    from_on = models.DateField()
    to_on = models.DateField(null=True)
    basis = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gt=F("from_on")), name="management_runs_forward"
            ),
            models.CheckConstraint(condition=~Q(place=F("managed_by")), name="management_by_another"),
        ]
