"""Founding a real office: everything its first administrator needs, once."""

import datetime as dt
import io

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from plans.defaults import install_holidays, install_ladder
from plans.models import CalendarDay, LadderStep, ReminderLadder
from tests.factories import make_unit
from units.defaults import KINDS, install_kinds
from units.models import Appointment, AuditEvent, Unit, UnitKind, User
from units.permissions import Permission

FACTS = {
    "name": "Tỉnh đoàn Sông Thao",
    "code": "ST",
    "username": "admin",
    "full_name": "Lê Văn An",
    "email": "an@example.vn",
    "generate_password": True,
}


def found(**changes: object) -> str:
    """Run the command and return what it printed."""
    out = io.StringIO()
    call_command("found_province", **{**FACTS, **changes}, stdout=out)
    return out.getvalue()


def test_the_administrator_can_log_in_with_the_printed_password_and_set_everything_up(db: None) -> None:
    printed = found()

    administrator = User.objects.get()
    password = printed.strip().rsplit(" ", 1)[1]
    assert Client().post("/login/", {"username": "admin", "password": password}).status_code == 302
    assert administrator.is_staff
    assert administrator.may(Permission.CONFIGURE, Unit.objects.get())
    assert not administrator.may(Permission.CONFIRM)


def test_the_province_its_post_and_its_account_are_in_the_audit_log(db: None, today: dt.date) -> None:
    found()

    province = Unit.objects.get()
    assert (province.name, province.code, province.kind.code) == ("Tỉnh đoàn Sông Thao", "ST", "province")
    assert Appointment.objects.get().start == today
    assert list(AuditEvent.objects.order_by("pk").values_list("object_type", "unit_id")) == [
        ("unit", province.pk),
        ("user", None),
        ("post", province.pk),
        ("appointment", province.pk),
    ]


def test_kinds_ladder_and_the_holidays_of_two_years_are_installed(db: None, today: dt.date) -> None:
    found()

    assert list(UnitKind.objects.order_by("rank").values_list("code", flat=True)) == [k.code for k in KINDS]
    assert ReminderLadder.objects.get().overdue_every == 7
    assert list(LadderStep.objects.values_list("days_before", flat=True)) == [7, 3, 1, 0]
    assert CalendarDay.objects.get(day=dt.date(2026, 9, 2)).kind == CalendarDay.Kind.OFF
    assert set(CalendarDay.objects.dates("day", "year")) == {dt.date(2026, 1, 1), dt.date(2027, 1, 1)}


def test_a_second_founding_is_refused_and_changes_nothing(db: None) -> None:
    make_unit("Tỉnh đoàn Sông Thao", code="ST", kind="province")

    with pytest.raises(CommandError):
        found(code="KH")

    assert (Unit.objects.count(), User.objects.count()) == (1, 0)


@pytest.mark.parametrize("wrong", [{"code": "tỉnh"}, {"username": ""}, {"email": "an@"}, {"name": ""}])
def test_a_wrong_fact_leaves_nothing_half_made(db: None, wrong: dict[str, str]) -> None:
    with pytest.raises(CommandError):
        found(**wrong)

    assert (Unit.objects.count(), User.objects.count(), UnitKind.objects.count()) == (0, 0, 0)


def test_without_a_terminal_and_without_generating_it_says_what_to_add(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())

    with pytest.raises(CommandError, match="--generate-password"):
        found(generate_password=False)


def test_installing_again_keeps_what_the_office_changed(db: None) -> None:
    install_kinds()
    UnitKind.objects.filter(code="commune").update(name="Đoàn cấp xã")
    ladder = install_ladder()
    ladder.steps.filter(days_before=7).delete()
    CalendarDay.objects.create(day=dt.date(2026, 9, 2), kind=CalendarDay.Kind.WORKING, name="Trực")

    assert install_kinds()["commune"].name == "Đoàn cấp xã"
    assert install_ladder() == ladder
    assert ladder.steps.count() == 3
    install_holidays([2026])
    assert CalendarDay.objects.get(day=dt.date(2026, 9, 2)).name == "Trực"


def test_the_weekend_day_worked_in_exchange_is_entered_as_a_working_day(db: None) -> None:
    install_holidays([2026])

    assert CalendarDay.objects.get(day=dt.date(2026, 8, 31)).kind == CalendarDay.Kind.OFF
    assert CalendarDay.objects.get(day=dt.date(2026, 8, 22)).kind == CalendarDay.Kind.WORKING
