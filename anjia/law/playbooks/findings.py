"""What is wrong with a playbook, where, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

from anjia.law.playbooks.schema import Playbook, Text


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault. `path` is the counter-example: the moves after which somebody would fall through."""

    file: str
    line: int
    code: str
    problem: Text
    remedy: Text
    path: tuple[str, ...] = ()

    def said(self, language: str) -> str:
        """One line for a terminal: where, what is wrong, after which moves, what to do."""
        after = f" [{' → '.join(self.path)}]" if self.path else ""
        what = f"{self.problem[language]}{after} → {self.remedy[language]}"
        return f"{self.file}:{self.line}: {what} ({self.code})"


class Report:
    """Gathers findings for one file."""

    def __init__(self, book: Playbook) -> None:
        self.file, self.found = book.file, list[Finding]()

    def add(
        self,
        line: int,
        code: str,
        problem: tuple[str, str],
        remedy: tuple[str, str],
        path: tuple[str, ...] = (),
    ) -> None:
        """Add one finding; problem and remedy are (Chinese, English)."""
        self.found.append(
            Finding(
                self.file,
                line,
                code,
                {"zh": problem[0], "en": problem[1]},
                {"zh": remedy[0], "en": remedy[1]},
                path,
            )
        )
