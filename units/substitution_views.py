"""A post-holder's own page: who stands in for me, and for whom I stand in."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from doantracker.lib import clock
from units.access import get_visible_or_404
from units.models import Substitution, User
from units.substitution_forms import SubstitutionForm
from units.substitutions import end_substitution, name_substitute

SHOWN = 50


class Request(HttpRequest):
    """A request of a logged-in person."""

    user: User


@require_http_methods(["GET", "HEAD", "POST"])
def substitutions(request: Request) -> HttpResponse:
    """List the substitutions of the person, and name a new substitute."""
    today = clock.today()
    form = SubstitutionForm(request.POST or None, user=request.user, today=today)
    if request.method == "POST" and form.is_valid():
        try:
            name_substitute(by=request.user, today=today, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("The substitute is named. The rights pass on and end on the days given."))
            return redirect("substitutions")
    context = {**_rows(request.user, today), "form": form, "may_name": form.fields["appointment"].queryset.exists()}  # type: ignore[attr-defined]  # a choice
    return render(request, "units/substitutions.html", context, status=200 if request.method != "POST" else 422)


@require_POST
def end(request: Request, pk: int) -> HttpResponse:
    """End a substitution before its last day."""
    row = get_visible_or_404(Substitution.objects.all(), request.user, pk)
    try:
        end_substitution(substitution=row, by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("The substitution has ended."))
    return redirect("substitutions")


def _rows(user: User, today: dt.date) -> dict[str, Any]:
    """Return the rows in which `user` is absent and those in which `user` stands in; one query."""
    related = ("appointment__post__unit", "appointment__user", "substitute", "entered_by")
    found = Substitution.objects.visible_to(user).select_related(*related)[:SHOWN]
    rows = [{"row": r, "now": r.start <= today <= r.end, "over": r.end < today} for r in found]
    return {
        "absent": [r for r in rows if r["row"].appointment.user_id == user.pk],
        "standing_in": [r for r in rows if r["row"].appointment.user_id != user.pk],
    }
