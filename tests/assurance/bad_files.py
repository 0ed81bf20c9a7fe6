"""Files that somebody may send to do harm, made here: (class, name it comes under, content).

The same few hundred in every run (a fixed seed). Nothing in them works: their programs are words.
"""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import Any

from PIL import Image

SEED = 20260309
MARK = b"HARM-7f3a"  # what must reach no reader
SCRIPT = b"<script>fetch('/" + MARK + b"')</script>"
PROGRAM = b"MZ\x90\x00" + MARK * 30
GPS = 0x8825
Case = tuple[str, str, bytes]
Maker = Callable[[random.Random], Iterator[tuple[str, bytes]]]
MAKERS: dict[str, Maker] = {}


def makes(title: str) -> Callable[[Maker], Maker]:
    def keep(maker: Maker) -> Maker:
        MAKERS[title] = maker
        return maker

    return keep


def cases() -> list[Case]:
    """All of them, in order of their classes."""
    return [
        (title, name, data)
        for title, maker in MAKERS.items()
        for name, data in maker(random.Random(f"{SEED} {title}"))
    ]


def picture(rng: random.Random, kind: str = "JPEG", **saved: Any) -> bytes:
    """A real, small picture."""
    out = io.BytesIO()
    size = (rng.randint(20, 90), rng.randint(20, 90))
    Image.frombytes("RGB", size, rng.randbytes(size[0] * size[1] * 3)).save(out, kind, **saved)
    return out.getvalue()


def package(*parts: tuple[str, bytes], packed: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packed) as made:
        for name, data in parts:
            made.writestr(name, data)
    return out.getvalue()


TYPES = b'<?xml version="1.0"?><Types><Override ContentType="word/document+xml"/></Types>'
WORDS = b"<w:document><w:body><w:t>words</w:t></w:body></w:document>"


def document(*more: tuple[str, bytes], types: bytes = TYPES, words: bytes = WORDS) -> bytes:
    """An honest Word document, and something in it that is not."""
    return package(("[Content_Types].xml", types), ("word/document.xml", words), *more)


def pdf(body: bytes, *, streams: tuple[bytes, ...] = (), end: bytes = b"%%EOF\n") -> bytes:
    out = b"%PDF-1.5\n1 0 obj<</Type/Catalog " + body + b">>endobj\n"
    for i, one in enumerate(streams, 2):
        packed = zlib.compress(one)
        head = f"{i} 0 obj<</Type/ObjStm/Filter/FlateDecode/Length {len(packed)}>>stream\n".encode()
        out += head + packed + b"\nendstream endobj\n"
    return out + b"trailer<</Root 1 0 R>>\n" + end


# -- programs and pages under another name -----------------------------------------------------------------


@makes("Windows program")
def programs(rng: random.Random) -> Iterator[tuple[str, bytes]]:
    for name in (
        "a.jpg",
        "a.exe",
        "报告.pdf",
        "a.docx",
        "伤.png",
        "a.txt",
        "a.scr",
        "a.jpg.exe",
        "a.mp3",
        "a.com",
    ):
        yield name, PROGRAM + rng.randbytes(200)


@makes("other programs and libraries")
def elf(rng: random.Random) -> Iterator[tuple[str, bytes]]:
    heads = (
        b"\x7fELF\x02\x01\x01",
        b"\xca\xfe\xba\xbe\0\0",
        b"\xcf\xfa\xed\xfe\7\0",
        b"dex\n035\0",
        b"\0asm\1\0\0\0",
    )
    for head in heads:
        for name in ("a.jpg", "a.pdf"):
            yield name, head + MARK + b"\0" + rng.randbytes(100)


@makes("page in the clothes of a picture")
def html(rng: random.Random) -> Iterator[tuple[str, bytes]]:
    for head in (
        b"<!DOCTYPE html>",
        b"<html>",
        b"<HTML ><BODY>",
        b"  \n<head>",
        b"\xef\xbb\xbf<html>",
        b"<body onload=x>",
    ):
        for name in ("a.jpg", "a.png"):
            yield name, head + SCRIPT


@makes("drawing with a program (SVG)")
def svg(rng: random.Random) -> Iterator[tuple[str, bytes]]:
    for head in (
        b"<svg onload='x'>",
        b"<?xml version='1.0'?><svg>",
        b"<!-- x --><svg xmlns='http://www.w3.org/2000/svg'>",
    ):
        for name in ("a.png", "a.svg", "a.jpg", "a.webp"):
            yield name, head + SCRIPT + b"</svg>"


