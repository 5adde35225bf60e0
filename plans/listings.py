"""The lists a person filters and sorts: the form behind each, its orders, and the rows that fit.

The pages, the saved views and the acts on "all that fit the filter" read a query here, in one way.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from django import forms
from django.db.models import F
from django.http import QueryDict
from django.urls import reverse
from django.utils.choices import flatten_choices
from django.utils.translation import gettext as _

from plans.enums import LIVE
from plans.figures_page import SORTABLE
from plans.filters import CalendarFilter, ConfirmationFilter, DeadlineFilter, PlanFilter
from plans.forms.figures import FiguresForm
from plans.models import Deadline, Plan, SavedView
from plans.querysets import DeadlineQuerySet
from units.models import User

DEADLINE_SORTS: Final[dict[str, Any]] = {
    "due": F("due_on").asc(nulls_last=True),
    "-due": F("due_on").desc(nulls_last=True),
    "unit": F("unit_path").asc(),
    "-unit": F("unit_path").desc(),
    "plan": F("plan_id").asc(),
    "-plan": F("plan_id").desc(),
    "reported": F("reported_on").asc(nulls_last=True),
    "-reported": F("reported_on").desc(nulls_last=True),
}
PLAN_SORTS: Final[dict[str, Any]] = {
    "issued": F("issued_on").asc(nulls_last=True),
    "-issued": F("issued_on").desc(nulls_last=True),
    "title": F("title").asc(),
    "-title": F("title").desc(),
    "unit": F("issuing_unit__path").asc(),
    "-unit": F("issuing_unit__path").desc(),
}
#: What an address carries besides filter and order.
BESIDES: Final = frozenset({"page", "saved"})


def asks(data: Mapping[str, Any]) -> bool:
    """Return whether an address filters or sorts at all."""
    return any(name not in BESIDES for name in data)


@dataclass(frozen=True, slots=True)
class Found:
    """What a query asks of a list of deadlines: the filter, the order by name, and the rows that fit, in order."""

    filter: DeadlineFilter
    sort: str
    rows: DeadlineQuerySet


def deadlines_that_fit(data: QueryDict, *, user: User, today: dt.date) -> Found:
    """Return the deadlines `user` sees that fit; at first sight what is still to be done or decided."""
    found = _fitting(DeadlineFilter, Deadline.objects.visible_to(user), data, user=user, today=today, usual="due")
    return found if asks(data) else Found(found.filter, found.sort, found.rows.filter(status__in=LIVE))


def confirmations_that_fit(data: QueryDict, *, user: User, today: dt.date) -> Found:
    """Return the results that wait for the word of `user`, the oldest first."""
    waiting = Deadline.objects.to_be_confirmed_by(user)
    return _fitting(ConfirmationFilter, waiting, data, user=user, today=today, usual="reported")


def _fitting(
    kind: type[DeadlineFilter],
    rows: DeadlineQuerySet,
    data: QueryDict,
    *,
    user: User,
    today: dt.date,
    usual: str,
) -> Found:
    chosen = kind(data if asks(data) else None, queryset=rows, user=user, today=today)
    sort = data.get("sort", "") if data.get("sort", "") in DEADLINE_SORTS else usual
    fitting = chosen.qs if not chosen.is_bound or chosen.is_valid() else rows.none()
    return Found(chosen, sort, fitting.order_by(DEADLINE_SORTS[sort], "pk"))


@dataclass(frozen=True, slots=True)
class Listing:
    """One list whose views can be saved.

    `form` reads a query as `user`. `empty` names the fields where nothing means an open end, `never` what belongs to
    the moment (the day a calendar shows), `usual` the values the page puts in by itself: kept, they would stand still.
    """

    page: str
    form: Callable[[QueryDict, User, dt.date], forms.BaseForm]
    sorts: frozenset[str] = frozenset()
    empty: frozenset[str] = frozenset()
    never: frozenset[str] = frozenset()
    usual: Callable[[dt.date], Mapping[str, str]] = field(default=lambda _today: {})

    def url(self, query: str = "", **more: Any) -> str:
        """Return the list with a query."""
        parts = "&".join(part for part in (query, urlencode(more)) if part)
        return reverse(self.page) + (f"?{parts}" if parts else "")


@dataclass(frozen=True, slots=True)
class Kept:
    """What of a query makes sense for a person: the rest of it, and what had to be left out, in words."""

    query: str
    dropped: list[str]


def understood(listing: Listing, query: str, *, user: User, today: dt.date) -> Kept:
    """Read a query through the list's own form: what the person may not choose, or nobody can, is left out.

    The words name the field only: what a foreign value stands for is nobody's business.
    """
    sent = QueryDict(query)
    form = listing.form(sent, user, today)
    form.is_valid()
    left_out = BESIDES | listing.never
    usual = listing.usual(today)
    pairs: list[tuple[str, str]] = []
    dropped: list[str] = []
    for name in sent:
        value = sent[name]
        if name in left_out or usual.get(name) == value or not (value or name in listing.empty):
            continue
        if value in listing.sorts if name == "sort" else name in form.fields and name not in form.errors:
            pairs.append((name, value))
        else:
            dropped.append(_word(name, form))
    return Kept(urlencode(pairs), list(dict.fromkeys(dropped)))


def conditions(listing: Listing, query: str, *, user: User, today: dt.date) -> list[str]:
    """Return what a query that was `understood` asks for, in the words of the list's form: "State: Overdue"."""
    form = listing.form(QueryDict(query), user, today)
    shown = {name: field for name, field in form.fields.items() if not field.widget.is_hidden}
    return [_condition(shown[name], value) for name, value in parse_qsl(query) if name in shown]


