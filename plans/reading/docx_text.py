"""A .docx as numbered lines: order kept, list numbers written out, tracked changes as accepted. Pure.

python-docx opens the package; the text is walked here, because it leaves out what Word shows (list numbers, text
boxes, footnotes) and shows what Word leaves out (deleted words).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from doantracker.lib.text import nfc
from plans.reading.readers import Line, ReadError, Text
from plans.reading.zip_checks import open_archive

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SKIPPED = {_W + "del", _W + "moveFrom", _W + "delText", _W + "instrText", _W + "pPr", _FALLBACK}
_HEADING = re.compile(r"heading (\d)")
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_BULLETS = {"-": "-", "–": "-", "—": "-", "+": "+", "*": "*", "o": "+"}
_MAX_DEPTH = 40
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\x00"))

Element = Any  # lxml ships no types


def read_docx(data: bytes, name: str) -> Text:
    """Return the lines of the Word document `data`, or raise `ReadError`."""
    archive = open_archive(data)
    names = set(archive.namelist())
    if "[Content_Types].xml" not in names or not any(n.startswith("word/") for n in names):
        raise ReadError("not_a_docx")
    try:
        from docx import Document  # noqa: PLC0415 - slow to import

        document = Document(BytesIO(data))
        lines = _Walk(document).lines()
    except ReadError:
        raise
    except MemoryError as error:
        raise ReadError("too_expensive") from error
    except Exception as error:  # a damaged package fails in many ways inside the library
        raise ReadError("broken") from error
    if not any(line.text.strip() for line in lines) and any(n.startswith("word/media/") for n in names):
        raise ReadError("scan")
    return Text(tuple(lines), name)


def _number(value: int, form: str) -> str:
    """Return `value` as Word prints it in the number format `form`."""
    if form in {"upperRoman", "lowerRoman"}:
        bounded = min(value, 399)
        roman = "c" * (bounded // 100) + "l" * (bounded % 100 // 50)
        bounded %= 50
        for size, letters in _ROMAN:
            roman += letters * (bounded // size)
            bounded %= size
        return roman.upper() if form == "upperRoman" else roman
    if form in {"upperLetter", "lowerLetter"}:
        letter = chr(ord("a") + (max(value, 1) - 1) % 26) * ((max(value, 1) - 1) // 26 + 1)
        return letter.upper() if form == "upperLetter" else letter
    return f"{value:02d}" if form == "decimalZero" else str(value)


class _Numbering:
    """Counts list paragraphs as Word does and gives each its printed number."""

    def __init__(self, root: Element | None) -> None:
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self._abstract: dict[str, str] = {}
        self._restart: dict[tuple[str, int], int] = {}
        self._counts: dict[tuple[str, int], int] = {}
        self._seen: set[str] = set()
        if root is not None:
            self._load(root)

    def _load(self, root: Element) -> None:
        for abstract in root.iter(_W + "abstractNum"):
            levels = {}
            for level in abstract.iter(_W + "lvl"):
                form = _value(level.find(_W + "numFmt")) or "decimal"
                start = int(_value(level.find(_W + "start")) or 1)
                levels[int(level.get(_W + "ilvl"))] = (form, _value(level.find(_W + "lvlText")), start)
            self._levels[abstract.get(_W + "abstractNumId")] = levels
        for num in root.iter(_W + "num"):
            number = num.get(_W + "numId")
            self._abstract[number] = _value(num.find(_W + "abstractNumId"))
            for override in num.iter(_W + "lvlOverride"):
                restart = _value(override.find(_W + "startOverride"))
                if restart:
                    self._restart[number, int(override.get(_W + "ilvl"))] = int(restart)

    def marker(self, number: str, level: int) -> str:
        """Return the printed marker of the next paragraph of list `number` at `level`, "" if it has none."""
        abstract = self._abstract.get(number, "")
        levels = self._levels.get(abstract, {})
        if level not in levels:
            return ""
        form, pattern, _start = levels[level]
        if form == "bullet":
            return _BULLETS.get(pattern.strip(), "-")
        if form == "none" or not pattern.strip():
            return ""
        self._count(number, abstract, level)

        def part(match: re.Match[str]) -> str:
            index = int(match.group(1)) - 1
            shape, _, start = levels.get(index, ("decimal", "", 1))
            return _number(self._counts.get((abstract, index), start), shape)

        return re.sub(r"%([1-9])", part, pattern).strip()

    def _count(self, number: str, abstract: str, level: int) -> None:
        start = self._levels[abstract][level][2]
        if number not in self._seen:
            self._seen.add(number)
            for (num, lvl), value in self._restart.items():
                if num == number:
                    self._counts[abstract, lvl] = value - 1
        self._counts[abstract, level] = self._counts.get((abstract, level), start - 1) + 1
        for deeper in [key for key in self._counts if key[0] == abstract and key[1] > level]:
            del self._counts[deeper]


def _value(element: Element | None) -> str:
    """Return attribute w:val of `element`, "" without it."""
    return "" if element is None else str(element.get(_W + "val") or "")


class _Walk:
    """Goes through a document once, in reading order."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._lines: list[Line] = []
        self._tables = 0
        part = document.part
        related = {rel.reltype.rsplit("/", 1)[-1]: rel for rel in part.rels.values() if not rel.is_external}
        self._numbering = _Numbering(_xml(related["numbering"]) if "numbering" in related else None)
        self._footnotes = _xml(related["footnotes"]) if "footnotes" in related else None
        self._styles = {style.get(_W + "styleId"): style for style in document.styles.element.iter(_W + "style")}

    def lines(self) -> list[Line]:
        """Return every line of the body, then the footnotes."""
        self._children(self._document.element.body, None, 0)
        if self._footnotes is not None:
            for note in self._footnotes.iter(_W + "footnote"):
                if note.get(_W + "type") in {None, "normal"}:
                    for paragraph in note.iter(_W + "p"):
                        self._add("".join(self._pieces(paragraph, [])), footnote=True)
        return self._lines

    def _add(
        self, text: str, *, heading: int = 0, cell: tuple[int, int, int] | None = None, footnote: bool = False
    ) -> None:
        for row in nfc(text.translate(_INVISIBLE)).split("\n"):
            self._lines.append(Line(row, len(self._lines) + 1, heading, cell, footnote))

    def _children(self, parent: Element, cell: tuple[int, int, int] | None, depth: int) -> None:
        if depth > _MAX_DEPTH:
            raise ReadError("broken", "nested too deep")
        for child in parent:
            if child.tag == _W + "p":
                self._paragraph(child, cell, depth)
            elif child.tag == _W + "tbl":
                self._table(child, cell, depth)
            elif child.tag in {_W + "sdt", _W + "sdtContent", _W + "ins", _W + "smartTag", _W + "customXml"}:
                self._children(child, cell, depth + 1)

    def _paragraph(self, paragraph: Element, cell: tuple[int, int, int] | None, depth: int) -> None:
        boxes: list[Element] = []
        text = "".join(self._pieces(paragraph, boxes))
        if text.strip():
            marker = self._marker(paragraph)
            text = f"{marker} {text.lstrip()}" if marker else text
        self._add(text, heading=self._heading(paragraph), cell=cell)
        for box in boxes:
            self._children(box, cell, depth + 1)

    def _pieces(self, element: Element, boxes: list[Element]) -> Iterator[str]:
        """Yield the visible text under `element`; text boxes are put aside into `boxes`."""
        stack = list(reversed(element))
        while stack:
            child = stack.pop()
            tag = child.tag
            if tag == _W + "t":
                yield child.text or ""
            elif tag in {_W + "tab", _W + "ptab"}:
                yield "\t"
            elif tag in {_W + "br", _W + "cr"}:
                yield "\n" if child.get(_W + "type") in {None, "textWrapping"} else " "
            elif tag == _W + "noBreakHyphen":
                yield "-"
            elif tag == _W + "txbxContent":
                boxes.append(child)
            elif tag not in _SKIPPED and isinstance(tag, str):
                stack.extend(reversed(child))

    def _table(self, table: Element, outer: tuple[int, int, int] | None, depth: int) -> None:
        self._tables += 1
        number = self._tables
        for r, row in enumerate(table.iter(_W + "tr") if outer is None else table.findall(_W + "tr")):
            column = 0
            for cell in row.findall(_W + "tc"):
                properties = cell.find(_W + "tcPr")
                merge = properties.find(_W + "vMerge") if properties is not None else None
                span = _value(properties.find(_W + "gridSpan")) if properties is not None else ""
                if merge is None or _value(merge) == "restart":
                    self._children(cell, outer or (number, r, column), depth + 1)
                column += int(span or 1)

    def _style_chain(self, paragraph: Element) -> Iterator[Element]:
        """Yield the paragraph's own properties, then those of its style and the styles that one is based on."""
        own = paragraph.find(_W + "pPr")
        if own is None:
            return
        yield own
        name, seen = _value(own.find(_W + "pStyle")), set[str]()
        while name in self._styles and name not in seen:
            seen.add(name)
            style = self._styles[name]
            properties = style.find(_W + "pPr")
            if properties is not None:
                yield properties
            name = _value(style.find(_W + "basedOn"))

    def _marker(self, paragraph: Element) -> str:
        number, level = "", ""
        for properties in self._style_chain(paragraph):
            list_ = properties.find(_W + "numPr")
            if list_ is not None:
                number = number or _value(list_.find(_W + "numId"))
                level = level or _value(list_.find(_W + "ilvl"))
        return self._numbering.marker(number, int(level or 0)) if number and number != "0" else ""

    def _heading(self, paragraph: Element) -> int:
        own = paragraph.find(_W + "pPr")
        style = self._styles.get(_value(own.find(_W + "pStyle"))) if own is not None else None
        if style is None:
            return 0
        match = _HEADING.fullmatch(_value(style.find(_W + "name")).lower())
        return int(match.group(1)) if match else 0


def _xml(relation: Any) -> Element:
    """Return the root element of a related part."""
    from docx.oxml import parse_xml  # noqa: PLC0415 - slow to import

    return parse_xml(relation.target_part.blob)
