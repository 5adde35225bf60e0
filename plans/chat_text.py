"""Short plain texts for a unit's chat group: what it owes, how far a plan is. Pure: facts and a day in, text out.

Units work in chat groups; a clerk pastes these lines there. They are Vietnamese whatever the language of the page, as
`letters` are, without markup, and end with the address of the page where the whole stands.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from doantracker.lib.text import shortened
from plans.enums import OPEN, Status
from plans.time_state import days_left

#: Characters of a whole text: what a chat shows as one message.
LIMIT: Final = 2000
LONGEST_TITLE: Final = 140
LONGEST_WORK: Final = 700
LONGEST_NAME: Final = 160
#: Longer addresses tear apart in chats; the page is then named without its filter.
LONGEST_ADDRESS: Final = 400
#: Stands for words that not everybody of the group may read.
WITHHELD: Final = "Nội dung không nêu tại đây, xem trên hệ thống"
_STATES: Final[dict[str, str]] = {
    Status.SUBMITTED: "đã báo cáo, chờ xác nhận",
    Status.COMPLETED: "đã hoàn thành",
    Status.ON_HOLD: "tạm dừng",
    Status.CANCELLED: "đã hủy",
}


@dataclass(frozen=True, slots=True)
class Work:
    """One deadline as a group may read it; `unit` is empty where the head names it."""

    text: str
    status: str
    due_on: dt.date | None
    period: str = ""
    plan: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Lines under a heading; `lines` may be the first of `total`, `noun` is what they are."""

    heading: str
    lines: Sequence[str]
    total: int
    noun: str = "việc"


@dataclass(frozen=True, slots=True)
class OpenWork:
    """What one unit still owes in a plan; `soon` of it falls due in the days asked for."""

    unit: str
    total: int
    overdue: int
    soon: int


def chat_text(head: Sequence[str], sections: Sequence[Section], address: str, *, call: str = "Xem chi tiết") -> str:
    """Return the text in at most LIMIT characters: the longest list gives way first, its rest is counted."""
    shown = [len(section.lines) for section in sections]
    while True:
        text = _laid_out(head, sections, shown, f"{call}: {address}")
        if len(text) <= LIMIT or not any(shown):
            return text
        shown[max(range(len(shown)), key=lambda n: (shown[n], n))] -= 1


def address_in_text(address: str) -> str:
    """Return an address as a chat keeps it whole: without its filter when that makes it too long."""
    return address if len(address) <= LONGEST_ADDRESS else address.split("?", 1)[0]


def work_line(work: Work, today: dt.date) -> str:
    """Return one deadline on a line: unit, what is owed, period, day and how far away it is, plan."""
    title = shortened(one_line(work.text), LONGEST_TITLE).rstrip(" .;,:")
    unit = f"{work.unit}: " if work.unit else ""
    period = f" ({work.period})" if work.period else ""
    plan = f" [{shortened(work.plan, LONGEST_NAME // 2)}]" if work.plan else ""
    return f"{unit}{title}{period} – {when_words(work, today)}{plan}"


def when_words(work: Work, today: dt.date) -> str:
    """Return the last day with what it means today: "hạn 28/02/2026, quá hạn 16 ngày"."""
    day = f"hạn {work.due_on:%d/%m/%Y}" if work.due_on else "chưa ấn định thời hạn"
    state = _left_words(work.due_on, today) if work.status in OPEN else _STATES[work.status]
    return f"{day}, {state}" if state else day


def open_line(row: OpenWork, days: int) -> str:
    """Return what one unit still owes in a plan: "Đoàn xã An Hòa: còn 6 việc, quá hạn 2, …"."""
    parts = [f"còn {row.total} việc"]
    parts += [f"quá hạn {row.overdue}"] if row.overdue else []
    parts += [f"đến hạn trong {days} ngày tới {row.soon}"] if row.soon else []
    return f"{row.unit}: {', '.join(parts)}"


def one_line(text: str) -> str:
    """Return a text without breaks: a line of a list stays one line."""
    return " ".join(text.split())


def name_of(text: str) -> str:
    """Return a name or title as a head shows it: one line, not endless."""
    return shortened(one_line(text), LONGEST_NAME)


def as_of(today: dt.date) -> str:
    """Return the day the text speaks of."""
    return f"tính đến ngày {today:%d/%m/%Y}"


def _left_words(due_on: dt.date | None, today: dt.date) -> str:
    left = days_left(due_on, today)
    if left is None:
        return ""
    if left < 0:
        return f"quá hạn {-left} ngày"
    return f"còn {left} ngày" if left else "hết hạn hôm nay"


def _laid_out(head: Sequence[str], sections: Sequence[Section], shown: Sequence[int], foot: str) -> str:
    blocks = ["\n".join(head), *map(_section, sections, shown), foot]
    return "\n\n".join(blocks)


def _section(section: Section, shown: int) -> str:
    if not section.total:
        return f"{section.heading}: không có."
    lines = [f"{section.heading}: {section.total} {section.noun}"]
    lines += [f"{n}. {line}" for n, line in enumerate(section.lines[:shown], 1)]
    if shown and section.total > shown:
        lines.append(f"… và {section.total - shown} {section.noun} khác")
    return "\n".join(lines)
