"""A document goes in: what is saved, what is refused, and that nothing stays behind."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from plans.actions.imports import AlreadyDraft, import_plan
from plans.errors import ActionRefused
from plans.forms.imports import READ_MESSAGES, read_message
from plans.gaps import blocking, gaps_of
from plans.importing import names_unit
from plans.models import Field, Plan, PlanDocument, Schedule, Solution
from plans.occurrences import occurrences
from plans.reading.drafts import (
    DraftGroup,
    DraftPlan,
    DraftPriorityTask,
    DraftSchedule,
    DraftShortcoming,
    DraftSolution,
    Header,
    Paragraph,
    ParagraphRole,
    Party,
    PartyKind,
    ScheduleKind,
    Span,
)
from plans.reading.readers import REASONS, ReadError
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import make_unit
from units.models import AuditEvent, Unit

SAMPLE = Path(__file__).parent.parent / "documents" / "ke-hoach-khac-phuc.txt"
REAL = settings.BASE_DIR.parent / "shared" / "real-plans"
IMPORT = "/plans/import/"

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


def as_docx(text: str) -> bytes:
    """Return `text` as a Word document, a paragraph for each line that holds something."""
    document = docx.Document()
    for line in text.splitlines():
        if line.strip():
            document.add_paragraph(line)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def sample(ending: str) -> tuple[bytes, str]:
    """Return the project's own plan as a file with this ending."""
    if ending == ".docx":
        return as_docx(SAMPLE.read_text(encoding="utf-8")), "ke-hoach.docx"
    return SAMPLE.read_bytes(), "ke-hoach.txt"


def paragraph(text: str, role: ParagraphRole = ParagraphRole.TEXT) -> Paragraph:
    return Paragraph(text, 1, 1, role)


def unit_party(name: str) -> Party:
    return Party(name, PartyKind.UNIT, Span(0, 0, 1))


def stored_files() -> list[Path]:
    return [p for p in Path(settings.MEDIA_ROOT).rglob("*") if p.is_file()]


def imported(cast: Cast, draft: DraftPlan, data: bytes = b"x") -> Plan:
    return import_plan(data=data, name="a.txt", issuing_unit=cast.province, by=cast.office_staff, draft=draft)


# --- what is saved ---


@pytest.mark.parametrize(
    ("body", "same"),
    [
        ("Tỉnh đoàn Sông Thao", True),
        ("TỈNH ĐOÀN SÔNG THAO", True),
        ("Đoàn TNCS Hồ Chí Minh tỉnh Sông Thao", True),
        ("Ban Thường vụ Tỉnh đoàn", True),
        ("Huyện đoàn Bình Minh", False),
        ("Ủy ban nhân dân tỉnh", False),
    ],
)
def test_the_issuing_body_of_a_document_is_compared_with_the_unit_chosen(cast: Cast, body: str, *, same: bool) -> None:
    assert names_unit(body, cast.province) is same


