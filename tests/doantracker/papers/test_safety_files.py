"""What leaves as a file: names no system reads as a path (T8), and cells no spreadsheet runs (T13)."""

from __future__ import annotations

import ast
import csv
import io
from email.message import Message
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from openpyxl import load_workbook

from doantracker.lib import clock
from doantracker.papers.actions.exports import ask_export, write_export
from doantracker.papers.actions.papers import prepare_paper
from doantracker.papers.archive import Entry, as_cell, safe_name, write_archive
from doantracker.papers.models import Export
from doantracker.papers.paper import Column
from doantracker.papers.xlsx import write_xlsx
from plans.models import Evidence
from plans.views.shared import as_download
from tests.cast import Cast
from tests.factories import SolutionFactory, make_deadline, make_published_plan
from units import audit
from units.models.audit import AuditAction

pytestmark = pytest.mark.usefixtures("today")

FORMULAS = (
    "=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1+1", " =1+1", "＝1+1", "＋1", "－1", "＠A1",
    "=HYPERLINK(\"http://x.example\";\"y\")", "=cmd|'/c calc'!A1", "{=1+1}", "http://x.example/", "mailto:a@x.example",
)  # fmt: skip

NAMES = (
    "../../etc/passwd", "..\\..\\boot.ini", "/etc/passwd", "C:\\x.exe", "a/../b", "a\x00.pdf",
    "a\r\nSet-Cookie: x.pdf",
    "\u202efdp.exe", "CON", "con.pdf", "NUL.txt", "LPT1.docx", "com9", "aux.", " .pdf", ".htaccess",
    "a" * 400 + ".pdf",
    "x." + "y" * 400, "…", "", "a:b.pdf", "a|b?c*.pdf", "báo cáo “quý I”.pdf", "-rf", "name.", "~$a.docx",
    "%2e%2e%2fa",
)  # fmt: skip
RESERVED = {"con", "prn", "aux", "nul", *(f"{kind}{n}" for kind in ("com", "lpt") for n in range(1, 10))}


@pytest.mark.parametrize("name", NAMES)
def test_no_name_in_an_archive_leaves_its_folder(name: str) -> None:
    out = io.BytesIO()
    write_archive(out, [Entry("03-minh-chung/7", name, io.BytesIO(b"abc"))])
    (path, *_rest) = ZipFile(out).namelist()
    folder, _slash, last = path.rpartition("/")
    assert folder == "03-minh-chung/7"
    assert last.isascii()
    assert not set(last) & set('\\/:*?"<>|%~ ')
    assert all(" " <= letter <= "~" for letter in last)
    assert 1 <= len(last) <= 100
    assert last[0] not in ".-"
    assert last[-1] != "."
    assert last.partition(".")[0].casefold() not in RESERVED
    assert safe_name(last) == last


def test_the_index_and_the_checksums_cannot_be_replaced_by_an_entry() -> None:
    out = io.BytesIO()
    write_archive(out, [Entry(".", "SHA256SUMS", io.BytesIO(b"x")), Entry("", "muc-luc.csv", io.BytesIO(b"y"))])
    names = ZipFile(out).namelist()
    assert len({name.casefold().lstrip("./") for name in names}) == len(names)


@pytest.mark.parametrize("name", NAMES)
def test_no_name_of_a_download_breaks_its_header(name: str) -> None:
    answer = as_download(io.BytesIO(b""), name.replace("\x00", "").replace("\r\n", " "))
    header = Message()
    header["Content-Disposition"] = answer["Content-Disposition"]
    assert "\n" not in answer["Content-Disposition"]
    assert answer["Content-Disposition"].startswith("attachment")
    assert "/" not in (header.get_filename() or "")
    assert (answer["X-Content-Type-Options"], answer["Content-Type"]) == ("nosniff", "application/octet-stream")


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_becomes_a_formula_in_a_spreadsheet(text: str) -> None:
    out = io.BytesIO()
    write_xlsx(out, [(text, (Column(text),), [(text,)])])
    with ZipFile(out) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
        assert b"<f>" not in sheet
        assert b"<hyperlink" not in sheet
    for row in load_workbook(io.BytesIO(out.getvalue())).active.iter_rows():
        assert [(cell.data_type, cell.hyperlink) for cell in row] == [("s", None)]


