"""What follows the visits: the report is owed to the next meeting, and handed in."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from doantracker.lib import clock
from plans.actions.deadlines import submit
from plans.actions.programmes import add_work
from plans.actions.proof import Proof, Stash, Upload, stored
from plans.enums import OPEN, Kind
from plans.errors import ActionRefused
from plans.secrecy import secrecy_mark
from reviews.actions.inspections import call_off, touch
from reviews.actions.locking import locked_inspection, require_state
from reviews.bodies import heading_body
from reviews.enums import AT_WORK, InspectionState
from reviews.models import Inspection, InspectionFile, Meeting
from reviews.rights import may_conclude, may_run
from reviews.titles import INSPECTION_REPORTS_GROUP, inspection_report_text
from units import audit
from units.access import require
from units.models import Post, Unit, User
from units.models.audit import AuditAction


def next_meeting(unit: Unit, since: dt.date, today: dt.date) -> Meeting | None:
    """Return the meeting that hears the report: the next one planned of the body that heads inspections.

    Where none is planned the next one of the standing committee; two queries at most.
    """
    bodies = dict.fromkeys((heading_body(unit, today), Post.Body.STANDING_COMMITTEE))
    for body in bodies:
        coming = Meeting.objects.in_state("meeting_planned").filter(unit=unit, body=body)
        found: Meeting | None = coming.filter(event__day__gte=max(since, today)).order_by("event__day", "pk").first()
        if found is not None:
            return found
    return None


def meetings_offered(unit: Unit, today: dt.date) -> list[Meeting]:
    """Return the meetings to come at which the report may be heard, the next one first; one query."""
    coming = Meeting.objects.in_state("meeting_planned").filter(unit=unit)
    dated = Q(event__day__gte=today) | Q(event__day__isnull=True)
    return list(coming.filter(dated).select_related("event").order_by("event__day", "pk")[:24])


def end_visits(
    *,
    inspection: Inspection,
    by: User,
    meeting: Meeting | None = None,
    due: dt.date | None = None,
    version: int | None = None,
    today: dt.date | None = None,
) -> Inspection:
    """End the visits: the report is owed at `meeting`, else by the day `due`, else at the next meeting planned.

    Called again while the report is owed, by who runs the inspection, it is owed otherwise from then on.
    """
    today = today or clock.today()
    with locked_inspection(inspection, version) as row:
        again = row.state == InspectionState.REPORT_OWED
        require(may_conclude(by, row))
        if again and not may_run(by, row.unit):
            raise ActionRefused(
                _("The visits are ended and the report is owed. Ask whoever runs the inspection to move its day.")
            )
        require_state(row, *AT_WORK, InspectionState.REPORT_OWED)
        row.ended_on = row.ended_on or _last_visit(row)
        chosen = _meeting(row, meeting, due, row.ended_on, today)
        if again:
            call_off(row.report_task, by=by, reason=str(_("The report is owed at another meeting or by another day.")))
        row.report_meeting = chosen
        row.report_task = add_work(
            plan=row.programme.plan,
            by=by,
            text=inspection_report_text(chosen.body if chosen else heading_body(row.unit, today), row.title),
            group=INSPECTION_REPORTS_GROUP,
            lead_unit=row.report_unit,
            overseer=row.head,
            when=_when(chosen, due),
            today=today,
            entitled=True,
        )
        row.state = InspectionState.REPORT_OWED
        touch(row)
        data = {"meeting": chosen.title if chosen else None, "due": due}
        _log(AuditAction.DATED, row, by, data)
    return row


def hand_in_report(
    *,
    inspection: Inspection,
    by: User,
    text: str = "",
    symbol: str = "",
    files: tuple[Upload, ...] = (),
    version: int | None = None,
    today: dt.date | None = None,
) -> Inspection:
    """Hand in the report: it stands with the meeting it is owed to, and its deadline is reported done."""
    if not (text.strip() or files):
        raise ActionRefused(_("Write the report, or attach its file."))
    if secrecy_mark(symbol):
        raise ActionRefused(_("The number carries a mark of secrecy. Such a report must not be kept here."))
    today = today or clock.today()
    with stored(Proof(files), InspectionFile) as stash, locked_inspection(inspection, version) as row:
        require(may_conclude(by, row))
        require_state(row, InspectionState.REPORT_OWED, InspectionState.REPORTED)
        corrected = row.state == InspectionState.REPORTED
        row.report, row.report_symbol = text.strip(), symbol.strip()
        row.reported_on, row.reported_by = row.reported_on or today, by
        row.state = InspectionState.REPORTED
        touch(row)
        added = _keep(files, stash, row, by)
        _submit(row, by=by, today=today)
        _log(AuditAction.CHANGED if corrected else AuditAction.SUBMITTED, row, by, {"files": added})
    return row


def note_download(*, file: InspectionFile, by: User) -> None:
    """Remember who read a file of a report."""
    data = {"name": file.original_name, "inspection": file.inspection_id}
    audit.record(AuditAction.DOWNLOADED, by=by, obj=file, unit_id=file.inspection.unit.pk, data=data)


def _last_visit(row: Inspection) -> dt.date:
    visits = list(row.visits.select_related("unit"))
    open_ones = [str(v.unit.label) for v in visits if v.visited_on is None]
    if open_ones:
        words = _("These visits are not recorded yet: %(units)s. Record them, then end the visits.")
        raise ActionRefused(words % {"units": ", ".join(open_ones)})
    last: dt.date = max(v.visited_on for v in visits if v.visited_on)
    return last


def _meeting(
    row: Inspection, meeting: Meeting | None, due: dt.date | None, ended_on: dt.date, today: dt.date
) -> Meeting | None:
    """Return the meeting that hears the report; None: it is owed by a day."""
    if meeting is not None and due is not None:
        raise ActionRefused(_("Choose a meeting or give a day, not both."))
    if due is not None:
        if due < today:
            raise ActionRefused(_("This day has passed. Choose today or a later day."))
        return None
    if meeting is None:
        found = next_meeting(row.unit, ended_on, today)
        if found is None:
            raise ActionRefused(
                _("No meeting is planned that could hear the report. Plan the next one, or give a day for the report.")
            )
        return found
    planned = Meeting.objects.in_state("meeting_planned").filter(pk=meeting.pk, unit=row.unit.pk)
    fresh: Meeting | None = planned.select_related("event").first()
    if fresh is None or (fresh.event.day is not None and fresh.event.day < max(ended_on, today)):
        raise ActionRefused(_("Choose a meeting of this unit that takes place after the visits."))
    return fresh


def _when(meeting: Meeting | None, due: dt.date | None) -> dict[str, Any]:
    if meeting is None:
        return {"kind": Kind.BY_DATE, "due": due}
    return {
        "kind": Kind.RELATIVE, "event": meeting.event, "anchor": meeting.event.name, "phrase": meeting.title[:300],
    }  # fmt: skip


def _submit(row: Inspection, *, by: User, today: dt.date) -> None:
    """Report the deadline of the report done; the team may, whatever its posts."""
    owed = row.report_task.deadlines.filter(status__in=OPEN) if row.report_task else ()
    for deadline in owed:
        proof = Proof(document_numbers=(row.report_symbol,)) if row.report_symbol else None
        submit(
            deadline=deadline, by=by, version=deadline.version, text=row.report[:2000], proof=proof, today=today,
            entitled=True,
        )  # fmt: skip


def _keep(files: tuple[Upload, ...], stash: Stash, row: Inspection, by: User) -> list[str]:
    """Write a row for each file that the report does not have yet; return their names."""
    known = set(row.files.values_list("sha256", flat=True))
    added = []
    for upload in files:
        if upload.sha256 in known:
            continue
        known.add(upload.sha256)
        InspectionFile.objects.create(
            inspection=row,
            file=stash.take(upload),
            original_name=upload.name,
            size=upload.file.size,
            sha256=upload.sha256,
            added_by=by,
            added_at=clock.now(),
        )
        added.append(upload.name)
    return added


def _log(action: AuditAction, row: Inspection, by: User, data: dict[str, Any]) -> None:
    audit.record(action, by=by, obj=row, plan_id=row.programme.plan_id, unit_id=row.unit.pk, data=data)
