"""平安家庭推选 on the residents' site: no round, a round, the form, the receipt, the notice."""

from __future__ import annotations

import io
import re
from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from anjia.engine.matters.models import Matter
from anjia.engine.matters.tests.world import COUNTY, OTHER, VILLAGE, World, at, build
from anjia.foundation.core import clock
from anjia.foundation.events.models import Event
from anjia.foundation.files.models import File
from anjia.foundation.limits import limits
from anjia.prevention.honours.tests.yearly import applies, begun, listed, many

FORM = {
    "at": VILLAGE, "key": "k1", "go": "send", "minors": "1", "words": "夜巡四十二次。",
    "name-0": "高德林", "agrees-0": "yes", "named-0": "yes", "name-1": "陈月英", "agrees-1": "yes",
}  # fmt: skip


@pytest.fixture
def world(db: None) -> World:
    return build()


def frozen(monkeypatch: pytest.MonkeyPatch, when: str) -> datetime:
    moment = at(when)
    monkeypatch.setattr(clock, "now", lambda: moment)
    return moment


def digits(text: str) -> str:
    found = re.search(r"<dd>([\d ]{24})</dd>", text)
    assert found
    return found[1]


def test_without_a_round_the_page_says_so_and_when_the_last_one_ended(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = Client()
    frozen(monkeypatch, "03-18 09:00")
    assert "平安家庭推选" in browser.get("/h/").content.decode()
    assert "本轮尚未开始。" in (first := browser.get("/h/", {"at": COUNTY}).content.decode())
    assert "截止" not in first
    begun(world)
    frozen(monkeypatch, "04-16 08:00")
    page = browser.get("/h/", {"at": COUNTY}).content.decode()
    assert "本轮尚未开始。上一轮已在" in page
    assert "4月15日" in page
    assert "name-0" not in browser.get("/h/", {"at": VILLAGE}).content.decode()
    for word in ("评比", "排名", "落选", "评选"):
        assert word not in page


def test_from_the_form_to_the_receipt_and_where_it_stands(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(world)
    frozen(monkeypatch, "03-25 20:00")
    browser = Client()
    assert "name-1" in browser.get("/h/", {"at": VILLAGE}).content.decode()
    sent = browser.post("/h/", FORM).content.decode()
    receipt = digits(sent)
    again = browser.post("/h/", FORM).content.decode()
    assert digits(again) == receipt
    assert Matter.objects.filter(playbook="household-recognition").count() == 1
    page = browser.post("/", {"to": "c", "receipt": receipt}).content.decode()
    assert "收到了,乡镇(街道)妇联正在看。" in page
    assert "到哪一步了" in page
    assert "撤回" in page


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"agrees-1": ""}, "每位成年人都同意才能报"),
        ({"name-0": "", "name-1": ""}, "请写家里成年人的名字。"),
        ({"name-1": "高德林"}, "这个名字写了两遍。"),
        ({"name-1": "长" * 41}, "名字太长了"),
        ({"words": "好" * 501}, "最多500个字"),
        ({"minors": "99"}, "请从列表中选择。"),
    ],
)
def test_what_is_wrong_stands_beside_it_and_nothing_typed_is_lost(
    world: World, monkeypatch: pytest.MonkeyPatch, change: dict[str, str], said: str
) -> None:
    begun(world)
    frozen(monkeypatch, "03-25 20:00")
    answer = Client().post("/h/", {**FORM, **change})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert (change.get("words") or "夜巡四十二次。") in page
    assert not Matter.objects.filter(playbook="household-recognition").exists()


