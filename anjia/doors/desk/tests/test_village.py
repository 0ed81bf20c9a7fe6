"""The phone of a village: few taps, spoken words, sent once, nobody named where nothing was found."""

from __future__ import annotations

import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from anjia.doors.desk.tests.conftest import SignIn
from anjia.engine.matters.inputs import Decisions
from anjia.engine.matters.models import Matter, Party, Seat
from anjia.engine.matters.tests.world import NAME, PHONE, STORY, WHERE, World, hired
from anjia.foundation.events.models import Event
from anjia.foundation.files.models import File
from anjia.foundation.files.tests.test_sounds import webm
from anjia.foundation.vault.models import Sealed, Token


def voice() -> SimpleUploadedFile:
    return SimpleUploadedFile("voice.webm", webm(), content_type="audio/webm")


@pytest.fixture
def card(world: World) -> uuid.UUID:
    """A case in which the village was asked to look in."""
    m = world.responding(decisions=Decisions(tell_community=True))
    world.does("county", "record_whereabouts", m, "03-11 08:30", now_at=WHERE)
    world.does("county", "invite_village", m, "03-11 09:00")
    world.does("county", "plan_visit", m, "03-11 09:10", visit_whom="complained", visit_way="agreed_place",
               visit_task="讲清告诫书")  # fmt: skip
    world.posts["volunteer"] = hired("volunteer", world.offices["village"], "volunteer")
    return m


def test_a_card_says_what_to_say_and_holds_its_form(card: uuid.UUID, signed_in: SignIn) -> None:
    page = signed_in("volunteer").get(f"/desk/m/{card}/").content.decode()
    for words in (
        "讲清告诫书",
        "不要这样说",
        "按住说话",
        "今天做不了，说一声",
        "我要回避",
        "还没发出去,有网时自动发",
    ):
        assert words in page, words
    assert page.index("不要这样说") < page.index('name="visit_found"')  # unfolded above the form
    assert not [c for c in (PHONE, STORY, WHERE) if c in page]


def test_spoken_words_are_sealed_and_played_only_where_papers_are_given(
    card: uuid.UUID, world: World, signed_in: SignIn
) -> None:
    client = signed_in("village")
    sent = {"visit_found": "safe", "voice": voice(), "key": uuid.uuid4().hex}
    assert client.post(f"/desk/m/{card}/do/village_visit_done/", sent).status_code == 302
    file = File.objects.get(matter=card)
    assert file.media == "audio"
    heard = signed_in("county").get(f"/desk/m/{card}/paper/{file.id}/")
    assert heard["Content-Type"] == "audio/webm"
    assert heard.content == webm()
    assert client.get(f"/desk/m/{card}/paper/{file.id}/").status_code == 404
    assert "<audio" in signed_in("county").get(f"/desk/m/{card}/").content.decode()


def test_the_same_press_twice_is_one_act(card: uuid.UUID, signed_in: SignIn) -> None:
    client, key = signed_in("village"), uuid.uuid4().hex
    for _again in range(3):  # the answer was lost on the way; the page sends the same form again
        sent = client.post(
            f"/desk/m/{card}/do/village_visit_done/", {"visit_found": "safe", "voice": voice(), "key": key}
        )
        assert sent.status_code == 302
        assert sent["Location"].endswith("done=village_visit_done")
    assert Event.objects.filter(matter=card, move="village_visit_done").count() == 1
    assert File.objects.filter(matter=card).count() == 1


def test_stepping_back_is_one_press_and_leaves_nothing(card: uuid.UUID, signed_in: SignIn) -> None:
    client = signed_in("volunteer")
    assert client.post(f"/desk/m/{card}/do/recuse/").status_code == 302
    gone, nowhere = client.get(f"/desk/m/{card}/"), client.get(f"/desk/m/{uuid.uuid4()}/")
    assert (gone.status_code, gone.content) == (404, nowhere.content)
    assert NAME not in client.get("/desk/").content.decode()


def test_what_has_no_word_in_it_is_sent_back_with_what_was_typed(signed_in: SignIn) -> None:
    client = signed_in("village")
    back = client.post("/desk/note/", {"harm": "no", "name": "村东老许家", "facts": ""})
    assert back.status_code == 302  # a name alone is a word
    back = client.post("/desk/note/", {"facts": "两家争水沟"})
    assert back.status_code == 422
    text = back.content.decode()
    assert "两家争水沟" in text
    assert "请选一个。不清楚就选“不清楚”。" in text


def test_a_quarrel_goes_to_the_township_and_violence_past_it(world: World, signed_in: SignIn) -> None:
    client = signed_in("village")
    assert client.post("/desk/note/", {"harm": "no", "facts": "两家争水沟"}).status_code == 302
    lead = Matter.objects.get(playbook="lead")
    assert lead.holder_id == world.offices["street"].id
    assert client.get("/desk/note/").content.decode().count("没写谁家") == 1
    for answer, n in (("yes", 1), ("unknown", 2)):
        assert client.post("/desk/note/", {"harm": answer, "voice": voice()}).status_code == 302
        case = Matter.objects.filter(playbook="dv-case").order_by("-id")[0]
        assert Matter.objects.filter(playbook="dv-case").count() == n
        assert case.holder_id == world.offices["county"].id
        near = {world.offices["street"].id, world.offices["village"].id}
        assert not Seat.objects.filter(matter=case, agency__in=near).exists()
        assert client.get(f"/desk/m/{case.id}/").status_code == 404


def test_a_door_behind_which_all_was_well_leaves_a_number_and_nothing_else(signed_in: SignIn) -> None:
    client = signed_in("village")
    key = uuid.uuid4().hex
    for again in (key, key, uuid.uuid4().hex):
        assert (
            client.post("/desk/walk/", {"what": "nothing_found", "walked": "12", "key": again}).status_code
            == 302
        )
    one = Matter.objects.get(playbook="walk-round")
    assert "这个月记了2次,共24户" in client.get("/desk/walk/").content.decode()
    assert not Party.objects.filter(matter=one).exists()
    assert not Sealed.objects.filter(owner=one.id).exists()
    assert not Sealed.objects.filter(root=one.id).exists()
    assert not Token.objects.filter(root=one.id).exists()
    client.post("/desk/walk/", {"what": "walked_all", "key": uuid.uuid4().hex})
    assert "本月已走完。谢谢。" in client.get("/desk/walk/").content.decode()
    one.refresh_from_db()
    assert one.closed_at is not None  # nothing is owed to anybody for it


def test_the_round_takes_no_place_among_todays_cards(signed_in: SignIn) -> None:
    client = signed_in("village")
    client.post("/desk/walk/", {"what": "nothing_found", "key": "a"})
    home = client.get("/desk/").content.decode()
    assert "今天没有要办的事。" in home
    assert not re.search(r"逾期|已超", home)


@pytest.mark.parametrize("walked", ["0", "abc", "9999"])
def test_a_number_that_is_none_is_said_beside_the_box(signed_in: SignIn, walked: str) -> None:
    back = signed_in("village").post("/desk/walk/", {"what": "nothing_found", "walked": walked, "key": "b"})
    assert back.status_code == 422
    assert f'value="{walked}"' in back.content.decode()


def test_what_is_hers_says_whom_to_ring(signed_in: SignIn) -> None:
    page = signed_in("village").get("/desk/mine/").content.decode()
    for words in ("柳浦街道妇联", "保密承诺", "110", "12338"):
        assert words in page
    foot = page[page.index("a-vnav") :]
    assert [w for w in ("今天", "记一件", "走一走", "我的") if w in foot] == [
        "今天",
        "记一件",
        "走一走",
        "我的",
    ]
