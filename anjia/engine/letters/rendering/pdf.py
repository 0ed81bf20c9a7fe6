"""A sheet as PDF. The same sheet gives the same bytes, so that a file can be compared with its copy years later."""

from __future__ import annotations

import base64
import json
import threading
from functools import cache
from pathlib import Path
from typing import Any

import typst

from anjia.engine.letters.rendering import fonts
from anjia.engine.letters.rendering.sheets import Sheet, clean

HERE = Path(__file__).parent
MEDIA = "application/pdf"
#: One at a time in a process: the compiler keeps what it has read of the fonts.
_one = threading.Lock()


def pdf_of(sheet: Sheet) -> bytes:
    """One sheet. RuleBroken where the machine has no Chinese font."""
    qr = list(base64.b64decode(sheet.reply.qr)) if sheet.reply else []
    plain = sheet.plain()
    if plain["reply"]:
        plain["reply"].pop("qr")
    return drawn("letter", {"sheet": plain, "qr": qr})


def drawn(template: str, said: dict[str, Any]) -> bytes:
    """A template of this folder filled with plain values; they travel as JSON, and nothing in them is read as markup."""
    data = json.dumps({"fonts": fonts.families(), **clean(said)}, ensure_ascii=False)
    with _one:
        made = compiler().compile(
            template_of(template), format="pdf", sys_inputs={"data": data}, timestamp=0, pdf_tags=True
        )
    assert isinstance(made, bytes)
    return made


@cache
def compiler() -> typst.Compiler:
    """The one compiler of this process; it may read nothing of the machine but fonts."""
    return typst.Compiler(root=HERE, font_paths=fonts.installed())


@cache
def template_of(name: str) -> bytes:
    """A template's text, read once."""
    return (HERE / f"{name}.typ").read_bytes()
