"""Two texts compared word by word. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

MOST_WORDS: Final = 4000  # of both texts together: comparing takes the square of it
_WORD: Final = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words, and whether they stand in both texts ("same"), only in the former or only in the later one."""

    kind: str  # same, gone, new
    text: str


def word_diff(before: str, after: str) -> list[Piece]:
    """Return both texts as one, word by word; what went stands before what came. Blanks are not compared."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    if len(old) + len(new) > MOST_WORDS:
        return _with_words([Piece("gone", before.strip()), Piece("new", after.strip())])
    found: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Piece("same", " ".join(old[a:b])))
            continue
        found += [Piece("gone", " ".join(old[a:b])), Piece("new", " ".join(new[c:d]))]
    return _with_words(found)


def _with_words(pieces: list[Piece]) -> list[Piece]:
    """Return the pieces that hold words."""
    return [piece for piece in pieces if piece.text]
