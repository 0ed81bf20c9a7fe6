"""The ways in and out that planting.py does not go itself: heaps of paper, files of police, codes, hand-overs, papers as
files, books, ledgers, pages for leaders. Every answer that leaves lies in a folder of its sink's name afterwards.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID, uuid4

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from anjia.casework.incoming.models import Batch
from anjia.casework.reporting import points
from anjia.engine.letters import disclosure, layouts
from anjia.engine.letters.rendering import pdf
from anjia.engine.matters import figures
from anjia.engine.matters.models import Matter
from anjia.engine.matters.seats import visible_to
from anjia.engine.matters.tests.world import COUNTY, FOUNDED, STREET, World
from anjia.foundation.core.clock import SHANGHAI, now
from anjia.foundation.core.verdict import NotFound
from anjia.foundation.outbox import worker
from anjia.registry.posts import actors
from anjia.registry.posts.actions import agencies
from anjia.registry.posts.actors import SYSTEM

#: What papers may say at most: names, identity, his particulars, words written for a paper or for the court. By sink,
#: how the names of the canaries begin that may stand there; everywhere else none of them does.
ON_PAPER = (
    "intake name", "intake their_name", "intake id_number", "intake their_address", "intake their_workplace",
    "intake their_phone", "register id_number", "child_name", "request", "order facts", "packet their_address",
    "packet id_number", "annex about", "file_about", "file name", "picture name", "name of a recording", "taken_place",
    "reply_words", "answer to his question", "answer to his request",
)  # fmt: skip
MAY: dict[str, tuple[str, ...]] = {
    "letters as pages": ON_PAPER,
    "letters as PDF": ON_PAPER,
    "letters as Word": ON_PAPER,
    "court packet": ON_PAPER,
    "pages of leader": ("instruction",),  # his own words
    "report pages": ("code of a department",),  # its own address
    "results for police": ("police document_no", "police row that is none"),
}


class Birds(Protocol):
    def word(self, where: str) -> str: ...
    def latin(self, where: str) -> str: ...
    def phone(self, where: str) -> str: ...
    def number(self, where: str) -> str: ...
    def keep(self, word: str, where: str) -> str: ...


@dataclass
class Lately:
    """Where it lies, who plants what, and how somebody comes to a desk."""

    out: Path
    birds: Birds
    world: World
    desk: Callable[[str], Client]
    move: Callable[..., int]
    kept: dict[str, int] = field(default_factory=dict)

    def keep(self, sink: str, response: Any) -> Any:
        """One answer, and what it says about itself: its headers are read as well."""
        assert response.status_code < 500, (sink, response.status_code)
        self.file(sink, response.content)
        said = "\n".join(f"{k}: {v}" for k, v in response.headers.items())
        self.file("what answers say of themselves", said.encode())
        return response

    def file(self, sink: str, body: bytes) -> None:
        n = self.kept[sink] = self.kept.get(sink, 0) + 1
        folder = self.out / sink
        folder.mkdir(exist_ok=True)
        (folder / str(n)).write_bytes(body)


def plant(here: Lately, case: UUID) -> None:
    """Everything, in an order in which one thing may build on the other."""
    drafts(here)
    heap(here)
    police_file(here, case)
    voice(here, case)
    shift(here, case)
    reports(here)
    letter = reply(here, case)
    order(here, case)
    papers(here, {case, letter})
    tables(here)
    leaders(here)
    for_nobody(here)


# -- ways in ----------------------------------------------------------------------------------------------


def drafts(here: Lately) -> None:
    """Calls that broke off; what her colleague and another county see of them."""
    b = here.birds
    for n in range(3):
        sent = {
            "key": str(uuid4()), "channel": "call", "name": b.word(f"draft name {n}"), "facts": b.word(f"draft facts {n}"),
            "phone": b.phone(f"draft phone {n}"), "their_name": b.word(f"draft their_name {n}"),
        }  # fmt: skip
        kept = here.desk("county").post("/desk/new/draft/dv-case/", sent)
        assert kept.status_code == 200
        for who in ("officer", "other"):
            here.keep("drafts of others", here.desk(who).get("/desk/new/"))
            here.keep("drafts of others", here.desk(who).get("/desk/new/", {"draft": sent["key"]}))
            here.keep(
                "drafts of others", here.desk(who).post("/desk/new/draft/dv-case/", {**sent, "name": "别人"})
            )


def photograph(here: Lately) -> SimpleUploadedFile:
    """As a telephone makes it: where, with what, by whom, and a comment."""
    b, out, exif = here.birds, io.BytesIO(), Image.Exif()
    exif[0x010E], exif[0x013B] = b.latin("picture description"), b.latin("picture artist")
    exif.get_ifd(0x8825).update({1: "N", 2: (32.0, 24.0, 13.0), 0x1B: b.latin("picture place").encode()})
    Image.new("RGB", (80, 60), (200, 90, 90)).save(out, "JPEG", exif=exif, comment=b.latin("picture comment"))
    return SimpleUploadedFile(f"{b.word('picture name')}.jpg", out.getvalue(), "image/jpeg")


def scan(here: Lately, words: str, name: str) -> SimpleUploadedFile:
    """A paper as PDF, its words as text; who made it says so in the file."""
    from pypdf import PdfReader, PdfWriter

    made, out = PdfWriter(), io.BytesIO()
    card = {"title": words, "lead": "", "parts": [], "source": ["x"]}
    made.append(PdfReader(io.BytesIO(pdf.drawn("card", {"card": card}))))
    made.metadata = {
        "/Author": here.birds.latin(f"{name} author"),
        "/Title": here.birds.word(f"{name} title"),
    }
    made.write(out)
    return SimpleUploadedFile(f"{here.birds.word(f'{name} file')}.pdf", out.getvalue(), "application/pdf")


def heap(here: Lately) -> None:
    """Papers taken in one go: one is typed in and saved, one half typed, one not looked at."""
    b, county = here.birds, here.desk("county")
    pictures = [photograph(here), scan(here, b.word("scanned paper"), "scan"), photograph(here)]
    assert county.post("/desk/incoming/", {"papers": pictures}).status_code == 302
    batch = Batch.objects.latest("at")
    typed = {
        "paper": "warning", "office": str(here.world.offices["police"].id), "letter_at": "2026-03-13", "relation": "spouse",
        "residence": STREET,
    }  # fmt: skip
    for n in (1, 2):
        said = {
            **typed, "name": b.word(f"typed name {n}"), "their_name": b.word(f"typed their_name {n}"),
            "letter_no": f"演{b.word(f'typed letter_no {n}')}{n}号", "do": "save" if n == 1 else "next",
        }  # fmt: skip
        page = county.get(f"/desk/incoming/{batch.id}/{n}/").content.decode()
        for source in re.findall(r'<img src="(/desk/incoming/[^"]+)"', page):
            here.keep("pictures beside the form", county.get(source.replace("&amp;", "&")))
        assert county.post(f"/desk/incoming/{batch.id}/{n}/", said).status_code == 302
    for who in ("officer", "other", "street", "sysadmin"):
        for path in ("", f"{batch.id}/", f"{batch.id}/1/", f"{batch.id}/2/"):
            here.keep("heaps of others", here.desk(who).get(f"/desk/incoming/{path}"))


def police_file(here: Lately, case: UUID) -> None:
    """Rows that are carried out, refused and taken back; what is sent back to the police."""
    b, county = here.birds, here.desk("county")
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet
    book.properties.creator = b.latin("police file author")
    sheet.append(["对应编号", "处理结果", "文书号", "出具日期", "送达日期", "查访日期"])
    number = Matter.objects.get(pk=case).number
    sheet.append([number, "批评教育", f"演{b.word('police document_no 1')}1号", "2026-03-13", None, None])
    sheet.append([number, b.word("police row that is none"), "演2号", None, None, None])
    out = io.BytesIO()
    book.save(out)
    upload = SimpleUploadedFile(f"{b.word('police file name')}.xlsx", out.getvalue())
    at = county.post("/desk/incoming/police/", {"file": upload})["Location"]
    here.keep("results for police", county.get(f"{at}results/"))
    assert county.post(at, {"do": "carry_out"}).status_code == 302
    assert county.post(at, {"do": "undo", "why": b.word("why a file is taken back")}).status_code == 302
    here.keep("results for police", county.get(f"{at}results/"))
    here.keep("results for police", county.get("/desk/incoming/police/template/"))
    for who in ("officer", "other", "city"):
        for path in (at, f"{at}results/", "/desk/incoming/police/"):
            here.keep("heaps of others", here.desk(who).get(path))


def voice(here: Lately, case: UUID) -> None:
    """A recording with a title of its own."""
    title = here.birds.latin("title of a recording").encode()
    sound = ogg_page(b"OpusHead\x01", 0) + ogg_page(b"OpusTags" + title, 1)
    upload = SimpleUploadedFile(f"{here.birds.word('name of a recording')}.ogg", sound, "audio/ogg")
    assert here.move(here.desk("county"), case, "attach", file=upload, paper_kind="other") == 302


def ogg_page(body: bytes, n: int) -> bytes:
    """One page of an Ogg stream."""
    head = b"OggS\0\0" + bytes(8) + b"abcd" + n.to_bytes(4, "little") + bytes(4)
    return head + b"\x01" + bytes([len(body)]) + body


def shift(here: Lately, case: UUID) -> None:
    """A shift is handed over with a note on the case, and nobody else reads it."""
    b, officer = here.birds, here.world.posts["officer"]
    sent = {
        f"give-{case}": "yes", f"note-{case}": b.word("shift note"), "general": b.word("shift general"),
        "next_post": str(officer.id), "key": uuid4().hex,
    }  # fmt: skip
    answer = here.desk("county").post("/desk/handover/", sent)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    for who in ("other", "leader", "sysadmin", "bureau", "aid", "street"):
        for path in ("/desk/handover/", answer["Location"], "/desk/callbacks/"):
            here.keep("hand-overs and call-backs of others", here.desk(who).get(path))


def reports(here: Lately) -> None:
    """A doctor reports by the code on the wall."""
    b, w = here.birds, here.world
    hospital = agencies.add_agency(
        kind="hospital", name="邗江区人民医院", place=COUNTY, actor=SYSTEM, now=FOUNDED
    )
    county = actors.for_post(w.posts["county"].id, now())
    point = points.open_point(agency=hospital, name="急诊科", actor=county, now=now())
    code = b.keep(points.code_of(point), "code of a department")
    site = Client(raise_request_exception=False)
    for n in range(2):
        page = here.keep("report pages", site.get(f"/q/{code}/")).content.decode()
        ticket = re.search(r'name="ticket" value="([^"]+)"', page)
        assert ticket
        sent = {
            "ticket": ticket[1], "about": "child", "facts": b.word(f"code facts {n}"), "police_told": "no",
            "name": b.word(f"by code name {n}"), "relation": "parent", "reporter_name": b.word(f"code reporter_name {n}"),
            "reporter_post": b.word(f"code reporter_post {n}"), "reporter_phone": b.phone(f"code reporter_phone {n}"),
            "shield": ["identity"],
        }  # fmt: skip
        done = here.keep("report pages", site.post(f"/q/{code}/", sent))
        assert "data-receipt" in done.content.decode() or re.search(r"<dd>[\d ]+</dd>", done.content.decode())
    here.keep("report pages", site.get("/q/zzzzzzzzzz/"))
    here.keep("points of others", here.desk("other").get(f"/desk/points/{hospital.id}/"))


def reply(here: Lately, case: UUID) -> UUID:
    """What whoever holds a letter sees on every page of its code. Returns the letter's matter."""
    b, county = here.birds, here.desk("county")
    asked_of = {
        "agency": str(here.world.offices["police"].id), "urgency": "soon", "request": b.word("request of another letter"),
    }  # fmt: skip
    assert here.move(county, case, "refer", **asked_of) == 302
    child = Matter.objects.filter(parent=case, playbook="referral").latest("id").id
    sheet = county.post(f"/desk/m/{child}/papers/referral-letter/", {"checked": "yes"}).content.decode()
    code = re.search(r"l-reply-head.*?<b>([\d ]{9})</b>", sheet)
    assert code
    b.keep(code[1].replace(" ", ""), "code of a letter")
    station = Client(raise_request_exception=False)
    page = here.keep("reply pages", station.get("/r/")).content.decode()
    page = here.keep("reply pages", station.post("/r/", {"code": code[1]})).content.decode()
    slip = re.search(r'name="slip" value="([^"]+)"', page)
    assert slip
    for choice in set(re.findall(r'value="([a-z_]+(?:\.[a-z_]+)?)"', page)):
        here.keep("reply pages", station.post("/r/", {"slip": slip[1], "choice": choice}))
    here.keep("reply pages", station.post("/r/", {"code": "00000000"}))
    return child


