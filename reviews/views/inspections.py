"""Inspections: the programme of a year, one inspection, planning, announcing, calling off."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from doantracker.lib import clock
from plans.paging import PER_PAGE, CappedPaginator
from plans.resolving import UnitNames
from plans.validators import FIRST_YEAR, LAST_YEAR
from plans.views.acting import posted
from plans.views.sent import key_for_form, key_of
from plans.views.shared import Request
from reviews.actions import inspections as actions
from reviews.enums import AT_WORK, BEFORE_CONCLUSIONS, InspectionState
from reviews.filters import InspectionFilter
from reviews.forms.inspections import AnnounceForm, CancelForm, InspectionForm, ProgrammeForm
from reviews.inspection_page import TABS, report_task, unsatisfied, visit_rows
from reviews.models import Inspection, InspectionProgramme, InspectionVisit
from reviews.rights import in_team, inspecting_units, may_run
from reviews.views.shared import INSPECTION_FORM, formed, inspection_crumbs, visible_inspection
from units.access import require
from units.models import AuditEvent, Unit
from units.permissions import Permission

HISTORY_SHOWN = 50
DIGITS = 18  # of an id
LIST = "reviews/inspections.html"
#: States in which an inspection can be changed or called off.
CHANGEABLE = (InspectionState.PLANNED, *AT_WORK, InspectionState.REPORT_OWED)


@require_safe
def inspection_list(request: Request) -> HttpResponse:
    """Show the programme of a year, and the visits of that year to units of the person."""
    user, today = request.user, clock.today()
    require(user.may(Permission.VIEW))
    year = _year_of(request, today)
    visible = Inspection.objects.visible_to(user).filter(programme__year=year)
    sent = request.GET.copy()
    sent.setdefault("year", str(year))
    chosen = InspectionFilter(sent, queryset=visible, user=user, today=today)
    found = chosen.qs if chosen.is_valid() else visible.none()
    rows = found.select_related("programme__unit", "head").by_day()
    paginator = CappedPaginator(rows, PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    shown = list(page.object_list)
    units = inspecting_units(user, today).order_by("depth", "path")
    own = units.first()
    received = InspectionVisit.objects.received_by(user).filter(inspection__programme__year=year)
    related = ("inspection__programme__unit", "unit", "event")
    visits = list(received.select_related(*related).order_by("event__day", "pk")[:PER_PAGE])
    context = {
        "filter": chosen,
        "year": year,
        "page": page,
        "total": paginator.label,
        "rows": _with_visits(shown, user, today),
        "received": visit_rows(visits, user=user, today=today),
        "own": own,
        "programme": InspectionProgramme.objects.filter(unit=own, year=year).first() if own else None,
    }
    return render(request, f"{LIST}#results" if request.htmx and not request.htmx.boosted else LIST, context)


@require_safe
def inspection(request: Request, pk: int) -> HttpResponse:
    """Show one inspection in tabs: visits, preparation, checklist, report, conclusions."""
    row = visible_inspection(request.user, pk)
    tab = request.GET.get("tab", "")
    context = _context(request, row) | {"tab": tab if tab in TABS else _usual_tab(row)}
    return render(request, "reviews/inspection.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    """Put an inspection into the programme."""
    today = clock.today()
    unit, units = inspecting_unit(request, today)
    names = UnitNames.below(unit, today)
    initial = {"year": _year_of(request, today), "report_unit": unit.pk}
    form = InspectionForm(posted(request), unit=unit, names=names, today=today, initial=initial)
    context = {
        "form": form,
        "unit": unit,
        "units": units,
        "title": _("Plan an inspection"),
        "lead": unit.name,
        "submit": _("Put it into the programme"),
        "cancel": reverse("reviews:inspections"),
        "form_key": key_for_form(request),
    }
    return formed(
        request,
        context,
        lambda: actions.plan_inspection(
            unit=unit, year=form.cleaned_data["year"], by=request.user, key=key_of(request), **form.facts()
        ),
        words=_("The inspection stands in the programme. The units are told when you announce it."),
        to=lambda made: made.get_absolute_url(),
        template=INSPECTION_FORM,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, pk: int) -> HttpResponse:
    """Change what is said of an inspection; the units only while they are not told."""
    row, today = _run(request, pk), clock.today()
    require(row.state in CHANGEABLE)
    names = UnitNames.below(row.unit, today)
    initial = InspectionForm.initial_of(row)
    form = InspectionForm(posted(request), unit=row.unit, names=names, today=today, changed=row, initial=initial)
    if row.state != InspectionState.PLANNED:
        del form.fields["visits"]
    context = _form_context(row, form, _("Change the inspection"))
    return formed(
        request,
        context,
        lambda: actions.change_inspection(
            inspection=row, by=request.user, version=form.cleaned_data["version"], **form.facts()
        ),
        words=_("The inspection is changed."),
        to=row.get_absolute_url(),
        template=INSPECTION_FORM,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def announce(request: Request, pk: int) -> HttpResponse:
    """Tell the units of the inspection, with what they prepare."""
    row = _run(request, pk)
    require(row.state == InspectionState.PLANNED)
    initial = {"days": row.preparation_days, "preparation": row.preparation, "version": row.version}
    form = AnnounceForm(posted(request), initial=initial)
    context = _form_context(row, form, _("Announce the inspection")) | {"submit": _("Announce to the units")}
    return formed(
        request,
        context,
        lambda: actions.announce(inspection=row, by=request.user, **form.cleaned_data),
        words=_("The units are told: each owes its preparation before its visit."),
        to=row.get_absolute_url(),
        template=INSPECTION_FORM,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: Request, pk: int) -> HttpResponse:
    """Call an inspection off, with a reason."""
    row = _run(request, pk)
    require(row.state in CHANGEABLE)
    form = CancelForm(posted(request), initial={"version": row.version})
    title = _("Call the inspection off")
    context = _form_context(row, form, title) | {"submit": title, "danger": True}
    return formed(
        request,
        context,
        lambda: actions.cancel_inspection(inspection=row, by=request.user, **form.cleaned_data),
        words=_("The inspection is called off, and what was owed for it too."),
        to=row.get_absolute_url(),
        template=INSPECTION_FORM,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def programme(request: Request, year: int) -> HttpResponse:
    """Enter by which document the programme of a year was issued."""
    require(FIRST_YEAR <= year <= LAST_YEAR)
    unit, units = inspecting_unit(request, clock.today())
    row = InspectionProgramme.objects.filter(unit=unit, year=year).first()
    initial = {"symbol": row.symbol, "issued_on": row.issued_on} if row else {}
    form = ProgrammeForm(posted(request), initial=initial)
    home = f"{reverse('reviews:inspections')}?year={year}"
    title = _("Programme of %(year)s") % {"year": year}
    context = {
        "form": form,
        "unit": unit,
        "units": units,
        "title": title,
        "lead": unit.name,
        "crumbs": [(_("Inspections of %(year)s") % {"year": year}, home), (title, None)],
        "cancel": home,
    }
    return formed(
        request,
        context,
        lambda: actions.issue_programme(unit=unit, year=year, by=request.user, **form.cleaned_data),
        words=_("The document of the programme is entered."),
        to=home,
        template=INSPECTION_FORM,
    )


def inspecting_unit(request: Request, today: dt.date) -> tuple[Unit, list[Unit]]:
    """Return for which unit the person runs inspections, as the address says (`unit`), and for which it may; or 404.

    Without a word of the address it is the highest unit; the choice offers the first of those below.
    """
    units = inspecting_units(request.user, today).order_by("depth", "path")
    asked = request.GET.get("unit", "")
    named = units.filter(pk=int(asked)) if asked.isdecimal() and len(asked) <= DIGITS else units.none()
    chosen = named.first() if asked else units.first()
    require(chosen is not None)
    assert chosen is not None  # noqa: S101  # for the type checker
    return chosen, list(units.filter(depth__lte=chosen.depth + 1)[:40])


def _run(request: Request, pk: int) -> Inspection:
    """Return an inspection that the person runs; else 404."""
    row = visible_inspection(request.user, pk)
    require(may_run(request.user, row.unit))
    return row


def _year_of(request: Request, today: dt.date) -> int:
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) == len("2026") else today.year
    return year if FIRST_YEAR <= year <= LAST_YEAR else today.year


def _form_context(row: Inspection, form: Any, title: str) -> dict[str, Any]:
    return {
        "form": form,
        "inspection": row,
        "title": title,
        "lead": row.title,
        "crumbs": inspection_crumbs(row, (title, None)),
        "cancel": row.get_absolute_url(),
    }


def _with_visits(rows: list[Inspection], user: Any, today: dt.date) -> list[dict[str, Any]]:
    """Return each inspection with its visits; the same number of queries for any number of rows."""
    visits = InspectionVisit.objects.filter(inspection__in=rows).select_related("unit", "event")
    found: dict[int, list[Any]] = {}
    for visit in visit_rows(list(visits.order_by("event__day", "pk")), user=user, today=today):
        found.setdefault(visit.visit.inspection_id, []).append(visit)
    return [
        {
            "inspection": row,
            "visits": found.get(row.pk, []),
            "open": sum(v.open_conclusions for v in found.get(row.pk, [])),
            "issued": sum(c.state is not None for v in found.get(row.pk, []) for c in v.conclusions),
        }
        for row in rows
    ]


def _usual_tab(row: Inspection) -> str:
    """Return the tab on which an inspection is worked now."""
    if row.state in {InspectionState.REPORT_OWED, InspectionState.REPORTED}:
        return "report"
    return "conclusions" if row.state in {InspectionState.CONCLUDED, InspectionState.CLOSED} else "visits"


def _context(request: Request, row: Inspection) -> dict[str, Any]:
    """Return what the page of an inspection shows; a fixed number of queries."""
    user, today = request.user, clock.today()
    members = list(row.members.order_by("sort_key", "pk"))
    runs = may_run(user, row.unit)
    head = runs or row.head_id == user.pk
    visits = list(row.visits.select_related("unit__kind", "event").order_by("event__day", "pk"))
    rows = visit_rows(visits, user=user, today=today)
    of_it = Q(object_type="inspection", object_id=row.pk)
    return {
        "inspection": row,
        "crumbs": inspection_crumbs(row),
        "members": members,
        "visits": rows,
        "unsatisfied": unsatisfied(visits),
        "report_task": report_task(row, user=user, today=today),
        "files": list(row.files.all()),
        "drafts": sum(c.state is None for r in rows for c in r.conclusions),
        "issued": sum(c.state is not None for r in rows for c in r.conclusions),
        "may_run": runs,
        "may_work": runs or in_team(user, row),
        "may_change": runs and row.state in CHANGEABLE,
        "may_announce": runs and row.state == InspectionState.PLANNED,
        "may_move": runs and row.state in {InspectionState.PLANNED, *AT_WORK},
        "may_end": head and row.state in AT_WORK and bool(rows) and all(v.visited_on for v in visits),
        "may_redirect": runs and row.state == InspectionState.REPORT_OWED,
        "may_report": head and row.state in {InspectionState.REPORT_OWED, InspectionState.REPORTED},
        "may_draft": head and row.state in BEFORE_CONCLUSIONS,
        "may_issue": head and row.state == InspectionState.REPORTED,
        "history": AuditEvent.objects.visible_to(user).filter(of_it).select_related("actor")[:HISTORY_SHOWN],
    }
