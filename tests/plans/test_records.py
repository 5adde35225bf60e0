"""A person corrects what was read: each act, its refusals, and the ordinals that never have a gap."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.http import Http404
from django.utils import timezone

from plans.actions import records
from plans.enums import Kind, PlanStatus
from plans.errors import ActionRefused, Stale
from plans.models import (
    Field,
    Plan,
    PlanDocument,
    PlanReference,
    PriorityTask,
    Schedule,
    Shortcoming,
    Solution,
    SolutionGroup,
)
from plans.record_values import fingerprint
from tests.cast import Cast
from tests.factories import (
    PlanFactory,
    ScheduleFactory,
    ShortcomingFactory,
    SolutionFactory,
    SolutionGroupFactory,
)
from units.models import AuditEvent, User

TEXTS = ("Việc thứ nhất.", "Họp bàn tháng 4. Gửi thư tháng 5.", "Việc thứ ba.", "Việc thứ tư.")


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """A draft with two groups, four solutions, two shortcomings and a document."""
    plan: Plan = PlanFactory(issuing_unit=cast.province)
    paragraphs = [{"text": t, "line": n, "role": "item", "level": 1, "marker": "-"} for n, t in enumerate(TEXTS, 1)]
    document = PlanDocument(
        plan=plan, original_name="a.txt", size=1, sha256="0" * 64, paragraphs=paragraphs, read_at=timezone.now()
    )
    document.file.save("a", ContentFile(b"a"))
    groups = [SolutionGroupFactory(plan=plan, ordinal=n, lead_unit=cast.office) for n in (1, 2)]
    for n, text in enumerate(TEXTS):
        SolutionFactory(
            plan=plan, ordinal=n + 1, text=text, group=groups[n // 2],
            source_paragraph=n, source_start=0, source_end=len(text),
        )  # fmt: skip
    for n in (1, 2):
        ShortcomingFactory(plan=plan, ordinal=n, text=f"Khuyết điểm {n}.")
    return plan


def solution(plan: Plan, ordinal: int) -> Solution:
    found: Solution = plan.solutions.get(ordinal=ordinal)
    return found


def numbered(rows: Any) -> list[tuple[int, str]]:
    return list(rows.order_by("ordinal").values_list("ordinal", "text"))


def last_event(plan: Plan) -> AuditEvent:
    event: AuditEvent = AuditEvent.objects.filter(plan_id=plan.pk).latest("pk")
    return event


# --- change ---


def test_a_change_is_saved_logged_and_takes_the_doubt_away(cast: Cast, plan: Plan) -> None:
    Solution.objects.filter(plan=plan, ordinal=1).update(doubt="Chưa rõ")
    values = {"text": "Lời mới", "lead_unit": cast.department, "supporting_units": [cast.district]}
    changed = records.change_record(record=solution(plan, 1), values=values, by=cast.office_staff)
    changed.refresh_from_db()
    assert (changed.text, changed.lead_unit, changed.doubt) == ("Lời mới", cast.department, "")
    assert list(changed.supporting_units.all()) == [cast.district]
    event = last_event(plan)
    assert (event.action, event.actor, event.object_type, event.object_id) == (
        "changed", cast.office_staff, "solution", changed.pk,
    )  # fmt: skip
    assert event.data == {
        "text": ["Việc thứ nhất.", "Lời mới"],
        "lead_unit": [None, "Ban Phong trào"],
        "supporting_units": [[], ["Huyện đoàn Bình Minh"]],
    }


def test_a_change_without_any_difference_is_not_logged(cast: Cast, plan: Plan) -> None:
    records.change_record(record=solution(plan, 1), values={"text": TEXTS[0]}, by=cast.office_staff)
    assert not AuditEvent.objects.filter(plan_id=plan.pk).exists()


def test_a_change_of_the_head_parses_the_symbol(cast: Cast, plan: Plan) -> None:
    records.change_record(record=plan, values={"symbol": "Số: 12 KH/TĐTN-TC-KT"}, by=cast.office_staff)
    plan.refresh_from_db()
    assert (plan.number, plan.symbol_kind, plan.symbol_body, plan.symbol_department) == (12, "KH", "TĐTN", "TC-KT")


def test_a_change_of_what_somebody_else_changed_is_refused(cast: Cast, plan: Plan) -> None:
    opened = fingerprint(solution(plan, 1))
    records.change_record(
        record=solution(plan, 1), values={"text": "Người khác"}, by=cast.second_office_staff, expected=opened
    )
    with pytest.raises(Stale):
        records.change_record(record=solution(plan, 1), values={"text": "Tôi"}, by=cast.office_staff, expected=opened)
    assert solution(plan, 1).text == "Người khác"


def test_the_fingerprint_ignores_ordinals_and_sees_links(cast: Cast, plan: Plan) -> None:
    record = solution(plan, 2)
    before = fingerprint(record)
    records.drop_record(record=solution(plan, 1), by=cast.office_staff)
    record.refresh_from_db()
    assert (record.ordinal, fingerprint(record)) == (1, before)
    record.supporting_units.add(cast.district)
    assert fingerprint(record) != before


def test_fields_that_nobody_may_change_are_refused(cast: Cast, plan: Plan) -> None:
    for values in ({"ordinal": 9}, {"plan": plan}, {"status": "published"}):
        with pytest.raises(TypeError):
            records.change_record(record=solution(plan, 1), values=values, by=cast.office_staff)


def test_records_of_another_plan_and_foreign_units_are_refused(cast: Cast, plan: Plan) -> None:
    other: Plan = PlanFactory(issuing_unit=cast.province)
    theirs = ShortcomingFactory(plan=other, ordinal=1)
    group = SolutionGroupFactory(plan=other, ordinal=1)
    field = Field.objects.create(unit=cast.district, name="Khác")
    for record, values in (
        (solution(plan, 1), {"shortcomings": [theirs]}),
        (solution(plan, 1), {"group": group}),
        (solution(plan, 1), {"lead_unit": cast.foreign_commune}),
        (solution(plan, 1), {"supporting_units": [cast.district, cast.foreign_province]}),
        (plan.shortcomings.get(ordinal=1), {"field": field}),
    ):
        with pytest.raises(ActionRefused):
            records.change_record(record=record, values=values, by=cast.office_staff)
    assert solution(plan, 1).group == plan.groups.get(ordinal=1)


def test_a_field_of_work_is_found_by_name_or_made(cast: Cast, plan: Plan) -> None:
    known = Field.objects.create(unit=cast.province, name="Tổ chức")
    for name, count in (("tổ  chức", 1), ("Phong trào", 2)):
        records.change_record(record=plan.shortcomings.get(ordinal=1), values={"field": name}, by=cast.office_staff)
        assert Field.objects.filter(unit=cast.province).count() == count
    assert plan.shortcomings.get(ordinal=1).field != known
    records.change_record(record=plan.shortcomings.get(ordinal=1), values={"field": " "}, by=cast.office_staff)
    assert plan.shortcomings.get(ordinal=1).field is None


def test_a_task_that_changes_its_list_goes_to_its_end(cast: Cast, plan: Plan) -> None:
    rows = (("focus", 1), ("focus", 2), ("focus", 3), ("breakthrough", 1))
    tasks = [PriorityTask.objects.create(plan=plan, list_kind=k, ordinal=n, text=f"{k}{n}") for k, n in rows]
    records.change_record(record=tasks[0], values={"list_kind": "breakthrough"}, by=cast.office_staff)
    assert set(plan.priority_tasks.values_list("list_kind", "ordinal", "text")) == {
        ("focus", 1, "focus2"),
        ("focus", 2, "focus3"),
        ("breakthrough", 1, "breakthrough1"),
        ("breakthrough", 2, "focus1"),
    }


# --- add and drop ---


def test_a_solution_is_added_at_the_end_of_its_group(cast: Cast, plan: Plan) -> None:
    added = records.add_record(
        plan=plan, model=Solution, values={"text": "Mới", "group": plan.groups.get(ordinal=1)}, by=cast.office_staff
    )
    assert added.ordinal == 3
    assert numbered(plan.solutions) == [(1, TEXTS[0]), (2, TEXTS[1]), (3, "Mới"), (4, TEXTS[2]), (5, TEXTS[3])]
    assert (last_event(plan).action, last_event(plan).data["text"]) == ("created", [None, "Mới"])


def test_a_record_added_from_a_paragraph_is_tied_to_it(cast: Cast, plan: Plan) -> None:
    added = records.add_record(plan=plan, model=Shortcoming, values={"text": "Mới"}, by=cast.office_staff, paragraph=2)
    assert (added.ordinal, added.source_paragraph, added.source_start, added.source_end) == (3, 2, 0, len(TEXTS[2]))
    with pytest.raises(ActionRefused):
        records.add_record(plan=plan, model=Shortcoming, values={"text": "x"}, by=cast.office_staff, paragraph=99)
    assert plan.shortcomings.count() == 3


def test_an_added_commitment_finds_its_phrase(cast: Cast, plan: Plan) -> None:
    values = {"phrase": "tháng 5", "kind": Kind.WITHIN_MONTH, "due": dt.date(2026, 5, 31)}
    added = records.add_record(
        plan=plan, model=Schedule, values=values, by=cast.office_staff, solution=solution(plan, 2)
    )
    assert TEXTS[1][added.source_start : added.source_end] == "tháng 5"


@pytest.mark.parametrize(
    ("model", "values"),
    [(PlanReference, {"symbol": "1-KH/TU"}), (PriorityTask, {"text": "x"}), (SolutionGroup, {"title": "Nhóm"})],
)
def test_every_kind_can_be_added(cast: Cast, plan: Plan, model: Any, values: dict[str, Any]) -> None:
    added = records.add_record(plan=plan, model=model, values=values, by=cast.office_staff)
    assert model.objects.get(pk=added.pk).plan == plan


def test_a_dropped_solution_takes_its_commitments_and_closes_the_row(cast: Cast, plan: Plan) -> None:
    ScheduleFactory(solution=solution(plan, 2))
    records.drop_record(record=solution(plan, 2), by=cast.office_staff)
    assert numbered(plan.solutions) == [(1, TEXTS[0]), (2, TEXTS[2]), (3, TEXTS[3])]
    assert not Schedule.objects.exists()
    event = last_event(plan)
    assert (event.action, event.object_label) == ("dropped", f"2. {TEXTS[1]}")
    assert event.data["text"] == [TEXTS[1], None]


def test_a_dropped_group_leaves_its_solutions(cast: Cast, plan: Plan) -> None:
    records.drop_record(record=plan.groups.get(ordinal=1), by=cast.office_staff)
    assert list(plan.groups.values_list("ordinal", flat=True)) == [1]
    assert [s.group_id is None for s in plan.solutions.all()] == [True, True, False, False]


def test_a_record_another_plan_refers_to_stays(cast: Cast, plan: Plan) -> None:
    later: Plan = PlanFactory(issuing_unit=cast.province)
    ShortcomingFactory(plan=later, ordinal=1, carried_over_from=plan.shortcomings.get(ordinal=1))
    with pytest.raises(ActionRefused):
        records.drop_record(record=plan.shortcomings.get(ordinal=1), by=cast.office_staff)
    assert plan.shortcomings.count() == 2


# --- accept ---


def test_accepting_takes_the_doubt_away_and_is_logged_once(cast: Cast, plan: Plan) -> None:
    Solution.objects.filter(plan=plan, ordinal=1).update(doubt="Chưa rõ")
    for _time in range(2):
        records.accept_record(record=solution(plan, 1), by=cast.office_staff)
    assert solution(plan, 1).doubt == ""
    assert [e.data for e in AuditEvent.objects.filter(plan_id=plan.pk)] == [{"doubt": ["Chưa rõ", ""]}]


# --- join and split ---


def test_joined_solutions_have_one_text_and_all_that_both_had(cast: Cast, plan: Plan) -> None:
    first, second = solution(plan, 1), solution(plan, 2)
    one, two = plan.shortcomings.all()
    first.shortcomings.set([one])
    second.shortcomings.set([one, two])
    second.supporting_units.set([cast.district])
    Solution.objects.filter(pk=second.pk).update(lead_unit=cast.department)
    ScheduleFactory(solution=first, phrase="a")
    ScheduleFactory(solution=second, phrase="b")
    joined = records.join_solutions(solution=first, by=cast.office_staff)
    joined.refresh_from_db()
    assert joined.text == f"{TEXTS[0]} {TEXTS[1]}"
    assert (joined.lead_unit, list(joined.supporting_units.all())) == (cast.department, [cast.district])
    assert list(joined.shortcomings.all()) == [one, two]
    assert list(joined.schedules.values_list("phrase", flat=True)) == ["a", "b"]
    assert [n for n, _text in numbered(plan.solutions)] == [1, 2, 3]
    assert last_event(plan).data == {"text": [[TEXTS[0], TEXTS[1]], joined.text]}


def test_joined_shortcomings_keep_their_units_and_solutions(cast: Cast, plan: Plan) -> None:
    one, two = plan.shortcomings.all()
    two.named_units.set([cast.district])
    solution(plan, 3).shortcomings.set([two])
    joined = records.join_shortcomings(shortcoming=one, by=cast.office_staff)
    assert (joined.text, list(joined.named_units.all())) == ("Khuyết điểm 1. Khuyết điểm 2.", [cast.district])
    assert list(joined.solutions.all()) == [solution(plan, 3)]
    assert plan.shortcomings.count() == 1


def test_the_last_record_has_nothing_to_join_with(cast: Cast, plan: Plan) -> None:
    with pytest.raises(ActionRefused):
        records.join_solutions(solution=solution(plan, 4), by=cast.office_staff)


def test_a_split_solution_shares_text_links_and_commitments(cast: Cast, plan: Plan) -> None:
    whole = solution(plan, 2)
    whole.shortcomings.set(plan.shortcomings.all())
    for phrase in ("tháng 4", "tháng 5", "hằng năm"):
        ScheduleFactory(solution=whole, phrase=phrase)
    second = records.split_solution(solution=whole, at=17, by=cast.office_staff)
    first = solution(plan, 2)
    assert (first.text, second.text) == ("Họp bàn tháng 4.", "Gửi thư tháng 5.")
    assert (second.ordinal, second.group) == (3, first.group)
    assert list(second.shortcomings.all()) == list(plan.shortcomings.all())
    assert sorted(first.schedules.values_list("phrase", flat=True)) == ["hằng năm", "tháng 4"]
    assert list(second.schedules.values_list("phrase", flat=True)) == ["tháng 5"]
    spans = [TEXTS[1][r.source_start : r.source_end] for r in (first, second)]
    assert spans == [first.text, second.text]
    assert [n for n, _text in numbered(plan.solutions)] == [1, 2, 3, 4, 5]


def test_joining_what_was_split_gives_the_text_again(cast: Cast, plan: Plan) -> None:
    records.split_solution(solution=solution(plan, 2), at=17, by=cast.office_staff)
    joined = records.join_solutions(solution=solution(plan, 2), by=cast.office_staff)
    assert (joined.text, joined.source_start, joined.source_end) == (TEXTS[1], 0, len(TEXTS[1]))
    assert numbered(plan.solutions) == list(enumerate(TEXTS, start=1))


def test_a_split_needs_the_beginning_of_a_sentence_and_the_text_that_was_shown(cast: Cast, plan: Plan) -> None:
    for at in (0, 3, 999):
        with pytest.raises(ActionRefused):
            records.split_solution(solution=solution(plan, 2), at=at, by=cast.office_staff)
    with pytest.raises(Stale):
        records.split_solution(solution=solution(plan, 2), at=17, by=cast.office_staff, expected="another")


# --- refusals that all acts share ---


def acts(plan: Plan, by: User) -> list[Any]:
    first, shortcoming = solution(plan, 1), plan.shortcomings.get(ordinal=1)
    return [
        lambda: records.change_record(record=first, values={"text": "x"}, by=by),
        lambda: records.change_record(record=plan, values={"title": "x"}, by=by),
        lambda: records.add_record(plan=plan, model=Shortcoming, values={"text": "x"}, by=by),
        lambda: records.drop_record(record=first, by=by),
        lambda: records.accept_record(record=first, by=by),
        lambda: records.join_solutions(solution=first, by=by),
        lambda: records.join_shortcomings(shortcoming=shortcoming, by=by),
        lambda: records.split_solution(solution=solution(plan, 2), at=17, by=by),
        lambda: records.split_shortcoming(shortcoming=shortcoming, at=1, by=by),
    ]


def test_a_published_plan_is_changed_no_more(cast: Cast, plan: Plan) -> None:
    todo = acts(plan, cast.office_staff)
    Plan.objects.filter(pk=plan.pk).update(status=PlanStatus.PUBLISHED, published_at=timezone.now())
    for act in todo:
        with pytest.raises(ActionRefused):
            act()
    assert numbered(plan.solutions) == list(enumerate(TEXTS, start=1))


@pytest.mark.parametrize("person", ["secretary", "leader", "administrator", "department_head", "reader", "outsider"])
def test_who_does_not_run_the_plan_changes_nothing(cast: Cast, plan: Plan, person: str) -> None:
    for act in acts(plan, getattr(cast, person)):
        with pytest.raises(Http404):
            act()
    assert numbered(plan.solutions) == list(enumerate(TEXTS, start=1))
    assert not AuditEvent.objects.filter(plan_id=plan.pk).exists()


def test_a_record_dropped_meanwhile_is_gone(cast: Cast, plan: Plan) -> None:
    first = solution(plan, 1)
    records.drop_record(record=solution(plan, 1), by=cast.second_office_staff)
    for act in (
        lambda: records.change_record(record=first, values={"text": "x"}, by=cast.office_staff),
        lambda: records.drop_record(record=first, by=cast.office_staff),
        lambda: records.join_solutions(solution=first, by=cast.office_staff),
    ):
        with pytest.raises(records.RecordGone):
            act()
    assert plan.solutions.count() == 3
