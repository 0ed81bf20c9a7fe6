"""A small sound playbook to plant faults into, and what the house knows."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from anjia.law import playbooks
from anjia.law.playbooks import Known, names
from anjia.law.playbooks.schema import Playbook

SOUND = """\
playbook: sound
version: 1.0
label: {zh: 样例, en: Sample}
source: [样例]
concerns_violence: true
report_up: {default: report.up}
rules: [triage.same-day, visit.grade-2]
roles:
  station: {label: {zh: 妇联, en: Federation}, kind: federation, at: {residence_of: asking}}
  police:  {label: {zh: 派出所, en: Police}, kind: police_station, at: {residence_of: asking}, joins: invite}
  village: {label: {zh: 村, en: Village}, kind: federation, tier: village, at: {residence_of: asking}, joins: invite}
parties:
  asking: {label: {zh: 求助人, en: Person asking}}
words:
  received: {asking: {zh: 求助人, en: Person asking}}
  working:  {asking: {zh: 受害人, en: Victim}}
fields:
  why:     {type: long_text, compartment: narrative, label: {zh: 理由, en: Reasons}}
  urgency: {type: code, list: urgency, counts: true, label: {zh: 紧急程度, en: Urgency}}
  sure:    {type: yes_no, label: {zh: 确定, en: Sure}}
  where:   {type: short_text, compartment: whereabouts, label: {zh: 住处, en: Where}}
opening: [urgency]
stages:
  received: {holder: station, label: {zh: 新收到, en: Received}}
  working:  {holder: station, label: {zh: 办理中, en: Working}}
  done:     {end: true, label: {zh: 办结, en: Done}}
duties:
  triage: {label: {zh: 接手, en: Triage}, of: station, rule: triage.same-day, starts: open, done_by: [take]}
  visit:  {label: {zh: 回访, en: Visit}, of: station, rule: visit.grade-2, starts: [take], done_by: [visit],
           repeats: {until: [done]}}
  look:   {label: {zh: 查访, en: Look}, of: police, rule: visit.grade-2, starts: [police_in], done_by: [looked]}
moves:
  take:
    {from: received, to: working, by: station, card: kind, label: {zh: 接手, en: Take}}
  visit:
    {from: working, by: station, asks: [why], card: kind, label: {zh: 回访, en: Visit}}
  place:
    {from: working, by: station, asks: [where], card: kind, label: {zh: 住处, en: Where}}
  police_in:
    {from: working, by: [police, station], effects: [{role.bind: {role: police}}], card: kind, label: {zh: 出警, en: Came}}
  looked:
    {from: working, by: police, guards: [{role.bound: {role: police}}], card: kind, label: {zh: 看过, en: Looked}}
  invite:
    from: working
    by: station
    guards: [consent.community, {answer.yes: {field: sure}}]
    asks: [sure]
    effects: [{role.bind: {role: village}}]
    card: kind
    label: {zh: 请村协助, en: Invite}
  refer:
    {from: working, by: station, opens: referral, opens_kind: [police_station], guards: [consent.police], card: kind, label: {zh: 请公安, en: Refer}}
  told:
    {from: any, by: clock, hidden: true, label: {zh: 回复, en: Told}}
  close:
    {from: working, to: done, by: station, result: resolved, asks: [why], card: kind, label: {zh: 办结, en: Close}}
on_child:
  referral: {replied: told, recalled: told}
cards:
  kind: {say: [{zh: 慢慢说, en: Take your time}], never: [{zh: 不劝和, en: Never reconcile}]}
"""


@cache
def known() -> Known:
    """The house as the catalogue needs it, without depending on what other rooms have finished."""
    books = playbooks.catalogue()
    rules = {r for b in books.values() for d in b.duties.values() for r in d.rules()} | {"report.up"}
    lists = {f.list for b in books.values() for f in b.fields.values() if f.list}
    return Known(
        rules=frozenset(rules),
        codes={name: frozenset() for name in lists},
        guards=names.GUARDS,
        effects=names.EFFECTS,
        playbooks=frozenset({*books, "sound"}),
        agency_kinds=frozenset({"federation", "police_station", "court"}),
        federation_kinds=names.FEDERATION_KINDS,
        results={name: book.results() for name, book in books.items()},
    )


def written(folder: Path, text: str, name: str = "sound.yaml") -> Playbook:
    """The playbook of a text, read from a real file."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return playbooks.load(path)


def line_of(text: str, part: str) -> int:
    """The line (from 1) on which a part of the text starts."""
    return text[: text.index(part)].count("\n") + 1
