"""A .docx as numbered lines: order kept, list numbers written out, tracked changes as accepted. Pure.

python-docx opens the package; the text is walked here, because it leaves out what Word shows (list numbers, text
boxes, footnotes) and shows what Word leaves out (deleted words). Read is what a reader of the printed page sees:
hidden text, field codes, empty placeholders and tables of contents are left out; page headers are looked at for
secrecy marks only. Nothing outside the file is ever opened.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from plans.reading.docx_numbering import Element, Numbering, W, is_on, value, whole
from plans.reading.docx_styles import Looks, ParagraphStyle, Styles, own_heading
from plans.reading.legacy_text import font_encoding, from_font
from plans.reading.readers import Line, ReadError, Text
from plans.reading.zip_checks import open_archive

_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_FALLBACK = _COMPATIBILITY + "Fallback"
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_SKIPPED = {W + n for n in ("del", "moveFrom", "delText", "pPr", "rPr", "sdtPr", "rt", "tblPr", "trPr", "tcPr")}
_SKIPPED.add(_FALLBACK)
_WRAPPERS = {W + n for n in ("sdt", "sdtContent", "ins", "moveTo", "smartTag", "customXml")}
_WRAPPERS |= {_COMPATIBILITY + "AlternateContent", _COMPATIBILITY + "Choice"}
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_MAX_DEPTH = 40

Cell = tuple[int, int, int]


def read_docx(data: bytes, name: str) -> Text:
    """Return the lines of the Word document `data`, or raise `ReadError`."""
    archive = open_archive(data)
    names = set(archive.namelist())
    _refuse_others(names, archive.read("[Content_Types].xml") if "[Content_Types].xml" in names else b"")
    try:
        from docx import Document  # noqa: PLC0415 - slow to import

        walk = _Walk(Document(BytesIO(data)))
        text = walk.text(name)
    except ReadError:
        raise
    except MemoryError as error:
        raise ReadError("too_expensive") from error
    except Exception as error:  # a damaged package fails in many ways inside the library
        raise ReadError("broken") from error
    if not any(line.text.strip() for line in text.lines) and any(n.startswith("word/media/") for n in names):
        raise ReadError("scan")
    return text


def _refuse_others(names: set[str], types: bytes) -> None:
    """Refuse archives of other programs that are merely called .docx."""
    if any(n.startswith("xl/") for n in names):
        raise ReadError("spreadsheet")
    if "mimetype" in names and "content.xml" in names:
        raise ReadError("open_document")
    if any(n.startswith("Index/") and n.endswith(".iwa") for n in names):
        raise ReadError("pages")
    if b"macroEnabled" in types:
        raise ReadError("macros")
    if not types or not any(n.startswith("word/") for n in names):
        raise ReadError("not_a_docx")


class _Fields:
    """Which field a run stands in: of a field its result is shown, not its code; of a table of contents nothing."""

    def __init__(self, body: Element) -> None:
        kinds = [str(mark.get(W + "fldCharType")) for mark in body.iter(W + "fldChar")]
        self._broken = kinds.count("begin") != kinds.count("end")  # then all text is shown
        self._open: list[list[str]] = []  # [part, code]

    def mark(self, kind: str) -> None:
        """Take the begin, the middle or the end of a field."""
        if kind == "begin":
            self._open.append(["code", ""])
        elif kind == "separate" and self._open:
            self._open[-1][0] = "result"
        elif kind == "end" and self._open:
            self._open.pop()

    def code(self, words: str) -> None:
        """Take a piece of a field's code."""
        if self._open and self._open[-1][0] == "code" and len(self._open[-1][1]) < _MAX_DEPTH:
            self._open[-1][1] += words

    @property
    def shown(self) -> bool:
        """Say whether text that stands here is seen."""
        if self._broken:
            return True
        return all(part == "result" and code.split()[:1] != ["TOC"] for part, code in self._open[:_MAX_DEPTH])


