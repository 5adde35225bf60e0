"""Standing in by post: who may name whom, which rights pass on, what never does, what the log and the mails say."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404
from django.urls import reverse

from doantracker.lib import clock
from plans.actions.deadlines import confirm, return_result, submit
from plans.actions.extensions import ask_later_day, grant
from plans.enums import NoticeKind, Status
from plans.models import Deadline, Difficulty, Extension, Notice
from plans.reminders.delivery import deliver_notices
from plans.reminders.sweep import check_deadlines
from plans.request_rows import extension_rows
from plans.rows import rows_of
from tests.cast import Cast
from tests.conftest import TODAY, Login
from tests.factories import (
    AppointmentFactory,
    PostFactory,
    close,
    make_deadline,
    make_extension,
    make_officer,
    make_published_plan,
    make_substitution,
)
from units import actions
from units.access import decider
from units.administration import configurable
from units.models import Appointment, AuditEvent, Substitution, User
from units.permissions import Permission
from units.roles import Role
from units.substitutions import end_substitution, name_substitute

pytestmark = pytest.mark.usefixtures("today")

DAY = dt.timedelta(days=1)


def again(person: User) -> User:
    """Return a person as another request reads it."""
    found: User = User.objects.get(pk=person.pk)
    return found


def held(person: User) -> Appointment:
    """Return somebody's appointment."""
    found: Appointment = person.appointments.select_related("post__unit").get()
    return found


def names(absent: User, substitute: User, **facts: Any) -> Substitution:
    """Let a post-holder name a substitute for a week."""
    given = {"start": TODAY, "end": TODAY + 7 * DAY, "reason": "Đi học", "by": absent, **facts}
    return name_substitute(appointment=held(absent), substitute=substitute, **given)


@pytest.fixture
def deputy(cast: Cast) -> User:
    """Return somebody of the commune with a login and no right but to see."""
    return make_officer(cast.commune, Role.READER, username="pho", full_name="Phó Văn Thay")


# --- which rights, and until when ---


@pytest.mark.parametrize(
    ("start", "end", "stands_in"),
    [(0, 0, True), (-3, 0, True), (0, 9, True), (1, 9, False), (-9, -1, False)],
)
def test_the_rights_are_there_on_the_days_named_and_end_by_themselves(
    cast: Cast, deputy: User, *, start: int, end: int, stands_in: bool
) -> None:
    make_substitution(cast.commune_secretary, deputy, start=TODAY + start * DAY, end=TODAY + end * DAY)
    assert again(deputy).may(Permission.REPORT, cast.commune) is stands_in


def test_the_rights_of_the_post_pass_on_and_no_others(cast: Cast, deputy: User) -> None:
    before = set(again(deputy).grants)
    make_substitution(cast.commune_secretary, deputy)
    person = again(deputy)
    passed = {g.permission for g in set(person.grants) - before}
    assert passed == {
        Permission.VIEW,
        Permission.REPORT,
        Permission.MANAGE_PLANS,
        Permission.CONFIRM,
        Permission.VIEW_PERSONAL,
        Permission.VIEW_FEEDBACK,
    }
    assert {g.path for g in person.grants} == {cast.commune.path}
    assert not person.may(Permission.REPORT, cast.district)
    assert [post.absent for post in person.posts] == ["", "Bùi Thị Xã"]  # own posts come first
    assert "Bùi Thị Xã" in str(person.posts[1])


def test_own_and_passed_on_rights_are_read_with_one_query(
    cast: Cast, deputy: User, django_assert_num_queries: Any
) -> None:
    make_substitution(cast.commune_secretary, deputy)
    person = again(deputy)
    with django_assert_num_queries(1):
        assert len(person.posts) == 2
        assert person.may(Permission.CONFIRM, cast.commune)


def test_they_end_with_the_appointment_and_with_either_account(cast: Cast, deputy: User) -> None:
    make_substitution(cast.commune_secretary, deputy)
    appointment = held(cast.commune_secretary)
    assert again(deputy).may(Permission.REPORT, cast.commune)
    appointment.end = TODAY - DAY
    appointment.save()
    assert not again(deputy).may(Permission.REPORT, cast.commune)
    appointment.end = None
    appointment.save()
    User.objects.filter(pk=cast.commune_secretary.pk).update(is_active=False)
    assert not again(deputy).may(Permission.REPORT, cast.commune)
    User.objects.filter(pk=cast.commune_secretary.pk).update(is_active=True)
    assert again(deputy).may(Permission.REPORT, cast.commune)


