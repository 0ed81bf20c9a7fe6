"""Certificates and the government's sign-in: off by default, and believed only as far as they prove themselves."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from django.test import Client
from pytest_django import Settings

from anjia.foundation.core import clock
from anjia.registry.posts import actions
from anjia.registry.posts.actors import SYSTEM
from anjia.registry.posts.models import Factor, Post, Session
from anjia.registry.posts.second import sso
from anjia.registry.posts.second.certificates import Certificates
from anjia.registry.posts.second.provider import New, handle_of
from anjia.registry.posts.second.sso import SingleSignOn
from anjia.registry.posts.tests.conftest import NOW

PASSWORD = "correct horse battery"
pytestmark = [pytest.mark.urls("anjia.registry.posts.tests.urls"), pytest.mark.django_db]


@pytest.fixture
def client(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Client:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # what is slow on purpose
    settings.MIDDLEWARE = ["anjia.registry.posts.middleware.SignedInMiddleware"]
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return Client()


@pytest.fixture
def wu(make: SimpleNamespace) -> Post:
    account = actions.add_account(login="wu", name="吴秀珍", password=PASSWORD, actor=SYSTEM, now=NOW)
    held: Post = make.post(account, make.agency())
    return held


def password(client: Client) -> Any:
    client.cookies.clear()
    return client.post("/desk/sign-in/", {"login": "wu", "password": PASSWORD})


def ticket(page: Any) -> str:
    found = re.search(r'name="ticket" value="([^"]+)"', page.content.decode())
    assert found
    return found[1]


# -- certificates ---------------------------------------------------------------------------------------


def certificate(*, days: int = 30, key: ec.EllipticCurvePrivateKey | None = None) -> x509.Certificate:
    key = key or ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "UKey 1")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number())
    made = made.not_valid_before(NOW - timedelta(days=60)).not_valid_after(NOW + timedelta(days=days))
    return made.sign(key, SHA256())


@pytest.fixture
def proxy(settings: Settings) -> None:
    settings.CERTIFICATE_HEADER, settings.CERTIFICATE_SECRET = "X-Client-Cert", "between the two of us"


def headers(shown: x509.Certificate) -> dict[str, str]:
    pem = quote(shown.public_bytes(Encoding.PEM).decode())
    return {"X-Client-Cert": pem, "X-Certificate-Secret": "between the two of us"}


def by_certificate(client: Client, sent: dict[str, str]) -> int:
    page = password(client)
    form = {"ticket": ticket(page), "kind": "certificate"}
    return int(client.post("/desk/sign-in/second/", form, headers=sent).status_code)


def test_a_certificate_is_added_and_opens_afterwards(client: Client, wu: Post, proxy: None) -> None:
    mine = certificate()
    form = {"ticket": ticket(password(client)), "kind": "certificate"}
    assert client.post("/desk/sign-in/first/", form, headers=headers(mine)).status_code == 302
    assert by_certificate(client, headers(mine)) == 302


@pytest.mark.parametrize(
    "fault", ["other", "expired", "no secret", "wrong secret", "nonsense", "none", "off"]
)
def test_what_the_proxy_does_not_vouch_for_opens_nothing(
    client: Client, wu: Post, proxy: None, settings: Settings, fault: str
) -> None:
    mine = certificate(days=-1 if fault == "expired" else 30)
    handle = handle_of("certificate", mine.fingerprint(SHA256()))
    actions.add_factor(account=wu.account.pk, kind="certificate", new=New({}, handle), now=NOW)
    sent = headers(certificate() if fault == "other" else mine)
    if fault == "no secret":
        del sent["X-Certificate-Secret"]
    if fault == "wrong secret":
        sent["X-Certificate-Secret"] = "guessed"
    if fault == "nonsense":
        sent["X-Client-Cert"] = "-----BEGIN CERTIFICATE-----"
    if fault == "off":
        settings.CERTIFICATE_SECRET = ""
    assert by_certificate(client, {} if fault == "none" else sent) == 422
    assert not Session.objects.exists()


def test_both_are_off_by_default(client: Client, wu: Post) -> None:
    page = password(client).content.decode()
    assert "way-totp" in page
    assert "way-certificate" not in page
    assert "way-sso" not in page
    assert not Certificates().is_on()
    assert not SingleSignOn().is_on()


# -- the government's sign-in ---------------------------------------------------------------------------


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@dataclass
class Issuer:
    """A sign-in service on this machine, which can be told to lie."""

    key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))
    wrong: dict[str, Any] = field(default_factory=dict)
    signer: rsa.RSAPrivateKey | None = None
    algorithm: str = "RS256"
    asked: dict[str, str] = field(default_factory=dict)
    url: str = ""

    def answer(self, path: str, form: dict[str, str]) -> dict[str, Any] | None:
        numbers = self.key.public_key().public_numbers()
        if path == "/.well-known/openid-configuration":
            paths = ("authorization_endpoint", "token_endpoint", "jwks_uri")
            return {"issuer": self.url, **{name: f"{self.url}/{name}" for name in paths}}
        if path == "/jwks_uri":
            key = {"kty": "RSA", "kid": "1", "n": b64(numbers.n.to_bytes(256, "big")), "e": "AQAB"}
            return {"keys": [key]}
        challenge = b64(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if path == "/token_endpoint" and form["code"] == "good" and challenge == self.asked["code_challenge"]:
            assert form["client_secret"] == "hush"
            return {"id_token": self.token()}
        return None

    def token(self) -> str:
        at = int(NOW.timestamp())
        claims = {"iss": self.url, "aud": "anjia", "sub": "u-7", "acr": "mfa", "iat": at, "exp": at + 300}
        claims |= {"nonce": self.asked["nonce"], **self.wrong}
        head = {"alg": self.algorithm, "kid": "1"}
        signed = ".".join(b64(json.dumps(part).encode()) for part in (head, claims))
        if self.algorithm == "none":
            return signed + "."
        signature = (self.signer or self.key).sign(signed.encode(), padding.PKCS1v15(), SHA256())
        return f"{signed}.{b64(signature)}"


@pytest.fixture
def issuer(settings: Settings) -> Iterator[Issuer]:
    made = Issuer()

    class Door(BaseHTTPRequestHandler):
        def reply(self, form: dict[str, str]) -> None:
            said = made.answer(self.path, form)
            self.send_response(200 if said else 400)
            self.end_headers()
            self.wfile.write(json.dumps(said or {}).encode())

        def do_GET(self) -> None:
            self.reply({})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self.reply({name: values[0] for name, values in parse_qs(body).items()})

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Door) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        made.url = settings.SSO_ISSUER = f"http://127.0.0.1:{server.server_port}"
        settings.SSO_CLIENT, settings.SSO_SECRET, settings.SSO_STRONG = "anjia", "hush", ("mfa",)
        sso.fetch_once.cache_clear()
        yield made
        server.shutdown()
        thread.join()


def there_and_back(client: Client, issuer: Issuer, page: Any, code: str = "good", state: str = "") -> Any:
    """Follows the link to the other side, and comes back with its answer."""
    link = re.search(r'href="(http[^"]+authorization_endpoint[^"]+)"', page.content.decode())
    assert link
    issuer.asked = {k: v[0] for k, v in parse_qs(urlsplit(unescape(link[1])).query).items()}
    back = client.get("/desk/sso/", {"code": code, "state": state or issuer.asked["state"]})
    if back.status_code != 200:
        return back
    action = re.search(r'action="([^"]+)"', back.content.decode())
    assert action
    return client.post(action[1], {"ticket": ticket(back), "kind": "sso", "code": code})


def bound(wu: Post, issuer: Issuer) -> None:
    handle = handle_of("sso", f"{issuer.url}|u-7".encode())
    actions.add_factor(account=wu.account.pk, kind="sso", new=New({}, handle), now=NOW)


def test_the_governments_sign_in_is_bound_and_opens_afterwards(
    client: Client, wu: Post, issuer: Issuer
) -> None:
    assert there_and_back(client, issuer, password(client)).status_code == 302
    assert Factor.objects.get().kind == "sso"
    assert there_and_back(client, issuer, password(client)).status_code == 302
    assert Session.objects.latest("created_at").proved_by == "sso"


LIES: dict[str, dict[str, Any]] = {
    "another person": {"sub": "u-8"},
    "another issuer": {"iss": "http://evil.example"},
    "another client": {"aud": "other"},
    "two clients": {"aud": ["anjia", "other"]},
    "another question": {"nonce": "x"},
    "no second factor there": {"acr": "pwd"},
    "out of date": {"exp": int(NOW.timestamp()) - 120},
    "of tomorrow": {"iat": int(NOW.timestamp()) + 3600},
    "no time": {"exp": "soon"},
    "nobody": {"sub": ""},
}


@pytest.mark.parametrize("lie", list(LIES))
def test_a_token_that_is_not_for_this_sign_in_opens_nothing(
    client: Client, wu: Post, issuer: Issuer, lie: str
) -> None:
    bound(wu, issuer)
    issuer.wrong = LIES[lie]
    assert there_and_back(client, issuer, password(client)).status_code == 422
    assert not Session.objects.exists()


def test_a_token_signed_by_somebody_else_or_by_nobody_opens_nothing(
    client: Client, wu: Post, issuer: Issuer
) -> None:
    bound(wu, issuer)
    issuer.signer = rsa.generate_private_key(65537, 2048)
    assert there_and_back(client, issuer, password(client)).status_code == 422
    issuer.signer, issuer.algorithm = None, "none"
    assert there_and_back(client, issuer, password(client)).status_code == 422
    issuer.algorithm = "HS256"
    assert there_and_back(client, issuer, password(client)).status_code == 422


def test_an_answer_to_another_browser_or_question_is_not_taken(
    client: Client, wu: Post, issuer: Issuer
) -> None:
    bound(wu, issuer)
    page = password(client)
    assert there_and_back(client, issuer, page, state="x")["Location"] == "/desk/sign-in/"
    assert there_and_back(client, issuer, page, code="bad").status_code == 422
    client.cookies.clear()
    assert there_and_back(client, issuer, page)["Location"] == "/desk/sign-in/", "login by a sent link"


def test_a_service_that_does_not_answer_stops_nobody_else(
    client: Client, wu: Post, issuer: Issuer, settings: Settings
) -> None:
    settings.SSO_ISSUER = "http://127.0.0.1:9"
    page = password(client)
    assert page.status_code == 200
    assert "暂时连不上" in page.content.decode()
    settings.SSO_ISSUER = "http://192.0.2.1"
    assert "暂时连不上" in password(client).content.decode(), "only over TLS"
