"""What the program's own text must never hold: each of these is a way in, or a secret that can be guessed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "anjia"
#: Invents people and measures; never part of what serves.
ASIDE = ("demo", "bench")


def sources(*, aside: bool = False) -> list[Path]:
    """The product's own modules."""
    return [
        p
        for p in PACKAGE.rglob("*.py")
        if not {"tests", "migrations"} & set(p.parts) and (aside or not set(ASIDE) & set(p.parts))
    ]


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def where(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"


#: A SafeLoader that also says the line.
SAFE = ("_Loader", "yaml.SafeLoader")
RUNS_WORDS = re.compile(
    r"^(?:eval|exec|execfile|compile|__import__)$|^(?:pickle|marshal|shelve|dill)\."
    r"|^yaml\.(?:load|unsafe_load|full_load)$|^os\.(?:system|popen|exec\w*|spawn\w*)$"
)


def runs_words(name: str, node: ast.Call) -> bool:
    if name == "yaml.load" and any(k.arg == "Loader" and ast.unparse(k.value) in SAFE for k in node.keywords):
        return False
    shell = any(k.arg == "shell" and getattr(k.value, "value", None) is not False for k in node.keywords)
    return bool(RUNS_WORDS.search(name)) or shell


def test_no_words_become_a_program() -> None:
    found = [where(p, n) for p in sources(aside=True) for name, n in calls(p) if runs_words(name, n)]
    assert not found


@pytest.mark.parametrize(
    "line", ["eval(x)", "pickle.loads(x)", "yaml.load(x)", "os.system(x)", "run(x, shell=True)"]
)
def test_control_such_a_call_would_be_seen(line: str) -> None:
    node = ast.parse(line).body[0].value  # type: ignore[attr-defined]
    assert runs_words(ast.unparse(node.func), node)


#: Statements put together from names of our own tables and triggers, never from a value.
OWN_NAMES = {
    "cli/demo.py", "cli/backup/databases.py", "cli/bench/filling.py", "foundation/events/triggers.py",
    "foundation/events/checks.py",
}  # fmt: skip


def is_put_together(node: ast.expr) -> bool:
    """An f-string, a sum, % or format: a value could stand in the statement itself."""
    return isinstance(node, ast.JoinedStr | ast.BinOp) or (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("format", "join")
    )


def test_values_travel_beside_statements() -> None:
    found = []
    for path in sources():
        for name, node in calls(path):
            last = name.rsplit(".", 1)[-1]
            if last in ("extra", "RawSQL") and "objects" in name:
                found.append(where(path, node))
            if last in ("execute", "executemany", "raw") and node.args and is_put_together(node.args[0]):
                found.append(where(path, node))
    assert {f.removeprefix("anjia/").split(":")[0] for f in found} <= OWN_NAMES


def test_nothing_reads_xml() -> None:
    """No entities, no external references: packages are searched as bytes. (`escape` only writes.)"""
    reads = re.compile(
        r"\b(?:import|from)\s+(?:xml\.(?!sax\.saxutils)|lxml|defusedxml|xmltodict|expat)|ElementTree|minidom"
    )
    assert not [p for p in sources(aside=True) if reads.search(p.read_text(encoding="utf-8"))]


#: What is written into a page without escaping: drawn by ourselves from a playbook, no word of anybody in it.
OWN_MARKUP = {"playbook.html"}


def test_whatever_stands_in_a_page_is_escaped() -> None:
    from django.template import engines

    assert engines["jinja2"].env.autoescape is True  # type: ignore[attr-defined]
    raw = re.compile(r"\|\s*safe\b|autoescape\s+false")
    found = {p.name for p in PACKAGE.rglob("jinja2/**/*.html") if raw.search(p.read_text(encoding="utf-8"))}
    assert found <= OWN_MARKUP
    marked = [
        where(p, n)
        for p in sources(aside=True)
        for name, n in calls(p)
        if name in ("Markup", "mark_safe", "SafeString")
        and n.args
        and not isinstance(n.args[0], ast.Constant)
    ]
    assert not marked


def scripts() -> list[Path]:
    return [p for p in PACKAGE.rglob("static/**/*.js") if "tests" not in p.parts]


def test_scripts_write_no_markup_and_keep_to_themselves() -> None:
    """No text becomes markup or code; nothing is hung on the window; no message of another page is listened to."""
    dangerous = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|setTimeout\(\s*[\"']"
        r"|addEventListener\(\s*[\"']message|window\.opener|__proto__|\.constructor\b"
    )
    for path in scripts():
        text = path.read_text(encoding="utf-8")
        assert not dangerous.search(text), path.name
        code = re.sub(r"/\*.*?\*/|(?m:^\s*//.*$)", "", text, flags=re.DOTALL).strip()
        assert not re.match(r"(?:var|let|const|function)\b", code), f"{path.name} leaves a global"


def test_nothing_of_a_page_comes_from_elsewhere() -> None:
    """No script, style, font, picture or counter of another host."""
    outside = re.compile(
        r"(?:src|action|formaction|data-src)=\"(?:https?:)?//|<link[^>]*href=\"(?:https?:)?//"
    )
    for path in PACKAGE.rglob("jinja2/**/*.html"):
        assert not outside.search(path.read_text(encoding="utf-8")), path.name
    for path in PACKAGE.rglob("static/**/*.css"):
        assert not re.search(r"url\(\s*[\"']?(?:https?:)?//|@import", path.read_text(encoding="utf-8")), (
            path.name
        )


def test_what_must_not_be_guessed_comes_from_the_system() -> None:
    """`random` can be foretold; `uuid4` and `secrets` come from the operating system."""
    found = [
        p
        for p in sources()
        if re.search(r"^\s*(?:import|from) random\b", p.read_text(encoding="utf-8"), re.M)
    ]
    assert not found


def test_no_broken_sum_or_cipher() -> None:
    broken = re.compile(
        r"\b(?:md5|sha1|MD5|SHA1|DES|TripleDES|ARC4|RC4|Blowfish|ECB|CBC|CFB|OFB)\b|PKCS1v15\(\)\.encrypt"
    )
    found = {p.name for p in sources(aside=True) if broken.search(p.read_text(encoding="utf-8"))}
    assert found <= {"totp.py"}, (
        "RFC 6238 as every authenticator has it: HMAC of SHA-1, whose weakness it does not share"
    )


def test_every_package_is_pinned_hashed_and_listed() -> None:
    """What is installed is what was read: a package of the same name from elsewhere has another hash."""
    for name in ("base.txt", "dev.txt"):
        text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
        pinned = re.split(r"\n(?=[A-Za-z0-9])", re.sub(r"(?m)^\s*#.*$", "", text))
        for one in (p for p in pinned if "==" in p):
            assert "--hash=sha256:" in one, one.split("\n")[0]
    listed = (ROOT / "docs" / "DEPENDENCIES.md").read_text(encoding="utf-8").casefold()
    asked = re.findall(
        r"(?m)^([A-Za-z0-9-]+)", (ROOT / "requirements" / "base.in").read_text(encoding="utf-8")
    )
    assert not [name for name in asked if name.casefold().replace("-", "") not in listed.replace("-", "")]


def patterns() -> Iterator[tuple[str, str]]:
    """Every regular expression written in the product."""
    for path in sources(aside=True):
        for name, node in calls(path):
            if name in (
                "re.compile",
                "re.match",
                "re.search",
                "re.fullmatch",
                "re.sub",
                "re.findall",
                "re.split",
            ):
                try:
                    value = ast.literal_eval(node.args[0])
                except ValueError:
                    continue
                if isinstance(value, str | bytes):
                    yield where(path, node), value if isinstance(value, str) else value.decode("latin-1")


FIXED = (sre.LITERAL, sre.NOT_LITERAL, sre.IN, sre.ANY, sre.CATEGORY)
REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT)


def alternatives(body: Any) -> list[Any]:
    """The sequences a group may stand for."""
    if len(body) == 1 and body[0][0] is sre.SUBPATTERN:
        return alternatives(body[0][1][-1])
    if len(body) == 1 and body[0][0] is sre.BRANCH:
        return [one for branch in body[0][1][1] for one in alternatives(branch)]
    return [body]


def is_endless(item: Any) -> bool:
    return item[0] in REPEATS and item[1][1] == sre.MAXREPEAT


def runs_away(tree: Any) -> bool:
    """(a+)+ and its like: something endless repeated endlessly with nothing fixed between, so that a text made for it
    can be read in more ways than anybody can try."""
    for op, value in tree:
        if op in REPEATS:
            body = value[2]
            if value[1] == sre.MAXREPEAT:
                for one in alternatives(body):
                    if any(is_endless(item) for item in one) and not any(item[0] in FIXED for item in one):
                        return True
            if runs_away(body):
                return True
        elif (op is sre.SUBPATTERN and runs_away(value[-1])) or (
            op is sre.BRANCH and any(runs_away(branch) for branch in value[1])
        ):
            return True
    return False


def test_no_expression_can_be_made_to_run_for_years() -> None:
    every = list(patterns())
    assert len(every) > 40
    assert not [place for place, text in every if runs_away(parser.parse(text))]


@pytest.mark.parametrize("text", [r"(a+)+$", r"(\d+|x)*y", r"(?:[a-z]+\s*)+!"])
def test_control_such_an_expression_would_be_seen(text: str) -> None:
    assert runs_away(parser.parse(text))


def test_nobody_debugs_a_real_service() -> None:
    assert settings.DEBUG is False
    text = (PACKAGE / "config" / "settings.py").read_text(encoding="utf-8")
    assert re.search(r"(?m)^DEBUG = False$", text), "not even by the environment"


def test_what_was_typed_is_decoded_once() -> None:
    """The framework decodes what comes in; nothing of ours decodes it a second time, after it was checked."""
    again = re.compile(r"\bunquote(?:_plus)?\(|html\.unescape|unicode_escape|\bunescape\(")
    found = {str(p.relative_to(PACKAGE)) for p in sources() if again.search(p.read_text(encoding="utf-8"))}
    assert found <= {"config/settings.py", "registry/posts/second/certificates.py"}, (
        "the environment; a proxy's header"
    )


#: Put together from pieces that stand in the same file, never from what somebody typed.
OWN_PIECES = {"engine/matters/safe_hours.py"}


def test_expressions_are_written_not_built() -> None:
    built = set()
    for path in sources():
        for name, node in calls(path):
            if name.startswith("re.") and node.args and name != "re.escape":
                first = node.args[0]
                if isinstance(first, ast.JoinedStr | ast.BinOp) and "re.escape" not in ast.unparse(first):
                    built.add(str(path.relative_to(PACKAGE)))
    constant = {p for p in built if all_constant(PACKAGE / p)}
    assert built - constant <= OWN_PIECES


def all_constant(path: Path) -> bool:
    """Whether what is put together there are names in capitals: constants of the module."""
    for name, node in calls(path):
        if name.startswith("re.") and node.args and isinstance(node.args[0], ast.JoinedStr | ast.BinOp):
            names = [n.id for n in ast.walk(node.args[0]) if isinstance(n, ast.Name)]
            if any(not n.isupper() for n in names):
                return False
    return True


def test_one_reader_for_each_format() -> None:
    """JSON by the standard library, YAML by one safe loader: no second opinion of what a text says."""
    others = re.compile(
        r"\b(?:import|from) (?:orjson|ujson|simplejson|rapidjson|ruamel|toml|tomli|demjson)\b"
    )
    assert not [p for p in sources(aside=True) if others.search(p.read_text(encoding="utf-8"))]


#: Where cryptography stands, and for what. A new place is added here, and in docs/OPERATING.md, or not at all.
CRYPTOGRAPHY = {
    "foundation/vault": "sealing, tokens, keys, shares of the master key",
    "foundation/events/chain.py": "the ledger's chain and its signed seals",
    "foundation/events/anchoring.py": "time stamps of an outside authority",
    "foundation/files/files.py": "check values of evidence",
    "cli/backup": "sealed backups and their sums",
    "cli/demo.py": "marks of the demo's own data",
    "registry/posts/second": "second factors",
    "registry/posts/passwords.py": "marks of stolen passwords",
}


def test_cryptography_stands_in_few_places() -> None:
    uses = re.compile(
        r"(?m)^\s*(?:from cryptography|import hashlib|import hmac|from hashlib|import ssl|from OpenSSL)"
    )
    found = {str(p.relative_to(PACKAGE)) for p in sources() if uses.search(p.read_text(encoding="utf-8"))}
    assert not [f for f in found if not f.startswith(tuple(CRYPTOGRAPHY))]
    said = (ROOT / "docs" / "OPERATING.md").read_text(encoding="utf-8")
    assert not [place for place in CRYPTOGRAPHY if f"`{place}`" not in said]
