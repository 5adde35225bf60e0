"""The pages on which published commitments change: shown first, made as shown, refused with the cure."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from plans.enums import Kind, Status
from plans.fan_out import with_owners, write_out
from plans.models import Deadline, Plan, Schedule
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import ScheduleFactory, SolutionFactory, make_published_plan, make_unit

pytestmark = pytest.mark.usefixtures("today")

WHY = "Tỉnh ủy đổi lịch báo cáo"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """Return a plan of the province that is followed up."""
    return make_published_plan(cast.province, period_end=dt.date(2026, 5, 31))


@pytest.fixture
def monthly(cast: Cast, plan: Plan, today: dt.date) -> Schedule:
    """Return a monthly commitment of the commune."""
    solution = SolutionFactory(plan=plan, lead_unit=cast.commune, text="Sinh hoạt chi đoàn hằng tháng")
    schedule = ScheduleFactory(solution=solution, kind=Kind.RECURRING, due=None, rule="FREQ=MONTHLY")
    write_out([with_owners().get(pk=schedule.pk)], today=today)
    return schedule


@pytest.fixture
def client(cast: Cast, login: Login) -> Client:
    """Return the office's browser, in English."""
    office = login(cast.office_staff)
    office.cookies["django_language"] = "en"
    return office


def change_page(schedule: Schedule) -> str:
    return reverse("plans:commitment_change", args=[schedule.solution.plan_id, schedule.pk])


def sent(**changes: Any) -> dict[str, Any]:
    facts = {"kind": "recurring", "repeat": "FREQ=MONTHLY", "from_key": "2026-04", "lead_span": "D", "reason": WHY}
    return facts | changes


def test_a_change_is_shown_and_then_made_as_it_was_shown(client: Client, monthly: Schedule) -> None:
    form = client.get(f"{change_page(monthly)}?from=2026-04").context["form"]
    assert (form["from_key"].value(), form["repeat"].value()) == ("2026-04", "FREQ=MONTHLY")
    shown = client.post(change_page(monthly), sent(month_day="20", act="look"))
    change = shown.context["change"]
    assert [(str(o.before), str(o.after)) for o in change.moved] == [
        ("2026-04-30", "2026-04-20"),
        ("2026-05-31", "2026-05-20"),
    ]
    assert not monthly.continued_by.exists()
    assert "30/04/2026" in shown.text
    answer = client.post(change_page(monthly), sent(month_day="20", act="apply", digest=change.digest))
    assert answer["Location"] == reverse("plans:commitment", args=[monthly.solution.plan_id, monthly.pk])
    assert monthly.continued_by.get().rule == "FREQ=MONTHLY;BYMONTHDAY=20"


def test_what_was_not_shown_is_not_made(client: Client, monthly: Schedule) -> None:
    change = client.post(change_page(monthly), sent(month_day="20", act="look")).context["change"]
    for digest in (change.digest, "", "x" * 5000):
        answer = client.post(change_page(monthly), sent(month_day="10", act="apply", digest=digest))
        assert (answer.status_code, len(answer.context["change"].moved)) == (409, 2)
    assert not monthly.continued_by.exists()


def test_while_one_types_the_sentence_and_the_next_days_answer(client: Client, monthly: Schedule) -> None:
    page = client.post(change_page(monthly), sent(workday="on", preview="1"), headers=HTMX)
    assert "<form" not in page.text
    assert "every month, on its last working day" in page.text
    assert "31/03/2026; 30/04/2026; 29/05/2026" in page.text
    twice = sent(repeat="FREQ=MONTHLY;INTERVAL=3", repeat_2="FREQ=YEARLY", preview="1")
    assert "; and every year, due on the last day of the year" in client.post(
        change_page(monthly), twice, headers=HTMX
    ).text  # fmt: skip
    whole = client.post(change_page(monthly), sent(workday="on", preview="1"))  # without JavaScript
    assert (whole.status_code, "its last working day" in whole.text) == (200, True)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"from_key": "1999-01"}, "from_key"),
        ({"repeat": "as_read", "raw_rule": "FREQ=HOURLY"}, "raw_rule"),
        ({"repeat": "as_read", "raw_rule": "FREQ=MONTHLY;BYMONTHDAY=30;BYDAY=MO;BYMONTH=2"}, "raw_rule"),
        ({"repeat": "as_read", "raw_rule": "FREQ=DAILY\x00"}, "raw_rule"),
        ({"without_days": "31/02/2026"}, "without_days"),
        ({"repeat_2": "FREQ=YEARLY", "year_dates_2": "31/4"}, "year_dates_2"),
        ({"owner_units": "Đoàn xã Lộc Thủy"}, "owner_units"),
        ({"month_day": "99999999999999999999"}, "month_day"),
        ({"besides_days": "1" * 5000}, "besides_days"),
    ],
)
def test_bad_input_is_refused_at_its_field(
    client: Client, monthly: Schedule, changes: dict[str, str], field: str
) -> None:
    answer = client.post(change_page(monthly), sent(act="look", **changes))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert Deadline.objects.filter(schedule=monthly).count() == 5


def test_a_change_of_nothing_is_refused_with_words(client: Client, monthly: Schedule) -> None:
    answer = client.post(change_page(monthly), sent(act="look"))
    assert (answer.status_code, "Nothing was changed" in answer.text) == (422, True)


