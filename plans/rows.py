"""Rows of deadline tables: one query, formatted once, plain dictionaries (the cheapest thing a template reads)."""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any, TypedDict
from urllib.parse import urlencode

from django.conf import settings
from django.db.models.functions import Left
from django.urls import reverse

from plans.enums import OPEN, PlanStatus
from plans.labels import day_label, left_label, period_label
from plans.time_state import time_state
from plans.workflow import ACTS
from units.access import decider
from units.models import User
from units.models.audit import AuditAction
from units.permissions import Permission

Decides = Callable[[str, int | None], bool]

TEXT_LENGTH = 220  # characters of a solution shown in a table; its page shows all

COLUMNS = (
    "pk",
    "unit_id",
    "unit_path",
    "unit__name",
    "unit__short_name",
    "plan_id",
    "plan__symbol",
    "plan__title",
    "plan__status",
    "plan__issuing_unit__path",
    "words",
    "solution__deliverable",
    "occurrence",
    "due_on",
    "status",
    "reported_on",
    "reported_by_id",
    "percent",
    "reason",
    "version",
)


class Row(TypedDict):
    """One line of a deadline table, ready to print."""

    pk: int
    key: str  # the id for attributes: templates write numbers with thousands separators
    url: str
    report_url: str
    unit: str
    unit_id: int
    plan: str
    under: str
    plan_id: int
    text: str
    period: str
    due: str
    left: str
    reported: str
    status: str
    time: str
    percent: int
    reason: str
    version: int
    deliverable: str
    act: str  # "report" for the person's very own units, "decide", or nothing
    desk: str  # where it lies and since when, on pages that say so


def rows_of(deadlines: Any, *, user: User, today: dt.date, back: str = "") -> list[Row]:
    """Return the rows of `deadlines`, a queryset or a page of one, in their order; one query."""
    return rows_from(values_of(deadlines), user=user, today=today, back=back)


def values_of(deadlines: Any) -> Any:
    """Return the values that rows are made of."""
    return deadlines.annotate(words=Left("solution__text", TEXT_LENGTH)).values(*COLUMNS)


def rows_from(found: Iterable[dict[str, Any]], *, user: User, today: dt.date, back: str = "") -> list[Row]:
    """Format values already read; `back` is the page a report leads back to."""
    report = _paths(user, Permission.REPORT)
    decides = decider(user, Permission.CONFIRM)
    base = reverse("plans:deadlines")  # once: a reverse a row costs more than the row
    query = f"?{urlencode({'next': back})}" if back else ""
    rows = [_row(f, today=today, report=report, decides=decides, base=base) for f in found]
    for row in rows:
        row["report_url"] = f"{row['url']}report/{query}"
    return rows


def _row(found: dict[str, Any], *, today: dt.date, report: tuple[str, ...], decides: Decides, base: str) -> Row:
    words, followed = found["words"], found["plan__status"] == PlanStatus.PUBLISHED
    plan, period = found["plan__symbol"] or found["plan__title"], period_label(found["occurrence"])
    under = [plan, period, "" if followed else str(PlanStatus(found["plan__status"]).label)]
    return Row(
        pk=found["pk"],
        key=str(found["pk"]),
        url=f"{base}{found['pk']}/",
        report_url="",
        unit=found["unit__short_name"] or found["unit__name"],
        unit_id=found["unit_id"],
        plan=plan,
        under=" · ".join(filter(None, under)),
        plan_id=found["plan_id"],
        text=words if len(words) < TEXT_LENGTH else words.rsplit(" ", 1)[0] + " …",
        period=period,
        due=day_label(found["due_on"]),
        left=left_label(found["due_on"], today) if followed and found["status"] in OPEN else "",
        reported=day_label(found["reported_on"]) if found["reported_on"] else "",
        status=found["status"],
        time=time_state(
            status=found["status"],
            due_on=found["due_on"],
            reported_on=found["reported_on"],
            today=today,
            soon_days=settings.DUE_SOON_DAYS,
        ).value,
        percent=found["percent"],
        reason=found["reason"],
        version=found["version"],
        deliverable=found["solution__deliverable"],
        act=_act(found, report=report, decides=decides),
        desk="",
    )


def _act(found: dict[str, Any], *, report: tuple[str, ...], decides: Decides) -> str:
    """Return the act offered in the row; who stands above a unit reports for it on the deadline's page."""
    if found["plan__status"] != PlanStatus.PUBLISHED:
        return ""
    if found["status"] in ACTS[AuditAction.REPORTED].start and found["unit_path"] in report:
        return "report"
    to_confirm = found["status"] in ACTS[AuditAction.CONFIRMED].start
    return "decide" if to_confirm and decides(found["plan__issuing_unit__path"], found["reported_by_id"]) else ""


def _paths(user: User, permission: Permission) -> tuple[str, ...]:
    """Return the paths of a right for `str.startswith`; no right matches nothing."""
    return tuple(g.path for g in user.grants if g.permission == permission) or ("\0",)
