"""The check page of a draft: the document beside what was read from it, each record edited in its place.

One address serves both ways: htmx gets the fragment, a plain request the page with the same form.
"""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doantracker.lib import clock
from plans.actions import records as actions
from plans.actions.restoring import restore_record
from plans.actions.sensitive import log_reading, log_reading_of_plan
from plans.check_page import (
    AS_IN_DOCUMENT,
    DOUBTS_FIRST,
    Calendar,
    base_of,
    card_of,
    check_page,
    doubts_in,
    state,
)
from plans.errors import ActionRefused, Stale
from plans.forms.record_base import RecordForm
from plans.forms.records import (
    KINDS,
    ParagraphForm,
    RecordKind,
    SolutionChoiceForm,
    SplitForm,
    differences,
    initial_for,
    paragraph_text,
    selected_text,
    span_of,
)
from plans.models import Plan, Shortcoming, Solution
from plans.phrase_offer import offer_of, taken
from plans.phrase_reading import read_phrase, solution_at
from plans.record_values import Record, fingerprint
from plans.resolving import UnitNames
from plans.rights import may_manage
from plans.rule_preview import preview_of
from plans.spans import split_points
from plans.views.sent import key_for_form, key_of
from plans.views.shared import Request, done
from units.access import get_visible_or_404, require

#: Values whose change moves other cards too: then the whole page is shown anew.
MOVES_OTHERS: Final = {
    "solution": {"group"},
    "shortcoming": {"field"},
    "priority_task": {"list_kind"},
    "group": {"lead_unit"},
}
#: Records whose going changes no number on other cards.
UNNUMBERED: Final = frozenset({"schedule", "reference"})
ORDER, DROPPED = "check_order", "check_dropped"  # in the session
SHOWN_OF_SENTENCE = 160
MOST_SENTENCES = 200  # offered as places to split


@require_safe
def check(request: Request, pk: int) -> HttpResponse:
    """Show a draft with its document."""
    plan = draft_or_404(request, pk)
    order = request.session.get(ORDER, DOUBTS_FIRST)
    context = check_page(plan, user=request.user, today=clock.today(), order=order)
    log_reading_of_plan(by=request.user, plan=plan)
    if DROPPED in request.session:
        context["dropped"] = plan.dropped_records.filter(pk=request.session.pop(DROPPED)).first()
    return render(request, "plans/check.html", context)


@require_POST
def order(request: Request, pk: int) -> HttpResponse:
    """Remember in which order this person wants the records."""
    plan = draft_or_404(request, pk)
    chosen = request.POST.get("order", "")
    if chosen in {DOUBTS_FIRST, AS_IN_DOCUMENT}:
        request.session[ORDER] = chosen
    return redirect("plans:check", plan.pk)


@require_safe
def news(request: Request, pk: int) -> HttpResponse:
    """Say what other people changed since the page was loaded; nothing when they changed nothing."""
    plan = draft_or_404(request, pk)
    context = _state(request, plan)
    if not context["others"]:
        return HttpResponse(status=204)
    return render(request, "plans/check.html#state", context)


