"""Forms of the admin site that check more than one field."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from doantracker.lib import clock
from units.actions import refuse_too_deep
from units.admin_base import AnyForm
from units.administration import Seat, administrator_seats, refuse_no_administrator, refuse_reach
from units.models import Appointment, Post, Substitution, Unit, User
from units.roles import Role
from units.substitutions import refuse_substitution


class UnitForm(AnyForm):
    """A unit and the unit above it."""

    parent = forms.ModelChoiceField(
        label=_("Unit above"),
        queryset=Unit.objects.none(),
        required=False,
        help_text=_("Type a part of the name, with or without accents. Another choice moves the unit with all below."),
    )

    class Meta:
        model = Unit
        fields = (
            "parent", "kind", "code", "name", "short_name", "aliases", "place", "is_difficult", "valid_from",
            "valid_to",
        )  # fmt: skip
        widgets = {"aliases": forms.Textarea({"rows": 4}), "name": forms.TextInput({"class": "vTextField"})}  # noqa: RUF012  # Django's class attribute

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit = Post._meta.get_field("unit")  # any key to a unit: it tells the widget what to search  # noqa: SLF001
        field = self.fields["parent"]
        field.widget = AutocompleteSelect(unit, admin.site, choices=field.choices)  # type: ignore[attr-defined]  # a choice field
        self.above: Unit | None = Unit.objects.get_parent(self.instance) if self.instance.pk else None
        self.initial["parent"] = self.above.pk if self.above else None

    def clean_parent(self) -> Unit | None:
        """Refuse a unit below this one, and a unit that would hang nowhere."""
        parent: Unit | None = self.cleaned_data["parent"]
        if parent and self.instance.pk and self.instance.covers(parent):
            raise ValidationError(
                _("“%(parent)s” lies below this unit. Choose a unit outside of it."),
                params={"parent": parent},
                code="cycle",
            )
        if parent and parent != self.above:
            refuse_too_deep(self.instance, parent)
        if parent is None and (self.above or (not self.instance.pk and Unit.objects.exists())):
            raise ValidationError(_("Choose the unit above. Only the top of the tree has none."), code="required")
        return parent

    def facts(self) -> dict[str, Any]:
        """Return the unit's own fields."""
        return {name: value for name, value in self.cleaned_data.items() if name != "parent"}


class PersonForm(AnyForm):
    """A person. The password has a page of its own."""

    class Meta:
        model = User
        fields = ("full_name", "username", "email", "phone", "is_active")

    def clean_username(self) -> str | None:
        """Keep user names in lower case: nobody remembers capitals."""
        name = (self.cleaned_data["username"] or "").lower()
        others = User.objects.exclude(pk=self.instance.pk)
        if name and others.filter(username__iexact=name).exists():
            raise ValidationError(_("This user name is taken. Choose another."), code="unique")
        return name or None

    def clean(self) -> dict[str, Any]:
        """Keep the last administrator able to log in."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not (data.get("is_active") and data.get("username")):
            _keep_administrator([s for s in _seats() if s.user != self.instance.pk])
        return data


class _WithinReach(AnyForm):
    """Refuses, beside the field, rights outside what the administrator at work configures."""

    by: User | None = None  # the page sets it

    def _reach(self, unit: Unit | None, role: str | None, field: str) -> None:
        if not (self.by and unit and role):
            return
        try:
            refuse_reach(self.by, unit, role)
        except ValidationError as refusal:
            self.add_error(field, refusal)


class PostForm(_WithinReach):
    """A post of a unit and what its holder may do."""

    class Meta:
        model = Post
        fields = ("unit", "title", "body", "rank", "role", "signs")

    def clean(self) -> dict[str, Any]:
        """Keep an administrator's post."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("role") != Role.ADMINISTRATOR:
            _keep_administrator([s for s in _seats() if s.post != self.instance.pk])
        self._reach(data.get("unit"), data.get("role"), "role")
        return data


class AppointmentForm(_WithinReach):
    """Who holds which post, from when to when."""

    class Meta:
        model = Appointment
        fields = ("user", "post", "start", "end", "full_time", "provisional")

    def clean(self) -> dict[str, Any]:
        """Refuse dates in the wrong order and the end of the last administrator."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        user, post, start, end = (data.get(name) for name in ("user", "post", "start", "end"))
        if post:
            self._reach(post.unit, post.role, "post")
        if start and end and end < start:
            self.add_error("end", _("The last day lies before the first. Correct one of the two dates."))
        elif user and post and start:
            self._one_at_a_time(user, post, start, end)
            today = clock.today()
            holds = start <= today and (end is None or end >= today) and post.role == Role.ADMINISTRATOR
            own = (
                [Seat(self.instance.pk or 0, user.pk, post.pk, end, str(post.unit.path))]
                if holds and user.is_active and user.username
                else []
            )
            _keep_administrator([s for s in _seats() if s.appointment != self.instance.pk] + own)
        return data

    def _one_at_a_time(self, user: User, post: Post, start: Any, end: Any) -> None:
        """Refuse a second appointment of the same person to the same post over the same days."""
        others = Appointment.objects.filter(user=user, post=post).exclude(pk=self.instance.pk)
        if end:
            others = others.filter(start__lte=end)
        if others.exclude(end__lt=start).exists():
            self.add_error("start", _("This person holds this post on these days already. Change that appointment."))


class SubstitutionForm(_WithinReach):
    """Who stands in for whom, from when to when."""

    class Meta:
        model = Substitution
        fields = ("appointment", "substitute", "start", "end", "reason")

    def clean(self) -> dict[str, Any]:
        """Refuse what gives more than the post-holder has."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if appointment := data.get("appointment"):
            self._reach(appointment.post.unit, appointment.post.role, "appointment")
        if set(self.Meta.fields) <= set(data):
            # the form's own instance is filled after `clean`; what is refused must not touch it
            refuse_substitution(
                Substitution(pk=self.instance.pk, **{n: data[n] for n in self.Meta.fields}), clock.today()
            )
        return data


def _seats() -> list[Seat]:
    return administrator_seats(clock.today())


def _keep_administrator(after: list[Seat]) -> None:
    refuse_no_administrator(_seats(), after)
