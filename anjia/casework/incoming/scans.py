"""A scan is a PDF that holds one picture a page: the picture is shown beside the form, no program reads it."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from anjia.foundation.files import pictures

MOST = 8
MOST_NAMED, DEEPEST = 20, 2
FAULTS = (PyPdfError, *pictures.FAULTS, NotImplementedError, RecursionError)


def count(data: bytes) -> int:
    """How many pages; 1 where the file does not say."""
    try:
        return max(1, min(len(PdfReader(io.BytesIO(data)).pages), MOST))
    except FAULTS:
        return 1


def page(data: bytes, number: int) -> bytes | None:
    """The largest picture of one page, drawn anew as JPEG; None where the page holds none (it was not scanned)."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            largest = max(
                pictures_of(PdfReader(io.BytesIO(data)).pages[number - 1]), key=pixels, default=None
            )
            drawn = largest.decode_as_image() if largest is not None else None
            if drawn is None:
                return None
            out = io.BytesIO()
            drawn.convert("RGB").save(out, "JPEG", quality=pictures.QUALITY)
        return pictures.redrawn(out.getvalue(), "jpeg")
    except (*FAULTS, pictures.NotAPicture):
        return None


def pictures_of(drawn: Any, depth: int = 0) -> Iterator[Any]:
    """The pictures a page names, also within its forms. None is unpacked, nor is what is drawn read: a page may name
    a hundred of a hundred million dots, and only one is looked at.
    """
    named = drawn.get("/Resources", {}).get_object().get("/XObject", {}).get_object()
    for one in list(named.values())[:MOST_NAMED]:
        found = one.get_object()
        if found.get("/Subtype") == "/Image":
            yield found
        elif found.get("/Subtype") == "/Form" and depth < DEEPEST:
            yield from pictures_of(found, depth + 1)


def pixels(picture: Any) -> int:
    """How large it says it is; nothing where it does not say."""
    width, height = picture.get("/Width", 0), picture.get("/Height", 0)
    return int(width.get_object() * height.get_object()) if width and height else 0
