"""The outline of a plan: header, title, preamble, sections with their headings and items, end matter. Pure.

Sources of the layout rules: the format instructions of the Youth Union (29-HD/TWĐTN-VP) and of state bodies (Decree
30/2020/NĐ-CP), and the older forms still met: one column or two, "I/" for "I.", numbers that repeat.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from doantracker.lib.text import fold
from plans.reading.drafts import Paragraph, ParagraphRole
from plans.reading.markers import BARE_PART, BULLETS, NUMBERED, Marked, is_rule, read_marker
from plans.reading.outline_nodes import Node, Section, Zone
from plans.reading.readers import MAX_LINE, Line, Text
from plans.reading.tables import mark_listed_cells, split_cells
from plans.reading.words import UPPER, is_capitals, squeeze

_KIND = (
    r"KẾ HOẠCH(?: LIÊN TỊCH| PHỐI HỢP| HÀNH ĐỘNG| CÔNG TÁC)?|CHƯƠNG TRÌNH(?: HÀNH ĐỘNG| CÔNG TÁC| PHỐI HỢP)?"
    r"|HƯỚNG DẪN|ĐỀ ÁN|PHƯƠNG ÁN|THÔNG BÁO|QUYẾT ĐỊNH|CHỈ THỊ|NGHỊ QUYẾT|KẾT LUẬN"
)
_KIND_LINE = re.compile(rf"(?:DỰ THẢO\s+)?(?:{_KIND})\s*[:.]?", re.IGNORECASE)
_KIND_START = re.compile(rf"({_KIND})\s+(?=\S)")
_MERGED = re.compile(
    rf"(?P<first>[IVX]{{1,6}}\s?[./]\s?[^a-zđ\d*]{{6,200}})\**\s*(?P<second>\d{{1,2}}\.\s?\**\s?[{UPPER}].*)"
)
_STARTER = re.compile(
    r"(?:Thực hiện|Căn cứ|Trên cơ sở|Thi hành|Nhằm|Để|Tiếp tục|Triển khai|Theo|Năm|Xét|Kính gửi"
    r"|Phát huy|Ban |Ủy ban|Uỷ ban"
    r"|Đoàn |UBND|Thường trực|Được sự|Hướng tới|Qua |Sau |Trong )\b"
)
_SUBTITLE = re.compile(r"\(?(?:Chủ đề|Khẩu hiệu|Kèm theo|Ban hành kèm theo)\b", re.IGNORECASE)
_CLOSING = re.compile(
    r"(?:Trên đây là|Trên đây,? "
    r"|(?:Kế hoạch|Chương trình|Chương trình hành động|Hướng dẫn) này (?:được )?phổ biến đến )",
    re.IGNORECASE,
)
_RECIPIENTS = re.compile(r"[\s_*/]{0,9}n[ơo]i nhận\b", re.IGNORECASE)
AUTHORITY = re.compile(r"(?:(?:TM|KT|TL|TUQ|Q)\s?[./]|T/M[./]?|K/T[./]?|T/L[./]?)\s?(?=[" + UPPER + r"])")
SIGNER_TITLE = re.compile(
    r"(?:(?:PHÓ|QUYỀN|Q\.)\s+)?(?:BÍ THƯ|CHỦ TỊCH|CHÁNH VĂN PHÒNG|TRƯỞNG BAN|GIÁM ĐỐC|HIỆU TRƯỞNG"
    r"|CHỦ NHIỆM|TRƯỞNG PHÒNG"
    r"|TỔNG GIÁM ĐỐC|VIỆN TRƯỞNG|CỤC TRƯỞNG|CHI CỤC TRƯỞNG|TRƯỞNG ĐOÀN|ỦY VIÊN(?: BAN THƯỜNG VỤ| THƯỜNG TRỰC)?)"
    r"(?: THƯỜNG TRỰC| ĐOÀN TRƯỜNG| BAN CHỈ ĐẠO)?"
)
_APPENDIX = re.compile(r"(?:PHỤ LỤC|PHỤ BIỂU|DANH MỤC|BIỂU TIẾN ĐỘ|BẢNG PHÂN CÔNG|LỊCH)\b")
_COLUMN_GAP = re.compile(r"\t+| {3,}")
_PAGE_NUMBER = re.compile(r"[-–]? ?\d{1,3} ?[-–]?")
_ENDS = tuple('.;:!?…”"’)]')
_TITLE_ROWS = 60
_MAX_TITLE_LINE = 400
_LONG_PARAGRAPH = 160
_SHORT_LINE = 80


def outline(text: Text) -> list[Node]:
    """Return the paragraphs of `text` in order, each with its zone, level, section and heading."""
    lines = _nodes(text.lines)
    mark_listed_cells(lines)
    nodes = _joined(_zoned(lines))
    _set_levels(nodes)
    _set_sections(nodes)
    return nodes


def as_paragraphs(nodes: Sequence[Node]) -> tuple[Paragraph, ...]:
    """Return the output form of `nodes`."""
    return tuple(
        Paragraph(
            n.text,
            n.line,
            n.line_end,
            _role(n),
            level=n.level,
            marker=n.marker,
            breaks=n.breaks,
            cell=n.cell,
            columns=_columns(n),
            tight=n.tight,
        )
        for n in nodes
    )


def _columns(node: Node) -> tuple[int, ...]:
    """Return where further columns begin in a line of the head or foot that was printed in columns."""
    if node.zone not in {Zone.HEADER, Zone.END} or node.cell is not None:
        return ()
    starts: list[int] = []
    for part in _COLUMN_GAP.split(node.raw.strip(), maxsplit=2)[1:]:
        start = node.text.find(squeeze(part), starts[-1] + 1 if starts else 1)
        if start > 0:
            starts.append(start)
    return tuple(starts)


def _role(node: Node) -> ParagraphRole:
    fixed = {
        Zone.HEADER: ParagraphRole.HEADER,
        Zone.TITLE: ParagraphRole.TITLE,
        Zone.FOOTNOTE: ParagraphRole.FOOTNOTE,
    }
    if node.zone in fixed:
        return fixed[node.zone]
    if node.zone is Zone.END:
        return ParagraphRole.RECIPIENT if node.column == "recipient" else ParagraphRole.SIGNATURE
    if node.cell is not None:
        return ParagraphRole.CELL
    if node.is_heading:
        return ParagraphRole.HEADING
    return ParagraphRole.ITEM if node.style else ParagraphRole.TEXT


# Lines to nodes


def _nodes(lines: Iterable[Line]) -> list[Node]:
    """Return one node per line that holds words; headings run together on one line are parted."""
    nodes: list[Node] = []
    part: Line | None = None  # "PHẦN THỨ NHẤT" on a line of its own; its title follows
    columns = 0  # of the table the line before belongs to
    gap, table, row = False, 500, 0  # tables in text are numbered apart from those of the file format
    for line in lines:
        cells = split_cells(line.text, columns) if line.cell is None else []
        if cells:
            row, columns = row + 1, len(cells)
            for column, words in enumerate(cells):
                if words:
                    node = _node(replace(line, cell=(table, row, column)), words, read_marker(words))
                    nodes.append(node)
            continue
        if is_rule(line.text):
            gap = True
            continue
        if row:
            table, row, columns = table + 1, 0, 0
        if BARE_PART.fullmatch(squeeze(line.text.replace("*", ""))):
            part = line
            continue
        for raw in _parted(line.text):
            marked = read_marker(raw, line.heading)
            node = _node(line, raw, marked) if part is None else _titled(part, line, raw, marked)
            part = None
            node.gap, gap = gap, False
            nodes.append(node)
    return nodes


def _node(line: Line, raw: str, marked: Marked) -> Node:
    node = Node(marked.text, raw, line.number, line.number, marked.marker, marked.style, marked.heading, line.cell)
    node.tight = marked.tight
    if line.footnote or marked.footnote:
        node.zone = Zone.FOOTNOTE
    return node


def _titled(part: Line, line: Line, raw: str, marked: Marked) -> Node:
    """Return the heading of a part whose number stands on the line before its title."""
    words = f"{marked.marker} {marked.text}".strip()
    marker = squeeze(part.text.replace("*", ""))
    return Node(words, raw, part.number, line.number, marker, "part", breaks=((0, line.number),))


def _parted(raw: str) -> list[str]:
    match = _MERGED.fullmatch(raw.strip())
    if match and is_capitals(match["first"]):
        return [match["first"], match["second"]]
    return [raw]


# Zones


def _zoned(nodes: list[Node]) -> list[Node]:
    """Set the zone of every node: header, title, preamble, body, closing, end."""
    title = next((i for i, n in enumerate(nodes[:_TITLE_ROWS]) if _is_kind_line(n)), None)
    first = 0
    if title is not None:
        for node in nodes[:title]:
            _move(node, Zone.HEADER)
        nodes, first = _zone_title(nodes, title)
    else:
        first = _zone_untitled(nodes)
    body = next((i for i in range(first, len(nodes)) if _opens_body(nodes[i])), None)
    if body is None:
        body = next((i + 1 for i in range(first, len(nodes)) if nodes[i].text.endswith("như sau:")), first)
    for node in nodes[first:body]:
        _move(node, Zone.PREAMBLE)
    _zone_end(nodes, body)
    return nodes


def _move(node: Node, zone: Zone) -> None:
    if node.zone is not Zone.FOOTNOTE:
        node.zone = zone


def _is_kind_line(node: Node) -> bool:
    whole = f"{node.marker} {node.text}".strip()
    return _KIND_LINE.fullmatch(whole) is not None or _KIND_START.match(whole) is not None


def _zone_title(nodes: list[Node], start: int) -> tuple[list[Node], int]:
    """Mark the line of the kind and the title lines after it; return the nodes and the index after the title.

    A title ends at a drawn line, at a section number, or where a sentence of legal basis begins.
    """
    _move(nodes[start], Zone.TITLE)
    inline = _KIND_START.match(nodes[start].text)
    if inline and not _KIND_LINE.fullmatch(nodes[start].text):
        head = nodes[start]
        rest = replace(head, text=head.text[inline.end() :], gap=False)
        head.text = inline.group(1)
        nodes = [*nodes[: start + 1], rest, *nodes[start + 1 :]]
    index = start + 1
    while index < len(nodes) and _continues_title(nodes, start, index):
        _move(nodes[index], Zone.TITLE)
        index += 1
    return nodes, index


def _continues_title(nodes: list[Node], start: int, index: int) -> bool:
    node = nodes[index]
    if index - start > 8 or len(node.text) > _MAX_TITLE_LINE:  # noqa: PLR2004 - longer than any title
        return False
    if index == start + 1:
        return node.style not in NUMBERED
    if node.style or node.cell != nodes[start].cell or node.text.endswith((":", ";")) or _SUBTITLE.match(node.text):
        return False
    previous = nodes[index - 1].text
    lowercase = node.text[:1].islower() or node.text.startswith(("“", '"', "‘", "("))
    following = nodes[index + 1] if index + 1 < len(nodes) else None
    if not node.gap and len(node.text) < _SHORT_LINE and following is not None and following.gap:
        return not node.text.endswith(".")  # the last line of a block that stands apart
    if node.gap and not lowercase:
        return len(node.text) < 100 and is_capitals(node.text)  # noqa: PLR2004 - one line
    return lowercase or (
        not _STARTER.match(node.text) and len(node.text) < _LONG_PARAGRAPH and previous[-1:] not in ".:"
    )


def _zone_untitled(nodes: list[Node]) -> int:
    """Mark the header of a document without a line that names its kind; return where the rest begins."""
    for index, node in enumerate(nodes[:_TITLE_ROWS]):
        if _opens_body(node) or len(node.text) > _LONG_PARAGRAPH or _STARTER.match(node.text):
            for before in nodes[:index]:
                _move(before, Zone.HEADER)
            return index
    return 0


def _opens_body(node: Node) -> bool:
    """Say whether `node` is the first heading of the body."""
    if node.zone is Zone.FOOTNOTE:
        return False
    return node.style in {"part", "roman", "upper", "decimal", "article"} or node.heading_style > 0


def _zone_end(nodes: list[Node], body: int) -> None:
    """Mark closing words, recipients and signature; an appendix after them is body again."""
    zone = Zone.BODY
    for index in range(body, len(nodes)):
        node = nodes[index]
        if zone is not Zone.END and _opens_end(node):
            zone = Zone.END
        elif zone is Zone.END and _APPENDIX.match(node.text) and is_capitals(node.text):
            zone = Zone.BODY
        elif zone is Zone.BODY and _CLOSING.match(node.text):
            _move(node, Zone.CLOSING)
            continue
        _move(node, zone)


def _opens_end(node: Node) -> bool:
    text = node.text
    if _RECIPIENTS.match(text) and len(text) < 200:  # noqa: PLR2004 - a label, perhaps with a second column
        return True
    whole = f"{node.marker} {text}".strip() if node.marker else text
    return bool(AUTHORITY.match(whole) or SIGNER_TITLE.fullmatch(text)) and is_capitals(text[:20])


# Page breaks


def _joined(nodes: list[Node]) -> list[Node]:
    """Join paragraphs that a page break or a hard line break cut in two.

    A footnote may stand between the halves. Lines broken at a fixed width are joined even before a capital.
    """
    width = _wrap_width(nodes)
    joined: list[Node] = []
    last = -1  # index of the last node that is not a footnote
    for node in nodes:
        before = joined[last] if last >= 0 else None
        if before is not None and _continues(before, node, width):
            before.breaks = (*before.breaks, (len(before.text) + 1, node.line))
            before.text = f"{before.text} {node.text}"
            before.raw, before.line_end = node.raw, node.line_end
            continue
        if _PAGE_NUMBER.fullmatch(node.raw.strip()) and node.cell is None:
            continue
        joined.append(node)
        if node.zone is not Zone.FOOTNOTE:
            last = len(joined) - 1
    return joined


def _wrap_width(nodes: Sequence[Node]) -> int:
    """Return the width at which the lines of the document are broken, 0 if they are whole paragraphs."""
    lengths = sorted(len(n.raw.strip()) for n in nodes if n.zone is Zone.BODY and n.cell is None)
    if len(lengths) < 20 or lengths[-1] > 140:  # noqa: PLR2004 - a broken line is no longer than a printed one
        return 0
    return lengths[len(lengths) * 9 // 10]


def _continues(before: Node, node: Node, width: int) -> bool:
    """Say whether `node` is the rest of `before`: no marker, and `before` breaks off in the middle of a sentence."""
    if node.zone not in {Zone.BODY, Zone.PREAMBLE} or before.zone is not node.zone or before.cell is not None:
        return False
    if node.style or node.heading_style or node.cell is not None or _PAGE_NUMBER.fullmatch(node.raw.strip()):
        return False
    if before.text.endswith(_ENDS) or len(before.text) + len(node.text) >= MAX_LINE or is_capitals(before.text):
        return False
    first = node.text.lstrip('“"‘(')[:1]
    opens = node.text.startswith("(") and not node.gap
    goes_on = first.islower() or opens or before.text.endswith((",", "–", "-"))  # a lone footnote mark leaves no text
    if goes_on or node.gap:
        return goes_on
    if first.isdigit():
        return bool(re.search(r"(?:ngày|tháng|năm|số|quý|khoản|đến|từ|và|,)$", before.text, re.IGNORECASE))
    return width > 0 and len(before.raw.strip()) >= width - 15 and before.line_end + 1 == node.line


# Levels

_RANK = {
    "part": 0, "roman": 1, "upper": 1, "article": 1, "decimal": 2, "letter": 7,
    "*": 8, "-": 9, "·": 9, "paren": 10, "+": 10, "o": 10, "word": 10,
}  # fmt: skip


def _set_levels(nodes: list[Node]) -> None:
    """Set level, parent and whether each body node is a heading.

    Numbers nest by kind (I. > 1. > 1.1 > a) > - > +), whatever the numbers themselves say, as they repeat and skip.
    """
    stack: list[tuple[float, int]] = []  # rank and node index of the open headings and items
    letters_top = _letters_on_top(nodes)
    for index, node in enumerate(nodes):
        if node.zone is not Zone.BODY or node.cell is not None:
            if node.zone is Zone.BODY and stack:
                node.parent = stack[-1][1]
            continue
        rank = _rank(node, letters_top=letters_top)
        while stack and stack[-1][0] >= rank:
            stack.pop()
        node.parent = stack[-1][1] if stack else -1
        node.level = len(stack) + 1
        if node.parent >= 0:
            nodes[node.parent].children += 1
        if node.style or node.heading_style:
            stack.append((rank, index))
    for index, node in enumerate(nodes):
        if node.zone is Zone.BODY and node.cell is None:
            node.is_heading = _is_heading(node, nodes[index + 1] if index + 1 < len(nodes) else None)


def _letters_on_top(nodes: Iterable[Node]) -> bool:
    """Say whether "A." stands above "I." in this document: whichever comes first is on top."""
    first = next((n.style for n in nodes if n.zone is Zone.BODY and n.style in {"roman", "upper"}), "")
    return first == "upper"


def _rank(node: Node, *, letters_top: bool) -> float:
    if node.heading_style and not node.style:
        return min(node.heading_style, 6) - 0.2
    if not node.style:
        return 99.0
    rank = float(_RANK[node.style])
    if node.style == "upper":
        rank += -0.5 if letters_top else 0.5
    if node.style == "decimal":
        rank += node.marker.rstrip(".)/:-– ").count(".")
    if node.style == "*" and not node.text.endswith(":"):
        rank = 9.0
    return rank


def _is_heading(node: Node, following: Node | None) -> bool:
    if node.heading_style or node.style in {"part", "roman"}:
        return len(node.text) < MAX_LINE // 20 or node.children > 0
    if is_capitals(node.text) and len(node.text) < 300:  # noqa: PLR2004 - a heading of several lines
        return True
    if node.style in NUMBERED:
        if node.children == 0:
            return False
        return (
            len(node.text) < _LONG_PARAGRAPH
            or following is None
            or following.style in BULLETS
            or bool(following.style)
        )
    return node.style == "*" and node.text.endswith(":") and len(node.text) < _LONG_PARAGRAPH


# Sections

_SECTION_WORDS: tuple[tuple[Section, re.Pattern[str]], ...] = (
    (
        Section.ORGANISATION,
        re.compile(r"to chuc thuc hien|phan cong (?:thuc hien|nhiem vu|trach nhiem)|trach nhiem thuc hien"),
    ),
    (
        Section.SHORTCOMINGS,
        re.compile(r"^(?!.*(?:giai phap|bien phap|nhiem vu|nguyen nhan$))(?:.*\b)?(?:khuyet diem|han che|ton tai)\b"),
    ),
    (Section.WORK, re.compile(r"nhiem vu|giai phap|noi dung|bien phap|cong viec|hoat dong|cong tac|trong tam")),
    (Section.TARGETS, re.compile(r"chi tieu|muc tieu")),
    (
        Section.PURPOSE,
        re.compile(
            r"muc dich|^(?:\W{0,5})(?:ket qua|thuc trang|khai quat|boi canh)\b|^(?:\W{0,5})yeu cau|quan diem"
            r"|su can thiet|tinh hinh|can cu|danh gia ket qua|dac diem"
            r"|nguyen nhan"
        ),
    ),
    (
        Section.ATTRIBUTES,
        re.compile(
            r"^(?:chu de|ten goi|dia ban|thoi gian|dia diem|doi tuong|thanh phan|pham vi|kinh phi|nguon luc"
            r"|so luong|hinh thuc)"
            r"(?:,? (?:va )?(?:[-–] )?(?:thoi gian|dia ban|khau hieu|thuc hien|tham gia|to chuc|trien khai"
            r"|dia diem|hoan thanh|ap dung|thanh phan"
            r"|dieu chinh|tham du|pham vi|doi tuong|so luong))*\W{0,5}$"
        ),
    ),
)
_PURPOSE_FIRST = re.compile(
    r"^\W{0,5}(?:ket qua(?! (?:can dat|dau ra|du kien))|thuc trang|muc dich|yeu cau|quan diem)"
)
_TARGETS_FIRST = re.compile(
    r"^\W{0,5}(?:(?:cac|mot so|he thong) )?(?:chi tieu|muc tieu)(?!.*(?:nhiem vu|giai phap|noi dung))"
)


def section_of(heading: str) -> Section | None:
    """Return what the section under `heading` is for, None if the heading does not say."""
    folded = fold(heading)
    if _PURPOSE_FIRST.match(folded) and not re.search(r"nhiem vu|giai phap", folded):
        return Section.PURPOSE
    if _TARGETS_FIRST.match(folded):
        return Section.TARGETS
    return next((section for section, pattern in _SECTION_WORDS if pattern.search(folded)), None)


_CLOSED_TO_WORK = frozenset({Section.ORGANISATION, Section.SHORTCOMINGS, Section.PURPOSE, Section.TARGETS})
_SOLUTIONS = re.compile(r"giai phap|bien phap|khac phuc")


def _under_solutions(node: Node, nodes: Sequence[Node]) -> bool:
    """Say whether a heading above `node` names solutions."""
    parent = node.parent
    while parent >= 0:
        if _SOLUTIONS.search(fold(nodes[parent].text)):
            return True
        parent = nodes[parent].parent
    return False


def _set_sections(nodes: list[Node]) -> None:
    """Hand each heading's purpose down to what stands under it; a heading that says nothing inherits."""
    for node in nodes:
        if node.zone is not Zone.BODY:
            continue
        above = nodes[node.parent].section if node.parent >= 0 else Section.WORK
        own = section_of(node.text) if node.is_heading and len(node.text) < _LONG_PARAGRAPH * 2 else None
        if own is Section.WORK and above in _CLOSED_TO_WORK:
            own = above
        if own is Section.SHORTCOMINGS and above is Section.WORK and _under_solutions(node, nodes):
            own = above  # "III. Giải pháp khắc phục", "1. Nhóm hạn chế về công tác cán bộ"
        node.section = own or (Section.NONE if above is Section.ATTRIBUTES and node.is_heading else above)
