"""Forms of results: one unit with its note and proof, many units as a grid, a column pasted as text, a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doantracker.lib.text import search_key
from doantracker.lib.widgets import PlainSelect
from plans.actions.indicator_results import Given
from plans.enums import IndicatorKind
from plans.forms.evidence import checked_number
from plans.forms.seen import GREATEST, SeenForm
from plans.models import Indicator, IndicatorResult
from plans.pasting import fault_of_text, number_of, unambiguous
from plans.result_words import shown
from units.models import Unit

LONGEST_PASTE: Final = 100_000  # characters
#: The columns of each kind of indicator, in the order in which people copy them.
COLUMNS: Final = {
    IndicatorKind.NUMBER: ("value",),
    IndicatorKind.RATIO: ("numerator", "denominator"),
    IndicatorKind.LEVEL: ("level",),
}


def columns_of(indicator: Indicator) -> tuple[str, ...]:
    """Return what a person enters for one unit."""
    return COLUMNS[IndicatorKind(indicator.kind)]


def column_label(indicator: Indicator, column: str) -> str:
    """Return the heading of a column."""
    if column == "value":
        return f"{_('Figure')} ({indicator.unit_of_measure})" if indicator.unit_of_measure else _("Figure")
    return {"numerator": _("Reached"), "denominator": _("Of how many"), "level": _("Level")}[column]


class FigureField(forms.CharField):
    """A number in Vietnamese form; nothing is no figure."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": "decimal", "autocomplete": "off"}
        super().__init__(max_length=40, required=False, widget=forms.TextInput(attrs), **kwargs)

    def clean(self, value: Any) -> Any:
        """Return the number."""
        text = super().clean(value)
        if not text:
            return None
        number = number_of(text)
        if number is None:
            raise forms.ValidationError(fault_of_text(text))
        return number


class ResultForm(SeenForm):
    """The result of one unit: the figures of the indicator's kind, a note, a link or a document number as proof."""

    seen = "version"
    missing = gettext_lazy(
        "This page does not say which result you saw. Look at the result as it is now, then press the button again."
    )

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=GREATEST)
    note = forms.CharField(
        label=gettext_lazy("Note"), max_length=1000, required=False, widget=forms.Textarea({"rows": 2})
    )
    link = forms.URLField(
        label=gettext_lazy("Link to the proof"), max_length=500, required=False, assume_scheme="https"
    )
    document_number = forms.CharField(label=gettext_lazy("Or the number of a document"), max_length=60, required=False)

    def __init__(self, *args: Any, indicator: Indicator, stored: IndicatorResult | None, **kwargs: Any) -> None:
        initial: dict[str, Any] = {"version": stored.version if stored else 0}
        if stored:
            initial |= {name: getattr(stored, name) for name in ("note", "link", "document_number")}
            initial |= figures_of(indicator, stored)
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
        for column in columns_of(indicator):
            label = column_label(indicator, column)
            if column == "level":
                choices = [("", "–"), *((str(level.pk), level.name) for level in indicator.levels.all())]
                self.fields[column] = forms.ChoiceField(
                    label=label, choices=choices, required=False, widget=PlainSelect
                )
            else:
                self.fields[column] = FigureField(label=label)
        self.order_fields([*columns_of(indicator), "note", "link", "document_number"])

    def clean_document_number(self) -> str:
        """Refuse what is no number of a document, or one with a mark of secrecy."""
        number: str = self.cleaned_data["document_number"]
        return checked_number(number) if number else ""

    def given(self, unit: Unit) -> Given:
        """Return what was entered."""
        data = self.cleaned_data
        level = data.get("level")
        return Given(
            unit=unit,
            version=data["version"],
            value=data.get("value"),
            numerator=data.get("numerator"),
            denominator=data.get("denominator"),
            level_id=int(level) if level else None,
            note=data["note"],
            link=data["link"],
            document_number=data["document_number"],
        )


class ReasonForm(forms.Form):
    """Why a closed period is opened again."""

    reason = forms.CharField(
        label=gettext_lazy("Why it is reopened"), max_length=500, widget=forms.Textarea({"rows": 3})
    )


class PasteForm(forms.Form):
    """A column or a block copied from a spreadsheet."""

    pasted = forms.CharField(
        label=gettext_lazy("Column of figures"),
        max_length=LONGEST_PASTE,
        required=False,
        strip=False,
        widget=forms.Textarea({"rows": 6, "spellcheck": "false"}),
    )


