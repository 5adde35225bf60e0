"""What the check page shows: the document with marks, each record as a card, what is missing.

The number of queries does not depend on the number of records.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plans.gaps import Gap, gaps_of
from plans.models import (
    Plan,
    PlanReference,
    PriorityTask,
    Schedule,
    Shortcoming,
    Solution,
    SolutionGroup,
)
from plans.models.plan import Sourced
from plans.sentences import understood
from plans.spans import Mark, marked_runs, split_points

DEEPEST = 6  # levels of indentation the stylesheet knows
FIRST_GAPS = 8  # shown at once; the others open on demand

#: Marks of the document, in the order of the legend: kind and what it means.
LEGEND: Final[tuple[tuple[str, str | Promise], ...]] = (
    ("shortcoming", gettext_lazy("shortcoming")),
    ("solution", gettext_lazy("solution")),
    ("schedule", gettext_lazy("time")),
    ("party", gettext_lazy("who")),
    ("reference", gettext_lazy("cited document")),
    ("group", gettext_lazy("group of solutions")),
    ("priority_task", gettext_lazy("priority task")),
    ("indicator", gettext_lazy("figure to reach")),
    ("loose", gettext_lazy("time outside any record")),
)


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


def check_page(plan: Plan) -> dict[str, Any]:
    """Return the context of the whole page."""
    base = base_of(plan)
    cards = _Cards(plan, base)
    return {
        "plan": plan,
        "base": base,
        "header": header_card(plan, base),
        "references": cards.references,
        "fields": _by_field(cards),
        "tasks": cards.tasks,
        "groups": _by_group(cards, base),
        "legend": LEGEND,
        **state(plan),
        **_document(plan, base, cards.all()),
    }


def state(plan: Plan) -> dict[str, Any]:
    """Return what stands at the top: gaps with the way to cure each, and how many records are in doubt."""
    base = base_of(plan)
    gaps = [_gap(g, base, plan) for g in gaps_of(plan)]
    doubts = [
        f"record-{kind}-{pk}"
        for kind, rows in sources(plan)
        for pk in rows.exclude(doubt="").order_by("pk").values_list("pk", flat=True)
    ]
    return {
        "plan": plan,
        "base": base,
        "gaps": gaps[:FIRST_GAPS],
        "more_gaps": gaps[FIRST_GAPS:],
        "gap_count": len(gaps),
        "blocked": any(g["blocks"] for g in gaps),
        "doubts": len(doubts),
        "first_doubt": doubts[0] if doubts else "",
    }


def sources(plan: Plan) -> tuple[tuple[str, QuerySet[Any]], ...]:
    """Return the records that have a place in the document, by kind, in the order of the page."""
    return (
        ("reference", plan.references.all()),
        ("shortcoming", plan.shortcomings.all()),
        ("priority_task", plan.priority_tasks.all()),
        ("group", plan.groups.all()),
        ("solution", plan.solutions.all()),
        ("schedule", Schedule.objects.filter(solution__plan=plan)),
    )


def card_of(record: Plan | Sourced, base: str) -> Card:
    """Return the card of one record, as it stands in the database now."""
    if isinstance(record, Plan):
        return header_card(record, base)
    builders: dict[type[Sourced], Any] = {
        PlanReference: (PlanReference.objects.all(), reference_card),
        Shortcoming: (with_shortcoming_parts(Shortcoming.objects.all()), shortcoming_card),
        PriorityTask: (PriorityTask.objects.all(), task_card),
        SolutionGroup: (SolutionGroup.objects.select_related("lead_unit"), group_card),
        Solution: (with_solution_parts(Solution.objects.all()), solution_card),
        Schedule: (with_owners(Schedule.objects.all()), schedule_card),
    }
    rows, build = builders[type(record)]
    card: Card = build(rows.get(pk=record.pk), base)
    if isinstance(record, Shortcoming | Solution):
        card.may_join = type(record).objects.filter(plan=record.plan, ordinal__gt=record.ordinal).exists()
    return card


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
    return rows.select_related("field").prefetch_related("named_units", answering)


class _Cards:
    """Every card of a plan."""

    def __init__(self, plan: Plan, base: str) -> None:
        shortcomings = list(with_shortcoming_parts(plan.shortcomings.all()))
        solutions = list(with_solution_parts(plan.solutions.all()))
        self.references = [reference_card(r, base) for r in plan.references.all()]
        self.shortcomings = [(s.field, shortcoming_card(s, base)) for s in shortcomings]
        self.tasks = [task_card(t, base) for t in plan.priority_tasks.all()]
        self.groups = [group_card(g, base) for g in plan.groups.select_related("lead_unit")]
        self.solutions = [(s.group_id, solution_card(s, base)) for s in solutions]
        for cards in ([c for _field, c in self.shortcomings], [c for _group, c in self.solutions]):
            for card in cards[:-1]:
                card.may_join = True

    def all(self) -> Iterable[Card]:
        """Yield every card with its children."""
        for card in (
            *self.references,
            *(c for _field, c in self.shortcomings),
            *self.tasks,
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
        Section(g.title, by_group[g.pk], head=g, add=f"{base}solution/add/?group={g.pk}") for g in cards.groups
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
        (_("Of whom"), s.get_subject_display() if s.subject != "collective" else ""),
        (_("Found in"), s.found_in),
        (_("Year of origin"), str(s.origin_year or "")),
        (_("Units named"), ", ".join(u.label for u in s.named_units.all())),
        (_("Answered by solutions"), ", ".join(str(x.ordinal) for x in s.solutions.all())),
    ]
    card = _card("shortcoming", s, base, _("Shortcoming %(number)d") % {"number": s.ordinal}, s.text, facts)
    card.may_split = bool(split_points(s.text))
    return card


def task_card(t: PriorityTask, base: str) -> Card:
    """Return the card of a priority task."""
    facts = [(_("Whose task"), t.owner)]
    return _card("priority_task", t, base, f"{t.get_list_kind_display()} {t.ordinal}", t.text, facts)


def group_card(g: SolutionGroup, base: str) -> Card:
    """Return the card of a group: its title and lead."""
    facts = [(_("Lead unit"), g.lead_unit.name if g.lead_unit else _("none"))]
    return _card("group", g, base, _("Group %(number)d") % {"number": g.ordinal}, g.title, facts)


def solution_card(s: Solution, base: str) -> Card:
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
    card.children = [schedule_card(c, base) for c in s.schedules.all()]
    return card


def schedule_card(c: Schedule, base: str) -> Card:
    """Return the card of a commitment: the phrase, what was understood, who owes it."""
    facts = [(_("Understood"), understood(c)), (_("Owed by"), _owed_by(c))]
    return _card("schedule", c, base, _("Commitment"), c.phrase, facts)


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
    card = Card(kind, record.pk, base, title, text, _filled(facts), doubt=record.doubt)
    if record.source_paragraph is not None:
        card.paragraph = str(record.source_paragraph + 1)
        card.source = _("Paragraph %(number)s") % {"number": card.paragraph}
    return card


def _filled(facts: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(label, value) for label, value in facts if value]


def _day(day: Any) -> str:  # a day or nothing
    return date_format(day, "SHORT_DATE_FORMAT") if day else ""


# --- what is missing ---


def _gap(gap: Gap, base: str, plan: Plan) -> dict[str, Any]:
    """Return a gap with the address of the form that cures it."""
    record = gap.record_id if gap.record_kind != "header" else plan.pk
    cure = f"{base}{gap.record_kind}/{record}/edit/"
    if gap.code == "no_commitment":
        cure = f"{base}schedule/add/?solution={record}"
    elif record is None:
        cure = f"{base}{gap.record_kind}/add/"
    elif gap.code == "no_answer":
        cure = f"{base}solution/add/?shortcoming={record}"
    return {"message": gap.message, "label": gap.label, "blocks": gap.blocks, "cure": cure}


# --- the document ---


def _document(plan: Plan, base: str, cards: Iterable[Card]) -> dict[str, Any]:
    """Return the paragraphs cut into runs, and the time phrases that found no record."""
    document = getattr(plan, "document", None)
    stored = document.paragraphs if document else []
    marks, titles = _marks(plan, cards)
    loose = []
    recorded = set(marks)
    for index, paragraph in enumerate(stored):
        for extra in paragraph.get("marks", ()):
            if extra["kind"] == "loose":
                if index in recorded:
                    continue  # a record was made of this paragraph
                loose.append({"number": str(index + 1), "phrase": extra["note"]})
            href = f"{base}add/?paragraph={index + 1}" if extra["kind"] == "loose" else ""
            marks[index].append(Mark(extra["start"], extra["end"], extra["kind"], href))
    return {
        "paragraphs": [_paragraph(i, p, marks.get(i, []), titles) for i, p in enumerate(stored)],
        "loose": loose,
    }


def _marks(plan: Plan, cards: Iterable[Card]) -> tuple[dict[int, list[Mark]], dict[str, str]]:
    """Return the marks of all records by paragraph, and the title of each record by its address on the page."""
    titles = {f"#{c.anchor}": c.title for c in cards}
    marks: dict[int, list[Mark]] = defaultdict(list)
    for kind, rows in sources(plan):
        spans = rows.filter(source_paragraph__isnull=False).order_by("pk")
        for pk, paragraph, start, end in spans.values_list("pk", "source_paragraph", "source_start", "source_end"):
            marks[paragraph].append(Mark(start, end, kind, f"#record-{kind}-{pk}"))
    return marks, titles


def _paragraph(index: int, stored: dict[str, Any], marks: list[Mark], titles: dict[str, str]) -> dict[str, Any]:
    text, marker = stored["text"], stored["marker"]
    return {
        "number": str(index + 1),
        "label": _("Make a record of paragraph %(number)s") % {"number": index + 1},
        "role": stored["role"],
        "level": str(min(int(stored["level"] or 0), DEEPEST)),
        "marker": "" if text.lstrip().startswith(marker) else marker,
        "runs": [
            {"text": r.text, "classes": r.classes, "href": r.href, "leads": r.leads, "title": titles.get(r.href, "")}
            for r in marked_runs(text, marks)
        ],
    }
