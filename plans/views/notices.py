"""The inbox of a person."""

from __future__ import annotations

from django.db.models.functions import Left
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from plans.actions.notices import choose_mails, mails_wanted, mark_read
from plans.forms.notices import MailForm
from plans.models import Notice
from plans.paging import PER_PAGE, CappedPaginator
from plans.reminders.links import read_link
from plans.views.shared import Request, done, visible_deadline
from plans.workflow import offered
from units.access import get_visible_or_404
from units.models.audit import AuditAction


@require_http_methods(["GET", "POST"])
def notices(request: Request) -> HttpResponse:
    """List the notices, newest first; POST marks all of them, or one, as read."""
    mine = Notice.objects.visible_to(request.user)
    if request.method == "POST":
        chosen = request.POST.get("id")
        if chosen is None:
            mark_read(by=request.user)
        elif chosen.isdecimal():
            mark_read(by=request.user, notice_id=int(chosen[:18]))
        return redirect("plans:notices")
    paginator = CappedPaginator(
        mine.annotate(words=Left("deadline__solution__text", 200)).values(
            "pk", "kind", "day", "read_at", "deadline_id", "deadline__due_on",
            "deadline__plan_id", "deadline__unit_id", "deadline__unit__name",
            "deadline__plan__symbol", "deadline__plan__title", "words",
        ),
        PER_PAGE,
    )  # fmt: skip
    page = paginator.get_page(request.GET.get("page"))
    return render(
        request, "plans/notices.html", {"page": page, "total": paginator.label, "unread": mine.unread().exists()}
    )


@require_http_methods(["GET", "POST"])
def notice_settings(request: Request) -> HttpResponse:
    """Show and save which kinds the person gets by mail too."""
    sent = request.POST if request.method == "POST" else None  # nothing ticked is an answer too
    form = MailForm(sent, initial={"kinds": mails_wanted(request.user)})
    if form.is_valid():
        choose_mails(by=request.user, kinds=form.cleaned_data["kinds"])
        done(request, _("Saved."))
        return redirect("plans:notice_settings")
    status = 422 if form.errors else 200
    return render(request, "plans/notice_settings.html", {"form": form, "mail": request.user.email}, status=status)


@require_GET
def notice_link(request: Request, token: str) -> HttpResponse:
    """Open the one row that a mail's link names, for its recipient only, while the person still sees it."""
    link = read_link(token)
    if link is None or link.recipient != request.user.pk:
        raise Http404
    notice: Notice = get_visible_or_404(Notice.objects.all(), request.user, link.notice)
    if link.expired:
        return render(request, "plans/notice_link_expired.html", status=410)
    row = visible_deadline(request.user, notice.deadline_id)
    if offered(request.user, AuditAction.REPORTED, row):
        return redirect("plans:report", row.pk)
    return redirect(row)
