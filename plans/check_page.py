"""What the check page shows: the document with marks, each record as a card, what is missing.

The number of queries does not depend on the number of records.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, cast
from urllib.parse import urlencode

from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from doantracker.lib.working_days import WorkingCalendar
from plans.calendars import days_off, working_calendar
from plans.check_document import LEGEND, blocks_of
from plans.enums import Kind
from plans.gap_kinds import Gap
from plans.gaps import gaps_of
from plans.indicator_list import with_parts
from plans.labels import period_label
from plans.models import (
    Indicator,
    Plan,
    PlanReference,
    PriorityTask,
    Schedule,
    Shortcoming,
    Solution,
    SolutionGroup,
)
from plans.models.plan import Sourced
from plans.occurrences import upcoming
from plans.record_values import Record, fingerprint
from plans.sentences import Commitment, understood
from plans.spans import Mark, split_points
from plans.target_words import owners_words, span_words, target_words
from units.models import AuditEvent, User
from units.models.audit import AuditAction

FIRST_GAPS = 8  # shown at once; the others open on demand
DOUBTS_FIRST, AS_IN_DOCUMENT = "doubts", "document"  # orders of the records


@dataclass(slots=True)
class Card:
    """One record as the page shows it."""

    kind: str
    pk: int
    base: str  # address of the check page
    title: str
    text: str = ""
    facts: list[tuple[str, str]] = field(default_factory=list)
    doubt: str = ""
    settled: str = ""  # the doubt a person put aside
    version: str = ""  # fingerprint of what is shown: an act on the record sends it
    phrase: str = ""  # of a commitment: its words in the plan
    names: list[tuple[str, str]] = field(default_factory=list)  # units not found, each with the address to find it
    span: tuple[int, int, int] | None = None  # paragraph (from 0), first and last character
    paragraph: str = ""  # counted from 1; text, because numbers in templates get separators
    source: str = ""  # what the link to it says
    may_join: bool = False
    may_split: bool = False
    may_drop: bool = True
    children: list[Card] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        """Return the id of the card's element."""
        return f"record-{self.kind}-{self.pk}"

    @property
    def commitment(self) -> str:
        """Return the address of the form that adds a commitment to this solution."""
        return f"{self.base}schedule/add/?solution={self.pk}"

    @property
    def url(self) -> str:
        """Return the address under which its acts stand."""
        return f"{self.base}{self.kind}/{self.pk}/"

    @property
    def unsure(self) -> bool:
        """Return whether this record or one of its commitments is in doubt."""
        return bool(self.doubt) or any(c.doubt for c in self.children)


@dataclass(slots=True)
class Section:
    """Cards under one heading: the shortcomings of a field, the solutions of a group."""

    title: str
    cards: list[Card]
    head: Card | None = None
    add: str = ""  # address of the form that adds one more


def base_of(plan: Plan) -> str:
    """Return the address of the page, under which the acts on records stand."""
    return reverse("plans:check", args=[plan.pk])


def check_page(plan: Plan, *, user: User, today: dt.date, order: str = DOUBTS_FIRST) -> dict[str, Any]:
    """Return the context of the whole page as `user` sees it, its records in `order`."""
    base = base_of(plan)
    cards = _Cards(plan, base, Calendar(plan, today))
    document = _document(plan, base, list(cards.all()))
    unsure = cards.take_unsure() if order == DOUBTS_FIRST else []
    return {
        "plan": plan,
        "base": base,
        "order": order,
        "unsure": unsure,
        "header": header_card(plan, base),
        "references": cards.references,
        "fields": _by_field(cards),
        "tasks": cards.tasks,
        "groups": _by_group(cards, base),
        "indicators": cards.indicators,
        "legend": LEGEND,
        **state(plan, user=user),
        **document,
    }


