"""Chasing letters of a plan: prepare, look, copy, download."""

from __future__ import annotations

import datetime as dt
from io import BytesIO

from django.db.models import Count
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from doantracker.lib import clock
from plans.actions.letters import late_rows, prepare_letter
from plans.calendars import days_off
from plans.enums import PlanStatus
from plans.errors import ActionRefused
from plans.forms.notices import LetterForm
from plans.models import ChasingLetter
from plans.rights import may_manage
from plans.views.plans import visible_plan
from plans.views.shared import Request, done, refused
from units import audit
from units.access import get_visible_or_404, require
from units.models import Unit
from units.models.audit import AuditAction

LETTERS_SHOWN = 50
DAYS_TO_ANSWER = 7
LONGEST_HOLIDAY = 14


@require_http_methods(["GET", "HEAD", "POST"])
def letters(request: Request, pk: int) -> HttpResponse:
    """Show which units are late and the letters so far; POST prepares one."""
    plan, today = visible_plan(request, pk), clock.today()
    require(may_manage(request.user, plan) and plan.status != PlanStatus.DRAFT)
    late = late_rows(plan, by=request.user, today=today).order_by("unit_path")
    units = list(late.values_list("unit_id", "unit__name", "unit_path").annotate(rows=Count("pk")))
    form = LetterForm(
        request.POST or None,
        units=[(unit, f"{name} ({rows})") for unit, name, _path, rows in units],
        today=today,
        initial={"answer_by": _usual_answer(today)},
    )
    context = {
        "plan": plan,
        "form": form,
        "late": sum(rows for *_facts, rows in units),
        "letters": ChasingLetter.objects.visible_to(request.user)
        .filter(plan=plan)
        .select_related("unit", "prepared_by")[:LETTERS_SHOWN],
    }
    template = "plans/letters.html"
    if request.method != "POST" or not form.is_valid():
        return render(request, template, context, status=200 if request.method != "POST" else 422)
    chosen = form.cleaned_data["unit"]
    unit = Unit.objects.get(pk=chosen) if chosen else None  # one of the choices, which the person sees
    try:
        letter = prepare_letter(
            plan=plan, unit=unit, answer_by=form.cleaned_data["answer_by"], by=request.user, today=today
        )
    except ActionRefused as refusal:
        return refused(request, template, context, refusal)
    done(request, _("The letter is prepared. Prepare it as a paper to give it a number; then sign and send it."))
    return redirect(letter)


@require_safe
def letter(request: Request, pk: int) -> HttpResponse:
    """Show the text of a letter, to be copied."""
    return render(request, "plans/letter.html", {"letter": visible_letter(request, pk)})


@require_safe
def letter_file(request: Request, pk: int) -> FileResponse:
    """Send the text of a letter as a file."""
    found = visible_letter(request, pk)
    audit.record(
        AuditAction.DOWNLOADED,
        by=request.user,
        obj=found,
        plan_id=found.plan_id,
        unit_id=found.unit_id or found.plan.issuing_unit_id,
    )
    text = found.text.replace("\n", "\r\n").encode("utf-8-sig")  # as old editors on Windows want it
    response = FileResponse(
        BytesIO(text), as_attachment=True, filename=f"cong-van-don-doc-{found.pk}.txt", content_type="text/plain"
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response


def visible_letter(request: Request, pk: int) -> ChasingLetter:
    """Return a letter of a plan the person manages; else 404."""
    rows = ChasingLetter.objects.select_related("plan__issuing_unit", "unit", "prepared_by")
    found: ChasingLetter = get_visible_or_404(rows, request.user, pk)
    return found


def _usual_answer(today: dt.date) -> dt.date:
    """Return a week from today, or the next working day; one query."""
    days = [today + dt.timedelta(days=DAYS_TO_ANSWER + n) for n in range(LONGEST_HOLIDAY)]
    off = days_off(days)
    return next((day for day in days if day not in off), days[0])
