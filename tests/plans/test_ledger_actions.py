"""Acts on the ledger: origins, lineage, merging, reviews and the draft of the next year."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import RestrictedError
from django.http import Http404

from plans.actions import ledger as acts
from plans.actions.plans import discard_plan
from plans.actions.records import change_record, drop_record, join_shortcomings
from plans.enums import PlanStatus, ShortcomingState, Subject
from plans.errors import ActionRefused, Stale
from plans.forms.records import KINDS
from plans.ledger_page import by_year, equation_of_plan
from plans.models import Plan, Shortcoming, ShortcomingReview
from plans.record_values import CHANGEABLE
from tests.cast import Cast
from tests.factories import (
    PlanFactory,
    ShortcomingFactory,
    SolutionFactory,
    close,
    make_ledger,
    make_published_plan,
    make_review,
)
from units.models import AuditEvent

pytestmark = pytest.mark.usefixtures("today")
TODAY = dt.date(2026, 3, 16)
LAST_YEAR = {"period_start": dt.date(2025, 1, 1), "period_end": dt.date(2025, 12, 31)}
STRANGERS = ["leader", "department_head", "reader", "administrator", "secretary", "outsider"]


@pytest.fixture
def old(cast: Cast) -> Plan:
    """Return last year's plan of the province."""
    return make_published_plan(cast.province, title="Kế hoạch khắc phục năm 2025", **LAST_YEAR)


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """Return this year's plan of the province."""
    return make_published_plan(cast.province, title="Kế hoạch khắc phục năm 2026")


def last_event() -> tuple[str, str, dict[str, Any]]:
    event = AuditEvent.objects.latest("pk")
    return event.action, event.object_label, event.data


# --- origins ---


def test_origins_of_many_are_marked_at_once(cast: Cast, plan: Plan) -> None:
    rows = make_ledger(plan, "", "", "new")
    origins = {rows[0].pk: "new", rows[1].pk: "carried_over", rows[2].pk: "new"}
    assert acts.mark_origins(plan=plan, origins=origins, by=cast.office_staff) == 2
    assert list(plan.shortcomings.values_list("origin", "version")) == [("new", 2), ("carried_over", 2), ("new", 1)]
    assert AuditEvent.objects.filter(action="origin_marked", plan_id=plan.pk).count() == 2
    assert str(equation_of_plan(plan)) == "2 + 1 − 0 = 3"


def test_one_origin_is_marked(cast: Cast, plan: Plan) -> None:
    (row,) = make_ledger(plan, "")
    assert acts.mark_origin(shortcoming=row, origin="new", by=cast.office_staff).origin == "new"
    assert last_event() == ("origin_marked", "1. Khuyết điểm thử số 1.", {"origin": ["", "new"], "version": 2})


@pytest.mark.parametrize("who", STRANGERS)
def test_only_who_runs_the_plan_acts_on_its_ledger(cast: Cast, old: Plan, plan: Plan, who: str) -> None:
    by, (row, other), (source,) = getattr(cast, who), make_ledger(plan, "new", "new"), make_ledger(old, "new")
    said: dict[str, Any] = {"day": TODAY, "state": "partly", "review": "Họp"}
    for act in (
        lambda: acts.mark_origin(shortcoming=row, origin="new", by=by),
        lambda: acts.carry_over_from(shortcoming=row, source=source, by=by),
        lambda: acts.merge(shortcoming=row, into=other, by=by),
        lambda: acts.unmerge(shortcoming=row, by=by),
        lambda: acts.record_review(shortcoming=row, by=by, **said),
        lambda: acts.start_next_ledger(plan=plan, by=by, year=2027),
    ):
        with pytest.raises(Http404):
            act()
    assert not AuditEvent.objects.exists()


def test_a_second_person_who_marks_otherwise_is_told(cast: Cast, plan: Plan) -> None:
    row, other = make_ledger(plan, "", "")
    acts.mark_origin(shortcoming=row, origin="new", by=cast.second_office_staff)
    with pytest.raises(Stale):
        acts.mark_origins(
            plan=plan,
            origins={row.pk: "carried_over", other.pk: "new"},
            seen={row.pk: "", other.pk: ""},
            by=cast.office_staff,
        )
    assert list(plan.shortcomings.values_list("origin", flat=True)) == ["new", ""]


# --- lineage ---


