"""A person's own webhooks: listed, made, changed, tried; what was sent to each and how it went."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doantracker.api.actions import webhooks as actions
from doantracker.api.forms import WebhookForm
from doantracker.api.hooks.words import kind_choices
from doantracker.api.models import WebhookDelivery, WebhookEndpoint
from doantracker.api.views import shown_once
from doantracker.lib.throttle import seconds_to_wait
from plans.errors import ActionRefused
from plans.views.acting import posted
from plans.views.sent import key_for_form, key_of
from plans.views.shared import Request, done, refused
from units.access import get_visible_or_404, require
from units.permissions import Permission

SHOWN: Final = 50
HOUR: Final = 3600
TRIES_AN_HOUR: Final = 12  # each makes this server call another one


@require_safe
def webhooks(request: Request) -> HttpResponse:
    """List the webhooks."""
    require(request.user.may(Permission.VIEW))
    return render(request, "api/webhooks.html", {"rows": WebhookEndpoint.objects.visible_to(request.user)})


@require_http_methods(["GET", "HEAD", "POST"])
def webhook_new(request: Request) -> HttpResponse:
    """Make a webhook; its page shows its secret next, this once."""
    require(request.user.may(Permission.VIEW))
    form = WebhookForm(posted(request), user=request.user)
    context: dict[str, Any] = {"form": form, "title": _("New webhook"), "form_key": key_for_form(request)}
    if request.method != "POST" or not form.is_valid():
        return render(request, "api/webhook.html", context, status=422 if request.method == "POST" else 200)
    try:
        made, secret = actions.make_webhook(by=request.user, form_key=key_of(request), **form.facts())
    except ActionRefused as refusal:
        return refused(request, "api/webhook.html", context, refusal)
    if secret:
        shown_once.keep(request, _secret_of(made), secret)
    return redirect("webhook", made.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def webhook(request: Request, pk: int) -> HttpResponse:
    """Show a webhook with what was sent to it; change it, give it a new secret, try it, or delete it."""
    row: WebhookEndpoint = get_visible_or_404(WebhookEndpoint.objects.select_related("unit"), request.user, pk)
    if request.method != "POST":
        secret = shown_once.take(request, _secret_of(row))
        return render(request, "api/webhook.html", _context(request, row) | {"secret": secret})
    return ACTS.get(request.POST.get("act", ""), _change)(request, row)


@require_POST
def webhook_again(request: Request, pk: int) -> HttpResponse:
    """Put a message into the outbox once more."""
    rows = WebhookDelivery.objects.select_related("endpoint")
    message: WebhookDelivery = get_visible_or_404(rows, request.user, pk)
    try:
        actions.send_again(message=message, by=request.user)
    except ActionRefused as refusal:
        messages.warning(request, str(refusal.message))
    else:
        done(request, _("The message is sent again within a minute."))
    return redirect("webhook", message.endpoint_id)


def _change(request: Request, row: WebhookEndpoint) -> HttpResponse:
    form = WebhookForm(request.POST, user=request.user, webhook=row)
    if not form.is_valid():
        return render(request, "api/webhook.html", _context(request, row) | {"form": form}, status=422)
    actions.change_webhook(webhook=row, by=request.user, **form.facts())
    done(request, _("The webhook is saved."))
    return redirect("webhook", row.pk)


def _renew(request: Request, row: WebhookEndpoint) -> HttpResponse:
    shown_once.keep(request, _secret_of(row), actions.renew_secret(webhook=row, by=request.user))
    return redirect("webhook", row.pk)


def _try(request: Request, row: WebhookEndpoint) -> HttpResponse:
    if seconds_to_wait(f"webhook-try:{request.user.pk}", limit=TRIES_AN_HOUR, seconds=HOUR):
        messages.warning(request, _("Too many requests. Try again later."))
        return redirect("webhook", row.pk)
    sent = actions.try_webhook(webhook=row, by=request.user)
    if sent.trouble:
        messages.warning(request, _("The message was not taken: %s") % sent.get_trouble_display())
    else:
        done(request, _("The message was taken."))
    return redirect("webhook", row.pk)


def _delete(request: Request, row: WebhookEndpoint) -> HttpResponse:
    actions.delete_webhook(webhook=row, by=request.user)
    done(request, _("The webhook is deleted with its messages."))
    return redirect("webhooks")


ACTS: Final[dict[str, Callable[[Request, WebhookEndpoint], HttpResponse]]] = {
    "secret": _renew,
    "try": _try,
    "delete": _delete,
}


def _secret_of(row: WebhookEndpoint) -> str:
    """Return under which name the secret of a webhook is kept from the act to the page."""
    return f"webhook-{row.pk}"


def _context(request: Request, row: WebhookEndpoint) -> dict[str, Any]:
    """Return what the page of one webhook shows; of its messages the newest."""
    words = dict(kind_choices())
    sent = row.deliveries.all()[:SHOWN]
    return {
        "form": WebhookForm(user=request.user, webhook=row),
        "title": row.name,
        "webhook": row,
        "messages_sent": [{"message": one, "kind": words.get(one.kind, _("Test"))} for one in sent],
    }
