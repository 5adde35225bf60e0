"""A person says which unit the words of a plan mean: every record of the plan that names them is mended at once."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from doantracker.lib import clock
from doantracker.lib.text import nfc, search_key
from plans.actions.records import open_draft, settle
from plans.errors import ActionRefused
from plans.models import Plan, Schedule, Shortcoming, Solution, SolutionGroup, UnmatchedName
from plans.models.plan import Sourced
from plans.models.unmatched import NameRole
from plans.resolving import UnitNames
from units import audit
from units.actions import remember_alias
from units.models import Unit, User
from units.models.audit import AuditAction

Named = Shortcoming | SolutionGroup | Solution | Schedule


def match_unit(*, plan: Plan, name: str, unit: Unit, by: User, remember: bool) -> int:
    """Enter `unit` wherever `plan` names `name`; return in how many records. `remember`: the next import finds it.

    The name becomes one of the unit's other names, unless it names another unit already.
    """
    with open_draft(plan, by) as locked:
        if not locked.issuing_unit.covers(unit):
            raise ActionRefused(_("Choose a unit below the issuing unit."))
        mentions = _open_mentions(locked, name)
        if any(m.role == NameRole.LEAD for m in mentions) and not unit.kind.may_lead:
            raise ActionRefused(_("Units of this kind don't lead. Choose another unit."))
        for mention in sorted(mentions, key=_inheritance):
            _enter(mention, unit)
        _clear(mentions)
        if remember and not UnitNames.below(locked.issuing_unit, clock.today()).find(name).units:
            remember_alias(unit=unit, alias=name, by=by)
        _log(locked, by, mentions, {"unit": ["", str(unit)], "name": ["", nfc(name)]})
    return len(mentions)


def leave_out(*, plan: Plan, name: str, by: User) -> int:
    """Say that `name` is no unit to be entered; return in how many records it stood."""
    with open_draft(plan, by) as locked:
        mentions = _open_mentions(locked, name)
        _clear(mentions)
        _log(locked, by, mentions, {"name": [nfc(name), ""]})
    return len(mentions)


def _open_mentions(plan: Plan, name: str) -> list[UnmatchedName]:
    """Return the open mentions of `name` with their records; refuse when there is none any more."""
    rows = plan.unmatched.filter(key=search_key(name)).select_related("shortcoming", "group", "solution", "schedule")
    found = [m for m in rows if m.record.doubt]
    if not found:
        raise ActionRefused(_("No record in doubt names these words any more: somebody dealt with them."))
    return found


def _inheritance(mention: UnmatchedName) -> int:
    """Return the order in which units are entered: groups hand theirs down to solutions, these to commitments."""
    return [Shortcoming, SolutionGroup, Solution, Schedule].index(type(mention.record))


def _enter(mention: UnmatchedName, unit: Unit) -> None:
    """Give the record of a mention its unit, in the role the text names it in; what is inherited is not repeated."""
    record = mention.record
    if isinstance(record, Shortcoming):
        record.named_units.add(unit)
    elif isinstance(record, Schedule):
        solution = Solution.objects.select_related("lead_unit", "group__lead_unit").get(pk=record.solution_id)
        if solution.lead != unit:
            record.owner_units.add(unit)
    elif mention.role == NameRole.LEAD and record.lead_unit is None:
        group = record.group_id if isinstance(record, Solution) else None
        if not group or not SolutionGroup.objects.filter(pk=group, lead_unit=unit).exists():
            type(record).objects.filter(pk=record.pk).update(lead_unit=unit)
    elif isinstance(record, Solution) and record.lead_unit != unit:
        record.supporting_units.add(unit)


def _clear(mentions: Iterable[UnmatchedName]) -> None:
    """Forget mentions, and take the sentences they left out of the doubts of their records."""
    for mention in mentions:
        record = mention.record
        mention.delete()
        fresh: Sourced = type(record).objects.get(pk=record.pk)
        if mention.doubt in fresh.doubt and not _others(record, mention):
            rest = " ".join(fresh.doubt.replace(mention.doubt, " ").split())
            if rest:
                fresh.doubt = rest
            else:
                settle(fresh)
            fresh.save(update_fields=["doubt", "settled"])


def _others(record: Named, mention: UnmatchedName) -> bool:
    """Return whether another name shares the sentence of a mention."""
    return record.unmatched.filter(doubt=mention.doubt).exclude(pk=mention.pk).exists()


def _log(plan: Plan, by: User, mentions: list[UnmatchedName], data: dict[str, list[str]]) -> None:
    records = {(type(m.record), m.record.pk): m.record for m in mentions}
    audit.record_many(
        audit.Entry(AuditAction.CHANGED, by, record, plan_id=plan.pk, unit_id=plan.issuing_unit_id, data=dict(data))
        for record in records.values()
    )
