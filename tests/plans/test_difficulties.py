"""A difficulty: who raises it, who owes the answer and by when, what is refused, what the pages say."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.conf import LazySettings
from django.http import Http404
from django.urls import reverse
from django.utils import translation

from plans.actions import difficulties as acts
from plans.actions.deadlines import report_progress
from plans.calendars import working_days_after
from plans.enums import AnswerState, NoticeKind, PlanStatus, Status
from plans.errors import ActionRefused
from plans.models import CalendarDay, Deadline, Difficulty, Notice, Plan
from plans.statistics import DifficultyFigures, difficulty_figures
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import make_deadline, make_difficulty, make_officer, make_published_plan, make_unit, version_of
from units.models import Appointment, AuditEvent
from units.roles import Role

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """Return a plan of the province that is followed up."""
    return make_published_plan(cast.province)


@pytest.fixture
def owed(cast: Cast, plan: Plan) -> Deadline:
    """Return work of the commune, due in four days."""
    return make_deadline(cast.commune, plan=plan, due_on=dt.date(2026, 3, 20))


@pytest.fixture
def raised(cast: Cast, owed: Deadline) -> Difficulty:
    """Return a difficulty that the commune raised last Friday; its answer is due on 20 March."""
    return make_difficulty(owed, by=cast.commune_secretary)


def told(kind: NoticeKind) -> list[str | None]:
    """Return who has a notice of a kind."""
    found = Notice.objects.filter(kind=kind).order_by("recipient__username")
    return list(found.values_list("recipient__username", flat=True))


# --- raising ---


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (dt.date(2026, 3, 16), 5, dt.date(2026, 3, 23)),  # Monday to Monday
        (dt.date(2026, 3, 20), 1, dt.date(2026, 3, 23)),  # Friday to Monday
        (dt.date(2026, 3, 14), 5, dt.date(2026, 3, 20)),  # Saturday to Friday
        (dt.date(2026, 3, 24), 5, dt.date(2026, 4, 1)),  # 26 March off, Saturday 28 off: one day later
        (dt.date(2026, 4, 2), 2, dt.date(2026, 4, 4)),  # a Saturday worked in exchange
        (dt.date(2026, 3, 16), 60, dt.date(2026, 6, 8)),
    ],
)
def test_working_days_leave_out_days_off(db: None, day: dt.date, count: int, expected: dt.date) -> None:
    CalendarDay.objects.create(day=dt.date(2026, 3, 26), kind=CalendarDay.Kind.OFF, name="Nghỉ")
    CalendarDay.objects.create(day=dt.date(2026, 4, 4), kind=CalendarDay.Kind.WORKING, name="Làm bù")
    assert working_days_after(day, count) == expected


def test_raising_tells_who_owes_the_answer_and_by_when(cast: Cast, owed: Deadline, settings: LazySettings) -> None:
    settings.ANSWER_WORKING_DAYS = 3
    difficulty = acts.raise_difficulty(
        deadline=owed, version=version_of(owed), by=cast.commune_secretary, text=" Thiếu hội trường. "
    )
    owed.refresh_from_db()
    assert (difficulty.text, difficulty.answer_due_on) == ("Thiếu hội trường.", dt.date(2026, 3, 19))
    assert (owed.status, owed.version) == (Status.ASSIGNED, 1)
    assert (difficulty.answering_unit, told(NoticeKind.DIFFICULTY)) == (cast.district, ["bithu"])
    event = AuditEvent.objects.latest("pk")
    assert (event.action, event.object_id, event.data["reason"]) == (
        "difficulty_raised",
        owed.pk,
        "Thiếu hội trường.",
    )


def test_a_difficulty_named_in_a_report_is_raised_once(cast: Cast, owed: Deadline) -> None:
    for percent in (10, 20):
        report_progress(
            deadline=owed,
            version=version_of(owed),
            by=cast.commune_secretary,
            percent=percent,
            difficulty="Thiếu hội trường.",
        )
    assert Difficulty.objects.get().answer_due_on == dt.date(2026, 3, 23)


def test_nothing_said_and_the_same_again_are_refused(cast: Cast, owed: Deadline, raised: Difficulty) -> None:
    for text in (" ", raised.text):
        with pytest.raises(ActionRefused):
            acts.raise_difficulty(deadline=owed, version=version_of(owed), by=cast.commune_secretary, text=text)
    assert Difficulty.objects.count() == 1


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.COMPLETED])
def test_work_that_is_over_has_no_difficulty(cast: Cast, plan: Plan, status: Status, today: dt.date) -> None:
    facts: dict[str, Any] = {"reason": "x"}
    if status == Status.COMPLETED:
        facts = {"reported_on": today, "reported_by": cast.secretary, "confirmed_on": today}
        facts["confirmed_by"] = cast.leader
    row = make_deadline(cast.commune, plan=plan, status=status, **facts)
    with pytest.raises(ActionRefused):
        acts.raise_difficulty(
            deadline=row, version=version_of(row), by=cast.commune_secretary, text="Thiếu hội trường."
        )


@pytest.mark.parametrize("who", ["outsider", "sibling_secretary", "branch_secretary", "reader", "leader"])
def test_who_does_not_report_for_the_unit_does_not_raise(cast: Cast, owed: Deadline, who: str) -> None:
    with pytest.raises(Http404):
        acts.raise_difficulty(deadline=owed, version=version_of(owed), by=getattr(cast, who), text="Thiếu hội trường.")


# --- answering ---


def test_an_answer_is_given_once_and_told_to_the_unit(cast: Cast, raised: Difficulty, today: dt.date) -> None:
    acts.answer(difficulty=raised, state="awaited", by=cast.leader, words=" Dùng hội trường huyện. ")
    raised.refresh_from_db()
    assert (raised.answer, raised.answered_by, raised.answered_on) == ("Dùng hội trường huyện.", cast.leader, today)
    assert told(NoticeKind.ANSWERED) == ["xa"]
    event = AuditEvent.objects.latest("pk")
    assert (event.action, event.data["reason"]) == ("difficulty_answered", "Dùng hội trường huyện.")
    with pytest.raises(ActionRefused) as refusal:
        acts.answer(difficulty=raised, state="awaited", by=cast.office_staff, words="Khác.")
    assert refusal.value.status == 409


@pytest.mark.parametrize(
    ("day", "state", "counted"),
    [
        (dt.date(2026, 3, 20), AnswerState.IN_TIME, 0),
        (dt.date(2026, 3, 21), AnswerState.LATE, 1),
    ],
)
def test_a_late_answer_stays_visible(
    cast: Cast, raised: Difficulty, day: dt.date, state: AnswerState, counted: int
) -> None:
    acts.answer(difficulty=raised, state="awaited", by=cast.leader, words="Được.", today=day)
    later = dt.date(2026, 5, 1)
    assert difficulty_figures(Difficulty.objects.all(), today=later) == DifficultyFigures(1, 1, counted, 0, 0)
    assert Difficulty.objects.in_answer_state(state, later).exists()


def test_an_answer_that_is_owed_too_long_is_overdue(raised: Difficulty) -> None:
    found = [
        difficulty_figures(Difficulty.objects.all(), today=day) for day in (dt.date(2026, 3, 20), dt.date(2026, 3, 21))
    ]
    assert [(f.awaited, f.overdue) for f in found] == [(1, 0), (1, 1)]
    assert Difficulty.objects.in_answer_state("awaited", dt.date(2026, 3, 20)).exists()
    assert Difficulty.objects.in_answer_state("answer_overdue", dt.date(2026, 3, 21)).exists()


def test_an_empty_answer_is_refused(cast: Cast, raised: Difficulty) -> None:
    with pytest.raises(ActionRefused):
        acts.answer(difficulty=raised, state="awaited", by=cast.leader, words=" ")


@pytest.mark.parametrize("who", ["outsider", "sibling_secretary", "commune_secretary", "secretary", "reader"])
def test_who_does_not_confirm_does_not_answer(cast: Cast, raised: Difficulty, who: str) -> None:
    with pytest.raises(Http404):
        acts.answer(difficulty=raised, state="awaited", by=getattr(cast, who), words="Được.")


def test_nobody_answers_their_own(cast: Cast, owed: Deadline) -> None:
    own = make_difficulty(owed, by=cast.office_staff)
    with pytest.raises(Http404):
        acts.answer(difficulty=own, state="awaited", by=cast.office_staff, words="Được.")


def test_a_cancelled_deadline_still_gets_its_answer(cast: Cast, owed: Deadline, raised: Difficulty) -> None:
    owed.status, owed.reason = Status.CANCELLED, "Thôi"
    owed.save()
    acts.answer(difficulty=raised, state="awaited", by=cast.leader, words="Đã thôi việc này.")
    assert not Difficulty.objects.open().exists()


def test_an_answer_becomes_work_of_the_answering_side(cast: Cast, raised: Difficulty) -> None:
    due = dt.date(2026, 4, 10)
    acts.answer(
        difficulty=raised, state="awaited", by=cast.leader, words="Ban cấp kinh phí.", unit=cast.department, due=due
    )
    raised.refresh_from_db()
    assert raised.commitment is not None
    owed = raised.commitment.deadlines.get()
    assert (owed.unit, owed.due_on, owed.original_due_on) == (cast.department, due, due)
    assert (owed.solution, raised.commitment.phrase) == (raised.deadline.solution, "Ban cấp kinh phí.")
    assert told(NoticeKind.ASSIGNED) == ["ban"]


def test_a_commitment_needs_unit_and_day_and_a_unit_of_the_answering_side(cast: Cast, raised: Difficulty) -> None:
    due = dt.date(2026, 4, 10)
    for facts in ({"unit": cast.department}, {"due": due}, {"unit": cast.department, "due": dt.date(2026, 3, 15)}):
        with pytest.raises(ActionRefused):
            acts.answer(difficulty=raised, state="awaited", by=cast.leader, words="Được.", **facts)
    for unit in (cast.district, cast.foreign_province):
        with pytest.raises(Http404):
            acts.answer(difficulty=raised, state="awaited", by=cast.leader, words="Được.", unit=unit, due=due)
    raised.refresh_from_db()
    assert (raised.answered_on, Deadline.objects.count()) == (None, 1)


# --- which level answers ---


def raise_it(row: Deadline, by: Any) -> Difficulty:
    """Raise a difficulty on a deadline."""
    return acts.raise_difficulty(deadline=row, version=version_of(row), by=by, text="Thiếu hội trường.")


def test_the_nearest_level_above_answers_up_to_the_issuer(cast: Cast, plan: Plan) -> None:
    levels = {
        (cast.branch, cast.branch_secretary): cast.commune,
        (cast.commune, cast.commune_secretary): cast.district,
        (cast.district, cast.secretary): cast.province,
        (cast.department, cast.department_head): cast.province,
        (cast.province, cast.office_staff): cast.province,
    }
    found = {(unit, by): raise_it(make_deadline(unit, plan=plan), by).answering_unit for unit, by in levels}
    assert found == levels


def test_where_communes_sit_straight_below_the_province_it_answers(cast: Cast) -> None:
    commune = make_unit("Đoàn phường Mới", code="ST-PM", parent=cast.province)
    secretary = make_officer(commune, Role.SECRETARY, username="phuong")
    raised = raise_it(make_deadline(commune, plan=make_published_plan(cast.province)), secretary)
    assert (raised.answering_unit, raised.answer_due_on) == (cast.province, dt.date(2026, 3, 23))
    assert told(NoticeKind.DIFFICULTY) == ["lanhdao", "vanphong", "vanphong2"]
    waiting = {who: Difficulty.objects.waiting_for(who).exists() for who in (cast.leader, cast.secretary, secretary)}
    assert waiting == {cast.leader: True, cast.secretary: False, secretary: False}
    with pytest.raises(Http404):
        acts.pass_on(difficulty=raised, state="awaited", by=cast.leader, words="Không thuộc thẩm quyền.")
    acts.answer(difficulty=raised, state="awaited", by=cast.office_staff, words="Được.")


def test_the_plan_of_a_district_ends_with_the_district(cast: Cast) -> None:
    raised = raise_it(make_deadline(cast.branch, plan=make_published_plan(cast.district)), cast.branch_secretary)
    acts.pass_on(difficulty=raised, state="awaited", by=cast.commune_secretary, words="Vượt thẩm quyền xã.")
    raised.refresh_from_db()
    assert raised.answering_unit == cast.district
    with pytest.raises(Http404):
        acts.pass_on(difficulty=raised, state="awaited", by=cast.secretary, words="Vượt thẩm quyền huyện.")


def test_a_level_without_anybody_in_office_is_passed_over(cast: Cast, owed: Deadline, plan: Plan) -> None:
    assert raise_it(owed, cast.secretary).answering_unit == cast.province  # who raised it is alone at the district
    Appointment.objects.filter(user=cast.secretary).update(end=dt.date(2026, 3, 15))
    assert raise_it(make_deadline(cast.commune, plan=plan), cast.commune_secretary).answering_unit == cast.province
    people = [cast.leader, cast.office_staff, cast.second_office_staff]
    Appointment.objects.filter(user__in=people).update(end=dt.date(2026, 3, 15))
    assert raise_it(make_deadline(cast.commune, plan=plan), cast.commune_secretary).answering_unit == cast.province


def test_the_level_that_owes_it_answers_and_the_issuer_always_can(cast: Cast, plan: Plan) -> None:
    for who in ("secretary", "leader", "office_staff"):
        raised = raise_it(make_deadline(cast.commune, plan=plan), cast.commune_secretary)
        acts.answer(difficulty=raised, state="awaited", by=getattr(cast, who), words="Dùng hội trường huyện.")
    raised = raise_it(make_deadline(cast.branch, plan=plan), cast.branch_secretary)
    for who in ("sibling_secretary", "branch_secretary", "department_head", "outsider", "reader"):
        with pytest.raises(Http404):
            acts.answer(difficulty=raised, state="awaited", by=getattr(cast, who), words="Được.")


def test_who_owes_the_answer_is_asked_and_nobody_else(cast: Cast, plan: Plan) -> None:
    raised = raise_it(make_deadline(cast.commune, plan=plan), cast.commune_secretary)
    people = ("secretary", "leader", "office_staff", "sibling_secretary", "commune_secretary")

    def asked() -> set[str]:
        return {who for who in people if Difficulty.objects.waiting_for(getattr(cast, who)).exists()}

    assert asked() == {"secretary"}
    acts.pass_on(difficulty=raised, state="awaited", by=cast.secretary, words="Vượt thẩm quyền huyện.")
    assert asked() == {"leader", "office_staff"}


def test_passing_on_starts_the_clock_of_the_next_level_and_keeps_what_was(
    cast: Cast, plan: Plan, today: dt.date
) -> None:
    raised = raise_it(make_deadline(cast.commune, plan=plan), cast.commune_secretary)
    late = dt.date(2026, 3, 24)  # the district's last day was the 23rd
    acts.pass_on(difficulty=raised, state="awaited", by=cast.secretary, words=" Huyện không có kinh phí. ", today=late)
    raised.refresh_from_db()
    assert (raised.answering_unit, raised.answer_due_on) == (cast.province, dt.date(2026, 3, 31))
    passed = raised.passes.get()
    assert (passed.from_unit, passed.to_unit, passed.words) == (
        cast.district,
        cast.province,
        "Huyện không có kinh phí.",
    )
    assert (passed.due_on, passed.passed_on, passed.passed_by, passed.late) == (
        dt.date(2026, 3, 23),
        late,
        cast.secretary,
        True,
    )
    assert told(NoticeKind.DIFFICULTY) == ["bithu", "lanhdao", "vanphong", "vanphong2"]
    event = AuditEvent.objects.latest("pk")
    assert (event.action, event.actor, event.data["due"]) == (
        "difficulty_passed",
        cast.secretary,
        ["2026-03-23", "2026-03-31"],
    )
    assert "Huyện không có kinh phí." in event.data["reason"]


def test_passing_on_needs_a_word_and_the_right_and_an_open_difficulty(cast: Cast, plan: Plan) -> None:
    raised = raise_it(make_deadline(cast.commune, plan=plan), cast.commune_secretary)
    with pytest.raises(ActionRefused):
        acts.pass_on(difficulty=raised, state="awaited", by=cast.secretary, words=" ")
    for who in ("commune_secretary", "sibling_secretary", "leader", "office_staff", "department_head", "outsider"):
        with pytest.raises(Http404):
            acts.pass_on(difficulty=raised, state="awaited", by=getattr(cast, who), words="Không.")
    lower = raise_it(make_deadline(cast.branch, plan=plan), cast.branch_secretary)
    with pytest.raises(Http404):  # the commune owes it; the district may answer, not hand on for it
        acts.pass_on(difficulty=lower, state="awaited", by=cast.secretary, words="Không.")
    acts.answer(difficulty=raised, state="awaited", by=cast.secretary, words="Được.")
    with pytest.raises(ActionRefused) as refusal:
        acts.pass_on(difficulty=raised, state="awaited", by=cast.secretary, words="Không.")
    assert refusal.value.status == 409


def test_who_has_passed_it_on_answers_no_more(cast: Cast, plan: Plan) -> None:
    raised = raise_it(make_deadline(cast.commune, plan=plan), cast.commune_secretary)
    acts.pass_on(difficulty=raised, state="awaited", by=cast.secretary, words="Vượt thẩm quyền.")
    for act in (acts.answer, acts.pass_on):
        with pytest.raises(Http404):
            act(difficulty=raised, state="awaited", by=cast.secretary, words="Được.")


def test_each_level_gives_work_to_its_own_side_only(cast: Cast, login: Login, plan: Plan) -> None:
    raised = raise_it(make_deadline(cast.commune, plan=plan), cast.commune_secretary)
    due = dt.date(2026, 4, 10)
    form = login(cast.secretary).get(reverse("plans:answer", args=[raised.pk])).context["form"]
    assert {unit.name for unit in form.fields["unit"].queryset} == {cast.district.name}
    for unit in (cast.department, cast.province, cast.commune, cast.other_district):
        with pytest.raises(Http404):
            acts.answer(difficulty=raised, state="awaited", by=cast.secretary, words="Được.", unit=unit, due=due)
    acts.answer(difficulty=raised, state="awaited", by=cast.secretary, words="Huyện lo.", unit=cast.district, due=due)
    raised.refresh_from_db()
    assert raised.commitment
    assert raised.commitment.deadlines.get().unit == cast.district


def test_a_district_passes_on_by_form_and_everybody_sees_who_owes_it(cast: Cast, login: Login, plan: Plan) -> None:
    row = make_deadline(cast.commune, plan=plan)
    raised = raise_it(row, cast.commune_secretary)
    unit, district, leader = login(cast.commune_secretary), login(cast.secretary), login(cast.leader)
    page, queue = row.get_absolute_url(), reverse("plans:difficulties")
    address = reverse("plans:pass_on", args=[raised.pk])
    for client in (unit, leader):
        assert cast.district.name in client.get(page).text
        assert address not in client.get(page).text
        assert client.get(queue).context["rows"][0]["owed_by"] == cast.district.name
    assert address in district.get(page).text
    assert address in district.get(reverse("plans:answer", args=[raised.pk])).text
    assert district.post(address, {"words": "", "state": "awaited"}).status_code == 422
    assert district.post(address, {"words": "Vượt <b>thẩm quyền</b>", "state": "awaited"}).status_code == 302
    assert district.post(address, {"words": "Lần nữa", "state": "awaited"}).status_code == 404
    assert "Vượt &lt;b&gt;thẩm quyền" in unit.get(page).text
    assert leader.get(queue).context["rows"][0]["owed_by"] == cast.province.label
    assert leader.get(queue).context["rows"][0]["act_url"]
    assert not district.get(queue).context["rows"][0]["act_url"]


# --- pages ---


def test_a_unit_raises_and_the_leader_answers_by_form(cast: Cast, login: Login, owed: Deadline) -> None:
    owed = make_deadline(cast.district, plan=owed.plan)  # straight below the issuer
    unit, leader = login(cast.secretary), login(cast.leader)
    page = reverse("plans:deadline", args=[owed.pk])
    ask = reverse("plans:difficulty", args=[owed.pk])
    assert ask in unit.get(page).text
    assert unit.post(ask, {"version": "1", "text": ""}).status_code == 422
    assert unit.post(ask, {"version": "1", "text": "Thiếu <b>hội trường</b>"}).status_code == 302
    answer = reverse("plans:answer", args=[Difficulty.objects.get().pk])
    shown = unit.get(page).text
    assert "Thiếu &lt;b&gt;hội trường" in shown
    assert answer not in shown
    assert answer in leader.get(page).text
    queue = reverse("plans:difficulties")
    assert answer in leader.get(queue).text
    assert answer not in unit.get(queue).text
    wrong = {"state": "awaited", "words": "Được", "due": "10/04/2026"}
    assert leader.post(answer, {**wrong, "unit": cast.district.pk}).status_code == 422
    assert leader.post(answer, wrong).status_code == 422
    sent = {"state": "awaited", "words": "Dùng hội trường huyện", "unit": cast.department.pk, "due": "10/04/2026"}
    done = leader.post(answer, {**sent, "next": queue})
    assert (done.status_code, done.headers["Location"]) == (302, queue)
    assert "Dùng hội trường huyện" in unit.get(page).text
    assert Deadline.objects.filter(unit=cast.department).count() == 1


def test_the_form_offers_only_the_answering_side(cast: Cast, login: Login, raised: Difficulty) -> None:
    form = login(cast.leader).get(reverse("plans:answer", args=[raised.pk])).context["form"]
    offered = {unit.name for unit in form.fields["unit"].queryset}
    assert offered == {cast.province.name, cast.office.name, cast.department.name}


@pytest.mark.parametrize("name", ["difficulty", "answer"])
def test_foreign_and_missing_ids_look_alike(cast: Cast, login: Login, raised: Difficulty, name: str) -> None:
    pk = raised.pk if name == "answer" else raised.deadline_id
    for client, key in ((login(cast.outsider), pk), (login(cast.office_staff), 10**9)):
        address = reverse(f"plans:{name}", args=[key])
        assert client.get(address).status_code == 404
        assert client.post(address, {"text": "x", "words": "x"}).status_code == 404


def test_the_queue_is_filtered_and_shows_nothing_of_others(cast: Cast, login: Login, plan: Plan) -> None:
    rows = [make_deadline(unit, plan=plan) for unit in (cast.commune, cast.other_district)]
    overdue = dt.date(2026, 3, 13)
    late = make_difficulty(rows[0], by=cast.commune_secretary, text="Chờ kinh phí", answer_due_on=overdue)
    own = make_difficulty(rows[1], by=cast.office_staff, text="Mưa lũ")
    answered = make_difficulty(rows[1], by=cast.sibling_secretary, text="Thiếu người")
    acts.answer(difficulty=answered, state="awaited", by=cast.leader, words="Đã bổ sung.")
    client = login(cast.office_staff)

    def shown(client: Any = client, **query: Any) -> list[int]:
        return [r["pk"] for r in client.get(reverse("plans:difficulties"), query).context["rows"]]

    assert shown() == [late.pk, own.pk]
    assert shown(mine="true") == [late.pk]
    assert shown(state="answer_overdue") == [late.pk]
    assert shown(state="answered") == [answered.pk]
    assert shown(q="kinh phi") == [late.pk]
    assert shown(unit=cast.other_district.pk) == [own.pk, answered.pk]
    assert shown(login(cast.commune_secretary), plan=plan.pk) == [late.pk]
    assert shown(login(cast.outsider), plan=plan.pk) == []


def test_what_waits_is_counted_in_the_navigation(cast: Cast, login: Login, plan: Plan, raised: Difficulty) -> None:
    counts = [login(who).get("/units/").context["shell"].counts["requests"] for who in (cast.leader, cast.reader)]
    assert counts == [1, 0]
    plan.status, plan.closed_at = PlanStatus.CLOSED, raised.raised_at
    plan.save()
    assert login(cast.leader).get("/units/").context["shell"].counts["requests"] == 0


@pytest.mark.parametrize("size", [3, 30])
def test_the_queue_costs_the_same_for_few_and_many(
    cast: Cast, login: Login, plan: Plan, size: int, django_assert_num_queries: Any
) -> None:
    for _n in range(size):
        make_difficulty(make_deadline(cast.commune, plan=plan), by=cast.commune_secretary)
    client = login(cast.office_staff)
    with django_assert_num_queries(9):
        assert len(client.get(reverse("plans:difficulties")).context["rows"]) == size


@pytest.mark.parametrize("size", [1, 20])
def test_the_page_of_a_deadline_costs_the_same_for_few_and_many(
    cast: Cast, login: Login, owed: Deadline, size: int, django_assert_num_queries: Any
) -> None:
    for n in range(size):
        make_difficulty(owed, by=cast.commune_secretary, text=f"Khó khăn {n}")
    client = login(cast.office_staff)
    with django_assert_num_queries(16):
        assert client.get(reverse("plans:deadline", args=[owed.pk])).status_code == 200


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_renders_in_both_languages(cast: Cast, login: Login, raised: Difficulty, language: str) -> None:
    client = login(cast.office_staff)
    client.cookies["django_language"] = language
    with_district = make_difficulty(raised.deadline, by=cast.commune_secretary, answering_unit=cast.district)
    district = login(cast.secretary)
    district.cookies["django_language"] = language
    assert f'<html lang="{language}">' in district.get(reverse("plans:pass_on", args=[with_district.pk])).text
    pages = [
        reverse("plans:difficulty", args=[raised.deadline_id]),
        reverse("plans:answer", args=[raised.pk]),
        reverse("plans:difficulties"),
        reverse("plans:difficulties") + "?state=answered_late",
    ]
    for address in pages:
        answer = client.get(address)
        assert answer.status_code == 200
        assert f'<html lang="{language}">' in answer.text
    with translation.override(language):
        assert "<html" not in client.get(pages[2], headers={"hx-request": "true"}).text
