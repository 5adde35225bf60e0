"""What every page of the admin site shares: writes through actions, only the own part of the tree, one log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.contrib import admin, messages
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property

from doantracker.lib import clock
from units import actions
from units.administration import administers_all, configurable, refers_to
from units.models import User

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
    StackedInline = admin.StackedInline[Any, Any]
    AnyForm = ModelForm[Any]
    AnyPaginator = Paginator[Any]
else:
    ModelAdmin, StackedInline, AnyForm, AnyPaginator = admin.ModelAdmin, admin.StackedInline, ModelForm, Paginator

COUNTED = 5000
SEARCH_LENGTH: Final = 200  # characters of a search that count, and of a value in the address
SEARCH_WORDS: Final = 10
ID_DIGITS: Final = 18  # no key is longer


class CappedPaginator(AnyPaginator):
    """Counts no further than anybody pages; a search narrows better."""

    @cached_property
    def count(self) -> int:
        """Return the number of rows, at most COUNTED."""
        rows: Any = self.object_list[:COUNTED]
        return int(rows.count())


class ConfigAdmin(ModelAdmin):
    """A page of the admin site. Whoever administers a part of the tree sees and changes that part only."""

    list_per_page = 50
    show_full_result_count = False
    paginator = CappedPaginator
    actions = None  # no act on many rows at once unless a page offers one of its own
    path_of = ""  # the look-up of the path of the unit a record hangs on, where the package `units` can't know it
    show_facets = admin.ShowFacets.NEVER  # counting every choice of a filter reads whole tables

    # --- what is seen ---

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """Return what this person may configure."""
        return configurable(super().get_queryset(request), acting(request), clock.today(), path=self.path_of)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Limit every choice to what this person may configure."""
        related = self.admin_site._registry.get(db_field.remote_field.model)  # noqa: SLF001  # Django's own way to it
        if related is not None:
            kwargs.setdefault("queryset", related.get_queryset(request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Leave out the small buttons beside a choice: each thing is set up on its own page."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Search for the first words only: a database refuses endless conditions."""
        words = search_term.replace("\0", " ")[:SEARCH_LENGTH].split()[:SEARCH_WORDS]
        return self.found(request, queryset, " ".join(words)), False

    def found(self, request: HttpRequest, queryset: Any, words: str) -> Any:
        """Return the rows a search finds; a page with folded columns has its own way."""
        return super().get_search_results(request, queryset, words)[0]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Refuse to filter by a password, which would spell out its hash letter by letter, or by an endless text."""
        if "password" in lookup.split("__") or len(str(value)) > SEARCH_LENGTH:
            return False
        return super().lookup_allowed(lookup, value, request)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Take over from the address what can be a key where a key is asked for."""
        keys = {f.name for f in self.opts.get_fields() if f.is_relation}
        given: dict[str, Any] = super().get_changeform_initial_data(request)
        return {name: value for name, value in given.items() if name not in keys or is_key(value)}

    # --- what is written ---

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002  # Django's signature
        """Tell the form who is at work."""
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.by = acting(request)  # a class made for this request
        return form

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: ARG002, FBT001  # Django's signature
        """Save through the action, which writes the log."""
        actions.save_record(record=obj, by=acting(request))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Delete through the action."""
        actions.drop_record(record=obj, by=acting(request))

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:  # noqa: ARG002, FBT001  # Django's signature
        """Save lines of an inline table through the same actions."""
        formset.save(commit=False)
        for gone in formset.deleted_objects:
            actions.drop_record(record=gone, by=acting(request))
        for changed in [*[o for o, _fields in formset.changed_objects], *formset.new_objects]:
            actions.save_record(record=changed, by=acting(request))
        formset.save_m2m()

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Name what still refers to a record, so that the page refuses before the button is pressed."""
        to_delete, counts, lacking, protected = super().get_deleted_objects(objs, request)
        used = [name for obj in objs for name in refers_to(obj)]
        return to_delete, counts, lacking, [*protected, *used]

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """Show a refusal of an action as a message: somebody else may have changed things in the meantime."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except ValidationError as refusal:
            return self._refused(request, refusal)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        """Show a refusal to delete as a message."""
        try:
            return super().delete_view(request, object_id, extra_context)
        except ValidationError as refusal:
            return self._refused(request, refusal)

    def _refused(self, request: HttpRequest, refusal: ValidationError) -> HttpResponse:
        for message in refusal.messages:
            self.message_user(request, message, messages.ERROR)
        return HttpResponseRedirect(request.get_full_path())

    # --- one log: the project's own, which nobody can change ---

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Leave the log to the actions."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Leave the log to the actions."""

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """Leave the log to the actions."""

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:  # noqa: ARG002  # Django's signature
        """Show the log of one record."""
        if not is_key(object_id):
            raise Http404
        where = reverse("admin:units_auditevent_changelist")
        return HttpResponseRedirect(
            f"{where}?object_type__exact={self.opts.model_name}&object_id__exact={int(object_id)}"
        )


class CommonAdmin(ConfigAdmin):
    """A page about what holds for every unit: only for who administers every tree."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Return whether the index names it."""
        return super().has_module_permission(request) and administers_all(acting(request))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether the list opens: every administrator may choose from it."""
        return super().has_view_permission(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return whether records may be added."""
        return super().has_add_permission(request) and administers_all(acting(request))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether a record may be changed."""
        return super().has_change_permission(request, obj) and administers_all(acting(request))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether a record may be deleted."""
        return super().has_delete_permission(request, obj) and administers_all(acting(request))

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """Return all: kinds and calendars are no secret."""
        return ModelAdmin.get_queryset(self, request)


def is_key(text: Any) -> bool:
    """Return whether `text`, from an address, can be the key of a record."""
    return isinstance(text, str) and text.isascii() and text.isdigit() and len(text) <= ID_DIGITS


def acting(request: HttpRequest) -> User:
    """Return the administrator at work."""
    assert isinstance(request.user, User)  # noqa: S101  # the site lets nobody else in
    return request.user
