"""Acts on the ledger of shortcomings: origins, lineage, merging, what reviews said, the draft of the next year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from doantracker.lib import clock
from plans.actions.next_year import next_year_header, year_of
from plans.actions.ordinals import close_up
from plans.actions.sent import made_before, remember
from plans.enums import Origin, PlanStatus, ShortcomingState
from plans.errors import ActionRefused, Stale
from plans.ledger import Link, Verdict, ancestors, descendants, standing
from plans.models import Plan, Shortcoming, ShortcomingReview
from plans.rights import may_manage
from units import audit
from units.access import require
from units.models import User
from units.models.audit import AuditAction

#: What goes on into the next year. Its first year, its source and its number are set apart.
CARRIED = ("field_id", "text", "subject", "person_id", "cause", "found_in")


class SameYear(ActionRefused):
    """There is a draft of that year already: `draft` says which."""

    def __init__(self, draft: Plan) -> None:
        words = _(
            "There is a draft of that year from this plan already: “%(title)s”. Go on with it, or tick that you want "
            "one more."
        )
        super().__init__(words % {"title": draft.title})
        self.draft = draft


def mark_origins(*, plan: Plan, origins: Mapping[int, str], by: User, seen: Mapping[int, str] | None = None) -> int:
    """Say of shortcomings of `plan`, by id, whether each is new or carried over; return how many changed.

    `seen` is what the page showed: where somebody else marked it otherwise meanwhile, nothing is changed.
    """
    with _ledger(plan, by) as locked:
        _require_open(locked)
        rows = list(_rows().filter(plan=locked, pk__in=origins).order_by("pk"))
        changed = []
        for row in rows:
            if seen is not None and seen.get(row.pk, row.origin) != row.origin:
                raise Stale(_("Somebody marked these shortcomings meanwhile. Look at them again, then save."))
            if row.origin != origins[row.pk]:
                changed.append((row, _mark(row, Origin(origins[row.pk]))))
        audit.record_many(_entry(AuditAction.ORIGIN_MARKED, row, by, data) for row, data in changed)
    return len(changed)


def mark_origin(*, shortcoming: Shortcoming, origin: str, by: User) -> Shortcoming:
    """Say whether one shortcoming is new or carried over."""
    mark_origins(plan=shortcoming.plan, origins={shortcoming.pk: origin}, by=by)
    shortcoming.refresh_from_db()
    return shortcoming


def carry_over_from(
    *, shortcoming: Shortcoming, source: Shortcoming | None, by: User, version: int | None = None
) -> Shortcoming:
    """Say which shortcoming of an earlier plan of the issuer this one goes on with; None takes that back.

    Its year of origin follows the source.
    """
    with _row(shortcoming, by, version) as row:
        _require_open(row.plan)
        before: dict[str, Any] = {"from": row.carried_over_from_id, "origin_year": row.origin_year}
        if source is None:
            row.carried_over_from = None
        else:
            _set_source(row, source, by)
        row.version += 1
        row.save()
        after = {"from": row.carried_over_from_id, "origin_year": row.origin_year}
        _log(AuditAction.LINEAGE_SET, row, by, audit.changes(before, after))
    return row


def merge(*, shortcoming: Shortcoming, into: Shortcoming, by: User, version: int | None = None) -> Shortcoming:
    """Say that a shortcoming is one and the same as another of its plan: it stays in the ledger, listed no more.

    What answers it answers the other, units named with it are named with the other.
    """
    with _row(shortcoming, by, version) as row:
        _require_open(row.plan)
        target = _rows().filter(plan=row.plan_id, pk=into.pk).first()
        if target is None or target.pk == row.pk:
            raise ActionRefused(_("Choose another shortcoming of the same plan."))
        if row.merged_into_id is not None:
            raise Stale(_("This shortcoming is merged already."))
        if target.merged_into_id is not None:
            raise ActionRefused(_("The one chosen is itself merged into another. Choose that one."))
        if row.merged.exists():
            raise ActionRefused(
                _("Others are merged into this one. Take those back first, or merge the other way round.")
            )
        if row.is_personal != target.is_personal:
            raise ActionRefused(_("One is of a person and the other is not. They can't be merged."))
        target.named_units.add(*row.named_units.all())
        target.solutions.add(*row.solutions.all())
        row.merged_into = target
        row.version += 1
        row.save()
        Shortcoming.objects.filter(pk=target.pk).update(version=F("version") + 1)
        _to_the_end(row)
        _log(AuditAction.MERGED, row, by, {"into": target.ordinal})
    return row


def unmerge(*, shortcoming: Shortcoming, by: User, version: int | None = None) -> Shortcoming:
    """List a merged shortcoming again by itself; units and solutions the other took over stay there, too."""
    with _row(shortcoming, by, version) as row:
        _require_open(row.plan)
        if row.merged_into_id is None:
            raise Stale(_("This shortcoming is not merged."))
        former = row.merged_into_id
        row.merged_into = None
        row.version += 1
        row.save()
        _log(AuditAction.UNMERGED, row, by, {"from": former})
    return row


def record_review(
    *,
    shortcoming: Shortcoming,
    by: User,
    day: dt.date,
    state: str,
    review: str,
    document_number: str = "",
    note: str = "",
    is_effectiveness_check: bool = False,
    version: int | None = None,
    today: dt.date | None = None,
) -> ShortcomingReview:
    """Record what a review said; the state of the shortcoming is that of the latest review by day."""
    today = today or clock.today()
    if not review.strip():
        raise ActionRefused(_("Name the meeting or the paper that says so."))
    if day > today:
        raise ActionRefused(_("The day of the review lies ahead. Record it on its day or later."))
    with _row(shortcoming, by, version) as row:
        if row.plan.status == PlanStatus.DRAFT:
            raise ActionRefused(_("The plan is a draft. Publish it first; reviews speak of what is under way."))
        if row.merged_into_id is not None:
            raise ActionRefused(_("This shortcoming is merged into another. Record the review there."))
        if is_effectiveness_check and (row.remedied_on is None or day < row.remedied_on):
            raise ActionRefused(
                _("Only what was remedied before is checked. Record an ordinary review, or correct the day.")
            )
        made = ShortcomingReview.objects.create(
            shortcoming=row,
            day=day,
            state=ShortcomingState(state),
            review=review.strip(),
            document_number=document_number.strip(),
            note=note.strip(),
            is_effectiveness_check=is_effectiveness_check,
            recorded_at=clock.now(),
            recorded_by=by,
        )
        before = row.state
        row.state, row.remedied_on = _standing(row)
        row.version += 1
        row.save(update_fields=["state", "remedied_on", "version"])
        data: dict[str, Any] = {"state": [before, row.state], "day": day, "check": is_effectiveness_check}
        if not row.is_personal:
            data["review"] = made.review
        _log(AuditAction.REVIEWED, row, by, data)
    shortcoming.state, shortcoming.remedied_on, shortcoming.version = row.state, row.remedied_on, row.version
    return made


def start_next_ledger(
    *, plan: Plan, by: User, year: int, title: str = "", despite_draft: bool = False, key: str = ""
) -> Plan:
    """Make the draft of `year` that begins with every shortcoming of `plan` still open or partly remedied.

    What a plan that was published carries on already is left out.

    A second draft of one year from one plan needs `despite_draft`. `key` as of every form that makes something.
    """
    with _ledger(plan, by) as locked:
        made = made_before(key, by=by, plan=locked)
        if made is not None:
            return Plan.objects.get(pk=made)
        if locked.status == PlanStatus.DRAFT:
            raise ActionRefused(_("This plan is a draft itself. Publish it first."))
        rows = list(_rows().filter(plan=locked).to_carry_over().order_by("ordinal").prefetch_related("named_units"))
        if not rows and locked.shortcomings.unremedied().exists():
            raise ActionRefused(
                _("What is still open is carried over into a published plan already. Go on with that plan.")
            )
        if not rows:
            raise ActionRefused(_("Nothing is left to carry over: every shortcoming of this plan is remedied."))
        first = next_draft(locked, year)
        if first is not None and not despite_draft:
            raise SameYear(first)
        draft = next_year_header(locked, year, by, again=True, title=title)
        _carry(rows, draft, since=year_of(locked))
        remember(key, by=by, plan=locked, record_id=draft.pk)
        facts = {"from": locked.pk, "shortcomings": len(rows), "year": year}
        audit.record(
            AuditAction.LEDGER_CONTINUED, by=by, obj=draft, plan_id=draft.pk, unit_id=draft.issuing_unit_id, data=facts
        )
    return draft


def next_draft(plan: Plan, year: int) -> Plan | None:
    """Return a draft of `year` that carries shortcomings of `plan` on, if there is one."""
    drafts = Plan.objects.filter(status=PlanStatus.DRAFT, period_start__year=year)
    found: Plan | None = drafts.filter(shortcomings__carried_over_from__plan=plan).order_by("pk").first()
    return found


# --- rows, locked ---


def _rows() -> Any:  # the queryset of shortcomings
    return Shortcoming.objects.select_for_update(of=("self",)).select_related("plan__issuing_unit")


@contextmanager
def _ledger(plan: Plan, by: User) -> Iterator[Plan]:
    """Open a transaction that holds the plan; 404 without the right."""
    with transaction.atomic():
        rows = Plan.objects.select_for_update(of=("self",)).select_related("issuing_unit")
        locked = rows.filter(pk=plan.pk).first()
        if locked is None:
            raise ActionRefused(_("This draft is not there any more: somebody has thrown it away."))
        require(may_manage(by, locked))
        yield locked


@contextmanager
def _row(shortcoming: Shortcoming, by: User, version: int | None) -> Iterator[Shortcoming]:
    """Yield the shortcoming as it is now, its plan locked before it; `by` runs the plan and may read it."""
    with _ledger(shortcoming.plan, by) as plan:
        row: Shortcoming | None = _rows().filter(pk=shortcoming.pk, plan=plan).first()
        if row is None:
            raise Stale(_("This shortcoming is not there any more: somebody dropped it or joined it with another."))
        require(Shortcoming.objects.visible_to(by).filter(pk=row.pk).exists())
        if version is not None and row.version != version:
            raise Stale(_("Somebody changed this shortcoming meanwhile. Look at it as it is now, then decide again."))
        yield row


# --- parts of the acts ---


def _require_open(plan: Plan) -> None:
    """Refuse to change the ledger of a closed plan; reviews of it go on."""
    if plan.status == PlanStatus.CLOSED:
        raise ActionRefused(_("This plan is closed: only reviews are recorded. Open it again to change its ledger."))


def _mark(row: Shortcoming, origin: Origin) -> dict[str, Any]:
    if origin == Origin.NEW and row.carried_over_from_id is not None:
        words = _(
            "Shortcoming %(number)d is carried over from an earlier plan. Take that link back before you call it new."
        )
        raise ActionRefused(words % {"number": row.ordinal})
    data = {"origin": [row.origin, origin.value]}
    row.origin = origin
    row.version += 1
    row.save(update_fields=["origin", "version"])
    return data


def _set_source(row: Shortcoming, source: Shortcoming, by: User) -> None:
    """Tie a row to the one it goes on with; refuse a foreign one, one of no earlier plan, and a circle."""
    found = Shortcoming.objects.visible_to(by).select_related("plan").filter(pk=source.pk).first()
    if found is None or found.plan.issuing_unit_id != row.plan.issuing_unit_id or found.plan_id == row.plan_id:
        raise ActionRefused(_("Choose a shortcoming of an earlier plan of the same unit."))
    if found.plan.is_draft:
        raise ActionRefused(_("That plan is still a draft. Choose a shortcoming of a plan that was published."))
    links = links_of(row.plan)
    if row.pk in ancestors(found.pk, links) or found.pk in descendants(row.pk, links):
        raise ActionRefused(_("That one goes back to this one itself. Choose an earlier one."))
    mine, theirs = year_of(row.plan), year_of(found.plan)
    if mine is not None and theirs is not None and theirs > mine:
        raise ActionRefused(_("Choose a shortcoming of an earlier plan of the same unit."))
    if found.is_personal and not row.is_personal:
        raise ActionRefused(_("That one is of a person. Say so of this one first."))
    row.carried_over_from, row.origin = found, Origin.CARRIED_OVER
    row.origin_year = found.origin_year or theirs or row.origin_year


def links_of(plan: Plan) -> dict[int, Link]:
    """Return how all shortcomings of the issuer hang together; one query, whatever the number of years."""
    rows = Shortcoming.objects.filter(plan__issuing_unit=plan.issuing_unit_id).order_by()
    return {
        pk: Link(pk, source, into) for pk, source, into in rows.values_list("pk", "carried_over_from", "merged_into")
    }


def _to_the_end(row: Shortcoming) -> None:
    """In a draft, number what is listed 1 to n: the merged row goes behind it. What is published keeps its numbers."""
    if row.plan.status != PlanStatus.DRAFT:
        return
    old = Shortcoming(plan_id=row.plan_id, ordinal=row.ordinal)
    last: int = Shortcoming.objects.filter(plan=row.plan_id).aggregate(last=Max("ordinal"))["last"]
    row.ordinal = last + 1
    row.save(update_fields=["ordinal"])
    close_up(old)
    row.refresh_from_db(fields=["ordinal"])


def _standing(row: Shortcoming) -> tuple[str, dt.date | None]:
    verdicts = [Verdict(day, state) for day, state in row.reviews.order_by("day", "pk").values_list("day", "state")]
    return standing(verdicts, remedied=ShortcomingState.REMEDIED, unreviewed=ShortcomingState.OPEN)


def _carry(rows: Iterable[Shortcoming], draft: Plan, *, since: int | None) -> None:
    """Make a row in `draft` of each of `rows`, numbered from 1; the first year it was found in is kept."""
    named = Shortcoming.named_units.through
    made = [
        Shortcoming(
            plan=draft,
            ordinal=ordinal,
            origin=Origin.CARRIED_OVER,
            carried_over_from=row,
            origin_year=row.origin_year or since,
            **{name: getattr(row, name) for name in CARRIED},
        )
        for ordinal, row in enumerate(rows, start=1)
    ]
    Shortcoming.objects.bulk_create(made)
    named.objects.bulk_create(
        named(shortcoming_id=new.pk, unit_id=unit.pk)
        for new, row in zip(made, rows, strict=True)
        for unit in row.named_units.all()
    )


def _entry(action: AuditAction, row: Shortcoming, by: User, data: dict[str, Any]) -> audit.Entry:
    return audit.Entry(
        action, by, row, plan_id=row.plan_id, unit_id=row.plan.issuing_unit_id, data=data | {"version": row.version}
    )


def _log(action: AuditAction, row: Shortcoming, by: User, data: dict[str, Any]) -> None:
    audit.record_many([_entry(action, row, by, data)])
