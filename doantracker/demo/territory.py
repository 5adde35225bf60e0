"""The units of the invented province of Lam Giang. No province of that name exists or existed; nor do the people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from units.actions import found_unit
from units.models import Unit, UnitKind


@dataclass(frozen=True, slots=True)
class Place:
    """One unit as data, with the units below it. `aliases` are names as plans write them."""

    code: str
    kind: str
    name: str
    short_name: str = ""
    aliases: tuple[str, ...] = ()
    place: str = ""
    below: tuple[Place, ...] = field(default=())


def _communes(prefix: str, *rows: tuple[str, str, tuple[str, ...]]) -> tuple[Place, ...]:
    """Return commune unions with their branches; a row is code, name with its rank, names of branches."""
    return tuple(
        Place(
            f"{prefix}-{code}",
            "commune",
            f"Đoàn {name}",
            aliases=(f"BCH Đoàn {name}",),
            place=name.split(" ", 1)[1].removeprefix("khu ").removeprefix("trấn "),
            below=tuple(
                Place(f"{prefix}-{code}-{number}", "branch", f"Chi đoàn {branch}, {name}", f"Chi đoàn {branch}")
                for number, branch in enumerate(branches, start=1)
            ),
        )
        for code, name, branches in rows
    )


DEPARTMENTS: Final = (
    Place("LG-VP", "department", "Văn phòng Tỉnh đoàn", "Văn phòng", ("VP Tỉnh đoàn", "Văn phòng")),
    Place(
        "LG-TCKT",
        "department",
        "Ban Tổ chức - Kiểm tra",
        "Ban TC-KT",
        ("Ban Tổ chức - Kiểm tra Tỉnh đoàn", "Ban Tổ chức – Kiểm tra", "Ban Tổ chức"),
    ),
    Place("LG-PT", "department", "Ban Phong trào", "", ("Ban Phong trào Tỉnh đoàn", "Ban Phong trào thanh niên")),
    Place("LG-TG", "department", "Ban Tuyên giáo", "", ("Ban Tuyên giáo Tỉnh đoàn",)),
    Place(
        "LG-TTN",
        "service",
        "Trung tâm Hoạt động thanh thiếu niên tỉnh",
        "TT Hoạt động TTN",
        ("Trung tâm Hoạt động thanh thiếu niên", "Trung tâm thanh thiếu niên"),
    ),
)

DISTRICTS: Final = (
    Place(
        "LG-SB",
        "district",
        "Huyện đoàn Suối Bạc",
        "",
        ("Huyện Suối Bạc", "BCH Đoàn huyện Suối Bạc"),
        "Suối Bạc",
        (
            *_communes(
                "LG-SB",
                ("AH", "xã An Hòa", ("ấp An Bình", "ấp An Lợi", "Trường THCS An Hòa")),
                ("DT", "xã Đá Trắng", ("ấp Đá Trắng",)),
                ("GS", "xã Gò Sim", ("ấp Gò Sim",)),
                ("HT", "xã Hiệp Thành", ()),
                ("TT", "thị trấn Suối Bạc", ("khu phố 1",)),
            ),
            Place("LG-SB-THPT", "grassroots", "Đoàn Trường THPT Suối Bạc"),
        ),
    ),
    Place(
        "LG-TT",
        "district",
        "Thị đoàn Tân Thịnh",
        "",
        ("Thị xã Tân Thịnh", "BCH Đoàn thị xã Tân Thịnh"),
        "Tân Thịnh",
        _communes(
            "LG-TT",
            ("TH", "phường Trung Hòa", ("khu phố Trung Hòa 1",)),
            ("CG", "phường Cây Gáo", ()),
            ("PH", "xã Phước Hậu", ()),
            ("TK", "xã Tân Khê", ("thôn Khê Thượng",)),
        ),
    ),
    Place(
        "LG-BL",
        "district",
        "Thành đoàn Bến Lam",
        "",
        ("Thành phố Bến Lam", "BCH Đoàn thành phố Bến Lam"),
        "Bến Lam",
        (
            *_communes(
                "LG-BL",
                ("CV", "phường Cầu Ván", ("khu phố 2",)),
                ("CC", "phường Chợ Cũ", ("khu phố 3",)),
                ("BD", "phường Bến Đá", ()),
                ("TL", "xã Tân Lộc", ("thôn Đông",)),
                ("VA", "xã Vĩnh An", ()),
                ("NX", "xã Ngọc Xuyên", ()),
            ),
            Place("LG-BL-BV", "grassroots_branch", "Chi đoàn cơ sở Bệnh viện thành phố Bến Lam"),
        ),
    ),
)

#: Communes that report straight to the province, as everywhere since the districts ended in 2025.
COMMUNES: Final = _communes(
    "LG",
    ("HL", "phường Hồng Lam", ("khu phố Hồng Lam 1", "khu phố Hồng Lam 2")),
    ("BM", "phường Bình Mỹ", ()),
    ("DS", "xã Đồng Sậy", ("thôn Sậy Hạ",)),
    ("HN", "xã Hòa Nghĩa", ()),
    ("LK", "xã Long Khê", ()),
    ("MT", "xã Mỹ Thuận", ()),
    ("PD", "xã Phú Điền", ("thôn Phú Điền",)),
    ("VT", "xã Vạn Thắng", ()),
    ("XT", "xã Xuân Trúc", ()),
    ("HY", "đặc khu Hòn Yến", ("đảo Lớn",)),
)

AFFILIATED: Final = (
    Place(
        "LG-UB",
        "affiliated",
        "Đoàn Ủy ban nhân dân tỉnh",
        "Đoàn UBND tỉnh",
        ("Đoàn UBND tỉnh",),
        "Bến Lam",
        (
            Place("LG-UB-KHCN", "grassroots", "Đoàn cơ sở Sở Khoa học và Công nghệ", "Đoàn Sở KH&CN"),
            Place("LG-UB-TTR", "grassroots_branch", "Chi đoàn cơ sở Thanh tra tỉnh"),
        ),
    ),
    Place(
        "LG-DH",
        "affiliated",
        "Đoàn Trường Đại học Lam Giang",
        "Đoàn ĐH Lam Giang",
        ("Đoàn trường Đại học Lam Giang",),
        "Bến Lam",
        (
            Place("LG-DH-SP", "grassroots", "Liên chi đoàn Khoa Sư phạm"),
            Place("LG-DH-KT", "grassroots", "Liên chi đoàn Khoa Kỹ thuật"),
        ),
    ),
)

PROVINCE: Final = Place(
    "LG",
    "province",
    "Tỉnh đoàn Lam Giang",
    "Tỉnh đoàn",
    ("Đoàn TNCS Hồ Chí Minh tỉnh Lam Giang", "BCH Đoàn tỉnh Lam Giang"),
    "Bến Lam",
    (*DEPARTMENTS, *DISTRICTS, *COMMUNES, *AFFILIATED),
)


def make_units(kinds: dict[str, UnitKind]) -> dict[str, Unit]:
    """Add the whole province to the tree and return its units by code."""
    for parent_code, place in _walk(PROVINCE):
        found_unit(
            parent=Unit.objects.get(code=parent_code) if parent_code else None,
            by=None,
            kind=kinds[place.kind],
            code=place.code,
            name=place.name,
            short_name=place.short_name,
            aliases="\n".join(place.aliases),
            place=place.place,
        )
    return {str(unit.code): unit for unit in Unit.objects.select_related("kind")}


def _walk(place: Place, parent_code: str = "") -> Iterator[tuple[str, Place]]:
    yield parent_code, place
    for child in place.below:
        yield from _walk(child, place.code)
