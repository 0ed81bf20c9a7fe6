"""What a file of police says: six columns and no more (公通字〔2024〕34号 21: outcomes), read row by row.

Nothing here writes: it tells what a row would do, or in the user's words why not, naming the column.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from anjia.casework.incoming.alike import CASE_BOOK, WRITES
from anjia.casework.incoming.table import Column, Line, as_day, plain
from anjia.engine.matters.language import language
from anjia.engine.matters.models import Matter
from anjia.engine.matters.numbers import check_digit
from anjia.engine.matters.seats import visible_to
from anjia.engine.matters.values import HAPPENED_AT
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.events.models import Event
from anjia.foundation.vault import vault
from anjia.law import codes
from anjia.law.playbooks.library import catalogue, definition
from anjia.registry.posts.actors import Actor

COLUMNS = (
    Column(
        "reference",
        {"zh": "对应编号", "en": "Our number"},
        {
            "zh": "我们来函或事项上的编号，例如 321003-2026-482915-7。不写姓名、身份证号。",
            "en": "The number on our letter or matter. No name, no identity number.",
        },
        required=True,
    ),
    Column(
        "outcome",
        {"zh": "处理结果", "en": "Outcome"},
        {
            "zh": "从代码表里选：写代码或文字都可以。只报查访的，可不填。",
            "en": "One of the list below, as code or words. May be empty where only a visit is reported.",
        },
    ),
    Column(
        "document_no",
        {"zh": "文书号", "en": "Document number"},
        {
            "zh": "告诫书、处罚决定书等的文号。有处理结果的要填(正在办理的除外)。",
            "en": "Number of the letter or decision; needed with every outcome but “under way”.",
        },
    ),
    Column("issued_on", {"zh": "出具日期", "en": "Issued on"}, {"zh": "文书上的日期。", "en": "The date on the document."}),
    Column(
        "served_on",
        {"zh": "送达日期", "en": "Served on"},
        {
            "zh": "告诫书当面宣读、送交的日期。首次查访7日从这一天起算。",
            "en": "The day a warning letter was read aloud and handed over; the seven days to the first visit run from it.",
        },
    ),
    Column(
        "visited_on",
        {"zh": "查访日期", "en": "Visited on"},
        {
            "zh": "双方都已分别见到的日期。只见到一方的不填。",
            "en": "The day by which both were met, apart from each other. Leave empty where only one was met.",
        },
    ),
)  # fmt: skip
DAYS = ("issued_on", "served_on", "visited_on")
OUTCOMES = "police-outcome"
LETTER, PENDING = "warning_letter", "pending"
BOOK = "warning-letter"
BEGINS = date(2016, 3, 1)  # 反家庭暴力法 in force
LONGEST_NUMBER = 40
NUMBER_DIGITS = 17
IN_FORCE = ("first_visit", "visiting")
VISITS = ("visit", "visit_told")


@dataclass(frozen=True, slots=True)
class Told:
    """One row, read. `faults`: what is wrong with it, by column."""

    line: int
    cells: Mapping[str, str]
    reference: str = ""
    outcome: str = ""
    document_no: str = ""
    issued_on: date | None = None
    served_on: date | None = None
    visited_on: date | None = None
    faults: Mapping[str, str] = field(default_factory=dict)

    @property
    def fault(self) -> str:
        """Row and column in one sentence."""
        names = {c.name: c.label[language()] for c in COLUMNS}
        return " ".join(f"{names[n]}：{words}" if n in names else words for n, words in self.faults.items())

    @property
    def content(self) -> str:
        """What the row says, whatever it looked like in the file; the same twice is the same row."""
        days = (str(getattr(self, n) or "") for n in DAYS)
        return "|".join(
            (self.reference, self.outcome, vault.normalise("document_no", self.document_no), *days)
        )


def read_row(line: Line, now: datetime) -> Told:
    """The values of a row; every cell that is wrong is named."""
    cells = {c.name: plain(line.cells.get(c.name)) for c in COLUMNS}
    faults = dict(line.faults)
    given: dict[str, Any] = {"reference": reference_of(cells["reference"])}
    if not given["reference"]:
        faults.setdefault(
            "reference",
            _("编号不对，应像 321003-2026-482915-7。") if cells["reference"] else _("这一项要填。"),
        )
    given["outcome"] = outcome_of(cells["outcome"])
    if cells["outcome"] and not given["outcome"]:
        faults.setdefault("outcome", _("“%(words)s”不在代码表里。") % {"words": cells["outcome"][:20]})
    given["document_no"] = cells["document_no"]
    today = now.astimezone(SHANGHAI).date()
    for name in DAYS:
        day = as_day(line.cells.get(name)) if cells[name] else None
        if cells[name] and day is None:
            faults.setdefault(name, _("“%(words)s”不是日期，应像 2026-11-20。") % {"words": cells[name][:20]})
        elif day and day > today:
            faults.setdefault(name, _("这个日子还没有到。"))
        elif day and day < BEGINS:
            faults.setdefault(name, _("早于2016年3月1日反家庭暴力法施行。"))
        given[name] = day
        cells[name] = day.isoformat() if day else cells[name]
    for name, words in between(given, cells):
        faults.setdefault(name, words)
    if HIDDEN in faults and len(faults) > 1:
        faults.pop(HIDDEN)
    return Told(line.number, {n: str(v)[:120] for n, v in cells.items()}, faults=faults, **given)


HIDDEN = "row"


def between(given: Mapping[str, Any], cells: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    """What does not fit together."""
    number, outcome = given["document_no"], given["outcome"]
    if len(number) > LONGEST_NUMBER or (number and not any(c.isdigit() for c in number)):
        yield "document_no", _("这不像文书号；经过、姓名不要写在这里。")
    if outcome and outcome != PENDING and not number:
        yield "document_no", _("这一项要填。")
    if given["served_on"] and outcome != LETTER:
        yield "served_on", _("只有告诫书填送达日期。")
    if given["issued_on"] and given["served_on"] and given["served_on"] < given["issued_on"]:
        yield "served_on", _("早于出具日期。")
    if given["visited_on"] and given["served_on"] and given["visited_on"] < given["served_on"]:
        yield "visited_on", _("早于送达日期。")
    if not outcome and not given["visited_on"] and not cells["outcome"] and not cells["visited_on"]:
        yield HIDDEN, _("既没有处理结果，也没有查访日期。")


def reference_of(text: str) -> str:
    """A matter's number out of what was typed: ours, or that of a letter of ours, which goes on behind it."""
    digits = "".join(c for c in text if c.isdigit())
    rest = text.translate(str.maketrans("", "", "0123456789 -‐‑–—_/."))
    if rest or not NUMBER_DIGITS <= len(digits) <= NUMBER_DIGITS + 4:
        return ""
    body, check = digits[: NUMBER_DIGITS - 1], digits[NUMBER_DIGITS - 1]
    if check_digit(body) != int(check):
        return ""
    return f"{body[:6]}-{body[6:10]}-{body[10:]}-{check}"


