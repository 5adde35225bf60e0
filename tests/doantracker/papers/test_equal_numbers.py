"""One gathering, every form: what the screen, .docx, .pdf, .xlsx and API of each kind of paper tell is the same.

A kind of paper without a scene fails. A scene is a function that makes records with figures that tell one from another
and returns the subject of the paper. A further form is a further reader in `READERS`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from html.parser import HTMLParser
from io import BytesIO
from typing import Any, Final
from urllib.parse import urlencode

import pypdfium2
import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from docx import Document
from docx.oxml.ns import qn
from openpyxl import load_workbook

from doantracker.papers.actions.papers import prepare_paper
from doantracker.papers.enums import PaperKind
from doantracker.papers.gather.parts import FIGURE_COLUMNS
from doantracker.papers.models import OfficialPaper
from doantracker.papers.paper import Paper, Text, shown
from doantracker.papers.sources import SOURCES
from plans.actions.letters import prepare_letter
from plans.enums import Status
from plans.models import Plan
from reviews.enums import TripState
from tests.api.calls import Program
from tests.cast import Cast
from tests.conftest import Login
from tests.doantracker.papers.inspections import close_first, concluded, head_of
from tests.doantracker.papers.test_actions import SYMBOL
from tests.doantracker.papers.test_gather_compiled import send
from tests.doantracker.papers.test_gather_compiled import subject as period_subject
from tests.doantracker.papers.test_gather_feedback import make_round
from tests.doantracker.papers.test_gather_minutes import held
from tests.doantracker.papers.test_gather_plan_reports import owing
from tests.doantracker.papers.test_gather_plan_reports import subject as schedule_subject
from tests.doantracker.papers.test_gather_programme import programme
from tests.doantracker.papers.test_gather_survey import answered
from tests.evaluation_scene import BODY, make_committee
from tests.factories import (
    ShortcomingFactory,
    SolutionFactory,
    make_deadline,
    make_difficulty,
    make_proposal,
    make_published_plan,
    make_quota,
    make_report_kind,
    make_trip,
)
from units.models import UnitKind

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


def period(cast: Cast) -> str:
    kind = make_report_kind(
        cast.province, cast.district, cast.other_district, cast.department, by=cast.office_staff,
        sections=[("Kết quả công tác", "free"), ("Kiến nghị", "free")],
    )  # fmt: skip
    send(kind, cast.secretary, "Kết nạp 12 đoàn viên.\nTổ chức 03 lớp tập huấn.", "=Đề nghị 2 lớp.")
    make_plan(cast)
    return period_subject(kind)


def owed_reports(cast: Cast) -> str:
    return schedule_subject(owing(cast))


def evaluated_month(cast: Cast) -> str:
    return f"round={make_committee(cast).to_locked().pk}"


def evaluated_year(cast: Cast) -> str:
    make_committee(cast).to_locked()
    return f"unit={cast.province.pk}&body={BODY}&year=2026"


def feedback_round(cast: Cast) -> str:
    return f"round={make_round(cast, anonymous=True).pk}"


def inspection(cast: Cast) -> str:
    head = head_of(cast)
    row = concluded(cast, head, cast.district, cast.other_district)
    close_first(cast, row, head)
    return f"inspection={row.pk}"


def make_trips(cast: Cast) -> int:
    """Make two trips of three and two days and a quota; return its id."""
    facts: dict[str, Any] = {
        "leader": cast.department_head,
        "state": TripState.REPORTED,
        "report": "Thiếu 02 bộ tài liệu.",
    }
    make_trip(cast.province, days=(dt.date(2026, 3, 2), dt.date(2026, 3, 4)), units=[cast.commune], **facts)
    facts |= {"state": TripState.GONE, "report": ""}
    make_trip(cast.province, days=(dt.date(2026, 3, 10), dt.date(2026, 3, 11)), units=[cast.other_district], **facts)
    made: int = make_quota(cast.province, by=cast.office_staff, people=[cast.department_head, cast.reader]).pk
    return made


def trips_of_quota(cast: Cast) -> str:
    return f"quota={make_trips(cast)}"


def trips_of_year(cast: Cast) -> str:
    make_trips(cast)
    return f"unit={cast.province.pk}&year=2026&kind={cast.district.kind_id}"


def meeting(cast: Cast) -> str:
    return f"meeting={held(cast, decisions=3).pk}"


def inspections_of_year(cast: Cast) -> str:
    return f"programme={programme(cast, count=3).pk}"


def survey(cast: Cast) -> str:
    return f"survey={answered(cast, 'Huyện đoàn 1').pk}"


def proposal(cast: Cast) -> str:
    facts = {"person": "Đinh Văn Khen", "award": "Bằng khen", "merits": "Có 03 mô hình hay.\nGương mẫu."}
    return f"commendation={make_proposal(cast.district, by=cast.secretary, level=cast.province, **facts).pk}"


@dataclass(frozen=True)
class Case:
    """A paper: its kind, what makes its records and returns its subject, and who of the cast prepares it."""

    kind: str
    make: Callable[[Cast], str]
    by: str = "office_staff"


SCENES: Final = (
    Case(PaperKind.PROGRESS, of_plan),
    Case(PaperKind.REMEDIATION, of_plan),
    Case(PaperKind.PLAN, of_plan),
    Case(PaperKind.STATISTICS, province),
    Case(PaperKind.CHASING, letter),
    Case(PaperKind.HANDOVER, district),
    Case(PaperKind.COMPILED, period),
    Case(PaperKind.COMPILED, owed_reports),
    Case(PaperKind.EVALUATION, evaluated_month),
    Case(PaperKind.EVALUATION, evaluated_year),
    Case(PaperKind.FEEDBACK, feedback_round),
    Case(PaperKind.INSPECTION, inspection),
    Case(PaperKind.CONCLUSIONS, inspection),
    Case(PaperKind.TRIPS, trips_of_quota),
    Case(PaperKind.TRIPS, trips_of_year),
    Case(PaperKind.MINUTES, meeting),
    Case(PaperKind.PROGRAMME, inspections_of_year),
    Case(PaperKind.SURVEY, survey),
    Case(PaperKind.COMMENDATION, proposal, by="secretary"),
)


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
        self.in_paper = self.in_paper or (tag == "article" and "sheet" in (dict(attrs).get("class") or "").split())
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


class Figures(HTMLParser):
    """Reads the figures of the first statistics table of its page, a line a row."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[list[str]] = []
        self.tables, self.in_cell = 0, False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a table, a line or a cell."""
        self.tables += tag == "table" and "figures-table" in (dict(attrs).get("class") or "")
        if self.tables == 1 and tag == "tr":
            self.lines.append([])
        elif self.tables == 1 and tag == "td":
            self.lines[-1].append("")
            self.in_cell = True

    def handle_endtag(self, tag: str) -> None:
        """End a cell; the head of the table has none."""
        self.in_cell = self.in_cell and tag != "td"
        if tag == "thead" and self.tables == 1:
            self.lines.clear()
        if tag == "tr" and self.tables == 1 and self.lines:
            self.lines[-1] = [
                "0" if cell == "–" and n < len(FIGURE_COLUMNS) else cell for n, cell in enumerate(self.lines[-1])
            ]

    def handle_data(self, data: str) -> None:
        """Take the figure of a cell."""
        if self.in_cell:
            self.lines[-1][-1] += data.strip()


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
    _cover, *sheets = book
    return [[list(map(_shown, line)) for line in sheet.iter_rows()] for sheet in sheets], None


def _shown(cell: Any) -> str:
    """Return a cell read back as papers show it; days come as times, rates as parts of one."""
    if cell.number_format == "0.0%":
        return f"{cell.value * 100:.1f} %".replace(".", ",")
    return shown(cell.value.date() if isinstance(cell.value, dt.datetime) else cell.value)


def in_pdf(client: Client, row: OfficialPaper) -> tuple[None, str]:
    """Return the words of the .pdf in the order in which they are drawn; it has no tables to tell apart."""
    pages = pypdfium2.PdfDocument(taken(client, row, "pdf"))
    return None, " ".join(page.get_textpage().get_text_range() for page in pages)


def in_api(_client: Client, row: OfficialPaper) -> tuple[list[Grid], str]:
    """Return what a program reads of the paper that is kept."""
    return _of_program(row, f"/papers/{row.pk}")


def looked_at_in_api(_client: Client, row: OfficialPaper) -> tuple[list[Grid], str]:
    """Return what a program reads of the paper as it would be gathered now."""
    return _of_program(row, f"/papers/preview?{urlencode(words_of(row.kind, row.subject))}")


def words_of(kind: str, subject: str) -> dict[str, str]:
    """Return a subject in the words of the API, whose names mean one thing each."""
    asked = {name: str(value) for name, value in QueryDict(subject).items() if value}
    for name in asked.keys() & {"due_from", "due_to", "as_of"}:
        asked[name] = "-".join(reversed(asked[name].split("/")))
    if kind == PaperKind.COMPILED and "year" in asked:
        asked["report_year"] = asked.pop("year")
    if "kind" in asked:
        asked["unit_kind"] = UnitKind.objects.get(pk=asked.pop("kind")).code
    return {"kind": kind, **asked}


def _of_program(row: OfficialPaper, address: str) -> tuple[list[Grid], str]:
    answer = Program(row.created_by).get(address)
    assert answer.status_code == 200
    blocks = answer.json()["paper"]["blocks"]
    tables = [
        [
            [column["name"] for column in block["columns"]],
            *[[shown(_typed(cell)) for cell in line] for line in block["rows"]],
        ]
        for block in blocks
        if "table" in block
    ]
    words = [block.get("heading") or block.get("text", "") for block in blocks]
    return tables, " ".join([*words, *[cell for table in tables for line in table for cell in line]])


def _typed(cell: Any) -> Any:
    """Return a cell of the API as what it is."""
    if isinstance(cell, dict):
        return dt.date.fromisoformat(cell["day"]) if "day" in cell else Decimal(cell["number"])
    return cell


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
    "api": in_api,
    "api, looked at": looked_at_in_api,
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


def prepared(cast: Cast, scene: Case) -> OfficialPaper:
    return prepare_paper(kind=scene.kind, subject=scene.make(cast), by=getattr(cast, scene.by))


def test_every_kind_of_paper_has_a_scene() -> None:
    assert {scene.kind for scene in SCENES} == set(SOURCES)


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: f"{scene.kind}-{scene.make.__name__}")
def test_every_form_of_a_paper_tells_the_same(cast: Cast, login: Login, scene: Case) -> None:
    row = prepared(cast, scene)
    client, expected = login(row.created_by), told(row.paper)
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


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: f"{scene.kind}-{scene.make.__name__}")
def test_what_is_looked_at_first_is_what_is_kept(cast: Cast, login: Login, scene: Case) -> None:
    subject, by = scene.make(cast), getattr(cast, scene.by)
    seen = login(by).get(f"{reverse('papers:prepare', args=[scene.kind])}?{subject}").context["paper"]
    assert prepare_paper(kind=scene.kind, subject=subject, by=by).paper == seen


def test_the_figures_of_the_statistics_are_those_of_the_scene(cast: Cast) -> None:
    paper = prepare_paper(kind="statistics", subject=province(cast), by=cast.office_staff).paper
    assert told(paper)[0][-1][:8] == ["Cộng", "12", "5", "1", "0", "2", "3", "1"]


#: Filters of the statistics, and the total each counts in the scene.
FILTERS: Final[dict[str, tuple[dict[str, str], int]]] = {
    "a unit": ({"unit": "province"}, 12),
    "a unit below": ({"unit": "district"}, 8),
    "a unit without units below": ({"unit": "other_district"}, 3),
    "a plan": ({"unit": "province", "plan": "plan"}, 12),
    "a period": ({"unit": "province", "due_from": "2026-03-09", "due_to": "2026-03-13"}, 8),
    "an earlier day": ({"unit": "province", "as_of": "2026-03-10"}, 12),
    "a plan, a period and a unit": (
        {"unit": "district", "plan": "plan", "due_from": "2026-03-10", "due_to": "2026-03-31"}, 2,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FILTERS)
def test_the_statistics_are_the_same_on_their_page_in_the_api_and_on_paper(
    cast: Cast, login: Login, name: str
) -> None:
    plan = make_plan(cast)
    make_deadline(cast.foreign_commune, plan=make_published_plan(cast.foreign_province), due_on=dt.date(2026, 3, 9))
    asked, total = FILTERS[name]
    asked = {n: str(plan.pk if n == "plan" else getattr(cast, v).pk if n == "unit" else v) for n, v in asked.items()}
    page = Figures()
    page.feed(login(cast.office_staff).get(reverse("plans:figures"), asked).text)
    program = Program(cast.office_staff).get(f"/figures/units?{urlencode(asked)}").json()
    paper = prepare_paper(kind="statistics", subject=urlencode(asked), by=cast.office_staff).paper
    kept = [[shown(cell) for cell in line] for line in paper.tables[0].rows]
    lines = [*[line["figures"] for line in program["lines"]], program["whole"]]
    assert page.lines == [line[1:] for line in kept]
    assert [[*(str(line[n]) for n, _label in FIGURE_COLUMNS), _rate(line["rate"])] for line in lines] == page.lines
    assert (page.lines[-1][0], program["whole"]["total"]) == (str(total), total)


def _rate(figure: str | None) -> str:
    """Return a rate of the API as papers write it."""
    return "–" if figure is None else f"{Decimal(figure):f}".replace(".", ",") + " %"
