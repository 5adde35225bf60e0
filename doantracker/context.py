"""What every full page's frame needs: navigation by right, counts, posts. Read only when the frame is drawn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, QuerySet, Subquery, Value
from django.http import HttpRequest
from django.urls import get_script_prefix, reverse
from django.utils.functional import Promise, SimpleLazyObject, cached_property
from django.utils.translation import gettext_lazy

from doantracker.lib import clock
from doantracker.lib.statements import Statement, written
from plans.models import Deadline, Difficulty, DirectiveRecipient, Extension, Notice, PlanRecipient, SignOff
from plans.standing import standing_plans
from units.access import HeldPost
from units.models import User
from units.permissions import Permission
from units.roles import Role

ON_THE_BAR: Final = 4  # entries on a phone's bottom bar; the others stand under "More"
ON_A_WIDE_BAR: Final = 7  # entries in the head of a wide window
COUNT_CAP: Final = 99
#: Rights by which work of units is counted, not only what one was told.
COUNTING_WORK: Final = (Permission.REPORT, Permission.SIGN_OFF, Permission.CONFIRM)
#: Who begins the day with the whole: the others find the overview of their unit on its page.
OVERVIEW_ROLES: Final = (Role.OFFICE, Role.LEADER, Role.ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the main navigation."""

    label: str
    href: str
    icon: str
    current: bool
    count: int = 0
    count_label: str = ""
    place: str = ""  # "rest": under "More" on a phone; "far": in a wide window too

    @property
    def count_text(self) -> str:
        """Return the count as shown."""
        return f"{COUNT_CAP}+" if self.count > COUNT_CAP else str(self.count)


class Shell:
    """The frame's values for one request; one small query, none for a page fragment."""

    def __init__(self, request: HttpRequest, user: User) -> None:
        self.request = request
        self.user = user

    @property
    def posts(self) -> list[str]:
        """Return the posts this person holds today, the first in rank first."""
        return [str(post) for post in self.user.posts]

    @property
    def sees_overview(self) -> bool:
        """Return whether the overview is one of this person's entries."""
        return _serving(*OVERVIEW_ROLES)(self.user)

    @property
    def address(self) -> str:
        """Return the whole address of the page, for paper."""
        return f"{settings.SITE_URL}{self.request.get_full_path()}"

    @property
    def drawn_at(self) -> dt.datetime:
        """Return when the page was drawn: paper says how old its figures are."""
        return clock.now()

    @cached_property
    def counts(self) -> dict[str, int]:
        """Return what waits for this person: unread notices, results to confirm, requests to answer. One query."""
        counts_work = any(self.user.may(right) for right in COUNTING_WORK)
        standing = standing_plans(self.user) if counts_work else ()  # a query that notices don't need
        names, statement = _counting(self.user.pk, self.user.posts, standing, clock.today())
        found = {name: number or 0 for row in statement.rows() for name, number in zip(names, row, strict=True)}
        found["requests"] = found.get("difficulties", 0) + found.get("extensions", 0)
        return found

    @cached_property
    def entries(self) -> list[Entry]:
        """Return the navigation this person's rights open, the most used first."""
        found: list[Entry] = []
        addresses, section = _addresses(get_script_prefix()), section_of(self.request.path)
        for label, url_name, icon, allowed, counted in NAVIGATION:
            if not allowed(self.user):
                continue
            count, words = self.counts.get(counted, 0), COUNT_WORDS.get(counted, "")
            place = "far" if len(found) >= ON_A_WIDE_BAR else "rest" if len(found) >= ON_THE_BAR else ""
            found.append(Entry(str(label), addresses[url_name], icon, url_name == section, count, str(words), place))
        return found

    @property
    def rest(self) -> list[Entry]:
        """Return the entries a phone keeps under "More"."""
        return self.entries[ON_THE_BAR:]

    @property
    def far(self) -> list[Entry]:
        """Return the entries that a wide window keeps under "More" too."""
        return self.entries[ON_A_WIDE_BAR:]

    @property
    def rest_count(self) -> int:
        """Return what waits under "More" on a phone."""
        return min(sum(entry.count for entry in self.rest), COUNT_CAP)

    @property
    def far_count(self) -> int:
        """Return what waits under "More" in a wide window."""
        return min(sum(entry.count for entry in self.far), COUNT_CAP)


def section_of(path: str) -> str:
    """Return the entry of the navigation a page belongs to, by the longest beginning of its address; "" for none."""
    addresses = _addresses(get_script_prefix())
    if path == addresses["home"]:
        return "home"
    places = [(start, url_name) for url_name, start in addresses.items() if url_name != "home"]
    found = [(len(start), url_name) for start, url_name in (*places, *ELSEWHERE) if path.startswith(start)]
    return max(found, default=(0, ""))[1]


@cache  # every page asks for all of them
def _addresses(_prefix: str) -> dict[str, str]:
    """Return the addresses of the navigation's entries, where the project is served below this prefix."""
    return {url_name: reverse(url_name) for _label, url_name, *_rest in NAVIGATION}


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the frame's values, worked out when a template asks for them."""
    user = getattr(request, "user", AnonymousUser())
    if not isinstance(user, User):
        return {}
    return {"shell": SimpleLazyObject(lambda: Shell(request, user))}


