"""The steps of a feedback round and their days. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from reviews.enums import FeedbackStep

#: The steps in their order; a round is in one of them.
STEPS: Final = tuple(FeedbackStep)
#: The day by which each step that has one ends, as columns of a round, in order.
DAYS: Final[dict[FeedbackStep, str]] = {
    FeedbackStep.CONTRIBUTING: "contributions_by",
    FeedbackStep.REPORTING: "report_by",
    FeedbackStep.REVIEWING: "meeting_on",
    FeedbackStep.REPLYING: "reply_by",
}
#: So many contributors at least, or those who read can guess who gave what.
FEWEST_UNKNOWN: Final = 3


def out_of_order(days: Sequence[dt.date]) -> int | None:
    """Return the place (from 1) of the first day that lies before the one in front of it; None: all in order."""
    return next((n for n, (before, day) in enumerate(pairwise(days), start=1) if day < before), None)


def step_after(step: FeedbackStep) -> FeedbackStep:
    """Return the step that begins when `step` is closed; raises IndexError for the last one."""
    return STEPS[STEPS.index(step) + 1]


def is_past(step: FeedbackStep, now: FeedbackStep) -> bool:
    """Return whether a round that is in `now` has left `step` behind."""
    return STEPS.index(now) > STEPS.index(step)


def ends_early(step: FeedbackStep, day: dt.date, today: dt.date) -> bool:
    """Return whether `step`, closed on `today`, ends before its `day`: contributions are taken on that day too."""
    return today < day or (step == FeedbackStep.CONTRIBUTING and today == day)


def too_few(count: int) -> bool:
    """Return whether so few contributors can't stay unknown."""
    return count < FEWEST_UNKNOWN
