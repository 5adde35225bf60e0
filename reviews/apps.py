"""How well the work was done."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReviewsConfig(AppConfig):
    """Holds its place in the import order; it has no model yet."""

    name = "reviews"
    verbose_name = _("Reviews")
