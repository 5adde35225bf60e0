"""A plan comes in pasted, or in an encoding from before Unicode that a person agrees to convert."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

from plans.actions.uploads import Upload, keep_upload, kept_upload
from plans.forms.imports import ENCODING_NAMES, PASTE_LIMIT
from plans.models import Plan
from plans.reading.legacy_text import CONVERTERS
from tests.cast import Cast
from tests.conftest import Login
from tests.plans.reading.legacy_samples import as_tcvn3

SAMPLE = (Path(__file__).parent.parent / "documents" / "ke-hoach-khac-phuc.txt").read_text(encoding="utf-8")
IMPORT = "/plans/import/"

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


def old_file(text: str = SAMPLE) -> SimpleUploadedFile:
    return SimpleUploadedFile("KH 45.txt", as_tcvn3(text).encode("latin-1"))


def stored_files() -> int:
    return sum(path.is_file() for path in Path(settings.MEDIA_ROOT).rglob("*"))


@pytest.fixture
def client(cast: Cast, login: Login) -> Client:
    client = login(cast.office_staff)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def offered(client: Client, cast: Cast) -> dict[str, str]:
    """Send the old file; return the fields of the form that offers to convert it."""
    page = client.post(IMPORT, {"issuing_unit": cast.province.name, "file": old_file()})
    assert (page.status_code, page.templates[0].name) == (200, "plans/import_convert.html")
    return {name: page.context[name] for name in ("kept", "encoding", "issuing_unit")}


def test_pasted_text_is_read_like_a_file(client: Client, cast: Cast) -> None:
    response = client.post(IMPORT, {"issuing_unit": cast.province.name, "text": SAMPLE})
    plan = Plan.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"/plans/{plan.pk}/check/")
    assert (plan.symbol, plan.solutions.count()) == ("45-KH/TĐTN-VP", 4)
    assert plan.document.original_name.endswith(".txt")


@pytest.mark.parametrize(("text", "file"), [("", False), ("  \n ", False), ("Một kế hoạch", True)])
def test_either_a_file_or_a_text_is_asked_for(client: Client, cast: Cast, text: str, *, file: bool) -> None:
    sent = {"issuing_unit": cast.province.name, "text": text}
    upload = {"file": SimpleUploadedFile("a.txt", SAMPLE.encode())} if file else {}
    response = client.post(IMPORT, sent | upload)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["text" if file else "file"]
    assert not Plan.objects.exists()


def test_a_text_longer_than_the_limit_is_refused_and_kept_in_the_box(client: Client, cast: Cast) -> None:
    text = "a" * (PASTE_LIMIT + 1)
    response = client.post(IMPORT, {"issuing_unit": cast.province.name, "text": text})
    assert response.status_code == 422
    assert response.context["form"].errors["text"]
    assert response.context["form"]["text"].value() == text
    assert "maxlength" not in response.context["form"]["text"].as_widget()  # it would cut the text in silence


def test_an_old_encoding_is_shown_before_and_after_and_nothing_is_saved(client: Client, cast: Cast) -> None:
    page = client.post(IMPORT, {"issuing_unit": cast.province.name, "file": old_file()})
    assert page.context["pairs"][0] == ("TØNH §OµN S¤NG THAO", "TỈNH ĐOÀN SÔNG THAO")
    assert page.context["encoding_name"] == "TCVN3 (ABC, .VnTime)"
    assert "TỈNH ĐOÀN SÔNG THAO" in page.content.decode()
    assert not Plan.objects.exists()


def test_a_person_agrees_and_the_text_is_read_converted(client: Client, cast: Cast) -> None:
    fields = offered(client, cast)
    response = client.post(IMPORT, fields)
    plan = Plan.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"/plans/{plan.pk}/check/")
    assert (plan.symbol, plan.solutions.count(), plan.issuing_unit) == ("45-KH/TĐTN-VP", 4, cast.province)
    assert plan.document.original_name == "KH 45.txt"
    assert stored_files() == 1  # the kept file went, the document stays
    again = client.post(IMPORT, fields)
    assert (again.status_code, again["Location"]) == (302, IMPORT)  # it is not kept any more
    assert Plan.objects.count() == 1


def test_pasted_text_in_an_old_encoding_is_offered_too(client: Client, cast: Cast) -> None:
    page = client.post(IMPORT, {"issuing_unit": cast.province.name, "text": as_tcvn3(SAMPLE)})
    assert page.context["encoding"] == "tcvn3"


def test_a_kept_file_is_nobody_elses(client: Client, cast: Cast, login: Login) -> None:
    fields = offered(client, cast)
    other = login(cast.secretary)
    response = other.post(IMPORT, fields | {"issuing_unit": cast.district.name})
    assert (response.status_code, response["Location"]) == (302, IMPORT)
    assert not Plan.objects.exists()
    assert kept_upload(token=fields["kept"], by=cast.secretary) is None


@pytest.mark.parametrize("change", [{"kept": "forged"}, {"encoding": "rot13"}, {"issuing_unit": "Nơi khác"}])
def test_forged_fields_save_nothing(client: Client, cast: Cast, change: dict[str, str]) -> None:
    response = client.post(IMPORT, offered(client, cast) | change)
    assert (response.status_code, response["Location"]) == (302, IMPORT)
    assert not Plan.objects.exists()


def test_a_secret_document_in_an_old_encoding_is_refused_and_not_kept(client: Client, cast: Cast) -> None:
    text = SAMPLE.replace("***", "TUYỆT MẬT", 1)
    response = client.post(IMPORT, {"issuing_unit": cast.province.name, "file": old_file(text)})
    assert response.status_code == 422
    assert "MẬT" in response.context["form"].errors["file"][0]
    assert stored_files() == 0


def test_a_kept_file_comes_back_as_it_was(cast: Cast) -> None:
    token = keep_upload(upload=Upload(b"\x00\xff", "../../etc/passwd"), by=cast.office_staff)
    assert kept_upload(token=token, by=cast.office_staff) == Upload(b"\x00\xff", "passwd")


def test_every_encoding_has_a_name() -> None:
    assert set(ENCODING_NAMES) == set(CONVERTERS)
