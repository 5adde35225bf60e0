"""Acts on many rows: what the preview says, what is done, what fails and why, for whom, at what cost."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from doantracker.lib import clock
from plans.actions.bulk import Chosen, begin_run, remind
from plans.bulk import ACTS, acts_for
from plans.enums import NoticeKind, PlanStatus, Status
from plans.errors import ActionRefused
from plans.models import BulkRun, ChasingLetter, Deadline, Notice, Plan
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import make_deadline, make_published_plan, make_unit
from units.models import AuditEvent, User
from units.models.audit import AuditAction

pytestmark = pytest.mark.usefixtures("today")

BULK = reverse("plans:bulk")
PAST, AHEAD = dt.date(2026, 3, 10), dt.date(2026, 4, 10)


def sent(cast: Cast) -> dict[str, Any]:
    """Return the facts of a result its unit has sent."""
    return {"status": Status.SUBMITTED, "reported_on": dt.date(2026, 3, 1), "reported_by": cast.commune_secretary}


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """Return a plan of the province."""
    return make_published_plan(cast.province, symbol="12-KH/TĐTN")


@pytest.fixture
def waiting(cast: Cast, plan: Plan) -> list[Deadline]:
    """Return three results that wait for the province's word."""
    return [
        make_deadline(u, plan=plan, due_on=AHEAD, **sent(cast)) for u in (cast.district, cast.commune, cast.branch)
    ]


def look(client: Client, act: str, rows: list[Deadline], **more: Any) -> Any:
    """Open the preview of an act."""
    return client.post(BULK, {"act": act, "ids": [r.pk for r in rows], **more})


def go(client: Client, page: Any, **more: Any) -> Any:
    """Do what a preview shows, and follow to what became of it."""
    lines = [line.send for line in page.context["can"]]
    facts = {"act": page.context["act"].name, "key": page.context["key"], "go": "1", "rows": lines, **more}
    return client.post(BULK, facts, follow=True)


# --- preview ---


def test_looking_changes_nothing_and_tells_each_row_that_is_left_out(
    cast: Cast, login: Login, plan: Plan, waiting: list[Deadline]
) -> None:
    idle = make_deadline(cast.commune, plan=plan, due_on=AHEAD)
    own = make_deadline(cast.province, plan=plan, **sent(cast) | {"reported_by": cast.office_staff})
    over = make_deadline(cast.commune, plan=make_published_plan(cast.province), **sent(cast))
    Plan.objects.filter(pk=over.plan_id).update(status=PlanStatus.CLOSED, closed_at=clock.now())
    client = login(cast.office_staff)
    client.post(reverse("set_language"), {"language": "en"})
    page = look(client, "confirm", [*waiting, idle, own, over])
    assert page.status_code == 200
    assert [line.key for line in page.context["can"]] == [str(r.pk) for r in waiting]
    assert {line.key: line.why for line in page.context["cannot"]} == {
        str(idle.pk): "This is not possible now: the deadline is “Not started”.",
        str(own.pk): "You may not decide about this one.",
        str(over.pk): "The plan is not being followed up: it is a draft or closed.",
    }
    assert not Deadline.objects.filter(status=Status.COMPLETED).exists()
    assert not BulkRun.objects.exists()


#: What each act says to a row in each state; "" where it can be done. Rows: late and open, sent, without a date.
STATES: dict[str, tuple[bool, bool, bool]] = {
    "confirm": (False, True, False),
    "return": (False, True, False),
    "remind": (True, False, False),
    "letter": (True, False, False),
    "date": (False, False, True),
    "hold": (True, False, True),
    "resume": (False, False, False),
    "cancel": (True, True, True),
}


