"""Pages of deadlines: what they show, what a click does, what they refuse."""

import datetime as dt
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from plans.enums import Deliverable, Status
from plans.models import Deadline, Evidence
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import close, make_deadline, make_published_plan
from tests.files import png

pytestmark = pytest.mark.usefixtures("today")
HTMX = {"HX-Request": "true"}


@pytest.fixture
def owed(cast: Cast, today: dt.date) -> Deadline:
    """Return a deadline of the district in a plan of the province."""
    return make_deadline(cast.district, plan=make_published_plan(cast.province), due_on=today)


def test_two_clicks_report_the_work_done(cast: Cast, login: Login, owed: Deadline) -> None:
    client = login(cast.secretary)
    panel = client.get(reverse("plans:report", args=[owed.pk]), headers=HTMX)
    assert panel.status_code == 200
    assert 'value="done"' in panel.text

    answer = client.post(
        reverse("plans:report", args=[owed.pk]), {"act": "done", "version": owed.version}, headers=HTMX
    )
    owed.refresh_from_db()
    assert (answer.status_code, owed.status, owed.reported_by) == (200, Status.SUBMITTED, cast.secretary)
    assert f'<tbody id="d{owed.pk}"' in answer.text


def test_of_a_closed_plan_nothing_more_is_reported(cast: Cast, login: Login, owed: Deadline) -> None:
    close(owed.plan, by=cast.office_staff)
    client = login(cast.secretary)
    (row,) = client.get(reverse("plans:deadlines"), {"plan": str(owed.plan_id), "figure": "total"}).context["rows"]
    assert (row["act"], row["left"], row["under"].rpartition(" · ")[2]) == ("", "", "Đã kết thúc")
    answer = client.get(reverse("plans:report", args=[owed.pk]))
    assert answer.headers["Location"] == owed.get_absolute_url()


def test_without_htmx_the_report_leads_back(cast: Cast, login: Login, owed: Deadline) -> None:
    answer = login(cast.secretary).post(
        reverse("plans:report", args=[owed.pk]), {"act": "done", "version": "1", "next": "/"}
    )
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


def test_it_never_leads_to_another_host(cast: Cast, login: Login, owed: Deadline) -> None:
    answer = login(cast.secretary).post(
        reverse("plans:report", args=[owed.pk]), {"act": "done", "version": "1", "next": "https://example.org/"}
    )
    assert answer.headers["Location"] == reverse("plans:deadline", args=[owed.pk])


def test_progress_keeps_the_sentence_and_how_far(cast: Cast, login: Login, owed: Deadline) -> None:
    login(cast.secretary).post(
        reverse("plans:report", args=[owed.pk]),
        {"act": "progress", "version": "1", "percent": "50", "text": "Đã họp."},
    )
    owed.refresh_from_db()
    assert (owed.status, owed.percent, owed.reports.get().text) == (Status.IN_PROGRESS, 50, "Đã họp.")


def test_a_written_report_is_asked_for_and_the_input_stays(cast: Cast, login: Login, owed: Deadline) -> None:
    owed.solution.deliverable = Deliverable.REPORT
    owed.solution.save()
    answer = login(cast.secretary).post(
        reverse("plans:report", args=[owed.pk]), {"act": "done", "version": "1", "text": "Xong"}
    )
    owed.refresh_from_db()
    assert (answer.status_code, owed.status) == (422, Status.ASSIGNED)
    assert "Xong" in answer.text
    assert not owed.reports.exists()


def test_a_file_is_kept_under_a_random_name_and_leaves_as_a_download(cast: Cast, login: Login, owed: Deadline) -> None:
    client = login(cast.secretary)
    photo = SimpleUploadedFile("../Ảnh hội nghị.png", png())
    client.post(reverse("plans:report", args=[owed.pk]), {"act": "done", "version": "1", "uploads": [photo]})
    proof = Evidence.objects.get()
    assert re.fullmatch(r"evidence/2026/03/[A-Za-z0-9]{32}", proof.file.name or "")

    answer = client.get(reverse("plans:evidence", args=[proof.pk]))
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert b"".join(answer.streaming_content).startswith(b"\x89PNG")  # type: ignore[attr-defined]  # a FileResponse


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.png", b""), ("a.exe", b"MZ" + b"0" * 20), ("a.pdf", b"MZ" + b"0" * 20), ("a.svg", b"<svg/>")],
)
def test_a_wrong_file_is_refused_with_a_reason(
    cast: Cast, login: Login, owed: Deadline, name: str, content: bytes
) -> None:
    answer = login(cast.secretary).post(
        reverse("plans:report", args=[owed.pk]),
        {"act": "done", "version": "1", "uploads": [SimpleUploadedFile(name, content)]},
    )
    owed.refresh_from_db()
    assert (answer.status_code, owed.status, Evidence.objects.count()) == (422, Status.ASSIGNED, 0)