def outcome_of(text: str) -> str:
    """The code of an outcome, however it was written."""
    book = codes.book()[OUTCOMES]
    wanted = text.casefold()
    for code in book.codes:
        if wanted in (code, book.label(code, "zh").casefold(), book.label(code, "en").casefold()):
            return code
    return ""


# -- what a row would do ----------------------------------------------------------------------------------


class Nothing(Exception):
    """The row asks for nothing that is not there already; the words say so."""


class Wrong(Exception):
    """The row cannot be carried out; the words say why."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step to be taken for the police: in the letter, or in the case where there is no letter yet."""

    move: str
    data: Mapping[str, Any]
    in_case: bool = False
    needs_paper: bool = False


@dataclass
class Target:
    """What a number stands for: the case, and the letter of it that runs or waits."""

    case: Matter | None = None
    letter: Matter | None = None
    visited: set[date] = field(default_factory=set)
    will_be_in_force: bool = False  # by a row further up

    @property
    def matter(self) -> Matter:
        found = self.letter or self.case
        assert found is not None
        return found


def targets(actor: Actor, numbers: Collection[str]) -> dict[str, Target]:
    """Matters of these numbers that the actor leads or sent on, with the letters in them; a few statements."""
    scope = visible_to(actor)
    seats = scope.own().filter(mask=False, capacity__in=WRITES)
    found: dict[str, Target] = {}
    parents: dict[UUID, list[str]] = {}
    for seat in seats.filter(matter__number__in=list(numbers)).select_related(
        "matter__holder", "matter__parent__holder"
    ):
        matter = seat.matter
        if matter.playbook == BOOK:
            found[matter.number] = Target(letter=matter)
        case = (
            matter
            if matter.playbook == CASE_BOOK
            else matter.parent
            if matter.playbook == "referral"
            else None
        )
        if case and case.playbook == CASE_BOOK:
            found[matter.number] = Target(case=case)
            parents.setdefault(case.id, []).append(matter.number)
    letters = seats.filter(
        matter__parent__in=list(parents), matter__playbook=BOOK, matter__ended_at__isnull=True
    )
    for seat in letters.select_related("matter__holder").order_by("opened_at"):
        for number in parents[seat.matter.parent_id]:  # type: ignore[index]
            found[number].letter = seat.matter
    remember_visits(found.values())
    return found


def remember_visits(found: Iterable[Target]) -> None:
    """On which days each letter was visited already; what was corrected since does not count."""
    by_id: dict[UUID, list[Target]] = {}
    for target in found:
        if target.letter:
            by_id.setdefault(target.letter.id, []).append(target)
    events = list(
        Event.objects.filter(matter__in=list(by_id))
        .order_by("seq")
        .values_list("id", "matter", "move", "at", "codes")
    )
    void = {e[4]["corrects"] for e in events if e[4].get("corrects")}
    for event, matter, move, at, said in events:
        if move in VISITS and str(event) not in void:
            when = datetime.fromisoformat(said["happened_at"]) if said.get("happened_at") else at
            for target in by_id[matter]:
                target.visited.add(when.astimezone(SHANGHAI).date())


