"""Surveys: the list, one survey, preparing, what is asked, starting, finishing, the report."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doantracker.lib import clock
from plans.actions.proof import Proof
from plans.enums import DONE
from plans.errors import ActionRefused
from plans.forms.directives import DraftSeenForm
from plans.forms.units import offered
from plans.paging import PER_PAGE, CappedPaginator
from plans.views.acting import posted
from plans.views.sent import key_for_form, key_of
from plans.views.shared import Request, done, refused
from plans.workflow import offered as act_offered
from reviews.actions import surveys as actions
from reviews.enums import SurveyState
from reviews.filters import SurveyFilter
from reviews.forms.surveys import FinishForm, QuestionsForm, ReportForm, SurveyForm
from reviews.models import Survey, SurveyUnit
from reviews.rights import conducts, may_answer_for, may_survey, meeting_units
from reviews.survey_page import idea_counts, question_rows, questions_of, unit_rows
from reviews.views.papers import history_of
from reviews.views.shared import unit_asked
from units.access import get_visible_or_404, require
from units.models import User
from units.models.audit import AuditAction
from units.permissions import Permission

LIST, PAGE, FORM = "reviews/surveys.html", "reviews/survey.html", "reviews/survey_form.html"
RELATED = ("unit__kind", "lead_unit", "plan", "answering", "report")


@require_safe
def survey_list(request: Request) -> HttpResponse:
    """List surveys, the newest period first."""
    require(request.user.may(Permission.VIEW))
    today = clock.today()
    visible = Survey.objects.visible_to(request.user).with_report()
    chosen = SurveyFilter(request.GET or None, queryset=visible, user=request.user, today=today)
    found = chosen.qs if chosen.is_valid() or not request.GET else visible.none()
    paginator = CappedPaginator(found.select_related("unit", "lead_unit"), PER_PAGE)
    context = {
        "filter": chosen,
        "page": paginator.get_page(request.GET.get("page")),
        "total": paginator.label,
        "may_survey": meeting_units(request.user, today).exists(),
    }
    return render(request, f"{LIST}#results" if request.htmx and not request.htmx.boosted else LIST, context)


@require_safe
def survey(request: Request, pk: int) -> HttpResponse:
    """Show one survey: what is asked, how units stand, who has answered, and what may be done now."""
    row = visible_survey(request.user, pk)
    return render(request, PAGE, _page(request, row))


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    """Prepare a survey."""
    today = clock.today()
    unit, units = unit_asked(request, today)
    form = SurveyForm(posted(request), unit=unit, user=request.user, today=today)
    context = {
        "form": form,
        "unit": unit,
        "units": units,
        "names": offered(form.names),
        "title": _("Prepare a survey"),
        "lead": unit.name,
        "submit": _("Prepare the survey"),
        "cancel": reverse("reviews:surveys"),
        "form_key": key_for_form(request),
    }
    if request.method != "POST" or not form.is_valid():
        return render(request, FORM, context, status=422 if request.method == "POST" else 200)
    try:
        made = actions.prepare_survey(
            unit=unit, values=form.facts(), units=form.asked(), by=request.user, key=key_of(request)
        )
    except ActionRefused as refusal:
        return refused(request, FORM, context, refusal)
    done(request, _("The survey is prepared. Look at what it asks, then start it."))
    return redirect("reviews:survey_questions", made.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, pk: int) -> HttpResponse:
    """Change a survey that has not started."""
    row = _being_prepared(request, pk)
    form = SurveyForm(posted(request), unit=row.unit, user=request.user, today=clock.today(), survey=row)
    context = _frame(row, form, _("Change the survey")) | {"names": offered(form.names)}
    if request.method != "POST" or not form.is_valid():
        return render(request, FORM, context, status=422 if request.method == "POST" else 200)
    try:
        version = form.cleaned_data["version"]
        actions.change_survey(survey=row, values=form.facts(), units=form.asked(), by=request.user, version=version)
    except ActionRefused as refusal:
        return _refused(request, row, form, context, refusal)
    done(request, _("The survey is changed."))
    return redirect(row)


@require_http_methods(["GET", "HEAD", "POST"])
def questions(request: Request, pk: int) -> HttpResponse:
    """Choose what is asked."""
    row = _being_prepared(request, pk)
    form = QuestionsForm(posted(request), survey=row)
    context = _frame(row, form, _("What is asked"))
    if request.method != "POST" or not form.is_valid():
        return render(request, FORM, context, status=422 if request.method == "POST" else 200)
    data = form.cleaned_data
    try:
        actions.choose_questions(
            survey=row,
            indicators=list(data.get("indicators", ())),
            free=data["free"],
            by=request.user,
            version=data["version"],
        )
    except ActionRefused as refusal:
        return _refused(request, row, form, context, refusal)
    done(request, _("What is asked is saved."))
    return redirect(row)


@require_POST
def start(request: Request, pk: int) -> HttpResponse:
    """Start the survey: units owe their answers."""
    row = visible_survey(request.user, pk)
    require(may_survey(request.user, row.unit))
    form = DraftSeenForm(request.POST)
    context = _page(request, row) | {"form": form}
    if not form.is_valid():
        return render(request, PAGE, context, status=422)
    try:
        actions.start_survey(survey=row, by=request.user, version=form.cleaned_data["version"])
    except ActionRefused as refusal:
        return refused(request, PAGE, context, refusal)
    done(request, _("The survey has started: the units owe their answers and are told."))
    return redirect(row)


@require_http_methods(["GET", "HEAD", "POST"])
def finish(request: Request, pk: int) -> HttpResponse:
    """Finish the survey: say who has not answered, ask by when the report is owed."""
    row = visible_survey(request.user, pk)
    require(may_survey(request.user, row.unit))
    if request.method != "POST" and row.state != SurveyState.RUNNING:
        return redirect(row)
    form = FinishForm(posted(request), initial={"version": row.version})
    ideas = idea_counts(_rows(request.user, row))
    context = _frame(row, form, _("Finish the survey")) | {"missing": ideas.units - ideas.complete}
    context |= {"submit": _("Finish; the report is owed"), "ideas": ideas}
    if request.method != "POST" or not form.is_valid():
        return render(request, FORM, context, status=422 if request.method == "POST" else 200)
    data = form.cleaned_data
    try:
        actions.finish_survey(
            survey=row, by=request.user, version=data["version"], due=data["due"], working_days=data["working_days"]
        )
    except ActionRefused as refusal:
        return _refused(request, row, form, context, refusal)
    done(request, _("The survey is finished. Its report is owed from now on."))
    return redirect(row)


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: Request, pk: int) -> HttpResponse:
    """Hand in the thematic report of a finished survey."""
    row = visible_survey(request.user, pk)
    require(conducts(request.user, row) and row.report is not None)
    owed = actions.report_of(row)
    if request.method != "POST" and not act_offered(request.user, AuditAction.SUBMITTED, owed):
        return redirect(owed)
    form = ReportForm(posted(request), request.FILES or None, initial={"version": owed.version})
    context = _frame(row, form, _("Hand in the report")) | {"upload": True, "submit": _("Hand in")}
    if request.method != "POST" or not form.is_valid():
        return render(request, FORM, context, status=422 if request.method == "POST" else 200)
    data = form.cleaned_data
    upload, number = data["upload"], data["document_number"]
    proof = Proof(files=(upload,) if upload else (), document_numbers=(number,) if number else ())
    try:
        actions.hand_in_report(survey=row, by=request.user, version=data["version"], text=data["text"], proof=proof)
    except ActionRefused as refusal:
        form.show(actions.report_of(row).version)
        return refused(request, FORM, context, refusal)
    done(request, _("The report is handed in."))
    return redirect(row)


def visible_survey(user: User, pk: int) -> Survey:
    """Return a survey that the person sees, with what its pages read; else 404."""
    rows = Survey.objects.with_report().select_related(*RELATED)
    found: Survey = get_visible_or_404(rows, user, pk)
    return found


def crumbs_of(row: Survey, word: str = "") -> list[tuple[str, str | None]]:
    """Return the way to a page below a survey."""
    own = row.get_absolute_url() if word else None
    more: list[tuple[str, str | None]] = [(word, None)] if word else []
    return [(_("Surveys"), reverse("reviews:surveys")), (row.title, own), *more]


def _rows(user: User, row: Survey) -> Any:
    return SurveyUnit.objects.visible_to(user).filter(survey=row)


def _being_prepared(request: Request, pk: int) -> Survey:
    row = visible_survey(request.user, pk)
    require(may_survey(request.user, row.unit) and row.state == SurveyState.PLANNED)
    return row


def _frame(row: Survey, form: Any, title: str) -> dict[str, Any]:
    return {
        "survey": row,
        "form": form,
        "title": title,
        "lead": row.title,
        "crumbs": crumbs_of(row, title),
        "cancel": row.get_absolute_url(),
    }


def _refused(
    request: Request, row: Survey, form: DraftSeenForm, context: dict[str, Any], refusal: ActionRefused
) -> HttpResponse:
    """Show the form again; the next click means the survey as it is now."""
    form.show(Survey.objects.values_list("version", flat=True).get(pk=row.pk))
    return refused(request, FORM, context, refusal)


def _page(request: Request, row: Survey) -> dict[str, Any]:
    """Return what the page of a survey shows; a fixed number of queries."""
    user = request.user
    rows = _rows(user, row)
    asked, ideas = questions_of(row), idea_counts(rows)
    paginator = CappedPaginator(rows.select_related("unit").order_by("unit__path"), PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    runs, running = may_survey(user, row.unit), row.state == SurveyState.RUNNING
    owed = actions.report_of(row) if row.report else None
    return {
        "survey": row,
        "crumbs": crumbs_of(row),
        "questions": question_rows(asked, rows, ideas.units),
        "ideas": ideas,
        "page": page,
        "units": unit_rows(page.object_list, row),
        "owed": owed,
        "whole": user.may(Permission.VIEW, row.unit),
        "own": ideas.units == 1 and running and may_answer_for(user, row, page.object_list[0].unit),
        "may_prepare": runs and row.state == SurveyState.PLANNED,
        "may_finish": runs and running,
        "may_write": runs and row.started_on is not None,
        "may_enter": running and ideas.units > 1 and any(may_answer_for(user, row, r.unit) for r in page.object_list),
        "may_report": owed is not None and owed.status not in DONE and conducts(user, row),
        "seen": DraftSeenForm(initial={"version": row.version}),
        "history": history_of(user, "survey", row.pk),
    }