def state(plan: Plan, *, user: User, seen: int | None = None) -> dict[str, Any]:
    """Return what stands at the top: gaps and names with the way to cure each, doubts left, and what others did.

    `seen` is the act up to which the person's page shows the draft; none: the page is being loaded.
    """
    base = base_of(plan)
    gaps = [_gap(g) for g in gaps_of(plan, user)]
    left, settled = doubts_in(plan)
    names = open_names(plan, base)
    return {
        "lists": _digest(gaps, names),
        "plan": plan,
        "base": base,
        "gaps": gaps[:FIRST_GAPS],
        "more_gaps": gaps[FIRST_GAPS:],
        "gap_count": len(gaps),
        "blocked": any(g["blocks"] for g in gaps),
        "doubts": len(left),
        "settled": str(settled),
        "all_doubts": str(settled + len(left)),
        "first_doubt": left[0] if left else "",
        "names": names,
        **news(plan, user=user, seen=seen),
    }


def _digest(gaps: list[dict[str, Any]], names: list[dict[str, Any]]) -> str:
    """Return a short hash of the two lists, by which an answer leaves them out where the page shows them already."""
    return hashlib.sha256(json.dumps([gaps, names], default=str).encode()).hexdigest()[:16]


def doubts_in(plan: Plan) -> tuple[list[str], int]:
    """Return the anchors of the records in doubt, in the order of the page, and how many doubts were settled."""
    left: list[str] = []
    settled = 0
    for kind, rows in sources(plan):
        touched = rows.filter(~Q(doubt="") | ~Q(settled="")).order_by("pk").values_list("pk", "doubt")
        for pk, doubt in touched:
            if doubt:
                left.append(f"record-{kind}-{pk}")
            else:
                settled += 1
    return left, settled


#: Acts that change what the page shows.
_CHANGES: Final = (
    AuditAction.CREATED,
    AuditAction.CHANGED,
    AuditAction.DROPPED,
    AuditAction.JOINED,
    AuditAction.SPLIT,
)


def news(plan: Plan, *, user: User, seen: int | None) -> dict[str, Any]:
    """Return up to which act the page shows the draft, and what other people changed since then."""
    acts = AuditEvent.objects.filter(plan_id=plan.pk, action__in=_CHANGES)
    if seen is None:
        return {"version": str(acts.values_list("pk", flat=True).first() or 0), "others": []}
    found = list(acts.filter(pk__gt=seen).exclude(actor=user).order_by("pk").values_list("at", "actor__full_name"))
    if found:  # the page goes on showing the older state, so it goes on saying so
        at, name = found[-1]
        return {"version": str(seen), "others": [{"name": name or _("A command"), "at": at, "count": len(found)}]}
    return {"version": str(acts.values_list("pk", flat=True).first() or 0), "others": []}


def open_names(plan: Plan, base: str) -> list[dict[str, Any]]:
    """Return the units that were not found and whose records are still in doubt, each name once."""
    rows = plan.unmatched.select_related("shortcoming", "group", "solution", "schedule")
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        if row.record.doubt:
            entry = found.setdefault(row.key, {"name": row.name, "count": 0, "find": _find_address(base, row.name)})
            entry["count"] += 1
    return list(found.values())


def _find_address(base: str, name: str) -> str:
    return f"{base}unit/?{urlencode({'name': name})}"


def sources(plan: Plan) -> tuple[tuple[str, QuerySet[Any]], ...]:
    """Return the records that have a place in the document, by kind, in the order of the page."""
    return (
        ("reference", plan.references.all()),
        ("shortcoming", plan.shortcomings.all()),
        ("priority_task", plan.priority_tasks.all()),
        ("indicator", plan.indicators.all()),
        ("group", plan.groups.all()),
        ("solution", plan.solutions.all()),
        ("schedule", Schedule.objects.filter(solution__plan=plan)),
    )


