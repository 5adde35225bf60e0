"""What meetings do not let happen to their events."""

from typing import Any

from django.dispatch import receiver
from django.utils.translation import gettext as _

from plans.errors import ActionRefused
from plans.models import Event
from plans.signals import event_moving
from reviews.models import Meeting


@receiver(event_moving)
def keep_the_day_of_what_is_recorded(event: Event, **_kwargs: Any) -> None:
    """Refuse to move or call off the event of a meeting that was held: it took place on its day."""
    if Meeting.objects.filter(event=event, held_on__isnull=False).exists():
        raise ActionRefused(_("The meeting on this day is recorded: its day stays as it was."))
