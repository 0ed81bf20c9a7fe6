"""回执码: the eight digits and the square on a letter by which its agency answers without an account.

Made with the numbered copy, shown on paper once, kept as a keyed token alone: whoever holds the database learns no
code. The letter's event says to whom it went and until when its code holds; that it was answered, replaced or
recalled is read from the events after it. A newer copy of the same paper for the same agency replaces the older.
"""

from __future__ import annotations

import io
import secrets
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import segno
from django.conf import settings

from anjia.engine.matters.engine_moves import GIVEN_OUT
from anjia.engine.matters.models import Matter
from anjia.foundation.core.batch import Batch
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.events.models import Event
from anjia.foundation.vault import vault
from anjia.foundation.vault.models import Token
from anjia.law import rules
from anjia.law.playbooks.schema import Text
from anjia.registry.posts.models import Agency

KIND = "reply"
DIGITS = 8
#: So many of the last digits of a letter's number tell it apart: the six random ones, the check digit, the copy.
NUMBER_DIGITS = 9
RULE = "reply-code.valid"
PAGE = "r/"
#: Asked after when nothing is found: the same statements whether a code is wrong, used, expired or recalled.
NOBODY = UUID(int=0)
#: Where a procedure has such a stage, whoever asked has taken the question back.
RECALLED = frozenset({"recalled", "withdrawn"})


@dataclass(frozen=True)
class Reply:
    """The block on the paper by which it is answered. `code` is nowhere but here, and gone with the answer."""

    code: str
    letter: str  # the number of the copy
    until: datetime
    rule: Text  # which rule says so
    site: str  # "https://…/"

    @property
    def grouped(self) -> str:
        """1234 5678, as it is read and typed."""
        return f"{self.code[:4]} {self.code[4:]}"

    @property
    def address(self) -> str:
        """The page, as it is typed by hand."""
        return self.site + PAGE

    @property
    def scanned(self) -> str:
        """What the square says. Behind the #, so that no server and no log on the way reads it."""
        return f"{self.address}#{self.code}.{self.letter}"

    @property
    def until_day(self) -> str:
        """2026年3月18日: the last day."""
        local = self.until.astimezone(SHANGHAI)
        return f"{local.year}年{local.month}月{local.day}日"

    @property
    def picture(self) -> str:
        """The square for a page."""
        return segno.make_qr(self.scanned, error="m").svg_data_uri(scale=4)

    def png(self, scale: int = 8) -> bytes:
        """The square for PDF and Word."""
        out = io.BytesIO()
        segno.make_qr(self.scanned, error="m").save(out, kind="png", scale=scale)
        return out.getvalue()


@dataclass(frozen=True)
class Letter:
    """One letter that was sent with a code."""

    event: UUID
    matter: Matter
    number: str
    paper: str
    agency: Agency
    at: datetime
    until: datetime


# -- making one -------------------------------------------------------------------------------------------


def new_reply(letter: str, place: str, now: datetime, site: str) -> Reply:
    """A fresh code for the copy of this number, valid as long as the rule in force there says."""
    rule = rules.book().get(RULE, now.astimezone(SHANGHAI).date(), place)
    return Reply(
        code=free_code(),
        letter=letter,
        until=rules.due(rule, now.astimezone(SHANGHAI)).due,
        rule={"zh": rule.cite("zh"), "en": rule.cite("en")},
        site=settings.PUBLIC_ADDRESS or site,
    )


def free_code() -> str:
    """Eight digits that no letter has."""
    while True:
        code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
        if not vault.find(KIND, code).exists():
            return code


def keep(reply: Reply, event: Event, root: UUID) -> None:
    """Remember the code as a token of the letter's event, in its transaction."""
    batch = Batch()
    vault.add_token(batch, kind=KIND, value=reply.code, root=root, owner=event.id)
    batch.flush()


# -- finding one ------------------------------------------------------------------------------------------


def digits(typed: str) -> str:
    """The digits of what was typed, in any grouping and width."""
    return "".join(c for c in unicodedata.normalize("NFKC", typed) if c.isascii() and c.isdigit())


