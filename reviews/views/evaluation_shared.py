"""What the views of monthly evaluations share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from plans.errors import ActionRefused, Stale
from plans.views.shared import Request, done, refused
from reviews.models import Evaluation, EvaluationRound
from units.access import get_visible_or_404, require
from units.models import Unit, User
from units.querysets import UnitQuerySet

FORM = "reviews/evaluation_form.html"
DIGITS = 18  # of an id
ROUND = ("unit", "card", "meeting__event", "locked_by")


def visible_round(user: User, pk: int) -> EvaluationRound:
    """Return a round that the person sees, whole or the own part; else 404."""
    found: EvaluationRound = get_visible_or_404(EvaluationRound.objects.select_related(*ROUND), user, pk)
    return found


def visible_evaluation(user: User, pk: int) -> Evaluation:
    """Return an evaluation that the person may read whole; else 404."""
    related = ("person", "decided_by", *(f"round__{name}" for name in ROUND))
    found: Evaluation = get_visible_or_404(Evaluation.objects.select_related(*related), user, pk)
    return found


def crumbs_of(row: EvaluationRound | None, *more: str, whole: bool = True) -> list[tuple[str, str | None]]:
    """Return the way to a page below the list; the round is a step of it for who sees it `whole`."""
    way: list[tuple[str, str | None]] = [
        (_("Reviews"), reverse("reviews:hub")),
        (_("Monthly evaluations"), reverse("reviews:evaluations")),
    ]
    if row is not None:
        way.append((month_label(row), row.get_absolute_url() if more and whole else None))
    return [*way, *((word, None) for word in more)]


def month_label(row: EvaluationRound) -> str:
    """Return "March 2026" as pages write it: 03/2026, with the body."""
    return f"{row.month:%m/%Y} – {row.get_body_display()}"


def chosen_unit(request: Request, units: UnitQuerySet) -> tuple[Unit, list[Unit]]:
    """Return for which unit a page is, as the address says (`unit`), else the highest; 404 for none. Two queries."""
    ordered = list(units.order_by("depth", "path")[:40])
    asked = request.GET.get("unit", "")
    if asked.isdecimal() and len(asked) <= DIGITS:
        named = units.filter(pk=int(asked)).first()
    else:
        named = ordered[0] if ordered and not asked else None
    require(named is not None)
    assert named is not None  # noqa: S101  # for the type checker
    return named, ordered


def formed(
    request: Request,
    context: dict[str, Any],
    act: Callable[[], object],
    *,
    words: str,
    to: str | Callable[[Any], str],
    newest: Callable[[], int] | None = None,
    template: str = FORM,
) -> HttpResponse:
    """Show a form, or do what it says and go on.

    What came too late is shown again with the `newest` version: the person was told and can compare first.
    """
    form: forms.Form = context["form"]
    if request.method != "POST" or not form.is_valid():
        return render(request, template, context, status=200 if request.method != "POST" else 422)
    try:
        made = act()
    except ActionRefused as refusal:
        if isinstance(refusal, Stale) and newest is not None:
            data: Any = form.data.copy()  # type: ignore[attr-defined]  # a QueryDict
            data["version"] = str(newest())
            form.data = data
        return refused(request, template, context, refusal)
    done(request, words)
    return redirect(to if isinstance(to, str) else to(made))
