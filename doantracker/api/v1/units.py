"""Units: read, founded, changed, moved."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Sequence
from typing import Annotated, Any

from django.db import transaction
from ninja import Query, Router, Schema
from pydantic import Field

from doantracker.api.v1.answers import KEYED, VERSIONED, PageQuery, one, page, page_of, reads, reads_one, writes
from doantracker.api.v1.auth import Call
from doantracker.api.v1.idempotency import once
from doantracker.api.v1.problems import STALE
from doantracker.api.v1.shared import facts, kinds_named, unit_seen
from doantracker.api.v1.types import GREATEST, Day, Id, Pk, Sent, Switch, Text, UnitRef, unit_ref
from doantracker.api.v1.versions import seen
from doantracker.lib import clock
from plans.errors import Stale
from units import actions
from units.access import get_visible_or_404, require
from units.models import Unit, User
from units.permissions import Permission

router = Router(tags=["units"])


class UnitOut(Schema):
    """A unit of the organisation."""

    id: int
    code: str
    name: str
    short_name: str
    kind: str = Field(description="Code of its kind, such as commune.")
    parent: UnitRef | None = Field(description="Null at the top of what you see.")
    valid_from: dt.date | None = Field(description="Null: always.")
    valid_to: dt.date | None = Field(description="The last day on which it exists; null: open end.")


class UnitQuery(PageQuery):
    """Which units."""

    q: Annotated[Text | None, Field(max_length=200, description="Words of the name.")] = None
    under: Annotated[int | None, Field(ge=1, le=GREATEST, description="A unit: it and all below.")] = None
    in_force: Annotated[bool, Field(description="Only units that exist today.")] = True


class UnitFacts(Sent):
    """What is changed in a unit; what is not named stays."""

    name: Annotated[Text | None, Field(min_length=1, max_length=200)] = None
    short_name: Annotated[Text | None, Field(max_length=60)] = None
    kind: Annotated[Text | None, Field(max_length=50, description="Code of its kind.")] = None
    code: Annotated[Text | None, Field(min_length=1, max_length=40)] = None
    aliases: Annotated[Text | None, Field(max_length=2000, description="Other names, one a line.")] = None
    place: Annotated[Text | None, Field(max_length=100)] = None
    is_difficult: Switch | None = None
    valid_from: Day | None = None
    valid_to: Day | None = None


class NewUnit(UnitFacts):
    """A unit to found below another."""

    parent: Id
    name: Annotated[Text, Field(min_length=1, max_length=200)]
    kind: Annotated[Text, Field(max_length=50, description="Code of its kind.")]
    code: Annotated[Text, Field(min_length=1, max_length=40)]


class MoveIn(Sent):
    """Under which unit it stands from now on, with everything below it."""

    parent: Id


@router.get("/units", response=reads(page_of(UnitOut, "UnitPage")), summary="List units")
def unit_list(request: Call, asked: Query[UnitQuery]) -> Any:
    """List the units you see."""
    rows = Unit.objects.visible_to(request.user).select_related("kind")
    if asked.q:
        rows = rows.matching(asked.q)
    if asked.in_force:
        rows = rows.in_force(clock.today())
    if asked.under:
        rows = rows.below(get_visible_or_404(Unit.objects.all(), request.user, asked.under))
    return page(request, rows, asked, UnitOut, lambda found: unit_lines(found, request))


@router.get("/units/{pk}", response=reads_one(UnitOut), summary="Show a unit")
def unit(request: Call, pk: Pk) -> Any:
    """Show one unit."""
    found = get_visible_or_404(Unit.objects.select_related("kind"), request.user, pk)
    return one(request, UnitOut, unit_lines([found], request)[0], unit_version(found))


@router.post("/units", response=writes(UnitOut, 201), openapi_extra=KEYED, summary="Found a unit")
def found(request: Call, sent: NewUnit) -> Any:
    """Add a unit below another, as an administrator."""

    def run() -> Any:
        parent = configurable_unit(request.user, sent.parent)
        given = _unit_facts(sent, exclude={"parent"})
        made = actions.found_unit(parent=parent, by=request.user, **given)
        return _unit(request, made.pk, 201)

    return once(request, run)


@router.post("/units/{pk}/change", response=writes(UnitOut), openapi_extra=VERSIONED, summary="Change a unit")
def change(request: Call, pk: Pk, sent: UnitFacts) -> Any:
    """Change names, kind, code or dates of a unit, as an administrator."""

    def act(row: Unit) -> object:
        return actions.change_unit(unit=row, by=request.user, **_unit_facts(sent))

    return _on_unit(request, pk, act)


@router.post("/units/{pk}/move", response=writes(UnitOut), openapi_extra=VERSIONED, summary="Move a unit")
def move(request: Call, pk: Pk, sent: MoveIn) -> Any:
    """Put a unit with everything below it under another one, as an administrator."""

    def act(row: Unit) -> object:
        parent = configurable_unit(request.user, sent.parent)
        return actions.move_unit(unit=row, parent=parent, by=request.user)

    return _on_unit(request, pk, act)


def unit_version(row: Unit) -> str:
    """Return what tells one state of a unit from another: a digest of what an administrator sets, and its place."""
    names = (
        "path",
        "kind_id",
        "code",
        "name",
        "short_name",
        "aliases",
        "place",
        "is_difficult",
        "valid_from",
        "valid_to",
    )
    return hashlib.sha256(repr([getattr(row, name) for name in names]).encode()).hexdigest()[:16]


def unit_lines(rows: Sequence[Unit], request: Call) -> list[dict[str, Any]]:
    """Return units as told; one query for the units above them."""
    paths = {row.pk: str(row.path)[: -Unit.steplen] for row in rows}
    seen = Unit.objects.visible_to(request.user).filter(path__in=set(paths.values()))
    parents = {str(unit.path): unit_ref(unit) for unit in seen}
    plain = ("code", "name", "short_name", "valid_from", "valid_to")
    return [
        {
            **facts(row, *plain),
            "kind": row.kind.code,
            "parent": parents.get(paths[row.pk]),
        }
        for row in rows
    ]


def configurable_unit(user: User, pk: int) -> Unit:
    """Return a unit of which `user` is an administrator; else 404."""
    row = unit_seen(user, pk)
    require(user.may(Permission.CONFIGURE, row))
    return row


def _on_unit(request: Call, pk: int, act: Callable[[Unit], object]) -> Any:
    def run() -> Any:
        with transaction.atomic():
            row = configurable_unit(request.user, pk)
            actions.hold_tree()  # before the unit itself, as a move and an import do: nobody waits for each other
            now = unit_version(Unit.objects.select_for_update().get(pk=pk))
            if seen(request, now) != now:
                raise Stale(str(STALE))
            act(row)
        return _unit(request, pk)

    return once(request, run)


def _unit(request: Call, pk: int, status: int = 200) -> Any:
    row = unit_seen(request.user, pk)
    return one(request, UnitOut, unit_lines([row], request)[0], unit_version(row), status)


def _unit_facts(sent: UnitFacts, exclude: set[str] | None = None) -> dict[str, Any]:
    """Return what the acts take: the kind as a record; null empties a day and leaves anything else."""
    given = sent.model_dump(exclude=exclude, exclude_unset=True)
    given = {name: v for name, v in given.items() if v is not None or name in {"valid_from", "valid_to"}}
    if "kind" in given:
        (given["kind"],) = kinds_named([given["kind"]], "kind")
    return given
