"""Plans sent down: to whom, what each unit answers item by item, own plans."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Annotated, Any, Final, Literal

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from doantracker.api.v1.answers import KEYED, PageQuery, done, one, page, page_of, reads, reads_one, writes
from doantracker.api.v1.auth import Call
from doantracker.api.v1.deadlines import PlanRef, plan_ref
from doantracker.api.v1.idempotency import once
from doantracker.api.v1.shared import Page, facts, kinds_named, page_address, plan_run, plan_seen, units_seen
from doantracker.api.v1.types import GREATEST, Day, Figure, Id, Pk, Sent, Text, UnitRef, unit_ref
from plans.actions import cascade as actions
from plans.actions import own_plans
from plans.cascade_answer_page import ItemView, item_views
from plans.cascade_items import items_of
from plans.cascade_page import counted, narrowed, totals
from plans.enums import Dilution, ItemAnswer, Level, PlanStatus
from plans.errors import ActionRefused
from plans.models import CascadeAnswer, Plan, PlanRecipient, Solution
from plans.rights import may_answer, may_issue_for
from units.access import get_visible_or_404, require
from units.models import User
from units.permissions import Permission

router = Router(tags=["cascade"])
RELATED: Final = ("plan__issuing_unit", "unit__kind", "own_plan")
MOST_UNITS: Final = 500
Show = Literal["no_plan", "open", "no_answer", "diluted", "waiting", "not_taken", "no_report"]
Pks = Annotated[list[Id], Field(max_length=MOST_UNITS)]
Reason = Annotated[Text, Field(max_length=500)]


class SentOut(Schema):
    """A plan that was sent down to one unit."""

    id: int
    plan: PlanRef
    unit: UnitRef
    asked_on: dt.date
    due_on: dt.date | None = Field(description="By when the unit owes its own plan.")
    own_plan: int | None = Field(description="The unit's own plan, where you see it.")
    page: Page


class CountedOut(SentOut):
    """The same with how its items are answered."""

    answered: int = Field(description="Items that have an answer.")
    accepted: int
    adapted: int
    merged: int
    not_applicable: int
    diluted: int = Field(description="Answers that ask for less than the item.")
    waiting: int = Field(description="Items that changed since and nobody has decided about.")


class ItemOut(Schema):
    """One item asked of a unit, and its answer."""

    solution: int
    ordinal: int
    text: str
    when: str = Field(description="When it is owed, in words.")
    level: Level | Literal[""] = Field(description="The level that acts; empty: not said.")
    version: int = Field(description="Of the answer; 0: none yet.")
    answer: ItemAnswer | None
    reason: str
    own_text: str = Field(description="What the unit does instead.")
    own_number: Decimal | None = Field(description="The figure the unit sets itself.")
    own_day: dt.date | None = Field(description="The last day the unit sets itself.")
    own_solution: int | None = Field(description="The item of the unit's own plan it goes into.")
    dilution: Dilution | None = Field(description="How the answer asks for less than the item; null: it does not.")
    changed: bool = Field(description="The item was changed above since it was answered.")
    kept: bool = Field(description="The unit left its answer as it is for a reason.")


class SentWhole(SentOut):
    """A plan that was sent down to one unit, item by item."""

    items: list[ItemOut]


class TotalsOut(Schema):
    """How far the units are; the figures of the page."""

    figures: dict[str, int] = Field(description="Numbers of units by name of state.")


class SentQuery(PageQuery):
    """Which units of a plan: the filters of its page."""

    q: Annotated[Text | None, Field(max_length=200, description="Words of the unit.")] = None
    show: Show | None = Field(default=None, description="Only units that stand so.")


class ReceivedQuery(PageQuery):
    """Which plans from above."""

    below: Annotated[bool, Field(description="Those of the units below yours too.")] = False


class Sending(Sent):
    """To whom a plan goes, and by when each owes its own."""

    units: Pks = Field(default_factory=list, description="Ids of units below the issuer.")
    kinds: Annotated[list[Annotated[Text, Field(max_length=50)]], Field(max_length=50)] = Field(
        default_factory=list, description="Codes of kinds: every unit of these kinds below the issuer."
    )
    due_on: Day | None = Field(default=None, description="By when each owes its own plan.")


class SentDown(Schema):
    """How many units are new, and their rows."""

    new: int
    recipients: list[int] = Field(description="Their ids, for /cascade/{pk}.")


class AnswerIn(Sent):
    """The answer to one item."""

    answer: ItemAnswer
    version: Annotated[int, Field(ge=0, le=GREATEST, strict=True, description="Of the answer you saw; 0: none yet.")]
    reason: Reason = Field(default="", description="Needed where it does not apply.")
    text: Annotated[Text, Field(max_length=20_000, description="What the unit does instead.")] = ""
    number: Annotated[Figure | None, Field(ge=0, decimal_places=2, description="The figure the unit sets itself.")] = (
        None
    )
    last_day: Day | None = Field(default=None, description="The last day the unit sets itself.")
    own_solution: Id | None = Field(default=None, description="The id of an item of the unit's own plan.")


class AnswerAll(Sent):
    """One answer for every item that has none."""

    answer: Literal["accepted", "not_applicable"]
    reason: Reason = ""


class Decide(Sent):
    """What a unit does about an item that was changed above."""

    act: Literal["take", "keep"]
    version: Annotated[int, Field(ge=1, le=GREATEST, strict=True, description="Of the answer you saw.")]
    reason: Reason = Field(default="", description="Needed to keep the answer.")


class OwnPlan(Sent):
    """Start an own plan (`title`), or name one the unit has (`plan`)."""

    act: Literal["start", "link", "merge"]
    title: Annotated[Text, Field(max_length=500, description="Empty: that of the plan above.")] = ""
    plan: Id | None = Field(default=None, description="The id of a plan of the unit; to link or merge.")


@router.get(
    "/plans/{pk}/cascade",
    response=reads(page_of(CountedOut, "CascadePage")),
    summary="List the units a plan was sent down to",
)
def sent_list(request: Call, pk: Pk, asked: Query[SentQuery]) -> Any:
    """List the units a plan was sent down to, with how each answered."""
    plan = followed(request.user, pk)
    rows = counted(PlanRecipient.objects.visible_to(request.user).filter(plan=plan), _digests(plan))
    rows = narrowed(rows, asked.show or "", plan)
    rows = rows.matching(asked.q) if asked.q else rows
    return page(request, rows.select_related(*RELATED), asked, CountedOut, lambda found: _counted(found, request.user))


@router.get("/plans/{pk}/cascade/figures", response=reads(TotalsOut), summary="Count how far the units are")
def sent_figures(request: Call, pk: Pk) -> Any:
    """Count the units a plan was sent down to by how far they are."""
    plan = followed(request.user, pk)
    rows = PlanRecipient.objects.visible_to(request.user).filter(plan=plan)
    return done({"figures": totals(counted(rows, _digests(plan)))}, TotalsOut)


@router.post("/plans/{pk}/cascade", response=writes(SentDown, 201), openapi_extra=KEYED, summary="Send a plan down")
def send_down(request: Call, pk: Pk, sent: Sending) -> Any:
    """Send a published plan down to units below its issuer; who has it already keeps it."""
    kinds = kinds_named(sent.kinds)

    def run() -> Any:
        plan = plan_run(request.user, pk, PlanStatus.PUBLISHED)
        units = units_seen(request.user, sent.units)
        rows = actions.send_down(plan=plan, by=request.user, units=units, kinds=kinds, due_on=sent.due_on)
        return done({"new": len(rows), "recipients": [row.pk for row in rows]}, SentDown, 201)

    return once(request, run)


@router.get("/cascade", response=reads(page_of(SentOut, "ReceivedPlanPage")), summary="List plans from above")
def received_list(request: Call, asked: Query[ReceivedQuery]) -> Any:
    """List the plans that were sent down to your own units."""
    user = request.user
    require(user.may(Permission.REPORT) or user.may(Permission.MANAGE_PLANS))
    rows = PlanRecipient.objects.answerable_by(user) if asked.below else PlanRecipient.objects.of_units_of(user)
    return page(request, rows.select_related(*RELATED), asked, SentOut, lambda found: _lines(found, user))


@router.get("/cascade/{pk}", response=reads_one(SentWhole), summary="Show a plan from above")
def received(request: Call, pk: Pk) -> Any:
    """Show a plan that was sent down to a unit, item by item."""
    return _whole(request, pk)


@router.post(
    "/cascade/{pk}/items/{solution}",
    response=writes(SentWhole),
    openapi_extra=KEYED,
    summary="Answer an item of a plan from above",
)
def answer_item(request: Call, pk: Pk, solution: Pk, sent: AnswerIn) -> Any:
    """Answer one item. `version` says which answer you saw instead of If-Match."""

    def act(row: PlanRecipient) -> object:
        item = _item(row, solution)
        own = _own_solution(row, sent.own_solution)
        given = sent.model_dump(exclude={"own_solution"})
        return actions.answer_item(recipient=row, solution=item, by=request.user, own_solution=own, **given)

    return _answering(request, pk, act)


@router.post(
    "/cascade/{pk}/all",
    response=writes(SentWhole),
    openapi_extra=KEYED,
    summary="Answer all items that have no answer",
)
def answer_all(request: Call, pk: Pk, sent: AnswerAll) -> Any:
    """Give every item that has no answer yet the same one."""
    given = sent.model_dump()
    return _answering(request, pk, lambda row: actions.answer_all(recipient=row, by=request.user, **given))


@router.post(
    "/cascade/{pk}/items/{solution}/decide",
    response=writes(SentWhole),
    openapi_extra=KEYED,
    summary="Take a change of an item, or keep the answer",
)
def decide(request: Call, pk: Pk, solution: Pk, sent: Decide) -> Any:
    """Follow an item that was changed above, or leave the answer as it is for a reason."""

    def act(row: PlanRecipient) -> object:
        rows = CascadeAnswer.objects.visible_to(request.user).select_related("own_solution__plan")
        stored = get_object_or_404(rows, recipient=row, solution=_item(row, solution))
        about = {"answer": stored, "by": request.user, "version": sent.version}
        if sent.act == "take":
            return own_plans.take_change(**about)
        return actions.keep_answer(reason=sent.reason, **about)

    return _answering(request, pk, act)


@router.post(
    "/cascade/{pk}/own-plan",
    response=writes(SentWhole),
    openapi_extra=KEYED,
    summary="Start, name or merge the unit's own plan",
)
def own_plan(request: Call, pk: Pk, sent: OwnPlan) -> Any:
    """Start the unit's own draft from what it accepted, name a plan it has, or merge what is left into one."""

    def act(row: PlanRecipient) -> object:
        require(may_issue_for(request.user, row.unit))
        if sent.act == "start":
            return own_plans.start_own_plan(recipient=row, by=request.user, title=sent.title)
        chosen: Plan | None = own_plans.own_plans_offered(row).filter(pk=sent.plan or 0).first()
        if chosen is None:
            raise ActionRefused(_("Choose a plan of the unit."))
        linked = own_plans.merge_into if sent.act == "merge" else own_plans.link_plan
        return linked(recipient=row, own_plan=chosen, by=request.user)

    return _answering(request, pk, act)


