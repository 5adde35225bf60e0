"""Inspections of the demo province: one concluded, a conclusion closed and one open, and one just announced."""

from __future__ import annotations

import datetime as dt
from typing import Final

from doantracker.demo.plans import moment
from doantracker.lib import clock
from plans.actions.deadlines import confirm, submit
from plans.calendars import working_calendar
from plans.models import Deadline
from reviews.actions.checklists import save_checklist
from reviews.actions.conclusions import add_conclusion, close_conclusion, issue_conclusions
from reviews.actions.inspection_reports import end_visits, hand_in_report
from reviews.actions.inspections import announce, plan_inspection
from reviews.actions.visits import Found, answer_request, ask_team, end_visit, record_visit
from reviews.checklist_lines import read_lines
from reviews.enums import Finding, InspectionKind
from reviews.models import Conclusion, Inspection, InspectionVisit
from units.models import Unit, User

#: By the kind of a unit that is visited.
CHECKLISTS: Final = {
    "LG-SB": (
        "Công tác tổ chức xây dựng Đoàn:\nSinh hoạt chi đoàn định kỳ\nHồ sơ, sổ đoàn viên\nThu, nộp đoàn phí\n"
        "Phong trào thanh thiếu nhi:\nKế hoạch và kết quả các phong trào\nMô hình điểm của đơn vị\n"
        "Chế độ thông tin, báo cáo:\nBáo cáo đúng hạn"
    ),
    "LG-SB-AH": "Sinh hoạt chi đoàn:\nBiên bản họp hằng tháng\nTỷ lệ đoàn viên dự họp\nHồ sơ:\nSổ đoàn viên",
}
PREPARATION: Final = "Báo cáo kết quả công tác Đoàn\nSổ đoàn viên, sổ thu đoàn phí\nThành phần: Ban Thường vụ đơn vị"
FINDINGS: Final = (Finding.MET, Finding.PARTLY, Finding.UNMET)
NOTES: Final = {Finding.MET: "", Finding.PARTLY: "Hai chi đoàn chưa họp đủ.", Finding.UNMET: "Chưa đối chiếu số liệu."}


def inspect_units(units: dict[str, Unit], logins: dict[str, User], *, today: dt.date) -> None:
    """Play two inspections of districts, headed by the permanent deputy secretary."""
    calendar = working_calendar()
    visited_on = calendar.working_day_before(today - dt.timedelta(days=50))
    with clock.stopped_at(moment(visited_on - dt.timedelta(days=30), 8)):
        for code, text in CHECKLISTS.items():
            lines = read_lines(text)
            save_checklist(unit=units["LG"], unit_kind=units[code].kind, lines=lines, by=logins["vanphong"])
    first = _planned("công tác Đoàn và phong trào thanh thiếu nhi", ("LG-SB", "LG-TT"), visited_on, units, logins)
    _carry_out(first, logins, visited_on)
    _conclude(first, units, logins, visited_on + dt.timedelta(days=15), today)
    coming = calendar.working_day(today + dt.timedelta(days=12))
    second = _planned("việc thu, nộp và sử dụng đoàn phí", ("LG-BL", "LG-SB"), coming, units, logins, today=today)
    with clock.stopped_at(moment(today - dt.timedelta(days=1), 14)):
        asked = second.visits.select_related("inspection__programme__unit", "unit").get(unit=units["LG-SB"])
        ask_team(
            visit=asked, text="Đề nghị đoàn làm việc vào buổi chiều vì buổi sáng họp giao ban.", by=logins["bithu"]
        )


def _planned(
    about: str,
    codes: tuple[str, ...],
    day: dt.date,
    units: dict[str, Unit],
    logins: dict[str, User],
    *,
    today: dt.date | None = None,
) -> Inspection:
    """Plan an inspection and announce it: three weeks before its visits, or two days ago."""
    told = today - dt.timedelta(days=2) if today else day - dt.timedelta(days=21)
    kind = InspectionKind.THEMATIC if today else InspectionKind.REGULAR
    values = {
        "kind": kind,
        "title": f"Kiểm tra {about} năm {day.year}",
        "content": f"Kiểm tra {about}; việc thực hiện chương trình công tác năm.",
        "period_start": dt.date(day.year - 1, 7, 1),
        "period_end": dt.date(day.year - 1, 12, 31),
        "head": logins["lanhdao"],
        "report_unit": units["LG-PT"],
    }
    visits = [(units[code], day) for code in codes]
    members = [logins["ban"], logins["docgia"]]
    with clock.stopped_at(moment(told, 9)):
        made = plan_inspection(
            unit=units["LG"], year=day.year, values=values, visits=visits, members=members, by=logins["vanphong"]
        )
        return announce(inspection=made, preparation=PREPARATION, days=3, by=logins["vanphong"])


