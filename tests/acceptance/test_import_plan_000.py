"""Plan 000 goes in by the command and dated work comes out, for the units of the demo province."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from django.core.management import call_command
from django.test import Client

from doantracker.demo.people import DEMO_PASSWORD, make_people
from doantracker.demo.territory import make_units
from doantracker.founding import install_defaults
from plans.actions.deadlines import submit
from plans.actions.proof import Proof
from plans.enums import Kind, TimeState
from plans.models import Deadline, Plan
from tests import real_plans
from tests.factories import version_of
from units.models import User
from units.roles import Role

DEPARTMENTS = ("LG-VP", "LG-TCKT", "LG-PT", "LG-TG")

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not real_plans.PLANS.is_dir(), reason=real_plans.absence()),
]


@pytest.fixture
def plan() -> Plan:
    """Import and publish the plan by the command, as the office of the demo province."""
    from random import Random  # noqa: PLC0415  # invents people, guards nothing

    today = dt.date(2026, 3, 16)
    units = make_units(install_defaults(today=today))
    make_people(units, Random(1), since=dt.date(2023, 1, 1), password=DEMO_PASSWORD)  # noqa: S311  # see above
    (file,) = real_plans.PLANS.glob("000*.txt")
    call_command("import_plan", str(file), "--unit", "LG", "--by", "vanphong", "--publish")
    return Plan.objects.get()


def test_one_off_last_days_are_given_to_the_units_that_owe_them(plan: Plan) -> None:
    rows = Deadline.objects.filter(plan=plan, due_on__isnull=False).exclude(schedule__kind=Kind.RECURRING)
    assert Counter(rows.values_list("due_on", "unit__code", "schedule__kind")) == Counter(
        {
            (dt.date(2020, 3, 31), "LG-TCKT", Kind.WITHIN_MONTH): 1,
            (dt.date(2020, 3, 31), "LG-TCKT", Kind.WITHIN_QUARTER): 1,
            (dt.date(2020, 3, 31), "LG", Kind.WITHIN_MONTH): 1,
            (dt.date(2020, 4, 30), "LG-TCKT", Kind.WITHIN_MONTH): 1,
            (dt.date(2020, 5, 31), "LG-TCKT", Kind.WITHIN_MONTH): 1,
            **{(dt.date(2020, 10, 31), code, Kind.BY_DATE): 1 for code in DEPARTMENTS},
            **{(dt.date(2020, 12, 31), code, Kind.WITHIN_YEAR): 1 for code in (*DEPARTMENTS, "LG")},
            (dt.date(2020, 12, 31), "LG-VP", Kind.WITHIN_MONTH): 1,
            (dt.date(2020, 12, 31), "LG-VP", Kind.BY_END_OF_YEAR): 2,
        }
    )


def test_point_10_progress_reports_of_each_department_run_through_2020(plan: Plan) -> None:
    rows = Deadline.objects.filter(plan=plan, schedule__kind=Kind.RECURRING)
    months = [f"2020-{n:02}" for n in range(1, 13)]
    quarters, halves = [f"2020-Q{n}" for n in (1, 2, 3, 4)], ["2020-H1", "2020-H2"]
    expected = {("LG", key) for key in (*months, *quarters)}
    expected |= {(code, key) for code in DEPARTMENTS for key in (*quarters, *halves, "2020")}
    assert Counter(rows.values_list("unit__code", "occurrence")) == Counter(dict.fromkeys(expected, 1))
    assert rows.get(unit__code="LG", occurrence="2020-02").due_on == dt.date(2020, 2, 29)


def test_leads_are_inherited_from_the_groups(plan: Plan) -> None:
    leads = [[s.lead.code if s.lead else "" for s in g.solutions.all()] for g in plan.groups.all()]
    assert leads == [["LG-VP"] * 3, ["LG-TCKT"] * 5, ["LG-PT"] * 3]


def test_point_06_before_the_first_of_november_is_the_last_of_october(plan: Plan) -> None:
    row = Deadline.objects.get(plan=plan, unit__code="LG-PT", schedule__kind=Kind.BY_DATE)
    assert (row.due_on, row.schedule.exclusive) == (dt.date(2020, 10, 31), True)


def test_point_06_a_report_of_the_first_of_november_shows_as_late(plan: Plan, client: Client) -> None:
    row = Deadline.objects.get(plan=plan, unit__code="LG-PT", schedule__kind=Kind.BY_DATE)
    head = User.objects.filter(appointments__post__unit=row.unit, appointments__post__role=Role.DEPARTMENT)[0]
    proof = Proof(document_numbers=("12-BC/PT",))
    submit(deadline=row, version=version_of(row), by=head, proof=proof, today=dt.date(2020, 11, 1))
    client.force_login(head, backend="units.backends.AppointmentBackend")
    assert client.get(row.get_absolute_url()).context["time"] == TimeState.LATE
    listed = client.get(f"/deadlines/?plan={plan.pk}&state={TimeState.LATE.value}")
    assert listed.context["page"].object_list.get() == row
