"""Field trips: my own, the list, a quarter's registration, one trip, registering and changing, coverage of units."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from doantracker.lib import clock
from plans.models import Deadline
from plans.paging import PER_PAGE, CappedPaginator
from plans.views.acting import posted
from plans.views.sent import key_for_form, key_of
from plans.views.shared import Request
from reviews import rights
from reviews.actions import trips as actions
from reviews.enums import TRIPS_DECIDED, TripState
from reviews.filters import TripFilter
from reviews.forms.trip_quotas import CoverageForm, QuarterForm
from reviews.forms.trips import ApproveForm, TripForm
from reviews.models import FieldTrip
from reviews.quarters import following, register_by
from reviews.quota_page import own_standings
from reviews.staff import rules_of, staff_of
from reviews.trip_coverage import units_covered, who_went_where
from reviews.trip_rows import registered_by_person
from reviews.views.shared import formed
from units.access import get_visible_or_404, require
from units.models import AuditEvent, Unit
from units.permissions import Permission
from units.querysets import UnitQuerySet

HISTORY_SHOWN = 50
OWN_SHOWN = 40
DIGITS = 18  # of an id
LIST, FORM = "reviews/trips.html", "reviews/trip_form.html"


@require_safe
def mine(request: Request) -> HttpResponse:
    """Show the own trips and what they count for, and by when those of the next quarter are registered."""
    today = clock.today()
    unions = list(rights.trip_unions(request.user, today).order_by("depth", "path")[:1])
    year, quarter = following(today)
    own = _listed(FieldTrip.objects.filter(members__person=request.user)).order_by("-planned_from", "-pk")
    rows = list(own[:OWN_SHOWN])
    context = {
        "open": [row for row in reversed(rows) if row.state not in {TripState.REPORTED, TripState.CANCELLED}],
        "over": [row for row in rows if row.state in {TripState.REPORTED, TripState.CANCELLED}],
        "standings": own_standings(request.user, today),
        "union": unions[0] if unions else None,
        "next_year": year,
        "next_quarter": quarter,
        "register_by": register_by(year, quarter, rules_of(unions[0], year).register_ahead) if unions else None,
        "registered": sum((row.year, row.quarter) == (year, quarter) and row.is_coming for row in rows),
        "today": today,
    }
    return render(request, "reviews/trips_mine.html", context)


@require_safe
def trip_list(request: Request) -> HttpResponse:
    """List the trips a person sees, the newest first."""
    today = clock.today()
    visible = FieldTrip.objects.visible_to(request.user)
    chosen = TripFilter(request.GET or None, queryset=visible, user=request.user, today=today)
    found = chosen.qs if chosen.is_valid() or not request.GET else visible.none()
    paginator = CappedPaginator(_listed(found).order_by("-planned_from", "-pk"), PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "filter": chosen,
        "page": page,
        "total": paginator.label,
        "may_register": rights.trip_unions(request.user, today).exists(),
    }
    return render(request, f"{LIST}#results" if request.htmx and not request.htmx.boosted else LIST, context)


@require_safe
def quarter(request: Request) -> HttpResponse:
    """Show who of a union's staff has registered trips for a quarter, and who has not."""
    today = clock.today()
    union, unions = union_of(request, _seen(request, today))
    form = QuarterForm(request.GET if "quarter" in request.GET else None, today=today)
    year, number = form.chosen
    context = {
        "form": form,
        "unit": union,
        "units": unions,
        "year": year,
        "quarter": number,
        "register_by": register_by(year, number, rules_of(union, year).register_ahead),
        "rows": registered_by_person(union, staff_of(union, today), year, number),
        "may_register": rights.trip_unions(request.user, today).filter(pk=union.pk).exists(),
    }
    return render(request, "reviews/trip_quarter.html", context)


