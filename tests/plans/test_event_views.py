"""Pages of events: the list of a plan, the day with its preview, the check page, a deadline's page."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client

from plans.actions import events as acts
from plans.actions.deadlines import give_date
from plans.enums import Chain, EventKind, Kind
from plans.models import Deadline, Event, Plan, Schedule
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import (
    AppointmentFactory,
    PlanFactory,
    PostFactory,
    SolutionFactory,
    make_event,
    make_hanging,
    make_published_plan,
    version_of,
)
from units.models import Post

APRIL = dt.date(2026, 4, 15)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def client(cast: Cast, login: Login) -> Client:
    """Return a browser of the office that reads English."""
    found = login(cast.office_staff)
    found.cookies["django_language"] = "en"
    return found


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """Return a plan of the province that is followed up."""
    return make_published_plan(cast.province, symbol="12-KH/TĐTN")


@pytest.fixture
def meeting(cast: Cast, plan: Plan) -> Event:
    """Return a meeting without a day on which work of two units hangs."""
    event = make_event(cast.province, plan=plan, kind=EventKind.MEETING, keeper=cast.office)
    make_hanging(cast.district, cast.commune, plan=plan, event=event, lead_time="-P7D", anchor=event.name)
    return event


def text(response: Any) -> str:
    """Return a page as read: without tags, blanks joined."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def digest(response: Any) -> str:
    """Return the state a preview was made of."""
    found = re.search(r'name="digest" value="(\w+)"', response.content.decode())
    assert found
    return found[1]


# --- the list ---


def test_the_list_tells_days_and_what_hangs_on_each(cast: Cast, client: Client, plan: Plan, meeting: Event) -> None:
    first = Schedule.objects.get(event=meeting)
    make_hanging(cast.commune, plan=plan, hangs_on=first, chain=Chain.COMPLETION, anchor="1. Chuẩn bị báo cáo.",
                 text="Gửi báo cáo.", in_order=True)  # fmt: skip
    loose = make_hanging(cast.commune, plan=plan, kind=Kind.BY_DATE, due=APRIL, text="Góp ý.")
    make_hanging(
        cast.commune, plan=plan, kind=Kind.BY_DATE, due=APRIL, hangs_on=loose, in_order=True, text="Kiểm điểm."
    )
    page = text(client.get(f"/plans/{plan.pk}/events/"))
    assert "Họp Ban Thường vụ Tỉnh đoàn No day yet Meeting · Tỉnh đoàn · kept by Văn phòng" in page
    assert "1. Chuẩn bị báo cáo. – 7 days before this event: Họp Ban Thường vụ Tỉnh đoàn 2 deadlines, 0 with a" in page
    assert "2. Gửi báo cáo. – once this is done: 1. Chuẩn bị báo cáo.; in this order 1 deadline, 0 with" in page
    assert "Work that hangs on other work 3. Góp ý. – the last day is 15/04/2026" in page
    assert "4. Kiểm điểm. – the last day is 15/04/2026; in this order" in page
    assert "Give the day" in page


def test_an_empty_list_says_what_to_do(cast: Cast, client: Client, plan: Plan) -> None:
    assert "This plan names no event." in text(client.get(f"/plans/{plan.pk}/events/"))
    draft = PlanFactory(issuing_unit=cast.province)
    page = text(client.get(f"/plans/{draft.pk}/events/"))
    assert "Choose “Bound to an event” for a commitment on the check page" in page


@pytest.mark.parametrize("count", [1, 12])
def test_the_list_takes_the_same_queries_for_any_number(
    cast: Cast, client: Client, plan: Plan, count: int, django_assert_num_queries: Any
) -> None:
    for n in range(count):
        event = make_event(cast.province, f"Họp lần {n}", plan=plan, keeper=cast.office)
        step = make_hanging(cast.district, cast.commune, plan=plan, event=event)
        make_hanging(cast.commune, plan=plan, hangs_on=step, chain=Chain.LAST_DAY)
    client.get("/")  # the session is there
    with django_assert_num_queries(12):
        client.get(f"/plans/{plan.pk}/events/")


