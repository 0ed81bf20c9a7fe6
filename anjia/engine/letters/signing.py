"""阅签与会签: who must sign a letter before it leaves. It stands in the matter's events, and waits as a duty.

What is signed is exactly what leaves: a mark of the draft's words is kept with the question, and a draft that says
anything else must be signed anew. Whoever may sign reads it first; whoever sends it back says why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from anjia.engine.letters.papers import HEAD
from anjia.engine.matters.engine_moves import ASK_SIGN, GIVEN_OUT, SIGN_BACK, SIGNED
from anjia.engine.matters.models import Duty
from anjia.engine.matters.moving import Moving
from anjia.engine.matters.reading import Reading
from anjia.engine.matters.record import record
from anjia.engine.matters.seats import Seated, visible_to
from anjia.foundation.core.verdict import ALLOW, NotFound, RuleBroken, Verdict, deny, require
from anjia.foundation.events.models import Event
from anjia.foundation.vault import vault
from anjia.law.playbooks.builtin import BUILT_IN_DUTIES
from anjia.registry.posts.actors import Actor
from anjia.registry.posts.models import Agency, PostRole

if TYPE_CHECKING:
    from anjia.engine.letters.disclosure import Draft

DUTY = "sign_letter"
TOLD = "to_sign"
MARK_BYTES = 16
WHOLE = "letter_text"


@dataclass(frozen=True, slots=True)
class Signer:
    """One who signs: the head of the office that sends it, or another office; `by` once it was done."""

    as_: str
    agency: UUID
    duty: UUID
    by: UUID | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One letter that was laid before those who sign."""

    id: UUID
    paper: str
    to: str
    mark: str
    agency: UUID | None  # who sends it
    account: UUID | None  # who asked
    at: datetime
    signers: tuple[Signer, ...]
    is_over: bool = False  # sent back, given out or replaced

    @property
    def is_signed(self) -> bool:
        """Whether everybody has."""
        return all(s.by is not None for s in self.signers)

    def open_for(self, agency: UUID | None) -> Signer | None:
        """What this office still has to sign."""
        if self.is_over:
            return None
        return next((s for s in self.signers if s.agency == agency and s.by is None), None)


def mark_of(made: Draft) -> str:
    """A keyed mark of what would leave, to whom; the copy's own number is not in it."""
    said = "\n".join([made.paper.name, made.to, str(made.agency), *(f"{i.value}={i.zh}" for i in made.items)])
    return vault.fingerprint("letter to sign", said.encode())[:MARK_BYTES].hex()


# -- reading ------------------------------------------------------------------------------------------------


@dataclass
class _Found:
    questions: dict[str, Question] = field(default_factory=dict)

    def take(self, e: Event) -> None:
        if e.move == ASK_SIGN.name:
            self.asked(e)
        elif e.move == SIGNED.name and e.codes.get("signs") in self.questions:
            self.signed(e)
        elif e.move == SIGN_BACK.name and e.codes.get("signs") in self.questions:
            self.close(e.codes["signs"])
        elif e.move == GIVEN_OUT.name and e.codes.get("letter", {}).get("signed") in self.questions:
            self.close(e.codes["letter"]["signed"])

    def asked(self, e: Event) -> None:
        said = e.codes["sign"]
        for key, old in self.questions.items():
            if old.paper == said["paper"]:
                self.close(key)
        signers = tuple(Signer(s["as"], UUID(s["agency"]), UUID(s["duty"])) for s in said["by"])
        self.questions[str(e.id)] = Question(
            e.id, said["paper"], said["to"], said["mark"], e.agency, e.actor, e.at, signers
        )

    def signed(self, e: Event) -> None:
        one = self.questions[e.codes["signs"]]
        done = tuple(
            replace(s, by=e.actor, at=e.at) if s.agency == e.agency and s.by is None else s
            for s in one.signers
        )
        self.questions[e.codes["signs"]] = replace(one, signers=done)

    def close(self, key: str) -> None:
        self.questions[key] = replace(self.questions[key], is_over=True)


MOVES = (ASK_SIGN.name, SIGNED.name, SIGN_BACK.name, GIVEN_OUT.name)


def in_matter(matter: UUID) -> list[Question]:
    """Every letter that was laid before somebody in this matter, the newest first."""
    found = _Found()
    for e in Event.objects.filter(matter=matter, move__in=MOVES).order_by("seq"):
        found.take(e)
    return list(found.questions.values())[::-1]


def standing(matter: UUID, paper: str) -> Question | None:
    """The question about this paper that is not over."""
    return next((q for q in in_matter(matter) if q.paper == paper and not q.is_over), None)


# -- who may ------------------------------------------------------------------------------------------------


def is_needed(made: Draft, actor: Actor) -> bool:
    """Whether somebody else must sign before this person gives the paper out."""
    needed = set(made.paper.signs)
    if actor.role == PostRole.HEAD:
        needed.discard(HEAD)
    return bool(needed)


