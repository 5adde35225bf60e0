"""What people read of webhooks: the names of kinds of events, and the mail when one is stopped."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from smtplib import SMTPException
from typing import Final

from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from doantracker.api.hooks.collect import MODELS
from doantracker.api.hooks.events import KINDS, all_kinds
from doantracker.api.models import WebhookEndpoint

log = logging.getLogger(__name__)

#: What kinds of events are about, as the form of a webhook offers them: a name, and how their kinds begin.
_TOPICS: Final[tuple[tuple[str, str | Promise, tuple[str, ...]], ...]] = (
    ("work", gettext_lazy("Deadlines"), ("deadline",)),
    ("requests", gettext_lazy("Later days and difficulties"), ("extension", "difficulty")),
    ("plans", gettext_lazy("Plans and targets"), ("plan", "indicator")),
    ("meetings", gettext_lazy("Meetings and pledges"), ("meeting", "pledge")),
    ("inspections", gettext_lazy("Inspections and their conclusions"), ("inspection", "conclusion")),
    ("trips", gettext_lazy("Field trips"), ("trip",)),
    ("surveys", gettext_lazy("Surveys and periodic reports"), ("survey", "report")),
    ("commendations", gettext_lazy("Commendations"), ("commendation",)),
)


@dataclass(frozen=True, slots=True)
class Topic:
    """Kinds of events that are about the same, each with its words."""

    name: str
    label: str | Promise
    kinds: tuple[tuple[str, str], ...]

    @property
    def whole(self) -> str:
        """Return the value of the box that stands for all of them."""
        return f"{self.name}.*"


def topics() -> list[Topic]:
    """Return all kinds of events by what they are about."""
    choices = kind_choices()
    return [
        Topic(name, label, _told_apart([choice for choice in choices if choice[0].partition(".")[0] in begins]))
        for name, label, begins in _TOPICS
    ]


def _told_apart(kinds: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Return the kinds of a topic; without the kind of record where it is the same in all."""
    nouns = {words.partition(": ")[0] for _kind, words in kinds}
    if len(nouns) > 1:
        return tuple(kinds)
    acts = ((kind, words.partition(": ")[2]) for kind, words in kinds)
    return tuple((kind, capfirst(act)) for kind, act in acts)


def kind_choices() -> list[tuple[str, str]]:
    """Return the kinds of events with their words: the kind of record, and the act as the log says it."""
    words: dict[str, str] = {}
    for (object_type, action), kind in KINDS.items():
        noun = str(MODELS[object_type]._meta.verbose_name)  # noqa: SLF001  # Django documents it
        words.setdefault(kind, f"{capfirst(noun)}: {action.label}")
    return [(kind, words[kind]) for kind in all_kinds()]


def mail_owner(endpoint: WebhookEndpoint) -> None:
    """Tell the owner that the webhook is stopped. A mail server that is away is no fault: the page says it."""
    if not endpoint.owner.email:
        return
    with override(settings.LANGUAGE_CODE):
        subject = _("Webhook stopped: %(name)s") % {"name": endpoint.name}
        text = _(
            "Messages to the webhook “%(name)s” were not taken for two days, so it was switched off.\n"
            "Reason: %(reason)s\n\nSwitch it on again when the other system works: %(link)s\n"
        ) % {
            "name": endpoint.name,
            "reason": endpoint.get_trouble_display(),
            "link": settings.SITE_URL + reverse("webhook", args=[endpoint.pk]),
        }
    try:
        send_mail(" ".join(subject.split()), text, None, [endpoint.owner.email])
    except (OSError, SMTPException):
        log.exception("The owner of webhook %s could not be told by mail", endpoint.pk)
