"""From one point to another, lists of points, parts of a year, and times with an open end."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from plans.reading.drafts import ScheduleKind
from plans.reading.phrases.base import (
    DASHED,
    LISTED,
    NOT_A_DATE,
    ROUGH,
    Context,
    Phrase,
    Rules,
    dated,
    graver,
    phrase,
    until,
    within,
)
from plans.reading.time_points import (
    CLOCK,
    DATE,
    MONTH,
    MONTHS_A_YEAR,
    QUARTER,
    WEEKDAY,
    YEAR,
    YEAR_POINT,
    Point,
    read_point,
)
from plans.reading.words import opening

RANGES = Rules()

_POINT = rf"(?:(?:ngày )?{WEEKDAY}{DATE}|{MONTH}|{QUARTER}|{YEAR_POINT})"
_SHORT_POINT = rf"(?:{_POINT}|ngày \d{{1,2}}\b|(?:tháng )?\d{{1,2}}\b|{YEAR}\b|(?:iv|i{{1,3}})\b)"
_TO = r"(?: ?[-–] ?|,? (?:đến|tới|(?:và )?kết thúc)(?: hết| vào)?(?: ngày)? )"
_ROMAN = r"(?:iv|i{1,3}|[1-4])"
_TAIL = rf"(?:[/-]{YEAR}|,? (?:của )?năm {YEAR})"
_NEXT_YEAR = r" năm (?:sau|tới|kế tiếp|tiếp theo)"


def _span(
    match: re.Match[str], context: Context, first: Point | None, last: Point | None, *, doubt: str = ""
) -> Iterator[Phrase]:
    """Yield the phrase from the first day of `first` to the last day of `last`; a missing year is the other's."""
    if first is None or last is None:
        return
    last, inferred, year_doubt = dated(
        last if last.year or not first.year else last.in_year(first.year), match, context
    )
    if first.year is None:
        first = first.in_year(last.year)
        begin, end = first.first(), last.first()
        if begin and end and begin > end and last.year:
            first = replace(first, year=last.year - 1)
    since, due = first.first(), last.last()
    if due is None:
        yield phrase(match, ScheduleKind.BETWEEN, doubt=year_doubt or NOT_A_DATE)
    elif (since is None or since <= due) and not context.frame.is_past(due):
        yield phrase(
            match, ScheduleKind.BETWEEN, since=since, due=due, year_inferred=inferred, doubt=graver(year_doubt, doubt)
        )


def _completed(text: str, last: Point | None) -> Point | None:
    """Return the first point of a range: "ngày 17" before "19/11/2021" is 17 November 2021."""
    words = text.strip().removeprefix("ngày").strip()
    words = words.removeprefix("tháng").strip() if text.strip().startswith("tháng") else words
    if last is not None and words in {"i", "ii", "iii", "iv"}:
        return read_point(f"quý {words}")
    if words.isdigit() and len(words) <= 2 and last is not None:  # noqa: PLR2004 - a day or month
        if last.day and not text.strip().startswith("tháng"):
            return Point(last.year, last.month, int(words))
        return Point(last.year, int(words)) if 1 <= int(words) <= MONTHS_A_YEAR else None
    return read_point(text)


@RANGES.add(
    rf"(?:trong )?(?:khoảng )?(?:thời gian )?từ (?P<from>{YEAR_POINT}) (?:đến|tới) (?P<until>{YEAR_POINT}) "
    r"và (?:(?:các|những) năm )?tiếp theo",
    "tiếp theo",
)
def _range_and_on(match: re.Match[str], context: Context) -> Iterator[Phrase]:
    """A range of years that goes on after its end."""
    yield from _open(match, context, match["from"])


@RANGES.add(rf"từ (?:lúc )?{CLOCK} (?:đến|tới|-) {CLOCK},? (?:ngày )?{WEEKDAY}(?P<day>{DATE})", "từ")
def _hours_of_a_day(match: re.Match[str], context: Context) -> Iterator[Phrase]:
    """Hours of one day."""
    yield from within(match, context, read_point(match["day"]))


@RANGES.add(
    rf"từ (?P<from>{MONTH})(?: năm nay)?(?:{_TO})(?P<until>tháng \d{{1,2}}){_NEXT_YEAR}",
    "năm sau", "năm tới", "năm kế tiếp", "năm tiếp theo",
)  # fmt: skip
def _into_next_year(match: re.Match[str], context: Context) -> Iterator[Phrase]:
    """ "từ tháng 11 đến tháng 02 năm sau"."""
    first, last = read_point(match["from"]), read_point(match["until"])
    if first is None or last is None:
        return
    first, inferred, doubt = dated(first, match, context)
    last = last.in_year(first.year + 1 if first.year else None)
    for found in _span(match, context, first, last, doubt=doubt):
        yield replace(found, year_inferred=inferred)