@require_safe
def record(request: Request, pk: int, kind: str, record_pk: int) -> HttpResponse:
    """Show one card: what "Cancel" puts back."""
    plan, _kind, found = _found(request, pk, kind, record_pk)
    if found is None:
        return gone(request, plan)
    if not request.htmx:
        return _to_record(plan, kind, record_pk)
    return render(request, "plans/check.html#card", _card_context(plan, found))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, pk: int, kind: str, record_pk: int) -> HttpResponse:
    """Change one record."""
    plan, known, found = _found(request, pk, kind, record_pk)
    if found is None:
        return gone(request, plan)
    names = UnitNames.below(plan.issuing_unit, clock.today())
    form = _form(request, known, plan, names, instance=found)
    context = {"plan": plan, "kind": known, "form": form, "action": request.get_full_path(), "record_pk": record_pk}
    if kind == "schedule":
        context["preview"] = preview_of(form, plan, clock.today())
        if answer := _phrase_read(request, context):
            return answer
    if request.method != "POST" or "preview" in request.POST or not form.is_valid():
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


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: Request, pk: int, kind: str) -> HttpResponse:
    """Add one record; a commitment to the solution named in the address, or to one that the person chooses."""
    plan, known = draft_or_404(request, pk), _kind_or_404(kind)
    require(known.model is not Plan)
    context: dict[str, Any] = {"kind": known, "plan": plan, "action": request.get_full_path(), "adding": True}
    context["form_key"] = key_for_form(request)
    if kind == "schedule" and "solution" in request.GET:
        context["solution"] = plan.solutions.filter(pk=_number(request, "solution") or 0).first()
        if context["solution"] is None:
            return gone(request, plan)
    names = UnitNames.below(plan.issuing_unit, clock.today())
    form = _form(request, known, plan, names, initial=initial_for(known, plan, request.GET))
    data = request.POST if request.method == "POST" else None
    place = ParagraphForm(data, plan=plan, initial={"paragraph": _number(request, "paragraph")})
    context |= {"form": form, "place": place}
    if kind == "schedule":
        context |= _choice_of_solution(request, plan, context.get("solution"))
        context["preview"] = preview_of(form, plan, clock.today())
        if answer := _phrase_read(request, context):
            return answer
    choice = context.get("choice")
    complete = request.method == "POST" and "preview" not in request.POST
    if not (complete and form.is_valid() and place.is_valid() and (choice is None or choice.is_valid())):
        return _form_page(request, context)
    paragraph = place.cleaned_data.get("paragraph")
    try:
        added: Record = actions.add_record(
            plan=plan,
            model=known.model,
            values=form.values(),
            by=request.user,
            solution=choice.cleaned_data["solution"] if choice else context.get("solution"),
            paragraph=paragraph,
            span=_span(request, plan, paragraph),
            key=key_of(request),
        )
    except ActionRefused as refusal:
        return _refused(request, context, refusal)
    done(request, _("Added."))
    return _to_record(plan, kind, added.pk)


