"""Pledges: who owes one, handing in, deciding, the register and what others see of it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.base import ContentFile
from django.http import Http404
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from plans.actions.proof import Upload
from plans.errors import ActionRefused, Stale
from reviews.actions.pledges import accept_pledge, hand_in_pledge, return_pledge
from reviews.enums import PledgeState
from reviews.models import Pledge
from reviews.pledge_rows import PledgeCounts, counts_of
from reviews.querysets import who_pledges
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import PostFactory, make_officer, make_substitution
from tests.files import office
from units.models import Appointment, AuditEvent, Post, User
from units.models.audit import AuditAction
from units.roles import Role

pytestmark = pytest.mark.usefixtures("today")
YEAR = 2026


@pytest.fixture
def led(cast: Cast) -> Cast:
    """The cast, with the secretaries at the head of their units; the department has a head and a deputy."""
    heads = [cast.secretary, cast.sibling_secretary, cast.commune_secretary, cast.outsider]
    Post.objects.filter(appointments__user__in=heads).update(rank=10)
    Post.objects.filter(appointments__user=cast.department_head).update(rank=20)
    return cast


def of(user: User) -> Appointment:
    found: Appointment = Appointment.objects.select_related("post__unit", "user").get(user=user)
    return found


def paper(content: bytes = b"x") -> Upload:
    return Upload.of(ContentFile(office(more={"word/more.xml": content}), name="Bản cam kết.docx"))


def handed_in(cast: Cast, **facts: Any) -> Pledge:
    return hand_in_pledge(
        appointment=of(cast.commune_secretary), year=YEAR, by=cast.commune_secretary, text="Sâu sát cơ sở.", **facts
    )


def test_heads_and_deputies_in_office_in_the_year_owe_a_pledge(led: Cast) -> None:
    gone, late = (make_officer(led.district, Role.SECRETARY, full_name=name) for name in ("Lý Cũ", "Lý Mới"))
    Post.objects.filter(appointments__user__in=[gone, late]).update(rank=20)
    Appointment.objects.filter(user=gone).update(end=dt.date(2025, 12, 31))
    Appointment.objects.filter(user=late).update(start=dt.date(2026, 12, 31))
    Post.objects.filter(appointments__user=led.administrator).update(rank=10)  # sets the system up, leads nothing
    people = {a.user for a in who_pledges(led.office_staff, YEAR)}
    assert people == {led.secretary, led.sibling_secretary, led.commune_secretary, led.department_head, late}
    assert {a.user for a in who_pledges(led.commune_secretary, YEAR)} == {led.commune_secretary}


def test_a_pledge_is_handed_in_with_its_paper(led: Cast, settings: LazySettings) -> None:
    made = handed_in(led, upload=paper(), document_number="3-CK/ĐTN")
    assert (made.state, made.text, made.document_number) == (PledgeState.HANDED_IN, "Sâu sát cơ sở.", "3-CK/ĐTN")
    assert (made.original_name, made.handed_in_by) == ("Bản cam kết.docx", led.commune_secretary)
    assert [p.name for p in (Path(settings.MEDIA_ROOT) / "pledges" / "2026").iterdir()] == [
        Path(str(made.file.name)).name
    ]
    event = AuditEvent.objects.first()
    assert event
    assert (event.action, event.object_id, event.unit_id) == (AuditAction.SUBMITTED, made.pk, led.commune.pk)


@pytest.mark.parametrize("who", ["outsider", "sibling_secretary", "reader", "leader", "department_head"])
def test_others_may_not_hand_it_in(led: Cast, who: str) -> None:
    with pytest.raises(Http404):
        hand_in_pledge(appointment=of(led.commune_secretary), year=YEAR, by=getattr(led, who), text="Giúp.")


def test_an_empty_pledge_is_refused(led: Cast) -> None:
    with pytest.raises(ActionRefused, match="Ghi nội dung cam kết"):
        hand_in_pledge(appointment=of(led.commune_secretary), year=YEAR, by=led.commune_secretary, text="  ")
    assert not Pledge.objects.exists()


def test_a_second_one_for_the_year_is_refused_and_leaves_no_file(led: Cast, settings: LazySettings) -> None:
    handed_in(led)
    with pytest.raises(Stale):
        handed_in(led, upload=paper())
    assert [p for p in Path(settings.MEDIA_ROOT).rglob("*") if p.is_file()] == []


def test_it_is_accepted_or_returned_and_handed_in_anew(led: Cast) -> None:
    made = handed_in(led, upload=paper())
    with pytest.raises(ActionRefused, match="còn thiếu gì"):
        return_pledge(pledge=made, by=led.secretary, version=1, reason=" ")
    return_pledge(pledge=made, by=led.secretary, version=1, reason="Chưa gắn với nhiệm vụ.")
    with pytest.raises(Stale):
        accept_pledge(pledge=made, by=led.leader, version=1)
    again = hand_in_pledge(
        appointment=of(led.commune_secretary), year=YEAR, by=led.commune_secretary, text="Gắn nhiệm vụ (1).", version=2
    )
    assert (again.pk, again.state, again.reason, again.decided_by) == (made.pk, PledgeState.HANDED_IN, "", None)
    assert again.original_name == "Bản cam kết.docx"  # the paper stays where no other came
    accept_pledge(pledge=again, by=led.leader, version=3)
    again.refresh_from_db()
    assert (again.state, again.decided_by, again.version) == (PledgeState.ACCEPTED, led.leader, 4)
    told = AuditEvent.objects.filter(object_type="pledge").order_by("pk").values_list("action", "data")
    assert [(action, data.get("reason", "")) for action, data in told] == [
        (AuditAction.SUBMITTED, ""),
        (AuditAction.RETURNED, "Chưa gắn với nhiệm vụ."),
        (AuditAction.SUBMITTED, ""),
        (AuditAction.CONFIRMED, ""),
    ]


@pytest.mark.parametrize("who", ["commune_secretary", "sibling_secretary", "reader", "department_head", "outsider"])
def test_who_does_not_confirm_there_decides_nothing(led: Cast, who: str) -> None:
    made = handed_in(led)
    with pytest.raises(Http404):
        accept_pledge(pledge=made, by=getattr(led, who), version=1)


def test_nobody_decides_about_what_they_handed_in_for_another(led: Cast) -> None:
    made = hand_in_pledge(appointment=of(led.commune_secretary), year=YEAR, by=led.office_staff, text="Nộp thay.")
    with pytest.raises(Http404):
        accept_pledge(pledge=made, by=led.office_staff, version=1)
    make_substitution(led.office_staff, led.reader)
    with pytest.raises(Http404):  # by the post of who handed it in
        accept_pledge(pledge=made, by=User.objects.get(pk=led.reader.pk), version=1)
    accept_pledge(pledge=made, by=led.second_office_staff, version=1)


def test_the_register_counts_and_lists_who_is_missing_first(led: Cast, login: Login) -> None:
    made = handed_in(led)
    accept_pledge(pledge=made, by=led.leader, version=1)
    assert counts_of(led.office_staff, YEAR) == PledgeCounts(owed=4, handed_in=0, accepted=1, returned=0)
    page = login(led.office_staff).get(reverse("reviews:pledges"))
    assert [(r.appointment.user, r.pledge) for r in page.context["rows"]][-1] == (led.commune_secretary, made)
    assert [r.pledge for r in page.context["rows"]] == [None, None, None, made]
    missing = login(led.office_staff).get(reverse("reviews:pledges"), {"state": "missing", "year": str(YEAR)})
    assert [r.pledge for r in missing.context["rows"]] == [None, None, None]
    nonsense = login(led.office_staff).get(reverse("reviews:pledges"), {"year": "x' --", "state": "%00"})
    assert nonsense.status_code == 200


@pytest.mark.parametrize("more", [0, 12])
def test_the_register_costs_the_same_for_any_number(
    led: Cast, login: Login, django_assert_num_queries: DjangoAssertNumQueries, more: int
) -> None:
    for n in range(more):
        person = make_officer(led.commune, Role.SECRETARY, username=f"pho{n}", full_name=f"Phó {n}")
        Post.objects.filter(appointments__user=person).update(rank=20)
        hand_in_pledge(appointment=of(person), year=YEAR, by=person, text="Làm tốt.")
    client = login(led.office_staff)
    client.get(reverse("home"))
    with django_assert_num_queries(9):
        client.get(reverse("reviews:pledges"))


def test_a_head_hands_in_on_the_page_and_the_level_above_decides(led: Cast, login: Login) -> None:
    unit, above = login(led.commune_secretary), login(led.secretary)
    address = reverse("reviews:pledge_hand_in", args=[YEAR, of(led.commune_secretary).pk])
    empty = unit.post(address, {"version": "0"})
    assert (empty.status_code, "Ghi nội dung cam kết" in empty.text) == (422, True)
    wrong = unit.post(address, {"version": "0", "text": "Giữ lại chữ này", "document_number": "không phải số"})
    assert (wrong.status_code, "Giữ lại chữ này" in wrong.text) == (422, True)
    assert unit.post(address, {"version": "0", "text": "Đi cơ sở.", "upload": paper().file}).status_code == 302
    made = Pledge.objects.get()
    assert unit.get(address).headers["Location"] == made.get_absolute_url()
    assert unit.post(address, {"version": "0", "text": "Gửi lần nữa."}).status_code == 409
    assert 'name="decision"' not in unit.get(made.get_absolute_url()).text
    decide = reverse("reviews:pledge_decide", args=[made.pk])
    assert above.post(decide, {"decision": "return", "version": "1"}).status_code == 422
    assert above.post(decide, {"decision": "accept"}).status_code == 422
    assert above.post(decide, {"decision": "accept", "version": "1"}).status_code == 302
    assert above.post(decide, {"decision": "return", "version": "1", "reason": "Thiếu"}).status_code in {404, 409}
    paper_sent = above.get(reverse("reviews:pledge_file", args=[made.pk]))
    assert b"".join(paper_sent.streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]
    event = AuditEvent.objects.first()
    assert event
    assert event.action == AuditAction.DOWNLOADED


def test_siblings_see_nothing_of_it(led: Cast, login: Login) -> None:
    made = handed_in(led, upload=paper())
    sibling = login(led.sibling_secretary)
    pages = {"pledge": [made.pk], "pledge_file": [made.pk], "pledge_hand_in": [YEAR, made.appointment_id]}
    for name, args in pages.items():
        assert sibling.get(reverse(f"reviews:{name}", args=args)).status_code == 404
    page = sibling.get(reverse("reviews:pledges")).text
    assert led.commune_secretary.full_name not in page
    assert PledgeCounts(1, 0, 0, 0) == counts_of(led.sibling_secretary, YEAR)


def test_a_post_of_setting_up_at_the_head_owes_nothing(led: Cast) -> None:
    post = PostFactory(unit=led.province, title="Quản trị", role=Role.ADMINISTRATOR, rank=10)
    Appointment.objects.create(user=led.reader, post=post, start=dt.date(2020, 1, 1))
    assert led.reader not in {a.user for a in who_pledges(led.office_staff, YEAR)}
