"""An attachment comes back as it was or not at all, and nothing but what it claims to be gets in."""

from __future__ import annotations

import hashlib
import io
import os
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.oxml import OxmlElement
from PIL import Image

from anjia.foundation.core.batch import Batch
from anjia.foundation.core.verdict import RuleBroken
from anjia.foundation.files import files, jobs, packages, pictures, rechecking
from anjia.foundation.files.kinds import JPEG, kind_of
from anjia.foundation.files.models import File
from anjia.foundation.outbox.models import Outbox
from anjia.foundation.vault import vault
from anjia.foundation.vault.errors import SealBroken
from anjia.foundation.vault.models import DataKey

AT = datetime(2026, 2, 13, 10, 0, tzinfo=UTC)


def photograph(kind: str = "JPEG", **saved: Any) -> bytes:
    """A real picture, as small as it can be."""
    out = io.BytesIO()
    Image.new("RGB", (48, 32), (150, 90, 60)).save(out, kind, **saved)
    return out.getvalue()


JPEG_BYTES = photograph()


def package(*names: str, size: int = 1) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in names:
            made.writestr(name, (b"<Types/>" if name.startswith("[") else b"").ljust(size, b" "))
    return out.getvalue()


@pytest.fixture(autouse=True)
def var(settings: Any, tmp_path: Path) -> Path:
    """Sealed files and the key of this test in a folder of its own."""
    settings.VAR = tmp_path
    return tmp_path


@pytest.fixture
def key() -> vault.RootKey:
    with transaction.atomic():
        batch = Batch()
        made = vault.new_root(batch, uuid4())
        batch.flush()
    return made


def stored(key: vault.RootKey, data: bytes = JPEG_BYTES, name: str = "周晓兰的伤.jpeg") -> File:
    with transaction.atomic():
        batch = Batch()
        file = files.store(batch, key=key, matter=uuid4(), upload=SimpleUploadedFile(name, data), now=AT)
        batch.flush()
    return file


@pytest.mark.django_db
def test_a_file_comes_back_as_it_was_with_its_check_value(key: vault.RootKey) -> None:
    file = File.objects.get(id=stored(key).id)
    assert files.read(file, key) == JPEG_BYTES
    told = files.describe(file, key)
    assert told["name"] == "周晓兰的伤.jpg"
    assert told["sha256"] == hashlib.sha256(JPEG_BYTES).hexdigest()
    assert (told["media"], file.media, file.size) == ("image", "image", len(JPEG_BYTES))


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_shown_without_where_it_was_taken_and_kept_as_it_came(
    key: vault.RootKey, kind: str
) -> None:
    taken = photograph(kind, exif=with_place())
    file = stored(key, taken, f"伤.{kind.lower()}")
    name, mime, shown = files.shown(file, key)
    with Image.open(io.BytesIO(taken)) as before, Image.open(io.BytesIO(shown)) as after:
        assert before.getexif().get_ifd(GPS)
        assert not after.getexif()
        assert after.size == (32, 48)  # turned as the telephone was held
        assert mime == f"image/{kind.lower()}"
    assert name == {"JPEG": "伤.jpg"}.get(kind, f"伤.{kind.lower()}")
    assert files.read(file, key) == taken


GPS = 0x8825


def with_place() -> Image.Exif:
    """What a telephone writes beside a photograph: where, with what, how it was held."""
    exif = Image.Exif()
    exif[0x010F] = "Telephone"
    exif[0x0112] = 6
    exif.get_ifd(GPS).update({1: "N", 2: (32.0, 24.0, 13.0), 3: "E", 4: (119.0, 25.0, 57.0)})
    return exif


def test_a_picture_too_large_to_be_a_photograph_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(pictures.MOST_PIXELS, "png", 48 * 32 - 1)
    with pytest.raises(pictures.NotAPicture):
        pictures.redrawn(photograph("PNG"), "png")


@pytest.mark.django_db
def test_nothing_on_disk_tells_what_it_is(key: vault.RootKey, var: Path) -> None:
    file = stored(key)
    path = files.path_of(file.id)
    data = path.read_bytes()
    assert b"JFIF" not in data
    assert JPEG_BYTES[-30:] not in data
    assert "周" not in path.name
    assert path.stat().st_mode & 0o077 == 0
    assert [p for p in (var / "files").rglob("*") if p.is_file()] == [path]


