"""Of what each kind of paper is made: how its subject is written down, who may, and the code that gathers it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.http import Http404, QueryDict
from django.utils import translation

from doantracker.papers.enums import PaperKind
from doantracker.papers.gather.chasing import chasing
from doantracker.papers.gather.content import Content
from doantracker.papers.gather.handover import handover
from doantracker.papers.gather.plan import plan_paper
from doantracker.papers.gather.progress import progress
from doantracker.papers.gather.remediation import remediation
from doantracker.papers.gather.statistics import statistics
from plans.enums import PlanStatus
from plans.figures_page import Scope
from plans.forms.figures import FiguresForm
from plans.models import ChasingLetter, Plan
from units.access import get_visible_or_404
from units.models import Unit, User

LONGEST_SUBJECT: Final = 500


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of paper: `find` reads its subject for a person (404 for what they don't see), `gather` its content."""

    find: Callable[[User, QueryDict, dt.date], Any]
    gather: Callable[[Any, User, dt.date], Content]


def gathered(kind: str, subject: str, by: User, today: dt.date) -> Content:
    """Return the content of a paper as `by` sees it, in the language of papers; 404 for what does not exist."""
    if kind not in SOURCES or len(subject) > LONGEST_SUBJECT:
        raise Http404
    source = SOURCES[kind]
    found = source.find(by, QueryDict(subject), today)
    with translation.override(settings.LANGUAGE_CODE):
        return source.gather(found, by, today)


def _plan(by: User, asked: QueryDict, _today: dt.date) -> Plan:
    plan: Plan = get_visible_or_404(
        Plan.objects.exclude(status=PlanStatus.DRAFT).select_related("issuing_unit"), by, key_in(asked, "plan")
    )
    return plan


def _letter(by: User, asked: QueryDict, _today: dt.date) -> ChasingLetter:
    rows = ChasingLetter.objects.select_related("plan__issuing_unit", "unit")
    letter: ChasingLetter = get_visible_or_404(rows, by, key_in(asked, "letter"))
    return letter


def _unit(by: User, asked: QueryDict, _today: dt.date) -> Unit:
    unit: Unit = get_visible_or_404(Unit.objects.all(), by, key_in(asked, "unit"))
    return unit


def _scope(by: User, asked: QueryDict, today: dt.date) -> Scope:
    """Return what the statistics page counts for the same words."""
    scope = FiguresForm(asked, user=by, today=today).scope()
    if scope is None:
        raise Http404
    return scope


def key_in(asked: QueryDict, name: str) -> int:
    """Return the key that a subject names; 404 for nonsense."""
    value = asked.get(name, "")
    if not (value.isascii() and value.isdigit() and len(value) < 19):  # noqa: PLR2004  # what the database holds
        raise Http404
    return int(value)


SOURCES: Final[dict[str, Source]] = {
    PaperKind.PROGRESS: Source(_plan, progress),
    PaperKind.REMEDIATION: Source(_plan, remediation),
    PaperKind.STATISTICS: Source(_scope, statistics),
    PaperKind.CHASING: Source(_letter, chasing),
    PaperKind.PLAN: Source(_plan, plan_paper),
    PaperKind.HANDOVER: Source(_unit, handover),
}
