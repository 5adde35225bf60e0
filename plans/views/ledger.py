"""The ledger of shortcomings: of one plan, across years, and one shortcoming with its lineage and reviews."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doantracker.lib import clock
from plans.actions import ledger as actions
from plans.actions.next_year import year_of
from plans.actions.sensitive import log_reading
from plans.enums import PlanStatus
from plans.errors import ActionRefused, Stale
from plans.filters import ShortcomingFilter
from plans.forms.ledger import MergeForm, NextLedgerForm, OriginsForm, ReviewForm, SourceForm
from plans.ledger_page import (
    by_field,
    by_year,
    equation_of_plan,
    ledger_rows,
    lineage,
    personal_read,
    sees_whole_ledger,
)
from plans.listings import asks
from plans.models import Evidence, Plan, Shortcoming, Solution
from plans.paging import PER_PAGE, CappedPaginator
from plans.rights import may_manage
from plans.views.acting import posted
from plans.views.plans import visible_plan
from plans.views.sent import key_for_form, key_of
from plans.views.shared import Request, done, refused
from units.access import get_visible_or_404, require
from units.permissions import Permission

FORM = "plans/ledger_form.html"
EARLIER_OFFERED = 30
SHOWN_OF_LEAD = 160


@require_http_methods(["GET", "HEAD", "POST"])
def ledger(request: Request, pk: int) -> HttpResponse:
    """Show a plan's ledger with its equation; mark the origins of many at once."""
    plan = visible_plan(request, pk)
    manages = may_manage(request.user, plan)
    require(request.method != "POST" or manages)
    listed = Shortcoming.objects.listed_for(request.user).filter(plan=plan).order_by("ordinal")
    form = OriginsForm(posted(request), rows=listed) if manages else None
    error, status = "", 200
    if request.method == "POST" and form is not None:
        try:
            return _marked(request, plan, form)
        except ActionRefused as refusal:
            error, status = str(refusal.message), refusal.status
            form = OriginsForm(rows=listed)  # what stands there now, to be judged anew
    return render(request, "plans/ledger.html", _ledger_context(request, plan, form, error), status=status)


def _marked(request: Request, plan: Plan, form: OriginsForm) -> HttpResponse:
    if not form.is_valid():
        raise ActionRefused(_("An origin was sent that does not exist. Choose “new” or “carried over”."))
    changed = actions.mark_origins(plan=plan, origins=form.origins, seen=form.seen, by=request.user)
    words = ngettext("%(count)d origin was marked.", "%(count)d origins were marked.", changed)
    done(request, words % {"count": changed})
    return redirect("plans:ledger", plan.pk)


