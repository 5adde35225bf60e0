"""What solutions answer: the reader's proposals are confirmed or removed one by one, and links are made by hand.

In a draft and while the plan is followed up: a link says nothing else than the text does, so it may be made afterwards
where the gap is found.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from doantracker.lib import clock
from plans.actions.inserting import insert
from plans.enums import PlanStatus
from plans.errors import ActionRefused, Stale
from plans.importing import LOOK_AT, READER_DOUBTS
from plans.models import Plan, PriorityTask, Shortcoming, Solution, SolutionShortcoming, SolutionTask
from plans.reading.commitments import FIELD_ORDER, FROM_ORDER
from plans.rights import may_manage
from units import audit
from units.access import require
from units.models import User
from units.models.audit import AuditAction

Link = SolutionShortcoming | SolutionTask
Target = Shortcoming | PriorityTask

#: The table of links to each kind of record, the column of its other end, and the doubt a proposal leaves.
TABLES: Final[dict[type[Target], tuple[type[Link], str, str]]] = {
    Shortcoming: (SolutionShortcoming, "shortcoming", FIELD_ORDER),
    PriorityTask: (SolutionTask, "prioritytask", FROM_ORDER),
}


def confirm_link(*, link: Link, by: User) -> Link:
    """Say that a solution answers what the reader proposed. Confirmed before: nothing changes."""
    with _open(link.solution.plan, by) as plan:
        fresh = _again(link)
        if fresh.awaits:
            _confirm([fresh], plan, by)
    return fresh


def confirm_links(*, plan: Plan, by: User) -> int:
    """Confirm every proposal of a plan that nobody has looked at; return how many."""
    with _open(plan, by) as locked:
        waiting = [link for table, _column, _doubt in TABLES.values() for link in proposals_of(locked, table)]
        if not waiting:
            raise ActionRefused(_("No link waits for confirmation any more."))
        _confirm(waiting, locked, by)
    return len(waiting)


def remove_link(*, link: Link, by: User) -> None:
    """Say that a solution doesn't answer this after all."""
    with _open(link.solution.plan, by) as plan:
        fresh = _again(link)
        label, solution = str(fresh), fresh.solution
        fresh.delete()
        _settle(solution)
        _log(AuditAction.LINK_REMOVED, solution, plan, by, {"links": [label]})


def set_solutions(*, target: Target, solutions: Collection[Solution], by: User, expected: Collection[int]) -> None:
    """Say which solutions of its plan answer a shortcoming or task. `expected` are those that did when it was asked.

    What was only proposed and stays is confirmed: the person left it ticked.
    """
    table, column, _doubt = TABLES[type(target)]
    with _open(target.plan, by) as plan:
        if any(s.plan_id != plan.pk for s in solutions):
            raise ActionRefused(_("A solution of another plan was named. Choose again."))
        rows = {row.solution_id: row for row in table.objects.filter(**{column: target}).select_related("solution")}
        if set(rows) != set(expected):
            raise Stale(_("Somebody changed these links meanwhile. Look at them and choose again."))
        wanted = {s.pk for s in solutions}
        gone = [row for pk, row in rows.items() if pk not in wanted]
        new = [s for s in solutions if s.pk not in rows]
        if any(s.dropped_at for s in new):
            raise ActionRefused(_("This solution was dropped by an amendment. Choose another one."))
        table.objects.filter(pk__in=[row.pk for row in gone]).delete()
        insert(table, [table(solution=s, **{column: target}) for s in new])
        _confirm([row for pk, row in rows.items() if pk in wanted and row.awaits], plan, by)
        for row in gone:
            _settle(row.solution)
        if gone or new:
            data = {"removed": [str(row.solution) for row in gone], "added": [str(s) for s in new]}
            audit.record(
                AuditAction.LINKED, by=by, obj=target, plan_id=plan.pk, unit_id=plan.issuing_unit_id, data=data
            )


def proposals_of(plan: Plan, table: type[Link]) -> list[Link]:
    """Return the links of a plan that the reader proposed and nobody has confirmed; one query."""
    rows = table.objects.filter(solution__plan=plan, proposed=True, confirmed_at__isnull=True)
    return list(rows.select_related("solution", *(c for t, c, _d in TABLES.values() if t is table)))


@contextmanager
def _open(plan: Plan, by: User) -> Iterator[Plan]:
    """Open a transaction that holds the plan; refuse without the right and when it is closed."""
    with transaction.atomic():
        locked = Plan.objects.select_for_update(of=("self",)).select_related("issuing_unit").filter(pk=plan.pk).first()
        if locked is None:
            raise Stale(_("This draft is not there any more: somebody has thrown it away."))
        require(may_manage(by, locked))
        if locked.status == PlanStatus.CLOSED:
            raise ActionRefused(_("The plan is closed: its links stay as they are."))
        yield locked


def _again(link: Link) -> Link:
    ends = ("solution", *(column for table, column, _doubt in TABLES.values() if table is type(link)))
    fresh = type(link)._default_manager.filter(pk=link.pk).select_related(*ends).first()  # noqa: SLF001  # documented
    if fresh is None:
        raise Stale(_("This link is not there any more: somebody removed it."))
    return fresh


def _confirm(links: list[Link], plan: Plan, by: User) -> None:
    """Confirm proposals and settle the doubts they left; one entry in the log."""
    if not links:
        return
    now = clock.now()
    for table, _column, _doubt in TABLES.values():
        mine = [link.pk for link in links if isinstance(link, table)]
        table.objects.filter(pk__in=mine).update(confirmed_by=by, confirmed_at=now)
    for link in links:
        link.confirmed_by, link.confirmed_at = by, now
    for solution in {link.solution_id: link.solution for link in links}.values():
        _settle(solution)
    _log(AuditAction.LINK_CONFIRMED, plan, plan, by, {"links": [str(link) for link in links]})


def _settle(solution: Solution) -> None:
    """Take the doubt away that proposals left, once none of their kind waits; other doubts of the solution stay."""
    fresh = Solution.objects.get(pk=solution.pk)
    doubt = fresh.doubt
    for table, _column, name in TABLES.values():
        if not table.objects.filter(solution=fresh, proposed=True, confirmed_at__isnull=True).exists():
            doubt = _without(doubt, name)
    if doubt == fresh.doubt:
        return
    fresh.settled = fresh.settled if doubt else fresh.doubt
    fresh.doubt = doubt
    fresh.save(update_fields=["doubt", "settled"])


def _without(doubt: str, name: str) -> str:
    """Return a doubt without the sentences of one of the reader's, in whatever language they were written."""
    for code, _label in settings.LANGUAGES:
        with override(code):
            for words in (str(READER_DOUBTS[name]), str(LOOK_AT[name])):
                doubt = doubt.replace(words, "")
    return " ".join(doubt.split())


def _log(action: AuditAction, obj: Solution | Plan, plan: Plan, by: User, data: dict[str, list[str]]) -> None:
    audit.record(action, by=by, obj=obj, plan_id=plan.pk, unit_id=plan.issuing_unit_id, data=data)
