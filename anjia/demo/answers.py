"""Answers what a move asks, as somebody in that post would: the way's words, else the procedure's, else by type."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from anjia.demo.people import Invented
from anjia.demo.ways import Procedure
from anjia.engine.matters.models import Matter
from anjia.foundation.core.clock import SHANGHAI
from anjia.law import codes
from anjia.law.playbooks.schema import Field

#: What is said everywhere: the moves that every matter has, and the fields that many procedures share.
COMMON: Mapping[str, Any] = {
    "was_alone": "yes",
    "report_stage": ["monthly", "further"],
    "report_words": "按月上报一件,正在按规定办理。",
    "reply_words": "您的事有了结果,随时找我们。",
    "reply_channel": "receipt",
    "reason": "按规定办理。",
    "words": "已电话告知进展。",
    "late_reason": ["handover", "other_agency", "no_staff", "her_pace"],
    "late.reason": ["值班交接时漏看,已补做。", "等其他单位的材料,收到当天已办。", "按她的节奏,晚了几天。"],
    "report_channel": "phone",
    "age_band": ["18-29", "30-39", "30-39", "40-49", "50-59"],
    "confirm_items": lambda m: m.data.get("agreed_items"),
    "safe_when": ["上午", "晚上八点后", "工作日白天", "工作日 12:00–13:30"],
    "document_no": "演〔2026〕",
}
#: Parts of a person by field name, prefixes taken off.
PERSONAL = ("name", "phone", "id_number", "sex", "age_band", "safe_when", "residence", "relation")
PREFIXES = ("their_", "child_", "helper_")
#: One sentence for a text that nothing better is known for.
PLAIN = ("已按要求办理。", "情况属实,已记录在案。", "已与本人核对。")


@dataclass
class Answerer:
    """Answers for one matter. The same seed answers the same."""

    procedure: Procedure
    rng: random.Random
    now: datetime
    town: str = ""  # where it happens
    village: str = ""
    head: str = ""  # id of a post that may be named
    kind: str = ""  # of the agency that acts
    matter: Matter | None = None  # as it stands, for answers that depend on it

    def move(self, name: str, asks: Iterable[Field], given: Mapping[str, Any]) -> dict[str, Any]:
        """Everything that one move asks."""
        said: dict[str, Any] = {}
        typed: dict[str, Any] = {}
        for f in asks:
            if f.type == "file" or (f.asked_of and self.kind not in f.asked_of) or not f.shown(typed):
                continue
            value = self.one(f, name, given)
            if value is not None:
                said[f.name] = value
                typed[f.name] = {"yes": True, "no": False}.get(value, value) if f.type == "yes_no" else value
        return {**said, **{k: v for k, v in given.items() if k not in said}}

    def one(self, f: Field, move: str, given: Mapping[str, Any]) -> Any:
        """One answer; None: left empty."""
        for source, name in (
            (given, f.name),
            (self.procedure.words, f"{move}.{f.name}"),
            (COMMON, f"{move}.{f.name}"),
        ):
            if name in source:
                return self.said(f, source[name])
        if not f.required and f.name not in self.procedure.filled:
            return None
        for source in (self.procedure.words, COMMON):
            if f.name in source:
                return self.said(f, source[f.name])
        return self.by_type(f)

    def said(self, f: Field, value: Any) -> Any:
        """The answer as it stands in the words: as the matter stands, one of several, so many days from now."""
        if callable(value):
            value = value(self.matter)
        if isinstance(value, list) and (f.type != "codes" or (value and isinstance(value[0], list))):
            value = self.rng.choice(value)
        if f.type in ("date", "datetime") and isinstance(value, int | float):
            return self.day(f, value)
        return value

    def day(self, f: Field, days: float) -> str:
        """A date or an instant so many days from now."""
        when = (self.now + timedelta(days=days)).astimezone(SHANGHAI)
        return when.date().isoformat() if f.type == "date" else when.isoformat()

    def by_type(self, f: Field) -> Any:
        """Something that fits."""
        if f.type in ("date", "datetime"):
            return self.day(f, 0)
        if f.type in ("integer", "money"):
            return str(max(f.min or 0, 1))
        if f.type in ("short_text", "long_text"):
            return self.rng.choice(PLAIN)
        if f.type in ("code", "codes"):
            code = self.rng.choice(self.fitting(f))
            return code if f.type == "code" else [code]
        return {"yes_no": "yes", "place": self.town, "post": self.head}.get(f.type)

    def fitting(self, f: Field) -> Sequence[str]:
        """The codes that the acting kind of agency would use; the first few of a long list."""
        items = [c for c in codes.book()[f.list or ""].items.values() if not c.retired]
        own = [c.code for c in items if self.kind in c.attributes.get("kinds", ())]
        return own or [c.code for c in items[:3]]

    def person(
        self, fields: Iterable[Field], who: Invented, sex: str, given: Mapping[str, Any]
    ) -> dict[str, Any]:
        """What is known of one invented person at the opening."""
        own = {
            "name": who.name,
            "phone": who.phone,
            "id_number": who.id_number,
            "sex": sex,
            "residence": self.village or self.town,
        }
        answers: dict[str, Any] = {}
        for f in fields:
            short = bare(f.name)
            if f.name in given or f.name in self.procedure.words:
                answers[f.name] = self.said(f, given.get(f.name, self.procedure.words.get(f.name)))
            elif short in PERSONAL and short in own:
                answers[f.name] = own[short]
            elif short in PERSONAL and short in COMMON:
                answers[f.name] = self.said(f, COMMON[short])
            elif f.required:
                answers[f.name] = self.by_type(f)
        return answers


def bare(name: str) -> str:
    """A party's field without its party: their_name → name."""
    for prefix in PREFIXES:
        name = name.removeprefix(prefix)
    return name
