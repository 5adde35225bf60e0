"""The app of the API: tokens, kept answers, webhooks."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    """Stands on top of all others: it reads and acts through them."""

    name = "doantracker.api"
    label = "api"
    verbose_name = _("API and webhooks")
