"""Terms of office in the admin site; templates have pages of their own (`views.templates`)."""

from __future__ import annotations

from django.contrib import admin

from doantracker.papers.models import FirstNumber, Term
from units.admin_base import ConfigAdmin, StackedInline


class FirstNumbers(StackedInline):
    """With which number each kind of paper goes on."""

    model = FirstNumber
    extra = 1


@admin.register(Term)
class TermAdmin(ConfigAdmin):
    """Terms of office, in which papers are numbered."""

    path_of = "unit__path"
    list_display = ("unit", "start", "end")
    inlines = (FirstNumbers,)
    list_select_related = ("unit",)
    autocomplete_fields = ("unit",)
