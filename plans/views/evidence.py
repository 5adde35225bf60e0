"""Evidence: the protected download, the page of one piece, a newer version, and evidence for several deadlines."""

from __future__ import annotations

import hashlib

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from plans.actions import evidence as actions
from plans.actions.proof import Proof, given_already
from plans.enums import OPEN, PlanStatus
from plans.errors import ActionRefused
from plans.evidence_rows import RELATED, downloads_of, used_elsewhere, versions_of
from plans.forms.evidence import ReplaceForm
from plans.models import Deadline, Evidence
from plans.rights import may_report
from plans.views.shared import Request, as_download, done, refused, visible_deadline
from units.access import get_visible_or_404, require

DOWNLOADS_SHOWN = 100
FOUND_SHOWN = 20  # pieces offered at once; words find the others
MOST_TICKED = 50


@require_safe
def download(request: Request, pk: int) -> HttpResponseBase:
    """Send a file of evidence: always as a download, never shown by the browser itself."""
    proof = _visible(request, pk)
    if not proof.file or not proof.file.storage.exists(proof.file.name or ""):
        raise Http404
    if request.method == "GET":  # HEAD reads nothing
        actions.note_download(evidence=proof, by=request.user)
    return as_download(proof.file.open("rb"), proof.original_name)


@require_safe
def details(request: Request, pk: int) -> HttpResponse:
    """Show one piece: its versions, where it serves, its checksum, who opened it; `?check` reads the file again."""
    proof = _visible(request, pk)
    downloads = downloads_of([proof], user=request.user)[proof.pk]
    context = {
        "proof": proof,
        "deadline": visible_deadline(request.user, proof.deadline_id),
        "versions": versions_of(proof),
        "others": used_elsewhere(proof, user=request.user),
        "downloads": downloads[:DOWNLOADS_SHOWN],
        "seen": any(event.actor_id != proof.added_by_id for event in downloads),
        "checked": _checked(proof) if proof.file and "check" in request.GET else "",
        "may_replace": proof.replaced_at is None and _may_prove(request, proof.deadline),
    }
    return render(request, "plans/evidence_details.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def replace(request: Request, pk: int) -> HttpResponse:
    """Give a newer version; the older one stays."""
    proof = _visible(request, pk)
    require(may_report(request.user, proof.deadline))
    form = ReplaceForm(request.POST or None, request.FILES or None, deadline=proof.deadline, by=request.user)
    context = {
        "form": form,
        "proof": proof,
        "upload": True,
        "title": _("Newer version"),
        "lead": f"{proof.deadline.unit.label} – {proof.deadline.solution.text[:160]}",
        "submit": _("Hand in the newer version"),
        "cancel": proof.deadline.get_absolute_url(),
    }
    template = "plans/evidence_replace.html"
    if request.method != "POST" or not form.is_valid():
        return render(request, template, context, status=200 if request.method != "POST" else 422)
    try:
        actions.replace_evidence(evidence=proof, by=request.user, proof=form.proof())
    except ActionRefused as refusal:
        return refused(request, template, context, refusal)
    done(request, _("The newer version is handed in. The older one stays and can be downloaded."))
    return redirect(proof.deadline)


@require_http_methods(["GET", "HEAD", "POST"])
def share(request: Request, pk: int) -> HttpResponse:
    """Choose evidence given for other deadlines of the unit; as a fragment it stands in the form of a report."""
    row = visible_deadline(request.user, pk)
    require(may_report(request.user, row))
    ids = _ticked(request)
    if request.method != "POST":
        return _choices(request, row, ids)
    try:
        kept = _shared(row, request, ids)
    except ActionRefused as refusal:
        return _choices(request, row, ids, refusal)
    done(request, _("Evidence used for this deadline too: %s.") % ", ".join(map(str, kept)))
    return redirect(row)


def given_already_words(row: Deadline, proof: Proof) -> str:
    """Return a sentence, with a blank before it, on what the deadline has already; nothing when all is new."""
    names = given_already(row, proof) if proof else []
    if not names:
        return ""
    return " " + _("Given for this deadline already and not stored again: %s.") % ", ".join(names)


def _ticked(request: Request) -> set[int]:
    """Return the ids ticked so far, sent by the form or along with a search."""
    sent = (request.POST if request.method == "POST" else request.GET).getlist("shared")
    return {int(i) for i in sent[:MOST_TICKED] if i.isdecimal() and len(i) < 19}  # noqa: PLR2004  # bigint


def _choices(request: Request, row: Deadline, ids: set[int], refusal: ActionRefused | None = None) -> HttpResponse:
    """Show what can be chosen: what is ticked first, then what the words find, the newest first."""
    usable = Evidence.objects.usable_for(row, request.user).select_related(
        "added_by", "deadline__solution", "deadline__plan"
    )
    words = request.GET.get("q", "")
    found = list(usable.matching(words).exclude(pk__in=ids).order_by("-pk")[: FOUND_SHOWN + 1])
    context = {
        "deadline": row,
        "q": words,
        "ticked": list(usable.filter(pk__in=ids).order_by("-pk")),
        "found": found[:FOUND_SHOWN],
        "more": len(found) > FOUND_SHOWN,
        "refusal": refusal.message if refusal else "",
    }
    template = "plans/evidence_share.html#choices" if request.htmx else "plans/evidence_share.html"
    return render(request, template, context, status=refusal.status if refusal else 200)


def _shared(row: Deadline, request: Request, ids: set[int]) -> list[Evidence]:
    """Share what was ticked, all of it or nothing."""
    chosen = list(Evidence.objects.usable_for(row, request.user).filter(pk__in=ids))
    if len(chosen) < len(ids):
        raise ActionRefused(
            _("Some of the evidence chosen is there no more, or serves this deadline already. Choose again.")
        )
    return actions.share_evidence(deadline=row, by=request.user, evidence=chosen)


def _visible(request: Request, pk: int) -> Evidence:
    related = ("deadline__plan", "deadline__unit", "deadline__solution", *RELATED)
    found: Evidence = get_visible_or_404(Evidence.objects.select_related(*related), request.user, pk)
    return found


def _may_prove(request: Request, row: Deadline) -> bool:
    return row.plan.status == PlanStatus.PUBLISHED and row.status in OPEN and may_report(request.user, row)


def _checked(proof: Evidence) -> str:
    """Return whether the stored file is what was handed in: "whole", "changed" or "missing"."""
    try:
        with proof.file.open("rb") as file:
            return "whole" if hashlib.file_digest(file, "sha256").hexdigest() == proof.sha256 else "changed"
    except FileNotFoundError:
        return "missing"
