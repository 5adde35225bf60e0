"""The form in which a post-holder names who stands in."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from doantracker.lib.widgets import PlainDate
from units.models import Appointment, User
from units.substitutions import own_appointments, substitutes_for

MOST_PEOPLE = 500  # of a choice: whoever sees more people finds them by a search


class _Posts(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    """Own posts, by their names."""

    def label_from_instance(self, obj: Any) -> str:
        """Return the post without the person: it is the own one."""
        return str(obj.post)


class _People(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    """People with the posts they hold today."""

    def label_from_instance(self, obj: Any) -> str:
        """Return the name with post and unit: many people have the same name."""
        posts = "; ".join(str(appointment.post) for appointment in obj.held)
        return f"{obj.full_name} · {posts}" if posts else str(obj.full_name)


class SubstitutionForm(forms.Form):
    """Which own post, who stands in, from when to when, why."""

    appointment: Any = _Posts(queryset=Appointment.objects.none(), label=_("Post"), empty_label=None)
    substitute: Any = _People(
        queryset=User.objects.none(),
        label=_("Who stands in"),
        help_text=_("Whoever holds a post in a unit you see and can log in."),
    )
    start = forms.DateField(label=_("From"), help_text=_("dd/mm/yyyy"), widget=PlainDate)
    end = forms.DateField(
        label=_("Up to and including"), help_text=_("The rights end by themselves."), widget=PlainDate
    )
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea({"rows": 2}))

    def __init__(self, *args: Any, user: User, today: dt.date, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"start": today})
        super().__init__(*args, **kwargs)
        self.fields["appointment"].queryset = own_appointments(user, today)  # type: ignore[attr-defined]  # a choice
        self.fields["substitute"].queryset = _with_posts(substitutes_for(user), today)  # type: ignore[attr-defined]  # a choice


def _with_posts(people: QuerySet[User], today: dt.date) -> QuerySet[User]:
    """Return the people with the appointments of today as `held`; one query more."""
    held = Appointment.objects.in_force(today).select_related("post__unit").order_by("post__rank", "pk")
    return people.prefetch_related(Prefetch("appointments", held, to_attr="held"))