def find(code: str, now: datetime, number: str = "") -> Letter | None:
    """The letter that this code answers now. None alike for wrong, used, expired, replaced and recalled ones, and
    where a number was given that is another letter's: by the same five statements.
    """
    typed = digits(code)
    wanted = typed if len(typed) == DIGITS else "0" * DIGITS
    owner = vault.find(KIND, wanted).values_list("owner", flat=True).first() or NOBODY
    return letter_of(owner, now, digits(number)) if len(typed) == DIGITS else letter_of(NOBODY, now)


def letter_of(event: UUID, now: datetime, number: str = "") -> Letter | None:
    """The letter that this event sent, if its code still answers."""
    letter, after = sent_letter(event)
    if letter is None:
        return None
    if number and number not in (whole := digits(letter.number), whole[-NUMBER_DIGITS:]):
        return None
    return letter if is_open(letter, after, now) else None


def sent_letter(event: UUID) -> tuple[Letter | None, list[Event]]:
    """The letter that this event sent, and what happened in its matter afterwards."""
    sent = Event.objects.filter(pk=event, move=GIVEN_OUT.name).first()
    said = (sent.codes.get("letter") or {}) if sent else {}
    matter = Matter.objects.select_related("holder").filter(pk=sent.matter if sent else NOBODY).first()
    agency = Agency.objects.filter(pk=said.get("agency") or NOBODY).first()
    after = list(
        Event.objects.filter(matter=sent.matter if sent else NOBODY, seq__gt=sent.seq if sent else 0)
    )
    if sent is None or matter is None or agency is None or "reply_until" not in said:
        return None, []
    paper = sent.codes["facts"]["paper_given"]
    return Letter(sent.id, matter, said["no"], paper, agency, sent.at, until_of(said)), after


def until_of(said: dict[str, str]) -> datetime:
    """Until when the code of a letter holds."""
    return datetime.fromisoformat(said["reply_until"])


def is_open(letter: Letter, after: list[Event], now: datetime) -> bool:
    """Whether this code may still answer: in time, not answered, not replaced, the question not taken back."""
    gone = letter.agency.stopped_at is not None or letter.matter.stage in RECALLED
    return now < letter.until and not gone and not any(ends(e, letter) for e in after)


def ends(event: Event, letter: Letter) -> bool:
    """Whether what came later used the code up or replaced it."""
    answers = event.codes.get("by_letter") or {}
    if answers.get("event") == str(letter.event) and not answers.get("more"):
        return True
    said = event.codes.get("letter") or {}
    same = said.get("agency") == str(letter.agency.id) and "reply_until" in said
    return same and (event.codes.get("facts") or {}).get("paper_given") == letter.paper


# -- what was sent ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sent:
    """A letter with a code as its sender sees it again: when, to whom, what became of it. Never the code."""

    number: str
    paper: str
    agency: str
    at: datetime
    until: datetime
    state: str  # open | answered | replaced | over


def sent_in(matter: Matter, now: datetime) -> list[Sent]:
    """Every letter of a matter that carried a code, the newest first."""
    events = list(Event.objects.filter(matter=matter.id).order_by("seq"))
    letters = [e for e in events if "reply_until" in (e.codes.get("letter") or {})]
    offices = Agency.objects.in_bulk([UUID(e.codes["letter"]["agency"]) for e in letters])
    return list(standing(matter, letters, events, offices, now))[::-1]


def standing(
    matter: Matter, letters: list[Event], events: list[Event], offices: dict[UUID, Agency], now: datetime
) -> Iterator[Sent]:
    """How each letter stands."""
    for e in letters:
        said, office = e.codes["letter"], offices[UUID(e.codes["letter"]["agency"])]
        paper, until = e.codes["facts"]["paper_given"], until_of(said)
        letter = Letter(e.id, matter, said["no"], paper, office, e.at, until)
        after = [x for x in events if x.seq > e.seq]
        ended = next((x for x in after if ends(x, letter)), None)
        if ended is not None:
            state = "answered" if ended.codes.get("by_letter") else "replaced"
        else:
            state = "open" if is_open(letter, after, now) else "over"
        yield Sent(letter.number, paper, office.name, e.at, until, state)


def forget(letter: Letter) -> None:
    """The digits are free again once they have answered."""
    Token.objects.filter(kind=KIND, owner=letter.event).delete()
