"""Whatever is changed, cut, re-ordered or taken out of the ledger, the verifier finds it."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from anjia.foundation.core.batch import Batch
from anjia.foundation.core.who import CLOCK
from anjia.foundation.events import chain, events, triggers
from anjia.foundation.events.models import Access, AccessMatter, Event, Seal, Unsealed
from anjia.foundation.events.tests.ledger import AT, Head, add, build, faults, tampering
from anjia.foundation.vault import vault

pytestmark = pytest.mark.django_db


def test_an_untouched_ledger_has_no_fault() -> None:
    heads = build()
    assert faults(heads) == []
    assert Seal.objects.count() == 2
    assert Unsealed.objects.exists()


def test_the_head_moves_on_and_each_event_follows_the_one_before() -> None:
    head = Head(uuid4())
    batch = Batch()
    first = events.append(batch, head, at=AT, who=CLOCK, move="open", codes={})
    second = events.append(batch, head, at=AT, who=CLOCK, move="note", codes={}, voids=first.id)
    assert (first.prev_mac, second.prev_mac, second.seq) == (b"", first.mac, 2)
    assert (head.seq, head.mac) == (2, second.mac)


def test_two_moves_on_one_head_cannot_both_be_written() -> None:
    matter = uuid4()
    add(Head(matter))
    with pytest.raises(IntegrityError):
        add(Head(matter))


@pytest.mark.parametrize(
    "codes",
    [
        {"name": "周晓兰"},
        {"note": "she said no"},
        {"n": 1.5},
        {"at": AT},
        {"a": "x" * 121},
        {"周": 1},
        {"a": {"b": {"c": {"d": {"e": {"f": {}}}}}}},
    ],
)
def test_words_and_inexact_numbers_do_not_enter_an_event(codes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"event|codes"):
        events.append(Batch(), Head(uuid4()), at=AT, who=CLOCK, move="note", codes=codes)


# -- two hundred mutations -------------------------------------------------------------------------

Mutation = Callable[[random.Random], None]


def _some(rng: random.Random, model: Any) -> Any:
    return rng.choice(list(model.objects.order_by("pk")))


def _flip(rng: random.Random, value: bytes) -> bytes:
    changed = bytearray(value or b"\0")
    changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def change_event(rng: random.Random) -> None:
    """One column of one event, to something else of its type."""
    event = _some(rng, Event)
    values: dict[str, Any] = {
        name: uuid4() for name in ("actor", "post", "agency", "sealed", "voids", "matter")
    }
    values |= {
        "at": event.at + timedelta(microseconds=1),
        "codes": {**event.codes, "n": 99},
        "mac": _flip(rng, bytes(event.mac)),
        "prev_mac": _flip(rng, bytes(event.prev_mac)),
        "actor_kind": "system",
        "move": event.move + "x",
    }
    column = rng.choice(sorted(values))
    Event.objects.filter(id=event.id).update(**{column: values[column]})


def drop_event(rng: random.Random) -> None:
    Event.objects.filter(id=_some(rng, Event).id).delete()


def drop_event_and_its_traces(rng: random.Random) -> None:
    """With its row of what waits for a seal."""
    event = _some(rng, Event)
    Unsealed.objects.filter(id=event.id).delete()
    Event.objects.filter(id=event.id).delete()


def cut_tail(rng: random.Random) -> None:
    matter = _some(rng, Event).matter
    last = Event.objects.filter(matter=matter).order_by("-seq").first()
    assert last is not None
    Unsealed.objects.filter(id=last.id).delete()
    last.delete()


def reorder(rng: random.Random) -> None:
    matter = _some(rng, Event).matter
    one, other = rng.sample(list(Event.objects.filter(matter=matter)), 2)
    Event.objects.filter(id=one.id).update(seq=999)
    Event.objects.filter(id=other.id).update(seq=one.seq)
    Event.objects.filter(id=one.id).update(seq=other.seq)


def forge_event(rng: random.Random) -> None:
    """A whole event of an unknown matter, by somebody without the key."""
    Event.objects.create(
        matter=uuid4(), seq=1, at=AT, actor_kind="post", move="x", prev_mac=b"", mac=b"x" * 32
    )


def change_access(rng: random.Random) -> None:
    row = _some(rng, Access)
    column, value = rng.choice(
        [
            ("actor", uuid4()),
            ("post", None),
            ("route", "elsewhere"),
            ("how", "file"),
            ("purpose", "p"),
            ("purpose_sealed", b"x"),
            ("matters", [str(uuid4())]),
            ("compartments", []),
            ("at", row.at + timedelta(seconds=1)),
            ("mac", _flip(rng, bytes(row.mac))),
        ]
    )
    Access.objects.filter(id=row.id).update(**{column: value})


def drop_access(rng: random.Random) -> None:
    row = _some(rng, Access)
    AccessMatter.objects.filter(access=row).delete()
    Access.objects.filter(id=row.id).delete()


def hide_access(rng: random.Random) -> None:
    AccessMatter.objects.filter(id=_some(rng, AccessMatter).id).delete()


def change_seal(rng: random.Random) -> None:
    seal = _some(rng, Seal)
    column, value = rng.choice(
        [
            ("at", seal.at + timedelta(seconds=1)),
            ("prev", _flip(rng, bytes(seal.prev))),
            ("root", _flip(rng, bytes(seal.root))),
            ("signature", _flip(rng, bytes(seal.signature))),
            ("members", seal.members[:-1]),
            ("members", seal.members[1:2] + seal.members[:1] + seal.members[2:]),
        ]
    )
    Seal.objects.filter(n=seal.n).update(**{column: value})


def drop_seal(rng: random.Random) -> None:
    Seal.objects.filter(n=_some(rng, Seal).n).delete()


def change_waiting(rng: random.Random) -> None:
    row = _some(rng, Unsealed)
    if rng.random() < 0.5:
        Unsealed.objects.filter(id=row.id).update(mac=_flip(rng, bytes(row.mac)))
    else:
        Unsealed.objects.filter(id=row.id).delete()


MUTATIONS: list[Mutation] = [
    change_event, change_event, change_event, drop_event, drop_event_and_its_traces, cut_tail, reorder,
    forge_event, change_access, change_access, drop_access, hide_access, change_seal, change_seal,
    drop_seal, change_waiting,
]  # fmt: skip


@pytest.mark.parametrize("suite", ["aes", "sm"])
def test_two_hundred_mutations_are_all_found(suite: str, settings: Any) -> None:
    settings.SUITE = suite
    heads = build()
    seed = random.SystemRandom().randrange(10**6)
    rng = random.Random(seed)
    missed = []
    for n in range(100):
        mutation = MUTATIONS[n % len(MUTATIONS)]
        with tampering():
            mutation(rng)
            if not faults(heads):
                missed.append(mutation.__name__)
    assert not missed, f"seed {seed}"
    assert faults(heads) == []


@pytest.mark.parametrize(
    ("mutation", "kind"),
    [
        (reorder, "changed-event"),
        (cut_tail, "head-mismatch"),
        (forge_event, "unknown-matter"),
        (drop_access, "missing-access"),
        (hide_access, "changed-access"),
    ],
)
def test_a_fault_is_called_by_its_name(mutation: Mutation, kind: str) -> None:
    heads = build()
    with tampering():
        mutation(random.Random(1))
        assert kind in {f.kind for f in faults(heads)}


def test_a_missing_event_in_the_middle_is_named_with_its_number() -> None:
    heads = build(matters=1)
    with tampering():
        Event.objects.filter(seq=2).delete()
        found = [f for f in faults(heads) if f.kind == "missing-event" and f.seq == 2]
        assert found
        assert found[0].matter == heads[0].matter


def test_a_whole_matter_that_is_gone_is_noticed() -> None:
    heads = build(matters=2, each=3)
    with tampering():
        Event.objects.filter(matter=heads[0].matter).delete()
        assert ("missing-event", heads[0].matter) in {(f.kind, f.matter) for f in faults(heads)}


def test_a_re_signed_seal_over_other_members_needs_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who recomputes root and digests but has no key cannot sign."""
    heads = build()
    with tampering():
        seal = Seal.objects.get(n=1)
        seal.members = seal.members[:-1]
        seal.root = chain.merkle_root(seal.members)
        seal.save()
        kinds = {f.kind for f in faults(heads)}
        assert {"signature", "broken-seals", "uncovered"} <= kinds


