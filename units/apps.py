"""Who exists and who may do what."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UnitsConfig(AppConfig):
    """Units, people, posts, permissions, audit."""

    name = "units"
    verbose_name = _("Units and people")
