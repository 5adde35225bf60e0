"""A paper with its number is frozen; the register gives numbers in the order of days, and none twice."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document

from doantracker.lib import clock
from doantracker.papers.actions.papers import (
    cancel_paper,
    discard_paper,
    edit_paper,
    gather_again,
    next_number,
    number_paper,
    prepare_paper,
)
from doantracker.papers.actions.templates import add_template, use_template
from doantracker.papers.docx import default_template
from doantracker.papers.gather.archive import archive_entries
from doantracker.papers.models import FirstNumber, OfficialPaper, PaperTemplate, Term
from plans.actions.proof import Upload
from plans.errors import ActionRefused
from plans.models import Plan
from tests.cast import Cast
from tests.conftest import Login
from tests.doantracker.papers.test_actions import SYMBOL, TODAY
from tests.factories import SolutionFactory, make_deadline, make_published_plan
from units.models import AuditEvent, User
from units.permissions import Permission
from units.roles import ROLES, Grants, Role

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """A plan with work overdue, and the province's term of office."""
    found = make_published_plan(cast.province, title="Kế hoạch khắc phục", symbol="12-KH/TĐTN-VP", **SYMBOL)
    words = SolutionFactory(plan=found, ordinal=1, text="Rà soát danh sách.", lead_unit=cast.district)
    make_deadline(cast.district, plan=found, solution=words, due_on=dt.date(2026, 3, 10))
    Term.objects.create(unit=cast.province, start=dt.date(2022, 10, 1))
    return found


def prepared(cast: Cast, plan: Plan, kind: str = "progress", day: dt.date = TODAY) -> OfficialPaper:
    return prepare_paper(kind=kind, subject=f"plan={plan.pk}", by=cast.office_staff, today=day)


def numbered(cast: Cast, plan: Plan, number: int, day: dt.date = TODAY, **ticks: Any) -> OfficialPaper:
    row = prepared(cast, plan, day=day)
    number_paper(paper=row, by=cast.office_staff, version=1, number=number, day=day, **ticks)
    row.refresh_from_db()
    return row


def taken(client: Any, address: str) -> bytes:
    return b"".join(client.get(address).streaming_content)


# --- frozen ---


def test_no_word_of_a_numbered_paper_changes_and_nothing_is_gathered_again(cast: Cast, plan: Plan) -> None:
    row = numbered(cast, plan, 1)
    before = row.gathered
    with pytest.raises(ActionRefused, match="hủy"):
        edit_paper(paper=row, by=cast.office_staff, version=2, words={"next": "Khác."})
    with pytest.raises(ActionRefused):
        gather_again(paper=row, by=cast.office_staff, version=2)
    row.refresh_from_db()
    assert (row.gathered, row.edits, row.version) == (before, {}, 2)


def with_template(cast: Cast, line: str) -> None:
    """Put our template with one more paragraph into use for all kinds."""
    facts = {"original_name": "m.docx", "size": 3, "sha256": "0" * 64, "added_at": clock.now()}
    template = PaperTemplate(added_by=cast.administrator, in_use=True, **facts)
    changed = Document(io.BytesIO(default_template()))
    changed.add_paragraph(line)
    out = io.BytesIO()
    changed.save(out)
    template.file.save("template", ContentFile(out.getvalue()))


def test_its_file_stays_as_it_was_whatever_becomes_of_the_template(cast: Cast, login: Login, plan: Plan) -> None:
    row = numbered(cast, plan, 1)
    client, address = login(cast.office_staff), reverse("papers:download", args=[row.pk, "docx"])
    kept: Any = client.get(address)
    first = b"".join(kept.streaming_content)
    assert hashlib.sha256(first).hexdigest() == row.sha256
    with_template(cast, "Mẫu khác.")
    assert taken(client, address) == first
    draft = taken(client, reverse("papers:download", args=[prepared(cast, plan).pk, "docx"]))
    assert "Mẫu khác." in [p.text for p in Document(io.BytesIO(draft)).paragraphs]
    assert kept["Content-Disposition"] == 'attachment; filename="bao-cao-tien-do-01-BC-2026-03-16.docx"'


