"""The plan of focus tasks, real text: the points that reading must fulfil."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from doantracker.lib import clock
from plans.actions.plans import publish_plan
from plans.enums import Kind
from plans.importing import READER_DOUBTS
from plans.models import Deadline, Difficulty, Plan
from plans.reading.commitments import FROM_ORDER
from plans.reading.drafts import ParagraphRole, ScheduleKind
from plans.reminders.sweep import check_deadlines
from reviews.enums import QuotaMeasure, TripState
from tests.acceptance.real import dated, days, imported_plan, line_of, real_plan, solution_lines
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import (
    ScheduleFactory,
    SolutionFactory,
    make_deadline,
    make_officer,
    make_published_plan,
    make_quota,
    make_trip,
    make_unit,
)
from units.models import Appointment, Post
from units.roles import Role

BULLETS = (47, 51, 53, 55, 57, 59, 65, 67, 69)  # of part B
TASKS = [*(("focus", n) for n in range(1, 7)), *(("breakthrough", n) for n in range(1, 4))]


def test_point_01_nine_tasks_in_two_lists() -> None:
    plan = real_plan("004")
    assert [(t.list_kind, t.ordinal) for t in plan.priority_tasks] == TASKS
    lines = [plan.paragraphs[t.span.paragraph].line for t in plan.priority_tasks]
    assert lines == [23, 25, 27, 29, 31, 33, 37, 39, 41]
    assert len({t.text for t in plan.priority_tasks}) == 9


def test_point_02_both_names_of_the_list_mean_the_same_tasks() -> None:
    plan = real_plan("004")
    names = [p.text for p in plan.paragraphs if p.line in {21, 45}]
    assert names == ["06 nhiệm vụ tập trung:", "06 nhiệm vụ trọng tâm gồm:"]
    listed = [t.ordinal for t in plan.priority_tasks if t.list_kind == "focus"]
    linked = zip(solution_lines(plan), (s.priority_tasks for s in plan.solutions), strict=True)
    under_the_other_name = [tasks for line, tasks in linked if line in range(46, 63)]
    assert under_the_other_name == [(("focus", n),) for n in listed]


def test_point_03_first_task_is_linked_as_said_and_the_rest_proposed() -> None:
    plan = real_plan("004")
    linked = [(line, s) for line, s in zip(solution_lines(plan), plan.solutions, strict=True) if s.priority_tasks]
    assert tuple(line for line, _ in linked) == BULLETS
    assert [s.priority_tasks for _, s in linked] == [(task,) for task in TASKS]
    assert [s.doubt for _, s in linked] == ["", *[FROM_ORDER] * 8]


@pytest.mark.usefixtures("today")
def test_point_03_what_is_proposed_is_confirmed_or_removed_by_a_person(cast: Cast, login: Login) -> None:
    plan = imported_plan("004", cast)
    client = login(cast.office_staff)
    page = client.get(reverse("plans:tasks", args=[plan.pk]))
    links = [answer for row in page.context["rows"] for answer in row.answers]
    assert [(row.task.list_kind, row.task.ordinal) for row in page.context["rows"]] == TASKS
    assert [link.awaits for link in links] == [False] + [True] * 8
    for link, act in zip(links[1:], ["confirm"] * 7 + ["remove"], strict=True):
        client.post(reverse("plans:link", args=[plan.pk, "task", link.link_pk]), {"act": act})
    doubts = plan.solutions.filter(priority_tasks__isnull=False).values_list("doubt", flat=True)
    assert not any(str(READER_DOUBTS[FROM_ORDER]) in doubt for doubt in doubts)
    publish_plan(plan=plan, by=cast.office_staff, despite_gaps=True)
    rows = client.get(reverse("plans:tasks", args=[plan.pk])).context["rows"]
    shown = [[(a.proposed, a.confirmed_by) for a in row.answers] for row in rows]
    assert shown == [[(False, "")], *[[(True, cast.office_staff.full_name)]] * 7, []]


def test_point_04_a_b_c_are_headings_and_c_is_an_item_too() -> None:
    plan = real_plan("004")
    letters = [n for n, p in enumerate(plan.paragraphs) if p.marker in {"A.", "B.", "C."}]
    assert [(plan.paragraphs[n].role, plan.paragraphs[n].level) for n in letters] == [
        (ParagraphRole.HEADING, 2),
        (ParagraphRole.HEADING, 2),
        (ParagraphRole.ITEM, 2),
    ]
    assert letters[2] in {s.span.paragraph for s in plan.solutions}


def test_point_05_six_references_and_none_a_deadline() -> None:
    plan = real_plan("004")
    assert [r.symbol for r in plan.references] == [
        "145-KH/TU", "15-CT/TU", "01/KH-UBND", "114 KH/TĐTN-TC-KT", "10-CT/TU", "784-QĐ/TU",
    ]  # fmt: skip
    assert not {r.issued_on for r in plan.references} & days(plan)


def test_point_06_period_has_no_end() -> None:
    header = real_plan("004").header
    assert (header.period_start, header.period_end, header.period_open) == (dt.date(2020, 1, 1), None, True)


def test_point_06_an_open_end_is_told_and_followed_beyond_the_year(cast: Cast, login: Login) -> None:
    with time_machine.travel(dt.datetime(2020, 1, 6, 2, tzinfo=dt.UTC), tick=False):
        plan = imported_plan("004", cast)
        Plan.objects.filter(pk=plan.pk).update(period_start=dt.date(2020, 1, 1))
        review = SolutionFactory(plan=plan, ordinal=plan.solutions.count() + 1, lead_unit=cast.office)
        ScheduleFactory(solution=review, kind=Kind.RECURRING, rule="FREQ=MONTHLY;INTERVAL=6", due=None)
        publish_plan(plan=plan, by=cast.office_staff, despite_gaps=True)
    with time_machine.travel(dt.datetime(2021, 1, 1, 2, tzinfo=dt.UTC), tick=False):
        check_deadlines(today=dt.date(2021, 1, 1))
        plan.refresh_from_db()
        assert (plan.status, plan.period_end) == ("published", None)
        halves = Deadline.objects.filter(solution=review).order_by("due_on").values_list("occurrence", flat=True)
        assert list(halves) == ["2020-H1", "2020-H2", "2021-H1"]
        page = login(cast.office_staff).get(reverse("plans:life", args=[plan.pk])).text
        assert "từ 2020, chưa định ngày kết thúc" in page
        late = Deadline.objects.get(solution=review, occurrence="2020-H2")
        assert late.remind_on == dt.date(2021, 1, 8)  # still chased in the year after


def test_point_07_within_a_year_and_before_a_year_which_is_a_goal_of_the_province() -> None:
    plan = real_plan("004")
    assert dated(plan) == [
        (27, ScheduleKind.BY_DATE, None, dt.date(2024, 12, 31)),
        (53, ScheduleKind.WITHIN_YEAR, dt.date(2020, 1, 1), dt.date(2020, 12, 31)),
    ]
    goal, own = (s for s in plan.schedules if s.due)
    assert (goal.exclusive, goal.solution) == (True, None)
    assert goal.span.paragraph == plan.priority_tasks[2].span.paragraph  # a task of the province, not of this plan
    assert own.solution is not None
    assert line_of(plan, own) == solution_lines(plan)[own.solution]


@pytest.mark.usefixtures("today")
def test_point_09_each_district_picks_one_pilot_and_who_has_none_or_two_is_flagged(cast: Cast, login: Login) -> None:
    town = make_unit("Thành đoàn Phú Lộc", code="ST-PL", kind="district", parent=cast.province)
    pilots = [make_unit(f"Đoàn xã {n}", code=f"ST-PL-{n}", parent=town) for n in range(2)]
    office, plan = login(cast.office_staff), imported_plan("004", cast)
    publish_plan(plan=plan, by=cast.office_staff, despite_gaps=True)
    page, kind = f"/plans/{plan.pk}/cascade/", cast.district.kind_id
    assert office.post(f"{page}send/", {"kinds": kind, "seen": "3"}).status_code == 302
    ocop = plan.solutions.get(text__contains="OCOP")
    asked = {"solution": ocop.pk, "words": "Đoàn cơ sở điểm OCOP", "kind": kind, "count": "1"}
    assert office.post(f"{page}pilots/add/", asked).status_code == 302
    slot = ocop.pilot_slots.get()
    for unit, chosen in ((cast.district, [cast.commune]), (town, pilots)):
        row = plan.sent_to.get(unit=unit)
        form = {"units": "\n".join(one.name for one in chosen)}
        secretary = login(cast.secretary) if unit == cast.district else login(make_officer(town, Role.SECRETARY))
        assert secretary.post(f"{row.get_absolute_url()}pilots/{slot.pk}/", form).status_code == 302
    shown = office.get(page, {"view": "pilots"}).context
    found = {row.unit.name: (cells[0].names, cells[0].is_flagged) for row, cells in shown["rows"]}
    assert found == {
        cast.district.name: ([cast.commune.name], False),
        cast.other_district.name: ([], True),
        town.name: ([one.name for one in pilots], True),
    }
    assert shown["slots"] == [(slot, 1, 1)]  # one has none, one another number than one


@pytest.mark.usefixtures("today")
def test_point_10_each_unit_chooses_the_tasks_fit_for_it_and_links_its_own_plan(cast: Cast, login: Login) -> None:
    plan = imported_plan("004", cast)
    publish_plan(plan=plan, by=cast.office_staff, despite_gaps=True)
    for unit in (cast.district, cast.other_district):
        make_deadline(unit, plan=plan, solution=plan.solutions.first())
    own = make_published_plan(cast.district, title="Kế hoạch của huyện", parent=plan)
    secretary, office = login(cast.secretary), login(cast.office_staff)
    address = secretary.get(reverse("plans:tasks_choose", args=[plan.pk])).headers["Location"]
    forms = secretary.get(address).context["forms"]
    assert [(form.task.list_kind, form.task.ordinal) for form in forms] == TASKS
    sent = {f"{form.prefix}-version": "0" for form in forms}
    for form in forms[:4]:
        sent |= {f"{form.prefix}-choice": "taken", f"{form.prefix}-own_plan": str(own.pk)}
    for form in forms[4:]:
        sent |= {f"{form.prefix}-choice": "not_taken", f"{form.prefix}-reason": "Huyện không có điều kiện."}
    assert secretary.post(address, sent).status_code == 302
    page = office.get(reverse("plans:tasks", args=[plan.pk]))
    (row,) = [u for u in page.context["units"] if u.unit == cast.district]
    assert [cell.uptake.choice for cell in row.cells] == ["taken"] * 4 + ["not_taken"] * 5
    assert {cell.uptake.own_plan for cell in row.cells[:4]} == {own}
    assert own.title in page.text
    unchosen = office.get(reverse("plans:tasks", args=[plan.pk]), {"choice": "unchosen"}).context["units"]
    assert cast.other_district in [u.unit for u in unchosen]
    assert cast.district not in [u.unit for u in unchosen]
    assert cast.district.name not in login(cast.sibling_secretary).get(reverse("plans:tasks", args=[plan.pk])).text


@pytest.mark.usefixtures("today")
def test_point_11_a_difficulty_of_a_unit_shows_the_reply_of_the_standing_body(cast: Cast, login: Login) -> None:
    plan = imported_plan("004", cast)
    publish_plan(plan=plan, by=cast.office_staff, despite_gaps=True)
    owed = make_deadline(cast.district, plan=plan, solution=plan.solutions.first())
    unit, leader = login(cast.secretary), login(cast.leader)  # the leader sits in the standing body
    unit.post(reverse("plans:difficulty", args=[owed.pk]), {"text": "Thiếu người phụ trách địa bàn.", "version": "1"})
    raised = Difficulty.objects.get()
    assert raised.answer_due_on == dt.date(2026, 3, 23)
    assert "Thiếu người phụ trách địa bàn." in leader.get(reverse("plans:difficulties")).text
    leader.post(
        reverse("plans:answer", args=[raised.pk]), {"words": "Tăng cường một cán bộ của ban.", "state": "awaited"}
    )
    page = unit.get(owed.get_absolute_url()).text
    listed = unit.get(reverse("plans:difficulties"), {"plan": plan.pk}).text
    for shown in (page, listed):
        assert "Tăng cường một cán bộ của ban." in shown
        assert cast.leader.full_name in shown


@pytest.mark.usefixtures("today")
def test_point_12_heads_and_deputies_pledge_for_the_year_and_the_missing_are_listed(cast: Cast, login: Login) -> None:
    leading = (cast.secretary, cast.sibling_secretary, cast.commune_secretary)
    Post.objects.filter(appointments__user__in=leading).update(rank=10)
    deputy = make_officer(cast.district, Role.SECRETARY, username="pho", full_name="Đoàn Phó Bí Thư")
    Post.objects.filter(appointments__user=deputy).update(rank=20)
    head = Appointment.objects.get(user=cast.secretary)
    unit, office, year = login(cast.secretary), login(cast.office_staff), clock.today().year
    address = reverse("reviews:pledge_hand_in", args=[year, head.pk])
    assert unit.post(address, {"text": "Nêu gương, gắn với nhiệm vụ (1).", "version": "0"}).status_code == 302

    page = office.get(reverse("reviews:pledges"), {"year": str(year)})
    assert (page.context["counts"].owed, page.context["counts"].missing) == (4, 3)
    missing = office.get(reverse("reviews:pledges"), {"year": str(year), "state": "missing"})
    assert {row.appointment.user for row in missing.context["rows"]} == {
        deputy, cast.sibling_secretary, cast.commune_secretary,
    }  # fmt: skip
    assert office.get(reverse("reviews:pledges"), {"year": str(year - 1)}).context["counts"].missing == 4


@pytest.mark.usefixtures("today")
def test_point_13_the_standing_unit_sees_the_whole_plan_and_reviews_are_scheduled(cast: Cast, login: Login) -> None:
    standing = make_unit("Ban Tổ chức - Kiểm tra", code="ST-TCKT", kind="department", parent=cast.province)
    member = login(make_officer(standing, Role.READER, full_name="Đinh Thường Trực"))  # the post gives no wider view
    office, plan = login(cast.office_staff), imported_plan("004", cast)
    head = reverse("plans:record_edit", args=[plan.pk, "header", plan.pk])
    form = office.get(head).context["form"]
    sent = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    sent |= {"coordinating_unit": standing.name, "period_start": "01/01/2020"}
    sent.pop("issued_on", None)
    assert office.post(head, sent).status_code == 302
    assert member.get(reverse("plans:plan", args=[plan.pk])).status_code == 404  # not published yet
    assert office.post(reverse("plans:publish", args=[plan.pk]), {"despite_gaps": "on"}).status_code == 302
    other = make_published_plan(cast.province, title="Kế hoạch khác")
    foreign = make_deadline(cast.district, plan=other)
    every = set(Deadline.objects.filter(plan=plan).values_list("pk", flat=True))
    first, second = (
        member.get(reverse("plans:deadlines"), {"plan": plan.pk, "figure": "total", "page": page}).context["rows"]
        for page in (1, 2)
    )
    assert {row["pk"] for row in [*first, *second]} == every
    assert {cast.district.pk, cast.other_district.pk} < {row["unit_id"] for row in [*first, *second]}
    assert member.get(reverse("plans:plan", args=[plan.pk])).status_code == 200
    assert member.get(foreign.get_absolute_url()).status_code == 404
    assert member.get(reverse("plans:plan", args=[other.pk])).status_code == 404
    reviews = Deadline.objects.filter(plan=plan, solution__text__contains="sơ kết đánh giá")
    assert {row.due_on for row in reviews} == {None}
    review = reviews.filter(unit=cast.district).first()
    assert review
    assert (
        member.post(reverse("plans:date", args=[review.pk]), {"due_on": "30/06/2026", "version": "1"}).status_code
        == 404
    )
    assert (
        office.post(reverse("plans:date", args=[review.pk]), {"due_on": "30/06/2026", "version": "1"}).status_code
        == 302
    )
    assert "30/06/2026" in member.get(review.get_absolute_url()).text


def test_point_14_broken_paragraphs_are_joined_and_star_headings_recognised() -> None:
    plan = real_plan("004")
    assert [(p.line, p.line_end) for p in plan.paragraphs if p.breaks] == [(47, 49), (59, 61)]
    assert [(p.line, p.role, p.text) for p in plan.paragraphs if p.marker == "*"] == [
        (21, ParagraphRole.HEADING, "06 nhiệm vụ tập trung:"),
        (35, ParagraphRole.HEADING, "03 nhiệm vụ đột phá:"),
        (45, ParagraphRole.HEADING, "06 nhiệm vụ trọng tâm gồm:"),
        (63, ParagraphRole.HEADING, "03 nhiệm vụ đột phá gồm:"),
    ]


@pytest.mark.django_db
def test_point_08_two_months_at_the_grassroots_are_tracked_from_the_trips(cast: Cast, login: Login) -> None:
    assert "2 tháng" in next(p.text for p in real_plan("004").paragraphs if p.line == 65)
    facts = {
        "name": "1 + 2",
        "year": 2020,
        "amount": 2,
        "measure": QuotaMeasure.MONTHS,
        "until": dt.date(2020, 12, 31),
    }
    quota = make_quota(cast.province, by=cast.office_staff, full_time=True, **facts)
    Appointment.objects.filter(user__in=[cast.department_head, cast.leader]).update(full_time=True)
    with time_machine.travel(dt.datetime(2020, 10, 1, 2, tzinfo=dt.UTC), tick=False):
        for month in (2, 5, 8):  # 20 days each
            days = dt.date(2020, month, 3), dt.date(2020, month, 22)
            made = {"units": [cast.commune], "state": TripState.REPORTED}
            make_trip(cast.province, leader=cast.department_head, days=days, **made)
        page = login(cast.office_staff).get(quota.get_absolute_url())
    stands = {row.person: row.standing for row in page.context["table"].rows}
    assert {person: (s.counted, s.short) for person, s in stands.items()} == {
        cast.department_head: (60, 0),
        cast.leader: (0, 60),
    }
    assert "tháng (30 ngày)" in page.text
