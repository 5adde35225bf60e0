"""Pages of the frame itself."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from doantracker.templatetags.ui import CHIP_ICONS


def home(request: HttpRequest) -> HttpResponse:
    """Stand in for My work until it exists."""
    return render(request, "components/gallery.html", {"chips": list(CHIP_ICONS)})
