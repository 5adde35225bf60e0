"""Acts on field trips: register, change, approve, go, call off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from doantracker.lib import clock
from plans.actions.deadlines import cancel
from plans.actions.programmes import add_work
from plans.enums import OPEN, Kind
from plans.errors import ActionRefused, Stale
from plans.models import Schedule
from reviews.actions.made import made_before
from reviews.actions.programmes import programme_for
from reviews.bodies import bodies_of
from reviews.enums import TRIPS_DECIDED, TripState
from reviews.models import FieldTrip, TripMember
from reviews.quarters import quarter_of, register_by
from reviews.rights import is_traveller, may_approve, may_call_off, may_carry, may_run_trips, trip_unions
from reviews.staff import lead_unit, rules_of, staff_of
from reviews.titles import TRIPS_GROUP, brief_text, trip_report_text
from units import audit
from units.access import require
from units.models import Post, Unit, User
from units.models.audit import AuditAction

#: What is said of a trip besides the party and the units visited.
FACTS: Final = ("kind", "planned_from", "planned_to", "leader", "purpose")
LONGEST_TRIP: Final = 92  # days; more is a slip of the keyboard


def register_trip(
    *,
    unit: Unit,
    by: User,
    values: Mapping[str, Any],
    party: Collection[User],
    units: Collection[Unit],
    key: str = "",
    today: dt.date | None = None,
) -> FieldTrip:
    """Register a trip of the staff of `unit`: one's own, or anybody's for who runs the plans.

    `values` are of FACTS; the leader belongs to the party. After the last day for its quarter it counts as late. With
    the `key` of a form that was sent before, the trip it made then is returned.
    """
    today = today or clock.today()
    require(trip_unions(by, today).filter(pk=unit.pk).exists())
    row = FieldTrip(unit=unit, created_by=by, created_at=clock.now(), form_key=key)
    try:
        with transaction.atomic():
            if (made := made_before(FieldTrip, key, by=by)) is not None:
                return made
            _give(row, values, party, units, by=by, today=today)
            _log(AuditAction.CREATED, row, by, _worded(row) | {"late": row.registered_late})
    except IntegrityError:  # the same form was sent twice at once, and the other one was first
        made = made_before(FieldTrip, key, by=by)
        if made is None:
            raise
        return made
    return row


def change_trip(
    *,
    trip: FieldTrip,
    by: User,
    values: Mapping[str, Any],
    party: Collection[User],
    units: Collection[Unit],
    version: int,
    today: dt.date | None = None,
) -> FieldTrip:
    """Change what is registered, until it is approved."""
    with locked_trip(trip, version) as row:
        require(may_carry(by, row))
        require_state(row, (TripState.REGISTERED,), _("This trip is decided: its registration stays as it was."))
        before = _worded(row)
        row.version += 1
        _give(row, values, party, units, by=by, today=today or clock.today())
        changed = audit.changes(before, _worded(row))
        if changed:
            _log(AuditAction.CHANGED, row, by, changed)
    return row


def approve_trip(*, trip: FieldTrip, by: User, version: int, today: dt.date | None = None) -> FieldTrip:
    """Decide that a trip takes place: its brief is now owed before the first day."""
    today = today or clock.today()
    with locked_trip(trip, version) as row:
        require(may_approve(by, row))
        require_state(row, (TripState.REGISTERED,), _("This trip is decided already."))
        row.state, row.decided_by, row.decided_on = TripState.APPROVED, by, today
        due = max(row.planned_from - dt.timedelta(days=1), today)
        text = brief_text(row.planned_from, row.planned_to)
        row.brief_work = _owed(row, text, due, body=_body(row.unit, today), by=by, today=today)
        _save(row, AuditAction.TRIP_APPROVED, by, {"brief_due": due})
    return row


def end_trip(
    *,
    trip: FieldTrip,
    by: User,
    actual_from: dt.date,
    actual_to: dt.date,
    version: int,
    today: dt.date | None = None,
) -> FieldTrip:
    """Record the days on which a trip took place: the report to the permanent members is now owed.

    Done again before the report is in, it corrects the days; the report stays due when it was.
    """
    today = today or clock.today()
    with locked_trip(trip, version) as row:
        require(may_carry(by, row))
        words = _("Only an approved trip takes place, and only before its report are its days corrected.")
        require_state(row, (*TRIPS_DECIDED, TripState.GONE), words)
        _require_days(actual_from, actual_to)
        if actual_to > today:
            raise ActionRefused(_("The last day lies in the future. Record the trip when everybody is back."))
        _require_entitled_length(row, by, (actual_to - actual_from).days + 1)
        before = {"from": str(row.actual_from), "to": str(row.actual_to)}
        corrected, row.state = row.state == TripState.GONE, TripState.GONE
        row.actual_from, row.actual_to = actual_from, actual_to
        days = {"from": str(actual_from), "to": str(actual_to)}
        if row.report_work is None:
            due = actual_to + dt.timedelta(days=rules_of(row.unit, actual_to.year).report_days)
            body = _body(row.unit, today)
            text = trip_report_text(actual_from, actual_to, body)
            row.report_work = _owed(row, text, due, body=body, by=by, today=today)
        action = AuditAction.CHANGED if corrected else AuditAction.TRIP_ENDED
        _save(row, action, by, audit.changes(before, days) if corrected else days)
    return row


def _require_entitled_length(row: FieldTrip, by: User, days: int) -> None:
    """Refuse that a traveller makes a trip longer than it was approved: its days count towards a quota."""
    approved = (row.planned_to - row.planned_from).days + 1
    if days > approved and (is_traveller(by, row) or not may_run_trips(by, row.unit)):
        raise ActionRefused(
            _("Approved were %(days)s days. Have somebody who runs the plans and did not travel record more.")
            % {"days": approved}
        )


def cancel_trip(*, trip: FieldTrip, by: User, reason: str, version: int) -> FieldTrip:
    """Call a trip off, with a reason; its brief is no longer owed."""
    if not reason.strip():
        raise ActionRefused(_("Say why the trip is called off."))
    with locked_trip(trip, version) as row:
        require(may_call_off(by, row) or may_carry(by, row) or may_approve(by, row))
        words = _("This trip has taken place or is called off already.")
        require_state(row, (TripState.REGISTERED, *TRIPS_DECIDED), words)
        if not may_call_off(by, row):
            raise ActionRefused(_("This trip is decided. Ask whoever runs the plans of the union to call it off."))
        row.state, row.cancel_reason = TripState.CANCELLED, " ".join(reason.split())[:500]
        for deadline in row.brief_work.deadlines.filter(status__in=OPEN) if row.brief_work else ():
            cancel(deadline=deadline, by=by, version=deadline.version, reason=row.cancel_reason)
        _save(row, AuditAction.CANCELLED, by, {"reason": row.cancel_reason})
    return row


@contextmanager
def locked_trip(trip: FieldTrip, version: int) -> Iterator[FieldTrip]:
    """Yield the trip in the version that was seen, held until the end of the transaction."""
    with transaction.atomic():
        rows = FieldTrip.objects.select_for_update(of=("self",)).select_related(
            "unit", "leader", "brief_work", "report_work"
        )
        row: FieldTrip = rows.get(pk=trip.pk)
        if row.version != version:
            raise Stale(_("Somebody changed this trip meanwhile. Look at it as it is now, then do it again."))
        yield row


def require_state(row: FieldTrip, states: Collection[str], words: str) -> None:
    """Refuse, with `words`, an act on a trip that does not stand so."""
    if row.state not in states:
        raise ActionRefused(words)


def _give(
    row: FieldTrip,
    values: Mapping[str, Any],
    party: Collection[User],
    units: Collection[Unit],
    *,
    by: User,
    today: dt.date,
) -> None:
    """Write what is registered, and by when it had to be."""
    for name in FACTS:
        setattr(row, name, values[name])
    row.purpose = row.purpose.strip()
    _require_days(row.planned_from, row.planned_to)
    people = {person.pk: person for person in (row.leader, *party)}
    _require_party(row, people, by=by, today=today)
    if not units:
        raise ActionRefused(_("Name the units that are visited."))
    if not row.purpose:
        raise ActionRefused(_("Say what the trip is for."))
    row.year, row.quarter = row.planned_from.year, quarter_of(row.planned_from)
    row.register_by = register_by(row.year, row.quarter, rules_of(row.unit, row.year).register_ahead)
    row.save()
    row.units.set(units)
    row.members.exclude(person__in=people).delete()
    known = set(row.members.values_list("person_id", flat=True))
    TripMember.objects.bulk_create(TripMember(trip=row, person_id=pk) for pk in sorted(people) if pk not in known)


def _require_party(row: FieldTrip, people: Mapping[int, User], *, by: User, today: dt.date) -> None:
    """Refuse people who do not belong to the union, and a trip of others by who does not run the plans."""
    known = {person.pk for person in staff_of(row.unit, today)}
    if row.pk:
        known |= set(row.members.values_list("person_id", flat=True))
    if set(people) - known:
        raise ActionRefused(_("Somebody of the party holds no post in the union or its departments. Choose again."))
    if by.pk not in people and not may_run_trips(by, row.unit):
        raise ActionRefused(_("You register your own trips: put yourself into the party, or ask the office."))


def _require_days(first: dt.date, last: dt.date) -> None:
    if last < first:
        raise ActionRefused(_("The last day lies before the first. Correct one of the two dates."))
    if (last - first).days >= LONGEST_TRIP:
        raise ActionRefused(_("A trip of more than %(most)d days: correct one of the dates.") % {"most": LONGEST_TRIP})


def _body(unit: Unit, today: dt.date) -> str:
    """Return the body that gets the reports of trips: the permanent members, else the usual body of the union."""
    found = bodies_of(unit, today)
    return Post.Body.PERMANENT_MEMBERS if Post.Body.PERMANENT_MEMBERS in found else found[0]


def _owed(row: FieldTrip, text: str, due: dt.date, *, body: str, by: User, today: dt.date) -> Schedule:
    """Enter a paper of a trip as work of the unit of the party's leader, due by a day."""
    return add_work(
        plan=programme_for(row.unit, body, due.year, by=by, entitled=True),
        by=by,
        text=text,
        group=TRIPS_GROUP,
        lead_unit=lead_unit(row.leader, row.unit, today),
        when={"kind": Kind.BY_DATE, "due": due},
        entitled=True,
        today=today,
    )


def _worded(row: FieldTrip) -> dict[str, Any]:
    """Return what is registered in words, for the log."""
    facts = {name: str(getattr(row, name)) for name in FACTS}
    facts["party"] = ", ".join(str(member.person) for member in row.members.select_related("person"))
    return facts | {"units": ", ".join(str(unit.label) for unit in row.units.order_by("path"))}


def _save(row: FieldTrip, action: AuditAction, by: User, data: dict[str, Any]) -> None:
    row.version += 1
    row.save()
    _log(action, row, by, data)


def _log(action: AuditAction, row: FieldTrip, by: User, data: dict[str, Any]) -> None:
    audit.record(action, by=by, obj=row, unit_id=row.unit_id, data=data)
