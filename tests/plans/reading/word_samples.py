"""Word files made in the test: a document of python-docx with raw WordprocessingML put in."""

import io
import zipfile

import docx
from docx.oxml import parse_xml

from plans.reading.readers import Line, read_document

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)


def saved(document: "docx.document.Document") -> bytes:
    """Return `document` as the bytes of a file."""
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def element(xml: str) -> object:
    """Return `xml`, whose outermost element is named like "<w:p>", as an element."""
    name, rest = xml[1:].split(">", 1) if ">" in xml else (xml[1:], "")
    closing = "/" if name.endswith("/") else ""
    return parse_xml(f"<{name.rstrip('/')} {NAMESPACES}{closing}>{rest}")


def body(*pieces: str, numbering: str = "", styles: str = "") -> bytes:
    """Return a Word file whose body holds `pieces`; `numbering` and `styles` are put into those parts."""
    document = docx.Document()
    for piece in pieces:
        document.element.body.insert(len(document.element.body) - 1, element(piece))
    for child in _children(numbering):
        part = document.part.numbering_part.element
        if child.tag.endswith("}abstractNum"):
            part.insert(0, child)
        else:
            part.append(child)
    for child in _children(styles):
        document.styles.element.append(child)
    return saved(document)


def _children(xml: str) -> list:  # type: ignore[type-arg]  # lxml ships no types
    return list(parse_xml(f"<w:x {NAMESPACES}>{xml}</w:x>")) if xml else []


def paragraph(text: str, properties: str = "") -> str:
    """Return a paragraph with one run."""
    return f'<w:p><w:pPr>{properties}</w:pPr><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def item(text: str, number: int, level: int = 0) -> str:
    """Return a paragraph of list `number`."""
    return paragraph(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def lines(data: bytes) -> list[Line]:
    """Return the lines a Word file is read as."""
    return list(read_document(data, "a.docx").lines)


def texts(*pieces: str, numbering: str = "", styles: str = "") -> list[str]:
    """Return the text of each line a Word file with these pieces is read as."""
    return [line.text for line in lines(body(*pieces, numbering=numbering, styles=styles))]


def with_member(data: bytes, name: str, content: bytes, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return the archive `data` with one more member, or with that one replaced."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", method) as new:
        for info in old.infolist():
            if info.filename != name:
                new.writestr(info, old.read(info))
        new.writestr(name, content)
    return stream.getvalue()
