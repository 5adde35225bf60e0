"""The page of a plan's life, the copy, the new plan by kind, the comparison with a past day; what each costs."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from doantracker.lib import clock
from plans.actions.amendments import amend_solution, issue_amendment, open_amendment
from plans.actions.deadlines import submit
from plans.actions.plans import create_plan, publish_plan
from plans.actions.rescheduling import reschedule
from plans.actions.sign_offs import ask_sign_off
from plans.enums import Kind, PlanKind, PlanStatus, Status
from plans.gaps import gaps_of
from plans.labels import plan_period_label
from plans.models import Deadline, Plan, RecordVersion, Schedule
from plans.templates_of_kinds import SKELETONS, days_of, usual_period
from tests.cast import Cast
from tests.conftest import TODAY, Login
from tests.factories import PlanFactory, ScheduleFactory, SolutionFactory, close, make_deadline, make_published_plan

pytestmark = pytest.mark.usefixtures("today")

D = dt.date


@pytest.mark.parametrize(
    ("start", "end", "label"),
    [
        (D(2026, 1, 1), D(2026, 12, 31), "2026"),
        (D(2019, 1, 1), D(2022, 12, 31), "2019–2022"),
        (D(2020, 1, 1), None, "từ 2020, chưa định ngày kết thúc"),
        (D(2026, 3, 1), None, "từ 01/03/2026, chưa định ngày kết thúc"),
        (D(2026, 3, 1), D(2026, 9, 30), "01/03/2026 – 30/09/2026"),
        (D(2026, 1, 1), D(2026, 9, 30), "01/01/2026 – 30/09/2026"),
        (None, D(2026, 9, 30), "đến 30/09/2026"),
        (None, None, ""),
    ],
)
def test_a_period_is_told_as_people_say_it(start: D | None, end: D | None, label: str, db: None) -> None:
    assert plan_period_label(start, end) == label


# --- a new plan by its kind ---


@pytest.mark.parametrize("kind", SKELETONS)
def test_a_draft_of_a_kind_has_its_headings_and_usual_work(cast: Cast, kind: PlanKind) -> None:
    start, end = usual_period(kind, 2026)
    facts: dict[str, Any] = {"kind": kind, "period_start": start, "period_end": end, "skeleton": True}
    plan = create_plan(issuing_unit=cast.province, title="Kế hoạch mới", by=cast.office_staff, key="k", **facts)
    assert list(plan.groups.values_list("title", flat=True)) == [part.title for part in SKELETONS[kind].parts]
    assert plan.solutions.count() == SKELETONS[kind].count
    assert not plan.solutions.filter(doubt="").exists()
    schedules = Schedule.objects.filter(solution__plan=plan)
    assert not schedules.filter(kind=Kind.RECURRING, rule="").exists()
    assert all(s.due for s in schedules if s.kind in {Kind.BY_DATE, Kind.WITHIN_MONTH, Kind.BY_END_OF_YEAR})
    found = {g.code for g in gaps_of(plan) if g.record_kind in {"solution", "schedule"}}
    assert found - {"no_date"} == {"no_lead"}  # an inspection or trip gets its day later
    for group in plan.groups.all():
        group.lead_unit = cast.department
        group.save()
    assert publish_plan(plan=plan, by=cast.office_staff) > 0
    again = create_plan(issuing_unit=cast.province, title="Kế hoạch mới", by=cast.office_staff, key="k", **facts)
    assert (again, again.solutions.count()) == (plan, SKELETONS[kind].count)


def test_a_plan_of_another_kind_and_one_without_the_tick_stay_empty(cast: Cast) -> None:
    for facts in ({"kind": PlanKind.OTHER, "skeleton": True}, {"kind": PlanKind.FOCUS_TASKS}):
        plan = create_plan(issuing_unit=cast.province, title="Trống", by=cast.office_staff, **facts)
        assert not plan.solutions.exists()


def test_days_of_usual_work_stand_in_the_years_of_the_plan() -> None:
    promises = {p.phrase: p for s in SKELETONS.values() for part in s.parts for w in part.works for p in w.promises}
    years = {"start": D(2028, 1, 1), "end": D(2031, 12, 31)}
    assert days_of(promises["trước ngày 01/11"], **years) == (None, D(2028, 10, 31))
    assert days_of(promises["trong tháng 12"], **years) == (D(2028, 12, 1), D(2028, 12, 31))
    assert days_of(promises["trong tháng 6"], **years) == (D(2028, 6, 1), D(2028, 6, 30))
    assert days_of(promises["trước khi kết thúc thời gian thực hiện"], **years) == (None, D(2031, 12, 31))
    assert days_of(promises["hằng quý"], **years) == (None, None)


def test_the_page_of_a_new_plan_begins_with_the_kind_chosen(cast: Cast, login: Login) -> None:
    office, address = login(cast.office_staff), reverse("plans:create")
    assert office.get(address).context["form"].initial == {}
    assert office.get(address, {"kind": "nothing"}).status_code == 200
    page = office.get(address, {"kind": "programme_multi_year"})
    assert page.context["form"].initial["period_end"] == D(2029, 12, 31)
    sent = {
        "title": "Chương trình",
        "kind": "programme_multi_year",
        "skeleton": "on",
        "period_start": "01/01/2026",
        "period_end": "31/12/2029",
        "issuing_unit": cast.province.name,
        "form_key": "a",
    }
    for _twice in range(2):
        assert office.post(address, sent).status_code == 302
    assert Plan.objects.get().solutions.count() == SKELETONS[PlanKind.PROGRAMME_MULTI_YEAR].count


# --- the page of a life, and the copy ---


def _lived(cast: Cast, changes: int) -> Plan:
    """Make a plan that was signed, published, amended, moved about, closed and copied."""
    plan: Plan = PlanFactory(issuing_unit=cast.province, title="Kế hoạch đã đi hết vòng đời")
    for n in range(1, changes + 1):
        solution = SolutionFactory(plan=plan, ordinal=n, text=f"Việc số {n}.", lead_unit=cast.office)
        ScheduleFactory(solution=solution, due=D(2026, 6, 30)).owner_units.add(cast.district)
    with clock.stopped_at(dt.datetime(2026, 3, 2, 2, tzinfo=dt.UTC)):
        publish_plan(plan=plan, by=cast.office_staff)
    amendment = open_amendment(plan=plan, by=cast.office_staff, title="Điều chỉnh lần 1", reason="Sát thực tế hơn.")
    for solution in plan.solutions.all():
        values = {"text": f"{solution.text} Có kiểm tra."}
        amend_solution(
            solution=solution, by=cast.office_staff, amendment=amendment, values=values, reason="Cần kiểm tra."
        )
    for row in Deadline.objects.filter(plan=plan):
        reschedule(deadline=row, by=cast.office_staff, due_on=D(2026, 7, 15), reason="Lùi ngày.")
    issue_amendment(amendment=amendment, by=cast.office_staff, symbol="45-KH/TĐTN", issued_on=TODAY)
    return Plan.objects.get(pk=plan.pk)


@pytest.mark.parametrize("size", [1, 5])
@pytest.mark.parametrize(("page", "queries"), [("life", 11), ("compare", 9), ("amendment", 7)])
def test_a_page_costs_the_same_for_few_and_many(
    cast: Cast, login: Login, django_assert_num_queries: Any, page: str, queries: int, size: int
) -> None:
    plan = _lived(cast, size)
    client = login(cast.office_staff)
    about = plan.amendments.get().pk if page == "amendment" else plan.pk
    with django_assert_num_queries(queries):
        assert client.get(reverse(f"plans:{page}", args=[about]), {"day": "10/03/2026"}).status_code == 200


def test_the_life_of_a_plan_is_told_in_order(cast: Cast, login: Login) -> None:
    plan = _lived(cast, 1)
    close(plan, by=cast.office_staff)
    office = login(cast.office_staff)
    copy = reverse("plans:next_year", args=[plan.pk])
    assert office.post(copy, {"year": "2027", "form_key": "a"}).status_code == 302
    assert office.post(copy, {"year": "2027", "form_key": "a"}).status_code == 302
    assert plan.copies.count() == 1
    assert office.post(copy, {"year": "2027", "form_key": "b"}).status_code == 422
    assert office.post(copy, {"year": "2027", "form_key": "c", "again": "on"}).status_code == 302
    assert office.post(copy, {"year": "mười", "form_key": "d"}).status_code == 422
    page = office.get(reverse("plans:life", args=[plan.pk]))
    assert [step.icon for step in page.context["steps"]] == ["pencil", "flag", "file-text", "circle-check"]
    assert [p.period_start for p in page.context["copies"]] == [D(2027, 1, 1)] * 2
    assert "99-BC/TĐTN" in page.text
    assert list(login(cast.secretary).get(reverse("plans:life", args=[plan.pk])).context["copies"]) == []


def test_a_draft_shows_how_it_stands_and_what_to_do(cast: Cast, login: Login) -> None:
    draft: Plan = PlanFactory(issuing_unit=cast.province)
    ask_sign_off(plan=draft, by=cast.office_staff)
    page = login(cast.office_staff).get(reverse("plans:life", args=[draft.pk]))
    assert "s-sign_asked" in page.text
    assert reverse("plans:sign_off_ask", args=[draft.pk]) not in page.text


# --- a past day ---


def test_figures_texts_and_days_of_a_past_day_stand_beside_those_of_now(cast: Cast, login: Login) -> None:
    plan = _lived(cast, 2)
    row = Deadline.objects.filter(plan=plan).order_by("pk")[0]
    submit(deadline=row, by=cast.secretary, version=row.version, text="Xong.")
    page = login(cast.office_staff).get(reverse("plans:compare", args=[plan.pk]), {"day": "10/03/2026"})
    found = page.context["found"]
    total, done, *_others = found.figures
    assert (total.then, total.now, total.difference) == (2, 2, "0")
    assert (done.then, done.now, done.difference) == (0, 1, "+1")
    assert [c.label for c in found.changes if c.values and c.values[0].pieces] == [
        "1. Việc số 1. Có kiểm tra.",
        "2. Việc số 2. Có kiểm tra.",
    ]
    assert "<ins>Có kiểm tra.</ins>" in page.text
    assert [line.days for line in found.days] == ["30/06/2026 → 15/07/2026"]


@pytest.mark.parametrize("day", ["16/03/2026", "01/03/2026", "31/02/2026", "hôm qua", "01/01/0001", ""])
def test_a_day_that_can_not_be_compared_is_told(cast: Cast, login: Login, day: str) -> None:
    plan = _lived(cast, 1)
    page = login(cast.office_staff).get(reverse("plans:compare", args=[plan.pk]), {"day": day})
    assert page.status_code == 422
    assert "found" not in page.context


def test_a_unit_compares_only_its_own_work(cast: Cast, login: Login) -> None:
    plan = make_published_plan(cast.province)
    for unit in (cast.district, cast.other_district):
        make_deadline(unit, plan=plan, due_on=D(2026, 3, 20))
    page = login(cast.secretary).get(reverse("plans:compare", args=[plan.pk]), {"day": "10/03/2026"})
    assert page.context["found"].figures[0].now == 1


def test_an_open_end_is_not_over_at_the_end_of_a_year(cast: Cast, login: Login) -> None:
    plan = make_published_plan(cast.province, period_start=D(2020, 1, 1), period_end=None)
    solution = SolutionFactory(plan=plan, ordinal=1, lead_unit=cast.office)
    ScheduleFactory(solution=solution, kind=Kind.RECURRING, rule="FREQ=YEARLY", due=None)
    page = login(cast.office_staff).get(reverse("plans:life", args=[plan.pk]))
    assert "từ 2020, chưa định ngày kết thúc" in page.text
    assert plan.status == PlanStatus.PUBLISHED
    assert not RecordVersion.objects.exists()
    assert Deadline.objects.filter(plan=plan, status=Status.CANCELLED).count() == 0
