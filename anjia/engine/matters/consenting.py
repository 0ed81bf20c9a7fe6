"""Whether a consent counts: not a child's own, and never that of whoever is, or may be, the one complained of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, NoReturn

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anjia.engine.matters import walls
from anjia.engine.matters.models import Party, PersonLink
from anjia.engine.matters.moving import Moving
from anjia.engine.matters.persons import birth_date
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.core.verdict import RuleBroken
from anjia.foundation.vault import vault
from anjia.foundation.vault.models import Token

CONSENT = "consent"
HERSELF = "herself"
#: Whoever stands on the other side, in every procedure.
ACCUSED = frozenset({"complained", "other"})
#: What makes two entries one person here. A home does not: whoever protects a child may live in the same one.
ALIKE = ("phone", "id_number", "name_birth", "name")
OF_AGE = 18
MINOR_BANDS = frozenset({"0-5", "6-13", "14-17"})

Message = str | Promise
ACCUSED_WORDS = _(
    "这位监护人(或者委托的人)就是被反映人,或者可能是同一个人,他的同意不算数。"
    "请由另一位监护人同意,或者改选法定职责等其他依据。"
)


def giver(moving: Moving) -> Party | None:
    """Who consented, where the grant stands on consent. RuleBroken in plain words where it does not count."""
    if moving.values.get("grant_ground") != CONSENT:
        return None
    by = moving.values.get("consent_by")
    if not by:
        refuse("consent_by", _("请选谁同意的。"))
    for name in ("consent_on", "consent_way"):
        if not moving.values.get(name):
            refuse(name, _("这一项要填。"))
    if str(moving.values["consent_on"]) > moving.now.astimezone(SHANGHAI).date().isoformat():
        refuse("consent_on", _("日期不能在今天以后。"))
    return herself(moving) if by == HERSELF else somebody_for_her(moving)


def herself(moving: Moving) -> Party:
    """The person the matter is about; a child does not consent alone."""
    asking = moving.party("asking")
    if asking is None:
        refuse("consent_by", _("这件事项没有登记本人。"))
    if is_minor(moving, asking):
        refuse("consent_by", _("本人未满十八周岁:请由没有被反映的监护人同意,或者选法定依据。"))
    return asking


def somebody_for_her(moving: Moving) -> Party | None:
    """A guardian or agent: a person recorded here, or named now."""
    chosen = str(moving.values.get("giver") or "")
    party = next((p for p in moving.parties if str(p.id) == chosen), None)
    if chosen and party is None:
        refuse("giver", _("请从列表中选择。"))
    if party is None and not moving.values.get("giver_name"):
        refuse("giver_name", _("请选或写明是谁同意的。"))
    if is_accused(moving, party):
        refuse("giver" if party else "giver_name", ACCUSED_WORDS)
    return party


def is_minor(moving: Moving, party: Party) -> bool:
    """By date of birth where it is known, else by the age band."""
    born = birth_date(moving.document(party.role, "identity"))
    if born:
        today, day = moving.now.astimezone(SHANGHAI).date(), date.fromisoformat(born)
        years = today.year - day.year - ((today.month, today.day) < (day.month, day.day))
        return years < OF_AGE
    return party.age_band in MINOR_BANDS


def is_accused(moving: Moving, party: Party | None) -> bool:
    """Whether the giver is, is linked as, or shares an identifier with somebody complained of in this family's matters."""
    if party and (party.role in ACCUSED or is_linked(party)):
        return True
    roots = walls.family(moving.matter.root)
    accused = list(Party.objects.filter(root__in=roots, role__in=ACCUSED).values_list("id", flat=True))
    known = tokens(Token.objects.filter(owner__in=accused, kind__in=ALIKE).values_list("kind", "token"))
    return bool(known & (tokens_of(party) | typed(moving)))


def is_linked(party: Party) -> bool:
    """Whether she or he was held to be the same person as somebody complained of, in any matter."""
    persons = PersonLink.objects.filter(party=party, ended_at__isnull=True).values("person")
    return PersonLink.objects.filter(
        person__in=persons, ended_at__isnull=True, party__role__in=ACCUSED
    ).exists()


def tokens_of(party: Party | None) -> set[tuple[str, bytes]]:
    """What a person recorded here is found by."""
    if party is None:
        return set()
    return tokens(Token.objects.filter(owner=party.id, kind__in=ALIKE).values_list("kind", "token"))


def typed(moving: Moving) -> set[tuple[str, bytes]]:
    """What was typed of somebody who is not recorded."""
    given = (("name", moving.values.get("giver_name")), ("phone", moving.values.get("giver_phone")))
    return {(kind, vault.token(kind, str(v))) for kind, v in given if v and vault.normalise(kind, str(v))}


def tokens(rows: Iterable[tuple[str, Any]]) -> set[tuple[str, bytes]]:
    return {(kind, bytes(token)) for kind, token in rows}


def refuse(field: str, words: Message) -> NoReturn:
    raise RuleBroken(words, {field: words})
