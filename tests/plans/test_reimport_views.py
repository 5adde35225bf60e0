"""An edited document of a draft comes in again: shown side by side, taken over as chosen, refused politely."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import Http404
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from doantracker.lib import clock
from plans.actions.imports import import_plan
from plans.actions.plans import create_plan, publish_plan
from plans.actions.records import accept_record, add_record, change_record, drop_record, join_solutions, split_solution
from plans.actions.reimports import apply_document, compare_documents, keep_document, read_documents
from plans.errors import ActionRefused, Stale
from plans.models import Plan, PlanDocument, PlanReference, Schedule, Solution
from plans.orphans import remove_orphans
from plans.reading.readers import ReadError
from tests.cast import Cast
from tests.conftest import Login
from tests.plans.reading.legacy_samples import as_vni
from units.models import AuditEvent

SAMPLE = (Path(__file__).parent.parent / "documents" / "ke-hoach-khac-phuc.txt").read_text(encoding="utf-8")
ANSWER = "- Trả lời công văn của cơ sở trong năm ngày làm việc; thống kê số công văn trễ (định kỳ hàng tháng).\n"
EDITED = (
    SAMPLE.replace("trong tháng 4/2026", "trong tháng 5/2026")
    .replace("Công văn trả lời cơ sở thường gửi muộn.", "Công văn trả lời cơ sở thường gửi muộn nhiều ngày.")
    .replace(ANSWER, "")
    .replace("IV. TỔ CHỨC", "- Lập đội hình chăm sóc vườn cây của trẻ nhỏ (trước ngày 20/8/2026).\n\nIV. TỔ CHỨC")
)
NEW_SOLUTION = "Lập đội hình chăm sóc vườn cây của trẻ nhỏ (trước ngày 20/8/2026)."

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """Return the sample plan as a draft."""
    return import_plan(data=SAMPLE.encode(), name="kh.txt", issuing_unit=cast.province, by=cast.office_staff)


def upload(client: Client, plan: Plan, text: str | bytes, name: str = "kh-moi.txt") -> Any:
    data = text.encode() if isinstance(text, str) else text
    return client.post(f"/plans/{plan.pk}/reimport/", {"file": SimpleUploadedFile(name, data)})


def compared(client: Client, plan: Plan, text: str) -> Any:
    """Upload `text` and return the page of the comparison."""
    page = client.get(upload(client, plan, text)["Location"])
    assert page.status_code == 200
    return page


def differences(page: Any) -> list[tuple[str, str]]:
    """Return the differences of a page, without ids, and what is proposed for each."""
    return [
        (re.sub(r"-\d+$", "", d.name), next(o.value for o in d.options if o.chosen))
        for group in page.context["groups"]
        for d in group["differences"]
    ]


def take_over(client: Client, page: Any, **choices: str) -> Any:
    chosen = {name.replace("_", "-"): value for name, value in choices.items()}
    return client.post(page.request["PATH_INFO"], {"seen": page.context["digest"], **chosen})


def texts(plan: Plan) -> list[str]:
    return [s.text for s in plan.solutions.order_by("ordinal")]


def office(login: Login, cast: Cast) -> Client:
    client = login(cast.office_staff)
    client.cookies["django_language"] = "en"
    return client


# --- what is shown ---


def test_the_same_file_changes_nothing(cast: Cast, login: Login, plan: Plan) -> None:
    page = upload(office(login, cast), plan, SAMPLE)
    assert (page.status_code, page["Location"]) == (302, f"/plans/{plan.pk}/check/")
    shown = office(login, cast).get(f"/plans/{plan.pk}/check/")
    assert shown.status_code == 200
    assert [p.name for p in stored_files()] == [Path(str(plan.document.file.name)).name]


def test_what_the_office_edited_is_shown_side_by_side(cast: Cast, login: Login, plan: Plan) -> None:
    page = compared(office(login, cast), plan, EDITED)
    assert differences(page) == [
        ("shortcoming-changed", "new"),
        ("solution-changed", "new"),
        ("schedule-changed", "new"),
        ("solution-new", "new"),
        ("solution-gone", "new"),
    ]
    assert [number for _label, number in page.context["figures"]] == [3, 1, 1, 9]
    schedule = page.context["groups"][0]["differences"][2]
    assert (schedule.was.runs, schedule.now.runs) == (
        [("trong tháng ", False), ("4/2026", True)],
        [("trong tháng ", False), ("5/2026", True)],
    )
    assert "<del>4/2026</del>" in page.text
    assert "<ins>5/2026</ins>" in page.text
    assert texts(plan)[0].startswith(
        "Số hóa toàn bộ hồ sơ giấy và lập sổ tra cứu chung (hoàn thành trong tháng 4/2026)"
    )


def test_a_file_without_a_difference_in_records_still_takes_the_place_of_the_old_one(
    cast: Cast, login: Login, plan: Plan
) -> None:
    client = office(login, cast)
    page = compared(client, plan, SAMPLE.replace("- Lưu VP.", "- Lưu VP, VT.\n"))
    assert differences(page) == [("header-changed", "new")]
    page = compared(client, plan, SAMPLE.replace("I. MỤC ĐÍCH", "I. MỤC ĐÍCH, YÊU CẦU"))
    assert differences(page) == []
    assert "Nothing changed in what was read." in page.text
    assert take_over(client, page).status_code == 302
    document = PlanDocument.objects.get(plan=plan)
    assert document.original_name == "kh-moi.txt"
    assert [p["text"] for p in document.paragraphs if "YÊU CẦU" in p["text"]] == ["MỤC ĐÍCH, YÊU CẦU"]


# --- what is taken over ---


def test_taken_over_as_proposed(cast: Cast, login: Login, plan: Plan, django_capture_on_commit_callbacks: Any) -> None:
    client = office(login, cast)
    page = compared(client, plan, EDITED)
    with django_capture_on_commit_callbacks(execute=True):
        answer = take_over(client, page)
    assert (answer.status_code, answer["Location"]) == (302, f"/plans/{plan.pk}/check/")
    solutions = list(plan.solutions.order_by("ordinal"))
    assert [(s.ordinal, s.group.ordinal if s.group else None) for s in solutions] == [
        (1, 1),
        (2, 2),
        (3, 2),
        (4, None),
    ]
    assert solutions[2].text == NEW_SOLUTION
    assert solutions[2].search.startswith("lap doi hinh cham soc vuon cay")
    assert {s.text for s in solutions[2].shortcomings.all()} == {plan.shortcomings.get(ordinal=3).text}
    assert [(s.kind, s.due) for s in Schedule.objects.filter(solution__plan=plan).order_by("solution__ordinal")] == [
        ("within_month", dt.date(2026, 5, 31)),
        ("within_quarter", dt.date(2026, 6, 30)),
        ("by_date", dt.date(2026, 8, 19)),
        ("by_date", dt.date(2026, 11, 30)),
    ]
    assert plan.shortcomings.get(ordinal=2).text == "Công văn trả lời cơ sở thường gửi muộn nhiều ngày."
    document = PlanDocument.objects.get(plan=plan)
    assert (document.original_name, document.size) == ("kh-moi.txt", len(EDITED.encode()))
    assert [p.read_bytes() for p in stored_files()] == [EDITED.encode()]
    event = AuditEvent.objects.filter(plan_id=plan.pk).latest("pk")
    assert (event.action, event.actor, event.object_type) == ("changed", cast.office_staff, "plan")
    assert event.data["file"] == ["kh.txt", "kh-moi.txt"]
    assert event.data["added"] == [["solution", NEW_SOLUTION]]
    assert event.data["removed"] == [["solution", ANSWER.strip("- \n")]]
    assert [(kind, sorted(words)) for kind, _pk, words in event.data["changed"]] == [
        ("shortcoming", ["text"]),
        ("solution", ["text"]),
        ("schedule", ["phrase", "time"]),
    ]


def test_every_record_stands_at_its_words_in_the_new_document(cast: Cast, login: Login, plan: Plan) -> None:
    client = office(login, cast)
    longer = EDITED.replace("I. MỤC ĐÍCH", "Một đoạn mở đầu viết thêm.\n\nI. MỤC ĐÍCH")
    take_over(client, compared(client, plan, longer))
    paragraphs = [p["text"] for p in PlanDocument.objects.get(plan=plan).paragraphs]
    records = [*plan.shortcomings.all(), *plan.solutions.all()]
    assert [paragraphs[r.source_paragraph][r.source_start : r.source_end] for r in records] == [
        r.text for r in records
    ]
    schedules = Schedule.objects.filter(solution__plan=plan)
    said = [paragraphs[s.source_paragraph or 0][s.source_start : s.source_end] for s in schedules]
    assert said == [s.phrase for s in schedules]


def test_nothing_changes_where_a_person_keeps_what_stands(cast: Cast, login: Login, plan: Plan) -> None:
    client = office(login, cast)
    before = (texts(plan), [s.text for s in plan.shortcomings.all()])
    page = compared(client, plan, EDITED)
    names = [d.name for group in page.context["groups"] for d in group["differences"]]
    take_over(client, page, **dict.fromkeys(names, "mine"))
    assert (texts(plan), [s.text for s in plan.shortcomings.all()]) == before
    # … and is not asked again about the same
    again = compared(client, plan, EDITED.replace("trong quý II", "trong quý III"))
    assert differences(again) == [("solution-changed", "new"), ("schedule-changed", "new")]
    assert again.context["found"].dropped == 1  # what was left out
    assert again.context["found"].added == 2  # what was kept, with its commitment


def test_work_of_people_is_kept(cast: Cast, login: Login, plan: Plan) -> None:
    first, second, third, fourth = plan.solutions.order_by("ordinal")
    by = cast.office_staff
    change_record(record=first, values={"text": "Số hóa hồ sơ của riêng ta", "lead_unit": cast.department}, by=by)
    accept_record(record=second, by=by)
    change_record(record=second, values={"overseer": cast.leader}, by=by)
    split_solution(solution=fourth, at=fourth.text.index("Các huyện"), by=by)
    drop_record(record=plan.shortcomings.get(ordinal=3), by=by)
    add_record(plan=plan, model=Solution, values={"text": "Việc thêm bằng tay", "group": third.group}, by=by)
    client = office(login, cast)
    page = compared(client, plan, EDITED)
    assert differences(page) == [
        ("shortcoming-changed", "new"),
        ("solution-changed", "mine"),  # edited, and changed by the office too
        ("schedule-changed", "new"),
        ("solution-new", "new"),
        ("solution-gone", "mine"),  # a person worked on it
    ]
    found = page.context["found"]
    assert (found.dropped, found.added) == (1, 2)  # the shortcoming; the second half and the one added by hand
    take_over(client, page)
    assert [t[:25] for t in texts(plan)] == [
        "Số hóa hồ sơ của riêng ta",
        "Trả lời công văn của cơ s",
        "Mở thêm sân chơi cuối tuầ",
        "Việc thêm bằng tay",
        "Lập đội hình chăm sóc vườ",
        "Giao Văn phòng chủ trì nh",
        "Các huyện, thị đoàn gửi b",
    ]
    assert [s.ordinal for s in plan.solutions.order_by("ordinal")] == [1, 2, 3, 4, 5, 6, 7]
    first.refresh_from_db()
    assert (first.lead_unit, first.schedules.get().due) == (cast.department, dt.date(2026, 5, 31))
    assert plan.shortcomings.count() == 2


def test_the_new_words_replace_those_a_person_set_when_chosen(cast: Cast, login: Login, plan: Plan) -> None:
    first = plan.solutions.get(ordinal=1)
    change_record(record=first, values={"text": "Số hóa của ta", "level": "province"}, by=cast.office_staff)
    client = office(login, cast)
    take_over(client, compared(client, plan, EDITED), **{f"solution-changed-{first.pk}": "new"})
    first.refresh_from_db()
    assert first.text.startswith("Số hóa toàn bộ hồ sơ giấy và lập sổ tra cứu chung (hoàn thành trong tháng 5/2026)")
    assert first.level == "province"  # the office left that alone


def test_a_doubt_that_a_person_settled_does_not_come_back_with_other_words(
    cast: Cast, login: Login, plan: Plan
) -> None:
    last = plan.solutions.get(ordinal=4)
    accept_record(record=last, by=cast.office_staff)
    accept_record(record=last.schedules.get(), by=cast.office_staff)
    client = office(login, cast)
    take_over(
        client, compared(client, plan, SAMPLE.replace("về Văn phòng trước ngày 01/12", "về tỉnh trước ngày 05/12"))
    )
    last.refresh_from_db()
    schedule = last.schedules.get()
    assert last.text.endswith("gửi báo cáo kết quả về tỉnh trước ngày 05/12.")
    assert (last.doubt, bool(last.settled)) == ("", True)
    assert (schedule.due, schedule.settled) == (dt.date(2026, 12, 4), "")
    assert schedule.doubt  # the year of the new day is inferred anew


def test_joined_records_stay_joined(cast: Cast, login: Login, plan: Plan) -> None:
    join_solutions(solution=plan.solutions.get(ordinal=1), by=cast.office_staff)
    client = office(login, cast)
    page = compared(client, plan, SAMPLE.replace("trong quý II", "trong quý III"))
    assert differences(page) == [("solution-changed", "new"), ("schedule-changed", "new")]
    take_over(client, page)
    assert len(texts(plan)) == 3
    assert Schedule.objects.filter(solution__plan=plan).count() == 4


def test_a_new_group_a_new_field_and_a_name_nobody_knows(cast: Cast, login: Login, plan: Plan) -> None:
    edited = SAMPLE.replace(
        "III. GIẢI PHÁP",
        "3. Trong lĩnh vực tổ chức\n\n- Khuyết điểm 4: 02 đơn vị ít họp (Rừng Xanh và Bình Minh).\n\nIII. GIẢI PHÁP",
    ).replace(
        "IV. TỔ CHỨC",
        "3. Nhóm giải pháp về tổ chức\n\n- Kiểm tra việc họp của các chi đoàn (trước ngày 30/9/2026).\n\nIV. TỔ CHỨC",
    )
    client = office(login, cast)
    take_over(client, compared(client, plan, edited))
    new = plan.shortcomings.get(ordinal=4)
    assert new.field is not None
    assert (new.field.name, new.field.unit) == ("Trong lĩnh vực tổ chức", cast.province)
    assert [n.name for n in new.unmatched.all()] == ["Rừng Xanh"]
    assert list(new.named_units.all()) == [cast.district]
    group = plan.groups.get(ordinal=3)
    assert [s.text for s in group.solutions.all()] == ["Kiểm tra việc họp của các chi đoàn (trước ngày 30/9/2026)."]


def test_solutions_stay_where_they_are_when_a_new_group_is_left_out(cast: Cast, login: Login, plan: Plan) -> None:
    edited = SAMPLE.replace("2. Nhóm giải pháp về phong trào", "2. Xây dựng khu thể thao cho thiếu nhi vùng cao")
    client = office(login, cast)
    page = compared(client, plan, edited)
    shown = [d.name for g in page.context["groups"] for d in g["differences"]]
    assert [re.sub(r"-\d+$", "", name) for name in shown] == ["group-new", "group-gone"]
    third = plan.solutions.get(ordinal=3)
    take_over(client, page, **dict.fromkeys(shown, "mine"))
    third.refresh_from_db()
    assert third.group is not None
    assert third.group.title == "Nhóm giải pháp về phong trào"


def test_solutions_follow_into_a_new_group_that_is_taken(cast: Cast, login: Login, plan: Plan) -> None:
    edited = SAMPLE.replace("2. Nhóm giải pháp về phong trào", "2. Xây dựng khu thể thao cho thiếu nhi vùng cao")
    client = office(login, cast)
    take_over(client, compared(client, plan, edited))
    assert [g.title for g in plan.groups.order_by("ordinal")] == [
        "Nhóm giải pháp về văn thư, lưu trữ",
        "Xây dựng khu thể thao cho thiếu nhi vùng cao",
    ]
    assert [s.group.ordinal if s.group else None for s in plan.solutions.order_by("ordinal")] == [1, 1, 2, None]


def test_a_draft_made_by_hand_is_filled(cast: Cast, login: Login) -> None:
    plan = create_plan(issuing_unit=cast.province, title="Tên đã gõ", by=cast.office_staff)
    client = office(login, cast)
    page = compared(client, plan, SAMPLE)
    head = [(d.title, o.value) for d in page.context["groups"][0]["differences"] for o in d.options if o.chosen]
    assert head[:2] == [("Title", "mine"), ("Number and symbol", "new")]
    take_over(client, page)
    plan.refresh_from_db()
    assert (plan.title, plan.kind, plan.symbol, plan.number) == (
        "Tên đã gõ",
        "other",
        "45-KH/TĐTN-VP",
        45,
    )
    assert (plan.solutions.count(), plan.shortcomings.count(), PlanReference.objects.filter(plan=plan).count()) == (
        4,
        3,
        1,
    )
    assert PlanDocument.objects.get(plan=plan).original_name == "kh-moi.txt"


def test_the_old_file_may_be_gone(cast: Cast, login: Login, plan: Plan) -> None:
    Path(plan.document.file.path).unlink()
    drop_record(record=plan.solutions.get(ordinal=3), by=cast.office_staff)
    client = office(login, cast)
    page = compared(client, plan, EDITED)
    assert page.context["unread"]
    assert differences(page)[:3] == [
        ("shortcoming-changed", "new"), ("solution-changed", "new"), ("schedule-changed", "new"),
    ]  # fmt: skip
    assert page.context["found"].dropped == 1
    assert take_over(client, page).status_code == 302


def test_pasted_text_is_compared_like_a_file(cast: Cast, login: Login, plan: Plan) -> None:
    client = office(login, cast)
    page = client.get(client.post(f"/plans/{plan.pk}/reimport/", {"text": EDITED})["Location"])
    assert len(differences(page)) == 5
    take_over(client, page)
    assert PlanDocument.objects.get(plan=plan).original_name == "Pasted text.txt"


def test_an_old_encoding_is_converted_and_said(cast: Cast, login: Login, plan: Plan) -> None:
    client = office(login, cast)
    page = compared(client, plan, as_vni(EDITED))
    assert page.context["encoding"] == "VNI (VNI-Times)"
    assert len(differences(page)) == 5
    take_over(client, page)
    # … and the document it came from is read the same way the next time
    again = compared(client, plan, EDITED.replace("trong quý II", "trong quý III"))
    assert differences(again) == [("solution-changed", "new"), ("schedule-changed", "new")]


# --- what is refused ---


def test_sent_twice_it_is_done_once(cast: Cast, login: Login, plan: Plan) -> None:
    client = office(login, cast)
    page = compared(client, plan, EDITED)
    assert [take_over(client, page).status_code for _ in range(2)] == [302, 302]
    assert len(texts(plan)) == 4
    assert AuditEvent.objects.filter(plan_id=plan.pk, data__has_key="file", action="changed").count() == 1


def test_a_comparison_that_is_not_true_any_more_is_shown_anew(cast: Cast, login: Login, plan: Plan) -> None:
    client = office(login, cast)
    page = compared(client, plan, EDITED)
    gone = plan.solutions.get(ordinal=2)
    first = plan.solutions.get(ordinal=1)
    change_record(record=gone, values={"text": "Trả lời trong ba ngày"}, by=cast.second_office_staff)
    answer = take_over(client, page, **{f"solution-changed-{first.pk}": "mine"})
    assert answer.status_code == 409
    assert str(answer.context["error"]) == ("Bản nháp đã được sửa trong lúc đó." if False else answer.context["error"])
    assert differences(answer) == [
        ("shortcoming-changed", "new"),
        ("solution-changed", "mine"),  # the choice made before
        ("schedule-changed", "new"),
        ("solution-new", "new"),
        ("solution-gone", "mine"),  # edited meanwhile
    ]
    assert len(texts(plan)) == 4
    assert plan.shortcomings.get(ordinal=2).text == "Công văn trả lời cơ sở thường gửi muộn."
    assert take_over(client, answer).status_code == 302
    assert len(texts(plan)) == 5


def test_work_on_other_records_meanwhile_is_no_hindrance(cast: Cast, login: Login, plan: Plan) -> None:
    client = office(login, cast)
    page = compared(client, plan, EDITED)
    other = plan.solutions.get(ordinal=3)
    change_record(record=other, values={"text": "Mở thêm sân chơi ở thôn"}, by=cast.second_office_staff)
    assert take_over(client, page).status_code == 302
    assert texts(plan)[1] == "Mở thêm sân chơi ở thôn"


def test_another_file_taken_over_meanwhile(cast: Cast, login: Login, plan: Plan) -> None:
    client = office(login, cast)
    page = compared(client, plan, EDITED)
    take_over(client, compared(client, plan, SAMPLE.replace("trong quý II", "trong quý III")))
    assert take_over(client, page).status_code == 409
    assert Schedule.objects.filter(solution__plan=plan, due=dt.date(2026, 9, 30)).count() == 1


def test_a_published_plan_is_not_imported_again(cast: Cast, login: Login, plan: Plan) -> None:
    client = office(login, cast)
    page = compared(client, plan, EDITED)
    waiting = keep_document(plan=plan, data=b"Khac", name="a.txt", by=cast.office_staff)
    documents = read_documents(plan=plan, waiting=waiting, by=cast.office_staff)
    digest = compare_documents(plan=plan, documents=documents, by=cast.office_staff).digest
    publish_plan(plan=plan, by=cast.office_staff, despite_gaps=True)
    assert [client.get(f"/plans/{plan.pk}/reimport/").status_code, upload(client, plan, EDITED).status_code] == [
        404,
        404,
    ]
    assert [client.get(page.request["PATH_INFO"]).status_code, take_over(client, page).status_code] == [404, 404]
    translation.activate("en")
    with pytest.raises(ActionRefused, match="published"):
        apply_document(
            plan=plan, waiting=waiting, documents=documents, choices={}, expected=digest, by=cast.office_staff
        )
    with pytest.raises(ActionRefused, match="published"):
        keep_document(plan=plan, data=b"Khac", name="a.txt", by=cast.office_staff)


def test_only_who_manages_the_plan_may(cast: Cast, plan: Plan) -> None:
    waiting = keep_document(plan=plan, data=EDITED.encode(), name="a.txt", by=cast.office_staff)
    documents = read_documents(plan=plan, waiting=waiting, by=cast.office_staff)
    for person in (cast.secretary, cast.leader, cast.outsider, cast.administrator):
        with pytest.raises(Http404):
            keep_document(plan=plan, data=b"Khac", name="a.txt", by=person)
        with pytest.raises(Http404):
            read_documents(plan=plan, waiting=waiting, by=person)
        with pytest.raises(Http404):
            apply_document(plan=plan, waiting=waiting, documents=documents, choices={}, expected="", by=person)


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "a.txt", "The file is empty. Choose the file that holds the text of the plan."),
        (b"PK\x03\x04 cut off", "a.docx", "The file is damaged or cut off."),
        ("MẬT\nKế hoạch".encode(), "a.txt", "The document is marked MẬT"),
        (b"GIF89a", "a.gif", ""),
    ],
)
def test_a_file_that_can_not_be_read_leaves_everything_as_it_is(
    cast: Cast, login: Login, plan: Plan, data: bytes, name: str, words: str
) -> None:
    page = upload(office(login, cast), plan, data, name)
    assert page.status_code == 422
    assert words in " ".join(page.context["form"].errors["file"])
    assert [p.name for p in stored_files()] == [Path(str(plan.document.file.name)).name]
    assert len(texts(plan)) == 4


def test_no_file_at_all(cast: Cast, login: Login, plan: Plan) -> None:
    assert office(login, cast).post(f"/plans/{plan.pk}/reimport/", {}).status_code == 422


def test_an_address_made_up_or_of_another_plan_is_missing(cast: Cast, login: Login, plan: Plan) -> None:
    client = office(login, cast)
    address = upload(client, plan, EDITED)["Location"]
    other = create_plan(issuing_unit=cast.province, title="Khác", by=cast.office_staff)
    foreign = address.replace(f"/plans/{plan.pk}/", f"/plans/{other.pk}/")
    altered = address[:-2] + ("AA/" if not address.endswith("AA/") else "BB/")
    assert [client.get(a).status_code for a in (address, foreign, altered)] == [200, 404, 404]


def test_a_file_nobody_decided_about_goes_and_the_page_says_so(cast: Cast, login: Login, plan: Plan) -> None:
    client = office(login, cast)
    page = compared(client, plan, EDITED)
    long_ago = (clock.now() - dt.timedelta(hours=2)).timestamp()
    for file in stored_files():
        os.utime(file, (long_ago, long_ago))
    assert remove_orphans() == 1
    answer = take_over(client, page)
    assert (answer.status_code, answer["Location"]) == (302, f"/plans/{plan.pk}/reimport/")
    assert len(texts(plan)) == 4


def test_a_choice_that_is_none_is_refused(cast: Cast, login: Login, plan: Plan) -> None:
    client = office(login, cast)
    page = compared(client, plan, EDITED)
    assert take_over(client, page, **{"solution-new-2": "both"}).status_code == 422
    assert len(texts(plan)) == 4


def test_a_stale_digest_is_refused_by_the_act_itself(cast: Cast, plan: Plan) -> None:
    waiting = keep_document(plan=plan, data=EDITED.encode(), name="a.txt", by=cast.office_staff)
    documents = read_documents(plan=plan, waiting=waiting, by=cast.office_staff)
    with pytest.raises(Stale):
        apply_document(
            plan=plan, waiting=waiting, documents=documents, choices={}, expected="x" * 32, by=cast.office_staff
        )
    assert len(texts(plan)) == 4


def test_a_file_that_can_not_be_read_by_the_act(cast: Cast, plan: Plan) -> None:
    with pytest.raises(ReadError, match="empty"):
        keep_document(plan=plan, data=b"", name="a.txt", by=cast.office_staff)


def test_a_foreign_file_altogether_has_too_many_differences(cast: Cast, login: Login, plan: Plan) -> None:
    many = "\n\n".join(f"- Việc số {n} của đơn vị w{n * 7}x (trước ngày 30/9/2026)." for n in range(1600))
    text = SAMPLE.replace("IV. TỔ CHỨC", f"3. Nhóm giải pháp về việc khác\n\n{many}\n\nIV. TỔ CHỨC")
    client = office(login, cast)
    answer = client.get(upload(client, plan, text)["Location"])
    assert (answer.status_code, answer["Location"]) == (302, f"/plans/{plan.pk}/reimport/")


# --- queries ---


@pytest.mark.parametrize("more", [0, 60])
def test_the_page_costs_a_fixed_number_of_queries(cast: Cast, login: Login, plan: Plan, more: int) -> None:
    client = office(login, cast)
    lines = "".join(f"- Việc mới số {n} của đơn vị (trước ngày 30/9/2026).\n\n" for n in range(more))
    address = upload(client, plan, EDITED.replace("IV. TỔ CHỨC", f"{lines}IV. TỔ CHỨC"))["Location"]
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page = client.get(address)
    assert len(differences(page)) == 5 + more
    assert len(queries) == 27


@pytest.mark.parametrize("more", [0, 40])
def test_taking_over_costs_a_fixed_number_of_queries(cast: Cast, login: Login, plan: Plan, more: int) -> None:
    lines = "".join(f"- Việc mới số {n} của đơn vị (trước ngày 30/9/2026).\n\n" for n in range(more))
    text = EDITED.replace("IV. TỔ CHỨC", f"{lines}IV. TỔ CHỨC")
    waiting = keep_document(plan=plan, data=text.encode(), name="a.txt", by=cast.office_staff)
    documents = read_documents(plan=plan, waiting=waiting, by=cast.office_staff)
    digest = compare_documents(plan=plan, documents=documents, by=cast.office_staff).digest
    with CaptureQueriesContext(connection) as queries:
        outcome = apply_document(
            plan=plan, waiting=waiting, documents=documents, choices={}, expected=digest, by=cast.office_staff
        )
    assert (outcome.added, outcome.changed, outcome.removed, outcome.kept) == (1 + more, 3, 1, 0)
    assert len(queries) == 81 + (connection.vendor == "postgresql")  # the lock of the log's chain


def stored_files() -> list[Path]:
    return [p for p in Path(settings.MEDIA_ROOT).rglob("*") if p.is_file()]
