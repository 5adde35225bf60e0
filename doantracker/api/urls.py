"""Addresses of the pages of tokens and webhooks."""

from django.urls import path

from doantracker.api.views import tokens, webhooks

urlpatterns = [
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/<int:pk>/revoke/", tokens.token_revoke, name="token_revoke"),
    path("webhooks/", webhooks.webhooks, name="webhooks"),
    path("webhooks/new/", webhooks.webhook_new, name="webhook_new"),
    path("webhooks/<int:pk>/", webhooks.webhook, name="webhook"),
    path("webhooks/messages/<int:pk>/again/", webhooks.webhook_again, name="webhook_again"),
]
