"""One gathering, every form: what the screen, .docx, .pdf and .xlsx of each kind of paper tell is the same.

A kind of paper without a scene fails. A scene is a function that makes records with figures that tell one from another
and returns the subject of the paper. A further form is a further reader in `READERS`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from html.parser import HTMLParser
from io import BytesIO
from typing import Any, Final

import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse
from docx import Document
from docx.oxml.ns import qn
from openpyxl import load_workbook

from doantracker.papers.actions.papers import prepare_paper
from doantracker.papers.enums import PaperKind
from doantracker.papers.models import OfficialPaper
from doantracker.papers.paper import Paper, Text, shown
from doantracker.papers.sources import SOURCES
from plans.actions.letters import prepare_letter
from plans.enums import Status
from plans.models import Plan
from tests.cast import Cast
from tests.conftest import Login
from tests.doantracker.papers.test_actions import SYMBOL
from tests.factories import ShortcomingFactory, SolutionFactory, make_deadline, make_difficulty, make_published_plan

pytestmark = pytest.mark.usefixtures("today")

Grid = list[list[str]]


# --- scenes: records that each kind of paper tells of ---


def make_plan(cast: Cast) -> Plan:
    """Make a plan whose units are 5 on time, 1 late, 2 in time, 3 overdue, 1 without a day."""
    plan = make_published_plan(cast.province, title="Kế hoạch số liệu", symbol="12-KH/TĐTN-VP", **SYMBOL)
    first = SolutionFactory(plan=plan, ordinal=1, text="=Rà soát <danh sách> & {{ 7*7 }}.", lead_unit=cast.district)
    second = SolutionFactory(plan=plan, ordinal=2, text="Tập huấn\ncán bộ.", lead_unit=cast.department)
    done: dict[str, Any] = {"status": Status.COMPLETED, "reported_by": cast.secretary, "percent": 100}
    done |= {"confirmed_on": dt.date(2026, 3, 16), "confirmed_by": cast.office_staff}
    for day in range(1, 6):
        facts = {**done, "reported_on": dt.date(2026, 3, day)}
        make_deadline(cast.district, plan=plan, solution=first, due_on=dt.date(2026, 3, 9), **facts)
    facts = {**done, "reported_on": dt.date(2026, 3, 15)}
    make_deadline(cast.commune, plan=plan, solution=first, due_on=dt.date(2026, 3, 9), **facts)
    for day in (20, 31):
        make_deadline(cast.commune, plan=plan, solution=second, due_on=dt.date(2026, 3, day))
    for day in (1, 2, 13):
        late = make_deadline(cast.other_district, plan=plan, solution=second, due_on=dt.date(2026, 3, day))
    make_deadline(cast.department, plan=plan, solution=second)
    make_difficulty(late, by=cast.sibling_secretary, text="-Thiếu 1.500.000 đồng.")
    ShortcomingFactory(plan=plan, ordinal=1, text="Báo cáo chậm 03 lần.", origin="new").solutions.add(first)
    ShortcomingFactory(plan=plan, ordinal=2, text="Chỉ tiêu 2025 chưa đạt.", origin="carried_over")
    return plan


def of_plan(cast: Cast) -> str:
    return f"plan={make_plan(cast).pk}"


def letter(cast: Cast) -> str:
    plan = make_plan(cast)
    prepare_letter(plan=plan, by=cast.office_staff, answer_by=dt.date(2026, 3, 23))
    return f"letter={plan.letters.get().pk}"


def province(cast: Cast) -> str:
    make_plan(cast)
    return f"unit={cast.province.pk}"


def district(cast: Cast) -> str:
    make_plan(cast)
    return f"unit={cast.other_district.pk}"


#: What makes the records of a kind and returns the subject of its paper. Each kind of `SOURCES` has its own.
SCENES: Final[dict[str, Callable[[Cast], str]]] = {
    PaperKind.PROGRESS: of_plan,
    PaperKind.REMEDIATION: of_plan,
    PaperKind.PLAN: of_plan,
    PaperKind.STATISTICS: province,
    PaperKind.CHASING: letter,
    PaperKind.HANDOVER: district,
}


# --- readers: what a form tells, read back from the form itself ---


class Sheet(HTMLParser):
    """Reads the tables and the words of a page's paper."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[Grid] = []
        self.words: list[str] = []
        self.in_paper = self.in_cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a table, a row or a cell."""
        self.in_paper = self.in_paper or (tag == "article" and dict(attrs).get("class") == "sheet")
        if self.in_paper and tag == "table":
            self.tables.append([])
        elif self.in_paper and tag == "tr":
            self.tables[-1].append([])
        elif self.in_paper and tag in {"td", "th"}:
            self.tables[-1][-1].append("")
            self.in_cell = True
        elif tag == "br":
            self.handle_data("\n")

    def handle_endtag(self, tag: str) -> None:
        """End a cell or the paper."""
        self.in_cell = self.in_cell and tag not in {"td", "th"}
        self.in_paper = self.in_paper and tag != "article"

    def handle_data(self, data: str) -> None:
        """Take words of the paper."""
        if self.in_paper:
            self.words.append(data)
        if self.in_cell:
            self.tables[-1][-1][-1] += data


def on_screen(client: Client, row: OfficialPaper) -> tuple[list[Grid], str]:
    """Return the tables and the words of the paper's page."""
    sheet = Sheet()
    sheet.feed(client.get(row.get_absolute_url()).text)
    return sheet.tables, " ".join(sheet.words)


