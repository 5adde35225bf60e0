"""Two officers confirm and return the same row at once, on a real PostgreSQL: with the guard off, and with it."""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import pytest
from django.db import connections, transaction

from plans.actions import deadlines as actions
from plans.enums import NoticeKind, Status
from plans.errors import Stale
from plans.models import Deadline, Notice, Plan
from tests.cast import Cast, make_cast
from tests.factories import make_deadline, make_published_plan
from units import audit
from units.models import AuditEvent, User
from units.models.audit import AuditAction

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
TODAY = dt.date(2026, 3, 16)
ROUNDS = 200
Act = Callable[[], object]


@contextmanager
def pair() -> Iterator[Callable[[Act, Act], list[object]]]:
    """Yield a function that does two acts at once, each on a connection of its own, and returns what became of them.

    Both wait for each other before every round, so that they start as close together as threads can.
    """
    start, end = threading.Barrier(3), threading.Barrier(3)
    acts: list[Act | None] = [None, None]
    found: list[object] = [None, None]

    def work(place: int) -> None:
        try:
            while True:
                start.wait(60)
                act = acts[place]
                if act is None:
                    return
                try:
                    found[place] = act()
                except Exception as error:  # the test looks at every outcome
                    found[place] = error
                end.wait(60)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(place,)) for place in range(2)]
    for thread in threads:
        thread.start()

    def at_once(first: Act, second: Act) -> list[object]:
        acts[:] = [first, second]
        start.wait(60)
        end.wait(60)
        return list(found)

    try:
        yield at_once
    finally:
        acts[:] = [None, None]
        start.wait(60)
        for thread in threads:
            thread.join(60)


def _waiting(cast: Cast, plan: Plan) -> Deadline:
    sent = {"status": Status.SUBMITTED, "reported_on": TODAY, "reported_by": cast.secretary}
    return make_deadline(cast.district, plan=plan, due_on=TODAY, **sent)


def test_without_the_guard_both_win_and_one_decision_is_lost() -> None:
    """The same two acts without lock and version, as they would be written without a thought for others."""
    cast = make_cast()
    plan = make_published_plan(cast.province)
    both_have_read = threading.Barrier(2)

    def careless(row: Deadline, by: User, action: AuditAction) -> Deadline:
        with transaction.atomic():
            read: Deadline = Deadline.objects.select_related("plan", "unit", "solution").get(pk=row.pk)
            assert read.status == Status.SUBMITTED  # the state is checked, and right at this moment
            both_have_read.wait(60)
            if action == AuditAction.CONFIRMED:
                read.status, read.confirmed_on, read.confirmed_by = Status.COMPLETED, TODAY, by
            else:
                read.status, read.reason, read.reported_on, read.reported_by = Status.RETURNED, "Thiếu", None, None
            actions.saved(read, action, by)
        return read

    lost = 0
    with pair() as at_once:
        for _round in range(10):
            row = _waiting(cast, plan)
            results = at_once(
                partial(careless, row, cast.office_staff, AuditAction.CONFIRMED),
                partial(careless, row, cast.second_office_staff, AuditAction.RETURNED),
            )
            assert all(isinstance(r, Deadline) for r in results), results  # nobody is told of the other
            row.refresh_from_db()
            acts = Counter(AuditEvent.objects.filter(object_id=row.pk).values_list("action", flat=True))
            assert acts == {"confirmed": 1, "returned": 1}  # the log holds two decisions about one result
            assert row.version == 2  # two writers, one step: one of the two is gone
            lost += 1
    assert lost == 10


def test_of_two_officers_at_once_one_wins_and_the_other_sees_the_state() -> None:
    cast = make_cast()
    plan = make_published_plan(cast.province)
    winners: Counter[str] = Counter()
    with pair() as at_once:
        for number in range(ROUNDS):
            row = _waiting(cast, plan)
            both: tuple[Act, Act] = (
                partial(actions.confirm, deadline=row, version=1, by=cast.office_staff, today=TODAY),
                partial(actions.return_result, deadline=row, version=1, by=cast.second_office_staff, reason="Thiếu"),
            )
            results = at_once(*(both if number % 2 else both[::-1]))
            won = [r for r in results if isinstance(r, Deadline)]
            refused = [r for r in results if isinstance(r, Stale)]
            assert (len(won), len(refused)) == (1, 1), results
            row.refresh_from_db()
            assert (row.status, row.version) == (won[0].status, 2)
            assert str(row.get_status_display()) in str(refused[0].message)
            winners[row.status] += 1
    assert set(winners) == {Status.COMPLETED, Status.RETURNED}, "both ways round: else nothing raced"
    assert winners.total() == ROUNDS
    _nothing_lost_nothing_doubled(winners)


def _nothing_lost_nothing_doubled(winners: Counter[str]) -> None:
    logged = Counter(AuditEvent.objects.filter(object_type="deadline").values_list("action", flat=True))
    assert logged == {"confirmed": winners[Status.COMPLETED], "returned": winners[Status.RETURNED]}
    assert Notice.objects.filter(kind=NoticeKind.RETURNED).count() == winners[Status.RETURNED]
    assert Notice.objects.count() == winners[Status.RETURNED]
    assert not Deadline.objects.exclude(version=2).exists()
    assert list(audit.broken_links()) == []
