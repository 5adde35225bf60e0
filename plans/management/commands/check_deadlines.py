"""One sweep by hand: what beat runs."""

import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from doantracker.lib import clock
from plans.reminders import delivery, sweep

FARTHEST = dt.timedelta(days=366)


class Command(BaseCommand):
    """`check_deadlines [--today YYYY-MM-DD] [--deliver]`: prints what it did; twice changes nothing."""

    help = "Write out occurrences and raise notices, once."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the day to check as of."""
        parser.add_argument("--today", metavar="YYYY-MM-DD", help="the day to check as of (default: today)")
        parser.add_argument("--deliver", action="store_true", help="also send the waiting mails")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run and print the counts."""
        try:
            today = dt.date.fromisoformat(options["today"]) if options["today"] else None
        except ValueError as error:
            raise CommandError(_("--today is not a day. Write it as YYYY-MM-DD.")) from error
        if today and today > clock.today() + FARTHEST:
            raise CommandError(
                _("--today lies more than a year ahead: reminders would then be silent until that day.")
            )
        result = sweep.check_deadlines(today=today)
        if not result.ran:
            self.stdout.write(_("Another check is at work; nothing was done."))
            return
        self.stdout.write(
            _("Occurrences written: %(occurrences)s. Notices raised: %(notices)s.")
            % {"occurrences": result.occurrences, "notices": result.notices + result.escalations}
        )
        if options["deliver"]:
            self.stdout.write(_("Mails sent: %s.") % delivery.deliver_notices(today=today))
