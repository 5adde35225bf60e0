"""The plans of the demo province: read by the real reader, corrected and published by the real actions."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from dateutil.relativedelta import relativedelta

from doantracker.demo.events import chain_steps
from doantracker.demo.tasks import enter_tasks
from doantracker.demo.texts import fill
from doantracker.lib import clock
from plans.actions.imports import import_plan
from plans.actions.plans import publish_plan
from plans.actions.records import accept_record, change_record, drop_record
from plans.actions.sign_offs import ask_sign_off, sign_off
from plans.enums import Deliverable, PlanKind, PlanStatus, Subject
from plans.models import Indicator, Plan, Schedule, Solution
from plans.plan_digest import digest_of
from plans.reading.reader import read_bytes
from units.models import Unit, UnitKind, User

MONTHS_OF_A_YEARLY_PLAN: Final = 12
DAYS_BEFORE: Final = "ngày làm việc"


@dataclass(frozen=True, slots=True)
class Source:
    """One plan: its text, under which name it was uploaded, who issued it when and who uploads and publishes it."""

    text: str
    upload: str
    issuer: str
    issued_on: Callable[[dt.date], dt.date]
    kind: PlanKind
    lead: str
    by: str
    status: PlanStatus = PlanStatus.PUBLISHED
    runs_a_year: bool = False
    reports: tuple[str, ...] = ()
    has_steps: bool = False
    has_tasks: bool = False
    personal: str = ""  # the beginning of a shortcoming of a person
    signed: bool = False


def _days_ago(days: int) -> Callable[[dt.date], dt.date]:
    return lambda today: today - dt.timedelta(days=days)


def _last_january(today: dt.date) -> dt.date:
    return dt.date(today.year - 1, 1, 20)


def _last_february(today: dt.date) -> dt.date:
    return dt.date(today.year - 1, 2, 8)


LAST_YEAR: Final = Source(
    "nam-truoc.txt",
    "12-KH thang thanh nien.txt",
    "LG",
    _last_february,
    PlanKind.FOCUS_TASKS,
    "LG-PT",
    "vanphong",
    PlanStatus.CLOSED,
)
OLD_LEDGER: Final = Source(
    "ton-tai-nam-truoc.txt",
    "05-KH khac phuc ton tai.txt",
    "LG",
    _last_january,
    PlanKind.SHORTCOMING_REMEDIATION,
    "LG-VP",
    "vanphong",
    PlanStatus.CLOSED,
    personal="Một ủy viên Ban Thường vụ",
)
#: `lead` leads what the text leaves open; a `signed` one was put before its leader; `reports` begin the solutions that
#: owe a written report. Oldest first.
SOURCES: Final = (
    OLD_LEDGER,
    LAST_YEAR,
    Source(
        "to-chuc-co-so.txt",
        "97-KH chi doan manh.docx",
        "LG",
        _days_ago(110),
        PlanKind.PROGRAMME_MULTI_YEAR,
        "LG-TCKT",
        "vanphong",
        has_tasks=True,
        signed=True,
    ),
    Source(
        "khac-phuc-khuyet-diem.txt",
        "118-KH khac phuc khuyet diem.txt",
        "LG",
        _days_ago(80),
        PlanKind.SHORTCOMING_REMEDIATION,
        "LG-VP",
        "vanphong",
        runs_a_year=True,
        reports=("Các huyện, thị, thành đoàn và đoàn trực thuộc báo cáo",),
        has_steps=True,
    ),
    Source(
        "nghi-quyet-huyen.txt",
        "41-KH chuyen doi so.txt",
        "LG-SB",
        _days_ago(60),
        PlanKind.RESOLUTION_IMPLEMENTATION,
        "LG-SB",
        "bithu",
        runs_a_year=True,
    ),
    Source(
        "kiem-tra.txt",
        "131-KH kiem tra giam sat.txt",
        "LG",
        _days_ago(2),
        PlanKind.INSPECTION_FIELD_TRIP,
        "LG-TCKT",
        "vanphong",
        PlanStatus.DRAFT,
    ),
)

#: Who a solution addresses by its first words: codes of units, or of kinds for "every …". The longest fits first.
PARTIES: Final[dict[str, tuple[str, ...]]] = {
    "Các huyện, thị, thành đoàn và đoàn trực thuộc": ("district", "affiliated"),
    "Các huyện, thị, thành đoàn": ("district",),
    "Đoàn xã, phường, đặc khu": ("commune",),
    "Đoàn xã, thị trấn": ("commune",),
    "Các chi đoàn": ("branch",),
    "Thành đoàn Bến Lam và Thị đoàn Tân Thịnh": ("LG-BL", "LG-TT"),
    "Huyện đoàn Suối Bạc": ("LG-SB",),
    "Đoàn Trường THPT Suối Bạc": ("LG-SB-THPT",),
    "Trung tâm Hoạt động thanh thiếu niên tỉnh": ("LG-TTN",),
    "Văn phòng Tỉnh đoàn": ("LG-VP",),
    "Ban Tổ chức - Kiểm tra": ("LG-TCKT",),
    "Ban Phong trào": ("LG-PT",),
    "Ban Tuyên giáo": ("LG-TG",),
}


def issue(source: Source, *, units: dict[str, Unit], logins: dict[str, User], today: dt.date) -> Plan:
    """Import one plan, correct what was read and publish it, all on its day of issue; a draft stays as it was read."""
    issued_on = source.issued_on(today)
    text = fill(source.text, today=today, issued_on=issued_on)
    data = as_docx(text) if source.upload.endswith(".docx") else text.encode()
    by = logins[source.by]
    with clock.stopped_at(moment(issued_on, 8)):
        # Read here and not in a child process: the text is our own, and five processes would cost seconds.
        draft = read_bytes(data, source.upload)
        plan = import_plan(data=data, name=source.upload, issuing_unit=units[source.issuer], by=by, draft=draft)
        if source.status != PlanStatus.DRAFT:
            _Correction(plan, source, units, by).run()
            if source.personal:
                _name_person(plan, source.personal, logins["ban"], by)
            if source.has_steps:
                chain_steps(plan, keeper=units[source.lead], by=by)
            if source.has_tasks:
                enter_tasks(plan, by=by)
    if source.signed:
        _agree(plan, by=by, leader=logins["lanhdao"], issued_on=issued_on)
    if source.status != PlanStatus.DRAFT:
        with clock.stopped_at(moment(issued_on, 9)):
            publish_plan(plan=plan, by=by, today=issued_on)
    return plan


def _agree(plan: Plan, *, by: User, leader: User, issued_on: dt.date) -> None:
    """Put a draft before its leader, who agrees."""
    with clock.stopped_at(moment(issued_on, 8, 20)):
        asked = ask_sign_off(plan=plan, by=by, asked_of=leader, note="Trình đồng chí cho ý kiến trước khi ban hành.")
    with clock.stopped_at(moment(issued_on, 8, 40)):
        sign_off(sign_off=asked, by=leader, seen=digest_of(plan))


def moment(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    """Return a moment of the office's day, in the project's time zone."""
    return dt.datetime.combine(day, dt.time(hour, minute), tzinfo=dt.timezone(dt.timedelta(hours=7)))


def as_docx(text: str) -> bytes:
    """Return the text as a Word file, one paragraph a line."""
    import docx  # noqa: PLC0415  # only this needs it here

    document = docx.Document()
    for line in text.splitlines():
        document.add_paragraph(line)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _name_person(plan: Plan, words: str, person: User, by: User) -> None:
    """Say whose a shortcoming is."""
    for row in plan.shortcomings.filter(text__startswith=words):
        change_record(record=row, values={"subject": Subject.PERSON, "person": person}, by=by)


class _Correction:
    """What the office does on the check page before it publishes: the same acts, on the same records."""

    def __init__(self, plan: Plan, source: Source, units: dict[str, Unit], by: User) -> None:
        self.plan, self.source, self.units, self.by = plan, source, units, by
        self.kinds = {kind.code: kind for kind in UnitKind.objects.all()}

    def run(self) -> None:
        self._header()
        for group in self.plan.groups.filter(lead_unit=None):
            change_record(record=group, values={"lead_unit": self.units[self.source.lead]}, by=self.by)
        for solution in self.plan.solutions.filter(text__startswith="Giao "):
            drop_record(record=solution, by=self.by)  # it only says who leads: the groups know
        for solution in self._solutions():
            self._solution(solution)
        for indicator in self.plan.indicators.filter(unit_of_measure=DAYS_BEFORE):
            drop_record(record=indicator, by=self.by)  # days before a meeting are nothing to reach
        for record in self._doubted():
            accept_record(record=record, by=self.by)

    def _header(self) -> None:
        values: dict[str, object] = {"kind": self.source.kind, "coordinating_unit": self.units[self.source.lead]}
        if self.source.runs_a_year and self.plan.issued_on:
            start = self.plan.issued_on.replace(day=1)
            end = start + relativedelta(months=MONTHS_OF_A_YEARLY_PLAN) - dt.timedelta(days=1)
            values |= {"period_start": start, "period_end": end}
        change_record(record=self.plan, values=values, by=self.by)

    def _solutions(self) -> Iterable[Solution]:
        related = self.plan.solutions.select_related("lead_unit", "group__lead_unit")
        return list(related.prefetch_related("schedules__owner_units", "schedules__owner_kinds"))

    def _solution(self, solution: Solution) -> None:
        if any(solution.text.startswith(words) for words in self.source.reports):
            change_record(record=solution, values={"deliverable": Deliverable.REPORT}, by=self.by)
        codes = next((PARTIES[words] for words in PARTIES if solution.text.startswith(words)), ())
        units = [self.units[c] for c in codes if c in self.units]
        kinds = [self.kinds[c] for c in codes if c in self.kinds]
        if len(units) == 1 and solution.lead != units[0]:
            change_record(record=solution, values={"lead_unit": units[0]}, by=self.by)
        elif solution.lead is None:
            change_record(record=solution, values={"lead_unit": self.units[self.source.lead]}, by=self.by)
        for schedule in solution.schedules.all():
            if codes and _owners(schedule) not in self._same(units, kinds):
                change_record(record=schedule, values={"owner_units": units, "owner_kinds": kinds}, by=self.by)

    @staticmethod
    def _same(units: list[Unit], kinds: list[UnitKind]) -> list[set[Unit | UnitKind]]:
        """Return how a commitment may name its owners; the one unit that leads need not be named."""
        named: set[Unit | UnitKind] = {*units, *kinds}
        return [named, set()] if len(units) == 1 else [named]

    def _doubted(self) -> Iterable[Solution | Schedule | Indicator]:
        yield from self.plan.solutions.exclude(doubt="")
        yield from self.plan.indicators.exclude(doubt="")
        yield from Schedule.objects.filter(solution__plan=self.plan).exclude(doubt="")


def _owners(schedule: Schedule) -> set[Unit | UnitKind]:
    return {*schedule.owner_units.all(), *schedule.owner_kinds.all()}
