"""My work: what the person's own units owe, the most pressing first."""

from __future__ import annotations

import datetime as dt

from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from doantracker.lib import clock
from plans.desks import Desk, returned_since, waiting_desks
from plans.enums import OPEN, Status, TimeState
from plans.models import Deadline, Plan
from plans.querysets import DeadlineQuerySet
from plans.rows import Row, rows_from, rows_of, values_of
from plans.views.shared import Request
from units.access import paths_with
from units.models import Unit, User
from units.permissions import Permission

SHOWN = 200  # open rows of one's own units; the list page has the rest
WAITING_SHOWN = 10


@require_safe
def my_work(request: Request) -> HttpResponse:
    """Show what is owed and what waits for the person's word; who only reads goes to their unit's page."""
    user = request.user
    if not (user.may(Permission.REPORT) or user.may(Permission.CONFIRM)):
        return _their_unit(user)
    today, back = clock.today(), request.get_full_path()
    mine = Deadline.objects.visible_to(user).owed_by_units_of(user).filter(plan__status="published")
    owed = mine.filter(status__in=OPEN).order_by(F("due_on").asc(nulls_last=True), "pk")[:SHOWN]
    rows = rows_of(owed, user=user, today=today, back=back)
    held = mine.filter(status=Status.ON_HOLD).order_by(F("held_until").asc(nulls_last=True), "pk")[:WAITING_SHOWN]
    note_returned(rows, today)
    context = {
        "sections": sections(rows),
        "waiting": waiting_rows(mine, user=user, today=today, back=back),
        "on_hold": rows_of(held, user=user, today=today, back=back),
        "more": len(rows) == SHOWN,
        "office": office_counts(user),
        "today": today,
    }
    return render(request, "plans/my_work.html", context)


def waiting_rows(mine: DeadlineQuerySet, *, user: User, today: dt.date, back: str) -> list[Row]:
    """Return what was sent in last and waits, each with the desk it lies on; two queries."""
    waiting = mine.filter(status=Status.SUBMITTED).order_by("-reported_on", "pk")[:WAITING_SHOWN]
    found = list(values_of(waiting))
    rows = rows_from(found, user=user, today=today, back=back)
    for row, desk in zip(rows, waiting_desks(found, today), strict=True):
        row["desk"] = desk
    return rows


def note_returned(rows: list[Row], today: dt.date) -> None:
    """Note in returned rows for how long they have lain with the unit again; one query, none without such rows."""
    since = returned_since([row["pk"] for row in rows if row["status"] == Status.RETURNED])
    for row in rows:
        if day := since.get(row["pk"]):
            row["desk"] = Desk("", (), (), 0, day, (today - day).days).short


def sections(rows: list[Row]) -> dict[str, list[Row]]:
    """Part the open rows: returned ones first, then overdue, due soon, later, without a date."""
    parts: dict[str, list[Row]] = {"returned": [], "overdue": [], "due_soon": [], "later": [], "no_date": []}
    names = {TimeState.OVERDUE: "overdue", TimeState.DUE_SOON: "due_soon", TimeState.NO_DATE: "no_date"}
    for row in rows:
        part = "returned" if row["status"] == Status.RETURNED else names.get(TimeState(row["time"]), "later")
        parts[part].append(row)
    return parts


def office_counts(user: User) -> dict[str, int]:
    """Return what somebody who decides looks after: overdue work below, and drafts of who runs plans.

    What waits for the person's word is counted for the navigation already, and taken from there.
    """
    if not user.may(Permission.CONFIRM):
        return {}
    below = Deadline.objects.visible_to(user).filter(plan__status="published")
    found = {"overdue": below.overdue(clock.today()).count()}
    if user.may(Permission.MANAGE_PLANS):
        found["drafts"] = Plan.objects.managed_by(user).filter(status="draft").count()
    return found


def _their_unit(user: User) -> HttpResponse:
    """Send a reader to the top of what they see; somebody without any post gets an empty page's hint."""
    paths = paths_with(user, Permission.VIEW)
    unit = Unit.objects.filter(path__in=paths).first()
    return redirect("units:unit", unit.pk) if unit else redirect("plans:notices")
