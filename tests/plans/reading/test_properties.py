"""What holds for every text: the reader never raises, never points outside the text, never depends on chance."""

import dataclasses
import io
import time
import tomllib
import unicodedata
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import docx
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from plans.reading.as_json import draft_as_json
from plans.reading.drafts import DraftPlan, Span
from plans.reading.phrases import Frame, find_phrases
from plans.reading.reader import read_bytes, read_text
from plans.reading.readers import ReadError
from tests.plans.reading import samples

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

#: Sentences that set a time or seem to, under headings and marks as plans have them.
_SENTENCES = st.sampled_from(
    [
        case["text"]
        for case in tomllib.loads((Path(__file__).parent / "phrase_cases.toml").read_text(encoding="utf-8"))["case"]
    ]
)
_MARKS = st.sampled_from(
    ["- ", "+ ", "· ", "* ", "", "1. ", "2) ", "(1) ", "3.1- ", "a) ", "Thời gian: ", "Đơn vị chủ trì: "]
)
_HEADINGS = st.sampled_from(
    [
        "I. MỤC TIÊU",
        "II. CHỈ TIÊU",
        "III. NHIỆM VỤ, GIẢI PHÁP",
        "IV. TỔ CHỨC THỰC HIỆN",
        "1. Ban Phong trào",
        "Nơi nhận:",
    ]
)
_LINE = st.one_of(
    _HEADINGS, st.tuples(_MARKS, st.lists(_SENTENCES, min_size=1, max_size=3).map(" ".join)).map("".join)
)
SENTENCES = st.lists(_LINE, max_size=14).map(lambda lines: "KẾ HOẠCH\nThử năm 2025\n" + "\n".join(lines))

_SAMPLES = (samples.UNION_REMEDIATION, samples.COMMUNE_WITH_LABELS, samples.TABLE_BY_LINES, samples.TABLE_BY_BARS)


@st.composite
def damaged_plans(draw: st.DrawFn) -> str:
    """Return a plan of the samples with pieces cut out, doubled or written over."""
    text = draw(st.sampled_from(_SAMPLES))
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 80)))
        piece = draw(st.one_of(st.just(""), st.just(text[start:end] * 2), _WORDS, _SENTENCES))
        text = text[:start] + piece + text[end:]
    return text


ANY_PLAN = st.one_of(PLAN_LIKE, SENTENCES, damaged_plans())
SLOWEST = 5.0  # seconds of processor time
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
    for text, span in recorded(draft):
        words = draft.paragraphs[span.paragraph].text
        assert text in words
        assert words[span.start : span.end].strip()
    draft_as_json(draft)


def recorded(draft: DraftPlan) -> Iterator[tuple[str, Span]]:
    """Yield the words of every record with the place they are from."""
    for records in (draft.solutions, draft.indicators, draft.shortcomings, draft.priority_tasks):
        yield from ((record.text, record.span) for record in records)
    yield from ((reference.symbol, reference.span) for reference in draft.references)
    yield from ((group.title, group.span) for group in draft.groups)


@RELAXED
@example("KẾ HOẠCH\nSTT\nNội dung\nChủ trì\nThời gian\n1\nchủ trì, phối hợp với ")
@given(ANY_PLAN)
def test_every_paragraph_stands_in_the_document_on_its_lines(text: str) -> None:
    lines = text.replace("\x00", " ").replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").split("\n")
    for paragraph in read_text(text).paragraphs:
        assert 1 <= paragraph.line <= paragraph.line_end <= len(lines)
        own = lines[paragraph.line - 1 : paragraph.line_end]
        without_pages = [line for line in own if line.strip(" -–0123456789")]
        assert any(letters(paragraph.text) in letters("".join(part)) for part in (own, without_pages))


def letters(text: str) -> str:
    """Return the letters and digits of `text` alone: blanks, marks of emphasis and of footnotes are dropped."""
    return "".join(c for c in unicodedata.normalize("NFC", text) if c.isalpha() or c.isdecimal())


@RELAXED
@given(text=st.one_of(SENTENCES, PLAN_LIKE), is_label=st.booleans())
def test_a_phrase_lies_in_its_sentence_and_its_days_are_in_order(*, text: str, is_label: bool) -> None:
    for phrase in find_phrases(text, Frame(2025, 2025), is_label=is_label):
        assert 0 <= phrase.start < phrase.end <= len(text)
        assert phrase.since is None or phrase.due is None or phrase.since <= phrase.due


