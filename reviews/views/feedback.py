"""Feedback rounds: the list, preparing one, its page with its steps, its guests and their links."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doantracker.lib import clock
from plans.errors import ActionRefused
from plans.event_page import has_standing_committee
from plans.paging import PER_PAGE, CappedPaginator
from plans.views.acting import posted
from plans.views.sent import key_for_form, key_of
from plans.views.shared import Request, done
from reviews.actions import contributions as links
from reviews.actions import feedback as actions
from reviews.enums import FeedbackStep, InvitationKind
from reviews.feedback_page import counts_of, early_day, invited_rows, listed, steps_of
from reviews.forms.feedback import USUAL_TOPICS, GuestForm, RoundForm
from reviews.models import FeedbackInvitation, FeedbackRound, FeedbackTarget
from reviews.querysets import READ_IN
from reviews.rights import feedback_units, may_run_feedback
from reviews.views.shared import formed
from units.access import get_visible_or_404, require
from units.models import AuditEvent, Unit

FORM = "reviews/feedback_form.html"
HISTORY_SHOWN = 50
DIGITS = 18  # of an id
RELATED = ("unit__kind", "plan", "consolidated_by", "meeting__event")


@require_safe
def round_list(request: Request) -> HttpResponse:
    """List what this person is asked to contribute, what was said about them, and the rounds they see."""
    today = clock.today()
    paginator = CappedPaginator(listed(request.user), PER_PAGE)
    asked = FeedbackInvitation.objects.visible_to(request.user, today).filter(
        round__step=FeedbackStep.CONTRIBUTING, round__contributions_by__gte=today
    )
    mine = FeedbackTarget.objects.about(request.user).select_related("round__unit")
    context = {
        "page": paginator.get_page(request.GET.get("page")),
        "total": paginator.label,
        "asked": asked.select_related("round__unit", "unit", "person").order_by("round__contributions_by", "pk"),
        "about_me": mine.order_by("-round__contributions_by", "pk")[:PER_PAGE],
        "may_run": feedback_units(request.user, today).exists(),
    }
    return render(request, "reviews/feedback_rounds.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    """Prepare a round."""
    today = clock.today()
    units = list(feedback_units(request.user, today).order_by("path")[:PER_PAGE])
    require(bool(units))
    unit = _unit_of(request, units)
    initial = {"year": today.year, "topics": "\n".join(USUAL_TOPICS), "consolidated_by": unit}
    form = RoundForm(posted(request), unit=unit, user=request.user, today=today, changed=False, initial=initial)
    context = _form_context(form, _("Prepare a feedback round"), unit, today) | {
        "units": units,
        "cancel": reverse("reviews:feedback"),
        "form_key": key_for_form(request),
    }
    return formed(
        request,
        context,
        lambda: actions.plan_round(
            unit=unit, values=form.values(), asked=form.asked(), by=request.user, key=key_of(request)
        ),
        words=_("The round is prepared. Nobody has been asked yet: look at it once more, then open it."),
        to=lambda made: str(made.get_absolute_url()),
        template=FORM,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, pk: int) -> HttpResponse:
    """Change a round that is being prepared."""
    row, today = _run(request, pk), clock.today()
    require(row.step == FeedbackStep.DRAFT)
    initial = RoundForm.initial_of(row)
    form = RoundForm(posted(request), unit=row.unit, user=request.user, today=today, changed=True, initial=initial)
    context = _form_context(form, _("Change the round"), row.unit, today) | {
        "record": row,
        "crumbs": crumbs_of(row, _("Change")),
        "cancel": row.get_absolute_url(),
    }
    return formed(
        request,
        context,
        lambda: actions.change_round(
            feedback=row,
            values=form.values(),
            asked=form.asked(),
            by=request.user,
            version=form.cleaned_data["version"],
        ),
        words=_("The round is changed."),
        to=row.get_absolute_url(),
        template=FORM,
    )


@require_safe
def feedback_round(request: Request, pk: int) -> HttpResponse:
    """Show one round: its steps, whom it is about, how many contributed, what to do next."""
    row = visible_round(request, pk)
    return render(request, "reviews/feedback_round.html", _context(request, row))


@require_POST
def step(request: Request, pk: int) -> HttpResponse:
    """Open the round, or close the step it is in."""
    row = _run(request, pk)
    try:
        _step(request, row)
    except ActionRefused as refusal:
        row = _run(request, pk)
        context = _context(request, row) | {"refusal": refusal.message}
        return render(request, "reviews/feedback_round.html", context, status=refusal.status)
    return redirect(row)


@require_http_methods(["GET", "HEAD", "POST"])
def guests(request: Request, pk: int) -> HttpResponse:
    """Show the guests; add one, make links, which are shown in this one answer only, or revoke one."""
    row = _run(request, pk)
    form = GuestForm(request.POST if request.POST.get("act") == "add" else None)
    context: dict[str, Any] = {"round": row, "form": form, "crumbs": crumbs_of(row, _("Guests and their links"))}
    status = 200
    if request.method == "POST":
        try:
            context["slips"] = _guest_act(request, row, form)
        except ActionRefused as refusal:
            context["refusal"], status = refusal.message, refusal.status
        else:
            if context["slips"] is None:
                return redirect("reviews:feedback_guests", row.pk)
    context["guests"] = [i for i in invited_rows(row) if i.kind == InvitationKind.GUEST]
    context["without_link"] = any(not i.key_hash and (row.anonymous or not i.handed_in) for i in context["guests"])
    context["accepting"] = row.accepts_on(clock.today())
    return render(request, "reviews/feedback_guests.html", context, status=status)


def visible_round(request: Request, pk: int) -> FeedbackRound:
    """Return a round that the person sees; else 404."""
    found: FeedbackRound = get_visible_or_404(FeedbackRound.objects.select_related(*RELATED), request.user, pk)
    return found


def crumbs_of(row: FeedbackRound, *more: str) -> list[tuple[str, str | None]]:
    """Return the way to a page below a round."""
    own = row.get_absolute_url() if more else None
    return [(_("Feedback rounds"), reverse("reviews:feedback")), (row.title, own), *((word, None) for word in more)]


def _run(request: Request, pk: int) -> FeedbackRound:
    row = visible_round(request, pk)
    require(may_run_feedback(request.user, row.unit))
    return row


def _unit_of(request: Request, units: list[Unit]) -> Unit:
    """Return the unit asked for among those whose rounds the person runs; 404 for another, the first where none is."""
    asked = request.GET.get("unit", "")
    found = [unit for unit in units if str(unit.pk) == asked]
    require(bool(found) or not asked)
    return found[0] if found else units[0]


def _form_context(form: RoundForm, title: str, unit: Unit, today: dt.date) -> dict[str, Any]:
    return {
        "form": form,
        "unit": unit,
        "title": title,
        "lead": unit.name,
        "without_standing": not has_standing_committee(unit, today),
    }


def _step(request: Request, row: FeedbackRound) -> None:
    sent = request.POST.get("version", "")
    version = int(sent) if sent.isascii() and sent.isdecimal() and len(sent) <= DIGITS else 0
    chosen = request.POST.get("step", "")
    require(chosen in FeedbackStep.values)
    confirmed = "confirmed" in request.POST
    if chosen == FeedbackStep.DRAFT:
        actions.open_round(feedback=row, by=request.user, version=version, confirmed=confirmed)
        done(request, _("The round is open. What is owed stands in the register of deadlines."))
        return
    closed = FeedbackStep(chosen)
    actions.close_step(feedback=row, step=closed, by=request.user, version=version, confirmed=confirmed)
    done(request, _("The step “%(step)s” is closed.") % {"step": closed.label})


def _guest_act(request: Request, row: FeedbackRound, form: GuestForm) -> list[tuple[str, str]] | None:
    """Do what was pressed; return the slips to show, None for acts that show none."""
    act, chosen = request.POST.get("act", ""), request.POST.get("guest", "")
    own = {str(i.pk): i for i in row.invitations.filter(kind=InvitationKind.GUEST)}
    if act == "add":
        if not form.is_valid():
            raise ActionRefused(_("Write the name of the guest."))
        links.invite_guest(feedback=row, name=form.cleaned_data["name"], by=request.user)
        done(request, _("The guest is on the list. Now make the link."))
        return None
    if act == "revoke":
        require(chosen in own)
        links.revoke_link(invitation=own[chosen], by=request.user)
        messages.success(request, _("The link works no more."))
        return None
    wanted = [own[chosen]] if chosen in own else [i for i in own.values() if not i.key_hash]
    if own and not wanted:
        raise ActionRefused(_("Every guest has a link."))
    if chosen in own and own[chosen].key_hash and "confirmed" not in request.POST:
        raise ActionRefused(_("This guest has a link already. Tick that it may stop working, then make the new one."))
    made = links.give_links(feedback=row, invitations=wanted, by=request.user)
    page = request.build_absolute_uri(reverse("reviews:feedback_link"))
    return [(guest.name, f"{page}?key={key}") for guest, key in made]


def _context(request: Request, row: FeedbackRound) -> dict[str, Any]:
    user = request.user
    history = AuditEvent.objects.visible_to(user).filter(object_type="feedbackround", object_id=row.pk)
    return {
        "round": row,
        "steps": steps_of(row, clock.today()),
        "counts": counts_of(row),
        "early": early_day(row, clock.today()),
        "targets": row.targets.select_related("unit", "person"),
        "topics": row.topics.all(),
        "invited": invited_rows(row),
        "read": row.step in READ_IN,
        "may_run": may_run_feedback(user, row.unit),
        "history": history.exclude(action="feedback_given").select_related("actor")[:HISTORY_SHOWN]
        if row.anonymous
        else history.select_related("actor")[:HISTORY_SHOWN],
    }