def test_setting_up_never_passes_on_whatever_becomes_of_the_post(cast: Cast, deputy: User) -> None:
    make_substitution(cast.office_staff, deputy)
    post = held(cast.office_staff).post
    post.role = Role.ADMINISTRATOR
    post.save()
    assert not again(deputy).may(Permission.CONFIGURE)
    assert not again(deputy).may(Permission.VIEW, cast.province)
    assert not again(deputy).is_staff


def test_what_is_passed_on_can_not_be_passed_on_again(cast: Cast, login: Login, deputy: User) -> None:
    make_substitution(cast.commune_secretary, deputy)
    third = make_officer(cast.commune, Role.READER, username="ba", full_name="Ba Văn Ba")
    with pytest.raises(Http404):
        name_substitute(
            appointment=held(cast.commune_secretary),
            substitute=third,
            start=TODAY + 30 * DAY,
            end=TODAY + 31 * DAY,
            reason="x",
            by=again(deputy),
        )
    own = make_substitution(deputy, third)
    assert not again(third).may(Permission.REPORT, cast.commune)
    own.delete()
    offered = login(deputy).get(reverse("substitutions")).context["form"].fields["appointment"].queryset
    assert [a.user for a in offered] == [deputy]


# --- who may name whom ---


def test_a_post_holder_names_somebody_of_the_units_seen(cast: Cast, deputy: User) -> None:
    made = names(cast.commune_secretary, deputy)
    assert (made.entered_by, made.reason) == (cast.commune_secretary, "Đi học")
    event = AuditEvent.objects.latest("pk")
    assert (event.action, event.object_type, event.actor, event.unit_id) == (
        "created",
        "substitution",
        cast.commune_secretary,
        cast.commune.pk,
    )
    for stranger in (cast.outsider, cast.office_staff, cast.sibling_secretary):
        with pytest.raises(Http404):
            names(cast.commune_secretary, stranger, start=TODAY + 20 * DAY, end=TODAY + 21 * DAY)


@pytest.mark.parametrize("who", ["secretary", "sibling_secretary", "office_staff", "leader", "outsider"])
def test_nobody_passes_on_the_post_of_another(cast: Cast, deputy: User, who: str) -> None:
    with pytest.raises(Http404):
        names(cast.commune_secretary, deputy, by=getattr(cast, who))


def test_the_administrator_names_a_substitute_within_the_own_part_of_the_tree(cast: Cast, deputy: User) -> None:
    assert names(cast.commune_secretary, deputy, by=cast.administrator).entered_by == cast.administrator
    district = make_officer(cast.district, Role.ADMINISTRATOR, username="qthuyen")
    assert names(cast.branch_secretary, deputy, by=district).pk
    with pytest.raises(Http404):
        names(cast.sibling_secretary, deputy, by=district)


