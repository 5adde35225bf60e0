"""The admin site's page about the rules of rating."""

from __future__ import annotations

from django.contrib import admin

from reviews.models import RatingRule
from units.admin_base import CommonAdmin


@admin.register(RatingRule)
class RatingRuleAdmin(CommonAdmin):
    """What each level of a year's rating asks for; it shows nobody's score."""

    list_display = ("level", "least", "least_done", "least_on_time", "least_beyond", "least_remedied", "cap")
