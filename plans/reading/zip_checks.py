"""What an Office archive must not be: too big once unpacked, oddly named, with macros or entities. Pure.

Sizes are counted on bytes really inflated, because the sizes a zip declares can lie.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from io import BytesIO
from typing import IO

from plans.reading.readers import ReadError

MAX_INFLATED = 50 * 1024 * 1024
MAX_RATIO = 100
MAX_MEMBERS = 2_000
_SMALL = 1024 * 1024  # below this a high ratio harms nobody: a page of blanks packs well
_STEP = 256 * 1024
_OVERLAP = 64

_FORBIDDEN = ("<!DOCTYPE", "<!ENTITY")
_MARKS = tuple(
    mark.encode(encoding)
    for mark in _FORBIDDEN
    for encoding in ("ascii", "utf-16-le", "utf-16-be", "utf-32-le", "cp037")
)
_ENCODING = re.compile(rb"""encoding\s{0,9}=\s{0,9}["']([A-Za-z0-9._-]{1,40})["']""")
_PLAIN_ENCODINGS = {b"utf-8", b"us-ascii", b"ascii", b"utf-16", b"iso-8859-1", b"windows-1252"}


def open_archive(data: bytes) -> zipfile.ZipFile:
    """Return the archive in `data` after every check, or raise `ReadError`."""
    return checked_archive(BytesIO(data), packed=len(data))


def checked_archive(file: IO[bytes], *, packed: int) -> zipfile.ZipFile:
    """Return the archive in `file`, of `packed` bytes, after every check, or raise `ReadError`."""
    try:
        archive = zipfile.ZipFile(file)
        _check_names(archive.infolist())
        total = 0
        for member in archive.infolist():
            total = _check_member(archive, member, total=total, packed=packed)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError) as error:
        raise ReadError("broken") from error
    return archive


def _check_names(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MAX_MEMBERS:
        raise ReadError("zip_bomb")
    names = [member.filename for member in members]
    if len({name.casefold() for name in names}) < len(names):
        raise ReadError("unsafe", "duplicate names")
    for name in names:
        parts = name.replace("\\", "/").split("/")
        if name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0] or "\x00" in name:
            raise ReadError("unsafe", "names outside the archive")
        if parts[-1].casefold().startswith("vbaproject"):
            raise ReadError("unsafe", "macros")


_BLANKS = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"


def _check_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, *, total: int, packed: int) -> int:
    """Return `total` plus the bytes `member` inflates to; the content is looked at in passing and thrown away."""
    if member.flag_bits & 0x1:
        raise ReadError("broken", "encrypted")
    is_xml = member.filename.lower().endswith((".xml", ".rels", ".vml"))
    tail = b""
    with archive.open(member) as stream:
        while chunk := stream.read(_STEP):
            is_xml = is_xml or (not tail and chunk.lstrip(_BLANKS)[:1] == b"<")  # whatever its name ends in
            total += len(chunk)
            if total > MAX_INFLATED or (total > _SMALL and total > MAX_RATIO * packed):
                raise ReadError("zip_bomb")
            if is_xml:
                if not tail:
                    _check_encoding(chunk)
                seen = tail + chunk
                if any(mark in seen for mark in _MARKS):
                    raise ReadError("unsafe", "entities")
                tail = seen[-_OVERLAP:]
    return total


def _check_encoding(head: bytes) -> None:
    """Refuse XML in an encoding in which a DOCTYPE would not be recognised."""
    declared = _ENCODING.search(head[:200])
    if declared and declared.group(1).lower() not in _PLAIN_ENCODINGS:
        raise ReadError("unsafe", "unusual encoding")
