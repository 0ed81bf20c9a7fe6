"""A photograph as it may be looked at: drawn anew from its pixels, so that nothing else of the file comes along.

A telephone writes into each picture where it was taken, and a forged file hides a program behind one. The copy holds
neither. The original stays sealed as it came (its check value is what a court compares).
"""

from __future__ import annotations

import io
import struct
import threading
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

#: Larger pictures than this are no photographs of an injury: refused before they are unpacked.
MOST_PIXELS = {"jpeg": 120_000_000, "png": 40_000_000, "webp": 40_000_000}
Image.MAX_IMAGE_PIXELS = max(MOST_PIXELS.values())
LONGEST_SIDE = 4000  # of the copy; reading a bruise on a screen needs no more
QUALITY = 92
GPS = 0x8825  # the part of a photograph that tells where it was taken
FORMATS = {"jpeg": "JPEG", "png": "PNG", "webp": "WEBP"}
#: What a damaged or forged picture makes the decoder say.
FAULTS = (
    UnidentifiedImageError,
    Image.DecompressionBombError,
    struct.error,
    OSError,
    SyntaxError,
    ValueError,
    IndexError,
    KeyError,
    TypeError,
    EOFError,
    OverflowError,
    ZeroDivisionError,
    AttributeError,
)
#: One picture at a time in a process: unpacked pixels are the largest thing it ever holds.
_one = threading.Lock()


class NotAPicture(ValueError):
    """It says that it is a picture, and cannot be drawn."""


def redrawn(data: bytes, kind: str) -> bytes:
    """The picture in its own format without place, device, comment or anything after it. NotAPicture when it is none.

    A JPEG is unpacked at half or a quarter of its size where that is enough, so even 120 million pixels fit.
    """
    with _one, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what a damaged title says; it is thrown away
        try:
            return _redraw(data, kind)
        except FAULTS as fault:
            raise NotAPicture(type(fault).__name__) from None


def tells_where(data: bytes) -> bool:
    """Whether the original of a picture says where it was taken (as far as it can be read at all)."""
    with _one, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of damaged parts; what can be read of the rest counts
        try:
            with Image.open(io.BytesIO(data), formats=list(FORMATS.values())) as opened:
                return bool(opened.getexif().get_ifd(GPS)) or b"GPS" in bytes(opened.info.get("xmp", b""))
        except FAULTS:
            return False


def _redraw(data: bytes, kind: str) -> bytes:
    with Image.open(io.BytesIO(data), formats=[FORMATS[kind]]) as opened:
        width, height = opened.size
        if width * height > MOST_PIXELS[kind]:
            raise ValueError("too many pixels")
        if kind == "jpeg":
            opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        opened.load()
        turned = ImageOps.exif_transpose(opened)
        pixels = turned.convert("RGBA" if kind != "jpeg" and turned.has_transparency_data else "RGB")
    pixels.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    clean = Image.new(pixels.mode, pixels.size)
    clean.paste(pixels)
    out = io.BytesIO()
    clean.save(out, FORMATS[kind], **({} if kind == "png" else {"quality": QUALITY}))
    return out.getvalue()
