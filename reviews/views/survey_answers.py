"""Answers to a survey: what one unit says, and the grid of one indicator in many units."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from plans.actions.indicator_results import RowsRefused
from plans.errors import ActionRefused, Stale
from plans.forms.indicator_results import PasteForm, units_typed
from plans.paging import PER_PAGE, CappedPaginator
from plans.pasting import MOST_ROWS, Named, pasted
from plans.views.acting import posted
from plans.views.shared import Request, done
from reviews.actions.survey_answers import answer_survey
from reviews.enums import SurveyState
from reviews.forms.surveys import AnswerForm, SurveyGrid
from reviews.models import Survey, SurveyAnswer, SurveyIndicator, SurveyUnit
from reviews.querysets import SurveyUnitQuerySet
from reviews.rights import conducts, may_answer_for
from reviews.survey_page import latest_results, questions_of, target_of
from reviews.views.surveys import crumbs_of, visible_survey
from units.access import paths_with, require, within
from units.permissions import Permission

UNIT, GRID = "reviews/survey_unit.html", "reviews/survey_grid.html"
GRID_PAGE: Final = 200


@require_http_methods(["GET", "HEAD", "POST"])
def unit(request: Request, pk: int, unit_pk: int) -> HttpResponse:
    """Show what one unit says, and let it answer while the survey runs."""
    survey = visible_survey(request.user, pk)
    rows = SurveyUnit.objects.visible_to(request.user).select_related("unit", "answered_by")
    row: SurveyUnit | None = rows.filter(survey=survey, unit=unit_pk).first()
    require(row is not None)
    assert row is not None  # noqa: S101  # for the type checker: just required
    allowed = may_answer_for(request.user, survey, row.unit)
    require(allowed or request.method != "POST")
    asked = questions_of(survey)
    stored = {a.question_id: a for a in SurveyAnswer.objects.filter(surveyed=row)}
    form = AnswerForm(posted(request), row=row, questions=asked, answers=stored)
    context = _unit_context(request, survey, row, form) | {"open": allowed and survey.state == SurveyState.RUNNING}
    if request.method != "POST":
        return render(request, UNIT, context)
    if not form.is_valid():
        return render(request, UNIT, context, status=422)
    try:
        changed = answer_survey(survey=survey, rows=[form.said(row)], by=request.user)
    except ActionRefused as refusal:
        words = refusal.rows.get(row.unit_id, "") if isinstance(refusal, RowsRefused) else ""
        form.show(SurveyUnit.objects.values_list("version", flat=True).get(pk=row.pk))
        form.add_error(None, words or str(refusal.message))
        return render(request, UNIT, context, status=refusal.status)
    done(request, _words(changed[0] if changed else row))
    return redirect(row)


@require_http_methods(["GET", "HEAD", "POST"])
def grid(request: Request, pk: int) -> HttpResponse:
    """Enter one indicator for many units: typed, or pasted as a column and looked at first."""
    survey = visible_survey(request.user, pk)
    rows = _enterable(request, survey)
    require(survey.state == SurveyState.RUNNING and rows.exists())
    asked = questions_of(survey)
    question = _chosen(request, asked)
    context: dict[str, Any] = {
        "survey": survey,
        "question": question,
        "questions": asked,
        "target": target_of(question),
        "title": _("Enter answers"),
        "lead": survey.title,
        "crumbs": crumbs_of(survey, _("Enter answers")),
        "cancel": survey.get_absolute_url(),
        "columns": 1,
        "paste": PasteForm(),
    }
    if request.method != "POST":
        page = CappedPaginator(rows, GRID_PAGE).get_page(request.GET.get("page"))
        return render(request, GRID, context | {"grid": _grid(request, question, page.object_list), "page": page})
    if request.POST.get("act") == "read":
        return _read(request, question, rows, context)
    filled = _grid(request, question, rows.filter(unit__in=units_typed(request.POST)))
    filled.type(request.POST)
    return _saved(request, survey, filled, context | {"grid": filled})


def _unit_context(request: Request, survey: Survey, row: SurveyUnit, form: AnswerForm) -> dict[str, Any]:
    results = latest_results(form.questions, [row.unit_id], request.user)
    return {
        "survey": survey,
        "row": row,
        "form": form,
        "crumbs": crumbs_of(survey, str(row.unit.label)),
        "questions": [
            {
                "question": q,
                "target": target_of(q),
                "result": results.get((q.pk, row.unit_id), ""),
                "fields": [form[f"{name}-{q.pk}"] for name in ("completion", "outlook", "note")],
            }
            for q in form.questions
        ],
    }


def _words(row: SurveyUnit) -> str:
    if row.complete:
        return _("The answers are saved and handed in.")
    return _("Saved. It is handed in once each indicator has an outlook and both counts have a number.")


def _enterable(request: Request, survey: Survey) -> SurveyUnitQuerySet:
    """Return the units surveyed that the person may answer for."""
    rows: SurveyUnitQuerySet = SurveyUnit.objects.visible_to(request.user).filter(survey=survey)
    if not conducts(request.user, survey):
        rows = rows.filter(within("unit__path", paths_with(request.user, Permission.REPORT)))
    return rows.select_related("unit").order_by("unit__path")


def _chosen(request: Request, asked: list[SurveyIndicator]) -> SurveyIndicator:
    """Return the indicator named in the address, the first without one; 404 for another survey's."""
    wanted = request.GET.get("question", "")
    found = next((q for q in asked if str(q.pk) == wanted), None) if wanted else next(iter(asked), None)
    require(found is not None)
    assert found is not None  # noqa: S101  # for the type checker: just required
    return found