def _answering(request: Call, pk: int, act: Callable[[PlanRecipient], object]) -> Any:
    def run() -> Any:
        act(answerable(request.user, pk))
        return _whole(request, pk)

    return once(request, run)


def followed(user: User, pk: int) -> Plan:
    """Return a plan that is or was followed up and that `user` sees; else 404."""
    plan = plan_seen(user, pk)
    require(plan.status != PlanStatus.DRAFT)
    return plan


def sent_to_unit(user: User, pk: int) -> PlanRecipient:
    """Return a plan as sent down to a unit that `user` sees; else 404."""
    found: PlanRecipient = get_visible_or_404(PlanRecipient.objects.select_related(*RELATED), user, pk)
    return found


def answerable(user: User, pk: int) -> PlanRecipient:
    """Return a plan as sent down to a unit for which `user` answers; else 404."""
    row = sent_to_unit(user, pk)
    require(may_answer(user, row))
    return row


def _item(row: PlanRecipient, pk: int) -> Solution:
    found: Solution = get_object_or_404(Solution.objects.filter(plan=row.plan_id), pk=pk)
    return found


def _own_solution(row: PlanRecipient, pk: int | None) -> Solution | None:
    if pk is None:
        return None
    own = Solution.objects.filter(plan=row.own_plan_id, dropped_at__isnull=True) if row.own_plan_id else None
    found: Solution | None = own.filter(pk=pk).first() if own is not None else None
    if found is None:
        raise ActionRefused(_("Choose an item of the unit's own plan."))
    return found


