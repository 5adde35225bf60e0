"""The page that leads to the registers of reviews."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from plans.views.shared import Request
from reviews.enums import RoundState
from reviews.hub import registers_of
from reviews.models import Evaluation


@require_safe
def hub(request: Request) -> HttpResponse:
    """Show the registers this person may open."""
    registers = registers_of(request.user)
    mine = Evaluation.objects.filter(person=request.user, self_at__isnull=True, round__state=RoundState.SELF)
    return render(request, "reviews/hub.html", {"registers": registers, "unscored": mine.count()})
