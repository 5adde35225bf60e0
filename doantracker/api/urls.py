"""Addresses of the pages of tokens and webhooks."""

from typing import Any

urlpatterns: list[Any] = []
