"""The admin site's pages about reminders and the calendar."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from doantracker.lib import clock
from plans.actions.calendar import FIRST_YEAR, LAST_YEAR, fill_calendar
from plans.enums import NoticeState
from plans.models import CalendarDay, Difficulty, Extension, LadderStep, Notice, ReminderLadder, Shortcoming
from units.admin import AuditEventAdmin
from units.admin_base import CommonAdmin, ConfigAdmin, StackedInline, acting
from units.models import AuditEvent

admin.site.unregister(AuditEvent)  # what it tells of shortcomings is known here


class StepsFormSet(BaseInlineFormSet):  # type: ignore[type-arg]  # not subscriptable at run time
    """The steps of a ladder."""

    def clean(self) -> None:
        """Ask for at least one step: a ladder without any reminds nobody before the day."""
        super().clean()
        kept = [f for f in self.forms if f.has_changed() or f.instance.pk]
        kept = [f for f in kept if not f.cleaned_data.get("DELETE")] if not any(self.errors) else kept
        if not kept:
            raise ValidationError(_("Add at least one step, such as 3 days before."), code="no_step")


class StepInline(StackedInline):
    """Steps in the ladder's own page."""

    model = LadderStep
    formset = StepsFormSet
    extra = 1
    verbose_name_plural = gettext_lazy("Steps: so many days before the due day")


@admin.register(ReminderLadder)
class ReminderLadderAdmin(CommonAdmin):
    """When units are reminded."""

    list_display = (
        "name",
        "is_default",
        "steps_label",
        "overdue_every",
        "escalate_first",
        "escalate_second",
        "mail_on_days_off",
    )
    search_fields = ("name",)
    inlines = (StepInline,)

    def get_queryset(self, request: HttpRequest) -> Any:
        """Read the steps along."""
        return super().get_queryset(request).prefetch_related("steps")

    @admin.display(description=gettext_lazy("days before"))
    def steps_label(self, ladder: ReminderLadder) -> str:
        """Return the steps: "7, 3, 1, 0"."""
        return ", ".join(str(step.days_before) for step in ladder.steps.all())


class YearFilter(admin.SimpleListFilter):
    """Days of one year; the current one to begin with."""

    title = gettext_lazy("year")
    parameter_name = "year"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:  # noqa: ARG002  # Django's signature
        """Return the years that have days."""
        years = CalendarDay.objects.dates("day", "year", order="DESC")
        return [(str(y.year), str(y.year)) for y in years]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:  # noqa: ARG002  # Django's signature
        """Narrow the list."""
        value = self.value() or ""
        return queryset.filter(day__year=int(value)) if value.isdecimal() and len(value) == 4 else queryset  # noqa: PLR2004  # digits of a year


class FillForm(forms.Form):
    """The year to fill in."""

    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR, localize=False)


@admin.register(CalendarDay)
class CalendarDayAdmin(CommonAdmin):
    """Days off, and weekend days worked in exchange."""

    list_display = ("day", "name", "kind")
    list_filter = (YearFilter, "kind")
    search_fields = ("name",)
    ordering = ("day",)
    change_list_template = "admin/plans/calendarday/change_list.html"

    def get_urls(self) -> list[URLPattern]:
        """Add the page that fills in a year."""
        view = self.admin_site.admin_view(self.fill_view)
        return [path("fill/", view, name="plans_calendarday_fill"), *super().get_urls()]

    def fill_view(self, request: HttpRequest) -> HttpResponse:
        """Ask for a year and enter its public holidays; each stays editable."""
        if not self.has_add_permission(request):
            raise Http404
        form = FillForm(request.POST or None, initial={"year": clock.today().year + 1})
        if request.method == "POST" and form.is_valid():
            year = form.cleaned_data["year"]
            count = fill_calendar(year=year, by=acting(request))
            words = ngettext("%(count)s day was entered.", "%(count)s days were entered.", count) % {"count": count}
            self.message_user(request, words if count else _("All public holidays of that year stood here already."))
            return redirect(f"../?year={year}")
        title = _("Fill in the public holidays of a year")
        context = {**self.admin_site.each_context(request), "title": title, "form": form, "opts": self.opts}
        return TemplateResponse(request, "admin/simple_form.html", context)