@pytest.mark.parametrize("act", STATES)
def test_what_an_act_can_be_done_to_is_what_the_act_does(cast: Cast, login: Login, plan: Plan, act: str) -> None:
    rows = [
        make_deadline(cast.commune, plan=plan, due_on=PAST),
        make_deadline(cast.commune, plan=plan, due_on=PAST, **sent(cast)),
        make_deadline(cast.commune, plan=plan),
    ]
    facts = {"reason": "Lý do", "due_on": "30/04/2026", "answer_by": "23/03/2026"}
    client = login(cast.office_staff)
    page = look(client, act, rows)
    can = {line.key for line in page.context["can"]}
    assert tuple(str(row.pk) in can for row in rows) == STATES[act]
    # the act itself, asked about all of them, agrees with the preview
    every = {"act": act, "go": "1", "rows": [f"{r.pk}:{r.version}" for r in rows], **facts}
    client.post(BULK, every)
    outcome = BulkRun.objects.get().outcome
    assert outcome
    assert {str(pk) for pk in outcome["done"]} == can
    assert set(outcome["refused"]) == {str(r.pk) for r in rows} - can


def test_every_act_stands_in_the_table() -> None:
    assert set(STATES) == set(ACTS)


@pytest.mark.parametrize(
    ("who", "names"),
    [
        ("office_staff", {"confirm", "return", "remind", "letter", "date", "hold", "resume", "cancel"}),
        ("leader", {"confirm", "return", "remind"}),
        ("secretary", {"confirm", "return", "remind", "letter", "date", "hold", "resume", "cancel"}),
        ("reader", set()),
        ("administrator", set()),
    ],
)
def test_a_list_offers_the_acts_of_the_person(cast: Cast, login: Login, who: str, names: set[str]) -> None:
    person: User = getattr(cast, who)
    make_deadline(cast.district, plan=make_published_plan(cast.province), due_on=AHEAD)
    assert {act.name for act in acts_for(person)} == names
    page = login(person).get(reverse("plans:deadlines"))
    assert ('form="bulk"' in page.text) == bool(names)
    assert {act.name for act in acts_for(person, queue=True)} <= {"confirm", "return"}


@pytest.mark.parametrize("number", [3, 30])
@pytest.mark.parametrize(("whole", "queries"), [({}, 6), ({"all": "1"}, 9)])
def test_the_preview_costs_the_same_for_few_and_many(
    cast: Cast, login: Login, django_assert_num_queries: Any, number: int, whole: dict[str, str], queries: int
) -> None:
    rows = [
        make_deadline(
            make_unit(f"Đoàn xã {n}", code=f"ST-X{n}", parent=cast.province),
            plan=make_published_plan(cast.province),
            due_on=PAST,
        )
        for n in range(number)
    ]
    client = login(cast.office_staff)
    # session, person, posts, rows, days off for the letter, counts of the frame; for "all": units, plans, ids
    with django_assert_num_queries(queries):
        page = look(client, "letter", [] if whole else rows, **whole)
    assert len(page.context["can"]) == number


# --- doing it ---


def test_many_are_confirmed_at_once_and_the_result_can_be_looked_at_again(
    cast: Cast, login: Login, waiting: list[Deadline]
) -> None:
    client = login(cast.office_staff)
    answer = go(client, look(client, "confirm", waiting))
    assert answer.status_code == 200
    assert "3 kết quả" in answer.text
    assert set(Deadline.objects.values_list("status", "confirmed_by")) == {(Status.COMPLETED, cast.office_staff.pk)}
    assert AuditEvent.objects.filter(action=AuditAction.CONFIRMED, actor=cast.office_staff).count() == 3
    again = client.get(answer.request["PATH_INFO"])
    assert "3 kết quả" in again.text
    assert login(cast.second_office_staff).get(answer.request["PATH_INFO"]).status_code == 404


def test_a_row_changed_since_the_preview_fails_with_its_present_state_and_stops_no_other(
    cast: Cast, login: Login, waiting: list[Deadline]
) -> None:
    client = login(cast.office_staff)
    page = look(client, "confirm", waiting)
    second = look(login(cast.second_office_staff), "return", waiting[:1])
    go(login(cast.second_office_staff), second, reason="Thiếu danh sách")
    answer = go(client, page)
    (line,) = answer.context["lines"]
    assert (line.key, line.status) == (str(waiting[0].pk), Status.RETURNED)
    assert "Bị trả lại" in line.why
    assert sorted(Deadline.objects.values_list("status", flat=True)) == [Status.COMPLETED] * 2 + [Status.RETURNED]


