"""From the issued plan to the confirmed result."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlansConfig(AppConfig):
    """Plans, solutions, schedules, deadlines, notices."""

    name = "plans"
    verbose_name = _("Plans and deadlines")

    def ready(self) -> None:
        """Follow what happens to units."""
        from plans import receivers  # noqa: F401, PLC0415  # models must be loaded first
