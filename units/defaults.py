"""The kinds of unit a new installation begins with: data an administrator may change later."""

from dataclasses import dataclass
from typing import Final

from units.models import UnitKind


@dataclass(frozen=True, slots=True)
class DefaultKind:
    """One kind. The code is fixed: imports and the reading of plans go by it."""

    code: str
    name: str
    rank: int
    may_lead: bool = True
    may_be_assigned: bool = True
    has_subtree: bool = True


KINDS: Final = (
    DefaultKind("province", "Tỉnh đoàn, thành đoàn trực thuộc Trung ương", 10),
    DefaultKind("department", "Ban, văn phòng", 20, has_subtree=False),
    DefaultKind("service", "Đơn vị sự nghiệp", 30, has_subtree=False),
    DefaultKind("district", "Huyện đoàn, thị đoàn, thành đoàn", 40),
    DefaultKind("affiliated", "Đoàn trực thuộc", 50),
    DefaultKind("commune", "Đoàn xã, phường, đặc khu", 60),
    DefaultKind("grassroots", "Đoàn cơ sở cơ quan, trường, doanh nghiệp", 70),
    DefaultKind("grassroots_branch", "Chi đoàn cơ sở", 80),
    DefaultKind("branch", "Chi đoàn", 90),
)


def install_kinds() -> dict[str, UnitKind]:
    """Add the kinds that are missing, leave the others as the office set them, and return all by code."""
    for kind in KINDS:
        UnitKind.objects.get_or_create(
            code=kind.code,
            defaults={
                "name": kind.name,
                "rank": kind.rank,
                "may_lead": kind.may_lead,
                "may_be_assigned": kind.may_be_assigned,
                "has_subtree": kind.has_subtree,
            },
        )
    return {kind.code: kind for kind in UnitKind.objects.all()}
