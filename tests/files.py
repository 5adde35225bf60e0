"""Small whole files, made here: pictures and papers as phones and offices make them, and hostile ones."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import Final

_MAIN: Final = {
    "docx": ("word/document.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"),
    "pptx": (
        "ppt/presentation.xml",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
    ),
}


def png(width: int = 2, height: int = 2, *, grey: int = 200) -> bytes:
    """Return a grey picture, whole and small whatever its header says."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = (b"\x00" + bytes([grey]) * width) * height if width * height < 1_000_000 else b"\x00"
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def jpeg(width: int = 8, height: int = 8, *, comment: bytes = b"") -> bytes:
    """Return a JPEG of one grey block (the smallest there is); `comment` makes it another file."""

    def segment(marker: int, body: bytes) -> bytes:
        return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body

    one_code = bytes([1]) + bytes(15)  # a Huffman table of a single code of one bit
    return (
        b"\xff\xd8"
        + segment(0xE0, b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00")
        + (segment(0xFE, comment) if comment else b"")
        + segment(0xDB, b"\x00" + bytes([1]) * 64)
        + segment(0xC0, struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00")
        + segment(0xC4, b"\x00" + one_code + b"\x00")
        + segment(0xC4, b"\x10" + one_code + b"\x00")
        + segment(0xDA, b"\x01\x01\x00\x00\x3f\x00")
        + b"\x3f\xff\xd9"
    )


def webp(width: int, height: int, kind: bytes = b"VP8X") -> bytes:
    """Return the header of a WebP of one of its three kinds."""
    bodies = {
        b"VP8X": bytes(4) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little"),
        b"VP8 ": b"\x00\x00\x00\x9d\x01\x2a" + struct.pack("<HH", width, height),
        b"VP8L": b"\x2f" + ((width - 1) | (height - 1) << 14).to_bytes(4, "little") + bytes(8),
    }
    body = bodies[kind]
    return b"RIFF" + struct.pack("<I", len(body) + 12) + b"WEBP" + kind + struct.pack("<I", len(body)) + body


def heic(width: int, height: int) -> bytes:
    """Return the boxes of a HEIC: a thumbnail of 320 × 240 first, then the picture itself."""

    def box(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body) + 8) + kind + body

    sizes = b"".join(box(b"ispe", bytes(4) + struct.pack(">II", *size)) for size in ((320, 240), (width, height)))
    return box(b"ftyp", b"heic" + bytes(4) + b"mif1heic") + box(b"meta", bytes(4) + box(b"iprp", sizes)) + b"data"


def office(kind: str = "docx", *, more: dict[str, bytes] | None = None, main: str = "") -> bytes:
    """Return a small .docx, .xlsx or .pptx; `more` are further members, `main` another kind of main part."""
    part, content_type = _MAIN[kind]
    types = f'<Types><Override PartName="/{part}" ContentType="{main or content_type}"/></Types>'
    return zipped({"[Content_Types].xml": types.encode(), part: b"<w/>", **(more or {})})


def open_document(kind: bytes = b"application/vnd.oasis.opendocument.text", **more: bytes) -> bytes:
    """Return a small .odt, .ods or .odp; `more` are further members, __ standing for /."""
    return zipped({"mimetype": kind, "content.xml": b"<o/>", **{n.replace("__", "/"): b for n, b in more.items()}})


def zipped(members: dict[str, bytes]) -> bytes:
    """Return an archive."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return packed.getvalue()
