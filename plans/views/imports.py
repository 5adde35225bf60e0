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
from plans.actions.uploads import Upload, drop_upload, keep_upload, kept_upload
from plans.errors import ActionRefused
from plans.forms.imports import (
    ENCODING_NAMES,
    ConvertForm,
    ImportForm,
    NewPlanForm,
    initial_of,
    kinds_offered,
    read_message,
)
from plans.forms.units import offered
from plans.importing import names_unit
from plans.reading.isolation import read_isolated
from plans.reading.reader import PICTURES
from plans.reading.readers import ReadError
from plans.views.acting import posted
from plans.views.sent import key_for_form, key_of
from plans.views.shared import Request, done
from units.access import require
from units.models import Unit, User
from units.permissions import Permission


@require_http_methods(["GET", "HEAD", "POST"])
def import_file(request: Request) -> HttpResponse:
    """Take the file of a plan, or its pasted text, and make a draft of it."""
    units = issuing_units(request.user)
    require(bool(units))
    if request.method != "POST":
        return render(request, "plans/import.html", _context(ImportForm(units=units)))
    if "kept" in request.POST:
        return _convert(request, ConvertForm(request.POST, units=units))
    form = ImportForm(request.POST, request.FILES, units=units)
    if form.is_valid():
        return _read(request, form)
    return render(request, "plans/import.html", _context(form), status=422)


def _read(request: Request, form: ImportForm) -> HttpResponse:
    """Read what came in, or tell why not."""
    file = form.cleaned_data["file"]
    upload = Upload(file.read(), file.name)
    try:
        return _imported(request, upload, form.unit())
    except ReadError as error:
        if error.code == "legacy":
            return _offer(request, upload, form, error)
        form.add_error("file", read_message(error.code))
    except AlreadyDraft as refusal:
        form.add_error("file", str(refusal.message))
        return render(request, "plans/import.html", {**_context(form), "existing": refusal.plan}, status=409)
    except ActionRefused as refusal:
        form.add_error("file", str(refusal.message))
    return render(request, "plans/import.html", _context(form), status=422)


def _imported(request: Request, upload: Upload, unit: Unit, *, convert: str = "") -> HttpResponse:
    """Make a draft of the file and go on to check it."""
    draft = read_isolated(upload.data, upload.name, convert=convert)
    plan = import_plan(data=upload.data, name=upload.name, issuing_unit=unit, by=request.user, draft=draft)
    done(request, _("The plan has been read. Check what was understood, then publish it."))
    unread = next((words for words in draft.warnings if words.startswith(PICTURES)), "").removeprefix(PICTURES)
    if unread:
        words = _("These pages hold a picture of text and were not read: %(pages)s. Add by hand what they say.")
        messages.warning(request, words % {"pages": unread})
    if plan.issuing_body and not names_unit(plan.issuing_body, unit):
        words = _(
            "The document names “%(body)s” as the issuing body, but the plan was entered for “%(unit)s”. Check that "
            "the right unit was chosen."
        )
        messages.warning(request, words % {"body": plan.issuing_body, "unit": unit.name})
    if not draft.solutions and not draft.header.title:
        messages.warning(
            request, _("This does not look like a plan: it has no title and no work. Was it the right file?")
        )
    return redirect("plans:check", plan.pk)


def _offer(request: Request, upload: Upload, form: ImportForm, error: ReadError) -> HttpResponse:
    """Show what converting the text would make of it; the person decides."""
    context = {
        "kept": keep_upload(upload=upload, by=request.user),
        "encoding": error.detail,
        "encoding_name": ENCODING_NAMES[error.detail],
        "pairs": error.preview,
        "name": upload.name,
        "issuing_unit": form.data.get("issuing_unit", ""),
    }
    return render(request, "plans/import_convert.html", context)


def _convert(request: Request, form: ConvertForm) -> HttpResponse:
    """Read the kept file, converted as agreed."""
    token = form.data.get("kept", "")
    upload = kept_upload(token=token, by=request.user) if form.is_valid() else None
    if upload is None:
        messages.warning(
            request, _("The file is not kept any more, because nobody decided about it. Choose it again.")
        )
        return redirect("plans:import")
    try:
        answer = _imported(request, upload, form.unit(), convert=form.cleaned_data["encoding"])
    except ReadError as error:
        messages.error(request, read_message(error.code))
        return redirect("plans:import")
    except AlreadyDraft as refusal:
        messages.warning(request, str(refusal.message))
        return redirect("plans:check", refusal.plan.pk)
    except ActionRefused as refusal:
        messages.error(request, str(refusal.message))
        return redirect("plans:import")
    drop_upload(token=token, by=request.user)
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def new_plan(request: Request) -> HttpResponse:
    """Make a draft: empty, or with the headings and the usual work of its kind."""
    units = issuing_units(request.user)
    require(bool(units))
    chosen = request.GET.get("kind", "")
    form = NewPlanForm(posted(request), units=units, initial=initial_of(chosen, clock.today()))
    if request.method == "POST" and form.is_valid():
        facts = {k: v for k, v in form.cleaned_data.items() if k != "issuing_unit"}
        plan = create_plan(issuing_unit=form.unit(), by=request.user, key=key_of(request), **facts)
        words = _("The draft is there, with the usual work of its kind. Adapt what is marked as unsure.")
        made = words if facts["skeleton"] else _("The draft is there. Add what the plan says.")
        messages.success(request, made)
        return redirect("plans:check", plan.pk)
    context = {**_context(form), "form_key": key_for_form(request), "kinds": kinds_offered(chosen)}
    return render(request, "plans/import_new.html", context, status=422 if form.is_bound else 200)


def issuing_units(user: User) -> list[Unit]:
    """Return the units for which `user` drafts plans, the user's own first."""
    units = Unit.objects.visible_to(user, Permission.MANAGE_PLANS).in_force(clock.today())
    return list(units.select_related("kind").defer("place", "search").order_by("depth", "path"))


def _context(form: ImportForm | NewPlanForm) -> dict[str, object]:
    return {"form": form, "unit": form.only_unit, "offered": offered(form.names) if form.names else []}
