"""What a commitment as it stands in its form means, and its next days: for drafts and for published plans."""

from __future__ import annotations

import datetime as dt

from plans.check_page import Calendar
from plans.forms.record_base import RecordForm
from plans.models import Plan, Schedule
from plans.sentences import understood

_LINKS = frozenset({"owner_units", "owner_kinds"})


def preview_of(form: RecordForm, plan: Plan, today: dt.date) -> dict[str, str]:
    """Return the sentence of a commitment as its form has it, and its next days; nothing while it makes no sense."""
    if form.is_bound:
        if not form.is_valid():
            return {}
        values = {k: v for k, v in form.values().items() if k not in _LINKS}
    else:
        names = [f.attname for f in Schedule._meta.concrete_fields]  # noqa: SLF001  # Django's documented model API
        values = {k: v for k, v in form.initial.items() if k in names and k != "id" and v not in {None, ""}}
        stored = form.instance
        kept = ("rule", "lead_time", "in_working_days", "exclusive")
        values = {name: getattr(stored, name) for name in kept} | values
    schedule = Schedule(**values)
    calendar = Calendar(plan, today)
    calendar.look_up([schedule])
    return {"sentence": understood(schedule, days_off_move=plan.days_off_move), "days": calendar.words(schedule)}