@makes("program as text")
def scripts(rng: random.Random) -> Iterator[tuple[str, bytes]]:
    bodies = (
        b"@echo off\r\ndel ",
        b"powershell -enc ",
        b"#!/bin/sh\nrm ",
        b"WScript.Shell ",
        b"[InternetShortcut]\r\nURL=",
        b"Windows Registry Editor\r\n",
        b"{\\rtf1\\objdata ",
        b"%!PS-Adobe\n",
        b"MIME-Version: 1.0\r\n",
        b"=cmd|' /C calc'!A0 ",
    )
    for ending, body in zip(
        ("bat", "ps1", "sh", "vbs", "url", "reg", "rtf", "eps", "mht", "csv"), bodies, strict=True
    ):
        yield f"a.{ending}", body + MARK


@makes("page hidden behind pages of text")
def late_html(rng: random.Random) -> Iterator[tuple[str, bytes]]:
    for size in (5000, 9000, 20000, 70000):
        for name in ("a.html", "a.txt", "a.jpg"):
            yield name, b"words " * (size // 6) + SCRIPT


# -- one file that is two ----------------------------------------------------------------------------------


@makes("picture and archive in one")
def picture_archives(rng: random.Random) -> Iterator[tuple[str, bytes]]:
    for kind in ("JPEG", "PNG", "WEBP"):
        for inner in ("META-INF/MANIFEST.MF", "a.exe", "word/document.xml", "x.html"):
            yield f"a.{kind.lower()}", picture(rng, kind) + package((inner, MARK))


@makes("PDF and archive in one")
def pdf_archives(rng: random.Random) -> Iterator[tuple[str, bytes]]:
    for inner in (
        "a.exe",
        "META-INF/MANIFEST.MF",
        "word/document.xml",
        "[Content_Types].xml",
        "a.js",
        "b.txt",
    ):
        yield "a.pdf", pdf(b"", end=b"") + package((inner, MARK)) + b"%%EOF\n"
        yield "b.pdf", pdf(b"") + package((inner, MARK))


@makes("picture with a page in its comment")
def comments(rng: random.Random) -> Iterator[tuple[str, bytes]]:
    for body in (SCRIPT, b"<?php " + MARK, b"*/=" + MARK + b"/*", b"#!/bin/sh\n" + MARK):
        for _ in range(3):
            yield "a.jpg", picture(rng, "JPEG", comment=body)


@makes("picture with something behind its end")
def trailers(rng: random.Random) -> Iterator[tuple[str, bytes]]:
    for kind in ("JPEG", "PNG", "WEBP"):
        for body in (PROGRAM, SCRIPT, b"<?php " + MARK, b"Rar!\x1a\7\0" + MARK):
            yield f"a.{kind.lower()}", picture(rng, kind) + body


@makes("PDF with something before its beginning")
def shifted(rng: random.Random) -> Iterator[tuple[str, bytes]]:
    for head in (
        b"\0" * 8,
        PROGRAM,
        b"<html>" + SCRIPT,
        b"GIF89a",
        b"\x1f\x8b\x08",
        b"\xff\xd8\xff\xe0JFIF",
        b"PK\3\4",
        b"\x7fELF",
    ):
        yield "a.pdf", head + MARK + pdf(b"")


@makes("recording in whose clothes something comes")
def tags(rng: random.Random) -> Iterator[tuple[str, bytes]]:
    for body in (SCRIPT, PROGRAM, b"<html>", b"PK\3\4"):
        yield "a.mp3", b"ID3\3\0\0\0\0\0\x21" + body + MARK
        yield "b.mp3", b"ID3\3\0\0\0\0\0\0" + body + MARK
        yield "c.m4a", b"\0\0\0\x18ftypmp42\0\0\0\0" + body + MARK


# -- documents that do something ---------------------------------------------------------------------------


@makes("Office macros")
def macros(rng: random.Random) -> Iterator[tuple[str, bytes]]:
    for part in (
        "word/vbaProject.bin",
        "word/VBAPROJECT.BIN",
        "xl/vbaProject.bin",
        "word/vbaData.xml",
        "customUI/customUI.xml",
    ):
        for name in ("a.docx", "a.docm"):
            yield name, document((part, MARK))
    for word in (b"macroEnabled.main", b"MACROENABLED", b"vbaProject", b"activeX"):
        yield "b.docx", document(types=TYPES.replace(b"document+xml", word))


@makes("Office with foreign objects")
def objects(rng: random.Random) -> Iterator[tuple[str, bytes]]:
    for part in (
        "word/embeddings/oleObject1.bin",
        "word/activeX/activeX1.xml",
        "word/embeddings/a.docx",
        "a.exe",
        "word/a.js",
        "word/webextensions/x.xml",
        "word/media/a.html",
        "word/a.hta",
        "word/a.lnk",
        "word/media/x.jar",
    ):
        yield "a.docx", document((part, MARK))


@makes("Excel sheets of commands and connections")
def sheets(rng: random.Random) -> Iterator[tuple[str, bytes]]:
    parts = (
        "macrosheets/s1.xml",
        "dialogsheets/s.xml",
        "externalLinks/e1.xml",
        "connections.xml",
        "queryTables/q.xml",
    )
    for part in parts:
        for name in ("a.xlsx", "a.xlsm"):
            yield (
                name,
                package(("[Content_Types].xml", TYPES), ("xl/workbook.xml", b"<x/>"), (f"xl/{part}", MARK)),
            )


@makes("Office that fetches from elsewhere")
def fetching(rng: random.Random) -> Iterator[tuple[str, bytes]]:
    for kind in ("attachedTemplate", "oleObject", "frame", "image", "subDocument"):
        for quote in ("'", '"'):
            link = f"<Relationship Type='x/{kind}' TargetMode={quote}External{quote} Target='http://192.0.2.1/'/>"
            yield "a.docx", document(("word/_rels/settings.xml.rels", link.encode() + MARK))


@makes("Office that fetches or runs, written so that a simple look misses it")
def disguised(rng: random.Random) -> Iterator[tuple[str, bytes]]:
    head, rels = b'<?xml version="1.0"?><Relationships>', "word/_rels/settings.xml.rels"
    kind = b" Type='x/attachedTemplate'"
    for entry in (
        kind + b" TargetMode='&#69;xternal' Target='http://192.0.2.1/'",
        b" xType='x/hyperlink'" + kind + b" TargetMode='External' Target='http://192.0.2.1/'",
        kind + b" TargetMode='External' Target=\"http://192.0.2.1/?Type='x/hyperlink'\"",
        kind + b" TargetMode = 'external' Target='http://192.0.2.1/'",
        b" Type='x/vba&#80;roject' Target='a.xml'",
    ):
        entry += b" Id='" + MARK + b"'"
        whole = head + b"<Relationship" + entry + b"/></Relationships>"
        yield "a.docx", document((rels, whole))
        yield "a.docx", document((rels, head + b"<!-- ' -->" + whole[len(head) :] + b"<!-- ' -->"))
        far = head + b" " * 9_000_000 + b"<Relationship" + entry + b"/></Relationships>"
        yield "a.docx", document((rels, far), ("word/noise.xml", noise_of(rng)))
    other = b"<Types><Override PartName='/word/x.dat' ContentType='application/a.document.main+xml'/></Types>"
    yield "a.docx", document(("word/x.dat", MARK), types=other)
    macro = b"<Types><Default Extension='" + MARK + b"' ContentType='a.macro&#69;nabled'/></Types>"
    yield "a.docx", document(types=macro)
    yield "a.docx", document(("[content_types].XML", TYPES + MARK))
    for words in (
        b"<w:instrText>DD</w:instrText><w:instrText>EAUTO c:\\x</w:instrText>",
        b"<w:instrText>&#68;DEAUTO c:\\x</w:instrText>",
        b"<w:instrText>D<!-- -->DEAUTO c:\\x</w:instrText>",
        b"<w:fldSimple w:instr='&#68;DE c:\\x'/>",
        b"<w:p>" + b" " * 9_000_000 + b"<w:instrText>DDE c:\\x</w:instrText></w:p>",
    ):
        yield "a.docx", document(("word/noise.xml", noise_of(rng)), words=WORDS + words + MARK)


def noise_of(rng: random.Random) -> bytes:
    """So much that cannot be packed that the whole does not look like a bomb."""
    return rng.randbytes(120_000).hex().encode()


@makes("Office that gives commands (DDE)")
def dde(rng: random.Random) -> Iterator[tuple[str, bytes]]:
    for word in (b"DDEAUTO", b"DDE"):
        for path in ("word/footer1.xml", "word/header1.xml", "word/footnotes.xml"):
            yield (
                "a.docx",
                document((path, b"<w:instrText>" + word + b" c:\\\\x " + MARK + b"</w:instrText>")),
            )
        yield "b.docx", document(words=b"<w:instrText>" + word + b" cmd</w:instrText>")


@makes("entities that grow or fetch (XXE)")
def entities(rng: random.Random) -> Iterator[tuple[str, bytes]]:
    for text in (
        b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>",
        b"<!ENTITY lol 'lol'>",
        b"<!doctype x>",
    ):
        for path in ("word/document.xml", "word/styles.xml", "docProps/core.xml"):
            words = text + WORDS if path == "word/document.xml" else WORDS
            extra = () if path == "word/document.xml" else ((path, text + MARK),)
            yield "a.docx", document(*extra, words=words)
    yield "b.docx", document(words=("<!DOCTYPE x>" + WORDS.decode()).encode("utf-16"))


# -- too much, too little, nonsense ------------------------------------------------------------------------


@makes("package that unpacks to too much")
def bombs(rng: random.Random) -> Iterator[tuple[str, bytes]]:
    big = b"0" * (30 * 1024 * 1024)
    for part in ("word/media/a.bmp", "word/a.xml", "docProps/a.txt"):
        yield "a.docx", document((part, big))
    yield "many.docx", document(*((f"word/{i}.txt", b"") for i in range(5001)))
    yield "twice.docx", doubled(document(("word/a.txt", MARK)))
    for factor in (8, 40, 200):
        yield "lies.docx", overlapping(factor)


def doubled(data: bytes) -> bytes:
    """The list names each part twice."""
    at = data.index(b"PK\1\2")
    end = data.index(b"PK\5\6")
    entries, (count,) = data[at:end], struct.unpack("<H", data[end + 10 : end + 12])
    tail = struct.pack("<HHLL", count * 2, count * 2, len(entries) * 2, at) + b"\0\0"
    return data[:end] + entries + data[end : end + 8] + tail


def overlapping(factor: int) -> bytes:
    """Many names for the same packed bytes."""
    data = document(("word/big.txt", b"0" * 400_000))
    at, end = data.index(b"PK\1\2"), data.index(b"PK\5\6")
    entries = data[at:end]
    one = entries[entries.rindex(b"PK\1\2") :]
    more = b"".join(one.replace(b"word/big.txt", f"word/{i:03d}.txt".encode()) for i in range(factor))
    total = 3 + factor
    tail = struct.pack("<HHLL", total, total, len(entries) + len(more), at) + b"\0\0"
    return data[:end] + more + data[end : end + 8] + tail


@makes("names that lead out of the package")
def traversal(rng: random.Random) -> Iterator[tuple[str, bytes]]:
    for part in (
        "../evil.xml",
        "word/../../x.txt",
        "/etc/passwd",
        "C:\\x.txt",
        "word\\..\\x",
        "..",
        "a/..",
        "c:x",
        "//srv/x",
        "word/../x",
    ):
        yield "a.docx", document((part, MARK))


@makes("huge dimensions")
def huge(rng: random.Random) -> Iterator[tuple[str, bytes]]:
    for width, height in (
        (100_000, 100_000),
        (65_000, 65_000),
        (2**31 - 1, 1),
        (1, 2**31 - 1),
        (40_000, 30_000),
        (9000, 9000),
    ):
        yield "a.png", png(width, height)
        small = bytearray(picture(rng))
        at = small.index(b"\xff\xc0") + 5
        small[at : at + 4] = struct.pack(">HH", min(height, 65_500), min(width, 65_500))
        yield "a.jpg", bytes(small)


def png(width: int, height: int, data: bytes = b"") -> bytes:
    """The head of a picture that claims to be so large."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">L", len(body)) + name + body + struct.pack(">L", zlib.crc32(name + body))

    head = chunk(b"IHDR", struct.pack(">LLBBBBB", width, height, 8, 2, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n"
        + head
        + chunk(b"IDAT", data or zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


@makes("text of a picture that grows")
def text_bombs(rng: random.Random) -> Iterator[tuple[str, bytes]]:
    for millions in (2, 8, 70):
        body = b"Comment\0\0" + zlib.compress(b"A" * millions * 1_000_000)
        chunk = struct.pack(">L", len(body)) + b"zTXt" + body + struct.pack(">L", zlib.crc32(b"zTXt" + body))
        whole = picture(rng, "PNG")
        yield "a.png", whole[:33] + chunk + whole[33:]


@makes("cut off")
def truncated(rng: random.Random) -> Iterator[tuple[str, bytes]]:
    for kind in ("JPEG", "PNG", "WEBP"):
        whole = picture(rng, kind)
        for part in (0.1, 0.4, 0.6, 0.8):
            yield f"a.{kind.lower()}", whole[: int(len(whole) * part)]
    for data, name in ((document(), "a.docx"), (pdf(b"/A " + b"x" * 4000), "a.pdf")):
        for part in (0.2, 0.5, 0.7):
            yield name, data[: int(len(data) * part)]


@makes("changed at random")
def mutated(rng: random.Random) -> Iterator[tuple[str, bytes]]:
    for kind in ("JPEG", "PNG", "WEBP"):
        for _ in range(6):
            data = bytearray(picture(rng, kind, exif=placed()))
            for _ in range(30):
                data[rng.randrange(3, len(data))] = rng.randrange(256)
            yield f"a.{kind.lower()}", bytes(data)


@makes("nothing or noise")
def noise(rng: random.Random) -> Iterator[tuple[str, bytes]]:
    for data in (
        b"",
        b"\0",
        b" \n\t",
        b"\0" * 5000,
        b"\xff" * 5000,
        b"\xff\xd8\xff",
        b"%PDF-",
        b"PK\3\4",
        b"RIFF\0\0\0\0WEBP",
    ):
        yield "a.jpg", data
    for size in (10, 1000, 60_000):
        yield "a.pdf", b"\x80" + rng.randbytes(size) + b"\0"


@makes("other formats")
def formats(rng: random.Random) -> Iterator[tuple[str, bytes]]:
    heads = (
        b"GIF89a",
        b"BM\0\0",
        b"II*\0",
        b"MM\0*",
        b"\0\0\1\0",
        b"8BPS",
        b"Rar!\x1a\7\0",
        b"7z\xbc\xaf\x27\x1c",
        b"\x1f\x8b\x08\0",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"\0\0\0\x20ftypheic",
        b"\0\0\0\x20ftypmp42vide",
        b"RIFF\0\0\0\0AVI ",
        b"OggS\0",
        b"SQLite format 3\0",
        b"ITSF\3\0\0\0",
        b"L\0\0\0\1\x14\2\0",
        b"FWS\5",
        b'\x04"M\x18',
        b"BZh9\0",
    )
    for head in heads:
        yield "a.jpg", head + MARK + b"\0" + rng.randbytes(60)


# -- what a telephone tells about her -----------------------------------------------------------------------


def placed() -> Image.Exif:
    """Where, with which telephone, by whom, and a small copy of the picture."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x013B] = MARK.decode(), MARK.decode(), MARK.decode()
    exif.get_ifd(GPS).update({1: "N", 2: (32.0, 24.0, 13.0), 3: "E", 4: (119.0, 25.0, 57.0)})
    return exif


@makes("photograph that says where it was taken")
def gps(rng: random.Random) -> Iterator[tuple[str, bytes]]:
    for kind in ("JPEG", "PNG", "WEBP"):
        for _ in range(8):
            yield f"IMG.{kind.lower()}", picture(rng, kind, exif=placed())


@makes("photograph with words of a program beside it (XMP, ICC, text)")
def metadata(rng: random.Random) -> Iterator[tuple[str, bytes]]:
    from PIL import PngImagePlugin

    told = PngImagePlugin.PngInfo()
    told.add_text("Location", MARK.decode())
    told.add_itxt("XML:com.adobe.xmp", f"<x:xmpmeta>{MARK.decode()} 32.4N 119.4E</x:xmpmeta>")
    for _ in range(4):
        yield "a.png", picture(rng, "PNG", pnginfo=told)
        yield "a.jpg", picture(rng, "JPEG", xmp=b"<x:xmpmeta>" + MARK + b"</x:xmpmeta>")
        yield (
            "a.webp",
            picture(rng, "WEBP", xmp=b"<x:xmpmeta>" + MARK + b"</x:xmpmeta>", icc_profile=MARK * 20),
        )


@makes("names that would lead elsewhere")
def names(rng: random.Random) -> Iterator[tuple[str, bytes]]:
    for name in (
        "../../etc/passwd",
        "..\\..\\x.exe",
        "a\0.jpg",
        "a.jpg\0.exe",
        "\u202egpj.exe",
        "CON.jpg",
        "nul",
        "a\r\nX: y.jpg",
        '"><script>.jpg',
        "/abs/x.php",
        "." * 200,
        "a" * 5000 + ".jpg",
        "%2e%2e%2f.jpg",
        "a.jpg;.asp",
        "lpt1.png",
    ):
        yield name, picture(rng)
