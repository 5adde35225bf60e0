"""Filters of the plan and deadline lists. Every choice is limited to what the person sees."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import django_filters as filters
from django import forms
from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from doantracker.lib.widgets import PlainDate, PlainNumber, PlainSearch, PlainSelect
from plans.enums import (
    ActivityState,
    AnswerState,
    Decision,
    DirectiveKind,
    LeadState,
    Origin,
    PlanKind,
    PlanStatus,
    ShortcomingState,
    Status,
    TimeState,
)
from plans.gap_kinds import DEADLINE_GAPS, KINDS
from plans.models import (
    Activity,
    Deadline,
    Difficulty,
    Directive,
    Evidence,
    Extension,
    Field,
    Plan,
    Shortcoming,
    SolutionShortcoming,
)
from plans.statistics import COUNTED_FIGURES, NOW, THEN, as_of, condition_of, due_between
from units.access import paths_with
from units.models import Unit, User
from units.permissions import Permission

PLANS_OFFERED = 100
YEARS: Final = range(1975, 2101)
EVIDENCE = (("with", _("With evidence")), ("without", _("Without evidence")))
#: Kinds of gaps whose rows are deadlines.
GAPS = tuple((kind.code, kind.title) for kind in KINDS if kind.filter)
#: What tells which number a person came from.
COUNTED_BY: Final[dict[str, tuple[tuple[str, str | Promise], ...]]] = {
    "figure": COUNTED_FIGURES,
    "evidence": EVIDENCE,
    "gap": GAPS,
}
CHARGES = (("overseen", _("Solutions I look after")), ("all", _("All in my charge")))
WHOSE = (("mine", _("My own work")), ("units", _("My units and those below")))


def unit_choices(user: User, chosen: str = "") -> list[tuple[str, str]]:
    """Return the tops of what `user` sees, their direct children, and the unit already `chosen`; one query.

    Branches are reached from their unit's page: a list of thousands helps nobody.
    """
    tops = paths_with(user, Permission.VIEW)
    deepest = max((len(p) // Unit.steplen for p in tops), default=0) + 1
    visible = Unit.objects.visible_to(user)
    wanted = visible.filter(depth__lte=deepest)
    if chosen.isdecimal():
        wanted = wanted | visible.filter(pk=int(chosen[:18]))
    rows = wanted.values_list("pk", "name", "depth")
    top = min((len(p) // Unit.steplen for p in tops), default=1)
    return [(str(pk), "\u2003" * max(depth - top, 0) + name) for pk, name, depth in rows]


class UnitSubtreeFilter(filters.ChoiceFilter):
    """Rows of one unit and everything below it."""

    def __init__(self, *, path: str, **kwargs: Any) -> None:
        super().__init__(widget=PlainSelect, empty_label=_("All units"), **kwargs)
        self.path = path

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        """Narrow to the path range of the unit; the form has refused every unit the person does not see."""
        if not value:
            return qs
        unit = Unit.objects.get(pk=value)
        return qs.filter(**{f"{self.path}__range": (unit.path, unit.path_end)})


def _hidden_number(field: str) -> filters.NumberFilter:
    """Return a filter by the id of a record, which no person types."""
    return filters.NumberFilter(field_name=field, min_value=1, max_value=2**53, widget=forms.HiddenInput)


class OwnFilterSet(filters.FilterSet):
    """A filter set that knows the person and the day."""

    def __init__(self, data: Any, *, queryset: QuerySet[Any], user: User, today: dt.date) -> None:
        super().__init__(data, queryset=queryset)
        self.user, self.today = user, today
        self.filters["unit"].extra["choices"] = unit_choices(user, str((data or {}).get("unit", "")))

    def by_words(self, queryset: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Keep the rows that hold every word, with or without accents."""
        return queryset.matching(value)  # type: ignore[attr-defined]  # every queryset here has it


