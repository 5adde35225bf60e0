"""The bar below a list whose rows can be ticked."""

from __future__ import annotations

from typing import Any

from django.utils.formats import number_format

from plans.actions.bulk import MOST_ROWS
from plans.bulk import acts_for
from plans.models import SavedView
from plans.paging import CappedPaginator
from plans.views.shared import Request


def bulk_bar(request: Request, listing: str, paginator: CappedPaginator) -> dict[str, Any]:
    """Return what the bar needs: the acts offered, the query behind the rows, how many fit; no query of its own."""
    acts = acts_for(request.user, queue=listing == SavedView.Listing.CONFIRMATIONS)
    total = paginator.label or number_format(min(paginator.count, MOST_ROWS))
    return {
        "acts": acts,
        "listing": listing,
        "bulk_query": request.GET.urlencode(),
        "bulk_total": total,
    }
