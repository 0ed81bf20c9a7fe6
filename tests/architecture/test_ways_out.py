"""Nothing of a matter leaves but through the disclosure gate: no second place writes files, mails, tables or letters."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "anjia"
#: Ways out of the product, as they are called in code.
WAYS = re.compile(
    r"\b(csv\.(writer|DictWriter)|send_mail|EmailMessage|smtplib|mail_admins|StreamingHttpResponse|FileResponse"
    r"|http\.client|urllib\.request|urllib3|requests\.|httpx|aiohttp|import apprise|from apprise"
    r"|openpyxl|xlsxwriter|docx|reportlab|weasyprint|ftplib|paramiko)\b"
    r"|Content-Disposition|text/csv|application/(pdf|vnd|msword)"
)
#: … and where they may stand: with the reason.
ALLOWED = {
    "doors/desk/views/matter.py": "a paper of the matter, back to whoever has a seat in it",
    "doors/desk/views/papers.py": "papers and the package of originals, numbered and logged by the disclosure function",
    "doors/portal/views/point.py": "sheets of advice from a file; nothing of anybody",
    "engine/letters/rendering/drawing.py": "draws what the disclosure function has numbered",
    "engine/letters/rendering/pdf.py": "draws what the disclosure function has numbered",
    "engine/letters/rendering/word.py": "draws what the disclosure function has numbered",
    "engine/letters/spreadsheet.py": "a ledger's copy, numbered by letters/tables",
    "doors/desk/views/ledgers.py": "hands that copy over",
    "casework/incoming/table.py": "reads tables that come in; writes their own rows back with a sentence",
    "doors/desk/views/police_files.py": "the empty template, and those rows to whoever sent the file",
    "doors/desk/views/books.py": "hands over a book that the worker bound of ledgers",
    "foundation/files/kinds.py": "what kinds of file are taken in",
    "foundation/files/packages.py": "looks into office files that come in",
    "cli/bench/run.py": "measures our own server on this machine",
    "registry/posts/second/sso.py": "asks the city's sign-in service who somebody is; carries no matter",
    "engine/messages/channels.py": "messages: sentences of messages.yaml, handed over by the one sender",
    "foundation/events/anchoring.py": "sends the ledger's head, one hash, to a time-stamp authority",
}
#: Who may decrypt. Everything else gets its values from one of these.
OPENERS = {
    "engine/letters/gate.py", "engine/matters/tokens.py", "engine/matters/resident.py", "engine/matters/same_person.py",
    "engine/matters/unsaid.py", "engine/matters/worklists.py", "engine/matters/reading.py", "engine/matters/children.py",
    "engine/matters/corrections.py", "engine/matters/moving.py", "casework/resources/mediators.py",
    "casework/resources/actions.py", "registry/posts/people.py", "registry/posts/identities.py", "foundation/files/files.py",
    "registry/posts/ledger.py", "engine/matters/unusual_rules.py", "casework/incoming/batches.py",
    "engine/matters/safe_contact.py", "casework/counter/callbacks.py",
    "prevention/honours/following.py", "prevention/honours/notice.py",
}  # fmt: skip
#: Copies of a letter are made by one function.
PRINTING = {"engine/letters/disclosure.py", "engine/letters/packet.py", "doors/desk/views/papers.py"}


#: Who may have a PDF or Word file drawn, and from what.
DRAWERS = {
    "engine/letters/rendering/drawing.py": "a numbered copy",
    "engine/letters/packet.py": "a numbered copy with its annexes",
    "engine/letters/books.py": "a numbered book of ledgers, made by the worker",
    "casework/reporting/cards.py": "sheets of advice from a file; nothing of anybody",
    "engine/letters/rendering/pdf.py": "itself",
    "engine/letters/rendering/word.py": "itself",
}


def sources() -> list[Path]:
    return [
        p
        for p in PACKAGE.rglob("*.py")
        if not {"tests", "migrations", "locale"} & set(p.parts) and p.parts[len(PACKAGE.parts)] != "demo"
    ]


def name(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


def test_there_is_no_other_way_out() -> None:
    faults = {
        name(p): found[0]
        for p in sources()
        if name(p) not in ALLOWED and (found := WAYS.search(p.read_text(encoding="utf-8")))
    }
    assert not faults


@pytest.mark.parametrize(
    "line", ["csv.writer(out)", "send_mail('x')", "FileResponse(f)", "response['Content-Disposition'] = ''"]
)
def test_control_a_second_way_out_would_be_seen(line: str) -> None:
    assert WAYS.search(line)


def test_sealed_words_are_opened_in_few_places() -> None:
    """A new place that decrypts is a new way round the capacities; it is added here on purpose or not at all."""
    opening = re.compile(r"vault\.open_sealed\(")
    found = {name(p) for p in sources() if opening.search(p.read_text(encoding="utf-8"))}
    assert {f for f in found if not f.startswith(("cli/bench", "cli/backup"))} <= OPENERS


def test_only_the_disclosure_function_makes_copies() -> None:
    makers = {
        name(p)
        for p in sources()
        for node in ast.walk(ast.parse(p.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in ("release", "release_packed")
        and "disclosure" in ast.unparse(node.func)
    }  # fmt: skip
    assert makers <= PRINTING


def test_files_are_drawn_of_numbered_copies_alone() -> None:
    """Whoever wants a PDF or a Word file of something of a matter gets it from a copy that passed the gate."""
    calls = re.compile(r"\b(pdf_of|word_of|drawn|compiler)\(")
    imports = re.compile(
        r"letters\.rendering(\.(pdf|word)\b| import .*\b(pdf|word)\b)|^import (typst|docx)|^from (typst|docx)",
        re.M,
    )
    found = {
        name(p)
        for p in sources()
        if imports.search(text := p.read_text(encoding="utf-8")) and calls.search(text)
    }
    assert found <= set(DRAWERS), found - set(DRAWERS)


def test_only_the_ledgers_page_makes_copies_of_many_matters() -> None:
    makers = {
        name(p)
        for p in sources()
        if re.search(r"\btables\.release\(|\bspreadsheet\.workbook\(", p.read_text(encoding="utf-8"))
    }
    assert makers <= {"doors/desk/views/ledgers.py"}
    weekly = {name(p) for p in sources() if re.search(r"\bweekly\.release\(", p.read_text(encoding="utf-8"))}
    assert weekly <= {"doors/desk/views/weekly.py"}


@pytest.mark.parametrize("line", ["import apprise", "requests.post(x)", "from apprise import Apprise"])
def test_control_a_second_sender_would_be_seen(line: str) -> None:
    assert WAYS.search(line)


def test_where_she_is_is_decrypted_by_the_gate_alone() -> None:
    """Other places may know that something is recorded, or compare; only the gate returns it."""
    opened = re.compile(r"(newest|history)\([^)]*WHEREABOUTS|(newest|history)\([^)]*\"whereabouts\"")
    found = {name(p) for p in sources() if opened.search(p.read_text(encoding="utf-8"))}
    assert found <= {"engine/letters/gate.py"}


def test_pages_of_a_matter_do_not_print() -> None:
    """The browser's print command would be a way out that nobody numbers: such pages say so instead."""
    folder = PACKAGE / "doors" / "desk" / "jinja2" / "desk"
    shows = re.compile(r"\bpage\.(people|names)|\bwho\.(identity|contact|name)|\bshown is not none")
    faults = [
        p.name
        for p in folder.glob("*.html")
        if shows.search(p.read_text(encoding="utf-8"))
        and "{% set sealed = true %}" not in p.read_text(encoding="utf-8")
    ]
    assert not faults