class Calendar:
    """The next days of commitments, seen from one reading of the clock; days off are looked up once."""

    def __init__(self, plan: Plan, today: dt.date) -> None:
        self.plan, self.today = plan, today
        self._off: set[dt.date] = set()
        self._working: WorkingCalendar | None = None

    def look_up(self, schedules: Iterable[Commitment]) -> None:
        """Look up which of the next days are days off, in one query; all of them where they move."""
        if self.plan.days_off_move:
            self._working = working_calendar()
            return
        self._off = days_off({d for s in schedules for d in self.days(s)})

    def days(self, schedule: Commitment) -> dict[dt.date, list[str]]:
        """Return the next three days on which a commitment falls due, each with the names of what falls due."""
        return upcoming(
            kind=schedule.kind,
            start=schedule.start,
            due=schedule.due,
            rule=schedule.rule,
            period_start=self.plan.period_start,
            period_end=self.plan.period_end,
            not_before=self.plan.issued_on,
            today=self.today,
            calendar=self._working,
        )

    def words(self, schedule: Commitment) -> str:
        """Return the next days as text, a day off named as one; why there is none, where a person would ask."""
        days = self.days(schedule)
        if days:
            return "; ".join(self._worded(day, keys) for day, keys in days.items())
        if schedule.kind == Kind.RECURRING and schedule.rule:
            dated = schedule.start or self.plan.period_start or self.plan.issued_on
            return _("none any more in the period of the plan") if dated else _("not known: the plan has no period")
        return _("over: %(day)s") % {"day": _day(schedule.due)} if schedule.due else ""

    def _worded(self, day: dt.date, keys: list[str]) -> str:
        """Return one day; where periods of several series end on it, their names: it is owed once for each."""
        names = [name for name in map(period_label, keys) if name]
        words = f"{_day(day)} ({', '.join(names)})" if len(names) > 1 else _day(day)
        return _("%(day)s (day off)") % {"day": words} if day in self._off else words


def card_of(record: Plan | Sourced, base: str, calendar: Calendar) -> Card:
    """Return the card of one record, as it stands in the database now."""
    if isinstance(record, Plan):
        return header_card(record, base)
    if isinstance(record, Schedule):
        calendar.look_up([record])
    builders: dict[type[Sourced], Any] = {
        PlanReference: (PlanReference.objects.all(), reference_card),
        Shortcoming: (with_shortcoming_parts(Shortcoming.objects.all()), shortcoming_card),
        PriorityTask: (PriorityTask.objects.all(), task_card),
        SolutionGroup: (SolutionGroup.objects.select_related("lead_unit"), group_card),
        Solution: (with_solution_parts(Solution.objects.all()), partial(solution_card, calendar=calendar)),
        Schedule: (with_owners(Schedule.objects.all()), partial(schedule_card, calendar=calendar)),
        Indicator: (with_parts(Indicator.objects.all()), indicator_card),
    }
    rows, build = builders[type(record)]
    row = rows.filter(pk=record.pk).first()
    if row is None:
        raise Http404  # dropped by somebody else while the answer was made
    card: Card = build(row, base)
    card.names = names_of(record, base) if card.doubt else []
    if isinstance(record, Shortcoming | Solution):
        card.may_join = type(record).objects.filter(plan=record.plan, ordinal__gt=record.ordinal).exists()
    return card


def names_of(record: Sourced, base: str) -> list[tuple[str, str]]:
    """Return the units of one record that were not found, each with the address to find it."""
    if not isinstance(record, Shortcoming | SolutionGroup | Solution | Schedule):
        return []
    return [(n.name, _find_address(base, n.name)) for n in record.unmatched.all()]


# --- records with what their cards read ---


def with_owners(rows: QuerySet[Schedule]) -> QuerySet[Schedule]:
    """Add who owes a commitment."""
    return rows.select_related("solution__lead_unit", "solution__group__lead_unit").prefetch_related(
        "owner_units", "owner_kinds"
    )


def with_solution_parts(rows: QuerySet[Solution]) -> QuerySet[Solution]:
    """Add lead, group, links and commitments."""
    return rows.select_related("lead_unit", "group__lead_unit", "overseer").prefetch_related(
        "supporting_units",
        Prefetch("shortcomings", Shortcoming.objects.only("pk", "ordinal")),
        Prefetch("priority_tasks", PriorityTask.objects.only("pk", "ordinal", "list_kind")),
        Prefetch("schedules", with_owners(Schedule.objects.all())),
    )


def with_shortcoming_parts(rows: QuerySet[Shortcoming]) -> QuerySet[Shortcoming]:
    """Add field of work, named units and the solutions that answer."""
    answering = Prefetch("solutions", Solution.objects.only("pk", "ordinal"))
    return rows.select_related("field", "person").prefetch_related("named_units", answering)


