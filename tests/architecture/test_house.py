"""The house keeps its rules: floors, writes, scope, names, languages, what may stand in a committed file."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "anjia"
FLOORS = [
    "law",
    "foundation",
    "ui",
    "registry",
    "engine",
    "casework",
    "prevention",
    "doors",
    "demo",
    "config",
    "cli",
]
sys.path.insert(0, str(ROOT / "scripts"))


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def python_files(pattern: str = "*.py") -> list[Path]:
    return [p for p in PACKAGE.rglob(pattern) if "tests" not in p.parts and "migrations" not in p.parts]


def view_files() -> list[Path]:
    return [p for p in python_files() if p.name == "views.py" or "views" in p.parent.parts[-1:]]


WRITES = {
    "save",
    "create",
    "update",
    "delete",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
}


@pytest.mark.parametrize("path", view_files(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_views_neither_write_nor_query(path: Path) -> None:
    """A view loads through a scope and calls one action; a query of its own is a way round the scope."""
    faults = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and node.attr == "objects":
            faults.append(f"line {node.lineno}: .objects")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
            owner = ast.unparse(node.func.value)
            if not re.search(
                r"(headers|context|values|data|GET|POST|session|kept|typed|params|query)$", owner
            ):
                faults.append(f"line {node.lineno}: {owner}.{node.func.attr}()")
    assert not faults


def test_law_is_pure_python() -> None:
    """The law can be read and checked on a machine without Django."""
    code = (
        "import sys; from anjia.law.playbooks import library; library.check_all();"
        "from anjia.law import rules; rules.book();"
        "assert not [m for m in sys.modules if m.split('.')[0] == 'django'], 'django was imported'"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-1500:]


def floor_of(module: str) -> int:
    return FLOORS.index(module.split(".")[1])


def test_foreign_keys_point_downwards() -> None:
    """String foreign keys are invisible to the import contracts."""
    faults = []
    for model in apps.get_models():
        if not model.__module__.startswith("anjia."):
            continue
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if not field.concrete or target is None or isinstance(target, str):
                continue
            if floor_of(target.__module__) > floor_of(model.__module__):
                faults.append(f"{model._meta.label}.{field.name} -> {target._meta.label}")
    assert not faults


def urls(resolver: URLResolver, prefix: str = "") -> list[tuple[str, URLPattern]]:
    found: list[tuple[str, URLPattern]] = []
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern)
        found += urls(entry, path) if isinstance(entry, URLResolver) else [(path, entry)]
    return found


def test_every_address_has_a_name() -> None:
    assert not [path for path, entry in urls(get_resolver()) if not entry.name]


def test_files_stay_small() -> None:
    """A file over 600 lines is two rooms."""
    long = {
        str(p.relative_to(ROOT)): n
        for p in tracked()
        if p.suffix in (".py", ".html", ".js", ".css")
        and (n := len(p.read_text(encoding="utf-8").splitlines())) > 600
    }
    assert not long


def test_nothing_of_a_machine_is_committed() -> None:
    """No registry host, no path of a workplace, no merge rest."""
    forbidden = re.compile(
        r"(registry\.npmjs|pypi\.org|files\.pythonhosted|pythonhosted\.org|deb\.debian\.org"
        r"|(?<![\w.])/(?:work|farm)/)"
    )
    here = Path(__file__)
    faults = []
    for path in tracked():
        if path == here or path.suffix in (".png", ".ico", ".woff2"):
            continue
        text = path.read_text(encoding="utf-8", errors="ignore")
        if forbidden.search(text) or "<<<<<<< " in text:
            faults.append(str(path.relative_to(ROOT)))
    assert not faults


def test_every_sentence_has_its_english() -> None:
    import messages

    faults = {
        str(r.relative_to(PACKAGE)): messages.untranslated(r)[:5]
        for r in messages.rooms()
        if messages.untranslated(r)
    }
    assert not faults


def test_guards_and_effects_are_what_the_playbooks_name() -> None:
    """A playbook may name only what code registers, with the parameters it takes."""
    from anjia.engine.matters.registry import EFFECTS, GUARDS
    from anjia.law.playbooks import names

    for said, done in ((names.GUARDS, GUARDS), (names.EFFECTS, EFFECTS)):
        assert set(said) == set(done)
        for name, params in said.items():
            assert set(params) == set(done[name].params), name
            assert done[name].meaning, name


def test_a_matter_is_read_by_the_procedure_of_its_own_version() -> None:
    """catalogue() is for what opens now; a running matter's procedure comes from definition(name, version)."""
    newest = re.compile(r"catalogue\(\)(\[|\.get\()(?!opening\.)(\w+(\.\w+)*\.playbook\b|r\[)")
    assert not [
        str(p.relative_to(PACKAGE))
        for p in PACKAGE.rglob("*.py")
        if "tests" not in p.parts and newest.search(p.read_text(encoding="utf-8"))
    ]


def test_templates_hold_no_inline_script_or_style() -> None:
    """The content security policy would silently drop it."""
    faults = []
    for path in PACKAGE.rglob("jinja2/**/*.html"):
        text = path.read_text(encoding="utf-8")
        if re.search(r"<script(?![^>]*\bsrc=)[^>]*>|<style\b|\sstyle=|\son[a-z]+=\"", text):
            faults.append(str(path.relative_to(PACKAGE)))
    assert not faults


def test_local_storage_is_never_used() -> None:
    """Nothing is kept on a phone that somebody else may hold."""
    used = re.compile(r"localStorage|sessionStorage|indexedDB|serviceWorker|document\.cookie")
    assert not [p.name for p in PACKAGE.rglob("static/**/*.js") if used.search(p.read_text(encoding="utf-8"))]


def test_browsers_are_signed_in_only_where_the_second_factor_is_asked_for() -> None:
    """The action trusts its caller; a new caller would be a door without a lock."""
    doors = {"anjia/registry/posts/second/views/door.py", "anjia/demo/views.py", "anjia/cli/bench/prepare.py"}
    calls = re.compile(r"\.sign_in\(\s*account=")
    found = {str(p.relative_to(ROOT)) for p in python_files() if calls.search(p.read_text(encoding="utf-8"))}
    assert found == doors
