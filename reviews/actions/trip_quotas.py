"""Setting and changing quotas of days at the grassroots."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from doantracker.lib import clock
from plans.errors import ActionRefused, Stale
from reviews.actions.made import made_before
from reviews.enums import QuotaScope
from reviews.models import FieldTripQuota
from reviews.rights import may_set_quotas
from units import audit
from units.access import require
from units.models import Unit, User
from units.models.audit import AuditAction

FACTS: Final = (
    "name", "year", "amount", "measure", "until", "joint", "scope", "body", "full_time", "kinds", "register_ahead",
    "report_days",
)  # fmt: skip


def add_quota(
    *, unit: Unit, by: User, values: Mapping[str, Any], people: Collection[User] = (), key: str = ""
) -> FieldTripQuota:
    """Set a quota of a union for a year; `values` are of FACTS, `people` count where it holds for persons by name."""
    require(may_set_quotas(by, unit))
    made = made_before(FieldTripQuota, key, by=by)
    if made is not None:
        return made
    row = FieldTripQuota(unit=unit, created_by=by, created_at=clock.now(), form_key=key)
    with transaction.atomic():
        _give(row, values, people)
        audit.record(AuditAction.CREATED, by=by, obj=row, unit_id=unit.pk, data=audit.changes({}, _worded(row)))
    return row


def change_quota(
    *, quota: FieldTripQuota, by: User, values: Mapping[str, Any], people: Collection[User] = (), version: int
) -> FieldTripQuota:
    """Change a quota; sums and forecasts follow at once. What was registered keeps its last day."""
    require(may_set_quotas(by, quota.unit))
    with transaction.atomic():
        row: FieldTripQuota = FieldTripQuota.objects.select_for_update(of=("self",)).get(pk=quota.pk)
        if row.version != version:
            raise Stale(_("Somebody changed this quota meanwhile. Look at it as it is now, then do it again."))
        before = _worded(row)
        row.version += 1
        _give(row, values, people)
        changed = audit.changes(before, _worded(row))
        if changed:
            audit.record(AuditAction.CHANGED, by=by, obj=row, unit_id=row.unit_id, data=changed)
    return row


def _give(row: FieldTripQuota, values: Mapping[str, Any], people: Collection[User]) -> None:
    for name in FACTS:
        setattr(row, name, values[name])
    row.name = " ".join(row.name.split())
    if row.until.year != row.year:
        raise ActionRefused(_("The last day that counts lies outside the year of the quota. Correct one of them."))
    if row.days > (row.until - row.value.start).days + 1:
        raise ActionRefused(_("There are not that many days until the last one that counts. Correct one of them."))
    named = row.scope == QuotaScope.PEOPLE
    if named and not people:
        raise ActionRefused(_("Tick the persons the quota holds for."))
    try:
        row.full_clean(exclude=["unit", "created_by", "created_at"])
        row.save()
    except ValidationError as error:
        raise ActionRefused(" ".join(error.messages)) from error
    except IntegrityError as error:  # another window was first
        raise ActionRefused(_("The unit has a quota of this name in this year. Choose another name.")) from error
    row.people.set(people if named else ())


def _worded(row: FieldTripQuota) -> dict[str, Any]:
    facts = {name: str(getattr(row, name)) for name in FACTS}
    return facts | {"people": ", ".join(map(str, row.people.all())) if row.pk else ""}
