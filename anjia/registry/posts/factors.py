"""The second factor: who must show one, and whether it was shown just now.

Pages that need a fresh one ask `is_fresh`, and send the person to `gate.to_step_up` where it is not.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest

from anjia.registry.posts.models import Account, Factor, Post, PostRole

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
    """Whether this post is acted in only by somebody who has shown a second factor, from the first day on.

    The federation's offices above the village, which hold what an abuser looks for, and who looks after accounts.
    """
    line, tier = (post.agency.line, post.agency.tier) if isinstance(post, Post) else (post.line, post.tier)
    return post.role == PostRole.SYSADMIN or (line == FEDERATION and tier != "village")


def is_asked_of(post: Post | Actor) -> bool:
    """Whether this post may open names or what happened: whoever holds it gets a second factor sooner or later.

    A leader reaches no matter. Everybody else may be asked to help, partners, villages and volunteers too.
    """
    return post.role != PostRole.LEADER


def days_left(account: Account, now: datetime) -> int:
    """For how many days somebody who need not have one at once still comes in without; 0 when they are over.

    They count from when she first came in, so that nobody is shut out by an account that lay unused.
    """
    begun = account.first_in_at or now
    left = begun + timedelta(days=settings.FACTOR_DAYS) - now
    return max(0, -(-left // timedelta(days=1)))


def of_account(account: UUID) -> list[Factor]:
    """The second factors somebody has now, the oldest first. One statement."""
    return list(Factor.objects.filter(account=account, removed_at__isnull=True).order_by("added_at", "id"))