def test_a_link_says_the_origin_and_the_first_year(cast: Cast, old: Plan, plan: Plan) -> None:
    (source,), (row,) = make_ledger(old, "carried_over", origin_year=2023), make_ledger(plan, "new")
    acts.carry_over_from(shortcoming=row, source=source, by=cast.office_staff)
    row.refresh_from_db()
    assert (row.origin, row.origin_year, row.carried_over_from) == ("carried_over", 2023, source)
    assert last_event()[2] == {"from": [None, source.pk], "origin_year": [None, 2023], "version": 2}
    with pytest.raises(ActionRefused, match="liên kết"):
        acts.mark_origin(shortcoming=row, origin="new", by=cast.office_staff)
    acts.carry_over_from(shortcoming=row, source=None, by=cast.office_staff)
    row.refresh_from_db()
    assert (row.origin, row.carried_over_from) == ("carried_over", None)


def test_nothing_is_carried_over_from_a_draft(cast: Cast, plan: Plan) -> None:
    (drafted,) = make_ledger(PlanFactory(issuing_unit=cast.province, **LAST_YEAR), "new")
    (row,) = make_ledger(plan, "new")
    with pytest.raises(ActionRefused, match="dự thảo"):
        acts.carry_over_from(shortcoming=row, source=drafted, by=cast.office_staff)


def test_a_draft_that_others_lean_on_is_not_thrown_away(cast: Cast) -> None:
    draft, other = PlanFactory(issuing_unit=cast.province), PlanFactory(issuing_unit=cast.province)
    (source,) = make_ledger(draft, "new")
    (row,) = make_ledger(other, "carried_over", carried_over_from=source)
    with pytest.raises(ActionRefused, match=other.title):
        discard_plan(plan=draft, by=cast.office_staff)
    acts.carry_over_from(shortcoming=row, source=None, by=cast.office_staff)
    Plan.objects.filter(pk=other.pk).update(parent=draft)
    with pytest.raises(ActionRefused, match=other.title):
        discard_plan(plan=draft, by=cast.office_staff)
    Plan.objects.filter(pk=other.pk).update(parent=None)
    discard_plan(plan=draft, by=cast.office_staff)
    assert list(Plan.objects.all()) == [other]


def test_without_an_older_year_the_first_year_is_that_of_the_plan(cast: Cast, old: Plan, plan: Plan) -> None:
    (source,), (row,) = make_ledger(old, "new"), make_ledger(plan, "")
    acts.carry_over_from(shortcoming=row, source=source, by=cast.office_staff)
    assert Shortcoming.objects.get(pk=row.pk).origin_year == 2025


def test_what_makes_no_lineage_is_refused(cast: Cast, old: Plan, plan: Plan) -> None:
    row, same_plan = make_ledger(plan, "new", "new")
    (foreign,) = make_ledger(make_published_plan(cast.district, **LAST_YEAR), "new")
    (later,) = make_ledger(make_published_plan(cast.province, period_start=dt.date(2027, 1, 1), period_end=None), "")
    (source,) = make_ledger(old, "new")
    for wrong in (same_plan, foreign, later, row):
        with pytest.raises(ActionRefused):
            acts.carry_over_from(shortcoming=row, source=wrong, by=cast.office_staff)
    acts.carry_over_from(shortcoming=row, source=source, by=cast.office_staff)
    Plan.objects.filter(pk=old.pk).update(period_start=dt.date(2026, 1, 1), period_end=dt.date(2026, 6, 30))
    with pytest.raises(ActionRefused, match="chính"):  # a circle
        acts.carry_over_from(shortcoming=source, source=row, by=cast.office_staff)
    with pytest.raises(IntegrityError), transaction.atomic():
        Shortcoming.objects.filter(pk=row.pk).update(origin="new")


# --- merging ---


def test_five_new_and_three_carried_over_with_one_the_same_list_seven(cast: Cast, plan: Plan) -> None:
    rows = make_ledger(plan, *["new"] * 5, *["carried_over"] * 3)
    rows[7].named_units.add(cast.district)
    rows[7].solutions.add(SolutionFactory(plan=plan, ordinal=1))
    acts.merge(shortcoming=rows[7], into=rows[0], by=cast.office_staff)
    assert str(equation_of_plan(plan)) == "5 + 3 − 1 = 7"
    assert (plan.shortcomings.count(), plan.shortcomings.listed().count()) == (8, 7)
    assert list(rows[0].named_units.all()) == [cast.district]
    assert rows[0].solutions.count() == 1
    assert last_event()[::2] == ("merged", {"into": 1, "version": 2})
    acts.unmerge(shortcoming=rows[7], by=cast.office_staff)
    assert str(equation_of_plan(plan)) == "5 + 3 − 0 = 8"
    assert last_event()[0] == "unmerged"


