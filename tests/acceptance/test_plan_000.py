"""The plan that remedies shortcomings, real text: the points that reading must fulfil."""

import datetime as dt

import pytest
import time_machine
from django.db import transaction
from django.urls import reverse

from doantracker.lib import clock
from plans.actions.plans import publish_plan
from plans.enums import ActivityState, Kind, LeadState
from plans.models import Activity, Deadline, Directive
from plans.reading.drafts import DraftSchedule, ParagraphRole, ScheduleKind
from plans.record_values import fingerprint
from reviews.enums import Why
from reviews.models import Evaluation, Meeting, MonthShortcoming, ScoreCard
from tests.acceptance.real import dated, imported_plan, line_of, real_plan
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import make_member, make_report_kind, make_unit


def owners(schedule: DraftSchedule) -> list[str]:
    return [party.name for party in schedule.owners]


def test_point_01_seven_shortcomings_in_three_fields_and_no_footnote() -> None:
    plan = real_plan("000")
    ordinals: dict[str, list[int]] = {}
    for shortcoming in plan.shortcomings:
        ordinals.setdefault(shortcoming.field, []).append(shortcoming.ordinal)
    assert list(ordinals.values()) == [[1, 2, 3, 4], [5, 6], [7]]
    assert "" not in ordinals
    (note,) = (n for n, p in enumerate(plan.paragraphs) if p.role is ParagraphRole.FOOTNOTE)
    assert plan.paragraphs[note].line == 29
    assert note not in {s.span.paragraph for s in plan.shortcomings}


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
def test_point_02_a_person_marks_each_as_new_or_carried_over(cast: Cast, login: Login) -> None:
    client, plan = login(cast.office_staff), imported_plan("000", cast)
    for s in plan.shortcomings.all():  # which three are carried over the document does not say
        facts = {"found_in": "2018" if s.ordinal < 3 else "2018, 2019" if s.ordinal == 3 else "2019"}
        values = {"text": s.text, "subject": s.subject, "fingerprint": fingerprint(s), **facts}
        values["origin_year"] = facts["found_in"][:4]
        assert client.post(f"/plans/{plan.pk}/check/shortcoming/{s.pk}/edit/", values).status_code == 302
    ledger = reverse("plans:ledger", args=[plan.pk])
    assert "0 + 0 − 0 ≠ 7" in client.get(ledger).text
    same = {"text": "Hạn chế của năm 2018, trùng với hạn chế 3.", "subject": "collective", "origin_year": "2018"}
    assert client.post(f"/plans/{plan.pk}/check/shortcoming/add/", same).status_code == 302
    rows = {s.ordinal: s for s in plan.shortcomings.all()}
    origins = {n: "carried_over" if n in (1, 2, 8) else "new" for n in rows}  # the third stands for both years
    sent = {f"origin-{rows[n].pk}": origin for n, origin in origins.items()}
    assert client.post(ledger, sent | {f"seen-{s.pk}": "" for s in rows.values()}).status_code == 302
    assert "5 + 3 − 0 = 8" in client.get(ledger).text
    rows[8].refresh_from_db()
    merge = reverse("plans:shortcoming_merge", args=[rows[8].pk])
    assert client.post(merge, {"into": str(rows[3].pk), "version": str(rows[8].version)}).status_code == 302
    assert "5 + 3 − 1 = 7" in client.get(ledger).text
    stored = list(plan.shortcomings.order_by("ordinal").values_list("ordinal", "merged_into__ordinal"))
    assert stored == [*((n, None) for n in range(1, 8)), (8, 3)]


def test_point_03_thirteen_solutions_with_broken_paragraphs_joined() -> None:
    plan = real_plan("000")
    assert [sum(s.group == g for s in plan.solutions) for g in (0, 1, 2, None)] == [3, 5, 3, 2]
    joined = [plan.paragraphs[s.span.paragraph] for s in plan.solutions if plan.paragraphs[s.span.paragraph].breaks]
    assert [(p.line, p.line_end) for p in joined] == [(53, 55), (71, 73)]
    assert "triển khai thực hiện ít nhất" in joined[0].text
    assert "doanh nghiệp uy tín trong việc" in joined[1].text


