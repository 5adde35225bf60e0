"""One page for every question; the same view answers the small dialog with a fragment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.core.paginator import Page
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from doantracker.lib import clock
from doantracker.search.queries import Group, Hit, asked, groups
from plans.paging import CappedPaginator
from plans.views.shared import Request

AT_FIRST: Final = 5  # of each kind, before one kind is opened
A_PAGE: Final = 25
COUNTED: Final = 100


@dataclass(frozen=True, slots=True)
class Found:
    """One kind of thing as shown. `more` leads to all of it, empty where all is shown."""

    name: str
    label: str
    icon: str
    hits: list[Hit]
    count: str
    more: str


@require_safe
def search(request: Request) -> HttpResponse:
    """Find plans, solutions, units and people by word beginnings, with or without accents."""
    question = asked(request.GET.get("q", ""))
    kinds = {g.name: g for g in groups(question, request.user, clock.today())}
    only = kinds.get(request.GET.get("kind", ""))
    context: dict[str, Any] = {"q": question, "kind": only, "page": None, "found": [], "total": ""}
    if question and only:
        context |= _one_kind(only, request.GET.get("page"))
    elif question:
        context["found"] = [f for g in kinds.values() if (f := _first_of(g, question)).hits]
    template = "search/search.html#found" if request.htmx else "search/search.html"
    return render(request, template, context)


def _first_of(group: Group, question: str) -> Found:
    """Return the first of one kind and how many there are, counted up to a limit."""
    count = group.rows[: COUNTED + 1].count()
    more = "?" + urlencode({"q": question, "kind": group.name}) if count > AT_FIRST else ""
    hits = group.hits(group.rows[:AT_FIRST])
    label = f"{COUNTED}+" if count > COUNTED else str(count)
    return Found(group.name, group.label, group.icon, hits, label, more)


def _one_kind(group: Group, number: str | None) -> dict[str, Any]:
    """Return a page of one kind."""
    paginator = CappedPaginator(group.rows, A_PAGE)
    page: Page[Any] = paginator.get_page(number)
    count = paginator.label or str(paginator.count)
    hits = group.hits(page.object_list)
    found = [Found(group.name, group.label, group.icon, hits, count, "")] if hits else []
    return {"page": page, "total": paginator.label, "found": found}