def test_the_rights_of_an_administrator_are_passed_on_by_nobody(cast: Cast, deputy: User) -> None:
    with pytest.raises(ValidationError):
        names(cast.administrator, deputy)
    record = Substitution(appointment=held(cast.administrator), substitute=deputy, start=TODAY, end=TODAY, reason="x")
    record.entered_by, record.entered_at = cast.administrator, clock.now()
    with pytest.raises(ValidationError):
        actions.save_record(record=record, by=cast.administrator)
    assert not Substitution.objects.exists()


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"end": TODAY - DAY, "start": TODAY}, "end"),
        ({"start": TODAY - DAY}, "start"),
        ({"end": TODAY + 367 * DAY}, "end"),
        ({"reason": "  "}, "reason"),
    ],
)
def test_days_and_reason_are_checked(cast: Cast, deputy: User, facts: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        names(cast.commune_secretary, deputy, **facts)
    assert list(refusal.value.message_dict) == [field]
    assert not Substitution.objects.exists()


def test_nobody_stands_in_twice_for_themselves_or_without_a_login(cast: Cast, deputy: User) -> None:
    names(cast.commune_secretary, deputy)
    with pytest.raises(ValidationError):
        names(cast.commune_secretary, cast.branch_secretary, start=TODAY + 7 * DAY)
    assert names(cast.commune_secretary, cast.branch_secretary, start=TODAY + 8 * DAY, end=TODAY + 9 * DAY).pk
    with pytest.raises(ValidationError):
        names(cast.secretary, cast.secretary, by=cast.administrator)
    nobody = make_officer(cast.commune, Role.READER, username=None)
    with pytest.raises(ValidationError):
        names(cast.secretary, nobody, by=cast.administrator)


def test_the_password_of_who_stands_in_for_the_unit_above_is_out_of_reach(cast: Cast, deputy: User) -> None:
    district = make_officer(cast.district, Role.ADMINISTRATOR, username="qthuyen")
    assert deputy in configurable(User.objects.all(), district, TODAY)
    make_substitution(cast.office_staff, deputy)
    assert deputy not in configurable(User.objects.all(), district, TODAY)


# --- ending ---


def test_ending_now_keeps_the_days_until_yesterday(cast: Cast, deputy: User) -> None:
    running = make_substitution(cast.commune_secretary, deputy)
    end_substitution(substitution=running, by=cast.commune_secretary)
    running.refresh_from_db()
    assert running.end == TODAY - DAY
    assert not again(deputy).may(Permission.REPORT, cast.commune)
    with pytest.raises(ValidationError):
        end_substitution(substitution=running, by=cast.commune_secretary)


def test_one_that_begins_today_or_later_never_happens(cast: Cast, deputy: User) -> None:
    made = names(cast.commune_secretary, deputy)
    end_substitution(substitution=made, by=cast.commune_secretary)
    assert not Substitution.objects.exists()
    assert AuditEvent.objects.latest("pk").action == "dropped"


def test_the_substitute_does_not_end_it(cast: Cast, deputy: User) -> None:
    made = names(cast.commune_secretary, deputy)
    for who in (deputy, cast.secretary, cast.outsider):
        with pytest.raises(Http404):
            end_substitution(substitution=made, by=again(who))


# --- acting ---


@pytest.fixture
def owed(cast: Cast) -> Deadline:
    """Return work of the commune in a plan of the province."""
    return make_deadline(cast.commune, plan=make_published_plan(cast.province), due_on=TODAY + 2 * DAY)


def test_the_log_names_the_substitute_and_for_whom(cast: Cast, login: Login, deputy: User, owed: Deadline) -> None:
    make_substitution(cast.commune_secretary, deputy)
    submit(deadline=owed, version=1, by=again(deputy))
    event = AuditEvent.objects.latest("pk")
    assert (event.actor, event.data["acting_for"]) == (deputy, f"Bùi Thị Xã, Bí thư đơn vị – {cast.commune.label}")
    client = login(cast.office_staff)
    client.cookies["django_language"] = "en"
    assert "standing in for Bùi Thị Xã" in client.get(reverse("plans:deadline", args=[owed.pk])).text


def test_who_has_the_right_by_an_own_post_acts_in_the_own_name(cast: Cast, owed: Deadline) -> None:
    make_substitution(cast.commune_secretary, cast.secretary)
    submit(deadline=owed, version=1, by=again(cast.secretary))
    assert "acting_for" not in AuditEvent.objects.latest("pk").data


def test_acts_on_plans_and_units_name_the_absent_person_too(cast: Cast, deputy: User) -> None:
    make_substitution(cast.office_staff, deputy)
    close(make_published_plan(cast.province), by=again(deputy))
    event = AuditEvent.objects.latest("pk")
    assert (event.action, event.actor) == ("closed", deputy)
    assert event.data["acting_for"].startswith("Lê Thị Vân, ")


def test_a_substitute_never_confirms_what_they_reported_themselves(cast: Cast, deputy: User) -> None:
    row = make_deadline(cast.province, plan=make_published_plan(cast.province))
    make_substitution(cast.office_staff, deputy)
    submit(deadline=row, version=1, by=again(deputy))
    person = again(deputy)
    for act in (confirm, lambda **given: return_result(**given, reason="x")):
        with pytest.raises(Http404):
            act(deadline=row, version=2, by=person)
    assert not Deadline.objects.to_be_confirmed_by(person).exists()
    assert not decider(person, Permission.CONFIRM)(str(cast.province.path), person.pk)


def test_nor_what_the_absent_person_reported(cast: Cast, deputy: User) -> None:
    plan = make_published_plan(cast.province)
    done: dict[str, Any] = {"status": Status.SUBMITTED, "reported_on": TODAY}
    own = make_deadline(cast.province, plan=plan, reported_by=cast.office_staff, **done)
    other = make_deadline(cast.commune, plan=plan, reported_by=cast.commune_secretary, **done)
    make_substitution(cast.office_staff, deputy)
    person = again(deputy)
    assert list(Deadline.objects.to_be_confirmed_by(person)) == [other]
    assert [r["act"] for r in rows_of(Deadline.objects.order_by("pk"), user=person, today=TODAY)] == ["", "decide"]
    with pytest.raises(Http404):
        confirm(deadline=own, version=1, by=person)
    confirm(deadline=other, version=1, by=person)
    assert AuditEvent.objects.latest("pk").data["acting_for"].startswith("Lê Thị Vân")


def test_nor_decides_what_the_absent_person_asked_for(cast: Cast, deputy: User, owed: Deadline) -> None:
    asked = make_extension(owed, by=cast.office_staff)
    make_substitution(cast.office_staff, deputy)
    person = again(deputy)
    assert not Extension.objects.waiting_for(person).exists()
    assert not Difficulty.objects.waiting_for(person).exists()
    assert [r["act_url"] for r in extension_rows(Extension.objects.all(), user=person, today=TODAY)] == [""]
    with pytest.raises(Http404):
        grant(extension=asked, state="asked", by=person)
    own_post = AppointmentFactory(user=deputy, post=PostFactory(unit=cast.province, title="PVP", role=Role.OFFICE))
    person = again(deputy)
    assert Extension.objects.waiting_for(person).exists()  # by a post of their own
    assert grant(extension=asked, state="asked", by=person).status == "granted"
    assert "acting_for" not in AuditEvent.objects.latest("pk").data
    assert own_post.pk


# --- told ---


def test_reminders_new_requests_and_escalations_reach_the_substitute(cast: Cast, deputy: User, owed: Deadline) -> None:
    make_substitution(cast.commune_secretary, deputy)
    aide = make_officer(cast.office, Role.READER, username="phovp")
    make_substitution(cast.office_staff, aide)
    Deadline.objects.update(remind_on=TODAY)
    ask_later_day(deadline=owed, version=1, by=again(deputy), day=TODAY + 9 * DAY, reason="Bão")
    late = make_deadline(cast.commune, plan=owed.plan, due_on=TODAY - 4 * DAY, remind_on=TODAY)
    check_deadlines()
    told = Notice.objects.values_list("recipient__username", "kind", "deadline")
    assert {(who, kind) for who, kind, pk in told if pk == owed.pk} >= {
        ("pho", NoticeKind.DUE_SOON),
        ("xa", NoticeKind.DUE_SOON),
        ("phovp", NoticeKind.LATER_ASKED),
        ("lanhdao", NoticeKind.LATER_ASKED),
    }
    assert {(who, kind) for who, kind, pk in told if pk == late.pk} >= {
        ("pho", NoticeKind.OVERDUE),
        ("pho", NoticeKind.ESCALATED_1),
        ("xa", NoticeKind.ESCALATED_1),
    }


def test_the_digest_goes_out_only_while_the_substitution_lasts(
    cast: Cast, deputy: User, owed: Deadline, mailoutbox: list[Any]
) -> None:
    outside = make_officer(cast.other_district, Role.READER, username="ngoaihuyen")
    running = make_substitution(cast.commune_secretary, outside)
    Deadline.objects.update(remind_on=TODAY)
    check_deadlines()
    running.end = TODAY - DAY
    running.save()
    deliver_notices()
    assert sorted(m.to[0] for m in mailoutbox) == ["xa@example.vn"]
    assert Notice.objects.get(recipient=outside).state == "skipped"


# --- the page and the admin site ---


def test_a_post_holder_names_and_ends_by_form(cast: Cast, login: Login, deputy: User) -> None:
    client, page = login(cast.commune_secretary), reverse("substitutions")
    form = client.get(page).context["form"]
    assert [a.pk for a in form.fields["appointment"].queryset] == [held(cast.commune_secretary).pk]
    assert set(form.fields["substitute"].queryset) == {deputy, cast.branch_secretary}
    sent = {
        "appointment": held(cast.commune_secretary).pk,
        "substitute": deputy.pk,
        "start": "16/03/2026",
        "end": "20/03/2026",
        "reason": "Đi học",
    }
    assert client.post(page, sent).status_code == 302
    made = Substitution.objects.get()
    assert (made.start, made.end, made.entered_by) == (TODAY, dt.date(2026, 3, 20), cast.commune_secretary)
    assert deputy.full_name in client.get(page).text
    theirs = login(deputy).get(page)
    assert cast.commune_secretary.full_name in theirs.text
    assert reverse("substitution_end", args=[made.pk]) not in theirs.text
    assert login(deputy).post(reverse("substitution_end", args=[made.pk])).status_code == 404
    assert login(cast.outsider).post(reverse("substitution_end", args=[made.pk])).status_code == 404
    assert client.post(reverse("substitution_end", args=[made.pk])).status_code == 302
    assert not Substitution.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"substitute": "0"},
        {"substitute": "9" * 30},
        {"appointment": "x"},
        {"end": "15/03/2026"},
        {"end": "31/12/9999"},
        {"start": "31/02/2026"},
        {"reason": "a\0b"},
        {"reason": "x" * 301},
    ],
)
def test_bad_input_is_refused_and_nothing_is_saved(
    cast: Cast, login: Login, deputy: User, wrong: dict[str, str]
) -> None:
    sent = {
        "appointment": str(held(cast.commune_secretary).pk),
        "substitute": str(deputy.pk),
        "start": "16/03/2026",
        "end": "20/03/2026",
        "reason": "Đi học",
    }
    answer = login(cast.commune_secretary).post(reverse("substitutions"), {**sent, **wrong})
    assert (answer.status_code, Substitution.objects.count()) == (422, 0)


