"""From an outline to what a plan commits to: shortcomings, solutions in groups, schedules, indicators, roles. Pure."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from doantracker.lib.text import fold
from plans.reading.drafts import (
    Assignment,
    DraftGroup,
    DraftIndicator,
    DraftPlan,
    DraftPriorityTask,
    DraftSchedule,
    DraftShortcoming,
    DraftSolution,
    Header,
    Party,
    PartyKind,
    ScheduleKind,
    Span,
)
from plans.reading.indicators import read_indicators
from plans.reading.labels import Label, LabelKind, inner_labels, read_label
from plans.reading.mentions import Actor, Roles, heading_parties, read_roles, stated_role
from plans.reading.outline_nodes import Node, Section, Zone
from plans.reading.parties import find_parties, listed_parties
from plans.reading.phrases import Frame, Phrase, find_phrases
from plans.reading.references import masked_spans
from plans.reading.tables import task_rows
from plans.reading.words import REMEMBERED, is_capitals, plain, sentences

FROM_ORDER = "task taken from the order of the list"
FIELD_ORDER = "group and field matched by their order"
NOT_READ_AFTER = "not read after line "  # a warning; the number of the line follows
MOST_RECORDS = 50_000  # twice what the longest plan can hold
FOR_SECTION = "may hold for every task of its section"

_SHORTCOMING_LABEL = re.compile(
    r"(?:Khuyết điểm|Hạn chế|Tồn tại)\s{0,3}(?:số\s{0,3})?(?P<ordinal>\d{1,2})\s{0,3}[:.]\s{0,3}"
)
_OPENS_SHORTCOMINGS = re.compile(
    r"\b(?:tồn tại|hạn chế|khuyết điểm|yếu kém|thiếu sót|nghiêm túc chỉ ra)[^.;:]{0,60}:\s{0,3}$"
)
_MONTHS = r"tháng \d{1,2}(?:(?:,| và|\s?[-–])\s(?:tháng )?\d{1,2}(?!\d))*"
_QUARTERS = r"qu[ýí] (?:iv|i{1,3}|[1-4])(?:(?:,| và|\s?[-–])\s(?:qu[ýí] )?(?:iv|i{1,3}|[1-4]))?"
_TIME_HEAD = re.compile(rf"(?:trong )?(?:{_MONTHS}|{_QUARTERS})(?:/20\d\d| năm 20\d\d)?(?=\s?:|\s?$)")
_CAUSE = re.compile(r"(?:các )?(?:nguyên nhân|lý do)\b")
_NAMED_UNITS = re.compile(
    r"\b\d{1,3} (?:đơn vị|huyện|xã|cơ sở|chi đoàn|địa phương)[^()]{0,160}\((?P<names>[^()]{3,200})\)"
)
_TASK_LIST = re.compile(
    r"^(?:(?:\d{1,2}|mot|hai|ba|bon|nam|sau|cac) ){0,2}"
    r"(?:nhiem vu (?:tap trung|trong tam|dot pha)|(?:khau )?dot pha)\b"
)
_TASK_LABEL = re.compile(
    r"(?:(?:nhiệm vụ|khâu đột phá|đột phá|trọng tâm)(?: trọng tâm)?) "
    r"(?:thứ )?(?:nhất|hai|ba|tư|năm|sáu|\d{1,2})\s?[:.,-]"
)
_UNION = re.compile(r"\bđoàn\b(?! (?:thể|kiểm tra|đại biểu|công tác|giám sát))")
_COMMUNES = re.compile(r"(?:(?:các|mỗi|từng) )?(?:xã|phường)(?:(?:,| và|, và) (?:xã|phường|thị trấn|đặc khu)){0,3}")
_COMMUNE_UNIONS = ("grassroots",)
_TASK_ORDINAL = re.compile(r"nhiem vu (?:tap trung |trong tam |dot pha )?(?:thu |so )?\(?(\d{1,2})\)?")
_GROUP_NUMBER = re.compile(
    r"nhóm (?:giải pháp|nhiệm vụ|nội dung|việc)?\s{0,3}(?:số |thứ )?(?P<numbers>\d{1,2}(?:\s{0,3}(?:,"
    r"|và)\s{0,3}\d{1,2})*)\b"
)
_TOPIC = re.compile(r"(?:về|những|việc|các nội dung|vấn đề|thực trạng|nguyên nhân|kết quả)\s")
_TOPICS_FOLLOW = re.compile(
    r"(?:nội dung sau|vấn đề sau|nội dung góp ý|chủ đề sau|gồm|bao gồm|nội dung|như sau)\s{0,3}:\s{0,3}$"
)
_NOT_WORK = re.compile(
    r"^\W{0,5}(?:\(|kế hoạch này (?:thay thế|(?:được )?phổ biến|có hiệu lực)|tổng (?:kinh phí|mức)|ghi chú"
    r"|lưu ý:|chú thích|\(?(?:có|kèm theo)[^.]{0,30}(?:phụ lục|danh sách|biểu)"
    r"|kính gửi|phụ lục|danh mục|mẫu số|đơn vị tính|tổng cộng|stt\b)"
)
_PAST = re.compile(r"(?:(?:trong )?năm 20\d\d|đến (?:cuối |hết )?năm 20\d\d|những năm qua)[^.;]{0,120}? đã \w")
_COMMITS = re.compile(
    r"\b(?:hoàn thành|tổ chức|quan tâm|thực hiện|triển khai|giao|báo cáo|chủ trì|đảm bảo|bảo đảm"
    r"|tối thiểu|căn cứ|quyết định|bố trí|cân đối|lập dự toán)\b"
)
_RUN_IN = re.compile(r"[^:]{3,120}: ?[^:]{25,}[.;/]|[^:]{90,}[.;/]")  # a heading that says what somebody does
_MONEY = re.compile(r"^(?:\S{1,25} )*?kinh phi")
_MEETING = re.compile(r"(?P<meeting>(?:phiên|kỳ|cuộc|buổi) họp [^.;,()]{3,70}?)\s{0,3}\(?\s{0,3}$", re.IGNORECASE)
_AT_HEAD = 5  # "Các …" and the like may stand before a name
_MIN_WORK = 15
_RESPONSIBLE = frozenset({LabelKind.LEAD, LabelKind.COORDINATE, LabelKind.OVERSEE})
_SHORT_INTRO = 200
_SHORT_ITEM = 100
_LONG_HEADING = 160
_MOST_TIMES = 50  # a task states fewer times than that
_MOST_FIELDS = 200  # fields of shortcomings that are compared with the titles of groups

_LEVELS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("branch", re.compile(r"\bchi đoàn\b(?! cơ sở)|\bkhu, ấp\b")),
    (
        "grassroots",
        re.compile(
            r"\bcơ sở đoàn\b|\bđoàn cơ sở\b|\bđoàn (?:các )?(?:xã|phường|thị trấn|đặc khu)\b|\bcấp (?:xã|cơ sở)\b"
            r"|\bủy ban nhân dân (?:các )?(?:xã|phường)"
        ),
    ),
    (
        "district",
        re.compile(
            r"\b(?:huyện|thị|thành),? .{0,20}đoàn\b|\bhuyện đoàn\b|\bđoàn trực thuộc\b|\bcấp huyện\b|\b"
            r"(?:thành|thị) đoàn\b"
        ),
    ),
    (
        "province",
        re.compile(r"\btỉnh ?đoàn\b|\bcấp tỉnh\b|\bthường trực\b|\bban thường vụ\b|\bban \w|\bvăn phòng\b|\bsở\b"),
    ),
)


@dataclass(slots=True)
class _Task:
    """A solution while it is read."""

    node: int
    draft: DraftSolution
    roles: Roles | None = None


@dataclass(slots=True)
class _State:
    shortcomings: list[DraftShortcoming] = field(default_factory=list)
    priority_tasks: list[DraftPriorityTask] = field(default_factory=list)
    groups: list[DraftGroup] = field(default_factory=list)
    solutions: list[DraftSolution] = field(default_factory=list)
    schedules: list[DraftSchedule] = field(default_factory=list)
    indicators: list[DraftIndicator] = field(default_factory=list)
    assignments: list[Assignment] = field(default_factory=list)

    def records(self) -> int:
        """Return how many times, numbers and roles have been read."""
        return len(self.schedules) + len(self.indicators) + len(self.assignments)


class Commitments:
    """Walks an outline once, in order, then links what refers to each other."""

    def __init__(self, nodes: Sequence[Node], header: Header) -> None:
        self._nodes = nodes
        self._header = header
        self._frame = _frame(header)
        self._of_union = _UNION.search(plain(header.issuing_body or "")) is not None
        self._state = _State()
        self._group_nodes: dict[int, int] = {}  # node of a heading → index of its group
        self._heading_parties: dict[int, tuple[Party, ...]] = {}
        self._task_lists: dict[int, str] = {}  # node of a list heading → "focus" or "breakthrough"
        self._seen_lists: set[str] = set()
        self._linked: dict[int, tuple[str, int]] = {}  # solution → list kind and place in its list
        self._tasks_of: Counter[str] = Counter()  # list kind → tasks read so far
        self._answers_to: Counter[str] = Counter()  # list kind → solutions under it
        self._group_leads: dict[int, Party] = {}
        self._last_solution = -1
        self._children: dict[int, list[int]] = {}
        for index, node in enumerate(nodes):
            if node.parent >= 0 and node.cell is None:
                self._children.setdefault(node.parent, []).append(index)
        self._bare: dict[int, bool] = {}  # numbered heading → whether nothing under it has a mark
        self._charged: set[int] = set()  # headings whose unit has been given the lead
        self._faults: int | None = None  # parent of the items of a list of shortcomings that a paragraph opened
        self._month: tuple[int, int] | None = None  # parent and index of the time that holds for what follows
        self._month_of: dict[int, int] = {}  # solution → paragraph whose time it is due by
        self._lists: dict[int, LabelKind] = {}  # labels whose value is the list under them

    def draft(self) -> DraftPlan:
        """Return everything but header, paragraphs and references."""
        tables = self._tables()
        warnings: tuple[str, ...] = ()
        for index, node in enumerate(self._nodes):
            if node.zone is not Zone.BODY:
                continue
            if self._state.records() > MOST_RECORDS:
                warnings = (NOT_READ_AFTER + str(node.line - 1),)
                break
            if node.cell is None:
                self._read(index, node)
            elif node.cell[0] in tables:
                self._read_table(tables.pop(node.cell[0]))
        self._hand_down_months()
        self._link_groups()
        self._link_tasks()
        state = self._state
        return DraftPlan(
            header=self._header,
            shortcomings=tuple(state.shortcomings),
            priority_tasks=tuple(state.priority_tasks),
            groups=tuple(state.groups),
            solutions=tuple(map(self._with_own_classes, state.solutions)),
            schedules=tuple(replace(s, owners=self._meant(s.owners)) for s in map(self._with_owners, state.schedules)),
            indicators=tuple(state.indicators),
            assignments=tuple(replace(a, party=self._meant((a.party,))[0]) for a in state.assignments),
            warnings=warnings,
        )

    def _with_own_classes(self, solution: DraftSolution) -> DraftSolution:
        return replace(solution, leads=self._meant(solution.leads), supports=self._meant(solution.supports))

    def _meant(self, parties: tuple[Party, ...]) -> tuple[Party, ...]:
        """Return `parties` with "mỗi xã, phường" as the unions there, where the Union gives the work."""
        if not self._of_union:
            return parties
        return tuple(
            replace(p, kinds=_COMMUNE_UNIONS) if not p.kinds and _COMMUNES.fullmatch(plain(p.name)) else p
            for p in parties
        )

    # One paragraph

    def _read(self, index: int, node: Node) -> None:
        if node.is_heading:
            self._read_heading(index, node)
            return
        if self._is_time(index, node):
            return
        label = read_label(node.text)
        listed = self._lists.get(node.parent, LabelKind.TASK)
        if node.section is Section.SHORTCOMINGS or self._lists_shortcoming(index, node):
            self._read_shortcoming(index, node)
        elif listed is not LabelKind.TASK:
            self._read_label(index, node, Label(listed, 0))
        elif label is not None and label.kind is not LabelKind.TASK:
            self._read_label(index, node, label)
        elif self._task_list_of(node) and self._is_quoted_list(node):
            self._read_priority_task(index, node)
        elif node.section is Section.TARGETS:
            self._read_target(index, node)
        elif self._is_work(index, node):
            self._read_solution(index, node)
        else:
            self._add_schedules(index, node, None, read_roles(node.text, index))

    def _is_time(self, index: int, node: Node) -> bool:
        """Say whether a paragraph only says when what follows is due ("Tháng 3:"), and note it."""
        head = _TIME_HEAD.match(plain(node.text))
        if head is None:
            if not node.style or node.is_heading:
                self._month = None
            return False
        self._month = (node.parent, index)
        if node.text[head.end() :].strip(" .:"):
            return False
        self._add_schedules(index, node, None, Roles((), ()), label=Label(LabelKind.TIME, 0), is_sure=True)
        return True

    def _time_above(self, node: Node) -> int | None:
        """Return the paragraph whose time holds for `node`: the open one among its siblings, or its parent."""
        if self._month is not None and self._month[0] == node.parent:
            return self._month[1]
        above = self._nodes[node.parent] if node.parent >= 0 else None
        return node.parent if above is not None and _TIME_HEAD.match(plain(above.text)) else None

    def _read_heading(self, index: int, node: Node) -> None:
        if self._is_time(index, node):
            return
        label = read_label(node.text) if not is_capitals(node.text) and ":" in node.text else None
        if label is not None and label.kind is not LabelKind.TASK and node.style != "roman":
            self._read_label(index, node, label)
            return
        if _TASK_LIST.match(fold(node.text[:60])):
            self._task_lists[index] = "breakthrough" if "dot pha" in fold(node.text[:60]) else "focus"
        parties = heading_parties(node.text, index) if len(node.text) < _LONG_HEADING else ()
        if not parties and "chủ trì" in node.text:
            roles = read_roles(node.text, index)
            parties = roles.parties("lead")
            self._state.assignments.extend(roles.assignments)
        if parties:
            self._heading_parties[index] = parties
        if self._is_heading_with_work(node, parties) or self._has_labels_only(index, node):
            self._read_solution(index, node)
            return
        for phrase in find_phrases(node.text, self._frame, masked=masked_spans(node.text)):
            if phrase.due is not None and not phrase.year_inferred and phrase.kind is not ScheduleKind.BY_END_OF_YEAR:
                self._add_schedule(index, phrase, None, ())

    def _is_heading_with_work(self, node: Node, parties: Sequence[Party]) -> bool:
        """Say whether a heading is itself a commitment: a whole sentence that says who does what."""
        if parties or node.section not in {Section.WORK, Section.ORGANISATION} or is_capitals(node.text):
            return False
        if _RUN_IN.fullmatch(node.text) and (node.section is Section.ORGANISATION or read_roles(node.text, 0).actors):
            return True
        if node.style and node.text.endswith((".", ";")) and self._has_last_day(node):
            return True
        if len(node.text) < _LONG_HEADING:
            return False
        named = find_parties(node.text, 0)
        return (bool(named) and named[0].span.start <= _AT_HEAD) or bool(
            re.match(r"giao |chủ trì|phân công", plain(node.text))
        )

    def _has_last_day(self, node: Node) -> bool:
        """Say whether a heading states a day of its own, with its year, by which something is due."""
        phrases = find_phrases(node.text, self._frame, masked=self._masks(node))
        return any(p.due and not p.year_inferred and p.kind is not ScheduleKind.BY_END_OF_YEAR for p in phrases)

    def _has_labels_only(self, index: int, node: Node) -> bool:
        """Say whether nothing but labels stands under a heading, so that the heading is the task they describe."""
        if node.section not in {Section.WORK, Section.ORGANISATION} or not node.children or is_capitals(node.text):
            return False
        labels = [read_label(self._nodes[child].text) for child in self._children.get(index, ())]
        kinds = {label.kind if label else LabelKind.TASK for label in labels}
        return LabelKind.TASK not in kinds and bool(kinds & {LabelKind.LEAD, LabelKind.TIME})

    def _lists_shortcoming(self, index: int, node: Node) -> bool:
        """Say whether an item belongs to a list that a paragraph opens: "Bên cạnh đó còn những hạn chế:"."""
        if not node.style:
            following = self._nodes[index + 1] if index + 1 < len(self._nodes) else None
            opens = node.section is not Section.ORGANISATION and _OPENS_SHORTCOMINGS.search(plain(node.text))
            self._faults = node.parent if opens and following is not None and following.style else None
            return False
        return self._faults is not None and self._faults == node.parent

    def _read_shortcoming(self, index: int, node: Node) -> None:
        label = _SHORTCOMING_LABEL.match(node.text)
        is_item = bool(node.style) or self._is_all_there_is(node)
        opens = bool(node.children) or node.text.endswith(":")
        if not label and (not is_item or opens or _CAUSE.match(plain(node.text))):
            return
        start = label.end() if label else 0
        ordinal = int(label["ordinal"]) if label else len(self._state.shortcomings) + 1
        parent = self._nodes[node.parent] if node.parent >= 0 else None
        field_name = parent.text.rstrip(" .:") if parent and parent.is_heading and not is_capitals(parent.text) else ""
        names = _NAMED_UNITS.search(node.text)
        units = tuple(re.split(r", | và ", names["names"])) if names else ()
        text = node.text[start:]
        self._state.shortcomings.append(
            DraftShortcoming(ordinal, field_name, text, Span(index, start, len(node.text)), units)
        )

    def _is_all_there_is(self, node: Node) -> bool:
        """Say whether sentences without a mark are what stands under a numbered heading: "3. Về công tác cán bộ"."""
        above = self._nodes[node.parent] if node.parent >= 0 else None
        if above is None or above.style not in {"decimal", "letter"} or not node.text.endswith("."):
            return False
        if node.parent not in self._bare:
            children = self._children.get(node.parent, ())
            self._bare[node.parent] = not any(self._nodes[child].style for child in children)
        return self._bare[node.parent]

    def _task_list_of(self, node: Node) -> str:
        return self._task_lists.get(node.parent, "")

    def _is_quoted_list(self, node: Node) -> bool:
        """Say whether an item belongs to a list that names tasks: "(1) …", "Một là, …", "Nhiệm vụ 1: …"."""
        return node.style in {"paren", "word"} or _TASK_LABEL.match(plain(node.text)) is not None

    def _read_priority_task(self, index: int, node: Node) -> None:
        kind = self._task_list_of(node)
        self._tasks_of[kind] += 1
        ordinal = self._tasks_of[kind]
        self._state.priority_tasks.append(DraftPriorityTask(kind, ordinal, node.text, Span(index, 0, len(node.text))))
        self._add_indicators(index, node)
        self._add_schedules(index, node, None, read_roles(node.text, index))

    def _read_target(self, index: int, node: Node) -> None:
        self._add_indicators(index, node)
        roles = read_roles(node.text, index)
        self._state.assignments.extend(a for a in roles.assignments if a.role != "lead")
        self._add_schedules(index, node, None, roles)

    # Solutions

    def _is_work(self, index: int, node: Node) -> bool:
        """Say whether a paragraph assigns or commits to work."""
        if (
            node.section not in {Section.WORK, Section.ORGANISATION, Section.NONE, Section.ATTRIBUTES}
            or node.cell is not None
        ):
            return False
        lowered = plain(node.text)
        if _PAST.match(lowered):
            return False
        if len(node.text) < _MIN_WORK or _NOT_WORK.match(lowered) or is_capitals(node.text):
            return False
        if node.section is Section.ATTRIBUTES:
            obliges = bool(_COMMITS.search(lowered)) and bool(re.search(r"giao|chủ trì|hoàn thành|quan tâm", lowered))
            return obliges or any(not a.aside for a in read_roles(node.text, index).actors)
        if node.text.endswith(":") and self._introduces(index, node):
            return False
        return not self._is_topic(node, lowered)

    def _introduces(self, index: int, node: Node) -> bool:
        """Say whether a paragraph only opens the list after it."""
        following = self._nodes[index + 1] if index + 1 < len(self._nodes) else None
        if following is None or following.zone is not Zone.BODY or not following.style:
            return False
        return len(node.text) < (_SHORT_ITEM if node.style else _SHORT_INTRO)

    def _is_topic(self, node: Node, lowered: str) -> bool:
        """Say whether an item names a topic of its list rather than work: "Về …", "Những …"."""
        if not _TOPIC.match(lowered):
            return False
        above = self._nodes[node.parent] if node.parent >= 0 else None
        return above is not None and (bool(_TOPICS_FOLLOW.search(plain(above.text))) or above.style == "*")

    def _read_solution(self, index: int, node: Node) -> None:
        inherited = self._inherited(node)
        labels = inner_labels(node.text)
        words = node.text[: labels[0].at] if labels else node.text
        roles = read_roles(words, index, inherited if not node.is_heading else ())
        if not roles.assignments and node.section is Section.ORGANISATION:
            roles = _run_in_roles(words, index) or roles
        group = self._group_of(node)
        explicit = _explicit(roles)
        leads = explicit or _once(inherited)
        supports = _once(p for p in (*roles.partners, *roles.parties("coordinate")) if p not in leads)
        solution = DraftSolution(
            ordinal=len(self._state.solutions) + 1,
            text=node.text,
            span=Span(index, 0, len(node.text)),
            group=group,
            level=_level(leads, self._nodes[node.parent].text if node.parent >= 0 else ""),
            leads=leads,
            supports=supports,
        )
        number = len(self._state.solutions)
        self._state.solutions.append(solution)
        self._state.assignments.extend(roles.assignments)
        if not roles.assignments or roles.opens_plain:
            self._state.assignments.extend(self._charge(index, node))
        self._charged.add(node.parent)
        self._last_solution = number
        self._read_responsibles(index, node, labels, number)
        month = self._time_above(node)
        if month is not None and month != index:
            self._month_of[number] = month
        self._note_group_leads(node, roles)
        self._note_task(number, node)
        self._add_indicators(index, node)
        self._add_schedules(index, node, number, roles)

    def _inherited(self, node: Node) -> tuple[Party, ...]:
        """Return whom the nearest heading above names, as far up as two headings."""
        parent = node.parent
        while parent >= 0:
            if parent in self._heading_parties:
                return self._heading_parties[parent]
            parent = self._nodes[parent].parent
        return ()

    def _charge(self, index: int, node: Node) -> Iterable[Assignment]:
        """Return the lead of a unit whose heading opens a list of its tasks in the section on organisation, once."""
        parent = node.parent
        parties = self._heading_parties.get(parent, ())
        if node.section is not Section.ORGANISATION or not parties or node.is_heading:
            return ()
        if parent in self._charged:
            return ()
        if any(
            p.kind is PartyKind.CLASS and not p.kinds and plain(p.name).startswith(("cấp", "các cấp")) for p in parties
        ):
            return ()
        self._charged.add(parent)
        work = Span(index, 0, len(node.text))
        return tuple(Assignment(party, "lead", node.text[:160], work) for party in parties)

    def _group_of(self, node: Node) -> int | None:
        """Return the group a solution belongs to: its nearest heading outside the section on organisation."""
        if node.section is Section.ORGANISATION:
            return None
        parent = node.parent
        while parent >= 0 and not self._nodes[parent].is_heading:
            parent = self._nodes[parent].parent
        if parent < 0:
            return None
        if parent not in self._group_nodes:
            heading = self._nodes[parent]
            self._group_nodes[parent] = len(self._state.groups)
            title = heading.text.rstrip(" :")
            self._state.groups.append(
                DraftGroup(len(self._state.groups) + 1, title, Span(parent, 0, len(heading.text)))
            )
        return self._group_nodes[parent]

    def _note_group_leads(self, node: Node, roles: Roles) -> None:
        """Remember "Giao X chủ trì … nhóm giải pháp 1": X leads every solution of that group."""
        lowered = plain(node.text)
        for start, end in sentences(node.text):
            match = _GROUP_NUMBER.search(lowered, start, end)
            if not match:
                continue
            owners = roles.owner_at(match.start(), (start, end))
            for number in re.findall(r"\d+", match["numbers"]):
                if owners:
                    self._group_leads.setdefault(int(number), owners[0])

    def _note_task(self, number: int, node: Node) -> None:
        kind = self._task_list_of(node)
        if kind:
            self._answers_to[kind] += 1
            self._linked[number] = (kind, self._answers_to[kind])

    # Task tables

    def _tables(self) -> dict[int, list[int]]:
        """Return the nodes of each table of the body, by its number."""
        tables: dict[int, list[int]] = {}
        for index, node in enumerate(self._nodes):
            if node.cell is not None and node.zone is Zone.BODY:
                tables.setdefault(node.cell[0], []).append(index)
        return tables

    def _read_table(self, members: Sequence[int]) -> None:
        for row in task_rows(self._nodes, members):
            task = row.cells[LabelKind.TASK][0]
            self._read_solution(task, self._nodes[task])
            number = self._last_solution
            for kind in (LabelKind.LEAD, LabelKind.COORDINATE, LabelKind.OVERSEE):
                for index in row.cells.get(kind, ()):
                    self._read_responsible(index, self._nodes[index], Label(kind, 0), number)
            for index in row.cells.get(LabelKind.TIME, ()):
                node = self._nodes[index]
                self._add_schedules(index, node, number, Roles((), ()), label=Label(LabelKind.TIME, 0), is_sure=True)

    # Labels

    def _read_label(self, index: int, node: Node, label: Label) -> None:
        number = self._last_solution if self._last_solution >= 0 else None
        if label.start >= len(node.text.rstrip()):
            self._lists[index] = label.kind
        labels = [label, *(inner for inner in inner_labels(node.text) if inner.at >= label.start)]
        self._read_responsibles(index, node, labels, number)
        if label.kind not in _RESPONSIBLE:
            is_time = label.kind is LabelKind.TIME
            self._add_schedules(index, node, number, read_roles(node.text, index), label=label if is_time else None)

    def _read_responsibles(self, index: int, node: Node, labels: Sequence[Label], number: int | None) -> None:
        """Read the units of every label of one paragraph, each value up to the next label."""
        ends = [*(label.at for label in labels[1:]), len(node.text)] if labels else []
        for label, end in zip(labels, ends, strict=True):
            if label.kind in _RESPONSIBLE:
                self._read_responsible(index, node, label, number, end=end)

    def _read_responsible(self, index: int, node: Node, label: Label, number: int | None, *, end: int = 0) -> None:
        stop = end or len(node.text)
        parties = listed_parties(node.text, index, label.start, stop)
        told = {
            p.name: stated_role(node.text[p.span.end : min(stop, p.span.end + 60)]) or label.kind.value
            for p in parties
        }
        for party in parties:
            role = told[party.name]
            self._state.assignments.append(Assignment(party, role, "", Span(index, label.start, stop)))
        parties = tuple(p for p in parties if told[p.name] == label.kind.value)
        if number is None or not parties:
            return
        solution = self._state.solutions[number]
        if label.kind is LabelKind.LEAD:
            solution = replace(solution, leads=parties)
        elif label.kind is LabelKind.COORDINATE:
            solution = replace(solution, supports=tuple(dict.fromkeys((*solution.supports, *parties))))
        self._state.solutions[number] = solution

    # Time and numbers

    def _add_indicators(self, index: int, node: Node) -> None:
        self._state.indicators.extend(
            read_indicators(node.text, index, self._frame, is_target=node.section is Section.TARGETS)
        )

    def _add_schedules(
        self,
        index: int,
        node: Node,
        solution: int | None,
        roles: Roles,
        *,
        label: Label | None = None,
        is_sure: bool = False,
    ) -> None:
        head = _TIME_HEAD.match(plain(node.text)) if label is None else None
        masks = [*self._masks(node), *([(0, head.end())] if head else ())]
        phrases = find_phrases(node.text, self._frame, masked=masks, is_label=label is not None)
        if head:
            phrases[:0] = find_phrases(node.text[: head.end()], self._frame, is_label=True)
        bounds = sentences(node.text)
        named: list[Party] | None = None
        for found in phrases:
            phrase = found
            if node.section is Section.PURPOSE and not _binds(phrase):
                continue
            limits = (
                bounds[bisect_right(bounds, (phrase.start, len(node.text))) - 1] if bounds else (0, len(node.text))
            )
            owners = roles.owner_at(phrase.start, limits)
            meeting = _MEETING.search(node.text, max(limits[0], phrase.start - 90), phrase.start)
            if meeting and phrase.anchor is None:
                phrase = replace(phrase, anchor=meeting["meeting"].strip())
                if phrase.rule and not owners:
                    named = find_parties(node.text, index) if named is None else named
                    owners = next(((p,) for p in reversed(named) if p.span.end <= phrase.start), ())
            if label is not None and not node.style and solution is not None and not is_sure:
                phrase = replace(phrase, doubt=phrase.doubt or FOR_SECTION)
            elif label is not None and phrase.rule and solution is not None:
                self._drop_told_again(index, phrase.rule, solution)
            self._add_schedule(index, phrase, solution, owners)

    def _drop_told_again(self, index: int, rule: str, solution: int) -> None:
        """Drop what the words of a task say of its recurrence where its label says it again, or more closely."""
        told = {rule, rule.partition(";BY")[0]}
        schedules = self._state.schedules
        first = len(schedules)
        while first and len(schedules) - first < _MOST_TIMES and schedules[first - 1].solution == solution:
            first -= 1  # those of one solution stand together
        schedules[first:] = [s for s in schedules[first:] if s.rule not in told or s.span.paragraph == index]

    def _masks(self, node: Node) -> tuple[tuple[int, int], ...]:
        return masked_spans(node.text)

    def _add_schedule(self, index: int, phrase: Phrase, solution: int | None, owners: tuple[Party, ...]) -> None:
        drafted = phrase.drafted(self._nodes[index].text, paragraph=index)
        self._state.schedules.append(replace(drafted, solution=solution, owners=owners))

    def _with_owners(self, schedule: DraftSchedule) -> DraftSchedule:
        """Return `schedule` owed by the lead of its solution where its sentence names nobody."""
        if schedule.owners or schedule.solution is None:
            return schedule
        solution = self._state.solutions[schedule.solution]
        lead = self._state.groups[solution.group].lead if solution.group is not None else None
        return replace(schedule, owners=(lead,) if lead else solution.leads)

    # Links

    def _hand_down_months(self) -> None:
        """Give each solution under "Tháng 3:" that states no time of its own the time of that heading."""
        dated = {s.solution for s in self._state.schedules}
        times: dict[int, list[DraftSchedule]] = {month: [] for month in self._month_of.values()}
        for schedule in self._state.schedules:
            if times.get(schedule.span.paragraph) == []:
                times[schedule.span.paragraph].append(schedule)
        self._state.schedules.extend(
            replace(time, solution=solution, inherited=True)
            for solution, month in self._month_of.items()
            if solution not in dated
            for time in times[month]
        )

    def _link_groups(self) -> None:
        """Give groups their lead and the shortcomings they answer, and hand both down to their solutions."""
        state = self._state
        fields = _fields(state.shortcomings)
        members: dict[int | None, list[int]] = {}
        for index, solution in enumerate(state.solutions):
            members.setdefault(solution.group, []).append(index)
        for number, group in enumerate(state.groups):
            lead = self._group_leads.get(group.ordinal)
            answered, doubt = _answered(group, fields, len(state.groups))
            state.groups[number] = replace(group, lead=lead, shortcomings=answered)
            for index in members.get(number, ()):
                solution = state.solutions[index]
                leads = _once((*((lead,) if lead else ()), *solution.leads))
                level = solution.level or _level((lead,) if lead else (), "")
                state.solutions[index] = replace(
                    solution,
                    leads=leads,
                    level=level,
                    shortcomings=answered,
                    doubt=solution.doubt or doubt,
                    by_order=("shortcomings",) if doubt else (),
                )

    def _link_tasks(self) -> None:
        """Link solutions to the tasks they answer: by number where they say it, else proposed by their order."""
        tasks = {(t.list_kind, t.ordinal) for t in self._state.priority_tasks}
        for number, (kind, place) in self._linked.items():
            solution = self._state.solutions[number]
            said = _TASK_ORDINAL.search(fold(solution.text))
            link = (kind, int(said.group(1)) if said else place)
            if link in tasks:
                self._state.solutions[number] = replace(
                    solution,
                    priority_tasks=(link,),
                    doubt=solution.doubt or ("" if said else FROM_ORDER),
                    by_order=solution.by_order if said else (*solution.by_order, "priority_tasks"),
                )


def _run_in_roles(text: str, paragraph: int) -> Roles | None:
    """Return the roles of a unit no rule knows, named before a colon: "7. Các cơ quan báo chí: tuyên truyền"."""
    head, colon, _ = text.partition(":")
    parties = heading_parties(head, paragraph) if colon else ()
    if not parties:
        return None
    roles = read_roles(" " * (len(head) + 1) + text[len(head) + 1 :], paragraph, parties)
    work = Span(paragraph, 0, len(text))
    leads = tuple(Assignment(party, "lead", text[len(head) + 1 :].strip()[:160], work) for party in parties)
    return replace(roles, assignments=roles.assignments or leads, actors=(Actor(0, parties), *roles.actors))


def _frame(header: Header) -> Frame:
    first = header.period_start.year if header.period_start else None
    last = header.period_end.year if header.period_end else None
    if header.period_open and header.period_start == header.issued_on:
        last = first  # nothing but the day of issue is known
    elif header.period_open:
        last = first
    return Frame(first, last, header.issued_on)


def _binds(phrase: Phrase) -> bool:
    """Say whether a phrase in a section of purposes binds anybody: only a day or a stated recurrence does."""
    return phrase.due is not None or phrase.rule is not None


def _explicit(roles: Roles) -> tuple[Party, ...]:
    """Return the parties that act in the paragraph: those in the lead, else the first to act."""
    named = {p for actor in roles.actors for p in actor.parties if not actor.aside}
    acting = _once(p for p in roles.parties("lead") if p in named)
    first = next((a.parties for a in roles.actors if not a.aside), ())
    return acting or first


def _once(parties: Iterable[Party]) -> tuple[Party, ...]:
    """Return `parties` without those named before."""
    return tuple({party.name: party for party in reversed(tuple(parties))}.values())[::-1]


def _level(leads: Sequence[Party], heading: str) -> str:
    """Return the level that acts, from the units named, else from the heading."""
    for source in (" ".join(p.name for p in leads), heading):
        level = _level_named(source)
        if level is not None:
            return level
    return ""


@lru_cache(maxsize=REMEMBERED)
def _level_named(words: str) -> str | None:
    """Return the level that `words` name, "" where they name all, None where they name none."""
    lowered = plain(words)
    if "các cấp bộ đoàn" in lowered or "đoàn các cấp" in lowered:
        return ""
    return next((level for level, pattern in _LEVELS if pattern.search(lowered)), None)


@dataclass(frozen=True, slots=True)
class _Field:
    """A field of shortcomings: the words of its name and the shortcomings in it."""

    words: frozenset[str]
    shortcomings: tuple[int, ...]


def _fields(shortcomings: Sequence[DraftShortcoming]) -> list[_Field]:
    fields: dict[str, list[int]] = {}
    for shortcoming in shortcomings:
        fields.setdefault(shortcoming.field, []).append(shortcoming.ordinal)
    return [_Field(frozenset(fold(name).split()), tuple(ordinals)) for name, ordinals in fields.items()]


def _answered(group: DraftGroup, fields: Sequence[_Field], groups: int) -> tuple[tuple[int, ...], str]:
    """Return the shortcomings a group answers: those of the field its title names, else of the field in its place."""
    title = set(fold(group.title).split())
    best: tuple[int, ...] = ()
    share = 0.0
    for field_ in fields[:_MOST_FIELDS]:
        common = len(field_.words & title) / len(field_.words) if field_.words else 0.0
        if common > share:
            best, share = field_.shortcomings, common
    if share >= 0.8:  # noqa: PLR2004 - all but a word or two
        return best, ""
    if fields and len(fields) == groups:
        return fields[group.ordinal - 1].shortcomings, FIELD_ORDER
    return (), ""
