"""Whom a number counts, under which conditions, and who gives results; the sentences are of no real plan."""

from __future__ import annotations

import pytest

from plans.reading.drafts import DraftIndicator, Span
from plans.reading.targets import CONDITIONS_UNSURE, Target, conditions_in, target_of


@pytest.mark.parametrize(
    ("words", "conditions", "sure"),
    [
        (
            " cán bộ Đoàn có bằng đại học và trình độ trung cấp lý luận chính trị trở lên.",
            ("có bằng đại học", "trình độ trung cấp lý luận chính trị trở lên"),
            True,
        ),
        (
            " bí thư bảo đảm tiêu chuẩn về trình độ chuyên môn (cao đẳng, đại học); trình độ ngoại ngữ (bậc 2).",
            ("trình độ chuyên môn (cao đẳng, đại học)", "trình độ ngoại ngữ (bậc 2)"),
            True,
        ),
        (
            " đoàn viên đạt các tiêu chí: có việc làm, có thu nhập ổn định, hoàn thành trong năm.",
            ("có việc làm", "có thu nhập ổn định"),
            True,
        ),
        (
            " báo cáo viên có bằng đại học; nắm vững địa bàn.",
            ("có bằng đại học", "nắm vững địa bàn"),
            False,
        ),
        (" cán bộ có kinh nghiệm và được tín nhiệm.", ("có kinh nghiệm", "được tín nhiệm"), False),
        (" đoàn viên được học tập và quán triệt nghị quyết.", (), True),
        (" chi đoàn duy trì sinh hoạt đúng định kỳ.", (), True),
        (" cán bộ có bằng đại học.", (), True),
        (" đoàn viên có sổ, lấy đó làm căn cứ và có nhận xét.", (), True),
        ("", (), True),
    ],
)
def test_the_conditions_of_one_sentence(words: str, conditions: tuple[str, ...], sure: bool) -> None:  # noqa: FBT001
    assert conditions_in(words) == (conditions, "" if sure else CONDITIONS_UNSURE)


def target(text: str, value: float, unit: str = "%") -> Target:
    return target_of(DraftIndicator(text, "=", value, unit, "none", Span(0, 0, len(text))), text)


@pytest.mark.parametrize(
    ("text", "value", "unit", "kinds"),
    [
        ("Các huyện, thị, thành đoàn mở ít nhất 02 lớp kỹ năng.", 2.0, "lớp kỹ năng", [("district",)]),
        ("100% chi đoàn có sổ chi đoàn điện tử.", 100.0, "%", [("branch",)]),
        ("Có 90% Bí thư Đoàn xã, phường đạt chuẩn.", 90.0, "%", [("grassroots",)]),
        ("100% đoàn viên đăng ký chương trình rèn luyện.", 100.0, "%", []),
        ("Trồng 1.500 cây xanh.", 1500.0, "cây xanh", []),
    ],
)
def test_who_gives_results(text: str, value: float, unit: str, kinds: list[tuple[str, ...]]) -> None:
    assert [party.kinds for party in target(text, value, unit).actors] == kinds


def test_units_listed_before_the_number_all_give_results() -> None:
    found = target("Huyện đoàn An Phú và Thị đoàn Bình Sơn thành lập ít nhất 03 tổ.", 3.0, "tổ")
    assert [party.name for party in found.actors] == ["Huyện đoàn An Phú", "Thị đoàn Bình Sơn"]
    assert (found.is_share, found.audience) == (False, "")


def test_a_share_names_whom_it_counts() -> None:
    assert target("Phấn đấu 95% chi đoàn ở khu dân cư sinh hoạt đều.", 95.0).audience == "chi đoàn ở khu dân cư"
    assert target("Đạt 80%", 80.0).audience == ""


def test_a_number_in_another_year_or_without_a_sign_is_not_taken_for_the_share() -> None:
    found = target("Năm 2026 có 100 chi đoàn, trong đó 100% chi đoàn có bí thư là đảng viên.", 100.0)
    assert [party.kinds for party in found.actors] == [("branch",)]


@pytest.mark.parametrize(
    ("text", "value", "unit", "measured"),
    [
        ("Trao ít nhất 05 suất học bổng cho học sinh.", 5.0, "suất học bổng", "suất học bổng"),
        ("Xây dựng 02 công trình thanh niên cấp tỉnh.", 2.0, "công trình thanh", "công trình thanh niên"),
        ("Đi cơ sở tối thiểu 60 ngày làm việc trong năm.", 60.0, "ngày làm việc", "ngày làm việc"),
        ("Phấn đấu huyện An Phú đạt chuẩn.", 1.0, "huyện", "huyện"),
        ("Theo phương châm 1 + 1, mỗi đoàn viên giúp ít nhất một thanh niên.", 1.0, "thanh niên", "thanh niên"),
    ],
)
def test_what_is_counted(text: str, value: float, unit: str, measured: str) -> None:
    assert target(text, value, unit).measured == measured
