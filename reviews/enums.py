"""Words of reviews."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class PledgeState(models.TextChoices):
    """How a pledge stands; a missing one has no row. The values are no other state's: one tag draws them all."""

    HANDED_IN = "pledge_given", _("Given in")
    ACCEPTED = "pledge_kept", _("Accepted")
    RETURNED = "pledge_back", _("Returned")
