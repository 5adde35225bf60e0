"""What the forms of all kinds of records share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils.translation import gettext as _

from plans.forms.units import UnitNameField, UnitNamesField, offered
from plans.models import Field, Plan
from plans.record_values import CHANGEABLE, fingerprint
from plans.resolving import UnitNames
from units.models import User

if TYPE_CHECKING:
    AnyModelForm = forms.ModelForm[Any]
else:
    AnyModelForm = forms.ModelForm  # takes no parameter when it runs


class RecordForm(AnyModelForm):
    """Base: knows the plan, the units that may be named, and what the record was when the form was opened."""

    slug = ""  # the kind of record, as in addresses
    fingerprint = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args: Any, plan: Plan, names: UnitNames, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan, self.names, self.by = plan, names, by
        self.element_id = f"record-{self.slug}-{self.instance.pk or 'new'}"
        self.unit_list, self.field_list = f"{self.element_id}-units", f"{self.element_id}-fields"
        for field in self.fields.values():
            if isinstance(field, UnitNameField | UnitNamesField):
                field.names = names
                field.widget.attrs["list" if isinstance(field, UnitNameField) else "data-add-unit"] = self.unit_list
            if isinstance(field, UnitNamesField):
                field.widget.attrs["data-add-label"] = _("Add a unit by name")
            if isinstance(field, forms.DateField):
                field.widget.attrs |= {"placeholder": _("dd/mm/yyyy"), "inputmode": "numeric", "autocomplete": "off"}
        if self.instance.pk:
            self.fields["fingerprint"].initial = fingerprint(self.instance)
        else:
            del self.fields["fingerprint"]
        self.limit()

    @property
    def offered(self) -> list[str]:
        """Return the names of units to offer while a person types, where a field asks for units."""
        asks = any(isinstance(f, UnitNameField | UnitNamesField) for f in self.fields.values())
        return offered(self.names) if asks else []

    @property
    def field_names(self) -> list[str]:
        """Return the fields of work to offer, where one is asked for."""
        if "field" not in self.fields:
            return []
        return list(Field.objects.filter(unit=self.plan.issuing_unit).values_list("name", flat=True))

    def limit(self) -> None:
        """Limit the choices to this plan; nothing to do where a form has none."""

    def values(self) -> dict[str, Any]:
        """Return what the actions take: every changeable value this form asks for."""
        return {k: v for k, v in self.cleaned_data.items() if k in CHANGEABLE[self._meta.model]}

    def _choices(self, name: str) -> forms.ModelChoiceField[Any]:
        return cast("forms.ModelChoiceField[Any]", self.fields[name])