def test_point_04_groups_and_their_solutions_have_the_lead_they_are_given() -> None:
    plan = real_plan("000")
    leads = [g.lead.name if g.lead else "" for g in plan.groups]
    assert leads == ["Văn phòng", "Ban Tổ chức - Kiểm tra", "Ban Phong trào"]
    assert [s.leads[0].name for s in plan.solutions if s.group is not None] == [
        leads[group] for group in (0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2)
    ]


def test_point_05_groups_answer_the_shortcomings_of_their_field() -> None:
    plan = real_plan("000")
    answered = [(1, 2, 3, 4), (5, 6), (7,)]
    assert [g.shortcomings for g in plan.groups] == answered
    assert [s.shortcomings for s in plan.solutions] == [
        *(answered[group] for group in (0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2)), (), (),
    ]  # fmt: skip


@pytest.mark.django_db
def test_point_06_a_report_of_the_first_of_november_is_late(cast: Cast, login: Login) -> None:
    with time_machine.travel(dt.datetime(2020, 2, 3, 2, tzinfo=dt.UTC), tick=False):
        plan = imported_plan("000", cast)
        publish_plan(plan=plan, by=cast.office_staff, despite_gaps=True)
    due = {"unit": cast.department, "schedule__phrase__contains": "trước ngày 01/11"}
    row = Deadline.objects.get(plan=plan, **due)
    assert (row.due_on, row.schedule.exclusive) == (dt.date(2020, 10, 31), True)
    states = {}
    sent = {"act": "done", "version": "1", "text": "Đã đánh giá kết quả.", "document_numbers": "05-BC/TĐTN-PT"}
    for day in (dt.datetime(2020, 10, 31, 2, tzinfo=dt.UTC), dt.datetime(2020, 11, 1, 2, tzinfo=dt.UTC)):
        with time_machine.travel(day, tick=False), transaction.atomic():
            client = login(cast.department_head)
            assert client.post(reverse("plans:report", args=[row.pk]), sent).status_code == 302
            page = client.get(row.get_absolute_url())
            states[clock.today()] = (page.context["time"], page.text.count('class="chip s-late"'))
            transaction.set_rollback(True)
    assert states == {dt.date(2020, 10, 31): ("on_time", 0), dt.date(2020, 11, 1): ("late", 1)}