@RANGES.add(
    rf"(?:(?:trong )?(?:khoảng )?(?:thời gian )?(?:thực hiện )?(?:bắt đầu )?từ|trong) (?:{CLOCK},? )?"
    rf"(?P<from>{_SHORT_POINT}){_TO}(?:{CLOCK},? )?(?:ngày )?(?P<until>{_POINT})",
    "từ", "trong",
    starts=opening("trong ", "khoảng ", "thời gian ", "thực hiện ", "bắt đầu ", "từ "),
)  # fmt: skip
@RANGES.add(
    rf"(?:ngày )?(?<![\d/])(?P<from>\d{{1,2}}(?:\s?/\s?\d{{1,2}}(?:\s?/\s?{YEAR})?)?)\s?[-–]\s?"
    rf"(?P<until>\d{{1,2}}\s?/\s?\d{{1,2}}\s?/\s?{YEAR})\b",
    "-", "–",
    gate=DASHED,
)  # fmt: skip
def _between(match: re.Match[str], context: Context) -> Iterator[Phrase]:
    """From one point to another; what the first leaves out it shares with the second."""
    last = read_point(match["until"])
    yield from _span(match, context, _completed(match["from"], last), last)


# Lists of days, months and quarters


@RANGES.add(
    rf"(?:(?:trong|vào)(?: 0?\d)? )?(?<!trước )(?<!nhất )(?<!đến )(?<!hết )(?:các )?ngày "
    rf"(?P<list>\d{{1,2}}(?:, ?\d{{1,2}}){{0,3}})(?:,|,? và|,? ngày|,? và ngày) (?P<until>{DATE})",
    "ngày",
    gate=LISTED,
)
def _days(match: re.Match[str], context: Context) -> Iterator[Phrase]:
    """ "ngày 17 và 18/5/2025": days that follow each other are one range, others one each."""
    last = read_point(match["until"])
    if last is None or not last.day:
        return
    days = [*(int(d) for d in re.findall(r"\d+", match["list"])), last.day]
    if days == list(range(days[0], days[-1] + 1)):
        yield from _span(match, context, Point(last.year, last.month, days[0]), last)
        return
    for day in days:
        yield from within(match, context, Point(last.year, last.month, day))


@RANGES.add(
    rf"(?:vào )?(?<!trước )(?<!nhất )(?<!đến )(?<!hết )(?:các )?ngày (?P<list>(?:{DATE})(?:(?:,|,? và) (?:ngày"
    rf" )?(?:{DATE})){{1,3}})",
    "ngày",
    gate=LISTED,
)
def _dates(match: re.Match[str], context: Context) -> Iterator[Phrase]:
    """ "ngày 15/5 và 20/10/2025": each day."""
    for text in re.findall(DATE, match["list"]):
        yield from within(match, context, read_point(text))


@RANGES.add(r"^\W{0,5}(?P<all>(?:trong |dịp )?(?:mùa )?hè(?: năm)? (?P<year>20\d{2}))(?=\W{0,5}$)", "hè")
def _summer(match: re.Match[str], context: Context) -> Iterator[Phrase]:
    """The value "Hè 2025" of a label: the months without school."""
    if context.is_label:
        year = int(match["year"])
        yield from _span(match, context, Point(year, 6), Point(year, 8), doubt=ROUGH)


@RANGES.add(
    rf"(?:từ )?(?P<from>tháng (?:1[0-2]|0?[1-9])(?:/{YEAR})?)(?:\s?[-–]\s?| (?:đến|tới)(?: hết)? )"
    rf"(?P<until>(?:tháng )?(?:1[0-2]|0?[1-9])(?:{_TAIL})?)(?![\d/]| (?:năm|tháng|ngày|giờ|lần)\b)",
    "tháng",
    starts=opening("từ ", "tháng "),
)
def _months_to(match: re.Match[str], context: Context) -> Iterator[Phrase]:
    """ "tháng 9 - 11/2025"; without a year it needs to be the value of a label."""
    last = read_point(f"tháng {match['until'].removeprefix('tháng ')}")
    if match["until"][-5:-4] in "/m" or re.search(YEAR, match["until"]) or _may_lack_year(match, context):
        yield from _span(match, context, read_point(match["from"]), last)


