"""The minutes of a meeting: who was there, what was spoken about, what was said and decided."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from doantracker.papers.gather.content import KEPT, Content, Issued
from doantracker.papers.gather.parts import without_empty
from doantracker.papers.paper import (
    Block,
    Cell,
    Column,
    Heading,
    Level,
    Signature,
    Table,
    Text,
    count_word,
    long_day,
)
from reviews.meeting_page import DecisionRow, ItemRow, decision_rows, item_rows
from reviews.models import Attendance, Meeting
from units.models import Appointment, User
from units.roles import Role

ABSENT = "Vắng"
PRESENT = "Có mặt"
#: Columns that are left out where nothing stands in them.
REASON, SUPPORTING, OVERSEER = "Lý do vắng", "Phối hợp", "Người phụ trách"


def minutes_paper(meeting: Meeting, by: User, today: dt.date) -> Content:
    """Gather what the page of a meeting that was held shows; six queries whatever its size."""
    seats = list(meeting.attendance.select_related("person"))
    decisions = decision_rows(meeting, user=by, today=today)
    blocks: list[Block] = [
        Heading(Level.SECTION, "I. Thời gian, địa điểm, thành phần"),
        *_when(meeting),
        *_present(seats, _posts(meeting)),
        Heading(Level.SECTION, "II. Nội dung"),
        *_agenda(item_rows(meeting, user=by, today=today)),
        *_said(meeting),
        Heading(Level.SECTION, "III. Kết luận"),
        *_decided(decisions),
        Text(  # nothing of it is recorded
            "Cuộc họp kết thúc lúc …… giờ …… phút, ngày ……; biên bản được đọc lại, các thành viên dự họp nhất trí.",
            "closing",
        ),
    ]
    kept = tuple(block for block in blocks if not (isinstance(block, Table) and not block.rows))
    chair = meeting.chair.full_name if meeting.chair else ""
    secretary = meeting.secretary.full_name if meeting.secretary else ""
    return Content(
        meeting.unit,
        "BB",
        meeting.title,
        kept,
        recipients=("Thành viên dự họp", "Các đơn vị thực hiện kết luận", KEPT),
        signature=Signature("Chủ trì", "", chair, left=("Thư ký", secretary)),
        day=meeting.held_on,
        issued=_issued(meeting),
    )


def _issued(meeting: Meeting) -> Issued | None:
    """Return the number that was recorded with the minutes: their paper carries it."""
    number, day = meeting.minutes_symbol, meeting.held_on
    return Issued(number, day) if number and day else None


def _when(meeting: Meeting) -> list[Block]:
    hour = f"{meeting.starts_at:%H giờ %M}, " if meeting.starts_at else ""
    place = f", tại {meeting.place}" if meeting.place else ""
    lines = [f"Thời gian: {hour}{long_day(meeting.held_on or dt.date.min)}{place}."]
    if meeting.chair:
        lines.append(f"Chủ trì: đồng chí {meeting.chair.full_name}.")
    if meeting.secretary:
        lines.append(f"Thư ký: đồng chí {meeting.secretary.full_name}.")
    return [Text(line, f"when{n}") for n, line in enumerate(lines)]


def _posts(meeting: Meeting) -> dict[int, str]:
    """Return the first post of each member on the day of the meeting, who is first in rank first; one query.

    A post of the unit that meets goes before all others; of another it is said where it is held.
    """
    seats = meeting.attendance.values("person_id")
    held = Appointment.objects.in_force(meeting.held_on or dt.date.min).filter(user__in=seats)
    rows = held.exclude(post__role=Role.ADMINISTRATOR).select_related("post__unit", "user")
    found: dict[int, str] = {}
    own = meeting.unit_id
    for row in sorted(rows, key=lambda row: (row.post.unit_id != own, row.post.rank, row.user.sort_key, row.pk)):
        where = "" if row.post.unit_id == own else f", {row.post.unit.label}"
        found.setdefault(row.user_id, f"{row.post.title}{where}")
    return found


def _present(seats: Sequence[Attendance], posts: Mapping[int, str]) -> list[Block]:
    if not seats:
        return [Text("Thành phần: ……", "present")]
    present = sum(seat.present for seat in seats)
    order = {person: n for n, person in enumerate(posts)}
    columns = (
        Column("TT", 1, right=True),
        Column("Họ và tên", 4),
        Column("Chức vụ", 4),
        Column("Dự họp", 2),
        Column(REASON, 4),
    )
    lines = tuple(
        (n, seat.person.full_name, posts.get(seat.person_id, ""), PRESENT if seat.present else ABSENT, seat.reason)
        for n, seat in enumerate(sorted(seats, key=lambda seat: order.get(seat.person_id, len(order))), start=1)
    )
    words = f"Có mặt {count_word(present)}/{count_word(len(seats))} thành viên."
    return [Text(words, "present"), without_empty(Table("Thành phần dự họp", columns, lines), REASON)]


def _agenda(items: Sequence[ItemRow]) -> list[Block]:
    columns = (Column("TT", 1, right=True), Column("Nội dung", 8), Column("Trình bày", 4))
    return [Table("Chương trình họp", columns, tuple(_item(row) for row in items))]


def _item(row: ItemRow) -> tuple[Cell, ...]:
    item = row.item
    speakers = [item.presenter.full_name] if item.presenter else []
    speakers += [item.presenter_unit.label] if item.presenter_unit else []
    return (item.ordinal, item.title, " – ".join(speakers))


def _said(meeting: Meeting) -> list[Block]:
    """Return the words of the minutes, one paragraph each."""
    lines = [line.strip() for line in meeting.minutes.splitlines() if line.strip()]
    return [Text(line, f"said{n}") for n, line in enumerate(lines)]


def _decided(rows: Sequence[DecisionRow]) -> list[Block]:
    if not rows:
        return [Text("Không có nội dung giao thực hiện.", "decided")]
    columns = (
        Column("TT", 1, right=True),
        Column("Nội dung kết luận", 6),
        Column("Chủ trì", 3),
        Column(SUPPORTING, 3),
        Column("Thời hạn", 1),
        Column(OVERSEER, 3),
    )
    words = f"Giao thực hiện {count_word(len(rows))} nội dung:"
    table = Table("Kết luận của cuộc họp", columns, tuple(_decision(row) for row in rows))
    return [Text(words, "decided"), without_empty(table, SUPPORTING, OVERSEER)]


def _decision(row: DecisionRow) -> tuple[Cell, ...]:
    solution = row.decision.solution
    days = [owed.due_on for owed in row.work.rows if owed.due_on]
    overseer = solution.overseer.full_name if solution.overseer else ""
    lead = solution.lead.label if solution.lead else ""
    return (row.decision.ordinal, solution.text, lead, row.supporting, min(days, default=None), overseer)