def test_in_a_draft_what_is_listed_stays_numbered_without_a_gap(cast: Cast) -> None:
    draft = PlanFactory(issuing_unit=cast.province)
    rows = make_ledger(draft, "new", "carried_over", "new")
    acts.merge(shortcoming=rows[1], into=rows[0], by=cast.office_staff)
    assert list(draft.shortcomings.values_list("ordinal", "text")) == [
        (1, "Khuyết điểm thử số 1."), (2, "Khuyết điểm thử số 3."), (3, "Khuyết điểm thử số 2."),
    ]  # fmt: skip
    with pytest.raises(ActionRefused):
        drop_record(record=rows[0], by=cast.office_staff)  # another is merged into it
    discard_plan(plan=draft, by=cast.office_staff)
    assert not Shortcoming.objects.exists()


def test_a_merged_row_can_be_merged_no_further(cast: Cast, plan: Plan) -> None:
    first, second, third, personal = make_ledger(plan, "new", "new", "new", "new")
    Shortcoming.objects.filter(pk=personal.pk).update(subject=Subject.PERSON)
    acts.merge(shortcoming=second, into=first, by=cast.office_staff)
    wrong = [(second, third), (third, second), (first, third), (third, third), (third, personal)]
    for row, into in wrong:
        with pytest.raises(ActionRefused):
            acts.merge(shortcoming=row, into=into, by=cast.office_staff)
    with pytest.raises(Stale):
        acts.unmerge(shortcoming=third, by=cast.office_staff)
    with pytest.raises(Stale):
        acts.merge(shortcoming=third, into=first, by=cast.office_staff, version=7)
    with pytest.raises(RestrictedError):
        first.delete()


# --- reviews ---


def test_the_state_is_that_of_the_latest_review_by_day(cast: Cast, old: Plan) -> None:
    (row,) = make_ledger(old, "new")
    make_review(row, by=cast.office_staff, day=dt.date(2025, 12, 20), document_number="12-BC/TĐTN", note="Đã xong.")
    make_review(row, by=cast.office_staff, day=dt.date(2025, 6, 30), state="partly", review="Sơ kết")
    row.refresh_from_db()
    assert (row.state, row.remedied_on, row.version) == ("remedied", dt.date(2025, 12, 20), 3)
    assert last_event()[2] == {
        "state": ["remedied", "remedied"], "day": "2025-06-30", "check": False, "review": "Sơ kết", "version": 3,
    }  # fmt: skip


def test_a_check_of_effectiveness_can_open_it_again(cast: Cast, old: Plan) -> None:
    (row,) = make_ledger(old, "new")
    check = {"is_effectiveness_check": True, "review": "Phúc tra"}
    with pytest.raises(ActionRefused):
        make_review(row, by=cast.office_staff, **check)  # nothing is remedied yet
    make_review(row, by=cast.office_staff, day=dt.date(2025, 6, 1))
    assert list(Shortcoming.objects.to_be_checked(TODAY)) == [row]
    with pytest.raises(ActionRefused):
        make_review(row, by=cast.office_staff, day=dt.date(2025, 5, 1), **check)  # before it was remedied
    make_review(row, by=cast.office_staff, day=dt.date(2026, 1, 5), **check)
    assert not Shortcoming.objects.to_be_checked(TODAY).exists()
    assert row.remedied_on == dt.date(2025, 6, 1)
    make_review(row, by=cast.office_staff, day=dt.date(2026, 2, 5), state="open", **check)
    assert Shortcoming.objects.filter(pk=row.pk, state="open", remedied_on=None).exists()


def test_a_review_is_refused_where_it_says_nothing(cast: Cast, plan: Plan) -> None:
    row, merged = make_ledger(plan, "new", "new")
    acts.merge(shortcoming=merged, into=row, by=cast.office_staff)
    (drafted,) = make_ledger(PlanFactory(issuing_unit=cast.province), "new")
    tomorrow: dict[str, Any] = {"day": TODAY + dt.timedelta(1)}
    wrong: list[tuple[Shortcoming, dict[str, Any]]] = [
        (row, tomorrow), (row, {"review": " "}), (merged, {}), (drafted, {}), (row, {"version": 9}),
    ]  # fmt: skip
    for target, facts in wrong:
        with pytest.raises(ActionRefused):
            make_review(target, by=cast.office_staff, **facts)
    assert not ShortcomingReview.objects.exists()


