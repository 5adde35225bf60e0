"""What a commitment means, told in words."""

import datetime as dt
from typing import Any

import pytest
from django.utils import translation

from plans.enums import Chain, Kind
from plans.models import Schedule
from plans.sentences import lead_time_parts, understood

DUE = dt.date(2026, 6, 30)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"kind": Kind.BY_DATE, "due": DUE}, "the last day is 30/06/2026"),
        ({"kind": Kind.BY_DATE, "due": DUE, "exclusive": True}, "before 01/07/2026: the last day is 30/06/2026"),
        ({"kind": Kind.BY_DATE}, "by a day that is not known yet"),
        ({"kind": Kind.WITHIN_MONTH, "due": DUE}, "within month 06/2026: the last day is 30/06/2026"),
        ({"kind": Kind.WITHIN_QUARTER, "due": DUE}, "within quarter 2 of 2026: the last day is 30/06/2026"),
        ({"kind": Kind.WITHIN_YEAR, "due": dt.date(2026, 12, 31)}, "within 2026: the last day is 31/12/2026"),
        (
            {"kind": Kind.BY_END_OF_YEAR, "due": dt.date(2026, 12, 31)},
            "by the end of 2026: the last day is 31/12/2026",
        ),
        ({"kind": Kind.BETWEEN, "start": dt.date(2026, 6, 1), "due": DUE}, "from 01/06/2026 to 30/06/2026"),
        ({"kind": Kind.RECURRING, "rule": "FREQ=MONTHLY"}, "every month, due on the last day of the month"),
        (
            {"kind": Kind.RECURRING, "rule": "FREQ=MONTHLY;INTERVAL=3"},
            "every quarter, due on the last day of the quarter",
        ),
        (
            {"kind": Kind.RECURRING, "rule": "FREQ=MONTHLY;INTERVAL=6", "due": DUE},
            "every half-year, due on the last day of the half-year, until 30/06/2026",
        ),
        ({"kind": Kind.RECURRING, "rule": "FREQ=YEARLY"}, "every year, due on the last day of the year"),
        ({"kind": Kind.RECURRING, "rule": "FREQ=WEEKLY"}, "every week, due on Sunday"),
        ({"kind": Kind.RECURRING, "rule": "FREQ=MONTHLY;BYMONTHDAY=24"}, "every month, on day 24"),
        ({"kind": Kind.RECURRING, "rule": "FREQ=WEEKLY;BYDAY=FR"}, "every week, on Friday"),
        (
            {"kind": Kind.RECURRING, "rule": "FREQ=MONTHLY;BYMONTH=3,6,9,12;BYMONTHDAY=19"},
            "every quarter, on day 19 of the last month of the quarter",
        ),
        (
            {"kind": Kind.RECURRING, "rule": "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=-1"},
            "every year, on 30/11",
        ),
        (
            {"kind": Kind.RECURRING, "rule": "FREQ=MONTHLY;INTERVAL=5"},
            "again and again by the rule FREQ=MONTHLY;INTERVAL=5",
        ),
        (
            {"kind": Kind.RECURRING, "rule": "FREQ=MONTHLY;BYSETPOS=1"},
            "again and again by the rule FREQ=MONTHLY;BYSETPOS=1",
        ),
        (
            {"kind": Kind.RECURRING, "rule": "FREQ=MONTHLY;BYMONTH=1,4,7,10;BYMONTHDAY=-1"},
            "every quarter, on the last day of month 1 of the quarter",
        ),
        (
            {"kind": Kind.RECURRING, "rule": "FREQ=MONTHLY;BYMONTH=5,11;BYMONTHDAY=10"},
            "every half-year, on day 10 of month 5 of the half-year",
        ),
        (
            {
                "kind": Kind.RECURRING,
                "rule": "RRULE:FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=10\nRRULE:FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=20",
            },
            "every year, on 10/05, 20/11",
        ),
        (
            {
                "kind": Kind.RECURRING,
                "rule": "RRULE:FREQ=MONTHLY;INTERVAL=3\nRRULE:FREQ=MONTHLY;INTERVAL=6\nRRULE:FREQ=YEARLY;COUNT=2",
            },
            (
                "every quarter, due on the last day of the quarter; and every half-year, due on the last day of the"
                " half-year; and every year, due on the last day of the year, 2 times"
            ),
        ),
        (
            {
                "kind": Kind.RECURRING,
                "rule": "RRULE:FREQ=WEEKLY;BYDAY=FR\nEXDATE:20260501\nRDATE:20260504",
                "start": dt.date(2026, 4, 1),
            },
            "every week, on Friday; also on 04/05/2026; not on 01/05/2026, from 01/04/2026",
        ),
        (
            {"kind": Kind.RECURRING, "rule": "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"},
            "every month, on its last working day",
        ),
        (
            {"kind": Kind.RECURRING, "rule": "FREQ=MONTHLY;UNTIL=20260630;BYMONTHDAY=5"},
            ("every month, on day 5, until 30/06/2026"),
        ),
        ({"kind": Kind.RECURRING, "rule": "RDATE:20260504,20260601"}, "on 04/05/2026, 01/06/2026"),
        ({"kind": Kind.RECURRING}, "again and again, how often is not known yet"),
        (
            {"kind": Kind.RELATIVE, "lead_time": "-P7D", "anchor": "ngày hội"},
            "7 days before this event: ngày hội",
        ),
        (
            {"kind": Kind.RELATIVE, "lead_time": "P1W", "anchor": "đợt kiểm tra"},
            "1 week after this event: đợt kiểm tra",
        ),
        (
            {"kind": Kind.RELATIVE, "lead_time": "-P3D", "in_working_days": True, "anchor": "ngày hội"},
            "3 working days before this event: ngày hội",
        ),
        ({"kind": Kind.RELATIVE, "lead_time": "-P0D", "anchor": "ban hành"}, "before this event: ban hành"),
        ({"kind": Kind.RELATIVE, "lead_time": "P0D", "anchor": "ngày hội"}, "bound to this event: ngày hội"),
        (
            {"kind": Kind.RELATIVE, "chain": Chain.COMPLETION, "anchor": "1. Góp ý"},
            "once this is done: 1. Góp ý",
        ),
        (
            {"kind": Kind.RELATIVE, "chain": Chain.COMPLETION, "lead_time": "P10D", "anchor": "1. Góp ý"},
            "10 days after this is done: 1. Góp ý",
        ),
        (
            {"kind": Kind.RELATIVE, "chain": Chain.LAST_DAY, "lead_time": "-P1W", "anchor": "1. Góp ý"},
            "1 week before the last day of: 1. Góp ý",
        ),
        (
            {"kind": Kind.RELATIVE, "chain": Chain.LAST_DAY, "lead_time": "P1M", "anchor": "1. Góp ý"},
            "1 month after the last day of: 1. Góp ý",
        ),
        (
            {"kind": Kind.RELATIVE, "chain": Chain.LAST_DAY, "lead_time": "-P0D", "anchor": "1. Góp ý"},
            "before the last day of: 1. Góp ý",
        ),
        (
            {"kind": Kind.RELATIVE, "chain": Chain.LAST_DAY, "anchor": "1. Góp ý"},
            "by the last day of: 1. Góp ý",
        ),
        ({"kind": Kind.RELATIVE, "anchor": "phiên họp gần nhất"}, "bound to this event: phiên họp gần nhất"),
        ({"kind": Kind.ONGOING}, "all the time, without a last day"),
        ({"kind": Kind.ONGOING, "due": DUE}, "all the time, until 30/06/2026"),
        ({"kind": Kind.AS_DIRECTED}, "as a higher body directs; the day can be given later"),
        (
            {"kind": Kind.ONGOING, "exception": "trừ việc gấp"},
            "all the time, without a last day; except: trừ việc gấp",
        ),
    ],
)
def test_a_commitment_is_told_in_words(facts: dict[str, Any], expected: str) -> None:
    with translation.override("en"):
        assert understood(Schedule(**facts)) == expected


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_has_words_without_any_date(kind: Kind) -> None:
    assert understood(Schedule(kind=kind))


@pytest.mark.parametrize(
    ("lead_time", "parts"),
    [("-P7D", (7, "D", "-")), ("P2M", (2, "M", "")), ("+P1W", (1, "W", "")), ("P1DT2H", None), ("", None)],
)
def test_a_lead_time_comes_apart_or_not_at_all(lead_time: str, parts: tuple[int, str, str] | None) -> None:
    assert lead_time_parts(lead_time) == parts
