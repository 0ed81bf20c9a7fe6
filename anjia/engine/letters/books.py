"""成册: the book an inspection asks for, from the ledgers of a period, with contents, pages, figures and de-identified rows.

Asked for in one act and bound by the worker, as the same person and in the same scope; then it is a sealed file of the
office, handed to nobody but her, and two entries in its ledger (asked, bound). What there was none of is named (本期无),
never left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from anjia.engine.letters import disclosure, layouts, numbering, tables
from anjia.engine.letters.disclosure import day
from anjia.engine.letters.rendering import fonts, pdf
from anjia.engine.letters.tables import Period
from anjia.engine.matters.seats import visible_to
from anjia.foundation.core.batch import Batch
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.core.verdict import NotAllowed, NotFound, RuleBroken
from anjia.foundation.events import access
from anjia.foundation.events.models import Event
from anjia.foundation.files import files
from anjia.foundation.files.models import File
from anjia.foundation.outbox import outbox
from anjia.foundation.vault import vault
from anjia.law.playbooks.schema import Text
from anjia.registry.posts import actors, ledger
from anjia.registry.posts.actors import Actor

FILE = Path(__file__).with_name("books.yaml")
ASKED, BOUND, SERIES = "book_asked", "book_bound", "成册"
BIND = "letters.bind-book"
ROUTE = "desk:books"
#: The paper that a single matter stands in a book as, and how many of them one book holds.
COURSE, MOST_SINGLE = "course-sheet", 200


@dataclass(frozen=True, slots=True)
class Chapter:
    """One chapter: a ledger."""

    ledger: str
    label: Text


@dataclass(frozen=True, slots=True)
class Checklist:
    """What an inspection looks for."""

    name: str
    label: Text
    source: str
    to: str
    chapters: tuple[Chapter, ...]
    courses: Text  # the last chapter: single matters


@dataclass(frozen=True, slots=True)
class Book:
    """One book of this office. `file` is empty while the worker binds it, and for everybody but whoever asked for it."""

    id: UUID
    number: str
    checklist: Checklist
    period: Period
    at: datetime
    who: str
    is_bound: bool
    file: UUID | None
    empty: int  # chapters of which there was nothing


@cache
def checklists() -> dict[str, Checklist]:
    """What stands in books.yaml; a ledger or recipient nobody knows is an error when first read."""
    said: Mapping[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    found = {}
    for name, one in said.items():
        chapters = tuple(Chapter(c["ledger"], c["label"]) for c in one["chapters"])
        if one["to"] not in layouts.FOR or {c.ledger for c in chapters} - set(layouts.ledgers()):
            raise ValueError(f"{FILE.name}: {name} says what nobody knows")
        found[name] = Checklist(name, one["label"], one["source"], one["to"], chapters, one["courses"])
    return found


# -- asked for, and bound -----------------------------------------------------------------------------------


def ask(*, actor: Actor, name: str, first: date, last: date, now: datetime) -> str:
    """Ask for a book; the worker binds it. Its number. RuleBroken where nothing could be drawn."""
    one = checklists().get(name)
    if one is None:
        raise RuleBroken(_("有几处需要改一下。"), {"checklist": _("请从列表中选择。")})
    if last < first:
        raise RuleBroken(_("有几处需要改一下。"), {"until": _("结束日期在开始日期之前。")})
    fonts.families()
    assert actor.agency_id is not None
    with transaction.atomic():
        year = now.astimezone(SHANGHAI).year
        number = f"CS{year}-{numbering.following(actor.agency_id, SERIES, year):04d}"
        codes = {"no": number, "checklist": name, "from": first.isoformat(), "until": last.isoformat()}
        event = ledger.note(actor.agency_id, move=ASKED, actor=actor, now=now, codes=codes)
        batch = Batch()
        outbox.put(batch, kind=BIND, body={"event": str(event.id)}, now=now)
        batch.flush()
    return number


@outbox.handler(BIND)
def bind_job(*, body: dict[str, Any], outbox_id: UUID, now: datetime) -> None:
    """Minutes or seconds later: the book as whoever asked for it may see it."""
    bind(Event.objects.get(pk=UUID(body["event"])), now)


def bind(asked: Event, now: datetime) -> None:
    """Draw the book and keep it; a post that has ended since gets none."""
    if (
        asked.post is None
        or Event.objects.filter(matter=asked.matter, move=BOUND, codes__asked=str(asked.id)).exists()
    ):
        return
    try:
        actor = actors.for_post(asked.post, now)
    except NotFound:  # it lies under her name, and nobody else is handed it
        return
    with access.reading(actor, route=ROUTE, at=now):
        made = chapters_of(asked, actor)
        single = list(courses(made, actor, now))
    checklist = checklists()[asked.codes["checklist"]]
    data = pdf.drawn("book", {"book": plain(asked, checklist, made, actor.agency_name) | {"courses": single}})
    key = vault.staff_key()
    with transaction.atomic():
        batch = Batch()
        upload = SimpleUploadedFile(f"{checklist.label['zh']}.pdf", ContentFile(data).read())
        kept = files.store(batch, key=key, matter=asked.matter, upload=upload, now=now)
        batch.flush()
        codes = {
            "asked": str(asked.id), "no": asked.codes["no"], "file": str(kept.id), "to": checklist.to,
            "matters": sorted({str(r.matter) for _c, t in made for r in t.rows}),
            "empty": sum(not t.rows for _c, t in made),
        }  # fmt: skip
        ledger.note(asked.matter, move=BOUND, actor=actor, now=now, codes=codes)


def chapters_of(asked: Event, actor: Actor) -> list[tuple[Chapter, tables.Table]]:
    """The ledgers of the period, as this reader may have them for that recipient, with the line below."""
    checklist, period = checklists()[asked.codes["checklist"]], period_of(asked)
    return [
        (
            c,
            tables.table(
                actor=actor, layout=layouts.ledgers()[c.ledger], period=period, to=checklist.to, below=True
            ),
        )
        for c in checklist.chapters
    ]


def courses(
    made: list[tuple[Chapter, tables.Table]], actor: Actor, now: datetime
) -> Iterator[dict[str, Any]]:
    """How the matters of the chapters went that this office itself leads, by chapter and row, each as the one way out
    gives it to another office.
    """
    left = MOST_SINGLE
    for chapter, table in made:
        for n, row in enumerate(table.rows, 1):
            if left == 0:
                return
            with suppress(NotFound, NotAllowed):
                drawn = disclosure.draft(actor=actor, matter_id=row.matter, paper=COURSE, now=now)
                left -= 1
                yield {
                    "title": f"{chapter.label['zh']} 第 {n} 行",
                    "rows": [[i.label["zh"], i.zh] for i in drawn.items],
                }


def opens_at(layout: layouts.Layout, period: Period) -> str:
    """Where the records behind a chapter's figures open at the desk."""
    return f"/desk/ledgers/{layout.name}/?from={period.first}&until={period.last}&below=yes"


