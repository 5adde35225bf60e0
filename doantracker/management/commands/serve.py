"""Serve the site with waitress, as `start.py` does."""

import os
from collections.abc import Iterable
from typing import Any, cast

from django.core.management.base import BaseCommand, CommandParser
from waitress import serve  # type: ignore[import-untyped]  # waitress ships no types

from doantracker.wsgi import application


def without_body_for_head(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer HEAD with headers only: waitress passes on a body, which the next answer would be read after."""
    answer: Any = application(environ, start_response)
    if environ["REQUEST_METHOD"] != "HEAD":
        return cast("Iterable[bytes]", answer)
    answer.close()
    return []


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
        serve(without_body_for_head, host="127.0.0.1", port=options["port"], threads=6, ident=None)
