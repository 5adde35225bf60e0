"""What the tests of the demo province share."""

import datetime as dt
import io

from django.core.management import call_command

from plans.enums import PlanStatus, Status, TimeState
from plans.models import Deadline
from plans.querysets import DeadlineQuerySet
from plans.time_state import time_state

SOON = 7
REPORTING = ("vanphong", "ban", "bithu", "xa", "chidoan")
WATCHING = ("quantri", "lanhdao", "docgia", "vanphong")
STATES = {
    (Status.ASSIGNED, TimeState.OVERDUE),
    (Status.ASSIGNED, TimeState.DUE_SOON),
    (Status.ASSIGNED, TimeState.ON_SCHEDULE),
    (Status.ASSIGNED, TimeState.NO_DATE),
    (Status.RETURNED, TimeState.OVERDUE),
    (Status.SUBMITTED, TimeState.LATE),
    (Status.COMPLETED, TimeState.ON_TIME),
    (Status.COMPLETED, TimeState.LATE),
}


def seed(**options: object) -> str:
    """Run the command and return what it printed."""
    out = io.StringIO()
    call_command("seed_demo", **options, stdout=out)
    return out.getvalue()


def states(rows: DeadlineQuerySet, today: dt.date) -> set[tuple[str, str]]:
    """Return what rows of plans being followed up show on `today`."""
    return {
        (
            d.status,
            time_state(status=d.status, due_on=d.due_on, reported_on=d.reported_on, today=today, soon_days=SOON),
        )
        for d in rows.filter(plan__status=PlanStatus.PUBLISHED)
    }


def story() -> list[tuple[object, ...]]:
    """Return what was made, as values that hold no ids."""
    return list(
        Deadline.objects.order_by("unit__code", "plan__symbol", "solution__ordinal", "occurrence", "pk").values_list(
            "unit__code", "solution__text", "occurrence", "due_on", "status", "percent", "reported_by__full_name"
        )
    )
