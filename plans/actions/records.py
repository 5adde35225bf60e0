"""A person corrects what was read: change, add, drop, join, split and accept records of a draft.

Each act locks the plan, refuses a plan that is no draft any more and a record that somebody dropped meanwhile, and
writes what was before and after into the log.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, TypeVar, cast

from django.db import transaction
from django.db.models import ProtectedError, RestrictedError
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from doantracker.lib import clock
from doantracker.lib.text import nfc, search_key, shortened
from plans.actions.anchors import drop_left_event, event_of, require_no_cycle, settle_anchor
from plans.actions.indicator_parts import set_parts
from plans.actions.ordinals import close_up, move_to_list, open_up, place_for
from plans.actions.plans import set_symbol_parts
from plans.actions.sent import made_before, remember
from plans.enums import PlanStatus
from plans.errors import ActionRefused, Stale
from plans.models import (
    DroppedRecord,
    Event,
    Field,
    Indicator,
    Plan,
    PlanDocument,
    PriorityTask,
    Schedule,
    Shortcoming,
    Solution,
    SolutionGroup,
    SolutionShortcoming,
    SolutionTask,
)
from plans.models.plan import DOUBT_LENGTH, Sourced
from plans.occurrences import usable_rule
from plans.pasting import TOO_LONG, fits
from plans.record_pictures import picture_of
from plans.record_values import CHANGEABLE, PARTS, Numbered, Record, facts, fingerprint, is_link, plan_of, told
from plans.rights import may_manage
from plans.rules import BadRule
from plans.sentences import why_bad
from plans.spans import belongs_to_second, split_points
from plans.validators import LONGEST_TEXT
from units import audit
from units.access import require
from units.models import Unit, User
from units.models.audit import AuditAction

R = TypeVar("R", bound=Record)
J = TypeVar("J", bound=Shortcoming | Solution)

#: The links that say what a solution answers, by the column of their other end.
ANSWERS: Final[dict[str, type[SolutionShortcoming | SolutionTask]]] = {
    "shortcoming_id": SolutionShortcoming,
    "prioritytask_id": SolutionTask,
}
_MOST_OF_LABEL = 160  # characters of a dropped record that its message shows


class RecordGone(ActionRefused):
    """Somebody dropped or joined the record since the page was opened."""

    status = 404

    def __init__(self) -> None:
        super().__init__(_("This record is not there any more: somebody dropped it or joined it with another."))


def change_record(*, record: R, values: Mapping[str, Any], by: User, expected: str | None = None) -> R:
    """Give a record new values and take its doubt away; `expected` is the fingerprint the person started from.

    Values of links are lists. A field of work may be given by name; a new name becomes a field of the issuing unit.
    """
    with open_draft(plan_of(record), by) as plan:
        fresh = _again(record, plan)
        if expected is not None and fingerprint(fresh) != expected:
            raise Stale(_("Somebody changed this record while you were editing it. Compare both and save again."))
        before, event = facts(fresh), event_of(fresh)
        if isinstance(fresh, PriorityTask) and values.get("list_kind", fresh.list_kind) != fresh.list_kind:
            move_to_list(fresh, values["list_kind"])
        give(fresh, values, plan, by=by)
        _log(AuditAction.CHANGED, fresh, plan, by, audit.changes(before, facts(fresh)))
        drop_left_event(event, plan, by=by)
    return fresh


def add_record(
    *,
    plan: Plan,
    model: type[R],
    values: Mapping[str, Any],
    by: User,
    solution: Solution | None = None,
    paragraph: int | None = None,
    span: tuple[int, int] | None = None,
    key: str = "",
) -> R:
    """Add a record by hand; a commitment to `solution`.

    `paragraph` (from 0) is where its words stand, `span` which characters of it; none: all of it. With the `key` of a
    form that was sent before, the record it made then is returned.
    """
    with open_draft(plan, by) as locked:
        made = made_before(key, by=by, plan=locked)
        if made is not None:
            return _again(model(pk=made), locked)
        if model is Schedule:
            owner = _again(cast("Solution", solution), locked)
            commitment = Schedule(solution=owner)
            _tie_to_phrase(commitment, str(values.get("phrase", "")), locked)
            record = cast("R", commitment)
        else:
            record = model(plan=locked)
        if isinstance(record, Sourced) and paragraph is not None:
            _tie_to_paragraph(record, paragraph, span, locked)
        if isinstance(record, Numbered):
            record.ordinal = place_for(record, values)
        give(record, values, locked, by=by)
        remember(key, by=by, plan=locked, record_id=record.pk)
        _log(AuditAction.CREATED, record, locked, by, {k: [None, v] for k, v in facts(record).items() if v})
    return record


def drop_record(*, record: Record, by: User, expected: str | None = None) -> DroppedRecord:
    """Delete a record with what hangs on it: a solution with its commitments; solutions of a group stay.

    Return what is kept of it, by which `restore_record` brings it back.
    """
    with open_draft(plan_of(record), by) as plan:
        fresh = _again(record, plan)
        if isinstance(fresh, Plan):
            raise ActionRefused(_("The head of a plan can't be dropped."))
        _refuse_stale(fresh, expected)
        picture = picture_of(fresh)
        before, label, event = facts(fresh), str(fresh), event_of(fresh)
        try:
            fresh.delete()
        except (ProtectedError, RestrictedError) as error:
            raise ActionRefused(_("Another record refers to this one, so it can't be dropped.")) from error
        if isinstance(fresh, Numbered):
            close_up(fresh)
        words = shortened(label, _MOST_OF_LABEL)
        kept = DroppedRecord.objects.create(plan=plan, label=words, picture=picture, dropped_by=by)
        _log(AuditAction.DROPPED, record, plan, by, {k: [v, None] for k, v in before.items() if v}, label=label)
        drop_left_event(event, plan, by=by)
    return kept


def accept_record(*, record: R, by: User, expected: str | None = None) -> R:
    """Say that what was read is right: its doubt is settled. `expected` is the fingerprint of what the person saw."""
    with open_draft(plan_of(record), by) as plan:
        fresh = _again(record, plan)
        _refuse_stale(fresh, expected)
        if not isinstance(fresh, Plan) and fresh.doubt:
            doubt = settle(fresh)
            fresh.save(update_fields=["doubt", "settled"])
            confirm_answers(fresh, by)
            _log(AuditAction.CHANGED, fresh, plan, by, {"doubt": [doubt, ""]})
    return fresh


def reopen_record(*, record: R, by: User) -> R:
    """Take an acceptance back: what was unsure is unsure again."""
    with open_draft(plan_of(record), by) as plan:
        fresh = _again(record, plan)
        if not isinstance(fresh, Plan) and fresh.settled and not fresh.doubt:
            fresh.doubt, fresh.settled = fresh.settled, ""
            fresh.save(update_fields=["doubt", "settled"])
            if isinstance(fresh, Solution):
                for through in ANSWERS.values():
                    through.objects.filter(solution=fresh).update(confirmed_by=None, confirmed_at=None)
            _log(AuditAction.CHANGED, fresh, plan, by, {"doubt": ["", fresh.doubt]})
    return fresh


def settle(record: Sourced) -> str:
    """Put the doubt of a record aside, since a person has looked; return it. Saving is the caller's."""
    doubt = record.doubt
    if doubt:
        record.settled, record.doubt = doubt, ""
    return doubt


