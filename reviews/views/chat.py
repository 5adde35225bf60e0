"""The text about a meeting for a chat group."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from doantracker.lib import clock
from doantracker.lib.text import shortened
from plans.chat_rows import works_of
from plans.chat_text import Work
from plans.enums import OPEN
from plans.models import Deadline
from plans.views.chat import LONGEST_CRUMB, Of, chat_page
from plans.views.shared import Request
from reviews.chat_text import Invitation, Paper, meeting_text
from reviews.enums import MeetingState
from reviews.models import Meeting
from reviews.views.shared import visible_meeting
from units.models import User

PAPERS_READ = 60
STATES = {MeetingState.CANCELLED: "Cuộc họp không tổ chức theo dự kiến.", MeetingState.HELD: "Cuộc họp đã diễn ra."}


@require_safe
def meeting(request: Request, pk: int) -> HttpResponse:
    """Put day, place and the papers still owed into a text; of a meeting that was held its decisions."""
    row = visible_meeting(request.user, pk)
    invitation = Invitation(
        title=row.title,
        unit=row.unit.name,
        day=row.planned_on,
        time=row.starts_at,
        place=row.place,
        state=STATES.get(row.state, ""),
    )
    address = f"{settings.SITE_URL}{row.get_absolute_url()}"
    decided = _decided(row, request.user) if row.state == MeetingState.HELD else []
    text = meeting_text(invitation, _papers(row, request.user), address, today=clock.today(), decided=decided)
    return chat_page(request, text, Of(shortened(row.title, LONGEST_CRUMB), row.get_absolute_url()))


def _decided(row: Meeting, user: User) -> list[Work]:
    """Return the work that was decided, in the order of the decisions."""
    rows = Deadline.objects.visible_to(user).filter(solution__decision__meeting=row)
    return works_of(rows.order_by("solution__decision__ordinal", "unit_path", "pk"), units=True, plans=False)


def _papers(row: Meeting, user: User) -> list[Paper]:
    """Return the papers that are still owed, in the order of the agenda; one query."""
    owed = Deadline.objects.visible_to(user).filter(schedule__agenda_item__meeting=row, status__in=OPEN)
    columns = ("unit__short_name", "unit__name", "schedule__agenda_item__ordinal", "status", "due_on")
    found = owed.order_by("schedule__agenda_item__ordinal", "unit_path").values_list(*columns)[:PAPERS_READ]
    return [Paper(short or name, ordinal, status, due) for short, name, ordinal, status, due in found]