def test_a_secretary_sees_the_event_and_no_button(cast: Cast, login: Login, plan: Plan, meeting: Event) -> None:
    client = login(cast.commune_secretary)
    client.cookies["django_language"] = "en"
    for address in (f"/plans/{plan.pk}/events/", f"/events/{meeting.pk}/"):
        page = text(client.get(address))
        assert meeting.name in page
        assert "1 deadline, 0 with a day" in page
        assert "Give the day" not in page
    assert client.get(f"/events/{meeting.pk}/day/").status_code == 404
    assert client.post(f"/events/{meeting.pk}/day/", {"day": "15/04/2026", "act": "confirm"}).status_code == 404


# --- adding and changing ---


def test_an_event_is_added_and_changed(cast: Cast, client: Client, plan: Plan) -> None:
    sent = {"name": "Hội nghị BCH", "kind": "meeting", "keeper": "Văn phòng", "day": "15/04/2026"}
    response = client.post(f"/plans/{plan.pk}/events/add/", sent)
    assert (response.status_code, response["Location"]) == (302, f"/plans/{plan.pk}/events/")
    event = Event.objects.get()
    assert (event.name, event.kind, event.keeper, event.day, event.plan) == (
        "Hội nghị BCH", "meeting", cast.office, APRIL, plan,
    )  # fmt: skip
    page = client.get(f"/events/{event.pk}/edit/")
    assert 'value="Văn phòng Tỉnh đoàn"' in page.content.decode()
    sent = {"name": "Hội nghị", "kind": "other", "keeper": "", "version": "1"}
    assert client.post(f"/events/{event.pk}/edit/", sent)["Location"] == f"/events/{event.pk}/"
    stale = client.post(f"/events/{event.pk}/edit/", {**sent, "name": "Khác"})
    assert (stale.status_code, 'value="Khác"' in stale.content.decode()) == (409, True)
    blind = client.post(f"/events/{event.pk}/edit/", {"name": "Khác", "kind": "other", "keeper": ""})
    assert (blind.status_code, 'value="Khác"' in blind.text, 'name="version" value="2"' in blind.text) == (
        422, True, True,
    )  # fmt: skip
    assert Event.objects.get().name == "Hội nghị"


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "x" * 301},
        {"name": "   "},
        {"name": "a\x00b"},
        {"kind": "nonsense"},
        {"keeper": "Đoàn xã Lộc Thủy"},
        {"day": "31/02/2026"},
        {"day": "01/01/9999"},
    ],
)
def test_wrong_facts_are_told_and_nothing_is_saved(client: Client, plan: Plan, wrong: dict[str, str]) -> None:
    response = client.post(f"/plans/{plan.pk}/events/add/", {"name": "Họp", "kind": "other", **wrong})
    assert (response.status_code, Event.objects.count()) == (422, 0)


# --- the day ---


def test_a_day_is_previewed_then_given(cast: Cast, client: Client, meeting: Event) -> None:
    assert "Show what would move" in text(client.get(f"/events/{meeting.pk}/day/"))
    seen = client.get(f"/events/{meeting.pk}/day/", {"day": "20/03/2026"})
    page = text(seen)
    assert "2 get the new day" in page
    assert "2 would be overdue today" in page
    assert "Chuẩn bị báo cáo. 12-KH/TĐTN Đoàn xã An Hòa – 13/03/2026 would be overdue today" in page
    assert not Deadline.objects.filter(due_on__isnull=False).exists()
    sent = {"day": "20/03/2026", "digest": digest(seen), "act": "confirm"}
    answer = client.post(f"/events/{meeting.pk}/day/", sent, follow=True)
    assert answer.redirect_chain == [(f"/events/{meeting.pk}/", 302)]
    assert "The event is on 20/03/2026. 2 deadlines moved." in text(answer)
    assert set(Deadline.objects.values_list("due_on", flat=True)) == {dt.date(2026, 3, 13)}


