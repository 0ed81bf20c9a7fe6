"""Two hundred words that exist nowhere else go in at every door; then everything a thief could take is searched."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import scanner
from report import row

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
LEAST, SINKS, ENCODINGS = 200, 19, 8


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
                yield ("backup" if "backup" in path.parts else path.name), path.read_bytes()
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
            yield "database base files", path.read_bytes()
        for path in sorted(p for p in (Path(where[0]) / "pg_wal").iterdir() if p.is_file()):
            yield "database journal", path.read_bytes()


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Planted:
    return Planted(tmp_path_factory.mktemp("canaries"))


def test_two_hundred_canaries_are_found_nowhere(planted: Planted) -> None:
    hits: set[tuple[str, str, str]] = set()
    names: set[str] = set()
    size = 0
    for name, body in planted.sinks():
        names.add(name)
        size += len(body)
        hits |= {(name, planted.words[word], how) for word, how in scanner.found(body, planted.words)}
    encodings = len(scanner.forms("甲乙丙丁戊己")) + 1  # and gzip around each
    row("12c", "canaries planted at every door found in what a thief, an operator or a colleague without a seat could read",
        len(planted.words) * len(names) * encodings, len(hits),
        f"{len(planted.words)} canaries × {len(names)} sinks × {encodings} encodings, {size / 1e6:.0f} MB; "
        f"{len(planted.read)} of them the office that leads reads on its own page "
        f"({'PostgreSQL' if planted.town.database else 'SQLite'})")  # fmt: skip
    assert not hits
    assert len(planted.words) >= LEAST
    assert len(names) >= SINKS
    assert len(planted.read) > LEAST / 2, "the control: they did go in, and who may does read them"
    assert encodings >= ENCODINGS


@pytest.mark.parametrize("how", [*scanner.forms("甲乙丙丁戊己庚辛"), "gzip"])
def test_control_each_encoding_would_be_found(how: str) -> None:
    word = "甲乙丙丁戊己庚辛"
    body = gzip.compress(f"x{word}y".encode()) if how == "gzip" else scanner.forms(word)[how]
    assert word in {w for w, _how in scanner.found(b"\x00" * 7 + body + b"\x01", [word])}


def test_control_a_word_written_past_the_vault_is_found_in_the_database(planted: Planted) -> None:
    word = "这八个字没有封存"
    planted.run(str(SCRIPT), "leak", word)
    assert any(word in {w for w, _how in scanner.found(body, [word])} for _name, body in planted.database())


def test_control_the_log_is_loud_and_the_pages_are_there(planted: Planted) -> None:
    """Silence proves nothing: the log speaks of statements and errors, the pages are pages."""
    assert planted.log.count(b"\n") > 1000
    assert b"django.db.backends" in planted.log
    assert b"RuntimeError" in planted.log
    assert (planted.out / "pages").read_bytes().count(b"</html>") > 50
    assert b"</html>" in (planted.out / "errors").read_bytes()
