"""The thematic report of a survey: how units stand with each indicator, their ideas, who has answered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from doantracker.papers.gather.content import KEPT, Content
from doantracker.papers.gather.parts import in_sentence, without_empty
from doantracker.papers.paper import Block, Cell, Column, Heading, Level, Table, Text, count_word, long_day
from reviews.models import Survey, SurveyUnit
from reviews.survey_page import IdeaCounts, QuestionRow, UnitRow, idea_counts, question_rows, questions_of, unit_rows
from units.models import User

TARGET = "Mức phải đạt"


def survey_report(survey: Survey, by: User, today: dt.date) -> Content:
    """Gather what the page of a survey counts over the units that `by` sees; eight queries whatever their number."""
    seen = SurveyUnit.objects.visible_to(by).filter(survey=survey)
    asked, ideas = questions_of(survey), idea_counts(seen)
    questions = question_rows(asked, seen, ideas.units)
    units = unit_rows(seen.select_related("unit").order_by("unit__path"), survey)
    blocks: list[Block] = [
        Text(_opening(survey, ideas, today), "opening"),
        Heading(Level.SECTION, "I. Mức độ, triển vọng hoàn thành chỉ tiêu"),
        _expected(questions, ideas.units),
        Heading(Level.SECTION, "II. Ý tưởng của thanh thiếu nhi"),
        Text(_ideas(ideas), "ideas"),
        Heading(Level.SECTION, "III. Kết quả trả lời của các đơn vị"),
        _units(units, len(asked)),
        Heading(Level.SECTION, "IV. Nhận định, kiến nghị"),
        Text("Nguyên nhân của các chỉ tiêu dự kiến không đạt: ……", "cause"),
        Text("Kiến nghị: ……", "asked"),
    ]
    kept = tuple(block for block in blocks if not (isinstance(block, Table) and not block.rows))
    abstract = f"Kết quả {in_sentence(survey.title)}"
    recipients = (f"Thường trực {survey.unit.label} (để báo cáo)", "Các đơn vị được khảo sát", KEPT)
    as_of = _until(survey, today)
    return Content(survey.unit, "BC", abstract, kept, recipients=recipients, as_of=as_of)


def _until(survey: Survey, today: dt.date) -> dt.date:
    """Return up to which day the answers are counted."""
    return survey.finished_on or today


def _opening(survey: Survey, ideas: IdeaCounts, today: dt.date) -> str:
    """Return when who was asked, and how many have answered."""
    return (
        f"{survey.lead_unit.name} tiến hành {in_sentence(survey.title)} từ {long_day(survey.period_start)} đến "
        f"{long_day(survey.period_end)}. Tính đến {long_day(_until(survey, today))}, {count_word(ideas.complete)}/"
        f"{count_word(ideas.units)} đơn vị đã trả lời đầy đủ. Kết quả như sau:"
    )


def _expected(rows: Sequence[QuestionRow], units: int) -> Table:
    columns = (
        Column("TT", 1, right=True),
        Column("Chỉ tiêu", 5),
        Column(TARGET, 3),
        Column("Dự kiến đạt", 1, right=True),
        Column("Dự kiến không đạt", 1, right=True),
        Column("Chưa đánh giá được", 1, right=True),
        Column("Chưa trả lời", 1, right=True),
        Column("Đã nêu mức độ", 1, right=True),
    )
    lines = tuple(_question(row) for row in rows)
    table = Table(f"Ý kiến của {count_word(units)} đơn vị về từng chỉ tiêu", columns, lines)
    return without_empty(table, TARGET)


def _question(row: QuestionRow) -> tuple[Cell, ...]:
    counts = row.counts
    return (
        row.question.ordinal,
        row.question.text,
        row.target,
        counts.will_reach,
        counts.will_miss,
        counts.unknown,
        counts.unanswered,
        row.told,
    )


def _ideas(ideas: IdeaCounts) -> str:
    total = count_word(ideas.units)
    return (
        f"Số ý tưởng được hỗ trợ hiện thực hóa: {_sum(ideas.supported)} (theo {count_word(ideas.supported_by)}/"
        f"{total} đơn vị); số ý tưởng được tuyên dương, khen thưởng: {_sum(ideas.commended)} (theo "
        f"{count_word(ideas.commended_by)}/{total} đơn vị)."
    )


def _sum(count: int | None) -> str:
    return "chưa có số liệu" if count is None else count_word(count)


def _units(rows: Sequence[UnitRow], asked: int) -> Table:
    columns = (
        Column("TT", 1, right=True),
        Column("Đơn vị", 5),
        Column(f"Đã trả lời (trên {asked} chỉ tiêu)", 2, right=True),
        Column("Ý tưởng được hỗ trợ", 2, right=True),
        Column("Ý tưởng được khen", 2, right=True),
    )
    lines = tuple(
        (n, row.row.unit.name, row.answered, row.row.ideas_supported, row.row.ideas_commended)
        for n, row in enumerate(rows, start=1)
    )
    return Table("Kết quả trả lời theo đơn vị", columns, lines)
