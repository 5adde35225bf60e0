"""Every acceptance point of the five plans has a test, found by its name in this package."""

import re
from importlib import import_module
from pkgutil import iter_modules

import pytest

from tests import acceptance

#: How many points each plan has: 62 in all.
POINTS = {"000": 13, "001": 12, "002": 12, "003": 11, "004": 14}


def points_tested(plan: str) -> set[int]:
    """Return the points of a plan that have a test in a module named after the plan."""
    modules = [m.name for m in iter_modules(acceptance.__path__) if re.fullmatch(rf"test_\w*{plan}\w*", m.name)]
    names = [name for module in modules for name in dir(import_module(f"{acceptance.__name__}.{module}"))]
    return {int(match[1]) for name in names if (match := re.match(r"test_point_(\d\d)_", name))}


@pytest.mark.parametrize(("plan", "points"), POINTS.items())
def test_every_point_has_a_test(plan: str, points: int) -> None:
    assert points_tested(plan) == set(range(1, points + 1))