def test_only_some_matters_can_be_verified() -> None:
    heads = build()
    some = [(heads[0].matter, heads[0].seq, heads[0].mac)]
    assert list(events.verify(some, only_these=True)) == []


# -- seals -----------------------------------------------------------------------------------------


def test_the_sealer_covers_each_row_once_and_says_when_there_is_nothing() -> None:
    assert events.seal_now(AT) is None
    head = Head(uuid4())
    add(head)
    add(head)
    first = events.seal_now(AT)
    assert first is not None
    assert (first.n, len(first.members)) == (1, 2)
    assert events.seal_now(AT) is None
    add(head)
    second = events.seal_now(AT)
    assert second is not None
    assert bytes(second.prev) == chain.seal_digest(first)
    assert len(second.members) == 1
    assert len(chain.public_key()) == 32


def test_the_merkle_root_depends_on_every_member_and_their_order() -> None:
    members = [["event", str(UUID(int=n)), "00"] for n in range(5)]
    roots = {chain.merkle_root(members[:n]) for n in range(6)}
    assert len(roots) == 6
    assert chain.merkle_root(members[::-1]) not in roots


# -- triggers --------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", triggers.TABLES)
@pytest.mark.parametrize("change", ["UPDATE {} SET {} = {}", "DELETE FROM {}"])
def test_the_database_refuses_to_change_what_is_append_only(table: str, change: str) -> None:
    build(matters=1, each=3)
    with transaction.atomic():
        batch = Batch()
        key = vault.new_root(batch, uuid4())
        vault.seal(batch, key, owner=uuid4(), compartment="label", value={})
        batch.flush()
    triggers.create(connection)
    column = {"events_seal": "n", "vault_sealed": "version"}.get(
        table, "route" if "access" in table else "move"
    )
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change.format(table, column, column))
    assert {f"{table}_no_{what}" for what in ("update", "delete")} <= triggers.installed(connection)


def test_under_tests_a_whole_table_can_still_be_emptied_but_no_row_changed() -> None:
    build(matters=1, each=3)
    triggers.create(connection, may_empty=True)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Event.objects.update(post=None)
    assert not any(name.endswith("truncate") for name in triggers.installed(connection))


def test_triggers_that_a_migration_lost_are_put_back_by_the_next() -> None:
    triggers.drop(connection)
    assert not any("_no_" in name for name in triggers.installed(connection))
    triggers.ensure(connection.alias)
    assert triggers.installed(connection) == triggers.wanted(True, connection.vendor)
