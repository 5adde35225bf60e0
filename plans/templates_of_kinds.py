"""What a plan of each kind usually holds: headings, and the work that every one of them commits to. Pure data.

The texts become the words of a Vietnamese document, not of the page, so they are Vietnamese in every language.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from plans.enums import Deliverable, Kind, Level, PlanKind
from plans.rules import HALF_YEARLY, MONTHLY, QUARTERLY, YEARLY

YEAR_END: Final = (12, 31)


@dataclass(frozen=True, slots=True)
class Promise:
    """One commitment: its phrase, kind and rule, or its last day as (month, day) of the plan's first or last year."""

    phrase: str
    kind: Kind = Kind.RECURRING
    rule: str = ""
    by: tuple[int, int] | None = None
    exclusive: bool = False
    in_last_year: bool = False


@dataclass(frozen=True, slots=True)
class Work:
    """One solution: its words, its commitments, what is handed in, and the level that acts."""

    text: str
    promises: tuple[Promise, ...]
    deliverable: Deliverable = Deliverable.RESULT
    level: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """Solutions under one heading."""

    title: str
    works: tuple[Work, ...] = ()


@dataclass(frozen=True, slots=True)
class Skeleton:
    """A whole plan: how many years it runs (0: open end) and its parts."""

    years: int
    parts: tuple[Part, ...]

    @property
    def count(self) -> int:
        """Return how many solutions it has."""
        return sum(len(part.works) for part in self.parts)


def _monthly(phrase: str = "hằng tháng") -> Promise:
    return Promise(phrase, rule=MONTHLY)


_QUARTERS: Final = Promise("hằng quý", rule=QUARTERLY)
_HALVES: Final = Promise("6 tháng một lần", rule=HALF_YEARLY)
_YEARS: Final = Promise("hằng năm", rule=YEARLY)
_ALWAYS: Final = Promise("thường xuyên", Kind.ONGOING)
_AT_THE_END: Final = Promise(
    "trước khi kết thúc thời gian thực hiện", Kind.BY_END_OF_YEAR, by=YEAR_END, in_last_year=True
)


def _within(month: int) -> Promise:
    return Promise(f"trong tháng {month}", Kind.WITHIN_MONTH, by=(month, 28))


def _before(day: int, month: int) -> Promise:
    return Promise(f"trước ngày {day:02}/{month:02}", Kind.BY_DATE, by=(month, day), exclusive=True)


_REMEDIES: Final = Skeleton(
    1,
    (
        Part(
            "Công tác lãnh đạo, chỉ đạo, điều hành",
            (
                Work("Gửi văn bản chỉ đạo đến cơ sở ít nhất một tuần trước khi triển khai.", (_ALWAYS,)),
                Work("Đánh giá kết quả khắc phục khuyết điểm của cán bộ chuyên trách.", (_monthly(),)),
            ),
        ),
        Part("Công tác tổ chức, xây dựng Đoàn"),
        Part("Công tác phong trào"),
        Part(
            "Tổ chức thực hiện",
            (
                Work(
                    "Báo cáo tiến độ khắc phục các khuyết điểm được phân công.",
                    (_QUARTERS, _HALVES, _YEARS),
                    Deliverable.REPORT,
                ),
                Work("Gửi báo cáo kết quả khắc phục về Văn phòng tổng hợp.", (_before(1, 11),), Deliverable.REPORT),
                Work("Trình Ban Thường vụ báo cáo tổng hợp kết quả khắc phục.", (_within(12),), Deliverable.REPORT),
                Work(
                    "Hoàn thành báo cáo kết quả khắc phục cuối năm.",
                    (Promise("cuối năm", Kind.BY_END_OF_YEAR, by=YEAR_END),),
                    Deliverable.REPORT,
                ),
            ),
        ),
    ),
)

_INSPECTIONS: Final = Skeleton(
    1,
    (
        Part(
            "Công tác kiểm tra, giám sát",
            (
                Work("Kiểm tra định kỳ việc thực hiện công tác Đoàn tại các đơn vị.", (_HALVES, _YEARS)),
                Work(
                    "Báo cáo kết quả kiểm tra tại kỳ họp Thường trực gần nhất.",
                    (Promise("tại kỳ họp gần nhất sau đợt kiểm tra", Kind.AS_DIRECTED),),
                    Deliverable.REPORT,
                ),
            ),
        ),
        Part(
            "Công tác đi cơ sở",
            (
                Work("Đăng ký nội dung và thời gian đi cơ sở.", (_QUARTERS,)),
                Work("Hoàn thành số ngày đi cơ sở trong năm.", (_before(15, 12),), Deliverable.VALUE),
            ),
        ),
        Part(
            "Khảo sát, báo cáo",
            (
                Work("Hoàn thành khảo sát việc thực hiện nghị quyết giữa nhiệm kỳ.", (_before(31, 5),)),
                Work("Báo cáo chuyên đề kết quả khảo sát.", (_within(6),), Deliverable.REPORT),
                Work("Báo cáo kết quả kiểm tra và đi cơ sở.", (_QUARTERS, _YEARS), Deliverable.REPORT),
            ),
        ),
    ),
)

