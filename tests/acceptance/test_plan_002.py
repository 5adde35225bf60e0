"""The programme of several years, real text: the points that reading must fulfil."""

import datetime as dt
import unicodedata
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db.models import Q
from django.utils.translation import override

from plans.actions.indicators import change_indicator
from plans.actions.plans import publish_plan
from plans.actions.proof import Proof
from plans.actions.records import change_record
from plans.enums import Deliverable, Kind
from plans.gaps import blocking, gaps_of
from plans.models import Deadline, Indicator, Plan, Schedule
from plans.reading.drafts import ParagraphRole
from plans.target_words import target_words
from reviews.actions.periodic_reports import open_report, send_report
from tests.acceptance.real import days, imported_plan, line_of, real_file, real_plan, solution_lines
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import make_report_kind, make_unit, version_of

TARGETS = (16, 18, 20, 22)  # their lines


def test_point_01_four_targets_come_out() -> None:
    plan = real_plan("002")
    targets = [i for i in plan.indicators if plan.paragraphs[i.span.paragraph].line in range(15, 24)]
    assert tuple(plan.paragraphs[i.span.paragraph].line for i in targets) == TARGETS
    assert [(i.comparator, i.value, i.unit_of_measure, i.frequency, i.due) for i in targets] == [
        (">=", 1.0, "lớp bồi dưỡng", "year", None),
        ("=", 100.0, "%", "none", None),
        ("=", 100.0, "%", "none", None),
        ("=", 100.0, "%", "none", dt.date(2022, 12, 31)),
    ]


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
def test_point_01_the_four_targets_are_records_a_person_checks(cast: Cast, login: Login) -> None:
    plan = imported_plan("002", cast)
    targets = [target_at(plan, line) for line in TARGETS]
    with override("vi"):
        assert [target_words(i) for i in targets] == ["≥ 1 lớp bồi dưỡng mỗi năm", "= 100 %", "= 100 %", "= 100 %"]
    assert [(i.kind, i.frequency, i.due) for i in targets] == [
        ("number", "year", None),
        ("ratio", "once", None),
        ("ratio", "once", None),
        ("ratio", "once", dt.date(2022, 12, 31)),
    ]
    assert [[k.code for k in i.owner_kinds.all()] for i in targets] == [["district"], ["commune"], [], ["branch"]]
    page = login(cast.office_staff).get(f"/plans/{plan.pk}/check/").text
    assert all(f'id="record-indicator-{i.pk}"' in page for i in targets)


def target_at(plan: Plan, line: int) -> Indicator:
    """Return the indicator read from a line of the document."""
    number = next(n for n, p in enumerate(plan.document.paragraphs) if p["line"] == line)
    return plan.indicators.get(source_paragraph=number)


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
def test_point_02_the_target_of_secretaries_keeps_both_conditions_as_two(cast: Cast) -> None:
    target = target_at(imported_plan("002", cast), 18)
    degree, theory = (c.text for c in target.conditions.all())
    assert "Đại học" in degree
    assert "trung cấp lý luận chính trị" in theory
    assert (target.audience, target.doubt) == ("Bí thư Đoàn xã, phường, thị trấn", "")


def test_point_02_both_conditions_stay_in_the_words_of_the_target() -> None:
    plan = real_plan("002")
    (target,) = (i for i in plan.indicators if plan.paragraphs[i.span.paragraph].line == 18)
    assert "Đại học" in target.text
    assert "trung cấp lý luận chính trị" in target.text


def test_point_03_two_sections_with_the_same_number_are_both_kept() -> None:
    plan = real_plan("002")
    top = [(p.marker, p.line) for p in plan.paragraphs if p.role is ParagraphRole.HEADING and p.level == 1]
    assert top == [("I.", 9), ("II.", 14), ("III.", 24), ("III.", 88)]
    assert [p.text for p in plan.paragraphs if p.line in {24, 88}] == ["GIẢI PHÁP THỰC HIỆN", "TỔ CHỨC THỰC HIỆN"]
    below = [line > 88 for line in solution_lines(plan)]
    assert Counter(below) == {False: 26, True: 4}


def test_point_04_thirty_solutions_with_and_without_bullets() -> None:
    plan = real_plan("002")
    assert solution_lines(plan) == [
        26, 27, 33, 34, 35, 39, 41, 43, 48, 49, 50, 52, 53, 55, 56, 61, 63, 65, 69, 70, 72, 78, 79, 82, 85, 87, 91, 92,
        93, 95,
    ]  # fmt: skip
    markers = Counter(plan.paragraphs[s.span.paragraph].marker for s in plan.solutions)
    assert markers == {"-": 8, "": 22}


