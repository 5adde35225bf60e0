"""An official paper as data: its head, its body in blocks, who signs, who receives it. Pure.

The parts and their order are those of 29-HD/TWĐTN-VP (29/10/2013). A paper is Vietnamese whatever the language of the
page.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import IntEnum
from typing import Final

OPEN: Final = "……"  # what is not known yet
TITLE: Final = "ĐOÀN TNCS HỒ CHÍ MINH"
BREAK: Final = "***"  # under the issuing body, before the number
TWO_DIGITS: Final = 10
PADDED_MONTHS: Final = 2
LETTER: Final = "CV"  # công văn: has a subject and an addressee, no name of its kind
#: Kinds of paper by their code, as the head names them.
KINDS: Final = {
    "BC": "BÁO CÁO",
    "BB": "BIÊN BẢN",
    "CTr": "CHƯƠNG TRÌNH",
    "CV": "",
    "HD": "HƯỚNG DẪN",
    "KH": "KẾ HOẠCH",
    "KL": "KẾT LUẬN",
    "TB": "THÔNG BÁO",
    "TTr": "TỜ TRÌNH",
}

#: What no document may hold (XML 1.0), and marks that turn the direction of reading: they make a text deceive.
UNPRINTABLE: Final = re.compile("[^\t\n -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u202a-\u202e\u2066-\u2069\u007f]")
LINE_ENDS: Final = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")

#: What a cell of a table holds; a spreadsheet keeps it as what it is.
Cell = str | int | Decimal | dt.date | None


class Level(IntEnum):
    """Rank of a heading: "Phần I", "I.", "1.", "1.1.", "1.1.1."."""

    PART = 0
    SECTION = 1
    ITEM = 2
    SUB_ITEM = 3
    POINT = 4


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading, its number included."""

    level: Level
    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """One paragraph of the body. With a `key` a person may put other words in its place."""

    text: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its head and its share of the width."""

    name: str
    share: int = 1
    right: bool = False  # figures stand right


@dataclass(frozen=True, slots=True)
class Table:
    """A table: `name` is the sheet of a spreadsheet and the caption; each row has a cell for each column."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def __post_init__(self) -> None:
        """Refuse a row that does not fit its columns: a fault of the gathering code."""
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"A row of {self.name} does not fit its columns")


Block = Heading | Text | Table


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above the body. `number` is the text after "Số:", dots where none is given."""

    body: str
    place: str
    day: dt.date
    number: str
    superior: str = ""
    marks: tuple[str, ...] = ()  # DỰ THẢO, KHẨN
    note: str = ""  # of a meeting's paper


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs: authority ("TM. BAN THƯỜNG VỤ TỈNH ĐOÀN"), further lines of posts, and the name."""

    authority: str
    post: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper. `abstract` is the trích yếu, on a công văn the subject without its V/v."""

    kind: str
    head: Head
    abstract: str
    blocks: tuple[Block, ...]
    signature: Signature
    recipients: tuple[str, ...]
    addressees: tuple[str, ...] = ()
    file_code: str = ""
    landscape: bool = False

    @property
    def kind_name(self) -> str:
        """Return the name of the kind as the head shows it; "" on a công văn."""
        return KINDS[self.kind]

    def edited(self, edits: Mapping[str, str]) -> Paper:
        """Return the paper with other words in the place of paragraphs, by their keys."""
        blocks = [
            replace(block, text=edits.get(block.key, block.text)) if isinstance(block, Text) and block.key else block
            for block in self.blocks
        ]
        return replace(self, blocks=tuple(blocks))

    @property
    def cleaned(self) -> Paper:
        """Return the paper as every form of it can show it."""
        head, sign = self.head, self.signature
        return replace(
            self,
            head=replace(
                head, body=printable(head.body), place=printable(head.place), superior=printable(head.superior)
            ),
            abstract=printable(self.abstract),
            blocks=tuple(_cleaned(block) for block in self.blocks),
            signature=Signature(printable(sign.authority), printable(sign.post), printable(sign.name)),
            recipients=tuple(map(printable, self.recipients)),
            addressees=tuple(map(printable, self.addressees)),
        )

    @property
    def paragraphs(self) -> dict[str, str]:
        """Return the paragraphs that a person may word anew, by key."""
        return {block.key: block.text for block in self.blocks if isinstance(block, Text) and block.key}

    @property
    def tables(self) -> list[Table]:
        """Return the tables in their order."""
        return [block for block in self.blocks if isinstance(block, Table)]


def printable(text: str) -> str:
    """Return a text that a document can hold: lines end with a line feed, nothing unseen stands in it."""
    return UNPRINTABLE.sub("", LINE_ENDS.sub("\n", text))


def _cleaned(block: Block) -> Block:
    if not isinstance(block, Table):
        return replace(block, text=printable(block.text))
    rows = tuple(tuple(printable(cell) if isinstance(cell, str) else cell for cell in row) for row in block.rows)
    return replace(block, name=printable(block.name), rows=rows)


def long_day(day: dt.date) -> str:
    """Return a day in words as documents write it: days below 10 and the months 1 and 2 get a zero."""
    month = f"{day.month:02d}" if day.month <= PADDED_MONTHS else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def place_and_day(head: Head) -> str:
    """Return "Sông Thao, ngày 09 tháng 02 năm 2026"."""
    return f"{head.place or '……'}, {long_day(head.day)}"


def count_word(number: int) -> str:
    """Return a count as documents write it: below 10 with a zero."""
    return f"{number:02d}" if 0 <= number < TWO_DIGITS else str(number)


def symbol(number: int | None, kind: str, body_code: str, department_code: str = "") -> str:
    """Return "245-BC/TĐTN-TCKT"; dots where number or body code is not known."""
    given = count_word(number) if number else OPEN
    return f"{given}-{kind}/" + "-".join(part for part in (body_code or OPEN, department_code) if part)


def recipient_lines(recipients: Sequence[str]) -> list[str]:
    """Return the lines of "Nơi nhận": each "- …;", the last ends with a full stop."""
    bare = [recipient.strip().lstrip("-").strip().rstrip(";.") for recipient in recipients]
    return [f"- {text}{'.' if n == len(bare) else ';'}" for n, text in enumerate(bare, start=1)]


def shown(cell: Cell) -> str:
    """Return a cell as a Vietnamese paper shows it: 31/12/2026, 1.234,5; "" for what is missing."""
    if cell is None:
        return ""
    if isinstance(cell, dt.date):
        return f"{cell:%d/%m/%Y}"
    if isinstance(cell, int | Decimal):
        return f"{cell:,}".translate(str.maketrans(",.", ".,"))
    return cell
