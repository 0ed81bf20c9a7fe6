"""Named guards of measures (告诫书, 保护令): what was done before, what is complete, what the law lets one do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from anjia.engine.matters.language import language
from anjia.engine.matters.models import Matter
from anjia.engine.matters.moving import Moving
from anjia.engine.matters.registry import guard
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.core.verdict import ALLOW, Verdict, deny
from anjia.foundation.events.models import Event
from anjia.law import rules
from anjia.law.codes import book as code_book

#: Attributes of the code list of findings: no violence since the last visit, and violence again.
CLEAN, AGAIN = "clean", "again"
FINDINGS = "visit-finding"


@guard("none_running")
def none_running(moving: Moving, *, playbook: str) -> Verdict:
    """No child of that procedure is under way: what comes next belongs to the one that is."""
    if any(c.playbook == playbook and not c.ended_at for c in moving.children):
        return deny(_("已经有一件在办,请在那一件里接着办。"), "running")
    return ALLOW


@guard("first_of_kind")
def first_of_kind(moving: Moving) -> Verdict:
    """No second warning letter in the same case: a repeat is punished (公通字〔2024〕34号 20)."""
    matter = moving.matter
    others = Matter.objects.filter(root=matter.root, playbook=matter.playbook).exclude(pk=matter.pk)
    first = moving.playbook.first_stage.name
    if others.exclude(stage=first).exclude(result__in=("no_letter", "withdrawn", "revoked")).exists():
        return deny(
            _("已经有过一次。告诫后再犯的,依法处罚,不得以告诫书代替——公通字〔2024〕34号第20条。"), "again"
        )
    return ALLOW


@guard("happened")
def happened(moving: Moving, *, move: str) -> Verdict:
    """That step was taken in this matter before."""
    if Event.objects.filter(matter=moving.matter.id, move=move).exists():
        return ALLOW
    label = moving.playbook.moves[move].label[language()]
    return deny(_("请先“%(step)s”。") % {"step": label}, "before")


@guard("code.fits")
def code_fits(moving: Moving, *, field: str, to: str, mark: str) -> Verdict:
    """The law lets this one act on that ground (who may apply for whom: 反家庭暴力法 23, 法释〔2022〕17号 2)."""
    asked, chosen, ground = moving.move.ask(field), moving.values.get(field), moving.values.get(to)
    if moving.is_preview or asked is None or asked.list is None or not chosen or not ground:
        return ALLOW
    if chosen in code_book()[asked.list].having(**{mark: ground}):
        return ALLOW
    return deny(
        _("依法不能由“%(who)s”以这个依据代为申请。")
        % {"who": code_book()[asked.list].label(chosen, language())},
        field,
    )


@guard("date.before_end")
def date_before_end(moving: Moving, *, field: str, end: str) -> Verdict:
    """Asked for while it still ran: what has lapsed cannot be made longer (反家庭暴力法 30)."""
    given, latest = moving.values.get(field), moving.matter.data.get(end)
    if moving.is_preview or not given or not latest:
        return ALLOW
    if date.fromisoformat(str(given)) <= date.fromisoformat(str(latest)):
        return ALLOW
    return deny(_("应当在失效前申请,最迟 %(day)s。") % {"day": latest}, "lapsed")


@guard("visits.clean")
def visits_clean(
    moving: Moving, *, visit: str, found: str, resets: Sequence[str], times: int, rule: str, first_counts: str
) -> Verdict:
    """So many visits in a row without violence (公通字〔2024〕34号 12), counted from what was recorded."""
    owner = moving.agency_of("police")
    on = moving.now.astimezone(SHANGHAI).date()
    counts_first = first_counts in rules.book().get(rule, on, owner.place_id).variants
    events = list(Event.objects.filter(matter=moving.matter.id).order_by("seq"))
    done = clean_in_a_row(
        events, visit=visit, found=found, resets=frozenset(resets), counts_first=counts_first
    )
    if done >= int(times):
        return ALLOW
    words = _("连续无暴力的查访 %(done)s 次,满 %(times)s 次才能停止。") % {"done": done, "times": times}
    return deny(words, "visits")


def clean_in_a_row(
    events: Iterable[Event], *, visit: str, found: str, resets: frozenset[str], counts_first: bool
) -> int:
    """Visits without violence since the last violence. A visit that met nobody counts neither way.

    What the law counts is that no violence was found (公通字〔2024〕34号 12), not that somebody went: a visit of which
    only the day was told (`VISIT_told`) counts once it was told how it was (`VISIT_how`), unless violence came between.
    `counts_first`: the very first visit, within seven days, is one of them. Corrected records do not count.
    """
    clean, again = (frozenset(code_book()[FINDINGS].having(**{a: True})) for a in (CLEAN, AGAIN))
    row, is_first = 0, True
    untold: list[bool] = []  # visits of which only the day is known: whether it was the first
    for event in standing(events):
        finding: Any = (event.codes.get("facts") or {}).get(found)
        if event.move in resets or (event.move in (visit, f"{visit}_how") and finding in again):
            row, untold = 0, []
        elif event.move == f"{visit}_told":
            untold.append(is_first)
        elif event.move == f"{visit}_how":
            row += sum(counts_first or not first for first in untold[:1] if finding in clean)
            del untold[:1]
        elif event.move == visit and finding in clean:
            row += counts_first or not is_first
        is_first = is_first and event.move not in (visit, f"{visit}_told")
    return row


def standing(events: Iterable[Event]) -> list[Event]:
    """Without the records that were put right."""
    rows = list(events)
    void = {str(e.codes["corrects"]) for e in rows if e.codes.get("corrects")}
    return [e for e in rows if str(e.id) not in void]


@guard("visits.untold")
def visits_untold(moving: Moving, *, told: str) -> Verdict:
    """There is a visit of which only the day is known."""
    events = Event.objects.filter(matter=moving.matter.id).order_by("seq")
    made = [e.move for e in standing(events)]
    if made.count(told) > made.count(moving.move.name):
        return ALLOW
    return deny(_("没有只报了日期的查访要补。"), "visits")
