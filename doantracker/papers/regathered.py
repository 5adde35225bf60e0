"""What gathering a paper again comes to, told before it is done. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from doantracker.papers.differences import Change, changes_between
from doantracker.papers.paper import Paper
from doantracker.papers.wording import Overtaken, carried, overtaken, worded


@dataclass(frozen=True, slots=True)
class Regathered:
    """What would change in the paper as it leaves, own words that would stand over another text, words lost."""

    plain: Paper
    changes: list[Change]
    overtaken: list[Overtaken]
    lost: list[str]


def regathered(
    old: Paper, new: Paper, edits: Mapping[str, str], worded_over: Mapping[str, str], *, whole: bool = True
) -> Regathered:
    """Compare a paper with what is gathered now, each with the words that people put in; these stay."""
    kept, lost = carried(old, new, edits)
    over, _gone = carried(old, new, worded_over)
    changes = changes_between(worded(old, edits), worded(new, kept))
    return Regathered(new, changes, overtaken(new, kept, over, whole=whole), lost)
