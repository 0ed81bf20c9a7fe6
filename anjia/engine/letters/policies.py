"""Who may be shown where she is: the office that leads the matter, for a stated purpose."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from anjia.engine.matters.seats import Seated
from anjia.foundation.core.verdict import ALLOW, Verdict, deny
from anjia.registry.posts import who_may
from anjia.registry.posts.actors import Actor
from anjia.registry.posts.models import PostRole

#: Lines whose work may need her address while they hold a matter; a village's never does.
LINES = frozenset({"federation", "police", "court", "civil_affairs"})


def can_open_whereabouts(actor: Actor, seated: Seated) -> Verdict:
    """Only a named office above the village that leads the matter, never a volunteer, never from above."""
    if not who_may.opens("desk:whereabouts", seated.relation, send=True):
        return deny(_("只有承办单位可以申请查看住处与去向。"), "capacity")
    if actor.tier == "village" or actor.role == PostRole.VOLUNTEER or actor.line not in LINES:
        return deny(_("这个岗位不能查看住处与去向。"), "post")
    return ALLOW