def test_a_photograph_may_come_along_and_nothing_else(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    begun(world)
    frozen(monkeypatch, "03-25 20:00")
    for bad in (b"MZ a program", b"\xff\xd8\xff\xe0 half a picture", b""):
        answer = Client().post("/h/", {**FORM, "photo": SimpleUploadedFile("a.jpg", bad)})
        assert answer.status_code == 422
        assert "这张照片打不开" in answer.content.decode() or b"\xff\xd8" in bad
        assert "高德林" in answer.content.decode()
    assert not Matter.objects.filter(playbook="household-recognition").exists()
    picture = io.BytesIO()
    Image.new("RGB", (20, 20)).save(picture, "JPEG")
    photo = SimpleUploadedFile("a.jpg", picture.getvalue(), content_type="image/jpeg")
    digits(Client().post("/h/", {**FORM, "key": "k9", "name-0": "高洋", "photo": photo}).content.decode())
    household = Matter.objects.filter(playbook="household-recognition").latest("id")
    assert File.objects.filter(matter=household.id).count() == 1


def test_another_row_is_added_and_keeps_what_was_typed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    begun(world)
    frozen(monkeypatch, "03-25 20:00")
    page = Client().post("/h/", {**FORM, "go": "more"}).content.decode()
    assert 'name="name-2"' in page
    assert "高德林" in page


def test_a_form_that_was_open_when_the_round_closed_is_told_so(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(world)
    frozen(monkeypatch, "04-16 00:01")
    page = Client().post("/h/", FORM)
    assert page.status_code == 422
    assert "上一轮已在" in page.content.decode()


def test_the_notice_shows_names_while_it_runs_and_takes_an_objection(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    round_ = begun(world)
    crowd = many(8)
    listed(world, round_)
    frozen(monkeypatch, "04-29 10:00")
    browser = Client()
    page = browser.get("/n/", {"at": COUNTY}).content.decode()
    for name, m in crowd.items():
        assert (name in page) == (world.row(m).stage == "noticed")
    assert "杨林社区" in page
    assert "目前没有公示。" in browser.get("/n/", {"at": OTHER}).content.decode()
    ticket = re.findall(r'name="ticket" value="([^"]+)"', page)[0]
    asked = browser.post("/n/", {"at": COUNTY, "ticket": ticket}).content.decode()
    ticket = re.findall(r'name="ticket" value="([^"]+)"', asked)[0]
    empty = browser.post("/n/", {"at": COUNTY, "ticket": ticket, "words": " "})
    assert empty.status_code == 422
    assert "请写是什么事。" in empty.content.decode()
    done = browser.post("/n/", {"at": COUNTY, "ticket": ticket, "words": "楼道停三轮。"}).content.decode()
    assert "收到了。我们会核实" in done
    assert Event.objects.filter(move="object").count() == 1
    frozen(monkeypatch, "05-09 00:10")
    later = browser.get("/n/", {"at": COUNTY}).content.decode()
    assert sum(name in later for name in crowd) == 1  # the one that is being checked


def test_too_many_from_one_address_wait(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    begun(world)
    frozen(monkeypatch, "03-25 20:00")
    monkeypatch.setitem(limits.LIMITS, "recognition.address", limits.Limit(1, limits.HOUR))
    browser = Client()
    assert browser.post("/h/", FORM).status_code == 200
    refused = browser.post("/h/", {**FORM, "key": "k2", "name-0": "高洋"})
    assert refused.status_code == 429
    assert "高洋" in refused.content.decode()


def test_both_read_the_same_at_their_receipts(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A household that is held because of a case, and one that the lot left: not a letter differs."""
    world.help_wanted(when="03-09 20:47")
    round_ = begun(world)
    hers = applies("丁海峰", "周晓兰")
    others = [applies(f"甲{n}") for n in range(12)]
    listed(world, round_)
    by_lot = next(o for o in others if world.row(o.matter).stage == "not_listed")
    frozen(monkeypatch, "04-29 10:00")

    def reads(receipt: str) -> str:
        page = Client().post("/", {"to": "c", "receipt": receipt}).content.decode()
        return re.sub(r'name="ticket" value="[^"]+"', "", page)

    assert world.row(hers.matter).stage == "not_listed"
    assert reads(hers.receipt) == reads(by_lot.receipt)
    assert "本轮未列入。" in reads(hers.receipt)
