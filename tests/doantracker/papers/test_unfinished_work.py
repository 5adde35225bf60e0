"""What papers tell of work that is neither open nor finished: on hold, waiting for confirmation, cancelled."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from doantracker.papers.actions.papers import prepare_paper
from doantracker.papers.gather.parts import done_of, figures_sentence
from plans.chat_texts import plan_text
from plans.enums import Status
from plans.models import Deadline
from plans.statistics import Figures
from tests.cast import Cast
from tests.factories import make_deadline, make_published_plan

pytestmark = pytest.mark.usefixtures("today")
PAST, AHEAD = dt.date(2026, 3, 2), dt.date(2026, 12, 31)


def done(cast: Cast, status: Status = Status.COMPLETED) -> dict[str, Any]:
    reported = {"status": status, "reported_on": PAST, "reported_by": cast.commune_secretary}
    confirmed = {"confirmed_on": PAST, "confirmed_by": cast.office_staff}
    return reported | confirmed if status == Status.COMPLETED else reported


def test_a_hand_over_lists_all_that_is_not_done(cast: Cast) -> None:
    plan = make_published_plan(cast.province)
    make_deadline(cast.commune, plan=plan, due_on=AHEAD)
    make_deadline(cast.commune, plan=plan, due_on=PAST, status=Status.ON_HOLD)
    make_deadline(cast.commune, plan=plan, due_on=PAST, **done(cast))
    make_deadline(cast.commune, plan=plan, due_on=PAST, status=Status.CANCELLED, reason="Trùng.")
    made = prepare_paper(kind="handover", subject=f"unit={cast.commune.pk}", by=cast.office_staff)
    words = made.paper.paragraphs
    assert words["whole"].startswith(
        "Tổng số 03 nội dung; đã hoàn thành 01 (trong đó đúng hạn 01); chưa hoàn thành, còn trong hạn 02 (trong đó "
        "tạm hoãn 01); không có nội dung quá hạn."
    )
    assert words["work"] == "Gồm 02 nội dung, danh sách tại Phụ lục 1 kèm theo."
    work = made.paper.tables[0]
    late, note = ([column.name for column in work.columns].index(name) for name in ("Quá hạn (ngày)", "Ghi chú"))
    assert [(row[late], row[note]) for row in work.rows] == [(None, "tạm hoãn"), (None, "")]


def test_what_waits_for_confirmation_is_told_beside_what_is_done(cast: Cast) -> None:
    plan = make_published_plan(cast.province, title="Mẫu")
    for status in (Status.SUBMITTED, Status.COMPLETED):
        make_deadline(cast.commune, plan=plan, due_on=PAST, **done(cast, status))
    made = prepare_paper(kind="progress", subject=f"plan={plan.pk}", by=cast.office_staff)
    assert "đã hoàn thành 02 (trong đó đúng hạn 02; chờ xác nhận 01);" in made.paper.paragraphs["whole"]
    text = plan_text(plan, Deadline.objects.filter(plan=plan), today=dt.date(2026, 3, 16), days=7)
    assert "hoàn thành 2/2 việc (đúng hạn 2, trễ hạn 0; chờ xác nhận 1);" in text


def test_the_statistics_say_what_a_line_counts_what_waits_and_what_is_on_hold(cast: Cast) -> None:
    plan = make_published_plan(cast.province, symbol="", title="Kế hoạch ra quân đầu năm")
    make_deadline(cast.commune, plan=plan, due_on=PAST, **done(cast, Status.SUBMITTED))
    make_deadline(cast.commune, plan=plan, due_on=PAST, status=Status.ON_HOLD)
    make_deadline(cast.district, plan=plan, due_on=PAST)
    paper = prepare_paper(kind="statistics", subject=f"unit={cast.district.pk}", by=cast.office_staff).paper
    assert paper.paragraphs["whole"] == (
        "Tổng số 03 nội dung; đã hoàn thành 01 (trong đó đúng hạn 01; chờ xác nhận 01); chưa hoàn thành, còn trong "
        "hạn 01 (trong đó tạm hoãn 01); quá hạn chưa hoàn thành 01. Tỷ lệ hoàn thành (số đã hoàn thành trên tổng số "
        "đã hoàn thành và quá hạn): 50,0 %. Mỗi dòng của bảng tính một đơn vị cùng mọi đơn vị cấp dưới; riêng dòng "
        "Huyện đoàn Bình Minh chỉ tính nội dung của chính đơn vị này; không tính nội dung đã hủy."
    )
    overdue = paper.tables[1]
    at = [column.name for column in overdue.columns].index("Theo văn bản")
    assert [row[at] for row in overdue.rows] == ["Kế hoạch ra quân đầu năm"]


def test_a_text_for_a_group_tells_what_is_on_hold(cast: Cast) -> None:
    plan = make_published_plan(cast.province, title="Mẫu")
    for unit, status in (
        (cast.commune, Status.ASSIGNED),
        (cast.commune, Status.ON_HOLD),
        (cast.district, Status.ON_HOLD),
    ):
        make_deadline(unit, plan=plan, due_on=PAST, status=status)
    text = plan_text(plan, Deadline.objects.filter(plan=plan), today=dt.date(2026, 3, 16), days=7)
    assert "hoàn thành 0/3 việc (đúng hạn 0, trễ hạn 0); chưa hoàn thành, đã quá hạn 1; tạm hoãn 2." in text
    assert (
        "Còn việc chưa hoàn thành: 2 đơn vị\n1. Đoàn xã An Hòa: còn 1 việc, quá hạn 1, tạm hoãn 1\n"
        "2. Huyện đoàn Bình Minh: tạm hoãn 1\n"
    ) in text


def test_where_nothing_waits_or_is_asked_nothing_is_said_of_it() -> None:
    assert figures_sentence(Figures(total=1, done_late=1)).startswith(
        "Tổng số 01 nội dung; đã hoàn thành 01 (trong đó trễ hạn 01);"
    )
    each = [done_of(Figures(total=3, done_late=2, waiting=1)), done_of(Figures(total=3)), done_of(Figures())]
    assert each == ["2/3 (chờ xác nhận 01)", "0/3", ""]
