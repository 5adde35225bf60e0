"""Deadlines: read, and every act on one that its page offers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Annotated, Any, Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from ninja import File, Form, Query, Router, Schema, UploadedFile
from pydantic import Field, field_validator

from doantracker.api.v1.answers import (
    KEYED,
    VERSIONED,
    PageQuery,
    one,
    page,
    page_of,
    reads,
    reads_one,
    seen_number,
    writes,
)
from doantracker.api.v1.auth import Call
from doantracker.api.v1.filtering import narrowed
from doantracker.api.v1.idempotency import once
from doantracker.api.v1.problems import FAULTS
from doantracker.api.v1.shared import Page, facts, page_address
from doantracker.api.v1.types import (
    GREATEST,
    Day,
    Figure,
    Links,
    Numbers,
    PersonRef,
    Pk,
    Sent,
    Text,
    UnitRef,
    person_ref,
    unit_ref,
)
from doantracker.lib import clock
from plans.actions import deadlines as actions
from plans.actions import evidence
from plans.actions.proof import Proof, Upload
from plans.enums import Deliverable, Status, TimeState
from plans.filters import DeadlineFilter
from plans.forms.evidence import FilesField
from plans.models import Deadline, Evidence, ProgressReport
from plans.time_state import time_state
from units.access import get_visible_or_404
from units.models import User

router = Router(tags=["deadlines"])
RELATED: Final = ("unit", "plan__issuing_unit", "solution", "reported_by", "confirmed_by")


NO_FILES: Final[list[UploadedFile]] = []


class PlanRef(Schema):
    """A plan as named in other records."""

    id: int = Field(description="Its id, as `/plans/{pk}` takes it.")
    symbol: str = Field(description="Its number as written, such as 12-KH/TĐTN-VP.")
    title: str = Field(description="What it is about.")


class DeadlineOut(Schema):
    """What one unit owes by one day, or by none yet."""

    id: int
    version: int = Field(description="Goes up with every act.")
    plan: PlanRef
    solution: int = Field(description="The id of the solution it belongs to.")
    text: str = Field(description="What is to be done: the text of the solution.")
    unit: UnitRef
    occurrence: str = Field(
        description="Which period of recurring work, such as 2026-03 or 2026-Q1; once: it comes once."
    )
    due_on: dt.date | None = Field(description="The last day in force; null: none is set yet.")
    original_due_on: dt.date | None = Field(description="The day first set; a later day granted leaves it.")
    status: Status = Field(description="What people did with it.")
    time_state: TimeState = Field(description="How it stands against its day today.")
    percent: int = Field(description="How far the unit said it is, 0 to 100.")
    reported_on: dt.date | None = Field(
        description="The day on which it was reported done: this one counts for lateness."
    )
    reported_by: PersonRef | None
    confirmed_on: dt.date | None = Field(description="When the level above confirmed the result.")
    confirmed_by: PersonRef | None
    reason: str = Field(description="Why it was returned or cancelled.")
    held_until: dt.date | None = Field(description="Null: until somebody takes it off hold.")
    hold_reason: str
    deliverable: Deliverable = Field(description="What has to be handed in.")
    page: Page


class ReportOut(Schema):
    """What a unit said about a deadline at one moment."""

    id: int
    deadline: int
    percent: int = Field(description="0 to 100.")
    text: str
    value: Decimal | None = Field(description="A figure reached, where the work asks for one.")
    difficulty: str = Field(description="What is in the way; empty: nothing was said.")
    author: PersonRef
    at: dt.datetime


class EvidenceOut(Schema):
    """Proof of a result: a file, a link or the number of a document."""

    id: int
    deadline: int
    name: str = Field(description="What the file is called; empty for a link or number.")
    link: str
    document_number: str
    size: int | None = Field(description="Bytes; null: no file.")
    sha256: str = Field(description="Of the file, in hexadecimal digits; empty: no file.")
    version: int = Field(description="1, and one more with each that stands in its place.")
    replaced_at: dt.datetime | None = Field(description="Since when a newer version stands in its place.")
    added_by: PersonRef
    added_at: dt.datetime
    page: str = Field(description="Where people read it and get the file; each download is logged.")


class DeadlineQuery(PageQuery):
    """Which deadlines: the filters of their page."""

    q: Annotated[Text | None, Field(max_length=200, description="Words of the work, the unit or the plan.")] = None
    unit: Annotated[int | None, Field(ge=1, le=GREATEST, description="A unit: it and all below.")] = None
    own: Annotated[bool | None, Field(description="With `unit`: without the units below.")] = None
    plan: Annotated[int | None, Field(ge=1, le=GREATEST, description="The id of a plan.")] = None
    solution: Annotated[int | None, Field(ge=1, le=GREATEST, description="The id of a solution.")] = None
    state: TimeState | None = Field(default=None, description="How it stands against its day today.")
    status: Status | None = Field(default=None, description="What people did with it.")
    due_from: Day | None = Field(default=None, description="The first day on which it may be due.")
    due_to: Day | None = Field(default=None, description="The last day on which it may be due.")


class ReportQuery(PageQuery):
    """Which progress reports."""

    deadline: Annotated[int | None, Field(ge=1, le=GREATEST, description="The id of a deadline.")] = None
    plan: Annotated[int | None, Field(ge=1, le=GREATEST, description="The id of a plan.")] = None


class Proven(Sent):
    """Proof that is no file."""

    links: Links = Field(default_factory=list, description="Addresses that begin with https:// or http://.")
    document_numbers: Numbers = Field(
        default_factory=list, description="Numbers and symbols, such as 15-BC/ĐTN; nothing secret."
    )

    def proof(self, files: Sequence[UploadedFile] = ()) -> Proof:
        """Return the proof, with the files that came along; raise ValidationError for one the page refuses too."""
        try:
            given = FilesField(required=False).clean(list(files))
        except ValidationError as fault:
            raise ValidationError({"file.files": fault.messages}) from fault
        return Proof(tuple(Upload.of(file) for file in given), tuple(self.links), tuple(self.document_numbers))


class Said(Proven):
    """What a unit says about its work."""

    text: Annotated[Text, Field(max_length=4000, description="What was done.")] = ""
    difficulty: Annotated[
        Text, Field(max_length=2000, description="What is in the way; the level above is told with /difficulties.")
    ] = ""
    value: Annotated[
        Figure | None, Field(decimal_places=2, description="The figure reached, where the work asks for one.")
    ] = None

    def facts(self, files: Sequence[UploadedFile] = ()) -> dict[str, Any]:
        """Return what the acts take."""
        said = {"text": self.text, "difficulty": self.difficulty, "value": self.value}
        return {**said, "proof": self.proof(files)}


class Progress(Said):
    """How far the work is."""

    percent: Annotated[int, Field(ge=0, le=99, strict=True, description="100 is not progress: submit the work.")]

    @field_validator("percent", mode="before")
    @classmethod
    def _not_done(cls, value: Any) -> Any:
        """Tell who sends 100 what is meant for it."""
        if type(value) is int and value not in range(100):
            raise ValueError(_("Send 0 to 99. Work that is done is reported with /submit."))
        return value


class Reason(Sent):
    """Why."""

    reason: Annotated[Text, Field(min_length=1, max_length=500)]


class OptionalReason(Sent):
    """Why, if you want to say it."""

    reason: Annotated[Text, Field(max_length=500)] = ""


class Hold(Reason):
    """Why work is put on hold, and until when; without a day until somebody takes it off hold."""

    until: Day | None = Field(default=None, description="Null: until somebody takes it off hold.")


class Resume(Sent):
    """The last day when work goes on; none: it stays."""

    due_on: Day | None = Field(default=None, description="A new last day; null: the old one stays.")


class NewDay(Sent):
    """A day for work that has none."""

    due_on: Day


@router.get("/deadlines", response=reads(page_of(DeadlineOut, "DeadlinePage")), summary="List deadlines")
def deadline_list(request: Call, asked: Query[DeadlineQuery]) -> Any:
    """List the deadlines you see."""
    if asked.own and asked.unit is None:
        raise ValidationError({"query.unit": str(FAULTS["missing"])})
    rows = narrowed(DeadlineFilter, asked, Deadline.objects.visible_to(request.user), request)
    return page(request, rows.select_related(*RELATED), asked, DeadlineOut, deadline_lines)


@router.get("/deadlines/{pk}", response=reads_one(DeadlineOut), summary="Show a deadline")
def deadline(request: Call, pk: Pk) -> Any:
    """Show one deadline; its ETag is needed to act on it."""
    return answer(request, pk)


@router.get(
    "/deadlines/{pk}/evidence",
    response=reads(page_of(EvidenceOut, "EvidencePage")),
    summary="List the evidence of a deadline",
)
def evidence_list(request: Call, pk: Pk, asked: Query[PageQuery]) -> Any:
    """List the proof handed in, older versions too."""
    row = get_visible_or_404(Deadline.objects.all(), request.user, pk)
    rows = Evidence.objects.visible_to(request.user).filter(deadline=row).select_related("added_by")
    return page(request, rows, asked, EvidenceOut, evidence_lines)


@router.get("/progress-reports", response=reads(page_of(ReportOut, "ReportPage")), summary="List progress reports")
def report_list(request: Call, asked: Query[ReportQuery]) -> Any:
    """List what units said about the deadlines you see."""
    rows = ProgressReport.objects.visible_to(request.user).select_related("author")
    rows = rows.filter(deadline=asked.deadline) if asked.deadline else rows
    rows = rows.filter(deadline__plan=asked.plan) if asked.plan else rows
    return page(request, rows, asked, ReportOut, _report_lines)


@router.post(
    "/deadlines/{pk}/progress", response=writes(DeadlineOut), openapi_extra=VERSIONED, summary="Report progress"
)
def report_progress(request: Call, pk: Pk, sent: Progress) -> Any:
    """Say how far the work is."""
    facts = {"percent": sent.percent, **sent.facts()}
    return _act(request, pk, lambda **who: actions.report_progress(**who, **facts))


@router.post(
    "/deadlines/{pk}/submit", response=writes(DeadlineOut), openapi_extra=VERSIONED, summary="Report the work done"
)
def submit(request: Call, pk: Pk, sent: Said) -> Any:
    """Report the work done. The day of the call counts for lateness."""
    return _act(request, pk, lambda **who: actions.submit(**who, **sent.facts()))


@router.post(
    "/deadlines/{pk}/submit-files",
    response=writes(DeadlineOut),
    openapi_extra=VERSIONED,
    summary="Report the work done, with files",
)
def submit_with_files(request: Call, pk: Pk, sent: Form[Said], files: File[list[UploadedFile]]) -> Any:
    """Report the work done and hand in files, as multipart/form-data; the same kinds and sizes as on the page."""
    facts = sent.facts(files)
    return _act(request, pk, lambda **who: actions.submit(**who, **facts))


@router.post(
    "/deadlines/{pk}/evidence",
    response=writes(DeadlineOut),
    openapi_extra=KEYED,
    summary="Hand in evidence afterwards",
)
def add_evidence(request: Call, pk: Pk, sent: Form[Proven], files: File[list[UploadedFile]] = NO_FILES) -> Any:
    """Hand in files, links or numbers of documents for work reported done before, as multipart/form-data."""
    proof = sent.proof(files)

    def run() -> Any:
        evidence.add_evidence(deadline=visible(request.user, pk), by=request.user, proof=proof)
        return answer(request, pk)

    return once(request, run)


@router.post(
    "/deadlines/{pk}/withdraw",
    response=writes(DeadlineOut),
    openapi_extra=VERSIONED,
    summary="Take a report of finished work back",
)
def withdraw(request: Call, pk: Pk, sent: OptionalReason) -> Any:
    """Take back a report that nobody confirmed yet."""
    return _act(request, pk, lambda **who: actions.withdraw(**who, reason=sent.reason))


@router.post(
    "/deadlines/{pk}/confirm", response=writes(DeadlineOut), openapi_extra=VERSIONED, summary="Confirm a result"
)
def confirm(request: Call, pk: Pk) -> Any:
    """Confirm a result; never by who reported it."""
    return _act(request, pk, actions.confirm)


@router.post(
    "/deadlines/{pk}/return", response=writes(DeadlineOut), openapi_extra=VERSIONED, summary="Return a result"
)
def return_result(request: Call, pk: Pk, sent: Reason) -> Any:
    """Send a result back with a reason."""
    return _act(request, pk, lambda **who: actions.return_result(**who, reason=sent.reason))


@router.post(
    "/deadlines/{pk}/hold", response=writes(DeadlineOut), openapi_extra=VERSIONED, summary="Put a deadline on hold"
)
def hold(request: Call, pk: Pk, sent: Hold) -> Any:
    """Put work on hold with a reason; nobody is reminded of it."""
    return _act(request, pk, lambda **who: actions.hold(**who, reason=sent.reason, until=sent.until))


@router.post(
    "/deadlines/{pk}/resume", response=writes(DeadlineOut), openapi_extra=VERSIONED, summary="Take a deadline off hold"
)
def resume(request: Call, pk: Pk, sent: Resume) -> Any:
    """Take work off hold, with a new last day or the old one."""
    return _act(request, pk, lambda **who: actions.resume(**who, due_on=sent.due_on))


@router.post(
    "/deadlines/{pk}/cancel", response=writes(DeadlineOut), openapi_extra=VERSIONED, summary="Cancel a deadline"
)
def cancel(request: Call, pk: Pk, sent: Reason) -> Any:
    """Call the work off, with a reason."""
    return _act(request, pk, lambda **who: actions.cancel(**who, reason=sent.reason))


@router.post(
    "/deadlines/{pk}/date", response=writes(DeadlineOut), openapi_extra=VERSIONED, summary="Give a deadline its date"
)
def give_date(request: Call, pk: Pk, sent: NewDay) -> Any:
    """Give a date to work that has none yet."""
    return _act(request, pk, lambda **who: actions.give_date(**who, due_on=sent.due_on))


def answer(request: Call, pk: int, status: int = 200) -> Any:
    """Return one deadline as it is now."""
    row = visible(request.user, pk)
    return one(request, DeadlineOut, deadline_lines([row])[0], row.version, status)


def visible(user: User, pk: int) -> Deadline:
    """Return a deadline that `user` sees; else 404."""
    rows: QuerySet[Deadline] = Deadline.objects.select_related(*RELATED)
    return get_visible_or_404(rows, user, pk)


def deadline_lines(rows: Sequence[Deadline]) -> list[dict[str, Any]]:
    """Return deadlines as told."""
    today = clock.today()
    return [_line(row, today) for row in rows]


def plan_ref(plan: Any) -> dict[str, Any]:
    """Return a plan as named in other records."""
    return {"id": plan.pk, "symbol": plan.symbol, "title": plan.title}


def _line(row: Deadline, today: dt.date) -> dict[str, Any]:
    plain = (
        "version", "occurrence", "due_on", "original_due_on", "status", "percent", "reported_on", "confirmed_on",
        "reason", "held_until", "hold_reason",
    )  # fmt: skip
    dates = {"due_on": row.due_on, "reported_on": row.reported_on}
    return {
        **facts(row, *plain),
        "plan": plan_ref(row.plan),
        "solution": row.solution_id,
        "text": row.solution.text,
        "unit": unit_ref(row.unit),
        "time_state": time_state(status=row.status, **dates, today=today, soon_days=settings.DUE_SOON_DAYS),
        "reported_by": person_ref(row.reported_by),
        "confirmed_by": person_ref(row.confirmed_by),
        "deliverable": row.solution.deliverable,
        "page": page_address(row),
    }


def _report_lines(rows: Sequence[ProgressReport]) -> list[dict[str, Any]]:
    plain = ("percent", "text", "value", "difficulty", "at")
    return [
        {
            **facts(row, *plain),
            "deadline": row.deadline_id,
            "author": person_ref(row.author),
        }
        for row in rows
    ]


def evidence_lines(rows: Sequence[Evidence]) -> list[dict[str, Any]]:
    plain = ("link", "document_number", "size", "sha256", "version", "replaced_at", "added_at")
    return [
        {
            "id": row.pk,
            "deadline": row.deadline_id,
            "name": row.original_name,
            **{name: getattr(row, name) for name in plain},
            "added_by": person_ref(row.added_by),
            "page": page_address(row),
        }
        for row in rows
    ]


def _act(request: Call, pk: int, act: Callable[..., object]) -> Any:
    """Do one act on the version the caller saw, once; answer with the deadline as it is then."""

    def run() -> Any:
        row = visible(request.user, pk)
        act(deadline=row, by=request.user, version=seen_number(request, row.version))
        return answer(request, pk)

    return once(request, run)
