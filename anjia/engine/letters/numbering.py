"""文号: an office's own document numbers, one series an office, word and year, without a gap.

A number is taken in the transaction that gives the copy out: what is rolled back leaves none missing. The row of a
series is only ever touched by letters, never by an intake.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from anjia.engine.letters.models import Letterhead, Series
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.core.ids import uuid7
from anjia.foundation.core.verdict import ALLOW, RuleBroken, Verdict, deny, require
from anjia.registry.posts import ledger
from anjia.registry.posts.actors import Actor
from anjia.registry.posts.models import PostRole

C = TypeVar("C")

CHANGED = "change_letterhead"
#: So often a copy is drawn anew where others take its number meanwhile.
TRIES = 3
WORD = re.compile(r"[\u4e00-\u9fff]{2,8}")
TAKE = """
    INSERT INTO letters_series (id, agency_id, word, year, last) VALUES (%s, %s, %s, %s, 1)
    ON CONFLICT (agency_id, word, year) DO UPDATE SET last = letters_series.last + 1
    RETURNING last
"""


@dataclass(frozen=True, slots=True)
class Head:
    """How the letters of an office look now."""

    word: str = ""
    is_red: bool = False
    basis: str = ""


def head_of(agency: UUID | None) -> Head:
    """The office's letterhead; plain and unnumbered where none was set."""
    row = Letterhead.objects.filter(agency=agency).first()
    return Head(row.word, row.is_red, row.basis) if row else Head()


def take(agency: UUID, kind: str, now: datetime) -> str:
    """The next document number (邗妇权函〔2026〕12号), or "" where the office has no word of its own.

    Call it within the transaction of the copy that bears it.
    """
    word = head_of(agency).word
    if not word or not kind:
        return ""
    year = now.astimezone(SHANGHAI).year
    return written(f"{word}{kind}", year, following(agency, f"{word}{kind}", year))


def coming(agency: UUID, kind: str, now: datetime) -> str:
    """What `take` would give now. Nothing is taken: whoever draws a copy beforehand has to compare when it leaves."""
    word = head_of(agency).word
    if not word or not kind:
        return ""
    year = now.astimezone(SHANGHAI).year
    last = (
        Series.objects.filter(agency=agency, word=f"{word}{kind}", year=year)
        .values_list("last", flat=True)
        .first()
    )
    return written(f"{word}{kind}", year, (last or 0) + 1)


def written(word: str, year: int, number: int) -> str:
    """邗妇权函〔2026〕12号."""
    return f"{word}〔{year}〕{number}号"


class Overtaken(Exception):
    """Another copy took the number while this one was drawn and sealed."""


def under_its_number(prepare: Callable[[], C], leave: Callable[[C], None]) -> C:
    """A copy drawn and sealed first and written down then: a slow e-seal server keeps nobody else waiting.

    Where another has taken its number meanwhile it is drawn anew under the next; the first is thrown away.
    """
    for _again in range(TRIES):
        copy = prepare()
        with suppress(Overtaken), transaction.atomic():
            leave(copy)
            return copy
    raise RuleBroken(_("同时有别的文书在编号,这份没有发出。请再出具一次。"))


def following(agency: UUID, word: str, year: int) -> int:
    """The next number of a series: of letters, or of what leaves an office as a whole (ledgers, weekly sheets, books)."""
    fields = {f.column: f for f in Series._meta.concrete_fields}
    values = {"id": uuid7(), "agency_id": agency, "word": word, "year": year}
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [fields[n].get_db_prep_save(v, connection) for n, v in values.items()])
        return int(cursor.fetchone()[0])


def series_of(agency: UUID | None) -> list[tuple[str, int, int]]:
    """(word, year, last number) of an office, the newest year first."""
    rows = Series.objects.filter(agency=agency).order_by("-year", "word")
    return list(rows.values_list("word", "year", "last"))


def can_change(actor: Actor) -> Verdict:
    """The head of the office, for its own letters."""
    return ALLOW if actor.role == PostRole.HEAD else deny(_("由本单位负责人设置。"), "right")


def change(*, actor: Actor, word: str, is_red: bool, basis: str, now: datetime) -> None:
    """用纸与文号: the head says what the office's letters look like. It stands in the office's ledger."""
    require(can_change(actor))
    word, basis = word.strip(), basis.strip()
    wrong = {}
    if word and not WORD.fullmatch(word):
        wrong["word"] = _("机关代字写二到八个汉字,例如“邗妇权”;不带“函”字。")
    if is_red and len(basis) < 4:
        wrong["basis"] = _("用红头要写明依据的文件。")
    if wrong:
        raise RuleBroken(_("有几处需要改一下。"), wrong)
    assert actor.agency_id
    with transaction.atomic():
        Letterhead.objects.update_or_create(
            agency_id=actor.agency_id,
            defaults={"word": word, "is_red": is_red, "basis": basis[:120], "changed_at": now},
        )
        said = " ".join(
            part for part in (word, basis) if part
        )  # words are sealed; an event holds codes alone
        ledger.note(actor.agency_id, move=CHANGED, actor=actor, now=now, codes={"red": is_red}, words=said)
