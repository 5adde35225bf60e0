"""What the admin site's first page says about the working calendar."""

from django import template

from doantracker.lib import clock
from plans.actions import calendar

register = template.Library()


@register.simple_tag
def years_to_fill() -> list[str]:
    """Return the years whose public holidays are missing by now."""
    return [str(year) for year in calendar.years_to_fill(clock.today())]
