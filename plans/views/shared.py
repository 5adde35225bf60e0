"""What several views share: fetching, answering a refusal, fragments."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.middleware import HtmxDetails

from plans.errors import ActionRefused
from plans.models import Deadline
from units.access import get_visible_or_404
from units.models import User


class Request(HttpRequest):
    """A request of a logged-in person, with htmx's details."""

    user: User
    htmx: HtmxDetails


def visible_deadline(user: User, pk: int) -> Deadline:
    """Return a deadline that `user` sees, with what its pages read; else 404."""
    related = ("unit", "plan__issuing_unit", "solution__group__lead_unit", "solution__lead_unit", "schedule")
    rows = Deadline.objects.select_related(*related, "reported_by", "confirmed_by", "excused_by")
    found: Deadline = get_visible_or_404(rows, user, pk)
    found.solution.plan = found.plan  # the same row, read once
    return found


def back(request: Request, default: str) -> HttpResponse:
    """Send the person to the page named by `next`, if it is ours, else to `default`."""
    return redirect(own_page(request, request.POST.get("next", "")) or default)


def own_page(request: Request, target: str) -> str:
    """Return `target` where it is the address of a page of ours, else nothing."""
    own = target.startswith("/") and "\0" not in target
    hosts = {request.get_host()}
    safe = own and url_has_allowed_host_and_scheme(target, allowed_hosts=hosts, require_https=request.is_secure())
    return target if safe else ""


def refused(request: Request, template: str, context: dict[str, Any], refusal: ActionRefused) -> HttpResponse:
    """Show the form again with the reason; nothing was saved, the input stays."""
    context["form"].add_error(None, refusal.message)
    return render(request, template, context, status=refusal.status)


def done(request: Request, words: str) -> None:
    """Tell the person that it worked, on the next page."""
    messages.success(request, words)


def as_download(file: Any, name: str) -> FileResponse:
    """Return a stored file under its own name, so that no browser runs what is in it."""
    response = FileResponse(file, as_attachment=True, filename=name, content_type="application/octet-stream")
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Accept-Ranges"] = "none"  # always the whole file: a part alone proves nothing
    return response
