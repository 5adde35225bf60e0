"""Width and height of a picture, read from its header: nothing is decoded, so a picture can't blow up here. Pure."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Final, Protocol

Size = tuple[int, int]

_MOST_PARTS: Final = 500  # segments of a JPEG, boxes of a HEIC looked at
_START_OF_FRAME: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_MOST_FILLING: Final = 64  # bytes of filling before one marker of a JPEG; writers use none or a few
_BARE: Final = frozenset({0x01, *range(0xD0, 0xD8)})  # JPEG markers without a length
_START_OF_SCAN: Final = 0xDA
_END: Final = 0xD9
_META: Final = 1024 * 1024  # bytes of the table of contents of a HEIC


class Source(Protocol):
    """What is read from: any binary file that can go back and forth."""

    def read(self, size: int, /) -> bytes: ...
    def seek(self, offset: int, whence: int = 0, /) -> int: ...


def picture_size(file: Source, kind: str) -> Size | None:
    """Return (width, height) in pixels of a `kind` of ".jpg", ".png", ".webp" or ".heic"; None: no such picture."""
    file.seek(0)
    try:
        return _READERS[kind](file)
    except (struct.error, IndexError):
        return None
    finally:
        file.seek(0)


def _png(file: Source) -> Size | None:
    head = file.read(24)
    if head[:8] != b"\x89PNG\r\n\x1a\n" or head[12:16] != b"IHDR":
        return None
    width, height = struct.unpack(">II", head[16:24])
    return width, height


def _jpeg(file: Source) -> Size | None:
    """Walk from segment to segment as far as the one that opens the picture."""
    if file.read(2) != b"\xff\xd8":
        return None
    for _part in range(_MOST_PARTS):
        lead, marker = struct.unpack("BB", file.read(2))
        for _filling in range(_MOST_FILLING):
            if marker != 0xFF:  # noqa: PLR2004
                break
            marker = file.read(1)[0]
        if marker == 0xFF:  # noqa: PLR2004
            return None
        if lead != 0xFF or marker in {_START_OF_SCAN, _END}:  # noqa: PLR2004
            return None
        if marker in _BARE:
            continue
        (length,) = struct.unpack(">H", file.read(2))
        if marker in _START_OF_FRAME:
            _depth, height, width = struct.unpack(">BHH", file.read(5))
            return width, height
        if length < 2:  # noqa: PLR2004  # it counts itself
            return None
        file.seek(length - 2, 1)
    return None


def _webp(file: Source) -> Size | None:
    head = file.read(30)
    if len(head) < 30 or head[:4] != b"RIFF" or head[8:12] != b"WEBP":  # noqa: PLR2004
        return None
    match head[12:16]:
        case b"VP8X":
            return 1 + int.from_bytes(head[24:27], "little"), 1 + int.from_bytes(head[27:30], "little")
        case b"VP8 ":
            width, height = struct.unpack("<HH", head[26:30])
            return width & 0x3FFF, height & 0x3FFF
        case b"VP8L":
            bits = int.from_bytes(head[21:25], "little")
            return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    return None


def _heic(file: Source) -> Size | None:
    """Find the box "meta"; the picture is as large as the largest of the sizes (ispe) it names."""
    if file.read(12)[4:8] != b"ftyp":
        return None
    at = 0
    for _part in range(_MOST_PARTS):
        file.seek(at)
        head = file.read(16)
        length, name = struct.unpack(">I4s", head[:8])
        if length == 1:  # the length is too large for four bytes
            (length,) = struct.unpack(">Q", head[8:16])
        if name == b"meta":
            return _largest(file.read(min(length, _META)))
        if length < 8 or length > 1 << 40:  # noqa: PLR2004  # to the end of the file, or nonsense
            return None
        at += length
    return None


def _largest(meta: bytes) -> Size | None:
    sizes = [struct.unpack(">II", part[4:12]) for part in meta.split(b"ispe")[1:] if len(part) >= 12]  # noqa: PLR2004
    return max(sizes, key=lambda s: s[0] * s[1], default=None)


_READERS: Final[dict[str, Callable[[Source], Size | None]]] = {
    ".jpg": _jpeg,
    ".jpeg": _jpeg,
    ".png": _png,
    ".webp": _webp,
    ".heic": _heic,
    ".heif": _heic,
}
PICTURES: Final = frozenset(_READERS)
