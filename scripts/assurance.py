"""Runs the proofs (`-m assurance`) and writes what they counted into docs/ASSURANCE.md.

Usage: `python scripts/assurance.py [pytest arguments]`; `--gather` only writes the page from the last run's rows.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "ASSURANCE.md"
ROWS = ROOT / "var" / "test" / "assurance"
HEAD = """# Assurance

What is promised to the people whose lives stand in this system, counted: each row is a test that tries to break one
promise, says in how many cases it tried and in how many the promise did not hold. Every one has a control beside it
that must fail. Made by `make assurance` on {date}.

| No. | promise | tried | broken | remark |
|---:|---|---:|---:|---|
"""


def order(line: dict[str, Any]) -> tuple[int, str, str]:
    """By number, then by title."""
    digits = re.match(r"\d+", line["number"])
    return int(digits[0]) if digits else 0, line["number"], line["title"]


def gather() -> int:
    """Write the page; returns how many rows hold a broken promise."""
    lines = sorted((json.loads(path.read_text()) for path in ROWS.glob("*.json")), key=order)
    text = HEAD.format(date=datetime.now(ZoneInfo("Asia/Shanghai")).date())
    for line in lines:
        cells = [line["number"], line["title"], f"{line['counted']:,}", f"{line['wrong']:,}", line["note"]]
        text += "| " + " | ".join(cells) + " |\n"
    PAGE.write_text(text)
    wrong = sum(bool(line["wrong"]) for line in lines)
    print(f"{len(lines)} promises, {sum(line['counted'] for line in lines):,} cases, {wrong} broken: {PAGE}")
    return wrong


def run(arguments: list[str]) -> int:
    """All proofs, one after the other; the rows of an earlier run do not count."""
    shutil.rmtree(ROWS, ignore_errors=True)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "assurance", *arguments]
    own = {"ANJIA_TESTING": "1", "ANJIA_VAR": str(ROOT / "var" / "test"), "HOME": str(ROOT / "var" / "test")}
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **own}, check=False).returncode


if __name__ == "__main__":
    words = sys.argv[1:]
    failed = 0 if words == ["--gather"] else run(words)
    raise SystemExit(gather() or failed)
