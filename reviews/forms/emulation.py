"""Setting a score sheet up, own points, checked points, objections."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plans.forms.numbers import WrittenNumberField
from plans.forms.seen import GREATEST
from plans.validators import FIRST_YEAR, LAST_YEAR, LONGEST_TEXT
from reviews.actions.emulation import Content
from reviews.emulation import COUNTED, STANDARD_BANDS
from reviews.enums import EmulationCriterionKind
from reviews.models import EmulationSheet
from units.models import Unit, UnitKind

BANDS: Final = 6
JUDGED: Final = 8
MOST_POINTS: Final = 1000
MOST_FAILED: Final = 99
REPORTS_NAME: Final = "Thực hiện đầy đủ, đúng hạn chế độ thông tin báo cáo"


def _points(label: Any, **kwargs: Any) -> forms.DecimalField:
    return WrittenNumberField(
        label=label, min_value=0, max_value=MOST_POINTS, max_digits=5, decimal_places=1, **kwargs
    )


class SheetForm(forms.Form):
    """A sheet: the bands of the reports and the judged criteria as rows; empty rows are left out."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR, localize=False)
    unit_kinds: Any = forms.ModelMultipleChoiceField(
        queryset=UnitKind.objects.none(),
        label=gettext_lazy("Units that are scored: every one of these kinds"),
        widget=forms.CheckboxSelectMultiple,
    )
    reports = forms.CharField(
        label=gettext_lazy("Criterion counted from the reports"), max_length=300, initial=REPORTS_NAME
    )
    late_counts = forms.BooleanField(
        label=gettext_lazy("A late report counts like a missing one"), required=False, initial=True
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=GREATEST)

    def __init__(self, *args: Any, unit: Unit, sheet: EmulationSheet | None = None, **kwargs: Any) -> None:
        shown = kwargs.pop("initial", {})
        kwargs["initial"] = {**(_initial_of(sheet) if sheet else _usual()), **shown}
        super().__init__(*args, **kwargs)
        below = Unit.objects.below(unit).exclude(pk=unit.pk).order_by()
        self.fields["unit_kinds"].queryset = UnitKind.objects.filter(pk__in=below.values("kind"))  # type: ignore[attr-defined]
        for n in range(BANDS):
            self.fields[f"points_{n}"] = _points(_("Points"), required=False, widget=_small())
            for period in COUNTED:
                self.fields[f"{period}_{n}"] = forms.IntegerField(
                    label=PERIODS[period], required=False, min_value=0, max_value=MOST_FAILED, widget=_small()
                )
        for n in range(JUDGED):
            self.fields[f"name_{n}"] = forms.CharField(
                label=_("Criterion"), required=False, max_length=300, widget=forms.TextInput({"class": "form-control"})
            )
            self.fields[f"most_{n}"] = _points(_("Most points"), required=False, widget=_small())

    @property
    def plain_fields(self) -> Iterator[Any]:
        """Yield the fields before the tables."""
        for name in ("title", "year", "unit_kinds", "reports", "late_counts"):
            yield self[name]

    @property
    def band_rows(self) -> Iterator[list[Any]]:
        """Yield the fields of each band."""
        for n in range(BANDS):
            yield [self[f"points_{n}"], *(self[f"{period}_{n}"] for period in COUNTED)]

    @property
    def judged_rows(self) -> Iterator[tuple[Any, Any]]:
        """Yield the fields of each judged criterion."""
        for n in range(JUDGED):
            yield self[f"name_{n}"], self[f"most_{n}"]

    def clean(self) -> dict[str, Any]:
        """Ask for the points of a named criterion and the name of a scored one."""
        data = super().clean() or {}
        for n in range(JUDGED):
            name, most = data.get(f"name_{n}"), data.get(f"most_{n}")
            if name and not most and f"most_{n}" not in self.errors:
                self.add_error(f"most_{n}", _("Say how many points it gives at most."))
            if most and not name:
                self.add_error(f"name_{n}", _("Name the criterion."))
        return data

    def content(self) -> Content:
        """Return the sheet as the acts take it."""
        data = self.cleaned_data
        bands = [
            (data[f"points_{n}"], *(data[f"{period}_{n}"] or 0 for period in COUNTED))
            for n in range(BANDS)
            if data[f"points_{n}"] is not None
        ]
        judged = [(data[f"name_{n}"], data[f"most_{n}"]) for n in range(JUDGED) if data[f"name_{n}"]]
        plain = {name: data[name] for name in ("title", "year", "reports", "late_counts")}
        return Content(unit_kinds=list(data["unit_kinds"]), bands=bands, judged=judged, **plain)


class OwnPointsForm(forms.Form):
    """What a unit gives itself, in the version that was seen."""

    own_points = _points(gettext_lazy("Own points"))
    proof = forms.CharField(
        label=gettext_lazy("Proof: number and date of the document"),
        max_length=300,
        help_text=gettext_lazy("Such as: Báo cáo số 15-BC/ĐTN ngày 20/11/2026."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=GREATEST)


class CheckedPointsForm(forms.Form):
    """The points after checking, in the version that was seen."""

    checked_points = _points(gettext_lazy("Checked points"))
    note = forms.CharField(label=gettext_lazy("Note"), max_length=300, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=GREATEST)


class DisputeForm(forms.Form):
    """An objection to points."""

    text = forms.CharField(
        label=gettext_lazy("What is wrong, and which document shows it"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 3}),
    )


class SettleForm(forms.Form):
    """How an objection is settled."""

    points = _points(
        gettext_lazy("Points after settling"), required=False, help_text=gettext_lazy("Empty: they stay.")
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 3}))


PERIODS: Final = {
    "month": gettext_lazy("Monthly ones that fail"),
    "quarter": gettext_lazy("Quarterly ones that fail"),
    "half_year": gettext_lazy("Half-yearly ones that fail"),
    "year": gettext_lazy("Yearly ones that fail"),
}


def _small() -> forms.TextInput:
    return forms.TextInput({"class": "form-control", "inputmode": "decimal", "size": 4})


def _usual() -> dict[str, Any]:
    """Return the bands that score sheets usually have."""
    found: dict[str, Any] = {}
    for n, (points, *limits) in enumerate(STANDARD_BANDS):
        found[f"points_{n}"] = Decimal(points)
        found |= {f"{period}_{n}": limit for period, limit in zip(COUNTED, limits, strict=True)}
    return found


def _initial_of(sheet: EmulationSheet) -> dict[str, Any]:
    """Return the present values of a sheet."""
    found: dict[str, Any] = {name: getattr(sheet, name) for name in ("title", "year", "version")}
    found["unit_kinds"] = list(sheet.unit_kinds.all())
    judged = 0
    for criterion in sheet.criteria.prefetch_related("bands"):
        if criterion.kind == EmulationCriterionKind.JUDGED:
            found |= {f"name_{judged}": criterion.name, f"most_{judged}": criterion.most}
            judged += 1
            continue
        found |= {"reports": criterion.name, "late_counts": criterion.late_counts}
        for n, band in enumerate(criterion.bands.all()):
            found[f"points_{n}"] = band.points
            found |= {f"{period}_{n}": getattr(band, period) for period in COUNTED}
    return found
