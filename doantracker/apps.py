"""The composing app: no models of its own."""

from django.apps import AppConfig


class DoantrackerConfig(AppConfig):
    """Loads the Celery app, so that shared jobs find it in every process."""

    name = "doantracker"

    def ready(self) -> None:
        """Bind jobs to the project's Celery app."""
        from doantracker import celery  # noqa: F401, PLC0415  # after the apps are loaded; readers must not pay for it