def _grid(request: Request, question: SurveyIndicator, rows: Any) -> SurveyGrid:
    shown = list(rows)
    results = latest_results([question], [r.unit_id for r in shown], request.user)
    return SurveyGrid(question, shown, {unit: text for (_question, unit), text in results.items()})


def _read(request: Request, question: SurveyIndicator, rows: Any, context: dict[str, Any]) -> HttpResponse:
    """Show the grid filled with a pasted column; nothing is saved."""
    every = list(rows)
    form = PasteForm(request.POST)
    text = form.cleaned_data["pasted"] if form.is_valid() else ""
    named = [Named(r.unit_id, str(r.unit.code), tuple(r.unit.names())) for r in every]
    found = pasted(text, units=named, columns=1)
    if form.is_valid() and not text.strip():
        form.add_error("pasted", _("Copy the column in the spreadsheet and paste it here first."))
    for error in found.errors[:PER_PAGE]:
        form.add_error("pasted", str(error))
    shown = [r for r in every if r.unit_id in found.figures] or every[:GRID_PAGE]
    filled = _grid(request, question, shown[:MOST_ROWS])
    filled.paste(found.figures)
    words = ngettext("%(n)s row was read.", "%(n)s rows were read.", len(found.figures)) % {"n": len(found.figures)}
    context |= {"grid": filled, "paste": form, "read": words if found.figures else ""}
    return render(request, GRID, context, status=422 if form.errors else 200)


def _saved(request: Request, survey: Survey, filled: SurveyGrid, context: dict[str, Any]) -> HttpResponse:
    """Save the whole grid, or say in each row what is wrong."""
    said = filled.said()
    try:
        if filled.wrong:
            raise RowsRefused({})
        changed = len(answer_survey(survey=survey, rows=said, by=request.user))
    except RowsRefused as refusal:
        filled.mark(refusal.rows)
        if refusal.status == Stale.status:
            _take_newest(survey, filled)
        return render(request, GRID, context | {"refusal": refusal.message}, status=refusal.status)
    except ActionRefused as refusal:
        return render(request, GRID, context | {"refusal": refusal.message}, status=refusal.status)
    words = ngettext("%(n)s unit was saved.", "%(n)s units were saved.", changed) % {"n": changed}
    done(request, words if changed else _("Nothing has changed."))
    return redirect(request.get_full_path())


def _take_newest(survey: Survey, filled: SurveyGrid) -> None:
    """Let the next click save on top of what others saved meanwhile: the rows say that they did."""
    versions = dict(SurveyUnit.objects.filter(survey=survey).values_list("unit_id", "version"))
    for line in filled.rows:
        if line.error:
            line.version = versions.get(line.unit.pk, 0)
