"""The grammar of Vietnamese deadline wording: a sentence in, its time expressions as values out. Pure.

Rules run in order over the text in `words.plain` form; what an earlier rule took, a later one leaves alone. A rule
may take words without making anything of them: those are the traps (terms of office, budget words, names of
reports). Every expression repeats over single characters only or over bounded spans, so matching is linear.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from plans.reading.drafts import ScheduleKind
from plans.reading.time_points import CLOCK, DATE, MONTH, QUARTER, WEEKDAY, YEAR, YEAR_POINT, Point, read_point
from plans.reading.words import plain

YEAR_INFERRED = "year taken from the period"
YEAR_OPEN = "year not stated and the plan spans several years"
NO_YEAR = "year not stated anywhere"
NO_PERIOD = "recurs, but the text does not say how often"
ROUGH = "only roughly dated: the last day of the period is assumed"
NOT_A_DATE = "no such date in the calendar"

_MONTHLY, _QUARTERLY = "FREQ=MONTHLY", "FREQ=MONTHLY;INTERVAL=3"
_HALF_YEARLY, _YEARLY = "FREQ=MONTHLY;INTERVAL=6", "FREQ=YEARLY"
_PERIOD_RULES = {
    "ngày": "FREQ=DAILY", "tuần": "FREQ=WEEKLY", "tháng": _MONTHLY, "quý": _QUARTERLY, "quí": _QUARTERLY,
    "6 tháng": _HALF_YEARLY, "năm": _YEARLY,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Frame:
    """What the document says about time as a whole: years of its period and day of issue."""

    first: int | None = None
    last: int | None = None
    issued: dt.date | None = None

    def year_for(self, point: Point) -> tuple[int | None, str]:
        """Return the year a point without one belongs to, and the doubt that leaves."""
        if self.first is None:
            return (self.issued.year, YEAR_INFERRED) if self.issued else (None, NO_YEAR)
        if self.last is None or self.last == self.first:
            return self.first, YEAR_INFERRED
        if self.issued:
            due = point.in_year(self.issued.year).last()
            year = self.issued.year if due is None or due >= self.issued else self.issued.year + 1
            return max(self.first, min(year, self.last)), YEAR_OPEN
        return self.first, YEAR_OPEN

    def is_past(self, day: dt.date) -> bool:
        """Say whether `day` lies before the plan, so that it can bind nobody."""
        if self.issued:
            return day < self.issued
        return self.first is not None and day < dt.date(self.first - 1, 11, 1)


@dataclass(frozen=True, slots=True)
class Phrase:
    """One time expression: characters `start` to `end` of the text and the time it obliges to."""

    start: int
    end: int
    kind: ScheduleKind
    since: dt.date | None = None
    due: dt.date | None = None
    rule: str | None = None
    lead_time: str | None = None
    anchor: str | None = None
    exception: str | None = None
    exclusive: bool = False
    year_inferred: bool = False
    doubt: str = ""


_INLINE_LABEL = re.compile(r"(?:thời gian|thời hạn|tiến độ)(?: \w{1,8}){0,3}: ?$")


@dataclass(frozen=True, slots=True)
class _Context:
    text: str  # plain
    original: str
    frame: Frame
    is_label: bool

    def in_label(self, start: int) -> bool:
        """Say whether `start` begins the value of a label, here or earlier in the line: "… Thời gian: năm 2025"."""
        return self.is_label or bool(_INLINE_LABEL.search(self.text, max(0, start - 40), start))

    def sentence_year(self, start: int) -> int | None:
        """Return the year named last before `start` in the same sentence."""
        begin = max(self.text.rfind(mark, max(0, start - 300), start) for mark in (". ", "; ", "\n"))
        years = _ANY_YEAR.findall(self.text, max(begin, 0, start - 300), start)
        return int(years[-1]) if years else None


Builder = Callable[[re.Match[str], _Context], Iterable[Phrase]]
_ANY_YEAR = re.compile(rf"(?<!khóa )\bnăm ({YEAR})\b")


@dataclass(frozen=True, slots=True)
class _Rule:
    pattern: re.Pattern[str]
    build: Builder
    needs: tuple[str, ...]  # the text holds one of these, else the pattern is not tried
    is_trap: bool = False


_RULES: list[_Rule] = []


def _rule(pattern: str, *needs: str) -> Callable[[Builder], Builder]:
    def add(build: Builder) -> Builder:
        _RULES.append(_Rule(re.compile(pattern), build, needs))
        return build

    return add


@cache
def _needed() -> frozenset[str]:
    """Return every word some rule needs; a text without them is passed over quickly."""
    return frozenset(word for rule in _RULES for word in rule.needs)


def find_phrases(
    text: str, frame: Frame, *, masked: Sequence[tuple[int, int]] = (), is_label: bool = False
) -> list[Phrase]:
    """Return the time expressions of `text` in order; several with one span where one phrase sets several.

    `masked` spans are names and citations, where nothing is a deadline. With `is_label` the text is the value of a
    label such as "Thời gian:", where a bare year or month is one.
    """
    context = _Context(plain(text), text, frame, is_label)
    taken = bytearray(len(text))
    for start, end in masked:
        taken[start:end] = b"\x01" * (min(end, len(text)) - start)
    found: list[Phrase] = []
    present = {word for word in _needed() if word in context.text}
    for rule in _RULES:
        if rule.needs and present.isdisjoint(rule.needs):
            continue
        for match in rule.pattern.finditer(context.text):
            if taken.find(1, match.start(), match.end()) >= 0:
                continue
            phrases = list(rule.build(match, context))
            if not phrases and not rule.is_trap:
                continue
            phrases = [_without_verb(phrase, context.text) for phrase in phrases]
            start, end = (phrases[0].start, phrases[0].end) if phrases else match.span()
            taken[start:end] = b"\x01" * (end - start)
            found.extend(phrases)
    found = _without_rates(_unrepeated(found, context.text), context.text)
    return sorted(found, key=lambda p: (p.start, p.end))


_VERB_BEFORE = re.compile(r"(?:hoàn thành|xong|tổ chức|thực hiện|thời gian(?: thực hiện)?|diễn ra|bắt đầu) ")


def _without_verb(phrase: Phrase, text: str) -> Phrase:
    """Return `phrase` without the verb a rule needed to recognise it."""
    verb = _VERB_BEFORE.match(text, phrase.start, phrase.end)
    return replace(phrase, start=verb.end()) if verb else phrase


def _nothing(_match: re.Match[str], _context: _Context) -> Iterable[Phrase]:
    return ()


def _trap(pattern: str, *needs: str) -> None:
    _RULES.append(_Rule(re.compile(pattern), _nothing, needs, is_trap=True))


def _phrase(match: re.Match[str], kind: ScheduleKind, **values: object) -> Phrase:
    """Return a phrase over the group "all" of `match`, or the whole of it."""
    whole = "all" in match.re.groupindex and match["all"] is not None
    start, end = match.span("all") if whole else match.span()
    return replace(Phrase(start, end, kind), **values)  # type: ignore[arg-type]


def _dated(point: Point, match: re.Match[str], context: _Context) -> tuple[Point, bool, str]:
    """Return `point` with its year, whether the year was inferred, and the doubt."""
    if point.year:
        return point, False, ""
    year = context.sentence_year(match.start())
    if year and not context.frame.is_past(dt.date(year, 12, 31)):
        return point.in_year(year), False, ""
    year, doubt = context.frame.year_for(point)
    return point.in_year(year), year is not None, doubt


_WITHIN = {
    "day": ScheduleKind.BY_DATE,
    "month": ScheduleKind.WITHIN_MONTH,
    "quarter": ScheduleKind.WITHIN_QUARTER,
    "year": ScheduleKind.WITHIN_YEAR,
}


def _within(match: re.Match[str], context: _Context, text: str, *, doubt: str = "") -> Iterator[Phrase]:
    """Yield the phrase for work inside the day, month, quarter or year `text` names."""
    point = read_point(text)
    if point is None:
        return
    point, inferred, year_doubt = _dated(point, match, context)
    first, last = point.first(), point.last()
    if last is None:
        yield _phrase(match, _WITHIN[point.precision], doubt=year_doubt or NOT_A_DATE)
    elif not context.frame.is_past(last):
        yield _phrase(
            match, _WITHIN[point.precision], since=first, due=last, year_inferred=inferred, doubt=year_doubt or doubt
        )


def _until(match: re.Match[str], context: _Context, text: str, *, exclusive: bool) -> Iterator[Phrase]:
    """Yield the phrase for work done by `text`; exclusive means the day before its first day."""
    point = read_point(text)
    if point is None:
        return
    point, inferred, doubt = _dated(point, match, context)
    first, last = point.first(), point.last()
    kind = ScheduleKind.BY_DATE if exclusive or point.precision != "year" else ScheduleKind.BY_END_OF_YEAR
    if first is None or last is None:
        yield _phrase(match, kind, exclusive=exclusive, doubt=doubt or NOT_A_DATE)
        return
    due = first - dt.timedelta(days=1) if exclusive else last
    if not context.frame.is_past(due):
        yield _phrase(match, kind, due=due, exclusive=exclusive, year_inferred=inferred, doubt=doubt)


# Traps that come before everything


_trap(
    r"\b(?:nhiệm kỳ|năm học|niên khóa|khóa|kỳ) (?:[ivxl]+[,\s(]+)*(?:nhiệm kỳ )?\(?\d{4}\s?[-–]\s?\d{4}\)?",
    "nhiệm kỳ",
    "năm học",
    "khóa",
    "kỳ",
)
_trap(r"\bgiữa (?:nhiệm kỳ|kỳ)\b|\bcuối (?:nhiệm kỳ|kỳ)\b|\bđầu (?:nhiệm kỳ|kỳ)\b|\bcùng kỳ\b", "kỳ")
_trap(
    r"\b(?:kỷ niệm|lần thứ \d{1,3}|chào mừng|hưởng ứng)(?: lần thứ)? (?:\d{1,3} năm )?(?:ngày|năm"
    r"|quốc khánh)?[^.;()]{0,120}?"
    r"\(\s?\d{1,2}\s?/\s?\d{1,2}(?:\s?/\s?\d{4})?(?:\s?[-–]\s?\d{1,2}\s?/\s?\d{1,2}\s?/\s?\d{4})?\s?\)",
    "/",
)
_trap(r"\(?\b\d{1,2}/\d{1,2}/(?:1[0-9]\d{2})\s?[-–]\s?\d{1,2}/\d{1,2}/\d{4}\)?", "/1")
_trap(
    r"\b(?:kỷ niệm|chào mừng|hưởng ứng|nhân dịp|nhân) (?:lần thứ )?(?:\d{1,3} năm )?ngày "
    r"(?:\w{1,20} ){0,6}?\d{1,2}/\d{1,2}",
    "/",
)
_trap(r"\b(?:có hiệu lực|hiệu lực thi hành)(?: thi hành)?(?: kể)? từ ngày[^.;]{0,40}", "hiệu lực")
_trap(r"\bkể từ ngày (?:ký|ban hành)(?: ban hành)?\b", "kể từ ngày")
_trap(rf"\b(?:trong )?năm {YEAR} so với (?:năm {YEAR}|cùng kỳ)", "so với")
_trap(r"\b(?:\d+ )?tháng (?:đầu|cuối) năm\b(?! \d)(?! trước)", "đầu năm", "cuối năm")
_trap(
    r"\b(?:chi|kinh phí|nguồn|ngân sách|giáo dục|đầu tư và|vốn sự nghiệp,?|không|hoạt động|tự chủ chi) thường xuyên\b"
    r"|\bthường xuyên (?:không|vắng|đi|ở|có mặt|sinh sống|cư trú|tham gia|biến động|xảy ra|gặp)\b"
    r"|\bbệnh viện thường xuyên\b",
    "thường xuyên",
)
_trap(
    r"\b(?:ngân sách|trợ cấp|phụ cấp|dự toán|kinh phí|thi đua|thu nhập|bình quân|tiền lương|doanh thu"
r"|sản lượng|học phí|lương)"
    r"(?: \w{1,20}){0,3} (?:hàng|hằng) (?:tháng|quý|quí|năm)\b|\bkinh phí (?:chi )?(?:hàng"
r"|hằng) năm\b|\bdân số (?:hàng|hằng) năm",
    "hàng", "hằng",
)  # fmt: skip
_trap(r"\b(?:dư nợ|số dư|tồn quỹ|so với|tại thời điểm)[^.;,]{0,30}(?:đầu|cuối) (?:năm|kỳ|tháng|quý)\b", "đầu", "cuối")
_trap(
    r"\btháng (?:thanh niên|hành động|cao điểm|an toàn|công nhân|khuyến học|ba biên giới"
    r"|(?:trước|sau)(?! (?:ngày )?\d)|lương)\b",
    "tháng",
)
_trap(r"\b(?:trong|của) tháng trước\b|\btrong \d+ (?:tháng|năm|quý) (?:qua|vừa qua|trước)\b", "trước", "qua")
_trap(
    r"\b(?:họp|phiên họp|kỳ họp|sinh hoạt|hội nghị|tài liệu họp)(?: [^\s.;,()]{1,25}){0,6} (?:định kỳ|thường kỳ)\b"
    r"(?!\s(?:hàng|hằng|mỗi|\d|vào|theo))",
    "định kỳ", "thường kỳ",
)  # fmt: skip
_trap(
    r"\btheo định kỳ\b(?! (?:hàng|hằng|\d))|\bchuyên đề,? (?:và |hoặc )?định kỳ\b|\bđịnh kỳ,? (?:và "
    r"|hoặc )?chuyên đề\b",
    "định kỳ",
)
_trap(
    r"\b(?:lồng ghép|nêu|thể hiện|đưa) (?:trong|vào) (?:các )?báo cáo[^.;()]{0,80}? định kỳ\b(?!\s(?:hàng|hằng|\d))",
    "định kỳ",
)


# So long before or after an event

_UNIT_DAYS = {"giờ": "PT{}H", "ngày": "P{}D", "tuần": "P{}W", "tháng": "P{}M"}
_AMOUNT = r"(?P<amount>\d{1,3}) (?P<unit>giờ|ngày|tuần|tháng)(?: làm việc)?"


def _duration(amount: str, unit: str, *, before: bool) -> str:
    count = int(amount) * (7 if unit == "tuần" else 1)
    text = _UNIT_DAYS["ngày" if unit == "tuần" else unit].format(count)
    return f"-{text}" if before else text


def _anchor(text: str) -> str:
    return " ".join(text.split()).strip(" ,.;:()")


@_rule(
    r"trước (?P<anchor>(?:thời điểm|thời gian|ngày|khi|lúc)(?! \d) [^.;()]{3,140}?)(?: (?:ít nhất"
r"|tối thiểu|chậm nhất))?(?: là)? " + _AMOUNT + r"\b(?P<rest>\s?\((?P<except>trừ[^()]{3,200})\))?",
    "trước",
)  # fmt: skip
def _ahead(match: re.Match[str], context: _Context) -> Iterator[Phrase]:
    """So long before an event."""
    exception = context.original[slice(*match.span("except"))] if match["except"] else None
    yield _phrase(
        match, ScheduleKind.RELATIVE, lead_time=_duration(match["amount"], match["unit"], before=True),
        anchor=_anchor(context.original[slice(*match.span("anchor"))]), exception=exception,
    )  # fmt: skip


@_rule(
    r"(?:ít nhất|tối thiểu|chậm nhất)(?: là)? "
    + _AMOUNT
    + r" trước (?P<anchor>(?:khi|ngày|thời điểm)?[^.;,()]{3,100})",
    "trước",
)
def _ahead_first(match: re.Match[str], context: _Context) -> Iterator[Phrase]:
    """The same, the amount first."""
    yield _phrase(
        match, ScheduleKind.RELATIVE, lead_time=_duration(match["amount"], match["unit"], before=True),
        anchor=_anchor(context.original[slice(*match.span("anchor"))]),
    )  # fmt: skip


@_rule(
    r"(?:trong (?:thời hạn|vòng|thời gian)|chậm nhất(?: là)?|trong|sau|thời hạn)(?: không quá"
r"| tối đa)? (?:\d{1,2}[-–])?" + _AMOUNT
    + r"(?: \([^()]{1,40}\))?,? (?P<anchor>(?:kể )?từ (?:ngày|khi|thời điểm)[^.;,()]{2,100}|sau (?:khi"
r"|ngày)[^.;,()]{2,100}|sau[^.;,()\d]{3,80})",
    "trong", "sau", "chậm nhất", "hạn",
)  # fmt: skip
def _after_with_length(match: re.Match[str], context: _Context) -> Iterator[Phrase]:
    """Within so long after an event."""
    yield _phrase(
        match, ScheduleKind.RELATIVE, lead_time=_duration(match["amount"], match["unit"], before=False),
        anchor=_anchor(context.original[slice(*match.span("anchor"))]),
    )  # fmt: skip


# Recurrence with a day


_ONE_DAY = re.compile(rf"{DATE}|\d{{1,2}}")


def _by_day(match: re.Match[str], context: _Context) -> Iterator[Phrase]:
    """A day of each month, quarter or year: "trước ngày 05 hằng tháng", "trước ngày 01/6 và 15/11 hằng năm"."""
    exclusive = (match["word"] or "").startswith("trước")
    period = match["period"].split()[-1]
    for text in _ONE_DAY.findall(match["days"]):
        point = read_point(text) or (Point(day=int(text)) if text.isdigit() else None)
        if point is None or not point.day:
            continue
        yield _phrase(
            match, ScheduleKind.RECURRING, rule=_day_rule(point, period, exclusive=exclusive), exclusive=exclusive
        )
    _ = context


def _day_rule(point: Point, period: str, *, exclusive: bool) -> str:
    base = _PERIOD_RULES[period]
    if point.month:
        day = Point(2001, point.month, point.day).last() or Point(2001, point.month).last() or dt.date(2001, 12, 31)
        day -= dt.timedelta(days=1 if exclusive else 0)
        return f"{_YEARLY};BYMONTH={day.month};BYMONTHDAY={day.day}"
    day_of_month = (point.day or 1) - (1 if exclusive else 0)
    return f"{base};BYMONTHDAY={day_of_month or -1}"


_DAYS = rf"(?:ngày )?(?:{DATE}|\d{{1,2}})(?:,? (?:và |hoặc )?(?:trước )?(?:ngày )?{DATE}){{0,3}}"
_BEFORE = r"(?P<word>trước|chậm nhất(?: là| vào)?|muộn nhất(?: là| vào)?|đến|vào|xong|hoàn thành)"
_rule(
    rf"(?P<all>(?:định kỳ,? )?(?:vào )?(?:{_BEFORE} )?(?:{CLOCK},? )?(?P<days>{_DAYS}) (?:của )?"
rf"(?P<period>(?:hàng|hằng|mỗi) (?:tháng|quý|quí|năm)))\b",
    "hàng", "hằng", "mỗi",
)(_by_day)  # fmt: skip
_rule(
    rf"(?P<all>(?:định kỳ,? )?(?P<period>(?:hàng|hằng|mỗi) (?:tháng|quý|quí|năm)),? \(?"
rf"(?:{_BEFORE} )?ngày (?P<days>{_DAYS})\)?)",
    "hàng", "hằng", "mỗi",
)(_by_day)  # fmt: skip


@_rule(
    rf"{_BEFORE} ngày (?P<day>\d{{1,2}}) (?:của )?tháng (?P<which>đầu|cuối|thứ \w{{1,20}}|sau|kế tiếp"
    rf"|tiếp theo)(?: của)?(?: mỗi| hàng| hằng)?(?P<of> quý| quí| năm)?"
    r"(?: sau| kế tiếp| tiếp theo)?",
    "tháng",
)
def _day_of_quarter(match: re.Match[str], _context: _Context) -> Iterator[Phrase]:
    """A day of one month of each quarter: "trước ngày 20 tháng cuối quý"."""
    exclusive = match["word"].startswith("trước")
    day = int(match["day"]) - (1 if exclusive else 0)
    base = {"năm": _YEARLY, "": _MONTHLY}.get((match["of"] or "").strip(), _QUARTERLY)
    if match["which"].startswith("thứ"):
        base = _QUARTERLY
    yield _phrase(
        match,
        ScheduleKind.RECURRING,
        rule=f"{base};BYMONTHDAY={day or -1}",
        exclusive=exclusive,
        anchor=f"tháng {match['which']}{match['of'] or ''}",
    )


_WEEKDAYS = {
    "hai": "MO", "2": "MO", "ba": "TU", "3": "TU", "tư": "WE", "4": "WE",
    "năm": "TH", "5": "TH", "sáu": "FR", "6": "FR", "bảy": "SA", "7": "SA",
}  # fmt: skip


@_rule(
    r"(?:định kỳ )?(?:vào )?(?:(?:sáng|chiều|tối) )?(?:thứ (?P<day>hai|ba|tư|năm|sáu|bảy|[2-7])|"
    r"(?P<sunday>chủ nhật)) (?:hàng|hằng|mỗi) tuần",
    "tuần",
)
def _weekday(match: re.Match[str], _context: _Context) -> Iterator[Phrase]:
    """A weekday of every week: "sáng thứ Bảy hàng tuần"."""
    day = "SU" if match["sunday"] else _WEEKDAYS[match["day"]]
    yield _phrase(match, ScheduleKind.RECURRING, rule=f"FREQ=WEEKLY;BYDAY={day}")


# Ranges and open ends

_POINT = rf"(?:(?:ngày )?{WEEKDAY}{DATE}|{MONTH}|{QUARTER}|{YEAR_POINT})"
_SHORT_POINT = rf"(?:{_POINT}|ngày \d{{1,2}}\b|(?:tháng )?\d{{1,2}}\b|{YEAR}\b|(?:iv|i{{1,3}})\b)"
_TO = r"(?: ?[-–] ?| (?:đến|tới)(?: hết)?(?: ngày)? )"


def _between(match: re.Match[str], context: _Context) -> Iterator[Phrase]:
    """From one point to another; what the first leaves out it shares with the second."""
    last = read_point(match["until"])
    first = _completed(match["from"], last)
    if first is None or last is None:
        return
    last, inferred, doubt = _dated(last, match, context)
    if first.year is None:
        first = first.in_year(last.year)
        begin, end = first.first(), last.first()
        if begin and end and begin > end and last.year:
            first = replace(first, year=last.year - 1)
    since, due = first.first(), last.last()
    if due is None:
        yield _phrase(match, ScheduleKind.BETWEEN, doubt=doubt or NOT_A_DATE)
    elif (since is None or since <= due) and not context.frame.is_past(due):
        yield _phrase(match, ScheduleKind.BETWEEN, since=since, due=due, year_inferred=inferred, doubt=doubt)


def _month_range(match: re.Match[str], context: _Context) -> Iterator[Phrase]:
    until = match["until"]
    last = read_point(until if until.startswith("tháng") else f"tháng {until}")
    first = read_point(match["from"])
    yield from _range(match, context, first, last)


def _quarter_range(match: re.Match[str], context: _Context) -> Iterator[Phrase]:
    until = match["until"]
    last = read_point(until if until.startswith("qu") else f"quý {until}")
    yield from _range(match, context, read_point(match["from"]), last)


def _completed(text: str, last: Point | None) -> Point | None:
    """Return the first point of a range: "ngày 17" before "19/11/2021" is 17 November 2021."""
    words = text.strip().removeprefix("ngày").strip()
    words = words.removeprefix("tháng").strip() if text.strip().startswith("tháng") else words
    if last is not None and words in {"i", "ii", "iii", "iv"}:
        return read_point(f"quý {words}")
    if words.isdigit() and len(words) <= 2 and last is not None:  # noqa: PLR2004 - a day or month
        if last.day and not text.strip().startswith("tháng"):
            return Point(last.year, last.month, int(words))
        return Point(last.year, int(words)) if 1 <= int(words) <= 12 else None  # noqa: PLR2004 - months
    return read_point(text)


@_rule(
    rf"(?:trong )?(?:khoảng )?(?:thời gian )?từ (?P<from>{YEAR_POINT}) (?:đến|tới) "
    rf"(?P<until>{YEAR_POINT}) và (?:(?:các|những) năm )?tiếp theo",
    "tiếp theo",
)
def _range_and_on(match: re.Match[str], context: _Context) -> Iterator[Phrase]:
    """A range of years that goes on after its end."""
    yield from _open(match, context, match["from"])


_rule(
    rf"(?:(?:trong )?(?:khoảng )?(?:thời gian )?(?:thực hiện )?(?:bắt đầu )?từ|trong) (?:{CLOCK},? )?"
rf"(?P<from>{_SHORT_POINT})(?:{_TO}|,? đến )(?:{CLOCK},? )?(?:ngày )?(?P<until>{_POINT})",
    "từ", "trong",
)(_between)  # fmt: skip
_rule(
    rf"(?:ngày )?(?P<from>\d{{1,2}}(?:\s?/\s?\d{{1,2}}(?:\s?/\s?{YEAR})?)?)\s?[-–]\s?"
    rf"(?P<until>\d{{1,2}}\s?/\s?\d{{1,2}}\s?/\s?{YEAR})\b",
    "-",
    "–",
)(_between)
_rule(
    rf"(?P<from>tháng \d{{1,2}}(?:/{YEAR})?)(?:\s?[-–]\s?| (?:đến|và) |, )(?P<until>(?:tháng )?"
    rf"(?:1[0-2]|0?[1-9])(?:/{YEAR}|,? năm {YEAR})\b)",
    "tháng",
)(_month_range)
_rule(
    rf"(?P<from>qu[ýí] (?:iv|i{{1,3}}|[1-4])(?:[/-]{YEAR}| năm {YEAR})?)(?:\s?[-–,]\s?| (?:đến|và) "
rf"|, )(?:hết )?(?P<until>(?:qu[ýí] )?(?:iv|i{{1,3}}|[1-4])(?:[/-]{YEAR}|,? năm {YEAR})?)\b",
    "quý", "quí",
)(_quarter_range)  # fmt: skip


def _range(match: re.Match[str], context: _Context, first: Point | None, last: Point | None) -> Iterator[Phrase]:
    """Yield the phrase from the first day of `first` to the last day of `last`."""
    if first is None or last is None:
        return
    last, inferred, doubt = _dated(last if last.year or not first.year else last.in_year(first.year), match, context)
    first = first.in_year(last.year)
    since, due = first.first(), last.last()
    if since and due and since > due and first.quarter:
        since = replace(first, year=(first.year or 0) - 1).first()
    if due and since and since <= due and not context.frame.is_past(due):
        yield _phrase(match, ScheduleKind.BETWEEN, since=since, due=due, year_inferred=inferred, doubt=doubt)


@_rule(r"từ nay (?:cho )?(?:đến|tới) (?:hết |cuối )?(?:ngày )?(?P<until>" + _POINT + r")", "từ nay")
def _from_now(match: re.Match[str], context: _Context) -> Iterator[Phrase]:
    """From the day of issue to a point."""
    for phrase in _until(match, context, match["until"], exclusive=False):
        yield replace(phrase, kind=ScheduleKind.BETWEEN, since=context.frame.issued)


@_rule(r"từ nay (?:cho )?(?:đến|tới) (?:hết |cuối )năm(?! \d)(?: nay)?", "từ nay")
def _from_now_to_year_end(match: re.Match[str], context: _Context) -> Iterator[Phrase]:
    """From the day of issue to the end of the year of the plan."""
    year, doubt = context.frame.year_for(Point(month=12))
    if year:
        yield _phrase(
            match,
            ScheduleKind.BETWEEN,
            since=context.frame.issued,
            due=dt.date(year, 12, 31),
            year_inferred=True,
            doubt=doubt,
        )


def _open(match: re.Match[str], context: _Context, text: str) -> Iterator[Phrase]:
    point = read_point(text)
    if point is None:
        return
    point, inferred, doubt = _dated(point, match, context)
    yield _phrase(match, ScheduleKind.ONGOING, since=point.first(), year_inferred=inferred, doubt=doubt)


@_rule(
    rf"(?P<lead>trong |từ |thực hiện |bắt đầu )?(?P<from>{YEAR_POINT}|{QUARTER}|{MONTH}"
rf"|giai đoạn {YEAR}\s?[-–]\s?{YEAR}) và (?:(?:các|những) )?(?:năm|tháng|thời gian|giai đoạn)"
rf"(?: tiếp theo| sau)",
    "tiếp theo", "sau",
)  # fmt: skip
def _and_following(match: re.Match[str], context: _Context) -> Iterator[Phrase]:
    """A year and those after it. Without a word like "trong" it is part of a name."""
    if match["lead"] or context.in_label(match.start()):
        text = match["from"].removeprefix("giai đoạn").strip()
        yield from _open(match, context, f"năm {text[:4]}" if text[:4].isdigit() else text)


@_rule(rf"(?:kể )?từ (?:ngày )?(?P<from>{_POINT}) (?:trở đi|trở về sau)", "trở")
def _onwards(match: re.Match[str], context: _Context) -> Iterator[Phrase]:
    """From a point on, without end."""
    yield from _open(match, context, match["from"])


@_rule(rf"^\W{{0,5}}(?:bắt đầu )?(?:kể )?từ (?:ngày )?(?P<from>{_POINT})(?=[\s.;,)]*$)", "từ")
def _label_from(match: re.Match[str], context: _Context) -> Iterator[Phrase]:
    """The value "Từ 01/7/2025" of a label."""
    if context.in_label(match.start()):
        yield from _open(match, context, match["from"])


# Last days

_HOUR = rf"(?:(?:lúc )?{CLOCK},? )"


@_rule(
    rf"(?:vào )?trước (?:{_HOUR}(?P<hour>))?(?:ngày )?{WEEKDAY}(?P<until>{DATE}|{MONTH}|{QUARTER}"
    rf"|{YEAR_POINT})(?:\s?\(?(?:thứ \w{{1,20}}|chủ nhật)\)?)?",
    "trước",
)
def _before(match: re.Match[str], context: _Context) -> Iterator[Phrase]:
    """ "trước ngày X" excludes X; with an hour X itself is the last day."""
    yield from _until(match, context, match["until"], exclusive=match["hour"] is None)


@_rule(
    rf"(?:chậm nhất|muộn nhất|hạn cuối(?: cùng)?|hạn chót|thời hạn|hạn)(?: là| vào| đến| trong)*"
rf"(?: hết)?:? (?:{_HOUR})?(?:ngày )?{WEEKDAY}(?P<until>{DATE}|{MONTH}|{QUARTER}|{YEAR_POINT})",
    "chậm nhất", "muộn nhất", "hạn",
)  # fmt: skip
def _at_latest(match: re.Match[str], context: _Context) -> Iterator[Phrase]:
    """The day itself is the last one allowed."""
    yield from _until(match, context, match["until"], exclusive=False)


@_rule(
    rf"(?:cho )?(?:đến|tới) (?:hết |cuối )?(?:{_HOUR})?(?:ngày )?{WEEKDAY}(?P<until>{DATE}|{MONTH}|{QUARTER})"
    rf"|(?:đến |tới |trước khi )?hết (?P<end>(?:ngày )?{DATE}|{MONTH}|{QUARTER}|(?:năm )?{YEAR}\b)"
    rf"|(?:đến )?(?:cuối) (?P<late>{MONTH}|{QUARTER}|{YEAR_POINT})",
    "đến", "hết", "tới", "cuối",
)  # fmt: skip
def _up_to(match: re.Match[str], context: _Context) -> Iterator[Phrase]:
    """Up to and with a day, month, quarter or year."""
    text = match["until"] or match["end"] or match["late"]
    yield from _until(match, context, text if not text[:4].isdigit() else f"năm {text}", exclusive=False)


@_rule(
    rf"(?:(?:^|[.;:] |, )\W?(?P<all>(?:phấn đấu )?đến (?P<first>năm {YEAR}))\b|(?P<goal>phấn đấu đến"
    rf"|mục tiêu đến|hoàn thành đến) (?P<second>năm {YEAR})\b)(?! (?:và |có )?tầm nhìn)",
    "đến năm",
)
def _target_year(match: re.Match[str], context: _Context) -> Iterator[Phrase]:
    """ "đến năm 2025" at the head of a goal; elsewhere it is mostly part of a name."""
    point = read_point(match["first"] or match["second"])
    if point is None or point.year is None or context.frame.is_past(dt.date(point.year, 12, 31)):
        return
    start, end = match.span("all") if match["first"] else match.span()
    yield Phrase(start, end, ScheduleKind.BY_END_OF_YEAR, due=dt.date(point.year, 12, 31))


@_rule(
    rf"(?:dự kiến )?(?:vào |trong )?(?P<when>đầu|giữa|cuối|tuần \w{{1,20}}(?: của)?) (?P<point>{MONTH}|{QUARTER})",
    "tháng",
    "quý",
    "quí",
)
def _part_of(match: re.Match[str], context: _Context) -> Iterator[Phrase]:
    """Part of a month or quarter; its last day is assumed."""
    doubt = "" if match["when"] == "cuối" else ROUGH
    yield from _within(match, context, match["point"], doubt=doubt)


@_rule(
    rf"(?:(?:vào|đến|trước|trong|dịp) |(?:^|[.;:(] ?)\W?)(?P<all>(?:dịp )?cuối năm)(?: "
    rf"(?P<year>{YEAR})\b)?(?! (?:trước|ngoái))",
    "cuối năm",
)
def _end_of_year(match: re.Match[str], context: _Context) -> Iterator[Phrase]:
    """The end of the year of the plan, or of one named."""
    start = match.start("all") if match.start("all") and not match.group()[0].isalpha() else match.start()
    text = f"năm {match['year']}" if match["year"] else ""
    point = read_point(text) or Point(month=12)
    point, inferred, doubt = _dated(point, match, context)
    due = dt.date(point.year, 12, 31) if point.year else None
    if due is None or not context.frame.is_past(due):
        yield Phrase(start, match.end(), ScheduleKind.BY_END_OF_YEAR, due=due, year_inferred=inferred, doubt=doubt)


# Days, months, quarters, years


@_rule(
    rf"(?:dự kiến )?(?:hoàn thành )?(?:vào |trong |tổ chức )?(?:{_HOUR})?(?:vào |trong )?ngày {WEEKDAY}(?P<day>{DATE})"
    rf"|(?P<bare>(?:vào|trong|dự kiến) {DATE})",
    "ngày", "vào", "trong", "dự kiến",
)  # fmt: skip
def _on_day(match: re.Match[str], context: _Context) -> Iterator[Phrase]:
    """The day of an event."""
    text = match["day"] or match["bare"].removeprefix("vào ").removeprefix("trong ").removeprefix("dự kiến ")
    for phrase in _within(match, context, text):
        if match["day"] is None or phrase.due is not None:
            yield phrase


@_rule(rf"(?:^|[:;,(]|hoàn thành|xong)\W{{0,5}}(?P<all>{DATE})(?!\s?[-–/.]\s?\d)", "/", ".", "-", "tháng")
def _day_of_label(match: re.Match[str], context: _Context) -> Iterator[Phrase]:
    """A day as the value of a label or of a column of times, with no word before it."""
    if context.in_label(match.start("all")):
        yield from _within(match, context, match["all"])


@_rule(
    rf"(?P<word>(?:hoàn thành |xong |thực hiện |dự kiến )?(?:trong |vào |từ )?)(?P<point>{MONTH}"
rf"|{QUARTER})(?P<more>(?:, (?:tháng )?\d{{1,2}}(?!\d)(?:/{YEAR})?)*)",
    "tháng", "quý", "quí",
)  # fmt: skip
def _in_period(match: re.Match[str], context: _Context) -> Iterator[Phrase]:
    """Inside a month or quarter. Without a year it needs a word before it, or to be the value of a label."""
    point = read_point(match["point"])
    start = match.start()
    for lead in ("hoàn thành ", "xong ", "thực hiện ", "dự kiến ", "từ "):
        if context.text.startswith(lead, start):
            start += len(lead)
    has_word = bool(match["word"].strip())
    if point is None or not (
        point.year or has_word or context.in_label(match.start()) or _in_brackets(match, context)
    ):
        return
    end = match.end("point")
    for phrase in _within(match, context, match["point"]):
        yield replace(phrase, start=start, end=end)


def _in_brackets(match: re.Match[str], context: _Context) -> bool:
    """Say whether the match fills a pair of brackets: "(tháng 3)"."""
    before, after = (
        context.text[max(0, match.start() - 3) : match.start()].rstrip(),
        context.text[match.end() : match.end() + 1],
    )
    return before.endswith("(") and after == ")"


@_rule(
    rf"(?:(?P<word>hoàn thành trong|hoàn thành vào|xong trong|ngay trong|chậm nhất trong|trong|vào"
    rf"|thực hiện|ngay) )?(?P<year>{YEAR_POINT})",
    "năm ",
)
def _in_year(match: re.Match[str], context: _Context) -> Iterator[Phrase]:
    """Inside a year, where a preposition binds it; "nhiệm vụ năm 2020" names a task."""
    if not match["word"] and not (
        context.in_label(match.start())
        and not re.search(r"\w\w $", context.text[max(0, match.start() - 3) : match.start()])
    ):
        return
    if match["word"] in {"thực hiện", "ngay"}:
        return
    start = match.start() + (match["word"] or "").find("trong") if "trong" in (match["word"] or "") else match.start()
    for phrase in _within(match, context, match["year"]):
        if phrase.due and not _reviewed(phrase.due, context):
            yield replace(phrase, start=start)


def _reviewed(due: dt.date, context: _Context) -> bool:
    """Say whether `due` ends a year before the period: a year under review."""
    return context.frame.first is not None and due.year < context.frame.first


@_rule(r"(?:hoàn thành|xong|thực hiện xong)(?: ngay)? (?P<all>trong năm)(?: nay)?(?! (?:\d|học|sau|qua))", "trong năm")
def _this_year(match: re.Match[str], context: _Context) -> Iterator[Phrase]:
    """Done within the year of the plan."""
    year, doubt = context.frame.year_for(Point(month=12))
    if year:
        since, due = dt.date(year, 1, 1), dt.date(year, 12, 31)
        yield _phrase(match, ScheduleKind.WITHIN_YEAR, since=since, due=due, year_inferred=True, doubt=doubt)


@_rule(rf"giai đoạn (?P<from>{YEAR})\s?[-–]\s?(?P<until>{YEAR})", "giai đoạn")
def _stage(match: re.Match[str], context: _Context) -> Iterator[Phrase]:
    """A stage of several years is a time only as the value of a label."""
    if context.in_label(match.start()):
        since, due = dt.date(int(match["from"]), 1, 1), dt.date(int(match["until"]), 12, 31)
        if since <= due:
            yield _phrase(match, ScheduleKind.BETWEEN, since=since, due=due)


# Recurrence

_EVERY = r"(?:hàng|hằng|mỗi|từng)"
_ITEM = (
    rf"(?:(?:{_EVERY} )?(?:ngày|tuần|tháng|quý|quí|năm)|0?6 tháng|(?:01|1|một) năm|sáu tháng)(?!\w)"
    rf"(?! (?:đầu|cuối) năm)"
)


_COUNTS = {"một": 1, "hai": 2, "ba": 3, "bốn": 4}


@_rule(
    r"(?P<count>\d{1,2}|một|hai|ba|bốn) lần\s?(?:/\s?|(?:trong )?(?:một|1|01|mỗi|hàng|hằng) |trên )"
r"(?:01 |1 )?(?P<unit>ngày|tuần|tháng|quý|quí|năm)\b"
    r"|(?:mỗi|một|1|01) (?P<unit2>tuần|tháng|quý|quí|năm)(?: tổ chức| họp| báo cáo| kiểm tra| có)? "
r"(?:ít nhất |tối thiểu )?(?:là )?(?P<count2>\d{1,2}|một|hai|ba|bốn) (?:lần|kỳ|đợt)\b"
    r"|(?P<every>\d{1,2}|một|hai|ba|sáu) (?P<unit3>tuần|tháng|năm)(?: ?/ ?| một | 1 | 01 )(?:1 |01 )?lần\b",
    "lần", "kỳ", "đợt",
)  # fmt: skip
def _times(match: re.Match[str], _context: _Context) -> Iterator[Phrase]:
    """So many times in a period, or once in so many periods."""
    unit = match["unit"] or match["unit2"] or match["unit3"]
    base = _PERIOD_RULES[unit]
    if match["every"]:
        every = _COUNTS.get(match["every"]) or (6 if match["every"] == "sáu" else int(match["every"]))
        rule = base if every <= 1 else f"{base};INTERVAL={every}"
    else:
        text = match["count"] or match["count2"]
        count = _COUNTS.get(text) or int(text)
        months = {"năm": 12, "quý": 3, "quí": 3}.get(unit, 0)
        even = count > 1 and months and months % count == 0
        rule = f"FREQ=MONTHLY;INTERVAL={months // count}" if even else base
        rule = rule.removesuffix(";INTERVAL=1")
    yield _phrase(match, ScheduleKind.RECURRING, rule=rule)


@_rule(
    rf"(?:(?P<word>định kỳ(?: (?:vào|theo))?) (?:\()?)?(?P<list>{_ITEM}(?:(?:, | và | hoặc |, và |/ ?"
rf"| hay )(?:cả |định kỳ )?{_ITEM}){{0,4}})(?: một lần| 1 lần| 01 lần|/lần|/ lần)?",
    "tháng", "năm", "quý", "quí", "tuần", "ngày",
)  # fmt: skip
def _periodic(match: re.Match[str], context: _Context) -> Iterator[Phrase]:
    """Each period of a list: "định kỳ hàng quý, 6 tháng và năm" obliges three times over."""
    if not _recurs(match, context):
        return
    seen: list[str] = []
    for text in re.split(r",? (?:và|hoặc|hay) |, ?|/ ?", match["list"]):
        words = text.removeprefix("cả ").removeprefix("định kỳ ")
        rule = _period_rule(words)
        if rule and rule not in seen:
            seen.append(rule)
            yield _phrase(match, ScheduleKind.RECURRING, rule=rule)


def _period_rule(words: str) -> str | None:
    if re.match(r"(?:0?6|sáu) tháng", words):
        return _HALF_YEARLY
    unit = words.rsplit(maxsplit=1)[-1] if words.split() else ""
    return _PERIOD_RULES.get(unit)


def _recurs(match: re.Match[str], context: _Context) -> bool:
    """Say whether a list of periods is a recurrence rather than a length or a name."""
    words = match["list"]
    after = context.text[match.end() : match.end() + 30]
    if match["word"] or match.group().endswith("lần"):
        return bool(match["word"]) or bool(re.match(_EVERY, words)) or words[0] in "06s"
    before = context.text[max(0, match.start() - 30) : match.start()]
    if re.match(r"(?:hàng|hằng) ", words):
        return not re.search(r"theo (?:kế hoạch|chương trình)(?: \w{1,20}){0,3} $", before) and not re.match(
            r" (?:nghìn|trăm|chục|triệu)", after
        )
    if re.match(r"mỗi (?:tuần|tháng|quý|quí|năm)", words):
        return True
    several = re.split(r",? (?:và|hoặc) |, ?", words)
    if words.startswith(("6", "06", "sáu")) and len(several) > 1:
        return not re.search(r"(?:trong|sau|được|hơn|từ|đủ|qua) $", before)
    return (
        words.startswith(("6", "06", "sáu"))
        and bool(re.search(r"(?:báo cáo|sơ kết|đánh giá|họp)(?: \w{1,20}){0,2} $", before))
        and not re.match(
            r" (?:đầu|cuối|năm|(?:trước|chậm nhất|muộn nhất|vào|đến|xong) )", after
        )  # that day is the time
    )


@_rule(
    r"(?:mỗi|một|01|1) năm(?=,? (?:tối thiểu|ít nhất|có ít nhất|có tối thiểu|tổ chức|phải|mỗi))|"
    r"(?<=\d )(?:ngày|buổi|lớp|cuộc|đợt|chuyến)/năm",
    "năm",
)
def _a_year(match: re.Match[str], _context: _Context) -> Iterator[Phrase]:
    """ "1 năm tối thiểu …": once a year."""
    yield _phrase(match, ScheduleKind.RECURRING, rule=_YEARLY)


@_rule(r"(?:, |và |hoặc )?(?P<all>đột xuất(?: (?:khi|nếu|theo) [^.;,()]{1,80})?)", "đột xuất")
def _ad_hoc(match: re.Match[str], context: _Context) -> Iterator[Phrase]:
    """Besides what is periodic: when asked."""
    before = context.text[max(0, match.start() - 12) : match.start("all")]
    if re.search(r"(?:kiểm tra|vụ việc|tình huống|sự cố|nhiệm vụ|phát sinh)[, ]*$", before):
        return
    words = context.original[slice(*match.span("all"))].split()
    yield _phrase(match, ScheduleKind.AS_DIRECTED, anchor=_anchor(" ".join(words[2:])) or None)


@_rule(r"định kỳ, lồng ghép trong báo cáo (?:công tác )?năm\b", "báo cáo")
def _with_yearly_report(match: re.Match[str], _context: _Context) -> Iterator[Phrase]:
    """Periodic, as part of the yearly report."""
    yield Phrase(
        match.start(), match.start() + len("định kỳ"), ScheduleKind.RECURRING, rule=_YEARLY, anchor="báo cáo năm"
    )


@_rule(r"\bđịnh kỳ\b", "định kỳ")
def _unspecified(match: re.Match[str], _context: _Context) -> Iterator[Phrase]:
    """Recurs, nobody says how often."""
    yield _phrase(match, ScheduleKind.RECURRING, doubt=NO_PERIOD)


# Bound to an event


@_rule(r"(?:trong|tại|vào) (?:kỳ|phiên|cuộc|buổi) họp [^.;,()]{0,80}? ?(?:gần nhất|tiếp theo|kế tiếp|liền kề)", "họp")
def _next_meeting(match: re.Match[str], context: _Context) -> Iterator[Phrase]:
    """At the nearest meeting of a body."""
    yield _phrase(
        match, ScheduleKind.RELATIVE, anchor=_anchor(context.original[match.start() : match.end()].split(" ", 1)[1])
    )


@_rule(
    r"từ khi [^.;,()]{3,100}? (?:đến|cho đến) khi [^.;,()]{3,100}|từ (?:ngày|khi) (?:thành lập"
    r"|bắt đầu|triển khai)[^.;,()]{0,80}? (?:đến|cho đến) (?:ngày|khi) (?:kết thúc"
    r"|hoàn thành)[^.;,()]{0,80}",
    "từ",
)
def _between_events(match: re.Match[str], context: _Context) -> Iterator[Phrase]:
    """From one event to another."""
    yield _phrase(match, ScheduleKind.RELATIVE, anchor=_anchor(context.original[match.start() : match.end()]))


_UP_TO_CLAUSE = r"[^.;,()\n]{2,150}?(?=[.;,()]|$| (?:thì|phải|cần|có báo cáo|tiến hành báo cáo|để) )"


@_rule(
    rf"(?P<all>trước khi {_UP_TO_CLAUSE})|(?P<after>(?:ngay )?sau (?:khi|mỗi(?! (?:người|cá nhân))) {_UP_TO_CLAUSE})"
    rf"|(?P<now>ngay (?:sau|khi)(?! đó| này) {_UP_TO_CLAUSE})|(?P<end>(?:ngay )?khi kết thúc {_UP_TO_CLAUSE})",
    "khi", "sau", "ngay",
)  # fmt: skip
def _event(match: re.Match[str], context: _Context) -> Iterator[Phrase]:
    """Before or after an event, no amount stated. An enumeration belongs to the event."""
    end = _enumeration_end(context.text, match.end()) if match["after"] else match.end()
    words = context.original[match.start() : end]
    anchor = re.sub(r"^(?:ngay )?(?:trước khi|sau khi|sau mỗi|ngay khi|sau|khi) ", "", words, flags=re.IGNORECASE)
    yield Phrase(match.start(), end, ScheduleKind.RELATIVE, anchor=_anchor(anchor))


_ENUMERATED = re.compile(r"(?:, [^.;,()]{2,40}?){1,5}?(?= có |, (?:phải|tiến hành)|[.;)])")


def _enumeration_end(text: str, start: int) -> int:
    """Return where an enumeration that continues at `start` ends: "sau mỗi đợt kiểm tra, khảo sát có báo cáo"."""
    match = _ENUMERATED.match(text, start)
    return match.end() if match and text[match.end() : match.end() + 4] == " có " else start


@_rule(
    r"\b(?:báo cáo|chuyển|khắc phục|thực hiện|triển khai|xử lý|thông báo|phản ánh|gửi|chấn chỉnh) "
    r"(?P<all>ngay)\b(?! (?:từ|trong|tại|cả|sau|khi|trên|các|những|lập|thẳng))",
    "ngay",
)
def _at_once(match: re.Match[str], _context: _Context) -> Iterator[Phrase]:
    """At once, no number."""
    yield Phrase(match.start(), match.end(), ScheduleKind.RELATIVE)


# By somebody's word

_WORD_OF = r"(?: [^\s.;:,()]{1,25}){0,26}?(?:(?:, | và )[^.;:,()]{2,60}){0,3}?(?=[.;:)]|$| để | và báo cáo|,)"


@_rule(
    rf"(?:thực hiện |tiến hành )?(?P<all>theo (?:đúng )?chỉ đạo của{_WORD_OF})|(?P<plan>theo kế hoạch"
    rf"(?:, [^.;:,()]{{2,40}}){{0,2}} của{_WORD_OF})"
    rf"|(?P<pace>theo (?:đúng )?(?:tiến độ|lộ trình)(?: (?:của|do|đã|được){_WORD_OF}|(?=[.;,)]|$)))"
    rf"|(?P<guide>theo hướng dẫn của{_WORD_OF})",
    "theo",
)
def _as_directed(match: re.Match[str], context: _Context) -> Iterator[Phrase]:
    """When and how a higher body says. A capital names a document: "theo Kế hoạch số 12"."""
    group = next(name for name in ("all", "plan", "pace", "guide") if match[name])
    start, end = match.span(group)
    words = context.original[start:end].split()
    if any(w[:1].isupper() for w in words[1:3]) and group in {"plan", "guide"}:
        return
    if group == "pace" and re.search(
        r"(?:đảm bảo|bảo đảm|đúng|kiểm tra|theo dõi) $", context.text[max(0, start - 12) : start]
    ):
        return
    yield Phrase(start, end, ScheduleKind.AS_DIRECTED, anchor=_anchor(" ".join(words[1:])))


@_rule(
    rf"(?P<all>căn cứ (?:vào )?(?:sự )?(?:chỉ đạo|hướng dẫn|chương trình|kế hoạch|hoạt động|lịch"
rf"|tiến độ){_WORD_OF})|(?P<bare>theo kế hoạch)(?=[.;,)]| và |$)"
    rf"|(?P<asked>khi (?:có|được|nhận được) (?:yêu cầu|đề nghị|thông báo|chỉ đạo|văn bản)[^.;,()]{{0,60}})"
    r"|(?P<wish>theo (?:yêu cầu(?! (?:nhiệm vụ|công việc|thực tế|thực tiễn|phát triển))|đề nghị)"
r"(?= của|[.;,)]|$| khi)(?: của[^.;,()]{2,60})?)|(?P<need>khi cần(?: thiết)?)\b",
    "căn cứ", "theo", "khi",
)  # fmt: skip
def _on_request(match: re.Match[str], context: _Context) -> Iterator[Phrase]:
    """By a plan of somebody else, or when asked."""
    words = context.original[match.start() : match.end()].split()
    if match["all"] and (words[0][:1].isupper() or words[2][:1].isupper()):
        return  # the basis of a task, not its time
    if match["bare"] and (
        words[1][:1].isupper()
        or re.search(
            r"(?:tiến độ|đúng|đảm bảo|bảo đảm|chỉ tiêu) $", context.text[max(0, match.start() - 12) : match.start()]
        )
    ):
        return
    first = 2 if match["all"] else 1
    yield _phrase(match, ScheduleKind.AS_DIRECTED, anchor=_anchor(" ".join(words[first:])))


# Without end


@_rule(r"\bthường xuyên(?:, liên tục)?\b", "thường xuyên")
def _ongoing(match: re.Match[str], _context: _Context) -> Iterator[Phrase]:
    """All the time."""
    yield _phrase(match, ScheduleKind.ONGOING)


@_rule(
    r"(?:^|[.;:] )(?P<all>kịp thời) (?=báo cáo|phản ánh|thông tin|tham mưu|tổng hợp|đề xuất|xử lý"
    r"|phát hiện|tháo gỡ|biểu dương)",
    "kịp thời",
)
def _promptly(match: re.Match[str], _context: _Context) -> Iterator[Phrase]:
    """Promptly, where it opens the sentence; elsewhere it is manner."""
    yield _phrase(match, ScheduleKind.ONGOING)


@_rule(
    r"(?:trong |suốt )(?:suốt )?quá trình (?:tổ chức |triển khai )?(?:thực hiện|tổ chức|triển khai)\b"
    r"|(?:^|[.;:] )(?P<all>quá trình (?:tổ chức |triển khai )?thực hiện) (?=có|phải|cần|nếu|thường"
    r"|kịp|chú)",
    "quá trình",
)
def _throughout(match: re.Match[str], context: _Context) -> Iterator[Phrase]:
    """While it is carried out."""
    start, end = match.span("all") if match["all"] else match.span()
    yield Phrase(start, end, ScheduleKind.ONGOING)
    _ = context


def _unrepeated(found: list[Phrase], text: str) -> list[Phrase]:
    """Return `found` without a "trong quá trình thực hiện" that repeats another standing time of its sentence."""
    kept = []
    for phrase in found:
        if "quá trình" in text[phrase.start : phrase.end] and phrase.kind is ScheduleKind.ONGOING:
            begin = max(text.rfind(mark, 0, phrase.start) for mark in (". ", "; "))
            ends = [i for i in (text.find(mark, phrase.end) for mark in (". ", "; ")) if i >= 0]
            end = min(ends, default=len(text))
            if any(p is not phrase and p.kind is ScheduleKind.ONGOING and begin < p.start < end for p in found):
                continue
        kept.append(phrase)
    return kept


_QUANTITY = re.compile(r"(?:^|\s)(?:\d{1,3}|một|hai|ba|bốn) (?:[^\s.;:()\d]{1,12} ){1,6}$")


def _without_rates(found: list[Phrase], text: str) -> list[Phrase]:
    """Return `found` without a rate ("02 bài mỗi tháng") where the text names the day in the same period too."""
    days = {p.rule.partition(";BY")[0] for p in found if p.rule and ";BY" in p.rule}
    return [p for p in found if p.rule not in days or not _QUANTITY.search(text, max(0, p.start - 60), p.start)]
