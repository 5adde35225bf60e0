"""The plan of focus tasks, real text: the points that reading must fulfil."""

import datetime as dt

from plans.reading.drafts import ParagraphRole
from tests.acceptance.reading_samples import real_plan


def test_point_01_nine_tasks_in_two_lists() -> None:
    tasks = [(t.list_kind, t.ordinal) for t in real_plan("004").priority_tasks]
    assert tasks == [*(("focus", n) for n in range(1, 7)), *(("breakthrough", n) for n in range(1, 4))]


def test_point_02_both_names_of_the_list_mean_the_same_tasks() -> None:
    linked = {kind for s in real_plan("004").solutions for kind, _ in s.priority_tasks}
    assert linked == {"focus", "breakthrough"}


def test_point_03_first_task_is_linked_as_said_and_the_rest_proposed() -> None:
    linked = [(s.priority_tasks[0], bool(s.doubt)) for s in real_plan("004").solutions if s.priority_tasks]
    assert linked == [
        (("focus", 1), False),
        *((("focus", n), True) for n in range(2, 7)),
        *((("breakthrough", n), True) for n in range(1, 4)),
    ]


def test_point_04_a_b_c_are_headings_and_c_is_an_item_too() -> None:
    plan = real_plan("004")
    letters = [p for p in plan.paragraphs if p.marker in {"A.", "B.", "C."}]
    assert [p.role for p in letters] == [ParagraphRole.HEADING, ParagraphRole.HEADING, ParagraphRole.ITEM]
    assert {p.level for p in letters} == {2}
    assert any(plan.paragraphs[s.span.paragraph].marker == "C." for s in plan.solutions)


def test_point_05_six_references_and_none_a_deadline() -> None:
    plan = real_plan("004")
    assert [r.symbol for r in plan.references] == [
        "145-KH/TU", "15-CT/TU", "01/KH-UBND", "114 KH/TĐTN-TC-KT", "10-CT/TU", "784-QĐ/TU",
    ]  # fmt: skip
    assert not {r.issued_on for r in plan.references} & {s.due for s in plan.schedules}


def test_point_06_period_has_no_end() -> None:
    header = real_plan("004").header
    assert (header.period_start, header.period_end, header.period_open) == (dt.date(2020, 1, 1), None, True)


def test_point_07_within_a_year_and_before_a_year() -> None:
    due = [s.due for s in real_plan("004").schedules if s.due]
    assert due == [dt.date(2024, 12, 31), dt.date(2020, 12, 31)]


def test_point_14_broken_paragraphs_are_joined_and_star_headings_recognised() -> None:
    paragraphs = real_plan("004").paragraphs
    assert [(p.line, p.line_end) for p in paragraphs if p.breaks] == [(47, 49), (59, 61)]
    assert [p.text for p in paragraphs if p.marker == "*"] == [
        "06 nhiệm vụ tập trung:",
        "03 nhiệm vụ đột phá:",
        "06 nhiệm vụ trọng tâm gồm:",
        "03 nhiệm vụ đột phá gồm:",
    ]
