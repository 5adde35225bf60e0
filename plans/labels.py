"""Short words for tables and choices: periods, days left, steps. Built in the view, once a row."""

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from doantracker.lib.text import shortened
from plans.models import Schedule
from plans.occurrences import period_name
from plans.time_state import days_left

ROMAN = ("", "I", "II", "III", "IV")
STEP_SHOWN = 60
FIRST_OF_YEAR, LAST_OF_YEAR = (1, 1), (12, 31)


def period_label(key: str) -> str:
    """Return an occurrence's key as a person says it: "Quarter I/2026"; empty for work that comes once."""
    name = period_name(key)
    words = {
        "week": _("Week %(number)s/%(year)s"),
        "month": _("Month %(number)s/%(year)s"),
        "quarter": _("Quarter %(roman)s/%(year)s"),
        "half_year": _("Half-year %(roman)s/%(year)s"),
        "year": _("Year %(year)s"),
    }
    if name.unit not in words:
        return ""
    roman = ROMAN[name.number] if name.number < len(ROMAN) else ""
    return words[name.unit] % {"number": name.number, "roman": roman, "year": name.year}


def day_label(day: dt.date | None) -> str:
    """Return a day as dd/mm/yyyy, or that there is none."""
    return f"{day:%d/%m/%Y}" if day else _("no date")


def left_label(due_on: dt.date | None, today: dt.date) -> str:
    """Return how far away the last day is: "3 days left", "today", "2 days late"."""
    left = days_left(due_on, today)
    if left is None:
        return ""
    if left == 0:
        return _("today")
    if left > 0:
        return ngettext("%(count)s day left", "%(count)s days left", left) % {"count": left}
    return ngettext("%(count)s day late", "%(count)s days late", -left) % {"count": -left}


def step_label(schedule: Schedule) -> str:
    """Return how a commitment is called where another one follows it: its solution, by number and first words."""
    return f"{schedule.solution.ordinal}. {shortened(schedule.solution.text, STEP_SHOWN)}"


def plan_period_label(start: dt.date | None, end: dt.date | None) -> str:
    """Return the period of a plan: "2026", "2019–2022", "from 2020, no end set", or its days; empty for none."""
    begins = start is None or (start.month, start.day) == FIRST_OF_YEAR
    ends = end is None or (end.month, end.day) == LAST_OF_YEAR
    if start and end:
        if begins and ends:
            return str(start.year) if start.year == end.year else f"{start.year}–{end.year}"
        return f"{start:%d/%m/%Y} – {end:%d/%m/%Y}"
    if start:
        return _("from %(start)s, no end set") % {"start": start.year if begins else f"{start:%d/%m/%Y}"}
    return _("until %(end)s") % {"end": f"{end:%d/%m/%Y}"} if end else ""
