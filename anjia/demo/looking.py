"""What a head finds under 异常查阅 in the demo: yesterday somebody looked for one person all day, another read by night."""

from __future__ import annotations

from datetime import datetime, timedelta

from anjia.demo.posts import City
from anjia.engine.matters import actions, finding
from anjia.engine.matters.models import Seat
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.events import access

HER_NAME = "周晓兰"
HOURS = (9, 11, 14, 16)


def look(city: City, now: datetime) -> None:
    """The auxiliary, whose sister-in-law she is, and a desk officer at home after ten."""
    midnight = now.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    yesterday = midnight - timedelta(days=1)
    curious = city.actor("auxiliary", yesterday)
    for hour in HOURS:
        with access.reading(curious, route="desk:search", at=yesterday.replace(hour=hour, minute=12)):
            finding.note(curious, HER_NAME)
    late = city.actor("hanjiang-desk", yesterday)
    seats = Seat.objects.filter(agency=late.agency_id, to_at__isnull=True).order_by("-opened_at")
    for n, matter in enumerate(seats.values_list("matter", flat=True)[:4]):
        at = yesterday.replace(hour=22, minute=20 + 6 * n)
        with access.reading(late, route="desk:matter", at=at) as reader:
            reader.opened(matter, "narrative")
    actions.compute_unusual(now=now)
