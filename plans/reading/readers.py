"""From a file's bytes to numbered lines, refusing what is dangerous or cannot be read. Pure.

Everything that can be refused is refused before a parser sees the bytes: a file of 1 MB can hold 3 GB of document.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePath

from doantracker.lib.text import nfc

MAX_BYTES = 20 * 1024 * 1024
MAX_TEXT_BYTES = 2 * 1024 * 1024
MAX_LINE = 10_000
MAX_LINES = 60_000
MAX_FILLED = 20_000

#: The mark alone on its line, or after a tab, a wide gap or "Độ mật:"; letters may stand apart.
_SECRET = re.compile(
    r"(?:[^\n]*(?:\t|\s{3}|[Mm]ật\s?:))?\W*(?:TỐI MẬT|TUYỆT MẬT|MẬT|M\s?Ậ\s?T|[Tt]ối mật|[Tt]uyệt mật)\W*"
)
_MARK_ROOM = 120  # characters at the end of a line in which a mark is looked for
_HEADER_LINES = 40  # a secrecy mark stands above the title
_ZIP, _OLE, _PDF, _RTF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF-", b"{\\rtf"
_BINARY = (b"MZ", b"\x7fELF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\xcf\xfa\xed\xfe", b"\x1f\x8b", b"7z\xbc\xaf")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))

REASONS = {
    "empty": "The file is empty.",
    "too_large": "The file is larger than 20 MB, or its text longer than 2 MB.",
    "unknown_type": "Only .docx, .txt and .md files can be read.",
    "wrong_type": "The content of the file is not what its name says.",
    "old_doc": "This is an old .doc file: open it in Word and save it as .docx.",
    "scan": "This file holds a picture of the text, not the text.",
    "not_text": "The file is not text in UTF-8.",
    "nul_bytes": "The file holds NUL bytes, so it is not a text.",
    "long_line": "A line is longer than 10,000 characters.",
    "not_a_docx": "The file is not a Word document.",
    "broken": "The file is damaged or cut off.",
    "zip_bomb": "The file unpacks to far more than a document.",
    "unsafe": "The file holds macros, entities or names a document does not need.",
    "secret_mark": "The document is marked secret and must not be stored here.",
    "too_expensive": "Reading the file took too long or too much memory.",
}


class ReadError(Exception):
    """A file that is refused; `code` is stable and a key of `REASONS`."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{REASONS[code]} {detail}".strip())
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Line:
    """One line or paragraph as read.

    `number` counts from 1. `heading` is the level of a heading style (0: none). `cell` is table, row and column of a
    table cell. `footnote` lines stand apart from the running text.
    """

    text: str
    number: int
    heading: int = 0
    cell: tuple[int, int, int] | None = None
    footnote: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    lines: tuple[Line, ...]
    name: str = ""


def text_of(content: str, name: str = "") -> Text:
    """Return the lines of `content`, composed (NFC) and without invisible characters; never raises."""
    clean = nfc(content.replace("\x00", " ").translate(_INVISIBLE))
    rows = clean.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").split("\n")
    return Text(tuple(Line(row, n) for n, row in enumerate(rows, start=1)), name)


def read_document(data: bytes, name: str) -> Text:
    """Return the text of the file `name` with content `data`, or raise `ReadError`."""
    kind = _kind_of(data, name)
    if kind == ".docx":
        from plans.reading.docx_text import read_docx  # noqa: PLC0415 - slow to import and not needed for text

        text = read_docx(data, name)
    else:
        text = text_of(_decoded(data), name)
    _check_text(text)
    return text


def _kind_of(data: bytes, name: str) -> str:
    """Return the suffix the content agrees with. Size and magic bytes come before anything else is looked at."""
    if not data:
        raise ReadError("empty")
    if len(data) > MAX_BYTES:
        raise ReadError("too_large")
    suffix = PurePath(name.replace("\\", "/")).suffix.lower()
    if suffix == ".doc" or (data.startswith(_OLE) and suffix == ".docx"):
        raise ReadError("old_doc")
    if suffix == ".docx":
        if not data.startswith(_ZIP):
            raise ReadError("not_a_docx")
        return suffix
    if suffix not in {".txt", ".md"}:
        raise ReadError("unknown_type", suffix[:12])
    if data.startswith((_ZIP, _OLE, _PDF, _RTF, *_BINARY)):
        raise ReadError("wrong_type")
    return suffix


def _decoded(data: bytes) -> str:
    if len(data) > MAX_TEXT_BYTES:
        raise ReadError("too_large")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError as error:
            raise ReadError("not_text") from error
    if b"\x00" in data:
        raise ReadError("nul_bytes")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ReadError("not_text", f"byte {error.start}") from error


def _check_text(text: Text) -> None:
    """Refuse what no plan is: nothing to read, endless lines, a document marked secret."""
    total = sum(len(line.text) for line in text.lines)
    if total > MAX_TEXT_BYTES or len(text.lines) > MAX_LINES:
        raise ReadError("too_large")
    if any(len(line.text) > MAX_LINE for line in text.lines):
        raise ReadError("long_line")
    filled = [line.text for line in text.lines if line.text.strip()]
    if not filled:
        raise ReadError("empty")
    if len(filled) > MAX_FILLED:
        raise ReadError("too_large", "more than 20,000 lines")
    if any(_SECRET.fullmatch(line.rstrip()[-_MARK_ROOM:]) for line in filled[:_HEADER_LINES]):
        raise ReadError("secret_mark")