def test_a_review_is_written_once(cast: Cast, old: Plan) -> None:
    (row,) = make_ledger(old, "new")
    review = make_review(row, by=cast.office_staff)
    review.note = "Khác"
    with pytest.raises(TypeError):
        review.save()


def test_no_form_sets_the_state() -> None:
    assert not {"state", "remedied_on", "origin", "carried_over_from", "merged_into"} & {*CHANGEABLE[Shortcoming]}
    (form,) = (kind.form for kind in KINDS.values() if kind.slug == "shortcoming")
    assert "state" not in form.base_fields


# --- the next year ---


def test_the_next_year_begins_with_what_is_still_open(cast: Cast, old: Plan) -> None:
    Plan.objects.filter(pk=old.pk).update(
        kind="shortcoming_remediation", issuing_body="Ban Thường vụ", symbol="12-KH/TĐTN",
        coordinating_unit=cast.department, directive_lead_days=9, days_off_move=True, issued_on=dt.date(2025, 1, 10),
    )  # fmt: skip
    old.refresh_from_db()
    done, partly, merged, untouched = make_ledger(old, "new", "carried_over", "new", "new", found_in="Kiểm điểm")
    Shortcoming.objects.filter(pk=partly.pk).update(cause="Thiếu người", origin_year=2022)
    partly.named_units.add(cast.district)
    acts.merge(shortcoming=merged, into=partly, by=cast.office_staff)
    make_review(done, by=cast.office_staff)
    make_review(partly, by=cast.office_staff, state="partly")
    draft = acts.start_next_ledger(plan=old, by=cast.office_staff, year=2026)
    assert (draft.title, draft.status, draft.symbol) == ("Kế hoạch khắc phục năm 2026", PlanStatus.DRAFT, "")
    assert (draft.period_start, draft.period_end, draft.issued_on) == (
        dt.date(2026, 1, 1),
        dt.date(2026, 12, 31),
        None,
    )
    kept = ("kind", "issuing_unit_id", "issuing_body", "coordinating_unit_id", "directive_lead_days", "days_off_move")
    assert [getattr(draft, name) for name in kept] == [getattr(old, name) for name in kept]
    columns = ("ordinal", "text", "origin", "origin_year", "carried_over_from", "cause", "found_in", "state")
    assert list(draft.shortcomings.values_list(*columns)) == [
        (1, partly.text, "carried_over", 2022, partly.pk, "Thiếu người", "Kiểm điểm", "open"),
        (2, untouched.text, "carried_over", 2025, untouched.pk, "", "Kiểm điểm", "open"),
    ]
    assert list(draft.shortcomings.get(ordinal=1).named_units.all()) == [cast.district]
    assert str(equation_of_plan(draft)) == "0 + 2 − 0 = 2"
    assert last_event()[::2] == ("ledger_continued", {"from": old.pk, "shortcomings": 2, "year": 2026})
    assert list(Shortcoming.objects.filter(plan=draft).matching("thieu nguoi", cast.office_staff)) == [
        draft.shortcomings.get(ordinal=1)
    ]


def test_a_second_draft_of_the_year_is_made_only_on_purpose(cast: Cast, old: Plan) -> None:
    make_ledger(old, "new")
    first = acts.start_next_ledger(plan=old, by=cast.office_staff, year=2026, key="k" * 22)
    assert acts.start_next_ledger(plan=old, by=cast.office_staff, year=2026, key="k" * 22) == first
    with pytest.raises(acts.SameYear) as refusal:
        acts.start_next_ledger(plan=old, by=cast.office_staff, year=2026)
    assert refusal.value.draft == first
    assert first.title in str(refusal.value.message)
    second = acts.start_next_ledger(plan=old, by=cast.office_staff, year=2026, despite_draft=True, title="Bản hai")
    assert (second.title, Plan.objects.filter(status="draft").count()) == ("Bản hai", 2)


