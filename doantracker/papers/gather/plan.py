"""A plan in its own outline and numbers, with the annex by which its work is followed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import count, groupby, takewhile
from typing import Any, Final

from django.utils.text import capfirst

from doantracker.papers.gather.content import Content, Issued
from doantracker.papers.gather.parts import done_of, roman
from doantracker.papers.paper import Block, Cell, Column, Heading, Level, Signature, Table, Text, long_day
from plans.citing import KINDS, about, code_of
from plans.enums import Subject
from plans.masking import Hidden, masked_paragraphs
from plans.models import Deadline, Plan, PlanDocument, Shortcoming, Solution
from plans.plan_page import SolutionView, figures_of_solutions, solution_views
from plans.statistics import Figures
from units.models import Unit, User

PURPOSE: Final = re.compile(r"mục đích|yêu cầu", re.IGNORECASE)
ORGANISATION: Final = re.compile(r"tổ chức thực hiện", re.IGNORECASE)
NUMBER: Final = re.compile(r"^\s*(?:[IVXLC]+|\d+(?:\.\d+)*)[.)\-–]\s*")


def plan_paper(plan: Plan, by: User, today: dt.date) -> Content:
    """Gather a plan as it stands; at most thirteen queries. Its shortcomings and solutions keep their numbers."""
    figures, _whole = figures_of_solutions(Deadline.objects.visible_to(by).filter(plan=plan), today=today)
    views = [view for view in solution_views(plan, figures) if not view.dropped]
    document = _paragraphs(plan)
    numbers = map(roman, count(1))
    blocks: list[Block] = _bases(plan)
    blocks += _section(document, PURPOSE, numbers)
    wrong = Shortcoming.objects.listed_for(by).filter(plan=plan, subject=Subject.COLLECTIVE).listed()
    texts = [f"{ordinal}. {text}" for ordinal, text in wrong.order_by("ordinal").values_list("ordinal", "text")]
    if texts:
        blocks += [Heading(Level.SECTION, f"{next(numbers)}. Khuyết điểm cần khắc phục"), *map(Text, texts)]
    blocks.append(Heading(Level.SECTION, f"{next(numbers)}. Giải pháp"))
    for (group, lead), members in groupby(views, key=lambda view: (view.group, view.group_lead)):
        if group:
            blocks.append(Heading(Level.ITEM, group))
        if lead:
            blocks.append(Text(f"Đơn vị chủ trì: {lead}."))
        blocks += [Text(f"{view.ordinal}. {view.text}") for view in members]
    blocks += _section(document, ORGANISATION, numbers)
    blocks.append(_annex(views, today))
    recipients = tuple(line for line in plan.recipients.splitlines() if line.strip())
    issued = Issued(plan.symbol, plan.issued_on) if plan.symbol and plan.issued_on else None
    return Content(
        plan.issuing_unit,
        *_named(plan),
        tuple(blocks),
        plan=plan,
        recipients=recipients,
        issued=issued,
        signature=_signature(plan) if issued else None,
    )


def _named(plan: Plan) -> tuple[str, str]:
    """Return the code and the title of a plan; a programme is headed as such, and its title doesn't say it again."""
    code = code_of(plan.symbol_kind, plan.title)
    return (code, capfirst(about(KINDS[code], plan.title))) if code == "CTr" else ("KH", plan.title)


def _signature(plan: Plan) -> Signature | None:
    """Return who signed an issued plan; None where its record does not say."""
    signed = plan.signer_authority, plan.signer_title, plan.signer_name
    return Signature(*signed) if plan.signer_name else None


def _bases(plan: Plan) -> list[Block]:
    """Return the documents that the plan cites, as its grounds; one query."""
    rows = plan.references.values_list("kind", "symbol", "issued_on", "issuer", "title")
    return [Text(_basis(*row), f"basis{n}") for n, row in enumerate(rows, start=1)]


def _basis(kind: str, symbol: str, day: dt.date | None, issuer: str, title: str) -> str:
    parts = [capfirst(kind), f"số {symbol}" if symbol else "", long_day(day) if day else ""]
    parts += [f"của {issuer}" if issuer else "", _about(title)]
    return f"Căn cứ {' '.join(part for part in parts if part)};"


def _about(title: str) -> str:
    """Return a title as it is cited: one that begins with "về" needs no quotes."""
    return title if not title or title.startswith("về ") else f"“{title}”"


def _paragraphs(plan: Plan) -> list[dict[str, Any]]:
    """Return the document without what records were read of: the paper tells these, or must not; three queries."""
    document = PlanDocument.objects.filter(plan=plan).first()
    if document is None:
        return []
    records = (Shortcoming.objects.filter(plan=plan), Solution.objects.filter(plan=plan))
    told = [Hidden(at, (text,)) for rows in records for at, text in rows.values_list("source_paragraph", "text")]
    return masked_paragraphs(document.paragraphs, told)


def _section(paragraphs: Sequence[Mapping[str, Any]], about: re.Pattern[str], numbers: Iterator[str]) -> list[Block]:
    """Return the first section of the document under such a heading, as it was written."""
    for at, paragraph in enumerate(paragraphs):
        if paragraph["role"] == "heading" and about.search(paragraph["text"]):
            level = paragraph["level"]
            under = takewhile(lambda entry: not _ends(entry, level), paragraphs[at + 1 :])  # noqa: B023  # used at once
            lines = [Text(entry["text"]) for entry in under if entry["text"].strip()]
            heading = NUMBER.sub("", paragraph["text"]).strip().capitalize()
            return [Heading(Level.SECTION, f"{next(numbers)}. {heading}"), *lines] if lines else []
    return []


def _ends(paragraph: Mapping[str, Any], level: int) -> bool:
    """Return whether a section of that level ends before this paragraph."""
    heading = paragraph["role"] == "heading" and (paragraph["level"] or 0) <= (level or 0)
    return heading or paragraph["role"] in {"signature", "recipient", "title", "header", "cell"}


def _annex(views: list[SolutionView], today: dt.date) -> Table:
    """Return how the work is followed, results as of `today`; one query.

    Supporting units have short names, leads their whole ones.
    """
    short = dict(Unit.objects.filter(name__in={view.lead for view in views}).values_list("name", "short_name"))
    columns = (
        Column("TT", 1, right=True),
        Column("Nội dung", 8),
        Column("Chủ trì", 3),
        Column("Phối hợp", 3),
        Column("Thời hạn", 4),
        Column(f"Kết quả đến ngày {today:%d/%m/%Y}", 1),
    )
    return Table("Phụ lục. Theo dõi thực hiện kế hoạch", columns, tuple(_row(view, short) for view in views))


def _row(view: SolutionView, short: Mapping[str, str]) -> tuple[Cell, ...]:
    when = "\n".join(dict.fromkeys(commitment.phrase or commitment.sentence for commitment in view.commitments))
    supports = ", ".join(unit for unit in view.supports.split(", ") if unit not in {view.lead, short.get(view.lead)})
    result = done_of(view.figures or Figures())
    return (view.ordinal, view.text, view.lead, supports, when, result)
