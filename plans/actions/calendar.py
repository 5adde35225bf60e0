"""Filling the calendar of days off."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from plans.defaults import public_holidays
from plans.models import CalendarDay
from units import audit
from units.access import require
from units.administration import administers_all
from units.models import User
from units.models.audit import AuditAction

FIRST_YEAR, LAST_YEAR = 2000, 2100


def fill_calendar(*, year: int, by: User | None) -> int:
    """Enter the public holidays of `year` that are missing; return how many. What somebody entered stays as it is."""
    require(by is None or administers_all(by))
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValidationError(
            _("Choose a year from %(first)s to %(last)s.") % {"first": FIRST_YEAR, "last": LAST_YEAR}
        )
    with transaction.atomic():
        known = set(CalendarDay.objects.filter(day__year=year).values_list("day", flat=True))
        missing = [day for day in public_holidays([year]) if day.day not in known]
        CalendarDay.objects.bulk_create(missing)
        if missing:
            days = [day.day.isoformat() for day in missing]
            audit.record(AuditAction.CREATED, by=by, label=_("Public holidays of %s") % year, data={"days": days})
    return len(missing)