def test_the_kept_file_of_a_long_paper_needs_no_job(
    cast: Cast, login: Login, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("doantracker.papers.views.papers.ROWS_AT_ONCE", 0)
    row, client = numbered(cast, plan, 1), login(cast.office_staff)
    assert taken(client, reverse("papers:download", args=[row.pk, "docx"])) == row.kept_file
    assert client.get(reverse("papers:download", args=[row.pk, "pdf"])).status_code == 302


def test_the_archive_takes_the_kept_file(cast: Cast, plan: Plan) -> None:
    row = numbered(cast, plan, 1)
    entries = [e for e in archive_entries(plan, None, cast.office_staff, TODAY) if e.folder == "02-van-ban"]
    assert [(e.name, e.content.read(), e.known_sha256) for e in entries] == [
        ("bao-cao-tien-do-01-BC-2026-03-16.docx", row.kept_file, row.sha256)
    ]


def test_a_template_that_fails_for_a_paper_spoils_no_archive(cast: Cast, plan: Plan) -> None:
    row = prepared(cast, plan)
    with_template(cast, "{{ 1 // 0 }}")
    found = {
        e.folder or e.name: (e.about, e.content.read()) for e in archive_entries(plan, None, cast.office_staff, TODAY)
    }
    about, docx = found["05-ban-nhap"]
    assert about == f"Bản nháp, chưa có số: {row.title} (lập theo mẫu của hệ thống)"
    assert row.title in " ".join(p.text for p in Document(io.BytesIO(docx)).paragraphs)
    assert "lập theo mẫu của hệ thống" in found["DOC-TRUOC.txt"][1].decode("utf-8-sig")


def test_the_buttons_are_gone_and_their_pages_lead_back(cast: Cast, login: Login, plan: Plan) -> None:
    row = numbered(cast, plan, 1)
    client = login(cast.office_staff)
    page = client.get(row.get_absolute_url()).text
    for name in ("edit", "again", "number"):
        address = reverse(f"papers:{name}", args=[row.pk])
        assert address not in page
        assert client.get(address)["Location"] == row.get_absolute_url()
    assert reverse("papers:cancel", args=[row.pk]) in page


# --- the register ---


def test_the_number_page_names_its_register_and_asks(cast: Cast, login: Login, plan: Plan) -> None:
    numbered(cast, plan, 4, dt.date(2026, 3, 2))
    row = prepared(cast, plan)
    client, address = login(cast.office_staff), reverse("papers:number", args=[row.pk])
    page = client.get(address)
    assert page.context["form"].initial["number"] == 5
    for words in ("BC", cast.province.name, "2022 đến nay", "04", "02/03/2026"):
        assert words in page.text
    refused = client.post(address, {"version": 1, "number": 5, "day": "16/03/2026"})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["sure"])
    row.refresh_from_db()
    assert row.number is None


def test_each_kind_goes_on_with_its_own_first_number(cast: Cast, plan: Plan) -> None:
    term = Term.objects.get()
    FirstNumber.objects.create(term=term, code="BC", number=320)
    report = prepared(cast, plan)
    letter = OfficialPaper(unit=cast.province, code="CV")
    assert (next_number(report, TODAY), next_number(letter, TODAY)) == (320, 1)


@pytest.mark.parametrize(
    ("number", "day"),
    [
        (9, dt.date(2026, 3, 17)),  # tomorrow
        (9, dt.date(2026, 3, 1)),  # before the number before it
        (4, dt.date(2026, 3, 10)),  # after the number behind it
        (9, dt.date(2022, 9, 30)),  # before the term
    ],
)
def test_numbers_follow_the_days(cast: Cast, plan: Plan, number: int, day: dt.date) -> None:
    numbered(cast, plan, 5, dt.date(2026, 3, 2))
    row = prepared(cast, plan, day=min(day, TODAY))
    with pytest.raises(ActionRefused):
        number_paper(paper=row, by=cast.office_staff, version=1, number=number, day=day)
    row.refresh_from_db()
    assert (row.number, row.file.name) == (None, "")


