"""The bench seeds what the actions would have written, and its clients count what they see."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from django.conf import settings

from anjia.cli.bench import filling, load, report, seeding, town
from anjia.engine.matters import actions
from anjia.engine.matters.heads import heads
from anjia.engine.matters.models import Duty, Matter
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.events.models import Event
from anjia.foundation.events.verifying import verify
from anjia.foundation.vault import vault
from anjia.registry.places.actions import load_places
from anjia.registry.posts import actors
from anjia.registry.posts.actions.agencies import found_city

#: Late in the evening what is to be done the same day is overdue; the tests are of a working morning.
MORNING = datetime(2026, 11, 24, 10, tzinfo=SHANGHAI)


@pytest.fixture
def cloned(db: None) -> town.Town:
    """A city with its samples, and thirty matters cloned from them."""
    founded = MORNING - timedelta(days=400)
    load_places(city=settings.CITY, now=founded, actor=actors.SYSTEM)
    found_city(city=settings.CITY, now=founded, actor=actors.SYSTEM)
    place = town.build(settings.CITY, MORNING)
    originals = [seeding.read(s) for s in town.samples(place, MORNING)]
    cloner = seeding.Cloner(originals, random.Random(3))
    for number, original in enumerate([*originals, *originals[:8]]):
        filling.write(cloner.clone(original, number))
    filling.seal_everything()
    return place


@pytest.mark.slow
def test_clones_are_what_the_actions_would_have_written(cloned: town.Town) -> None:
    assert filling.checked(cloned) > 40
    assert list(verify(heads())) == []
    assert (
        Duty.objects.filter(done_at__isnull=True, climbs_at__lte=MORNING).count() == 0
    )  # nothing is overdue
    ids = list(Matter.objects.values_list("id", flat=True))
    labels = {str(vault.open_sealed(vault.newest(m, "label"), vault.key(m))) for m in ids}  # type: ignore[arg-type]
    assert len(labels) > len(ids) / 3  # many people, not one a thousand times


@pytest.mark.slow
def test_a_clone_goes_on_like_any_matter(cloned: town.Town) -> None:
    county = cloned.counties[0]
    post = cloned.posts[county]
    clone = Matter.objects.filter(holder=post.agency, stage="received").latest("id")
    moved = actions.move(
        matter_id=clone.id,
        name="accept_in",
        actor=actors.for_post(post.id, MORNING),
        now=MORNING,
        data={"first_or_repeat": "first", "urgency": "soon"},
    )
    assert moved.stage == "contacting"
    assert Event.objects.filter(matter=clone.id).count() == 2


class Answers(BaseHTTPRequestHandler):
    """302 to a posted form with a key of its own, 200 to the rest."""

    protocol_version = "HTTP/1.1"
    keys: set[bytes] = set()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        is_new = body not in self.keys
        self.keys.add(body)
        self.send_response(302 if is_new else 409)
        self.send_header("Location", "/there/")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"hello")

    def log_message(self, *_words: object) -> None:
        """Quietly."""


def test_clients_count_right_and_wrong_answers_and_send_each_form_anew() -> None:
    server = HTTPServer(("127.0.0.1", 0), Answers)
    Thread(target=server.serve_forever, daemon=True).start()
    job = {"host": "127.0.0.1", "port": server.server_port, "clients": 1, "seconds": 5, "once": True}
    form = {"method": "POST", "path": "/", "cookie": "", "body": f"key={load.KEY}"}
    posted = load.run({**job, "items": [form] * 9, "expect": 302})
    assert (posted["count"], posted["wrong"]) == (9, [])
    assert sorted(posted["places"])[0] == [0, "/there/"] or sorted(posted["places"])[0] == (0, "/there/")
    seen = load.run({**job, "items": [{**form, "method": "GET", "body": ""}] * 5, "expect": 200})
    assert seen["count"] == 5
    assert seen["p50"] <= seen["p99"] <= seen["worst"]
    wrong = load.run({**job, "items": [{**form, "method": "GET", "body": ""}] * 3, "expect": 302})
    assert (wrong["count"], wrong["wrong"]) == (0, ["200"] * 3)
    server.shutdown()
    server.server_close()


def test_clients_load_no_other_machine() -> None:
    with pytest.raises(SystemExit):
        load.run({"host": "192.0.2.1", "port": 80, "items": [], "clients": 1, "seconds": 1, "expect": 200})


def test_the_report_takes_medians_and_names_what_was_not_measured() -> None:
    head = {"database": "postgresql", "size": 10, "clients": 4}
    cells = [{**head, "action": "L", "rate": 1000.0}]
    cells += [{**head, "action": "F", "rate": 300.0}]
    cells += [{**head, "action": "open", "rate": r, "p50": 10.0, "p99": 30.0} for r in (100.0, 900.0, 150.0)]
    medians = report.Medians(cells)
    assert medians.get("postgresql", 10, "open", 4) == 150
    wanted = {"sizes": [10], "clients": [4], "databases": ["postgresql"]}
    lines = "\n".join(report.goals(wanted, medians))
    assert "| P1 intake ÷ L, c=4 / 16 | ≥ 0.10 | 0.150 / – |" in lines
    assert "| P1 intake ÷ F, c=4 / 16 | ≥ 0.5 | 0.50 / – |" in lines
    assert "| P15 SQLite ÷ PostgreSQL, intake, c=4 | ≥ 0.5 | – |" in lines
