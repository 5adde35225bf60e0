"""Who signs a paper: post and name are of one person, whatever an earlier plan says."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from doantracker.papers.composing import composed
from doantracker.papers.gather.content import Content
from doantracker.papers.gather.plan import plan_paper
from doantracker.papers.gather.progress import progress
from doantracker.papers.paper import Signature, Text, long_day
from plans.models import Plan
from tests.cast import Cast
from tests.factories import make_published_plan
from units.models import Appointment, Post, Unit, User

pytestmark = pytest.mark.usefixtures("today")
TODAY = dt.date(2026, 3, 16)


def appointed(unit: Unit, title: str, name: str, rank: int, *, signs: bool = True) -> None:
    person = User.objects.create(username=name, full_name=name)
    post, _made = Post.objects.get_or_create(unit=unit, title=title, defaults={"rank": rank, "signs": signs})
    Appointment.objects.create(user=person, post=post, start=dt.date(2025, 1, 1))


@pytest.fixture
def unit(cast: Cast) -> Unit:
    """A unit with its secretary and a deputy."""
    Appointment.objects.filter(post__unit=cast.province).update(end=dt.date(2025, 12, 31))
    appointed(cast.province, "Bí thư Ban Chấp hành", "Phạm Xuân Bắc", 1)
    appointed(cast.province, "Phó Bí thư Thường trực Ban Chấp hành", "Trần Quốc Nam", 2)
    return cast.province


def signed_by(title: str, name: str = "Người Cũ", **fields: Any) -> dict[str, Any]:
    facts = {"signer_authority": "TM. BAN THƯỜNG VỤ TỈNH ĐOÀN", "signer_title": title, "signer_name": name}
    return {"symbol_body": "TĐTN", "symbol_department": "TCKT", "symbol": "12-KH/TĐTN-TCKT", **facts, **fields}


def paper_of(unit: Unit, plan: Plan | None = None) -> Any:
    return composed(Content(unit, "BC", "Kết quả", (), plan=plan), TODAY)


def test_a_paper_without_a_plan_is_signed_by_one_person_not_by_two(unit: Unit) -> None:
    make_published_plan(unit, **signed_by("PHÓ BÍ THƯ THƯỜNG TRỰC BAN CHẤP HÀNH"))
    assert paper_of(unit).signature == Signature(
        "TM. BAN THƯỜNG VỤ TỈNH ĐOÀN", "Bí thư Ban Chấp hành", "Phạm Xuân Bắc"
    )


def test_the_post_of_the_contents_plan_is_signed_by_who_holds_it_now(unit: Unit) -> None:
    plan = make_published_plan(unit, **signed_by("PHÓ BÍ THƯ  THƯỜNG TRỰC BAN CHẤP HÀNH"))
    sign = paper_of(unit, plan).signature
    assert (sign.post, sign.name) == ("Phó Bí thư Thường trực Ban Chấp hành", "Trần Quốc Nam")


def test_of_several_in_one_post_who_signed_the_plan_signs_again(unit: Unit) -> None:
    for name in ("Lê Một", "Lê Hai"):
        appointed(unit, "Phó Bí thư", name, 3)
    plan = make_published_plan(unit, **signed_by("PHÓ BÍ THƯ", "Lê Hai"))
    assert paper_of(unit, plan).signature.name == "Lê Hai"


def test_a_post_that_nobody_holds_gives_way_to_the_first_that_signs(unit: Unit) -> None:
    plan = make_published_plan(unit, **signed_by("CHÁNH VĂN PHÒNG", signer_authority="TL. BAN THƯỜNG VỤ"))
    assert paper_of(unit, plan).signature == Signature("TM. Ban Thường vụ", "Bí thư Ban Chấp hành", "Phạm Xuân Bắc")


def test_where_nobody_holds_a_post_the_name_stays_open(unit: Unit) -> None:
    Appointment.objects.filter(post__unit=unit).update(end=dt.date(2025, 12, 31))
    assert paper_of(unit).signature == Signature("TM. Ban Thường vụ", "Bí thư")


def test_the_department_of_another_plan_is_not_lent(unit: Unit) -> None:
    plan = make_published_plan(unit, **signed_by("BÍ THƯ"))
    own, other = paper_of(unit, plan), paper_of(unit)
    assert (own.head.number, own.recipients[-1]) == ("……-BC/TĐTN-TCKT", "Lưu VT, TCKT")
    assert (other.head.number, other.recipients[-1]) == ("……-BC/TĐTN", "Lưu VT")


def test_the_papers_of_a_programme_name_the_body_with_its_unit_and_what_it_is(cast: Cast, unit: Unit) -> None:
    title = "Chương trình công tác năm 2026 của Ban Thường vụ Tỉnh đoàn"
    facts = {"issuing_body": "Ban Thường vụ", "issued_on": TODAY, "is_programme": True}
    plan = make_published_plan(unit, title=title, symbol="", **facts)
    content = progress(plan, cast.office_staff, TODAY)
    paper = composed(content, TODAY)
    body = f"Ban Thường vụ {unit.label}"
    assert (paper.head.body, paper.signature.authority) == (body, f"TM. {body}")
    assert content.abstract == f"Tiến độ thực hiện c{title[1:]}"
    assert content.blocks[0] == Text(
        f"Thực hiện {title}, {unit.name} báo cáo tiến độ đến {long_day(TODAY)} như sau:", "opening"
    )
    itself = plan_paper(plan, cast.office_staff, TODAY)
    assert (itself.code, itself.abstract) == ("CTr", "Công tác năm 2026 của Ban Thường vụ Tỉnh đoàn")
