"""Two write at once: nothing without what was seen; the second sees both sides, loses nothing, sends it again."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.test import Client
from django.urls import reverse

from plans.actions import deadlines, difficulties, extensions
from plans.enums import Decision, Deliverable, Status
from plans.errors import Stale
from plans.models import Deadline, Difficulty, Extension, Plan
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import make_deadline, make_difficulty, make_extension, make_published_plan
from tests.files import png
from units.models import AuditEvent, User
from units.models.audit import AuditAction

pytestmark = pytest.mark.usefixtures("today")
DUE = dt.date(2026, 3, 20)
HTMX = {"HX-Request": "true"}
FIELDS = ("value", "text", "uploads", "links", "document_numbers", "difficulty")


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """Return a plan of the province that is followed up."""
    return make_published_plan(cast.province)


@pytest.fixture
def owed(cast: Cast, plan: Plan) -> Deadline:
    """Return work of the commune, due in four days."""
    return make_deadline(cast.commune, plan=plan, due_on=DUE)


def english(login: Login, person: User) -> Client:
    """Return a browser in English."""
    client = login(person)
    client.cookies["django_language"] = "en"
    return client


def logged() -> int:
    """Return how many acts on deadlines the log holds."""
    return AuditEvent.objects.filter(object_type="deadline").count()


#: Address, status of the row, what is sent without what was seen.
FORMS: dict[str, tuple[Status, dict[str, str]]] = {
    "report": (Status.ASSIGNED, {"act": "done", "text": "Đã làm"}),
    "withdraw": (Status.SUBMITTED, {"reason": "Nhầm"}),
    "confirm": (Status.SUBMITTED, {}),
    "return": (Status.SUBMITTED, {"reason": "Thiếu"}),
    "hold": (Status.ASSIGNED, {"reason": "Chờ"}),
    "resume": (Status.ON_HOLD, {}),
    "cancel": (Status.ASSIGNED, {"reason": "Thôi"}),
    "date": (Status.ASSIGNED, {"due_on": "30/04/2026"}),
    "later": (Status.ASSIGNED, {"day": "30/04/2026", "reason": "Bão"}),
    "excuse": (Status.SUBMITTED, {"cause": "Bão"}),
    "difficulty": (Status.ASSIGNED, {"text": "Thiếu phòng"}),
}


def row_for(cast: Cast, plan: Plan, name: str) -> Deadline:
    """Return a row on which the act of an address is possible."""
    status, _sent = FORMS[name]
    facts = {"reported_on": dt.date(2026, 3, 25), "reported_by": cast.commune_secretary}
    return make_deadline(
        cast.commune,
        plan=plan,
        due_on=None if name == "date" else DUE,
        status=status,
        **(facts if status == Status.SUBMITTED else {}),
    )


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("seen", [{}, {"version": "0"}, {"version": "9" * 40}])
def test_nothing_is_done_without_the_version_that_was_seen(
    cast: Cast, login: Login, plan: Plan, name: str, seen: dict[str, str]
) -> None:
    row = row_for(cast, plan, name)
    address = reverse(f"plans:{name}", args=[row.pk])
    answer = english(login, cast.office_staff).post(address, {**FORMS[name][1], **seen})
    assert answer.status_code == 422
    assert "This page does not say what you saw." in answer.text
    assert all(value in answer.text for value in FORMS[name][1].values() if value != "done")
    assert f'name="version" value="{row.version}"' in answer.text  # the next click means what is shown now
    row.refresh_from_db()
    assert (row.status, row.version, logged()) == (FORMS[name][0], 1, 0)
    assert not Extension.objects.exists()
    assert not Difficulty.objects.exists()


@pytest.mark.parametrize("name", FORMS)
def test_the_second_writer_sees_who_did_what_and_what_was_typed_and_sends_it_again(
    cast: Cast, login: Login, plan: Plan, name: str
) -> None:
    row = row_for(cast, plan, name)
    row.version = 4
    row.save()
    deadlines.saved(row, AuditAction.RESCHEDULED, cast.second_office_staff, {"reason": "Đổi lịch họp"})
    client, address = english(login, cast.office_staff), reverse(f"plans:{name}", args=[row.pk])
    sent = FORMS[name][1]
    answer = client.post(address, {**sent, "version": "4"})
    assert answer.status_code == 409
    assert cast.second_office_staff.full_name in answer.text  # who
    assert "Đổi lịch họp" in answer.text  # what
    assert "This deadline is no longer as you saw it" in answer.text
    assert all(value in answer.text for value in sent.values() if value != "done")
    assert [e.data["version"] for e in answer.context["conflict"].acts] == [5]
    row.refresh_from_db()
    assert (row.status, row.version) == (FORMS[name][0], 5)
    assert 'name="version" value="5"' in answer.text
    again = client.post(address, {**sent, "version": "5"})
    assert again.status_code == 302
    assert logged() == 2


def test_only_the_acts_since_the_page_was_opened_are_named(cast: Cast, login: Login, owed: Deadline) -> None:
    unit, office = cast.commune_secretary, cast.office_staff
    for version, percent in ((1, 10), (2, 25), (3, 50)):
        deadlines.report_progress(deadline=owed, version=version, by=unit, percent=percent)
    address = reverse("plans:cancel", args=[owed.pk])
    answer = english(login, office).post(address, {"version": "2", "reason": "Thôi"})
    assert [e.data["percent"] for e in answer.context["conflict"].acts] == [50, 25]
    assert "What you typed stands below. Press the button again to send it on top of this." in answer.text


def test_what_can_no_longer_be_sent_stays_to_be_copied(cast: Cast, login: Login, plan: Plan) -> None:
    row = row_for(cast, plan, "return")
    deadlines.confirm(deadline=row, version=1, by=cast.second_office_staff)
    address = reverse("plans:return", args=[row.pk])
    client = english(login, cast.office_staff)
    answer = client.post(address, {"version": "1", "reason": "Thiếu danh sách"})
    assert answer.status_code == 409
    assert "This can no longer be sent." in answer.text
    assert "Thiếu danh sách" in answer.text
    assert cast.second_office_staff.full_name in answer.text
    again = client.post(address, {"version": "2", "reason": "Thiếu danh sách"})
    assert again.status_code == 422
    assert "This is not possible now: the deadline is “Completed”." in again.text


def test_a_click_on_confirm_shows_the_deadline_as_it_is_now(cast: Cast, login: Login, plan: Plan) -> None:
    row = row_for(cast, plan, "confirm")
    deadlines.withdraw(deadline=row, version=1, by=cast.commune_secretary, reason="Thiếu số liệu")
    answer = english(login, cast.office_staff).post(reverse("plans:confirm", args=[row.pk]), {"version": "1"})
    assert answer.status_code == 409
    assert "(now: “In progress”)" in answer.text
    assert "Thiếu số liệu" in answer.text
    assert cast.commune_secretary.full_name in answer.text


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_report_that_came_second_keeps_words_and_asks_for_the_files_again(
    cast: Cast, login: Login, owed: Deadline, headers: dict[str, str]
) -> None:
    client, address = english(login, cast.commune_secretary), reverse("plans:report", args=[owed.pk])
    deadlines.report_progress(deadline=owed, version=1, by=cast.secretary, percent=25)
    photo = SimpleUploadedFile("a.png", png())
    sent = {"act": "done", "text": "Đã họp xong", "difficulty": "Xa", "version": "1", "uploads": [photo]}
    answer = client.post(address, sent, headers=headers)
    assert answer.status_code == 409
    for words in ("Đã họp xong", "Xa", cast.secretary.full_name, "(25 %)", "Choose the files again"):
        assert words in answer.text
    assert ("<html" in answer.text) is (not headers)
    assert (f'<tbody id="d{owed.pk}"' in answer.text) is bool(headers)
    assert 'name="version" value="2"' in answer.text
    again = client.post(address, {**sent, "version": "2", "uploads": []}, headers=headers)
    owed.refresh_from_db()
    assert (again.status_code, owed.status) == (200 if headers else 302, Status.SUBMITTED)
    assert owed.reports.first().text == "Đã họp xong"  # type: ignore[union-attr]  # there are two


@pytest.mark.parametrize("state", ["", "granted", "x" * 50])
def test_no_request_is_answered_in_a_state_that_was_not_seen(
    cast: Cast, login: Login, owed: Deadline, state: str
) -> None:
    asked = make_extension(owed, by=cast.commune_secretary)
    raised = make_difficulty(owed, by=cast.commune_secretary)
    client = login(cast.leader)
    for name, pk, sent in (
        ("decide", asked.pk, {"act": "grant", "words": "Đồng ý nhé"}),
        ("decide", asked.pk, {"act": "refuse", "words": "Còn kịp mà"}),
        ("answer", raised.pk, {"words": "Đã có phòng"}),
    ):
        address = reverse(f"plans:{name}", args=[pk])
        for given in ({**sent, "state": state}, sent):
            answer = client.post(address, given)
            assert answer.status_code in {409, 422}
            assert sent["words"] in answer.text
    asked.refresh_from_db()
    raised.refresh_from_db()
    assert (asked.status, raised.answered_on) == (Decision.ASKED, None)


def test_the_second_decision_shows_the_first(cast: Cast, login: Login, owed: Deadline) -> None:
    asked = make_extension(owed, by=cast.commune_secretary)
    extensions.grant(extension=asked, state="asked", by=cast.leader, words="Vì bão")
    sent = {"act": "refuse", "words": "Còn kịp", "state": "asked"}
    answer = english(login, cast.office_staff).post(reverse("plans:decide", args=[asked.pk]), sent)
    assert answer.status_code == 409
    for words in ("Vì bão", "Còn kịp", cast.leader.full_name, "30/03/2026", "This can no longer be sent."):
        assert words in answer.text


def test_the_second_answer_shows_the_first(cast: Cast, login: Login, owed: Deadline) -> None:
    raised = make_difficulty(owed, by=cast.commune_secretary)
    difficulties.answer(difficulty=raised, state="awaited", by=cast.leader, words="Dùng hội trường huyện")
    sent = {"words": "Thuê ngoài", "state": "awaited"}
    answer = english(login, cast.office_staff).post(reverse("plans:answer", args=[raised.pk]), sent)
    assert answer.status_code == 409
    for words in ("Dùng hội trường huyện", "Thuê ngoài", cast.leader.full_name):
        assert words in answer.text


def test_who_has_no_right_learns_nothing_of_the_state(cast: Cast, plan: Plan) -> None:
    row = row_for(cast, plan, "confirm")
    with pytest.raises(Http404):
        deadlines.confirm(deadline=row, version=77, by=cast.commune_secretary)


@pytest.mark.parametrize("version", [0, 2, None])
def test_an_act_takes_no_other_version(cast: Cast, owed: Deadline, version: Any) -> None:
    with pytest.raises(Stale) as refusal:
        deadlines.cancel(deadline=owed, version=version, by=cast.office_staff, reason="Thôi")
    assert refusal.value.status == 409


# --- what is owed is asked for first ---


@pytest.mark.parametrize(
    ("owes", "first", "folded"),
    [
        (Deliverable.RESULT, ["uploads"], ["text", "links", "document_numbers", "difficulty"]),
        (Deliverable.REPORT, ["uploads", "links", "document_numbers"], ["text", "difficulty"]),
        (Deliverable.FILE, ["uploads"], ["text", "links", "document_numbers", "difficulty"]),
        (Deliverable.VALUE, ["value", "uploads"], ["text", "links", "document_numbers", "difficulty"]),
    ],
)
def test_a_report_asks_for_exactly_what_is_owed_before_the_click(
    cast: Cast, login: Login, owed: Deadline, owes: Deliverable, first: list[str], folded: list[str]
) -> None:
    owed.solution.deliverable = owes
    owed.solution.save()
    page = login(cast.commune_secretary).get(reverse("plans:report", args=[owed.pk]), headers=HTMX).text
    form = page[page.index("<form") :]
    button, fold = form.index('value="done"'), form.index("<details")
    assert [n for n in FIELDS if f'name="{n}"' in form] == [n for n in FIELDS if n in [*first, *folded]]
    assert all(form.index(f'name="{name}"') < button for name in first)
    assert all(form.index(f'name="{name}"') > fold for name in folded)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({}, 422),
        ({"links": "https://example.vn/a", "document_numbers": "12-BC/ĐTN"}, 422),
        ({"uploads": "file"}, 302),
    ],
)
def test_work_that_owes_a_file_takes_nothing_else(
    cast: Cast, login: Login, owed: Deadline, sent: dict[str, Any], status: int
) -> None:
    owed.solution.deliverable = Deliverable.FILE
    owed.solution.save()
    if "uploads" in sent:
        sent = {"uploads": [SimpleUploadedFile("a.png", png())]}
    address = reverse("plans:report", args=[owed.pk])
    answer = login(cast.commune_secretary).post(address, {"act": "done", "version": "1", **sent})
    assert answer.status_code == status
