"""The files under which matters run: every published version of every procedure, kept for ever.

`catalogue/` holds what new matters follow. Publishing copies a file to `published/NAME-MAJOR.MINOR.yaml`; from
then on a change needs a new number. A matter of an older major version goes on under the last file of that
major, however long it runs.
"""

from __future__ import annotations

import re
import shutil
from functools import cache
from pathlib import Path

from anjia.law.playbooks.loader import load
from anjia.law.playbooks.schema import Playbook, Version

PUBLISHED = Path(__file__).with_name("published")
FILE = re.compile(r"(?P<name>.+)-(?P<major>\d+)\.(?P<minor>\d+)\.yaml")


@cache
def versions(name: str) -> tuple[Version, ...]:
    """Every published version of a procedure, oldest first."""
    hits = (FILE.fullmatch(path.name) for path in PUBLISHED.glob(f"{name}-*.yaml"))
    found = (Version(int(hit["major"]), int(hit["minor"])) for hit in hits if hit and hit["name"] == name)
    return tuple(sorted(found, key=lambda version: (version.major, version.minor)))


@cache
def published(name: str, version: Version) -> Playbook:
    """That published version. FileNotFoundError if it never was."""
    return load(path_of(name, version))


def path_of(name: str, version: Version) -> Path:
    """Where a published version lies."""
    return PUBLISHED / f"{name}-{version}.yaml"


def newest(name: str) -> Playbook | None:
    """The last published version; None for a procedure not published yet."""
    found = versions(name)
    return published(name, found[-1]) if found else None


def of_major(name: str, major: int) -> Playbook:
    """The last published file of a major version. KeyError if none was published."""
    found = [version for version in versions(name) if version.major == major]
    if not found:
        raise KeyError(f"{name} {major}.x")
    return published(name, found[-1])


def earlier(playbook: Playbook) -> list[Playbook]:
    """The last file of every earlier major version, newest first: what the history of a matter was made under."""
    majors = sorted(
        {v.major for v in versions(playbook.name) if v.major < playbook.version.major}, reverse=True
    )
    return [of_major(playbook.name, major) for major in majors]


def publish(file: Path) -> Path | None:
    """Keep a procedure's file under its version. None when exactly this was published before."""
    book = load(file)
    target = path_of(book.name, book.version)
    if target.exists():
        return None
    target.parent.mkdir(exist_ok=True)
    shutil.copyfile(file, target)
    versions.cache_clear()
    return target
