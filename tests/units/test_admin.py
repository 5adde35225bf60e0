"""The admin site: hidden from others, every write through an action and logged, within the own part of the tree."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.test import Client
from django.urls import reverse

from doantracker.api.models import ApiToken
from doantracker.lib import clock
from doantracker.papers.models import Term
from plans.enums import NoticeKind, NoticeState
from plans.models import CalendarDay, Difficulty, Extension, Notice, ReminderLadder
from reviews.models import RatingRule
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import (
    AppointmentFactory,
    UserFactory,
    make_deadline,
    make_difficulty,
    make_extension,
    make_officer,
    make_published_plan,
    make_unit,
)
from units import actions
from units.administration import configurable
from units.models import Appointment, AuditEvent, Oversight, Post, Substitution, Unit, UnitKind, User
from units.roles import Role

pytestmark = pytest.mark.usefixtures("today")

MODELS = (
    Unit,
    UnitKind,
    User,
    Post,
    Appointment,
    Oversight,
    Substitution,
    AuditEvent,
    CalendarDay,
    Difficulty,
    Extension,
    Notice,
    RatingRule,
    ReminderLadder,
    Term,
    ApiToken,
)


@pytest.fixture
def clerk(cast: Cast, login: Login) -> Client:
    """Return the administrator's browser."""
    return login(cast.administrator)


