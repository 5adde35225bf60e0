"""Plans from above, as a unit answers them: the list, one plan item by item, the own plan, pilots, changes."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doantracker.lib import clock
from plans.actions import cascade as actions
from plans.actions import own_plans
from plans.actions.pilots import choose_pilots
from plans.cascade_answer_page import item_views, pilot_views, sent_rows
from plans.cascade_page import own_plan_of
from plans.enums import CARRIED, ItemAnswer, PlanStatus
from plans.errors import ActionRefused, Stale
from plans.forms.cascade import AllForm, AnswerForm, ChangeForm, OwnPlanForm, PilotForm
from plans.forms.units import offered
from plans.models import CascadeAnswer, PilotSlot, PlanRecipient, Solution
from plans.paging import PER_PAGE, CappedPaginator
from plans.rights import may_answer, may_issue_for
from plans.tiers import is_asked
from plans.views.acting import posted
from plans.views.shared import Request, done, refused
from units.access import get_visible_or_404, require
from units.permissions import Permission

PAGE = "plans/cascade_answers.html"
FORM = "plans/cascade_form.html"


@require_safe
def sent_list(request: Request) -> HttpResponse:
    """List the plans that were sent down to the person's own units, or to those below them too."""
    user = request.user
    require(user.may(Permission.REPORT) or user.may(Permission.MANAGE_PLANS))
    below = "below" in request.GET
    rows = PlanRecipient.objects.answerable_by(user) if below else PlanRecipient.objects.of_units_of(user)
    rows = rows.select_related("plan__issuing_unit", "unit__kind", "own_plan").order_by("-asked_on", "unit_path", "pk")
    page = CappedPaginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    found = list(page.object_list)
    plans = {row.pk: own_plan_of(row, user) for row in found}
    context = {
        "page": page,
        "rows": [(row, plans[row.recipient.pk]) for row in sent_rows(found)],
        "below": below,
        "today": clock.today(),
    }
    return render(request, "plans/cascades.html", context)


@require_safe
def answers(request: Request, pk: int) -> HttpResponse:
    """Show a plan that was sent down to a unit, item by item."""
    return render(request, PAGE, _context(request, _visible(request, pk)))


@require_http_methods(["GET", "HEAD", "POST"])
def item(request: Request, pk: int, solution_pk: int) -> HttpResponse:
    """Answer one item."""
    row, solution = _item(request, pk, solution_pk)
    asked = is_asked(solution.level, row.unit.kind.code) and solution.dropped_at is None
    require(asked or request.method == "POST")  # sent meanwhile: the refusal keeps what was typed
    stored = row.answers.filter(solution=solution).first()
    form = AnswerForm(posted(request), recipient=row, initial=AnswerForm.initial_of(stored, solution))
    context = _form_context(row, _("Answer an item"), form) | {"lead": str(solution), "asked": solution}
    if request.method != "POST" or not form.is_valid():
        return render(request, FORM, context, status=200 if request.method != "POST" else 422)
    try:
        actions.answer_item(recipient=row, solution=solution, by=request.user, **form.facts())
    except ActionRefused as refusal:
        if isinstance(refusal, Stale):
            now = row.answers.filter(solution=solution).first()
            form.show(now.version if now else 0)
            context["stored"] = now
        return refused(request, FORM, context, refusal)
    done(request, _("Item %(number)d is answered.") % {"number": solution.ordinal})
    return redirect(f"{row.get_absolute_url()}#item-{solution.pk}")


