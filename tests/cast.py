"""The fixed cast of every access test: a province, an office, a department, two districts, a commune, an outsider."""

import copy
from dataclasses import dataclass
from typing import Any

from django.utils.translation import override

from tests.factories import make_officer, make_unit
from units.models import Appointment, Post, Unit, UnitKind, User
from units.roles import Role


@dataclass(frozen=True)
class Cast:
    """Units and people by their part. The outsider serves a province that has nothing to do with ours."""

    province: Unit
    office: Unit  # Văn phòng, a department
    department: Unit
    district: Unit
    other_district: Unit
    commune: Unit  # below `district`
    branch: Unit  # below `commune`
    foreign_province: Unit
    foreign_commune: Unit

    administrator: User
    office_staff: User
    second_office_staff: User
    leader: User
    department_head: User
    secretary: User  # of `district`
    sibling_secretary: User  # of `other_district`
    commune_secretary: User
    branch_secretary: User
    reader: User
    outsider: User  # secretary of `foreign_commune`


@dataclass(frozen=True)
class _Template:
    """The cast as it was made the first time in this process, and its rows, parents before children."""

    cast: Cast
    rows: list[list[Any]]


_made: list[_Template] = []
_MODELS: tuple[type[Any], ...] = (UnitKind, Unit, User, Post, Appointment)


def make_cast() -> Cast:
    """Make everybody: by the factories once a process, then as copies in bulk; most tests begin with it."""
    if UnitKind.objects.exists():  # kinds of an installation: the copies would clash with them
        return _make()
    if not _made:
        with override("vi"):  # titles of posts are the words of roles
            cast = _make()
        _made.append(_Template(copy.deepcopy(cast), [list(model.objects.order_by("pk")) for model in _MODELS]))
        return cast
    for model, rows in zip(_MODELS, _made[0].rows, strict=True):
        model.objects.bulk_create(rows)
    return copy.deepcopy(_made[0].cast)


def _make() -> Cast:
    province = make_unit("Tỉnh đoàn Sông Thao", code="ST", kind="province", short_name="Tỉnh đoàn")
    office = make_unit("Văn phòng Tỉnh đoàn", code="ST-VP", kind="department", parent=province, short_name="Văn phòng")
    department = make_unit("Ban Phong trào", code="ST-PT", kind="department", parent=province)
    district = make_unit("Huyện đoàn Bình Minh", code="ST-BM", kind="district", parent=province)
    other_district = make_unit("Thị đoàn Cẩm Giang", code="ST-CG", kind="district", parent=province)
    commune = make_unit("Đoàn xã An Hòa", code="ST-BM-AH", parent=district)
    branch = make_unit("Chi đoàn ấp 3", code="ST-BM-AH-3", kind="branch", parent=commune)
    foreign_province = make_unit("Tỉnh đoàn Hải Vân", code="HV", kind="province")
    foreign_commune = make_unit("Đoàn xã Lộc Thủy", code="HV-LT", parent=foreign_province)
    return Cast(
        province=province,
        office=office,
        department=department,
        district=district,
        other_district=other_district,
        commune=commune,
        branch=branch,
        foreign_province=foreign_province,
        foreign_commune=foreign_commune,
        administrator=make_officer(province, Role.ADMINISTRATOR, username="quantri", full_name="Đỗ Quản Trị"),
        office_staff=make_officer(province, Role.OFFICE, username="vanphong", full_name="Lê Thị Vân"),
        second_office_staff=make_officer(province, Role.OFFICE, username="vanphong2", full_name="Phạm Văn Hai"),
        leader=make_officer(province, Role.LEADER, username="lanhdao", full_name="Trần Lãnh Đạo"),
        department_head=make_officer(department, Role.DEPARTMENT, username="ban", full_name="Võ Thị Ban"),
        secretary=make_officer(district, Role.SECRETARY, username="bithu", full_name="Ngô Bí Thư"),
        sibling_secretary=make_officer(other_district, Role.SECRETARY, username="bithu2", full_name="Hồ Văn Láng"),
        commune_secretary=make_officer(commune, Role.SECRETARY, username="xa", full_name="Bùi Thị Xã"),
        branch_secretary=make_officer(branch, Role.SECRETARY, username="chidoan", full_name="Mai Chi Đoàn"),
        reader=make_officer(province, Role.READER, username="docgia", full_name="Lý Đọc Giả"),
        outsider=make_officer(foreign_commune, Role.SECRETARY, username="ngoai", full_name="Cao Người Ngoài"),
    )
