"""One comparison with the readings it was found in."""

from __future__ import annotations

from dataclasses import dataclass

from plans.models import Plan
from plans.reimport.comparison import Comparison
from plans.reimport.readings import Reading
from plans.reimport.words import Names


@dataclass(slots=True)
class Compared:
    """What a document changes in a plan, with the readings it was found in."""

    plan: Plan
    comparison: Comparison
    stored: Reading
    new: Reading
    base: Reading | None
    names: Names
    digest: str