@pytest.mark.parametrize("ending", [".txt", ".docx"])
def test_the_sample_plan_comes_in_whole(cast: Cast, ending: str) -> None:
    data, name = sample(ending)
    plan = import_plan(data=data, name=name, issuing_unit=cast.province, by=cast.office_staff)
    assert (plan.symbol, plan.number, plan.symbol_kind, plan.symbol_body, plan.symbol_department) == (
        "45-KH/TĐTN-VP", 45, "KH", "TĐTN", "VP",
    )  # fmt: skip
    assert (plan.issued_on, plan.place) == (dt.date(2026, 1, 12), "Sông Thao")
    assert (plan.period_start, plan.period_end) == (dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    assert (plan.status, plan.created_by) == ("draft", cast.office_staff)
    assert [r.symbol for r in plan.references.all()] == ["12-KH/TU"]
    assert [(s.ordinal, s.field.name if s.field else "") for s in plan.shortcomings.all()] == [
        (1, "Trong lĩnh vực văn thư, lưu trữ"),
        (2, "Trong lĩnh vực văn thư, lưu trữ"),
        (3, "Trong lĩnh vực phong trào"),
    ]
    assert set(plan.shortcomings.get(ordinal=3).named_units.all()) == {cast.district, cast.other_district}
    assert [(g.ordinal, g.lead_unit) for g in plan.groups.all()] == [(1, cast.office), (2, cast.department)]
    solutions = list(plan.solutions.all())
    assert [(s.ordinal, s.group.ordinal if s.group else None) for s in solutions] == [
        (1, 1),
        (2, 1),
        (3, 2),
        (4, None),
    ]
    assert [s.lead_unit for s in solutions[:3]] == [None, None, None]  # inherited from the group
    assert [s.lead for s in solutions[:3]] == [cast.office, cast.office, cast.department]
    assert [{x.ordinal for x in s.shortcomings.all()} for s in solutions] == [{1, 2}, {1, 2}, {3}, set()]
    schedules = list(Schedule.objects.filter(solution__plan=plan).order_by("pk"))
    assert [(s.kind, s.due, s.rule) for s in schedules] == [
        ("within_month", dt.date(2026, 4, 30), ""),
        ("recurring", None, "FREQ=MONTHLY"),
        ("within_quarter", dt.date(2026, 6, 30), ""),
        ("by_date", dt.date(2026, 11, 30), ""),
    ]
    assert [k.code for k in schedules[3].owner_kinds.all()] == ["district"]
    assert [list(s.owner_units.all()) for s in schedules] == [[], [], [], []]  # the lead owes it
    assert blocking(gaps_of(plan)) == []


@pytest.mark.parametrize("ending", [".txt", ".docx"])
def test_every_record_keeps_its_words_in_the_document(cast: Cast, ending: str) -> None:
    data, name = sample(ending)
    plan = import_plan(data=data, name=name, issuing_unit=cast.province, by=cast.office_staff)
    texts = [p["text"] for p in plan.document.paragraphs]
    for record in [*plan.shortcomings.all(), *plan.solutions.all()]:
        assert record.source_paragraph is not None
        assert texts[record.source_paragraph][record.source_start : record.source_end] == record.text
    for schedule in Schedule.objects.filter(solution__plan=plan):
        assert schedule.source_paragraph is not None
        assert texts[schedule.source_paragraph][schedule.source_start : schedule.source_end] == schedule.phrase


def test_the_file_is_kept_under_a_random_name(cast: Cast) -> None:
    data, _name = sample(".txt")
    plan = import_plan(data=data, name="../../etc/Kế hoạch.txt", issuing_unit=cast.province, by=cast.office_staff)
    document = plan.document
    assert document.original_name == "Kế hoạch.txt"
    assert (document.size, len(document.sha256)) == (len(data), 64)
    assert "Kế" not in str(document.file.name)
    assert [p.read_bytes() for p in stored_files()] == [data]


def test_the_log_remembers_the_import(cast: Cast) -> None:
    data, name = sample(".txt")
    plan = import_plan(data=data, name=name, issuing_unit=cast.province, by=cast.office_staff)
    event = AuditEvent.objects.get(plan_id=plan.pk)
    assert (event.action, event.actor, event.unit_id) == ("created", cast.office_staff, cast.province.pk)
    assert event.data["sha256"] == plan.document.sha256


def test_a_lead_of_its_own_and_helpers_are_resolved(cast: Cast) -> None:
    draft = DraftPlan(
        Header(title="T"),
        paragraphs=(paragraph("Việc chung"),),
        groups=(DraftGroup(1, "Nhóm", Span(0, 0, 4), unit_party("Văn phòng")),),
        solutions=(
            DraftSolution(
                1, "Việc chung", Span(0, 0, 10), group=0,
                leads=(unit_party("Ban Phong trào"), unit_party("Bình Minh")), supports=(unit_party("Ban Ma"),),
            ),
        ),
    )  # fmt: skip
    solution = imported(cast, draft).solutions.get()
    assert solution.lead_unit == cast.department
    assert list(solution.supporting_units.all()) == [cast.district]
    assert solution.doubt == (
        "Several units lead; the first is entered as lead, the others as supporting. "
        "Named as supporting, not entered: Ban Ma."
    )
    unmatched = solution.unmatched.get()
    assert (unmatched.name, unmatched.role, unmatched.record) == ("Ban Ma", "support", solution)
    assert unmatched.doubt == "Named as supporting, not entered: Ban Ma."


def test_a_solution_without_a_time_is_ongoing_and_in_doubt(cast: Cast) -> None:
    draft = DraftPlan(Header(title="T"), (paragraph("Việc"),), solutions=(DraftSolution(1, "Việc", Span(0, 0, 4)),))
    schedule = Schedule.objects.get(solution__plan=imported(cast, draft))
    assert (schedule.kind, schedule.due, schedule.doubt) == (
        "ongoing", None, "The text names no time: entered as ongoing work. Check whether a day is meant.",
    )  # fmt: skip


def test_a_class_that_leads_owes_the_commitment(cast: Cast) -> None:
    party = Party("các huyện đoàn", PartyKind.CLASS, Span(0, 0, 3), ("district",))
    draft = DraftPlan(
        Header(title="T"),
        (paragraph("Việc hằng năm"),),
        solutions=(DraftSolution(1, "Việc hằng năm", Span(0, 0, 13), leads=(party,)),),
        schedules=(DraftSchedule("hằng năm", ScheduleKind.RECURRING, Span(0, 5, 13), 0, rule="FREQ=YEARLY"),),
    )
    plan = imported(cast, draft)
    assert plan.solutions.get().lead_unit is None
    doubt = "A whole class of units carries this out. Choose the unit that leads and answers for the result."
    assert plan.solutions.get().doubt == doubt
    assert [k.code for k in Schedule.objects.get(solution__plan=plan).owner_kinds.all()] == ["district"]


@pytest.mark.parametrize(
    ("read", "anchor", "stored", "days"),
    [
        (
            "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=19", "tháng cuối quý", "FREQ=MONTHLY;BYMONTH=3,6,9,12;BYMONTHDAY=19",
            ["2026-03-19", "2026-06-19", "2026-09-19", "2026-12-19"],
        ),
        (
            "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=10", "tháng đầu quý", "FREQ=MONTHLY;BYMONTH=1,4,7,10;BYMONTHDAY=10",
            ["2026-04-10", "2026-07-10", "2026-10-10"],
        ),
        (
            "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=24", None, "FREQ=MONTHLY;BYMONTH=3,6,9,12;BYMONTHDAY=24",
            ["2026-03-24", "2026-06-24", "2026-09-24", "2026-12-24"],
        ),
        (
            "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=5", "tháng thứ hai quý", "FREQ=MONTHLY;BYMONTH=2,5,8,11;BYMONTHDAY=5",
            ["2026-05-05", "2026-08-05", "2026-11-05"],
        ),
        (
            "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1", "tháng cuối quý", "FREQ=MONTHLY;BYMONTH=2,5,8,11;BYMONTHDAY=-1",
            ["2026-02-28", "2026-05-31", "2026-08-31", "2026-11-30"],
        ),
        (
            "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1", "tháng đầu quý", "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1",
            ["2026-03-31", "2026-06-30", "2026-09-30", "2026-12-31"],
        ),
        (
            "FREQ=MONTHLY;INTERVAL=6;BYMONTHDAY=10", None, "FREQ=MONTHLY;BYMONTH=6,12;BYMONTHDAY=10",
            ["2026-06-10", "2026-12-10"],
        ),
        ("FREQ=YEARLY;BYMONTHDAY=9", "tháng cuối năm", "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=9", ["2026-12-09"]),
        ("FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=9", None, "FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=9", ["2026-06-09"]),
    ],
)  # fmt: skip
def test_a_day_of_a_quarter_is_stored_with_its_months(
    cast: Cast, read: str, anchor: str | None, stored: str, days: list[str]
) -> None:
    draft = DraftPlan(
        Header(title="T"),
        (paragraph("Việc hằng quý"),),
        solutions=(DraftSolution(1, "Việc hằng quý", Span(0, 0, 13)),),
        schedules=(DraftSchedule("x", ScheduleKind.RECURRING, Span(0, 5, 13), 0, rule=read, anchor=anchor),),
    )
    schedule = Schedule.objects.get(solution__plan=imported(cast, draft))
    found, _next = occurrences(
        kind=schedule.kind, start=None, due=None, rule=schedule.rule, period_start=dt.date(2026, 2, 10),
        period_end=dt.date(2026, 12, 31), not_before=dt.date(2026, 2, 10), until=dt.date(2027, 12, 31),
    )  # fmt: skip
    assert (schedule.rule, [str(o.due) for o in found]) == (stored, days)


def test_what_no_record_was_made_of_stays_marked_in_its_paragraph(cast: Cast) -> None:
    draft = DraftPlan(
        Header(title="T"),
        (paragraph("Trong năm 2026"),),
        schedules=(DraftSchedule("năm 2026", ScheduleKind.WITHIN_YEAR, Span(0, 6, 14)),),
    )
    plan = imported(cast, draft)
    assert plan.document.paragraphs[0]["marks"] == [{"start": 6, "end": 14, "kind": "loose", "note": "năm 2026"}]
    assert not Solution.objects.filter(plan=plan).exists()


def test_ordinals_have_no_gap_whatever_the_document_prints(cast: Cast) -> None:
    span = Span(0, 0, 1)
    draft = DraftPlan(
        Header(title="T"),
        (paragraph("x"),),
        shortcomings=(DraftShortcoming(2, "A", "một", span), DraftShortcoming(5, "a", "hai", span)),
        priority_tasks=(
            DraftPriorityTask("focus", 1, "t1", span),
            DraftPriorityTask("breakthrough", 1, "t2", span),
            DraftPriorityTask("focus", 3, "t3", span),
        ),
        solutions=(DraftSolution(7, "g", span, shortcomings=(5, 9), priority_tasks=(("focus", 3),)),),
    )
    plan = imported(cast, draft)
    assert [(s.ordinal, s.text) for s in plan.shortcomings.all()] == [(1, "một"), (2, "hai")]
    assert {(t.list_kind, t.ordinal, t.text) for t in plan.priority_tasks.all()} == {
        ("focus", 1, "t1"), ("breakthrough", 1, "t2"), ("focus", 2, "t3"),
    }  # fmt: skip
    solution = plan.solutions.get()
    assert (solution.ordinal, [s.text for s in solution.shortcomings.all()]) == (1, ["hai"])
    assert [t.text for t in solution.priority_tasks.all()] == ["t3"]
    assert Field.objects.filter(unit=cast.province).count() == 1  # "A" and "a" are one field


def test_texts_too_long_for_their_columns_are_cut_visibly(cast: Cast) -> None:
    draft = DraftPlan(Header(title="Kế hoạch " * 100, symbol="1" * 90, place="P" * 300), (paragraph("x\x00y"),))
    plan = imported(cast, draft)
    assert (len(plan.title), plan.title[-1]) == (500, "…")
    assert (len(plan.symbol), len(plan.place)) == (60, 100)
    assert plan.document.paragraphs[0]["text"] == "x y"


def test_values_the_database_would_refuse_are_left_out_with_a_doubt(cast: Cast) -> None:
    day = dt.date(2026, 5, 1)
    span = Span(0, 0, 1)
    draft = DraftPlan(
        Header(title="T", period_start=day, period_end=dt.date(2026, 1, 1), kind="unheard_of"),
        (paragraph("x"),),
        solutions=(DraftSolution(1, "x", span, level="planet", group=9),),
        schedules=(
            DraftSchedule("a", ScheduleKind.BETWEEN, span, 0, start=day, due=dt.date(2026, 4, 1)),
            DraftSchedule("b", ScheduleKind.RECURRING, span, 0, rule="FREQ=SOMETIMES"),
            DraftSchedule("c", ScheduleKind.BY_DATE, Span(7, 0, 1), 0, due=day, rule="FREQ=YEARLY"),
        ),
    )
    plan = imported(cast, draft)
    assert (plan.kind, plan.period_start, plan.period_end) == ("other", day, None)
    first, second, third = Schedule.objects.filter(solution__plan=plan).order_by("pk")
    assert (first.start, first.due, first.doubt) == (
        None, dt.date(2026, 4, 1), "The first day lies after the last one. Check both days.",
    )  # fmt: skip
    assert (second.rule, second.doubt) == ("", "How often it recurs was not understood. Choose how often.")
    assert (third.rule, third.source_paragraph) == ("", None)


def test_the_number_of_statements_does_not_grow_with_the_records(cast: Cast) -> None:
    def draft(count: int) -> DraftPlan:
        span, lead, helper = Span(0, 0, 1), unit_party("Văn phòng"), unit_party("Bình Minh")
        numbers = range(1, count + 1)
        return DraftPlan(
            Header(title="T"),
            (paragraph("x"),),
            shortcomings=tuple(DraftShortcoming(n, "A", "k", span, ("Bình Minh",)) for n in numbers),
            solutions=tuple(
                DraftSolution(n, "g", span, leads=(lead,), supports=(helper,), shortcomings=(n,)) for n in numbers
            ),
        )  # fmt: skip

    imported(cast, draft(1), b"0")  # the field of work is there from now on
    done = []
    for count in (3, 30):
        with CaptureQueriesContext(connection) as queries:
            imported(cast, draft(count), bytes([count]))
        done.append(len(queries))
    assert done[0] == done[1]
    assert done[0] <= 22  # PostgreSQL locks the chain of the log by a statement of its own


# --- what is refused ---


def test_the_same_file_is_refused_while_its_draft_is_open(cast: Cast) -> None:
    data, name = sample(".txt")
    first = import_plan(data=data, name=name, issuing_unit=cast.province, by=cast.office_staff)
    with pytest.raises(AlreadyDraft) as refusal:
        import_plan(data=data, name="other.txt", issuing_unit=cast.province, by=cast.office_staff)
    assert refusal.value.plan == first
    assert len(stored_files()) == 1
    import_plan(data=data, name=name, issuing_unit=cast.district, by=cast.secretary)  # another unit's own draft


def test_no_one_imports_for_a_unit_they_do_not_serve(cast: Cast) -> None:
    for person in (cast.secretary, cast.leader, cast.administrator, cast.reader, cast.outsider):
        with pytest.raises(Http404):
            import_plan(data=b"x", name="a.txt", issuing_unit=cast.province, by=person)
    assert not Plan.objects.exists()


def test_when_saving_fails_no_file_and_no_record_stays(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: Any, **_kwargs: Any) -> None:
        raise IntegrityError

    monkeypatch.setattr("units.audit.record", broken)  # the last statement of the transaction
    data, name = sample(".txt")
    with pytest.raises(IntegrityError):
        import_plan(data=data, name=name, issuing_unit=cast.province, by=cast.office_staff)
    assert stored_files() == []
    assert not Plan.objects.exists()


def test_a_document_with_thousands_of_records_is_refused(cast: Cast) -> None:
    many = tuple(DraftSolution(n, "g", Span(0, 0, 1)) for n in range(3001))
    with pytest.raises(ActionRefused):
        imported(cast, DraftPlan(Header(title="T"), (paragraph("x"),), solutions=many))
    assert not Plan.objects.exists()


def bomb() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b" " * (60 * 1024 * 1024))
    return content.getvalue()


