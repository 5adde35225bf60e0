"""Two years of the demo province's ledger: last year's as it was reviewed, and what of it goes on."""

from __future__ import annotations

import datetime as dt

from doantracker.demo.plans import moment
from doantracker.lib import clock
from plans.actions.ledger import carry_over_from, mark_origins, record_review
from plans.enums import Origin, ShortcomingState
from plans.models import Plan
from units.models import User

#: Number in last year's plan: month and day of the review, what it was, what it said.
REVIEWS: tuple[tuple[int, tuple[int, int], str, ShortcomingState, str], ...] = (
    (1, (6, 30), "Hội nghị sơ kết 6 tháng", ShortcomingState.REMEDIED, "Lịch tuần gửi đều vào chiều thứ Sáu."),
    (2, (6, 30), "Hội nghị sơ kết 6 tháng", ShortcomingState.OPEN, "Số đơn vị nộp chậm chưa giảm."),
    (
        2,
        (12, 18),
        "Kiểm điểm cuối năm của Ban Thường vụ",
        ShortcomingState.PARTLY,
        "Nộp đúng hạn hơn, số liệu còn lệch.",
    ),
)
#: Number in this year's plan: number in last year's that it goes on with.
CARRIED_OVER = {1: 2, 3: 4}
OLDER = 2  # of last year's plan: found the year before


def begin_ledger(plan: Plan, *, by: User, today: dt.date) -> None:
    """Say of last year's shortcomings which were new, before their plan is closed."""
    with clock.stopped_at(moment(dt.date(today.year - 1, 2, 1), 9)):
        origins = {r.pk: Origin.CARRIED_OVER if r.ordinal == OLDER else Origin.NEW for r in plan.shortcomings.all()}
        mark_origins(plan=plan, origins=origins, by=by)


def write_ledger(last_year: Plan, this_year: Plan, *, by: User, today: dt.date) -> None:
    """Review last year's plan in its year, and say of this year's shortcomings where they come from."""
    old = {row.ordinal: row for row in last_year.shortcomings.select_related("plan__issuing_unit")}
    new = {row.ordinal: row for row in this_year.shortcomings.select_related("plan__issuing_unit")}
    for number, (month, day), review, state, note in REVIEWS:
        held_on = dt.date(today.year - 1, month, day)
        with clock.stopped_at(moment(held_on, 16)):
            record_review(
                shortcoming=old[number], by=by, day=held_on, state=state, review=review, note=note, today=held_on
            )
    with clock.stopped_at(moment(today - dt.timedelta(days=1), 9)):
        for number, source in CARRIED_OVER.items():
            carry_over_from(shortcoming=new[number], source=old[source], by=by)
        mark_origins(
            plan=this_year, origins={r.pk: Origin.NEW for n, r in new.items() if n not in CARRIED_OVER}, by=by
        )
