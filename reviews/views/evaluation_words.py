"""The pages of a member: the own evaluation, the self score, opinions on colleagues; and what was remedied."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from doantracker.lib import clock
from plans.enums import PlanStatus
from plans.models import Deadline, Shortcoming
from plans.views.acting import posted
from plans.views.shared import Request
from reviews.actions import evaluation_words as actions
from reviews.actions.evaluations import note_reading
from reviews.enums import RoundState
from reviews.evaluation_scores import KEPT, opinions_of, sheets_of
from reviews.forms.evaluations import OpinionForm, SelfForm, SettleForm, plain
from reviews.models import Evaluation, EvaluationOpinion, EvaluationRound, MonthShortcoming
from reviews.rights import may_see_evaluations, may_settle
from reviews.views.evaluation_shared import crumbs_of, formed, month_label, visible_evaluation, visible_round
from units.access import get_visible_or_404, require

MOST_LINKED = 60


@require_safe
def evaluation(request: Request, pk: int) -> HttpResponse:
    """Show one member's month: every score with the sum behind it. Who reads another's is logged."""
    found, user = visible_evaluation(request.user, pk), request.user
    row = found.round
    is_own, before_meeting = found.person_id == user.pk, row.state not in KEPT
    hides = is_own and before_meeting  # what colleagues say reaches the person once they are done
    (sheet,) = sheets_of(row, [found], today=clock.today(), with_colleagues=not hides)
    note_reading(evaluations=[(found.pk, found.person_id)], unit=row.unit, label=str(row), by=user)
    names = row.card.names_shown or not is_own
    notes = sorted(
        found.shortcomings.select_related("author"), key=lambda n: n.text
    )  # by their words: not by who was first
    context = {
        "evaluation": found,
        "round": row,
        "sheet": sheet,
        "is_own": is_own,
        "names": names,
        "title": _("My evaluation") if is_own else found.person.full_name,
        "crumbs": crumbs_of(row, _("My evaluation") if is_own else found.person.full_name, whole=_whole(request, row)),
        "opinions": [] if hides else opinions_of(found, names=names),
        "notes": [n for n in notes if not hides or n.author_id == user.pk],
        "last": [] if hides and row.state == RoundState.SELF and not found.self_at else list(_last(found)),
        "may_score": is_own and row.state == RoundState.SELF,
        "may_settle": before_meeting and may_settle(user, row.unit, found.person_id),
        "shows_decision": row.state == RoundState.LOCKED or not is_own,
    }
    return render(request, "reviews/evaluation.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def score_self(request: Request, pk: int) -> HttpResponse:
    """Score oneself."""
    found = visible_evaluation(request.user, pk)
    require(found.person_id == request.user.pk)
    row = found.round
    if row.state != RoundState.SELF and request.method != "POST":
        messages.warning(request, _("The time for self scores is over."))
        return redirect(found)
    (sheet,) = sheets_of(row, [found], today=clock.today(), with_colleagues=False)
    criteria = [line.criterion for line in sheet.lines]
    notes = list(_last(found))
    form = SelfForm(posted(request), criteria=criteria, notes=notes, initial=SelfForm.initial_of(found))
    context = {
        "form": form,
        "sheet": sheet,
        "title": _("Score myself"),
        "lead": month_label(row),
        "crumbs": crumbs_of(row, _("Score myself"), whole=_whole(request, row)),
        "submit": _("Hand in my score"),
        "cancel": found.get_absolute_url(),
    }

    def act() -> Evaluation:
        return actions.score_self(
            evaluation=found,
            marks=form.marks,
            words=form.cleaned_data["words"],
            shortcomings=form.named,
            answers=form.answers,
            by=request.user,
            version=form.cleaned_data["version"],
        )

    def newest() -> int:
        return int(Evaluation.objects.values_list("version", flat=True).get(pk=found.pk))

    words, to = _("Your score is handed in. You can change it until opinions are asked for."), found.get_absolute_url()
    return formed(request, context, act, words=words, to=to, newest=newest, template="reviews/evaluation_self.html")


@require_safe
def opinions(request: Request, pk: int) -> HttpResponse:
    """Show the colleagues in a round, and on whom the person has spoken."""
    row = visible_round(request.user, pk)
    require(row.evaluations.filter(person=request.user).exists())
    own = EvaluationOpinion.objects.filter(evaluation__round=row, author=request.user)
    given = set(own.values_list("evaluation_id", flat=True))
    others = row.evaluations.exclude(person=request.user).select_related("person").order_by("pk")
    context = {
        "round": row,
        "colleagues": [{"evaluation": e, "given": e.pk in given} for e in others],
        "crumbs": crumbs_of(row, _("Opinions on colleagues"), whole=_whole(request, row)),
        "title": _("Opinions on colleagues"),
        "lead": month_label(row),
        "is_time": row.state == RoundState.OPINIONS,
    }
    return render(request, "reviews/evaluation_opinions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def opinion(request: Request, pk: int) -> HttpResponse:
    """Give an opinion on a colleague; the page shows nothing of the colleague's own score."""
    colleagues = Evaluation.objects.colleagues_of(request.user)
    found = get_object_or_404(colleagues.select_related("person", "round__unit", "round__card"), pk=pk)
    row = found.round
    back = reverse("reviews:evaluation_opinions", args=[row.pk])
    if row.state != RoundState.OPINIONS and request.method != "POST":
        messages.warning(request, _("This is not the time for opinions."))
        return redirect(back)
    form = OpinionForm(posted(request), criteria=list(row.card.criteria.all()), initial=_former(found, request))
    context = {
        "form": form,
        "title": _("Opinion on a colleague"),
        "lead": f"{found.person} – {found.post}",
        "crumbs": crumbs_of(row, _("Opinion on a colleague"), whole=_whole(request, row)),
        "submit": _("Give the opinion"),
        "cancel": back,
    }

    def act() -> EvaluationOpinion:
        words = form.cleaned_data["words"]
        return actions.give_opinion(
            evaluation=found, marks=form.marks, words=words, shortcomings=form.named, by=request.user
        )

    return formed(request, context, act, words=_("Your opinion is recorded."), to=back)


