"""Imports: what can be imported, the template, the dry run, and doing it."""

from __future__ import annotations

from io import BytesIO
from pathlib import PurePath
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from doantracker.imports.actions import Faulty, mark_faults, run_import, try_import
from doantracker.imports.forms import FileForm, read_words
from doantracker.imports.kinds.base import Kind, Scope
from doantracker.imports.outcome import Outcome, alike
from doantracker.imports.registry import kind_or_404, kinds_of, plan_of
from doantracker.imports.sheet import read_sheet
from doantracker.imports.template import workbook
from doantracker.lib import clock
from plans.actions.uploads import Upload, drop_upload, keep_upload, kept_upload
from plans.errors import ActionRefused
from plans.reading.readers import ReadError
from plans.views.shared import Request, as_download, done
from units.access import require

MOST_FINDINGS: Final = 200  # shown; the others come up once these are corrected
FEW_FINDINGS: Final = 10  # read one by one; more are told by kind first
MOST_CHANGES: Final = 50
MARKED: Final = "-loi"  # at the end of the name of a file that is given back
MOST_PLANS: Final = 200
LONGEST_KEY: Final = 18  # digits: no key is longer


@require_safe
def kinds(request: Request) -> HttpResponse:
    """Show what the person may import."""
    found = kinds_of(request.user)
    require(bool(found))
    return render(request, "imports/kinds.html", {"kinds": found})


@require_http_methods(["GET", "HEAD", "POST"])
def kind(request: Request, slug: str) -> HttpResponse:
    """Offer the template and take the filled-in file; then show what it would do."""
    chosen = kind_or_404(request.user, slug)
    scope = scope_of(request, chosen)
    if chosen.plans and scope.plan is None:
        return _choose_plan(request, chosen)
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    if form.is_valid():
        file = form.cleaned_data["file"]
        upload = Upload(file.read(), file.name)
        try:
            read_sheet(upload.data)
        except ReadError as error:
            form.add_error("file", read_words(error))
        else:
            return redirect(_address("imports:outcome", scope, slug, keep_upload(upload=upload, by=request.user)))
    context = {**_context(chosen, scope), "form": form, "columns": chosen.columns(scope)}
    return render(request, "imports/kind.html", context, status=422 if form.is_bound else 200)