def steps(told: Told, target: Target | None, now: datetime) -> list[Step]:
    """The steps a row asks for, in order. Wrong or Nothing instead."""
    if told.faults:
        raise Wrong(told.fault)
    if target is None:
        raise Wrong(unknown())
    if target.matter.ended_at:
        raise Wrong(_("对应编号：这件事项已经办结。"))
    out = [*decision(told, target, now)]
    if told.visited_on:
        out += visit(told, target, target.will_be_in_force or brings_force(out), now)
    if not out:
        raise Nothing(_("正在办理，没有要记的。") if told.outcome == PENDING else _("已经记过，没有要改的。"))
    return out


def unknown() -> str:
    """The same whether there is no such number, or none for this reader."""
    return _("对应编号：没有这个编号，或不是本单位承办、转出的。")


def brings_force(found: Iterable[Step]) -> bool:
    """Whether a letter takes effect by these steps."""
    return any(step.move in ("record_letter", "record_warning") for step in found)


def as_if_done(found: Iterable[Step], told: Told, target: Target) -> None:
    """What the rows below a good one may build on, while a file is only tried."""
    target.will_be_in_force |= brings_force(found)
    if told.visited_on:
        target.visited.add(told.visited_on)


def decision(told: Told, target: Target, now: datetime) -> list[Step]:
    """The step for the outcome, if it is not recorded yet."""
    if told.outcome in ("", PENDING):
        return []
    letter = target.letter
    if told.outcome == LETTER:
        return letter_came(told, letter, now)
    if vault.find("document_no", told.document_no).filter(root=target.matter.root).exists():
        return []
    if letter and letter.stage in (*IN_FORCE, "issued"):
        raise Wrong(_("处理结果：这件已有告诫书；再犯的处罚请打开事项记“不听告诫，已处罚”。"))
    said = {"police_outcome": told.outcome, "police_no": told.document_no, "why": reason(told)}
    when = happened(told.issued_on, now)
    if letter:
        return [Step("decide_otherwise", said | when)]
    return [Step("record_police_outcome", said | when, in_case=True)]


def letter_came(told: Told, letter: Matter | None, now: datetime) -> list[Step]:
    """A letter that was served takes effect; one that was only issued waits to be served."""
    has_number = (
        letter is not None and vault.find("document_no", told.document_no).filter(owner=letter.id).exists()
    )
    if letter and letter.stage in IN_FORCE:
        if has_number:
            return []
        raise Wrong(
            _("文书号：这件已有另一份告诫书。告诫后再犯的，依法处罚，不再出具——公通字〔2024〕34号第20条。")
        )
    if told.served_on:
        said = {"letter_no": told.document_no, "letter_at": told.served_on.isoformat()}
        said |= happened(told.issued_on or told.served_on, now)
        return [Step("record_letter" if letter else "record_warning", said, letter is None, needs_paper=True)]
    if letter and letter.stage == "issued":
        return []
    if letter:
        return [Step("issue", {"letter_no": told.document_no} | happened(told.issued_on, now))]
    raise Wrong(_("送达日期：还没有送达的，请等送达后再报。"))


def visit(told: Told, target: Target, comes_into_force: bool, now: datetime) -> list[Step]:
    """A visit to both, of which only the day is known."""
    assert told.visited_on
    letter = target.letter
    if not comes_into_force and (letter is None or letter.stage not in IN_FORCE):
        raise Wrong(_("查访日期：还没有生效的告诫书，没有查访可记。"))
    if told.visited_on in target.visited:
        return []
    served = str((letter.data if letter and not comes_into_force else {}).get("letter_at") or "")[:10]
    if served and told.visited_on.isoformat() < served:
        raise Wrong(_("查访日期：早于告诫书送达日期 %(day)s。") % {"day": served})
    return [Step("visit_told", happened(told.visited_on, now))]


def happened(day: date | None, now: datetime) -> dict[str, str]:
    """Noon of that day, as the hour is not told; never later than now."""
    if day is None:
        return {}
    return {HAPPENED_AT: min(datetime.combine(day, time(12), SHANGHAI), now.astimezone(SHANGHAI)).isoformat()}


def reason(told: Told) -> str:
    """Why police decided so stands in their own document."""
    return _("见公安机关文书 %(number)s。") % {"number": told.document_no}


def named(found: Iterable[Step], target: Target) -> str:
    """收到告诫书(纸质)、公安报来查访日期."""
    names = []
    for step in found:
        book = (
            definition(CASE_BOOK, target.case.version) if step.in_case and target.case else catalogue()[BOOK]
        )
        names.append(book.moves[step.move].label[language()])
    return "、".join(names)
