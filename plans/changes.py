"""What a change of days or rules does to the deadlines written out: shown first, compared when it is made."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, QuerySet

from plans.enums import Status
from plans.labels import period_label
from plans.models import Deadline, Difficulty, Evidence, Extension, Notice, ProgressReport
from plans.workflow import ACTS
from units.models import AuditEvent
from units.models.audit import AuditAction

#: Rows whose last day may move: what is reported or called off keeps its day.
MOVABLE = ACTS[AuditAction.RESCHEDULED].start


@dataclass(frozen=True, slots=True)
class Line:
    """One deadline as a change leaves it: its unit, its period, its day before and after, and why it stays."""

    pk: int
    version: int
    unit: str
    occurrence: str
    before: dt.date | None
    after: dt.date | None
    why: str = ""

    @property
    def period(self) -> str:
        """Return the name of its period; empty for work that comes once or has a day of its own."""
        return period_label(self.occurrence)


@dataclass(slots=True)
class Change:
    """The deadlines that move, come, go and stay. `extra` is what else the change was seen against."""

    moved: list[Line] = field(default_factory=list)
    new: list[Line] = field(default_factory=list)
    removed: list[Line] = field(default_factory=list)
    cancelled: list[Line] = field(default_factory=list)
    kept: list[Line] = field(default_factory=list)
    extra: str = ""

    def __bool__(self) -> bool:
        return bool(self.moved or self.new or self.removed or self.cancelled)

    @property
    def digest(self) -> str:
        """Return a hash of everything shown: a page carries it, the act compares it."""
        groups = {
            name: sorted([0 if name == "new" else o.pk, o.version, o.unit, o.occurrence, str(o.before), str(o.after)]
                         for o in getattr(self, name))
            for name in ("moved", "new", "removed", "cancelled", "kept")
        }  # fmt: skip
        return hashlib.sha256(json.dumps([groups, self.extra]).encode()).hexdigest()[:32]


def moved_days(events: Iterable[AuditEvent]) -> list[tuple[dt.date | None, dt.date]]:
    """Return the former and new day of each time an organiser moved a deadline, by its log, the first on top."""
    pairs = [event.data["moved"] for event in events if "moved" in event.data]
    days = [(before and dt.date.fromisoformat(before), dt.date.fromisoformat(after)) for before, after in pairs]
    return days[::-1]


def line(row: Deadline, after: dt.date | None, why: str = "") -> Line:
    """Return a row as it is now, and its day afterwards."""
    return Line(row.pk, row.version, row.unit.label, row.occurrence, row.due_on, after, why)


def with_history(rows: QuerySet[Deadline]) -> QuerySet[Deadline]:
    """Return rows that know whether work has `begun` and whether anything else is known of them (`told`)."""

    def any_of(model: type) -> Exists:
        return Exists(model._default_manager.filter(deadline=OuterRef("pk")))  # type: ignore[attr-defined]  # noqa: SLF001  # Django's documented manager

    acts = AuditEvent.objects.filter(object_type="deadline", object_id=OuterRef("pk"))
    said = any_of(ProgressReport) | any_of(Evidence) | any_of(Extension) | any_of(Difficulty)
    return rows.annotate(said=said, told=any_of(Notice) | Exists(acts)).select_related(
        "unit", "solution", "plan__issuing_unit", "schedule"
    )


def begun(row: Deadline) -> bool:
    """Return whether somebody has done something about a row of `with_history`."""
    return bool(row.status != Status.ASSIGNED or row.said)  # type: ignore[attr-defined]  # annotated
