"""Acts on the working calendar: fill a year, enter days, take a day out. Only who administers all units may."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from doantracker.lib import clock
from plans.day_lines import DayLine
from plans.defaults import public_holidays
from plans.errors import ActionRefused
from plans.models import CalendarDay, CalendarYear
from units import audit
from units.access import require
from units.administration import administers_all
from units.models import User
from units.models.audit import AuditAction

FIRST_YEAR, LAST_YEAR = 2000, 2100
REMINDED_FROM = 11  # the month in which the next year's holidays are announced


def fill_calendar(*, year: int, by: User | None) -> int:
    """Enter the public holidays of `year` that are missing; return how many. What somebody entered stays as it is.

    A year is filled once: what the office took out afterwards stays out.
    """
    require(by is None or administers_all(by))
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValidationError(
            _("Choose a year from %(first)s to %(last)s.") % {"first": FIRST_YEAR, "last": LAST_YEAR}
        )
    with transaction.atomic():
        _row, new = CalendarYear.objects.get_or_create(year=year, defaults={"filled_at": clock.now()})
        if not new:
            return 0
        known = set(CalendarDay.objects.filter(day__year=year).values_list("day", flat=True))
        missing = [day for day in public_holidays([year]) if day.day not in known]
        CalendarDay.objects.bulk_create(missing)
        days = [day.day.isoformat() for day in missing]
        audit.record(AuditAction.CREATED, by=by, label=_("Public holidays of %s") % year, data={"days": days})
    return len(missing)


def enter_days(*, lines: Sequence[DayLine], by: User) -> int:
    """Enter days off and weekend days worked; a day that is there gets the new words. Return how many changed."""
    require(administers_all(by))
    with transaction.atomic():
        known = {d.day: d for d in CalendarDay.objects.select_for_update().filter(day__in=[n.day for n in lines])}
        before = {day: [d.kind, d.name] for day, d in known.items()}
        changed = [n for n in lines if before.get(n.day) != [n.kind, n.name]]
        rows = [CalendarDay(pk=known[n.day].pk if n.day in known else None, **_facts(n)) for n in changed]
        CalendarDay.objects.bulk_create([r for r in rows if r.pk is None])
        CalendarDay.objects.bulk_update([r for r in rows if r.pk is not None], ["kind", "name"])
        if changed:
            data = {n.day.isoformat(): [before.get(n.day), [n.kind, n.name]] for n in changed}
            audit.record(AuditAction.CHANGED, by=by, label=_("Working calendar"), data={"days": data})
    return len(changed)


def take_out_day(*, day: dt.date, by: User) -> None:
    """Take a special day out: the rule of the week holds for it again."""
    require(administers_all(by))
    with transaction.atomic():
        row = CalendarDay.objects.select_for_update().filter(day=day).first()
        if row is None:
            raise ActionRefused(_("This day is not in the calendar any more: somebody has taken it out."))
        words = [row.kind, row.name]
        row.delete()
        data = {"days": {day.isoformat(): [words, None]}}
        audit.record(AuditAction.CHANGED, by=by, label=_("Working calendar"), data=data)


def years_to_fill(today: dt.date) -> list[int]:
    """Return the years whose holidays are missing by now: this one, and from November on the next; one query."""
    wanted = [today.year, today.year + 1] if today.month >= REMINDED_FROM else [today.year]
    filled = set(CalendarYear.objects.filter(year__in=wanted).values_list("year", flat=True))
    return [year for year in wanted if year not in filled]


def _facts(line: DayLine) -> dict[str, object]:
    return {"day": line.day, "kind": line.kind, "name": line.name}
