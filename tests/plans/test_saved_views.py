"""Saved views: what is kept, who finds it, what a query means to somebody else, start views, limits."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import Http404, QueryDict
from django.test import Client
from django.urls import reverse

from plans.actions.saved_views import MOST, change_view, delete_view, save_view
from plans.errors import ActionRefused
from plans.listings import LISTINGS, understood
from plans.models import Plan, SavedView
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import make_deadline, make_published_plan
from units.models import AuditEvent, Unit, User

pytestmark = pytest.mark.usefixtures("today")
TODAY = dt.date(2026, 3, 16)


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """Return a plan under which every unit of the province owes one deadline."""
    found = make_published_plan(cast.province)
    for unit in (cast.district, cast.commune, cast.other_district):
        make_deadline(unit, plan=found, due_on=dt.date(2026, 3, 2))
    return found


def keep(client: Client, listing: str, query: str, **said: Any) -> Any:
    """Save a query through its page."""
    return client.post(reverse("plans:saved_view_new", args=[listing]), {"name": "Quá hạn", "query": query, **said})


# --- keeping and opening ---


@pytest.mark.parametrize(
    ("listing", "query", "kept"),
    [
        ("deadlines", "q=&unit=&state=overdue&sort=-due&page=3", "state=overdue&sort=-due"),
        ("deadlines", "state=zzz&sort=zzz&what=1&status=assigned", "status=assigned"),
        ("deadlines", "", ""),
        ("confirmations", "q=h%E1%BB%8Dp&sort=unit", "q=h%E1%BB%8Dp&sort=unit"),
        ("plans", "year=2026&status=published&sort=title", "year=2026&status=published&sort=title"),
        ("calendar", "view=week&day=2026-03-16&state=overdue", "view=week&state=overdue"),
        ("figures", "due_from=01/01/2026&due_to=31/12/2026&as_of=16/03/2026&sort=-rate", "sort=-rate"),
        ("figures", "due_from=&due_to=31/03/2026&as_of=10/03/2026", None),
    ],
)
def test_a_view_keeps_filter_and_order_and_nothing_of_the_moment(
    cast: Cast, login: Login, listing: str, query: str, kept: str | None
) -> None:
    expected = kept if kept is not None else urlencode({"due_from": "", "due_to": "31/03/2026", "as_of": "10/03/2026"})
    client = login(cast.office_staff)
    answer = keep(client, listing, query)
    view = SavedView.objects.get()
    assert (view.owner, view.listing, view.name, view.query) == (cast.office_staff, listing, "Quá hạn", expected)
    opened = client.get(view.get_absolute_url())
    for where in (answer, opened):
        assert where.headers["Location"] == LISTINGS[listing].url(expected, saved=view.pk)
    page = client.get(opened.headers["Location"])
    assert page.status_code == 200
    assert page.context["saved_views"].current == view
    event = AuditEvent.objects.get(object_type="savedview")
    assert (event.actor, event.action, event.unit_id) == (cast.office_staff, "created", None)


def test_an_opened_view_shows_the_rows_of_its_query(cast: Cast, login: Login, plan: Plan) -> None:
    client = login(cast.office_staff)
    keep(client, "deadlines", f"unit={cast.district.pk}&sort=-unit")
    page = client.get(SavedView.objects.get().get_absolute_url(), follow=True)
    assert [r["unit"] for r in page.context["rows"]] == [cast.commune.label, cast.district.label]
    assert page.context["sort"] == "-unit"


def test_the_bare_list_can_be_kept_too(cast: Cast, login: Login, plan: Plan) -> None:
    client = login(cast.office_staff)
    page = client.get(reverse("plans:deadlines"))
    keep(client, "deadlines", "")
    opened = client.get(SavedView.objects.get().get_absolute_url(), follow=True)
    assert opened.context["live"]
    assert [r["pk"] for r in opened.context["rows"]] == [r["pk"] for r in page.context["rows"]]


def test_a_name_is_used_once_a_list_unless_it_is_replaced(cast: Cast, login: Login) -> None:
    client = login(cast.office_staff)
    keep(client, "deadlines", "state=overdue")
    again = keep(client, "deadlines", "state=late")
    assert again.status_code == 422
    assert 'value="Quá hạn"' in again.text
    assert SavedView.objects.get().query == "state=overdue"
    keep(client, "deadlines", "state=late", replace="on")
    assert SavedView.objects.get().query == "state=late"
    keep(client, "plans", "status=closed")
    keep(login(cast.leader), "deadlines", "state=overdue")
    assert SavedView.objects.count() == 3


@pytest.mark.parametrize(
    "said", [{"name": ""}, {"name": "  "}, {"name": "x" * 81}, {"name": "a\0b"}, {"shared_with": "x"}]
)
def test_what_is_wrong_is_told_and_nothing_is_kept(cast: Cast, login: Login, said: dict[str, str]) -> None:
    assert keep(login(cast.office_staff), "deadlines", "state=overdue", **said).status_code == 422
    assert not SavedView.objects.exists()


@pytest.mark.parametrize("query", ["q=" + "x" * 3000, "q=%00", "unit=" + "9" * 40, "%", "&&&=&", "a=1&" * 500])
def test_hostile_queries_are_refused_or_left_out(cast: Cast, login: Login, query: str) -> None:
    answer = keep(login(cast.office_staff), "deadlines", query)
    assert answer.status_code in {302, 422}
    assert list(SavedView.objects.values_list("query", flat=True)) in ([], [""])


def test_a_person_keeps_fifty_views_and_no_more(cast: Cast) -> None:
    for n in range(MOST):
        save_view(by=cast.office_staff, listing="deadlines", name=f"{n}", query="")
    with pytest.raises(ActionRefused, match="50"):
        save_view(by=cast.office_staff, listing="plans", name="Một nữa", query="")
    save_view(by=cast.office_staff, listing="deadlines", name="7", query="state=late", replace=True)
    assert SavedView.objects.count() == MOST


# --- sharing ---


SEEN = {
    "secretary": True,
    "commune_secretary": True,
    "branch_secretary": True,
    "leader": False,  # above: only who holds a post there or below
    "sibling_secretary": False,
    "outsider": False,
    "administrator": False,
}


@pytest.mark.parametrize("who", SEEN)
def test_a_shared_view_is_found_there_and_below_and_nowhere_else(cast: Cast, login: Login, who: str) -> None:
    view = save_view(
        by=cast.office_staff,
        listing="deadlines",
        name="Việc SÔNGTHAO",
        query="state=overdue",
        shared_with=cast.district,
    )
    client = login(getattr(cast, who))
    manage = reverse("plans:saved_views", args=["deadlines"])
    shown = {
        "SÔNGTHAO" in client.get(reverse("plans:deadlines")).text,
        "SÔNGTHAO" in client.get(manage).text,
        client.get(view.get_absolute_url()).status_code == 302,
    }
    assert shown == {SEEN[who]}
    for act in ("edit", "delete"):
        address = f"{view.get_absolute_url()}{act}/"
        assert [client.get(address).status_code, client.post(address, {"name": "Của tôi"}).status_code] == [404, 404]
    view.refresh_from_db()
    assert view.name == "Việc SÔNGTHAO"


def test_a_shared_view_carries_no_rows_and_no_rights(cast: Cast, login: Login, plan: Plan) -> None:
    query = f"unit={cast.other_district.pk}&plan={plan.pk}&state=overdue"
    foreign = make_published_plan(cast.foreign_province)
    view = save_view(by=cast.office_staff, listing="deadlines", name="Chung", query=query, shared_with=cast.district)
    client = login(cast.secretary)
    page = client.get(view.get_absolute_url(), follow=True)
    assert page.redirect_chain[-1][0] == f"/deadlines/?plan={plan.pk}&state=overdue&saved={view.pk}"
    assert {r["unit"] for r in page.context["rows"]} == {cast.district.label, cast.commune.label}
    assert "“Đơn vị”" in page.text
    assert cast.other_district.name not in page.text
    SavedView.objects.update(query=f"plan={foreign.pk}")
    page = client.get(view.get_absolute_url(), follow=True)
    assert page.redirect_chain[-1][0] == f"/deadlines/?saved={view.pk}"
    assert foreign.title not in page.text


def test_a_view_of_one_list_is_not_opened_as_another(cast: Cast, login: Login) -> None:
    view = save_view(by=cast.office_staff, listing="deadlines", name="A", query="")
    client = login(cast.office_staff)
    assert client.get(f"/views/plans/{view.pk}/").status_code == 404
    assert client.get(f"/views/nonsense/{view.pk}/").status_code == 404
    assert login(cast.reader).get("/views/confirmations/").status_code == 404


@pytest.mark.parametrize("who", ["secretary", "reader"])
def test_nobody_shares_with_a_unit_they_do_not_see(cast: Cast, login: Login, who: str) -> None:
    person: User = getattr(cast, who)
    with pytest.raises(Http404):
        save_view(by=person, listing="deadlines", name="A", query="", shared_with=cast.foreign_commune)
    answer = keep(login(person), "deadlines", "", shared_with=str(cast.foreign_commune.pk))
    assert answer.status_code == 422
    assert cast.foreign_commune.name not in answer.text
    assert not SavedView.objects.exists()


def test_what_a_person_shared_goes_with_their_account(cast: Cast, login: Login) -> None:
    save_view(by=cast.office_staff, listing="deadlines", name="SÔNGTHAO", query="", shared_with=cast.district)
    User.objects.filter(pk=cast.office_staff.pk).update(is_active=False)
    assert "SÔNGTHAO" not in login(cast.secretary).get(reverse("plans:deadlines")).text


# --- changing ---


def test_a_view_is_renamed_shared_and_deleted(cast: Cast, login: Login) -> None:
    view = save_view(by=cast.office_staff, listing="deadlines", name="A", query="state=overdue")
    save_view(by=cast.office_staff, listing="deadlines", name="B", query="")
    client = login(cast.office_staff)
    address = f"{view.get_absolute_url()}edit/"
    assert client.post(address, {"name": "B"}).status_code == 422
    answer = client.post(address, {"name": "C", "shared_with": str(cast.district.pk), "is_start": "on"})
    assert answer.headers["Location"] == "/views/deadlines/"
    view.refresh_from_db()
    assert (view.name, view.shared_with, view.is_start, view.query) == ("C", cast.district, True, "state=overdue")
    form = client.get(address).context["form"]
    assert form.initial == {"name": "C", "shared_with": cast.district.pk, "is_start": True}
    delete = f"{view.get_absolute_url()}delete/"
    assert client.get(delete).status_code == 200
    assert [client.post(delete).status_code for _ in range(2)] == [302, 404]
    assert SavedView.objects.get().name == "B"
    assert [e.action for e in AuditEvent.objects.filter(object_id=view.pk).order_by("pk")] == [
        "created", "changed", "dropped",
    ]  # fmt: skip


def test_another_persons_view_is_changed_by_no_act(cast: Cast) -> None:
    view = save_view(by=cast.office_staff, listing="deadlines", name="A", query="", shared_with=cast.district)
    with pytest.raises(Http404):
        change_view(view=view, by=cast.secretary, name="B")
    with pytest.raises(Http404):
        delete_view(view=view, by=cast.secretary)
    assert SavedView.objects.get().name == "A"


# --- start view ---


@pytest.mark.parametrize("listing", ["deadlines", "confirmations", "plans", "calendar", "figures"])
def test_a_list_begins_with_its_start_view_and_the_way_out_stays_open(
    cast: Cast, login: Login, plan: Plan, listing: str
) -> None:
    client = login(cast.office_staff)
    keep(client, listing, f"unit={cast.district.pk}", is_start="on")
    view = SavedView.objects.get()
    bare = LISTINGS[listing].url()
    page = client.get(bare, follow=True)
    assert page.redirect_chain[-1][0] == f"{bare}?unit={cast.district.pk}&saved={view.pk}"
    assert page.status_code == 200
    assert f'href="{bare}?saved=0"' in page.text  # "Clear"
    assert client.get(bare, {"saved": "0"}).status_code == 200
    assert login(cast.leader).get(bare).status_code == 200


def test_there_is_one_start_view_a_list(cast: Cast) -> None:
    views = [save_view(by=cast.office_staff, listing="deadlines", name=n, query="", is_start=True) for n in "AB"]
    other = save_view(by=cast.office_staff, listing="plans", name="A", query="", is_start=True)
    theirs = save_view(by=cast.leader, listing="deadlines", name="A", query="", is_start=True)
    started = SavedView.objects.filter(is_start=True).values_list("pk", flat=True)
    assert set(started) == {views[1].pk, other.pk, theirs.pk}
    change_view(view=views[0], by=cast.office_staff, name="A", is_start=True)
    assert set(started.all()) == {views[0].pk, other.pk, theirs.pk}


def test_somebody_elses_start_view_starts_nobody(cast: Cast, login: Login) -> None:
    save_view(by=cast.office_staff, listing="deadlines", name="A", query="", shared_with=cast.district, is_start=True)
    assert login(cast.secretary).get(reverse("plans:deadlines")).status_code == 200


# --- the second page of the bare list, cost ---


def test_the_second_page_of_the_bare_list_is_of_the_same_list(cast: Cast, login: Login) -> None:
    plan = make_published_plan(cast.province)
    done = {"reported_on": TODAY, "reported_by": cast.secretary, "confirmed_on": TODAY}
    for n in range(60):
        facts = {"status": "completed", "confirmed_by": cast.office_staff, **done} if n % 12 == 0 else {}
        make_deadline(cast.district, plan=plan, due_on=dt.date(2026, 3, 2), **facts)
    page = login(cast.office_staff).get(reverse("plans:deadlines"), {"page": "2"})
    assert page.context["live"]
    assert len(page.context["rows"]) == 5


@pytest.mark.parametrize("many", [1, 20])
def test_the_menu_costs_one_query_for_few_and_many(
    cast: Cast, login: Login, django_assert_num_queries: Any, many: int
) -> None:
    for n in range(many):
        save_view(by=cast.leader, listing="plans", name=f"{n}", query="", shared_with=cast.province)
        save_view(by=cast.office_staff, listing="plans", name=f"{n}", query="")
    client = login(cast.office_staff)
    with django_assert_num_queries(7):
        client.get(reverse("plans:plans"))
    with django_assert_num_queries(5):  # session, person, posts, views, counts of the frame
        client.get(reverse("plans:saved_views", args=["plans"]))
    with django_assert_num_queries(5):  # a fragment leaves menu and frame as they are
        client.get(reverse("plans:plans"), {"status": "closed"}, headers={"hx-request": "true"})


def test_what_is_left_out_is_named_by_its_label_only(cast: Cast) -> None:
    unit: Unit = cast.foreign_commune
    query = QueryDict(mutable=True)
    query.update({"unit": str(unit.pk), "sort": "zzz", "figure": "zzz", "abc": "1", "state": "overdue"})
    kept = understood(LISTINGS["deadlines"], query.urlencode(), user=cast.secretary, today=TODAY)
    assert kept.query == "state=overdue"
    assert len(kept.dropped) == 3  # the unit, the order, and twice what the page does not show
    assert unit.name not in " ".join(kept.dropped)


def test_the_form_says_in_words_what_is_kept_and_the_list_names_the_unit(cast: Cast, login: Login) -> None:
    client = login(cast.office_staff)
    asked = {"query": f"q=họp&state=overdue&unit={cast.district.pk}&sort=-due"}
    page = client.get(reverse("plans:saved_view_new", args=["deadlines"]), asked)
    words = "; ".join(page.context["conditions"])
    assert [part in words for part in ("họp", "Quá hạn", "Huyện đoàn Bình Minh")] == [True, True, True]
    save_view(by=cast.office_staff, listing="plans", name="Chung", query="", shared_with=cast.district)
    assert f"với {cast.district.label}" in client.get(reverse("plans:saved_views", args=["plans"])).text


def test_a_view_is_offered_while_its_owner_holds_a_post_over_the_unit(cast: Cast) -> None:
    save_view(by=cast.office_staff, listing="deadlines", name="Chung", query="", shared_with=cast.district)
    assert SavedView.objects.visible_to(cast.secretary).count() == 1
    cast.office_staff.appointments.update(end=TODAY - dt.timedelta(days=1))
    assert SavedView.objects.visible_to(User.objects.get(pk=cast.secretary.pk)).count() == 0
    assert SavedView.objects.visible_to(cast.office_staff).count() == 1


def test_views_of_others_never_push_out_the_own_start_view(cast: Cast, login: Login) -> None:
    own = save_view(by=cast.secretary, listing="deadlines", name="Z", query="state=overdue", is_start=True)
    SavedView.objects.bulk_create(
        SavedView(owner=person, listing="deadlines", name=f"!{n}", shared_with=cast.district)
        for person in (cast.office_staff, cast.leader)
        for n in range(60)
    )
    answer = login(cast.secretary).get(reverse("plans:deadlines"))
    assert answer.headers["Location"] == own.get_absolute_url()
