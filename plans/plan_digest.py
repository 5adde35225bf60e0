"""One hash over all that a plan says: who agreed to a draft agreed to these very records."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.db import models

from plans.models import IndicatorCondition, IndicatorLevel, Plan, Schedule
from plans.record_values import CHANGEABLE, PARTS


def digest_of(plan: Plan) -> str:
    """Return a SHA-256 (hex) over what a person may change in a plan and its records; a fixed number of queries."""
    said = {model.__name__: _rows(model, plan) for model in CHANGEABLE}
    said["merged"] = list(plan.shortcomings.order_by("pk").values_list("pk", "merged_into_id"))
    said["events"] = list(plan.events.order_by("pk").values_list("pk", "name", "day", "cancelled"))
    for part in (IndicatorCondition, IndicatorLevel):
        rows = part._default_manager.filter(indicator__plan=plan).order_by("pk")  # noqa: SLF001  # Django's documented model API
        said[part.__name__] = list(rows.values_list())
    return hashlib.sha256(json.dumps(said, default=str).encode()).hexdigest()


def _rows(model: type[models.Model], plan: Plan) -> list[Any]:
    """Return the columns of one kind of record, then its links, each in a settled order."""
    path = {Plan: "pk", Schedule: "solution__plan"}.get(model, "plan")
    fields = [model._meta.get_field(name) for name in CHANGEABLE[model] if name not in PARTS]  # noqa: SLF001  # Django's documented model API
    columns = ["pk", *(f.attname for f in fields if not f.many_to_many)]  # type: ignore[union-attr]  # columns
    columns += ["ordinal"] if any(f.name == "ordinal" for f in model._meta.fields) else []  # noqa: SLF001  # as above
    rows = model._default_manager.filter(**{path: plan.pk}).order_by("pk")  # noqa: SLF001  # as above
    found: list[Any] = [list(row) for row in rows.values_list(*columns)]
    for name in (f.name for f in fields if f.many_to_many):
        links = rows.filter(**{f"{name}__isnull": False}).order_by("pk", name)
        found.append([name, [list(pair) for pair in links.values_list("pk", name)]])
    return found
