"""One question for a second factor: what is offered, what is remembered of it, and whether the answer is right.

What is remembered travels with the page, sealed, and is worth nothing after ten minutes, for another person or
after the factor was used: there is no half-signed-in session that somebody could find open.
"""

from __future__ import annotations

import base64
import hmac
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from anjia.foundation.limits import limits
from anjia.foundation.vault import vault
from anjia.registry.posts import factors as held
from anjia.registry.posts.actions import factors as actions
from anjia.registry.posts.models import Factor, FactorKind
from anjia.registry.posts.second.certificates import Certificates
from anjia.registry.posts.second.demo import DemoCode
from anjia.registry.posts.second.passkeys import Passkeys
from anjia.registry.posts.second.provider import Given, New, Provider, site_of
from anjia.registry.posts.second.sso import SingleSignOn
from anjia.registry.posts.second.totp import Codes

log = logging.getLogger("anjia.door")
PROVIDERS: dict[str, Provider] = {
    p.kind: p for p in (Codes(), Passkeys(), Certificates(), SingleSignOn(), DemoCode())
}
SEAL = "sign-in step"
LASTS = timedelta(minutes=10)
#: At the door: show one, or add the first one. Inside: show one again, or add another.
PROVE, FIRST, AGAIN, ADD = "prove", "first", "again", "add"
OWN = "own"  # her own password in place of the one that was handed over
TRIES = ("factor.account", "factor.day")


@dataclass(frozen=True)
class Ticket:
    """Which question was put to whom and when."""

    step: str
    account: UUID
    at: datetime
    next: str
    name: str  # what she is called in her authenticator
    kept: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    under: str = (
        ""  # at the door: which password was shown; a page made under an earlier one is worth nothing
    )

    def is_answered_by(self, state: str) -> bool:
        """Whether somebody who comes back from the government's sign-in was sent there by this question."""
        ours = self.kept.get(FactorKind.SSO.value, {}).get("state", "")
        return bool(ours) and hmac.compare_digest(ours.encode(), state.encode())

    def sealed(self) -> str:
        """As it travels with the page."""
        said = {
            "step": self.step,
            "account": self.account.hex,
            "at": self.at.isoformat(),
            "next": self.next,
            "name": self.name,
            "kept": {kind: dict(values) for kind, values in self.kept.items()},
            "under": self.under,
        }
        return base64.urlsafe_b64encode(vault.box(SEAL, json.dumps(said).encode())).decode()


def opened(text: str, now: datetime) -> Ticket | None:
    """A ticket that came back, unless it is not ours or too old."""
    try:
        said = json.loads(vault.unbox(SEAL, base64.urlsafe_b64decode(text.encode())))
    except (ValueError, vault.SealBroken):
        return None
    at = datetime.fromisoformat(said["at"])
    if not timedelta() <= now - at < LASTS:
        return None
    account = UUID(said["account"])
    return Ticket(said["step"], account, at, said["next"], said["name"], said["kept"], said["under"])


@dataclass(frozen=True)
class Way:
    """One kind of factor as the page offers it."""

    kind: str
    label: str | Promise
    about: str | Promise
    shown: Mapping[str, Any]


def ask(request: HttpRequest, ticket: Ticket) -> tuple[Ticket, list[Way]]:
    """What this person may answer with, and the ticket that remembers the question."""
    mine, site, ways, kept = held.of_account(ticket.account), site_of(request), [], {}
    for provider in offered(ticket, mine):
        own = [f for f in mine if f.kind == provider.kind]
        if ticket.step in (FIRST, ADD):
            asked = provider.ask_new(ticket.name, own, site, ticket.kept.get(provider.kind, {}))
        else:
            asked = provider.ask(own, site)
        ways.append(Way(provider.kind, provider.label, provider.about, asked.shown))
        kept[provider.kind] = asked.kept
    return replace(ticket, kept=kept), ways


def offered(ticket: Ticket, mine: Sequence[Factor]) -> list[Provider]:
    """Kinds that this question can be answered with: those one has; to add one, those there are."""
    if ticket.step in (FIRST, ADD):
        return [p for p in PROVIDERS.values() if p.is_on() and p.kind != held.DEMO_CODE]
    have = {f.kind for f in mine} | ({held.DEMO_CODE} if ticket.step == AGAIN else set())
    return [p for p in PROVIDERS.values() if p.is_on() and p.kind in have]


def given(request: HttpRequest, ticket: Ticket, kind: str, now: datetime) -> Given:
    """What came back for one kind."""
    values = {k: str(v) for k, v in request.POST.items()}
    return Given(values, request.headers, ticket.kept.get(kind, {}), site_of(request), now)


def prove(request: HttpRequest, ticket: Ticket, now: datetime) -> str:
    """ "" when the right factor was shown, else what to say. Wrong tries are counted, right ones are not."""
    kind = request.POST.get("kind", "")
    mine = held.of_account(ticket.account)
    provider = next((p for p in offered(ticket, mine) if p.kind == kind), None)
    if refused := counted(ticket.account, now):
        return refused
    if provider is not None and kind in ticket.kept:
        own = [f for f in mine if f.kind == kind]
        shown = provider.prove(own, given(request, ticket, kind, now))
        if shown is not None and actions.note_use(shown=shown, asked_at=ticket.at, now=now):
            not_counted(ticket.account, now)
            return ""
    log.warning("second factor refused: account %s", ticket.account)
    return wrong()


def enrol(request: HttpRequest, ticket: Ticket, now: datetime) -> tuple[New | None, str]:
    """The new factor, or None and what to say."""
    kind = request.POST.get("kind", "")
    provider = next((p for p in offered(ticket, ()) if p.kind == kind), None)
    if refused := counted(ticket.account, now):
        return None, refused
    new = provider.enrol(given(request, ticket, kind, now)) if provider and kind in ticket.kept else None
    if new is None:
        return None, wrong()
    not_counted(ticket.account, now)
    return new, ""


def wrong() -> str:
    """One sentence for everything that does not fit: which part was wrong helps only a stranger."""
    return _("没有通过。动态码每30秒换一次、只能用一次,请用新的再试。")


def counted(account: UUID, now: datetime) -> str:
    """Count a try; what to say when there were too many."""
    verdicts = (limits.take(name, account.bytes, now) for name in TRIES)
    return next((str(v.reason) for v in verdicts if not v), "")  # what one limit refuses costs no other


def not_counted(account: UUID, now: datetime) -> None:
    """A right answer does not use up a try."""
    for name in TRIES:
        limits.give_back(name, account.bytes, now)
