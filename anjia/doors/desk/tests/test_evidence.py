"""The list of evidence at the desk: shown to whoever has the material, and a package only with a fresh second factor."""

from __future__ import annotations

import io
import zipfile

from anjia.doors.desk.tests.conftest import SignIn
from anjia.engine.matters.models import Notice
from anjia.engine.matters.tests.world import World, at, paper
from anjia.foundation.files import files, rechecking
from anjia.foundation.files.models import File
from anjia.foundation.outbox import worker


def test_a_changed_file_stands_on_the_heads_first_page_and_says_nothing_to_the_administrator(
    world: World, signed_in: SignIn
) -> None:
    m = world.responding()
    world.does("county", "attach", m, "03-11 10:00", files=[paper()], paper_kind="warning_letter")
    assert "存着的材料变了" not in signed_in("county").get("/desk/").content.decode()
    files.path_of(File.objects.get().id).unlink()
    rechecking.recheck(now=at("03-18 10:00"))
    worker.drain(at("03-18 10:01"))
    notice = Notice.objects.get(kind="faulty_file")
    assert (notice.matter_id, notice.agency) == (m, world.offices["county"])
    home = signed_in("county").get("/desk/").content.decode()
    assert "存着的材料变了" in home
    assert f"/desk/m/{m}/evidence/" in home
    assert "存着的内容不见了" in signed_in("county").get(f"/desk/m/{m}/evidence/").content.decode()
    assert "存着的材料变了" not in signed_in("other").get("/desk/").content.decode()
    quiet = signed_in("sysadmin").get("/desk/").content.decode()
    assert "有 1 个存着的文件与校验值不符" in quiet
    assert world.row(m).number not in quiet


def test_a_download_is_told_on_the_list_and_the_package_asks_for_a_second_factor(
    world: World, signed_in: SignIn
) -> None:
    m = world.responding()
    world.does("county", "attach", m, "03-11 10:00", files=[paper()], paper_kind="warning_letter")
    client = signed_in("county")
    assert client.get(f"/desk/m/{m}/paper/{File.objects.get().id}/").status_code == 200
    assert "谁下载过(1 次)" in client.get(f"/desk/m/{m}/evidence/").content.decode()
    url = f"/desk/m/{m}/papers/evidence-list/"
    assert "告诫书.pdf" in client.get(url).content.decode()
    assert "/step-up/" in client.post(url, {"packed": "yes"})["Location"]
    proved = signed_in("county", "totp")
    package = proved.post(url, {"packed": "yes"})
    assert package["Content-Type"] == "application/zip"
    assert package["Content-Disposition"].startswith("attachment;")
    with zipfile.ZipFile(io.BytesIO(package.content)) as opened:
        assert "01.pdf" in opened.namelist()
    assert "出具过的原件包" in proved.get(f"/desk/m/{m}/evidence/").content.decode()
    for who in ("other", "city", "village", "leader", "sysadmin"):
        assert signed_in(who).get(f"/desk/m/{m}/evidence/").status_code == 404
