"""The plan that carries out a resolution, real text: the points that reading must fulfil."""

import datetime as dt
import itertools

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from plans.actions.plans import publish_plan
from plans.actions.proof import Proof
from plans.actions.records import add_record, change_record
from plans.enums import Deliverable, Kind
from plans.models import Deadline, Schedule
from plans.reading.drafts import ParagraphRole, ScheduleKind
from plans.record_values import fingerprint
from reviews.actions.periodic_reports import open_report, send_report
from reviews.models import FeedbackRound
from tests.acceptance.real import dated, days, imported_plan, line_of, real_file, real_plan, solution_lines
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import (
    AppointmentFactory,
    PostFactory,
    make_member,
    make_officer,
    make_report_kind,
    make_unit,
    version_of,
)
from units.models import Post, UnitKind
from units.roles import Role


def test_point_01_number_date_place_and_signer_are_read() -> None:
    header = real_plan("003").header
    assert (header.symbol, header.issued_on) == ("250 KH/TĐTN", dt.date(2012, 7, 31))
    assert (header.place, header.signer_name) == ("Rạch Giá", "Tống Phước Trường")


def test_point_02_three_last_days_and_a_month_and_nothing_else_dated() -> None:
    plan = real_plan("003")
    assert dated(plan) == [
        (29, ScheduleKind.WITHIN_MONTH, dt.date(2012, 8, 1), dt.date(2012, 8, 31)),
        (75, ScheduleKind.BY_DATE, None, dt.date(2012, 8, 29)),
        (76, ScheduleKind.BY_DATE, None, dt.date(2012, 9, 24)),
        (78, ScheduleKind.BY_DATE, None, dt.date(2012, 9, 29)),
    ]
    assert not days(plan) & {r.issued_on for r in plan.references}
    assert dt.date(2012, 7, 31) not in days(plan)


def test_point_05_by_order_of_a_higher_body_awaits_its_date() -> None:
    plan = real_plan("003")
    waiting = [s for s in plan.schedules if s.kind is ScheduleKind.AS_DIRECTED]
    assert [line_of(plan, s) for s in waiting] == [32, 54, 60, 61, 81, 92, 95]
    assert all(s.due is None and s.rule is None and s.anchor for s in waiting)


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
def test_point_05_each_unit_is_given_its_own_date(cast: Cast, login: Login) -> None:
    plan = imported_plan("003", cast)
    publish_plan(plan=plan, by=cast.office_staff, despite_gaps=True)
    rows = Deadline.objects.filter(
        plan=plan, schedule__kind=Kind.AS_DIRECTED, schedule__phrase="theo kế hoạch của cấp ủy cùng cấp"
    )
    owing = (cast.district, cast.other_district, cast.commune)
    assert {row.unit: row.due_on for row in rows} == dict.fromkeys(owing)
    row = rows.get(unit=cast.district)
    sent = {"due_on": "15/05/2026", "version": row.version}
    assert login(cast.office_staff).post(f"/deadlines/{row.pk}/date/", sent).status_code == 302
    assert {r.unit: r.due_on for r in rows.all()} == dict.fromkeys(owing) | {cast.district: dt.date(2026, 5, 15)}


def test_point_07_labels_belong_to_the_meeting_before_them() -> None:
    plan = real_plan("003")
    labels = [n for n, p in enumerate(plan.paragraphs) if p.text.startswith(("Thời gian:", "Thành phần:"))]
    assert [plan.paragraphs[n].line for n in labels] == [54, 56, 61, 63]
    assert not set(labels) & {s.span.paragraph for s in plan.solutions}
    lines = solution_lines(plan)
    times = {line_of(plan, s): lines[s.solution] for s in plan.schedules if s.solution is not None}
    assert (times[54], times[61]) == (52, 60)


