"""How a command says what it found."""

from __future__ import annotations

from typing import Any

import click


def told(finding: Any, lang: str) -> str:
    """One finding as a line: file, line, problem, remedy, and the path that proves it."""
    way = finding.way(lang) if getattr(finding, "path", ()) else ""
    where = f"{finding.file}:{finding.line} [{finding.code}]"
    proof = f" ({way})" if way else ""
    return f"✗ {where} {finding.problem[lang]}{proof}\n    → {finding.remedy[lang]}"


def report(findings: list[Any], lang: str, what: str) -> None:
    """Each finding with file, line and remedy; exit code 1 when there is one."""
    for finding in findings:
        click.echo(told(finding, lang), err=True)
    if findings:
        click.echo(f"✗ {len(findings)} 处需要改 / to mend", err=True)
        raise SystemExit(1)
    click.echo(f"✓ 没有问题 / in order: {what}")
