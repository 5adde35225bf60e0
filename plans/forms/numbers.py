"""A number in a form, as Vietnamese write it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from plans.pasting import fault_of_text, number_of, unambiguous

_VIETNAMESE = str.maketrans(",.", ".,")  # 1,234.5 as 1.234,5


class WrittenNumberField(forms.DecimalField):
    """A number such as 1.234,5. What may mean thousands or a decimal is refused with both ways to write it.

    It is shown in that form whatever the language of the page, since it is read in that form.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "localize": True})  # a text field: browsers read numbers in their own form

    def to_python(self, value: Any) -> Any:  # the stubs know whole numbers only
        """Return the number."""
        if not isinstance(value, str) or not value.strip():
            return super().to_python(value)
        number = number_of(value)
        if number is None:
            raise forms.ValidationError(fault_of_text(value), code="invalid")
        return number

    def prepare_value(self, value: Any) -> Any:
        """Return a stored number as it is written."""
        if not isinstance(value, Decimal):
            return value
        return unambiguous(f"{value.normalize():,f}".translate(_VIETNAMESE))
