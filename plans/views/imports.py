"""How a plan comes in: the import of a file, and an empty draft."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from doantracker.lib import clock
from plans.actions.imports import AlreadyDraft, import_plan
from plans.actions.plans import create_plan
from plans.errors import ActionRefused
from plans.forms.imports import ImportForm, NewPlanForm, read_message
from plans.forms.units import offered
from plans.reading.readers import ReadError
from plans.views.shared import Request, done
from units.access import require
from units.models import Unit, User
from units.permissions import Permission


@require_http_methods(["GET", "POST"])
def import_file(request: Request) -> HttpResponse:
    """Take the file of a plan and make a draft of it."""
    units = issuing_units(request.user)
    require(bool(units))
    if request.method == "GET":
        return render(request, "plans/import.html", _context(ImportForm(units=units)))
    form = ImportForm(request.POST, request.FILES, units=units)
    if not form.is_valid():
        return render(request, "plans/import.html", _context(form), status=422)
    file = form.cleaned_data["file"]
    try:
        plan = import_plan(data=file.read(), name=file.name, issuing_unit=form.unit(), by=request.user)
    except ReadError as error:
        form.add_error("file", read_message(error.code))
    except AlreadyDraft as refusal:
        form.add_error("file", str(refusal.message))
        return render(request, "plans/import.html", {**_context(form), "existing": refusal.plan}, status=409)
    except ActionRefused as refusal:
        form.add_error("file", str(refusal.message))
    else:
        done(request, _("The plan has been read. Check what was understood, then publish it."))
        return redirect("plans:check", plan.pk)
    return render(request, "plans/import.html", _context(form), status=422)


@require_http_methods(["GET", "POST"])
def new_plan(request: Request) -> HttpResponse:
    """Make an empty draft."""
    units = issuing_units(request.user)
    require(bool(units))
    form = NewPlanForm(request.POST if request.method == "POST" else None, units=units)
    if request.method == "POST" and form.is_valid():
        facts = {k: v for k, v in form.cleaned_data.items() if k != "issuing_unit"}
        plan = create_plan(issuing_unit=form.unit(), by=request.user, **facts)
        messages.success(request, _("The draft is there. Add what the plan says."))
        return redirect("plans:check", plan.pk)
    return render(request, "plans/import_new.html", _context(form), status=422 if form.is_bound else 200)


def issuing_units(user: User) -> list[Unit]:
    """Return the units for which `user` drafts plans, the user's own first."""
    units = Unit.objects.visible_to(user, Permission.MANAGE_PLANS).in_force(clock.today())
    return list(units.select_related("kind").defer("place", "search").order_by("depth", "path"))


def _context(form: ImportForm | NewPlanForm) -> dict[str, object]:
    return {"form": form, "unit": form.only_unit, "offered": offered(form.names) if form.names else []}
