"""The check page of a draft: the document beside what was read from it, each record edited in its place.

One address serves both ways: htmx gets the fragment, a plain request the page with the same form.
"""

from __future__ import annotations

from typing import Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from doantracker.lib import clock
from plans.actions import records as actions
from plans.check_page import base_of, card_of, check_page, state
from plans.errors import ActionRefused, Stale
from plans.forms.records import (
    KINDS,
    ParagraphForm,
    RecordForm,
    RecordKind,
    SplitForm,
    differences,
    initial_for,
    paragraph_text,
)
from plans.models import Plan, Shortcoming, Solution
from plans.record_values import Record, fingerprint
from plans.resolving import UnitNames
from plans.rights import may_manage
from plans.spans import split_points
from plans.views.shared import Request, done
from units.access import get_visible_or_404, require

#: Values whose change moves other cards too: then the whole page is shown anew.
MOVES_OTHERS: Final = {
    "solution": {"group"},
    "shortcoming": {"field"},
    "priority_task": {"list_kind"},
    "group": {"lead_unit"},
}
SHOWN_OF_SENTENCE = 160
MOST_SENTENCES = 200  # offered as places to split


@require_GET
def check(request: Request, pk: int) -> HttpResponse:
    """Show a draft with its document."""
    return render(request, "plans/check.html", check_page(draft_or_404(request, pk)))


@require_GET
def record(request: Request, pk: int, kind: str, record_pk: int) -> HttpResponse:
    """Show one card: what "Cancel" puts back."""
    plan, _kind, found = _found(request, pk, kind, record_pk)
    if found is None:
        return gone(request, plan)
    if not request.htmx:
        return _to_record(plan, kind, record_pk)
    return render(request, "plans/check.html#card", _card_context(plan, found))


@require_http_methods(["GET", "POST"])
def edit(request: Request, pk: int, kind: str, record_pk: int) -> HttpResponse:
    """Change one record."""
    plan, known, found = _found(request, pk, kind, record_pk)
    if found is None:
        return gone(request, plan)
    names = UnitNames.below(plan.issuing_unit, clock.today())
    form = _form(request, known, plan, names, instance=found)
    context = {"plan": plan, "kind": known, "form": form, "action": request.get_full_path(), "record_pk": record_pk}
    if request.method == "GET" or not form.is_valid():
        return _form_page(request, context)
    try:
        changed = actions.change_record(
            record=found, values=form.values(), by=request.user, expected=form.cleaned_data["fingerprint"] or ""
        )
    except Stale as refusal:
        return _both_versions(request, context, refusal)
    except ActionRefused as refusal:
        return _refused(request, context, refusal)
    return _saved(request, plan, kind, changed, moves=bool(MOVES_OTHERS.get(kind, set()) & set(form.changed_data)))


@require_http_methods(["GET", "POST"])
def add(request: Request, pk: int, kind: str) -> HttpResponse:
    """Add one record; a commitment to the solution named in the address."""
    plan, known = draft_or_404(request, pk), _kind_or_404(kind)
    require(known.model is not Plan)
    solution = get_object_or_404(plan.solutions, pk=_number(request, "solution")) if kind == "schedule" else None
    names = UnitNames.below(plan.issuing_unit, clock.today())
    form = _form(request, known, plan, names, initial=initial_for(known, plan, request.GET))
    place = ParagraphForm(
        request.POST if request.method == "POST" else None,
        plan=plan,
        initial={"paragraph": _number(request, "paragraph")},
    )
    context = {
        "kind": known,
        "solution": solution,
        "place": place,
        "plan": plan,
        "form": form,
        "action": request.get_full_path(),
    }
    if request.method == "GET" or not (form.is_valid() and place.is_valid()):
        return _form_page(request, context)
    try:
        added: Record = actions.add_record(
            plan=plan,
            model=known.model,
            values=form.values(),
            by=request.user,
            solution=solution,
            paragraph=place.cleaned_data.get("paragraph"),
        )
    except ActionRefused as refusal:
        return _refused(request, context, refusal)
    done(request, _("Added."))
    return _to_record(plan, kind, added.pk)