def test_the_office_confirms_what_it_did_not_report(cast: Cast, login: Login, owed: Deadline) -> None:
    login(cast.secretary).post(reverse("plans:report", args=[owed.pk]), {"act": "done", "version": "1"})
    answer = login(cast.office_staff).post(reverse("plans:confirm", args=[owed.pk]), {"version": "2"})
    owed.refresh_from_db()
    assert (answer.status_code, owed.status, owed.confirmed_by) == (302, Status.COMPLETED, cast.office_staff)


def test_nobody_confirms_what_they_reported(cast: Cast, login: Login, owed: Deadline) -> None:
    login(cast.office_staff).post(reverse("plans:report", args=[owed.pk]), {"act": "done", "version": "1"})
    assert login(cast.office_staff).post(reverse("plans:confirm", args=[owed.pk]), {"version": "2"}).status_code == 404
    assert (
        login(cast.second_office_staff).post(reverse("plans:confirm", args=[owed.pk]), {"version": "2"}).status_code
        == 302
    )


def test_a_result_is_returned_with_a_reason(cast: Cast, login: Login, owed: Deadline) -> None:
    login(cast.secretary).post(reverse("plans:report", args=[owed.pk]), {"act": "done", "version": "1"})
    client = login(cast.office_staff)
    assert client.post(reverse("plans:return", args=[owed.pk]), {"version": "2", "reason": " "}).status_code == 422
    client.post(reverse("plans:return", args=[owed.pk]), {"version": "2", "reason": "Thiếu danh sách."})
    owed.refresh_from_db()
    assert (owed.status, owed.reason, owed.reported_on) == (Status.RETURNED, "Thiếu danh sách.", None)
    assert cast.secretary.notices.get().kind == "returned"


def test_the_second_of_two_writers_sees_what_happened(cast: Cast, login: Login, owed: Deadline) -> None:
    version = owed.version
    login(cast.secretary).post(
        reverse("plans:report", args=[owed.pk]), {"act": "progress", "version": "1", "percent": "50"}
    )
    late = login(cast.secretary).post(
        reverse("plans:report", args=[owed.pk]), {"act": "progress", "percent": "75", "version": version}
    )
    owed.refresh_from_db()
    assert (late.status_code, owed.percent) == (409, 50)


@pytest.mark.parametrize("rows", [3, 30])
@pytest.mark.parametrize(
    ("address", "queries"),
    [("home", 9), ("plans:deadlines", 9), ("plans:plans", 9), ("plans:confirmations", 10), ("plans:notices", 6)],
)
def test_lists_cost_the_same_for_few_and_many(
    cast: Cast,
    login: Login,
    django_assert_num_queries: Any,
    address: str,
    queries: int,
    rows: int,
) -> None:
    plans = [make_published_plan(cast.province) for _ in range(rows)]
    for plan in plans:
        make_deadline(cast.province, plan=plan, due_on=dt.date(2026, 3, 20))
        make_deadline(
            cast.district,
            plan=plan,
            due_on=dt.date(2026, 3, 20),
            status=Status.SUBMITTED,
            reported_on=dt.date(2026, 3, 1),
            reported_by=cast.secretary,
        )
    client = login(cast.office_staff)
    with django_assert_num_queries(queries):
        assert client.get(reverse(address)).status_code == 200


@pytest.mark.parametrize("target", ["abc", "plans:plans", "/\0", "\\evil", "//example.org"])
def test_a_next_that_is_no_page_of_ours_is_left_out(cast: Cast, login: Login, owed: Deadline, target: str) -> None:
    sent = {"act": "progress", "percent": "10", "version": "1", "next": target}
    answer = login(cast.secretary).post(reverse("plans:report", args=[owed.pk]), sent)
    assert (answer.status_code, answer.headers["Location"]) == (302, owed.get_absolute_url())
