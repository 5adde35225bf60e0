"""What the pages are measured against."""

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from doantracker.lib import clock
from plans.models import Deadline
from plans.reminders import sweep

COLUMNS = (
    "pk",
    "unit__name",
    "plan_id",
    "plan__symbol",
    "solution__text",
    "due_on",
    "status",
    "reported_on",
    "percent",
)


def floor(request: HttpRequest) -> HttpResponse:
    """Render 50 rows of one indexed query into a table like the list's, for a logged-in person, without a frame."""
    person = str(request.user)
    rows = Deadline.objects.filter(due_on__gte=clock.today()).order_by("due_on", "pk").values(*COLUMNS)[:50]
    return render(request, "floor.html", {"rows": rows, "person": person})


def one(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one row, found by its id, in the frame of every page: the least a page of the product can cost."""
    return render(request, "one.html", {"row": Deadline.objects.values(*COLUMNS).get(pk=pk)})


@csrf_exempt
def sweep_in(_request: HttpRequest, days: int) -> HttpResponse:
    """Run the sweep as of so many days from today."""
    result = sweep.check_deadlines(today=clock.today() + dt.timedelta(days=days))
    return HttpResponse(f"{result.occurrences} {result.notices}")
