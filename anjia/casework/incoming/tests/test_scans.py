"""A scan beside the form: the largest picture of its page, and nothing else of it is unpacked."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, NumberObject, StreamObject, _image_xobject

from anjia.casework.incoming import scans


def scan(*sides: int, nested: bool = False) -> bytes:
    """One page that names a picture of each size, the last within a form if asked."""
    plain = io.BytesIO()
    Image.new("RGB", (10, 10)).save(plain, "PDF")
    made, out = PdfWriter(PdfReader(io.BytesIO(plain.getvalue()))), io.BytesIO()
    names: Any = made.pages[0]["/Resources"]["/XObject"]  # type: ignore[index]
    for side in sides:
        names[NameObject(f"/P{side}")] = made._add_object(picture(side))
    if nested:
        within = made._add_object(picture(300))
        form = StreamObject()
        form.update(
            {
                NameObject("/Subtype"): NameObject("/Form"),
                NameObject("/Resources"): made.pages[0]["/Resources"],
            }
        )
        names[NameObject("/Form")] = made._add_object(form)  # it names itself: a circle
        names[NameObject("/Last")] = within
    made.write(out)
    return out.getvalue()


def picture(side: int) -> StreamObject:
    photo = io.BytesIO()
    Image.effect_noise((side, side), 50).save(photo, "JPEG")
    one = StreamObject()
    one._data = photo.getvalue()
    said = {
        "/Subtype": NameObject("/Image"),
        "/ColorSpace": NameObject("/DeviceGray"),
        "/Filter": NameObject("/DCTDecode"),
    }
    numbers = {"/Width": side, "/Height": side, "/BitsPerComponent": 8}
    one.update(
        {NameObject(k): v for k, v in said.items()}
        | {NameObject(k): NumberObject(v) for k, v in numbers.items()}
    )
    return one


def shown(data: bytes) -> tuple[int, int]:
    drawn = scans.page(data, 1)
    assert drawn
    return Image.open(io.BytesIO(drawn)).size


def test_of_many_pictures_one_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thirty small files of it held a gigabyte of dots at once."""
    unpacked: list[object] = []
    real = _image_xobject._xobj_to_image
    monkeypatch.setattr(_image_xobject, "_xobj_to_image", lambda *a, **k: unpacked.append(a) or real(*a, **k))
    assert shown(scan(40, 200, 60, 80)) == (200, 200)
    assert len(unpacked) == 1


def test_a_page_that_names_itself_ends() -> None:
    assert shown(scan(40, nested=True)) == (300, 300)


def test_a_page_without_a_picture_is_no_scan() -> None:
    out, made = io.BytesIO(), PdfWriter()
    made.add_blank_page(100, 100)
    made.write(out)
    assert scans.page(out.getvalue(), 1) is None
