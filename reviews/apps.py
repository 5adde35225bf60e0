"""How well the work was done."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReviewsConfig(AppConfig):
    """Stands on plans: what is judged has been planned before."""

    name = "reviews"
    verbose_name = _("Reviews")

    def ready(self) -> None:
        """Tell the lower app from which meeting work comes, and what a recorded meeting does not let happen."""
        from plans import origins  # noqa: PLC0415  # models must be loaded first
        from reviews import receivers  # noqa: F401, PLC0415
        from reviews.lineage import meeting_of, round_of  # noqa: PLC0415

        origins.ask(meeting_of)
        origins.ask(round_of)
