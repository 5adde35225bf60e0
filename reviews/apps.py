"""How well the work was done."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReviewsConfig(AppConfig):
    """Meetings, their agendas, minutes and decisions."""

    name = "reviews"
    verbose_name = _("Reviews")

    def ready(self) -> None:
        """Tell the lower app which files rows of this one name, and from which meeting work comes."""
        from plans import kept_files, origins  # noqa: PLC0415  # models must be loaded first
        from reviews import receivers  # noqa: F401, PLC0415
        from reviews.lineage import meeting_of  # noqa: PLC0415
        from reviews.models import MeetingFile  # noqa: PLC0415

        kept_files.keep(MeetingFile)
        origins.ask(meeting_of)
