"""What changed between two wordings, word by word. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Literal

_WORDS: Final = re.compile(r"\S+\s*")
#: Longer texts are shown one after the other: comparing them word by word takes too long and helps nobody.
MOST_WORDS: Final = 2000


@dataclass(frozen=True, slots=True)
class Part:
    """A run of words that stayed, went or came."""

    kind: Literal["same", "gone", "new"]
    text: str


def word_diff(before: str, after: str) -> list[Part]:
    """Return the two wordings as one row of parts; what went stands before what came in its place."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if max(len(old), len(new)) > MOST_WORDS:
        return [Part("gone", before), Part("new", after)]
    plain = [[word.strip() for word in words] for words in (old, new)]  # a line broken elsewhere is no change
    parts: list[Part] = []
    for _tag, a, b, c, d in SequenceMatcher(a=plain[0], b=plain[1], autojunk=False).get_opcodes():
        if plain[0][a:b] == plain[1][c:d]:
            parts.append(Part("same", "".join(new[c:d])))
            continue
        if a < b:
            parts.append(Part("gone", "".join(old[a:b])))
        if c < d:
            parts.append(Part("new", "".join(new[c:d])))
    return parts
