"""The readers behind unusual.yaml: who opened what on one day, and which of it meets a plain rule."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from functools import cache, cached_property
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID

import yaml

from anjia.engine.matters.models import Duty, Matter, Party, Seat
from anjia.engine.matters.tokens import SEPARATOR
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.core.ids import first_of
from anjia.foundation.core.pinyin import surname
from anjia.foundation.events import access
from anjia.foundation.events.models import Access, AccessMatter, Event
from anjia.foundation.vault import vault
from anjia.foundation.vault.models import Compartment, DataKey, Sealed
from anjia.law.playbooks.schema import Text
from anjia.registry.places.models import Place
from anjia.registry.places.names import short
from anjia.registry.posts import duty as roster
from anjia.registry.posts import identities, people
from anjia.registry.posts.models import Post

FILE = Path(__file__).with_name("unusual.yaml")
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing a head is told of, with its threshold and the reason for it."""

    name: str
    label: Text
    why: Text
    reader: str
    at_least: int
    days: int = 0
    begins: int = 0
    ends: int = 0
    times: int = 0
    known_days: int = 0
    ceiling: int = 0
    leaves_out: str = ""


@dataclass(frozen=True, slots=True)
class Opening:
    """One matter really opened in one request."""

    row: UUID
    at: datetime
    account: UUID
    post: UUID
    matter: UUID


@dataclass(frozen=True, slots=True)
class Hit:
    """One rule met by one person: the readings it was met by. `mark` tells two words apart that were looked for."""

    account: UUID
    post: UUID
    rows: tuple[tuple[UUID, str], ...]  # reading, matter ("" for a search)
    needed: int
    mark: str = ""


@cache
def rules() -> tuple[Rule, ...]:
    """The declared rules, in the order of the file; an unknown key or reader is an error when first read."""
    known, found = {f.name for f in fields(Rule)}, []
    for name, said in yaml.safe_load(FILE.read_text(encoding="utf-8")).items():
        if strange := set(said) - known:
            raise ValueError(f"{FILE.name}: {name} has unknown keys {sorted(strange)}")
        found.append(Rule(name=name, **said))
        if any(set(text) != {"zh", "en"} for text in (found[-1].label, found[-1].why)):
            raise ValueError(f"{FILE.name}: {name} says its label and its reason in zh and en, quoted")
        if found[-1].reader not in READERS:
            raise ValueError(f"{FILE.name}: {name} names no reader of ours")
    return tuple(found)


@dataclass
class Day:
    """Everything that was opened on one day, and what is asked about it, each fetched once."""

    on: date

    @property
    def begins(self) -> datetime:
        return roster.midnight(self.on)

    @property
    def ends(self) -> datetime:
        return self.begins + timedelta(days=1)

    @cached_property
    def openings(self) -> list[Opening]:
        """Of people in a post; pages that only list names do not count."""
        return opened_between(self.begins, self.ends)

    @cached_property
    def by_account(self) -> dict[UUID, list[Opening]]:
        found: dict[UUID, list[Opening]] = {}
        for one in self.openings:
            found.setdefault(one.account, []).append(one)
        return found

    @cached_property
    def posts(self) -> dict[UUID, Post]:
        wanted = {o.post for o in self.openings}
        return {p.id: p for p in Post.objects.filter(pk__in=wanted).select_related("agency")}

    @cached_property
    def parts(self) -> Parts:
        days = max((rule.days for rule in rules() if rule.reader == "no_part"), default=0)
        return Parts.of({o.matter for o in self.openings}, self.begins - timedelta(days=days))

    def office(self, one: Opening) -> UUID | None:
        """The office in whose name it was opened."""
        post = self.posts.get(one.post)
        return post.agency_id if post else None


def opened_between(
    begins: datetime, ends: datetime, accounts: Collection[UUID] | None = None
) -> list[Opening]:
    """Every matter that was opened in a stretch of time, an index range of the log."""
    rows = Access.objects.filter(
        pk__gte=first_of(begins), pk__lt=first_of(ends), actor__isnull=False, post__isnull=False
    ).exclude(how=access.LIST)
    if accounts is not None:
        rows = rows.filter(actor__in=accounts)
    kept = {r.id: r for r in rows.only("id", "at", "actor", "post")}
    ids, found = list(kept), []
    for start in range(0, len(ids), CHUNK):
        pairs = AccessMatter.objects.filter(access__in=ids[start : start + CHUNK])
        for row, matter in pairs.order_by("id").values_list("access_id", "matter"):
            r = kept[row]
            assert r.actor is not None
            assert r.post is not None
            found.append(Opening(row, r.at, r.actor, r.post, matter))
    return found


