"""Who calls, and the units that person sees."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from typing import Annotated, Any

from ninja import Query, Router, Schema
from pydantic import Field

from doantracker.api.enums import TokenScope
from doantracker.api.v1.answers import PageQuery, done, one, page, page_of, reads, reads_one
from doantracker.api.v1.auth import Call
from doantracker.api.v1.shared import facts
from doantracker.api.v1.types import GREATEST, PersonRef, Pk, Text, UnitRef, person_ref, unit_ref
from doantracker.lib import clock
from units.access import get_visible_or_404
from units.models import Unit
from units.roles import Role

router = Router(tags=["units"])


class PostOut(Schema):
    """A post held today, or one in which the person stands in."""

    title: str
    unit: int = Field(description="The id of its unit.")
    role: Role
    stands_in_for: str = Field(description="The absent person whose post it is; empty: an own post.")


class Me(Schema):
    """The person whose token this is."""

    person: PersonRef
    posts: list[PostOut]
    token: str
    token_number: int = Field(description="By which the log names it (`api_token`), and the page of tokens.")
    scope: TokenScope
    expires_on: dt.date


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


@router.get("/me", response=reads(Me), summary="Show whose token this is", url_name="me")
def me(request: Call) -> Any:
    """Tell whose token this is, what the person may do today, and until when the token works."""
    posts = [
        {"title": p.title, "unit": p.unit_id, "role": p.role.value, "stands_in_for": p.absent}
        for p in request.user.posts
    ]
    token = request.auth
    facts = {"posts": posts, "token": token.name, "token_number": token.pk}
    facts |= {"scope": token.scope, "expires_on": token.expires_on}
    return done({"person": person_ref(request.user), **facts}, Me)


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
