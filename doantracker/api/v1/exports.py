"""Large files: asked for, watched while a job writes them, downloaded for a day."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from django.db import transaction
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import Field

from doantracker.api.v1.acts import Year, creates, page_at, plain_of, shows, wrong
from doantracker.api.v1.answers import one
from doantracker.api.v1.auth import Call
from doantracker.api.v1.idempotency import once
from doantracker.api.v1.papers import DOWNLOAD, FILE
from doantracker.api.v1.problems import FAULTS, form_refused
from doantracker.api.v1.types import Day, Id, Pk, Sent, Switch, Text
from doantracker.lib import clock
from doantracker.papers.actions import exports as actions
from doantracker.papers.enums import ExportKind, ExportState
from doantracker.papers.enums import Form as PaperForm
from doantracker.papers.jobs import write_exports
from doantracker.papers.models import Export
from doantracker.papers.views.exports import export_name
from plans.enums import Status, TimeState
from plans.errors import ActionRefused
from plans.listings import deadlines_that_fit
from plans.views.shared import as_download
from units.access import get_visible_or_404
from units.models import User

router = Router(tags=["exports"])
#: What each kind of file is asked for with.
WORDS: Final[dict[ExportKind, frozenset[str]]] = {
    ExportKind.DEADLINES: frozenset({"filter"}),
    ExportKind.ARCHIVE: frozenset({"plan", "year"}),
    ExportKind.PAPER: frozenset({"paper", "form"}),
}
NEEDED: Final[dict[ExportKind, tuple[str, ...]]] = {
    ExportKind.DEADLINES: (),
    ExportKind.ARCHIVE: ("plan",),
    ExportKind.PAPER: ("paper", "form"),
}


class DeadlineWords(Sent):
    """Which deadlines: the filters of their page."""

    q: Annotated[Text, Field(max_length=200)] | None = Field(default=None, description="Words of the work.")
    unit: Id | None = Field(default=None, description="A unit: it and all below.")
    own: Switch | None = Field(default=None, description="With `unit`: without the units below.")
    plan: Id | None = None
    solution: Id | None = None
    state: TimeState | None = None
    status: Status | None = None
    due_from: Day | None = Field(default=None, description="Due on this day or later.")
    due_to: Day | None = Field(default=None, description="Due on this day or before.")


class ExportIn(Sent):
    """A file to have written: the table of deadlines, the archive of a plan, or a paper."""

    kind: ExportKind
    filter: DeadlineWords | None = Field(
        default=None, description="deadlines; without any: what is still to be done or decided, as on the page"
    )
    plan: Id | None = Field(default=None, description="archive")
    year: Year | None = Field(default=None, description="archive; null: all years")
    paper: Id | None = Field(default=None, description="paper")
    form: PaperForm | None = Field(default=None, description="paper")

    def query(self, user: User) -> str:
        """Return what the job reads; 404 for what `user` may not take along."""
        given = self.model_dump(mode="json", exclude={"kind"}, exclude_none=True)
        for name in given.keys() - WORDS[self.kind]:
            raise wrong(name)
        for name in NEEDED[self.kind]:
            if name not in given:
                raise wrong(name, FAULTS["missing"])
        words = urlencode(given.get("filter", {}) if self.kind == ExportKind.DEADLINES else given)
        if len(words) > actions.LONGEST_QUERY:  # cut off it would let in more than was asked for
            raise wrong("filter", FAULTS["string_too_long"])
        if self.kind == ExportKind.PAPER:
            actions.paper_of(words, by=user)
        elif self.kind == ExportKind.ARCHIVE:
            actions.plan_of(words, by=user)
        elif self.filter and self.filter.own and self.filter.unit is None:
            raise wrong("filter.unit", FAULTS["missing"])
        else:
            _check(words, user)
        return words


class ExportOut(Schema):
    """A file that is asked for. `rows`: how many it will have; `written`: how many it has."""

    id: int
    kind: ExportKind
    state: ExportState
    rows: int = Field(description="How many rows it will have.")
    written: int = Field(description="How many rows are written.")
    created_at: dt.datetime
    expires_at: dt.datetime = Field(description="From then on it is gone.")
    page: str = Field(description="The address of its page, for people.")


@creates(router, "/exports", ExportOut, "Ask for a large file")
def ask(request: Call, sent: ExportIn) -> Any:
    """Have a file written; `/exports/{pk}` tells how far it is."""

    def run() -> Any:
        made = actions.ask_export(query=sent.query(request.user), by=request.user, kind=sent.kind)
        transaction.on_commit(write_exports.delay)
        return _answer(request, made.pk, 201)

    return once(request, run)


@shows(router, "/exports/{pk}", ExportOut, "Show how far a large file is")
def export(request: Call, pk: Pk) -> Any:
    """Show how far a file is that you asked for."""
    return _answer(request, pk)


@router.get("/exports/{pk}/file", response=FILE, openapi_extra=DOWNLOAD, summary="Download a large file")
def file(request: Call, pk: Pk) -> Any:
    """Download the file while it is kept, with the rights you have now; the log says who did."""
    row = _visible(request.user, pk)
    if row.state == ExportState.FAILED:
        raise ActionRefused(_("The file could not be written. Ask for it again."))
    if row.state != ExportState.READY:
        raise ActionRefused(_("The file is still being written. Ask how far it is, then take it."))
    if not row.file.storage.exists(row.file.name or ""):
        raise Http404
    actions.require_still_seen(export=row, by=request.user)
    actions.note_export_download(export=row, by=request.user)
    return as_download(row.file.open("rb"), export_name(row))


def _check(words: str, user: User) -> None:
    """Raise ValidationError for a filter that its page refuses."""
    found = deadlines_that_fit(QueryDict(words), user=user, today=clock.today()).filter
    if found.is_bound and not found.is_valid():
        raise form_refused(found.form, "body.filter")


def _answer(request: Call, pk: int, status: int = 200) -> Any:
    row = _visible(request.user, pk)
    facts = plain_of(row, ("kind", "state", "rows", "written", "created_at", "expires_at")) | {"page": page_at(row)}
    return one(request, ExportOut, facts, row.state, status)


def _visible(user: User, pk: int) -> Export:
    found: Export = get_visible_or_404(Export.objects.all(), user, pk)
    return found
