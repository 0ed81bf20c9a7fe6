"""The tree of places: province, city, county, township, village, grid."""

from __future__ import annotations

from django.db import models


class Tier(models.TextChoices):
    PROVINCE = "province", "省"
    CITY = "city", "市"
    COUNTY = "county", "县(市、区)"
    TOWNSHIP = "township", "乡镇(街道)"
    VILLAGE = "village", "村(社区)"
    GRID = "grid", "网格"


class Place(models.Model):
    """One place by division code. Names repeat (83 village names in Yangzhou): never key on a name."""

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
    """托管: who manages a place in practice, with dates. Work follows management, statistics offer both."""

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="managements")
    managed_by = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    from_on = models.DateField()
    to_on = models.DateField(null=True)
    basis = models.CharField(max_length=120)
