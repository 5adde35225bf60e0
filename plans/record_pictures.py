"""A row as JSON from which it can be made anew: its columns, its links both ways, what hangs on it."""

from __future__ import annotations

import json
from typing import Any, cast

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

Picture = dict[str, Any]  # JSON


def picture_of(record: models.Model) -> Picture:
    """Return the picture of `record`, to be taken before it is deleted.

    `children` are the rows that go with it; `lost` the rows that stay without their link to it: model, column, keys.
    """
    meta = record._meta  # noqa: SLF001  # Django's documented model API
    related = [r for r in meta.related_objects if not r.hidden]
    links = {f.name: _keys(getattr(record, f.name)) for f in meta.many_to_many}
    links |= {name: _keys(getattr(record, name)) for name in (_name(r) for r in related if r.many_to_many)}
    children: list[Picture] = []
    lost: list[tuple[str, str, list[int]]] = []
    for relation in (r for r in related if r.one_to_many):
        rows = getattr(record, _name(relation)).order_by("pk")
        if relation.on_delete is models.CASCADE:
            children.extend(map(picture_of, rows))
        elif relation.on_delete is models.SET_NULL:
            lost.append((rows.model._meta.label_lower, relation.field.attname, _keys(rows)))  # noqa: SLF001  # as above
    found = {
        "model": meta.label_lower,
        "columns": {f.attname: f.value_from_object(record) for f in meta.concrete_fields},
        "links": links,
        "told": _told_of(record, [*meta.many_to_many, *(r.field for r in related if r.many_to_many)]),
        "children": children,
        "lost": lost,
    }
    return cast("Picture", json.loads(json.dumps(found, cls=DjangoJSONEncoder)))


def _told_of(record: models.Model, fields: list[Any]) -> list[Picture]:  # the many-to-many fields, from both sides
    """Return what links with columns of their own tell: the table, the column of this record, the rows."""
    told: list[Picture] = []
    for field in fields:
        through = field.remote_field.through
        own = field.m2m_column_name() if isinstance(record, field.model) else field.m2m_reverse_name()
        if not through._meta.auto_created:  # noqa: SLF001  # as above
            columns = [f for f in through._meta.concrete_fields if not f.primary_key]  # noqa: SLF001  # as above
            found = through._default_manager.filter(**{own: record.pk})  # noqa: SLF001  # as above
            rows = [{f.attname: f.value_from_object(row) for f in columns} for row in found]
            told.append({"model": through._meta.label_lower, "rows": rows})  # noqa: SLF001  # as above
    return told


def _name(relation: Any) -> str:  # the other side of a relation
    return str(relation.get_accessor_name())


def _keys(rows: Any) -> list[int]:  # a manager or a queryset
    return list(rows.order_by("pk").values_list("pk", flat=True))