def test_a_report_bears_no_day_before_its_figures(cast: Cast, plan: Plan) -> None:
    row = prepared(cast, plan)
    with pytest.raises(ActionRefused, match="16/03/2026"):
        number_paper(paper=row, by=cast.office_staff, version=1, number=1, day=dt.date(2026, 3, 13))
    gather_again(paper=row, by=cast.office_staff, version=1, today=dt.date(2026, 3, 13))
    number_paper(paper=row, by=cast.office_staff, version=2, number=1, day=dt.date(2026, 3, 13))


@pytest.mark.parametrize(
    ("kind", "subject", "as_of"),
    [
        ("statistics", "unit={unit}", TODAY),
        ("statistics", "unit={unit}&as_of=2026-03-10", dt.date(2026, 3, 10)),
        ("handover", "unit={unit}", TODAY),
        ("remediation", "plan={plan}", TODAY),
        ("plan", "plan={plan}", None),
    ],
)
def test_papers_that_count_say_up_to_which_day(
    cast: Cast, plan: Plan, kind: str, subject: str, as_of: dt.date | None
) -> None:
    about = subject.format(unit=cast.province.pk, plan=plan.pk)
    assert prepare_paper(kind=kind, subject=about, by=cast.office_staff).as_of == as_of


def test_a_number_left_free_is_given_on_a_day_between(cast: Cast, plan: Plan) -> None:
    numbered(cast, plan, 5, dt.date(2026, 3, 2))
    numbered(cast, plan, 7, dt.date(2026, 3, 12), skip_numbers=True)
    assert numbered(cast, plan, 6, dt.date(2026, 3, 12)).number == 6


def test_a_paper_whose_body_has_no_code_gets_no_number(cast: Cast) -> None:
    row = prepare_paper(kind="statistics", subject=f"unit={cast.province.pk}", by=cast.office_staff)
    Term.objects.create(unit=cast.province, start=dt.date(2022, 10, 1))
    assert row.paper.head.number == "……-BC/……"
    with pytest.raises(ActionRefused):
        number_paper(paper=row, by=cast.office_staff, version=1, number=1, day=TODAY)
    edit_paper(paper=row, by=cast.office_staff, version=1, words={"head-symbol": "TĐTN-TCKT"})
    number_paper(paper=row, by=cast.office_staff, version=2, number=1, day=TODAY, with_gaps=True)
    row.refresh_from_db()
    assert row.paper.head.number == "01-BC/TĐTN-TCKT"


def test_who_comes_second_keeps_what_was_typed_and_gets_the_next_number(cast: Cast, login: Login, plan: Plan) -> None:
    numbered(cast, plan, 5, dt.date(2026, 3, 2))
    row, client = prepared(cast, plan, day=dt.date(2026, 3, 13)), login(cast.office_staff)
    address = reverse("papers:number", args=[row.pk])
    assert client.get(address).context["form"]["number"].value() == 6
    numbered(cast, plan, 6, dt.date(2026, 3, 12))  # a colleague meanwhile
    given = {"version": 1, "number": 6, "day": "13/03/2026", "sure": "on"}
    page = client.post(address, given)
    form = page.context["form"]
    assert page.status_code == 422
    assert [form[name].value() for name in ("number", "day", "sure")] == [7, "13/03/2026", True]
    assert "06" in form.non_field_errors()[0]
    assert "07" in form.non_field_errors()[0]
    assert page.context["last"].number == 6
    assert not OfficialPaper.objects.get(pk=row.pk).file
    assert client.post(address, given | {"number": form["number"].value()}).status_code == 302


def test_an_own_template_is_told_beside_the_pdf(cast: Cast, login: Login, plan: Plan, both_trees: User) -> None:
    row, client = prepared(cast, plan), login(cast.office_staff)
    assert client.get(row.get_absolute_url()).context["own_template"] is False
    upload = Upload.of(SimpleUploadedFile("a.docx", default_template()))
    use_template(template=add_template(kind="", upload=upload, by=both_trees), by=both_trees)
    page = client.get(row.get_absolute_url())
    assert page.context["own_template"] is True
    assert "PDF" in page.text.partition("page-actions")[2]


# --- knowingly ---


