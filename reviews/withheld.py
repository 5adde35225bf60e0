"""Which work made here is not named whole in texts for chat groups: conclusions about a unit, items of an agenda."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from reviews.models import AgendaItem, Conclusion

CONCLUSION: Final = "Thực hiện kết luận kiểm tra (nội dung xem trên hệ thống)"


def of_conclusions(solutions: Collection[int]) -> Mapping[int, str]:
    """Return what is said of work that a conclusion asks for: that there is some; one query."""
    found = Conclusion.objects.filter(solution__in=solutions).order_by().values_list("solution", flat=True)
    return dict.fromkeys(found, CONCLUSION)


def of_papers(solutions: Collection[int]) -> Mapping[int, str]:
    """Return what is said of papers owed to a meeting: to which one, not about what; one query."""
    items = AgendaItem.objects.filter(paper__solution__in=solutions).order_by()
    found = items.values_list("paper__solution", "meeting__title")
    return {solution: f"Tài liệu trình {meeting}" for solution, meeting in found}
