"""Names of a text become units: exactly, without accents, by the proper name; never by a guess."""

import datetime as dt

import pytest
from django.utils import translation

from plans.reading.drafts import Party, PartyKind, Span
from plans.resolving import Resolver, UnitNames
from tests.cast import Cast
from tests.factories import UnitKindFactory, make_unit

DAY = dt.date(2026, 3, 16)
SPAN = Span(0, 0, 1)


@pytest.fixture(autouse=True)
def _english() -> object:
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Ban Phong trào", "ST-PT"),
        ("ban phong trào", "ST-PT"),
        ("Ban Phong trào Tỉnh đoàn", "ST-PT"),
        ("Ban Phong trào Tỉnh đoàn Sông Thao", "ST-PT"),
        ("Phong trào", "ST-PT"),
        ("Văn phòng", "ST-VP"),
        ("VP Tỉnh đoàn", "ST-VP"),
        ("Van phong Tinh doan", "ST-VP"),
        ("Ban Tổ chức - Kiểm tra", "ST-TC"),
        ("Ban Tổ chức – Kiểm tra", "ST-TC"),
        ("Ban Tổ chức-Kiểm tra", "ST-TC"),
        ("Tỉnh đoàn", "ST"),
        ("Tỉnh đoàn Sông Thao", "ST"),
        ("Bình Minh", "ST-BM"),
        ("huyện Bình Minh", "ST-BM"),
        ("thị xã Cẩm Giang", "ST-CG"),
        ("xã An Hòa", "ST-BM-AH"),
        ("ST-BM-AH", "ST-BM-AH"),
        ("Đoàn xã An Hòa (ST-BM-AH)", "ST-BM-AH"),
        ("Thành phố", None),
        ("thị xã Bình Minh", None),  # Bình Minh is a rural district
        ("Ban Tuyên giáo", None),
        ("Đoàn xã Lộc Thủy", None),  # of another province
        ("Tỉnh đoàn Hải Vân", None),
        ("", None),
    ],
)
def test_a_name_means_one_unit_or_none(cast: Cast, name: str, code: str | None) -> None:
    make_unit("Ban Tổ chức - Kiểm tra", code="ST-TC", kind="department", parent=cast.province)
    unit = UnitNames.below(cast.province, DAY).find(name).unit
    assert (unit.code if unit else None) == code


def test_units_alike_in_name_are_a_choice_for_a_person(cast: Cast) -> None:
    one = make_unit("Đoàn xã Tân Lập", code="ST-BM-TL", parent=cast.district)
    two = make_unit("Đoàn xã Tân Lập", code="ST-CG-TL", parent=cast.other_district)
    names = UnitNames.below(cast.province, DAY)
    assert names.find("Tân Lập").units == (one, two)
    assert names.find("Tân Lập").unit is None
    assert names.label(two) == "Đoàn xã Tân Lập (ST-CG-TL)"
    assert names.find(names.label(two)).unit == two


def test_the_nearer_of_two_units_is_meant(cast: Cast) -> None:
    make_unit("Đoàn xã Bình Minh", code="ST-CG-BM", parent=cast.other_district)
    assert UnitNames.below(cast.province, DAY).find("Bình Minh").unit == cast.district


def test_other_names_of_a_unit_count(cast: Cast) -> None:
    unit = make_unit("Ban Xây dựng Đoàn", code="ST-XD", kind="department", parent=cast.province, aliases="Ban TCKT")
    assert UnitNames.below(cast.province, DAY).find("ban tckt").unit == unit


def test_a_unit_that_has_ended_is_not_found(cast: Cast) -> None:
    make_unit("Ban Cũ", code="ST-CU", kind="department", parent=cast.province, valid_to=dt.date(2025, 6, 30))
    assert UnitNames.below(cast.province, DAY).find("Ban Cũ").unit is None


def test_near_names_help_after_a_slip(cast: Cast) -> None:
    assert UnitNames.below(cast.province, DAY).near("Ban Phong trao moi") == [cast.department]


def test_a_body_is_the_issuer_itself_and_says_so(cast: Cast) -> None:
    found = Resolver.below(cast.province, DAY).party(Party("Ban Thường vụ", PartyKind.BODY, SPAN))
    assert found.units == (cast.province,)
    assert found.doubt == "“Ban Thường vụ” is no unit of its own: Tỉnh đoàn is entered."


def test_an_outside_body_is_no_unit(cast: Cast) -> None:
    found = Resolver.below(cast.province, DAY).party(Party("Ban Dân vận Tỉnh ủy", PartyKind.EXTERNAL, SPAN))
    assert (found.units, found.kinds, found.doubt) == ((), (), "“Ban Dân vận Tỉnh ủy” is outside the Union.")


def test_what_is_not_found_is_a_doubt(cast: Cast) -> None:
    found = Resolver.below(cast.province, DAY).party(Party("Ban Tuyên giáo", PartyKind.UNIT, SPAN))
    assert (found.units, found.doubt) == ((), "No unit is called “Ban Tuyên giáo”.")


def test_a_class_means_the_kinds_that_exist_here(cast: Cast) -> None:
    UnitKindFactory(code="affiliated")
    party = Party("các huyện, thị đoàn, cơ sở đoàn", PartyKind.CLASS, SPAN, ("district", "grassroots"))
    found = Resolver.below(cast.province, DAY).party(party)
    assert ([k.code for k in found.kinds], found.doubt) == (["district", "commune"], "")


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("Đoàn xã, phường, đặc khu", ["commune"]),
        ("Mỗi Đoàn xã, thị trấn", ["commune"]),
        ("Đoàn cơ sở (xã, thị trấn)", ["commune"]),
        ("Các cơ sở đoàn", ["commune", "grassroots", "grassroots_branch"]),
        ("Đoàn cơ sở", ["commune", "grassroots", "grassroots_branch"]),
    ],
)
def test_a_class_of_communes_leaves_out_offices_and_schools(cast: Cast, name: str, codes: list[str]) -> None:
    for code in ("grassroots", "grassroots_branch"):
        UnitKindFactory(code=code)
    found = Resolver.below(cast.province, DAY).party(Party(name, PartyKind.CLASS, SPAN, ("grassroots",)))
    assert [k.code for k in found.kinds] == codes


def test_where_districts_have_ended_their_class_means_communes(cast: Cast) -> None:
    UnitKindFactory(code="district")
    party = Party("các huyện đoàn", PartyKind.CLASS, SPAN, ("district",))
    found = Resolver.below(cast.foreign_province, DAY).party(party)
    assert [k.code for k in found.kinds] == ["commune"]
    assert found.doubt == (
        "“các huyện đoàn”: Tỉnh đoàn Hải Vân has no districts any more; the unions of communes are entered."
    )


def test_a_class_without_any_unit_stays_with_a_doubt(cast: Cast) -> None:
    kind = UnitKindFactory(code="service")
    found = Resolver.below(cast.province, DAY).party(
        Party("các đơn vị sự nghiệp", PartyKind.CLASS, SPAN, ("service",))
    )
    assert found.kinds == (kind,)
    assert found.doubt == "“các đơn vị sự nghiệp”: no such unit is in force below Tỉnh đoàn."


def test_candidates_are_loaded_once(cast: Cast, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(2):  # type: ignore[operator]  # a fixture that is a context manager
        resolver = Resolver.below(cast.province, DAY)
        for name in ("Bình Minh", "Văn phòng", "Không có", "xã An Hòa"):
            resolver.unit(name)
