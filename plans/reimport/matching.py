"""Which record of one reading is which one of another: by its words, then by likeness, then by neighbours. Pure.

Nearly linear in the text: a row is weighed against a handful of candidates that share its rarer words.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from heapq import nlargest
from typing import Any, Final

Ref = tuple[str, int]  # kind and key of a record
Place = tuple[int, int, int]  # paragraph, first character, character after the last one

LIKE: Final = 0.5  # from this likeness on, two texts are one record, changed
COMMON: Final = 30  # a word in more rows than this says nothing about which row is meant
CANDIDATES: Final = 5
MOST_WORDS: Final = 1500  # longer texts are shown without marks on their words

_WORD = re.compile(r"\w+")
_PIECE = re.compile(r"\S+\s*")


@dataclass(frozen=True, slots=True)
class Row:
    """One record of one reading of a plan, or of the plan itself, as values that can be compared.

    `key` is unique among the rows of its kind; `within` is what it belongs to: the key of the solution of a
    commitment, the list of a priority task. `links` name other records of the same reading.
    """

    kind: str
    key: int
    text: str
    values: Mapping[str, Any]
    place: Place | None = None
    within: int | str | None = None
    links: Mapping[str, frozenset[Ref]] = field(default_factory=dict)

    @property
    def ref(self) -> Ref:
        """Return kind and key."""
        return self.kind, self.key

    @property
    def solution(self) -> Ref:
        """Return the solution of a commitment."""
        return "solution", int(self.within or 0)


Within = Callable[[Row], Hashable]


def folded(text: str) -> str:
    """Return what makes two texts the same words: no case, no breaks of lines."""
    return " ".join(text.split()).casefold()


def pair_equal(left: Sequence[Row], right: Sequence[Row], within: Within) -> dict[int, int]:
    """Pair rows with the same words in the same parent, the first with the first."""
    waiting: dict[Hashable, list[int]] = defaultdict(list)
    for row in reversed(right):
        waiting[row.within, folded(row.text)].append(row.key)
    pairs = {}
    for row in left:
        found = waiting.get((within(row), folded(row.text)))
        if found:
            pairs[row.key] = found.pop()
    return pairs


def pair_alike(left: Sequence[Row], right: Sequence[Row], within: Within) -> dict[int, int]:
    """Pair rows whose texts share most of their words, the most alike first; a word of many rows weighs less."""
    mine, theirs = [_words(r.text) for r in left], [_words(r.text) for r in right]
    spread = Counter(word for words in (*mine, *theirs) for word in words)
    holding: dict[Hashable, list[int]] = defaultdict(list)
    for j, words in enumerate(theirs):
        for word in words:
            if spread[word] <= COMMON:
                holding[right[j].within, word].append(j)
    scored = []
    for i, words in enumerate(mine):
        parent = within(left[i])
        votes: dict[int, float] = defaultdict(float)
        for word in words:
            for j in holding.get((parent, word), ()):
                votes[j] += 1 / spread[word]
        for j in nlargest(CANDIDATES, votes, key=votes.__getitem__):
            likeness = _likeness(words, theirs[j], spread)
            if likeness >= LIKE:
                scored.append((-likeness, abs(i - j), i, j))
    return _each_once((left[i].key, right[j].key) for *_rank, i, j in sorted(scored))


def pair_neighbours(
    left: Sequence[Row], right: Sequence[Row], pairs: Mapping[int, int], within: Within
) -> dict[int, int]:
    """Pair what stands behind the same paired row in both, when at least half of the words are the same."""
    spots: dict[Hashable, list[Row]] = defaultdict(list)
    taken, last = set(pairs.values()), -1
    for row in right:
        last = row.key if row.key in taken else last
        if row.key not in taken:
            spots[last, row.within].append(row)
    found, last = {}, -1
    for row in left:
        last = pairs.get(row.key, last)
        spot = spots.get((last, within(row)))
        if row.key not in pairs and spot and _likeness(_words(row.text), _words(spot[0].text), {}) >= LIKE:
            found[row.key] = spot.pop(0).key
    return found


def pair_in_order(left: Iterable[Row], right: Iterable[Row], within: Within) -> dict[int, int]:
    """Pair the rows of each parent one by one, whatever they say."""
    waiting: dict[Hashable, list[int]] = defaultdict(list)
    for row in right:
        waiting[row.within].append(row.key)
    return {row.key: waiting[within(row)].pop(0) for row in left if waiting[within(row)]}


def paragraphs_kept(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """Return where each paragraph of the old document stands in the new one, those gone or changed left out."""
    waiting: dict[str, list[int]] = defaultdict(list)
    for index in range(len(new) - 1, -1, -1):
        waiting[new[index]].append(index)
    return {index: waiting[text].pop() for index, text in enumerate(old) if waiting.get(text)}


def out_of_order(keys: Sequence[int]) -> int:
    """Return how many of `keys` have to move so that all of them ascend."""
    tails: list[int] = []
    for key in keys:
        low, high = 0, len(tails)
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if tails[middle] < key else (low, middle)
        tails[low : low + 1] = [key]
    return len(keys) - len(tails)


def merged_order(stored: Sequence[int], fresh: Sequence[int]) -> list[int]:
    """Return `fresh` with the rows of `stored` it does not name, each behind the one it stood behind."""
    named, behind, last = set(fresh), defaultdict[int | None, list[int]](list), None
    for key in stored:
        if key in named:
            last = key
        else:
            behind[last].append(key)
    return [*behind[None], *(k for key in fresh for k in (key, *behind.get(key, ())))]


def word_runs(old: str, new: str) -> tuple[list[tuple[str, bool]], list[tuple[str, bool]]]:
    """Return both texts cut into runs, each with whether its words differ from the other text."""
    left, right = _PIECE.findall(old), _PIECE.findall(new)
    if len(left) + len(right) > MOST_WORDS:
        return [(old, False)], [(new, False)]
    matcher = SequenceMatcher(None, [w.rstrip() for w in left], [w.rstrip() for w in right])
    was, now = [], []
    for tag, a, b, c, d in matcher.get_opcodes():
        was.append(("".join(left[a:b]), tag != "equal"))
        now.append(("".join(right[c:d]), tag != "equal"))
    return [run for run in was if run[0]], [run for run in now if run[0]]


def _words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(text.casefold()))


def _likeness(one: Counter[str], two: Counter[str], spread: Mapping[str, int]) -> float:
    """Return from 0 (no common word) to 1 (the same words): Dice's coefficient, a word of many rows weighing less."""

    def weight(words: Counter[str]) -> float:
        return sum(count / max(spread.get(word, 1) - 1, 1) for word, count in words.items())

    whole = weight(one) + weight(two)
    return 2 * weight(one & two) / whole if whole else 0.0


def _each_once(pairs: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Keep the pairs of which neither side was taken by an earlier one."""
    kept: dict[int, int] = {}
    taken: set[int] = set()
    for one, two in pairs:
        if one not in kept and two not in taken:
            kept[one] = two
            taken.add(two)
    return kept
