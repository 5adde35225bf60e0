"""Form widgets drawn at once: Django renders one template an input and one an option, dearer than the table below."""

from __future__ import annotations

from html import escape
from typing import Any

from django import forms
from django.forms.widgets import Input
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _


def _attributes(*given: dict[str, Any] | None) -> SafeString:
    """Return attributes as HTML; True gives an empty value, False and None no attribute at all."""
    facts = {k: v for part in given for k, v in (part or {}).items() if v is not False and v is not None}
    return format_html_join("", ' {}="{}"', ((k, "" if v is True else v) for k, v in facts.items()))


def _classed(base: str, *given: dict[str, Any] | None) -> dict[str, str]:
    """Return the class of an element: its own, then what the form adds, such as the mark of an error."""
    names = [name for part in given for name in str((part or {}).get("class", "")).split()]
    return {"class": " ".join(dict.fromkeys([base, *names]))}


class PlainSelect(forms.Select):
    """A select of plain choices."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:  # noqa: ARG002
        """Return the element with its options."""
        chosen = str(value or "")
        options = "".join(
            f'<option value="{escape(str(key))}"{mark}>{escape(str(label))}</option>'
            for key, label, mark in ((k, v, " selected" if str(k) == chosen else "") for k, v in self.choices)
        )
        facts = _attributes(self.attrs, attrs, {"name": name}, _classed("form-select", self.attrs, attrs))
        # each key and label is escaped above; format_html for hundreds of options costs more than the page
        return format_html("<select{}>{}</select>", facts, SafeString(options))


class _PlainInput(Input):
    """A single input."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:  # noqa: ARG002
        """Return the element."""
        classed = _classed("form-control", self.attrs, attrs)
        facts = _attributes({"type": self.input_type}, self.attrs, attrs, {"name": name}, classed)
        return format_html('<input value="{}"{}>', self.format_value(value) or "", facts)


class PlainSearch(_PlainInput):
    """Words to look for."""

    input_type = "search"


class PlainNumber(_PlainInput):
    """A number."""

    input_type = "number"


class PlainDate(_PlainInput, forms.DateInput):
    """A day as dd/mm/yyyy. Not `type=date`: that follows the browser's language, not the office's.

    A telephone shows its digits, some without a slash: eight digits are a day too, and app.js puts the slashes in.
    """

    input_type = "text"

    def __init__(self) -> None:
        super().__init__(
            {"placeholder": _("dd/mm/yyyy"), "inputmode": "numeric", "autocomplete": "off", "data-date": True}
        )
