"""The playbook's health check: every path has somebody responsible, a result, an answer and a report up."""

from __future__ import annotations

from dataclasses import replace

from anjia.law.playbooks import (
    burden,
    check_batch,
    check_care,
    check_children,
    check_clocks,
    check_ends,
    check_moves,
    check_names,
    check_paths,
    check_turns,
    check_values,
    versions,
)
from anjia.law.playbooks.builtin import BUILT_IN_DUTIES, BUILT_IN_FIELDS, BUILT_IN_MOVES
from anjia.law.playbooks.findings import Finding, Report
from anjia.law.playbooks.graph import Graph
from anjia.law.playbooks.known import Known
from anjia.law.playbooks.schema import Playbook, Stage, Version

__all__ = ["Finding", "Known", "check", "check_built_in"]


def check(playbook: Playbook, known: Known) -> list[Finding]:
    """Every fault of a playbook, in the order of its lines; empty when it is sound."""
    report = Report(playbook)
    check_names.check_texts(playbook, report)
    check_names.check_fields(playbook, known, report)
    check_names.check_roles(playbook, known, report)
    check_names.check_unused(playbook, report)
    check_moves.check_moves(playbook, known, report)
    check_clocks.check_clocks(playbook, known, report, BUILT_IN_MOVES)
    check_values.check_values(playbook, known, report)
    check_turns.check_turns(playbook, known, report)
    check_children.check_children(playbook, known, report, BUILT_IN_MOVES)
    check_care.check_care(playbook, known, report)
    check_counts_only(playbook, report)
    burden.check_burden(playbook, report)
    check_batch.check_batch(playbook, report)
    versions.check_version(playbook, known.published.get(playbook.name), report)
    if playbook.stages:
        graph = Graph(playbook)
        check_paths.check_stages(playbook, graph, report)
        check_paths.check_results(playbook, graph, report)
        check_paths.check_roles_bound(playbook, graph, report)
        check_paths.check_dead_moves(playbook, graph, report)
        check_paths.check_duties(playbook, graph, report, BUILT_IN_MOVES)
        check_paths.check_idle(playbook, graph, known, report)
        check_ends.check_ends(playbook, graph, report)
    return sorted(report.found, key=lambda f: (f.line, f.code))


def check_counts_only(playbook: Playbook, report: Report) -> None:
    """Where only numbers are kept there is nobody in it, and nothing in which somebody could be named."""
    named = [f.name for f in playbook.fields.values() if not f.counts]
    if playbook.counts_only and (playbook.parties or named):
        what = next(iter((*playbook.parties, *named)))
        report.add(
            playbook.lines.get("counts_only", 1),
            "counts-only.people",
            (f"只留数字的流程里有“{what}”", f"“{what}” stands in a procedure that keeps numbers alone"),
            (
                "删去人员和文字，只留 counts: true 的字段",
                "drop parties and words; keep fields with counts: true",
            ),
        )


def check_built_in(known: Known) -> list[Finding]:
    """Faults of what every matter can do: texts, lists, rules, guards."""
    book = built_in_as_playbook()
    report = Report(book)
    check_names.check_texts(book, report)
    check_names.check_fields(book, known, report)
    check_moves.check_moves(book, known, report)
    check_batch.check_batch(book, report)
    check_clocks.check_clocks(book, known, report, BUILT_IN_MOVES)
    ignored = {"field.unused", "party.unknown", "clock.no-duty"}
    return [f for f in report.found if f.code not in ignored]


def built_in_as_playbook() -> Playbook:
    """The built-in moves dressed as a playbook, for the checker and the procedure viewer."""
    label = {"zh": "每个事项都能做的", "en": "What every matter can do"}
    stages = {
        "open": Stage("open", label, holder="holder"),
        "end": Stage("end", label, end=True),
    }
    moves = {n: replace(m, by=tuple(b for b in m.by)) for n, m in BUILT_IN_MOVES.items()}
    return Playbook(
        name="built-in",
        version=Version(1, 0),
        label=label,
        source=(),
        opens_from=("any",),
        first_desk=None,
        roles={},
        parties={},
        fields=BUILT_IN_FIELDS,
        stages=stages,
        duties=BUILT_IN_DUTIES,
        moves=moves,
        on_child={},
        cards={},
        mediates_violence=False,
        concerns_violence=False,
        report_up={},
        answers=(),
        reopens_to=None,
        withdraws_to=None,
        retention="",
        file="builtin.yaml",
    )