class DeadlineFilter(OwnFilterSet):
    """Text, whose, unit with all below, time state, status, plan, due between."""

    q = filters.CharFilter(method="by_words", label=_("Words"), widget=PlainSearch)
    unit = UnitSubtreeFilter(path="unit_path", label=_("Unit"), choices=[])
    own = filters.BooleanFilter(
        method="by_own",
        label=_("Without the units below"),
        widget=forms.CheckboxInput({"class": "form-check-input"}),
    )
    state = filters.ChoiceFilter(
        method="by_state", choices=TimeState.choices, label=_("Time state"), empty_label=_("Any"), widget=PlainSelect
    )
    status = filters.ChoiceFilter(choices=Status.choices, label=_("Status"), empty_label=_("Any"), widget=PlainSelect)
    plan = filters.ChoiceFilter(
        field_name="plan", label=_("Plan"), empty_label=_("All plans"), choices=[], widget=PlainSelect
    )
    schedule = filters.NumberFilter(
        field_name="schedule", min_value=1, max_value=2**53, widget=forms.HiddenInput
    )  # from the matrix
    occurrence = filters.CharFilter(max_length=12, widget=forms.HiddenInput)  # from a commitment and the timeline
    whose = filters.ChoiceFilter(
        method="by_whose", choices=WHOSE, label=_("Whose"), empty_label=_("Everything I see"), widget=PlainSelect
    )
    due_from = filters.DateFilter(method="by_due", label=_("Due from"), widget=PlainDate)
    due_to = filters.DateFilter(method="by_due", label=_("Due to"), widget=PlainDate)
    # from the statistics: the same rows as were counted there
    undated = filters.BooleanFilter(method="as_it_is", widget=forms.HiddenInput)
    as_of = filters.DateFilter(method="by_day", widget=forms.HiddenInput)
    # from the overview pages
    kind = filters.ChoiceFilter(field_name="plan__kind", choices=PlanKind.choices, widget=forms.HiddenInput)
    field = filters.NumberFilter(method="by_field", min_value=1, max_value=2**53, widget=forms.HiddenInput)
    issuer = filters.NumberFilter(
        field_name="plan__issuing_unit", min_value=1, max_value=2**53, widget=forms.HiddenInput
    )
    charge = filters.ChoiceFilter(method="by_charge", choices=CHARGES, widget=forms.HiddenInput)
    figure = filters.ChoiceFilter(method="by_figure", choices=COUNTED_FIGURES, widget=forms.HiddenInput)
    # from coverage, gaps and priority tasks
    solution = _hidden_number("solution")
    shortcoming = _hidden_number("solution__shortcomings")
    task = _hidden_number("solution__priority_tasks")
    answering = filters.BooleanFilter(method="by_answering", widget=forms.HiddenInput)
    evidence = filters.ChoiceFilter(method="by_evidence", choices=EVIDENCE, widget=forms.HiddenInput)
    gap = filters.ChoiceFilter(method="by_gap", choices=GAPS, widget=forms.HiddenInput)

    class Meta:
        model = Deadline
        fields: tuple[str, ...] = ()

    def __init__(self, data: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.filters["plan"].extra["choices"] = plan_choices(self.user, str((data or {}).get("plan", "")))

    def by_own(self, queryset: QuerySet[Any], _name: str, value: bool) -> QuerySet[Any]:  # noqa: FBT001  # a filter's value
        """Keep the rows of the chosen unit itself."""
        unit = str(self.data.get("unit", ""))
        return queryset.filter(unit=unit) if value and unit.isdecimal() else queryset

    def by_due(self, queryset: QuerySet[Any], name: str, value: dt.date) -> QuerySet[Any]:
        """Keep what is due from or to a day; with `undated` also what has no day."""
        return queryset.filter(due_between(**{name: value}, undated=bool(self.form.cleaned_data.get("undated"))))

    def as_it_is(self, queryset: QuerySet[Any], _name: str, _value: Any) -> QuerySet[Any]:
        """Narrow nothing: another filter or the page reads this value."""
        return queryset

    def by_day(self, queryset: QuerySet[Any], _name: str, value: dt.date) -> QuerySet[Any]:
        """Read the rows as they were on an earlier day."""
        return as_of(queryset, value) if value < self.today else queryset

    def by_figure(self, queryset: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Keep the rows counted in one figure of the statistics."""
        day = min(self.form.cleaned_data.get("as_of") or self.today, self.today)
        return queryset.filter(condition_of(value, day, THEN if day < self.today else NOW))

    def by_answering(self, queryset: QuerySet[Any], _name: str, value: bool) -> QuerySet[Any]:  # noqa: FBT001  # a filter's value
        """Keep the work that answers some shortcoming, or none."""
        answers = Exists(SolutionShortcoming.objects.filter(solution=OuterRef("solution")))
        return queryset.filter(answers if value else ~answers)

    def by_evidence(self, queryset: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Keep the rows that have evidence, or none."""
        proven = Exists(Evidence.objects.current().filter(deadline=OuterRef("pk")))
        return queryset.filter(proven if value == "with" else ~proven)

    def by_gap(self, queryset: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Keep the rows behind a kind of gap, in the plans the person runs: those counted on the page of gaps."""
        plans = Plan.objects.managed_by(self.user).filter(status=PlanStatus.PUBLISHED)
        return queryset.filter(DEADLINE_GAPS[value](self.today), plan__in=plans)

    @property
    def counted(self) -> str:
        """Return which figure these rows stand behind, in words; empty for an ordinary list."""
        chosen = self.form.cleaned_data if self.is_bound and self.is_valid() else {}
        label = ", ".join(str(dict(choices)[chosen[name]]) for name, choices in COUNTED_BY.items() if chosen.get(name))
        if not label:
            return ""
        day = chosen.get("as_of")
        if not day or day >= self.today:
            return label
        return gettext("%(figure)s, as of %(day)s; the rows show how things stand today.") % {
            "figure": label,
            "day": f"{day:%d/%m/%Y}",
        }

    @property
    def narrowed(self) -> list[str]:
        """Return what the overview narrowed these rows by, in words: the page shows no field for it."""
        chosen = self.form.cleaned_data if self.is_bound and self.is_valid() else {}
        words = []
        if chosen.get("kind"):
            words.append(str(PlanKind(chosen["kind"]).label))
        if chosen.get("field"):
            words += Field.objects.visible_to(self.user).filter(pk=chosen["field"]).values_list("name", flat=True)
        if chosen.get("issuer"):
            issuers = Plan.objects.visible_to(self.user).filter(issuing_unit=chosen["issuer"])
            words += issuers.order_by().values_list("issuing_unit__name", flat=True)[:1]
        if chosen.get("charge"):
            words.append(str(dict(CHARGES)[chosen["charge"]]))
        return words

    def by_field(self, queryset: QuerySet[Any], _name: str, value: Any) -> QuerySet[Any]:
        """Keep the work that answers shortcomings of one field."""
        return queryset.in_field(int(value))  # type: ignore[attr-defined]  # ours

    def by_charge(self, queryset: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Keep the work of solutions the person looks after, or all that was put in the person's charge."""
        rows: Any = queryset
        return rows.overseen_by(self.user) if value == "overseen" else rows.in_charge_of(self.user, self.today)

    def by_state(self, queryset: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Keep the rows in one time state."""
        return queryset.in_time_state(value, self.today, settings.DUE_SOON_DAYS)  # type: ignore[attr-defined]  # ours

    def by_whose(self, queryset: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Keep what the person's very own units owe, or what the units of their posts and oversight owe."""
        rows: Any = queryset
        return rows.owed_by_units_of(self.user) if value == "mine" else rows.of_units_of(self.user, self.today)


class CalendarFilter(DeadlineFilter):
    """The filters of the calendar: plan, unit with all below, whose, time state. `view` and `day` stay as they are."""

    q = own = status = schedule = occurrence = due_from = due_to = undated = as_of = figure = None
    kind = field = issuer = charge = None
    solution = shortcoming = task = answering = evidence = gap = None
    view = filters.CharFilter(method="as_it_is", widget=forms.HiddenInput)
    day = filters.CharFilter(method="as_it_is", widget=forms.HiddenInput)


class ConfirmationFilter(DeadlineFilter):
    """The filters of the queue of results: text, unit with all below, plan, due between."""

    own = state = status = schedule = occurrence = whose = undated = as_of = figure = None
    kind = field = issuer = charge = None
    solution = shortcoming = task = answering = evidence = gap = None


class RequestFilter(OwnFilterSet):
    """What both queues ask for: text, unit with all below, plan, and what waits for the person itself."""

    q = filters.CharFilter(method="by_words", label=_("Words"), widget=PlainSearch)
    unit = UnitSubtreeFilter(path="deadline__unit_path", label=_("Unit"), choices=[])
    plan = filters.ChoiceFilter(
        field_name="deadline__plan", label=_("Plan"), empty_label=_("All plans"), choices=[], widget=PlainSelect
    )
    mine = filters.BooleanFilter(
        method="by_mine", label=_("Waiting for me"), widget=forms.CheckboxInput({"class": "form-check-input"})
    )
    # from the overview: what waits, at any desk or at that of one unit
    waiting = filters.BooleanFilter(method="by_waiting", widget=forms.HiddenInput)
    desk = filters.NumberFilter(method="by_desk", min_value=1, max_value=2**53, widget=forms.HiddenInput)

    def __init__(self, data: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.filters["plan"].extra["choices"] = plan_choices(self.user, str((data or {}).get("plan", "")))

    def by_mine(self, queryset: QuerySet[Any], _name: str, value: bool) -> QuerySet[Any]:  # noqa: FBT001  # a filter's value
        """Keep what the person itself answers or decides."""
        return queryset.waiting_for(self.user) if value else queryset  # type: ignore[attr-defined]  # both have it

    def by_waiting(self, queryset: QuerySet[Any], _name: str, value: bool) -> QuerySet[Any]:  # noqa: FBT001  # a filter's value
        """Keep what waits for somebody's answer."""
        return queryset.waiting() if value else queryset  # type: ignore[attr-defined]  # both have it

    def by_desk(self, queryset: QuerySet[Any], _name: str, value: Any) -> QuerySet[Any]:
        """Keep what waits for the answer of one unit."""
        return queryset.waiting().at_desk(int(value))  # type: ignore[attr-defined]  # both have it


class DifficultyFilter(RequestFilter):
    """The queue of difficulties."""

    state = filters.ChoiceFilter(
        method="by_state", choices=AnswerState.choices, label=_("Answer"), empty_label=_("Any"), widget=PlainSelect
    )

    class Meta:
        model = Difficulty
        fields: tuple[str, ...] = ()

    def by_state(self, queryset: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Keep the difficulties whose answer stands so."""
        return queryset.in_answer_state(value, self.today)  # type: ignore[attr-defined]  # ours


class ExtensionFilter(RequestFilter):
    """The queue of requests for a later day."""

    status = filters.ChoiceFilter(
        choices=Decision.choices, label=_("Decision"), empty_label=_("Any"), widget=PlainSelect
    )

    class Meta:
        model = Extension
        fields: tuple[str, ...] = ()


class DirectiveFilter(OwnFilterSet):
    """Text, issuer with all below, who drafted it, kind, lead time, days of issue, what my unit has not received."""

    q = filters.CharFilter(method="by_words", label=_("Words"), widget=PlainSearch)
    unit = UnitSubtreeFilter(path="issuing_unit__path", label=_("Issued by"), choices=[])
    drafted_by = filters.ChoiceFilter(
        field_name="drafting_unit", label=_("Drafted by"), empty_label=_("Any"), choices=[], widget=PlainSelect
    )
    kind = filters.ChoiceFilter(
        choices=DirectiveKind.choices, label=_("Kind"), empty_label=_("Any"), widget=PlainSelect
    )
    lead = filters.ChoiceFilter(
        method="by_lead", choices=LeadState.choices, label=_("Notice given"), empty_label=_("Any"), widget=PlainSelect
    )
    issued_from = filters.DateFilter(
        field_name="issued_on", lookup_expr="gte", label=_("Issued from"), widget=PlainDate
    )
    issued_to = filters.DateFilter(field_name="issued_on", lookup_expr="lte", label=_("Issued to"), widget=PlainDate)
    mine = filters.BooleanFilter(
        method="by_mine",
        label=_("My unit has not received it yet"),
        widget=forms.CheckboxInput({"class": "form-check-input"}),
    )
    issued = filters.BooleanFilter(
        field_name="issued_on", lookup_expr="isnull", exclude=True, widget=forms.HiddenInput
    )  # from the figures

    class Meta:
        model = Directive
        fields: tuple[str, ...] = ()

    def __init__(self, data: Any, *, queryset: QuerySet[Any], **kwargs: Any) -> None:
        super().__init__(data, queryset=queryset, **kwargs)
        drafters = Unit.objects.filter(pk__in=queryset.order_by().values("drafting_unit"))
        self.filters["drafted_by"].extra["choices"] = [
            (str(pk), name) for pk, name in drafters.values_list("pk", "name")
        ]

    def by_lead(self, queryset: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Keep the directives whose lead time stands so."""
        return queryset.in_lead_state(value)  # type: ignore[attr-defined]  # ours

    def by_mine(self, queryset: QuerySet[Any], _name: str, value: bool) -> QuerySet[Any]:  # noqa: FBT001  # a filter's value
        """Keep what the person's own units have not said to have received."""
        return queryset.to_receive_by(self.user) if value else queryset  # type: ignore[attr-defined]  # ours


class ActivityFilter(OwnFilterSet):
    """Text, issuer with all below, and where it stands."""

    q = filters.CharFilter(method="by_words", label=_("Words"), widget=PlainSearch)
    unit = UnitSubtreeFilter(path="issuing_unit__path", label=_("Issued by"), choices=[])
    state = filters.ChoiceFilter(
        method="by_state", choices=ActivityState.choices, label=_("State"), empty_label=_("Any"), widget=PlainSelect
    )

    class Meta:
        model = Activity
        fields: tuple[str, ...] = ()

    def by_state(self, queryset: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Keep the activities that stand so."""
        return queryset.in_state(value)  # type: ignore[attr-defined]  # ours


NOT_MARKED = "none"


class ShortcomingFilter(OwnFilterSet):
    """Text, issuer with all below, unit named, year, field, origin, state, what waits for its check.

    Whom a person's shortcoming names is not to be found out by filtering: words and units named find what the person
    may read.
    """

    q = filters.CharFilter(method="by_words", label=_("Words"), widget=PlainSearch)
    year = filters.NumberFilter(method="by_year", label=_("Year"), min_value=1975, max_value=2100, widget=PlainNumber)
    field = filters.ChoiceFilter(
        method="by_field", label=_("Field of work"), empty_label=_("All fields"), choices=[], widget=PlainSelect
    )
    origin = filters.ChoiceFilter(
        method="by_origin",
        choices=[*Origin.choices, (NOT_MARKED, _("Not marked yet"))],
        label=_("Origin"),
        empty_label=_("Any"),
        widget=PlainSelect,
    )
    state = filters.ChoiceFilter(
        choices=ShortcomingState.choices, label=_("State"), empty_label=_("Any"), widget=PlainSelect
    )
    unit = UnitSubtreeFilter(path="plan__issuing_unit__path", label=_("Issued by"), choices=[])
    named = filters.ChoiceFilter(
        method="by_named", label=_("Unit named"), empty_label=_("All units"), choices=[], widget=PlainSelect
    )
    check = filters.BooleanFilter(
        method="by_check",
        label=_("Waiting for the check of effectiveness"),
        widget=forms.CheckboxInput({"class": "form-check-input"}),
    )
    merged = filters.BooleanFilter(method="by_merged", widget=forms.HiddenInput)  # from the figures by year

    class Meta:
        model = Shortcoming
        fields: tuple[str, ...] = ()

    def __init__(self, data: Any, *, queryset: QuerySet[Any], **kwargs: Any) -> None:
        super().__init__(data, queryset=queryset, **kwargs)
        names = queryset.order_by("field__name").exclude(field=None).values_list("field__name", flat=True).distinct()
        self.filters["field"].extra["choices"] = [(name, name) for name in names]
        self.filters["named"].extra["choices"] = unit_choices(self.user, str((data or {}).get("named", "")))

    def by_words(self, queryset: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Keep what holds every word, of what the person may read."""
        return queryset.matching(value, self.user)  # type: ignore[attr-defined]  # ours

    def by_year(self, queryset: QuerySet[Any], _name: str, value: Any) -> QuerySet[Any]:
        """Keep the ledgers of one year."""
        return queryset.with_year().filter(year=int(value))  # type: ignore[attr-defined]  # ours

    def by_field(self, queryset: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Keep one field of work; issuers may call theirs alike."""
        return queryset.filter(field__name=value)

    def by_origin(self, queryset: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Keep one origin."""
        return queryset.filter(origin="" if value == NOT_MARKED else value)

    def by_named(self, queryset: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Keep what names the unit or one below it."""
        unit = Unit.objects.get(pk=value)
        links = Shortcoming.named_units.through.objects.filter(unit__path__range=(unit.path, unit.path_end))
        readable = Shortcoming.objects.visible_to(self.user).order_by().values("pk")
        return queryset.filter(pk__in=links.values("shortcoming")).filter(pk__in=readable)

    def by_check(self, queryset: QuerySet[Any], _name: str, value: bool) -> QuerySet[Any]:  # noqa: FBT001  # a filter's value
        """Keep what was remedied long enough ago and not checked since."""
        return queryset.to_be_checked(self.today) if value else queryset  # type: ignore[attr-defined]  # ours

    def by_merged(self, queryset: QuerySet[Any], _name: str, value: bool) -> QuerySet[Any]:  # noqa: FBT001  # a filter's value
        """Keep what was merged into another, or what was not."""
        return queryset.filter(merged_into__isnull=not value)


class PlanFilter(OwnFilterSet):
    """Text, issuing unit with all below, status, kind, a year the period touches."""

    q = filters.CharFilter(method="by_words", label=_("Words"), widget=PlainSearch)
    unit = UnitSubtreeFilter(path="issuing_unit__path", label=_("Issued by"), choices=[])
    status = filters.ChoiceFilter(
        choices=PlanStatus.choices, label=_("Status"), empty_label=_("Any"), widget=PlainSelect
    )
    kind = filters.ChoiceFilter(choices=PlanKind.choices, label=_("Kind"), empty_label=_("Any"), widget=PlainSelect)
    year = filters.NumberFilter(
        method="by_year", label=_("Year"), min_value=YEARS.start, max_value=YEARS.stop - 1, widget=PlainNumber
    )

    class Meta:
        model = Plan
        fields: tuple[str, ...] = ()

    def by_year(self, queryset: QuerySet[Any], _name: str, value: Any) -> QuerySet[Any]:
        """Keep the plans whose period touches a year; an open end touches every later one."""
        return in_year(queryset, int(value))


def in_year(plans: QuerySet[Any], year: int) -> QuerySet[Any]:
    """Return the plans whose period touches a year."""
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    return plans.filter(Q(period_end__isnull=True) | Q(period_end__gte=first), period_start__lte=last)


def plan_choices(user: User, chosen: str = "") -> list[tuple[str, str]]:
    """Return the newest published plans that `user` sees and the one already chosen; one query."""
    visible = Plan.objects.visible_to(user).exclude(status=PlanStatus.DRAFT)
    columns = ("pk", "symbol", "title")
    rows = list(visible.order_by(F("issued_on").desc(nulls_last=True), "-pk").values_list(*columns)[:PLANS_OFFERED])
    if chosen.isdecimal() and int(chosen[:18]) not in {r[0] for r in rows}:
        rows += visible.filter(pk=int(chosen[:18])).values_list(*columns)
    return [(str(pk), _short(symbol, title)) for pk, symbol, title in rows]


def _short(symbol: str, title: str) -> str:
    words = f"{symbol} – {title}" if symbol else title
    return words if len(words) <= 70 else words[:69].rsplit(" ", 1)[0] + " …"  # noqa: PLR2004  # one line of a select
