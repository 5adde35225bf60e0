"""Plans, solutions, units and people that hold every word of a question, in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import F, QuerySet
from django.db.models.functions import Left, Length
from django.urls import reverse
from django.utils.translation import gettext as _

from doantracker.dashboard.queries import paths_above
from doantracker.lib.search import LONGEST, holds_every_word
from doantracker.lib.text import nfc, search_key
from plans.enums import PlanStatus
from plans.models import Plan, Solution
from units.models import Appointment, Unit, User

TEXT_LENGTH: Final = 200  # characters of a solution shown


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found."""

    text: str
    under: str
    href: str


@dataclass(frozen=True, slots=True)
class Group:
    """One kind of thing that can be found: its rows in order, and how a page of them is shown (one more query)."""

    name: str
    label: str
    icon: str
    rows: QuerySet[Any]
    hits: Callable[[Any], list[Hit]]


def asked(text: str) -> str:
    """Return the question as it is looked for: one form of accents, single spaces, no longer than what is read."""
    return " ".join(nfc(text[:LONGEST]).split()) if search_key(text[:LONGEST]) else ""


def groups(question: str, user: User, today: dt.date) -> list[Group]:
    """Return what `user` may find, each kind within what the person sees."""
    newest = F("issued_on").desc(nulls_last=True)
    plans = Plan.objects.visible_to(user).matching(question).select_related("issuing_unit").order_by(newest, "-pk")
    solutions = (
        Solution.objects.visible_to(user)
        .matching(question)
        .annotate(words=Left("text", TEXT_LENGTH))
        .order_by(F("plan__issued_on").desc(nulls_last=True), "-plan_id", "ordinal")
        .values("pk", "ordinal", "words", "plan_id", "plan__symbol", "plan__title", "plan__status")
    )
    units = Unit.objects.visible_to(user).matching(question)
    held = Appointment.objects.in_force(today).filter(post__unit__in=Unit.objects.visible_to(user).order_by())
    return [
        Group("plans", _("Plans"), "file-text", plans, _plan_hits),
        Group("units", _("Units"), "building", units, lambda page: _unit_hits(page, user)),
        Group("people", _("People"), "users", _people(question, user, held), lambda page: _person_hits(page, held)),
        Group("solutions", _("Solutions"), "target", solutions, _solution_hits),
    ]


def _people(question: str, user: User, held: QuerySet[Any]) -> QuerySet[Any]:
    """Return people who hold a post the person sees, found by name only.

    User names and mail addresses, which the search column also holds, are nobody's business. The column begins with
    the folded name, which is as long as the name itself.
    """
    in_office: QuerySet[Any] = User.objects.visible_to(user).filter(pk__in=held.order_by().values("user"))
    named: QuerySet[Any] = in_office.annotate(folded_name=Left("search", Length("full_name")))
    return named.filter(holds_every_word(question, "folded_name")).order_by("sort_key", "pk")


def _plan_hits(plans: Any) -> list[Hit]:
    return [
        Hit(p.title, " · ".join(part for part in (p.symbol, p.issuing_unit.label) if part), p.get_absolute_url())
        for p in plans
    ]


def _solution_hits(solutions: Any) -> list[Hit]:
    return [
        Hit(
            f"{s['ordinal']}. {s['words']}" + (" …" if len(s["words"]) == TEXT_LENGTH else ""),
            s["plan__symbol"] or s["plan__title"],
            _place(s),
        )
        for s in solutions
    ]


def _place(solution: dict[str, Any]) -> str:
    """Return the solution's place on the page of its plan; a draft has the record on its check page."""
    if solution["plan__status"] == PlanStatus.DRAFT:
        return reverse("plans:record", args=[solution["plan_id"], "solution", solution["pk"]])
    return f"{reverse('plans:plan', args=[solution['plan_id']])}#solution-{solution['pk']}"


def _unit_hits(units: Any, user: User) -> list[Hit]:
    page = list(units)
    wanted = {above for u in page for above in paths_above(str(u.path))}
    names = {str(u.path): u.label for u in Unit.objects.visible_to(user).filter(path__in=wanted)}
    return [
        Hit(u.name, " › ".join(names[p] for p in paths_above(str(u.path)) if p in names), u.get_absolute_url())
        for u in page
    ]


def _person_hits(people: Any, held: QuerySet[Any]) -> list[Hit]:
    """A person has no page: the link leads to the unit of the first post."""
    page = list(people)
    posts: dict[int, list[Any]] = {}
    rows = held.filter(user__in=[p.pk for p in page]).select_related("post__unit").order_by("post__rank", "pk")
    for appointment in rows:
        posts.setdefault(appointment.user_id, []).append(appointment.post)
    return [
        Hit(
            p.full_name,
            "; ".join(str(post) for post in posts[p.pk]),
            f"{posts[p.pk][0].unit.get_absolute_url()}#posts",
        )
        for p in page
    ]
