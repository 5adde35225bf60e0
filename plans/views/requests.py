"""Later days and difficulties: the forms on a deadline, the decisions about them, and the two queues."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from doantracker.lib import clock
from plans.actions import difficulties, extensions
from plans.filters import DifficultyFilter, ExtensionFilter
from plans.forms.requests import AnswerForm, DecisionForm, DifficultyForm, ExcuseForm, LaterDayForm, PassOnForm
from plans.models import Difficulty, Extension
from plans.paging import PER_PAGE, CappedPaginator
from plans.request_rows import difficulty_rows, extension_rows
from plans.rights import answering_side
from plans.views.acting import Try, acted, posted
from plans.views.shared import Request, visible_deadline
from plans.workflow import offered
from units.access import get_visible_or_404, require
from units.models.audit import AuditAction
from units.permissions import Permission

TEMPLATE = "plans/request.html"


@require_http_methods(["GET", "HEAD", "POST"])
def ask_later_day(request: Request, pk: int) -> HttpResponse:
    """Ask for a later day."""
    row = visible_deadline(request.user, pk)
    act = Try(
        AuditAction.LATER_ASKED,
        lambda data: extensions.ask_later_day(deadline=row, by=request.user, **data),
        _("The request is sent. The day in force stays until it is decided."),
        TEMPLATE,
        context={"title": _("Ask for a later day"), "submit": _("Send the request"), "show_due": True},
    )
    return acted(request, row, LaterDayForm(posted(request), deadline=row), act)


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: Request, pk: int) -> HttpResponse:
    """Grant a later day, the one asked for or another, or refuse it."""
    extension: Extension = get_visible_or_404(Extension.objects.select_related("asked_by"), request.user, pk)
    row = visible_deadline(request.user, extension.deadline_id)
    form = DecisionForm(posted(request), extension=extension)
    refusing = request.POST.get("act") == "refuse"
    if request.method == "POST" and request.POST.get("act") not in {"grant", "refuse"}:
        form.add_error(None, _("Press one of the two buttons."))

    def run(data: dict[str, Any]) -> object:
        if refusing:
            refused = {"words": data["words"], "state": data["state"]}
            return extensions.refuse(extension=extension, by=request.user, **refused)
        return extensions.grant(extension=extension, by=request.user, **data)

    act = Try(
        AuditAction.LATER_REFUSED if refusing else AuditAction.LATER_GRANTED,
        run,
        _("The request is refused.") if refusing else _("The later day is granted."),
        TEMPLATE,
        about=extension,
        context={"title": _("Decide about a later day"), "extension": extension, "show_due": True},
    )
    return acted(request, row, form, act)


@require_http_methods(["GET", "HEAD", "POST"])
def excuse(request: Request, pk: int) -> HttpResponse:
    """Confirm that a late result had an objective cause."""
    row = visible_deadline(request.user, pk)
    act = Try(
        AuditAction.EXCUSED,
        lambda data: extensions.excuse(deadline=row, by=request.user, **data),
        _("The objective cause is confirmed."),
        TEMPLATE,
        context={"title": _("Confirm an objective cause"), "submit": _("Confirm the cause"), "show_due": True},
    )
    return acted(request, row, ExcuseForm(posted(request), deadline=row), act)


@require_http_methods(["GET", "HEAD", "POST"])
def raise_difficulty(request: Request, pk: int) -> HttpResponse:
    """Tell the level above what is in the way."""
    row = visible_deadline(request.user, pk)
    act = Try(
        AuditAction.DIFFICULTY_RAISED,
        lambda data: difficulties.raise_difficulty(deadline=row, by=request.user, **data),
        _("The difficulty is sent to the level above, which owes an answer."),
        TEMPLATE,
        context={"title": _("Raise a difficulty"), "submit": _("Send")},
    )
    return acted(request, row, DifficultyForm(posted(request), deadline=row), act)


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: Request, pk: int) -> HttpResponse:
    """Answer a difficulty; the answer may become a commitment."""
    difficulty = _visible_difficulty(request, pk)
    row = visible_deadline(request.user, difficulty.deadline_id)
    act = Try(
        AuditAction.DIFFICULTY_ANSWERED,
        lambda data: difficulties.answer(difficulty=difficulty, by=request.user, **data),
        _("The answer is sent to the unit."),
        TEMPLATE,
        about=difficulty,
        context={
            "title": _("Answer a difficulty"),
            "submit": _("Send the answer"),
            "difficulty": difficulty,
            "may_pass_on": offered(request.user, AuditAction.DIFFICULTY_PASSED, row, difficulty),
        },
    )
    side = answering_side(request.user, difficulty) or difficulty.answering_unit
    form = AnswerForm(posted(request), difficulty=difficulty, side=side, today=clock.today())
    return acted(request, row, form, act)


@require_http_methods(["GET", "HEAD", "POST"])
def pass_on(request: Request, pk: int) -> HttpResponse:
    """Hand a difficulty on to the level above."""
    difficulty = _visible_difficulty(request, pk)
    row = visible_deadline(request.user, difficulty.deadline_id)
    act = Try(
        AuditAction.DIFFICULTY_PASSED,
        lambda data: difficulties.pass_on(difficulty=difficulty, by=request.user, **data),
        _("The difficulty is passed on. The level above owes the answer now."),
        TEMPLATE,
        about=difficulty,
        context={
            "title": _("Pass a difficulty on"),
            "submit": _("Pass on to the level above"),
            "difficulty": difficulty,
        },
    )
    return acted(request, row, PassOnForm(posted(request), about=difficulty), act)


@require_safe
def difficulty_list(request: Request) -> HttpResponse:
    """List difficulties, the answer due first on top; at first sight those that wait for one."""
    require(request.user.may(Permission.VIEW))
    today = clock.today()
    visible = Difficulty.objects.visible_to(request.user)
    chosen = DifficultyFilter(request.GET or None, queryset=visible, user=request.user, today=today)
    found = chosen.qs if chosen.is_valid() or not request.GET else visible.none()
    if not request.GET:
        found = found.open()
    return _listed(
        request,
        "plans/difficulties.html",
        chosen,
        found.order_by("answer_due_on", "pk"),
        lambda rows: difficulty_rows(rows, user=request.user, today=today),
    )


@require_safe
def extension_list(request: Request) -> HttpResponse:
    """List requests for a later day, the oldest first; at first sight those that wait for a decision."""
    require(request.user.may(Permission.VIEW))
    today = clock.today()
    visible = Extension.objects.visible_to(request.user)
    chosen = ExtensionFilter(request.GET or None, queryset=visible, user=request.user, today=today)
    found = chosen.qs if chosen.is_valid() or not request.GET else visible.none()
    if not request.GET:
        found = found.open()
    return _listed(
        request,
        "plans/extensions.html",
        chosen,
        found.order_by("asked_at", "pk"),
        lambda rows: extension_rows(rows, user=request.user, today=today),
    )


def _visible_difficulty(request: Request, pk: int) -> Difficulty:
    """Return a difficulty that the person sees; else 404."""
    related = ("raised_by", "answering_unit", "deadline__plan__issuing_unit")
    found: Difficulty = get_visible_or_404(Difficulty.objects.select_related(*related), request.user, pk)
    return found


def _listed(request: Request, template: str, chosen: Any, found: Any, rows_of: Callable[[Any], Any]) -> HttpResponse:
    paginator = CappedPaginator(found, PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "filter": chosen,
        "page": page,
        "total": paginator.label,
        "rows": rows_of(page.object_list),
        "open_only": not request.GET,
    }
    part = f"{template}#results" if request.htmx and not request.htmx.boosted else template
    return render(request, part, context)
