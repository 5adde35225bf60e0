"""Score sheets: points counted from the reports, own and checked points, objections, and who sees which row."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.http import Http404
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from plans.actions.deadlines import submit
from plans.actions.proof import Proof
from plans.enums import Status
from plans.errors import ActionRefused, Stale
from plans.models import Deadline
from reviews.actions.emulation import (
    change_sheet,
    check_points,
    give_own_points,
    raise_dispute,
    settle_dispute,
)
from reviews.emulation import sent_state
from reviews.emulation_page import sheet_rows, tallies_of
from reviews.forms.emulation import SheetForm
from reviews.models import EmulationCriterion, EmulationScore, EmulationSheet, ReportKind
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import make_report_kind, make_score_sheet, make_substitution, make_unit
from tests.reviews.tallies import tally_of
from units.models import AuditEvent, Unit, User
from units.models.audit import AuditAction

pytestmark = pytest.mark.usefixtures("today")
DECEMBER = dt.date(2026, 12, 31)


@pytest.fixture
def kind(cast: Cast) -> ReportKind:
    """A monthly report of the two districts, due from 25 March on."""
    return make_report_kind(cast.province, cast.district, cast.other_district, by=cast.office_staff)


@pytest.fixture
def sheet(cast: Cast, kind: ReportKind) -> EmulationSheet:
    assert kind.pk
    return make_score_sheet(cast.province, "district", by=cast.office_staff)


def reports_of(sheet: EmulationSheet) -> EmulationCriterion:
    found: EmulationCriterion = sheet.criteria.get(kind="reports")
    return found


def judged_of(sheet: EmulationSheet) -> EmulationCriterion:
    found: EmulationCriterion = sheet.criteria.filter(kind="judged")[0]
    return found


def send(unit: Unit, by: User, *months: int, day: int = 20) -> None:
    """Send the reports of `months` on a day of each."""
    for row in Deadline.objects.filter(unit=unit, due_on__month__in=months):
        on = dt.date(2026, row.due_on.month, day) if row.due_on else None
        proof = Proof(document_numbers=(f"{row.pk}-BC/ĐTN",))
        submit(deadline=row, by=by, version=row.version, proof=proof, today=on)


def totals(sheet: EmulationSheet, user: User, today: dt.date = DECEMBER) -> list[tuple[str, Decimal, int | None]]:
    return [(row.unit.name, row.total, row.place) for row in sheet_rows(sheet, user=user, today=today)]


def own(cast: Cast, sheet: EmulationSheet, points: int = 9, **facts: Any) -> EmulationScore:
    values: dict[str, Any] = {
        "unit": cast.district,
        "proof": "Báo cáo số 20-BC/ĐTN",
        "by": cast.secretary,
        "version": 0,
    }
    return give_own_points(criterion=judged_of(sheet), points=Decimal(points), **{**values, **facts})


# --- computed ---


def test_points_are_counted_from_the_reports(cast: Cast, sheet: EmulationSheet) -> None:
    send(cast.district, cast.secretary, *range(3, 13))
    send(cast.other_district, cast.sibling_secretary, *range(5, 13))
    assert totals(sheet, cast.office_staff) == [
        (cast.district.name, Decimal(8), 1),
        (cast.other_district.name, Decimal(6), 2),  # two monthly ones are missing
    ]


def test_what_is_not_due_yet_is_not_missing(cast: Cast, sheet: EmulationSheet) -> None:
    today = dt.date(2026, 3, 16)
    assert [total for _unit, total, _place in totals(sheet, cast.office_staff, today)] == [8, 8]


def test_late_reports_fail_unless_excused_and_stopped_ones_are_not_owed(cast: Cast, sheet: EmulationSheet) -> None:
    send(cast.district, cast.secretary, *range(3, 10))
    send(cast.district, cast.secretary, 10, 11, 12, day=28)
    assert totals(sheet, cast.office_staff)[0][:2] == (cast.district.name, Decimal(4))
    late = Deadline.objects.filter(unit=cast.district, due_on__month__gte=11)
    late.update(excused_until=DECEMBER, excuse="Bão", excused_by=cast.leader)
    assert totals(sheet, cast.office_staff)[0][:2] == (cast.district.name, Decimal(6))
    Deadline.objects.filter(unit=cast.other_district).update(status=Status.CANCELLED, reason="Thôi")
    assert totals(sheet, cast.office_staff)[0][:2] == (cast.other_district.name, Decimal(8))


def test_the_grouped_count_tells_what_the_pure_rule_tells(cast: Cast, sheet: EmulationSheet) -> None:
    send(cast.district, cast.secretary, 3, 4)
    send(cast.district, cast.secretary, 5, 6, 7, day=27)
    rows = Deadline.objects.filter(unit=cast.district)
    rows.filter(due_on__month=6).update(excused_until=dt.date(2026, 6, 27), excuse="Bão", excused_by=cast.leader)
    rows.filter(due_on__month=7).update(excused_until=dt.date(2026, 7, 26), excuse="Bão", excused_by=cast.leader)
    rows.filter(due_on__month=8).update(status=Status.RETURNED, reason="Thiếu")
    rows.filter(due_on__month=9).update(status=Status.CANCELLED, reason="Thôi")
    today = dt.date(2026, 10, 20)
    names = ("status", "due_on", "reported_on", "excused_until")
    pure = tally_of(("month", sent_state(**row, today=today)) for row in rows.values(*names))
    counted = tallies_of(sheet, [cast.district.pk], user=cast.office_staff, today=today)[cast.district.pk]
    for name in ("on_time", "late", "missing"):
        assert getattr(counted, name)["month"] == getattr(pure, name)["month"], name
    assert (pure.on_time["month"], pure.late["month"], pure.missing["month"]) == (3, 2, 1)


def test_a_unit_that_owed_nothing_has_no_points_for_it(cast: Cast, sheet: EmulationSheet) -> None:
    new = make_unit("Huyện đoàn Mới", code="ST-M", kind="district", parent=cast.province)
    found = {row.unit: row.points[0].points for row in sheet_rows(sheet, user=cast.office_staff, today=DECEMBER)}
    assert found[new] is None


def test_a_unit_that_nothing_gave_points_has_no_place(cast: Cast, sheet: EmulationSheet, login: Login) -> None:
    new = make_unit("Huyện đoàn Mới", code="ST-M", kind="district", parent=cast.province)
    own(cast, sheet)
    found = {row.unit: row.place for row in sheet_rows(sheet, user=cast.office_staff, today=DECEMBER)}
    assert (found[new], found[cast.district], found[cast.other_district]) == (None, 1, 1)
    assert "tự chấm 9,0" in login(cast.office_staff).get(sheet.get_absolute_url()).text


# --- judged ---


def test_own_points_are_checked_by_another(cast: Cast, sheet: EmulationSheet) -> None:
    score = own(cast, sheet)
    assert totals(sheet, cast.office_staff, dt.date(2026, 3, 16))[0][1] == 8  # not checked yet
    facts: dict[str, Any] = {"criterion": judged_of(sheet), "unit": cast.district, "note": "Thiếu minh chứng"}
    check_points(points=Decimal("7.5"), by=cast.office_staff, version=score.version, **facts)
    assert totals(sheet, cast.office_staff, dt.date(2026, 3, 16))[0][:2] == (cast.district.name, Decimal("15.5"))
    with pytest.raises(ActionRefused, match="khiếu nại"):
        own(cast, sheet, version=2)
    told = AuditEvent.objects.filter(object_type="emulationscore").order_by("pk")
    assert [(e.action, e.unit_id, e.data) for e in told] == [
        (AuditAction.EMULATION_OWN, cast.district.pk, {}),
        (AuditAction.EMULATION_CHECKED, cast.district.pk, {}),  # never how many
    ]


def test_points_beyond_the_criterion_without_proof_or_stale_are_refused(cast: Cast, sheet: EmulationSheet) -> None:
    for wrong in ({"points": 11}, {"points": -1}, {"proof": " "}):
        with pytest.raises(ActionRefused):
            own(cast, sheet, **wrong)
    own(cast, sheet)
    with pytest.raises(Stale):
        own(cast, sheet, points=3)
    assert EmulationScore.objects.get().own_points == 9


def test_who_entered_own_points_does_not_check_them(cast: Cast, sheet: EmulationSheet) -> None:
    own(cast, sheet, by=cast.office_staff)
    facts: dict[str, Any] = {"criterion": judged_of(sheet), "unit": cast.district, "points": Decimal(9), "note": ""}
    with pytest.raises(ActionRefused, match="người khác"):
        check_points(by=cast.office_staff, version=1, **facts)
    make_substitution(cast.office_staff, cast.reader)
    with pytest.raises(ActionRefused, match="người khác"):  # nor through another's hand
        check_points(by=User.objects.get(pk=cast.reader.pk), version=1, **facts)
    check_points(by=cast.second_office_staff, version=1, **facts)


@pytest.mark.parametrize("who", ["sibling_secretary", "leader", "department_head", "reader", "outsider"])
def test_others_enter_no_points(cast: Cast, sheet: EmulationSheet, who: str) -> None:
    person = getattr(cast, who)
    with pytest.raises(Http404):
        own(cast, sheet, by=person)
    with pytest.raises(Http404):
        check_points(criterion=judged_of(sheet), unit=cast.district, points=Decimal(1), note="", by=person, version=0)
    with pytest.raises(Http404):
        raise_dispute(criterion=reports_of(sheet), unit=cast.district, text="Sai", by=person)


def test_units_that_are_not_scored_take_no_points(cast: Cast, sheet: EmulationSheet) -> None:
    with pytest.raises(Http404):
        own(cast, sheet, unit=cast.commune)


# --- objections ---


def test_only_a_settled_objection_changes_a_counted_figure(cast: Cast, sheet: EmulationSheet) -> None:
    send(cast.district, cast.secretary, *range(5, 13))
    criterion = reports_of(sheet)
    facts: dict[str, Any] = {"criterion": criterion, "unit": cast.district}
    with pytest.raises(ActionRefused, match="khiếu nại"):
        check_points(points=Decimal(8), note="", by=cast.office_staff, version=0, **facts)
    dispute = raise_dispute(text="Báo cáo tháng 3 gửi qua thư.", by=cast.secretary, **facts)
    with pytest.raises(Stale):
        raise_dispute(text="Lần nữa", by=cast.secretary, **facts)
    assert totals(sheet, cast.office_staff)[0][1] == 6
    with pytest.raises(ActionRefused, match="lý do"):
        settle_dispute(dispute=dispute, points=Decimal(8), reason=" ", by=cast.office_staff)
    with pytest.raises(ActionRefused, match="8"):
        settle_dispute(dispute=dispute, points=Decimal(9), reason="Có công văn", by=cast.office_staff)
    settle_dispute(dispute=dispute, points=Decimal(8), reason="Có công văn đến.", by=cast.office_staff)
    assert totals(sheet, cast.office_staff)[0][1] == 8
    with pytest.raises(Stale):
        settle_dispute(dispute=dispute, points=None, reason="Lại", by=cast.second_office_staff)
    again = raise_dispute(text="Lần hai", by=cast.secretary, **facts)
    settle_dispute(dispute=again, points=None, reason="Không có căn cứ.", by=cast.office_staff)
    assert totals(sheet, cast.office_staff)[0][1] == 8  # as settled before
    acts = AuditEvent.objects.filter(object_type="emulationscore").values_list("action", flat=True)
    assert set(acts) == {AuditAction.DISPUTE_RAISED, AuditAction.DISPUTE_SETTLED}


def test_nobody_settles_an_objection_of_their_own(cast: Cast, sheet: EmulationSheet) -> None:
    dispute = raise_dispute(criterion=reports_of(sheet), unit=cast.district, text="Sai", by=cast.office_staff)
    with pytest.raises(ActionRefused, match="người khác"):
        settle_dispute(dispute=dispute, points=None, reason="Đúng", by=cast.office_staff)
    for person in (cast.secretary, cast.leader, cast.reader):
        with pytest.raises(Http404):
            settle_dispute(dispute=dispute, points=None, reason="Đúng", by=person)


# --- the sheet ---


def test_a_sheet_changes_only_while_nobody_has_entered_points(cast: Cast, sheet: EmulationSheet) -> None:
    form = SheetForm(unit=cast.province, sheet=sheet)
    sent = {f.html_name: f.value() for f in form if f.value() not in (None, "")}
    sent |= {"unit_kinds": [k.pk for k in sheet.unit_kinds.all()], "name_1": "Sáng tạo", "most_1": "5"}
    sent = {
        name: str(value).replace(".", ",") if isinstance(value, Decimal) else value for name, value in sent.items()
    }
    form = SheetForm(sent, unit=cast.province, sheet=sheet)
    assert form.is_valid(), form.errors
    facts: dict[str, Any] = {"sheet": sheet, "content": form.content(), "by": cast.office_staff}
    change_sheet(version=1, **facts)
    assert [str(c) for c in sheet.criteria.all()] == ["1. Chế độ báo cáo", "2. Phát triển đoàn viên", "3. Sáng tạo"]
    assert list(reports_of(sheet).bands.values_list("points", "month", "quarter")) == [
        (8, 0, 0),
        (6, 2, 0),
        (4, 3, 0),
        (4, 0, 1),
    ]
    with pytest.raises(Stale):
        change_sheet(version=1, **facts)
    own(cast, sheet)
    with pytest.raises(ActionRefused, match="bảng điểm khác"):
        change_sheet(version=2, **facts)


def test_a_sheet_without_units_or_criteria_or_with_equal_bands_is_refused(cast: Cast, kind: ReportKind) -> None:
    assert kind.pk
    twice = [(Decimal(8), 0, 0, 0, 0), (Decimal(6), 0, 0, 0, 0)]
    wrong: dict[str, Any]
    for wrong in ({"bands": [], "judged": []}, {"bands": twice}, {"judged": [("Sáng tạo", Decimal(0))]}):
        with pytest.raises(ActionRefused):
            make_score_sheet(cast.province, "district", by=cast.office_staff, **wrong)
    with pytest.raises(ActionRefused):
        make_score_sheet(cast.province, by=cast.office_staff)
    with pytest.raises(Http404):
        make_score_sheet(cast.province, "district", by=cast.leader)
    assert not EmulationSheet.objects.exists()


# --- pages ---


def test_a_unit_sees_its_own_row_without_a_place(cast: Cast, sheet: EmulationSheet, login: Login) -> None:
    own(cast, sheet, unit=cast.other_district, by=cast.sibling_secretary, proof="Bí mật của Cẩm Giang")
    page = login(cast.secretary).get(sheet.get_absolute_url())
    assert [(row.unit, row.place) for row in page.context["rows"]] == [(cast.district, None)]
    assert cast.other_district.name not in page.text
    hidden = reverse("reviews:emulation_unit", args=[sheet.pk, cast.other_district.pk])
    assert login(cast.secretary).get(hidden).status_code == 404
    assert "Bí mật của Cẩm Giang" in login(cast.leader).get(hidden).text
    assert login(cast.commune_secretary).get(sheet.get_absolute_url()).status_code == 404
    assert login(cast.outsider).get(sheet.get_absolute_url()).status_code == 404


def test_the_figure_opens_to_its_facts(cast: Cast, sheet: EmulationSheet, login: Login) -> None:
    send(cast.district, cast.secretary, 3)
    page = login(cast.secretary).get(reverse("reviews:emulation_unit", args=[sheet.pk, cast.district.pk]))
    first = page.context["facts"][0]
    assert (first.period, first.due_on, first.reported_on) == (
        "Tháng 3/2026",
        dt.date(2026, 3, 25),
        dt.date(2026, 3, 20),
    )
    assert first.papers.endswith("-BC/ĐTN")
    row = Deadline.objects.get(unit=cast.district, due_on=first.due_on)
    assert first.cell.href == row.get_absolute_url()
    assert len(page.context["facts"]) == 10


def test_from_own_points_to_a_settled_objection_by_the_pages(cast: Cast, sheet: EmulationSheet, login: Login) -> None:
    secretary, office = login(cast.secretary), login(cast.office_staff)
    args = [sheet.pk, cast.district.pk, judged_of(sheet).pk]
    own_page, check, objecting = (reverse(f"reviews:emulation_{act}", args=args) for act in ("own", "check", "object"))
    assert secretary.post(own_page, {"own_points": "11", "proof": "x", "version": "0"}).status_code == 422
    sent = {"own_points": "9,5", "proof": "Báo cáo số 20-BC/ĐTN ngày 02/03/2026", "version": "0"}
    assert secretary.post(own_page, sent).status_code == 302
    assert secretary.post(own_page, sent).status_code == 409
    assert secretary.post(check, {"checked_points": "9", "version": "1"}).status_code == 404
    assert office.post(check, {"checked_points": "9", "version": "1"}).status_code == 302
    assert secretary.post(objecting, {"text": ""}).status_code == 422
    assert secretary.post(objecting, {"text": "Chưa tính lớp tháng 2"}).status_code == 302
    score = EmulationScore.objects.get()
    settle = reverse("reviews:emulation_settle", args=[score.disputes.get().pk])
    assert secretary.get(settle).status_code == 404
    assert office.get(settle).status_code == 200
    assert office.post(settle, {"points": "9,5", "reason": "Đúng."}).status_code == 302
    assert office.post(settle, {"points": "1", "reason": "Sai."}).status_code == 409
    page = secretary.get(reverse("reviews:emulation_unit", args=args[:2]))
    assert page.context["row"].total == Decimal("17.5")
    assert "Đúng." in page.text


def test_the_office_sets_a_sheet_up_once(cast: Cast, kind: ReportKind, login: Login) -> None:
    assert kind.pk
    office, address = login(cast.office_staff), reverse("reviews:emulation_new")
    form = office.get(address).context["form"]
    data = {f.html_name: f.value() for f in form if f.value() not in (None, "")}
    data = {name: str(value) for name, value in data.items()}
    data |= {"title": "Thi đua 2026", "unit_kinds": str(cast.district.kind_id), "form_key": "k" * 22}
    assert office.post(address, {**data, "name_0": "Không điểm"}).status_code == 422
    for _twice in range(2):
        assert office.post(address, data).status_code == 302
    sheet = EmulationSheet.objects.get()
    assert (sheet.criteria.get().most, sheet.criteria.get().bands.count()) == (Decimal(8), 4)
    assert login(cast.leader).get(address).status_code == 404


@pytest.mark.parametrize("many", [1, 12])
def test_the_sheet_costs_the_same_for_few_and_many_units(
    cast: Cast, login: Login, django_assert_num_queries: DjangoAssertNumQueries, many: int
) -> None:
    units = [make_unit(f"Đoàn xã {n}", code=f"ST-X{n}", parent=cast.district) for n in range(many)]
    make_report_kind(cast.province, *units, by=cast.office_staff)
    sheet = make_score_sheet(cast.province, "commune", by=cast.office_staff)
    for unit in units:
        own(cast, sheet, unit=unit, by=cast.office_staff)
    office = login(cast.office_staff)
    office.get(sheet.get_absolute_url())
    with django_assert_num_queries(SHEET):
        office.get(sheet.get_absolute_url())
    with django_assert_num_queries(UNIT):
        office.get(reverse("reviews:emulation_unit", args=[sheet.pk, units[0].pk]))


SHEET, UNIT = 10, 14
