"""The lead time of directives: a table of cases, and the same rule in the database."""

from __future__ import annotations

import datetime as dt

import pytest

from plans.enums import LeadState
from plans.lead_time import Lead, earliest_roll_out, lead_of
from plans.models import Directive
from tests.cast import Cast
from tests.factories import make_directive

ISSUED = dt.date(2026, 3, 2)
BY_ORDER = "Theo chỉ đạo của Trung ương Đoàn."

CASES = [
    # days, required, urgent, reason → state, days missing, reason shown
    (10, 7, False, "", LeadState.KEPT, 0, ""),
    (7, 7, False, "", LeadState.KEPT, 0, ""),
    (6, 7, False, "", LeadState.BROKEN, 1, ""),
    (5, 7, False, "", LeadState.BROKEN, 2, ""),
    (5, 7, True, BY_ORDER, LeadState.URGENT, 2, BY_ORDER),
    (5, 7, True, "  ", LeadState.BROKEN, 2, ""),
    (0, 7, True, BY_ORDER, LeadState.URGENT, 7, BY_ORDER),
    (10, 7, True, BY_ORDER, LeadState.KEPT, 0, ""),
    (0, 0, False, "", LeadState.KEPT, 0, ""),
    (10, 14, False, "", LeadState.BROKEN, 4, ""),
    (14, 14, False, "", LeadState.KEPT, 0, ""),
]


@pytest.mark.parametrize(("days", "required", "urgent", "reason", "state", "missing", "shown"), CASES)
def test_the_rule(
    *, days: int, required: int, urgent: bool, reason: str, state: LeadState, missing: int, shown: str
) -> None:
    lead = lead_of(
        issued_on=ISSUED,
        rolls_out_on=ISSUED + dt.timedelta(days),
        required=required,
        urgent=urgent,
        reason=reason,
    )
    assert lead == Lead(state, days, required, shown)
    assert lead.missing == missing


def test_a_week_is_asked_for_where_nothing_else_is_said() -> None:
    assert earliest_roll_out(ISSUED) == dt.date(2026, 3, 9)
    assert lead_of(issued_on=ISSUED, rolls_out_on=dt.date(2026, 3, 8)).state == LeadState.BROKEN


def test_roll_out_before_the_issue_is_no_lead_time() -> None:
    with pytest.raises(ValueError, match="2026-03-01"):
        lead_of(issued_on=ISSUED, rolls_out_on=dt.date(2026, 3, 1), urgent=True, reason=BY_ORDER)


@pytest.mark.parametrize(("days", "required", "urgent", "reason", "state", "missing", "shown"), CASES)
def test_the_database_counts_by_the_same_rule(
    cast: Cast,
    *,
    days: int,
    required: int,
    urgent: bool,
    reason: str,
    state: LeadState,
    missing: int,
    shown: str,
) -> None:
    row = make_directive(
        cast.province,
        by=cast.office_staff,
        to=[cast.commune],
        issued_on=ISSUED,
        rolls_out_on=ISSUED + dt.timedelta(days),
        earliest_roll_out=earliest_roll_out(ISSUED, required),
        urgent=urgent and bool(reason.strip()),
        urgent_reason=reason.strip(),
    )
    make_directive(cast.province, by=cast.office_staff)  # a draft is in no state
    found = {s: list(Directive.objects.in_lead_state(s)) for s in LeadState}
    assert found == {s: [row] if s == state else [] for s in LeadState}
    assert row.lead == Lead(state, days, required, shown)
