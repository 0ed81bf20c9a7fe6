"""From a posted form to the plain values an action takes. Checking them is the engine's; this only gathers.

A field `name` of a playbook is posted under `prefix + name`. Money is typed in yuan and handed on in fen;
a place may come as a code or, without JavaScript, as letters in `name__words`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

WORDS = "__words"


class Asked(Protocol):
    """As much of a playbook field as gathering needs."""

    @property
    def name(self) -> str:
        """Key in the values."""

    @property
    def type(self) -> str:
        """One of the playbook field types."""


@dataclass(frozen=True)
class Gathered:
    """`values` for the action, `typed` to show the form again exactly as it was, `files` by field name."""

    values: dict[str, Any] = field(default_factory=dict)
    typed: dict[str, Any] = field(default_factory=dict)
    files: dict[str, list[UploadedFile[Any]]] = field(default_factory=dict)


def gather(
    fields: Iterable[Asked],
    post: QueryDict,
    files: MultiValueDict[str, UploadedFile[Any]] | None = None,
    *,
    prefix: str = "",
) -> Gathered:
    """Everything the form posted for these fields; what was left blank is left out of `values`."""
    got = Gathered()
    for f in fields:
        key = prefix + f.name
        if f.type == "file":
            got.files[f.name] = list(files.getlist(key)) if files else []
            continue
        if f.type == "codes":
            raw: Any = [v for v in post.getlist(key) if v]
        else:
            # Without JavaScript a place has both a chosen radio and a list: whichever says something.
            raw = next((v.strip() for v in reversed(post.getlist(key)) if v.strip()), "")
        got.typed[f.name] = raw
        if f.type == "place" and (words := post.get(key + WORDS, "").strip()):
            got.typed[f.name + WORDS] = words
        if raw not in ("", []):
            got.values[f.name] = to_fen(raw) if f.type == "money" else raw
    return got


def to_fen(yuan: str) -> str:
    """ "12.5" → "1250"; what is not an amount stays as typed, so that the engine can say so."""
    try:
        fen = Decimal(yuan.replace(",", "").replace(",", "")) * 100
    except InvalidOperation:
        return yuan
    return str(int(fen)) if fen == fen.to_integral_value() else yuan


def unresolved_places(got: Gathered, fields: Iterable[Asked]) -> dict[str, str]:
    """Places typed as letters but not chosen (no JavaScript): name → letters, for a list to choose from."""
    return {
        f.name: got.typed[f.name + WORDS]
        for f in fields
        if f.type == "place" and f.name not in got.values and got.typed.get(f.name + WORDS)
    }


def shown_errors(errors: Mapping[str, Any]) -> dict[str, list[str]]:
    """Messages by field as lists of text, however the refusal carried them."""
    return {
        name: [str(m) for m in messages] if isinstance(messages, list | tuple) else [str(messages)]
        for name, messages in errors.items()
    }
