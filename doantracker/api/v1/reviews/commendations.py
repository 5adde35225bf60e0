"""Proposals of commendations: made with their paper, passed on, decided."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Annotated, Any, Final

from django.conf import settings
from ninja import File, Form, Query, Router, Schema, UploadedFile
from pydantic import Field

from doantracker.api.v1.acts import (
    NO_FILES,
    AskedUnit,
    AskedYear,
    SomeWords,
    Words,
    acted,
    changes,
    creates,
    lists,
    made,
    named,
    number_in,
    offered_or_404,
    page_at,
    plain_of,
    shows,
    uploads,
    wrong,
)
from doantracker.api.v1.answers import PageQuery, one, page, seen_number
from doantracker.api.v1.auth import Call
from doantracker.api.v1.filtering import narrowed
from doantracker.api.v1.types import GREATEST, Day, PersonRef, Pk, Sent, Text, UnitRef, person_ref, unit_ref
from doantracker.lib import clock
from plans.validators import FIRST_YEAR, LAST_YEAR
from reviews.actions import commendations
from reviews.enums import ProposalState
from reviews.filters import CommendationFilter
from reviews.levels import levels_of
from reviews.models import CommendationProposal
from reviews.rights import may_have_judged, may_propose, meeting_units
from units.access import get_visible_or_404, require
from units.models import Unit, User

router = Router(tags=["surveys and commendations"])
RELATED: Final = ("unit", "proposing_unit", "level", "at", "decided_by")
AnyId = Annotated[int, Field(ge=1, le=GREATEST)]  # a form sends texts


class CommendationOut(Schema):
    """A proposal to commend a unit, or a person in it."""

    id: int
    version: int
    year: int
    proposing_unit: UnitRef
    unit: UnitRef
    person: str = Field(description="The name of the person; empty: the unit itself.")
    award: str = Field(description="The form of commendation in words, such as “Giấy khen”.")
    merits: str
    level: UnitRef = Field(description="The level asked to commend.")
    at: UnitRef = Field(description="The level it lies with.")
    file: str = Field(description="The name of the paper attached; it is read on the page.")
    state: ProposalState
    reason: str = Field(description="Why it was refused or withdrawn.")
    decision_number: str = Field(description="Number and symbol of the decision; empty before it.")
    decision_day: dt.date | None
    decided_at: dt.datetime | None
    decided_by: PersonRef | None
    page: str = Field(description="The address of its page, for people.")


class CommendationQuery(PageQuery):
    """Which proposals: the filters of their page."""

    year: AskedYear = None
    unit: AskedUnit = None
    state: ProposalState | None = None
    award: Annotated[Text | None, Field(max_length=120)] = Field(
        default=None, description="The form of commendation, as proposals tell it."
    )


class NewCommendation(Sent):
    """Who deserves it, for what, and which level is asked. Without a person the unit itself is commended."""

    proposing_unit: AnyId = Field(description="The id of the unit that proposes.")
    year: Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)]
    unit: AnyId = Field(description="The id of the unit commended, or of the person's.")
    person: Annotated[Text, Field(max_length=150)] = Field(
        default="", description="The name of the person; empty: the unit itself."
    )
    award: Annotated[Text, Field(min_length=1, max_length=120)] = Field(
        description="One of the forms of commendation offered, such as “Giấy khen”."
    )
    level: AnyId = Field(description="The id of the unit asked to commend: the proposing one or one above.")
    merits: SomeWords

    def values(self, proposer: Unit) -> dict[str, Any]:
        """Return what the act takes."""
        if self.award not in settings.COMMENDATION_FORMS:
            raise wrong("award")
        units = Unit.objects.below(proposer).in_force(clock.today())
        return {
            "year": self.year,
            "unit": named(units, self.unit, "unit"),
            "person": " ".join(self.person.split()),
            "award": self.award,
            "merits": self.merits,
            "level": named(levels_of(proposer), self.level, "level"),
        }


class CommendationGranted(Sent):
    """Number and day of the decision."""

    number: Annotated[Text, Field(min_length=1, max_length=60)] = Field(
        description="Number and symbol of the decision."
    )
    day: Day = Field(description="The day it was signed; not a later one than today.")


class Because(Sent):
    """Why."""

    reason: SomeWords


class MaybeBecause(Sent):
    """Why, if you want to say it."""

    reason: Words = ""


@lists(router, "/commendations", CommendationOut, "CommendationPage", "List proposals of commendations")
def proposal_list(request: Call, asked: Query[CommendationQuery]) -> Any:
    """List the proposals of the units you see."""
    rows = narrowed(CommendationFilter, asked, CommendationProposal.objects.visible_to(request.user), request)
    rows = rows.select_related(*RELATED)
    return page(request, rows, asked, CommendationOut, lambda found: [_line(row) for row in found])


@shows(router, "/commendations/{pk}", CommendationOut, "Show a proposal of a commendation")
def proposal(request: Call, pk: Pk) -> Any:
    """Show one proposal; its ETag is needed to decide about it."""
    return _told(request, pk)


@creates(router, "/commendations", CommendationOut, "Propose a commendation")
def propose(request: Call, sent: Form[NewCommendation], files: File[list[UploadedFile]] = NO_FILES) -> Any:
    """Propose a commendation, as multipart/form-data with at most one file."""
    proposer = offered_or_404(meeting_units(request.user, clock.today()), sent.proposing_unit)

    def make() -> CommendationProposal:
        papers = uploads(files)
        if len(papers) > 1:
            raise wrong("files")
        facts: dict[str, Any] = {"values": sent.values(proposer), "upload": papers[0] if papers else None}
        return commendations.propose(unit=proposer, by=request.user, **facts)

    return made(request, make, lambda row: _told(request, row.pk, 201))


@changes(router, "/commendations/{pk}/pass-on", CommendationOut, "Pass a proposal of a commendation on")
def pass_on(request: Call, pk: Pk) -> Any:
    """Pass a proposal on to the next level above, on its way to the one asked."""
    return _judge(request, pk, commendations.pass_on)


@changes(router, "/commendations/{pk}/grant", CommendationOut, "Enter the decision to commend")
def grant(request: Call, pk: Pk, sent: CommendationGranted) -> Any:
    """Enter the decision to commend: its number and its day."""
    facts: dict[str, Any] = {"number": number_in(sent.number), "day": sent.day}
    return _judge(request, pk, lambda **who: commendations.grant(**who, **facts))


@changes(router, "/commendations/{pk}/refuse", CommendationOut, "Refuse a commendation")
def refuse(request: Call, pk: Pk, sent: Because) -> Any:
    """Refuse a proposal with a reason."""
    return _judge(request, pk, lambda **who: commendations.refuse(**who, reason=sent.reason))


@changes(router, "/commendations/{pk}/withdraw", CommendationOut, "Take a proposal of a commendation back")
def withdraw(request: Call, pk: Pk, sent: MaybeBecause) -> Any:
    """Take back a proposal that nobody has decided yet."""

    def act() -> None:
        row = _visible(request.user, pk)
        require(may_propose(request.user, row.proposing_unit))
        version = seen_number(request, row.version)
        commendations.withdraw(proposal=row, by=request.user, version=version, reason=sent.reason)

    return acted(request, act, lambda: _told(request, pk))


def _judge(request: Call, pk: int, act: Callable[..., object]) -> Any:
    def run() -> None:
        row = _visible(request.user, pk)
        require(may_have_judged(request.user, row))
        act(proposal=row, by=request.user, version=seen_number(request, row.version))

    return acted(request, run, lambda: _told(request, pk))


def _visible(user: User, pk: int) -> CommendationProposal:
    rows = CommendationProposal.objects.select_related(*RELATED, "created_by")
    found: CommendationProposal = get_visible_or_404(rows, user, pk)
    return found


def _told(request: Call, pk: int, status: int = 200) -> Any:
    row = _visible(request.user, pk)
    return one(request, CommendationOut, _line(row), row.version, status)


def _line(row: CommendationProposal) -> dict[str, Any]:
    plain = (
        "version", "year", "person", "award", "merits", "state", "reason", "decision_number", "decision_day",
        "decided_at",
    )  # fmt: skip
    units = ("proposing_unit", "unit", "level", "at")
    return {
        **plain_of(row, plain),
        **{name: unit_ref(getattr(row, name)) for name in units},
        "file": row.original_name,
        "decided_by": person_ref(row.decided_by),
        "page": page_at(row),
    }
