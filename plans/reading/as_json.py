"""A draft as the JSON object other tools read: dates in ISO form, lines counted from 1. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from plans.reading.drafts import Assignment, DraftPlan, DraftSchedule, DraftSolution, Header, Party, PartyKind, Span
from plans.reading.parties import name_in_print, printed_name

_LISTED_ALONE = {PartyKind.UNIT, PartyKind.EXTERNAL}


def draft_as_json(draft: DraftPlan) -> dict[str, Any]:
    """Return `draft` as a JSON object; unknown values are null, lists may be empty."""
    return {
        "header": _header(draft.header),
        "references": [
            {
                "number": r.symbol, "date": _iso(r.issued_on), "line": _line(draft, r.span),
                "kind": r.kind, "issuer": r.issuer, "title": r.title,
            }
            for r in draft.references
        ],
        "shortcomings": [
            {
                "ordinal": s.ordinal, "field": s.field, "text": s.text, "line": _line(draft, s.span),
                "named_units": list(s.named_units),
            }
            for s in draft.shortcomings
        ],
        "priority_tasks": [
            {"list": t.list_kind, "ordinal": t.ordinal, "text": t.text, "line": _line(draft, t.span)}
            for t in draft.priority_tasks
        ],
        "groups": [
            {
                "ordinal": g.ordinal, "title": g.title, "lead_unit": _name(draft, g.lead) if g.lead else None,
                "shortcomings": list(g.shortcomings),
            }
            for g in draft.groups
        ],
        "solutions": [_solution(draft, s) for s in draft.solutions],
        "deadlines": _deadlines(draft),
        "indicators": [
            {
                "text": i.text, "line": _line(draft, i.span), "comparator": i.comparator, "value": i.value,
                "unit_of_measure": i.unit_of_measure, "frequency": i.frequency, "due": _iso(i.due),
            }
            for i in draft.indicators
        ],
        "assignments": list(_assignments(draft)),
        "warnings": list(draft.warnings),
    }  # fmt: skip


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def _line(draft: DraftPlan, span: Span) -> int:
    return draft.paragraphs[span.paragraph].line_at(span.start)


def _header(header: Header) -> dict[str, Any]:
    return {
        "number": header.symbol,
        "issue_date": _iso(header.issued_on),
        "place": header.place,
        "issuing_body": header.issuing_body,
        "title": header.title,
        "plan_kind": header.kind,
        "period_start": _iso(header.period_start),
        "period_end": _iso(header.period_end),
        "period_open": header.period_open,
        "signing_authority": header.signer_authority,
        "signer_title": header.signer_title,
        "signer_name": header.signer_name,
        "recipients": list(header.recipients),
    }


def _solution(draft: DraftPlan, solution: DraftSolution) -> dict[str, Any]:
    return {
        "ordinal": solution.ordinal,
        "line": _line(draft, solution.span),
        "line_end": draft.paragraphs[solution.span.paragraph].line_end,
        "group": draft.groups[solution.group].title if solution.group is not None else None,
        "text": _printed(draft, solution),
        "lead_units": _names(draft, solution.leads),
        "coordinating_units": _names(draft, solution.supports),
        "addressed_level": solution.level or None,
        "shortcomings": list(solution.shortcomings),
        "priority_tasks": [list(task) for task in solution.priority_tasks],
        "doubt": solution.doubt,
    }


def _printed(draft: DraftPlan, solution: DraftSolution) -> str:
    paragraph = draft.paragraphs[solution.span.paragraph]
    space = "" if paragraph.tight else " "
    return f"{paragraph.marker}{space}{solution.text}".strip()


def _deadlines(draft: DraftPlan) -> list[dict[str, Any]]:
    return [
        {
            "line": _line(draft, _date_of(s)), "phrase": s.phrase, "kind": s.kind.value,
            "start": _iso(s.start), "due": _iso(s.due), "rrule": s.rule, "lead_time": s.lead_time,
            "anchor": s.anchor, "exception": s.exception, "exclusive": s.exclusive,
            "year_inferred": s.year_inferred, "owner_units": _names(draft, s.owners),
            "solution": s.solution + 1 if s.solution is not None else None, "doubt": s.doubt,
        }
        for s in draft.schedules
        if not s.inherited
    ]  # fmt: skip


def _date_of(schedule: DraftSchedule) -> Span:
    """Return where the day of a phrase stands: a line break may part it from the words before it."""
    span = schedule.span
    return Span(span.paragraph, span.end - 1, span.end) if schedule.due and span.end > span.start else span


def _names(draft: DraftPlan, parties: tuple[Party, ...]) -> list[str]:
    return [_name(draft, party) for party in parties]


def _name(draft: DraftPlan, party: Party) -> str:
    """Return the name as the document prints it, the union's own abbreviations in full."""
    span = party.span
    return name_in_print(draft.paragraphs[span.paragraph].text[span.start : span.end], party.kind)


def _assignments(draft: DraftPlan) -> Iterator[dict[str, Any]]:
    """Yield one row for each unit named alone, and one for a list that names classes, bodies or posts together."""
    for _, rows in groupby(draft.assignments, key=lambda a: (a.span, a.role, a.object)):
        group = list(rows)
        together = any(a.party.kind not in _LISTED_ALONE for a in group)
        for part in [group] if together else [[a] for a in group]:
            yield {
                "line": _line(draft, part[0].span),
                "unit": _joint_name(draft, part),
                "role": part[0].role,
                "object": part[0].object,
            }


def _joint_name(draft: DraftPlan, part: list[Assignment]) -> str:
    if len(part) == 1:
        return _name(draft, part[0].party)
    first, last = part[0].party.span, part[-1].party.span
    if first.paragraph == last.paragraph and last.end - first.start < 300:  # noqa: PLR2004 - one list
        return printed_name(draft.paragraphs[first.paragraph].text[first.start : last.end])
    return ", ".join(_names(draft, tuple(a.party for a in part)))
