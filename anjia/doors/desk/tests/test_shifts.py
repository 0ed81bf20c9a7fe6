"""Roster, hand-over, call-back list and drafts on the desk."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

from anjia.casework.counter.models import Draft
from anjia.doors.desk.tests.conftest import SignIn
from anjia.engine.matters.models import Duty, Matter
from anjia.engine.matters.tests.world import NAME, PHONE, STORY, World, at
from anjia.foundation.core.clock import SHANGHAI, now
from anjia.registry.posts import actions as posts
from anjia.registry.posts.actors import SYSTEM
from anjia.registry.posts.models import Shift


def test_an_interrupted_call_is_gone_on_with_and_saved_once(world: World, signed_in: SignIn) -> None:
    client = signed_in("county")
    key = uuid.uuid4().hex
    typed = {"key": key, "channel": "visit", "facts": STORY, "name": NAME, "dv_forms": ["physical"]}
    kept = client.post("/desk/new/draft/dv-case/", typed).content.decode()
    assert "草稿已存" in kept
    assert 'name="kept"' in kept
    assert key in client.get("/desk/new/").content.decode()
    form = client.get(f"/desk/new/?draft={key}").content.decode()
    assert STORY in form
    assert f'value="{NAME}"' in form
    assert re.search(r'value="visit" checked', form)
    assert client.post("/desk/new/", {**typed, "kept": "yes"}).status_code == 302
    assert (Matter.objects.count(), Draft.objects.count()) == (1, 0)


def test_a_draft_is_given_up_in_so_many_words_and_is_nobody_elses(world: World, signed_in: SignIn) -> None:
    client, other = signed_in("county"), signed_in("officer")
    key = uuid.uuid4().hex
    client.post("/desk/new/draft/petition/", {"key": key, "request": "要回承包地"})
    assert other.get(f"/desk/new/?draft={key}").status_code == 404
    assert key not in other.get("/desk/new/").content.decode()
    assert "要回承包地" in client.get(f"/desk/new/petition/?draft={key}").content.decode()
    client.post("/desk/new/draft/petition/", {"key": key, "give_up": "yes"})
    assert not Draft.objects.exists()


def test_two_clerks_take_calls_at_once(world: World, signed_in: SignIn) -> None:
    for who, words in (("county", "第一个电话"), ("officer", "第二个电话")):
        client = signed_in(who)
        key = uuid.uuid4().hex
        client.post("/desk/new/draft/dv-case/", {"key": key, "facts": words})
        assert client.post("/desk/new/", {"key": key, "channel": "call", "facts": words}).status_code == 302
    assert Matter.objects.count() == 2


def test_the_roster_is_kept_by_its_head_and_shows_gaps(world: World, signed_in: SignIn) -> None:
    client = signed_in("county")
    first = now().astimezone(SHANGHAI).replace(day=1) + timedelta(days=40)
    month = first.strftime("%Y%m")
    page = client.get(f"/desk/duty/?month={month}").content.decode()
    assert page.count("没人") >= 28
    bad = client.post(
        "/desk/duty/", {"post": str(world.posts["county"].id), "starts_at": "昨天", "telephone": "1"}
    )
    assert bad.status_code == 422
    assert "昨天" in bad.content.decode()
    day = first.strftime("%Y-%m-05")
    sent = {"post": str(world.posts["county"].id), "starts_at": f"{day}T08:00", "ends_at": f"{day}T20:00",
            "telephone": "0514-00000000"}  # fmt: skip
    assert client.post(f"/desk/duty/?month={month}", sent).status_code == 302
    assert "0514-00000000" in client.get(f"/desk/duty/?month={month}").content.decode()
    assert signed_in("police").post("/desk/duty/", sent).status_code == 403
    shift = Shift.objects.get()
    assert client.post(f"/desk/duty/?month={month}", {"remove": str(shift.id)}).status_code == 302
    assert not Shift.objects.exists()


def test_a_colleague_is_asked_and_answers(world: World, signed_in: SignIn) -> None:
    begins = now() + timedelta(days=2)
    shift = posts.add_shift(
        agency=world.offices["county"], post=world.posts["county"], telephone="0514-00000000",
        starts_at=begins, ends_at=begins + timedelta(hours=12), actor=SYSTEM, now=now(),
    )  # fmt: skip
    to = {"to": str(world.posts["officer"].id)}
    assert signed_in("other").post(f"/desk/duty/swap/{shift.id}/", to).status_code == 404
    assert signed_in("county").post(f"/desk/duty/swap/{shift.id}/", to).status_code == 302
    officer = signed_in("officer")
    assert "请您替班" in officer.get("/desk/duty/").content.decode()
    officer.post(f"/desk/duty/swap/{shift.id}/", {"answer": "yes", "telephone": "0514-00000009"})
    shift.refresh_from_db()
    assert shift.post_id == world.posts["officer"].id


def test_the_city_is_shown_where_a_ladder_ends_at_a_dark_telephone(world: World, signed_in: SignIn) -> None:
    assert "电话没人接" in signed_in("city").get("/desk/").content.decode()
    assert "电话没人接的时段" in signed_in("city").get("/desk/duty/").content.decode()
    assert "电话没人接的时段" not in signed_in("county").get("/desk/duty/").content.decode()


def test_a_shift_is_handed_over_on_the_desk(world: World, signed_in: SignIn) -> None:
    case = world.responding()
    Duty.objects.filter(matter=case, done_at__isnull=True).update(due_at=now() + timedelta(hours=2))
    client, officer = signed_in("county"), signed_in("officer")
    assert re.search(rf'name="give-{case}"[^>]* checked', client.get("/desk/handover/").content.decode())
    empty = client.post("/desk/handover/", {"general": ""})
    assert empty.status_code == 422
    sent = client.post("/desk/handover/", {f"give-{case}": "yes", f"note-{case}": "明早先打电话"})
    assert sent.status_code == 302
    assert "等人接班" in officer.get("/desk/handover/").content.decode()
    sheet = officer.get(sent["Location"]).content.decode()
    assert NAME in sheet
    assert "明早先打电话" in sheet
    itself = client.post(sent["Location"], {"do": "accept", "words": "我接"})
    assert "要由另一个人" in itself.content.decode()
    assert officer.post(sent["Location"], {"do": "accept", "words": "清楚了"}).status_code == 302
    assert "等人接班" not in officer.get("/desk/handover/").content.decode()
    assert signed_in("city").get(sent["Location"]).status_code == 404


def test_the_call_back_list_says_who_may_be_called_now(world: World, signed_in: SignIn) -> None:
    m = world.help_wanted().matter
    world.does("county", "accept_in", m, "03-09 21:00", first_or_repeat="first", urgency="urgent")
    text = signed_in("county").get("/desk/callbacks/").content.decode()
    assert NAME in text
    assert "工作日 12:10–12:50" in text
    assert ("现在可以打" in text) == (PHONE in text)
    for who in ("city", "other"):
        assert NAME not in signed_in(who).get("/desk/callbacks/").content.decode()
    assert signed_in("police").get("/desk/callbacks/").status_code == 403
    assert at("03-10 09:00") < now()
