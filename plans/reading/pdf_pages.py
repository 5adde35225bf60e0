"""What stands on the pages of a PDF: words with their places, drawn lines, pictures. Pure.

PDFium (the parser of Chrome, built without script engine) opens the file; it follows no link and runs nothing.
"""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from plans.reading.readers import MAX_TEXT_BYTES, ReadError

MAX_PAGES = 300
MAX_DRAWN = 5_000  # drawn lines of one page that are looked at; beyond, it is a drawing and no table
_MOST_PAGE_OBJECTS = 50_000
_THIN = 2.0  # points: a box no wider is a line
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_BREAK = "\x02"  # PDFium's sign for a hyphen at the end of a line
_SPACE = 32
_NO_CHARACTERS = {*range(0xD800, 0xE000), 0xFFFE, 0xFFFF}
_UPSIDE = 180

Handle = Any  # PDFium's handles have no types


@dataclass(slots=True)
class Word:
    """A run of characters without a space: left and right end, baseline from the page's foot, height of the font."""

    text: str
    x0: float
    x1: float
    y: float
    size: float


@dataclass(frozen=True, slots=True)
class Stroke:
    """A drawn line: `at` is its y when level, its x when upright; `start` and `end` run along it."""

    level: bool
    at: float
    start: float
    end: float


@dataclass(slots=True)
class Page:
    number: int
    width: float
    height: float
    words: list[Word] = field(default_factory=list)
    strokes: list[Stroke] = field(default_factory=list)
    pictured: float = 0.0  # share of the page that pictures cover
    drawn: int = 0


def read_pages(data: bytes) -> list[Page]:
    """Return the pages of the PDF `data`, or raise `ReadError`."""
    import pypdfium2  # noqa: PLC0415 - slow to import
    from pypdfium2 import raw  # noqa: PLC0415

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        locked = "assword" in str(error) and b"/Encrypt" in data  # of a file without pages PDFium gives a stale reason
        raise ReadError("locked" if locked else "broken") from error
    try:
        if not len(document):
            raise ReadError("broken", "no pages")
        if len(document) > MAX_PAGES:
            raise ReadError("too_many_pages")
        if raw.FPDFDoc_GetJavaScriptActionCount(document) > 0 or raw.FPDFDoc_GetAttachmentCount(document) > 0:
            raise ReadError("pdf_unsafe")
        return list(_pages(document, raw))
    except (pypdfium2.PdfiumError, OSError) as error:
        raise ReadError("broken") from error
    finally:
        document.close()


def _pages(document: Handle, raw: Any) -> Iterator[Page]:
    room = MAX_TEXT_BYTES  # characters left for the pages to come
    for index in range(len(document)):
        handle = document[index]
        text = handle.get_textpage()
        room -= text.count_chars()
        if room < 0:
            raise ReadError("too_large")
        turn = _Turn(handle)
        page = Page(index + 1, turn.width, turn.height)
        page.words = list(_Words(text, raw, turn).words())
        _read_drawing(page, handle, raw, turn)
        text.close()
        handle.close()
        yield page


