"""The log on a page."""

from collections.abc import Iterable

from django import template

from plans import history
from units.models import AuditEvent

register = template.Library()


@register.filter
def history_lines(events: Iterable[AuditEvent]) -> list[history.HistoryLine]:
    """Return the lines in which a page tells rows of the log."""
    return history.history_lines(events)
