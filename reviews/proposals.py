"""What is proposed for the agenda of a meeting: work that is due to it, read from the one register.

A commitment that many units owe is one line. A fixed number of queries for any number of rows.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, Max, Min, Q
from django.utils.translation import gettext as _

from doantracker.lib.text import nfc, shortened
from plans.enums import DONE, Deliverable, PlanStatus, Status
from plans.models import Deadline, Difficulty, Extension
from plans.querysets import DeadlineQuerySet
from reviews.enums import Why
from reviews.models import Meeting
from units.models import Post, User

MOST_READ: Final = 400  # lines looked at
MOST_FOUND: Final = 30  # of a search
TEXT_SHOWN: Final = 240

#: How a plan says that something goes to a body.
_NAMES: Final[dict[str, str]] = {
    Post.Body.STANDING_COMMITTEE: r"ban thường vụ|btv",
    Post.Body.PERMANENT_MEMBERS: r"(?:ban )?thường trực",
    Post.Body.EXECUTIVE_COMMITTEE: r"ban chấp hành|bch",
}
_GOES_TO: Final = r"\b(?:trình|báo cáo|phiên họp|kỳ họp|hội nghị|họp)\b[^.;:]{0,60}\b(?:%s)\b"


@dataclass(frozen=True, slots=True)
class Proposal:
    """One line: a commitment's occurrence, the units that owe it counted. `pk` is one of its deadlines."""

    pk: int
    text: str
    plan: str
    who: str
    units: int
    done: int
    due_on: dt.date | None
    why: Why | None

    @property
    def key(self) -> str:
        """Return the id for a form field: templates write numbers with thousands separators."""
        return str(self.pk)


@dataclass(frozen=True, slots=True)
class OpenRequests:
    """How many requests wait for a word of the unit."""

    extensions: int
    difficulties: int

    @property
    def total(self) -> int:
        """Return how many there are in all."""
        return self.extensions + self.difficulties

    @property
    def words(self) -> str:
        """Return the words of the item under which an agenda has them; empty where nothing waits."""
        counts = {"later": self.extensions, "other": self.difficulties}
        words = _("Open requests of units: %(later)d for a later day, %(other)d difficulties")
        return words % counts if self.total else ""


def proposals_of(meeting: Meeting, *, user: User) -> list[Proposal]:
    """Return what is due to the meeting and not on its agenda: by its event, as a report, or by its own words."""
    day = meeting.event.day
    hanging = Q(schedule__event=meeting.event_id)
    wanted = hanging
    if day is not None:
        since = last_meeting_day(meeting, day)
        wanted |= Q(due_on__gt=since, due_on__lte=day) | Q(period_start__lte=day, due_on__gte=day)
    found = []
    for line in _lines(_to_be_discussed(meeting, user).filter(wanted)):
        why = _why(line, meeting, day)
        if why is not None:
            found.append(_proposal(line, why))
    order = list(Why)
    return sorted(found, key=lambda p: (order.index(p.why) if p.why else 0, p.due_on or dt.date.max, p.pk))


def search_for(meeting: Meeting, words: str, *, user: User) -> list[Proposal]:
    """Return work of the unit's plans that holds every word: the office may put any of it on the agenda."""
    if not words.strip():
        return []
    rows = _to_be_discussed(meeting, user).matching(words)
    return [_proposal(line, None) for line in _lines(rows)[:MOST_FOUND]]


def open_requests(meeting: Meeting, *, user: User) -> OpenRequests:
    """Return how many requests of units wait for a word of the unit that meets; two queries."""
    extensions = Extension.objects.visible_to(user).open().filter(deadline__plan__issuing_unit=meeting.unit_id)
    difficulties = Difficulty.objects.visible_to(user).open().filter(
        answering_unit=meeting.unit_id, deadline__plan__status=PlanStatus.PUBLISHED
    )  # fmt: skip
    return OpenRequests(extensions.count(), difficulties.count())


def last_meeting_day(meeting: Meeting, day: dt.date) -> dt.date:
    """Return the day of the meeting of the same body before `day`; none: the last day of the month before."""
    earlier = Meeting.objects.filter(unit=meeting.unit_id, body=meeting.body, event__cancelled=False)
    last: dt.date | None = (
        earlier.exclude(pk=meeting.pk).filter(event__day__lt=day).aggregate(last=Max("event__day"))["last"]
    )
    return last or day.replace(day=1) - dt.timedelta(days=1)


def goes_to(body: str, *texts: str) -> bool:
    """Return whether one of `texts` says that something is put before a body: "trình Ban Thường vụ …"."""
    asked = re.compile(_GOES_TO % _NAMES[body])
    return any(asked.search(nfc(text).lower()) for text in texts)


def _to_be_discussed(meeting: Meeting, user: User) -> DeadlineQuerySet:
    """Return the work of the unit's plans that is not called off and neither on the agenda nor a paper for it."""
    rows: DeadlineQuerySet = Deadline.objects.visible_to(user).filter(
        plan__issuing_unit=meeting.unit_id, plan__status=PlanStatus.PUBLISHED
    )
    on_agenda = Deadline.objects.filter(agenda_items__meeting=meeting).values_list("schedule_id", "occurrence")
    listed = Q(pk__in=[])
    for schedule, occurrence in on_agenda:
        listed |= Q(schedule=schedule, occurrence=occurrence)
    paper = Q(schedule__agenda_item__isnull=False)
    found: DeadlineQuerySet = rows.exclude(status=Status.CANCELLED).exclude(listed | paper)
    return found


def _lines(rows: DeadlineQuerySet) -> list[dict[str, Any]]:
    """Return one line a commitment and occurrence; one query."""
    grouped = (
        rows.order_by()
        .values(
            "schedule_id",
            "occurrence",
            "schedule__event_id",
            "schedule__phrase",
            "solution__text",
            "solution__deliverable",
            "plan__symbol",
            "plan__title",
        )
        .annotate(
            first=Min("pk"),
            units=Count("pk"),
            done=Count("pk", filter=Q(status__in=DONE)),
            due=Min("due_on"),
            who=Min("unit__name"),
            short=Min("unit__short_name"),
        )
    )
    return list(grouped.order_by("due", "first")[:MOST_READ])


def _why(line: dict[str, Any], meeting: Meeting, day: dt.date | None) -> Why | None:
    if line["schedule__event_id"] == meeting.event_id:
        return Why.HANGS
    if goes_to(meeting.body, line["solution__text"], line["schedule__phrase"]):
        return Why.NAMED
    is_report = line["solution__deliverable"] == Deliverable.REPORT
    return Why.REPORT if is_report and day and line["due"] and line["due"] <= day else None


def _proposal(line: dict[str, Any], why: Why | None) -> Proposal:
    return Proposal(
        pk=line["first"],
        text=shortened(line["solution__text"], TEXT_SHOWN),
        plan=line["plan__symbol"] or line["plan__title"],
        who=line["short"] or line["who"],
        units=line["units"],
        done=line["done"],
        due_on=line["due"],
        why=why,
    )


def chosen(meeting: Meeting, ids: Iterable[int], *, user: User) -> list[Deadline]:
    """Return the deadlines ticked that may go on the agenda."""
    rows = _to_be_discussed(meeting, user).filter(pk__in=list(ids)).order_by("due_on", "pk")
    return list(rows.select_related("solution__group__lead_unit", "solution__lead_unit", "schedule", "unit"))