@require_safe
def template(request: Request, slug: str) -> FileResponse:
    """Send the file to fill in."""
    chosen = kind_or_404(request.user, slug)
    scope = scope_of(request, chosen)
    if chosen.plans and scope.plan is None:
        raise Http404
    begun = chosen.rows(scope) if chosen.rows else ()
    data = workbook(chosen.columns(scope), list(chosen.codes(scope)), title=str(chosen.label), begun=begun)
    return as_download(BytesIO(data), f"mau-nhap-{chosen.file_name}.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
def outcome(request: Request, slug: str, token: str) -> HttpResponse:
    """Show what a kept file would do; do it."""
    chosen = kind_or_404(request.user, slug)
    scope = scope_of(request, chosen)
    upload = kept_upload(token=token, by=request.user)
    if upload is None or (chosen.plans and scope.plan is None):
        return _gone(request, chosen, scope)
    try:
        if request.method == "POST":
            return _run(request, chosen, scope, upload, token)
        found, digest = try_import(kind=chosen, scope=scope, upload=upload)
    except ReadError as error:
        return _unreadable(request, error, scope, slug)
    return _page(request, found, kind=chosen, scope=scope, upload=upload, token=token, digest=digest)


@require_safe
def faults(request: Request, slug: str, token: str) -> HttpResponseBase:
    """Send a kept file back with what is wrong beside each row."""
    chosen = kind_or_404(request.user, slug)
    scope = scope_of(request, chosen)
    upload = kept_upload(token=token, by=request.user)
    if upload is None or (chosen.plans and scope.plan is None):
        return _gone(request, chosen, scope)
    try:
        data = mark_faults(kind=chosen, scope=scope, upload=upload)
    except ReadError as error:
        return _unreadable(request, error, scope, slug)
    if data is None:  # mended meanwhile by somebody else's act
        return redirect(_address("imports:outcome", scope, slug, token))
    return as_download(BytesIO(data), f"{PurePath(upload.name).stem.removesuffix(MARKED)}{MARKED}.xlsx")


def scope_of(request: Request, kind: Kind) -> Scope:
    """Return who imports, and into which plan the address says; 404 for a plan that the kind is not for."""
    asked = request.GET.get("plan", "")
    if not (kind.plans and asked):
        return Scope(request.user, clock.today())
    require(asked.isascii() and asked.isdigit() and len(asked) <= LONGEST_KEY)
    return Scope(request.user, clock.today(), plan_of(kind, request.user, int(asked)))


def _run(request: Request, kind: Kind, scope: Scope, upload: Upload, token: str) -> HttpResponse:
    """Import the file, or show why not."""
    page: dict[str, Any] = {"kind": kind, "scope": scope, "upload": upload, "token": token}
    try:
        found = run_import(kind=kind, scope=scope, upload=upload, expected=request.POST.get("seen", ""))
    except Faulty as refusal:
        return _page(request, refusal.outcome, **page, refusal=refusal)
    except ActionRefused as refusal:
        again, digest = try_import(kind=kind, scope=scope, upload=upload)
        return _page(request, again, **page, digest=digest, refusal=refusal)
    drop_upload(token=token, by=request.user)
    words = _("The file is imported. New: %(new)d, changed: %(changed)d, as they stood: %(unchanged)d.")
    done(request, words % {"new": found.new, "changed": found.changed, "unchanged": found.unchanged})
    return redirect(kind.done(scope))


def _page(
    request: Request,
    found: Outcome,
    *,
    kind: Kind,
    scope: Scope,
    upload: Upload,
    token: str,
    digest: str = "",
    refusal: ActionRefused | None = None,
) -> HttpResponse:
    """Show what a file would do, and why it was not done."""
    context = {
        **_context(kind, scope),
        "outcome": found,
        "digest": digest,
        "file_name": upload.name,
        "findings": found.findings[:MOST_FINDINGS],
        "kinds_of_fault": alike(found.findings) if len(found.findings) > FEW_FINDINGS else (),
        "changes": found.changes[:MOST_CHANGES],
        "refusal": refusal.message if refusal else "",
        "faults_href": _address("imports:faults", scope, kind.slug, token) if found.refused else "",
        "ready": bool(digest and found.changes and not found.findings),
    }
    return render(request, "imports/outcome.html", context, status=refusal.status if refusal else 200)


def _choose_plan(request: Request, kind: Kind) -> HttpResponse:
    """Ask for which plan the file is."""
    if request.method == "POST":
        raise Http404
    assert kind.plans is not None  # noqa: S101  # asked just before
    plans = list(kind.plans(request.user).order_by("-issued_on", "-pk")[:MOST_PLANS])
    return render(request, "imports/choose_plan.html", {"kind": kind, "plans": plans, "crumbs": _crumbs(kind)})


def _unreadable(request: Request, error: ReadError, scope: Scope, slug: str) -> HttpResponse:
    messages.error(request, read_words(error))
    return redirect(_address("imports:kind", scope, slug))


def _gone(request: Request, kind: Kind, scope: Scope) -> HttpResponse:
    words = _("The file is not kept any more: it was imported already, or nobody decided about it. Choose it again.")
    messages.warning(request, words)
    return redirect(_address("imports:kind", scope, kind.slug))


def _context(kind: Kind, scope: Scope) -> dict[str, Any]:
    here = _address("imports:kind", scope, kind.slug)
    return {
        "kind": kind,
        "plan": scope.plan,
        "crumbs": _crumbs(kind),
        "here": here,
        "template_href": _address("imports:template", scope, kind.slug),
    }


def _crumbs(kind: Kind) -> list[tuple[str, str | None]]:
    return [(_("Import from Excel"), reverse("imports:kinds")), (str(kind.label), None)]


def _address(name: str, scope: Scope, *arguments: str) -> str:
    """Return an address that keeps the plan."""
    query = f"?{urlencode({'plan': scope.plan.pk})}" if scope.plan else ""
    return reverse(name, args=arguments) + query
