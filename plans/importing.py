"""From what a reader handed over to records of a plan, not saved yet: parties become units, doubts are kept.

Nothing read is dropped in silence: what finds no record (parties, time phrases outside any solution) stays as a mark
in its paragraph, where the check page shows it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import PurePath
from typing import Any, Final, TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doantracker.lib.text import nfc, search_key, shortened
from plans.actions.plans import set_symbol_parts
from plans.enums import Comparator, Frequency, IndicatorKind, Kind, Level, PlanKind, PriorityList, RollUp
from plans.models import (
    Field,
    Indicator,
    IndicatorCondition,
    Plan,
    PlanReference,
    PriorityTask,
    Schedule,
    Shortcoming,
    Solution,
    SolutionGroup,
    UnmatchedName,
)
from plans.models.plan import DOUBT_LENGTH, Sourced
from plans.models.unmatched import NameRole
from plans.occurrences import usable_rule
from plans.pasting import TOO_LONG, fits
from plans.reading.commitments import FIELD_ORDER, FOR_SECTION, FROM_ORDER
from plans.reading.drafts import (
    DraftIndicator,
    DraftPlan,
    DraftSchedule,
    DraftSolution,
    Paragraph,
    ParagraphRole,
    Party,
    PartyKind,
    Span,
)
from plans.reading.phrases import NO_PERIOD, NO_YEAR, NOT_A_DATE, ROUGH, YEAR_INFERRED, YEAR_OPEN
from plans.reading.targets import CONDITIONS_UNSURE, Target, target_of
from plans.resolving import Resolved, Resolver
from plans.rules import BadRule
from units.models import Unit, UnitKind, User

#: The doubts of the reader, which speaks no language of its own, in the words of the office.
READER_DOUBTS: Final[dict[str, str | Promise]] = {
    YEAR_INFERRED: gettext_lazy("The text names no year; it is taken from the period of the plan."),
    YEAR_OPEN: gettext_lazy("The text names no year, and the plan covers several."),
    NO_YEAR: gettext_lazy("No year is named anywhere."),
    NO_PERIOD: gettext_lazy("The text does not say how often it recurs."),
    ROUGH: gettext_lazy("The text is vague; the last day of the period is entered."),
    NOT_A_DATE: gettext_lazy("The calendar has no such day."),
    FROM_ORDER: gettext_lazy("Which task it answers is taken from the order of the list."),
    FIELD_ORDER: gettext_lazy("Which shortcomings it answers is taken from the order of the groups."),
    FOR_SECTION: gettext_lazy("This time may hold for every task of its section."),
    CONDITIONS_UNSURE: gettext_lazy("The conditions may not be asked of the same persons."),
}

#: What to look at, where the reader has the doubt of this name.
LOOK_AT: Final[dict[str, str | Promise]] = {
    YEAR_INFERRED: gettext_lazy("Check the year."),
    YEAR_OPEN: gettext_lazy("Check the year."),
    NO_YEAR: gettext_lazy("Enter the last day."),
    NO_PERIOD: gettext_lazy("Choose how often."),
    ROUGH: gettext_lazy("Check the last day."),
    NOT_A_DATE: gettext_lazy("Enter the last day."),
    FROM_ORDER: gettext_lazy("Check which tasks it answers."),
    FIELD_ORDER: gettext_lazy("Check which shortcomings it answers."),
    FOR_SECTION: gettext_lazy("Check whether the other tasks need it too."),
    CONDITIONS_UNSURE: gettext_lazy("Check the conditions."),
}

R = TypeVar("R", bound=Sourced)
T = TypeVar("T")

_YEAR = 12
_PERIOD_OF: Final = {"FREQ=MONTHLY;INTERVAL=3": 3, "FREQ=MONTHLY;INTERVAL=6": 6, "FREQ=YEARLY": _YEAR}  # in months
_DAY_OF_PERIOD = re.compile(rf"(?P<base>{'|'.join(_PERIOD_OF)});BYMONTHDAY=(?P<day>-1|\d{{1,2}})")
_COMPARATORS: Final = {">=": Comparator.GE, ">": Comparator.GT, "<=": Comparator.LE, "<": Comparator.LT}
WORKING_DAYS: Final = "ngày làm việc"
_BEFORE: Final = re.compile(r"trước (?!nhất)", re.IGNORECASE)
#: Which month of its period an anchor names, folded.
_PLACES: Final = {"dau": 1, "thu nhat": 1, "ke tiep": 1, "tiep theo": 1, "sau": 1, "thu hai": 2, "thu 2": 2}


@dataclass(slots=True)
class Records:
    """Records of one plan as instances without ids, and the links between them."""

    references: list[PlanReference] = field(default_factory=list)
    shortcomings: list[Shortcoming] = field(default_factory=list)
    priority_tasks: list[PriorityTask] = field(default_factory=list)
    groups: list[SolutionGroup] = field(default_factory=list)
    solutions: list[Solution] = field(default_factory=list)
    schedules: list[Schedule] = field(default_factory=list)
    fields: dict[str, Field] = field(default_factory=dict)  # by folded name
    named_units: list[tuple[Shortcoming, Unit]] = field(default_factory=list)
    supports: list[tuple[Solution, Unit]] = field(default_factory=list)
    answers: list[tuple[Solution, Shortcoming]] = field(default_factory=list)
    tasks: list[tuple[Solution, PriorityTask]] = field(default_factory=list)
    by_order: dict[str, list[Solution]] = field(default_factory=lambda: {"shortcomings": [], "priority_tasks": []})
    owner_units: list[tuple[Schedule, Unit]] = field(default_factory=list)
    owner_kinds: list[tuple[Schedule, UnitKind]] = field(default_factory=list)
    indicators: list[Indicator] = field(default_factory=list)
    conditions: list[IndicatorCondition] = field(default_factory=list)
    indicator_units: list[tuple[Indicator, Unit]] = field(default_factory=list)
    indicator_kinds: list[tuple[Indicator, UnitKind]] = field(default_factory=list)
    unmatched: list[UnmatchedName] = field(default_factory=list)


def plan_of(draft: DraftPlan, *, name: str, issuing_unit: Unit, by: User | None) -> Plan:
    """Return the plan with the facts of its header. Without a title in the text, the file's name stands in for it."""
    header = draft.header
    plan = Plan(
        kind=header.kind if header.kind in PlanKind.values else PlanKind.OTHER,
        title=fit(Plan, "title", header.title or PurePath(name.replace("\\", "/")).stem or _("Plan without a title")),
        symbol=fit(Plan, "symbol", header.symbol),
        issued_on=header.issued_on,
        place=fit(Plan, "place", header.place),
        issuing_unit=issuing_unit,
        issuing_body=fit(Plan, "issuing_body", header.issuing_body),
        signer_authority=fit(Plan, "signer_authority", header.signer_authority),
        signer_title=fit(Plan, "signer_title", header.signer_title),
        signer_name=fit(Plan, "signer_name", header.signer_name),
        recipients="\n".join(clean(r) for r in header.recipients),
        period_start=header.period_start,
        period_end=None if header.period_open else header.period_end,
        created_by=by,
    )
    if plan.period_start and plan.period_end and plan.period_end < plan.period_start:
        plan.period_end = None
    set_symbol_parts(plan)
    return plan


