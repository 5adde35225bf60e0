"""The acts of `units.actions` for thousands of records at once: same rights, same log, few statements.

What a form would refuse has been refused by the caller, record by record; the database refuses it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django.db import models, transaction
from django.db.models import F, Max
from django.db.models.functions import Substr

from doantracker.lib import clock
from doantracker.lib.rewriting import BATCH, rewrite
from units import audit
from units.access import STEP, require
from units.actions import logged_facts, masked, refuse_too_deep
from units.administration import (
    administrator_seats,
    configurable,
    refuse_no_administrator,
    refuse_reach,
    unit_id_of,
    unit_of,
)
from units.models import Appointment, Post, Unit, User
from units.models.audit import AuditAction
from units.permissions import Permission

#: What follows from other fields and is written with them.
DERIVED: Final[dict[type[models.Model], tuple[str, ...]]] = {Unit: ("search",), User: ("search", "sort_key")}
#: What is needed of a record to ask for the right to it and to name it in the log.
RELATED: Final[dict[type[models.Model], tuple[str, ...]]] = {
    User: (),
    Post: ("unit",),
    Appointment: ("user", "post__unit"),
}


def found_units(*, units: Sequence[Unit], above: Mapping[str, str], by: User) -> None:
    """Add units, each below the one whose code `above` names by its own, as the last of its children.

    A unit may stand below another of the same call that comes before it.
    """
    with transaction.atomic():
        new = {unit.code for unit in units}
        codes = {above[unit.code] for unit in units} - new
        parents = {unit.code: unit for unit in Unit.objects.select_for_update(no_key=True).filter(code__in=codes)}
        require(parents.keys() == codes and all(by.may(Permission.CONFIGURE, unit) for unit in parents.values()))
        stored = list(parents.values())
        last = _last_children(stored)
        for unit in units:
            parent = parents[above[unit.code]]
            _put_below(unit, parent, last.get(parent.code))
            last[parent.code] = unit.path
            parents[unit.code] = unit
        Unit.objects.bulk_create(units, batch_size=BATCH)
        rewrite(stored, ["numchild"])
        audit.record_many(
            _entry(AuditAction.CREATED, unit, by, audit.changes({}, logged_facts(unit))) for unit in units
        )


def change_units(*, facts: Mapping[int, Mapping[str, Any]], by: User) -> None:
    """Change names, kind or dates of units, by their key; their places in the tree stay."""
    with transaction.atomic():
        units = list(Unit.objects.select_for_update(no_key=True).filter(pk__in=facts))
        require(len(units) == len(facts) and all(by.may(Permission.CONFIGURE, unit) for unit in units))
        entries = []
        for unit in units:
            before = logged_facts(unit)
            for name, value in facts[unit.pk].items():
                setattr(unit, name, value)
            unit.keep_in_step()
            if data := audit.changes(before, logged_facts(unit)):
                entries.append(_entry(AuditAction.CHANGED, unit, by, data))
        rewrite(units, {*DERIVED[Unit], *(name for given in facts.values() for name in given)})
        audit.record_many(entries)


def save_records(
    *, model: type[models.Model], new: Sequence[models.Model], changed: Mapping[int, Mapping[str, Any]], by: User
) -> None:
    """Create and change (facts by key) people, posts or appointments. An administrator always stays."""
    today = clock.today()
    with transaction.atomic():
        seats = administrator_seats(today, lock=True)
        rows = model._default_manager.select_for_update(of=("self",)).select_related(*RELATED[model])  # noqa: SLF001
        kept = list(rows.filter(pk__in=changed)) if changed else []
        require(len(kept) == len(changed))
        _require_reach(by, [*kept, *new])
        before = {record.pk: logged_facts(record) for record in kept}
        for record in kept:
            for name, value in changed[record.pk].items():
                setattr(record, name, value)
        _require_reach(by, kept)
        for record in (*kept, *new):
            if isinstance(record, User):
                record.keep_in_step()
        model._default_manager.bulk_create(new, batch_size=BATCH)  # noqa: SLF001  # Django documents it
        names = {name for facts in changed.values() for name in facts}
        rewrite(kept, names | set(DERIVED.get(model, ())) if names else ())
        refuse_no_administrator(seats, administrator_seats(today))
        audit.record_many(_saved([*kept, *new], before, by))


def _last_children(parents: Iterable[Unit]) -> dict[str, str]:
    """Return the path of the last child of each unit that has one, by the code of the unit; one query."""
    codes = {str(unit.path): unit.code for unit in parents if unit.numchild}
    upper = Substr("path", 1, F("depth") * STEP - STEP)
    rows = Unit.objects.order_by().annotate(above=upper).filter(above__in=codes).values("above")
    return {codes[above]: path for above, path in rows.annotate(last=Max("path")).values_list("above", "last")}


def _put_below(unit: Unit, parent: Unit, last: str | None) -> None:
    """Give a new unit its place behind the last child of another one, and what follows from its facts."""
    refuse_too_deep(unit, parent)
    first = Unit._get_path(parent.path, parent.depth + 1, 1)  # noqa: SLF001  # treebeard counts the paths
    unit.path = Unit(path=last)._inc_path() if last else first  # noqa: SLF001
    unit.depth = parent.depth + 1
    parent.numchild += 1
    unit.keep_in_step()


def _require_reach(by: User, records: Sequence[models.Model]) -> None:
    """Answer 404 for a record that `by` may not set up; refuse a role that reaches too far."""
    people = {record.pk for record in records if isinstance(record, User) and record.pk}
    if people:
        own = configurable(User.objects.filter(pk__in=people), by, clock.today())
        require(people == set(own.order_by().values_list("pk", flat=True)))
    for record in records:
        require(by.may(Permission.CONFIGURE, unit_of(record)))
        post = record.post if isinstance(record, Appointment) else record
        if isinstance(post, Post):
            refuse_reach(by, post.unit, post.role)


def _saved(records: Iterable[models.Model], before: Mapping[int, dict[str, Any]], by: User) -> Iterable[audit.Entry]:
    """Return what to log of records that were saved."""
    for record in records:
        stands = before.get(record.pk)
        if data := audit.changes(stands or {}, logged_facts(record)):
            act = AuditAction.CHANGED if stands else AuditAction.CREATED
            yield _entry(act, record, by, masked(data))


def _entry(act: AuditAction, record: models.Model, by: User, data: dict[str, Any]) -> audit.Entry:
    return audit.Entry(act, by, obj=record, unit_id=unit_id_of(record), data=data)
