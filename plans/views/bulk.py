"""Acts on many rows: tick rows, choose an act, look at what it would do, do it, see what became of it.

Looking changes nothing and needs no JavaScript; the versions seen there travel with the rows.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from doantracker.lib import clock
from doantracker.lib.text import shortened
from plans.actions.bulk import MOST_ROWS, Chosen, begin_run, end_run
from plans.bulk import ACTS, BulkAct, acts_for
from plans.calendars import days_off
from plans.forms.bulk import BulkForm
from plans.labels import day_label
from plans.listings import confirmations_that_fit, deadlines_that_fit
from plans.models import BulkRun, ChasingLetter, Deadline, SavedView
from plans.querysets import DeadlineQuerySet
from plans.views.shared import Request, own_page
from units.access import require

TEXT_LENGTH: Final = 120
DIGITS: Final = 18  # of an id: what fits the column
QUERY_LENGTH: Final = 4000


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the preview or of what became of it. `send` is the id with the version seen."""

    key: str
    send: str
    url: str
    text: str
    unit: str
    plan: str
    due: str
    status: str
    why: str


@require_http_methods(["GET", "HEAD", "POST"])
def bulk(request: Request) -> HttpResponse:
    """Show what an act would do to the ticked rows; with `go` do it. Nothing by GET."""
    if request.method != "POST":
        return redirect("plans:deadlines")
    require(bool(acts_for(request.user)))
    if "go" in request.POST:
        return _go(request)
    try:
        picked = _picked(request)
    except ValueError as error:
        return _nothing(request, str(error))
    act = ACTS.get(request.POST.get("act", ""))
    if act is None or not act.offered_to(request.user):
        return _preview(request, picked.rows, None, None, cut=picked.cut)
    given = {name: request.POST[name] for name in act.form.base_fields if request.POST.get(name)}
    form = act.form(today=clock.today(), initial=_suggested(act, clock.today()) | given)
    return _preview(request, picked.rows, act, form, cut=picked.cut)


@require_safe
def bulk_done(request: Request, key: uuid.UUID) -> HttpResponse:
    """Show what became of a run: how many are done, which failed and why, and the way to try those again."""
    run = get_object_or_404(BulkRun.objects.visible_to(request.user), key=key)
    act = ACTS.get(run.act)
    if act is None:
        raise Http404
    outcome: dict[str, Any] = run.outcome or {"done": [], "refused": {}, "letters": [], "facts": {}, "back": ""}
    refused = {int(pk): why for pk, why in outcome["refused"].items()}
    rows = _rows(Deadline.objects.visible_to(request.user).filter(pk__in=refused))
    context = {
        "act": act,
        "run": run,
        "unfinished": run.outcome is None,
        "done": act.done(len(outcome["done"])) % {"count": len(outcome["done"])},
        "any": bool(outcome["done"]),
        "lines": [_line(row, refused[row.pk]) for row in rows],
        "letters": _letters(request, outcome.get("letters", [])),
        "facts": outcome["facts"],
        "back": outcome["back"] or reverse("plans:deadlines"),
    }
    return render(request, "plans/bulk_done.html", context)


@dataclass(frozen=True, slots=True)
class Picked:
    """The rows a person means, in the order of the list; `cut` when more fit than one run takes."""

    rows: list[Deadline]
    cut: bool = False


def _picked(request: Request) -> Picked:
    """Return the ticked rows, or all that fit the list's query; raise with what to do when there are none."""
    visible = Deadline.objects.visible_to(request.user)
    if request.POST.get("all"):
        fitting = _fitting(request)
        ids = list(fitting.values_list("pk", flat=True)[: MOST_ROWS + 1])
        cut = len(ids) > MOST_ROWS
        ids = ids[:MOST_ROWS]
    else:
        ids, cut = list(_ids(request.POST.getlist("ids"))), False
    if len(ids) > MOST_ROWS:
        raise ValueError(_("At most %s rows at once.") % MOST_ROWS)
    place = {pk: n for n, pk in enumerate(ids)}
    rows = sorted(_rows(visible.filter(pk__in=ids)), key=lambda row: place[row.pk])
    if not rows:
        raise ValueError(_("Tick at least one row."))
    return Picked(rows, cut)


def _fitting(request: Request) -> DeadlineQuerySet:
    """Return what fits the query of the list the person comes from."""
    query = QueryDict(request.POST.get("query", "")[:QUERY_LENGTH])
    queue = request.POST.get("listing") == SavedView.Listing.CONFIRMATIONS
    found = (confirmations_that_fit if queue else deadlines_that_fit)(query, user=request.user, today=clock.today())
    return found.rows.filter(pk__in=Deadline.objects.visible_to(request.user).order_by().values("pk"))


def _ids(sent: list[str]) -> dict[int, None]:
    """Return the ids in a form, each once and in order; what is no id is left out."""
    return {int(i): None for i in sent if i.isascii() and i.isdecimal() and len(i) <= DIGITS}


