"""Answers the apps below under which number a record went out as an official paper."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from doantracker.papers.actions.records import WORDS
from doantracker.papers.models import OfficialPaper
from doantracker.papers.wording import SYMBOL
from plans.paper_numbers import GivenNumber
from units.models import User


def number_of_record(kind: str, record: int, user: User) -> GivenNumber | None:
    """Return the number that the last paper of a kind got which was made of a record and is not cancelled."""
    numbered = OfficialPaper.objects.filter(number__isnull=False, cancelled_on=None)
    of_it = numbered.filter(kind=kind, subject=f"{WORDS[kind]}={record}")
    facts = ("pk", "day", "gathered__head__number", "edits")  # the rest may be long
    row = of_it.order_by("-day", "-number").values(*facts).first()
    if row is None:
        return None
    seen = OfficialPaper.objects.visible_to(user).filter(pk=row["pk"]).exists()
    return GivenNumber(_symbol(row), row["day"], reverse("papers:paper", args=[row["pk"]]) if seen else "")


def _symbol(row: dict[str, Any]) -> str:
    """Return the whole number as the paper shows it: body and department may have been worded anew."""
    number, stroke, own = row["gathered__head__number"].partition("/")
    return f"{number}{stroke}{row['edits'].get(SYMBOL, own)}"
