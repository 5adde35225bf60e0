"""One factory per model: plain, valid, without surprises."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import factory
from factory.django import DjangoModelFactory

from plans.actions.closing import FinalReport, close_plan
from plans.actions.ledger import record_review
from plans.enums import Frequency, IndicatorKind, Kind, OpenWork, PlanStatus, RollUp, ShortcomingState, Status
from plans.lead_time import earliest_roll_out
from plans.models import (
    Activity,
    CascadeAnswer,
    Deadline,
    Difficulty,
    Directive,
    DirectiveRecipient,
    Event,
    Extension,
    Indicator,
    IndicatorCondition,
    IndicatorLevel,
    IndicatorResult,
    Plan,
    PlanRecipient,
    PlanSending,
    PriorityTask,
    Schedule,
    Shortcoming,
    ShortcomingReview,
    Solution,
    SolutionGroup,
    SolutionTask,
)
from reviews.actions.checklists import save_checklist
from reviews.actions.commendations import propose
from reviews.actions.contributions import contribute
from reviews.actions.emulation import Content, create_sheet
from reviews.actions.feedback import Asked, open_round, plan_round
from reviews.actions.inspections import plan_inspection
from reviews.actions.report_kinds import create_kind
from reviews.actions.surveys import choose_questions, prepare_survey, start_survey
from reviews.checklist_lines import Line
from reviews.emulation import STANDARD_BANDS
from reviews.enums import QuotaScope, TripState
from reviews.models import (
    AgendaItem,
    Checklist,
    CommendationProposal,
    Contribution,
    EmulationSheet,
    FeedbackInvitation,
    FeedbackRound,
    FeedbackTarget,
    FieldTrip,
    FieldTripQuota,
    Inspection,
    Meeting,
    ReportKind,
    Survey,
    TripMember,
)
from reviews.quarters import quarter_of, register_by
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


class IndicatorFactory(DjangoModelFactory[Indicator]):
    class Meta:
        model = Indicator

    ordinal = factory.Sequence(lambda n: n + 1)
    text = "Mỗi năm mở ít nhất 01 lớp."
    value = Decimal(1)
    unit_of_measure = "lớp"
    frequency = Frequency.YEAR


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


def close(plan: Plan, *, by: User, **choices: Any) -> None:
    """Close a plan with the number of a final report; open work stays as it is."""
    report = FinalReport(document_number="99-BC/TĐTN", document_day=dt.date(2026, 3, 2))
    close_plan(plan=plan, by=by, **{"report": report, "open_work": OpenWork.LEAVE, **choices})


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


def make_indicator(
    plan: Plan,
    *,
    units: Sequence[Unit] = (),
    kinds: Sequence[str] = (),
    conditions: Sequence[str] = (),
    levels: Sequence[tuple[str, bool]] = (),
    **fields: Any,
) -> Indicator:
    """Make one indicator: at least 1 class a year; of kind "ratio": 100 %; with `levels` (name, reaches): in words."""
    facts: dict[str, Any] = {"ordinal": plan.indicators.count() + 1}
    if fields.get("kind") == IndicatorKind.RATIO:
        facts |= {"text": "100% đoàn viên.", "value": Decimal(100), "unit_of_measure": "%", "roll_up": RollUp.WEIGHTED}
    if levels:
        facts |= {"kind": IndicatorKind.LEVEL, "value": None, "unit_of_measure": "", "roll_up": RollUp.COUNT_UNITS}
    indicator: Indicator = IndicatorFactory(plan=plan, **{**facts, **fields})
    indicator.owner_units.set(units)
    indicator.owner_kinds.set(UnitKind.objects.filter(code__in=kinds))
    IndicatorCondition.objects.bulk_create(
        IndicatorCondition(indicator=indicator, ordinal=n, text=text) for n, text in enumerate(conditions, start=1)
    )
    IndicatorLevel.objects.bulk_create(
        IndicatorLevel(indicator=indicator, ordinal=n, name=name, reaches=reaches)
        for n, (name, reaches) in enumerate(levels, start=1)
    )
    return indicator


def make_result(indicator: Indicator, unit: Unit, year: int = 2026, *, by: User, **fields: Any) -> IndicatorResult:
    """Make one result of a unit for a year; without figures: the value 1."""
    days = {"period_start": dt.date(year, 1, 1), "period_end": dt.date(year, 12, 31)}
    facts: dict[str, Any] = {**days, "entered_at": dt.datetime(2026, 3, 14, tzinfo=dt.UTC), **fields}
    if not {"value", "numerator", "level"} & set(fields):
        facts["value"] = Decimal(1)
    return IndicatorResult.objects.create(indicator=indicator, unit=unit, entered_by=by, **facts)


def make_item(plan: Plan, text: str = "Kết nạp 100 đoàn viên mới.", *, level: str = "", **schedule: Any) -> Solution:
    """Make one item of a plan with one commitment, due on 30 June 2026 unless `schedule` says otherwise."""
    ordinal = plan.solutions.count() + 1
    solution: Solution = SolutionFactory(
        plan=plan, ordinal=ordinal, text=text, level=level, lead_unit=plan.issuing_unit
    )
    ScheduleFactory(solution=solution, **{"due": dt.date(2026, 6, 30), **schedule})
    return solution


def make_recipient(plan: Plan, unit: Unit, *, by: User, **fields: Any) -> PlanRecipient:
    """Send a plan down to one unit on 9 March 2026."""
    sent_on = dt.date(2026, 3, 9)
    sending = PlanSending.objects.create(plan=plan, sent_on=sent_on, sent_by=by)
    facts = {"unit_path": unit.path, "asked_on": sent_on, **fields}
    return PlanRecipient.objects.create(sending=sending, plan=plan, unit=unit, **facts)


def make_answer(recipient: PlanRecipient, solution: Solution, *, by: User, **fields: Any) -> CascadeAnswer:
    """Make the answer "not applicable" to an item that read otherwise then."""
    facts = {
        "answer": "not_applicable",
        "reason": "Không có đối tượng.",
        "digest": "0",
        "asked_text": "Đã khác.",
        **fields,
    }
    answered_at = dt.datetime(2026, 3, 10, tzinfo=dt.UTC)
    return CascadeAnswer.objects.create(
        recipient=recipient, solution=solution, answered_by=by, answered_at=answered_at, **facts
    )


def make_task(plan: Plan, ordinal: int = 1, *, list_kind: str = "focus", **fields: Any) -> PriorityTask:
    """Make one priority task of a higher body."""
    text = fields.pop("text", f"Nhiệm vụ số {ordinal} của cấp trên.")
    return PriorityTask.objects.create(plan=plan, ordinal=ordinal, list_kind=list_kind, text=text, **fields)


def link_task(solution: Solution, task: PriorityTask, *, proposed: bool = False) -> SolutionTask:
    """Let a solution answer a task; `proposed`: the reader took it from the order of the lists."""
    return SolutionTask.objects.create(solution=solution, prioritytask=task, proposed=proposed)


def make_ledger(plan: Plan, *origins: str, first: int = 1, **fields: Any) -> list[Shortcoming]:
    """Make one shortcoming of each of `origins` in order, numbered from `first`, each with a text of its own."""
    return [
        ShortcomingFactory(plan=plan, ordinal=n, text=f"Khuyết điểm thử số {n}.", origin=origin, **fields)
        for n, origin in enumerate(origins, start=first)
    ]


def make_review(row: Shortcoming, *, by: User, **fields: Any) -> ShortcomingReview:
    """Record the review of 20 December 2025 that calls a shortcoming remedied."""
    said: dict[str, Any] = {"day": dt.date(2025, 12, 20), "state": ShortcomingState.REMEDIED}
    return record_review(shortcoming=row, by=by, **{**said, "review": "Hội nghị tổng kết năm", **fields})


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


def make_agenda_item(meeting: Meeting, *, by: User, **fields: Any) -> AgendaItem:
    """Make one item at the end of an agenda."""
    made_at = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
    facts = {"title": "Công tác tháng", "ordinal": meeting.items.count() + 1, **fields}
    return AgendaItem.objects.create(meeting=meeting, created_by=by, created_at=made_at, **facts)


# --- periodic reports and the emulation score sheet ---


def make_report_kind(
    unit: Unit, *units: Unit, by: User, sections: Sequence[tuple[str, str]] = (), **fields: Any
) -> ReportKind:
    """Ask for a monthly report due on the 25th, owed by `units`, with one section of free text; by the act."""
    facts: dict[str, Any] = {
        "name": "Báo cáo công tác Đoàn hằng tháng",
        "body": Post.Body.EXECUTIVE_COMMITTEE,
        "period": "month",
        "day": 25,
        "active_from": dt.date(2026, 1, 1),
        "owner_units": list(units),
        **fields,
    }
    return create_kind(unit=unit, values=facts, sections=sections or [("Kết quả", "free")], by=by)


def make_score_sheet(unit: Unit, *kinds: str, by: User, **fields: Any) -> EmulationSheet:
    """Set up the score sheet of 2026: reports by the usual bands, and one judged criterion of at most 10 points."""
    bands = [(Decimal(points), *limits) for points, *limits in STANDARD_BANDS]
    facts: dict[str, Any] = {
        "title": "Bảng điểm thi đua 2026",
        "year": 2026,
        "reports": "Chế độ báo cáo",
        "bands": bands,
        "judged": [("Phát triển đoàn viên", Decimal(10))],
        **fields,
    }
    unit_kinds = list(UnitKind.objects.filter(code__in=kinds))
    return create_sheet(unit=unit, content=Content(unit_kinds=unit_kinds, **facts), by=by)


def make_survey(unit: Unit, *units: Unit, by: User, running: bool = True, **values: Any) -> Survey:
    """Make one survey by `unit` among `units`, asked until 31 March 2026 about its plan and a free one."""
    facts: dict[str, Any] = {
        "title": "Khảo sát giữa nhiệm kỳ",
        "purpose": "Đánh giá mức độ hoàn thành chỉ tiêu.",
        "period_start": dt.date(2026, 3, 1),
        "period_end": dt.date(2026, 4, 15),
        "answer_by": dt.date(2026, 3, 31),
        "lead_unit": unit,
        "plan": None,
        **values,
    }
    row = prepare_survey(unit=unit, values=facts, units=units, by=by)
    asked = list(row.plan.indicators.order_by("ordinal")) if row.plan else []
    free = [("Công trình thanh niên đã thực hiện", "công trình")]
    choose_questions(survey=row, indicators=asked, free=free, by=by, version=row.version)
    row.refresh_from_db()
    return start_survey(survey=row, by=by, version=row.version) if running else row


def make_proposal(proposing: Unit, *, by: User, level: Unit, **values: Any) -> CommendationProposal:
    """Propose a unit for a commendation of 2026."""
    usual = {"year": 2026, "unit": proposing, "person": "", "award": "Giấy khen", "merits": "Có mô hình hay."}
    facts = {**usual, **values}
    upload = facts.pop("upload", None)
    return propose(unit=proposing, values={**facts, "level": level}, by=by, upload=upload)


def make_trip(unit: Unit, *, leader: User, days: tuple[dt.date, dt.date], **fields: Any) -> FieldTrip:
    """Make one trip; `state` gone or reported: it took place on `days`, else it is registered for them."""
    first, last = days
    party, units, state = fields.pop("party", ()), fields.pop("units", ()), fields.pop("state", TripState.REGISTERED)
    facts: dict[str, Any] = {
        "planned_from": first, "planned_to": last, "year": first.year, "quarter": quarter_of(first),
        "register_by": register_by(first.year, quarter_of(first), 1), "purpose": "Nắm tình hình cơ sở.",
        "created_at": dt.datetime(2026, 1, 2, tzinfo=dt.UTC), "created_by": leader,
    }  # fmt: skip
    if state != TripState.REGISTERED:
        facts |= {"decided_by": leader, "decided_on": first}
    if state in {TripState.GONE, TripState.REPORTED}:
        facts |= {"actual_from": first, "actual_to": last}
    if state == TripState.REPORTED:
        facts |= {"reported_by": leader, "reported_on": last}
    if state == TripState.CANCELLED:
        facts |= {"cancel_reason": "Trùng lịch họp."}
    trip: FieldTrip = FieldTrip.objects.create(unit=unit, leader=leader, state=state, **{**facts, **fields})
    trip.units.set(units)
    TripMember.objects.bulk_create(TripMember(trip=trip, person=person) for person in {leader, *party})
    return trip


def make_quota(unit: Unit, *, by: User, **fields: Any) -> FieldTripQuota:
    """Make the quota of 60 days before 15 December 2026 of each of the union's staff."""
    people = fields.pop("people", ())
    facts = {"name": "60 ngày", "year": 2026, "amount": 60, "until": dt.date(2026, 12, 14), **fields}
    facts.setdefault("scope", QuotaScope.PEOPLE if people else QuotaScope.STAFF)
    made_at = dt.datetime(2026, 1, 2, tzinfo=dt.UTC)
    quota: FieldTripQuota = FieldTripQuota.objects.create(unit=unit, created_by=by, created_at=made_at, **facts)
    quota.people.set(people)
    return quota


