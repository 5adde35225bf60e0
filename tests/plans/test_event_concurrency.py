"""Two at once on chains, on a real PostgreSQL: the last result dates what waits for all, and nobody waits for ever."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

import pytest

from plans.actions import events as acts
from plans.actions.deadlines import report_progress, submit
from plans.enums import Chain, Kind, Status
from plans.errors import ActionRefused, Stale
from plans.models import Deadline, Event, Plan
from tests.cast import Cast, make_cast
from tests.factories import make_event, make_hanging, make_published_plan, version_of
from tests.together import at_once
from units import audit

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
APRIL = dt.date(2026, 4, 15)
ROUNDS = 15


def test_two_last_results_at_once_date_who_collects() -> None:
    cast = make_cast()
    plan = make_published_plan(cast.province)
    for _round in range(ROUNDS):
        facts: dict[str, Any] = {"plan": plan, "kind": Kind.BY_DATE, "due": APRIL}
        first = make_hanging(cast.commune, cast.other_district, **facts)
        second = make_hanging(cast.office, plan=plan, hangs_on=first, chain=Chain.COMPLETION, lead_time="P5D")
        rows = {r.unit_id: r for r in first.deadlines.all()}
        results = at_once(
            partial(submit, deadline=rows[cast.commune.pk], version=1, by=cast.commune_secretary, today=APRIL),
            partial(submit, deadline=rows[cast.other_district.pk], version=1, by=cast.sibling_secretary, today=APRIL),
        )
        assert [r for r in results if isinstance(r, Exception)] == []
        assert second.deadlines.get().due_on == dt.date(2026, 4, 20)
    assert list(audit.broken_links()) == []


def test_a_result_and_a_move_at_once_both_hold(cast_and_chain: tuple[Cast, Plan, Event]) -> None:
    cast, plan, event = cast_and_chain
    for number in range(ROUNDS):
        second = make_hanging(cast.commune, cast.district, plan=plan, event=event, lead_time="-P3D")
        first = make_hanging(cast.commune, cast.district, plan=plan, hangs_on=second, chain=Chain.LAST_DAY,
                             lead_time="-P7D")  # fmt: skip
        third = make_hanging(cast.commune, plan=plan, hangs_on=first, chain=Chain.COMPLETION, lead_time="P1D")
        row = first.deadlines.get(unit=cast.commune)
        day = APRIL + dt.timedelta(days=number + 1)
        event.refresh_from_db()
        results = at_once(
            partial(submit, deadline=row, version=row.version, by=cast.commune_secretary, today=APRIL),
            partial(acts.move_event, event=event, day=day, by=cast.office_staff),
        )
        if isinstance(results[0], Stale):  # the day had moved: the unit sees it and sends again
            submit(deadline=row, version=version_of(row), by=cast.commune_secretary, today=APRIL)
        assert [r for r in results if isinstance(r, Exception) and not isinstance(r, Stale)] == []
        row.refresh_from_db()
        assert row.status == Status.SUBMITTED
        assert row.due_on in {None, day - dt.timedelta(days=10)}  # handed in before or after the event moved
        assert third.deadlines.get().due_on == dt.date(2026, 4, 16)
        other = first.deadlines.get(unit=cast.district)
        assert (other.due_on, other.original_due_on) == (day - dt.timedelta(days=10), day - dt.timedelta(days=10))


def test_a_result_and_progress_on_what_hangs_on_it_do_not_wait_for_each_other(
    cast_and_chain: tuple[Cast, Plan, Event],
) -> None:
    cast, plan, _event = cast_and_chain
    for _round in range(ROUNDS):
        first = make_hanging(cast.commune, plan=plan, kind=Kind.BY_DATE, due=APRIL)
        second = make_hanging(cast.district, plan=plan, hangs_on=first, chain=Chain.COMPLETION, lead_time="P5D")
        before, after = first.deadlines.get(), second.deadlines.get()
        results = at_once(
            partial(submit, deadline=before, version=1, by=cast.commune_secretary, today=APRIL),
            partial(report_progress, deadline=after, version=1, by=cast.secretary, percent=10),
        )
        assert [r for r in results if isinstance(r, Exception) and not isinstance(r, Stale)] == []


@pytest.fixture
def cast_and_chain() -> tuple[Cast, Plan, Event]:
    """Return the cast, a plan and a meeting with a day."""
    cast = make_cast()
    plan = make_published_plan(cast.province)
    return cast, plan, make_event(cast.province, plan=plan, day=APRIL)


def test_two_moves_at_once_one_wins(cast_and_chain: tuple[Cast, Plan, Event]) -> None:
    cast, plan, event = cast_and_chain
    make_hanging(cast.commune, plan=plan, event=event)
    days = (dt.date(2026, 5, 5), dt.date(2026, 5, 6))
    results = at_once(
        *(partial(acts.move_event, event=Event.objects.get(), day=d, by=cast.office_staff) for d in days)
    )
    refused = [r for r in results if isinstance(r, ActionRefused)]
    assert len(refused) == 1
    event.refresh_from_db()
    assert event.day in days
    assert Deadline.objects.get().due_on == event.day