def records_of(draft: DraftPlan, plan: Plan, resolver: Resolver, fields: Iterable[Field]) -> Records:
    """Return every record of `draft`; `fields` are the fields of work the issuing unit has already."""
    return _Builder(draft, plan, resolver, fields).build()


MOST_NOTE = 300  # characters of what a mark tells: the whole sentence stands in the document


def paragraphs_of(draft: DraftPlan) -> list[dict[str, Any]]:
    """Return the paragraphs as they are stored, with the marks of what was read but made no record of its own."""
    marks: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for kind, span, note in _loose(draft):
        if 0 <= span.paragraph < len(draft.paragraphs):
            words = shortened(clean(note), MOST_NOTE)
            marks[span.paragraph].append({"start": span.start, "end": span.end, "kind": kind, "note": words})
    return [_paragraph(p, marks.get(i, [])) for i, p in enumerate(draft.paragraphs)]


def clean(text: str | None) -> str:
    """Return `text` as it may be stored: composed, without NUL (which PostgreSQL refuses), without outer blanks."""
    return nfc((text or "").replace("\x00", "")).strip()


def fit(model: type[Sourced | Plan | Field | UnmatchedName | IndicatorCondition], name: str, text: str | None) -> str:
    """Return `text` shortened to what the column `name` holds; a cut shows as "…"."""
    column = model._meta.get_field(name)  # noqa: SLF001  # Django's documented door to a model's columns
    return shorten(text, getattr(column, "max_length", None) or 0)


