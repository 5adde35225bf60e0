"""What a line begins with: section numbers, letters, bullets; and the cleaning every line gets first. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from plans.reading.words import UPPER, squeeze

_ASTERISK = re.compile(r"(?<!\d)\*+|\*+(?!\d)")  # "3*4" is a figure, not emphasis
_ESCAPED = re.compile(r"\\([-.*_#()+>])")
_HASHES = re.compile(r"\s{0,3}(#{1,6})\s+")
_NOTE_DIGITS = re.compile("[¹²³⁴⁵⁶⁷⁸⁹⁰]")
_NOTE_MARK = re.compile(r"(?<![\s\d])(?<!\bm)(?<!\bkm)(?<!\bcm)(?<!\bdm)[¹²³⁴⁵⁶⁷⁸⁹⁰]+")
_FOOTNOTE = re.compile(r"\s{0,9}(?:[¹²³⁴⁵⁶⁷⁸⁹⁰]+|\[\d{1,3}\])\s*(?=\S)")
_RULE = re.compile(r"[\s\-–—_=*~.…·|]*")
_PRIVATE = re.compile("[\ue000-\uf8ff]")

_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("part", re.compile(r"(?:PHẦN|Phần|CHƯƠNG|Chương)\s+(?:(?:THỨ|thứ)\s+\w+|[IVX]+|\d{1,2})\b\s*[.:/)–-]?\s*")),
    ("roman", re.compile(r"(?!V/v)[IVX]{1,6}\s*[./):–-]+\s*(?=\S)")),
    ("upper", re.compile(rf"[A-HĐKLMN]\s*[./)-]\s*(?=[{UPPER}“\"])")),
    ("decimal", re.compile(r"\d{1,2}(?:\.\d{1,2}){0,4}\s*(?:[.)/:]\s*[-–]?|[-–])\s*(?=[^\s\d])")),
    ("decimal", re.compile(rf"\d{{1,2}}(?:\.\d{{1,2}}){{1,4}}\s+(?=[{UPPER}“\"])")),
    (
        "decimal",
        re.compile(r"\d{1,2}(?:\.\d{1,2}){0,4}\s?[.)/]\s+(?=\d{1,4}(?:/\d{1,4})?(?:\s?%|\s+[^\W\d]))"),
    ),  # "3. 100% …"
    ("article", re.compile(r"Điều\s+\d{1,2}\s*[.:]\s*")),
    ("letter", re.compile(r"[a-eghikđ]\.?\d?\s*[.)/]\s*(?=\S)")),
    ("paren", re.compile(r"\((?:\d{1,2}|[a-zđ]|[ivx]{1,4})\)\s*(?=\S)")),
    ("word", re.compile(r"(?:Một|Hai|Ba|Bốn|Năm|Sáu|Bảy|Tám|Chín|Mười) là\s*[,:]\s*(?=\S)")),
    ("-", re.compile(r"[-–—−]\s*(?=[^\s\d]|\d+(?:\s|%))")),
    ("+", re.compile(r"\+\s*(?=\S)")),
    ("*", re.compile(r"\*\s*(?=\S)")),
    ("·", re.compile(r"[·•●▪■□◆❖➢➤✓→∙‣◦*](?:\s+|(?=\w))(?=\S)")),
    ("o", re.compile(rf"o\s+(?=[{UPPER}])")),
)
BARE_PART = re.compile(r"(?:PHẦN|Phần|CHƯƠNG|Chương)\s+(?:(?:THỨ|thứ)\s+\w+|[IVX]+|\d{1,2})\s*[.:]?")
BULLETS = frozenset({"-", "+", "*", "·", "o", "paren", "word"})
NUMBERED = frozenset({"part", "roman", "upper", "decimal", "article", "letter"})


@dataclass(frozen=True, slots=True)
class Marked:
    """A cleaned line: its marker as printed, the style of the marker and the words after it."""

    text: str
    marker: str = ""
    style: str = ""
    heading: int = 0
    footnote: bool = False
    tight: bool = False  # no space between the marker and the first word


def is_rule(text: str) -> bool:
    """Say whether `text` is a drawn line or empty: "-----", "***", "_____"."""
    return _RULE.fullmatch(text) is not None or not text.strip()


def read_marker(raw: str, heading: int = 0) -> Marked:
    """Return `raw` without markup, its marker apart.

    Asterisks are emphasis (texts come out of word processors as Markdown), except one at the start of a line that
    nothing closes: that is a bullet, even where bold follows it at once ("*** Title:**").
    """
    text = _PRIVATE.sub("•", raw.replace("\ufffd", " ").replace("\xa0", " "))
    hashes = _HASHES.match(text)
    if hashes:
        heading, text = heading or len(hashes.group(1)), text[hashes.end() :]
    text = _ESCAPED.sub(r"\1", text).strip()
    if _FOOTNOTE.match(text):
        return Marked(squeeze(_ASTERISK.sub("", text)), footnote=True)
    star = _leading_star(text)
    if "*" in text:
        text = _ASTERISK.sub("", text)
    if _NOTE_DIGITS.search(text):
        text = _NOTE_MARK.sub("", text)
    text = squeeze(text)
    if star:
        return Marked(text, "*", "*", heading)
    for style, pattern in _PATTERNS:
        match = pattern.match(text)
        if match and match.end() < len(text):
            tight = not match.group()[-1].isspace()
            return Marked(text[match.end() :], match.group().strip(), style, heading, tight=tight)
    return Marked(text, heading=heading)


def _leading_star(text: str) -> bool:
    """Say whether the asterisk `text` starts with is a bullet."""
    match = _ASTERISK.match(text)
    if match is None:
        return False
    length, rest = len(match.group()), text[match.end() :]
    if length % 2 == 1 and (rest[:1].isspace() or length == 3):  # noqa: PLR2004 - "*" and "**" run together
        return True
    return length == 1 and "*" not in rest
