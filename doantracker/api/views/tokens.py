"""A person's own tokens: listed, made (the key is shown in that one answer), revoked."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from doantracker.api.actions.tokens import make_token, revoke_token
from doantracker.api.forms import TokenForm
from doantracker.api.models import ApiToken
from doantracker.lib import clock
from plans.errors import ActionRefused
from plans.views.acting import posted
from plans.views.shared import Request, done
from units.access import get_visible_or_404

SHOWN = 50


@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: Request) -> HttpResponse:
    """List the tokens; make one."""
    form, key, status = TokenForm(posted(request)), "", 200
    if request.method == "POST" and form.is_valid():
        try:
            key = make_token(by=request.user, **form.cleaned_data)[1]
            form = TokenForm()
        except ActionRefused as refusal:
            form.add_error(None, str(refusal.message))
    if request.method == "POST" and not key:
        status = 422
    today = clock.today()
    rows = ApiToken.objects.visible_to(request.user)[:SHOWN]
    context = {
        "form": form,
        "key": key,
        "rows": [{"token": row, "works": row.works(today)} for row in rows],
        "address": f"{settings.SITE_URL}/api/v1/",
    }
    return render(request, "api/tokens.html", context, status=status)


@require_POST
def token_revoke(request: Request, pk: int) -> HttpResponse:
    """Let a token open nothing any more."""
    token: ApiToken = get_visible_or_404(ApiToken.objects.all(), request.user, pk)
    if revoke_token(token=token, by=request.user):
        done(request, _("The token opens nothing any more."))
    return redirect("tokens")