def test_a_list_that_changed_meanwhile_is_shown_again(cast: Cast, client: Client, meeting: Event) -> None:
    seen = client.get(f"/events/{meeting.pk}/day/", {"day": "15/04/2026"})
    row = Deadline.objects.get(unit=cast.commune)
    give_date(deadline=row, version=version_of(row), by=cast.office_staff, due_on=dt.date(2026, 4, 1))
    sent = {"day": "15/04/2026", "digest": digest(seen), "act": "confirm"}
    again = client.post(f"/events/{meeting.pk}/day/", sent)
    assert again.status_code == 409
    assert "Something that hangs on this event changed meanwhile" in text(again)
    assert "Has a day of its own, given by hand or by an extension. Tick it to move it too." in text(again)
    sent |= {"digest": digest(again), "also": str(row.pk)}
    shown = client.post(f"/events/{meeting.pk}/day/", {**sent, "act": "preview"})
    assert (shown.status_code, digest(shown)) == (200, digest(again))
    assert "2 get the new day" in text(shown)
    assert f'value="{row.pk}" aria-label="Đoàn xã An Hòa: Chuẩn bị báo cáo." checked' in shown.content.decode()
    assert client.post(f"/events/{meeting.pk}/day/", sent).status_code == 302
    row.refresh_from_db()
    assert row.due_on == dt.date(2026, 4, 8)


def test_moving_says_what_stays_and_why(cast: Cast, client: Client, meeting: Event) -> None:
    acts.give_event_day(event=meeting, day=APRIL, by=cast.office_staff)
    page = client.get(f"/events/{meeting.pk}/day/", {"day": "15/04/2026"})
    assert "No deadline changes." in text(page)
    sent = {"day": "15/04/2026", "digest": digest(page), "act": "confirm"}
    refused = client.post(f"/events/{meeting.pk}/day/", sent)
    assert (refused.status_code, "The event is on this day already." in text(refused)) == (422, True)
    moved = client.get(f"/events/{meeting.pk}/day/", {"day": "20/04/2026"})
    assert "Đoàn xã An Hòa 08/04/2026 13/04/2026" in text(moved)
    assert "The original day moves too" in text(moved)


@pytest.mark.parametrize("day", ["", "31/02/2026", "x\x00", "9" * 400, "01/01/9999"])
def test_no_day_is_told(client: Client, meeting: Event, day: str) -> None:
    if "\x00" not in day:
        assert client.get(f"/events/{meeting.pk}/day/", {"day": day}).status_code == 422
    assert client.post(f"/events/{meeting.pk}/day/", {"day": day, "act": "confirm"}).status_code == 422
    meeting.refresh_from_db()
    assert meeting.day is None


def test_hostile_ticks_are_left_alone(client: Client, meeting: Event) -> None:
    seen = client.get(f"/events/{meeting.pk}/day/", {"day": "15/04/2026"})
    ticks = ["9" * 18, "9" * 400, "-1", "x", "٣", ""]
    sent = {"day": "15/04/2026", "digest": digest(seen), "act": "confirm", "also": ticks}
    assert client.post(f"/events/{meeting.pk}/day/", sent).status_code == 302


def test_a_confirmation_without_the_list_shows_the_list(client: Client, meeting: Event) -> None:
    answer = client.post(f"/events/{meeting.pk}/day/", {"day": "15/04/2026", "act": "confirm"})
    assert answer.status_code == 409
    assert "2 get the new day" in text(answer)


