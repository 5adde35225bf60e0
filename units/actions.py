"""Writes to units, people and whatever else an administrator sets up. Each leaves one row in the log."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from doantracker.lib import clock
from doantracker.lib.text import nfc, search_key
from units import audit
from units.access import require
from units.administration import (
    administrator_seats,
    may_configure,
    refers_to,
    refuse_no_administrator,
    refuse_reach,
    unit_id_of,
)
from units.models import Appointment, FeedToken, Post, Substitution, Unit, User
from units.models.audit import AuditAction, AuditEvent
from units.models.feed import hash_of, new_key
from units.permissions import Permission
from units.signals import unit_moved
from units.substitutions import refuse_substitution

RESET_PAUSE: Final = dt.timedelta(minutes=5)  # a second request within it sends no second mail
NOT_LOGGED: Final = frozenset(
    {"id", "password", "last_login", "search", "sort_key", "path", "depth", "numchild", "created_at", "date_joined"}
)
MASKED: Final = frozenset({"email", "phone"})  # the log says that they changed, not to what


# --- units ---


def found_unit(*, parent: Unit | None, by: User | None, **facts: Any) -> Unit:
    """Add a unit below `parent`, as the last of its children; without a parent it is the top of a new tree."""
    require(by is None or by.may(Permission.CONFIGURE, parent))
    with transaction.atomic():
        unit: Unit = Unit(**facts)
        unit.full_clean(exclude=["path", "depth", "numchild", "search"])
        if parent:
            refuse_too_deep(unit, parent)
            Unit.objects.add_child(parent, instance=unit)
        else:
            Unit.objects.add_root(instance=unit)
        data = audit.changes({}, logged_facts(unit))
        audit.record(AuditAction.CREATED, by=by, obj=unit, unit_id=unit.pk, data=data)
    return unit


def change_unit(*, unit: Unit, by: User | None, **facts: Any) -> Unit:
    """Change names, kind, code or dates of a unit; its place in the tree changes through `move_unit`."""
    require(by is None or by.may(Permission.CONFIGURE, unit))
    with transaction.atomic():
        locked: Unit = Unit.objects.select_for_update().get(pk=unit.pk)
        before = logged_facts(locked)
        for name, value in facts.items():
            setattr(locked, name, value)
        locked.full_clean(exclude=["path", "depth", "numchild", "search"])
        locked.save()
        if data := audit.changes(before, logged_facts(locked)):
            audit.record(AuditAction.CHANGED, by=by, obj=locked, unit_id=locked.pk, data=data)
    return locked


def remember_alias(*, unit: Unit, alias: str, by: User) -> None:
    """Keep `alias` as one more name of `unit`, as whoever runs plans over it may do; nothing for a known name."""
    require(by.may(Permission.MANAGE_PLANS, unit))
    alias = " ".join(nfc(alias).split())
    with transaction.atomic():
        locked: Unit = Unit.objects.select_for_update().get(pk=unit.pk)
        if not alias or search_key(alias) in {search_key(name) for name in locked.names()}:
            return
        before = locked.aliases
        locked.aliases = "\n".join([*before.splitlines(), alias])
        locked.save(update_fields=["aliases", "search"])
        data = {"aliases": [before, locked.aliases]}
        audit.record(AuditAction.CHANGED, by=by, obj=locked, unit_id=locked.pk, data=data)


def hold_tree() -> None:
    """Let one move or import of units at a time change the tree; the log refers to its top meanwhile."""
    list(Unit.objects.select_for_update(no_key=True).filter(depth=1).order_by("pk"))


def refuse_too_deep(unit: Unit, parent: Unit) -> None:
    """Refuse to put a unit, with everything below it, where the tree can't hold it."""
    lowest = Unit.objects.below(unit).aggregate(depth=Max("depth"))["depth"] if unit.pk else unit.depth
    if parent.depth + 1 + (lowest or 0) - (unit.depth or 0) > Unit.most_levels():
        raise ValidationError(too_deep(), code="too_deep")


def too_deep() -> str:
    """Return why a unit can't stand where it would, and what to do."""
    words = _("The unit, or one below it, would stand too deep: the tree has %(most)d levels at most.")
    return " ".join([words % {"most": Unit.most_levels()}, _("Choose a unit further up.")])


def move_unit(*, unit: Unit, parent: Unit, by: User | None) -> Unit:
    """Put a unit, with everything below it, under another one. Copies of the path follow in the same transaction."""
    require(by is None or (by.may(Permission.CONFIGURE, unit) and by.may(Permission.CONFIGURE, parent)))
    with transaction.atomic():
        hold_tree()
        unit, parent = Unit.objects.get(pk=unit.pk), Unit.objects.get(pk=parent.pk)
        if unit.covers(parent):
            raise ValidationError(
                _("“%(parent)s” lies below “%(unit)s”: choose a unit outside of it.")
                % {"parent": parent, "unit": unit},
                code="cycle",
            )
        above, old_path = Unit.objects.get_parent(unit), str(unit.path)
        if above == parent:
            return unit
        refuse_too_deep(unit, parent)
        Unit.objects.move(unit, parent, "last-child")
        unit.refresh_from_db()
        unit_moved.send(sender=Unit, unit=unit, old_path=old_path, new_path=str(unit.path))
        data = {"parent": [str(above or ""), str(parent)], "path": [old_path, str(unit.path)]}
        audit.record(AuditAction.MOVED, by=by, obj=unit, unit_id=unit.pk, data=data)
    return unit


