"""Form fields in which a person names units by their names: a list of hundreds of units is no choice list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plans.resolving import Match, UnitNames
from units.models import Unit

DATALIST = "unit-names"  # id of the <datalist>; a page with several forms gives each its own
MOST_OFFERED = 300
MOST_NAMED = 500


class UnitNameField(forms.CharField):
    """One unit by name. Its form sets `names`, which limits the units to those the form may give work to."""

    widget = forms.TextInput(attrs={"list": DATALIST, "autocomplete": "off"})
    names: UnitNames

    def __init__(self, *, must_lead: bool = False, **kwargs: Any) -> None:
        self.must_lead = must_lead
        super().__init__(max_length=300, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Return the name for the id of a unit, what was typed as it is."""
        return _label(self.names, value) if isinstance(value, int | Unit) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Return whether another name stands in the field than the one it was shown with."""
        return bool((self.prepare_value(initial) or "") != (data or "").strip())

    def clean(self, value: Any) -> Any:  # a CharField gives text; this one gives a unit
        """Return the unit or None."""
        text = super().clean(value)
        if not text:
            return None
        unit = _found(self.names.find(text), text, self.names)
        if self.must_lead and not unit.kind.may_lead:
            raise ValidationError(_("Units of the kind of “%(name)s” don't lead. Name another unit.") % {"name": text})
        return unit


class UnitNamesField(forms.CharField):
    """Several units by name, one a line; an error names its line."""

    widget = forms.Textarea(attrs={"rows": 3, "data-add-unit": DATALIST})
    names: UnitNames

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", gettext_lazy("One unit a line."))
        super().__init__(max_length=MOST_NAMED * 100, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Return one name a line for units or their ids, what was typed as it is."""
        if isinstance(value, str) or value is None:
            return value
        return "\n".join(_label(self.names, v) for v in value)

    def clean(self, value: Any) -> Any:  # a CharField gives text; this one gives units
        """Return the units, each once, in the order of the lines."""
        lines = [line.strip() for line in super().clean(value).splitlines()]
        if len(lines) > MOST_NAMED:
            raise ValidationError(_("Name at most %(most)d units, one a line.") % {"most": MOST_NAMED})
        units: list[Unit] = []
        errors: list[ValidationError] = []
        for number, line in enumerate(lines, start=1):
            if not line:
                continue
            try:
                units.append(_found(self.names.find(line), line, self.names))
            except ValidationError as error:
                errors.append(
                    ValidationError(_("Line %(number)d: %(message)s") % {"number": number, "message": error.message})
                )
        if errors:
            raise ValidationError(errors)
        return list(dict.fromkeys(units))


def offered(names: UnitNames) -> list[str]:
    """Return the names for the page's <datalist>."""
    return names.choices(MOST_OFFERED)


def _label(names: UnitNames, value: Any) -> str:
    unit = value if isinstance(value, Unit) else names.by_id(value) or Unit.objects.filter(pk=value).first()
    return names.label(unit) if unit else ""


def _found(match: Match, text: str, names: UnitNames) -> Unit:
    """Return the one unit that was meant, or say what to write instead."""
    if match.unit:
        return match.unit
    if match.units:
        options = ", ".join(f"{u.name} ({u.code})" for u in match.units[:5])
        raise ValidationError(
            _("Several units are called “%(name)s”. Write one of: %(options)s.") % {"name": text, "options": options}
        )
    near = ", ".join(f"“{names.label(u)}”" for u in names.near(text))
    if near:
        message = _("No unit is called “%(name)s”. Is one of these meant: %(near)s?")
        raise ValidationError(message % {"name": text, "near": near})
    raise ValidationError(
        _("No unit below the issuing unit is called “%(name)s”. Write its name as on its page.") % {"name": text}
    )
