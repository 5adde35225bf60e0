"""The text about a meeting for a chat group. Pure; the names of the agenda's items stay out of it.

What a body looks into may be about persons: a group reads when and where it meets, who owes it papers, and once it was
held which work it decided, without that whose words are withheld.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from plans.chat_text import Section, Work, chat_text, name_of, task_lines, when_words


@dataclass(frozen=True, slots=True)
class Invitation:
    """A meeting as a group reads of it; no day: it is not set yet."""

    title: str
    unit: str
    day: dt.date | None
    time: dt.time | None
    place: str
    state: str = ""  # why nobody is to come: called off, held


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that a unit owes before the meeting, by the number of its item."""

    unit: str
    ordinal: int
    status: str
    due_on: dt.date | None


def meeting_text(
    invitation: Invitation, papers: Sequence[Paper], address: str, *, today: dt.date, decided: Sequence[Work] = ()
) -> str:
    """Return when and where a meeting is, and which papers are still owed to it; of one held what was decided."""
    head = [name_of(invitation.title).upper(), name_of(invitation.unit)]
    if invitation.state:
        return chat_text([*head, invitation.state], _decided(decided, today), address)
    head += [f"Thời gian: {_when(invitation)}", f"Địa điểm: {name_of(invitation.place) or 'thông báo sau'}"]
    lines = [_paper(paper, today) for paper in papers]
    sections = [Section("Tài liệu cần gửi trước cuộc họp", lines, len(lines), "tài liệu")] if lines else []
    return chat_text(head, sections, address)


def _decided(works: Sequence[Work], today: dt.date) -> list[Section]:
    """Return who does what by when, as decided; not what is not for a group."""
    told = [work for work in works if not work.withheld]
    lines, counts = task_lines(told, today)
    return [Section("Kết luận giao thực hiện", lines, len(told), counts=counts)] if told else []


def _when(invitation: Invitation) -> str:
    if invitation.day is None:
        return "thông báo sau"
    hour = f"{invitation.time:%H:%M} " if invitation.time else ""
    return f"{hour}ngày {invitation.day:%d/%m/%Y}"


def _paper(paper: Paper, today: dt.date) -> str:
    work = Work("", paper.status, paper.due_on)
    return f"{paper.unit}: tài liệu của nội dung số {paper.ordinal} – {when_words(work, today)}"
