"""The person's own calendar address: the page that gives, renews and revokes it, and the calendar itself."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_safe

from doantracker.lib.throttle import seconds_to_wait
from plans.calendar_feed import feed_of
from plans.views.shared import Request, done
from units import actions
from units.audit import origin
from units.models import FeedToken
from units.models.feed import hash_of

HOUR: Final = 3600
READS_AN_HOUR: Final = 60  # of one address: programs ask a few times a day
MISSES_AN_HOUR: Final = 120  # of one machine: a whole office may stand behind it, with revoked addresses
KEY_LENGTH: Final = 100  # no key is longer


@require_http_methods(["GET", "HEAD", "POST"])
def feed(request: Request) -> HttpResponse:
    """Show whether there is an address; give, renew or revoke it. A new address is shown in this one answer only."""
    address = ""
    if request.method == "POST" and request.POST.get("act") == "revoke":
        if actions.revoke_feed_key(by=request.user):
            done(request, _("The calendar address no longer works."))
        return redirect("plans:feed")
    if request.method == "POST":
        key = actions.give_feed_key(by=request.user)
        address = request.build_absolute_uri(f"{reverse('plans:feed_ics')}?key={key}")
    token = FeedToken.objects.visible_to(request.user).first()
    return render(request, "plans/feed.html", {"token": token, "address": address})


@login_not_required
@require_safe
def feed_ics(request: HttpRequest) -> HttpResponse:
    """Send the calendar to whoever has the key; unknown, revoked and inactive look alike.

    The key stands in the query: paths are written to logs.
    """
    key = request.GET.get("key", "")
    key_hash = hash_of(key) if 0 < len(key) <= KEY_LENGTH else ""
    token = FeedToken.objects.valid(key_hash).select_related("user").first() if key_hash else None
    counted = f"feed:{key_hash}" if token else f"feed-miss:{origin.get().address}"
    wait = seconds_to_wait(counted, limit=READS_AN_HOUR if token else MISSES_AN_HOUR, seconds=HOUR)
    if wait:
        response = _plain(_("Too many requests. Try again later."), 429)
        response["Retry-After"] = str(wait)
    elif token is None:
        response = _plain(_("There is no calendar at this address. Ask for a new one in doantracker."), 404)
    else:
        with override(settings.LANGUAGE_CODE):  # a program has no cookie that says which
            response = HttpResponse(feed_of(token.user), content_type="text/calendar; charset=utf-8")
        response["Content-Disposition"] = 'inline; filename="doantracker.ics"'
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _plain(words: str, status: int) -> HttpResponse:
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