def test_point_08_topics_are_told_from_commitments() -> None:
    plan = real_plan("003")
    topics = (34, 36, 38, 68, 69, 70)
    markers = {p.line: p.marker for p in plan.paragraphs if p.line in {*topics, 45, 47, 48}}
    assert [markers[line] for line in topics] == ["+", "+", "+", "-", "-", "-"]
    assert [markers[line] for line in (45, 47, 48)] == ["+", "+", "+"]
    assert set(markers) & set(solution_lines(plan)) == {45, 47, 48}


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
def test_point_09_each_district_and_affiliated_unit_has_a_child_plan_and_a_review_report_and_the_missing_are_listed(
    cast: Cast, login: Login
) -> None:
    affiliated = make_unit("Đoàn Khối các cơ quan tỉnh", code="ST-K", kind="affiliated", parent=cast.province)
    checking = make_unit("Ban Tổ chức - Kiểm tra", code="ST-TCKT", kind="department", parent=cast.province)
    office, plan = login(cast.office_staff), imported_plan("003", cast)
    review = plan.solutions.get(text__contains="qua Ban Tổ chức-Kiểm tra")  # the report on the self-review
    values = {"deliverable": Deliverable.REPORT, "lead_unit": checking}
    change_record(record=review, values=values, by=cast.office_staff)
    owed = review.schedules.first() or add_record(
        plan=plan, model=Schedule, solution=review, values={"kind": Kind.ONGOING}, by=cast.office_staff
    )
    kinds = list(UnitKind.objects.filter(code__in=("district", "affiliated")))
    change_record(record=owed, values={"owner_kinds": kinds, "owner_units": []}, by=cast.office_staff)
    publish_plan(plan=plan, by=cast.office_staff, despite_gaps=True)
    page = f"/plans/{plan.pk}/cascade/"
    sent = {"kinds": [kind.pk for kind in kinds]}
    assert office.post(f"{page}send/", {**sent, "seen": "3"}).status_code == 302
    units = [cast.district.name, cast.other_district.name, affiliated.name]
    assert [row.unit for row in office.get(page, {"show": "no_plan"}).context["rows"]] == units

    secretary, mine = login(cast.secretary), plan.sent_to.get(unit=cast.district)
    assert secretary.post(f"{mine.get_absolute_url()}all/", {"answer": "accepted"}).status_code == 302
    assert secretary.post(f"{mine.get_absolute_url()}plan/", {"act": "start"}).status_code == 302
    assert plan.children.get().issuing_unit == cast.district
    assert [row.unit for row in office.get(page, {"show": "no_plan"}).context["rows"]] == units[1:]

    row = Deadline.objects.get(schedule=owed, unit=cast.district)
    reports = office.get(page, {"view": "reports"}).context["reports"]
    assert next(r for r in reports if r.schedule == owed).missing == units
    handed_in = {"act": "done", "version": row.version, "document_numbers": "15-BC/HĐTN"}
    assert secretary.post(f"/deadlines/{row.pk}/report/", handed_in).status_code == 302
    listed = office.get(page, {"view": "reports"})
    (report,) = (r for r in listed.context["reports"] if r.schedule == owed)
    assert (report.done, report.owed, report.missing) == (1, 3, units[1:])
    assert checking.name in listed.text  # through which department it comes


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
def test_point_09_a_report_asked_for_through_the_department_lists_who_has_not_sent_it(
    cast: Cast, login: Login
) -> None:
    checking = make_unit("Ban Tổ chức - Kiểm tra", code="ST-TCKT", kind="department", parent=cast.province)
    head = login(make_officer(checking, Role.DEPARTMENT, full_name="Đinh Kiểm Tra"))
    kind = make_report_kind(
        cast.province,
        by=cast.office_staff,
        name="Báo cáo tự phê bình và phê bình",
        period="once",
        day=None,
        due_on=dt.date(2026, 9, 29),
        owner_kinds=[cast.district.kind],
        via_unit=checking,
    )
    row = Deadline.objects.get(schedule__report_year__kind=kind, unit=cast.district)
    assert row.solution.lead == checking
    report = open_report(deadline=row, by=cast.secretary)
    texts = {report.parts.get().pk: "Đã kiểm điểm."}
    proof = Proof(document_numbers=("15-BC/HĐTN",))
    send_report(report=report, texts=texts, by=cast.secretary, version=1, proof=proof)
    found = head.get(reverse("reviews:compilation", args=[kind.years.get().pk, "once"])).context["compiled"]
    assert [one.unit for one in found.sent] == [cast.district.name]
    assert [one.unit for one in found.not_sent] == [cast.other_district.name]


