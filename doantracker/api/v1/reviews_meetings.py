"""Meetings: planned, moved, recorded; their agenda, minutes and decisions. And pledges handed in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Final

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from ninja import File, Query, Schema, UploadedFile
from pydantic import Field

from doantracker.api.v1.answers import PageQuery, done, one, page, page_of, reads, reads_one, seen_number
from doantracker.api.v1.auth import Call
from doantracker.api.v1.deadlines import Reason
from doantracker.api.v1.reviews import RELATED_OF_PLEDGE, MeetingOut, PledgeOut, meeting_lines, pledge_lines, router
from doantracker.api.v1.reviews_shared import (
    Body,
    Clock,
    FileOut,
    Ids,
    PaperNumber,
    SomeWords,
    Words,
    Year,
    acted,
    all_of,
    as_seen,
    changes,
    creates,
    file_lines,
    named,
    number_in,
    offered_or_404,
    one_of,
    plain_of,
    uploads,
    wrong,
)
from doantracker.api.v1.types import Day, Id, PersonRef, Pk, Sent, Switch, Text, UnitRef, person_ref, unit_ref
from doantracker.lib import clock
from plans.enums import DONE
from plans.errors import ActionRefused
from plans.models import Deadline
from plans.phrase_reading import LONGEST
from reviews.actions import agenda, decisions, meetings, minutes
from reviews.actions.agenda import MOST_PAPER_DAYS
from reviews.actions.minutes import hold_meeting
from reviews.actions.pledges import hand_in_pledge
from reviews.bodies import members_of
from reviews.enums import ItemTopic, MeetingKind, MeetingState, Why
from reviews.forms.meetings import waited_for
from reviews.meeting_page import Work, item_rows
from reviews.models import AgendaItem, Decision, Meeting, Pledge
from reviews.models.meeting import LONGEST_MINUTES
from reviews.proposals import chosen, open_requests, proposals_of
from reviews.querysets import who_pledges
from reviews.rights import may_plan, may_record, meeting_units
from reviews.views.shared import item_of, visible_meeting
from units.access import get_visible_or_404, require
from units.models import Post, Unit, User

WIDEST: Final = Post.Body.EXECUTIVE_COMMITTEE
MOST_DAYS: Final = 40  # of a year
MOST_ABSENT: Final = 200


class WorkOut(Schema):
    """What came of it in the register: how many deadlines you see, and how many of them are handed in."""

    total: int
    done: int


class AgendaItemOut(Schema):
    """One item of an agenda."""

    id: int
    ordinal: int
    title: str
    topic: ItemTopic
    presenter_unit: UnitRef | None
    presenter: PersonRef | None
    work: WorkOut | None = Field(description="The work of the register it is about.")
    paper: WorkOut | None = Field(description="The paper owed before the meeting.")


class AgendaOut(Schema):
    """The agenda of a meeting in order."""

    meeting: int
    version: int
    items: list[AgendaItemOut]


class AgendaProposalOut(Schema):
    """Work that is due to a meeting and not on its agenda."""

    deadline: int
    text: str
    plan: str
    units: int
    done: int
    due_on: dt.date | None
    why: Why | None


class AgendaProposalsOut(Schema):
    """What is due to a meeting; `requests` of units that wait for an answer."""

    meeting: int
    version: int
    items: list[AgendaProposalOut]
    requests: int


class SeatOut(Schema):
    """Whether a member was there."""

    person: PersonRef
    present: bool
    reason: str


class MinutesOut(Schema):
    """What was recorded of a meeting."""

    meeting: int
    version: int
    held_on: dt.date | None
    minutes: str
    minutes_symbol: str
    attendance: list[SeatOut]
    files: list[FileOut]


class DecisionOut(Schema):
    """What a meeting decided, and the work it became."""

    id: int
    meeting: int
    ordinal: int
    text: str
    item: int | None
    lead_unit: UnitRef | None
    supporting_units: list[UnitRef]
    overseer: PersonRef | None
    solution: int
    work: WorkOut


class MeetingsPlannedOut(Schema):
    """The meetings planned, by id."""

    meetings: list[int]


class MeetingFacts(Sent):
    """What is said of a meeting besides its day."""

    title: Annotated[Text, Field(max_length=300, description="Empty: the usual one.")] = ""
    kind: MeetingKind = MeetingKind.REGULAR
    starts_at: Clock | None = None
    place: Annotated[Text, Field(max_length=200)] = ""
    chair: Id | None = None
    secretary: Id | None = None

    def values(self, people: Sequence[User]) -> dict[str, Any]:
        """Return what the acts take; only who sits in the executive committee can be named."""
        facts: dict[str, Any] = {n: getattr(self, n) for n in ("title", "kind", "starts_at", "place")}
        return facts | {n: one_of(people, getattr(self, n), n) for n in ("chair", "secretary")}


class NewMeeting(MeetingFacts):
    """A meeting to plan. `event`: it becomes a meeting that published plans wait for, with the day that has."""

    unit: Id
    body: Body
    day: Day | None = None
    event: Id | None = None


class NewMeetingYear(Sent):
    """Regular meetings on these days."""

    unit: Id
    body: Body
    days: Annotated[list[Day], Field(min_length=1, max_length=MOST_DAYS)]
    starts_at: Clock | None = None
    place: Annotated[Text, Field(max_length=200)] = ""


class MeetingMove(Sent):
    """The day; `also` are deadlines with a day of their own that move too."""

    day: Day
    also: Ids = Field(default_factory=list)


class MeetingAbsence(Sent):
    """Who was not there, and why."""

    person: Id
    reason: Annotated[Text, Field(max_length=300)] = ""


class MeetingRecord(Sent):
    """That a meeting was held on its day; all members that are not named were there."""

    absent: Annotated[list[MeetingAbsence], Field(max_length=MOST_ABSENT)] = Field(default_factory=list)
    minutes: Annotated[Text, Field(max_length=LONGEST_MINUTES)] = ""
    symbol: PaperNumber = ""


class AgendaItemIn(Sent):
    """What an item is about and who presents it; with `paper_days` its unit owes a paper so many days before."""

    title: Annotated[Text, Field(min_length=1, max_length=500)]
    presenter_unit: Id | None = None
    presenter: Id | None = None
    paper_days: Annotated[int | None, Field(ge=0, le=MOST_PAPER_DAYS, strict=True)] = None

    def facts(self, row: Meeting) -> dict[str, Any]:
        """Return what the acts take."""
        if self.paper_days is not None and self.presenter_unit is None:
            raise wrong("presenter_unit")
        today = clock.today()
        people = members_of(row.unit, row.body, row.event.day or today)
        units = Unit.objects.below(row.unit).in_force(today)
        values = {
            "title": self.title,
            "presenter_unit": one_of(units, self.presenter_unit, "presenter_unit"),
            "presenter": one_of(people, self.presenter, "presenter"),
        }
        return {"values": values, "paper_days": self.paper_days}


class AgendaPlace(Sent):
    """Where to: one place up, or down."""

    up: Switch


class AgendaPicked(Sent):
    """Which of the work proposed goes on the agenda; with `requests` the open requests as one item."""

    deadlines: Ids = Field(default_factory=list)
    requests: Switch = False


class NewDecision(Sent):
    """What was decided. By when in one way: a day, words such as “trước ngày 15/5/2026”, or another meeting."""

    text: SomeWords
    lead_unit: Id
    supporting_units: Ids = Field(default_factory=list)
    overseer: Id | None = None
    item: Id | None = None
    due: Day | None = None
    phrase: Annotated[Text, Field(max_length=LONGEST)] = ""
    until: Id | None = None


class NewPledge(Sent):
    """The pledge of an appointment for a year; `version` of the one that was returned, 0: none yet."""

    appointment: Id
    year: Year
    text: Words = ""
    document_number: PaperNumber = ""
    version: Annotated[int, Field(ge=0, lt=10**9, strict=True)] = 0


@creates(router, "/meetings", MeetingOut, "Plan a meeting")
def plan_meeting(request: Call, sent: NewMeeting) -> Any:
    """Plan a meeting of a body."""
    unit, today = _unit(request, sent.unit), clock.today()
    made: list[Meeting] = []

    def act() -> None:
        values = sent.values(members_of(unit, WIDEST, today))
        event = one_of(waited_for(unit), sent.event, "event")
        facts: dict[str, Any] = {"unit": unit, "body": sent.body, "day": sent.day, "values": values, "event": event}
        made.append(meetings.plan_meeting(by=request.user, **facts))

    return acted(request, act, lambda: _meeting(request, made[0].pk, 201))


@creates(router, "/meeting-years", MeetingsPlannedOut, "Plan the meetings of a year", 200)
def plan_year(request: Call, sent: NewMeetingYear) -> Any:
    """Plan regular meetings; a day on which the body meets already is left out."""
    unit = _unit(request, sent.unit)
    values, made = {"starts_at": sent.starts_at, "place": sent.place}, list[Meeting]()

    def act() -> None:
        facts: dict[str, Any] = {"unit": unit, "body": sent.body, "days": sent.days, "values": values}
        made.extend(meetings.plan_year(by=request.user, **facts))

    return acted(request, act, lambda: done({"meetings": [row.pk for row in made]}, MeetingsPlannedOut))


@changes(router, "/meetings/{pk}/change", MeetingOut, "Change a meeting")
def change_meeting(request: Call, pk: Pk, sent: MeetingFacts) -> Any:
    """Change what is said of a meeting that is not recorded yet."""

    def act(row: Meeting) -> None:
        people = members_of(row.unit, WIDEST, row.event.day or clock.today())
        values = sent.values([*people, *(p for p in (row.chair, row.secretary) if p)])
        version = seen_number(request, row.version)
        meetings.change_meeting(meeting=row, values=values, by=request.user, version=version)

    return _act(request, pk, act, planned=True)


@changes(router, "/meetings/{pk}/move", MeetingOut, "Give a meeting its day")
def move_meeting(request: Call, pk: Pk, sent: MeetingMove) -> Any:
    """Give a meeting its day, or another one: what hangs on it moves along."""

    def act(row: Meeting) -> None:
        as_seen(request, row)
        meetings.move_meeting(meeting=row, day=sent.day, by=request.user, also=sent.also)

    return _act(request, pk, act, planned=True)


@changes(router, "/meetings/{pk}/cancel", MeetingOut, "Call a meeting off")
def cancel_meeting(request: Call, pk: Pk, sent: Reason) -> Any:
    """Call a meeting off: open work that hangs on it has no day until somebody gives one."""

    def act(row: Meeting) -> None:
        as_seen(request, row)
        meetings.cancel_meeting(meeting=row, reason=sent.reason, by=request.user)

    return _act(request, pk, act, planned=True)


@router.get("/meetings/{pk}/minutes", response=reads_one(MinutesOut), summary="Minutes of a meeting")
def minutes_of(request: Call, pk: Pk) -> Any:
    """Show what was recorded of a meeting: minutes, who was there, files."""
    return _minutes(request, pk)


@changes(router, "/meetings/{pk}/record", MinutesOut, "Record a meeting")
def record(request: Call, pk: Pk, sent: MeetingRecord) -> Any:
    """Record that a meeting was held on its day; done again, it corrects what was recorded."""

    def act() -> None:
        row = visible_meeting(request.user, pk)
        absent = {one.person: one.reason for one in sent.absent}
        version = seen_number(request, row.version)
        hold_meeting(
            meeting=row, by=request.user, absent=absent, minutes=sent.minutes, symbol=sent.symbol, version=version
        )

    return acted(request, act, lambda: _minutes(request, pk))


@changes(router, "/meetings/{pk}/minutes-files", MinutesOut, "Add files to the minutes")
def add_files(request: Call, pk: Pk, files: File[list[UploadedFile]]) -> Any:
    """Add files to what was recorded, as multipart/form-data; the same kinds and sizes as on the page."""

    def act() -> None:
        row = visible_meeting(request.user, pk)
        require(may_record(request.user, row))
        if row.state != MeetingState.HELD:
            raise ActionRefused(_("Record the meeting first, then add files to its minutes."))
        absent = dict(row.attendance.filter(present=False).values_list("person_id", "reason"))
        kept: dict[str, Any] = {"minutes": row.minutes, "symbol": row.minutes_symbol, "files": uploads(files)}
        version = seen_number(request, row.version)
        minutes.hold_meeting(meeting=row, by=request.user, absent=absent, version=version, **kept)

    return acted(request, act, lambda: _minutes(request, pk))


@router.get("/meetings/{pk}/agenda", response=reads_one(AgendaOut), summary="Agenda of a meeting")
def agenda_of(request: Call, pk: Pk) -> Any:
    """Show the agenda in order, with the papers owed; its ETag is that of the meeting's version."""
    return _agenda(request, pk)


