"""Which papers are typed in beside their picture, what is asked of each, and what is wrong with what was typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anjia.engine.matters import values
from anjia.engine.matters.inputs import PartyInput, party_input
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.core.verdict import RuleBroken
from anjia.law.playbooks.library import catalogue
from anjia.law.playbooks.schema import Field, Playbook, Text

#: Who the paper is about. Her telephone is not asked: the one on a paper is not known to be safe.
PEOPLE = ("name", "their_name", "relation", "residence")
LAST = ("sex", "age_band")
OFFICE = "office"
#: What a paper says of the past.
PAST = frozenset({"letter_at", "order_on", "reported_at"})


@dataclass(frozen=True, slots=True)
class Paper:
    """One kind of paper: the procedure it opens or goes on with, and the step it is."""

    name: str
    label: Text
    opens: str  # the procedure opened where nothing is known of her yet
    move: str  # … and the step in it
    in_case: str  # the step in a case that is held already
    number: str  # the field with the number on the paper
    asks: tuple[str, ...]
    kinds: tuple[str, ...]  # whose paper it is
    called: dict[str, Text]  # what the two are called on it
    channel: str = "police_notice"  # how it came
    days: tuple[str, ...] = ()  # asked as a day: a paper names no hour

    @property
    def book(self) -> Playbook:
        """The procedure that opens."""
        return catalogue()[self.opens]

    @property
    def fields(self) -> list[Field]:
        """What is typed, in the order it stands on the paper: its number, when, who, why."""
        step = {f.name: f for f in self.book.moves[self.move].asks}
        of_step = [shown(step[n], self.days) for n in self.asks]
        people = [self.of_person(n) for n in PEOPLE]
        return [*of_step[:2], *people, *of_step[2:], *(self.of_person(n) for n in LAST)]

    def of_person(self, name: str) -> Field:
        """What is asked of the two, called as they are called on the paper."""
        f = self.book.fields[name]
        return replace(f, label=self.called.get(name, f.label), required=name == "name")


def shown(f: Field, days: tuple[str, ...]) -> Field:
    """A time of which the paper only says the day is asked as a day."""
    return replace(f, type="date") if f.name in days else f


RELATION: Text = {"zh": "两人的关系", "en": "How the two are related"}
LETTER: dict[str, Text] = {
    "name": {"zh": "受害人", "en": "Victim"}, "their_name": {"zh": "加害人", "en": "Perpetrator"}, "relation": RELATION,
}  # fmt: skip
ORDER: dict[str, Text] = {
    "name": {"zh": "申请人", "en": "Applicant"}, "their_name": {"zh": "被申请人", "en": "Respondent"}, "relation": RELATION,
}  # fmt: skip
RECEIPT: dict[str, Text] = {
    "name": {"zh": "求助人", "en": "Person asking"}, "their_name": {"zh": "被反映人", "en": "Person complained of"},
    "relation": RELATION,
}  # fmt: skip
PAPERS: dict[str, Paper] = {
    p.name: p
    for p in (
        Paper(
            "warning", {"zh": "告诫书", "en": "Warning letter"}, "warning-letter", "record_letter", "record_warning",
            "letter_no", ("letter_no", "letter_at", "letter_ground", "served_how"), ("police_station",), LETTER,
            days=("letter_at",),
        ),
        Paper(
            "order", {"zh": "人身安全保护令", "en": "Protection order"}, "dv-case", "record_order", "record_order",
            "order_no", ("order_no", "order_on", "order_until", "order_measures"), ("court",),
            ORDER, channel="court_notice",
        ),
        Paper(
            "receipt", {"zh": "受案回执", "en": "Receipt of a report"}, "warning-letter", "accept_report",
            "record_police_report", "police_no", ("police_no", "reported_at"), ("police_station",), RECEIPT,
        ),
    )
}  # fmt: skip
DEFAULT = "warning"


def paper_of(name: Any) -> Paper:
    """The kind that was chosen; a warning letter where none was."""
    return PAPERS.get(str(name), PAPERS[DEFAULT])


@dataclass(frozen=True, slots=True)
class Checked:
    """What was typed, found in order."""

    paper: Paper
    values: dict[str, Any]
    office: str

    @property
    def people(self) -> list[PartyInput]:
        """Her, and him where the paper names him."""
        found = [party_input(self.paper.book, role, self.values) for role in ("asking", "complained")]
        return [p for p in found if p.role == "asking" or p.sealed or p.relation]

    @property
    def answers(self) -> dict[str, Any]:
        """The answers to the step; a day is its first moment."""
        return {n: self.values[n] for n in self.paper.asks if n in self.values}

    @property
    def number(self) -> str:
        """The number on the paper."""
        return str(self.values.get(self.paper.number) or "")


def check(paper: Paper, typed: Mapping[str, Any], now: datetime) -> Checked:
    """Everything that is wrong at once, each beside its field."""
    errors: dict[str, str | Promise] = {}
    clean: dict[str, Any] = {}
    needed = [replace(f, required=f.required or f.name in paper.asks[:2]) for f in paper.fields]
    try:
        clean = values.clean(needed, typed, now=now)
    except RuleBroken as broken:
        errors = dict(broken.fields)
    if not typed.get(OFFICE):
        errors[OFFICE] = _("请选是哪个单位出具的。")
    today = now.astimezone(SHANGHAI).date().isoformat()
    for f in needed:
        if f.name in PAST and f.name not in errors and str(typed.get(f.name) or "")[:10] > today:
            errors[f.name] = _("这个日子还没有到。")
    if errors:
        raise RuleBroken(_("有几处需要改一下。"), errors)
    return Checked(paper, clean, str(typed[OFFICE]))
