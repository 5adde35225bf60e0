"""The ledger of field trips of a union and year: who owes how many days, who went where, which units were visited."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from doantracker.papers.gather.content import KEPT, Content
from doantracker.papers.gather.parts import in_sentence
from doantracker.papers.paper import Block, Cell, Column, Heading, Level, Table, Text, count_word, long_day
from plans.enums import Outlook
from reviews.enums import TRIPS_COMING, TRIPS_GONE, QuotaScope, TripState
from reviews.models import FieldTrip, FieldTripQuota
from reviews.quota import Standing
from reviews.quota_page import QuotaRow, QuotaTable, table_of
from reviews.trip_coverage import Travelled, units_covered, who_went_where
from units.models import Unit, UnitKind, User


@dataclass(frozen=True, slots=True)
class Ledger:
    """Of which union and year; against which quota, None where there is none; of which kind of units (None: below)."""

    union: Unit
    year: int
    quota: FieldTripQuota | None = None
    kind: UnitKind | None = None


def trips_ledger(ledger: Ledger, by: User, today: dt.date) -> Content:
    """Gather what the pages of a quota, of the list and of the units visited show; nine queries whatever its size."""
    union, year, quota = ledger.union, ledger.year, ledger.quota
    trips = _trips(ledger, by)
    covered = list(units_covered(union, year=year, today=today, kind=ledger.kind))
    blocks: list[Block] = [
        Text(_opening(trips, ledger, today), "opening"),
        Heading(Level.SECTION, "I. Thực hiện chỉ tiêu"),
        *(_of_quota(quota, today) if quota else [Text("Chưa giao chỉ tiêu số ngày đi cơ sở.", "quota")]),
        Heading(Level.SECTION, "II. Các chuyến đi"),
        _list(trips),
        _people(who_went_where(union, year)),
        Heading(Level.SECTION, "III. Các đơn vị được đến"),
        Text(_coverage(covered, year), "coverage"),
        _units(covered, year, today),
        Heading(Level.SECTION, "IV. Nhiệm vụ thời gian tới"),
        Text(
            "Người chưa đủ số ngày đăng ký chuyến đi của quý tới; ưu tiên đơn vị khó khăn và đơn vị lâu chưa có đoàn "
            "đến; gửi báo cáo đúng hạn sau mỗi chuyến đi.",
            "next",
        ),
    ]
    kept = tuple(block for block in blocks if not (isinstance(block, Table) and not block.rows))
    recipients = (f"Thường trực {union.label} (để báo cáo)", "Các ban, văn phòng", KEPT)
    abstract = f"Kết quả đi cơ sở năm {year}"
    return Content(union, "BC", abstract, kept, recipients=recipients, landscape=True, as_of=today)


def _trips(ledger: Ledger, by: User) -> list[FieldTrip]:
    """Return the trips gone in the year and those still to come in it, by their first day."""
    gone = Q(state__in=TRIPS_GONE, actual_from__year=ledger.year)
    coming = Q(state__in=TRIPS_COMING, planned_from__year=ledger.year)
    rows = FieldTrip.objects.visible_to(by).filter(gone | coming, unit=ledger.union).select_related("leader")
    return sorted(rows.prefetch_related("units", "members__person"), key=lambda trip: (trip.starts_on, trip.pk))


def _opening(trips: Sequence[FieldTrip], ledger: Ledger, today: dt.date) -> str:
    gone = sum(trip.state in TRIPS_GONE for trip in trips)
    silent = sum(trip.state == TripState.GONE for trip in trips)
    made = f"đã thực hiện {count_word(gone)} chuyến đi cơ sở" if gone else "chưa thực hiện chuyến đi cơ sở nào"
    made += f", trong đó {count_word(silent)} chuyến chưa báo cáo" if silent else ""
    coming = f"; {count_word(len(trips) - gone)} chuyến đã đăng ký, chưa đi" if len(trips) > gone else ""
    return f"Năm {ledger.year}, tính đến {long_day(today)}, {ledger.union.name} {made}{coming}."


def _of_quota(quota: FieldTripQuota, today: dt.date) -> list[Block]:
    """Return how everybody stands with the quota, as its page tells it."""
    table = table_of(quota, today)
    return [Text(_rule(quota), "quota"), Text(_reached(table, quota), "reached"), _standings(table, quota)]


def _rule(quota: FieldTripQuota) -> str:
    whom = str(quota.get_body_display() if quota.scope == QuotaScope.BODY else quota.get_scope_display())
    full_time = ", chuyên trách" if quota.full_time else ""
    each = "tính chung cho tất cả" if quota.joint else "mỗi người"
    kinds = in_sentence("; ".join(quota.counting_words)) or "mọi loại chuyến đi"
    return (
        f"Chỉ tiêu “{quota.name}”: {quota.days} ngày ({each}), thực hiện đến hết {long_day(quota.until)}; đối "
        f"tượng: {in_sentence(whom)}{full_time}; được tính: {kinds}."
    )


def _reached(table: QuotaTable, quota: FieldTripQuota) -> str:
    people = len(table.rows)
    if table.whole is None:
        return f"Có {count_word(table.reached)}/{count_word(people)} người đã đi đủ số ngày."
    whole = table.whole
    outlook = in_sentence(str(Outlook(whole.outlook).label))
    return (
        f"{count_word(people)} người đã đi {count_word(whole.counted)}/{quota.days} ngày, còn thiếu "
        f"{count_word(whole.short)} ngày; tính cả chuyến đã đăng ký {count_word(whole.planned)} ngày; {outlook}. "
        "Ngày có nhiều người cùng đi được tính một lần."
    )


def _standings(table: QuotaTable, quota: FieldTripQuota) -> Table:
    columns = [
        Column("TT", 1, right=True),
        Column("Họ và tên", 4),
        Column("Chỉ tiêu (ngày)", 1, right=True),
        Column("Số chuyến", 1, right=True),
        Column("Đã đi (ngày)", 1, right=True),
        Column("Còn thiếu (ngày)", 1, right=True),
        Column("Tính cả đã đăng ký", 1, right=True),
        Column("Dự báo", 2),
    ]
    lines = [_standing(n, row, quota) for n, row in enumerate(table.rows, start=1)]
    if quota.joint:  # what is short and where it leads is the group's
        columns, lines = [*columns[:2], *columns[3:5], columns[6]], [(*x[:2], *x[3:5], x[6]) for x in lines]
    return Table("Kết quả theo từng người", tuple(columns), tuple(lines))


def _standing(number: int, row: QuotaRow, quota: FieldTripQuota) -> tuple[Cell, ...]:
    found: Standing = row.standing
    outlook = str(Outlook(found.outlook).label)
    return (
        number, row.person.full_name, quota.days, row.trips, found.counted, found.short, found.planned, outlook,
    )  # fmt: skip


def _list(trips: Sequence[FieldTrip]) -> Table:
    columns = (
        Column("TT", 1, right=True),
        Column("Từ ngày", 1),
        Column("Đến ngày", 1),
        Column("Số ngày", 1, right=True),
        Column("Người đi", 3),
        Column("Đơn vị đến", 3),
        Column("Nội dung", 4),
        Column("Kết quả, khó khăn ghi nhận", 5),
        Column("Trạng thái", 2),
    )
    return Table("Sổ theo dõi đi cơ sở", columns, tuple(_trip(n, trip) for n, trip in enumerate(trips, start=1)))


def _trip(number: int, trip: FieldTrip) -> tuple[Cell, ...]:
    others = [m.person.full_name for m in trip.members.all() if m.person_id != trip.leader_id]
    party = ", ".join([f"{trip.leader.full_name} (trưởng đoàn)", *others]) if others else trip.leader.full_name
    return (
        number,
        trip.starts_on,
        trip.ends_on,
        trip.days,
        party,
        ", ".join(unit.name for unit in trip.units.all()),
        f"{trip.get_kind_display()}: {trip.purpose}",
        trip.report,
        str(TripState(trip.state).label),
    )


def _people(rows: Sequence[Travelled]) -> Table:
    columns = (
        Column("TT", 1, right=True),
        Column("Họ và tên", 4),
        Column("Số chuyến", 1, right=True),
        Column("Số ngày", 1, right=True),
        Column("Đơn vị đến", 6),
    )
    lines = tuple(
        (n, row.person.full_name, row.trips, row.days, _places(row.places)) for n, row in enumerate(rows, start=1)
    )
    return Table("Kết quả đi cơ sở trong năm theo từng người", columns, lines)


def _places(places: dict[str, int]) -> str:
    return ", ".join(f"{name} ({times} lần)" if times > 1 else name for name, times in places.items())


def _coverage(covered: Sequence[Unit], year: int) -> str:
    rows: Sequence[Any] = covered
    reached = sum(bool(unit.visits or unit.inspected) for unit in rows)
    never = sum(unit.last is None for unit in rows)
    difficult = [unit for unit in rows if unit.is_difficult]
    there = sum(bool(unit.visits or unit.inspected) for unit in difficult)
    parts = [f"Trong năm {year} đã đến, kiểm tra {count_word(reached)}/{count_word(len(rows))} đơn vị"]
    if difficult:
        parts.append(f"trong đó {count_word(there)}/{count_word(len(difficult))} đơn vị khó khăn")
    never_reached = f"; {count_word(never)} đơn vị chưa có đoàn đến lần nào" if never else ""
    return f"{', '.join(parts)}{never_reached}."


def _units(covered: Sequence[Unit], year: int, today: dt.date) -> Table:
    columns = (
        Column("TT", 1, right=True),
        Column("Đơn vị", 5),
        Column("Đơn vị khó khăn", 1),
        Column("Lần gần nhất", 1),
        Column("Cách đây (ngày)", 1, right=True),
        Column(f"Chuyến đi năm {year}", 1, right=True),
        Column(f"Đợt kiểm tra năm {year}", 1, right=True),
        Column("Chuyến tới", 1),
    )
    return Table("Đơn vị được đến", columns, tuple(_unit(n, unit, today) for n, unit in enumerate(covered, start=1)))


def _unit(number: int, unit: Any, today: dt.date) -> tuple[Cell, ...]:
    """Return one unit with what `units_covered` counts for it."""
    ago = (today - unit.last).days if unit.last else None
    difficult = "Có" if unit.is_difficult else ""
    return (number, unit.name, difficult, unit.last, ago, unit.visits or 0, unit.inspected or 0, unit.coming)
