"""Playbooks (办事流程): what may happen to a matter, as YAML files that are checked before they run.

`schema` says what a playbook is made of, `loader` reads a file, `checker` proves that nobody can fall
through it, `interpreter` answers what a move does, `library` holds the catalogue. Pure Python.

>>> from anjia.law import playbooks
>>> playbooks.catalogue()["dv-case"].first_stage.name
'received'
"""

from anjia.law.playbooks.checker import check
from anjia.law.playbooks.findings import Finding
from anjia.law.playbooks.known import Known
from anjia.law.playbooks.library import catalogue, check_all, effect_share, known
from anjia.law.playbooks.loader import load
from anjia.law.playbooks.located import PlaybookError

__all__ = [
    "Finding",
    "Known",
    "PlaybookError",
    "catalogue",
    "check",
    "check_all",
    "effect_share",
    "known",
    "load",
]
