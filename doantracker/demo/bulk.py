"""Makes the demo as large as a benchmark needs: units, solutions and deadlines by the thousand.

Plans are created and published by the real actions, which write the deadlines in bulk; what became of the rows is set
by `doantracker.demo.bulk_fates` in updates.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from random import Random
from typing import Final

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Max, Q

from doantracker.demo.bulk_fates import set_fates
from doantracker.demo.people import names_from
from doantracker.demo.plans import moment
from doantracker.demo.province import Demo
from doantracker.lib import clock
from doantracker.lib.text import person_key, search_key
from plans.actions.plans import create_plan, publish_plan
from plans.enums import Kind, PlanKind
from plans.models import Deadline, Plan, Schedule, Solution
from plans.reminders.sweep import check_deadlines
from units.models import Appointment, Post, Unit, UnitKind, User
from units.roles import Role

BATCH: Final = 2000
PROVINCES: Final = 34
COMMUNES_A_PROVINCE: Final = 100
NATION_UNITS: Final = 203_000
NATION_DEADLINES: Final = 1_000_000
SHARE_OF_BRANCHES: Final = 0.6  # of a nation's deadlines
SOLUTIONS_A_PLAN: Final = 25
ISSUED_DAYS_AGO: Final = 210
DUE_DAYS: Final = 200  # before and after today

_FIRST: Final = [
    "An",
    "Bình",
    "Cẩm",
    "Châu",
    "Đông",
    "Hải",
    "Hòa",
    "Long",
    "Minh",
    "Mỹ",
    "Nam",
    "Phú",
    "Phước",
    "Quang",
    "Tân",
    "Tây",
    "Thanh",
    "Trung",
    "Vĩnh",
    "Xuân",
]
_SECOND: Final = [
    "Điền",
    "Giang",
    "Hiệp",
    "Hưng",
    "Khánh",
    "Lâm",
    "Lộc",
    "Lợi",
    "Nghĩa",
    "Phong",
    "Phú",
    "Sơn",
    "Thạnh",
    "Thành",
    "Thọ",
    "Thủy",
    "Tiến",
    "Trạch",
    "Trung",
    "Yên",
]
_VERBS: Final = ("Rà soát, cập nhật", "Tổ chức", "Hoàn thành", "Kiểm tra, đôn đốc", "Xây dựng, ban hành")
_OBJECTS: Final = (
    "danh sách đoàn viên",
    "ngày chủ nhật xanh",
    "công trình thanh niên",
    "lớp bồi dưỡng cán bộ Đoàn",
    "chương trình sinh hoạt chi đoàn",
    "báo cáo kết quả công tác",
    "hoạt động đền ơn đáp nghĩa",
)


class Size(StrEnum):
    """How much to make."""

    PROVINCE = "province"
    NATION = "nation"


@dataclass(frozen=True, slots=True)
class Office:
    """A province with the two people who run its plans."""

    province: Unit
    lead: Unit
    first: User
    second: User


def grow(demo: Demo, *, size: Size, units: int | None, deadlines: int | None, today: dt.date) -> None:
    """Add units and published work until there are as many as asked for; without a number a province stays as is."""
    if size == Size.PROVINCE and units is None and deadlines is None:
        return
    builder = _Builder(today)
    office = _demo_office(demo)
    if size == Size.PROVINCE:
        wanted = deadlines or 0
        communes = max(20, wanted // 100) if units is None else units - Unit.objects.count()
        with transaction.atomic():
            builder.communes(office, communes, branches=0)
            builder.work(office, wanted - Deadline.objects.count(), branches=False)
    else:
        builder.nation(office, units or NATION_UNITS, deadlines or NATION_DEADLINES)
    check_deadlines(today=today)


def _demo_office(demo: Demo) -> Office:
    staff = User.objects.filter(appointments__post__role=Role.OFFICE).order_by("appointments__post__rank")
    first, second = staff[:2]
    return Office(demo.units["LG"], demo.units["LG-VP"], first, second)


class _Builder:
    """Adds units, people and plans."""

    def __init__(self, today: dt.date) -> None:
        self.today = today
        self.kinds = {kind.code: kind for kind in UnitKind.objects.all()}
        taken = set(User.objects.values_list("full_name", flat=True))
        self.names = names_from(Random(2), taken)  # noqa: S311  # invents names, guards nothing
        self.since = dt.date(today.year - 3, 1, 1)

    def nation(self, office: Office, units: int, deadlines: int) -> None:
        """Make the other provinces and give each its share; every province is a transaction of its own."""
        fixed = Unit.objects.count() + (PROVINCES - 1) * 6
        communes = PROVINCES * COMMUNES_A_PROVINCE
        branches = max(0, units - fixed - communes) // communes
        for number in range(1, PROVINCES + 1):
            with transaction.atomic():
                here = office if number == 1 else self.office(number)
                self.communes(here, COMMUNES_A_PROVINCE, branches)
                missing = deadlines - Deadline.objects.count()
                self.work(here, missing // (PROVINCES + 1 - number), branches=True)

    def office(self, number: int) -> Office:
        """Make a province with its departments and two people in its office."""
        root = Unit.objects.add_root(
            {
                "kind": self.kinds["province"],
                "code": f"T{number:02}",
                "name": f"Tỉnh đoàn mẫu số {number}",
                "short_name": "Tỉnh đoàn",
            }
        )
        for code, name in (("VP", "Văn phòng"), ("TCKT", "Ban Tổ chức - Kiểm tra"), ("PT", "Ban Phong trào")):
            Unit.objects.add_child(
                Unit.objects.get(pk=root.pk),
                {"kind": self.kinds["department"], "code": f"{root.code}-{code}", "name": name},
            )
        province = Unit.objects.get(pk=root.pk)
        self.heads([(province, "Chánh Văn phòng"), (province, "Phó Chánh Văn phòng")], Role.OFFICE)
        first, second = User.objects.filter(appointments__post__unit=province).order_by("pk")
        return Office(province, Unit.objects.get(code=f"{root.code}-VP"), first, second)

    def communes(self, office: Office, count: int, branches: int) -> None:
        """Add communes straight below the province, each with so many branches and a secretary."""
        if count <= 0:
            return
        province = office.province
        communes = self._children(province, _commune_names(count), "commune")
        for commune in communes:
            commune.numchild = branches
        Unit.objects.bulk_create(communes, batch_size=BATCH)
        Unit.objects.filter(pk=province.pk).update(numchild=province.numchild + count)
        names = [f"Chi đoàn số {n}" for n in range(1, branches + 1)]
        below = [b for commune in communes for b in self._children(commune, names, "branch")]
        Unit.objects.bulk_create(below, batch_size=BATCH)
        self.heads([(commune, "Bí thư") for commune in communes], Role.SECRETARY)
        new = Unit.objects.filter(pk__in=[u.pk for u in (*communes, *below)])
        if province.plans.exists():  # what is published already is owed by the new units too
            check_deadlines(today=self.today)
            rows = Q(unit__in=new.values("pk"))
            set_fates(rows, confirming=office.first, reporting=office.second, today=self.today)
        # As old as the demo: later sweeps need not go through every commitment for them again.
        new.update(created_at=moment(self.since, 8))

    def _children(self, parent: Unit, names: Sequence[str], kind: str) -> list[Unit]:
        """Return units below `parent`, not saved: after its last child, paths computed."""
        last = Unit.objects.below(parent).filter(depth=parent.depth + 1).aggregate(last=Max("path"))["last"]
        first = Unit._str2int(last[-Unit.steplen :]) + 1 if last else 1  # noqa: SLF001  # treebeard has no door for bulk
        units = []
        for step, name in enumerate(names, start=first):
            code = f"{parent.code}-{step:03}"
            path = Unit._get_path(parent.path, parent.depth + 1, step)  # noqa: SLF001  # as above
            unit = Unit(kind=self.kinds[kind], code=code, name=name, path=path, depth=parent.depth + 1)
            unit.search = search_key(name, code)
            units.append(unit)
        return units

    def heads(self, places: Sequence[tuple[Unit, str]], role: Role) -> None:
        """Appoint one new person per place, without a login."""
        unusable = make_password(None)
        people = [User(full_name=next(self.names), password=unusable) for _ in places]
        for person in people:
            person.sort_key = person_key(person.full_name)[:300]
            person.search = search_key(person.full_name)
        User.objects.bulk_create(people, batch_size=BATCH)
        posts = [Post(unit=unit, title=title, rank=10, role=role) for unit, title in places]
        Post.objects.bulk_create(posts, batch_size=BATCH)
        Appointment.objects.bulk_create(
            (Appointment(user=u, post=p, start=self.since) for u, p in zip(people, posts, strict=True)),
            batch_size=BATCH,
        )

    def work(self, office: Office, count: int, *, branches: bool) -> None:
        """Publish plans that give exactly `count` deadlines to the communes, and branches, below the office."""
        if count <= 0:
            return
        communes = self._owners(office, "commune")
        solutions: list[tuple[str, list[Unit]]] = []  # every unit of a kind, or named ones
        if branches and (below := len(self._owners(office, "branch"))):
            several = int(count * SHARE_OF_BRANCHES) // below
            solutions += [("branch", [])] * several
            count -= several * below
        solutions += [("commune", [])] * (count // len(communes))
        if rest := count % len(communes):
            solutions.append(("", communes[:rest]))
        for number, start in enumerate(range(0, len(solutions), SOLUTIONS_A_PLAN), start=1):
            self._plan(office, number, solutions[start : start + SOLUTIONS_A_PLAN])

    def _owners(self, office: Office, kind: str) -> list[Unit]:
        return list(Unit.objects.below(office.province).filter(kind=self.kinds[kind]))

    def _plan(self, office: Office, number: int, solutions: Sequence[tuple[str, list[Unit]]]) -> None:
        issued_on = self.today - dt.timedelta(days=ISSUED_DAYS_AGO)
        with clock.stopped_at(moment(issued_on, 8)):
            plan = create_plan(
                issuing_unit=office.province,
                title=f"Chương trình công tác chuyên đề số {number}",
                by=office.first,
                kind=PlanKind.OTHER,
                symbol=f"{200 + number}-KH/TĐTN",
                issued_on=issued_on,
                period_start=issued_on,
                period_end=self.today + dt.timedelta(days=2 * DUE_DAYS),
            )
            self._commitments(plan, office.lead, solutions)
            publish_plan(plan=plan, by=office.first, today=issued_on)
        set_fates(Q(plan=plan), confirming=office.first, reporting=office.second, today=self.today)

    def _commitments(self, plan: Plan, lead: Unit, solutions: Sequence[tuple[str, list[Unit]]]) -> None:
        texts = _solution_texts()
        rows = [
            Solution(plan=plan, ordinal=n, text=next(texts), lead_unit=lead)
            for n, _owners in enumerate(solutions, start=1)
        ]
        for row in rows:
            row.search = search_key(row.text)
        Solution.objects.bulk_create(rows)
        schedules = [Schedule(solution=row, kind=Kind.BY_DATE, due=self._due(n)) for n, row in enumerate(rows)]
        for schedule in schedules:
            schedule.phrase = f"chậm nhất ngày {schedule.due:%d/%m/%Y}"
        Schedule.objects.bulk_create(schedules)
        for schedule, (kind, units) in zip(schedules, solutions, strict=True):
            schedule.owner_units.set(units)
            schedule.owner_kinds.set([self.kinds[kind]] if kind else [])

    def _due(self, number: int) -> dt.date:
        """Spread the last days evenly around today."""
        return self.today + dt.timedelta(days=(number * 67 + 11) % (2 * DUE_DAYS) - DUE_DAYS)


def _commune_names(count: int) -> list[str]:
    names = [f"Đoàn xã {a} {b}" for a, b in product(_FIRST, _SECOND) if a != b]
    return [names[n] if n < len(names) else f"{names[n % len(names)]} {n // len(names) + 1}" for n in range(count)]


def _solution_texts() -> Iterator[str]:
    round_number = 1
    while True:
        yield from (f"{verb} {what} đợt {round_number}." for verb, what in product(_VERBS, _OBJECTS))
        round_number += 1