def _carry_out(inspection: Inspection, logins: dict[str, User], day: dt.date) -> None:
    """Prepare, visit, answer what was asked, and report a week later by a day."""
    visits = list(inspection.visits.select_related("inspection__programme__unit", "unit").order_by("pk"))
    with clock.stopped_at(moment(day - dt.timedelta(days=5), 10)):
        for visit in visits:
            _report(Deadline.objects.get(schedule=visit.preparation_id), logins)
        asked = ask_team(visit=visits[0], text="Đề nghị hỗ trợ phần mềm quản lý đoàn viên.", by=logins["bithu"])
    with clock.stopped_at(moment(day, 16)):
        for visit in visits:
            record_visit(visit=visit, found=_found(visit), notes="Đơn vị chuẩn bị chu đáo.", by=logins["docgia"])
            end_visit(visit=visit, on=day, by=logins["docgia"])
        answer_request(request=asked, words="Văn phòng sẽ cử cán bộ hướng dẫn trong tháng.", by=logins["lanhdao"])
        end_visits(inspection=inspection, due=day + dt.timedelta(days=10), by=logins["lanhdao"])
    with clock.stopped_at(moment(day + dt.timedelta(days=7), 15)):
        text = "Hai đơn vị thực hiện tốt chế độ sinh hoạt; hồ sơ đoàn viên còn thiếu, số liệu chưa thống nhất."
        hand_in_report(inspection=inspection, text=text, symbol="31-BC/TĐTN-PT", by=logins["lanhdao"])
        owed = Deadline.objects.get(schedule=inspection.__class__.objects.get(pk=inspection.pk).report_task_id)
        confirm(deadline=owed, by=logins["vanphong"], version=owed.version)


def _conclude(
    inspection: Inspection, units: dict[str, Unit], logins: dict[str, User], on: dt.date, today: dt.date
) -> None:
    """Issue a conclusion about each unit; that about the first is carried out and closed."""
    texts = (
        ("LG-SB", "Hoàn thiện hồ sơ, đối chiếu số liệu đoàn viên với phần mềm quản lý.", on + dt.timedelta(days=20)),
        ("LG-TT", "Củng cố hai chi đoàn sinh hoạt chưa đúng định kỳ.", today + dt.timedelta(days=25)),
    )
    with clock.stopped_at(moment(on, 9)):
        for code, text, due in texts:
            visit = inspection.visits.select_related("inspection__programme__unit", "unit").get(unit=units[code])
            values = {"text": text, "due": due, "follower": logins["lanhdao"]}
            add_conclusion(visit=visit, values=values, by=logins["vanphong"])
        issue_conclusions(inspection=inspection, on=on, symbol="08-KL/TĐTN", by=logins["vanphong"])
    related = ("visit__inspection__programme__unit", "visit__unit", "solution")
    first = Conclusion.objects.select_related(*related).get(visit__inspection=inspection, visit__unit=units["LG-SB"])
    with clock.stopped_at(moment(on + dt.timedelta(days=12), 10)):
        _report(Deadline.objects.get(solution=first.solution), logins)
        words = "Đã xem hồ sơ tại đơn vị, số liệu khớp."
        close_conclusion(conclusion=first, words=words, by=logins["lanhdao"])


def _report(deadline: Deadline, logins: dict[str, User]) -> None:
    """Report work done and have it confirmed by the office; who reports is a person of the unit or above it."""
    by = logins["bithu"] if deadline.unit.code == "LG-SB" else _head_of(deadline.unit)
    submit(deadline=deadline, by=by, version=deadline.version, text="Đã chuẩn bị đủ theo yêu cầu.")
    deadline.refresh_from_db()
    confirm(deadline=deadline, by=logins["vanphong"], version=deadline.version)


def _head_of(unit: Unit) -> User:
    found: User = User.objects.filter(appointments__post__unit=unit).order_by("appointments__post__rank")[0]
    return found


def _found(visit: InspectionVisit) -> dict[int, Found]:
    found = {}
    for item in visit.items.all():
        finding = FINDINGS[(item.ordinal - 1) % len(FINDINGS)]
        found[item.pk] = Found(finding, NOTES[finding], item.version)
    return found
