"""A commendation proposal as a tờ trình: to the level asked, naming nobody where it is listed or logged."""

from __future__ import annotations

import pytest
from django.urls import reverse

from doantracker.papers.actions.papers import prepare_paper
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import make_proposal
from units.models import AuditEvent

pytestmark = pytest.mark.usefixtures("today")
PERSON = "Đinh Văn Khen"


def test_the_proposal_goes_to_the_level_that_is_asked(cast: Cast) -> None:
    facts = {"person": PERSON, "award": "Bằng khen", "merits": "Có mô hình hay.\nGương mẫu."}
    row = make_proposal(cast.district, by=cast.secretary, level=cast.province, **facts)
    made = prepare_paper(kind="commendation", subject=f"commendation={row.pk}", by=cast.secretary)
    paper, words = made.paper, made.paper.paragraphs
    assert (made.unit, made.code, paper.kind_name) == (cast.district, "TTr", "TỜ TRÌNH")
    assert (paper.abstract, paper.addressees) == ("Đề nghị khen thưởng năm 2026", ("Tỉnh đoàn Sông Thao",))
    assert words["opening"] == (
        "Căn cứ thành tích đạt được trong năm 2026, Huyện đoàn Bình Minh kính trình Tỉnh đoàn Sông Thao xem xét, "
        "khen thưởng đồng chí Đinh Văn Khen, Huyện đoàn Bình Minh; hình thức đề nghị: bằng khen."
    )
    assert [words["merit0"], words["merit1"]] == ["Có mô hình hay.", "Gương mẫu."]
    event = AuditEvent.objects.get(object_type="officialpaper")
    assert PERSON not in f"{event.object_label} {event.data} {made.title} {made.subject}"


def test_a_unit_is_named_itself(cast: Cast) -> None:
    row = make_proposal(cast.district, by=cast.secretary, level=cast.province)
    made = prepare_paper(kind="commendation", subject=f"commendation={row.pk}", by=cast.secretary)
    assert made.paper.paragraphs["opening"].endswith(
        "xem xét, khen thưởng Huyện đoàn Bình Minh; hình thức đề nghị: giấy khen."
    )


def test_its_page_begins_it_for_who_proposes(cast: Cast, login: Login) -> None:
    row = make_proposal(cast.district, by=cast.secretary, level=cast.province)
    address = f"{reverse('papers:prepare', args=['commendation'])}?commendation={row.pk}"
    assert address in login(cast.secretary).get(row.get_absolute_url()).text
    assert address not in login(cast.leader).get(row.get_absolute_url()).text
    people = (cast.secretary, cast.leader, cast.sibling_secretary, cast.commune_secretary)
    assert [login(who).get(address).status_code for who in people] == [200, 404, 404, 404]
