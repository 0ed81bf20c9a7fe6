"""Faults planted in a sound playbook are found where they stand, with a remedy and the way to get there."""

from __future__ import annotations

from pathlib import Path

import pytest

from anjia.law import playbooks
from anjia.law.playbooks.tests.support import SOUND, known, line_of, written

LOOKED = "{from: working, by: police, guards"
# name: (old text, new text, code, text of the line that must be named, counter-example)
FAULTS: dict[str, tuple[str, str, str, str, tuple[str, ...]]] = {
    "an end without result": ("result: resolved, ", "", "end.no-result", "  close:", ("take", "close")),
    "an agency move without record-on-behalf": (
        LOOKED,
        "{on_behalf: false, from: working, by: police, guards",
        "move.on-behalf",
        "  looked:",
        (),
    ),
    "a dead stage": (
        "  done:     {end",
        "  asleep: {holder: station, label: {zh: 睡, en: Asleep}}\n  done:     {end",
        "stage.unreachable",
        "  asleep:",
        (),
    ),
    "an end nobody reaches": (
        "  done:     {end",
        "  lost: {end: true, label: {zh: 丢, en: Lost}}\n  done:     {end",
        "end.unreachable",
        "  lost:",
        (),
    ),
    "a stage without way out": (
        "  place:\n    {from: working, by",
        "  place:\n    {from: working, to: stuck, by",
        "stage.no-end",
        "  stuck:",
        ("take", "place"),
    ),
    "a duty nobody can do": (
        "done_by: [visit]",
        "done_by: [take]",
        "duty.nobody",
        "  visit:  {label",
        ("take",),
    ),
    "a duty without done_by": ("done_by: [looked]", "done_by: []", "duty.no-done-by", "  look:", ()),
    "a duty that never starts": ("starts: [police_in]", "starts: []", "duty.never-starts", "  look:", ()),
    "an unknown rule": ("rule: triage.same-day", "rule: triage.sameday", "rule.unknown", "  triage:", ()),
    "a clock without duty": (
        "[triage.same-day,",
        "[triage.same-day, reply.to-opener,",
        "clock.no-duty",
        "rules:",
        (),
    ),
    "an unknown guard": ("[consent.police]", "[consent.polise]", "guard.unknown", "opens_kind", ()),
    "an unknown effect": (
        "role.bind: {role: village}",
        "role.bindd: {role: village}",
        "effect.unknown",
        "bindd",
        (),
    ),
    "a wrong parameter": (
        "role.bound: {role: police}",
        "role.bound: {rolle: police}",
        "guard.param",
        "rolle",
        (),
    ),
    "a parameter of the wrong type": (
        "answer.yes: {field: sure}",
        "answer.yes: {field: why}",
        "guard.param",
        "answer.yes",
        (),
    ),
    "a sealed field that counts": (
        "compartment: narrative, label",
        "compartment: narrative, counts: true, label",
        "sealed.counts",
        "  why:",
        (),
    ),
    "text in the clear": (
        "type: long_text, compartment: narrative",
        "type: long_text",
        "sealed.text-open",
        "  why:",
        (),
    ),
    "missing English": (
        "{zh: 回访, en: Visit}, of",
        "{zh: 回访}, of",
        "text.bilingual",
        "  visit:  {label",
        (),
    ),
    "an unknown code list": ("list: urgency", "list: urgencies", "list.unknown", "  urgency:", ()),
    "a role nobody binds": (
        "    effects: [{role.bind: {role: village}}]\n",
        "",
        "role.never-bound",
        "  village:",
        (),
    ),
    "a role that must be in before it can join": (
        "by: [police, station]",
        "by: police",
        "role.binds-itself",
        "  police_in:",
        (),
    ),
    "a holder that is not bound yet": (
        "working:  {holder: station",
        "working:  {holder: police",
        "holder.unbound",
        "  working:  {holder",
        ("take",),
    ),
    "a duty of somebody not bound yet": (
        "starts: [police_in]",
        "starts: [take]",
        "duty.owner-unbound",
        "  look:",
        ("take",),
    ),
    "a stage nobody holds": (
        "working:  {holder: station, ",
        "working:  {",
        "holder.missing",
        "  working:  {label: {zh: 办",
        ("take",),
    ),
    "an unknown holder": (
        "working:  {holder: station",
        "working:  {holder: staton",
        "role.unknown",
        "  working:  {h",
        (),
    ),
    "on_child to a missing move": ("replied: told", "replied: tolld", "on-child.move", "on_child:", ()),
    "a child's result unheard": (
        "{replied: told, recalled: told}",
        "{replied: told}",
        "on-child.result",
        "on_child:",
        (),
    ),
    "a child never heard of": (
        "on_child:\n  referral: {replied: told, recalled: told}\n",
        "",
        "on-child.unheard",
        "playbook:",
        (),
    ),
    "mediation of violence": (
        "concerns_violence: true",
        "concerns_violence: true\nmediates_violence: true",
        "mediation.violence",
        "mediates_",
        (),
    ),
    "a move that mediates": (
        "  place:\n    {",
        "  place:\n    {mediates: true, ",
        "mediation.violence",
        "  place:",
        ("place",),
    ),
    "the community told without her word": (
        "[consent.community, ",
        "[",
        "consent.missing",
        "  invite:",
        ("invite",),
    ),
    "police told without her word": (
        "guards: [consent.police],\n     ",
        "",
        "consent.missing",
        "  refer:",
        ("refer",),
    ),
    "whereabouts that leave": (
        "asks: [where]",
        "asks: [where], tells: holder",
        "whereabouts.leaves",
        "  place:",
        ("place",),
    ),
    "a matter nobody owes anything": (
        "repeats: {until: [done]}",
        "repeats: {until: [visit]}",
        "matter.idle",
        "  working:  {h",
        ("take", "visit"),
    ),
    "no report up": (
        "report_up: {default: report.up}\n",
        "",
        "end.no-report",
        "playbook:",
        ("take", "close"),
    ),
    "a missing script card": ("asks: [where], card: kind", "asks: [where]", "card.missing", "  place:", ()),
    "a stage that is not there": (
        "  told:\n    {from: any",
        "  told:\n    {from: workin",
        "stage.unknown",
        "  told:",
        (),
    ),
    "a dead move": ("  told:\n    {from: any", "  told:\n    {from: asleep", "move.dead", "  told:", ()),
}
EXTRA = {
    "a stage without way out": (
        "  done:     {end",
        "  stuck: {holder: station, label: {zh: 卡, en: Stuck}}\n  done:     {end",
    ),
    "a dead move": (
        "  done:     {end",
        "  asleep: {holder: station, label: {zh: 睡, en: Asleep}}\n  done:     {end",
    ),
}


