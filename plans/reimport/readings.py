"""The readings that are compared, taken from the plan as it stands and from drafts of a document."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet

from plans.importing import Records, plan_of, records_of
from plans.models import (
    Field,
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
from plans.reading.drafts import DraftPlan
from plans.record_values import plain
from plans.reimport.comparison import People, known_by
from plans.reimport.matching import Ref, Row
from plans.resolving import Resolver
from units.models import AuditEvent
from units.models.audit import AuditAction

KIND_OF: Final[dict[type[Sourced], str]] = {
    PlanReference: "reference",
    Shortcoming: "shortcoming",
    PriorityTask: "priority_task",
    SolutionGroup: "group",
    Solution: "solution",
    Schedule: "schedule",
    Indicator: "indicator",
}
#: The facts of the head that a document states, in the order of the page; `period` is both ends of it.
HEADER: Final = (
    "kind", "title", "symbol", "issued_on", "place", "issuing_body", "signer_authority", "signer_title",
    "signer_name", "recipients", "period",
)  # fmt: skip
#: How a commitment is bound to time: one value, since its parts make sense together only.
TIME: Final = (
    "kind", "start", "due", "rule", "lead_time", "in_working_days", "anchor", "exception", "exclusive",
)  # fmt: skip
#: What an indicator asks for: one value, for the same reason.
TARGET: Final = ("kind", "comparator", "value", "unit_of_measure", "frequency", "due", "roll_up")
#: What is compared of each kind of record. Units and kinds of units stand as ids, a field of work as its name.
COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "reference": ("kind", "symbol", "issued_on", "issuer", "title"),
    "shortcoming": ("text", "field"),
    "priority_task": ("text",),
    "group": ("title", "lead_unit"),
    "solution": ("text", "level", "lead_unit"),
    "schedule": ("phrase", "time"),
    "indicator": ("text", "target", "audience"),
}
SETS: Final[dict[str, tuple[str, ...]]] = {
    "shortcoming": ("named_units",),
    "solution": ("supporting_units",),
    "schedule": ("owner_units", "owner_kinds"),
    "indicator": ("owner_units", "owner_kinds"),
}
CONDITIONS: Final = "conditions"  # of an indicator: texts in order
LINKS: Final = ("shortcomings", "priority_tasks")
TEXT_OF: Final = {"reference": "symbol", "group": "title", "schedule": "phrase"}  # else "text"
_KIND_IN_LOG: Final = {model._meta.model_name: kind for model, kind in KIND_OF.items()}  # noqa: SLF001  # documented API


@dataclass(slots=True)
class Reading:
    """Rows to compare, and the records they stand for. `made` holds what was read but is not saved."""

    rows: list[Row]
    records: dict[Ref, Sourced]
    plan: Plan
    made: Records | None = None


def reading_of(draft: DraftPlan, plan: Plan, resolver: Resolver, fields: Iterable[Field]) -> Reading:
    """Return what `draft` would make of `plan`, nothing saved; keys count from 0 in each kind."""
    head = plan_of(draft, name="", issuing_unit=plan.issuing_unit, by=None)
    made = records_of(draft, plan, resolver, fields)
    lists: tuple[list[Any], ...] = (
        made.references, made.shortcomings, made.priority_tasks, made.groups, made.solutions, made.schedules,
        made.indicators,
    )  # fmt: skip
    records: dict[Ref, Sourced] = {}
    refs: dict[int, Ref] = {}
    for kind, found in zip(COLUMNS, lists, strict=True):
        for index, record in enumerate(found):
            records[kind, index], refs[id(record)] = record, (kind, index)
    sets, links = _sets_read(made), _links_read(made, refs)
    conditions: dict[int, list[str]] = defaultdict(list)
    for condition in made.conditions:
        conditions[id(condition.indicator)].append(condition.text)
    rows = _header_rows(head, without=() if draft.header.title else ("title",))
    for ref, record in records.items():
        within = refs[id(record.solution)][1] if isinstance(record, Schedule) else None
        texts = tuple(conditions[id(record)])
        rows.append(_row(record, ref, within, sets[id(record)], links[id(record)], texts))
    return Reading(rows, records, head, made)


def reading_stored(plan: Plan) -> Reading:
    """Return the plan as it stands: eight queries, and those of the links."""
    records: dict[Ref, Sourced] = {}
    rows = _header_rows(plan)
    for found in _stored_rows(plan):
        for record in found:
            kind = KIND_OF[type(record)]
            ref = kind, record.pk
            records[ref] = record
            sets = {name: frozenset(o.pk for o in getattr(record, name).all()) for name in SETS.get(kind, ())}
            within = record.solution_id if isinstance(record, Schedule) else None
            texts = tuple(c.text for c in record.conditions.all()) if isinstance(record, Indicator) else ()
            rows.append(_row(record, ref, within, sets, _links_stored(record), texts))
    return Reading(rows, records, plan)


def people_of(plan: Plan) -> People:
    """Return what people did to the records of `plan`, from the log; one query."""
    events = AuditEvent.objects.filter(plan_id=plan.pk).order_by("pk")
    touched: set[Ref] = set()
    added: set[Ref] = set()
    dropped: set[tuple[str, str]] = set()
    texts: dict[Ref, set[str]] = defaultdict(set)
    for action, model, pk, data in events.values_list("action", "object_type", "object_id", "data"):
        if model == "plan":
            touched |= {("header", i) for i, name in enumerate(HEADER) if _states(name, data)}
            touched |= {(kind, key) for kind, key in data.get("kept", ())}
            dropped |= {(kind, text) for kind, text in data.get("left_out", ())}
            continue
        kind = _KIND_IN_LOG.get(model)
        if kind is None:
            continue
        ref = kind, pk
        said = _texts(data.get(TEXT_OF.get(kind, "text")))
        texts[ref] |= said
        if action == AuditAction.DROPPED:
            dropped |= {(kind, known_by(text)) for text in texts[ref] or {""}}
        elif action == AuditAction.JOINED:
            dropped |= {(kind, known_by(text)) for text in said}
        if action == AuditAction.CREATED and ref in touched:  # dropped before, and brought back
            dropped -= {(kind, known_by(text)) for text in texts[ref]}
        elif action == AuditAction.CREATED:
            added.add(ref)
        touched.add(ref)
    return People(frozenset(touched), frozenset(added), frozenset(dropped))


def left_out(row: Row) -> list[str]:
    """Return what the log keeps of a record that a person left out, so that it stays out."""
    return [row.kind, known_by(row.text)]


def _states(name: str, data: dict[str, Any]) -> bool:
    names = ("period_start", "period_end") if name == "period" else (name,)
    return any(n in data for n in names)


def _texts(value: Any) -> set[str]:  # JSON of the log
    """Return every text in what the log holds of one value: before and after, or the two that were joined."""
    if isinstance(value, list):
        return {text for part in value for text in _texts(part)}
    return {value} if isinstance(value, str) else set()


# --- rows ---


def _header_rows(plan: Plan, without: tuple[str, ...] = ()) -> list[Row]:
    return [
        Row("header", index, name, {name: _header_value(plan, name)})
        for index, name in enumerate(HEADER)
        if name not in without
    ]


def _header_value(plan: Plan, name: str) -> Any:  # a value of any column
    value = (plan.period_start, plan.period_end) if name == "period" else getattr(plan, name)
    return str(value) if name == "kind" else value


def _row(  # noqa: PLR0917  # the parts of one row, in the order in which it has them
    record: Any,
    ref: Ref,
    within: int | str | None,
    sets: dict[str, frozenset[int]],
    links: dict[str, frozenset[Ref]],
    conditions: tuple[str, ...],
) -> Row:
    kind = ref[0]
    values = {name: _value(record, name) for name in COLUMNS[kind]}
    values |= {name: sets.get(name, frozenset()) for name in SETS.get(kind, ())}
    if isinstance(record, Indicator):
        values[CONDITIONS] = conditions
    place = None
    if record.source_paragraph is not None:
        place = record.source_paragraph, record.source_start, record.source_end
    if isinstance(record, PriorityTask):
        within = str(record.list_kind)
    return Row(kind, ref[1], str(values[TEXT_OF.get(kind, "text")]), values, place, within, links)


def _value(record: Any, name: str) -> Any:  # a value of any column
    if name == "time":
        return tuple(_plain(getattr(record, part)) for part in TIME)
    if name == "target":
        return tuple(_plain(plain(getattr(record, part))) if part != "due" else record.due for part in TARGET)
    if name == "lead_unit":
        return record.lead_unit_id
    if name == "field":
        return record.field.name if record.field else ""
    return _plain(getattr(record, name))


def _plain(value: Any) -> Any:  # a value of any column
    return str(value) if isinstance(value, str) else value


# --- sets and links ---


def _sets_read(made: Records) -> dict[int, dict[str, frozenset[int]]]:
    found: dict[int, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    pairs: tuple[tuple[str, list[Any]], ...] = (
        ("named_units", made.named_units), ("supporting_units", made.supports),
        ("owner_units", made.owner_units), ("owner_kinds", made.owner_kinds),
        ("owner_units", made.indicator_units), ("owner_kinds", made.indicator_kinds),
    )  # fmt: skip
    for name, linked in pairs:
        for record, other in linked:
            found[id(record)][name].add(other.pk)
    return defaultdict(dict, {i: {n: frozenset(v) for n, v in named.items()} for i, named in found.items()})


def _links_read(made: Records, refs: dict[int, Ref]) -> dict[int, dict[str, frozenset[Ref]]]:
    found: dict[int, dict[str, set[Ref]]] = defaultdict(dict)
    for solution in made.solutions:
        found[id(solution)] = {"shortcomings": set(), "priority_tasks": set(), "group": set()}
        if solution.group:
            found[id(solution)]["group"].add(refs[id(solution.group)])
    for answers in made.answers:
        found[id(answers[0])]["shortcomings"].add(refs[id(answers[1])])
    for tasks in made.tasks:
        found[id(tasks[0])]["priority_tasks"].add(refs[id(tasks[1])])
    return defaultdict(dict, {i: {n: frozenset(v) for n, v in named.items()} for i, named in found.items()})


def _links_stored(record: Any) -> dict[str, frozenset[Ref]]:
    if not isinstance(record, Solution):
        return {}
    group = frozenset({("group", record.group_id)} if record.group_id else ())
    return {
        "shortcomings": frozenset(("shortcoming", o.pk) for o in record.shortcomings.all()),
        "priority_tasks": frozenset(("priority_task", o.pk) for o in record.priority_tasks.all()),
        "group": group,
    }


def _stored_rows(plan: Plan) -> tuple[QuerySet[Any], ...]:
    return (
        plan.references.all(),
        plan.shortcomings.select_related("field").prefetch_related("named_units"),
        plan.priority_tasks.all(),
        plan.groups.all(),
        plan.solutions.prefetch_related("supporting_units", "shortcomings", "priority_tasks"),
        Schedule.objects.filter(solution__plan=plan)
        .order_by("solution__ordinal", "pk")
        .prefetch_related("owner_units", "owner_kinds"),
        plan.indicators.prefetch_related("owner_units", "owner_kinds", "conditions"),
    )
