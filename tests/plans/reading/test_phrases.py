"""Deadline wording, as a table: every sentence with exactly the times it obliges to."""

import datetime as dt
import tomllib
from pathlib import Path
from typing import Any

import pytest

from plans.reading.drafts import ScheduleKind
from plans.reading.phrases import NO_PERIOD, ROUGH, YEAR_OPEN, Frame, Phrase, find_phrases
from plans.reading.references import masked_spans

CASES: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "phrase_cases.toml").read_text(encoding="utf-8"))[
    "case"
]
YEAR_2025 = Frame(2025, 2025, dt.date(2025, 2, 10))


def shown(text: str, phrase: Phrase) -> str:
    """Return `phrase` as the table writes it."""
    words = f"{text[phrase.start : phrase.end]} -> {phrase.kind.value}"
    parts = {"from": phrase.since, "until": phrase.due, "rule": phrase.rule, "lead": phrase.lead_time}
    return words + "".join(f" {name} {value}" for name, value in parts.items() if value)


@pytest.mark.parametrize("case", CASES, ids=[case["text"] for case in CASES])
def test_sentence_gives_exactly_its_deadlines(case: dict[str, Any]) -> None:
    text = case["text"]
    found = find_phrases(text, YEAR_2025, masked=masked_spans(text), is_label=case.get("label", False))
    assert [shown(text, phrase) for phrase in found] == case["finds"]


def test_the_table_is_large_and_half_of_it_traps() -> None:
    traps = sum(not case["finds"] or case.get("trap", False) for case in CASES)
    assert len(CASES) >= 890
    assert 2 * traps >= len(CASES)
    assert len({(case["text"], case.get("label", False)) for case in CASES}) == len(CASES)


def only(text: str, frame: Frame = YEAR_2025) -> Phrase:
    (phrase,) = find_phrases(text, frame)
    return phrase


def test_before_a_day_excludes_the_day_and_says_so() -> None:
    phrase = only("nộp trước ngày 01/11")
    assert (phrase.due, phrase.exclusive, phrase.year_inferred) == (dt.date(2025, 10, 31), True, True)
    assert phrase.doubt == "year taken from the period"


def test_year_named_in_the_sentence_is_not_inferred() -> None:
    phrase = find_phrases("Trong năm 2026, báo cáo trước ngày 20/11", YEAR_2025)[-1]
    assert (phrase.due, phrase.year_inferred) == (dt.date(2026, 11, 19), False)


def test_year_in_a_plan_of_several_years_is_doubted() -> None:
    phrase = only("xong trước ngày 01/3", Frame(2025, 2028, dt.date(2025, 6, 1)))
    assert phrase.due == dt.date(2026, 2, 28)
    assert phrase.doubt == "year not stated and the plan spans several years"


def test_day_without_any_year_is_kept_without_a_date() -> None:
    phrase = only("gửi trước ngày 01/3", Frame())
    assert (phrase.kind, phrase.due, phrase.doubt) == (ScheduleKind.BY_DATE, None, "year not stated anywhere")


def test_impossible_day_is_kept_and_doubted() -> None:
    phrase = only("gửi trước ngày 31/6/2025")
    assert (phrase.due, phrase.doubt) == (None, "no such date in the calendar")


def test_past_year_is_no_deadline() -> None:
    assert find_phrases("Trong năm 2023, các đơn vị đã làm tốt", YEAR_2025) == []


def test_lead_time_keeps_anchor_and_exception() -> None:
    phrase = only("ban hành trước khi cơ sở triển khai ít nhất 03 ngày (trừ trường hợp khẩn cấp)")
    assert (phrase.lead_time, phrase.anchor, phrase.exception) == (
        "-P3D",
        "khi cơ sở triển khai",
        "trừ trường hợp khẩn cấp",
    )


