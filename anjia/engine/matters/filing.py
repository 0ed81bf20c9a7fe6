"""Taking a paper out of the vault for somebody who may open the matter's material."""

from __future__ import annotations

import re
from pathlib import PurePath
from urllib.parse import quote
from uuid import UUID

from anjia.engine.matters import grants
from anjia.engine.matters.seats import visible_to
from anjia.foundation.core.verdict import NotFound
from anjia.foundation.events import access
from anjia.foundation.files import files
from anjia.foundation.files.models import File
from anjia.foundation.vault import vault
from anjia.foundation.vault.models import Compartment
from anjia.registry.posts.actors import Actor

#: How the log says which file was handed out.
ROUTE = "desk:paper"


def read(*, actor: Actor, matter: UUID, file: UUID) -> tuple[str, str, bytes]:
    """(name, media type, content); a picture without place and device. NotFound outside the scope or without the right."""
    seated = visible_to(actor).find(matter)
    row = File.objects.filter(pk=file, matter=matter).first()
    if row is None or not seated.may_open(Compartment.EVIDENCE):
        raise NotFound
    key = vault.key(seated.matter.root)
    grants.account_for(seated, Compartment.EVIDENCE)
    reader = access.current()
    reader.route = f"{ROUTE} {file}"
    reader.opened(matter, Compartment.EVIDENCE, how=access.FILE)
    return files.shown(row, key)


def saved_as(name: str, file: UUID) -> str:
    """Under what it is saved: a name of ours. Its own, which may be somebody's, stays out of the list of downloads."""
    ending = PurePath(name).suffix.lower()
    return f"材料-{file.hex[-6:]}{ending if re.fullmatch(r'[.][a-z0-9]{1,5}', ending) else ''}"


def quoted(name: str) -> str:
    """A file name for a header."""
    return quote(name, safe="")
