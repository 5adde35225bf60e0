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
#: Relations to the outside that nothing follows by itself.
HARMLESS: Final = ("hyperlink",)
#: Fields by which a word processor fetches files or starts programs.
FETCHING: Final = re.compile(r"\b(INCLUDEPICTURE|INCLUDETEXT|INCLUDE|DDEAUTO|DDE|LINK|IMPORT|DATABASE|RD)\b")

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
        if name == CONTENT_TYPES and b"macroenabled" in archive.read(name).lower():
            raise TemplateFaultError("macros")
        if name.casefold().endswith(".rels"):
            _check_relations(_parsed(archive, name))
        elif name.casefold().startswith("word/") and name.casefold().endswith(".xml"):
            _check_fields(_parsed(archive, name))


def _parsed(archive: ZipFile, name: str) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(archive.read(name), parser)
    except etree.XMLSyntaxError as error:
        raise TemplateFaultError("broken", name) from error


def _check_relations(root: etree._Element) -> None:
    for relation in root:
        kind = str(relation.get("Type", "")).rpartition("/")[2]
        if str(relation.get("TargetMode", "")).casefold() == "external" and kind.casefold() not in HARMLESS:
            raise TemplateFaultError("external", kind)


def _check_fields(root: etree._Element) -> None:
    """Look at the codes of all fields; the letters of one may stand in several runs."""
    codes = "".join(str(part.text or "") for part in root.iter("{*}instrText"))
    codes += " ".join(value for part in root.iter("{*}fldSimple") for value in map(str, part.attrib.values()))
    found = FETCHING.search(codes.upper())
    if found:
        raise TemplateFaultError("field", found[1])
