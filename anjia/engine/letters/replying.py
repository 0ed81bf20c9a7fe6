"""An agency answers a letter by its code: no account, no person shown, the agency's own step in the matter.

For whoever builds a door or takes paper in:

* `look` is the only way from eight typed digits to a letter: it keeps the limits.
* `standing` is all that may be shown of a letter: number, agency, what is owed by when under which rule, the answers.
* `answer` makes the step, once; what was typed is checked as in every other step.
* What was recorded on an agency's behalf (代录·待确认) is confirmed the same way: its answers come first in
  `standing`; `unconfirmed` lists them. A letter with a code is printed from the matter's papers (`reply: true`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from anjia.engine.letters import replies, reply_codes
from anjia.engine.letters.replies import Answer
from anjia.engine.letters.reply_codes import Letter, digits
from anjia.engine.matters import actions, reading, values
from anjia.engine.matters.answering import ByLetter
from anjia.engine.matters.inputs import Moved
from anjia.engine.matters.models import Duty
from anjia.foundation.core.verdict import NotFound
from anjia.foundation.events.models import Event
from anjia.foundation.limits import idempotency, limits
from anjia.law import rules
from anjia.law.playbooks.library import definition, find_duty
from anjia.law.playbooks.schema import Text
from anjia.registry.posts import actors

PLAIN = ("short_text", "date", "datetime")
#: Wrong codes are counted by address, by its neighbourhood and all together.
COUNTED = ("reply-code.address", "reply-code.network", "reply-code.all")


@dataclass(frozen=True, slots=True)
class Owed:
    """What the agency is asked to do, by when and why then."""

    what: Text
    due: datetime
    rule: Text


@dataclass(frozen=True)
class Standing:
    """A letter as its page shows it: nothing of any person."""

    number: str
    agency: str
    owed: tuple[Owed, ...]
    answers: tuple[Answer, ...]
    until: datetime


@dataclass(frozen=True, slots=True)
class Looked:
    """What eight digits led to. `wants_number`: so many wrong ones came that the letter's number is asked for too."""

    letter: Letter | None
    wants_number: bool = False


# -- from the digits to the letter --------------------------------------------------------------------------


def look(*, code: str, number: str, address: str, now: datetime) -> Looked:
    """The letter of a code. Only wrong codes are counted, so that an office behind one address may answer all day.

    Beyond the limits nobody is shut out: the code alone is no longer looked up, with the letter's number it is. Whoever
    holds the letter has both (the square carries both); whoever guesses would have to guess both.
    """
    here = limits.network(address)
    if digits(number):
        return Looked(with_number(code, digits(number), here, now), wants_number=asks_number(address, now))
    if asks_number(address, now):
        return Looked(None, wants_number=True)
    keys = {
        "reply-code.address": here,
        "reply-code.network": limits.neighbourhood(address),
        "reply-code.all": "",
    }
    for name in COUNTED:
        limits.take(name, keys[name], now)
    letter = reply_codes.find(code, now)
    if letter is not None:
        for name in COUNTED:
            limits.give_back(name, keys[name], now)
    return Looked(letter, wants_number=letter is None and asks_number(address, now))


def asks_number(address: str, now: datetime) -> bool:
    """Whether the code alone is not looked up for this address now."""
    return (
        limits.is_spent("reply-code.address", limits.network(address), now)
        or limits.is_spent("reply-code.network", limits.neighbourhood(address), now)
        or limits.is_spent("reply-code.all", "", now)
    )


def with_number(code: str, number: str, here: str, now: datetime) -> Letter | None:
    """Code and number together. Who tries codes under one number uses up that number's tries, not everybody's: then
    each address still has a few of its own."""
    name, key = "reply-code.letter", number[-reply_codes.NUMBER_DIGITS :]
    if limits.is_spent(name, key, now):
        name, key = "reply-code.letter-place", f"{key} {here}"
    if not limits.take(name, key, now):
        return None
    letter = reply_codes.find(code, now, number)
    if letter is not None:
        limits.give_back(name, key, now)
    return letter


# -- what may be seen and done ------------------------------------------------------------------------------


def standing(letter: Letter) -> Standing:
    """All that may be shown of it."""
    recorded = [a for e in unconfirmed(letter) for a in replies.confirmations(e.id, said_of(letter, e))]
    return Standing(
        number=letter.number,
        agency=letter.agency.name,
        owed=owed(letter),
        answers=(*recorded, *replies.answers(letter.matter, letter.agency)),
        until=letter.until,
    )


