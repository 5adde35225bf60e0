"""manage.py import_plan FILE --unit CODE [--publish] [--by USERNAME]: saves what a file is read as."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.http import Http404
from django.utils.translation import gettext as _

from plans.actions.imports import AlreadyDraft, import_plan
from plans.actions.plans import publish_plan
from plans.errors import ActionRefused
from plans.forms.imports import read_message
from plans.gaps import blocking, gaps_of
from plans.management.commands.read_plan import content_of
from plans.models import Plan
from plans.reading.readers import ReadError
from units.models import Unit, User


class Command(BaseCommand):
    """Imports the plan in a file as a draft of a unit, and publishes it when nothing stands in the way."""

    help = "Imports the plan in a .docx, .txt or .md file as a draft; --publish publishes it when no gap blocks."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file, the unit that issues the plan, and what to do with it."""
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--unit", required=True, metavar="CODE", help="code of the issuing unit, such as TD")
        parser.add_argument("--publish", action="store_true", help="publish the plan when no gap blocks")
        parser.add_argument("--by", metavar="USERNAME", help="the person who imports; needs the right to do so")

    def handle(self, *, file: Path, unit: str, publish: bool, by: str | None, **_options: Any) -> None:
        """Import, say what was read, publish."""
        issuing_unit, user = _unit(unit), _user(by)
        try:
            plan = import_plan(data=content_of(file), name=file.name, issuing_unit=issuing_unit, by=user)
        except ReadError as error:
            raise CommandError(read_message(error.code)) from error
        except AlreadyDraft as refusal:
            raise CommandError(f"{refusal.message} {refusal.plan.get_absolute_url()}") from refusal
        except ActionRefused as refusal:
            raise CommandError(str(refusal.message)) from refusal
        except Http404 as error:
            message = _("“%(user)s” may not import plans for “%(unit)s”.")
            raise CommandError(message % {"user": by, "unit": issuing_unit.name}) from error
        self.stdout.write(_summary(plan))
        if publish:
            self.stdout.write(_publish(plan, user))


def _unit(code: str) -> Unit:
    unit: Unit | None = Unit.objects.filter(code=code).first()
    if unit is None:
        raise CommandError(_("No unit has the code “%(code)s”. Its page shows the code.") % {"code": code})
    return unit


def _user(name: str | None) -> User | None:
    if not name:
        return None
    user: User | None = User.objects.filter(username__iexact=name, is_active=True).first()
    if user is None:
        raise CommandError(_("No active person has the user name “%(name)s”.") % {"name": name})
    return user


def _summary(plan: Plan) -> str:
    message = _(
        "Draft %(pk)s “%(title)s”: %(shortcomings)d shortcomings, %(groups)d groups, %(solutions)d solutions. %(url)s"
    )
    return message % {
        "pk": plan.pk,
        "title": plan.title,
        "shortcomings": plan.shortcomings.count(),
        "groups": plan.groups.count(),
        "solutions": plan.solutions.count(),
        "url": plan.get_absolute_url(),
    }


def _publish(plan: Plan, user: User | None) -> str:
    """Publish, or list the gaps that block and leave the draft."""
    gaps = blocking(gaps_of(plan))
    if gaps:
        lines = [f"- {gap.message} {gap.label}".rstrip() for gap in gaps]
        raise CommandError("\n".join([_("The draft is saved but not published: these gaps block it."), *lines]))
    made = publish_plan(plan=plan, by=user)
    return _("Published: %(count)d deadlines are given out.") % {"count": made}
