"""Founding an office: what a new installation needs before its first administrator logs in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from plans.defaults import install_holidays, install_ladder
from plans.errors import ActionRefused
from reviews.defaults import install_rating_rules
from units.actions import found_unit, save_record
from units.defaults import install_kinds
from units.models import Appointment, Post, Unit, UnitKind, User
from units.roles import Role

ADMINISTRATOR_POST = "Quản trị hệ thống"


@dataclass(frozen=True, slots=True)
class Founded:
    """The first unit and who sets up everything else."""

    province: Unit
    administrator: User


def install_defaults(*, today: dt.date) -> dict[str, UnitKind]:
    """Install kinds, ladder, rules of rating, holidays of this and the next year; return the kinds by code."""
    install_ladder()
    install_rating_rules()
    install_holidays((today.year, today.year + 1))
    return install_kinds()


def found_province(
    *,
    name: str,
    code: str,
    username: str,
    full_name: str,
    password: str | None,
    today: dt.date,
    email: str = "",
    place: str = "",
) -> Founded:
    """Make the province and the post, appointment and account of its first administrator, all or nothing.

    Refused when any unit exists: later units and people are entered in the admin site, by persons who may.
    """
    if not username.strip():
        raise ActionRefused(_("The first administrator needs a user name to log in with."))
    with transaction.atomic():
        refuse_second_founding()
        kinds = install_defaults(today=today)
        province = found_unit(parent=None, by=None, kind=kinds["province"], name=name, code=code, place=place)
        administrator = User(username=username, full_name=full_name, email=email)
        administrator.set_password(password)
        administrator.full_clean(exclude=["sort_key", "search"])
        save_record(record=administrator, by=None)
        post = Post(unit=province, title=ADMINISTRATOR_POST, rank=90, role=Role.ADMINISTRATOR)
        save_record(record=post, by=None)
        save_record(record=Appointment(user=administrator, post=post, start=today), by=None)
    return Founded(province, administrator)


def refuse_second_founding() -> None:
    """Stop when a unit exists already."""
    first = Unit.objects.order_by("path").first()
    if first is not None:
        raise ActionRefused(
            _("This database holds units already, the first is “%(unit)s”. Add others in the admin site.")
            % {"unit": first.name}
        )
