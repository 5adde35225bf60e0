"""The lead time of directives: at least so many days between issue and roll-out, unless urgent with a reason. Pure."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from plans.enums import LeadState

LEAD_DAYS: Final = 7  # where a plan says nothing else
MOST_LEAD_DAYS: Final = 90


@dataclass(frozen=True, slots=True)
class Lead:
    """What the rule says of one directive: how many days it left, how many are asked for, and why it was urgent."""

    state: LeadState
    days: int
    required: int
    reason: str = ""

    @property
    def missing(self) -> int:
        """Return how many days the units were not given."""
        return max(self.required - self.days, 0)


def earliest_roll_out(issued_on: dt.date, required: int = LEAD_DAYS) -> dt.date:
    """Return the first day on which rolling out leaves the `required` days."""
    return issued_on + dt.timedelta(days=required)


def lead_of(
    *, issued_on: dt.date, rolls_out_on: dt.date, required: int = LEAD_DAYS, urgent: bool = False, reason: str = ""
) -> Lead:
    """Judge one directive. Enough days keep the rule whatever else; too few are excused by urgency with a reason.

    Raises `ValueError` where units would have to roll out before the issue: that is a slip, no short notice.
    """
    if rolls_out_on < issued_on:
        raise ValueError(rolls_out_on)
    days = (rolls_out_on - issued_on).days
    if rolls_out_on >= earliest_roll_out(issued_on, required):
        return Lead(LeadState.KEPT, days, required)
    if urgent and reason.strip():
        return Lead(LeadState.URGENT, days, required, reason.strip())
    return Lead(LeadState.BROKEN, days, required)
