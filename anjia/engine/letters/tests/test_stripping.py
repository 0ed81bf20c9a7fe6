"""A photograph on the page of an annex tells the court what can be seen on it, and nobody where it was taken."""

from __future__ import annotations

import io
import zlib
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, NameObject, TextStringObject

from anjia.engine.letters import evidence
from anjia.engine.letters.rendering import binding, stripping
from anjia.foundation.files.files import tells_where
from anjia.foundation.files.kinds import PDF

SAID = b"taken at her mother's house"


def photograph(*, progressive: bool = False) -> bytes:
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x010E] = SAID.decode()
    exif.get_ifd(0x8825).update({1: "N", 2: (32.0, 24.0, 13.0)})
    noise = Image.effect_noise((96, 64), 80).convert("RGB")
    noise.save(out, "JPEG", exif=exif, comment=SAID, progressive=progressive, icc_profile=SAID)
    return out.getvalue()


def scan(photo: bytes, *, packed: bool = False) -> bytes:
    """One page with this photograph on it, and a program's notes beside everything."""
    plain = io.BytesIO()
    Image.new("RGB", (96, 64)).save(plain, "PDF")
    made, out = PdfWriter(PdfReader(io.BytesIO(plain.getvalue()))), io.BytesIO()
    notes = DecodedStreamObject()
    notes.set_data(SAID)
    page: Any = made.pages[0]
    page[NameObject("/PieceInfo")] = TextStringObject(SAID.decode())
    for one in page["/Resources"]["/XObject"].values():
        image = one.get_object()
        image._data = zlib.compress(photo) if packed else photo
        image[NameObject("/Metadata")] = made._add_object(notes)
        if packed:
            image[NameObject("/Filter")] = ArrayObject([NameObject("/FlateDecode"), NameObject("/DCTDecode")])
    made.write(out)
    return out.getvalue()


def bound(data: bytes) -> bytes:
    """As it stands in a packet."""
    return binding.bound([binding.pages_of(data, "pdf")], blank(), "x")


def blank() -> bytes:
    out = io.BytesIO()
    made = PdfWriter()
    made.add_blank_page(595, 842)
    made.write(out)
    return out.getvalue()


def pictures_in(data: bytes) -> list[bytes]:
    return [i.image.tobytes() for p in PdfReader(io.BytesIO(data)).pages for i in p.images if i.image]


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("progressive", [False, True])
def test_where_it_was_taken_stays_out_and_every_dot_stays_in(progressive: bool, packed: bool) -> None:
    data = scan(photograph(progressive=progressive), packed=packed)
    assert SAID in data or packed
    made = bound(data)
    assert SAID not in made
    assert b"Exif" not in made
    assert pictures_in(made) == pictures_in(data)


def test_what_hangs_on_behind_a_picture_is_cut_off() -> None:
    """Telephones put a second, larger picture behind the first, with a place of its own."""
    photo = photograph()
    clean = stripping.only_picture(photo + photo)
    assert clean == stripping.only_picture(photo)
    assert Image.open(io.BytesIO(clean)).tobytes() == Image.open(io.BytesIO(photo)).tobytes()


def test_notes_of_a_jpeg_2000_are_taken_out() -> None:
    out = io.BytesIO()
    Image.effect_noise((32, 32), 50).save(out, "JPEG2000")
    whole = out.getvalue()
    note = (8 + len(SAID)).to_bytes(4) + b"uuid" + SAID
    assert stripping.only_boxes(whole + note) == whole
    assert stripping.only_boxes(b"\xff\x4f a bare stream") == b"\xff\x4f a bare stream"


def test_a_picture_that_nobody_can_look_into_stops_the_annex() -> None:
    broken = scan(b"not a photograph at all")
    with pytest.raises(binding.NotBindable):
        binding.pages_of(broken, "pdf")


def test_an_annex_that_is_not_read_to_its_end_is_not_bound() -> None:
    """The reader stops after so many forms and says so to nobody; her address behind them was compared with nothing."""

    def form(data: bytes) -> DecodedStreamObject:
        one = DecodedStreamObject()
        one.set_data(data)
        one.update(
            {NameObject("/Subtype"): NameObject("/Form"), NameObject("/Resources"): DictionaryObject()}
        )
        return one

    def annex(forms: int) -> bytes:
        made, out = PdfWriter(), io.BytesIO()
        page = made.add_blank_page(595, 842)
        named = DictionaryObject({NameObject("/F"): made._add_object(form(b"q Q"))})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): named})
        drawing = DecodedStreamObject()
        drawing.set_data(b"/F Do\n" * forms)
        page[NameObject("/Contents")] = made._add_object(drawing)
        made.write(out)
        return out.getvalue()

    assert binding.pages_of(annex(20), "pdf")
    with pytest.raises(binding.NotBindable):
        binding.pages_of(annex(6000), "pdf")


@pytest.mark.parametrize("packed", [False, True])
def test_a_scan_that_says_where_it_was_taken_is_known_as_one(packed: bool) -> None:
    plain = io.BytesIO()
    Image.effect_noise((96, 64), 80).convert("RGB").save(plain, "JPEG")
    assert tells_where(scan(photograph(), packed=packed), PDF)
    assert not tells_where(scan(plain.getvalue(), packed=packed), PDF)
    assert evidence.PLACED["pdf"](scan(photograph(), packed=packed))
