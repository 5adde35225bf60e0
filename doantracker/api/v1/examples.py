"""Calls as they come and go, for the document: those that most programs begin with. People and units are invented."""

from __future__ import annotations

from typing import Any, Final

UNIT: Final = {"id": 8, "code": "LG-SB-AH", "name": "Đoàn xã An Hòa"}
DEADLINE: Final[dict[str, Any]] = {
    "id": 419,
    "version": 2,
    "plan": {"id": 6, "symbol": "12-KH/TĐTN-VP", "title": "Học tập Nghị quyết năm 2026"},
    "solution": 61,
    "text": "Đoàn xã, thị trấn tổ chức học tập Nghị quyết cho đoàn viên.",
    "unit": UNIT,
    "occurrence": "once",
    "due_on": "2026-11-20",
    "original_due_on": "2026-11-20",
    "status": "in_progress",
    "time_state": "overdue",
    "percent": 40,
    "reported_on": None,
    "reported_by": None,
    "confirmed_on": None,
    "confirmed_by": None,
    "reason": "",
    "held_until": None,
    "hold_reason": "",
    "deliverable": "result",
    "page": "https://theodoi.example.vn/deadlines/419/",
}

#: Parameters by operation and name.
ASKED: Final[dict[str, dict[str, Any]]] = {
    "get_deadlines": {"state": "overdue", "limit": 50},
    "get_deadlines_pk": {"pk": 419},
    "post_deadlines_pk_progress": {"pk": 419, "If-Match": '"2.25fa1df2a7dfe3c1"', "Idempotency-Key": "tuan-48-419"},
    "post_deadlines_pk_submit": {"pk": 419, "If-Match": '"3.8d0c71c7a0d2b9ea"', "Idempotency-Key": "xong-419"},
    "post_deadlines_pk_return": {"pk": 419, "If-Match": '"4.c6e5a19de0b7f312"', "Idempotency-Key": "tra-lai-419"},
}
#: Bodies by operation.
SENT: Final[dict[str, Any]] = {
    "post_deadlines_pk_progress": {"percent": 60, "text": "Đã mở 3 trên 5 lớp."},
    "post_deadlines_pk_submit": {"text": "Đã mở đủ 5 lớp, 214 đoàn viên dự.", "document_numbers": ["15-BC/ĐTN"]},
    "post_deadlines_pk_return": {"reason": "Thiếu danh sách đoàn viên dự học, đề nghị bổ sung."},
}
#: Answers by operation.
TOLD: Final[dict[str, Any]] = {
    "get_me": {
        "person": {"id": 6, "name": "Bùi Ngọc Diễm"},
        "posts": [{"title": "Bí thư", "unit": 8, "role": "secretary", "stands_in_for": ""}],
        "token": "Phần mềm của xã",
        "token_number": 2,
        "scope": "write",
        "expires_on": "2026-12-27",
    },
    "get_deadlines": {"items": [DEADLINE], "next": "/api/v1/deadlines?state=overdue&limit=1&after=419"},
    "get_deadlines_pk": DEADLINE,
    "post_deadlines_pk_progress": {**DEADLINE, "version": 3, "percent": 60},
    "post_deadlines_pk_submit": {
        **DEADLINE,
        "version": 4,
        "status": "submitted",
        "time_state": "late",
        "percent": 100,
        "reported_on": "2026-11-26",
        "reported_by": {"id": 6, "name": "Bùi Ngọc Diễm"},
    },
    "post_deadlines_pk_return": {
        **DEADLINE,
        "version": 5,
        "status": "returned",
        "percent": 100,
        "reason": "Thiếu danh sách đoàn viên dự học, đề nghị bổ sung.",
    },
}
PROBLEM: Final = {
    "type": "about:blank",
    "title": "Unprocessable Entity",
    "status": 422,
    "code": "invalid",
    "detail": "Some values are wrong. Correct them and send the call again.",
    "errors": [{"field": "query.staet", "message": "This name is not known. Look for a slip of the keyboard."}],
}
