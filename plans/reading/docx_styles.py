"""What the styles of a Word document say of a paragraph or a run: heading, list, font, hidden, capitals. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from plans.reading.docx_numbering import Element, W, is_on, value, whole

_HEADING = re.compile(r"(?:heading|tiêu đề) ?(\d)")
_MOST_BASES = 20  # styles based on one another; Word itself allows about ten
_BODY_LEVEL = 9
_LONGEST_HEADING = 200  # characters under an outline level of its own; longer is a paragraph someone marked


@dataclass(frozen=True, slots=True)
class Looks:
    """How a run looks as far as the text depends on it; None where nothing is said."""

    font: str | None = None
    hidden: bool | None = None
    capitals: bool | None = None
    raised: bool | None = None

    def over(self, other: Looks) -> Looks:
        """Return these looks, what they leave open taken from `other`."""
        return Looks(
            self.font if self.font is not None else other.font,
            self.hidden if self.hidden is not None else other.hidden,
            self.capitals if self.capitals is not None else other.capitals,
            self.raised if self.raised is not None else other.raised,
        )


@dataclass(frozen=True, slots=True)
class ParagraphStyle:
    looks: Looks = Looks()
    heading: int = 0
    number: str = ""
    level: str = ""
    numbered_by: str = ""  # the style of the chain that names the list


class Styles:
    """The styles of a document, each looked up along its bases once."""

    def __init__(self, root: Element) -> None:
        self._styles = {str(style.get(W + "styleId")): style for style in root.iter(W + "style")}
        self._default = next(
            (
                name
                for name, style in self._styles.items()
                if style.get(W + "type") == "paragraph"
                and str(style.get(W + "default")).lower() in {"1", "true", "on"}
            ),
            "",
        )
        defaults = root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
        self._defaults = looks_of(defaults) if defaults is not None else Looks()
        self._paragraphs: dict[str, ParagraphStyle] = {}
        self._runs: dict[str, Looks] = {}

    def lists(self) -> dict[str, str]:
        """Return the list each style names itself."""
        named = ((name, value(style.find(f"{W}pPr/{W}numPr/{W}numId"))) for name, style in self._styles.items())
        return {name: number for name, number in named if number}

    def paragraph(self, properties: Element | None) -> ParagraphStyle:
        """Return what the style of a paragraph with `properties` says, its own properties laid over it."""
        name = (value(properties.find(W + "pStyle")) if properties is not None else "") or self._default
        style = self._paragraph_style(name)
        own = properties.find(W + "numPr") if properties is not None else None
        if own is None:
            return style
        number, level = value(own.find(W + "numId")), value(own.find(W + "ilvl"))
        return replace(
            style,
            number=number or style.number,
            level=level or ("" if number else style.level),
            numbered_by=name if number else style.numbered_by,
        )

    def run(self, properties: Element | None, paragraph: ParagraphStyle) -> Looks:
        """Return how a run with `properties` looks in a paragraph of that style."""
        if properties is None:
            return paragraph.looks
        looks = looks_of(properties)
        named = value(properties.find(W + "rStyle"))
        return looks.over(self._run_style(named).over(paragraph.looks) if named else paragraph.looks)

    def _run_style(self, name: str) -> Looks:
        if name not in self._runs:
            looks = Looks()
            for style in self._chain(name):
                looks = looks.over(looks_of(style.find(W + "rPr")))
            self._runs[name] = looks
        return self._runs[name]

    def _paragraph_style(self, name: str) -> ParagraphStyle:
        if name not in self._paragraphs:
            self._paragraphs[name] = self._read(name)
        return self._paragraphs[name]

    def _read(self, name: str) -> ParagraphStyle:
        result = ParagraphStyle()
        looks, outline = Looks(), ""
        for style in self._chain(name):
            looks = looks.over(looks_of(style.find(W + "rPr")))
            match = _HEADING.fullmatch(value(style.find(W + "name")).lower())
            result = replace(result, heading=result.heading or (int(match.group(1)) if match else 0))
            properties = style.find(W + "pPr")
            if properties is None:
                continue
            outline = outline or value(properties.find(W + "outlineLvl"))
            listed = properties.find(W + "numPr")
            if listed is not None:
                number = result.number or value(listed.find(W + "numId"))
                by = result.numbered_by or (str(style.get(W + "styleId")) if number else "")
                level = result.level or value(listed.find(W + "ilvl"))
                result = replace(result, number=number, level=level, numbered_by=by)
        depth = whole(outline, _BODY_LEVEL)
        heading = result.heading or (depth + 1 if depth < _BODY_LEVEL else 0)
        return replace(result, heading=heading, looks=looks.over(self._defaults))

    def _chain(self, name: str) -> Iterator[Element]:
        """Yield style `name` and those it is based on."""
        for _ in range(_MOST_BASES):
            style = self._styles.get(name)
            if style is None:
                return
            yield style
            name = value(style.find(W + "basedOn"))


def looks_of(properties: Element | None) -> Looks:
    """Return what run properties say of looks."""
    if properties is None:
        return Looks()
    fonts = properties.find(W + "rFonts")
    font = (fonts.get(W + "ascii") or fonts.get(W + "hAnsi")) if fonts is not None else None
    align = properties.find(W + "vertAlign")
    return Looks(
        None if font is None else str(font),
        _switch(properties.find(W + "vanish")),
        _switch(properties.find(W + "caps")),
        None if align is None else value(align) == "superscript",
    )


def own_heading(properties: Element | None, text: str) -> int:
    """Return the outline level a paragraph gives itself, 0 for none."""
    if properties is None or len(text) > _LONGEST_HEADING:
        return 0
    level = whole(value(properties.find(W + "outlineLvl")), _BODY_LEVEL)
    return level + 1 if level < _BODY_LEVEL else 0


def _switch(element: Element | None) -> bool | None:
    return None if element is None else is_on(element)
