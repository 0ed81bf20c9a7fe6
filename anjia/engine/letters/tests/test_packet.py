"""The court's packet: one PDF, every page number of its contents true, nowhere where she is, what is missing named."""

from __future__ import annotations

import io
import re
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdf import PdfReader, PdfWriter

from anjia.engine.letters import disclosure, packet
from anjia.engine.letters.rendering import pdf
from anjia.engine.letters.tests.test_disclosure import HIDDEN, ID_NUMBER, order
from anjia.engine.matters.tests.world import HIS_NAME, NAME, WHERE, World, at
from anjia.foundation.core.verdict import RuleBroken
from anjia.foundation.events import access
from anjia.foundation.events.models import Access, Event

WHEN = "03-18 09:00"


def paper(*words: str, name: str = "材料.pdf") -> SimpleUploadedFile:
    """A scanned paper: one page for each text."""
    out = PdfWriter()
    for said in words:
        card = {"title": said, "lead": "", "parts": [], "source": ["x"]}
        out.append(io.BytesIO(pdf.drawn("card", {"card": card})))
    made = io.BytesIO()
    out.write(made)
    return SimpleUploadedFile(name, made.getvalue(), content_type="application/pdf")


def picture(size: tuple[int, int] = (800, 600), name: str = "照片.jpg") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", size, (200, 120, 120)).save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), content_type="image/jpeg")


def attach(world: World, m: UUID, kind: str, file: SimpleUploadedFile, about: str = "") -> None:
    world.does(
        "county", "attach", m, "03-17 12:00", files=[file], paper_kind=kind, file_about=about, given_by="asking",
        taken_how="copied",
    )  # fmt: skip


def filled(world: World) -> UUID:
    """An application with identity, three pieces with the case and one of its own."""
    m = order(world)
    case = world.row(m).parent_id
    assert case
    attach(world, case, "police_record", paper("出警记录第一页", "出警记录第二页"), "出警记录")
    attach(world, case, "photo", picture(), "左眶青紫")
    attach(world, m, "identity", paper("身份证正反面"), "身份证复印件")
    attach(world, m, "medical", paper("门诊病历", "检查报告", "影像"), "门诊病历")
    world.does(
        "county", "packet", m, "03-17 12:30", urgent="yes", who_applies="herself", facts="多次动手。",
        measures_sought=["no_violence"], evidence_kinds=["statement", "police_record", "medical", "messages"],
        id_number=ID_NUMBER, their_address="扬州市邗江区柳浦街道杨林小区九幢",
    )  # fmt: skip
    return m


def planned(world: World, m: UUID, when: str = WHEN, **more: object) -> packet.Plan:
    actor = world.actor("county", when)
    with access.reading(actor, route="t", how="open"):
        return packet.plan(actor=actor, matter_id=m, now=at(when), **more)  # type: ignore[arg-type]


def released(world: World, m: UUID, when: str = WHEN, **more: object) -> disclosure.Copy:
    actor = world.actor("county", when)
    given: dict[str, object] = {"seen": True, "chosen": planned(world, m).chosen, **more}
    with access.reading(actor, route="t", how="open"):
        return packet.release(actor=actor, matter_id=m, now=at(when), **given)  # type: ignore[arg-type]


def texts(body: bytes) -> list[str]:
    return ["".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(body)).pages]


def test_every_page_is_numbered_and_the_contents_say_where_each_part_is(world: World) -> None:
    m = filled(world)
    copy = released(world, m)
    pages = texts(copy.body)
    assert [f"—{n}—" in text for n, text in enumerate(pages, 1)] == [True] * len(pages)
    assert {
        tuple(round(float(x)) for x in p.mediabox[2:]) for p in PdfReader(io.BytesIO(copy.body)).pages
    } == {(595, 842)}
    told = dict(
        re.findall(
            r"(一、申请书|三、证据目录|二、身份证明:身份证复印件|四、证据\d:[^.]+?\))\.+(\d+)", pages[0]
        )
    )
    told |= dict(re.findall(r"(二、身份证明:身份证复印件)\.+(\d+)", pages[0]))
    assert len(told) == 6, pages[0]
    stands = {what: pages[int(page) - 1] for what, page in told.items()}
    assert "人身安全保护令申请书" in stands["一、申请书"]
    assert "身份证正反面" in stands["二、身份证明:身份证复印件"]
    assert "种类" in stands["三、证据目录"]
    police = next(text for what, text in stands.items() if "出警记录" in what)
    assert "出警记录第一页" in police
    assert "第1页共2页" in police
    listed = stands["三、证据目录"]
    first = int(next(page for what, page in told.items() if "门诊病历" in what))
    assert f"{first}–{first + 2}" in listed
    assert pages[first + 1].startswith("影像") or "影像" in pages[first + 1]


