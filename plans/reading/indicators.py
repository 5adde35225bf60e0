"""Numbers to reach: comparator, value, unit of measure, how often. Pure.

A number counts where the text compares ("ít nhất", "tối thiểu", "trên"), gives a share ("100% đoàn viên"), sets a
count for each unit ("mỗi huyện … 01 …"), or says how many of a thing come of the work ("mở 03 lớp tập huấn").
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from plans.reading.drafts import DraftIndicator, Span
from plans.reading.phrases import Frame, find_phrases
from plans.reading.references import masked_spans
from plans.reading.words import plain, sentences

_NO_COUNT = "theo|của|số|thứ|khóa|điều|khoản|quý|tháng|ngày|năm|từ|đến|trong|trước|sau|chậm|lúc|vào|quá|mỗi|ít|tối|so"
_WORDS = {"một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9, "mười": 10}
_VALUE = r"(?<!\d)\d{1,3}(?:\.\d{3}){1,4}(?:,\d{1,3})?|(?<!\d)\d{1,9}(?:,\d{1,3})?"
_AT_LEAST = r"ít nhất|tối thiểu|không dưới|không thấp hơn|từ(?= \d{1,6}%? trở lên)|trên|hơn|đạt trên|đạt từ"
_AT_MOST = r"tối đa|không quá|dưới|không vượt quá|giảm còn|giảm xuống(?: còn)?"
_PERCENT = re.compile(
    rf"(?:(?P<least>{_AT_LEAST})|(?P<most>{_AT_MOST}))?(?: (?:là|có|đạt))?\s?(?P<value>{_VALUE})\s?%"
    rf"(?: trở lên(?P<up>))?"
)
_COMPARED = re.compile(
    rf"(?:(?P<least>ít nhất|tối thiểu|không dưới)|(?P<most>tối đa|không quá))(?: (?:là|có|phải có|được"
    rf"|tổ chức|đạt|vận động|thành lập|giới thiệu|kết nạp|trồng|hỗ trợ)){{0,2}} (?P<value>{_VALUE}|một"
    rf"|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười) (?P<unit>(?!lần|tuần trước)[^\d.,;:()%]{{2,60}})"
)
_EACH = re.compile(
    rf"\bmỗi (?!(?:tuần|tháng|quý|năm|ngày"
    rf"|lần)\b)(?P<scope>[^.;:()]{{3,90}}?) (?<!ngày )(?<!tháng )(?<!từ )(?<!đến )(?<!số )(?P<value>0\d"
    rf"|{_VALUE}|một) (?P<unit>(?!lần|tuần|ngày sau"
    rf"|năm |cách|số|trong|phần)[^\d.,;:()%]{{2,40}})"
)
_DONE = (
    r"thành lập|kết nạp|vận động|tổ chức|xây dựng|trao(?! đổi)|tặng|trồng|hỗ trợ|giới thiệu|phát triển|giúp đỡ"
    r"|sửa chữa"
    r"|bồi dưỡng|đào tạo|khởi công|thu hút|tư vấn|mở|hiến|tiếp nhận|công nhận|khôi phục|bảo tồn|hình thành|chọn"
    r"|x[óo][aá]"
    r"|giải quyết|xử lý|tăng thêm|phục vụ|số h[óo][aá]|phát(?! (?:triển|huy|động|hiện|sinh|thanh))|quan trắc"
    r"|lắp(?: đặt)?"
    r"|nâng cấp|phổ cập|thu gom|hoàn thành|tuyên dương|khen thưởng|biên soạn|sản xuất|khám|tập huấn|bàn giao|nhân rộng"
)
_OUTPUT = (
    rf"(?P<value>(?!20[0-4]\d\b)(?:{_VALUE})) (?P<unit>(?!tháng|năm|ngày(?! hội)|quý|lần|giờ|phút|tuần|nhiệm vụ"
    rf"|nội dung"
    rf"|giải pháp|khâu|huyện,)[^\d.,;:()%/“”]{{2,40}})"
)
_BETWEEN = rf"(?: (?!(?:{_NO_COUNT})\b)[^\s\d.,;:()“”]{{1,10}}){{0,5}}? (?P<least>từ (?=[^.;]{{2,60}} trở lên))?"
_COUNTED = re.compile(rf"\b(?:{_DONE}){_BETWEEN}{_OUTPUT}")
_TARGETED = re.compile(rf"\b(?:{_DONE}|đạt|có|phấn đấu|duy trì|thực hiện){_BETWEEN}{_OUTPUT}")
_LISTED = re.compile(rf"(?:, |; | và ){_OUTPUT}")  # one more of a list: "10 căn nhà, 02 điểm vui chơi"
_GOAL = re.compile(
    r"(?:phấn đấu|quyết tâm)(?: đưa)? (?P<what>(?:tỉnh|huyện|xã|thành phố|thị xã"
    r"|đơn vị)[^.;,]{2,60}?) (?:đạt chuẩn|đạt danh hiệu|hoàn thành|được công nhận)[^.;,]{3,80}"
)
_NEGATED = re.compile(
    r"(?:chưa|không|chỉ) (?:đạt|có|hoàn thành)(?: \w{1,20}){0,2}\s{0,3}$|chiếm\s{0,3}$|(?:tăng|giảm) "
    r"(?:\w{1,20} )?$|so với[^.;]{0,20}$|\(năm 20\d\d[^)]{0,30}$"
)
_LEAD_TIME = re.compile(
    r"(?:giờ|ngày|tuần|tháng)(?: làm việc)? (?:trước|sau|kể từ)|^(?:ngày|tuần|giờ)\s{0,3}\(trừ|^"
    r"(?:ngày|tuần|giờ)\s{0,3}$|^(?:trung cấp|đại học)"
)
_WHOLE = 600
_FREQUENCIES = (
    ("month", re.compile(r"(?:hàng|hằng|mỗi|một|/|1|01) ?tháng")),
    ("quarter", re.compile(r"(?:hàng|hằng|mỗi|/) ?qu[ýí]")),
    ("half_year", re.compile(r"\b0?6 tháng")),
    ("year", re.compile(r"(?:hàng|hằng|mỗi|\b1|\b01|một|/|trong) ?năm\b(?! \d)")),
)


@dataclass(frozen=True, slots=True)
class _Place:
    """A sentence: `limits` within `text` of a paragraph."""

    text: str
    lowered: str
    paragraph: int
    limits: tuple[int, int]


def read_indicators(text: str, paragraph: int, frame: Frame, *, is_target: bool) -> list[DraftIndicator]:
    """Return the numbers to reach in `text`; `is_target` says that it stands in a section of targets."""
    found: list[DraftIndicator] = []
    lowered = plain(text)
    taken: set[int] = set()
    names = masked_spans(text)
    for start, end in sentences(text):
        for match, unit in _matches(lowered, start, end, is_target=is_target):
            at = match.start("value")
            if at in taken or any(first <= at < last for first, last in names):
                continue
            taken.add(match.start("value"))
            found.append(_indicator(_Place(text, lowered, paragraph, (start, end)), match, unit, frame))
        for match in _GOAL.finditer(lowered, start, end):
            if not any(match.start() <= i.span.start < match.end() for i in found):
                found.append(_goal(text, match, paragraph, frame, (start, end)))
    if is_target and len(found) == 1 and len(text) <= _WHOLE:  # conditions may stand in the next sentence
        return [replace(found[0], text=text, span=Span(paragraph, 0, len(text)))]
    return found


def _matches(lowered: str, start: int, end: int, *, is_target: bool) -> Iterator[tuple[re.Match[str], str]]:
    for match in _PERCENT.finditer(lowered, start, end):
        if (
            match["least"]
            or match["most"]
            or not _NEGATED.search(lowered[max(start, match.start() - 30) : match.start()])
        ):
            yield match, "%"
    patterns = [_COMPARED, _EACH, _TARGETED, _LISTED] if is_target else [_COMPARED, _EACH, _COUNTED]
    for pattern in patterns:
        for match in pattern.finditer(lowered, start, end):
            unit = match["unit"].strip()
            if _LEAD_TIME.search(unit) or _NEGATED.search(lowered[max(start, match.start() - 20) : match.start()]):
                continue
            yield match, unit


def _indicator(place: _Place, match: re.Match[str], unit: str, frame: Frame) -> DraftIndicator:
    text, lowered, paragraph, limits = place.text, place.lowered, place.paragraph, place.limits
    start, end = _clause(lowered, match, limits)
    groups = match.re.groupindex
    comparator = "="
    if ("least" in groups and match["least"]) or ("up" in groups and match["up"] is not None):
        comparator = ">="
    elif "most" in groups and match["most"]:
        comparator = "<="
    words = lowered[limits[0] : limits[1]]
    return DraftIndicator(
        text=text[start:end].strip(),
        comparator=comparator,
        value=_number(match["value"]),
        unit_of_measure=_unit(unit),
        frequency=_frequency(words),
        span=_trimmed(text, paragraph, start, end),
        due=_due(text[limits[0] : limits[1]], frame),
    )


@lru_cache(maxsize=4)  # a sentence may hold a thousand numbers
def _due(sentence: str, frame: Frame) -> dt.date | None:
    return next((p.due for p in find_phrases(sentence, frame) if p.due), None)


@lru_cache(maxsize=4)
def _frequency(sentence: str) -> str:
    return next((name for name, pattern in _FREQUENCIES if pattern.search(sentence)), "none")


def _goal(text: str, match: re.Match[str], paragraph: int, frame: Frame, limits: tuple[int, int]) -> DraftIndicator:
    """Return a goal that is reached or not, as one unit to reach."""
    due = _due(text[slice(*limits)], frame)
    span = _trimmed(text, paragraph, match.start(), match.end())
    return DraftIndicator(text[span.start : span.end], "=", 1.0, match["what"].split()[0], "none", span, due)


def _clause(lowered: str, match: re.Match[str], limits: tuple[int, int]) -> tuple[int, int]:
    """Return the words around a number that make it readable: the sentence if short, else from comma to comma."""
    start, end = limits
    if end - start <= 260:  # noqa: PLR2004 - a sentence to be read at a glance
        return start, end
    left = max(lowered.rfind(mark, start, match.start()) for mark in (", ", ": ", "(", "; "))
    right = min(
        (i for i in (lowered.find(mark, match.end()) for mark in (";", ".", "(", ": ")) if i >= 0), default=end
    )
    return (left + 1 if left >= start else start), min(right, end)


def _trimmed(text: str, paragraph: int, start: int, end: int) -> Span:
    words = text[start:end]
    return Span(paragraph, start + len(words) - len(words.lstrip()), start + len(words.rstrip()))


def _number(text: str) -> float:
    if text in _WORDS:
        return float(_WORDS[text])
    return float(text.replace(".", "").replace(",", "."))


def _unit(words: str) -> str:
    return " ".join(words.split()[:3]) if words != "%" else words
