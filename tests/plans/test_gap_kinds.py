"""Gaps of plans: each kind as a plan that has it and one that has not, and its cure, which mends it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from doantracker.lib import clock
from plans.enums import Deliverable, Kind, PlanStatus, Status
from plans.gap_kinds import BY_CODE, KINDS, NO_UPDATE_DAYS
from plans.gaps import gaps_of
from plans.models import Deadline, Evidence, Plan, Schedule, Solution
from tests.cast import Cast
from tests.conftest import TODAY, Login
from tests.factories import (
    PlanFactory,
    ScheduleFactory,
    ShortcomingFactory,
    SolutionFactory,
    UnitKindFactory,
    make_deadline,
    make_event,
    make_hanging,
    make_published_plan,
)
from units.models import User

pytestmark = pytest.mark.usefixtures("today")

DAY = dt.date(2026, 12, 20)
DRAFT, PUBLISHED = PlanStatus.DRAFT, PlanStatus.PUBLISHED


def whole(cast: Cast, status: PlanStatus) -> Plan:
    """Return a plan without a gap: one shortcoming, answered by a report due at the end of the period."""
    plan: Plan = PlanFactory(issuing_unit=cast.province) if status == DRAFT else make_published_plan(cast.province)
    solution = SolutionFactory(plan=plan, ordinal=1, lead_unit=cast.district, deliverable=Deliverable.REPORT)
    solution.shortcomings.add(ShortcomingFactory(plan=plan, ordinal=1))
    if status == DRAFT:
        ScheduleFactory(solution=solution, due=DAY)
    else:
        make_deadline(cast.district, plan=plan, due_on=DAY, solution=solution)
    return plan


def codes(plan: Plan, user: User) -> list[str]:
    """Return the kinds of gaps of a plan, one a row, as the page of gaps finds them."""
    plans = Plan.objects.filter(pk=plan.pk)
    return [kind.code for kind in KINDS for _row in kind.rows(plans, user, TODAY)]


# --- what makes a plan have each gap ---


def no_commitment(_cast: Cast, plan: Plan) -> None:
    SolutionFactory(plan=plan, ordinal=2, lead_unit=plan.solutions.get(ordinal=1).lead_unit)


def no_lead(cast: Cast, plan: Plan) -> None:
    schedule = ScheduleFactory(solution=SolutionFactory(plan=plan, ordinal=2), due=DAY)
    schedule.owner_units.add(cast.commune)


def no_unit(_cast: Cast, plan: Plan) -> None:
    solution = SolutionFactory(plan=plan, ordinal=2, lead_unit=plan.solutions.get(ordinal=1).lead_unit)
    ScheduleFactory(solution=solution, due=DAY).owner_kinds.add(UnitKindFactory(code="affiliated"))


def no_answer(_cast: Cast, plan: Plan) -> None:
    ShortcomingFactory(plan=plan, ordinal=2)


def no_date_directed(cast: Cast, plan: Plan) -> None:
    _undated(cast, plan, Kind.AS_DIRECTED)


def no_date_dated(cast: Cast, plan: Plan) -> None:
    _undated(cast, plan, Kind.BY_DATE)


def no_date_event(cast: Cast, plan: Plan) -> None:
    event = make_event(cast.province, "Họp Ban Chấp hành", plan=plan)
    if plan.status == PUBLISHED:
        make_hanging(cast.district, plan=plan, event=event)
        return
    solution = SolutionFactory(plan=plan, ordinal=2, lead_unit=cast.district)
    ScheduleFactory(solution=solution, kind=Kind.RELATIVE, due=None, event=event)


def _undated(cast: Cast, plan: Plan, kind: Kind) -> None:
    solution = SolutionFactory(plan=plan, ordinal=2, lead_unit=cast.district)
    schedule = ScheduleFactory(solution=solution, kind=kind, due=None)
    if plan.status == PUBLISHED:
        facts: dict[str, Any] = {"schedule": schedule, "solution": solution, "plan": plan, "occurrence": "once"}
        Deadline.objects.create(unit=cast.district, unit_path=cast.district.path, **facts)


def no_rule(cast: Cast, plan: Plan) -> None:
    solution = SolutionFactory(plan=plan, ordinal=2, lead_unit=cast.district)
    ScheduleFactory(solution=solution, kind=Kind.RECURRING, due=None, rule="")


def no_evidence(cast: Cast, plan: Plan) -> None:
    done = {"status": Status.COMPLETED, "reported_on": TODAY, "confirmed_on": TODAY}
    people = {"reported_by": cast.secretary, "confirmed_by": cast.office_staff}
    Deadline.objects.filter(plan=plan).update(**done, **people)


def no_update(_cast: Cast, plan: Plan) -> None:
    before = clock.now() - dt.timedelta(days=NO_UPDATE_DAYS)
    Deadline.objects.filter(plan=plan).update(created_at=before)


def no_report_day(_cast: Cast, plan: Plan) -> None:
    early = DAY - dt.timedelta(days=90)
    Schedule.objects.filter(solution__plan=plan).update(due=early)
    Deadline.objects.filter(plan=plan).update(due_on=early)


# --- the cures, as a person goes through them ---


def save_form(client: Client, url: str, **values: str) -> None:
    """Send the form at an address back as it came, with some values filled in."""
    form = client.get(url).context["form"]
    prefixed = {form.add_prefix(name): form[name].value() for name in form.fields}
    sent = {name: value for name, value in prefixed.items() if value not in (None, False, "")}
    answer = client.post(url, sent | {form.add_prefix(name): value for name, value in values.items()})
    assert answer.status_code in {200, 302}, answer.context["form"].errors


def staged(client: Client, url: str, **values: str) -> None:
    """Send a form that shows the change before it is made, then make it."""
    form = client.get(url).context["form"]
    sent = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False, "")}
    sent |= {"reason": "Bổ sung", **values}
    shown = client.post(url, sent)
    assert shown.status_code == 200, shown.context["form"].errors
    made = client.post(url, sent | {"act": "apply", "digest": shown.context["change"].digest})
    assert made.status_code == 302, made.context["form"].errors


def give_event_day(client: Client, url: str) -> None:
    shown = client.post(url, {"day": "30/06/2026"})
    digest = shown.context["preview"].digest
    client.post(url, {"day": "30/06/2026", "act": "confirm", "digest": digest})


def tick_solution(client: Client, url: str) -> None:
    solution = str(client.get(url).context["form"].fields["solutions"].queryset.first().pk)
    save_form(client, url, solutions=solution)


def report(client: Client, url: str) -> None:
    row = Deadline.objects.get(pk=int(url.strip("/").split("/")[1]))
    sent = {"act": "progress", "percent": "50", "text": "Đang làm", "version": str(row.version)}
    assert client.post(reverse("plans:report", args=[row.pk]), sent).status_code == 302


@dataclass(frozen=True)
class Case:
    """One gap: what makes it, its cure in a plan of a status."""

    code: str
    status: PlanStatus
    make: Callable[[Cast, Plan], None]
    cure: Callable[[Client, str], None]

    @property
    def name(self) -> str:
        return f"{self.make.__name__}-{self.status.value}"


def _with(way: Callable[..., None], **values: str) -> Callable[[Client, str], None]:
    return lambda client, url: way(client, url, **values)


CASES = (
    Case("no_commitment", DRAFT, no_commitment, _with(save_form, kind="by_date", due="20/12/2026")),
    Case("no_commitment", PUBLISHED, no_commitment, _with(staged, kind="by_date", due="20/12/2026")),
    Case("no_lead", DRAFT, no_lead, _with(save_form, lead_unit="Huyện đoàn Bình Minh")),
    Case("no_lead", PUBLISHED, no_lead, _with(save_form, lead="Huyện đoàn Bình Minh")),
    Case("no_unit", DRAFT, no_unit, _with(save_form, owner_units="Huyện đoàn Bình Minh")),
    Case("no_unit", PUBLISHED, no_unit, _with(staged, owner_units="Huyện đoàn Bình Minh")),
    Case("no_answer", DRAFT, no_answer, _with(save_form, text="Mở lớp tập huấn.", deliverable="result")),
    Case("no_answer", PUBLISHED, no_answer, tick_solution),
    Case("no_date", DRAFT, no_date_dated, _with(save_form, due="20/12/2026")),
    Case("no_date", DRAFT, no_date_directed, _with(save_form, kind="by_date", due="20/12/2026")),
    Case("no_date", PUBLISHED, no_date_directed, _with(staged, kind="by_date", due="20/12/2026")),
    Case("no_date", DRAFT, no_date_event, give_event_day),
    Case("no_date", PUBLISHED, no_date_event, give_event_day),
    Case("no_rule", DRAFT, no_rule, _with(save_form, repeat="FREQ=MONTHLY")),
    Case("no_rule", PUBLISHED, no_rule, _with(staged, repeat="FREQ=MONTHLY")),
    Case("no_evidence", PUBLISHED, no_evidence, _with(save_form, document_numbers="12-BC/HĐ")),
    Case("no_update", PUBLISHED, no_update, report),
    Case("no_report_day", DRAFT, no_report_day, _with(save_form, day="15/12/2026")),
    Case("no_report_day", PUBLISHED, no_report_day, _with(save_form, day="15/12/2026", solution="")),
)


@pytest.mark.parametrize("status", [DRAFT, PUBLISHED])
def test_a_whole_plan_has_no_gap_and_the_page_says_what_was_checked(
    cast: Cast, login: Login, status: PlanStatus
) -> None:
    plan = whole(cast, status)
    assert codes(plan, cast.office_staff) == []
    page = login(cast.office_staff).get(reverse("plans:plan_gaps", args=[plan.pk]))
    assert page.context["count"] == 0
    assert all(str(kind.checked) in page.text for kind in KINDS)


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_each_gap_is_found_and_its_cure_mends_it(cast: Cast, login: Login, case: Case) -> None:
    plan, client = whole(cast, case.status), login(cast.office_staff)
    case.make(cast, plan)
    found = codes(plan, cast.office_staff)
    assert found.count(case.code) == 1
    (gap,) = [BY_CODE[case.code].gap_of(row) for row in rows_of(case.code, plan, cast.office_staff)]
    page = client.get(reverse("plans:plan_gaps", args=[plan.pk]))
    assert f'href="{gap.url}"' in page.text
    assert client.get(gap.url).status_code == 200
    if case.make is no_report_day and case.status == PUBLISHED:
        solution = str(plan.solutions.get().pk)
        save_form(client, gap.url, day="15/12/2026", solution=solution)
    else:
        case.cure(client, gap.url)
    assert case.code not in codes(plan, cast.office_staff)


def rows_of(code: str, plan: Plan, user: User) -> Any:
    return BY_CODE[code].rows(Plan.objects.filter(pk=plan.pk), user, TODAY)


@pytest.mark.parametrize("status", [DRAFT, PUBLISHED])
def test_ongoing_work_needs_no_day(cast: Cast, status: PlanStatus) -> None:
    plan = whole(cast, status)
    _undated(cast, plan, Kind.ONGOING)
    assert codes(plan, cast.office_staff) == []


def test_work_said_a_word_about_within_thirty_days_or_not_begun_is_no_gap(cast: Cast) -> None:
    plan = whole(cast, PUBLISHED)
    Deadline.objects.filter(plan=plan).update(created_at=clock.now() - dt.timedelta(days=NO_UPDATE_DAYS - 1))
    assert codes(plan, cast.office_staff) == []
    no_update(cast, plan)
    assert codes(plan, cast.office_staff) == ["no_update"]
    Deadline.objects.filter(plan=plan).update(period_start=TODAY)
    assert codes(plan, cast.office_staff) == []


def test_a_link_is_no_file_where_a_file_is_owed(cast: Cast) -> None:
    plan = whole(cast, PUBLISHED)
    no_evidence(cast, plan)
    row = Deadline.objects.get(plan=plan)
    Evidence.objects.create(deadline=row, link="https://example.org", added_by=cast.secretary, added_at=clock.now())
    assert codes(plan, cast.office_staff) == []
    Solution.objects.filter(plan=plan).update(deliverable=Deliverable.FILE)
    assert codes(plan, cast.office_staff) == ["no_evidence", "no_report_day"]


def test_a_closed_plan_has_no_gaps_to_fill(cast: Cast, login: Login) -> None:
    plan = whole(cast, PUBLISHED)
    no_answer(cast, plan)
    Plan.objects.filter(pk=plan.pk).update(status=PlanStatus.CLOSED, closed_at=clock.now())
    client = login(cast.office_staff)
    assert client.get(reverse("plans:plan_gaps", args=[plan.pk])).context["count"] == 0
    assert client.get(reverse("plans:gaps")).context["count"] == 0


def test_publishing_shows_the_gaps_that_stop_it_first_each_with_its_cure(cast: Cast, login: Login) -> None:
    plan = whole(cast, DRAFT)
    no_answer(cast, plan)
    no_commitment(cast, plan)
    page = login(cast.office_staff).get(reverse("plans:publish", args=[plan.pk]))
    gaps = page.context["gaps"]
    assert [g.code for g in gaps] == ["no_commitment", "no_symbol", "no_issue_date", "no_answer"]
    assert [g.blocks for g in gaps] == [True, False, False, False]
    assert [page.text.index(f'href="{g.url}"') for g in gaps] == sorted(
        page.text.index(f'href="{g.url}"') for g in gaps
    )


def test_work_owed_by_units_named_does_not_stop_publishing_for_want_of_a_lead(cast: Cast) -> None:
    plan = whole(cast, DRAFT)
    no_lead(cast, plan)
    assert [(g.code, g.blocks) for g in gaps_of(plan, cast.office_staff) if g.code == "no_lead"] == [
        ("no_lead", False)
    ]


def test_the_page_of_all_plans_holds_those_a_person_runs(cast: Cast, login: Login) -> None:
    for unit in (cast.province, cast.district, cast.other_district):
        ShortcomingFactory(plan=make_published_plan(unit, title=f"Kế hoạch {unit.code}"), ordinal=1)
    found = {
        user.username: [
            gap.plan
            for f in login(user).get(reverse("plans:gaps")).context["found"]
            for gap in f.gaps
            if gap.code == "no_answer"
        ]
        for user in (cast.office_staff, cast.secretary, cast.commune_secretary)
    }
    assert {who: sorted(plans) for who, plans in found.items()} == {
        "vanphong": ["Kế hoạch ST", "Kế hoạch ST-BM", "Kế hoạch ST-CG"],
        "bithu": ["Kế hoạch ST-BM"],
        "xa": [],
    }


def test_one_kind_pages_and_its_deadlines_open_in_the_list(cast: Cast, login: Login) -> None:
    plan = make_published_plan(cast.province)
    solution = SolutionFactory(plan=plan, ordinal=1, lead_unit=cast.district)
    for _n in range(55):
        make_deadline(cast.district, plan=plan, due_on=DAY, solution=solution)
    no_update(cast, plan)
    client, address = login(cast.office_staff), reverse("plans:plan_gaps", args=[plan.pk])
    (found,) = [f for f in client.get(address).context["found"] if f.kind.code == "no_update"]
    assert (found.count, len(found.gaps), found.more) == (55, 10, 45)
    assert client.get(found.deadlines).context["page"].paginator.count == 55
    second = client.get(address, {"kind": "no_update", "page": "2"})
    assert len(second.context["gaps"]) == 5
    assert client.get(address, {"kind": "no_such"}).status_code == 404


@pytest.mark.parametrize("size", [1, 12])
@pytest.mark.parametrize(("name", "queries"), [("plans:plan_gaps", 31), ("plans:gaps", 30)])
def test_a_page_costs_the_same_for_few_and_many(
    cast: Cast, login: Login, django_assert_num_queries: Any, name: str, queries: int, size: int
) -> None:
    plan = make_published_plan(cast.province)
    for n in range(1, size + 1):
        ShortcomingFactory(plan=plan, ordinal=n)
        solution = SolutionFactory(plan=plan, ordinal=n)
        make_deadline(cast.district, plan=plan, solution=solution, due_on=DAY)
        SolutionFactory(plan=plan, ordinal=100 + n)
        ShortcomingFactory(plan=make_published_plan(cast.district), ordinal=1)
    no_update(cast, plan)
    client = login(cast.office_staff)
    with django_assert_num_queries(queries):
        assert client.get(reverse(name, args=[plan.pk] if name == "plans:plan_gaps" else [])).status_code == 200


@pytest.mark.parametrize("address", ["plans:plan_gaps", "plans:coverage", "plans:tasks"])
def test_nonsense_in_an_address_is_no_fault_of_ours(cast: Cast, login: Login, address: str) -> None:
    plan = whole(cast, PUBLISHED)
    client = login(cast.office_staff)
    for query in ({"page": "9" * 40}, {"page": "x"}, {"only": "x", "choice": "x", "task": "9" * 40}):
        assert client.get(reverse(address, args=[plan.pk]), query).status_code == 200
