"""A plan in its own outline and numbers, with the annex by which its work is followed."""

from __future__ import annotations

import datetime as dt
from itertools import groupby

from doantracker.papers.gather.content import Content, Issued
from doantracker.papers.paper import Block, Cell, Column, Heading, Level, Signature, Table, Text
from plans.enums import Subject
from plans.models import Deadline, Plan, Shortcoming
from plans.plan_page import SolutionView, figures_of_solutions, solution_views
from plans.statistics import Figures
from units.models import User


def plan_paper(plan: Plan, by: User, today: dt.date) -> Content:
    """Gather a plan as it stands; eight queries. Its shortcomings and solutions keep their numbers."""
    figures, _whole = figures_of_solutions(Deadline.objects.visible_to(by).filter(plan=plan), today=today)
    views = [view for view in solution_views(plan, figures) if not view.dropped]
    blocks: list[Block] = []
    wrong = Shortcoming.objects.listed_for(by).filter(plan=plan, subject=Subject.COLLECTIVE).listed()
    texts = [f"{ordinal}. {text}" for ordinal, text in wrong.order_by("ordinal").values_list("ordinal", "text")]
    if texts:
        blocks += [Heading(Level.SECTION, "Khuyết điểm cần khắc phục"), *map(Text, texts)]
    blocks.append(Heading(Level.SECTION, "Giải pháp"))
    for (group, lead), members in groupby(views, key=lambda view: (view.group, view.group_lead)):
        if group:
            blocks.append(Heading(Level.ITEM, group))
        if lead:
            blocks.append(Text(f"Đơn vị chủ trì: {lead}."))
        blocks += [Text(f"{view.ordinal}. {view.text}") for view in members]
    blocks.append(_annex(views))
    recipients = tuple(line for line in plan.recipients.splitlines() if line.strip())
    issued = Issued(plan.symbol, plan.issued_on) if plan.symbol and plan.issued_on else None
    return Content(
        plan.issuing_unit,
        "KH",
        plan.title,
        tuple(blocks),
        plan=plan,
        recipients=recipients,
        issued=issued,
        signature=_signature(plan) if issued else None,
    )


def _signature(plan: Plan) -> Signature | None:
    """Return who signed an issued plan; None where its record does not say."""
    signed = plan.signer_authority, plan.signer_title, plan.signer_name
    return Signature(*signed) if plan.signer_name else None


def _annex(views: list[SolutionView]) -> Table:
    columns = (
        Column("TT", 1, right=True),
        Column("Nội dung", 5),
        Column("Chủ trì", 3),
        Column("Phối hợp", 3),
        Column("Thời hạn", 3),
        Column("Kết quả", 2),
    )
    return Table("Phụ lục theo dõi thực hiện", columns, tuple(_row(view) for view in views))


def _row(view: SolutionView) -> tuple[Cell, ...]:
    figures = view.figures or Figures()
    when = "\n".join(commitment.phrase or commitment.sentence for commitment in view.commitments)
    result = f"{figures.done}/{figures.total}" if figures.total else ""
    return (view.ordinal, view.text, view.lead, view.supports, when, result)
