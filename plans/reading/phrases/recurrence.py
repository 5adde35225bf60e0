"""What comes again: each day, week, month, quarter, half-year or year, with a day of its own or without."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from plans.reading.drafts import ScheduleKind
from plans.reading.phrases.base import (
    COUNT,
    DAILY,
    HALF_YEARLY,
    MONTHLY,
    NO_PERIOD,
    NUMBERS,
    PERIOD_RULES,
    QUARTERLY,
    ROUGH,
    WEEKLY,
    YEARLY,
    Context,
    Phrase,
    Rules,
    dated,
    phrase,
    until,
    yearly,
)
from plans.reading.time_points import CLOCK, DATE, MONTH, QUARTER, YEAR, read_point
from plans.reading.words import opening

DAYS = Rules()
PERIODS = Rules()

_EACH = r"(?:hàng|hằng|mỗi)"
_WEEKDAYS = {
    "hai": "MO", "2": "MO", "ba": "TU", "3": "TU", "tư": "WE", "4": "WE",
    "năm": "TH", "5": "TH", "sáu": "FR", "6": "FR", "bảy": "SA", "7": "SA",
}  # fmt: skip
_WEEK = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_WORKING_DAYS = "MO,TU,WE,TH,FR"
_YEARLY_WORDS = ("hàng năm", "hằng năm", "mỗi năm")
_MONTHLY_WORDS = tuple(f"{each} {unit}" for each in ("hàng", "hằng", "mỗi") for unit in ("tháng", "quý", "quí"))
_WEEKDAY_WORDS = ("thứ", "chủ nhật")
_MONTH_WORDS = tuple(f"tháng {which}" for which in ("đầu", "cuối", "thứ", "giữa", "sau", "kế", "tiếp", "liền"))
_WEEKDAY = r"(?:thứ (?P<day>hai|ba|tư|năm|sáu|bảy|[2-7])|(?P<sunday>chủ nhật))"


def _recurring(match: re.Match[str], rule: str, **values: object) -> Phrase:
    return phrase(match, ScheduleKind.RECURRING, rule=rule, **values)


# A day of each month, quarter or year

_BEFORE = (
    r"(?P<word>trước|(?:chậm|muộn) nhất(?: là| vào)?|đến(?: hết)?|vào(?: các)?|xong(?: trước)?|hoàn thành(?:"
    r" trước)?|dịp"
    r"|vào dịp)"
)
_DAY = r"(?:ngày )?(?:m[ùồ]ng )?\d{1,2}(?!\s?[/%\d]|\s?tháng)"
_DATES = rf"(?:ngày )?{DATE}(?:(?:,|,? và|,? hoặc|;) (?:trước )?(?:ngày )?{DATE}){{0,3}}"
_FREE = r"(?<![\d/.,–-])"


@DAYS.add(
    rf"(?P<all>(?:định kỳ,? )?(?:từ (?:ngày )?(?:{DATE}) (?:đến|tới) )(?:hết )?(?:ngày )?(?P<days>{DATE}),? (?:của )?"
    rf"(?P<period>{_EACH} năm))\b",
    *_YEARLY_WORDS,
)
@DAYS.add(
    rf"(?P<all>(?:định kỳ,? )?(?:vào )?(?:{_BEFORE} )?(?:{CLOCK},? )?{_FREE}(?P<days>{_DATES}),? (?:của )?"
    rf"(?P<period>{_EACH} năm))\b",
    *_YEARLY_WORDS,
)
@DAYS.add(
    rf"(?P<all>(?:định kỳ,? )?(?P<period>{_EACH} năm),? \(?(?:{_BEFORE} )?(?P<days>{_DATES})\)?)",
    *_YEARLY_WORDS,
)
def _date_of_year(match: re.Match[str], _context: Context) -> Iterator[Phrase]:
    """ "trước ngày 01/6 và 15/11 hằng năm": each date of every year."""
    exclusive = _excludes(match)
    for text in re.findall(DATE, match["days"]):
        point = read_point(text)
        if point and point.day:
            yield _recurring(match, yearly(point, exclusive=exclusive), exclusive=exclusive)


@DAYS.add(
    rf"(?P<all>định kỳ (?:(?:hàng|hằng) )?(?:(?P<half>0?6 tháng|sáu tháng)|năm),? \(?"
    rf"(?:vào )?{_BEFORE} (?P<days>{_DATES})"
    rf"(?! (?:hàng|hằng))\)?)",
    "định kỳ",
)
def _date_of_report(match: re.Match[str], context: Context) -> Iterator[Phrase]:
    """ "định kỳ 6 tháng (trước ngày 15/6)": twice a year, and the day named; each year where there are several."""
    exclusive = _excludes(match)
    for text in re.findall(DATE, match["days"]):
        point = read_point(text)
        if point and point.day and context.frame.spans_years and not point.year:
            yield _recurring(match, yearly(point, exclusive=exclusive), exclusive=exclusive)
        else:
            yield from until(match, context, text, exclusive=exclusive)
    if match["half"]:
        yield replace(_recurring(match, HALF_YEARLY), end=match.end("half"))


@DAYS.add(rf"{_EACH} năm,? \(?(?:từ (?:nay|năm {YEAR}) )?(?:cho )?đến (?:hết )?năm (?P<year>{YEAR})\b\)?", "đến")
def _yearly_until(match: re.Match[str], context: Context) -> Iterator[Phrase]:
    """ "hằng năm đến năm 2030"."""
    due = dt.date(int(match["year"]), 12, 31)
    since = re.search(rf"từ năm ({YEAR})", match.group())
    if not context.frame.is_past(due):
        yield _recurring(match, YEARLY, since=dt.date(int(since[1]), 1, 1) if since else None, due=due)


@DAYS.add(
    rf"(?P<all>(?:định kỳ,? )?(?:trong |vào )?(?:từ (?:{MONTH}|{QUARTER}) (?:đến|tới)(?: hết)? )?"
    rf"(?P<points>(?:{MONTH}|{QUARTER})(?:(?:,| và) (?:vào )?(?:{MONTH}|{QUARTER}|\d{{1,2}})){{0,3}}) "
    rf"(?P<period>{_EACH} năm))\b",
    *_YEARLY_WORDS,
)
@DAYS.add(
    rf"(?P<all>(?P<period>{_EACH} năm),? \(?(?:vào|trong) (?P<points>(?:{MONTH}|{QUARTER})"
    rf"(?:(?:,| và) (?:{MONTH}|{QUARTER})){{0,3}})\)?)(?! ?/)",
    *_YEARLY_WORDS,
)  # fmt: skip
def _month_of_year(match: re.Match[str], _context: Context) -> Iterator[Phrase]:
    """ "tháng 02 và tháng 8 hằng năm": each month or quarter of every year; its last day."""
    for text in re.findall(rf"{MONTH}|{QUARTER}|\d+", match["points"]):
        point = read_point(f"tháng {text}" if text.isdigit() else text)
        if point:
            yield _recurring(match, yearly(replace(point, year=None)))


@DAYS.add(
    rf"(?P<all>(?:định kỳ,? )?(?:vào )?(?:{_BEFORE} )?(?:{CLOCK},? )?{_FREE}(?P<days>(?:ngày |m[ùồ]ng |(?<=trước ))"
    rf"(?:m[ùồ]ng )?\d{{1,2}}(?:(?:,|,? và) {_DAY}){{0,3}}),? (?:của )?(?P<period>{_EACH} (?:tháng|quý|quí)))\b",
    *_MONTHLY_WORDS,
)  # fmt: skip
@DAYS.add(
    rf"(?P<all>(?:định kỳ,? )?(?P<period>{_EACH} (?:tháng|quý|quí)),? \(?(?:{_BEFORE} )(?P<days>{_DAY}"
    rf"(?:(?:,|,? và) {_DAY}){{0,3}})(?! (?:của )?tháng)\)?)",
    *_MONTHLY_WORDS,
)  # fmt: skip
@DAYS.add(
    rf"(?P<all>{_BEFORE} (?:{CLOCK},? )?(?P<days>ngày {_DAY}) của (?P<period>tháng)(?: báo cáo)?)"
    r"(?! (?:đầu|cuối|thứ|sau|kế|tiếp|\d|liền|một|hai|ba|tư|năm|sáu|bảy|tám|chín|mười))",
    "tháng",
)
@DAYS.add(
    r"(?<=báo cáo )(?P<all>(?P<period>tháng) (?P<word>trước|(?:chậm|muộn) nhất(?: là| vào)?|vào) "
    r"(?P<days>ngày \d{1,2}))(?![\d/]| (?:của )?tháng)",
    "báo cáo tháng",
)
@DAYS.add(
    rf"(?P<all>(?P<period>{_EACH} tháng)(?:,? một lần)?,? \((?P<days>ngày \d{{1,2}}(?:(?:,|,? và) {_DAY}){{0,3}})\))",
    "tháng",
)
def _day_of_month(match: re.Match[str], _context: Context) -> Iterator[Phrase]:
    """ "trước ngày 05 hằng tháng". "trước ngày 01" is the last day of the month before."""
    exclusive = _excludes(match)
    base = PERIOD_RULES[match["period"].split()[-1]]
    for text in re.findall(r"\d+", match["days"]):
        day = int(text) - (1 if exclusive else 0)
        if day <= 31:  # noqa: PLR2004 - days of a month
            yield _recurring(match, f"{base};BYMONTHDAY={day or -1}", exclusive=exclusive)


def _excludes(match: re.Match[str]) -> bool:
    """Say whether the day itself comes too late; with an hour it is the last one."""
    word = match.groupdict().get("word") or ""
    return word.endswith("trước") and not re.search(rf"trước {CLOCK}", match.group())


_WHICH = r"(?:đầu(?: tiên)?|cuối(?: cùng)?|thứ (?:nhất|hai|ba|[1-3])|giữa|sau|kế tiếp|tiếp theo|liền kề|liền sau)"


@DAYS.add(
    rf"(?P<all>(?:(?P<period>(?:định kỳ )?{_EACH} qu[ýí]),? \(?)?(?:{_BEFORE} )?(?:{CLOCK},? )?ngày"
    rf" (?P<day>\d{{1,2}}) (?:của )?"
    rf"tháng (?P<which>{_WHICH})(?:,? (?:của )?(?:{_EACH} )?(?P<of>quý|quí|năm|kỳ báo cáo|kỳ)\b)?"
    r"(?: (?:sau|kế tiếp|tiếp theo|liền kề|liền sau|báo cáo))?(?P<close>\))?)",
    *_MONTH_WORDS,
)
def _day_of_quarter(match: re.Match[str], _context: Context) -> Iterator[Phrase]:
    """A day of one month of each quarter: "trước ngày 20 tháng cuối quý"; of the next month: each month."""
    exclusive = _excludes(match)
    day = int(match["day"]) - (1 if exclusive else 0)
    of = (match["of"] or ("quý" if match["period"] else "")).strip()
    which = re.sub(r" (?:tiên|cùng)$", "", match["which"])
    base = {"năm": YEARLY, "": MONTHLY}.get(of, QUARTERLY)
    if which.startswith(("thứ", "giữa")) or (base == MONTHLY and which in {"đầu", "cuối"}):
        base = QUARTERLY
    if of.startswith("kỳ"):
        yield phrase(match, ScheduleKind.RECURRING, exclusive=exclusive, doubt=NO_PERIOD)
        return
    yield _recurring(
        match,
        f"{base};BYMONTHDAY={day or -1}",
        exclusive=exclusive,
        anchor=" ".join(f"tháng {which} {of}".split()),
    )


# A weekday of each week or month


def _weekday(match: re.Match[str]) -> str:
    return "SU" if match["sunday"] else _WEEKDAYS[match["day"]]


@DAYS.add(
    rf"(?:(?:định kỳ )?(?:vào )?(?:(?:sáng|chiều|tối|ngày) )?){_WEEKDAY} (?:tuần )?"
    rf"(?P<which>đầu(?: tiên)?|cuối(?: cùng)?|thứ (?:nhất|hai|ba|tư)),? (?:của |trong )?(?:{_EACH} )?tháng\b(?!"
    rf" (?:\d|này|sau))",
    *_WEEKDAY_WORDS,
)
def _weekday_of_month(match: re.Match[str], _context: Context) -> Iterator[Phrase]:
    """ "Chủ nhật cuối cùng của tháng"."""
    which = match["which"].split()
    place = {"đầu": "1", "cuối": "-1"}.get(which[0]) or {"nhất": "1", "hai": "2", "ba": "3", "tư": "4"}[which[1]]
    yield _recurring(match, f"{MONTHLY};BYDAY={place}{_weekday(match)}")


# The last day, or a week, of each month

_OF_PERIOD = (
    rf"(?:(?:của |trong )(?:{_EACH} )?|{_EACH} |của )(?P<period>tháng|quý|quí|năm)(?! (?:\d|i|sau|này|nay|trước))"
)


@DAYS.add(
    rf"(?:(?:trước|chậm nhất|muộn nhất)(?: là)? )?(?:vào )?ngày (?P<working>làm việc )?cuối(?: cùng)? {_OF_PERIOD}\b",
    "ngày cuối", "ngày làm việc cuối",
)  # fmt: skip
def _last_day(match: re.Match[str], _context: Context) -> Iterator[Phrase]:
    """ "ngày làm việc cuối cùng của tháng"."""
    base = PERIOD_RULES[match["period"]]
    if match["working"] and base == MONTHLY:
        yield _recurring(match, f"{MONTHLY};BYDAY={_WORKING_DAYS};BYSETPOS=-1")
    else:
        yield _recurring(match, base, doubt=ROUGH if match["working"] else "")


@DAYS.add(
    rf"(?:(?:vào|trong) )?(?:(?:{_EACH} tháng,? )(?:vào )?)?(?P<rough>tuần (?:lễ )?(?:thứ )?"
    rf"(?P<week>đầu(?: tiên)?|cuối(?: cùng)?|[1-4]|nhất|hai|ba|tư)|(?P<part>\d{{1,2}}) ngày (?P<side>đầu|cuối))"
    rf" {_OF_PERIOD}\b",
    "tuần", "ngày đầu", "ngày cuối",
)  # fmt: skip
def _week_of_month(match: re.Match[str], _context: Context) -> Iterator[Phrase]:
    """ "trong tuần đầu của tháng": by the last day of that week."""
    base = PERIOD_RULES[match["period"]]
    last = (match["week"] or match["side"]).startswith("cuối")
    number = {"nhất": 1, "hai": 2, "ba": 3, "tư": 4, "2": 2, "3": 3, "4": 4}.get(match["week"] or "", 1)
    if last or base != MONTHLY:
        yield _recurring(match, base, doubt="" if last else ROUGH)
        return
    day = int(match["part"]) if match["part"] else 7 * number
    yield _recurring(match, f"{MONTHLY};BYMONTHDAY={max(1, min(day, 31))}", doubt=ROUGH if match["week"] else "")


@DAYS.add(
    rf"(?:định kỳ )?(?:vào )?(?:(?:sáng|chiều|tối|ngày) )?{_WEEKDAY} {_EACH} tuần,? (?:của "
    rf"|trong )(?P<within>{MONTH}|{QUARTER})",
    "tuần",
)
def _weekday_within(match: re.Match[str], context: Context) -> Iterator[Phrase]:
    """ "Chủ nhật hằng tuần của tháng 3": from its first to its last day."""
    point = read_point(match["within"])
    if point is not None:
        point, inferred, doubt = dated(point, match, context)
        values = {"since": point.first(), "due": point.last(), "year_inferred": inferred, "doubt": doubt}
        yield _recurring(match, f"{WEEKLY};BYDAY={_weekday(match)}", **values)


@DAYS.add(
    rf"(?:định kỳ )?(?:(?P<before>trước|chậm nhất|muộn nhất)(?: là| vào)? )?(?P<clock>{CLOCK},? )?(?:vào )?"
    rf"(?:(?:sáng|chiều|tối|ngày) )?{_WEEKDAY} {_EACH} tuần",
    "tuần",
)
@DAYS.add(
    rf"(?:định kỳ )?{_EACH} tuần,? \(?(?:(?P<before>trước|chậm nhất|muộn nhất)(?: là| vào)? )?(?P<clock>{CLOCK},? )?"
    rf"(?:vào )?(?:(?:sáng|chiều|tối|ngày) )?{_WEEKDAY}\)?",
    "tuần",
)
@DAYS.add(rf"vào các ngày {_WEEKDAY}(?P<second>(?:,| và) (?:thứ bảy|chủ nhật))?(?! \d)", "các ngày")
@DAYS.add(
    rf"(?<=báo cáo tuần )(?P<before>trước|chậm nhất|muộn nhất) (?P<clock>{CLOCK},? )?(?:ngày )?{_WEEKDAY}(?! \d)",
    "tuần",
)
def _weekday_of_week(match: re.Match[str], _context: Context) -> Iterator[Phrase]:
    """ "trước 16h00 thứ Sáu hằng tuần"; without an hour "trước" excludes the day."""
    groups, day = match.groupdict(), _weekday(match)
    exclusive = groups.get("before") == "trước" and not match["clock"]
    if exclusive:
        day = _WEEK[_WEEK.index(day) - 1]
    if second := groups.get("second"):
        day += ",SA" if second.endswith("bảy") else ",SU"
    yield _recurring(match, f"{WEEKLY};BYDAY={day}", exclusive=exclusive)


@DAYS.add(
    rf"(?:trước|lúc|vào|chậm nhất) {CLOCK},? {_EACH} ngày\b|{_EACH} ngày,? (?:trước|lúc|vào|chậm nhất) {CLOCK}", "ngày"
)
def _hour_of_day(match: re.Match[str], _context: Context) -> Iterator[Phrase]:
    """ "trước 16h00 hằng ngày"."""
    yield _recurring(match, DAILY)


# Periods alone

_EVERY = r"(?:hàng|hằng|mỗi|từng)"
_ITEM = (
    rf"(?:(?:{_EVERY} )?(?:ngày|tuần|tháng|quý|quí|năm)|0?[369] tháng|(?:01|1|một) năm|sáu tháng|cả năm)(?!\w)"
    r"(?! (?:đầu|cuối) năm| học (?:có|mới|\d))"
)
_UNIT = r"(?:tuần|tháng|quý|quí|năm)"
_COMES_AGAIN = re.compile(
    r"hàng |hằng |mỗi (?:ngày|tuần|tháng|qu|năm)|từng |định kỳ|(?:báo cáo|đánh giá|sơ kết) theo|sáu tháng"
    r"|3 tháng|6 tháng|9 tháng"
)


@PERIODS.add(
    rf"(?P<all>(?:định kỳ )?(?P<count>{COUNT}) lần\s?(?:/\s?|(?:trong )?(?:một|1|01|mỗi|hàng|hằng) |trên |trong"
    rf" )(?:01 |1 )?"
    rf"(?P<unit>ngày|{_UNIT}))\b(?! \d)"
    rf"|(?:mỗi|một|1|01) (?P<unit2>{_UNIT})(?: tổ chức| họp| báo cáo| kiểm tra| có)? (?:ít nhất |tối thiểu )?(?:là )?"
    rf"(?P<count2>{COUNT}) (?:lần|kỳ|đợt)\b"
    rf"|(?:định kỳ )?(?:mỗi )?{_FREE}(?P<every>{COUNT}) (?P<unit3>{_UNIT})(?: ?/ ?|,? một | 1 | 01 )(?:1 |01 )?lần\b",
    "lần", "kỳ", "đợt",
    starts=opening("định kỳ ", "mỗi ", "một ", "hai ", "ba ", "bốn ", "sáu ", "#"),
)  # fmt: skip
def _times(match: re.Match[str], _context: Context) -> Iterator[Phrase]:
    """So many times in a period, or once in so many periods."""
    unit = match["unit"] or match["unit2"] or match["unit3"]
    base = PERIOD_RULES[unit]
    if match["every"]:
        every = NUMBERS.get(match["every"]) or int(match["every"])
        rule = base if every <= 1 else _interval(base, every)
    else:
        text = match["count"] or match["count2"]
        count = NUMBERS.get(text) or int(text)
        if count > 1 and unit in {"ngày", "tuần", "tháng"} and not match.group().startswith("định kỳ"):
            return  # a rate, a number to reach: nothing falls due twice a day
        months = {"năm": 12, "quý": 3, "quí": 3}.get(unit, 0)
        even = count > 1 and months and months % count == 0
        rule = f"FREQ=MONTHLY;INTERVAL={months // count}" if even else base
        rule = rule.removesuffix(";INTERVAL=1")
    yield _recurring(match, rule)


def _interval(base: str, every: int) -> str:
    frequency, _, interval = base.partition(";INTERVAL=")
    return f"{frequency};INTERVAL={every * int(interval or 1)}"


@PERIODS.add(
    rf"(?:(?P<word>định kỳ(?: (?:vào|theo))?|(?<=báo cáo )theo|(?<=đánh giá )theo|(?<=sơ kết )theo),? (?P<open>\()?)?"
    rf"(?P<list>{_ITEM}(?:(?:, | và | hoặc |, và |/ ?| hay )(?:cả |định kỳ )?{_ITEM}){{0,4}})(?P<close>\))?"
    r"(?P<once> một lần| 1 lần| 01 lần|/lần|/ lần)?",
    "tháng", "năm", "quý", "quí", "tuần", "ngày",
    starts=opening(
        "định kỳ", "theo", "hàng ", "hằng ", "mỗi ", "từng ", "ngày", "tuần", "tháng", "quý", "quí", "năm", "một năm",
        "sáu tháng", "cả năm", "0", "1 năm", "3 tháng", "6 tháng", "9 tháng",
    ),
    gate=_COMES_AGAIN,
)  # fmt: skip
def _periodic(match: re.Match[str], context: Context) -> Iterator[Phrase]:
    """Each period of a list: "định kỳ hàng quý, 6 tháng và năm" obliges three times over."""
    if not _recurs(match, context):
        return
    end = match.end("close") if match["open"] and match["close"] else match.end("once" if match["once"] else "list")
    for rule in _rules_of(match["list"]):
        yield replace(_recurring(match, rule), end=end)


def _rules_of(listed: str) -> Iterable[str]:
    """Return the rule of each period of a list, once; what a quarter covers is not counted again."""
    items = [
        text.removeprefix("định kỳ ").removeprefix("cả ") for text in re.split(r",? (?:và|hoặc|hay) |, ?|/ ?", listed)
    ]
    rules = list(dict.fromkeys(rule for rule in map(_period_rule, items) if rule))
    thirds = [item for item in items if re.match(r"0?[39] tháng", item)]
    if thirds and (QUARTERLY in rules or len(items) > 1):
        return list(dict.fromkeys([QUARTERLY, *rules])) if "quý" in listed else [QUARTERLY]
    return rules


def _period_rule(words: str) -> str | None:
    if re.match(r"(?:0?6|sáu) tháng", words):
        return HALF_YEARLY
    if re.match(r"0?[39] tháng", words):
        return None
    unit = words.rsplit(maxsplit=1)[-1] if words.split() else ""
    return PERIOD_RULES.get(unit)


_HALF_YEAR = re.compile(r"(?:0?6|sáu) tháng")
_HALF = re.compile(r"(?:0?[36]|sáu) tháng")
_DAY_FOLLOWS = re.compile(
    r"\W{0,3} ?(?:đầu|cuối|năm|(?:trước|chậm nhất|muộn nhất|vào|đến|xong) )"
    r"|(?:,? (?!và\b)[^\s.;,()\d]{1,12}){1,7} (?:trước|chậm nhất|muộn nhất)(?: là)? "
    r"(?:ngày )?\d"
)


def _recurs(match: re.Match[str], context: Context) -> bool:
    """Say whether a list of periods is a recurrence rather than a length or a name."""
    words, after, before = match["list"], context.after(match.end("list"), 60), context.before(match.start(), 30)
    several = len(re.split(r",? (?:và|hoặc) |, ?|/ ?", words)) > 1
    if match["word"] and (match["word"] != "theo" or several):
        return True
    if match["word"] or match["once"]:
        return bool(re.match(_EVERY, words) or _HALF_YEAR.match(words) or (_HALF.match(words) and several))
    if re.match(r"(?:hàng|hằng) ", words):
        return not re.search(r"theo (?:kế hoạch|chương trình)(?: \w{1,20}){0,3} $", before) and not re.match(
            r" (?:nghìn|trăm|chục|triệu)", after
        )
    if re.match(rf"mỗi {_UNIT}", words):
        return True
    if _HALF.match(words) and several:
        return not re.search(r"(?:trong|sau|được|hơn|từ|đủ|qua|kéo dài|là) $", before)
    return (
        bool(_HALF_YEAR.match(words))
        and bool(re.search(r"(?:báo cáo|sơ kết|đánh giá|họp)(?: \w{1,20}){0,2} $", before))
        and not re.search(r"\d{1,2}(?:/\d{4})? \([^()]{0,30}$", before)
        and not _DAY_FOLLOWS.match(after)  # that day is the time
    )


@PERIODS.add(rf"định kỳ \d{{1,2}} [^\s\d.;:,()/]{{1,12}}/(?:01 |1 )?(?P<unit>{_UNIT})\b", "định kỳ")
@PERIODS.add(
    rf"(?:mỗi|một|01|1) năm(?=,? (?:tối thiểu|ít nhất|có ít nhất|có tối thiểu|tổ chức|phải|mỗi))"
    rf"|(?<=\d )(?:ngày|buổi|lớp|cuộc|đợt|chuyến|hội nghị|chuyên đề|tin|bài|tin, bài|kỳ|hoạt động|phiên|diễn đàn)"
    rf"(?: [^\s.;:,()\d/]{{1,12}}){{0,3}}/(?:01 |1 )?(?P<unit>{_UNIT})\b(?! trở lên)",
    "năm", "tháng", "quý", "quí", "tuần",
)  # fmt: skip
def _a_year(match: re.Match[str], _context: Context) -> Iterator[Phrase]:
    """ "1 năm tối thiểu …": once a year; "01 cuộc/quý": once a quarter."""
    yield _recurring(match, PERIOD_RULES[match["unit"] or "năm"])


@PERIODS.add(r"(?:, |và |hoặc )?(?P<all>đột xuất(?! phát sinh)(?: (?:khi|nếu|theo) [^.;,()]{1,80})?)", "đột xuất")
def _ad_hoc(match: re.Match[str], context: Context) -> Iterator[Phrase]:
    """Besides what is periodic: when asked."""
    if re.search(
        r"(?:kiểm tra|vụ việc|tình huống|sự cố|nhiệm vụ|phát sinh)[, ]*$", context.before(match.start("all"), 12)
    ):
        return
    words = context.original[slice(*match.span("all"))].split()
    yield phrase(match, ScheduleKind.AS_DIRECTED, anchor=" ".join(words[2:]).strip(" ,.;:()") or None)


@PERIODS.add(r"(?P<all>định kỳ), lồng ghép trong báo cáo (?:công tác )?năm\b", "báo cáo")
def _with_yearly_report(match: re.Match[str], _context: Context) -> Iterator[Phrase]:
    """Periodic, as part of the yearly report."""
    yield _recurring(match, YEARLY, anchor="báo cáo năm")


@PERIODS.add(r"\bđịnh kỳ\b", "định kỳ")
def _unspecified(match: re.Match[str], _context: Context) -> Iterator[Phrase]:
    """Recurs, nobody says how often."""
    yield phrase(match, ScheduleKind.RECURRING, doubt=NO_PERIOD)
