"""Acts on surveys: prepare, choose what is asked, start, finish with the report that is owed then, report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from doantracker.lib import clock
from doantracker.lib.text import nfc
from plans.actions.deadlines import cancel, submit
from plans.actions.programmes import add_work
from plans.actions.proof import Proof
from plans.calendars import working_days_after
from plans.enums import OPEN, Deliverable, IndicatorKind, Kind, PlanStatus, Status
from plans.errors import ActionRefused, Stale
from plans.models import Deadline, Indicator, Schedule
from plans.result_words import measure
from reviews.actions.made import made_before
from reviews.actions.programmes import programme_for
from reviews.bodies import bodies_of
from reviews.models import Survey, SurveyIndicator, SurveyUnit
from reviews.rights import may_survey
from reviews.titles import SURVEY_ANSWERED, survey_answer_text, survey_report_text
from units import audit
from units.access import require
from units.models import Unit, User
from units.models.audit import AuditAction

#: What a person says of a survey besides the units and what is asked.
FACTS: Final = ("title", "purpose", "period_start", "period_end", "answer_by", "plan", "lead_unit")
MOST_QUESTIONS: Final = 40
MOST_WORKING_DAYS: Final = 60
PERCENT: Final = "%"


def prepare_survey(
    *, unit: Unit, values: Mapping[str, Any], units: Collection[Unit], by: User, key: str = ""
) -> Survey:
    """Prepare a survey by `unit` among `units` below it; `values` are of FACTS. It asks about the plan's indicators.

    With the `key` of a form that was sent before, the survey it made then is returned.
    """
    require(may_survey(by, unit))
    try:
        return made_before(Survey, key, by=by) or _prepared(unit, values, units, by=by, key=key)
    except IntegrityError:  # the same form was sent twice at once, and the other one was first
        made = made_before(Survey, key, by=by)
        if made is None:
            raise
        return made


def change_survey(
    *, survey: Survey, values: Mapping[str, Any], units: Collection[Unit], by: User, version: int
) -> Survey:
    """Change a survey that has not started. With another plan its indicators are asked instead of the former ones."""
    with locked_survey(survey, by=by, version=version) as row:
        _require_preparing(row)
        before, plan = _worded(row), row.plan_id
        _give(row, values)
        _save(row)
        if row.plan_id != plan:
            free = [(q.text, q.measure) for q in row.questions.filter(indicator__isnull=True)]
            _ask(row, _indicators_of(row), free)
        _set_units(row, units)
        _log(AuditAction.CHANGED, row, by, audit.changes(before, _worded(row)))
    return row


def choose_questions(
    *, survey: Survey, indicators: Sequence[Indicator], free: Sequence[tuple[str, str]], by: User, version: int
) -> None:
    """Say what is asked: indicators of the survey's plan, and others as pairs of words and unit of measure."""
    with locked_survey(survey, by=by, version=version) as row:
        _require_preparing(row)
        require(all(i.plan_id == row.plan_id for i in indicators))
        _ask(row, indicators, free)
        _save(row)
        _log(AuditAction.CHANGED, row, by, {"questions": row.questions.count()})


def start_survey(*, survey: Survey, by: User, version: int, today: dt.date | None = None) -> Survey:
    """Start: every unit surveyed owes its answers by the day of the survey, as a deadline of the work programme."""
    today = today or clock.today()
    with locked_survey(survey, by=by, version=version) as row:
        _require_preparing(row)
        units = [r.unit for r in row.units.select_related("unit")]
        if not units:
            raise ActionRefused(_("Name the units that are asked first: change the survey."))
        if not row.questions.exists():
            raise ActionRefused(_("Say first what is asked: choose indicators of the plan or write your own."))
        if row.answer_by < today:
            raise ActionRefused(_("The day by which units answer has passed. Change the survey, give a later day."))
        when = {"kind": Kind.BY_DATE, "due": row.answer_by, "owner_units": units}
        row.answering = _owed(row, survey_answer_text(row.title), when, by=by, today=today)
        row.started_on = today
        _save(row)
        _log(AuditAction.SURVEY_STARTED, row, by, {"units": len(units), "answer_by": row.answer_by})
    return row