def test_point_07_last_days_follow_month_quarter_and_year() -> None:
    first, march, year_end = dt.date(2020, 1, 1), dt.date(2020, 3, 31), dt.date(2020, 12, 31)
    assert dated(real_plan("000")) == [
        (19, ScheduleKind.WITHIN_YEAR, first, year_end),
        (49, ScheduleKind.BY_END_OF_YEAR, None, year_end),
        (59, ScheduleKind.WITHIN_MONTH, dt.date(2020, 3, 1), march),
        (59, ScheduleKind.WITHIN_MONTH, dt.date(2020, 5, 1), dt.date(2020, 5, 31)),
        (61, ScheduleKind.WITHIN_MONTH, dt.date(2020, 4, 1), dt.date(2020, 4, 30)),
        (63, ScheduleKind.WITHIN_YEAR, first, year_end),
        (65, ScheduleKind.WITHIN_QUARTER, first, march),
        (75, ScheduleKind.WITHIN_MONTH, dt.date(2020, 3, 1), march),
        (83, ScheduleKind.BY_DATE, None, dt.date(2020, 10, 31)),
        (83, ScheduleKind.WITHIN_MONTH, dt.date(2020, 12, 1), year_end),
        (83, ScheduleKind.BY_END_OF_YEAR, None, year_end),
    ]


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
def test_point_08_directives_come_a_week_before_the_units_roll_out(cast: Cast, login: Login) -> None:
    plan = imported_plan("000", cast)
    publish_plan(plan=plan, by=cast.office_staff, despite_gaps=True)
    rule = plan.solutions.get(text__contains="văn bản chỉ đạo phải đảm bảo ban hành trước")
    assert rule.schedules.get().lead_time == f"-P{plan.directive_lead_days}D"
    office, unit = login(cast.office_staff), login(cast.secretary)
    urgent = {"urgent": "on", "urgent_reason": "Phát sinh gấp theo sự chỉ đạo của Trung ương Đoàn"}
    answers = {}
    for days, more in ((10, {}), (5, {}), (5, urgent)):
        draft = {"title": f"V/v ra quân {days}", "kind": "letter", "drafting_unit": cast.office.pk}
        draft |= {"units": cast.district.name, "plan": plan.pk, "ordinal": rule.ordinal}
        assert office.post(reverse("plans:directive_new"), draft).status_code == 302
        row = Directive.objects.latest("pk")
        assert row.solution == rule
        issued = {"symbol": f"{row.pk}-CV/TĐTN", "issued_on": "16/03/2026", "rolls_out_on": f"{16 + days}/03/2026"}
        issued["version"] = str(row.version)
        page = office.post(reverse("plans:directive_issue", args=[row.pk]), issued | more, follow=True)
        shown = unit.get(row.get_absolute_url())
        chips = [state for state in LeadState if f"chip s-{state.value}" in page.text]
        answers[days, bool(more)] = (page.status_code, chips, shown.status_code)
    assert answers == {
        (10, False): (200, [LeadState.KEPT], 200),
        (5, False): (422, [], 404),  # refused: the draft stays with the office
        (5, True): (200, [LeadState.URGENT], 200),
    }
    assert urgent["urgent_reason"] in unit.get(row.get_absolute_url()).text
    insisted = Directive.objects.get(issued_on=None)
    sent = {"symbol": "99-CV/TĐTN", "issued_on": "16/03/2026", "rolls_out_on": "21/03/2026"}
    sent |= {"despite_short_notice": "on", "version": str(insisted.version)}
    office.post(reverse("plans:directive_issue", args=[insisted.pk]), sent)
    page = office.get(reverse("plans:directive_figures"))
    (line,) = page.context["departments"]
    assert (line.name, [number for number, _href in line.cells]) == (cast.office.name, [3, 1, 1, 1])


def test_point_10_progress_reports_recur_by_quarter_half_year_and_year() -> None:
    plan = real_plan("000")
    schedules = [s for s in plan.schedules if s.rule and line_of(plan, s) == 81]
    assert [(s.rule, owners(s)) for s in schedules] == [
        ("FREQ=MONTHLY;INTERVAL=3", ["Các ban, bộ phận"]),
        ("FREQ=MONTHLY;INTERVAL=6", ["Các ban, bộ phận"]),
        ("FREQ=YEARLY", ["Các ban, bộ phận"]),
    ]


@pytest.mark.django_db
def test_point_10_the_reports_fall_due_for_each_department(cast: Cast, login: Login) -> None:
    rules = {"quarter": (15, 4), "half_year": (10, 2), "year": (15, 1)}
    with time_machine.travel(dt.datetime(2020, 2, 3, 2, tzinfo=dt.UTC), tick=False):
        kinds = {
            period: make_report_kind(
                cast.province,
                cast.office,
                cast.department,
                by=cast.office_staff,
                name=f"Báo cáo tiến độ {period}",
                period=period,
                day=day,
                active_from=dt.date(2020, 1, 1),
            )
            for period, (day, _times) in rules.items()
        }
        page = login(cast.office_staff).get(kinds["quarter"].get_absolute_url())
    assert [c.label for c in page.context["columns"]] == [f"Quý {n}/2020" for n in ("I", "II", "III", "IV")]
    assert {row.unit for row in page.context["rows"]} == {cast.office.name, cast.department.name}
    for period, (_day, times) in rules.items():
        for department in (cast.office, cast.department):
            rows = Deadline.objects.filter(schedule__report_year__kind=kinds[period], unit=department)
            assert [row.due_on.year for row in rows if row.due_on] == [2020] * times


