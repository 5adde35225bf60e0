"""The records of a draft: head, cited documents, shortcomings, tasks, indicators, groups, solutions, commitments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Annotated, Any, Final, Literal, cast

from django import forms
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field, StrictBool, StrictInt

from doantracker.api.v1.answers import KEYED, VERSIONED, PageQuery, done, one, page, page_of, reads, reads_one, writes
from doantracker.api.v1.auth import Call
from doantracker.api.v1.idempotency import once
from doantracker.api.v1.shared import filled, plan_run
from doantracker.api.v1.types import GREATEST, Figure, Id, Pk, Sent, Text
from doantracker.api.v1.versions import seen
from doantracker.lib import clock
from plans.actions import records as actions
from plans.actions.answers import confirm_links
from plans.actions.restoring import restore_record
from plans.actions.sensitive import log_reading
from plans.enums import PlanStatus
from plans.errors import ActionRefused
from plans.forms.record_base import RecordForm
from plans.forms.records import KINDS, RecordKind
from plans.models import Plan, Shortcoming, Solution
from plans.record_values import Record, fingerprint
from plans.resolving import UnitNames
from units.access import require
from units.models import Unit

router = Router(tags=["drafts"])
Slug = Literal["header", "reference", "shortcoming", "priority_task", "indicator", "group", "solution", "schedule"]
Item = Annotated[Id | Text, Field(union_mode="left_to_right")]
Value = StrictBool | StrictInt | Figure | Annotated[Text, Field(max_length=20_000)] | list[Item] | None
Values = Annotated[dict[Annotated[Text, Field(max_length=40)], Value], Field(max_length=60)]
_TEXTS: Final = {"header": "title", "reference": "title", "group": "title", "schedule": "phrase"}


class RecordOut(Schema):
    """One record of a draft."""

    id: int
    kind: Slug
    text: str = Field(description="Its words: title, text or phrase.")
    doubt: str = Field(description="What the reader was unsure of; empty: nothing, or a person has looked.")
    paragraph: int | None = Field(description="Where it stands in the document, from 0.")


class RecordWhole(RecordOut):
    """One record with its values, named as the fields of its form; units by ids, kinds of unit by codes."""

    plan: int
    values: dict[str, Any]


class RecordValues(Sent):
    """Values of a record: those named change. Which there are, `GET` of a record of this kind tells."""

    values: Values


class NewRecord(RecordValues):
    """A record to add; a commitment (`schedule`) belongs to a solution of the draft."""

    solution: Id | None = Field(default=None, description="The id of the solution that a commitment belongs to.")
    paragraph: Annotated[
        int | None, Field(ge=0, le=100_000, strict=True, description="Where it stands in the document, from 0.")
    ] = None


class Split(Sent):
    """Where a text is split: the second record begins with this character."""

    at: Annotated[int, Field(ge=1, le=GREATEST, strict=True)]


class Restored(Schema):
    """A record that is back."""

    kind: Slug
    id: int


class DroppedOut(Schema):
    """A record that was dropped, and how it is brought back."""

    gone: int = Field(description="The id it had.")
    dropped: int = Field(description="For `/plans/{pk}/restore/{dropped}`.")


class Confirmed(Schema):
    """How many proposals of the reader were confirmed."""

    confirmed: int


@router.get(
    "/plans/{pk}/records/{kind}", response=reads(page_of(RecordOut, "RecordPage")), summary="List records of a draft"
)
def record_list(request: Call, pk: Pk, kind: Slug, asked: Query[PageQuery]) -> Any:
    """List the records of one kind of a draft that you work on. That persons' shortcomings were read is logged."""
    plan, known = _draft(request, pk), KINDS[kind]

    def lines(found: Sequence[Any]) -> list[dict[str, Any]]:
        _log(request, plan, found)
        return [_line(known, row) for row in found]

    return page(request, known.rows(plan), asked, RecordOut, lines)


@router.get("/plans/{pk}/records/{kind}/{record}", response=reads_one(RecordWhole), summary="Show a record of a draft")
def record(request: Call, pk: Pk, kind: Slug, record: Pk) -> Any:
    """Show one record with its values; its ETag is needed to change it."""
    return _answer(request, _draft(request, pk), KINDS[kind], record)


@router.post(
    "/plans/{pk}/records/{kind}",
    response=writes(RecordWhole, 201),
    openapi_extra=KEYED,
    summary="Add a record to a draft",
)
def add(request: Call, pk: Pk, kind: Slug, sent: NewRecord) -> Any:
    """Add a record to a draft by hand."""

    def run() -> Any:
        plan, known = _draft(request, pk), KINDS[kind]
        _require_no_head(known)
        solution = _owner(plan, known, sent.solution)
        form = filled(_builder(request, plan, known, None), sent.values, partly=True)
        about: dict[str, Any] = {"plan": plan, "model": known.model, "by": request.user}
        made: Record = actions.add_record(
            values=form.values(), solution=solution, paragraph=_paragraph(plan, sent.paragraph), **about
        )
        return _answer(request, plan, known, made.pk, 201)

    return once(request, run)


