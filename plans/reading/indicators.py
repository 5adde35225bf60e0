"""Numbers to reach: comparator, value, unit of measure, how often. Pure.

A number counts where the text compares ("ít nhất", "tối thiểu", "trên"), gives a share ("100% đoàn viên"), sets a
count for each unit ("mỗi huyện … 01 …"), or says how many of a thing come of the work ("mở 03 lớp tập huấn").
"""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from plans.reading.drafts import DraftIndicator, Span
from plans.reading.phrases import Frame, find_phrases
from plans.reading.references import is_name
from plans.reading.words import REMEMBERED, plain, sentences

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
    r"phấn đấu (?:có|đạt)"
    r"|thành lập|kết nạp|vận động|tổ chức|xây dựng|trao(?! đổi)|tặng|trồng|hỗ trợ|giới thiệu|phát triển|giúp đỡ"
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
_MAY_COUNT = re.compile(r"\d|ít nhất|tối thiểu|không dưới|tối đa|không quá|mỗi |phấn đấu|quyết tâm")
_DIGIT = re.compile(r"\d")
_BOUNDS = ("ít nhất", "tối thiểu", "không dưới", "tối đa", "không quá")
#: Patterns of numbers, each with words one of which it needs; with none it needs a digit.
_COUNTS = ((_COMPARED, _BOUNDS), (_EACH, ("mỗi ",)), (_COUNTED, ()))
_TARGETS = ((_COMPARED, _BOUNDS), (_EACH, ("mỗi ",)), (_TARGETED, ()), (_LISTED, ()))
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
_OPENING = re.compile(r"[,:;] |\(")
_CLOSING = re.compile(r"[;.(]|:(?= )")
_WHOLE = 600
_MOST = 300  # numbers of one paragraph: more is no sentence
_FREQUENCIES = (
    ("month", re.compile(r"(?:hàng|hằng|mỗi|một|/|1|01) ?tháng")),
    ("quarter", re.compile(r"(?:hàng|hằng|mỗi|/) ?qu[ýí]")),
    ("half_year", re.compile(r"\b0?6 tháng")),
    ("year", re.compile(r"(?:hàng|hằng|mỗi|\b1|\b01|một|/|trong) ?năm\b(?! \d)")),
)


@dataclass(frozen=True)
class _Place:
    """A sentence: `limits` within `text` of a paragraph. What holds for each of its numbers is found out once."""

    text: str
    lowered: str
    limits: tuple[int, int]
    frame: Frame

    @cached_property
    def due(self) -> dt.date | None:
        """The first day the sentence names by which something is due."""
        return next((p.due for p in find_phrases(self.text[slice(*self.limits)], self.frame) if p.due), None)

    @cached_property
    def frequency(self) -> str:
        """How often the sentence asks for its numbers."""
        words = self.lowered[slice(*self.limits)]
        return next((name for name, pattern in _FREQUENCIES if pattern.search(words)), "none")

    @cached_property
    def breaks(self) -> tuple[list[tuple[int, int]], list[int]]:
        """The marks that part the words: of each its last character and where the words after it begin; the starts."""
        start, end = self.limits
        opening = [(m.end() - 1, m.start() + 1) for m in _OPENING.finditer(self.lowered, start, end)]
        return opening, [m.start() for m in _CLOSING.finditer(self.lowered, start, end)]


def read_indicators(text: str, paragraph: int, frame: Frame, *, is_target: bool) -> list[DraftIndicator]:
    """Return the numbers to reach in `text`; `is_target` says that it stands in a section of targets."""
    found = _numbers(text, frame, is_target)
    return [replace(number, span=Span(paragraph, number.span.start, number.span.end)) for number in found]


@lru_cache(maxsize=REMEMBERED)
def _numbers(text: str, frame: Frame, is_target: bool) -> tuple[DraftIndicator, ...]:  # noqa: FBT001
    lowered = plain(text)
    if _MAY_COUNT.search(lowered) is None:
        return ()
    found: list[DraftIndicator] = []
    names = is_name(text)
    for start, end in sentences(text):
        if _MAY_COUNT.search(lowered, start, end) and len(found) < _MOST:
            found.extend(_of_sentence(_Place(text, lowered, (start, end), frame), names, is_target=is_target))
    if is_target and len(found) == 1 and len(text) <= _WHOLE:  # conditions may stand in the next sentence
        return (replace(found[0], text=text, span=Span(0, 0, len(text))),)
    return tuple(found[:_MOST])


