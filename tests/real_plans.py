"""Where the real plans, their answer keys and the scorer lie: beside the project, never in it."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("SHARED_DIR") or ROOT.parent / "shared")
PLANS = SHARED / "real-plans"
KEYS = SHARED / "reading" / "keys"
SCORER = SHARED / "reading" / "measure_reading.py"


def absence(folder: Path = SHARED) -> str:
    """Say that nothing lies at `folder` and what cures it."""
    return f"the real plans are not beside the project: nothing at {folder}; put them there or set SHARED_DIR"