@lru_cache(maxsize=4096)  # every page of a person asks the same until the posts or the day change
def _counting(
    person: int, posts: tuple[HeldPost, ...], standing: tuple[int, ...], _day: dt.date
) -> tuple[tuple[str, ...], Statement]:
    """Return what is counted for a person with these posts and standing plans, and its one statement."""
    user = User(pk=person)  # nothing else of the person is known here: the counts can depend on nothing else
    user.posts, user.__dict__["standing_plans"] = posts, standing
    counts = {"unread": _count(Notice.objects.visible_to(user).unread())}
    if user.may(Permission.REPORT):
        counts["directives"] = _count(DirectiveRecipient.objects.to_receive_by(user))
        counts["cascade"] = _count(PlanRecipient.objects.of_units_of(user).followed().with_open_items())
    if user.may(Permission.SIGN_OFF):
        counts["sign_offs"] = _count(SignOff.objects.waiting_for(user))
    if user.may(Permission.CONFIRM):
        counts["waiting"] = _count(Deadline.objects.to_be_confirmed_by(user))
        counts["difficulties"] = _count(Difficulty.objects.waiting_for(user))
        counts["extensions"] = _count(Extension.objects.waiting_for(user))
    return tuple(counts), written(User.objects.filter(pk=person).order_by().values(**counts))


def _count(rows: QuerySet[Any]) -> Subquery:
    """Return the number of `rows` as a subquery."""
    return Subquery(rows.order_by().annotate(all=Value(1)).values("all").annotate(n=Count("pk")).values("n"))


def _always(_user: User) -> bool:
    return True


def _serving(*roles: Role) -> Callable[[User], bool]:
    return lambda user: any(post.role in roles for post in user.posts)


def _holding(permission: Permission) -> Callable[[User], bool]:
    return lambda user: user.may(permission)


COUNT_WORDS: Final = {
    "cascade": gettext_lazy("to answer"),
    "directives": gettext_lazy("to receive"),
    "requests": gettext_lazy("waiting for an answer"),
    "sign_offs": gettext_lazy("to agree to"),
    "waiting": gettext_lazy("waiting"),
    "unread": gettext_lazy("unread"),
}
#: Label, address, icon, who sees it, what is counted.
NAVIGATION: Final[tuple[tuple[str | Promise, str, str, Callable[[User], bool], str], ...]] = (
    (gettext_lazy("My work"), "home", "home", _always, ""),
    (gettext_lazy("Overview"), "overview:overview", "target", _serving(*OVERVIEW_ROLES), ""),
    (gettext_lazy("Plans"), "plans:plans", "file-text", _holding(Permission.VIEW), "sign_offs"),
    (gettext_lazy("Deadlines"), "plans:deadlines", "calendar-event", _holding(Permission.VIEW), ""),
    (
        gettext_lazy("Confirmations"),
        "plans:confirmations",
        "circle-check",
        _holding(Permission.CONFIRM),
        "waiting",
    ),
    (gettext_lazy("Notices"), "plans:notices", "bell", _always, "unread"),
    (gettext_lazy("Requests"), "plans:difficulties", "flag", _holding(Permission.VIEW), "requests"),
    (gettext_lazy("Directives"), "plans:directives", "send", _holding(Permission.VIEW), "directives"),
    (gettext_lazy("From above"), "plans:cascades", "arrow-merge", _holding(Permission.REPORT), "cascade"),
    (gettext_lazy("Shortcomings"), "plans:shortcomings", "alert-triangle", _holding(Permission.VIEW), ""),
    (gettext_lazy("Meetings"), "reviews:meetings", "users", _holding(Permission.VIEW), ""),
    (gettext_lazy("Reviews"), "reviews:hub", "eye", _holding(Permission.VIEW), ""),
    (gettext_lazy("Statistics"), "plans:figures", "list-check", _holding(Permission.VIEW), ""),
    (gettext_lazy("Units"), "units:units", "building", _holding(Permission.VIEW), ""),
    (gettext_lazy("Administration"), "admin:index", "settings", _holding(Permission.CONFIGURE), ""),
)
#: Beginnings of addresses that belong to an entry whose own address is another.
ELSEWHERE: Final = (
    ("/coverage/", "plans:plans"),
    ("/amendments/", "plans:plans"),
    ("/events/", "plans:plans"),
    ("/gaps/", "plans:plans"),
    ("/evaluations/", "reviews:hub"),
    ("/evidence/", "plans:deadlines"),
    ("/extensions/", "plans:difficulties"),
    ("/indicators/", "plans:plans"),
    ("/letters/", "plans:plans"),
    ("/n/", "plans:notices"),
    ("/feedback/", "reviews:hub"),
    ("/pledges/", "reviews:hub"),
    ("/periodic/", "reviews:hub"),
    ("/emulation/", "reviews:hub"),
    ("/surveys/", "reviews:hub"),
    ("/commendations/", "reviews:hub"),
    ("/working-days/", "plans:deadlines"),
    ("/views/deadlines/", "plans:deadlines"),
    ("/views/calendar/", "plans:deadlines"),
    ("/views/confirmations/", "plans:confirmations"),
    ("/views/plans/", "plans:plans"),
    ("/views/figures/", "plans:figures"),
    ("/trips/", "reviews:hub"),
    ("/inspections/", "reviews:hub"),
    ("/conclusions/", "reviews:hub"),
    ("/papers/", "reviews:hub"),
    ("/imports/", "units:units"),
)
