"""不得单独上门: where somebody who goes to a door is in danger, two go and police come along.

Said at the intake, by police, at an assessment, by anybody who was there. Whoever may go there sees that it is so;
why, only whoever may read the words of the step that said it. It holds for every matter of the case and for those
that were decided to be the same family's or person's. It is looked at again within six months and does not lapse by
itself while the case runs. No list is made of it and nothing else is concluded from it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from anjia.engine.matters.models import Duty, Link, Matter, PersonLink
from anjia.engine.matters.moving import Moving
from anjia.foundation.core.batch import Batch
from anjia.foundation.outbox import outbox
from anjia.law.playbooks.builtin import BUILT_IN_DUTIES, BUILT_IN_FIELDS
from anjia.law.playbooks.interpreter import find_duty
from anjia.law.playbooks.schema import Field, Move, Playbook

WHY, REVIEW = "not_alone_why", "alone_review"
KEPT, OVER = "alone_kept", "alone_over"
COLUMNS = ["not_alone_until", "not_alone_of"]
#: What every visit answers, whoever makes it.
FOUND = "visit_found"
#: Asked of a visit while it stands; of a talk by telephone nothing is asked.
COMPANY = (BUILT_IN_FIELDS["visit_company"], BUILT_IN_FIELDS["alone_reason"])
IN_PERSON = ("visit_way", ("door", "agreed_place"))


def stands(matter: Matter) -> bool:
    """Whether nobody goes there alone."""
    return matter.not_alone_until is not None


# -- visits ---------------------------------------------------------------------------------------------


def is_visit(move: Move) -> bool:
    """Whether somebody goes and looks how they are."""
    return move.ask(FOUND) is not None


def asking(move: Move, matter: Matter) -> Move:
    """A visit while it stands is asked who went along and, of whoever went alone, why."""
    return with_company(move) if stands(matter) and is_visit(move) else move


def with_company(move: Move) -> Move:
    """The visit with the two questions; left out where nobody went anywhere."""
    if not is_visit(move):
        return move
    in_person = move.ask(IN_PERSON[0]) is not None
    company, why = COMPANY
    return replace(
        move, asks=(*move.asks, replace(company, show_when=IN_PERSON) if in_person else company, why)
    )


def is_visit_duty(playbook: Playbook, kind: str) -> bool:
    """Whether that duty is met by going there."""
    return any(
        is_visit(playbook.moves[name]) for name in find_duty(playbook, kind).done_by if name in playbook.moves
    )


def questions(move: Move, matter: Matter) -> tuple[Field, ...]:
    """What is asked on top of the move's own form."""
    return asking(move, matter).asks[len(move.asks) :]


# -- said, kept, taken away -----------------------------------------------------------------------------


def follow(moving: Moving) -> None:
    """What this step says of it, for the whole case: a clock for looking again, and the mark on every matter."""
    if moving.move.builtin and moving.move.name == OVER:
        take_away(moving)
        return
    keeps = moving.move.builtin and moving.move.name == KEPT
    if not keeps and not moving.values.get(WHY):
        return
    review = next((d for d in moving.new_duties if d.kind == REVIEW), None) or new_review(moving)
    moving.codes["not_alone"] = "kept" if keeps else "said"
    put(moving, review.due_at)


def new_review(moving: Moving) -> Duty:
    """The clock begins anew with what was said now."""
    for duty in moving.duties:
        if duty.kind == REVIEW and duty.done_at is None:
            moving.finish_duty(duty, Duty.Outcome.VOID)
    return moving.start_duty(BUILT_IN_DUTIES[REVIEW])


def put(moving: Moving, until: datetime) -> None:
    """On this matter, on every other one of the case, and on those that are the same family's or person's."""
    here = moving.matter
    for matter in [here, *family(moving)]:
        mark(moving.batch, matter, here.id, until, is_new=matter is here and moving.is_opening)
    if moving.is_opening and here.parent_id is None:
        return  # nobody can have linked yet what is only now written down
    for other in elsewhere(here.root):
        if other.not_alone_of is None:
            mark(moving.batch, other, here.id, until)


def family(moving: Moving) -> list[Matter]:
    """The other matters of the case, the one that this step opens among them."""
    here = moving.matter
    others = (
        [] if moving.is_opening and here.parent_id is None else list(Matter.objects.filter(root=here.root))
    )
    found = {m.id: m for m in [*others, *([moving.opened] if moving.opened else [])]}
    return [m for m in found.values() if m.id != here.id]


def mark(
    batch: Batch, matter: Matter, of: UUID | None, until: datetime | None, *, is_new: bool = False
) -> None:
    """One matter; a row that is only now being written takes it with it."""
    matter.not_alone_of, matter.not_alone_until = of, until
    if not is_new:
        batch.update(matter, COLUMNS)


def take_away(moving: Moving) -> None:
    """No longer, unless another matter of the same case still says so."""
    here = moving.matter
    moving.codes["not_alone"] = "over"
    left = Duty.objects.filter(root=here.root, kind=REVIEW, done_at__isnull=True).exclude(matter=here)
    other = left.order_by("-due_at").first()
    of, until = (other.matter_id, other.due_at) if other else (None, None)
    marked = Matter.objects.filter(Q(not_alone_of=here.id) | Q(pk=here.id))
    for matter in [here, *[m for m in marked if m.id != here.id]]:
        mark(moving.batch, matter, of, until)


def elsewhere(root: UUID) -> list[Matter]:
    """Matters of other cases that somebody decided to be about the same person or the same family."""
    roots = other_roots(root)
    return list(Matter.objects.filter(root__in=roots).order_by("id")) if roots else []


def other_roots(root: UUID) -> set[UUID]:
    """Their roots."""
    people = PersonLink.objects.filter(party__root=root, ended_at__isnull=True).values_list(
        "person", flat=True
    )
    met = PersonLink.objects.filter(person__in=list(people), ended_at__isnull=True)
    found = set(met.values_list("party__root", flat=True))
    same = Link.objects.filter(kind="same", ended_at__isnull=True)
    found |= set(same.filter(first__root=root).values_list("second__root", flat=True))
    found |= set(same.filter(second__root=root).values_list("first__root", flat=True))
    return found - {root}


def share(batch: Batch, first: Matter, second: Matter) -> None:
    """Two matters are now held to be the same family's or person's: what stands in one stands in the other."""
    for one, other in ((first, second), (second, first)):
        if one.not_alone_of and other.not_alone_of is None:
            rest = Matter.objects.filter(root=other.root).exclude(pk__in=[one.id, other.id])
            for matter in [other, *rest]:
                mark(batch, matter, one.not_alone_of, one.not_alone_until)


# -- after the case has ended ---------------------------------------------------------------------------


@outbox.scheduled("matters.not_alone", every=timedelta(hours=12))
def lapse(*, now: datetime) -> int:
    """Six months after the last word, where the case that said so has ended and nobody looks again: it is gone."""
    past = Matter.objects.filter(not_alone_of__isnull=False, not_alone_until__lte=now)
    sources = [of for of in past.values_list("not_alone_of", flat=True) if of]
    over = list(Matter.objects.filter(pk__in=sources, ended_at__isnull=False).values_list("id", flat=True))
    return Matter.objects.filter(not_alone_of__in=over).update(not_alone_of=None, not_alone_until=None)