def shorten(text: str | None, length: int) -> str:
    """Return `text` in at most `length` characters; a cut shows as "…"."""
    cleaned = clean(text)
    return cleaned if len(cleaned) <= length else cleaned[: length - 1].rstrip() + "…"


class _Builder:
    """Makes the records of one draft in the order in which they refer to each other."""

    def __init__(self, draft: DraftPlan, plan: Plan, resolver: Resolver, fields: Iterable[Field]) -> None:
        self.draft, self.plan, self.resolver = draft, plan, resolver
        self.made = Records()
        self.fields = {search_key(f.name): f for f in fields}
        self.by_ordinal: dict[int, Shortcoming] = {}
        self.by_task: dict[tuple[str, int], PriorityTask] = {}
        self.schedules: dict[int | None, list[DraftSchedule]] = defaultdict(list)
        for schedule in draft.schedules:
            self.schedules[schedule.solution].append(schedule)
        self.solutions_at: dict[int, list[int]] = defaultdict(list)  # by paragraph
        for index, solution in enumerate(draft.solutions):
            self.solutions_at[solution.span.paragraph].append(index)

    def build(self) -> Records:
        self._references()
        self._shortcomings()
        self._priority_tasks()
        self._groups()
        for ordinal, drafted in enumerate(self.draft.solutions, start=1):
            self._solution(drafted, ordinal)
        for ordinal, number in enumerate(self.draft.indicators, start=1):
            self._indicator(number, ordinal)
        return self.made

    def _references(self) -> None:
        for r in self.draft.references:
            self.made.references.append(
                self._sourced(
                    PlanReference(
                        plan=self.plan,
                        kind=fit(PlanReference, "kind", r.kind),
                        symbol=fit(PlanReference, "symbol", r.symbol),
                        issued_on=r.issued_on,
                        issuer=fit(PlanReference, "issuer", r.issuer),
                        title=fit(PlanReference, "title", r.title),
                    ),
                    r.span,
                )
            )

    def _shortcomings(self) -> None:
        for ordinal, s in enumerate(self.draft.shortcomings, start=1):
            found = [self.resolver.unit(name) for name in s.named_units]
            record = Shortcoming(plan=self.plan, ordinal=ordinal, field=self._field(s.field), text=clean(s.text))
            self._sourced(record, s.span, s.doubt, *(r.doubt for r in found))
            self.made.shortcomings.append(record)
            for name, resolved in zip(s.named_units, found, strict=True):
                self._unmatched(NameRole.NAMED, name, resolved, shortcoming=record)
            self.made.named_units += [(record, u) for u in _distinct(found)]
            self.by_ordinal.setdefault(s.ordinal, record)

    def _field(self, name: str) -> Field | None:
        name = fit(Field, "name", name)
        if not name:
            return None
        key = search_key(name)
        if key not in self.fields:
            self.fields[key] = self.made.fields[key] = Field(unit=self.plan.issuing_unit, name=name)
        return self.fields[key]

    def _priority_tasks(self) -> None:
        counts: dict[str, int] = defaultdict(int)
        for t in self.draft.priority_tasks:
            listed = t.list_kind if t.list_kind in PriorityList.values else PriorityList.FOCUS.value
            counts[listed] += 1
            record = PriorityTask(plan=self.plan, list_kind=listed, ordinal=counts[listed], text=clean(t.text))
            self.made.priority_tasks.append(self._sourced(record, t.span))
            self.by_task.setdefault((t.list_kind, t.ordinal), record)

    def _groups(self) -> None:
        for ordinal, g in enumerate(self.draft.groups, start=1):
            lead = self.resolver.party(g.lead) if g.lead else Resolved()
            record = SolutionGroup(
                plan=self.plan,
                ordinal=ordinal,
                title=fit(SolutionGroup, "title", g.title),
                lead_unit=lead.units[0] if lead.units else None,
            )
            self.made.groups.append(self._sourced(record, g.span, lead.doubt, _class_leads(lead)))
            if g.lead and g.lead.kind == PartyKind.UNIT:
                self._unmatched(NameRole.LEAD, g.lead.name, lead, group=record)

    def _solution(self, drafted: DraftSolution, ordinal: int) -> None:
        leads = [self.resolver.party(p) for p in drafted.leads]
        supports = [self.resolver.party(p) for p in drafted.supports]
        units = _distinct(leads)
        group = _at(self.made.groups, drafted.group)
        record = Solution(
            plan=self.plan,
            group=group,
            ordinal=ordinal,
            text=clean(drafted.text),
            level=drafted.level if drafted.level in Level.values else "",
        )
        if units and not (group and group.lead_unit == units[0]):  # else the group's lead is inherited
            record.lead_unit = units[0]
        self._sourced(record, drafted.span, drafted.doubt, *_lead_doubts(drafted, leads, supports))
        self.made.solutions.append(record)
        self._unmatched_of(record, drafted, leads, supports)
        helpers = dict.fromkeys([*units[1:], *_distinct(supports)])
        self.made.supports += [(record, u) for u in helpers if u not in units[:1]]
        self._links(drafted, record)
        self._commitments(ordinal - 1, record, leads)

    def _unmatched_of(
        self, record: Solution, drafted: DraftSolution, leads: list[Resolved], supports: list[Resolved]
    ) -> None:
        """Remember the units named in a solution that were not found, each with the doubt it left."""
        if _distinct(leads):
            doubt = _acting_too(_names_missing(drafted.leads, leads, units=True))
            for name in _names_missing(drafted.leads, leads, units=True):
                self._unmatched(NameRole.SUPPORT, name, Resolved(doubt=doubt), solution=record)
        else:
            for party, resolved in zip(drafted.leads, leads, strict=True):
                if party.kind == PartyKind.UNIT:
                    self._unmatched(NameRole.LEAD, party.name, resolved, solution=record)
        missing = _names_missing(drafted.supports, supports, units=True)
        for name in missing:
            self._unmatched(NameRole.SUPPORT, name, Resolved(doubt=_supporting(missing)), solution=record)

    def _unmatched(self, role: NameRole, name: str, resolved: Resolved, **record: Sourced) -> None:
        """Remember a name that means no unit, or several, with the record whose value it should be."""
        if resolved.units or resolved.kinds or not resolved.doubt:
            return
        words = fit(UnmatchedName, "name", name)
        self.made.unmatched.append(
            UnmatchedName(
                plan=self.plan,
                name=words,
                key=search_key(words),
                role=role,
                doubt=shorten(resolved.doubt, DOUBT_LENGTH),
                **record,
            )
        )

    def _links(self, drafted: DraftSolution, record: Solution) -> None:
        group = _at(self.draft.groups, drafted.group)
        ordinals = drafted.shortcomings or (group.shortcomings if group else ())
        known = (n for n in dict.fromkeys(ordinals) if n in self.by_ordinal)
        self.made.answers += [(record, self.by_ordinal[n]) for n in known]
        tasks = (k for k in dict.fromkeys(drafted.priority_tasks) if k in self.by_task)
        self.made.tasks += [(record, self.by_task[k]) for k in tasks]
        for name in drafted.by_order:
            self.made.by_order[name].append(record)

    def _commitments(self, index: int, solution: Solution, leads: list[Resolved]) -> None:
        for s in self.schedules[index]:
            self._schedule(s, solution, leads)
        if not self.schedules[index]:
            doubts = (_("The text names no time: entered as ongoing work."), _("Check whether a day is meant."))
            record = Schedule(solution=solution, kind=Kind.ONGOING, doubt=" ".join(doubts))
            self.made.schedules.append(record)
            self._owners(record, leads[:1])

    def _schedule(self, s: DraftSchedule, solution: Solution, leads: list[Resolved]) -> None:
        rule, rule_doubt = stored_rule(s)
        in_order = not (s.start and s.due and s.start > s.due)
        record = Schedule(
            solution=solution,
            phrase=fit(Schedule, "phrase", s.phrase),
            kind=Kind(s.kind.value),
            start=s.start if in_order else None,
            due=s.due,
            rule=rule,
            lead_time=stored_lead_time(s),
            in_working_days=counts_working_days(s),
            anchor=fit(Schedule, "anchor", s.anchor),
            exception=fit(Schedule, "exception", s.exception),
            exclusive=s.exclusive or _just_before(s),
        )
        owners = [self.resolver.party(p) for p in s.owners]
        doubts = [s.doubt, rule_doubt, *(r.doubt for r in owners)]
        if s.year_inferred:
            doubts.append(YEAR_INFERRED)
        if not in_order:
            doubts += [_("The first day lies after the last one."), _("Check both days.")]
        self._sourced(record, s.span, *doubts)
        self.made.schedules.append(record)
        for party, resolved in zip(s.owners, owners, strict=True):
            if party.kind == PartyKind.UNIT:
                self._unmatched(NameRole.OWNER, party.name, resolved, schedule=record)
        self._owners(record, owners or leads)

    def _owners(self, record: Schedule, parties: list[Resolved]) -> None:
        """Enter who owes a commitment; nobody where the lead alone does: a change of lead then takes it along."""
        units, kinds = _distinct(parties), dict.fromkeys(k for r in parties for k in r.kinds)
        if kinds or units != [record.solution.lead]:
            self.made.owner_units += [(record, u) for u in units]
            self.made.owner_kinds += [(record, k) for k in kinds]

    def _indicator(self, drafted: DraftIndicator, ordinal: int) -> None:
        """Make a record of a number to reach. Who acts where its words name nobody: the lead of its solution."""
        paragraph = _at(self.draft.paragraphs, drafted.span.paragraph)
        target = target_of(drafted, paragraph.text if paragraph else drafted.text)
        index = self._solution_around(drafted.span)
        owners = [self.resolver.party(p) for p in target.actors]
        leads = [] if owners or index is None else [self.resolver.party(p) for p in self.draft.solutions[index].leads]
        units, kinds = _distinct([*owners, *leads]), dict.fromkeys(k for r in (*owners, *leads) for k in r.kinds)
        record = Indicator(
            plan=self.plan,
            ordinal=ordinal,
            solution=None if index is None else self.made.solutions[index],
            text=clean(drafted.text),
            comparator=_COMPARATORS.get(drafted.comparator, Comparator.EQ),
            value=_value_of(drafted),
            unit_of_measure=fit(Indicator, "unit_of_measure", target.measured),
            frequency=drafted.frequency if drafted.frequency in Frequency.values else Frequency.ONCE,
            due=drafted.due,
            audience=fit(Indicator, "audience", target.audience),
            kind=IndicatorKind.RATIO if target.is_share else IndicatorKind.NUMBER,
            roll_up=_roll_up(target, many=bool(kinds) or len(units) > 1),
        )
        too_long = "" if record.value is not None else str(TOO_LONG)
        doubts = (too_long, target.doubt, *(r.doubt for r in owners))
        self.made.indicators.append(self._sourced(record, drafted.span, *doubts))
        self.made.conditions += [
            IndicatorCondition(indicator=record, ordinal=n, text=fit(IndicatorCondition, "text", words))
            for n, words in enumerate(target.conditions, start=1)
        ]
        self.made.indicator_units += [(record, u) for u in units]
        self.made.indicator_kinds += [(record, k) for k in kinds]

    def _solution_around(self, span: Span) -> int | None:
        """Return which solution holds the words of `span`."""
        for index in self.solutions_at[span.paragraph]:
            around = self.draft.solutions[index].span
            if around.start <= span.start and span.end <= around.end:
                return index
        return None

    def _sourced(self, record: R, span: Span, *doubts: str) -> R:
        """Tie a record to its words, where the span lies in the text, and keep what is unsure about it."""
        if 0 <= span.paragraph < len(self.draft.paragraphs) and 0 <= span.start <= span.end:
            record.source_paragraph, record.source_start, record.source_end = span.paragraph, span.start, span.end
        record.doubt = doubt_words(doubts)
        return record


