"""A PDF with a text layer as numbered lines: paragraphs put together again, columns and tables kept apart. Pure.

A PDF knows characters and places only. A line goes on with the next when it is full, when the next one stands at the
same edge and nothing begins there. Page numbers and heads that repeat on the pages are left out.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median

from plans.reading.markers import read_marker
from plans.reading.pdf_checks import check_pdf
from plans.reading.pdf_pages import Page, Word, read_pages
from plans.reading.pdf_tables import Grid, tables_of
from plans.reading.readers import Line, ReadError, Text
from plans.reading.words import is_capitals

_PAGE_NUMBER = re.compile(r"[-–— ]{0,3}(?:(?:Trang|trang|Page) )?\d{1,3}(?: ?/ ?\d{1,3})?[-–— ]{0,3}")
_MARKER_ONLY = re.compile(r"(?:[-+*•·–o]|\(?[\dIVXa-zđA-ZĐ]{1,4}(?:\.\d{1,2}){0,3}[.)/]?)")
_ENDED = re.compile(r"[.;:!?…][”\"’)]?$")
_NAMES_A_NUMBER = re.compile(r"(?:ngày|tháng|năm|số|quý|khoản|điều|mục|đến|từ|và|,)$", re.IGNORECASE)
_FOOTNOTE = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]|\[?\d{1,2}[\].)]?\s|\*")
_SYLLABLE = re.compile(r"(?:[bcdghklmnpqrstvx]|ch|gh|gi|kh|ng|ngh|nh|ph|qu|th|tr)?[aeiouy]{1,3}(?:[cmnpt]|ch|ng|nh)?")
_BREAK = "\x02"  # PDFium's sign for a hyphen at the end of a line
_WIDE, _LOOSE, _TIGHT = 1.5, 0.45, 0.33  # gaps between columns, in heights of the font
_STRIP = 6.0  # points: the narrowest empty strip between columns
_EDGE = 0.12  # share of a page's height where heads and page numbers stand
_FEW_WORDS = 5
_PICTURED = 0.3
_PROSE_ROWS = 10
_LONGEST_WORD = 60
_MOST_ROWS = 200  # of one pair of columns: no page has more
_SIGNATURE_ROOM = 140.0  # points left free for a signature and a seal


@dataclass(slots=True)
class Row:
    """The words on one line of a page, from left to right."""

    words: list[Word]
    page: Page
    y: float
    size: float

    @property
    def x0(self) -> float:
        return self.words[0].x0

    @property
    def x1(self) -> float:
        return self.words[-1].x1

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words).replace(_BREAK, "-")


@dataclass(slots=True)
class Block:
    """What follows on a page: rows of running text, of two columns side by side, or a table."""

    rows: list[Row] = field(default_factory=list)
    sides: tuple[list[Row], list[Row]] | None = None
    grid: Grid | None = None


def read_pdf(data: bytes, name: str) -> Text:
    """Return the lines of the PDF `data`, or raise `ReadError`."""
    check_pdf(data)
    pages = read_pages(data)
    pictures = [p.number for p in pages if len(p.words) < _FEW_WORDS and p.pictured > _PICTURED]
    _refuse_scan(pages, pictures)
    lines, marks = _Layout(pages).lines()
    return Text(tuple(lines), name, marks=tuple(marks), unread_pages=tuple(pictures))


def _refuse_scan(pages: Sequence[Page], pictures: Sequence[int]) -> None:
    """Refuse pages that hold a picture of the text, or letters drawn as outlines."""
    if pictures and len(pictures) * 2 >= len(pages):
        raise ReadError("scan")
    if not any(page.words for page in pages):
        raise ReadError("scan" if any(p.pictured > _PICTURED or p.drawn > 100 for p in pages) else "empty")  # noqa: PLR2004 - letters as outlines


# Rows


def rows_of(words: Iterable[Word], page: Page) -> list[Row]:
    """Return `words` as rows from the top down."""
    rows: list[Row] = []
    for word in sorted(words, key=lambda w: (-w.y, w.x0)):
        row = rows[-1] if rows else None
        if row is not None and row.y - word.y <= 0.5 * min(row.size, word.size):
            row.words.append(word)
            if word.size > row.size * 1.1:  # the raised mark of a note came first
                row.y, row.size = word.y, word.size
        else:
            rows.append(Row([word], page, word.y, word.size))
    for row in rows:
        row.words = list(_with_notes(sorted(row.words, key=lambda w: w.x0), row))
    return rows


def _with_notes(words: Sequence[Word], row: Row) -> Iterator[Word]:
    """Yield `words`, raised digits as the marks they are, tied to the word before."""
    last: Word | None = None
    for word in words:
        raised = word.size < 0.87 * row.size and word.y > row.y + 0.08 * row.size
        if raised and word.text.isdecimal():
            word.text = word.text.translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
            if last is not None and word.x0 - last.x1 < 0.3 * row.size:
                last.text, last.x1 = last.text + word.text, word.x1
                continue
        if last is not None:
            yield last
        last = word
    if last is not None:
        yield last


def _gaps(row: Row, least: float) -> Iterator[tuple[float, float]]:
    for left, right in zip(row.words, row.words[1:], strict=False):
        if right.x0 - left.x1 >= least * row.size:
            yield left.x1, right.x0


def _wide_gap(row: Row) -> tuple[float, float] | None:
    """Return the gap between two columns in `row`; a marker before its text makes none, nor does a loose line."""
    gaps = [gap for gap in _gaps(row, _WIDE) if not (gap[0] == row.words[0].x1 and _is_marker(row.words[0].text))]
    return gaps[0] if len(gaps) == 1 else None


def _is_marker(text: str) -> bool:
    return _MARKER_ONLY.fullmatch(text) is not None


# Blocks: columns, tables, what repeats


class _Layout:
    """Finds the blocks of every page and writes them out as lines."""

    def __init__(self, pages: Sequence[Page]) -> None:
        self._marks: list[str] = []
        grids: list[list[Grid]] = []
        rows: list[list[Row]] = []
        for page in pages:
            tables, rest = tables_of(page)
            grids.append(tables)
            rows.append(rows_of(rest, page))
        self._notes: list[Row] = []
        body = _body_size(rows)
        kept = self._without_heads(rows)
        self._blocks: list[Block] = []
        for page_rows, page_grids in zip(kept, grids, strict=True):
            running, notes = _without_notes(page_rows, body)
            self._notes.extend(notes)
            self._blocks.extend(_blocks(running, page_grids))

    def lines(self) -> tuple[list[Line], list[str]]:
        """Return every line in reading order, the footnotes last, and the heads that repeat on the pages."""
        margins = _Margins([row for block in self._blocks for row in block.rows])
        writer = _Writer(margins)
        for block in self._blocks:
            if block.grid is not None:
                writer.table(block.grid)
            elif block.sides is not None:
                writer.columns(*block.sides)
            else:
                writer.running(block.rows)
        writer.end_paragraph()
        writer.notes(self._notes)
        return writer.lines, self._marks

    def _without_heads(self, pages: Sequence[list[Row]]) -> list[list[Row]]:
        """Return the rows without page numbers and without what stands at the same height of several pages."""
        seen: Counter[tuple[str, int]] = Counter()
        for rows in pages:
            seen.update({_head_key(row) for row in _edge_rows(rows)})
        least = max(2, len(pages) * 2 // 5)
        kept: list[list[Row]] = []
        for rows in pages:
            heads: set[int] = set()
            for row in _edge_rows(rows):
                if _PAGE_NUMBER.fullmatch(row.text):
                    heads.add(id(row))
                elif seen[_head_key(row)] >= least:
                    heads.add(id(row))
                    self._marks.append(row.text)
            kept.append([row for row in rows if id(row) not in heads])
        return kept


def _head_key(row: Row) -> tuple[str, int]:
    return re.sub(r"\d+", "#", row.text), round(row.y / 3)


def _edge_rows(rows: Sequence[Row]) -> list[Row]:
    """Return the first and last two rows of a page that stand in its upper or lower margin."""
    edge: list[Row] = []
    for row in dict.fromkeys(range(len(rows))) if len(rows) < 5 else (0, 1, len(rows) - 2, len(rows) - 1):  # noqa: PLR2004 - two and two
        height = rows[row].page.height
        if not height * _EDGE < rows[row].y < height * (1 - _EDGE):
            edge.append(rows[row])
    return edge


def _body_size(pages: Iterable[Sequence[Row]]) -> float:
    sizes = [row.size for rows in pages for row in rows for _ in row.words]
    return median(sizes) if sizes else 0.0


def _without_notes(rows: list[Row], body: float) -> tuple[list[Row], list[Row]]:
    """Return the rows of a page and, apart, the footnotes: small rows at its foot that begin with their mark."""
    start = len(rows)
    while start and rows[start - 1].size < 0.93 * body:
        start -= 1
    while start < len(rows) and not _FOOTNOTE.match(rows[start].text):
        start += 1
    return (rows[:start], rows[start:]) if start else (rows, [])


def _blocks(rows: Sequence[Row], grids: Sequence[Grid]) -> Iterator[Block]:
    """Yield the blocks of a page from the top down."""
    rest = list(rows)
    for grid in grids:
        above = [row for row in rest if row.y >= grid.top]
        rest = rest[len(above) :]
        yield from _side_by_side(above)
        yield Block(grid=grid)
    yield from _side_by_side(rest)


def _side_by_side(rows: Sequence[Row]) -> Iterator[Block]:
    """Yield running text and, where rows have two columns, these apart."""
    index, running = 0, list[Row]()
    while index < len(rows):
        run = _column_run(rows, index)
        if run is None:
            running.append(rows[index])
            index += 1
            continue
        start, stop, strip = run
        back = index - start
        if back:
            del running[-back:]
        if running:
            yield Block(rows=running)
        running = []
        yield from _columns(rows[start:stop], strip)
        index = stop
    if running:
        yield Block(rows=running)


def _column_run(rows: Sequence[Row], index: int) -> tuple[int, int, tuple[float, float]] | None:
    """Return first and last row (exclusive) of two columns that begin at row `index`, and the strip between them."""
    strip = _wide_gap(rows[index])
    if strip is None:
        return None
    stop = last = index + 1
    room = strip
    while stop < min(len(rows), index + _MOST_ROWS):
        narrowed = _narrowed(rows[stop], room)
        if narrowed is None or not _belongs(rows, index, stop, room):
            break
        room = narrowed
        stop += 1
        if _side(rows[stop - 1], room) != "left" or (last == stop - 1 and _under_left(rows[index:stop], room)):
            strip, last = room, stop
    start = index
    while start and index - start < 2 and rows[start - 1].page is rows[start].page:  # noqa: PLR2004 - a head is no longer
        narrowed = _narrowed(rows[start - 1], strip, least=_TIGHT, width=_STRIP / 2)
        if narrowed is None or _side(rows[start - 1], narrowed) != "both":
            break
        strip, start = narrowed, start - 1
    return start, last, strip


def _under_left(rows: Sequence[Row], strip: tuple[float, float]) -> bool:
    """Say whether the last of `rows` stands right below the left column and is no wider than it."""
    row, above = rows[-1], rows[:-1]
    left = [word for other in above for word in other.words if word.x1 <= strip[0] + 1]
    if not left or above[-1].y - row.y > 2 * row.size:
        return False
    return row.x0 >= min(w.x0 for w in left) - 3 and row.x1 <= max(w.x1 for w in left) + 3


def _narrowed(
    row: Row, strip: tuple[float, float], *, least: float = _LOOSE, width: float = _STRIP
) -> tuple[float, float] | None:
    """Return what of `strip` stays empty in `row`, None if its text runs across."""
    gaps = [(-1.0, row.x0), *_gaps(row, least), (row.x1, float("inf"))]
    for left, right in gaps:
        cut = max(left, strip[0]), min(right, strip[1])
        if cut[1] - cut[0] >= width:
            return cut
    return None


def _side(row: Row, strip: tuple[float, float]) -> str:
    middle = (strip[0] + strip[1]) / 2
    if row.x1 <= middle:
        return "left"
    return "right" if row.x0 >= middle else "both"


def _belongs(rows: Sequence[Row], first: int, index: int, strip: tuple[float, float]) -> bool:
    """Say whether row `index` is part of the columns: a lone right side must stand under the right column."""
    row, above = rows[index], rows[index - 1]
    if row.page is not above.page:
        return False
    side = _side(row, strip)
    if side == "both":
        return True
    drop = above.y - row.y
    if side == "left":
        return drop < 3 * row.size
    middle = (strip[0] + strip[1]) / 2
    right = [word for r in rows[first:index] for word in r.words if word.x0 >= middle]
    centre = (min(w.x0 for w in right) + max(w.x1 for w in right)) / 2 if right else 0.0
    return drop < _SIGNATURE_ROOM and abs((row.x0 + row.x1) / 2 - centre) < 0.15 * row.page.width


def _columns(rows: Sequence[Row], strip: tuple[float, float]) -> Iterator[Block]:
    middle = (strip[0] + strip[1]) / 2
    sides: tuple[list[Row], list[Row]] = ([], [])
    both = 0
    for row in rows:
        parts = [[w for w in row.words if w.x0 < middle], [w for w in row.words if w.x0 >= middle]]
        both += all(parts)
        for side, part in zip(sides, parts, strict=True):
            if part:
                side.append(replace(row, words=part))
    if both >= _PROSE_ROWS and all(_is_prose(side) for side in sides):
        yield Block(rows=sides[0])
        yield Block(rows=sides[1])
    else:
        yield Block(sides=sides)


def _is_prose(rows: Sequence[Row]) -> bool:
    """Say whether most rows of a column fill it."""
    width = max(row.x1 for row in rows) - min(row.x0 for row in rows)
    return sum(row.x1 - row.x0 > 0.75 * width for row in rows) * 2 > len(rows)


# Rows to paragraphs


@dataclass(frozen=True, slots=True)
class Edges:
    """Left and right edge of a column of text, and the left edge most of its lines have."""

    left: float
    right: float
    usual: float


class _Margins:
    """Left and right edge of the running text and the usual distance of its lines, by width of page and column."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._edges: dict[int, Edges] = {}
        by_width: dict[int, list[Row]] = defaultdict(list)
        for row in rows:
            by_width[round(row.page.width)].append(row)
        for width, group in by_width.items():
            self._edges[width] = _edges(group)
        steps = [round((a.y - b.y) * 2) / 2 for a, b in pairwise(rows) if a.page is b.page]
        usual = Counter(step for step in steps if step > 0).most_common(1)
        self.step = usual[0][0] if usual else 0.0

    def of(self, row: Row) -> Edges:
        """Return the edges of the text around `row`."""
        return self._edges[round(row.page.width)]


