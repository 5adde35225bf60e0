"""Pages of meetings: what is shown to whom, forms that keep what was typed, a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from plans.models import Deadline
from reviews.actions.agenda import add_item
from reviews.actions.decisions import decide
from reviews.models import Meeting
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import (
    make_agenda_item,
    make_deadline,
    make_event,
    make_hanging,
    make_meeting,
    make_member,
    make_published_plan,
)
from tests.files import jpeg
from units.models import User

pytestmark = pytest.mark.usefixtures("today")
DAY = dt.date(2026, 3, 26)


@pytest.fixture
def member(cast: Cast) -> User:
    """Return somebody who sits in the standing committee of the province."""
    return make_member(cast.province, full_name="Lê Ủy Viên")


@pytest.fixture
def office(cast: Cast, login: Login) -> Client:
    """Return the office at its desk."""
    return login(cast.office_staff)


# --- planning ---


def test_a_meeting_is_planned_from_the_form(cast: Cast, office: Client, member: User) -> None:
    sent = {
        "body": "standing_committee",
        "day": "26/03/2026",
        "starts_at": "08:00",
        "kind": "regular",
        "form_key": "k",
    }
    sent["chair"] = str(member.pk)
    pages = [office.post("/meetings/new/", sent) for _n in "ab"]
    row = Meeting.objects.get()  # the second click makes nothing more
    assert {page["Location"] for page in pages} == {row.get_absolute_url()}
    assert (row.planned_on, row.starts_at, row.chair) == (DAY, dt.time(8), member)
    assert row in office.get("/meetings/").context["coming"]


def test_a_unit_without_standing_committee_is_told_so_and_offered_its_executive_one(
    cast: Cast, login: Login, member: User
) -> None:
    page = login(cast.secretary).get("/meetings/new/")
    assert "Ban Chấp hành (BCH)" in page.text
    assert list(page.context["form"].fields["body"].choices) == [("executive_committee", "Ban Chấp hành")]
    assert "Ban Chấp hành (BCH)" not in login(cast.office_staff).get("/meetings/new/").text


def test_what_would_move_is_shown_when_a_plan_waits_for_the_meeting(cast: Cast, office: Client, member: User) -> None:
    plan = make_published_plan(cast.province)
    event = make_event(cast.province, plan=plan, kind="meeting")
    make_hanging(cast.district, plan=plan, event=event, lead_time="-P3D")
    sent = {"body": "standing_committee", "event": event.pk, "day": "26/03/2026", "kind": "regular"}
    page = office.post("/meetings/new/", sent, follow=True)
    row = Meeting.objects.get()
    assert page.redirect_chain[0][0] == f"/meetings/{row.pk}/day/?day=26/03/2026"
    assert len(page.context["preview"].moving) == 1
    assert Deadline.objects.get().due_on is None  # not yet
    confirmed = {"day": "26/03/2026", "digest": page.context["preview"].digest, "act": "confirm"}
    assert office.post(f"/meetings/{row.pk}/day/", confirmed)["Location"] == row.get_absolute_url()
    assert Deadline.objects.get().due_on == dt.date(2026, 3, 23)


def test_a_year_is_shown_before_it_is_planned(cast: Cast, office: Client, member: User) -> None:
    rule = {"body": "standing_committee", "year": "2027", "on": "15", "starts_at": "14:00", "place": "Phòng họp"}
    days = [d["day"] for d in office.get("/meetings/year/", rule).context["days"]]
    assert (len(days), days[0], Meeting.objects.count()) == (12, dt.date(2027, 1, 15), 0)
    sent = rule | {"act": "confirm", "days": [d.isoformat() for d in days[1:]] + ["x"]}
    assert office.post("/meetings/year/", sent).status_code == 302
    assert sorted(m.planned_on for m in Meeting.objects.select_related("event")) == days[1:]
    assert {m.place for m in Meeting.objects.all()} == {"Phòng họp"}
    again = office.get("/meetings/year/", rule).context["days"]
    assert [d["taken"] for d in again] == [False, *[True] * 11]
    assert office.post("/meetings/year/", rule | {"act": "confirm"}).status_code == 422  # nothing is ticked


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        ("new/", {"body": "standing_committee", "day": "31/02/2026", "title": "Họp riêng"}),
        ("new/", {"body": "nobody", "day": "26/03/2026", "title": "Họp riêng"}),
        ("new/", {"body": "standing_committee", "day": "26/03/1026", "title": "Họp riêng"}),
    ],
)
def test_bad_input_comes_back_with_what_was_typed(
    office: Client, member: User, address: str, sent: dict[str, str]
) -> None:
    page = office.post(f"/meetings/{address}", sent)
    assert (page.status_code, "Họp riêng" in page.text, Meeting.objects.count()) == (422, True, 0)


@pytest.mark.parametrize("unit", ["x", "999999", "9" * 30])
def test_a_foreign_unit_in_the_address_is_not_there(office: Client, unit: str) -> None:
    assert office.get("/meetings/new/", {"unit": unit}).status_code == 404


# --- the meeting's page ---


@pytest.fixture
def held(cast: Cast, member: User) -> Meeting:
    """Return a meeting of today with a paper and a decision."""
    row = make_meeting(cast.province, by=cast.office_staff, day=dt.date(2026, 3, 16), title="Phiên họp đầy đủ")
    values = {"title": "Sơ kết quý I", "presenter_unit": cast.department, "presenter": member}
    item = add_item(meeting=row, values=values, by=cast.office_staff, paper_days=0)
    decide(
        meeting=row,
        text="Giao huyện xây dựng mô hình điểm.",
        lead_unit=cast.district,
        due=dt.date(2026, 4, 15),
        item=item,
        by=cast.leader,
    )
    return row


def test_the_page_shows_agenda_papers_and_decisions_with_their_state(cast: Cast, login: Login, held: Meeting) -> None:
    page = login(cast.leader).get(held.get_absolute_url())
    for words in (
        "Sơ kết quý I",
        "Lê Ủy Viên",
        "Giao huyện xây dựng mô hình điểm.",
        "15/04/2026",
        "Huyện đoàn Bình Minh",
    ):
        assert words in page.text
    assert [(r.paper.done, r.paper.total, r.decided) for r in page.context["items"]] == [(0, 1, 1)]
    assert [(r.work.rows[0].time, r.work.total) for r in page.context["decisions"]] == [("on_schedule", 1)]


def test_who_may_only_read_finds_no_button(cast: Cast, login: Login, held: Meeting) -> None:
    page = login(cast.department_head).get(held.get_absolute_url())
    assert page.status_code == 200
    assert (page.context["may_plan"], page.context["may_record"]) == (False, False)
    assert f"{held.get_absolute_url()}record/" not in page.text


@pytest.mark.parametrize("count", [1, 9])
def test_the_page_takes_the_same_queries_for_any_agenda(
    cast: Cast, office: Client, member: User, count: int, django_assert_num_queries: Any
) -> None:
    row = make_meeting(cast.province, by=cast.office_staff, day=dt.date(2026, 3, 16))
    plan = make_published_plan(cast.province)
    for n in range(count):
        values = {"title": f"Việc {n}", "presenter_unit": cast.department}
        item = add_item(meeting=row, values=values, by=cast.office_staff, paper_days=0)
        owed = make_deadline(cast.district, plan=plan, due_on=DAY)
        make_agenda_item(row, by=cast.office_staff, topic="deadline", deadline=owed, presenter=member)
        make_hanging(cast.district, plan=plan, event=row.event)
        decide(meeting=row, text="Làm.", lead_unit=cast.office, due=DAY, item=item, by=cast.leader)
    office.get("/")
    with django_assert_num_queries(19):
        assert office.get(row.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_takes_the_same_queries_for_any_number(
    cast: Cast, office: Client, count: int, django_assert_num_queries: Any
) -> None:
    for n in range(count):
        for day in (DAY + dt.timedelta(n), DAY - dt.timedelta(30 + n)):
            make_agenda_item(make_meeting(cast.province, by=cast.office_staff, day=day), by=cast.office_staff)
    office.get("/")
    with django_assert_num_queries(9):
        assert office.get("/meetings/").status_code == 200
    with django_assert_num_queries(7):
        assert office.get("/meetings/calendar/").status_code == 200


def test_the_month_shows_the_meetings_on_their_days(cast: Cast, office: Client) -> None:
    row = make_meeting(cast.province, by=cast.office_staff, day=DAY, starts_at=dt.time(8))
    days = {d["date"]: d["rows"] for week in office.get("/meetings/calendar/").context["weeks"] for d in week}
    assert (days[DAY], sum(map(len, days.values()))) == ([row], 1)
    assert office.get("/meetings/calendar/", {"day": "2026-05-01"}).context["total"] == 0
    assert office.get("/meetings/calendar/", {"day": "nonsense"}).status_code == 200


# --- agenda ---


def test_the_office_picks_from_what_is_proposed(cast: Cast, office: Client) -> None:
    row = make_meeting(cast.province, by=cast.office_staff, day=DAY)
    schedule = make_hanging(
        cast.district, cast.other_district, plan=make_published_plan(cast.province), event=row.event
    )
    address = f"{row.get_absolute_url()}agenda/"
    (proposal,) = office.get(address).context["proposals"]
    assert office.post(address, {"pick": proposal.key})["Location"] == f"{row.get_absolute_url()}#agenda"
    item = row.items.get()
    assert item.deadline in schedule.deadlines.all()
    assert [(r.work.done, r.work.total) for r in office.get(row.get_absolute_url()).context["items"]] == [(0, 2)]
    assert office.get(address).context["proposals"] == []
    assert office.post(address, {"pick": "9" * 40}).status_code == 422


def test_a_change_that_comes_too_late_is_kept_and_can_be_sent_again(cast: Cast, office: Client) -> None:
    row = make_meeting(cast.province, by=cast.office_staff, day=DAY, version=3)
    item = make_agenda_item(row, by=cast.office_staff)
    sent = {"title": "Nội dung khác", "version": "2"}
    page = office.post(f"{row.get_absolute_url()}agenda/{item.pk}/edit/", sent)
    assert (page.status_code, "Nội dung khác" in page.text) == (409, True)
    assert page.context["form"]["version"].value() == "3"
    assert office.post(f"{row.get_absolute_url()}agenda/{item.pk}/edit/", sent | {"version": "3"}).status_code == 302


def test_an_item_of_another_meeting_is_not_there(cast: Cast, office: Client) -> None:
    rows = [make_meeting(cast.province, by=cast.office_staff, day=DAY) for _n in "ab"]
    item = make_agenda_item(rows[0], by=cast.office_staff)
    assert office.get(f"{rows[1].get_absolute_url()}agenda/{item.pk}/edit/").status_code == 404


# --- minutes and decisions ---


def test_the_meeting_is_recorded_with_its_file_which_only_its_people_get(
    cast: Cast, login: Login, office: Client, held: Meeting, member: User
) -> None:
    address = f"{held.get_absolute_url()}record/"
    version = office.get(address).context["form"]["version"].value()
    sent = {"version": version, f"absent_{member.pk}": "on", f"reason_{member.pk}": "Ốm", "minutes": "Đã bàn."}
    sent |= {"symbol": "05-BB/TĐTN", "uploads": SimpleUploadedFile("bien-ban.jpg", jpeg())}
    assert office.post(address, sent).status_code == 302
    page = office.get(held.get_absolute_url())
    for words in ("05-BB/TĐTN", "Đã bàn.", "Ốm", "bien-ban.jpg"):
        assert words in page.text
    file = f"/meetings/files/{held.files.get().pk}/"
    response = office.get(file)
    assert (response.status_code, response["Content-Disposition"]) == (200, 'attachment; filename="bien-ban.jpg"')
    assert b"".join(response.streaming_content) == jpeg()  # type: ignore[attr-defined]  # a FileResponse
    assert login(cast.secretary).get(file).status_code == 404


@pytest.mark.parametrize(
    "sent",
    [
        {"symbol": "05-BB/TĐTN (MẬT)"},
        {"symbol": "không số"},
        {"minutes": "a" * 50_001},
        {"reason": "Ốm"},
        {"uploads": b"MZ"},
    ],
)
def test_a_record_that_is_wrong_stores_nothing(
    office: Client, held: Meeting, member: User, sent: dict[str, Any]
) -> None:
    facts = {f"reason_{member.pk}" if name == "reason" else name: value for name, value in sent.items()}
    if "uploads" in facts:
        facts["uploads"] = SimpleUploadedFile("bien-ban.pdf", facts["uploads"])
    page = office.post(f"{held.get_absolute_url()}record/", {"version": held.version + 2, **facts})
    held.refresh_from_db()
    assert (page.status_code, held.held_on, held.files.count()) == (422, None, 0)


def test_a_decision_is_recorded_from_the_form(cast: Cast, login: Login, held: Meeting) -> None:
    sent = {"text": "Giao Văn phòng theo dõi.", "lead_unit": cast.office.name, "phrase": "trong quý II"}
    client = login(cast.leader)
    address = f"{held.get_absolute_url()}decide/"
    assert client.post(address, sent)["Location"] == f"{held.get_absolute_url()}#decisions"
    assert Deadline.objects.get(unit=cast.office).due_on == dt.date(2026, 6, 30)
    page = client.post(address, sent | {"due": "15/04/2026"})
    assert (page.status_code, "Giao Văn phòng theo dõi." in page.text) == (422, True)