def confirm_answers(record: Record, by: User) -> None:
    """Confirm what the reader proposed that a solution answers: a person has looked at the whole record."""
    if isinstance(record, Solution):
        for through in ANSWERS.values():
            waiting = through.objects.filter(solution=record, proposed=True, confirmed_at__isnull=True)
            waiting.update(confirmed_by=by, confirmed_at=clock.now())


def take_answers(source: Solution, target: Solution) -> None:
    """Let a solution answer what another one answers too; what is only proposed stays so."""
    for column, through in ANSWERS.items():
        table: Any = through
        there = set(table.objects.filter(solution=target).values_list(column, flat=True))
        rows = [row for row in table.objects.filter(solution=source) if getattr(row, column) not in there]
        for row in rows:
            row.pk, row.solution = None, target
        table.objects.bulk_create(rows)


def following(record: J) -> J | None:
    """Return the record that `record` can be joined with: the next one of its plan."""
    found = type(record).objects.filter(plan=record.plan, ordinal=record.ordinal + 1).first()
    return cast("J | None", found)


def join_solutions(*, solution: Solution, by: User, expected: str | None = None) -> Solution:
    """Join a solution with the next one: one text, the commitments and links of both. The first keeps its lead."""

    def unite(first: Solution, second: Solution) -> None:
        second.schedules.update(solution=first)
        first.lead_unit = first.lead_unit or second.lead_unit
        first.overseer = first.overseer or second.overseer
        first.supporting_units.add(*second.supporting_units.all())
        take_answers(second, first)
        second.unmatched.update(solution=first)

    return _join(solution, by, expected, unite)