@pytest.mark.django_db
def test_point_11_a_session_of_december_has_the_consolidated_report_on_its_agenda(cast: Cast, login: Login) -> None:
    with time_machine.travel(dt.datetime(2020, 2, 3, 2, tzinfo=dt.UTC), tick=False):
        plan = imported_plan("000", cast)
        publish_plan(plan=plan, by=cast.office_staff, despite_gaps=True)
        make_member(cast.province)
    with time_machine.travel(dt.datetime(2020, 12, 1, 2, tzinfo=dt.UTC), tick=False):
        office = login(cast.office_staff)
        sent = {"body": "standing_committee", "day": "20/12/2020", "kind": "regular"}
        assert office.post(reverse("reviews:meeting_new"), sent).status_code == 302
        session = Meeting.objects.get()
        assert session.title == "Phiên họp Ban Thường vụ tháng 12/2020"
        address = reverse("reviews:agenda", args=[session.pk])
        proposed = office.get(address).context["proposals"]
        (report,) = (p for p in proposed if p.why == Why.NAMED and p.due_on == dt.date(2020, 12, 31))
        assert office.post(address, {"pick": report.key}).status_code == 302
        page = office.get(session.get_absolute_url())
    item = session.items.get()
    assert item.deadline is not None
    assert item.title[:60] in page.text
    assert (item.deadline.unit, item.deadline.due_on) == (cast.office, dt.date(2020, 12, 31))
    year_end = Deadline.objects.get(solution=item.deadline.solution, schedule__kind=Kind.BY_END_OF_YEAR)
    assert (year_end.unit, year_end.due_on) == (cast.office, dt.date(2020, 12, 31))


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
def test_point_12_units_named_in_a_shortcoming_are_linked(cast: Cast, login: Login) -> None:
    assert real_plan("000").shortcomings[6].named_units == ("Trảng Bàng", "Thành phố Tây Ninh")
    named = {
        make_unit("Thị đoàn Trảng Bàng", code="ST-TB", kind="district", parent=cast.province),
        make_unit("Thành đoàn Tây Ninh", code="ST-TN", kind="district", parent=cast.province),
    }
    plan = imported_plan("000", cast)
    assert set(plan.shortcomings.get(ordinal=7).named_units.all()) == named
    page = login(cast.office_staff).get(reverse("plans:ledger", args=[plan.pk]))
    (seventh,) = (line for _field, lines in page.context["fields"] for line in lines if line.row.ordinal == 7)
    assert set(seventh.units) == {unit.name for unit in named}
    publish_plan(plan=plan, by=cast.office_staff, despite_gaps=True)
    row = plan.shortcomings.get(ordinal=7)
    for who, seen in ((cast.office_staff, True), (cast.secretary, False)):  # another district reads nothing of it
        answer = login(who).get(reverse("plans:ledger", args=[plan.pk]))
        assert (row.text[:60] in answer.text) is seen
        assert login(who).get(row.get_absolute_url()).status_code == (200 if seen else 404)
    assert not plan.shortcomings.filter(named_units__isnull=False).exclude(ordinal=7).exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
