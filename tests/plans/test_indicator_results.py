"""Results of indicators: entered for one unit or many, closed and reopened; who may, what is refused and logged."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.http import Http404

from doantracker.lib import clock
from plans.actions.indicator_results import (
    Given,
    RowsRefused,
    enter_many,
    enter_result,
    lock_period,
    reopen_period,
)
from plans.enums import Frequency, PlanStatus, RollUp
from plans.errors import ActionRefused, Stale
from plans.models import Indicator, IndicatorResult, PeriodLock, Plan
from tests.cast import Cast
from tests.factories import ScheduleFactory, SolutionFactory, make_indicator, make_published_plan, make_unit
from units.models import AuditEvent, Unit, User

pytestmark = pytest.mark.usefixtures("today")
D = Decimal
FIRST = dt.date(2026, 1, 1)


@pytest.fixture
def classes(cast: Cast) -> Indicator:
    """Return a target in numbers: each district and commune, by quarter."""
    plan = make_published_plan(cast.province)
    return make_indicator(plan, kinds=["district", "commune"], frequency=Frequency.QUARTER, value=D(3))


@pytest.fixture
def members(cast: Cast) -> Indicator:
    """Return a target in shares of persons."""
    plan = make_published_plan(cast.province)
    return make_indicator(plan, kinds=["district", "commune"], frequency=Frequency.QUARTER, kind="ratio")


def give(indicator: Indicator, unit: Unit, by: User, version: int = 0, **figures: Any) -> None:
    """Enter one result of the first quarter."""
    enter_result(indicator=indicator, period_start=FIRST, by=by, given=Given(unit, version, **figures))


def refusal_of(indicator: Indicator, unit: Unit, by: User, version: int = 0, **figures: Any) -> str:
    """Return why a result is refused; nothing is stored."""
    before = list(IndicatorResult.objects.values_list())
    with pytest.raises(ActionRefused) as refused:
        give(indicator, unit, by, version, **figures)
    assert list(IndicatorResult.objects.values_list()) == before
    return str(refused.value.message)


def test_a_secretary_enters_corrects_and_takes_back(cast: Cast, members: Indicator) -> None:
    give(members, cast.commune, cast.commune_secretary, numerator=D(45), denominator=D(50), note=" Đã đủ. ")
    row = IndicatorResult.objects.get()
    assert (row.unit_path, row.numerator, row.denominator, row.value) == (cast.commune.path, D(45), D(50), None)
    assert (row.period_start, row.period_end, row.note) == (FIRST, dt.date(2026, 3, 31), "Đã đủ.")
    assert (row.entered_by, row.version) == (cast.commune_secretary, 1)

    give(members, cast.commune, cast.commune_secretary, 1, numerator=D(46), denominator=D(50))
    row.refresh_from_db()
    assert (row.numerator, row.note, row.version) == (D(46), "Đã đủ.", 2)

    give(members, cast.commune, cast.commune_secretary, 2)
    assert not IndicatorResult.objects.exists()
    log = AuditEvent.objects.filter(action="results_entered", object_id=members.pk).order_by("pk")
    assert [(e.unit_id, e.data["figure"]) for e in log] == [
        (cast.commune.pk, ["", "45/50"]),
        (cast.commune.pk, ["45/50", "46/50"]),
        (cast.commune.pk, ["46/50", ""]),
    ]
    assert {e.data["period"] for e in log} == {"Quý I/2026"}


def test_who_may_enter(cast: Cast, classes: Indicator) -> None:
    version = 0
    for person in (cast.commune_secretary, cast.secretary, cast.office_staff, cast.leader):
        give(classes, cast.commune, person, version, value=D(version))
        version += 1
    for person in (cast.sibling_secretary, cast.branch_secretary, cast.outsider, cast.reader, cast.administrator):
        with pytest.raises(Http404):
            give(classes, cast.commune, person, version, value=D(9))


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        ({"numerator": D(1), "denominator": D(0)}, "Tổng số bằng 0"),
        ({"numerator": D(51), "denominator": D(50)}, "Số đạt (51) lớn hơn tổng số (50)"),
        ({"numerator": D(-1), "denominator": D(50)}, "không được âm"),
        ({"numerator": D(5)}, "Nhập đủ hai số"),
        ({"numerator": D("1.2345"), "denominator": D(5)}, "3 chữ số"),
    ],
)
def test_a_share_that_cannot_be_is_refused(
    cast: Cast, members: Indicator, figures: dict[str, Any], words: str
) -> None:
    assert words in refusal_of(members, cast.commune, cast.commune_secretary, **figures)


def test_a_unit_with_nobody_to_count_gives_0_of_0(cast: Cast, members: Indicator) -> None:
    give(members, cast.commune, cast.commune_secretary, numerator=D(0), denominator=D(0))
    assert IndicatorResult.objects.count() == 1


def test_above_100_percent_only_where_the_target_lies_there(cast: Cast, members: Indicator) -> None:
    members.value = D(110)
    members.save()
    give(members, cast.commune, cast.commune_secretary, numerator=D(57), denominator=D(50))
    assert IndicatorResult.objects.get().numerator == 57


def test_a_number_is_not_negative_and_not_too_long(cast: Cast, classes: Indicator) -> None:
    assert "không được âm" in refusal_of(classes, cast.commune, cast.commune_secretary, value=D(-1))
    assert "12 chữ số" in refusal_of(classes, cast.commune, cast.commune_secretary, value=D(10) ** 12)


def test_a_level_is_one_of_its_own(cast: Cast, classes: Indicator) -> None:
    levels = make_indicator(
        classes.plan, kinds=["commune"], levels=[("Tốt", True), ("Khá", False)], frequency=Frequency.QUARTER
    )
    other = make_indicator(classes.plan, levels=[("Đạt", True)])
    foreign = other.levels.get().pk
    assert "một mức" in refusal_of(levels, cast.commune, cast.commune_secretary, level_id=foreign)
    give(levels, cast.commune, cast.commune_secretary, level_id=levels.levels.get(name="Khá").pk)
    assert IndicatorResult.objects.get(level__name="Khá").value is None


def test_a_unit_that_owes_none_is_refused(cast: Cast, classes: Indicator) -> None:
    assert "không phải nhập" in refusal_of(classes, cast.branch, cast.branch_secretary, value=D(1))
    gone = make_unit("Đoàn xã cũ", code="CU", parent=cast.district, valid_to=dt.date(2026, 2, 1))
    assert "không phải nhập" in refusal_of(classes, gone, cast.secretary, value=D(1))


def test_a_period_that_has_not_begun_or_does_not_exist_is_refused(cast: Cast, classes: Indicator) -> None:
    for start in (dt.date(2026, 4, 1), dt.date(2026, 2, 1), dt.date(2025, 10, 1)):
        with pytest.raises(ActionRefused):
            enter_result(
                indicator=classes,
                period_start=start,
                by=cast.commune_secretary,
                given=Given(cast.commune, value=D(1)),
            )


def test_a_closed_plan_takes_no_results(cast: Cast, classes: Indicator) -> None:
    plans = Plan.objects.filter(pk=classes.plan_id)
    plans.update(status=PlanStatus.CLOSED, closed_at=clock.now(), closed_by=cast.leader)
    assert "đang được công bố" in refusal_of(classes, cast.commune, cast.commune_secretary, value=D(1))


def test_what_deadlines_feed_is_not_entered(cast: Cast, members: Indicator) -> None:
    solution = SolutionFactory(plan=members.plan, lead_unit=cast.district)
    members.fed_by = ScheduleFactory(solution=solution)
    members.save()
    figures: dict[str, Any] = {"numerator": D(1), "denominator": D(1)}
    assert "thời hạn" in refusal_of(members, cast.commune, cast.commune_secretary, **figures)


def test_the_second_writer_is_told_what_the_first_wrote(cast: Cast, classes: Indicator) -> None:
    give(classes, cast.commune, cast.commune_secretary, value=D(2))
    with pytest.raises(RowsRefused) as refused:
        give(classes, cast.commune, cast.secretary, value=D(3))
    assert (refused.value.status, "2" in str(refused.value.message)) == (409, True)
    assert IndicatorResult.objects.get().value == 2
    give(classes, cast.commune, cast.secretary, value=D(2))  # says the same: nothing to decide
    assert IndicatorResult.objects.get().version == 1


def test_many_rows_are_saved_together_or_not_at_all(cast: Cast, classes: Indicator) -> None:
    rows = [Given(cast.district, value=D(4)), Given(cast.commune, value=D(-1)), Given(cast.other_district)]
    with pytest.raises(RowsRefused) as refused:
        enter_many(indicator=classes, period_start=FIRST, by=cast.office_staff, rows=rows)
    assert list(refused.value.rows) == [cast.commune.pk]
    assert not IndicatorResult.objects.exists()
    assert not AuditEvent.objects.filter(action="results_entered").exists()
    rows[1] = Given(cast.commune, value=D(1))
    assert enter_many(indicator=classes, period_start=FIRST, by=cast.office_staff, rows=rows) == 2
    assert dict(IndicatorResult.objects.values_list("unit__code", "value")) == {"ST-BM": 4, "ST-BM-AH": 1}


def test_nobody_enters_a_row_of_others_among_their_own(cast: Cast, classes: Indicator) -> None:
    rows = [Given(cast.district, value=D(4)), Given(cast.other_district, value=D(4))]
    with pytest.raises(Http404):
        enter_many(indicator=classes, period_start=FIRST, by=cast.secretary, rows=rows)
    assert not IndicatorResult.objects.exists()


def test_a_closed_period_takes_nothing_until_it_is_reopened_with_a_reason(cast: Cast, classes: Indicator) -> None:
    give(classes, cast.commune, cast.commune_secretary, value=D(2))
    lock_period(indicator=classes, period_start=FIRST, by=cast.office_staff)
    words = refusal_of(classes, cast.commune, cast.commune_secretary, 1, value=D(3))
    assert ("Quý I/2026" in words, "16/03/2026" in words, cast.office_staff.full_name in words) == (True,) * 3
    with pytest.raises(ActionRefused):
        lock_period(indicator=classes, period_start=FIRST, by=cast.office_staff)
    with pytest.raises(ActionRefused):
        reopen_period(indicator=classes, period_start=FIRST, by=cast.leader, reason=" ")
    reopen_period(indicator=classes, period_start=FIRST, by=cast.leader, reason="Huyện nhập nhầm.")
    give(classes, cast.commune, cast.commune_secretary, 1, value=D(3))
    with pytest.raises(Stale):
        reopen_period(indicator=classes, period_start=FIRST, by=cast.leader, reason="Lần nữa.")
    lock = PeriodLock.objects.get()
    assert (lock.locked_by, lock.reopened_by, lock.reason) == (cast.office_staff, cast.leader, "Huyện nhập nhầm.")
    lock_period(indicator=classes, period_start=FIRST, by=cast.office_staff)
    log = AuditEvent.objects.filter(object_id=classes.pk, action__startswith="period").order_by("pk")
    assert list(log.values_list("action", "unit_id")) == [
        ("period_locked", cast.province.pk),
        ("period_reopened", cast.province.pk),
        ("period_locked", cast.province.pk),
    ]
    assert log[1].data["reason"] == "Huyện nhập nhầm."


def test_who_may_close_and_reopen(cast: Cast, classes: Indicator) -> None:
    for person in (cast.commune_secretary, cast.secretary, cast.department_head, cast.reader, cast.administrator):
        with pytest.raises(Http404):
            lock_period(indicator=classes, period_start=FIRST, by=person)
        with pytest.raises(Http404):
            reopen_period(indicator=classes, period_start=FIRST, by=person, reason="Sửa.")
    assert not PeriodLock.objects.exists()
    assert classes.roll_up == RollUp.SUM
