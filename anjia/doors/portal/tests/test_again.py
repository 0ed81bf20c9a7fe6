"""At her receipt: asking the tier above to look again, in the law's time; and how she is reached from now on."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.test import Client

from anjia.doors.portal import slowly
from anjia.engine.matters import actions
from anjia.engine.matters.inputs import Opened, PartyInput
from anjia.engine.matters.models import Matter
from anjia.engine.matters.safe_contact import Contact
from anjia.engine.matters.tests.world import VILLAGE, World, at, build
from anjia.foundation.core import clock
from anjia.foundation.vault import vault

pytestmark = pytest.mark.django_db
OFFER, REACH = "请上一级再看一次", "怎样联系您:改一改"
OPINION = {
    "opinion": "不应支持。",
    "opinion_no": "邗妇信〔2026〕9号",
    "told_review": "yes",
    "answered_on": "2026-06-01",
}


@pytest.fixture
def world(monkeypatch: Any) -> World:
    monkeypatch.setattr(slowly, "SECONDS", 0)
    return build()


def petition(world: World) -> Opened:
    her = PartyInput(role="asking", sealed={"label": {"name": "钱玉珍"}}, residence=VILLAGE)
    opened = actions.open_matter(
        playbook="petition", actor=world.actor("county", "04-20 09:30"), now=at("04-20 09:30"), channel="visit",
        place=VILLAGE, parties=[her], data={"request": "要回承包地", "facts": "没有份", "matter_class": "land"},
        with_receipt=True,
    )  # fmt: skip
    m = opened.matter
    world.does("county", "entered", m, "04-20 10:00", system_no="XF2026-1")
    world.does("county", "accept", m, "04-21 15:00", told_how="in_writing", told_on="2026-04-21")
    return opened


def answered(world: World) -> Opened:
    opened = petition(world)
    world.does("county", "answer_not_supported", opened.matter, "06-01 10:00", **OPINION)
    return opened


def page(receipt: str) -> str:
    return html.unescape(Client().post("/", {"to": "c", "receipt": receipt}).content.decode())


def press(shown: str, do: str, **form: str) -> Any:
    ticket = re.search(r'name="ticket" value="([^"]*)"', shown)
    assert ticket
    return Client().post("/", {"to": "c", "ticket": ticket[1], "do": do, **form})


def on(monkeypatch: pytest.MonkeyPatch, day: str) -> None:
    monkeypatch.setattr(clock, "now", lambda: at(f"{day} 12:00"))


def test_she_asks_the_tier_above_within_the_law_s_thirty_days(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = answered(world)
    on(monkeypatch, "06-10")
    shown = page(opened.receipt)
    assert OFFER in shown
    assert "请在7月1日" in shown
    assert "30日内书面答复" in shown
    empty = press(shown, "ask-again", review_request=" ")
    assert empty.status_code == 422
    done = html.unescape(press(shown, "ask-again", review_request="女儿户口没有迁出。").content.decode())
    assert "已交给上一级" in done
    assert OFFER not in done, "it is under way: there is nothing to ask for"
    child = Matter.objects.get(parent=opened.matter, playbook="petition-review")
    assert child.holder == world.offices["city"]
    assert press(shown, "ask-again", review_request="又一次。").status_code == 422
    assert Matter.objects.filter(parent=opened.matter).count() == 1


def test_after_the_time_it_is_neither_offered_nor_taken(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = answered(world)
    on(monkeypatch, "06-10")
    before = page(opened.receipt)
    monkeypatch.setattr(clock, "now", lambda: at("07-02 12:00"))
    assert OFFER not in page(opened.receipt)
    monkeypatch.setattr(clock, "now", lambda: at("06-10 12:00"))
    assert OFFER in before


def test_while_it_is_being_worked_on_and_where_no_review_is_known_nothing_is_offered(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = petition(world)
    on(monkeypatch, "05-10")
    assert OFFER not in page(opened.receipt)
    other = world.help_wanted("05-09 09:00")
    shown = page(other.receipt)
    assert OFFER not in shown
    assert press(shown, "ask-again", review_request="x").status_code == 422


def test_withdrawn_and_unknown_receipts_stay_alike(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = world.help_wanted("03-10 09:00")
    on(monkeypatch, "03-11")
    shown = page(opened.receipt)
    press(shown, "withdraw")
    plain = [re.sub(r'value="[^"]*"', "", page(r)) for r in (opened.receipt, "9" * 20)]
    assert plain[0] == plain[1]
    assert press(shown, "reach", no_contact="yes").status_code == 422


def test_she_says_how_she_may_be_reached_and_nobody_reads_her_number_there(
    world: World, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    opened = world.help_wanted("03-10 09:00")
    on(monkeypatch, "03-11")
    shown = page(opened.receipt)
    assert REACH in shown
    assert "有答复时可以发短信" not in shown, "the city does not send any"
    assert "10013500034" not in shown
    settings.SMS_RESIDENTS = True
    shown = page(opened.receipt)
    assert "有答复时可以发短信" in shown
    press(shown, "reach", message_ok="yes")
    assert wishes(opened).may_write
    press(page(opened.receipt), "reach", no_contact="yes")
    assert wishes(opened) == Contact("10013500034", "工作日 12:10–12:50", "", may_write=False, silent=True)


def wishes(opened: Opened) -> Contact:
    matter = Matter.objects.get(pk=opened.matter)
    row = vault.newest(matter.parties.get(role="asking").id, "contact")
    assert row
    return Contact.of(vault.open_sealed(row, vault.key(matter.root)))