@pytest.mark.parametrize(("field", "whose"), [("appointment", "office_staff"), ("substitute", "outsider")])
def test_foreign_ids_in_the_body_do_nothing(cast: Cast, login: Login, deputy: User, field: str, whose: str) -> None:
    foreign: User = getattr(cast, whose)
    sent = {
        "appointment": held(cast.commune_secretary).pk,
        "substitute": deputy.pk,
        "start": "16/03/2026",
        "end": "20/03/2026",
        "reason": "Đi học",
    } | {field: held(foreign).pk if field == "appointment" else foreign.pk}
    answer = login(cast.commune_secretary).post(reverse("substitutions"), sent)
    assert (answer.status_code, Substitution.objects.count()) == (422, 0)
    assert foreign.full_name not in answer.text


def test_an_administrator_offers_no_own_post_to_pass_on(cast: Cast, login: Login) -> None:
    page = login(cast.administrator).get(reverse("substitutions"))
    assert not page.context["may_name"]


def test_the_admin_site_enters_one_and_says_who_did(cast: Cast, login: Login, deputy: User) -> None:
    client = login(cast.administrator)
    facts = {
        "appointment": held(cast.commune_secretary).pk,
        "substitute": deputy.pk,
        "start": "16/03/2026",
        "end": "20/03/2026",
        "reason": "Nghỉ ốm",
    }
    add = reverse("admin:units_substitution_add")
    for wrong in ({"end": "15/03/2026"}, {"substitute": cast.commune_secretary.pk}, {"reason": ""}):
        assert client.post(add, {**facts, **wrong}).status_code == 200
    assert client.post(add, {**facts, "appointment": held(cast.administrator).pk}).status_code == 200
    assert not Substitution.objects.exists()
    assert client.post(add, facts).status_code == 302
    made = Substitution.objects.get()
    assert (made.entered_by, made.substitute) == (cast.administrator, deputy)
    change = reverse("admin:units_substitution_change", args=[made.pk])
    assert client.post(change, {**facts, "end": "18/03/2026"}).status_code == 302
    made.refresh_from_db()
    assert made.end == dt.date(2026, 3, 18)
    assert deputy.full_name in client.get(reverse("admin:units_substitution_changelist")).text


def test_the_admin_site_of_a_district_reaches_its_own_substitutions_only(
    cast: Cast, login: Login, deputy: User
) -> None:
    district = make_officer(cast.district, Role.ADMINISTRATOR, username="qthuyen")
    inside = make_substitution(cast.commune_secretary, deputy)
    outside = make_substitution(cast.sibling_secretary, cast.reader)
    client = login(district)
    statuses = [
        client.get(reverse("admin:units_substitution_change", args=[s.pk])).status_code for s in (inside, outside)
    ]
    assert statuses == [200, 302]


@pytest.mark.parametrize("many", [1, 8])
def test_the_page_costs_the_same_for_any_number(
    cast: Cast, login: Login, deputy: User, many: int, django_assert_num_queries: Any
) -> None:
    for n in range(many):
        day = TODAY + n * 10 * DAY
        make_substitution(cast.commune_secretary, deputy, start=day, end=day)
    client = login(cast.commune_secretary)
    with django_assert_num_queries(11):
        assert len(client.get(reverse("substitutions")).context["absent"]) == many
