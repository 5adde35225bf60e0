"""An inspection of two districts as the tests of its papers need it."""

from __future__ import annotations

import datetime as dt

import time_machine

from plans.actions.deadlines import confirm, submit
from plans.models import Deadline
from reviews.actions.conclusions import add_conclusion, close_conclusion, issue_conclusions
from reviews.actions.inspection_reports import end_visits, hand_in_report
from reviews.actions.inspections import announce
from reviews.actions.visits import Found, answer_request, ask_team, end_visit, record_visit
from reviews.enums import Finding
from reviews.models import Conclusion, Inspection, InspectionVisit
from tests.cast import Cast
from tests.factories import make_checklist, make_inspection, make_permanent_member
from units.models import Unit, User

DAY = dt.date(2026, 3, 16)  # today
DUE = dt.date(2026, 4, 30)
MET, PARTLY, UNMET = Finding.MET, Finding.PARTLY, Finding.UNMET
USUAL = "Thiếu sổ."
TITLE = "Kiểm tra công tác Đoàn năm 2026"


def head_of(cast: Cast) -> User:
    """Return who heads the team: a permanent member, who has no right by that."""
    return make_permanent_member(cast.province, full_name="Phan Thường Trực")


def visited(cast: Cast, head: User, *units: Unit, word: str = USUAL) -> Inspection:
    """Return an inspection of the units, announced a week ago, visited today; `word` criticises the first of them."""
    with time_machine.travel(dt.datetime(2026, 3, 9, 2, 0, tzinfo=dt.UTC), tick=False):
        make_checklist(cast.province, by=cast.office_staff)
        made = make_inspection(
            cast.province, *units, by=cast.office_staff, head=head, day=DAY, title=TITLE, members=[cast.reader],
            content="Việc thực hiện nghị quyết.", period_start=dt.date(2025, 7, 1), period_end=dt.date(2025, 12, 31),
            report_unit=cast.department,
        )  # fmt: skip
        row = announce(inspection=made, preparation="Báo cáo", days=3, by=cast.office_staff)
    for n, visit in enumerate(visits(row)):
        first, second = visit.items.all()
        found = {first.pk: Found(MET, "", 1), second.pk: Found((UNMET, PARTLY)[n % 2], USUAL if n else word, 1)}
        record_visit(visit=visit, found=found, notes=f"Chuẩn bị tốt. {USUAL if n else word}", by=head)
        end_visit(visit=visit, on=DAY, by=head)
    asked = ask_team(visit=visits(row)[0], text=f"Xin hỗ trợ. {word}", by=cast.secretary)
    answer_request(request=asked, words="Đồng ý.", by=head)
    return row


def concluded(cast: Cast, head: User, *units: Unit, word: str = USUAL, symbol: str = "") -> Inspection:
    """Return such an inspection with its report and a conclusion about each unit, issued today."""
    row = visited(cast, head, *units, word=word)
    end_visits(inspection=row, by=head, due=DUE)
    hand_in_report(inspection=row, text=f"Hai đơn vị làm tốt.\n{word}", symbol="31-BC/TĐTN-PT", by=head)
    for n, visit in enumerate(visits(row)):
        text = f"{visit.unit.label} lập đủ sổ. {USUAL if n else word}"
        values = {"text": text, "due": DUE, "follower": head}
        add_conclusion(visit=visit, values=values, by=head)
    return issue_conclusions(inspection=row, on=DAY, symbol=symbol, by=head)


def visits(row: Inspection) -> list[InspectionVisit]:
    """Return the visits as acts need them."""
    return list(row.visits.select_related("inspection__programme__unit", "unit").order_by("pk"))


def close_first(cast: Cast, row: Inspection, head: User) -> Conclusion:
    """Have the first conclusion carried out, confirmed and closed."""
    one: Conclusion = Conclusion.objects.filter(visit__inspection=row).order_by("pk")[0]
    owed = Deadline.objects.get(solution=one.solution)
    submit(deadline=owed, by=cast.secretary, version=owed.version)
    owed.refresh_from_db()
    confirm(deadline=owed, by=cast.office_staff, version=owed.version)
    return close_conclusion(conclusion=one, words="Đã xem sổ.", by=head)