@router.get("/meetings/{pk}/proposals", response=reads_one(AgendaProposalsOut), summary="What is due to a meeting")
def proposals(request: Call, pk: Pk) -> Any:
    """Show the work that is due to a meeting and not on its agenda, to who makes the agenda."""
    row = _planned(request.user, pk)
    plain = ("text", "plan", "units", "done", "due_on", "why")
    items = [{"deadline": p.pk} | {n: getattr(p, n) for n in plain} for p in proposals_of(row, user=request.user)]
    requests = open_requests(row, user=request.user).total
    facts: dict[str, Any] = {"meeting": row.pk, "version": row.version, "items": items, "requests": requests}
    return one(request, AgendaProposalsOut, facts, row.version)


@changes(router, "/meetings/{pk}/agenda", AgendaOut, "Add an item to the agenda")
def add_item(request: Call, pk: Pk, sent: AgendaItemIn) -> Any:
    """Add an item at the end of the agenda. If-Match: the ETag of the meeting or its agenda."""

    def act(row: Meeting) -> None:
        as_seen(request, row)
        agenda.add_item(meeting=row, by=request.user, **sent.facts(row))

    return _act(request, pk, act, planned=True, told=_agenda)


@changes(router, "/meetings/{pk}/proposals", AgendaOut, "Put proposed work on the agenda")
def add_proposed(request: Call, pk: Pk, sent: AgendaPicked) -> Any:
    """Put work that is due to the meeting on its agenda."""

    def act(row: Meeting) -> None:
        asked = open_requests(row, user=request.user)
        agenda.add_proposed(
            meeting=row,
            deadlines=chosen(row, sent.deadlines, user=request.user),
            requests=asked.words if sent.requests else "",
            by=request.user,
            version=seen_number(request, row.version),
        )

    return _act(request, pk, act, planned=True, told=_agenda)


