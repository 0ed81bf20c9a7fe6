"""The page on which an agency answers: what it shows, what it keeps, and that every refusal reads the same."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from anjia.engine.letters import disclosure, reply_codes
from anjia.engine.letters.tests.test_reply_codes import asked, printed
from anjia.engine.matters.tests.world import HIS_NAME, NAME, PHONE, World, at, build
from anjia.foundation.core import clock
from anjia.foundation.events.models import Event
from anjia.foundation.files.models import File
from anjia.foundation.limits import limits
from anjia.foundation.limits.limits import LIMITS

NOON = at("03-12 12:00")


@pytest.fixture
def world(db: None, monkeypatch: Any) -> World:
    monkeypatch.setattr(clock, "now", lambda: at("03-12 15:00"))
    return build()


def slip_of(page: str) -> str:
    found = re.search(r'name="slip" value="([^"]+)"', page)
    assert found
    return found[1]


def open_letter(copy: disclosure.Copy, client: Client) -> str:
    assert copy.reply
    return client.post("/r/", {"code": copy.reply.grouped}).content.decode()


def test_from_the_code_to_the_answer_in_two_presses(world: World) -> None:
    child = asked(world)
    copy, client = printed(world, "county", child, "03-12 12:00"), Client()
    page = open_letter(copy, client)
    assert "柳浦派出所" in page
    assert copy.number in page
    assert "接收或写明理由退回" in page
    assert not [w for w in (NAME, HIS_NAME, PHONE, "家暴", "家庭暴力个案", "杨林", "<script>") if w in page]
    page = client.post("/r/", {"slip": slip_of(page), "choice": "give_reply.warning_letter"}).content.decode()
    bad = client.post(
        "/r/",
        {
            "slip": slip_of(page),
            "choice": "give_reply.warning_letter",
            "send": "yes",
            "document_on": "2026-03-12",
        },
    )
    assert bad.status_code == 422
    assert "这一项要填" in bad.content.decode()
    assert 'value="2026-03-12"' in bad.content.decode()
    photo = SimpleUploadedFile(
        "告诫书.pdf", b"%PDF-1.4\n1 0 obj<<>>endobj\n%%EOF\n", content_type="application/pdf"
    )
    sent = {
        "slip": slip_of(bad.content.decode()), "choice": "give_reply.warning_letter", "send": "yes", "document_no": "演017",
        "paper": photo,
    }  # fmt: skip
    done = client.post("/r/", sent)
    assert done.status_code == 200
    assert "收到了" in done.content.decode()
    assert not done.cookies
    assert world.row(child).stage == "replied"
    assert File.objects.filter(matter=child).count() == 1
    photo.seek(0)
    assert "收到了" in client.post("/r/", sent).content.decode()  # a double click
    assert Event.objects.filter(matter=child, move="give_reply").count() == 1


def test_a_file_that_cannot_be_taken_is_said_beside_it(world: World) -> None:
    copy, client = printed(world, "county", asked(world), "03-12 12:00"), Client()
    page = open_letter(copy, client)
    virus = SimpleUploadedFile("x.pdf", b"MZ\x90\x00not a paper", content_type="application/pdf")
    bad = client.post(
        "/r/", {"slip": slip_of(page), "choice": "give_reply.reprimand", "send": "yes", "paper": virus}
    )
    assert bad.status_code == 422
    assert "f-paper-error" in bad.content.decode()
    assert reply_codes.find(copy.reply.code if copy.reply else "", at("03-12 15:00"))


def test_wrong_used_replaced_expired_and_recalled_codes_answer_alike(
    world: World, monkeypatch: Any, django_assert_num_queries: Any
) -> None:
    child, client = asked(world), Client()
    replaced = printed(world, "county", child, "03-12 12:00").reply
    used = printed(world, "county", child, "03-12 12:10").reply
    assert used
    assert replaced
    page = client.post("/r/", {"code": used.code}).content.decode()
    client.post("/r/", {"slip": slip_of(page), "choice": "give_reply.reprimand", "send": "yes"})
    other = asked(world)
    recalled = printed(world, "county", other, "03-12 12:00").reply
    world.does("county", "recall", other, "03-12 14:00", recall_reason="不用了")
    third = asked(world)
    late = printed(world, "county", third, "03-12 12:00").reply
    assert recalled
    assert late
    before = {"used": used.code, "replaced": replaced.code, "recalled": recalled.code, "wrong": "00000000"}
    monkeypatch.setattr(clock, "now", lambda: at("03-12 15:00") + timedelta(days=70))
    seen = set()
    for code in [*before.values(), late.code]:
        with django_assert_num_queries(14):
            answer = client.post("/r/", {"code": code}, REMOTE_ADDR="192.0.2.44")
        shown = answer.content.replace(code.encode(), b"#")
        seen.add((answer.status_code, shown, tuple(sorted(answer.headers.items()))))
    assert len(seen) == 1
    assert next(iter(seen))[0] == 422


def test_beyond_the_limits_the_number_is_asked_for_and_nobody_is_shut_out(world: World) -> None:
    """Somebody at the station's own address uses up its tries: whoever holds the letter still answers."""
    copy, client = printed(world, "county", asked(world), "03-12 12:00"), Client(REMOTE_ADDR="192.0.2.9")
    assert copy.reply
    for n in range(LIMITS["reply-code.address"].count):
        assert "f-number-help" not in client.post("/r/", {"code": f"{n:08d}"}).content.decode() or n == 9
    page = client.post("/r/", {"code": copy.reply.code}).content.decode()
    assert "f-number-help" in page
    assert "slip" not in page
    page = client.post("/r/", {"code": copy.reply.code, "number": copy.number}).content.decode()
    assert slip_of(page)
    assert slip_of(
        client.post("/r/", {"code": copy.reply.code, "number": copy.number[-12:]}).content.decode()
    )
    assert slip_of(open_letter(copy, Client(REMOTE_ADDR="198.51.100.1")))