@router.post(
    "/plans/{pk}/records/{kind}/{record}/change",
    response=writes(RecordWhole),
    openapi_extra=VERSIONED,
    summary="Change a record of a draft",
)
def change(request: Call, pk: Pk, kind: Slug, record: Pk, sent: RecordValues) -> Any:
    """Give a record new values; what is not named stays. Its doubt is settled: somebody has looked."""

    def act(plan: Plan, known: RecordKind, found: Record, expected: str | None) -> object:
        values = {name: value for name, value in sent.values.items() if name != "fingerprint"}
        form = filled(_builder(request, plan, known, found.pk), values, partly=True)
        return actions.change_record(record=found, values=form.values(), by=request.user, expected=expected)

    return _act(request, pk, kind, record, act)


@router.post(
    "/plans/{pk}/records/{kind}/{record}/accept",
    response=writes(RecordWhole),
    openapi_extra=VERSIONED,
    summary="Accept what the reader read",
)
def accept(request: Call, pk: Pk, kind: Slug, record: Pk) -> Any:
    """Say that what the reader read is right."""
    return _act(
        request,
        pk,
        kind,
        record,
        lambda _plan, _kind, found, expected: actions.accept_record(record=found, by=request.user, expected=expected),
    )


@router.post(
    "/plans/{pk}/records/{kind}/{record}/reopen",
    response=writes(RecordWhole),
    openapi_extra=KEYED,
    summary="Take an acceptance back",
)
def reopen(request: Call, pk: Pk, kind: Slug, record: Pk) -> Any:
    """Say that what was unsure is unsure again."""

    def run() -> Any:
        plan, known = _draft(request, pk), KINDS[kind]
        actions.reopen_record(record=_found(plan, known, record), by=request.user)
        return _answer(request, plan, known, record)

    return once(request, run)


@router.post(
    "/plans/{pk}/records/{kind}/{record}/drop",
    response=writes(DroppedOut),
    openapi_extra=VERSIONED,
    summary="Drop a record of a draft",
)
def drop(request: Call, pk: Pk, kind: Slug, record: Pk) -> Any:
    """Delete a record with what hangs on it; it can be restored while the draft is one."""

    def run() -> Any:
        plan, known = _draft(request, pk), KINDS[kind]
        _require_no_head(known)
        found = _found(plan, known, record)
        dropped = actions.drop_record(record=found, by=request.user, expected=_expected(request))
        return done({"gone": record, "dropped": dropped.pk}, DroppedOut)

    return once(request, run)


@router.post(
    "/plans/{pk}/restore/{dropped}",
    response=writes(Restored),
    openapi_extra=KEYED,
    summary="Bring a dropped record back",
)
def restore(request: Call, pk: Pk, dropped: Pk) -> Any:
    """Bring a dropped record back, with what hung on it."""

    def run() -> Any:
        plan = _draft(request, pk)
        restored = restore_record(dropped=get_object_or_404(plan.dropped_records, pk=dropped), by=request.user)
        slug = next(known.slug for known in KINDS.values() if known.model is type(restored))
        return done({"kind": slug, "id": restored.pk}, Restored)

    return once(request, run)


@router.post(
    "/plans/{pk}/records/{kind}/{record}/join",
    response=writes(RecordWhole),
    openapi_extra=KEYED,
    summary="Join a record with the next one",
)
def join(request: Call, pk: Pk, kind: Literal["solution", "shortcoming"], record: Pk) -> Any:
    """Join a solution or shortcoming with the next one of its plan: one text, the links of both."""

    def run() -> Any:
        plan, known = _draft(request, pk), KINDS[kind]
        found = _found(plan, known, record)
        if isinstance(found, Solution):
            actions.join_solutions(solution=found, by=request.user)
        elif isinstance(found, Shortcoming):
            actions.join_shortcomings(shortcoming=found, by=request.user)
        return _answer(request, plan, known, record)

    return once(request, run)


@router.post(
    "/plans/{pk}/records/{kind}/{record}/split",
    response=writes(RecordWhole, 201),
    openapi_extra=VERSIONED,
    summary="Split a record",
)
def split(request: Call, pk: Pk, kind: Literal["solution", "shortcoming"], record: Pk, sent: Split) -> Any:
    """Split a solution or shortcoming before the sentence that begins at a character; answers with the second half."""

    def run() -> Any:
        plan, known = _draft(request, pk), KINDS[kind]
        found = _found(plan, known, record)
        choice: dict[str, Any] = {"at": sent.at, "by": request.user, "expected": _expected(request)}
        second: Record
        if isinstance(found, Solution):
            second = actions.split_solution(solution=found, **choice)
        else:
            require(isinstance(found, Shortcoming))
            second = actions.split_shortcoming(shortcoming=cast("Shortcoming", found), **choice)
        return _answer(request, plan, known, second.pk, 201)

    return once(request, run)


