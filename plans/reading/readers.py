"""From a file's bytes to numbered lines, refusing what is dangerous or cannot be read. Pure.

Everything that can be refused is refused before a parser sees the bytes: a file of 1 MB can hold 3 GB of document.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace
from pathlib import PurePath

from doantracker.lib.text import nfc

MAX_BYTES = 20 * 1024 * 1024
MAX_TEXT_BYTES = 2 * 1024 * 1024
MAX_LINE = 10_000
MAX_LINES = 60_000
MAX_FILLED = 10_000

#: The mark alone on its line, or after a tab, a wide gap or "Độ mật:"; letters may stand apart.
_SECRET = re.compile(
    r"(?:[^\n]*(?:\t|\s{3}|[Mm]ật\s?:))?\W*(?:TỐI MẬT|TUYỆT MẬT|MẬT|M\s?Ậ\s?T|[Tt]ối mật|[Tt]uyệt mật)\W*"
)
_MARK_ROOM = 120  # characters at the end of a line in which a mark is looked for
_PREVIEW_LINES, _PREVIEW_LINE = 8, 300
_HEADER_LINES = 40  # a secrecy mark stands above the title
_ZIP, _OLE, _PDF, _RTF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF-", b"{\\rtf"
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"BM")
_BINARY = (b"MZ", b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!")
_READ = {".docx", ".pdf", ".txt", ".md"}
#: What files of other programs are called; each has its own way to be saved anew.
_OTHERS = {
    "old_doc": {".doc", ".dot", ".wps"},
    "macros": {".docm", ".dotm"},
    "old_rtf": {".rtf"},
    "open_document": {".odt", ".ott", ".fodt"},
    "spreadsheet": {".xls", ".xlsx", ".xlsm", ".xlsb", ".ods", ".csv"},
    "pages": {".pages"},
    "picture": {".png", ".jpg", ".jpeg", ".gif", ".tif", ".tiff", ".bmp", ".webp", ".heic", ".heif"},
}
_CODE_OF_SUFFIX = {suffix: code for code, suffixes in _OTHERS.items() for suffix in suffixes}
_OFFICE_LOCK = "EncryptedPackage".encode("utf-16-le")  # a .docx with a password is an OLE file that holds this
_HEAD = 1024  # %PDF- stands in the first kilobyte
_MAY_HIDE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))

REASONS = {
    "empty": "The file is empty.",
    "too_large": "The file is larger than 20 MB, or its text longer than 2 MB.",
    "unknown_type": "Only .docx, .pdf, .txt and .md files can be read.",
    "wrong_type": "The content of the file is not what its name says.",
    "old_doc": "This is an old .doc file: open it in Word and save it as .docx.",
    "old_rtf": "This is an .rtf file: open it in Word and save it as .docx.",
    "open_document": "This is an OpenDocument file: save it as .docx.",
    "spreadsheet": "This is a spreadsheet: copy its table into a Word document.",
    "pages": "This is a file of Apple Pages: export it to Word.",
    "picture": "This is a picture, not a text.",
    "macros": "This is a Word file with macros: save it as .docx.",
    "scan": "This file holds a picture of the text, not the text.",
    "not_text": "The file is not text in UTF-8.",
    "nul_bytes": "The file holds NUL bytes, so it is not a text.",
    "long_line": "A line is longer than 10,000 characters.",
    "not_a_docx": "The file is not a Word document.",
    "broken": "The file is damaged or cut off.",
    "locked": "The file is protected by a password.",
    "too_many_pages": "The file has more than 300 pages.",
    "zip_bomb": "The file unpacks to far more than a document.",
    "pdf_unsafe": "The PDF holds scripts, programs to start or other files.",
    "legacy": "The text is written in an encoding from before Unicode.",
    "unsafe": "The file holds macros, entities or names a document does not need.",
    "secret_mark": "The document is marked secret and must not be stored here.",
    "too_expensive": "Reading the file took too long or too much memory.",
}


class ReadError(Exception):
    """A file that is refused; `code` is stable and a key of `REASONS`.

    "legacy" has the old encoding as its `detail`, and as `preview` some lines before and after conversion.
    """

    def __init__(self, code: str, detail: str = "", preview: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(f"{REASONS[code]} {detail}".strip())
        self.code = code
        self.detail = detail
        self.preview = preview


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
    """The lines of a document.

    `marks` is what stands outside the running text (page headers): looked at for secrecy marks only. `unread_pages`
    are pages that hold a picture of text. `legacy` is the old encoding the text was in, `before` its lines then.
    """

    lines: tuple[Line, ...]
    name: str = ""
    marks: tuple[str, ...] = ()
    unread_pages: tuple[int, ...] = ()
    legacy: str = ""
    before: tuple[str, ...] = ()


def text_of(content: str, name: str = "") -> Text:
    """Return the lines of `content`, composed (NFC) and without invisible characters; never raises."""
    clean = _clean(content)
    rows = clean.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").split("\n")
    return Text(tuple(Line(row, n) for n, row in enumerate(rows, start=1)), name)


def _clean(content: str) -> str:
    """Return `content` composed (NFC) and without invisible characters."""
    visible = content.translate(_INVISIBLE) if _MAY_HIDE.search(content) else content
    return nfc(visible.replace("\x00", " "))


def cleaned(text: Text) -> Text:
    """Return `text` with every line composed (NFC) and without invisible characters."""
    lines = tuple(replace(line, text=_clean(line.text)) for line in text.lines)
    return replace(text, lines=lines)


def read_document(data: bytes, name: str, *, convert: str = "") -> Text:
    """Return the text of the file `name` with content `data`, or raise `ReadError`.

    `convert` is the old encoding a person has agreed to convert from; a file in another one is refused as "legacy".
    """
    kind = _kind_of(data, name)
    if kind == ".docx":
        from plans.reading.docx_text import read_docx  # noqa: PLC0415 - slow to import and not needed for text

        text = read_docx(data, name)
    elif kind == ".pdf":
        from plans.reading.pdf_text import read_pdf  # noqa: PLC0415 - the same

        text = read_pdf(data, name)
    else:
        text = _plain(data, name)
    text = cleaned(_in_unicode(text))
    _check_text(text)
    if text.legacy and text.legacy != convert:
        raise ReadError("legacy", text.legacy, _preview(text))
    return text


def _in_unicode(text: Text) -> Text:
    """Return `text` converted from the old encoding it is in, and what it was before."""
    from plans.reading.legacy_text import CONVERTERS, detected  # noqa: PLC0415 - only files need it

    before = text.before or tuple(line.text for line in text.lines)
    encoding = text.legacy or detected("\n".join(before))
    if not encoding:
        return text
    convert = CONVERTERS[encoding]
    lines = text.lines if text.before else tuple(replace(line, text=convert(line.text)) for line in text.lines)
    return replace(text, lines=lines, legacy=encoding, before=before)


def _preview(text: Text) -> tuple[tuple[str, str], ...]:
    """Return the first lines that the conversion changes, before and after."""
    pairs = zip(text.before, text.lines, strict=True)
    changed = (
        (old.strip()[:_PREVIEW_LINE], new.text.strip()[:_PREVIEW_LINE]) for old, new in pairs if old != new.text
    )
    return tuple(itertools.islice(changed, _PREVIEW_LINES))


def _kind_of(data: bytes, name: str) -> str:
    """Return the suffix the content agrees with. Size and magic bytes come before anything else is looked at."""
    if not data:
        raise ReadError("empty")
    if len(data) > MAX_BYTES:
        raise ReadError("too_large")
    suffix = PurePath(name.replace("\\", "/")).suffix.lower()
    if data.startswith(_OLE) and suffix in {".docx", ".doc"}:
        raise ReadError("locked" if _OFFICE_LOCK in data else "old_doc")
    if data.startswith(_RTF) and suffix in {".docx", ".doc"}:
        raise ReadError("old_rtf")
    if suffix in _CODE_OF_SUFFIX:
        raise ReadError(_CODE_OF_SUFFIX[suffix])
    if suffix not in _READ:
        raise ReadError("unknown_type", suffix[:12])
    if suffix == ".docx" and not data.startswith(_ZIP):
        raise ReadError("not_a_docx")
    if suffix == ".pdf" and _PDF not in data[:_HEAD]:
        raise ReadError("picture" if data.startswith(_PICTURES) else "wrong_type")
    if suffix in {".txt", ".md"} and data.startswith((_ZIP, _OLE, _PDF, _RTF, *_PICTURES, *_BINARY)):
        raise ReadError("wrong_type")
    return suffix


def _plain(data: bytes, name: str) -> Text:
    """Return the lines of a text file, not cleaned yet: what an old encoding needs is invisible in Unicode."""
    content, encoding = _decoded(data)
    rows = content.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").split("\n")
    text = Text(tuple(Line(row, n) for n, row in enumerate(rows, start=1)), name)
    if not encoding:
        return text
    shown = tuple(row.encode("cp1258", "replace").decode("cp1252", "replace") for row in rows)
    return replace(text, legacy=encoding, before=shown)


def _decoded(data: bytes) -> tuple[str, str]:
    """Return the text of a file, and its encoding when the bytes alone tell of an old one."""
    if len(data) > MAX_TEXT_BYTES:
        raise ReadError("too_large")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16"), ""
        except UnicodeDecodeError as error:
            raise ReadError("not_text") from error
    if b"\x00" in data:
        raise ReadError("nul_bytes")
    try:
        return data.decode("utf-8-sig"), ""
    except UnicodeDecodeError as error:
        from plans.reading.legacy_text import WINDOWS_1258, decoded_bytes  # noqa: PLC0415 - only old files need it

        text, encoding = decoded_bytes(data)
        if not text:
            raise ReadError("not_text", f"byte {error.start}") from error
        return text, encoding if encoding == WINDOWS_1258 else ""


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
        raise ReadError("too_large", "more than 10,000 lines")
    if any(_SECRET.fullmatch(line.rstrip()[-_MARK_ROOM:]) for line in (*filled[:_HEADER_LINES], *text.marks)):
        raise ReadError("secret_mark")
