"""Files that come in, hostile ones among them, and the template that goes out."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict
from openpyxl import Workbook, load_workbook

from doantracker.imports.forms import FileForm
from doantracker.imports.kinds.base import Codes, Scope
from doantracker.imports.registry import KINDS
from doantracker.imports.sheet import MOST_ROWS, Cell, _filled, cells_of, read_sheet
from doantracker.imports.table import read_table
from doantracker.imports.template import workbook as template
from doantracker.lib import clock
from plans.reading.readers import ReadError
from tests.cast import Cast
from tests.doantracker.imports.files import workbook
from tests.factories import SolutionFactory, make_indicator, make_published_plan


def changed(data: bytes, name: str, old: bytes, new: bytes) -> bytes:
    """Return a workbook one part of which says something else."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.namelist():
            content = source.read(member)
            target.writestr(member, content.replace(old, new) if member == name else content)
    return out.getvalue()


def errors(data: bytes, name: str = "tep.xlsx") -> list[str]:
    form = FileForm({}, MultiValueDict({"file": [SimpleUploadedFile(name, data)]}))
    form.is_valid()
    return [str(error) for error in form.errors.get("file", [])]


# --- what comes in ---


def test_the_child_reads_cells_by_their_kind_and_no_cached_value_of_a_formula() -> None:
    data = workbook(["Mã", "Số"], ["007", "=1+1"], [None, 0.1 + 0.2], [True, '=HYPERLINK("http://x")'])
    cached = changed(data, "xl/worksheets/sheet1.xml", b"<v />", b"<v>99</v>")
    assert read_sheet(cached).rows == (
        (1, (Cell("s", "Mã"), Cell("s", "Số"))),
        (2, (Cell("s", "007"), Cell("f", "=1+1"))),
        (3, (Cell(), Cell("n", "0.3"))),
        (4, (Cell("b", "1"), Cell("f", '=HYPERLINK("http://x")'))),
    )


def test_a_sheet_that_says_it_is_huge_is_read_as_it_is() -> None:
    data = changed(workbook(["a"], ["b"]), "xl/worksheets/sheet1.xml", b'ref="A1:A2"', b'ref="A1:XFD1048576"')
    assert [number for number, _cells in read_sheet(data).rows] == [1, 2]


def test_a_hidden_sheet_in_front_is_passed_over() -> None:
    book = Workbook()
    hidden: Any = book.active
    hidden.append(["danh mục"])
    hidden.sheet_state = "hidden"
    book.create_sheet("Đơn vị").append(["a"])
    book.active = 1
    out = io.BytesIO()
    book.save(out)
    found = cells_of(out.getvalue())
    assert (found["name"], found["rows"]) == ("Đơn vị", [(1, [("s", "a")])])


def test_rows_a_file_leaves_out_are_not_looked_at_one_by_one() -> None:
    class Row(list[Any]):
        asked = 0

        def __iter__(self) -> Any:
            Row.asked += 1
            return super().__iter__()

    class Sheet:
        def iter_rows(self, max_col: int) -> Any:  # noqa: ARG002  # named in the call
            gap = Row()
            return iter([gap] * 1000)

    assert _filled(Sheet()) == {"rows": [], "too_many": False}
    assert Row.asked == 1


def test_more_rows_than_are_taken_are_told() -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for number in range(MOST_ROWS + 1):
        sheet.append([number])
    out = io.BytesIO()
    book.save(out)
    assert cells_of(out.getvalue())["too_many"] is True


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"x" * 100])
def test_what_is_no_workbook_is_refused_by_the_child(data: bytes) -> None:
    with pytest.raises(ReadError):
        cells_of(data)


def test_a_workbook_with_an_entity_or_a_bomb_is_refused_by_the_child_too() -> None:
    declared = changed(workbook(["a"]), "xl/workbook.xml", b"<workbook", b'<!DOCTYPE x [<!ENTITY a "b">]><workbook')
    with pytest.raises(ReadError, match="entities"):
        cells_of(declared)
    out = io.BytesIO(workbook(["a"]))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/bomb.xml", b"<a>" + b" " * 60_000_000)
    with pytest.raises(ReadError, match="far more"):
        cells_of(out.getvalue())


