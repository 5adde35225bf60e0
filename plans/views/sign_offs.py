"""A draft before its leaders: asking, the list of what waits, reading and deciding."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from plans.actions import sign_offs as actions
from plans.enums import PlanStatus, SignState
from plans.errors import ActionRefused, Stale
from plans.forms.life import AskForm, DecideForm
from plans.gaps import gaps_of
from plans.labels import plan_period_label
from plans.models import SignOff
from plans.paging import PER_PAGE, CappedPaginator
from plans.plan_digest import digest_of
from plans.plan_page import shortcoming_views, solution_views
from plans.rights import may_manage
from plans.sign_offs import may_sign, standing_of
from plans.views.acting import posted
from plans.views.plans import visible_plan
from plans.views.shared import Request, done, refused
from units.access import get_visible_or_404, require
from units.models import User
from units.permissions import Permission

PAGE = "plans/sign_off.html"


@require_safe
def sign_offs(request: Request) -> HttpResponse:
    """List the drafts that wait for this leader; a single one is opened at once."""
    require(request.user.may(Permission.SIGN_OFF))
    related = ("plan__issuing_unit", "asked_by", "asked_of")
    waiting = SignOff.objects.waiting_for(request.user).select_related(*related).order_by("asked_at", "pk")
    paginator = CappedPaginator(waiting, PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    rows = list(page.object_list)
    if len(rows) == 1 and page.number == 1:
        return redirect(rows[0])
    return render(request, "plans/sign_offs.html", {"rows": rows, "page": page, "total": paginator.label})


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: Request, pk: int) -> HttpResponse:
    """Put a draft before a leader of its issuer."""
    plan = visible_plan(request, pk)
    require(may_manage(request.user, plan) and plan.status == PlanStatus.DRAFT)
    people = actions.people_to_ask(plan, request.user)
    form = AskForm(posted(request), people=people)
    context = {
        "form": form,
        "title": _("Ask for agreement"),
        "lead": str(plan),
        "submit": _("Put it before them"),
        "cancel": reverse("plans:life", args=[plan.pk]),
        "standing": standing_of(plan),
        "people": people,
    }
    if request.method != "POST" or not form.is_valid():
        return render(request, "plans/sign_off_ask.html", context, status=422 if form.is_bound else 200)
    try:
        actions.ask_sign_off(plan=plan, by=request.user, **form.cleaned_data)
    except ActionRefused as refusal:
        return refused(request, "plans/sign_off_ask.html", context, refusal)
    done(request, _("The draft waits for agreement now."))
    return redirect("plans:life", plan.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def sign_off(request: Request, pk: int) -> HttpResponse:
    """Show a draft as it was put before a leader, who agrees or sends it back."""
    related = ("plan__issuing_unit", "plan__coordinating_unit", "asked_by", "asked_of", "decided_by")
    row: SignOff = get_visible_or_404(SignOff.objects.select_related(*related), request.user, pk)
    decides = may_sign(request.user, row)
    require(request.method != "POST" or decides)
    form = DecideForm(posted(request), initial={"seen": digest_of(row.plan)})
    if request.method != "POST" or not form.is_valid():
        return render(
            request, PAGE, _context(row, form, request.user, decides=decides), status=422 if form.is_bound else 200
        )
    seen, act = form.cleaned_data["seen"], request.POST.get("act")
    agreed = act == "agree"
    try:
        if agreed:
            actions.sign_off(sign_off=row, by=request.user, seen=seen)
        elif act != "send_back":
            raise ActionRefused(_("Choose whether you agree to the draft or send it back."))
        else:
            actions.send_back(sign_off=row, by=request.user, seen=seen, reason=form.cleaned_data["reason"])
    except ActionRefused as refusal:
        if isinstance(refusal, Stale):
            row.refresh_from_db()
            form = DecideForm({**form.cleaned_data, "seen": digest_of(row.plan)})
            form.is_valid()
        return refused(request, PAGE, _context(row, form, request.user, decides=decides), refusal)
    done(request, _("You agreed to the draft.") if agreed else _("The draft is sent back."))
    return redirect("home" if row.plan.is_draft else row.plan)


def _context(row: SignOff, form: DecideForm, user: User, *, decides: bool) -> dict[str, object]:
    """Return what the page of a draft before its leader shows; a fixed number of queries."""
    plan = row.plan
    standing = standing_of(plan)
    return {
        "row": row,
        "form": form,
        "plan": plan,
        "period": plan_period_label(plan.period_start, plan.period_end),
        "state": standing.state if standing.last == row else row.state,
        "decides": decides and row.state == SignState.ASKED and plan.is_draft,
        "gaps": gaps_of(plan, user),
        "shortcomings": shortcoming_views(plan, user),
        "solutions": solution_views(plan, {}),
        "references": list(plan.references.all()),
    }