def test_point_05_headings_say_which_level_acts() -> None:
    plan = real_plan("002")
    level = dict(zip(solution_lines(plan), (s.level for s in plan.solutions), strict=True))
    unions, branches = (48, 49, 50, 52, 53, 61, 63, 65, 78, 79), (55, 56, 69, 70, 72, 82)
    assert {line: level[line] for line in (*unions, *branches)} == {
        **dict.fromkeys(unions, "grassroots"),
        **dict.fromkeys(branches, "branch"),
    }


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
def test_point_06_yearly_work_comes_each_year_to_2022_and_half_year_reports_twice_a_year(cast: Cast) -> None:
    plan = followed_up(cast)
    occurrences = {
        (s.rule, s.phrase, tuple(sorted(set(s.deadlines.values_list("occurrence", flat=True)))))
        for s in Schedule.objects.filter(solution__plan=plan, kind=Kind.RECURRING)
    }
    years = ("2019", "2020", "2021", "2022")
    yearly = {phrase for rule, phrase, keys in occurrences if rule == "FREQ=YEARLY" and keys == years}
    assert yearly == {"hằng năm", "định kỳ", "định kỳ hàng năm", "Định kỳ 6 tháng và 01 năm", "Hàng năm"}
    halves = tuple(f"{year}-{half}" for year in years for half in ("H1", "H2"))
    assert ("FREQ=MONTHLY;INTERVAL=6", "Định kỳ 6 tháng và 01 năm", halves) in occurrences


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
def test_point_07_branch_meetings_are_tracked_by_month_and_give_the_share_of_branches_that_met(
    cast: Cast, login: Login
) -> None:
    second = make_unit("Chi đoàn ấp 4", code="ST-BM-AH-4", kind="branch", parent=cast.commune)
    plan = followed_up(cast)
    meetings = Schedule.objects.get(solution__plan=plan, phrase="định kỳ hàng tháng")
    rows = meetings.deadlines.filter(unit=cast.branch)
    assert list(rows.values_list("occurrence", flat=True)) == [
        f"{year}-{month:02}" for year in range(2019, 2023) for month in range(1, 13)
    ]
    for row in meetings.deadlines.filter(Q(unit=cast.branch) | Q(unit=second, occurrence__gte="2022-07")):
        report = login(cast.commune_secretary).post(
            f"/deadlines/{row.pk}/report/", {"act": "done", "version": version_of(row)}
        )
        assert report.status_code == 302
    page = login(cast.office_staff).get(f"/plans/{plan.pk}/commitments/{meetings.pk}/")
    shares = {o.key: (o.done, o.owed, o.share) for o in page.context["figures"]}
    assert (shares["2022-06"], shares["2022-12"]) == ((1, 2, Decimal("50.0")), (2, 2, Decimal("100.0")))
    assert (page.context["made"], page.context["owed"], page.context["share"]) == (54, 96, Decimal("56.3"))
    target = target_at(plan, TARGETS[-1])
    change_indicator(indicator=target, values={"fed_by": meetings}, reason="Tính từ sinh hoạt", by=cast.office_staff)
    listed = login(cast.office_staff).get(f"/plans/{plan.pk}/indicators/").text
    assert f'href="/plans/{plan.pk}/commitments/{meetings.pk}/">tính từ các thời hạn của cam kết' in listed


def followed_up(cast: Cast) -> Plan:
    """Return the real plan, imported and published by the office; what names nobody it gives to the district."""
    plan = imported_plan("002", cast)
    for schedule in Schedule.objects.filter(solution__plan=plan, owner_units=None, owner_kinds=None):
        change_record(record=schedule, values={"owner_units": [cast.district]}, by=cast.office_staff)
    publish_plan(plan=plan, by=cast.office_staff, despite_gaps=True)
    return plan


