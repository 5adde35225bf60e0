"""The calendar of deadlines, by month or week."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from doantracker.lib import clock
from plans.calendar_page import VIEWS, Span, days_of, span_of
from plans.enums import OPEN
from plans.filters import CalendarFilter
from plans.models import Deadline, SavedView
from plans.views.saved_views import views_of
from plans.views.shared import Request


@require_safe
def calendar(request: Request) -> HttpResponse:
    """Show what falls due in a month or a week, for what the person sees; it is the same page without JavaScript."""
    views = views_of(request, SavedView.Listing.CALENDAR)
    if started := views.start_page(request):
        return started
    today = clock.today()
    visible = Deadline.objects.visible_to(request.user)
    span = span_of(request.GET.get("view", ""), request.GET.get("day", ""), today)
    data = {**request.GET.dict(), "view": span.view, "day": span.day.isoformat()}
    chosen = CalendarFilter(data, queryset=visible, user=request.user, today=today)
    filters = {name: data[name] for name in ("plan", "unit", "whose", "state") if data.get(name)}
    found = chosen.qs if chosen.is_valid() else visible.none()
    back = request.get_full_path()
    weeks = days_of(found, span, user=request.user, today=today, chosen=filters, back=back)
    context = {
        "filter": chosen,
        "unfiltered": not filters,
        "span": span,
        "heading": heading(span),
        "weeks": weeks,
        "weekdays": list(WEEKDAYS.values()),
        "total": sum(day.total for week in weeks for day in week if not day.outside),
        "previous": span.neighbours()[0].isoformat(),
        "next": span.neighbours()[1].isoformat(),
        "saved_views": views,
        "undated": found.filter(status__in=OPEN, due_on__isnull=True).count(),
        "undated_href": f"{reverse('plans:deadlines')}?{urlencode({**filters, 'figure': 'no_date'})}",
        "views": [(view, words) for view, words in zip(VIEWS, (_("By month"), _("By week")), strict=True)],
    }
    return render(request, "plans/calendar.html", context)


def heading(span: Span) -> str:
    """Return what is shown in words: "Month 3/2026", or the days of the week."""
    if span.month:
        return _("Month %(number)s/%(year)s") % {"number": span.month, "year": span.day.year}
    return f"{span.first:%d/%m/%Y} – {span.last:%d/%m/%Y}"