def _digests(plan: Plan) -> list[str]:
    return [item.digest for item in items_of(plan.solutions.all())]


def _whole(request: Call, pk: int) -> Any:
    row = sent_to_unit(request.user, pk)
    line = _lines([row], request.user)[0]
    items = [_item_line(view, own=line["own_plan"] is not None) for view in item_views(row)]
    return one(request, SentWhole, {**line, "items": items}, 1)


def _lines(rows: Sequence[PlanRecipient], user: User) -> list[dict[str, Any]]:
    """Return recipients as told; one query for the own plans among them that the caller sees."""
    own = {row.own_plan_id for row in rows} - {None}
    shown = set(Plan.objects.visible_to(user).filter(pk__in=own).values_list("pk", flat=True))
    return [
        {
            **facts(row, "asked_on", "due_on"),
            "plan": plan_ref(row.plan),
            "unit": unit_ref(row.unit),
            "own_plan": row.own_plan_id if row.own_plan_id in shown else None,
            "page": page_address(row),
        }
        for row in rows
    ]


def _counted(rows: Sequence[Any], user: User) -> list[dict[str, Any]]:
    names = ("answered", "diluted", "waiting", *(answer.value for answer in ItemAnswer))
    counts = [{name: getattr(row, f"n_{name}") for name in names} for row in rows]
    return [{**line, **count} for line, count in zip(_lines(rows, user), counts, strict=True)]


def _item_line(view: ItemView, *, own: bool) -> dict[str, Any]:
    """Return one item as told; the item it goes into where `own` says that the caller sees that plan."""
    solution, answer = view.item.solution, view.answer
    return {
        "solution": solution.pk,
        "ordinal": solution.ordinal,
        "text": solution.text,
        "when": view.item.when,
        "level": solution.level,
        "version": view.version,
        "answer": answer.answer if answer else None,
        "reason": answer.reason if answer else "",
        "own_text": answer.text if answer else "",
        "own_number": answer.number if answer else None,
        "own_day": answer.last_day if answer else None,
        "own_solution": answer.own_solution_id if answer and own else None,
        "dilution": (answer.dilution or None) if answer else None,
        "changed": view.changed,
        "kept": view.kept,
    }
