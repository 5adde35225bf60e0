"""Icons, chips, bars, sort links."""

from __future__ import annotations

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils.translation import override

from doantracker.templatetags import ui
from plans.enums import PlanStatus, ShortcomingState, Status, TimeState


def drawn(source: str, **context: object) -> str:
    """Render a template that loads our tags."""
    return Template("{% load ui %}" + source).render(Context(context))


def test_every_state_has_a_chip_with_word_and_icon() -> None:
    for value in (*Status, *TimeState, *PlanStatus, *ShortcomingState):
        text = drawn("{% chip value %}", value=value.value)
        assert f'class="chip s-{value.value}"' in text
        assert str(value.label) in text
        assert "<svg" in text


def test_states_share_no_value_so_that_one_tag_serves_all() -> None:
    choices = dict.fromkeys(type(value) for value in ui.CHIP_ICONS)
    values = [value.value for kind in choices for value in kind]
    assert len(values) == len(set(values)) == len(ui.CHIP_ICONS)


def test_chips_follow_the_language() -> None:
    with override("en"):
        assert "Overdue" in drawn("{% chip 'overdue' %}")
    with override("vi"):
        assert str(TimeState.OVERDUE.label) in drawn("{% chip 'overdue' %}")


def test_bar_says_its_figures_in_words_and_has_no_style() -> None:
    with override("en"):
        text = drawn("{% bar 5 2 7 3 %}")
    assert "<title>5 on time, 2 late, 7 open, 3 overdue</title>" in text
    assert text.count("<rect") == 4
    assert "style" not in text


def test_bar_of_nothing_is_a_word() -> None:
    assert "<svg" not in drawn("{% bar 0 0 0 0 %}")


@pytest.mark.parametrize(
    ("query", "href", "order"),
    [
        ("", "?sort=due", None),
        ("sort=due&page=3&unit=4", "?sort=-due&amp;unit=4", "ascending"),
        ("sort=-due", "?sort=due", "descending"),
        ("sort=plan", "?sort=due", None),
    ],
)
def test_sort_header_turns_the_order_round_and_begins_at_the_first_page(
    query: str, href: str, order: str | None
) -> None:
    request = RequestFactory().get(f"/?{query}")
    text = drawn("{% sort_header 'due' 'Hạn' %}", request=request)
    assert f'href="{href}"' in text
    assert (f'aria-sort="{order}"' in text) is (order is not None)


@pytest.mark.parametrize(("query", "href"), [("", "-due"), ("sort=-due", "due"), ("sort=due", "-due")])
def test_columns_of_counts_begin_with_the_highest(query: str, href: str) -> None:
    request = RequestFactory().get(f"/?{query}")
    assert f'href="?sort={href}"' in drawn("{% sort_header 'due' 'Hạn' down=True %}", request=request)


def test_labels_from_outside_are_escaped() -> None:
    request = RequestFactory().get("/?q=<script>")
    assert "<b>" not in drawn("{% sort_link 'due' label %}", request=request, label="<b>")
    assert "<script>" not in drawn("{% sort_link 'due' 'x' %}", request=request)