SECRET = "BAN THƯỜNG VỤ\nTUYỆT MẬT\nKẾ HOẠCH\nvề một việc\n- Làm việc này trong tháng 5.\n".encode()
BAD_FILES: dict[str, tuple[str, bytes, str]] = {
    "empty": ("a.txt", b"", "Tệp trống."),
    "program": ("a.docx", b"MZ\x90\x00" + b"\x00" * 100, "dù phần đuôi tên tệp"),
    "bomb": ("a.docx", bomb(), "khi giải nén lớn hơn"),
    "cut off": ("a.docx", as_docx("Một kế hoạch rất ngắn")[:900], "bị hỏng hoặc không đầy đủ"),
    "NUL": ("a.txt", b"KE HOACH\x00\x00 viec", "byte NUL"),
    "old Word": ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "tệp Word cũ"),
    "secret": ("a.txt", SECRET, "bí mật nhà nước"),
    "not UTF-8": ("a.txt", "Kế hoạch".encode("utf-16-be"), "Unicode|NUL"),
    "program by name": ("a.exe", b"\x89PNG\r\n\x1a\n", ".docx"),
}


@pytest.mark.parametrize("case", BAD_FILES)
def test_a_bad_file_is_told_and_nothing_is_saved(cast: Cast, login: Login, case: str) -> None:
    name, content, words = BAD_FILES[case]
    response = login(cast.office_staff).post(
        IMPORT, {"issuing_unit": cast.province.name, "file": SimpleUploadedFile(name, content)}
    )
    assert response.status_code == 422
    errors = " ".join(response.context["form"].errors["file"])
    assert any(w in errors for w in words.split("|")), errors
    assert not Plan.objects.exists()
    assert stored_files() == []


