"""A draft before a leader of its issuer: asking, agreeing, sending back, what goes stale, and publishing."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404
from django.urls import reverse

from doantracker.lib import clock
from plans.actions.plans import publish_plan
from plans.actions.records import change_record
from plans.actions.sign_offs import ask_sign_off, send_back, sign_off
from plans.enums import PlanStatus, SignState
from plans.errors import ActionRefused, Stale
from plans.models import Plan, SignOff
from plans.plan_digest import digest_of
from plans.sign_offs import standing_of
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import (
    PlanFactory,
    ScheduleFactory,
    SolutionFactory,
    make_event,
    make_officer,
    make_published_plan,
    make_substitution,
)
from units.models import AuditEvent, User
from units.roles import Role

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def draft(cast: Cast) -> Plan:
    """Return a draft without gaps."""
    plan: Plan = PlanFactory(issuing_unit=cast.province, title="Kế hoạch chờ ký")
    ScheduleFactory(solution=SolutionFactory(plan=plan, ordinal=1, lead_unit=cast.office))
    return plan


def _again(user: User) -> User:
    fresh: User = User.objects.get(pk=user.pk)
    return fresh


def test_a_leader_agrees_and_the_plan_can_be_published(cast: Cast, draft: Plan) -> None:
    asked = ask_sign_off(plan=draft, by=cast.office_staff, asked_of=cast.leader, note="Xin ý kiến.")
    assert (standing_of(draft).state, list(SignOff.objects.waiting_for(cast.leader))) == (SignState.ASKED, [asked])
    with pytest.raises(ActionRefused):
        publish_plan(plan=draft, by=cast.office_staff)
    said = sign_off(sign_off=asked, by=cast.leader, seen=digest_of(draft))
    assert (said.state, said.decided_by, standing_of(draft).agreed) == (SignState.AGREED, cast.leader, True)
    assert not SignOff.objects.waiting_for(cast.leader).exists()
    publish_plan(plan=draft, by=cast.office_staff)
    log = AuditEvent.objects.filter(plan_id=draft.pk).order_by("pk")
    assert list(log.values_list("action", "actor__username")) == [
        ("sign_asked", "vanphong"),
        ("signed", "lanhdao"),
        ("published", "vanphong"),
    ]
    assert log.last().data["sign_off"] == asked.pk  # type: ignore[union-attr]  # three rows


def test_a_change_after_the_agreement_makes_it_stale(cast: Cast, draft: Plan) -> None:
    asked = ask_sign_off(plan=draft, by=cast.office_staff)
    sign_off(sign_off=asked, by=cast.leader, seen=digest_of(draft))
    change_record(record=draft.solutions.get(), values={"text": "Việc khác hẳn."}, by=cast.office_staff)
    assert standing_of(draft).state == SignState.STALE
    with pytest.raises(ActionRefused):
        publish_plan(plan=draft, by=cast.office_staff)
    ask_sign_off(plan=draft, by=cast.office_staff)
    assert standing_of(draft).state == SignState.ASKED


@pytest.mark.parametrize("link", ["supporting_units", "shortcomings"])
def test_the_digest_sees_links_too(cast: Cast, draft: Plan, link: str) -> None:
    before, solution = digest_of(draft), draft.solutions.get()
    if link == "supporting_units":
        solution.supporting_units.add(cast.department)
    else:
        solution.shortcomings.create(plan=draft, ordinal=1, text="Chậm.")
    assert digest_of(draft) != before


def test_the_digest_sees_merging_and_the_days_of_events(cast: Cast, draft: Plan) -> None:
    first, second = (draft.shortcomings.create(plan=draft, ordinal=n, text="Chậm.") for n in (1, 2))
    meeting = make_event(cast.province, plan=draft)
    found = [digest_of(draft)]
    draft.shortcomings.filter(pk=second.pk).update(merged_into=first)
    found.append(digest_of(draft))
    draft.events.filter(pk=meeting.pk).update(day=dt.date(2026, 5, 1))
    assert len({*found, digest_of(draft)}) == 3


def test_sent_back_needs_a_reason_and_hinders_publishing(cast: Cast, draft: Plan) -> None:
    asked = ask_sign_off(plan=draft, by=cast.office_staff)
    seen = digest_of(draft)
    with pytest.raises(ActionRefused):
        send_back(sign_off=asked, by=cast.leader, seen=seen, reason=" ")
    send_back(sign_off=asked, by=cast.leader, seen=seen, reason="Thiếu đơn vị chủ trì.")
    assert standing_of(draft).state == SignState.SENT_BACK
    with pytest.raises(ActionRefused):
        publish_plan(plan=draft, by=cast.office_staff)
    publish_plan(plan=draft, by=cast.office_staff, without_sign_off="Việc gấp, lãnh đạo đi công tác.")
    data = AuditEvent.objects.get(action="published", plan_id=draft.pk).data
    assert (data["without_sign_off"], data["sign_off_state"]) == ("Việc gấp, lãnh đạo đi công tác.", "sign_sent_back")


def test_what_was_never_asked_is_published_as_before(cast: Cast, draft: Plan) -> None:
    assert publish_plan(plan=draft, by=cast.office_staff) == 1


def test_who_decides_saw_the_draft_as_it_is(cast: Cast, draft: Plan) -> None:
    asked, seen = ask_sign_off(plan=draft, by=cast.office_staff), digest_of(draft)
    change_record(record=draft, values={"title": "Tên mới"}, by=cast.office_staff)
    with pytest.raises(Stale):
        sign_off(sign_off=asked, by=cast.leader, seen=seen)
    sign_off(sign_off=asked, by=cast.leader, seen=digest_of(draft))
    with pytest.raises(Stale, match=cast.leader.full_name):
        send_back(sign_off=asked, by=cast.leader, seen=digest_of(draft), reason="Đổi ý.")


def test_nobody_but_a_leader_of_the_very_issuer_decides_and_never_who_asked(cast: Cast, draft: Plan) -> None:
    asked, seen = ask_sign_off(plan=draft, by=cast.office_staff), digest_of(draft)
    for person in (cast.office_staff, cast.second_office_staff, cast.secretary, cast.administrator, cast.outsider):
        assert not SignOff.objects.waiting_for(person).exists()
        with pytest.raises(Http404):
            sign_off(sign_off=asked, by=person, seen=seen)
    of_district: Plan = PlanFactory(issuing_unit=cast.district)
    with pytest.raises(ActionRefused):  # the leader above leads another unit
        ask_sign_off(plan=of_district, by=cast.secretary)
    with pytest.raises(Http404):
        ask_sign_off(plan=draft, by=cast.leader)


def test_who_asked_never_decides_not_even_in_the_place_of_the_leader(cast: Cast, draft: Plan) -> None:
    make_substitution(cast.leader, cast.office_staff)
    asked, seen = ask_sign_off(plan=draft, by=_again(cast.office_staff), asked_of=cast.leader), digest_of(draft)
    with pytest.raises(Http404):
        sign_off(sign_off=asked, by=_again(cast.office_staff), seen=seen)
    with pytest.raises(IntegrityError), transaction.atomic():
        SignOff.objects.filter(pk=asked.pk).update(
            state=SignState.AGREED, decided_by=cast.office_staff, decided_at=clock.now(), digest=seen
        )


def test_a_substitute_decides_for_the_leader_and_the_log_says_so(cast: Cast, draft: Plan) -> None:
    make_substitution(cast.leader, cast.reader)
    asked = ask_sign_off(plan=draft, by=cast.office_staff, asked_of=cast.leader)
    assert list(SignOff.objects.waiting_for(_again(cast.reader))) == [asked]
    sign_off(sign_off=asked, by=_again(cast.reader), seen=digest_of(draft))
    assert cast.leader.full_name in AuditEvent.objects.get(action="signed").data["acting_for"]


def test_it_is_put_before_one_leader_and_only_once(cast: Cast, draft: Plan, login: Login) -> None:
    other = make_officer(cast.province, Role.LEADER, title="Phó Bí thư")
    asked = ask_sign_off(plan=draft, by=cast.office_staff, asked_of=other)
    assert not SignOff.objects.waiting_for(cast.leader).exists()
    assert list(SignOff.objects.to_decide_by(cast.leader)) == [asked]
    assert login(cast.leader).get(reverse("plans:sign_offs")).context["rows"] == []  # as the count on home
    with pytest.raises(Stale):
        ask_sign_off(plan=draft, by=cast.second_office_staff)
    with pytest.raises(ActionRefused):
        ask_sign_off(plan=PlanFactory(issuing_unit=cast.province), by=cast.office_staff, asked_of=cast.secretary)
    with pytest.raises(Stale):
        ask_sign_off(plan=make_published_plan(cast.province), by=cast.office_staff)


def test_a_leader_agrees_in_two_clicks_from_home(cast: Cast, draft: Plan, login: Login) -> None:
    office, leader = login(cast.office_staff), login(cast.leader)
    address = reverse("plans:sign_off_ask", args=[draft.pk])
    assert office.post(address, {"asked_of": cast.leader.pk, "note": ""}).status_code == 302
    home = leader.get(reverse("home"))
    assert reverse("plans:sign_offs") in home.text
    first = leader.get(reverse("plans:sign_offs"))  # the only one: opened at once
    asked = SignOff.objects.get()
    assert first.headers["Location"] == asked.get_absolute_url()
    page = leader.get(first.headers["Location"])
    assert draft.solutions.get().text in page.text
    seen = page.context["form"]["seen"].value()
    assert leader.post(asked.get_absolute_url(), {"act": "agree", "seen": seen}).status_code == 302
    assert leader.post(asked.get_absolute_url(), {"act": "agree", "seen": seen}).status_code == 409
    asked.refresh_from_db()
    assert asked.state == SignState.AGREED


@pytest.mark.parametrize("act", [{}, {"act": ""}, {"act": "agreed"}])
def test_nothing_but_the_button_agrees(cast: Cast, draft: Plan, login: Login, act: dict[str, str]) -> None:
    asked = ask_sign_off(plan=draft, by=cast.office_staff)
    answer = login(cast.leader).post(asked.get_absolute_url(), {"seen": digest_of(draft), **act})
    assert (answer.status_code, "đồng ý với dự thảo hay gửi trả lại" in answer.text) == (422, True)
    assert SignOff.objects.get().state == SignState.ASKED


def test_the_page_shows_a_draft_that_was_changed_meanwhile_and_keeps_what_was_typed(
    cast: Cast, draft: Plan, login: Login
) -> None:
    asked = ask_sign_off(plan=draft, by=cast.office_staff)
    leader, seen = login(cast.leader), digest_of(draft)
    change_record(record=draft, values={"title": "Tên mới của kế hoạch"}, by=cast.office_staff)
    sent = {"act": "send_back", "seen": seen, "reason": "Thiếu mốc thời gian."}
    answer = leader.post(asked.get_absolute_url(), sent)
    assert answer.status_code == 409
    assert "Thiếu mốc thời gian." in answer.text
    again = {**sent, "seen": answer.context["form"]["seen"].value()}
    assert leader.post(asked.get_absolute_url(), again).status_code == 302
    draft.refresh_from_db()
    assert standing_of(draft).state == SignState.SENT_BACK


def test_the_publish_page_says_how_it_stands(cast: Cast, draft: Plan, login: Login) -> None:
    office, address = login(cast.office_staff), reverse("plans:publish", args=[draft.pk])
    ask_sign_off(plan=draft, by=cast.office_staff)
    assert "without_sign_off" in office.get(address).text
    assert office.post(address).status_code == 422
    assert office.post(address, {"without_sign_off": "Việc gấp."}).status_code == 302
    draft.refresh_from_db()
    assert draft.status == PlanStatus.PUBLISHED


def test_drafts_that_waited_are_no_matter_of_others(cast: Cast, draft: Plan, login: Login) -> None:
    asked = ask_sign_off(plan=draft, by=cast.office_staff)
    for person in (cast.secretary, cast.sibling_secretary, cast.reader, cast.administrator, cast.outsider):
        assert login(person).get(asked.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("size", [2, 9])
def test_the_list_costs_the_same_for_few_and_many(
    cast: Cast, login: Login, django_assert_num_queries: pytest.FixtureRequest, size: int
) -> None:
    for _n in range(size):
        plan = PlanFactory(issuing_unit=cast.province, issued_on=dt.date(2026, 3, 1))
        ask_sign_off(plan=plan, by=cast.office_staff)
    client = login(cast.leader)
    with django_assert_num_queries(6):  # type: ignore[operator]  # pytest-django's fixture
        assert client.get(reverse("plans:sign_offs")).status_code == 200