def _value_of(drafted: DraftIndicator) -> Decimal | None:
    """Return the number to reach; none where it is larger than any that is stored: a person enters it."""
    value = Decimal(str(drafted.value)).quantize(Decimal("0.001"))
    return value if fits(value) else None


def _roll_up(target: Target, *, many: bool) -> RollUp:
    """Return how results add up: shares by their terms; what each of many units has to reach, by how many did."""
    if target.is_share:
        return RollUp.WEIGHTED
    return RollUp.COUNT_UNITS if many else RollUp.SUM


def _just_before(s: DraftSchedule) -> bool:
    """Return whether work is due before an event, no amount stated: its day itself is excluded."""
    return s.kind.value == Kind.RELATIVE and not s.lead_time and bool(_BEFORE.match(s.phrase))


def stored_lead_time(s: DraftSchedule) -> str:
    """Return how long before or after its event work is due; just before it where no amount is stated."""
    return "-P0D" if _just_before(s) else fit(Schedule, "lead_time", s.lead_time)


def counts_working_days(s: DraftSchedule) -> bool:
    """Return whether the amount is one of working days."""
    return bool(s.lead_time) and WORKING_DAYS in s.phrase.lower()


def doubt_words(doubts: Iterable[str]) -> str:
    """Return why the reader is unsure and what to look at, each sentence once."""
    told = [str(words) for d in doubts if d for words in (READER_DOUBTS.get(d, d), LOOK_AT.get(d, ""))]
    return shorten(" ".join(dict.fromkeys(clean(words) for words in told if words)), DOUBT_LENGTH)


