"""The entry of a web server."""

import os
from collections.abc import Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

from doantracker.lib.content_type import legible

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "doantracker.settings")

site = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer a request; its charset is looked at first, since no middleware runs before the framework decodes."""
    if "CONTENT_TYPE" in environ:
        environ["CONTENT_TYPE"] = legible(environ["CONTENT_TYPE"])
    return site(environ, start_response)
