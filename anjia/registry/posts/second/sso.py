"""政务统一认证: the government's own sign-in (OpenID Connect, code flow with PKCE).

Off unless ANJIA_SSO_ISSUER, ANJIA_SSO_CLIENT and ANJIA_SSO_SECRET are set. It counts as a second factor only when the
token says that one was used there: `acr` (or a member of `amr`) must be among ANJIA_SSO_STRONG.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from anjia.registry.posts.models import Factor, FactorKind
from anjia.registry.posts.second.provider import Asked, Given, New, Shown, Site, handle_of, named

SECONDS = 10
LONGEST = 200_000
#: How far the two clocks may be apart.
SKEW = 60


class Refused(Exception):
    """The other side's answer is not to be believed, or there is none."""


class Straight(HTTPRedirectHandler):
    """The issuer answers itself: an answer that sends us elsewhere is none."""

    def redirect_request(self, *_args: Any, **_more: Any) -> None:
        """Never."""


STRAIGHT = build_opener(Straight)


class SingleSignOn:
    """The government's sign-in, where the city has one."""

    kind = FactorKind.SSO.value
    label = FactorKind.SSO.label
    about = _("转到政务统一认证登录,再回到这里。")

    def is_on(self) -> bool:
        """Only where the city has registered this installation there."""
        return bool(settings.SSO_ISSUER and settings.SSO_CLIENT and settings.SSO_SECRET)

    def ask_new(
        self, account_name: str, factors: Sequence[Factor], site: Site, before: Mapping[str, str]
    ) -> Asked:
        """The address to go to; what proves that the answer is to this question stays with us."""
        return self.ask(factors, site)

    def ask(self, factors: Sequence[Factor], site: Site) -> Asked:
        """The address to go to."""
        kept = {name: secrets.token_urlsafe(48) for name in ("nonce", "verifier", "state")}
        digest = hashlib.sha256(kept["verifier"].encode()).digest()
        query = {
            "response_type": "code",
            "client_id": settings.SSO_CLIENT,
            "redirect_uri": site.origin + reverse("posts:sso"),
            "scope": "openid",
            "nonce": kept["nonce"],
            "state": kept["state"],
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        try:
            start = described()["authorization_endpoint"]
        except (Refused, KeyError):
            return Asked({"href": ""}, kept)
        return Asked({"href": f"{start}?{urlencode(query)}"}, kept)

    def enrol(self, given: Given) -> New | None:
        """Whoever signed in there just now."""
        subject = self.subject(given)
        return None if subject is None else New({}, handle_of(self.kind, subject))

    def prove(self, factors: Sequence[Factor], given: Given) -> Shown | None:
        """Whether whoever signed in there is this person, and showed a second factor there."""
        subject = self.subject(given)
        factor = named(factors, handle_of(self.kind, subject)) if subject else None
        return Shown(factor) if factor else None

    def subject(self, given: Given) -> bytes | None:
        """Who signed in there; None when the answer is not to be believed."""
        code = given.values.get("code", "")
        if not (self.is_on() and code and given.kept.get("nonce")):
            return None
        try:
            claims = redeem(code, given)
        except Refused:
            return None
        return f"{claims['iss']}|{claims['sub']}".encode()


def redeem(code: str, given: Given) -> Mapping[str, Any]:
    """The claims behind a code. Refused unless signed by the issuer, for us, for this question, and strong."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": given.site.origin + reverse("posts:sso"),
        "client_id": settings.SSO_CLIENT,
        "client_secret": settings.SSO_SECRET,
        "code_verifier": given.kept["verifier"],
    }
    answer = fetched(str(described().get("token_endpoint", "")), form)
    claims = verified(str(answer.get("id_token", "")))
    audience = claims.get("aud")
    now = given.now.timestamp()
    strong = {str(claims.get("acr", "")), *(str(a) for a in claims.get("amr") or ())}
    believed = (
        claims.get("iss") == settings.SSO_ISSUER
        and (audience == settings.SSO_CLIENT or audience == [settings.SSO_CLIENT])
        and hmac.compare_digest(str(claims.get("nonce", "")).encode(), given.kept["nonce"].encode())
        and number(claims, "iat") - SKEW <= now < number(claims, "exp") + SKEW
        and bool(claims.get("sub"))
        and bool(strong & set(settings.SSO_STRONG))
    )
    if not believed:
        raise Refused
    return claims


def number(claims: Mapping[str, Any], name: str) -> float:
    """A time in a token; Refused when there is none."""
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Refused
    return float(value)


def verified(token: str) -> Mapping[str, Any]:
    """The claims of a token that the issuer's key signed."""
    try:
        head, body, signature = token.split(".")
        said, claims = json.loads(decoded(head)), json.loads(decoded(body))
        key = key_of(said)
        check(key, decoded(signature), f"{head}.{body}".encode(), str(said["alg"]))
    except (ValueError, KeyError, TypeError, InvalidSignature):
        raise Refused from None
    if not isinstance(claims, dict):
        raise Refused
    return claims


def check(key: Mapping[str, Any], signature: bytes, signed: bytes, algorithm: str) -> None:
    """InvalidSignature unless this key made it. The key says which algorithm it is for, never the token alone."""
    if algorithm == "RS256" and key.get("kty") == "RSA":
        numbers = rsa.RSAPublicNumbers(whole(key["e"]), whole(key["n"]))
        numbers.public_key().verify(signature, signed, padding.PKCS1v15(), SHA256())
    elif (
        algorithm == "ES256" and key.get("kty") == "EC" and key.get("crv") == "P-256" and len(signature) == 64
    ):
        point = ec.EllipticCurvePublicNumbers(whole(key["x"]), whole(key["y"]), ec.SECP256R1())
        pair = (int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))
        point.public_key().verify(encode_dss_signature(*pair), signed, ec.ECDSA(SHA256()))
    else:
        raise InvalidSignature


def key_of(said: Mapping[str, Any]) -> Mapping[str, Any]:
    """The issuer's key that a token names; asked for again once, when the issuer has changed its keys."""
    for again in (False, True):
        if again:
            fetch_once.cache_clear()
        keys = fetch_once(str(described().get("jwks_uri", ""))).get("keys", [])
        found = [k for k in keys if k.get("kid") == said.get("kid") and k.get("use", "sig") == "sig"]
        if len(found) == 1:
            key: Mapping[str, Any] = found[0]
            return key
    raise Refused


def described() -> Mapping[str, Any]:
    """The issuer's description of itself."""
    said = fetch_once(settings.SSO_ISSUER.rstrip("/") + "/.well-known/openid-configuration")
    if said.get("issuer") != settings.SSO_ISSUER:
        raise Refused
    return said


@lru_cache(maxsize=8)
def fetch_once(address: str) -> Mapping[str, Any]:
    """A description or key list, kept while the server runs."""
    return fetched(address)


def fetched(address: str, form: Mapping[str, str] | None = None) -> Mapping[str, Any]:
    """What the issuer answers. Only over TLS, except on this machine; Refused when it does not answer."""
    parts = urlsplit(address)
    if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost"):
        raise Refused
    data = urlencode(form).encode() if form is not None else None
    try:
        with STRAIGHT.open(Request(address, data), timeout=SECONDS) as answer:  # noqa: S310 - checked above
            value = json.loads(answer.read(LONGEST))
    except (OSError, ValueError):
        raise Refused from None
    if not isinstance(value, dict):
        raise Refused
    return value


def decoded(part: str) -> bytes:
    """Base64url as tokens write it."""
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def whole(part: str) -> int:
    """A number of a key."""
    return int.from_bytes(decoded(part), "big")
