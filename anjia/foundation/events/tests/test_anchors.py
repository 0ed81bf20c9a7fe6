"""What somebody with the database and every key could hide is found by what left the machine before."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from anjia.cli.main import main
from anjia.foundation.events import access, anchoring, anchors, chain, events
from anjia.foundation.events.anchors import AnchorProblem
from anjia.foundation.events.models import Event
from anjia.foundation.events.tests import ledger
from anjia.foundation.events.tests.ledger import AT, OFFICER, Head, build, tampering
from anjia.foundation.outbox import worker
from anjia.foundation.outbox.models import Outbox

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=1)


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.ANCHOR_FOLDER = str(tmp_path / "elsewhere")
    return tmp_path / "elsewhere"


def found(heads: list[Head], *, anchored: bool = True) -> set[str]:
    lines = anchors.kept() if anchored else ()
    return {f.kind for f in events.verify([(h.matter, h.seq, h.mac) for h in heads], anchors=lines)}


def test_each_hour_the_new_head_is_written_once() -> None:
    assert anchoring.anchor_head(now=AT) is None, "there is no seal yet"
    heads = build()
    first = anchoring.anchor_head(now=AT)
    assert first is not None
    assert first.n == 2
    assert anchoring.anchor_head(now=LATER) is None
    events.seal_now(LATER)
    second = anchoring.anchor_head(now=LATER)
    assert second is not None
    assert bytes.fromhex(second.prev) == first.digest
    assert list(anchors.kept()) == [first, second]
    assert found(heads) == set()


def test_without_a_folder_nothing_is_written(settings: Any, folder: Path) -> None:
    settings.ANCHOR_FOLDER = ""
    build()
    assert anchoring.anchor_head(now=AT) is None
    assert not folder.exists()


@pytest.mark.parametrize(
    ("attack", "kind"),
    [
        (lambda: ledger.roll_back(1), "anchor-missing"),
        (lambda: ledger.cut_end(1), "anchor-mismatch"),
        (lambda: (Event.objects.filter(seq=2).update(move="close"), ledger.rehash())[1], "anchor-mismatch"),
    ],
    ids=["an older backup put back", "the end cut off", "all written anew"],
)
def test_only_the_anchor_finds_what_is_done_with_every_key(attack: Any, kind: str) -> None:
    events_before = build()
    events.seal_now(LATER)
    anchoring.anchor_head(now=LATER)
    assert found(events_before) == set()
    with tampering():
        heads = attack()
        assert found(heads, anchored=False) == set(), "the control: without the anchor nobody would notice"
        assert kind in found(heads)


def test_a_line_that_we_did_not_sign_is_no_anchor() -> None:
    heads = build()
    anchoring.anchor_head(now=AT)
    one = anchors.newest()
    assert one is not None
    anchors.keep(replace(one, root="00" * 32))
    assert found(heads) == {"anchor-forged"}


def test_a_line_cut_by_a_power_failure_is_passed_over_and_rubbish_is_named(folder: Path) -> None:
    build()
    anchoring.anchor_head(now=AT)
    place = folder / anchors.FILE
    with place.open("a") as out:
        out.write('{"n": 3, "at"')
    assert len(list(anchors.kept())) == 1
    with place.open("a") as out:
        out.write("\n")
    with pytest.raises(AnchorProblem, match="line 2"):
        list(anchors.kept())


def test_a_folder_that_cannot_be_written_is_said(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    settings.ANCHOR_FOLDER = str(tmp_path / "file" / "in it")
    build()
    with pytest.raises(AnchorProblem, match="cannot be written"):
        anchoring.anchor_head(now=AT)


# -- another agency ------------------------------------------------------------------------------------------


class Keeper(BaseHTTPRequestHandler):
    """What another agency runs: takes what it is sent, or refuses."""

    got: ClassVar[list[tuple[str, bytes]]] = []
    status: ClassVar[int] = 200
    answer: ClassVar[Any] = staticmethod(lambda data: b"")

    def do_POST(self) -> None:
        data = self.rfile.read(int(self.headers["Content-Length"]))
        type(self).got.append((self.headers["Content-Type"], data))
        self.send_response(self.status)
        self.end_headers()
        self.wfile.write(type(self).answer(data))

    def log_message(self, *words: object) -> None:
        pass


@pytest.fixture
def keeper() -> Iterator[str]:
    Keeper.got, Keeper.status, Keeper.answer = [], 200, staticmethod(lambda data: b"")
    server = HTTPServer(("127.0.0.1", 0), Keeper)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/anchors"
    server.shutdown()
    server.server_close()
    thread.join()


def test_another_agency_gets_a_line_it_can_check_by_itself(settings: Any, keeper: str) -> None:
    settings.ANCHOR_URL = keeper
    build()
    one = anchoring.anchor_head(now=AT)
    assert one is not None
    Keeper.status = 503
    worker.drain(AT)
    assert Outbox.objects.get(kind="events.anchor").done_at is None, "a keeper that refuses is asked again"
    Keeper.status = 200
    worker.drain(AT + timedelta(minutes=1))
    assert Outbox.objects.get(kind="events.anchor").done_at is not None
    media, data = Keeper.got[-1]
    line = json.loads(data)
    signed = json.dumps(
        {name: line[name] for name in ("n", "at", "prev", "root", "count")},
        sort_keys=True,
        separators=(",", ":"),
    ).encode()
    Ed25519PublicKey.from_public_bytes(bytes.fromhex(line["key"])).verify(
        bytes.fromhex(line["signature"]), signed
    )
    assert media == "application/json"
    assert hashlib.sha256(signed + bytes.fromhex(line["signature"])).digest() == one.digest


def test_a_keeper_is_reached_over_https_only() -> None:
    with pytest.raises(AnchorProblem, match="https"):
        anchoring.post("http://keeper.example/anchors", b"", "application/json")
    with pytest.raises(AnchorProblem, match="does not answer"):
        anchoring.post("http://127.0.0.1:9/", b"", "application/json")


# -- a time-stamp authority ------------------------------------------------------------------------------------

CONFIG = """
[req]
distinguished_name = dn
prompt = no
[dn]
CN = Test
[ca]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[tsa]
basicConstraints = CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[ts]
serial = serial
default_policy = 1.2.3.4.1
digests = sha256
signer_digest = sha256
ess_cert_id_alg = sha256
"""


class Authority:
    """A time-stamp authority made for the test with openssl; it answers what it is asked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "config").write_text(CONFIG)
        (folder / "serial").write_text("01")
        new = ("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-config", "config", "-days", "2")
        root = ("-CA", "ca.pem", "-CAkey", "ca.key")
        self.run(*new, "-extensions", "ca", "-subj", "/CN=Test Root", "-keyout", "ca.key", "-out", "ca.pem")
        self.run(
            *new,
            "-extensions",
            "tsa",
            "-subj",
            "/CN=Test Stamps",
            *root,
            "-keyout",
            "tsa.key",
            "-out",
            "tsa.pem",
        )

    def run(self, *words: str) -> None:
        own = {**os.environ, "RANDFILE": str(self.folder / "random")}
        subprocess.run(["openssl", *words], cwd=self.folder, check=True, capture_output=True, env=own)

    @property
    def roots(self) -> str:
        return str(self.folder / "ca.pem")

    def answer(self, query: bytes) -> bytes:
        (self.folder / "query").write_bytes(query)
        self.run(
            "ts", "-reply", "-config", "config", "-section", "ts", "-queryfile", "query", "-signer", "tsa.pem",
            "-inkey", "tsa.key", "-out", "answer",
        )  # fmt: skip
        return (self.folder / "answer").read_bytes()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


