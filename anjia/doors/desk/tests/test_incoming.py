"""纸件录入 as its pages are used: what was typed is on the page again, whatever went wrong."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from anjia.casework.incoming.models import Batch, Row
from anjia.casework.incoming.tests.test_papers import HERS, heap, photo
from anjia.engine.matters.models import Matter
from anjia.engine.matters.tests.world import World, paper
from anjia.foundation.core.clock import now
from anjia.registry.posts import actions

pytestmark = pytest.mark.django_db


def browser(world: World, who: str) -> Client:
    client = Client()
    post = world.posts[who]
    client.cookies["s"] = actions.sign_in(account=post.account, post=post, now=now())
    return client


def sent(world: World, **more: Any) -> dict[str, Any]:
    office = str(world.offices["police"].id)
    given = {
        "do": "save",
        "paper": "warning",
        "office": office,
        "letter_no": "演021号",
        "letter_at": "2026-03-13",
    }
    return {**given, **HERS, **more}


def test_pictures_are_taken_one_by_one_and_a_bad_one_is_named(world: World) -> None:
    client = browser(world, "county")
    from django.core.files.uploadedfile import SimpleUploadedFile

    bad = SimpleUploadedFile("假的.jpg", b"not a picture \x00\x01")
    page = client.post(reverse("desk:incoming"), {"papers": [photo(), bad, paper()]})
    assert page.status_code == 422
    text = page.content.decode()
    assert "假的.jpg" in text
    assert Batch.objects.get().rows.count() == 2
    more = reverse("desk:incoming-batch", args=[Batch.objects.get().id])
    piece = client.post(more, {"do": "add", "papers": photo()}, headers={"X-Piece": "1"})
    assert piece.json()["error"] == ""
    assert Batch.objects.get().rows.count() == 3


def test_the_first_page_says_what_is_not_typed_yet(world: World) -> None:
    batch = heap(world)
    home = browser(world, "county").get("/desk/").content.decode()
    assert "还有 3 份没录" in home
    assert f"/desk/incoming/{batch.id}/" in home
    assert "纸件还没录完" not in browser(world, "officer").get("/desk/").content.decode()


def test_a_refused_paper_keeps_everything_typed_and_says_what_is_wrong(world: World) -> None:
    batch, client = heap(world), browser(world, "county")
    where = reverse("desk:incoming-sheet", args=[batch.id, 1])
    answer = client.post(where, sent(world, letter_no=""))
    assert answer.status_code == 422
    assert "这一项要填" in answer.content.decode()
    later = client.get(where).content.decode()  # another day, another browser
    assert 'value="柏春雨"' in later
    assert "要改" in client.get(reverse("desk:incoming-batch", args=[batch.id])).content.decode()
    done = client.post(where, sent(world))
    assert done.status_code == 302
    assert done["Location"].endswith("/2/")  # on to the next paper
    letter = Matter.objects.get()
    overview = client.get(reverse("desk:incoming-batch", args=[batch.id])).content.decode()
    assert letter.number in overview
    assert f'href="/desk/m/{letter.id}/"' in overview


def test_a_paper_that_looks_held_asks_which_it_is(world: World) -> None:
    batch, client = heap(world), browser(world, "county")
    client.post(reverse("desk:incoming-sheet", args=[batch.id, 1]), sent(world))
    held = Matter.objects.get()
    asked = client.post(reverse("desk:incoming-sheet", args=[batch.id, 2]), sent(world))
    assert asked.status_code == 422
    choice = re.search(r'name="choice" value="(same:[^"]+)"', asked.content.decode())
    assert choice
    client.post(reverse("desk:incoming-sheet", args=[batch.id, 2]), sent(world, choice=choice[1]))
    assert Row.objects.get(batch=batch, seq=2).matter_id == held.id
    assert Matter.objects.count() == 1


def test_going_elsewhere_keeps_what_was_typed_and_the_office_is_not_asked_twice(world: World) -> None:
    batch, client = heap(world), browser(world, "county")
    first, second = (reverse("desk:incoming-sheet", args=[batch.id, n]) for n in (1, 2))
    assert client.post(first, sent(world, do="next", letter_no=""))["Location"].endswith("/2/")
    page = client.get(second).content.decode()
    assert re.search(rf'value="{world.offices["police"].id}" selected', page)
    assert "柏春雨" not in page
    assert client.post(second, {"do": "previous", "paper": "order"})["Location"].endswith("/1/")
    assert "裁定文号" in client.get(second).content.decode()


def test_the_picture_is_shown_to_its_typist_alone(world: World) -> None:
    batch = heap(world)
    text = browser(world, "county").get(reverse("desk:incoming-sheet", args=[batch.id, 1])).content.decode()
    source = re.search(r'<img src="([^"]+)"', text)
    assert source
    shown = browser(world, "county").get(source[1])
    assert shown["Content-Type"] == "image/jpeg"
    for who, status in (("officer", 404), ("city", 404), ("other", 404), ("police", 403), ("leader", 403)):
        assert browser(world, who).get(source[1]).status_code == status, who


def test_a_scan_is_shown_page_by_page(world: World) -> None:
    import io

    from django.core.files.uploadedfile import SimpleUploadedFile
    from PIL import Image

    from anjia.casework.incoming import actions as incoming
    from anjia.casework.incoming.tests.test_papers import MONDAY
    from anjia.engine.matters.tests.world import at

    out = io.BytesIO()
    pages = [Image.new("RGB", (40, 60), (shade, 0, 0)) for shade in (90, 160)]
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:])
    batch = heap(world, many=0)
    scan = SimpleUploadedFile("扫描.pdf", out.getvalue(), "application/pdf")
    incoming.add_picture(batch_id=batch.id, upload=scan, actor=world.actor("county", MONDAY), now=at(MONDAY))
    client = browser(world, "county")
    text = client.get(reverse("desk:incoming-sheet", args=[batch.id, 1])).content.decode()
    sources = re.findall(r'<img src="([^"]+)"', text)
    assert len(sources) == 2
    assert [client.get(s)["Content-Type"] for s in sources] == ["image/jpeg"] * 2
