"""Indicators followed up: what is to be entered, one indicator, the grid, one result, closing a period."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from doantracker.lib import clock
from plans.actions import indicator_results as actions
from plans.enums import PlanStatus
from plans.errors import ActionRefused, Stale
from plans.forms.indicator_results import (
    Grid,
    PasteForm,
    ReasonForm,
    ResultForm,
    columns_of,
    grid_of,
    units_typed,
)
from plans.indicator_figures import figures_of, owing_units, periods_of
from plans.indicator_page import SHOWN_PERIODS, address, now_of, standings, table_of, with_owners
from plans.indicator_periods import Period, begun, period_at, to_enter
from plans.indicator_rights import entered_by, may_enter, may_enter_any, may_lock, tops_seen
from plans.indicators_to_enter import to_enter_by
from plans.models import Indicator, IndicatorResult, PeriodLock
from plans.paging import PER_PAGE, CappedPaginator
from plans.pasting import MOST_ROWS, Named, pasted
from plans.result_words import measure, worded
from plans.target_words import target_words
from plans.views.acting import posted
from plans.views.shared import Request, back, done, refused
from units.access import get_visible_or_404, paths_with, require
from units.models import AuditEvent, Unit, User
from units.permissions import Permission

GRID_PAGE: Final = 200
HISTORY_SHOWN: Final = 20
FORM: Final = "plans/indicator_result.html"
GRID: Final = "plans/indicator_grid.html"


@require_safe
def indicator_list(request: Request) -> HttpResponse:
    """Show what the person's own units have to enter, then every target followed up, as far as the person sees it."""
    require(request.user.may(Permission.VIEW))
    today = clock.today()
    rows = with_owners().visible_to(request.user).filter(plan__status=PlanStatus.PUBLISHED)
    paginator = CappedPaginator(rows.order_by("-plan__issued_on", "-plan", "ordinal"), PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    indicators = list(page.object_list)
    top = Unit.objects.filter(path__in=paths_with(request.user, Permission.VIEW)).first()
    now = standings(indicators, top, today) if top else {}
    context = {
        "to_enter": to_enter_by(request.user, today),
        "may_import": may_enter_any(request.user),
        "page": page,
        "total": paginator.label,
        "unit": top,
        "rows": [
            {"indicator": i, "target": target_words(i), "now": now.get(i.pk), "href": address(i)} for i in indicators
        ],
    }
    return render(request, "plans/indicators_followed.html", context)


@require_safe
def indicator(request: Request, pk: int) -> HttpResponse:
    """Show one indicator in one unit: its value against the target, and periods × units, each total opening to it."""
    row = visible_indicator(request.user, pk)
    return render(request, "plans/indicator.html", _context(request, row, clock.today()))


@require_http_methods(["GET", "HEAD", "POST"])
def grid(request: Request, pk: int) -> HttpResponse:
    """Enter the results of many units: typed, pasted into the fields, or pasted as text and looked at first."""
    row, today = visible_indicator(request.user, pk), clock.today()
    period = _period(request, row, today)
    units = owing_units(row, period.end).filter(entered_by(request.user))
    unit = _asked_unit(request, row)
    units = units.below(unit) if unit else units
    require(row.plan.status == PlanStatus.PUBLISHED and row.fed_by_id is None and units.exists())
    context = _grid_frame(request, row, period, unit, today)
    if request.method != "POST":
        page = CappedPaginator(units.select_related("kind"), GRID_PAGE).get_page(request.GET.get("page"))
        grid_ = _grid(row, period, list(page.object_list))
        return render(request, GRID, context | {"grid": grid_, "page": page, "paste": PasteForm()})
    if request.POST.get("act") == "read":
        return _read(request, row, period, units, context)
    typed = list(units.filter(pk__in=units_typed(request.POST)))
    grid_ = _grid(row, period, typed, typed=request.POST)
    return _saved(request, row, period, grid_, context | {"grid": grid_, "paste": PasteForm()})


@require_http_methods(["GET", "HEAD", "POST"])
def result(request: Request, pk: int, unit_pk: int) -> HttpResponse:
    """Enter the result of one unit, with a note and proof."""
    row, today = visible_indicator(request.user, pk), clock.today()
    unit = get_visible_or_404(Unit.objects.all(), request.user, unit_pk)
    require(may_enter(request.user, unit) and row.fed_by_id is None and row.plan.status == PlanStatus.PUBLISHED)
    period = _period(request, row, today)
    stored = row.results.filter(unit=unit, period_start=period.start).select_related("level", "entered_by").first()
    require(stored is not None or owing_units(row, period.end).filter(pk=unit.pk).exists())
    form = ResultForm(posted(request), indicator=row, stored=stored)
    closed = row.locks.filter(period_start=period.start, reopened_at__isnull=True).select_related("locked_by").first()
    context = _frame(row, period) | {
        "form": form,
        "lock": closed,
        "may_lock": may_lock(request.user, row),
        "title": _("Enter the result"),
        "lead": f"{unit.name} – {period.label}",
        "stored": stored,
        "was": worded(stored) if stored else "",
        "cancel": address(row, unit=unit.pk),
        "next": request.POST.get("next") or request.GET.get("next", ""),
    }
    if request.method != "POST":
        return render(request, FORM, context)
    if not form.is_valid():
        return render(request, FORM, context, status=422)
    try:
        given = form.given(unit)
        actions.enter_result(indicator=row, period_start=period.start, by=request.user, given=given, today=today)
    except ActionRefused as refusal:
        newest = row.results.filter(unit=unit, period_start=period.start).first()
        form.show(newest.version if newest else 0)
        return refused(request, FORM, context, refusal)
    done(request, _("The result of %(unit)s is saved.") % {"unit": unit.label})
    return back(request, address(row, unit=unit.pk))


@require_http_methods(["GET", "HEAD", "POST"])
def lock(request: Request, pk: int) -> HttpResponse:
    """Ask once, saying who is missing, then close a period."""
    row, today = visible_indicator(request.user, pk), clock.today()
    require(may_lock(request.user, row) and row.fed_by_id is None and row.plan.status == PlanStatus.PUBLISHED)
    period = _period(request, row, today)
    whole = figures_of([row], row.plan.issuing_unit, {row.pk: [period]}).at(row.pk, period.start).rolled.whole
    context = _frame(row, period) | {"whole": whole, "title": _("Close the period"), "lead": period.label}
    return _asked_once(
        request,
        "plans/indicator_lock.html",
        context,
        lambda: actions.lock_period(indicator=row, period_start=period.start, by=request.user, today=today),
        _("%(period)s is closed.") % {"period": period.label},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request: Request, pk: int) -> HttpResponse:
    """Open a closed period again, with the reason."""
    row = visible_indicator(request.user, pk)
    require(may_lock(request.user, row) and row.plan.status == PlanStatus.PUBLISHED)
    period = _period(request, row, clock.today())
    form = ReasonForm(posted(request))
    words = _("Reopen the period")
    context = _frame(row, period) | {"form": form, "title": words, "submit": words, "lead": period.label}
    if request.method == "POST" and not form.is_valid():
        return render(request, FORM, context, status=422)
    return _asked_once(
        request,
        FORM,
        context,
        lambda: actions.reopen_period(
            indicator=row, period_start=period.start, by=request.user, reason=form.cleaned_data["reason"]
        ),
        _("%(period)s is open again.") % {"period": period.label},
    )


def visible_indicator(user: User, pk: int) -> Indicator:
    """Return an indicator of a plan the person sees that is followed up, with what its pages read; else 404."""
    rows = with_owners().exclude(plan__status=PlanStatus.DRAFT)
    found: Indicator = get_visible_or_404(rows, user, pk)
    return found


def _asked_once(
    request: Request, template: str, context: dict[str, Any], act: Callable[[], object], words: str
) -> HttpResponse:
    """Show a page that asks, then act and go back to the indicator."""
    if request.method != "POST":
        return render(request, template, context)
    try:
        act()
    except ActionRefused as refusal:
        return render(request, template, context | {"refusal": refusal.message}, status=refusal.status)
    done(request, words)
    return redirect(context["cancel"])


def _frame(row: Indicator, period: Period) -> dict[str, Any]:
    """Return what every form about one period shows above it."""
    return {
        "indicator": row,
        "period": period,
        "target": target_words(row),
        "cancel": address(row),
        "crumbs": [(row.plan.symbol or _("Plan"), row.plan.get_absolute_url()), (_("Indicator"), address(row))],
    }


def _period(request: Request, row: Indicator, today: dt.date) -> Period:
    """Return the period of the address, without one that whose results are asked for; 404 for none that has begun."""
    found = begun(periods_of(row, today), today)
    asked = request.GET.get("period", "")
    if not asked:
        period = to_enter(found, today)
    else:
        try:
            period = period_at(found, dt.date.fromisoformat(asked))
        except ValueError as error:
            raise Http404 from error
    if period is None:
        raise Http404
    return period


def _asked_unit(request: Request, row: Indicator) -> Unit | None:
    """Return the unit of the address below which the person sees everything; 404 for another one."""
    asked = request.GET.get("unit", "")
    if not asked:
        return None
    require(asked.isdecimal() and len(asked) < 10)  # noqa: PLR2004  # digits of a key
    tops = tops_seen(request.user, row.plan, row.owner_units.all())
    unit: Unit | None = Unit.objects.filter(pk=int(asked)).first()
    require(unit is not None and any(top.covers(unit) for top in tops))
    return unit


def _context(request: Request, row: Indicator, today: dt.date) -> dict[str, Any]:
    """Return what the page of an indicator shows; a fixed number of queries."""
    user = request.user
    tops = tops_seen(user, row.plan, row.owner_units.all())
    unit = _asked_unit(request, row) or (tops[0] if tops else None)
    every = begun(periods_of(row, today), today)
    shown = _shown(request, every)
    context: dict[str, Any] = {
        "indicator": row,
        "target": target_words(row),
        "unit": unit,
        "tops": tops,
        "above": _above(unit, tops) if unit else [],
        "columns": [],
        "earlier": f"{every[0].start:%Y-%m-%d}" if every else "",
        "history": AuditEvent.objects.visible_to(user)
        .filter(object_type="indicator", object_id=row.pk)
        .select_related("actor")[:HISTORY_SHOWN],
    }
    if unit is None:
        return context
    asked = every if row.cumulative else list({p.start: p for p in [*shown, *every[-SHOWN_PERIODS:]]}.values())
    figures = figures_of([row], unit, {row.pk: asked})
    own = list(
        row.results.filter(unit=unit).select_related("level", "entered_by").order_by("-period_start")[:SHOWN_PERIODS]
    )
    locks = {lock_.period_start: lock_ for lock_ in row.locks.filter(reopened_at__isnull=True)}
    published = row.plan.status == PlanStatus.PUBLISHED and row.fed_by_id is None
    enters = published and may_enter(user, unit)
    return context | {
        "now": now_of(row, figures, today),
        "rows": table_of(row, unit, shown, figures, [r for r in own if r.unit_id == unit.pk]),
        "columns": [_column(row, p, locks.get(p.start), unit=unit, enters=enters) for p in shown],
        "earlier": _earlier(every, shown),
        "later": shown[-1].start < every[-1].start if shown else False,
        "own": [_own(row, r, every, editable=enters and r.period_start not in locks) for r in own],
        "enters": enters,
        "may_lock": published and may_lock(user, row),
        "grid_href": address(row, "plans:indicator_grid", unit=unit.pk),
    }


def _shown(request: Request, every: Sequence[Period]) -> list[Period]:
    """Return the periods of the table: the newest, or those before the day in the address."""
    before = request.GET.get("before", "")
    found = [p for p in every if not before or f"{p.start:%Y-%m-%d}" < before]
    return (found or list(every))[-SHOWN_PERIODS:]


def _earlier(every: Sequence[Period], shown: Sequence[Period]) -> str:
    """Return the day that leads to the periods before those shown; nothing where there are none."""
    return f"{shown[0].start:%Y-%m-%d}" if shown and shown[0].start > every[0].start else ""


def _column(row: Indicator, period: Period, lock_: PeriodLock | None, *, unit: Unit, enters: bool) -> dict[str, Any]:
    """Return the heading of a period: its name, whether it is closed, where its results are entered."""
    start = f"{period.start:%Y-%m-%d}"
    entry = address(row, "plans:indicator_grid", unit=unit.pk, period=start) if enters and not lock_ else ""
    close, reopen_ = (address(row, f"plans:indicator_{act}", period=start) for act in ("lock", "reopen"))
    return {"period": period, "lock": lock_, "entry": entry, "lock_href": close, "reopen": reopen_}


def _own(row: Indicator, result_: IndicatorResult, every: Sequence[Period], *, editable: bool) -> dict[str, Any]:
    """Return one result of the unit as the page tells it."""
    period = period_at(list(every), result_.period_start)
    label = period.label if period else f"{result_.period_start:%d/%m/%Y} – {result_.period_end:%d/%m/%Y}"
    edit = f"{address(row)}units/{result_.unit_id}/?period={result_.period_start:%Y-%m-%d}"
    return {"result": result_, "text": worded(result_), "label": label, "edit": edit if editable and period else ""}


def _above(unit: Unit, tops: Sequence[Unit]) -> list[Unit]:
    """Return the units above `unit` that the person sees totals of, the topmost first; one query."""
    top = next((t for t in tops if t.covers(unit)), None)
    if top is None or top.pk == unit.pk:
        return []
    step = Unit.steplen
    paths = [unit.path[:end] for end in range(len(top.path), len(unit.path), step)]
    return list(Unit.objects.filter(path__in=paths))


def _grid_frame(request: Request, row: Indicator, period: Period, unit: Unit | None, today: dt.date) -> dict[str, Any]:
    """Return what stands around the grid."""
    closed = row.locks.filter(period_start=period.start, reopened_at__isnull=True).select_related("locked_by").first()
    others = begun(periods_of(row, today), today)[-2 * SHOWN_PERIODS :]
    return _frame(row, period) | {
        "title": _("Enter results"),
        "lead": f"{row.text[:160]}",
        "unit": unit,
        "lock": closed,
        "may_lock": may_lock(request.user, row),
        "measure": measure(row),
        "columns": len(columns_of(row)),
        "periods": [
            (p, address(row, "plans:indicator_grid", unit=unit.pk if unit else "", period=f"{p.start:%Y-%m-%d}"))
            for p in reversed(others)
        ],
        "cancel": address(row, unit=unit.pk if unit else ""),
    }


def _grid(
    row: Indicator,
    period: Period,
    units: Sequence[Unit],
    *,
    typed: QueryDict | None = None,
    figures: Mapping[int, Sequence[str]] | None = None,
) -> Grid:
    stored = IndicatorResult.objects.filter(indicator=row, period_start=period.start, unit__in=[u.pk for u in units])
    by_unit = {r.unit_id: r for r in stored.select_related("level")}
    was = {pk: worded(r) for pk, r in by_unit.items()}
    return grid_of(row, units, by_unit, was=was, typed=typed, pasted=figures)


def _read(request: Request, row: Indicator, period: Period, units: Any, context: dict[str, Any]) -> HttpResponse:
    """Show what a pasted column says, in the fields of the units it names; nothing is saved yet."""
    form = PasteForm(request.POST)
    every = list(units)
    text = form.cleaned_data["pasted"] if form.is_valid() else ""
    names = [Named(u.pk, u.code, tuple(u.names())) for u in every]
    levels = [level.name for level in row.levels.all()]
    found = pasted(text, units=names, columns=len(columns_of(row)), levels=levels)
    if form.is_valid() and not found.figures and not found.errors:
        form.add_error("pasted", _("Copy the column in the spreadsheet and paste it here first."))
    for error in found.errors[:PER_PAGE]:
        form.add_error("pasted", str(error))
    shown = [u for u in every if u.pk in found.figures] if found.figures else every[:GRID_PAGE]
    grid_ = _grid(row, period, shown[:MOST_ROWS], figures=found.figures)
    words = ngettext("%(n)s row was read.", "%(n)s rows were read.", len(found.figures)) % {"n": len(found.figures)}
    context |= {"grid": grid_, "paste": form, "read": words if found.figures else ""}
    return render(request, GRID, context, status=422 if form.errors else 200)


def _saved(request: Request, row: Indicator, period: Period, grid_: Grid, context: dict[str, Any]) -> HttpResponse:
    """Save the whole grid, or say in each row what is wrong."""
    given = grid_.given()
    try:
        if grid_.wrong:
            raise actions.RowsRefused({})
        changed = actions.enter_many(
            indicator=row, period_start=period.start, by=request.user, rows=given, today=clock.today()
        )
    except actions.RowsRefused as refusal:
        grid_.mark(refusal.rows)
        if refusal.status == Stale.status:
            _take_newest(row, period, grid_)
        return render(request, GRID, context | {"refusal": refusal.message}, status=refusal.status)
    except ActionRefused as refusal:
        return render(request, GRID, context | {"refusal": refusal.message}, status=refusal.status)
    words = ngettext("%(n)s result was saved.", "%(n)s results were saved.", changed) % {"n": changed}
    done(request, words if changed else _("Nothing has changed."))
    return redirect(context["cancel"])


def _take_newest(row: Indicator, period: Period, grid_: Grid) -> None:
    """Let the next click save on top of what others saved meanwhile: the rows say what that was."""
    stored = row.results.filter(period_start=period.start).values_list("unit_id", "version")
    versions = dict(stored)
    for line in grid_.rows:
        if line.error:
            line.version = versions.get(line.unit.pk, 0)
