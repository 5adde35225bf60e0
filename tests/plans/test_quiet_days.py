"""Quiet hours and days: the page tells at once, mails wait for the first moment after, nothing is lost."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.core import mail

from doantracker.lib import clock
from plans.actions.notices import set_quiet_days
from plans.enums import NoticeKind, NoticeState
from plans.errors import ActionRefused
from plans.models import Deadline, Notice, QuietDays
from plans.reminders import delivery, sweep
from plans.reminders.quiet import as_bits, as_days, in_quiet_hours, is_quiet
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import make_deadline, make_published_plan
from units.models import AuditEvent

MONDAY = dt.date(2026, 3, 16)
SETTINGS = "/notices/settings/"


def at(day: dt.date, hour: int = 9, minute: int = 0) -> Any:
    """Stop the clock at an hour of Vietnam."""
    return time_machine.travel(
        dt.datetime.combine(day, dt.time(hour, minute), dt.timezone(dt.timedelta(hours=7))), tick=False
    )


def time(text: str) -> dt.time:
    return dt.time.fromisoformat(text)


@pytest.mark.parametrize(
    ("moment", "start", "end", "quiet"),
    [
        ("20:59", "21:00", "06:30", False),
        ("21:00", "21:00", "06:30", True),
        ("00:05", "21:00", "06:30", True),
        ("06:29", "21:00", "06:30", True),
        ("06:30", "21:00", "06:30", False),
        ("12:00", "12:00", "13:00", True),
        ("13:00", "12:00", "13:00", False),
        ("03:00", "00:00", "00:00", False),
        ("00:00", "00:00", "00:00", False),
    ],
)
def test_quiet_hours(moment: str, start: str, end: str, quiet: bool) -> None:  # noqa: FBT001  # a value of the table
    assert in_quiet_hours(time(moment), time(start), time(end)) is quiet


AWAY = (dt.date(2026, 3, 16), dt.date(2026, 3, 18))


@pytest.mark.parametrize(
    ("day", "leave", "weekdays", "quiet"),
    [
        (dt.date(2026, 3, 15), AWAY, [], False),
        (dt.date(2026, 3, 16), AWAY, [], True),
        (dt.date(2026, 3, 18), AWAY, [], True),
        (dt.date(2026, 3, 19), AWAY, [], False),
        (dt.date(2026, 3, 19), AWAY, [3], True),
        (dt.date(2026, 3, 21), (None, None), [5, 6], True),
        (dt.date(2026, 3, 22), (None, None), [5, 6], True),
        (dt.date(2026, 3, 23), (None, None), [5, 6], False),
        (dt.date(2026, 3, 23), (None, None), [], False),
    ],
)
def test_the_rule_and_the_query_agree_on_quiet_days(
    cast: Cast,
    day: dt.date,
    leave: tuple[dt.date | None, dt.date | None],
    weekdays: list[int],
    quiet: bool,  # noqa: FBT001  # a value of the table
) -> None:
    start, end = leave
    facts: dict[str, Any] = {"start": start, "end": end, "weekdays": as_bits(weekdays)}
    QuietDays.objects.create(user=cast.secretary, **facts)
    assert as_days(facts["weekdays"]) == weekdays
    assert is_quiet(day, **facts) is quiet
    assert QuietDays.objects.on(day).exists() is quiet


@pytest.fixture
def late(cast: Cast) -> Deadline:
    """Return work of the district that was due on Saturday, of which its secretary is told on Monday."""
    plan = make_published_plan(cast.province)
    return make_deadline(cast.district, plan=plan, due_on=MONDAY - dt.timedelta(days=2), remind_on=MONDAY)


def mails_to(address: str) -> list[str]:
    return [str(m.subject) for m in mail.outbox if m.to == [address]]


def test_at_night_the_notice_stands_on_the_page_and_the_mail_waits_for_the_morning(cast: Cast, late: Deadline) -> None:
    with at(MONDAY, 0, 5):
        sweep.check_deadlines()
        assert Notice.objects.visible_to(cast.secretary).count() == 1
        assert delivery.deliver_notices() == 0
    with at(MONDAY, 6, 30):
        assert delivery.deliver_notices() == 1


def test_without_quiet_hours_mails_go_at_night_too(cast: Cast, late: Deadline, settings: LazySettings) -> None:
    settings.QUIET_FROM = settings.QUIET_UNTIL = dt.time(0, 0)
    with at(MONDAY, 0, 5):
        sweep.check_deadlines()
        assert delivery.deliver_notices() == 1


def test_on_leave_the_page_tells_daily_and_one_digest_comes_on_the_first_day_after(cast: Cast, late: Deadline) -> None:
    leave_ends = MONDAY + dt.timedelta(days=10)
    set_quiet_days(by=cast.secretary, start=MONDAY, end=leave_ends, weekdays=[])
    for n in range(11):
        with at(MONDAY + dt.timedelta(days=n)):
            sweep.check_deadlines()
            if n == 4:
                tell(cast, late, NoticeKind.RETURNED)
            delivery.deliver_notices()
    kinds = list(Notice.objects.filter(recipient=cast.secretary).order_by("pk").values_list("kind", flat=True))
    escalations = [NoticeKind.ESCALATED_1]
    assert kinds == [NoticeKind.OVERDUE, *escalations, NoticeKind.RETURNED, NoticeKind.OVERDUE]
    assert mails_to(cast.secretary.email) == []
    with at(leave_ends + dt.timedelta(days=1)):
        sweep.check_deadlines()
        delivery.deliver_notices()
        delivery.deliver_notices()
    assert mails_to(cast.secretary.email) == ["doantracker: 4 thời hạn cần xử lý"]
    assert not Notice.objects.filter(recipient=cast.secretary).exclude(state=NoticeState.SENT).exists()


def tell(cast: Cast, row: Deadline, kind: NoticeKind) -> None:
    Notice.objects.create(recipient=cast.secretary, deadline=row, kind=kind, day=clock.today(), created_at=clock.now())


def test_leave_of_one_person_holds_up_nobody_else(cast: Cast, late: Deadline) -> None:
    set_quiet_days(by=cast.secretary, start=MONDAY, end=MONDAY, weekdays=[])
    with at(MONDAY):
        tell(cast, late, NoticeKind.RETURNED)
        facts: dict[str, Any] = {"day": MONDAY, "created_at": clock.now(), "kind": NoticeKind.RETURNED}
        Notice.objects.create(recipient=cast.office_staff, deadline=late, **facts)
        assert delivery.deliver_notices() == 1
    assert [m.to for m in mail.outbox] == [[cast.office_staff.email]]


def test_a_first_failure_after_a_long_leave_does_not_give_up_at_once(
    cast: Cast, late: Deadline, settings: LazySettings
) -> None:
    with at(MONDAY - dt.timedelta(days=40)):
        tell(cast, late, NoticeKind.RETURNED)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    with at(MONDAY):
        assert delivery.deliver_notices() == 0
    assert Notice.objects.get().state == NoticeState.PENDING


# --- the settings page ---


@pytest.mark.usefixtures("today")
def test_the_page_keeps_leave_and_weekdays_and_the_log_knows(cast: Cast, login: Login) -> None:
    client = login(cast.secretary)
    kinds = [kind.value for kind in NoticeKind]
    sent = {"mail": kinds, "start": "01/04/2026", "end": "10/04/2026", "weekdays": ["5", "6"]}
    assert client.post(SETTINGS, sent).status_code == 302
    kept = QuietDays.objects.get()
    assert (kept.user, kept.start, kept.end) == (cast.secretary, dt.date(2026, 4, 1), dt.date(2026, 4, 10))
    assert as_days(kept.weekdays) == [5, 6]
    page = client.get(SETTINGS).text
    assert 'value="01/04/2026"' in page
    assert AuditEvent.objects.get(action="changed").data["quiet_weekdays"] == [[], [5, 6]]
    assert client.post(SETTINGS, {"mail": kinds, "start": "", "end": ""}).status_code == 302
    kept.refresh_from_db()
    assert (kept.start, kept.end, kept.weekdays) == (None, None, 0)


@pytest.mark.usefixtures("today")
@pytest.mark.parametrize(
    "sent",
    [
        {"start": "10/04/2026", "end": ""},
        {"start": "", "end": "10/04/2026"},
        {"start": "10/04/2026", "end": "09/04/2026"},
        {"start": "10/04/2026", "end": "10/04/2027"},
        {"start": "31/02/2026", "end": "10/04/2026"},
        {"start": "01/01/0001", "end": "02/01/0001"},
        {"weekdays": ["0", "1", "2", "3", "4", "5", "6"]},
        {"weekdays": ["7"]},
        {"weekdays": ["x\0"]},
        {"start": "\0", "end": "9" * 5000},
    ],
)
def test_days_that_make_no_sense_are_refused_and_nothing_is_saved(
    cast: Cast, login: Login, sent: dict[str, Any]
) -> None:
    answer = login(cast.secretary).post(SETTINGS, {"mail": [], **sent})
    assert answer.status_code == 422
    assert "error-summary" in answer.text
    assert not QuietDays.objects.filter(start__isnull=False).exists()
    assert not AuditEvent.objects.filter(action="changed").exists()


@pytest.mark.django_db
def test_every_day_of_the_week_quiet_is_refused_by_the_act_too(cast: Cast) -> None:
    with pytest.raises(ActionRefused):
        set_quiet_days(by=cast.secretary, start=None, end=None, weekdays=range(7))
