"""Serve the site with waitress, as `start.py` does."""

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from waitress import serve  # type: ignore[import-untyped]  # waitress ships no types

from doantracker.wsgi import application


class Command(BaseCommand):
    """The embedded web server: pure Python, on every system. Production uses gunicorn (docker-compose.yml)."""

    help = "Serve the site on 127.0.0.1, for trying it out on one machine."
    requires_system_checks = ()  # the checks ran with `migrate` just before

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the port."""
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))

    def handle(self, *_args: Any, **options: Any) -> None:
        """Serve until the process is told to end."""
        # Few threads: SQLite has one writer, and the pages of one office need no more.
        serve(application, host="127.0.0.1", port=options["port"], threads=6, ident=None)
