"""Builds the demo city: places, offices, posts, one long story, and a crowd of cases in every stage."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from anjia.demo import (
    letters_out,
    looking,
    office,
    papers_in,
    posts,
    reached,
    recognition,
    story,
    township_ledgers,
    village_month,
)
from anjia.demo.crowd import Crowd, planned
from anjia.demo.living import World
from anjia.demo.posts import FOUNDED, City
from anjia.demo.staff import Staff
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.events import events
from anjia.foundation.outbox import worker
from anjia.foundation.vault import vault
from anjia.registry.places.actions import load_places
from anjia.registry.posts import actors
from anjia.registry.posts.actions.agencies import found_city

SEED = 20260309
Progress = Callable[[int, int, str], None]
PLACES, OFFICES, POSTS, STORY = 12, 10, 4, 20  # what the steps before the crowd weigh, in matters


@dataclass(frozen=True)
class Built:
    """What was built: the city and, for tests, what a way wanted and the house refused."""

    city: City
    stumbles: list[str]


def build(now: datetime, progress: Progress, seed: int = SEED, *, whole: bool = False) -> Built:
    """Everything, by the real actions under a simulated clock. `progress(done, total, what)` is told each step.

    `whole`: the year of all counties. Without it a small city, in which every procedure and stage occurs once.
    """
    total = PLACES + OFFICES + POSTS + STORY + len(planned(now, seed, whole))
    vault.ensure_staff_key()
    progress(0, total, "行政区划")
    load_places(city=settings.CITY, now=FOUNDED, actor=actors.SYSTEM)
    progress(PLACES, total, "单位")
    found_city(city=settings.CITY, now=FOUNDED, actor=actors.SYSTEM)
    progress(PLACES + OFFICES, total, "岗位")
    city = posts.staff(FOUNDED)
    posts.roster(city, now.astimezone(SHANGHAI))
    before = PLACES + OFFICES + POSTS
    progress(before, total, "一个家庭")
    world = World(Staff(city))
    story.tell(world, now)
    worker.drain(now)
    before += STORY
    crowd = Crowd(world, now, seed, whole)
    for begun in crowd.live():
        progress(before + begun, total, "各县的一年")
    village_month.live(city, now)
    township_ledgers.live(city, now)
    letters_out.send(city, now)
    worker.drain(now)
    papers_in.came(city, now)
    worker.drain(now)
    looking.look(city, now)
    office.tell(city, now)
    reached.live(city, now)
    recognition.live(world.staff, now)
    while events.seal_now(now) is not None:
        pass
    progress(total, total, "好了")
    return Built(city, world.stumbles)
