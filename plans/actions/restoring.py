"""A dropped record comes back: with its commitments, its links and its place in the row.

What vanished meanwhile (a unit, a group) is left out of what comes back.
"""

from __future__ import annotations

from typing import Any, cast

from django.apps import apps
from django.db import models
from django.utils.translation import gettext as _

from plans.actions.ordinals import open_up, siblings
from plans.actions.records import RecordGone, open_draft
from plans.errors import ActionRefused
from plans.models import DroppedRecord
from plans.record_pictures import Picture
from plans.record_values import Numbered, Record, facts, told
from units import audit
from units.models import User
from units.models.audit import AuditAction


def restore_record(*, dropped: DroppedRecord, by: User) -> Record:
    """Bring a dropped record back where it stood, or at the end of a row that has become shorter."""
    with open_draft(dropped.plan, by) as plan:
        kept = DroppedRecord.objects.filter(pk=dropped.pk, plan=plan).first()
        if kept is None:
            raise RecordGone
        record = cast("Record", _made(kept.picture))
        kept.delete()
        audit.record(
            AuditAction.CREATED,
            by=by,
            obj=record,
            plan_id=plan.pk,
            unit_id=plan.issuing_unit_id,
            data=told(record, {k: [None, v] for k, v in facts(record).items() if v}),
        )
    return record


def _made(picture: Picture) -> models.Model:
    """Insert the row of `picture` and what hangs on it."""
    model = apps.get_model(picture["model"])
    record: models.Model = model(**_columns(model, picture["columns"]))
    if isinstance(record, Numbered):
        last = siblings(record).aggregate(last=models.Max("ordinal"))["last"] or 0
        record.ordinal = min(record.ordinal, last + 1)
        open_up(record, record.ordinal)
    record.save(force_insert=True)
    for name, keys in picture["links"].items():
        manager = getattr(record, name)
        manager.set(_there(manager.model, keys))
    for notice in picture.get("told", []):
        _tell(notice)
    for child in picture["children"]:
        _made(child)
    for label, column, keys in picture["lost"]:
        rows = apps.get_model(label)._default_manager.filter(pk__in=keys)  # noqa: SLF001  # Django's documented generic manager
        rows.filter(**{f"{column}__isnull": True}).update(**{column: record.pk})
    return record


def _tell(told: Picture) -> None:
    """Give the links that came back what they told."""
    through = apps.get_model(told["model"])
    ends = [column for unique in through._meta.unique_together for column in unique]  # noqa: SLF001  # as below
    for stored in told["rows"]:
        pair = {f"{name}_id": stored[f"{name}_id"] for name in ends}
        if row := through._default_manager.filter(**pair).first():  # noqa: SLF001  # as below
            for name, value in _columns(through, stored).items():
                setattr(row, name, value)
            row.save()


def _columns(model: type[models.Model], stored: dict[str, Any]) -> dict[str, Any]:
    """Return the columns as Python values, a link to what has vanished left out."""
    values: dict[str, Any] = {}
    for field in model._meta.concrete_fields:  # noqa: SLF001  # Django's documented model API
        if field.attname not in stored:
            continue  # a column that came with an update of the program
        value = field.to_python(stored[field.attname])
        if field.remote_field and value is not None and not _there(field.related_model, [value]):
            if not field.null:
                raise ActionRefused(_("What this record belonged to is not there any more. Bring that back first."))
            value = None
        values[field.attname] = value
    return values


def _there(model: Any, keys: list[int]) -> list[int]:  # a model class
    return list(model._default_manager.filter(pk__in=keys).values_list("pk", flat=True))  # noqa: SLF001  # as above
