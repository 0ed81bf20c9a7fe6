"""What is wrong with a playbook, where, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

from anjia.law.playbooks.builtin import BUILT_IN_MOVES
from anjia.law.playbooks.schema import Playbook, Text


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault. `path` is the counter-example: the moves after which somebody would fall through.

    `trail` says the same path in the words of the screens.
    """

    file: str
    line: int
    code: str
    problem: Text
    remedy: Text
    path: tuple[str, ...] = ()
    trail: tuple[Text, ...] = ()

    def way(self, language: str) -> str:
        """The counter-example as one reads it: 接手(take) → 办结(close)."""
        steps = zip(self.trail, self.path, strict=True)
        return " → ".join(
            name if said[language] == name else f"{said[language]}({name})" for said, name in steps
        )

    def said(self, language: str) -> str:
        """One line for a terminal: where, what is wrong, after which moves, what to do."""
        after = f" [{self.way(language)}]" if self.path else ""
        what = f"{self.problem[language]}{after} → {self.remedy[language]}"
        return f"{self.file}:{self.line}: {what} ({self.code})"


class Report:
    """Gathers findings for one file."""

    def __init__(self, book: Playbook) -> None:
        self.book, self.file, self.found = book, book.file, list[Finding]()

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
                tuple(self._label(name) for name in path),
            )
        )

    def _label(self, name: str) -> Text:
        """The words of a move, of a stage entered, or of the opening; a playbook's name stays a name."""
        move = self.book.moves.get(name) or BUILT_IN_MOVES.get(name)
        if move:
            return {"zh": move.label["zh"] or name, "en": move.label["en"] or name}
        return {"zh": "登记", "en": "Opened"} if name == "open" else {"zh": name, "en": name}