@pytest.mark.django_db
@pytest.mark.parametrize("position", [0, 1, 5, 20, -1])
def test_one_flipped_byte_on_disk_is_refused(key: vault.RootKey, position: int) -> None:
    file = stored(key)
    path = files.path_of(file.id)
    data = bytearray(path.read_bytes())
    data[position] ^= 1
    path.chmod(0o600)
    path.write_bytes(data)
    with pytest.raises(SealBroken):
        files.read(file, key)


@pytest.mark.django_db
def test_bytes_of_one_file_do_not_open_as_another(key: vault.RootKey) -> None:
    one, other = stored(key), stored(key)
    os.replace(files.path_of(other.id), files.path_of(one.id))
    with pytest.raises(SealBroken):
        files.read(one, key)
    with pytest.raises(files.FileMissing):
        files.read(other, key)
    one.id, one.matter = other.id, uuid4()
    with pytest.raises(SealBroken):
        files.read(one, key)


@pytest.mark.django_db
def test_bytes_whose_row_was_never_committed_are_swept_after_a_day(key: vault.RootKey) -> None:
    kept = stored(key)
    lost = files.store(
        Batch(), key=key, matter=uuid4(), upload=SimpleUploadedFile("a.jpg", JPEG_BYTES), now=AT
    )
    for file in (kept, lost):
        os.utime(files.path_of(file.id), (AT.timestamp(), AT.timestamp()))
    assert jobs.sweep(now=AT + timedelta(hours=23)) == 0
    assert jobs.sweep(now=AT + timedelta(hours=25)) == 1
    assert files.path_of(kept.id).exists()
    assert not files.path_of(lost.id).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "data",
    [b"", b"MZ\x90\x00program", b"x" * (files.MAX_BYTES + 1), JPEG_BYTES[:-200]],
    ids=["empty", "program", "big", "half a picture"],
)
def test_what_cannot_be_taken_is_refused_in_words_and_leaves_nothing(
    key: vault.RootKey, var: Path, data: bytes
) -> None:
    with pytest.raises(RuleBroken) as refused:
        stored(key, data)
    assert str(refused.value)
    assert not (var / "files").exists()
    assert not File.objects.exists()


# -- type by content ------------------------------------------------------------------------------------

M4A = b"\0\0\0\x20ftypM4A \0\0\0\0M4A mp42isom\0\0\0\0moovtrakmdiahdlr\0\0\0\0\0\0\0\0soun"


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (JPEG_BYTES, "jpeg"),
        (b"\x89PNG\r\n\x1a\n....", "png"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "webp"),
        (b"%PDF-1.7\n%\xe2\xe3\n%%EOF\n", "pdf"),
        (package("[Content_Types].xml", "word/document.xml"), "docx"),
        (package("[Content_Types].xml", "xl/workbook.xml"), "xlsx"),
        (b"ID3\x03\0\0\0\0\0\x02ab\xff\xfb\x90\x64\0\0", "mp3"),
        (b"\xff\xfb\x90\x64\0\0", "mp3"),
        (M4A, "m4a"),
        (b"#!AMR\n\x3c", "amr"),
        ("她说了经过。\r\n第二行".encode(), "txt"),
        ("她说了经过。".encode("gb18030"), "txt"),
        ("\ufeff带标记".encode(), "txt"),
    ],
)
def test_a_kind_is_told_from_content(data: bytes, name: str) -> None:
    kind = kind_of(data)
    assert kind is not None
    assert kind.name == name


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"   ",
        b"MZ\x90\x00",
        b"\x7fELF\x02\x01\x01\x00",
        b"GIF89a\x01\x00",
        b"BM\x00\x00",
        b"<!DOCTYPE html><script>alert(1)</script>",
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="x"/>',
        b"<?php system(1);",
        b"<?xml version='1.0'?><x/>",
        b"text with \x00 in it",
        b"\x1b[31mterminal",
        b"RIFF\x10\0\0\0WAVEfmt ",
        b"Rar!\x1a\x07\x00",
        b"7z\xbc\xaf\x27\x1c",
        b"\x1f\x8b\x08\x00",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"\xca\xfe\xba\xbe\x00\x00",
        b"\xff\xff\xff\xff",
        b"\0\0\0\x20ftypmp42" + b"\0" * 20 + b"vide" + b"soun",
        b"\0\0\0\x20ftypheic" + b"\0" * 20,
        package("a.txt"),
        package("[Content_Types].xml", "ppt/presentation.xml"),
        package("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
        package("[Content_Types].xml", "xl/workbook.xml", "xl/embeddings/oleObject1.bin"),
        b"PK\x03\x04broken",
    ],
)
def test_everything_else_is_refused(data: bytes) -> None:
    assert kind_of(data) is None


