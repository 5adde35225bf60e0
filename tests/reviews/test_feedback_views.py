"""The pages of feedback rounds: who sees which names, links of guests, what is logged, how many queries."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from reviews.actions.contributions import give_links, revoke_link
from reviews.enums import FeedbackStep
from reviews.models import FeedbackInvitation, FeedbackRound
from reviews.views import contributing
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import FEEDBACK_DAYS, contribute_to, make_feedback_round, make_member
from units.models import AuditEvent, Post, User
from units.models.audit import AuditAction

pytestmark = pytest.mark.usefixtures("today")
LINK = "/feedback/link/"


@pytest.fixture
def member(cast: Cast) -> User:
    """Somebody who sits in the standing committee of the province."""
    return make_member(cast.province, full_name="Vũ Ủy Viên", username="uyvien")


def a_round(cast: Cast, member: User | None = None, **facts: Any) -> FeedbackRound:
    """Make an open round in which both districts and a guest are asked."""
    asked: dict[str, Any] = {"units": [cast.district, cast.other_district], "guests": ["Trần Nguyên Bí Thư"]}
    return make_feedback_round(cast.province, by=cast.office_staff, person=member, **{**asked, **facts})


def say(cast: Cast, row: FeedbackRound, *words: str) -> None:
    """Let the first district say something about the last target of the round."""
    last = row.targets.order_by("-ordinal")[0]
    contribute_to(row, row.invitations.get(unit=cast.district), last, *words, by=cast.secretary)


def at(row: FeedbackRound, step: FeedbackStep) -> FeedbackRound:
    FeedbackRound.objects.filter(pk=row.pk).update(step=step)
    row.refresh_from_db()
    return row


def link_of(row: FeedbackRound, by: User) -> str:
    ((_guest, key),) = give_links(feedback=row, invitations=row.invitations.filter(kind="guest"), by=by)
    return key


def place(row: FeedbackRound) -> str:
    """Return the name of the field for the first target and topic."""
    return f"say-{row.targets.all()[0].pk}-{row.topics.all()[0].pk}"


def numbered(cast: Cast, count: int) -> FeedbackRound:
    """Make a round with so many topics, guests, contributions and replies still to come."""
    row = a_round(
        cast, units=[cast.district], guests=[f"Khách {n}" for n in range(count)],
        topics=[f"Nội dung {n}" for n in range(count)], anonymous=False, title=f"Đợt {count}",
    )  # fmt: skip
    say(cast, row, *(f"Ý {n}" for n in range(count)))
    return at(row, FeedbackStep.REPLYING)


@pytest.mark.parametrize(
    ("page", "queries"), [("feedback_round", 11), ("feedback_compiled", 8), ("feedback_notice", 8)]
)
def test_pages_of_a_round_cost_the_same_for_few_and_for_many(
    cast: Cast, member: User, login: Login, django_assert_num_queries: DjangoAssertNumQueries, page: str, queries: int
) -> None:
    client = login(cast.office_staff)
    for count in (1, 12):
        row = numbered(cast, count)
        with django_assert_num_queries(queries):
            assert client.get(reverse(f"reviews:{page}", args=[row.pk])).status_code == 200


def test_the_list_costs_the_same_for_few_and_for_many(
    cast: Cast, member: User, login: Login, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = login(cast.office_staff)
    for count in (1, 3):
        for _n in range(count):
            a_round(cast, member, people=[cast.office_staff])
        with django_assert_num_queries(10):
            page = client.get("/feedback/")
        assert [r.invited for r in page.context["page"].object_list] == [4] * (1 if count == 1 else 4)


def test_the_list_shows_what_one_is_asked_and_what_was_said_about_one(cast: Cast, member: User, login: Login) -> None:
    row = a_round(cast, member)
    asked = {
        who: login(getattr(cast, who)).get("/feedback/").context["asked"].count() for who in ("secretary", "reader")
    }
    assert asked == {"secretary": 1, "reader": 0}
    assert not login(member).get("/feedback/").context["about_me"]
    at(row, FeedbackStep.REPORTING)
    page = login(member).get("/feedback/")
    assert [t.person for t in page.context["about_me"]] == [member]
    assert list(page.context["page"].object_list) == []  # not the round itself
    assert not login(cast.secretary).get("/feedback/").context["asked"]


def test_the_office_prepares_a_round_on_one_page(cast: Cast, member: User, login: Login) -> None:
    client = login(cast.office_staff)
    page = client.get("/feedback/new/")
    assert page.context["form"].initial["topics"].count("\n") == 2
    sent: dict[str, Any] = {
        "title": "Góp ý Ban Thường vụ", "body": "standing_committee", "year": "2026", "kind": "named",
        "consolidated_by": cast.office.name, "topics": "Đạo đức\nCán bộ\nLãnh đạo",
        "collectives": ["standing_committee", str(cast.department.pk)], "persons": [str(member.pk)],
        "units": f"{cast.district.name}\n{cast.other_district.name}", "bodies": ["executive_committee"],
        "people": [str(member.pk)], "guests": "Ông Ba\nBà Tư", "form_key": "khoa",
        **{name: f"{day:%d/%m/%Y}" for name, day in FEEDBACK_DAYS.items()},
    }  # fmt: skip
    wrong = client.post("/feedback/new/", sent | {"meeting_on": "01/04/2026"})
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["meeting_on"])
    assert "Bà Tư" in wrong.text  # what was typed stays
    assert [client.post("/feedback/new/", sent).status_code for _n in range(2)] == [302, 302]
    row = FeedbackRound.objects.get()
    assert [t.label for t in row.targets.all()] == [
        "Ban Thường vụ Tỉnh đoàn",
        "Ban Phong trào",
        "Vũ Ủy Viên – Ủy viên standing_committee",
    ]
    assert row.invitations.count() == 6
    edit = client.get(f"/feedback/{row.pk}/edit/")
    again = {k: v for k, v in sent.items() if k != "form_key"} | {"title": "Đợt đã sửa", "version": "1"}
    assert edit.context["form"].initial["guests"].splitlines() == ["Bà Tư", "Ông Ba"]
    assert client.post(f"/feedback/{row.pk}/edit/", again).status_code == 302
    assert client.post(f"/feedback/{row.pk}/edit/", again).status_code == 409
    step = {"step": "feedback_draft", "version": "2"}
    assert client.post(f"/feedback/{row.pk}/step/", step).status_code == 302
    assert client.post(f"/feedback/{row.pk}/step/", step).status_code == 409
    row.refresh_from_db()
    assert (row.step, row.title, row.anonymous) == (FeedbackStep.CONTRIBUTING, "Đợt đã sửa", False)
    assert client.get(f"/feedback/{row.pk}/edit/").status_code == 404


# --- reading ---


def test_before_their_step_is_closed_contributions_are_read_by_nobody(cast: Cast, member: User, login: Login) -> None:
    row = a_round(cast, member, anonymous=False)
    say(cast, row, "Chưa đọc.")
    target = row.targets.get(person=member)
    for who in (cast.office_staff, cast.leader, member):
        for address in (f"/feedback/{row.pk}/compiled/", f"/feedback/targets/{target.pk}/"):
            assert login(who).get(address).status_code == 404
    assert "Chưa đọc." not in login(cast.office_staff).get(row.get_absolute_url()).text


@pytest.mark.parametrize(
    ("facts", "office", "spoken_of"),
    [
        ({"anonymous": True}, False, False),
        ({"anonymous": False}, True, False),
        ({"anonymous": False, "names_to_targets": True}, True, True),
    ],
)
def test_names_are_seen_only_as_the_round_says(
    cast: Cast,
    member: User,
    login: Login,
    facts: dict[str, Any],
    office: bool,  # noqa: FBT001
    spoken_of: bool,  # noqa: FBT001
) -> None:
    row = a_round(cast, member, **facts)
    say(cast, row, "Cần lắng nghe hơn.")
    at(row, FeedbackStep.REPORTING)
    target = row.targets.get(person=member)
    for who, sees in ((cast.office_staff, office), (cast.leader, office), (member, spoken_of)):
        page = login(who).get(f"/feedback/targets/{target.pk}/")
        assert "Cần lắng nghe hơn." in page.text
        assert (cast.district.name in page.text) is sees
        assert page.headers["Cache-Control"] == "no-store"


def test_who_may_see_feedback_still_learns_no_name_of_who_spoke_about_them(
    cast: Cast, member: User, login: Login
) -> None:
    row = a_round(cast, cast.leader, anonymous=False)
    say(cast, row, "Về lãnh đạo.")
    at(row, FeedbackStep.REPLYING)
    page = login(cast.leader).get(f"/feedback/{row.pk}/compiled/")
    assert ("Về lãnh đạo." in page.text, cast.district.name in page.text) == (True, False)
    assert cast.district.name in login(cast.office_staff).get(f"/feedback/{row.pk}/compiled/").text
    assert cast.district.name not in login(cast.office_staff).get(f"/feedback/{row.pk}/notice/").text  # it goes out


def test_reading_about_a_person_is_logged_once_a_page_about_a_collective_not(
    cast: Cast, member: User, login: Login
) -> None:
    row = a_round(cast, member)
    say(cast, row, "Về cá nhân.")
    at(row, FeedbackStep.REPLYING)
    person, body = row.targets.get(person=member), row.targets.get(person=None)
    client = login(cast.leader)
    for address in ("compiled/", "notice/", f"compiled/?target={person.pk}", f"compiled/?target={body.pk}"):
        assert client.get(f"/feedback/{row.pk}/{address}").status_code == 200
    assert login(member).get(f"/feedback/targets/{person.pk}/").status_code == 200
    events = AuditEvent.objects.filter(action=AuditAction.READ_FEEDBACK).order_by("pk")
    assert [(e.actor, e.object_label, e.data) for e in events] == [
        (who, row.title, {"targets": [person.pk]}) for who in (cast.leader, cast.leader, cast.leader, member)
    ]


def test_compiled_by_target_and_topic_with_the_replies_counted(cast: Cast, member: User, login: Login) -> None:
    row = a_round(cast, member)
    say(cast, row, "Một.", "Hai.")
    at(row, FeedbackStep.REPLYING)
    client = login(cast.office_staff)
    one = row.contributions.get(text="Một.")
    sent = {"kind": "reply_accepted", "text": "Tiếp thu.", "version": "0"}
    assert client.post(f"/feedback/contributions/{one.pk}/reply/", sent | {"text": ""}).status_code == 422
    assert client.post(f"/feedback/contributions/{one.pk}/reply/", sent).status_code == 302
    assert client.post(f"/feedback/contributions/{one.pk}/reply/", sent).status_code == 409
    page = client.get(f"/feedback/{row.pk}/compiled/")
    assert (page.context["total"], page.context["replied"]) == (2, 1)
    body, person = page.context["shown"]
    assert (body.count, [[r.contribution.text for r in t.rows] for t in person.topics]) == (0, [["Một."], ["Hai."]])
    alone = client.get(f"/feedback/{row.pk}/compiled/", {"target": body.target.pk})
    assert [g.target for g in alone.context["shown"]] == [body.target]
    assert client.get(f"/feedback/{row.pk}/compiled/", {"target": "x"}).status_code == 404
    refusal = client.post(f"/feedback/{row.pk}/step/", {"step": "feedback_reply", "version": str(row.version)})
    assert refusal.status_code == 422
    assert "1 ý kiến góp ý chưa được trả lời: Vũ Ủy Viên – Ủy viên (nội dung 2): 1" in refusal.text


def test_an_anonymous_round_shows_counts_only_and_warns_where_few_are_asked(
    cast: Cast, member: User, login: Login
) -> None:
    few = make_feedback_round(cast.province, by=cast.office_staff, units=[cast.district])
    assert "dưới ba nơi" in login(cast.office_staff).get(few.get_absolute_url()).text
    at(few, FeedbackStep.REPORTING)
    assert "Đợt lấy ý kiến dưới ba nơi" not in login(cast.office_staff).get(few.get_absolute_url()).text
    named, hidden = a_round(cast, member, anonymous=False), a_round(cast, member)
    for row in (named, hidden):
        say(cast, row, "Đã gửi.")
    pages = [login(cast.office_staff).get(row.get_absolute_url()) for row in (named, hidden)]
    assert ["t-on_time" in page.text for page in pages] == [True, False]
    assert ["gửi ý kiến góp ý" in page.text for page in pages] == [True, False]  # nor does its history
    assert [(p.context["counts"].handed_in, p.context["counts"].contributions) for p in pages] == [(1, 0), (1, 0)]


def test_the_giver_sees_and_changes_what_was_said_in_a_named_round_and_nothing_in_an_anonymous_one(
    cast: Cast, member: User, login: Login
) -> None:
    named, hidden = a_round(cast, member, anonymous=False), a_round(cast, member)
    client = login(cast.secretary)
    for row, shown in ((named, True), (hidden, False)):
        mine = row.invitations.get(unit=cast.district)
        page = f"/feedback/contribute/{mine.pk}/"
        assert client.post(page, {place(row): " ", "final": "on"}).status_code == 422
        assert client.post(page, {place(row): "Lời của tôi.", "final": "on"}).status_code == 302
        answer = client.get(page)
        assert ("Lời của tôi." in answer.text, answer.context["closed"]) == (shown, not shown)
        other = row.invitations.get(unit=cast.other_district)
        assert "Lời của tôi." not in login(cast.sibling_secretary).get(f"/feedback/contribute/{other.pk}/").text
    late = client.post(
        f"/feedback/contribute/{hidden.invitations.get(unit=cast.district).pk}/",
        {place(hidden): "Nữa.", "final": "on"},
    )
    assert late.status_code == 409


# --- links ---


def test_the_office_is_shown_a_link_once(cast: Cast, member: User, login: Login) -> None:
    row, client = a_round(cast, member), login(cast.office_staff)
    page = f"/feedback/{row.pk}/guests/"
    (address,) = set(
        re.findall(r"http://testserver/feedback/link/\?key=[\w-]{43}", client.post(page, {"act": "links"}).text)
    )
    assert address not in client.get(page).text
    assert Client().get(address).status_code == 200
    assert 'value="links"' not in client.get(page).text  # nobody is without one
    refused = client.post(page, {"act": "links"})
    assert (refused.status_code, refused.context["refusal"]) == (422, "Mọi khách mời đều đã có đường dẫn.")
    again = {"act": "link", "guest": str(row.invitations.get(kind="guest").pk)}
    assert client.post(page, again).status_code == 422
    assert Client().get(address).status_code == 200
    (slip,) = client.post(page, again | {"confirmed": "1"}).context["slips"]
    assert Client().get(address).status_code == 404
    address = slip[1]
    assert Client().get(address).status_code == 200
    guest = row.invitations.get(kind="guest")
    assert client.post(page, {"act": "revoke", "guest": str(guest.pk)}).status_code == 302
    assert Client().get(address).status_code == 404
    assert client.post(page, {"act": "add", "name": "Bà Tư"}).status_code == 302
    assert client.post(page, {"act": "add", "name": " "}).status_code == 422
    assert row.invitations.filter(kind="guest").count() == 2


def test_a_guest_contributes_without_a_log_in_and_sees_nothing_of_others(cast: Cast, member: User) -> None:
    row = a_round(cast, member)
    say(cast, row, "Lời người khác.")
    key = link_of(row, cast.office_staff)
    guest = Client(enforce_csrf_checks=True)  # a page without a referrer sends no origin either
    page = guest.get(LINK, {"key": key})
    assert page.status_code == 200
    assert {name: page.headers[name] for name in ("Cache-Control", "Referrer-Policy", "X-Robots-Tag")} == {
        "Cache-Control": "private, no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex",
    }  # fmt: skip
    assert "Lời người khác." not in page.text
    empty = guest.post(LINK, {"key": key, place(row): ""})
    assert empty.status_code == 422
    unsure = guest.post(LINK, {"key": key, place(row): "Lời khách."})
    assert (unsure.status_code, list(unsure.context["form"].errors)) == (422, ["final"])
    assert "Lời khách." in unsure.text
    given = guest.post(LINK, {"key": key, place(row): "Lời khách.", "final": "on"})
    assert (given.status_code, given.headers["Referrer-Policy"]) == (200, "no-referrer")
    assert not guest.cookies.get("sessionid")
    again = guest.get(LINK, {"key": key})
    assert ("Lời khách." in again.text, again.context["closed"]) == (False, False)
    assert guest.post(LINK, {"key": key, place(row): "Lần hai.", "final": "on"}).status_code == 200
    assert sorted(row.contributions.values_list("text", flat=True)) == ["Lần hai.", "Lời khách.", "Lời người khác."]
    event = AuditEvent.objects.filter(action=AuditAction.FEEDBACK_GIVEN).order_by("-pk")[0]
    assert (event.actor, event.address, event.request_id, event.data) == (None, None, "", {})


def test_a_guest_of_a_named_round_changes_what_was_said_by_the_same_link(cast: Cast, member: User) -> None:
    row = a_round(cast, member, anonymous=False)
    key, guest = link_of(row, cast.office_staff), Client()
    guest.post(LINK, {"key": key, place(row): "Lần một."})
    assert "Lần một." in guest.get(LINK, {"key": key}).text
    guest.post(LINK, {"key": key, place(row): "Lần hai."})
    assert [c.text for c in row.contributions.all()] == ["Lần hai."]


def test_links_that_do_not_work_look_alike(cast: Cast, member: User) -> None:
    row, other = a_round(cast, member), a_round(cast, member)
    key, revoked = link_of(row, cast.office_staff), link_of(other, cast.office_staff)
    revoke_link(invitation=other.invitations.get(kind="guest"), by=cast.office_staff)
    client, sent = Client(), {"key": key, place(other): "Đợt khác."}
    assert client.post(LINK, sent).status_code == 422  # the fields of another round are none of this one
    answers = [client.get(LINK, {"key": k}) for k in ("", "đoán", "x" * 200, revoked)]
    with time_machine.travel(dt.datetime(2026, 4, 1, 2, tzinfo=dt.UTC), tick=False):
        answers.append(client.get(LINK, {"key": key}))
        answers.append(client.post(LINK, {"key": key, place(row): "Trễ."}))
    at(row, FeedbackStep.REPORTING)
    answers += [client.get(LINK, {"key": key}), client.post(LINK, {"key": key, place(row): "Sau khi đóng."})]
    assert {a.status_code for a in answers} == {404}
    assert len({a.content for a in answers}) == 1
    assert {a.headers["Referrer-Policy"] for a in answers} == {"no-referrer"}
    assert not row.contributions.exists()


def test_guessing_and_reading_too_often_wait(cast: Cast, member: User, monkeypatch: pytest.MonkeyPatch) -> None:
    key, client = link_of(a_round(cast, member), cast.office_staff), Client()
    cache.clear()
    monkeypatch.setattr(contributing, "READS_AN_HOUR", 2)
    monkeypatch.setattr(contributing, "MISSES_AN_HOUR", 3)
    assert [client.get(LINK, {"key": key}).status_code for _n in range(3)] == [200, 200, 429]
    assert [client.get(LINK, {"key": f"đoán{n}"}).status_code for n in range(4)] == [404, 404, 404, 429]
    assert client.get(LINK, {"key": "đoán"}).headers["Retry-After"] == "3600"  # nine o'clock sharp


def test_the_page_of_a_link_is_the_same_before_and_after_it_was_used(cast: Cast, member: User, client: Client) -> None:
    row = a_round(cast, member)
    key = link_of(row, cast.office_staff)
    before = client.get(LINK, {"key": key})
    client.post(LINK, {"key": key, place(row): "Lời khách.", "final": "on"})
    after = client.get(LINK, {"key": key})
    words = [re.sub(r'(nonce|csrfmiddlewaretoken)="[^"]*"', "", page.text) for page in (before, after)]
    assert (after.status_code, after.context["closed"], words[1]) == (200, False, words[0])


def test_who_is_logged_in_leaves_no_name_behind_a_link(cast: Cast, member: User, login: Login) -> None:
    row = a_round(cast, member)
    key, client = link_of(row, cast.office_staff), login(cast.reader)
    before = AuditEvent.objects.count()
    assert cast.reader.full_name not in client.get(LINK, {"key": key}).text
    assert client.post(LINK, {"key": key, place(row): "Lời khách.", "final": "on"}).status_code == 200
    assert [e.actor for e in AuditEvent.objects.order_by("pk")[before:]] == [None]
    assert FeedbackInvitation.objects.get(kind="guest").handed_in


def test_a_body_of_another_kind_reviews_itself_where_there_is_no_standing_committee(cast: Cast, login: Login) -> None:
    page = login(cast.secretary).get("/feedback/new/")
    assert [value for value, _label in page.context["form"].fields["body"].choices] == [Post.Body.EXECUTIVE_COMMITTEE]
    assert "Ban Chấp hành (BCH)" in page.text
