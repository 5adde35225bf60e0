"""Makes the whole demo province: units, people, plans, and what became of them until today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Final

from django.db import connection, transaction

from doantracker.demo.cascade import send_plan_down
from doantracker.demo.commendations import propose_commendations
from doantracker.demo.evaluations import evaluate_members
from doantracker.demo.feedback import hold_feedback
from doantracker.demo.indicators import enter_results
from doantracker.demo.inspections import inspect_units
from doantracker.demo.ledger import begin_ledger, write_ledger
from doantracker.demo.meetings import hold_meetings
from doantracker.demo.official_papers import send_papers
from doantracker.demo.papers import write_papers
from doantracker.demo.people import LOGINS, make_people
from doantracker.demo.periodic import report_periodically
from doantracker.demo.plans import OLD_LEDGER, SOURCES, issue, moment
from doantracker.demo.pledges import make_pledges
from doantracker.demo.story import Story
from doantracker.demo.surveys import hold_surveys
from doantracker.demo.tasks import choose_some
from doantracker.demo.territory import make_units
from doantracker.demo.trips import go_on_trips
from doantracker.founding import install_defaults
from doantracker.lib import clock
from plans.actions.amendments import amend_solution, issue_amendment, open_amendment
from plans.actions.closing import FinalReport, close_plan
from plans.actions.saved_views import save_view
from plans.enums import OpenWork, PlanStatus
from plans.models import Deadline, Plan
from plans.reminders.sweep import check_deadlines
from units.models import Appointment, Unit, User
from units.substitutions import name_substitute

PROGRAMME: Final = "to-chuc-co-so.txt"  # sent down and amended, with tasks of a higher body and a target of units
OF_DISTRICT: Final = "nghi-quyet-huyen.txt"  # in which a district takes some of the tasks up
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
        with clock.stopped_at(moment(today - dt.timedelta(days=50), 10)):
            choose_some(plans[PROGRAMME], plans[OF_DISTRICT], units=units, logins=logins)
        begin_ledger(plans[OLD_LEDGER.text], by=logins["vanphong"], today=today)
        acts = _tell(plans, logins, rng, today)
        write_ledger(plans[OLD_LEDGER.text], plans[REMEDIES], by=logins["vanphong"], today=today)
        _amend(plans[PROGRAMME], logins["vanphong"], today)
        _stand_in(logins, today)
        enter_results(plans[PROGRAMME], by=logins["vanphong"], today=today, rng=rng)
        write_papers(plans[REMEDIES], units=units, logins=logins, today=today)
        make_pledges(logins=logins, today=today)
        send_plan_down(plans[PROGRAMME], units=units, logins=logins, today=today)
        report_periodically(units, logins, today=today)
        hold_meetings(units, logins, today=today)
        hold_surveys(plans[PROGRAMME], units, logins, today=today)
        propose_commendations(units, logins, today=today)
        go_on_trips(units, logins, today=today)
        inspect_units(units, logins, today=today)
        evaluate_members(units, logins, today=today)
        hold_feedback(units, logins, today=today)
        send_papers(plans[REMEDIES], units["LG"], logins["vanphong"], today=today)
        _keep_views(units, logins, today)
        _count_tables()
        check_deadlines(today=today)
    return Demo(units, logins, plans, acts)


def _count_tables() -> None:
    """Have PostgreSQL see how full the tables are now: it took them for empty, and the sweep for a small thing."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _tell(plans: dict[str, Plan], logins: dict[str, User], rng: Random, today: dt.date) -> int:
    """Play what became of the plans, and close those of last year."""
    over = [plans[s.text] for s in SOURCES if s.status == PlanStatus.CLOSED]
    shown = set(Unit.objects.filter(code__in={c for p in LOGINS for c, *_ in p.posts}).values_list("pk", flat=True))
    story = Story(today=today, rng=rng)
    story.live(_deadlines(p for p in plans.values() if p not in over), shown)
    story.finished(_deadlines(over))
    acts = story.play()
    closed_on = dt.date(today.year - 1, 12, 28)
    with clock.stopped_at(moment(closed_on, 9)):
        for number, plan in enumerate(over, start=312):
            report = FinalReport(document_number=f"{number}-BC/TĐTN", document_day=closed_on)
            close_plan(plan=plan, by=logins["vanphong"], report=report, open_work=OpenWork.LEAVE)
    return acts


def _amend(plan: Plan, by: User, today: dt.date) -> None:
    """Amend a plan three weeks ago: one solution says more."""
    day, why = today - dt.timedelta(days=21), "Bổ sung theo ý kiến của các đơn vị tại buổi giao ban."
    with clock.stopped_at(moment(day, 10)):
        amendment = open_amendment(plan=plan, by=by, title="Điều chỉnh, bổ sung giải pháp", reason=why)
        solution = plan.solutions.order_by("ordinal")[0]
        values = {"text": f"{solution.text} Có phân công cán bộ theo dõi từng chi đoàn."}
        amend_solution(solution=solution, by=by, amendment=amendment, values=values, reason=why)
        issue_amendment(amendment=amendment, by=by, symbol="104-KH/TĐTN-TCKT", issued_on=day)


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