def test_one_phrase_with_three_periods_gives_three_with_one_span() -> None:
    found = find_phrases("báo cáo định kỳ hàng tháng, quý, năm", YEAR_2025)
    assert [p.rule for p in found] == ["FREQ=MONTHLY", "FREQ=MONTHLY;INTERVAL=3", "FREQ=YEARLY"]
    assert len({(p.start, p.end) for p in found}) == 1


def test_year_end_and_leap_day_follow_the_calendar() -> None:
    assert only("Hoàn thành trong tháng 02/2028").due == dt.date(2028, 2, 29)
    assert only("Hoàn thành trước ngày 01/3/2028").due == dt.date(2028, 2, 29)
    assert only("Hoàn thành trước ngày 01/01/2026").due == dt.date(2025, 12, 31)


@pytest.mark.parametrize("written", ["trước ngày 05 hàng quý", "trước ngày 05 hằng quý", "trước ngày 05 hàng qúy"])
def test_spelling_variants_mean_the_same(written: str) -> None:
    assert only(written).rule == "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=4"


def test_masked_words_are_left_alone() -> None:
    text = "Kế hoạch trước ngày 01/5/2025 của tỉnh"
    assert find_phrases(text, YEAR_2025, masked=[(0, len(text))]) == []


SEVERAL_YEARS = Frame(2026, 2030, dt.date(2026, 1, 15))


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("báo cáo 6 tháng trước ngày 15/6", ["FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=14"]),
        (
            "Báo cáo định kỳ 6 tháng (trước ngày 01/6), năm (trước ngày 01/12)",
            ["FREQ=MONTHLY;INTERVAL=6", "FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=31", "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=30"],
        ),
        ("Báo cáo năm gửi trước ngày 10/12/2026", [None]),
        ("Bàn giao hồ sơ trước ngày 10/12", [None]),
    ],
)
def test_reports_of_a_plan_of_several_years_are_owed_each_year(text: str, rules: list[str | None]) -> None:
    found = find_phrases(text, SEVERAL_YEARS)
    assert [p.rule for p in found] == rules


def test_a_yearly_report_that_no_word_says_to_recur_is_doubted() -> None:
    assert only("báo cáo 6 tháng trước ngày 15/6", SEVERAL_YEARS).doubt == YEAR_OPEN
    series, day = find_phrases("báo cáo định kỳ 6 tháng (trước ngày 15/6)", SEVERAL_YEARS)
    assert (series.doubt, day.doubt) == ("", "")


def test_a_series_keeps_the_years_it_is_bounded_by() -> None:
    phrase = only("Hằng năm (từ năm 2026 đến năm 2028) mở một lớp", SEVERAL_YEARS)
    assert (phrase.rule, phrase.since, phrase.due) == ("FREQ=YEARLY", dt.date(2026, 1, 1), dt.date(2028, 12, 31))


@pytest.mark.parametrize(
    ("issued", "due"),
    [(dt.date(2025, 11, 20), dt.date(2026, 1, 14)), (dt.date(2024, 12, 20), dt.date(2025, 1, 14))],
)
def test_a_day_long_before_the_plan_is_one_of_the_next_year(issued: dt.date, due: dt.date) -> None:
    assert only("gửi trước ngày 15/01", Frame(2025, 2025, issued)).due == due


def test_the_day_of_a_quarter_says_which_of_its_months() -> None:
    assert only("trước ngày 20 của tháng cuối quý").anchor == "tháng cuối quý"
    assert only("trước ngày 05 của tháng đầu tiên quý sau").anchor == "tháng đầu quý"


def test_a_day_of_an_unknown_period_is_kept_and_doubted() -> None:
    phrase = only("gửi trước ngày 15 của tháng cuối kỳ báo cáo")
    assert (phrase.kind, phrase.rule, phrase.doubt) == (ScheduleKind.RECURRING, None, NO_PERIOD)


@pytest.mark.parametrize(
    "text", ["vào giữa tháng 6", "trong tuần thứ 2 tháng 6", "đầu năm 2026", "trong tuần đầu của tháng"]
)
def test_rough_times_say_that_they_are_rough(text: str) -> None:
    assert only(text).doubt == ROUGH
