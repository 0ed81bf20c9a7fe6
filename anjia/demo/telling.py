"""A storyteller: does what people in posts do, at the moment they did it, through the real actions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile

from anjia.demo import letters
from anjia.demo.posts import City
from anjia.engine.letters.reply_codes import Reply
from anjia.engine.matters import actions
from anjia.engine.matters.inputs import Moved
from anjia.engine.matters.models import Duty, Matter
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.events.models import Event
from anjia.registry.posts.actors import Actor
from anjia.registry.posts.models import Agency

PAPER = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def at(text: str) -> datetime:
    """“2026-03-09 20:47” in Beijing time."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def paper(name: str) -> SimpleUploadedFile:
    """A scanned paper, as far as the demo needs one."""
    return SimpleUploadedFile(f"{name}.pdf", PAPER, content_type="application/pdf")


@dataclass
class Telling:
    """One matter being lived through. `clock` lets overdue duties climb before each act."""

    city: City
    matter: UUID
    children: dict[str, UUID] = field(default_factory=dict)
    letters: dict[str, Reply | None] = field(default_factory=dict)  # what stands on those that carry a code
    receipt: str = ""
    meanwhile: Callable[[datetime], None] | None = None  # what is done between two acts of the story

    def does(self, who: str, what: str, when: str, on: str = "", behalf: str = "", **data: Any) -> Moved:
        """A person in a post makes a move; `on` names a child, `behalf` the post whose office did it."""
        return self.does_at(who, what, at(when), on, self.city.agency(behalf) if behalf else None, **data)

    def does_at(
        self, who: str, what: str, now: datetime, on: str = "", behalf: Agency | None = None, **data: Any
    ) -> Moved:
        """The same at an instant, for an office by itself."""
        self.until(now)
        target = self.children[on] if on else self.matter
        scans = data.pop("scans", ())
        moved = actions.move(
            matter_id=target,
            name=what,
            actor=self.city.actor(who, now),
            now=now,
            data=data,
            on_behalf_of=behalf.id if behalf else None,
            files=tuple(paper(name) for name in scans),
        )
        return moved

    def asks(self, who: str, what: str, when: str, child: str, to: str, **data: Any) -> None:
        """A referral to the office of a post; the child is remembered under a name."""
        moved = self.does(who, what, when, agency=str(self.city.agency(to).id), **data)
        assert moved.child is not None
        self.children[child] = moved.child

    def writes(self, child: str, paper: str, when: str) -> None:
        """The county sends a letter with a code."""
        self.until(at(when))
        actor = self.city.actor("hanjiang", at(when))
        self.letters[child] = letters.send(actor, self.children[child], paper, at(when))

    def answers(self, child: str, move: str, when: str, **given: Any) -> None:
        """The agency answers by the code on the letter, without an account."""
        self.until(at(when))
        letters.answer(self.letters[child], move, given, at(when))

    def begins(self, child: str, what: str, when: str, **data: Any) -> None:
        """The county opens a measure (a letter, an order); it is remembered under a name."""
        moved = self.does("hanjiang", what, when, **data)
        assert moved.child is not None
        self.children[child] = moved.child

    def she_does(self, what: str, when: str, **data: Any) -> None:
        """She comes back with her receipt."""
        self.until(at(when))
        actions.resident_move(receipt=self.receipt, name=what, now=at(when), data=data)

    def until(self, now: datetime) -> None:
        """Everybody keeps what was promised until then; what is overdue climbs."""
        if self.meanwhile is not None:
            self.meanwhile(now)
        actions.climb_overdue(now=now)

    def duty(self, kind: str, on: str = "") -> str:
        """The id of an open duty."""
        target = self.children[on] if on else self.matter
        return str(Duty.objects.get(matter=target, kind=kind, done_at__isnull=True).id)

    def last(self, move: str, on: str = "") -> str:
        """The id of the latest event of a move."""
        target = self.children[on] if on else self.matter
        return str(Event.objects.filter(matter=target, move=move).latest("seq").id)

    def row(self) -> Matter:
        """The matter as it stands."""
        return Matter.objects.get(pk=self.matter)


def as_post(city: City, key: str, when: str) -> Actor:
    """Somebody in a post at a moment."""
    return city.actor(key, at(when))
