"""Provincial activities: the list, one activity, drafting, comments, the opinion of the standing body, the issue."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from doantracker.lib import clock
from plans.actions import activities as actions
from plans.directive_rights import commenting_units, may_edit, may_give_opinion
from plans.enums import Opinion
from plans.filters import ActivityFilter
from plans.forms.directives import ActivityForm, ActivityIssueForm, CommentForm, OpinionForm
from plans.models import Activity, Plan
from plans.paging import PER_PAGE, CappedPaginator
from plans.views.acting import posted
from plans.views.directives import HISTORY_SHOWN, discarded, drafted, issuer_of
from plans.views.shared import Request
from units.access import get_visible_or_404, require
from units.models import AuditEvent, User
from units.permissions import Permission

FORM = "plans/activity_form.html"
PAGE = "plans/activity.html"


@require_safe
def activity_list(request: Request) -> HttpResponse:
    """List activities, the newest first."""
    require(request.user.may(Permission.VIEW))
    visible = Activity.objects.visible_to(request.user)
    chosen = ActivityFilter(request.GET or None, queryset=visible, user=request.user, today=clock.today())
    found = chosen.qs if chosen.is_valid() or not request.GET else visible.none()
    paginator = CappedPaginator(found.select_related("issuing_unit", "drafting_unit", "host_unit"), PER_PAGE)
    context = {
        "filter": chosen,
        "page": paginator.get_page(request.GET.get("page")),
        "total": paginator.label,
        "may_draft": request.user.may(Permission.MANAGE_PLANS),
    }
    whole = "plans/activities.html"
    return render(request, f"{whole}#results" if request.htmx and not request.htmx.boosted else whole, context)


@require_safe
def activity(request: Request, pk: int) -> HttpResponse:
    """Show one activity: its draft, what was said about it, what may be done next."""
    return render(request, PAGE, _context(request, visible_activity(request.user, pk)))


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    """Draft an activity."""
    today = clock.today()
    issuer, issuers = issuer_of(request, today)
    initial = {"drafting_unit": issuer.pk}
    form = ActivityForm(posted(request), issuer=issuer, user=request.user, today=today, initial=initial)
    context = {"form": form, "issuers": issuers, "issuer": issuer, "title": _("New provincial activity")}
    return _drafted(
        request,
        context,
        lambda: actions.draft_activity(issuing_unit=issuer, by=request.user, **form.facts()),
        _("The draft is saved. The departments comment on it, then the standing body gives its opinion."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, pk: int) -> HttpResponse:
    """Change a draft."""
    row = visible_activity(request.user, pk)
    require(may_edit(request.user, row))
    form = ActivityForm(
        posted(request),
        issuer=row.issuing_unit,
        user=request.user,
        today=clock.today(),
        drafted=True,
        initial=ActivityForm.initial_of(row) if request.method != "POST" else None,
    )
    context = {"form": form, "issuer": row.issuing_unit, "title": _("Change the draft"), "row": row}
    return _drafted(
        request,
        context,
        lambda: actions.change_activity(
            activity=row, by=request.user, version=form.cleaned_data["version"], **form.facts()
        ),
        _("The draft is saved."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def comment(request: Request, pk: int) -> HttpResponse:
    """Comment for a department."""
    row = visible_activity(request.user, pk)
    units = commenting_units(request.user, row)
    require(units.exists())
    form = CommentForm(posted(request), units=units)
    return _drafted(
        request,
        {"form": form, "row": row, "title": _("Comment of a department"), "submit": _("Send the comment")},
        lambda: actions.comment_on_activity(activity=row, by=request.user, **form.cleaned_data).activity,
        _("The comment is kept with the draft."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def opinion(request: Request, pk: int) -> HttpResponse:
    """Record the opinion of the standing body."""
    row = visible_activity(request.user, pk)
    require(may_give_opinion(request.user, row))
    initial = {"given_on": clock.today(), "version": row.version}
    form = OpinionForm(posted(request), initial=initial)
    return _drafted(
        request,
        {"form": form, "row": row, "title": _("Opinion of the standing body"), "submit": _("Record the opinion")},
        lambda: actions.give_opinion(activity=row, by=request.user, **form.cleaned_data),
        _("The opinion is recorded."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def issue(request: Request, pk: int) -> HttpResponse:
    """Mark the plan of an activity as issued; refused before the standing body has agreed."""
    row = visible_activity(request.user, pk)
    require(may_edit(request.user, row))
    today = clock.today()
    initial = {"issued_on": today, "host_unit": row.host_unit, "version": row.version}
    form = ActivityIssueForm(posted(request), issuer=row.issuing_unit, today=today, initial=initial)
    return _drafted(
        request,
        {"form": form, "row": row, "title": _("Issue the plan of the activity"), "submit": _("Mark as issued")},
        lambda: actions.issue_activity(activity=row, by=request.user, **form.cleaned_data),
        _("The activity is marked as issued."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: Request, pk: int) -> HttpResponse:
    """Ask once, then throw a draft away."""
    row = visible_activity(request.user, pk)
    require(may_edit(request.user, row))
    return discarded(
        request,
        row,
        lambda version: actions.discard_activity(activity=row, by=request.user, version=version),
        "plans:activities",
    )


def visible_activity(user: User, pk: int) -> Activity:
    """Return an activity that the person sees, with what its page reads; else 404."""
    related = ("issuing_unit", "drafting_unit", "host_unit", "plan", "created_by", "opinion_by", "issued_by")
    found: Activity = get_visible_or_404(Activity.objects.select_related(*related), user, pk)
    return found


def _drafted(request: Request, context: dict[str, Any], act: Any, words: str) -> HttpResponse:
    return drafted(request, FORM, context, act=act, words=words)


def _context(request: Request, row: Activity) -> dict[str, Any]:
    """Return what the page of an activity shows; a fixed number of queries.

    What was said before the issue is for the issuer's people: the host sees the plan as issued.
    """
    user = request.user
    of_issuer = user.may(Permission.VIEW, row.issuing_unit)
    return {
        "row": row,
        "of_issuer": of_issuer,
        "plan": row.plan if row.plan_id and Plan.objects.visible_to(user).filter(pk=row.plan_id).exists() else None,
        "comments": list(row.comments.select_related("unit", "author")) if of_issuer else [],
        "may_edit": may_edit(user, row),
        "may_issue": row.opinion == Opinion.AGREED,
        "may_comment": commenting_units(user, row).exists(),
        "may_give_opinion": may_give_opinion(user, row),
        "history": AuditEvent.objects.visible_to(user)
        .filter(object_type="activity", object_id=row.pk)
        .select_related("actor")[:HISTORY_SHOWN],
    }
