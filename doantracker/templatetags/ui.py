"""Template tags of the frame: icons, state chips, four-part bars, sort links."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from django import template
from django.conf import settings
from django.db import models
from django.template.context import RequestContext
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from doantracker.api.enums import DeliveryState
from doantracker.papers.enums import ExportState
from plans.enums import (
    ActivityState,
    AnswerState,
    Decision,
    Dilution,
    ItemAnswer,
    LeadState,
    Origin,
    Outlook,
    PlanStatus,
    RecipientState,
    ShortcomingState,
    SignState,
    Status,
    TimeState,
)
from reviews.enums import (
    FeedbackStep,
    Finding,
    InspectionState,
    MeetingState,
    PledgeState,
    ProposalState,
    RatingLevel,
    ReplyKind,
    ResultState,
    RoundState,
    Sent,
    SurveyState,
    TripState,
)

register = template.Library()

ICONS: Final = settings.BASE_DIR / "static" / "vendor" / "tabler-icons"

#: Which icon stands beside which word. The lists share no value, so one tag serves all of them.
CHIP_ICONS: Final[dict[models.TextChoices, str]] = {
    Status.ASSIGNED: "inbox",
    Status.IN_PROGRESS: "loader-2",
    Status.SUBMITTED: "send",
    Status.RETURNED: "arrow-back-up",
    Status.COMPLETED: "circle-check",
    Status.ON_HOLD: "player-pause",
    Status.CANCELLED: "circle-x",
    TimeState.NO_DATE: "calendar-off",
    TimeState.ON_SCHEDULE: "calendar-event",
    TimeState.DUE_SOON: "clock",
    TimeState.OVERDUE: "alert-triangle",
    TimeState.ON_TIME: "check",
    TimeState.LATE: "history",
    TimeState.STOPPED: "player-pause",
    PlanStatus.DRAFT: "pencil",
    PlanStatus.PUBLISHED: "flag",
    PlanStatus.CLOSED: "circle-check",
    Origin.NEW: "plus",
    Origin.CARRIED_OVER: "arrow-back-up",
    ShortcomingState.OPEN: "x",
    ShortcomingState.PARTLY: "loader-2",
    ShortcomingState.REMEDIED: "check",
    Decision.ASKED: "clock",
    Decision.GRANTED: "circle-check",
    Decision.REFUSED: "circle-x",
    AnswerState.AWAITED: "clock",
    AnswerState.OVERDUE: "alert-triangle",
    AnswerState.IN_TIME: "check",
    AnswerState.LATE: "history",
    LeadState.KEPT: "check",
    LeadState.URGENT: "clock",
    LeadState.BROKEN: "alert-triangle",
    ActivityState.AWAITED: "clock",
    ActivityState.REVISE: "arrow-back-up",
    ActivityState.AGREED: "check",
    ActivityState.ISSUED: "flag",
    PledgeState.HANDED_IN: "send",
    PledgeState.ACCEPTED: "circle-check",
    PledgeState.RETURNED: "arrow-back-up",
    Outlook.REACHED: "circle-check",
    Outlook.WILL_REACH: "check",
    Outlook.WILL_MISS: "alert-triangle",
    Outlook.MISSED: "x",
    Outlook.UNKNOWN: "clock",
    ItemAnswer.ACCEPTED: "check",
    ItemAnswer.ADAPTED: "pencil",
    ItemAnswer.MERGED: "arrow-merge",
    ItemAnswer.NOT_APPLICABLE: "circle-x",
    RecipientState.UNANSWERED: "inbox",
    RecipientState.PARTLY: "loader-2",
    RecipientState.ANSWERED: "list-check",
    RecipientState.HAS_PLAN: "circle-check",
    Dilution.DAY: "history",
    Dilution.NUMBER: "alert-triangle",
    Dilution.BOTH: "alert-triangle",
    SignState.ASKED: "clock",
    SignState.AGREED: "check",
    SignState.SENT_BACK: "arrow-back-up",
    SignState.STALE: "history",
    MeetingState.PLANNED: "calendar-event",
    MeetingState.HELD: "circle-check",
    MeetingState.CANCELLED: "circle-x",
    ExportState.WAITING: "clock",
    ExportState.RUNNING: "loader-2",
    ExportState.READY: "circle-check",
    ExportState.FAILED: "circle-x",
    Sent.ON_TIME: "check",
    Sent.LATE: "history",
    Sent.EXCUSED: "info-circle",
    Sent.MISSING: "alert-triangle",
    Sent.RETURNED: "arrow-back-up",
    Sent.AWAITED: "clock",
    Sent.STOPPED: "player-pause",
    SurveyState.PLANNED: "pencil",
    SurveyState.RUNNING: "loader-2",
    SurveyState.FINISHED: "clock",
    SurveyState.REPORTED: "circle-check",
    ProposalState.PROPOSED: "send",
    ProposalState.PASSED_ON: "arrow-merge",
    ProposalState.GRANTED: "circle-check",
    ProposalState.REFUSED: "circle-x",
    ProposalState.WITHDRAWN: "arrow-back-up",
    TripState.REGISTERED: "pencil",
    TripState.APPROVED: "check",
    TripState.BRIEFED: "list-check",
    TripState.GONE: "clock",
    TripState.REPORTED: "circle-check",
    TripState.CANCELLED: "circle-x",
    InspectionState.PLANNED: "calendar-event",
    InspectionState.ANNOUNCED: "send",
    InspectionState.VISITING: "search",
    InspectionState.REPORT_OWED: "clock",
    InspectionState.REPORTED: "file-text",
    InspectionState.CONCLUDED: "flag",
    InspectionState.CLOSED: "circle-check",
    InspectionState.CANCELLED: "circle-x",
    Finding.MET: "check",
    Finding.PARTLY: "loader-2",
    Finding.UNMET: "x",
    Finding.NOT_APPLICABLE: "circle-x",
    ResultState.OPEN: "loader-2",
    ResultState.TO_CLOSE: "clock",
    ResultState.CLOSED: "circle-check",
    RoundState.SELF: "pencil",
    RoundState.OPINIONS: "users",
    RoundState.DECISION: "list-check",
    RoundState.LOCKED: "circle-check",
    RatingLevel.EXCELLENT: "flag",
    RatingLevel.GOOD: "circle-check",
    RatingLevel.DONE: "check",
    RatingLevel.NOT_DONE: "x",
    FeedbackStep.DRAFT: "pencil",
    FeedbackStep.CONTRIBUTING: "inbox",
    FeedbackStep.REPORTING: "file-text",
    FeedbackStep.REVIEWING: "users",
    FeedbackStep.REPLYING: "send",
    FeedbackStep.CLOSED: "circle-check",
    ReplyKind.ACCEPTED: "circle-check",
    ReplyKind.EXPLAINED: "info-circle",
    ReplyKind.DECLINED: "circle-x",
    DeliveryState.WAITING: "clock",
    DeliveryState.SENDING: "loader-2",
    DeliveryState.DELIVERED: "circle-check",
    DeliveryState.GIVEN_UP: "alert-triangle",
}
BAR_PARTS: Final = ("on_time", "late", "open", "overdue")


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """Return a vendored icon as inline SVG, hidden from screen readers: a word always stands beside it."""
    text = (ICONS / f"{name}.svg").read_text(encoding="utf-8")
    paths = [p for p in re.findall(r"<(?:path|circle|rect|line)\b[^>]*>", text) if 'stroke="none"' not in p]
    body = "".join(re.sub(r"\s+/>", "/>", p) for p in paths)
    # Only files of this repository get here, never a user's text.
    return mark_safe(f'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">{body}</svg>')  # noqa: S308  # see above


#: The colours of the states of reviews; the others have theirs by their own classes, which tables use too.
_TONES: Final[dict[str, tuple[models.TextChoices, ...]]] = {
    "blue": (
        MeetingState.PLANNED,
        Sent.AWAITED,
        SurveyState.RUNNING,
        TripState.APPROVED,
        TripState.BRIEFED,
        InspectionState.PLANNED,
        InspectionState.VISITING,
        InspectionState.CONCLUDED,
        ResultState.OPEN,
        RoundState.SELF,
        RatingLevel.DONE,
        FeedbackStep.REPORTING,
        FeedbackStep.REVIEWING,
        ExportState.RUNNING,
        DeliveryState.SENDING,
    ),
    "green": (
        PledgeState.ACCEPTED,
        MeetingState.HELD,
        Sent.ON_TIME,
        SurveyState.REPORTED,
        ProposalState.GRANTED,
        TripState.REPORTED,
        InspectionState.CLOSED,
        Finding.MET,
        ResultState.CLOSED,
        RoundState.LOCKED,
        RatingLevel.EXCELLENT,
        RatingLevel.GOOD,
        FeedbackStep.CLOSED,
        ReplyKind.ACCEPTED,
        ExportState.READY,
        DeliveryState.DELIVERED,
    ),
    "brown": (
        PledgeState.RETURNED,
        Sent.LATE,
        Sent.RETURNED,
        ProposalState.REFUSED,
        ProposalState.WITHDRAWN,
        ReplyKind.DECLINED,
    ),
    "amber": (
        Sent.EXCUSED,
        SurveyState.FINISHED,
        TripState.GONE,
        InspectionState.REPORT_OWED,
        Finding.PARTLY,
        ReplyKind.EXPLAINED,
    ),
    "red": (
        Sent.MISSING,
        Finding.UNMET,
        RatingLevel.NOT_DONE,
        ExportState.FAILED,
        DeliveryState.GIVEN_UP,
    ),
    "plain": (
        SurveyState.PLANNED,
        FeedbackStep.DRAFT,
    ),
    "violet": (
        PledgeState.HANDED_IN,
        ProposalState.PROPOSED,
        ProposalState.PASSED_ON,
        TripState.REGISTERED,
        InspectionState.ANNOUNCED,
        InspectionState.REPORTED,
        ResultState.TO_CLOSE,
        RoundState.OPINIONS,
        RoundState.DECISION,
        FeedbackStep.CONTRIBUTING,
        FeedbackStep.REPLYING,
        ExportState.WAITING,
        DeliveryState.WAITING,
    ),
}
CHIP_TONES: Final = {state: tone for tone, states in _TONES.items() for state in states}


@register.simple_tag
def chip(value: str) -> SafeString:
    """Return icon, word and colour of a status, time state, plan status, shortcoming state, decision or answer."""
    return _chips(get_language() or settings.LANGUAGE_CODE)[value]


def _class_of(value: models.TextChoices) -> str:
    return f"tone-{CHIP_TONES[value]}" if value in CHIP_TONES else f"s-{value.value}"


@cache
def _chips(language: str) -> dict[str, SafeString]:  # noqa: ARG001  # the key of the cache; labels follow the active one
    return {
        value.value: format_html(
            '<span class="chip {}">{}<span>{}</span></span>', _class_of(value), icon(name), value.label
        )
        for value, name in CHIP_ICONS.items()
    }


@register.simple_tag
def bar(on_time: int, late: int, open: int, overdue: int) -> SafeString:  # noqa: A002  # the tag's word for templates
    """Return four figures as one bar with its words; the figures also stand in the row or in `<title>`."""
    counts = dict(zip(BAR_PARTS, (on_time, late, open, overdue), strict=True))
    total = sum(counts.values())
    words = _("%(on_time)d on time, %(late)d late, %(open)d open, %(overdue)d overdue") % counts
    if not total:
        return format_html('<span class="quiet">{}</span>', _("none"))
    rects, x = [], 0.0
    for part, count in counts.items():
        width = 100 * count / total
        rects.append(f'<rect class="b-{part}" x="{x:.2f}" width="{width:.2f}" height="8"/>' if count else "")
        x += width
    return format_html(
        '<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label="{}">'
        "<title>{}</title>{}</svg>",
        words,
        words,
        mark_safe("".join(rects)),  # noqa: S308  # numbers only
    )


@register.simple_tag(takes_context=True)
def sort_link(context: RequestContext, key: str, label: str, *, down: bool = False) -> SafeString:
    """Return a link that sorts the list by `key` (parameter `sort`), turning the order round when it is chosen.

    The first click sorts upwards; with `down` downwards, as suits counts.
    """
    current = context["request"].GET.get("sort", context.get("sort", ""))
    query = context["request"].GET.copy()
    query.pop("page", None)
    first, then = (f"-{key}", key) if down else (key, f"-{key}")
    query["sort"] = then if current == first else first
    arrow, words = {
        key: (" ▲", _("sorted upwards")),
        f"-{key}": (" ▼", _("sorted downwards")),
    }.get(current, ("", ""))
    spoken = format_html('<span class="visually-hidden">, {}</span>', words) if words else ""
    return format_html(
        '<a class="sort" href="?{}">{}<span aria-hidden="true">{}</span>{}</a>',
        query.urlencode(),
        label,
        arrow,
        spoken,
    )


@register.simple_tag(takes_context=True)
def sort_header(
    context: RequestContext, key: str, label: str, css: str = "", rows: int = 1, *, down: bool = False
) -> SafeString:
    """Return the whole `<th>` of a sortable column, with `aria-sort`; it may stand over several `rows` of headings.

    With `down` the first click sorts downwards.
    """
    current = context["request"].GET.get("sort", context.get("sort", ""))
    order = {key: "ascending", f"-{key}": "descending"}.get(current)
    aria = format_html(' aria-sort="{}"', order) if order else ""
    span = format_html(' rowspan="{}"', rows) if rows > 1 else ""
    return format_html(
        '<th scope="col" class="{}"{}{}>{}</th>', css, span, aria, sort_link(context, key, label, down=down)
    )


@register.simple_tag
def language_name(code: str) -> str:
    """Return the name of a language in that language."""
    return str(get_language_info(code)["name_local"])
