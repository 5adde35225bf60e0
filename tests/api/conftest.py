"""The scene of the access tests, and empty counters."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from tests.test_access import scene

__all__ = ["scene"]


@pytest.fixture(autouse=True)
def _no_counts() -> None:
    cache.clear()
