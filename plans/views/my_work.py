"""My work: what the person's own units owe, the most pressing first."""

from __future__ import annotations

from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from doantracker.lib import clock
from plans.enums import OPEN, Status, TimeState
from plans.models import Deadline, Plan
from plans.rows import Row, rows_of
from plans.views.shared import Request
from units.access import paths_with
from units.models import Unit, User
from units.permissions import Permission

SHOWN = 200  # open rows of one's own units; the list page has the rest
WAITING_SHOWN = 10


@require_safe
def my_work(request: Request) -> HttpResponse:
    """Show what is owed; a person who reports for nobody goes to their unit's page."""
    user = request.user
    if not user.may(Permission.REPORT):
        return _their_unit(user)
    today = clock.today()
    mine = Deadline.objects.visible_to(user).owed_by_units_of(user).filter(plan__status="published")
    rows = rows_of(
        mine.filter(status__in=OPEN).order_by(F("due_on").asc(nulls_last=True), "pk")[:SHOWN],
        user=user,
        today=today,
        back=request.get_full_path(),
    )
    waiting = rows_of(
        mine.filter(status=Status.SUBMITTED).order_by("-reported_on", "pk")[:WAITING_SHOWN],
        user=user,
        today=today,
        back=request.get_full_path(),
    )
    context = {
        "sections": sections(rows),
        "waiting": waiting,
        "more": len(rows) == SHOWN,
        "office": office_counts(user),
        "today": today,
    }
    return render(request, "plans/my_work.html", context)


def sections(rows: list[Row]) -> dict[str, list[Row]]:
    """Part the open rows: returned ones first, then overdue, due soon, later, without a date."""
    parts: dict[str, list[Row]] = {"returned": [], "overdue": [], "due_soon": [], "later": [], "no_date": []}
    names = {TimeState.OVERDUE: "overdue", TimeState.DUE_SOON: "due_soon", TimeState.NO_DATE: "no_date"}
    for row in rows:
        part = "returned" if row["status"] == Status.RETURNED else names.get(TimeState(row["time"]), "later")
        parts[part].append(row)
    return parts


def office_counts(user: User) -> dict[str, int]:
    """Return what waits for somebody who runs plans: results to confirm, overdue work below, drafts."""
    if not user.may(Permission.MANAGE_PLANS):
        return {}
    today = clock.today()
    below = Deadline.objects.visible_to(user).filter(plan__status="published")
    return {
        "waiting": Deadline.objects.to_be_confirmed_by(user).count(),
        "overdue": below.overdue(today).count(),
        "drafts": Plan.objects.managed_by(user).filter(status="draft").count(),
    }


def _their_unit(user: User) -> HttpResponse:
    """Send a reader or leader to the top of what they see; somebody without any post gets an empty page's hint."""
    paths = paths_with(user, Permission.VIEW)
    unit = Unit.objects.filter(path__in=paths).first()
    return redirect("units:unit", unit.pk) if unit else redirect("plans:notices")
