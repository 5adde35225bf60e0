"""A person says which unit the words of a plan mean: every record of the plan that names them is mended at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from doantracker.lib import clock
from doantracker.lib.text import nfc, search_key
from plans.actions.records import open_draft, settle
from plans.errors import ActionRefused
from plans.models import Plan, Schedule, Shortcoming, Solution, SolutionGroup, UnmatchedName
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
        _enter(mentions, unit)
        _clear(locked, mentions)
        if remember and not UnitNames.below(locked.issuing_unit, clock.today()).find(name).units:
            remember_alias(unit=unit, alias=name, by=by)
        _log(locked, by, mentions, {"unit": ["", str(unit)], "name": ["", nfc(name)]})
    return len(mentions)


def leave_out(*, plan: Plan, name: str, by: User) -> int:
    """Say that `name` is no unit to be entered; return in how many records it stood."""
    with open_draft(plan, by) as locked:
        mentions = _open_mentions(locked, name)
        _clear(locked, mentions)
        _log(locked, by, mentions, {"name": [nfc(name), ""]})
    return len(mentions)


def _open_mentions(plan: Plan, name: str) -> list[UnmatchedName]:
    """Return the open mentions of `name` with their records; refuse when there is none any more."""
    found = [m for m in _with_records(plan).filter(key=search_key(name)) if m.record.doubt]
    if not found:
        raise ActionRefused(_("No record in doubt names these words any more: somebody dealt with them."))
    return found


def _with_records(plan: Plan) -> QuerySet[UnmatchedName]:
    return plan.unmatched.select_related("shortcoming", "group", "solution", "schedule")


def _enter(mentions: list[UnmatchedName], unit: Unit) -> None:
    """Give every record its unit in the role the text names it in; what is inherited is not repeated.

    Groups first, then solutions, then commitments: each looks at what stands above it. A fixed number of queries.
    """
    records = _by_type(mentions)
    _add_to(Shortcoming.named_units.through, "shortcoming_id", records[Shortcoming], unit)
    leading = {m.record.pk for m in mentions if m.role == NameRole.LEAD}
    SolutionGroup.objects.filter(pk__in=leading & set(records[SolutionGroup]), lead_unit=None).update(lead_unit=unit)
    solutions = {pk: s for pk, s in records[Solution].items() if isinstance(s, Solution)}
    led = [m.record.pk for m in mentions if m.role == NameRole.LEAD and _lacks_lead(m.record)]
    without = Solution.objects.filter(pk__in=led, lead_unit=None)
    without.exclude(group__lead_unit=unit).update(lead_unit=unit)
    helping = [pk for pk, s in solutions.items() if pk not in led and s.lead_unit_id != unit.pk]
    _add_to(Solution.supporting_units.through, "solution_id", helping, unit)
    above = Solution.objects.select_related("lead_unit", "group__lead_unit").in_bulk(
        {s.solution_id for s in records[Schedule].values() if isinstance(s, Schedule)}
    )
    owed = [pk for pk, s in records[Schedule].items() if isinstance(s, Schedule) and above[s.solution_id].lead != unit]
    _add_to(Schedule.owner_units.through, "schedule_id", owed, unit)


def _lacks_lead(record: Named) -> bool:
    return isinstance(record, Solution) and record.lead_unit_id is None


def _add_to(through: Any, column: str, records: Iterable[int], unit: Unit) -> None:
    """Link `unit` to each record; a link that is there already stays."""
    through.objects.bulk_create((through(**{column: pk, "unit_id": unit.pk}) for pk in records), ignore_conflicts=True)


def _by_type(mentions: Iterable[UnmatchedName]) -> dict[type[Named], dict[int, Named]]:
    """Return the records of mentions by type and key."""
    found: dict[type[Named], dict[int, Named]] = {Shortcoming: {}, SolutionGroup: {}, Solution: {}, Schedule: {}}
    for mention in mentions:
        found[type(mention.record)][mention.record.pk] = mention.record
    return found


def _clear(plan: Plan, mentions: list[UnmatchedName]) -> None:
    """Forget mentions, and take the sentences they left out of the doubts of their records."""
    plan.unmatched.filter(pk__in=[m.pk for m in mentions]).delete()
    shared = {(type(m.record), m.record.pk, m.doubt) for m in _with_records(plan)}
    for kind, records in _by_type(mentions).items():
        fresh: dict[int, Any] = kind.objects.in_bulk(list(records))
        for mention in mentions:
            record = fresh.get(mention.record.pk) if type(mention.record) is kind else None
            if record is None or mention.doubt not in record.doubt or (kind, record.pk, mention.doubt) in shared:
                continue
            rest = " ".join(record.doubt.replace(mention.doubt, " ").split())
            if rest:
                record.doubt = rest
            else:
                settle(record)
        kind.objects.bulk_update(fresh.values(), ["doubt", "settled"])


def _log(plan: Plan, by: User, mentions: list[UnmatchedName], data: dict[str, list[str]]) -> None:
    records = {(type(m.record), m.record.pk): m.record for m in mentions}
    audit.record_many(
        audit.Entry(AuditAction.CHANGED, by, record, plan_id=plan.pk, unit_id=plan.issuing_unit_id, data=dict(data))
        for record in records.values()
    )