def test_point_11_every_style_of_heading_and_the_broken_recipient_are_read() -> None:
    plan = real_plan("003")
    headings = {p.line: p.marker for p in plan.paragraphs if p.role is ParagraphRole.HEADING}
    assert [headings.get(line) for line in (14, 26, 89)] == ["I/", "II/", "III/"]
    assert [headings.get(line) for line in (50, 58, 73, 80)] == ["3.1-", "3.2-", "4.1-", "4.2-"]
    (run_in,) = (s for s in plan.solutions if plan.paragraphs[s.span.paragraph].line == 95)
    assert [p.name for p in run_in.leads] == ["Các huyện, thị, thành Đoàn và Đoàn trực thuộc"]
    assert "\ufffd" in real_file("003").read_text(encoding="utf-8")
    assert plan.header.recipients[4] == "Các huyện, thị, thành Đoàn và Đoàn trực thuộc"
    assert not any("\ufffd" in recipient for recipient in plan.header.recipients)


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
def test_point_03_the_three_steps_of_self_review_are_in_order(cast: Cast, login: Login) -> None:
    plan = imported_plan("003", cast)
    office = login(cast.office_staff)
    steps = list(Schedule.objects.filter(solution__plan=plan, due__range=("2012-08-29", "2012-09-29")).order_by("due"))
    steps = [s for s in steps if s.kind == Kind.BY_DATE]
    assert [s.due for s in steps] == [dt.date(2012, 8, 29), dt.date(2012, 9, 24), dt.date(2012, 9, 29)]
    for before, step in itertools.pairwise(steps):
        form = {"kind": "by_date", "due": f"{step.due:%d/%m/%Y}", "phrase": step.phrase, "hangs_on": before.pk}
        address = f"/plans/{plan.pk}/check/schedule/{step.pk}/edit/"
        sent = {**form, "owner_units": "Văn phòng", "fingerprint": fingerprint(step)}
        assert office.post(address, sent).status_code == 302
    first = {"kind": "by_date", "due": "29/08/2012", "phrase": steps[0].phrase, "owner_units": "Văn phòng"}
    first["fingerprint"] = fingerprint(steps[0])
    assert office.post(f"/plans/{plan.pk}/check/schedule/{steps[0].pk}/edit/", first).status_code == 302
    publish_plan(plan=plan, by=cast.office_staff, despite_gaps=True)
    rows = [Deadline.objects.get(schedule=s) for s in steps]

    def handed_in() -> list[int]:
        return [
            office.post(f"/deadlines/{row.pk}/report/", {"act": "done", "version": version_of(row)}).status_code
            for row in reversed(rows)
        ]

    assert handed_in() == [422, 422, 302]  # from the last one: only the first step is open
    refusal = office.post(
        f"/deadlines/{rows[2].pk}/report/", {"act": "done", "version": version_of(rows[2])}
    ).content.decode()
    assert escape(steps[1].solution.text[:40]) in refusal
    assert handed_in()[:2] == [422, 302]
    assert handed_in()[0] == 302
    assert {row.due_on for row in Deadline.objects.filter(pk__in=[r.pk for r in rows])} == {s.due for s in steps}


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
def test_point_06_a_unit_without_standing_committee_is_asked_for_a_meeting_of_its_executive_one(
    cast: Cast, login: Login
) -> None:
    plan = imported_plan("003", cast)
    publish_plan(plan=plan, by=cast.office_staff, despite_gaps=True)
    post = PostFactory(unit=cast.district, title="Ủy viên Ban Thường vụ", body=Post.Body.STANDING_COMMITTEE)
    AppointmentFactory(post=post)
    rows = Deadline.objects.filter(plan=plan, solution__text__startswith="Tổ chức Hội nghị BTV")
    for unit, told in ((cast.other_district, True), (cast.district, False)):
        row = rows.filter(unit=unit).order_by("pk").first()
        assert row is not None
        for address in (f"/deadlines/{row.pk}/", f"/deadlines/{row.pk}/report/"):
            page = login(cast.office_staff).get(address).content.decode()
            assert ("Ban Chấp hành (BCH)" in page) is told


@pytest.fixture
def feedback(cast: Cast, login: Login) -> FeedbackRound:
    """A round prepared and opened on the pages, about the standing committee and a member, as the plan asks."""
    member = make_member(cast.province, full_name="Vũ Ủy Viên")
    plan = imported_plan("003", cast)
    publish_plan(plan=plan, by=cast.office_staff, despite_gaps=True)
    sent = {
        "title": "Góp ý kiểm điểm tự phê bình và phê bình", "body": "standing_committee", "year": "2026",
        "plan": str(plan.pk), "kind": "anonymous", "consolidated_by": "Văn phòng",
        "contributions_by": "29/04/2026", "report_by": "20/05/2026", "meeting_on": "24/05/2026",
        "reply_by": "29/05/2026", "collectives": ["standing_committee"], "persons": [str(member.pk)],
        "topics": "Tư tưởng chính trị, đạo đức\nCông tác cán bộ\nTập trung dân chủ, người đứng đầu",
        "units": f"{cast.district.name}\n{cast.other_district.name}", "guests": "Trần Nguyên Ủy Viên",
    }  # fmt: skip
    office = login(cast.office_staff)
    page = office.post("/feedback/new/", sent)
    assert page.status_code == 302
    assert office.post(f"{page['Location']}step/", {"step": "feedback_draft", "version": "1"}).status_code == 302
    return FeedbackRound.objects.get()


