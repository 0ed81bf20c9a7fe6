"""Capability 78 · 对口对接机制 · Agency-to-agency referral with a written reply.

Works when: a referral cannot be closed without a written reply, and the matter it belongs to cannot end before.
Screen: /desk/m/<id>/do/hand_over/, /desk/m/<id>/do/give_reply/
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from anjia.engine.matters.models import Matter
from anjia.engine.matters.tests.test_petition import OPINION, accepted
from anjia.engine.matters.tests.world import World
from anjia.foundation.core.verdict import NotAllowed

SignIn = Callable[[str], Client]


def test_nothing_ends_before_the_office_has_written_back(world: World, signed_in: SignIn) -> None:
    m = accepted(world)
    child = world.does("county", "hand_over", m, "04-22 09:00", agency=str(world.offices["aid"].id), urgency="normal",
                       request="请核实并书面回复。").child  # fmt: skip
    assert child is not None
    answer = {"answered_on": "2026-05-20", **OPINION}
    with pytest.raises(NotAllowed) as refused:
        world.does("county", "answer_supported", m, "05-20 09:00", **answer)
    assert "没有书面回复" in str(refused.value.verdict.reason)
    aid = signed_in("aid")
    ver = Matter.objects.get(pk=child).ver
    blank = aid.post(f"/desk/m/{child}/do/give_reply/", {"outcome": "done", "reply_text": "  ", "ver": ver})
    assert blank.status_code == 422
    assert "这一项要填" in blank.content.decode()
    assert Matter.objects.get(pk=child).ended_at is None
    done = aid.post(
        f"/desk/m/{child}/do/give_reply/", {"outcome": "done", "reply_text": "已核实。", "ver": ver}
    )
    assert done.status_code == 302
    assert Matter.objects.get(pk=child).result == "replied"
    world.does("county", "answer_supported", m, "05-20 10:00", **answer)
    assert world.row(m).result == "supported"