def in_docx(client: Client, row: OfficialPaper) -> tuple[list[Grid], str]:
    """Return the tables of the .docx that are set with lines, and all its words."""
    document = Document(BytesIO(taken(client, row, "docx")))
    grids = [grid for grid in document.tables if grid.style is not None and grid.style.name == "Table Grid"]
    tables = [[[cell.text for cell in line.cells] for line in grid.rows] for grid in grids]
    return tables, " ".join(part.text or "" for part in document.element.iter(qn("w:t")))


def in_xlsx(client: Client, row: OfficialPaper) -> tuple[list[Grid], None]:
    """Return the sheets; cells are typed, so they are shown as papers show them. None where there is no table."""
    if not row.paper.tables:
        return [], None
    book = load_workbook(BytesIO(taken(client, row, "xlsx")))
    return [[list(map(_shown, line)) for line in sheet.iter_rows(values_only=True)] for sheet in book], None


def _shown(cell: Any) -> str:
    """Return a cell read back as papers show it; days come as times."""
    return shown(cell.date() if isinstance(cell, dt.datetime) else cell)


def in_pdf(client: Client, row: OfficialPaper) -> tuple[None, str]:
    """Return the words of the .pdf in the order in which they are drawn; it has no tables to tell apart."""
    pages = pypdfium2.PdfDocument(taken(client, row, "pdf"))
    return None, " ".join(page.get_textpage().get_text_range() for page in pages)


def taken(client: Client, row: OfficialPaper, form: str) -> bytes:
    """Return the file as a person takes it along."""
    answer: Any = client.get(reverse("papers:download", args=[row.pk, form]))
    assert answer.status_code == 200
    return b"".join(answer)


#: Forms by name: each returns tables (None: the form has none to tell apart) and words (None: it has tables only).
READERS: Final[dict[str, Callable[[Client, OfficialPaper], tuple[list[Grid] | None, str | None]]]] = {
    "screen": on_screen,
    "docx": in_docx,
    "xlsx": in_xlsx,
    "pdf": in_pdf,
}


def told(paper: Paper) -> list[Grid]:
    """Return the tables of a paper as text, their heads included."""
    return [
        [[column.name for column in table.columns], *([shown(cell) for cell in line] for line in table.rows)]
        for table in paper.tables
    ]


def squeezed(text: str) -> str:
    """Return a text without what stands between words: lines break elsewhere in each form."""
    return "".join(text.replace("\ufffe", "").split())


def assert_in_order(pieces: list[str], text: str) -> None:
    """Assert that each piece stands in `text` after the one before."""
    at = 0
    for piece in map(squeezed, pieces):
        found = text.find(piece, at)
        assert found >= 0, f"{piece!r} does not follow {text[max(0, at - 60) : at]!r}"
        at = found + len(piece)


def test_every_kind_of_paper_has_a_scene() -> None:
    assert set(SCENES) == set(SOURCES)


@pytest.mark.parametrize("kind", SCENES)
def test_every_form_of_a_paper_tells_the_same(cast: Cast, login: Login, kind: str) -> None:
    row = prepare_paper(kind=kind, subject=SCENES[kind](cast), by=cast.office_staff)
    client, expected = login(cast.office_staff), told(row.paper)
    assert sum(text.isdigit() for table in expected for line in table for text in line) >= (1 if expected else 0)
    for name, read in READERS.items():
        tables, words = read(client, row)
        if tables is not None:
            assert (name, tables) == (name, expected)
        if words is not None:
            texts = [block.text for block in row.paper.blocks if isinstance(block, Text)]
            assert [text for text in texts if squeezed(text) not in squeezed(words)] == []
            for table in expected:
                assert_in_order([cell for line in table for cell in line], squeezed(words))


@pytest.mark.parametrize("kind", SCENES)
def test_what_is_looked_at_first_is_what_is_kept(cast: Cast, login: Login, kind: str) -> None:
    subject = SCENES[kind](cast)
    seen = login(cast.office_staff).get(f"{reverse('papers:prepare', args=[kind])}?{subject}").context["paper"]
    assert prepare_paper(kind=kind, subject=subject, by=cast.office_staff).paper == seen


def test_the_figures_of_the_statistics_are_those_of_the_scene(cast: Cast) -> None:
    paper = prepare_paper(kind="statistics", subject=province(cast), by=cast.office_staff).paper
    assert told(paper)[0][-1][:8] == ["Cộng", "12", "5", "1", "0", "2", "3", "1"]
