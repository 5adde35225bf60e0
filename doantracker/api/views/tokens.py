"""A person's own tokens: listed, made (the key is shown on the next page, once), revoked."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from doantracker.api.actions.tokens import make_token, revoke_token
from doantracker.api.forms import TokenForm
from doantracker.api.models import ApiToken
from doantracker.api.views import shown_once
from doantracker.lib import clock
from plans.errors import ActionRefused
from plans.views.acting import posted
from plans.views.sent import key_for_form, key_of
from plans.views.shared import Request, done
from units.access import get_visible_or_404

SHOWN = 50
NEW = "token"  # under which its key is kept from the act to the page


@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: Request) -> HttpResponse:
    """List the tokens; make one."""
    form = TokenForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            _token, key = make_token(by=request.user, form_key=key_of(request), **form.cleaned_data)
        except ActionRefused as refusal:
            form.add_error(None, str(refusal.message))
        else:
            if key:
                shown_once.keep(request, NEW, key)
            return redirect("tokens")
    today = clock.today()
    rows = ApiToken.objects.visible_to(request.user)[:SHOWN]
    context = {
        "form": form,
        "form_key": key_for_form(request),
        "key": shown_once.take(request, NEW),
        "rows": [{"token": row, "works": row.works(today)} for row in rows],
        "address": f"{settings.SITE_URL}/api/v1/",
    }
    return render(request, "api/tokens.html", context, status=422 if request.method == "POST" else 200)


@require_POST
def token_revoke(request: Request, pk: int) -> HttpResponse:
    """Let a token open nothing any more."""
    token: ApiToken = get_visible_or_404(ApiToken.objects.all(), request.user, pk)
    if revoke_token(token=token, by=request.user):
        done(request, _("The token is revoked."))
    return redirect("tokens")
