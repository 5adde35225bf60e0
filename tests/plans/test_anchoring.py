"""From an anchor's day to last days: amounts, sides, working days over Tết, chains, what moves and what stays."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doantracker.lib.working_days import WorkingCalendar
from plans.anchoring import Fate, Link, Offset, Row, cycle_of, in_chain_order, last_day, moves, offset_of
from plans.enums import Chain, Status

PLAIN = WorkingCalendar()
#: Tết of 2026: days off 14–22 February (Saturday to Sunday); Saturday 28 February is worked in exchange.
TET = WorkingCalendar({dt.date(2026, 2, n): True for n in range(16, 21)} | {dt.date(2026, 2, 28): False})


def day(text: str) -> dt.date:
    return dt.datetime.strptime(text, "%d/%m/%Y").date()  # noqa: DTZ007  # a day has no zone


@pytest.mark.parametrize(
    ("anchor", "lead_time", "facts", "due"),
    [
        # the anchor's own day
        ("15/04/2026", "", {}, "15/04/2026"),
        ("15/04/2026", "P0D", {}, "15/04/2026"),
        ("15/04/2026", "-P0D", {}, "15/04/2026"),
        ("15/04/2026", "-P0D", {"exclusive": True}, "14/04/2026"),  # "trước khi": the day itself is excluded
        ("15/04/2026", "P0D", {"exclusive": True}, "15/04/2026"),  # only "trước" excludes
        # days and weeks
        ("15/04/2026", "-P7D", {}, "08/04/2026"),
        ("15/04/2026", "-P1W", {}, "08/04/2026"),
        ("15/04/2026", "-P7D", {"exclusive": True}, "07/04/2026"),
        ("15/04/2026", "P10D", {}, "25/04/2026"),
        ("01/03/2024", "-P1D", {}, "29/02/2024"),
        ("01/03/2026", "-P1D", {}, "28/02/2026"),
        ("28/02/2024", "P1D", {}, "29/02/2024"),
        ("15/04/2026", "PT24H", {}, "16/04/2026"),
        ("15/04/2026", "-PT48H", {}, "13/04/2026"),
        ("15/04/2026", "PT36H", {}, "17/04/2026"),
        ("31/12/2026", "P1D", {}, "01/01/2027"),
        ("01/01/2027", "-P1D", {}, "31/12/2026"),
        # months: the last day of a shorter month
        ("31/03/2026", "-P1M", {}, "28/02/2026"),
        ("31/03/2024", "-P1M", {}, "29/02/2024"),
        ("31/01/2026", "P1M", {}, "28/02/2026"),
        ("31/01/2028", "P1M", {}, "29/02/2028"),
        ("29/02/2028", "P12M", {}, "28/02/2029"),
        ("29/02/2028", "-P12M", {}, "28/02/2027"),
        ("30/08/2026", "P6M", {}, "28/02/2027"),
        ("15/01/2026", "-P2M", {}, "15/11/2025"),
        # working days: the anchor is not counted, nor is a day off
        ("16/03/2026", "-P1D", {"in_working_days": True}, "13/03/2026"),  # Monday: the Friday before
        ("13/03/2026", "P1D", {"in_working_days": True}, "16/03/2026"),
        ("13/03/2026", "P5D", {"in_working_days": True}, "20/03/2026"),
        ("23/02/2026", "-P3D", {"in_working_days": True}, "11/02/2026"),  # back over Tết: 13, 12, 11
        ("13/02/2026", "P3D", {"in_working_days": True}, "25/02/2026"),  # on over Tết: 23, 24, 25
        ("27/02/2026", "P1D", {"in_working_days": True}, "28/02/2026"),  # the Saturday worked in exchange
        ("23/02/2026", "-P0D", {"in_working_days": True, "exclusive": True}, "13/02/2026"),
        ("14/03/2026", "P0D", {"in_working_days": True}, "14/03/2026"),  # nothing counted, nothing moved
        # weeks and months are never counted in working days
        ("23/02/2026", "-P1W", {"in_working_days": True}, "16/02/2026"),
    ],
)  # fmt: skip
def test_last_days(anchor: str, lead_time: str, facts: dict[str, Any], due: str) -> None:
    offset = offset_of(lead_time, **facts)
    assert offset is not None
    assert last_day(day(anchor), offset, TET) == day(due)


@pytest.mark.parametrize(
    ("anchor", "lead_time", "due"),
    [
        ("22/03/2026", "-P7D", "13/03/2026"),  # Sunday the 15th: never past the anchor, so the Friday before
        ("08/03/2026", "P7D", "16/03/2026"),  # Sunday the 15th: the Monday after
        ("20/02/2026", "", "23/02/2026"),
        ("18/03/2026", "-P1D", "17/03/2026"),
    ],
)
def test_a_day_off_moves_where_the_plan_says_so(anchor: str, lead_time: str, due: str) -> None:
    offset = offset_of(lead_time)
    assert offset is not None
    assert last_day(day(anchor), offset, TET, days_off_move=True) == day(due)


@pytest.mark.parametrize("lead_time", ["P1Y", "7D", "P-7D", "P1000D", "x", "P1M2D"])
def test_other_durations_are_not_understood(lead_time: str) -> None:
    assert offset_of(lead_time) is None


DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31))
OFFSETS = st.builds(Offset, st.integers(0, 400), st.sampled_from("DWMB"), st.booleans(), st.booleans())


@given(DAYS, OFFSETS)
def test_before_never_lies_after_the_anchor_nor_after_before_it(anchor: dt.date, offset: Offset) -> None:
    found = last_day(anchor, offset, TET)
    assert found <= anchor if offset.before else found >= anchor


@given(DAYS, OFFSETS, st.integers(0, 60))
def test_a_later_anchor_never_gives_an_earlier_day(anchor: dt.date, offset: Offset, later: int) -> None:
    assert last_day(anchor, offset, TET) <= last_day(anchor + dt.timedelta(days=later), offset, TET)


@given(DAYS, st.integers(1, 60), st.booleans())
def test_so_many_working_days_lie_between(anchor: dt.date, amount: int, before: bool) -> None:  # noqa: FBT001  # drawn
    found = last_day(anchor, Offset(amount, "B", before=before), TET)
    first, last = sorted((anchor, found))
    span = [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]
    assert sum(not TET.is_off(d) for d in span if d != anchor) == amount
    assert not TET.is_off(found)


# --- chains ---


def test_a_cycle_is_found_from_each_of_its_links() -> None:
    on = {1: 2, 2: 3, 3: 1, 4: 1, 5: None}
    assert cycle_of(on, 1) == [1, 2, 3]
    assert cycle_of(on, 3) == [3, 1, 2]
    assert cycle_of(on, 4) == []  # leads into a cycle, is none
    assert cycle_of(on, 5) == []
    assert cycle_of({1: 1}, 1) == [1]


def link(pk: int, after: int | None = None, lead_time: str = "-P7D", **facts: Any) -> Link:
    """Return a link; with `hangs_on`, dated by the last day of that one."""
    offset = offset_of(lead_time)
    assert offset is not None
    return Link(pk, offset, hangs_on=after, **({"chain": Chain.LAST_DAY} if after else {"event": 9}) | facts)


def row(pk: int, schedule: int, unit: int = 1, **facts: Any) -> Row:
    """Return an open deadline without a day."""
    given = {"due_on": None, "anchored_on": None, "reported_on": None, "status": Status.ASSIGNED} | facts
    return Row(pk, schedule, unit, **given)


def test_links_come_behind_what_they_hang_on_and_others_not_at_all() -> None:
    links = [link(4, 3), link(3, 2), link(2, 1), link(1), link(8, 7), link(5, 1), link(6, 1, chain="")]
    assert [found.pk for found in in_chain_order(links, {1})] == [1, 2, 5, 3, 4]
    assert [found.pk for found in in_chain_order(links, {3})] == [3, 4]


def new_days(links: list[Link], rows: list[Row], event: str = "", **facts: Any) -> dict[int, tuple[str, str]]:
    """Return {deadline: (fate, new day)} with the event on a day."""
    events = {9: day(event) if event else None}
    found = moves(links, rows, events=events, calendar=PLAIN, **facts)
    return {m.row.pk: (m.fate.value, f"{m.new:%d/%m}" if m.new else "") for m in found}


def test_a_chain_is_counted_back_from_its_event() -> None:
    links = in_chain_order([link(1, lead_time="-P3D"), link(2, 1), link(3, 2, "-P14D")], {1})
    assert new_days(links, [row(10, 1), row(20, 2), row(30, 3)], "30/09/2026") == {
        10: ("moves", "27/09"), 20: ("moves", "20/09"), 30: ("moves", "06/09"),
    }  # fmt: skip


def test_a_link_kept_on_its_own_day_keeps_what_hangs_on_it() -> None:
    links = in_chain_order([link(1, lead_time=""), link(2, 1)], {1})
    own: dict[str, Any] = {"due_on": day("10/05/2026"), "anchored_on": day("01/05/2026")}
    rows = [row(10, 1, **own), row(20, 2, due_on=day("03/05/2026"), anchored_on=day("03/05/2026"))]
    assert new_days(links, rows, "20/05/2026") == {10: ("own_day", "20/05"), 20: ("same", "03/05")}
    assert new_days(links, rows, "20/05/2026", also={10}) == {10: ("moves", "20/05"), 20: ("moves", "13/05")}


MAY: dict[str, Any] = {"due_on": day("01/05/2026"), "anchored_on": day("01/05/2026")}


@pytest.mark.parametrize(
    ("facts", "fate"),
    [
        ({}, "moves"),
        (MAY, "moves"),
        ({**MAY, "status": Status.RETURNED}, "moves"),
        ({**MAY, "status": Status.ON_HOLD}, "moves"),
        ({**MAY, "status": Status.SUBMITTED}, "done"),
        ({**MAY, "status": Status.COMPLETED}, "done"),
        ({**MAY, "status": Status.CANCELLED}, "cancelled"),
        ({"due_on": day("01/05/2026")}, "own_day"),  # given by hand before the event had a day
        ({**MAY, "due_on": day("09/05/2026")}, "own_day"),  # extended
        ({"due_on": day("20/05/2026"), "anchored_on": day("20/05/2026")}, "same"),
        ({"due_on": day("25/05/2026"), "anchored_on": day("20/05/2026")}, "same"),  # extended, the anchor as it was
    ],
)
def test_what_moves_and_what_stays(facts: dict[str, Any], fate: str) -> None:
    assert new_days([link(1, lead_time="")], [row(10, 1, **facts)], "20/05/2026") == {10: (fate, "20/05")}


def test_an_event_without_a_day_takes_the_days_back() -> None:
    begun = {**MAY, "status": Status.IN_PROGRESS}
    assert new_days([link(1)], [row(10, 1, **MAY), row(11, 1, unit=2, **begun)]) == {
        10: ("moves", ""), 11: ("moves", ""),
    }  # fmt: skip


REPORTED: dict[str, Any] = {"status": Status.SUBMITTED, "reported_on": dt.date(2026, 4, 3)}
COMPLETION = link(2, 1, "P10D", chain=Chain.COMPLETION)


def test_each_unit_follows_its_own() -> None:
    rows = [row(10, 1, 1, **REPORTED), row(11, 1, 2), row(20, 2, 1), row(21, 2, 2)]
    assert new_days([COMPLETION], rows) == {20: ("moves", "13/04"), 21: ("same", "")}


def test_one_unit_dates_everybody() -> None:
    rows = [row(10, 1, 99, **REPORTED), row(20, 2, 1), row(21, 2, 2)]
    assert new_days([COMPLETION], rows) == {20: ("moves", "13/04"), 21: ("moves", "13/04")}


def test_who_owes_no_step_before_waits_for_the_last_of_all() -> None:
    late = {**REPORTED, "reported_on": dt.date(2026, 4, 8)}
    waiting = [row(10, 1, 1, **REPORTED), row(11, 1, 2), row(20, 2, 99)]
    assert new_days([COMPLETION], waiting) == {20: ("same", "")}
    done = [row(10, 1, 1, **REPORTED), row(11, 1, 2, **late), row(20, 2, 99)]
    assert new_days([COMPLETION], done) == {20: ("moves", "18/04")}
    called_off = [row(10, 1, 1, **REPORTED), row(11, 1, 2, status=Status.CANCELLED), row(20, 2, 99)]
    assert new_days([COMPLETION], called_off) == {20: ("moves", "13/04")}


@pytest.mark.parametrize(("status", "fate"), [(Status.ASSIGNED, Fate.MOVES), (Status.IN_PROGRESS, Fate.BEGUN)])
def test_a_returned_result_takes_the_day_back_only_from_what_is_untouched(status: Status, fate: Fate) -> None:
    dated: dict[str, Any] = {"due_on": day("13/04/2026"), "anchored_on": day("13/04/2026")}
    rows = [row(10, 1, status=Status.RETURNED), row(20, 2, status=status, **dated)]
    assert new_days([COMPLETION], rows) == {20: (fate.value, "")}
