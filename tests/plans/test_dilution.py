"""Whether an own item asks for less than the item above it: tables of words, numbers and days."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from plans.dilution import Asked, Goal, dilution_of, first_goal
from plans.enums import Dilution

JUNE, JULY = dt.date(2026, 6, 30), dt.date(2026, 7, 31)
HUNDRED = "Kết nạp 100 đoàn viên mới."
AT_MOST = "Số vụ vi phạm không quá 5 vụ."


def test_the_first_number_to_reach_is_read_from_the_words() -> None:
    assert first_goal(HUNDRED) == Goal(Decimal("100.0"), "đoàn viên mới", "=")
    assert first_goal("Rà soát danh sách đoàn viên.") is None


@pytest.mark.parametrize(
    ("above", "own", "expected"),
    [
        (Asked(HUNDRED, JUNE), Asked(HUNDRED, JUNE), None),
        (Asked(HUNDRED, JUNE), Asked(HUNDRED, JULY), Dilution.DAY),
        (Asked(HUNDRED, JULY), Asked(HUNDRED, JUNE), None),
        (Asked(HUNDRED, None), Asked(HUNDRED, JULY), None),  # nothing was asked by a day
        (Asked(HUNDRED, JUNE), Asked(HUNDRED, None), None),  # the day above goes on
        (Asked(HUNDRED), Asked("Kết nạp 80 đoàn viên mới."), Dilution.NUMBER),
        (Asked(HUNDRED), Asked("Kết nạp 120 đoàn viên mới."), None),
        (Asked(HUNDRED), Asked("Kết nạp đoàn viên mới."), Dilution.NUMBER),  # the goal was taken out
        (Asked(HUNDRED), Asked(HUNDRED, number=Decimal(80)), Dilution.NUMBER),
        (Asked(HUNDRED), Asked(HUNDRED, number=Decimal(100)), None),
        (Asked(HUNDRED), Asked("Kết nạp 80 đoàn viên mới.", number=Decimal(100)), None),  # what is given counts
        (Asked(HUNDRED, JUNE), Asked("Kết nạp 80 đoàn viên mới.", JULY), Dilution.BOTH),
        (Asked("Ít nhất 90% chi đoàn sinh hoạt."), Asked("Ít nhất 80% chi đoàn sinh hoạt."), Dilution.NUMBER),
        (Asked("Ít nhất 90% chi đoàn sinh hoạt."), Asked("Ít nhất 95% chi đoàn sinh hoạt."), None),
        (Asked(AT_MOST), Asked(AT_MOST, number=Decimal(7)), Dilution.NUMBER),  # of a limit, more is weaker
        (Asked(AT_MOST), Asked(AT_MOST, number=Decimal(3)), None),
        (Asked("Rà soát danh sách."), Asked("Rà soát danh sách, 5 lần.", number=Decimal(1)), None),
        (Asked("Rà soát.", number=Decimal(9)), Asked("Rà soát.", number=Decimal(8)), Dilution.NUMBER),
    ],
)
def test_less_is_told_from_as_much(above: Asked, own: Asked, expected: Dilution | None) -> None:
    assert dilution_of(above, own) == expected
