"""Priority tasks of a higher body in the demo province: entered in a draft, chosen by some units afterwards."""

from __future__ import annotations

from typing import Final

from plans.actions.imports import mark_proposed
from plans.actions.records import add_record, change_record
from plans.actions.uptake import Choice, choose_tasks
from plans.enums import PriorityList, Uptake
from plans.models import Plan, PriorityTask
from plans.uptake import tasks_of
from units.models import Unit, User

OWNER: Final = "Trung ương Đoàn"
#: List, text, and how the solutions that answer it begin.
TASKS: Final[tuple[tuple[PriorityList, str, tuple[str, ...]], ...]] = (
    (
        PriorityList.FOCUS,
        "Củng cố chi đoàn yếu ở địa bàn dân cư, mỗi năm giảm ít nhất một phần ba.",
        ("Các huyện, thị, thành đoàn và đoàn trực thuộc xếp loại", "Các chi đoàn tự chấm điểm"),
    ),
    (
        PriorityList.FOCUS,
        "Bồi dưỡng kỹ năng cho bí thư chi đoàn.",
        ("Trung tâm Hoạt động thanh thiếu niên tỉnh mở lớp", "Đoàn xã, phường, đặc khu mở lớp"),
    ),
    (
        PriorityList.BREAKTHROUGH,
        "Đổi mới nội dung sinh hoạt chi đoàn gắn với việc của địa phương.",
        ("Ban Tuyên giáo xây dựng 12 chuyên đề",),
    ),
)


def enter_tasks(plan: Plan, *, by: User) -> None:
    """Enter the tasks in a draft and link what answers them; the last link is left as the reader proposes links."""
    linked = []
    for list_kind, text, beginnings in TASKS:
        values = {"list_kind": list_kind, "text": text, "owner": OWNER}
        task = add_record(plan=plan, model=PriorityTask, values=values, by=by)
        for beginning in beginnings:
            linked.append(plan.solutions.get(text__startswith=beginning))
            change_record(record=linked[-1], values={"priority_tasks": [task]}, by=by)
    mark_proposed({"priority_tasks": linked[-1:]})


def choose_some(plan: Plan, own: Plan, *, units: dict[str, Unit], logins: dict[str, User]) -> None:
    """Let a district take up two tasks in its own plan, a commune none; the others have not chosen."""
    first, second, third = tasks_of(plan)
    district = [
        Choice(first, Uptake.TAKEN, 0, own_plan=own),
        Choice(second, Uptake.TAKEN, 0, own_plan=own),
        Choice(third, Uptake.NOT_TAKEN, 0, "Huyện đã đổi mới sinh hoạt chi đoàn từ năm trước."),
    ]
    choose_tasks(plan=plan, unit=units[own.issuing_unit.code], by=logins["bithu"], choices=district)
    reason = "Xã vừa sắp xếp lại chi đoàn, đăng ký vào năm sau."
    commune = [Choice(task, Uptake.NOT_TAKEN, 0, reason) for task in (first, second, third)]
    choose_tasks(plan=plan, unit=units["LG-SB-AH"], by=logins["xa"], choices=commune)
