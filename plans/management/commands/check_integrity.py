"""Proves that nothing was lost, altered or doubled."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from plans.integrity import CHECKS


class Command(BaseCommand):
    """`check_integrity`: prints each fault; exit code 1 when there is one."""

    help = (
        "Check files against their hashes, occurrences and notices for doubles, the tree of units and the audit log."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Run every check and print what is wrong."""
        count = 0
        for check in CHECKS:
            for fault in check():
                count += 1
                self.stdout.write(fault)
        if count:
            raise CommandError(_("Faults found: %s.") % count)
        self.stdout.write(_("Everything is whole."))
