"""The widgets drawn at once: errors show, and a telephone without a slash can enter a day."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django import forms
from django.template import Context, Template
from django.utils.translation import override

from doantracker.lib.widgets import PlainDate, PlainSelect


class Sample(forms.Form):
    """One field of each kind."""

    day = forms.DateField(widget=PlainDate)
    choice = forms.ChoiceField(choices=[("a", "A")], widget=PlainSelect)


def drawn(form: forms.Form) -> str:
    return Template("{% load crispy_forms_filters %}{{ form|crispy }}").render(Context({"form": form}))


@pytest.mark.parametrize("day", ["", "abc", "32/12/2026", "15", "15132026"])
def test_a_wrong_day_is_marked_and_told(day: str) -> None:
    html = drawn(Sample({"day": day, "choice": "x"}))
    elements = re.findall(r"<(?:input|select)\b[^>]*>", html)
    assert len(elements) == 2
    for element in elements:
        assert element.count("class=") == 1
        assert re.search(r'class="form-(control|select) [^"]*\bis-invalid\b', element)
    assert html.count("invalid-feedback") == 2


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("day", ["15/12/2026", "15122026", "15.12.2026", "15-12-2026"])
def test_a_day_is_read_as_people_write_it(day: str, language: str) -> None:
    with override(language):
        form = Sample({"day": day, "choice": "a"})
        assert form.is_valid()
        assert form.cleaned_data["day"] == dt.date(2026, 12, 15)
