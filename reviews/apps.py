"""How well the work was done."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReviewsConfig(AppConfig):
    """Stands on plans: what is judged has been planned before."""

    name = "reviews"
    verbose_name = _("Reviews")

    def ready(self) -> None:
        """Tell the lower app from which meeting work comes, and what a recorded meeting does not let happen."""
        from plans import chat_rows, openings, origins  # noqa: PLC0415  # models must be loaded first
        from reviews import receivers  # noqa: F401, PLC0415
        from reviews.lineage import (  # noqa: PLC0415
            inspection_of,
            meeting_of,
            report_kind_of,
            report_to_open,
            round_of,
            survey_of,
            trip_of,
        )
        from reviews.withheld import of_conclusions, of_papers  # noqa: PLC0415

        origins.ask(meeting_of)
        origins.ask(report_kind_of)
        openings.offer(report_to_open)
        origins.ask(survey_of)
        origins.ask(trip_of)
        origins.ask(inspection_of)
        origins.ask(round_of)
        chat_rows.withhold(of_conclusions)
        chat_rows.withhold(of_papers)
