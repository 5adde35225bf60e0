"""Makes the whole demo province: units, people, plans, and what became of them until today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Final

from django.db import transaction

from doantracker.demo.meetings import hold_meetings
from doantracker.demo.papers import write_papers
from doantracker.demo.people import LOGINS, make_people
from doantracker.demo.plans import LAST_YEAR, SOURCES, issue, moment
from doantracker.demo.story import Story
from doantracker.demo.territory import make_units
from doantracker.founding import install_defaults
from doantracker.lib import clock
from plans.actions.plans import close_plan
from plans.actions.saved_views import save_view
from plans.enums import PlanStatus
from plans.models import Deadline, Plan
from plans.reminders.sweep import check_deadlines
from units.models import Appointment, Unit, User
from units.substitutions import name_substitute

REMEDIES: Final = "khac-phuc-khuyet-diem.txt"  # the plan whose lead time directives follow


@dataclass(frozen=True, slots=True)
class Demo:
    """What was made."""

    units: dict[str, Unit]
    logins: dict[str, User]
    plans: dict[str, Plan]
    acts: int


def make_province(*, today: dt.date, seed: int, password: str) -> Demo:
    """Make the province as it stands on `today`, all or nothing; the same seed gives the same province."""
    rng = Random(seed)  # noqa: S311  # invents people, guards nothing
    with transaction.atomic():
        since = dt.date(today.year - 3, 1, 1)
        with clock.stopped_at(moment(since, 8)):
            units = make_units(install_defaults(today=today))
            logins = make_people(units, rng, since=since, password=password)
            Unit.objects.update(created_at=clock.now())  # else every sweep for a while takes them for new
        plans = {s.text: issue(s, units=units, logins=logins, today=today) for s in SOURCES}
        acts = _tell(plans, logins, rng, today)
        _stand_in(logins, today)
        write_papers(plans[REMEDIES], units=units, logins=logins, today=today)
        hold_meetings(units, logins, today=today)
        _keep_views(units, logins, today)
        check_deadlines(today=today)
    return Demo(units, logins, plans, acts)


def _tell(plans: dict[str, Plan], logins: dict[str, User], rng: Random, today: dt.date) -> int:
    """Play what became of the plans, and close that of last year."""
    over = plans[LAST_YEAR.text]
    shown = set(Unit.objects.filter(code__in={c for p in LOGINS for c, *_ in p.posts}).values_list("pk", flat=True))
    story = Story(today=today, rng=rng)
    story.live(_deadlines(p for p in plans.values() if p != over), shown)
    story.finished(_deadlines([over]))
    acts = story.play()
    with clock.stopped_at(moment(dt.date(today.year - 1, 12, 28), 9)):
        close_plan(plan=over, by=logins[LAST_YEAR.by])
    return acts


def _stand_in(logins: dict[str, User], today: dt.date) -> None:
    """Let the head of one department stand in for the head of another, who is away for two weeks."""
    since = today - dt.timedelta(days=1)
    absent = Appointment.objects.in_force(today).filter(post__unit__code="LG-TG").order_by("post__rank")[0]
    with clock.stopped_at(moment(since, 8)):
        name_substitute(
            appointment=absent,
            substitute=logins["ban"],
            start=since,
            end=today + dt.timedelta(days=13),
            reason="Đi học lớp bồi dưỡng cán bộ.",
            by=logins["quantri"],
        )


def _keep_views(units: dict[str, Unit], logins: dict[str, User], today: dt.date) -> None:
    """Keep a few filters, one of them shared with the whole province."""
    with clock.stopped_at(moment(today - dt.timedelta(days=1), 15)):
        for by, listing, name, query, shared in (
            ("vanphong", "deadlines", "Việc quá hạn, theo đơn vị", "state=overdue&sort=unit", units["LG"]),
            ("vanphong", "figures", "Quá hạn nhiều nhất", "sort=-overdue", None),
            ("lanhdao", "deadlines", "Đơn vị tôi phụ trách: sắp đến hạn", "state=due_soon&whose=units", None),
            ("bithu", "calendar", "Lịch tuần của huyện", "view=week&whose=units", units["LG-SB"]),
        ):
            save_view(by=logins[by], listing=listing, name=name, query=query, shared_with=shared)


def _deadlines(plans: Iterator[Plan] | list[Plan]) -> list[Deadline]:
    published = [p.pk for p in plans if p.status == PlanStatus.PUBLISHED]
    rows = Deadline.objects.filter(plan__in=published).select_related("plan", "solution", "schedule")
    return list(rows.order_by("plan__issued_on", "due_on", "unit__path", "pk"))
