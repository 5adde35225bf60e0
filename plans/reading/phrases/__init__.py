"""The grammar of Vietnamese deadline wording: a sentence in, its time expressions as values out. Pure.

Rules run in order over the text in `words.plain` form; what an earlier rule took, a later one leaves alone. A rule
may take words without making anything of them: those are the traps (terms of office, budget words, names of
reports). Every expression repeats over single characters only or over bounded spans, so matching is linear.

`traps` says what is no deadline, `events` what hangs on an event or on somebody's word, `recurrence` what comes again,
`ranges` what lies between two points, `points` days, months, quarters and years.
"""

from plans.reading.phrases.base import (
    NO_PERIOD,
    NO_YEAR,
    NOT_A_DATE,
    ROUGH,
    YEAR_INFERRED,
    YEAR_OPEN,
    Frame,
    Phrase,
)
from plans.reading.phrases.finder import find_phrases

__all__ = [
    "NOT_A_DATE",
    "NO_PERIOD",
    "NO_YEAR",
    "ROUGH",
    "YEAR_INFERRED",
    "YEAR_OPEN",
    "Frame",
    "Phrase",
    "find_phrases",
]
