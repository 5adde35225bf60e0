"""Set up a real office: its province, its defaults and its first administrator."""

from __future__ import annotations

import getpass
import sys
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from doantracker.founding import found_province, refuse_second_founding
from doantracker.lib import clock
from plans.errors import ActionRefused
from units.models import User

GENERATED_LENGTH = 20
ATTEMPTS = 3


class Command(BaseCommand):
    """Nobody has rights without a post: a new database gets its first administrator here, the others follow."""

    help = "Set up an empty database: kinds of unit, reminders, holidays, the province and its first administrator."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the facts of the province and of the person."""
        parser.add_argument("--name", required=True, help='the province, such as "Tỉnh đoàn …"')
        parser.add_argument("--code", required=True, help="its short code in capitals, such as TD")
        parser.add_argument("--place", default="", help="the place named beside the date of its documents")
        parser.add_argument("--username", required=True, help="user name of the first administrator")
        parser.add_argument("--full-name", required=True, help="full name of the first administrator")
        parser.add_argument("--email", default="", help="e-mail of the first administrator")
        parser.add_argument(
            "--generate-password", action="store_true", help="make a password and print it once; else it is asked for"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Ask for the password, set everything up, say what to do next."""
        person = User(username=options["username"], full_name=options["full_name"], email=options["email"])
        try:
            refuse_second_founding()
            password = _generated() if options["generate_password"] else self._asked(person)
            founded = found_province(
                name=options["name"],
                code=options["code"],
                place=options["place"],
                username=options["username"],
                full_name=options["full_name"],
                email=options["email"],
                password=password,
                today=clock.today(),
            )
        except ActionRefused as refusal:
            raise CommandError(str(refusal.message)) from refusal
        except ValidationError as error:
            raise CommandError("\n".join(_lines(error))) from error
        self.stdout.write(
            _("“%(unit)s” is set up. Log in as “%(username)s”; the admin site is under /admin/.")
            % {"unit": founded.province.name, "username": founded.administrator.username}
        )
        if options["generate_password"]:
            self.stdout.write(_("Password, shown only now: %s") % password)

    def _asked(self, person: User) -> str:
        """Ask twice for a password that the rules accept."""
        if not sys.stdin.isatty():
            raise CommandError(_("No terminal to ask for a password. Add --generate-password."))
        for _attempt in range(ATTEMPTS):
            password = getpass.getpass(_("Password: "))
            try:
                validate_password(password, person)
            except ValidationError as error:
                self.stderr.write("\n".join(error.messages))
                continue
            if getpass.getpass(_("The same again: ")) == password:
                return password
            self.stderr.write(_("The two differ."))
        raise CommandError(_("Nothing was set up: no password was accepted."))


def _generated() -> str:
    return get_random_string(GENERATED_LENGTH)


def _lines(error: ValidationError) -> list[str]:
    """Return each message with the name of its field."""
    if not hasattr(error, "message_dict"):
        return error.messages
    return [f"{field}: {text}" for field, texts in error.message_dict.items() for text in texts]