@dataclass(frozen=True)
class Parts:
    """Who has something to do in which of these matters, around one day."""

    offices: frozenset[tuple[UUID, UUID]]  # (matter, office) lately at work there
    owing: frozenset[tuple[UUID, UUID]]  # (matter, office) with an open duty
    persons: frozenset[
        tuple[UUID, UUID]
    ]  # (matter, account) to whom it was given, or who did something in it

    @classmethod
    def of(cls, matters: set[UUID], since: datetime) -> Parts:
        """Five statements, however many matters. `since`: from when on work there counts as lately."""
        events = list(Event.objects.filter(matter__in=matters).values_list("matter", "agency", "actor", "at"))
        duties = list(
            Duty.objects.filter(matter__in=matters).values_list("matter", "agency", "post", "done_at")
        )
        seats = Seat.objects.filter(matter__in=matters, from_at__gte=since).values_list("matter", "agency")
        assigned = list(Matter.objects.filter(pk__in=matters).values_list("id", "assignee"))
        posts = {p for _m, _a, p, _d in duties if p} | {p for _m, p in assigned if p}
        holders = dict(Post.objects.filter(pk__in=posts).values_list("id", "account"))
        owing = {(m, a) for m, a, _p, done in duties if done is None}
        late = {(m, a) for m, a, _p, done in duties if done is not None and done >= since}
        acted = {(m, a) for m, a, _w, at in events if a and at >= since}
        persons = {(m, holders[p]) for m, _a, p, _d in duties if p in holders}
        persons |= {(m, holders[p]) for m, p in assigned if p in holders}
        persons |= {(m, w) for m, _a, w, _at in events if w}
        return cls(frozenset(owing | late | acted | set(seats)), frozenset(owing), frozenset(persons))


# -- the readers -----------------------------------------------------------------------------------------------

Reader = Callable[[Rule, Day], Iterator[Hit]]
READERS: dict[str, Reader] = {}


def reader(function: Reader) -> Reader:
    """Register a reader under its own name."""
    READERS[function.__name__] = function
    return function


def distinct(found: list[Opening], rule: Rule) -> Iterator[Hit]:
    """One hit where enough different matters were opened."""
    matters = {o.matter for o in found}
    if len(matters) >= rule.at_least:
        rows = tuple((o.row, str(o.matter)) for o in found)
        yield Hit(found[0].account, found[0].post, rows, rule.at_least)


@reader
def at_night(rule: Rule, day: Day) -> Iterator[Hit]:
    """Between `begins` and `ends` o'clock, by somebody who answers no telephone then."""
    for found in day.by_account.values():
        late = [o for o in found if is_night(rule, o.at) and not on_shift(day, o)]
        if late:
            yield from distinct(late, rule)


def is_night(rule: Rule, at: datetime) -> bool:
    hour = at.astimezone(SHANGHAI).hour
    return hour >= rule.begins or hour < rule.ends


def on_shift(day: Day, one: Opening) -> bool:
    """Whether this person was on the roster at that moment."""
    office = day.office(one)
    shifts = roster.between(office, one.at, one.at + timedelta(seconds=1)) if office else []
    return any(s.post.account_id == one.account for s in shifts)


@reader
def many(rule: Rule, day: Day) -> Iterator[Hit]:
    """Far more different matters than on this person's own usual day."""
    busy = {a: o for a, o in day.by_account.items() if len({x.matter for x in o}) >= rule.at_least}
    if not busy:
        return
    before = opened_between(day.begins - timedelta(days=rule.days), day.begins, list(busy))
    days: dict[UUID, dict[date, set[UUID]]] = {}
    for one in before:
        days.setdefault(one.account, {}).setdefault(one.at.astimezone(SHANGHAI).date(), set()).add(one.matter)
    for account, found in busy.items():
        usual = [len(m) for m in days.get(account, {}).values()]
        least = rule.times * median(usual) if len(usual) >= rule.known_days else rule.ceiling
        needed = max(rule.at_least, int(least) + 1)
        if len({o.matter for o in found}) >= needed:
            yield Hit(account, found[0].post, tuple((o.row, str(o.matter)) for o in found), needed)


@reader
def no_part(rule: Rule, day: Day) -> Iterator[Hit]:
    """Matters in which neither the person nor the office had anything to do."""
    for found in day.by_account.values():
        idle = [
            o
            for o in found
            if (o.matter, day.office(o)) not in day.parts.offices
            and (o.matter, o.account) not in day.parts.persons
        ]
        if idle:
            yield from distinct(idle, rule)


