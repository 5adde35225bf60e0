"""Monthly evaluations: the list of months, one round and its steps, the decision, the locked table."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, OuterRef, Subquery
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doantracker.lib import clock
from plans.errors import ActionRefused
from plans.forms.seen import version_in
from plans.paging import PER_PAGE, CappedPaginator
from plans.views.acting import posted
from plans.views.sent import key_for_form, key_of
from plans.views.shared import Request, done
from reviews.actions import evaluations as actions
from reviews.bodies import bodies_of
from reviews.enums import RoundState
from reviews.evaluation_register import month_before, month_end
from reviews.evaluation_scores import KEPT, Sheet, sheets_of
from reviews.forms.evaluations import MeetingForm, ReopenForm, RoundForm, ScoresForm
from reviews.models import Evaluation, EvaluationOpinion, EvaluationRound, Meeting
from reviews.rights import evaluation_units, may_decide_evaluations, may_run_evaluations, may_see_evaluations
from reviews.views.evaluation_shared import chosen_unit, crumbs_of, formed, month_label, visible_round
from units.access import require
from units.models import User
from units.permissions import Permission

MOST_MEETINGS = 24


@require_safe
def round_list(request: Request) -> HttpResponse:
    """List the months that the person sees, whole or as somebody who is evaluated."""
    user = request.user
    rounds = EvaluationRound.objects.visible_to(user).select_related("unit")
    page = CappedPaginator(_counted(rounds).order_by("-month", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    own = {e.round_id: e for e in Evaluation.objects.filter(person=user, round__in=[r.pk for r in page.object_list])}
    rows = [{"round": r, "own": own.get(r.pk), "whole": may_see_evaluations(user, r.unit)} for r in page.object_list]
    sees = user.may(Permission.VIEW_EVALUATIONS)
    require(sees or bool(rows) or Evaluation.objects.filter(person=user).exists())
    context = {
        "page": page,
        "rows": rows,
        "sees": sees,
        "crumbs": crumbs_of(None),
        "may_open": evaluation_units(user, clock.today()).exists(),
    }
    return render(request, "reviews/evaluations.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def open_round(request: Request) -> HttpResponse:
    """Open a month."""
    today = clock.today()
    unit, units = chosen_unit(request, evaluation_units(request.user, today))
    initial = {"month": month_before(today) if today.day < 20 else today.replace(day=1)}  # noqa: PLR2004  # of a month
    form = RoundForm(posted(request), bodies=bodies_of(unit, today), initial=initial)
    context = {
        "form": form,
        "title": _("Open a month"),
        "lead": unit.name,
        "unit": unit,
        "units": units,
        "crumbs": crumbs_of(None, _("Open a month")),
        "submit": _("Open a month"),
        "cancel": reverse("reviews:evaluations"),
        "form_key": key_for_form(request),
    }
    return formed(
        request,
        context,
        lambda: actions.open_round(unit=unit, by=request.user, key=key_of(request), **form.cleaned_data),
        words=_("The month is open. Its members can score themselves now."),
        to=lambda made: made.get_absolute_url(),
    )


@require_safe
def evaluation_round(request: Request, pk: int) -> HttpResponse:
    """Show a round whole; who is evaluated in it and sees no more is sent to the own part."""
    row = visible_round(request.user, pk)
    if not may_see_evaluations(request.user, row.unit):
        return redirect(get_object_or_404(row.evaluations, person=request.user))
    return render(request, "reviews/evaluation_round.html", _page(request, row))


@require_POST
def step(request: Request, pk: int) -> HttpResponse:
    """Ask for opinions, or lock the month: the button pressed says which."""
    row, user = visible_round(request.user, pk), request.user
    locks = request.POST.get("step") == "lock"
    require(may_decide_evaluations(user, row.unit) if locks else may_run_evaluations(user, row.unit))
    act = actions.lock_round if locks else actions.ask_opinions
    try:
        if locks and request.POST.get("checked") != "yes":
            raise ActionRefused(
                _("Check the decided scores, say so by the box beside the button, then lock the month.")
            )
        act(row=row, by=user, version=version_in(request.POST))
    except ActionRefused as refusal:
        context = _page(request, visible_round(user, pk)) | {"refusal": refusal.message}
        return render(request, "reviews/evaluation_round.html", context, status=refusal.status)
    done(request, _("The month is locked.") if locks else _("Colleagues can give their opinions now."))
    return redirect(row)


@require_http_methods(["GET", "HEAD", "POST"])
def put_before_meeting(request: Request, pk: int) -> HttpResponse:
    """Choose the meeting that decides; what counts is kept from then on."""
    row = visible_round(request.user, pk)
    require(may_run_evaluations(request.user, row.unit))
    days = {"event__cancelled": False, "event__day__gte": month_end(row.month)}
    meetings = Meeting.objects.filter(unit=row.unit, body=row.body, **days)
    found = list(meetings.select_related("event").order_by("event__day")[:MOST_MEETINGS])
    coming = next((m for m in found if m.event.day >= clock.today()), found[-1] if found else None)
    initial = {"version": row.version, "meeting": str(coming.pk) if coming else ""}
    form = MeetingForm(posted(request), meetings=found, initial=initial)
    context = _form_context(row, form, _("Put before a meeting")) | {"submit": _("Put before the meeting")}
    context["lead"] = _("Opinions end; what the register tells is kept as it stands now.")
    context["without_meeting"] = not found

    def act() -> EvaluationRound:
        chosen, version = form.chosen, form.cleaned_data["version"]
        return actions.put_before_meeting(row=row, meeting=chosen, by=request.user, version=version)

    words, to = _("The proposed scores are before the meeting."), row.get_absolute_url()
    return formed(request, context, act, words=words, to=to, newest=lambda: _newest(row))


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: Request, pk: int) -> HttpResponse:
    """Enter the scores of all members as the meeting decided them."""
    row = visible_round(request.user, pk)
    require(may_decide_evaluations(request.user, row.unit))
    if row.state != RoundState.DECISION and request.method != "POST":
        messages.warning(request, _("Scores are decided once the evaluation is before its meeting."))
        return redirect(row)
    evaluations = list(row.evaluations.select_related("person").order_by("pk"))
    form = ScoresForm(posted(request), evaluations=evaluations, initial={"version": row.version})
    context = _form_context(row, form, _("Decision in the meeting")) | {"own": request.user.pk}
    context["lead"] = row.meeting.title if row.meeting else ""
    if request.method != "POST":
        _note_reading(request, row, evaluations)
    words, to = _("The decided scores are recorded."), row.get_absolute_url()
    return formed(
        request,
        context,
        lambda: actions.decide_scores(
            row=row, scores=form.scores, by=request.user, version=form.cleaned_data["version"]
        ),
        words=words,
        to=to,
        newest=lambda: _newest(row),
        template="reviews/evaluation_decide.html",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request: Request, pk: int) -> HttpResponse:
    """Open a locked month again, with a reason."""
    row = visible_round(request.user, pk)
    require(may_decide_evaluations(request.user, row.unit))
    form = ReopenForm(posted(request), initial={"version": row.version})
    context = _form_context(row, form, _("Open the month again")) | {"submit": _("Open again")}

    def act() -> EvaluationRound:
        data = form.cleaned_data
        return actions.reopen_round(row=row, by=request.user, version=data["version"], reason=data["reason"])

    words, to = _("The month is open again."), row.get_absolute_url()
    return formed(request, context, act, words=words, to=to, newest=lambda: _newest(row))


def _page(request: Request, row: EvaluationRound) -> dict[str, Any]:
    """Return what the page of a round shows, and log that it was read; a fixed number of queries."""
    user = request.user
    opinions = EvaluationOpinion.objects.filter(evaluation=OuterRef("pk")).order_by().values("evaluation")
    given = Subquery(opinions.annotate(n=Count("pk")).values("n"))
    found = list(row.evaluations.select_related("person").annotate(opinion_count=given).order_by("pk"))
    _note_reading(request, row, found)
    runs, decides = may_run_evaluations(user, row.unit), may_decide_evaluations(user, row.unit)
    return {
        "round": row,
        "title": month_label(row),
        "crumbs": crumbs_of(row),
        "sheets": _sheets(row, found, user),
        "own": next((e for e in found if e.person_id == user.pk), None),
        "may_ask": runs and row.state == RoundState.SELF,
        "may_put": runs and row.state == RoundState.OPINIONS,
        "may_decide": decides and row.state == RoundState.DECISION,
        "may_prepare": runs and row.state in KEPT,
        "may_reopen": decides and row.state == RoundState.LOCKED,
        "undecided": sum(e.decided is None for e in found),
        "colleagues": len(found) - 1,
    }


def _sheets(row: EvaluationRound, found: list[Evaluation], user: User) -> list[Sheet]:
    """Return the sheets, one's own as on the own page: without what colleagues say until they are done."""
    if row.state in KEPT:
        return sheets_of(row, found, today=clock.today())
    others = {e.pk: e for e in found if e.person_id != user.pk}
    sheets = sheets_of(row, list(others.values()), today=clock.today())
    if len(others) < len(found):
        own = [e for e in found if e.pk not in others]
        sheets += sheets_of(row, own, today=clock.today(), with_colleagues=False)
    place = {e.pk: n for n, e in enumerate(found)}
    return sorted(sheets, key=lambda sheet: place[sheet.evaluation.pk])


def _note_reading(request: Request, row: EvaluationRound, found: list[Evaluation]) -> None:
    read = [(e.pk, e.person_id) for e in found]
    actions.note_reading(evaluations=read, unit=row.unit, label=str(row), by=request.user)


def _form_context(row: EvaluationRound, form: Any, title: str) -> dict[str, Any]:
    return {
        "form": form,
        "round": row,
        "title": title,
        "crumbs": crumbs_of(row, title),
        "cancel": row.get_absolute_url(),
    }


def _newest(row: EvaluationRound) -> int:
    return int(EvaluationRound.objects.values_list("version", flat=True).get(pk=row.pk))


def _counted(rounds: Any) -> Any:
    """Return rounds with how many members they have, how many scored themselves and how many are decided."""

    def count(**only: Any) -> Subquery:
        own = Evaluation.objects.filter(round=OuterRef("pk"), **only).order_by().values("round")
        return Subquery(own.annotate(n=Count("pk")).values("n"))

    return rounds.annotate(members=count(), scored=count(self_at__isnull=False), decided=count(decided__isnull=False))