# -- ways out ---------------------------------------------------------------------------------------------


def order(here: Lately, case: UUID) -> None:
    """An application to the court, with annexes that say in themselves what their pages do not show."""
    b, county = here.birds, here.desk("county")
    assert here.move(county, case, "apply_order", urgent="yes") == 302
    m = Matter.objects.filter(parent=case, playbook="protection-order").latest("id").id
    sent = {
        "urgent": "yes", "who_applies": "herself", "facts": b.word("order facts"), "measures_sought": ["no_violence"],
        "evidence_kinds": ["statement"], "id_number": b.number("packet id_number"),
        "their_address": b.word("packet their_address"),
    }  # fmt: skip
    assert here.move(county, m, "packet", **sent) == 302
    for n, upload in enumerate((photograph(here), pictured(here))):
        assert (
            here.move(
                county, m, "attach", file=upload, paper_kind="photo", file_about=b.word(f"annex about {n}")
            )
            == 302
        )
    page = county.get(f"/desk/m/{m}/packet/").content.decode()
    files = re.findall(r'name="file" value="([^"]+)"', page)
    assert len(files) >= 2, page
    bound = here.keep(
        "court packet",
        county.post(f"/desk/m/{m}/packet/", {"file": files, "seen": "yes", "checked": "yes"}),
    )
    assert bound.content.startswith(b"%PDF"), bound.content.decode()[:9000]
    papers(here, {m})


