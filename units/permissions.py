"""What a person may do. Every check names one of these."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Permission(models.TextChoices):
    """One right; the label is a sentence an office clerk understands."""

    VIEW = "view", _("See units, published plans and deadlines")
    REPORT = "report", _("Report progress and submit results")
    MANAGE_PLANS = "manage_plans", _("Import, edit, publish and cancel plans")
    SIGN_OFF = "sign_off", _("Agree to plans before they are published")
    CONFIRM = "confirm", _("Confirm results or return them with a reason")
    VIEW_PERSONAL = "view_personal", _("See the shortcomings of persons")
    CONFIGURE = "configure", _("Set up units, people, posts, calendars and ladders in the admin site")
    VIEW_EVALUATIONS = "view_evaluations", _("See the monthly evaluations of members")
    DECIDE_EVALUATIONS = "decide_evaluations", _("Approve score cards and record decided scores and ratings")
    VIEW_FEEDBACK = "view_feedback", _("See feedback rounds, what was contributed and by whom")
