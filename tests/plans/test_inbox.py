"""The inbox: filtered, by plan, marked as read one, ticked or all, at the same cost for few and many."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from doantracker.lib import clock
from plans.enums import NoticeKind
from plans.inbox import ICONS
from plans.models import Deadline, Notice, Plan
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import SolutionFactory, make_deadline, make_published_plan
from units.models import User

pytestmark = pytest.mark.usefixtures("today")
TODAY = dt.date(2026, 3, 16)
PAGE = "/notices/"


@pytest.fixture
def two_plans(cast: Cast, today: dt.date) -> list[Plan]:
    """Return two plans of which the secretary of the district was told: three notices of A, one of B."""
    plans = [make_published_plan(cast.province, title=f"Kế hoạch {n}", symbol=f"{n}-KH/TĐTN") for n in "AB"]
    a, b = (make_deadline(cast.district, plan=plan, due_on=today) for plan in plans)
    tell(cast.secretary, a, NoticeKind.DUE_SOON, minutes=40)
    tell(cast.secretary, b, NoticeKind.OVERDUE, minutes=30)
    tell(cast.secretary, a, NoticeKind.RETURNED, minutes=20)
    tell(cast.secretary, a, NoticeKind.OVERDUE, minutes=10, read_at=clock.now())
    return plans


def tell(person: User, row: Deadline, kind: NoticeKind, *, minutes: int = 0, **fields: Any) -> Notice:
    facts = {"day": TODAY, "created_at": clock.now() - dt.timedelta(minutes=minutes), **fields}
    return Notice.objects.create(recipient=person, deadline=row, kind=kind, **facts)


def shown(page: Any) -> list[tuple[str, str]]:
    return [(row["deadline__plan__symbol"][0], row["kind"]) for row in page.context["rows"]]


def unread(person: User) -> list[str]:
    rows = Notice.objects.filter(recipient=person, read_at__isnull=True).order_by("pk")
    return list(rows.values_list("kind", flat=True))


def test_newest_first(cast: Cast, login: Login, two_plans: list[Plan]) -> None:
    page = login(cast.secretary).get(PAGE)
    assert shown(page) == [
        ("A", NoticeKind.OVERDUE),
        ("A", NoticeKind.RETURNED),
        ("B", NoticeKind.OVERDUE),
        ("A", NoticeKind.DUE_SOON),
    ]
    assert (page.context["all"], page.context["unread"]) == (4, 3)


def test_by_plan_each_plan_stands_once_with_what_is_unread(cast: Cast, login: Login, two_plans: list[Plan]) -> None:
    page = login(cast.secretary).get(PAGE, {"by": "plan"})
    groups = page.context["groups"]
    assert [(g.name, len(g.rows), g.count.unread) for g in groups] == [
        ("A-KH/TĐTN – Kế hoạch A", 3, 2),
        ("B-KH/TĐTN – Kế hoạch B", 1, 1),
    ]
    assert [row["kind"] for row in groups[0].rows] == [NoticeKind.OVERDUE, NoticeKind.RETURNED, NoticeKind.DUE_SOON]


def test_filters_by_kind_plan_and_unread(cast: Cast, login: Login, two_plans: list[Plan]) -> None:
    client = login(cast.secretary)
    a, b = two_plans
    asked: list[dict[str, Any]] = [{"kind": "overdue"}, {"plan": b.pk}, {"plan": a.pk, "unread": "on"}]
    assert [len(shown(client.get(PAGE, query))) for query in asked] == [2, 1, 2]
    nothing = client.get(f"{PAGE}?kind=returned&plan={b.pk}")
    assert shown(nothing) == []
    assert "Không có thông báo nào phù hợp" in nothing.text


def test_a_plan_of_others_and_nonsense_show_nothing(cast: Cast, login: Login, two_plans: list[Plan]) -> None:
    foreign = make_published_plan(cast.foreign_province, symbol="9-KH/LẠ")
    client = login(cast.secretary)
    asked: list[dict[str, Any]] = [{"plan": foreign.pk}, {"plan": "x"}, {"kind": "weather"}, {"page": "-1"}]
    for query in (*asked, {"plan": "9" * 400}):
        page = client.get(PAGE, query)
        assert page.status_code == 200
        assert "9-KH/LẠ" not in page.text
        assert len(shown(page)) == (4 if "page" in query else 0)


def test_an_empty_inbox_says_what_will_come(cast: Cast, login: Login) -> None:
    page = login(cast.secretary).get(PAGE)
    assert "Không có thông báo." in page.text
    assert "filters" not in page.text


def test_one_notice_is_marked_as_read(cast: Cast, login: Login, two_plans: list[Plan]) -> None:
    returned = Notice.objects.get(kind=NoticeKind.RETURNED)
    answer = login(cast.secretary).post(f"{PAGE}?by=plan", {"id": returned.pk})
    assert answer.headers["Location"] == f"{PAGE}?by=plan"
    assert unread(cast.secretary) == [NoticeKind.DUE_SOON, NoticeKind.OVERDUE]


def test_the_ticked_ones_are_marked_as_read(cast: Cast, login: Login, two_plans: list[Plan]) -> None:
    ids = list(Notice.objects.filter(kind__in=(NoticeKind.RETURNED, NoticeKind.DUE_SOON)).values_list("pk", flat=True))
    login(cast.secretary).post(PAGE, {"act": "ticked", "ids": ids})
    assert unread(cast.secretary) == [NoticeKind.OVERDUE]


def test_none_ticked_marks_none_and_says_what_to_do(cast: Cast, login: Login, two_plans: list[Plan]) -> None:
    answer = login(cast.secretary).post(PAGE, {"act": "ticked"}, follow=True)
    assert len(unread(cast.secretary)) == 3
    assert "Hãy chọn ít nhất một thông báo chưa đọc" in answer.text


def test_all_means_all_of_the_filter(cast: Cast, login: Login, two_plans: list[Plan]) -> None:
    client = login(cast.secretary)
    client.post(f"{PAGE}?plan={two_plans[1].pk}", {"act": "all"})
    assert unread(cast.secretary) == [NoticeKind.DUE_SOON, NoticeKind.RETURNED]
    client.post(PAGE, {"act": "all"})
    assert unread(cast.secretary) == []


@pytest.mark.parametrize("sent", [{"id": "x"}, {"id": "9" * 30}, {"id": "\0"}, {"act": "ticked", "ids": ["a", "-1"]}])
def test_nonsense_marks_nothing(cast: Cast, login: Login, two_plans: list[Plan], sent: dict[str, Any]) -> None:
    assert login(cast.secretary).post(PAGE, sent).status_code == 302
    assert len(unread(cast.secretary)) == 3


def test_nobody_marks_the_notices_of_another(cast: Cast, login: Login, two_plans: list[Plan]) -> None:
    ids = list(Notice.objects.values_list("pk", flat=True))
    client = login(cast.sibling_secretary)
    for sent in ({"id": ids[0]}, {"act": "ticked", "ids": ids}, {"act": "all"}):
        client.post(PAGE, sent)
    client.post(f"{PAGE}?plan={two_plans[0].pk}", {"act": "all"})
    assert len(unread(cast.secretary)) == 3


def test_every_kind_has_an_icon() -> None:
    assert set(ICONS) == set(NoticeKind)


@pytest.mark.parametrize("by", ["", "plan"])
@pytest.mark.parametrize("many", [1, 12])
def test_the_inbox_costs_the_same_for_few_and_many(
    cast: Cast, login: Login, django_assert_num_queries: Any, many: int, by: str
) -> None:
    for n in range(many):
        plan = make_published_plan(cast.province, symbol=f"{n}-KH/TĐTN")
        words = SolutionFactory(plan=plan, ordinal=1, lead_unit=cast.district)
        tell(cast.secretary, make_deadline(cast.district, plan=plan, due_on=TODAY, solution=words), NoticeKind.OVERDUE)
    client = login(cast.secretary)
    with django_assert_num_queries(8):
        client.get(PAGE, {"by": by})
