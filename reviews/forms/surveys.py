"""Forms of a survey: preparing it, what is asked, finishing, the report, what one unit answers, the grid of many."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doantracker.lib.widgets import PlainDate, PlainSelect
from plans.filters import plan_choices
from plans.forms.directives import DraftSeenForm
from plans.forms.evidence import FilesField
from plans.forms.indicator_results import FigureField, GridCell, GridRow
from plans.forms.seen import GREATEST, SeenForm
from plans.forms.units import UnitNamesField
from plans.models import Indicator, Plan
from plans.pasting import fault_of_text, number_of, unambiguous
from plans.resolving import UnitNames
from plans.result_words import shown
from plans.rights import units_serving
from plans.validators import limited_text, sane_day
from reviews.actions.survey_answers import GREATEST_COUNT, Said, UnitSaid
from reviews.actions.surveys import MOST_WORKING_DAYS, PERCENT
from reviews.enums import SAID_OUTLOOK
from reviews.forms.papers import PaperForm, number_field
from reviews.models import Survey, SurveyAnswer, SurveyIndicator, SurveyUnit
from reviews.models.survey import LONGEST_NOTE
from units.models import Unit, UnitKind, User

OUTLOOKS = [(o.value, o.label) for o in SAID_OUTLOOK]
LONGEST_QUESTION, LONGEST_FREE = 1000, 20_000


def _day(label: Any, **kwargs: Any) -> forms.DateField:
    help_text = kwargs.pop("help_text", gettext_lazy("dd/mm/yyyy"))
    return forms.DateField(label=label, help_text=help_text, widget=PlainDate, validators=[sane_day], **kwargs)


class SurveyForm(DraftSeenForm):
    """A survey as it is prepared. A new one: no version."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=300)
    purpose = forms.CharField(
        label=gettext_lazy("Purpose"), required=False, validators=[limited_text], widget=forms.Textarea({"rows": 3})
    )
    period_start = _day(gettext_lazy("Period: from"))
    period_end = _day(gettext_lazy("Period: to"))
    answer_by = _day(gettext_lazy("Units answer by"))
    lead_unit: Any = forms.ModelChoiceField(queryset=None, label=gettext_lazy("Conducted by"), empty_label=None)
    plan = forms.ChoiceField(
        label=gettext_lazy("Plan whose indicators are asked about"),
        required=False,
        widget=PlainSelect,
        help_text=gettext_lazy("All its indicators are asked at first; then choose among them and add your own."),
    )
    units = UnitNamesField(label=gettext_lazy("Units asked"), required=False)
    kinds: Any = forms.ModelMultipleChoiceField(
        queryset=None,
        label=gettext_lazy("Every unit of these kinds"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self, *args: Any, unit: Unit, user: User, today: dt.date, survey: Survey | None = None, **kwargs: Any
    ) -> None:
        kwargs["initial"] = self._initial_of(survey) if survey else {"lead_unit": unit.pk}
        super().__init__(*args, **kwargs)
        self.unit, self.user, self.today = unit, user, today
        self.fields["version"].required = survey is not None
        lead: Any = self.fields["lead_unit"]
        lead.queryset = units_serving(unit, today)
        plan: Any = self.fields["plan"]
        chosen = str(self.data.get("plan", "") or self.initial.get("plan") or "")
        plan.choices = [("", _("None")), *plan_choices(user, chosen)]
        kinds: Any = self.fields["kinds"]
        kinds.queryset = UnitKind.objects.filter(pk__in=self._below().order_by().values("kind"))
        self.names = UnitNames.below(unit, today)
        units: Any = self.fields["units"]
        units.names = self.names

    @staticmethod
    def _initial_of(survey: Survey) -> dict[str, Any]:
        names = ("title", "purpose", "period_start", "period_end", "answer_by", "version")
        units = [row.unit for row in survey.units.select_related("unit")]
        return {name: getattr(survey, name) for name in names} | {
            "lead_unit": survey.lead_unit_id, "plan": survey.plan_id, "units": units
        }  # fmt: skip

    def _below(self) -> Any:
        return Unit.objects.below(self.unit).in_force(self.today).exclude(pk=self.unit.pk)

    def clean_plan(self) -> Plan | None:
        """Return the plan chosen, one that the person sees."""
        chosen = self.cleaned_data["plan"]
        return Plan.objects.visible_to(self.user).get(pk=chosen) if chosen else None

    def clean(self) -> dict[str, Any]:
        """Ask for days in order and for somebody to ask."""
        facts = super().clean()
        first, last = facts.get("period_start"), facts.get("period_end")
        if first and last and first > last:
            self.add_error("period_end", _("The last day lies before the first. Correct one of the two days."))
        if not facts.get("units") and not facts.get("kinds") and "units" not in self.errors:
            self.add_error("units", _("Name the units that are asked, or tick their kinds."))
        return facts

    def facts(self) -> dict[str, Any]:
        """Return the values that the acts take."""
        names = ("title", "purpose", "period_start", "period_end", "answer_by", "lead_unit", "plan")
        return {name: self.cleaned_data[name] for name in names}

    def asked(self) -> list[Unit]:
        """Return the units named and those of the kinds ticked, each once."""
        of_kinds = self._below().filter(kind__in=self.cleaned_data["kinds"]) if self.cleaned_data["kinds"] else ()
        return list(dict.fromkeys([*self.cleaned_data["units"], *of_kinds]))


class QuestionsForm(DraftSeenForm):
    """What a survey asks about."""

    indicators: Any = forms.ModelMultipleChoiceField(
        queryset=None,
        label=gettext_lazy("Indicators of the plan"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    free = forms.CharField(
        label=gettext_lazy("Other indicators"),
        required=False,
        max_length=LONGEST_FREE,
        widget=forms.Textarea({"rows": 6}),
        help_text=gettext_lazy(
            "One a line; behind a bar its unit of measure, such as “Youth works carried out | works”. "
            "Without one units answer in percent."
        ),
    )

    def __init__(self, *args: Any, survey: Survey, **kwargs: Any) -> None:
        asked = list(survey.questions.all())
        kwargs["initial"] = {
            "version": survey.version,
            "indicators": [q.indicator_id for q in asked if q.indicator_id],
            "free": "\n".join(_line(q) for q in asked if not q.indicator_id),
        }
        super().__init__(*args, **kwargs)
        field: Any = self.fields["indicators"]
        field.queryset = Indicator.objects.filter(plan=survey.plan_id).order_by("ordinal")
        if survey.plan_id is None:
            del self.fields["indicators"]

    def clean_free(self) -> list[tuple[str, str]]:
        """Return words and unit of measure of each line."""
        found = []
        for line in self.cleaned_data["free"].splitlines():
            text, _bar, measure = line.partition("|")
            if not text.strip():
                continue
            if len(text) > LONGEST_QUESTION:
                raise forms.ValidationError(
                    _("A line is longer than %(most)d characters: “%(text)s …”. Shorten it.")
                    % {"most": LONGEST_QUESTION, "text": text[:40]}
                )
            found.append((text.strip(), measure.strip()))
        return found


class FinishForm(DraftSeenForm):
    """By when the report is owed."""

    due = _day(gettext_lazy("The report is owed by"), required=False)
    working_days = forms.IntegerField(
        label=gettext_lazy("Or within so many working days"), required=False, min_value=1, max_value=MOST_WORKING_DAYS
    )

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two."""
        facts = super().clean()
        if not self.errors and (facts.get("due") is None) == (facts.get("working_days") is None):
            raise forms.ValidationError(_("Say by when the report is owed: a day, or a number of working days."))
        return facts


class ReportForm(DraftSeenForm, PaperForm):
    """The thematic report: what it says in short, its file or its number."""

    text = forms.CharField(
        label=gettext_lazy("What the survey shows"),
        validators=[limited_text],
        widget=forms.Textarea({"rows": 6}),
    )
    document_number = number_field()
    upload = FilesField(label=gettext_lazy("The report"), required=False)

    def clean(self) -> dict[str, Any]:
        """Ask for the paper itself."""
        facts = super().clean()
        if not self.errors and not (facts.get("upload") or facts.get("document_number")):
            self.add_error("upload", _("Attach the report, or give its number."))
        return facts


class AnswerForm(SeenForm):
    """What one unit says: of each indicator completion, outlook and a note; the two counts."""

    seen = "version"
    missing = gettext_lazy(
        "This page does not say which answers you saw. Look at them as they are now, then press the button again."
    )

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=GREATEST)
    ideas_supported = forms.IntegerField(
        label=gettext_lazy("Ideas and initiatives supported in practice"),
        required=False,
        min_value=0,
        max_value=GREATEST_COUNT,
    )
    ideas_commended = forms.IntegerField(
        label=gettext_lazy("Ideas commended"), required=False, min_value=0, max_value=GREATEST_COUNT
    )

    def __init__(
        self,
        *args: Any,
        row: SurveyUnit,
        questions: Sequence[SurveyIndicator],
        answers: Mapping[int, SurveyAnswer],
        **kwargs: Any,
    ) -> None:
        kwargs["initial"] = {n: getattr(row, n) for n in ("version", "ideas_supported", "ideas_commended")}
        super().__init__(*args, **kwargs)
        self.questions = questions
        for question in questions:
            answer = answers.get(question.pk)
            self._add(question, answer)

    def _add(self, question: SurveyIndicator, answer: SurveyAnswer | None) -> None:
        completion, outlook, note = (f"{name}-{question.pk}" for name in ("completion", "outlook", "note"))
        self.fields[completion] = FigureField(label=_("Completion (%(measure)s)") % {"measure": question.measure})
        self.fields[outlook] = forms.ChoiceField(
            label=_("Outlook"), choices=OUTLOOKS, required=False, widget=forms.RadioSelect
        )
        self.fields[note] = forms.CharField(
            label=_("Note"), required=False, max_length=LONGEST_NOTE, widget=forms.Textarea({"rows": 1})
        )
        if answer:
            number = answer.completion
            self.initial[completion] = "" if number is None else unambiguous(shown(number))
            self.initial[outlook], self.initial[note] = answer.outlook, answer.note

    def said(self, row: SurveyUnit) -> UnitSaid:
        """Return what was entered."""
        data = self.cleaned_data
        answers = {
            q.pk: Said(data[f"completion-{q.pk}"], data[f"outlook-{q.pk}"], data[f"note-{q.pk}"])
            for q in self.questions
        }
        ideas = (data["ideas_supported"], data["ideas_commended"])
        return UnitSaid(row.unit_id, data["version"], answers, ideas)


class SurveyGrid:
    """One indicator in many units, as fields: completion and outlook."""

    def __init__(self, question: SurveyIndicator, rows: Sequence[SurveyUnit], results: Mapping[int, str]) -> None:
        """Fill the fields with what is stored; `results`: what the unit gave to the indicator last, by unit."""
        self.question, self.surveyed = question, rows
        self.headings = [_("Completion (%(measure)s)") % {"measure": question.measure}, _("Outlook")]
        stored = {a.surveyed_id: a for a in SurveyAnswer.objects.filter(question=question, surveyed__in=rows)}
        self.rows = [self._row(row, stored.get(row.pk), results.get(row.unit_id, "")) for row in rows]

    def _row(self, row: SurveyUnit, answer: SurveyAnswer | None, was: str) -> GridRow:
        number = answer.completion if answer else None
        texts = ("" if number is None else unambiguous(shown(number)), answer.outlook if answer else "")
        names = (f"completion-{row.unit_id}", f"outlook-{row.unit_id}")
        cells = [
            GridCell(name, heading, f"{heading}, {row.unit.label}", text)
            for name, heading, text in zip(names, self.headings, texts, strict=True)
        ]
        cells[1].choices = [(value, str(label)) for value, label in OUTLOOKS]
        return GridRow(row.unit, row.version, cells, was)

    def type(self, data: QueryDict) -> None:
        """Take what was typed, with the version that was seen."""
        for row in self.rows:
            version = data.get(f"version-{row.unit.pk}", "")
            row.version = int(version) if version.isdecimal() and len(version) < len(str(GREATEST)) else 0
            for cell in row.cells:
                cell.text = data.get(cell.name, "")[:40].strip()

    def paste(self, figures: Mapping[int, Sequence[str]]) -> None:
        """Put pasted figures into the fields, which nobody has saved yet."""
        for row in self.rows:
            text = figures.get(row.unit.pk, (row.cells[0].text,))[0]
            row.changed = text != row.cells[0].text
            row.cells[0].text = text

    def said(self) -> list[UnitSaid]:
        """Return what was typed; a row that can't be read is marked."""
        found = []
        for row in self.rows:
            text, outlook = (cell.text for cell in row.cells)
            number = number_of(text) if text else None
            if text and number is None:
                row.cells[0].error = row.error = fault_of_text(text)
            found.append(UnitSaid(row.unit.pk, row.version, {self.question.pk: Said(number, outlook)}))
        return found

    def mark(self, errors: Mapping[int, str]) -> None:
        """Mark the rows that were refused."""
        for row in self.rows:
            row.error = errors.get(row.unit.pk, row.error)

    @property
    def wrong(self) -> bool:
        """Return whether a row is marked."""
        return any(row.error for row in self.rows)


def _line(question: SurveyIndicator) -> str:
    return question.text if question.measure == PERCENT else f"{question.text} | {question.measure}"