def test_no_draft_comes_of_a_draft_of_nothing_open_or_of_an_earlier_year(cast: Cast, old: Plan) -> None:
    drafted = PlanFactory(issuing_unit=cast.province)
    make_ledger(drafted, "new")
    with pytest.raises(ActionRefused):
        acts.start_next_ledger(plan=drafted, by=cast.office_staff, year=2027)
    with pytest.raises(ActionRefused):
        acts.start_next_ledger(plan=old, by=cast.office_staff, year=2026)
    (row,) = make_ledger(old, "new")
    for year in (2025, 2024, 9999):
        with pytest.raises(ActionRefused):
            acts.start_next_ledger(plan=old, by=cast.office_staff, year=year)
    make_review(row, by=cast.office_staff)
    with pytest.raises(ActionRefused):
        acts.start_next_ledger(plan=old, by=cast.office_staff, year=2026)
    assert Plan.objects.filter(status="draft").count() == 1


def test_what_a_published_plan_carries_on_is_not_carried_over_again(cast: Cast, old: Plan, plan: Plan) -> None:
    first, second = make_ledger(old, "new", "new")
    make_ledger(plan, "carried_over", carried_over_from=first)
    draft = acts.start_next_ledger(plan=old, by=cast.office_staff, year=2026)
    assert [row.carried_over_from for row in draft.shortcomings.all()] == [second]
    assert [(line.year, line.equation.listed) for line in by_year(Shortcoming.objects.all())] == [(2026, 1), (2025, 2)]
    make_ledger(plan, "carried_over", first=2, carried_over_from=second)
    with pytest.raises(ActionRefused, match="đã được chuyển tiếp"):
        acts.start_next_ledger(plan=old, by=cast.office_staff, year=2026, despite_draft=True)


def test_the_ledger_of_a_closed_plan_takes_reviews_only(cast: Cast, old: Plan) -> None:
    first, second, third = make_ledger(old, "new", "new", "new")
    acts.merge(shortcoming=third, into=first, by=cast.office_staff)
    close(old, by=cast.office_staff)
    by = cast.office_staff
    for act in (
        lambda: acts.mark_origin(shortcoming=second, origin="carried_over", by=by),
        lambda: acts.carry_over_from(shortcoming=second, source=None, by=by),
        lambda: acts.merge(shortcoming=second, into=first, by=by),
        lambda: acts.unmerge(shortcoming=third, by=by),
    ):
        with pytest.raises(ActionRefused, match="đã kết thúc"):
            act()
    for row in (first, second):
        row.refresh_from_db()
        make_review(row, by=by)
    assert ShortcomingReview.objects.count() == 2


# --- of persons ---


def test_the_log_does_not_tell_what_is_of_a_person(cast: Cast) -> None:
    draft = PlanFactory(issuing_unit=cast.province)
    row = ShortcomingFactory(plan=draft, ordinal=1, text="Đi họp muộn.")
    values = {"subject": "person", "person": cast.leader, "text": "Hay đi họp muộn.", "named_units": [cast.district]}
    change_record(record=row, values=values, by=cast.office_staff)
    row.refresh_from_db()
    assert (str(row), row.person) == ("1. Khuyết điểm của cá nhân", cast.leader)
    action, label, data = last_event()
    assert (action, label) == ("changed", "1. Khuyết điểm của cá nhân")
    assert data == {name: ["…", "…"] for name in ("text", "subject", "person", "named_units")}
    kept = drop_record(record=row, by=cast.office_staff)
    assert "muộn" not in f"{kept.label}{last_event()}"


def test_the_log_does_not_tell_what_was_of_a_person(cast: Cast) -> None:
    draft = PlanFactory(issuing_unit=cast.province)
    row = ShortcomingFactory(plan=draft, ordinal=1, text="Hay đi họp muộn.", subject="person", person=cast.leader)
    values = {"subject": "collective", "person": None, "text": "Họp chưa đúng giờ."}
    change_record(record=row, values=values, by=cast.office_staff)
    assert last_event()[::2] == ("changed", {name: ["…", "…"] for name in ("subject", "person", "text")})


def test_a_person_is_named_of_a_person_only(cast: Cast) -> None:
    draft = PlanFactory(issuing_unit=cast.province)
    with pytest.raises(IntegrityError), transaction.atomic():
        ShortcomingFactory(plan=draft, ordinal=1, person=cast.leader)
    first = ShortcomingFactory(plan=draft, ordinal=1, text="Chậm.")
    ShortcomingFactory(plan=draft, ordinal=2, text="Muộn.", subject="person", person=cast.leader)
    joined = join_shortcomings(shortcoming=first, by=cast.office_staff)
    assert (joined.subject, joined.person, joined.text) == ("person", cast.leader, "Chậm. Muộn.")
    assert ShortcomingState(joined.state) == ShortcomingState.OPEN
