"""A numbered copy drawn as a file. Nothing else may be drawn: what has no copy number has not passed the gate."""

from __future__ import annotations

from collections.abc import Callable

from anjia.engine.letters import esealing, numbering
from anjia.engine.letters.disclosure import Copy, letterhead
from anjia.engine.letters.rendering import fonts, pdf
from anjia.engine.letters.rendering.sheets import Sheet, sheet_of
from anjia.registry.posts.actors import Actor

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#: Form → (media type, ending of the file's name). A page for print is drawn by its template.
FILES = {"pdf": (pdf.MEDIA, "pdf"), "word": (WORD, "docx")}


def sheet(copy: Copy, actor: Actor) -> Sheet:
    """The sheet as the office's letters look; red only on what is numbered and where the office may."""
    is_red = bool(copy.letter_no) and numbering.head_of(actor.agency_id).is_red
    return sheet_of(copy, letterhead(copy.draft, actor), is_red=is_red)


def drawer(form: str, actor: Actor) -> Callable[[Copy], bytes] | None:
    """What draws a copy in this form; RuleBroken before anything is numbered where the machine has no Chinese font."""
    if form not in FILES:
        return None
    if form == "word":
        from anjia.engine.letters.rendering import (
            word,  # a quarter of a second of every start that only a file needs
        )

        return lambda copy: word.word_of(sheet(copy, actor))
    fonts.families()
    return lambda copy: sealed_pdf(copy, actor)


def sealed_pdf(copy: Copy, actor: Actor) -> bytes:
    """The PDF, with the office's e-seal where there is such a system."""
    drawn = sheet(copy, actor)
    return esealing.sealed(pdf.pdf_of(drawn), office=drawn.office, number=copy.letter_no or copy.number)
