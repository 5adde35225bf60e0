"""The admin site's pages about units, people, posts and the log; usable by a clerk."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.models import Group
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from doantracker.lib import clock
from doantracker.lib.text import search_key
from units import actions
from units.admin_base import CommonAdmin, ConfigAdmin, acting
from units.admin_forms import AppointmentForm, PersonForm, PostForm, SubstitutionForm, UnitForm
from units.models import Appointment, AuditEvent, Oversight, Post, Substitution, Unit, UnitKind, User

admin.site.unregister(Group)  # rights come from posts


def matching(rows: QuerySet[Any], words: str, column: str) -> QuerySet[Any]:
    """Return the rows whose folded `column` holds every word, with or without accents."""
    for word in search_key(words).split():
        rows = rows.filter(**{f"{column}__contains": word})
    return rows


class InForce(admin.SimpleListFilter):
    """In force today or not, by a first and a last day."""

    title = _("in force")
    parameter_name = "in_force"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002  # Django's signature
        """Return the choices."""
        return [("yes", _("Today")), ("no", _("Not today"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:  # noqa: ARG002  # Django's signature
        """Narrow the list."""
        today = clock.today()
        current = queryset.model.objects.in_force(today).values("pk")
        return {"yes": queryset.filter(pk__in=current), "no": queryset.exclude(pk__in=current)}.get(
            self.value() or "", queryset
        )


@admin.register(UnitKind)
class UnitKindAdmin(CommonAdmin):
    """Kinds of unit."""

    list_display = ("name", "code", "rank", "may_lead", "may_be_assigned", "has_subtree")
    search_fields = ("name", "code")
    fields = ("name", "code", "rank", "may_lead", "may_be_assigned", "has_subtree")


@admin.register(Unit)
class UnitAdmin(ConfigAdmin):
    """The tree of units."""

    form = UnitForm
    list_display = ("indented_name", "code", "kind", "valid_from", "valid_to")
    list_filter = (InForce, "kind")
    list_select_related = ("kind",)
    search_fields = ("search",)
    search_help_text = _("Name, other name or code; accents may be left out.")
    ordering = ("path",)
    sortable_by = ()
    fieldsets = (
        (None, {"fields": ("parent", "kind", "code", "name", "short_name", "aliases", "place", "is_difficult")}),
        (
            _("In force"),
            {
                "fields": ("valid_from", "valid_to"),
                "description": _("A unit that ends keeps its history: give it a last day, do not delete it."),
            },
        ),
    )

    @admin.display(description=_("unit"))
    def indented_name(self, unit: Unit) -> SafeString:
        """Show the level by indentation."""
        return format_html('<span class="indent-{}">{}</span>', min(unit.depth, 8), unit.name)

    def found(self, request: HttpRequest, queryset: Any, words: str) -> Any:  # noqa: ARG002  # one signature for all
        """Search with and without accents."""
        return matching(queryset, words, "search")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002  # Django's signature
        """Offer only units this person administers as the unit above."""
        form = super().get_form(request, obj, change, **kwargs)
        if "parent" in form.base_fields:
            form.base_fields["parent"].queryset = self.get_queryset(request)
        return form

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001  # Django's signature
        """Found, change or move the unit."""
        by, parent = acting(request), form.cleaned_data["parent"]
        if not change:
            made = actions.found_unit(parent=parent, by=by, **form.facts())
            obj.pk, obj.path, obj.depth = made.pk, made.path, made.depth
            return
        actions.change_unit(unit=obj, by=by, **form.facts())
        if parent and parent != form.above:
            actions.move_unit(unit=obj, parent=parent, by=by)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether the unit may be deleted: not with units below it."""
        return super().has_delete_permission(request, obj) and (obj is None or not obj.numchild)


