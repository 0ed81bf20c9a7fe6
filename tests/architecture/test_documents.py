"""What the documents promise to whoever runs the house is what the code does: the numbers are read from both."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from anjia.foundation.files import files, kinds, packages, pictures
from anjia.foundation.limits.limits import LIMITS
from anjia.foundation.vault.models import Compartment
from anjia.registry.posts import factors, passwords, sessions

DOCS = Path(__file__).resolve().parents[2] / "docs"


def document(name: str) -> str:
    return re.sub(r"\s+", " ", (DOCS / name).read_text(encoding="utf-8"))


def minutes(span: object) -> int:
    return int(span.total_seconds() // 60)  # type: ignore[attr-defined]


def test_limits_are_said_as_they_are() -> None:
    text = document("OPERATING.md")
    for name, limit in LIMITS.items():
        span = minutes(limit.window)
        each = {1: "minute", 15: "15 minutes", 60: "hour", 1440: "day"}[span]
        assert (
            f"`{name}` {limit.count:,} a {each}" in text or f"`{name}` {limit.count:,} in {each}" in text
        ), name
    assert "a call for help is never refused" in text
    assert "nobody is locked out for good" in text


def test_words_that_are_no_password_are_said() -> None:
    text = document("OPERATING.md")
    assert not [word for word in passwords.OURS if word not in text]


def test_lengths_of_sessions_are_said_as_they_are() -> None:
    text = document("OPERATING.md")
    assert (
        f"{minutes(sessions.IDLE)} minutes at rest, {minutes(sessions.IDLE_SEALED)} after a case was open"
        in text
    )
    assert f"{minutes(sessions.LONGEST) // 60} hours in all" in text
    assert "any number of browsers, each shown and ended by its owner" in text


def test_what_decisions_look_at_is_said() -> None:
    """The surroundings that count: time, address, recency of a factor; and that nothing else does."""
    text = document("OPERATING.md")
    assert "## What is decided on which ground" in text
    assert f"a second factor not older than {factors.FRESH_MINUTES} minutes" in text
    assert "never the network or the machine" in text


def test_what_a_browser_must_know_is_said() -> None:
    text = document("OPERATING.md")
    for words in (
        "content security policy",
        "HSTS",
        "SameSite",
        "Clear-Site-Data",
        "without scripts",
        "WebAuthn",
    ):
        assert words in text, words


def test_what_is_taken_is_said_as_it_is() -> None:
    text = document("SECURITY.md")
    assert f"up to {files.MAX_BYTES // 1024**2} MB" in text
    for most in set(pictures.MOST_PIXELS.values()):
        assert f"{most // 10**6} " in text
    assert f"packages to {packages.MAX_UNPACKED // 1024**2} MB unpacked" in text
    called = {"docx": "Word", "xlsx": "Excel", "txt": "text", "jpeg": "JPEG", "png": "PNG", "webp": "WebP", "pdf": "PDF",
              "mp3": "MP3", "m4a": "M4A", "amr": "AMR", "ogg": "Ogg", "webm": "WebM"}  # fmt: skip
    taken = {k.name for k in vars(kinds).values() if isinstance(k, kinds.Kind)}
    assert taken <= set(called)
    assert not [k for k in taken if called[k] not in text]
    assert "Everything is served to be saved" in text


def test_whom_it_talks_to_is_said() -> None:
    from anjia.foundation.events import anchoring
    from anjia.registry.posts.second import sso

    text = document("OPERATING.md")
    assert "## Where it waits and what it does then" in text
    assert f"| keeper of anchors, time stamps | one, by the worker | {anchoring.PATIENCE_SECONDS} s |" in text
    assert f"| government's sign-in | one a sign-in | {sso.SECONDS} s |" in text
    assert "to nothing else" in text


@pytest.mark.parametrize("words", ["pip-audit", "Risky parts", "Dangerous work", "What costs much"])
def test_what_costs_much_is_said(words: str) -> None:
    assert words in document("OPERATING.md")


def test_every_compartment_is_named_with_its_purpose() -> None:
    """Each kind of sealed data stands in the table of PRIVACY.md with why, who and how."""
    called = {
        Compartment.LABEL: "name, number, address", Compartment.IDENTITY: "name, number, address",
        Compartment.CONTACT: "safe contact", Compartment.WHEREABOUTS: "whereabouts", Compartment.NARRATIVE: "what she tells",
        Compartment.COUNSEL: "counsel", Compartment.EVIDENCE: "photographs and papers", Compartment.REPORTER: "who reported",
        Compartment.RESPONDENT: "complained of",
    }  # fmt: skip
    text = (DOCS / "PRIVACY.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("|") and line.count("|") == 5]
    for compartment in Compartment:
        assert [r for r in rows if called[compartment] in r and "sealed" in r], compartment


def test_logs_are_said() -> None:
    text = document("OPERATING.md")
    for words in (
        "`stderr`",
        "six months",
        "time in UTC, level, place in the program, ids",
        "reading log",
        "ledger",
    ):
        assert words in text, words
