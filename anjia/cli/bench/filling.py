"""Puts clones into the database at the speed of its bulk loader, seals their events, and proves a sample."""

from __future__ import annotations

import multiprocessing
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection, transaction

from anjia.cli.bench.seeding import MODELS, Cloner, NotAlike, Original, Rows, spread
from anjia.cli.bench.town import Town
from anjia.engine.matters import finding
from anjia.engine.matters.models import Matter
from anjia.engine.matters.seats import visible_to
from anjia.foundation.core.clock import now as present
from anjia.foundation.events import access, chain
from anjia.foundation.events.models import Event, Seal, Unsealed
from anjia.foundation.events.verifying import verify
from anjia.foundation.vault import vault
from anjia.foundation.vault.models import Token
from anjia.registry.posts import actors

#: Of a hundred matters: how many of each kind. Most of what a city keeps is closed.
MIX = {"closed": 85, "new": 10, "called": 4, "village": 1}
CHUNK = 2_000
SEAL_ROWS = 2_000
SEALS_AT_ONCE = 50
SAMPLE = 100


def fill(originals: Sequence[Original], count: int, seed: int = 1) -> None:
    """`count` more matters. On PostgreSQL two processes write side by side, on SQLite there is one writer.

    The originals drew their numbers by chance: no clone gets the six digits of one of them.
    """
    middles = {number.split("-")[2] for number in Matter.objects.values_list("number", flat=True)}
    free = [n for n in range(count + len(middles)) if spread(n) not in middles][:count]
    with without_indexes():
        if connection.vendor == "postgresql":
            shares = [free[n::2] for n in range(2)]
            connection.close()
            with multiprocessing.get_context("fork").Pool(2) as pool:
                pool.starmap(
                    write_share, [(list(originals), share, seed + n) for n, share in enumerate(shares)]
                )
        else:
            write_share(list(originals), free, seed)
    seal_everything()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def write_share(originals: Sequence[Original], numbers: Sequence[int], seed: int) -> None:
    """Make and write clones, a chunk at a time."""
    rng = random.Random(seed)  # noqa: S311  invented people, not secrets
    cloner = Cloner(originals, rng)
    kinds = rng.choices(list(MIX), weights=list(MIX.values()), k=len(numbers))
    held: Rows = {model: [] for model in MODELS}
    for done, (number, kind) in enumerate(zip(numbers, kinds, strict=True), 1):
        for model, rows in cloner.clone(rng.choice(cloner.by_kind[kind]), number).items():
            held[model] += rows
        if done % CHUNK == 0 or done == len(numbers):
            write(held)
            held = {model: [] for model in MODELS}
    connection.close()


def write(held: Rows) -> None:
    """One chunk into all tables in one transaction."""
    quote = connection.ops.quote_name
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")  # the originals' keys were checked
        for model, rows in held.items():
            columns = [str(f.column) for f in model._meta.concrete_fields]
            names, table = ", ".join(map(quote, columns)), quote(model._meta.db_table)
            if connection.vendor == "postgresql":
                with cursor.cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
            else:
                marks = ", ".join(["%s"] * len(columns))
                cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)  # noqa: S608


@contextmanager
def without_indexes() -> Iterator[None]:
    """Plain indexes are dropped while rows pour in, and made again from the words the database keeps."""
    tables = [model._meta.db_table for model in MODELS]
    words = index_words(tables)
    with connection.cursor() as cursor:
        for name, _sql in words:
            cursor.execute(f"DROP INDEX {connection.ops.quote_name(name)}")
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA synchronous=OFF")
            cursor.execute("PRAGMA foreign_keys=OFF")
    yield
    with connection.cursor() as cursor:
        for _name, sql in words:
            cursor.execute(sql)
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA synchronous=FULL")
            cursor.execute("PRAGMA foreign_keys=ON")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def index_words(tables: Sequence[str]) -> list[tuple[str, str]]:
    """(name, statement) of every index that guards no uniqueness."""
    marks = ", ".join(["%s"] * len(tables))
    if connection.vendor == "postgresql":
        sql = f"""SELECT i.indexname, i.indexdef FROM pg_indexes i JOIN pg_class c ON c.relname = i.indexname
                   JOIN pg_index x ON x.indexrelid = c.oid
                  WHERE i.tablename IN ({marks}) AND NOT x.indisunique"""  # noqa: S608
    else:
        sql = f"""SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name IN ({marks})
                     AND sql IS NOT NULL AND sql NOT LIKE 'CREATE UNIQUE%%'"""  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, list(tables))
        return [(str(name), str(words)) for name, words in cursor.fetchall()]


def seal_everything() -> None:
    """The sealer's work for everything that stands there, as `events.seal_now` would have done it in time."""
    last = Seal.objects.order_by("-n").first()
    covered = {member[1] for seal in Seal.objects.all() for member in seal.members}
    page: list[list[str]] = []
    seals: list[Seal] = []
    rows = Event.objects.order_by("id").values_list("id", "mac")
    with transaction.atomic():
        for event, mac in rows.iterator(chunk_size=SEAL_ROWS):
            if str(event) in covered:
                continue
            page.append(["event", str(event), bytes(mac).hex()])
            if len(page) == SEAL_ROWS:
                last = sealed(page, last)
                seals.append(last)
                page = []
            if len(seals) == SEALS_AT_ONCE:
                Seal.objects.bulk_create(seals)
                seals = []
        if page:
            seals.append(sealed(page, last))
        Seal.objects.bulk_create(seals)
        Unsealed.objects.all().delete()


def sealed(members: list[list[str]], last: Seal | None) -> Seal:
    """The next seal, chained and signed."""
    seal = Seal(
        n=last.n + 1 if last else 1,
        at=present(),
        prev=chain.seal_digest(last) if last else b"",
        root=chain.merkle_root(members),
        members=members,
    )
    seal.signature = chain.sign(seal)
    return seal


def checked(town: Town, seed: int = 2) -> int:
    """Prove a sample of what was seeded; how many matters were looked at. NotAlike when one is not right."""
    rng = random.Random(seed)  # noqa: S311
    everything = list(Matter.objects.values_list("id", flat=True)[: 50 * SAMPLE])
    some = rng.sample(everything, min(SAMPLE, len(everything)))
    matters = list(Matter.objects.filter(pk__in=some).select_related("holder"))
    faults = list(verify(((m.id, m.chain_seq, bytes(m.chain_mac)) for m in matters), only_these=True))
    if faults:
        raise NotAlike(faults[0].message)
    offices = {p.agency_id: p for p in town.posts.values()}
    for matter in matters:
        label = vault.newest(matter.id, "label")
        if label is None:
            raise NotAlike("a seeded matter has no name")
        names = vault.open_sealed(label, vault.key(matter.root))
        scope = visible_to(actors.for_post(offices[matter.holder_id].id, present()))
        with access.use(access.Reader(scope.actor)):
            by_number = finding.search(scope, matter.number).rows
        tokens = set(Token.objects.filter(root=matter.root, kind="name").values_list("token", flat=True))
        if by_number[0].names != " · ".join(names.values()) or {
            vault.token("name", name) for name in names.values()
        } != {bytes(t) for t in tokens}:
            raise NotAlike(f"matter {matter.id} is not found under its own name")
    return len(matters)