def join_shortcomings(*, shortcoming: Shortcoming, by: User, expected: str | None = None) -> Shortcoming:
    """Join a shortcoming with the next one: one text, the units and solutions of both."""

    def unite(first: Shortcoming, second: Shortcoming) -> None:
        first.field = first.field or second.field
        first.origin_year = first.origin_year or second.origin_year
        first.cause = "\n".join(cause for cause in (first.cause, second.cause) if cause)
        if second.is_personal:  # what belongs to a person stays so
            first.subject, first.person = second.subject, first.person or second.person
        if first.carried_over_from_id is None and second.carried_over_from_id is not None:
            first.origin, first.carried_over_from = second.origin, second.carried_over_from
        first.named_units.add(*second.named_units.all())
        first.solutions.add(*second.solutions.all())
        second.unmatched.update(shortcoming=first)

    return _join(shortcoming, by, expected, unite)


def split_solution(*, solution: Solution, at: int, by: User, expected: str | None = None) -> Solution:
    """Split a solution before the sentence that begins at character `at`; return the new second half.

    Lead, group and links go to both halves; each commitment to the half whose words hold its phrase.
    """

    def share(first: Solution, second: Solution) -> None:
        second.supporting_units.set(first.supporting_units.all())
        take_answers(first, second)
        moved = [s.pk for s in first.schedules.all() if belongs_to_second(s.phrase, first.text, second.text)]
        Schedule.objects.filter(pk__in=moved).update(solution=second)

    return _split(solution, at, by, expected, share)


def split_shortcoming(*, shortcoming: Shortcoming, at: int, by: User, expected: str | None = None) -> Shortcoming:
    """Split a shortcoming before the sentence that begins at character `at`; return the new second half."""

    def share(first: Shortcoming, second: Shortcoming) -> None:
        second.named_units.set(first.named_units.all())
        second.solutions.set(first.solutions.all())

    return _split(shortcoming, at, by, expected, share)


# --- the locked plan and its record, read again ---


@contextmanager
def open_draft(plan: Plan, by: User) -> Iterator[Plan]:
    """Open a transaction that holds the plan; refuse without the right and when it is no draft any more."""
    with transaction.atomic():
        rows = Plan.objects.select_for_update(of=("self",)).select_related("issuing_unit")
        locked = rows.filter(pk=plan.pk).first()
        if locked is None:
            raise RecordGone
        require(may_manage(by, locked))
        if locked.status != PlanStatus.DRAFT:
            raise ActionRefused(_("This plan has been published, so its records can't be changed any more."))
        yield locked


def _refuse_stale(fresh: Record, expected: str | None) -> None:
    if expected is not None and fingerprint(fresh) != expected:
        raise Stale(_("Somebody changed this record meanwhile. Look at it again."))


def _again(record: R, plan: Plan) -> R:
    """Return the record as it stands now in `plan`."""
    if isinstance(record, Plan):
        return cast("R", plan)
    path = "solution__plan" if isinstance(record, Schedule) else "plan"
    fresh = type(record).objects.filter(**{"pk": record.pk, path: plan}).first()
    if fresh is None:
        raise RecordGone
    return cast("R", fresh)


