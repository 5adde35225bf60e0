"""Kinds of reports: the list, who has sent one and who has not, setting up, asking for another year."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doantracker.lib import clock
from plans.errors import ActionRefused
from plans.labels import period_label
from plans.models import Deadline
from plans.paging import PER_PAGE, CappedPaginator
from plans.views.acting import posted
from plans.views.sent import key_for_form, key_of
from plans.views.shared import Request, done
from reviews.actions import report_kinds as actions
from reviews.forms.report_kinds import AskForm, ChangeKindForm, NewKindForm
from reviews.models import ReportKind, ReportYear
from reviews.report_matrix import columns_of, counts_by_kind, rows_of, units_owing
from reviews.rights import asking_units, may_ask_reports, may_compile
from reviews.views.shared import formed
from reviews.views.units import unit_of
from units.access import covers, get_visible_or_404, require
from units.models import Unit, User
from units.permissions import Permission

OWN_SHOWN = 30


@require_safe
def kind_list(request: Request) -> HttpResponse:
    """List the kinds of reports, how those of this year stand, and before them the reports this person owes."""
    today, user = clock.today(), request.user
    paginator = CappedPaginator(
        ReportKind.objects.visible_to(user).select_related("unit", "via_unit").order_by("unit__path", "name", "pk"),
        PER_PAGE,
    )
    page = paginator.get_page(request.GET.get("page"))
    kinds = list(page.object_list)
    counts = counts_by_kind(kinds, today.year, user=user, today=today)
    context = {
        "page": page,
        "total": paginator.label,
        "rows": [(kind, counts.get(kind.pk)) for kind in kinds],
        "own": _own_open(user, today),
        "year": today.year,
        "may_ask": asking_units(user, today).exists(),
    }
    return render(request, "reviews/report_kinds.html", context)


@require_safe
def kind_page(request: Request, pk: int) -> HttpResponse:
    """Show who has sent the reports of a kind in a year and who has not."""
    today, user = clock.today(), request.user
    kind = visible_kind(user, pk)
    years = list(kind.years.select_related("schedule").order_by("-year"))
    chosen = _year_of(request, years, today)
    context: dict[str, Any] = {
        "kind": kind,
        "years": years,
        "chosen": chosen,
        "may_ask": may_ask_reports(user, kind.unit),
        "may_compile": may_compile(user, kind) or covers(user, Permission.VIEW, str(kind.unit.path)),
        "sections": kind.sections.all(),
        "ask_for": _year_to_ask(kind, years, today),
        "crumbs": [(_("Periodic reports"), reverse("reviews:report_kinds")), (kind.name, None)],
    }
    if context["ask_for"] and context["may_ask"]:
        units = _units_asked(kind, today)
        context["ask_form"] = AskForm(units=units, initial={"year": context["ask_for"]}, auto_id="ask_%s")
    if chosen is not None:
        chosen.kind = kind
        paginator = CappedPaginator(units_owing(chosen, user), PER_PAGE)
        page = paginator.get_page(request.GET.get("page"))
        columns = columns_of(chosen)
        context |= {"page": page, "total": paginator.label, "columns": columns}
        context["rows"] = rows_of(chosen, columns, list(page.object_list), user=user, today=today)
        context["counts"] = counts_by_kind([kind], chosen.year, user=user, today=today).get(kind.pk)
    return render(request, "reviews/report_kind.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    """Set up a kind of report."""
    today = clock.today()
    unit, units = unit_of(request, asking_units(request.user, today))
    form = NewKindForm(posted(request), unit=unit, today=today, higher=reports_above(unit))
    context = {
        "form": form,
        "unit": unit,
        "units": units,
        "title": _("Ask for a periodic report"),
        "lead": unit.name,
        "submit": _("Ask for the reports"),
        "cancel": reverse("reviews:report_kinds"),
        "form_key": key_for_form(request),
    }
    return formed(
        request,
        context,
        lambda: actions.create_kind(
            unit=unit, values=form.facts(), sections=form.sections(), by=request.user, key=key_of(request)
        ),
        words=_("The reports are asked for. The units owe them now, and are reminded."),
        to=lambda kind: kind.get_absolute_url(),
        template="reviews/report_kind_form.html",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, pk: int) -> HttpResponse:
    """Change the name of a kind, until when it is asked for, and where it goes."""
    kind = visible_kind(request.user, pk)
    require(may_ask_reports(request.user, kind.unit))
    initial = ChangeKindForm.initial_of(kind)
    form = ChangeKindForm(posted(request), unit=kind.unit, higher=reports_above(kind.unit), initial=initial)
    context = {
        "form": form,
        "title": _("Change the report"),
        "lead": kind.name,
        "cancel": kind.get_absolute_url(),
    }

    def act() -> ReportKind:
        version = form.cleaned_data["version"]
        return actions.change_kind(kind=kind, values=form.facts(), by=request.user, version=version)

    to = kind.get_absolute_url()
    return formed(request, context, act, words=_("The report is changed."), to=to)


@require_POST
def ask(request: Request, pk: int) -> HttpResponse:
    """Ask for the reports of another year."""
    kind = visible_kind(request.user, pk)
    require(may_ask_reports(request.user, kind.unit))
    form = AskForm(request.POST, units=_units_asked(kind, clock.today()))
    context = {"form": form, "title": _("Ask for another year"), "lead": kind.name, "cancel": kind.get_absolute_url()}
    if not form.is_valid():
        return render(request, "components/form_page.html", context, status=422)
    year = form.cleaned_data["year"]
    try:
        actions.ask_for_year(kind=kind, year=year, by=request.user)
    except ActionRefused as refusal:
        form.add_error(None, str(refusal.message))
        return render(request, "components/form_page.html", context, status=refusal.status)
    done(request, _("The reports of %(year)s are asked for.") % {"year": year})
    return redirect(f"{kind.get_absolute_url()}?year={year}")


def visible_kind(user: User, pk: int) -> ReportKind:
    """Return a kind that the person sees; else 404."""
    found: ReportKind = get_visible_or_404(
        ReportKind.objects.select_related("unit", "via_unit", "goes_into"), user, pk
    )
    return found


def visible_year(user: User, pk: int) -> ReportYear:
    """Return a year of a kind that the person sees; else 404."""
    rows = ReportYear.objects.select_related("kind__unit", "kind__via_unit", "schedule")
    return get_object_or_404(rows.filter(kind__in=ReportKind.objects.visible_to(user)), pk=pk)


def _own_open(user: User, today: dt.date) -> list[tuple[Deadline, str, bool]]:
    """Return the reports that the very units of this person owe, the nearest first, their periods, whether late."""
    rows = Deadline.objects.owed_by_units_of(user).open().filter(
        schedule__report_year__isnull=False, plan__status="published"
    )  # fmt: skip
    found = rows.select_related("unit", "schedule__report_year__kind", "periodic_report").order_by("due_on", "pk")
    return [
        (
            row,
            period_label(row.schedule.report_year.kind.period_of(row.occurrence).key),
            row.due_on is not None and row.due_on < today,
        )
        for row in found[:OWN_SHOWN]
    ]


def reports_above(unit: Unit) -> list[ReportKind]:
    """Return the reports that `unit` itself owes to levels above: what comes from below can go into them."""
    owed = Deadline.objects.filter(unit=unit, schedule__report_year__isnull=False).order_by()
    kinds = ReportKind.objects.filter(pk__in=owed.values("schedule__report_year__kind"))
    return list(kinds.select_related("unit").order_by("unit__path", "name"))


def _units_asked(kind: ReportKind, today: dt.date) -> int:
    """Return how many units in force owe the reports of a kind; one query."""
    owners = Q(kind__in=kind.owner_kinds.order_by().values("pk")) | Q(pk__in=kind.owner_units.order_by().values("pk"))
    found: int = Unit.objects.below(kind.unit).in_force(today).exclude(pk=kind.unit_id).filter(owners).count()
    return found


def _year_of(request: Request, years: list[ReportYear], today: dt.date) -> ReportYear | None:
    """Return the year asked for, else this one, else the latest."""
    asked = request.GET.get("year", "")
    wanted = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) == len("2026") else today.year
    return next((year for year in years if year.year == wanted), years[0] if years else None)


def _year_to_ask(kind: ReportKind, years: list[ReportYear], today: dt.date) -> int | None:
    """Return the next year for which nobody asked yet, while the kind is asked for; this one or the one after."""
    known = {year.year for year in years}
    last = kind.active_until.year if kind.active_until else today.year + 1
    wanted = (year for year in (today.year, today.year + 1) if year not in known and year <= last)
    return None if kind.due_on and years else next(wanted, None)