def make_permanent_member(unit: Unit, **fields: Any) -> User:
    """Make a person who sits among the permanent members of `unit` and has no right by it."""
    return make_member(unit, Post.Body.PERMANENT_MEMBERS, **fields)


def make_checklist(unit: Unit, kind: str = "district", *texts: str, by: User) -> Checklist:
    """Make the first version of a checklist: two items under one heading, or one for each of `texts`."""
    lines = [Line("Công tác tổ chức", text) for text in texts or ("Hồ sơ đoàn viên", "Đoàn phí")]
    return save_checklist(unit=unit, unit_kind=UnitKind.objects.get(code=kind), lines=lines, by=by)


def make_inspection(
    unit: Unit, *visits: Unit, by: User, head: User, day: dt.date | None = None, **fields: Any
) -> Inspection:
    """Put an inspection of `visits` on `day` into the programme of 2026 of `unit`."""
    members = fields.pop("members", ())
    values = {
        "kind": "regular",
        "title": "Đợt kiểm tra thử",
        "content": "",
        "head": head,
        "report_unit": unit,
        **fields,
    }
    return plan_inspection(
        unit=unit, year=2026, values=values, visits=[(visit, day) for visit in visits], members=members, by=by
    )


#: Days of the rounds that tests make, after the day they stand on.
FEEDBACK_DAYS = {
    "contributions_by": dt.date(2026, 3, 31),
    "report_by": dt.date(2026, 4, 10),
    "meeting_on": dt.date(2026, 4, 15),
    "reply_by": dt.date(2026, 4, 20),
}


