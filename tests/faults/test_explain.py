"""At a hundred thousand matters every list is an index range: no list reads a whole table."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, connections
from django.db.models import AutoField, DateTimeField, Field, UUIDField
from django.test.utils import CaptureQueriesContext

from anjia.engine.matters import finding, watching, worklists
from anjia.engine.matters.models import Duty, Matter, Notice, Party, Seat
from anjia.engine.matters.reading import Reading
from anjia.engine.matters.seats import visible_to
from anjia.engine.matters.tests.world import PHONE, World, at, build
from anjia.foundation.core.clock import NEVER
from anjia.foundation.core.ids import uuid7
from anjia.foundation.events import access
from anjia.foundation.events.models import Event
from anjia.foundation.vault import vault
from anjia.foundation.vault.models import Sealed, Token
from anjia.registry.posts.models import Agency

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
SIZE = 100_000
CHUNK = 5_000
TABLES = ("matters_seat", "matters_duty", "matters_matter", "vault_token", "vault_sealed", "matters_notice",
          "matters_party", "events_event")  # fmt: skip


def seed(world: World) -> None:
    """Matters spread over the county, other counties and their streets; most are closed, as in life."""
    rng = random.Random(7)
    start = at("01-06 08:00")
    holders = [world.offices[k] for k in ("county", "other", "street", "police", "court")] + crowd(world)
    weights = [0.06, 0.06, 0.02, 0.02, 0.02, *[0.82 / 40] * 40]
    for first in range(0, SIZE, CHUNK):
        write([row(world, rng, rng.choices(holders, weights)[0], start, first + n) for n in range(CHUNK)])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def crowd(world: World) -> list[Agency]:
    """Forty more offices of other lines and places."""
    like = world.offices["court"]
    made = [
        Agency(kind="court", line=f"line{n % 8}", tier="county", name=f"某院{n}", place=like.place, city=f"9{n:05d}",
               county=f"9{n:05d}", opened_on=like.opened_on)
        for n in range(40)
    ]  # fmt: skip
    return Agency.objects.bulk_create(made)


def row(world: World, rng: random.Random, holder: Agency, start: Any, n: int) -> tuple[Matter, Seat, Duty]:
    opened = start + timedelta(minutes=n * 4)
    is_open = rng.random() < 0.15
    due = opened + timedelta(days=rng.randint(0, 300))
    m = Matter(
        id=uuid7(int(opened.timestamp() * 1000)), root=uuid7(), number=f"n{n}", playbook="dv-case", version="1.0",
        stage="responding", holder=holder, channel="call", city=holder.city, county=holder.county,
        opened_at=opened, updated_at=opened, ended_at=None if is_open else due, closed_at=None if is_open else due,
        grade=rng.choice("123"),
    )  # fmt: skip
    seat = Seat(
        matter=m, root=m.root, agency=holder, capacity="holder", line=holder.line, township=holder.township,
        county=holder.county, city=holder.city, playbook="dv-case", is_open=is_open, opened_at=opened,
        updated_at=opened, sort_due=due if is_open else NEVER, from_at=opened,
    )  # fmt: skip
    duty = Duty(
        matter=m, root=m.root, playbook="dv-case", kind="visit", agency=holder, line=holder.line, city=holder.city,
        township=holder.township, county=holder.county, rule="visit.grade-2", rule_version="x", started_at=opened,
        due_at=due, done_at=None if is_open else due, outcome="" if is_open else "done", climbs_at=NEVER,
        climbed_agency=world.offices["city"] if is_open and n % 97 == 0 else None,
    )  # fmt: skip
    return m, seat, duty


def write(rows: list[tuple[Matter, Seat, Duty]]) -> None:
    for column in range(3):
        put([r[column] for r in rows])
    # as many sealed documents as a real city has, or the planner reads the whole small table; none is a label,
    # since nobody has a key to open it
    put([Sealed(root=r[0].root, owner=r[0].id, compartment="narrative", body=b"-") for r in rows])
    put([Notice(id=uuid7(), agency=r[0].holder, kind="new", matter=r[0], at=r[0].opened_at) for r in rows])
    tokens = [
        Token(
            kind="phone",
            token=vault.token("phone", f"1{r[0].id.int % 10**10:010d}"),
            root=r[0].root,
            owner=r[0].id,
        )
        for r in rows[:500]
    ]
    moves = ("note", "visit_done", "breach", "record_police_report", "reply")
    put(
        [
            Event(
                matter=r[0].id,
                seq=1,
                at=r[0].opened_at,
                actor_kind="system",
                move=moves[n % 5] if n % 250 else "mandatory_report",
                prev_mac=b"",
                mac=b"",
            )
            for n, r in enumerate(rows[:1000])
        ]
    )
    people = [Party(matter=r[0], root=r[0].root, role="asking") for r in rows[:2000]]
    tokens += [
        Token(kind=kind, token=vault.token(kind, said), root=p.root, owner=p.id)
        for p in people[:100]
        for kind, said in (("pinyin", "wangfang"), ("initials", "wf"), ("name", "王芳"))
    ]
    put(people)
    put(tokens)


def put(objects: Sequence[Any]) -> None:
    """As `bulk_create`, without what it does for each single value: half a million rows are most of this file's time."""
    meta = objects[0]._meta
    fields = [f for f in meta.local_concrete_fields if not isinstance(f, AutoField)]
    columns = ", ".join(f.column for f in fields)
    rows = ([value(f, getattr(one, f.attname)) for f in fields] for one in objects)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            marks = ", ".join(["%s"] * len(fields))
            cursor.executemany(f"INSERT INTO {meta.db_table} ({columns}) VALUES ({marks})", list(rows))
            return
        with cursor.copy(f"COPY {meta.db_table} ({columns}) FROM STDIN") as copy:
            for one in rows:
                copy.write_row(one)