def test_an_event_is_called_off_with_a_reason(cast: Cast, client: Client, meeting: Event) -> None:
    acts.give_event_day(event=meeting, day=APRIL, by=cast.office_staff)
    seen = client.get(f"/events/{meeting.pk}/cancel/")
    assert "2 lose their day" in text(seen)
    sent = {"digest": digest(seen), "act": "confirm", "reason": ""}
    assert client.post(f"/events/{meeting.pk}/cancel/", sent).status_code == 422
    answer = client.post(f"/events/{meeting.pk}/cancel/", {**sent, "reason": "Không họp."}, follow=True)
    assert "Called off : Không họp." in text(answer)
    assert client.get(f"/events/{meeting.pk}/day/").status_code == 404
    assert client.get(f"/events/{meeting.pk}/cancel/").status_code == 404


# --- a deadline's page ---


def test_a_deadline_tells_its_event_and_who_gives_the_day(
    cast: Cast, login: Login, client: Client, meeting: Event
) -> None:
    row = Deadline.objects.get(unit=cast.commune)
    page = text(client.get(f"/deadlines/{row.pk}/"))
    assert f"Hangs on the event {meeting.name} – no day yet; Văn phòng gives it. Give the day" in page
    assert "When the event moves, this day and the original day move along." in page
    own = login(cast.commune_secretary)
    own.cookies["django_language"] = "en"
    assert "Give the day" not in text(own.get(f"/deadlines/{row.pk}/"))
    give_date(deadline=row, version=version_of(row), by=cast.office_staff, due_on=APRIL)
    assert "This deadline has a day of its own and does not move with the event." in text(
        client.get(f"/deadlines/{row.pk}/")
    )


def test_a_deadline_tells_the_step_before(cast: Cast, client: Client, plan: Plan) -> None:
    first = make_hanging(cast.office, plan=plan, kind=Kind.BY_DATE, due=APRIL, text="Tổng hợp ý kiến.")
    second = make_hanging(cast.commune, plan=plan, hangs_on=first, chain=Chain.COMPLETION, in_order=True)
    row = second.deadlines.get()
    page = text(client.get(f"/deadlines/{row.pk}/"))
    assert (
        "Hangs on the work Tổng hợp ý kiến. (Văn phòng) Not started Its completion gives this one its day. "
        "Waits for Tổng hợp ý kiến. (Văn phòng) Not started This can't be handed in before that is." in page
    )
    refused = client.post(f"/deadlines/{row.pk}/report/", {"act": "done", "version": version_of(row)})
    assert refused.status_code == 422
    assert "This step comes after one of Văn phòng: “Tổng hợp ý kiến.”." in text(refused)


@pytest.mark.parametrize("htmx", [{}, {"HX-Request": "true"}])
def test_a_unit_without_a_standing_committee_is_asked_for_its_executive_one(
    cast: Cast, client: Client, plan: Plan, htmx: dict[str, str]
) -> None:
    work = "Tổ chức Hội nghị BTV góp ý."
    schedule = make_hanging(cast.district, cast.commune, plan=plan, text=work, kind=Kind.AS_DIRECTED)
    post = PostFactory(unit=cast.district, title="Ủy viên Ban Thường vụ", body=Post.Body.STANDING_COMMITTEE)
    AppointmentFactory(post=post)
    said = "Đoàn xã An Hòa has no standing committee: its executive committee (BCH) holds this meeting."
    for unit, told in ((cast.commune, True), (cast.district, False)):
        row = schedule.deadlines.get(unit=unit)
        for address in (f"/deadlines/{row.pk}/", f"/deadlines/{row.pk}/report/"):
            page = text(client.get(address, headers=htmx))
            assert (said in page) is told, address
            assert ("executive committee" in page) is told


# --- the check page ---


@pytest.fixture
def draft(cast: Cast) -> Plan:
    """Return a draft with two solutions."""
    found: Plan = PlanFactory(issuing_unit=cast.province)
    for n in (1, 2):
        SolutionFactory(plan=found, ordinal=n, text=f"Bước {n}.", lead_unit=cast.commune)
    return found


