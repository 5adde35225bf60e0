"""A form that is sent twice makes one thing: what it made is remembered under the key of the form and its words."""

from __future__ import annotations

from plans.models import Plan, SentForm
from units.models import User


def made_before(key: str, *, by: User | None, plan: Plan | None = None) -> int | None:
    """Return the key of what the same form made before, in `plan` if one is given; None: nothing."""
    if not key or by is None:
        return None
    rows = SentForm.objects.filter(sent_by=by, key=key)
    return (rows.filter(plan=plan) if plan else rows).values_list("record_id", flat=True).first()


def remember(key: str, *, by: User | None, plan: Plan, record_id: int) -> None:
    """Remember what a form made; raise IntegrityError where the same form has just made something beside us."""
    if key and by is not None:
        SentForm.objects.create(key=key, sent_by=by, plan=plan, record_id=record_id)