@require_POST
def answer_all(request: Request, pk: int) -> HttpResponse:
    """Give one answer to every item that has none."""
    row = _answerable(request, pk)
    form = AllForm(request.POST)
    if not form.is_valid():
        return _refused(request, row, _("Choose one of the answers offered."), 422)
    facts = form.cleaned_data
    return _acted(
        request,
        row,
        lambda: actions.answer_all(recipient=row, by=request.user, **facts),
        _("Every item that had no answer is answered."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def own_plan(request: Request, pk: int) -> HttpResponse:
    """Start the unit's own plan from what it accepted, or name one it has already."""
    row = _answerable(request, pk)
    require(may_issue_for(request.user, row.unit))
    form = OwnPlanForm(
        posted(request),
        offered=own_plans.own_plans_offered(row),
        initial={"title": row.plan.title, "plan": row.own_plan_id},
    )
    template = "plans/cascade_own_plan.html"
    context = _form_context(row, _("Own plan"), form) | {
        "own_plan": own_plan_of(row, request.user),
        "is_draft": row.own_plan is None or row.own_plan.status == PlanStatus.DRAFT,
        "to_carry": row.answers.filter(
            answer__in=CARRIED, own_solution__isnull=True, solution__dropped_at__isnull=True
        ).count(),
    }
    if request.method != "POST" or not form.is_valid():
        return render(request, template, context, status=200 if request.method != "POST" else 422)
    try:
        words, target = _own_plan_act(request, row, form)
    except ActionRefused as refusal:
        return refused(request, template, context, refusal)
    done(request, words)
    return redirect(target)


@require_POST
def change(request: Request, pk: int, solution_pk: int) -> HttpResponse:
    """Take a change of an item, or keep the answer for a reason."""
    row, solution = _item(request, pk, solution_pk)
    rows = CascadeAnswer.objects.visible_to(request.user).select_related("own_solution__plan")
    stored = get_object_or_404(rows, recipient=row, solution=solution)
    form = ChangeForm(request.POST)
    if not form.is_valid():
        return _refused(request, row, str(form.missing), 422)
    facts = {"answer": stored, "by": request.user, "version": form.cleaned_data["version"]}
    if form.cleaned_data["act"] == "take":
        words = _("The change of item %(number)d is taken.")
        if stored.own_solution and stored.own_solution.plan.status != PlanStatus.DRAFT:
            words = _("The change of item %(number)d is taken. The own plan is published: change it on its page.")
        act = lambda: own_plans.take_change(**facts)  # noqa: E731  # one of two acts
    else:
        words = _("Item %(number)d stays as it is.")
        act = lambda: actions.keep_answer(reason=form.cleaned_data["reason"], **facts)  # noqa: E731  # the other one
    return _acted(request, row, act, words % {"number": solution.ordinal}, anchor=f"#item-{solution.pk}")


@require_http_methods(["GET", "HEAD", "POST"])
def pilots(request: Request, pk: int, slot_pk: int) -> HttpResponse:
    """Choose the pilots of a unit."""
    row = _answerable(request, pk)
    slots = PilotSlot.objects.select_related("solution").filter(solution__plan=row.plan_id, kind=row.unit.kind_id)
    slot = get_object_or_404(slots, pk=slot_pk)
    chosen = [choice.chosen for choice in row.pilots.filter(slot=slot).select_related("chosen")]
    seen = ",".join(str(unit.pk) for unit in chosen)
    form = PilotForm(posted(request), unit=row.unit, today=clock.today(), initial={"units": chosen, "seen": seen})
    context = _form_context(row, _("Choose pilots"), form)
    context |= {"lead": f"{slot.words} – {slot.solution}", "slot": slot, "names": offered(form.names)}
    if request.method != "POST" or not form.is_valid():
        return render(request, FORM, context, status=200 if request.method != "POST" else 422)
    try:
        choose_pilots(
            slot=slot,
            recipient=row,
            chosen=form.cleaned_data["units"],
            by=request.user,
            seen=form.cleaned_data["seen"],
        )
    except ActionRefused as refusal:
        return refused(request, FORM, context, refusal)
    done(request, _("The choice is saved."))
    return redirect(f"{row.get_absolute_url()}#pilots")


def _own_plan_act(request: Request, row: PlanRecipient, form: OwnPlanForm) -> tuple[str, str]:
    """Do what the page of the own plan asks for; return the words and where to go on."""
    act, chosen = form.cleaned_data["act"], form.chosen()
    if act == "start":
        own = own_plans.start_own_plan(recipient=row, by=request.user, title=form.cleaned_data["title"])
        return _("The draft of the own plan is there. Correct it, give it its number, then publish it."), (
            own.get_absolute_url()
        )
    assert chosen is not None  # noqa: S101  # the form has asked for it
    if act == "merge":
        own_plans.merge_into(recipient=row, own_plan=chosen, by=request.user)
        return _("The items without an answer are merged into the plan."), row.get_absolute_url()
    own_plans.link_plan(recipient=row, own_plan=chosen, by=request.user)
    return _("The plan carries out the plan from above now."), row.get_absolute_url()


def _acted(request: Request, row: PlanRecipient, act: Any, words: str, *, anchor: str = "") -> HttpResponse:
    try:
        act()
    except ActionRefused as refusal:
        return _refused(request, row, str(refusal.message), refusal.status)
    done(request, words)
    return redirect(f"{row.get_absolute_url()}{anchor}")


def _refused(request: Request, row: PlanRecipient, words: str, status: int) -> HttpResponse:
    """Show the page as it is now with the reason and what was typed."""
    typed = request.POST.get("reason", "")[:500]
    return render(request, PAGE, _context(request, row) | {"refusal": words, "typed": typed}, status=status)


def _context(request: Request, row: PlanRecipient) -> dict[str, Any]:
    items = item_views(row)
    answers = may_answer(request.user, row) and row.plan.status == PlanStatus.PUBLISHED
    return {
        "row": row,
        "items": items,
        "left": sum(view.answer is None for view in items),
        "changed": sum(view.changed for view in items),
        "to_carry": sum(
            bool(v.answer and v.answer.answer in CARRIED and v.answer.own_solution_id is None)
            for v in items
            if v.item.solution.dropped_at is None
        ),
        "pilots": pilot_views(row),
        "own_plan": own_plan_of(row, request.user),
        "may_answer": answers,
        "may_plan": answers and may_issue_for(request.user, row.unit),
        "today": clock.today(),
        "ANSWERS": ItemAnswer,
    }


def _visible(request: Request, pk: int) -> PlanRecipient:
    """Return a recipient that the person sees, with what its pages read; else 404."""
    rows = PlanRecipient.objects.select_related("plan__issuing_unit", "unit__kind", "own_plan")
    found: PlanRecipient = get_visible_or_404(rows, request.user, pk)
    return found


def _answerable(request: Request, pk: int) -> PlanRecipient:
    row = _visible(request, pk)
    require(may_answer(request.user, row))
    return row


def _item(request: Request, pk: int, solution_pk: int) -> tuple[PlanRecipient, Solution]:
    row = _answerable(request, pk)
    return row, get_object_or_404(Solution.objects.filter(plan=row.plan_id), pk=solution_pk)


def _form_context(row: PlanRecipient, title: str, form: Any) -> dict[str, Any]:
    crumbs = [
        (_("Plans from above"), reverse("plans:cascades")),
        (row.plan.symbol or row.plan.title[:60], row.get_absolute_url()),
        (title, None),
    ]
    return {
        "row": row,
        "title": title,
        "lead": str(row),
        "form": form,
        "crumbs": crumbs,
        "cancel": row.get_absolute_url(),
    }
