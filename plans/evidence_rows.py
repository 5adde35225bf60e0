"""Evidence as pages show it: the pieces of a deadline with their versions, and who opened them, from the log."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from plans.enums import OPEN, PlanStatus
from plans.models import Deadline, Evidence
from plans.rights import may_report
from units.access import paths_with
from units.models import AuditEvent, User
from units.models.audit import AuditAction
from units.permissions import Permission

READERS_SHOWN = 3
RELATED = ("added_by", "shared_from__deadline__solution")


@dataclass(slots=True)
class Piece:
    """One piece of evidence of a deadline: its newest version, the older ones, and who has opened the newest."""

    row: Evidence
    origin: Deadline | None = None  # which it was given for first, if the reader sees that one
    older: list[Evidence] = field(default_factory=list)
    readers: list[AuditEvent] = field(default_factory=list)  # the last time each other person did, the newest first

    @property
    def more_readers(self) -> int:
        """Return how many readers the list leaves out."""
        return max(0, len(self.readers) - READERS_SHOWN)


def evidence_of(row: Deadline, *, user: User) -> dict[str, Any]:
    """Return what the page of a deadline shows of its evidence; three queries."""
    rows = list(row.evidence.select_related(*RELATED))
    downloads = downloads_of(rows, user=user)
    seen = tuple(paths_with(user, Permission.VIEW))
    pieces = [
        Piece(e, _origin(e, seen), readers=readers_of(e, downloads[e.pk])) for e in rows if e.replaced_at is None
    ]
    by_pk = {e.pk: e for e in rows}
    for piece in pieces:
        older = piece.row.replaces_id
        while older is not None:
            piece.older.append(by_pk[older])
            older = by_pk[older].replaces_id
    followed = row.plan.status == PlanStatus.PUBLISHED and row.status in OPEN
    return {"pieces": pieces, "may_prove": followed and may_report(user, row)}


def _origin(row: Evidence, seen: tuple[str, ...]) -> Deadline | None:
    """Return the deadline a piece was given for first; the unit's work may have moved out of sight since."""
    first = row.shared_from.deadline if row.shared_from else None
    return first if first and first.unit_path.startswith(seen) else None


def downloads_of(rows: Iterable[Evidence], *, user: User) -> dict[int, list[AuditEvent]]:
    """Return the downloads of each stored file that `user` may read of, by row, the newest first; two queries.

    A file that serves several deadlines is one file: whoever opened it there has seen it here.
    """
    files = {e.pk: e.file.name or "" for e in rows if e.file}
    named = Evidence.objects.filter(file__in=set(files.values())).values_list("pk", "file")
    rows_of_file: dict[str, set[int]] = defaultdict(set)
    for pk, name in named:
        rows_of_file[name].add(pk)
    events = (
        AuditEvent.objects.visible_to(user)
        .filter(action=AuditAction.DOWNLOADED, object_type="evidence", object_id__in={pk for pk, _name in named})
        .select_related("actor")
    )
    found: dict[int, list[AuditEvent]] = defaultdict(list)
    for event in events:
        for pk, name in files.items():
            if event.object_id in rows_of_file[name]:
                found[pk].append(event)
    return found


def readers_of(row: Evidence, downloads: Iterable[AuditEvent]) -> list[AuditEvent]:
    """Return the last download of each person but the sender, the newest first."""
    last: dict[int | None, AuditEvent] = {}
    for event in downloads:
        if event.actor_id != row.added_by_id:
            last.setdefault(event.actor_id, event)
    return list(last.values())


def versions_of(proof: Evidence) -> list[Evidence]:
    """Return every version of one piece, the newest first; one query."""
    rows: dict[int, Evidence] = {e.pk: e for e in proof.deadline.evidence.select_related("added_by")}
    newer = {e.replaces_id: e.pk for e in rows.values() if e.replaces_id}
    at: int | None = proof.pk
    while at in newer:
        at = newer[at]
    chain = []
    while at is not None:
        chain.append(rows[at])
        at = rows[at].replaces_id
    return chain


def used_elsewhere(proof: Evidence, *, user: User) -> list[Evidence]:
    """Return the rows of other deadlines that `user` sees and that the same stored file serves; one query."""
    if not proof.file:
        return []
    same = Evidence.objects.visible_to(user).filter(file=proof.file.name).exclude(deadline=proof.deadline_id)
    return list(same.select_related("deadline__solution", "deadline__plan"))