@RANGES.add(
    rf"(?P<word>(?:trong|vào|hoàn thành|từ) )?(?P<list>tháng (?:1[0-2]|0?[1-9])(?:/{YEAR})?(?:(?:,|,? và) (?:tháng )?"
    rf"(?:1[0-2]|0?[1-9])(?:/{YEAR})?(?![\d/%]| ?(?:ngày|lớp|đợt|cuộc|buổi|xã|huyện|đơn vị))){{1,11}})"
    rf"(?P<year>,? năm {YEAR})?(?! (?:hàng|hằng) năm|[\d/])",
    "tháng",
    starts=opening("trong ", "vào ", "hoàn thành ", "từ ", "tháng "),
)
@RANGES.add(
    rf"(?P<word>(?:trong|vào|hoàn thành|từ) )?(?P<list>qu[ýí] {_ROMAN}(?:[/-]{YEAR}| năm {YEAR})?(?:(?:\s?[-–,]\s?"
    rf"|,? và "
    rf"|, | (?:đến|tới)(?: hết)? )(?:qu[ýí] )?{_ROMAN}(?:[/-]{YEAR}| năm {YEAR})?\b){{1,3}})(?P<year>,? năm"
    rf" {YEAR})?(?! (?:hàng|hằng) năm)",
    "quý", "quí",
    starts=opening("trong ", "vào ", "hoàn thành ", "từ ", "quý ", "quí "),
)  # fmt: skip
def _list(match: re.Match[str], context: Context) -> Iterator[Phrase]:
    """Months or quarters one after the other are a range; others are one each."""
    unit = "tháng" if match["list"].startswith("tháng") else "quý"
    points = _listed(match["list"], unit, match["year"])
    if len(points) < 2 or not (points[-1].year or match["word"] or _may_lack_year(match, context)):  # noqa: PLR2004
        return
    numbers = [(p.year or 0) * 12 + (p.month or (p.quarter or 0) * 3) for p in points]
    step = 1 if unit == "tháng" else 3
    follow = all(b - a == step for a, b in pairwise(numbers))
    if follow or (len(points) == 2 and re.search(r"[-–](?!\d{4})| (?:đến|tới) ", match["list"])):  # noqa: PLR2004
        yield from _span(match, context, points[0], points[-1])
        return
    for point in points:
        yield from within(match, context, point)


_BETWEEN_POINTS = re.compile(rf"\s?[–,]\s?|\s?-(?!{YEAR})\s?|,? và | (?:đến|tới)(?: hết)? ")


def _listed(text: str, unit: str, tail: str | None) -> Sequence[Point]:
    """Return the points of a list; a year holds for what stands before it."""
    found = [
        point
        for item in _BETWEEN_POINTS.split(text)
        if (point := read_point(f"{unit} {item.strip().removeprefix(unit).removeprefix('quí').strip()}"))
    ]
    year = int(re.findall(YEAR, tail)[0]) if tail else None
    for index in range(len(found) - 1, -1, -1):
        year = found[index].year or year
        found[index] = found[index].in_year(year)
    return found


def _may_lack_year(match: re.Match[str], context: Context) -> bool:
    """Say whether the match is a value of its own: of a label, or in brackets."""
    brackets = context.before(match.start(), 1) == "(" and context.after(match.end(), 1) == ")"
    return brackets or context.in_label(match.start()) or match.group().startswith("từ ")


@RANGES.add(
    rf"^\W{{0,5}}(?P<all>(?:các )?(?:năm )?(?P<from>{YEAR})(?:\s?[-–]\s?|, | (?:và|đến)(?: năm)? )(?P<until>{YEAR}))"
    r"(?=\W{0,5}$)",
    "20",
)
def _label_years(match: re.Match[str], context: Context) -> Iterator[Phrase]:
    """The value "2026 - 2030" of a label."""
    if context.is_label:
        yield from _span(match, context, Point(int(match["from"])), Point(int(match["until"])))


# From the day of issue


@RANGES.add(r"từ nay (?:cho )?(?:đến|tới) (?:hết |cuối |trước )?(?:ngày )?(?P<until>" + _POINT + r")", "từ nay")
def _from_now(match: re.Match[str], context: Context) -> Iterator[Phrase]:
    """From the day of issue to a point."""
    exclusive = " trước " in match.group()
    for found in until(match, context, match["until"], exclusive=exclusive):
        yield replace(found, kind=ScheduleKind.BETWEEN, since=context.frame.issued)


