"""Texts for chat groups: a page with the text to copy, for each page that offers one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from doantracker.lib import clock
from doantracker.lib.text import shortened
from plans.chat_text import LIMIT
from plans.chat_texts import USUAL_DAYS, deadline_text, list_text, plan_text
from plans.enums import PlanStatus
from plans.forms.chat import DaysForm
from plans.listings import LISTINGS, conditions, deadlines_that_fit, understood
from plans.models import Deadline, SavedView
from plans.views.plans import visible_plan
from plans.views.shared import Request, visible_deadline
from units.access import require

LONGEST_CRUMB = 60
LIST = LISTINGS[SavedView.Listing.DEADLINES.value]


@dataclass(frozen=True, slots=True)
class Of:
    """The page a text is of: its name and its address."""

    name: str
    href: str


def chat_page(request: Request, text: str, of: Of, form: Any = None) -> HttpResponse:
    """Show a text to be copied; `form` holds what can be chosen about it."""
    context = {"text": text, "limit": LIMIT, "form": form, "crumbs": [(of.name, of.href), (_("Text to share"), None)]}
    return render(request, "plans/chat.html", context)


def days_asked(form: DaysForm) -> int:
    """Return how far ahead the text looks."""
    return int(form.cleaned_data.get("days") or USUAL_DAYS) if form.is_valid() else USUAL_DAYS


@require_safe
def deadline_list(request: Request) -> HttpResponse:
    """Put the list of deadlines, as it is filtered and ordered, into a text."""
    today, user = clock.today(), request.user
    found = deadlines_that_fit(request.GET, user=user, today=today)
    with translation.override(settings.LANGUAGE_CODE):
        kept = understood(LIST, request.GET.urlencode(), user=user, today=today)
        pairs = QueryDict(kept.query, mutable=True)
        pairs.pop("sort", None)
        words = conditions(LIST, pairs.urlencode(), user=user, today=today)
    page = LIST.url(kept.query)
    return chat_page(request, list_text(found.rows, words, page, today=today), Of(_("Deadlines"), page))


@require_safe
def deadline(request: Request, pk: int) -> HttpResponse:
    """Put one deadline into a text."""
    row = visible_deadline(request.user, pk)
    return chat_page(
        request,
        deadline_text(row, today=clock.today()),
        Of(f"{row.unit.label} – {_('Deadline')}", row.get_absolute_url()),
    )


@require_safe
def plan(request: Request, pk: int) -> HttpResponse:
    """Put how far a plan is into a text."""
    found = visible_plan(request, pk)
    require(found.status != PlanStatus.DRAFT)
    form = DaysForm(request.GET or None)
    rows = Deadline.objects.visible_to(request.user).filter(plan=found)
    text = plan_text(found, rows, today=clock.today(), days=days_asked(form))
    name = found.symbol or shortened(found.title, LONGEST_CRUMB)
    return chat_page(request, text, Of(name, reverse("plans:plan", args=[found.pk])), form)
