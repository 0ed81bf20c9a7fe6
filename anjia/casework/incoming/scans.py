"""A scan is a PDF that holds one picture a page: the picture is shown beside the form, no program reads it."""

from __future__ import annotations

import io
import warnings

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from anjia.foundation.files import pictures

MOST = 8
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
            found = [i.image for i in PdfReader(io.BytesIO(data)).pages[number - 1].images if i.image]
            if not found:
                return None
            drawn = max(found, key=lambda image: image.width * image.height).convert("RGB")
            out = io.BytesIO()
            drawn.save(out, "JPEG", quality=pictures.QUALITY)
        return pictures.redrawn(out.getvalue(), "jpeg")
    except (*FAULTS, pictures.NotAPicture):
        return None
