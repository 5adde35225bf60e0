"""Those whom feedback rounds are about: what was said of them, and their self-review reports."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.shortcuts import get_object_or_404
from ninja import File, Form, Router, Schema, UploadedFile
from pydantic import Field

from doantracker.api.v1.acts import FileOut, Kept, Words, acted, changes, file_lines, kept, plain_of, shows, uploads
from doantracker.api.v1.answers import one, seen_number
from doantracker.api.v1.auth import Call
from doantracker.api.v1.reviews.contributions import ContributionsAboutOut, about_lines
from doantracker.api.v1.types import Pk, Sent
from reviews.actions.self_reviews import give_report, log_reading
from reviews.enums import FeedbackStep
from reviews.feedback_page import about
from reviews.models import FeedbackRound, FeedbackTarget
from reviews.rights import may_review
from units.access import get_visible_or_404, require
from units.models import User

router = Router(tags=["feedback"])


class WholeFeedbackTargetOut(Schema):
    """What was said about one target, and its self-review report."""

    id: int
    version: int
    round: int
    step: FeedbackStep
    about: ContributionsAboutOut
    report: str = Field(description="The self-review report in words.")
    report_given_on: dt.date | None
    files: list[FileOut]


class SelfReview(Sent):
    """The self-review report."""

    text: Words = ""


@shows(router, "/feedback-targets/{pk}", WholeFeedbackTargetOut, "Read what was said about a target")
def target(request: Call, pk: Pk) -> Any:
    """Show what was said about one target, yourself too, and the self-review report. The reading is logged."""
    row = _visible(request.user, pk)
    group = about(row, request.user)
    log_reading(by=request.user, feedback=row.round, targets=[row] if group.count else [])
    facts: dict[str, Any] = {
        **plain_of(row, ("version", "report", "report_given_on")),
        "round": row.round_id,
        "step": row.round.step,
        "about": about_lines(group),
        "files": file_lines(row.files.all()),
    }
    return one(request, WholeFeedbackTargetOut, facts, row.version)


@changes(router, "/feedback-targets/{pk}/report", Kept, "Hand in a self-review report")
def report(request: Call, pk: Pk, sent: SelfReview) -> Any:
    """Hand in the self-review report of a target, or a better one while reports are taken."""
    return _report(request, pk, sent.text, ())


@changes(router, "/feedback-targets/{pk}/report-files", Kept, "Hand in a self-review report with files")
def report_with_files(request: Call, pk: Pk, sent: Form[SelfReview], files: File[list[UploadedFile]]) -> Any:
    """Hand in the report with files, as multipart/form-data. Files are only added."""
    return _report(request, pk, sent.text, files)


def _reviewed(user: User, pk: int) -> FeedbackTarget:
    """Return a target for which `user` hands in the report; until contributions are read who runs the round alone."""
    rounds = FeedbackRound.objects.visible_to(user).order_by().values("pk")
    seen = FeedbackTarget.objects.visible_to(user).order_by().values("pk")
    rows = FeedbackTarget.objects.filter(Q(round__in=rounds) | Q(pk__in=seen))
    found: FeedbackTarget = get_object_or_404(rows.select_related("round__unit", "unit", "person"), pk=pk)
    require(may_review(user, found))
    return found


def _report(request: Call, pk: int, text: str, files: Sequence[UploadedFile]) -> Any:
    def act() -> None:
        row = _reviewed(request.user, pk)
        version = seen_number(request, row.version)
        give_report(target=row, by=request.user, text=text, files=uploads(files), version=version)

    return acted(request, act, lambda: kept(request, _visible(request.user, pk)))


def _visible(user: User, pk: int) -> FeedbackTarget:
    found: FeedbackTarget = get_visible_or_404(
        FeedbackTarget.objects.select_related("round__unit", "unit", "person"), user, pk
    )
    return found
