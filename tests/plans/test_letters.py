"""Chasing letters: their exact words, who prepares them, what is kept."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from doantracker.lib import clock
from plans.actions.letters import prepare_letter
from plans.enums import PlanStatus, Status
from plans.errors import ActionRefused
from plans.letters import LateRow, Sender, chasing_letter, long_day
from plans.models import ChasingLetter, Deadline, Plan
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import SolutionFactory, make_deadline, make_published_plan
from units.models import AuditEvent

pytestmark = pytest.mark.usefixtures("today")
TODAY = dt.date(2026, 3, 16)
ANSWER = dt.date(2026, 3, 23)

TO_ONE = """\
ĐOÀN TNCS HỒ CHÍ MINH

BCH ĐOÀN TỈNH SÔNG THAO
***
Số: ……-CV/TĐTN-VP
V/v đôn đốc thực hiện Kế hoạch số 12-KH/TĐTN-VP

Sông Thao, ngày 16 tháng 3 năm 2026

Kính gửi: Huyện đoàn Bình Minh

Thực hiện Kế hoạch số 12-KH/TĐTN-VP ngày 05 tháng 01 năm 2026 của Tỉnh đoàn Sông Thao “Kế hoạch khắc phục hạn chế”, \
qua theo dõi tiến độ đến ngày 16 tháng 3 năm 2026, còn 02 nội dung đã quá hạn mà chưa hoàn thành, \
cụ thể như sau:

1. Rà soát danh sách đoàn viên (Quý I/2026); hạn ngày 28/02/2026, quá hạn 16 ngày.
2. Tập huấn cán bộ; hạn ngày 10/03/2026, quá hạn 06 ngày.

Để bảo đảm tiến độ chung, Tỉnh đoàn Sông Thao đề nghị đơn vị:
1. Tập trung hoàn thành các nội dung nêu trên; cập nhật kết quả kèm minh chứng trên hệ thống theo dõi chậm nhất \
ngày 23 tháng 3 năm 2026.
2. Đối với nội dung chưa thể hoàn thành, báo cáo rõ nguyên nhân, khó khăn, vướng mắc và đề xuất thời hạn thực hiện.
Tỉnh đoàn Sông Thao đề nghị đơn vị nghiêm túc triển khai thực hiện./.

Nơi nhận:
- Như trên;
- Lưu VT, VP.

TM. BAN THƯỜNG VỤ TỈNH ĐOÀN
PHÓ BÍ THƯ
"""

TO_ALL = """\
Kính gửi: Các đơn vị có tên trong công văn này

Thực hiện Kế hoạch số 12-KH/TĐTN-VP ngày 05 tháng 01 năm 2026 của Tỉnh đoàn Sông Thao “Kế hoạch khắc phục hạn chế”, \
qua theo dõi tiến độ đến ngày 16 tháng 3 năm 2026, còn 03 nội dung đã quá hạn mà chưa hoàn thành, \
cụ thể như sau:

1. Huyện đoàn Bình Minh (02 nội dung):
1.1. Rà soát danh sách đoàn viên (Quý I/2026); hạn ngày 28/02/2026, quá hạn 16 ngày.
1.2. Tập huấn cán bộ; hạn ngày 10/03/2026, quá hạn 06 ngày.
2. Thị đoàn Cẩm Giang (01 nội dung):
2.1. Tập huấn cán bộ; hạn ngày 10/03/2026, quá hạn 06 ngày.

