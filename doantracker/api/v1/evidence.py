"""Evidence one by one: read, downloaded, replaced, used for other deadlines; chasing; letters; excuses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Any

from django.http import FileResponse, Http404
from django.utils.translation import gettext as _
from ninja import File, Form, Query, Router, Schema, UploadedFile
from pydantic import Field

from doantracker.api.v1.answers import (
    KEYED,
    READ_PROBLEMS,
    VERSIONED,
    PageQuery,
    done,
    one,
    page,
    page_of,
    reads,
    reads_one,
    seen_number,
    writes,
)
from doantracker.api.v1.auth import Call
from doantracker.api.v1.deadlines import (
    NO_FILES,
    DeadlineOut,
    EvidenceOut,
    PlanRef,
    Proven,
    answer,
    evidence_lines,
    plan_ref,
    visible,
)
from doantracker.api.v1.idempotency import once
from doantracker.api.v1.problems import STALE, Problem
from doantracker.api.v1.shared import facts, plan_seen, unit_seen
from doantracker.api.v1.types import GREATEST, Day, Id, PersonRef, Pk, Sent, Text, UnitRef, person_ref, unit_ref
from plans.actions import bulk, extensions, letters
from plans.actions import evidence as actions
from plans.enums import PlanStatus
from plans.errors import ActionRefused, Stale
from plans.evidence_rows import versions_of
from plans.models import ChasingLetter, Evidence
from plans.rights import may_manage, may_report
from plans.views.shared import as_download
from units.access import get_visible_or_404, require
from units.models import User

router = Router(tags=["evidence"])
RELATED = ("deadline__plan", "deadline__unit", "deadline__solution", "added_by")


class VersionsOut(Schema):
    """Every version of one piece, the newest first."""

    versions: list[EvidenceOut]


class Shared(Sent):
    """Evidence given for other deadlines of the unit."""

    evidence: Annotated[list[Id], Field(min_length=1, max_length=50)]


class Cause(Sent):
    """The objective cause of a late result."""

    cause: Annotated[Text, Field(min_length=1, max_length=500)]


class Reminded(Schema):
    """How many people are told."""

    people: int


class LetterOut(Schema):
    """A chasing letter as prepared; it is numbered, signed and sent outside this system."""

    id: int
    plan: PlanRef
    unit: UnitRef | None = Field(description="Null: to all units that are late.")
    answer_by: dt.date
    prepared_by: PersonRef
    prepared_at: dt.datetime
    text: str


class LetterQuery(PageQuery):
    """Which letters."""

    plan: Annotated[int | None, Field(ge=1, le=GREATEST)] = None


class LetterIn(Sent):
    """To whom, and by when an answer is asked for."""

    answer_by: Day
    unit: Id | None = Field(default=None, description="Null: all units that are late.")


@router.get("/evidence/{pk}", response=reads_one(EvidenceOut), summary="One piece of evidence")
def piece(request: Call, pk: Pk) -> Any:
    """Show one piece of evidence of a deadline that you see."""
    row = _visible(request.user, pk)
    return one(request, EvidenceOut, evidence_lines([row])[0], row.version)


@router.get("/evidence/{pk}/versions", response=reads(VersionsOut), summary="Versions of a piece")
def versions(request: Call, pk: Pk) -> Any:
    """List every version of one piece, the newest first."""
    return done({"versions": evidence_lines(versions_of(_visible(request.user, pk)))}, VersionsOut)


@router.get(
    "/evidence/{pk}/file",
    response={200: None, READ_PROBLEMS: Problem},
    summary="The file of a piece",
    openapi_extra={
        "responses": {
            200: {
                "description": "The file, always as a download.",
                "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
            }
        }
    },
)
def file(request: Call, pk: Pk) -> Any:
    """Download the file of a piece of evidence; the log says who did."""
    row = _visible(request.user, pk)
    if not row.file or not row.file.storage.exists(row.file.name or ""):
        raise Http404
    actions.note_download(evidence=row, by=request.user)
    response: FileResponse = as_download(row.file.open("rb"), row.original_name)
    return response


@router.post(
    "/evidence/{pk}/replace",
    response=writes(EvidenceOut, 201),
    openapi_extra=VERSIONED,
    summary="Give a newer version",
)
def replace(request: Call, pk: Pk, sent: Form[Proven], files: File[list[UploadedFile]] = NO_FILES) -> Any:
    """Give a newer version of one piece, as multipart/form-data: one file, link or number. The older one stays."""
    proof = sent.proof(files)
    if len(proof.files) + len(proof.links) + len(proof.document_numbers) != 1:
        raise ActionRefused(_("Give the newer version as one thing: a file, a link, or the number of a document."))

    def run() -> Any:
        row = _visible(request.user, pk)
        require(may_report(request.user, row.deadline))
        if seen_number(request, row.version) != row.version:
            raise Stale(str(STALE))
        made = actions.replace_evidence(evidence=row, by=request.user, proof=proof)
        return one(request, EvidenceOut, evidence_lines([_visible(request.user, made.pk)])[0], made.version, 201)

    return once(request, run)


@router.post(
    "/deadlines/{pk}/evidence/share", response=writes(DeadlineOut), openapi_extra=KEYED, summary="Use evidence again"
)
def share(request: Call, pk: Pk, sent: Shared) -> Any:
    """Let evidence given for other deadlines of the unit serve this one too: all of it or nothing."""

    def run() -> Any:
        row = visible(request.user, pk)
        require(may_report(request.user, row))
        chosen = list(Evidence.objects.usable_for(row, request.user).filter(pk__in=sent.evidence))
        if len(chosen) < len(set(sent.evidence)):
            raise ActionRefused(
                _("Some of the evidence chosen is there no more, or serves this deadline already. Choose again.")
            )
        actions.share_evidence(deadline=row, by=request.user, evidence=chosen)
        return answer(request, pk)

    return once(request, run)


@router.post(
    "/deadlines/{pk}/excuse",
    response=writes(DeadlineOut),
    openapi_extra=VERSIONED,
    summary="Confirm the cause of a delay",
)
def excuse(request: Call, pk: Pk, sent: Cause) -> Any:
    """Confirm that a late result had an objective cause: it is counted apart from then on."""

    def run() -> Any:
        row = visible(request.user, pk)
        version = seen_number(request, row.version)
        extensions.excuse(deadline=row, by=request.user, version=version, cause=sent.cause)
        return answer(request, pk)

    return once(request, run)


@router.post("/deadlines/{pk}/remind", response=writes(Reminded), openapi_extra=VERSIONED, summary="Chase a deadline")
def remind(request: Call, pk: Pk) -> Any:
    """Remind whoever reports for the unit at once."""

    def run() -> Any:
        row = visible(request.user, pk)
        people = bulk.remind(deadline=row, by=request.user, version=seen_number(request, row.version))
        return done({"people": people}, Reminded)

    return once(request, run)


@router.get("/letters", response=reads(page_of(LetterOut, "LetterPage")), summary="Chasing letters")
def letter_list(request: Call, asked: Query[LetterQuery]) -> Any:
    """List the chasing letters of the plans you run."""
    rows = ChasingLetter.objects.visible_to(request.user).select_related("plan", "unit", "prepared_by")
    rows = rows.filter(plan=asked.plan) if asked.plan else rows
    return page(request, rows, asked, LetterOut, _letter_lines)


@router.get("/letters/{pk}", response=reads_one(LetterOut), summary="One chasing letter")
def letter(request: Call, pk: Pk) -> Any:
    """Show one chasing letter."""
    return _letter(request, pk)


@router.post("/plans/{pk}/letters", response=writes(LetterOut, 201), openapi_extra=KEYED, summary="Prepare a letter")
def prepare(request: Call, pk: Pk, sent: LetterIn) -> Any:
    """Prepare a chasing letter to a unit, or to all units that are late in a plan."""

    def run() -> Any:
        plan = plan_seen(request.user, pk)
        require(may_manage(request.user, plan) and plan.status != PlanStatus.DRAFT)
        unit = unit_seen(request.user, sent.unit) if sent.unit else None
        made = letters.prepare_letter(plan=plan, unit=unit, answer_by=sent.answer_by, by=request.user)
        return _letter(request, made.pk, 201)

    return once(request, run)


def _visible(user: User, pk: int) -> Evidence:
    found: Evidence = get_visible_or_404(Evidence.objects.select_related(*RELATED), user, pk)
    return found


def _letter(request: Call, pk: int, status: int = 200) -> Any:
    rows = ChasingLetter.objects.select_related("plan", "unit", "prepared_by")
    row: ChasingLetter = get_visible_or_404(rows, request.user, pk)
    return one(request, LetterOut, _letter_lines([row])[0], 1, status)


def _letter_lines(rows: Sequence[ChasingLetter]) -> list[dict[str, Any]]:
    return [
        {
            **facts(row, "answer_by", "prepared_at", "text"),
            "plan": plan_ref(row.plan),
            "unit": unit_ref(row.unit) if row.unit else None,
            "prepared_by": person_ref(row.prepared_by),
        }
        for row in rows
    ]
