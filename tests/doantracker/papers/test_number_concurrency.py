"""Two who number papers of a kind at once, on a real PostgreSQL: one gets the number, the other is told the next."""

from __future__ import annotations

import datetime as dt
from functools import partial

import pytest

from doantracker.papers.actions.papers import NumberTaken, number_paper, prepare_paper
from doantracker.papers.models import OfficialPaper, Term
from tests.cast import make_cast
from tests.factories import make_published_plan
from tests.together import at_once

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
DAY = dt.date(2026, 3, 16)
ROUNDS = 5


def test_of_two_who_want_one_number_one_gets_it_and_the_other_the_next() -> None:
    cast = make_cast()
    facts = {"symbol": "12-KH/TĐTN-VP", "symbol_body": "TĐTN", "place": "Sông Thao"}
    plan = make_published_plan(cast.province, **facts)
    Term.objects.create(unit=cast.province, start=dt.date(2022, 10, 1))
    for number in range(1, 2 * ROUNDS, 2):
        about = {"kind": "progress", "subject": f"plan={plan.pk}"}
        papers = [prepare_paper(**about, by=cast.office_staff, today=DAY) for _ in range(2)]
        give = partial(number_paper, by=cast.office_staff, version=1, day=DAY, today=DAY)
        results = at_once(*(partial(give, paper=paper, number=number) for paper in papers))
        (refused,) = [result for result in results if result is not None]
        assert isinstance(refused, NumberTaken)
        assert refused.free == number + 1
        second = papers[results.index(refused)]
        assert not OfficialPaper.objects.get(pk=second.pk).file
        give(paper=second, number=refused.free)
    given = OfficialPaper.objects.order_by("number").values_list("number", flat=True)
    assert list(given) == list(range(1, 2 * ROUNDS + 1))