def _edges(rows: Sequence[Row]) -> Edges:
    lefts, rights = sorted(row.x0 for row in rows), sorted(row.x1 for row in rows)
    usual = Counter(round(left / 2) * 2.0 for left in lefts).most_common(1)[0][0]
    return Edges(lefts[len(lefts) // 20], rights[-1 - len(rights) // 50], usual)


class _Writer:
    """Writes blocks as lines; a paragraph stays open across pages."""

    def __init__(self, margins: _Margins) -> None:
        self.lines: list[Line] = []
        self._margins = margins
        self._open: list[Row] = []
        self._around = Edges(0.0, 0.0, 0.0)  # of the last row of the open paragraph
        self._tables = 0
        self._cells: dict[tuple[int, int, int], int] = {}  # the line each cell of a table ends with
        self._last_grid: tuple[Grid, int, list[str]] | None = None  # the table the page before ended with

    def running(self, rows: Sequence[Row]) -> None:
        """Write running text; a column of a page has edges of its own."""
        page_edges = self._margins.of(rows[0])
        own = _edges(rows)
        narrow = own.right - own.left < 0.6 * (page_edges.right - page_edges.left)
        edges = own if narrow and len(rows) >= _PROSE_ROWS else None
        self._last_grid = None
        for row in rows:
            around = edges or self._margins.of(row)
            if self._open and self._begins(row, around):
                self._end(row)
            self._open.append(row)
            self._around = around

    def _end(self, following: Row) -> None:
        last = self._open[-1]
        self.end_paragraph()
        if last.page is following.page and last.y - following.y > 1.9 * max(self._margins.step, last.size):
            self._add("")

    def end_paragraph(self) -> None:
        """Write the open paragraph."""
        if self._open:
            self._add(joined(self._open))
            self._open = []

    def notes(self, rows: Iterable[Row]) -> None:
        """Write footnotes: each begins with its mark."""
        note: list[Row] = []
        for row in rows:
            if note and _FOOTNOTE.match(row.text):
                self._add(_as_note(joined(note)), footnote=True)
                note = []
            note.append(row)
        if note:
            self._add(_as_note(joined(note)), footnote=True)

    def columns(self, left: Sequence[Row], right: Sequence[Row]) -> None:
        """Write two short columns side by side (head, signature) as the two cells they are in a Word file."""
        self.end_paragraph()
        self._tables += 1
        for column, rows in enumerate((left, right)):
            parts: list[list[Row]] = []
            for row in rows:
                if parts and (row.text[:1].islower() or _NAMES_A_NUMBER.search(parts[-1][-1].text)):
                    parts[-1].append(row)  # "…, ngày 12 tháng" and "01 năm 2026"
                else:
                    parts.append([row])
            for part in parts:
                self._add(joined(part), cell=(self._tables, 0, column))

    def table(self, grid: Grid) -> None:
        """Write a table; one that goes on from the page before keeps its number and loses its repeated head."""
        self.end_paragraph()
        rows = self._rows_of(grid)
        if not rows:
            return
        row, head = 0, [text for _column, texts in rows[0] for text in texts]
        before = self._last_grid
        if before is not None and _same_columns(before[0], grid):
            row = before[1] + 1
            if head == before[2]:
                rows = rows[1:]
            if rows and rows[0][0][0] > 0 and before[1] > 0:  # no ordinal: the row was cut by the page
                row = before[1]
            head = before[2]
        else:
            self._tables += 1
        for cells in rows:
            for column, texts in cells:
                for text in texts:
                    self._add_to_cell(text, (self._tables, row, column))
            row += 1
        self._last_grid = (grid, row - 1, head)

    def _add_to_cell(self, text: str, cell: tuple[int, int, int]) -> None:
        """Write a paragraph of a table cell, or go on with the one that a page broke off."""
        at = self._cells.get(cell)
        if at is not None and not _ENDED.search(self.lines[at].text) and not read_marker(text).style:
            self.lines[at] = replace(self.lines[at], text=f"{self.lines[at].text} {text}")
            return
        self._cells[cell] = len(self.lines)
        self._add(text, cell=cell)

    def _rows_of(self, grid: Grid) -> list[list[tuple[int, list[str]]]]:
        """Return the paragraphs of each row's filled cells, by column."""
        page = Page(0, 0, 0)
        rows: dict[int, list[tuple[int, list[str]]]] = defaultdict(list)
        for (row, column), words in sorted(grid.cells.items()):
            texts = _cell_paragraphs(rows_of(words, page), grid.xs[column + 1])
            rows[row].append((column, texts))
        return [rows[row] for row in sorted(rows)]

    def _begins(self, row: Row, edges: Edges) -> bool:
        """Say whether `row` begins a paragraph rather than going on with the open one."""
        last = self._open[-1]
        if abs(row.size - last.size) > 0.15 * last.size:
            return True
        if _is_short(last, row, self._around.right) or self._is_apart(last, row):
            return True
        marked = read_marker(row.text).style
        if marked and self._is_item(row, last, marked):
            return True
        if is_capitals(last.text) and len(self._open) == 1 and row.text != row.text.upper():
            return True
        at_first = abs(row.x0 - self._open[0].x0) < 0.5 * row.size
        if at_first and last.text.endswith(":") and row.text[:1].isupper():
            return True
        return self._is_indented(row, last, edges)

    def _is_apart(self, last: Row, row: Row) -> bool:
        if last.page is not row.page:
            return False
        step = last.y - row.y
        if step < 0:
            return False  # the top of the next column
        usual = self._margins.step
        if len(self._open) > 1 and self._open[-2].page is last.page:
            usual = max(self._open[-2].y - last.y, 1.0)
        return usual > 0 and step > max(1.12 * usual, usual + 1.5)

    def _is_item(self, row: Row, last: Row, style: str) -> bool:
        """Say whether the marker `row` starts with is one: a wrapped line can begin with a number or a dash too."""
        if _ENDED.search(last.text):
            return True
        if _NAMES_A_NUMBER.search(last.text):
            return False
        words = read_marker(row.text).text
        at_first = abs(row.x0 - self._open[0].x0) < 0.5 * row.size
        wrapped_at = self._open[1].x0 if len(self._open) > 1 else None
        if wrapped_at is not None and abs(wrapped_at - row.x0) > 0.5 * row.size:
            return True
        return at_first and (style != "-" or not words[:1].isdigit()) and words[:1].isupper()

    def _is_indented(self, row: Row, last: Row, edges: Edges) -> bool:
        """Say whether the left edge of `row` says that something begins."""
        left, tolerance = edges.left, 0.5 * row.size
        if len(self._open) > 1:
            if last.page is not row.page or row.y > last.y:  # next page or column
                return abs(row.x0 - edges.usual) > tolerance and bool(_ENDED.search(last.text))
            return abs(row.x0 - last.x0) > tolerance and not _is_centred(last, row)
        if abs(row.x0 - edges.usual) <= tolerance < abs(row.x0 - last.x0):
            return False  # back at the edge where most lines stand
        if row.x0 > last.x0 + tolerance:
            hanging = read_marker(last.text).style != "" and row.x0 < last.x0 + 4 * row.size
            return not hanging and not _is_centred(last, row)
        same = abs(row.x0 - last.x0) <= tolerance
        return same and row.x0 > left + tolerance and bool(_ENDED.search(last.text))

    def _add(self, text: str, *, cell: tuple[int, int, int] | None = None, footnote: bool = False) -> None:
        self.lines.append(Line(text, len(self.lines) + 1, cell=cell, footnote=footnote))


def _same_columns(one: Grid, other: Grid) -> bool:
    return len(one.xs) == len(other.xs) and all(abs(a - b) < 4 for a, b in zip(one.xs, other.xs, strict=True))  # noqa: PLR2004 - points


def _is_centred(last: Row, row: Row) -> bool:
    """Say whether both rows stand around the same middle, one wider than the other on both sides."""
    middle = abs((last.x0 + last.x1) - (row.x0 + row.x1))
    return middle < 0.5 * row.size and abs(last.x1 - row.x1) > 0.25 * row.size


def _is_short(last: Row, row: Row, right: float) -> bool:
    """Say whether the first word of `row` would have fitted into the row before: then that was ended on purpose."""
    first = row.words[0]
    return last.x1 + 0.2 * last.size + (first.x1 - first.x0) < right - 2


def _cell_paragraphs(rows: Sequence[Row], right: float) -> list[str]:
    """Return the paragraphs of a table cell: a new one begins at a bullet or after an ended, short line."""
    paragraphs: list[list[Row]] = []
    for row in rows:
        last = paragraphs[-1][-1] if paragraphs else None
        bullet = read_marker(row.text).style in {"-", "+", "·", "*"}
        ended = last is not None and bool(_ENDED.search(last.text)) and _is_short(last, row, right - row.size / 2)
        if last is None or ended or (bullet and not _NAMES_A_NUMBER.search(last.text)):
            paragraphs.append([row])
        else:
            paragraphs[-1].append(row)
    return [joined(paragraph) for paragraph in paragraphs]


def joined(rows: Sequence[Row]) -> str:
    """Return the text of `rows` as one line; a word cut in two at the end of a row is put together."""
    parts: list[str] = []
    for row in rows:
        words = " ".join(word.text for word in row.words)
        last = parts[-1] if parts else ""
        if last.endswith(_BREAK):
            parts[-1] = last[:-1] if _is_cut_word(last[-_LONGEST_WORD:], words[:_LONGEST_WORD]) else last[:-1] + "-"
        elif last and not (last.endswith("-") and last[-2:-1].isalnum()):  # "08-" and "KL/TU": broken at its dash
            parts.append(" ")
        parts.append(words)
    return "".join(parts).replace(_BREAK, "-")


def _is_cut_word(before: str, after: str) -> bool:
    """Say whether the hyphen `before` ends with only cuts a word: Vietnamese syllables are joined by it on purpose."""
    one = before[:-1][_letters_from_end(before[:-1]) :]
    match = re.match(r"[a-z]*", after)
    other = match.group() if match else ""
    if not one or not other or after[len(other) : len(other) + 1].isalpha():
        return False
    if before[: -1 - len(one)][-1:].isalpha():  # a capital or a letter with marks: a name, a Vietnamese word
        return False
    return not (_SYLLABLE.fullmatch(one) and _SYLLABLE.fullmatch(other))


def _letters_from_end(text: str) -> int:
    """Return where the plain small letters begin that `text` ends with."""
    at = len(text)
    while at and "a" <= text[at - 1] <= "z":
        at -= 1
    return at


def _as_note(text: str) -> str:
    """Return a footnote with its mark raised, as the text of a .txt has it."""
    match = re.match(r"\[?(\d{1,2})[\].)]?\s{0,3}", text)
    if match is None:
        return text
    mark = match.group(1).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{mark} {text[match.end() :]}"
