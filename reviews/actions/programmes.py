"""The work programme under which papers and decisions of a body are owed, made when it is first needed."""

from __future__ import annotations

import datetime as dt

from plans.actions.programmes import open_programme
from plans.models import Plan
from reviews.models import Meeting, WorkProgramme
from reviews.titles import BODIES, programme_title
from units.models import Unit, User


def programme_of(meeting: Meeting, *, by: User, today: dt.date) -> Plan:
    """Return the plan of the meeting's body for the year of the meeting; call it in the act's transaction."""
    year = (meeting.held_on or meeting.event.day or today).year
    return programme_for(meeting.unit, meeting.body, year, by=by)


def programme_for(unit: Unit, body: str, year: int, *, by: User, entitled: bool = False) -> Plan:
    """Return the plan of a body of `unit` for `year`; call it in the act's transaction. `entitled`: see `add_work`."""
    facts = {"unit": unit, "body": body, "year": year}
    Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)  # two at once: one waits
    found = WorkProgramme.objects.select_related("plan").filter(**facts).first()
    if found is not None:
        return found.plan
    title = programme_title(body, str(unit.label), year)
    plan = open_programme(unit=unit, body=BODIES[body], title=title, year=year, by=by, entitled=entitled)
    WorkProgramme.objects.create(plan=plan, **facts)
    return plan
