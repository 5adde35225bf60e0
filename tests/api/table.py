"""What each role gets from each operation of the API: blocks of rows, a block a part of the reach.

A new part adds its block in a module of its own and the block to `TABLE` at the end.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from doantracker.papers.models import OfficialPaper
from plans.models import SolutionTask
from tests.cast import Cast
from tests.test_access import Scene
from units.models import Appointment, Post

#: Method and path; where its ids stand in the scene; what is sent (or what makes it); statuses in the order of ROLES.
#: A place is a name of the scene, `name#1` its ids from the second on, `name:1` its second one, `=text` that text;
#: several with commas between. What is sent with GET is the query of its address.
Rows = dict[str, tuple[str, Any, tuple[int, ...]]]
#: In place of what is sent: files, as multipart/form-data, under these names.
FILES, PIECE, PAPER, SHEET = "files", "piece", "paper", "sheet"
_PROVE: dict[str, Any] = {"percent": 50, "text": "Đang làm"}


def _results(cast: Cast, _scene: Scene) -> dict[str, Any]:
    rows = [{"unit": cast.commune.pk, "version": 1, "numerator": "2", "denominator": "3"}]
    return {"period_start": "2026-01-01", "rows": rows}


def _linked(scene: Scene) -> list[int]:
    """Return the solutions that answer the task of the scene."""
    task = scene.ids["plans:links"][2]
    return list(SolutionTask.objects.filter(prioritytask=task).values_list("solution_id", flat=True))


def _post(cast: Cast) -> int:
    found: int = Post.objects.filter(unit=cast.commune).order_by("pk").values_list("pk", flat=True)[0]
    return found


def appointment(cast: Cast, *, of: str) -> int:
    """Return an appointment of one of the cast."""
    held = Appointment.objects.filter(user=getattr(cast, of)).order_by("pk")
    return int(held.values_list("pk", flat=True)[0])


#                                                              anon out  sib  own  par  off  lead adm
CORE: Rows = {
    #                                                              anon out  sib  own  par  off  lead adm
    "GET /me": ("", None, (401, 200, 200, 200, 200, 200, 200, 200)),
    "GET /units": ("", None, (401, 200, 200, 200, 200, 200, 200, 200)),
    "GET /units/{pk}": ("units:unit", None, (401, 404, 404, 200, 200, 200, 200, 200)),
    "GET /plans": ("", None, (401, 200, 200, 200, 200, 200, 200, 200)),
    "GET /plans/{pk}": ("plans:plan", None, (401, 404, 404, 200, 200, 200, 200, 200)),
    "GET /plans/{pk}/solutions": ("plans:plan", None, (401, 404, 404, 200, 200, 200, 200, 200)),
    "GET /plans/{pk}/shortcomings": ("plans:plan", None, (401, 404, 404, 200, 200, 200, 200, 200)),
    "GET /plans/{pk}/indicators": ("plans:plan", None, (401, 404, 404, 200, 200, 200, 200, 200)),
    "GET /indicators/{pk}": ("plans:indicator", None, (401, 404, 404, 200, 200, 200, 200, 200)),
    "GET /indicators/{pk}/results": ("plans:indicator", None, (401, 404, 404, 200, 200, 200, 200, 200)),
    "POST /indicators/{pk}/results": ("plans:indicator", _results, (401, 404, 404, 200, 200, 200, 200, 422)),
    "GET /deadlines": ("", None, (401, 200, 200, 200, 200, 200, 200, 200)),
    "GET /deadlines/{pk}": ("plans:deadline", None, (401, 404, 404, 200, 200, 200, 200, 200)),
    "GET /deadlines/{pk}/evidence": ("plans:confirm", None, (401, 404, 404, 200, 200, 200, 200, 200)),
    "GET /progress-reports": ("", None, (401, 200, 200, 200, 200, 200, 200, 200)),
    "POST /deadlines/{pk}/progress": ("plans:report", _PROVE, (401, 404, 404, 200, 200, 200, 404, 404)),
    "POST /deadlines/{pk}/submit": ("plans:report", {}, (401, 404, 404, 200, 200, 200, 404, 404)),
    "POST /deadlines/{pk}/submit-files": ("plans:report", FILES, (401, 404, 404, 200, 200, 200, 404, 404)),
    "POST /deadlines/{pk}/evidence": ("plans:confirm", FILES, (401, 404, 404, 200, 200, 200, 404, 404)),
    "POST /deadlines/{pk}/withdraw": ("plans:withdraw", {}, (401, 404, 404, 200, 200, 200, 404, 404)),
    "POST /deadlines/{pk}/confirm": ("plans:confirm", {}, (401, 404, 404, 404, 404, 200, 200, 404)),
    "POST /deadlines/{pk}/return": ("plans:return", {"reason": "Thiếu"}, (401, 404, 404, 404, 404, 200, 200, 404)),
    "POST /deadlines/{pk}/hold": ("plans:hold", {"reason": "Chờ"}, (401, 404, 404, 404, 404, 200, 404, 404)),
    "POST /deadlines/{pk}/resume": ("plans:resume", {}, (401, 404, 404, 404, 404, 200, 404, 404)),
    "POST /deadlines/{pk}/cancel": ("plans:cancel", {"reason": "Thôi"}, (401, 404, 404, 404, 404, 200, 404, 404)),
    "POST /deadlines/{pk}/date": ("plans:date", {"due_on": "2026-04-30"}, (401, 404, 404, 404, 404, 200, 404, 404)),
    "POST /deadlines/{pk}/difficulties": (
        "plans:difficulty", {"text": "Thiếu kinh phí"}, (401, 404, 404, 201, 201, 201, 404, 404),
    ),
    "POST /deadlines/{pk}/extensions": (
        "plans:later", {"day": "2026-03-31", "reason": "Bão"}, (401, 404, 404, 201, 201, 201, 404, 404),
    ),
    "GET /difficulties": ("", None, (401, 200, 200, 200, 200, 200, 200, 200)),
    "GET /difficulties/{pk}": ("plans:answer", None, (401, 404, 404, 200, 200, 200, 200, 200)),
    "POST /difficulties/{pk}/answer": ("plans:answer", {"words": "Đã cấp"}, (401, 404, 404, 404, 404, 200, 200, 404)),
    "POST /difficulties/{pk}/pass-on": (
        "plans:pass_on", {"words": "Vượt thẩm quyền"}, (401, 404, 404, 404, 200, 404, 404, 404),
    ),
    "GET /extensions": ("", None, (401, 200, 200, 200, 200, 200, 200, 200)),
    "GET /extensions/{pk}": ("plans:decide", None, (401, 404, 404, 200, 200, 200, 200, 200)),
    "POST /extensions/{pk}/grant": ("plans:decide", {}, (401, 404, 404, 404, 404, 200, 200, 404)),
    "POST /extensions/{pk}/refuse": ("plans:decide", {"words": "Không"}, (401, 404, 404, 404, 404, 200, 200, 404)),
    "GET /notices": ("", None, (401, 200, 200, 200, 200, 200, 200, 200)),
    "POST /notices/read": ("", {"ids": [1]}, (401, 200, 200, 200, 200, 200, 200, 200)),
    "GET /meetings": ("", None, (401, 200, 200, 200, 200, 200, 200, 200)),
    "GET /meetings/{pk}": ("reviews:meeting", None, (401, 404, 404, 404, 404, 200, 200, 200)),
    "GET /pledges": ("", None, (401, 200, 200, 200, 200, 200, 200, 200)),
    "GET /pledges/{pk}": ("reviews:pledge", None, (401, 404, 404, 200, 200, 200, 200, 200)),
    "POST /pledges/{pk}/accept": ("reviews:pledge", {}, (401, 404, 404, 404, 200, 200, 200, 404)),
    "POST /pledges/{pk}/return": ("reviews:pledge", {"reason": "Thiếu"}, (401, 404, 404, 404, 200, 200, 200, 404)),
}  # fmt: skip

ORGANISATION: Rows = {
    "GET /people": ("", None, (401, 200, 200, 200, 200, 200, 200, 200)),
    "GET /posts": ("", None, (401, 200, 200, 200, 200, 200, 200, 200)),
    "GET /appointments": ("", None, (401, 200, 200, 200, 200, 200, 200, 200)),
    "GET /appointments/{pk}": ("appointment", None, (401, 404, 404, 200, 200, 200, 200, 200)),
    "POST /units": (
        "",
        lambda c, _s: {"parent": c.commune.pk, "name": "Chi đoàn ấp 9", "kind": "branch", "code": "ST-BM-AH-9"},
        (401, 404, 404, 404, 404, 404, 404, 201),
    ),
    "POST /units/{pk}/change": ("units:unit", {"short_name": "Xã An Hòa"}, (401, 404, 404, 404, 404, 404, 404, 200)),
    "POST /units/{pk}/move": (
        "units:unit",
        lambda c, _s: {"parent": c.other_district.pk},
        (401, 404, 404, 404, 404, 404, 404, 200),
    ),
    "POST /posts": (
        "",
        lambda c, _s: {"unit": c.commune.pk, "title": "Phó Bí thư", "role": "leader"},
        (401, 404, 404, 404, 404, 404, 404, 201),
    ),
    "POST /appointments": (
        "",
        lambda c, _s: {"person": c.branch_secretary.pk, "post": _post(c), "start": "2026-03-16"},
        (401, 404, 404, 404, 404, 404, 404, 201),
    ),
    "POST /appointments/{pk}/end": ("appointment", {"end": "2026-12-31"}, (401, 404, 404, 404, 404, 404, 404, 200)),
    "GET /substitutions": ("", None, (401, 200, 200, 200, 200, 200, 200, 200)),
    "POST /substitutions": (
        "",
        lambda c, _s: {
            "appointment": appointment(c, of="commune_secretary"), "substitute": c.branch_secretary.pk,
            "start": "2026-05-01", "end": "2026-05-09", "reason": "Đi học",
        },
        (401, 404, 404, 201, 404, 404, 404, 404),
    ),
    "POST /substitutions/{pk}/end": ("substitution_end", {}, (401, 404, 404, 200, 404, 404, 404, 404)),
}  # fmt: skip

PLAN_LIFE: Rows = {
    "POST /plans": (
        "",
        lambda c, _s: {"issuing_unit": c.commune.pk, "title": "Kế hoạch SÔNGTHAO"},
        (401, 404, 404, 201, 201, 201, 404, 404),
    ),
    "GET /plans/{pk}/publishing": ("plans:publish", None, (401, 404, 404, 404, 404, 200, 404, 404)),
    "POST /plans/{pk}/publish": (
        "plans:publish",
        {"despite_gaps": True, "without_sign_off": "Gấp"},
        (401, 404, 404, 404, 404, 200, 404, 404),
    ),
    "POST /plans/{pk}/discard": ("plans:discard", {}, (401, 404, 404, 404, 404, 200, 404, 404)),
    "POST /plans/{pk}/close": (
        "plans:close",
        {"document_number": "9-BC/TĐTN-VP", "document_day": "2026-03-10", "open_work": "leave"},
        (401, 404, 404, 404, 404, 422, 404, 404),
    ),
    "POST /plans/{pk}/close-file": ("plans:close", PAPER, (401, 404, 404, 404, 404, 422, 404, 404)),
    "POST /plans/{pk}/reopen": ("plans:reopen", {"reason": "Còn việc"}, (401, 404, 404, 404, 404, 200, 404, 404)),
    "POST /plans/{pk}/copy": ("plans:next_year", {"year": 2027}, (401, 404, 404, 404, 404, 201, 404, 404)),
    "GET /plans/{pk}/versions": ("plans:plan", None, (401, 404, 404, 200, 200, 200, 200, 200)),
    "GET /sign-offs": ("", None, (401, 200, 200, 200, 200, 200, 200, 200)),
    "GET /sign-offs/{pk}": ("plans:sign_off", None, (401, 404, 404, 404, 404, 200, 200, 404)),
    "POST /plans/{pk}/sign-offs": ("plans:sign_off_ask", {}, (401, 404, 404, 404, 404, 422, 404, 404)),
    "POST /sign-offs/{pk}/agree": ("plans:sign_off", {}, (401, 404, 404, 404, 404, 404, 200, 404)),
    "POST /sign-offs/{pk}/send-back": (
        "plans:sign_off",
        {"reason": "Thiếu căn cứ"},
        (401, 404, 404, 404, 404, 404, 200, 404),
    ),
}  # fmt: skip

RECORDS: Rows = {
    "GET /plans/{pk}/records/{kind}": ("plans:record_add", None, (401, 404, 404, 404, 404, 200, 404, 404)),
    "GET /plans/{pk}/records/{kind}/{record}": ("plans:record", None, (401, 404, 404, 404, 404, 200, 404, 404)),
    "POST /plans/{pk}/records/{kind}": (
        "plans:record_add",
        {"values": {"text": "Việc mới"}},
        (401, 404, 404, 404, 404, 201, 404, 404),
    ),
    "POST /plans/{pk}/records/{kind}/{record}/change": (
        "plans:record",
        {"values": {"text": "Việc khác"}},
        (401, 404, 404, 404, 404, 200, 404, 404),
    ),
    "POST /plans/{pk}/records/{kind}/{record}/accept": ("plans:record", {}, (401, 404, 404, 404, 404, 200, 404, 404)),
    "POST /plans/{pk}/records/{kind}/{record}/reopen": ("plans:record", {}, (401, 404, 404, 404, 404, 200, 404, 404)),
    "POST /plans/{pk}/records/{kind}/{record}/drop": ("plans:record", {}, (401, 404, 404, 404, 404, 200, 404, 404)),
    "POST /plans/{pk}/restore/{dropped}": ("plans:record_restore", {}, (401, 404, 404, 404, 404, 200, 404, 404)),
    "POST /plans/{pk}/records/{kind}/{record}/join": ("plans:record", {}, (401, 404, 404, 404, 404, 200, 404, 404)),
    "POST /plans/{pk}/records/{kind}/{record}/split": (
        "plans:record",
        {"at": 14},
        (401, 404, 404, 404, 404, 201, 404, 404),
    ),
    "POST /plans/{pk}/links/confirm": ("plans:plan", {}, (401, 404, 404, 404, 404, 200, 404, 404)),
}  # fmt: skip

AMENDMENTS: Rows = {
    "GET /plans/{pk}/amendments": ("plans:plan", None, (401, 404, 404, 200, 200, 200, 200, 200)),
    "GET /amendments/{pk}": ("plans:amendment", None, (401, 404, 404, 200, 200, 200, 200, 200)),
    "GET /amendments/{pk}/changes": ("plans:amendment", None, (401, 404, 404, 200, 200, 200, 200, 200)),
    "POST /plans/{pk}/amendments": (
        "plans:plan",
        {"title": "Điều chỉnh", "reason": "Bão"},
        (401, 404, 404, 404, 404, 422, 404, 404),
    ),
    "POST /amendments/{pk}/issue": (
        "plans:amendment_issue",
        {"symbol": "7-KH/TĐTN-VP", "issued_on": "2026-03-10"},
        (401, 404, 404, 404, 404, 422, 404, 404),
    ),
    "POST /amendments/{pk}/discard": ("plans:amendment_discard", {}, (401, 404, 404, 404, 404, 200, 404, 404)),
    "POST /amendments/{pk}/solutions/{solution}": (
        "plans:amendment_solution",
        {"text": "Việc mới", "reason": "Bão"},
        (401, 404, 404, 404, 404, 200, 404, 404),
    ),
    "POST /amendments/{pk}/solutions": (
        "plans:amendment_solution_add",
        lambda c, _s: {"text": "Việc thêm", "lead_unit": c.commune.pk, "reason": "Bão"},
        (401, 404, 404, 404, 404, 201, 404, 404),
    ),
    "POST /amendments/{pk}/solutions/{solution}/drop": (
        "plans:amendment_solution",
        {"reason": "Bão"},
        (401, 404, 404, 404, 404, 200, 404, 404),
    ),
    "POST /amendments/{pk}/period": (
        "plans:amendment_period",
        {"period_end": "2026-11-30", "reason": "Bão"},
        (401, 404, 404, 404, 404, 200, 404, 404),
    ),
}  # fmt: skip

COMMITMENTS: Rows = {
    "GET /plans/{pk}/commitments": ("plans:plan", None, (401, 404, 404, 200, 200, 200, 200, 200)),
    "GET /commitments/{pk}": ("plans:commitment#1", None, (401, 404, 404, 200, 200, 200, 200, 200)),
    "POST /commitments/{pk}/change": (
        "plans:commitment#1",
        {"kind": "by_date", "due": "2026-05-31", "reason": "Bão"},
        (401, 404, 404, 404, 404, 200, 404, 404),
    ),
    "POST /solutions/{pk}/commitments": (
        "plans:commitment_add#1",
        {"kind": "by_date", "due": "2026-06-30", "reason": "Bão"},
        (401, 404, 404, 404, 404, 200, 404, 404),
    ),
    "POST /deadlines/{pk}/move": (
        "plans:move",
        {"due_on": "2026-05-31", "reason": "Bão"},
        (401, 404, 404, 404, 404, 200, 404, 404),
    ),
    "POST /plans/{pk}/days-off": (
        "plans:days_off",
        {"moves": True, "reason": "Theo quy định"},
        (401, 404, 404, 404, 404, 200, 404, 404),
    ),
    "POST /working-days/deadlines": (
        "",
        {"year": 2026, "reason": "Nghỉ lễ", "preview": True},
        (401, 200, 200, 200, 200, 200, 404, 404),
    ),
    "POST /commitments/{pk}/compiled-into": (
        "plans:compiled#1",
        {"whole": None},
        (401, 404, 404, 404, 404, 200, 404, 404),
    ),
}  # fmt: skip

TARGETS: Rows = {
    "POST /plans/{pk}/indicators": (
        "plans:indicator_add",
        {
            "text": "Đoàn viên mới", "kind": "number", "comparator": "ge", "value": 50,
            "unit_of_measure": "đoàn viên", "frequency": "year", "roll_up": "sum", "reason": "Bổ sung",
        },
        (401, 404, 404, 404, 404, 201, 404, 404),
    ),
    "POST /indicators/{pk}/change": (
        "plans:indicator_change#1",
        {"text": "Chỉ tiêu khác", "reason": "Bổ sung"},
        (401, 404, 404, 404, 404, 200, 404, 404),
    ),
    "GET /indicators/{pk}/periods": ("plans:indicator", None, (401, 404, 404, 200, 200, 200, 200, 200)),
    "POST /indicators/{pk}/lock": (
        "plans:indicator",
        {"period_start": "2026-01-01"},
        (401, 404, 404, 404, 404, 200, 200, 404),
    ),
    "POST /indicators/{pk}/unlock": (
        "plans:indicator",
        {"period_start": "2026-01-01", "reason": "Sửa số"},
        (401, 404, 404, 404, 404, 422, 422, 404),
    ),
    "GET /indicators/{pk}/figures": ("plans:indicator", None, (401, 404, 404, 200, 200, 200, 200, 200)),
}  # fmt: skip

CASCADE: Rows = {
    "GET /plans/{pk}/cascade": ("plans:cascade", None, (401, 404, 404, 200, 200, 200, 200, 200)),
    "GET /plans/{pk}/cascade/figures": ("plans:cascade", None, (401, 404, 404, 200, 200, 200, 200, 200)),
    "POST /plans/{pk}/cascade": (
        "plans:cascade_send",
        lambda c, _s: {"units": [c.district.pk]},
        (401, 404, 404, 404, 404, 201, 404, 404),
    ),
    "GET /cascade": ("", None, (401, 200, 200, 200, 200, 200, 404, 404)),
    "GET /cascade/{pk}": ("plans:cascade_answers", None, (401, 404, 404, 200, 200, 200, 200, 200)),
    "POST /cascade/{pk}/items/{solution}": (
        "plans:cascade_item",
        {"answer": "accepted", "version": 1},
        (401, 404, 404, 200, 200, 200, 404, 404),
    ),
    "POST /cascade/{pk}/all": ("plans:cascade_all", {"answer": "accepted"}, (401, 404, 404, 200, 200, 200, 404, 404)),
    "POST /cascade/{pk}/items/{solution}/decide": (
        "plans:cascade_change",
        {"act": "keep", "version": 1, "reason": "Đã làm"},
        (401, 404, 404, 200, 200, 200, 404, 404),
    ),
    "POST /cascade/{pk}/own-plan": (
        "plans:cascade_plan",
        {"act": "start", "title": "Kế hoạch riêng"},
        (401, 404, 404, 422, 422, 422, 404, 404),
    ),
    "GET /plans/{pk}/pilots": ("plans:pilot_add", None, (401, 404, 404, 200, 200, 200, 200, 200)),
    "POST /plans/{pk}/pilots": (
        "plans:pilot_add",
        lambda _c, s: {"solution": s.ids["plans:cascade_item"][1], "words": "Mô hình", "kind": "commune"},
        (401, 404, 404, 404, 404, 201, 404, 404),
    ),
    "GET /cascade/{pk}/pilots/{slot}": ("plans:pilots", None, (401, 404, 404, 200, 200, 200, 200, 200)),
    "POST /cascade/{pk}/pilots/{slot}": (
        "plans:pilots",
        lambda c, _s: {"units": [c.branch.pk]},
        (401, 404, 404, 200, 200, 200, 404, 404),
    ),
}  # fmt: skip

DIRECTIVES: Rows = {
    "GET /directives": ("", None, (401, 200, 200, 200, 200, 200, 200, 200)),
    "GET /directives/figures": ("", None, (401, 200, 200, 200, 200, 200, 200, 200)),
    "GET /directives/{pk}": ("plans:directive", None, (401, 404, 404, 200, 200, 200, 200, 200)),
    "GET /directives/{pk}/recipients": ("plans:directive", None, (401, 404, 404, 200, 200, 200, 200, 200)),
    "POST /directives": (
        "",
        lambda c, _s: {"issuing_unit": c.province.pk, "title": "Công văn", "units": [c.commune.pk]},
        (401, 404, 404, 404, 404, 201, 404, 404),
    ),
    "POST /directives/{pk}/change": (
        "plans:directive_edit",
        lambda c, _s: {"title": "Công văn", "units": [c.commune.pk]},
        (401, 404, 404, 404, 404, 200, 404, 404),
    ),
    "POST /directives/{pk}/issue": (
        "plans:directive_issue",
        {"symbol": "9-CV/TĐTN-VP", "issued_on": "2026-03-16", "rolls_out_on": "2026-06-01"},
        (401, 404, 404, 404, 404, 422, 404, 404),
    ),
    "POST /directives/{pk}/discard": ("plans:directive_discard", {}, (401, 404, 404, 404, 404, 200, 404, 404)),
    "POST /directives/{pk}/receive": ("plans:directive_receive", {}, (401, 404, 404, 200, 404, 404, 404, 404)),
    "GET /activities": ("", None, (401, 200, 200, 200, 200, 200, 200, 200)),
    "GET /activities/{pk}": ("plans:activity", None, (401, 404, 404, 200, 200, 200, 200, 200)),
    "GET /activities/{pk}/comments": ("plans:activity", None, (401, 404, 404, 200, 200, 200, 200, 200)),
    "POST /activities": (
        "",
        lambda c, _s: {"issuing_unit": c.province.pk, "title": "Ngày hội", "text": "Nội dung"},
        (401, 404, 404, 404, 404, 201, 404, 404),
    ),
    "POST /activities/{pk}/change": (
        "plans:activity_edit",
        {"title": "Ngày hội", "text": "Nội dung"},
        (401, 404, 404, 404, 404, 200, 404, 404),
    ),
    "POST /activities/{pk}/comments": (
        "plans:activity_comment",
        lambda c, _s: {"unit": c.department.pk, "text": "Đồng ý"},
        (401, 404, 404, 404, 404, 404, 404, 404),
    ),
    "POST /activities/{pk}/opinion": (
        "plans:activity_opinion",
        {"opinion": "agreed", "words": "Đồng ý", "given_on": "2026-03-16"},
        (401, 404, 404, 404, 404, 404, 200, 404),
    ),
    "POST /activities/{pk}/issue": (
        "plans:activity_issue",
        lambda c, _s: {
            "symbol": "9-KH/TĐTN-VP", "issued_on": "2026-03-16", "host_unit": c.commune.pk,
            "despite_no_comment": True,
        },
        (401, 404, 404, 404, 404, 422, 404, 404),
    ),
    "POST /activities/{pk}/discard": ("plans:activity_discard", {}, (401, 404, 404, 404, 404, 200, 404, 404)),
}  # fmt: skip

LEDGER: Rows = {
    "GET /shortcomings": ("", None, (401, 200, 200, 200, 200, 200, 200, 200)),
    "GET /shortcomings/years": ("", None, (401, 200, 200, 200, 200, 200, 200, 200)),
    "GET /shortcomings/{pk}": ("plans:shortcoming", None, (401, 404, 404, 200, 200, 200, 200, 200)),
    "GET /plans/{pk}/ledger": ("plans:ledger", None, (401, 404, 404, 404, 404, 200, 200, 200)),
    "POST /plans/{pk}/origins": (
        "plans:ledger",
        lambda _c, s: {"rows": [{"shortcoming": s.ids["plans:shortcoming"][0], "origin": "new"}]},
        (401, 404, 404, 404, 404, 200, 404, 404),
    ),
    "POST /plans/{pk}/next-ledger": ("plans:ledger_next", {"year": 2027}, (401, 404, 404, 404, 404, 201, 404, 404)),
    "POST /shortcomings/{pk}/reviews": (
        "plans:shortcoming_review",
        {"day": "2026-03-10", "state": "remedied", "review": "Họp cuối năm"},
        (401, 404, 404, 404, 404, 201, 404, 404),
    ),
    "POST /shortcomings/{pk}/source": (
        "plans:shortcoming_source",
        {"source": None},
        (401, 404, 404, 404, 404, 200, 404, 404),
    ),
    "POST /shortcomings/{pk}/merge": (
        "plans:shortcoming_merge",
        lambda _c, s: {"into": s.ids["plans:shortcoming"][0]},
        (401, 404, 404, 404, 404, 422, 404, 404),
    ),
    "POST /shortcomings/{pk}/unmerge": ("plans:shortcoming_unmerge", {}, (401, 404, 404, 404, 404, 200, 404, 404)),
}  # fmt: skip

TASKS: Rows = {
    "GET /plans/{pk}/tasks": ("plans:plan", None, (401, 404, 404, 200, 200, 200, 200, 200)),
    "GET /plans/{pk}/uptake": ("plans:plan", None, (401, 404, 404, 200, 200, 200, 200, 200)),
    "POST /plans/{pk}/uptake": (
        "plans:plan",
        lambda c, s: {
            "unit": c.commune.pk, "choices": [{"task": s.ids["plans:task"][1], "choice": "taken", "version": 0}],
        },
        (401, 404, 404, 200, 200, 200, 404, 404),
    ),
    "GET /plans/{pk}/links/{kind}/{record}": ("plans:links", None, (401, 404, 404, 200, 200, 200, 200, 200)),
    "POST /plans/{pk}/links/{kind}/{record}": (
        "plans:links",
        lambda _c, s: {"solutions": [], "seen": _linked(s)},
        (401, 404, 404, 404, 404, 200, 404, 404),
    ),
    "POST /plans/{pk}/links/{kind}/{link}/act": (
        "plans:link",
        {"act": "confirm"},
        (401, 404, 404, 404, 404, 200, 404, 404),
    ),
}  # fmt: skip

EVENTS: Rows = {
    "GET /plans/{pk}/events": ("plans:plan", None, (401, 404, 404, 200, 200, 200, 200, 200)),
    "GET /events/{pk}": ("plans:event", None, (401, 404, 404, 200, 200, 200, 200, 200)),
    "POST /plans/{pk}/events": ("plans:event_add", {"name": "Đại hội"}, (401, 404, 404, 404, 404, 201, 404, 404)),
    "POST /events/{pk}/change": (
        "plans:event_edit",
        {"name": "Họp SÔNGTHAO"},
        (401, 404, 404, 404, 404, 200, 404, 404),
    ),
    "POST /events/{pk}/day": ("plans:event_day", {"day": "2026-06-01"}, (401, 404, 404, 404, 404, 200, 404, 404)),
    "POST /events/{pk}/cancel": ("plans:event_cancel", {"reason": "Hoãn"}, (401, 404, 404, 404, 404, 200, 404, 404)),
}  # fmt: skip

EVIDENCE: Rows = {
    "GET /evidence/{pk}": ("plans:evidence", None, (401, 404, 404, 200, 200, 200, 200, 200)),
    "GET /evidence/{pk}/versions": ("plans:evidence", None, (401, 404, 404, 200, 200, 200, 200, 200)),
    "GET /evidence/{pk}/file": ("plans:evidence", None, (401, 404, 404, 200, 200, 200, 200, 200)),
    "POST /evidence/{pk}/replace": ("plans:evidence_replace", PIECE, (401, 404, 404, 201, 201, 201, 404, 404)),
    "POST /deadlines/{pk}/evidence/share": (
        "plans:evidence_share",
        lambda _c, s: {"evidence": [s.ids["plans:evidence"][0]]},
        (401, 404, 404, 200, 200, 200, 404, 404),
    ),
    "POST /deadlines/{pk}/excuse": ("plans:excuse", {"cause": "Bão"}, (401, 404, 404, 404, 404, 200, 200, 404)),
    "POST /deadlines/{pk}/remind": ("plans:report", {}, (401, 404, 404, 200, 200, 200, 200, 404)),
    "GET /letters": ("", None, (401, 200, 200, 200, 200, 200, 200, 200)),
    "GET /letters/{pk}": ("plans:letter", None, (401, 404, 404, 404, 404, 200, 404, 404)),
    "POST /plans/{pk}/letters": (
        "plans:letters",
        {"answer_by": "2026-03-27"},
        (401, 404, 404, 404, 404, 422, 404, 404),
    ),
}  # fmt: skip

FIGURES: Rows = {
    "GET /figures/units": ("", None, (401, 200, 200, 200, 200, 200, 200, 200)),
    "GET /figures/plans": ("", None, (401, 200, 200, 200, 200, 200, 200, 200)),
    "GET /figures/months": ("", None, (401, 200, 200, 200, 200, 200, 200, 200)),
    "GET /figures/trend": ("", None, (401, 200, 200, 200, 200, 200, 200, 200)),
    "GET /plans/{pk}/figures": ("plans:plan", None, (401, 404, 404, 200, 200, 200, 200, 200)),
    "GET /plans/{pk}/coverage": ("plans:plan", None, (401, 404, 404, 200, 200, 200, 200, 200)),
    "GET /coverage": ("", None, (401, 200, 200, 200, 200, 200, 200, 200)),
    "GET /plans/{pk}/gaps": ("plans:plan_gaps", None, (401, 404, 404, 404, 404, 200, 404, 404)),
    "GET /gaps": ("", None, (401, 200, 200, 200, 200, 200, 404, 404)),
    "GET /plans/{pk}/gaps/{kind}": ("plans:plan_gaps,=no_answer", None, (401, 404, 404, 404, 404, 200, 404, 404)),
    "GET /gaps/{kind}": ("=no_answer", None, (401, 200, 200, 200, 200, 200, 404, 404)),
    "GET /plans/{pk}/history": ("plans:plan", None, (401, 404, 404, 200, 200, 200, 200, 200)),
    "GET /deadlines/{pk}/history": ("plans:deadline", None, (401, 404, 404, 200, 200, 200, 200, 200)),
    "GET /working-days": ("", None, (401, 200, 200, 200, 200, 200, 200, 200)),
    "POST /working-days": (
        "",
        {"days": [{"day": "2026-08-31", "kind": "off", "name": "Nghỉ bù"}]},
        (401, 404, 404, 404, 404, 404, 404, 404),
    ),
    "POST /working-days/fill": ("", {"year": 2026}, (401, 404, 404, 404, 404, 404, 404, 404)),
    "POST /working-days/take-out": ("", {"day": "2026-04-30"}, (401, 404, 404, 404, 404, 404, 404, 404)),
}  # fmt: skip


def _about(_cast: Cast, scene: Scene) -> dict[str, Any]:
    return {"kind": "progress", "plan": scene.plan.pk}


def _asked(cast: Cast, scene: Scene) -> str:
    """Return the same as the query of an address."""
    return urlencode(_about(cast, scene))


def _words(_cast: Cast, scene: Scene) -> dict[str, Any]:
    paper = OfficialPaper.objects.get(pk=scene.ids["papers:paper"][0])
    return {"words": {next(iter(paper.paper.paragraphs)): "Chữ khác"}}


PAPERS: Rows = {
    "GET /papers": ("", None, (401, 200, 200, 200, 200, 200, 200, 200)),
    "GET /papers/preview": ("", _asked, (401, 404, 404, 404, 404, 200, 404, 404)),
    "POST /papers": ("", _about, (401, 404, 404, 404, 404, 201, 404, 404)),
    "GET /papers/{pk}": ("papers:paper", None, (401, 404, 404, 404, 404, 200, 200, 404)),
    "GET /papers/{pk}/changes": ("papers:paper", None, (401, 404, 404, 404, 404, 200, 404, 404)),
    "POST /papers/{pk}/edit": ("papers:paper", _words, (401, 404, 404, 404, 404, 200, 404, 404)),
    "POST /papers/{pk}/again": ("papers:paper", {}, (401, 404, 404, 404, 404, 200, 404, 404)),
    "POST /papers/{pk}/number": ("papers:paper", {}, (401, 404, 404, 404, 404, 422, 404, 404)),  # no term is entered
    "POST /papers/{pk}/discard": ("papers:paper", {}, (401, 404, 404, 404, 404, 200, 404, 404)),
    "POST /papers/{pk}/cancel": ("papers:paper", {"reason": "Nhầm."}, (401, 404, 404, 404, 404, 422, 404, 404)),
    "GET /papers/{pk}/files/{form}": ("papers:download", None, (401, 404, 404, 404, 404, 200, 200, 404)),
    "POST /exports": ("", {"kind": "deadlines"}, (401, 201, 201, 201, 201, 201, 201, 201)),
    "GET /exports/{pk}": ("papers:export", None, (401, 404, 404, 404, 404, 200, 404, 404)),
    "GET /exports/{pk}/file": ("papers:export_file", None, (401, 404, 404, 404, 404, 200, 404, 404)),
    "GET /imports/{kind}/template": ("=units", None, (401, 404, 404, 404, 404, 404, 404, 200)),
    "POST /imports/{kind}": ("=units", SHEET, (401, 404, 404, 404, 404, 404, 404, 200)),
}  # fmt: skip

TABLE: Rows = {
    **CORE,
    **ORGANISATION,
    **PLAN_LIFE,
    **RECORDS,
    **AMENDMENTS,
    **COMMITMENTS,
    **TARGETS,
    **CASCADE,
    **DIRECTIVES,
    **LEDGER,
    **TASKS,
    **EVENTS,
    **EVIDENCE,
    **FIGURES,
    **PAPERS,
}