@admin.register(User)
class PersonAdmin(ConfigAdmin):
    """People. Nobody is deleted: an account that ends is made inactive."""

    form = PersonForm
    list_display = ("full_name", "username", "posts_held", "is_active", "last_login")
    list_filter = ("is_active",)
    search_fields = ("search",)
    search_help_text = _("Name, user name or e-mail; accents may be left out.")
    ordering = ("sort_key",)
    readonly_fields = ("appointments_list", "password_link", "last_login")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Read the posts held today along."""
        held = Appointment.objects.in_force(clock.today()).select_related("post__unit")
        return super().get_queryset(request).prefetch_related(Prefetch("appointments", held, to_attr="held"))

    def found(self, request: HttpRequest, queryset: Any, words: str) -> Any:  # noqa: ARG002  # one signature for all
        """Search with and without accents."""
        return matching(queryset, words, "search")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:  # noqa: ARG002  # Django's signature
        """Show the link to the password once the person exists."""
        fields = ("full_name", "username", "email", "phone", "is_active")
        return ((None, {"fields": (*fields, "appointments_list", "password_link", "last_login") if obj else fields}),)

    @admin.display(description=_("posts today"))
    def posts_held(self, person: User) -> str:
        """Return the posts the person holds today."""
        return "; ".join(str(a.post) for a in person.held)  # type: ignore[attr-defined]  # to_attr

    @admin.display(description=_("appointments"))
    def appointments_list(self, person: User) -> SafeString:
        """Return every appointment of the person with its days, and a link to a new one."""
        rows = person.appointments.select_related("post__unit").order_by("-start")
        change, add = "admin:units_appointment_change", reverse("admin:units_appointment_add")
        lines = format_html_join(
            "", '<li><a href="{}">{}</a> {}</li>', ((reverse(change, args=[a.pk]), a.post, _days(a)) for a in rows)
        )
        new = format_html('<li><a href="{}?user={}">{}</a></li>', add, person.pk, gettext("Appoint to a post"))
        return format_html("<ul>{}{}</ul>", lines, new)

    @admin.display(description=_("password"))
    def password_link(self, person: User) -> SafeString:
        """Return a link to the page that sets a password; the password itself is never shown."""
        words = gettext("Set a new password") if person.has_usable_password() else gettext("None yet: set one")
        return format_html('<a href="{}">{}</a>', reverse("admin:units_user_password", args=[person.pk]), words)

    def get_urls(self) -> list[URLPattern]:
        """Add the page that sets a password."""
        view = self.admin_site.admin_view(self.password_view)
        return [path("<int:pk>/password/", view, name="units_user_password"), *super().get_urls()]

    def password_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Set somebody's password."""
        person = get_object_or_404(self.get_queryset(request), pk=pk)
        form: SetPasswordForm[User] = SetPasswordForm(person, request.POST or None)
        if request.method == "POST" and form.is_valid():
            actions.set_password(person=person, password=form.cleaned_data["new_password1"], by=acting(request))
            self.message_user(
                request, gettext("The password is set. Tell it to the person; it can be changed after log-in.")
            )
            return redirect("admin:units_user_change", pk)
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Set a password"),
            "form": form,
            "person": person,
        }
        return TemplateResponse(request, "admin/simple_form.html", {**context, "opts": self.opts, "original": person})

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:  # noqa: ARG002  # Django's signature
        """Go on to the person's page, where the password is set."""
        self.message_user(request, gettext("The person is saved. Next: set a password, then appoint to a post."))
        return redirect("admin:units_user_change", obj.pk)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  # Django's signature
        """Return False: history names people for good."""
        return False


@admin.register(Post)
class PostAdmin(ConfigAdmin):
    """Posts of units and their roles."""

    form = PostForm
    list_display = ("title", "unit", "role", "body", "rank", "signs")
    list_filter = ("role", "body", "signs")
    list_select_related = ("unit",)
    autocomplete_fields = ("unit",)
    search_fields = ("title", "unit__search")
    search_help_text = _("Title, or name of the unit without accents.")
    ordering = ("unit__path", "rank", "title")

    def found(self, request: HttpRequest, queryset: Any, words: str) -> Any:  # noqa: ARG002  # one signature for all
        """Search titles as written, units without accents."""
        rows = queryset
        for word in words.split():
            rows = rows.filter(title__icontains=word) | matching(rows, word, "unit__search")
        return rows