@require_safe
def coverage(request: Request) -> HttpResponse:
    """Show which units were visited when, difficult ones first, and who went where in the year."""
    today = clock.today()
    union, unions = union_of(request, _seen(request, today))
    form = CoverageForm(request.GET if "year" in request.GET else None, today=today)
    year, kind = form.chosen
    paginator = CappedPaginator(units_covered(union, year=year, today=today, kind=kind), PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    rows = [{"unit": unit, "ago": (today - unit.last).days if unit.last else None} for unit in page.object_list]
    context = {
        "form": form,
        "unit": union,
        "units": unions,
        "year": year,
        "page": page,
        "total": paginator.label,
        "rows": rows,
        "travelled": who_went_where(union, year),
        "kind": kind,
        "may_write": rights.may_run_trips(request.user, union),
    }
    return render(request, "reviews/trip_coverage.html", context)


@require_safe
def trip(request: Request, pk: int) -> HttpResponse:
    """Show one trip, and what may be done with it now."""
    return render(request, "reviews/trip.html", trip_context(request, visible_trip(request, pk)))


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    """Register a trip: one's own, or of others for who runs the plans."""
    today = clock.today()
    unions = rights.trip_unions(request.user, today)
    union, choice = union_of(request, unions)
    initial = {"leader": str(request.user.pk)}
    form = TripForm(posted(request), unit=union, people=staff_of(union, today), today=today, initial=initial)
    context = {
        "form": form,
        "unit": union,
        "units": choice,
        "title": _("Register a trip"),
        "lead": union.name,
        "crumbs": [*_crumbs(), (_("Register"), None)],
        "submit": _("Register"),
        "cancel": reverse("reviews:trips_mine"),
        "form_key": key_for_form(request),
    }

    def act() -> FieldTrip:
        return actions.register_trip(unit=union, by=request.user, key=key_of(request), **form.facts())

    def then(made: FieldTrip) -> str:
        return made.get_absolute_url()

    words = _("The trip is registered. It now waits for its approval.")
    return formed(request, context, act, words=words, to=then, template=FORM)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, pk: int) -> HttpResponse:
    """Change what is registered."""
    row = visible_trip(request, pk)
    require(rights.may_carry(request.user, row))
    if request.method != "POST" and row.state != TripState.REGISTERED:
        return redirect(row)
    people = staff_of(row.unit, clock.today())
    known = {person.pk for person in people}
    people += [member.person for member in row.members.all() if member.person_id not in known]
    facts: dict[str, Any] = {"unit": row.unit, "people": people, "today": clock.today()}
    form = TripForm(posted(request), initial=TripForm.initial_of(row), **facts)
    context = trip_form(row, form, _("Change the registration"))

    def act() -> FieldTrip:
        return actions.change_trip(trip=row, by=request.user, version=form.cleaned_data["version"], **form.facts())

    words = _("The registration is changed.")
    return formed(request, context, act, words=words, to=row.get_absolute_url(), template=FORM)


def visible_trip(request: Request, pk: int) -> FieldTrip:
    """Return a trip that the person sees, with what its pages read; else 404."""
    related = ("unit", "leader", "decided_by", "briefed_by", "reported_by", "created_by", "brief_work", "report_work")
    rows = FieldTrip.objects.select_related(*related).prefetch_related("members__person", "units", "files")
    found: FieldTrip = get_visible_or_404(rows, request.user, pk)
    return found


def trip_form(row: FieldTrip, form: Any, title: str, **more: Any) -> dict[str, Any]:
    """Return the context of a form about one trip."""
    return {
        "form": form,
        "record": row,
        "title": title,
        "lead": str(row),
        "crumbs": [*_crumbs(), (str(row), row.get_absolute_url()), (title, None)],
        "cancel": row.get_absolute_url(),
        **more,
    }


def trip_context(request: Request, row: FieldTrip) -> dict[str, Any]:
    """Return what the page of a trip shows; a fixed number of queries."""
    user, today = request.user, clock.today()
    reads, carries = rights.may_read_papers(user, row), rights.may_carry(user, row)
    works = [work.pk for work in (row.brief_work, row.report_work) if work]
    owed = Deadline.objects.visible_to(user).filter(schedule__in=works).select_related("unit", "solution")
    history = AuditEvent.objects.visible_to(user).filter(object_type="fieldtrip", object_id=row.pk)
    decided = row.state in TRIPS_DECIDED
    return {
        "trip": row,
        "form": ApproveForm(initial={"version": row.version}),
        "crumbs": [*_crumbs(), (str(row), None)],
        "reads": reads,
        "owed": list(owed.order_by("due_on", "pk")) if works and reads else [],
        "files": {part: [f for f in row.files.all() if f.paper == part] for part in ("brief", "report")},
        "may_change": carries and row.state == TripState.REGISTERED,
        "may_approve": row.state == TripState.REGISTERED and rights.may_approve(user, row),
        "may_brief": carries and (decided or row.state == TripState.GONE),
        "may_end": carries and (decided or row.state == TripState.GONE),
        "may_report": carries and row.state == TripState.GONE,
        "may_call_off": row.is_coming and rights.may_call_off(user, row),
        "begun": row.starts_on <= today,
        "today": today,
        "history": history.select_related("actor")[:HISTORY_SHOWN] if reads else [],
    }


def _crumbs() -> list[tuple[str, str | None]]:
    return [(_("Field trips"), reverse("reviews:trips_mine"))]


def _listed(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Return trips with what a row of a list reads."""
    return rows.select_related("unit", "leader").prefetch_related("units", "members")


def _seen(request: Request, today: dt.date) -> UnitQuerySet:
    """Return the unions whose trips a person sees whole; 404 for who sees none."""
    require(request.user.may(Permission.VIEW))
    found: UnitQuerySet = Unit.objects.visible_to(request.user).in_force(today).filter(kind__has_subtree=True)
    return found


def union_of(request: Request, unions: UnitQuerySet) -> tuple[Unit, list[Unit]]:
    """Return the union the address names (`unit`), the highest one without a word of it, and what to choose from."""
    ordered = unions.select_related("kind").order_by("depth", "path")
    asked = request.GET.get("unit", "")
    named = ordered.filter(pk=int(asked)) if asked.isdecimal() and len(asked) <= DIGITS else ordered.none()
    chosen = named.first() if asked else ordered.first()
    require(chosen is not None)
    assert chosen is not None  # noqa: S101  # for the type checker
    return chosen, list(ordered.filter(depth__lte=chosen.depth + 1)[:OWN_SHOWN])
