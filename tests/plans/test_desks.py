"""On whose desk something lies and since when: the people by name, at most three, on pages and in lists."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation

from doantracker.lib import clock
from plans.actions.deadlines import return_result, submit
from plans.desks import Desk, Question, desks
from plans.enums import Status
from plans.models import Deadline, Plan
from tests.cast import Cast
from tests.conftest import TODAY, Login
from tests.factories import (
    make_deadline,
    make_difficulty,
    make_extension,
    make_officer,
    make_published_plan,
    make_substitution,
)
from units.models import Unit
from units.permissions import Permission
from units.roles import Role

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """Return a plan of the province that is followed up."""
    return make_published_plan(cast.province)


def ask(unit: Unit, *, asker: int | None = None, since: dt.date | None = None) -> Desk:
    """Return the desk of whoever confirms in a unit."""
    return desks([Question(str(unit.path), unit.label, Permission.CONFIRM, since, asker)], TODAY)[0]


def test_the_desk_names_unit_posts_and_people_but_never_who_asked(cast: Cast) -> None:
    desk = ask(cast.province, asker=cast.office_staff.pk, since=TODAY - dt.timedelta(days=4))
    assert desk.unit == "Tỉnh đoàn"
    assert desk.names == ("Phạm Văn Hai", "Trần Lãnh Đạo")
    assert [person.split(" (")[0] for person in desk.people] == list(desk.names)
    assert (desk.more, desk.days) == (0, 4)


def test_three_are_named_by_rank_and_the_others_counted(cast: Cast) -> None:
    for number in range(3):
        make_officer(cast.province, Role.LEADER, full_name=f"Nguyễn Thêm {number}", title=f"Phó {number}")
    post = cast.leader.appointments.get().post
    post.rank = 1
    post.save()
    desk = ask(cast.province)
    assert (desk.names[0], len(desk.names), desk.more) == ("Trần Lãnh Đạo", 3, 3)


def test_a_unit_where_nobody_may_is_answered_for_by_the_unit_above(cast: Cast) -> None:
    cast.branch_secretary.appointments.all().delete()
    assert ask(cast.branch).names == ("Bùi Thị Xã",)
    assert ask(cast.commune, asker=cast.commune_secretary.pk).unit == cast.district.label


def test_whoever_stands_in_is_named_too_and_not_for_who_asked(cast: Cast) -> None:
    make_substitution(cast.commune_secretary, cast.branch_secretary)
    desk = ask(cast.commune)
    assert desk.names == ("Bùi Thị Xã", "Mai Chi Đoàn")
    assert "Bùi Thị Xã" in desk.people[1]
    assert ask(cast.commune, asker=cast.commune_secretary.pk).names == ("Ngô Bí Thư",)


def test_an_inactive_or_former_holder_sits_at_no_desk(cast: Cast) -> None:
    cast.leader.is_active = False
    cast.leader.save()
    appointment = cast.office_staff.appointments.get()
    appointment.end = TODAY - dt.timedelta(days=1)
    appointment.save()
    assert ask(cast.province).names == ("Phạm Văn Hai",)


def test_many_questions_are_answered_by_one_query(cast: Cast, django_assert_num_queries: Any) -> None:
    units = [cast.province, cast.commune, cast.branch, cast.foreign_commune] * 5
    questions = [Question(str(u.path), u.label, Permission.CONFIRM, None) for u in units]
    with django_assert_num_queries(1):
        assert len(desks(questions, TODAY)) == 20


@pytest.mark.parametrize(("days", "words"), [(0, "since today"), (1, "for 1 day"), (5, "for 5 days")])
def test_how_long_is_said_in_days(days: int, words: str) -> None:
    with translation.override("en"):
        assert Desk("", (), (), 0, TODAY, days).for_days == words


# --- pages ---


def test_the_sender_sees_on_whose_desk_a_result_lies(cast: Cast, login: Login, plan: Plan) -> None:
    row = make_deadline(cast.commune, plan=plan, due_on=TODAY)
    submit(deadline=row, version=1, by=cast.commune_secretary, today=TODAY - dt.timedelta(days=3))
    client = login(cast.commune_secretary)
    client.cookies["django_language"] = "en"
    page = client.get(reverse("plans:deadline", args=[row.pk]))
    assert (page.context["desk"].unit, page.context["desk"].days) == ("Tỉnh đoàn", 3)
    for words in ("Lê Thị Vân", "Phạm Văn Hai", "Trần Lãnh Đạo", "for 3 days", "13/03/2026"):
        assert words in page.text
    waiting = client.get("/").context["waiting"]
    unit, names, how_long = waiting[0]["desk"].split(" · ")
    assert (unit, how_long) == ("Tỉnh đoàn", "for 3 days")
    assert sorted(names.split(", ")) == ["Lê Thị Vân", "Phạm Văn Hai", "Trần Lãnh Đạo"]


def test_a_returned_result_lies_with_the_unit_since_it_was_returned(cast: Cast, login: Login, plan: Plan) -> None:
    row = make_deadline(cast.commune, plan=plan, due_on=TODAY)
    with clock.stopped_at(dt.datetime(2026, 3, 10, 2, tzinfo=dt.UTC)):
        submit(deadline=row, version=1, by=cast.commune_secretary)
        return_result(deadline=row, version=2, by=cast.office_staff, reason="Thiếu")
    office, unit = login(cast.office_staff), login(cast.commune_secretary)
    for client in (office, unit):
        client.cookies["django_language"] = "en"
    desk = office.get(reverse("plans:deadline", args=[row.pk])).context["desk"]
    assert (desk.unit, desk.names, desk.days) == (cast.commune.label, ("Bùi Thị Xã",), 6)
    assert [r["desk"] for r in unit.get("/").context["sections"]["returned"]] == ["for 6 days"]


def test_requests_say_who_owes_the_answer_on_the_page_and_in_their_queues(
    cast: Cast, login: Login, plan: Plan
) -> None:
    row = make_deadline(cast.commune, plan=plan, due_on=TODAY)
    make_extension(row, by=cast.commune_secretary)  # on 14 March
    make_difficulty(row, by=cast.office_staff)  # on 13 March
    client = login(cast.commune_secretary)
    client.cookies["django_language"] = "en"
    page = client.get(reverse("plans:deadline", args=[row.pk]))
    asked, raised = page.context["extensions"][0].desk, page.context["difficulties"][0]["row"].desk
    assert (set(asked.names), asked.days) == ({"Trần Lãnh Đạo", "Lê Thị Vân", "Phạm Văn Hai"}, 2)
    assert (set(raised.names), raised.days) == ({"Trần Lãnh Đạo", "Phạm Văn Hai"}, 3)
    for name, days in (("extensions", "for 2 days"), ("difficulties", "for 3 days")):
        queue = client.get(reverse(f"plans:{name}"))
        assert [r["desk"].split(" · ")[::2] for r in queue.context["rows"]] == [["Tỉnh đoàn", days]]
        assert "Trần Lãnh Đạo" in queue.text


def test_what_waits_for_nobody_lies_on_no_desk(cast: Cast, login: Login, plan: Plan) -> None:
    done = {"reported_on": TODAY, "reported_by": cast.commune_secretary}
    facts: dict[Status, dict[str, Any]] = {
        Status.COMPLETED: {**done, "confirmed_on": TODAY, "confirmed_by": cast.leader},
        Status.CANCELLED: {"reason": "Thôi"},
    }
    for status, given in facts.items():
        row = make_deadline(cast.commune, plan=plan, due_on=TODAY, status=status, **given)
        assert login(cast.leader).get(reverse("plans:deadline", args=[row.pk])).context["desk"] is None


@pytest.mark.parametrize("many", [1, 9])
def test_my_work_costs_the_same_with_few_and_many_waiting(
    cast: Cast, login: Login, plan: Plan, many: int, django_assert_num_queries: Any
) -> None:
    for _n in range(many):
        sent = {"status": Status.SUBMITTED, "reported_on": TODAY, "reported_by": cast.commune_secretary}
        make_deadline(cast.commune, plan=plan, due_on=TODAY, **sent)
        make_deadline(cast.commune, plan=plan, due_on=TODAY, status=Status.RETURNED, reason="Thiếu")
        make_deadline(cast.commune, plan=plan, due_on=TODAY, status=Status.ON_HOLD)
    client = login(cast.commune_secretary)
    with django_assert_num_queries(12):
        page = client.get("/")
    assert (len(page.context["waiting"]), len(page.context["on_hold"])) == (many, many)
    assert Deadline.objects.count() == 3 * many
