"""Which paragraphs of a document a person may not read, because shortcomings were read from them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from doantracker.lib.text import search_key

#: Characters from which on equal words are taken for the same sentence.
LEAST: Final = 20


@dataclass(frozen=True, slots=True)
class Hidden:
    """What must not be read: the paragraph (from 0) it was read from, if any, and its words."""

    paragraph: int | None
    words: tuple[str, ...]


def masked_paragraphs(paragraphs: Sequence[dict[str, Any]], hidden: Iterable[Hidden]) -> list[dict[str, Any]]:
    """Return the paragraphs, the text of those to be hidden left out and marked `masked`.

    A paragraph is hidden when one of `hidden` was read from it, and when it holds its words or they hold it: words
    that a person corrected, moved or copied stand somewhere else than the record says.
    """
    rows = list(hidden)
    if not rows:
        return list(paragraphs)
    sources = {row.paragraph for row in rows}
    words = [key for row in rows for key in map(search_key, row.words) if len(key) >= LEAST]
    return [
        {**p, "text": "", "masked": True} if number in sources or holds_any(search_key(str(p["text"])), words) else p
        for number, p in enumerate(paragraphs)
    ]


def holds_any(paragraph: str, words: Sequence[str]) -> bool:
    """Return whether a text holds one of the words, or they it; both as `search_key` makes them."""
    return any(key in paragraph or (len(paragraph) >= LEAST and paragraph in key) for key in words)
