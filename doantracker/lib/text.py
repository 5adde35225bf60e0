"""Vietnamese text: one normal form, search without accents, sorting. Pure."""

import re
import unicodedata
from textwrap import shorten

_LETTERS = {c: i for i, c in enumerate("0123456789aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")}
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
MOST_MARKS = 4
#: Where a letter may carry more than four marks: every mark lies in these ranges, no letter of Vietnamese does.
_HEAP = re.compile("[\u0300-\u1dff\u20d0-\u20ff\u2c00-\U0010ffff]{5}")
_SEEN = "LNPS"  # letters, numbers, punctuation, symbols: no mark, which is seen on a letter only
_BLANK = "\u115f\u1160\u2800\u3164\uffa0"  # letters and a symbol of which nothing is seen
_D = {"đ": "d", "Đ": "d"}  # has no decomposition


def nfc(text: str) -> str:
    """Return `text` with composed letters: the only form the project stores and compares.

    More than four marks on one letter are no Vietnamese; they are dropped first: sorting them takes quadratic time.
    """
    return unicodedata.normalize("NFC", _without_heaps_of_marks(text))


def _without_heaps_of_marks(text: str) -> str:
    if text.isascii() or _HEAP.search(text) is None:
        return text
    kept, marks = [], 0
    for c in text:
        marks = marks + 1 if unicodedata.combining(c) else 0
        if marks <= MOST_MARKS:
            kept.append(c)
    return text if len(kept) == len(text) else "".join(kept)


class _Folded(dict[int, str]):
    """What each letter is folded to, found out once; of rare letters nothing is kept, so that it stays small."""

    def __missing__(self, code: int) -> str:
        c = chr(code)
        folded = _D.get(c) or unicodedata.normalize("NFD", c)[0].lower()[:1]
        if code < _RARE:
            self[code] = folded
        return folded


_RARE = 0x2100
_FOLDED = _Folded()


def fold(text: str) -> str:
    """Return NFC `text` in lower case without accents, one character out for each one in.

    A span found in the folded text is therefore a span of the text itself.
    """
    return text.translate(_FOLDED)


def search_key(*parts: str) -> str:
    """Return what a stored search column holds: `parts` folded, white space single."""
    return " ".join(fold(nfc(" ".join(parts))).split())


def vi_key(text: str) -> tuple[list[int], list[int], list[bool]]:
    """Return a sort key in Vietnamese order: letters first, then tones, then case."""
    letters, tones, upper = [], [], []
    for c in nfc(text):
        marks = c if c in _D else unicodedata.normalize("NFD", c)
        base = unicodedata.normalize("NFC", "".join(m for m in marks if m not in _TONES))
        letters.append(-2 if base.isspace() else _LETTERS.get(base.lower(), -1))
        tones.append(next((_TONES[m] for m in marks if m in _TONES), 0))
        upper.append(base != base.lower())
    return letters, tones, upper


def person_key(name: str) -> str:
    """Return a stored sort key for a person: given name (last word) first, then the rest."""
    words = nfc(name).split()
    ordered = words[-1:] + words[:-1]
    return "|".join("".join(chr(0x40 + n) for n in vi_key(w)[0]) + "".join(map(str, vi_key(w)[1])) for w in ordered)


def seen(text: str) -> str:
    """Return what is seen of a name, on one line: without marks of direction and the like; empty: nothing is seen."""
    shown = " ".join("".join(c for c in text if c.isprintable() or c.isspace()).split())
    return shown if any(unicodedata.category(c)[0] in _SEEN and c not in _BLANK for c in shown) else ""


def shortened(text: str, width: int = 80) -> str:
    """Return the first whole words of `text` in at most `width` characters, "…" where more follows."""
    return shorten(text, width, placeholder=" …")
