"""Acts on the agenda of a meeting: add, change, reorder and drop items, and ask for their papers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from doantracker.lib import clock
from plans.actions.deadlines import cancel
from plans.actions.programmes import add_work
from plans.enums import LIVE, Deliverable, Kind, PlanStatus, Status
from plans.errors import ActionRefused, Stale
from plans.models import Deadline, Schedule
from reviews.actions.locking import locked_meeting, require_planned
from reviews.actions.made import made_before
from reviews.actions.programmes import programme_of
from reviews.enums import ItemTopic
from reviews.models import AgendaItem, Meeting
from reviews.rights import may_plan
from reviews.titles import paper_phrase, paper_text
from units import audit
from units.access import require
from units.models import Unit, User
from units.models.audit import AuditAction

FACTS: Final = ("title", "presenter_unit", "presenter")
MOST_ITEMS: Final = 60
MOST_PAPER_DAYS: Final = 60
TITLE_LENGTH: Final = 500


def add_item(
    *,
    meeting: Meeting,
    values: Mapping[str, Any],
    by: User,
    paper_days: int | None = None,
    key: str = "",
    today: dt.date | None = None,
) -> AgendaItem:
    """Add a free item at the end; `values` are of FACTS. With `paper_days` its unit owes a paper so many days before.

    With the `key` of a form that was sent before, the item it made then is returned.
    """
    today = today or clock.today()
    with locked_meeting(meeting) as row:
        require(may_plan(by, row.unit))
        made = made_before(AgendaItem, key, by=by)
        if made is not None:
            return made
        require_planned(row)
        item = _new(row, by, form_key=key)
        _give(item, values, row)
        item.save()
        if paper_days is not None:
            _ask_for_paper(item, row, paper_days, by=by, today=today)
        _touch(row)
        _log(AuditAction.CREATED, item, row, by)
    return item


def add_proposed(
    *, meeting: Meeting, deadlines: Iterable[Deadline], by: User, requests: str = "", version: int | None = None
) -> list[AgendaItem]:
    """Put work of the register on the agenda, and with `requests` (its words) the open requests as one item.

    What stands on the agenda already is left as it is.
    """
    with locked_meeting(meeting, version) as row:
        require(may_plan(by, row.unit))
        require_planned(row)
        standing = set(row.items.values_list("deadline_id", flat=True))
        wanted = [d for d in deadlines if d.pk not in standing]
        seen = {d.pk for d in Deadline.objects.visible_to(by).filter(pk__in=[d.pk for d in wanted])}
        require(all(d.pk in seen for d in wanted))
        made = []
        for owed in wanted:
            item = _new(row, by, topic=ItemTopic.DEADLINE, deadline=owed)
            item.title, item.presenter_unit = _title_of(owed), _presenter_of(owed, row)
            item.save()
            made.append(item)
        if requests and not row.items.filter(topic=ItemTopic.REQUESTS).exists():
            item = _new(row, by, topic=ItemTopic.REQUESTS)
            item.title = requests[:TITLE_LENGTH]
            item.save()
            made.append(item)
        if not made:
            raise ActionRefused(_("Tick what the meeting is to speak about; what is on the agenda stays there."))
        _touch(row)
        for item in made:
            _log(AuditAction.CREATED, item, row, by)
    return made


def change_item(
    *,
    item: AgendaItem,
    values: Mapping[str, Any],
    by: User,
    version: int | None = None,
    paper_days: int | None = None,
    today: dt.date | None = None,
) -> AgendaItem:
    """Change an item. With `paper_days` its unit owes a paper from now on; one that is owed already stays."""
    with locked_meeting(item.meeting, version) as row:
        require(may_plan(by, row.unit))
        require_planned(row)
        fresh = _again(item, row)
        before, asked = _worded(fresh), fresh.presenter_unit_id
        _give(fresh, values, row)
        if fresh.paper_id is not None and fresh.presenter_unit_id != asked:
            raise ActionRefused(
                _("The paper is asked of that unit. Drop the item and add it anew to ask another unit for it.")
            )
        fresh.save()
        if paper_days is not None and fresh.paper_id is None:
            _ask_for_paper(fresh, row, paper_days, by=by, today=today or clock.today())
        _touch(row)
        _log(AuditAction.CHANGED, fresh, row, by, audit.changes(before, _worded(fresh)))
    return fresh


def move_item(*, item: AgendaItem, up: bool, by: User, version: int | None = None) -> None:
    """Move an item one place up or down."""
    with locked_meeting(item.meeting, version) as row:
        require(may_plan(by, row.unit))
        require_planned(row)
        items = list(row.items.all())
        at = next((n for n, i in enumerate(items) if i.pk == item.pk), None)
        if at is None:
            raise _gone()
        to = at - 1 if up else at + 1
        if not 0 <= to < len(items):
            return
        items[at], items[to] = items[to], items[at]
        _number(items)
        _touch(row)
        _log(AuditAction.CHANGED, items[to], row, by, {"ordinal": [at + 1, to + 1]})


def drop_item(*, item: AgendaItem, by: User, version: int | None = None) -> None:
    """Take an item off the agenda; a paper that is still owed for it is called off."""
    with locked_meeting(item.meeting, version) as row:
        require(may_plan(by, row.unit))
        require_planned(row)
        fresh = _again(item, row)
        if fresh.decisions.exists():
            raise ActionRefused(_("The meeting has decided about this item, so it stays on the agenda."))
        label, paper = str(fresh), fresh.paper
        reason = _("The item was taken off the agenda: %(item)s") % {"item": fresh.title}
        fresh.delete()
        _number(list(row.items.all()))
        for owed in _owed(paper) if paper else ():
            cancel(deadline=owed, version=owed.version, by=by, reason=reason[:500])
        _touch(row)
        audit.record(AuditAction.DROPPED, by=by, label=label, unit_id=row.unit_id, data={"meeting": row.pk})


# --- one item ---


def _new(row: Meeting, by: User, **facts: Any) -> AgendaItem:
    last = row.items.aggregate(last=Max("ordinal"))["last"] or 0
    if last >= MOST_ITEMS:
        raise ActionRefused(_("An agenda has at most %(most)d items. Take some off, or plan another meeting.") % {
            "most": MOST_ITEMS
        })  # fmt: skip
    return AgendaItem(meeting=row, ordinal=last + 1, created_by=by, created_at=clock.now(), **facts)


def _give(item: AgendaItem, values: Mapping[str, Any], row: Meeting) -> None:
    for name in FACTS:
        if name in values:
            setattr(item, name, values[name])
    item.title = " ".join(item.title.split())[:TITLE_LENGTH]
    if not item.title:
        raise ActionRefused(_("Say what the item is about."))
    if item.presenter_unit is not None and not row.unit.covers(item.presenter_unit):
        raise ActionRefused(_("Who presents must be the unit itself or one below it."))


def _ask_for_paper(item: AgendaItem, row: Meeting, days: int, *, by: User, today: dt.date) -> None:
    """Let the presenting unit owe a paper: a commitment of the work programme that hangs on the meeting."""
    unit = item.presenter_unit
    if unit is None:
        raise ActionRefused(_("Name the unit that presents the item: it owes the paper."))
    if not 0 <= days <= MOST_PAPER_DAYS:
        raise ActionRefused(_("A paper is owed 0 to %(most)d days before the meeting.") % {"most": MOST_PAPER_DAYS})
    paper = add_work(
        plan=programme_of(row, by=by, today=today),
        by=by,
        text=paper_text(item.title, row.title),
        group=row.title,
        lead_unit=unit,
        deliverable=Deliverable.REPORT,
        when={
            "kind": Kind.RELATIVE,
            "phrase": paper_phrase(days),
            "event": row.event,
            "anchor": row.event.name,
            "lead_time": f"-P{days}D" if days else "",
        },
        today=today,
    )
    if paper.deadlines.filter(due_on__lt=today).exists():
        raise ActionRefused(_("So many days before the meeting have passed already. Ask for the paper later."))
    item.paper = paper
    item.save(update_fields=["paper"])


def _owed(paper: Schedule) -> QuerySet[Deadline]:
    """Return what is still owed of a paper; a closed programme is followed up no more."""
    live = paper.deadlines.filter(status__in=LIVE, plan__status=PlanStatus.PUBLISHED)
    return live.exclude(status=Status.SUBMITTED)


def _title_of(owed: Deadline) -> str:
    return " ".join(owed.solution.text.split())[:TITLE_LENGTH]


def _presenter_of(owed: Deadline, row: Meeting) -> Unit | None:
    """Return who presents work: the unit that owes it alone, else who leads it."""
    alone = not owed.schedule.deadlines.filter(occurrence=owed.occurrence).exclude(pk=owed.pk).exists()
    unit = owed.unit if alone else owed.solution.lead
    return unit if unit and row.unit.covers(unit) else None


def _number(items: Collection[AgendaItem]) -> None:
    for number, item in enumerate(items, start=1):
        item.ordinal = number
    AgendaItem.objects.bulk_update(items, ["ordinal"])


def _again(item: AgendaItem, row: Meeting) -> AgendaItem:
    fresh: AgendaItem | None = row.items.select_related("paper", "presenter_unit", "presenter").filter(
        pk=item.pk
    ).first()  # fmt: skip
    if fresh is None:
        raise _gone()
    return fresh


def _gone() -> Stale:
    return Stale(_("This item is not on the agenda any more: somebody took it off."))


def _touch(row: Meeting) -> None:
    row.version += 1
    row.save(update_fields=["version"])


def _worded(item: AgendaItem) -> dict[str, Any]:
    facts = {name: getattr(item, name) for name in FACTS}
    return {name: None if value is None else str(value) for name, value in facts.items()}


def _log(action: AuditAction, item: AgendaItem, row: Meeting, by: User, data: dict[str, Any] | None = None) -> None:
    audit.record(action, by=by, obj=item, unit_id=row.unit_id, data={"meeting": row.pk, **(data or {})})
