"""The list of evidence: what a court asks of it, nothing of where she is, and a package that anybody can check."""

from __future__ import annotations

import hashlib
import io
import subprocess
import zipfile
from pathlib import Path
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from anjia.engine.letters import disclosure, evidence
from anjia.engine.matters.reading import Reading
from anjia.engine.matters.seats import visible_to
from anjia.engine.matters.tests.world import WHERE, World, at
from anjia.foundation.core.verdict import NotAllowed, NotFound
from anjia.foundation.events import access
from anjia.foundation.events.models import Event
from anjia.foundation.files.models import File

WHEN = "03-18 09:00"


def picture(*, where: bool) -> bytes:
    out, exif = io.BytesIO(), Image.Exif()
    if where:
        exif.get_ifd(0x8825)[1] = "N"
        exif.get_ifd(0x8825)[2] = (32.4, 0.0, 0.0)
    Image.new("RGB", (32, 24), (120, 60, 60)).save(out, "JPEG", exif=exif)
    return out.getvalue()


def case(world: World) -> UUID:
    m = world.responding()
    world.does("county", "record_whereabouts", m, "03-11 08:30", now_at=WHERE)
    for n, (name, where) in enumerate((("伤情.jpg", False), (f"{WHERE}门口.jpg", True))):
        world.does(
            "county", "attach", m, f"03-11 10:0{n}", files=[SimpleUploadedFile(name, picture(where=where))],
            paper_kind="photo", given_by="asking", taken_how="exported", file_about="左臂", taken_place="县妇联",
        )  # fmt: skip
    return m


def listed(world: World, m: UUID, who: str = "county") -> list[evidence.Piece]:
    actor = world.actor(who, WHEN)
    with access.reading(actor, route="t", how="open"):
        seated = visible_to(actor).find(m)
        return evidence.pieces(Reading(seated=seated, actor=actor, now=at(WHEN)))


def drafted(world: World, m: UUID, paper: str = "evidence-list") -> disclosure.Draft:
    actor = world.actor("county", WHEN)
    with access.reading(actor, route="t", how="open"):
        return disclosure.draft(actor=actor, matter_id=m, paper=paper, now=at(WHEN))


def packed(world: World, m: UUID, *, fresh: bool = True, paper: str = "evidence-list") -> zipfile.ZipFile:
    actor = world.actor("county", WHEN)
    with access.reading(actor, route=""):
        _copy, body = disclosure.release_packed(
            actor=actor, matter_id=m, paper=paper, now=at(WHEN), fresh=fresh
        )
    return zipfile.ZipFile(io.BytesIO(body))


def test_the_list_says_what_the_rule_asks_for(world: World) -> None:
    m = case(world)
    one = listed(world, m)[0]
    assert one.sha256 == hashlib.sha256(picture(where=False)).hexdigest()
    assert len(one.sm3) == 64
    text = "\n".join(i.zh for i in drafted(world, m).items)
    for words in (
        "伤情.jpg",
        "照片",
        "视听资料",
        "JPEG",
        "邗江区妇联",
        "2026-03-11 10:00",
        "县妇联",
        "本人",
        "从手机",
    ):
        assert words in text, words
    assert one.sha256 in text
    assert one.sm3 in text


def test_a_name_that_says_where_she_is_loses_the_place(world: World) -> None:
    draft = drafted(world, case(world))
    text = "\n".join(i.zh for i in draft.items)
    assert WHERE not in text
    assert "门口" in text
    assert not draft.stopped


def test_the_package_is_checked_without_this_program(world: World, tmp_path: Path) -> None:
    m = case(world)
    with packed(world, m) as package:
        package.extractall(tmp_path)
        names = set(package.namelist())
    assert names == {"01.jpg", "SHA256SUMS", "SM3SUMS", "list.txt"}, "what says where it was taken stays out"
    check = ["sha256sum", "-c", "SHA256SUMS"]
    assert subprocess.run(check, cwd=tmp_path, capture_output=True, check=False).returncode == 0
    (tmp_path / "01.jpg").write_bytes(picture(where=False)[:-1] + b"x")
    assert subprocess.run(check, cwd=tmp_path, capture_output=True, check=False).returncode != 0
    event = Event.objects.get(matter=m, move="given_out")
    assert event.codes["facts"]["paper_given"] == "evidence-list"
    with access.reading(world.actor("county", WHEN), route="t", how="open"):
        assert len(evidence.handed_out(m)["all"]) == 1


def test_without_a_second_factor_just_shown_nothing_leaves_and_nothing_is_numbered(world: World) -> None:
    m = case(world)
    with pytest.raises(NotAllowed):
        packed(world, m, fresh=False)
    with pytest.raises(NotFound):
        packed(world, m, paper="record-sheet")
    assert not Event.objects.filter(matter=m, move="given_out").exists()


@pytest.mark.parametrize("who", ["village", "city", "other", "police"])
def test_who_may_not_open_the_material_has_no_list(world: World, who: str) -> None:
    m = case(world)
    with pytest.raises(NotFound):
        listed(world, m, who)


def test_what_was_changed_is_named_and_stays_out(world: World) -> None:
    m = case(world)
    File.objects.filter(matter=m).update(fault="changed")
    assert {p.fault for p in listed(world, m)} == {"changed"}
    assert "不符" in drafted(world, m).items[-1].zh
    with packed(world, m) as package:
        assert set(package.namelist()) == {"SHA256SUMS", "SM3SUMS", "list.txt"}
    assert evidence.broken_of(visible_to(world.actor("county", WHEN)))[0][0] == m
    assert evidence.broken_of(visible_to(world.actor("other", WHEN))) == []


def test_an_older_file_without_sm3_gets_it_from_its_bytes(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from anjia.foundation.files import files

    real = files.check_values
    monkeypatch.setattr(files, "check_values", lambda data: {"sha256": real(data)["sha256"]})
    m = case(world)
    monkeypatch.undo()
    assert listed(world, m)[0].sm3 == real(picture(where=False))["sm3"]


def test_the_page_opens_no_original(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty large photographs cost the list nothing: what it says was noted when they came."""
    from anjia.foundation.files import files

    m = case(world)
    monkeypatch.setattr(files, "read", lambda *_given: pytest.fail("an original was opened"))
    assert [p.places_itself for p in listed(world, m)] == [False, True]
