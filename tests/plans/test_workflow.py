"""Who may do what with a deadline: the table, what the acts really do, and the page that prints it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.http import Http404
from django.urls import reverse

from doantracker.lib import clock
from plans.actions import deadlines, difficulties, extensions
from plans.actions.evidence import add_evidence, replace_evidence, share_evidence
from plans.actions.proof import Proof
from plans.actions.rescheduling import reschedule
from plans.enums import DONE, LIVE, OPEN, PlanStatus, Status
from plans.errors import ActionRefused
from plans.models import Deadline, Difficulty, Evidence, Extension, Plan
from plans.rows import rows_of
from plans.views.deadlines import OFFERED
from plans.workflow import ACTS, offered
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import make_deadline, make_difficulty, make_extension, make_published_plan
from units.models import User
from units.models.audit import AuditAction

pytestmark = pytest.mark.usefixtures("today")

PEOPLE = (
    "administrator",
    "office_staff",
    "second_office_staff",
    "leader",
    "department_head",
    "secretary",
    "sibling_secretary",
    "commune_secretary",
    "branch_secretary",
    "reader",
    "outsider",
)
OFFICE = {"office_staff", "second_office_staff"}
UNIT = {"commune_secretary", "secretary", *OFFICE}  # work of the commune in a plan of the province
DECIDERS = {"leader", *OFFICE}

#: Written down once more by hand: who, from which statuses. `office_staff` reported, asked and raised.
EXPECTED: dict[str, tuple[set[str], set[str]]] = {
    "reported": (UNIT, set(OPEN)),
    "submitted": (UNIT, set(OPEN)),
    "withdrawn": (UNIT, {"submitted"}),
    "confirmed": (DECIDERS - {"office_staff"}, {"submitted"}),
    "returned": (DECIDERS - {"office_staff"}, {"submitted"}),
    "held": (OFFICE, {"assigned", "in_progress", "returned"}),
    "resumed": (OFFICE, {"on_hold"}),
    "cancelled": (OFFICE, {"assigned", "in_progress", "returned", "submitted", "on_hold"}),
    "dated": (OFFICE, {"assigned", "in_progress", "returned", "on_hold"}),
    "rescheduled": (OFFICE, {"assigned", "in_progress", "returned", "on_hold"}),
    "later_asked": (UNIT, set(OPEN)),
    "later_granted": (DECIDERS - {"office_staff"}, {*LIVE, "completed"}),
    "later_refused": (DECIDERS - {"office_staff"}, {*LIVE, "completed"}),
    "excused": (DECIDERS - {"office_staff"}, set(DONE)),
    "difficulty_raised": (UNIT, set(LIVE)),
    "difficulty_answered": (DECIDERS - {"office_staff"}, set(Status)),
    "difficulty_passed": ({"secretary"}, set(Status)),  # one that the district owes
    "evidence_replaced": (UNIT, set(OPEN)),
    "evidence_shared": (UNIT, set(OPEN)),
    "evidence_added": (UNIT, set(DONE)),
}

ABOUT_A_RESULT = ("confirmed", "returned", "excused")

DUE, LATE = dt.date(2026, 3, 10), dt.date(2026, 3, 12)
Do = Callable[[User], object]


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """Return a plan of the province that is followed up."""
    return make_published_plan(cast.province)


def facts_of(cast: Cast, status: Status) -> dict[str, Any]:
    """Return what a row in a status needs besides."""
    done: dict[str, Any] = {"reported_on": LATE, "reported_by": cast.office_staff}
    return {
        Status.SUBMITTED: done,
        Status.COMPLETED: done | {"confirmed_on": LATE, "confirmed_by": cast.leader},
        Status.RETURNED: {"reason": "Thiếu"},
        Status.CANCELLED: {"reason": "Thôi"},
    }.get(status, {})


def acts_on(cast: Cast, row: Deadline, undated: Deadline, asked: Extension, raised: Difficulty) -> dict[str, Do]:
    """Return every act on one deadline, as what a person does."""
    on: dict[str, Any] = {"deadline": row, "version": row.version}
    later = dt.date(2026, 4, 1)
    owes = make_difficulty(row, by=cast.office_staff, text="Chờ huyện", answering_unit=cast.district)
    given = {"added_by": cast.commune_secretary, "added_at": clock.now()}
    own = Evidence.objects.create(deadline=row, link="https://example.org/a", **given)
    others = Evidence.objects.create(deadline=undated, link="https://example.org/b", **given)
    newer = Proof(links=("https://example.org/c",))
    return {
        "reported": lambda by: deadlines.report_progress(**on, by=by, percent=50),
        "submitted": lambda by: deadlines.submit(**on, by=by),
        "withdrawn": lambda by: deadlines.withdraw(**on, by=by),
        "confirmed": lambda by: deadlines.confirm(**on, by=by),
        "returned": lambda by: deadlines.return_result(**on, by=by, reason="Thiếu"),
        "held": lambda by: deadlines.hold(**on, by=by, reason="Chờ"),
        "resumed": lambda by: deadlines.resume(**on, by=by),
        "cancelled": lambda by: deadlines.cancel(**on, by=by, reason="Thôi"),
        "dated": lambda by: deadlines.give_date(deadline=undated, version=1, by=by, due_on=later),
        "later_asked": lambda by: extensions.ask_later_day(**on, by=by, day=later, reason="Bão"),
        "later_granted": lambda by: extensions.grant(extension=asked, state="asked", by=by),
        "later_refused": lambda by: extensions.refuse(extension=asked, state="asked", by=by, words="Còn kịp"),
        "excused": lambda by: extensions.excuse(**on, by=by, cause="Bão"),
        "difficulty_raised": lambda by: difficulties.raise_difficulty(**on, by=by, text="Thiếu phòng"),
        "difficulty_answered": lambda by: difficulties.answer(difficulty=raised, state="awaited", by=by, words="Có"),
        "difficulty_passed": lambda by: difficulties.pass_on(
            difficulty=owes, state="awaited", by=by, words="Vượt quyền"
        ),
        "rescheduled": lambda by: reschedule(deadline=row, by=by, due_on=later, reason="Bão"),
        "evidence_replaced": lambda by: replace_evidence(evidence=own, by=by, proof=newer),
        "evidence_shared": lambda by: share_evidence(deadline=row, by=by, evidence=[others]),
        "evidence_added": lambda by: add_evidence(deadline=row, by=by, proof=newer),
    }


def outcome(act: Do, by: User) -> str:
    """Do an act, undo it, and return what became of it."""
    by.__dict__.pop("grants", None)
    with transaction.atomic():
        try:
            act(by)
        except Http404:
            found = "hidden"
        except ActionRefused:
            found = "refused"
        else:
            found = "done"
        transaction.set_rollback(True)
    return found


def test_the_table_written_by_hand_knows_every_act() -> None:
    assert set(EXPECTED) == {action.value for action in ACTS}


@pytest.mark.parametrize("status", list(Status))
def test_every_act_does_what_the_table_says_for_every_role(cast: Cast, plan: Plan, status: Status) -> None:
    facts = facts_of(cast, status)
    row = make_deadline(cast.commune, plan=plan, due_on=DUE, status=status, **facts)
    undated = make_deadline(cast.commune, plan=plan, status=status, **facts)
    other = make_deadline(cast.commune, plan=plan, due_on=DUE, status=status, **facts)
    asked, raised = make_extension(other, by=cast.office_staff), make_difficulty(row, by=cast.office_staff)
    acts, found, told, expected = acts_on(cast, row, undated, asked, raised), {}, {}, {}
    owes = row.difficulties.get(text="Chờ huyện")
    about = {
        "later_granted": (other, asked),
        "later_refused": (other, asked),
        "difficulty_answered": (row, raised),
        "difficulty_passed": (row, owes),
    }
    for name, act in acts.items():
        who, start = EXPECTED[name]
        if name in ABOUT_A_RESULT and status not in DONE:
            who = DECIDERS  # nobody reported: nobody is left out
        subject, request = about.get(name, (undated if name == "dated" else row, None))
        for person in PEOPLE:
            by: User = getattr(cast, person)
            found[name, person] = outcome(act, by)
            told[name, person] = offered(by, AuditAction(name), subject, request)  # type: ignore[arg-type]  # a request or None
            expected[name, person] = "hidden" if person not in who else "done" if status in start else "refused"
    assert found == expected
    assert {key for key, is_offered in told.items() if is_offered} == {k for k, v in found.items() if v == "done"}


def test_nothing_is_offered_or_done_once_the_plan_is_closed(cast: Cast, plan: Plan) -> None:
    row = make_deadline(cast.commune, plan=plan, due_on=DUE)
    asked, raised = make_extension(row, by=cast.commune_secretary), make_difficulty(row, by=cast.commune_secretary)
    undated = make_deadline(cast.commune, plan=plan)
    plan.status = PlanStatus.CLOSED
    plan.closed_at, plan.closed_by = plan.published_at, cast.office_staff
    plan.save()
    for name, act in acts_on(cast, row, undated, asked, raised).items():
        by = cast.secretary if name == "difficulty_passed" else cast.second_office_staff
        assert outcome(act, by) == "refused"
    fresh = Deadline.objects.get(pk=row.pk)
    assert not any(offered(cast.second_office_staff, action, fresh) for action in OFFERED)


#: The last part of the address of each act on the page of a dated deadline; a result is confirmed on the page itself.
ADDRESSES = {
    "reported": "report",
    "withdrawn": "withdraw",
    "confirmed": "return",
    "held": "hold",
    "resumed": "resume",
    "cancelled": "cancel",
    "rescheduled": "move",
}


@pytest.mark.parametrize("status", list(Status))
def test_the_page_of_a_deadline_and_the_row_offer_what_the_table_says(
    cast: Cast, login: Login, plan: Plan, status: Status, today: dt.date
) -> None:
    row = make_deadline(cast.commune, plan=plan, due_on=DUE, status=status, **facts_of(cast, status))
    for person in ("commune_secretary", "office_staff", "second_office_staff", "leader", "reader"):
        page = login(getattr(cast, person)).get(reverse("plans:deadline", args=[row.pk]))
        offers = page.context["offers"]
        links = (*offers.first, *offers.beside, *offers.rest)
        addresses = {o.href.removeprefix(row.get_absolute_url()).strip("/") for o in links}
        found = {act for act, address in ADDRESSES.items() if address in addresses}
        assert found == {n for n in ADDRESSES if person in EXPECTED[n][0] and status in EXPECTED[n][1]}
        assert offers.confirm is ("confirmed" in found)
    rows = rows_of(Deadline.objects.all(), user=cast.commune_secretary, today=today)
    assert [r["act"] for r in rows] == ["report" if status in OPEN else ""]
    rows = rows_of(Deadline.objects.all(), user=cast.leader, today=today)
    assert [r["act"] for r in rows] == ["decide" if status == Status.SUBMITTED else ""]


def test_the_page_prints_the_table_and_marks_the_own_role(cast: Cast, login: Login) -> None:
    client = login(cast.leader)
    client.cookies["django_language"] = "en"
    page = client.get(reverse("plans:workflow"))
    lines = {str(line.label): line for line in page.context["lines"]}
    assert len(lines) == len(ACTS) == 20
    confirm = lines["Confirm the result"]
    assert [(r.label, r.mine) for r in confirm.roles] == [
        ("Office staff", False),
        ("Leader", True),
        ("Unit secretary", False),
    ]
    assert (confirm.start, confirm.leaves) == ([Status.SUBMITTED], "completed")
    assert [str(m) for m in confirm.minds] == ["never who reported the result"]
    assert [str(m) for m in lines["Give a date"].minds] == ["only work without a date"]
    assert page.context["roles"] == ["Leader"]
    for line in lines.values():
        assert str(line.party) in page.text


def test_a_person_without_a_post_may_read_the_table(cast: Cast, login: Login) -> None:
    cast.reader.appointments.all().delete()
    assert login(cast.reader).get(reverse("plans:workflow")).status_code == 200


@pytest.mark.parametrize("name", ["deadline", "home"])
def test_the_table_is_linked(cast: Cast, login: Login, plan: Plan, name: str) -> None:
    row = make_deadline(cast.commune, plan=plan, due_on=DUE)
    address = reverse("plans:deadline", args=[row.pk]) if name == "deadline" else "/"
    assert f'href="{reverse("plans:workflow")}"' in login(cast.commune_secretary).get(address).text