@changes(router, "/agenda-items/{pk}/change", AgendaOut, "Change an item of the agenda")
def change_item(request: Call, pk: Pk, sent: AgendaItemIn) -> Any:
    """Change an item of an agenda. If-Match: the ETag of the meeting or its agenda."""

    def act(row: Meeting, item: AgendaItem) -> None:
        version = seen_number(request, row.version)
        agenda.change_item(item=item, by=request.user, version=version, **sent.facts(row))

    return _about_item(request, pk, act)


@changes(router, "/agenda-items/{pk}/move", AgendaOut, "Move an item of the agenda")
def move_item(request: Call, pk: Pk, sent: AgendaPlace) -> Any:
    """Move an item one place up or down."""

    def act(row: Meeting, item: AgendaItem) -> None:
        agenda.move_item(item=item, up=sent.up, by=request.user, version=seen_number(request, row.version))

    return _about_item(request, pk, act)


@changes(router, "/agenda-items/{pk}/drop", AgendaOut, "Take an item off the agenda")
def drop_item(request: Call, pk: Pk) -> Any:
    """Take an item off the agenda; a paper that is still owed for it is called off."""

    def act(row: Meeting, item: AgendaItem) -> None:
        agenda.drop_item(item=item, by=request.user, version=seen_number(request, row.version))

    return _about_item(request, pk, act)


