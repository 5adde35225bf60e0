"""What a person enters about own tokens and webhooks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from doantracker.api.enums import TokenScope
from doantracker.api.hooks.transport import check_url
from doantracker.api.hooks.words import Topic, topics
from doantracker.api.models import WebhookEndpoint
from doantracker.api.models.webhook import LONGEST_URL
from doantracker.lib.text import seen
from doantracker.lib.widgets import PlainSelect
from plans.forms.units import UnitNameField, offered
from plans.resolving import UnitNames
from units.models import Unit, User

NAME_LENGTH = 80
DAYS = ((30, _("30 days")), (90, _("90 days")), (366, _("A year")))


class NameField(forms.CharField):
    """A name by which people know something later: characters that nobody sees are none."""

    def to_python(self, value: Any) -> str:
        """Return what is seen of it."""
        return seen(super().to_python(value) or "")


class TokenForm(forms.Form):
    """A new token."""

    name = NameField(
        label=_("What it is for"), max_length=NAME_LENGTH, help_text=_("So that you know later which one to revoke.")
    )
    scope = forms.ChoiceField(label=_("What it may do"), choices=TokenScope.choices, widget=PlainSelect)
    days = forms.TypedChoiceField(label=_("Works for"), choices=DAYS, coerce=int, initial=90, widget=PlainSelect)


@dataclass(frozen=True, slots=True)
class Boxes:
    """The boxes of one topic. Where all is chosen the first box says so alone: taken off, the choice begins anew."""

    topic: Topic
    whole: bool
    some: bool
    kinds: list[tuple[str, str, bool]]

    @classmethod
    def of(cls, topic: Topic, ticked: set[str]) -> Boxes:
        """Return the boxes of `topic`, of which `ticked` are chosen."""
        chosen = [kind for kind, _words in topic.kinds if kind in ticked]
        whole = topic.whole in ticked or len(chosen) == len(topic.kinds)
        kinds = [(kind, words, kind in chosen and not whole) for kind, words in topic.kinds]
        return cls(topic, whole, bool(chosen) and not whole, kinds)


class WebhookForm(forms.Form):
    """Where messages go, what they tell of, of which units."""

    name = NameField(label=_("Name of the other system"), max_length=NAME_LENGTH)
    url = forms.URLField(
        label=_("Address"),
        max_length=LONGEST_URL,
        assume_scheme="https",
        help_text=_("Given by the other system; it begins with https:// and is open to the public internet."),
    )
    events = forms.MultipleChoiceField(
        label=_("What it is told of"), error_messages={"required": _("Choose at least one kind of event.")}
    )
    unit = UnitNameField(
        label=_("Of which unit"), required=False, help_text=_("With all units below it. Empty: everything you see.")
    )
    active = forms.BooleanField(label=_("Switched on"), required=False, initial=True)

    def __init__(self, *args: Any, user: User, webhook: WebhookEndpoint | None = None, **kwargs: Any) -> None:
        if webhook:
            kwargs["initial"] = {n: getattr(webhook, n) for n in ("name", "url", "events", "active")}
            kwargs["initial"]["unit"] = webhook.unit_id
        super().__init__(*args, **kwargs)
        self.topics = topics()
        kinds = [choice for topic in self.topics for choice in ((topic.whole, topic.label), *topic.kinds)]
        self.fields["events"].choices = kinds  # type: ignore[attr-defined]  # a choice
        names = UnitNames(Unit.objects.visible_to(user).select_related("kind").defer("place", "search"))
        self.fields["unit"].names = names  # type: ignore[attr-defined]  # names of units
        self.offered = offered(names)

    def clean_url(self) -> str:
        """Return the address; one that can't be read was refused before and is told once."""
        url: str = self.cleaned_data["url"]
        check_url(url)
        return url

    def clean_events(self) -> list[str]:
        """Return the kinds ticked; the box of a topic stands for all its kinds."""
        ticked = set(self.cleaned_data["events"])
        return [kind for topic in self.topics for kind, _words in topic.kinds if ticked & {topic.whole, kind}]

    def boxes(self) -> list[Boxes]:
        """Return the boxes of each topic, ticked as entered or kept."""
        ticked = set(self["events"].value() or ())
        return [Boxes.of(topic, ticked) for topic in self.topics]

    def facts(self) -> dict[str, Any]:
        """Return what the acts take."""
        return {name: self.cleaned_data[name] for name in ("name", "url", "events", "active", "unit")}