def test_open_places_are_listed_and_numbered_only_knowingly(cast: Cast, login: Login, plan: Plan) -> None:
    row = prepared(cast, plan)
    edit_paper(paper=row, by=cast.office_staff, version=1, words={"next": "Nguyên nhân chính: ……"})
    page = login(cast.office_staff).get(reverse("papers:number", args=[row.pk]))
    assert [gap.words for gap in page.context["gaps"]] == ["Nguyên nhân chính: ……"]
    assert reverse("papers:edit", args=[row.pk]) in page.text
    given = {"version": 2, "number": 1, "day": "16/03/2026", "sure": "on"}
    refused = login(cast.office_staff).post(page.request["PATH_INFO"], given)
    assert list(refused.context["form"].errors) == ["with_gaps"]
    with pytest.raises(ActionRefused, match="……"):
        number_paper(paper=row, by=cast.office_staff, version=2, number=1, day=TODAY)
    sent = login(cast.office_staff).post(page.request["PATH_INFO"], given | {"with_gaps": "on"})
    assert sent.status_code == 302


def test_numbers_left_out_are_named_and_ticked(cast: Cast, login: Login, plan: Plan) -> None:
    numbered(cast, plan, 323)
    row, client = prepared(cast, plan), login(cast.office_staff)
    address = reverse("papers:number", args=[row.pk])
    given = {"version": 1, "number": 330, "day": "16/03/2026", "sure": "on"}
    form = client.post(address, given).context["form"]
    assert "324–329" in form.non_field_errors()[0]
    assert "324–329" in form.fields["skip_numbers"].label
    assert client.post(address, given | {"number": 331, "skip_numbers": "324–329"}).status_code == 422  # others now
    assert client.post(address, given | {"skip_numbers": "324–329"}).status_code == 302


def test_a_draft_is_discarded_and_a_numbered_paper_never(cast: Cast, login: Login, plan: Plan) -> None:
    row, sent, client = prepared(cast, plan), numbered(cast, plan, 1), login(cast.office_staff)
    assert client.post(reverse("papers:discard", args=[row.pk]), {"version": 1}).status_code == 302
    assert list(OfficialPaper.objects.all()) == [sent]
    event = AuditEvent.objects.filter(object_type="officialpaper").latest("pk")
    assert (event.action, event.object_id, event.unit_id) == ("dropped", row.pk, cast.province.pk)
    with pytest.raises(ActionRefused, match="hủy"):
        discard_paper(paper=sent, by=cast.office_staff, version=2)


# --- cancelled ---


def test_a_cancelled_paper_keeps_its_number_which_nobody_gets_again(cast: Cast, plan: Plan) -> None:
    numbered(cast, plan, 7, dt.date(2026, 3, 2))
    wrong = numbered(cast, plan, 8)
    cancel_paper(paper=wrong, by=cast.office_staff, version=2, reason="Nhầm ngày ký.")
    wrong.refresh_from_db()
    assert (wrong.number, wrong.cancelled_on, wrong.cancel_reason) == (8, TODAY, "Nhầm ngày ký.")
    event = AuditEvent.objects.filter(object_type="officialpaper").latest("pk")
    assert (event.action, event.data) == ("cancelled", {"number": "8", "reason": "Nhầm ngày ký."})
    row = prepared(cast, plan, day=dt.date(2026, 3, 3))
    assert next_number(row, TODAY) == 9
    with pytest.raises(ActionRefused):
        number_paper(paper=row, by=cast.office_staff, version=1, number=8, day=TODAY)
    number_paper(paper=row, by=cast.office_staff, version=1, number=9, day=dt.date(2026, 3, 3))


def test_the_number_page_tells_the_highest_number_and_that_it_is_cancelled(
    cast: Cast, login: Login, plan: Plan
) -> None:
    numbered(cast, plan, 320)
    wrong = numbered(cast, plan, 321)
    cancel_paper(paper=wrong, by=cast.office_staff, version=2, reason="Nhầm ngày ký.")
    page = login(cast.office_staff).get(reverse("papers:number", args=[prepared(cast, plan).pk]))
    assert (page.context["last"].number, page.context["standing"].number) == (321, 320)
    assert page.context["form"].initial["number"] == 322
    assert "321, ngày 16/03/2026; số này đã hủy" in page.text


