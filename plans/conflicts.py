"""What the second of two writers is shown: what others did with the deadline since the page was opened."""

from __future__ import annotations

from dataclasses import dataclass

from plans.models import Deadline, Difficulty, Extension
from plans.workflow import offered
from units.models import AuditEvent, User
from units.models.audit import AuditAction

READ = 20  # acts of a row that are looked at: nobody keeps a page open for longer


@dataclass(frozen=True, slots=True)
class Conflict:
    """The acts since the version that was seen, the newest first, and whether the own act is still possible."""

    acts: list[AuditEvent]
    again: bool
    request: Extension | Difficulty | None = None


def conflict_of(
    row: Deadline, action: AuditAction, *, user: User, seen: object, about: Extension | Difficulty | None = None
) -> Conflict:
    """Return what `user`, who saw version `seen` (or a request in another state), has to know now; one query."""
    log = AuditEvent.objects.visible_to(user).filter(object_type="deadline", object_id=row.pk)
    acts = list(log.select_related("actor")[:READ])
    if about is None and isinstance(seen, int):
        acts = [act for act in acts if act.data.get("version", 0) > seen] or acts[:1]
    else:
        acts = acts[:1]
    again = offered(user, action, row, about) and (about is None or _waits(about))
    return Conflict(acts, again, about)


def _waits(about: Extension | Difficulty) -> bool:
    return about.answered_on is None if isinstance(about, Difficulty) else about.decided_at is None
