"""How well the real plans are read: `python -m tests.benchmarks.scores`, a step of `start.py check`.

Runs the scorer that lies beside the project over `manage.py read_plan`, prints a line a measure and fails where one
falls below its least. Where neither `../shared` nor the folder in SHARED_DIR exists it says "skipped" and passes.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests import real_plans

LEAST = {
    "header": 1.00,
    "references": 0.97,
    "shortcomings": 1.00,
    "solutions": 0.95,
    "deadlines_found": 0.97,
    "deadlines_exact": 0.95,
    "indicators": 0.90,
    "assignments": 0.85,
}
PLANS = 5


class ScorerError(Exception):
    """The scorer ended without figures; the message holds what it said."""


def figures(scorer: Path, plans: Path, keys: Path) -> dict[str, Any]:
    """Return what the scorer finds out about `manage.py read_plan`."""
    command = [sys.executable, str(scorer), str(plans), str(keys), "--json", "--", sys.executable, "manage.py"]
    run = subprocess.run(
        [*command, "read_plan"], capture_output=True, encoding="utf-8", cwd=real_plans.ROOT, check=False
    )
    try:
        return dict(json.loads(run.stdout))
    except ValueError as error:
        raise ScorerError(
            (run.stderr or run.stdout).strip() or f"the scorer ended with code {run.returncode}"
        ) from error


def shortfalls(found: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is not good enough: a measure below its least or missing, a plan not read or not there."""
    for name, least in LEAST.items():
        value = found["f1"].get(name)
        if value is None:
            yield f"{name} is missing"
        elif value < least:
            yield f"{name} {value:.3f} < {least:.2f}"
    if len(found["documents"]) < PLANS:
        yield f"{len(found['documents'])} plans of {PLANS} were scored"
    yield from found["failures"]


def table(found: Mapping[str, Any]) -> Iterator[str]:
    """Yield a line a measure: all plans together, the least it may be, and each plan."""
    names = [name[:3] for name in found["documents"]]
    yield f"{'measure':<17}{'F1':>7}{'least':>7}  " + "".join(f"{name:>7}" for name in names)
    for measure, value in found["f1"].items():
        each = (scores.get(measure) for scores in found["documents"].values())
        least = f"{LEAST[measure]:.2f}" if measure in LEAST else ""
        cells = "".join(f"{'' if score is None else f'{score:.3f}':>7}" for score in each)
        yield f"{measure:<17}{value:>7.3f}{least:>7}  {cells}"


def main(shared: Path = real_plans.SHARED) -> int:
    """Score, print and judge; 0 also where there is nothing to score."""
    if not shared.is_dir():
        print(f"skipped: {real_plans.absence(shared)}")
        return 0
    scorer = shared / "reading" / real_plans.SCORER.name
    try:
        found = figures(scorer, shared / real_plans.PLANS.name, shared / "reading" / real_plans.KEYS.name)
    except ScorerError as error:
        print(f"FAILED: {error}")
        return 1
    print("\n".join(table(found)))
    if short := list(shortfalls(found)):
        print(f"FAILED: {'; '.join(short)}\nWhat was missed: {os.path.relpath(scorer)} … --misses")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
