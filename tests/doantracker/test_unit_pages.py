"""The unit pages: one page for every level, figures with their lists, the tree; only what the person sees."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from doantracker.dashboard.queries import cells_of, unit_figures
from plans.enums import Status
from plans.statistics import Figures
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import make_deadline, make_officer, make_published_plan, make_unit
from units.roles import Role

UNIT_QUERIES = 17
TREE_QUERIES = 9


@pytest.mark.parametrize("level", ["province", "department", "district", "commune", "branch"])
def test_every_level_has_the_same_page(cast: Cast, login: Login, today: dt.date, level: str) -> None:
    unit = getattr(cast, level)
    make_deadline(unit, plan=make_published_plan(cast.province), due_on=today)
    answer = login(cast.office_staff).get(f"/units/{unit.pk}/")
    assert answer.context["figures"].own == Figures(total=1, due_soon=1)
    assert [row.figures.total for row in answer.context["plans"]] == [1]


def test_children_are_counted_with_all_below_and_the_worst_stands_first(
    cast: Cast, login: Login, today: dt.date
) -> None:
    plan = make_published_plan(cast.province)
    late = today - dt.timedelta(1)
    make_deadline(cast.other_district, plan=plan, due_on=late)
    make_deadline(cast.branch, plan=plan, due_on=late)
    make_deadline(cast.commune, plan=plan, due_on=late)
    rows = login(cast.leader).get(f"/units/{cast.province.pk}/").context["figures"].children
    assert [(r.name, r.figures.overdue) for r in rows] == [
        ("Huyện đoàn Bình Minh", 2),
        ("Thị đoàn Cẩm Giang", 1),
        ("Văn phòng", 0),
        ("Ban Phong trào", 0),
    ]


def test_numbers_lead_to_lists_of_that_many_rows(cast: Cast, login: Login, today: dt.date) -> None:
    plan = make_published_plan(cast.province)
    done = {"reported_on": today, "reported_by": cast.commune_secretary}
    confirmed = {"status": Status.COMPLETED, "confirmed_on": today, "confirmed_by": cast.office_staff}
    for unit in (cast.district, cast.commune):
        make_deadline(unit, plan=plan, due_on=today - dt.timedelta(2))
        make_deadline(unit, plan=plan, due_on=today)
        make_deadline(unit, plan=plan, due_on=today + dt.timedelta(30))
        make_deadline(unit, plan=plan)
        make_deadline(unit, plan=plan, due_on=today, status=Status.SUBMITTED, **done)
        make_deadline(unit, plan=plan, due_on=today - dt.timedelta(9), **confirmed, **done)
    client = login(cast.office_staff)
    page = client.get(f"/units/{cast.district.pk}/")
    cells = [*page.context["own"], *page.context["whole_cells"], *page.context["plans"][0].cells]
    linked = [cell for cell in cells if cell.href]
    assert len(linked) == 24
    for cell in linked:
        listed = client.get(cell.href).context["page"].paginator.count
        assert (cell.label, str(listed)) == (cell.label, cell.text)


def test_breadcrumbs_begin_where_the_person_begins_to_see(cast: Cast, login: Login) -> None:
    def names(user: Any) -> list[str]:
        return [label for label, _href in login(user).get(f"/units/{cast.commune.pk}/").context["crumbs"]]

    assert names(cast.office_staff) == ["Tỉnh đoàn", "Huyện đoàn Bình Minh", "Đoàn xã An Hòa"]
    assert names(cast.secretary) == ["Huyện đoàn Bình Minh", "Đoàn xã An Hòa"]
    assert names(cast.commune_secretary) == ["Đoàn xã An Hòa"]


@pytest.mark.parametrize("who", ["outsider", "sibling_secretary", "branch_secretary"])
def test_units_of_others_look_missing(cast: Cast, login: Login, who: str) -> None:
    client = login(getattr(cast, who))
    for path in (f"/units/{cast.commune.pk}/", "/units/999999/"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "An Hòa" not in answer.content.decode()


def test_posts_name_who_holds_them_today(cast: Cast, login: Login, today: dt.date) -> None:
    former = make_officer(cast.commune, Role.READER, title="Phó Bí thư")
    former.appointments.update(end=today - dt.timedelta(1))
    posts = login(cast.secretary).get(f"/units/{cast.commune.pk}/").context["posts"]
    assert sorted(holders for _title, holders in posts) == [[], ["Bùi Thị Xã"]]
    assert dict(posts)["Phó Bí thư"] == []


def test_unit_page_costs_the_same_for_3_and_30_children(
    cast: Cast, login: Login, today: dt.date, django_assert_num_queries: Any
) -> None:
    client, plan = login(cast.office_staff), make_published_plan(cast.province)
    made = 0
    for target in (3, 30):
        for n in range(made, target):
            unit = make_unit(f"Đoàn xã {n}", code=f"X{n}", parent=cast.district)
            make_officer(unit, Role.SECRETARY)
            make_officer(cast.district, Role.READER, title=f"Ủy viên {n}")
            make_deadline(unit, plan=make_published_plan(cast.province) if n < 20 else plan, due_on=today)
        made = target
        with django_assert_num_queries(UNIT_QUERIES):
            client.get(f"/units/{cast.district.pk}/")


# --- the tree ---


def test_tree_shows_only_what_the_person_sees(cast: Cast, login: Login) -> None:
    def names(user: Any, query: str = "") -> list[str]:
        return [row.name for row in login(user).get(f"/units/{query}").context["rows"]]

    assert names(cast.secretary) == ["Huyện đoàn Bình Minh", "Đoàn xã An Hòa", "Chi đoàn ấp 3"]
    assert len(names(cast.office_staff)) == 7
    assert names(cast.outsider) == ["Đoàn xã Lộc Thủy"]
    assert names(cast.outsider, "?q=an+hoa") == []


@pytest.mark.parametrize("words", ["an hoa", "An Hòa", "hoa AN", "st-bm-ah"])
def test_tree_is_searched_with_and_without_accents(cast: Cast, login: Login, words: str) -> None:
    rows = login(cast.office_staff).get("/units/", {"q": words}).context["rows"]
    assert rows[0].name == "Đoàn xã An Hòa"
    assert rows[0].above == "Tỉnh đoàn › Huyện đoàn Bình Minh"


@pytest.mark.parametrize("query", ["?page=999", "?page=x", "?kind=x", "?kind=99999999999999999999"])
def test_nonsense_in_the_address_is_no_fault(cast: Cast, login: Login, query: str) -> None:
    assert login(cast.office_staff).get(f"/units/{query}").status_code == 200


def test_tree_costs_the_same_for_3_and_30_rows(cast: Cast, login: Login, django_assert_num_queries: Any) -> None:
    client = login(cast.secretary)
    for rows in (3, 30):
        for n in range(rows - 3):
            make_unit(f"Đoàn xã {n}", code=f"X{n}", parent=cast.district)
        with django_assert_num_queries(TREE_QUERIES):
            assert len(client.get("/units/").context["rows"]) == rows


def test_a_fragment_is_the_table_alone(cast: Cast, login: Login) -> None:
    answer = login(cast.office_staff).get("/units/", headers={"hx-request": "true"})
    text = answer.content.decode().strip()
    assert text.startswith('<div id="results">')
    assert "<html" not in text


# --- figures ---


def test_rate_is_rounded_not_cut() -> None:
    assert Figures(done_on_time=2, overdue=1).rate_text == "66,7 %"
    assert Figures(done_on_time=14_068, done_late=1_983, overdue=223).rate_text == "98,6 %"
    assert Figures(on_schedule=4).rate_text == "–"


def test_columns_add_up_and_what_waits_is_a_part_of_the_done(cast: Cast, today: dt.date) -> None:
    plan = make_published_plan(cast.province)
    done = {"reported_on": today, "reported_by": cast.commune_secretary}
    for status in (Status.ASSIGNED, Status.SUBMITTED, Status.ON_HOLD, Status.CANCELLED):
        facts = done if status == Status.SUBMITTED else {}
        facts |= {"reason": "Trùng"} if status == Status.CANCELLED else {}
        for day in (today - dt.timedelta(9), today, today + dt.timedelta(90), None):
            make_deadline(cast.commune, plan=plan, status=status, due_on=day, **facts)
    whole = unit_figures(cast.province, cast.office_staff, today).whole
    cells = {cell.label: 0 if cell.text == "–" else int(cell.text) for cell in cells_of(whole, {})}
    total, *parts, waiting = cells.values()
    assert (total, sum(parts), waiting) == (12, 12, 4)
    assert cells["Tạm hoãn"] == 4


def test_a_figure_of_nothing_leads_nowhere(db: None) -> None:
    cells = cells_of(Figures(total=1, overdue=1), {"unit": 7})
    assert [(c.text, c.href) for c in cells if c.href] == [
        ("1", "/deadlines/?unit=7&figure=total"),
        ("1", "/deadlines/?unit=7&state=overdue"),
    ]