def said(feedback: FeedbackRound, *texts: str) -> dict[str, str]:
    """Return what a contributor writes about the first target, topic by topic."""
    first = feedback.targets.all()[0]
    fields = {f"say-{first.pk}-{topic.pk}": text for topic, text in zip(feedback.topics.all(), texts, strict=False)}
    return {"final": "on", **fields}


def collected(feedback: FeedbackRound, cast: Cast, login: Login) -> None:
    """Let the invited contribute: two units, and a former member by a link; then close the step."""
    office = login(cast.office_staff)
    for who, unit, texts in (
        (cast.secretary, cast.district, ("Cần sâu sát cơ sở.", "Quy hoạch còn chậm.")),
        (cast.sibling_secretary, cast.other_district, ("Giữ gìn đoàn kết.",)),
    ):
        mine = feedback.invitations.get(unit=unit)
        answer = login(who).post(f"/feedback/contribute/{mine.pk}/", said(feedback, *texts))
        assert answer.status_code == 302
    slip = office.post(f"/feedback/{feedback.pk}/guests/", {"act": "links"}).context["slips"][0]
    key = {"key": slip[1].partition("key=")[2]}
    assert Client().post("/feedback/link/", key | said(feedback, "", "", "Nêu rõ trách nhiệm.")).status_code == 200
    step = {"step": "feedback_open", "version": str(feedback.version), "confirmed": "1"}  # before its day
    assert office.post(f"/feedback/{feedback.pk}/step/", step).status_code == 302


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
def test_point_03_a_step_of_a_feedback_round_is_not_closed_before_the_one_it_follows(
    cast: Cast, login: Login, feedback: FeedbackRound
) -> None:
    office = login(cast.office_staff)
    for step in ("feedback_report", "feedback_review", "feedback_reply", "feedback_open"):
        answer = office.post(f"/feedback/{feedback.pk}/step/", {"step": step, "version": str(feedback.version)})
        assert answer.status_code == 422
    owed = Deadline.objects.filter(plan__programme__unit=cast.province).order_by("due_on").values_list("due_on")
    assert [day for (day,) in owed.distinct()] == [dt.date(2026, 4, 29), dt.date(2026, 5, 20), dt.date(2026, 5, 29)]


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
def test_point_04_a_feedback_round_keeps_targets_contributors_three_topics_and_each_reply(
    cast: Cast, login: Login, feedback: FeedbackRound
) -> None:
    collected(feedback, cast, login)
    assert feedback.targets.all()[0].label == "Ban Thường vụ Tỉnh đoàn"
    assert (feedback.targets.count(), feedback.topics.count(), feedback.invitations.count()) == (2, 3, 3)
    FeedbackRound.objects.update(step="feedback_reply")
    office = login(cast.office_staff)
    for row in feedback.contributions.all():
        reply = {"kind": "reply_accepted", "text": "Xin tiếp thu.", "version": "0"}
        assert office.post(f"/feedback/contributions/{row.pk}/reply/", reply).status_code == 302
    kept = feedback.contributions.values_list("topic__ordinal", "text", "reply__text").order_by(
        "topic__ordinal", "text"
    )
    assert list(kept) == [
        (1, "Cần sâu sát cơ sở.", "Xin tiếp thu."),
        (1, "Giữ gìn đoàn kết.", "Xin tiếp thu."),
        (2, "Quy hoạch còn chậm.", "Xin tiếp thu."),
        (3, "Nêu rõ trách nhiệm.", "Xin tiếp thu."),
    ]


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
def test_point_10_the_office_prints_the_consolidated_contributions_about_the_standing_committee(
    cast: Cast, login: Login, feedback: FeedbackRound
) -> None:
    collected(feedback, cast, login)
    committee = feedback.targets.all()[0]
    page = login(cast.office_staff).get(f"/feedback/{feedback.pk}/compiled/", {"target": committee.pk})
    (group,) = page.context["shown"]
    texts = [sorted(r.contribution.text for r in topic.rows) for topic in group.topics]
    assert texts == [["Cần sâu sát cơ sở.", "Giữ gìn đoàn kết."], ["Quy hoạch còn chậm."], ["Nêu rõ trách nhiệm."]]
    assert "data-print" in page.text
    assert not any(name in page.text for name in (cast.district.name, cast.other_district.name, "Trần Nguyên"))
