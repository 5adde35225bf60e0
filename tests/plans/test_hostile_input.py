"""Input meant to break things: it is refused with words, costs little and leaves nothing behind."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from doantracker.lib.text import nfc
from plans.enums import Status
from plans.models import Deadline, Evidence, Notice
from plans.reading.reader import read_bytes
from plans.reading.readers import ReadError
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import PlanFactory, make_deadline, make_published_plan

pytestmark = pytest.mark.usefixtures("today")
HUGE = "9" * 20


@pytest.fixture
def owed(cast: Cast, today: dt.date) -> Deadline:
    """Return a deadline of the district in a plan of the province."""
    return make_deadline(cast.district, plan=make_published_plan(cast.province), due_on=today)


def test_heaps_of_marks_are_dropped() -> None:
    heap = "a" + "\u0301\u0323" * 200_000
    assert len(nfc(heap)) <= 5  # sorted whole, this heap would take minutes
    assert nfc("e\u0302\u0301") == "ế"


@pytest.mark.parametrize("act", ["", "RETURN", "zzz"])
def test_an_act_that_does_not_exist_does_nothing(cast: Cast, login: Login, owed: Deadline, act: str) -> None:
    assert login(cast.secretary).post(reverse("plans:report", args=[owed.pk]), {"act": act}).status_code == 422
    Deadline.objects.update(status=Status.SUBMITTED, reported_on=dt.date(2026, 3, 1), reported_by=cast.secretary)
    answer = login(cast.office_staff).post(reverse("plans:bulk"), {"act": act, "ids": [owed.pk]})
    owed.refresh_from_db()
    assert (answer.status_code, owed.status) == (422, Status.SUBMITTED)


@pytest.mark.parametrize("number", ["abc", "-5", HUGE])
def test_a_notice_that_does_not_exist_marks_none_as_read(
    cast: Cast, login: Login, owed: Deadline, number: str
) -> None:
    facts = {"kind": "overdue", "day": dt.date(2026, 3, 16), "created_at": dt.datetime(2026, 3, 16, tzinfo=dt.UTC)}
    Notice.objects.create(recipient=cast.secretary, deadline=owed, **facts)
    login(cast.secretary).post(reverse("plans:notices"), {"id": number})
    assert Notice.objects.get().read_at is None


@pytest.mark.parametrize("day", ["01/01/0001", "31/12/9999", "31/02/2026", "x"])
def test_a_day_out_of_range_is_refused(cast: Cast, login: Login, day: str) -> None:
    undated = make_deadline(cast.district, plan=make_published_plan(cast.province))
    assert login(cast.office_staff).post(reverse("plans:date", args=[undated.pk]), {"due_on": day}).status_code == 422
    undated.refresh_from_db()
    assert undated.due_on is None


def test_a_zip_bomb_is_no_evidence(cast: Cast, login: Login, owed: Deadline) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * 20_000_000)
    sent = {"act": "done", "uploads": [SimpleUploadedFile("bao-cao.docx", bomb.getvalue())]}
    assert login(cast.secretary).post(reverse("plans:report", args=[owed.pk]), sent).status_code == 422
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(
    "query",
    [
        f"unit={HUGE}",
        f"schedule={HUGE}",
        "schedule=1e30",
        f"shortcoming={HUGE}&task={HUGE}&solution=x",
        "gap=x&evidence=x&answering=x",
        f"page={HUGE}",
        "state=x&sort=x",
        "q=" + "a+" * 1200,
        "q=" + "a" * 5000,
        "due_from=31/02/2026",
    ],
)
def test_nonsense_in_a_filter_is_no_fault_of_ours(cast: Cast, login: Login, query: str) -> None:
    assert login(cast.office_staff).get(f"{reverse('plans:deadlines')}?{query}").status_code == 200


@pytest.mark.parametrize("query", [f"solution={HUGE * 300}", f"group={HUGE * 300}", f"paragraph={HUGE * 300}"])
def test_huge_numbers_on_the_check_page_are_not_found(cast: Cast, login: Login, query: str) -> None:
    draft = PlanFactory(issuing_unit=cast.province)
    answer = login(cast.office_staff).get(f"{reverse('plans:record_add', args=[draft.pk, 'solution'])}?{query}")
    assert answer.status_code in {200, 400, 404}


def test_a_text_longer_than_any_paragraph_is_refused(cast: Cast, login: Login) -> None:
    draft = PlanFactory(issuing_unit=cast.province)
    answer = login(cast.office_staff).post(
        reverse("plans:record_add", args=[draft.pk, "shortcoming"]), {"text": "a " * 6000, "subject": "collective"}
    )
    assert answer.status_code == 422
    assert not draft.shortcomings.exists()


def test_a_check_far_in_the_future_is_refused(cast: Cast, owed: Deadline) -> None:
    with pytest.raises(CommandError):
        call_command("check_deadlines", "--today", "2062-01-01")
    with pytest.raises(CommandError):
        call_command("check_deadlines", "--today", "9999-12-31")


@pytest.mark.parametrize("mark", ["MẬT", "Độ mật: TUYỆT MẬT", "BAN THƯỜNG VỤ\tTỐI MẬT", "M Ậ T", "tuyệt mật"])
def test_a_mark_of_secrecy_is_seen_however_it_is_set(mark: str) -> None:
    with pytest.raises(ReadError) as refused:
        read_bytes(f"TỈNH ĐOÀN\n{mark}\nKẾ HOẠCH\nvề một việc\n- Làm việc này.\n".encode(), "a.txt")
    assert refused.value.code == "secret_mark"


def test_a_plan_that_speaks_of_secrets_is_none() -> None:
    text = "TỈNH ĐOÀN\nKẾ HOẠCH\nTuyên truyền về bảo mật thông tin và bí mật nhà nước\n- Học tập quy chế bảo mật.\n"
    assert read_bytes(text.encode(), "a.txt").solutions is not None