def owed(letter: Letter) -> tuple[Owed, ...]:
    """The agency's open duties, in the playbook's words."""
    playbook = definition(letter.matter.playbook, letter.matter.version)
    duties = Duty.objects.filter(matter=letter.matter, agency=letter.agency, done_at__isnull=True)
    out = []
    for d in duties.order_by("due_at", "id"):
        rule = rules.book().version(d.rule, d.rule_version)
        cited: Text = {"zh": rule.cite("zh"), "en": rule.cite("en")}
        out.append(Owed(dict(find_duty(playbook, d.kind).label), d.due_at, cited))
    return tuple(out)


def unconfirmed(letter: Letter) -> list[Event]:
    """What was recorded on this agency's behalf here and nobody has confirmed, denied or corrected."""
    events = list(Event.objects.filter(matter=letter.matter.id).order_by("seq"))
    settled = {(e.codes.get("confirms") or {}).get("event") for e in events}
    settled |= {e.codes.get("corrects") for e in events} | {str(e.voids) for e in events if e.voids}
    mine = str(letter.agency.id)
    return [e for e in events if e.codes.get("on_behalf_of") == mine and str(e.id) not in settled]


def said_of(letter: Letter, event: Event) -> Text:
    """What was recorded: the step, the day and its coded answers. Its words stay sealed."""
    playbook = definition(letter.matter.playbook, letter.matter.version)
    move = reading.move_of(playbook, event.move)
    values = [
        v for _label, v in reading.lines(move, event.codes.get("facts") or {}) if isinstance(v, Mapping)
    ]
    day = event.codes.get("happened_at") or event.at.isoformat()
    return {
        lang: " · ".join([move.label[lang], *(str(v[lang]) for v in values), day[:10]])
        for lang in ("zh", "en")
    }


def chosen(letter: Letter, key: str) -> Answer:
    """The answer of that key, if it may be given now."""
    found = next((a for a in standing(letter).answers if a.key == key), None)
    if found is None:
        raise NotFound
    return found


def again(event: UUID, now: datetime) -> Letter:
    """The letter once more, for a page that was opened by its code before."""
    letter = reply_codes.letter_of(event, now)
    if letter is None:
        raise NotFound
    return letter


def known(event: UUID, choice: str) -> Answer:
    """What an answer asks, also on the second click of one that was given: NotFound for anything else."""
    letter, _after = reply_codes.sent_letter(event)
    if letter is None:
        raise NotFound
    return chosen(letter, choice)


def answer(
    *,
    event: UUID,
    choice: str,
    typed: Mapping[str, Any],
    now: datetime,
    key: str,
    files: Sequence[Any] = (),
) -> Moved:
    """The agency's step. NotFound where the code no longer answers; RuleBroken with messages by field.

    The same `key` twice is one answer.
    """
    said = actions.fingerprint_of(str(event), choice, typed)
    before = idempotency.begin(key, said)
    if before is not None:
        return actions.moved_before(before.value)
    letter, _after = reply_codes.sent_letter(event)
    if letter is None:
        raise NotFound
    given = chosen(letter, choice)
    moved = actions.answer(
        matter_id=letter.matter.id,
        name=given.move,
        actor=actors.by_letter(letter.agency),
        letter=ByLetter(letter.event, given.more),
        now=now,
        data=checked(given, typed, now),
        still=lambda: still(event, now),
        key=key,
        said=said,
        files=files,
    )
    if not given.more:
        reply_codes.forget(letter)
    return moved


def still(event: UUID, now: datetime) -> None:
    """Asked under the lock: the code has not answered meanwhile."""
    if reply_codes.letter_of(event, now) is None:
        raise NotFound


def checked(given: Answer, typed: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """What was filled in, with what the answer itself says."""
    wanted = {f.name: typed[f.name] for f in given.fields if typed.get(f.name) not in (None, "", [])}
    values.clean(given.fields, wanted, now=now)
    data = {**wanted, **given.sets}
    if given.says and given.says not in data:
        data[given.says] = in_words(given, wanted)
    return data


def in_words(given: Answer, typed: Mapping[str, Any]) -> str:
    """The written answer where none was written: what was chosen, number and date."""
    filled = [f"{f.label['zh']}:{typed[f.name]}" for f in given.fields if f.type in PLAIN and f.name in typed]
    return "；".join([f"凭回执码答复：{given.label['zh']}", *filled]) + "。"