@admin.register(Appointment)
class AppointmentAdmin(ConfigAdmin):
    """Who holds which post, from when to when."""

    form = AppointmentForm
    list_display = ("user", "post_title", "unit_name", "start", "end", "full_time", "provisional")
    list_filter = (InForce, "post__role", "provisional")
    list_select_related = ("user", "post__unit")
    autocomplete_fields = ("user", "post")
    search_fields = ("user__search", "post__unit__search")
    search_help_text = _("Person or unit; accents may be left out.")

    @admin.display(description=_("post"), ordering="post__title")
    def post_title(self, row: Appointment) -> str:
        """Return the title."""
        return row.post.title

    @admin.display(description=_("unit"), ordering="post__unit__path")
    def unit_name(self, row: Appointment) -> str:
        """Return the unit."""
        return row.post.unit.label

    def found(self, request: HttpRequest, queryset: Any, words: str) -> Any:  # noqa: ARG002  # one signature for all
        """Search with and without accents."""
        return matching(queryset, words, "user__search") | matching(queryset, words, "post__unit__search")


@admin.register(Substitution)
class SubstitutionAdmin(ConfigAdmin):
    """Who stands in for an absent post-holder, from when to when."""

    form = SubstitutionForm
    list_display = ("absent_name", "post_name", "substitute", "start", "end", "reason", "entered_by")
    list_filter = (InForce,)
    list_select_related = ("appointment__user", "appointment__post__unit", "substitute", "entered_by")
    autocomplete_fields = ("appointment", "substitute")
    search_fields = ("appointment__user__search", "substitute__search")
    search_help_text = _("Absent person or substitute; accents may be left out.")

    @admin.display(description=_("absent"))
    def absent_name(self, row: Substitution) -> str:
        """Return who is absent."""
        return row.appointment.user.full_name

    @admin.display(description=_("post"))
    def post_name(self, row: Substitution) -> str:
        """Return the post with its unit."""
        return str(row.appointment.post)

    def found(self, request: HttpRequest, queryset: Any, words: str) -> Any:  # noqa: ARG002  # one signature for all
        """Search with and without accents."""
        return matching(queryset, words, "substitute__search") | matching(queryset, words, "appointment__user__search")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001  # Django's signature
        """Remember who entered it."""
        if not change:
            obj.entered_by, obj.entered_at = acting(request), clock.now()
        super().save_model(request, obj, form, change)


@admin.register(Oversight)
class OversightAdmin(ConfigAdmin):
    """Which leader looks after which unit or field of work."""

    list_display = ("user", "unit", "field", "start", "end")
    list_select_related = ("user", "unit")
    autocomplete_fields = ("user", "unit")
    search_fields = ("user__search", "unit__search", "field")

    def found(self, request: HttpRequest, queryset: Any, words: str) -> Any:  # noqa: ARG002  # one signature for all
        """Search with and without accents."""
        return matching(queryset, words, "user__search") | matching(queryset, words, "unit__search")


@admin.register(AuditEvent)
class AuditEventAdmin(ConfigAdmin):
    """The log, to be read. The database refuses to change or remove a row, too."""

    list_display = ("at", "actor", "action", "object_label", "address")
    list_filter = ("action", "at")
    list_select_related = ("actor",)
    search_fields = ("actor__search", "object_label")
    search_help_text = _("Person without accents, or what it was about.")
    ordering = ("-pk",)
    sortable_by = ()
    fields = ("at", "actor", "action", "object_type", "object_label", "data", "address", "request_id", "hash")

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Allow the links from a record's and a person's page."""
        allowed = {"object_type__exact", "object_id__exact", "actor__id__exact"}
        return lookup in allowed or super().lookup_allowed(lookup, value, request)

    def found(self, request: HttpRequest, queryset: Any, words: str) -> Any:  # noqa: ARG002  # one signature for all
        """Search people without accents, records as written."""
        people = matching(queryset, words, "actor__search")
        return people | queryset.filter(object_label__icontains=words) if words else queryset

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002  # Django's signature
        """Return False."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  # Django's signature
        """Return False."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  # Django's signature
        """Return False."""
        return False


def _days(row: Appointment) -> str:
    """Return the days of an appointment: "01/03/2026 – …"."""
    last = date_format(row.end, "SHORT_DATE_FORMAT") if row.end else "…"
    return f"{date_format(row.start, 'SHORT_DATE_FORMAT')} – {last}"
