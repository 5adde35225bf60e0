"""Keeping filters of lists under a name. Only their owner changes them; whom they are shared with opens them."""

from __future__ import annotations

from typing import Final

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from plans.errors import ActionRefused
from plans.models import SavedView
from plans.querysets import SavedViewQuerySet
from units import audit
from units.access import require
from units.models import Unit, User
from units.models.audit import AuditAction
from units.permissions import Permission

MOST: Final = 50  # views of one person, over all lists


def save_view(
    *,
    by: User,
    listing: str,
    name: str,
    query: str,
    shared_with: Unit | None = None,
    is_start: bool = False,
    replace: bool = False,
) -> SavedView:
    """Keep a query under a name; `replace` puts it in place of the person's own view of that name."""
    _require_seen(by, shared_with)
    with transaction.atomic():
        mine = _mine(by)
        same: SavedView | None = mine.filter(listing=listing, name=name).first()
        if same and not replace:
            raise ActionRefused(_("You have a view of that name already. Choose another name, or tick “replace”."))
        if not same and mine.count() >= MOST:
            raise ActionRefused(_("You keep %s views, the most there may be. Delete one first.") % MOST)
        view: SavedView = same if same is not None else SavedView(owner=by, listing=listing, name=name)
        view.query = query
        _write(view, shared_with=shared_with, is_start=is_start)
        audit.record(AuditAction.CHANGED if same else AuditAction.CREATED, by=by, obj=view, data=_facts(view))
    return view


def change_view(
    *, view: SavedView, by: User, name: str, shared_with: Unit | None = None, is_start: bool = False
) -> SavedView:
    """Give a view another name, share it with another unit or nobody, make it the start view or not."""
    require(view.owner_id == by.pk)
    if shared_with is None or shared_with.pk != view.shared_with_id:
        _require_seen(by, shared_with)
    with transaction.atomic():
        mine = _mine(by)
        row: SavedView = get_object_or_404(mine, pk=view.pk)
        if mine.filter(listing=row.listing, name=name).exclude(pk=row.pk).exists():
            raise ActionRefused(_("You have a view of that name already. Choose another name."))
        row.name = name
        _write(row, shared_with=shared_with, is_start=is_start)
        audit.record(AuditAction.CHANGED, by=by, obj=row, data=_facts(row))
    return row


def delete_view(*, view: SavedView, by: User) -> None:
    """Forget a view, also for those it was shared with."""
    require(view.owner_id == by.pk)
    with transaction.atomic():
        row = _mine(by).filter(pk=view.pk).first()
        require(row is not None)
        assert row is not None  # noqa: S101  # for the type checker
        facts, label, pk = _facts(row), row.name, row.pk
        row.delete()
        row.pk = pk
        audit.record(AuditAction.DROPPED, by=by, obj=row, label=label, data=facts)


def _mine(by: User) -> SavedViewQuerySet:
    """Return the person's views; the lock on the person keeps limit, names and start view true for two at once."""
    User.objects.select_for_update(no_key=True).get(pk=by.pk)  # the log may refer to the person meanwhile
    mine: SavedViewQuerySet = SavedView.objects.owned_by(by)
    return mine


def _write(view: SavedView, *, shared_with: Unit | None, is_start: bool) -> None:
    if is_start:
        others = SavedView.objects.owned_by(view.owner).filter(listing=view.listing, is_start=True)
        others.exclude(pk=view.pk).update(is_start=False)
    view.shared_with, view.is_start = shared_with, is_start
    view.save()


def _require_seen(by: User, unit: Unit | None) -> None:
    require(unit is None or by.may(Permission.VIEW, unit))


def _facts(view: SavedView) -> dict[str, object]:
    facts = {"listing": view.listing, "query": view.query, "is_start": view.is_start}
    return facts | {"shared_with": view.shared_with_id}
