"""What was contributed to a feedback round: by target and topic, with the reply to each.

A paper is kept and read by everybody with its right, also by those it is about. So it names a giver only where no
reader could be kept from the name: never in an anonymous round, about a person only where the round shows them names.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from doantracker.papers.gather.content import Content
from doantracker.papers.gather.parts import counted, in_sentence, paragraphs, roman
from doantracker.papers.paper import Block, Cell, Column, Heading, Level, Table, Text, count_word, long_day
from reviews.feedback_page import ContributionRow, Counts, TargetGroup, TopicGroup, counts_of
from reviews.feedback_page import compiled as compiled_for
from reviews.models import FeedbackRound
from reviews.titles import BODIES
from units.models import User
from units.permissions import Permission

NO_REPLY = "Chưa trả lời"


def feedback(row: FeedbackRound, by: User, _today: dt.date) -> Content:
    """Gather what the page of the consolidated contributions shows; five queries whatever their number."""
    groups, _shown = compiled_for(row, by)
    counts = counts_of(row)
    blocks: list[Block] = [
        Text(
            f"Thực hiện đợt lấy ý kiến “{row.title}”, kết quả tổng hợp các ý kiến nhận đến hết "
            f"{long_day(row.contributions_by)} như sau:",
            "opening",
        ),
        Heading(Level.SECTION, "I. Tình hình chung"),
        Text(_sentence(counts), "whole"),
        _whole(groups),
    ]
    for n, group in enumerate(groups, start=2):
        blocks += _target(n, group, named=_names(row, group))
    if row.result:
        blocks += [
            Heading(Level.SECTION, f"{roman(len(groups) + 2)}. Kết quả kiểm điểm"),
            *(Text(line.text, f"result{n}") for n, line in enumerate(paragraphs(row.result), start=1)),
        ]
    return Content(
        row.unit,
        "BC",
        f"Tổng hợp ý kiến góp ý và kết quả tiếp thu, giải trình ({row.title})",
        tuple(blocks),
        recipients=(f"{BODIES[row.body]} {row.unit.label} (để báo cáo)",),
        right=Permission.VIEW_FEEDBACK,
        landscape=True,
    )


def _names(row: FeedbackRound, group: TargetGroup) -> bool:
    """Return whether everybody who may read the paper may know who spoke of this target."""
    return not row.anonymous and (group.target.person_id is None or row.names_to_targets)


def _sentence(counts: Counts) -> str:
    return (
        f"Số đơn vị, cá nhân được lấy ý kiến: {count_word(counts.invited)}; đã gửi ý kiến: "
        f"{count_word(counts.handed_in)}. {_answered(counts)}."
    )


def _answered(counts: Counts) -> str:
    if not counts.contributions:
        return "Không có ý kiến góp ý"
    parts = counted(("đã trả lời", counts.replied), ("chưa trả lời", counts.open))
    return f"Tổng số {count_word(counts.contributions)} ý kiến; {', '.join(parts)}"


def _whole(groups: list[TargetGroup]) -> Table:
    columns = (
        Column("TT", 1, right=True),
        Column("Tập thể, cá nhân được góp ý", 8),
        Column("Số ý kiến", 2, right=True),
        Column("Đã trả lời", 2, right=True),
    )
    rows = tuple((n, group.target.label, group.count, group.replied) for n, group in enumerate(groups, start=1))
    return Table("Số ý kiến góp ý", columns, rows)


def _target(number: int, group: TargetGroup, *, named: bool) -> Iterator[Block]:
    yield Heading(Level.SECTION, f"{roman(number)}. Góp ý đối với {group.target.label}")
    for topic in group.topics:
        name = f"{topic.topic.ordinal}. {topic.topic.text}"
        if topic.rows:
            yield _table(name, topic, named=named)
        else:
            yield Heading(Level.ITEM, name)
            yield Text("Không có ý kiến.")


def _table(name: str, topic: TopicGroup, *, named: bool) -> Table:
    columns = (
        Column("TT", 1, right=True),
        Column("Ý kiến góp ý", 9),
        *((Column("Đơn vị, cá nhân góp ý", 5),) if named else ()),
        Column("Tiếp thu, giải trình", 9),
    )
    return Table(name, columns, tuple(_row(n, row, named=named) for n, row in enumerate(topic.rows, start=1)))


def _row(number: int, row: ContributionRow, *, named: bool) -> tuple[Cell, ...]:
    return (number, row.contribution.text, *((row.giver,) if named else ()), _reply(row))


def _reply(row: ContributionRow) -> str:
    """Return the kind of the reply and its words, which often begin with it."""
    if row.reply is None:
        return NO_REPLY
    kind, words = str(row.reply.get_kind_display()), row.reply.text
    return words if words.casefold().startswith(kind.casefold()) else f"{kind}: {in_sentence(words)}"
