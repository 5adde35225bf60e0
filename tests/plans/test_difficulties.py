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
from tests.factories import make_deadline, make_difficulty, make_published_plan
from units.models import AuditEvent

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
    difficulty = acts.raise_difficulty(deadline=owed, by=cast.commune_secretary, text=" Thiếu hội trường. ")
    owed.refresh_from_db()
    assert (difficulty.text, difficulty.answer_due_on) == ("Thiếu hội trường.", dt.date(2026, 3, 19))
    assert (owed.status, owed.version) == (Status.ASSIGNED, 1)
    assert told(NoticeKind.DIFFICULTY) == ["lanhdao", "vanphong", "vanphong2"]
    event = AuditEvent.objects.latest("pk")
    assert (event.action, event.object_id, event.data["reason"]) == (
        "difficulty_raised",
        owed.pk,
        "Thiếu hội trường.",
    )


def test_a_difficulty_named_in_a_report_is_raised_once(cast: Cast, owed: Deadline) -> None:
    for percent in (10, 20):
        report_progress(deadline=owed, by=cast.commune_secretary, percent=percent, difficulty="Thiếu hội trường.")
    assert Difficulty.objects.get().answer_due_on == dt.date(2026, 3, 23)


def test_nothing_said_and_the_same_again_are_refused(cast: Cast, owed: Deadline, raised: Difficulty) -> None:
    for text in (" ", raised.text):
        with pytest.raises(ActionRefused):
            acts.raise_difficulty(deadline=owed, by=cast.commune_secretary, text=text)
    assert Difficulty.objects.count() == 1


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.COMPLETED])
def test_work_that_is_over_has_no_difficulty(cast: Cast, plan: Plan, status: Status, today: dt.date) -> None:
    facts: dict[str, Any] = {"reason": "x"}
    if status == Status.COMPLETED:
        facts = {"reported_on": today, "reported_by": cast.secretary, "confirmed_on": today}
        facts["confirmed_by"] = cast.leader
    row = make_deadline(cast.commune, plan=plan, status=status, **facts)
    with pytest.raises(ActionRefused):
        acts.raise_difficulty(deadline=row, by=cast.commune_secretary, text="Thiếu hội trường.")


@pytest.mark.parametrize("who", ["outsider", "sibling_secretary", "branch_secretary", "reader", "leader"])
def test_who_does_not_report_for_the_unit_does_not_raise(cast: Cast, owed: Deadline, who: str) -> None:
    with pytest.raises(Http404):
        acts.raise_difficulty(deadline=owed, by=getattr(cast, who), text="Thiếu hội trường.")


# --- answering ---


def test_an_answer_is_given_once_and_told_to_the_unit(cast: Cast, raised: Difficulty, today: dt.date) -> None:
    acts.answer(difficulty=raised, by=cast.leader, words=" Dùng hội trường huyện. ")
    raised.refresh_from_db()
    assert (raised.answer, raised.answered_by, raised.answered_on) == ("Dùng hội trường huyện.", cast.leader, today)
    assert told(NoticeKind.ANSWERED) == ["xa"]
    event = AuditEvent.objects.latest("pk")
    assert (event.action, event.data["reason"]) == ("difficulty_answered", "Dùng hội trường huyện.")
    with pytest.raises(ActionRefused) as refusal:
        acts.answer(difficulty=raised, by=cast.office_staff, words="Khác.")
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
    acts.answer(difficulty=raised, by=cast.leader, words="Được.", today=day)
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
        acts.answer(difficulty=raised, by=cast.leader, words=" ")


@pytest.mark.parametrize("who", ["outsider", "sibling_secretary", "commune_secretary", "secretary", "reader"])
def test_who_does_not_confirm_does_not_answer(cast: Cast, raised: Difficulty, who: str) -> None:
    with pytest.raises(Http404):
        acts.answer(difficulty=raised, by=getattr(cast, who), words="Được.")


def test_nobody_answers_their_own(cast: Cast, owed: Deadline) -> None:
    own = make_difficulty(owed, by=cast.office_staff)
    with pytest.raises(Http404):
        acts.answer(difficulty=own, by=cast.office_staff, words="Được.")


def test_a_cancelled_deadline_still_gets_its_answer(cast: Cast, owed: Deadline, raised: Difficulty) -> None:
    owed.status, owed.reason = Status.CANCELLED, "Thôi"
    owed.save()
    acts.answer(difficulty=raised, by=cast.leader, words="Đã thôi việc này.")
    assert not Difficulty.objects.open().exists()


def test_an_answer_becomes_work_of_the_answering_side(cast: Cast, raised: Difficulty) -> None:
    due = dt.date(2026, 4, 10)
    acts.answer(difficulty=raised, by=cast.leader, words="Ban cấp kinh phí.", unit=cast.department, due=due)
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
            acts.answer(difficulty=raised, by=cast.leader, words="Được.", **facts)
    for unit in (cast.district, cast.foreign_province):
        with pytest.raises(Http404):
            acts.answer(difficulty=raised, by=cast.leader, words="Được.", unit=unit, due=due)
    raised.refresh_from_db()
    assert (raised.answered_on, Deadline.objects.count()) == (None, 1)


# --- pages ---


def test_a_unit_raises_and_the_leader_answers_by_form(cast: Cast, login: Login, owed: Deadline) -> None:
    unit, leader = login(cast.commune_secretary), login(cast.leader)
    page = reverse("plans:deadline", args=[owed.pk])
    ask = reverse("plans:difficulty", args=[owed.pk])
    assert ask in unit.get(page).text
    assert unit.post(ask, {"text": ""}).status_code == 422
    assert unit.post(ask, {"text": "Thiếu <b>hội trường</b>"}).status_code == 302
    answer = reverse("plans:answer", args=[Difficulty.objects.get().pk])
    shown = unit.get(page).text
    assert "Thiếu &lt;b&gt;hội trường" in shown
    assert answer not in shown
    assert answer in leader.get(page).text
    queue = reverse("plans:difficulties")
    assert answer in leader.get(queue).text
    assert answer not in unit.get(queue).text
    assert leader.post(answer, {"words": "Được", "unit": cast.district.pk, "due": "10/04/2026"}).status_code == 422
    assert leader.post(answer, {"words": "Được", "due": "10/04/2026"}).status_code == 422
    sent = {"words": "Dùng hội trường huyện", "unit": cast.department.pk, "due": "10/04/2026", "next": queue}
    done = leader.post(answer, sent)
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
    acts.answer(difficulty=answered, by=cast.leader, words="Đã bổ sung.")
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
    with django_assert_num_queries(8):
        assert len(client.get(reverse("plans:difficulties")).context["rows"]) == size


@pytest.mark.parametrize("size", [1, 20])
def test_the_page_of_a_deadline_costs_the_same_for_few_and_many(
    cast: Cast, login: Login, owed: Deadline, size: int, django_assert_num_queries: Any
) -> None:
    for n in range(size):
        make_difficulty(owed, by=cast.commune_secretary, text=f"Khó khăn {n}")
    client = login(cast.office_staff)
    with django_assert_num_queries(12):
        assert client.get(reverse("plans:deadline", args=[owed.pk])).status_code == 200


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_renders_in_both_languages(cast: Cast, login: Login, raised: Difficulty, language: str) -> None:
    client = login(cast.office_staff)
    client.cookies["django_language"] = language
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
