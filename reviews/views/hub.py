"""The page that leads to the registers of reviews."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from plans.views.shared import Request
from reviews.hub import registers_of


@require_safe
def hub(request: Request) -> HttpResponse:
    """Show the registers this person may open."""
    return render(request, "reviews/hub.html", {"registers": registers_of(request.user)})
