"""Acts of who runs the inspections of a unit: the programme of a year, planning, announcing, moving, calling off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from doantracker.lib import clock
from plans.actions.deadlines import cancel
from plans.actions.events import cancel_event, change_event, create_event, give_event_day, move_event
from plans.actions.programmes import add_work, open_programme
from plans.enums import OPEN, Kind, Status
from plans.errors import ActionRefused
from plans.models import Event, Schedule
from reviews.actions.locking import locked_inspection, require_state
from reviews.actions.made import made_before
from reviews.bodies import heading_body, members_of
from reviews.enums import AT_WORK, InspectionState
from reviews.models import Checklist, Inspection, InspectionProgramme, InspectionVisit, VisitItem
from reviews.models.inspection import MOST_PREPARATION_DAYS
from reviews.rights import may_run
from reviews.titles import (
    BODIES,
    PREPARATION_GROUP,
    inspection_programme_title,
    preparation_phrase,
    preparation_text,
    visit_event,
    visit_title,
)
from units import audit
from units.access import require
from units.models import Unit, User
from units.models.audit import AuditAction

#: What a person may say of an inspection besides its visits.
FACTS: Final = ("kind", "title", "content", "period_start", "period_end", "head", "report_unit")
MOST_VISITS: Final = 60
Visits = Sequence[tuple[Unit, dt.date | None]]


def open_year(*, unit: Unit, year: int, by: User, today: dt.date | None = None) -> InspectionProgramme:
    """Return the inspection programme of a unit for a year, made when it is first needed."""
    require(may_run(by, unit))
    with transaction.atomic():
        Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)  # two at once: one waits
        found = InspectionProgramme.objects.select_related("unit", "plan").filter(unit=unit, year=year).first()
        if found is not None:
            return found
        body = BODIES[heading_body(unit, today or clock.today())]
        title = inspection_programme_title(str(unit.label), year)
        plan = open_programme(unit=unit, body=body, title=title, year=year, by=by)
        row = InspectionProgramme.objects.create(unit=unit, year=year, plan=plan)
        audit.record(AuditAction.CREATED, by=by, obj=row, unit_id=unit.pk, data={"year": year})
    return row


def issue_programme(*, unit: Unit, year: int, symbol: str, issued_on: dt.date | None, by: User) -> InspectionProgramme:
    """Enter the number and the day of the document by which the programme was issued."""
    with transaction.atomic():
        row = open_year(unit=unit, year=year, by=by)
        before = {"symbol": row.symbol, "issued_on": row.issued_on}
        row.symbol, row.issued_on = symbol, issued_on
        row.save()
        changed = audit.changes(before, {"symbol": row.symbol, "issued_on": row.issued_on})
        if changed:
            audit.record(AuditAction.ISSUED, by=by, obj=row, unit_id=unit.pk, data=changed)
    return row


def plan_inspection(
    *,
    unit: Unit,
    year: int,
    values: Mapping[str, Any],
    visits: Visits,
    by: User,
    members: Iterable[User] = (),
    key: str = "",
    today: dt.date | None = None,
) -> Inspection:
    """Put an inspection into the programme of a year; `values` are of FACTS, `visits` the units, each with its day.

    With the `key` of a form that was sent before, the inspection it made then is returned.
    """
    require(may_run(by, unit))
    try:
        return made_before(Inspection, key, by=by) or _planned(
            unit, year, values, visits, by=by, members=members, key=key, today=today or clock.today()
        )
    except IntegrityError:  # the same form was sent twice at once, and the other one was first
        made = made_before(Inspection, key, by=by)
        if made is None:
            raise
        return made


def change_inspection(
    *,
    inspection: Inspection,
    values: Mapping[str, Any],
    by: User,
    members: Iterable[User],
    visits: Visits | None = None,
    version: int | None = None,
    today: dt.date | None = None,
) -> Inspection:
    """Change what is said of an inspection; the units only while none of them has been told.

    Conclusions that are issued fix what it was.
    """
    with locked_inspection(inspection, version) as row:
        require(may_run(by, row.unit))
        require_state(row, InspectionState.PLANNED, *AT_WORK, InspectionState.REPORT_OWED)
        before, head = _worded(row), row.head_id
        _give(row, values)
        if row.head_id != head:
            _require_head(row, today or clock.today())
        row.members.set(_team(row, members))
        if visits is not None:
            require_state(row, InspectionState.PLANNED)
            _set_visits(row, visits, by=by)
        touch(row)
        _log(AuditAction.CHANGED, row, by, audit.changes(before, _worded(row)))
    return row


def announce(
    *,
    inspection: Inspection,
    preparation: str,
    days: int,
    by: User,
    version: int | None = None,
    today: dt.date | None = None,
) -> Inspection:
    """Tell the units: each owes its preparation so many `days` before its visit, and gets the items of its checklist.

    `preparation` is what they prepare, one thing a line.
    """
    today = today or clock.today()
    if not 0 <= days <= MOST_PREPARATION_DAYS:
        words = _("The preparation is owed 0 to %(most)d days before the visit.")
        raise ActionRefused(words % {"most": MOST_PREPARATION_DAYS})
    with locked_inspection(inspection, version) as row:
        require(may_run(by, row.unit))
        require_state(row, InspectionState.PLANNED)
        row.preparation, row.preparation_days = preparation.strip(), days
        if not row.wanted:
            raise ActionRefused(_("List what the units prepare, one thing a line."))
        visits = list(row.visits.select_related("unit__kind", "event"))
        _require_ready(visits)
        lists = _checklists(row.unit, visits)
        for visit in visits:
            _open_visit(row, visit, lists[visit.unit.kind_id], by=by, today=today)
        row.state = InspectionState.ANNOUNCED
        touch(row)
        _log(AuditAction.ISSUED, row, by, {"visits": len(visits), "days": days})
    return row


def move_visit(*, visit: InspectionVisit, day: dt.date, by: User, today: dt.date | None = None) -> InspectionVisit:
    """Give a visit its day or another one: the preparation moves along."""
    with locked_inspection(visit.inspection) as row:
        require(may_run(by, row.unit))
        require_state(row, InspectionState.PLANNED, *AT_WORK)
        fresh = _again(visit, row)
        if fresh.visited_on is not None:
            raise ActionRefused(_("The visit has taken place: its day stays."))
        data = {"day": [fresh.event.day, day], "unit": fresh.unit.label}
        _move(fresh.event, day, by=by, today=today)
        touch(row)
        _log(AuditAction.CHANGED, row, by, data)
    fresh.event.refresh_from_db()
    return fresh


def cancel_inspection(
    *, inspection: Inspection, reason: str, by: User, version: int | None = None, today: dt.date | None = None
) -> Inspection:
    """Call an inspection off with a reason, before its conclusions: what is still owed for it is called off too."""
    if not reason.strip():
        raise ActionRefused(_("Say why the inspection is not carried out."))
    with locked_inspection(inspection, version) as row:
        require(may_run(by, row.unit))
        require_state(row, InspectionState.PLANNED, *AT_WORK, InspectionState.REPORT_OWED)
        row.state, row.cancel_reason = InspectionState.CANCELLED, reason.strip()[:500]
        touch(row)
        visits = list(row.visits.select_related("event", "preparation"))
        for task in (*(v.preparation for v in visits), row.report_task):
            call_off(task, by=by, reason=row.cancel_reason)
        for visit in visits:
            if not visit.event.cancelled and visit.visited_on is None:
                cancel_event(event=visit.event, reason=row.cancel_reason, by=by, today=today)
        _log(AuditAction.CANCELLED, row, by, {"reason": row.cancel_reason})
    return row


def call_off(task: Schedule | None, *, by: User, reason: str) -> None:
    """Call off what is still owed of a commitment."""
    owed = task.deadlines.filter(status__in=(*OPEN, Status.ON_HOLD)) if task else ()
    for row in owed:
        cancel(deadline=row, version=row.version, by=by, reason=reason)


def touch(row: Inspection) -> None:
    """Save an inspection as its next version."""
    row.version += 1
    row.save()


# --- planning ---


def _planned(
    unit: Unit,
    year: int,
    values: Mapping[str, Any],
    visits: Visits,
    *,
    by: User,
    members: Iterable[User],
    key: str,
    today: dt.date,
) -> Inspection:
    with transaction.atomic():
        programme = open_year(unit=unit, year=year, by=by, today=today)
        row = Inspection(programme=programme, created_by=by, created_at=clock.now(), form_key=key)
        _give(row, values)
        _require_head(row, today)
        row.save()
        row.members.set(_team(row, members))
        _set_visits(row, visits, by=by)
        _log(AuditAction.CREATED, row, by, {"visits": len(visits)})
    return row


def _give(row: Inspection, values: Mapping[str, Any]) -> None:
    for name in FACTS:
        if name in values:
            setattr(row, name, values[name])
    row.title = " ".join(row.title.split())[:200]
    row.content = row.content.strip()
    if not row.title:
        raise ActionRefused(_("Say what the inspection is called."))
    if row.period_start and row.period_end and row.period_end < row.period_start:
        raise ActionRefused(_("The period ends before it begins. Correct one of the days."))
    if not row.unit.covers(row.report_unit):
        raise ActionRefused(_("The report is owed by the unit that inspects or one of its departments."))


def _require_head(row: Inspection, today: dt.date) -> None:
    body = heading_body(row.unit, today)
    if row.head_id not in {person.pk for person in members_of(row.unit, body, today)}:
        raise ActionRefused(
            _("%(person)s does not sit in the body “%(body)s” of %(unit)s: one of its members heads the team.")
            % {"person": row.head, "body": body.label, "unit": row.unit.label}
        )


def _team(row: Inspection, members: Iterable[User]) -> list[User]:
    return [person for person in members if person.pk != row.head_id]


def _set_visits(row: Inspection, visits: Visits, *, by: User) -> None:
    """Write the visits anew: what stays keeps its event, what is left out goes with it."""
    wanted = dict(visits)
    _require_units(row, wanted)
    known = {visit.unit_id: visit for visit in row.visits.select_related("event", "unit")}
    for visit in [v for v in known.values() if v.unit not in wanted or (v.event.day and wanted[v.unit] is None)]:
        _drop_visit(known.pop(visit.unit_id))
    for unit, day in wanted.items():
        visit, name = known.get(unit.pk), visit_event(str(unit.label), row.title)
        if visit is None:
            event = create_event(unit=row.unit, name=name, day=day, by=by)
            InspectionVisit.objects.create(inspection=row, unit=unit, event=event)
            continue
        if visit.event.name != name:
            change_event(event=visit.event, name=name, kind=visit.event.kind, keeper=visit.event.keeper, by=by)
        if day is not None and visit.event.day != day:
            visit.event.refresh_from_db()
            _move(visit.event, day, by=by)


def _drop_visit(visit: InspectionVisit) -> None:
    event = visit.event
    if Schedule.objects.filter(event=event).exists():
        words = _("Work of a plan hangs on the visit to %(unit)s. Move the visit instead of leaving it out.")
        raise ActionRefused(words % {"unit": visit.unit.label})
    visit.delete()
    event.delete()


def _move(event: Event, day: dt.date, *, by: User, today: dt.date | None = None) -> None:
    act = give_event_day if event.day is None else move_event
    act(event=event, day=day, by=by, today=today)


def _require_units(row: Inspection, wanted: Collection[Unit]) -> None:
    if not wanted:
        raise ActionRefused(_("Name at least one unit that is inspected."))
    if len(wanted) > MOST_VISITS:
        words = _("One inspection goes to at most %(most)d units. Plan the others as another one.")
        raise ActionRefused(words % {"most": MOST_VISITS})
    if any(unit.pk == row.unit.pk or not row.unit.covers(unit) for unit in wanted):
        raise ActionRefused(_("Only units below the one that inspects can be inspected."))


def _worded(row: Inspection) -> dict[str, Any]:
    facts = {name: getattr(row, name) for name in FACTS}
    return {name: None if value is None else str(value) for name, value in facts.items()}


# --- announcing ---


def _require_ready(visits: Sequence[InspectionVisit]) -> None:
    without = [str(v.unit.label) for v in visits if v.event.day is None]
    if without:
        words = _("Give the day of the visit first to: %(units)s.")
        raise ActionRefused(words % {"units": ", ".join(without)})


def _checklists(unit: Unit, visits: Sequence[InspectionVisit]) -> dict[int, Checklist]:
    """Return the checklist in force for each kind of unit that is visited."""
    kinds = {visit.unit.kind_id: visit.unit.kind for visit in visits}
    rows = Checklist.objects.in_force().filter(unit=unit, unit_kind__in=kinds).prefetch_related("items")
    found = {row.unit_kind_id: row for row in rows}
    missing = [str(kind) for pk, kind in kinds.items() if pk not in found]
    if missing:
        words = _("There is no checklist for units of the kind: %(kinds)s. Write it first.")
        raise ActionRefused(words % {"kinds": ", ".join(missing)})
    return found


def _open_visit(row: Inspection, visit: InspectionVisit, checklist: Checklist, *, by: User, today: dt.date) -> None:
    """Make the plan of a visit with the preparation its unit owes, and copy what is looked at."""
    body = BODIES[heading_body(row.unit, today)]
    title = visit_title(row.title, str(visit.unit.label))
    visit.plan = open_programme(unit=row.unit, body=body, title=title, year=row.programme.year, by=by)
    days = row.preparation_days
    visit.preparation = add_work(
        plan=visit.plan,
        by=by,
        text=preparation_text(row.title, row.wanted),
        group=PREPARATION_GROUP,
        lead_unit=visit.unit,
        when={
            "kind": Kind.RELATIVE,
            "phrase": preparation_phrase(days),
            "event": visit.event,
            "anchor": visit.event.name,
            "lead_time": f"-P{days}D" if days else "",
        },
        today=today,
    )
    if visit.preparation.deadlines.filter(due_on__lt=today).exists():
        words = _("So many days before the visit to %(unit)s have passed already. Ask for fewer, or move the visit.")
        raise ActionRefused(words % {"unit": visit.unit.label})
    visit.checklist = checklist
    visit.save()
    VisitItem.objects.bulk_create(
        VisitItem(visit=visit, ordinal=item.ordinal, head=item.head, text=item.text) for item in checklist.items.all()
    )


def _again(visit: InspectionVisit, row: Inspection) -> InspectionVisit:
    fresh: InspectionVisit = row.visits.select_related("event", "unit").get(pk=visit.pk)
    fresh.inspection = row
    return fresh


def _log(action: AuditAction, row: Inspection, by: User, data: dict[str, Any]) -> None:
    audit.record(action, by=by, obj=row, plan_id=row.programme.plan_id, unit_id=row.unit.pk, data=data)
