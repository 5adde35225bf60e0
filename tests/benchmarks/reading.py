"""How fast a plan is read: `python -m tests.benchmarks.reading`; fails where one of the limits is passed.

Each real plan, where they are, start-up left out; then one text at three lengths, each ten times the one before, up
to what the reader takes at all. Processor time, the least of some readings: what else the machine does hardly counts.
"""

import sys
import time
from collections.abc import Callable, Iterator

from plans.reading.reader import read_bytes, read_text
from plans.reading.readers import MAX_FILLED, MAX_TEXT_BYTES
from tests import real_plans
from tests.plans.reading import samples

PLAN_SECONDS = 0.25
GROWTH = 12  # times the time for ten times the text
TIMES = (15, 150, 1500)
FULLER = " Các đơn vị cử người theo dõi, gửi số liệu về Văn phòng trước ngày 25 hằng tháng."


def longer(times: int) -> str:
    """Return a plan with its middle so many times over, its lines long enough for as much text as is read at all."""
    head, _, rest = samples.UNION_REMEDIATION.partition("III. GIẢI PHÁP")
    middle, _, tail = rest.partition("Trên đây")
    middle = "\n".join(line + FULLER if line.startswith("- ") else line for line in middle.split("\n"))
    return head + ("III. GIẢI PHÁP" + middle) * times + "Trên đây" + tail


def seconds(read: Callable[[], object], readings: int) -> float:
    """Return the least processor time of some readings."""
    taken = []
    for _ in range(readings):
        start = time.process_time()
        read()
        taken.append(time.process_time() - start)
    return min(taken)


def slow_plans() -> Iterator[str]:
    """Print the seconds of each real plan; yield those that are too slow."""
    if not real_plans.PLANS.is_dir():
        print(f"skipped: {real_plans.absence()}")
    for file in sorted(real_plans.PLANS.glob("*.txt")):
        data, name = file.read_bytes(), file.name
        taken = seconds(lambda data=data, name=name: read_bytes(data, name), 3)  # type: ignore[misc] # its default binds the loop's value
        print(f"{len(data):>9} bytes {taken:>7.3f} s   {name[:3]}, at most {PLAN_SECONDS:.2f} s")
        if taken > PLAN_SECONDS:
            yield f"{name[:3]} takes {taken:.2f} s"


def growth() -> Iterator[str]:
    """Print the time of each length and how it grew; yield where it grew faster than the text."""
    before = 0.0
    for times in TIMES:
        text = longer(times)
        size = len(text.encode())
        assert size <= MAX_TEXT_BYTES
        assert sum(map(bool, text.split("\n"))) <= MAX_FILLED
        taken = seconds(lambda text=text: read_text(text), 3 if times < TIMES[-1] else 1)  # type: ignore[misc] # as above
        note = f"   {taken / before:.1f} x the time, at most {GROWTH}" if before else ""
        print(f"{size:>9} bytes {taken:>7.3f} s{note}")
        if before and taken > GROWTH * before:
            yield f"ten times the text takes {taken / before:.1f} x the time"
        before = taken


def main() -> int:
    """Measure both; 1 where a limit is passed."""
    read_text(longer(1))
    faults = [*slow_plans(), *growth()]
    if faults:
        print(f"FAILED: {'; '.join(faults)}")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
