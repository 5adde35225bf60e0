"""What hangs on a meeting in the demo province: three steps in order, counted back from a day that nobody gave yet."""

from __future__ import annotations

from typing import Any, Final

from plans.actions.events import create_event
from plans.actions.records import add_record
from plans.enums import Chain, EventKind, Kind
from plans.models import Plan, Schedule, Solution
from units.models import Unit, UnitKind, User

MEETING: Final = "phiên họp Ban Thường vụ Tỉnh đoàn đánh giá kết quả khắc phục"
#: From the last step to the first: text, lead, kinds of units that owe it, how long before what follows.
STEPS: Final[tuple[tuple[str, str, tuple[str, ...], dict[str, Any]], ...]] = (
    (
        "Văn phòng Tỉnh đoàn trình báo cáo tổng hợp kết quả khắc phục khuyết điểm.",
        "LG-VP",
        (),
        {"phrase": "trước phiên họp 03 ngày làm việc", "lead_time": "-P3D", "in_working_days": True},
    ),
    (
        "Ban Tổ chức - Kiểm tra thẩm định kết quả khắc phục của các đơn vị.",
        "LG-TCKT",
        (),
        {"phrase": "trước khi trình báo cáo 07 ngày", "lead_time": "-P7D"},
    ),
    (
        "Các huyện, thị, thành đoàn và đoàn trực thuộc tự đánh giá kết quả khắc phục.",
        "LG-TCKT",
        ("district", "affiliated"),
        {"phrase": "trước khi thẩm định 02 tuần", "lead_time": "-P2W"},
    ),
)


def hang_on_meeting(plan: Plan, *, units: dict[str, Unit], by: User) -> None:
    """Add the meeting and its steps to a draft."""
    event = create_event(
        unit=plan.issuing_unit, plan=plan, name=MEETING, kind=EventKind.MEETING, keeper=units["LG-VP"], by=by
    )
    step: Schedule | None = None
    for text, lead, kinds, time in STEPS:
        solution = add_record(plan=plan, model=Solution, values={"text": text, "lead_unit": units[lead]}, by=by)
        anchor = {"hangs_on": step, "chain": Chain.LAST_DAY, "in_order": True} if step else {"event": event}
        owners = list(UnitKind.objects.filter(code__in=kinds))
        values: dict[str, Any] = {"kind": Kind.RELATIVE, **time, **anchor, "owner_kinds": owners}
        step = add_record(plan=plan, model=Schedule, values=values, by=by, solution=solution)