@pytest.mark.parametrize("text", FORMULAS[:12])
def test_no_cell_of_a_csv_begins_a_formula(text: str) -> None:
    assert as_cell(text) == f"'{text}"
    assert as_cell("Bình thường = 1; hai") == "Bình thường = 1; hai"


@pytest.mark.parametrize(("text", "begun"), [("a;=1+1", "=1+1"), ("a; +1", "+1"), ('a;"=1', "=1"), ("a;@x", "@x")])
def test_no_cell_of_a_csv_begins_a_formula_where_semicolons_part_cells(text: str, begun: str) -> None:
    assert as_cell(text) == f"{text[: -len(begun)]}'{begun}"


def test_every_file_with_columns_of_the_project_is_written_by_the_writers_that_are_tested_here() -> None:
    writers = {"csv", "xlsxwriter", "openpyxl"}
    found = set()
    for folder in ("doantracker", "plans", "reviews", "units"):
        for file in (Path(settings.BASE_DIR) / folder).rglob("*.py"):
            if writers & set(_imported(ast.parse(file.read_text(encoding="utf-8")))):
                found.add(str(file.relative_to(settings.BASE_DIR)))
    assert found == {
        "doantracker/imports/marked.py",  # its texts: tests/doantracker/imports/test_marked.py
        "doantracker/imports/sheet.py",  # only reads
        "doantracker/imports/template.py",  # its texts: tests/doantracker/imports/test_template.py
        "doantracker/papers/archive.py",
        "doantracker/papers/gather/archive.py",
        "doantracker/papers/xlsx.py",
    }


def _imported(tree: ast.AST) -> list[str]:
    found = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    found += [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return [name.partition(".")[0] for name in found]


@pytest.fixture
def hostile(cast: Cast) -> Any:
    """A plan in which every text of people begins a formula."""
    plan = make_published_plan(cast.province, title="=1+1", symbol="=2+2")
    words = SolutionFactory(plan=plan, ordinal=1, text="@SUM(A1)", lead_unit=cast.district)
    owed = make_deadline(cast.district, plan=plan, solution=words)
    kept = {"original_name": "=../3.pdf", "size": 3, "sha256": "0" * 64, "added_at": clock.now()}
    proof = Evidence(deadline=owed, added_by=cast.secretary, **kept)
    proof.file.save("proof", ContentFile(b"abc"))
    prepare_paper(kind="progress", subject=f"plan={plan.pk}", by=cast.office_staff)
    audit.record(AuditAction.CHANGED, by=cast.office_staff, label="=3+3", plan_id=plan.pk, unit_id=cast.province.pk)
    return plan


def written(export: Export) -> bytes:
    write_export(export=export)
    export.refresh_from_db()
    with export.file.open("rb") as file:
        data: bytes = file.read()
    return data


def test_the_table_of_deadlines_runs_nothing(cast: Cast, hostile: Any) -> None:
    book = load_workbook(io.BytesIO(written(ask_export(query="", by=cast.office_staff))))
    cells = [cell for row in book.active.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert "@SUM(A1)" in {cell.value for cell in cells}


def test_the_archive_of_a_plan_runs_nothing(cast: Cast, hostile: Any) -> None:
    data = written(ask_export(query=f"plan={hostile.pk}", by=cast.office_staff, kind="archive"))
    with ZipFile(io.BytesIO(data)) as archive:
        tables = [name for name in archive.namelist() if name.endswith(".csv")]
        assert tables == ["04-nhat-ky/nhat-ky.csv", "muc-luc.csv"]
        for name in tables:
            rows = list(csv.reader(io.StringIO(archive.read(name).decode("utf-8-sig"))))
            assert len(rows) > 1
            assert [cell for row in rows for cell in row if as_cell(cell) != cell] == []
        assert not [name for name in archive.namelist() if ".." in name or name.startswith("/")]
