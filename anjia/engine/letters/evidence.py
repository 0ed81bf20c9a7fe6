"""证据清单: what is kept of a matter as evidence, with everything a court asks of a list, and the package of originals.

法发〔2016〕22号 Art. 14 wants of electronic data: which case, kind, format, size, check value, who took it over, from
whom, when, where, how. Whoever gets the package compares it with `sha256sum -c SHA256SUMS`, without this program.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from anjia.engine.matters import filing, unsaid
from anjia.engine.matters.models import Capacity, Matter
from anjia.engine.matters.reading import Reading, label_of
from anjia.engine.matters.seats import Scope, visible_to
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.core.verdict import NotFound, RuleBroken
from anjia.foundation.events import access
from anjia.foundation.events.models import Event
from anjia.foundation.files import files, pictures, portable
from anjia.foundation.files.models import File
from anjia.foundation.vault import vault
from anjia.foundation.vault.models import Compartment
from anjia.law.playbooks.schema import Text
from anjia.registry.posts import people
from anjia.registry.posts.actors import Actor

#: Kind of paper -> one of the eleven kinds of 法释〔2022〕17号 Art. 6; every other is "other".
OF_ORDER = {
    "statement": "statement", "warning_letter": "letter_or_penalty", "punishment": "letter_or_penalty",
    "police_record": "police_record", "pledge": "pledge", "recording": "recording", "photo": "recording",
    "messages": "messages", "medical": "medical", "intake": "help_sought", "official_letter": "help_sought",
    "witness": "witness", "appraisal": "appraisal",
}  # fmt: skip
#: Kind of paper -> what a warning letter may rest on (公通字〔2024〕34号 Art. 3, 4).
OF_LETTER = {
    "recording": "recordings", "photo": "recordings", "messages": "recordings", "pledge": "pledge", "medical": "medical",
    "appraisal": "medical", "intake": "bodies", "official_letter": "bodies",
}  # fmt: skip
NOT_SAID: Text = {"zh": "未填", "en": "not said"}
OMITTED = "(略)"
SHOWN = 10
MOST_BYTES = 200 * 1024 * 1024
#: What may say where it was taken without anybody seeing it.
PLACED = {"image": pictures.tells_where, "pdf": portable.tells_where}


@dataclass(frozen=True)
class Piece:
    """One file as it stands on the list. `name` and `about` are words somebody typed."""

    number: int
    file: UUID
    name: str
    about: str
    kind: Text
    order_kind: Text
    letter_kind: Text
    format: str
    size: int
    sha256: str
    sm3: str
    at: datetime
    by: str
    agency: str
    given_by: Text
    how: Text
    place: str
    fault: str
    places_itself: bool  # the original says where it was taken: it stays out of the package

    @property
    def packed_as(self) -> str:
        """Its name in the package: nothing of what somebody called it."""
        return f"{self.number:02d}.{'jpg' if self.format == 'jpeg' else self.format}"


def pieces(read: Reading) -> list[Piece]:
    """Everything kept with this matter, in the order in which it came, for a reader who may open it."""
    if not read.seated.may_open(Compartment.EVIDENCE):
        raise NotFound
    came = {UUID(f): e for e in read.events for f in e.codes.get("files", [])}
    rows = {r.id: r for r in File.objects.filter(matter=read.matter.id).order_by("at", "id")}
    known = [
        (about, rows[about["id"]]) for about in read.files() if about["id"] in rows and about["id"] in came
    ]
    names = people.names({came[row.id].actor for _a, row in known if came[row.id].actor})
    offices = read.agencies()
    key = vault.key(read.matter.root)
    return [
        piece(n, about, row, came[row.id], read, names, offices, key)
        for n, (about, row) in enumerate(known, 1)
    ]


def piece(
    number: int,
    about: dict[str, Any],
    row: File,
    event: Event,
    read: Reading,
    names: dict[UUID, str],
    offices: dict[UUID, Any],
    key: vault.RootKey,
) -> Piece:
    """One line of the list."""
    facts, words = event.codes.get("facts", {}), read.words(event)[0]
    sums, places = sums_of(row, about, key)
    kind = facts.get("paper_kind", "")
    return Piece(
        number=number,
        file=row.id,
        name=str(about.get("name", "")),
        about=str(words.get("file_about", "")),
        kind=label_of("paper-kind", kind) if kind else NOT_SAID,
        order_kind=label_of("order-evidence", OF_ORDER.get(kind, "other")),
        letter_kind=label_of("warning-basis", OF_LETTER.get(kind, "other")),
        format=str(about.get("kind", "")),
        size=row.size,
        **sums,
        at=event.at,
        by=names.get(event.actor, "") if event.actor else "",
        agency=offices[event.agency].name if event.agency in offices else "",
        given_by=label_of("evidence-from", facts["given_by"]) if facts.get("given_by") else NOT_SAID,
        how=label_of("evidence-how", facts["taken_how"]) if facts.get("taken_how") else NOT_SAID,
        place=str(words.get("taken_place", "")),
        fault=row.fault,
        places_itself=places,
    )


def sums_of(row: File, about: dict[str, Any], key: vault.RootKey) -> tuple[dict[str, str], bool]:
    """The check values kept when it came, and whether it says where it was taken. Of older files both are made now."""
    sums = {name: str(about.get(name, "")) for name in ("sha256", "sm3")}
    known = row.media not in PLACED or "places" in about
    if row.fault or (sums["sm3"] and known):
        return sums, bool(about.get("places"))
    data = files.read(row, key)
    sums["sm3"] = sums["sm3"] or files.check_values(data)["sm3"]
    return sums, row.media in PLACED and PLACED[row.media](data)


# -- on paper ---------------------------------------------------------------------------------------------


def lines(found: Sequence[Piece], secrets: Sequence[unsaid.Secret]) -> Iterator[tuple[str, str]]:
    """(number, what stands on the paper) of each piece. Words somebody typed lose what must not leave."""
    for one in found:
        name, about, place = (kept_back(w, secrets) for w in (one.name, one.about, one.place))
        taker = " ".join(part for part in (one.agency, one.by) if part) or "网上"
        rows = [
            f"{name}{f'({about})' if about else ''}",
            f"种类:{one.kind['zh']};保护令证据:{one.order_kind['zh']};告诫书依据:{one.letter_kind['zh']}",
            f"格式:{one.format.upper()};大小:{one.size} 字节;包内文件名:{one.packed_as}",
            f"接收:{taker};时间:{one.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M};地点:{place or NOT_SAID['zh']}",
            f"来自:{one.given_by['zh']};方式:{one.how['zh']}",
            f"SHA-256: {one.sha256}",
            f"SM3: {one.sm3}",
        ]
        if one.places_itself:
            rows.append("原件带拍摄地点,不入电子包,需要时另行当面移交。")
        if one.fault:
            rows.append("现存内容与校验值不符,以备份核对。")
        yield str(one.number), "\n".join(rows)


def kept_back(words: str, secrets: Sequence[unsaid.Secret]) -> str:
    """What somebody typed, without places and numbers that must not leave."""
    return unsaid.struck(words, unsaid.find(words, secrets), OMITTED)


# -- the originals ----------------------------------------------------------------------------------------


def packable(*, actor: Actor, matter_id: UUID, now: datetime) -> list[Piece]:
    """What may go into a package; RuleBroken when it is too much for one."""
    seated = visible_to(actor).find(matter_id)
    found = pieces(Reading(seated=seated, actor=actor, now=now))
    taken = [p for p in found if not p.places_itself and not p.fault]
    if sum(p.size for p in taken) > MOST_BYTES:
        raise RuleBroken(_("材料太多,电子包放不下。请用光盘或移动硬盘当面移交。"))
    return taken


def package(*, actor: Actor, matter_id: UUID, now: datetime, sheet: str) -> bytes:
    """A package of the originals with their check values and the sheet. Call it only after the copy was logged.

    Photographs and scans whose original says where it was taken stay out; so does what is no longer what came in.
    """
    seated = visible_to(actor).find(matter_id)
    taken = packable(actor=actor, matter_id=matter_id, now=now)
    key, rows = vault.key(seated.matter.root), File.objects.in_bulk([p.file for p in taken])
    access.current().route = f"{filing.ROUTE} all"
    access.current().opened(matter_id, Compartment.EVIDENCE, how=access.FILE)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as packed:
        for one in taken:
            packed.writestr(one.packed_as, files.read(rows[one.file], key))
        packed.writestr("SHA256SUMS", "".join(f"{p.sha256}  {p.packed_as}\n" for p in taken))
        packed.writestr("SM3SUMS", "".join(f"{p.sm3}  {p.packed_as}\n" for p in taken))
        packed.writestr("list.txt", sheet)
    return out.getvalue()


def broken_of(scope: Scope) -> list[tuple[UUID, str]]:
    """(matter, its number) where this office leads and a stored file is no longer what came in."""
    leads = scope.own().filter(capacity__in=[Capacity.HOLDER, Capacity.TRAY]).values("matter")
    faulty = File.objects.exclude(fault="").filter(matter__in=leads).values("matter")
    return list(Matter.objects.filter(id__in=faulty).order_by("id").values_list("id", "number")[:SHOWN])


def handed_out(matter_id: UUID) -> dict[str, list[Any]]:
    """File id (or "all") → who was handed it, newest first, from the log of who looked."""
    out: dict[str, list[Any]] = {}
    for row in access.seen_by(matter_id):
        if row.how == access.FILE and row.route.startswith(f"{filing.ROUTE} "):
            out.setdefault(row.route.removeprefix(f"{filing.ROUTE} "), []).append(row)
    return out
