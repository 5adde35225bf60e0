"""The working calendar: a year is filled once, days are entered and taken out, who keeps it and who reads it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from plans.actions.calendar import fill_calendar, years_to_fill
from plans.day_lines import BadLine, DayLine, read_day_lines
from plans.models import CalendarDay, CalendarYear
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import make_deadline, make_published_plan
from units.models import AuditEvent, User

EDIT = "/working-days/edit/"
OFF, WORKING = CalendarDay.Kind.OFF, CalendarDay.Kind.WORKING


@pytest.fixture
def admin(both_trees: User, login: Login, today: dt.date) -> Client:
    """Return the administrator's browser."""
    return login(both_trees)


def days() -> list[tuple[str, str, str]]:
    return [(str(d.day), str(d.kind), d.name) for d in CalendarDay.objects.all()]


# --- what a clerk writes ---


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("31/08/2026 nghỉ bù Quốc khánh", [("2026-08-31", "off", "nghỉ bù Quốc khánh")]),
        ("22/8/2026: làm bù", [("2026-08-22", "working", "làm bù")]),
        ("22.08.2026 đi làm thay 31/8", [("2026-08-22", "working", "đi làm thay 31/8")]),
        ("22/08/2026", [("2026-08-22", "working", "Làm bù")]),  # a Saturday
        ("24/08/2026", [("2026-08-24", "off", "Nghỉ")]),
        ("Giỗ Tổ", None),
        ("31/02/2026 nghỉ", None),
        ("20/02/2026 - 16/02/2026 nghỉ", None),
        ("01/01/2026 - 31/12/2026 nghỉ", None),
        ("30/4/2026 – 01/5/2026 Lễ\n\n30/4/2026 nghỉ Giải phóng", [
            ("2026-04-30", "off", "nghỉ Giải phóng"), ("2026-05-01", "off", "Lễ"),
        ]),
        ("16/02/2026 đến 17/02/2026 nghỉ Tết", [
            ("2026-02-16", "off", "nghỉ Tết"), ("2026-02-17", "off", "nghỉ Tết"),
        ]),
    ],
)  # fmt: skip
def test_days_are_read_as_a_clerk_writes_them(text: str, expected: list[tuple[str, str, str]] | None) -> None:
    if expected is None:
        with pytest.raises(BadLine):
            read_day_lines(text, off="Nghỉ", worked="Làm bù")
        return
    found = read_day_lines(text, off="Nghỉ", worked="Làm bù")
    assert found == [DayLine(dt.date.fromisoformat(day), kind, name) for day, kind, name in expected]


def test_a_bad_line_is_named_by_its_number() -> None:
    with pytest.raises(BadLine) as found:
        read_day_lines("31/08/2026 nghỉ\n\nhôm sau nghỉ", off="Nghỉ", worked="Làm bù")
    assert (found.value.number, found.value.words) == (3, "hôm sau nghỉ")


# --- filling, entering, taking out ---


def test_a_year_is_filled_once_and_what_was_taken_out_stays_out(admin: Client) -> None:
    assert admin.post(EDIT, {"year": "2027", "act": "fill"})["Location"] == "/working-days/?year=2027"
    assert CalendarDay.objects.get(day=dt.date(2027, 2, 6)).name == "Tết Nguyên Đán"
    before = len(days())
    admin.post(EDIT, {"year": "2027", "act": "take_out", "day": "2027-02-06"})
    admin.post(EDIT, {"year": "2027", "act": "fill"})
    assert len(days()) == before - 1
    assert CalendarYear.objects.get().year == 2027


def test_filling_never_writes_over_what_the_office_entered(admin: Client) -> None:
    CalendarDay.objects.create(day=dt.date(2027, 9, 2), kind=WORKING, name="Trực lễ")
    admin.post(EDIT, {"year": "2027", "act": "fill"})
    assert CalendarDay.objects.get(day=dt.date(2027, 9, 2)).name == "Trực lễ"


def test_several_days_are_pasted_and_logged(admin: Client) -> None:
    CalendarDay.objects.create(day=dt.date(2026, 8, 31), kind=OFF, name="Nghỉ")
    lines = "31/08/2026 nghỉ bù Quốc khánh\n22/08/2026 làm bù"
    assert admin.post(EDIT, {"year": "2026", "act": "enter", "lines": lines}).status_code == 302
    assert days() == [
        ("2026-08-22", "working", "làm bù"),
        ("2026-08-31", "off", "nghỉ bù Quốc khánh"),
    ]
    assert AuditEvent.objects.get(action="changed").data == {
        "days": {
            "2026-08-31": [["off", "Nghỉ"], ["off", "nghỉ bù Quốc khánh"]],
            "2026-08-22": [None, ["working", "làm bù"]],
        }
    }
    admin.post(EDIT, {"year": "2026", "act": "enter", "lines": lines})
    assert AuditEvent.objects.filter(action="changed").count() == 1