@RANGES.add(r"từ nay (?:cho )?(?:đến|tới) (?:hết |cuối )năm(?! \d)(?: nay)?", "từ nay")
def _from_now_to_year_end(match: re.Match[str], context: Context) -> Iterator[Phrase]:
    """From the day of issue to the end of the year of the plan."""
    year, doubt = context.frame.year_for(Point(month=12))
    if year:
        yield phrase(
            match, ScheduleKind.BETWEEN, since=context.frame.issued, due=dt.date(year, 12, 31), year_inferred=True,
            doubt=doubt,
        )  # fmt: skip


# Parts of a year or month

_DONE_BEFORE = re.compile(
    r"(?:hoàn thành|xong|phấn đấu|tổ chức|thực hiện|triển khai|khởi công|kết thúc)(?: ngay| xong)? $"
)
_PAST = re.compile(r"\b(?:đã|đạt|so với|cùng kỳ|giảm|tăng|kết quả|tình hình|ước|xảy ra|vừa qua)\b")
_DONE_AFTER = re.compile(
    r",? (?:phải |phấn đấu |cơ bản |các \S{1,12} )?(?:hoàn thành|thực hiện xong|xong|tổ chức xong)\b"
)


@RANGES.add(
    rf"(?:trong )?(?P<count>0?[2-9]|sáu|chín) tháng (?P<which>đầu|cuối) năm(?: (?P<year>{YEAR})\b)?(?! học| trước)",
    "tháng đầu năm", "tháng cuối năm",
)  # fmt: skip
@RANGES.add(rf"(?:trong )?nửa (?P<which>đầu|cuối) năm(?: (?P<year>{YEAR})\b)?(?! học| trước)", "nửa đầu", "nửa cuối")
def _months_of_year(match: re.Match[str], context: Context) -> Iterator[Phrase]:
    """ "trong 6 tháng đầu năm hoàn thành" binds; "6 tháng đầu năm đạt" counts what was."""
    clause = context.clause(match.start())
    told = (
        (match["which"] == "cuối" or clause.strip())
        and match.group().startswith("trong ")
        and not _PAST.search(clause + context.after(match.end()))
    )
    bound = (
        told
        or context.in_label(match.start())
        or (_DONE_BEFORE.search(context.before(match.start())) or _DONE_AFTER.match(context.text, match.end()))
    )
    if not bound:
        return
    count = (match["count"] or "6") if "count" in match.re.groupindex else "6"
    months = {"sáu": 6, "chín": 9}.get(count) or int(count)
    first, last = (1, months) if match["which"] == "đầu" else (MONTHS_A_YEAR + 1 - months, MONTHS_A_YEAR)
    year = int(match["year"]) if match["year"] else None
    yield from _span(match, context, Point(year, first), Point(year, last))


RANGES.trap(rf"\b(?:\d{{1,2}} )?tháng (?:đầu|cuối) năm\b(?: {YEAR}\b)?(?! trước)", "đầu năm", "cuối năm")

_TENS = {"thượng": (1, 10), "trung": (11, 20), "hạ": (21, 31)}


@RANGES.add(
    rf"(?:trong |vào )?(?:(?P<days>\d{{1,2}}) ngày (?P<side>đầu|cuối)(?: của)?|(?P<ten>thượng|trung|hạ) tuần"
    rf"|nửa (?P<half>đầu|cuối)|tuần (?:lễ )?(?:thứ )?(?P<week>đầu(?: tiên)?|cuối(?: cùng)?|[1-4]|nhất|hai|ba|tư)"
    rf"(?: của)?) (?P<month>{MONTH})(?! hàng| hằng)",
    "đầu", "cuối", "tuần",
)  # fmt: skip
def _part_of_month(match: re.Match[str], context: Context) -> Iterator[Phrase]:
    """Days of a month that words count: its first ten days, its second week, its second half."""
    point = read_point(match["month"])
    if point is None or not point.month:
        return
    point, _inferred, _doubt = dated(point, match, context)
    whole = point.last()
    first, last = _days_of_month(match, whole.day if whole else 31)
    doubt = ROUGH if match["week"] else ""
    last = min(last, whole.day) if whole else last
    yield from _span(match, context, replace(point, day=first), replace(point, day=last), doubt=doubt)


def _days_of_month(match: re.Match[str], length: int) -> tuple[int, int]:
    """Return the first and the last day a match of `_part_of_month` means in a month of `length` days."""
    if match["days"]:
        count = max(1, min(int(match["days"]), length))
        return (1, count) if match["side"] == "đầu" else (length + 1 - count, length)
    if match["ten"]:
        return _TENS[match["ten"]]
    if match["half"]:
        return (1, 15) if match["half"] == "đầu" else (16, length)
    if match["week"].startswith("cuối"):
        return length - 6, length
    number = {"nhất": 1, "hai": 2, "ba": 3, "tư": 4, "1": 1, "2": 2, "3": 3, "4": 4}.get(match["week"], 1)
    return 7 * number - 6, 7 * number