@RELAXED
@given(ANY_PLAN)
def test_any_text_is_read_without_error_and_every_span_lies_in_it(text: str) -> None:
    check(read_text(text))


@RELAXED
@given(st.text())
def test_any_characters_are_read(text: str) -> None:
    check(read_text(text))


@RELAXED
@given(ANY_PLAN)
def test_reading_is_the_same_for_composed_and_decomposed_letters(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    assert read_text(unicodedata.normalize("NFD", composed)) == read_text(composed)


@RELAXED
@given(ANY_PLAN)
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
        "giảm 1% ",
        "ít nhất 1 ",
        "trước ngày ",
        "ngày 1, ",
        "từ tháng 3 đến ",
        "tháng 3, ",
        "quý I, ",
        "kế hoạch công tác ",
        "mừng ngày hội ",
        "trước hội nghị ",
        "sau khi kết thúc ",
        "1/1 và ",
        "hằng năm, ",
        "trong 3 ngày ",
        "Sở Y tế, ",
        "giao đồng chí ",
        "phối hợp với ",
        "…",
        "Đơn vị chủ trì: Sở Y tế. ",
        "Sở Y tế tổ chức, ",
        "chủ trì, phối hợp với Sở Y tế ",
        "12/KH-UBND 100% ",
        "BTV ",
        "Giao Sở Y tế chủ trì; ",
    ],
)
def test_text_made_to_be_slow_is_read_within_five_seconds(piece: str) -> None:
    line = "- " + (piece * 9_900)[:9_900]
    text = "KẾ HOẠCH\nA\nI. NỘI DUNG\n" + f"{line}\n" * 3
    began = time.process_time()
    draft = read_text(text)
    assert time.process_time() - began < SLOWEST  # a rule that is not linear takes many times that
    check(draft)


def test_text_longer_than_any_plan_is_read_in_part_and_says_so() -> None:
    draft = read_text("KẾ HOẠCH\nA\n" + "- Họp\n" * 20_001)
    assert draft.warnings == ("not read after line 10000",)
    assert len(draft.paragraphs) == 10_000


def test_endless_line_is_read() -> None:
    check(read_text("KẾ HOẠCH\nA\nI. NỘI DUNG\n" + "họp hằng tháng " * 3_000))


def test_a_line_of_nothing_but_a_footnote_mark_is_read() -> None:
    check(read_text("¹ \nKẾ HOẠCHKẾ HOẠCH"))


# Word files damaged at random


@cache
def word_file() -> bytes:
    """Return a plan as a Word document with a heading, a list, a table and a footnote mark."""
    document = docx.Document()
    document.add_heading("KẾ HOẠCH", level=1)
    for line in samples.UNION_REMEDIATION.splitlines()[5:20]:
        document.add_paragraph(line)
    document.add_paragraph("Họp hằng tháng", style="List Bullet")
    table = document.add_table(rows=2, cols=5)
    for row, values in zip(table.rows, (samples.TABLE_HEAD, samples.TABLE_ROWS[0]), strict=True):
        for cell, value in zip(row.cells, values, strict=True):
            cell.text = value
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def read_or_refuse(data: bytes) -> None:
    """Read a Word file: a draft, or a refusal with its code; anything else is a fault."""
    try:
        draft = read_bytes(data, "ke-hoach.docx")
    except ReadError:
        return
    check(draft)


@settings(RELAXED, max_examples=60)
@given(st.data())
def test_a_word_file_with_broken_bytes_is_read_or_refused(data: st.DataObject) -> None:
    broken = bytearray(word_file())
    for _ in range(data.draw(st.integers(1, 8))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    read_or_refuse(bytes(broken[: data.draw(st.integers(1, len(broken)))]))


@settings(RELAXED, max_examples=60)
@given(st.data())
def test_a_word_file_with_broken_xml_is_read_or_refused(data: st.DataObject) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(word_file())) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        parts = [item.filename for item in old.infolist()]
        chosen = data.draw(st.sampled_from(["word/document.xml", "word/numbering.xml", "word/styles.xml", *parts]))
        for name in parts:
            content = old.read(name)
            if name == chosen:
                start = data.draw(st.integers(0, len(content)))
                end = min(len(content), start + data.draw(st.integers(0, 200)))
                piece = data.draw(st.one_of(st.just(b""), st.just(content[start:end] * 2), st.binary(max_size=20)))
                content = content[:start] + piece + content[end:]
            new.writestr(name, content)
    read_or_refuse(stream.getvalue())
