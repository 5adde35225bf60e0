"""Checklists by kind of unit: which there are, and one of them to read and change."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from doantracker.lib import clock
from plans.errors import Stale
from plans.views.acting import posted
from plans.views.shared import Request
from reviews.actions.checklists import save_checklist
from reviews.forms.inspections import ChecklistForm
from reviews.models import Checklist
from reviews.views.inspections import inspecting_unit
from reviews.views.shared import INSPECTION_FORM, formed
from units.models import Unit, UnitKind


@require_safe
def checklists(request: Request) -> HttpResponse:
    """List the kinds of units below the one that inspects, each with its checklist."""
    unit, units = inspecting_unit(request, clock.today())
    kinds = UnitKind.objects.filter(pk__in=_kinds_below(unit))
    rows = Checklist.objects.in_force().filter(unit=unit).prefetch_related("items")
    found = {row.unit_kind_id: row for row in rows}
    context = {
        "unit": unit,
        "units": units,
        "rows": [{"kind": kind, "checklist": found.get(kind.pk)} for kind in kinds.order_by("rank", "pk")],
    }
    return render(request, "reviews/checklists.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def checklist(request: Request, kind_pk: int) -> HttpResponse:
    """Write the checklist for units of a kind; a change makes a new version."""
    unit, _units = inspecting_unit(request, clock.today())
    kind = get_object_or_404(UnitKind, pk__in=_kinds_below(unit), pk=kind_pk)
    row = Checklist.objects.in_force().filter(unit=unit, unit_kind=kind).prefetch_related("items").first()
    form = ChecklistForm(posted(request), initial=ChecklistForm.initial_of(row))
    home = f"{reverse('reviews:checklists')}?unit={unit.pk}"
    title = _("Checklist for: %(kind)s") % {"kind": kind}
    context = {
        "form": form,
        "title": title,
        "lead": unit.name,
        "crumbs": [(_("Inspections"), reverse("reviews:inspections")), (_("Checklists"), home), (title, None)],
        "cancel": home,
    }

    def act() -> Checklist:
        try:
            return save_checklist(unit=unit, unit_kind=kind, by=request.user, **form.facts())
        except Stale:
            data = request.POST.copy()
            data["version"] = str(row.version if row else 0)
            form.data = data
            raise

    return formed(
        request, context, act, words=_("The checklist is saved. Inspections announced from now on use it."),
        to=home, template=INSPECTION_FORM,
    )  # fmt: skip


def _kinds_below(unit: Unit) -> list[int]:
    below = Unit.objects.below(unit).exclude(pk=unit.pk).order_by()
    return list(below.values_list("kind", flat=True).distinct())
