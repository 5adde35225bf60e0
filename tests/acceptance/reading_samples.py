"""Where the real plans lie and what the reader makes of them; tests skip where they are absent."""

from functools import cache
from pathlib import Path

import pytest

from plans.reading.drafts import DraftPlan
from plans.reading.reader import read_bytes

REAL_PLANS = Path(__file__).resolve().parents[3] / "shared" / "real-plans"


@cache
def real_plan(number: str) -> DraftPlan:
    """Return the draft of the real plan whose file name begins with `number`; skip the test without it."""
    files = sorted(REAL_PLANS.glob(f"{number}_*.txt"))
    if not files:
        pytest.skip("the real plans are not beside the project (../shared/real-plans)")
    return read_bytes(files[0].read_bytes(), files[0].name)
