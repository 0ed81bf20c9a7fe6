"""Moves and duties that every matter has without its playbook saying so (claim, assign, note, reply …)."""

from __future__ import annotations

from pathlib import Path

from anjia.law.playbooks.loader import load_built_in
from anjia.law.playbooks.schema import Duty, Field, Move

BUILT_IN_FIELDS: dict[str, Field]
BUILT_IN_DUTIES: dict[str, Duty]
BUILT_IN_MOVES: dict[str, Move]
BUILT_IN_FIELDS, BUILT_IN_DUTIES, BUILT_IN_MOVES = load_built_in(Path(__file__).with_name("builtin.yaml"))
