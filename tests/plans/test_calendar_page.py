"""The calendar: what stands on which day, in which order, what folds, and what days are marked."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.urls import reverse

from plans.calendar_page import Day, days_of, span_of
from plans.enums import Status, TimeState
from plans.models import CalendarDay, Deadline
from tests.cast import Cast
from tests.conftest import TODAY, Login
from tests.factories import make_deadline, make_published_plan, make_unit
from units.models import Oversight, Unit, User

pytestmark = pytest.mark.usefixtures("today")
ADDRESS = "/deadlines/calendar/"


def shown(page: Any) -> dict[dt.date, Day]:
    """Return the days of a page that have something on them."""
    return {day.date: day for week in page.context["weeks"] for day in week if day.total}


@pytest.mark.parametrize(
    ("view", "day", "first", "last"),
    [
        ("month", "2026-03-16", "2026-02-23", "2026-04-05"),
        ("month", "2027-02-01", "2027-02-01", "2027-02-28"),  # four whole weeks
        ("month", "2028-02-29", "2028-01-31", "2028-03-05"),
        ("week", "2026-03-16", "2026-03-16", "2026-03-22"),
        ("week", "2026-03-22", "2026-03-16", "2026-03-22"),  # a Sunday ends its week
        ("week", "2027-01-01", "2026-12-28", "2027-01-03"),
        ("", "", "2026-02-23", "2026-04-05"),
        ("year", "nonsense", "2026-02-23", "2026-04-05"),
        ("month", "0001-01-01", "2026-02-23", "2026-04-05"),
        ("month", "9999-12-31", "2026-02-23", "2026-04-05"),
    ],
)
def test_whole_weeks_from_monday_are_shown(view: str, day: str, first: str, last: str) -> None:
    span = span_of(view, day, TODAY)
    assert (span.first.isoformat(), span.last.isoformat()) == (first, last)
    assert all(week[0].weekday() == 0 and len(week) == 7 for week in span.weeks())


@pytest.mark.parametrize(
    ("view", "day", "expected"),
    [
        ("month", "2026-01-31", ("2025-12-01", "2026-02-01")),
        ("month", "2026-12-31", ("2026-11-01", "2027-01-01")),
        ("week", "2026-03-16", ("2026-03-09", "2026-03-23")),
    ],
)
def test_one_goes_to_the_month_or_week_before_and_after(view: str, day: str, expected: tuple[str, str]) -> None:
    before, after = span_of(view, day, TODAY).neighbours()
    assert (before.isoformat(), after.isoformat()) == expected


def test_each_row_stands_on_its_day_with_its_state_in_words(cast: Cast, login: Login) -> None:
    plan = make_published_plan(cast.province)
    make_deadline(cast.commune, plan=plan, due_on=dt.date(2026, 3, 10))
    make_deadline(cast.commune, plan=plan, due_on=dt.date(2026, 3, 20))
    make_deadline(cast.commune, plan=plan)  # no date: on no day
    make_deadline(cast.foreign_commune, plan=make_published_plan(cast.foreign_province), due_on=dt.date(2026, 3, 20))
    page = login(cast.office_staff).get(ADDRESS)
    rows = {day: [(r["unit"], r["time"]) for r in found.rows] for day, found in shown(page).items()}
    assert rows == {
        dt.date(2026, 3, 10): [("Đoàn xã An Hòa", TimeState.OVERDUE)],
        dt.date(2026, 3, 20): [("Đoàn xã An Hòa", TimeState.DUE_SOON)],
    }
    assert '<span class="chip s-overdue"><svg' in page.text
    assert page.text.count('aria-current="date"') == 1


def test_what_is_owed_stands_above_what_is_done_and_what_was_stopped(cast: Cast, login: Login) -> None:
    plan, due = make_published_plan(cast.province), dt.date(2026, 3, 31)
    done = {"status": Status.SUBMITTED, "reported_on": TODAY, "reported_by": cast.secretary}
    make_deadline(cast.district, plan=plan, due_on=due, status=Status.CANCELLED, reason="Thôi")
    make_deadline(cast.district, plan=plan, due_on=due, **done)
    make_deadline(cast.commune, plan=plan, due_on=due)
    day = shown(login(cast.office_staff).get(ADDRESS))[due]
    assert [r["status"] for r in day.rows] == [Status.ASSIGNED, Status.SUBMITTED, Status.CANCELLED]


@pytest.mark.parametrize(("view", "rows", "more"), [("month", 3, 12), ("week", 12, 3)])
def test_a_full_day_folds_and_leads_to_the_same_rows_as_a_list(
    cast: Cast, login: Login, view: str, rows: int, more: int
) -> None:
    plan = make_published_plan(cast.province)
    for n in range(15):
        make_deadline(cast.commune, plan=plan, due_on=TODAY, percent=n)
    make_deadline(cast.other_district, plan=plan, due_on=TODAY)  # another unit: filtered out
    client = login(cast.office_staff)
    page = client.get(ADDRESS, {"view": view, "unit": cast.district.pk})
    day = shown(page)[TODAY]
    assert (len(day.rows), day.total, day.more) == (rows, 15, more)
    assert re.search(rf'class="cal-more" href="[^"]+">[^<]*\b{more}\b', page.text)
    listed = client.get(day.href)
    assert listed.context["page"].paginator.count == 15
    assert not listed.context["live"]


def test_days_off_holidays_and_exchanged_days_are_marked(cast: Cast, login: Login) -> None:
    CalendarDay.objects.all().delete()
    CalendarDay.objects.create(day=dt.date(2026, 3, 18), kind=CalendarDay.Kind.OFF, name="Ngày hội làng")
    CalendarDay.objects.create(day=dt.date(2026, 3, 21), kind=CalendarDay.Kind.WORKING, name="Bù ngày 18")
    page = login(cast.reader).get(ADDRESS, {"view": "week", "day": "2026-03-16"})
    marks = {day.date.day: (day.mark.off, day.mark.name) for day in page.context["weeks"][0] if day.mark}
    assert marks == {18: (True, "Ngày hội làng"), 21: (False, "Bù ngày 18"), 22: (True, "")}
    assert "Ngày hội làng" in page.text
    assert "Bù ngày 18" in page.text


def narrowed(cast: Cast, login: Login, user: User, **query: Any) -> set[str]:
    """Return the units whose rows a person's calendar shows."""
    plan = make_published_plan(cast.province)
    for unit in (cast.province, cast.district, cast.commune, cast.branch, cast.other_district, cast.department):
        make_deadline(unit, plan=plan, due_on=TODAY)
    page = login(user).get(ADDRESS, {"view": "week", **query})
    return {r["unit"] for day in shown(page).values() for r in day.rows}


