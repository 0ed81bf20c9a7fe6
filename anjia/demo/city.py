"""Builds the demo city: places, offices, posts, one long story, and a crowd of cases in every stage."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.conf import settings

from anjia.demo import crowd, posts, story
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.events import events
from anjia.foundation.outbox import worker
from anjia.foundation.vault import vault
from anjia.registry.places.actions import load_places
from anjia.registry.posts import actors
from anjia.registry.posts.actions.agencies import found_city

SEED = 20260309
FOUNDED = datetime(2026, 1, 5, 9, tzinfo=SHANGHAI)
Progress = Callable[[int, int, str], None]


def build(now: datetime, progress: Progress, seed: int = SEED) -> None:
    """Everything, by the real actions under a simulated clock. `progress(done, total, what)` is told each step."""
    total = crowd.SIZE + 20
    vault.ensure_staff_key()
    progress(0, total, "行政区划")
    load_places(city=settings.CITY, now=FOUNDED, actor=actors.SYSTEM)
    progress(6, total, "单位")
    found_city(city=settings.CITY, now=FOUNDED, actor=actors.SYSTEM)
    progress(10, total, "岗位")
    city = posts.staff(FOUNDED)
    posts.roster(city, now.astimezone(SHANGHAI))
    progress(14, total, "一个家庭")
    story.tell(city, now)
    worker.drain(now)
    for done in crowd.live(city, now, seed):
        progress(16 + done, total, "各县个案")
    worker.drain(now)
    while events.seal_now(now) is not None:
        pass
    progress(total, total, "好了")
