"""Official papers, large files and imports through the API: as on their pages, by the same acts, logged alike."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from io import BytesIO
from typing import Any, get_args

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from doantracker.api.models import KeptAnswer
from doantracker.api.v1 import exports as exports_api
from doantracker.api.v1 import papers as papers_api
from doantracker.api.v1.imports import ImportKind
from doantracker.api.v1.problems import problem
from doantracker.imports.registry import KINDS
from doantracker.papers.actions import exports
from doantracker.papers.actions.papers import prepare_paper
from doantracker.papers.enums import ExportKind
from doantracker.papers.models import Export, FirstNumber, OfficialPaper, Term
from doantracker.papers.sources import SOURCES
from plans.models import Plan
from tests.api.calls import Program
from tests.cast import Cast
from tests.doantracker.imports.files import workbook
from tests.doantracker.papers.test_gather_feedback import make_round
from tests.evaluation_scene import make_committee
from tests.factories import ScheduleFactory, SolutionFactory, make_deadline, make_published_plan
from units.models import AuditEvent, Unit
from units.models.audit import AuditAction

pytestmark = pytest.mark.usefixtures("today")
HEADER = ["code", "name", "kind", "parent"]


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """A plan with one thing overdue."""
    found = make_published_plan(cast.province, title="Kế hoạch thử", symbol_body="TĐTN", place="Sông Thao")
    make_deadline(cast.district, plan=found, due_on=dt.date(2026, 3, 1))
    return found


@pytest.fixture
def office(cast: Cast) -> Program:
    """The program of the office."""
    return Program(cast.office_staff)


def prepared(cast: Cast, plan: Plan) -> OfficialPaper:
    return prepare_paper(kind="progress", subject=f"plan={plan.pk}", by=cast.office_staff)


def where(row: OfficialPaper, rest: str = "") -> str:
    return f"/papers/{row.pk}{rest}"


def logged(action: AuditAction) -> int:
    return AuditEvent.objects.filter(action=action).count()


# --- papers ---


def test_every_kind_says_by_which_words_it_is_asked_for() -> None:
    assert set(papers_api.WORDS) == set(SOURCES)
    fields = set(papers_api.PaperAbout.model_fields) - {"kind"}
    assert set().union(*papers_api.WORDS.values()) == fields


def test_a_paper_is_looked_at_prepared_and_read(office: Program, plan: Plan) -> None:
    looked = office.get(f"/papers/preview?kind=progress&plan={plan.pk}").json()
    assert OfficialPaper.objects.count() == 0
    sent = {"kind": "progress", "plan": plan.pk}
    made = office.post("/papers", sent, idempotency_key="p1")
    again = office.post("/papers", sent, idempotency_key="p1")
    row = OfficialPaper.objects.get()
    assert (made.status_code, made.json(), again.json()) == (201, {"id": row.pk, "version": 1}, made.json())
    told = office.get(where(row)).json()
    assert told["paper"] == looked["paper"]
    assert (row.subject, told["kind"], told["unit"]["id"], told["number"]) == (
        f"plan={plan.pk}", "progress", plan.issuing_unit_id, None,
    )  # fmt: skip
    assert [block["table"] for block in told["paper"]["blocks"] if "table" in block] == [
        t.name for t in row.paper.tables
    ]


def test_a_word_that_the_kind_does_not_know_is_refused(office: Program, plan: Plan, cast: Cast) -> None:
    wrong = office.get(f"/papers/preview?kind=progress&plan={plan.pk}&unit={cast.province.pk}")
    assert [fault["field"] for fault in wrong.json()["errors"]] == ["query.unit"]
    slip = office.get(f"/papers/preview?kind=progress&plann={plan.pk}")
    assert [fault["field"] for fault in slip.json()["errors"]] == ["query.plann"]
    body = office.post("/papers", {"kind": "progress", "plan": plan.pk, "letter": 1})
    assert (body.status_code, body.json()["errors"][0]["field"]) == (422, "body.letter")


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ("kind=progress", ["plan"]),
        ("kind=chasing", ["letter"]),
        ("kind=handover", ["unit"]),
        ("kind=compiled", ["report_year", "occurrence"]),
        ("kind=compiled&schedule=1", ["plan"]),
        ("kind=evaluation&unit=1", ["body", "year"]),
        ("kind=trips", ["quota"]),
    ],
)
def test_a_word_that_is_missing_is_named(office: Program, given: str, missing: list[str]) -> None:
    looked = office.get(f"/papers/preview?{given}")
    assert (looked.status_code, looked.json()["code"]) == (422, "invalid")
    assert [fault["field"] for fault in looked.json()["errors"]] == [f"query.{name}" for name in missing]
    kept = office.post("/papers", {"kind": given.partition("&")[0].removeprefix("kind=")})
    assert kept.status_code == 422


def test_a_problem_is_told_whatever_it_names() -> None:
    told = problem(422, "invalid", "Sai", errors=[{"field": "body.\ud800", "message": "Đỏ"}])
    assert (told["Content-Type"], json.loads(told.content)["errors"]) == (
        "application/problem+json",
        [{"field": "body.?", "message": "Đỏ"}],
    )


@pytest.mark.parametrize(
    ("word", "value"), [("plan", True), ("plan", "1"), ("plan", 1.0), ("report_year", "2026"), ("year", 2026.0)]
)
def test_a_number_in_a_body_is_written_as_one(office: Program, cast: Cast, word: str, value: Any) -> None:
    answer = office.post("/papers", {"kind": "progress", word: value})
    fault = {"field": f"body.{word}", "message": "Gửi một số nguyên."}
    assert (answer.status_code, answer.json()["errors"]) == (422, [fault])


def test_a_numbered_paper_is_frozen_and_a_slip_in_a_key_is_named(office: Program, cast: Cast, plan: Plan) -> None:
    row = prepared(cast, plan)
    slip = office.post(where(row, "/edit"), {"words": {"nope": "Chữ"}}, if_match="*")
    assert (slip.status_code, slip.json()["errors"][0]["field"]) == (422, "body.words.nope")
    version = office.post(where(row, "/edit"), {"words": {"version": "5"}}, if_match="*")
    assert (version.status_code, version.json()["errors"][0]["field"]) == (422, "body.words.version")
    half = office.post(where(row, "/edit"), {"words": {"\ud800": "Chữ"}}, if_match="*")
    assert (half.status_code, len(half.json()["errors"])) == (422, 1)
    Term.objects.create(unit=cast.province, start=dt.date(2022, 1, 1))
    assert office.post(where(row, "/number"), {"number": 5}, if_match="*").status_code == 200
    frozen = office.post(where(row, "/edit"), {"words": {next(iter(row.paper.paragraphs)): "Chữ"}}, if_match="*")
    assert (frozen.status_code, frozen.json()["code"], frozen.json()["errors"]) == (422, "refused", [])


def test_the_list_is_told_by_kind_and_costs_the_same_for_few_and_many(office: Program, cast: Cast, plan: Plan) -> None:
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert office.get("/papers").status_code == 200
        return len(queries)

    first = prepared(cast, plan)
    office.get("/papers")
    one = cost()
    for _n in range(5):
        prepared(cast, plan)
    letter = prepare_paper(kind="plan", subject=f"plan={plan.pk}", by=cast.office_staff)
    assert cost() == one
    assert [row["id"] for row in office.get("/papers?kind=plan").json()["items"]] == [letter.pk]
    page = office.get("/papers?limit=1").json()
    assert ([row["id"] for row in page["items"]], bool(page["next"])) == ([first.pk], True)


def test_words_put_in_stay_and_a_second_writer_is_told(office: Program, cast: Cast, plan: Plan) -> None:
    row = prepared(cast, plan)
    first, second = list(row.paper.paragraphs)[:2]
    seen = office.get(where(row))["ETag"]
    edited = office.post(where(row, "/edit"), {"words": {first: "Chữ một"}}, if_match=seen)
    late = office.post(where(row, "/edit"), {"words": {first: "Chữ hai"}}, if_match=seen)
    assert (edited.status_code, edited.json()["version"], late.status_code) == (200, 2, 412)
    more = office.post(where(row, "/edit"), {"words": {second: "Chữ ba"}}, if_match=edited["ETag"])
    row.refresh_from_db()
    assert (more.status_code, row.edits) == (200, {first: "Chữ một", second: "Chữ ba"})
    assert office.get(where(row)).json()["edited"] == sorted([first, second])
    assert office.post(where(row, "/edit"), {"words": {"khác": "x"}}, if_match="*").status_code == 422
    assert office.post(where(row, "/edit"), {"words": {first: "x"}}).status_code == 428


def test_it_is_gathered_again_as_its_changes_tell(office: Program, cast: Cast, plan: Plan) -> None:
    row = prepared(cast, plan)
    none: dict[str, list[Any]] = {"changes": [], "overtaken": [], "lost": []}
    assert office.get(where(row, "/changes")).json() == none
    make_deadline(cast.other_district, plan=plan, due_on=dt.date(2026, 3, 2))
    assert any(
        "Thị đoàn Cẩm Giang" in change["after"] for change in office.get(where(row, "/changes")).json()["changes"]
    )
    seen = office.get(where(row))["ETag"]
    assert office.post(where(row, "/again"), {}, if_match=seen).json() == {"id": row.pk, "version": 2}
    assert office.post(where(row, "/again"), {}, if_match=seen).status_code == 412
    assert office.get(where(row, "/changes")).json() == none


def test_own_words_over_a_text_that_changed_are_named_until_they_are_sent_again(
    office: Program, cast: Cast, plan: Plan
) -> None:
    row = prepared(cast, plan)
    assert office.get(where(row)).json()["as_of"] == "2026-03-16"
    office.post(where(row, "/edit"), {"words": {"whole": "Chữ một", "next": ""}}, if_match="*")
    make_deadline(cast.other_district, plan=plan, due_on=dt.date(2026, 3, 2))
    (place,) = office.get(where(row, "/changes")).json()["overtaken"]
    assert (place["key"], place["words"], place["before"] != place["now"]) == ("whole", "Chữ một", True)
    assert office.post(where(row, "/again"), {"take": ["opening"]}, if_match="*").status_code == 422
    assert office.post(where(row, "/again"), {"take": ["next"]}, if_match="*").status_code == 200
    told = office.get(where(row)).json()
    assert (told["edited"], told["overtaken"]) == (["whole"], ["whole"])
    Term.objects.create(unit=cast.province, start=dt.date(2022, 1, 1))
    assert office.post(where(row, "/number"), {}, if_match="*").json()["code"] == "refused"
    early = {"day": "2026-03-13", "with_gaps": True}
    assert "16/03/2026" in office.post(where(row, "/number"), early, if_match="*").json()["detail"]
    office.post(where(row, "/edit"), {"words": {"whole": "Chữ một"}}, if_match="*")
    assert office.get(where(row)).json()["overtaken"] == []
    assert office.post(where(row, "/edit"), {"words": {"take-whole": "on"}}, if_match="*").status_code == 422
    assert office.post(where(row, "/number"), {}, if_match="*").status_code == 200


def test_numbers_are_given_in_order_and_never_twice(office: Program, cast: Cast, plan: Plan) -> None:
    rows = [prepared(cast, plan) for _n in range(3)]
    none = office.post(where(rows[0], "/number"), {}, if_match="*")
    assert (none.status_code, none.json()["code"]) == (422, "refused")
    term = Term.objects.create(unit=cast.province, start=dt.date(2022, 1, 1))
    FirstNumber.objects.create(term=term, code="BC", number=7)
    for row, expected in zip(rows[:2], (7, 8), strict=True):
        assert office.post(where(row, "/number"), {}, if_match="*").status_code == 200
        assert office.get(where(row)).json()["number"] == expected
    taken = office.post(where(rows[2], "/number"), {"number": 8, "day": "2026-03-16"}, if_match="*")
    assert (taken.status_code, taken.json()["code"]) == (422, "refused")
    assert office.post(where(rows[0], "/again"), {}, if_match="*").status_code == 422
    assert office.post(where(rows[0], "/edit"), {"words": {"next": "Khác."}}, if_match="*").status_code == 422


def test_a_numbered_paper_is_cancelled_for_a_reason(office: Program, cast: Cast, plan: Plan) -> None:
    row = prepared(cast, plan)
    Term.objects.create(unit=cast.province, start=dt.date(2022, 1, 1))
    assert office.post(where(row, "/cancel"), {"reason": "Nhầm."}, if_match="*").status_code == 422
    assert office.post(where(row, "/number"), {}, if_match="*").status_code == 200
    assert office.post(where(row, "/cancel"), {"reason": ""}, if_match="*").status_code == 422
    assert office.post(where(row, "/cancel"), {"reason": "Nhầm."}, if_match="*").status_code == 200
    told = office.get(where(row)).json()
    assert (told["number"], told["cancelled_on"]) == (1, "2026-03-16")


@pytest.mark.parametrize(("form", "begins"), [("docx", b"PK"), ("pdf", b"%PDF"), ("xlsx", b"PK")])
def test_each_file_is_taken_along_and_logged(
    office: Program, cast: Cast, plan: Plan, form: str, begins: bytes
) -> None:
    row = prepared(cast, plan)
    answer = office.get(where(row, f"/files/{form}"))
    assert b"".join(answer.streaming_content).startswith(begins)
    assert f".{form}" in answer["Content-Disposition"]
    event = AuditEvent.objects.get(action=AuditAction.DOWNLOADED)
    assert event.data["form"] == form
    assert event.data["api_token"]
    assert office.get(where(row, "/files/exe")).status_code == 422


def test_a_long_paper_is_asked_for_as_a_large_file(
    office: Program, cast: Cast, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = prepared(cast, plan)
    monkeypatch.setattr(papers_api, "ROWS_AT_ONCE", 0)
    refused = office.get(where(row, "/files/pdf"))
    assert (refused.status_code, refused.json()["code"]) == (422, "refused")
    assert "POST /exports" in refused.json()["detail"]
    assert logged(AuditAction.DOWNLOADED) == 0


def test_reading_about_persons_is_logged_and_never_kept(office: Program, cast: Cast) -> None:
    about = f"kind=evaluation&round={make_committee(cast).to_locked().pk}"
    before = AuditEvent.objects.count()
    assert office.get(f"/papers/preview?{about}").status_code == 200
    looked = AuditEvent.objects.count() - before
    made = office.post("/papers", {"kind": "evaluation", "round": int(about.rpartition("=")[2])}, idempotency_key="e")
    at = AuditEvent.objects.count()
    assert office.get(f"/papers/{made.json()['id']}").status_code == 200
    assert (looked > 0, AuditEvent.objects.count() - at) == (True, looked)
    assert set(KeptAnswer.objects.get().body) < set('{"id": 0123456789, "version"}')
    assert Program(cast.secretary).get(f"/papers/{made.json()['id']}").status_code == 404


def test_an_anonymous_round_names_nobody_in_the_api(office: Program, cast: Cast) -> None:
    row = make_round(cast, anonymous=True)
    told = office.get(f"/papers/preview?kind=feedback&round={row.pk}").text
    assert "cần sâu sát" in told
    assert [who for who in (cast.secretary.full_name, cast.sibling_secretary.full_name) if who in told] == []


# --- large files ---


def test_every_kind_of_file_says_what_it_is_asked_for_with() -> None:
    assert set(exports_api.WORDS) == set(exports_api.NEEDED) == set(ExportKind)


def written(office: Program, sent: dict[str, Any], **headers: str) -> Export:
    made = office.post("/exports", sent, **headers)
    assert (made.status_code, made.json()["state"]) == (201, "export_waiting")
    row = Export.objects.get(pk=made.json()["id"])
    early = office.get(f"/exports/{row.pk}/file")
    assert (early.status_code, early.json()["code"]) == (422, "refused")  # it is still being written
    exports.write_export(export=row)
    assert office.get(f"/exports/{row.pk}").json()["state"] == "export_ready"
    return row


def test_the_table_of_deadlines_holds_what_fits_its_filter(office: Program, cast: Cast, plan: Plan) -> None:
    make_deadline(cast.other_district, plan=plan, due_on=dt.date(2026, 5, 1))
    row = written(office, {"kind": "deadlines", "filter": {"plan": plan.pk, "due_to": "2026-03-31"}})
    answer = office.get(f"/exports/{row.pk}/file")
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).worksheets[0]
    assert [line[1] for line in sheet.iter_rows(min_row=2, values_only=True)] == [cast.district.name]
    assert logged(AuditAction.DOWNLOADED) == 1
    assert Program(cast.second_office_staff).get(f"/exports/{row.pk}").status_code == 404


def test_the_archive_and_a_paper_are_large_files_too(office: Program, cast: Cast, plan: Plan) -> None:
    archive = written(office, {"kind": "archive", "plan": plan.pk, "year": 2026})
    assert b"".join(office.get(f"/exports/{archive.pk}/file").streaming_content).startswith(b"PK")
    paper = written(office, {"kind": "paper", "paper": prepared(cast, plan).pk, "form": "pdf"})
    assert b"".join(office.get(f"/exports/{paper.pk}/file").streaming_content).startswith(b"%PDF")


def test_a_file_is_asked_for_once_under_a_key(office: Program) -> None:
    first, second = (office.post("/exports", {"kind": "deadlines"}, idempotency_key="x") for _n in range(2))
    assert (first.json(), Export.objects.count()) == (second.json(), 1)


def test_who_lost_the_right_takes_no_file_along(office: Program, cast: Cast, plan: Plan) -> None:
    row = written(office, {"kind": "archive", "plan": plan.pk})
    cast.office_staff.appointments.all().delete()
    assert office.get(f"/exports/{row.pk}/file").status_code == 404


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"kind": "deadlines", "plan": 1}, "body.plan"),
        ({"kind": "archive"}, "body.plan"),
        ({"kind": "paper", "paper": 1}, "body.form"),
        ({"kind": "deadlines", "filter": {"unit": 999_999}}, "body.filter.unit"),
        ({"kind": "deadlines", "filter": {"untit": 1}}, "body.filter.untit"),
        ({"kind": "deadlines", "filter": {"q": "🌾" * 200}}, "body.filter"),
    ],
)
def test_what_makes_no_file_is_refused(office: Program, sent: dict[str, Any], field: str) -> None:
    answer = office.post("/exports", sent)
    assert (answer.status_code, [fault["field"] for fault in answer.json()["errors"]]) == (422, [field])


def test_nobody_takes_along_the_plans_of_others(cast: Cast, plan: Plan) -> None:
    kinds = ({"kind": "archive", "plan": plan.pk}, {"kind": "paper", "paper": prepared(cast, plan).pk, "form": "pdf"})
    for person in (cast.secretary, cast.outsider):
        assert [Program(person).post("/exports", sent).status_code for sent in kinds] == [404, 404]
    leader = [Program(cast.leader).post("/exports", sent).status_code for sent in kinds]
    assert leader == [404, 201]  # who signs the paper reads it


# --- imports ---


def sent(program: Program, rows: bytes, *, preview: bool = False, kind: str = "units", **headers: str) -> Any:
    fields = {"file": SimpleUploadedFile("don-vi.xlsx", rows), **({"preview": "true"} if preview else {})}
    return program.post_form(f"/imports/{kind}", fields, **headers)


def test_the_kinds_are_those_of_the_pages() -> None:
    assert get_args(ImportKind) == tuple(KINDS)


def test_a_file_is_looked_at_then_done_as_it_was_seen(cast: Cast) -> None:
    program = Program(cast.administrator)
    rows = workbook(HEADER, ["ST-MOI", "Đoàn xã Mới", "commune", cast.district.code])
    looked = sent(program, rows, preview=True)
    told = looked.json()
    assert {n: told[n] for n in ("done", "total", "new", "changed", "unchanged", "refused")} == {
        "done": False, "total": 1, "new": 1, "changed": 0, "unchanged": 0, "refused": 0,
    }  # fmt: skip
    assert (told["changes"][0]["row"], told["changes"][0]["new"], told["findings"]) == (2, True, [])
    assert not Unit.objects.filter(code="ST-MOI").exists()
    assert sent(program, rows).status_code == 428
    other = workbook(HEADER, ["ST-KHAC", "Đoàn xã Khác", "commune", cast.district.code])
    assert sent(program, other, if_match=looked["ETag"]).status_code == 412
    done = sent(program, rows, if_match=looked["ETag"], idempotency_key="i1")
    again = sent(program, rows, if_match=looked["ETag"], idempotency_key="i1")
    assert (done.status_code, done.json()["done"], done.json()["new"], again.json()) == (200, True, 1, done.json())
    assert Unit.objects.get(code="ST-MOI").name == "Đoàn xã Mới"
    event = AuditEvent.objects.get(action=AuditAction.IMPORTED)
    assert event.data["sha256"] == hashlib.sha256(rows).hexdigest()


def test_what_is_wrong_is_told_with_row_column_value_and_cure(cast: Cast) -> None:
    program = Program(cast.administrator)
    rows = workbook(
        HEADER, ["A", "Đoàn xã A", "commune", cast.district.code], ["B", "Đoàn xã B", "commune", "KHÔNG-CÓ"]
    )
    looked = sent(program, rows, preview=True)
    (finding,) = looked.json()["findings"]
    assert (finding["row"], finding["value"]) == (3, "KHÔNG-CÓ")
    assert all(finding[name] for name in ("column", "wrong", "cure"))
    refused = sent(program, rows, if_match="*").json()
    assert (refused["code"], refused["errors"][0]["field"]) == ("refused", f"row.3.{finding['column']}")
    assert not Unit.objects.filter(code="A").exists()


def test_a_file_that_is_no_workbook_is_refused(cast: Cast) -> None:
    program = Program(cast.administrator)
    for name, data in (("a.xlsx", b"no workbook"), ("a.csv", b"code,name")):
        answer = program.post_form("/imports/units", {"file": SimpleUploadedFile(name, data), "preview": "true"})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "file.file")


def test_kinds_of_a_plan_need_one(office: Program, cast: Cast, plan: Plan) -> None:
    solution = SolutionFactory(plan=plan, ordinal=9, lead_unit=cast.district)
    ScheduleFactory(solution=solution)
    assert office.get("/imports/deadlines/template").json()["errors"][0]["field"] == "query.plan"
    answer = office.get(f"/imports/deadlines/template?plan={plan.pk}")
    assert load_workbook(BytesIO(b"".join(answer.streaming_content))).worksheets[0].max_column > 1
    assert office.get("/imports/deadlines/template?plan=999999").status_code == 404
    admin = Program(cast.administrator)
    assert admin.get(f"/imports/units/template?plan={plan.pk}").status_code == 422
    assert office.get("/imports/units/template").status_code == 404