def stored_rule(s: DraftSchedule) -> tuple[str, str]:
    """Return the rule of recurrence, or nothing and the reason when it can't be used."""
    if not s.rule or s.kind.value != Kind.RECURRING:
        return "", ""
    try:
        rule = usable_rule(s.rule)
    except BadRule:
        return "", " ".join((_("How often it recurs was not understood."), _("Choose how often.")))
    return fit(Schedule, "rule", _in_its_months(rule, s.anchor or "")), ""


def _in_its_months(rule: str, anchor: str) -> str:
    """Return a rule for a day of each quarter, half-year or year with the months that day lies in.

    An interval alone counts from wherever a plan begins. The day lies in the last month of its period unless `anchor`
    ("tháng đầu quý") says otherwise; the last day of a period needs no month.
    """
    match = _DAY_OF_PERIOD.fullmatch(rule)
    if not match:
        return rule
    months, day = _PERIOD_OF[match["base"]], "-1" if match["day"] == "31" else match["day"]
    words = search_key(anchor)
    place = next((n for word, n in _PLACES.items() if re.search(rf"\bthang {word}\b", words)), months)
    if day == "-1":  # "trước ngày 01": in the month before; "ngày 31": in the month itself
        place -= match["day"] == "-1" and bool(anchor)
        if place in {0, months}:
            return f"{match['base']};BYMONTHDAY=-1"
    in_year = ",".join(str(m) for m in range(min(place, months), 13, months))
    return f"{'FREQ=YEARLY' if months == _YEAR else 'FREQ=MONTHLY'};BYMONTH={in_year};BYMONTHDAY={day}"