def test_filters_by_unit_with_all_below(cast: Cast, login: Login) -> None:
    found = narrowed(cast, login, cast.office_staff, unit=cast.district.pk)
    assert found == {cast.district.label, cast.commune.label, cast.branch.label}


def test_mine_is_what_i_report_for(cast: Cast, login: Login) -> None:
    assert narrowed(cast, login, cast.secretary, whose="mine") == {cast.district.label}


def test_my_units_are_those_of_my_posts_and_all_below(cast: Cast, login: Login) -> None:
    found = narrowed(cast, login, cast.department_head, whose="units")
    assert found == {cast.department.label}


def test_my_units_are_also_those_i_oversee_today(cast: Cast, login: Login) -> None:
    Oversight.objects.create(user=cast.department_head, unit=cast.commune, start=dt.date(2026, 1, 1))
    Oversight.objects.create(
        user=cast.department_head, unit=cast.other_district, start=dt.date(2025, 1, 1), end=dt.date(2026, 3, 15)
    )
    found = narrowed(cast, login, cast.department_head, whose="units")
    assert found == {cast.department.label, cast.commune.label, cast.branch.label}


def test_oversight_alone_opens_nothing(cast: Cast, login: Login) -> None:
    Oversight.objects.create(user=cast.sibling_secretary, unit=cast.commune, start=dt.date(2026, 1, 1))
    found = narrowed(cast, login, cast.sibling_secretary, whose="units")
    assert found == {cast.other_district.label}


def test_a_foreign_unit_in_the_filter_shows_nothing_and_says_so(cast: Cast, login: Login) -> None:
    page = login(cast.outsider).get(ADDRESS, {"unit": cast.commune.pk, "whose": "nobody"})
    assert page.status_code == 200
    assert shown(page) == {}
    assert cast.commune.name not in page.text


def test_the_filter_stays_on_the_way_to_other_days(cast: Cast, login: Login) -> None:
    page = login(cast.office_staff).get(ADDRESS, {"view": "week", "day": "2026-03-16", "unit": cast.commune.pk})
    assert f'href="?view=week&amp;day=2026-03-23&amp;unit={cast.commune.pk}"' in page.text
    assert '<input type="hidden" name="view" value="week"' in page.text


def test_an_empty_month_says_what_to_do(cast: Cast, login: Login) -> None:
    page = login(cast.reader).get(ADDRESS, {"day": "2031-05-01"})
    assert page.context["total"] == 0
    assert page.context["heading"] == "Tháng 5/2031"


def test_queries_do_not_grow_with_the_rows(cast: Cast, login: Login, django_assert_num_queries: Any) -> None:
    client = login(cast.office_staff)
    plan = make_published_plan(cast.province)
    make_deadline(cast.commune, plan=plan, due_on=TODAY)
    # session, person, posts, choices of units and plans, ranked, rows, special days, work without a date,
    # saved views, counts of the frame
    with django_assert_num_queries(11):
        client.get(ADDRESS)
    for n in range(12):
        unit = make_unit(f"Đoàn xã số {n}", code=f"ST-BM-{n}", parent=Unit.objects.get(pk=cast.district.pk))
        make_deadline(unit, plan=plan, due_on=TODAY + dt.timedelta(days=n % 5))
    with django_assert_num_queries(11):
        client.get(ADDRESS)


def test_a_row_of_another_day_never_counts(cast: Cast) -> None:
    plan = make_published_plan(cast.province)
    for day in (1, 2, 2, 2, 2, 3):
        make_deadline(cast.commune, plan=plan, due_on=dt.date(2026, 3, day))
    weeks = days_of(
        Deadline.objects.visible_to(cast.reader),
        span_of("month", "", TODAY),
        user=cast.reader,
        today=TODAY,
        chosen={},
        back="",
    )
    totals = {d.date.day: (len(d.rows), d.total) for week in weeks for d in week if d.total}
    assert totals == {1: (1, 1), 2: (3, 4), 3: (1, 1)}


def test_the_list_leads_to_the_calendar_and_back(cast: Cast, login: Login) -> None:
    client = login(cast.reader)
    assert f'href="{ADDRESS}"' in client.get(reverse("plans:deadlines")).text
    assert 'href="/deadlines/" aria-current' not in client.get(ADDRESS).text.split('class="tabs"')[1]
