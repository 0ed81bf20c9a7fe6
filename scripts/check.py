"""Runs every check and says at the end what ran: `python scripts/check.py all | fast | lint`.

All parts run even when one fails; nothing is skipped silently. PostgreSQL is a throw-away cluster of its own.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from anjia.cli.cluster import PG_BIN, cluster

ROOT = Path(__file__).resolve().parents[1]
BIN = ROOT / ".venv" / "bin"
#: Two browsers at once, each with a town of its own; the journeys of one file meet each other in one town.
JOURNEYS = ("-n", "2", "--dist", "loadfile", "-m", "browser and not assurance")
#: Some tests take a minute: whoever has done her own takes over from the other.
TESTS = ("-n", "2", "--dist", "worksteal", "-m", "not browser and not assurance")
COUNT = re.compile(r"(\d+) (passed|failed|error|errors|skipped|xfailed|deselected)")


def environment(**more: str) -> dict[str, str]:
    """Test settings, data and HOME under a directory that is thrown away."""
    var = ROOT / "var" / "test"
    var.mkdir(parents=True, exist_ok=True)
    env = {k: v for k, v in os.environ.items() if not k.startswith("ANJIA_")}
    return {
        **env,
        "ANJIA_TESTING": "1",
        "ANJIA_VAR": str(var),
        "HOME": str(var),
        "PYTHONDONTWRITEBYTECODE": "1",
        **more,
    }


class Checks:
    """What ran, what failed, how many tests."""

    def __init__(self) -> None:
        self.failed: list[str] = []
        self.counts: dict[str, int] = {"passed": 0, "failed": 0, "skipped": 0}
        self.parts: list[str] = []
        self.started = time.monotonic()

    def run(self, title: str, *command: str, env: dict[str, str] | None = None) -> None:
        """One check; its output is shown as it comes."""
        print(f"\n━━ {title}", flush=True)
        began = time.monotonic()
        done = subprocess.run(
            [str(BIN / command[0]), *command[1:]], cwd=ROOT, env=env or environment(), check=False
        )
        took = time.monotonic() - began
        print(f"   {'ok' if done.returncode == 0 else 'FAILED'} ({took:.0f} s)", flush=True)
        self.parts.append(f"{title} {took:.0f} s")
        if done.returncode:
            self.failed.append(title)

    def pytest(self, title: str, *arguments: str, env: dict[str, str]) -> None:
        """A test run; a skip counts as a failure unless it belongs to the other database."""
        print(f"\n━━ {title}", flush=True)
        began = time.monotonic()
        command = [str(BIN / "python"), "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
        with subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            lines = []
            for line in process.stdout:
                print(line, end="", flush=True)
                lines.append(line)
        self.count(title, lines, process.returncode, time.monotonic() - began)

    def count(self, title: str, lines: list[str], code: int, took: float) -> None:
        closing = next((x for x in reversed(lines) if COUNT.search(x)), "")
        numbers = {word: int(n) for n, word in COUNT.findall(closing)}
        passed = numbers.get("passed", 0)
        failed = numbers.get("failed", 0) + numbers.get("error", 0) + numbers.get("errors", 0)
        unexplained = [x for x in lines if x.startswith("SKIPPED") and "other database" not in x]
        self.counts["passed"] += passed
        self.counts["failed"] += failed
        self.counts["skipped"] += numbers.get("skipped", 0)
        self.parts.append(f"{title}: {passed} in {took:.0f} s")
        if code or unexplained or not passed:
            self.failed.append(title + (" (skipped without a reason)" if unexplained else ""))

    def close(self, what: str) -> int:
        """The closing lines: counts, parts, databases, browser."""
        print("\n" + "─" * 70)
        for part in self.parts:
            print(f"  {part}")
        print(f"  {what}; {time.monotonic() - self.started:.0f} s in all")
        for title in self.failed:
            print(f"✗ {title}")
        failed = max(self.counts["failed"], len(self.failed))
        print(f"{self.counts['passed']} passed, {failed} failed, {self.counts['skipped']} skipped")
        return 1 if self.failed else 0


def lint(checks: Checks) -> None:
    checks.run("ruff", "ruff", "check", ".")
    checks.run("format", "ruff", "format", "--check", "--quiet", ".")
    checks.run("types", "mypy", "anjia", "scripts")
    checks.run("import contracts", "lint-imports", "--no-cache")
    checks.run("migrations", "python", "-m", "django", "makemigrations", "--check", "--dry-run", env=django())
    checks.run("rules", "python", "-m", "anjia.cli", "rules", "check")
    checks.run("playbooks", "python", "-m", "anjia.cli", "playbooks", "check")
    checks.run("messages", "python", "scripts/messages.py")
    checks.run("capabilities", "python", "scripts/capabilities.py", "--check")


def django(**more: str) -> dict[str, str]:
    return environment(DJANGO_SETTINGS_MODULE="anjia.config.settings", **more)


def browser() -> str:
    chromium = os.environ.get("CHROMIUM") or "/usr/bin/chromium"
    asked = subprocess.run([chromium, "--version"], capture_output=True, text=True, check=False)
    return asked.stdout.strip().split(" built")[0] or "no browser"


def towns(name: str) -> str:
    """Where the demo city that tests of one database walk in is built once for all of them."""
    folder = ROOT / "var" / "test" / "towns" / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return str(folder)


def all_tests(checks: Checks) -> str:
    import sqlite3

    on_sqlite = environment(ANJIA_TOWNS=towns("sqlite"))
    checks.pytest("tests on SQLite", *TESTS, env=on_sqlite)
    checks.pytest("journeys on SQLite", *JOURNEYS, env=on_sqlite)
    with cluster() as dsn:
        on_pg = environment(ANJIA_DATABASE=dsn, ANJIA_TOWNS=towns("postgresql"))
        checks.pytest("tests on PostgreSQL", *TESTS, env=on_pg)
        checks.pytest("journeys on PostgreSQL", *JOURNEYS, env=on_pg)
    server = subprocess.run(
        [str(PG_BIN / "postgres"), "--version"], capture_output=True, text=True, check=False
    )
    postgres = (
        "a given PostgreSQL"
        if os.environ.get("PG_DSN")
        else server.stdout.split("(")[1].split(")")[1].strip()
    )
    return f"SQLite {sqlite3.sqlite_version}, PostgreSQL {postgres}, {browser()}"


def main(kind: str) -> int:
    checks = Checks()
    lint(checks)
    what = "lint only"
    if kind == "all":
        what = all_tests(checks)
    elif kind == "fast":
        checks.pytest(
            "quick tests on SQLite",
            "-n",
            "2",
            "-m",
            "not browser and not slow and not assurance",
            env=environment(),
        )
        what = "SQLite only, no browser"
    return checks.close(what)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1] if len(sys.argv) > 1 else "all"))