class _Walk:
    """Goes through a document once, in reading order."""

    def __init__(self, document: Any) -> None:
        self._body = document.element.body
        self._lines: list[Line] = []
        self._before: list[str] = []  # the same lines as the file has them, without conversion of fonts
        self._legacy = ""
        self._tables = 0
        self._held: tuple[str, str] | None = None  # a paragraph whose end was deleted: the next one goes on with it
        self._fields = _Fields(self._body)
        self._styles = Styles(document.styles.element)
        relations = [rel for rel in document.part.rels.values() if not rel.is_external]
        self._parts: dict[str, list[Any]] = {}
        for relation in relations:
            self._parts.setdefault(relation.reltype.rsplit("/", 1)[-1], []).append(relation)
        numbering = self._parts.get("numbering")
        self._numbering = Numbering(_xml(numbering[0]) if numbering else None, self._styles.lists())

    def text(self, name: str) -> Text:
        """Return every line of the body, then the footnotes and endnotes."""
        self._children(self._body, None, 0)
        for kind in ("footnote", "endnote"):
            for relation in self._parts.get(kind + "s", ())[:1]:
                for note in _xml(relation).iter(W + kind):
                    if note.get(W + "type") in {None, "normal"}:
                        self._note(note)
        before = tuple(self._before) if self._legacy else ()
        return Text(tuple(self._lines), name, marks=tuple(self._marks()), legacy=self._legacy, before=before)

    def _note(self, note: Element) -> None:
        for paragraph in note.iter(W + "p"):
            shown, typed = self._texts(paragraph, [])
            self._add(shown, typed, footnote=True)

    def _marks(self) -> Iterator[str]:
        """Yield the lines of page headers and footers."""
        for kind in ("header", "footer"):
            for relation in self._parts.get(kind, ()):
                for paragraph in _xml(relation).iter(W + "p"):
                    for row in self._texts(paragraph, [])[0].split("\n"):
                        if row.strip():
                            yield row

    def _add(
        self, shown: str, typed: str, *, heading: int = 0, cell: Cell | None = None, footnote: bool = False
    ) -> None:
        old = typed.split("\n")
        for index, row in enumerate(shown.split("\n")):
            self._lines.append(Line(row, len(self._lines) + 1, heading, cell, footnote))
            self._before.append(old[index] if index < len(old) else row)

    def _children(self, parent: Element, cell: Cell | None, depth: int) -> None:
        if depth > _MAX_DEPTH:
            raise ReadError("broken", "nested too deep")
        for child in parent:
            if child.tag == W + "p":
                self._paragraph(child, cell, depth)
            elif child.tag == W + "tbl":
                self._table(child, cell, depth)
            elif child.tag in _WRAPPERS and not _is_left_out(child):
                self._children(child, cell, depth + 1)

    def _paragraph(self, paragraph: Element, cell: Cell | None, depth: int) -> None:
        boxes: list[Element] = []
        properties = paragraph.find(W + "pPr")
        shown, typed = self._texts(paragraph, boxes)
        if self._held is not None:
            shown, typed = self._held[0] + shown, self._held[1] + typed
            self._held = None
        if properties is not None and properties.find(f"{W}rPr/{W}del") is not None:
            self._held = shown, typed  # the paragraph mark is deleted: what follows goes on here
        else:
            style = self._styles.paragraph(properties)
            marker = self._marker(style)
            if marker and shown.strip():
                shown, typed = f"{marker} {shown.lstrip()}", f"{marker} {typed.lstrip()}"
            heading = style.heading or own_heading(properties, shown)
            self._add(shown, typed, heading=heading, cell=cell)
        for box in boxes:
            self._children(box, cell, depth + 1)

    def _marker(self, style: ParagraphStyle) -> str:
        if not style.number or style.number == "0":
            return ""
        level = style.level or str(self._numbering.level_of_style(style.number, style.numbered_by))
        return self._numbering.marker(style.number, whole(level, 0))

    def _texts(self, paragraph: Element, boxes: list[Element]) -> tuple[str, str]:
        """Return the text of a paragraph as its fonts show it and as it was typed; text boxes are put aside."""
        style = self._styles.paragraph(paragraph.find(W + "pPr"))
        shown: list[str] = []
        typed: list[str] = []
        for piece, looks in self._pieces(paragraph, boxes, style):
            if looks.hidden or not self._fields.shown:
                continue
            visible = piece
            encoding = font_encoding(looks.font or "")
            if encoding:
                visible = from_font(piece, looks.font or "")
                if visible != piece and not piece.isascii():
                    self._legacy = self._legacy or encoding
            if looks.capitals:
                visible = visible.upper()
            if looks.raised and visible.isdecimal():
                visible = visible.translate(_RAISED)
            shown.append(visible)
            typed.append(piece)
        return "".join(shown), "".join(typed)

    def _pieces(self, element: Element, boxes: list[Element], style: ParagraphStyle) -> Iterator[tuple[str, Looks]]:
        """Yield the pieces of text under `element` with their looks."""
        looks = style.looks
        stack = list(reversed(element))
        while stack:
            child = stack.pop()
            tag = child.tag
            if tag == W + "r":
                looks = self._styles.run(child.find(W + "rPr"), style)
                stack.extend(reversed(child))
            elif tag == W + "fldChar":
                self._fields.mark(str(child.get(W + "fldCharType")))
            elif tag == W + "instrText":
                self._fields.code(child.text or "")
            elif tag == W + "txbxContent":
                if not looks.hidden:
                    boxes.append(child)
            elif (piece := _piece(child, tag, looks)) is not None:
                yield piece, looks
            elif tag not in _SKIPPED and isinstance(tag, str) and not _is_left_out(child):
                stack.extend(reversed(child))

    def _table(self, table: Element, outer: Cell | None, depth: int) -> None:
        self._tables += 1
        number = self._tables
        for r, row in enumerate(_inside(table, "tr")):
            properties = row.find(W + "trPr")
            column = 0
            if properties is not None:
                if properties.find(W + "del") is not None:
                    continue
                column = whole(value(properties.find(W + "gridBefore")), 0)
            for cell in _inside(row, "tc"):
                own = cell.find(W + "tcPr")
                merge = own.find(W + "vMerge") if own is not None else None
                span = value(own.find(W + "gridSpan")) if own is not None else ""
                if merge is None or value(merge) == "restart":
                    self._children(cell, outer or (number, r, column), depth + 1)
                column += whole(span, 1)


