"""Units from a file: founded, changed, moved, by their code; all or nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404

from doantracker.imports.actions import Faulty, run_import
from doantracker.imports.kinds.base import Scope
from doantracker.imports.kinds.units import UNITS
from doantracker.imports.outcome import Outcome
from doantracker.lib import clock
from plans.actions.uploads import Upload
from plans.errors import Stale
from tests.cast import Cast
from tests.doantracker.imports import acts
from tests.doantracker.imports.acts import counts, wrong
from tests.doantracker.imports.files import workbook
from units.actions import found_unit, move_unit
from units.audit import broken_links
from units.models import AuditEvent, Unit, User
from units.models.audit import AuditAction

pytestmark = pytest.mark.usefixtures("today", "in_process")
HEAD = ["code", "name", "kind", "parent", "in force from"]
WARD = ["ST-CG-TL", "Đoàn phường Tân Lập", "commune", "ST-CG", "01/07/2025"]


def imported(by: User, *rows: list[Any]) -> Outcome:
    return acts.imported(UNITS, by, HEAD, *rows)


def tried(by: User, *rows: list[Any]) -> Outcome:
    return acts.tried(UNITS, by, HEAD, *rows)


def test_new_units_stand_below_each_other_whatever_their_order(cast: Cast) -> None:
    done = imported(
        cast.administrator,
        ["ST-CG-TL-1", "Chi đoàn 1", "branch", "ST-CG-TL", None],
        WARD,
        ["st-bm-ah", "Đoàn xã An Hòa mới", None, None, None],
    )
    assert counts(done) == (2, 1, 0, 0)
    ward = Unit.objects.get(code="ST-CG-TL")
    assert ward.path.startswith(cast.other_district.path)
    assert f"{ward.valid_from:%d/%m/%Y}" == "01/07/2025"
    assert Unit.objects.get(code="ST-CG-TL-1").path.startswith(ward.path)
    assert Unit.objects.get(pk=cast.commune.pk).name == "Đoàn xã An Hòa mới"
    log = list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))
    assert log == ["created", "created", "changed", "imported"]
    assert list(broken_links()) == []
    whole = AuditEvent.objects.get(action=AuditAction.IMPORTED)
    assert whole.actor == cast.administrator
    assert {name: whole.data[name] for name in ("kind", "file", "new", "changed", "unchanged")} == {
        "kind": "units",
        "file": "tep.xlsx",
        "new": 2,
        "changed": 1,
        "unchanged": 0,
    }


def test_the_same_file_twice_changes_nothing(cast: Cast) -> None:
    imported(cast.administrator, WARD)
    log = AuditEvent.objects.count()
    assert counts(imported(cast.administrator, WARD)) == (0, 0, 1, 0)
    assert AuditEvent.objects.count() == log


def test_only_what_differs_is_changed_and_an_empty_cell_leaves_what_stands(cast: Cast) -> None:
    row = ["ST-BM-AH", cast.commune.name, None, None, "01/07/2025"]
    (change,) = tried(cast.administrator, row).changes
    assert [(d.label, d.before, d.after) for d in change.differences] == [("In force from", "", "01/07/2025")]
    imported(cast.administrator, row)
    event = AuditEvent.objects.get(action=AuditAction.CHANGED)
    assert event.data == {"valid_from": [None, "2025-07-01"]}


def test_another_unit_above_moves_the_unit_with_all_below(cast: Cast) -> None:
    done = imported(cast.administrator, ["ST-BM-AH", cast.commune.name, None, "ST-CG", None])
    assert [(d.before, d.after) for d in done.changes[0].differences] == [("ST-BM", "ST-CG")]
    assert Unit.objects.get(pk=cast.branch.pk).path.startswith(cast.other_district.path)


def test_what_is_wrong_is_told_with_its_column(cast: Cast) -> None:
    outcome = tried(
        cast.administrator,
        ["x y", "Tên", "commune", "ST", None],
        ["NEW", "Tên", None, None, None],
        ["NEW-2", "Tên", "commune", "KHONG-CO", None],
        ["NEW-3", "Tên", "commune", "NEW-4", None],
        ["NEW-4", "Tên", "commune", "NEW-3", None],
        ["ST-BM", "Huyện đoàn Bình Minh", None, "ST-BM-AH", None],
        ["ST-CG", "Tên", None, None, None],
        ["ST-CG", "Tên khác", None, None, None],
    )
    assert wrong(outcome) == [
        (2, "Code of the unit", "Capital letters, digits, dots and hyphens only, such as TD-VP."),
        (3, "Kind of unit", "A new unit needs this."),
        (3, "Code of the unit above", "A new unit needs this."),
        (4, "Code of the unit above", "No unit has this code."),
        (5, "Code of the unit above", "These units stand above each other."),
        (6, "Code of the unit above", "These units stand above each other."),
        (7, "Code of the unit above", "This unit lies below the one that is to move."),
        (9, "Code of the unit", "This unit stands twice."),
    ]


def test_all_that_can_be_checked_is_told_in_one_round(cast: Cast) -> None:
    head = [*HEAD, "in force to"]
    outcome = acts.tried(
        UNITS, cast.administrator, head,
        ["NEW-1", "Tên", "Không rõ", "KHONG-CO", "02/03/2026", "01/03/2026"],
        [None, "Tên", "commune", "KHONG-CO", "02/03/2026", "01/03/2026"],
        ["NEW-2", "Tên", "commune", "NEW-1", "hôm nay", "01/03/2026"],
        ["NEW-2", "Tên", "commune", "NEW-1", None, None],
    )  # fmt: skip
    assert sorted(wrong(outcome)) == [
        (2, "Code of the unit above", "No unit has this code."),
        (2, "In force to", "The last day lies before the first."),
        (2, "Kind of unit", "This is not in the list."),
        (3, "Code of the unit", "This cell is empty."),
        (3, "Code of the unit above", "No unit has this code."),
        (3, "In force to", "The last day lies before the first."),
        (4, "In force from", "This is no day."),
        (5, "Code of the unit", "This unit stands twice."),
    ]
    assert counts(outcome) == (0, 0, 0, 4)


def test_a_foreign_unit_looks_like_one_that_is_not_there(cast: Cast) -> None:
    outcome = tried(
        cast.administrator,
        ["NEW-1", "Tên", "commune", "HV", None],
        ["NEW-2", "Tên", "commune", "NICHT", None],
        ["HV-LT", "Tên", "commune", "ST", None],
    )
    assert [(row, told) for row, _column, told in wrong(outcome)] == [
        (2, "No unit has this code."),
        (3, "No unit has this code."),
        (4, "This code can't be used."),
    ]
    assert not any(cast.foreign_commune.name in str(finding) for finding in outcome.findings)


def test_one_wrong_row_keeps_all_others_out(cast: Cast) -> None:
    with pytest.raises(Faulty) as refusal:
        imported(cast.administrator, WARD, ["NEW", "Tên", None, None, None])
    assert refusal.value.outcome.refused == 1
    assert not Unit.objects.filter(code="ST-CG-TL").exists()


def test_what_an_act_refuses_comes_back_with_its_row(cast: Cast) -> None:
    """Two units that exchange their places: each move alone is sound, the second one is not any more."""
    with pytest.raises(Faulty) as refusal:
        imported(
            cast.administrator,
            ["ST-BM", cast.district.name, None, "ST-CG", None],
            ["ST-CG", cast.other_district.name, None, "ST-BM", None],
        )
    assert [finding.row for finding in refusal.value.outcome.findings] == [3]
    assert Unit.objects.get(pk=cast.district.pk).path == cast.district.path
    assert not AuditEvent.objects.exists()


def test_another_outcome_than_the_one_seen_is_not_made(cast: Cast) -> None:
    scope = Scope(cast.administrator, clock.today())
    upload = Upload(workbook(HEAD, WARD), "tep.xlsx")
    with pytest.raises(Stale):
        run_import(kind=UNITS, scope=scope, upload=upload, expected="")
    assert not Unit.objects.filter(code="ST-CG-TL").exists()


def test_a_unit_deeper_than_the_tree_holds_is_refused_before_anything_is_done(cast: Cast) -> None:
    chain = [[f"N-{n}", f"Đơn vị {n}", "branch", f"N-{n - 1}" if n else "ST", None] for n in range(63)]
    too_deep = (
        64,
        "Code of the unit above",
        "The unit, or one below it, would stand too deep: the tree has 63 levels at most.",
    )
    assert wrong(tried(cast.administrator, *chain)) == [too_deep]
    assert imported(cast.administrator, *chain[:62]).new == 62
    assert Unit.objects.get(code="N-61").depth == 63
    moved = ["N-0", "Đơn vị 0", None, "ST-BM", None]
    assert wrong(tried(cast.administrator, moved)) == [(2, *too_deep[1:])]
    assert wrong(tried(cast.administrator, chain[62])) == [(2, *too_deep[1:])]
    for act in (
        lambda: move_unit(unit=Unit.objects.get(code="N-0"), parent=cast.district, by=None),
        lambda: found_unit(parent=Unit.objects.get(code="N-61"), by=None, code="N", name="N", kind=cast.commune.kind),
    ):
        with pytest.raises(ValidationError, match="too deep"):
            act()
    assert Unit.objects.find_problems() == ([], [], [], [], [])


@pytest.mark.parametrize("who", ["office_staff", "secretary", "leader", "outsider"])
def test_who_sets_up_no_units_imports_none(cast: Cast, who: str) -> None:
    with pytest.raises(Http404):
        tried(getattr(cast, who), WARD)


@pytest.mark.parametrize("size", [1, 40])
def test_checking_asks_the_same_number_of_questions_for_many_rows(
    cast: Cast, size: int, django_assert_num_queries: Any
) -> None:
    rows = [[f"ST-CG-{n}", f"Đoàn phường {n}", "commune", "ST-CG", None] for n in range(size)]
    changed = [["ST-BM-AH", "Tên mới", None, "ST-CG", None]]
    with django_assert_num_queries(8):
        assert tried(cast.administrator, *rows, *changed).refused == 0


def test_importing_takes_few_statements_for_many_rows(cast: Cast, django_assert_max_num_queries: Any) -> None:
    size = 20
    rows = [[f"ST-CG-{n}", f"Đoàn phường {n}", "commune", "ST-CG", None] for n in range(size)]
    below = [[f"ST-CG-{n}-1", f"Chi đoàn {n}", "branch", f"ST-CG-{n}", None] for n in range(size)]
    with django_assert_max_num_queries(28):
        assert imported(cast.administrator, *below, *rows).new == 2 * size
    assert Unit.objects.find_problems() == ([], [], [], [], [])
    assert Unit.objects.get(code="ST-CG-0").search == "doan phuong 0 st-cg-0 st cg 0"
    renamed = [[code, f"{name} mới", None, None, None] for code, name, *_rest in rows]
    with django_assert_max_num_queries(28):
        assert imported(cast.administrator, *renamed).changed == size
    assert Unit.objects.get(code="ST-CG-0").search == "doan phuong 0 moi st-cg-0 st cg 0"
    assert AuditEvent.objects.filter(action=AuditAction.CHANGED, object_type="unit").count() == size
