"""Roles: readable lists of permissions. A post carries a role; its holder has it from day to day."""

from dataclasses import dataclass
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from units.permissions import Permission


class Role(models.TextChoices):
    """What a post lets its holder do."""

    ADMINISTRATOR = "administrator", _("Administrator")
    OFFICE = "office", _("Office staff")
    LEADER = "leader", _("Leader")
    DEPARTMENT = "department", _("Department")
    SECRETARY = "secretary", _("Unit secretary")
    READER = "reader", _("Reader")


@dataclass(frozen=True, slots=True)
class Grants:
    """Rights of a role: `own` over the post's unit and all below it, `above` over the unit above and its subtree."""

    own: frozenset[Permission]
    above: frozenset[Permission] = frozenset()


ROLES: Final[dict[Role, Grants]] = {
    # Sets the system up and sees it whole; decides nothing about plans or results.
    Role.ADMINISTRATOR: Grants(own=frozenset({Permission.VIEW, Permission.CONFIGURE})),
    # Runs the plans of its union: imports, publishes, chases, confirms; reports for the office itself.
    Role.OFFICE: Grants(
        own=frozenset(
            {
                Permission.VIEW,
                Permission.REPORT,
                Permission.MANAGE_PLANS,
                Permission.CONFIRM,
                Permission.VIEW_PERSONAL,
                Permission.VIEW_EVALUATIONS,
                Permission.VIEW_FEEDBACK,
            }
        )
    ),
    # Looks at everything below, decides about results, agrees to the union's own drafts.
    Role.LEADER: Grants(
        own=frozenset(
            {
                Permission.VIEW,
                Permission.CONFIRM,
                Permission.SIGN_OFF,
                Permission.VIEW_PERSONAL,
                Permission.VIEW_EVALUATIONS,
                Permission.DECIDE_EVALUATIONS,
                Permission.VIEW_FEEDBACK,
            }
        )
    ),
    # Reports the department's own work; sees the union it serves, because it compiles what the units report.
    Role.DEPARTMENT: Grants(own=frozenset({Permission.VIEW, Permission.REPORT}), above=frozenset({Permission.VIEW})),
    # Answers for a unit: reports its work, runs its own plans, confirms the units below in them.
    Role.SECRETARY: Grants(
        own=frozenset(
            {
                Permission.VIEW,
                Permission.REPORT,
                Permission.MANAGE_PLANS,
                Permission.CONFIRM,
                Permission.VIEW_PERSONAL,
                Permission.VIEW_FEEDBACK,
            }
        )
    ),
    Role.READER: Grants(own=frozenset({Permission.VIEW})),
}


def roles_with(permission: Permission) -> list[str]:
    """Return the roles that grant `permission` over the post's own unit."""
    return [role.value for role, grants in ROLES.items() if permission in grants.own]
