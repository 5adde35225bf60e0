"""Who may do what: the table of `plans.workflow` as a page."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.views.decorators.http import require_safe

from plans.enums import Status
from plans.views.shared import Request
from plans.workflow import ACTS, NEVER, PERMISSIONS, Act
from units.roles import Role, roles_with


@dataclass(frozen=True, slots=True)
class RoleName:
    """A role as the page writes it; `mine`: the reader holds a post with it today."""

    label: str
    mine: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One act: who, with which roles, from which statuses, what it leaves, and what else counts."""

    label: str | Promise
    party: str | Promise
    roles: list[RoleName]
    start: list[Status]
    leaves: str
    minds: list[str | Promise]


@require_safe
def who_may_do_what(request: Request) -> HttpResponse:
    """Show the table; what the reader's own roles allow is marked."""
    mine = {post.role for post in request.user.posts}
    lines = [line_of(act, mine) for act in ACTS.values()]
    return render(request, "plans/workflow.html", {"lines": lines, "roles": [r.label for r in Role if r in mine]})


def line_of(act: Act, mine: set[Role]) -> Line:
    """Return an act as the page prints it."""
    roles = [Role(value) for value in roles_with(PERMISSIONS[act.party])]
    minds: list[str | Promise] = [NEVER[act.never]] if act.never else []
    if act.only:
        minds.append(act.only.label)
    return Line(
        label=act.label,
        party=act.party.label,
        roles=[RoleName(str(role.label), role in mine) for role in roles],
        start=list(act.start),
        leaves=act.leaves.value if act.leaves else "",
        minds=minds,
    )
