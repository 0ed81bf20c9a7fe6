"""异常查阅: what the rules of unusual.yaml found in the log of readings, for the head who looks into it.

The head of the reader's office and the federation of the county are shown it (of a county's federation itself, the
city's): who, which rule, how many, and the readings. Only readings of matters that this head sees himself are in it, and
where what is left no longer meets the rule there is no line: nothing tells him of a matter he is walled off from.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from anjia.engine.matters import unusual_rules
from anjia.engine.matters.models import Matter, UnusualRead
from anjia.engine.matters.seats import visible_to
from anjia.engine.matters.unusual_rules import Day, Rule
from anjia.engine.matters.walls import LINE
from anjia.foundation.core.verdict import NotFound, RuleBroken
from anjia.foundation.events.models import Access
from anjia.registry.posts import ledger, people
from anjia.registry.posts.actors import Actor, today
from anjia.registry.posts.models import Post, PostRole

EXPLAINED, ASKED = "explained", "asked"
MOVE = "reading_checked"
#: Days computed at each run: a worker that stood still over a weekend catches up.
BACK = 3
LISTED_FOR = timedelta(days=60)
SHOWN = 60
LEAST_WORDS = 4


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading as the head may see it: a matter of his, or a search."""

    at: datetime
    route: str
    matter: UUID | None
    number: str


@dataclass(frozen=True)
class Line:
    """One line of the page."""

    id: UUID
    day: date
    rule: Rule
    who: str
    office: str
    count: int
    state: str
    decided_at: datetime | None
    by: str
    words: str
    rows: tuple[tuple[UUID, str], ...]


# -- computed once a day -------------------------------------------------------------------------------------------


def compute(*, now: datetime) -> int:
    """What the last days hold that was not found yet; how many lines are new. Running it twice adds none."""
    new = 0
    for n in range(BACK, 0, -1):
        day = Day(today(now) - timedelta(days=n))
        for rule, hit in unusual_rules.hits(day):
            new += keep(day, rule, hit, now)
    return new


def keep(day: Day, rule: Rule, hit: unusual_rules.Hit, now: datetime) -> int:
    """One line, unless it is known."""
    office = Post.objects.filter(pk=hit.post).values_list("agency", flat=True).first()
    if office is None:
        return 0
    _row, is_new = UnusualRead.objects.get_or_create(
        day=day.on,
        rule=rule.name,
        account_id=hit.account,
        mark=hit.mark,
        defaults={
            "agency_id": office,
            "rows": [[str(row), matter] for row, matter in hit.rows],
            "needed": hit.needed,
            "found_at": now,
        },
    )
    return int(is_new)


# -- who sees what ---------------------------------------------------------------------------------------------------


def told_to(actor: Actor) -> QuerySet[UnusualRead]:
    """Lines of readers that this head answers for; never one about himself."""
    rows = UnusualRead.objects.exclude(account=actor.account_id)
    if actor.kind != "post" or actor.role != PostRole.HEAD:
        return rows.none()
    mine = Q(agency=actor.agency_id)
    if actor.line == LINE and actor.tier == "county":
        mine |= Q(agency__county=actor.county)
    if actor.line == LINE and actor.tier == "city":
        mine |= Q(agency__city=actor.city, agency__tier="city")
        mine |= Q(agency__city=actor.city, agency__tier="county", agency__line=LINE)
    return rows.filter(mine)


def lines(actor: Actor, now: datetime, *, waiting: bool = False) -> list[Line]:
    """The newest day first, then by rule; within a rule as they were found. No order of persons."""
    rows = told_to(actor).filter(found_at__gt=now - LISTED_FOR)
    if waiting:
        rows = rows.filter(state="")
    return seen_by(actor, rows.select_related("agency", "by").order_by("-day", "rule", "id")[:SHOWN])


def one(actor: Actor, line_id: UUID) -> Line:
    """One line, or NotFound: the same whether there is none, or nothing of it is for this head."""
    found = seen_by(actor, told_to(actor).filter(pk=line_id).select_related("agency", "by"))
    if not found:
        raise NotFound
    return found[0]


def seen_by(actor: Actor, rows: Iterable[UnusualRead]) -> list[Line]:
    """Lines with what this head may know of each, without those of which too little is left."""
    kept, rules = list(rows), unusual_rules.by_name()
    matters = {UUID(m) for r in kept for _row, m in r.rows if m}
    seen = {str(m) for m in visible_to(actor).seen(matters)} if matters else set()
    named = people.names({a for r in kept for a in (r.account_id, r.by.account_id if r.by else None) if a})
    said = ledger.words_of({r.words for r in kept if r.words})
    found = []
    for r in kept:
        left = tuple((UUID(row), m) for row, m in r.rows if not m or m in seen)
        count = len({m for _row, m in left if m}) or len(left)
        if r.rule in rules and left and count >= r.needed:
            found.append(
                Line(
                    id=r.id,
                    day=r.day,
                    rule=rules[r.rule],
                    who=named.get(r.account_id, ""),
                    office=r.agency.name,
                    count=count,
                    state=r.state,
                    decided_at=r.decided_at,
                    by=named.get(r.by.account_id, "") if r.by else "",
                    words=said.get(r.words, "") if r.words else "",
                    rows=left,
                )
            )
    return found


def readings(line: Line) -> list[Reading]:
    """The rows of the log behind a line, in the order they were written."""
    wanted = {row for row, _m in line.rows}
    log = {r.id: r for r in Access.objects.filter(pk__in=wanted)}
    numbers = dict(
        Matter.objects.filter(pk__in={m for _row, m in line.rows if m}).values_list("id", "number")
    )
    found = []
    for row, m in line.rows:
        if row in log:
            matter = UUID(m) if m else None
            number = numbers.get(matter, "") if matter else ""
            found.append(Reading(log[row].at, log[row].route, matter, number))
    return sorted(found, key=lambda r: (r.at, r.number))


# -- what the head says ------------------------------------------------------------------------------------------------


def decide(*, line_id: UUID, state: str, words: str, actor: Actor, now: datetime) -> None:
    """核实过有工作需要, or 要求说明: once, or an explanation after a question; in the ledger of the head's office."""
    with transaction.atomic():
        line = one(actor, line_id)
        row = UnusualRead.objects.select_for_update().get(pk=line.id)
        errors = {}
        if state not in (EXPLAINED, ASKED):
            errors["state"] = _("请选一项。")
        if len(words.strip()) < LEAST_WORDS:
            errors["words"] = _("请写明问了谁、怎么说。")
        if errors:
            raise RuleBroken(_("有几处需要改一下。"), errors)
        if row.state == EXPLAINED or row.state == state:
            raise RuleBroken(_("已经处理过了。"))
        assert actor.agency_id is not None
        codes = {"line": str(row.id), "rule": row.rule, "state": state, "account": str(row.account_id)}
        event = ledger.note(actor.agency_id, move=MOVE, actor=actor, now=now, codes=codes, words=words)
        row.state, row.decided_at, row.by_id, row.words = state, now, actor.post_id, event.sealed
        row.save(update_fields=["state", "decided_at", "by", "words"])