def test_a_number_far_too_high_holds_nobody_up_once_it_is_cancelled(cast: Cast, plan: Plan) -> None:
    numbered(cast, plan, 7)
    wrong = numbered(cast, plan, 800, skip_numbers=True)
    cancel_paper(paper=wrong, by=cast.office_staff, version=2, reason="Gõ nhầm.")
    assert next_number(prepared(cast, plan), TODAY) == 8


def test_only_a_numbered_paper_is_cancelled_once_and_with_a_reason(cast: Cast, plan: Plan) -> None:
    with pytest.raises(ActionRefused):
        cancel_paper(paper=prepared(cast, plan), by=cast.office_staff, version=1, reason="x")
    row = numbered(cast, plan, 1)
    with pytest.raises(ActionRefused):
        cancel_paper(paper=row, by=cast.office_staff, version=2, reason=" ")
    cancel_paper(paper=row, by=cast.office_staff, version=2, reason="Nhầm.")
    with pytest.raises(ActionRefused):
        cancel_paper(paper=row, by=cast.office_staff, version=3, reason="Nhầm.")


def test_its_page_cancels_it_and_says_so(cast: Cast, login: Login, plan: Plan) -> None:
    row = numbered(cast, plan, 1)
    client, address = login(cast.office_staff), reverse("papers:cancel", args=[row.pk])
    assert "01-BC/TĐTN-VP" in client.get(address).text
    assert client.post(address, {"version": 2, "reason": ""}).status_code == 422
    page = client.post(address, {"version": 2, "reason": "Nhầm ngày ký."}, follow=True)
    assert "Nhầm ngày ký." in page.text
    assert address not in page.text


# --- the leader who signs ---


def test_the_leader_reads_what_is_signed_and_changes_nothing(cast: Cast, login: Login, plan: Plan) -> None:
    row, client = prepared(cast, plan), login(cast.leader)
    page = client.get(row.get_absolute_url())
    assert (page.status_code, page.context["may_write"]) == (200, False)
    assert client.get(reverse("papers:download", args=[row.pk, "pdf"])).status_code == 200
    assert client.get(reverse("papers:edit", args=[row.pk])).status_code == 404
    assert list(client.get(reverse("papers:papers")).context["rows"]) == [row]


def test_who_only_signs_opens_no_paper_about_persons(cast: Cast, plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ROLES, Role.LEADER, Grants(own=frozenset({Permission.VIEW, Permission.SIGN_OFF})))
    row, leader = prepared(cast, plan), User.objects.get(pk=cast.leader.pk)
    for right, seen in (("manage_plans", True), ("view_feedback", False), ("view_evaluations", False)):
        OfficialPaper.objects.filter(pk=row.pk).update(right=right)
        assert OfficialPaper.objects.visible_to(leader).exists() is seen
        assert not OfficialPaper.objects.visible_to(cast.reader).exists()
        assert not OfficialPaper.objects.visible_to(cast.department_head).exists()


# --- words of head and foot ---


def test_head_and_foot_are_worded_anew_and_stay_when_gathered_again(cast: Cast, plan: Plan) -> None:
    row = prepared(cast, plan)
    words: dict[str, Any] = {
        "head-symbol": "TĐTN-TCKT",
        "head-abstract": "Kết quả quý I",
        "head-authority": "TL. Ban Thường vụ",
        "head-post": "Chánh Văn phòng",
        "head-name": "Lê Thị Mai",
    }
    edit_paper(paper=row, by=cast.office_staff, version=1, words=words)
    gather_again(paper=row, by=cast.office_staff, version=2)
    number_paper(paper=row, by=cast.office_staff, version=3, number=3, day=TODAY)
    row.refresh_from_db()
    paper, sign = row.paper, row.paper.signature
    assert (paper.head.number, paper.abstract, row.title) == ("03-BC/TĐTN-TCKT", "Kết quả quý I", "Kết quả quý I")
    assert (sign.authority, sign.post, sign.name) == ("TL. Ban Thường vụ", "Chánh Văn phòng", "Lê Thị Mai")
    assert paper.recipients == ("Các đơn vị liên quan", "Lưu VT, TCKT")
    edited = [
        "\n".join(p.text for p in cell.paragraphs)
        for t in Document(io.BytesIO(row.kept_file)).tables[:1]
        for cell in t._cells
    ]
    assert any("03-BC/TĐTN-TCKT" in text for text in edited)


