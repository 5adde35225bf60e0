"""An official paper as data: its head, its body in blocks, who signs, who receives it. Pure.

The parts and their order are those of 29-HD/TWĐTN-VP (29/10/2013). A paper is Vietnamese whatever the language of the
page.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import IntEnum, StrEnum
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
#: An annex by its name: "Phụ lục 1. Kết quả theo đơn vị".
ANNEX: Final = re.compile(r"(Phụ lục(?: \d+)?)\. (.+)", re.DOTALL)
WIDE_FROM: Final = 6  # columns; as many stand on a turned page
COUNTED: Final = "TT"  # the column in which rows are counted
#: What no line may end within: years from and to, the number of an annex.
TOGETHER: Final = (
    (re.compile(r"\b(\d{4}) ([-–]) (\d{4})\b"), "\\1\xa0\\2\xa0\\3"),
    (re.compile(r"\b(Phụ lục) (\d+)\b"), "\\1\xa0\\2"),
)
SAME_WORDS: Final = 0.75  # of a caption that stand in the heading above: it says nothing new
UNIT: Final = re.compile(r"\b(?:tỉnh|thành|huyện|thị|quận|xã|phường) đoàn\b.*", re.IGNORECASE)
LONGEST_UNIT: Final = 26  # letters that stand on one line of the head and foot
LINE_ENDS: Final = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")

RATE: Final = "Tỷ lệ"  # how the columns begin that hold a part of a whole, in percent

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


class Side(StrEnum):
    """Where the text of a cell stands."""

    LEFT = "left"
    CENTRE = "center"
    RIGHT = "right"


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

    @property
    def sides(self) -> tuple[Side, ...]:
        """Return where the cells of each column stand: row numbers and days in the middle, figures and rates right."""
        firsts = (next((row[n] for row in self.rows if row[n] is not None), None) for n in range(len(self.columns)))
        return tuple(map(_side, self.columns, firsts))

    @property
    def is_annex(self) -> bool:
        """Return whether the table stands after the signature, on a page of its own."""
        return ANNEX.fullmatch(self.name) is not None

    @property
    def annex_head(self) -> tuple[str, str]:
        """Return the number and the name of an annex: "PHỤ LỤC 1" and "Kết quả theo đơn vị"."""
        found = ANNEX.fullmatch(self.name)
        return (found[1].upper(), found[2]) if found else ("", self.name)

    @property
    def is_wide(self) -> bool:
        """Return whether the table needs a turned page."""
        return len(self.columns) >= WIDE_FROM


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
    """Who signs: authority ("TM. BAN THƯỜNG VỤ TỈNH ĐOÀN"), further lines of posts, and the name.

    `left`: who signs at the left, the secretary of a meeting or the side that hands over; `below`: a witness.
    """

    authority: str
    post: str
    name: str = ""
    left: tuple[str, str] | None = None  # the post and the name
    below: tuple[str, str] | None = None


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
            signature=Signature(
                printable(sign.authority),
                printable(sign.post),
                printable(sign.name),
                _printable_pair(sign.left),
                _printable_pair(sign.below),
            ),
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

    @property
    def body(self) -> tuple[Block, ...]:
        """Return what stands before the signature."""
        return tuple(block for block in self.blocks if not _is_annex(block))

    @property
    def annexes(self) -> list[Table]:
        """Return what stands after the signature, each on a page of its own."""
        return [table for table in self.tables if table.is_annex]

    @property
    def belongs_to(self) -> str:
        """Return the line under the name of an annex."""
        kind = self.kind_name.capitalize() or "Công văn"
        return f"(Kèm theo {kind} số {self.head.number} {long_day(self.head.day)})"


def _side(column: Column, cell: Cell) -> Side:
    if column.name == COUNTED or isinstance(cell, dt.date):
        return Side.CENTRE
    return Side.RIGHT if column.right or column.name.startswith(RATE) else Side.LEFT


def unbroken(text: str) -> str:
    """Return a text in which no line ends within what is read as one."""
    for pattern, words in TOGETHER:
        text = pattern.sub(words, text)
    return text


def annexes_last(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """Return the blocks in the order in which a paper has them: the body, then its annexes."""
    return tuple(sorted(blocks, key=_is_annex))


def captioned(blocks: Iterable[Block]) -> Iterator[tuple[Block, str]]:
    """Yield each block with the caption that stands above it: none where the words above announce the table."""
    above: Block | None = None
    for block in blocks:
        caption = block.name if isinstance(block, Table) else ""
        yield block, "" if _announced(caption, above) else caption
        above = block


def _announced(caption: str, above: Block | None) -> bool:
    """Return whether the heading above says the same, or a sentence above ends in a colon."""
    if isinstance(above, Text):
        return above.text.endswith(":") and not caption[:1].isdigit()
    return isinstance(above, Heading) and _share_said(caption, above.text) >= SAME_WORDS


def in_lines(text: str, longest: int) -> str:
    """Return a line of the head or foot; where it is too long it breaks before the name of the unit, not within."""
    if len(text) <= longest:
        return text
    return UNIT.sub(lambda found: found[0].replace(" ", "\xa0") if len(found[0]) <= LONGEST_UNIT else found[0], text)


def _share_said(caption: str, heading: str) -> float:
    words = caption.casefold().split()
    return sum(word in heading.casefold().split() for word in words) / len(words) if words else 0


def _is_annex(block: Block) -> bool:
    return isinstance(block, Table) and block.is_annex


def _printable_pair(signer: tuple[str, str] | None) -> tuple[str, str] | None:
    return (printable(signer[0]), printable(signer[1])) if signer else None


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
