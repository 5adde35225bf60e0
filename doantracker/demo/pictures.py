"""A picture for the demo province, made here: a hill under a sky of some colour."""

from __future__ import annotations

import struct
import zlib
from random import Random
from typing import Final

WIDTH: Final = 320
HEIGHT: Final = 200
_HILL: Final = (58, 125, 68)


def picture(rng: Random) -> bytes:
    """Return a small PNG; another state of `rng`, another picture."""
    sky = tuple(rng.randrange(120, 240) for _colour in range(3))
    slope = rng.uniform(0.1, 0.4)
    rows = bytearray()
    for y in range(HEIGHT):
        rows.append(0)  # no filter
        edge = min(WIDTH, max(0, round((y - HEIGHT / 2) / slope)))  # the hill begins at the left
        rows += bytes(_HILL) * edge + bytes(sky) * (WIDTH - edge)
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    parts = (_chunk(b"IHDR", header), _chunk(b"IDAT", zlib.compress(bytes(rows), 9)), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
