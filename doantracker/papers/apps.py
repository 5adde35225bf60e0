"""Official papers as an app of its own: above everything they speak of."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PapersConfig(AppConfig):
    """Papers, their numbers and their templates."""

    name = "doantracker.papers"
    label = "papers"
    verbose_name = _("Official papers")

    def ready(self) -> None:
        """Tell the apps below under which number their records went out."""
        from doantracker.papers.given import number_of_record  # noqa: PLC0415  # models must be loaded first
        from plans import paper_numbers  # noqa: PLC0415

        paper_numbers.ask(number_of_record)
