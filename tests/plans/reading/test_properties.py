"""What holds for every text: the reader never raises, never points outside the text, never depends on chance."""

import dataclasses
import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plans.reading.as_json import draft_as_json
from plans.reading.drafts import DraftPlan, Span
from plans.reading.reader import read_text

_WORDS = st.sampled_from(
    [
        "KẾ HOẠCH",
        "I. ",
        "II/ ",
        "1. ",
        "1.1 ",
        "a) ",
        "- ",
        "+ ",
        "* ",
        "**",
        "(1) ",
        "\n",
        "\n\n",
        "¹ ",
        "Nơi nhận:",
        "TM. BAN THƯỜNG VỤ",
        "BÍ THƯ",
        "trước ngày ",
        "30/8",
        "/2025",
        "tháng 13",
        "quý IV",
        "năm 2025",
        "định kỳ ",
        "hàng quý, 6 tháng và năm",
        "Giao ",
        "Sở Y tế ",
        "chủ trì, phối hợp với ",
        "các huyện, thị, thành đoàn ",
        "nhóm giải pháp 1",
        "100% ",
        "ít nhất 02 ",
        "số 12-KH/TU ",
        "ngày 31/02/2020",
        "“",
        "”",
        "(",
        ")",
        "; ",
        ". ",
        ": ",
        "TỔ CHỨC THỰC HIỆN",
        "CHỈ TIÊU",
        "KHUYẾT ĐIỂM",
        "Thời gian: ",
        "STT\nNội dung\nChủ trì\nThời gian\n1\n",
        "\t",
        "\x00",
        "�",
        "İ",
        "ﬁ",
        "từ ngày 5 đến ",
        "sau khi ",
        "theo kế hoạch của ",
        "Trên đây là ",
        "PHỤ LỤC",
        "",
        " a ",
        " b ",
        "\n",
        "9999999999",
        "thường xuyên ",
        "Khuyết điểm 3: ",
    ]
)
PLAN_LIKE = st.lists(st.one_of(_WORDS, st.text(max_size=6)), max_size=60).map("".join)
RELAXED = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def spans(value: Any) -> Iterator[Span]:
    """Yield every span inside `value`."""
    if isinstance(value, Span):
        yield value
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield from spans(getattr(value, field.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from spans(item)


def check(draft: DraftPlan) -> None:
    for span in spans(draft):
        assert 0 <= span.start <= span.end <= len(draft.paragraphs[span.paragraph].text)
    for schedule in draft.schedules:
        span = schedule.span
        assert schedule.phrase == draft.paragraphs[span.paragraph].text[span.start : span.end] != ""
        assert schedule.solution is None or schedule.solution < len(draft.solutions)
        assert schedule.start is None or schedule.due is None or schedule.start <= schedule.due
    texts = [(s.text, s.span) for s in draft.solutions] + [(i.text, i.span) for i in draft.indicators]
    texts += [(s.text, s.span) for s in draft.shortcomings] + [(t.text, t.span) for t in draft.priority_tasks]
    for text, span in texts:
        assert text in draft.paragraphs[span.paragraph].text
    draft_as_json(draft)


@RELAXED
@given(PLAN_LIKE)
def test_any_text_is_read_without_error_and_every_span_lies_in_it(text: str) -> None:
    check(read_text(text))


@RELAXED
@given(st.text())
def test_any_characters_are_read(text: str) -> None:
    check(read_text(text))


@RELAXED
@given(PLAN_LIKE)
def test_reading_is_the_same_for_composed_and_decomposed_letters(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    assert read_text(unicodedata.normalize("NFD", composed)) == read_text(composed)


@RELAXED
@given(PLAN_LIKE)
def test_reading_twice_gives_the_same(text: str) -> None:
    assert read_text(text) == read_text(text)


@pytest.mark.parametrize(
    "piece",
    [
        "(",
        "“",
        "1",
        " ",
        "- ",
        "trước ",
        "sau khi ",
        "các huyện, ",
        "Ban A, ",
        "theo kế hoạch của ",
        "1-A/",
        "năm 2020 và ",
        "\t",
        "\xa0",
        "I. A\n",
    ],
)
def test_text_made_to_be_slow_is_read(piece: str) -> None:
    text = "KẾ HOẠCH\nA\nI. NỘI DUNG\n- " + (piece * 9_900)[:9_900]
    check(read_text(text))  # a rule that is not linear would take hours here; tests/benchmarks/reading.py times it


def test_text_longer_than_any_plan_is_read_in_part_and_says_so() -> None:
    draft = read_text("KẾ HOẠCH\nA\n" + "- Họp\n" * 20_001)
    assert draft.warnings == ("not read after line 20000",)
    assert len(draft.paragraphs) == 20_000


def test_endless_line_is_read() -> None:
    check(read_text("KẾ HOẠCH\nA\nI. NỘI DUNG\n" + "họp hằng tháng " * 3_000))


def test_a_line_of_nothing_but_a_footnote_mark_is_read() -> None:
    check(read_text("¹ \nKẾ HOẠCHKẾ HOẠCH"))
