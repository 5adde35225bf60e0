"""On hold and back, a report taken back: what changes, who is told, how it counts, what the pages say."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from doantracker.lib import clock
from plans.actions.deadlines import cancel, give_date, hold, resume, submit, withdraw
from plans.calendar_feed import feed_of
from plans.enums import NoticeKind, Status, TimeState
from plans.errors import ActionRefused
from plans.matrix import matrix_of
from plans.models import Deadline, Notice, Plan
from plans.reminders.holds import end_holds
from plans.reminders.sweep import check_deadlines
from plans.statistics import THEN, as_of, conditions, figures_of
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import make_deadline, make_published_plan
from units import audit
from units.models import AuditEvent

pytestmark = pytest.mark.usefixtures("today")
DUE = dt.date(2026, 3, 18)
UNTIL = dt.date(2026, 3, 27)


def at(day: dt.date) -> Any:
    """Stop the clock at nine on a day."""
    return clock.stopped_at(dt.datetime.combine(day, dt.time(2), tzinfo=dt.UTC))


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """Return a plan of the province that is followed up."""
    return make_published_plan(cast.province)


@pytest.fixture
def owed(cast: Cast, plan: Plan) -> Deadline:
    """Return work of the commune, due in two days."""
    return make_deadline(cast.commune, plan=plan, due_on=DUE)


@pytest.fixture
def held(cast: Cast, owed: Deadline) -> Deadline:
    """Return work put on hold until 27 March."""
    return hold(deadline=owed, version=1, by=cast.office_staff, reason=" Chờ hướng dẫn. ", until=UNTIL)


def last() -> AuditEvent:
    """Return the newest row of the log."""
    event: AuditEvent = AuditEvent.objects.order_by("-pk")[0]
    return event


def told(kind: NoticeKind) -> list[str | None]:
    """Return who has a notice of a kind."""
    found = Notice.objects.filter(kind=kind).order_by("recipient__username")
    return list(found.values_list("recipient__username", flat=True))


# --- hold ---


def test_work_on_hold_keeps_its_day_and_is_told_to_the_unit(cast: Cast, held: Deadline, today: dt.date) -> None:
    held.refresh_from_db()
    assert (held.status, held.held_on, held.held_until, held.held_status) == ("on_hold", today, UNTIL, "assigned")
    assert (held.due_on, held.remind_on, held.version) == (DUE, None, 2)
    assert told(NoticeKind.HELD) == ["xa"]
    assert (last().action, last().actor, last().data) == (
        "held",
        cast.office_staff,
        {"reason": "Chờ hướng dẫn.", "until": "2026-03-27", "version": 2},
    )


@pytest.mark.parametrize(("reason", "until"), [(" ", None), ("Chờ", dt.date(2026, 3, 15))])
def test_a_hold_needs_a_reason_and_no_day_that_has_passed(
    cast: Cast, owed: Deadline, reason: str, until: dt.date | None
) -> None:
    with pytest.raises(ActionRefused):
        hold(deadline=owed, version=1, by=cast.office_staff, reason=reason, until=until)
    owed.refresh_from_db()
    assert (owed.status, owed.version) == (Status.ASSIGNED, 1)


def test_nobody_is_reminded_nor_told_upwards_while_work_is_on_hold(cast: Cast, held: Deadline) -> None:
    Notice.objects.all().delete()
    Deadline.objects.update(held_until=None)
    for day in range(17, 32):
        with at(dt.date(2026, 3, day)):
            check_deadlines()
    assert not Notice.objects.exists()


# --- resume ---


def test_resuming_keeps_the_day_and_begins_the_reminders_anew(cast: Cast, held: Deadline) -> None:
    Deadline.objects.update(escalated=1, escalated_on=dt.date(2026, 3, 14))
    day = dt.date(2026, 3, 25)
    row = resume(deadline=held, version=2, by=cast.second_office_staff, today=day)
    row.refresh_from_db()
    assert (row.status, row.due_on, row.remind_on, row.resumed_on) == (Status.ASSIGNED, DUE, day, day)
    assert (row.held_on, row.held_until, row.held_status, row.hold_reason) == (None, None, "", "")
    assert (row.escalated, row.escalated_on, row.version) == (0, None, 3)
    assert told(NoticeKind.RESUMED) == ["xa"]
    assert (last().action, last().data) == ("resumed", {"version": 3})


def test_resuming_may_give_a_new_day_and_the_original_stays(cast: Cast, held: Deadline) -> None:
    new = dt.date(2026, 4, 10)
    row = resume(deadline=held, version=2, by=cast.office_staff, due_on=new)
    assert (row.due_on, row.original_due_on) == (new, DUE)
    assert last().data == {"due_on": ["2026-03-18", "2026-04-10"], "version": 3}


def test_resuming_with_a_day_that_has_passed_is_refused(cast: Cast, held: Deadline) -> None:
    with pytest.raises(ActionRefused):
        resume(deadline=held, version=2, by=cast.office_staff, due_on=dt.date(2026, 3, 15))
    held.refresh_from_db()
    assert held.status == Status.ON_HOLD


def test_work_without_a_day_gets_its_first_one_at_resuming_or_while_on_hold(cast: Cast, plan: Plan) -> None:
    new = dt.date(2026, 4, 10)
    for give in (True, False):
        row = make_deadline(cast.commune, plan=plan, status=Status.ON_HOLD)
        if give:
            row = give_date(deadline=row, version=1, by=cast.office_staff, due_on=new)
            assert row.remind_on is None  # on hold: nobody is reminded
        row = resume(deadline=row, version=row.version, by=cast.office_staff, due_on=None if give else new)
        assert (row.due_on, row.original_due_on, row.remind_on) == (new, new, dt.date(2026, 4, 3))


@pytest.mark.parametrize("status", [Status.ASSIGNED, Status.IN_PROGRESS, Status.RETURNED])
def test_work_goes_on_where_it_stood(cast: Cast, plan: Plan, status: Status) -> None:
    row = make_deadline(cast.commune, plan=plan, due_on=DUE, status=status, percent=40, reason="Thiếu")
    held = hold(deadline=row, version=1, by=cast.office_staff, reason="Chờ")
    found = resume(deadline=held, version=2, by=cast.office_staff)
    assert (found.status, found.percent, found.reason) == (status, 40, "Thiếu")


def test_late_work_is_told_upwards_by_the_days_since_it_was_resumed(cast: Cast, held: Deadline) -> None:
    resume(deadline=held, version=2, by=cast.office_staff, today=dt.date(2026, 3, 25))
    counts = []
    for day in range(25, 32):
        with at(dt.date(2026, 3, day)):
            counts.append(check_deadlines().escalations)
    assert [bool(n) for n in counts] == [False, False, False, True, False, False, False]


def test_a_hold_ends_by_itself_after_its_last_day(cast: Cast, held: Deadline) -> None:
    with at(UNTIL):
        check_deadlines()
    held.refresh_from_db()
    assert held.status == Status.ON_HOLD
    after = UNTIL + dt.timedelta(1)
    with at(after):
        check_deadlines()
        check_deadlines()
    held.refresh_from_db()
    assert (held.status, held.due_on, held.resumed_on, held.version) == (Status.ASSIGNED, DUE, after, 3)
    assert told(NoticeKind.RESUMED) == ["xa"]
    assert told(NoticeKind.OVERDUE) == ["xa"]  # it is late: the same sweep reminds
    event = AuditEvent.objects.get(action="resumed")
    assert (event.actor, event.object_id, event.data) == (None, held.pk, {"until": "2026-03-27", "version": 3})
    assert list(audit.broken_links()) == []


@pytest.mark.parametrize("many", [1, 12])
def test_ending_holds_takes_a_fixed_number_of_statements(
    cast: Cast, plan: Plan, many: int, django_assert_num_queries: Any
) -> None:
    for _n in range(many):
        over = {"held_on": dt.date(2026, 3, 1), "held_until": dt.date(2026, 3, 2)}
        make_deadline(cast.commune, plan=plan, due_on=dt.date(2026, 6, 1), status=Status.ON_HOLD, **over)
    with django_assert_num_queries({"sqlite": 9, "postgresql": 10}[connection.vendor]):
        assert end_holds(today=dt.date(2026, 3, 16)) == many


def test_cancelled_work_is_no_longer_on_hold(cast: Cast, held: Deadline) -> None:
    row = cancel(deadline=held, version=2, by=cast.office_staff, reason="Thôi")
    row.refresh_from_db()
    assert (row.status, row.held_on, row.hold_reason) == (Status.CANCELLED, None, "")


# --- withdraw ---


def test_a_report_taken_back_leaves_its_day_in_the_log_only(cast: Cast, owed: Deadline, today: dt.date) -> None:
    sent = submit(deadline=owed, version=1, by=cast.commune_secretary, text="Xong")
    row = withdraw(deadline=sent, version=2, by=cast.commune_secretary, reason="Gửi nhầm")
    row.refresh_from_db()
    assert (row.status, row.percent, row.reported_on, row.reported_by) == (Status.IN_PROGRESS, 0, None, None)
    assert (row.remind_on, row.version) == (today, 3)
    assert (last().action, last().data) == (
        "withdrawn",
        {
            "reported_on": "2026-03-16",
            "reported_by": cast.commune_secretary.pk,
            "reason": "Gửi nhầm",
            "version": 3,
        },
    )
    assert row.reports.count() == 1  # what was said stays
    again = submit(deadline=row, version=3, by=cast.commune_secretary, today=dt.date(2026, 3, 20))
    assert again.reported_on == dt.date(2026, 3, 20)


def test_taking_back_returns_to_how_far_the_work_was(cast: Cast, owed: Deadline, login: Login) -> None:
    client, address = login(cast.commune_secretary), reverse("plans:report", args=[owed.pk])
    client.post(address, {"act": "progress", "percent": "75", "version": "1"})
    client.post(address, {"act": "done", "version": "2"})
    client.post(reverse("plans:withdraw", args=[owed.pk]), {"version": "3"})
    owed.refresh_from_db()
    assert (owed.status, owed.percent) == (Status.IN_PROGRESS, 75)


# --- counted ---


def test_statistics_tell_how_it_stood_on_each_day(cast: Cast, owed: Deadline) -> None:
    """Sent on the 9th, taken back on the 10th, on hold from the 12th to the 14th."""
    unit, office = cast.commune_secretary, cast.office_staff
    days = {n: dt.date(2026, 3, n) for n in range(8, 17)}
    Deadline.objects.update(due_on=days[11])
    with at(days[9]):
        submit(deadline=owed, version=1, by=unit)
    with at(days[10]):
        withdraw(deadline=owed, version=2, by=unit)
    with at(days[12]):
        hold(deadline=owed, version=3, by=office, reason="Chờ")
    with at(days[14]):
        resume(deadline=owed, version=4, by=office)
    found = {}
    for number, day in days.items():
        rows = as_of(Deadline.objects.all(), day)
        counted = {name for name, q in conditions(day, THEN).items() if rows.filter(q).exists()}
        found[number] = counted & {"done_on_time", "overdue", "on_hold", "due_soon", "waiting"}
    assert found == {
        8: {"due_soon"},
        9: {"done_on_time", "waiting"},
        10: {"due_soon"},
        11: {"due_soon"},
        12: {"on_hold"},
        13: {"on_hold"},
        14: {"overdue"},
        15: {"overdue"},
        16: {"overdue"},
    }


def test_what_is_on_hold_is_late_nowhere(cast: Cast, plan: Plan, today: dt.date) -> None:
    row = make_deadline(cast.commune, plan=plan, due_on=dt.date(2026, 3, 1))
    hold(deadline=row, version=1, by=cast.office_staff, reason="Chờ")
    figures = figures_of(Deadline.objects.all(), today=today)
    assert (figures.total, figures.on_hold, figures.in_time, figures.overdue, figures.late_original) == (1, 1, 1, 0, 0)
    assert figures.rate is None
    stopped = Deadline.objects.in_time_state(TimeState.STOPPED, today, 7)
    assert [d.pk for d in stopped] == [row.pk]


def test_the_matrix_names_the_hold_and_puts_it_before_what_is_done(
    cast: Cast, plan: Plan, held: Deadline, today: dt.date
) -> None:
    units = [{"unit_id": cast.commune.pk, "unit__name": cast.commune.name, "unit_path": cast.commune.path}]
    rows = matrix_of(plan, Deadline.objects.filter(plan=plan), units, today=today, seen=[cast.province.path]).rows
    assert [c.state for c in rows[0].cells if c] == ["on_hold"]


def test_the_own_calendar_shows_work_again_when_it_goes_on(cast: Cast, held: Deadline) -> None:
    user = cast.commune_secretary
    assert f"deadline-{held.pk}@" not in feed_of(user)
    resume(deadline=held, version=2, by=cast.office_staff)
    assert f"deadline-{held.pk}@" in feed_of(user)


def test_calendar_list_and_my_work_show_what_is_on_hold(cast: Cast, login: Login, held: Deadline) -> None:
    client = login(cast.commune_secretary)
    home = client.get("/")
    assert [r["pk"] for r in home.context["on_hold"]] == [held.pk]
    assert not any(home.context["sections"].values())
    assert [r["pk"] for r in client.get(reverse("plans:deadlines")).context["rows"]] == [held.pk]
    only = client.get(reverse("plans:deadlines"), {"status": "on_hold"})
    assert [(r["time"], r["left"]) for r in only.context["rows"]] == [("stopped", "")]
    assert f"/deadlines/{held.pk}/" in client.get(reverse("plans:calendar"), {"day": "2026-03-16"}).text


# --- pages ---


def english(login: Login, person: Any) -> Client:
    """Return a browser in English."""
    client = login(person)
    client.cookies["django_language"] = "en"
    return client


def test_the_office_holds_and_resumes_by_form_and_the_unit_sees_why(cast: Cast, login: Login, owed: Deadline) -> None:
    office, page = english(login, cast.office_staff), reverse("plans:deadline", args=[owed.pk])
    to_hold, to_resume = (reverse(f"plans:{name}", args=[owed.pk]) for name in ("hold", "resume"))
    assert to_hold in office.get(page).text
    assert office.get(to_hold).status_code == 200
    sent = {"version": "1", "reason": "Chờ kinh phí", "until": "27/03/2026"}
    assert office.post(to_hold, {**sent, "reason": ""}).status_code == 422
    assert office.post(to_hold, {**sent, "until": "15/03/2026"}).status_code == 422
    assert office.post(to_hold, sent).status_code == 302
    shown = english(login, cast.commune_secretary).get(page).text
    assert "until 27/03/2026, then it goes on by itself" in shown
    assert "Chờ kinh phí" in shown
    assert to_resume not in shown
    assert to_hold not in office.get(page).text
    assert "Chờ kinh phí" in office.get(to_resume).text
    assert office.post(to_resume, {"version": "2", "due_on": "15/03/2026"}).status_code == 422
    assert office.post(to_resume, {"version": "2", "due_on": "30/04/2026"}).status_code == 302
    owed.refresh_from_db()
    assert (owed.status, owed.due_on, owed.original_due_on) == (Status.ASSIGNED, dt.date(2026, 4, 30), DUE)


def test_a_page_of_an_act_that_is_not_possible_now_leads_back_and_says_why(
    cast: Cast, login: Login, owed: Deadline
) -> None:
    client = english(login, cast.office_staff)
    for name in ("resume", "return", "withdraw", "excuse"):
        answer = client.get(reverse(f"plans:{name}", args=[owed.pk]), follow=True)
        assert answer.redirect_chain == [(reverse("plans:deadline", args=[owed.pk]), 302)]
        assert "This is not possible now: the deadline is “Not started”." in answer.text


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("hold", {"reason": "x\0"}),
        ("hold", {"reason": "x" * 501}),
        ("hold", {"reason": "Chờ", "until": "31/12/9999"}),
        ("hold", {"reason": "Chờ", "until": "31/02/2026"}),
        ("resume", {"due_on": "31/12/9999"}),
        ("resume", {"due_on": "x\0"}),
        ("withdraw", {"reason": "x\0"}),
        ("withdraw", {"reason": "x" * 501}),
        ("withdraw", {"version": "9" * 30}),
        ("withdraw", {"version": "x"}),
    ],
)
def test_bad_input_is_refused_and_nothing_changes(
    cast: Cast, login: Login, plan: Plan, name: str, sent: dict[str, str]
) -> None:
    status = {"hold": Status.ASSIGNED, "resume": Status.ON_HOLD, "withdraw": Status.SUBMITTED}[name]
    facts = {"reported_on": DUE, "reported_by": cast.commune_secretary} if name == "withdraw" else {}
    row = make_deadline(cast.commune, plan=plan, due_on=DUE, status=status, **facts)
    answer = login(cast.office_staff).post(reverse(f"plans:{name}", args=[row.pk]), {"version": "1", **sent})
    row.refresh_from_db()
    assert (answer.status_code, row.status, row.version) == (422, status, 1)
