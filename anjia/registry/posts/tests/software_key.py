"""A passkey made of software: answers what a page asks as a key in a telephone would, or almost."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import bytes_to_base64url as b64

PRESENT, VERIFIED, HAS_KEY = 0x01, 0x04, 0x40


@dataclass
class SoftwareKey:
    """One key for one site. `flags` are what it says about the person in front of it."""

    host: str = "testserver"
    origin: str = "http://testserver"
    flags: int = PRESENT | VERIFIED
    uses: int = 0
    name: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def client(self, kind: str, options: dict[str, Any]) -> bytes:
        said = {"type": f"webauthn.{kind}", "challenge": options["challenge"], "origin": self.origin}
        return json.dumps(said | {"crossOrigin": False}).encode()

    def head(self, flags: int) -> bytes:
        self.uses += 1
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + self.uses.to_bytes(4, "big")

    def create(self, options: dict[str, Any]) -> str:
        """The answer to "make a key for me"."""
        point = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
        data = self.head(self.flags | HAS_KEY) + bytes(16) + len(self.name).to_bytes(2, "big") + self.name
        attested = {"fmt": "none", "attStmt": {}, "authData": data + cbor2.dumps(public)}
        return self.answer(
            attestationObject=cbor2.dumps(attested), clientDataJSON=self.client("create", options)
        )

    def get(self, options: dict[str, Any]) -> str:
        """The answer to "show me your key"."""
        client, data = self.client("get", options), self.head(self.flags)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self.answer(authenticatorData=data, clientDataJSON=client, signature=signature)

    def answer(self, **parts: bytes) -> str:
        response = {name: b64(value) for name, value in parts.items()}
        name = b64(self.name)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