def pictured(here: Lately) -> SimpleUploadedFile:
    """A scan as telephones make it: a photograph, with all it says about itself, on the page of a PDF."""
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import DecodedStreamObject, NameObject

    plain = io.BytesIO()
    Image.new("RGB", (80, 60), (90, 90, 200)).save(plain, "PDF")
    made = PdfWriter(PdfReader(io.BytesIO(plain.getvalue())))
    about = DecodedStreamObject()
    about.set_data(f"<x>{here.birds.latin('annex metadata')}</x>".encode())
    for image in made.pages[0]["/Resources"]["/XObject"].values():  # type: ignore[index]
        photo = photograph(here)
        image.get_object()._data = photo.read()
        image.get_object()[NameObject("/Metadata")] = made._add_object(about)
    out = io.BytesIO()
    made.write(out)
    return SimpleUploadedFile("scan.pdf", out.getvalue(), "application/pdf")


def papers(here: Lately, matters: set[UUID]) -> None:
    """Every paper on offer in these matters, in every form."""
    given = 0
    for who in ("county", "city"):
        actor = actors.for_post(here.world.posts[who].id, now())
        for m in matters:
            try:
                seated = visible_to(actor).find(m)
            except NotFound:
                continue
            for paper in disclosure.on_offer(actor, seated):
                for form, sink in (
                    ("print", "letters as pages"), ("pdf", "letters as PDF"), ("word", "letters as Word"),
                ):  # fmt: skip
                    answer = here.desk(who).post(
                        f"/desk/m/{m}/papers/{paper.name}/", {"as": form, "checked": "yes"}
                    )
                    left = answer.status_code == 200 and (
                        form == "print" or "attachment" in str(answer.headers)
                    )
                    if left and not paper.two_persons:
                        here.keep(sink, answer)
                        given += 1
    assert given > 2