def test_its_form_holds_head_and_foot_and_refuses_nonsense(cast: Cast, login: Login, plan: Plan) -> None:
    row = prepared(cast, plan)
    client, address = login(cast.office_staff), reverse("papers:edit", args=[row.pk])
    given = {"version": 1, **row.wordable}
    assert set(client.get(address).context["form"].fields) == set(given)
    assert client.post(address, given | {"head-symbol": "TĐTN/VP-"}).status_code == 422
    assert client.post(address, given | {"head-recipients": "Tỉnh ủy\r\nLưu VT"}).status_code == 302
    row.refresh_from_db()
    assert row.edits == {"head-recipients": "Tỉnh ủy\nLưu VT"}
    assert row.paper.recipients == ("Tỉnh ủy", "Lưu VT")


# --- issued before ---


def test_the_paper_of_an_issued_plan_carries_its_number_day_and_signer(cast: Cast, login: Login, plan: Plan) -> None:
    signed = {"signer_authority": "TM. BAN THƯỜNG VỤ", "signer_title": "PHÓ BÍ THƯ", "signer_name": "Hà Văn Lâm"}
    Plan.objects.filter(pk=plan.pk).update(issued_on=dt.date(2026, 1, 9), **signed)
    row = prepared(cast, plan, "plan")
    paper, sign = row.paper, row.paper.signature
    assert (paper.head.number, paper.head.day, row.day) == ("12-KH/TĐTN-VP", dt.date(2026, 1, 9), dt.date(2026, 1, 9))
    assert (sign.authority, sign.post, sign.name) == ("TM. BAN THƯỜNG VỤ", "PHÓ BÍ THƯ", "Hà Văn Lâm")
    with pytest.raises(ActionRefused, match="12-KH/TĐTN-VP"):
        number_paper(paper=row, by=cast.office_staff, version=1, number=1, day=TODAY)
    page = login(cast.office_staff).get(row.get_absolute_url()).text
    assert reverse("papers:number", args=[row.pk]) not in page
    assert "Sửa cho đúng bản đã ban hành" in page
    assert "Sửa lời văn" not in page
    assert list(row.wordable) == ["head-authority", "head-post", "head-name", "head-recipients"]


def test_every_file_of_a_cancelled_paper_says_so_and_the_archive_keeps_what_left(
    cast: Cast, login: Login, plan: Plan
) -> None:
    row, client = numbered(cast, plan, 1), login(cast.office_staff)
    prepared(cast, plan)
    cancel_paper(paper=row, by=cast.office_staff, version=2, reason="Nhầm.")
    row.refresh_from_db()
    sent = taken(client, reverse("papers:download", args=[row.pk, "docx"]))
    assert "VĂN BẢN ĐÃ HỦY (ngày 16/03/2026)" in [p.text for p in Document(io.BytesIO(sent)).paragraphs]
    assert "VĂN BẢN ĐÃ HỦY (ngày 16/03/2026)" in client.get(row.get_absolute_url()).text
    entries = [
        (
            e.folder,
            e.name.rpartition("-")[0] if e.folder == "05-ban-nhap" else e.name,
            e.content.read() == row.kept_file,
        )
        for e in archive_entries(plan, None, cast.office_staff, TODAY)
        if e.folder in {"02-van-ban", "05-ban-nhap"}
    ]
    assert sorted(entries) == [
        ("02-van-ban", "bao-cao-tien-do-01-BC-2026-03-16-da-huy.docx", True),
        ("05-ban-nhap", "ban-nhap-bao-cao-tien-do-2026-03-16", False),
    ]
    assert "01-BC/TĐTN-VP (đã hủy)" in client.get(reverse("papers:papers")).text
