"""Commendation proposals: proposing, passing on, deciding, taking back, the register and what others see of it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.base import ContentFile
from django.http import Http404
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from plans.actions.proof import Upload
from plans.errors import ActionRefused, Stale
from reviews.actions.commendations import grant, pass_on, propose, refuse, withdraw
from reviews.enums import ProposalState
from reviews.models import CommendationProposal
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import make_officer, make_proposal, make_substitution
from tests.files import office
from units.models import AuditEvent, User
from units.roles import Role

pytestmark = pytest.mark.usefixtures("today")
DAY = dt.date(2026, 3, 10)


def paper() -> Upload:
    return Upload.of(ContentFile(office(), name="Báo cáo thành tích.docx"))


def proposed(cast: Cast, **values: Any) -> CommendationProposal:
    """Return a proposal of the commune to the province: it lies with the district."""
    facts = {"by": cast.commune_secretary, "level": cast.province, **values}
    return make_proposal(cast.commune, **facts)


def stored(row: CommendationProposal) -> CommendationProposal:
    found: CommendationProposal = CommendationProposal.objects.select_related("at", "level", "proposing_unit").get(
        pk=row.pk
    )
    return found


def test_a_proposal_lies_with_the_next_level_above(cast: Cast, settings: LazySettings) -> None:
    row = proposed(cast, unit=cast.branch, person="Đặng Hăng Hái", upload=paper())
    assert (row.state, row.at, row.nominee) == (ProposalState.PROPOSED, cast.district, "Đặng Hăng Hái – Chi đoàn ấp 3")
    assert (row.original_name, row.size is not None, len(row.sha256)) == ("Báo cáo thành tích.docx", True, 64)
    assert len(list((Path(settings.MEDIA_ROOT) / "commendations" / "2026").iterdir())) == 1
    event = AuditEvent.objects.latest("pk")
    assert (event.action, event.unit_id, event.object_label) == (
        "created", cast.commune.pk, "Giấy khen – Chi đoàn ấp 3 2026",
    )  # fmt: skip
    asked_here = proposed(cast, level=cast.commune)
    assert asked_here.at == cast.commune


@pytest.mark.parametrize("who", ["sibling_secretary", "branch_secretary", "reader", "leader", "outsider"])
def test_who_does_not_run_the_plans_of_a_unit_proposes_nothing_for_it(cast: Cast, who: str) -> None:
    with pytest.raises(Http404):
        proposed(cast, by=getattr(cast, who))


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("merits", " ", "thành tích"),
        ("award", "Huân chương tự nghĩ", "hình thức"),
        ("unit", "other_district", "trực thuộc"),
        ("level", "other_district", "cấp trên"),
    ],
)
def test_what_does_not_fit_is_refused(cast: Cast, settings: LazySettings, field: str, value: str, words: str) -> None:
    with pytest.raises(ActionRefused, match=words):
        proposed(cast, **{field: getattr(cast, value, value), "upload": paper()})
    assert [p for p in Path(settings.MEDIA_ROOT).rglob("*") if p.is_file()] == []


def test_the_same_form_twice_makes_one(cast: Cast) -> None:
    facts: dict[str, Any] = {
        "year": 2026, "unit": cast.commune, "person": "", "award": "Giấy khen", "merits": "Tốt.",
        "level": cast.district,
    }  # fmt: skip
    made = [propose(unit=cast.commune, values=facts, by=cast.commune_secretary, key="k") for _n in range(2)]
    assert made[0] == made[1]


def test_it_is_passed_on_and_granted_by_the_level_that_is_asked(cast: Cast) -> None:
    row = proposed(cast)
    with pytest.raises(ActionRefused, match="Chuyển"):
        grant(proposal=row, by=cast.secretary, version=1, number="1-QĐ/ĐTN", day=DAY)
    pass_on(proposal=row, by=cast.secretary, version=1)
    row = stored(row)
    assert (row.state, row.at, row.version) == (ProposalState.PASSED_ON, cast.province, 2)
    with pytest.raises(ActionRefused, match="Tỉnh đoàn"):  # where it lies now
        grant(proposal=row, by=cast.secretary, version=2, number="1-QĐ/ĐTN", day=DAY)
    with pytest.raises(ActionRefused, match="ghi quyết định"):
        pass_on(proposal=row, by=cast.leader, version=2)
    with pytest.raises(ActionRefused, match="số và ngày"):
        grant(proposal=row, by=cast.leader, version=2, number=" ", day=DAY)
    with pytest.raises(ActionRefused, match="chưa đến"):
        grant(proposal=row, by=cast.leader, version=2, number="1-QĐ/ĐTN", day=dt.date(2026, 3, 17))
    grant(proposal=row, by=cast.leader, version=2, number="1-QĐ/ĐTN", day=DAY)
    row = stored(row)
    assert (row.state, row.decision_number, row.decision_day, row.decided_by) == (
        ProposalState.GRANTED, "1-QĐ/ĐTN", DAY, cast.leader,
    )  # fmt: skip
    told = AuditEvent.objects.filter(object_type="commendationproposal").order_by("pk")
    assert [(e.action, e.data) for e in told] == [
        ("created", {}),
        ("award_passed_on", {"to": "Tỉnh đoàn"}),
        ("award_granted", {"number": "1-QĐ/ĐTN", "day": "2026-03-10"}),
    ]


def test_every_level_refuses_with_a_reason(cast: Cast) -> None:
    row = proposed(cast)
    with pytest.raises(ActionRefused, match="lý do"):
        refuse(proposal=row, by=cast.secretary, version=1, reason=" ")
    refuse(proposal=row, by=cast.secretary, version=1, reason="Chưa đủ thời gian công tác.")
    row = stored(row)
    assert (row.state, row.reason, row.decided_by) == (
        ProposalState.REFUSED, "Chưa đủ thời gian công tác.", cast.secretary,
    )  # fmt: skip
    with pytest.raises(Stale):
        pass_on(proposal=row, by=cast.secretary, version=2)


def test_the_second_of_two_deciders_is_told_so(cast: Cast) -> None:
    row = proposed(cast)
    pass_on(proposal=row, by=cast.secretary, version=1)
    with pytest.raises(Stale, match="Đã chuyển"):
        pass_on(proposal=row, by=cast.secretary, version=1)
    with pytest.raises(Http404):
        pass_on(proposal=row, by=cast.sibling_secretary, version=1)


@pytest.mark.parametrize("who", ["commune_secretary", "sibling_secretary", "department_head", "reader", "outsider"])
def test_who_does_not_confirm_above_decides_nothing(cast: Cast, who: str) -> None:
    row = proposed(cast)
    with pytest.raises(Http404):
        pass_on(proposal=row, by=getattr(cast, who), version=1)


def test_nobody_decides_about_the_own_proposal_nor_about_themselves(cast: Cast) -> None:
    row = proposed(cast, by=cast.office_staff, level=cast.district)
    with pytest.raises(Http404):
        grant(proposal=row, by=cast.office_staff, version=1, number="1-QĐ/ĐTN", day=DAY)
    make_substitution(cast.office_staff, cast.reader)
    with pytest.raises(Http404):  # by the post of who proposed it
        grant(proposal=row, by=User.objects.get(pk=cast.reader.pk), version=1, number="1-QĐ/ĐTN", day=DAY)
    about = proposed(cast, person="ngô bí thư", level=cast.district)
    with pytest.raises(Http404):
        grant(proposal=about, by=cast.secretary, version=1, number="1-QĐ/ĐTN", day=DAY)
    deputy = make_officer(cast.district, Role.SECRETARY, title="Phó Bí thư", full_name="Lê Phó")
    grant(proposal=about, by=deputy, version=1, number="1-QĐ/ĐTN", day=DAY)


@pytest.mark.parametrize("who", ["leader", "office_staff"])
def test_a_level_above_sees_what_lies_below_and_decides_once_it_is_passed_on(
    cast: Cast, login: Login, who: str
) -> None:
    row, above = proposed(cast), getattr(cast, who)
    page = login(above).get(row.get_absolute_url())
    assert (page.status_code, page.context["may_judge"]) == (200, False)
    with pytest.raises(Http404):
        pass_on(proposal=row, by=above, version=1)
    pass_on(proposal=row, by=cast.secretary, version=1)
    assert login(above).get(row.get_absolute_url()).context["may_judge"]


def test_a_unit_asked_itself_needs_a_second_person(cast: Cast) -> None:
    row = proposed(cast, level=cast.commune)
    with pytest.raises(Http404):
        grant(proposal=row, by=cast.commune_secretary, version=1, number="1-QĐ/ĐTN", day=DAY)
    deputy = make_officer(cast.commune, Role.SECRETARY, title="Phó Bí thư", full_name="Lê Phó")
    grant(proposal=row, by=deputy, version=1, number="1-QĐ/ĐTN", day=DAY)
    assert stored(row).state == ProposalState.GRANTED


def test_it_is_taken_back_while_nobody_has_decided(cast: Cast) -> None:
    row = proposed(cast)
    for who in (cast.sibling_secretary, cast.leader, cast.reader):
        with pytest.raises(Http404):
            withdraw(proposal=row, by=who, version=1)
    with pytest.raises(Stale):
        withdraw(proposal=row, by=cast.commune_secretary, version=2)
    withdraw(proposal=row, by=cast.commune_secretary, version=1, reason="Gửi nhầm.")
    assert (stored(row).state, stored(row).reason) == (ProposalState.WITHDRAWN, "Gửi nhầm.")
    with pytest.raises(Stale):
        withdraw(proposal=row, by=cast.commune_secretary, version=2)


def test_the_register_of_a_year_counts_and_filters(cast: Cast, login: Login) -> None:
    first, second = proposed(cast), proposed(cast, award="Bằng khen")
    proposed(cast, year=2025)
    refuse(proposal=second, by=cast.secretary, version=1, reason="Trùng.")
    address = reverse("reviews:commendations")
    page = login(cast.leader).get(address)
    assert page.context["counts"] == [
        (ProposalState.PROPOSED, 1),
        (ProposalState.PASSED_ON, 0),
        (ProposalState.GRANTED, 0),
        (ProposalState.REFUSED, 1),
        (ProposalState.WITHDRAWN, 0),
    ]
    assert list(page.context["page"]) == [second, first]
    for asked, found in (
        ({"state": "award_refused"}, [second]),
        ({"award": "Giấy khen"}, [first]),
        ({"unit": str(cast.commune.pk)}, [second, first]),
        ({"unit": str(cast.foreign_commune.pk)}, []),
        ({"year": "x' --"}, []),
    ):
        assert list(login(cast.leader).get(address, {"year": "2026", **asked}).context["page"]) == found


@pytest.mark.parametrize("more", [0, 12])
def test_register_and_page_cost_the_same_for_any_number(
    cast: Cast, login: Login, django_assert_num_queries: DjangoAssertNumQueries, more: int
) -> None:
    rows = [proposed(cast, unit=cast.branch if n % 2 else cast.commune) for n in range(1 + more)]
    client = login(cast.office_staff)
    client.get(reverse("home"))
    with django_assert_num_queries(9):
        client.get(reverse("reviews:commendations"))
    with django_assert_num_queries(7):
        client.get(rows[0].get_absolute_url())


def test_a_secretary_proposes_on_the_page_and_the_levels_above_decide(cast: Cast, login: Login) -> None:
    unit, above, office_ = login(cast.commune_secretary), login(cast.secretary), login(cast.leader)
    address = reverse("reviews:commendation_new")
    assert unit.get(address).status_code == 200
    sent = {
        "year": "2026",
        "unit": "Đoàn xã An Hòa",
        "award": "Bằng khen",
        "level": str(cast.province.pk),
        "merits": "Dẫn đầu phong trào.",
        "form_key": "abc",
    }
    wrong = unit.post(address, {**sent, "unit": "Đoàn xã Lạ"})
    assert (wrong.status_code, "Dẫn đầu phong trào." in wrong.text) == (422, True)
    assert unit.post(address, {**sent, "upload": paper().file}).status_code == 302
    made = CommendationProposal.objects.get()
    judge = reverse("reviews:commendation_judge", args=[made.pk])
    assert 'name="decision"' not in unit.get(made.get_absolute_url()).text
    assert unit.post(judge, {"decision": "pass", "version": "1"}).status_code == 404
    assert above.post(judge, {"decision": "pass"}).status_code == 422
    assert above.post(judge, {"decision": "refuse", "version": "1"}).status_code == 422
    assert above.post(judge, {"decision": "pass", "version": "1"}).status_code == 302
    assert above.post(judge, {"decision": "pass", "version": "1"}).status_code == 409
    assert office_.post(judge, {"decision": "grant", "version": "2"}).status_code == 422
    granted = {"decision": "grant", "version": "2", "number": "15-QĐ/TĐTN", "day": "10/03/2026"}
    assert office_.post(judge, granted).status_code == 302
    assert "15-QĐ/TĐTN" in unit.get(made.get_absolute_url()).text
    assert unit.post(reverse("reviews:commendation_withdraw", args=[made.pk]), {"version": "3"}).status_code == 409
    file = reverse("reviews:commendation_file", args=[made.pk])
    sent_file = above.get(file)
    assert b"".join(sent_file.streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]
    event = AuditEvent.objects.latest("pk")
    assert (event.action, event.object_id, event.actor) == ("downloaded", made.pk, cast.secretary)


def test_siblings_and_who_is_proposed_see_nothing_of_it(cast: Cast, login: Login) -> None:
    row = proposed(cast, unit=cast.branch, person="Đặng Hăng Hái", upload=paper())
    for who in (cast.sibling_secretary, cast.branch_secretary, cast.outsider):
        client = login(who)
        for page in ("commendation", "commendation_file"):
            assert client.get(reverse(f"reviews:{page}", args=[row.pk])).status_code == 404
        register = client.get(reverse("reviews:commendations"))
        assert [n for _state, n in register.context["counts"]] == [0, 0, 0, 0, 0]
        assert "Đặng Hăng Hái" not in register.text
