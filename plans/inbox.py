"""What the inbox shows: the own notices, filtered, newest first or by plan, with counts a plan."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, Max, Q
from django.db.models.functions import Left
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from plans.enums import NoticeKind
from plans.forms.notices import InboxForm
from plans.models import Notice
from plans.paging import PER_PAGE, CappedPaginator
from plans.querysets import NoticeQuerySet
from units.models import User

BY_PLAN: Final = "plan"
#: Plans the filter offers, those last heard of first.
PLANS_OFFERED: Final = 100
ICONS: Final[dict[str, str]] = {
    NoticeKind.ASSIGNED: "inbox",
    NoticeKind.DUE_SOON: "clock",
    NoticeKind.OVERDUE: "alert-triangle",
    NoticeKind.RETURNED: "arrow-back-up",
    NoticeKind.CANCELLED: "circle-x",
    NoticeKind.HELD: "player-pause",
    NoticeKind.RESUMED: "flag",
    NoticeKind.MOVED: "calendar-event",
    NoticeKind.AMENDED: "pencil",
    NoticeKind.ESCALATED_1: "users",
    NoticeKind.ESCALATED_2: "users",
    NoticeKind.LATER_ASKED: "calendar-event",
    NoticeKind.LATER_GRANTED: "circle-check",
    NoticeKind.LATER_REFUSED: "circle-x",
    NoticeKind.DIFFICULTY: "alert-triangle",
    NoticeKind.ANSWERED: "send",
}


@dataclass(frozen=True, slots=True)
class PlanCount:
    """How many notices a plan has in the inbox."""

    pk: int
    name: str
    total: int
    unread: int

    @property
    def label(self) -> str:
        """Return the plan with what is unread of it."""
        return (
            _("%(plan)s (%(count)s unread)") % {"plan": self.name, "count": self.unread} if self.unread else self.name
        )


class Inbox:
    """The inbox of one person as asked for in `query`; five queries whatever the number of rows."""

    def __init__(self, user: User, query: Any) -> None:
        self.user = user
        self.by_plan = query.get("by") == BY_PLAN
        self._page = query.get("page")
        self.form = InboxForm(query, plans=[(p.pk, p.label) for p in self.plans])

    @cached_property
    def plans(self) -> list[PlanCount]:
        """Return the plans the person was told of, that of the newest notice first; one grouped query."""
        facts = ("deadline__plan", "deadline__plan__symbol", "deadline__plan__title")
        counts = {"total": Count("pk"), "unread": Count("pk", filter=Q(read_at__isnull=True)), "last": Max("pk")}
        rows = self._mine.order_by().values(*facts).annotate(**counts).order_by("-last")[:PLANS_OFFERED]
        return [PlanCount(r[facts[0]], (r[facts[1]] or r[facts[2]])[:80], r["total"], r["unread"]) for r in rows]

    @property
    def _mine(self) -> NoticeQuerySet:
        rows: NoticeQuerySet = Notice.objects.visible_to(self.user)
        return rows

    @cached_property
    def rows(self) -> NoticeQuerySet:
        """Return the notices asked for; none where the filter is refused."""
        if not self.form.is_valid():
            return self._mine.none()
        asked = self.form.cleaned_data
        rows = self._mine.unread() if asked["unread"] else self._mine
        if asked["kind"]:
            rows = rows.filter(kind=asked["kind"])
        return rows.filter(deadline__plan=asked["plan"]) if asked["plan"] else rows

    @cached_property
    def paginator(self) -> CappedPaginator:
        """Return the pages of rows, as dictionaries."""
        order = ("deadline__plan__title", "deadline__plan", "-created_at", "-pk") if self.by_plan else ()
        rows = self.rows.order_by(*order) if order else self.rows
        return CappedPaginator(
            rows.annotate(words=Left("deadline__solution__text", 200)).values(
                "pk", "kind", "day", "read_at", "deadline_id", "deadline__due_on",
                "deadline__plan_id", "deadline__unit_id", "deadline__unit__name",
                "deadline__plan__symbol", "deadline__plan__title", "words",
            ),
            PER_PAGE,
        )  # fmt: skip

    def context(self) -> dict[str, Any]:
        """Return what the page shows."""
        page = self.paginator.get_page(self._page)
        labels = {kind.value: str(kind.label) for kind in NoticeKind}
        rows = [{**row, "icon": ICONS[row["kind"]], "label": labels[row["kind"]]} for row in page.object_list]
        counts = {plan.pk: plan for plan in self.plans}
        return {
            "form": self.form,
            "page": page,
            "rows": rows,
            "groups": list(_groups(rows, counts)) if self.by_plan else [],
            "by_plan": self.by_plan,
            "total": self.paginator.label,
            "unread": sum(plan.unread for plan in self.plans),
            "all": sum(plan.total for plan in self.plans),
            "filtered": bool(
                self.form.errors or any(self.form.cleaned_data.get(n) for n in ("kind", "plan", "unread"))
            ),
        }


@dataclass(frozen=True, slots=True)
class Group:
    """The notices of one plan on the page shown."""

    pk: int
    name: str
    count: PlanCount | None
    rows: list[dict[str, Any]]


def _groups(rows: Iterable[dict[str, Any]], counts: dict[int, PlanCount]) -> Iterable[Group]:
    found: dict[int, Group] = {}
    for row in rows:
        pk, symbol, title = row["deadline__plan_id"], row["deadline__plan__symbol"], row["deadline__plan__title"]
        group = Group(pk, f"{symbol} – {title}" if symbol else title, counts.get(pk), [])
        found.setdefault(pk, group).rows.append(row)
    return found.values()
