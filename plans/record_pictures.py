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
        "children": children,
        "lost": lost,
    }
    return cast("Picture", json.loads(json.dumps(found, cls=DjangoJSONEncoder)))


def _name(relation: Any) -> str:  # the other side of a relation
    return str(relation.get_accessor_name())


def _keys(rows: Any) -> list[int]:  # a manager or a queryset
    return list(rows.order_by("pk").values_list("pk", flat=True))