def figures_of(indicator: Indicator, stored: IndicatorResult | None) -> dict[str, str]:
    """Return the figures of a stored result as they stand in fields."""
    if stored is None:
        return {}
    if indicator.kind == IndicatorKind.LEVEL:
        return {"level": str(stored.level_id or "")}
    numbers = {name: getattr(stored, name) for name in columns_of(indicator)}
    return {name: unambiguous(shown(number)) for name, number in numbers.items() if number is not None}


@dataclass(slots=True)
class GridCell:
    """One field of the grid."""

    name: str
    heading: str
    label: str
    text: str
    error: str = ""
    choices: Sequence[tuple[str, str]] = ()  # where one is chosen instead of typed


@dataclass(slots=True)
class GridRow:
    """One unit of the grid: its fields, what stands there already, what is wrong."""

    unit: Unit
    version: int
    cells: list[GridCell]
    was: str = ""
    error: str = ""
    changed: bool = False


@dataclass(slots=True)
class Grid:
    """The fields of many units, filled from what is stored, typed or pasted."""

    indicator: Indicator
    rows: list[GridRow] = field(default_factory=list)

    @property
    def headings(self) -> list[str]:
        """Return the headings of the columns."""
        return [column_label(self.indicator, column) for column in columns_of(self.indicator)]

    @property
    def wrong(self) -> int:
        """Return how many rows are marked."""
        return sum(bool(row.error) for row in self.rows)

    def given(self) -> list[Given]:
        """Return what was typed; a row that can't be read is marked."""
        found = []
        for row in self.rows:
            values: dict[str, Any] = {}
            for cell in row.cells:
                column, text = cell.name.split("-")[0], cell.text.strip()
                if column == "level":
                    values["level_id"] = int(text) if text.isdecimal() and len(text) < len(str(GREATEST)) else None
                    continue
                number = number_of(text) if text else None
                if text and number is None:
                    cell.error = row.error = fault_of_text(text)
                values[column] = number
            found.append(Given(unit=row.unit, version=row.version, **values))
        return found

    def mark(self, errors: Mapping[int, str]) -> None:
        """Mark the rows that were refused."""
        for row in self.rows:
            row.error = errors.get(row.unit.pk, row.error)


def grid_of(
    indicator: Indicator,
    units: Sequence[Unit],
    stored: Mapping[int, IndicatorResult],
    *,
    was: Mapping[int, str],
    typed: QueryDict | None = None,
    pasted: Mapping[int, Sequence[str]] | None = None,
) -> Grid:
    """Return the grid of `units`: what is stored, under it what was `typed`, or the figures `pasted`."""
    grid = Grid(indicator)
    headings = [(column, column_label(indicator, column)) for column in columns_of(indicator)]
    levels = {search_key(level.name): str(level.pk) for level in indicator.levels.all()}
    choices = [(str(level.pk), level.name) for level in indicator.levels.all()]
    for unit in units:
        result = stored.get(unit.pk)
        texts = figures_of(indicator, result)
        before = dict(texts)
        version = result.version if result else 0
        if typed is not None:
            texts = {column: typed.get(f"{column}-{unit.pk}", "")[:40] for column in columns_of(indicator)}
            version = _version(typed.get(f"version-{unit.pk}", ""), version)
        elif pasted and unit.pk in pasted:
            texts = dict(zip(columns_of(indicator), pasted[unit.pk], strict=True))
            if indicator.kind == IndicatorKind.LEVEL:
                texts = {"level": levels.get(search_key(texts["level"]), "")}
        cells = [
            GridCell(
                f"{column}-{unit.pk}", heading, f"{heading}, {unit.label}", texts.get(column, ""), choices=choices
            )
            for column, heading in headings
        ]
        changed = any(cell.text.strip() != before.get(cell.name.split("-")[0], "") for cell in cells)
        grid.rows.append(GridRow(unit, version, cells, was.get(unit.pk, ""), changed=changed))
    return grid


def _version(text: str, default: int) -> int:
    return int(text) if text.isdecimal() and len(text) < len(str(GREATEST)) else default


def units_typed(data: QueryDict) -> list[int]:
    """Return the keys of the units whose rows were sent."""
    keys = (name.removeprefix("version-") for name in data if name.startswith("version-"))
    return [int(key) for key in keys if key.isdecimal() and len(key) <= len(str(GREATEST))]