Để bảo đảm tiến độ chung, Tỉnh đoàn Sông Thao đề nghị các đơn vị:
"""


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """Return a plan in which the district is late twice, another district once."""
    found = make_published_plan(
        cast.province,
        title="Kế hoạch khắc phục hạn chế",
        symbol="12-KH/TĐTN-VP",
        symbol_kind="KH",
        symbol_body="TĐTN",
        symbol_department="VP",
        issued_on=dt.date(2026, 1, 5),
        issuing_body="BCH Đoàn tỉnh Sông Thao",
        place="Sông Thao",
        signer_authority="TM. Ban Thường vụ Tỉnh đoàn",
        signer_title="Phó Bí thư",
    )
    first = SolutionFactory(plan=found, ordinal=1, text="Rà soát  danh sách\nđoàn viên.")
    second = SolutionFactory(plan=found, ordinal=2, text="Tập huấn cán bộ;")
    make_deadline(cast.district, plan=found, due_on=dt.date(2026, 2, 28), solution=first, occurrence="2026-Q1")
    for unit in (cast.district, cast.other_district):
        make_deadline(unit, plan=found, due_on=dt.date(2026, 3, 10), solution=second)
    make_deadline(cast.district, plan=found, due_on=TODAY, solution=second)  # due today: not late
    done = {"status": Status.SUBMITTED, "reported_on": TODAY, "reported_by": cast.commune_secretary}
    make_deadline(cast.commune, plan=found, due_on=dt.date(2026, 3, 1), solution=second, **done)
    return found


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (dt.date(2026, 2, 9), "ngày 09 tháng 02 năm 2026"),
        (dt.date(2026, 3, 9), "ngày 09 tháng 3 năm 2026"),
        (dt.date(2026, 12, 31), "ngày 31 tháng 12 năm 2026"),
    ],
)
def test_days_are_written_as_documents_write_them(day: dt.date, words: str) -> None:
    assert long_day(day) == words


def test_the_letter_to_one_unit(cast: Cast, plan: Plan) -> None:
    letter = prepare_letter(plan=plan, unit=cast.district, by=cast.office_staff, answer_by=ANSWER)
    assert letter.text == TO_ONE


def test_the_letter_to_all_lists_unit_after_unit(cast: Cast, plan: Plan) -> None:
    letter = prepare_letter(plan=plan, by=cast.office_staff, answer_by=ANSWER)
    assert TO_ALL in letter.text
    assert letter.deadlines.count() == 3


def test_the_paper_is_vietnamese_on_an_english_page(cast: Cast, login: Login, plan: Plan) -> None:
    client = login(cast.office_staff)
    client.post(reverse("set_language"), {"language": "en"})
    sent = {"unit": str(cast.district.pk), "answer_by": "23/03/2026"}
    client.post(reverse("plans:letters", args=[plan.pk]), sent)
    assert ChasingLetter.objects.get().text == TO_ONE


def test_a_plan_that_says_little_leaves_gaps_to_fill_in() -> None:
    sender = Sender("Tỉnh đoàn A", "Đoàn xã B", "Đoàn xã B", "", "", "", "", "", None, "Việc quý", "TM. BCH", "Bí thư")
    rows = [LateRow("Chi đoàn 1", "Họp.", "", dt.date(2026, 3, 1), 15)]
    text = chasing_letter(sender, rows, today=TODAY, answer_by=ANSWER)
    head = "TỈNH ĐOÀN A\nĐOÀN XÃ B\n***\nSố: ……-CV/……\nV/v đôn đốc thực hiện Kế hoạch “Việc quý”\n\n……, ngày 16"
    assert text.startswith(f"ĐOÀN TNCS HỒ CHÍ MINH\n\n{head}")
    assert "Thực hiện Kế hoạch của Đoàn xã B “Việc quý”" in text
    assert "- Lưu VT.\n" in text


def test_the_letter_of_a_programme_names_it_and_the_body_with_its_unit(cast: Cast) -> None:
    title = "Chương trình công tác năm 2026 của Ban Thường vụ Tỉnh đoàn"
    facts = {"issuing_body": "Ban Thường vụ", "issued_on": dt.date(2026, 1, 5), "is_programme": True}
    plan = make_published_plan(cast.province, title=title, symbol="", **facts)
    make_deadline(cast.district, plan=plan, due_on=dt.date(2026, 3, 10))
    text = prepare_letter(plan=plan, unit=cast.district, by=cast.office_staff, answer_by=ANSWER).text
    body = f"Ban Thường vụ {cast.province.label}".upper()
    assert f"\n{body}\n***\n" in text
    assert text.endswith(f"\nTM. {body}\nBÍ THƯ\n")
    assert f"V/v đôn đốc thực hiện {title}\n" in text
    assert f"Thực hiện {title}, qua theo dõi" in text


def test_what_was_prepared_is_kept_and_logged(cast: Cast, login: Login, plan: Plan) -> None:
    client = login(cast.office_staff)
    answer = client.post(
        reverse("plans:letters", args=[plan.pk]), {"unit": str(cast.district.pk), "answer_by": "23/03/2026"}
    )
    letter = ChasingLetter.objects.get()
    assert answer.headers["Location"] == f"/letters/{letter.pk}/"
    assert (letter.unit, letter.answer_by, letter.prepared_by) == (cast.district, ANSWER, cast.office_staff)
    event = AuditEvent.objects.get(object_type="chasingletter")
    assert (event.action, event.actor, event.plan_id, event.unit_id) == (
        "created", cast.office_staff, plan.pk, cast.district.pk,
    )  # fmt: skip
    assert event.data["deadlines"] == list(letter.deadlines.order_by("due_on").values_list("pk", flat=True))
    assert letter.text in client.get(letter.get_absolute_url()).text
    assert cast.office_staff.full_name in client.get(reverse("plans:letters", args=[plan.pk])).text


def test_the_file_is_the_text_for_any_editor_and_its_download_is_logged(cast: Cast, login: Login, plan: Plan) -> None:
    letter = prepare_letter(plan=plan, unit=cast.district, by=cast.office_staff, answer_by=ANSWER)
    answer = login(cast.office_staff).get(reverse("plans:letter_file", args=[letter.pk]))
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # a FileResponse
    assert content.decode("utf-8-sig").replace("\r\n", "\n") == TO_ONE
    assert answer.headers["Content-Disposition"] == f'attachment; filename="cong-van-don-doc-{letter.pk}.txt"'
    assert AuditEvent.objects.filter(action="downloaded", actor=cast.office_staff).count() == 1


def test_the_letter_stands_in_the_log_of_reminders_for_who_manages_the_plan(
    cast: Cast, login: Login, plan: Plan
) -> None:
    letter = prepare_letter(plan=plan, unit=cast.district, by=cast.office_staff, answer_by=ANSWER)
    row = reverse("plans:deadline", args=[letter.deadlines.all()[0].pk])
    assert [r.href for r in login(cast.office_staff).get(row).context["reminders"]] == [f"/letters/{letter.pk}/"]
    assert login(cast.secretary).get(row).context["reminders"] == []


@pytest.mark.parametrize("who", ["secretary", "leader", "department_head", "administrator", "reader", "outsider"])
def test_only_who_manages_the_plan_prepares_and_reads(cast: Cast, login: Login, plan: Plan, who: str) -> None:
    letter = prepare_letter(plan=plan, unit=cast.district, by=cast.office_staff, answer_by=ANSWER)
    client = login(getattr(cast, who))
    sent = {"unit": "", "answer_by": "23/03/2026"}
    got = [
        client.get(reverse("plans:letters", args=[plan.pk])).status_code,
        client.post(reverse("plans:letters", args=[plan.pk]), sent).status_code,
        client.get(letter.get_absolute_url()).status_code,
        client.get(reverse("plans:letter_file", args=[letter.pk])).status_code,
    ]
    assert got == [404] * 4
    assert ChasingLetter.objects.count() == 1


@pytest.mark.parametrize("answer_by", ["", "16/03/2026", "01/01/2020", "01/01/2099", "hôm nay"])
def test_a_wrong_day_is_refused_and_the_input_stays(cast: Cast, login: Login, plan: Plan, answer_by: str) -> None:
    sent = {"unit": str(cast.district.pk), "answer_by": answer_by}
    answer = login(cast.office_staff).post(reverse("plans:letters", args=[plan.pk]), sent)
    assert answer.status_code == 422
    assert f'value="{cast.district.pk}" selected' in answer.text
    assert not ChasingLetter.objects.exists()


def test_a_unit_that_is_not_late_or_not_seen_is_no_choice(cast: Cast, login: Login, plan: Plan) -> None:
    client = login(cast.office_staff)
    for unit in (cast.commune, cast.foreign_commune):
        sent = {"unit": str(unit.pk), "answer_by": "23/03/2026"}
        assert client.post(reverse("plans:letters", args=[plan.pk]), sent).status_code == 422


def test_nothing_late_and_a_closed_plan_are_refused_with_the_reason(cast: Cast, login: Login, plan: Plan) -> None:
    held = {"held_on": clock.today(), "held_status": Status.ASSIGNED, "hold_reason": "Chờ chỉ đạo."}
    Deadline.objects.update(status=Status.ON_HOLD, **held)
    with pytest.raises(ActionRefused):
        prepare_letter(plan=plan, by=cast.office_staff, answer_by=ANSWER)
    page = login(cast.office_staff).get(reverse("plans:letters", args=[plan.pk]))
    assert "<textarea" not in page.text
    assert 'name="answer_by"' not in page.text
    plan.status = PlanStatus.CLOSED
    with pytest.raises(ActionRefused):
        prepare_letter(plan=plan, by=cast.office_staff, answer_by=ANSWER)


@pytest.mark.parametrize("many", [1, 5])
def test_the_page_costs_the_same_for_few_and_many_letters(
    cast: Cast, login: Login, plan: Plan, django_assert_num_queries: Any, many: int
) -> None:
    for _ in range(many):
        prepare_letter(plan=plan, unit=cast.district, by=cast.office_staff, answer_by=ANSWER)
    client = login(cast.office_staff)
    with django_assert_num_queries(8):
        client.get(reverse("plans:letters", args=[plan.pk]))
