"""The name of a saved view, whom it is shared with, whether its list begins with it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doantracker.lib.text import nfc
from doantracker.lib.widgets import PlainSelect
from plans.filters import unit_choices
from plans.models import SavedView
from units.models import Unit, User


class SavedViewForm(forms.Form):
    """What the owner says about a view."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    shared_with = forms.ChoiceField(
        label=gettext_lazy("Share with"),
        required=False,
        widget=PlainSelect,
        help_text=gettext_lazy(
            "Whoever holds a post in this unit or below finds the view too. Only the filter is shared: everybody sees "
            "what they may see."
        ),
    )
    is_start = forms.BooleanField(label=gettext_lazy("Begin this list with it"), required=False)

    def __init__(self, *args: Any, user: User, view: SavedView | None = None, **kwargs: Any) -> None:
        if view:
            shared = view.shared_with_id or ""
            kwargs["initial"] = {"name": view.name, "shared_with": shared, "is_start": view.is_start}
        super().__init__(*args, **kwargs)
        self.user = user
        field = self.fields["shared_with"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # for the type checker
        chosen = str(view.shared_with_id or "") if view else ""
        field.choices = [("", _("Nobody: only mine")), *unit_choices(user, chosen)]

    def clean_name(self) -> str:
        """Return the name in normal form, with single spaces."""
        return " ".join(nfc(self.cleaned_data["name"]).split())

    def facts(self) -> dict[str, Any]:
        """Return what the acts take."""
        data = self.cleaned_data
        unit = data["shared_with"]
        found = Unit.objects.visible_to(self.user).filter(pk=unit).first() if unit else None
        return {"name": data["name"], "shared_with": found, "is_start": data["is_start"]}


class NewViewForm(SavedViewForm):
    """A new view: the query comes from the list."""

    replace = forms.BooleanField(label=gettext_lazy("Replace my view of the same name"), required=False)
    query = forms.CharField(max_length=2000, required=False, widget=forms.HiddenInput)

    def facts(self) -> dict[str, Any]:
        """Return what `save_view` takes besides the list and the query, which is read again."""
        return super().facts() | {"replace": self.cleaned_data["replace"]}
