"""The words of a chasing letter (công văn đôn đốc). Pure: facts and a day in, text out.

An official paper is Vietnamese whatever the language of the page, and follows the order of its parts in
29-HD/TWĐTN-VP: head, number, subject, place and day, addressee, body, recipients, signature. One column, so that
it can be pasted into a word processor; it leaves as an official paper, which has its number.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from doantracker.lib.text import shortened
from plans.citing import about, kind_of

LONGEST_TEXT: Final = 300
TWO_DIGITS: Final = 10
PADDED_MONTHS: Final = 2


@dataclass(frozen=True, slots=True)
class LateRow:
    """One late deadline as the letter lists it."""

    unit: str
    text: str
    period: str
    due_on: dt.date
    days: int


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes, and the plan that is chased."""

    superior: str
    body: str
    name: str
    place: str
    symbol: str
    kind: str
    body_code: str
    department: str
    issued_on: dt.date | None
    title: str
    authority: str
    post: str


def chasing_letter(sender: Sender, rows: Sequence[LateRow], *, today: dt.date, answer_by: dt.date) -> str:
    """Return the letter about `rows`, which stand in order of units."""
    body = letter_body(sender, rows, today=today, answer_by=answer_by)
    parts = [_head(sender, today), f"Kính gửi: {addressee_of(rows)}", *body, _foot(sender)]
    return "\n\n".join(parts) + "\n"


def letter_body(sender: Sender, rows: Sequence[LateRow], *, today: dt.date, answer_by: dt.date) -> list[str]:
    """Return the parts of the body: the opening, the list of what is late, what is asked. Lines end a paragraph."""
    units = [(unit, list(late)) for unit, late in groupby(rows, key=lambda row: row.unit)]
    return [
        _opening(sender, len(rows), today),
        _list(units),
        _demands(sender, answer_by, several=len(units) > 1),
    ]


def addressee_of(rows: Sequence[LateRow]) -> str:
    """Return to whom the letter goes."""
    units = {row.unit for row in rows}
    return next(iter(units)) if len(units) == 1 else "Các đơn vị có tên trong công văn này"


def subject_of(sender: Sender) -> str:
    """Return the subject after "V/v"."""
    kind = kind_of(sender.kind, sender.title)
    name = sender.title if _names_itself(sender) else f"{kind} “{sender.title}”"
    return f"đôn đốc thực hiện {f'{kind} số {sender.symbol}' if sender.symbol else name}"


def long_day(day: dt.date) -> str:
    """Return a day in words as documents write it: days below 10 and the months 1 and 2 get a zero."""
    month = f"{day.month:02d}" if day.month <= PADDED_MONTHS else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def _count(number: int) -> str:
    return f"{number:02d}" if number < TWO_DIGITS else str(number)


def _document(sender: Sender) -> str:
    """Return how the plan is cited: kind, number, day, issuer, title; where nothing but its name is known, by that."""
    if not sender.symbol and not sender.issued_on and _names_itself(sender):
        whose = "" if " của " in sender.title else f" của {sender.name}"
        return f"{sender.title}{whose}"
    kind = kind_of(sender.kind, sender.title)
    number = f" số {sender.symbol}" if sender.symbol else ""
    day = f" {long_day(sender.issued_on)}" if sender.issued_on else ""
    return f"{kind}{number}{day} của {sender.name} “{sender.title}”"


def _names_itself(sender: Sender) -> bool:
    """Return whether the title begins with what the plan is: "Chương trình công tác năm 2026"."""
    return about(kind_of(sender.kind, sender.title), sender.title) != sender.title


def _head(sender: Sender, today: dt.date) -> str:
    code = "-".join(part for part in (sender.body_code or "……", sender.department) if part)
    lines = [
        "ĐOÀN TNCS HỒ CHÍ MINH",
        "",
        *([sender.superior.upper()] if sender.superior else []),
        sender.body.upper(),
        "***",
        f"Số: ……-CV/{code}",
        f"V/v {subject_of(sender)}",
        "",
        f"{sender.place or '……'}, {long_day(today)}",
    ]
    return "\n".join(lines)


def _opening(sender: Sender, count: int, today: dt.date) -> str:
    return (
        f"Thực hiện {_document(sender)}, qua theo dõi tiến độ đến {long_day(today)}, "
        f"còn {_count(count)} nội dung đã quá hạn mà chưa hoàn thành, cụ thể như sau:"
    )


def _list(units: Sequence[tuple[str, Sequence[LateRow]]]) -> str:
    if len(units) == 1:
        return "\n".join(_row(f"{n}.", row) for n, row in enumerate(units[0][1], 1))
    lines = []
    for place, (unit, rows) in enumerate(units, 1):
        lines.append(f"{place}. {unit} ({_count(len(rows))} nội dung):")
        lines += [_row(f"{place}.{n}.", row) for n, row in enumerate(rows, 1)]
    return "\n".join(lines)


def _row(number: str, row: LateRow) -> str:
    text = shortened(" ".join(row.text.split()), LONGEST_TEXT).rstrip(" .;,")
    day = f"{row.due_on:%d/%m/%Y}"
    told = row.period and day not in row.period  # a period that is its last day says nothing
    period = f" ({row.period})" if told else ""
    return f"{number} {text}{period}; hạn ngày {day}, quá hạn {_count(row.days)} ngày."


def _demands(sender: Sender, answer_by: dt.date, *, several: bool) -> str:
    whom = "các đơn vị" if several else "đơn vị"
    return f"""Để bảo đảm tiến độ chung, {sender.name} đề nghị {whom}:
1. Tập trung hoàn thành các nội dung nêu trên; cập nhật kết quả kèm minh chứng trên hệ thống theo dõi chậm nhất \
{long_day(answer_by)}.
2. Đối với nội dung chưa thể hoàn thành, báo cáo rõ nguyên nhân, khó khăn, vướng mắc và đề xuất thời hạn thực hiện.
{sender.name} đề nghị {whom} nghiêm túc triển khai thực hiện./."""


def _foot(sender: Sender) -> str:
    kept = f"- Lưu VT, {sender.department}." if sender.department else "- Lưu VT."
    return f"Nơi nhận:\n- Như trên;\n{kept}\n\n{sender.authority.upper()}\n{sender.post.upper()}"
