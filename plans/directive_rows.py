"""Directives and activities as their pages show them, and how the issuer itself kept the lead time it is asked for."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import TruncMonth
from django.urls import reverse

from plans.enums import LeadState
from plans.lead_time import lead_of
from plans.models import Directive, DirectiveRecipient
from plans.querysets import lead_conditions
from plans.statistics import percent_text
from units.access import paths_with
from units.models import User
from units.permissions import Permission

COLUMNS = (
    "pk", "title", "symbol", "kind", "issued_on", "rolls_out_on", "earliest_roll_out", "urgent", "urgent_reason",
    "issuing_unit__name", "issuing_unit__short_name", "issuing_unit__path", "drafting_unit__name",
    "drafting_unit__short_name", "all_units", "received_units", "waits_here",
)  # fmt: skip


def directive_rows(directives: Any, *, user: User) -> list[dict[str, Any]]:
    """Return the rows of a list of directives in their order; one query.

    How many have received it is told to the issuer's people and those above; the units addressed learn of themselves.
    """
    sees = tuple(paths_with(user, Permission.VIEW)) or ("\0",)
    theirs = DirectiveRecipient.objects.filter(directive=OuterRef("pk")).order_by().values("directive")
    counted = theirs.annotate(n=Count("pk")).values("n")
    waiting = DirectiveRecipient.objects.to_receive_by(user).filter(directive=OuterRef("pk"))
    found = directives.annotate(
        all_units=Subquery(counted),
        received_units=Subquery(counted.filter(received_on__isnull=False)),
        waits_here=Exists(waiting),
    ).values(*COLUMNS)
    base = reverse("plans:directives")
    rows = []
    for row in found:
        lead = _lead(row)
        rows.append(
            {
                **row,
                "url": f"{base}{row['pk']}/",
                "issuer": row["issuing_unit__short_name"] or row["issuing_unit__name"],
                "drafter": row["drafting_unit__short_name"] or row["drafting_unit__name"],
                "lead": lead,
                "counts": row["issued_on"] is not None and row["issuing_unit__path"].startswith(sees),
                "received_units": row["received_units"] or 0,
            }
        )
    return rows


def _lead(row: dict[str, Any]) -> Any:
    if row["issued_on"] is None:
        return None
    return lead_of(
        issued_on=row["issued_on"],
        rolls_out_on=row["rolls_out_on"],
        required=(row["earliest_roll_out"] - row["issued_on"]).days,
        urgent=row["urgent"],
        reason=row["urgent_reason"],
    )


@dataclass(frozen=True, slots=True)
class LeadFigures:
    """Issued directives by how their lead time stands. Urgency with a reason is no breach of the rule."""

    total: int = 0
    kept: int = 0
    urgent: int = 0
    broken: int = 0

    @property
    def rate(self) -> str:
        """Return the share that breaks no rule, in percent; a dash for none."""
        return percent_text(self.total - self.broken, self.total)


@dataclass(frozen=True, slots=True)
class LeadLine:
    """One line of the table: each number with the address of exactly its rows."""

    name: str
    figures: LeadFigures
    cells: list[tuple[int, str]]


FIGURES = {"kept": LeadState.KEPT, "urgent": LeadState.URGENT, "broken": LeadState.BROKEN}


def lead_figures(directives: QuerySet[Directive]) -> LeadFigures:
    """Return the figures of all issued `directives`; one query."""
    return _figures(directives.order_by().filter(issued_on__isnull=False).aggregate(**_counts()))


def lead_by_department(
    directives: QuerySet[Directive], *, first: dt.date | None, last: dt.date | None
) -> list[LeadLine]:
    """Count by the department that drafted; one query."""
    rows = directives.order_by().filter(issued_on__isnull=False).values("drafting_unit", name=F("drafting_unit__name"))
    return [
        _line(row["name"], _figures(row), first, last, drafted_by=row["drafting_unit"])
        for row in rows.annotate(**_counts()).order_by("drafting_unit__path")
    ]


def lead_by_month(directives: QuerySet[Directive], *, first: dt.date | None, last: dt.date | None) -> list[LeadLine]:
    """Count by the month of issue, the latest first; one query."""
    rows = (
        directives.order_by().filter(issued_on__isnull=False).annotate(month=TruncMonth("issued_on")).values("month")
    )
    lines = []
    for row in rows.annotate(**_counts()).order_by("-month"):
        month = row["month"]
        end = (month + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)
        lines.append(_line(f"{month:%m/%Y}", _figures(row), max(month, first or month), min(end, last or end)))
    return lines


def lead_whole(directives: QuerySet[Directive], *, first: dt.date | None, last: dt.date | None) -> LeadLine:
    """Count all together; one query."""
    return _line("", lead_figures(directives), first, last)


def _figures(row: Any) -> LeadFigures:
    return LeadFigures(**{name: row[f"n_{name}"] for name in ("total", *FIGURES)})


def _counts() -> dict[str, Count]:
    conditions = lead_conditions()
    counted = {f"n_{name}": Count("pk", filter=conditions[state]) for name, state in FIGURES.items()}
    return {"n_total": Count("pk"), **counted}


def _line(name: str, figures: LeadFigures, first: dt.date | None, last: dt.date | None, **more: Any) -> LeadLine:
    period = {"issued_from": f"{first:%d/%m/%Y}" if first else "", "issued_to": f"{last:%d/%m/%Y}" if last else ""}
    query = {key: value for key, value in {**period, **more, "issued": "true"}.items() if value}
    base = reverse("plans:directives")
    total = (figures.total, f"{base}?{urlencode(query)}")
    others = [
        (getattr(figures, name), f"{base}?{urlencode(query | {'lead': state.value})}")
        for name, state in FIGURES.items()
    ]
    return LeadLine(name, figures, [total, *others])