def _condition(asked: forms.Field, value: str) -> str:
    """Return one condition: a choice by its words, a tick by its label alone."""
    if isinstance(asked, forms.BooleanField) and not isinstance(asked, forms.NullBooleanField):
        return str(asked.label)
    choices: Any = asked.choices if isinstance(asked, forms.ChoiceField) else ()
    pairs: Iterable[tuple[Any, Any]] = flatten_choices(choices)
    words = {str(key): str(label) for key, label in pairs}
    return f"{asked.label}: {words.get(value, value)}"


def _word(name: str, form: forms.BaseForm) -> str:
    """Return a part of a query by its label; what the page does not show is named in general."""
    if name == "sort":
        return _("order")
    shown = name in form.fields and not form.fields[name].widget.is_hidden
    return f"“{form.fields[name].label}”" if shown else _("an unknown condition")


def _day(day: dt.date) -> str:
    return f"{day:%d/%m/%Y}"


def _usual_period(today: dt.date) -> dict[str, str]:
    """Return what the form of the statistics holds until somebody chooses: the current year, as of today."""
    return {
        "due_from": _day(dt.date(today.year, 1, 1)),
        "due_to": _day(dt.date(today.year, 12, 31)),
        "as_of": _day(today),
    }


LISTINGS: Final[dict[str, Listing]] = {
    SavedView.Listing.DEADLINES.value: Listing(
        "plans:deadlines",
        lambda q, user, today: DeadlineFilter(q, queryset=Deadline.objects.none(), user=user, today=today).form,
        frozenset(DEADLINE_SORTS),
    ),
    SavedView.Listing.CONFIRMATIONS.value: Listing(
        "plans:confirmations",
        lambda q, user, today: ConfirmationFilter(q, queryset=Deadline.objects.none(), user=user, today=today).form,
        frozenset(DEADLINE_SORTS),
    ),
    SavedView.Listing.PLANS.value: Listing(
        "plans:plans",
        lambda q, user, today: PlanFilter(q, queryset=Plan.objects.none(), user=user, today=today).form,
        frozenset(PLAN_SORTS),
    ),
    SavedView.Listing.CALENDAR.value: Listing(
        "plans:calendar",
        lambda q, user, today: CalendarFilter(q, queryset=Deadline.objects.none(), user=user, today=today).form,
        never=frozenset({"day"}),
    ),
    SavedView.Listing.FIGURES.value: Listing(
        "plans:figures",
        lambda q, user, today: FiguresForm(q, user=user, today=today),
        frozenset(order for name in SORTABLE for order in (name, f"-{name}")),
        empty=frozenset({"due_from", "due_to"}),
        usual=_usual_period,
    ),
}
