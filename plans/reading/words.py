"""Letters and words every step of the reader shares: lower case, capitals, sentences. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

REMEMBERED = 1024
"""How many texts a step remembers what it made of: those of one paragraph, and lines that a document repeats."""

_TONE_ON_LAST = {
    "uỳ": "ùy", "uý": "úy", "uỷ": "ủy", "uỹ": "ũy", "uỵ": "ụy", "oà": "òa", "oá": "óa", "oả": "ỏa", "oã": "õa",
    "oạ": "ọa", "oè": "òe", "oé": "óe", "oẻ": "ỏe", "oẽ": "õe", "oẹ": "ọe",
}  # fmt: skip
_TONE_PLACE = re.compile(r"(?<!q)(?:u[ỳýỷỹỵ]|o[àáảãạèéẻẽẹ])(?!\w)")
_QUY = re.compile(r"q([úùủũụ])y")
_QUY_TONES = dict(zip("úùủũụ", "ýỳỷỹỵ", strict=True))

UPPER = "".join(chr(c) for c in (*range(0x41, 0x5B), *range(0xC0, 0x1B1), *range(0x1EA0, 0x1EFA)) if chr(c).isupper())
"""Capital letters of Vietnamese, to stand inside a character class."""


@dataclass(frozen=True, slots=True)
class Anchored:
    """A pattern that can begin at certain words only: it is tried there instead of at every character.

    `opening` matches the first character of each of its matches, at least, and begins with letters, so that it is
    found fast.
    """

    opening: re.Pattern[str]
    pattern: re.Pattern[str]

    def finditer(self, text: str, first: int, last: int) -> Iterator[re.Match[str]]:
        """Yield the matches of the pattern in order, as its own `finditer` would."""
        end = first
        for place in self.opening.finditer(text, first, last):
            at = place.start()
            match = self.pattern.match(text, at, last) if at >= end else None
            if match is not None:
                end = match.end()
                yield match


def opening(*words: str) -> re.Pattern[str]:
    """Return a pattern for the first letter of each of `words`.

    "#" stands for any digit, "#h" for the first of up to three digits before an "h", with a space between or none.
    """
    spelled = []
    for word in words:
        rest = re.escape(word[1:])
        if word.startswith("#"):
            after = rf"\d{{0,2}}\s?{rest}" if rest else ""
            spelled += [f"{digit}(?={after})" for digit in "0123456789"]
        else:
            spelled.append(f"{word[0]}(?={rest})")
    return re.compile("|".join(spelled))


_SENTENCE_END = re.compile(r"(?<![.!?…])[.!?…]+[”\"’)]*\s+(?=[“\"‘(]?[" + UPPER + r"0-9])|;\s+|[.!?](?=\s*$)")


@lru_cache(maxsize=REMEMBERED)  # every step asks for the same sentence
def plain(text: str) -> str:
    """Return NFC `text` in lower case with one way to place tones, position for position.

    "Uỷ ban" and "Ủy ban", "hoà" and "hòa", "qúy" and "quý" are both written; the marks themselves stay, because
    "ngày" and "ngay", "năm" and "nắm", "quý" and "quy" are different words.
    """
    lowered = text.lower()
    if len(lowered) != len(text):  # a few foreign capitals grow in lower case
        lowered = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    lowered = _TONE_PLACE.sub(lambda m: _TONE_ON_LAST[m.group()], lowered)
    return _QUY.sub(lambda m: "qu" + _QUY_TONES[m.group(1)], lowered)


_LETTER = re.compile(r"[^\W\d_]")
_FEWEST = 3  # fewer letters are an abbreviation


def is_capitals(text: str) -> bool:
    """Say whether every letter of `text` is a capital and there are at least three."""
    if text.upper() != text:
        return False
    letters = (True for match in _LETTER.finditer(text) if match.group().isalpha())
    return sum(islice(letters, _FEWEST)) == _FEWEST


@lru_cache(maxsize=REMEMBERED)
def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Return start and end of each sentence; a semicolon ends one too, as plans list tasks with it."""
    ends = [match.end() for match in _SENTENCE_END.finditer(text)]
    if not ends or ends[-1] < len(text):
        ends.append(len(text))
    return tuple(zip([0, *ends], ends, strict=False)) if text else ()


def squeeze(text: str) -> str:
    """Return `text` with white space single and none at the ends."""
    return " ".join(text.split())
