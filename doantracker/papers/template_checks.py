"""What an uploaded template must not be: no archive of ours, with macros, or reaching for what lies outside. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from typing import Final
from zipfile import ZipFile

from lxml import etree

from plans.reading.readers import ReadError
from plans.reading.zip_checks import open_archive

DOCUMENT: Final = "word/document.xml"
CONTENT_TYPES: Final = "[Content_Types].xml"
#: Parts that run or embed another program's document.
EMBEDDING: Final = ("word/embeddings/", "word/activex/", "word/afchunk", "customui/")
#: Kinds of relation to such parts, which may be called anything.
EMBEDDED: Final = frozenset(
    {"afchunk", "oleobject", "package", "control", "activexcontrolbinary", "subdocument", "extensibility"}
)
MACROS: Final = frozenset({"vbaproject", "wordvbadata", "keymapcustomizations"})
#: Relations to the outside that nothing follows by itself.
HARMLESS: Final = ("hyperlink",)
#: Elements by which a document takes in others.
TAKING_IN: Final = frozenset({"mailMerge", "altChunk", "subDoc", "OLEObject", "control"})
#: Attributes in which drawings name a file; one of the document's own is named by the key of its relation.
NAMING_FILES: Final = frozenset({"src", "href", "althref"})
OUTSIDE: Final = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:|//|\\\\)", re.IGNORECASE)
#: Fields by which a word processor fetches files or starts programs.
FETCHING: Final = re.compile(
    r"\b(INCLUDEPICTURE|INCLUDETEXT|INCLUDE|DDEAUTO|DDE|LINK|IMPORT|DATABASE|RD|EMBED|HTMLACTIVEX|MACROBUTTON|PRINT)\b"
)
#: What may stand before the first sign of an XML part.
BLANKS: Final = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"

#: Parts whose words are read on the paper.
SHOWN: Final = re.compile(r"word/(?:document|(?:header|footer)\d*)\.xml")
#: What a reader of archives refuses by another name; the rest is too large.
_REFUSED: Final = {"unsafe": "unsafe", "broken": "not_word"}


class TemplateFaultError(Exception):
    """What is wrong with a template: a code of `FAULTS` in `forms.templates`, and the mark or part it is about."""

    def __init__(self, code: str, about: str = "") -> None:
        super().__init__(code, about)
        self.code, self.about = code, about


def check_template(data: bytes) -> None:
    """Raise `TemplateFaultError` for what must not be opened at all, before any parser of documents sees it."""
    try:
        with open_archive(data) as archive:
            names = {name.casefold() for name in archive.namelist()}
            if DOCUMENT not in names or CONTENT_TYPES.casefold() not in names:
                raise TemplateFaultError("broken")
            _check_parts(archive)
    except ReadError as error:
        raise TemplateFaultError(_REFUSED.get(error.code, "too_large"), error.detail) from error


def check_filled(data: bytes) -> None:
    """Raise `TemplateFaultError` where a filled template reaches outside: marks may have written what it fetches."""
    with ZipFile(BytesIO(data)) as archive:
        _check_parts(archive)


def check_shown(data: bytes, words: Mapping[str, str | Sequence[str]]) -> None:
    """Raise `TemplateFaultError` where a filled template does not show the words of marks that its papers need.

    What counts is what is read: a mark may stand in a condition that never holds, or its words be typed instead.
    """
    with ZipFile(BytesIO(data)) as archive:
        names = [name for name in archive.namelist() if SHOWN.fullmatch(name)]
        shown = _bare(" ".join(text for name in names for text in _lines(_parsed(archive, name))))
    missing = [
        name
        for name, word in words.items()
        if any(_bare(line) not in shown for line in ([word] if isinstance(word, str) else word))
    ]
    if missing:
        raise TemplateFaultError("missing_mark", ", ".join(missing))


def _lines(root: etree._Element) -> Iterator[str]:
    """Yield the paragraphs; the letters of one may stand in several runs."""
    for paragraph in root.iter("{*}p"):
        yield "".join(str(part.text or "") for part in paragraph.iter("{*}t"))


def _bare(text: str) -> str:
    """Return a text without what a template may change in it: capitals, and where lines break."""
    return " ".join(text.split()).casefold()


def _check_parts(archive: ZipFile) -> None:
    for name in archive.namelist():
        if name.casefold().startswith(EMBEDDING):
            raise TemplateFaultError("embedded", name)
        if _is_xml(archive, name):  # whatever its name: the relations say which part is the document
            root = _parsed(archive, name)
            _check_types(root)
            _check_relations(root)
            _check_fields(root)
            _check_elements(root)


def _is_xml(archive: ZipFile, name: str) -> bool:
    with archive.open(name) as part:
        head = part.read(64)
    return name.casefold().endswith((".xml", ".rels")) or head.lstrip(BLANKS)[:1] == b"<"


def _parsed(archive: ZipFile, name: str) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(archive.read(name), parser)
    except etree.XMLSyntaxError as error:
        raise TemplateFaultError("broken", name) from error


def _check_types(root: etree._Element) -> None:
    for part in root.iter("{*}Override", "{*}Default"):
        if "macroenabled" in str(part.get("ContentType", "")).casefold():
            raise TemplateFaultError("macros")


def _check_relations(root: etree._Element) -> None:
    for relation in root.iter("{*}Relationship"):
        kind = str(relation.get("Type", "")).rpartition("/")[2]
        if str(relation.get("TargetMode", "")).casefold() == "external" and kind.casefold() not in HARMLESS:
            raise TemplateFaultError("external", kind)
        if kind.casefold() in MACROS:
            raise TemplateFaultError("macros")
        if kind.casefold() in EMBEDDED:
            raise TemplateFaultError("embedded", kind)


def _check_fields(root: etree._Element) -> None:
    """Look at the codes of all fields; the letters of one may stand in several runs, and one behind another."""
    codes = "".join(
        str(part.text or "") if etree.QName(part).localname == "instrText" else "\n"
        for part in root.iter("{*}instrText", "{*}fldChar")
    )
    codes += " ".join(value for part in root.iter("{*}fldSimple") for value in map(str, part.attrib.values()))
    for text in (codes, codes.replace("\n", "")):
        if found := FETCHING.search(text.upper()):
            raise TemplateFaultError("field", found[1])


def _check_elements(root: etree._Element) -> None:
    """Refuse what takes other documents in, and drawings that name a file outside without any relation."""
    for element in root.iter("*"):
        name = etree.QName(element).localname
        if name in TAKING_IN:
            raise TemplateFaultError("embedded", name)
        for attribute, value in element.attrib.items():
            if etree.QName(attribute).localname.casefold() in NAMING_FILES and OUTSIDE.match(str(value)):
                raise TemplateFaultError("external", name)
