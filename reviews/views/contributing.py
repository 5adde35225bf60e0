"""Contributing to a feedback round: as one who is asked by name, or as a guest by a link of one purpose."""

from __future__ import annotations

from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from doantracker.lib import clock
from doantracker.lib.throttle import seconds_to_wait
from plans.errors import ActionRefused
from plans.views.shared import Request, done
from reviews.actions.contributions import contribute
from reviews.enums import FeedbackStep
from reviews.forms.feedback import ContributeForm
from reviews.models import FeedbackInvitation, FeedbackRound
from units.access import require
from units.audit import origin
from units.models import User
from units.models.feed import hash_of

HOUR: Final = 3600
READS_AN_HOUR: Final = 60  # of one link
MISSES_AN_HOUR: Final = 60  # of one machine: a house may stand behind it, with links whose day has passed
KEY_LENGTH: Final = 100  # no key is longer
PAGE: Final = "reviews/feedback_contribute.html"
LINK_PAGE: Final = "reviews/feedback_link.html"
RELATED: Final = ("round__unit", "unit", "person")


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def as_invited(request: Request, pk: int) -> HttpResponse:
    """Show the targets and topics, and in a named round what the invited said before; take what they say."""
    rows = FeedbackInvitation.objects.visible_to(request.user, clock.today()).select_related(*RELATED)
    mine = rows.filter(pk=pk).first()
    require(mine is not None)
    response, given = _answered(request, mine, by=request.user)
    if given:
        done(request, _("The contribution is handed in."))
        return redirect("reviews:feedback_contribute", pk)
    return response


@csrf_exempt  # nothing here rests on a cookie: only who knows the key of the link gets anything done
@sensitive_post_parameters()
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request: HttpRequest) -> HttpResponse:
    """The same for a guest; a link that is unknown, revoked, or whose day or round is over gets one answer.

    The key stands in the query or the form: paths are written to logs.
    """
    key = (request.POST if request.method == "POST" else request.GET).get("key", "")
    key_hash = hash_of(key) if 0 < len(key) <= KEY_LENGTH else ""
    found = FeedbackInvitation.objects.by_key(key_hash, clock.today()) if key_hash else None
    mine = found.select_related(*RELATED).first() if found is not None else None
    counted = f"feedback:{key_hash}" if mine else f"feedback-miss:{origin.get().address}"
    wait = seconds_to_wait(counted, limit=READS_AN_HOUR if mine else MISSES_AN_HOUR, seconds=HOUR)
    if wait:
        response = _told(request, _("Too many requests. Try again later."), 429)
        response["Retry-After"] = str(wait)
    elif mine is None:
        words = _(
            "This link is not valid, or the round takes no contributions any more. If you have contributed: thank "
            "you. If you still wish to, ask the office that sent you the link."
        )
        response = _told(request, words, 404)
    else:
        response, given = _answered(request, mine, by=None, key=key)
        if given:
            response = render(request, LINK_PAGE, _shell() | {"round": mine.round, "given": True})
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _answered(request: HttpRequest, mine: Any, *, by: User | None, key: str = "") -> tuple[HttpResponse, bool]:
    """Return the page, and whether something was handed in with this request."""
    feedback: FeedbackRound = mine.round
    closed = feedback.anonymous and mine.handed_in and by is not None  # a link tells nobody whether it was used
    said = {(c.target_id, c.topic_id): c.text for c in mine.contributions.all()}
    sent = request.POST if request.method == "POST" else None
    targets = list(feedback.targets.select_related("unit", "person"))
    topics = list(feedback.topics.all())
    form = ContributeForm(sent, targets=targets, topics=topics, said=said, once=feedback.anonymous)
    context: dict[str, Any] = {"round": feedback, "invitation": mine, "form": form, "closed": closed, "key": key}
    context["accepting"] = feedback.accepts_on(clock.today())
    status = 200
    if sent is not None:
        if form.is_valid():
            try:
                contribute(invitation=mine, texts=form.texts(), by=by, key=key)
            except ActionRefused as refusal:
                form.add_error(None, str(refusal.message))
                status = refusal.status
            else:
                return HttpResponse(status=204), True
        else:
            status = 422
    if by is not None:
        context["replies"] = _replies(feedback, mine)
        return render(request, PAGE, context, status=status), False
    return render(request, LINK_PAGE, context | _shell(), status=status), False


def _replies(feedback: FeedbackRound, mine: FeedbackInvitation) -> list[Any]:
    """Return what the invited said in a named round with the replies, once the round is ended."""
    if feedback.step != FeedbackStep.CLOSED:
        return []
    return list(mine.contributions.to_read())


def _told(request: HttpRequest, words: str, status: int) -> HttpResponse:
    return render(request, LINK_PAGE, _shell() | {"words": words}, status=status)


def _shell() -> dict[str, Any]:
    """Return the frame of a page without a person: whoever is logged in here plays no part in it.

    Without a token the frame offers no choice of language, whose form would be refused without a referrer.
    """
    return {"user": None, "csrf_token": ""}
