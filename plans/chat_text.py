"""Short plain texts for a unit's chat group: what it owes, how far a plan is. Pure: facts and a day in, text out.

Units work in chat groups; a clerk pastes these lines there. They are Vietnamese whatever the language of the page, as
`letters` are, without markup, and end with the address of the page where the whole stands.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from doantracker.lib.text import shortened
from plans.enums import OPEN, Status
from plans.time_state import days_left

#: Characters of a whole text: what a chat shows as one message.
LIMIT: Final = 2000
LONGEST_TITLE: Final = 140
LONGEST_WORK: Final = 700
LONGEST_NAME: Final = 160
MOST_UNITS: Final = 15  # named in one line
#: Longer addresses tear apart in chats; the page is then named without its filter.
LONGEST_ADDRESS: Final = 400
#: How lines begin that are points of a list: with a dash, which no line needs that is not its own, or a number.
DASHED: Final = re.compile(r"^[-–—+*•·](?:\s+|(?=[^\W\d_]))")
NUMBERED: Final = re.compile(r"(?:\d{1,2}|[a-zđ])[.)]\s")
ENDS: Final = ".:;,!?…"  # after these no point needs a semicolon before it
#: Stands for words that not everybody of the group may read.
WITHHELD: Final = "Nội dung không nêu tại đây, xem trên hệ thống"
_STATES: Final[dict[str, str]] = {
    Status.SUBMITTED: "đã báo cáo, chờ xác nhận",
    Status.COMPLETED: "đã hoàn thành",
    Status.ON_HOLD: "tạm hoãn",
    Status.CANCELLED: "đã hủy",
}


@dataclass(frozen=True, slots=True)
class Work:
    """One deadline as a group may read it; `unit` is empty where the head names it; `task` is its solution.

    `withheld`: something stands instead of the words, which are not for a group.
    """

    text: str
    status: str
    due_on: dt.date | None
    period: str = ""
    plan: str = ""
    unit: str = ""
    task: int = 0
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """Lines under a heading; `lines` may be the first of `total`, `noun` is what they are.

    `counts` says of how many each line speaks where that is not one.
    """

    heading: str
    lines: Sequence[str]
    total: int
    noun: str = "việc"
    counts: Sequence[int] = ()

    def left_out(self, shown: int) -> int:
        """Return of how many nothing is said when only the first lines are shown."""
        return self.total - (sum(self.counts[:shown]) if self.counts else min(shown, len(self.lines)))


@dataclass(frozen=True, slots=True)
class OpenWork:
    """What one unit still owes in a plan; `soon` of it falls due in the days asked for. `held` is on hold, apart."""

    unit: str
    total: int
    overdue: int
    soon: int
    held: int = 0


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


def task_lines(works: Sequence[Work], today: dt.date) -> tuple[list[str], list[int]]:
    """Return a line for each task, its units named at the end, and for how many deadlines it stands.

    Deadlines of one task with the same period and day differ by their units only.
    """
    groups: dict[tuple[object, ...], list[Work]] = {}
    for work in works:
        alone = () if work.unit and work.task else (len(groups),)
        key = (work.task, work.text, work.period, work.plan, when_words(work, today), *alone)
        groups.setdefault(key, []).append(work)
    lines = [
        work_line(group[0], today) if len(group) == 1 else _shared_line(group, today) for group in groups.values()
    ]
    return lines, [len(group) for group in groups.values()]


def unit_line(row: OpenWork) -> str:
    """Return how much of a list is one unit's: "Đoàn xã An Hòa: 6 việc, quá hạn 2"."""
    late = f", quá hạn {row.overdue}" if row.overdue else ""
    return f"{row.unit}: {row.total} việc{late}"


def _shared_line(group: Sequence[Work], today: dt.date) -> str:
    """Return what several units owe alike, in one sentence."""
    names = list(dict.fromkeys(work.unit for work in group))
    shown = ", ".join(names[:MOST_UNITS])
    more = f" và {len(names) - MOST_UNITS} đơn vị khác" if len(names) > MOST_UNITS else ""
    return f"{work_line(replace(group[0], unit=''), today)}. Đơn vị: {shown}{more}"


def when_words(work: Work, today: dt.date) -> str:
    """Return the last day with what it means today: "hạn 28/02/2026, quá hạn 16 ngày"."""
    day = f"hạn {work.due_on:%d/%m/%Y}" if work.due_on else "chưa ấn định thời hạn"
    state = _left_words(work.due_on, today) if work.status in OPEN else _STATES[work.status]
    return f"{day}, {state}" if state else day


def open_line(row: OpenWork, days: int) -> str:
    """Return what one unit still owes in a plan: "Đoàn xã An Hòa: còn 6 việc, quá hạn 2, …, tạm hoãn 1"."""
    parts = [f"còn {row.total} việc"] if row.total else []
    parts += [f"quá hạn {row.overdue}"] if row.overdue else []
    parts += [f"đến hạn trong {days} ngày tới {row.soon}"] if row.soon else []
    parts += [f"tạm hoãn {row.held}"] if row.held else []
    return f"{row.unit}: {', '.join(parts)}"


def one_line(text: str) -> str:
    """Return a text without breaks, the points of a list parted by semicolons: a line of a list stays one line."""
    found = ""
    for line in filter(None, map(str.strip, text.splitlines())):
        point = DASHED.sub("", line)
        starts = point != line or NUMBERED.match(line)
        joint = "; " if starts and found and found[-1] not in ENDS else " "
        found += f"{joint}{point}"
    return " ".join(found.split())


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
    left_out = section.left_out(shown)
    if shown and left_out > 0:
        lines.append(f"… và {left_out} {section.noun} khác")
    return "\n".join(lines)
