"""Pages of long lists: the count stops a little ahead of the page asked for, so it costs the same for any table."""

from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator

PER_PAGE = 50
AHEAD = 20  # pages counted beyond the one asked for


class CappedPaginator(Paginator):  # type: ignore[type-arg]  # generic in the stubs only
    """Counts at most `AHEAD` pages beyond the one shown; `label` then reads "1.000+"."""

    asked = 1

    @cached_property
    def count(self) -> int:
        """Return the number of rows, capped."""
        rows: Any = self.object_list
        return int(rows[: self.cap].count())

    @property
    def cap(self) -> int:
        """Return how far rows are counted."""
        return (self.asked + AHEAD) * self.per_page

    @property
    def label(self) -> str:
        """Return the total as shown, with a plus sign where it was capped; empty where it is exact."""
        return f"{self.cap}+" if self.count >= self.cap else ""

    def get_page(self, number: Any) -> Page[Any]:
        """Return the page asked for, the nearest one for nonsense."""
        self.asked = int(number) if str(number or "").isdecimal() and len(str(number)) <= 6 else 1  # noqa: PLR2004
        return super().get_page(number)