def plain(
    asked: Event, checklist: Checklist, made: list[tuple[Chapter, tables.Table]], office: str
) -> dict[str, Any]:
    """Everything the template sets, as text."""
    return {
        "title": checklist.label["zh"],
        "period": period_of(asked).zh,
        "office": office,
        "day": day(asked.at),
        "about": f"依据:{checklist.source}。已去身份:没有姓名、电话、住址和任何人说过的话。",
        "single": {
            "title": checklist.courses["zh"],
            "note": f"只列本单位承办的,最多 {MOST_SINGLE} 件;行号是上面各章清单里的行号。",
        },
        "contents": "目 录",
        "nothing": "本期无。",
        "foot": f"{checklist.label['zh']} {asked.codes['no']}",
        "chapters": [
            {
                "title": c.label["zh"],
                "figures": [{"label": label["zh"], "n": n} for _name, label, n in t.figures],
                "origin": f"数字出自“{t.layout.label['zh']}”,记录在工作台打开:{opens_at(t.layout, t.period)}",
                "names": "只看一个数字的,网址后面加:"
                + ";".join(f"{label['zh']} &only={name}" for name, label, _n in t.figures),
                "columns": [column.label["zh"] for column in t.columns],
                "rows": [[tables.said(cell) for cell in row.cells] for row in t.rows],
                "capped": "只列最早登记的 2,000 行。" if t.is_capped else "",
            }
            for c, t in made
        ],
    }


def period_of(asked: Event) -> Period:
    return Period(date.fromisoformat(asked.codes["from"]), date.fromisoformat(asked.codes["until"]))


# -- read ---------------------------------------------------------------------------------------------------


def of_office(actor: Actor) -> list[Book]:
    """This office's books, the newest first. What stands in one was read with the eyes of whoever asked for it: it is
    handed to her alone, and no more once she is walled off from a matter in it. Everybody else asks for one's own.
    """
    if actor.agency_id is None:
        return []
    gone = {str(m) for m in visible_to(actor).walled()}
    asked = ledger.entries(actor.agency_id, {ASKED})
    bound = {e.codes["no"]: e.codes for e in ledger.entries(actor.agency_id, {BOUND})}
    rows = Event.objects.filter(matter=actor.agency_id, move=ASKED).order_by("-seq")[: len(asked)]
    found = []
    for row, entry in zip(rows, asked, strict=True):
        codes = bound.get(row.codes["no"])
        mine = codes if codes and row.actor == actor.account_id and not gone & set(codes["matters"]) else None
        found.append(book_of(row, entry.who, codes is not None, mine))
    return found


def book_of(row: Event, who: str, is_bound: bool, bound: Mapping[str, Any] | None) -> Book:
    """One book as the list shows it; `bound` for whom it is handed to."""
    return Book(
        row.id,
        str(row.codes["no"]),
        checklists()[row.codes["checklist"]],
        period_of(row),
        row.at,
        who,
        is_bound,
        UUID(bound["file"]) if bound else None,
        int(bound["empty"]) if bound else 0,
    )


def read(*, actor: Actor, book: UUID) -> tuple[str, bytes]:
    """(name, bytes) of a book one asked for in this office. NotFound for any other."""
    one = next((b for b in of_office(actor) if b.id == book), None)
    office = actor.agency_id
    row = File.objects.filter(pk=one.file, matter=office).first() if one and one.file and office else None
    if one is None or row is None:
        raise NotFound
    name, _mime, data = files.shown(row, vault.staff_key())
    return f"{one.number} {name}", data