def _of_sentence(place: _Place, names: bytearray, *, is_target: bool) -> Iterator[DraftIndicator]:
    """Yield the numbers of one sentence but those inside `names`, then the goals that hold none of them."""
    start, end = place.limits
    taken: set[int] = set()
    begins = bytearray(len(place.text))  # where the words of a number begin
    for match, unit in _matches(place.lowered, start, end, is_target=is_target):
        at = match.start("value")
        if at in taken or names[at] or len(taken) >= _MOST:
            continue
        taken.add(at)
        number = _indicator(place, match, unit)
        begins[number.span.start] = 1
        yield number
    if place.lowered.find("phấn đấu", start, end) < 0 and place.lowered.find("quyết tâm", start, end) < 0:
        return
    for match in _GOAL.finditer(place.lowered, start, end):
        if begins.find(1, match.start(), match.end()) < 0:
            goal = _goal(place, match)
            begins[goal.span.start] = 1
            yield goal


def _matches(lowered: str, start: int, end: int, *, is_target: bool) -> Iterator[tuple[re.Match[str], str]]:
    if lowered.find("%", start, end) >= 0:
        for match in _PERCENT.finditer(lowered, start, end):
            before = lowered[max(start, match.start() - 30) : match.start()]
            if match["least"] or match["most"] or not _NEGATED.search(before):
                yield match, "%"
    has_digit = _DIGIT.search(lowered, start, end) is not None
    for pattern, needs in _TARGETS if is_target else _COUNTS:
        if not (has_digit if not needs else any(lowered.find(word, start, end) >= 0 for word in needs)):
            continue
        for match in pattern.finditer(lowered, start, end):
            unit = match["unit"].strip()
            if _LEAD_TIME.search(unit) or _NEGATED.search(lowered[max(start, match.start() - 20) : match.start()]):
                continue
            yield match, unit


def _indicator(place: _Place, match: re.Match[str], unit: str) -> DraftIndicator:
    start, end = _clause(place, match)
    groups = match.re.groupindex
    comparator = "="
    if ("least" in groups and match["least"]) or ("up" in groups and match["up"] is not None):
        comparator = ">="
    elif "most" in groups and match["most"]:
        comparator = "<="
    return DraftIndicator(
        text=place.text[start:end].strip(),
        comparator=comparator,
        value=_number(match["value"]),
        unit_of_measure=_unit(unit),
        frequency=place.frequency,
        span=_trimmed(place.text, start, end),
        due=place.due,
    )


def _goal(place: _Place, match: re.Match[str]) -> DraftIndicator:
    """Return a goal that is reached or not, as one unit to reach."""
    span = _trimmed(place.text, match.start(), match.end())
    words = place.text[span.start : span.end]
    return DraftIndicator(words, "=", 1.0, match["what"].split()[0], "none", span, place.due)


def _clause(place: _Place, match: re.Match[str]) -> tuple[int, int]:
    """Return the words around a number that make it readable: the sentence if short, else from comma to comma."""
    start, end = place.limits
    if end - start <= 260:  # noqa: PLR2004 - a sentence to be read at a glance
        return start, end
    opening, closing = place.breaks
    before, after = bisect_left(opening, (match.start(),)), bisect_left(closing, match.end())
    left = opening[before - 1][1] if before else start
    return left, min(closing[after] if after < len(closing) else end, end)


def _trimmed(text: str, start: int, end: int) -> Span:
    words = text[start:end]
    return Span(0, start + len(words) - len(words.lstrip()), start + len(words.rstrip()))


def _number(text: str) -> float:
    if text in _WORDS:
        return float(_WORDS[text])
    return float(text.replace(".", "").replace(",", "."))


def _unit(words: str) -> str:
    return " ".join(words.split()[:3]) if words != "%" else words
