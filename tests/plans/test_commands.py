"""manage.py read_plan and import_plan."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from plans.models import Deadline, Plan
from tests.cast import Cast

SAMPLE = Path(__file__).parent.parent / "documents" / "ke-hoach-khac-phuc.txt"

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_read_plan_prints_the_draft_and_asks_no_database() -> None:
    draft = json.loads(run("read_plan", str(SAMPLE)))  # no database mark: a query would fail the test
    assert draft["header"]["number"] == "45-KH/TĐTN-VP"
    assert len(draft["shortcomings"]) == 3
    assert len(draft["solutions"]) == 4


def test_read_plan_prints_letters_not_escapes() -> None:
    text = run("read_plan", str(SAMPLE))
    assert "Khắc phục" in text
    assert text.startswith('{\n "')


@pytest.mark.parametrize("command", [("read_plan",), ("import_plan", "--unit", "ST")])
def test_a_bad_path_or_file_is_told(cast: Cast, tmp_path: Path, command: tuple[str, ...]) -> None:
    name, *rest = command
    with pytest.raises(CommandError, match="can't be read"):
        run(name, str(tmp_path / "missing.txt"), *rest)
    empty = tmp_path / "empty.docx"
    empty.write_bytes(b"")
    with pytest.raises(CommandError, match="The file is empty"):
        run(name, str(empty), *rest)
    assert not Plan.objects.exists()


def test_import_plan_saves_a_draft(cast: Cast) -> None:
    out = run("import_plan", str(SAMPLE), "--unit", "ST", "--by", "vanphong")
    plan = Plan.objects.get()
    assert (plan.status, plan.issuing_unit, plan.created_by) == ("draft", cast.province, cast.office_staff)
    assert f"/plans/{plan.pk}/check/" in out
    assert "3 shortcomings, 2 groups, 4 solutions" in out


def test_import_plan_publishes_when_nothing_blocks(cast: Cast) -> None:
    out = run("import_plan", str(SAMPLE), "--unit", "ST", "--publish")
    plan = Plan.objects.get()
    assert (plan.status, plan.published_by) == ("published", None)
    count = Deadline.objects.filter(plan=plan).count()
    assert f"Published: {count} deadlines" in out
    owed = Deadline.objects.filter(plan=plan, solution__ordinal=4).values_list("unit__code", flat=True)
    assert sorted(owed) == ["ST-BM", "ST-CG"]


def test_import_plan_lists_the_gaps_that_block_and_leaves_the_draft(cast: Cast, tmp_path: Path) -> None:
    file = tmp_path / "plan.txt"
    text = SAMPLE.read_text(encoding="utf-8").replace("Ban Phong trào chủ trì nhóm giải pháp 2", "họp")
    file.write_text(text.replace("Giao Văn phòng chủ trì nhóm giải pháp 1; ", ""), encoding="utf-8")
    with pytest.raises(CommandError, match="not published") as error:
        run("import_plan", str(file), "--unit", "ST", "--publish")
    assert error.value.returncode == 1
    assert "- The solution has no lead unit" in str(error.value)
    assert Plan.objects.get().status == "draft"


def test_import_plan_says_what_is_wrong_with_its_words(cast: Cast) -> None:
    for arguments, words in (
        (("--unit", "NIX"), "No unit has the code “NIX”"),
        (("--unit", "ST", "--by", "nobody"), "No active person"),
        (("--unit", "ST", "--by", "bithu"), "may not import plans"),
    ):
        with pytest.raises(CommandError, match=words):
            run("import_plan", str(SAMPLE), *arguments)
    assert not Plan.objects.exists()


def test_import_plan_refuses_the_same_file_twice_and_names_the_draft(cast: Cast) -> None:
    run("import_plan", str(SAMPLE), "--unit", "ST")
    with pytest.raises(CommandError, match=f"/plans/{Plan.objects.get().pk}/check/"):
        run("import_plan", str(SAMPLE), "--unit", "ST")
