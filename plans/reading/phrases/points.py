"""Last days, and days, months, quarters and years inside which work is done."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace

from plans.reading.drafts import ScheduleKind
from plans.reading.phrases.base import DATED, ROUGH, Context, Phrase, Rules, dated, phrase, until, within
from plans.reading.time_points import CLOCK, DATE, MONTH, QUARTER, WEEKDAY, YEAR, YEAR_POINT, Point, read_point
from plans.reading.words import opening

OCCASIONS = Rules()  # tried before the traps, which take anniversaries
LAST_DAYS = Rules()
WITHIN = Rules()

_HOUR = rf"(?:(?:lúc )?{CLOCK},? )"


@OCCASIONS.add(rf"trước (?:dịp )(?:[^\s.;:,()\d]{{1,12}} ){{1,9}}?(?P<until>{DATE})", "trước dịp")
def _before_occasion(match: re.Match[str], context: Context) -> Iterator[Phrase]:
    """ "trước dịp Quốc tế Thiếu nhi 01/6": the day before it."""
    yield from until(match, context, match["until"], exclusive=True)


@LAST_DAYS.add(
    rf"(?:vào |đến )?trước (?:{_HOUR}(?P<hour>))?(?:ngày ?)?{WEEKDAY}(?P<until>{DATE}|{MONTH}|{QUARTER}|{YEAR_POINT})"
    rf"(?:\s?\(?(?:thứ \w{{1,20}}|chủ nhật)\)?)?(?P<more>(?:(?:,|,? và) (?:{DATE})){{0,3}})",
    "trước",
)
def _before(match: re.Match[str], context: Context) -> Iterator[Phrase]:
    """ "trước ngày X" excludes X; with an hour X itself is the last day."""
    for text in (match["until"], *re.findall(DATE, match["more"])):
        yield from until(match, context, text, exclusive=match["hour"] is None)


@LAST_DAYS.add(
    rf"(?:chậm nhất|muộn nhất|hạn cuối(?: cùng)?|hạn chót|thời hạn|hạn)(?: là| vào| đến| trong)*(?: hết)?:? "
    rf"(?:{_HOUR})?(?:ngày )?{WEEKDAY}(?P<until>{DATE}|{MONTH}|{QUARTER}|{YEAR_POINT})",
    "chậm nhất", "muộn nhất", "hạn",
)  # fmt: skip
@LAST_DAYS.add(
    rf"hạn(?: cuối| chót)?(?: \w{{1,12}}){{1,5}}: (?:{_HOUR})?(?P<all>(?:hết )?(?:ngày )?{WEEKDAY}(?P<until>{DATE}))",
    "hạn",
)
def _at_latest(match: re.Match[str], context: Context) -> Iterator[Phrase]:
    """The day itself is the last one allowed."""
    yield from until(match, context, match["until"], exclusive=False)


@LAST_DAYS.add(
    rf"(?:cho )?(?:đến|tới) (?:hết |cuối )?(?:{_HOUR})?(?:ngày ?)?{WEEKDAY}(?P<until>{DATE}|{MONTH}|{QUARTER})"
    rf"|(?:đến |tới |trước khi )?hết (?P<end>(?:ngày )?{DATE}|{MONTH}|{QUARTER}|(?:năm )?{YEAR}\b)"
    rf"|(?:đến )?(?:cuối) (?P<late>{MONTH}|{QUARTER}|{YEAR_POINT})",
    "đến", "hết", "tới", "cuối",
    starts=opening("cho ", "đến ", "tới ", "hết ", "trước khi hết ", "cuối "),
)  # fmt: skip
def _up_to(match: re.Match[str], context: Context) -> Iterator[Phrase]:
    """Up to and with a day, month, quarter or year."""
    text = match["until"] or match["end"] or match["late"]
    yield from until(match, context, text if not text[:4].isdigit() else f"năm {text}", exclusive=False)


@LAST_DAYS.add(
    rf"(?:(?:^|[.;:] |, )\W?(?P<all>(?:phấn đấu )?đến (?P<first>năm {YEAR}))\b"
    rf"|(?P<goal>phấn đấu đến|mục tiêu đến|hoàn thành đến) (?P<second>năm {YEAR})\b)(?! (?:và |có )?tầm nhìn)",
    "đến năm",
)
def _target_year(match: re.Match[str], context: Context) -> Iterator[Phrase]:
    """ "đến năm 2025" at the head of a goal; elsewhere it is mostly part of a name."""
    point = read_point(match["first"] or match["second"])
    if point is None or point.year is None or context.frame.is_past(dt.date(point.year, 12, 31)):
        return
    yield phrase(match, ScheduleKind.BY_END_OF_YEAR, due=dt.date(point.year, 12, 31))


@LAST_DAYS.add(
    rf"(?:dự kiến )?(?:vào |trong )?(?P<when>đầu|giữa|cuối|tuần \w{{1,20}}(?: của)?) (?P<point>{MONTH}|{QUARTER})",
    "tháng", "quý", "quí",
    starts=opening("dự kiến ", "vào ", "trong ", "đầu ", "giữa ", "cuối ", "tuần "),
)  # fmt: skip
def _part_of(match: re.Match[str], context: Context) -> Iterator[Phrase]:
    """Part of a month or quarter; its last day is assumed."""
    doubt = "" if match["when"] == "cuối" else ROUGH
    yield from within(match, context, read_point(match["point"]), doubt=doubt)


@LAST_DAYS.add(
    rf"(?:(?:vào|đến|trước|trong|dịp) |(?:^|[.;:(] ?)\W?)(?P<all>(?:dịp )?cuối năm)(?: (?P<year>{YEAR})\b)?"
    r"(?! (?:trước|ngoái|học))",
    "cuối năm",
)
def _end_of_year(match: re.Match[str], context: Context) -> Iterator[Phrase]:
    """The end of the year of the plan, or of one named."""
    start = match.start("all") if match.start("all") and not match.group()[0].isalpha() else match.start()
    point = Point(int(match["year"])) if match["year"] else Point(month=12)
    point, inferred, doubt = dated(point, match, context)
    due = dt.date(point.year, 12, 31) if point.year else None
    if due is None or not context.frame.is_past(due):
        yield Phrase(start, match.end(), ScheduleKind.BY_END_OF_YEAR, due=due, year_inferred=inferred, doubt=doubt)


@LAST_DAYS.add(
    rf"(?:(?:vào|trong|đến) |^|[.;:(] ?|dự kiến )\W?(?P<all>(?P<part>đầu|giữa) năm (?P<year>{YEAR}))\b",
    "đầu năm",
    "giữa năm",
)
def _early_in_year(match: re.Match[str], context: Context) -> Iterator[Phrase]:
    """The first quarter, or the middle, of a year that is named: only roughly dated."""
    year = int(match["year"])
    due = dt.date(year, 3, 31) if match["part"] == "đầu" else dt.date(year, 6, 30)
    if not context.frame.is_past(due):
        yield phrase(match, ScheduleKind.BY_DATE, due=due, doubt=ROUGH)


# Days, months, quarters, years


@WITHIN.add(
    rf"(?:dự kiến )?(?:hoàn thành )?(?:vào |trong |tổ chức )?(?:{_HOUR})?(?:vào |trong )?ngày"
    rf" ?{WEEKDAY}(?P<day>{DATE})"
    rf"|(?P<bare>(?:vào|trong|dự kiến) {DATE})|(?:sáng|chiều|tối|đêm|trưa|(?<!nhân )dịp) (?P<part>{DATE})",
    "ngày", "vào", "trong", "dự kiến", "sáng", "chiều", "tối", "đêm", "trưa", "dịp",
    starts=opening(
        "dự kiến ", "hoàn thành ", "vào ", "trong ", "tổ chức ", "lúc ", "ngày", "sáng ", "chiều ", "tối ", "đêm ",
        "trưa ", "dịp ", "#g", "#h",
    ),
    gate=DATED,
)  # fmt: skip
def _on_day(match: re.Match[str], context: Context) -> Iterator[Phrase]:
    """The day of an event."""
    text = match["day"] or match["part"] or match["bare"].split(" ", 1)[1].removeprefix("kiến ")
    for found in within(match, context, read_point(text)):
        if match["day"] is None or found.due is not None:
            yield found


_NAME_OF_EVENT = re.compile(r"[^\W\d]{2,12} [^\W\d]{2,12}: $")


@WITHIN.add(
    rf"(?:^|[:;,(]|hoàn thành|xong)\W{{0,5}}(?P<all>{DATE})(?!\s?[-–/.]\s?\d)", "/", ".", "-", "tháng", gate=DATED
)
def _day_of_label(match: re.Match[str], context: Context) -> Iterator[Phrase]:
    """A day as the value of a label or of a column of times, with no word before it."""
    point = read_point(match["all"])
    if context.in_label(match.start("all")) or (point and point.year and _follows_name(match, context)):
        yield from within(match, context, point)


def _follows_name(match: re.Match[str], context: Context) -> bool:
    """Say whether a time is all that is said of what a colon follows: "Chung kết: 09/01/2026."."""
    start, end = match.span("all" if "all" in match.re.groupindex else 0)
    after = context.after(end, 1)
    return (not after or after in ".,;") and bool(_NAME_OF_EVENT.search(context.text, max(0, start - 40), start))


@WITHIN.add(
    rf"(?P<word>(?:hoàn thành |xong |thực hiện |dự kiến )?(?:trong |vào |từ )?)(?P<point>{MONTH}|{QUARTER})",
    "tháng", "quý", "quí",
    starts=opening(
        "hoàn thành ", "xong ", "thực hiện ", "dự kiến ", "trong ", "vào ", "từ ", "tháng", "quý", "quí",
    ),
)  # fmt: skip
def _in_period(match: re.Match[str], context: Context) -> Iterator[Phrase]:
    """Inside a month or quarter. Without a year it needs a word before it, or to be the value of a label."""
    point = read_point(match["point"])
    start = match.start()
    for lead in ("hoàn thành ", "xong ", "thực hiện ", "dự kiến ", "từ "):
        if context.text.startswith(lead, start):
            start += len(lead)
    has_word = bool(match["word"].strip())
    if point is None or not (
        point.year
        or has_word
        or context.in_label(match.start())
        or _in_brackets(match, context)
        or _follows_name(match, context)
    ):
        return
    for found in within(match, context, point):
        yield replace(found, start=start, end=match.end("point"))


@WITHIN.add(
    r"^\W{0,5}(?P<all>(?:t\.? ?|tháng )?(?P<month>1[0-2]|0?[1-9])\s?[/-]\s?(?P<year>20\d{2}))(?=\W{0,5}$)", "20"
)
@WITHIN.add(r"^\W{0,5}(?P<all>q\.? ?(?P<quarter>iv|i{1,3}|[1-4])\s?[/-]\s?(?P<year>20\d{2}))(?=\W{0,5}$)", "q")
@WITHIN.add(r"^\W{0,5}(?P<all>(?:(?:trong )?cả năm )?(?P<year>20\d{2}))(?=\W{0,5}$)", "20")
def _short_label(match: re.Match[str], context: Context) -> Iterator[Phrase]:
    """Short forms in a column of times: "6/2025", "T6/2025", "Q2/2025", "2025"."""
    if not context.is_label:
        return
    groups = match.re.groupindex
    unit = (
        f"tháng {match['month']} năm "
        if "month" in groups
        else f"quý {match['quarter']} năm "
        if "quarter" in groups
        else "năm "
    )
    yield from within(match, context, read_point(unit + match["year"]))


def _in_brackets(match: re.Match[str], context: Context) -> bool:
    """Say whether the match fills a pair of brackets: "(tháng 3)"."""
    return context.before(match.start(), 3).rstrip().endswith("(") and context.after(match.end(), 1) == ")"


_YEAR_VERB = (
    r"(?:(?:phấn đấu|cơ bản|tiếp tục|tập trung) )?(?:hoàn thành|phấn đấu|thực hiện|triển khai|xây dựng|khởi công"
    r"|ban hành"
    r"|thành lập|tổ chức(?! (?:đoàn|hội|đội|đảng|cơ sở|chính trị|công đoàn)))"
)


@WITHIN.add(
    rf"(?:(?P<word>hoàn thành trong|hoàn thành vào|xong trong|ngay trong|chậm nhất trong|trong|vào|thực hiện|ngay) )?"
    rf"(?:(?:cả|suốt) )?(?P<year>{YEAR_POINT})(?P<verb>,? {_YEAR_VERB}\b)?",
    "năm ",
    starts=opening(
        "hoàn thành ", "xong ", "ngay ", "chậm nhất ", "trong ", "vào ", "thực hiện ", "cả ", "suốt ", "năm",
    ),
)  # fmt: skip
def _in_year(match: re.Match[str], context: Context) -> Iterator[Phrase]:
    """Inside a year, where a preposition binds it or it opens a sentence; "nhiệm vụ năm 2020" names a task."""
    word = match["word"] or ""
    opens = match["verb"] and re.search(r"(?:^|[.;:]\s|^\W{1,3})$", context.before(match.start(), 3))
    label = context.in_label(match.start()) and not re.search(r"\w\w $", context.before(match.start(), 3))
    if word in {"thực hiện", "ngay"} or not (word or opens or label or _in_brackets(match, context)):
        return
    start = match.start() + word.find("trong") if "trong" in word else match.start()
    for found in within(match, context, read_point(match["year"])):
        if found.due and not _reviewed(found.due, context):
            yield replace(found, start=start, end=match.end("year"))


def _reviewed(due: dt.date, context: Context) -> bool:
    """Say whether `due` ends a year before the period: a year under review."""
    return context.frame.first is not None and due.year < context.frame.first


@WITHIN.add(
    r"(?:hoàn thành|xong|thực hiện xong)(?: ngay)? (?P<all>trong năm)(?: nay)?(?! (?:\d|học|sau|qua|tới))", "trong năm"
)
@WITHIN.add(r"^\W{0,5}(?P<all>(?:trong |suốt )?(?:cả )?năm)(?=\W{0,5}$)", "năm")
def _this_year(match: re.Match[str], context: Context) -> Iterator[Phrase]:
    """Done within the year of the plan; as the value of a label "Trong năm", "Cả năm"."""
    if match.group().lstrip().startswith(("hoàn", "xong", "thực")) or context.is_label:
        year, doubt = context.frame.year_for(Point(month=12))
        if year:
            since, due = dt.date(year, 1, 1), dt.date(year, 12, 31)
            yield phrase(match, ScheduleKind.WITHIN_YEAR, since=since, due=due, year_inferred=True, doubt=doubt)


@WITHIN.add(
    rf"(?P<verb>(?:hoàn thành|xong|thực hiện|triển khai) )?(?P<all>(?:trong )?giai đoạn (?P<from>{YEAR})\s?[-–]\s?"
    rf"(?P<until>{YEAR}))",
    "giai đoạn",
)
def _stage(match: re.Match[str], context: Context) -> Iterator[Phrase]:
    """A stage of several years is a time only as the value of a label, or where work is done inside it."""
    inside = match["verb"] and match["all"].startswith("trong")
    if inside or context.in_label(match.start()):
        since, due = dt.date(int(match["from"]), 1, 1), dt.date(int(match["until"]), 12, 31)
        if since <= due and not context.frame.is_past(due):
            yield phrase(match, ScheduleKind.BETWEEN, since=since, due=due)
