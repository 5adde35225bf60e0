"""Running one act behind a form: shown, refused with the input kept, or done; a conflict shows both sides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render

from plans.conflicts import conflict_of
from plans.errors import ActionRefused, Stale
from plans.models import Deadline, Difficulty, Extension
from plans.views.shared import Request, back, done, refused, visible_deadline
from plans.workflow import may, refusal
from units.access import require
from units.models.audit import AuditAction

DEADLINE_ACT = "plans/deadline_act.html"


@dataclass(frozen=True, slots=True)
class Try:
    """One act as a page offers it: `run` takes the cleaned fields, `words` say that it is done."""

    action: AuditAction
    run: Callable[[dict[str, Any]], object]
    words: str
    template: str = DEADLINE_ACT
    about: Extension | Difficulty | None = None
    context: dict[str, Any] = field(default_factory=dict)


def posted(request: Request) -> QueryDict | None:
    """Return what was sent, were it nothing at all; None when the form is only opened."""
    return request.POST if request.method == "POST" else None


def acted(request: Request, row: Deadline, form: Any, act: Try) -> HttpResponse:
    """Show a form on a deadline, or do what it says and go back. Who lacks the right gets 404."""
    require(may(request.user, act.action, row, act.about))
    if request.method != "POST" and (why := refusal(act.action, row)):
        messages.warning(request, str(why.message))
        return redirect(row)
    context = {
        **act.context,
        "form": form,
        "deadline": row,
        "cancel": row.get_absolute_url(),
        "lead": f"{row.unit.label} – {row.solution.text[:160]}",
        "next": request.POST.get("next") or request.GET.get("next", ""),
    }
    if request.method != "POST":
        return render(request, act.template, context)
    if not form.is_valid():
        form.show(act.about.state if act.about else row.version)
        return render(request, act.template, context, status=422)
    try:
        act.run(form.cleaned_data)
    except Stale as stale:
        return conflicted(request, context, stale, act)
    except ActionRefused as why:
        return refused(request, act.template, context, why)
    done(request, act.words)
    return back(request, row.get_absolute_url())


def conflicted(request: Request, context: dict[str, Any], stale: Stale, act: Try) -> HttpResponse:
    """Show what the deadline is now beside what the person typed; the next click sends it on top of that."""
    form, about = context["form"], act.about
    now = visible_deadline(request.user, context["deadline"].pk)
    if about is not None:
        about.refresh_from_db()
        about.deadline = now
    seen = form.cleaned_data[form.seen]
    found = conflict_of(now, act.action, user=request.user, seen=seen, about=about)
    form.show(about.state if about else now.version)
    shown = {**context, "deadline": now, "conflict": found, "stale": stale.message, "files": bool(request.FILES)}
    return render(request, act.template, shown, status=stale.status)
