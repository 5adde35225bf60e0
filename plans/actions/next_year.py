"""A plan is copied into a later year: a draft with its groups, solutions and commitments, days moved.

What a person has to look at carries a doubt: words that name a year gone by, cited documents, events without a day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from doantracker.lib import clock
from plans.actions.inserting import insert, link
from plans.actions.plans import set_symbol_parts
from plans.actions.sent import made_before, remember
from plans.enums import Kind, Origin, PlanStatus, ShortcomingState
from plans.errors import ActionRefused
from plans.models import (
    Event,
    Indicator,
    IndicatorCondition,
    IndicatorLevel,
    Plan,
    PlanReference,
    PriorityTask,
    Schedule,
    Shortcoming,
    Solution,
    SolutionGroup,
)
from plans.next_year import moved_day, moved_or_none, moved_rule, whole_years, with_years, years_named
from plans.rights import may_issue_for
from units import audit
from units.access import require
from units.models import User
from units.models.audit import AuditAction

#: Of the head of a plan what next year's keeps as it is.
KEPT = (
    "kind", "place", "issuing_unit", "issuing_body", "signer_authority", "signer_title", "signer_name", "recipients",
    "parent", "coordinating_unit", "ladder", "days_off_move", "directive_lead_days",
)  # fmt: skip
LONGEST_TITLE = 500


def year_of(plan: Plan, today: dt.date | None = None) -> int:
    """Return the year in which a plan begins."""
    begins = plan.period_start or plan.issued_on or today or clock.today()
    return begins.year


def usual_next_year(plan: Plan) -> int:
    """Return the year for which a plan is usually copied: as many whole years on as it lasts, one at least.

    Without a first day that after its last year; with an open end that after this year.
    """
    if plan.period_start and plan.period_end:
        return plan.period_start.year + max(1, whole_years(plan.period_start, plan.period_end))
    return (plan.period_end.year if plan.period_end else max(year_of(plan), clock.today().year)) + 1


def copies_of(plan: Plan, year: int) -> models.QuerySet[Plan]:
    """Return the plans that were copied from a plan for a year."""
    found: models.QuerySet[Plan] = plan.copies.filter(period_start__year=year)
    return found


def next_year_header(plan: Plan, year: int, by: User, *, again: bool = False, key: str = "", title: str = "") -> Plan:
    """Make a draft for `year` with the head of a plan, its period moved, and the years in its title without a `title`.

    A second copy for the same year is refused unless `again`. Call it in the transaction that fills the draft.
    """
    require(may_issue_for(by, plan.issuing_unit))
    years = year - year_of(plan)
    if plan.status == PlanStatus.DRAFT:
        raise ActionRefused(_("This plan is a draft. Publish it before you copy it."))
    if years < 1:
        raise ActionRefused(
            _("Choose a year after that of the plan, which begins in %(year)s.") % {"year": year_of(plan)}
        )
    if year > clock.today().year + 10:  # nobody plans further; a slip of the finger
        raise ActionRefused(_("This year lies too far ahead. Check the number."))
    with transaction.atomic():
        Plan.objects.select_for_update().filter(pk=plan.pk).first()  # one copy at a time
        if not again and copies_of(plan, year).exists():
            raise ActionRefused(
                _("This plan was copied for %(year)s already. Go on with that copy, or say that you want another one.")
                % {"year": year}
            )
        draft = Plan(copied_from=plan, created_by=by, **{name: getattr(plan, name) for name in KEPT})
        last = plan.period_end.year if plan.period_end else year_of(plan)
        moved = with_years(plan.title, first=year_of(plan) - 1, last=last, years=years)  # or that of the review
        draft.title = (title.strip() or moved)[:LONGEST_TITLE]
        draft.period_start = moved_day(plan.period_start, years) if plan.period_start else dt.date(year, 1, 1)
        draft.period_end = moved_or_none(plan.period_end, years)
        set_symbol_parts(draft)
        draft.save()
        remember(key, by=by, plan=draft, record_id=draft.pk)
    return draft


def copy_to_next_year(*, plan: Plan, year: int, by: User, again: bool = False, key: str = "") -> Plan:
    """Copy a plan into `year` as a draft; with the `key` of a form that was sent before, the draft it made."""
    try:
        with transaction.atomic():
            return _made_before(key, by) or _copied(plan, year, by, again=again, key=key)
    except IntegrityError:  # the same form was sent twice at once, and the other one was first
        made = _made_before(key, by)
        if made is None:
            raise
        return made


def _made_before(key: str, by: User) -> Plan | None:
    made = made_before(key, by=by)
    return None if made is None else Plan.objects.filter(pk=made).first()


def _copied(plan: Plan, year: int, by: User, *, again: bool, key: str) -> Plan:
    draft = next_year_header(plan, year, by, again=again, key=key)
    copy = _Copy(plan, draft, year - year_of(plan), year)
    copy.make()
    audit.record(
        AuditAction.CREATED,
        by=by,
        obj=draft,
        plan_id=draft.pk,
        unit_id=draft.issuing_unit_id,
        data={"copied_from": str(plan), "year": year},
    )
    return draft


@dataclass
class _Copy:
    """One copy under way: what became of each record, by its former id."""

    plan: Plan
    draft: Plan
    years: int
    year: int
    shortcomings: dict[int, Shortcoming] = field(default_factory=dict)
    tasks: dict[int, PriorityTask] = field(default_factory=dict)
    groups: dict[int, SolutionGroup] = field(default_factory=dict)
    solutions: dict[int, Solution] = field(default_factory=dict)
    schedules: dict[int, Schedule] = field(default_factory=dict)
    events: dict[int, Event] = field(default_factory=dict)

    def make(self) -> None:
        """Write the records kind by kind: a fixed number of statements, but for events."""
        self._references()
        self.tasks = self._same(PriorityTask, ("list_kind", "ordinal", "text", "owner"), ("text",))
        self.groups = self._same(SolutionGroup, ("ordinal", "title", "lead_unit_id"), ("title",))
        self._shortcomings()
        self._solutions()
        self._schedules()
        self._indicators()

    def _references(self) -> None:
        names = ("kind", "symbol", "issued_on", "issuer", "title")
        doubt = _("Is this document still in force, and is there a newer one for %(year)s?") % {"year": self.year}
        rows = PlanReference.objects.filter(plan=self.plan).order_by("pk")
        insert(PlanReference, [PlanReference(plan=self.draft, doubt=doubt, **_values(r, names)) for r in rows])

    def _same(self, model: Any, names: tuple[str, ...], texts: tuple[str, ...]) -> dict[int, Any]:
        """Copy records that keep their columns; words with a year gone by get a doubt."""
        rows = list(model.objects.filter(plan=self.plan).order_by("pk"))
        found = {row.pk: model(plan=self.draft, **_values(row, names)) for row in rows}
        for copy in found.values():
            copy.doubt = self._doubt(*(getattr(copy, name) for name in texts))
        insert(model, found.values())
        return found

    def _shortcomings(self) -> None:
        """Carry over what is not remedied, numbered anew, with where it comes from."""
        rows = Shortcoming.objects.filter(plan=self.plan, merged_into__isnull=True)
        rows = rows.exclude(state=ShortcomingState.REMEDIED).order_by("ordinal")
        names = ("field_id", "text", "subject", "person_id", "cause", "found_in")
        for ordinal, row in enumerate(rows, start=1):
            copy = Shortcoming(plan=self.draft, ordinal=ordinal, carried_over_from=row, **_values(row, names))
            copy.origin, copy.origin_year = Origin.CARRIED_OVER, row.origin_year or year_of(self.plan)
            self.shortcomings[row.pk] = copy
        insert(Shortcoming, self.shortcomings.values())
        self._links(Shortcoming.named_units.through, self.shortcomings)

    def _solutions(self) -> None:
        rows = Solution.objects.filter(plan=self.plan, dropped_at__isnull=True).order_by("ordinal")
        names = ("text", "level", "lead_unit_id", "overseer_id", "deliverable")
        for ordinal, row in enumerate(rows, start=1):
            copy = Solution(plan=self.draft, ordinal=ordinal, **_values(row, names))
            copy.group = self.groups.get(row.group_id or 0)
            copy.doubt = self._doubt(copy.text)
            self.solutions[row.pk] = copy
        insert(Solution, self.solutions.values())
        self._links(Solution.supporting_units.through, self.solutions)
        self._links(Solution.shortcomings.through, self.solutions, self.shortcomings)
        self._links(Solution.priority_tasks.through, self.solutions, self.tasks)

    def _schedules(self) -> None:
        """Copy commitments as they are by now: not what was changed for another one that goes on."""
        rows = Schedule.objects.filter(solution__in=list(self.solutions), continued_by__isnull=True)
        rows = rows.select_related("event").order_by("pk")
        for row in rows:
            self.schedules[row.pk] = self._schedule(row)
            if row.hangs_on_id and row.kind == Kind.RELATIVE:
                self.schedules[row.pk].chain = row.chain
        hung = {row.pk: row.hangs_on_id for row in rows if row.hangs_on_id}
        for pk, anchor in hung.items():
            if anchor not in self.schedules:  # what it hung on is not copied: a person binds it anew
                self.schedules[pk].chain, self.schedules[pk].in_order = "", False
        insert(Schedule, self.schedules.values())
        hanging = [row for row in rows if row.hangs_on_id in self.schedules]
        for row in hanging:
            self.schedules[row.pk].hangs_on = self.schedules[row.hangs_on_id or 0]
        Schedule.objects.bulk_update([self.schedules[row.pk] for row in hanging], ["hangs_on"])
        self._links(Schedule.owner_units.through, self.schedules)
        self._links(Schedule.owner_kinds.through, self.schedules)

    def _schedule(self, row: Schedule) -> Schedule:
        names = ("phrase", "kind", "lead_time", "anchor", "in_working_days", "in_order", "exception", "exclusive")
        copy = Schedule(solution=self.solutions[row.solution_id], **_values(row, names))
        goes_on = row.kind == Kind.RECURRING and row.continues_id  # it began where the former one was changed
        copy.start = None if goes_on else moved_or_none(row.start, self.years)
        copy.due, copy.rule = moved_or_none(row.due, self.years), moved_rule(row.rule, self.years)
        copy.event = self._event(row.event) if row.event else None
        copy.doubt = self._doubt(row.phrase, row.anchor, row.exception)
        if row.event and not copy.doubt:
            copy.doubt = _("The event has no day yet in %(year)s: give it one.") % {"year": self.year}
        return copy

    def _indicators(self) -> None:
        """Copy targets with their days moved; the results are of the former year."""
        names = (
            "ordinal", "text", "kind", "comparator", "value", "unit_of_measure", "frequency", "cumulative", "audience",
            "roll_up",
        )  # fmt: skip
        rows = list(Indicator.objects.filter(plan=self.plan).order_by("ordinal"))
        copies = {row.pk: Indicator(plan=self.draft, **_values(row, names)) for row in rows}
        for row in rows:
            copy = copies[row.pk]
            copy.group, copy.solution = self.groups.get(row.group_id or 0), self.solutions.get(row.solution_id or 0)
            copy.start, copy.due = moved_or_none(row.start, self.years), moved_or_none(row.due, self.years)
            copy.fed_by = self.schedules.get(row.fed_by_id or 0)
            copy.doubt = self._doubt(row.text)
        insert(Indicator, copies.values())
        for part, columns in (
            (IndicatorCondition, ("ordinal", "text")),
            (IndicatorLevel, ("ordinal", "name", "reaches")),
        ):
            parts = part.objects.filter(indicator__plan=self.plan).order_by("pk")
            insert(part, [part(indicator=copies[p.indicator_id], **_values(p, columns)) for p in parts])
        self._links(Indicator.owner_units.through, copies)
        self._links(Indicator.owner_kinds.through, copies)

    def _event(self, event: Event) -> Event:
        """Return the event of the same name in the draft, made once, without a day."""
        if event.pk not in self.events:
            facts = {"unit": event.unit, "plan": self.draft, "kind": event.kind, "keeper": event.keeper}
            same = Event.objects.filter(plan=self.draft, name=event.name, cancelled=False).first()
            self.events[event.pk] = same or Event.objects.create(name=event.name, **facts)
        return self.events[event.pk]

    def _doubt(self, *texts: str) -> str:
        """Return that words still name a year gone by; empty where none do."""
        named = sorted({year for text in texts for year in years_named(text, before=self.year)})
        if not named:
            return ""
        return _("The words still say %(years)s. Correct what is meant for %(year)s.") % {
            "years": ", ".join(map(str, named)),
            "year": self.year,
        }

    def _links(
        self,
        through: Any,
        owners: dict[int, Any],
        targets: dict[int, Any] | None = None,
    ) -> None:
        """Link the copies to what their records were linked to; to the copies of it where `targets` has them."""
        left, right = (f for f in through._meta.concrete_fields if f.is_relation and not f.null)  # noqa: SLF001  # documented API
        pairs = through.objects.filter(**{f"{left.attname}__in": list(owners)}).order_by("pk")
        found: Iterable[tuple[int, int]] = pairs.values_list(left.attname, right.attname)
        kept = [(a, b) for a, b in found if targets is None or b in targets]
        fresh = right.related_model
        link(through, [(owners[a], targets[b] if targets is not None else fresh(pk=b)) for a, b in kept])


def _values(record: models.Model, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(record, name) for name in names}
