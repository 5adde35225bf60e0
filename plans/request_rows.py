"""Later days and difficulties as pages show them: two queues of one query each, and a part of a deadline's page."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Prefetch
from django.db.models.functions import Left
from django.urls import reverse
from django.utils import timezone

from plans.desks import request_desks
from plans.enums import Decision, PlanStatus
from plans.labels import day_label, left_label
from plans.models import Deadline, DifficultyPass
from plans.rows import TEXT_LENGTH
from plans.time_state import answer_state, lateness
from plans.workflow import ACTS, offered
from units.access import decider
from units.models import User
from units.models.audit import AuditAction
from units.permissions import Permission

ABOUT = (
    "deadline_id",
    "deadline__unit__name",
    "deadline__unit__short_name",
    "deadline__plan__symbol",
    "deadline__plan__title",
    "deadline__plan__status",
    "deadline__plan__issuing_unit__path",
    "deadline__status",
    "words_owed",
)
DIFFICULTY = (
    "pk", "text", "raised_by_id", "raised_by__full_name", "raised_on", "answer_due_on",
    "answer", "answered_on", "answered_by__full_name",
    "answering_unit__name", "answering_unit__short_name", "answering_unit__path",
)  # fmt: skip
EXTENSION = (
    "pk", "reason", "claims_objective", "asked_by_id", "asked_by__full_name", "asked_at", "due_on", "asked_day",
    "status", "granted_day", "objective", "words", "decided_by__full_name",
)  # fmt: skip


def difficulty_rows(difficulties: Any, *, user: User, today: dt.date) -> list[dict[str, Any]]:
    """Return the rows of difficulties in their order; two queries."""
    decides = _decides(user)
    base = reverse("plans:difficulties")
    deadlines, rows, read = reverse("plans:deadlines"), [], list(_about(difficulties, DIFFICULTY))
    open_ones = [found for found in read if found["answered_on"] is None]
    lies = request_desks(open_ones, today, path="answering_unit__path", asker="raised_by_id", since="raised_on")
    for found in read:
        waiting = found["answered_on"] is None
        mine = waiting and decides(found, found["raised_by_id"], found["answering_unit__path"])
        rows.append(
            {
                **found,
                **_labels(found, deadlines),
                "owed_by": (found["answering_unit__short_name"] or found["answering_unit__name"]) if waiting else "",
                "state": answer_state(
                    answered_on=found["answered_on"], due_on=found["answer_due_on"], today=today
                ).value,
                "raised": day_label(found["raised_on"]),
                "due": day_label(found["answer_due_on"]),
                "left": left_label(found["answer_due_on"], today) if waiting else "",
                "answered": day_label(found["answered_on"]),
                "desk": lies.get(found["pk"], ""),
                "act_url": f"{base}{found['pk']}/" if mine else "",
            }
        )
    return rows


def extension_rows(extensions: Any, *, user: User, today: dt.date) -> list[dict[str, Any]]:
    """Return the rows of requests for a later day in their order; two queries."""
    decides = _decides(user)
    base = reverse("plans:extensions")
    deadlines, rows, read = reverse("plans:deadlines"), [], list(_about(extensions, EXTENSION))
    for found in read:
        found["asked_on"] = timezone.localdate(found["asked_at"])
    open_ones = [found for found in read if _can_be_decided(found)]
    lies = request_desks(
        open_ones, today, path="deadline__plan__issuing_unit__path", asker="asked_by_id", since="asked_on"
    )
    for found in read:
        waiting = _can_be_decided(found)
        mine = waiting and decides(found, found["asked_by_id"])
        rows.append(
            {
                **found,
                **_labels(found, deadlines),
                "due": day_label(found["due_on"]),
                "left": left_label(found["due_on"], today) if waiting else "",
                "asked": day_label(found["asked_day"]),
                "granted": day_label(found["granted_day"]),
                "desk": lies.get(found["pk"], ""),
                "act_url": f"{base}{found['pk']}/" if mine else "",
            }
        )
    return rows


def requests_of(row: Deadline, *, user: User, today: dt.date) -> dict[str, Any]:
    """Return what the page of a deadline says of lateness, later days and difficulties; three queries."""
    extensions = list(row.extensions.select_related("asked_by", "decided_by"))
    related = ("raised_by", "answered_by", "commitment", "answering_unit")
    passes = DifficultyPass.objects.select_related("from_unit", "to_unit", "passed_by")
    difficulties = list(row.difficulties.select_related(*related).prefetch_related(Prefetch("passes", passes)))
    for one in (*extensions, *difficulties):
        one.deadline = row  # read already, with its plan
    waiting = next((e for e in extensions if e.status == Decision.ASKED), None)
    late = lateness(
        status=row.status,
        original_due_on=row.original_due_on,
        due_on=row.due_on,
        reported_on=row.reported_on,
        excused_until=row.excused_until,
        today=today,
    )
    return {
        "late": late,
        "extensions": extensions,
        "extension_counts": {
            "asked": len(extensions),
            "granted": sum(e.status == Decision.GRANTED for e in extensions),
            "refused": sum(e.status == Decision.REFUSED for e in extensions),
        },
        "difficulties": [
            {
                "row": d,
                "state": answer_state(answered_on=d.answered_on, due_on=d.answer_due_on, today=today).value,
                "may_answer": d.waits and offered(user, AuditAction.DIFFICULTY_ANSWERED, row, d),
                "may_pass_on": d.waits and offered(user, AuditAction.DIFFICULTY_PASSED, row, d),
            }
            for d in difficulties
        ],
        "to_decide": waiting if waiting and offered(user, AuditAction.LATER_GRANTED, row, waiting) else None,
        "may_ask": {
            "later": waiting is None and offered(user, AuditAction.LATER_ASKED, row),
            "difficulty": offered(user, AuditAction.DIFFICULTY_RAISED, row),
            "excuse": bool(late.original or late.current)
            and not late.excused
            and offered(user, AuditAction.EXCUSED, row),
        },
    }


def _can_be_decided(found: dict[str, Any]) -> bool:
    return found["status"] == Decision.ASKED and found["deadline__status"] in ACTS[AuditAction.LATER_GRANTED].start


def _about(rows: Any, columns: tuple[str, ...]) -> Any:
    return rows.annotate(words_owed=Left("deadline__solution__text", TEXT_LENGTH)).values(*columns, *ABOUT)


def _labels(found: dict[str, Any], base: str) -> dict[str, str]:
    return {
        "unit": found["deadline__unit__short_name"] or found["deadline__unit__name"],
        "plan": found["deadline__plan__symbol"] or found["deadline__plan__title"],
        "owed": found["words_owed"],
        "url": f"{base}{found['deadline_id']}/",
    }


def _decides(user: User) -> Any:
    """Return a test whether `user` answers a row: the issuer's people or those of `level`, never who asked."""
    decides = decider(user, Permission.CONFIRM)

    def test(found: dict[str, Any], asker: int, level: str = "") -> bool:
        followed = found["deadline__plan__status"] == PlanStatus.PUBLISHED
        answers = decides(found["deadline__plan__issuing_unit__path"], asker) or (level and decides(level, asker))
        return followed and bool(answers)

    return test