def test_point_13_no_activity_is_issued_before_the_opinion_of_the_standing_body(cast: Cast, login: Login) -> None:
    plan = imported_plan("000", cast)
    publish_plan(plan=plan, by=cast.office_staff, despite_gaps=True)
    office, department, leader = (login(who) for who in (cast.office_staff, cast.department_head, cast.leader))
    draft = {"title": "Hội trại Tòng quân", "text": "Ba ngày, 300 trại sinh.", "plan": plan.pk}
    office.post(reverse("plans:activity_new"), draft | {"drafting_unit": cast.department.pk})
    row = Activity.objects.get()
    said = {"unit": cast.department.pk, "text": "Giao huyện đăng cai."}
    assert department.post(reverse("plans:activity_comment", args=[row.pk]), said).status_code == 302
    issue = reverse("plans:activity_issue", args=[row.pk])
    issued = {"symbol": "30-KH/TĐTN", "issued_on": "16/03/2026", "host_unit": cast.district.name}
    assert office.post(issue, issued | {"version": row.version}).status_code == 422
    row.refresh_from_db()
    assert (row.issued_on, row.state) == (None, ActivityState.AWAITED)
    opinion = {"opinion": "agreed", "words": "Đồng ý, giao huyện đăng cai.", "symbol": "05-TB/TĐTN"}
    opinion |= {"given_on": "16/03/2026", "version": str(row.version)}
    address = reverse("plans:activity_opinion", args=[row.pk])
    assert office.post(address, opinion).status_code == 404  # the drafter does not say it
    assert leader.post(address, opinion).status_code == 302
    assert office.post(issue, issued | {"version": row.version + 1}).status_code == 302
    page = office.get(row.get_absolute_url()).text
    for words in ("30-KH/TĐTN", cast.district.name, "05-TB/TĐTN", cast.leader.full_name, "Giao huyện đăng cai."):
        assert words in page


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
def test_point_09_a_monthly_evaluation_weighs_the_remedy_criterion_40_percent(cast: Cast, login: Login) -> None:
    member = make_member(cast.province)
    office, leader = login(cast.office_staff), login(cast.leader)
    names = ("Khắc phục khuyết điểm", "Tài liệu đúng hạn", "Nhiệm vụ được giao", "Sáng kiến")
    kinds, card = ("remediation", "papers", "work", "judged"), {"body": "standing_committee", "version": "0"}
    for n, (name, kind) in enumerate(zip(names, kinds, strict=True), start=1):
        card |= {f"name_{n}": name, f"kind_{n}": kind, f"weight_{n}": "40" if n == 1 else "20"}
    new = reverse("reviews:score_card_new")
    wrong = office.post(new, {**card, "month": "01/2026", "weight_4": "19"})
    assert (wrong.status_code, ScoreCard.objects.count()) == (422, 0)
    assert "99 %" in wrong.text
    assert office.post(new, {**card, "month": "01/2026"}).status_code == 302
    made = ScoreCard.objects.get()
    leader.post(reverse("reviews:score_card_approve", args=[made.pk]), {"version": "1"})
    months = {"body": "standing_committee", "self_by": "20/03/2026"}
    person = login(member)
    (judged,) = made.criteria.filter(kind="judged")
    for month in ("01/2026", "02/2026"):
        assert office.post(reverse("reviews:evaluation_open"), {**months, "month": month}).status_code == 302
        own = Evaluation.objects.latest("pk")
        sent = {f"mark_{judged.pk}": "100", "words": "", "shortcomings": "Chậm báo cáo\nÍt đi cơ sở", "version": "1"}
        assert person.post(reverse("reviews:evaluation_self", args=[own.pk]), sent).status_code == 302
    first = MonthShortcoming.objects.order_by("pk")[0]
    office.post(reverse("reviews:evaluation_settle", args=[first.pk]), {"way": "yes"})
    sheet = person.get(own.get_absolute_url()).context["sheet"]
    points = {line.criterion.kind: (line.criterion.weight, line.points) for line in sheet.lines}
    assert points["remediation"] == (40, 20)  # one of last month's two is remedied
    assert points["judged"] == (20, 20)
    assert (points["papers"], points["work"]) == ((20, None), (20, None))
    assert str(sheet.total) == "66.7"  # 40 of the 60 that count