def test_the_failures_can_be_tried_again_with_the_same_words(
    cast: Cast, login: Login, waiting: list[Deadline]
) -> None:
    client = login(cast.office_staff)
    page = look(client, "return", waiting)
    Deadline.objects.filter(pk=waiting[0].pk).update(version=5)  # somebody looked it over meanwhile
    answer = go(client, page, reason="Thiếu danh sách")
    assert len(answer.context["lines"]) == 1
    sent_again = dict(re.findall(r'<input type="hidden" name="(act|ids|reason)" value="([^"]*)"', answer.text))
    assert sent_again == {"act": "return", "ids": str(waiting[0].pk), "reason": "Thiếu danh sách"}
    page = client.post(BULK, sent_again)
    assert page.context["form"]["reason"].value() == "Thiếu danh sách"
    answer = go(client, page, reason="Thiếu danh sách")
    assert answer.context["lines"] == []
    assert set(Deadline.objects.values_list("status", "reason")) == {(Status.RETURNED, "Thiếu danh sách")}


def test_a_row_without_its_tick_stays_as_it_is(cast: Cast, login: Login, waiting: list[Deadline]) -> None:
    client = login(cast.office_staff)
    page = look(client, "confirm", waiting)
    go(client, page, rows=[page.context["can"][0].send])
    assert Deadline.objects.filter(status=Status.COMPLETED).get() == waiting[0]


@pytest.mark.parametrize("act", ["confirm", "remind", "letter"])
def test_a_second_submit_of_the_same_page_does_no_harm(
    cast: Cast, login: Login, plan: Plan, waiting: list[Deadline], act: str
) -> None:
    late = make_deadline(cast.commune, plan=plan, due_on=PAST)
    client = login(cast.office_staff)
    page = look(client, act, [*waiting, late])
    answers = [go(client, page, answer_by="23/03/2026") for _ in range(2)]
    assert answers[0].request["PATH_INFO"] == answers[1].request["PATH_INFO"]
    assert answers[1].context["lines"] == []
    acted = AuditEvent.objects.filter(action__in=(AuditAction.CONFIRMED, AuditAction.CREATED)).count()
    assert acted == (3 if act == "confirm" else 1)
    assert ChasingLetter.objects.count() == (act == "letter")
    assert Notice.objects.count() == (act == "remind")


def test_a_run_cut_short_says_so(cast: Cast, login: Login) -> None:
    run, is_new = begin_run(by=cast.office_staff, key=uuid.uuid4(), act="confirm", asked=3)
    assert is_new
    page = login(cast.office_staff).get(run.get_absolute_url())
    assert page.context["unfinished"]
    assert "alert-warning" in page.text


def test_outcomes_are_kept_a_week(cast: Cast) -> None:
    with clock.stopped_at(dt.datetime(2026, 3, 8, tzinfo=dt.UTC)):
        begin_run(by=cast.office_staff, key=uuid.uuid4(), act="confirm", asked=3)
        begin_run(by=cast.leader, key=uuid.uuid4(), act="confirm", asked=3)
    begin_run(by=cast.office_staff, key=uuid.uuid4(), act="confirm", asked=3)
    assert set(BulkRun.objects.values_list("owner__username", flat=True)) == {"lanhdao", "vanphong"}
    assert BulkRun.objects.count() == 2


# --- which rows ---


def test_all_that_fit_the_filter_are_taken_page_or_not(cast: Cast, login: Login, plan: Plan) -> None:
    for n in range(60):
        make_deadline(cast.commune if n % 2 else cast.other_district, plan=plan, due_on=PAST)
    client = login(cast.office_staff)
    page = client.post(BULK, {"act": "remind", "all": "1", "query": f"unit={cast.commune.pk}&state=overdue&page=2"})
    assert len(page.context["can"]) == 30
    assert not page.context["cut"]