def may_leave(made: Draft, actor: Actor) -> Verdict:
    """ALLOW where nobody needs to sign, or everybody has, and it still says what they signed."""
    if not is_needed(made, actor):
        return ALLOW
    one = standing(made.matter.id, made.paper.name)
    if one is None:
        return deny(_("这份函要先送签。"), "sign")
    if not one.is_signed:
        return deny(_("还在等签发。"), "sign")
    if one.mark != mark_of(made):
        return deny(_("签过之后内容变了,请重新送签。"), "sign")
    return ALLOW


def can_sign(actor: Actor, one: Question) -> Verdict:
    """The head for the own office, a head or officer of an office that co-signs; never whoever asked."""
    signer = one.open_for(actor.agency_id)
    if signer is None:
        return deny(_("这份函不等本单位签。"), "sign")
    if signer.as_ == HEAD and actor.role != PostRole.HEAD:
        return deny(_("由本单位负责人签发。"), "right")
    if actor.role not in (PostRole.HEAD, PostRole.OFFICER):
        return deny(_("由本单位负责人签发。"), "right")
    if actor.account_id == one.account:
        return deny(_("要由另一个人签,不能自己签自己。"), "same-person")
    return ALLOW


# -- acts ---------------------------------------------------------------------------------------------------


def ask(made: Draft, *, actor: Actor, now: datetime) -> None:
    """送签: everybody who must sign owes it from now on; an older question about the same paper is void."""
    roles = made.matter.roles
    with transaction.atomic():
        seated = visible_to(actor).find(made.matter.id, lock=True)
        old = standing(made.matter.id, made.paper.name)
        wanted = {
            HEAD: actor.agency_id,
            **{r: UUID(roles[r]["agency"]) for r in made.paper.signs if r in roles},
        }
        if any(name not in wanted for name in made.paper.signs):
            raise RuleBroken(_("会签单位还没有加入这件事项。"))
        offices = Agency.objects.in_bulk([wanted[n] for n in made.paper.signs])
        duties: dict[str, Any] = {}

        def owe(moving: Moving) -> None:
            for name in made.paper.signs:
                office = offices[wanted[name]]
                duties[name] = owes(moving, office).id
                if office.id != actor.agency_id:
                    moving.tell(office.id, TOLD)
            moving.codes["sign"] = {
                "paper": made.paper.name,
                "to": made.to,
                "mark": mark_of(made),
                "by": [{"as": n, "agency": str(wanted[n]), "duty": str(duties[n])} for n in made.paper.signs],
            }
            for duty in moving.duties if old else ():
                if duty.id in {s.duty for s in old.signers}:  # type: ignore[union-attr]
                    moving.finish_duty(duty, Duty.Outcome.VOID)

        words = dict(made.edited)
        if set(made.paper.signs) - {HEAD}:  # papers that another office co-signs say nothing of a person
            words[WHOLE] = "\n".join(f"{i.label['zh']}:{i.zh}" for i in made.items)
        record(seated, ASK_SIGN, actor=actor, now=now, words=words, also=owe)


def owes(moving: Moving, office: Agency) -> Duty:
    """A duty of the office that signs, whoever leads the matter."""
    duty = moving.start_duty(BUILT_IN_DUTIES[DUTY])
    duty.agency, duty.post_id, duty.line = office, None, office.line
    duty.village, duty.township, duty.county, duty.city = (
        office.village,
        office.township,
        office.county,
        office.city,
    )
    return duty


def decide(
    *, actor: Actor, matter_id: UUID, question: UUID, sends_back: bool = False, why: str = "", now: datetime
) -> None:
    """同意签发, an event with name, office and time; or 退回修改 with the reason in writing, and nobody else needs to
    sign this draft any more.
    """
    why = why.strip() if sends_back else ""
    if sends_back and len(why) < 2:
        raise RuleBroken(_("有几处需要改一下。"), {"why": _("请写明哪里要改。")})
    with transaction.atomic():
        seated = visible_to(actor).find(matter_id, lock=True)
        one = asked(matter_id, question)  # read again under the lock
        require(can_sign(actor, one))
        mine = one.open_for(actor.agency_id)
        assert mine

        def finish(moving: Moving) -> None:
            others = {s.duty for s in one.signers} if why else {mine.duty}
            for duty in moving.duties:
                if duty.id in others and duty.done_at is None:
                    done = duty.id == mine.duty
                    moving.finish_duty(duty, Duty.Outcome.DONE if done else Duty.Outcome.VOID)

        record(
            seated,
            SIGN_BACK if why else SIGNED,
            actor=actor,
            now=now,
            values={"reason": why} if why else {},
            codes={"signs": str(one.id), "as": mine.as_},
            tells=one.agency if one.agency != actor.agency_id else None,
            also=finish,
        )


def asked(matter: UUID, question: UUID) -> Question:
    """That question, by its own id or that of the duty to sign; NotFound where there is none."""
    every = in_matter(matter)
    one = next((q for q in every if q.id == question or question in {s.duty for s in q.signers}), None)
    if one is None:
        raise NotFound
    return one


def text_for_cosigner(seated: Seated, actor: Actor, one: Question, now: datetime) -> str:
    """What an office that co-signs reads: the letter as it was laid before it."""
    read = Reading(seated=seated, actor=actor, now=now)
    event = next(e for e in read.events if e.id == one.id)
    words: Mapping[str, Any] = read.words(event)[0]
    return str(words.get(WHOLE, ""))
