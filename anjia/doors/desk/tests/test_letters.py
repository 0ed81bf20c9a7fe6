"""A letter from the desk: as a file under its number, signed where it must be, on the office's own letterhead."""

from __future__ import annotations

import io
import re
from urllib.parse import unquote
from uuid import UUID

import pytest
from pypdf import PdfReader

from anjia.doors.desk.tests.conftest import SignIn
from anjia.engine.letters.tests.test_packet import filled
from anjia.engine.letters.tests.test_signing import with_signers
from anjia.engine.matters.inputs import Decisions
from anjia.engine.matters.models import Duty
from anjia.engine.matters.tests.world import COUNTY, FOUNDED, NAME, World
from anjia.registry.posts.actions import agencies
from anjia.registry.posts.actors import SYSTEM


def referral(world: World) -> UUID:
    m = world.responding(decisions=Decisions(True, True, True))
    return world.refers(m, "refer_police", "police", "03-12 09:00")


def test_pdf_and_word_leave_as_files_named_by_their_number(world: World, signed_in: SignIn) -> None:
    child = referral(world)
    client = signed_in("county")
    where = f"/desk/m/{child}/papers/referral-letter/"
    assert "出具为 PDF" in client.get(where).content.decode()
    made = client.post(where, {"as": "pdf"})
    assert made["Content-Type"] == "application/pdf"
    assert made["Content-Disposition"] == f'attachment; filename="{world.row(child).number}-01.pdf"'
    assert NAME in "".join(PdfReader(io.BytesIO(made.content)).pages[0].extract_text().split())
    word = client.post(where, {"as": "word"})
    assert word["Content-Disposition"].endswith('-02.docx"')
    assert word.content.startswith(b"PK")


def test_the_head_sets_the_letterhead_and_the_next_letter_has_a_number(
    world: World, signed_in: SignIn
) -> None:
    client = signed_in("county")
    bad = client.post("/desk/stationery/", {"word": "邗妇权", "is_red": "yes", "basis": ""})
    assert bad.status_code == 422
    assert "邗妇权" in bad.content.decode()
    client.post("/desk/stationery/", {"word": "邗妇权", "is_red": "yes", "basis": "邗办发〔2026〕演1号"})
    where = f"/desk/m/{referral(world)}/papers/referral-letter/"
    assert "文号:出具时编" in client.get(where).content.decode()
    page = client.post(where, {}).content.decode()
    assert "邗妇权函〔2026〕1号" in page
    assert "is-red" in page
    assert "邗妇权函" in client.get("/desk/stationery/").content.decode()
    assert signed_in("officer").get("/desk/stationery/").status_code == 403


def test_it_is_laid_before_the_head_who_finds_it_reads_it_and_signs(
    world: World, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_signers(monkeypatch, "referral-letter", ("head",))
    child = referral(world)
    officer, head = signed_in("officer"), signed_in("county")
    where = f"/desk/m/{child}/papers/referral-letter/"
    page = officer.get(where).content.decode()
    assert "送签" in page
    assert "出具并打印" not in page
    assert officer.post(where, {}).status_code == 422
    assert officer.post(where, {"sign": "yes"}).status_code == 302
    duty = Duty.objects.get(kind="sign_letter")
    sign = f"/desk/m/{child}/sign/{duty.id}/"
    assert sign in head.get("/desk/duties/").content.decode()
    assert sign in head.get(f"/desk/m/{child}/").content.decode()
    page = head.get(sign).content.decode()
    assert "请依法办理" in page
    assert "有变化" not in page
    empty = head.post(sign, {"do": "back", "why": ""})
    assert empty.status_code == 422
    assert officer.post(sign, {"do": "sign"}).status_code == 403
    assert head.post(sign, {"do": "sign"}).status_code == 302
    assert head.get(sign).status_code == 404  # it waits no longer
    assert "出具并打印" in officer.get(where).content.decode()
    assert officer.post(where, {}).status_code == 200


def test_the_packet_names_what_is_missing_and_leaves_as_one_pdf(world: World, signed_in: SignIn) -> None:
    m = filled(world)
    client = signed_in("county")
    where = f"/desk/m/{m}/packet/"
    page = client.get(where).content.decode()
    assert "册子里没有这类材料" in page  # messages were named and are not there
    assert "保密送达地址确认书" in page
    ticked = re.findall(r'name="file" value="([^"]+)" checked', page)
    assert len(ticked) == 4
    unseen = client.post(where, {"file": ticked})
    assert unseen.status_code == 422
    assert re.findall(r'name="file" value="([^"]+)" checked', unseen.content.decode()) == ticked
    made = client.post(where, {"file": ticked, "seen": "yes"})
    assert made["Content-Type"] == "application/pdf"
    assert unquote(made["Content-Disposition"]).endswith(
        f"人身安全保护令申请材料_{world.row(m).number}-01.pdf"
    )
    assert NAME not in unquote(made["Content-Disposition"])
    assert signed_in("village").get(where).status_code == 404


def test_a_department_gets_its_code_and_its_sheet(world: World, signed_in: SignIn) -> None:
    hospital = agencies.add_agency(
        kind="hospital", name="邗江区人民医院", place=COUNTY, actor=SYSTEM, now=FOUNDED
    )
    client = signed_in("county")
    where = f"/desk/points/{hospital.id}/"
    assert where in client.get("/desk/points/", follow=True).redirect_chain[-1][0]
    assert client.post(where, {"name": " "}).status_code == 422
    client.post(where, {"name": "急诊科"})
    page = client.get(where).content.decode()
    sheet = re.search(r'href="(/desk/points/[^"]+/[^"]+/)"', page)
    assert sheet
    code = re.search(r"/q/([a-z0-9]+)/", client.get(sheet[1]).content.decode())
    assert code
    assert "报告一件事" in client.get(f"/q/{code[1]}/").content.decode()
    close = re.search(r'name="close" value="([^"]+)"', page)
    assert close
    client.post(where, {"close": close[1]})
    assert client.get(sheet[1]).status_code == 404
    assert "现在不能用" in client.get(f"/q/{code[1]}/").content.decode()