@pytest.mark.parametrize(
    ("name", "data", "word"),
    [
        ("tep.xls", b"x", "old Excel"),
        ("tep.xlsm", b"x", "macros"),
        ("tep.csv", b"x", "text file"),
        ("tep.ods", b"x", "OpenDocument"),
        ("tep.docx", b"x", "Choose a file of Excel"),
        ("tep.xlsx", b"", "is empty"),
        ("tep.xlsx", b"PK\x03\x04broken", "damaged"),
        ("tep.xlsx", "Mã đơn vị,Tên\nTD-1,a\n".encode(), "What is inside"),
        ("tep.xlsx", b"PK\x03\x04" + b"0" * (5 * 1024 * 1024), "larger than 5 MB. Copy the rows alone"),
        ("Tối mật.xlsx", b"x", "mark of secrecy"),
    ],
)
def test_other_files_are_refused_with_the_cure(name: str, data: bytes, word: str) -> None:
    (error,) = errors(data, name)
    assert word in error


def test_a_workbook_with_macros_is_refused_whatever_its_ending() -> None:
    out = io.BytesIO(workbook(["a"]))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    (error,) = errors(out.getvalue())
    assert "holds macros" in error


def test_a_sound_workbook_is_taken() -> None:
    assert errors(workbook(["a"])) == []


# --- what goes out ---


def scope(cast: Cast) -> Scope:
    plan = make_published_plan(cast.province)
    SolutionFactory(plan=plan, ordinal=1, text="=cmd|'/c calc'!A1", lead_unit=cast.office)
    make_indicator(plan, units=[cast.district])
    return Scope(cast.administrator, clock.today(), plan)


@pytest.mark.usefixtures("today")
@pytest.mark.parametrize("slug", list(KINDS))
def test_a_template_is_read_by_its_own_kind_in_both_languages(cast: Cast, slug: str) -> None:
    kind, found = KINDS[slug], scope(cast)
    columns = kind.columns(found)
    data = template(columns, list(kind.codes(found)), title=str(kind.label))
    table = read_table(read_sheet(data), columns)
    assert [finding.wrong for finding in table.findings] == ["The file holds no rows."]


@pytest.mark.usefixtures("today")
def test_a_template_is_frozen_typed_and_offers_closed_lists(cast: Cast) -> None:
    found = scope(cast)
    kind = KINDS["posts"]
    book = load_workbook(io.BytesIO(template(kind.columns(found), list(kind.codes(found)), title="Mẫu")))
    sheet: Any = book.worksheets[0]
    assert sheet.freeze_panes == "A2"
    assert [cell.value for cell in sheet[1]][:3] == ["Code of the unit *", "Title of the post *", "Body"]
    assert sheet.column_dimensions["A"].width > 10
    lists = {str(rule.sqref).split(":")[0][0] for rule in sheet.data_validations.dataValidation}
    assert lists == {"A", "C", "E", "F", "J", "K"}
    assert len(book.worksheets) == 3


@pytest.mark.usefixtures("today")
def test_words_of_people_stay_words_in_the_template(cast: Cast) -> None:
    found = scope(cast)
    kind = KINDS["deadlines"]
    data = template(kind.columns(found), list(kind.codes(found)), title="Mẫu")
    book = load_workbook(io.BytesIO(data))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert "=cmd|'/c calc'!A1" in [cell.value for cell in cells]
    assert {cell.data_type for cell in cells} == {"s", "n"}  # the numbers of solutions
    assert all(isinstance(cell.value, int) for cell in cells if cell.data_type == "n")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert not any(b"<f>" in archive.read(name) for name in archive.namelist() if "worksheets/sheet" in name)


def test_a_list_without_rows_is_left_out() -> None:
    columns = KINDS["people"].columns(Scope(None, clock.today()))  # type: ignore[arg-type]  # people name nobody
    book = load_workbook(io.BytesIO(template(columns, [Codes("email", [])], title="Mẫu")))
    assert [cell.value for cell in book.worksheets[2][1]] == ["Active"]