# --- every other record of the configuration ---


def save_record(*, record: models.Model, by: User | None) -> None:
    """Create or change one record an administrator sets up. An administrator always stays."""
    today = clock.today()
    require(by is None or may_configure(by, record, today))
    with transaction.atomic():
        seats = administrator_seats(today, lock=True)
        stored = _stored(record)
        require(by is None or stored is None or may_configure(by, stored, today))
        appointment = record.appointment if isinstance(record, Substitution) else record
        post = appointment.post if isinstance(appointment, Appointment) else record
        if isinstance(record, Substitution):
            refuse_substitution(record, today)
        if by and isinstance(post, Post):
            refuse_reach(by, post.unit, post.role)
        before = logged_facts(stored) if stored else {}
        record.save()
        refuse_no_administrator(seats, administrator_seats(today))
        if data := audit.changes(before, logged_facts(record)):
            act = AuditAction.CHANGED if stored else AuditAction.CREATED
            audit.record(act, by=by, obj=record, unit_id=unit_id_of(record), data=masked(data))


def drop_record(*, record: models.Model, by: User | None) -> None:
    """Delete one record of the configuration while nothing refers to it."""
    today = clock.today()
    require(by is None or may_configure(by, record, today))
    with transaction.atomic():
        seats = administrator_seats(today, lock=True)
        if found := refers_to(record) or _children_of(record):
            raise ValidationError(
                _("“%(record)s” is still used by: %(found)s. End it with a last day instead of deleting it.")
                % {"record": record, "found": ", ".join(found)},
                code="in_use",
            )
        key, label, unit_id, data = (
            record.pk,
            str(record),
            unit_id_of(record),
            masked(audit.changes(logged_facts(record), {})),
        )
        if stored := _stored(record):
            stored.delete()
        refuse_no_administrator(seats, administrator_seats(today))
        record.pk = key  # the log names what was there
        audit.record(AuditAction.DROPPED, by=by, obj=record, label=label, unit_id=unit_id, data=data)


# --- people ---


def set_password(*, person: User, password: str, by: User | None) -> None:
    """Give a person a new password; every session of that person on other machines ends."""
    require(by is None or by == person or may_configure(by, person, clock.today()))
    with transaction.atomic():
        person.set_password(password)
        person.save(update_fields=["password"])
        audit.record(AuditAction.PASSWORD_CHANGED, by=by, obj=person, unit_id=home_unit(person))


def ask_password_reset(*, email: str) -> list[int]:
    """Note that a new password was asked for; return the people who now get a mail.

    Nobody for an unknown address, an inactive account or one without a password, and nobody twice in five minutes.
    """
    due = []
    with transaction.atomic():
        asked = clock.now() - RESET_PAUSE
        for person in User.objects.select_for_update(no_key=True).filter(email__iexact=email, is_active=True):
            recent = AuditEvent.objects.filter(
                action=AuditAction.PASSWORD_RESET_ASKED, object_type="user", object_id=person.pk, at__gt=asked
            )
            if person.has_usable_password() and person.username and not recent.exists():
                due.append(person)
        audit.record_many(
            audit.Entry(AuditAction.PASSWORD_RESET_ASKED, by=None, obj=p, unit_id=home_unit(p)) for p in due
        )
    return [p.pk for p in due]


def give_feed_key(*, by: User) -> str:
    """Give the person a new key for the own calendar address and return it, this once; an older key ends at once."""
    key = new_key()
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=by.pk)  # one renewal at a time
        facts = {"key_hash": hash_of(key), "created_at": clock.now()}
        token, created = FeedToken.objects.update_or_create(user=by, defaults=facts)
        act = AuditAction.CREATED if created else AuditAction.CHANGED
        audit.record(act, by=by, obj=token, unit_id=home_unit(by))
    return key


def revoke_feed_key(*, by: User) -> bool:
    """Take the person's calendar address away; return whether there was one."""
    with transaction.atomic():
        token = FeedToken.objects.select_for_update().filter(user=by).first()
        if token is None:
            return False
        key, label = token.pk, str(token)
        token.delete()
        token.pk = key  # the log names what was there
        audit.record(AuditAction.DROPPED, by=by, obj=token, label=label, unit_id=home_unit(by))
    return True


def home_unit(person: User) -> int | None:
    """Return the id of the unit of a person's first post in force; None without one."""
    return person.posts[0].unit_id if person.posts else None


def _children_of(record: models.Model) -> list[str]:
    return [_("units below it")] if isinstance(record, Unit) and record.numchild else []


def _stored(record: models.Model) -> models.Model | None:
    return type(record)._default_manager.filter(pk=record.pk).first() if record.pk else None  # noqa: SLF001  # Django documents it


def logged_facts(record: models.Model) -> dict[str, Any]:
    """Return the values of a record that the log tells."""
    columns = record._meta.concrete_fields  # noqa: SLF001  # Django documents it
    return {f.name: f.value_from_object(record) for f in columns if f.name not in NOT_LOGGED}


def masked(data: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Return changes without what the log does not tell of a person."""
    return {name: ["•", "•"] if name in MASKED else pair for name, pair in data.items()}
