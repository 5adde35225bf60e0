"""Fill an empty database with an invented province."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from doantracker.demo.bulk import Size, grow
from doantracker.demo.people import DEMO_PASSWORD
from doantracker.demo.province import make_province
from doantracker.founding import refuse_second_founding
from doantracker.lib import clock
from plans.errors import ActionRefused
from plans.models import Deadline, Notice, Plan
from units.models import Unit, User

GENERATED_LENGTH = 20


class Command(BaseCommand):
    """`seed_demo`: units, people, plans and their follow-up, as they would stand today; dates lie around today."""

    help = "Make the demo province: units, people, plans in every state. Needs an empty database."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the size, the seed and the day."""
        parser.add_argument(
            "--size",
            choices=[s.value for s in Size],
            default=Size.PROVINCE.value,
            help="nation: 34 provinces, 200,000 units and a million deadlines, in several minutes",
        )
        parser.add_argument("--seed", type=int, default=1, help="another number: other people, other fates")
        parser.add_argument("--if-empty", action="store_true", help="do nothing when a unit exists already")
        parser.add_argument("--today", metavar="YYYY-MM-DD", type=_day, help="the day to end at (default: today)")
        parser.add_argument("--deadlines", type=int, metavar="N", help="so many deadlines in all, for benchmarks")
        parser.add_argument("--units", type=int, metavar="N", help="so many units in all, for benchmarks")
        parser.add_argument("--force", action="store_true", help="even in production; the password is made up then")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Refuse what would do harm, make everything, print what was made."""
        if settings.PRODUCTION and not options["force"]:
            raise CommandError(
                _("This is a production installation: the demo province does not belong here. Use found_province.")
            )
        if options["if_empty"] and Unit.objects.exists():
            self.stdout.write(_("The database holds units already: nothing was done."))
            return
        password = get_random_string(GENERATED_LENGTH) if settings.PRODUCTION else DEMO_PASSWORD
        today = options["today"] or clock.today()
        try:
            refuse_second_founding()
            demo = make_province(today=today, seed=options["seed"], password=password)
            size = Size(options["size"])
            grow(demo, size=size, units=options["units"], deadlines=options["deadlines"], today=today)
        except ActionRefused as refusal:
            raise CommandError(str(refusal.message)) from refusal
        self._say_what_was_made()
        if settings.PRODUCTION:
            self.stdout.write(_("Password of every demo login, shown only now: %s") % password)

    def _say_what_was_made(self) -> None:
        self.stdout.write(
            _(
                "“%(province)s”: %(units)d units, %(people)d people, %(plans)d plans, %(deadlines)d deadlines,"
                " %(notices)d notices. Log-ins: manage.py demo_logins"
            )
            % {
                "province": Unit.objects.order_by("path")[0].name,
                "units": Unit.objects.count(),
                "people": User.objects.count(),
                "plans": Plan.objects.count(),
                "deadlines": Deadline.objects.count(),
                "notices": Notice.objects.count(),
            }
        )


def _day(text: str) -> dt.date:
    """Return the day written YYYY-MM-DD; argparse names the option when it is none."""
    return dt.date.fromisoformat(text)
