"""通行密钥: a key in the telephone, the computer or a USB stick, opened with a fingerprint or its PIN (WebAuthn)."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from anjia.registry.posts.models import Factor, FactorKind
from anjia.registry.posts.second.provider import Asked, Given, New, Shown, Site, handle_of, named, opened

#: A person is asked for her fingerprint or PIN: a stick left in the machine opens nothing.
VERIFIED = UserVerificationRequirement.REQUIRED
CHALLENGE_BYTES = 32
#: Longer answers are no answers of a key.
LONGEST = 8000


class Passkeys:
    """A key that never leaves its device and answers only to this site's own name."""

    kind = FactorKind.PASSKEY.value
    label = FactorKind.PASSKEY.label
    about = _("用这台电脑、手机或一个U盘钥匙,按指纹或输入设备口令。最防钓鱼。")

    def is_on(self) -> bool:
        """Every installation has it; the page hides it where the browser cannot."""
        return True

    def ask_new(
        self, account_name: str, factors: Sequence[Factor], site: Site, before: Mapping[str, str]
    ) -> Asked:
        """A new key for this person; one she has added already is not added twice."""
        challenge = secrets.token_bytes(CHALLENGE_BYTES)
        options = generate_registration_options(
            rp_id=site.host,
            rp_name=settings.DESK_NAME,
            user_name=account_name,
            user_id=secrets.token_bytes(32),  # says nothing about the person, not even to her own device
            challenge=challenge,
            exclude_credentials=descriptors(factors),
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.DISCOURAGED, user_verification=VERIFIED
            ),
        )
        return asked(options, challenge)

    def enrol(self, given: Given) -> New | None:
        """The key, when its first answer fits question and site."""
        answer = parsed(given)
        if answer is None:
            return None
        try:
            checked = verify_registration_response(
                credential=answer,
                expected_challenge=base64url_to_bytes(given.kept.get("challenge", "")),
                expected_rp_id=given.site.host,
                expected_origin=given.site.origin,
                require_user_verification=True,
            )
        except FAULTS:
            return None
        body = {"id": b64(checked.credential_id), "key": b64(checked.credential_public_key)}
        return New(body, handle_of(self.kind, checked.credential_id), checked.sign_count)

    def ask(self, factors: Sequence[Factor], site: Site) -> Asked:
        """Any of the person's keys may answer."""
        challenge = secrets.token_bytes(CHALLENGE_BYTES)
        options = generate_authentication_options(
            rp_id=site.host,
            challenge=challenge,
            allow_credentials=descriptors(factors),
            user_verification=VERIFIED,
        )
        return asked(options, challenge)

    def prove(self, factors: Sequence[Factor], given: Given) -> Shown | None:
        """The key that answered, when signature, site and counter are right."""
        answer = parsed(given)
        if answer is None:
            return None
        try:
            credential = base64url_to_bytes(str(answer["rawId"]))
            factor = named(factors, handle_of(self.kind, credential))
            if factor is None:
                return None
            checked = verify_authentication_response(
                credential=answer,
                expected_challenge=base64url_to_bytes(given.kept.get("challenge", "")),
                expected_rp_id=given.site.host,
                expected_origin=given.site.origin,
                credential_public_key=base64url_to_bytes(opened(factor)["key"]),
                credential_current_sign_count=factor.counter,
                require_user_verification=True,
            )
        except FAULTS:
            return None
        return Shown(factor, checked.new_sign_count)


#: What a wrong or made-up answer ends in; anything else is a fault of ours.
FAULTS = (WebAuthnException, ValueError, KeyError, TypeError)


def b64(data: bytes) -> str:
    """Bytes as the browser's script speaks of them."""
    return bytes_to_base64url(data)


def asked(options: Any, challenge: bytes) -> Asked:
    """The question for the browser's script; its challenge stays with us."""
    return Asked({"options": options_to_json(options)}, {"challenge": b64(challenge)})


def descriptors(factors: Sequence[Factor]) -> list[PublicKeyCredentialDescriptor]:
    """The names of a person's keys."""
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(opened(f)["id"])) for f in factors]


def parsed(given: Given) -> dict[str, Any] | None:
    """What the key answered, as the browser's script wrote it down."""
    text = given.values.get("answer", "")
    if not text or len(text) > LONGEST:
        return None
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None
