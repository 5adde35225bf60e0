"""What a commitment means, in words a person can check against the sentence of the plan."""

from __future__ import annotations

import datetime as dt
import re
from typing import Protocol

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from plans.enums import DATED_KINDS, Chain, Kind
from plans.rules import (
    DAILY,
    FORTNIGHTLY,
    HALF_YEARLY,
    LAST_WORKDAY,
    LONGEST_RULE,
    MONTHLY,
    MOST_DAYS,
    MOST_LINES,
    QUARTERLY,
    SPAN,
    WEEKLY,
    YEARLY,
    BadRule,
    Line,
    Parts,
    Problem,
    parse_rule,
    parts_of,
    stated,
    written_days,
)

_EVERY = {
    DAILY: gettext_lazy("every day"),
    WEEKLY: gettext_lazy("every week"),
    FORTNIGHTLY: gettext_lazy("every two weeks"),
    MONTHLY: gettext_lazy("every month"),
    QUARTERLY: gettext_lazy("every quarter"),
    HALF_YEARLY: gettext_lazy("every half-year"),
    YEARLY: gettext_lazy("every year"),
}
_WHOLE = {
    WEEKLY: gettext_lazy("every week, due on Sunday"),
    FORTNIGHTLY: gettext_lazy("every two weeks, due on Sunday"),
    MONTHLY: gettext_lazy("every month, due on the last day of the month"),
    QUARTERLY: gettext_lazy("every quarter, due on the last day of the quarter"),
    HALF_YEARLY: gettext_lazy("every half-year, due on the last day of the half-year"),
    YEARLY: gettext_lazy("every year, due on the last day of the year"),
}
_WORKDAY = {
    MONTHLY: gettext_lazy("every month, on its last working day"),
    QUARTERLY: gettext_lazy("every quarter, on its last working day"),
    HALF_YEARLY: gettext_lazy("every half-year, on its last working day"),
    YEARLY: gettext_lazy("every year, on its last working day"),
}
_LAST_MONTH = {
    QUARTERLY: gettext_lazy("the last month of the quarter"),
    HALF_YEARLY: gettext_lazy("the last month of the half-year"),
}
_MONTH_OF = {
    QUARTERLY: gettext_lazy("month %(number)s of the quarter"),
    HALF_YEARLY: gettext_lazy("month %(number)s of the half-year"),
}
WEEKDAYS = {
    "MO": gettext_lazy("Monday"),
    "TU": gettext_lazy("Tuesday"),
    "WE": gettext_lazy("Wednesday"),
    "TH": gettext_lazy("Thursday"),
    "FR": gettext_lazy("Friday"),
    "SA": gettext_lazy("Saturday"),
    "SU": gettext_lazy("Sunday"),
}
#: What a commitment hangs on and on which side of it ("-" before, "=" no amount), with an amount and without.
_SPANS = {
    "-": gettext_lazy("%(span)s before this event: %(event)s"),
    "": gettext_lazy("%(span)s after this event: %(event)s"),
    Chain.COMPLETION: gettext_lazy("%(span)s after this is done: %(event)s"),
    f"{Chain.LAST_DAY}-": gettext_lazy("%(span)s before the last day of: %(event)s"),
    Chain.LAST_DAY: gettext_lazy("%(span)s after the last day of: %(event)s"),
}
_AT = {
    "-": gettext_lazy("before this event: %(event)s"),
    "=": gettext_lazy("bound to this event: %(event)s"),
    f"{Chain.COMPLETION}=": gettext_lazy("once this is done: %(event)s"),
    f"{Chain.LAST_DAY}-": gettext_lazy("before the last day of: %(event)s"),
    f"{Chain.LAST_DAY}=": gettext_lazy("by the last day of: %(event)s"),
}
_LEAD_TIME = re.compile(r"^([+-]?)P(\d{1,3})([DWM])$")


class Commitment(Protocol):
    """The part of a schedule that binds it to time."""

    kind: str
    start: dt.date | None
    due: dt.date | None
    rule: str
    lead_time: str
    in_working_days: bool
    anchor: str
    chain: str
    exception: str
    exclusive: bool


def understood(schedule: Commitment, *, days_off_move: bool = False) -> str:
    """Return what was understood, such as "every quarter, due on the last day of the quarter".

    `days_off_move` is the plan's setting; it is told where the commitment has a day that can move.
    """
    sentence = {
        Kind.BY_DATE: _by_date,
        Kind.WITHIN_MONTH: _within_month,
        Kind.WITHIN_QUARTER: _within_quarter,
        Kind.WITHIN_YEAR: _within_year,
        Kind.BY_END_OF_YEAR: _by_end_of_year,
        Kind.BETWEEN: _between,
        Kind.RECURRING: _recurring,
        Kind.RELATIVE: _relative,
        Kind.ONGOING: _ongoing,
        Kind.AS_DIRECTED: _as_directed,
    }[Kind(schedule.kind)](schedule)
    if days_off_move and (schedule.rule or (schedule.due and schedule.kind in DATED_KINDS)):
        sentence = _days_off(schedule.rule) % {"sentence": sentence}
    if schedule.exception:
        return _("%(sentence)s; except: %(exception)s") % {"sentence": sentence, "exception": schedule.exception}
    return sentence


