"""An edited document of a draft comes in again: the file, the comparison, the choices."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from plans.actions.reimports import (
    DocumentGone,
    Documents,
    NothingNew,
    Waiting,
    apply_document,
    compare_documents,
    keep_document,
    read_documents,
)
from plans.actions.sensitive import log_reading_of_plan
from plans.actions.takeover import Outcome
from plans.errors import ActionRefused, Stale
from plans.forms.imports import ENCODING_NAMES, read_message
from plans.forms.reimports import ChoicesForm, ReimportForm
from plans.models import Plan
from plans.reading.reader import PICTURES
from plans.reading.readers import ReadError
from plans.reimport.page import comparison_page
from plans.views.check import draft_or_404
from plans.views.shared import Request, done

SALT: Final = "plans.reimport"


@require_http_methods(["GET", "HEAD", "POST"])
def reimport(request: Request, pk: int) -> HttpResponse:
    """Take the edited document of a draft, then show what it changes."""
    plan = draft_or_404(request, pk)
    if request.method != "POST":
        return _form_page(request, plan, ReimportForm(plan=plan))
    form = ReimportForm(request.POST, request.FILES, plan=plan)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            waiting = keep_document(plan=plan, data=file.read(), name=file.name, by=request.user)
        except NothingNew as refusal:
            return _nothing_new(request, plan, refusal)
        except ReadError as error:
            form.add_error("file", read_message(error.code))
        except ActionRefused as refusal:
            form.add_error("file", str(refusal.message))
        else:
            return redirect("plans:reimport_compare", plan.pk, _token(plan, waiting))
    return _form_page(request, plan, form, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
def compare(request: Request, pk: int, token: str) -> HttpResponse:
    """Show what the edited document changes, side by side; take it over as chosen."""
    plan = draft_or_404(request, pk)
    waiting = _waiting(plan, token)
    try:
        documents = read_documents(plan=plan, waiting=waiting, by=request.user)
        if request.method != "POST":
            return _page(request, plan, documents)
        return _take_over(request, plan, waiting, documents)
    except NothingNew as refusal:
        return _nothing_new(request, plan, refusal)
    except (DocumentGone, ReadError) as error:
        words = read_message(error.code) if isinstance(error, ReadError) else str(error.message)
        messages.warning(request, words)
        return redirect("plans:reimport", plan.pk)
    except ActionRefused as refusal:
        messages.error(request, str(refusal.message))
        return redirect("plans:reimport", plan.pk)


def _form_page(request: Request, plan: Plan, form: ReimportForm, status: int = 200) -> HttpResponse:
    check = reverse("plans:check", args=[plan.pk])
    crumbs = [(_("Plans"), reverse("plans:plans")), (_("Check"), check), (_("Import again"), None)]
    return render(request, "plans/reimport.html", {"plan": plan, "form": form, "crumbs": crumbs}, status=status)


def _page(
    request: Request, plan: Plan, documents: Documents, *, form: ChoicesForm | None = None, error: str = ""
) -> HttpResponse:
    """Show the comparison as it is now, with the choices made so far."""
    compared = compare_documents(plan=plan, documents=documents, by=request.user)
    log_reading_of_plan(by=request.user, plan=plan)
    unread = documents.old is None and hasattr(plan, "document")
    pictures = next((w for w in documents.new.warnings if w.startswith(PICTURES)), "").removeprefix(PICTURES)
    context: dict[str, Any] = {"plan": plan, "error": error, "unread": unread, "pictures": pictures}
    context["encoding"] = ENCODING_NAMES.get(documents.encoding, documents.encoding)
    context |= comparison_page(compared, form.choices if form else {})
    return render(request, "plans/reimport_compare.html", context)


def _take_over(request: Request, plan: Plan, waiting: Waiting, documents: Documents) -> HttpResponse:
    form = ChoicesForm(request.POST)
    if not form.is_valid():
        error = _("Choose one of the two for each difference.")
        return _with(_page(request, plan, documents, form=form, error=error), 422)
    try:
        outcome = apply_document(
            plan=plan,
            waiting=waiting,
            documents=documents,
            choices=form.choices,
            expected=form.cleaned_data["seen"],
            by=request.user,
        )
    except Stale as refusal:
        documents = read_documents(plan=plan, waiting=waiting, by=request.user)  # another file may be in place by now
        return _with(_page(request, plan, documents, form=form, error=str(refusal.message)), refusal.status)
    done(request, _told(outcome))
    return redirect("plans:check", plan.pk)


def _with(page: HttpResponse, status: int) -> HttpResponse:
    page.status_code = status
    return page


def _told(outcome: Outcome) -> str:
    facts = {"added": outcome.added, "changed": outcome.changed, "removed": outcome.removed, "kept": outcome.kept}
    return (
        _(
            "The new file is in its place. Added: %(added)d, changed: %(changed)d, removed: %(removed)d, "
            "kept as they were: %(kept)d."
        )
        % facts
    )


def _nothing_new(request: Request, plan: Plan, refusal: NothingNew) -> HttpResponse:
    messages.info(request, str(refusal.message))
    return redirect("plans:check", plan.pk)


def _token(plan: Plan, waiting: Waiting) -> str:
    """Return what names a waiting document in an address: signed, so that nobody names another file."""
    return signing.dumps([plan.pk, waiting.file, waiting.name], salt=SALT, compress=True)


def _waiting(plan: Plan, token: str) -> Waiting:
    try:
        pk, file, name = signing.loads(token, salt=SALT)
    except signing.BadSignature as error:
        raise Http404 from error
    if pk != plan.pk:
        raise Http404
    return Waiting(file, name)