def test_who_knows_a_number_cannot_keep_its_holder_out(world: World) -> None:
    copy = printed(world, "county", asked(world), "03-12 12:00")
    assert copy.reply
    stranger, station = Client(REMOTE_ADDR="203.0.113.5"), Client(REMOTE_ADDR="192.0.2.9")
    tries = LIMITS["reply-code.letter"].count + LIMITS["reply-code.letter-place"].count
    for n in range(tries):
        stranger.post("/r/", {"code": f"{n:08d}", "number": copy.number})
    assert (
        "slip" not in stranger.post("/r/", {"code": copy.reply.code, "number": copy.number}).content.decode()
    )
    assert slip_of(station.post("/r/", {"code": copy.reply.code, "number": copy.number}).content.decode())


def test_a_station_answers_thirty_letters_a_day_and_mistypes_some(world: World) -> None:
    """Right codes use nothing up: thirty right ones and eight wrong ones from one address, no number asked."""
    copy, station = printed(world, "county", asked(world), "03-12 12:00"), Client(REMOTE_ADDR="192.0.2.9")
    for n in range(30):
        assert slip_of(open_letter(copy, station))
        if n % 4 == 0:
            station.post("/r/", {"code": f"{n:08d}"})
    assert not limits.is_spent("reply-code.address", "192.0.2.9", at("03-12 15:00"))


def test_a_slip_that_was_changed_or_lay_too_long_opens_nothing(world: World, monkeypatch: Any) -> None:
    copy, client = printed(world, "county", asked(world), "03-12 12:00"), Client()
    slip = slip_of(open_letter(copy, client))
    for bad in ("x", slip[:-4] + "AAAA", ""):
        assert client.post("/r/", {"slip": bad, "choice": "accept"}).status_code == 422
    monkeypatch.setattr(clock, "now", lambda: at("03-12 15:31"))
    assert client.post("/r/", {"slip": slip}).status_code == 422