@require_http_methods(["GET", "HEAD", "POST"])
def settle(request: Request, pk: int) -> HttpResponse:
    """Say whether a shortcoming of last month is remedied, or which record will tell."""
    related = ("evaluation__person", "evaluation__round__unit", "author")
    note: MonthShortcoming = get_visible_or_404(MonthShortcoming.objects.select_related(*related), request.user, pk)
    found = note.evaluation
    require(may_settle(request.user, found.round.unit, found.person_id))
    following = _following(note)
    terms = []
    if following is not None:
        (sheet,) = sheets_of(following.round, [following], today=clock.today())
        terms = [term for line in sheet.lines for term in line.terms][:MOST_LINKED]
    ledger = Shortcoming.objects.visible_to(request.user).filter(
        person=found.person_id, plan__status=PlanStatus.PUBLISHED, merged_into__isnull=True
    )
    form = SettleForm(posted(request), terms=terms, ledger=list(ledger[:MOST_LINKED]))
    target = (following or found).get_absolute_url()
    context = {
        "form": form,
        "note": note,
        "title": _("Remedied or not"),
        "lead": found.person.full_name,
        "crumbs": crumbs_of(found.round, _("Remedied or not")),
        "cancel": target,
    }

    def act() -> MonthShortcoming:
        return actions.settle(note=note, by=request.user, **_way(form))

    note_reading(
        evaluations=[(found.pk, found.person_id)], unit=found.round.unit, label=str(found.round), by=request.user
    )
    template = "reviews/evaluation_settle.html"
    return formed(request, context, act, words=_("How it stands is recorded."), to=target, template=template)


def _way(form: SettleForm) -> dict[str, Any]:
    way = form.cleaned_data["way"]
    if way in form.deadlines:
        return {"deadline": get_object_or_404(Deadline, pk=form.deadlines[way].deadline or 0)}
    if way in form.ledger:
        return {"shortcoming": form.ledger[way]}
    return {"remedied": way == SettleForm.YES}


def _following(note: MonthShortcoming) -> Evaluation | None:
    own = note.evaluation
    later = Evaluation.objects.filter(
        person=own.person_id,
        round__unit=own.round.unit_id,
        round__body=own.round.body,
        round__month__gt=own.round.month,
    )
    return later.select_related("round__unit", "round__card", "person").order_by("round__month").first()


def _last(found: Evaluation) -> Any:
    return actions.last_month(found.round, found.person_id)


def _former(found: Evaluation, request: Request) -> dict[str, Any]:
    """Return what the person said before."""
    said = found.opinions.filter(author=request.user).prefetch_related("marks").first()
    if said is None:
        return {}
    named = found.shortcomings.filter(author=request.user).values_list("text", flat=True)
    return {f"mark_{m.criterion_id}": plain(m.mark) for m in said.marks.all()} | {
        "words": said.words,
        "shortcomings": "\n".join(named),
    }


def _whole(request: Request, row: EvaluationRound) -> bool:
    return may_see_evaluations(request.user, row.unit)