def test_the_sample_is_sound(tmp_path: Path) -> None:
    found = playbooks.check(written(tmp_path, SOUND), known())
    assert [f.said("en") for f in found] == []


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found_where_it_stands(fault: str, tmp_path: Path) -> None:
    old, new, code, place, path = FAULTS[fault]
    assert SOUND.count(old) >= 1, old
    text = SOUND.replace(old, new, 1)
    if fault in EXTRA:
        text = text.replace(*EXTRA[fault], 1)
    found = [f for f in playbooks.check(written(tmp_path, text), known()) if f.code == code]
    assert found, "the fault was not found"
    finding = found[0]
    wanted = line_of(text, place)
    assert finding.file == "sound.yaml"
    assert finding.line == wanted or code in {"end.no-report", "on-child.unheard"}
    assert finding.path == path
    assert all(finding.problem.values())
    assert all(finding.remedy.values())


def test_a_duty_that_outlives_the_end_can_still_be_done_there(tmp_path: Path) -> None:
    text = SOUND.replace("done_by: [looked]", "done_by: [looked], survives_end: true")
    found = [f for f in playbooks.check(written(tmp_path, text), known()) if f.code == "duty.nobody"]
    assert [f.path for f in found] == [("take", "police_in", "close")]


def test_children_do_not_nest_for_ever(tmp_path: Path) -> None:
    text = SOUND.replace("opens: referral", "opens: sound")
    found = playbooks.check(written(tmp_path, text), known())
    assert [f.path for f in found if f.code == "child.depth"] == [("sound",) * 6]


def test_a_remedy_names_what_was_probably_meant(tmp_path: Path) -> None:
    text = SOUND.replace("[consent.police]", "[consent.polise]")
    found = [f for f in playbooks.check(written(tmp_path, text), known()) if f.code == "guard.unknown"]
    assert "consent.police" in found[0].remedy["zh"]
    assert "consent.police" in found[0].remedy["en"]


def test_a_scale_whose_item_is_not_asked_is_found() -> None:
    book = playbooks.catalogue()["dv-case"]
    facts = known()
    more = type(facts)(**{**facts.__dict__, "instruments": {"acwf-danger": frozenset({"1", "zz"})}})
    found = [f for f in playbooks.check(book, more) if f.code == "instrument.item"]
    assert len(found) == 1
    assert "answer_zz" in found[0].remedy["en"]


def test_a_variant_the_rule_does_not_have_is_found() -> None:
    facts = known()
    more = type(facts)(**{**facts.__dict__, "variants": {"referral.accept": frozenset({"urgent"})}})
    found = [f for f in playbooks.check(playbooks.catalogue()["referral"], more) if f.code == "rule.variant"]
    assert len(found) == 3