_FIXED = {W + "tab": "\t", W + "ptab": "\t", W + "cr": "\n", W + "noBreakHyphen": "-"}


def _piece(child: Element, tag: object, looks: Looks) -> str | None:
    """Return the text the element `child` stands for, None if it is no text by itself."""
    if tag in {W + "t", _MATH_TEXT}:
        return child.text or ""
    if tag == W + "br":
        return "\n" if child.get(W + "type") in {None, "textWrapping"} else " "
    if tag == W + "softHyphen":
        return "\xad" if font_encoding(looks.font or "") else ""  # in TCVN3 it is a letter
    if tag == W + "sym":
        code = int(str(child.get(W + "char")), 16)
        return chr(code & 0xFF if font_encoding(str(child.get(W + "font"))) else code)
    return _FIXED.get(str(tag))


def _is_left_out(element: Element) -> bool:
    """Say whether a content control shows nothing of its own: an empty placeholder, or a table of contents."""
    if element.tag != W + "sdt":
        return False
    properties = element.find(W + "sdtPr")
    if properties is None:
        return False
    gallery = value(properties.find(f"{W}docPartObj/{W}docPartGallery"))
    return is_on(properties.find(W + "showingPlcHdr")) or gallery == "Table of Contents"


def _inside(parent: Element, name: str, depth: int = 0) -> Iterator[Element]:
    """Yield the rows of a table or the cells of a row, also those in content controls, none of tables inside."""
    for child in parent:
        if child.tag == W + name:
            yield child
        elif child.tag in _WRAPPERS and depth < _MAX_DEPTH:
            yield from _inside(child, name, depth + 1)


def _xml(relation: Any) -> Element:
    """Return the root element of a related part."""
    from docx.oxml import parse_xml  # noqa: PLC0415 - slow to import

    return parse_xml(relation.target_part.blob)
