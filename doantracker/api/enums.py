"""Words of tokens and webhooks."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class TokenScope(models.TextChoices):
    """What a token may be used for; never more than its person may do."""

    READ = "read", _("Read only")
    WRITE = "write", _("Read and write")


class DeliveryState(models.TextChoices):
    """How a message to a webhook stands. The values are no other state's: one tag draws them all."""

    WAITING = "hook_waiting", _("Waiting to be sent")
    SENDING = "hook_sending", _("Being sent")
    DELIVERED = "hook_delivered", _("Taken")
    GIVEN_UP = "hook_given_up", _("Given up")


class Trouble(models.TextChoices):
    """Why a message was not taken."""

    PRIVATE = "private", _("The address does not lead to the public internet.")
    UNREACHABLE = "unreachable", _("The server could not be reached.")
    ENCRYPTION = "encryption", _("The server's certificate is not valid for this address.")
    SLOW = "slow", _("The server did not answer in time.")
    REFUSED = "refused", _("The server answered with another status than 2xx.")
    SECRET = "secret", _("The secret can't be opened any more: give the webhook a new one.")