def added(client: Client, draft: Plan, number: int, **sent: Any) -> Any:
    """Send the form that adds a commitment to a solution."""
    solution = draft.solutions.get(ordinal=number)
    return client.post(f"/plans/{draft.pk}/check/schedule/add/?solution={solution.pk}", {"kind": "relative", **sent})


def test_words_make_the_event_and_a_choice_hangs_on_it(cast: Cast, client: Client, draft: Plan) -> None:
    facts = {"anchor": "Họp BTV", "lead_amount": "5", "lead_span": "B", "lead_side": "-"}
    assert added(client, draft, 1, **facts).status_code == 302
    event = Event.objects.get()
    first = Schedule.objects.get()
    assert (first.event, first.lead_time, first.in_working_days, first.exclusive) == (event, "-P5D", True, False)
    assert added(client, draft, 2, event=str(event.pk), lead_amount="0", lead_side="-").status_code == 302
    second = Schedule.objects.get(solution__ordinal=2)
    assert (second.event, second.anchor, second.lead_time, second.exclusive) == (event, "Họp BTV", "-P0D", True)
    page = client.get(f"/plans/{draft.pk}/check/schedule/{first.pk}/edit/").content.decode()
    assert re.search(rf'<option value="{event.pk}" selected>\s*Họp BTV \(no day yet\)', page)
    assert '<option value="B" selected>' in page
    assert "5 working days before this event: Họp BTV" in page


def edited(client: Client, schedule: Schedule, **sent: Any) -> Any:
    """Send the form that changes a commitment, as it stands but for `sent`."""
    plan = schedule.solution.plan
    address = f"/plans/{plan.pk}/check/schedule/{schedule.pk}/edit/"
    page = client.get(address).content.decode()
    found = re.search(r'name="fingerprint" value="(\w+)"', page)
    facts = {"kind": "relative", "anchor": schedule.anchor, "event": schedule.event_id or "", "lead_side": "+"}
    return client.post(address, {"fingerprint": found[1] if found else "", **facts, **sent})


def test_other_words_name_another_event(cast: Cast, client: Client, draft: Plan) -> None:
    added(client, draft, 1, anchor="Họp BTV")
    schedule = Schedule.objects.select_related("solution__plan").get()
    assert edited(client, schedule, anchor="Họp BCH").status_code == 302
    schedule.refresh_from_db()
    assert schedule.event
    assert schedule.event.name == "Họp BCH"
    assert edited(client, schedule, event="", kind="by_date", due="15/04/2026").status_code == 302
    schedule.refresh_from_db()
    assert schedule.event is None
    assert schedule.due == APRIL


def test_a_commitment_follows_another(cast: Cast, client: Client, draft: Plan) -> None:
    added(client, draft, 1, anchor="Họp BTV")
    first = Schedule.objects.select_related("solution__plan").get()
    sent = {"hangs_on": str(first.pk), "chain": "last_day", "lead_amount": "7", "lead_side": "-", "in_order": "on"}
    assert added(client, draft, 2, **sent).status_code == 302
    second = Schedule.objects.get(solution__ordinal=2)
    assert (second.hangs_on, second.chain, second.in_order, second.event, second.anchor) == (
        first, "last_day", True, None, "1. Bước 1.",
    )  # fmt: skip
    circle = edited(client, first, hangs_on=str(second.pk))
    assert circle.status_code == 422
    assert "These commitments would wait for each other: 1. Bước 1. → 2. Bước 2. → 1. Bước 1.." in text(circle)


