"""Print one person of each role to log in as."""

from __future__ import annotations

import unicodedata
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from doantracker.demo.people import DEMO_PASSWORD, LOGINS
from units.models import Unit, User


class Command(BaseCommand):
    """One line a login: role, user name, password, unit. Nothing where the demo province isn't."""

    help = "Print the log-ins of the demo province."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Print a table, or say that there is no demo."""
        rows = [] if settings.PRODUCTION else _rows()
        if not rows:
            self.stdout.write(_("There is no demo province here, so no demo log-ins."))
            return
        table = [(_("Role"), _("User name"), _("Password"), _("Unit")), *rows]
        widths = [max(_width(row[i]) for row in table) for i in range(3)]
        for row in table:
            cells = [cell + " " * (width - _width(cell)) for cell, width in zip(row[:3], widths, strict=True)]
            self.stdout.write("  ".join([*cells, row[3]]))


def _rows() -> list[tuple[str, str, str, str]]:
    """Return role, user name, password and unit of every demo login that is still there."""
    users = {u.username: u for u in User.objects.filter(username__in=[login.username for login in LOGINS])}
    units = {u.code: u for u in Unit.objects.filter(code__in=[login.home for login in LOGINS])}
    return [
        (str(login.role.label), login.username, _password(users[login.username]), units[login.home].name)
        for login in LOGINS
        if login.username in users and login.home in units
    ]


def _password(user: User) -> str:
    return DEMO_PASSWORD if user.check_password(DEMO_PASSWORD) else _("(changed)")


def _width(text: str) -> int:
    """Return how many columns a terminal needs: combining marks take none."""
    return sum(not unicodedata.combining(c) for c in text)