def _log(
    action: AuditAction, record: Record, plan: Plan, by: User, data: dict[str, list[Any]], *, label: str = ""
) -> None:
    if data or action != AuditAction.CHANGED:
        audit.record(
            action,
            by=by,
            obj=record,
            label=label,
            plan_id=plan.pk,
            unit_id=plan.issuing_unit_id,
            data=told(record, data),
        )


# --- values ---


def give(record: Record, values: Mapping[str, Any], plan: Plan, *, by: User) -> None:
    """Set and save the values of a record, links last; a person has looked at it now."""
    unknown = set(values) - set(CHANGEABLE[type(record)])
    if unknown:
        msg = f"{type(record).__name__} has no changeable {', '.join(sorted(unknown))}. See CHANGEABLE."
        raise TypeError(msg)
    links = {name: [_own(v, plan) for v in value] for name, value in values.items() if is_link(record, name)}
    for name in values.keys() - links.keys() - PARTS:
        value = values[name]
        setattr(record, name, _field_of_work(value, plan) if name == "field" else _own(value, plan))
    if isinstance(record, Sourced):
        settle(record)
    if isinstance(record, Plan):
        set_symbol_parts(record)
    if isinstance(record, Schedule):
        record.rule = _usable(record.rule) if record.rule else ""
        settle_anchor(record, plan, by=by)
    if isinstance(record, Indicator) and record.value is not None and not fits(record.value):
        raise ActionRefused(str(TOO_LONG))
    record.save()
    if isinstance(record, Schedule):
        require_no_cycle(record, plan)
    for name, linked in links.items():
        getattr(record, name).set(linked)
    if isinstance(record, Indicator):
        set_parts(record, {name: value for name, value in values.items() if name in PARTS})
    confirm_answers(record, by)


def _usable(rule: str) -> str:
    """Return a rule as it is stored; refuse one that can't be followed."""
    try:
        return usable_rule(rule)
    except BadRule as bad:
        raise ActionRefused(why_bad(bad)) from bad


def _own(value: Any, plan: Plan) -> Any:  # a value of any column
    """Return `value`, text composed; refuse what lies outside the plan: the last guard behind the forms' choices."""
    if isinstance(value, str):
        return nfc(value.replace("\x00", ""))
    foreign = (
        (isinstance(value, Shortcoming | PriorityTask | SolutionGroup | Solution) and value.plan_id != plan.pk)
        or (isinstance(value, Unit) and not plan.issuing_unit.covers(value))
        or (isinstance(value, Field | Event) and value.unit_id != plan.issuing_unit_id)
        or (isinstance(value, Schedule) and value.solution.plan_id != plan.pk)
    )
    if foreign:
        raise ActionRefused(_("A record of another plan or a unit outside the issuing unit was named."))
    return value


def _field_of_work(value: Field | str | None, plan: Plan) -> Field | None:
    """Return the field of work called `value` in the issuing unit, made when it is new."""
    if not isinstance(value, str):
        return cast("Field | None", _own(value, plan))
    name = " ".join(nfc(value).split())
    if not name:
        return None
    known = {search_key(f.name): f for f in Field.objects.filter(unit=plan.issuing_unit)}
    return known.get(search_key(name)) or Field.objects.get_or_create(unit=plan.issuing_unit, name=name)[0]


# --- where the words of an added record stand ---


def _tie_to_paragraph(record: Sourced, paragraph: int, span: tuple[int, int] | None, plan: Plan) -> None:
    texts = _paragraph_texts(plan)
    if not 0 <= paragraph < len(texts):
        raise ActionRefused(_("The document has no paragraph of this number."))
    start, end = span or (0, len(texts[paragraph]))
    if not 0 <= start < end <= len(texts[paragraph]):
        start, end = 0, len(texts[paragraph])
    record.source_paragraph, record.source_start, record.source_end = paragraph, start, end