@require_GET
def choose(request: Request, pk: int) -> HttpResponse:
    """Ask which kind of record to make of a paragraph."""
    plan = draft_or_404(request, pk)
    number = request.GET.get("paragraph", "")
    kinds = [k for k in KINDS.values() if k.slug not in {"header", "schedule"}]
    context = {"plan": plan, "kinds": kinds, "number": number, "text": paragraph_text(plan, number)}
    return render(request, "plans/check_new.html", context)


@require_http_methods(["GET", "POST"])
def drop(request: Request, pk: int, kind: str, record_pk: int) -> HttpResponse:
    """Ask once, saying what goes with it, then drop a record."""
    plan, known, found = _found(request, pk, kind, record_pk)
    if found is None:
        return gone(request, plan)
    require(known.model is not Plan)
    context = {"plan": plan, "kind": known, "card": _card_context(plan, found)["c"], "act": "drop"}
    if request.method == "POST":
        try:
            actions.drop_record(record=found, by=request.user)
        except ActionRefused as refusal:
            return render(
                request, "plans/check_act.html", {**context, "error": refusal.message}, status=refusal.status
            )
        done(request, _("Dropped."))
        return redirect("plans:check", plan.pk)
    return render(request, "plans/check_act.html", context)


@require_http_methods(["GET", "POST"])
def join(request: Request, pk: int, kind: str, record_pk: int) -> HttpResponse:
    """Show a record and the next one, then join them."""
    plan, known, found = _found(request, pk, kind, record_pk)
    if found is None:
        return gone(request, plan)
    if not isinstance(found, Solution | Shortcoming):
        raise Http404
    following = actions.following(found)
    context = {"plan": plan, "kind": known, "card": _card_context(plan, found)["c"], "act": "join", "next": following}
    if following:
        context["next_title"] = _card_context(plan, following)["c"].title
    if request.method == "POST":
        try:
            if isinstance(found, Solution):
                actions.join_solutions(solution=found, by=request.user)
            else:
                actions.join_shortcomings(shortcoming=found, by=request.user)
        except ActionRefused as refusal:
            return render(
                request, "plans/check_act.html", {**context, "error": refusal.message}, status=refusal.status
            )
        done(request, _("Joined."))
        return _to_record(plan, kind, record_pk)
    return render(request, "plans/check_act.html", context)


@require_http_methods(["GET", "POST"])
def split(request: Request, pk: int, kind: str, record_pk: int) -> HttpResponse:
    """Ask with which sentence the second record begins, then split."""
    plan, known, found = _found(request, pk, kind, record_pk)
    if found is None:
        return gone(request, plan)
    if not isinstance(found, Solution | Shortcoming):
        raise Http404
    choices = [(at, found.text[at : at + SHOWN_OF_SENTENCE]) for at in split_points(found.text)[:MOST_SENTENCES]]
    context = {"plan": plan, "kind": known, "card": _card_context(plan, found)["c"], "act": "split"}
    context["form"] = SplitForm(choices=choices, initial={"fingerprint": fingerprint(found)})
    if request.method == "GET":
        return render(request, "plans/check_act.html", context)
    form = SplitForm(request.POST, choices=choices)
    if not form.is_valid():
        context["error"] = _("Choose the sentence with which the second record begins.")
        return render(request, "plans/check_act.html", context, status=422)
    choice = {"at": form.cleaned_data["at"], "by": request.user, "expected": form.cleaned_data["fingerprint"]}
    try:
        second: Solution | Shortcoming = (
            actions.split_solution(solution=found, **choice)
            if isinstance(found, Solution)
            else actions.split_shortcoming(shortcoming=found, **choice)
        )
    except ActionRefused as refusal:
        return render(request, "plans/check_act.html", {**context, "error": refusal.message}, status=refusal.status)
    done(request, _("Split. Check both halves and their commitments."))
    return _to_record(plan, kind, second.pk)