@router.post(
    "/plans/{pk}/links/confirm", response=writes(Confirmed), openapi_extra=KEYED, summary="Confirm all proposed links"
)
def confirm_all(request: Call, pk: Pk) -> Any:
    """Confirm every link of a plan that the reader proposed and nobody has looked at."""

    def run() -> Any:
        plan = plan_run(request.user, pk, *PlanStatus)
        return done({"confirmed": confirm_links(plan=plan, by=request.user)}, Confirmed)

    return once(request, run)


def _draft(request: Call, pk: int) -> Plan:
    return plan_run(request.user, pk, PlanStatus.DRAFT)


def _require_no_head(known: RecordKind) -> None:
    """Refuse to add or drop the head of a plan, which is the plan itself."""
    if known.model is Plan:
        raise ActionRefused(_("A plan has one head: it is neither added nor dropped. Change it."))


def _found(plan: Plan, known: RecordKind, pk: int) -> Record:
    found: Record = get_object_or_404(known.rows(plan), pk=pk)
    return found


def _expected(request: Call) -> str | None:
    """Return the fingerprint the caller saw; None for `*`: nothing is compared."""
    version = seen(request, "*")
    return None if version == "*" else version


def _act(
    request: Call, pk: int, kind: str, record_pk: int, act: Callable[[Plan, RecordKind, Record, str | None], object]
) -> Any:
    def run() -> Any:
        plan, known = _draft(request, pk), KINDS[kind]
        act(plan, known, _found(plan, known, record_pk), _expected(request))
        return _answer(request, plan, known, record_pk)

    return once(request, run)


def _owner(plan: Plan, known: RecordKind, pk: int | None) -> Solution | None:
    """Return the solution a new commitment belongs to; none for other records."""
    if known.slug != "schedule":
        return None
    found: Solution | None = plan.solutions.filter(pk=pk or 0).first()
    if found is None:
        raise ActionRefused(_("Say to which solution of the draft the commitment belongs."))
    return found


def _paragraph(plan: Plan, number: int | None) -> int | None:
    """Return a paragraph of the plan's document, as the page takes it."""
    if number is None:
        return None
    if not hasattr(plan, "document") or number >= len(plan.document.paragraphs):
        raise ActionRefused(_("The document has no such paragraph."))
    return number


def _builder(
    request: Call, plan: Plan, known: RecordKind, pk: int | None
) -> Callable[[dict[str, Any] | None], RecordForm]:
    """Return what makes the form of the page; of a record each time from the database: a form changes it."""
    names = UnitNames.below(plan.issuing_unit, clock.today())

    def build(data: dict[str, Any] | None) -> RecordForm:
        instance = _found(plan, known, pk) if pk else None
        return known.form(data, instance=instance, plan=plan, names=names, by=request.user)

    return build


def _answer(request: Call, plan: Plan, known: RecordKind, pk: int, status: int = 200) -> Any:
    found = _found(plan, known, pk)
    _log(request, plan, [found])
    form = _builder(request, plan, known, pk)(None)
    values = {name: _told(form, name) for name in form.fields if name != "fingerprint"}
    facts = {**_line(known, found), "plan": plan.pk, "values": values}
    return one(request, RecordWhole, facts, fingerprint(found), status)


def _told(form: RecordForm, name: str) -> Any:
    """Return the value of a field as it can be sent back: units by ids, kinds of unit by codes."""
    value = form.initial.get(name, form.fields[name].initial)
    if isinstance(value, Sequence) and not isinstance(value, str):
        kinds = isinstance(form.fields[name], forms.ModelMultipleChoiceField)
        return [_key(item, codes=kinds) for item in value]
    return _key(value, codes=False)


def _key(value: Any, *, codes: bool) -> Any:
    if isinstance(value, Unit):
        return value.pk
    if hasattr(value, "pk"):
        return value.code if codes and hasattr(value, "code") else value.pk
    return str(value) if isinstance(value, Decimal) else value.isoformat() if isinstance(value, dt.date) else value


def _line(known: RecordKind, row: Any) -> dict[str, Any]:
    return {
        "id": row.pk,
        "kind": known.slug,
        "text": getattr(row, _TEXTS.get(known.slug, "text")),
        "doubt": getattr(row, "doubt", ""),
        "paragraph": getattr(row, "source_paragraph", None),
    }


def _log(request: Call, plan: Plan, rows: Sequence[Any]) -> None:
    """Write down that persons' shortcomings were read."""
    personal = [row.pk for row in rows if isinstance(row, Shortcoming) and row.is_personal]
    log_reading(by=request.user, rows=personal, plan=plan)