def _tie_to_phrase(schedule: Schedule, phrase: str, plan: Plan) -> None:
    """Tie a commitment to its phrase where the paragraph of its solution holds it."""
    paragraph, texts = schedule.solution.source_paragraph, _paragraph_texts(plan)
    if not phrase or paragraph is None or paragraph >= len(texts):
        return
    start = texts[paragraph].find(phrase)
    if start >= 0:
        schedule.source_paragraph, schedule.source_start, schedule.source_end = paragraph, start, start + len(phrase)


def _paragraph_texts(plan: Plan) -> list[str]:
    document = PlanDocument.objects.filter(plan=plan).first()
    return [str(p["text"]) for p in document.paragraphs] if document else []


# --- join and split ---


def _join(record: J, by: User, expected: str | None, unite: Callable[[J, J], None]) -> J:
    with open_draft(plan_of(record), by) as plan:
        first = _again(record, plan)
        second = following(first)
        if second is None:
            raise ActionRefused(_("There is no next record to join this one with."))
        if expected is not None and pair_fingerprint(first, second) != expected:
            raise Stale(_("Somebody changed one of the two records meanwhile. Look at both again."))
        before = {"text": [first.text, second.text]}
        text = f"{first.text.rstrip()} {second.text.lstrip()}"
        if len(text) > LONGEST_TEXT:
            words = _("Joined, the two texts would be longer than the %(most)s characters of a record. Shorten one.")
            raise ActionRefused(words % {"most": number_format(LONGEST_TEXT)})
        unite(first, second)
        first.text = text
        first.doubt = _both(first.doubt, second.doubt)
        first.settled = _both(first.settled, second.settled)
        if first.source_paragraph is not None and first.source_paragraph == second.source_paragraph:
            first.source_start = min(first.source_start or 0, second.source_start or 0)
            first.source_end = max(first.source_end or 0, second.source_end or 0)
        try:
            second.delete()
        except (ProtectedError, RestrictedError) as error:
            raise ActionRefused(_("Another record refers to the second one, so they can't be joined.")) from error
        close_up(second)
        first.save()
        _log(AuditAction.JOINED, first, plan, by, {"text": [before["text"], first.text]})
    return first


def pair_fingerprint(first: Record, second: Record | None) -> str:
    """Return what a page that offers to join two records remembers of both."""
    return fingerprint(first) + (fingerprint(second) if second else "")


def _both(first: str, second: str) -> str:
    return " ".join(d for d in (first, second) if d)[:DOUBT_LENGTH]


def _split(record: J, at: int, by: User, expected: str | None, share: Callable[[J, J], None]) -> J:
    with open_draft(plan_of(record), by) as plan:
        first = _again(record, plan)
        if expected is not None and fingerprint(first) != expected:
            raise Stale(_("Somebody changed this record meanwhile. Choose again where to split it."))
        if at not in split_points(first.text):
            raise ActionRefused(_("Choose the sentence with which the second record begins."))
        whole = first.text
        second = _copy(first)
        first.text, second.text = whole[:at].rstrip(), whole[at:].strip()
        _share_span(first, second, whole, at, plan)
        open_up(first, first.ordinal + 1)
        second.ordinal = first.ordinal + 1
        first.save()
        second.save()
        share(first, second)
        _log(AuditAction.SPLIT, first, plan, by, {"text": [whole, [first.text, second.text]]})
    return second


def _copy(record: J) -> J:
    """Return a new record with every column of `record`; its links are not copied."""
    columns = record._meta.concrete_fields  # noqa: SLF001  # Django's documented model API
    return type(record)(**{f.attname: getattr(record, f.attname) for f in columns if not f.primary_key})


def _share_span(first: Sourced, second: Sourced, whole: str, at: int, plan: Plan) -> None:
    """Give each half its own words in the document, when the text still is what the document says."""
    if first.source_paragraph is None or first.source_start is None:
        return
    texts = _paragraph_texts(plan)
    if first.source_paragraph >= len(texts):
        return
    if texts[first.source_paragraph][first.source_start : first.source_end] == whole:
        second.source_start = first.source_start + at
        first.source_end = first.source_start + len(whole[:at].rstrip())