def _ledger_context(request: Request, plan: Plan, form: OriginsForm | None, error: str) -> dict[str, Any]:
    user, today = request.user, clock.today()
    rows = ledger_rows(
        Shortcoming.objects.listed_for(user).filter(plan=plan).order_by("ordinal"), user=user, today=today
    )
    log_reading(by=user, rows=personal_read(rows), plan=plan)
    for line in rows:
        line.inputs = form.of(line.row.pk) if form else None
    whole = sees_whole_ledger(user, plan)
    listed = [line for line in rows if line.row.merged_into_id is None]
    return {
        "plan": plan,
        "may_manage": form is not None,
        "form": form,
        "error": error,
        "whole": whole,
        "equation": equation_of_plan(plan) if whole else None,
        "fields": by_field(listed),
        "merged": [line for line in rows if line.row.merged_into_id is not None],
        "open": sum(line.row.state != "remedied" for line in listed),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def next_ledger(request: Request, pk: int) -> HttpResponse:
    """Make next year's draft from what is still open."""
    plan = visible_plan(request, pk)
    require(may_manage(request.user, plan) and plan.status != PlanStatus.DRAFT)
    form = NextLedgerForm(posted(request), plan=plan)
    context = {
        "title": _("Next year's plan from what is still open"),
        "lead": str(plan),
        "crumbs": _crumbs(plan, _("Next year")),
        "form": form,
        "form_key": key_for_form(request),
        "submit": _("Make the draft"),
        "cancel": reverse("plans:ledger", args=[plan.pk]),
        "count": plan.shortcomings.to_carry_over().count(),
    }
    if request.method != "POST" or not form.is_valid():
        return render(request, FORM, context, status=200 if request.method != "POST" else 422)
    try:
        draft = actions.start_next_ledger(plan=plan, by=request.user, key=key_of(request), **form.cleaned_data)
    except actions.SameYear as same:
        return refused(request, FORM, context | {"same": same.draft}, same)
    except ActionRefused as refusal:
        return refused(request, FORM, context, refusal)
    done(request, _("The draft is made. What is new this year is added on its check page."))
    return redirect("plans:ledger", draft.pk)


@require_safe
def shortcoming_list(request: Request) -> HttpResponse:
    """List shortcomings across years, and count them by year."""
    require(request.user.may(Permission.VIEW))
    user, today = request.user, clock.today()
    visible = Shortcoming.objects.listed_for(user)
    asked = request.GET if asks(request.GET) else None
    chosen = ShortcomingFilter(asked, queryset=visible, user=user, today=today)
    found = chosen.qs if asked is None or chosen.is_valid() else visible.none()
    years = by_year(found)
    listed = found if request.GET.get("merged") else found.filter(merged_into__isnull=True)
    order = (F("year").desc(nulls_last=True), "plan__issuing_unit__path", "plan_id", "ordinal")
    paginator = CappedPaginator(listed.with_year().order_by(*order), PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    rows = ledger_rows(page.object_list, user=user, today=today)
    log_reading(by=user, rows=personal_read(rows))
    context = {"filter": chosen, "page": page, "total": paginator.label, "rows": rows, "years": years}
    whole = "plans/shortcomings.html"
    return render(request, f"{whole}#results" if request.htmx and not request.htmx.boosted else whole, context)


@require_safe
def shortcoming(request: Request, pk: int) -> HttpResponse:
    """Show one shortcoming: its words, where it comes from, what was reviewed, what is done about it."""
    row = _visible_row(request, pk)
    log_reading(by=request.user, rows=[row.pk] if row.is_personal else [], plan=row.plan)
    return render(request, "plans/shortcoming.html", _row_context(request, row))


def _row_context(request: Request, row: Shortcoming) -> dict[str, Any]:
    user, today = request.user, clock.today()
    (line,) = ledger_rows(Shortcoming.objects.listed_for(user).filter(pk=row.pk), user=user, today=today)
    before, after = lineage(row, user)
    plan_seen = Plan.objects.visible_to(user).filter(pk=row.plan_id).exists()
    manages = may_manage(user, row.plan)
    return {
        "line": line,
        "row": line.row,
        "before": before,
        "after": after,
        "plan_seen": plan_seen,
        "answers": _answers(request, line.answers) if plan_seen else [],
        "may_manage": manages,
        "merged": [m for m in row.merged.all() if m.is_personal == row.is_personal] if manages else [],
        "form": ReviewForm(row=row) if _may_review(request, row) else None,
    }


def _answers(request: Request, answers: list[Any]) -> list[dict[str, Any]]:
    """Return the solutions with their words, figures and how much evidence stands at their deadlines; two queries."""
    pks = [answer.pk for answer in answers]
    texts = dict(Solution.objects.visible_to(request.user).filter(pk__in=pks).values_list("pk", "text"))
    counts: dict[int, int] = {}
    evidence = Evidence.objects.visible_to(request.user).current().filter(deadline__solution__in=pks)
    for pk in evidence.order_by().values_list("deadline__solution", flat=True):
        counts[pk] = counts.get(pk, 0) + 1
    return [{"answer": a, "text": texts[a.pk], "evidence": counts.get(a.pk, 0)} for a in answers if a.pk in texts]


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: Request, pk: int) -> HttpResponse:
    """Record what a review said of a shortcoming."""
    row = _visible_row(request, pk)
    require(_may_review(request, row))
    form = ReviewForm(posted(request), row=row)
    return _acted(
        request,
        row,
        form,
        {"title": _("Record a review"), "submit": _("Record the review")},
        act=lambda: actions.record_review(shortcoming=row, by=request.user, **form.cleaned_data),
        words=_("The review is recorded."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def source(request: Request, pk: int) -> HttpResponse:
    """Choose the earlier shortcoming that this one goes on with."""
    row = _visible_row(request, pk)
    require(may_manage(request.user, row.plan))
    offered = _earlier(request, row)
    form = SourceForm(posted(request), row=row, offered=offered)
    return _acted(
        request,
        row,
        form,
        {"title": _("Carried over from an earlier plan"), "search": True, "offered": offered},
        act=lambda: actions.carry_over_from(
            shortcoming=row, source=form.chosen, by=request.user, version=form.cleaned_data["version"]
        ),
        words=_("The lineage is saved."),
    )


def _earlier(request: Request, row: Shortcoming) -> list[Shortcoming]:
    """Return earlier shortcomings of the issuer that hold the words looked for, the newest first."""
    rows = Shortcoming.objects.visible_to(request.user).filter(plan__issuing_unit=row.plan.issuing_unit_id)
    rows = rows.exclude(plan=row.plan_id).exclude(plan__status=PlanStatus.DRAFT).select_related("plan").with_year()
    if (year := year_of(row.plan)) is not None:
        rows = rows.filter(year__lte=year)
    words = request.GET.get("q", "")
    rows = rows.matching(words, request.user) if words else rows
    found = list(rows.order_by(F("year").desc(nulls_last=True), "-plan_id", "ordinal")[:EARLIER_OFFERED])
    known = row.carried_over_from
    if known is not None and known.pk not in {s.pk for s in found}:
        found.insert(0, known)
    log_reading(by=request.user, rows=[s.pk for s in found if s.is_personal])
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: Request, pk: int) -> HttpResponse:
    """Say that a shortcoming is the same as another of its plan."""
    row = _visible_row(request, pk)
    require(may_manage(request.user, row.plan))
    others = Shortcoming.objects.visible_to(request.user).filter(plan=row.plan_id, subject=row.subject)
    offered = list(others.listed().exclude(pk=row.pk).order_by("ordinal"))
    log_reading(by=request.user, rows=[s.pk for s in offered if s.is_personal], plan=row.plan)
    form = MergeForm(posted(request), row=row, offered=offered)
    return _acted(
        request,
        row,
        form,
        {"title": _("Merge with another"), "submit": _("Merge"), "offered": offered},
        act=lambda: actions.merge(
            shortcoming=row, into=form.chosen, by=request.user, version=form.cleaned_data["version"]
        ),
        words=_("The two are merged: the ledger keeps both and lists one."),
    )


@require_POST
def unmerge(request: Request, pk: int) -> HttpResponse:
    """List a merged shortcoming again."""
    row = _visible_row(request, pk)
    require(may_manage(request.user, row.plan))
    version = request.POST.get("version", "")
    try:
        actions.unmerge(
            shortcoming=row,
            by=request.user,
            version=int(version) if version.isdecimal() and len(version) < 10 else 0,  # noqa: PLR2004  # digits of the column
        )
    except ActionRefused as refusal:
        context = _row_context(request, _visible_row(request, pk)) | {"refusal": refusal.message}
        return render(request, "plans/shortcoming.html", context, status=refusal.status)
    done(request, _("It is listed by itself again."))
    return redirect(row)


def _visible_row(request: Request, pk: int) -> Shortcoming:
    """Return a shortcoming the person may read whole; else 404."""
    rows = Shortcoming.objects.select_related("plan__issuing_unit", "carried_over_from__plan", "merged_into")
    found: Shortcoming = get_visible_or_404(rows, request.user, pk)
    return found


def _may_review(request: Request, row: Shortcoming) -> bool:
    followed = row.plan.status != PlanStatus.DRAFT and row.merged_into_id is None
    return followed and may_manage(request.user, row.plan)


def _acted(
    request: Request, row: Shortcoming, form: Any, context: dict[str, Any], *, act: Callable[[], object], words: str
) -> HttpResponse:
    """Show the form of an act on a shortcoming, or do it and go to its page; the second writer sees both."""
    context |= {
        "form": form,
        "row": row,
        "lead": f"{row.ordinal}. {row.text[:SHOWN_OF_LEAD]}",
        "crumbs": _crumbs(row.plan, str(context["title"])),
        "cancel": row.get_absolute_url(),
    }
    if request.method != "POST" or not form.is_valid():
        return render(request, FORM, context, status=200 if request.method != "POST" else 422)
    try:
        act()
    except Stale as stale:
        row.refresh_from_db()
        form.show(row.version)
        return refused(request, FORM, context | {"now": row}, stale)
    except ActionRefused as refusal:
        return refused(request, FORM, context, refusal)
    done(request, words)
    return redirect(row)


def _crumbs(plan: Plan, last: str) -> list[tuple[str, str | None]]:
    return [
        (_("Plans"), reverse("plans:plans")),
        (plan.symbol or plan.title[:60], plan.get_absolute_url()),
        (_("Shortcomings"), reverse("plans:ledger", args=[plan.pk])),
        (last, None),
    ]
