"""Attachments. The original is sealed as it came and never altered; its SHA-256 and SM3 are kept with its description.

Bytes lie in var/files/<last two digits>/<id>, encrypted under the matter's evidence key and bound to the
matter. They are on disk before the row is committed: a row without bytes cannot be, bytes without a row
are swept away after a day. (法发〔2016〕22号 Art. 5, 12: integrity by a check value.)
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from anjia.foundation.core.batch import Batch
from anjia.foundation.core.ids import uuid7
from anjia.foundation.core.verdict import RuleBroken
from anjia.foundation.files import pictures, portable, sounds
from anjia.foundation.files.kinds import Kind, kind_of
from anjia.foundation.files.models import File
from anjia.foundation.vault import envelope, suites, vault
from anjia.foundation.vault.errors import SealBroken
from anjia.foundation.vault.models import Compartment

MAX_BYTES = 20 * 1024 * 1024
NAME_LENGTH = 120
#: Kinds of media that may say where they were made.
TELLING = ("image", "pdf", "audio")
DEVICES = frozenset({"CON", "PRN", "AUX", "NUL", *(f"{n}{i}" for n in ("COM", "LPT") for i in range(1, 10))})


class FileMissing(SealBroken):
    """The sealed bytes of a file are not on this machine's disk."""


def store(
    batch: Batch, *, key: vault.RootKey, matter: UUID, upload: UploadedFile[Any], now: datetime
) -> File:
    """Seal an upload and add its row to the batch. RuleBroken says what is wrong with the file.

    Taken are photographs (jpeg, png, webp), pdf, Word and Excel without macros, plain text and recordings
    (mp3, m4a, amr; ogg and webm, which browsers record), up to 20 MB.
    """
    data = _bytes_of(upload)
    kind = _taken(data)
    file = File(
        id=uuid7(int(now.timestamp() * 1000)),
        root=key.root,
        matter=matter,
        size=len(data),
        media=kind.media,
        at=now,
    )
    sealed = envelope.encrypt(key.compartment(Compartment.EVIDENCE), data, _aad(file))
    _write(path_of(file.id), sealed)
    batch.insert(file)
    vault.seal(
        batch, key, owner=file.id, compartment=Compartment.EVIDENCE, value=_description(upload, data, kind)
    )
    return file


def describe(file: File, key: vault.RootKey) -> dict[str, Any]:
    """{name, sha256, sm3, media, kind, mime}: what the file was called and its check values.

    Of a picture, scan or recording also `places`: whether the original tells where it was taken.
    """
    row = vault.latest([file.id], [Compartment.EVIDENCE]).get((file.id, Compartment.EVIDENCE))
    if row is None:
        raise SealBroken("the description of this file is gone")
    return vault.open_sealed(row, key)


def read(file: File, key: vault.RootKey) -> bytes:
    """The original bytes. SealBroken if a single one was changed on disk, FileMissing if they are gone."""
    try:
        sealed = path_of(file.id).read_bytes()
    except FileNotFoundError:
        raise FileMissing("the sealed bytes of this file are not on the disk") from None
    data = envelope.decrypt(key.compartment(Compartment.EVIDENCE), sealed, _aad(file))
    if len(data) != file.size:
        raise SealBroken("the size of this file is not what was recorded")
    return data


def shown(file: File, key: vault.RootKey) -> tuple[str, str, bytes]:
    """(name, media type, bytes) as handed to a reader: of a picture the copy without place and device."""
    about, data = describe(file, key), read(file, key)
    kind = str(about.get("kind") or "")
    if file.media == "image":
        data = pictures.redrawn(data, kind)
    return str(about["name"]), str(about.get("mime") or "application/octet-stream"), data


def path_of(file_id: UUID) -> Path:
    """Where the sealed bytes lie; folders are named by the random end of the id, so they fill evenly."""
    return folder() / file_id.hex[-2:] / str(file_id)


def folder() -> Path:
    """The folder of all sealed files."""
    return Path(settings.VAR) / "files"


def orphans(older_than: datetime) -> Iterator[Path]:
    """Bytes whose row was never committed (the save failed or the server was killed in between)."""
    for shelf in sorted(folder().glob("??")):
        old = {p.name: p for p in shelf.iterdir() if p.stat().st_mtime < older_than.timestamp()}
        ids = {name: _uuid(name) for name in old}
        known = set(File.objects.filter(id__in=[i for i in ids.values() if i]).values_list("id", flat=True))
        yield from (path for name, path in old.items() if ids[name] not in known)


def _bytes_of(upload: UploadedFile[Any]) -> bytes:
    size = upload.size or 0
    if size > MAX_BYTES:
        raise RuleBroken(_("文件太大了，最多 20 MB。照片可以先压缩，录音可以分段。"))
    data: bytes = upload.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise RuleBroken(_("文件太大了，最多 20 MB。照片可以先压缩，录音可以分段。"))
    if not data:
        raise RuleBroken(_("这个文件是空的。"))
    return data


def _taken(data: bytes) -> Kind:
    """What it is, if it is something that is taken and can be opened."""
    kind = kind_of(data)
    try:
        if kind and kind.media == "image":
            pictures.redrawn(data, kind.name)
    except pictures.NotAPicture:
        kind = None
    if kind is None:
        raise RuleBroken(
            _(
                "这个文件打不开或不能收。可以收照片、PDF、Word、Excel、文本和录音;"
                "带密码、带宏或带程序的,请打印成新的PDF再传。"
            )
        )
    return kind


def _description(upload: UploadedFile[Any], data: bytes, kind: Kind) -> dict[str, Any]:
    return {
        "name": clean_name(upload.name or "", kind),
        **check_values(data),
        "media": kind.media,
        "kind": kind.name,
        "mime": kind.mime,
        **({"places": tells_where(data, kind)} if kind.media in TELLING else {}),
    }


def tells_where(data: bytes, kind: Kind) -> bool:
    """Whether a photograph, one on the page of a scan, or a recording says where it was made."""
    looks = {"image": pictures.tells_where, "pdf": portable.tells_where, "audio": sounds.tells_where}
    return looks[kind.media](data)


def check_values(data: bytes) -> dict[str, str]:
    """What tells later whether a single bit of it was changed: by the common and by the national sum."""
    return {"sha256": hashlib.sha256(data).hexdigest(), "sm3": suites.digest(suites.SM, data)[1:].hex()}


def clean_name(name: str, kind: Kind) -> str:
    """The name without folders and control characters, with the extension its content deserves."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(c for c in last if c.isprintable() and c not in '"<>|:*?').strip(" .")
    stem = shown.rsplit(".", 1)[0] if "." in shown else shown
    if stem.split(".", 1)[0].upper() in DEVICES:  # names that an office PC takes for a device
        stem = f"_{stem}"
    return f"{stem[:NAME_LENGTH] or 'file'}.{'jpg' if kind.name == 'jpeg' else kind.name}"


def _write(path: Path, data: bytes) -> None:
    """Complete and on disk under its name, or not there at all."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = path.with_name(f".{path.name}")
    descriptor = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o400)
    with os.fdopen(descriptor, "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    os.rename(temporary, path)
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def _aad(file: File) -> bytes:
    return envelope.associated("files_file", file.id, file.root, file.matter)


def _uuid(name: str) -> UUID | None:
    try:
        return UUID(name.lstrip("."))
    except ValueError:
        return None
