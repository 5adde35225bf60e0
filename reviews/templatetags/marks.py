"""Marks and scores as pages write them."""

from __future__ import annotations

from decimal import Decimal

from django import template

from reviews.forms.evaluations import plain

register = template.Library()


@register.filter
def mark(number: Decimal | None) -> str:
    """Return a mark or score without the zeros after it, as fields show it: 91,5; nothing for None."""
    return plain(number)