@pytest.mark.parametrize(
    "sent",
    [
        {"act": "enter", "lines": "31/08/2026 nghỉ\n32/08/2026 nghỉ"},
        {"act": "enter", "lines": "31/08/1900 nghỉ"},
        {"act": "enter", "lines": ""},
        {"act": "enter", "lines": "31/08/2026 \x00"},
        {"act": "enter", "lines": "x" * 100_000},
        {"act": "take_out", "day": "2026-08-31"},
        {"act": "take_out", "day": "hôm nay"},
        {"act": "erase"},
        {},
    ],
)
def test_bad_input_is_refused_and_nothing_half_saved(admin: Client, sent: dict[str, str]) -> None:
    answer = admin.post(EDIT, {"year": "2026", **sent})
    assert (answer.status_code, days()) == (422, [])


@pytest.mark.parametrize("year", ["1999", "2101", "abcd", "9" * 500, "²026", "20\x0026"])
def test_a_year_out_of_reach_is_not_there(admin: Client, year: str) -> None:
    assert admin.get("/working-days/", {"year": year}).status_code in {400, 404}


@pytest.mark.parametrize("act", ["fill", "enter", "take_out"])
@pytest.mark.parametrize("person", ["office_staff", "leader", "secretary", "outsider"])
def test_only_who_administers_all_keeps_the_calendar(
    cast: Cast, login: Login, today: dt.date, person: str, act: str
) -> None:
    sent = {"year": "2026", "act": act, "lines": "31/08/2026 nghỉ", "day": "2026-08-31"}
    assert login(getattr(cast, person)).post(EDIT, sent).status_code == 404
    assert days() == []


# --- reading ---


def test_everybody_reads_the_year_month_by_month(cast: Cast, login: Login, today: dt.date) -> None:
    fill_calendar(year=2026, by=None)
    page = login(cast.outsider).get("/working-days/", {"year": "2026"})
    cells = {c.date: c for m in page.context["months"] for w in m.weeks for c in w if c}
    assert len(cells) == 365
    assert (cells[dt.date(2026, 2, 17)].off, cells[dt.date(2026, 2, 17)].name) == (True, "Tết Nguyên Đán")
    assert (cells[dt.date(2026, 8, 22)].off, cells[dt.date(2026, 8, 22)].worked) == (False, True)
    assert (cells[dt.date(2026, 3, 14)].off, cells[dt.date(2026, 3, 16)].off) == (True, False)
    assert 'name="act"' not in page.text


@pytest.mark.parametrize("count", [0, 20])
def test_the_page_asks_the_same_for_few_and_many_days(
    admin: Client, count: int, django_assert_num_queries: Any
) -> None:
    start = dt.date(2026, 6, 1)
    rows = [CalendarDay(day=start + dt.timedelta(days=n), kind=OFF, name="Nghỉ") for n in range(count)]
    CalendarDay.objects.bulk_create(rows)
    with django_assert_num_queries(9):
        admin.get("/working-days/")


@pytest.mark.parametrize(
    ("moment", "filled", "expected"),
    [
        (dt.date(2026, 10, 31), (), [2026]),
        (dt.date(2026, 10, 31), (2026,), []),
        (dt.date(2026, 11, 1), (2026,), [2027]),
        (dt.date(2026, 12, 31), (), [2026, 2027]),
        (dt.date(2026, 11, 1), (2026, 2027), []),
    ],
)
def test_from_november_on_the_next_year_is_missed(
    db: None, moment: dt.date, filled: tuple[int, ...], expected: list[int]
) -> None:
    for year in filled:
        fill_calendar(year=year, by=None)
    assert years_to_fill(moment) == expected


def test_the_administrator_is_told_on_the_first_page_and_in_the_calendar(cast: Cast, login: Login) -> None:
    with time_machine.travel(dt.datetime(2026, 11, 3, tzinfo=dt.UTC), tick=False):
        fill_calendar(year=2026, by=None)
        client = login(cast.administrator)
        assert "/working-days/?year=2027" in client.get("/admin/").text
        assert client.get("/working-days/").context["missing"] == ["2027"]
        fill_calendar(year=2027, by=None)
        assert "/working-days/?year=2027" not in client.get("/admin/").text


def test_open_deadlines_on_a_new_day_off_are_counted_and_moved_by_their_office(
    cast: Cast, login: Login, today: dt.date
) -> None:
    row = make_deadline(
        cast.commune, plan=make_published_plan(cast.province, days_off_move=True), due_on=dt.date(2026, 4, 30)
    )
    CalendarDay.objects.create(day=dt.date(2026, 4, 30), kind=OFF, name="Giải phóng miền Nam")
    assert login(cast.administrator).get("/working-days/").context["on_days_off"] == 1
    office, page = login(cast.office_staff), reverse("plans:off_days") + "?year=2026"
    shown = office.get(page)
    assert [(o.pk, str(o.after)) for o in shown.context["change"].moved] == [(row.pk, "2026-05-01")]
    sent = {"act": "apply", "reason": "Nghỉ lễ", "digest": shown.context["change"].digest}
    assert office.post(page, sent).status_code == 302
    row.refresh_from_db()
    assert row.due_on == dt.date(2026, 5, 1)
    assert login(cast.outsider).get("/working-days/").context["on_days_off"] == 0
