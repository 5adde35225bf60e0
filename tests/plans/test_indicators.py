"""Indicators: what the database holds, who sees them, reading and checking them, changing them with a reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.http import Http404
from django.test import Client
from django.utils import timezone, translation

from plans.actions import indicators, records
from plans.actions.imports import import_plan
from plans.actions.plans import publish_plan
from plans.actions.reimports import apply_document, compare_documents, keep_document, read_documents
from plans.actions.restoring import restore_record
from plans.enums import Frequency, IndicatorKind, RollUp
from plans.errors import ActionRefused, Stale
from plans.gaps import blocking, doubts_of, gaps_of
from plans.models import Indicator, IndicatorLevel, IndicatorResult, PeriodLock, Plan
from plans.record_values import facts, fingerprint
from plans.reimport.compared import Compared
from plans.reimport.comparison import Choice
from plans.target_words import owners_words, span_words, target_words
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import (
    PlanFactory,
    ScheduleFactory,
    SolutionFactory,
    close,
    make_indicator,
    make_published_plan,
    make_result,
)
from units.actions import move_unit
from units.models import AuditEvent

pytestmark = pytest.mark.usefixtures("today")

HTMX = {"HX-Request": "true"}
WHY = "Tỉnh ủy giao thêm"
DOCUMENT = """TỈNH ĐOÀN SÔNG THAO

KẾ HOẠCH
Xây dựng Đoàn giai đoạn 2024 - 2026

I. CHỈ TIÊU

- Hằng năm, các huyện, thị, thành đoàn mở ít nhất 02 lớp kỹ năng cho cán bộ.

- 100% cán bộ Đoàn có bằng đại học và trình độ trung cấp lý luận chính trị trở lên.

- Đến hết năm 2026, 95% chi đoàn sinh hoạt đúng định kỳ.

II. GIẢI PHÁP