def finish_survey(
    *,
    survey: Survey,
    by: User,
    version: int,
    due: dt.date | None = None,
    working_days: int | None = None,
    today: dt.date | None = None,
) -> Survey:
    """Finish: the thematic report is owed from now on, by the day `due` or within so many working days.

    Who has answered whole has handed in; what others still owe is called off, they stay as not answered.
    """
    today = today or clock.today()
    with locked_survey(survey, by=by, version=version) as row:
        if row.started_on is None:
            raise ActionRefused(_("This survey has not started yet: nobody has been asked."))
        if row.finished_on is not None:
            raise ActionRefused(_("This survey is finished already; its report is owed."))
        when = {"kind": Kind.BY_DATE, "due": _report_day(due, working_days, today)}
        _settle(row, by=by, today=today)
        row.report = _owed(row, survey_report_text(row.title), when, by=by, today=today, report=True)
        row.finished_on = today
        _save(row)
        _log(AuditAction.SURVEY_FINISHED, row, by, {"report_due": when["due"]})
    return row


def hand_in_report(*, survey: Survey, by: User, version: int, text: str = "", proof: Proof | None = None) -> Deadline:
    """Hand in the thematic report: its words, its file or number, on the deadline that finishing made.

    `version` is that of the deadline as it was seen.
    """
    return submit(deadline=report_of(survey), by=by, version=version, text=text, proof=proof)


def report_of(survey: Survey) -> Deadline:
    """Return the deadline of the report of a survey; raise ActionRefused while it is not finished."""
    if survey.report is None:
        raise ActionRefused(_("This survey is not finished yet: its report is not owed."))
    rows = Deadline.objects.select_related("unit", "plan__issuing_unit", "solution", "schedule")
    found: Deadline = rows.get(schedule=survey.report)
    return found


@contextmanager
def locked_survey(survey: Survey, *, by: User, version: int) -> Iterator[Survey]:
    """Yield the survey, held until the end of the transaction, in the version that was seen, to who runs it."""
    with transaction.atomic():
        rows = Survey.objects.select_for_update(of=("self",)).select_related("unit", "lead_unit", "plan")
        row: Survey = rows.get(pk=survey.pk)
        require(may_survey(by, row.unit))
        if row.version != version:
            raise Stale(_("Somebody changed this survey meanwhile. Look at it as it is now, then do it again."))
        yield row


def _prepared(unit: Unit, values: Mapping[str, Any], units: Collection[Unit], *, by: User, key: str) -> Survey:
    with transaction.atomic():
        row = Survey(unit=unit, created_by=by, created_at=clock.now(), form_key=key)
        _give(row, values)
        row.save()
        _ask(row, _indicators_of(row), ())
        _set_units(row, units)
        _log(AuditAction.CREATED, row, by, {"units": len(units)})
    return row


def _give(row: Survey, values: Mapping[str, Any]) -> None:
    for name in FACTS:
        if name in values:
            setattr(row, name, values[name])
    row.title = " ".join(row.title.split())[:300]
    if not row.title:
        raise ActionRefused(_("Say what the survey is called."))
    if row.period_start > row.period_end:
        raise ActionRefused(_("The last day lies before the first. Correct one of the two days."))
    if not row.unit.covers(row.lead_unit):
        raise ActionRefused(_("Who conducts the survey must be the unit itself or one below it."))


def _set_units(row: Survey, units: Collection[Unit]) -> None:
    if not all(row.unit.covers(unit) for unit in units):
        raise ActionRefused(_("Only units below the one that surveys can be asked."))
    row.units.exclude(unit__in=units).delete()
    standing = set(row.units.values_list("unit_id", flat=True))
    new = {unit.pk: unit for unit in units if unit.pk not in standing}
    SurveyUnit.objects.bulk_create(SurveyUnit(survey=row, unit=unit) for unit in new.values())