@router.get(
    "/meetings/{pk}/decisions", response=reads(page_of(DecisionOut, "DecisionPage")), summary="Decisions of a meeting"
)
def decision_list(request: Call, pk: Pk, asked: Query[PageQuery]) -> Any:
    """List what a meeting decided, with what became of it."""
    row = get_visible_or_404(Meeting.objects.all(), request.user, pk)
    return page(request, _decisions(row.pk), asked, DecisionOut, lambda rows: _decision_lines(request.user, rows))


@creates(router, "/meetings/{pk}/decisions", DecisionOut, "Record a decision")
def decide(request: Call, pk: Pk, sent: NewDecision) -> Any:
    """Record a decision: it becomes work with a last day."""
    made: list[Decision] = []

    def act() -> None:
        row = visible_meeting(request.user, pk)
        made.append(decisions.decide(meeting=row, by=request.user, **_decided(row, sent)))

    def told() -> Any:
        row = _decisions(pk).get(pk=made[0].pk)
        return one(request, DecisionOut, _decision_lines(request.user, [row])[0], 1, 201)

    return acted(request, act, told)


@creates(router, "/pledges", PledgeOut, "Hand in a pledge")
def hand_in(request: Call, sent: NewPledge) -> Any:
    """Hand in a pledge for a year, or a better one after it was returned."""
    made: list[Pledge] = []

    def act() -> None:
        owed = who_pledges(request.user, sent.year).select_related("user", "post__unit")
        facts = sent.model_dump(include={"year", "text", "version"})
        facts |= {"appointment": offered_or_404(owed, sent.appointment)}
        made.append(hand_in_pledge(by=request.user, document_number=number_in(sent.document_number), **facts))

    def told() -> Any:
        row = Pledge.objects.select_related(*RELATED_OF_PLEDGE).get(pk=made[0].pk)
        return one(request, PledgeOut, pledge_lines([row])[0], row.version, 201)

    return acted(request, act, told)