def test_what_offices_really_write_is_taken() -> None:
    """A link to be tapped, a drawing of lines, the word “added” in a field: nothing of it runs or fetches."""
    made, out = Document(), io.BytesIO()
    made.part.relate_to("https://example.org/Type='x'", RT.HYPERLINK, is_external=True)
    field = OxmlElement("w:instrText")
    field.text = " REF _added_DDEs_1 "
    made.add_paragraph("DDE 是一种协议")._p.append(field)
    made.save(out)
    whole = io.BytesIO()
    with zipfile.ZipFile(out) as old, zipfile.ZipFile(whole, "w") as new:
        for part in old.namelist():
            types = b'<Default Extension="svg" ContentType="image/svg+xml"/></Types>'
            new.writestr(part, old.read(part).replace(b"</Types>", types))
    kind = kind_of(whole.getvalue())
    assert kind
    assert kind.name == "docx"
    book, table = openpyxl.Workbook(), io.BytesIO()
    sheet: Any = book.active
    sheet["A1"].hyperlink = "https://example.org/"
    book.save(table)
    kind = kind_of(table.getvalue())
    assert kind
    assert kind.name == "xlsx"


def test_a_package_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = package("[Content_Types].xml", "word/document.xml", size=1000)
    assert kind_of(data)
    monkeypatch.setattr(packages, "MAX_UNPACKED", 1999)
    assert kind_of(data) is None


@pytest.mark.parametrize(
    ("given", "clean"),
    [
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\照片\\伤.PNG", "伤.jpg"),
        ('a"<b>|?*.exe', "ab.jpg"),
        ("", "file.jpg"),
        ("con.txt", "_con.jpg"),
        ("\u202egpj.exe", "gpj.jpg"),
        ("长" * 300 + ".jpg", "长" * 120 + ".jpg"),
    ],
)
def test_a_name_is_only_a_name(given: str, clean: str) -> None:
    assert files.clean_name(given, JPEG) == clean


@pytest.mark.django_db
def test_each_file_is_compared_once_a_week_and_what_differs_is_told(key: vault.RootKey) -> None:
    good, bad, gone = stored(key), stored(key), stored(key)
    assert rechecking.recheck(now=AT) == 3
    assert rechecking.recheck(now=AT + timedelta(days=6)) == 0
    path = files.path_of(bad.id)
    path.chmod(0o600)
    body = bytearray(path.read_bytes())
    body[-1] ^= 1
    path.write_bytes(body)
    files.path_of(gone.id).unlink()
    assert rechecking.recheck(now=AT + timedelta(days=7)) == 3
    found = dict(File.objects.values_list("id", "fault"))
    assert found == {good.id: "", bad.id: "changed", gone.id: "missing"}
    assert Outbox.objects.filter(kind=rechecking.FAULTY).count() == 2
    assert rechecking.broken() == 2


@pytest.mark.django_db
def test_a_file_whose_description_is_gone_is_called_changed(
    key: vault.RootKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = stored(key)
    monkeypatch.setattr(vault, "latest", lambda *_where: {})
    rechecking.recheck(now=AT)
    assert File.objects.get(id=one.id).fault == "changed"


@pytest.mark.django_db
def test_what_was_erased_is_not_called_broken(key: vault.RootKey) -> None:
    one = stored(key)
    DataKey.objects.filter(root=key.root).delete()
    files.path_of(one.id).unlink()
    assert rechecking.recheck(now=AT) == 0
