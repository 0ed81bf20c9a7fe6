"""The crowd: how many matters of which way in which county, when each began, and one clock for all of them."""

from __future__ import annotations

import heapq
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from anjia.demo.living import Life, Waking, World, office
from anjia.demo.posts import COUNTIES, FOUNDED, City
from anjia.demo.seats import VILLAGE
from anjia.demo.ways import PROCEDURES, Procedure, Way
from anjia.engine.matters import actions
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.outbox import worker
from anjia.law.playbooks.library import catalogue
from anjia.registry.places.models import Place

#: How many matters a month sees: before the Spring Festival, in summer and around 25 November there are more.
SEASON = (11, 14, 9, 7, 8, 9, 11, 10, 8, 8, 12, 9)
LATE_EVERY = 9  # every ninth matter has one duty done late, with a reason
LAST_STEPS = timedelta(days=20)  # what was ended began at least so long before now, and the way's own time
CLIMB_EACH = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass
class Plan:
    """One matter that will be lived."""

    procedure: Procedure
    way: Way
    county: str
    start: datetime


def planned(now: datetime, seed: int, whole: bool) -> list[Plan]:
    """Every way of every procedure: in every county for the whole city, once in turn for a small one."""
    rng = random.Random(seed)  # noqa: S311  invented people, not secrets
    plans = []
    for procedure in PROCEDURES.values():
        if not catalogue()[procedure.name].opens_alone:
            continue
        for n, way in enumerate(w for w in procedure.ways if not w.inside):
            counties = COUNTIES if whole else (COUNTIES[n % len(COUNTIES)],)
            for county in counties:
                for _time in range(way.often if whole else 1):
                    plans.append(Plan(procedure, way, county, begins(way, now, rng)))
    return sorted(plans, key=lambda p: p.start)


def begins(way: Way, now: datetime, rng: random.Random) -> datetime:
    """When a matter of that way began: so many days ago, or at any time of the year as the seasons go."""
    if way.ago is not None:
        days = rng.uniform(*way.ago)
        return min(office(now - timedelta(days=days), rng), now - timedelta(minutes=20))
    lasts = timedelta(hours=sum(step.after for step in way.steps)) * 1.6 + LAST_STEPS
    first = FOUNDED if timedelta(days=60) < now - FOUNDED < timedelta(days=366) else now - timedelta(days=365)
    latest = max(now - lasts, first + DAY)
    for _try in range(60):
        moment = first + (latest - first) * rng.random()
        if rng.random() * max(SEASON) < SEASON[moment.astimezone(SHANGHAI).month - 1]:
            break
    return office(moment, rng)


class Crowd:
    """Lives side by side under one clock."""

    def __init__(self, world: World, now: datetime, seed: int, whole: bool) -> None:
        self.now, self.rng = now, random.Random(seed + 1)  # noqa: S311
        self.world = world
        world.spawn = self.wake
        self.waking: list[tuple[datetime, int, Waking]] = []
        self.count = 0
        self.climbed = self.drained = now - timedelta(days=400)
        self.places = townships(world.staff.city)
        self.plans = planned(now, seed, whole)

    def live(self) -> Iterator[int]:
        """Live all of it; yields how many of the matters have begun, whenever another one does.

        Most of a matter's work follows soon after it began, so this is also how far the work has come.
        """
        for n, plan in enumerate(self.plans):
            self.wake(self.life(plan, n))
        begun = 0
        while self.waking:
            when, _order, life = heapq.heappop(self.waking)
            self.tick(when)
            following = next(life, None)
            if following is not None and following < self.now:
                self.push(max(following, when), life)
            while begun < len(self.plans) and self.plans[begun].start <= when:
                begun += 1
                yield begun
        self.tick(self.now)

    def life(self, plan: Plan, number: int) -> Life:
        """Somebody's matter, in one of the county's townships."""
        town, village = self.rng.choice(self.places[plan.county])
        return Life(
            world=self.world,
            rng=random.Random(self.rng.random()),  # noqa: S311
            procedure=plan.procedure,
            way=plan.way,
            start=plan.start,
            county=plan.county,
            town=town,
            village=village,
            late=self.rng.randrange(4) if number % LATE_EVERY == 0 else -1,
        )

    def wake(self, life: Life) -> None:
        """Let a life begin."""
        self.push(life.start, life.run())

    def push(self, when: datetime, life: Waking) -> None:
        self.count += 1
        heapq.heappush(self.waking, (when, self.count, life))

    def tick(self, when: datetime) -> None:
        """What the worker does in the meantime: overdue duties climb, letters to in-boxes are delivered."""
        if when - self.climbed >= CLIMB_EACH:
            actions.climb_overdue(now=when)
            self.climbed = when
        if when - self.drained >= DAY:
            worker.drain(when)
            self.drained = when


def townships(city: City) -> dict[str, list[tuple[str, str]]]:
    """Where the crowd lives, by county: townships with one of their villages each, the stories' own included."""
    own = city.places[VILLAGE]
    found: dict[str, list[tuple[str, str]]] = {county: [] for county in COUNTIES}
    villages = Place.objects.filter(tier="village", is_fictional=False).order_by("code")
    first: dict[str, str] = {}
    for code, parent in villages.values_list("code", "parent_id"):
        first.setdefault(parent, code)
    for town in Place.objects.filter(tier="township", is_fictional=False).order_by("code"):
        if town.county in found:
            found[town.county].append((town.code, first.get(town.code, "")))
    found[own[:6]] += [(own[:9], own)] * 6
    return found
