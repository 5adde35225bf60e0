"""The pages: choose a kind, take the template, send the file, look at what it would do, import it."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.cast import Cast
from tests.conftest import Login
from tests.doantracker.imports.files import workbook
from tests.factories import SolutionFactory, make_indicator, make_published_plan
from units.models import Unit

pytestmark = pytest.mark.usefixtures("today")
HEAD = ["code", "name", "kind", "parent"]
WARD = ["ST-CG-TL", "Đoàn phường Tân Lập", "commune", "ST-CG"]


def send(client: Client, data: bytes, *, slug: str = "units", query: str = "", name: str = "tệp.xlsx") -> Any:
    address = reverse("imports:kind", args=[slug]) + query
    return client.post(address, {"file": SimpleUploadedFile(name, data)})


@pytest.mark.parametrize(
    ("who", "slugs"),
    [
        ("administrator", ["units", "people", "posts"]),
        ("office_staff", ["deadlines", "results"]),
        ("secretary", ["deadlines", "results"]),
        ("leader", ["results"]),
        ("reader", None),
    ],
)
def test_each_sees_what_the_own_right_imports(cast: Cast, login: Login, who: str, slugs: list[str] | None) -> None:
    page = login(getattr(cast, who)).get(reverse("imports:kinds"))
    assert page.status_code == (404 if slugs is None else 200)
    assert [kind.slug for kind in page.context["kinds"]] == slugs if slugs else True


def test_a_file_is_looked_at_then_imported_and_not_twice(cast: Cast, login: Login) -> None:
    client = login(cast.administrator)
    page: Any = send(client, workbook(HEAD, WARD))
    assert page.status_code == 302
    shown = client.get(page.url)
    assert "tệp.xlsx" in shown.text
    assert "Đoàn phường Tân Lập" in shown.text
    assert not Unit.objects.filter(code="ST-CG-TL").exists()
    done: Any = client.post(page.url, {"seen": shown.context["digest"]})
    assert (done.status_code, done.url) == (302, reverse("units:units"))
    assert Unit.objects.filter(code="ST-CG-TL").exists()
    again: Any = client.post(page.url, {"seen": shown.context["digest"]})
    assert (again.status_code, again.url) == (302, reverse("imports:kind", args=["units"]))


def test_what_was_changed_meanwhile_is_shown_first(cast: Cast, login: Login) -> None:
    client = login(cast.administrator)
    page: Any = send(client, workbook(HEAD, ["ST-CG", "Tên mới", None, None]))
    seen = client.get(page.url).context["digest"]
    Unit.objects.filter(pk=cast.other_district.pk).update(name="Ai đó đã đổi")
    stale = client.post(page.url, {"seen": seen})
    assert stale.status_code == 409
    assert "Ai đó đã đổi" in stale.text
    assert client.post(page.url, {"seen": stale.context["digest"]}).status_code == 302
    assert Unit.objects.get(pk=cast.other_district.pk).name == "Tên mới"


def test_a_kept_file_is_shown_to_who_sent_it_only(cast: Cast, both_trees: Any, login: Login) -> None:
    page: Any = send(login(cast.administrator), workbook(HEAD, WARD))
    other = login(cast.second_office_staff).get(page.url)
    assert other.status_code == 404  # sets up no units
    token = page.url.rstrip("/").rsplit("/", 1)[-1]
    address = reverse("imports:outcome", args=["units", token + "x"])
    assert login(cast.administrator).get(address).status_code == 302  # no file of that name


def test_findings_are_shown_with_row_column_value_and_cure(cast: Cast, login: Login) -> None:
    client = login(cast.administrator)
    page = client.get(send(client, workbook(HEAD, ["X", "<b>Tên</b>", "commune", "=1+1"], WARD)).url)
    assert page.context["ready"] is False
    assert [(f.row, f.value) for f in page.context["findings"]] == [(2, "=1+1")]
    refused = client.post(page.request["PATH_INFO"], {"seen": page.context["digest"]})
    assert refused.status_code == 422
    assert not Unit.objects.filter(code="ST-CG-TL").exists()


def test_a_file_with_faults_is_sent_back_and_one_without_is_not(cast: Cast, login: Login) -> None:
    client = login(cast.administrator)
    page = client.get(send(client, workbook(HEAD, ["ST-A", "Đoàn xã A", "khác", "ST-CG"]), name="đơn vị.xlsx").url)
    assert page.context["faults_href"] in page.text
    given: Any = client.get(page.context["faults_href"])
    assert given["Content-Disposition"].endswith("-loi.xlsx")
    sound = client.get(send(client, workbook(HEAD, WARD)).url)
    assert sound.context["faults_href"] == ""
    none: Any = client.get(sound.request["PATH_INFO"] + "faults/")
    assert (none.status_code, none.url) == (302, sound.request["PATH_INFO"])


def test_many_findings_are_capped_and_their_number_is_told(cast: Cast, login: Login) -> None:
    client = login(cast.administrator)
    rows = [[f"N-{n}", "Tên", "khác", "ST"] for n in range(250)]
    page = client.get(send(client, workbook(HEAD, *rows)).url)
    assert len(page.context["findings"]) == 200
    assert len(page.context["outcome"].findings) == 250
    (kind,) = page.context["kinds_of_fault"]
    assert (len(kind.rows), kind.first_rows) == (250, "2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13 …")


@pytest.mark.parametrize(
    ("data", "name", "status"),
    [(b"", "tep.xlsx", 422), (b"x", "tep.xlsm", 422), (b"%PDF-", "tep.pdf", 422)],
)
def test_what_is_no_workbook_is_refused_on_the_page(
    cast: Cast, login: Login, data: bytes, name: str, status: int
) -> None:
    page: Any = send(login(cast.administrator), data, name=name)
    assert page.status_code == status
    assert page.context["form"].errors["file"]


def test_a_form_without_a_file_says_which_one(cast: Cast, login: Login) -> None:
    page = login(cast.administrator).post(reverse("imports:kind", args=["units"]))
    assert page.status_code == 422
    assert ".xlsx" in page.context["form"].errors["file"][0]


def test_a_template_is_sent_as_a_file(cast: Cast, login: Login) -> None:
    page: Any = login(cast.administrator).get(reverse("imports:template", args=["units"]))
    assert page["Content-Disposition"] == 'attachment; filename="mau-nhap-don-vi.xlsx"'
    assert io.BytesIO(b"".join(page.streaming_content)).read(2) == b"PK"


def test_deadlines_are_imported_into_the_plan_that_was_chosen(cast: Cast, login: Login) -> None:
    plan = make_published_plan(cast.province)
    SolutionFactory(plan=plan, ordinal=1, lead_unit=cast.office)
    client = login(cast.office_staff)
    choose = client.get(reverse("imports:kind", args=["deadlines"]))
    assert [p.pk for p in choose.context["plans"]] == [plan.pk]
    rows: list[list[Any]] = [["solution", "unit", "last day", "reason"], [1, "ST-BM", "30/06/2026", "Theo công văn"]]
    query = f"?plan={plan.pk}"
    page: Any = send(client, workbook(*rows), slug="deadlines", query=query)
    assert page.url.endswith(query)
    done: Any = client.post(page.url, {"seen": client.get(page.url).context["digest"]})
    assert done.url == plan.get_absolute_url()
    assert plan.deadlines.count() == 1


@pytest.mark.parametrize("plan", ["999999", "x", "-1", "9" * 5_000])
def test_a_plan_that_is_not_there_is_not_found(cast: Cast, login: Login, plan: str) -> None:
    client = login(cast.office_staff)
    assert client.get(reverse("imports:kind", args=["deadlines"]), {"plan": plan}).status_code == 404
    assert client.get(reverse("imports:template", args=["results"]), {"plan": plan}).status_code == 404


def test_the_lists_lead_to_the_imports_whom_they_are_for(cast: Cast, login: Login) -> None:
    plan = make_published_plan(cast.province)
    make_indicator(plan, units=[cast.district])
    pages = {
        reverse("units:units"): "/imports/units/",
        reverse("plans:deadlines"): "/imports/deadlines/",
        plan.get_absolute_url(): f"/imports/deadlines/?plan={plan.pk}",
        reverse("plans:plan_indicators", args=[plan.pk]): f"/imports/results/?plan={plan.pk}",
        reverse("plans:indicators_followed"): "/imports/results/",
    }
    people = ("administrator", "office_staff", "reader")
    shown = {
        who: [link for page, link in pages.items() if f'href="{link}"' in login(getattr(cast, who)).get(page).text]
        for who in people
    }
    assert shown == {
        "administrator": ["/imports/units/"],
        "office_staff": [link for link in pages.values() if link != "/imports/units/"],
        "reader": [],
    }