def _rows(rows: DeadlineQuerySet) -> list[Deadline]:
    return list(rows.select_related("unit", "plan__issuing_unit", "solution").order_by("unit_path", "due_on", "pk"))


def _preview(
    request: Request,
    rows: list[Deadline],
    act: BulkAct | None,
    form: BulkForm | None,
    *,
    cut: bool = False,
    versions: dict[int, int] | None = None,
    key: str = "",
) -> HttpResponse:
    """Show the rows with what hinders each, and the form of the act; without an act the choice of one."""
    today, seen = clock.today(), versions or {}
    lines = [_line(r, act.why_not(r, request.user, today) if act else "", seen.get(r.pk)) for r in rows]
    context = {
        "act": act,
        "form": form,
        "acts": acts_for(request.user, queue=_queue(request)),
        "can": [line for line in lines if not line.why],
        "cannot": [line for line in lines if line.why],
        "cut": cut,
        "most": MOST_ROWS,
        "key": key or str(uuid.uuid4()),
        "back": _back(request),
        "listing": request.POST.get("listing", ""),
        "error": "" if act else _("Choose what to do with these rows."),
    }
    return render(request, "plans/bulk.html", context, status=422 if act is None or (form and form.errors) else 200)


def _letters(request: Request, ids: list[int]) -> list[ChasingLetter]:
    """Return the letters that a run made, with how many deadlines each lists; no query where it made none."""
    if not ids:
        return []
    made = ChasingLetter.objects.visible_to(request.user).filter(pk__in=ids).select_related("plan", "unit")
    return list(made.annotate(listed=Count("deadlines")).order_by("pk"))


def _nothing(request: Request, error: str) -> HttpResponse:
    """Say that no row is meant, and lead back to the list."""
    return render(request, "plans/bulk.html", {"error": error, "back": _back(request)}, status=422)


def _go(request: Request) -> HttpResponse:
    """Do the act on the rows that were looked at, and lead to what became of it."""
    act = ACTS.get(request.POST.get("act", ""))
    require(act is not None and act.offered_to(request.user))
    assert act is not None  # noqa: S101  # for the type checker
    versions = _versions(request.POST.getlist("rows"))
    if len(versions) > MOST_ROWS:
        return _nothing(request, _("At most %s rows at once.") % MOST_ROWS)
    rows = _rows(Deadline.objects.visible_to(request.user).filter(pk__in=versions))
    if not rows:
        return _nothing(request, _("Tick at least one row."))
    today = clock.today()
    form = act.form(request.POST, today=today)
    key = _key(request.POST.get("key", ""))
    if not form.is_valid():
        return _preview(request, rows, act, form, versions=versions, key=str(key))
    run, is_new = begin_run(by=request.user, key=key, act=act.name, asked=len(rows))
    if is_new:
        chosen = [Chosen(row, versions[row.pk]) for row in rows]
        outcome = act.run(chosen, by=request.user, today=today, **form.cleaned_data)
        facts = {name: request.POST.get(name, "") for name in form.fields}
        end_run(run, outcome, facts=facts, back=_back(request))
    return redirect(run)


def _versions(sent: list[str]) -> dict[int, int]:
    """Return the versions by id from "id:version"; what is neither is left out."""
    found = {}
    for text in sent:
        pk, _colon, version = text.partition(":")
        if all(part.isascii() and part.isdecimal() and len(part) <= DIGITS for part in (pk, version)):
            found[int(pk)] = int(version)
    return found


def _key(text: str) -> uuid.UUID:
    """Return the key of the form; a form without a proper one is a run of its own."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.uuid4()


def _line(row: Deadline, why: str, version: int | None = None) -> Line:
    return Line(
        key=str(row.pk),
        send=f"{row.pk}:{version or row.version}",
        url=row.get_absolute_url(),
        text=shortened(row.solution.text, TEXT_LENGTH),
        unit=row.unit.label,
        plan=shortened(row.plan.symbol or row.plan.title, 60),
        due=day_label(row.due_on),
        status=row.status,
        why=why,
    )


def _suggested(act: BulkAct, today: dt.date) -> dict[str, Any]:
    """Return what a form holds at first: a letter is usually answered within a week, on a working day."""
    if "answer_by" not in act.form.base_fields:
        return {}
    days = [today + dt.timedelta(days=7 + n) for n in range(14)]
    off = days_off(days)
    return {"answer_by": next((day for day in days if day not in off), days[0])}


def _queue(request: Request) -> bool:
    return request.POST.get("listing") == SavedView.Listing.CONFIRMATIONS


def _back(request: Request) -> str:
    """Return the list the person comes from, if it is ours."""
    return own_page(request, request.POST.get("back", "")[:QUERY_LENGTH]) or reverse("plans:deadlines")
