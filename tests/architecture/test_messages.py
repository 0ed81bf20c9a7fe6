"""Messages leave by one function, and a resident is reached by one function."""

from __future__ import annotations

import ast
import re
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "anjia"


def sources() -> list[Path]:
    return [
        p
        for p in PACKAGE.rglob("*.py")
        if not {"tests", "migrations", "locale"} & set(p.parts) and p.parts[len(PACKAGE.parts)] != "demo"
    ]


def name(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


def importers(of: str) -> set[str]:
    """Who imports a module, under whatever name."""
    room, module = of.rsplit(".", 1)
    room, whole = re.escape(room), re.escape(of)
    line = re.compile(rf"from {room} import [^\n]*\b{module}\b|import {whole}\b|from {whole} import")
    wrapped = re.compile(rf"from {room} import \([^)]*\b{module}\b")
    texts = {name(p): p.read_text(encoding="utf-8") for p in sources()}
    return {n for n, text in texts.items() if line.search(text) or wrapped.search(text)}


#: Who may know the channels: the sender, and three that ask whether a way is set up or an address looks right.
ASK_ONLY = {"engine/messages/preferences.py", "engine/messages/actions.py", "engine/messages/staff.py"}


def test_messages_leave_by_one_function() -> None:
    assert importers("anjia.engine.messages.channels") == {"engine/messages/sending.py", *ASK_ONLY}
    asks = re.compile(r"channels\.(\w+)")
    for one in ASK_ONLY:
        asked = set(asks.findall((PACKAGE / one).read_text(encoding="utf-8")))
        assert asked <= {"is_set_up", "is_as_if", "fault", "LOOKS"}, one
    sending = (PACKAGE / "engine/messages/sending.py").read_text(encoding="utf-8")
    assert sending.count("channels.send(") == 1


def test_a_resident_is_reached_by_one_function() -> None:
    """Her number comes from `safe_contact.reach` alone; nothing else makes a parcel for her, and no page dials her."""
    callers = {name(p) for p in sources() if re.search(r"\breach\(", p.read_text(encoding="utf-8"))}
    assert callers == {"engine/matters/safe_contact.py", "engine/messages/sending.py"}
    tree = ast.parse((PACKAGE / "engine/messages/sending.py").read_text(encoding="utf-8"))
    makers = [f for f in tree.body if isinstance(f, ast.FunctionDef) and "Parcel(" in ast.unparse(f)]
    assert [f.name for f in makers] == ["to_resident", "to_staff"]
    hers = ast.unparse(makers[0])
    assert "answer = safe_contact.reach(" in hers
    assert "answer.number" in hers
    assert not re.search(r"people|duty|address_of", hers)
    assert not re.search(r"safe_contact\.reach|Party|vault", ast.unparse(makers[1]))


#: Telephone links: public numbers, offices, the roster. Never a person's.
DIALS = {
    "ui/portal.html",
    "desk/duty.html",
    "desk/village_mine.html",
    "portal/parts.html",
    "portal/nearby.html",
}


def test_no_page_dials_a_person() -> None:
    pages = {
        f"{p.parent.name}/{p.name}"
        for p in PACKAGE.rglob("*.html")
        if re.search(r"(tel|sms|mailto):", p.read_text(encoding="utf-8"))
    }
    assert pages <= DIALS
