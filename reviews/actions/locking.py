"""The locked meeting: read again, in the version that was seen, and not called off."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils.translation import gettext as _

from plans.errors import ActionRefused, Stale
from plans.models import Event
from reviews.enums import MeetingState
from reviews.models import Inspection, Meeting


@contextmanager
def locked_meeting(meeting: Meeting, version: int | None = None) -> Iterator[Meeting]:
    """Yield the meeting and its event, held until the end of the transaction.

    With `version` another one by now is refused: somebody changed the meeting since the page was opened.
    """
    with transaction.atomic():
        rows = Meeting.objects.select_for_update(of=("self",)).select_related("unit", "event", "chair", "secretary")
        row: Meeting = rows.get(pk=meeting.pk)
        row.event = Event.objects.select_for_update(of=("self",)).get(pk=row.event_id)
        if version is not None and row.version != version:
            raise Stale(_("Somebody changed this meeting meanwhile. Look at it as it is now, then do it again."))
        if row.state == MeetingState.CANCELLED:
            raise ActionRefused(_("This meeting is called off. Plan another one."))
        yield row


def require_planned(row: Meeting) -> None:
    """Refuse to change what is recorded."""
    if row.state != MeetingState.PLANNED:
        raise ActionRefused(_("This meeting is recorded: its day and its agenda stay as they were."))


@contextmanager
def locked_inspection(inspection: Inspection, version: int | None = None) -> Iterator[Inspection]:
    """Yield the inspection, held until the end of the transaction.

    With `version` another one by now is refused: somebody changed the inspection since the page was opened.
    """
    with transaction.atomic():
        rows = Inspection.objects.select_for_update(of=("self",))
        related = ("programme__unit", "programme__plan", "head", "report_unit", "report_meeting", "report_task")
        row: Inspection = rows.select_related(*related).get(pk=inspection.pk)
        if version is not None and row.version != version:
            raise Stale(_("Somebody changed this inspection meanwhile. Look at it as it is now, then do it again."))
        yield row


def require_state(row: Inspection, *states: str) -> None:
    """Refuse an act that is not possible as the inspection stands."""
    if row.state not in states:
        raise Stale(
            _("This is not possible now: the inspection is “%(state)s”. Look at it as it is now.")
            % {"state": row.get_state_display()}
        )
