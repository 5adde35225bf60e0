"""Two who import at once, on a real PostgreSQL: what both looked at is done once, and never over the other's."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db.models import QuerySet
from django.utils.translation import override

from doantracker.imports.actions import run_import, try_import
from doantracker.imports.kinds.base import Scope
from doantracker.imports.registry import KINDS
from doantracker.lib import clock
from plans.actions.uploads import Upload
from plans.errors import Stale
from plans.models import Deadline, IndicatorResult, Plan
from tests.cast import make_cast
from tests.doantracker.imports.files import workbook
from tests.factories import SolutionFactory, make_indicator, make_published_plan
from tests.together import at_once
from units.models import Post, Unit, User
from units.models.audit import AuditEvent

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("today", "in_process"),
]
HEADS = {
    "units": ["code", "name", "kind", "parent"],
    "people": ["username", "full name"],
    "posts": ["code of the unit", "title of the post"],
    "deadlines": ["number of the solution", "code of the unit", "last day", "reason"],
    "results": ["number of the indicator", "code of the unit", "figure"],
}
#: By kind: rows of one file, those of another that contradicts it, and where what they make stands.
FILES: dict[str, tuple[list[list[Any]], list[list[Any]], Callable[[], QuerySet[Any]]]] = {
    "units": (
        [["ST-BM-X", "Chi đoàn X", "branch", "ST-BM"], ["ST-X", "Xã X", "commune", "ST"]],
        [["ST-BM-X", "Chi đoàn Y", "branch", "ST-CG"]],
        lambda: Unit.objects.filter(code__in=["ST-BM-X", "ST-X"]),
    ),
    "people": ([["moi", "Lê Thị Mới"]], [["moi", "Trần Văn Khác"]], lambda: User.objects.filter(username="moi")),
    "posts": (
        [["ST-BM", "Ủy viên mới"]],
        [["ST-BM", "Ủy viên mới"], ["ST-CG", "Ủy viên mới"]],
        lambda: Post.objects.filter(title="Ủy viên mới"),
    ),
    "deadlines": (
        [[1, "ST-BM", "30/06/2026", "Theo công văn"], [1, "ST-CG", "30/06/2026", "Theo công văn"]],
        [[1, "ST-BM", "31/07/2026", "Theo công văn khác"]],
        Deadline.objects.all,
    ),
    "results": ([[1, "ST-BM", 5], [1, "ST-CG", 6]], [[1, "ST-BM", 7]], IndicatorResult.objects.all),
}


def confirmations(kind: str, by: User, plan: Plan, *files: list[list[Any]]) -> list[Callable[[], object]]:
    """Return for each file what its confirmation does after the person has looked at it."""
    acts: list[Callable[[], object]] = []
    for rows in files:
        facts: dict[str, Any] = {"kind": KINDS[kind], "upload": Upload(workbook(HEADS[kind], *rows), "tep.xlsx")}
        facts["scope"] = Scope(by, clock.today(), plan if KINDS[kind].plans else None)
        outcome, digest = try_import(**facts)
        assert outcome.findings == []
        acts.append(partial(confirm, facts, digest))
    return acts


def confirm(facts: dict[str, Any], digest: str) -> None:
    """Import in the language in which it was looked at: a thread begins in that of the site."""
    with override("en"):
        run_import(**facts, expected=digest)


@pytest.mark.parametrize("kind", FILES)
def test_of_confirmations_at_once_one_is_done(kind: str) -> None:
    cast = make_cast()
    plan = make_published_plan(cast.province)
    SolutionFactory(plan=plan, ordinal=1)
    make_indicator(plan, units=[cast.district, cast.other_district])
    by = cast.office_staff if KINDS[kind].plans else cast.administrator
    rows, others, found = FILES[kind]
    results = at_once(*confirmations(kind, by, plan, rows, rows, others))
    refused = [result for result in results if isinstance(result, Exception)]
    assert [type(refusal) for refusal in refused] == [Stale, Stale], results
    won = next(n for n, result in enumerate(results) if not isinstance(result, Exception))
    assert found().count() == len([rows, rows, others][won])
    assert AuditEvent.objects.filter(action="imported").count() == 1