def test_dated_work_that_follows_keeps_its_day(cast: Cast, client: Client, draft: Plan) -> None:
    added(client, draft, 1, kind="by_date", due="01/04/2026")
    first = Schedule.objects.get()
    assert added(client, draft, 2, kind="by_date", due="15/04/2026", hangs_on=str(first.pk)).status_code == 302
    second = Schedule.objects.get(solution__ordinal=2)
    assert (second.hangs_on, second.chain, second.in_order, second.due) == (first, "", True, APRIL)


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "Name the event it is bound to."),
        ({"event": "999999"}, "Select a valid choice"),
        ({"event": "9" * 400}, "Select a valid choice"),
        ({"event": "a\x00"}, "Null characters are not allowed."),
        ({"hangs_on": "999999"}, "Select a valid choice"),
        ({"anchor": "Họp", "chain": "x"}, "Select a valid choice"),
        ({"anchor": "Họp", "lead_amount": "-1"}, "greater than or equal to 0"),
    ],
)
def test_what_is_missing_or_foreign_is_told(client: Client, draft: Plan, sent: dict[str, str], words: str) -> None:
    response = added(client, draft, 1, **sent)
    assert (response.status_code, words in text(response)) == (422, True)
    assert not Schedule.objects.exists()
    assert not Event.objects.exists()


def test_nothing_is_due_before_the_completion_that_dates_it(client: Client, draft: Plan) -> None:
    added(client, draft, 1, anchor="Họp")
    sent = {"hangs_on": str(Schedule.objects.get().pk), "chain": "completion", "lead_amount": "3", "lead_side": "-"}
    response = added(client, draft, 2, **sent)
    assert (response.status_code, "Nothing is due before the completion" in text(response)) == (422, True)


def test_events_of_other_drafts_and_issuers_are_not_offered(cast: Cast, client: Client, draft: Plan) -> None:
    foreign = make_event(cast.foreign_province, "Họp của tỉnh khác")
    other = make_event(cast.province, "Họp của dự thảo khác", plan=PlanFactory(issuing_unit=cast.province))
    shared = make_event(cast.province, "Họp chung của đơn vị", day=APRIL)
    page = client.get(f"/plans/{draft.pk}/check/schedule/add/?solution={draft.solutions.get(ordinal=1).pk}")
    assert "Họp chung của đơn vị (15/04/2026)" in page.content.decode()
    assert foreign.name not in page.content.decode()
    assert other.name not in page.content.decode()
    for event in (foreign, other):
        assert added(client, draft, 1, event=str(event.pk)).status_code == 422
    assert added(client, draft, 1, event=str(shared.pk)).status_code == 302


def test_the_preview_of_the_form_tells_the_chain(client: Client, draft: Plan) -> None:
    added(client, draft, 1, anchor="Họp")
    sent = {"hangs_on": str(Schedule.objects.get().pk), "lead_amount": "10", "lead_side": "+", "preview": "1"}
    page = text(added(client, draft, 2, **sent))
    assert "Understood: 10 days after this is done: 1. Bước 1." in page


def test_the_keeper_of_an_event_takes_nobody_from_the_day_that_was_granted(cast: Cast, plan: Plan) -> None:
    meeting = make_event(cast.province, plan=plan, keeper=cast.department, day=dt.date(2026, 3, 20))
    schedule = make_hanging(cast.commune, plan=plan, event=meeting, lead_time="-P1D")
    row = schedule.deadlines.get()
    Deadline.objects.filter(pk=row.pk).update(due_on=dt.date(2026, 5, 1))
    acts.move_event(event=meeting, day=dt.date(2026, 4, 10), by=cast.department_head, also=[row.pk])
    row.refresh_from_db()
    assert row.due_on == dt.date(2026, 5, 1)
    meeting.refresh_from_db()
    acts.move_event(event=meeting, day=dt.date(2026, 4, 15), by=cast.office_staff, also=[row.pk])
    row.refresh_from_db()
    assert row.due_on == dt.date(2026, 4, 14)


def test_more_ticks_than_are_read_are_refused_with_words(cast: Cast, login: Login, meeting: Event) -> None:
    sent = {"day": "15/04/2026", "act": "confirm", "also": [str(n) for n in range(2001)]}
    answer = login(cast.office_staff).post(f"/events/{meeting.pk}/day/", sent)
    assert (answer.status_code, Event.objects.get(pk=meeting.pk).day) == (422, None)
    assert answer.context["form"].non_field_errors()
