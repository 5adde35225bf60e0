"""Who exists and who may do what."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UnitsConfig(AppConfig):
    """Units, people, posts, permissions, audit."""

    name = "units"
    verbose_name = _("Units and people")

    def ready(self) -> None:
        """Connect the log to Django's announcements."""
        from units import receivers  # noqa: F401, PLC0415  # models must be loaded first