class _Cards:
    """Every card of a plan."""

    def __init__(self, plan: Plan, base: str, calendar: Calendar) -> None:
        self.taken_groups: set[int] = set()  # shown elsewhere: their sections keep the title only
        shortcomings = list(with_shortcoming_parts(plan.shortcomings.all()))
        solutions = list(with_solution_parts(plan.solutions.all()))
        calendar.look_up(c for s in solutions for c in s.schedules.all())
        self.references = [reference_card(r, base) for r in plan.references.all()]
        self.shortcomings = [(s.field, shortcoming_card(s, base)) for s in shortcomings]
        self.tasks = [task_card(t, base) for t in plan.priority_tasks.all()]
        self.groups = [group_card(g, base) for g in plan.groups.select_related("lead_unit")]
        self.solutions = [(s.group_id, solution_card(s, base, calendar)) for s in solutions]
        self.indicators = [indicator_card(i, base) for i in with_parts(plan.indicators.all())]
        for cards in ([c for _field, c in self.shortcomings], [c for _group, c in self.solutions]):
            for card in cards[:-1]:
                card.may_join = True
        self._give_names(plan, base)

    def _give_names(self, plan: Plan, base: str) -> None:
        """Put the units that were not found on the cards of their records."""
        cards = {(c.kind, c.pk): c for c in self.all()}
        kinds = ("shortcoming", "group", "solution", "schedule")
        for name, *ids in plan.unmatched.values_list("name", *(f"{kind}_id" for kind in kinds)):
            key = next((kind, pk) for kind, pk in zip(kinds, ids, strict=True) if pk)
            if key in cards and cards[key].doubt:
                cards[key].names.append((name, _find_address(base, name)))

    def take_unsure(self) -> list[Card]:
        """Take out the records in doubt, a solution together with its commitments, in the order of the page."""
        taken: list[Card] = []

        def sift(cards: list[tuple[Any, Card]]) -> list[tuple[Any, Card]]:
            taken.extend(c for _key, c in cards if c.unsure)
            return [(key, c) for key, c in cards if not c.unsure]

        self.references = [c for _key, c in sift([(None, c) for c in self.references])]
        self.shortcomings = sift(self.shortcomings)
        self.tasks = [c for _key, c in sift([(None, c) for c in self.tasks])]
        self.indicators = [c for _key, c in sift([(None, c) for c in self.indicators])]
        taken.extend(g for g in self.groups if g.unsure)
        self.taken_groups = {g.pk for g in self.groups if g.unsure}
        self.solutions = sift(self.solutions)
        return taken

    def all(self) -> Iterable[Card]:
        """Yield every card with its children."""
        for card in (
            *self.references,
            *(c for _field, c in self.shortcomings),
            *self.tasks,
            *self.indicators,
            *self.groups,
            *(c for _group, c in self.solutions),
        ):
            yield card
            yield from card.children


def _by_field(cards: _Cards) -> list[Section]:
    """Return shortcomings under their fields of work, fields in the order of the plan."""
    sections: dict[int, Section] = {}
    for work, card in cards.shortcomings:
        key = work.pk if work else 0
        sections.setdefault(key, Section(work.name if work else _("No field of work"), [])).cards.append(card)
    return list(sections.values())


def _by_group(cards: _Cards, base: str) -> list[Section]:
    """Return solutions under their groups, then those without a group."""
    by_group: dict[int | None, list[Card]] = defaultdict(list)
    for group, card in cards.solutions:
        by_group[group].append(card)
    sections = [
        Section(
            g.title,
            by_group[g.pk],
            head=None if g.pk in cards.taken_groups else g,
            add=f"{base}solution/add/?group={g.pk}",
        )
        for g in cards.groups
    ]
    if by_group[None] or not sections:
        sections.append(Section(_("Without a group"), by_group[None], add=f"{base}solution/add/"))
    return sections


# --- cards ---


