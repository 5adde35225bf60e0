"""Official papers: what would be gathered now, papers kept with the words people put in, their files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from io import BytesIO
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field, field_validator
from pydantic_core import PydanticKnownError

from doantracker.api.v1.acts import (
    AskedId,
    AskedYear,
    Body,
    Kept,
    changes,
    creates,
    kept,
    lists,
    page_at,
    plain_of,
    shows,
)
from doantracker.api.v1.answers import (
    READ_PROBLEMS,
    PageQuery,
    done,
    one,
    page,
    reads,
    seen_number,
)
from doantracker.api.v1.auth import Call
from doantracker.api.v1.idempotency import once
from doantracker.api.v1.problems import FAULTS, Problem
from doantracker.api.v1.shared import filled, kinds_named, known_only, only_of
from doantracker.api.v1.types import Day, PersonRef, Pk, Sent, Text, UnitRef, person_ref, unit_ref
from doantracker.lib import clock
from doantracker.papers.actions import papers as actions
from doantracker.papers.actions.reading import note_paper_reading
from doantracker.papers.actions.records import day_of_record
from doantracker.papers.as_data import to_data
from doantracker.papers.composing import composed
from doantracker.papers.enums import Form as PaperForm
from doantracker.papers.enums import PaperKind
from doantracker.papers.forms.papers import WordsForm
from doantracker.papers.forms.templates import explained
from doantracker.papers.models import OfficialPaper
from doantracker.papers.paper import Paper
from doantracker.papers.renderings import file_name, is_kept, rendered
from doantracker.papers.rights import may_write
from doantracker.papers.sources import SOURCES, TooEarlyError, gathered
from doantracker.papers.template_checks import TemplateFaultError
from doantracker.papers.views.papers import ROWS_AT_ONCE
from plans.errors import ActionRefused
from plans.validators import LONGEST_TEXT
from plans.views.shared import as_download
from units.access import get_visible_or_404, require
from units.models import User
from units.permissions import Permission

router = Router(tags=["papers"])
RELATED: Final = ("unit", "created_by", "term")
MOST_NUMBER: Final = 99_999
MOST_PARAGRAPHS: Final = 500
MOST_KEY: Final = 80
#: The answer of a call that sends a file, for the document.
DOWNLOAD: Final[dict[str, Any]] = {
    "responses": {
        200: {
            "description": "The file, always as a download.",
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        }
    }
}
FILE: Final[dict[Any, Any]] = {200: None, READ_PROBLEMS: Problem}

#: What the words of a subject are called here, where one would mean two things.
_CALLED: Final = {(PaperKind.COMPILED, "year"): "report_year", (PaperKind.TRIPS, "kind"): "unit_kind"}
#: By which words each kind of paper knows what it is about.
WORDS: Final[dict[PaperKind, frozenset[str]]] = {
    PaperKind(kind): frozenset(_CALLED.get((PaperKind(kind), word), word) for word in source.words)
    for kind, source in SOURCES.items()
}


#: What must be said of each kind, beyond words that none can do without: of some, one way or another.
NEEDED: Final[dict[PaperKind, tuple[tuple[str, ...], ...]]] = {
    **{kind: ((next(iter(words)),),) for kind, words in WORDS.items() if len(words) == 1},
    PaperKind.COMPILED: (("report_year", "occurrence"), ("plan", "schedule")),
    PaperKind.EVALUATION: (("round",), ("unit", "body", "year")),
    PaperKind.TRIPS: (("quota",), ("unit",)),
}


class PaperAbout(Schema):
    """Which kind of paper, and the words that say what it is about: those its kind knows, no other."""

    kind: PaperKind
    plan: AskedId = Field(default=None, description="progress, remediation, plan; statistics; compiled")
    letter: AskedId = Field(default=None, description="chasing")
    unit: AskedId = Field(default=None, description="statistics, handover; evaluation, trips of a whole year")
    due_from: Day | None = Field(default=None, description="statistics")
    due_to: Day | None = Field(default=None, description="statistics")
    as_of: Day | None = Field(default=None, description="statistics")
    report_year: AskedId = Field(default=None, description="compiled, with `occurrence`")
    occurrence: Annotated[Text, Field(max_length=30)] | None = Field(default=None, description="compiled")
    schedule: AskedId = Field(default=None, description="compiled: a report owed in `plan`")
    round: AskedId = Field(default=None, description="evaluation of a month, feedback")
    body: Body | None = Field(default=None, description="evaluation of a year, with `unit` and `year`")
    year: AskedYear = Field(default=None, description="evaluation of a year; trips of a `unit`")
    unit_kind: Annotated[Text, Field(max_length=40)] | None = Field(default=None, description="trips of a `unit`")
    inspection: AskedId = Field(default=None, description="inspection, conclusions")
    quota: AskedId = Field(default=None, description="trips")
    meeting: AskedId = Field(default=None, description="minutes")
    programme: AskedId = Field(default=None, description="programme")
    survey: AskedId = Field(default=None, description="survey")
    commendation: AskedId = Field(default=None, description="commendation")

    def subject(self, where: str) -> str:
        """Return the words as papers keep them; raise ValidationError for one its kind does not know or lacks."""
        given = self.model_dump(mode="json", exclude={"kind"}, exclude_none=True)
        unknown = sorted(given.keys() - WORDS[self.kind])
        if unknown:
            raise ValidationError({f"{where}.{name}": str(FAULTS["extra_forbidden"]) for name in unknown})
        if missing := self._missing(set(given)):
            raise ValidationError({f"{where}.{name}": str(FAULTS["missing"]) for name in missing})
        if "unit_kind" in given:
            given["kind"] = kinds_named([given.pop("unit_kind")], "unit_kind")[0].pk
        if "report_year" in given:
            given["year"] = given.pop("report_year")
        return urlencode(given)

    def _missing(self, given: set[str]) -> list[str]:
        """Return the words that are missing on the way which those given begin; begun by none: on the first one."""
        ways = NEEDED.get(self.kind, ((),))
        way = max(ways, key=lambda words: len(given & set(words)))  # the first of equals
        return [name for name in way if name not in given]


class PaperQuery(PageQuery):
    """Which papers."""

    kind: PaperKind | None = None


#: The words that are whole numbers.
NUMBERS: Final = [name for name, about in PaperAbout.model_fields.items() if about.annotation == int | None]


class PaperIn(PaperAbout, Sent):
    """What to gather and keep."""

    @field_validator(*NUMBERS, mode="before")
    @classmethod
    def _whole(cls, value: Any) -> Any:
        """Take whole numbers only: an address holds them as text, a body does not, and `true` is none."""
        if value is not None and type(value) is not int:
            raise PydanticKnownError("int_type")
        return value


class PaperWords(Sent):
    """Other words for paragraphs, head and foot ("head-abstract"), by their keys; what is not named stays.

    The words gathered take a change back.
    """

    words: Annotated[
        dict[Text, Annotated[Text, Field(max_length=LONGEST_TEXT)]], Field(min_length=1, max_length=MOST_PARAGRAPHS)
    ]


class PaperAgain(Sent):
    """Where the gathered words shall come instead of own ones; all other own words stay."""

    take: Annotated[list[Annotated[Text, Field(max_length=MOST_KEY)]], Field(max_length=MOST_PARAGRAPHS)] = Field(
        default=[], description="Keys of own words that give way, such as those of `overtaken` in the changes."
    )


class PaperNumbered(Sent):
    """The number and the day a paper is given."""

    number: Annotated[int, Field(ge=1, le=MOST_NUMBER, strict=True)] | None = Field(
        default=None, description="Null: the next one of its kind in the term."
    )
    day: Day | None = Field(
        default=None,
        description="Null: the day its record fixes (minutes, a plan), else today. Never before `as_of`.",
    )
    with_gaps: bool = Field(
        default=False,
        description="True: its open places (……), bare headings and overtaken words are known; else they are refused.",
    )
    skip_numbers: bool = Field(default=False, description="True: numbers left out before it stay empty.")


class PaperGone(Schema):
    """A draft that was thrown away."""

    gone: int = Field(description="The draft that is no more.")


class PaperCancelled(Sent):
    """Why a numbered paper is cancelled."""

    reason: Annotated[Text, Field(min_length=1, max_length=500)]


class PaperOut(Schema):
    """A paper of a unit, as its list tells it."""

    id: int
    version: int
    kind: PaperKind
    title: str
    unit: UnitRef
    day: dt.date = Field(description="The day it bears.")
    code: str = Field(description="The kind in its number: BC, CV, TTr.")
    number: int | None = Field(description="Null: none is given yet.")
    cancelled_on: dt.date | None = Field(description="A cancelled number is never given again.")
    created_at: dt.datetime
    created_by: PersonRef
    page: str = Field(description="The address of its page, for people.")


class PaperHead(Schema):
    """What stands above the body. `number` is the whole symbol, dots where no number is given."""

    superior: str = Field(description="The unit above it, as the head writes it; empty: none.")
    body: str = Field(description="The body or unit that issues it, as the head writes it.")
    place: str = Field(description="Where it is dated, such as “Bình Phú”.")
    day: dt.date
    number: str
    marks: list[str] = Field(description="Marks above its symbol, such as “DỰ THẢO”.")
    note: str = Field(description="The meeting it is a paper of; empty: none.")


class PaperSignature(Schema):
    """Who signs; `left` and `below`: the post and the name of a second side and a witness."""

    authority: str = Field(description="By whose authority, such as “TM. BAN THƯỜNG VỤ”.")
    post: str = Field(description="Further lines of posts.")
    name: str
    left: list[str] | None = None
    below: list[str] | None = None


class PaperHeading(Schema):
    """A heading; `level` 0 to 4, from "Phần I" on."""

    heading: str
    level: int = Field(description="0 to 4.")


class PaperText(Schema):
    """A paragraph; one with a `key` may be worded anew."""

    text: str
    key: str = Field(description="Empty: it can't be worded anew.")


class PaperColumn(Schema):
    """A column; `right`: it holds figures."""

    name: str
    right: bool = Field(description="It holds figures.")


class DayCell(Schema):
    """A day in a table."""

    day: dt.date


class NumberCell(Schema):
    """A figure with decimals in a table, as text so that no program rounds it."""

    number: str


class PaperTable(Schema):
    """A table. Cells are typed: texts, whole numbers, `{"day"}`, `{"number"}`, null."""

    table: str
    columns: list[PaperColumn]
    rows: list[list[DayCell | NumberCell | int | str | None]]


class PaperContent(Schema):
    """A paper as data, in the order in which it is read."""

    code: str = Field(description="The kind in its number: BC, CV, TTr.")
    head: PaperHead
    abstract: str = Field(description="The trích yếu; of a letter its subject without “V/v”.")
    blocks: list[PaperHeading | PaperText | PaperTable]
    signature: PaperSignature
    recipients: list[str] = Field(description="Nơi nhận, a line each.")
    addressees: list[str] = Field(description="To whom a letter is addressed.")
    landscape: bool = Field(description="Its pages lie on their side.")


class PaperPreview(Schema):
    """What would be gathered now; nothing is kept."""

    kind: PaperKind
    unit: UnitRef
    paper: PaperContent


class WholePaperOut(PaperOut):
    """One paper with the words people put in; `edited`: the keys of these."""

    gathered_at: dt.datetime = Field(description="When its content was gathered last.")
    as_of: dt.date | None = Field(description="Up to which day it counts: it bears no earlier one. Null: any fits.")
    edited: list[str] = Field(description="Keys of the paragraphs that people worded anew.")
    overtaken: list[str] = Field(description="Keys of those whose gathered text has changed since.")
    paper: PaperContent


class PaperChange(Schema):
    """One difference; "" where it is new or gone."""

    where: str = Field(description="The heading or table it stands under, with the row; empty: above all headings.")
    before: str = Field(
        description="Of a changed row its changed cells, a line each, with their columns. Empty: it is new."
    )
    after: str = Field(description="Empty: it is gone.")


class PaperOvertaken(Schema):
    """Own words that would stay though what is gathered there has changed."""

    key: str
    words: str = Field(description="The own words; empty: the paragraph is left out.")
    before: str = Field(description="What was gathered when they were put in.")
    now: str = Field(description="What is gathered now.")


class PaperChanges(Schema):
    """What gathering again would change in the paper as it leaves, and which own words would be overtaken."""

    changes: list[PaperChange]
    overtaken: list[PaperOvertaken]
    lost: list[str] = Field(description="Own words that would be lost: what they stood for is told no more.")


@lists(router, "/papers", PaperOut, "PaperPage", "List official papers")
def paper_list(request: Call, asked: Query[PaperQuery]) -> Any:
    """List the papers of the units whose plans you run, and those your rights over evaluations or feedback open."""
    rows = (
        OfficialPaper.objects.visible_to(request.user)
        .select_related(*RELATED)
        .defer("gathered", "edits", "worded_over")
    )
    rows = rows.filter(kind=asked.kind) if asked.kind else rows
    return page(request, rows, asked, PaperOut, lambda found: [_line(row) for row in found])


@router.get("/papers/preview", response=reads(PaperPreview), summary="Show what a paper would tell")
def preview(request: Call, asked: Query[PaperAbout]) -> Any:
    """Gather a paper as it would be now and keep nothing. Reading about persons is logged."""
    known_only(request, asked)
    subject, today = asked.subject("query"), clock.today()
    with _early_told(request.user):
        content = gathered(asked.kind, subject, request.user, today)
    require(may_write(request.user, content.unit, content.right))
    note_paper_reading(kind=asked.kind, subject=subject, by=request.user)
    told = content_lines(composed(content, today))
    return done({"kind": asked.kind, "unit": unit_ref(content.unit), "paper": told}, PaperPreview)


@creates(router, "/papers", Kept, "Prepare a paper")
def prepare(request: Call, sent: PaperIn) -> Any:
    """Gather a paper and keep it."""

    def run() -> Any:
        with _early_told(request.user):
            made = actions.prepare_paper(kind=sent.kind, subject=sent.subject("body"), by=request.user)
        return _kept(request, made.pk, 201)

    return once(request, run)


@shows(router, "/papers/{pk}", WholePaperOut, "Show an official paper")
def paper(request: Call, pk: Pk) -> Any:
    """Show one paper as it leaves, as data. Reading about persons is logged."""
    row = _visible(request.user, pk)
    note_paper_reading(kind=row.kind, subject=row.subject, by=request.user)
    facts = _line(row) | {"gathered_at": row.gathered_at, "as_of": row.as_of, "edited": sorted(row.edits)}
    facts["overtaken"] = [place.key for place in row.overtaken]
    return one(request, WholePaperOut, facts | {"paper": content_lines(row.paper)}, row.version)


@router.get(
    "/papers/{pk}/changes", response=reads(PaperChanges), summary="Show what gathering a paper again would change"
)
def paper_changes(request: Call, pk: Pk) -> Any:
    """Tell what would change if the paper were gathered now. Reading about persons is logged."""
    row = _writable(request.user, pk)
    note_paper_reading(kind=row.kind, subject=row.subject, by=request.user)
    found = actions.gathered_anew(row, by=request.user, today=clock.today())
    told = {
        "changes": [asdict(change) for change in found.changes],
        "overtaken": [asdict(place) for place in found.overtaken],
        "lost": found.lost,
    }
    return done(told, PaperChanges)


@changes(router, "/papers/{pk}/edit", Kept, "Word paragraphs of a paper anew")
def edit(request: Call, pk: Pk, sent: PaperWords) -> Any:
    """Put other words in the place of paragraphs; they stay when the paper is gathered again."""

    def run() -> Any:
        row = _writable(request.user, pk)
        version = seen_number(request, row.version)
        actions.refuse_numbered(row)
        only_of(sent.words, row.wordable, "body.words")  # the form has the version too
        form = filled(
            lambda data: WordsForm(data, paper=row, boxes=False), sent.words, partly=True, place="body.words"
        )
        words = {key: text for key, text in form.words.items() if key in sent.words}
        actions.edit_paper(paper=row, by=request.user, version=version, words=words)
        return _kept(request, pk)

    return once(request, run)


@changes(router, "/papers/{pk}/again", Kept, "Gather a paper again")
def again(request: Call, pk: Pk, sent: PaperAgain) -> Any:
    """Take what is known now; words that people put in stay but for those in `take`."""

    def run() -> Any:
        row = _writable(request.user, pk)
        version = seen_number(request, row.version)
        if unknown := sorted(set(sent.take) - row.edits.keys()):
            raise ValidationError({f"body.take.{key}": _("This can't be given here.") for key in unknown})
        actions.gather_again(paper=row, by=request.user, version=version, take=sent.take)
        return _kept(request, pk)

    return once(request, run)


@changes(router, "/papers/{pk}/number", Kept, "Give a paper its number")
def number(request: Call, pk: Pk, sent: PaperNumbered) -> Any:
    """Give a paper its number and day; each number of a kind is given once a term. The paper is then frozen."""

    def run() -> Any:
        row = _writable(request.user, pk)
        day = sent.day or day_of_record(row) or clock.today()
        version = seen_number(request, row.version)
        given = sent.number or actions.next_number(row, day) or 1  # without a term the act says what is missing
        allowed: dict[str, Any] = {"with_gaps": sent.with_gaps, "skip_numbers": sent.skip_numbers}
        try:
            actions.number_paper(paper=row, by=request.user, version=version, number=given, day=day, **allowed)
        except actions.NumberTaken as taken:
            if sent.number or not taken.free:
                raise
            actions.number_paper(paper=row, by=request.user, version=version, number=taken.free, day=day, **allowed)
        return _kept(request, pk)

    return once(request, run)


@changes(router, "/papers/{pk}/discard", PaperGone, "Discard a draft")
def discard(request: Call, pk: Pk) -> Any:
    """Throw a draft away; a paper that has its number stays in the register."""

    def run() -> Any:
        row = _writable(request.user, pk)
        actions.discard_paper(paper=row, by=request.user, version=seen_number(request, row.version))
        return done({"gone": pk}, PaperGone)

    return once(request, run)


@changes(router, "/papers/{pk}/cancel", Kept, "Cancel a numbered paper")
def cancel(request: Call, pk: Pk, sent: PaperCancelled) -> Any:
    """Cancel a numbered paper: it and its number stay, marked, and the number is never given again."""

    def run() -> Any:
        row = _writable(request.user, pk)
        actions.cancel_paper(paper=row, by=request.user, version=seen_number(request, row.version), reason=sent.reason)
        return _kept(request, pk)

    return once(request, run)


@router.get("/papers/{pk}/files/{form}", response=FILE, openapi_extra=DOWNLOAD, summary="Download a paper")
def file(request: Call, pk: Pk, form: PaperForm) -> Any:
    """Download a paper in one of its forms; the log says who did."""
    row = _visible(request.user, pk)
    if row.rows_told > ROWS_AT_ONCE and not is_kept(row, form):
        raise ActionRefused(_("This paper is long. Ask for its file with POST /exports."))
    try:
        content = BytesIO(rendered(row, form))
    except TemplateFaultError as fault:
        words = _("The template in use does not work for this paper: %(why)s")
        raise ActionRefused(words % {"why": explained(fault)}) from fault
    note_paper_reading(kind=row.kind, subject=row.subject, by=request.user)
    actions.note_download(paper=row, by=request.user, form=form)
    return as_download(content, file_name(row, form))


@contextmanager
def _early_told(user: User) -> Iterator[None]:
    """Say what a paper waits for to who could prepare it later; to others there is nothing."""
    try:
        yield
    except TooEarlyError as early:
        if may_write(user, early.unit, Permission.MANAGE_PLANS):
            raise ActionRefused(early.words) from early
        raise


def content_lines(told: Paper) -> dict[str, Any]:
    """Return a paper as told."""
    data = to_data(told)
    for block in data["blocks"]:
        if "table" in block:
            block["columns"] = [{"name": name, "right": right} for name, _share, right in block["columns"]]
    return data | {"code": data["kind"]}


def _line(row: OfficialPaper) -> dict[str, Any]:
    names = ("version", "kind", "title", "day", "code", "number", "cancelled_on", "created_at")
    refs = {"unit": unit_ref(row.unit), "created_by": person_ref(row.created_by)}
    return plain_of(row, names) | refs | {"page": page_at(row)}


def _kept(request: Call, pk: int, status: int = 200) -> Any:
    return kept(request, _visible(request.user, pk), status)


def _visible(user: User, pk: int) -> OfficialPaper:
    row: OfficialPaper = get_visible_or_404(OfficialPaper.objects.select_related(*RELATED), user, pk)
    return row


def _writable(user: User, pk: int) -> OfficialPaper:
    row = _visible(user, pk)
    require(may_write(user, row.unit, row.right))
    return row