- Văn phòng Tỉnh đoàn thành lập 05 đội hình tình nguyện trong tháng 4/2026.
"""


@pytest.fixture(autouse=True)
def _english(settings: Any) -> Iterator[None]:
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """Return a plan of the province that is followed up."""
    return make_published_plan(cast.province)


@pytest.fixture
def draft(cast: Cast) -> Plan:
    """Return a draft of the province without a document."""
    made: Plan = PlanFactory(issuing_unit=cast.province)
    return made


@pytest.fixture
def client(cast: Cast, login: Login) -> Client:
    return login(cast.office_staff)


def last_event(plan: Plan) -> AuditEvent:
    event: AuditEvent = AuditEvent.objects.filter(plan_id=plan.pk).latest("pk")
    return event


# --- what the database holds ---


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"start": dt.date(2026, 5, 1), "due": dt.date(2026, 4, 30)}, "indicator_start_before_due"),
        ({"value": Decimal(-1)}, "indicator_value_not_negative"),
        ({"kind": "level", "roll_up": "none"}, "indicator_level_has_no_value"),
        ({"kind": "ratio", "roll_up": "sum"}, "indicator_roll_up_fits_kind"),
        ({"roll_up": "weighted"}, "indicator_roll_up_fits_kind"),
        ({"kind": "level", "value": None, "roll_up": "mean"}, "indicator_roll_up_fits_kind"),
        ({"ordinal": 7}, "indicator_ordinal_once|plans_indicator.ordinal"),  # PostgreSQL, SQLite
    ],
)
def test_an_indicator_that_makes_no_sense_is_refused(plan: Plan, fields: dict[str, Any], constraint: str) -> None:
    make_indicator(plan, ordinal=7)
    with pytest.raises(IntegrityError, match=constraint):
        make_indicator(plan, **fields)


def test_only_a_share_is_counted_from_deadlines(cast: Cast, plan: Plan) -> None:
    schedule = ScheduleFactory(solution=SolutionFactory(plan=plan, ordinal=1, lead_unit=cast.commune))
    assert make_indicator(plan, kind=IndicatorKind.RATIO, fed_by=schedule).fed_by == schedule
    with pytest.raises(IntegrityError), transaction.atomic():
        make_indicator(plan, fed_by=schedule)


@pytest.mark.parametrize(
    "figures",
    [
        {"value": None},
        {"value": Decimal(1), "numerator": Decimal(1), "denominator": Decimal(2)},
        {"numerator": Decimal(1)},
        {"numerator": Decimal(-1), "denominator": Decimal(2)},
        {"numerator": Decimal(1), "denominator": Decimal(0)},
        {"value": Decimal(1), "period_end": dt.date(2025, 12, 31)},
    ],
)
def test_a_result_that_makes_no_sense_is_refused(cast: Cast, plan: Plan, figures: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_result(make_indicator(plan), cast.commune, by=cast.commune_secretary, **figures)


def test_a_unit_gives_one_result_a_period_and_zero_of_nobody_is_one(cast: Cast, plan: Plan) -> None:
    share = make_indicator(plan, kind=IndicatorKind.RATIO)
    by = cast.commune_secretary
    nobody = make_result(share, cast.commune, by=by, numerator=Decimal(0), denominator=Decimal(0))
    make_result(share, cast.commune, 2027, by=by, numerator=Decimal(3), denominator=Decimal(4))
    assert (nobody.shown, nobody.unit_path) == ("0/0", cast.commune.path)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_result(share, cast.commune, by=by, numerator=Decimal(1), denominator=Decimal(4))


def test_a_period_is_closed_once_and_reopened_with_a_reason(cast: Cast, plan: Plan) -> None:
    days = {"period_start": dt.date(2026, 1, 1), "period_end": dt.date(2026, 12, 31)}
    facts_of_lock = {"indicator": make_indicator(plan), "locked_by": cast.office_staff, "locked_at": timezone.now()}
    lock = PeriodLock.objects.create(**facts_of_lock, **days)
    with pytest.raises(IntegrityError), transaction.atomic():
        PeriodLock.objects.create(**facts_of_lock, **days)
    with pytest.raises(IntegrityError), transaction.atomic():
        PeriodLock.objects.filter(pk=lock.pk).update(reopened_at=timezone.now(), reopened_by=cast.leader)
    PeriodLock.objects.filter(pk=lock.pk).update(reopened_at=timezone.now(), reopened_by=cast.leader, reason=WHY)
    PeriodLock.objects.create(**facts_of_lock, **days)
    assert PeriodLock.objects.filter(reopened_at=None).count() == 1


def test_what_has_results_is_never_deleted(cast: Cast, plan: Plan) -> None:
    words = make_indicator(plan, levels=[("Tốt", True), ("Khá", False)])
    make_result(words, cast.commune, by=cast.commune_secretary, level=words.levels.get(name="Tốt"))
    with pytest.raises(ProtectedError):
        words.delete()
    with pytest.raises(ProtectedError):
        words.levels.all().delete()


def test_a_results_path_follows_its_unit(cast: Cast, plan: Plan) -> None:
    result = make_result(make_indicator(plan), cast.branch, by=cast.branch_secretary)
    move_unit(unit=cast.commune, parent=cast.other_district, by=cast.administrator)
    result.refresh_from_db()
    cast.branch.refresh_from_db()
    assert result.unit_path == cast.branch.path


# --- who sees what ---


def test_siblings_see_nothing_of_each_others_results(cast: Cast, plan: Plan) -> None:
    indicator = make_indicator(plan, kinds=["district"])
    ours = make_result(indicator, cast.district, by=cast.secretary)
    theirs = make_result(indicator, cast.other_district, by=cast.sibling_secretary)
    seen = {
        name: set(IndicatorResult.objects.visible_to(getattr(cast, name)))
        for name in ("secretary", "sibling_secretary", "commune_secretary", "office_staff", "leader", "outsider")
    }
    assert seen == {
        "secretary": {ours},
        "sibling_secretary": {theirs},
        "commune_secretary": set(),
        "office_staff": {ours, theirs},
        "leader": {ours, theirs},
        "outsider": set(),
    }
    assert list(IndicatorResult.objects.below(cast.district)) == [ours]


@pytest.mark.parametrize("way", ["unit", "kind"])
def test_who_gives_results_sees_the_plan_though_no_deadline_is_owed(cast: Cast, plan: Plan, way: str) -> None:
    seen = {"units": [cast.commune]} if way == "unit" else {"kinds": ["commune"]}
    indicator = make_indicator(plan, **seen)
    for person in (cast.commune_secretary, cast.secretary, cast.office_staff):
        assert list(Plan.objects.visible_to(person)) == [plan]
        assert list(Indicator.objects.visible_to(person)) == [indicator]
    for person in (cast.sibling_secretary, cast.branch_secretary, cast.outsider):
        assert not Plan.objects.visible_to(person).exists()
        assert not Indicator.objects.visible_to(person).exists()


def test_an_indicator_of_a_draft_shows_the_draft_to_nobody(cast: Cast, draft: Plan) -> None:
    make_indicator(draft, kinds=["commune"])
    assert not Plan.objects.visible_to(cast.commune_secretary).exists()
    assert Indicator.objects.visible_to(cast.office_staff).count() == 1


# --- in words ---


def test_a_target_in_words(cast: Cast, plan: Plan) -> None:
    with translation.override("vi"):
        shown = [
            target_words(make_indicator(plan)),
            target_words(make_indicator(plan, kind=IndicatorKind.RATIO, comparator="eq", frequency="once")),
            target_words(make_indicator(plan, value=Decimal("1234.5"), comparator="lt", unit_of_measure="cây")),
            target_words(make_indicator(plan, levels=[("Tốt", True), ("Khá", True), ("Yếu", False)])),
            target_words(make_indicator(plan, value=None)),
        ]
    assert shown == ["≥ 1 lớp mỗi năm", "= 100 %", "< 1.234,5 cây mỗi năm", "Tốt hoặc Khá mỗi năm", ""]
    dated = make_indicator(plan, due=dt.date(2026, 6, 30), units=[cast.district], kinds=["commune"])
    assert span_words(dated) == "until 30/06/2026"
    assert owners_words(dated) == "Huyện đoàn Bình Minh; every unit of the kind “Commune”"


# --- from a document ---


@pytest.fixture
def read(cast: Cast) -> Plan:
    """Return a draft read from a document with three targets and one number of a solution."""
    return import_plan(data=DOCUMENT.encode(), name="a.txt", issuing_unit=cast.province, by=cast.office_staff)


def test_targets_come_out_as_records_tied_to_their_words(cast: Cast, read: Plan) -> None:
    classes, schooled, meetings, teams = read.indicators.order_by("ordinal")
    assert [target_words(i) for i in (classes, schooled, meetings, teams)] == [
        "≥ 2 lớp kỹ năng a year",
        "= 100 %",
        "= 95 %",
        "= 5 đội hình tình nguyện",
    ]
    assert (classes.kind, classes.roll_up, [k.code for k in classes.owner_kinds.all()]) == (
        "number",
        "count_units",
        ["district"],
    )
    assert [c.text for c in schooled.conditions.all()] == [
        "có bằng đại học",
        "trình độ trung cấp lý luận chính trị trở lên",
    ]
    assert (schooled.kind, schooled.roll_up, schooled.audience) == ("ratio", "weighted", "cán bộ Đoàn")
    assert (meetings.due, [k.code for k in meetings.owner_kinds.all()]) == (dt.date(2026, 12, 31), ["branch"])
    assert (teams.solution, list(teams.owner_units.all()), teams.roll_up) == (
        read.solutions.get(),
        [cast.office],
        "sum",
    )
    for indicator in read.indicators.all():
        paragraph = read.document.paragraphs[indicator.source_paragraph or 0]
        assert paragraph["text"][indicator.source_start : indicator.source_end] == indicator.text
        assert not [m for m in paragraph.get("marks", ()) if m["kind"] == "indicator"]


def test_a_number_too_long_is_left_to_a_person(cast: Cast) -> None:
    data = DOCUMENT.replace("II. GIẢI", "- Đến hết năm 2026, trồng 1.000.000.000.000 cây xanh.\n\nII. GIẢI").encode()
    plan = import_plan(data=data, name="long.txt", issuing_unit=cast.province, by=cast.office_staff)
    found = plan.indicators.get(text__contains="cây xanh")
    assert (found.value, found.doubt) == (
        None,
        "At most 12 digits before the decimal mark and 3 after it. Round the figure.",
    )


def test_reading_costs_a_fixed_number_of_queries(cast: Cast, django_assert_num_queries: Any) -> None:
    assert cast.office_staff.grants  # read once a person, before anything is counted
    for count in (1, 25):
        more = "".join(f"- Đến hết năm 2026, 9{n % 10}% chi đoàn có sổ số {n}.\n\n" for n in range(count))
        data = DOCUMENT.replace("II. GIẢI", f"{more}II. GIẢI").encode()
        with django_assert_num_queries(22 + (connection.vendor == "postgresql")):  # the lock of the log's chain
            import_plan(data=data, name=f"{count}.txt", issuing_unit=cast.province, by=cast.office_staff)


def test_gaps_name_an_indicator_without_target_or_without_units(draft: Plan, cast: Cast) -> None:
    make_indicator(draft, value=None, units=[cast.district])
    make_indicator(draft)
    make_indicator(draft, levels=[("Tốt", False)], kinds=["commune"])
    Indicator.objects.filter(ordinal=1).update(doubt="?")
    found = [(g.code, g.label[:1]) for g in gaps_of(draft) if g.record_kind == "indicator"]
    assert found == [("no_value", "1"), ("no_level", "3"), ("no_results_from", "2")]
    assert not [g for g in blocking(gaps_of(draft)) if g.record_kind == "indicator"]
    assert doubts_of(draft) == 1


# --- on the check page ---


def sent(indicator: Indicator | None = None, **changes: Any) -> dict[str, Any]:
    """Return what the browser sends for the form of an indicator, with changes."""
    values = {
        "text": "Mỗi năm mở ít nhất 01 lớp.", "kind": "number", "comparator": "ge", "value": "1",
        "unit_of_measure": "lớp", "frequency": "year", "roll_up": "sum",
    }  # fmt: skip
    return {**values, **({"fingerprint": fingerprint(indicator)} if indicator else {}), **changes}


def address(indicator: Indicator, act: str = "edit/") -> str:
    return f"/plans/{indicator.plan_id}/check/indicator/{indicator.pk}/{act}"


def test_the_page_shows_an_indicator_and_leads_to_its_words(client: Client, read: Plan) -> None:
    page = client.get(f"/plans/{read.pk}/check/").text
    indicator = read.indicators.get(ordinal=2)
    assert f'id="record-indicator-{indicator.pk}"' in page
    assert f'href="#record-indicator-{indicator.pk}"' in page
    assert "(1) có bằng đại học; (2) trình độ trung cấp lý luận chính trị trở lên" in page
    assert "mark-indicator begins-indicator" in page


def test_an_indicator_is_added_with_its_words_and_once(client: Client, cast: Cast, read: Plan) -> None:
    form = client.get(f"/plans/{read.pk}/check/indicator/add/?paragraph=6")
    values = sent(
        kind="ratio", value="99,5", comparator="ge", unit_of_measure="%", roll_up="weighted", paragraph="6",
        conditions="có bằng đại học\n\n  là   đảng viên ", owner_units="Huyện đoàn Bình Minh",
        form_key=form.context["form_key"],
    )  # fmt: skip
    client.cookies["django_language"] = "vi"
    for _again in range(2):
        assert client.post(f"/plans/{read.pk}/check/indicator/add/?paragraph=6", values).status_code == 302
    added = read.indicators.get(ordinal=5)
    assert (added.value, added.source_paragraph, added.doubt) == (Decimal("99.5"), 5, "")
    assert [c.text for c in added.conditions.all()] == ["có bằng đại học", "là đảng viên"]
    assert list(added.owner_units.all()) == [cast.district]
    event = last_event(read)
    assert (event.action, event.data["conditions"]) == ("created", [None, ["có bằng đại học", "là đảng viên"]])


def test_levels_are_entered_in_two_lists_and_stay_the_same_rows(client: Client, draft: Plan) -> None:
    indicator = make_indicator(draft, levels=[("Tốt", True), ("Khá", False), ("Yếu", False)])
    form = client.get(address(indicator)).context["form"]
    assert (form["levels_reaching"].value(), form["levels_below"].value()) == ("Tốt", "Khá\nYếu")
    good = indicator.levels.get(name="Tốt").pk
    values = {"kind": "level", "value": "", "roll_up": "count_units"}
    values |= {"levels_reaching": "Xuất sắc\nTốt", "levels_below": "Khá"}
    assert client.post(address(indicator), sent(indicator, **values)).status_code == 302
    assert list(indicator.levels.values_list("name", "reaches", "ordinal")) == [
        ("Xuất sắc", True, 1),
        ("Tốt", True, 2),
        ("Khá", False, 3),
    ]
    assert indicator.levels.get(name="Tốt").pk == good
    assert last_event(draft).data["levels"] == [["✓ Tốt", "Khá", "Yếu"], ["✓ Xuất sắc", "✓ Tốt", "Khá"]]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": ""}, "text"),
        ({"value": "nhiều"}, "value"),
        ({"value": "-1"}, "value"),
        ({"kind": "level", "roll_up": "count_units"}, "levels_reaching"),
        ({"levels_below": "Khá"}, "kind"),
        ({"kind": "level", "roll_up": "none", "levels_reaching": "Tốt", "levels_below": "Tốt"}, "levels_below"),
        ({"kind": "ratio"}, "roll_up"),
        ({"start": "01/05/2026", "due": "30/04/2026"}, "__all__"),
        ({"owner_units": "Xã không có"}, "owner_units"),
        ({"conditions": "x" * 301}, "conditions"),
        ({"conditions": "\n".join("x" * 21)}, "conditions"),
    ],
)
def test_bad_input_is_named_at_its_field_and_kept(
    client: Client, draft: Plan, changes: dict[str, Any], field: str
) -> None:
    answer = client.post(f"/plans/{draft.pk}/check/indicator/add/", sent(**changes))
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {field}
    assert not draft.indicators.exists()


def test_a_share_fed_by_a_commitment_of_the_plan_only(client: Client, cast: Cast, draft: Plan, plan: Plan) -> None:
    own = ScheduleFactory(solution=SolutionFactory(plan=draft, ordinal=1, lead_unit=cast.commune))
    foreign = ScheduleFactory(solution=SolutionFactory(plan=plan, ordinal=1, lead_unit=cast.commune))
    indicator = make_indicator(draft, kind=IndicatorKind.RATIO)
    values = {"kind": "ratio", "roll_up": "weighted", "value": "100", "unit_of_measure": "%"}
    assert client.post(address(indicator), sent(indicator, **values, fed_by=str(foreign.pk))).status_code == 422
    assert client.post(address(indicator), sent(indicator, **values, fed_by=str(own.pk))).status_code == 302
    indicator.refresh_from_db()
    assert indicator.fed_by == own
    with pytest.raises(ActionRefused):
        records.change_record(record=indicator, values={"fed_by": foreign}, by=cast.office_staff)


def test_a_second_editor_sees_both_versions(client: Client, cast: Cast, draft: Plan) -> None:
    indicator = make_indicator(draft)
    values = sent(indicator, value="3")
    records.change_record(record=indicator, values={"value": Decimal(2)}, by=cast.second_office_staff)
    answer = client.post(address(indicator), values)
    assert answer.status_code == 409
    assert ("Target", "2", "3") in answer.context["differences"]


def test_an_indicator_is_dropped_and_comes_back_with_its_parts(cast: Cast, draft: Plan) -> None:
    solution = SolutionFactory(plan=draft, ordinal=1)
    first = make_indicator(draft, units=[cast.district], conditions=["một", "hai"], solution=solution)
    make_indicator(draft, levels=[("Tốt", True)])
    before = facts(first)
    kept = records.drop_record(record=first, by=cast.office_staff)
    assert list(draft.indicators.values_list("ordinal", flat=True)) == [1]
    restore_record(dropped=kept, by=cast.office_staff)
    again = draft.indicators.get(pk=first.pk)
    assert (again.ordinal, facts(again)) == (1, before)
    assert list(draft.indicators.values_list("ordinal", flat=True)) == [1, 2]


def test_a_dropped_solution_takes_no_indicator_along_and_comes_back_to_it(cast: Cast, draft: Plan) -> None:
    solution = SolutionFactory(plan=draft, ordinal=1)
    indicator = make_indicator(draft, solution=solution)
    kept = records.drop_record(record=solution, by=cast.office_staff)
    indicator.refresh_from_db()
    assert indicator.solution is None
    restore_record(dropped=kept, by=cast.office_staff)
    indicator.refresh_from_db()
    assert indicator.solution == solution


def test_a_doubt_is_accepted_and_taken_back(client: Client, draft: Plan) -> None:
    indicator = make_indicator(draft, doubt="Chưa rõ")
    seen = {"fingerprint": fingerprint(indicator)}
    assert client.post(address(indicator, "accept/"), seen, headers=HTMX).status_code == 200
    indicator.refresh_from_db()
    assert (indicator.doubt, indicator.settled) == ("", "Chưa rõ")
    assert client.post(address(indicator, "reopen/"), headers=HTMX).status_code == 200
    indicator.refresh_from_db()
    assert indicator.doubt == "Chưa rõ"
    for act in ("join/", "split/"):
        assert client.get(address(indicator, act)).status_code == 404


# --- after publishing ---


def test_a_target_changes_with_a_reason_and_the_log_keeps_both(cast: Cast, plan: Plan) -> None:
    indicator = make_indicator(plan)
    make_result(indicator, cast.commune, by=cast.commune_secretary)
    seen = fingerprint(indicator)
    changed = indicators.change_indicator(
        indicator=indicator, values={"value": Decimal(2)}, reason=f" {WHY} ", by=cast.office_staff, expected=seen
    )
    assert (changed.value, changed.version, changed.results.count()) == (Decimal(2), 2, 1)
    event = last_event(plan)
    assert (event.action, event.actor, event.object_id) == ("target_changed", cast.office_staff, indicator.pk)
    assert event.data == {"value": ["1", "2"], "goal": ["≥ 1 lớp a year", "≥ 2 lớp a year"], "reason": WHY}


@pytest.mark.parametrize("typed", ["1.000.000.000.000", "9.999.999.999.999,999"])
def test_a_target_is_read_back_exact_and_a_longer_one_refused(
    client: Client, cast: Cast, plan: Plan, typed: str
) -> None:
    indicator = make_indicator(plan)
    page = f"/plans/{plan.pk}/indicators/{indicator.pk}/change/"
    client.cookies["django_language"] = "vi"
    words = {"owner_kinds": list(indicator.owner_kinds.values_list("pk", flat=True)), "reason": WHY}
    refusal = client.post(page, sent(indicator, value=typed, **words))
    assert refusal.status_code == 422
    assert "Tối đa 12 chữ số trước" in refusal.text
    with pytest.raises(ActionRefused, match="12 chữ số"):
        records.give(indicator, {"value": Decimal(10) ** 12}, plan, by=cast.office_staff)
    indicator.refresh_from_db()
    assert client.post(page, sent(indicator, value="999.999.999.999,999", **words)).status_code == 302
    indicator.refresh_from_db()
    assert indicator.value == Decimal("999999999999.999")
    assert "999.999.999.999,999" in client.get(page).text


def test_changes_that_are_refused(cast: Cast, plan: Plan, draft: Plan) -> None:
    indicator = make_indicator(plan)
    make_result(indicator, cast.commune, by=cast.commune_secretary)
    two: dict[str, Any] = {"indicator": indicator, "values": {"value": Decimal(2)}, "reason": WHY}
    for person in (cast.secretary, cast.leader, cast.administrator, cast.outsider):
        with pytest.raises(Http404):
            indicators.change_indicator(**two, by=person)
    by = cast.office_staff
    with pytest.raises(ActionRefused, match="Say why"):
        indicators.change_indicator(**{**two, "reason": " "}, by=by)
    with pytest.raises(ActionRefused, match="Nothing is different"):
        indicators.change_indicator(**{**two, "values": {"value": Decimal(1)}}, by=by)
    with pytest.raises(Stale):
        indicators.change_indicator(**two, by=by, expected="0" * 32)
    for values in ({"frequency": Frequency.MONTH}, {"kind": IndicatorKind.RATIO, "roll_up": RollUp.WEIGHTED}):
        with pytest.raises(ActionRefused, match="are there already"):
            indicators.change_indicator(**{**two, "values": values}, by=by)
    with pytest.raises(ActionRefused, match="draft or closed"):
        indicators.change_indicator(**{**two, "indicator": make_indicator(draft)}, by=by)
    close(plan, by=by)
    with pytest.raises(ActionRefused, match="draft or closed"):
        indicators.change_indicator(**two, by=by)
    indicator.refresh_from_db()
    assert (indicator.value, indicator.version) == (Decimal(1), 1)


def test_a_period_with_results_or_a_lock_stays_one(cast: Cast, plan: Plan) -> None:
    by = cast.office_staff
    kept: dict[str, Any] = {"frequency": Frequency.QUARTER, "start": dt.date(2026, 1, 1), "due": dt.date(2026, 12, 31)}
    given, closed, fed = make_indicator(plan, **kept), make_indicator(plan, **kept), make_indicator(plan, **kept)
    second: dict[str, Any] = {"period_start": dt.date(2026, 4, 1), "period_end": dt.date(2026, 6, 30)}
    make_result(given, cast.commune, by=by, **second)
    PeriodLock.objects.create(indicator=closed, locked_by=by, locked_at=dt.datetime.now(dt.UTC), **second)
    work = ScheduleFactory(solution=SolutionFactory(plan=plan))
    for row in (given, closed):
        change: dict[str, Any] = {"indicator": row, "reason": WHY, "by": by}
        for values in ({"start": dt.date(2026, 2, 1)}, {"start": None}, {"fed_by": work, "kind": IndicatorKind.RATIO}):
            with pytest.raises(ActionRefused, match="are there already"):
                indicators.change_indicator(**change, values=values)
        with pytest.raises(ActionRefused, match="Quarter II/2026 has results or is closed"):
            indicators.change_indicator(**change, values={"due": dt.date(2026, 3, 31)})
        assert indicators.change_indicator(**change, values={"due": dt.date(2026, 6, 30)}).version == 2
    free = indicators.change_indicator(indicator=fed, values={"start": dt.date(2026, 2, 1)}, reason=WHY, by=by)
    assert free.start == dt.date(2026, 2, 1)


def test_a_level_that_results_name_stays(cast: Cast, plan: Plan) -> None:
    indicator = make_indicator(plan, levels=[("Tốt", True), ("Khá", False)])
    make_result(indicator, cast.commune, by=cast.commune_secretary, level=indicator.levels.get(name="Khá"))
    change: dict[str, Any] = {"indicator": indicator, "reason": WHY, "by": cast.office_staff}
    with pytest.raises(ActionRefused, match="Results name this level"):
        indicators.change_indicator(**change, values={"levels": [("Tốt", True)]})
    indicators.change_indicator(**change, values={"levels": [("Khá", True)]})
    assert IndicatorLevel.objects.get().results.count() == 1


def test_the_form_changes_and_shows_what_somebody_else_saved(client: Client, cast: Cast, plan: Plan) -> None:
    indicator = make_indicator(plan)
    page = f"/plans/{plan.pk}/indicators/{indicator.pk}/change/"
    shown = client.get(page)
    assert (shown.status_code, shown.context["form"]["value"].value()) == (200, "1")
    values = sent(indicator, value="4", reason=WHY)
    assert client.post(page, {**values, "reason": ""}).status_code == 422
    facts_of_change: dict[str, Any] = {"values": {"value": Decimal(3)}, "reason": WHY, "by": cast.second_office_staff}
    indicators.change_indicator(indicator=indicator, **facts_of_change)
    both = client.post(page, values)
    assert (both.status_code, both.context["differences"]) == (409, [("Target", "3", "4")])
    answer = client.post(page, {**values, "fingerprint": fingerprint(plan.indicators.get())})
    assert answer["Location"] == f"/plans/{plan.pk}/indicators/#indicator-{indicator.pk}"
    assert plan.indicators.get().value == Decimal(4)
    history = client.get(f"/plans/{plan.pk}/?view=history").text
    assert "(≥ 3 lớp a year → ≥ 4 lớp a year): “Tỉnh ủy giao thêm”" in history


def test_an_indicator_is_added_with_a_reason_and_once(client: Client, cast: Cast, plan: Plan) -> None:
    page = f"/plans/{plan.pk}/indicators/add/"
    key = client.get(page).context["form_key"]
    values = sent(owner_kinds=[str(cast.commune.kind_id)], reason=WHY, form_key=key)
    for _again in range(2):
        assert client.post(page, values).status_code == 302
    added = plan.indicators.get()
    event = last_event(plan)
    assert (event.action, event.object_id, event.data["reason"]) == ("created", added.pk, WHY)
    with pytest.raises(Http404):
        indicators.add_indicator(plan=plan, values={"text": "x"}, reason=WHY, by=cast.leader)


def test_the_list_costs_a_fixed_number_of_queries(
    client: Client, cast: Cast, plan: Plan, django_assert_num_queries: Any
) -> None:
    for count in (2, 20):
        for n in range(count):
            make_indicator(plan, units=[cast.district], kinds=["commune"], conditions=[f"điều {n}", "hai"])
        with django_assert_num_queries(13):
            page = client.get(f"/plans/{plan.pk}/indicators/")
        assert page.text.count("All of these on the same persons:") == min(plan.indicators.count(), 25)
    assert "≥ 1 lớp a year" in page.text


def test_a_list_without_indicators_says_what_to_do(client: Client, cast: Cast, plan: Plan, login: Login) -> None:
    assert "Add one, and units can give results for it." in client.get(f"/plans/{plan.pk}/indicators/").text
    assert "What is to be reached in figures would stand here." in (
        login(cast.reader).get(f"/plans/{plan.pk}/indicators/").text
    )


def test_a_draft_shows_its_indicators_on_the_check_page(client: Client, draft: Plan) -> None:
    assert client.get(f"/plans/{draft.pk}/indicators/")["Location"] == f"/plans/{draft.pk}/check/"


def test_publishing_keeps_the_indicators(client: Client, cast: Cast, read: Plan) -> None:
    publish_plan(plan=read, by=cast.office_staff, despite_gaps=True)
    page = client.get(f"/plans/{read.pk}/indicators/").text
    assert "≥ 2 lớp kỹ năng a year" in page
    assert "trình độ trung cấp lý luận chính trị trở lên" in page


# --- the document comes in again ---


def taken_over(plan: Plan, text: str, cast: Cast, **choices: Choice) -> Compared:
    """Take an edited document over as chosen, else as proposed; return the comparison."""
    by = cast.office_staff
    waiting = keep_document(plan=plan, data=text.encode(), name="b.txt", by=by)
    documents = read_documents(plan=plan, waiting=waiting, by=by)
    compared = compare_documents(plan=plan, documents=documents, by=by)
    chosen = {name.replace("_", "-"): choice for name, choice in choices.items()}
    digest = compared.digest
    apply_document(plan=plan, waiting=waiting, documents=documents, choices=chosen, expected=digest, by=by)
    return compared


def found(compared: Compared) -> list[tuple[str, list[str]]]:
    """Return the differences about indicators, and which values each changes."""
    items = [i for i in compared.comparison.items if i.kind == "indicator"]
    return [(i.state.value, [c.name for c in i.changes]) for i in items]


EDITED = (
    DOCUMENT.replace("ít nhất 02 lớp", "ít nhất 03 lớp")
    .replace("có bằng đại học và trình độ", "có bằng đại học, có kỹ năng số và trình độ")
    .replace("- Đến hết năm 2026, 95% chi đoàn sinh hoạt đúng định kỳ.\n\n", "")
    .replace("II. GIẢI", "- 100% đoàn viên đăng ký rèn luyện.\n\nII. GIẢI")
)


def test_an_edited_target_comes_in_with_its_conditions_and_solution(cast: Cast, read: Plan) -> None:
    classes, schooled, meetings, teams = read.indicators.order_by("ordinal")
    assert found(taken_over(read, EDITED, cast)) == [
        ("changed", ["text", "target"]),
        ("changed", ["text", "conditions"]),
        ("new", []),
        ("gone", []),
    ]
    assert [(i.pk, target_words(i)) for i in read.indicators.order_by("ordinal")][:2] == [
        (classes.pk, "≥ 3 lớp kỹ năng a year"),
        (schooled.pk, "= 100 %"),
    ]
    assert [c.text for c in schooled.conditions.all()] == [
        "có bằng đại học",
        "có kỹ năng số",
        "trình độ trung cấp lý luận chính trị trở lên",
    ]
    assert list(read.indicators.order_by("ordinal").values_list("ordinal", "audience")) == [
        (1, ""),
        (2, "cán bộ Đoàn"),
        (3, "đoàn viên"),
        (4, ""),
    ]
    assert not Indicator.objects.filter(pk=meetings.pk).exists()
    teams.refresh_from_db()
    assert teams.solution == read.solutions.get()


def test_a_target_a_person_set_stays_unless_the_new_one_is_chosen(cast: Cast, read: Plan) -> None:
    classes = read.indicators.get(ordinal=1)
    values = {"kind": "level", "value": None, "roll_up": "count_units", "levels": [("Tốt", True)]}
    records.change_record(record=classes, values=values, by=cast.office_staff)
    compared = taken_over(read, EDITED, cast)
    assert [i.default for i in compared.comparison.items if i.stored == classes.pk] == [Choice.MINE]
    classes.refresh_from_db()
    assert (classes.kind, classes.value) == ("level", None)
    third = EDITED.replace("ít nhất 03 lớp", "ít nhất 04 lớp")
    taken_over(read, third, cast, **{f"indicator_changed_{classes.pk}": Choice.NEW})
    classes.refresh_from_db()
    assert (classes.kind, classes.value, classes.roll_up) == ("number", Decimal(4), "count_units")


def test_a_new_solution_brings_its_figure_along(cast: Cast, read: Plan) -> None:
    more = f"{DOCUMENT}- Ban Phong trào trồng 2.000 cây xanh, hoàn thành trong tháng 5/2026.\n"
    taken_over(read, more, cast)
    trees = read.indicators.get(unit_of_measure="cây xanh")
    assert (trees.solution, list(trees.owner_units.all())) == (read.solutions.get(ordinal=2), [cast.department])
