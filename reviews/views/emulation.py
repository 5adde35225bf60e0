"""Score sheets of emulation: the list, a sheet, one unit's points with their facts, entering and settling."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from doantracker.lib import clock
from plans.errors import ActionRefused
from plans.paging import PER_PAGE, CappedPaginator
from plans.views.acting import posted
from plans.views.sent import key_for_form, key_of
from plans.views.shared import Request, done, refused
from reviews.actions import emulation as actions
from reviews.emulation_page import facts_of, scored_units, sees_all, sheet_rows, unit_points
from reviews.enums import EmulationCriterionKind
from reviews.forms.emulation import CheckedPointsForm, DisputeForm, OwnPointsForm, SettleForm, SheetForm
from reviews.models import EmulationCriterion, EmulationDispute, EmulationSheet
from reviews.rights import asking_units, may_give_own_points, may_score
from reviews.views.shared import formed
from reviews.views.units import unit_of
from units.access import get_visible_or_404, require
from units.models import Unit, User

FORM = "reviews/emulation_form.html"


@require_safe
def sheet_list(request: Request) -> HttpResponse:
    """List the score sheets."""
    rows = EmulationSheet.objects.visible_to(request.user).select_related("unit")
    paginator = CappedPaginator(rows, PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    may_set_up = asking_units(request.user, clock.today()).exists()
    context = {"page": page, "total": paginator.label, "may_set_up": may_set_up}
    return render(request, "reviews/emulation_sheets.html", context)


@require_safe
def sheet(request: Request, pk: int) -> HttpResponse:
    """Show the points of the units that the person sees, the highest total first."""
    row = _visible(request.user, pk)
    rows = sheet_rows(row, user=request.user, today=clock.today())
    context = {
        "sheet": row,
        "criteria": [found.criterion for found in rows[0].points] if rows else [],
        "rows": rows,
        "sees_all": sees_all(request.user, row),
        "may_score": may_score(request.user, row),
        "crumbs": _crumbs((row.title, None)),
    }
    return render(request, "reviews/emulation_sheet.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    """Set a sheet up."""
    today = clock.today()
    unit, units = unit_of(request, asking_units(request.user, today))
    form = SheetForm(posted(request), unit=unit, initial={"year": today.year})
    context = {
        "form": form,
        "unit": unit,
        "units": units,
        "title": _("Set up a score sheet"),
        "lead": unit.name,
        "cancel": reverse("reviews:emulation"),
        "form_key": key_for_form(request),
    }

    def act() -> EmulationSheet:
        return actions.create_sheet(unit=unit, content=form.content(), by=request.user, key=key_of(request))

    words = _("The score sheet is set up.")
    return formed(request, context, act, words=words, to=lambda made: made.get_absolute_url(), template=FORM)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, pk: int) -> HttpResponse:
    """Change a sheet while nobody has entered points."""
    row = _visible(request.user, pk)
    require(may_score(request.user, row))
    form = SheetForm(posted(request), unit=row.unit, sheet=row)
    context = {"form": form, "title": _("Change the score sheet"), "lead": row.title}
    context["cancel"] = row.get_absolute_url()

    def act() -> EmulationSheet:
        version = form.cleaned_data["version"] or 0
        return actions.change_sheet(sheet=row, content=form.content(), by=request.user, version=version)

    words, to = _("The score sheet is changed."), row.get_absolute_url()
    return formed(request, context, act, words=words, to=to, template=FORM)


@require_safe
def unit(request: Request, pk: int, unit_pk: int) -> HttpResponse:
    """Show the points of one unit, the facts behind the computed ones, and what may be entered."""
    row = _visible(request.user, pk)
    return render(request, "reviews/emulation_unit.html", _page(request, row, _scored(request.user, row, unit_pk)))


@require_http_methods(["GET", "HEAD", "POST"])
def points(request: Request, pk: int, unit_pk: int, criterion_pk: int, act: str) -> HttpResponse:
    """Enter points under one criterion, or object to them; `act`: own, check or object."""
    row = _visible(request.user, pk)
    scored = _scored(request.user, row, unit_pk)
    criterion = get_object_or_404(EmulationCriterion.objects.select_related("sheet__unit"), pk=criterion_pk, sheet=row)
    require(may_score(request.user, row) if act == "check" else may_give_own_points(request.user, scored))
    require(act == "object" or criterion.kind == EmulationCriterionKind.JUDGED)
    found = unit_points(row, scored, criterion, user=request.user, today=clock.today())
    form, words = _form_of(act, request, found)
    page = reverse("reviews:emulation_unit", args=[row.pk, scored.pk])
    titles = {"own": _("Own points"), "check": _("Check points"), "object": _("Object to points")}
    context = {"form": form, "title": titles[act], "lead": f"{scored.name} – {criterion.name}", "cancel": page}
    context |= {"found": found, "most": criterion.most}

    def run() -> object:
        data: dict[str, Any] = dict(form.cleaned_data)
        facts: dict[str, Any] = {"criterion": criterion, "unit": scored, "by": request.user}
        if act == "own":
            return actions.give_own_points(points=data.pop("own_points"), **data, **facts)
        if act == "check":
            return actions.check_points(points=data.pop("checked_points"), **data, **facts)
        return actions.raise_dispute(text=data["text"], **facts)

    return formed(request, context, run, words=words, to=page, template="reviews/emulation_points.html")


@require_http_methods(["GET", "HEAD", "POST"])
def settle(request: Request, pk: int) -> HttpResponse:
    """Settle an objection by hand."""
    related = ("score__unit", "score__criterion__sheet__unit", "raised_by")
    dispute: EmulationDispute = get_visible_or_404(EmulationDispute.objects.select_related(*related), request.user, pk)
    criterion = dispute.score.criterion
    require(may_score(request.user, criterion.sheet))
    form = SettleForm(posted(request))
    page = reverse("reviews:emulation_unit", args=[criterion.sheet_id, dispute.score.unit_id])
    context = {
        "form": form,
        "title": _("Settle an objection"),
        "lead": f"{dispute.score.unit.name} – {criterion.name}",
        "dispute": dispute,
        "most": criterion.most,
        "cancel": page,
    }
    template = "reviews/emulation_points.html"
    if request.method != "POST" or not form.is_valid():
        return render(request, template, context, status=200 if request.method != "POST" else 422)
    try:
        actions.settle_dispute(dispute=dispute, by=request.user, **form.cleaned_data)
    except ActionRefused as refusal:
        return refused(request, template, context, refusal)
    done(request, _("The objection is settled."))
    return redirect(page)


def _visible(user: User, pk: int) -> EmulationSheet:
    found: EmulationSheet = get_visible_or_404(EmulationSheet.objects.select_related("unit"), user, pk)
    return found


def _scored(user: User, row: EmulationSheet, unit_pk: int) -> Unit:
    """Return a unit of the sheet that the person sees; else 404."""
    return get_object_or_404(scored_units(row, user, clock.today()), pk=unit_pk)


def _form_of(act: str, request: Request, found: Any) -> tuple[forms.Form, str]:
    """Return the form of an act with what stands now, and the words when it is done."""
    score = found.score
    version = {"version": score.version if score else 0}
    if act == "own":
        initial = {"own_points": score.own_points, "proof": score.proof} if score else {}
        return OwnPointsForm(posted(request), initial=initial | version), _("The own points are entered.")
    if act == "check":
        initial = {"checked_points": score.checked_points, "note": score.note} if score else {}
        return CheckedPointsForm(posted(request), initial=initial | version), _("The checked points are entered.")
    return DisputeForm(posted(request)), _("The objection is sent. The points stay until it is settled.")


def _page(request: Request, row: EmulationSheet, scored: Unit) -> dict[str, Any]:
    """Return what the page of one unit's points shows; a fixed number of queries."""
    user, today = request.user, clock.today()
    found = next(r for r in sheet_rows(row, user=user, today=today) if r.unit.pk == scored.pk)
    disputes = EmulationDispute.objects.visible_to(user).filter(score__criterion__sheet=row, score__unit=scored)
    return {
        "sheet": row,
        "unit": scored,
        "row": found,
        "facts": facts_of(row, scored, user=user, today=today),
        "disputes": disputes.select_related("score__criterion", "raised_by", "settled_by"),
        "may_own": may_give_own_points(user, scored),
        "may_score": may_score(user, row),
        "crumbs": _crumbs((row.title, row.get_absolute_url()), (scored.name, None)),
    }


def _crumbs(*more: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    return [(_("Emulation score sheets"), reverse("reviews:emulation")), *more]
