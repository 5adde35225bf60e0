"""Commendation proposals: the register of a year, one proposal, proposing, judging, taking back, the file."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doantracker.lib import clock
from plans.errors import ActionRefused
from plans.forms.units import offered
from plans.paging import PER_PAGE, CappedPaginator
from plans.views.acting import posted
from plans.views.sent import key_for_form, key_of
from plans.views.shared import Request, done, refused
from reviews.actions import commendations as actions
from reviews.commendation_rows import RELATED, counts_of, proposals_of
from reviews.enums import WAITING_PROPOSALS
from reviews.filters import CommendationFilter
from reviews.forms.commendations import JudgeForm, ProposalForm, WithdrawForm
from reviews.models import CommendationProposal
from reviews.rights import may_have_judged, may_judge, may_propose, meeting_units
from reviews.views.papers import history_of, sent_paper
from reviews.views.shared import unit_asked
from units.access import get_visible_or_404, require
from units.permissions import Permission

LIST, PAGE, FORM = "reviews/commendations.html", "reviews/commendation.html", "reviews/commendation_form.html"


@require_safe
def commendation_list(request: Request) -> HttpResponse:
    """Show the proposals of a year, counted by state."""
    require(request.user.may(Permission.VIEW))
    today = clock.today()
    year = CommendationFilter.year_of(request.GET, today)
    rows = proposals_of(request.user, year)
    chosen = CommendationFilter(request.GET or None, queryset=rows, user=request.user, today=today)
    found = chosen.qs if chosen.is_valid() or not request.GET else rows.none()
    paginator = CappedPaginator(found.select_related(*RELATED), PER_PAGE)
    context = {
        "filter": chosen,
        "year": year,
        "counts": counts_of(rows),
        "page": paginator.get_page(request.GET.get("page")),
        "total": paginator.label,
        "may_propose": meeting_units(request.user, today).exists(),
    }
    return render(request, f"{LIST}#results" if request.htmx and not request.htmx.boosted else LIST, context)


@require_safe
def commendation(request: Request, pk: int) -> HttpResponse:
    """Show one proposal and what may be done with it."""
    found = _visible(request, pk)
    return render(request, PAGE, _page(request, found))


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    """Propose a commendation."""
    today = clock.today()
    unit, units = unit_asked(request, today)
    form = ProposalForm(posted(request), request.FILES or None, unit=unit, today=today)
    context = {
        "form": form,
        "unit": unit,
        "units": units,
        "names": offered(form.names),
        "upload": True,
        "title": _("Propose a commendation"),
        "lead": unit.name,
        "submit": _("Propose"),
        "cancel": reverse("reviews:commendations"),
        "form_key": key_for_form(request),
    }
    if request.method != "POST" or not form.is_valid():
        return render(request, FORM, context, status=422 if request.method == "POST" else 200)
    try:
        made = actions.propose(
            unit=unit,
            values=form.facts(),
            upload=form.cleaned_data["upload"],
            by=request.user,
            key=key_of(request),
        )
    except ActionRefused as refusal:
        return refused(request, FORM, context, refusal)
    done(request, _("The proposal is made. It lies with %(unit)s now.") % {"unit": made.at.label})
    return redirect(made)


@require_POST
def judge(request: Request, pk: int) -> HttpResponse:
    """Pass a proposal on, enter the decision or refuse: the button pressed says which."""
    found = _visible(request, pk)
    require(may_have_judged(request.user, found))
    form = JudgeForm(request.POST, last=found.at_id == found.level_id)
    context = _page(request, found) | {"judge_form": form, "form": form}
    if not form.is_valid():
        return render(request, PAGE, context, status=422)
    try:
        _judge(request, found, form.cleaned_data)
    except ActionRefused as refusal:
        return refused(request, PAGE, context, refusal)
    done(request, _("Your decision is recorded."))
    return redirect(found)


@require_POST
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Take a proposal back."""
    found = _visible(request, pk)
    require(may_propose(request.user, found.proposing_unit))
    form = WithdrawForm(request.POST)
    context = _page(request, found) | {"withdraw_form": form, "form": form}
    if not form.is_valid():
        return render(request, PAGE, context, status=422)
    data = form.cleaned_data
    try:
        actions.withdraw(proposal=found, by=request.user, version=data["version"], reason=data["reason"])
    except ActionRefused as refusal:
        return refused(request, PAGE, context, refusal)
    done(request, _("The proposal is taken back."))
    return redirect(found)


@require_safe
def download(request: Request, pk: int) -> HttpResponseBase:
    """Send the paper, always as a download."""
    found = _visible(request, pk)
    return sent_paper(request, found, lambda: actions.note_download(proposal=found, by=request.user))


def _visible(request: Request, pk: int) -> CommendationProposal:
    rows = CommendationProposal.objects.select_related(*RELATED, "created_by", "decided_by")
    found: CommendationProposal = get_visible_or_404(rows, request.user, pk)
    return found


def _judge(request: Request, found: CommendationProposal, data: dict[str, Any]) -> None:
    seen: dict[str, Any] = {"proposal": found, "by": request.user, "version": data["version"]}
    pressed = request.POST.get("decision")
    if pressed == "grant":
        actions.grant(**seen, number=data.get("number", ""), day=data.get("day") or clock.today())
    elif pressed == "pass":
        actions.pass_on(**seen)
    else:
        actions.refuse(**seen, reason=data["reason"])


def _page(request: Request, found: CommendationProposal) -> dict[str, Any]:
    seen, last = {"version": found.version}, found.at_id == found.level_id
    waits = found.state in WAITING_PROPOSALS
    return {
        "proposal": found,
        "last": last,
        "judge_form": JudgeForm(initial=seen, last=last),
        "withdraw_form": WithdrawForm(initial=seen, auto_id="withdraw_%s"),
        "may_judge": may_judge(request.user, found),
        "may_write": may_propose(request.user, found.proposing_unit),
        "may_withdraw": waits and may_propose(request.user, found.proposing_unit),
        "history": history_of(request.user, "commendationproposal", found.pk),
    }