# Open ends


def _open(match: re.Match[str], context: Context, text: str) -> Iterator[Phrase]:
    point = read_point(text)
    if point is None:
        return
    point, inferred, doubt = dated(point, match, context)
    yield phrase(match, ScheduleKind.ONGOING, since=point.first(), year_inferred=inferred, doubt=doubt)


@RANGES.add(
    rf"(?P<lead>trong |từ |thực hiện |bắt đầu )?(?P<from>{YEAR_POINT}|{QUARTER}|{MONTH}|giai đoạn"
    rf" {YEAR}\s?[-–]\s?{YEAR}"
    r"|(?<=trong )năm) và (?:(?:các|những) )?(?:năm|tháng|thời gian|giai đoạn)(?: tiếp theo| sau)",
    "tiếp theo", "sau",
)  # fmt: skip
def _and_following(match: re.Match[str], context: Context) -> Iterator[Phrase]:
    """A year and those after it. Without a word like "trong" it is part of a name."""
    if match["from"] == "năm":
        year, doubt = context.frame.year_for(Point(month=1))
        since = dt.date(year, 1, 1) if year else None
        yield phrase(match, ScheduleKind.ONGOING, since=since, year_inferred=True, doubt=doubt)
    elif match["lead"] or context.in_label(match.start()):
        text = match["from"].removeprefix("giai đoạn").strip()
        yield from _open(match, context, f"năm {text[:4]}" if text[:4].isdigit() else text)


@RANGES.add(rf"(?:^|[.;:] )\W?(?P<all>giai đoạn (?P<from>{YEAR})\s?[-–]\s?(?P<until>{YEAR}))(?=\s?:)", "giai đoạn")
def _stage_of_work(match: re.Match[str], context: Context) -> Iterator[Phrase]:
    """ "Giai đoạn 2026 - 2027: mở 20 lớp"."""
    yield from _span(match, context, Point(int(match["from"])), Point(int(match["until"])))


@RANGES.add(r"(?<![\d/])(?P<from>\d{1,2}\s?/\s?\d{1,2})\s?[-–]\s?(?P<until>\d{1,2}\s?/\s?\d{1,2})(?![\d/])", "/")
def _days_of_label(match: re.Match[str], context: Context) -> Iterator[Phrase]:
    """The value "10/6 - 31/7" of a label or of a cell."""
    if _may_lack_year(match, context):
        yield from _span(match, context, read_point(match["from"]), read_point(match["until"]))


@RANGES.add(rf"(?:kể )?từ (?:ngày )?(?P<from>{_POINT}) (?:trở đi|trở về sau)", "trở")
@RANGES.add(
    rf"(?:bắt đầu|áp dụng|triển khai|thực hiện|vận hành|duy trì|sử dụng|hoạt động)(?: \w{{1,10}}){{0,2}}?,? "
    rf"(?P<all>(?:kể )?từ (?:ngày |đầu )?(?P<from>(?:{DATE})|{MONTH}|{QUARTER}|{YEAR_POINT}))(?! (?:đến|tới)"
    rf"| ?[-–]|-)",
    "từ",
)
def _onwards(match: re.Match[str], context: Context) -> Iterator[Phrase]:
    """From a point on, without end."""
    begun = read_point(match["from"])
    if begun and begun.year and "trở" not in match.group() and context.frame.is_past(dt.date(begun.year, 12, 31)):
        return  # the past: "hoạt động từ năm 2018"
    yield from _open(match, context, match["from"])


@RANGES.add(rf"(?P<all>(?:kể )?từ (?:ngày )?(?P<from>{_POINT}))(?=[\s.;,)]*$)", "từ")
@RANGES.add(rf"(?:^|[.;:] )\W?(?P<all>từ (?P<from>{MONTH}|{QUARTER}))(?=,)", "từ")
def _from_point(match: re.Match[str], context: Context) -> Iterator[Phrase]:
    """The value "Từ 01/7/2025" of a label, or the start of a sentence: "Từ tháng 4/2025, …"."""
    if context.in_label(match.start("all")) or match.end() < len(context.text.rstrip(" .;,)")):
        yield from _open(match, context, match["from"])


RANGES.trap(rf"(?:\bsau|\b(?:kể )?từ) (?:ngày )?(?:{_POINT})", "sau", "từ")
