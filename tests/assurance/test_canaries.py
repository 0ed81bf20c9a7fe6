"""Two hundred words that exist nowhere else go in at every door; then everything a thief could take is searched."""

from __future__ import annotations

import gzip
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import scanner
from docx import Document
from lately import MAY
from openpyxl import Workbook
from openpyxl.comments import Comment
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, TextStringObject
from report import row

from anjia.engine.letters.rendering import pdf

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "journeys"))
from town import Town, database  # noqa: E402

pytestmark = pytest.mark.assurance
MAKE = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0, interactive=False)
from anjia.engine.matters.tests.world import build
build()
"""
SCRIPT = Path(__file__).parent / "planting.py"
LEAST, SINKS, ENCODINGS = 300, 60, 8
#: The ways out that were built last; each has answered something.
LATELY = {
    "drafts of others", "heaps of others", "hand-overs and call-backs of others", "points of others", "lists of others",
    "pictures beside the form", "results for police", "report pages", "reply pages", "letters as pages", "letters as PDF",
    "letters as Word", "court packet", "ledgers as Excel", "sheets of the week", "books of inspections",
    "pages and figures of a leader", "what answers say of themselves", "files", "mails", "gateway", "messages pages",
    "rows counter_draft", "rows incoming_batch", "rows incoming_row", "rows messages_message", "rows outbox_outbox",
    "rows letters_series", "rows reporting_reportpoint",
}  # fmt: skip


class Planted:
    """The town after all that, and everything of it that lies somewhere."""

    def __init__(self, folder: Path) -> None:
        self.town, self.out, self.temp = Town(folder / "var", database()), folder / "out", folder / "tmp"
        for made in (self.town.var, self.out, self.temp):
            made.mkdir(parents=True)
        self.run("-c", MAKE)
        self.log = self.run(str(SCRIPT), "plant", str(self.out)).stderr
        told: dict[str, str] = json.loads((self.out / "planted.json").read_text(encoding="utf-8"))
        self.words = told
        self.read: list[str] = json.loads((self.out / "read.json").read_text(encoding="utf-8"))
        for name in ("planted.json", "read.json"):
            (self.out / name).unlink()

    def run(self, *words: str) -> subprocess.CompletedProcess[bytes]:
        env = {
            **self.town.environment(), "ANJIA_ANCHORS": str(self.town.var / "anchors"), "TMPDIR": str(self.temp),
            "PYTHONPATH": f"{ROOT}:{ROOT / 'tests' / 'assurance'}",
        }  # fmt: skip
        done = subprocess.run([sys.executable, *words], env=env, cwd=ROOT, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr[-3000:]
        return done

    def sinks(self) -> Iterator[tuple[str, bytes]]:
        """(what it is, its bytes)."""
        yield "log at its loudest", self.log
        yield from self.of("temporary folder", self.temp)
        for path in sorted(self.out.rglob("*")):
            if path.is_file():
                yield path.relative_to(self.out).parts[0], path.read_bytes()
        yield from self.of("files", self.town.var / "files")
        yield from self.of("anchors", self.town.var / "anchors")
        yield from self.of("keys", self.town.var / "keys")
        yield from self.database()

    def of(self, name: str, folder: Path) -> Iterator[tuple[str, bytes]]:
        yield name, b""
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            yield name, path.read_bytes() + b"\n" + path.name.encode()

    def database(self) -> Iterator[tuple[str, bytes]]:
        """Its files, the journal beside them, and a dump in words."""
        if not self.town.database:
            for path in sorted(self.town.var.glob("anjia.sqlite3*")):
                yield f"database {path.name.removeprefix('anjia.sqlite3') or 'file'}", path.read_bytes()
            return
        yield (
            "database dump",
            subprocess.run(
                ["pg_dump", "--dbname", self.town.database], capture_output=True, check=True
            ).stdout,
        )
        import psycopg

        with psycopg.connect(self.town.database, autocommit=True) as connection:
            connection.execute("CHECKPOINT")
            where = connection.execute("SHOW data_directory").fetchone()
            own = connection.execute(
                "SELECT oid FROM pg_database WHERE datname = current_database()"
            ).fetchone()
        assert where
        assert own
        for path in sorted((Path(where[0]) / "base" / str(own[0])).iterdir()):
            with suppress(FileNotFoundError):  # the server keeps some for a moment only
                yield "database base files", path.read_bytes()
        for path in sorted(p for p in (Path(where[0]) / "pg_wal").iterdir() if p.is_file()):
            yield "database journal", path.read_bytes()


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Planted:
    return Planted(tmp_path_factory.mktemp("canaries"))


def test_two_hundred_canaries_are_found_nowhere(planted: Planted) -> None:
    hits: set[tuple[str, str, str]] = set()
    names: set[str] = set()
    size = tried = 0
    encodings = len(scanner.forms("甲乙丙丁戊己")) + 1  # and gzip around each
    for name, body in planted.sinks():
        may = MAY.get(name, ())
        words = [w for w, where in planted.words.items() if not where.startswith(may or "\0")]
        tried += 0 if name in names else len(words) * encodings
        names.add(name)
        size += len(body)
        hits |= {(name, planted.words[word], how) for word, how in scanner.found(body, words)}
    row("12c", "canaries planted at every door found in what a thief, an operator or a colleague without a seat could read, "
        "or on a paper, file, page or form that they are not for",
        tried, len(hits),
        f"{len(planted.words)} canaries × {len(names)} sinks × {encodings} encodings, {size / 1e6:.0f} MB; "
        f"{len(planted.read)} of them the office that leads reads on its own page "
        f"({'PostgreSQL' if planted.town.database else 'SQLite'})")  # fmt: skip
    assert not hits, "\n".join(sorted({f"{n}: {w}" for n, w, _h in hits}))
    assert len(planted.words) >= LEAST
    assert names >= LATELY
    assert len(names) >= SINKS
    assert len(planted.read) > LEAST / 2, "the control: they did go in, and who may does read them"
    assert encodings >= ENCODINGS


def test_control_what_may_stand_on_a_paper_is_found_there(planted: Planted) -> None:
    """Nothing is found where nothing can be read: her name is, on every kind of paper and file that may say it."""
    read: dict[str, set[str]] = {}
    for name, body in planted.sinks():
        if name in MAY:
            read.setdefault(name, set()).update(
                planted.words[w] for w, _h in scanner.found(body, planted.words)
            )
    for name in ("letters as pages", "letters as PDF", "letters as Word", "court packet"):
        assert "intake name" in read[name], name
    assert {"order facts", "annex about 0"} <= read["court packet"]
    assert "police document_no 1" in read["results for police"]


@pytest.mark.parametrize("how", [*scanner.forms("甲乙丙丁戊己庚辛"), "gzip"])
def test_control_each_encoding_would_be_found(how: str) -> None:
    word = "甲乙丙丁戊己庚辛"
    body = gzip.compress(f"x{word}y".encode()) if how == "gzip" else scanner.forms(word)[how]
    assert word in {w for w, _how in scanner.found(b"\x00" * 7 + body + b"\x01", [word])}


WORD = "甲乙丙丁戊己庚辛"


def as_pdf() -> bytes:
    return pdf.drawn("card", {"card": {"title": "x", "lead": WORD, "parts": [], "source": ["x"]}})


def as_note_in_a_pdf(where: str) -> bytes:
    made, out = PdfWriter(PdfReader(io.BytesIO(pdf.drawn("card", {"card": {**BLANK}})))), io.BytesIO()
    if where == "title":
        made.metadata = {"/Title": WORD}
    elif where == "file":
        made.add_attachment("x.txt", WORD.encode())
    elif where == "layer":
        made.pages[0][NameObject("/PieceInfo")] = TextStringObject(WORD)
    made.write(out)
    return out.getvalue()


BLANK: dict[str, Any] = {"title": "x", "lead": "", "parts": [], "source": ["x"]}


def as_picture_in_a_pdf() -> bytes:
    """A photograph on a page whose own file says a word."""
    out = io.BytesIO()
    Image.new("RGB", (80, 60)).save(out, "JPEG", comment=WORD.encode())
    whole = io.BytesIO()
    Image.new("RGB", (80, 60)).save(whole, "PDF")
    made, last = PdfWriter(PdfReader(io.BytesIO(whole.getvalue()))), io.BytesIO()
    for image in made.pages[0]["/Resources"]["/XObject"].values():  # type: ignore[index]
        image.get_object()._data = out.getvalue()
    made.write(last)
    return last.getvalue()


def as_word(where: str) -> bytes:
    made, out = Document(), io.BytesIO()
    if where == "words":
        made.add_paragraph(f"x{WORD}y")
    else:
        made.core_properties.comments = WORD
    made.save(out)
    return out.getvalue()


def as_excel(where: str) -> bytes:
    made, out = Workbook(), io.BytesIO()
    sheet: Any = made.active
    if where == "cell":
        sheet.cell(1, 1).value = WORD
    elif where == "comment":
        sheet.cell(1, 1).comment = Comment(WORD, "x")
    elif where == "hidden":
        made.create_sheet(WORD).sheet_state = "hidden"
    else:
        made.properties.creator = WORD
    made.save(out)
    return out.getvalue()


LEAKING = {
    "PDF, words": as_pdf, "PDF, title": lambda: as_note_in_a_pdf("title"),
    "PDF, a file in it": lambda: as_note_in_a_pdf("file"),
    "PDF, what a program keeps": lambda: as_note_in_a_pdf("layer"), "PDF, a picture's own words": as_picture_in_a_pdf,
    "Word, words": lambda: as_word("words"), "Word, about it": lambda: as_word("about"),
    "Excel, a cell": lambda: as_excel("cell"), "Excel, a note": lambda: as_excel("comment"),
    "Excel, a sheet's name": lambda: as_excel("hidden"), "Excel, about it": lambda: as_excel("about"),
}  # fmt: skip


@pytest.mark.parametrize("how", LEAKING)
def test_control_a_word_in_a_file_that_leaves_is_found(how: str) -> None:
    assert WORD in {w for w, _how in scanner.found(LEAKING[how](), [WORD])}


def test_control_words_written_past_the_vault_are_found_at_rest(planted: Planted) -> None:
    told: dict[str, str] = json.loads(planted.run(str(SCRIPT), "leak").stdout)
    at_rest = b"\n".join(body for name, body in planted.sinks() if name.startswith(("database", "files")))
    found = {told[w] for w, _how in scanner.found(at_rest, told)}
    assert found == set(told.values())


def test_control_the_log_is_loud_and_the_pages_are_there(planted: Planted) -> None:
    """Silence proves nothing: the log speaks of statements and errors, the pages are pages."""
    assert planted.log.count(b"\n") > 1000
    assert b"django.db.backends" in planted.log
    assert b"RuntimeError" in planted.log
    for who in ("other", "leader", "sysadmin", "bureau", "aid"):
        assert (planted.out / f"pages of {who}").read_bytes().count(b"</html>") > 50
    assert b"</html>" in (planted.out / "errors").read_bytes()
