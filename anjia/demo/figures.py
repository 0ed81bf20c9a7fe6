"""The demo's closing figures, counted from what was lived: what the stories promise, and whether it holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anjia.demo.story import STARTED
from anjia.engine.matters.language import language
from anjia.engine.matters.models import Duty, Matter, Wall
from anjia.foundation.events.models import Access, Event
from anjia.foundation.vault import vault
from anjia.foundation.vault.models import Compartment, Sealed
from anjia.law.playbooks.library import catalogue

WHERE = Compartment.WHEREABOUTS
#: Values of the whereabouts that say where somebody is, and the shortest text that could.
SAYING_WHERE = ("now_at", "leaves_to")
SHORTEST = 4


@dataclass(frozen=True)
class Figure:
    """One line: what was counted, how many, and, where something was promised, whether it holds."""

    label: str | Promise
    value: int
    of: int | None = None
    holds: bool | None = None


def closing() -> list[Figure]:
    """What the demo says of itself when it is built, and on its front page."""
    return [*kinds(), *of_the_story(), *of_everything()]


def kinds() -> Iterator[Figure]:
    """How many matters of each procedure there are."""
    counted = dict(Matter.objects.values_list("playbook").annotate(n=Count("id")).order_by("playbook"))
    yield Figure(_("事项合计"), sum(counted.values()))
    for name, book in catalogue().items():
        if counted.get(name):
            yield Figure(book.label[language()], counted[name])


def story() -> Matter | None:
    """The matter of the family whose months are told."""
    return Matter.objects.filter(parent__isnull=True, opened_at=STARTED).first()


def of_the_story() -> Iterator[Figure]:
    """Every office one acceptance and one written reply; the one duty that slipped has its reason."""
    told = story()
    if told is None:
        return
    asked, faithful = partners(told)
    yield Figure(_("一个家庭:协办单位"), asked)
    yield Figure(_("其中接收、书面回复各一次"), faithful, asked, faithful == asked)
    late = Duty.objects.filter(root=told.id, is_late=True)
    yield reasons(_("一个家庭:逾期做的期限,写明原因"), late)
    yield Figure(_("一个家庭:回避"), Wall.objects.filter(root=told.id).count())


def partners(root: Matter) -> tuple[int, int]:
    """How many offices were asked for help, and how many of them accepted once and replied once."""
    letters = dict(Matter.objects.filter(root=root.id, playbook="referral").values_list("id", "holder"))
    acts: Counter[tuple[UUID, str]] = Counter()
    for matter, move in Event.objects.filter(matter__in=list(letters)).values_list("matter", "move"):
        acts[letters[matter], move] += 1
    offices = set(letters.values())
    return len(offices), sum(acts[o, "accept"] == acts[o, "give_reply"] == 1 for o in offices)


def reasons(label: str | Promise, late: QuerySet[Duty]) -> Figure:
    """How many of these late duties say why."""
    said, all_late = late.exclude(late_reason="").count(), late.count()
    return Figure(label, said, all_late, said == all_late)


def of_everything() -> Iterator[Figure]:
    """Nothing late without a reason, nobody's present address in any paper, no look at it without a purpose."""
    yield reasons(_("全市:逾期做的期限,写明原因"), Duty.objects.filter(is_late=True))
    papers, leaking = papers_with_an_address()
    yield Figure(_("含现住址的文书和记录"), leaking, papers, leaking == 0)
    looks = Access.objects.filter(how="where")
    with_purpose = looks.exclude(purpose="").count()
    yield Figure(_("查看住处,写明用途"), with_purpose, looks.count(), with_purpose == looks.count())


def papers_with_an_address() -> tuple[int, int]:
    """Sealed documents beside the whereabouts of everybody who is hidden, and those that say where she is."""
    papers = leaking = 0
    for root in Sealed.objects.filter(compartment=WHERE).values_list("root", flat=True).distinct():
        key = vault.key(root)
        hidden = [vault.open_sealed(s, key) for s in Sealed.objects.filter(root=root, compartment=WHERE)]
        places = {
            str(d[name]) for d in hidden for name in SAYING_WHERE if len(str(d.get(name, ""))) >= SHORTEST
        }
        for paper in Sealed.objects.filter(root=root).exclude(compartment=WHERE):
            papers += 1
            said = str(vault.open_sealed(paper, key))
            leaking += any(place in said for place in places)
    return papers, leaking
