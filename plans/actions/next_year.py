"""The head of a plan once more, for another year."""

from __future__ import annotations

import datetime as dt
from typing import Final

from dateutil.relativedelta import relativedelta
from django.utils.translation import gettext as _

from doantracker.lib.text import nfc
from plans.errors import ActionRefused
from plans.models import Plan
from plans.rights import may_manage
from units.access import require
from units.models import User

#: What the next year's plan has in common with this one. Its number and day of issue are its own.
KEPT: Final = (
    "kind", "place", "issuing_unit", "issuing_body", "signer_authority", "signer_title", "signer_name", "recipients",
    "parent", "coordinating_unit", "ladder", "days_off_move", "directive_lead_days",
)  # fmt: skip
FIRST_YEAR, LAST_YEAR = 1976, 2099


def year_of(plan: Plan) -> int | None:
    """Return the year of a plan: in which it begins, else in which it was issued."""
    day = plan.period_start or plan.issued_on
    return day.year if day else None


def next_year_header(*, plan: Plan, year: int, by: User, title: str = "") -> Plan:
    """Make a draft with the head of `plan` moved to `year`. Its records, the transaction and the log are the caller's.

    Without a `title` it is that of `plan`, with the year in it changed.
    """
    require(may_manage(by, plan))
    old = year_of(plan)
    if old is not None and year <= old:
        raise ActionRefused(_("The plan is of %(year)d. Choose a later year.") % {"year": old})
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ActionRefused(
            _("Choose a year between %(first)d and %(last)d.") % {"first": FIRST_YEAR, "last": LAST_YEAR}
        )
    start, end = moved_period(plan.period_start, plan.period_end, year)
    return Plan.objects.create(
        **{name: getattr(plan, name) for name in KEPT},
        title=(nfc(title).strip() or retitled(plan.title, old, year))[:500],
        period_start=start,
        period_end=end,
        created_by=by,
    )


def moved_period(start: dt.date | None, end: dt.date | None, year: int) -> tuple[dt.date, dt.date | None]:
    """Return a period moved so that it begins in `year`, an open end open; the whole year where there was none."""
    if start is None:
        return dt.date(year, 1, 1), dt.date(year, 12, 31)
    years = year - start.year
    moved = start + relativedelta(years=years)  # 29 February becomes 28
    return moved, end + relativedelta(years=years) if end else None


def retitled(title: str, old: int | None, year: int) -> str:
    """Return `title` with the old year in it replaced, and the year before it by the one before `year`."""
    if old is None:
        return title
    marked = title.replace(str(old), "\0").replace(str(old - 1), "\1")
    return marked.replace("\0", str(year)).replace("\1", str(year - 1))
