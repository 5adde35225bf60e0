"""Numbers typed into forms: read as Vietnamese write them, refused where they may mean two things."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from plans.forms.numbers import WrittenNumberField


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1.234,5", Decimal("1234.5")),
        ("1.200", Decimal(1200)),
        ("12,5", Decimal("12.5")),
        ("12.5", Decimal("12.5")),
        (" 95% ", Decimal(95)),
        ("", None),
    ],
)
def test_a_number_is_read_alike_in_both_languages(language: str, typed: str, number: Decimal | None) -> None:
    with override(language):
        assert WrittenNumberField(required=False).clean(typed) == number


@pytest.mark.parametrize(
    ("typed", "cure"),
    [("1,200", "1200 hoặc 1,2"), ("1,200,300", "1200300"), ("nhiều", "1.234,5")],
)
def test_what_may_mean_two_things_is_refused_with_the_cure(typed: str, cure: str) -> None:
    with override("vi"), pytest.raises(ValidationError) as refusal:
        WrittenNumberField().clean(typed)
    assert cure in refusal.value.messages[0]


@pytest.mark.parametrize("number", ["1", "1200", "1.2", "1.234", "0.5", "12345.678"])
def test_what_is_shown_is_read_as_the_same_number(number: str) -> None:
    field = WrittenNumberField()
    shown = field.prepare_value(Decimal(number))
    assert field.clean(shown) == Decimal(number)
    assert not field.has_changed(Decimal(number), shown)
