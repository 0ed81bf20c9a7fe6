"""Ten thousand false reports, then hers: it is stored, nobody is refused, and hers stands on top of the list."""

from __future__ import annotations

import random
import re
from typing import Any

import pytest
from django.test import Client
from report import row

from anjia.doors.portal import slowly
from anjia.engine.matters import actions, worklists
from anjia.engine.matters.inputs import Decisions, PartyInput
from anjia.engine.matters.models import Matter
from anjia.engine.matters.seats import visible_to
from anjia.engine.matters.tests.world import COUNTY, STREET, World, at, build
from anjia.foundation.core import clock
from anjia.foundation.events import access
from anjia.foundation.limits import limits
from anjia.registry.posts import actors

pytestmark = [pytest.mark.assurance, pytest.mark.django_db]

FALSE = 10_000
ADDRESSES = 250
SEED = 20260309
NOON = at("03-10 12:30")
EARLIER = at("03-10 12:00")


def false_report(rng: random.Random) -> None:
    """What a program sends: nonsense, now and then said to be very urgent, hardly ever with a telephone."""
    burst = limits.burst("report.address", f"192.0.2.{rng.randrange(ADDRESSES)}", EARLIER)
    asking = PartyInput(role="asking", decisions=Decisions(), residence=COUNTY)
    actions.open_matter(
        playbook="dv-case", actor=actors.resident(), now=EARLIER, channel="online", place=COUNTY, parties=[asking],
        data={"facts": f"{rng.random()}", **({"urgency": "very_urgent"} if rng.random() < 0.05 else {})},
        with_receipt=True, burst=burst,
    )  # fmt: skip


def her_report(client: Client) -> str:
    """Hers, through the site, without script: very urgent, with a telephone, in a street. The page at its end."""
    page = client.post("/", {"to": "s"}).content.decode()
    for step, answers in (
        ("who", {"who": "self"}),
        ("what", {"facts": "他把门反锁了", "now": "yes"}),
        ("decide", {}),
        ("contact", {"way": "phone", "phone": "10013500077", "county": COUNTY, "township": STREET}),
    ):
        ticket = re.search(r'name="ticket" value="([^"]*)"', page)
        assert ticket, step
        sent = {"to": "s", "step": step, "go": "next", "ticket": ticket[1], **answers}
        page = client.post("/", sent).content.decode()
    return page


def triage(world: World) -> worklists.Triage:
    actor = actors.for_post(world.posts["county"].id, NOON)
    with access.reading(actor, route="desk:duties", how="list"):
        return worklists.triage(visible_to(actor))


def test_hers_stands_on_top_of_ten_thousand_false_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)
    monkeypatch.setattr(slowly, "SECONDS", 0)
    world, rng = build(), random.Random(SEED)
    for _ in range(FALSE):
        false_report(rng)
    assert Matter.objects.count() == FALSE, "one of them was refused"
    shown = her_report(Client(REMOTE_ADDR="198.51.100.7"))
    stored = "data-receipt" in shown
    found = triage(world)
    top = found.page.rows[0]
    first = top.matter == Matter.objects.get(township=STREET).id
    folded = sum(f.count for f in found.folds)
    hidden = Matter.objects.exclude(burst="").filter(urgency="very_urgent").count()
    row("11", "true calls for help lost, refused or not on top of the county's list under a flood", FALSE + 1,
        int(not stored) + int(not first),
        f"{FALSE:,} false reports from {ADDRESSES} addresses, {folded:,} of them in {len(found.folds)} folded lines; "
        f"{hidden} of the marked ones said to be very urgent and are not folded")  # fmt: skip
    assert stored
    assert first
    assert folded > FALSE / 2
    actor = actors.for_post(world.posts["county"].id, NOON)
    with access.reading(actor, route="desk:duties", how="list"):
        plain = worklists.duties(visible_to(actor)).rows
    assert plain[0].matter != top.matter, "the control: by due date alone a false one stands first"


def test_folding_hides_no_emergency_and_nothing_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hospital's network is one address: its very urgent report stands alone, the others open from their line."""
    monkeypatch.setattr(clock, "now", lambda: NOON)
    waits: list[float] = []
    monkeypatch.setattr(slowly.time, "sleep", waits.append)
    world, client = build(), Client(REMOTE_ADDR="203.0.113.5")
    limit = limits.LIMITS["report.address"].count
    for _ in range(limit + 3):
        quick = {"facts": "吵了一架"}
        assert "data-receipt" in told(client, quick)
    before = len(waits)
    assert "data-receipt" in told(client, {"facts": "现在就要打死我", "now": "yes"})
    assert len(waits) == before, "who cannot wait was kept waiting"
    assert 0 < before == 3
    assert max(waits) <= 2
    found = triage(world)
    urgent = [r for r in found.page.rows if r.urgency == "very_urgent"]
    assert len(urgent) == 1
    assert urgent[0].burst
    assert [f.count for f in found.folds] == [3]
    actor = actors.for_post(world.posts["county"].id, NOON)
    with access.reading(actor, route="desk:duties", how="list"):
        opened = worklists.triage(visible_to(actor), burst=found.folds[0].burst).page.rows
    assert len(opened) == 4
    marks: Any = set(Matter.objects.exclude(burst="").values_list("burst", flat=True))
    assert not [m for m in marks if "203" in m]


def told(client: Client, what: dict[str, str]) -> str:
    page = client.post("/", {"to": "s"}).content.decode()
    for step, answers in (
        ("who", {"who": "self"}),
        ("what", what),
        ("decide", {}),
        ("contact", {"way": "back", "county": COUNTY}),
    ):
        ticket = re.search(r'name="ticket" value="([^"]*)"', page)
        assert ticket
        sent = {"to": "s", "step": step, "go": "next", "ticket": ticket[1], **answers}
        page = client.post("/", sent).content.decode()
    return page