def header_card(plan: Plan, base: str) -> Card:
    """Return the card of the head of the plan."""
    end = _day(plan.period_end) or _("open end")
    facts = [
        (_("Kind"), plan.get_kind_display()),
        (_("Number and symbol"), plan.symbol),
        (_("Issued on"), ", ".join(v for v in (plan.place, _day(plan.issued_on)) if v)),
        (_("Issuing body"), plan.issuing_body),
        (_("Issuing unit"), plan.issuing_unit.name),
        (_("Period"), f"{_day(plan.period_start)} – {end}" if plan.period_start else ""),
        (_("Days off"), _("a day off moves to the next working day") if plan.days_off_move else ""),
        (_("Directives"), _("%(count)d days before roll-out") % {"count": plan.directive_lead_days}),
        (_("Plan above"), str(plan.parent) if plan.parent else ""),
        (_("Coordinating unit"), plan.coordinating_unit.name if plan.coordinating_unit else ""),
        (_("Signed"), ", ".join(v for v in (plan.signer_authority, plan.signer_title, plan.signer_name) if v)),
        (_("Recipients"), "; ".join(plan.recipients.splitlines())),
    ]
    return Card("header", plan.pk, base, _("Head of the plan"), plan.title, _filled(facts), may_drop=False)


def reference_card(r: PlanReference, base: str) -> Card:
    """Return the card of a cited document."""
    facts = [
        (_("Number and symbol"), r.symbol),
        (_("Issued on"), _day(r.issued_on)),
        (_("Issuer"), r.issuer),
    ]
    return _card("reference", r, base, r.kind.capitalize() or _("Cited document"), r.title, facts)


def shortcoming_card(s: Shortcoming, base: str) -> Card:
    """Return the card of a shortcoming."""
    facts = [
        (_("Of whom"), _whose(s)),
        (_("Cause"), s.cause),
        (_("Origin"), s.get_origin_display()),
        (_("Found in"), s.found_in),
        (_("Year of origin"), str(s.origin_year or "")),
        (_("Units named"), ", ".join(u.label for u in s.named_units.all())),
        (_("Answered by solutions"), ", ".join(str(x.ordinal) for x in s.solutions.all())),
    ]
    card = _card("shortcoming", s, base, _("Shortcoming %(number)d") % {"number": s.ordinal}, s.text, facts)
    card.may_split = bool(split_points(s.text))
    return card


def _whose(s: Shortcoming) -> str:
    """Return "Person: name" of a person's; a collective is the usual case and not told."""
    return ": ".join(v for v in (str(s.get_subject_display()), str(s.person or "")) if v) if s.is_personal else ""


def task_card(t: PriorityTask, base: str) -> Card:
    """Return the card of a priority task."""
    facts = [(_("Whose task"), t.owner)]
    return _card("priority_task", t, base, f"{t.get_list_kind_display()} {t.ordinal}", t.text, facts)


def group_card(g: SolutionGroup, base: str) -> Card:
    """Return the card of a group: its title and lead."""
    facts = [(_("Lead unit"), g.lead_unit.name if g.lead_unit else _("none"))]
    return _card("group", g, base, _("Group %(number)d") % {"number": g.ordinal}, g.title, facts)


def solution_card(s: Solution, base: str, calendar: Calendar) -> Card:
    """Return the card of a solution with those of its commitments."""
    inherited = s.lead_unit is None and s.lead is not None
    lead = s.lead.name if s.lead else _("none")
    facts = [
        (_("Lead unit"), _("%(lead)s (of the group)") % {"lead": lead} if inherited else lead),
        (_("Supporting units"), ", ".join(u.label for u in s.supporting_units.all())),
        (_("Level that acts"), s.get_level_display()),
        (_("Leader in charge"), str(s.overseer or "")),
        (_("Answers shortcomings"), ", ".join(str(x.ordinal) for x in s.shortcomings.all())),
        (_("Answers priority tasks"), ", ".join(str(x.ordinal) for x in s.priority_tasks.all())),
        (_("What is owed"), s.get_deliverable_display() if s.deliverable != "result" else ""),
    ]
    card = _card("solution", s, base, _("Solution %(number)d") % {"number": s.ordinal}, s.text, facts)
    card.may_split = bool(split_points(s.text))
    card.children = [schedule_card(c, base, calendar) for c in s.schedules.all()]
    return card


def schedule_card(c: Schedule, base: str, calendar: Calendar) -> Card:
    """Return the card of a commitment: the phrase, what was understood, the next days, who owes it."""
    facts = [
        (_("Understood"), understood(c, days_off_move=calendar.plan.days_off_move)),
        (_("Next days"), calendar.words(c)),
        (_("Hangs on"), c.anchor if c.kind == Kind.RELATIVE else ""),
        (_("Owed by"), _owed_by(c)),
    ]
    title = _("Commitment of solution %(number)d") % {"number": c.solution.ordinal}
    card = _card("schedule", c, base, title, "", facts)
    card.phrase = c.phrase
    return card


