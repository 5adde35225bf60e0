"""The numbers Word prints before the paragraphs of its lists: counted as Word counts, as no text holds them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
    (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_BULLETS = {"-": "-", "–": "-", "—": "-", "+": "+", "*": "*", "o": "+"}
_LEVELS = 9
_MOST_ROMAN = 3999
_MOST_LETTERS = 780  # "z" thirty times, where Word stops too

Element = Any  # lxml ships no types


def value(element: Element | None) -> str:
    """Return attribute w:val of `element`, "" without it."""
    return "" if element is None else str(element.get(W + "val") or "")


def is_on(element: Element | None) -> bool:
    """Say whether an on/off property is there and not switched off."""
    return element is not None and value(element).lower() not in {"0", "false", "off"}


def whole(text: str, other: int) -> int:
    """Return the number in `text`, `other` where there is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < _LEVELS else other


def printed(number: int, form: str) -> str:
    """Return `number` as Word prints it in the number format `form`."""
    if form in {"upperRoman", "lowerRoman"}:
        rest, roman = min(max(number, 0), _MOST_ROMAN), ""
        for size, letters in _ROMAN:
            roman += letters * (rest // size)
            rest %= size
        return roman.upper() if form == "upperRoman" else roman
    if form in {"upperLetter", "lowerLetter"}:
        index = min(max(number, 1), _MOST_LETTERS) - 1
        letters = chr(ord("a") + index % 26) * (index // 26 + 1)
        return letters.upper() if form == "upperLetter" else letters
    return f"{number:02d}" if form == "decimalZero" else str(number)


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: number format, text with %1 … %9, first number, all parts decimal, restarts after."""

    form: str
    pattern: str
    start: int
    legal: bool = False
    restart: int | None = None


class Numbering:
    """Counts list paragraphs as Word does and gives each its printed number."""

    def __init__(self, root: Element | None, lists_of_styles: dict[str, str]) -> None:
        """Take the numbering part; `lists_of_styles` is the list (numId) each style names."""
        self._levels: dict[str, dict[int, Level]] = {}  # by abstract list
        self._abstract: dict[str, str] = {}  # of a list
        self._own: dict[str, dict[int, Level]] = {}  # levels a list defines anew
        self._restart: dict[str, dict[int, int]] = {}  # levels a list starts anew
        self._counts: dict[str, list[int | None]] = {}
        self._seen: set[str] = set()
        self._level_of_style: dict[tuple[str, str], int] = {}
        if root is not None:
            self._load(root, lists_of_styles)

    def _load(self, root: Element, lists_of_styles: dict[str, str]) -> None:
        links: dict[str, str] = {}
        for abstract in root.iter(W + "abstractNum"):
            name = str(abstract.get(W + "abstractNumId"))
            self._levels[name] = dict(self._read_levels(abstract, name))
            if link := value(abstract.find(W + "numStyleLink")):
                links[name] = link
        for num in root.iter(W + "num"):
            number = str(num.get(W + "numId"))
            self._abstract[number] = value(num.find(W + "abstractNumId"))
            for override in num.iter(W + "lvlOverride"):
                level = whole(str(override.get(W + "ilvl")), 0)
                self._own.setdefault(number, {}).update(self._read_levels(override, ""))
                if restart := value(override.find(W + "startOverride")):
                    self._restart.setdefault(number, {})[level] = whole(restart, 1)
        for name, style in links.items():  # a list that stands for the one of a style
            target = self._abstract.get(lists_of_styles.get(style, ""), "")
            self._levels[name] = self._levels.get(target, {})

    def _read_levels(self, parent: Element, abstract: str) -> Iterator[tuple[int, Level]]:
        for level in parent.findall(W + "lvl"):
            index = whole(str(level.get(W + "ilvl")), 0)
            if style := value(level.find(W + "pStyle")):
                self._level_of_style[abstract, style] = index
            restart = value(level.find(W + "lvlRestart"))
            yield (
                index,
                Level(
                    value(level.find(W + "numFmt")) or "decimal",
                    value(level.find(W + "lvlText")),
                    whole(value(level.find(W + "start")), 1),
                    is_on(level.find(W + "isLgl")),
                    whole(restart, 0) if restart else None,
                ),
            )

    def level_of_style(self, number: str, style: str) -> int:
        """Return the level of list `number` that belongs to paragraph style `style`."""
        return self._level_of_style.get((self._abstract.get(number, ""), style), 0)

    def marker(self, number: str, level: int) -> str:
        """Return the printed marker of the next paragraph of list `number` at `level`, "" if it has none."""
        abstract = self._abstract.get(number, "")
        levels = {**self._levels.get(abstract, {}), **self._own.get(number, {})}
        if level not in levels or not 0 <= level < _LEVELS:
            return ""
        own = levels[level]
        counts = self._count(number, abstract, level, levels)
        if own.form == "bullet":
            return _BULLETS.get(own.pattern.strip(), "-")
        if own.form == "none" and "%" not in own.pattern:
            return own.pattern.strip()

        def part(match: re.Match[str]) -> str:
            index = int(match.group(1)) - 1
            shape = levels.get(index, Level("decimal", "", 1))
            count = counts[index]
            shown = "decimal" if own.legal and shape.form != "decimalZero" else shape.form
            return "" if shape.form == "none" else printed(shape.start if count is None else count, shown)

        return re.sub(r"%([1-9])", part, own.pattern).strip()

    def _count(self, number: str, abstract: str, level: int, levels: dict[int, Level]) -> list[int | None]:
        """Count the paragraph; return the counts of every level of its list."""
        counts = self._counts.setdefault(abstract, [None] * _LEVELS)
        if number not in self._seen:
            self._seen.add(number)
            for restarted, first in self._restart.get(number, {}).items():
                if 0 <= restarted < _LEVELS:
                    counts[restarted] = first - 1
        current = counts[level]
        counts[level] = levels[level].start if current is None else current + 1
        for deeper in range(level + 1, _LEVELS):
            restart = levels[deeper].restart if deeper in levels else None
            if restart is None or (restart and level < restart):
                counts[deeper] = None
        return counts