def lead_time_parts(lead_time: str) -> tuple[int, str, str] | None:
    """Return amount, unit (D, W or M) and side ("-" before, "" after) of an ISO 8601 lead time, None for another form.

    A duration of seven, fourteen … days is told in weeks only where it is written so.
    """
    found = _LEAD_TIME.match(lead_time)
    if not found:
        return None
    sign, amount, unit = found.groups()
    return int(amount), unit, "-" if sign == "-" else ""


def _day(day: dt.date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")


def _by_date(s: Commitment) -> str:
    if s.due is None:
        return _("by a day that is not known yet")
    if s.exclusive:
        return _("before %(day)s: the last day is %(due)s") % {
            "day": _day(s.due + dt.timedelta(days=1)),
            "due": _day(s.due),
        }
    return _("the last day is %(due)s") % {"due": _day(s.due)}


def _within_month(s: Commitment) -> str:
    if s.due is None:
        return _("within a month that is not known yet")
    return _("within month %(month)s: the last day is %(due)s") % {"month": f"{s.due:%m/%Y}", "due": _day(s.due)}


def _within_quarter(s: Commitment) -> str:
    if s.due is None:
        return _("within a quarter that is not known yet")
    return _("within quarter %(quarter)s of %(year)s: the last day is %(due)s") % {
        "quarter": (s.due.month + 2) // 3,
        "year": s.due.year,
        "due": _day(s.due),
    }


def _within_year(s: Commitment) -> str:
    if s.due is None:
        return _("within a year that is not known yet")
    return _("within %(year)s: the last day is %(due)s") % {"year": s.due.year, "due": _day(s.due)}


def _by_end_of_year(s: Commitment) -> str:
    if s.due is None:
        return _("by the end of a year that is not known yet")
    return _("by the end of %(year)s: the last day is %(due)s") % {"year": s.due.year, "due": _day(s.due)}


def _between(s: Commitment) -> str:
    if s.start is None:
        return _by_date(s)
    if s.due is None:
        return _("from %(start)s, the last day is not known yet") % {"start": _day(s.start)}
    return _("from %(start)s to %(due)s") % {"start": _day(s.start), "due": _day(s.due)}


def _days_off(rule: str) -> str:
    """Return how a sentence goes on where days off move; `%(sentence)s` stands for it."""
    lines = [line for line in rule.split("\n") if not line.startswith(("EXDATE", "RDATE"))]
    if rule and all(line.endswith(LAST_WORKDAY) for line in lines):
        return _("%(sentence)s by the working calendar")
    if rule and all(line.removeprefix("RRULE:").startswith(DAILY) for line in lines):
        return _("%(sentence)s; not on days off")
    return _("%(sentence)s; a day off moves to the next working day")


def _recurring(s: Commitment) -> str:
    sentence = rule_words(s.rule) if s.rule else _("again and again, how often is not known yet")
    if s.start:
        sentence = _("%(sentence)s, from %(start)s") % {"sentence": sentence, "start": _day(s.start)}
    if s.due:
        sentence = _("%(sentence)s, until %(due)s") % {"sentence": sentence, "due": _day(s.due)}
    return sentence


def rule_words(text: str) -> str:
    """Return a rule in words, each of its series; what no words are known for is shown as written."""
    try:
        rule = parse_rule(text)
    except BadRule:
        return _as_written(text)
    known = stated(text)
    if known:
        series = [_of_parts(parts) for parts in (known.first, known.second) if parts]
    else:
        series = [_of_line(line) for line in rule.lines]
    sentence = series[0] if series else ""
    for further in series[1:]:
        sentence = _("%(first)s; and %(second)s") % {"first": sentence, "second": further}
    if rule.besides:
        besides = _("%(sentence)s; also on %(days)s") if sentence else _("on %(days)s")
        sentence = besides % {"sentence": sentence, "days": written_days(rule.besides)}
    if rule.without:
        sentence = _("%(sentence)s; not on %(days)s") % {"sentence": sentence, "days": written_days(rule.without)}
    return sentence


def why_bad(bad: BadRule) -> str:
    """Return why a rule is refused, and what to do."""
    words = {
        Problem.EMPTY: _("The rule is empty. Write one line such as FREQ=MONTHLY;BYMONTHDAY=25."),
        Problem.LINE: _("“%(part)s” is no line of a rule. Begin with FREQ=, RRULE:, EXDATE: or RDATE:."),
        Problem.PART: _(
            "“%(part)s” is not followed here. Use FREQ, INTERVAL, BYDAY, BYMONTHDAY, BYMONTH, BYSETPOS, COUNT, UNTIL."
        ),
        Problem.TWICE: _("“%(part)s” stands twice in one line. Keep one, or write a second line."),
        Problem.FREQUENCY: _("A line needs FREQ=DAILY, WEEKLY, MONTHLY or YEARLY."),
        Problem.VALUE: _("“%(part)s” can't be read. Correct the value."),
        Problem.TOGETHER: _("“%(part)s” does not go together with the rest of its line. Take it out."),
        Problem.MANY: _("At most %(lines)d lines, and %(days)d days left out or added. Add a second commitment."),
        Problem.LONG: _("The rule is longer than %(longest)d characters. Add a second commitment."),
        Problem.NEVER: _("By “%(part)s” it never falls due. Correct the line."),
    }
    values = {"part": bad.part, "lines": MOST_LINES, "days": MOST_DAYS, "longest": LONGEST_RULE}
    return words[bad.problem] % values


def _as_written(text: str) -> str:
    return _("again and again by the rule %(rule)s") % {"rule": text.replace("\n", " ")}


def _of_line(line: Line) -> str:
    """Return one series in words, with its own end."""
    parts = parts_of(line.base)
    sentence = _of_parts(parts) if parts else _as_written(line.base)
    if line.times:
        times = ngettext("%(sentence)s, once", "%(sentence)s, %(count)d times", line.times)
        return times % {"sentence": sentence, "count": line.times}
    return (
        _("%(sentence)s, until %(due)s") % {"sentence": sentence, "due": _day(line.until)} if line.until else sentence
    )


def _of_parts(parts: Parts) -> str:
    """Return one series as a person stated it."""
    every = str(_EVERY[parts.every])
    if parts.workday:
        return str(_WORKDAY[parts.every])
    if parts.dates:
        dates = ", ".join(f"{day:02}/{month:02}" for day, month in parts.dates)
        return _("%(every)s, on %(dates)s") % {"every": every, "dates": dates}
    if parts.weekday:
        return _("%(every)s, on %(weekday)s") % {"every": every, "weekday": WEEKDAYS[parts.weekday]}
    if parts.month:
        return _in_month(every, parts)
    if parts.day:
        return _("%(every)s, on day %(day)s") % {"every": every, "day": parts.day}
    return str(_WHOLE.get(parts.every, every))


def _in_month(every: str, parts: Parts) -> str:
    """Return on which day of which month of its quarter or half-year work falls due."""
    span = SPAN[parts.every]
    month = str(_LAST_MONTH[parts.every]) if parts.month == span else _MONTH_OF[parts.every] % {"number": parts.month}
    if parts.day:
        words = _("%(every)s, on day %(day)s of %(month)s")
        return words % {"every": every, "day": parts.day, "month": month}
    return _("%(every)s, on the last day of %(month)s") % {"every": every, "month": month}


def _relative(s: Commitment) -> str:
    anchor = s.anchor or _("an event that is not named yet")
    amount, unit, side = lead_time_parts(s.lead_time) or (0, "D", "")
    place = s.chain + (side if amount or side else "=")
    if amount:
        span = _span(amount, "B" if s.in_working_days and unit == "D" else unit)
        sentence = _SPANS[place] % {"span": span, "event": anchor}
    else:
        sentence = _AT[place] % {"event": anchor}
    if s.due:
        return _("%(sentence)s; the last day is %(due)s") % {"sentence": sentence, "due": _day(s.due)}
    return sentence


def _span(amount: int, unit: str) -> str:
    words = {
        "D": ngettext("%(amount)d day", "%(amount)d days", amount),
        "W": ngettext("%(amount)d week", "%(amount)d weeks", amount),
        "M": ngettext("%(amount)d month", "%(amount)d months", amount),
        "B": ngettext("%(amount)d working day", "%(amount)d working days", amount),
    }[unit]
    return words % {"amount": amount}


def _ongoing(s: Commitment) -> str:
    if s.due:
        return _("all the time, until %(due)s") % {"due": _day(s.due)}
    return _("all the time, without a last day")


def _as_directed(s: Commitment) -> str:
    if s.due:
        return _("as a higher body directs; the last day is %(due)s") % {"due": _day(s.due)}
    return _("as a higher body directs; the day can be given later")