def address(model: type, act: str, *args: Any) -> str:
    """Return the address of an admin page."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{act}", args=args)  # type: ignore[attr-defined]  # a model


def last() -> tuple[str, str, Any]:
    """Return act, kind and label of the newest row of the log."""
    row = AuditEvent.objects.order_by("-pk")[0]
    return row.action, row.object_type, row.object_label


def errors(answer: Any) -> dict[str, list[str]]:
    """Return the errors of the form a page shows."""
    assert answer.status_code == 200
    found: dict[str, list[str]] = answer.context["adminform"].form.errors
    return found


def test_the_site_offers_exactly_these_pages() -> None:
    assert set(admin.site._registry) == set(MODELS)


@pytest.mark.parametrize("who", ["secretary", "office_staff", "leader", "reader", "outsider"])
def test_others_do_not_learn_that_the_site_exists(cast: Cast, login: Login, who: str) -> None:
    client = login(getattr(cast, who))
    for path in ("/admin/", "/admin/login/", "/admin/units/unit/", "/admin/autocomplete/", "/admin/nonsense/"):
        assert client.get(path).status_code == 404


def test_nobody_logged_in_comes_to_the_one_log_in_page(client: Client, db: None) -> None:
    answer = client.get("/admin/units/unit/")
    assert (answer.status_code, answer["Location"]) == (302, "/login/?next=/admin/units/unit/")
    assert client.get("/admin/login/")["Location"] == "/login/?next=/admin/"


@pytest.mark.parametrize("model", MODELS)
def test_every_list_opens_searches_and_never_shows_a_hash(clerk: Client, model: type) -> None:
    for query in ("", "?q=binh+minh", "?q=quan"):
        answer = clerk.get(address(model, "changelist") + query)
        assert answer.status_code == 200
        assert "md5$" not in answer.content.decode()


@pytest.mark.parametrize(
    ("model", "kind"), [(Unit, "units"), (User, "people"), (Post, "posts"), (Appointment, "posts"), (UnitKind, None)]
)
def test_a_list_that_is_also_imported_says_where(clerk: Client, model: type[models.Model], kind: str | None) -> None:
    page = clerk.get(reverse(f"admin:units_{model._meta.model_name}_changelist")).content.decode()
    links = re.findall(r'href="/imports/([a-z]+)/"', page)
    assert links == ([kind] if kind else [])


@pytest.mark.parametrize(
    ("model", "count"), [(Unit, 7), (User, 7), (Post, 6), (Appointment, 6), (Oversight, 6), (AuditEvent, 6)]
)
def test_lists_cost_the_same_for_any_number_of_rows(
    cast: Cast, clerk: Client, model: type, count: int, django_assert_max_num_queries: Any
) -> None:
    clerk.get(address(model, "changelist"))
    with django_assert_max_num_queries(count + 3):
        clerk.get(address(model, "changelist"))
    for n in range(30):
        unit = make_unit(f"Xã {n}", code=f"N{n}", parent=cast.district)
        make_officer(unit, Role.SECRETARY)
        Oversight.objects.create(user=cast.leader, unit=unit)
    with django_assert_max_num_queries(count + 3):
        clerk.get(address(model, "changelist"))


def test_units_stand_in_tree_order_and_are_found_without_accents(clerk: Client, cast: Cast) -> None:
    page = clerk.get(address(Unit, "changelist"))
    paths = [u.path for u in page.context["cl"].result_list]
    assert paths == sorted(paths)
    found = clerk.get(address(Unit, "changelist") + "?q=huyen+doan+binh").context["cl"].result_list
    assert list(found) == [cast.district]


def unit_facts(**facts: Any) -> dict[str, Any]:
    """Return what the form of a unit sends."""
    names = ("parent", "kind", "code", "name", "short_name", "aliases", "place", "valid_from", "valid_to")
    return {name: facts.get(name, "") for name in names}


def test_a_unit_is_founded_below_the_one_chosen(clerk: Client, cast: Cast) -> None:
    facts = unit_facts(parent=cast.district.pk, kind=cast.commune.kind.pk, code="ST-BM-TT", name="Đoàn xã Tân Tiến")
    assert clerk.post(address(Unit, "add"), facts).status_code == 302
    assert Unit.objects.get_parent(Unit.objects.get(code="ST-BM-TT")) == cast.district
    assert last() == ("created", "unit", "Đoàn xã Tân Tiến")


def test_a_unit_moves_when_another_unit_above_is_chosen(clerk: Client, cast: Cast) -> None:
    facts = unit_facts(
        parent=cast.other_district.pk, kind=cast.commune.kind.pk, code="ST-BM-AH", name="Đoàn xã An Hòa"
    )
    assert clerk.post(address(Unit, "change", cast.commune.pk), facts).status_code == 302
    assert Unit.objects.get_parent(Unit.objects.get(pk=cast.commune.pk)) == cast.other_district
    assert last() == ("moved", "unit", "Đoàn xã An Hòa")


def test_a_cycle_and_a_missing_parent_are_refused_beside_the_field(clerk: Client, cast: Cast) -> None:
    facts = unit_facts(parent=cast.branch.pk, kind=cast.district.kind.pk, code="ST-BM", name="Huyện đoàn Bình Minh")
    where = address(Unit, "change", cast.district.pk)
    assert list(errors(clerk.post(where, facts))) == ["parent"]
    assert list(errors(clerk.post(where, {**facts, "parent": ""}))) == ["parent"]
    assert list(errors(clerk.post(where, {**facts, "parent": cast.foreign_province.pk}))) == ["parent"]
    assert AuditEvent.objects.count() == 1  # the log-in


def test_a_unit_in_use_can_not_be_deleted(clerk: Client, cast: Cast) -> None:
    where = address(Unit, "delete", cast.branch.pk)
    assert clerk.get(where).context["protected"]
    assert clerk.post(where, {"post": "yes"}).status_code != 302 or Unit.objects.filter(pk=cast.branch.pk).exists()
    assert Unit.objects.filter(pk=cast.branch.pk).exists()
    assert clerk.get(address(Unit, "delete", cast.district.pk)).status_code == 403


def test_an_unused_unit_can_be_deleted(clerk: Client, cast: Cast) -> None:
    unused = make_unit("Nhầm", code="NHAM", parent=cast.district)
    assert clerk.post(address(Unit, "delete", unused.pk), {"post": "yes"}).status_code == 302
    assert last() == ("dropped", "unit", "Nhầm")
    cast.district.refresh_from_db()
    assert cast.district.numchild == 1


def test_a_person_is_added_gets_a_password_and_is_appointed(clerk: Client, cast: Cast) -> None:
    facts = {"full_name": "Đinh Thị Mới", "username": "Moi", "email": "moi@example.vn", "is_active": "on"}
    clerk.post(address(User, "add"), facts)
    person = User.objects.get(username="moi")
    assert last() == ("created", "user", "Đinh Thị Mới")

    word = "Mật-khẩu-đầu-tiên-1"
    clerk.post(f"/admin/units/user/{person.pk}/password/", {"new_password1": word, "new_password2": word})
    assert User.objects.get(pk=person.pk).check_password(word)
    assert last()[0] == "password_changed"

    post = Post.objects.get(unit=cast.branch)
    clerk.post(address(Appointment, "add"), {"user": person.pk, "post": post.pk, "start": "16/03/2026", "end": ""})
    assert person.appointments.get().post == post
    assert last()[:2] == ("created", "appointment")
    assert "Chi đoàn ấp 3" in clerk.get(address(User, "change", person.pk)).content.decode()


def test_user_names_are_unique_whatever_the_case(clerk: Client, cast: Cast) -> None:
    answer = clerk.post(address(User, "add"), {"full_name": "Ai Đó", "username": "BITHU", "is_active": "on"})
    assert list(errors(answer)) == ["username"]


def test_nobody_is_deleted(clerk: Client, cast: Cast) -> None:
    assert clerk.post(address(User, "delete", cast.reader.pk), {"post": "yes"}).status_code == 403


def test_the_last_administrator_stays(clerk: Client, cast: Cast) -> None:
    facts: dict[str, Any] = {"full_name": "Đỗ Quản Trị", "username": "quantri", "email": "", "phone": ""}
    assert list(errors(clerk.post(address(User, "change", cast.administrator.pk), facts))) == ["__all__"]
    held = Appointment.objects.get(user=cast.administrator)
    facts = {"user": held.user.pk, "post": held.post.pk, "start": "01/01/2020", "end": "31/12/2026"}
    assert list(errors(clerk.post(address(Appointment, "change", held.pk), facts))) == ["__all__"]
    clerk.post(address(Appointment, "delete", held.pk), {"post": "yes"})
    assert Appointment.objects.filter(pk=held.pk).exists()
    facts = {"unit": cast.province.pk, "title": "X", "rank": 1, "role": "reader"}
    assert list(errors(clerk.post(address(Post, "change", held.post.pk), facts))) == ["__all__"]


def test_dates_of_an_appointment_are_checked(clerk: Client, cast: Cast) -> None:
    held = Appointment.objects.get(user=cast.secretary)
    facts = {"user": held.user.pk, "post": held.post.pk, "start": "01/02/2026", "end": "01/01/2026"}
    assert list(errors(clerk.post(address(Appointment, "change", held.pk), facts))) == ["end"]
    again = {"user": held.user.pk, "post": held.post.pk, "start": "01/02/2026", "end": ""}
    assert list(errors(clerk.post(address(Appointment, "add"), again))) == ["start"]


def test_an_administrator_of_a_district_sees_and_changes_that_district_only(cast: Cast, login: Login) -> None:
    client = login(make_officer(cast.district, Role.ADMINISTRATOR, username="quantrihuyen"))
    page = client.get(address(Unit, "changelist"))
    assert set(page.context["cl"].result_list) == {cast.district, cast.commune, cast.branch}
    assert client.get(address(Unit, "change", cast.other_district.pk)).status_code == 302
    assert client.get(address(User, "change", cast.office_staff.pk)).status_code == 302
    assert client.get(f"/admin/units/user/{cast.office_staff.pk}/password/").status_code == 404
    for model in (UnitKind, CalendarDay, ReminderLadder):
        assert client.get(address(model, "add")).status_code == 403
    post = Post.objects.get(role=Role.OFFICE)
    facts = {"user": cast.commune_secretary.pk, "post": post.pk, "start": "16/03/2026", "end": ""}
    assert list(errors(client.post(address(Appointment, "add"), facts))) == ["post"]
    search = "/admin/autocomplete/?app_label=units&model_name=post&field_name=unit&term="
    found = {row["text"] for row in client.get(search).json()["results"]}
    assert found == {"Huyện đoàn Bình Minh", "Đoàn xã An Hòa", "Chi đoàn ấp 3"}


def test_a_person_with_a_post_elsewhere_is_out_of_a_districts_reach(cast: Cast, login: Login) -> None:
    client = login(make_officer(cast.district, Role.ADMINISTRATOR, username="quantrihuyen"))
    assert client.get(address(User, "change", cast.commune_secretary.pk)).status_code == 200
    AppointmentFactory(user=cast.commune_secretary, post=Post.objects.get(role=Role.LEADER))
    assert client.get(address(User, "change", cast.commune_secretary.pk)).status_code == 302


def test_the_log_can_only_be_read(clerk: Client, cast: Cast) -> None:
    row = AuditEvent.objects.get()
    assert clerk.get(address(AuditEvent, "change", row.pk)).status_code == 200
    assert clerk.get(address(AuditEvent, "add")).status_code == 403
    assert clerk.post(address(AuditEvent, "change", row.pk), {"action": "refused"}).status_code == 403
    assert clerk.post(address(AuditEvent, "delete", row.pk), {"post": "yes"}).status_code == 403
    answer = clerk.get(address(Unit, "history", cast.district.pk), follow=True)
    assert answer.status_code == 200
    assert f"object_id__exact={cast.district.pk}" in answer.redirect_chain[0][0]


@pytest.mark.usefixtures("both_trees")
def test_ladder_needs_a_step_and_its_steps_are_logged(clerk: Client) -> None:
    steps = {
        "steps-TOTAL_FORMS": "2",
        "steps-INITIAL_FORMS": "0",
        "steps-0-days_before": "",
        "steps-1-days_before": "",
    }
    facts = {"name": "Gấp", "overdue_every": "3", **steps}
    answer = clerk.post(address(ReminderLadder, "add"), facts)
    assert answer.context["inline_admin_formsets"][0].formset.non_form_errors()
    clerk.post(address(ReminderLadder, "add"), {**facts, "steps-0-days_before": "5", "steps-1-days_before": "0"})
    ladder = ReminderLadder.objects.get(name="Gấp")
    assert [s.days_before for s in ladder.steps.all()] == [5, 0]
    acts = AuditEvent.objects.order_by("pk").values_list("action", "object_type")
    assert list(acts)[1:] == [("created", "reminderladder"), ("created", "ladderstep"), ("created", "ladderstep")]
    clerk.post(address(ReminderLadder, "delete", ladder.pk), {"post": "yes"})
    assert not ReminderLadder.objects.filter(name="Gấp").exists()


@pytest.mark.usefixtures("both_trees")
def test_a_year_of_public_holidays_is_filled_in_once_and_keeps_what_stood_there(clerk: Client) -> None:
    CalendarDay.objects.create(day=dt.date(2026, 4, 30), name="Của văn phòng")
    answer = clerk.post("/admin/plans/calendarday/fill/", {"year": "2026"})
    assert answer.status_code == 302
    assert CalendarDay.objects.get(day=dt.date(2026, 4, 30)).name == "Của văn phòng"
    assert CalendarDay.objects.get(day=dt.date(2026, 2, 17)).name == "Tết Nguyên Đán"
    count = CalendarDay.objects.count()
    clerk.post("/admin/plans/calendarday/fill/", {"year": "2026"})
    assert CalendarDay.objects.count() == count
    assert AuditEvent.objects.filter(action="created").count() == 1
    assert clerk.post("/admin/plans/calendarday/fill/", {"year": "1066"}).status_code == 200


@pytest.mark.usefixtures("both_trees")
def test_a_second_default_ladder_is_refused_with_words(clerk: Client) -> None:
    ReminderLadder.objects.filter(is_default=True).delete()
    ReminderLadder.objects.create(name="Chung", is_default=True)
    facts = {"name": "Khác", "is_default": "on", "overdue_every": "3", "steps-TOTAL_FORMS": "1"}
    answer = clerk.post(
        address(ReminderLadder, "add"), {**facts, "steps-INITIAL_FORMS": "0", "steps-0-days_before": "1"}
    )
    assert list(errors(answer)) == ["__all__"]


def test_no_page_of_the_site_asks_another_host_or_has_inline_code(clerk: Client, cast: Cast) -> None:
    UserFactory()
    for path in ("/admin/", address(Unit, "changelist"), address(Unit, "change", cast.district.pk)):
        text = clerk.get(path).content.decode()
        assert "style=" not in text
        assert "onclick=" not in text
        assert "<script>" not in text
        assert 'src="http' not in text


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("key", ["abc", "1a", "9" * 5000, "-1", "²"])
def test_the_log_of_no_record_is_not_found(clerk: Client, model: type, key: str) -> None:
    assert clerk.get(address(model, "history", key)).status_code == 404


@pytest.mark.parametrize("query", ["object_type__exact=a%00", "role__exact=a%00", "q=a%00"])
def test_a_nul_in_a_filter_is_a_bad_request(clerk: Client, query: str) -> None:
    assert clerk.get(address(AuditEvent, "changelist") + "?" + query).status_code == 400


@pytest.mark.parametrize("key", ["9" * 20, "x", "-1", "²", ""])
def test_a_key_of_nobody_in_the_address_leaves_the_choice_empty(clerk: Client, key: str) -> None:
    answer = clerk.get(address(Appointment, "add"), {"user": key, "post": key, "start": "31/02/2026"})
    assert answer.status_code == 200
    assert answer.context["adminform"].form["user"].value() is None


def test_the_link_to_a_new_appointment_chooses_the_person(clerk: Client, cast: Cast) -> None:
    answer = clerk.get(address(Appointment, "add"), {"user": cast.reader.pk})
    assert answer.context["adminform"].form["user"].value() == str(cast.reader.pk)
    assert cast.reader.full_name in answer.content.decode()


@pytest.mark.parametrize(
    ("model", "lookup"),
    [
        (User, "password__startswith"),
        (User, "password"),
        (User, "password__regex"),
        (Appointment, "user__password__startswith"),
        (AuditEvent, "actor__password__startswith"),
    ],
)
def test_no_list_tells_anything_about_a_password(clerk: Client, model: type, lookup: str) -> None:
    assert clerk.get(address(model, "changelist"), {lookup: "md5"}).status_code == 400


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("words", ["a" * 60_000, "a " * 30_000, ".a" * 30_000])
def test_an_endless_search_is_cut(clerk: Client, model: type, words: str) -> None:
    assert clerk.get(address(model, "changelist"), {"q": words}).status_code == 200


def test_only_the_first_ten_words_of_a_search_count(clerk: Client, cast: Cast) -> None:
    search = {"q": "binh " * 10 + "khongco"}
    assert list(clerk.get(address(Unit, "changelist"), search).context["cl"].result_list) == [cast.district]


def test_an_endless_filter_is_refused(clerk: Client) -> None:
    assert clerk.get(address(User, "changelist"), {"email__contains": "a" * 60_000}).status_code == 400


# --- no climbing ---


@pytest.fixture
def district_administrator(cast: Cast) -> User:
    """Return an administrator of the district."""
    return make_officer(cast.district, Role.ADMINISTRATOR, username="quantrihuyen")


def post_facts(unit: Unit, role: Role) -> dict[str, Any]:
    """Return what the form of a post sends."""
    return {"unit": unit.pk, "title": "Cán bộ chuyên trách", "rank": 50, "role": role.value}


def test_no_post_opens_the_unit_above_the_own_part(cast: Cast, login: Login, district_administrator: User) -> None:
    client = login(district_administrator)
    answer = client.post(address(Post, "add"), post_facts(cast.district, Role.DEPARTMENT))
    assert list(errors(answer)) == ["role"]
    assert cast.district.label in errors(answer)["role"][0]
    own = Post.objects.get(unit=cast.district, role=Role.SECRETARY)
    answer = client.post(address(Post, "change", own.pk), post_facts(cast.district, Role.DEPARTMENT))
    assert list(errors(answer)) == ["role"]
    assert client.post(address(Post, "add"), post_facts(cast.district, Role.READER)).status_code == 302
    assert client.post(address(Post, "add"), post_facts(cast.commune, Role.DEPARTMENT)).status_code == 302


def test_nobody_is_appointed_to_a_post_that_opens_the_unit_above(
    cast: Cast, login: Login, district_administrator: User
) -> None:
    post = Post.objects.create(unit=cast.district, title="Cán bộ", role=Role.DEPARTMENT)
    facts = {"user": cast.commune_secretary.pk, "post": post.pk, "start": "16/03/2026", "end": ""}
    assert list(errors(login(district_administrator).post(address(Appointment, "add"), facts))) == ["post"]
    assert login(cast.administrator).post(address(Appointment, "add"), facts).status_code == 302


def test_the_actions_refuse_a_post_beyond_reach_too(cast: Cast, district_administrator: User) -> None:
    post = Post(unit=cast.district, title="Cán bộ", role=Role.DEPARTMENT)
    with pytest.raises(ValidationError) as refusal:
        actions.save_record(record=post, by=district_administrator)
    assert refusal.value.code == "reach"
    post.save()
    appointment = Appointment(user=district_administrator, post=post)
    with pytest.raises(ValidationError) as refusal:
        actions.save_record(record=appointment, by=district_administrator)
    assert refusal.value.code == "reach"
    actions.save_record(record=appointment, by=cast.administrator)


def test_the_password_of_a_person_who_sees_the_unit_above_is_out_of_reach(
    cast: Cast, login: Login, district_administrator: User
) -> None:
    person = make_officer(cast.district, Role.DEPARTMENT)
    where = f"/admin/units/user/{person.pk}/password/"
    assert login(district_administrator).get(where).status_code == 404
    assert login(cast.administrator).get(where).status_code == 200


@pytest.mark.usefixtures("both_trees")
def test_people_without_any_post_belong_to_who_administers_all(
    cast: Cast, login: Login, district_administrator: User
) -> None:
    person = UserFactory()
    where = f"/admin/units/user/{person.pk}/password/"
    assert login(district_administrator).get(where).status_code == 404
    assert login(cast.administrator).get(where).status_code == 200
    listed = login(district_administrator).get(address(User, "changelist")).context["cl"].result_list
    assert set(listed) == {district_administrator, cast.secretary, cast.commune_secretary, cast.branch_secretary}


def test_an_administrator_of_a_district_adds_a_person_and_appoints_them(
    cast: Cast, login: Login, district_administrator: User
) -> None:
    client = login(district_administrator)
    client.post(address(User, "add"), {"full_name": "Đinh Thị Mới", "username": "moi", "is_active": "on"})
    person = User.objects.get(username="moi")
    assert client.get(address(User, "change", person.pk)).status_code == 200
    assert client.get(f"/admin/units/user/{person.pk}/password/").status_code == 200
    post = Post.objects.get(unit=cast.branch)
    facts = {"user": person.pk, "post": post.pk, "start": "16/03/2026", "end": ""}
    assert client.post(address(Appointment, "add"), facts).status_code == 302
    sibling = make_officer(cast.other_district, Role.ADMINISTRATOR, username="quantrithi")
    assert login(sibling).get(f"/admin/units/user/{person.pk}/password/").status_code == 404


def test_the_administrator_of_a_second_province_reads_nothing_of_the_first(cast: Cast, login: Login) -> None:
    plan = make_published_plan(cast.province)
    row = make_deadline(cast.district, plan=plan, due_on=dt.date(2026, 3, 2))
    make_extension(row, by=cast.secretary)
    make_difficulty(row, by=cast.secretary)
    failed = {"kind": NoticeKind.OVERDUE, "state": NoticeState.FAILED, "day": clock.today(), "created_at": clock.now()}
    Notice.objects.create(recipient=cast.secretary, deadline=row, **failed)
    actions.save_record(record=UnitKind(code="x", name="Loại mới", rank=9), by=None)
    stranger = make_officer(cast.foreign_province, Role.ADMINISTRATOR)
    seen = {
        person: [
            len(login(person).get(address(model, "changelist")).context["cl"].result_list)
            for model in (Extension, Difficulty, Notice)
        ]
        for person in (cast.administrator, stranger)
    }
    assert seen == {cast.administrator: [1, 1, 1], stranger: [0, 0, 0]}
    log = configurable(AuditEvent.objects.filter(unit_id=None), stranger, clock.today())
    assert not log.filter(object_type="unitkind").exists()
    for model in (CalendarDay, ReminderLadder, UnitKind):
        assert login(stranger).get(address(model, "add")).status_code in {403, 404}
