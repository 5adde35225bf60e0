"""What a clerk may word anew: keyed paragraphs, and of head and foot what only the office knows. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from doantracker.papers.gather.content import KEPT
from doantracker.papers.paper import Head, Heading, Level, Paper

SYMBOL: Final = "head-symbol"  # "TĐTN-VP": what stands after the stroke of the number
ABSTRACT: Final = "head-abstract"
AUTHORITY: Final = "head-authority"
POST: Final = "head-post"
NAME: Final = "head-name"
RECIPIENTS: Final = "head-recipients"  # one a line
FOOT: Final = (AUTHORITY, POST, NAME, RECIPIENTS)
HEAD: Final = (SYMBOL, ABSTRACT, *FOOT)


@dataclass(frozen=True, slots=True)
class Overtaken:
    """Own words ("": left out) whose gathered text is another by now: `before` it was what they stand for."""

    key: str
    words: str
    before: str
    now: str


def wordable(paper: Paper, *, whole: bool = True) -> dict[str, str]:
    """Return the words that may be changed, by key; `whole` False: number and abstract stay, for it was issued."""
    head = _head_words(paper)
    return {key: head[key] for key in (HEAD if whole else FOOT)} | paper.paragraphs


def worded(paper: Paper, edits: Mapping[str, str]) -> Paper:
    """Return the paper with other words in the place of its own, by their keys."""
    if not edits.keys() & set(HEAD):
        return paper.edited(edits)
    own = _head_words(paper)
    found = own | {key: edits[key] for key in HEAD if key in edits}
    recipients = found[RECIPIENTS]
    if RECIPIENTS not in edits and found[SYMBOL] != own[SYMBOL]:
        recipients = _kept_by(recipients, department_of(own[SYMBOL]), department_of(found[SYMBOL]))
    return replace(
        paper.edited(edits),
        head=_with_symbol(paper.head, found[SYMBOL]),
        abstract=found[ABSTRACT],
        signature=replace(paper.signature, authority=found[AUTHORITY], post=found[POST], name=found[NAME]),
        recipients=tuple(line.strip() for line in recipients.splitlines() if line.strip()),
    )


def marked_cancelled(paper: Paper, day: dt.date) -> Paper:
    """Return a paper whose first line says that it is cancelled: in every form, whatever the template."""
    return replace(paper, blocks=(Heading(Level.PART, f"VĂN BẢN ĐÃ HỦY (ngày {day:%d/%m/%Y})"), *paper.blocks))


def carried(old: Paper, new: Paper, edits: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """Return the edits of `old` as they stand in `new`, by key, and words that have no place there any more.

    A paragraph whose key is counted ("said2") is another one as soon as one comes in above: its words go where the
    same text stands now. Others keep their key, whatever figures their text tells.
    """
    before, now = old.paragraphs, {text: key for key, text in new.paragraphs.items()}
    kept, lost = {}, []
    for key, words in edits.items():
        if key in HEAD or (key in new.paragraphs and not key[-1:].isdigit()):
            kept[key] = words
        elif place := now.get(before.get(key, "")):
            kept[place] = words
        else:
            lost.append(words)
    return kept, lost


def overtaken(
    plain: Paper, edits: Mapping[str, str], worded_over: Mapping[str, str], *, whole: bool = True
) -> list[Overtaken]:
    """Return the own words that were put in over another text than is gathered now, in the order of the paper."""
    return [
        Overtaken(key, edits[key], worded_over[key], now)
        for key, now in wordable(plain, whole=whole).items()
        if key in edits and worded_over.get(key, now) != now
    ]


def department_of(symbol: str) -> str:
    """Return the department in "TĐTN-VP"; "" where none stands there."""
    return symbol.partition("-")[2]


def _head_words(paper: Paper) -> dict[str, str]:
    sign = paper.signature
    return {
        SYMBOL: paper.head.number.partition("/")[2],
        ABSTRACT: paper.abstract,
        AUTHORITY: sign.authority,
        POST: sign.post,
        NAME: sign.name,
        RECIPIENTS: "\n".join(paper.recipients),
    }


def _with_symbol(head: Head, symbol: str) -> Head:
    return replace(head, number=f"{head.number.partition('/')[0]}/{symbol}")


def _kept_by(recipients: str, old: str, new: str) -> str:
    """Return the recipients with the department that keeps the paper: the one its number names."""
    before, after = (f"{KEPT}, {code}" if code else KEPT for code in (old, new))
    return "\n".join(after if line == before else line for line in recipients.splitlines())
