"""The inbox of a person."""

from __future__ import annotations

from django.db.models.functions import Left
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from plans.actions.notices import mark_read
from plans.models import Notice
from plans.paging import PER_PAGE, CappedPaginator
from plans.views.shared import Request


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