def indicator_card(i: Indicator, base: str) -> Card:
    """Return the card of an indicator: what must be reached, by whom, under which conditions."""
    facts = [
        (_("Target"), target_words(i)),
        (_("What is measured"), i.get_kind_display()),
        (_("Period"), span_words(i)),
        (_("Persons or things counted"), i.audience),
        (_("Conditions"), "; ".join(f"({c.ordinal}) {c.text}" for c in i.conditions.all())),
        (_("Results from"), owners_words(i)),
        (_("How results add up"), i.get_roll_up_display()),
        (_("Counted from the commitment"), str(i.fed_by or "")),
        (_("Solution"), str(i.solution.ordinal) if i.solution else ""),
        (_("Group"), str(i.group.ordinal) if i.group else ""),
    ]
    return _card("indicator", i, base, _("Indicator %(number)d") % {"number": i.ordinal}, i.text, facts)


def _owed_by(c: Schedule) -> str:
    owners = [u.label for u in c.owner_units.all()]
    owners += [_("every unit of the kind “%(kind)s”") % {"kind": k.name} for k in c.owner_kinds.all()]
    if owners:
        return "; ".join(owners)
    lead = c.solution.lead
    return _("%(lead)s (the lead)") % {"lead": lead.label} if lead else _("nobody yet")


def _card(  # noqa: PLR0917  # one line a record above, in the order in which the card shows it
    kind: str, record: Sourced, base: str, title: str, text: str, facts: list[tuple[str, str]]
) -> Card:
    card = Card(kind, record.pk, base, title, text, _filled(facts), doubt=record.doubt, settled=record.settled)
    if record.doubt:  # only an accepting act sends it
        card.version = fingerprint(cast("Record", record))
    if record.source_paragraph is not None:
        card.span = (record.source_paragraph, record.source_start or 0, record.source_end or 0)
        card.paragraph = str(record.source_paragraph + 1)
        card.source = _("Paragraph %(number)s") % {"number": card.paragraph}
    return card


def _filled(facts: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(label, value) for label, value in facts if value]


def _day(day: Any) -> str:  # a day or nothing
    return date_format(day, "SHORT_DATE_FORMAT") if day else ""


# --- what is missing ---


def _gap(gap: Gap) -> dict[str, Any]:
    """Return a gap with the address of the form that cures it."""
    return {"message": gap.message, "label": gap.label, "blocks": gap.blocks, "cure": gap.url}


# --- the document ---


def _document(plan: Plan, base: str, cards: Iterable[Card]) -> dict[str, Any]:
    """Return the document in blocks, and the time phrases that found no record."""
    document = getattr(plan, "document", None)
    stored = document.paragraphs if document else []
    marks, titles = _marks(cards)
    loose = []
    recorded = set(marks)
    for index, paragraph in enumerate(stored):
        for extra in paragraph.get("marks", ()):
            href = ""
            if extra["kind"] == "loose":
                if index in recorded:
                    continue  # a record was made of this paragraph
                place = f"?paragraph={index + 1}&start={extra['start']}&end={extra['end']}"
                href = f"{base}schedule/add/{place}"
                loose.append({"number": str(index + 1), "phrase": extra["note"], "add": href})
            marks[index].append(Mark(extra["start"], extra["end"], extra["kind"], href))
    return {"blocks": blocks_of(stored, marks, titles), "loose": loose}


def _marks(cards: Iterable[Card]) -> tuple[dict[int, list[Mark]], dict[str, str]]:
    """Return the marks of all records by paragraph, and the title of each record by its address on the page."""
    titles: dict[str, str] = {}
    marks: dict[int, list[Mark]] = defaultdict(list)
    for card in cards:
        titles[f"#{card.anchor}"] = card.title
        if card.span:
            paragraph, start, end = card.span
            marks[paragraph].append(Mark(start, end, card.kind, f"#{card.anchor}"))
    return marks, titles