def _indicators_of(row: Survey) -> list[Indicator]:
    return list(row.plan.indicators.order_by("ordinal")[:MOST_QUESTIONS]) if row.plan else []


def _ask(row: Survey, indicators: Sequence[Indicator], free: Sequence[tuple[str, str]]) -> None:
    """Write what is asked anew: the plan's indicators first."""
    asked: list[dict[str, Any]] = [{"indicator": i, "text": i.text, "measure": _measure(i)} for i in indicators]
    asked += [{"text": nfc(" ".join(t.split())), "measure": nfc(unit.strip())[:60] or PERCENT} for t, unit in free]
    if len(asked) > MOST_QUESTIONS:
        raise ActionRefused(_("Ask about at most %(most)d indicators at once.") % {"most": MOST_QUESTIONS})
    row.questions.all().delete()
    SurveyIndicator.objects.bulk_create(
        SurveyIndicator(survey=row, ordinal=n, **facts) for n, facts in enumerate(asked, start=1)
    )


def _measure(indicator: Indicator) -> str:
    """Return in what completion of an indicator is told: its own measure, of levels a percentage."""
    return PERCENT if indicator.kind == IndicatorKind.LEVEL else measure(indicator) or PERCENT


def _require_preparing(row: Survey) -> None:
    if row.started_on is not None:
        raise ActionRefused(_("This survey has started: units answer what they were asked. It can only be finished."))


def _owed(
    row: Survey, text: str, when: Mapping[str, Any], *, by: User, today: dt.date, report: bool = False
) -> Schedule:
    body = bodies_of(row.unit, today)[0]
    plan = programme_for(row.unit, body, when["due"].year, by=by)
    kind = Deliverable.REPORT if report else Deliverable.RESULT
    return add_work(
        plan=plan, by=by, text=text, group=row.title, lead_unit=row.lead_unit, when=when, deliverable=kind, today=today
    )


def _report_day(due: dt.date | None, working_days: int | None, today: dt.date) -> dt.date:
    """Return the last day of the report, said in one way."""
    if (due is None) == (working_days is None):
        raise ActionRefused(_("Say by when the report is owed: a day, or a number of working days."))
    if working_days is not None:
        if not 1 <= working_days <= MOST_WORKING_DAYS:
            raise ActionRefused(_("Give 1 to %(most)d working days.") % {"most": MOST_WORKING_DAYS})
        return working_days_after(today, working_days)
    assert due is not None  # noqa: S101  # for the type checker: one of the two was said
    if due < today:
        raise ActionRefused(_("This day has passed. Choose today or a later day."))
    return due


def _settle(row: Survey, *, by: User, today: dt.date) -> None:
    """End what units still owe: handed in where the answer is whole, else called off."""
    whole = set(row.units.filter(complete=True).values_list("unit_id", flat=True))
    owed = Deadline.objects.filter(schedule=row.answering, status__in=(*OPEN, Status.ON_HOLD))
    for deadline in owed.filter(plan__status=PlanStatus.PUBLISHED).order_by("pk"):
        seen = deadline.version
        if deadline.unit_id in whole and deadline.status != Status.ON_HOLD:
            submit(deadline=deadline, by=by, version=seen, text=SURVEY_ANSWERED, today=today)
        else:
            cancel(deadline=deadline, by=by, version=seen, reason=_("The survey is finished."))


def _worded(row: Survey) -> dict[str, Any]:
    facts = {name: getattr(row, name) for name in FACTS}
    return {name: None if value is None else str(value) for name, value in facts.items()}


def _save(row: Survey) -> None:
    row.version += 1
    row.save()


def _log(action: AuditAction, row: Survey, by: User, data: dict[str, Any]) -> None:
    audit.record(action, by=by, obj=row, unit_id=row.unit_id, data=data)
