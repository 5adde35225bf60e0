"""Score cards: the list, one card, writing, changing, approving."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doantracker.lib import clock
from plans.errors import ActionRefused
from plans.forms.seen import version_in
from plans.paging import PER_PAGE, CappedPaginator
from plans.views.acting import posted
from plans.views.sent import key_for_form, key_of
from plans.views.shared import Request, done
from reviews.actions import score_cards as actions
from reviews.bodies import bodies_of
from reviews.forms.score_cards import CardForm
from reviews.models import ScoreCard
from reviews.rights import evaluation_units, may_decide_evaluations, may_run_evaluations
from reviews.views.evaluation_shared import chosen_unit, crumbs_of, formed
from units.access import get_visible_or_404, require
from units.permissions import Permission

TEMPLATE = "reviews/score_card_form.html"


@require_safe
def card_list(request: Request) -> HttpResponse:
    """List the score cards, the newest first."""
    require(request.user.may(Permission.VIEW_EVALUATIONS))
    cards = ScoreCard.objects.visible_to(request.user).select_related("unit", "approved_by")
    page = CappedPaginator(cards.order_by("-month", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "crumbs": crumbs_of(None, _("Score cards")),
        "may_write": evaluation_units(request.user, clock.today()).exists(),
    }
    return render(request, "reviews/score_cards.html", context)


@require_safe
def card(request: Request, pk: int) -> HttpResponse:
    """Show one card."""
    return render(request, "reviews/score_card.html", _page(request, _visible(request, pk)))


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    """Write a card."""
    today = clock.today()
    unit, units = chosen_unit(request, evaluation_units(request.user, today))
    form = CardForm(posted(request), bodies=bodies_of(unit, today), initial={"month": today.replace(day=1)})
    context = _form_context(form, _("Write a score card"), reverse("reviews:score_cards"))
    context |= {"unit": unit, "units": units, "form_key": key_for_form(request), "lead": unit.name}

    def act() -> ScoreCard:
        return actions.write_card(
            unit=unit,
            body=form.cleaned_data["body"],
            month=form.cleaned_data["month"],
            criteria=form.criteria,
            names_shown=form.cleaned_data["names_shown"],
            by=request.user,
            key=key_of(request),
        )

    words = _("The score card is written. A leader approves it before the first month it is used.")
    return formed(request, context, act, words=words, to=lambda made: made.get_absolute_url(), template=TEMPLATE)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, pk: int) -> HttpResponse:
    """Change a card that nobody has approved."""
    row = _visible(request, pk)
    require(may_run_evaluations(request.user, row.unit))
    if row.approved_at is not None and request.method != "POST":
        messages.warning(
            request, _("This score card is approved and stays as it is. Write a new one that begins later.")
        )
        return redirect(row)
    form = CardForm(posted(request), bodies=bodies_of(row.unit, clock.today()), initial=CardForm.initial_of(row))
    form.fields["body"].disabled = True
    context = _form_context(form, _("Change the score card"), row.get_absolute_url()) | {"lead": row.unit.name}

    def act() -> ScoreCard:
        return actions.change_card(
            card=row,
            month=form.cleaned_data["month"],
            criteria=form.criteria,
            names_shown=form.cleaned_data["names_shown"],
            by=request.user,
            version=form.cleaned_data["version"],
        )

    def newest() -> int:
        return int(ScoreCard.objects.values_list("version", flat=True).get(pk=row.pk))

    to = row.get_absolute_url()
    return formed(
        request, context, act, words=_("The score card is changed."), to=to, newest=newest, template=TEMPLATE
    )


@require_POST
def approve(request: Request, pk: int) -> HttpResponse:
    """Approve a card."""
    row = _visible(request, pk)
    require(may_decide_evaluations(request.user, row.unit))
    try:
        actions.approve_card(card=row, by=request.user, version=version_in(request.POST))
    except ActionRefused as refusal:
        context = _page(request, _visible(request, pk)) | {"refusal": refusal.message}
        return render(request, "reviews/score_card.html", context, status=refusal.status)
    done(request, _("The score card is approved."))
    return redirect(row)


def _visible(request: Request, pk: int) -> ScoreCard:
    found: ScoreCard = get_visible_or_404(
        ScoreCard.objects.select_related("unit", "approved_by", "created_by"), request.user, pk
    )
    return found


def _page(request: Request, row: ScoreCard) -> dict[str, Any]:
    is_open = row.approved_at is None
    return {
        "card": row,
        "criteria": list(row.criteria.all()),
        "crumbs": [*crumbs_of(None), (_("Score cards"), reverse("reviews:score_cards")), (f"{row.month:%m/%Y}", None)],
        "may_edit": is_open and may_run_evaluations(request.user, row.unit),
        "may_approve": is_open and may_decide_evaluations(request.user, row.unit),
    }


def _form_context(form: CardForm, title: str, cancel: str) -> dict[str, Any]:
    cards = (_("Score cards"), reverse("reviews:score_cards"))
    return {"form": form, "title": title, "cancel": cancel, "crumbs": [*crumbs_of(None), cards, (title, None)]}
