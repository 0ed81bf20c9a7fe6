"""The crowd: how many matters of which way in which county, when each began, and one clock for all of them."""

from __future__ import annotations

import heapq
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from anjia.demo.living import Life, Waking, World, office
from anjia.demo.posts import COUNTIES, FOUNDED, City
from anjia.demo.seats import VILLAGE
from anjia.demo.ways import PROCEDURES, Procedure, Step, Way
from anjia.demo.ways.told import TOLD, Told
from anjia.engine.matters import actions
from anjia.engine.matters.models import Matter
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
SLOWNESS = timedelta(minutes=20)


@dataclass
class Plan:
    """One matter that will be lived."""

    procedure: Procedure
    way: Way
    county: str
    start: datetime
    told: Told | None = None


def planned(now: datetime, seed: int, whole_city: bool) -> list[Plan]:
    """Every way of every procedure: in every county for the whole city, once in turn for a small one."""
    rng = random.Random(seed)  # noqa: S311  invented people, not secrets
    plans = []
    for procedure in PROCEDURES.values():
        if not catalogue()[procedure.name].opens_alone:
            continue
        turn = -1
        for way in (w for w in procedure.ways if not w.inside):
            turn += 0 if way.beside else 1
            counties = COUNTIES[turn % 3 :: 3] if way.rare else COUNTIES
            if not whole_city:
                counties = (COUNTIES[turn % len(COUNTIES)],)
            for county in counties:
                for _time in range(way.often if whole_city else 1):
                    plans.append(Plan(procedure, way, county, begins(procedure, way, now, rng)))
    plans += [Plan(PROCEDURES[t.procedure], t.way, t.county, t.start, t) for t in TOLD if t.start < now]
    return sorted(plans, key=lambda p: p.start)


def begins(procedure: Procedure, way: Way, now: datetime, rng: random.Random) -> datetime:
    """When a matter of that way began.

    So that its last step was made so many days ago; or, where that is all the same, at any time of the year
    as the seasons go, early enough that it has ended.
    """
    if way.ago is not None:
        least, most = way.ago
        moment = office(now - timedelta(days=rng.uniform(least, most)) - taken_by(procedure, way), rng)
        while over_at(procedure, way, moment) > now - timedelta(days=least):
            moment = office(moment - timedelta(hours=4), rng, back=True)
        return moment
    first = FOUNDED if timedelta(days=60) < now - FOUNDED < timedelta(days=366) else now - timedelta(days=365)
    latest = max(now - taken_by(procedure, way) * 1.5 - LAST_STEPS, first + DAY)
    for _try in range(60):
        moment = first + (latest - first) * rng.random()
        if rng.random() * max(SEASON) < SEASON[moment.astimezone(SHANGHAI).month - 1]:
            break
    return office(moment, rng)


def taken_by(procedure: Procedure, way: Way) -> timedelta:
    """How long its steps take, with those of the child that the last one opens."""
    return sum((timedelta(hours=step.after) for step in whole(procedure, way)), timedelta())


def over_at(procedure: Procedure, way: Way, start: datetime) -> datetime:
    """When the last step will have been made at the latest, nights and weekends counted."""
    late = Latest()
    moment = start
    for step in whole(procedure, way):
        moment += timedelta(hours=step.after)
        moment = office(moment, late) + SLOWNESS if step.after >= 1 else moment
    return moment


class Latest(random.Random):
    """Chance at its slowest."""

    def randrange(self, start: int, *_more: object) -> int:
        return start - 1


def whole(procedure: Procedure, way: Way) -> list[Step]:
    """The steps of a way and of the child opened by the last of them."""
    steps = list(way.steps)
    opens = catalogue()[procedure.name].moves[steps[-1].move].opens if steps and steps[-1].goes else None
    child = PROCEDURES.get(opens or "")
    return steps + (whole(child, child.way(steps[-1].goes)) if child else [])


class Crowd:
    """Lives side by side under one clock."""

    def __init__(self, world: World, now: datetime, seed: int, whole: bool) -> None:
        self.now, self.rng = now, random.Random(seed + 1)  # noqa: S311
        self.world = world
        world.spawn = self.wake
        self.waking: list[tuple[datetime, int, Waking]] = []
        self.count = 0
        self.matches: set[UUID] = set()
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
        if plan.told and plan.told.place:
            code = self.world.staff.city.places[plan.told.place]
            town, village = code[:9], code if len(code) > 9 else ""
        return Life(
            world=self.world,
            rng=random.Random(self.rng.random()),  # noqa: S311
            procedure=plan.procedure,
            way=plan.way,
            start=plan.start,
            county=plan.county,
            town=town,
            village=village,
            late=self.rng.randrange(4) if number % LATE_EVERY == 0 and not plan.told else -1,
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
            self.look_for_matches(when)

    def look_for_matches(self, now: datetime) -> None:
        """What the house opens by itself when one person turns up in two counties is decided, too, by somebody."""
        book = PROCEDURES["repeat-case"]
        for match in (
            Matter.objects.filter(playbook=book.name).exclude(pk__in=self.matches).order_by("opened_at")
        ):
            number = len(self.matches)  # the first is still open, the others are decided one way or the other
            way = book.ways[number if number < 3 else 1 + number % 2]
            self.matches.add(match.id)
            rng = random.Random(len(self.matches))  # noqa: S311
            self.wake(
                Life(self.world, rng, book, way, now + timedelta(hours=1), COUNTIES[0], matter=match.id)
            )


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
