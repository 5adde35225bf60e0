"""Tokens, kept answers, webhooks and what is sent to them."""

from doantracker.api.models.kept import KeptAnswer
from doantracker.api.models.token import ApiToken
from doantracker.api.models.webhook import WebhookDelivery, WebhookEndpoint

__all__ = ["ApiToken", "KeptAnswer", "WebhookDelivery", "WebhookEndpoint"]
