"""The year of the members: months, mean, rating proposed and decided."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from doantracker.lib import clock
from plans.validators import FIRST_YEAR, LAST_YEAR
from plans.views.acting import posted
from plans.views.shared import Request
from reviews.actions.evaluations import note_reading
from reviews.actions.ratings import rate_year
from reviews.enums import BODY_CHOICES, RatingLevel
from reviews.forms.evaluations import RateForm
from reviews.models import Evaluation, EvaluationRound, YearRating
from reviews.ratings import MONTHS, YearLine, rules_in_force, too_many_best, year_line, year_lines
from reviews.rights import may_decide_evaluations, may_depart, may_run_evaluations
from reviews.views.evaluation_shared import DIGITS, crumbs_of, formed
from units.access import require
from units.models import Unit, User
from units.permissions import Permission

BODIES = dict(BODY_CHOICES)


#: Years as an address writes them.
YEARS = frozenset(str(year) for year in range(FIRST_YEAR, LAST_YEAR + 1))


@require_safe
def year_table(request: Request) -> HttpResponse:
    """Show the locked months of a year, member by member."""
    require(request.user.may(Permission.VIEW_EVALUATIONS))
    groups = _groups(request)
    unit, body, year = _chosen(request, groups)
    lines = year_lines(unit, body, year) if unit else []
    if unit:
        _log(request, unit, body, year)
    shown = [{"line": line, "cells": [line.scores.get(month) for month in range(1, MONTHS + 1)]} for line in lines]
    context = {
        "rows": shown,
        "months": range(1, MONTHS + 1),
        "year": year,
        "years": sorted({*groups.get((unit.pk, body), ()), year}, reverse=True) if unit else [year],
        "unit": unit,
        "body": body,
        "body_name": BODIES.get(body, ""),
        "too_many": bool(unit) and too_many_best(lines),
        "may_rate": unit is not None and may_decide_evaluations(request.user, unit),
        "may_prepare": unit is not None and may_run_evaluations(request.user, unit),
        "crumbs": crumbs_of(None, _("Year table")),
    }
    return render(request, "reviews/evaluation_year.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def rate(request: Request, unit_pk: int, body: str, year: int, person_pk: int) -> HttpResponse:
    """Rate one member for a year."""
    unit = get_object_or_404(Unit, pk=unit_pk)
    require(may_decide_evaluations(request.user, unit) and body in BODIES and FIRST_YEAR <= year <= LAST_YEAR)
    evaluated = Evaluation.objects.filter(round__unit=unit, round__body=body, round__month__year=year)
    person = get_object_or_404(User, pk=person_pk, pk__in=evaluated.order_by().values("person"))
    former = YearRating.objects.filter(unit=unit, body=body, year=year, person=person).first()
    own = not may_depart(request.user, unit, person.pk)
    line = _line(unit, body, year, person, None if own else former)
    initial = {"beyond": former.beyond if former else 0, "version": former.version if former else 0}
    if former and not own:
        initial |= {"disciplined": former.disciplined, "level": former.level, "reason": former.reason}
    elif line.proposed:
        initial["level"] = line.proposed.code
    only = (line.proposed.code if line.proposed else "") if own else None
    form = RateForm(posted(request), initial=initial, proposed_only=only)
    back = f"{reverse('reviews:evaluation_year')}?unit={unit.pk}&body={body}&year={year}"
    context = {
        "form": form,
        "line": line,
        "own": own,
        "levels": [RatingLevel(level.code).label for level in rules_in_force().levels],
        "year": year,
        "title": _("Rating of the year %(year)s") % {"year": year},
        "lead": person.full_name,
        "crumbs": crumbs_of(None, _("Rating of the year %(year)s") % {"year": year}),
        "cancel": back,
    }

    def act() -> YearRating:
        facts: dict[str, Any] = form.cleaned_data
        return rate_year(unit=unit, body=body, year=year, person=person, by=request.user, **facts)

    def newest() -> int:
        rows = YearRating.objects.filter(unit=unit, body=body, year=year, person=person)
        return int(rows.values_list("version", flat=True).first() or 0)

    _log(request, unit, body, year)
    template = "reviews/evaluation_rate.html"
    return formed(request, context, act, words=_("The rating is recorded."), to=back, newest=newest, template=template)


def _line(unit: Unit, body: str, year: int, person: User, former: YearRating | None) -> YearLine:
    beyond, disciplined = (former.beyond, former.disciplined) if former else (Decimal(0), False)
    return year_line(unit, body, year, person, beyond=beyond, disciplined=disciplined)


def _groups(request: Request) -> dict[tuple[int, str], set[int]]:
    """Return the years that each body the person sees was evaluated in, the highest unit first; one query."""
    rounds = EvaluationRound.objects.seen_whole_by(request.user).order_by("unit__path", "body")
    found: dict[tuple[int, str], set[int]] = {}
    for unit, body, month in rounds.values_list("unit_id", "body", "month"):
        found.setdefault((unit, body), set()).add(month.year)
    return found


def _chosen(request: Request, groups: dict[tuple[int, str], set[int]]) -> tuple[Unit | None, str, int]:
    """Return whose year the address asks for, else the first there is; 404 for what the person does not see."""
    asked, body, year = (request.GET.get(name, "") for name in ("unit", "body", "year"))
    key = (int(asked), body) if asked.isdecimal() and len(asked) <= DIGITS else next(iter(groups), None)
    this = clock.today().year
    if key is None:
        return None, "", this
    if key not in groups:
        raise Http404
    wanted = int(year) if year in YEARS else this if this in groups[key] else max(groups[key])
    return Unit.objects.get(pk=key[0]), key[1], wanted


def _log(request: Request, unit: Unit, body: str, year: int) -> None:
    read = Evaluation.objects.filter(round__unit=unit, round__body=body, round__month__year=year)
    note_reading(
        evaluations=read.values_list("pk", "person_id"), unit=unit, label=f"{BODIES[body]}, {year}", by=request.user
    )
