"""The second factor: who must show one, and whether it was shown just now.

Pages that need a fresh one ask `is_fresh`, and send the person to `gate.to_step_up` where it is not.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.http import HttpRequest

from anjia.registry.posts.models import Factor, Post, PostRole

if TYPE_CHECKING:
    from anjia.registry.posts.actors import Actor
    from anjia.registry.posts.sessions import SignedIn

#: How recent a second factor must be where somebody is looked for: whereabouts, and one's own keys.
FRESH_MINUTES = 5
#: In the demo one click lets a visitor in; it opens nothing that asks for a fresh factor.
ONE_CLICK = "one-click"
#: The demo's own code, shown on the screen that asks for it.
DEMO_CODE = "demo"
FEDERATION = "federation"


def is_fresh(request: HttpRequest, minutes: int = FRESH_MINUTES) -> bool:
    """Whether the person at this browser showed a second factor within the last minutes.

    False for anybody not signed in, and for a visitor of the demo who has only clicked a name.
    """
    signed_in: SignedIn | None = getattr(request, "signed_in", None)
    if signed_in is None or signed_in.proved_at is None or signed_in.proved_by == ONE_CLICK:
        return False
    now: datetime = request.now  # type: ignore[attr-defined]
    age = now - signed_in.proved_at
    return timedelta() <= age < timedelta(minutes=minutes)


def must_have(post: Post | Actor) -> bool:
    """Whether this post is acted in only by somebody who has shown a second factor.

    The federation's offices above the village: they hold what an abuser looks for. The village, where one
    phone is shared by the whole day's work, and every partner may add one and then needs it too.
    """
    line, tier = (post.agency.line, post.agency.tier) if isinstance(post, Post) else (post.line, post.tier)
    return post.role == PostRole.SYSADMIN or (line == FEDERATION and tier != "village")


def of_account(account: UUID) -> list[Factor]:
    """The second factors somebody has now, the oldest first. One statement."""
    return list(Factor.objects.filter(account=account, removed_at__isnull=True).order_by("added_at", "id"))
