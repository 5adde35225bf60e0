"""Pledges of heads and deputies: the register of a year, one pledge, handing in, deciding, the file."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doantracker.lib import clock
from plans.errors import ActionRefused
from plans.paging import PER_PAGE, CappedPaginator
from plans.validators import FIRST_YEAR, LAST_YEAR
from plans.views.acting import posted
from plans.views.shared import Request, done, refused
from reviews.actions import pledges as actions
from reviews.enums import PledgeState
from reviews.forms.pledges import DecideForm, PledgeForm, YearForm
from reviews.models import Pledge
from reviews.pledge_rows import counts_of, owing, rows_of
from reviews.querysets import who_pledges
from reviews.rights import may_decide, may_hand_in
from reviews.views.papers import history_of, sent_paper
from units.access import get_visible_or_404, require

_RELATED = ("appointment__user", "appointment__post__unit", "handed_in_by", "decided_by")


@require_safe
def pledge_list(request: Request) -> HttpResponse:
    """Show who owes a pledge for a year and how it stands, those missing first."""
    form = YearForm(request.GET or None, today=clock.today())
    year, state = form.chosen, request.GET.get("state", "")
    paginator = CappedPaginator(owing(request.user, year, state), PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    rows = list(page.object_list)
    context = {
        "form": form,
        "year": year,
        "state": state,
        "page": page,
        "total": paginator.label,
        "rows": rows_of(rows, year, (may_hand_in(request.user, row) for row in rows)),
        "counts": counts_of(request.user, year),
    }
    return render(request, "reviews/pledges.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def hand_in(request: Request, year: int, appointment_pk: int) -> HttpResponse:
    """Hand in a pledge, or a better one after it was returned."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404
    owed = who_pledges(request.user, year).select_related("user", "post__unit")
    appointment = get_object_or_404(owed, pk=appointment_pk)
    require(may_hand_in(request.user, appointment))
    former = Pledge.objects.filter(appointment=appointment, year=year).first()
    if former and former.state != PledgeState.RETURNED and request.method != "POST":
        return redirect(former)
    known = {n: getattr(former, n) for n in ("text", "document_number", "version")} if former else {}
    form = PledgeForm(posted(request), request.FILES or None, initial=known)
    template, context = "reviews/pledge_form.html", _form_context(appointment, year, form, former)
    if request.method != "POST" or not form.is_valid():
        return render(request, template, context, status=200 if request.method != "POST" else 422)
    try:
        made = actions.hand_in_pledge(appointment=appointment, year=year, by=request.user, **form.cleaned_data)
    except ActionRefused as refusal:
        return refused(request, template, context, refusal)
    done(request, _("The pledge is handed in."))
    return redirect(made)


@require_safe
def pledge(request: Request, pk: int) -> HttpResponse:
    """Show one pledge and what may be done with it."""
    found = _visible(request, pk)
    return render(request, "reviews/pledge.html", _page(request, found, DecideForm(pledge=found)))


@require_POST
def decide(request: Request, pk: int) -> HttpResponse:
    """Accept a pledge or return it: the button pressed says which."""
    found = _visible(request, pk)
    require(may_decide(request.user, found))
    form = DecideForm(request.POST, pledge=found)
    template, context = "reviews/pledge.html", _page(request, found, form)
    if not form.is_valid():
        return render(request, template, context, status=422)
    reason, version = form.cleaned_data["reason"], form.cleaned_data["version"]
    try:
        if request.POST.get("decision") == "accept":
            actions.accept_pledge(pledge=found, by=request.user, version=version)
        else:
            actions.return_pledge(pledge=found, by=request.user, version=version, reason=reason)
    except ActionRefused as refusal:
        return refused(request, template, context, refusal)
    done(request, _("Your decision is recorded."))
    return redirect(found)


@require_safe
def download(request: Request, pk: int) -> HttpResponseBase:
    """Send the paper, always as a download."""
    found = _visible(request, pk)
    return sent_paper(request, found, lambda: actions.note_download(pledge=found, by=request.user))


def _visible(request: Request, pk: int) -> Pledge:
    found: Pledge = get_visible_or_404(Pledge.objects.select_related(*_RELATED), request.user, pk)
    return found


def _form_context(appointment: Any, year: int, form: PledgeForm, former: Pledge | None) -> dict[str, Any]:
    return {
        "form": form,
        "former": former,
        "upload": True,
        "title": _("Pledge for %(year)s") % {"year": year},
        "lead": f"{appointment.user} – {appointment.post}",
        "submit": _("Hand in"),
        "cancel": former.get_absolute_url() if former else "../../",
    }


def _page(request: Request, found: Pledge, form: DecideForm) -> dict[str, Any]:
    waits = found.state == PledgeState.HANDED_IN
    return {
        "pledge": found,
        "form": form,
        "may_decide": waits and may_decide(request.user, found),
        "may_hand_in": found.state == PledgeState.RETURNED and may_hand_in(request.user, found.appointment),
        "history": history_of(request.user, "pledge", found.pk),
    }
