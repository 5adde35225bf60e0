"""Reading a feedback round: compiled by target and topic, about one target, the replies, the result, the notice."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from plans.views.acting import posted
from plans.views.shared import Request, as_download
from reviews.actions import contributions as actions
from reviews.actions.self_reviews import give_report, log_reading, note_download
from reviews.enums import FeedbackStep
from reviews.feedback_page import about, compiled
from reviews.forms.feedback import ReplyForm, ResultForm, SelfReviewForm
from reviews.models import Contribution, ContributionReply, FeedbackFile, FeedbackTarget
from reviews.querysets import READ_IN
from reviews.rights import may_review, may_run_feedback
from reviews.views.feedback import crumbs_of, visible_round
from reviews.views.shared import formed
from units.access import get_visible_or_404, require
from units.permissions import Permission

DIGITS = 18  # of an id


@require_safe
def compile_round(request: Request, pk: int) -> HttpResponse:
    """Show all that was contributed by target and topic, or about one target: to read, to answer, to print."""
    row = visible_round(request, pk)
    require(row.step in READ_IN)
    groups, shown = compiled(row, request.user, target=_chosen(request, pk))
    log_reading(by=request.user, feedback=row, targets=[g.target for g in shown if g.count])
    may_run = may_run_feedback(request.user, row.unit)
    context = {
        "round": row,
        "crumbs": crumbs_of(row, _("Consolidated contributions")),
        "groups": groups,
        "shown": shown,
        "alone": shown[0] if len(shown) == 1 and len(groups) > 1 else None,
        "total": sum(g.count for g in shown),
        "replied": sum(g.replied for g in shown),
        "may_run": may_run,
        "may_reply": may_run and row.step == FeedbackStep.REPLYING,
    }
    return render(request, "reviews/feedback_compiled.html", context)


@require_safe
def notice(request: Request, pk: int) -> HttpResponse:
    """Show the notice of what was taken up, to be printed: the result, and the reply to each contribution."""
    row = visible_round(request, pk)
    require(row.step in (FeedbackStep.REPLYING, FeedbackStep.CLOSED))
    groups, shown = compiled(row, request.user, target=_chosen(request, pk))
    log_reading(by=request.user, feedback=row, targets=[g.target for g in shown if g.count])
    context = {
        "round": row,
        "crumbs": crumbs_of(row, _("Notice of the reply")),
        "groups": groups,
        "shown": shown,
        "alone": shown[0] if len(shown) == 1 and len(groups) > 1 else None,
    }
    return render(request, "reviews/feedback_notice.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def target(request: Request, pk: int) -> HttpResponse:
    """Show what was said about one target and its self-review report; take the report while it is asked for."""
    related = ("round__unit", "round__meeting__event", "unit", "person", "report_given_by")
    row: FeedbackTarget = get_visible_or_404(FeedbackTarget.objects.select_related(*related), request.user, pk)
    may = may_review(request.user, row) and row.round.step == FeedbackStep.REPORTING
    require(may or request.method != "POST")
    group = about(row, request.user)
    log_reading(by=request.user, feedback=row.round, targets=[row] if group.count else [])
    form = SelfReviewForm(posted(request), request.FILES or None, initial={"text": row.report, "version": row.version})
    sees_round = request.user.may(Permission.VIEW_FEEDBACK, row.round.unit)
    way = crumbs_of(row.round, row.label) if sees_round else [(_("Feedback rounds"), reverse("reviews:feedback"))]
    context = {
        "form": form,
        "record": row,
        "target": row,
        "round": row.round,
        "group": group,
        "files": list(row.files.all()),
        "may_review": may,
        "crumbs": way if sees_round else [*way, (row.label, None)],
    }
    return formed(
        request,
        context,
        lambda: give_report(
            target=row,
            by=request.user,
            text=form.cleaned_data["text"],
            files=form.cleaned_data["uploads"],
            version=form.cleaned_data["version"],
        ),
        words=_("The self-review report is handed in."),
        to=reverse("reviews:feedback_target", args=[row.pk]),
        template="reviews/feedback_target.html",
    )


@require_safe
def file(request: Request, pk: int) -> HttpResponseBase:
    """Send a file of a self-review report, always as a download."""
    rows = FeedbackFile.objects.select_related("target__round")
    found: FeedbackFile = get_visible_or_404(rows, request.user, pk)
    if not found.file.storage.exists(found.file.name or ""):
        raise Http404
    if request.method == "GET":  # HEAD reads nothing
        note_download(file=found, by=request.user)
    return as_download(found.file.open("rb"), found.original_name)


@require_http_methods(["GET", "HEAD", "POST"])
def reply(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Answer one contribution."""
    related = ("round__unit", "target__unit", "target__person", "topic")
    rows = Contribution.objects.visible_to(request.user).select_related(*related)
    row: Contribution = get_object_or_404(rows, pk=pk)
    require(may_run_feedback(request.user, row.round.unit) and row.round.step == FeedbackStep.REPLYING)
    log_reading(by=request.user, feedback=row.round, targets=[row.target])
    found = ContributionReply.objects.filter(contribution=row).first()
    initial = {"kind": found.kind, "text": found.text, "version": found.version} if found else {"version": 0}
    form = ReplyForm(posted(request), initial=initial)
    back = f"{reverse('reviews:feedback_compiled', args=[row.round_id])}#c-{row.pk}"
    context = {
        "form": form,
        "record": found,
        "contribution": row,
        "title": _("Reply to a contribution"),
        "lead": f"{row.target.label} · {row.topic.text}",
        "crumbs": crumbs_of(row.round, _("Reply to a contribution")),
        "cancel": back,
    }
    return formed(
        request,
        context,
        lambda: actions.reply_to(contribution=row, by=request.user, **form.cleaned_data),
        words=_("The reply is kept."),
        to=back,
        template="reviews/feedback_reply.html",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def result(request: Request, pk: int) -> HttpResponse:
    """Write the result of the review."""
    row = visible_round(request, pk)
    require(may_run_feedback(request.user, row.unit) and row.step == FeedbackStep.REPLYING)
    form = ResultForm(posted(request), initial={"text": row.result, "version": row.version})
    context = {
        "form": form,
        "record": row,
        "title": _("Result of the review"),
        "lead": row.title,
        "crumbs": crumbs_of(row, _("Result of the review")),
        "cancel": row.get_absolute_url(),
    }
    return formed(
        request,
        context,
        lambda: actions.give_result(
            feedback=row, text=form.cleaned_data["text"], by=request.user, version=form.cleaned_data["version"]
        ),
        words=_("The result is kept."),
        to=row.get_absolute_url(),
        template="components/form_page.html",
    )


def _chosen(request: Request, pk: int) -> FeedbackTarget | None:
    """Return the one target asked for; None: all."""
    asked = request.GET.get("target", "")
    if not asked:
        return None
    require(asked.isascii() and asked.isdecimal() and len(asked) <= DIGITS)
    found: FeedbackTarget = get_object_or_404(FeedbackTarget.objects.visible_to(request.user), round=pk, pk=int(asked))
    return found
