"""A document goes in: read in a child process, resolved, saved as a draft plan in one transaction."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from doantracker.lib import clock
from doantracker.lib.text import nfc
from plans.actions.events import hang_on_events
from plans.actions.inserting import insert, link
from plans.enums import PlanStatus
from plans.errors import ActionRefused
from plans.importing import Records, paragraphs_of, plan_of, records_of
from plans.models import (
    Field,
    Indicator,
    IndicatorCondition,
    Plan,
    PlanClosing,
    PlanDocument,
    PlanReference,
    PriorityTask,
    Schedule,
    Shortcoming,
    Solution,
    SolutionGroup,
    UnmatchedName,
)
from plans.reading.drafts import DraftPlan
from plans.reading.isolation import read_isolated
from plans.resolving import Resolver
from plans.rights import may_issue_for
from units import audit
from units.access import require
from units.models import Unit, User
from units.models.audit import AuditAction

MOST_RECORDS = 3000  # of one kind: a plan has dozens; ordinals and the check page are made for no more


class AlreadyDraft(ActionRefused):
    """The same file is a draft of the same unit already: `plan`."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(_("This file was imported already and its draft is still open. Go on with that draft."))
        self.plan = plan


def import_plan(
    *, data: bytes, name: str, issuing_unit: Unit, by: User | None, draft: DraftPlan | None = None
) -> Plan:
    """Read the file `name` with content `data` and save what was read as a draft plan of `issuing_unit`.

    `by` is None for a command on the server. `draft` is the file as read, where the caller has read it before. Raises
    `ReadError` for a file that can't be read; then, and whenever the transaction fails, nothing stays behind.
    """
    require(by is None or may_issue_for(by, issuing_unit))
    sha256 = hashlib.sha256(data).hexdigest()
    _refuse_second_import(issuing_unit, sha256)  # before the work of reading, and again under the lock
    draft = draft or read_isolated(data, name)
    refuse_too_many(draft)
    plan = plan_of(draft, name=name, issuing_unit=issuing_unit, by=by)
    document = PlanDocument(plan=plan, original_name=file_name(name), size=len(data), sha256=sha256)
    document.paragraphs, document.read_at = paragraphs_of(draft), clock.now()
    with stored_file(document, data), transaction.atomic():
        Unit.objects.select_for_update().filter(pk=issuing_unit.pk).first()  # one import a unit at a time
        _refuse_second_import(issuing_unit, sha256)
        resolver = Resolver.below(issuing_unit, clock.today())
        plan.save()
        document.save()
        records = records_of(draft, plan, resolver, Field.objects.filter(unit=issuing_unit))
        _save(records)
        hang_on_events(plan)
        audit.record(
            AuditAction.CREATED,
            by=by,
            obj=plan,
            plan_id=plan.pk,
            unit_id=issuing_unit.pk,
            data={"file": document.original_name, "sha256": sha256, "warnings": list(draft.warnings)},
        )
    return plan


def _refuse_second_import(unit: Unit, sha256: str) -> None:
    same = Plan.objects.filter(issuing_unit=unit, status=PlanStatus.DRAFT, document__sha256=sha256).first()
    if same:
        raise AlreadyDraft(same)


def refuse_too_many(draft: DraftPlan) -> None:
    """Refuse a document with more records than a plan can have."""
    made = (draft.references, draft.shortcomings, draft.solutions, draft.schedules, draft.indicators)
    if max(map(len, (*made, draft.assignments))) > MOST_RECORDS:
        raise ActionRefused(_("The document holds more records than one plan can have. Split it into several files."))


def file_name(name: str) -> str:
    """Return the name a file came with, without any folder, as text to show; it never names a file of ours."""
    return nfc(name.replace("\\", "/").rsplit("/", 1)[-1].replace("\x00", ""))[-255:]


@contextmanager
def stored_file(document: PlanDocument | PlanClosing, data: bytes) -> Iterator[None]:
    """Store the file under a random name, on disk before the row is committed; take it away when that fails."""
    document.file.save(get_random_string(32), ContentFile(data), save=False)
    path = Path(document.file.path)
    try:
        with path.open("rb") as written:
            os.fsync(written.fileno())
        yield
    except BaseException:
        document.file.storage.delete(str(document.file.name))
        raise


def _save(records: Records) -> None:
    """Save records and links in bulk: a fixed number of statements for any plan of usual size."""
    insert(Field, records.fields.values())
    insert(PlanReference, records.references)
    insert(Shortcoming, records.shortcomings)
    insert(PriorityTask, records.priority_tasks)
    insert(SolutionGroup, records.groups)
    insert(Solution, records.solutions)
    insert(Schedule, records.schedules)
    link(Shortcoming.named_units.through, records.named_units)
    link(Solution.supporting_units.through, records.supports)
    link(Solution.shortcomings.through, records.answers)
    link(Solution.priority_tasks.through, records.tasks)
    mark_proposed(records.by_order)
    link(Schedule.owner_units.through, records.owner_units)
    link(Schedule.owner_kinds.through, records.owner_kinds)
    insert(Indicator, records.indicators)
    insert(IndicatorCondition, records.conditions)
    link(Indicator.owner_units.through, records.indicator_units)
    link(Indicator.owner_kinds.through, records.indicator_kinds)
    insert(UnmatchedName, records.unmatched)


def mark_proposed(by_order: Mapping[str, Sequence[Solution]]) -> None:
    """Say of the links of solutions, by their name, that the reader proposed them from the order of the lists."""
    for name, solutions in by_order.items():
        if solutions:
            through: Any = getattr(Solution, name).through
            through.objects.filter(solution__in=solutions).update(proposed=True)
