"""Periodic reports of the demo province: most sent, some late, some missing; and the score sheet of the year."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, Final

from doantracker.demo.plans import moment
from doantracker.lib import clock
from plans.actions.deadlines import confirm
from plans.actions.proof import Proof
from plans.models import Deadline
from reviews.actions.emulation import Content, create_sheet, give_own_points
from reviews.actions.periodic_reports import open_report, save_report, send_report
from reviews.actions.report_kinds import ask_for_year, create_kind
from reviews.emulation import STANDARD_BANDS
from reviews.enums import EmulationCriterionKind, SectionSource
from reviews.models import EmulationSheet, ReportKind
from units.models import Post, Unit, UnitKind, User

BODY: Final = Post.Body.STANDING_COMMITTEE
SECTIONS: Final = (
    ("Kết quả thực hiện nhiệm vụ trong kỳ", SectionSource.FIGURES),
    ("Công việc đã hoàn thành", SectionSource.COMPLETED),
    ("Công việc chậm, nguyên nhân", SectionSource.OVERDUE),
    ("Khó khăn, kiến nghị", SectionSource.DIFFICULTIES),
    ("Nhiệm vụ trọng tâm kỳ tới", SectionSource.FREE),
)
NEXT: Final = "Duy trì sinh hoạt chi đoàn định kỳ; ra quân ngày Chủ nhật xanh; giới thiệu đoàn viên ưu tú cho Đảng."
OWING: Final = 6  # units of the demo: enough for a table
LATE, NEVER = 1, 2  # places among them


def report_periodically(units: dict[str, Unit], logins: dict[str, User], *, today: dt.date) -> None:
    """Ask for the reports some months ago, send most of them, and set the score sheet of the year up."""
    asked_on = today - dt.timedelta(days=75)
    owing = _owing(units["LG"], logins)
    with clock.stopped_at(moment(asked_on, 8)):
        kinds = [_kind(units, logins, owing, period, asked_on) for period in ("month", "quarter")]
    if asked_on.year < today.year:
        with clock.stopped_at(moment(min(dt.date(today.year, 1, 1), today - dt.timedelta(days=1)), 8)):
            for kind in kinds:
                if not kind.years.filter(year=today.year).exists():
                    ask_for_year(kind=kind, year=today.year, by=logins["vanphong"])
    _send(kinds[0], owing, logins, today=today)
    with clock.stopped_at(moment(today - dt.timedelta(days=2), 9)):
        sheet = _sheet(units["LG"], logins["vanphong"], today.year)
        give_own_points(
            criterion=sheet.criteria.filter(kind=EmulationCriterionKind.JUDGED)[0],
            unit=owing[0],
            points=Decimal(9),
            proof=f"Báo cáo số 12-BC/ĐTN ngày {today - dt.timedelta(days=5):%d/%m/%Y}",
            by=logins["bithu"],
            version=0,
        )


def _owing(province: Unit, logins: dict[str, User]) -> list[Unit]:
    """Return the units that owe the reports: the one whose secretary logs in, districts, communes."""
    own = next(post.unit_id for post in logins["bithu"].posts)
    below = Unit.objects.below(province).filter(depth=province.depth + 1, kind__code__in=("district", "commune"))
    found = below.select_related("kind").order_by("kind__rank", "path")[:OWING]
    return sorted(found, key=lambda unit: (unit.pk != own, unit.kind.rank, str(unit.path)))


def _kind(
    units: dict[str, Unit], logins: dict[str, User], owing: list[Unit], period: str, asked_on: dt.date
) -> ReportKind:
    words = {"month": "tháng", "quarter": "quý"}[period]
    values: dict[str, Any] = {
        "name": f"Báo cáo công tác Đoàn và phong trào thanh thiếu nhi {words}",
        "period": period,
        "day": {"month": 20, "quarter": 15}[period],
        "grace": 1,
        "body": BODY,
        "via_unit": units["LG-PT"],
        "owner_units": owing,
        "active_from": asked_on,
    }
    return create_kind(unit=units["LG"], values=values, sections=SECTIONS, by=logins["vanphong"])


def _send(kind: ReportKind, owing: list[Unit], logins: dict[str, User], *, today: dt.date) -> None:
    """Send what has fallen due: the second unit late, the third one never, all others on time."""
    due = Deadline.objects.filter(schedule__report_year__kind=kind, due_on__lt=today - dt.timedelta(days=3))
    for row in due.select_related("unit").order_by("due_on", "unit__path"):
        place = owing.index(row.unit)
        if place == NEVER or row.due_on is None:
            continue
        by = logins["bithu"] if place == 0 else logins["vanphong"]
        sent_on = row.due_on + dt.timedelta(days=2 if place == LATE else -2)
        with clock.stopped_at(moment(sent_on, 9)):
            report = open_report(deadline=row, by=by)
            last = report.parts.order_by("-section__ordinal")[0]
            report = save_report(report=report, texts={last.pk: NEXT}, by=by, version=report.version)
            number = Proof(document_numbers=(f"{row.due_on.month * 10 + place}-BC/ĐTN",))
            send_report(report=report, texts={}, by=by, version=report.version, proof=number)
        if place == 0:
            row.refresh_from_db()
            with clock.stopped_at(moment(sent_on + dt.timedelta(days=1), 9)):
                confirm(deadline=row, by=logins["lanhdao"], version=row.version)


def _sheet(province: Unit, by: User, year: int) -> EmulationSheet:
    content = Content(
        title=f"Bảng điểm thi đua khối huyện, thị năm {year}",
        year=year,
        unit_kinds=list(UnitKind.objects.filter(code="district")),
        reports="Thực hiện đầy đủ, đúng hạn chế độ thông tin báo cáo",
        bands=[(Decimal(points), m, q, h, y) for points, m, q, h, y in STANDARD_BANDS],
        judged=[("Công tác phát triển đoàn viên", Decimal(10)), ("Mô hình, cách làm mới", Decimal(5))],
    )
    return create_sheet(unit=province, content=content, by=by)