def test_what_is_more_than_one_go_takes_is_cut_with_a_word(cast: Cast, login: Login, plan: Plan) -> None:
    first = make_deadline(cast.commune, plan=plan, due_on=PAST)
    facts = {"schedule": first.schedule, "solution": first.solution, "plan": plan, "unit": cast.commune}
    rows = [
        Deadline(occurrence=f"n{n}", unit_path=cast.commune.path, due_on=PAST, original_due_on=PAST, **facts)
        for n in range(505)
    ]
    Deadline.objects.bulk_create(rows)
    client = login(cast.office_staff)
    page = client.post(BULK, {"act": "cancel", "all": "1", "query": ""})
    assert (len(page.context["can"]), page.context["cut"]) == (500, True)
    assert "500" in page.text
    answer = go(client, page, reason="Thôi")
    assert answer.context["lines"] == []
    assert Deadline.objects.filter(status=Status.CANCELLED).count() == 500
    many = client.post(BULK, {"act": "cancel", "ids": list(Deadline.objects.values_list("pk", flat=True))})
    assert (many.status_code, "can" in many.context) == (422, False)


def test_the_queue_takes_only_what_waits_for_the_person(
    cast: Cast, login: Login, plan: Plan, waiting: list[Deadline]
) -> None:
    make_deadline(cast.commune, plan=plan, due_on=PAST)
    make_deadline(cast.province, plan=plan, **sent(cast) | {"reported_by": cast.office_staff})
    client = login(cast.office_staff)
    page = client.post(BULK, {"act": "confirm", "all": "1", "listing": "confirmations", "query": ""})
    assert {line.key for line in page.context["can"]} == {str(r.pk) for r in waiting}
    assert page.context["cannot"] == []
    one = {"act": "confirm", "all": "1", "listing": "confirmations", "query": f"unit={cast.branch.pk}"}
    assert [line.key for line in client.post(BULK, one).context["can"]] == [str(waiting[2].pk)]


def test_foreign_ids_are_as_if_they_did_not_exist(cast: Cast, login: Login, waiting: list[Deadline]) -> None:
    foreign = make_deadline(
        cast.foreign_commune,
        plan=make_published_plan(cast.foreign_province),
        **sent(cast) | {"reported_by": cast.outsider},
    )
    client = login(cast.office_staff)
    page = look(client, "confirm", [waiting[0], foreign])
    assert len(page.context["can"]) == 1
    assert page.context["cannot"] == []
    assert cast.foreign_commune.name not in page.text
    answer = go(client, page, rows=[page.context["can"][0].send, f"{foreign.pk}:1"])
    assert "1 kết quả" in answer.text
    assert cast.foreign_commune.name not in answer.text
    foreign.refresh_from_db()
    assert foreign.status == Status.SUBMITTED
    alone = client.post(BULK, {"act": "confirm", "go": "1", "rows": [f"{foreign.pk}:1"]})
    assert alone.status_code == 422
    unit = {"act": "cancel", "all": "1", "query": f"unit={cast.foreign_commune.pk}"}
    assert client.post(BULK, unit).status_code == 422


@pytest.mark.parametrize("act", ["letter", "date", "cancel"])
def test_an_act_a_person_may_not_do_at_all_is_no_act(
    cast: Cast, login: Login, waiting: list[Deadline], act: str
) -> None:
    client = login(cast.leader)
    assert look(client, act, waiting).context["act"] is None
    facts = {"act": act, "go": "1", "rows": [f"{waiting[0].pk}:1"], "reason": "Thôi"}
    assert client.post(BULK, facts).status_code == 404


def test_a_right_over_one_unit_is_none_over_another(cast: Cast, login: Login, plan: Plan) -> None:
    own = make_deadline(cast.commune, plan=make_published_plan(cast.district), due_on=AHEAD)
    above = make_deadline(cast.commune, plan=plan, due_on=AHEAD)
    page = look(login(cast.secretary), "cancel", [own, above])
    assert [line.key for line in page.context["can"]] == [str(own.pk)]
    facts = {"act": "cancel", "go": "1", "rows": [f"{own.pk}:1", f"{above.pk}:1"], "reason": "Thôi"}
    answer = login(cast.secretary).post(BULK, facts, follow=True)
    assert [line.key for line in answer.context["lines"]] == [str(above.pk)]
    above.refresh_from_db()
    assert above.status == Status.ASSIGNED


