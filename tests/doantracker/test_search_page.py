"""Search over everything: what is found by which words, for whom, and at what cost."""

from __future__ import annotations

from typing import Any

import pytest

from plans.enums import PlanStatus
from plans.models import Plan
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import PlanFactory, SolutionFactory, make_deadline, make_officer, make_published_plan, make_unit
from units.models import Appointment, Unit, User
from units.roles import Role

pytestmark = pytest.mark.usefixtures("today")
ADDRESS = "/search/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """Return a plan of the province with one solution."""
    plan = make_published_plan(cast.province, symbol="118-KH/TĐTN", title="Khắc phục hạn chế công tác đội")
    SolutionFactory(plan=plan, ordinal=4, text="Công nhận chi đoàn vững mạnh theo tiêu chí đỏ.")
    return plan


def found(login: Login, user: User, q: str, **query: str) -> dict[str, list[str]]:
    """Return the words of what a person finds, by kind."""
    page = login(user).get(ADDRESS, {"q": q, **query})
    assert page.status_code == 200
    return {g.name: [hit.text for hit in g.hits] for g in page.context["found"]}


@pytest.mark.parametrize(
    ("q", "kinds"),
    [
        ("khắc phục", {"plans"}),
        ("KHAC PHUC", {"plans"}),
        ("118", {"plans"}),
        ("công nhận", {"solutions"}),
        ("cong nhan", {"solutions"}),
        ("tieu chi do", {"solutions"}),  # đỏ
        ("Tiêu chí Đỏ", {"solutions"}),
        ("binh minh", {"units"}),
        ("ST-BM", {"units"}),
        ("ngô bí", {"people"}),
        ("ngo bi thu", {"people"}),
        ("bi", {"units", "people"}),
        ("doan", {"solutions", "units", "people"}),
        ("hoa khong co", set()),
        ("ong nhan", set()),  # inside a word
        ("ieu chi", set()),
        ("%", set()),
        ("_", set()),
    ],
)
@pytest.mark.usefixtures("plan")
def test_beginnings_of_words_find_with_and_without_accents(cast: Cast, login: Login, q: str, kinds: set[str]) -> None:
    assert set(found(login, cast.office_staff, q)) == kinds


def test_each_hit_is_a_link_that_opens(cast: Cast, login: Login, plan: Plan) -> None:
    client, solution = login(cast.office_staff), plan.solutions.get()
    hits: dict[str, Any] = {}
    for q in ("khac phuc", "cong nhan", "an hoa", "bui thi xa"):
        hits |= {g.name: g.hits[0] for g in client.get(ADDRESS, {"q": q}).context["found"]}
    assert {name: (hit.text, hit.under, hit.href) for name, hit in hits.items()} == {
        "plans": ("Khắc phục hạn chế công tác đội", "118-KH/TĐTN · Tỉnh đoàn", f"/plans/{plan.pk}/"),
        "solutions": (
            "4. Công nhận chi đoàn vững mạnh theo tiêu chí đỏ.",
            "118-KH/TĐTN",
            f"/plans/{plan.pk}/#solution-{solution.pk}",
        ),
        "units": ("Đoàn xã An Hòa", "Tỉnh đoàn › Huyện đoàn Bình Minh", f"/units/{cast.commune.pk}/"),
        "people": (
            "Bùi Thị Xã",
            f"{Role.SECRETARY.label} – Đoàn xã An Hòa",
            f"/units/{cast.commune.pk}/#posts",
        ),
    }
    assert all(client.get(hit.href).status_code == 200 for hit in hits.values())
    assert f'id="solution-{solution.pk}"' in client.get(f"/plans/{plan.pk}/").text
    assert 'id="posts"' in client.get(f"/units/{cast.commune.pk}/").text


@pytest.mark.usefixtures("plan")
def test_units_and_people_stand_above_solutions(cast: Cast, login: Login) -> None:
    assert list(found(login, cast.office_staff, "doan")) == ["units", "people", "solutions"]


@pytest.mark.usefixtures("plan")
def test_nothing_of_others_is_found(cast: Cast, login: Login) -> None:
    assert found(login, cast.outsider, "khac phuc") == {}
    assert found(login, cast.outsider, "cong nhan") == {}
    assert found(login, cast.outsider, "binh minh") == {}
    assert found(login, cast.outsider, "ngo bi thu") == {}
    assert found(login, cast.sibling_secretary, "khac phuc") == {}


def test_a_plan_is_found_by_whoever_owes_work_in_it(cast: Cast, login: Login, plan: Plan) -> None:
    make_deadline(cast.commune, plan=plan, solution=plan.solutions.get())
    assert set(found(login, cast.commune_secretary, "118 khac")) == {"plans"}


def test_people_are_found_only_in_units_one_sees(cast: Cast, login: Login) -> None:
    assert found(login, cast.commune_secretary, "mai chi") == {"people": ["Mai Chi Đoàn"]}
    assert found(login, cast.commune_secretary, "ngo bi") == {}
    assert found(login, cast.branch_secretary, "bui thi") == {}


def test_people_whose_post_ended_are_not_found(cast: Cast, login: Login, today: Any) -> None:
    Appointment.objects.filter(user=cast.branch_secretary).update(end=today.replace(day=15))
    assert found(login, cast.office_staff, "mai chi") == {}


def test_posts_one_does_not_see_are_not_named(cast: Cast, login: Login) -> None:
    make_officer(cast.branch, Role.READER, title="Cộng tác viên", full_name="Tô Hai Nơi")
    person = User.objects.get(full_name="Tô Hai Nơi")
    post = cast.leader.appointments.get().post
    Appointment.objects.create(user=person, post=post)
    page = login(cast.commune_secretary).get(ADDRESS, {"q": "to hai noi"})
    assert "Cộng tác viên – Chi đoàn ấp 3" in page.text
    assert cast.province.label not in page.text


@pytest.mark.parametrize("q", ["bithu", "bithu@example.vn", "ngo bithu", "example"])
def test_a_mail_address_or_user_name_finds_nobody(cast: Cast, login: Login, q: str) -> None:
    assert "people" not in found(login, cast.office_staff, q)


def test_a_draft_is_found_by_those_who_work_on_it_and_leads_to_its_record(cast: Cast, login: Login) -> None:
    draft = PlanFactory(issuing_unit=cast.province, title="Dự thảo mùa xuân", status=PlanStatus.DRAFT)
    solution = SolutionFactory(plan=draft, ordinal=1, text="Trồng cây mùa xuân")
    page = login(cast.office_staff).get(ADDRESS, {"q": "mua xuan"})
    assert [h.href for g in page.context["found"] for h in g.hits] == [
        f"/plans/{draft.pk}/check/",
        f"/plans/{draft.pk}/check/solution/{solution.pk}/",
    ]
    assert found(login, cast.leader, "mua xuan") == {}


def test_many_hits_are_counted_and_one_kind_opens_by_pages(cast: Cast, login: Login) -> None:
    for n in range(30):
        parent = Unit.objects.get(pk=cast.district.pk)
        make_unit(f"Đoàn trường số {n}", code=f"ST-T{n}", kind="grassroots", parent=parent)
    client = login(cast.office_staff)
    (units,) = client.get(ADDRESS, {"q": "doan truong so"}).context["found"]
    assert (len(units.hits), units.count, units.more) == (5, "30", "?q=doan+truong+so&kind=units")
    first = client.get(f"{ADDRESS}{units.more}")
    second = client.get(f"{ADDRESS}{units.more}&page=2")
    assert [len(p.context["found"][0].hits) for p in (first, second)] == [25, 5]


@pytest.mark.usefixtures("plan")
def test_the_dialog_gets_a_fragment_of_the_same_page(cast: Cast, login: Login) -> None:
    answer = login(cast.office_staff).get(ADDRESS, {"q": "khac phuc"}, headers=HTMX)
    assert answer.text.strip().startswith('<div class="found"')
    assert "<html" not in answer.text


def test_every_page_has_the_link_and_the_dialog(cast: Cast, login: Login) -> None:
    page = login(cast.reader).get("/units/").text
    assert '<a class="search-open" href="/search/" data-search' in page
    assert '<dialog class="search-dialog" id="search-dialog"' in page
    assert "js/search.js" in page
    assert "search-dialog" not in login(None).get("/login/").text


@pytest.mark.parametrize("q", ["", "   ", "\u3000", "\n\t"])
def test_an_empty_question_finds_nothing(cast: Cast, login: Login, q: str) -> None:
    assert found(login, cast.office_staff, q) == {}


def test_a_nul_is_refused(cast: Cast, login: Login) -> None:
    assert login(cast.office_staff).get(ADDRESS, {"q": "a\0b"}).status_code == 400


@pytest.mark.parametrize(
    "q",
    [
        "a" * 100_000,
        "ab " * 33_000,
        "e" + "\u0301" * 100_000,
        "'\"<script>alert(1)</script>",
        "\u200b\ufeff",
        "\\",
        "😀" * 50,
    ],
)
def test_hostile_questions_find_nothing_and_stay_short(cast: Cast, login: Login, q: str) -> None:
    page = login(cast.office_staff).get(ADDRESS, {"q": q, "kind": "no such kind", "page": "-1"})
    assert page.status_code == 200
    assert page.context["found"] == []
    assert len(page.context["q"]) <= 200
    assert "<script>alert" not in page.text


@pytest.mark.parametrize("number", ["0", "-3", "999999999999999999999", "x"])
def test_a_page_that_is_none_is_the_nearest_one(cast: Cast, login: Login, number: str) -> None:
    assert found(login, cast.office_staff, "binh minh", kind="units", page=number) == {
        "units": ["Huyện đoàn Bình Minh"]
    }


def test_queries_do_not_grow_with_what_is_found(
    cast: Cast, login: Login, plan: Plan, django_assert_num_queries: Any
) -> None:
    client = login(cast.office_staff)
    # session, person, posts; of each of four kinds a count and its rows, of units the names above, of people the posts
    with django_assert_num_queries(13):
        client.get(ADDRESS, {"q": "doan"}, headers=HTMX)
    for n in range(12):
        parent = Unit.objects.get(pk=cast.district.pk)
        unit = make_unit(f"Đoàn số {n}", code=f"ST-T{n}", parent=parent)
        make_officer(unit, Role.SECRETARY, full_name=f"Đoàn Văn {n}")
        SolutionFactory(plan=make_published_plan(unit, title=f"Đoàn kết {n}"), ordinal=1, text="Đoàn kết")
    with django_assert_num_queries(13):
        client.get(ADDRESS, {"q": "doan"}, headers=HTMX)
