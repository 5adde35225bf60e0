"""The timeline of a plan: where bars lie, what they say, their lists, the window, who sees what, at what cost."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.urls import reverse

from plans.enums import Kind, Status
from plans.labels import day_label
from plans.models import Deadline, Plan, Schedule
from plans.timeline import Window, day_of, timeline_of, usual_day, window_of
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import (
    PlanFactory,
    ScheduleFactory,
    SolutionFactory,
    SolutionGroupFactory,
    make_deadline,
    make_published_plan,
    make_unit,
)
from tests.plans.test_figures import listed

pytestmark = pytest.mark.usefixtures("today")
TODAY = dt.date(2026, 3, 16)


# --- the window: pure ---


@pytest.mark.parametrize(
    ("zoom", "day", "first", "last", "before", "after"),
    [
        ("year", dt.date(2024, 2, 29), "2024-01-01", "2024-12-31", "2023-01-01", "2025-01-01"),
        ("quarter", dt.date(2026, 3, 16), "2026-01-01", "2026-03-31", "2025-10-01", "2026-04-01"),
        ("quarter", dt.date(2026, 12, 31), "2026-10-01", "2026-12-31", "2026-07-01", "2027-01-01"),
        ("month", dt.date(2024, 2, 1), "2024-02-01", "2024-02-29", "2024-01-01", "2024-03-01"),
        ("month", dt.date(2026, 1, 31), "2026-01-01", "2026-01-31", "2025-12-01", "2026-02-01"),
    ],
)
def test_a_window_is_a_whole_year_quarter_or_month(
    zoom: str, day: dt.date, first: str, last: str, before: str, after: str
) -> None:
    window = window_of(zoom, day)
    shown = [window.first, window.last, *window.neighbours()]
    assert [d.isoformat() for d in shown] == [first, last, before, after]


def test_places_are_percent_of_the_window_cut_at_both_ends() -> None:
    window = Window("month", dt.date(2026, 4, 1), dt.date(2026, 4, 30))
    days = (dt.date(2026, 3, 1), dt.date(2026, 4, 1), dt.date(2026, 4, 16), dt.date(2026, 5, 1), dt.date(2027, 1, 1))
    assert [window.place(d) for d in days] == [0, 0, 50, 100, 100]
    assert [word for _x, _middle, word in window.marks()] == ["01/04", "08/04", "15/04", "22/04", "29/04"]
    assert [word for *_x, word in window_of("year", TODAY).marks()] == [str(n) for n in range(1, 13)]
    assert [word for *_x, word in window_of("quarter", TODAY).marks()] == ["01/2026", "02/2026", "03/2026"]


@pytest.mark.parametrize(
    ("start", "end", "day"),
    [
        (dt.date(2026, 1, 1), dt.date(2026, 12, 31), TODAY),
        (dt.date(2024, 1, 1), dt.date(2025, 6, 30), dt.date(2025, 6, 30)),
        (dt.date(2027, 1, 1), None, dt.date(2027, 1, 1)),
        (None, None, TODAY),
    ],
)
def test_a_timeline_begins_where_the_plan_runs(start: dt.date | None, end: dt.date | None, day: dt.date) -> None:
    assert usual_day(Plan(period_start=start, period_end=end), TODAY) == day


@pytest.mark.parametrize("text", ["", "x", "2026-02-30", "0001-01-01", "9999-12-31", "2026-03-16\0"])
def test_a_day_that_is_none_is_left_out(text: str) -> None:
    assert day_of(text) is None


# --- bars ---


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """Return a plan of 2026 with a group, a commitment of all communes and one of a single unit."""
    found = make_published_plan(cast.province, title="Kế hoạch SÔNGTHAO")
    group = SolutionGroupFactory(plan=found, ordinal=1, title="Nhóm một")
    return_to = SolutionFactory(plan=found, ordinal=1, group=group, lead_unit=cast.district, text="Rà soát")
    schedule = ScheduleFactory(solution=return_to, kind=Kind.BETWEEN, start=dt.date(2026, 3, 1))
    done = {"status": Status.SUBMITTED, "reported_by": cast.secretary}
    states: list[dict[str, Any]] = [
        {},
        {**done, "reported_on": dt.date(2026, 3, 9)},
        {**done, "reported_on": dt.date(2026, 3, 12)},
        {**done, "reported_on": dt.date(2026, 3, 10)},
    ]
    units = (cast.district, cast.commune, cast.branch, cast.other_district)
    for unit, facts in zip(units, states, strict=True):
        owe(schedule, unit, "once", dt.date(2026, 3, 10), period_start=dt.date(2026, 3, 1), **facts)
    return found


def owe(schedule: Schedule, unit: Any, occurrence: str, due_on: dt.date | None, **facts: Any) -> Deadline:
    """Make one deadline of a commitment."""
    solution = schedule.solution
    common = {"solution": solution, "plan": solution.plan, "unit": unit, "unit_path": unit.path}
    return Deadline.objects.create(schedule=schedule, occurrence=occurrence, due_on=due_on, **common, **facts)


def drawn(plan: Plan, zoom: str = "month", day: dt.date = TODAY) -> Any:
    return timeline_of(plan, Deadline.objects.filter(plan=plan), window_of(zoom, day), today=TODAY)


def test_a_bar_is_parted_by_how_its_units_stand(plan: Plan) -> None:
    timeline = drawn(plan)
    ((solution,),) = [group.solutions for group in timeline.groups]
    (bar,) = solution.rows[0].bars
    assert [(p.figure, p.x, p.width) for p in bar.pieces] == [
        ("done_on_time", "0.00%", "16.13%"),  # two of four of ten days of 31
        ("done_late", "16.13%", "8.06%"),
        ("overdue", "24.20%", "8.06%"),
    ]
    assert (bar.due, bar.state) == ("30.64%", "overdue")  # the middle of the tenth day; the worst of them
    assert bar.words == "01/03/2026 – 10/03/2026 · Quá hạn 1, Trễ hạn 1, Đúng hạn 2"
    assert timeline.today == round(100 * 15 / 31, 2)
    assert timeline.groups[0].title == "Nhóm một"


def test_a_bar_is_cut_at_the_ends_of_the_window_and_what_lies_beyond_is_counted(cast: Cast, plan: Plan) -> None:
    far = ScheduleFactory(solution=SolutionFactory(plan=plan, ordinal=2, lead_unit=cast.district), due=None)
    owe(far, cast.district, "once", dt.date(2026, 8, 20), period_start=dt.date(2026, 6, 15))
    assert (drawn(plan).outside, drawn(plan, "year").outside) == (1, 0)
    july = drawn(plan, "month", dt.date(2026, 7, 1))
    (bar,) = [b for g in july.groups for s in g.solutions for r in s.rows for b in r.bars]
    assert [(p.x, p.width, p.figure) for p in bar.pieces] == [("0.00%", "100.00%", "in_time")]
    assert bar.due == ""
    assert july.today is None


def test_work_without_a_first_day_begins_with_the_plan_and_without_a_last_one_has_no_bar(
    cast: Cast, plan: Plan
) -> None:
    solution = SolutionFactory(plan=plan, ordinal=2, lead_unit=cast.district)
    dated = ScheduleFactory(solution=solution, due=dt.date(2026, 6, 30))
    undated = ScheduleFactory(solution=solution, kind=Kind.ONGOING, due=None)
    owe(dated, cast.district, "once", dt.date(2026, 6, 30))
    owe(undated, cast.district, "once", None)
    rows = [r for g in drawn(plan, "year").groups for s in g.solutions if s.ordinal == 2 for r in s.rows]
    assert [[p.x for p in b.pieces] for b in rows[0].bars] == [["0.00%"]]
    assert (rows[1].bars, [(p.figure, p.count) for p in rows[1].parts]) == ([], [("no_date", 1)])
    assert rows[1].entries[0].due == day_label(None)


def test_each_occurrence_is_a_bar_and_a_line_of_the_table(cast: Cast, plan: Plan) -> None:
    solution = SolutionFactory(plan=plan, ordinal=2, lead_unit=cast.district)
    monthly = ScheduleFactory(solution=solution, kind=Kind.RECURRING, rule="FREQ=MONTHLY", due=None)
    for month, last in ((1, 31), (2, 28), (3, 31)):
        day = dt.date(2026, month, last)
        owe(monthly, cast.district, f"2026-0{month}", day, period_start=dt.date(2026, month, 1))
    row = drawn(plan, "year").groups[-1].solutions[-1].rows[0]
    assert [e.period for e in row.entries] == ["Tháng 1/2026", "Tháng 2/2026", "Tháng 3/2026"]
    assert len(row.bars) == 3
    assert [(p.figure, p.count) for p in row.parts] == [("overdue", 2), ("in_time", 1)]
    only = drawn(plan, "month").groups[-1].solutions[-1].rows[0]
    assert ([e.period for e in only.entries], only.parts) == (["Tháng 3/2026"], row.parts)


# --- the page ---


@pytest.mark.parametrize("zoom", ["year", "quarter", "month"])
def test_each_number_leads_to_as_many_rows(cast: Cast, login: Login, plan: Plan, zoom: str) -> None:
    solution = SolutionFactory(plan=plan, ordinal=2, lead_unit=cast.district)
    monthly = ScheduleFactory(solution=solution, kind=Kind.RECURRING, rule="FREQ=MONTHLY", due=None)
    for month in (1, 2, 3):
        for unit in (cast.district, cast.commune, cast.other_district):
            owe(monthly, unit, f"2026-0{month}", dt.date(2026, month, 20))
    owe(ScheduleFactory(solution=solution, kind=Kind.ONGOING, due=None), cast.district, "once", None)
    client = login(cast.office_staff)
    for chosen in ("", str(cast.district.pk)):
        page = client.get(reverse("plans:plan", args=[plan.pk]), {"view": "timeline", "zoom": zoom, "unit": chosen})
        rows = [r for g in page.context["timeline"].groups for s in g.solutions for r in s.rows]
        parts = [p for r in rows for p in (*r.parts, *(p for e in r.entries for p in e.parts))]
        assert len(parts) >= 8
        assert {p.href: listed(client, p.href) for p in parts} == {p.href: p.count for p in parts}


def test_the_drawing_says_in_words_what_it_shows_and_keeps_to_the_policy(cast: Cast, login: Login, plan: Plan) -> None:
    page = login(cast.office_staff).get(reverse("plans:plan", args=[plan.pk]), {"view": "timeline"})
    label = "01/03/2026 – 10/03/2026 · Quá hạn 1, Trễ hạn 1, Đúng hạn 2"
    assert f'role="img" aria-label="{label}"' in page.text
    assert page.text.count(label) == 3  # the name of the drawing, the tips of the bar and of its mark
    assert not re.search(r'\sstyle=|\son\w+="|<style|<script>', page.text)
    assert "view=timeline" in page.text
    assert 'aria-current="page"' in page.text


def test_a_secretary_sees_the_own_bars_only(cast: Cast, login: Login, plan: Plan) -> None:
    page = login(cast.secretary).get(reverse("plans:plan", args=[plan.pk]), {"view": "timeline"})
    (row,) = [r for g in page.context["timeline"].groups for s in g.solutions for r in s.rows]
    assert sum(p.count for p in row.parts) == 3
    foreign = login(cast.secretary).get(
        reverse("plans:plan", args=[plan.pk]), {"view": "timeline", "unit": cast.other_district.pk}
    )
    assert cast.other_district.name not in foreign.text
    assert list(foreign.context["form"].errors) == ["unit"]


@pytest.mark.parametrize(
    "sent",
    [
        {"zoom": "zzz"},
        {"day": "9999-99-99"},
        {"day": "2099-12-31", "zoom": "month"},
        {"day": "1976-01-01"},
        {"unit": "9" * 30},
        {"unit": "abc"},
    ],
)
def test_nonsense_in_the_address_is_no_fault(cast: Cast, login: Login, plan: Plan, sent: dict[str, str]) -> None:
    address = reverse("plans:plan", args=[plan.pk])
    assert login(cast.office_staff).get(address, {"view": "timeline", **sent}).status_code == 200


def test_a_plan_that_runs_to_the_end_of_the_calendar_has_a_timeline(cast: Cast, login: Login) -> None:
    plan: Plan = PlanFactory(
        issuing_unit=cast.province,
        status="published",
        published_at=dt.datetime(2026, 1, 5, tzinfo=dt.UTC),
        period_start=dt.date(9990, 1, 1),
        period_end=dt.date(9999, 12, 31),
    )
    assert login(cast.office_staff).get(plan.get_absolute_url(), {"view": "timeline"}).status_code == 200


@pytest.mark.parametrize("many", [1, 12])
def test_the_timeline_costs_the_same_for_few_and_many(
    cast: Cast, login: Login, django_assert_num_queries: Any, many: int
) -> None:
    plan = make_published_plan(cast.province)
    for n in range(many):
        unit = make_unit(f"Đoàn xã {n}", code=f"ST-X{n}", parent=cast.province)
        group = SolutionGroupFactory(plan=plan, ordinal=n + 1)
        solution = SolutionFactory(plan=plan, ordinal=n + 1, group=group, lead_unit=unit)
        make_deadline(unit, plan=plan, solution=solution, due_on=dt.date(2026, 3, 2))
    client = login(cast.office_staff)
    # session, person, posts, plan, figures, difficulties, extensions, units, commitments, occurrences, frame
    with django_assert_num_queries(11):
        client.get(plan.get_absolute_url(), {"view": "timeline"})
