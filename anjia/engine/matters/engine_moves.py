"""Moves that no playbook names because nobody chooses them: the clock and the engine make them."""

from __future__ import annotations

from anjia.law.playbooks.schema import Move

OPENED = Move(name="open", label={"zh": "登记", "en": "Opened"}, from_=(), by=(), builtin=True)
CLIMB = Move(name="climb", label={"zh": "提级", "en": "Escalated"}, from_=(), by=("clock",), builtin=True)
ASK_SAME = Move(
    name="ask_same",
    label={"zh": "提示可能是同一家庭", "en": "May be the same family"},
    from_=(),
    by=("clock",),
    builtin=True,
)
WHEREABOUTS = Move(
    name="whereabouts",
    label={"zh": "更新住处与去向", "en": "Whereabouts updated"},
    from_=(),
    by=(),
    builtin=True,
)
ENGINE_MOVES = {m.name: m for m in (OPENED, CLIMB, ASK_SAME, WHEREABOUTS)}
