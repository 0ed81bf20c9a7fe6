"""A procedure on one sheet: stages are rows, moves are arrows between them, clocks hang at their stage.

Each move that changes the stage is one upright line: it starts at every dot and ends at the arrowhead. Everything
else (what may be done in a stage, what is turned into a child matter) stands as words. Drawn from the file alone,
always the same for the same file, with no program besides this one; readable in black and white.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

from anjia.law.playbooks.builtin import BUILT_IN_DUTIES
from anjia.law.playbooks.interpreter import allowed
from anjia.law.playbooks.schema import OPEN, Duty, Move, Playbook, Stage

FONT = "PingFang SC, Microsoft YaHei, Noto Sans CJK SC, Source Han Sans SC, sans-serif"
INK, SOFT, LINE, RULE = "#1c2733", "#44546a", "#1f5f8b", "#d5dde6"
ROW, BOX, END, CLOCK = "#f4f7fa", "#ffffff", "#e7ebf0", "#8a4b08"
MARGIN, GAP, TRACK = 20, 16, 34
BOX_WIDTH = {"zh": 320, "en": 400}
TITLE, STEP, TEXT, SMALL = 20, 18, 13, 12
WORDS: dict[str, dict[str, Any]] = {
    "zh": {
        "how": ("从这里可以走这一步", "走到这里", "到了这里开始的期限"),
        "more": "还可以办 {n} 步，阶段不变",
        "held": "负责：{who}",
        "end": "结束",
        "keeps": "本阶段的承办单位",
        "child": "可转出的事项：",
        "meanwhile": "随步骤开始的期限：",
        "sources": "依据：",
        "version": "版本 {v}",
        "leads": "{label}：从 {where} 到 {to}。",
        "comma": "、",
        "stop": "。",
    },
    "en": {
        "how": ("the move may start here", "it leads here", "a time limit that starts here"),
        "more": "{n} more moves that keep the stage",
        "held": "held by {who}",
        "end": "end",
        "keeps": "whoever holds it",
        "child": "May be turned into: ",
        "meanwhile": "Time limits that start with a move: ",
        "sources": "Sources: ",
        "version": "version {v}",
        "leads": "{label}: from {where} to {to}. ",
        "comma": ", ",
        "stop": ". ",
    },
}


@dataclass
class Row:
    """One stage: its box, what hangs there, and where its rail runs."""

    stage: Stage
    clocks: list[str]
    note: str
    y: int = 0

    @property
    def height(self) -> int:
        """As tall as its words."""
        return 44 + STEP * len(self.clocks) + (STEP if self.note else 0)

    @property
    def rail(self) -> int:
        """The height at which the moves are met."""
        return self.y + self.height // 2


@dataclass
class Sheet:
    """What is drawn, and how large it has become."""

    parts: list[str] = field(default_factory=list)
    width: int = 0
    height: int = 0

    def add(self, part: str) -> None:
        """One more element, in the order of painting."""
        self.parts.append(part)

    def text(
        self, x: float, y: float, said: str, *, size: int = TEXT, ink: str = INK, more: str = ""
    ) -> None:
        """A line of words; the sheet grows to hold it."""
        self.add(f'<text x="{x:g}" y="{y:g}" font-size="{size}" fill="{ink}"{more}>{escape(said)}</text>')
        self.width = max(self.width, int(x + breadth(said, size) + MARGIN))


def breadth(said: str, size: int = TEXT) -> float:
    """About how wide a text runs: Chinese characters are as wide as high, Latin ones a little over half."""
    return sum(size if ord(c) > 0x2E7F else size * 0.56 for c in said)


def draw(pb: Playbook, language: str) -> str:
    """The sheet as SVG, with a title and a description for whoever does not see it."""
    words, sheet = WORDS[language], Sheet()
    tracks = _tracks(pb)
    top = MARGIN + 78 + _heads_height(tracks, language)
    rows = _rows(pb, language, top)
    left = MARGIN + BOX_WIDTH[language] + GAP
    lean = 0 if language == "zh" else 110
    sheet.width = left + TRACK * len(tracks) + lean + MARGIN
    _caption(sheet, pb, language)
    for row in rows.values():
        _row(sheet, pb, row, left + TRACK * len(tracks) - left, language)
    for n, move in enumerate(tracks):
        _track(sheet, pb, move, left + TRACK * n + TRACK // 2, top, rows, language)
    sheet.height = max(row.y + row.height for row in rows.values()) + 12
    for line in _below(pb, language):
        sheet.height += STEP + 4
        sheet.text(MARGIN, sheet.height, line, size=SMALL, ink=SOFT)
    sheet.height += MARGIN
    name = f"{pb.name}-{language}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="{name}-t {name}-d" '
        f'lang="{"zh-CN" if language == "zh" else "en"}" width="{sheet.width}" height="{sheet.height}" '
        f'viewBox="0 0 {sheet.width} {sheet.height}" font-family="{FONT}">\n'
        f'<title id="{name}-t">{escape(pb.label[language])}</title>\n'
        f'<desc id="{name}-d">{escape(_described(pb, tracks, words, language))}</desc>\n'
        f'<rect width="{sheet.width}" height="{sheet.height}" fill="#ffffff"/>\n'
        + "\n".join(sheet.parts)
        + "\n</svg>\n"
    )


# ---- what stands on the sheet


def _ordered(pb: Playbook) -> list[Stage]:
    """The working stages in the order of the file, then the ends."""
    return sorted(pb.stages.values(), key=lambda stage: stage.end)


def _tracks(pb: Playbook) -> list[Move]:
    """The moves that change the stage, by where they lead."""
    place = {stage.name: n for n, stage in enumerate(_ordered(pb))}
    leading = [m for m in pb.moves.values() if m.to and _sources(pb, m)]
    return sorted(leading, key=lambda move: place[move.to or ""])


def _sources(pb: Playbook, move: Move) -> list[str]:
    return [s for s in pb.stages if s != move.to and allowed(pb, move, s)]


def _rows(pb: Playbook, language: str, top: int) -> dict[str, Row]:
    rows: dict[str, Row] = {}
    for stage in _ordered(pb):
        here = [m for m in pb.moves.values() if not m.hidden and allowed(pb, m, stage.name)]
        staying = [m for m in here if m.to in (None, stage.name)]
        note = WORDS[language]["more"].format(n=len(staying)) if staying and not stage.end else ""
        rows[stage.name] = Row(stage, list(_clocks(pb, stage, language)), note, top)
        top += rows[stage.name].height + 10
    return rows


def _clocks(pb: Playbook, stage: Stage, language: str) -> Iterator[str]:
    """The time limits that start when the stage is entered; at an end the answer and the report up."""
    keys = {f"stage:{stage.name}"} | {m.name for m in pb.moves.values() if m.to == stage.name}
    if stage.name == pb.first_stage.name:
        keys.add(OPEN)
    for duty in pb.duties.values():
        if keys & set(duty.starts):
            yield f"{duty.label[language]} · {_span(duty.rules(), language)}"
    if not stage.end:
        return
    reply = BUILT_IN_DUTIES["reply"]
    if not pb.counts_only and not all(m.name in pb.answers for m in pb.moves.values() if m.to == stage.name):
        yield f"{reply.label[language]} · {_span(reply.rules(), language)}"
    if pb.report_up:
        report = BUILT_IN_DUTIES["report_up"]
        yield f"{report.label[language]} · {_span(pb.report_up.values(), language)}"


def _span(rules: Iterable[str], language: str) -> str:
    from anjia.law.rules import book

    known = [book().versions(rule) for rule in rules]
    said = [versions[-1].span.say("en" if language == "en" else "zh") for versions in known if versions]
    return " / ".join(dict.fromkeys(said))


def _below(pb: Playbook, language: str) -> Iterator[str]:
    """What has no place among the stages: clocks that start with a move, child matters, sources."""
    words = WORDS[language]
    entering = {key for s in pb.stages for key in (f"stage:{s}", OPEN)} | {
        m.name for m in pb.moves.values() if m.to
    }
    loose = [d for d in pb.duties.values() if not entering & set(d.starts)]
    yield from _lines(words["meanwhile"], (_loose(d, language) for d in loose), words["comma"], words["stop"])
    opening = [m for m in pb.moves.values() if m.opens]
    yield from _lines(words["child"], (m.label[language] for m in opening), words["comma"], words["stop"])
    yield from _lines(words["sources"], pb.source, words["comma"], words["stop"])


def _loose(duty: Duty, language: str) -> str:
    return f"{duty.label[language]}({_span(duty.rules(), language)})"


def _lines(head: str, items: Iterable[str], comma: str, stop: str, most: int = 760) -> Iterator[str]:
    """A list as lines no wider than the sheet should be."""
    line = head
    for n, item in enumerate(items := list(items)):
        piece = item + (comma if n < len(items) - 1 else stop.strip())
        if breadth(line + piece, SMALL) > most and line != head:
            yield line
            line = "　　"
        line += piece
    if items:
        yield line


# ---- how it is painted


def _caption(sheet: Sheet, pb: Playbook, language: str) -> None:
    words = WORDS[language]
    sheet.text(MARGIN, MARGIN + 20, pb.label[language], size=TITLE, more=' font-weight="700"')
    version = words["version"].format(v=pb.version)
    sheet.text(MARGIN + breadth(pb.label[language], TITLE) + 14, MARGIN + 20, version, size=SMALL, ink=SOFT)
    x, y = MARGIN, MARGIN + 46
    for n, said in enumerate(words["how"]):
        if n == 0:
            sheet.add(f'<circle cx="{x + 6}" cy="{y - 4}" r="5" fill="{LINE}"/>')
        elif n == 1:
            sheet.add(f'<path d="M{x - 2} {y - 11}h16l-8 15z" fill="{INK}"/>')
        else:
            _clock(sheet, x + 6, y - 4)
        sheet.text(x + 18, y, said, size=SMALL, ink=SOFT)
        x += int(breadth(said, SMALL)) + 40


def _clock(sheet: Sheet, x: int, y: int) -> None:
    """A small clock face; drawn, because few fonts have the sign."""
    sheet.add(f'<circle cx="{x}" cy="{y}" r="5.5" fill="none" stroke="{CLOCK}" stroke-width="1.4"/>')
    sheet.add(f'<path d="M{x} {y - 3.5}V{y}h3" fill="none" stroke="{CLOCK}" stroke-width="1.4"/>')


def _heads_height(tracks: list[Move], language: str) -> int:
    longest = max((breadth(m.label[language]) for m in tracks), default=0)
    return int(longest + longest / 5) if language == "zh" else int(longest * 0.87)


def _row(sheet: Sheet, pb: Playbook, row: Row, tracks: int, language: str) -> None:
    words, stage, x = WORDS[language], row.stage, MARGIN
    width = BOX_WIDTH[language]
    sheet.add(
        f'<rect x="{x}" y="{row.y}" width="{width + GAP + tracks}" height="{row.height}" rx="6" fill="{ROW}"/>'
    )
    sheet.add(
        f'<path d="M{x + width} {row.rail}H{x + width + GAP + tracks}" stroke="{RULE}" stroke-width="2"/>'
    )
    sheet.add(
        f'<rect x="{x}" y="{row.y}" width="{width}" height="{row.height}" rx="6" '
        f'fill="{END if stage.end else BOX}" stroke="{INK}" stroke-width="{2.5 if stage.end else 1.2}"/>'
    )
    sheet.text(x + 12, row.y + 20, stage.label[language], size=15, more=' font-weight="700"')
    who = words["end"] if stage.end else words["held"].format(who=_holder(pb, stage, language))
    sheet.text(x + 12, row.y + 37, who, size=SMALL, ink=SOFT)
    for n, clock in enumerate(row.clocks):
        y = row.y + 37 + STEP * (n + 1)
        _clock(sheet, x + 18, y - 4)
        sheet.text(x + 29, y, clock, size=SMALL, ink=CLOCK)
    if row.note:
        sheet.text(x + 12, row.y + row.height - 9, row.note, size=SMALL, ink=SOFT)


def _holder(pb: Playbook, stage: Stage, language: str) -> str:
    role = pb.roles.get(stage.holder or "")
    return role.label[language] if role else WORDS[language]["keeps"]


def _track(
    sheet: Sheet, pb: Playbook, move: Move, x: int, top: int, rows: dict[str, Row], language: str
) -> None:
    """One move: its name over an upright line, a dot at each stage it starts in, an arrowhead where it leads."""
    to = rows[move.to or ""].rail
    sources = [rows[name].rail for name in _sources(pb, move)]
    low, high = min(*sources, to), max(*sources, to)
    sheet.add(f'<path d="M{x} {top - 8}V{low}" stroke="{RULE}" stroke-width="1.5" stroke-dasharray="2 3"/>')
    sheet.add(f'<path d="M{x} {low}V{high}" stroke="{LINE}" stroke-width="2"/>')
    for y in sources:
        sheet.add(f'<circle cx="{x}" cy="{y}" r="5" fill="{LINE}"/>')
    if any(y < to for y in sources):
        sheet.add(f'<path d="M{x - 8} {to - 15}h16l-8 15z" fill="{INK}"/>')
    if any(y > to for y in sources):
        sheet.add(f'<path d="M{x - 8} {to + 15}h16l-8 -15z" fill="{INK}"/>')
    label = move.label[language]
    if language == "en":
        sheet.text(0, 0, label, more=f' transform="translate({x + 3} {top - 14}) rotate(-60)"')
        return
    upright = [UPRIGHT.get(c, c) for c in label]
    for n, c in enumerate(upright):
        y = top - 14 - (len(upright) - 1 - n) * 15
        sheet.text(x, y, c, more=' text-anchor="middle"')


#: Signs that lie down in a column of characters.
UPRIGHT = {
    "，": "︐",
    "、": "︑",
    "(": "︵",
    ")": "︶",
    "（": "︵",
    "）": "︶",
    "“": "﹁",
    "”": "﹂",
    "—": "︱",
    "…": "︙",
}


def _described(pb: Playbook, tracks: list[Move], words: dict[str, Any], language: str) -> str:
    """The same in sentences."""
    out = []
    for move in tracks:
        where = words["comma"].join(pb.stages[s].label[language] for s in _sources(pb, move))
        to = pb.stages[move.to or ""].label[language]
        out.append(words["leads"].format(label=move.label[language], where=where, to=to))
    return "".join(out).strip()
