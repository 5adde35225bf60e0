"""The number of a paper in the record it was made of: entered with the number, taken out when the paper is cancelled.

Part of the transaction of `papers.number_paper` and `papers.cancel_paper`, which ask for the rights.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from django.db import models
from django.http import Http404, QueryDict

from doantracker.papers.composing import MINUTES
from doantracker.papers.enums import PaperKind
from doantracker.papers.models import OfficialPaper
from doantracker.papers.sources import key_in
from plans.actions.plans import set_symbol_parts
from plans.models import Plan
from reviews.models import Inspection, InspectionProgramme, Meeting
from units import audit
from units.models import User
from units.models.audit import AuditAction


@dataclass(frozen=True, slots=True)
class NumberField:
    """Where records of a `model`, which the subject of a paper names as `word`, keep its number.

    It is entered once the day in `since` is known: what was not handed in or issued takes none, and asks for the
    paper's number when it is. `day`: where the day of the paper goes.
    """

    word: str
    model: type[models.Model]
    name: str
    since: str = ""
    day: str = ""


FIELDS: Final[dict[str, NumberField]] = {
    PaperKind.INSPECTION: NumberField("inspection", Inspection, "report_symbol", since="reported_on"),
    PaperKind.CONCLUSIONS: NumberField("inspection", Inspection, "conclusion_symbol", since="concluded_on"),
    PaperKind.MINUTES: NumberField("meeting", Meeting, "minutes_symbol", since="held_on"),
    PaperKind.PROGRAMME: NumberField("programme", InspectionProgramme, "symbol", day="issued_on"),
    PaperKind.PLAN: NumberField("plan", Plan, "symbol"),
}
#: By which word the subject of a paper names the record it is made of; others are made of more than one.
WORDS: Final[dict[str, str]] = {
    **{kind: field.word for kind, field in FIELDS.items()},
    PaperKind.CHASING: "letter",
    PaperKind.SURVEY: "survey",
    PaperKind.COMMENDATION: "commendation",
}


def own_number(paper: OfficialPaper) -> str:
    """Return the number that the record of a paper has by now; "" where it has none or its kind keeps none."""
    record = _locked_record(paper)
    return str(getattr(record, FIELDS[paper.kind].name)) if record else ""


def numbered_before(paper: OfficialPaper) -> OfficialPaper | None:
    """Return the paper that left about the same record, whose kind takes one number only."""
    field = FIELDS.get(paper.kind)
    if field is None:
        return None
    about = f"{field.word}={QueryDict(paper.subject).get(field.word, '')}"
    others = OfficialPaper.objects.filter(kind=paper.kind, number__isnull=False, cancelled_on=None)
    found: OfficialPaper | None = others.filter(subject__regex=rf"(^|&){about}(&|$)").exclude(pk=paper.pk).first()
    return found


def day_of_record(paper: OfficialPaper) -> dt.date | None:
    """Return the day that the record of a paper fixes: a meeting's for its minutes, a plan's day of issue."""
    if paper.code == MINUTES:
        return paper.day
    if paper.kind != PaperKind.PLAN:
        return None
    plans = Plan.objects.filter(pk=key_in(QueryDict(paper.subject), "plan"))
    return plans.values_list("issued_on", flat=True).first()


def enter_number(paper: OfficialPaper, *, by: User) -> None:
    """Enter the number of a paper into its record; one that is there already stays."""
    field, record = FIELDS.get(paper.kind), _locked_record(paper)
    if field is None or record is None or getattr(record, field.name):
        return
    if field.since and getattr(record, field.since) is None:
        return
    given: dict[str, Any] = {field.name: paper.paper.head.number}
    if field.day:
        given[field.day] = paper.day
    _change(record, given, paper, by)


def take_number_out(paper: OfficialPaper, *, by: User) -> None:
    """Take the number of a cancelled paper out of its record, where it is still this one."""
    field, record = FIELDS.get(paper.kind), _locked_record(paper)
    if field is None or record is None or getattr(record, field.name) != paper.paper.head.number:
        return
    taken: dict[str, Any] = {field.name: ""}
    if field.day and getattr(record, field.day) == paper.day:
        taken[field.day] = None
    _change(record, taken, paper, by)


def _locked_record(paper: OfficialPaper) -> Any:
    """Return the record of a paper, held until the end of the transaction; None where its kind has no number."""
    field = FIELDS.get(paper.kind)
    if field is None:
        return None
    rows: models.QuerySet[Any] = field.model._default_manager.select_for_update(of=("self",))  # noqa: SLF001  # public
    try:
        return rows.filter(pk=key_in(QueryDict(paper.subject), field.word)).first()
    except Http404:
        return None


def _change(record: Any, values: dict[str, Any], paper: OfficialPaper, by: User) -> None:
    """Save other values as the next version of a record, and log them."""
    before = {name: getattr(record, name) for name in values}
    for name, value in values.items():
        setattr(record, name, value)
    if isinstance(record, Plan):
        set_symbol_parts(record)
    if hasattr(record, "version"):  # a form that was opened before must not write the old number
        record.version += 1
    record.save()
    data = audit.changes(before, values) | {"paper": paper.pk}
    audit.record(AuditAction.CHANGED, by=by, obj=record, plan_id=_plan_of(record), unit_id=paper.unit_id, data=data)


def _plan_of(record: Any) -> int | None:
    """Return in the log of which plan acts on a record stand."""
    if isinstance(record, Plan):
        return record.pk
    return record.programme.plan_id if isinstance(record, Inspection) else None
