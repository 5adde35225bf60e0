"""What a reader hands over: a plan as frozen values, each tied to its place in the document.

Everything here is pure: no Django, no clock, no database. A span counts characters in `Paragraph.text`, so
`paragraphs[span.paragraph].text[span.start:span.end]` is always the words a record was made from.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum


class ParagraphRole(StrEnum):
    """What a paragraph is in the outline of the document."""

    HEADER = "header"  # issuer, number, place and date above the title
    TITLE = "title"
    HEADING = "heading"
    ITEM = "item"  # begins with a mark: -, +, ·, *, (1)
    TEXT = "text"
    CELL = "cell"  # a cell of a task table
    FOOTNOTE = "footnote"
    SIGNATURE = "signature"
    RECIPIENT = "recipient"


class ScheduleKind(StrEnum):
    """How a phrase binds work to time (names as in the answer keys)."""

    BY_DATE = "by_date"
    WITHIN_MONTH = "within_month"
    WITHIN_QUARTER = "within_quarter"
    WITHIN_YEAR = "within_year"
    BY_END_OF_YEAR = "by_end_of_year"
    BETWEEN = "between"
    RECURRING = "recurring"
    RELATIVE = "relative"
    ONGOING = "ongoing"
    AS_DIRECTED = "as_directed"


class PartyKind(StrEnum):
    """Who a mention names."""

    UNIT = "unit"  # one unit: "Ban Phong trào"
    CLASS = "class"  # every unit of some kinds: "các huyện, thị, thành đoàn"
    BODY = "body"  # a body of the issuer: "Ban Thường vụ", "Thường trực"
    POST = "post"  # holders of a post: "Ủy viên Ban Thường vụ"
    EXTERNAL = "external"  # outside the Union: "Ban Dân vận Tỉnh ủy"


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` (exclusive) of the text of paragraph number `paragraph` (from 0)."""

    paragraph: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph, page breaks joined. `line` and `line_end` count from 1 in the text as read.

    `text` is without its `marker`. `breaks` holds, for each further line of a joined paragraph, the character
    of `text` where it begins and its number. `cell` is table, row and column of a cell. `columns` holds the characters
    of `text` where a further column of a line printed in columns begins: the head and the foot of a document.
    """

    text: str
    line: int
    line_end: int
    role: ParagraphRole
    level: int = 0  # nesting in the outline, 1 = top
    marker: str = ""  # as printed: "I.", "3.1-", "-"
    breaks: tuple[tuple[int, int], ...] = ()
    cell: tuple[int, int, int] | None = None
    columns: tuple[int, ...] = ()
    tight: bool = False  # no space between marker and text

    def line_at(self, position: int) -> int:
        """Return the number of the line that character `position` of `text` stands on."""
        return next((line for start, line in reversed(self.breaks) if start <= position), self.line)


@dataclass(frozen=True, slots=True)
class Party:
    """A unit, class of units, body, post or outside body, as named in the text and in full.

    `kinds` holds the codes of the unit kinds a class stands for: department, service, district, affiliated,
    grassroots, branch.
    """

    name: str
    kind: PartyKind
    span: Span
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Header:
    """The frame of the document; None or "" where it states nothing. An open period has no end."""

    symbol: str | None = None
    issued_on: dt.date | None = None
    place: str | None = None
    issuing_body: str | None = None
    title: str = ""
    kind: str = "other"  # or one of the codes of `front_matter`: "shortcoming_remediation", "focus_tasks", …
    period_start: dt.date | None = None
    period_end: dt.date | None = None
    period_open: bool = False
    signer_authority: str | None = None
    signer_title: str | None = None
    signer_name: str | None = None
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """A document the plan cites."""

    kind: str  # "kế hoạch", "nghị quyết", … in lower case
    symbol: str
    issued_on: dt.date | None
    issuer: str
    title: str
    span: Span


@dataclass(frozen=True, slots=True)
class DraftShortcoming:
    """A shortcoming (khuyết điểm); `named_units` are units it names, as written."""

    ordinal: int
    field: str
    text: str
    span: Span
    named_units: tuple[str, ...] = ()
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class DraftPriorityTask:
    """A priority task of a higher body; `list_kind` is "focus" or "breakthrough"."""

    list_kind: str
    ordinal: int
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class DraftGroup:
    """A group of solutions. `lead` is who leads all of it; `shortcomings` are ordinals it answers."""

    ordinal: int
    title: str
    span: Span
    lead: Party | None = None
    shortcomings: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftSolution:
    """One paragraph that commits to work. `group` is an index into `DraftPlan.groups`.

    `by_order` names which of its links ("shortcomings", "priority_tasks") the text doesn't say: they are proposed from
    the order of the lists.
    """

    ordinal: int
    text: str
    span: Span
    group: int | None = None
    level: str = ""  # province, district, grassroots, branch or "" = all or not stated
    leads: tuple[Party, ...] = ()
    supports: tuple[Party, ...] = ()
    shortcomings: tuple[int, ...] = ()
    priority_tasks: tuple[tuple[str, int], ...] = ()
    doubt: str = ""
    by_order: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftSchedule:
    """One obligation in time. `solution` is an index into `DraftPlan.solutions`, None outside any solution.

    `due` is the last allowed day; `rule` an RFC 5545 rule without its prefix; `lead_time` an ISO 8601 duration
    relative to `anchor`; `owners` who owes it where the sentence says so, else the lead of the solution.
    """

    phrase: str
    kind: ScheduleKind
    span: Span
    solution: int | None = None
    start: dt.date | None = None
    due: dt.date | None = None
    rule: str | None = None
    lead_time: str | None = None
    anchor: str | None = None
    exception: str | None = None
    exclusive: bool = False
    year_inferred: bool = False
    owners: tuple[Party, ...] = ()
    doubt: str = ""
    inherited: bool = False  # stands in a heading ("Tháng 3:") over several tasks; the heading's own row is apart


@dataclass(frozen=True, slots=True)
class DraftIndicator:
    """A number to reach. `frequency` is none, month, quarter, half_year or year."""

    text: str
    comparator: str
    value: float
    unit_of_measure: str
    frequency: str
    span: Span
    due: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who does what: role is lead, coordinate, advise, report_to, oversee or inspect."""

    party: Party
    role: str
    object: str
    span: Span


@dataclass(frozen=True, slots=True)
class DraftPlan:
    """A plan as read, before a person has confirmed it."""

    header: Header
    paragraphs: tuple[Paragraph, ...] = ()
    references: tuple[Reference, ...] = ()
    shortcomings: tuple[DraftShortcoming, ...] = ()
    priority_tasks: tuple[DraftPriorityTask, ...] = ()
    groups: tuple[DraftGroup, ...] = ()
    solutions: tuple[DraftSolution, ...] = ()
    schedules: tuple[DraftSchedule, ...] = ()
    indicators: tuple[DraftIndicator, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    warnings: tuple[str, ...] = field(default=())
