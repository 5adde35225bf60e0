"""The arithmetic of the ledger: its equation, the state that reviews leave, what waits for a check, lineage."""

from __future__ import annotations

import datetime as dt

import pytest

from plans.ledger import (
    EFFECT_DAYS,
    Equation,
    Link,
    Verdict,
    ancestors,
    awaits_check,
    descendants,
    equation_of,
    standing,
)
from plans.masking import Hidden, masked_paragraphs

NEW, OLD, OPEN = ("new", False), ("carried_over", False), ("", False)


@pytest.mark.parametrize(
    ("rows", "words", "holds"),
    [
        ([], "0 + 0 − 0 = 0", True),
        ([NEW, NEW], "2 + 0 − 0 = 2", True),
        ([OLD], "0 + 1 − 0 = 1", True),
        ([*[NEW] * 5, *[OLD] * 2, ("carried_over", True)], "5 + 3 − 1 = 7", True),
        ([*[OLD] * 3, *[NEW] * 4, ("new", True)], "5 + 3 − 1 = 7", True),
        ([NEW, OLD, OPEN], "1 + 1 − 0 ≠ 3", False),
        ([OPEN], "0 + 0 − 0 ≠ 1", False),
        ([NEW, ("", True)], "1 + 0 − 1 ≠ 1", False),
    ],
)
def test_the_equation_holds_when_every_row_has_its_origin(
    rows: list[tuple[str, bool]],
    words: str,
    holds: bool,  # noqa: FBT001  # a column of the table
) -> None:
    equation = equation_of(rows)
    assert (str(equation), equation.holds) == (words, holds)
    assert equation.difference == sum(origin == "" for origin, _merged in rows)


def test_counts_that_do_not_add_up_are_flagged() -> None:
    assert not Equation(new=5, carried_over=3, merged=0, listed=7).holds
    assert Equation(new=5, carried_over=3, merged=0, listed=7).difference == -1


DAY = dt.date(2026, 1, 10)


def said(*verdicts: tuple[int, str]) -> tuple[str, dt.date | None]:
    """Return what is left by reviews, given as days after DAY and states."""
    rows = [Verdict(DAY + dt.timedelta(days), state) for days, state in verdicts]
    return standing(rows, remedied="remedied", unreviewed="open")


@pytest.mark.parametrize(
    ("verdicts", "state", "since"),
    [
        ([], "open", None),
        ([(0, "partly")], "partly", None),
        ([(0, "remedied")], "remedied", 0),
        ([(0, "remedied"), (90, "remedied")], "remedied", 0),  # the check confirms it: since the first day
        ([(0, "remedied"), (90, "open")], "open", None),
        ([(0, "remedied"), (90, "open"), (200, "remedied")], "remedied", 200),
        ([(90, "remedied"), (0, "open")], "remedied", 90),  # entered late, counted by day
        ([(0, "open"), (0, "remedied")], "remedied", 0),  # two on one day: the last word
    ],
)
def test_the_latest_review_by_day_decides(verdicts: list[tuple[int, str]], state: str, since: int | None) -> None:
    assert said(*verdicts) == (state, None if since is None else DAY + dt.timedelta(since))


@pytest.mark.parametrize(
    ("days_ago", "checks", "awaits"),
    [
        (None, [], False),
        (EFFECT_DAYS - 1, [], False),
        (EFFECT_DAYS, [], True),
        (EFFECT_DAYS, [0], False),
        (EFFECT_DAYS, [-1], True),  # a check of an earlier remedy
        (400, [100], False),
    ],
)
def test_what_was_remedied_half_a_year_ago_waits_for_its_check(
    days_ago: int | None,
    checks: list[int],
    awaits: bool,  # noqa: FBT001  # a column of the table
) -> None:
    since = None if days_ago is None else DAY - dt.timedelta(days_ago)
    done = [since + dt.timedelta(days) for days in checks] if since else []
    assert awaits_check(since, done, DAY) is awaits


#: 2023: 1 and 2. 2024: 3 from 1, 4 from 2. 2025: 5 from 3, 6 new, 4 merged into 3 in 2024; 7 from 5, merged into 8.
LINKS = {
    pk: Link(pk, source, into)
    for pk, source, into in (
        (1, None, None), (2, None, None), (3, 1, None), (4, 2, 3), (5, 3, None), (6, None, None), (7, 5, 8),
        (8, None, None),
    )
}  # fmt: skip


def test_lineage_goes_through_years_and_through_what_was_merged() -> None:
    assert ancestors(5, LINKS) == [3, 1, 2]
    assert ancestors(8, LINKS) == [5, 3, 1, 2]
    assert descendants(1, LINKS) == [3, 5, 7, 8]
    assert descendants(2, LINKS) == [4, 3, 5, 7, 8]
    assert ancestors(6, LINKS) == descendants(6, LINKS) == []


def test_a_circle_in_the_data_ends_the_walk() -> None:
    links = {1: Link(1, 2, None), 2: Link(2, 1, None)}
    assert ancestors(1, links) == [2]
    assert descendants(1, links) == [2]


def test_a_paragraph_is_hidden_where_it_was_read_from_and_where_its_words_stand() -> None:
    text = "Một số đơn vị chậm gửi báo cáo tháng về Tỉnh đoàn."
    paragraphs = [{"text": t} for t in ("KẾ HOẠCH", text, "Nhắc lại: " + text.upper(), "chậm gửi báo cáo", "Khác")]
    shown = masked_paragraphs(paragraphs, [Hidden(3, (text, ""))])
    assert [p.get("masked", False) for p in shown] == [False, True, True, True, False]
    assert [p["text"] for p in shown] == ["KẾ HOẠCH", "", "", "", "Khác"]
    assert masked_paragraphs(paragraphs, []) == paragraphs
