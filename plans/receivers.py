"""What plans keep in step when units change."""

from typing import Any

from django.db.models import Value
from django.db.models.functions import Concat, Substr
from django.dispatch import receiver

from plans.models import Deadline, IndicatorResult, PlanRecipient, Snapshot
from units.access import STEP
from units.signals import unit_moved


@receiver(unit_moved)
def follow_the_unit(old_path: str, new_path: str, **_kwargs: Any) -> None:
    """Rewrite the path where it is copied, for a moved unit and all below it, in its transaction."""
    for rows in (model.objects.all() for model in (Deadline, IndicatorResult, PlanRecipient, Snapshot)):
        moved = rows.filter(unit_path__range=(old_path, old_path + "Z" * STEP))
        moved.update(unit_path=Concat(Value(new_path), Substr("unit_path", len(old_path) + 1)))
