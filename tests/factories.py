"""One factory per model: plain, valid, without surprises."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import factory
from factory.django import DjangoModelFactory

from plans.enums import Kind, PlanStatus, Status
from plans.lead_time import earliest_roll_out
from plans.models import (
    Activity,
    Deadline,
    Difficulty,
    Directive,
    DirectiveRecipient,
    Event,
    Extension,
    Plan,
    Schedule,
    Shortcoming,
    Solution,
    SolutionGroup,
)
from reviews.models import AgendaItem, Meeting
from units.models import Appointment, Post, Substitution, Unit, UnitKind, User
from units.roles import Role

LONG_AGO = dt.date(2020, 1, 1)


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"nguoi{n}")
    full_name = factory.Sequence(lambda n: f"Nguyễn Văn {n}")
    email = factory.LazyAttribute(lambda u: f"{u.username}@example.vn")


class UnitKindFactory(DjangoModelFactory[UnitKind]):
    class Meta:
        model = UnitKind
        django_get_or_create = ("code",)

    code = "commune"
    name = factory.LazyAttribute(lambda k: k.code.title())
    rank = 50
    has_subtree = factory.LazyAttribute(lambda k: k.code != "department")


class PostFactory(DjangoModelFactory[Post]):
    class Meta:
        model = Post
        django_get_or_create = ("unit", "title")

    title = "Bí thư"
    role = Role.SECRETARY


class AppointmentFactory(DjangoModelFactory[Appointment]):
    class Meta:
        model = Appointment

    user = factory.SubFactory(UserFactory)
    start = LONG_AGO


class PlanFactory(DjangoModelFactory[Plan]):
    class Meta:
        model = Plan

    title = factory.Sequence(lambda n: f"Kế hoạch thử số {n}")
    period_start = dt.date(2026, 1, 1)
    period_end = dt.date(2026, 12, 31)


class ShortcomingFactory(DjangoModelFactory[Shortcoming]):
    class Meta:
        model = Shortcoming

    ordinal = factory.Sequence(lambda n: n + 1)
    text = "Báo cáo gửi chậm."


class SolutionGroupFactory(DjangoModelFactory[SolutionGroup]):
    class Meta:
        model = SolutionGroup

    ordinal = factory.Sequence(lambda n: n + 1)
    title = "Nhóm giải pháp"


class SolutionFactory(DjangoModelFactory[Solution]):
    class Meta:
        model = Solution

    ordinal = factory.Sequence(lambda n: n + 1)
    text = "Rà soát danh sách đoàn viên."


class ScheduleFactory(DjangoModelFactory[Schedule]):
    class Meta:
        model = Schedule

    kind = Kind.BY_DATE
    due = dt.date(2026, 3, 31)


def make_unit(name: str, *, code: str, kind: str = "commune", parent: Unit | None = None, **fields: Any) -> Unit:
    """Add a unit to the tree."""
    facts = {"name": name, "code": code, "kind": UnitKindFactory(code=kind), **fields}
    unit: Unit = Unit.objects.add_child(parent, facts) if parent else Unit.objects.add_root(facts)
    fresh: Unit = Unit.objects.get(pk=unit.pk)
    return fresh


def make_officer(unit: Unit, role: Role, *, title: str = "", **fields: Any) -> User:
    """Make a person who holds a post with `role` in `unit`."""
    user = UserFactory(**fields)
    AppointmentFactory(user=user, post=PostFactory(unit=unit, title=title or role.label, role=role))
    return user


def make_deadline(unit: Unit, *, plan: Plan, due_on: dt.date | None = None, **fields: Any) -> Deadline:
    """Make one deadline of a published plan with a solution and schedule of its own."""
    ordinal = plan.solutions.count() + 1
    solution = fields.pop("solution", None) or SolutionFactory(plan=plan, ordinal=ordinal, lead_unit=unit)
    schedule = ScheduleFactory(solution=solution, due=due_on, kind=Kind.BY_DATE if due_on else Kind.ONGOING)
    held: dict[str, Any] = {
        "held_on": due_on or LONG_AGO,
        "held_status": Status.ASSIGNED,
        "hold_reason": "Chờ chỉ đạo.",
    }
    facts = {"occurrence": "once", "original_due_on": due_on, "remind_on": due_on}
    facts |= held | fields if fields.get("status") == Status.ON_HOLD else fields
    return Deadline.objects.create(
        schedule=schedule, solution=solution, plan=plan, unit=unit, unit_path=unit.path, due_on=due_on, **facts
    )


def make_published_plan(issuing_unit: Unit, **fields: Any) -> Plan:
    """Make a published plan without records."""
    published_at = dt.datetime(2026, 1, 5, tzinfo=dt.UTC)
    plan: Plan = PlanFactory(
        issuing_unit=issuing_unit, status=PlanStatus.PUBLISHED, published_at=published_at, **fields
    )
    return plan


def make_extension(deadline: Deadline, *, by: User, **fields: Any) -> Extension:
    """Make one request for ten days more that waits for a decision."""
    asked_at = dt.datetime(2026, 3, 14, tzinfo=dt.UTC)
    assert deadline.due_on
    facts = {"asked_day": deadline.due_on + dt.timedelta(10), "reason": "Mưa bão.", "asked_at": asked_at, **fields}
    return Extension.objects.create(deadline=deadline, due_on=deadline.due_on, asked_by=by, **facts)


def make_difficulty(deadline: Deadline, *, by: User, **fields: Any) -> Difficulty:
    """Make one difficulty that waits for an answer of the plan's issuer until 20 March 2026."""
    raised_at = dt.datetime(2026, 3, 13, tzinfo=dt.UTC)
    days = {"raised_on": dt.date(2026, 3, 13), "answer_due_on": dt.date(2026, 3, 20)}
    owed = {"text": "Thiếu kinh phí.", "answering_unit": deadline.plan.issuing_unit}
    facts = {**owed, "raised_at": raised_at, **days, **fields}
    return Difficulty.objects.create(deadline=deadline, raised_by=by, **facts)