def test_every_reason_of_the_reader_has_words_for_the_person() -> None:
    assert set(READ_MESSAGES) == set(REASONS)
    assert "could not be read" in read_message("new reason")


def test_a_large_file_is_refused_before_it_is_read(cast: Cast, login: Login, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(**_kwargs: Any) -> None:
        raise AssertionError

    monkeypatch.setattr("plans.views.imports.import_plan", never)
    file = SimpleUploadedFile("a.docx", b"PK\x03\x04" + b"0" * settings.UPLOAD_MAX_BYTES)
    response = login(cast.office_staff).post(IMPORT, {"issuing_unit": cast.province.name, "file": file})
    assert response.status_code == 422
    assert "Tệp lớn hơn" in response.context["form"].errors["file"][0]


# --- the pages ---


def test_a_person_imports_a_file_and_goes_on_to_check_it(cast: Cast, login: Login) -> None:
    client = login(cast.office_staff)
    data, name = sample(".docx")
    sent = {"issuing_unit": cast.province.name, "file": SimpleUploadedFile(name, data)}
    response = client.post(IMPORT, sent)
    plan = Plan.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"/plans/{plan.pk}/check/")
    assert plan.issuing_unit == cast.province
    again = client.post(IMPORT, {**sent, "file": SimpleUploadedFile(name, data)})
    assert again.status_code == 409
    assert f'href="/plans/{plan.pk}/check/"' in again.content.decode()


