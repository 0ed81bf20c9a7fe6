"""验证器动态码: six digits that change every half minute (RFC 6238), from any authenticator app."""

from __future__ import annotations

import base64
import hmac
import secrets
from collections.abc import Mapping, Sequence
from urllib.parse import quote

import segno
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from anjia.registry.posts.models import Factor, FactorKind
from anjia.registry.posts.second.provider import Asked, Given, New, Shown, Site, opened

STEP = 30
DIGITS = 6
#: A telephone's clock may be wrong by one step either way.
DRIFT = 1


class Codes:
    """An authenticator app on the person's own telephone."""

    kind = FactorKind.TOTP.value
    label = FactorKind.TOTP.label
    about = _("手机上的验证器程序每30秒给出6位数字,不用联网,不收短信。")

    def is_on(self) -> bool:
        """Every installation has it."""
        return True

    def ask_new(
        self, account_name: str, factors: Sequence[Factor], site: Site, before: Mapping[str, str]
    ) -> Asked:
        """A new secret, as a picture to scan and as letters to type."""
        secret = before.get("secret") or base64.b32encode(secrets.token_bytes(20)).decode()
        groups = " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))
        here = address(secret, account_name)
        picture = segno.make(here, error="m").svg_data_uri(scale=5, border=3, light="#fff")
        shown = {"letters": groups, "picture": picture, "here": here}
        return Asked(shown, {"secret": secret})

    def enrol(self, given: Given) -> New | None:
        """The app is set up when it shows the right code once."""
        secret = given.kept.get("secret", "")
        step = matching_step(secret, given, after=0) if secret else None
        return None if step is None else New({"secret": secret}, counter=step)

    def ask(self, factors: Sequence[Factor], site: Site) -> Asked:
        """Only the code."""
        return Asked()

    def prove(self, factors: Sequence[Factor], given: Given) -> Shown | None:
        """Each code opens once: a step that was used, and every one before it, is over."""
        for factor in factors:
            step = matching_step(opened(factor)["secret"], given, after=factor.counter)
            if step is not None:
                return Shown(factor, step)
        return None


def address(secret: str, account_name: str) -> str:
    """What the picture says to an authenticator app; six digits each half minute need not be said."""
    return f"otpauth://totp/{quote(settings.DESK_NAME)}:{quote(account_name)}?secret={secret}"


def code_at(secret: str, step: int) -> str:
    """The six digits of one half minute."""
    maker = TOTP(base64.b32decode(secret), DIGITS, SHA1(), STEP, enforce_key_length=False)  # noqa: S303
    return maker.generate(step * STEP).decode()


def matching_step(secret: str, given: Given, *, after: int) -> int | None:
    """Which half minute the typed code belongs to, of those around now that are later than `after`."""
    typed = "".join(c for c in given.values.get("code", "") if not c.isspace())
    here = int(given.now.timestamp()) // STEP
    found = None
    for step in range(here - DRIFT, here + DRIFT + 1):
        is_it = hmac.compare_digest(code_at(secret, step).encode(), typed.encode())
        if is_it and step > after:
            found = step
    return found
