"""Field trips of the demo province against 60 days a year: one person has them, one nearly, one is far off.

In the first weeks of a year the trips are those of the year before: there would be nothing to see yet.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from math import ceil
from typing import Final

from doantracker.demo.people import OTHERS
from doantracker.demo.plans import moment
from doantracker.lib import clock
from plans.actions.deadlines import confirm
from plans.models import Deadline
from reviews.actions.trip_papers import brief_trip, report_trip
from reviews.actions.trip_quotas import add_quota
from reviews.actions.trips import approve_trip, end_trip, register_trip
from reviews.enums import QuotaMeasure, QuotaScope, TripKind
from reviews.models import FieldTrip
from reviews.quarters import first_day, quarter_of
from units.models import Unit, User

OWED: Final = 60  # days
FIRST_WEEKS: Final = 75  # days
DIFFICULT: Final = ("LG-BL",)
PURPOSE: Final = "Nắm tình hình sinh hoạt chi đoàn, việc khó của cơ sở; dự một buổi sinh hoạt."
BRIEF: Final = "Xem sổ chi đoàn, làm việc với ban chấp hành; ba nội dung cần trao đổi gửi kèm cho cơ sở."
REPORT: Final = "Chi đoàn sinh hoạt đều; cơ sở đề nghị hỗ trợ tài liệu và tập huấn bí thư mới."


@dataclass(frozen=True, slots=True)
class Journey:
    """One trip of the demo: who leads it, where to, what for, and on which days."""

    leader: User
    place: Unit
    kind: TripKind
    first: dt.date
    days: int

    @property
    def last(self) -> dt.date:
        """Return the last day."""
        return self.first + dt.timedelta(days=self.days - 1)


def go_on_trips(units: dict[str, Unit], logins: dict[str, User], *, today: dt.date) -> None:
    """Set the quota and play the trips: six are over, one of them still owes its report; two are to come."""
    Unit.objects.filter(code__in=DIFFICULT).update(is_difficult=True)
    year = (today - dt.timedelta(days=FIRST_WEEKS)).year
    start, until = dt.date(year, 1, 5), dt.date(year, 12, 14)
    leader, head, reader = (logins[name] for name in ("lanhdao", "ban", "docgia"))
    _set_quota(units["LG"], logins["vanphong"], [leader, head, reader], until)
    end = min(today, until)
    passed = (end - start).days
    own = min(OWED - 2, ceil(OWED * passed / (until - start).days) + 2)  # just more than the time that has passed
    whole, half = dt.timedelta(days=passed // 3), dt.timedelta(days=passed // 2)
    deciding = User.objects.get(full_name=OTHERS[0].full_name)
    journeys = [Journey(leader, units["LG-BL"], TripKind.GRASSROOTS, start + n * whole, OWED // 3) for n in range(3)]
    journeys += [Journey(head, units["LG-SB-AH"], TripKind.SURVEY, start + n * half, own // 2) for n in range(2)]
    for journey in sorted(journeys, key=lambda j: j.first):
        _report(_gone(units["LG"], journey, deciding), journey, deciding)
    last = Journey(reader, units["LG-SB"], TripKind.BRANCH_MEETING, end - dt.timedelta(days=10), 8)
    _gone(units["LG"], last, deciding, late=True)
    week = today + dt.timedelta(days=7)
    soon = Journey(leader, units["LG-BL"], TripKind.INSPECTION, week, 2)
    _approved(_registered(units["LG"], soon, on=_in_time(soon)), deciding, on=today - dt.timedelta(days=3))
    later = Journey(head, units["LG-TT"], TripKind.GRASSROOTS, week + dt.timedelta(days=7), 3)
    _registered(units["LG"], later, on=today - dt.timedelta(days=5))


def _set_quota(unit: Unit, by: User, people: list[User], until: dt.date) -> None:
    values = {
        "name": "60 ngày đi cơ sở", "year": until.year, "amount": OWED, "measure": QuotaMeasure.DAYS, "until": until,
        "joint": False, "scope": QuotaScope.PEOPLE, "body": "", "full_time": False, "kinds": [], "register_ahead": 5,
        "report_days": 5,
    }  # fmt: skip
    with clock.stopped_at(moment(dt.date(until.year - 1, 12, 15), 8)):
        add_quota(unit=unit, by=by, values=values, people=people)


def _in_time(journey: Journey) -> dt.date:
    """Return a day on which a trip is registered in time for its quarter."""
    return first_day(journey.first.year, quarter_of(journey.first)) - dt.timedelta(days=20)


def _registered(unit: Unit, journey: Journey, *, on: dt.date) -> FieldTrip:
    values = {"kind": journey.kind, "planned_from": journey.first, "planned_to": journey.last}
    values |= {"leader": journey.leader, "purpose": PURPOSE}
    with clock.stopped_at(moment(on, 9)):
        return register_trip(unit=unit, by=journey.leader, values=values, party=[], units=[journey.place])


def _approved(trip: FieldTrip, deciding: User, *, on: dt.date) -> FieldTrip:
    with clock.stopped_at(moment(on, 15)):
        return approve_trip(trip=trip, by=deciding, version=trip.version)


def _gone(unit: Unit, journey: Journey, deciding: User, *, late: bool = False) -> FieldTrip:
    """Let a trip take place; `late`: registered a week before, its brief came when it had begun."""
    week_before = journey.first - dt.timedelta(days=7)
    made = _registered(unit, journey, on=week_before if late else _in_time(journey))
    made = _approved(made, deciding, on=week_before)
    with clock.stopped_at(moment(journey.first + dt.timedelta(days=1 if late else -2), 10)):
        made = brief_trip(trip=made, by=journey.leader, text=BRIEF, version=made.version)
    with clock.stopped_at(moment(journey.last, 17)):
        days = {"actual_from": journey.first, "actual_to": journey.last}
        return end_trip(trip=made, by=journey.leader, version=made.version, **days)


def _report(trip: FieldTrip, journey: Journey, deciding: User) -> None:
    """Report on a trip and have both papers confirmed."""
    on = journey.last + dt.timedelta(days=2)
    with clock.stopped_at(moment(on, 9)):
        report_trip(trip=trip, by=journey.leader, text=REPORT, version=trip.version)
    with clock.stopped_at(moment(on, 16)):
        for row in Deadline.objects.filter(schedule__in=[trip.brief_work_id, trip.report_work_id]):
            confirm(deadline=row, by=deciding, version=row.version)
