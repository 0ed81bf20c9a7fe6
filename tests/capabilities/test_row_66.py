"""Capability 66 · 基层家暴投诉站 · Complaint point at a police station.

Works when: an officer at a police station turns a call at the counter into a case of the county's federation in two
pages, the safe contact asked first and nothing else required; the station itself is shown no file, and the woman can
come back with a code of her own.
Screen: /desk/new/
"""

from __future__ import annotations

import re
import uuid

import pytest
from django.test import Client

from anjia.engine.matters.models import Matter
from anjia.engine.matters.tests.world import PHONE, World, build
from anjia.foundation.core.clock import now
from anjia.registry.posts import actions

#: What can be asked and typed in a minute: the contact, her word, what happened.
MINUTE = 16


@pytest.fixture
def world(db: None) -> World:
    return build()


def desk(world: World, who: str) -> Client:
    client = Client()
    post = world.posts[who]
    client.cookies["s"] = actions.sign_in(account=post.account, post=post, now=now())
    return client


def asked(html: str) -> list[str]:
    """The visible questions in their order."""
    form = html.split('id="intake"')[1].split("</form>")[0]
    names = re.findall(r'<(?:input(?![^>]*type="hidden")|select|textarea)[^>]*\bname="(\w+)"', form)
    return list(dict.fromkeys(n.removesuffix("__words") for n in names))


def test_from_the_counter_to_a_case_in_two_pages(world: World) -> None:
    officer = desk(world, "police")
    assert 'href="/desk/new/"' in officer.get("/desk/").content.decode()  # one tap from anywhere
    form = officer.get("/desk/new/").content.decode()
    questions = [q for q in asked(form) if q != "channel"]
    assert questions[:4] == ["phone", "safe_when", "safe_as", "do_not_contact"]
    assert len(questions) <= MINUTE
    assert " required" not in form.split('id="intake"')[1].split("</form>")[0]
    typed = {"key": uuid.uuid4().hex, "phone": PHONE, "safe_when": "晚上八点后", "safe_as": "质检培训班"}
    done = officer.post("/desk/new/", typed)
    assert done.status_code == 200
    again = officer.post("/desk/new/", typed)  # a double click
    matter = Matter.objects.get()
    assert matter.number in done.content.decode()
    assert matter.number in again.content.decode()
    assert matter.holder == world.offices["county"]
    assert world.duty(matter.id, "triage").agency == world.offices["county"]
    county = desk(world, "county").get(f"/desk/m/{matter.id}/").content.decode()
    for words in (PHONE, "晚上八点后", "质检培训班"):
        assert words in county
    her = matter.parties.get(role="asking")
    assert (her.tell_community, her.come_to_door, her.tell_police) == (False, False, False)


def test_the_station_keeps_no_file_and_she_has_a_code_of_her_own(world: World) -> None:
    officer = desk(world, "police")
    text = officer.post("/desk/new/", {"key": uuid.uuid4().hex, "phone": PHONE}).content.decode()
    matter = Matter.objects.get()
    assert officer.get(f"/desk/m/{matter.id}/").status_code == 404
    assert PHONE not in text
    code = re.search(r"\d{4}(?: \d{4}){4}", text)
    assert code
    from anjia.engine.matters import resident

    found = resident.find(code[0].replace(" ", ""))
    assert found
    assert found.id == matter.id