def test_it_says_what_a_court_needs_and_not_where_she_is(world: World) -> None:
    m = filled(world)
    copy = released(world, m)
    text = "".join(texts(copy.body))
    assert all(part in text for part in (NAME, HIS_NAME, ID_NUMBER, "杨林小区九幢", "多次动手。"))
    assert not [h for h in HIDDEN if h in text or h.encode() in copy.body]
    event = Event.objects.filter(matter=m, move="given_out").get()
    assert event.codes["facts"]["paper_given"] == "order-packet"
    assert event.codes["letter"]["form"] == "book"
    assert sum(f.startswith("files.") for f in event.codes["letter"]["fields"]) == 4
    assert not {"/Author", "/CreationDate"} & set(PdfReader(io.BytesIO(copy.body)).metadata or {})


def test_the_same_packet_gives_the_same_bytes(world: World) -> None:
    m = filled(world)
    one = planned(world, m)
    with access.reading(world.actor("county", WHEN), route="t", how="open"):
        annexes = packet.opened(world.actor("county", WHEN), one, at(WHEN))
        copy = disclosure.numbered(one.draft, at(WHEN))
        first = packet.bind(copy, one, annexes)
        again = packet.bind(copy, one, packet.opened(world.actor("county", WHEN), one, at(WHEN)))
    assert first == again


def test_what_is_missing_is_named_before_anything_is_printed(world: World) -> None:
    m = order(world)  # nothing attached, no address of his
    said = "\n".join(str(w) for w in planned(world, m).missing)
    assert "被申请人住址" in said
    assert "身份证明" in said
    assert "没有一件证据" in said
    assert not planned(world, m).address_given
    full = filled_kinds(world, m)
    assert "诊疗记录" not in full
    assert "短信" in full


def filled_kinds(world: World, m: UUID) -> str:
    """She names messages and a medical record; only the record is there."""
    attach(world, m, "medical", paper("门诊病历"))
    world.does(
        "county", "packet", m, "03-17 13:00", urgent="yes", who_applies="herself", facts="多次",
        measures_sought=["no_violence"], evidence_kinds=["messages", "medical"],
    )  # fmt: skip
    return "\n".join(str(w) for w in planned(world, m).missing)


def test_without_an_application_nothing_is_bound(world: World) -> None:
    m = world.responding()
    child = world.does("county", "apply_order", m, "03-17 09:00", urgent="yes").child
    assert child
    with pytest.raises(RuleBroken, match="申请书还缺内容"):
        released(world, child)
    assert not Event.objects.filter(matter=child, move="given_out").exists()


def test_an_annex_that_says_where_she_is_stops_the_packet_by_name(world: World) -> None:
    m = filled(world)
    attach(world, m, "medical", paper(f"住址:{WHERE}"), "出院小结")
    looked = Access.objects.filter(purpose="stopped").count()
    with pytest.raises(RuleBroken) as refused:
        released(world, m)
    assert "出院小结:" in str(refused.value.fields["file"])
    assert "现住处" in str(refused.value.fields["file"])
    assert Access.objects.filter(purpose="stopped").count() == looked + 1
    assert not Event.objects.filter(matter=m, move="given_out").exists()
    others = frozenset(e.id for e in planned(world, m).exhibits if e.piece.about != "出院小结")
    assert released(world, m, chosen=others).number


def test_a_damaged_annex_is_named_and_a_recording_stays_out(world: World) -> None:
    m = filled(world)
    broken = SimpleUploadedFile(
        "坏.pdf", b"%PDF-1.4\n1 0 obj<<>>endobj\n%%EOF\n", content_type="application/pdf"
    )
    attach(world, m, "other", broken, "坏文件")
    attach(
        world,
        m,
        "messages",
        SimpleUploadedFile("聊天.txt", "记录".encode(), content_type="text/plain"),
        "聊天记录",
    )
    one = planned(world, m)
    assert [e.fits for e in one.exhibits if e.piece.about == "聊天记录"] == [False]
    with pytest.raises(RuleBroken) as refused:
        released(world, m)
    assert "坏文件" in str(refused.value.fields["file"])


def test_nobody_binds_what_was_not_looked_at(world: World) -> None:
    m = filled(world)
    with pytest.raises(RuleBroken) as refused:
        released(world, m, seen=False)
    assert set(refused.value.fields) == {"seen"}
