"""Standing in for an absent post-holder: named from day to day, ended before its time, never passed on."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from doantracker.lib import clock
from doantracker.lib.text import nfc
from units import audit
from units.access import require
from units.administration import may_configure, refuse_reach
from units.models import Appointment, Substitution, User
from units.models.audit import AuditAction
from units.permissions import Permission
from units.roles import ROLES, Role

LONGEST: Final = 366  # days: who is away for longer needs another appointment


def name_substitute(
    *,
    appointment: Appointment,
    substitute: User,
    start: dt.date,
    end: dt.date,
    reason: str,
    by: User,
    today: dt.date | None = None,
) -> Substitution:
    """Let `substitute` use the rights of an appointment from `start` to `end`.

    Named by the post-holder, for an own post only, or by the administrator of the post's unit. The rights of an
    administrator are not passed on.
    """
    today = today or clock.today()
    with transaction.atomic():
        # one at a time per appointment: two substitutes for the same days would each think the other does it
        held = Appointment.objects.select_for_update(of=("self",)).select_related("post__unit", "user")
        locked: Appointment = held.get(pk=appointment.pk)
        new = Substitution(appointment=locked, substitute=substitute, start=start, end=end, reason=_plain(reason))
        require(locked.user_id == by.pk or may_configure(by, new, today))
        if locked.user_id == by.pk:
            require(substitutes_for(by).filter(pk=substitute.pk).exists())
        else:
            refuse_reach(by, locked.post.unit, locked.post.role)
        refuse_substitution(new, today)
        new.entered_by, new.entered_at = by, clock.now()
        new.save()
        audit.record(AuditAction.CREATED, by=by, obj=new, unit_id=locked.post.unit_id, data=_facts(new))
    return new


def end_substitution(*, substitution: Substitution, by: User, today: dt.date | None = None) -> None:
    """End it now: the post-holder is back. One that has not begun never happens, another keeps its days until now."""
    today = today or clock.today()
    with transaction.atomic():
        rows = Substitution.objects.select_for_update(of=("self",)).select_related("appointment__post__unit")
        locked: Substitution = rows.get(pk=substitution.pk)
        require(locked.appointment.user_id == by.pk or may_configure(by, locked, today))
        if locked.end < today:
            raise ValidationError(_("This substitution has ended already."), code="ended")
        unit_id, before = locked.appointment.post.unit_id, _facts(locked)
        if locked.start >= today:
            key, label = locked.pk, str(locked)
            locked.delete()
            locked.pk = key  # the log names what was there
            audit.record(AuditAction.DROPPED, by=by, obj=locked, label=label, unit_id=unit_id, data=before)
            return
        locked.end = today - dt.timedelta(days=1)
        locked.save(update_fields=["end"])
        data = audit.changes(before, _facts(locked))
        audit.record(AuditAction.CHANGED, by=by, obj=locked, unit_id=unit_id, data=data)


def refuse_substitution(new: Substitution, today: dt.date) -> None:
    """Refuse what gives more than the post-holder has, or what nobody would understand later. Needs an appointment."""
    appointment = new.appointment
    if Permission.CONFIGURE in ROLES[Role(appointment.post.role)].own:
        raise ValidationError(_("Nobody stands in for an administrator. Appoint a second administrator instead."))
    if new.substitute_id == appointment.user_id:
        raise ValidationError({"substitute": _("Nobody stands in for themselves. Choose another person.")})
    if not (new.substitute.is_active and new.substitute.username):
        raise ValidationError({"substitute": _("This person can't log in. Choose another person.")})
    if new.end < new.start:
        raise ValidationError({"end": _("The last day lies before the first. Correct one of the two dates.")})
    if new.end < today or (new.pk is None and new.start < today):
        field = "start" if new.start < today <= new.end else "end"
        raise ValidationError({field: _("This day has passed. Choose today or a later day.")})
    if (new.end - new.start).days > LONGEST:
        raise ValidationError({"end": _("At most one year. For a longer absence somebody else must be appointed.")})
    if not new.reason.strip():
        raise ValidationError({"reason": _("Say why: the log keeps it.")})
    if not (appointment.in_force(new.start) or appointment.in_force(today)):
        raise ValidationError(_("The post is not held on these days: there is nothing to stand in for."))
    others = Substitution.objects.filter(appointment=appointment, start__lte=new.end, end__gte=new.start)
    if others.exclude(pk=new.pk).exists():
        raise ValidationError(_("Somebody stands in on these days already. End that substitution first."))


def own_appointments(user: User, today: dt.date) -> QuerySet[Appointment]:
    """Return the posts that `user` may pass on for a time: own ones of today, never an administrator's."""
    roles = [role for role, grants in ROLES.items() if Permission.CONFIGURE not in grants.own]
    held: QuerySet[Appointment] = Appointment.objects.in_force(today).filter(user=user, post__role__in=roles)
    return held.select_related("post__unit").order_by("post__rank", "pk")


def substitutes_for(user: User) -> QuerySet[User]:
    """Return whom `user` may name: people of the units that `user` sees who can log in."""
    people: QuerySet[User] = User.objects.visible_to(user).filter(is_active=True, username__isnull=False)
    return people.exclude(pk=user.pk).order_by("sort_key", "pk")


def _plain(text: str) -> str:
    return nfc(" ".join(text.split()))


def _facts(row: Substitution) -> dict[str, object]:
    return {
        "appointment": row.appointment_id,
        "substitute": row.substitute_id,
        "start": row.start.isoformat(),
        "end": row.end.isoformat(),
        "reason": row.reason,
    }
