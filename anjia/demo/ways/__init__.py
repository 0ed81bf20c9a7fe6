"""How matters go, procedure by procedure: data that the demo city lives by."""

from __future__ import annotations

from anjia.demo.ways.dv_case import DV_CASE
from anjia.demo.ways.mediation import MEDIATION
from anjia.demo.ways.petitions import BROUGHT, INCIDENT, PETITION, RE_REVIEW, REPEAT, REVIEW, URGING
from anjia.demo.ways.protection_order import PROTECTION_ORDER
from anjia.demo.ways.referral import REFERRAL
from anjia.demo.ways.shelter_stay import SHELTER_STAY
from anjia.demo.ways.warning_letter import WARNING_LETTER
from anjia.demo.ways.way import Procedure, Step, Way
from anjia.law.playbooks.library import catalogue

__all__ = ["BY_HAND", "OFFICE_WORK", "PROCEDURES", "TOO_YOUNG_FOR", "Procedure", "Step", "Way"]

KNOWN = (
    DV_CASE,
    REFERRAL,
    WARNING_LETTER,
    PROTECTION_ORDER,
    MEDIATION,
    PETITION,
    REVIEW,
    RE_REVIEW,
    URGING,
    BROUGHT,
    INCIDENT,
    REPEAT,
    SHELTER_STAY,
)
#: Every procedure of the catalogue that the city knows, by name.
PROCEDURES: dict[str, Procedure] = {p.name: p for p in KNOWN if p.name in catalogue()}
#: What a city in its first year cannot have: no record's period has run out, so nothing may be listed for destruction.
TOO_YOUNG_FOR = frozenset({"records-destruction"})
#: What the city lives through elsewhere than in its crowd: a village's month, the rounds of 平安家庭推选.
BY_HAND = frozenset({"walk-round", "lead", "recognition-round", "household-recognition"})
#: The house's own work, in which no person's matter is lived: `demo/office.py` tells it.
OFFICE_WORK = frozenset({"instruction", "monthly-page", "shift-handover"})
