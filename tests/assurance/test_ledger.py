"""A thousand ways to change what was written down; each is found, the cleverest only by the second place."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from report import row

from anjia.foundation.events import anchoring, anchors, events
from anjia.foundation.events.models import Event, Unsealed
from anjia.foundation.events.tests import ledger
from anjia.foundation.events.tests.ledger import AT, Head, build, tampering
from anjia.foundation.events.tests.test_chain import MUTATIONS

pytestmark = [pytest.mark.assurance, pytest.mark.django_db]
SEED = 20260309
WITHOUT_KEYS, WITH_KEYS = 800, 200


def found(heads: list[Head], lines: list[anchors.Anchor]) -> bool:
    return any(True for _ in events.verify([(h.matter, h.seq, h.mac) for h in heads], anchors=lines))


def written_anew(rng: random.Random) -> list[Head]:
    """One word of one event that the anchor covers changed, and every sum, seal and signature made to fit."""
    event = rng.choice(list(Event.objects.exclude(id__in=Unsealed.objects.values("id")).order_by("id")))
    change: dict[str, Any] = rng.choice(
        [{"move": event.move + "x"}, {"codes": {**event.codes, "n": 99}}, {"actor": None}, {"post": None}]
    )
    Event.objects.filter(id=event.id).update(**change)
    return ledger.rehash()


ATTACKS = {
    # at least one event that stood in the anchored seals: what is younger is protected by the keys alone
    "cut end": lambda rng: ledger.cut_end(rng.randint(2, 4)),
    "full re-hash": written_anew,
    "backup rollback": lambda rng: ledger.roll_back(rng.randint(1, 2)),
}


def test_a_thousand_mutations_of_the_ledger_are_found(settings: Any, tmp_path: Any) -> None:
    settings.ANCHOR_FOLDER = str(tmp_path)
    heads = build(matters=3, each=5)
    events.seal_now(AT + timedelta(hours=1))
    anchoring.anchor_head(now=AT + timedelta(hours=1))
    ledger.add(heads[0], minutes=99)  # and something that waits for the next seal
    ledger.add(heads[1], minutes=99)
    lines, rng = list(anchors.kept()), random.Random(SEED)
    assert not found(heads, lines)
    missed: list[str] = []
    for n in range(WITHOUT_KEYS):
        mutation = MUTATIONS[n % len(MUTATIONS)]
        with tampering():
            mutation(rng)
            if not found(heads, lines):
                missed.append(mutation.__name__)
    unnoticed = 0
    for n in range(WITH_KEYS):
        name, attack = list(ATTACKS.items())[n % len(ATTACKS)]
        with tampering():
            forged = attack(rng)
            unnoticed += not found(forged, [])
            if not found(forged, lines):
                missed.append(name)
    counted = WITHOUT_KEYS + WITH_KEYS
    note = f"{WITH_KEYS} with every key (cut end, full re-hash, rollback): {unnoticed} of them unseen without anchor"
    row(14, "changes of the ledger found by verifying it", counted, len(missed), note)
    assert missed == [], f"seed {SEED}"
    assert unnoticed == WITH_KEYS, "the control must go unnoticed, or the anchor proves nothing"
