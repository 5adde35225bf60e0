"""The working calendar: everybody reads it, the administrator of every tree keeps it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doantracker.lib import clock
from plans.actions import rescheduling
from plans.actions.calendar import FIRST_YEAR, LAST_YEAR, enter_days, fill_calendar, take_out_day, years_to_fill
from plans.errors import ActionRefused
from plans.forms.calendar import DayLinesForm
from plans.forms.series import OffDaysForm
from plans.models import CalendarDay, CalendarYear, Deadline
from plans.views.series import staged
from plans.views.shared import Request, done
from plans.working_year import months_of
from units.access import require
from units.administration import administers_all
from units.permissions import Permission

TEMPLATE = "plans/working_days.html"

#: Short enough for the columns of a small month, Monday first.
WEEKDAYS_SHORT = (
    gettext_lazy("Mo"),
    gettext_lazy("Tu"),
    gettext_lazy("We"),
    gettext_lazy("Th"),
    gettext_lazy("Fr"),
    gettext_lazy("Sa"),
    gettext_lazy("Su"),
)


@require_safe
def working_days(request: Request) -> HttpResponse:
    """Show a year of the calendar."""
    return render(request, TEMPLATE, _context(request, _year(request)))


@require_POST
def edit_working_days(request: Request) -> HttpResponse:
    """Fill a year, enter days, or take one out."""
    require(administers_all(request.user))
    year, act = _year(request), request.POST.get("act", "")
    acts = {"fill": _fill, "enter": _enter, "take_out": _take_out}
    if act not in acts:
        return _refused(request, year, _("Press one of the buttons."))
    try:
        return acts[act](request, year)
    except ActionRefused as refusal:
        return _refused(request, year, str(refusal.message), refusal.status)


@require_http_methods(["GET", "HEAD", "POST"])
def off_days(request: Request) -> HttpResponse:
    """Move the open deadlines that fall on a day off by now, in the plans this person runs."""
    require(request.user.may(Permission.MANAGE_PLANS))
    year = _year(request)
    context: dict[str, Any] = {
        "title": _("Deadlines on days off"),
        "crumbs": [(_("Working calendar"), _page(year)), (_("Deadlines on days off"), None)],
        "cancel": _page(year),
        "change": rescheduling.preview_off_days(by=request.user, year=year),
    }
    return staged(
        request,
        OffDaysForm(request.POST or None),
        context,
        preview=lambda _facts: rescheduling.preview_off_days(by=request.user, year=year),
        act=lambda facts: rescheduling.move_off_days(by=request.user, year=year, **facts),
        words=_("The deadlines are moved to the next working day."),
    )


def _fill(request: Request, year: int) -> HttpResponse:
    count = fill_calendar(year=year, by=request.user)
    words = ngettext("%(count)d day is entered.", "%(count)d days are entered.", count) % {"count": count}
    done(request, words if count else _("The year was filled before. Nothing was changed."))
    return redirect(_page(year))


def _enter(request: Request, year: int) -> HttpResponse:
    form = DayLinesForm(request.POST)
    if not form.is_valid():
        return render(request, TEMPLATE, {**_context(request, year), "form": form}, status=422)
    lines = form.cleaned_data["lines"]
    count = enter_days(lines=lines, by=request.user)
    done(request, ngettext("%(count)d day is entered.", "%(count)d days are entered.", count) % {"count": count})
    return redirect(_page(lines[0].day.year))


def _take_out(request: Request, year: int) -> HttpResponse:
    try:
        day = dt.date.fromisoformat(request.POST.get("day", ""))
    except ValueError as error:
        raise ActionRefused(_("This day is not in the calendar any more: somebody has taken it out.")) from error
    take_out_day(day=day, by=request.user)
    done(request, _("%(day)s is taken out: the rule of the week holds again.") % {"day": f"{day:%d/%m/%Y}"})
    return redirect(_page(year))


def _refused(request: Request, year: int, words: str, status: int = 422) -> HttpResponse:
    return render(request, TEMPLATE, {**_context(request, year), "error": words}, status=status)


def _context(request: Request, year: int) -> dict[str, Any]:
    """Return what the page shows; a fixed number of queries."""
    today, user = clock.today(), request.user
    special = list(CalendarDay.objects.filter(day__year=year))
    mine = rescheduling.on_days_off(Deadline.objects.visible_to(user), year=year, today=today)
    return {
        "year": str(year),
        "previous": str(year - 1) if year > FIRST_YEAR else "",
        "next": str(year + 1) if year < LAST_YEAR else "",
        "months": months_of(year, special, today),
        "weekdays": [(str(WEEKDAYS_SHORT[n]), WEEKDAYS[n]) for n in range(7)],
        "special": special,
        "filled": CalendarYear.objects.filter(year=year).exists(),
        "missing": [str(missing) for missing in years_to_fill(today)],
        "on_days_off": mine.count(),
        "may_configure": administers_all(user),
        "may_move": user.may(Permission.MANAGE_PLANS),
        "form": DayLinesForm(),
    }


def _year(request: Request) -> int:
    raw = request.POST.get("year") or request.GET.get("year") or str(clock.today().year)
    if not (raw.isascii() and raw.isdecimal() and len(raw) == 4 and FIRST_YEAR <= int(raw) <= LAST_YEAR):  # noqa: PLR2004  # digits of a year
        raise Http404
    return int(raw)


def _page(year: int) -> str:
    return f"{reverse('plans:working_days')}?year={year}"
