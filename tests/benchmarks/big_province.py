"""Makes the demo province as large as the biggest one: 130 communes, 2,000 branches, 1,000 plans, 40,000 deadlines.

Rows are made in bulk, not by the acts: what the pages read is the same, and it takes a minute instead of an hour.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, islice

from django.db import connection
from django.db.models import Q

from doantracker.demo.bulk import Office, _Builder, _demo_office
from doantracker.demo.bulk_fates import set_fates
from doantracker.demo.plans import moment
from doantracker.demo.province import Demo
from doantracker.lib.text import search_key
from plans.enums import Kind, PlanKind, PlanStatus, Status
from plans.models import (
    Deadline,
    Difficulty,
    Extension,
    Field,
    Plan,
    Schedule,
    Shortcoming,
    Solution,
    SolutionShortcoming,
    UnitSnapshot,
)
from plans.snapshots import take_snapshots
from units.models import AuditEvent, Oversight, Unit, User
from units.models.audit import AuditAction
from units.roles import Role

COMMUNES, BRANCHES, PLANS, DEADLINES = 130, 16, 1_000, 40_000  # branches of each commune
SOLUTIONS_A_PLAN = 5
OF_EVERY_COMMUNE = 20  # plans of which one solution is owed by every commune, and
OF_EVERY_BRANCH = 1  # by every branch
FIELDS = ("Công tác tổ chức xây dựng Đoàn", "Phong trào", "Tuyên giáo", "Kiểm tra", "Tài chính", "Thiếu nhi")
DAYS = 200  # before and after today
BATCH = 2_000
TREND_DAYS = 120
REQUESTS = 400


@dataclass(frozen=True, slots=True)
class Part:
    """One solution of a plan and the units that owe it."""

    plan: Plan
    ordinal: int
    owners: Sequence[Unit]


def grow_big(demo: Demo, today: dt.date) -> None:
    """Add to the demo until it is the big province."""
    office = _demo_office(demo)
    communes, branches = _units(_Builder(today), office)
    plans = _plans(office.province, office.first, today)
    parts = list(_parts(plans, communes, branches, DEADLINES - Deadline.objects.count()))
    solutions = _solutions(parts, office.lead)
    _deadlines(parts, solutions, today)
    set_fates(Q(plan__in=plans), confirming=office.first, reporting=office.second, today=today)
    _fields(office.province, plans, solutions)
    _oversight(User.objects.get(username="lanhdao"), communes, today)
    _requests(office.second, today)
    _returns(office.first, today)
    _trend(today)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _units(builder: _Builder, office: Office) -> tuple[list[Unit], list[Unit]]:
    """Add communes with their branches and secretaries, as old as the demo: what is published is not owed by them."""
    province, since = office.province, moment(builder.since, 8)
    names = [f"Đoàn xã số {n}" for n in range(1, COMMUNES + 1)]
    communes = Unit.objects.bulk_create(builder._children(province, names, "commune"))
    Unit.objects.filter(pk__in=[u.pk for u in communes]).update(numchild=BRANCHES, created_at=since)
    Unit.objects.filter(pk=province.pk).update(numchild=province.numchild + COMMUNES)
    below = [f"Chi đoàn số {n}" for n in range(1, BRANCHES + 1)]
    rows = [row for commune in communes for row in builder._children(commune, below, "branch")]
    branches = Unit.objects.bulk_create(rows, batch_size=BATCH)
    Unit.objects.filter(pk__in=[u.pk for u in branches]).update(created_at=since)
    builder.heads([(commune, "Bí thư") for commune in communes], Role.SECRETARY)
    return communes, branches


def _plans(province: Unit, by: User, today: dt.date) -> list[Plan]:
    kinds = cycle(PlanKind.values)
    issued = [today - dt.timedelta(days=n % DAYS) for n in range(PLANS - Plan.objects.count())]
    plans = [
        Plan(
            kind=next(kinds),
            title=f"Chương trình công tác chuyên đề số {n}",
            symbol=f"{1000 + n}-KH/TĐTN",
            issued_on=day,
            issuing_unit=province,
            period_start=day,
            period_end=today + dt.timedelta(days=2 * DAYS),
            status=PlanStatus.PUBLISHED,
            published_at=moment(day, 9),
            published_by=by,
            search=search_key(f"{1000 + n}-KH/TĐTN", f"Chương trình công tác chuyên đề số {n}"),
        )
        for n, day in enumerate(issued, start=1)
    ]
    return Plan.objects.bulk_create(plans, batch_size=BATCH)


def _parts(plans: list[Plan], communes: list[Unit], branches: list[Unit], wanted: int) -> Iterator[Part]:
    """Share the deadlines out: a few plans reach everybody, the others some communes and some branches in turn."""
    whole = [branches] * OF_EVERY_BRANCH + [communes] * OF_EVERY_COMMUNE
    rest = wanted - sum(map(len, whole))
    ordinary = plans[len(whole) :]
    for plan, owners in zip(plans, whole, strict=False):
        yield Part(plan, 1, owners)
    turns = cycle(communes), cycle(branches)
    pieces = len(ordinary) * SOLUTIONS_A_PLAN
    for number in range(pieces):
        count = rest // pieces + (number < rest % pieces)
        owners = list(islice(turns[number % 2], count))
        yield Part(ordinary[number // SOLUTIONS_A_PLAN], number % SOLUTIONS_A_PLAN + 1, owners)


def _solutions(parts: list[Part], lead: Unit) -> list[Solution]:
    rows = [
        Solution(
            plan=part.plan,
            ordinal=part.ordinal,
            text=f"Kiểm tra, đôn đốc việc thực hiện nội dung {part.ordinal} của chương trình, báo cáo kết quả.",
            lead_unit=lead,
        )
        for part in parts
    ]
    return Solution.objects.bulk_create(rows, batch_size=BATCH)


def _deadlines(parts: list[Part], solutions: list[Solution], today: dt.date) -> None:
    days = [today + dt.timedelta(days=(n * 67 + 11) % (2 * DAYS) - DAYS) for n in range(len(parts))]
    schedules = Schedule.objects.bulk_create(
        (
            Schedule(solution=row, kind=Kind.BY_DATE, due=day, phrase=f"trước ngày {day:%d/%m/%Y}")
            for row, day in zip(solutions, days, strict=True)
        ),
        batch_size=BATCH,
    )
    rows = (
        Deadline(
            schedule=schedule,
            solution=schedule.solution,
            plan=part.plan,
            unit=unit,
            unit_path=unit.path,
            occurrence="once",
            due_on=day,
            original_due_on=day,
            remind_on=day,
        )
        for part, schedule, day in zip(parts, schedules, days, strict=True)
        for unit in part.owners
    )
    Deadline.objects.bulk_create(rows, batch_size=BATCH)


def _fields(province: Unit, plans: list[Plan], solutions: list[Solution]) -> None:
    """Give each plan a shortcoming of a field, answered by all its solutions."""
    fields = [Field.objects.get_or_create(unit=province, name=name)[0] for name in FIELDS]
    rows = [
        Shortcoming(plan=plan, ordinal=1, field=fields[n % len(fields)], text="Báo cáo còn chậm.")
        for n, plan in enumerate(plans)
    ]
    answered = {row.plan_id: row for row in Shortcoming.objects.bulk_create(rows, batch_size=BATCH)}
    SolutionShortcoming.objects.bulk_create(
        (SolutionShortcoming(solution_id=s.pk, shortcoming_id=answered[s.plan_id].pk) for s in solutions),
        batch_size=BATCH,
    )


def _oversight(leader: User, communes: list[Unit], today: dt.date) -> None:
    """Let the leader look after ten communes and a field; the demo gave some already."""
    start = today - dt.timedelta(days=DAYS)
    Oversight.objects.bulk_create(Oversight(user=leader, unit=unit, start=start) for unit in communes[-10:])
    Solution.objects.filter(pk__in=Solution.objects.order_by("pk").values("pk")[:100]).update(overseer=leader)


def _requests(by: User, today: dt.date) -> None:
    """Let units ask for later days and raise difficulties."""
    rows = list(Deadline.objects.filter(status=Status.ASSIGNED, due_on__gte=today).select_related("plan")[:REQUESTS])
    asked_at = moment(today - dt.timedelta(days=3), 8)
    asked, answer = today - dt.timedelta(days=3), today + dt.timedelta(days=2)
    half = len(rows) // 2
    Extension.objects.bulk_create(
        Extension(
            deadline=row,
            due_on=row.due_on,
            asked_day=row.due_on + dt.timedelta(days=10),
            reason="Mưa bão.",
            asked_by=by,
            asked_at=asked_at,
        )
        for row in rows[:half]
        if row.due_on and not row.plan.is_draft
    )
    Difficulty.objects.bulk_create(
        Difficulty(
            deadline=row,
            text="Thiếu kinh phí.",
            answering_unit_id=row.plan.issuing_unit_id,
            raised_by=by,
            raised_at=asked_at,
            raised_on=asked,
            answer_due_on=answer,
        )
        for row in rows[half:]
    )


def _returns(by: User, today: dt.date) -> None:
    """Write the log of what was returned; the rows' hashes are no chain, nobody checks them here."""
    at = moment(today - dt.timedelta(days=5), 8)
    rows = Deadline.objects.exclude(status=Status.ASSIGNED).values_list("pk", "plan_id", "unit_id", "status")
    AuditEvent.objects.bulk_create(
        (
            AuditEvent(
                at=at,
                actor=by,
                action=AuditAction.RETURNED if status == Status.RETURNED else AuditAction.SUBMITTED,
                object_type="deadline",
                object_id=pk,
                plan_id=plan,
                unit_id=unit,
                previous_hash="",
                hash=f"{pk:064}",
            )
            for pk, plan, unit, status in rows
        ),
        batch_size=BATCH,
    )


def _trend(today: dt.date) -> None:
    """Keep the figures of today, and the same for days before."""
    take_snapshots(today=today)
    kept = list(UnitSnapshot.objects.filter(day=today))
    for back in range(1, TREND_DAYS):
        for row in kept:
            row.pk, row.day = None, today - dt.timedelta(days=back)
        UnitSnapshot.objects.bulk_create(kept, batch_size=BATCH)