def tables(here: Lately) -> None:
    """Ledgers for every recipient, the sheets of the week, a book of each inspection."""
    from anjia.engine.letters import books

    county, today = here.desk("county"), now().astimezone(SHANGHAI).date()
    period = {"from": (today - timedelta(days=800)).isoformat(), "until": today.isoformat(), "below": "yes"}
    for who in ("county", "city"):
        for name in layouts.ledgers():
            for to in layouts.FOR:
                here.keep(
                    "ledgers as Excel", here.desk(who).post(f"/desk/ledgers/{name}/", {**period, "to": to})
                )
        here.keep("sheets of the week", here.desk(who).post("/desk/week/", {}))
        here.keep("ledgers as Excel", here.desk(who).get("/desk/ledgers/"))
    for name in books.checklists():
        assert county.post("/desk/books/", {**period, "checklist": name}).status_code == 302
    worker.drain(now())
    page = county.get("/desk/books/").content.decode()
    for at in re.findall(r'href="(/desk/books/[0-9a-f-]+/)"', page):
        bound = here.keep("books of inspections", county.get(at))
        assert bound.content.startswith(b"%PDF")
    assert here.kept["books of inspections"] == len(books.checklists())


def leaders(here: Lately) -> None:
    """The month's page from its figures to the paper; every figure as a leader sees it."""
    city, leader, b = here.desk("city"), here.desk("leader"), here.birds
    month = figures.month_of(now())
    begun = city.post("/desk/months/", {"month": str(month), "office": str(here.world.offices["city"].id)})
    at = begun["Location"]
    draft = city.get(at).content.decode()
    filled = dict(re.findall(r'<textarea[^>]* name="(\w+)"[^>]*>([^<]*)</textarea>', draft))
    for name, options in re.findall(r'<select[^>]* name="(\w+_from)">(.*?)</select>', draft, re.S):
        filled[name] = next(iter(re.findall(r'value="(\w+)" selected', options)), "")
    assert city.post(at, {**filled, "do": "send"}).status_code == 302
    for path in (at, "/desk/months/", "/desk/instructions/", "/desk/", "/desk/matters/"):
        here.keep("pages and figures of a leader", leader.get(path))
    for name in figures.declared():
        here.keep(
            "pages and figures of a leader", leader.get(f"/desk/figures/{name}/", {"month": str(month)})
        )
    for form in ("print", "pdf", "word"):
        here.keep("pages and figures of a leader", leader.post(f"{at}paper/", {"as": form}))
    said = {
        "on_what": "other", "said": b.word("instruction"), "answer_by": (now() + timedelta(days=9)).date().isoformat(),
        "key": uuid4().hex,
    }  # fmt: skip
    assert leader.post("/desk/instructions/", said).status_code == 302


def for_nobody(here: Lately) -> None:
    """The lists of what came in lately, for those it is not for."""
    paths = (
        "incoming/", "incoming/police/", "copies/", "week/", "ledgers/", "books/", "together/", "callbacks/", "handover/",
        "messages/", "burden/", "walk/", "note/", "mine/",
    )  # fmt: skip
    for who in ("other", "sysadmin", "leader", "bureau", "aid", "village"):
        for path in paths:
            here.keep("lists of others", here.desk(who).get(f"/desk/{path}"))
