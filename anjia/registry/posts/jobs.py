"""What the worker does for this room."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from anjia.foundation.outbox.outbox import scheduled
from anjia.registry.places.models import PlaceManagement
from anjia.registry.posts.actions import follow_management, forget_old_sessions
from anjia.registry.posts.actors import SYSTEM, today


@scheduled("posts.forget-sessions", every=timedelta(minutes=15))
def forget_sessions(*, now: datetime) -> None:
    """Sessions nobody uses any more leave the table."""
    forget_old_sessions(now=now)


@scheduled("posts.follow-management", every=timedelta(hours=1))
def follow_managements(*, now: datetime) -> None:
    """Where management (托管) began or ended these days, agencies answer to the new manager."""
    days = (today(now) - timedelta(days=1), today(now))
    turned = PlaceManagement.objects.filter(Q(from_on__in=days) | Q(to_on__in=days))
    for place in set(turned.values_list("place", flat=True)):
        follow_management(place=place, now=now, actor=SYSTEM)
