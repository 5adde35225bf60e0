"""From the issued plan to the confirmed result."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlansConfig(AppConfig):
    """Plans, solutions, schedules, deadlines, notices."""

    name = "plans"
    verbose_name = _("Plans and deadlines")