def _lead_doubts(drafted: DraftSolution, leads: list[Resolved], supports: list[Resolved]) -> Iterator[str]:
    """Yield what is unsure about who leads and who supports a solution."""
    units = _distinct(leads)
    if units:
        # The lead is known; who else is named beside it need not be a unit.
        yield from (r.doubt for r in leads if r.units)
        for units_only in (True, False):
            yield _acting_too(_names_missing(drafted.leads, leads, units=units_only))
    else:
        yield from (r.doubt for r in leads)
        yield from (_class_leads(r) for r in leads)
    if len(units) > 1:
        yield _("Several units lead; the first is entered as lead, the others as supporting.")
    yield _supporting(_names_missing(drafted.supports, supports, units=True))
    inside = [(p, r) for p, r in zip(drafted.supports, supports, strict=True) if p.kind != PartyKind.EXTERNAL]
    # Who is outside the Union is nothing to enter.
    yield _supporting(_names_missing([p for p, _r in inside], [r for _p, r in inside], units=False))


def _names_missing(parties: Sequence[Party], resolved: Sequence[Resolved], *, units: bool) -> list[str]:
    """Return the names that found no unit: those of single units, or those of anybody else."""
    pairs = zip(parties, resolved, strict=True)
    return [p.name for p, r in pairs if not r.units and (p.kind == PartyKind.UNIT) == units]


