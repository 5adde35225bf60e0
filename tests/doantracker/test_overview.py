"""The overview: each number equals its list, the worst first, both ways paged, nothing of others, fixed queries."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from doantracker.dashboard import overview, waiting
from doantracker.dashboard.charts import bar, sentence
from doantracker.dashboard.forms import days_of, periods
from plans.enums import PlanKind, Status
from plans.models import Deadline, Field, Plan, Snapshot, UnitSnapshot
from plans.parts import NAMES, Parts, parts_below, parts_by, together
from plans.snapshots import take_snapshots
from plans.statistics import Figures, figures_by
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import (
    ShortcomingFactory,
    make_deadline,
    make_difficulty,
    make_extension,
    make_officer,
    make_published_plan,
    make_unit,
)
from tests.plans.test_statistics import make_every_state
from units.actions import move_unit
from units.models import Oversight, Unit
from units.roles import Role

pytestmark = pytest.mark.usefixtures("today")

OVERVIEW, MINE = "/overview/", "/overview/mine/"
OVERVIEW_QUERIES = 20
MINE_QUERIES = 13
#: A link of a page to a list of rows, and what it says.
LISTS = "deadlines|extensions|difficulties"
NUMBER = re.compile(rf'<a[^>]* href="(/(?:{LISTS})/\?[^"]+)"[^>]*>\s*(.*?)</a>', re.DOTALL)


def numbers(page: Any) -> list[tuple[str, int]]:
    """Return every number of a page that leads to a list, with its address."""
    found = []
    for href, inner in NUMBER.findall(page.content.decode()):
        words = re.sub(r"<[^>]+>", " ", inner)
        digits = re.match(r"\s*([\d.]+)", words)
        if digits:
            found.append((unescape(href), int(digits[1].replace(".", ""))))
    return found


def listed(client: Client, href: str) -> int:
    """Return how many rows the list behind a number holds."""
    page = client.get(href)
    assert page.status_code == 200, href
    assert page.context["filter"].is_valid(), (href, page.context["filter"].errors)
    return int(page.context["page"].paginator.count)


def busy_province(cast: Cast, today: dt.date) -> Field:
    """Let every unit owe work in every state, ask, raise, return; one plan answers a shortcoming of a field."""
    make_every_state(cast, today)
    field = Field.objects.create(unit=cast.province, name="Tuyên giáo")
    plan = make_published_plan(cast.province, kind=PlanKind.FOCUS_TASKS, symbol="7-KH/TĐTN")
    wrong = [ShortcomingFactory(plan=plan, field=field, ordinal=n) for n in (1, 2)]
    late, done = today - dt.timedelta(4), {"status": Status.SUBMITTED, "reported_by": cast.commune_secretary}
    for unit in (cast.district, cast.other_district, cast.commune, cast.branch, cast.office, cast.province):
        row = make_deadline(unit, plan=plan, due_on=late)
        row.solution.shortcomings.set(wrong)
        make_deadline(unit, plan=plan, due_on=late, reported_on=late, **done)
        make_deadline(unit, plan=plan, due_on=dt.date(2027, 2, 1))
        make_deadline(unit, plan=plan, due_on=late, status=Status.RETURNED, reason="Thiếu")
        make_extension(row, by=cast.commune_secretary)
        make_difficulty(row, by=cast.commune_secretary)
    own = make_published_plan(cast.district, symbol="1-KH/HĐ")
    waits = make_deadline(cast.commune, plan=own, due_on=today, reported_on=today, **done)
    make_difficulty(waits, by=cast.commune_secretary)
    return field


# --- counting ---


def test_the_database_parts_rows_as_the_statistics_do(cast: Cast, today: dt.date) -> None:
    make_every_state(cast, today)
    rows = Deadline.objects.all()
    counted: dict[Any, Figures] = figures_by(rows, "unit_id", today=today)
    parts = {unit: found for (unit,), found in parts_by(rows, "unit_id", today=today).items()}
    assert parts
    for unit, figures in counted.items():
        found = parts.get(unit, Parts())
        assert {name: getattr(figures, name) for name in (*NAMES, "total", "rate_text")} == {
            name: getattr(found, name) for name in (*NAMES, "total", "rate_text")
        }


def test_children_are_counted_with_all_below_them(cast: Cast, today: dt.date) -> None:
    plan = make_published_plan(cast.province)
    for unit in (cast.province, cast.district, cast.commune, cast.branch, cast.foreign_commune):
        make_deadline(unit, plan=plan, due_on=today - dt.timedelta(1))
    found = parts_below(Deadline.objects.all(), cast.province, today=today)
    assert found == {cast.province.path: Parts(overdue=1), cast.district.path: Parts(overdue=3)}
    assert together(found.values()) == Parts(overdue=4)


def test_an_outcome_follows_status_and_days(cast: Cast, today: dt.date) -> None:
    row = make_deadline(cast.commune, plan=make_published_plan(cast.province), due_on=today)

    def counted() -> Parts:
        return together(parts_by(Deadline.objects.all(), today=today).values())

    assert counted() == Parts(in_time=1)
    Deadline.objects.filter(pk=row.pk).update(due_on=today - dt.timedelta(1))
    assert counted() == Parts(overdue=1)
    facts: dict[str, Any] = {"status": Status.SUBMITTED, "reported_on": today, "reported_by": cast.commune_secretary}
    Deadline.objects.filter(pk=row.pk).update(**facts)
    assert counted() == Parts(done_late=1)
    Deadline.objects.filter(pk=row.pk).update(due_on=None)
    assert counted() == Parts(done_no_date=1)


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("2026", "2026-01-01", "2026-12-31"),
        ("2026-Q1", "2026-01-01", "2026-03-31"),
        ("2024-Q1", "2024-01-01", "2024-03-31"),
        ("2026-Q2", "2026-04-01", "2026-06-30"),
        ("2026-Q3", "2026-07-01", "2026-09-30"),
        ("2026-Q4", "2026-10-01", "2026-12-31"),
    ],
)
def test_days_of_a_period(period: str, first: str, last: str) -> None:
    assert days_of(period) == (dt.date.fromisoformat(first), dt.date.fromisoformat(last))


def test_every_period_offered_has_days(today: dt.date) -> None:
    assert [days_of(key) for key, _label in periods(today)][-1] == (None, None)
    assert [key for key, _label in periods(today)] == [
        "2026", "2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4", "2027", "2025", "2024", "all",
    ]  # fmt: skip


def test_a_bar_says_in_words_what_it_draws(db: None) -> None:
    parts = Parts(done_on_time=2, done_late=1, in_time=4, overdue=3, no_date=1, done_no_date=1)
    assert sentence(parts) == (
        "Tổng số 12: hoàn thành đúng hạn 2, hoàn thành trễ hạn 1, chưa hoàn thành trong hạn 4, quá hạn 3,"
        " không có ngày hạn 2"
    )
    drawn = bar(parts)
    assert f'role="img" aria-label="{sentence(parts)}"' in drawn
    assert re.findall(r'width="([\d.]+)%" height="100%" fill="url\(#ov-(\w+)\)"', drawn) == [
        ("16.67", "on_time"), ("8.33", "late"), ("33.33", "open"), ("25.00", "overdue"), ("16.67", "undated"),
    ]  # fmt: skip
    assert bar(Parts()) == ""


# --- numbers and lists ---


@pytest.mark.parametrize(
    "query", ["", "?period=all", "?period=2026-Q1", "?kind=focus_tasks", "field", "unit", "?plans=newest"]
)
def test_every_number_equals_its_list(cast: Cast, login: Login, today: dt.date, query: str) -> None:
    field = busy_province(cast, today)
    take_snapshots(today=today)
    query = {"field": f"?field={field.pk}", "unit": f"?unit={cast.district.pk}"}.get(query, query)
    client = login(cast.office_staff)
    found = numbers(client.get(OVERVIEW + query))
    assert len(found) > 25
    for href, number in found:
        assert (href, listed(client, href)) == (href, number)


def test_every_number_in_my_charge_equals_its_list(cast: Cast, login: Login, today: dt.date) -> None:
    field = busy_province(cast, today)
    Field.objects.filter(pk=field.pk).update(name=f"Về {field.name}")  # as plans head it
    put_in_charge(cast, cast.leader, [cast.district, cast.commune], [field.name])
    Plan.objects.get(symbol="7-KH/TĐTN").solutions.update(overseer=cast.leader)
    client = login(cast.leader)
    found = numbers(client.get(MINE))
    assert len(found) == 12
    for href, number in found:
        assert (href, listed(client, href)) == (href, number)


def test_units_stand_with_the_worst_first_or_as_asked(cast: Cast, login: Login, today: dt.date) -> None:
    plan = make_published_plan(cast.province)
    late = today - dt.timedelta(1)
    done: dict[str, Any] = {"status": Status.SUBMITTED, "reported_on": late, "reported_by": cast.commune_secretary}
    for unit, overdue, on_time in ((cast.district, 1, 0), (cast.other_district, 2, 8)):
        for _n in range(overdue):
            make_deadline(unit, plan=plan, due_on=late)
        for _n in range(on_time):
            make_deadline(unit, plan=plan, due_on=late, **done)

    def names(query: str) -> list[str]:
        page = login(cast.office_staff).get(f"{OVERVIEW}{query}")
        return [line.name for line in page.context["matrix"].lines if line.rate != "–"]

    assert names("") == ["Thị đoàn Cẩm Giang", "Huyện đoàn Bình Minh"]
    assert names("?units=rate") == ["Huyện đoàn Bình Minh", "Thị đoàn Cẩm Giang"]
    assert names("?units=tree") == ["Huyện đoàn Bình Minh", "Thị đoàn Cẩm Giang"]


def test_plans_are_paged_the_most_overdue_first(
    cast: Cast, login: Login, today: dt.date, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overview, "PLANS_A_PAGE", 2)
    for number, overdue in enumerate((0, 2, 1), start=1):
        plan = make_published_plan(cast.province, symbol=f"{number}-KH", issued_on=dt.date(2026, 1, number))
        make_deadline(cast.commune, plan=plan, due_on=today)
        for _n in range(overdue):
            make_deadline(cast.commune, plan=plan, due_on=today - dt.timedelta(1))
    client = login(cast.office_staff)

    def symbols(query: str) -> list[str]:
        return [column.label for column in client.get(OVERVIEW + query).context["matrix"].columns]

    assert symbols("") == ["2-KH", "3-KH"]
    assert symbols("?plans_page=2") == ["1-KH"]
    assert symbols("?plans_page=99") == ["1-KH"]
    assert symbols("?plans_page=x") == ["2-KH", "3-KH"]
    assert symbols("?plans=newest") == ["3-KH", "2-KH"]


def test_units_are_paged(cast: Cast, login: Login, today: dt.date, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overview, "UNITS_A_PAGE", 2)
    make_deadline(cast.district, plan=make_published_plan(cast.province), due_on=today)
    client = login(cast.office_staff)
    first, second = (client.get(f"{OVERVIEW}?page={n}").context["matrix"] for n in (1, 2))
    assert [line.name for line in first.lines] == ["Huyện đoàn Bình Minh", "Văn phòng"]
    assert [line.name for line in second.lines] == ["Ban Phong trào", "Thị đoàn Cẩm Giang"]


@pytest.mark.parametrize(
    "query", ["?unit=x", "?unit=99999999999999999999", "?period=2026-Q9", "?kind=x", "?field=x", "?page=x"]
)
def test_nonsense_in_the_address_is_no_fault(cast: Cast, login: Login, query: str) -> None:
    assert login(cast.office_staff).get(OVERVIEW + query).status_code == 200


# --- what waits where ---


def test_what_waits_is_told_by_desk_with_the_longest_wait(cast: Cast, login: Login, today: dt.date) -> None:
    plan = make_published_plan(cast.province)
    done: dict[str, Any] = {"status": Status.SUBMITTED, "reported_by": cast.commune_secretary}
    make_deadline(cast.commune, plan=plan, due_on=today, reported_on=today - dt.timedelta(5), **done)
    make_deadline(cast.branch, plan=plan, due_on=today, reported_on=today, **done)
    make_deadline(cast.branch, plan=make_published_plan(cast.district), reported_on=today, **done)
    waits = login(cast.office_staff).get(OVERVIEW).context["waits"]
    assert [(queue.longest) for _label, queue in waits.queues] == ["5 ngày", "", ""]
    assert [(desk.unit, desk.queues[0][1].longest) for desk in waits.desks] == [
        ("Tỉnh đoàn", "5 ngày"),
        ("Huyện đoàn Bình Minh", "từ hôm nay"),
    ]
    assert "Trần Lãnh Đạo" in waits.desks[0].people


def test_only_the_desks_with_the_longest_wait_are_shown(
    cast: Cast, login: Login, today: dt.date, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "DESKS_SHOWN", 1)
    done: dict[str, Any] = {"status": Status.SUBMITTED, "reported_on": today, "reported_by": cast.branch_secretary}
    for issuer in (cast.province, cast.district):
        make_deadline(cast.commune, plan=make_published_plan(issuer), **done)
    waits = login(cast.office_staff).get(OVERVIEW).context["waits"]
    assert (len(waits.desks), waits.hidden) == (1, 1)


# --- the trend ---


def test_figures_of_a_day_are_added_up_for_every_unit_above(cast: Cast, today: dt.date) -> None:
    for plan in (make_published_plan(cast.province), make_published_plan(cast.district)):
        for unit in (cast.branch, cast.commune, cast.other_district):
            make_deadline(unit, plan=plan, due_on=today - dt.timedelta(1))
    assert take_snapshots(today=today) == 6
    kept = dict(UnitSnapshot.objects.values_list("unit__code", "overdue"))
    assert kept == {"ST": 6, "ST-BM": 4, "ST-BM-AH": 4, "ST-BM-AH-3": 2, "ST-CG": 2}
    assert take_snapshots(today=today) == 0
    assert UnitSnapshot.objects.count() == 5


def test_a_unit_that_moves_takes_its_days_along(cast: Cast, today: dt.date) -> None:
    make_deadline(cast.branch, plan=make_published_plan(cast.province), due_on=today)
    take_snapshots(today=today - dt.timedelta(1))
    move_unit(
        unit=Unit.objects.get(pk=cast.commune.pk),
        parent=Unit.objects.get(pk=cast.other_district.pk),
        by=cast.administrator,
    )
    take_snapshots(today=today)
    yesterday, now = (
        set(UnitSnapshot.objects.filter(day=day).values_list("unit__code", flat=True))
        for day in (today - dt.timedelta(1), today)
    )
    assert yesterday == {"ST", "ST-BM", "ST-BM-AH", "ST-BM-AH-3"}
    assert now == {"ST", "ST-CG", "ST-BM-AH", "ST-BM-AH-3"}


def test_old_days_are_thinned_out_like_the_others(cast: Cast, today: dt.date) -> None:
    make_deadline(cast.commune, plan=make_published_plan(cast.province), due_on=today)
    for day in (dt.date(2024, 5, 3), dt.date(2024, 5, 4), today):
        take_snapshots(today=day)
    days = {dt.date(2024, 5, 3), today}
    for kept in (Snapshot, UnitSnapshot):
        assert set(kept.objects.values_list("day", flat=True)) == days


def test_the_trend_has_one_point_a_week_and_a_table_behind(cast: Cast, login: Login, today: dt.date) -> None:
    make_deadline(cast.commune, plan=make_published_plan(cast.province), due_on=dt.date(2026, 3, 5))
    for back in range(13, -1, -1):
        take_snapshots(today=today - dt.timedelta(back))
    trend = login(cast.office_staff).get(OVERVIEW).context["trend"]
    assert [day.day.day for day in trend.days] == [16, 15, 8]
    assert [day.parts.overdue for day in trend.days] == [1, 1, 1]
    assert trend.overdue.words == "Quá hạn: từ 1 ngày 08/03/2026 đến 1 ngày 16/03/2026"


def test_before_any_day_is_kept_the_page_says_when(cast: Cast, login: Login) -> None:
    page = login(cast.office_staff).get(OVERVIEW)
    assert page.context["trend"] is None
    assert "hãy quay lại vào ngày mai" in page.content.decode()


# --- empty pages say what to do first ---


def test_an_empty_province_is_told_to_import_a_plan(cast: Cast, login: Login) -> None:
    assert 'href="/plans/import/"' in login(cast.office_staff).get(OVERVIEW).content.decode()
    assert 'href="/plans/import/"' not in login(cast.leader).get(OVERVIEW).content.decode()


def test_a_person_without_a_post_is_told_whom_to_ask(cast: Cast, login: Login) -> None:
    cast.reader.appointments.update(end=dt.date(2025, 12, 31))
    text = login(cast.reader).get(OVERVIEW).content.decode()
    assert "Chưa được xem đơn vị nào" in text


def test_nothing_in_charge_says_whom_to_ask(cast: Cast, login: Login) -> None:
    page = login(cast.leader).get(MINE)
    assert page.context["mine"].is_empty
    assert "quản trị viên" in page.content.decode()


# --- in my charge ---


def put_in_charge(cast: Cast, user: Any, units: list[Unit], fields: list[str]) -> None:
    for unit in units:
        Oversight.objects.create(user=user, unit=unit, start=dt.date(2026, 1, 1))
    for name in fields:
        Oversight.objects.create(user=user, field=name, start=dt.date(2026, 1, 1))


def test_what_is_in_charge_stands_with_the_red_first(cast: Cast, login: Login, today: dt.date) -> None:
    plan = make_published_plan(cast.province)
    field = Field.objects.create(unit=cast.province, name="Kiểm tra")
    wrong = [ShortcomingFactory(plan=plan, field=field, ordinal=n) for n in (1, 2)]
    late = make_deadline(cast.other_district, plan=plan, due_on=today - dt.timedelta(3))
    late.solution.shortcomings.set(wrong)  # answers two shortcomings of the field: counted once
    make_deadline(cast.commune, plan=plan, due_on=today)
    make_deadline(cast.office, plan=plan, due_on=today - dt.timedelta(3))  # in nobody's charge
    put_in_charge(cast, cast.leader, [cast.district, cast.other_district], ["KIỂM TRA", "Đối ngoại"])
    mine = login(cast.leader).get(MINE).context["mine"]
    assert [(line.name, line.parts) for line in mine.units] == [
        ("Thị đoàn Cẩm Giang", Parts(overdue=1)),
        ("Huyện đoàn Bình Minh", Parts(in_time=1)),
    ]
    assert [(line.name, line.parts) for line in mine.fields] == [("Kiểm tra", Parts(overdue=1))]
    assert (mine.unknown, mine.overdue_count, len(mine.rows)) == (("Đối ngoại",), 1, 1)


def test_charges_that_are_over_or_of_unseen_units_count_no_more(cast: Cast, login: Login, today: dt.date) -> None:
    make_deadline(cast.commune, plan=make_published_plan(cast.province), due_on=today)
    put_in_charge(cast, cast.leader, [cast.foreign_commune], [])
    Oversight.objects.create(user=cast.leader, unit=cast.commune, start=dt.date(2026, 1, 1), end=dt.date(2026, 3, 15))
    assert login(cast.leader).get(MINE).context["mine"].is_empty


# --- nothing of others ---

PLANTED = "KÍNHMẬT"


@pytest.mark.parametrize("who", ["secretary", "commune_secretary", "branch_secretary", "outsider"])
def test_nobody_sees_a_siblings_names_totals_or_ranks(cast: Cast, login: Login, today: dt.date, who: str) -> None:
    hidden = make_unit(f"Đoàn xã {PLANTED}", code="KM", parent=cast.other_district)
    twin = make_unit(f"Huyện đoàn {PLANTED}", code="ST-KM", kind="district", parent=cast.province)
    commune = make_unit(f"Đoàn xã cùng huyện {PLANTED}", code="ST-BM-KM", parent=cast.district)
    siblings = {"secretary": [hidden, twin], "outsider": [hidden, twin, commune]}.get(who, [hidden, twin, commune])
    if who == "secretary":
        commune.name = "Đoàn xã của huyện"
        commune.save()
    make_officer(twin, Role.SECRETARY, full_name=f"Người {PLANTED}")
    plan = make_published_plan(cast.province, title=f"Kế hoạch {PLANTED}", symbol=f"1-KH/{PLANTED}")
    for unit in siblings:
        for _n in range(7):
            row = make_deadline(unit, plan=plan, due_on=today - dt.timedelta(9))
            row.solution.text = f"Việc {PLANTED}"
            row.solution.save()
    shared = make_published_plan(cast.province)
    for unit in (cast.branch, cast.foreign_commune):
        make_deadline(unit, plan=shared, due_on=today - dt.timedelta(1))
    take_snapshots(today=today)
    user = getattr(cast, who)
    put_in_charge(cast, user, siblings, [f"Lĩnh vực {today.year}"])
    client = login(user)
    own = {"secretary": cast.district, "commune_secretary": cast.commune, "branch_secretary": cast.branch}
    unit = own.get(who, cast.foreign_commune)
    for address in (
        OVERVIEW, f"{OVERVIEW}?period=all&units=rate", MINE, f"/units/{unit.pk}/",
        *(f"{OVERVIEW}?unit={sibling.pk}" for sibling in siblings),
    ):  # fmt: skip
        page = client.get(address)
        assert page.status_code == 200
        assert PLANTED not in page.content.decode(), address
    whole = client.get(OVERVIEW).context["matrix"].whole
    assert whole == Parts(overdue=1)
    page = client.get(f"/units/{unit.pk}/")
    assert page.context["peers"] is None
    assert "Xếp hạng" not in page.content.decode()
    assert page.context["trend"].days[0].parts.overdue == 1


def test_who_sees_all_peers_sees_the_rank(cast: Cast, login: Login, today: dt.date) -> None:
    plan, late = make_published_plan(cast.province), today - dt.timedelta(1)
    done: dict[str, Any] = {"status": Status.SUBMITTED, "reported_on": late, "reported_by": cast.commune_secretary}
    make_deadline(cast.commune, plan=plan, due_on=late)
    make_deadline(cast.other_district, plan=plan, due_on=late, **done)
    idle = make_unit("Huyện đoàn mới", code="ST-M", kind="district", parent=cast.province)
    for who in (cast.office_staff, cast.leader, cast.administrator, cast.reader, cast.department_head):
        peers = login(who).get(f"/units/{cast.district.pk}/").context["peers"]
        assert (peers.place, peers.ranked) == (2, 2)
        assert [(line.place, line.name, line.own) for line in peers.lines] == [
            ("1", "Thị đoàn Cẩm Giang", False),
            ("2", "Huyện đoàn Bình Minh", True),
            ("", idle.name, False),
        ]
    peers = login(cast.leader).get(f"/units/{idle.pk}/").context["peers"]
    assert (peers.place, peers.ranked) == (None, 2)
    assert login(cast.leader).get(f"/units/{cast.province.pk}/").context["peers"] is None


def test_a_long_table_of_peers_shows_the_best_and_the_neighbours(cast: Cast, login: Login, today: dt.date) -> None:
    plan = make_published_plan(cast.province)
    units = [make_unit(f"Đoàn xã {n}", code=f"P{n}", parent=cast.other_district) for n in range(10)]
    facts: dict[str, Any] = {"status": Status.SUBMITTED, "reported_on": today, "reported_by": cast.commune_secretary}
    for number, unit in enumerate(units):
        for done in range(10):
            make_deadline(unit, plan=plan, due_on=today - dt.timedelta(1), **(facts if done >= number else {}))
    peers = login(cast.office_staff).get(f"/units/{units[7].pk}/").context["peers"]
    assert [(line.place, line.skipped) for line in peers.lines] == [
        ("1", False), ("2", False), ("3", False), ("6", True), ("7", False), ("8", False), ("9", False), ("10", False),
    ]  # fmt: skip
    assert (peers.place, peers.ranked, peers.hidden) == (8, 10, 2)


# --- the same number of queries ---


def test_pages_cost_the_same_for_3_and_60_communes(
    cast: Cast, login: Login, today: dt.date, django_assert_num_queries: Any
) -> None:
    plans = [make_published_plan(cast.province) for _n in range(3)]
    office, leader, made = login(cast.office_staff), login(cast.leader), 0
    done: dict[str, Any] = {"status": Status.SUBMITTED, "reported_on": today, "reported_by": cast.commune_secretary}
    field = Field.objects.create(unit=cast.province, name="Kiểm tra")
    wrong = ShortcomingFactory(plan=plans[0], field=field, ordinal=1)
    put_in_charge(cast, cast.leader, [], [field.name])
    for communes in (3, 60):
        for n in range(made, communes):
            unit = make_unit(f"Đoàn xã {n}", code=f"Q{n}", parent=cast.province)
            row = make_deadline(unit, plan=plans[n % 3], due_on=today - dt.timedelta(1))
            row.solution.shortcomings.add(wrong)
            make_deadline(unit, plan=make_published_plan(unit), due_on=today, **done)
            make_extension(row, by=cast.commune_secretary)
            make_difficulty(row, by=cast.commune_secretary)
            make_deadline(unit, plan=plans[0], due_on=today, status=Status.RETURNED, reason="Thiếu")
            put_in_charge(cast, cast.leader, [unit], [])
        made = communes
        UnitSnapshot.objects.all().delete()
        Snapshot.objects.all().delete()
        take_snapshots(today=today)
        with django_assert_num_queries(OVERVIEW_QUERIES):
            office.get(OVERVIEW)
        with django_assert_num_queries(MINE_QUERIES):
            leader.get(MINE)