_PROGRAMME: Final = Skeleton(
    4,
    (
        Part(
            "Nhiệm vụ của cấp huyện và tương đương",
            (
                Work("Tổ chức ít nhất một lớp tập huấn cho bí thư chi đoàn.", (_YEARS,), level=Level.DISTRICT),
                Work("Kiểm tra chuyên đề chất lượng tổ chức cơ sở Đoàn.", (_YEARS,), level=Level.DISTRICT),
            ),
        ),
        Part(
            "Nhiệm vụ của đoàn cơ sở",
            (Work("Đánh giá, xếp loại chi đoàn và đoàn viên.", (_YEARS,), level=Level.GRASSROOTS),),
        ),
        Part(
            "Nhiệm vụ của chi đoàn",
            (
                Work("Họp Ban Chấp hành và sinh hoạt chi đoàn.", (_monthly(),), level=Level.BRANCH),
                Work("Báo cáo kết quả thực hiện của chi đoàn.", (_YEARS,), Deliverable.REPORT, Level.BRANCH),
            ),
        ),
        Part(
            "Sơ kết, tổng kết",
            (
                Work("Báo cáo sơ kết việc thực hiện chương trình.", (_HALVES, _YEARS), Deliverable.REPORT),
                Work("Tổng kết chương trình.", (_AT_THE_END,), Deliverable.REPORT),
            ),
        ),
    ),
)

_RESOLUTION: Final = Skeleton(
    1,
    (
        Part(
            "Học tập, quán triệt",
            (
                Work("Tổ chức hội nghị học tập, quán triệt nghị quyết cho cán bộ chủ chốt.", (_within(3),)),
                Work("Tổ chức học tập, quán triệt nghị quyết đến đoàn viên.", (_within(4),)),
            ),
        ),
        Part("Tuyên truyền", (Work("Tuyên truyền nội dung nghị quyết trên các kênh của Đoàn.", (_ALWAYS,)),)),
        Part(
            "Kiểm điểm, tự phê bình và phê bình",
            (
                Work("Tổng hợp ý kiến góp ý cho tập thể và cá nhân.", (_before(30, 8),), Deliverable.REPORT),
                Work("Tổ chức kiểm điểm tập thể và cá nhân.", (_before(25, 9),)),
                Work("Báo cáo kết quả kiểm điểm và thông báo tiếp thu góp ý.", (_before(30, 9),), Deliverable.REPORT),
            ),
        ),
        Part(
            "Tổ chức thực hiện",
            (
                Work("Xây dựng kế hoạch thực hiện nghị quyết của đơn vị.", (_within(3),), Deliverable.REPORT),
                Work("Báo cáo kết quả thực hiện nghị quyết.", (_HALVES, _YEARS), Deliverable.REPORT),
            ),
        ),
    ),
)

_FOCUS: Final = Skeleton(
    0,
    (
        Part("Thực hiện các nhiệm vụ tập trung"),
        Part("Thực hiện các nhiệm vụ đột phá"),
        Part(
            "Tổ chức thực hiện",
            (
                Work("Chọn nhiệm vụ phù hợp và xây dựng kế hoạch của đơn vị.", (_within(3),), Deliverable.REPORT),
                Work("Sơ kết, đánh giá việc thực hiện các nhiệm vụ.", (_HALVES,), Deliverable.REPORT),
                Work("Báo cáo kết quả thực hiện trong năm.", (_YEARS,), Deliverable.REPORT),
                Work("Phản ánh khó khăn, vướng mắc về Thường trực để chỉ đạo kịp thời.", (_ALWAYS,)),
            ),
        ),
    ),
)

SKELETONS: Final[dict[PlanKind, Skeleton]] = {
    PlanKind.SHORTCOMING_REMEDIATION: _REMEDIES,
    PlanKind.INSPECTION_FIELD_TRIP: _INSPECTIONS,
    PlanKind.PROGRAMME_MULTI_YEAR: _PROGRAMME,
    PlanKind.RESOLUTION_IMPLEMENTATION: _RESOLUTION,
    PlanKind.FOCUS_TASKS: _FOCUS,
}


def usual_period(kind: PlanKind, year: int) -> tuple[dt.date, dt.date | None]:
    """Return the first and last day of a plan of a kind that begins in `year`; no last day: open end."""
    skeleton = SKELETONS.get(kind)
    years = skeleton.years if skeleton else 1
    return dt.date(year, 1, 1), dt.date(year + years - 1, *YEAR_END) if years else None


def days_of(promise: Promise, *, start: dt.date, end: dt.date | None) -> tuple[dt.date | None, dt.date | None]:
    """Return the first and last day of a commitment in a plan from `start` to `end`."""
    if promise.by is None:
        return None, None
    year = (end or start).year if promise.in_last_year else start.year
    if promise.in_last_year and end:
        return None, end
    day = dt.date(year, *promise.by)
    if promise.kind == Kind.WITHIN_MONTH:
        following = (day + dt.timedelta(days=4)).replace(day=1)  # `by` names the 28th
        return day.replace(day=1), following - dt.timedelta(days=1)
    return None, day - dt.timedelta(days=1) if promise.exclusive else day
