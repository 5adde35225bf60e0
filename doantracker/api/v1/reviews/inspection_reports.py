"""Reports on inspections: owed once the visits are ended, handed in as text and files."""

from __future__ import annotations

from typing import Any

from ninja import File, Router, UploadedFile
from pydantic import Field

from doantracker.api.v1.acts import PaperNumber, Words, changes, number_in, one_of, uploads
from doantracker.api.v1.auth import Call
from doantracker.api.v1.reviews.inspections import WholeInspectionOut, on_inspection
from doantracker.api.v1.types import Day, Id, Pk, Sent
from doantracker.lib import clock
from reviews.actions import inspection_reports
from reviews.models import Inspection
from reviews.rights import may_conclude
from units.access import require

router = Router(tags=["inspections"])


class VisitsEnded(Sent):
    """When the report is owed: at a meeting, or by a day; neither: at the next meeting planned."""

    meeting: Id | None = Field(default=None, description="The id of a meeting of the unit.")
    due: Day | None = Field(default=None, description="The last day.")


class InspectionReportIn(Sent):
    """The report and its number."""

    text: Words = ""
    symbol: PaperNumber = ""


@changes(router, "/inspections/{pk}/end-visits", WholeInspectionOut, "End the visits of an inspection")
def end_visits(request: Call, pk: Pk, sent: VisitsEnded) -> Any:
    """End the visits: the report is owed. Done again before the report, it is owed otherwise."""

    def act(row: Inspection, version: int) -> None:
        require(may_conclude(request.user, row))
        offered = inspection_reports.meetings_offered(row.unit, clock.today())
        meeting = one_of(offered, sent.meeting, "meeting")
        facts: dict[str, Any] = {"meeting": meeting, "due": sent.due, "version": version}
        inspection_reports.end_visits(inspection=row, by=request.user, **facts)

    return on_inspection(request, pk, act)


@changes(router, "/inspections/{pk}/report", WholeInspectionOut, "Hand in the report on an inspection")
def report(request: Call, pk: Pk, sent: InspectionReportIn) -> Any:
    """Hand in the report of an inspection, or correct it before the conclusions."""

    def act(row: Inspection, version: int) -> None:
        require(may_conclude(request.user, row))
        facts: dict[str, Any] = {"text": sent.text, "symbol": number_in(sent.symbol), "version": version}
        inspection_reports.hand_in_report(inspection=row, by=request.user, **facts)

    return on_inspection(request, pk, act)


@changes(router, "/inspections/{pk}/report-files", WholeInspectionOut, "Hand in the report on an inspection as files")
def report_with_files(request: Call, pk: Pk, files: File[list[UploadedFile]]) -> Any:
    """Hand in the report as files, or add files to it, as multipart/form-data. Text and number stay as they are."""

    def act(row: Inspection, version: int) -> None:
        require(may_conclude(request.user, row))
        kept: dict[str, Any] = {"text": row.report, "symbol": row.report_symbol, "files": uploads(files)}
        inspection_reports.hand_in_report(inspection=row, by=request.user, version=version, **kept)

    return on_inspection(request, pk, act)
