"""The text about a meeting, and what inspections conclude: a group reads neither agenda nor criticism."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.conf import LazySettings
from django.urls import reverse

from plans.enums import Status
from reviews.actions.agenda import add_item
from reviews.actions.decisions import decide
from reviews.actions.minutes import hold_meeting
from reviews.chat_text import Invitation, Paper, meeting_text
from reviews.models import Conclusion, Meeting
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import (
    ShortcomingFactory,
    make_deadline,
    make_inspection,
    make_meeting,
    make_permanent_member,
    make_published_plan,
)
from units.models import Unit

pytestmark = pytest.mark.usefixtures("today")
TODAY = dt.date(2026, 3, 16)
DAY = dt.date(2026, 3, 27)
ADDRESS = "https://doan.example/meetings/1/"
PLACE = "Phòng họp tầng 2"


@pytest.fixture(autouse=True)
def _address(settings: LazySettings) -> None:
    settings.SITE_URL = "https://doan.example"


def text_of(meeting: Meeting, login: Login, cast: Cast) -> str:
    answer = login(cast.office_staff).get(reverse("reviews:meeting_chat", args=[meeting.pk]))
    return str(answer.context["text"])


def test_the_invitation_says_when_where_and_which_papers() -> None:
    invitation = Invitation("Phiên họp Ban Thường vụ tháng 3/2026", "Tỉnh đoàn", DAY, dt.time(8, 5), PLACE)
    papers = [Paper("Ban Phong trào", 3, Status.ASSIGNED, dt.date(2026, 3, 20))]
    assert meeting_text(invitation, papers, ADDRESS, today=TODAY) == (
        "PHIÊN HỌP BAN THƯỜNG VỤ THÁNG 3/2026\nTỉnh đoàn\nThời gian: 08:05 ngày 27/03/2026\n"
        "Địa điểm: Phòng họp tầng 2\n\nTài liệu cần gửi trước cuộc họp: 1 tài liệu\n"
        "1. Ban Phong trào: tài liệu của nội dung số 3 – hạn 20/03/2026, còn 4 ngày\n\n"
        "Xem chi tiết: https://doan.example/meetings/1/"
    )


def test_without_day_and_place_they_are_told_later() -> None:
    text = meeting_text(Invitation("Kỳ họp", "Tỉnh đoàn", None, None, ""), [], ADDRESS, today=TODAY)
    assert "Thời gian: thông báo sau\nĐịa điểm: thông báo sau\n\nXem" in text


def test_the_page_names_papers_by_number_and_no_item(cast: Cast, login: Login) -> None:
    meeting = make_meeting(cast.province, by=cast.office_staff, day=DAY, place=PLACE)
    values = {"title": "Xem xét NOIDUNGRIENG", "presenter_unit": cast.department, "presenter": None}
    add_item(meeting=meeting, by=cast.office_staff, values=values, paper_days=7)
    text = text_of(meeting, login, cast)
    assert "1. Ban Phong trào: tài liệu của nội dung số 1 – hạn 20/03/2026, còn 4 ngày" in text
    assert f"Địa điểm: {PLACE}" in text
    owed = str(login(cast.office_staff).get(reverse("plans:deadlines_chat")).context["text"])
    assert "1. Ban Phong trào: Tài liệu trình Phiên họp Ban Thường vụ thử – hạn 20/03/2026" in owed
    assert "NOIDUNGRIENG" not in text + owed


def test_a_meeting_called_off_says_only_that(cast: Cast, login: Login) -> None:
    meeting = make_meeting(cast.province, by=cast.office_staff, day=DAY)
    meeting.event.cancelled, meeting.event.day, meeting.event.reason = True, None, "LYDORIENG"
    meeting.event.save()
    text = text_of(meeting, login, cast)
    assert "Cuộc họp không tổ chức theo dự kiến." in text
    assert "LYDORIENG" not in text
    assert "Thời gian" not in text


def test_what_an_inspection_concludes_is_not_named(cast: Cast, login: Login) -> None:
    unit: Unit = cast.district
    head = make_permanent_member(cast.province)
    visit = make_inspection(cast.province, unit, by=cast.office_staff, head=head, day=DAY).visits.get()
    plan = make_published_plan(cast.province, title="Kiểm tra")
    due = dt.date(2026, 3, 1)
    row = make_deadline(unit, plan=plan, due_on=due)
    row.solution.text = "Khắc phục PHEBINHRIENG."
    row.solution.save()
    Conclusion.objects.create(
        visit=visit, ordinal=1, text=row.solution.text, due=due, follower=head, solution=row.solution,
        created_by=cast.office_staff, created_at=dt.datetime(2026, 3, 1, tzinfo=dt.UTC),
    )  # fmt: skip
    client = login(cast.office_staff)
    for name, args in (
        ("units:unit_chat", [unit.pk]),
        ("plans:deadlines_chat", []),
        ("plans:deadline_chat", [row.pk]),
    ):
        text = str(client.get(reverse(name, args=args)).context["text"])
        assert "Thực hiện kết luận kiểm tra (nội dung xem trên hệ thống)" in text
        assert "PHEBINHRIENG" not in text


def test_a_held_meeting_tells_who_does_what_by_when_without_what_is_withheld(cast: Cast, login: Login) -> None:
    meeting = make_meeting(cast.province, by=cast.office_staff, day=TODAY)
    due = dt.date(2026, 3, 25)
    facts: dict[str, Any] = {"meeting": meeting, "by": cast.office_staff, "due": due}
    decide(text="Rà soát quỹ hội.", lead_unit=cast.department, **facts)
    secret = decide(text="Xử lý CANHANRIENG.", lead_unit=cast.office, **facts)
    plan = secret.solution.plan
    fault = ShortcomingFactory(plan=plan, ordinal=1, text="Thiếu gương mẫu.", subject="person", person=cast.leader)
    secret.solution.shortcomings.add(fault)
    assert "Kết luận" not in text_of(meeting, login, cast)
    hold_meeting(meeting=meeting, by=cast.office_staff, absent={})
    text = text_of(meeting, login, cast)
    assert (
        "Cuộc họp đã diễn ra.\n\nKết luận giao thực hiện: 1 việc\n"
        "1. Ban Phong trào: Rà soát quỹ hội – hạn 25/03/2026, còn 9 ngày\n"
    ) in text
    assert "RIENG" not in text