class _Turn:
    """Turns the coordinates of a page as the page itself is turned for the eye."""

    def __init__(self, page: Handle) -> None:
        self.angle = page.get_rotation()
        left, bottom, right, top = page.get_cropbox()
        self._left, self._bottom = min(left, right), min(bottom, top)
        self._wide, self._high = abs(right - left), abs(top - bottom)
        lying = self.angle % _UPSIDE != 0
        self.width, self.height = (self._high, self._wide) if lying else (self._wide, self._high)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Return where the point `x`, `y` is seen."""
        x, y = x - self._left, y - self._bottom
        if self.angle == 90:  # noqa: PLR2004 - a quarter
            return y, self._wide - x
        if self.angle == _UPSIDE:
            return self._wide - x, self._high - y
        if self.angle == 270:  # noqa: PLR2004 - three quarters
            return self._high - y, x
        return x, y

    def box(self, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
        """Return the box as seen: left, bottom, right, top."""
        if not self.angle:
            return left - self._left, bottom - self._bottom, right - self._left, top - self._bottom
        (ax, ay), (bx, by) = self.point(left, bottom), self.point(right, top)
        return min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)


class _Words:
    """Puts the characters of a page together to words, in the order they were drawn."""

    def __init__(self, text: Handle, raw: Any, turn: _Turn) -> None:
        self._text, self._raw, self._turn = text.raw, raw, turn
        self._count = text.count_chars()
        self._open: Word | None = None

    def words(self) -> Iterator[Word]:
        """Yield every word that runs along the lines of the page; slanted stamps and water marks are left out."""
        made_up = False  # a space PDFium put in for a gap it saw; a combining mark looks like one
        place, base = (0.0, 0.0), 0.0
        box, x, y = self._raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
        char_of, box_of, origin_of = (
            self._raw.FPDFText_GetUnicode,
            self._raw.FPDFText_GetLooseCharBox,
            self._raw.FPDFText_GetCharOrigin,
        )
        for index in range(self._count):
            code = char_of(self._text, index)
            char = chr(code) if code not in _NO_CHARACTERS else "\ufffd"
            if char == " " and self._raw.FPDFText_IsGenerated(self._text, index) == 1:
                made_up = True
                continue
            if char.isspace() or (code < _SPACE and char != _BREAK):
                yield from self._close()
                continue
            box_of(self._text, index, box)
            left, bottom, right, top = self._turn.box(box.left, box.bottom, box.right, box.top)
            if (bottom, top) != place:  # else the baseline is that of the character before
                origin_of(self._text, index, x, y)
                place, base = (bottom, top), self._turn.point(x.value, y.value)[1]
            if made_up and self._open is not None and left - self._open.x1 > 0.06 * (top - bottom):
                yield from self._close()
            made_up = False
            if not self._take(char, left, right, base, top - bottom):
                yield from self._close()
                if not self._is_slanted(index):
                    self._open = Word(char, left, right, base, top - bottom)
        yield from self._close()

    def _take(self, char: str, left: float, right: float, base: float, size: float) -> bool:
        """Take the character into the open word if it stands next to it; say whether it does."""
        word = self._open
        if word is None:
            return False
        if unicodedata.combining(char):
            word.text += char
            return True
        if abs(left - word.x1) > 0.25 * max(size, word.size):
            return False
        raised = base - word.y
        if char.isdigit() and size < 0.85 * word.size and 0.1 * word.size < raised < word.size:
            char = char.translate(_RAISED)
        elif abs(raised) > 0.3 * word.size:
            return False
        word.text += char
        word.x1 = max(word.x1, right)
        return True

    def _close(self) -> Iterator[Word]:
        if self._open is not None:
            yield self._open
            self._open = None

    def _is_slanted(self, index: int) -> bool:
        angle: float = math.degrees(self._raw.FPDFText_GetCharAngle(self._text, index))
        off = (angle + self._turn.angle) % 360
        return bool(3 < off < 357)  # noqa: PLR2004 - a scanner's text layer leans by less


def _read_drawing(page: Page, handle: Handle, raw: Any, turn: _Turn) -> None:
    """Fill in the drawn lines of `page` and how much of it pictures cover."""
    count = raw.FPDFPage_CountObjects(handle)
    for index in range(count if count <= _MOST_PAGE_OBJECTS else 0):
        thing = raw.FPDFPage_GetObject(handle, index)
        kind = raw.FPDFPageObj_GetType(thing)
        if kind == raw.FPDF_PAGEOBJ_PATH:
            page.drawn += 1
            if len(page.strokes) < MAX_DRAWN:
                page.strokes.extend(_strokes(thing, raw, turn))
        elif kind == raw.FPDF_PAGEOBJ_IMAGE or (kind == raw.FPDF_PAGEOBJ_FORM and not page.words):
            page.pictured += _covered(thing, raw, turn)  # a form may hold the picture


def _covered(thing: Handle, raw: Any, turn: _Turn) -> float:
    """Return the share of the page that a picture covers."""
    edges = [ctypes.c_float() for _ in range(4)]
    if not raw.FPDFPageObj_GetBounds(thing, *edges):
        return 0.0
    left, bottom, right, top = turn.box(*(edge.value for edge in edges))
    wide = min(right, turn.width) - max(left, 0.0)
    high = min(top, turn.height) - max(bottom, 0.0)
    return float(max(0.0, wide) * max(0.0, high) / max(1.0, turn.width * turn.height))


def _strokes(path: Handle, raw: Any, turn: _Turn) -> Iterator[Stroke]:
    """Yield the level and upright lines of `path`."""
    matrix = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(path, matrix):
        return
    a, b, c, d, e, f = matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f
    x, y = ctypes.c_float(), ctypes.c_float()
    here = begun = (0.0, 0.0)
    for index in range(min(raw.FPDFPath_CountSegments(path), MAX_DRAWN)):
        segment = raw.FPDFPath_GetPathSegment(path, index)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        there = turn.point(a * x.value + c * y.value + e, b * x.value + d * y.value + f)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            begun = there
        elif kind == raw.FPDF_SEGMENT_LINETO:
            yield from _stroke(here, there)
        here = there
        if raw.FPDFPathSegment_GetClose(segment):
            yield from _stroke(here, begun)
            here = begun


def _stroke(one: tuple[float, float], other: tuple[float, float]) -> Iterator[Stroke]:
    wide, high = abs(one[0] - other[0]), abs(one[1] - other[1])
    if high <= _THIN < wide:
        yield Stroke(level=True, at=(one[1] + other[1]) / 2, start=min(one[0], other[0]), end=max(one[0], other[0]))
    elif wide <= _THIN < high:
        yield Stroke(level=False, at=(one[0] + other[0]) / 2, start=min(one[1], other[1]), end=max(one[1], other[1]))
