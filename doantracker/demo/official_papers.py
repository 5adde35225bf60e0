"""The term of office of the demo province, and the progress report that its office sent in it."""

from __future__ import annotations

import datetime as dt
from typing import Final

from doantracker.demo.plans import moment
from doantracker.lib import clock
from doantracker.papers.actions.papers import edit_paper, next_number, number_paper, prepare_paper
from doantracker.papers.enums import PaperKind
from doantracker.papers.models import FirstNumber, Term
from plans.models import Plan
from units.models import Unit, User

#: Reports were numbered by hand before: the province goes on with this number.
FIRST_NUMBER: Final = 320
NEXT: Final = "Đề nghị các đơn vị còn nội dung quá hạn báo cáo nguyên nhân tại phiên giao ban tới."


def send_papers(plan: Plan, province: Unit, office: User, *, today: dt.date) -> None:
    """Begin the term two years ago; prepare the progress report of `plan`, word its end anew, and number it."""
    congress = dt.date(today.year - 2, 10, 12)
    term = Term.objects.create(unit=province, start=congress)
    FirstNumber.objects.create(term=term, code="BC", number=FIRST_NUMBER)
    day = today - dt.timedelta(days=3)
    with clock.stopped_at(moment(day, 9)):
        row = prepare_paper(kind=PaperKind.PROGRESS, subject=f"plan={plan.pk}", by=office, today=day)
        edit_paper(paper=row, by=office, version=row.version, words={"next": NEXT})
    with clock.stopped_at(moment(day, 15)):
        number = next_number(row, day) or FIRST_NUMBER
        number_paper(paper=row, by=office, version=row.version + 1, number=number, day=day, with_gaps=True, today=day)