# --- bad input ---


def test_without_an_act_the_rows_stay_and_the_acts_are_offered(
    cast: Cast, login: Login, waiting: list[Deadline]
) -> None:
    page = look(login(cast.office_staff), "", waiting)
    assert page.status_code == 422
    assert len(page.context["can"]) == 3
    assert page.text.count('name="act" value=') == len(ACTS)


@pytest.mark.parametrize(
    "given",
    [
        {"act": "confirm"},
        {"act": "confirm", "ids": ["abc", "-1", "9" * 30, "1\0", "²"]},
        {"act": "confirm", "all": "1", "query": "unit=abc&state=zzz"},
        {"act": "confirm", "all": "1", "query": "q=%00"},
        {"act": "confirm", "go": "1", "rows": ["1", ":", "1:x", "9" * 30 + ":1", "\0:1"]},
        {"act": "confirm", "go": "1", "rows": []},
    ],
)
def test_nothing_to_act_on_is_said(cast: Cast, login: Login, waiting: list[Deadline], given: dict[str, Any]) -> None:
    answer = login(cast.office_staff).post(BULK, given)
    assert answer.status_code in {400, 422}
    assert not Deadline.objects.filter(status=Status.COMPLETED).exists()
    assert not BulkRun.objects.exists()


@pytest.mark.parametrize(
    ("act", "given"),
    [
        ("return", {"reason": "  "}),
        ("return", {"reason": "x" * 501}),
        ("cancel", {"reason": ""}),
        ("date", {"due_on": "31/02/2026"}),
        ("date", {"due_on": "01/01/0001"}),
        ("letter", {"answer_by": "16/03/2026"}),
        ("letter", {"answer_by": ""}),
    ],
)
def test_a_form_that_is_wrong_does_nothing_and_keeps_the_rows_as_seen(
    cast: Cast, login: Login, plan: Plan, act: str, given: dict[str, str]
) -> None:
    facts = sent(cast) if act == "return" else {}
    row = make_deadline(cast.commune, plan=plan, due_on=None if act == "date" else PAST, **facts)
    client = login(cast.office_staff)
    page = look(client, act, [row])
    Deadline.objects.update(version=2)
    answer = client.post(BULK, {"act": act, "go": "1", "rows": [f"{row.pk}:1"], "key": page.context["key"], **given})
    assert answer.status_code == 422
    assert [line.send for line in answer.context["can"]] == [f"{row.pk}:1"]
    assert answer.context["key"] == page.context["key"]
    assert not BulkRun.objects.exists()
    assert not AuditEvent.objects.filter(action__in=(AuditAction.CANCELLED, AuditAction.DATED)).exists()


def test_the_way_back_leads_nowhere_else(cast: Cast, login: Login, waiting: list[Deadline]) -> None:
    client = login(cast.office_staff)
    for target, expected in (
        ("https://example.org/", "/deadlines/"),
        ("//example.org", "/deadlines/"),
        ("/deadlines/?state=overdue", "/deadlines/?state=overdue"),
    ):
        assert look(client, "confirm", waiting, back=target).context["back"] == expected


# --- reminding, letters ---


def test_a_reminder_tells_who_reports_and_stands_in_the_log(cast: Cast, login: Login, plan: Plan) -> None:
    row = make_deadline(cast.commune, plan=plan, due_on=PAST)
    client = login(cast.office_staff)
    go(client, look(client, "remind", [row]))
    notice = Notice.objects.get()
    assert (notice.recipient, notice.kind, notice.day) == (
        cast.commune_secretary, NoticeKind.OVERDUE, dt.date(2026, 3, 16),
    )  # fmt: skip
    event = AuditEvent.objects.get(action=AuditAction.CREATED)
    assert (event.actor, event.plan_id, event.unit_id) == (cast.office_staff, plan.pk, cast.commune.pk)
    assert event.data == {"kind": "overdue", "people": [cast.commune_secretary.pk]}
    page = client.get(row.get_absolute_url())
    assert [(r.whom, r.day) for r in page.context["reminders"]] == [("Bùi Thị Xã", dt.date(2026, 3, 16))]
    row.refresh_from_db()
    assert row.version == 1


