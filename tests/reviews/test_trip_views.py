"""Pages of field trips: registered on a phone, approved, recorded, listed; quotas and coverage, at a fixed cost."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from plans.enums import Outlook
from reviews.enums import QuotaMeasure, QuotaScope, TripKind, TripState
from reviews.models import FieldTrip, FieldTripQuota
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import (
    make_inspection,
    make_member,
    make_officer,
    make_permanent_member,
    make_quota,
    make_trip,
    make_unit,
)
from units.models import Appointment, Post, Unit, User
from units.roles import Role

pytestmark = pytest.mark.usefixtures("today")  # 16 March 2026


def day(month: int, number: int) -> dt.date:
    return dt.date(2026, month, number)


def gone(cast: Cast, *days: dt.date, **facts: Any) -> FieldTrip:
    facts = {"leader": cast.department_head, "units": [cast.commune], "state": TripState.REPORTED, **facts}
    return make_trip(cast.province, days=(days[0], days[-1]), **facts)


def test_a_traveller_registers_and_goes_and_the_leader_approves(cast: Cast, login: Login) -> None:
    traveller, leader = login(cast.department_head), login(cast.leader)
    address = reverse("reviews:trip_new")
    page = traveller.get(address)
    sent = {
        "form_key": page.context["form_key"], "planned_from": "02/03/2026", "planned_to": "04/03/2026",
        "kind": TripKind.SURVEY, "units": "Đoàn xã An Hòa", "purpose": "Khảo sát chi đoàn.",
        "leader": str(cast.department_head.pk), "party": [str(cast.reader.pk)],
    }  # fmt: skip
    wrong = traveller.post(address, sent | {"units": "Đoàn xã Không Có", "planned_to": "01/03/2026"})
    assert wrong.status_code == 422
    assert "Khảo sát chi đoàn." in wrong.text
    assert set(wrong.context["form"].errors) == {"units", "planned_to"}
    for _ in range(2):  # a double click
        assert traveller.post(address, sent).status_code == 302
    trip = FieldTrip.objects.get()
    mine = traveller.get(reverse("reviews:trips_mine"))
    assert [row.pk for row in mine.context["open"]] == [trip.pk]
    assert "Đăng ký muộn".lower() in mine.text.lower()

    approve = reverse("reviews:trip_approve", args=[trip.pk])
    assert leader.post(approve, {}).status_code == 422
    stale = leader.post(approve, {"version": "9"})
    assert (stale.status_code, "Vừa có người thay đổi" in stale.text) == (409, True)
    assert leader.post(approve, {"version": "1"}).status_code == 302
    brief = reverse("reviews:trip_brief", args=[trip.pk])
    assert "bị ghi là muộn" in traveller.get(brief).text
    told = traveller.post(brief, {"text": "Gặp bí thư chi đoàn.", "version": "2"}, follow=True)
    assert "Nội dung chuẩn bị nhập sau khi chuyến đi đã bắt đầu" in told.text
    end = reverse("reviews:trip_end", args=[trip.pk])
    went = {"actual_from": "02/03/2026", "version": "3"}
    assert traveller.post(end, went | {"actual_to": "01/03/2026"}).status_code == 422
    assert traveller.post(end, went | {"actual_to": "03/03/2026"}).status_code == 302
    report = reverse("reviews:trip_report", args=[trip.pk])
    assert traveller.post(report, {"text": "", "version": "4"}).status_code == 422
    assert traveller.post(report, {"text": "Chi đoàn sinh hoạt đều.", "version": "4"}).status_code == 302
    page = leader.get(trip.get_absolute_url())
    assert [row.due_on for row in page.context["owed"]] == [day(3, 8), day(3, 16)]
    for words in ("02/03/2026 – 04/03/2026", "02/03/2026 – 03/03/2026", "Trần Lãnh Đạo", "Lý Đọc Giả", "Khảo sát"):
        assert words in page.text


def test_a_visited_unit_sees_day_kind_and_party_but_no_paper(cast: Cast, login: Login) -> None:
    facts = {"brief": "Điều BÍ-MẬT-THỬ", "briefed_on": day(3, 1), "briefed_by": cast.department_head}
    trip = gone(cast, day(3, 2), day(3, 4), purpose="Mục đích BÍ-MẬT-THỬ", report="Kết quả BÍ-MẬT-THỬ", **facts)
    page = login(cast.commune_secretary).get(trip.get_absolute_url())
    assert "02/03/2026" in page.text
    assert cast.department_head.full_name in page.text
    assert "BÍ-MẬT-THỬ" not in page.text
    assert "BÍ-MẬT-THỬ" in login(cast.reader).get(trip.get_absolute_url()).text
    for address in ("reviews:trips", "reviews:trips_mine", "reviews:trip_coverage", "reviews:trip_quarter"):
        assert "BÍ-MẬT-THỬ" not in login(cast.commune_secretary).get(reverse(address)).text


def test_a_form_of_an_older_version_is_answered_with_the_newest(cast: Cast, login: Login) -> None:
    trip = make_trip(cast.province, leader=cast.department_head, days=(day(4, 6), day(4, 7)), units=[cast.commune])
    FieldTrip.objects.filter(pk=trip.pk).update(version=4)
    office = login(cast.office_staff)
    address = reverse("reviews:trip_cancel", args=[trip.pk])
    answer = office.post(address, {"reason": "Bão.", "version": "1"})
    assert (answer.status_code, answer.context["form"]["version"].value()) == (409, "4")
    assert office.post(address, {"reason": "Bão.", "version": "4"}).status_code == 302
    assert office.post(address, {"reason": "Bão.", "version": "5"}).status_code == 422


def test_the_quota_page_sums_days_and_leads_to_the_trips_that_make_them(cast: Cast, login: Login) -> None:
    head, second = cast.department_head, cast.second_office_staff
    gone(cast, day(1, 5), day(1, 16), party=[second])
    gone(cast, day(1, 12), day(1, 20))  # five days shared with the first
    gone(cast, day(2, 2), day(2, 3), kind=TripKind.SURVEY)
    make_trip(cast.province, leader=head, days=(day(4, 6), day(4, 10)), units=[cast.commune])
    gone(cast, day(2, 9), day(2, 10), state=TripState.CANCELLED)
    make_trip(cast.province, leader=head, days=(dt.date(2025, 12, 29), day(1, 2)), state=TripState.REPORTED)
    kinds = [TripKind.GRASSROOTS, TripKind.TOPIC]
    quota = make_quota(cast.province, by=cast.office_staff, people=[head, second, cast.leader], kinds=kinds)
    page = login(cast.office_staff).get(quota.get_absolute_url())
    rows = {row.person: row for row in page.context["table"].rows}
    assert list(rows) == [cast.leader, second, head]  # who is furthest behind first
    found = rows[head].standing
    assert (found.counted, found.short, found.planned, found.pace) == (18, 42, 23, 83)  # 75 of 348 days have passed
    assert (rows[head].trips, rows[head].share.counted, rows[head].share.added) == (3, 30, 8)
    assert (rows[second].standing.counted, rows[cast.leader].standing.short) == (12, 60)
    assert found.outlook == Outlook.WILL_REACH
    trips = login(cast.office_staff).get(reverse("reviews:trips"), {"quota": quota.pk, "person": head.pk})
    assert trips.context["page"].paginator.count == 3
    mine = login(head).get(reverse("reviews:trips_mine"))
    ((own_quota, own),) = mine.context["standings"]
    assert (own_quota, own.standing) == (quota, found)
    assert login(cast.reader).get(reverse("reviews:trips_mine")).context["standings"] == []


def test_a_joint_quota_counts_a_day_of_several_once(cast: Cast, login: Login) -> None:
    gone(cast, day(1, 5), day(1, 9), party=[cast.reader])
    gone(cast, day(1, 8), day(1, 12), leader=cast.leader)
    facts = {"amount": 2, "measure": QuotaMeasure.MONTHS, "joint": True, "name": "1 + 2"}
    quota = make_quota(cast.province, by=cast.office_staff, **facts)
    page = login(cast.reader).get(quota.get_absolute_url())
    table = page.context["table"]
    assert (quota.days, table.whole.counted, table.whole.short) == (60, 8, 52)
    assert sorted(row.standing.counted for row in table.rows)[-3:] == [5, 5, 5]
    assert cast.administrator not in {row.person for row in table.rows}


def test_whom_a_quota_holds_for(cast: Cast, login: Login) -> None:
    member = make_member(cast.province, full_name="Ủy Viên Thường Vụ")
    Appointment.objects.filter(user=cast.department_head).update(full_time=True)
    body = make_quota(
        cast.province, by=cast.office_staff, name="BTV", scope=QuotaScope.BODY, body=Post.Body.STANDING_COMMITTEE
    )
    full_time = make_quota(cast.province, by=cast.office_staff, name="Chuyên trách", full_time=True)
    office = login(cast.office_staff)

    def people(quota: FieldTripQuota) -> set[User]:
        return {row.person for row in office.get(quota.get_absolute_url()).context["table"].rows}

    assert people(body) == {member}
    assert people(full_time) == {cast.department_head}
    own = {who: login(who).get(reverse("reviews:trips_mine")).context["standings"] for who in (member, cast.secretary)}
    assert ([q for q, _ in own[member]], own[cast.secretary]) == ([body], [])


def test_the_office_and_the_administrator_set_quotas(cast: Cast, login: Login) -> None:
    sent = {
        "name": "60 ngày", "year": "2026", "amount": "60", "measure": "days", "until": "14/12/2026", "scope": "staff",
        "register_ahead": "5", "report_days": "7",
    }  # fmt: skip
    address = reverse("reviews:trip_quota_new")
    admin = login(cast.administrator)
    for wrong, words in (
        ({"until": "14/12/2027"}, "không thuộc năm"),
        ({"amount": "13", "measure": "months"}, "không có đủ"),
        ({"scope": "people"}, "Đánh dấu những người"),
        ({"scope": "body"}, "Chọn tập thể"),
        ({"amount": "0"}, ""),
    ):
        answer = admin.post(address, sent | wrong)
        assert (answer.status_code, words in answer.text) == (422, True)
    assert admin.post(address, sent).status_code == 302
    assert admin.post(address, sent).status_code == 422  # of the same name
    quota = FieldTripQuota.objects.get()
    assert (quota.days, quota.joint, quota.kinds, quota.register_ahead) == (60, False, [], 5)
    edit = reverse("reviews:trip_quota_edit", args=[quota.pk])
    changed = sent | {"amount": "2", "measure": "months", "joint": "on", "kinds": [TripKind.SURVEY], "version": "1"}
    assert login(cast.office_staff).post(edit, changed).status_code == 302
    quota.refresh_from_db()
    assert (quota.days, quota.joint, quota.counting) == (60, True, [TripKind.SURVEY])
    assert login(cast.office_staff).post(edit, changed).status_code == 409
    named = sent | {"name": "Theo danh sách", "scope": "people", "people": [str(cast.leader.pk)]}
    assert login(cast.office_staff).post(address, named).status_code == 302
    assert list(FieldTripQuota.objects.get(name="Theo danh sách").people.all()) == [cast.leader]


def test_coverage_puts_difficult_units_and_those_never_visited_first(cast: Cast, login: Login) -> None:
    far = make_unit("Huyện đoàn Vùng Cao", code="ST-VC", kind="district", parent=cast.province)
    never = make_unit("Huyện đoàn Mới", code="ST-M", kind="district", parent=cast.province)
    Unit.objects.filter(pk=far.pk).update(is_difficult=True)
    gone(cast, day(3, 2), day(3, 4), units=[far])
    gone(cast, day(1, 5), day(1, 6), units=[cast.commune, cast.branch])  # below the district
    gone(cast, dt.date(2025, 5, 5), units=[cast.district])
    make_trip(cast.province, leader=cast.leader, days=(day(4, 6), day(4, 7)), units=[never])
    page = login(cast.office_staff).get(reverse("reviews:trip_coverage"))
    rows = [(row["unit"], row["ago"]) for row in page.context["rows"]]
    assert [(unit, unit.last, ago, unit.visits or 0, unit.coming) for unit, ago in rows] == [
        (far, day(3, 4), 12, 1, None),
        (cast.other_district, None, None, 0, None),
        (never, None, None, 0, day(4, 6)),
        (cast.district, day(1, 6), 69, 1, None),
    ]
    (row,) = page.context["travelled"]
    assert (row.person, row.trips, row.days) == (cast.department_head, 2, 5)
    assert row.places == {far.name: 1, cast.commune.name: 1, cast.branch.name: 1}
    trips = login(cast.office_staff).get(reverse("reviews:trips"), {"visited": cast.district.pk})
    assert trips.context["page"].paginator.count == 2
    communes = {"kind": cast.commune.kind_id, "year": "2026"}
    page = login(cast.office_staff).get(reverse("reviews:trip_coverage"), communes)
    assert [r["unit"] for r in page.context["rows"]] == [cast.commune]
    nonsense = login(cast.office_staff).get(reverse("reviews:trip_coverage"), {"year": "x", "kind": "'"})
    assert nonsense.status_code == 200


def test_a_visit_of_an_inspection_counts_as_one_to_the_unit(cast: Cast, login: Login) -> None:
    head = make_permanent_member(cast.province)
    gone(cast, day(1, 5), day(1, 6), units=[cast.district])
    row = make_inspection(
        cast.province, cast.commune, cast.other_district, by=cast.office_staff, head=head, day=day(3, 9)
    )
    before = login(cast.office_staff).get(reverse("reviews:trip_coverage"))
    assert [(r["unit"], r["unit"].last) for r in before.context["rows"]] == [
        (cast.other_district, None), (cast.district, day(1, 6)),
    ]  # fmt: skip
    row.visits.update(visited_on=day(3, 9))
    page = login(cast.office_staff).get(reverse("reviews:trip_coverage"))
    assert [(r["unit"], r["unit"].last, r["unit"].visits, r["unit"].inspected) for r in page.context["rows"]] == [
        (cast.district, day(3, 9), 1, 1), (cast.other_district, day(3, 9), 0, 1),
    ]  # fmt: skip
    assert "và 1 cuộc kiểm tra" in page.text


def test_who_has_registered_for_a_quarter_and_who_late(cast: Cast, login: Login) -> None:
    early = {"created_at": dt.datetime(2026, 3, 31, 10, tzinfo=dt.UTC)}
    late = {"created_at": dt.datetime(2026, 3, 31, 17, tzinfo=dt.UTC)}  # the first of April in Vietnam
    make_trip(cast.province, leader=cast.department_head, days=(day(4, 6), day(4, 7)), party=[cast.reader], **early)
    make_trip(cast.province, leader=cast.department_head, days=(day(4, 20), day(4, 21)), **late)
    make_trip(cast.province, leader=cast.leader, days=(day(5, 4), day(5, 4)), state=TripState.CANCELLED)
    page = login(cast.reader).get(reverse("reviews:trip_quarter"), {"year": "2026", "quarter": "2"})
    found = {row.person: (len(row.trips), row.late) for row in page.context["rows"]}
    assert found == {
        cast.department_head: (2, 1), cast.reader: (1, 0), cast.leader: (0, 0), cast.office_staff: (0, 0),
        cast.second_office_staff: (0, 0),
    }  # fmt: skip
    assert page.context["register_by"] == day(3, 31)
    foreign = login(cast.reader).get(reverse("reviews:trip_quarter"), {"unit": cast.foreign_province.pk})
    assert foreign.status_code == 404


PAGES = {
    "trips": 10, "trips_mine": 13, "trip_quarter": 10, "trip_coverage": 11, "trip_quotas": 6, "trip_quota": 8,
    "trip": 10,
}  # fmt: skip


@pytest.mark.parametrize("more", [0, 6])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_costs_the_same_for_few_and_for_many(
    cast: Cast, login: Login, django_assert_num_queries: DjangoAssertNumQueries, page: str, more: int
) -> None:
    party = [make_officer(cast.province, Role.READER, full_name=f"Cán Bộ {n}", username=f"cb{n}") for n in range(more)]
    units = [make_unit(f"Đoàn xã {n}", code=f"ST-X{n}", parent=cast.province) for n in range(more)]
    quotas = [make_quota(cast.province, by=cast.office_staff, name=f"Chỉ tiêu {n}") for n in range(more + 1)]
    trips = []
    for month in range(1, 3 + more):
        facts = {"party": [cast.reader, *party], "units": [cast.commune, *units]}
        state = TripState.REPORTED if month < 3 else TripState.REGISTERED
        days = day(month, 2), day(month, 6)
        trips.append(make_trip(cast.province, leader=cast.leader, days=days, state=state, **facts))
    address = {"trip": [trips[0].pk], "trip_quota": [quotas[0].pk]}.get(page, [])
    client = login(cast.leader)
    client.get(reverse("home"))
    with django_assert_num_queries(PAGES[page]):
        assert client.get(reverse(f"reviews:{page}", args=address)).status_code == 200