class ReadOnlyAdmin(ConfigAdmin):
    """A page to read: the records are made by the people of the units, on the pages of their deadlines."""

    path_of = "deadline__unit_path"
    sortable_by = ()

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002  # Django's signature
        """Return False."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  # Django's signature
        """Return False."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  # Django's signature
        """Return False."""
        return False


@admin.register(Extension)
class ExtensionAdmin(ReadOnlyAdmin):
    """Requests for a later day, to be read."""

    list_display = ("asked_at", "deadline", "due_on", "asked_day", "status", "granted_day", "objective")
    list_filter = ("status", "objective")
    list_select_related = ("deadline__unit", "deadline__solution")
    search_fields = ("search", "deadline__unit__search")
    ordering = ("-asked_at", "-pk")
    fields = (
        "deadline", "due_on", "asked_day", "reason", "claims_objective", "asked_by", "asked_at",
        "status", "granted_day", "objective", "words", "decided_by", "decided_at",
    )  # fmt: skip


@admin.register(Notice)
class FailedNoticeAdmin(ReadOnlyAdmin):
    """Mails that could not be sent, with the reason: whose address the office has to correct."""

    list_display = ("day", "recipient", "recipient_mail", "kind", "failure")
    list_filter = ("failure",)
    list_select_related = ("recipient",)
    search_fields = ("recipient__search",)
    ordering = ("-pk",)
    fields = ("recipient", "kind", "day", "failure", "attempts")

    def get_queryset(self, request: HttpRequest) -> Any:
        """Return what failed only; the rest belongs to its recipients."""
        return super().get_queryset(request).filter(state=NoticeState.FAILED)

    @admin.display(description=gettext_lazy("e-mail"))
    def recipient_mail(self, notice: Notice) -> str:
        """Return the address as it is now."""
        return notice.recipient.email


@admin.register(Difficulty)
class DifficultyAdmin(ReadOnlyAdmin):
    """Difficulties and their answers, to be read."""

    list_display = ("raised_on", "deadline", "text", "answer_due_on", "answered_on")
    list_filter = ("raised_on",)
    list_select_related = ("deadline__unit", "deadline__solution")
    search_fields = ("search", "deadline__unit__search")
    ordering = ("-raised_at", "-pk")
    fields = (
        "deadline", "text", "raised_by", "raised_at", "answering_unit", "answer_due_on", "answer", "answered_on",
        "answered_by", "commitment",
    )  # fmt: skip


@admin.register(AuditEvent)
class LogAdmin(AuditEventAdmin):
    """The log. What was told of a shortcoming before it became a person's is withheld from who may not read it now."""

    list_display = ("at", "actor", "action", "of_what", "address")

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditEvent]:
        """Add `withheld`: the row is about a person's shortcoming that this person may not read."""
        readable = Shortcoming.objects.visible_to(acting(request)).order_by().values("pk")
        hidden = Shortcoming.objects.personal().exclude(pk__in=readable).filter(pk=OuterRef("object_id"))
        withheld = Q(object_type="shortcoming") & Exists(hidden)
        rows: QuerySet[AuditEvent] = super().get_queryset(request).annotate(withheld=withheld)
        return rows

    @admin.display(description=gettext_lazy("of what"))
    def of_what(self, row: Any) -> str:
        """Return the label, of what is withheld the kind only."""
        return _("Shortcoming of a person") if row.withheld else row.object_label

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Return the row to be shown, without its words where they are withheld."""
        row: Any = super().get_object(request, object_id, from_field)
        if row is not None and row.withheld:
            row.object_label, row.data = self.of_what(row), {}
        return row

    def found(self, request: HttpRequest, queryset: Any, words: str) -> Any:
        """Search; by words that are withheld nothing is found."""
        found = super().found(request, queryset, words)
        return found & queryset.exclude(withheld=True) if words else found
