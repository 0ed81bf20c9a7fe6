"""数字证书(UKey): the proxy in front checks the certificate and its PIN; we recognise whose it is.

Off unless ANJIA_CERTIFICATE_HEADER names the header in which the proxy passes the certificate on (PEM, percent-encoded,
as nginx does with $ssl_client_escaped_cert) and ANJIA_CERTIFICATE_SECRET what it proves itself with, so that
nobody who reaches this server past the proxy can claim a certificate.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from urllib.parse import unquote

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from anjia.registry.posts.models import Factor, FactorKind
from anjia.registry.posts.second.provider import Asked, Given, New, Shown, Site, handle_of, named

SECRET_HEADER = "X-Certificate-Secret"  # noqa: S105 - the header's name
LONGEST = 16_000


class Certificates:
    """A certificate key (UKey) in the computer, checked by the proxy."""

    kind = FactorKind.CERTIFICATE.value
    label = FactorKind.CERTIFICATE.label
    about = _("把UKey插在电脑上,浏览器会请您选证书、输入口令。")

    def is_on(self) -> bool:
        """Only behind a proxy that checks certificates and proves itself."""
        return bool(settings.CERTIFICATE_HEADER and settings.CERTIFICATE_SECRET)

    def ask_new(
        self, account_name: str, factors: Sequence[Factor], site: Site, before: Mapping[str, str]
    ) -> Asked:
        """Nothing to show: the browser asks for the certificate."""
        return Asked()

    def enrol(self, given: Given) -> New | None:
        """The certificate in the computer now."""
        seen = presented(given)
        return None if seen is None else New({}, handle_of(self.kind, seen))

    def ask(self, factors: Sequence[Factor], site: Site) -> Asked:
        """Nothing to show."""
        return Asked()

    def prove(self, factors: Sequence[Factor], given: Given) -> Shown | None:
        """Whether the certificate in the computer is one that was added."""
        seen = presented(given)
        factor = named(factors, handle_of(self.kind, seen)) if seen else None
        return Shown(factor) if factor else None


def presented(given: Given) -> bytes | None:
    """The fingerprint of the certificate that the proxy checked; None without one in force."""
    if not Certificates().is_on():
        return None
    proved = given.headers.get(SECRET_HEADER, "").encode()
    text = given.headers.get(settings.CERTIFICATE_HEADER, "")
    if not hmac.compare_digest(proved, settings.CERTIFICATE_SECRET.encode()) or not 0 < len(text) <= LONGEST:
        return None
    try:
        certificate = x509.load_pem_x509_certificate(unquote(text).encode())
    except ValueError:
        return None
    if not certificate.not_valid_before_utc <= given.now <= certificate.not_valid_after_utc:
        return None
    return certificate.fingerprint(SHA256())
