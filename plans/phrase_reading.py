"""What words a person selects in the document mean as a commitment: the reader's grammar over one short text.

The grammar runs in this process: it is linear, takes no file apart, and gets at most `LONGEST` characters.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from plans.importing import counts_working_days, doubt_words, fit, stored_lead_time, stored_rule
from plans.models import Plan, Schedule, Solution
from plans.reading.phrases import YEAR_INFERRED, Frame, find_phrases

LONGEST: Final = 300  # characters; what a phrase of a commitment may have


@dataclass(frozen=True, slots=True)
class ReadPhrase:
    """First values of a commitment's form, why they are unsure, and how many times the words name."""

    values: dict[str, Any] = field(default_factory=dict)
    doubt: str = ""
    count: int = 0


def read_phrase(text: str, plan: Plan) -> ReadPhrase:
    """Return what `text` says about time, seen from the period of `plan`; of several times the first."""
    words = text[:LONGEST]
    found = find_phrases(words, _frame(plan), is_label=True)
    if not found:
        return ReadPhrase({"phrase": fit(Schedule, "phrase", words)})
    drafted = found[0].drafted(words)
    rule, rule_doubt = stored_rule(drafted)
    values = {
        "phrase": fit(Schedule, "phrase", drafted.phrase),
        "kind": drafted.kind.value,
        "start": drafted.start,
        "due": drafted.due,
        "rule": rule,
        "lead_time": stored_lead_time(drafted),
        "in_working_days": counts_working_days(drafted),
        "anchor": fit(Schedule, "anchor", drafted.anchor),
        "exception": fit(Schedule, "exception", drafted.exception),
    }
    doubts = [drafted.doubt, rule_doubt, YEAR_INFERRED if drafted.year_inferred else ""]
    return ReadPhrase(values, doubt_words(doubts), len({(p.start, p.end) for p in found}))


def solution_at(plan: Plan, paragraph: int, start: int, end: int) -> Solution | None:
    """Return the solution whose words hold these characters, else the last one that begins before them."""
    rows = plan.solutions.filter(source_paragraph__isnull=False, source_paragraph__lte=paragraph)
    before = rows.order_by("-source_paragraph", "-source_start")
    holding = before.filter(source_paragraph=paragraph, source_start__lte=start, source_end__gte=end)
    return holding.first() or before.first()


def _frame(plan: Plan) -> Frame:
    first = plan.period_start.year if plan.period_start else None
    last = plan.period_end.year if plan.period_end else first
    return Frame(first, last, plan.issued_on)