def test_point_09_month_is_a_deadline_and_a_cited_date_is_not() -> None:
    plan = real_plan("002")
    (schedule,) = (s for s in plan.schedules if line_of(plan, s) == 26)
    assert (schedule.start, schedule.due) == (dt.date(2020, 7, 1), dt.date(2020, 7, 31))
    assert dt.date(2019, 3, 5) in {r.issued_on for r in plan.references}
    assert dt.date(2019, 3, 5) not in days(plan)


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
def test_point_10_the_reports_of_branch_district_and_province_are_linked(cast: Cast, login: Login) -> None:
    office, plan = login(cast.office_staff), imported_plan("002", cast)
    by_line = dict(zip(solution_lines(real_plan("002")), plan.solutions.order_by("ordinal"), strict=True))
    owners = {82: [cast.branch], 85: [cast.district], 93: [cast.district]}
    chain = []
    for line, units in owners.items():
        solution = by_line[line]
        change_record(record=solution, values={"deliverable": Deliverable.REPORT}, by=cast.office_staff)
        schedule = solution.schedules.filter(kind=Kind.RECURRING).first() or solution.schedules.first()
        assert schedule
        change_record(record=schedule, values={"owner_units": units, "owner_kinds": []}, by=cast.office_staff)
        chain.append(schedule)
    publish_plan(plan=plan, by=cast.office_staff, despite_gaps=True)
    branch, district, province = chain
    for part, whole in ((branch, district), (district, province)):
        address = f"/plans/{plan.pk}/commitments/{part.pk}/compiled/"
        assert office.post(address, {"whole": whole.pk}).status_code == 302
    reports = office.get(f"/plans/{plan.pk}/cascade/", {"view": "reports"}).context["reports"]
    links = {r.schedule: ([part.pk for part in r.parts], r.schedule.compiled_into) for r in reports}
    assert links[branch] == ([], district)
    assert links[district] == ([branch.pk], province)
    assert links[province] == ([district.pk], None)
    circle = office.post(f"/plans/{plan.pk}/commitments/{province.pk}/compiled/", {"whole": branch.pk})
    assert circle.status_code == 422  # a report is not compiled from itself


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
def test_point_10_what_the_branch_writes_stands_in_the_reports_above(cast: Cast) -> None:
    facts: dict[str, Any] = {"day": 10, "sections": [("Kết quả", "below")]}
    province = make_report_kind(cast.province, cast.district, by=cast.office_staff, period="year", **facts)
    district = make_report_kind(
        cast.district, cast.commune, by=cast.secretary, period="half_year", goes_into=province, **facts
    )
    branch = make_report_kind(
        cast.commune, cast.branch, by=cast.commune_secretary, period="year", day=1, goes_into=district
    )
    people = {branch: cast.branch_secretary, district: cast.commune_secretary, province: cast.secretary}
    with time_machine.travel(dt.datetime(2026, 12, 1, 2, tzinfo=dt.UTC), tick=False):
        for kind, person in people.items():
            row = Deadline.objects.get(schedule__report_year__kind=kind, due_on__month=12)
            report = open_report(deadline=row, by=person)
            own = {report.parts.get().pk: "Chi đoàn đã xong."} if kind == branch else {}
            proof = Proof(document_numbers=("9-BC/ĐTN",))
            send_report(report=report, texts=own, by=person, version=1, proof=proof)
    assert report.parts.get().text == f"{cast.commune.name}:\n{cast.branch.name}:\nChi đoàn đã xong."


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
def test_point_11_a_plan_without_number_date_and_signer_is_accepted_and_the_rest_asked_for(cast: Cast) -> None:
    header = real_plan("002").header
    assert (header.symbol, header.issued_on, header.signer_name) == (None, None, None)
    plan = imported_plan("002", cast)
    assert (plan.symbol, plan.issued_on, plan.signer_name, plan.issuing_unit) == ("", None, "", cast.province)
    asked = [gap.code for gap in gaps_of(plan) if gap.record_kind == "header"]
    assert asked == ["no_symbol", "no_issue_date"]
    assert not {gap.record_kind for gap in blocking(gaps_of(plan))} & {"header"}


def test_point_12_decomposed_letters_are_recognised() -> None:
    raw = real_file("002").read_text(encoding="utf-8")
    assert "PHÓ BÍ THƯ" not in raw
    assert "PHÓ BÍ THƯ" in unicodedata.normalize("NFC", raw)
    assert real_plan("002").header.signer_title == "PHÓ BÍ THƯ"


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
def test_point_08_results_are_entered_per_grassroots_unit_and_rolled_up(cast: Cast, login: Login) -> None:
    second = make_unit("Đoàn xã Bình Phú", code="ST-BM-BP", parent=cast.district)
    make_unit("Đoàn xã Tân Lập", code="ST-BM-TL", parent=cast.district)
    plan = followed_up(cast)
    target = target_at(plan, TARGETS[1])
    assert [kind.code for kind in target.owner_kinds.all()] == ["commune"]
    for unit, person, figures in (
        (cast.commune, cast.commune_secretary, {"numerator": "3", "denominator": "4"}),
        (second, cast.secretary, {"numerator": "1", "denominator": "1"}),
    ):
        entry = login(person).post(f"/indicators/{target.pk}/units/{unit.pk}/", {"version": "0", **figures})
        assert entry.status_code == 302
    page = login(cast.secretary).get(f"/indicators/{target.pk}/", {"unit": cast.district.pk})
    assert {row.name: [(c.text, c.terms, c.missing) for c in row.cells] for row in page.context["rows"]} == {
        "Đoàn xã An Hòa": [("75 %", "3/4", 0)],
        "Đoàn xã Bình Phú": [("100 %", "1/1", 0)],
        "Đoàn xã Tân Lập": [("", "", 1)],
        "Cộng các đơn vị cấp dưới": [("80 %", "4/5", 1)],
    }
    above = login(cast.office_staff).get(f"/indicators/{target.pk}/").context["rows"]
    assert [(row.name, row.cells[0].text) for row in above] == [
        ("Huyện đoàn Bình Minh", "80 %"),
        ("Cộng các đơn vị cấp dưới", "80 %"),
    ]