def _unit(request: Call, pk: int) -> Unit:
    found: Unit = offered_or_404(meeting_units(request.user, clock.today()), pk)
    return found


def _planned(user: User, pk: int) -> Meeting:
    """Return a meeting that the person plans, else 404; raise ActionRefused unless it is still to come."""
    row = visible_meeting(user, pk)
    require(may_plan(user, row.unit))
    _require_planned(row)
    return row


def _require_planned(row: Meeting) -> None:
    """Refuse to change what is recorded or called off."""
    if row.state != MeetingState.PLANNED:
        words = _("This is not possible now: the meeting is “%(state)s”. Look at it as it is now.")
        raise ActionRefused(words % {"state": MeetingState(row.state).label})


def _act(
    request: Call,
    pk: int,
    act: Callable[[Meeting], None],
    *,
    planned: bool,
    told: Callable[[Call, int], Any] | None = None,
) -> Any:
    find = _planned if planned else visible_meeting
    return acted(request, lambda: act(find(request.user, pk)), lambda: (told or _meeting)(request, pk))


def _about_item(request: Call, pk: int, act: Callable[[Meeting, AgendaItem], None]) -> Any:
    seen_ones = Meeting.objects.visible_to(request.user).order_by().values("pk")
    items = AgendaItem.objects.filter(pk=pk, meeting__in=seen_ones)
    found: int | None = items.values_list("meeting", flat=True).first()

    def run(row: Meeting) -> None:
        act(row, item_of(row, pk))

    require(found is not None)
    return _act(request, found or 0, run, planned=True, told=_agenda)


