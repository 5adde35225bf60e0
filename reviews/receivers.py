"""What meetings do not let happen to their events."""

import datetime as dt
from typing import Any

from django.dispatch import receiver
from django.utils.translation import gettext as _

from plans.errors import ActionRefused
from plans.models import Event
from plans.signals import event_moving
from reviews.enums import FeedbackStep
from reviews.models import FeedbackRound, Meeting


@receiver(event_moving)
def keep_the_day_of_what_is_recorded(event: Event, day: dt.date | None, **_kwargs: Any) -> None:
    """Refuse to move or call off the event of a meeting that was held: it took place on its day. One query."""
    meeting = Meeting.objects.filter(event=event).select_related("feedback_round").first()
    if meeting is None:
        return
    if meeting.held_on is not None:
        raise ActionRefused(_("The meeting on this day is recorded: its day stays as it was."))
    feedback = getattr(meeting, "feedback_round", None)
    if feedback is not None:
        _keep_after_its_reports(feedback, day)


def _keep_after_its_reports(feedback: FeedbackRound, day: dt.date | None) -> None:
    """Refuse to call off the review meeting of a feedback round, or to move it before the reports it is held over."""
    if feedback.step not in (FeedbackStep.CONTRIBUTING, FeedbackStep.REPORTING, FeedbackStep.REVIEWING):
        return
    if day is None:
        raise ActionRefused(_("A feedback round is reviewed at this meeting. Move it to another day instead."))
    if feedback.step != FeedbackStep.REVIEWING and day < feedback.report_by:
        raise ActionRefused(
            _(
                "A feedback round is reviewed at this meeting, and its reports come until %(day)s. "
                "Choose that day or a later one."
            )
            % {"day": f"{feedback.report_by:%d/%m/%Y}"}
        )
