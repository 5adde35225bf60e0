"""Acts at a visit: what the team finds about each item, its notes, that the visit took place; requests and answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from doantracker.lib import clock
from doantracker.lib.text import nfc
from plans.errors import ActionRefused, Stale
from reviews.actions.inspections import touch
from reviews.actions.locking import locked_inspection, require_state
from reviews.actions.made import made_before
from reviews.enums import AT_WORK, Finding, InspectionState
from reviews.models import Inspection, InspectionVisit, VisitItem, VisitRequest
from reviews.rights import may_ask_team, may_work_in
from units import audit
from units.access import require
from units.models import User
from units.models.audit import AuditAction

NOTE_LENGTH: Final = 1000


@dataclass(frozen=True, slots=True)
class Found:
    """What a person says of one item, and the version of it that was seen."""

    finding: str
    note: str
    version: int


def record_visit(
    *,
    visit: InspectionVisit,
    found: Mapping[int, Found],
    by: User,
    notes: str | None = None,
    notes_version: int | None = None,
    today: dt.date | None = None,
) -> list[VisitItem]:
    """Write what the team found, by id of the item, and its notes; return the items that changed.

    Only what differs is written, so two people can fill different items at once; the same item, or the notes, changed
    by another since they were seen refuses the whole.
    """
    with locked_inspection(visit.inspection) as row:
        require(may_work_in(by, row))
        require_state(row, *AT_WORK)
        fresh = _locked(visit, row)
        _require_begun(fresh, today or clock.today())
        changed = _write_items(fresh, found)
        noted = notes is not None and _write_notes(fresh, notes, notes_version)
        if changed or noted:
            _begin(row)
            data = {"visit": fresh.unit.label, "items": [item.ordinal for item in changed], "notes": noted}
            audit.record(AuditAction.CHANGED, by=by, obj=row, unit_id=row.unit.pk, data=data)
    return changed


def end_visit(*, visit: InspectionVisit, on: dt.date, by: User, today: dt.date | None = None) -> InspectionVisit:
    """Record that the visit took place on a day; nothing of it is filled in afterwards but corrections."""
    today = today or clock.today()
    with locked_inspection(visit.inspection) as row:
        require(may_work_in(by, row))
        require_state(row, *AT_WORK)
        fresh = _locked(visit, row)
        if fresh.visited_on is not None:
            raise Stale(_("Somebody has recorded this visit meanwhile. Look at it as it is now."))
        if on > today:
            raise ActionRefused(_("This day is still to come. Give the day on which the visit took place."))
        fresh.visited_on = on
        fresh.version += 1
        fresh.save()
        _begin(row)
        data = {"visit": fresh.unit.label, "on": on}
        audit.record(AuditAction.CHANGED, by=by, obj=row, unit_id=row.unit.pk, data=data)
    return fresh


def ask_team(*, visit: InspectionVisit, text: str, by: User, key: str = "") -> VisitRequest:
    """Send the team a request of the unit that is visited; with the `key` of a form sent before: the one it made."""
    require(may_ask_team(by, visit))
    if not text.strip():
        raise ActionRefused(_("Write what the unit asks for or proposes."))
    with locked_inspection(visit.inspection) as row:
        made = made_before(VisitRequest, key, by=by)
        if made is not None:
            return made
        require_state(row, *AT_WORK, InspectionState.REPORT_OWED)
        request = VisitRequest.objects.create(
            visit=visit, text=text.strip()[:2000], created_by=by, created_at=clock.now(), form_key=key
        )
        audit.record(AuditAction.CREATED, by=by, obj=request, unit_id=visit.unit_id)
    return request


def answer_request(*, request: VisitRequest, words: str, by: User, today: dt.date | None = None) -> VisitRequest:
    """Answer a request, once."""
    if not words.strip():
        raise ActionRefused(_("Write the answer."))
    with locked_inspection(request.visit.inspection) as row:
        require(may_work_in(by, row))
        fresh: VisitRequest = VisitRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
        if fresh.answered_on is not None:
            raise Stale(_("This request is answered already."))
        fresh.answer, fresh.answered_by, fresh.answered_on = words.strip()[:4000], by, today or clock.today()
        fresh.save()
        audit.record(AuditAction.CHANGED, by=by, obj=fresh, unit_id=request.visit.unit_id, data={"answered": True})
    return fresh


def _locked(visit: InspectionVisit, row: Inspection) -> InspectionVisit:
    rows = InspectionVisit.objects.select_for_update(of=("self",)).select_related("unit", "event")
    fresh: InspectionVisit = rows.get(pk=visit.pk, inspection=row)
    fresh.inspection = row
    return fresh


def _require_begun(visit: InspectionVisit, today: dt.date) -> None:
    if visit.event.day is None or visit.event.day > today:
        raise ActionRefused(_("The visit is still to come. Fill the checklist in on its day, or move the visit."))


def _write_items(visit: InspectionVisit, found: Mapping[int, Found]) -> list[VisitItem]:
    changed = []
    for item in visit.items.select_for_update().filter(pk__in=found):
        said = found[item.pk]
        finding, note = said.finding, nfc(" ".join(said.note.split()))[:NOTE_LENGTH]
        if finding and finding not in Finding.values:
            raise ActionRefused(_("Choose one of the findings offered."))
        if (finding, note) == (item.finding, item.note):
            continue
        if said.version != item.version:
            words = _("Somebody of the team filled in item %(number)d meanwhile. Compare with it, then save again.")
            raise Stale(words % {"number": item.ordinal})
        item.finding, item.note, item.version = finding, note, item.version + 1
        item.save()
        changed.append(item)
    return changed


def _write_notes(visit: InspectionVisit, notes: str, version: int | None) -> bool:
    notes = nfc(notes.strip())
    if notes == visit.notes:
        return False
    if version is not None and version != visit.version:
        raise Stale(_("Somebody of the team changed the notes meanwhile. Compare with them, then save again."))
    visit.notes = notes
    visit.version += 1
    visit.save()
    return True


def _begin(row: Inspection) -> None:
    """Let the inspection be under way from the first thing recorded."""
    if row.state == InspectionState.ANNOUNCED:
        row.state = InspectionState.VISITING
        touch(row)
