"""What every page's frame needs."""

from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, object]:
    """Return the frame's values; filled in when the inbox exists."""
    return {"path": request.path}
