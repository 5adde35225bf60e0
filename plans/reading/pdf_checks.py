"""What a PDF must not be: too many objects, too big once unpacked, with scripts or programs to start. Pure.

Looked at before any parser sees the file: one pass over the bytes, streams inflated in steps and thrown away. A stream
this pass can't open (another filter, encrypted) is left to the limits of the child process.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from plans.reading.readers import ReadError

MAX_OBJECTS = 200_000
MAX_INFLATED = 100 * 1024 * 1024  # of all streams that are no pictures
MAX_STREAMS = 50_000
_HEAD = 1024  # the signature stands in the first kilobyte
_OBJECT = re.compile(rb"\d[ \t\r\n]obj\b")
_NAME_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_UNSAFE = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia)(?![A-Za-z0-9_.-])")
_DICTIONARY = 2048  # bytes before "stream" in which its dictionary is looked for
_STEP = 64 * 1024
_TAIL = 64


def check_pdf(data: bytes) -> None:
    """Refuse the PDF `data` when it is dangerous or not whole, or raise nothing."""
    if b"%PDF-" not in data[:_HEAD]:
        raise ReadError("wrong_type")
    if b"startxref" not in data and b"trailer" not in data:
        raise ReadError("broken", "no trailer")
    objects = inflated = streams = start = 0
    while True:
        at = data.find(b"stream", start)
        piece = data[start : at if at >= 0 else len(data)]
        objects += len(_OBJECT.findall(piece))
        _check_names(piece)
        if at < 0:
            break
        if not piece[-_TAIL:].rstrip().endswith(b">>"):  # the word alone, not the begin of a stream
            start = at + len(b"stream")
            continue
        stop = data.find(b"endstream", at)
        stop = stop if stop >= 0 else len(data)
        streams += 1
        if objects > MAX_OBJECTS or streams > MAX_STREAMS:
            raise ReadError("too_large", "objects")
        inflated += _check_stream(piece[-_DICTIONARY:], memoryview(data)[at + 6 : stop], MAX_INFLATED - inflated)
        start = stop + len(b"endstream")
    if objects > MAX_OBJECTS:
        raise ReadError("too_large", "objects")


def _check_names(piece: bytes) -> None:
    """Refuse scripts, programs to start and files inside; a name can be spelled with #xx."""
    if b"#" in piece:
        piece = _NAME_ESCAPE.sub(lambda m: bytes([int(m.group(1), 16)]), piece)
    if _UNSAFE.search(piece):
        raise ReadError("pdf_unsafe")


def _check_stream(dictionary: bytes, body: memoryview, room: int) -> int:
    """Return how many bytes `body` inflates to; refuse it beyond `room`. Objects packed inside are looked at too."""
    own = dictionary[dictionary.rfind(b"obj") :]
    if b"/FlateDecode" not in own and b"/Fl" not in own:
        return len(body)
    if b"/Image" in own:
        return 0  # pictures are measured, never decoded
    packed_objects = b"/ObjStm" in own
    source, total, tail = zlib.decompressobj(), 0, b""
    skip = 2 if bytes(body[:2]) == b"\r\n" else 1
    try:
        for chunk in _inflated(source, body[skip:]):
            total += len(chunk)
            if total > room:
                raise ReadError("zip_bomb")
            if packed_objects:
                _check_names(tail + chunk)
                tail = chunk[-_TAIL:]
    except zlib.error:
        return total  # encrypted, or damaged: the parser meets the limits of the child
    return total


def _inflated(source: zlib._Decompress, body: memoryview) -> Iterator[bytes]:
    """Yield what `body` inflates to, in steps: neither the input nor the output is ever copied whole."""
    for start in range(0, len(body), _STEP):
        waiting = bytes(body[start : start + _STEP])
        while waiting and not source.eof:
            yield source.decompress(waiting, _STEP)
            waiting = source.unconsumed_tail
