"""办理经过: how one matter went, without anybody in it: procedure, stages by day, what was owed under which law and
whether it came in time, which papers were given out to which class of recipient.

Codes and days alone: not a sentence anybody wrote, no name, no place, and no number by which it could be asked about.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from anjia.engine.letters import papers
from anjia.engine.matters.engine_moves import GIVEN_OUT
from anjia.engine.matters.models import Duty
from anjia.engine.matters.reading import Reading
from anjia.foundation.core.clock import SHANGHAI
from anjia.law import rules
from anjia.law.playbooks.library import definition, find_duty
from anjia.law.playbooks.schema import Playbook, Text

#: What a line of a paper may ask for.
PARTS = ("procedure", "stages", "duties", "papers")
Line = tuple[Text, Text]
STAGE: Text = {"zh": "阶段", "en": "Stage"}
OWED: Text = {"zh": "应办", "en": "Owed"}


def lines(read: Reading, part: str, now: datetime) -> Iterator[Line]:
    """(what it is, what is said of it), in the order in which it happened."""
    if part == "procedure":
        yield {"zh": "程序", "en": "Procedure"}, dict(definition_of(read).label)
    elif part == "stages":
        yield from stages(read)
    elif part == "duties":
        yield from (duty(read, d, now) for d in read.duties if d.outcome != Duty.Outcome.VOID)
    else:
        yield from given(read)


def definition_of(read: Reading) -> Playbook:
    """The procedure under which it runs."""
    return definition(read.matter.playbook, read.matter.version)


def stages(read: Reading) -> Iterator[Line]:
    """Each stage with the day on which it began."""
    known = definition_of(read).stages
    for event in read.events:
        stage = event.codes.get("stage") if "from" in event.codes or event.seq == 1 else None
        if stage in known:
            yield called(STAGE, known[stage].label), same(day(event.at))


def duty(read: Reading, owed: Duty, now: datetime) -> Line:
    """What was owed, by when under which article, and what became of it."""
    rule = rules.book().version(owed.rule, owed.rule_version)
    due = day(owed.due_at)
    zh, en = outcome(owed, now)
    said = {
        "zh": f"{rule.cite('zh')};应于 {due} 前;{zh}",
        "en": f"{rule.cite('en')}; due by {due}; {en}",
    }
    return called(OWED, find_duty(definition_of(read), owed.kind).label), said


def outcome(owed: Duty, now: datetime) -> tuple[str, str]:
    """In time, late, still open, or waiting for something that is nobody's fault."""
    if owed.done_at is not None:
        on = day(owed.done_at)
        return (
            (f"{on} 办结(逾期)", f"done on {on} (late)")
            if owed.is_late
            else (f"{on} 按期办结", f"done on {on}")
        )
    if owed.paused_at is not None:
        return "中止计时", "clock stopped"
    return ("逾期未办", "overdue") if owed.due_at < now else ("在期限内", "in time so far")


def given(read: Reading) -> Iterator[Line]:
    """Each copy by its own number within the matter: which paper, to which class of recipient, when."""
    book = papers.book()
    for event in read.events:
        facts = event.codes.get("facts") or {}
        paper, to = book.papers.get(facts.get("paper_given", "")), book.classes.get(facts.get("given_to", ""))
        if event.move == GIVEN_OUT.name and paper and to:
            number = str(event.codes["letter"]["no"]).rpartition("-")[2]
            label = {"zh": f"出具第 {number} 份", "en": f"Copy {number}"}
            yield (
                label,
                {lang: f"{paper.label[lang]} · {to[lang]} · {day(event.at)}" for lang in ("zh", "en")},
            )


def called(kind: Text, label: Text) -> Text:
    """阶段:新收到."""
    return {lang: f"{kind[lang]}:{' ' if lang == 'en' else ''}{label[lang]}" for lang in ("zh", "en")}


def same(words: str) -> Text:
    return {"zh": words, "en": words}


def day(at: datetime) -> str:
    """The day in Beijing."""
    return at.astimezone(SHANGHAI).date().isoformat()
