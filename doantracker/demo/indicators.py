"""A target of the demo province whose results come in quarter by quarter: two are in, some units are missing."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from random import Random
from typing import Final

from doantracker.demo.plans import moment
from doantracker.lib import clock
from plans.actions.indicator_results import Given, enter_many, lock_period
from plans.actions.indicators import add_indicator
from plans.enums import Comparator, Frequency, IndicatorKind, RollUp
from plans.indicator_figures import owing_units, periods_of
from plans.models import Indicator, Plan
from units.models import UnitKind, User

OWNERS: Final = ("district", "affiliated", "commune")  # thirty units
MISSING: Final = ("LG-SB", "LG-SB-AH", "LG-MT", "LG-TT-PH")  # of the newest quarter: those of the logins among them
QUARTERS: Final = 2
REPORTED_AFTER: Final = 5  # days after the end of a quarter


def enter_results(plan: Plan, *, by: User, today: dt.date, rng: Random) -> Indicator:
    """Add a target to a published plan, enter the last quarters that are over, and close the older one."""
    assert plan.issued_on  # noqa: S101  # every plan of the demo has a number and a day
    with clock.stopped_at(moment(plan.issued_on + dt.timedelta(days=1), 9)):
        indicator = add_indicator(plan=plan, values=_values(), reason="Bổ sung để theo dõi hằng quý.", by=by)
    plan.refresh_from_db()
    indicator.plan = plan
    yesterday = today - dt.timedelta(days=1)  # nothing of the demo lies ahead of whoever logs in
    over = [p for p in periods_of(indicator, today) if p.end < today][-QUARTERS:]
    for period in over:
        entered = min(period.end + dt.timedelta(days=REPORTED_AFTER), yesterday)
        units = list(owing_units(indicator, period.end))
        rows = []
        for unit in units:
            members = rng.randrange(40, 320)
            met = members * rng.randrange(86, 101) // 100
            if period is not over[-1] or unit.code not in MISSING:
                rows.append(Given(unit, numerator=Decimal(met), denominator=Decimal(members)))
        with clock.stopped_at(moment(entered, 10)):
            enter_many(indicator=indicator, period_start=period.start, by=by, rows=rows, today=entered)
    for period in over[:-1]:
        with clock.stopped_at(moment(min(period.end + dt.timedelta(days=2 * REPORTED_AFTER), yesterday), 11)):
            lock_period(indicator=indicator, period_start=period.start, by=by, today=today)
    return indicator


def _values() -> dict[str, object]:
    return {
        "text": "Hằng quý, ít nhất 92% đoàn viên tham gia sinh hoạt chi đoàn.",
        "kind": IndicatorKind.RATIO,
        "comparator": Comparator.GE,
        "value": Decimal(92),
        "unit_of_measure": "%",
        "audience": "đoàn viên",
        "frequency": Frequency.QUARTER,
        "roll_up": RollUp.WEIGHTED,
        "owner_kinds": list(UnitKind.objects.filter(code__in=OWNERS)),
    }