@require_safe
def choose(request: Request, pk: int) -> HttpResponse:
    """Ask which kind of record to make of a paragraph."""
    plan = draft_or_404(request, pk)
    number = request.GET.get("paragraph", "")
    kinds = [k for k in KINDS.values() if k.slug != "header"]
    context = {"plan": plan, "kinds": kinds, "number": number, "text": paragraph_text(plan, number)}
    return render(request, "plans/check_new.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def drop(request: Request, pk: int, kind: str, record_pk: int) -> HttpResponse:
    """Ask once, saying what goes with it, then drop a record."""
    plan, known, found = _found(request, pk, kind, record_pk)
    if found is None:
        return gone(request, plan)
    require(known.model is not Plan)
    context = {"plan": plan, "kind": known, "card": _card_context(plan, found)["c"], "act": "drop"}
    context["version"] = fingerprint(found)
    if request.method != "POST":
        return _ask(request, context)
    try:
        dropped = actions.drop_record(record=found, by=request.user, expected=_expected(request))
    except ActionRefused as refusal:
        return _ask_again(request, context, refusal)
    if request.htmx and kind in UNNUMBERED:
        now = {**_state(request, plan), "oob": True, "dropped": dropped}
        return render(request, "plans/check.html#dropped", now)
    request.session[DROPPED] = dropped.pk
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return redirect("plans:check", plan.pk)


@require_POST
def restore(request: Request, pk: int, dropped_pk: int) -> HttpResponse:
    """Bring a dropped record back, with what hung on it."""
    plan = draft_or_404(request, pk)
    dropped = plan.dropped_records.filter(pk=dropped_pk).first()
    if dropped is None:
        return gone(request, plan)
    try:
        restored = restore_record(dropped=dropped, by=request.user)
    except ActionRefused as refusal:
        messages.error(request, str(refusal.message))
        return redirect("plans:check", plan.pk)
    done(request, _("The record is back, with what hung on it."))
    return _to_record(plan, next(kind.slug for kind in KINDS.values() if kind.model is type(restored)), restored.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def join(request: Request, pk: int, kind: str, record_pk: int) -> HttpResponse:
    """Show a record and the next one, then join them."""
    plan, known, found = _found(request, pk, kind, record_pk)
    if found is None:
        return gone(request, plan)
    if not isinstance(found, Solution | Shortcoming):
        raise Http404
    following = actions.following(found)
    context = {"plan": plan, "kind": known, "card": _card_context(plan, found)["c"], "act": "join", "next": following}
    context["version"] = actions.pair_fingerprint(found, following)
    if following:
        context["next_title"] = _card_context(plan, following)["c"].title
    if request.method != "POST":
        return _ask(request, context)
    try:
        if isinstance(found, Solution):
            actions.join_solutions(solution=found, by=request.user, expected=_expected(request))
        else:
            actions.join_shortcomings(shortcoming=found, by=request.user, expected=_expected(request))
    except ActionRefused as refusal:
        return _ask_again(request, context, refusal)
    done(request, _("Joined."))
    return _to_record(plan, kind, record_pk)


@require_http_methods(["GET", "HEAD", "POST"])
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
    if request.method != "POST":
        return _ask(request, context)
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
        return _ask_again(request, context, refusal)
    done(request, _("Split. Check both halves and their commitments."))
    return _to_record(plan, kind, second.pk)


@require_POST
def accept(request: Request, pk: int, kind: str, record_pk: int) -> HttpResponse:
    """Say that what was read is right; without htmx the next record in doubt comes into sight."""
    plan, _kind, found = _found(request, pk, kind, record_pk)
    if found is None:
        return gone(request, plan)
    try:
        accepted = actions.accept_record(record=found, by=request.user, expected=_expected(request))
    except Stale as refusal:
        if not request.htmx:
            messages.warning(request, str(refusal.message))
            return _to_record(plan, kind, record_pk)
        return _saved(request, plan, kind, found, moves=False, refused=refusal)
    except ActionRefused:  # dropped, or the draft published or thrown away, since the page was drawn
        return gone(request, plan)
    if not request.htmx:
        left, _settled = doubts_in(plan)
        here = f"record-{kind}-{record_pk}"
        return _to_anchor(plan, next((a for a in left if _place(a) > _place(here)), left[0] if left else here))
    return _saved(request, plan, kind, accepted, moves=False)


@require_POST
def reopen(request: Request, pk: int, kind: str, record_pk: int) -> HttpResponse:
    """Take an acceptance back."""
    plan, _kind, found = _found(request, pk, kind, record_pk)
    if found is None:
        return gone(request, plan)
    try:
        reopened = actions.reopen_record(record=found, by=request.user)
    except ActionRefused:
        return gone(request, plan)
    return _saved(request, plan, kind, reopened, moves=False)


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
    record: Record | None = known.rows(plan).filter(pk=record_pk).first()
    if request.method != "POST" and isinstance(record, Shortcoming) and record.is_personal:
        log_reading(by=request.user, rows=[record.pk], plan=plan)
    return plan, known, record


def _number(request: Request, name: str) -> int | None:
    value = request.GET.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 19 else None  # noqa: PLR2004  # what fits the column


# --- answering ---


def gone(request: Request, plan: Plan) -> HttpResponse:
    """Say that the record is not there: dropped meanwhile, joined, or never of this plan."""
    template = "plans/check_gone.html#gone" if request.htmx else "plans/check_gone.html"
    return render(request, template, {"plan": plan}, status=404)


def _to_record(plan: Plan, kind: str, record_pk: int) -> HttpResponse:
    return _to_anchor(plan, f"record-{kind}-{record_pk}")


def _to_anchor(plan: Plan, anchor: str) -> HttpResponse:
    response = redirect("plans:check", plan.pk)
    response["Location"] += f"#{anchor}"
    return response


def _place(anchor: str) -> tuple[int, int]:
    """Return where a record stands among the records of a page, by its anchor."""
    _record, kind, pk = anchor.split("-")
    return list(KINDS).index(kind), int(pk)


def _ask(request: Request, context: dict[str, Any]) -> HttpResponse:
    template = "plans/check_act.html#ask" if request.htmx else "plans/check_act.html"
    return render(request, template, context)


def _ask_again(request: Request, context: dict[str, Any], refusal: ActionRefused) -> HttpResponse:
    """Show the record as it is now, with the reason why nothing was done."""
    if refusal.status == actions.RecordGone.status:
        return gone(request, context["plan"])
    template = "plans/check_act.html#ask" if request.htmx else "plans/check_act.html"
    return render(request, template, {**context, "error": refusal.message}, status=refusal.status)


def _expected(request: Request) -> str | None:
    """Return the version of a record that the person saw; a form without it compares nothing."""
    return request.POST.get("fingerprint")


def _state(request: Request, plan: Plan) -> dict[str, Any]:
    """Return the top of the page as it is now, without the lists that the person's page shows already."""
    now = state(plan, user=request.user, seen=_seen(request))
    return {**now, "same_lists": request.headers.get("X-Lists") == now["lists"]}


def _seen(request: Request) -> int | None:
    """Return up to which act the person's page shows the draft."""
    value = request.headers.get("X-Seen", "")
    return int(value) if value.isdecimal() and len(value) < 19 else None  # noqa: PLR2004  # what fits the column


def _choice_of_solution(request: Request, plan: Plan, solution: Solution | None) -> dict[str, Any]:
    """Return the choice of a solution where the address names none, and why the words read are unsure."""
    number = request.GET.get("paragraph", "")
    found: dict[str, Any] = {}
    if solution is None:
        text = paragraph_text(plan, number)
        start, end = span_of(text, request.GET) or (0, len(text))
        chosen = solution_at(plan, int(number[:9]) - 1, start, end) if text else None
        data = request.POST if request.method == "POST" else None
        found["choice"] = SolutionChoiceForm(data, plan=plan, chosen=chosen, auto_id="id-choice-%s")
    if request.method != "POST" and (words := selected_text(plan, request.GET)):
        read = read_phrase(words, plan)
        found |= {"read": read, "words": words}
    return found


def _span(request: Request, plan: Plan, paragraph: int | None) -> tuple[int, int] | None:
    """Return the characters that were selected, when the record is still of that paragraph."""
    if paragraph is None or request.GET.get("paragraph") != str(paragraph + 1):
        return None
    return span_of(paragraph_text(plan, str(paragraph + 1)), request.GET)


def _form(
    request: Request, kind: RecordKind, plan: Plan, names: UnitNames, *, instance: Record | None = None, **more: Any
) -> RecordForm:
    """Return the form of a record. Ids of its fields are unique on a page that holds several forms."""
    data = request.POST if request.method == "POST" else None
    prefix = f"id-{kind.slug}-{instance.pk if instance else 'new'}"
    return kind.form(data, instance=instance, plan=plan, names=names, by=request.user, auto_id=f"{prefix}-%s", **more)


def _phrase_read(request: Request, context: dict[str, Any]) -> HttpResponse | None:
    """Answer what the typed phrase means, or the form with that taken; None where neither was asked for."""
    plan, form = context["plan"], context["form"]
    if "take" in request.POST:
        form.data = taken(form, context["kind"], plan)
        form.full_clean()
        context["preview"] = preview_of(form, plan, clock.today())
        return _form_page(request, context, 200)
    if request.method == "POST":
        context["offer"] = offer_of(form, plan)
    return render(request, "plans/phrase_offer.html", context) if "read" in request.POST else None


def _form_page(request: Request, context: dict[str, Any], status: int = 0) -> HttpResponse:
    """Show the form, or only what is understood of it so far when that was asked for."""
    asked = "preview" in request.POST
    template = "plans/check_form.html#form" if request.htmx else "plans/check_form.html"
    if asked and (request.htmx.target or "").endswith("-preview"):
        template = "plans/rule_preview.html"
    status = 200 if asked else status or (422 if request.method == "POST" else 200)
    return render(request, template, {**context, "inline": bool(request.htmx)}, status=status)


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


def _saved(  # what an answer depends on
    request: Request, plan: Plan, kind: str, changed: Record, *, moves: bool, refused: ActionRefused | None = None
) -> HttpResponse:
    """Answer a change: the card and the top of the page for htmx, else the page at the record."""
    if not request.htmx:
        return _to_record(plan, kind, changed.pk)
    if moves:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    plan.refresh_from_db()
    context = {**_card_context(plan, changed), **_state(request, plan), "oob": True}
    status = refused.status if refused else 200
    return render(
        request, "plans/check.html#saved", {**context, "refused": refused.message if refused else ""}, status=status
    )


def _card_context(plan: Plan, found: Record) -> dict[str, Any]:
    return {"c": card_of(found, base_of(plan), Calendar(plan, clock.today())), "plan": plan}
