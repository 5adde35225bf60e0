"""The statistics pages: each number equals its list, today and as of an earlier day, for what the person sees."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from doantracker.lib import clock
from doantracker.lib.text import vi_key
from plans import charts
from plans.actions import deadlines as actions
from plans.enums import Kind, Status
from plans.models import Deadline, Plan, Snapshot
from plans.snapshots import take_snapshots
from plans.statistics import Figures, figures_of, percent_text
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import ScheduleFactory, SolutionFactory, make_deadline, make_published_plan, make_unit, version_of
from tests.plans.test_statistics import make_every_state
from units.actions import move_unit
from units.models import Unit

pytestmark = pytest.mark.usefixtures("today")

FIGURES, MONTHS, TREND = (reverse(f"plans:{n}") for n in ("figures", "figures_months", "figures_trend"))
NOON = dt.time(5)  # twelve o'clock in Vietnam


def at(day: int) -> dt.datetime:
    """Return noon of a day of March 2026."""
    return dt.datetime.combine(dt.date(2026, 3, day), NOON, dt.UTC)


def listed(client: Client, href: str) -> int:
    """Return how many rows the list behind a number holds."""
    page = client.get(href)
    assert page.status_code == 200
    assert page.context["filter"].is_valid(), page.context["filter"].errors
    return int(page.context["page"].paginator.count)


def number(text: str) -> int:
    return int(text.replace(".", ""))


def all_lines(page: Any) -> list[Any]:
    return [*page.context["table"].lines, page.context["table"].whole, *page.context["plans"]]


# --- the published example ---


def publish_2017(cast: Cast) -> None:
    """Write the 21,914 tasks of the published table of 2017 as rows of the register."""
    plan = make_published_plan(cast.province)
    solution = SolutionFactory(plan=plan, lead_unit=cast.commune)
    schedule = ScheduleFactory(solution=solution, due=dt.date(2026, 3, 10))
    due, after, ahead = dt.date(2026, 3, 10), dt.date(2026, 3, 12), dt.date(2026, 12, 1)
    done = {"status": Status.SUBMITTED, "reported_by": cast.commune_secretary}
    groups: tuple[tuple[int, dict[str, Any]], ...] = (
        (14_068, {"due_on": due, "reported_on": due, **done}),
        (1_983, {"due_on": due, "reported_on": after, **done}),
        (5_640, {"due_on": ahead}),
        (223, {"due_on": due}),
    )
    facts = {"plan": plan, "solution": solution, "schedule": schedule, "unit": cast.commune}
    rows = [
        Deadline(occurrence=f"{g}-{n}", unit_path=cast.commune.path, **facts, **given)
        for g, (count, given) in enumerate(groups)
        for n in range(count)
    ]
    Deadline.objects.bulk_create(rows, batch_size=2000)


def test_the_published_table_of_2017_to_the_printed_digit(cast: Cast, login: Login, today: dt.date) -> None:
    publish_2017(cast)
    figures = figures_of(Deadline.objects.all(), today=today)
    assert (figures.total, figures.done, figures.done_on_time, figures.done_late) == (21_914, 16_051, 14_068, 1_983)
    assert (figures.open_in_time + figures.overdue, figures.in_time, figures.overdue) == (5_863, 5_640, 223)
    assert figures.fallen_due == 16_274
    page = login(cast.office_staff).get(FIGURES)
    whole = page.context["table"].whole
    assert [c.text for c in whole.cells] == ["21.914", "14.068", "1.983", "–", "5.640", "223", "–"]
    assert whole.rate == "98,6 %"
    assert "16.051 ÷ 16.274 = 98,6 %" in page.text
    assert "1,4 %" in page.text


def test_the_printed_rate_was_cut_off_where_ours_is_rounded() -> None:
    done, due = 16_051, 16_274
    cut = 10_000 * done // due  # hundredths of a percent
    assert (cut, 10_000 - cut) == (98_62, 1_38)  # as printed in 2017
    assert (percent_text(done, due), percent_text(223, due)) == ("98,6 %", "1,4 %")
    assert Figures().rate_text == "–"


# --- numbers and lists ---


def test_every_row_stands_in_exactly_one_column(cast: Cast, login: Login, today: dt.date) -> None:
    make_every_state(cast, today)
    whole = login(cast.office_staff).get(FIGURES).context["table"].whole
    numbers = [number(c.text.replace("–", "0")) for c in whole.cells]
    assert numbers[0] == sum(numbers[1:]) == 30


@pytest.mark.parametrize("as_of", ["16/03/2026", "12/03/2026", "01/03/2026"])
def test_each_number_leads_to_as_many_rows(cast: Cast, login: Login, today: dt.date, as_of: str) -> None:
    make_every_state(cast, today)
    make_deadline(cast.district, plan=make_published_plan(cast.district), due_on=dt.date(2026, 3, 2))
    client = login(cast.office_staff)
    followed = 0
    for unit in (cast.province, cast.district, cast.commune):
        page = client.get(FIGURES, {"unit": unit.pk, "as_of": as_of})
        for cell in [c for line in all_lines(page) for c in line.cells if c.href]:
            assert listed(client, cell.href) == number(cell.text), cell
            followed += 1
    assert followed >= 30


def test_the_period_limits_numbers_and_lists_alike(cast: Cast, login: Login) -> None:
    plan = make_published_plan(cast.province)
    for day in (dt.date(2025, 12, 31), dt.date(2026, 1, 1), dt.date(2026, 1, 31), dt.date(2026, 2, 1), None):
        make_deadline(cast.commune, plan=plan, due_on=day)
    client = login(cast.office_staff)
    page = client.get(FIGURES, {"due_from": "01/01/2026", "due_to": "31/01/2026"})
    cells = page.context["table"].whole.cells
    assert [c.text for c in cells] == ["3", "–", "–", "–", "–", "2", "1"]
    assert [listed(client, c.href) for c in cells if c.href] == [3, 2, 1]
    assert client.get(FIGURES, {"due_from": "", "due_to": ""}).context["table"].figures.total == 5


def test_a_unit_leads_on_to_its_own_table(cast: Cast, login: Login) -> None:
    make_deadline(cast.branch, plan=make_published_plan(cast.province), due_on=dt.date(2026, 3, 2))
    client = login(cast.office_staff)
    names = []
    href = FIGURES
    while href:
        lines = [line for line in client.get(href).context["table"].lines if line.cells[0].href]
        href = lines[0].href
        names.append(lines[0].name)
    assert names == [cast.district.label, cast.commune.label, cast.branch.label, cast.branch.name]


def test_the_figures_of_a_unit_page_lead_to_as_many_rows(cast: Cast, login: Login, today: dt.date) -> None:
    make_every_state(cast, today)
    client = login(cast.office_staff)
    page = client.get(reverse("units:unit", args=[cast.district.pk]))
    cells = [c for c in page.context["whole_cells"] if c.href]
    assert len(cells) == 10
    assert [listed(client, c.href) for c in cells] == [number(c.text) for c in cells]


# --- as of an earlier day ---


def lived_through(cast: Cast) -> Deadline:
    """Make a deadline of 10 March: reported on the 9th, returned on the 12th, reported again on the 14th."""
    plan: Plan = make_published_plan(cast.province)
    row = make_deadline(cast.commune, plan=plan, due_on=dt.date(2026, 3, 10))
    secretary, office = cast.commune_secretary, cast.office_staff
    with clock.stopped_at(at(9)):
        actions.submit(deadline=row, version=version_of(row), by=secretary)
    with clock.stopped_at(at(12)):
        actions.return_result(deadline=row, version=version_of(row), by=office, reason="Thiếu danh sách")
    with clock.stopped_at(at(14)):
        actions.submit(deadline=row, version=version_of(row), by=secretary)
    with clock.stopped_at(at(15)):
        actions.confirm(deadline=row, version=version_of(row), by=office)
    return row


@pytest.mark.parametrize(
    ("day", "figure"),
    [
        (8, "in_time"),
        (9, "done_on_time"),
        (11, "done_on_time"),
        (12, "overdue"),
        (13, "overdue"),
        (14, "done_late"),
        (16, "done_late"),
    ],
)
def test_the_log_tells_how_a_row_stood_on_a_day(cast: Cast, login: Login, day: int, figure: str) -> None:
    lived_through(cast)
    client = login(cast.office_staff)
    page = client.get(FIGURES, {"as_of": f"{day:02}/03/2026"})
    table = page.context["table"]
    assert getattr(table.figures, figure) == table.figures.total == 1
    linked = {parse_qs(urlsplit(c.href).query)["figure"][0] for c in table.whole.cells if c.href}
    assert linked == {"total", figure}
    assert all(listed(client, c.href) == 1 for c in table.whole.cells if c.href)


def test_what_was_cancelled_later_still_counted_then(cast: Cast, login: Login) -> None:
    row = make_deadline(cast.commune, plan=make_published_plan(cast.province), due_on=dt.date(2026, 3, 10))
    with clock.stopped_at(at(12)):
        actions.cancel(deadline=row, version=version_of(row), by=cast.office_staff, reason="Thôi")
    client = login(cast.office_staff)
    totals = [client.get(FIGURES, {"as_of": f"{d}/03/2026"}).context["table"].figures.total for d in (11, 12, 16)]
    assert totals == [1, 0, 0]


def test_before_a_plan_was_published_nothing_stood_in_the_register(cast: Cast, login: Login) -> None:
    make_deadline(cast.commune, plan=make_published_plan(cast.province), due_on=dt.date(2026, 3, 10))
    page = login(cast.office_staff).get(FIGURES, {"as_of": "04/01/2026"})
    assert page.context["table"].figures.total == 0


def test_the_page_and_the_list_say_what_an_earlier_day_rests_on(cast: Cast, login: Login) -> None:
    lived_through(cast)
    client = login(cast.office_staff)
    client.post(reverse("set_language"), {"language": "en"})
    page = client.get(FIGURES, {"as_of": "12/03/2026"})
    assert "As of an earlier day: the log tells" in page.text
    assert "As of an earlier day" not in client.get(FIGURES).text
    rows = client.get(page.context["table"].whole.cells[0].href)
    assert "Total, as of 12/03/2026; the rows show how things stand today." in rows.text


# --- bad input, rights, cost ---


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"as_of": "17/03/2026"}, "as_of"),
        ({"due_from": "02/01/2026", "due_to": "01/01/2026"}, "due_to"),
        ({"due_from": "31/02/2026"}, "due_from"),
        ({"unit": "abc"}, "unit"),
        ({"plan": "99999999999999999999"}, "plan"),
    ],
)
@pytest.mark.parametrize("address", [FIGURES, MONTHS, TREND])
def test_what_makes_no_sense_is_told_and_kept(
    cast: Cast, login: Login, address: str, sent: dict[str, str], field: str
) -> None:
    page = login(cast.office_staff).get(address, sent)
    assert page.status_code == 200
    assert list(page.context["form"].errors) == [field]
    assert page.context["scope"] is None


@pytest.mark.parametrize("address", [FIGURES, MONTHS, TREND])
def test_a_foreign_unit_or_plan_is_no_choice(cast: Cast, login: Login, address: str) -> None:
    plan = make_published_plan(cast.province, title="Kế hoạch SÔNGTHAO")
    make_deadline(cast.commune, plan=plan, due_on=dt.date(2026, 3, 2))
    take_snapshots()
    client = login(cast.outsider)
    for sent in ({"unit": cast.commune.pk}, {"plan": plan.pk}):
        page = client.get(address, sent)
        assert page.context["scope"] is None
        assert cast.commune.name not in page.text
        assert "SÔNGTHAO" not in page.text


def test_a_secretary_counts_only_the_own_subtree(cast: Cast, login: Login) -> None:
    plan = make_published_plan(cast.province)
    for unit in (cast.commune, cast.other_district, cast.province):
        make_deadline(unit, plan=plan, due_on=dt.date(2026, 3, 2))
    page = login(cast.commune_secretary).get(FIGURES)
    assert page.context["table"].figures.total == 1
    assert page.context["scope"].unit.pk == cast.commune.pk
    assert cast.other_district.name not in page.text


@pytest.mark.parametrize("size", [3, 30])
@pytest.mark.parametrize(("address", "queries"), [(FIGURES, 12), (MONTHS, 11), (TREND, 8)])
@pytest.mark.parametrize("as_of", ["16/03/2026", "12/03/2026"])
def test_a_page_costs_the_same_for_few_and_many(
    cast: Cast, login: Login, django_assert_num_queries: Any, address: str, queries: int, size: int, as_of: str
) -> None:
    for n in range(size):
        unit = make_unit(f"Đoàn xã {n}", code=f"ST-X{n}", parent=cast.province)
        make_deadline(unit, plan=make_published_plan(cast.province), due_on=dt.date(2026, 3, 2))
    take_snapshots(today=dt.date(2026, 3, 10))
    client = login(cast.office_staff)
    with django_assert_num_queries(queries):
        assert client.get(address, {"as_of": as_of}).status_code == 200


# --- months ---


def test_each_cell_of_the_months_leads_to_as_many_rows(cast: Cast, login: Login, today: dt.date) -> None:
    make_every_state(cast, today)
    client = login(cast.office_staff)
    page = client.get(MONTHS)
    cells = [part for duty in page.context["heat"].duties for parts in duty.cells for part in parts]
    assert len(cells) == len(page.context["heat"].duties) == 24  # six live statuses by four days
    assert {listed(client, c.href) for c in cells} == {1}
    assert page.context["headings"][::11] == ["01/2026", "12/2026"]


def test_a_cell_tells_how_its_rows_stand_the_worst_first_each_number_with_its_rows(cast: Cast, login: Login) -> None:
    plan = make_published_plan(cast.province)
    solution = SolutionFactory(plan=plan, lead_unit=cast.commune)
    schedule = ScheduleFactory(solution=solution, kind=Kind.RECURRING, rule="FREQ=WEEKLY;BYDAY=MO", due=None)
    facts = {"plan": plan, "solution": solution, "schedule": schedule, "unit": cast.commune}
    done = {"status": Status.SUBMITTED, "reported_by": cast.commune_secretary}
    for day, given in (
        (dt.date(2026, 2, 2), done | {"reported_on": dt.date(2026, 2, 2)}),
        (dt.date(2026, 2, 9), done | {"reported_on": dt.date(2026, 2, 11)}),
        (dt.date(2026, 3, 2), {}),
        (dt.date(2026, 3, 9), {}),
        (dt.date(2026, 3, 23), {}),
        (dt.date(2026, 4, 6), {}),
        (dt.date(2026, 4, 13), {"status": Status.CANCELLED, "reason": "Thôi"}),
    ):
        key = day.isoformat()
        Deadline.objects.create(occurrence=key, unit_path=cast.commune.path, due_on=day, **facts, **given)
    client = login(cast.office_staff)
    page = client.get(MONTHS, {"due_to": "30/04/2026"})
    (duty,) = page.context["heat"].duties
    shown = [[(p.state, p.count, listed(client, p.href)) for p in parts] for parts in duty.cells]
    assert shown == [
        [],
        [("late", 1, 1), ("on_time", 1, 1)],
        [("overdue", 2, 2), ("on_schedule", 1, 1)],
        [("on_schedule", 1, 1)],
    ]
    assert "Quá hạn 2</a>" in page.text
    then = client.get(MONTHS, {"due_to": "30/04/2026", "as_of": "05/03/2026"}).context["heat"].duties[0]
    assert [(p.state, p.count, listed(client, p.href)) for p in then.cells[2]] == [
        ("overdue", 1, 1),
        ("on_schedule", 2, 2),
    ]


def test_the_edges_of_the_period_cut_the_first_and_last_month(cast: Cast, login: Login) -> None:
    plan = make_published_plan(cast.province)
    for day in (2, 20):
        make_deadline(cast.commune, plan=plan, due_on=dt.date(2026, 3, day))
    page = login(cast.office_staff).get(MONTHS, {"due_from": "10/03/2026", "due_to": "25/03/2026"})
    assert [sum(map(len, d.cells)) for d in page.context["heat"].duties] == [1]


def test_at_most_two_years_of_months_are_drawn(cast: Cast, login: Login) -> None:
    make_deadline(cast.commune, plan=make_published_plan(cast.province), due_on=dt.date(2026, 3, 2))
    heat = login(cast.office_staff).get(MONTHS, {"due_to": "31/12/2090"}).context["heat"]
    assert (len(heat.months), heat.cut) == (24, True)


# --- trend ---


def test_the_figures_of_a_day_are_kept_once_and_by_unit_and_plan(
    cast: Cast, today: dt.date, django_assert_num_queries: Any
) -> None:
    rows = make_every_state(cast, today)
    plan = rows[0].plan
    with django_assert_num_queries(9):  # looked for, written, added up, thinned out (twice two), in a savepoint (two)
        assert take_snapshots() == 2
    assert take_snapshots() == 0
    kept = Snapshot.objects.filter(unit=cast.commune, plan=plan).get()
    counted = figures_of(Deadline.objects.filter(unit=cast.commune), today=today)
    names = ("total", "done_on_time", "done_late", "done_no_date", "in_time", "overdue", "no_date")
    assert [getattr(kept, n) for n in names] == [getattr(counted, n) for n in names]
    assert kept.total == sum(getattr(kept, n) for n in names[1:])


def test_a_later_reading_of_the_same_day_changes_nothing(cast: Cast) -> None:
    row = make_deadline(cast.commune, plan=make_published_plan(cast.province), due_on=dt.date(2026, 3, 20))
    take_snapshots()
    actions.submit(deadline=row, version=version_of(row), by=cast.commune_secretary)
    take_snapshots()
    assert list(Snapshot.objects.values_list("in_time", "done_on_time")) == [(1, 0)]


def test_closed_plans_and_drafts_are_not_kept(cast: Cast) -> None:
    plan = make_published_plan(cast.province)
    make_deadline(cast.commune, plan=plan, due_on=dt.date(2026, 3, 20))
    Plan.objects.filter(pk=plan.pk).update(status="closed", closed_at=clock.now())
    assert take_snapshots() == 0


def test_old_figures_are_thinned_to_the_first_of_each_month(cast: Cast) -> None:
    make_deadline(cast.commune, plan=make_published_plan(cast.province), due_on=dt.date(2026, 3, 20))
    days = [dt.date(2024, 5, 3), dt.date(2024, 5, 4), dt.date(2024, 6, 9), dt.date(2026, 3, 1), dt.date(2026, 3, 2)]
    for day in days:
        take_snapshots(today=day)
    take_snapshots()
    kept = list(Snapshot.objects.order_by("day").values_list("day", flat=True))
    assert kept == [days[0], days[2], days[3], days[4], dt.date(2026, 3, 16)]


def test_the_trend_sums_a_subtree_by_day(cast: Cast, login: Login) -> None:
    plan = make_published_plan(cast.province)
    first = make_deadline(cast.commune, plan=plan, due_on=dt.date(2026, 3, 12))
    make_deadline(cast.branch, plan=plan, due_on=dt.date(2026, 3, 12))
    make_deadline(cast.other_district, plan=make_published_plan(cast.province), due_on=dt.date(2026, 3, 12))
    take_snapshots(today=dt.date(2026, 3, 10))
    with clock.stopped_at(at(11)):
        actions.submit(deadline=first, version=version_of(first), by=cast.commune_secretary)
    take_snapshots(today=dt.date(2026, 3, 14))
    client = login(cast.office_staff)
    page = client.get(TREND, {"unit": cast.district.pk})
    days = [(d.day.day, d.figures.total, d.figures.done, d.figures.overdue) for d in page.context["days"]]
    assert days == [(14, 2, 1, 1), (10, 2, 0, 0)]
    assert [d.figures.total for d in client.get(TREND).context["days"]] == [3, 3]
    assert [d.figures.total for d in client.get(TREND, {"plan": plan.pk}).context["days"]] == [2, 2]
    assert [(s.name, s.last) for s in page.context["chart"].series] == [("done", 1), ("open", 0), ("overdue", 1)]
    assert "<polyline" in page.text
    day = client.get(page.context["days"][0].href)
    assert day.context["table"].figures.total == 2
    assert "style=" not in page.text


def test_the_figures_kept_follow_a_moved_unit(cast: Cast, login: Login) -> None:
    make_deadline(cast.commune, plan=make_published_plan(cast.province), due_on=dt.date(2026, 3, 12))
    take_snapshots(today=dt.date(2026, 3, 10))
    move_unit(unit=cast.commune, parent=Unit.objects.get(pk=cast.other_district.pk), by=cast.administrator)
    client = login(cast.office_staff)
    seen = {
        u: bool(client.get(TREND, {"unit": u.pk}).context.get("days")) for u in (cast.district, cast.other_district)
    }
    assert list(seen.values()) == [False, True]


def test_a_chart_places_days_as_far_apart_as_they_are() -> None:
    days = [dt.date(2026, 3, 1), dt.date(2026, 3, 2), dt.date(2026, 3, 5)]
    chart = charts.line_chart(days, [("done", "Xong", [0, 5, 10])])
    assert chart.series[0].points == "48.0,192.0 193.0,147.0 628.0,102.0"
    assert [n for _, n in chart.marks] == [0, 5, 10, 15, 20]
    flat = charts.line_chart(days[:1], [("done", "Xong", [0])])
    assert flat.series[0].points == "48.0,192.0"


# --- order of columns ---


COLUMNS = ("name", "total", "done_on_time", "done_late", "done_no_date", "in_time", "overdue", "no_date", "rate")


def value_of(line: Any, column: str) -> Any:
    """Return what a line shows in a column, as a number; a rate of nothing stands below every other."""
    if column == "rate":
        return -1 if line.figures.rate is None else line.figures.rate
    return getattr(line.figures, column)


@pytest.mark.parametrize("column", COLUMNS)
def test_the_table_is_sorted_by_each_column_both_ways(cast: Cast, login: Login, today: dt.date, column: str) -> None:
    make_every_state(cast, today)
    plan = make_published_plan(cast.province, title="Ấn phẩm")
    make_deadline(cast.other_district, plan=plan, due_on=dt.date(2026, 3, 2))
    make_deadline(cast.province, plan=make_published_plan(cast.province), due_on=dt.date(2026, 12, 2))
    client = login(cast.office_staff)
    for sort, word in ((column, "ascending"), (f"-{column}", "descending")):
        page = client.get(FIGURES, {"sort": sort})
        for lines in (page.context["table"].lines, page.context["plans"]):
            shown = [line.name if column == "name" else value_of(line, column) for line in lines]
            key = vi_key if column == "name" else None
            assert shown == sorted(shown, key=key, reverse=sort.startswith("-"))
        assert page.text.count(f'aria-sort="{word}"') == 2  # one column in each of the two tables
    assert "aria-sort" not in client.get(FIGURES, {"sort": "nonsense"}).text


def test_the_days_of_the_trend_are_sorted_and_each_number_leads_to_rows(cast: Cast, login: Login) -> None:
    plan = make_published_plan(cast.province)
    row = make_deadline(cast.commune, plan=plan, due_on=dt.date(2026, 3, 12))
    make_deadline(cast.branch, plan=plan, due_on=dt.date(2026, 3, 12))
    take_snapshots(today=dt.date(2026, 3, 10))
    with clock.stopped_at(at(11)):
        actions.submit(deadline=row, version=version_of(row), by=cast.commune_secretary)
    take_snapshots(today=dt.date(2026, 3, 14))
    client = login(cast.office_staff)
    page = client.get(TREND, {"sort": "overdue"})
    assert [d.day.day for d in page.context["days"]] == [10, 14]
    assert [d.day.day for d in client.get(TREND, {"sort": "-overdue"}).context["days"]] == [14, 10]
    cells = [cell for day in page.context["days"] for cell in day.cells]
    assert [cell.text for cell in cells] == ["2", "0", "2", "0", "0", "2", "1", "0", "1", "0"]
    assert {listed(client, c.href) - number(c.text) for c in cells if c.href} == {0}


def test_each_figure_of_a_plan_page_leads_to_as_many_rows(cast: Cast, login: Login, today: dt.date) -> None:
    rows = make_every_state(cast, today)
    Deadline.objects.filter(pk=rows[0].pk).update(excused_until=today, excuse="Bão", excused_by=cast.leader)
    client = login(cast.office_staff)
    page = client.get(reverse("plans:plan", args=[rows[0].plan_id]))
    found = re.findall(r'<a href="([^"]+)"><b[^>]*>(\d+)</b>', page.text)
    assert {href: listed(client, href.replace("&amp;", "&")) for href, _ in found} == {h: int(n) for h, n in found}
    assert len(found) == 7


def test_a_year_beyond_all_plans_is_refused_with_words(cast: Cast, login: Login) -> None:
    answer = login(cast.office_staff).get(MONTHS, {"due_from": "01/12/9999", "due_to": "31/12/9999"})
    assert answer.status_code in {200, 422}
    assert set(answer.context["form"].errors) == {"due_from", "due_to"}