def test_who_serves_one_unit_is_not_asked_for_it(cast: Cast, login: Login) -> None:
    client = login(cast.branch_secretary)
    assert "issuing_unit" not in client.get(IMPORT).context["form"].fields
    data, name = sample(".txt")
    client.post(IMPORT, {"file": SimpleUploadedFile(name, data)})
    assert Plan.objects.get().issuing_unit == cast.branch


def test_a_foreign_unit_can_not_be_named_as_issuer(cast: Cast, login: Login) -> None:
    data, name = sample(".txt")
    for unit in (cast.foreign_province, cast.province):
        sent = {"issuing_unit": unit.name, "file": SimpleUploadedFile(name, data)}
        response = login(cast.secretary).post(IMPORT, sent)
        assert response.status_code == 422
        assert list(response.context["form"].errors) == ["issuing_unit"]
    assert not Plan.objects.exists()


@pytest.mark.parametrize(
    ("person", "status"), [("leader", 404), ("reader", 404), ("administrator", 404), ("secretary", 200)]
)
def test_only_who_drafts_plans_sees_the_import_page(cast: Cast, login: Login, person: str, status: int) -> None:
    client = login(getattr(cast, person))
    assert client.get(IMPORT).status_code == status
    assert client.get(reverse("plans:create")).status_code == status