def not_hers(day: Day, found: list[Opening]) -> list[Opening]:
    """Neither given to her nor anything her office owes now."""
    parts = day.parts
    return [
        o
        for o in found
        if (o.matter, o.account) not in parts.persons and (o.matter, day.office(o)) not in parts.owing
    ]


@reader
def own_village(rule: Rule, day: Day) -> Iterator[Hit]:
    """By the home she recorded, against where the people of the matter live."""
    for account, found in day.by_account.items():
        home = str(identities.details(account).get("address") or "")
        rest = not_hers(day, found) if home else []
        near = {
            m for m, places in villages({o.matter for o in rest}).items() if any(p in home for p in places)
        }
        if near:
            yield from distinct([o for o in rest if o.matter in near], rule)


def villages(matters: Collection[UUID]) -> dict[UUID, set[str]]:
    """The villages in which people of these matters live, by name."""
    codes = {
        m: {str(d["residence"]) for d in docs if d.get("residence")} for m, docs in told(matters).items()
    }
    wanted = {code for each in codes.values() for code in each}
    names = dict(Place.objects.filter(pk__in=wanted, tier="village").values_list("code", "name"))
    return {m: {short(names[c]) for c in each if c in names} for m, each in codes.items()}


def told(matters: Collection[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    """The particulars of the people in these matters: decrypted to compare, kept and shown nowhere."""
    parties = dict(Party.objects.filter(matter__in=matters).values_list("id", "matter_id"))
    rows = vault.latest(parties, [Compartment.IDENTITY])
    keys = keys_of(rows)
    found: dict[UUID, list[dict[str, Any]]] = {m: [] for m in matters}
    for (party, _c), row in ((k, r) for k, r in rows.items() if r.root in keys):
        found[parties[party]].append(vault.open_sealed(row, keys[row.root]))
    return found


@reader
def own_surname(rule: Rule, day: Day) -> Iterator[Hit]:
    """People called as she is, but for the commonest names."""
    named = people.names(day.by_account)
    for account, found in day.by_account.items():
        mine = surname(named.get(account, ""))
        rest = not_hers(day, found) if mine and mine not in rule.leaves_out else []
        same = {m for m, names in surnames({o.matter for o in rest}).items() if mine in names}
        if same:
            yield from distinct([o for o in rest if o.matter in same], rule)


def surnames(matters: Collection[UUID]) -> dict[UUID, set[str]]:
    """Surnames of the people in these matters."""
    rows = vault.latest(matters, [Compartment.LABEL])
    keys = keys_of(rows)
    return {
        matter: {
            surname(name)
            for names in vault.open_sealed(row, keys[row.root]).values()
            for name in str(names).split(SEPARATOR)
        }
        for (matter, _c), row in rows.items()
        if row.root in keys
    }


def keys_of(rows: Mapping[Any, Sealed]) -> dict[UUID, vault.RootKey]:
    """Keys of the matters that were not erased since they were read."""
    roots = DataKey.objects.filter(root__in={row.root for row in rows.values()})
    return vault.keys(roots.values_list("root", flat=True))


@reader
def same_search(rule: Rule, day: Day) -> Iterator[Hit]:
    """One word in so many different hours of the last days, the last of them on this day."""
    rows = Access.objects.filter(
        pk__gte=first_of(day.ends - timedelta(days=rule.days)),
        pk__lt=first_of(day.ends),
        purpose__startswith=access.SEARCHED,
        actor__isnull=False,
        post__isnull=False,
    )
    words: dict[tuple[UUID, str], list[Access]] = {}
    for row in rows.order_by("id"):
        assert row.actor is not None
        words.setdefault((row.actor, row.purpose), []).append(row)
    for (account, mark), found in words.items():
        hours = {r.at.astimezone(SHANGHAI).strftime("%F %H") for r in found}
        post = found[-1].post
        if len(hours) >= rule.at_least and found[-1].at >= day.begins and post is not None:
            yield Hit(account, post, tuple((r.id, "") for r in found), rule.at_least, mark)


def hits(day: Day) -> Iterator[tuple[Rule, Hit]]:
    """Every rule asked of one day."""
    for rule in rules():
        for hit in READERS[rule.reader](rule, day):
            yield rule, hit


def by_name() -> Mapping[str, Rule]:
    """Rules by their name."""
    return {rule.name: rule for rule in rules()}
