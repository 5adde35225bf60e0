"""The standing unit of a plan (bộ phận thường trực): its people see that plan whole, and nothing of any other."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from doantracker.lib import clock
from plans.actions.deadlines import report_progress
from plans.enums import NoticeKind, PlanStatus, Status
from plans.models import Deadline, Difficulty, Evidence, Extension, Notice, Plan, ProgressReport, Snapshot, Solution
from plans.snapshots import take_snapshots
from plans.standing import standing_plans
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import (
    PlanFactory,
    SolutionFactory,
    make_deadline,
    make_difficulty,
    make_extension,
    make_officer,
    make_published_plan,
    make_unit,
    version_of,
)
from units.models import Appointment, AuditEvent, Unit, User
from units.roles import Role

pytestmark = pytest.mark.usefixtures("today")
MODELS = (Plan, Solution, Deadline, ProgressReport, Evidence, Extension, Difficulty, Snapshot)


@pytest.fixture
def school(cast: Cast) -> Unit:
    """Return a unit beside the districts that sees none of them by itself."""
    return make_unit("Trung tâm Thanh thiếu niên", code="ST-TTN", kind="service", parent=cast.province)


@pytest.fixture
def clerk(school: Unit) -> User:
    """Return somebody of that unit whose post gives no view of the union above."""
    return make_officer(school, Role.SECRETARY, full_name="Đinh Thường Trực")


def fill(plan: Plan, cast: Cast, words: str) -> Deadline:
    """Give a plan work of a commune with every record that hangs on it."""
    solution = SolutionFactory(plan=plan, ordinal=1, text=words, lead_unit=cast.commune)
    row = make_deadline(cast.commune, plan=plan, due_on=dt.date(2026, 3, 20), solution=solution)
    report_progress(deadline=row, version=version_of(row), by=cast.commune_secretary, percent=10, text=words)
    facts: dict[str, Any] = {"size": 3, "sha256": "0" * 64, "original_name": f"{words}.pdf"}
    proof = Evidence(deadline=row, added_by=cast.commune_secretary, added_at=clock.now(), **facts)
    proof.file.save("proof", ContentFile(b"abc"))
    make_extension(row, by=cast.commune_secretary, reason=words)
    make_difficulty(row, by=cast.commune_secretary, text=words)
    return row


def test_its_people_see_every_record_of_the_plan_and_none_of_another(cast: Cast, school: Unit, clerk: User) -> None:
    seen = make_published_plan(cast.province, coordinating_unit=school, title="Kế hoạch THƯỜNGTRỰC")
    hidden = make_published_plan(cast.province, coordinating_unit=cast.department, title="Kế hoạch KHUẤT")
    draft = PlanFactory(issuing_unit=cast.province, coordinating_unit=school, status=PlanStatus.DRAFT)
    for plan in (seen, hidden):
        fill(plan, cast, plan.title)
    take_snapshots(today=clock.today())
    plan_of = {Plan: "pk", Solution: "plan", Deadline: "plan", Snapshot: "plan"}
    for model in MODELS:
        rows: Any = model.objects
        found = rows.visible_to(clerk).order_by().values_list(plan_of.get(model, "deadline__plan"), flat=True)
        assert set(found) == {seen.pk}, model
    assert draft.pk not in standing_plans(clerk)


def test_it_ends_with_the_post_and_with_the_charge(cast: Cast, school: Unit, clerk: User) -> None:
    plan = make_published_plan(cast.province, coordinating_unit=school)
    fill(plan, cast, "Việc")
    assert Deadline.objects.visible_to(User.objects.get(pk=clerk.pk)).exists()
    Appointment.objects.filter(user=clerk).update(end=dt.date(2026, 3, 15))
    assert not Deadline.objects.visible_to(User.objects.get(pk=clerk.pk)).exists()
    Appointment.objects.filter(user=clerk).update(end=None)
    Plan.objects.update(coordinating_unit=None)
    assert not Deadline.objects.visible_to(User.objects.get(pk=clerk.pk)).exists()


def test_units_beside_and_below_the_standing_unit_gain_nothing(cast: Cast) -> None:
    plan = make_published_plan(cast.province, coordinating_unit=cast.district)
    make_deadline(cast.other_district, plan=plan)
    make_deadline(cast.commune, plan=plan)
    sees = {
        "secretary": {cast.commune, cast.other_district},
        "commune_secretary": {cast.commune},
        "sibling_secretary": {cast.other_district},
        "outsider": set(),
    }
    found = {who: {d.unit for d in Deadline.objects.visible_to(getattr(cast, who))} for who in sees}
    assert found == sees


def test_it_sees_and_does_nothing_it_could_not_do_before(cast: Cast, login: Login, school: Unit, clerk: User) -> None:
    plan = make_published_plan(cast.province, coordinating_unit=school)
    row = fill(plan, cast, "Việc")
    client = login(clerk)
    assert client.get(row.get_absolute_url()).status_code == 200
    for name in ("report", "cancel", "date", "later", "difficulty", "return"):
        assert client.get(reverse(f"plans:{name}", args=[row.pk])).status_code == 404, name
    difficulty, extension = row.difficulties.get(), row.extensions.get()
    assert client.get(reverse("plans:answer", args=[difficulty.pk])).status_code == 404
    assert client.get(reverse("plans:pass_on", args=[difficulty.pk])).status_code == 404
    assert client.get(reverse("plans:decide", args=[extension.pk])).status_code == 404
    assert client.get(reverse("plans:close", args=[plan.pk])).status_code == 404


def test_the_pages_of_the_plan_show_it_whole_and_no_page_of_a_foreign_unit_opens(
    cast: Cast, login: Login, school: Unit, clerk: User
) -> None:
    plan = make_published_plan(cast.province, coordinating_unit=school)
    other = make_published_plan(cast.province, title="Kế hoạch KHUẤT")
    row = fill(plan, cast, "Việc")
    fill(other, cast, "KHUẤT")
    client = login(clerk)
    matrix = client.get(reverse("plans:plan", args=[plan.pk]), {"view": "matrix"}).text
    assert cast.commune.name in matrix
    assert cast.commune.get_absolute_url() not in matrix
    history = client.get(reverse("plans:plan", args=[plan.pk]), {"view": "history"})
    assert [e.action for e in history.context["page"].object_list] == ["reported"]
    assert [e.action for e in client.get(row.get_absolute_url()).context["history"]] == ["reported"]
    listed = client.get(reverse("plans:deadlines"))
    assert [r["pk"] for r in listed.context["rows"]] == [row.pk]
    pages = [reverse(f"plans:{name}") for name in ("deadlines", "calendar", "difficulties", "extensions", "plans")]
    pages += [reverse("search") + "?q=khuat", reverse("plans:figures"), reverse("units:units")]
    for page in pages:
        assert "KHUẤT" not in client.get(page).text, page
    assert client.get(cast.commune.get_absolute_url()).status_code == 404
    assert client.get(reverse("plans:plan", args=[other.pk])).status_code == 404


def test_reminders_it_reads_are_those_of_people_it_knows(cast: Cast, school: Unit, clerk: User) -> None:
    plan = make_published_plan(cast.province, coordinating_unit=school)
    row = fill(plan, cast, "Việc")
    for person in (cast.commune_secretary, clerk):
        told = {"kind": NoticeKind.OVERDUE, "day": clock.today(), "created_at": clock.now()}
        Notice.objects.create(recipient=person, deadline=row, **told)
    assert {n.recipient for n in Notice.objects.logged_for(clerk)} == {clerk}
    assert {n.recipient for n in Notice.objects.visible_to(clerk)} == {clerk}


def test_who_sees_a_whole_tree_asks_for_no_list(cast: Cast, django_assert_num_queries: Any) -> None:
    make_published_plan(cast.province, coordinating_unit=cast.department)
    person = cast.department_head
    assert person.posts
    with django_assert_num_queries(0):
        assert standing_plans(person) == ()
    secretary = cast.secretary
    assert secretary.posts
    with django_assert_num_queries(1):
        assert standing_plans(secretary) == standing_plans(secretary) == ()


def test_the_log_of_other_plans_stays_closed(cast: Cast, school: Unit, clerk: User) -> None:
    plan = make_published_plan(cast.province, coordinating_unit=school)
    fill(plan, cast, "Việc")
    fill(make_published_plan(cast.province), cast, "Khác")
    seen = AuditEvent.objects.visible_to(clerk, plans=standing_plans(clerk))
    assert set(seen.values_list("plan_id", flat=True)) == {plan.pk}
    assert not AuditEvent.objects.visible_to(clerk).exists()


def test_closed_plans_stay_readable(cast: Cast, school: Unit, clerk: User) -> None:
    plan = make_published_plan(cast.province, coordinating_unit=school)
    make_deadline(cast.commune, plan=plan, status=Status.ON_HOLD)
    plan.status, plan.closed_at = PlanStatus.CLOSED, clock.now()
    plan.save()
    assert Deadline.objects.visible_to(clerk).count() == 1