def _acting_too(names: list[str]) -> str:
    return _("Named as acting too, not entered: %(names)s.") % {"names": ", ".join(names)} if names else ""


def _supporting(names: list[str]) -> str:
    return _("Named as supporting, not entered: %(names)s.") % {"names": ", ".join(names)} if names else ""


def _class_leads(lead: Resolved) -> str:
    if not lead.kinds or lead.units:
        return ""
    return _("A whole class of units carries this out. Choose the unit that leads and answers for the result.")


def _distinct(resolved: Iterable[Resolved]) -> list[Unit]:
    return list(dict.fromkeys(u for r in resolved for u in r.units))


def _at(items: Sequence[T], index: int | None) -> T | None:
    return items[index] if index is not None and 0 <= index < len(items) else None


def _loose(draft: DraftPlan) -> Iterable[tuple[str, Span, str]]:
    """Yield what is shown in the document without a record: (kind, span, note)."""
    parties: list[Party] = [g.lead for g in draft.groups if g.lead]
    for solution in draft.solutions:
        parties += [*solution.leads, *solution.supports]
    for schedule in draft.schedules:
        parties += schedule.owners
        if _at(draft.solutions, schedule.solution) is None:
            yield "loose", schedule.span, schedule.phrase
    parties += [a.party for a in draft.assignments]
    for span, name in dict.fromkeys((p.span, p.name) for p in parties):
        yield "party", span, name


def _paragraph(p: Paragraph, marks: list[dict[str, Any]]) -> dict[str, Any]:
    stored: dict[str, Any] = {
        "text": p.text.replace("\x00", " "),
        "line": p.line,
        "role": ParagraphRole(p.role).value,
        "level": p.level,
        "marker": p.marker,
    }
    if p.cell is not None:
        stored["cell"] = list(p.cell)
    if p.columns:
        stored["columns"] = list(p.columns)
    return stored | {"marks": marks} if marks else stored


def names_unit(body: str, unit: Unit) -> bool:
    """Return whether a document's issuing body may be `unit`: one name holds every word of the other, in any order."""
    said = set(search_key(body).split())
    names = (set(search_key(name).split()) for name in unit.names())
    return any(words <= said or said <= words for words in names)
