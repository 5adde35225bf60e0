"""The official paper that a record went out as, on the record's page."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import RequestContext

from plans.paper_numbers import given_number

register = template.Library()


@register.inclusion_tag("components/given_paper.html", takes_context=True)
def given_paper(context: RequestContext, kind: str, record: int) -> dict[str, Any]:
    """Show number and day of the paper, with the way to it."""
    return {"given": given_number(kind, record, context["request"].user)}