def value(column: Field[Any, Any], said: Any) -> Any:
    """What the database is given; most is given as it is."""
    if type(said) in (str, int, type(None)):
        return said
    if type(said) in (UUID, datetime):
        return prepared(said)
    return column.get_db_prep_save(said, connections["default"])


@lru_cache(maxsize=50_000)
def prepared(said: Any) -> Any:
    """A number or a moment, of which a row of one table and those that hang on it have the same."""
    plain = UUIDField if isinstance(said, UUID) else DateTimeField
    return plain().get_db_prep_save(said, connections["default"])


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Any:
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        made = build()
        made.responding()
        seed(made)
        yield made
        transaction.set_rollback(True)


def lists(world: World) -> dict[str, tuple[str, Callable[[Any], Any]]]:
    """Every list of the desk: whose it is and how it is made."""
    found: dict[str, tuple[str, Callable[[Any], Any]]] = {
        "home": ("county", lambda s: worklists.home(s, at("06-01 09:00"))),
        "inbox": ("county", worklists.inbox),
        "watch county": ("county", lambda s: watching.watched(s, at("09-01 09:00"))),
        "watch city": ("city", lambda s: watching.watched(s, at("09-01 09:00"))),
        "search number": ("county", lambda s: finding.search(s, "n77")),
        "search phone": ("county", lambda s: finding.search(s, PHONE)),
        "search name of thousands": ("county", lambda s: finding.search(s, "王芳")),
        "search initials of thousands": ("county", lambda s: finding.search(s, "wf")),
        "search nothing": ("city", lambda s: finding.search(s, "13900000000")),
    }
    for which, who in (
        ("own", "county"),
        ("waiting", "county"),
        ("climbed", "city"),
        ("below", "city"),
        ("below", "county"),
    ):
        found[f"duties {which} {who}"] = (who, lambda s, w=which: worklists.duties(s, w))
        found[f"duties {which} {who} page 2"] = (
            who,
            lambda s, w=which: second(lambda a: worklists.duties(s, w, page_after=a)),
        )
    for which, who in (("own", "county"), ("below", "city")):
        for sort in worklists.SORTS:
            for is_open in (True, False):
                found[f"matters {which} {sort} {'open' if is_open else 'closed'}"] = (
                    who,
                    lambda s, w=which, o=sort, i=is_open: worklists.matters(s, w, sort=o, is_open=i),
                )
    return found


def second(page: Callable[[str], worklists.Page]) -> worklists.Page:
    return page(page("").after)


def whole_reads(sql: str, params: Any, *, in_order: bool = False) -> list[str]:
    """Tables of ours that a statement would read from end to end; `in_order`: along an index counts as well."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("EXPLAIN QUERY PLAN " + sql, params)
            plan = [str(r[-1]) for r in cursor.fetchall()]
            bare = [p for p in plan if p.startswith("SCAN ") and (in_order or "USING" not in p)]
            return [p for p in bare if any(re.search(rf"\b{t}\b", p) for t in TABLES)]
        cursor.execute("EXPLAIN " + sql, params)
        plan = [r[0] for r in cursor.fetchall()]
        return [p.strip() for p in plan if "Seq Scan" in p and any(f" on {t}" in p for t in TABLES)]


def caught(world: World, who: str, make: Callable[[Any], Any]) -> list[tuple[str, Any]]:
    """The statements a list really runs."""
    statements: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().upper().startswith("SELECT"):
            statements.append((sql, params))
        return execute(sql, params, many, context)

    actor = world.actor(who, "06-01 09:00")
    with access.reading(actor, route="test", how="list"), connection.execute_wrapper(note):
        make(visible_to(actor))
    return statements


def test_no_list_reads_a_whole_table(world: World) -> None:
    faults: dict[str, list[str]] = {}
    for name, (who, make) in lists(world).items():
        for sql, params in caught(world, who, make):
            if whole := whole_reads(sql, params):
                faults.setdefault(name, []).extend(whole)
    assert not faults


def test_the_check_sees_a_whole_read(world: World) -> None:
    """The negative control."""
    with CaptureQueriesContext(connection):
        assert whole_reads("SELECT * FROM matters_matter WHERE channel = %s", ["call"])


def test_page_is_found_through_the_seat(world: World) -> None:
    m = UUID(str(Matter.objects.filter(holder=world.offices["county"]).order_by("-opened_at")[0].id))
    statements = caught(world, "county", lambda s: s.find(m))
    now = at("06-01 09:00")
    below = caught(world, "county", lambda s: Reading(seated=s.find(m), actor=s.actor, now=now).children)
    statements += below
    assert any('"parent_id"' in sql for sql, _params in below)
    assert not [w for sql, params in statements for w in whole_reads(sql, params, in_order=True)]