@require_POST
def accept(request: Request, pk: int, kind: str, record_pk: int) -> HttpResponse:
    """Say that what was read is right."""
    plan, _kind, found = _found(request, pk, kind, record_pk)
    if found is None:
        return gone(request, plan)
    return _saved(request, plan, kind, actions.accept_record(record=found, by=request.user), moves=False)


# --- fetching ---


def draft_or_404(request: Request, pk: int) -> Plan:
    """Return a draft that the person works on; a published plan has no check page."""
    related = ("issuing_unit", "parent", "coordinating_unit", "document")
    plan: Plan = get_visible_or_404(Plan.objects.select_related(*related), request.user, pk)
    require(plan.is_draft and may_manage(request.user, plan))
    return plan


def _kind_or_404(slug: str) -> RecordKind:
    if slug not in KINDS:
        raise Http404
    return KINDS[slug]


def _found(request: Request, pk: int, kind: str, record_pk: int) -> tuple[Plan, RecordKind, Record | None]:
    plan, known = draft_or_404(request, pk), _kind_or_404(kind)
    return plan, known, known.rows(plan).filter(pk=record_pk).first()


def _number(request: Request, name: str) -> int | None:
    value = request.GET.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 19 else None  # noqa: PLR2004  # what fits the column


# --- answering ---


def gone(request: Request, plan: Plan) -> HttpResponse:
    """Say that the record is not there: dropped meanwhile, joined, or never of this plan."""
    template = "plans/check_gone.html#gone" if request.htmx else "plans/check_gone.html"
    return render(request, template, {"plan": plan}, status=404)


def _to_record(plan: Plan, kind: str, record_pk: int) -> HttpResponse:
    response = redirect("plans:check", plan.pk)
    response["Location"] += f"#record-{kind}-{record_pk}"
    return response


def _form(
    request: Request, kind: RecordKind, plan: Plan, names: UnitNames, *, instance: Record | None = None, **more: Any
) -> RecordForm:
    """Return the form of a record. Ids of its fields are unique on a page that holds several forms."""
    data = request.POST if request.method == "POST" else None
    prefix = f"id-{kind.slug}-{instance.pk if instance else 'new'}"
    return kind.form(data, instance=instance, plan=plan, names=names, by=request.user, auto_id=f"{prefix}-%s", **more)


def _form_page(request: Request, context: dict[str, Any], status: int = 0) -> HttpResponse:
    template = "plans/check_form.html#form" if request.htmx else "plans/check_form.html"
    return render(request, template, context, status=status or (422 if request.method == "POST" else 200))


def _refused(request: Request, context: dict[str, Any], refusal: ActionRefused) -> HttpResponse:
    if refusal.status == actions.RecordGone.status:
        return gone(request, context["plan"])
    context["form"].add_error(None, str(refusal.message))
    return _form_page(request, context, refusal.status)


def _both_versions(request: Request, context: dict[str, Any], refusal: Stale) -> HttpResponse:
    """Show what somebody else saved beside what was typed; saving again then overwrites knowingly."""
    form: RecordForm = context["form"]
    kind: RecordKind = context["kind"]
    now = kind.rows(form.plan).filter(pk=context["record_pk"]).first()
    if now is None:
        return gone(request, form.plan)
    theirs = kind.form(instance=now, plan=form.plan, names=form.names, by=request.user)
    context["differences"] = differences(form, theirs)
    form.add_error(None, str(refusal.message))
    again = request.POST.copy()
    again["fingerprint"] = fingerprint(now)
    form.data = again
    return _form_page(request, context, refusal.status)


def _saved(request: Request, plan: Plan, kind: str, changed: Record, *, moves: bool) -> HttpResponse:
    """Answer a change: the card and the top of the page for htmx, else the page at the record."""
    if not request.htmx:
        return _to_record(plan, kind, changed.pk)
    if moves:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    plan.refresh_from_db()
    return render(request, "plans/check.html#saved", {**_card_context(plan, changed), **state(plan), "oob": True})


def _card_context(plan: Plan, found: Record) -> dict[str, Any]:
    return {"c": card_of(found, base_of(plan)), "plan": plan}