def test_the_page_of_a_commitment_tells_its_history_and_its_figures(
    client: Client, cast: Cast, monthly: Schedule
) -> None:
    Deadline.objects.filter(schedule=monthly, occurrence="2026-02").update(
        status=Status.COMPLETED, reported_on=dt.date(2026, 3, 2), reported_by=cast.commune_secretary,
        confirmed_on=dt.date(2026, 3, 3), confirmed_by=cast.office_staff,
    )  # fmt: skip
    change = client.post(change_page(monthly), sent(month_day="20", act="look")).context["change"]
    client.post(change_page(monthly), sent(month_day="20", act="apply", digest=change.digest))
    page = client.get(reverse("plans:commitment", args=[monthly.solution.plan_id, monthly.pk]))
    figures = [(o.key, o.owed, o.done, o.late, o.overdue, str(o.share)) for o in page.context["figures"]]
    assert figures == [
        ("2026-03", 1, 0, 0, 0, "0.0"),
        ("2026-02", 1, 1, 1, 0, "100.0"),
        ("2026-01", 1, 0, 0, 1, "0.0"),
    ]
    assert [words for _s, words in page.context["after"]] == ["every month, on day 20, from 01/04/2026"]
    later = client.get(reverse("plans:commitment", args=[monthly.solution.plan_id, monthly.continued_by.get().pk]))
    assert [s.pk for s, _words in later.context["before"]] == [monthly.pk]
    listed = client.get(f"/deadlines/?schedule={monthly.pk}&occurrence=2026-02")
    assert [r["unit"] for r in listed.context["rows"]] == [cast.commune.label]


@pytest.mark.parametrize("count", [1, 6])
def test_the_page_of_a_commitment_asks_the_same_for_one_unit_and_for_many(
    client: Client, cast: Cast, plan: Plan, today: dt.date, count: int, django_assert_num_queries: Any
) -> None:
    units = [make_unit(f"Đoàn xã {n}", code=f"ST-BM-{n}", parent=cast.district) for n in range(count)]
    schedule = ScheduleFactory(solution=SolutionFactory(plan=plan), kind=Kind.RECURRING, due=None, rule="FREQ=MONTHLY")
    schedule.owner_units.set(units)
    write_out([with_owners().get(pk=schedule.pk)], today=today)
    with django_assert_num_queries(11):
        client.get(reverse("plans:commitment", args=[plan.pk, schedule.pk]))


def test_a_commitment_is_added(client: Client, cast: Cast, plan: Plan, monthly: Schedule) -> None:
    page = reverse("plans:commitment_add", args=[plan.pk, monthly.solution_id])
    facts = {"kind": "by_date", "due": "30/04/2026", "lead_span": "D", "owner_units": "Cẩm Giang", "reason": WHY}
    change = client.post(page, {**facts, "act": "look"}).context["change"]
    assert [(o.unit, str(o.after)) for o in change.new] == [("Thị đoàn Cẩm Giang", "2026-04-30")]
    assert monthly.solution.schedules.count() == 1
    assert client.post(page, {**facts, "act": "apply", "digest": change.digest}).status_code == 302
    assert monthly.solution.schedules.count() == 2


def test_a_deadline_moves_and_says_its_former_day(client: Client, cast: Cast, monthly: Schedule) -> None:
    row = Deadline.objects.get(schedule=monthly, occurrence="2026-04")
    page = client.get(row.get_absolute_url()).text
    assert reverse("plans:move", args=[row.pk]) in page
    assert f"{change_page(monthly)}?from=2026-04" in page
    facts = {"due_on": "10/05/2026", "scope": "all", "reason": WHY}
    change = client.post(reverse("plans:move", args=[row.pk]), {**facts, "act": "look"}).context["change"]
    answer = client.post(
        reverse("plans:move", args=[row.pk]), {**facts, "act": "apply", "digest": change.digest}, follow=True
    )
    assert "30/04/2026 → 10/05/2026" in answer.text
    assert answer.context["moved"] == [(dt.date(2026, 4, 30), dt.date(2026, 5, 10))]


@pytest.mark.parametrize("page", ["commitment", "commitment_change"])
def test_a_commitment_of_another_plan_or_a_draft_is_not_there(
    client: Client, cast: Cast, monthly: Schedule, page: str
) -> None:
    other = make_published_plan(cast.province)
    assert client.get(reverse(f"plans:{page}", args=[other.pk, monthly.pk])).status_code == 404
    Plan.objects.filter(pk=monthly.solution.plan_id).update(status="draft", published_at=None)
    assert client.get(reverse(f"plans:{page}", args=[monthly.solution.plan_id, monthly.pk])).status_code == 404


def test_days_off_begin_to_move_after_they_were_shown(client: Client, cast: Cast, plan: Plan, today: dt.date) -> None:
    schedule = ScheduleFactory(solution=SolutionFactory(plan=plan, lead_unit=cast.commune), due=dt.date(2026, 3, 28))
    write_out([with_owners().get(pk=schedule.pk)], today=today)
    page = reverse("plans:days_off", args=[plan.pk])
    facts = {"moves": "on", "reason": WHY}
    change = client.post(page, {**facts, "act": "look"}).context["change"]
    assert [str(o.after) for o in change.moved] == ["2026-03-30"]
    client.post(page, {**facts, "act": "apply", "digest": change.digest})
    assert str(Deadline.objects.get().due_on) == "2026-03-30"


def test_the_words_of_a_change_are_vietnamese(cast: Cast, login: Login, monthly: Schedule) -> None:
    page = login(cast.office_staff).post(change_page(monthly), sent(month_day="20", act="look"))
    with translation.override("vi"):
        assert "Những gì sẽ thay đổi" in page.text
