"""Official papers as an app of its own: above everything they speak of."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PapersConfig(AppConfig):
    """Papers, their numbers and their templates."""

    name = "doantracker.papers"
    label = "papers"
    verbose_name = _("Official papers")
