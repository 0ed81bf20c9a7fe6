"""A few hundred bad files: each is refused, or what a reader gets of it can do nothing and tells nothing."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import bad_pdfs  # noqa: F401  its classes stand with the others
import pytest
from bad_files import GPS, MAKERS, MARK, Case, cases, document, pdf, picture
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from PIL import Image
from report import row

from anjia.engine.matters.tests.world import World, build
from anjia.foundation.core.batch import Batch
from anjia.foundation.core.clock import now
from anjia.foundation.core.verdict import RuleBroken
from anjia.foundation.files import files
from anjia.foundation.files.models import File
from anjia.foundation.vault import vault
from anjia.registry.posts import actions

pytestmark = [pytest.mark.assurance, pytest.mark.django_db]

NAME = re.compile(r"[^/\\\0-\x1f\"<>|:*?]{1,130}\.(?:jpg|png|webp|pdf|docx|xlsx|mp3|m4a|amr|txt)")
#: Of a text the words stay what they are; that it is only ever saved as text makes them harmless.
ONLY_TEXT = "text/plain"


@pytest.fixture(autouse=True)
def var(settings: Any, tmp_path: Path) -> None:
    settings.VAR = tmp_path


def taken(case: Case, key: vault.RootKey, matter: UUID) -> File | None:
    """What became of a file somebody sent; None when it was refused."""
    _, name, data = case
    try:
        with transaction.atomic():
            batch = Batch()
            upload = SimpleUploadedFile("x", data)
            upload._name = name  # as a client of his own would send it, past what a browser does
            file = files.store(batch, key=key, matter=matter, upload=upload, now=now())
            batch.flush()
    except RuleBroken:
        return None
    return file


def parts_of(shown: bytes) -> Iterator[bytes]:
    """The file, and what lies packed in it where it is a package."""
    yield shown
    if shown.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(shown)) as package:
            yield from (package.read(name) for name in package.namelist())


def faults(file: File, key: vault.RootKey, sent: bytes) -> list[str]:
    """What is wrong with a file that was taken: its original, its name, or what a reader is handed."""
    name, mime, shown = files.shown(file, key)
    found = []
    if files.read(file, key) != sent:
        found.append("the original was changed")
    if not NAME.fullmatch(name):
        found.append(f"its name is {name!r}")
    if mime != ONLY_TEXT and any(MARK in part for part in parts_of(shown)):
        found.append("what was hidden in it is handed out")
    if mime.startswith("image/"):
        with Image.open(io.BytesIO(shown)) as drawn:
            drawn.load()
            if (
                drawn.getexif().get_ifd(GPS)
                or drawn.getexif()
                or drawn.info.keys() & {"exif", "xmp", "comment"}
            ):
                found.append("it still tells where it was taken")
    return found


def served_faults(world: World, file: File, matter: UUID) -> list[str]:
    """The same over the desk: saved, never shown in the page."""
    client = Client()
    post = world.posts["county"]
    client.cookies["s"] = actions.sign_in(account=post.account, post=post, now=now())
    answer = client.get(f"/desk/m/{matter}/paper/{file.id}/")
    wanted = {
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    found = [name for name, value in wanted.items() if answer.get(name) != value]
    if answer.status_code != 200 or not answer["Content-Disposition"].startswith("attachment;"):
        found.append(f"served as {answer.status_code} {answer.get('Content-Disposition')}")
    return found


def test_bad_files_are_refused_or_can_do_nothing() -> None:
    world = build()
    matter = world.help_wanted().matter
    world.does("county", "accept_in", matter, "03-09 21:00", first_or_repeat="first", urgency="urgent")
    key = vault.key(world.row(matter).root)
    wrong: list[str] = []
    kept = 0
    every = cases()
    for case in every:
        file = taken(case, key, matter)
        if file is None:
            continue
        kept += 1
        found = faults(file, key, case[2]) + served_faults(world, file, matter)
        wrong += [f"{case[0]} {case[1]!r}: {one}" for one in found]
    row(
        "13b",
        "harmful files refused, or handed out without what was hidden in them, and only ever to be saved",
        len(every),
        len(wrong),
        f"{len(MAKERS)} classes; {len(every) - kept} refused, {kept} neutralised",
    )
    assert wrong == []
    assert len(every) >= 300
    assert len(MAKERS) >= 25


def test_control_the_originals_would_tell_where_she_was() -> None:
    """The control: handed out as they came, the same files are noticed."""
    world = build()
    matter = world.help_wanted().matter
    key = vault.key(world.row(matter).root)
    shown = files.shown
    try:
        files.shown = lambda file, key: (*shown(file, key)[:2], files.read(file, key))  # type: ignore[assignment]
        caught = sum(
            bool(faults(file, key, case[2]))
            for case in cases()
            if case[0].startswith("photograph") and (file := taken(case, key, matter))
        )
    finally:
        files.shown = shown
    assert caught >= 30


def test_what_is_honest_is_still_taken() -> None:
    """A door that refuses everything protects nobody."""
    with transaction.atomic():
        batch = Batch()
        key = vault.new_root(batch, uuid4())
        batch.flush()
    rng = random.Random(1)
    link = b"<Relationship Type='x/hyperlink' TargetMode='External' Target='http://192.0.2.1/'/>"
    honest = [picture(rng, kind) for kind in ("JPEG", "PNG", "WEBP")]
    honest += [
        document(),
        document(("word/_rels/document.xml.rels", link)),
        document(("word/media/a.png", picture(rng, "PNG"))),
    ]
    honest += [
        pdf(b""),
        pdf(b"/OpenAction[3 0 R/Fit]", streams=(b"<</Type/Page>>" * 50,)),
        "她说了经过。".encode(),
    ]
    for data in honest:
        assert taken(("honest", "a.bin", data), key, uuid4()) is not None