def make_substitution(absent: User, substitute: User, **fields: Any) -> Substitution:
    """Let a person stand in for the first post of another, from 10 to 31 March 2026."""
    entered_at = dt.datetime(2026, 3, 9, tzinfo=dt.UTC)
    facts = {"start": dt.date(2026, 3, 10), "end": dt.date(2026, 3, 31), "reason": "Đi học.", **fields}
    appointment = absent.appointments.order_by("pk")[0]
    entered = {"entered_by": absent, "entered_at": entered_at}
    return Substitution.objects.create(appointment=appointment, substitute=substitute, **{**entered, **facts})


def version_of(deadline: Deadline) -> int:
    """Return the version of a deadline as it stands, as somebody who just opened its page has it."""
    version: int = Deadline.objects.values_list("version", flat=True).get(pk=deadline.pk)
    return version


def make_directive(issuing_unit: Unit, *, by: User, to: Sequence[Unit] = (), **fields: Any) -> Directive:
    """Make one directive: a draft, or with `to` issued to these units on 2 March 2026, ten days before roll-out."""
    made_at = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
    facts = {"title": "Công văn thử", "drafting_unit": issuing_unit, "rolls_out_on": dt.date(2026, 3, 12), **fields}
    if to:
        day = facts.setdefault("issued_on", dt.date(2026, 3, 2))
        issued = {"symbol": "12-CV/TĐTN", "earliest_roll_out": earliest_roll_out(day)}
        facts = {**issued, "issued_at": made_at, "issued_by": by, **facts}
    row = Directive.objects.create(issuing_unit=issuing_unit, created_by=by, created_at=made_at, **facts)
    DirectiveRecipient.objects.bulk_create(DirectiveRecipient(directive=row, unit=unit) for unit in to)
    return row


def make_activity(
    issuing_unit: Unit, *, by: User, host: Unit | None = None, opinion_by: User | None = None, **fields: Any
) -> Activity:
    """Make one activity: a draft; with `opinion_by` agreed on 5 March 2026; with `host` besides issued a day later."""
    facts = {"title": "Hội trại thử", "text": "Ba ngày, 300 trại sinh.", "drafting_unit": issuing_unit, **fields}
    if opinion_by:
        said = {"opinion": "agreed", "opinion_text": "Đồng ý.", "opinion_on": dt.date(2026, 3, 5)}
        facts = {**said, "opinion_by": opinion_by, **facts}
    if host:
        issued = {"symbol": "30-KH/TĐTN", "issued_on": dt.date(2026, 3, 6)}
        facts = {**issued, "issued_by": by, "host_unit": host, **facts}
    made_at = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
    return Activity.objects.create(issuing_unit=issuing_unit, created_by=by, created_at=made_at, **facts)


def make_event(unit: Unit, name: str = "Họp Ban Thường vụ Tỉnh đoàn", **fields: Any) -> Event:
    """Make one event without a day."""
    return Event.objects.create(unit=unit, name=name, **fields)


def make_hanging(*units: Unit, plan: Plan, text: str = "Chuẩn bị báo cáo.", **fields: Any) -> Schedule:
    """Make a commitment bound to an event or another commitment, with a deadline without a day for each of `units`."""
    solution = SolutionFactory(plan=plan, ordinal=plan.solutions.count() + 1, text=text, lead_unit=units[0])
    facts = {"kind": Kind.RELATIVE, "due": None, **fields}
    schedule: Schedule = ScheduleFactory(solution=solution, **facts)
    due = schedule.due if schedule.kind == Kind.BY_DATE else None
    for unit in units:
        Deadline.objects.create(
            schedule=schedule,
            solution=solution,
            plan=plan,
            unit=unit,
            unit_path=unit.path,
            occurrence="once",
            due_on=due,
            original_due_on=due,
        )
    return schedule


def make_member(unit: Unit, body: str = Post.Body.STANDING_COMMITTEE, **fields: Any) -> User:
    """Make a person who sits in a body of `unit` and has no right by it."""
    user = UserFactory(**fields)
    title = f"Ủy viên {body}"
    AppointmentFactory(user=user, post=PostFactory(unit=unit, title=title, body=body, role=Role.READER))
    return user


def make_meeting(unit: Unit, *, by: User, day: dt.date | None = None, **fields: Any) -> Meeting:
    """Make one planned meeting of the standing committee of `unit`."""
    made_at = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
    facts = {"body": Post.Body.STANDING_COMMITTEE, "title": "Phiên họp Ban Thường vụ thử", **fields}
    event = facts.pop("event", None) or make_event(unit, facts["title"], day=day, kind="meeting")
    return Meeting.objects.create(unit=unit, event=event, created_by=by, created_at=made_at, **facts)


def make_item(meeting: Meeting, *, by: User, **fields: Any) -> AgendaItem:
    """Make one item at the end of an agenda."""
    made_at = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
    facts = {"title": "Công tác tháng", "ordinal": meeting.items.count() + 1, **fields}
    return AgendaItem.objects.create(meeting=meeting, created_by=by, created_at=made_at, **facts)
