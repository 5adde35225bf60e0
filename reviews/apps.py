"""How well the work was done."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReviewsConfig(AppConfig):
    """Stands on plans: what is judged has been planned before."""

    name = "reviews"
    verbose_name = _("Reviews")
