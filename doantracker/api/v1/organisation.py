"""The organisation: people, posts and who holds them, who stands in for whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from doantracker.api.v1.acts import named
from doantracker.api.v1.answers import KEYED, VERSIONED, PageQuery, done, one, page, page_of, reads, reads_one, writes
from doantracker.api.v1.auth import Call
from doantracker.api.v1.idempotency import once
from doantracker.api.v1.problems import STALE
from doantracker.api.v1.shared import Gone, facts, unit_seen
from doantracker.api.v1.types import (
    GREATEST,
    Day,
    Id,
    PersonRef,
    Pk,
    Sent,
    Switch,
    Text,
    UnitRef,
    person_ref,
    unit_ref,
)
from doantracker.api.v1.units import configurable_unit
from doantracker.api.v1.versions import seen
from doantracker.lib import clock
from plans.errors import ActionRefused, Stale
from units import actions
from units.access import get_visible_or_404
from units.administration import configurable
from units.models import Appointment, Post, Substitution, Unit, User
from units.roles import Role
from units.substitutions import end_substitution, name_substitute, own_appointments, substitutes_for

router = Router(tags=["organisation"])


class PersonOut(Schema):
    """A person with a post in a unit that you see."""

    id: int
    name: str
    active: bool = Field(description="May log in.")


class PostWhole(Schema):
    """A post of a unit."""

    id: int
    unit: UnitRef
    title: str
    body: str = Field(description="The body it sits in; empty: none.")
    rank: int = Field(description="Order in lists, the lowest first.")
    role: Role = Field(description="What its holder may do.")
    signs: bool = Field(description="Its holder signs official papers.")


class AppointmentOut(Schema):
    """Who holds a post, from when to when."""

    id: int
    person: PersonRef
    post: int
    unit: UnitRef
    title: str
    start: dt.date
    end: dt.date | None = Field(description="The last day; null: open end.")
    full_time: bool = Field(description="Holds it full-time (chuyên trách).")


class SubstitutionOut(Schema):
    """Who stands in for whom; yours, and those in which you stand in."""

    id: int
    appointment: int
    absent: PersonRef
    substitute: PersonRef
    start: dt.date
    end: dt.date = Field(description="The last day.")
    reason: str


class PersonQuery(PageQuery):
    """Which people."""

    q: Annotated[Text | None, Field(max_length=200, description="Words of the name.")] = None
    to_appoint: Annotated[
        bool, Field(description="Instead those whom you, as an administrator, may appoint: without a post as well.")
    ] = False


class PostQuery(PageQuery):
    """Which posts or appointments."""

    unit: Annotated[int | None, Field(ge=1, le=GREATEST, description="A unit: it and all below.")] = None


class AppointmentQuery(PostQuery):
    """Which appointments."""

    in_force: Annotated[bool, Field(description="Only those of today.")] = True


class NewPost(Sent):
    """A post to set up."""

    unit: Id
    title: Annotated[Text, Field(min_length=1, max_length=120)]
    body: Annotated[Text, Field(max_length=30, description="The body it sits in; empty: none.")] = ""
    rank: Annotated[int, Field(ge=0, le=999, strict=True, description="Order in lists, the lowest first.")] = 0
    role: Role = Field(description="What its holder may do.")
    signs: Switch = Field(default=False, description="Its holder signs official papers.")


class NewAppointment(Sent):
    """Who holds a post from now on."""

    person: Id
    post: Id
    start: Day
    end: Day | None = None
    full_time: Switch = Field(default=False, description="Holds it full-time (chuyên trách).")


class EndIn(Sent):
    """The last day of an appointment."""

    end: Day


class NewSubstitution(Sent):
    """Who stands in for one of your own posts, from when to when, why."""

    appointment: Id = Field(description="The id of one of your own appointments.")
    substitute: Id = Field(description="The id of a person.")
    start: Day
    end: Day = Field(description="The last day.")
    reason: Annotated[Text, Field(min_length=1, max_length=300)]


@router.get("/people", response=reads(page_of(PersonOut, "PersonPage")), summary="List people")
def person_list(request: Call, asked: Query[PersonQuery]) -> Any:
    """List the people with a post in the units you see, and yourself; or those you may appoint."""
    rows = User.objects.filter(pk__in=User.objects.visible_to(request.user).order_by().values("pk"))
    if asked.to_appoint:
        rows = configurable(User.objects.all(), request.user, clock.today())
    return page(request, rows.matching(asked.q) if asked.q else rows, asked, PersonOut, _person_lines)


@router.get("/posts", response=reads(page_of(PostWhole, "PostPage")), summary="List posts")
def post_list(request: Call, asked: Query[PostQuery]) -> Any:
    """List the posts of the units you see."""
    rows = Post.objects.filter(unit__in=_units(request.user, asked.unit)).select_related("unit")
    return page(request, rows, asked, PostWhole, _post_lines)


@router.get(
    "/appointments", response=reads(page_of(AppointmentOut, "AppointmentPage")), summary="List who holds posts"
)
def appointment_list(request: Call, asked: Query[AppointmentQuery]) -> Any:
    """List who holds the posts of the units you see."""
    rows = Appointment.objects.filter(post__unit__in=_units(request.user, asked.unit))
    rows = rows.in_force(clock.today()) if asked.in_force else rows
    return page(request, rows.select_related("user", "post__unit"), asked, AppointmentOut, _appointment_lines)


@router.post("/posts", response=writes(PostWhole, 201), openapi_extra=KEYED, summary="Set up a post")
def add_post(request: Call, sent: NewPost) -> Any:
    """Set up a post of a unit, as an administrator."""

    def run() -> Any:
        unit = configurable_unit(request.user, sent.unit)
        made = Post(unit=unit, **sent.model_dump(exclude={"unit"}))
        made.full_clean()
        actions.save_record(record=made, by=request.user)
        return done(_post_lines([made])[0], PostWhole, 201)

    return once(request, run)


@router.post(
    "/appointments", response=writes(AppointmentOut, 201), openapi_extra=KEYED, summary="Appoint a person to a post"
)
def appoint(request: Call, sent: NewAppointment) -> Any:
    """Give a person a post, as an administrator."""

    def run() -> Any:
        today = clock.today()
        posts = configurable(Post.objects.select_related("unit"), request.user, today)
        people = configurable(User.objects.all(), request.user, today)
        post, person = get_object_or_404(posts, pk=sent.post), named(people, sent.person, "person")
        made = Appointment(post=post, user=person, **sent.model_dump(exclude={"person", "post"}))
        made.full_clean()
        actions.save_record(record=made, by=request.user)
        return _appointment(request, made.pk, 201)

    return once(request, run)


@router.get("/appointments/{pk}", response=reads_one(AppointmentOut), summary="Show an appointment")
def appointment(request: Call, pk: Pk) -> Any:
    """Show one appointment; its ETag is needed to end it."""
    return _appointment(request, pk)


@router.post(
    "/appointments/{pk}/end", response=writes(AppointmentOut), openapi_extra=VERSIONED, summary="End an appointment"
)
def end_appointment(request: Call, pk: Pk, sent: EndIn) -> Any:
    """Let an appointment end on a day, as an administrator."""

    def run() -> Any:
        rows = configurable(Appointment.objects.select_related("user", "post__unit"), request.user, clock.today())
        row: Appointment = get_object_or_404(rows, pk=pk)
        if seen(request, _version(row)) != _version(row):
            raise Stale(str(STALE))
        row.end = sent.end
        row.full_clean()
        actions.save_record(record=row, by=request.user)
        return _appointment(request, pk)

    return once(request, run)


@router.get(
    "/substitutions",
    response=reads(page_of(SubstitutionOut, "SubstitutionPage")),
    summary="List who stands in for whom",
)
def substitution_list(request: Call, asked: Query[PageQuery]) -> Any:
    """List in which of your posts somebody stands in, and for whom you stand in."""
    rows = Substitution.objects.visible_to(request.user).select_related("appointment__user", "substitute")
    return page(request, rows, asked, SubstitutionOut, _substitution_lines)


@router.post("/substitutions", response=writes(SubstitutionOut, 201), openapi_extra=KEYED, summary="Name a substitute")
def substitute(request: Call, sent: NewSubstitution) -> Any:
    """Let somebody use the rights of one of your own posts from day to day."""

    def run() -> Any:
        today = clock.today()
        held = get_object_or_404(own_appointments(request.user, today), pk=sent.appointment)
        person = named(substitutes_for(request.user), sent.substitute, "substitute")
        given = sent.model_dump(include={"start", "end", "reason"})
        made = name_substitute(appointment=held, substitute=person, by=request.user, **given)
        return done(_substitution_lines([made])[0], SubstitutionOut, 201)

    return once(request, run)


@router.post("/substitutions/{pk}/end", response=writes(Gone), openapi_extra=KEYED, summary="End a substitution")
def end(request: Call, pk: Pk) -> Any:
    """End a substitution before its last day."""

    def run() -> Any:
        row = get_visible_or_404(Substitution.objects.all(), request.user, pk)
        if row.end < clock.today():
            raise ActionRefused(_("This substitution has ended already."))
        end_substitution(substitution=row, by=request.user)
        return done({"gone": pk}, Gone)

    return once(request, run)


def _units(user: User, pk: int | None) -> Any:
    """Return the keys of the units that `user` sees, below one of them where it is named; 404 for a hidden one."""
    rows = Unit.objects.visible_to(user)
    return (rows.below(unit_seen(user, pk)) if pk else rows).order_by().values("pk")


def _version(row: Appointment) -> str:
    return f"{row.end or 'open'}"


def _appointment(request: Call, pk: int, status: int = 200) -> Any:
    rows = Appointment.objects.filter(post__unit__in=_units(request.user, None))
    row: Appointment = get_object_or_404(rows.select_related("user", "post__unit"), pk=pk)
    return one(request, AppointmentOut, _appointment_lines([row])[0], _version(row), status)


def _person_lines(rows: Sequence[User]) -> list[dict[str, Any]]:
    return [{"id": row.pk, "name": row.full_name, "active": row.is_active} for row in rows]


def _post_lines(rows: Sequence[Post]) -> list[dict[str, Any]]:
    return [{**facts(row, "title", "body", "rank", "role", "signs"), "unit": unit_ref(row.unit)} for row in rows]


def _appointment_lines(rows: Sequence[Appointment]) -> list[dict[str, Any]]:
    return [
        {
            **facts(row, "start", "end", "full_time"),
            "person": person_ref(row.user),
            "post": row.post_id,
            "unit": unit_ref(row.post.unit),
            "title": row.post.title,
        }
        for row in rows
    ]


def _substitution_lines(rows: Sequence[Substitution]) -> list[dict[str, Any]]:
    return [
        {
            **facts(row, "start", "end", "reason"),
            "appointment": row.appointment_id,
            "absent": person_ref(row.appointment.user),
            "substitute": person_ref(row.substitute),
        }
        for row in rows
    ]
