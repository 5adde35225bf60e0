"""Search in lists: words begin words, with or without accents, in the work, the unit or the plan."""

import pytest

from plans.models import Deadline, Solution
from tests.cast import Cast
from tests.factories import make_deadline, make_published_plan


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("công nhận", True),
        ("cong nhan", True),
        ("CONG NHAN chi doan", True),
        ("binh minh", True),  # the unit
        ("118", True),  # the plan's number
        ("khac phuc", True),  # the plan's title
        ("hoa", False),  # only inside other words
        ("ong nhan", False),
        ("cong nhan vang", False),
    ],
)
def test_words_find_the_work_its_unit_and_its_plan(cast: Cast, words: str, found: bool) -> None:  # noqa: FBT001  # a case
    plan = make_published_plan(cast.province, symbol="118-KH/TĐTN", title="Khắc phục hạn chế")
    Solution.objects.bulk_create([Solution(plan=plan, ordinal=1, text="Công nhận chi đoàn vững mạnh, khoan dung")])
    make_deadline(cast.district, plan=plan, solution=plan.solutions.get())
    assert Deadline.objects.matching(words).exists() is found
