"""A chasing letter that was prepared, with the deadlines it was prepared for."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from doantracker.papers.gather.content import Content
from doantracker.papers.paper import Text
from plans.actions.letters import late_row, sender_of
from plans.letters import addressee_of, letter_body, subject_of
from plans.models import ChasingLetter, Deadline
from units.models import User


def chasing(letter: ChasingLetter, by: User, _today: dt.date) -> Content:
    """Gather the letter as of the day on which it was prepared; two queries."""
    day = timezone.localtime(letter.prepared_at).date()
    seen = Deadline.objects.visible_to(by).filter(pk__in=letter.deadlines.order_by().values("pk"))
    ordered = seen.select_related("unit", "solution").order_by("unit_path", "due_on", "pk")
    rows = [late_row(row, day) for row in ordered if row.due_on and row.due_on < day]
    sender = sender_of(letter.plan)
    paragraphs = [
        line for part in letter_body(sender, rows, today=day, answer_by=letter.answer_by) for line in part.split("\n")
    ]
    blocks = tuple(Text(line, f"line{n}") for n, line in enumerate(paragraphs))
    return Content(
        letter.plan.issuing_unit,
        "CV",
        subject_of(sender),
        blocks,
        plan=letter.plan,
        addressees=(addressee_of(rows),),
        recipients=("Như trên", *_kept(letter)),
        as_of=day,
    )


def _kept(letter: ChasingLetter) -> tuple[str]:
    department = letter.plan.symbol_department
    return (f"Lưu VT, {department}" if department else "Lưu VT",)