def _meeting(request: Call, pk: int, status: int = 200) -> Any:
    row = visible_meeting(request.user, pk)
    return one(request, MeetingOut, meeting_lines([row])[0], row.version, status)


def _agenda(request: Call, pk: int) -> Any:
    row = visible_meeting(request.user, pk)
    plain = ("ordinal", "title", "topic")
    items = [
        {
            **plain_of(found.item, plain),
            "presenter_unit": unit_ref(found.item.presenter_unit) if found.item.presenter_unit else None,
            "presenter": person_ref(found.item.presenter),
            "work": _work(found.work),
            "paper": _work(found.paper),
        }
        for found in item_rows(row, user=request.user, today=clock.today())
    ]
    return one(request, AgendaOut, {"meeting": row.pk, "version": row.version, "items": items}, row.version)


def _work(work: Work | None) -> dict[str, int] | None:
    return {"total": work.total, "done": work.done} if work else None


def _minutes(request: Call, pk: int) -> Any:
    row = visible_meeting(request.user, pk)
    seats = row.attendance.select_related("person")
    facts: dict[str, Any] = {
        "meeting": row.pk,
        **{n: getattr(row, n) for n in ("version", "held_on", "minutes", "minutes_symbol")},
        "attendance": [{"person": person_ref(s.person), "present": s.present, "reason": s.reason} for s in seats],
        "files": file_lines(row.files.all()),
    }
    return one(request, MinutesOut, facts, row.version)


def _decided(row: Meeting, sent: NewDecision) -> dict[str, Any]:
    """Return what the act takes: the units below, the members of the body, the agenda, the meetings to come."""
    today = clock.today()
    units = Unit.objects.below(row.unit).in_force(today)
    coming = Meeting.objects.in_state(MeetingState.PLANNED).filter(unit=row.unit_id).exclude(pk=row.pk)
    return {
        "text": sent.text,
        "due": sent.due,
        "phrase": sent.phrase,
        "lead_unit": named(units.filter(kind__may_lead=True), sent.lead_unit, "lead_unit"),
        "supporting_units": all_of(units, sent.supporting_units, "supporting_units"),
        "overseer": one_of(members_of(row.unit, row.body, today), sent.overseer, "overseer"),
        "item": one_of(row.items.all(), sent.item, "item"),
        "until": one_of(coming.select_related("event"), sent.until, "until"),
    }


def _decisions(meeting: int) -> Any:
    related = ("solution__lead_unit", "solution__group__lead_unit", "solution__overseer")
    rows = Decision.objects.filter(meeting=meeting).select_related(*related)
    return rows.prefetch_related("solution__supporting_units")


def _decision_lines(user: User, rows: Sequence[Decision]) -> list[dict[str, Any]]:
    owed = Deadline.objects.visible_to(user).filter(solution__in=[row.solution_id for row in rows]).order_by()
    counted = owed.values_list("solution").annotate(all=Count("pk"), handed_in=Count("pk", filter=Q(status__in=DONE)))
    works = {solution: {"total": total, "done": finished} for solution, total, finished in counted}
    return [
        {
            **plain_of(row, ("ordinal",)),
            "meeting": row.meeting_id,
            "text": row.solution.text,
            "item": row.item_id,
            "lead_unit": unit_ref(row.solution.lead) if row.solution.lead else None,
            "supporting_units": [unit_ref(unit) for unit in row.solution.supporting_units.all()],
            "overseer": person_ref(row.solution.overseer),
            "solution": row.solution_id,
            "work": works.get(row.solution_id, {"total": 0, "done": 0}),
        }
        for row in rows
    ]