def test_an_empty_draft_is_made_by_hand(cast: Cast, login: Login) -> None:
    client = login(cast.commune_secretary)
    facts = {"title": "Kế hoạch hè", "kind": "other", "period_start": "01/06/2026", "period_end": "31/08/2026"}
    response = client.post(reverse("plans:create"), {**facts, "issuing_unit": cast.commune.name})
    plan = Plan.objects.get()
    assert response["Location"] == f"/plans/{plan.pk}/check/"
    assert (plan.title, plan.issuing_unit, plan.period_end) == ("Kế hoạch hè", cast.commune, dt.date(2026, 8, 31))
    wrong = client.post(
        reverse("plans:create"), {**facts, "period_end": "01/05/2026", "issuing_unit": cast.commune.name}
    )
    assert wrong.status_code == 422
    assert Plan.objects.count() == 1


# --- the real plan ---


@pytest.mark.skipif(
    not REAL.is_dir(), reason="the real plans are not kept in the project; put them into ../shared/real-plans"
)
@pytest.mark.parametrize("ending", [".txt", ".docx"])
def test_the_real_plan_of_2020_comes_in_whole(cast: Cast, ending: str) -> None:
    inspection: Unit = make_unit("Ban Tổ chức - Kiểm tra", code="ST-TC", kind="department", parent=cast.province)
    file = next(REAL.glob("000*.txt"))
    data = as_docx(file.read_text(encoding="utf-8")) if ending == ".docx" else file.read_bytes()
    plan = import_plan(data=data, name=f"000{ending}", issuing_unit=cast.province, by=cast.office_staff)
    assert [s.ordinal for s in plan.shortcomings.all()] == [1, 2, 3, 4, 5, 6, 7]
    assert plan.shortcomings.values("field").distinct().count() == 3
    assert [plan.solutions.filter(group=g).count() for g in (*plan.groups.all(), None)] == [3, 5, 3, 2]
    leads = (cast.office, inspection, cast.department)
    assert [g.lead_unit for g in plan.groups.all()] == list(leads)
    for group, lead in zip(plan.groups.all(), leads, strict=True):
        assert {s.lead for s in plan.solutions.filter(group=group)} == {lead}
    assert blocking(gaps_of(plan)) == []


@pytest.mark.skipif(
    not REAL.is_dir(), reason="the real plans are not kept in the project; put them into ../shared/real-plans"
)
def test_the_other_real_plans_come_in_without_error(cast: Cast) -> None:
    for file in sorted(REAL.glob("*.txt")):
        import_plan(data=file.read_bytes(), name=file.name, issuing_unit=cast.province, by=cast.office_staff)
    assert PlanDocument.objects.count() == len(list(REAL.glob("*.txt")))


def test_a_read_error_passes_through_the_action(cast: Cast) -> None:
    with pytest.raises(ReadError) as error:
        import_plan(data=b"x", name="a.exe", issuing_unit=cast.province, by=cast.office_staff)
    assert error.value.code == "unknown_type"
