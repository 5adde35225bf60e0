"""What the page shows before an event gets another day: each deadline's old and new day, what stays and why."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from plans.anchored import hanging_on_event
from plans.anchoring import Fate, Move
from plans.enums import OPEN
from plans.models import Deadline, Event
from plans.rights import may_manage
from units.models import User

#: Rows spelled out; what moves beyond them is counted.
MOST_ROWS = 1000
WHY: dict[Fate, str | Promise] = {
    Fate.DONE: _("Handed in already: its day stays."),
    Fate.CANCELLED: _("Cancelled: it stays as it is."),
    Fate.OWN_DAY: _("Has a day of its own, given by hand or by an extension. Tick it to move it too."),
    Fate.BEGUN: _("The unit has begun: its day stays."),
}


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One deadline as shown. `old` and `new` are None for no day."""

    pk: int
    unit: str
    work: str
    plan: str
    old: dt.date | None
    new: dt.date | None
    fate: str
    why: str | Promise
    overdue: bool  # on its new day it would be overdue today
    own: bool = False  # it has a day of its own: a person may tick it
    ticked: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """What giving an event a day would do. `hidden` counts deadlines of units the person does not see."""

    digest: str
    moving: list[PreviewRow] = field(default_factory=list)
    left: list[PreviewRow] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    overdue: int = 0
    hidden: int = 0
    more: int = 0

    @property
    def may_tick(self) -> bool:
        """Return whether there is a deadline with a day of its own."""
        return any(row.own for row in (*self.moving, *self.left))


def digest_of(event: Event, day: dt.date | None, found: Sequence[Move]) -> str:
    """Return a short hash of the state a preview shows: the confirmation carries it, the act compares it."""
    rows = [[m.row.pk, m.row.version, m.row.status, m.row.due_on, m.new, m.fate.value] for m in found]
    state = [event.pk, event.version, event.day, day, rows]
    return hashlib.sha256(json.dumps(state, default=str).encode()).hexdigest()[:32]


def preview_of(
    event: Event, day: dt.date | None, *, user: User, today: dt.date, ticked: Collection[int] = ()
) -> Preview:
    """Return what would happen to each deadline were the event on `day`; None: it is called off. Six queries."""
    hanging = hanging_on_event(event, day)
    plain = hanging.moves()
    own = {m.row.pk for m in plain if m.fate == Fate.OWN_DAY}
    found = hanging.moves(also=ticked) if ticked else plain
    told = [m for m in found if m.fate != Fate.SAME]
    told.sort(key=lambda m: m.fate == Fate.MOVES)  # what stays first: it needs a person's eye
    visible = Deadline.objects.visible_to(user).filter(pk__in=[m.row.pk for m in told[:MOST_ROWS]])
    related = visible.select_related("unit", "plan__issuing_unit", "solution")
    by_pk = {row.pk: row for row in related}
    own = {pk for pk in own if pk in by_pk and may_manage(user, by_pk[pk].plan)}  # else it stays as it was given
    rows = [_row(m, by_pk[m.row.pk], today, own, ticked) for m in told[:MOST_ROWS] if m.row.pk in by_pk]
    rows.sort(key=lambda r: (r.new or dt.date.max, r.unit, r.pk))
    return Preview(
        digest=digest_of(event, day, plain),
        moving=[r for r in rows if r.fate == Fate.MOVES],
        left=[r for r in rows if r.fate != Fate.MOVES],
        counts=Counter(m.fate.value for m in found),
        overdue=sum(_overdue(m, today) for m in found),
        hidden=len(told[:MOST_ROWS]) - len(rows),
        more=max(len(told) - MOST_ROWS, 0),
    )


def _overdue(move: Move, today: dt.date) -> bool:
    would = move.fate == Fate.MOVES and move.row.status in OPEN
    return would and move.new is not None and move.new < today


def _row(move: Move, row: Deadline, today: dt.date, own: Collection[int], ticked: Collection[int]) -> PreviewRow:
    return PreviewRow(
        pk=row.pk,
        unit=row.unit.label,
        work=row.solution.text,
        plan=row.plan.symbol or row.plan.title,
        old=move.row.due_on,
        new=move.new,
        fate=move.fate.value,
        why=WHY.get(move.fate, ""),
        overdue=_overdue(move, today),
        own=move.row.pk in own,
        ticked=move.row.pk in ticked,
    )
