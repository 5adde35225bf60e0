"""Meetings: the list, the month, one meeting, planning one or a year, changing it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from doantracker.lib import clock
from plans.calendar_page import span_of
from plans.calendars import day_marks, working_calendar
from plans.errors import ActionRefused
from plans.event_page import has_standing_committee
from plans.paging import PER_PAGE, CappedPaginator
from plans.views.acting import posted
from plans.views.calendar import heading
from plans.views.sent import key_for_form, key_of
from plans.views.shared import Request, done
from reviews.actions import meetings as actions
from reviews.bodies import bodies_of, members_of
from reviews.enums import MeetingState
from reviews.filters import MeetingFilter
from reviews.forms.meetings import ChangeMeetingForm, NewMeetingForm, YearForm, ticked_days
from reviews.meeting_page import decision_rows, hanging_on, item_rows, reports_to
from reviews.models import AgendaItem, Decision, Meeting
from reviews.rights import may_plan, may_record, meeting_units
from reviews.views.shared import crumbs_of, formed, unit_asked, visible_meeting
from reviews.year_days import meeting_days
from units.access import require
from units.models import AuditEvent, Unit
from units.permissions import Permission

HISTORY_SHOWN = 50
LIST = "reviews/meetings.html"
RELATED = ("unit", "event")


@require_safe
def meeting_list(request: Request) -> HttpResponse:
    """List meetings: those to come first, the next one at the top, then the past ones from the newest."""
    require(request.user.may(Permission.VIEW))
    today = clock.today()
    visible = Meeting.objects.visible_to(request.user)
    chosen = MeetingFilter(request.GET or None, queryset=visible, user=request.user, today=today)
    found = chosen.qs if chosen.is_valid() or not request.GET else visible.none()
    open_ones = Q(held_on__isnull=True, event__cancelled=False) & (
        Q(event__day__gte=today) | Q(event__day__isnull=True)
    )
    paginator = CappedPaginator(_counted(found.exclude(open_ones)).order_by("-event__day", "-pk"), PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    coming = _counted(found.filter(open_ones)).order_by(F("event__day").asc(nulls_last=True), "pk")
    context = {
        "filter": chosen,
        "coming": list(coming[:PER_PAGE]) if page.number == 1 else [],
        "page": page,
        "total": paginator.label,
        "today": today,
        "may_plan": meeting_units(request.user, today).exists(),
    }
    return render(request, f"{LIST}#results" if request.htmx and not request.htmx.boosted else LIST, context)


@require_safe
def calendar(request: Request) -> HttpResponse:
    """Show the meetings of a month; the same page without JavaScript."""
    require(request.user.may(Permission.VIEW))
    today = clock.today()
    span = span_of("month", request.GET.get("day", ""), today)
    rows = Meeting.objects.visible_to(request.user).between(span.first, span.last).select_related(*RELATED)
    by_day: dict[dt.date, list[Meeting]] = {}
    for row in rows.order_by("event__day", F("starts_at").asc(nulls_first=True), "pk"):
        by_day.setdefault(row.event.day, []).append(row)
    marks = day_marks(day for week in span.weeks() for day in week)
    weeks = [
        [
            {
                "date": day,
                "outside": day.month != span.month,
                "today": day == today,
                "mark": marks.get(day),
                "rows": by_day.get(day, []),
                "quiet": not (by_day.get(day) or day == today or (day in marks and marks[day].name)),
            }
            for day in week
        ]
        for week in span.weeks()
    ]
    previous, following = span.neighbours()
    context = {
        "heading": heading(span),
        "weeks": weeks,
        "weekdays": list(WEEKDAYS.values()),
        "previous": previous.isoformat(),
        "next": following.isoformat(),
        "total": len(by_day),
        "may_plan": meeting_units(request.user, today).exists(),
    }
    return render(request, "reviews/meeting_calendar.html", context)


@require_safe
def meeting(request: Request, pk: int) -> HttpResponse:
    """Show one meeting: agenda, papers, decisions, minutes, and what may be done now."""
    row = visible_meeting(request.user, pk)
    return render(request, "reviews/meeting.html", _context(request, row))


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    """Plan a meeting."""
    today = clock.today()
    unit, units = unit_asked(request, today)
    initial = {"day": request.GET.get("day", "")}
    form = NewMeetingForm(posted(request), unit=unit, today=today, initial=initial)
    context = {
        "form": form,
        "unit": unit,
        "units": units,
        "without_standing": not has_standing_committee(unit, today),
        "title": _("Plan a meeting"),
        "lead": unit.name,
        "submit": _("Plan the meeting"),
        "cancel": reverse("reviews:meetings"),
        "form_key": key_for_form(request),
    }

    def act() -> Meeting:
        data = form.cleaned_data
        return actions.plan_meeting(
            unit=unit,
            body=data["body"],
            day=data["day"],
            values=form.facts(),
            event=form.chosen_event,
            by=request.user,
            key=key_of(request),
        )

    def then(made: Meeting) -> str:
        day = form.cleaned_data["day"]
        if form.chosen_event and day and made.event.day != day:  # what would move is shown first
            return f"{reverse('reviews:meeting_day', args=[made.pk])}?day={day:%d/%m/%Y}"
        return made.get_absolute_url()

    return formed(request, context, act, words=_("The meeting is planned. Now make its agenda."), to=then)


@require_http_methods(["GET", "HEAD", "POST"])
def year(request: Request) -> HttpResponse:
    """Plan the meetings of a year: a rule shows the days, the confirmation plans those that stay ticked."""
    today = clock.today()
    unit, units = unit_asked(request, today)
    sent = request.POST if request.method == "POST" else request.GET if "year" in request.GET else None
    initial = {"year": today.year if today.month == 1 else today.year + 1, "on": "15"}
    form = YearForm(sent, bodies=bodies_of(unit, today), initial=initial)
    context: dict[str, Any] = {
        "form": form,
        "unit": unit,
        "units": units,
        "without_standing": not has_standing_committee(unit, today),
    }
    template = "reviews/meeting_year.html"
    if sent is None or not form.is_valid():
        return render(request, template, context, status=200 if sent is None else 422)
    data, status = form.cleaned_data, 200
    if request.POST.get("act") == "confirm":
        days = ticked_days(request.POST.getlist("days"))
        try:
            made = actions.plan_year(unit=unit, body=data["body"], days=days, by=request.user, values=form.facts())
        except ActionRefused as refusal:
            context["refusal"], status = refusal.message, refusal.status
        else:
            words = ngettext("%(n)d meeting is planned.", "%(n)d meetings are planned.", len(made))
            done(request, words % {"n": len(made)})
            return redirect(f"{reverse('reviews:meetings')}?unit={unit.pk}&body={data['body']}&year={data['year']}")
    context["days"] = _proposed_days(unit, form)
    return render(request, template, context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, pk: int) -> HttpResponse:
    """Change what is said of a meeting."""
    row = visible_meeting(request.user, pk)
    require(may_plan(request.user, row.unit) and row.state == MeetingState.PLANNED)
    people = members_of(row.unit, "executive_committee", row.event.day or clock.today())
    known = {p.pk for p in people}
    people += [p for p in (row.chair, row.secretary) if p and p.pk not in known]
    form = ChangeMeetingForm(posted(request), people=people, initial=ChangeMeetingForm.initial_of(row))
    context = {
        "form": form,
        "meeting": row,
        "title": _("Change the meeting"),
        "crumbs": crumbs_of(row, _("Change")),
        "cancel": row.get_absolute_url(),
    }
    return formed(
        request,
        context,
        lambda: actions.change_meeting(
            meeting=row, values=form.facts(), by=request.user, version=form.cleaned_data["version"]
        ),
        words=_("The meeting is changed."),
        to=row.get_absolute_url(),
    )


def _context(request: Request, row: Meeting) -> dict[str, Any]:
    """Return what the page of a meeting shows; a fixed number of queries."""
    user, today = request.user, clock.today()
    plans, planned = may_plan(user, row.unit), row.state == MeetingState.PLANNED
    of_it = Q(object_type="meeting", object_id=row.pk) | Q(object_type="event", object_id=row.event_id)
    met = row.held_on is not None or (row.event.day is not None and row.event.day <= today)
    items = item_rows(row, user=user, today=today)
    return {
        "meeting": row,
        "crumbs": crumbs_of(row),
        "items": items,
        "decisions": decision_rows(row, user=user, today=today),
        "hung": hanging_on(row, user=user),
        "reports": list(reports_to(row, user=user)),
        "seats": list(row.attendance.select_related("person")),
        "files": list(row.files.all()),
        "may_plan": plans and planned,
        "may_write": plans,
        "may_record": may_record(user, row) and met and row.state != MeetingState.CANCELLED,
        "unrecorded": planned and met and row.event.day != today,
        "without_standing": row.body == "executive_committee" and not has_standing_committee(row.unit, today),
        "history": AuditEvent.objects.visible_to(user).filter(of_it).select_related("actor")[:HISTORY_SHOWN],
        "last": len(items),
    }


def _counted(rows: Any) -> Any:
    """Return meetings with how many items and decisions each has; no further query a row."""

    def count(model: Any) -> Any:
        own = model.objects.filter(meeting=OuterRef("pk")).order_by().values("meeting").annotate(n=Count("pk"))
        return Subquery(own.values("n"))

    return rows.select_related(*RELATED).annotate(item_count=count(AgendaItem), decision_count=count(Decision))


def _proposed_days(unit: Unit, form: YearForm) -> list[dict[str, Any]]:
    """Return the days of the rule, each with whether the body meets on it already."""
    data = form.cleaned_data
    days = meeting_days(form.rule, data["year"], working_calendar())
    taken = set(
        Meeting.objects.filter(unit=unit, body=data["body"], event__cancelled=False, event__day__in=days).values_list(
            "event__day", flat=True
        )
    )
    return [{"day": day, "taken": day in taken} for day in days]
