"""Pages of evidence: handing in, the protected download, versions, who saw it, evidence for several deadlines."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from plans.actions.deadlines import submit
from plans.actions.proof import Proof, Upload
from plans.enums import Deliverable, Status
from plans.models import Deadline, Evidence
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import make_deadline, make_published_plan, version_of
from tests.files import jpeg, office
from units.models import AuditEvent

pytestmark = pytest.mark.usefixtures("today")
HTMX = {"HX-Request": "true"}


@pytest.fixture
def owed(cast: Cast, today: dt.date) -> Deadline:
    """Return a deadline of the district in a plan of the province."""
    return make_deadline(cast.district, plan=make_published_plan(cast.province), due_on=today)


@pytest.fixture
def other(cast: Cast, owed: Deadline, today: dt.date) -> Deadline:
    """Return another deadline of the district."""
    return make_deadline(cast.district, plan=owed.plan, due_on=today)


def photo(name: str = "anh.jpg", content: bytes = b"1") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, jpeg(comment=content))


def report(client: Client, row: Deadline, **sent: Any) -> Any:
    return client.post(
        reverse("plans:report", args=[row.pk]),
        {"act": "progress", "percent": "50", "version": version_of(row), **sent},
    )


def give(client: Client, row: Deadline, *uploads: SimpleUploadedFile) -> Evidence:
    """Report with files; return the newest evidence of the deadline."""
    assert report(client, row, uploads=list(uploads)).status_code == 302
    newest: Evidence = Evidence.objects.filter(deadline=row).latest("pk")
    return newest


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


# --- handing in ---


def test_photos_of_the_camera_and_files_come_in_together(cast: Cast, login: Login, owed: Deadline) -> None:
    papers = [photo("chup.jpg"), photo("2.jpg", b"2"), SimpleUploadedFile("Danh sách.docx", office())]
    sent = {"links": "example.org/a\nhttps://example.org/b", "document_numbers": "12-BC/ĐTN; 13/QĐ-UBND"}
    assert report(login(cast.secretary), owed, uploads=papers, **sent).status_code == 302
    assert [str(e) for e in owed.evidence.all()] == [
        "chup.jpg", "2.jpg", "Danh sách.docx", "https://example.org/a", "https://example.org/b", "12-BC/ĐTN",
        "13/QĐ-UBND",
    ]  # fmt: skip


def test_a_picker_and_a_button_for_the_camera_stand_before_done(cast: Cast, login: Login, owed: Deadline) -> None:
    panel = login(cast.secretary).get(reverse("plans:report", args=[owed.pk]), headers=HTMX).text
    assert panel.index('capture="environment"') < panel.index(" multiple ") < panel.index('value="done"')
    assert panel.index('value="done"') < panel.index("<details")


@pytest.mark.parametrize(
    "sent",
    [
        {"links": "javascript:alert(1)"},
        {"links": "ftp://example.org/a"},
        {"links": "không phải liên kết"},
        {"links": "\n".join(f"https://example.org/{n}" for n in range(11))},
        {"links": "https://example.org/" + "a" * 500},
        {"document_numbers": "báo cáo tháng 3"},
        {"document_numbers": "12-BC/TU MẬT"},
        {"document_numbers": "\n".join(f"{n}-BC/ĐTN" for n in range(11))},
        {"shared": "999999"},
        {"shared": "x"},
        {"links": "https://a.vn/\x00"},
    ],
)
def test_a_wrong_link_number_or_choice_is_refused_and_the_rest_stays(
    cast: Cast, login: Login, owed: Deadline, sent: dict[str, str]
) -> None:
    answer = report(login(cast.secretary), owed, text="Đã họp xong", **sent)
    assert (answer.status_code, Evidence.objects.count(), owed.reports.count()) == (422, 0, 0)
    assert "Đã họp xong" in answer.text


def test_a_mark_of_secrecy_in_the_name_is_refused_with_the_reason(cast: Cast, login: Login, owed: Deadline) -> None:
    answer = report(login(cast.secretary), owed, uploads=[photo("Báo cáo TỐI MẬT.jpg")])
    assert (answer.status_code, Evidence.objects.count()) == (422, 0)
    assert "Bí mật nhà nước" in answer.text


def test_every_wrong_file_is_named_at_once(cast: Cast, login: Login, owed: Deadline) -> None:
    wrong = [SimpleUploadedFile("mot.exe", b"MZ"), photo(), SimpleUploadedFile("hai.docx", b"PK\x03\x04")]
    answer = report(login(cast.secretary), owed, uploads=wrong)
    assert answer.status_code == 422
    assert ("“mot.exe”" in answer.text, "“hai.docx”" in answer.text, "“anh.jpg”" in answer.text) == (True, True, False)


@pytest.mark.parametrize(
    ("count", "each", "status"), [(10, 5_000, 302), (11, 1_000, 422), (3, 400_000, 422), (1, 500_001, 422)]
)
def test_number_size_and_sum_of_files_are_limited(
    cast: Cast, login: Login, owed: Deadline, settings: LazySettings, count: int, each: int, status: int
) -> None:
    settings.UPLOAD_MAX_BYTES, settings.REPORT_MAX_BYTES = 500_000, 1_000_000
    plain = len(jpeg(comment=b"00"))
    uploads = [SimpleUploadedFile(f"{n}.jpg", jpeg(comment=b"%02d" % n) + bytes(each - plain)) for n in range(count)]
    assert report(login(cast.secretary), owed, uploads=uploads).status_code == status
    assert Evidence.objects.count() == (count if status == 302 else 0)


def test_files_have_to_be_chosen_again_when_something_else_is_wrong(cast: Cast, login: Login, owed: Deadline) -> None:
    client = login(cast.secretary)
    lost = "data-lost"
    assert lost in report(client, owed, uploads=[photo()], links="x y").text
    assert lost not in report(client, owed, links="x y").text
    assert lost not in report(client, owed, uploads=[SimpleUploadedFile("a.exe", b"MZ")]).text


def test_a_file_given_twice_is_said_so(cast: Cast, login: Login, owed: Deadline) -> None:
    client = login(cast.secretary)
    give(client, owed, photo())
    answer = client.post(
        reverse("plans:report", args=[owed.pk]),
        {"act": "done", "version": version_of(owed), "uploads": [photo("khac.jpg")]},
        follow=True,
    )
    assert "Đã có trong hạn này, không lưu lại: khac.jpg." in answer.text
    assert owed.evidence.count() == 1


def test_a_full_disk_is_told_on_the_page(cast: Cast, login: Login, owed: Deadline, settings: LazySettings) -> None:
    settings.STORAGES = {
        **settings.STORAGES, "default": {"BACKEND": "tests.plans.test_evidence.FullDisk"},
    }  # fmt: skip
    answer = report(login(cast.secretary), owed, uploads=[photo()], text="Đã họp xong")
    assert (answer.status_code, owed.reports.count()) == (422, 0)
    assert "Đã họp xong" in answer.text


# --- the download ---


def test_a_file_leaves_as_a_download_under_its_own_name(cast: Cast, login: Login, owed: Deadline) -> None:
    client = login(cast.secretary)
    proof = give(client, owed, photo('Ảnh "hội nghị".jpg'))
    answer = client.get(reverse("plans:evidence", args=[proof.pk]))
    assert body(answer) == jpeg(comment=b"1")
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename*=utf-8''%E1%BA%A2nh%20%22h%E1%BB%99i%20ngh%E1%BB%8B%22.jpg"
    )
    assert {n: answer.headers[n] for n in ("Content-Type", "X-Content-Type-Options", "Cache-Control")} == {
        "Content-Type": "application/octet-stream", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store",
    }  # fmt: skip
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/x.jpg", "x.jpg"),
        ("a\r\nX-Evil: 1.jpg", "a X-Evil: 1.jpg"),
        ("anh\u202egpj.jpg", "anhgpj.jpg"),
        ("d" * 300 + ".jpg", "d" * 146 + ".jpg"),
    ],
)
def test_a_hostile_name_reaches_no_header_and_no_folder(
    cast: Cast, login: Login, owed: Deadline, name: str, shown: str
) -> None:
    upload = photo()
    upload._name = name  # type: ignore[attr-defined]  # past the cleaning of Django's own setter and parser
    submit(deadline=owed, version=version_of(owed), by=cast.secretary, proof=Proof(files=(Upload.of(upload),)))
    proof = owed.evidence.get()
    answer = login(cast.secretary).get(reverse("plans:evidence", args=[proof.pk]))
    assert (proof.original_name, answer.headers["Content-Disposition"]) == (shown, f'attachment; filename="{shown}"')
    assert body(answer) == jpeg(comment=b"1")


def test_head_says_what_get_would_and_is_no_reading(cast: Cast, login: Login, owed: Deadline) -> None:
    client = login(cast.secretary)
    address = reverse("plans:evidence", args=[give(client, owed, photo()).pk])
    answer = client.head(address)
    assert (answer.status_code, body(answer)) == (200, b"")
    assert int(answer.headers["Content-Length"]) == len(jpeg(comment=b"1"))
    assert not AuditEvent.objects.filter(action="downloaded").exists()


def test_a_part_is_not_given_but_the_whole(cast: Cast, login: Login, owed: Deadline) -> None:
    client = login(cast.secretary)
    answer = client.get(
        reverse("plans:evidence", args=[give(client, owed, photo()).pk]), headers={"Range": "bytes=5-9"}
    )
    assert (answer.status_code, answer.headers["Accept-Ranges"]) == (200, "none")
    assert body(answer) == jpeg(comment=b"1")


def test_a_link_and_a_lost_file_are_no_download(cast: Cast, login: Login, owed: Deadline) -> None:
    client = login(cast.secretary)
    proof = give(client, owed, photo())
    report(client, owed, links="https://example.org")
    link = Evidence.objects.latest("pk")
    proof.file.storage.delete(proof.file.name or "")
    assert [client.get(reverse("plans:evidence", args=[e.pk])).status_code for e in (proof, link)] == [404, 404]


def test_only_reading_reads(cast: Cast, login: Login, owed: Deadline) -> None:
    client = login(cast.secretary)
    proof = give(client, owed, photo())
    assert client.post(reverse("plans:evidence", args=[proof.pk])).status_code == 405
    assert client.post(reverse("plans:evidence_details", args=[proof.pk])).status_code == 405


# --- who saw it ---


def test_the_sender_sees_whether_somebody_else_has_seen_it(cast: Cast, login: Login, owed: Deadline) -> None:
    sender, office_client = login(cast.secretary), login(cast.office_staff)
    proof = give(sender, owed, photo())
    page, download = owed.get_absolute_url(), reverse("plans:evidence", args=[proof.pk])
    body(sender.get(download))
    assert "Chưa ai xem" in sender.get(page).text
    body(office_client.get(download))
    seen = sender.get(page).text
    assert "Chưa ai xem" not in seen
    assert f"{cast.office_staff.full_name} (09:00 16/03/2026)" in seen
    details = sender.get(proof.get_absolute_url()).text
    assert [details.count(p.full_name) >= 1 for p in (cast.secretary, cast.office_staff)] == [True, True]


def test_whoever_opened_a_shared_file_elsewhere_has_seen_it(
    cast: Cast, login: Login, owed: Deadline, other: Deadline
) -> None:
    sender = login(cast.secretary)
    first = give(sender, other, photo())
    sender.post(reverse("plans:evidence_share", args=[owed.pk]), {"shared": [first.pk]})
    body(login(cast.leader).get(reverse("plans:evidence", args=[first.pk])))
    assert f"{cast.leader.full_name} (" in sender.get(owed.get_absolute_url()).text


def test_evidence_on_a_deadline_costs_the_same_for_little_and_much(
    cast: Cast, login: Login, owed: Deadline, django_assert_num_queries: Any
) -> None:
    client, office_client = login(cast.secretary), login(cast.office_staff)
    proof = give(client, owed, photo())
    body(office_client.get(reverse("plans:evidence", args=[proof.pk])))
    for round_ in range(2):
        with django_assert_num_queries(18):
            assert client.get(owed.get_absolute_url()).status_code == 200
        if round_ == 0:
            for n in range(6):
                more = give(client, owed, photo(f"{n}.jpg", b"x%d" % n))
                body(office_client.get(reverse("plans:evidence", args=[more.pk])))


# --- one piece ---


def test_the_checksum_is_shown_and_can_be_checked(cast: Cast, login: Login, owed: Deadline) -> None:
    client = login(cast.secretary)
    proof = give(client, owed, photo())
    address = proof.get_absolute_url()
    assert hashlib.sha256(jpeg(comment=b"1")).hexdigest() in client.get(address).text
    found = []
    for change in (lambda: None, lambda: _overwrite(proof), lambda: proof.file.storage.delete(proof.file.name or "")):
        change()
        found.append(client.get(address, {"check": "1"}).context["checked"])
    assert found == ["whole", "changed", "missing"]


def _overwrite(proof: Evidence) -> None:
    Path(proof.file.path).write_bytes(b"!")


def test_a_newer_version_is_handed_in_and_both_can_be_downloaded(cast: Cast, login: Login, owed: Deadline) -> None:
    client = login(cast.secretary)
    old = give(client, owed, photo())
    answer = client.post(
        reverse("plans:evidence_replace", args=[old.pk]), {"uploads": [photo("moi.jpg", b"2")]}, follow=True
    )
    new = owed.evidence.current().get()
    assert (answer.redirect_chain, new.version) == ([(owed.get_absolute_url(), 302)], 2)
    assert "bản 2" in answer.text
    assert "bản 1" in answer.text
    got = [body(client.get(reverse("plans:evidence", args=[e.pk]))) for e in (old, new)]
    assert got == [jpeg(comment=b"1"), jpeg(comment=b"2")]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({}, 422),
        ({"uploads": "same"}, 422),
        ({"uploads": "new", "links": "https://a.vn"}, 422),
        ({"links": "x y"}, 422),
        ({"document_numbers": "9-BC/ĐTN"}, 302),
    ],
)
def test_exactly_one_new_thing_replaces(
    cast: Cast, login: Login, owed: Deadline, sent: dict[str, Any], status: int
) -> None:
    client = login(cast.secretary)
    old = give(client, owed, photo())
    files = {"same": [photo("khac.jpg")], "new": [photo("moi.jpg", b"2")]}
    data = {**sent, **({"uploads": files[sent["uploads"]]} if "uploads" in sent else {})}
    assert client.post(reverse("plans:evidence_replace", args=[old.pk]), data).status_code == status
    assert Evidence.objects.count() == (2 if status == 302 else 1)


def test_the_second_of_two_who_replace_sees_what_happened(cast: Cast, login: Login, owed: Deadline) -> None:
    client = login(cast.secretary)
    address = reverse("plans:evidence_replace", args=[give(client, owed, photo()).pk])
    client.post(address, {"uploads": [photo("2.jpg", b"2")]})
    assert client.post(address, {"uploads": [photo("3.jpg", b"3")]}).status_code == 409
    assert Evidence.objects.count() == 2


def test_after_it_is_sent_evidence_stands_still(cast: Cast, login: Login, owed: Deadline, other: Deadline) -> None:
    client = login(cast.secretary)
    proof, usable = give(client, owed, photo()), give(client, other, photo("2.jpg", b"2"))
    client.post(reverse("plans:report", args=[owed.pk]), {"act": "done", "version": version_of(owed)})
    page = client.get(owed.get_absolute_url()).text
    replace, share = (
        reverse("plans:evidence_replace", args=[proof.pk]),
        reverse("plans:evidence_share", args=[owed.pk]),
    )
    assert (replace in page, share in page) == (False, False)
    assert client.post(replace, {"links": "https://a.vn"}).status_code == 422
    assert client.post(share, {"shared": [usable.pk]}).status_code == 422


# --- for several deadlines ---


def test_evidence_given_elsewhere_is_chosen_by_name(cast: Cast, login: Login, owed: Deadline, other: Deadline) -> None:
    client = login(cast.secretary)
    first = give(client, other, photo("Ảnh hội nghị.jpg"))
    give(client, other, photo("Biên bản.jpg", b"2"))
    address = reverse("plans:evidence_share", args=[owed.pk])
    found = client.get(address, {"q": "hoi nghi"}).text
    assert ("Ảnh hội nghị.jpg" in found, "Biên bản.jpg" in found) == (True, False)
    answer = client.post(address, {"shared": [first.pk]}, follow=True)
    assert answer.redirect_chain == [(owed.get_absolute_url(), 302)]
    assert owed.evidence.get().shared_from == first
    details = client.get(first.get_absolute_url()).text
    assert owed.get_absolute_url() in details


def test_in_a_report_what_is_ticked_stays_ticked_while_searching(
    cast: Cast, login: Login, owed: Deadline, other: Deadline
) -> None:
    client = login(cast.secretary)
    first = give(client, other, photo("Một.jpg"))
    give(client, other, photo("Hai.jpg", b"2"))
    address = reverse("plans:evidence_share", args=[owed.pk])
    part = client.get(f"{address}?q=khong+co&shared={first.pk}", headers=HTMX).text
    assert part.startswith("<fieldset")
    assert ("Một.jpg" in part, "Hai.jpg" in part, part.count(" checked")) == (True, False, 1)


def test_a_report_can_rest_on_evidence_given_elsewhere(
    cast: Cast, login: Login, owed: Deadline, other: Deadline
) -> None:
    owed.solution.deliverable = Deliverable.REPORT
    owed.solution.save()
    client = login(cast.secretary)
    first = give(client, other, photo())
    wrong = client.post(
        reverse("plans:report", args=[owed.pk]),
        {"act": "done", "version": version_of(owed), "shared": [first.pk], "links": "x y"},
    )
    assert (wrong.status_code, wrong.text.count('name="shared"')) == (422, 1)
    client.post(
        reverse("plans:report", args=[owed.pk]), {"act": "done", "version": version_of(owed), "shared": [first.pk]}
    )
    owed.refresh_from_db()
    assert (owed.status, owed.evidence.get().file.name) == (Status.SUBMITTED, first.file.name)


def test_foreign_evidence_in_the_body_is_refused(
    cast: Cast, login: Login, owed: Deadline, other: Deadline, today: dt.date
) -> None:
    foreign = make_deadline(cast.other_district, plan=owed.plan, due_on=today)
    theirs = give(login(cast.sibling_secretary), foreign, photo("Của Cẩm Giang.jpg"))
    client = login(cast.secretary)
    mine = give(client, other, photo("2.jpg", b"2"))
    share = reverse("plans:evidence_share", args=[owed.pk])
    for ids in ([theirs.pk], [mine.pk, theirs.pk], ["9" * 18]):
        answer = client.post(share, {"shared": ids})
        assert answer.status_code == 422
        assert "Của Cẩm Giang" not in answer.text
    assert report(client, owed, shared=[theirs.pk]).status_code == 422
    assert not owed.evidence.exists()


@pytest.mark.parametrize("rows", [1, 12])
def test_the_choice_costs_the_same_for_few_and_many(
    cast: Cast, login: Login, owed: Deadline, other: Deadline, django_assert_num_queries: Any, rows: int
) -> None:
    client = login(cast.secretary)
    for n in range(rows):
        give(client, other, photo(f"{n}.jpg", b"%d" % n))
    with django_assert_num_queries(7):
        assert client.get(reverse("plans:evidence_share", args=[owed.pk])).text.count('name="shared"') == rows


def test_work_that_moved_out_of_sight_is_not_named_beside_the_evidence_it_shares(
    cast: Cast, login: Login, owed: Deadline, other: Deadline
) -> None:
    other.solution.text = "Việc đã chuyển đi"
    other.solution.save()
    client = login(cast.secretary)
    first = give(client, other, photo())
    client.post(reverse("plans:evidence_share", args=[owed.pk]), {"shared": [first.pk]})
    page = owed.get_absolute_url()
    before = client.get(page).text
    Deadline.objects.filter(pk=other.pk).update(unit=cast.other_district, unit_path=cast.other_district.path)
    after = client.get(page).text
    shown = [("Việc đã chuyển đi" in text, "anh.jpg" in text) for text in (before, after)]
    assert shown == [(True, True), (False, True)]
