"""What every kind of second factor is asked and answers: one interface, so that a city takes what it has."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import Promise

from anjia.foundation.vault import vault
from anjia.registry.posts.models import Factor

SEAL = "second factor"


@dataclass(frozen=True)
class Site:
    """This installation as the browser addresses it; a passkey belongs to it and to no look-alike."""

    host: str
    origin: str


@dataclass(frozen=True)
class Asked:
    """A question: what the page shows, and what only we remember of it (it travels sealed)."""

    shown: Mapping[str, Any] = field(default_factory=dict)
    kept: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Given:
    """An answer: what was typed or sent, with what we remembered of the question."""

    values: Mapping[str, str]
    headers: Mapping[str, str]
    kept: Mapping[str, str]
    site: Site
    now: datetime


@dataclass(frozen=True)
class New:
    """A second factor to be added: how it is found again, and what it is checked with."""

    body: Mapping[str, str]
    handle: bytes | None = None
    counter: int = 0


@dataclass(frozen=True)
class Shown:
    """A second factor that was shown, and its counter after this use."""

    factor: Factor | None  # None: the demo's code, which belongs to nobody
    counter: int = 0


class Provider(Protocol):
    """One kind of second factor."""

    @property
    def kind(self) -> str:
        """Its code."""

    @property
    def label(self) -> str | Promise:
        """What people call it."""

    @property
    def about(self) -> str | Promise:
        """What to do, in the words of somebody who has never done it."""

    def is_on(self) -> bool:
        """Whether this installation offers it."""

    def ask_new(
        self, account_name: str, factors: Sequence[Factor], site: Site, before: Mapping[str, str]
    ) -> Asked:
        """What is needed to add one; `before` is what was kept when this page was shown already."""

    def enrol(self, given: Given) -> New | None:
        """The new factor, or None when the answer does not fit the question."""

    def ask(self, factors: Sequence[Factor], site: Site) -> Asked:
        """What is needed to show one of these factors, all of this kind."""

    def prove(self, factors: Sequence[Factor], given: Given) -> Shown | None:
        """Which of these factors was shown; None when none was. Writes nothing."""


def site_of(request: HttpRequest) -> Site:
    """This installation in the words of the request; the host has been checked against the allowed ones."""
    host = request.get_host()
    scheme = "https" if settings.HTTPS or request.is_secure() else "http"
    return Site(host.rsplit(":", 1)[0] if not host.endswith("]") else host, f"{scheme}://{host}")


def sealed(factor: Factor, body: Mapping[str, str]) -> bytes:
    """What a factor is checked with, sealed for its row."""
    return vault.box(SEAL, json.dumps(dict(body)).encode(), aad=factor.id.bytes)


def opened(factor: Factor) -> dict[str, str]:
    """What a factor is checked with."""
    value: dict[str, str] = json.loads(vault.unbox(SEAL, factor.body, aad=factor.id.bytes))
    return value


def handle_of(kind: str, name: bytes) -> bytes:
    """What stands in the table for a key, a certificate or a subject that names itself."""
    return vault.fingerprint(f"factor {kind}", name)


def named(factors: Sequence[Factor], handle: bytes) -> Factor | None:
    """The factor that this handle names."""
    return next((f for f in factors if f.handle is not None and bytes(f.handle) == handle), None)