@pytest.mark.parametrize("who", ["office_staff", "leader", "secretary", "commune_secretary"])
def test_who_may_remind(cast: Cast, plan: Plan, who: str) -> None:
    row = make_deadline(cast.branch, plan=plan, due_on=AHEAD)
    assert remind(deadline=row, by=getattr(cast, who), version=1) == 1
    assert Notice.objects.get().kind == NoticeKind.DUE_SOON


def test_the_same_reminder_goes_out_once_a_day(cast: Cast, plan: Plan) -> None:
    row = make_deadline(cast.commune, plan=plan, due_on=PAST)
    assert remind(deadline=row, by=cast.office_staff, version=1) == 1
    with pytest.raises(ActionRefused, match="Hôm nay"):
        remind(deadline=row, by=cast.leader, version=1)
    with clock.stopped_at(dt.datetime(2026, 3, 17, 5, tzinfo=dt.UTC)):
        assert remind(deadline=row, by=cast.leader, version=1) == 1


def test_a_unit_without_people_is_named(cast: Cast, plan: Plan) -> None:
    cast.commune_secretary.appointments.update(end=dt.date(2026, 3, 15))
    row = make_deadline(cast.commune, plan=plan, due_on=PAST)
    with pytest.raises(ActionRefused):
        remind(deadline=row, by=cast.office_staff, version=1)
    assert not Notice.objects.exists()


def test_one_letter_a_plan_lists_exactly_the_chosen(cast: Cast, login: Login, plan: Plan) -> None:
    other = make_published_plan(cast.province)
    rows = [
        make_deadline(cast.commune, plan=plan, due_on=PAST),
        make_deadline(cast.district, plan=plan, due_on=PAST),
        make_deadline(cast.commune, plan=other, due_on=PAST),
    ]
    make_deadline(cast.commune, plan=plan, due_on=PAST)  # late too, but not chosen
    client = login(cast.office_staff)
    answer = go(client, look(client, "letter", rows), answer_by="23/03/2026")
    assert answer.context["lines"] == []
    letters = ChasingLetter.objects.order_by("plan_id")
    assert [(x.plan, x.unit, set(x.deadlines.all())) for x in letters] == [
        (plan, None, set(rows[:2])),
        (other, cast.commune, {rows[2]}),
    ]
    assert [(x.pk, x.listed) for x in answer.context["letters"]] == [(letters[0].pk, 2), (letters[1].pk, 1)]
    for letter in letters:
        assert f'href="{letter.get_absolute_url()}">{letter.plan}</a>' in answer.text


@pytest.mark.parametrize("many", [1, 4])
def test_the_letters_of_a_run_cost_the_same_for_few_and_many(
    cast: Cast, login: Login, django_assert_num_queries: Any, many: int
) -> None:
    rows = [make_deadline(cast.commune, plan=make_published_plan(cast.province), due_on=PAST) for _ in range(many)]
    client = login(cast.office_staff)
    done = go(client, look(client, "letter", rows), answer_by="23/03/2026").request["PATH_INFO"]
    with django_assert_num_queries(6):  # session, person, posts, run, letters, counts of the frame
        assert len(client.get(done).context["letters"]) == many


def test_each_row_is_its_own_transaction(cast: Cast, waiting: list[Deadline]) -> None:
    chosen = [Chosen(row, 1) for row in waiting]
    gone = waiting[1].pk
    waiting[1].delete()
    waiting[1].pk = gone
    outcome = ACTS["confirm"].run(chosen, by=cast.office_staff, today=dt.date(2026, 3, 16))
    assert (outcome.done, list(outcome.refused)) == ([waiting[0].pk, waiting[2].pk], [gone])
    assert set(Deadline.objects.values_list("status", flat=True)) == {Status.COMPLETED}
