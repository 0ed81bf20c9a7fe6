"""What was found by hand and mended: names in lists of downloads, words that speak of a wall, links that lead nowhere."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from anjia.doors.desk.tests.conftest import SignIn
from anjia.engine.matters.models import Wall
from anjia.engine.matters.tests.world import HIS_NAME, NAME, World, at, hired
from anjia.registry.posts import actions as people
from anjia.registry.posts.actors import SYSTEM

PAPER = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.mark.parametrize("given", [f"{NAME}的伤情鉴定.pdf", HIS_NAME, "a.PDF;x=1"])
def test_a_file_is_saved_under_a_name_of_ours(world: World, signed_in: SignIn, given: str) -> None:
    """The office's computer keeps a list of downloads, and the folder is everybody's."""
    m = world.responding()
    upload = SimpleUploadedFile(given, PAPER, content_type="application/pdf")
    world.does("county", "attach", m, "03-11 09:00", files=[upload], paper_kind="other")
    stored = world.page("county", m).files[0]
    answer = signed_in("county").get(f"/desk/m/{m}/paper/{stored['id']}/")
    name = unquote(answer["Content-Disposition"])
    assert not {w for w in (NAME, HIS_NAME, "鉴定") if w in name}
    assert re.search(r"''材料-[0-9a-f]{6}([.][a-z0-9]{1,5})?$", name)


def test_who_assigns_is_not_told_that_a_colleague_is_somebody_in_it(world: World, signed_in: SignIn) -> None:
    """He may not be given the work; a sentence that names the reason would be carried to him over lunch."""
    m = world.responding()
    cousin = hired("cousin", world.offices["county"], "officer")
    Wall.objects.create(
        account=cousin.account, root=world.row(m).root, cause="phone", since=at("03-10 08:00")
    )
    client = signed_in("county")
    page = client.get(f"/desk/m/{m}/do/assign/").content.decode()
    key = re.search(r'name="key" value="([^"]+)"', page)
    version = re.search(r'name="ver" value="([^"]+)"', page)
    assert key
    assert version
    sent = {"post": str(cousin.id), "key": key[1], "ver": version[1]}
    answer = client.post(f"/desk/m/{m}/do/assign/", sent)
    words = answer.content.decode()
    assert answer.status_code == 422
    assert "请另派一位" in words
    assert not {w for w in ("回避", "亲属", "当事人") if w in re.sub(r"(?s)^.*?<main", "", words)}


def test_no_link_of_a_partners_page_leads_nowhere(world: World, signed_in: SignIn) -> None:
    """A referral carries copies of people: nothing is offered there that only the case itself can do."""
    case = world.responding()
    child = world.refers(case, "refer_legal_aid", "aid", "03-10 14:00")
    world.does("aid", "accept", child, "03-10 15:00", contact_person="邵")
    for who, m in (("aid", child), ("county", case), ("county", child)):
        client = signed_in(who)
        page = client.get(f"/desk/m/{m}/").content.decode()
        links = {h.replace("&amp;", "&") for h in re.findall(r'href="(/desk/m/[^"#]+)"', page)}
        assert links
        assert not [h for h in links if client.get(h).status_code == 404], who


def test_a_head_sees_that_a_first_password_was_issued_in_her_office(world: World, signed_in: SignIn) -> None:
    """An administrator who would use one himself is seen by whoever knows that nobody asked for it."""
    post = world.posts["police"]
    office = f"/desk/offices/{world.offices['police'].id}/"
    assert "发了初始密码" not in signed_in("bureau").get(office).content.decode()
    people.issue_password(account=post.account, actor=SYSTEM, now=at("03-11 09:00"))
    assert "发了初始密码" in signed_in("bureau").get(office).content.decode()
