"""Before anything is served: is the master key there, and is it the one this database was sealed under?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import connections

from anjia.foundation.vault import suites
from anjia.foundation.vault.errors import KeyProblem, VaultError
from anjia.foundation.vault.models import DataKey, Token
from anjia.foundation.vault.providers import provider
from anjia.foundation.vault.vault import TOKEN_BYTES, wrap_aad


def master_key_works(**kwargs: Any) -> list[CheckMessage]:
    """The provider can be made and can unwrap what it wraps."""
    try:
        master = provider()
        name = master.current_id
        if master.unwrap(name, master.wrap(name, b"proof", b"check"), b"check") != b"proof":
            return [Error("the master key provider does not give back what it wrapped", id="vault.E002")]
    except KeyProblem as problem:
        return [Error(str(problem), id="vault.E001")]
    return []


def master_key_fits(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """The newest stored root key opens under the master key (run with `check --database default`)."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        if DataKey._meta.db_table not in connections[alias].introspection.table_names():
            continue
        row = DataKey.objects.using(alias).order_by("-root").first()
        if row is None:
            continue
        try:
            provider().unwrap(row.master_id, bytes(row.wrapped), wrap_aad(row.root, row.master_id))
        except VaultError as problem:
            hint = "Restore the master key that belongs to this database; nothing is lost until then."
            found.append(Error(str(problem), hint=hint, id="vault.E003"))
    return found


def tokens_fit(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """People are found by the suite they were entered with: another one would find nobody."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        if Token._meta.db_table not in connections[alias].introspection.table_names():
            continue
        row = Token.objects.using(alias).order_by("-id").first()
        names = {suites.AES: "aes", suites.SM: "sm"}
        made = suites.AES if row is None or len(bytes(row.token)) == TOKEN_BYTES else suites.SM
        if row is not None and made != suites.for_tokens():
            text = f"the search tokens of this database are of the suite {names[made]}: nobody would be found"
            found.append(Error(text, hint=f"Set ANJIA_TOKEN_SUITE={names[made]}.", id="vault.E004"))
    return found