def test_an_authority_vouches_for_the_hour_of_the_head(
    settings: Any, keeper: str, authority: Authority
) -> None:
    settings.ANCHOR_TSA, settings.ANCHOR_TSA_ROOTS = keeper, authority.roots
    Keeper.answer = staticmethod(authority.answer)
    heads = build()
    anchoring.anchor_head(now=AT)
    worker.drain(AT)
    assert Outbox.objects.get(kind="events.stamp").done_at is not None
    plain, stamped = anchors.kept()
    assert (plain.stamp, stamped.digest) == ("", plain.digest)
    assert anchoring.check_stamp(stamped, bytes.fromhex(stamped.stamp)).year >= 2024
    assert found(heads) == set()
    other = replace(plain, n=plain.n + 1)
    with pytest.raises(AnchorProblem, match="does not hold"):
        anchoring.check_stamp(other, bytes.fromhex(stamped.stamp))


def test_a_stamp_of_a_stranger_or_of_another_question_is_not_kept(
    settings: Any, keeper: str, authority: Authority, tmp_path: Path
) -> None:
    build()
    settings.ANCHOR_TSA = keeper
    settings.ANCHOR_TSA_ROOTS = Authority(tmp_path).roots
    Keeper.answer = staticmethod(authority.answer)
    one = anchoring.anchor_head(now=AT)
    assert one is not None
    worker.drain(AT)
    settings.ANCHOR_TSA_ROOTS = authority.roots
    earlier = authority.answer(anchoring.request_for(one).as_bytes())
    Keeper.answer = staticmethod(lambda data: earlier)
    worker.drain(AT + timedelta(minutes=1))
    Keeper.answer = staticmethod(lambda data: b"no stamp")
    worker.drain(AT + timedelta(minutes=10))
    assert [line.stamp for line in anchors.kept()] == [""]
    settings.ANCHOR_TSA_ROOTS = ""
    with pytest.raises(AnchorProblem, match="PEM"):
        anchoring.trusted()


# -- the command -------------------------------------------------------------------------------------------------


def test_the_command_says_how_far_the_second_place_reaches(folder: Path) -> None:
    run = CliRunner().invoke
    assert "还没有封条" in run(main, ["ledger", "head"]).output
    assert "没有锚点" in run(main, ["ledger", "verify"]).output
    with access.reading(OFFICER, route="matter", at=AT) as reader:
        reader.opened(UUID(int=7), "identity")
    events.seal_now(AT)
    anchoring.anchor_head(now=AT)
    assert chain.public_key().hex() in run(main, ["ledger", "head"]).output
    told = run(main, ["ledger", "verify"])
    assert (told.exit_code, "锚点 1 个" in told.output) == (0, True), told.output
    with tampering():
        ledger.roll_back(0)
        told = run(main, ["ledger", "verify", "--anchors", str(folder / anchors.FILE)])
        assert told.exit_code == 1
        assert "anchor-missing" in told.output
    (folder / anchors.FILE).write_text("rubbish\n")
    assert run(main, ["ledger", "verify"]).exit_code == 1