def make_feedback_round(
    unit: Unit, *, by: User, person: User | None = None, opened: bool = True, **facts: Any
) -> FeedbackRound:
    """Make a round about a body of `unit`, its standing committee, and about `person`, under two topics.

    The body has to have members. Who is asked stands in `facts` as in `Asked`; without any it is a guest.
    """
    asked = {name: tuple(facts.pop(name)) for name in ("units", "bodies", "people", "guests") if name in facts}
    body = facts.get("body", Post.Body.STANDING_COMMITTEE)
    targets = [(unit, body, None, ""), *([(unit, "", person, "Ủy viên")] if person else [])]
    topics = tuple(facts.pop("topics", ("Tư tưởng, đạo đức", "Công tác cán bộ")))
    whom = Asked(targets=tuple(targets), topics=topics, **(asked or {"guests": ("Nguyễn Nguyên Ủy Viên",)}))
    named = {"title": "Lấy ý kiến góp ý năm 2026", "body": body, "year": 2026, "consolidated_by": unit}
    row = plan_round(unit=unit, values={**named, **FEEDBACK_DAYS, **facts}, asked=whom, by=by)
    return open_round(feedback=row, by=by, today=dt.date(2026, 3, 16)) if opened else row


def contribute_to(
    row: FeedbackRound, invitation: FeedbackInvitation, target: FeedbackTarget, *texts: str, by: User
) -> Contribution:
    """Hand in what an invitation says about one target, under the topics in order; return the first of it."""
    topics = row.topics.values_list("pk", flat=True)
    said = {(target.pk, topic): text for topic, text in zip(topics, texts, strict=False)}
    contribute(invitation=invitation, texts=said, by=by, today=dt.date(2026, 3, 16))
    found: Contribution = row.contributions.filter(target=target, text=texts[0])[0]
    return found
