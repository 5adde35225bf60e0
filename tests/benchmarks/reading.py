"""How fast a plan is read: `python -m tests.benchmarks.reading`; fails where one of the limits is passed.

Each real plan, where they are, start-up left out; then the invented plans' lines as one text at three lengths, each
ten times the one before, up to what the reader takes at all; then texts of that length which are made to be slow. No
two lines are the same, nor is a text read twice: what the reader remembers of a line helps nothing. Processor time.
"""

import itertools
import re
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial

from plans.reading.reader import read_bytes, read_text
from plans.reading.readers import MAX_FILLED, MAX_TEXT_BYTES
from tests import real_plans
from tests.plans.reading.agreement import FOLDER

PLAN_SECONDS = 0.25
LONGEST_SECONDS = 5
GROWTH = 12  # times the time for ten times the text
SIZES = (20_000, 200_000, 2_000_000)
LEAST_WORDS = 40  # characters: shorter lines are heads, recipients and signatures
END = re.compile(r"Nơi nhận|Trên đây|(?:TM|KT|TL|T/M|K/T)\b")  # what follows is no work
HEAD = "KẾ HOẠCH\nThử\n\nI. GIẢI PHÁP\n"
SLOW = (
    "01/02/2026 ", "trước ngày 01/02/2026, ", "tháng ", "tháng 1, 2, 3 và ", "(", "1 2 ", "1% ", "Sở Y tế, Ban A - B ",
    "12/KH-UBND ngày 01/02/2026 ", "hằng tháng; ", "mỗi xã a ", "chủ trì, phối hợp với Sở Y tế ",
    "Sở Y tế tổ chức, ", "Đơn vị chủ trì: Sở Y tế. ", "…", "; ",
)  # fmt: skip
READINGS = 3
LINES = ((130, "- "), (9_900, "- "), (130, ""))  # how long and after which mark; lines without one are joined


def plan(size: int, series: int) -> str:
    """Return a plan of about `size` bytes made of the lines of the invented plans, each with a number of its own."""
    files = [file.read_text(encoding="utf-8").split("\n") for file in sorted(FOLDER.glob("*.txt"))]
    words = itertools.cycle(line.strip() for lines in files for line in lines if len(line) > LEAST_WORDS)
    return filled(size, (f"- {line} Mục {series}.{n}." for n, line in enumerate(words) if not END.match(line)))


def slow(piece: str, width: int, mark: str, series: int) -> str:
    """Return a text of nothing but `piece`, in lines of `width` characters after `mark`, as long as is read at all."""
    line = (piece * width)[: width - 14]
    return filled(MAX_TEXT_BYTES, (f"{mark}{n} {line} {series}" for n in itertools.count()))


def filled(size: int, lines: Iterator[str]) -> str:
    """Return the first of `lines` under a heading, as many as `size` bytes hold and the reader reads."""
    kept, left = [], size - len(HEAD.encode())
    for line in itertools.islice(lines, MAX_FILLED - len(HEAD.split())):
        left -= len(line.encode()) + 1
        if left < 0:
            break
        kept.append(line)
    return HEAD + "\n".join(kept)


def seconds(read: Callable[[], object]) -> float:
    """Return the processor time of a reading."""
    start = time.process_time()
    read()
    return time.process_time() - start


def slow_plans() -> Iterator[str]:
    """Print the seconds of each real plan; yield those that are too slow."""
    if not real_plans.PLANS.is_dir():
        print(f"skipped: {real_plans.absence()}")
    for file in sorted(real_plans.PLANS.glob("*.txt")):
        data, name = file.read_bytes(), file.name
        taken = seconds(partial(read_bytes, data, name))
        print(f"{len(data):>9} bytes {taken:>7.3f} s   {name[:3]}, at most {PLAN_SECONDS:.2f} s")
        if taken > PLAN_SECONDS:
            yield f"{name[:3]} takes {taken:.2f} s"


def growth() -> Iterator[str]:
    """Print the time of each length and how it grew; yield where it grew faster than the text or takes too long."""
    before = 0.0
    for size in SIZES:
        taken = min(seconds(partial(read_text, plan(size, series))) for series in range(READINGS))
        note = f"   {taken / before:.1f} x the time, at most {GROWTH}" if before else ""
        print(f"{size:>9} bytes {taken:>7.3f} s{note}")
        if before and taken > GROWTH * before:
            yield f"ten times the text takes {taken / before:.1f} x the time"
        before = taken
    if before > LONGEST_SECONDS:
        yield f"the longest plan takes {before:.1f} s"


def hostile() -> Iterator[str]:
    """Print the time of each text made to be slow; yield those that take too long."""
    for piece, (width, mark) in itertools.product(SLOW, LINES):
        taken = seconds(partial(read_text, slow(piece, width, mark, 0)))
        for series in range(1, READINGS):  # once more: another program may have been in its way
            if taken > LONGEST_SECONDS:
                taken = min(taken, seconds(partial(read_text, slow(piece, width, mark, series))))
        what = f"{piece!r} in {'items' if mark else 'lines'} of {width}"
        print(f"{MAX_TEXT_BYTES:>9} bytes {taken:>7.3f} s   {what}, at most {LONGEST_SECONDS} s")
        if taken > LONGEST_SECONDS:
            yield f"{what} takes {taken:.1f} s"


def main() -> int:
    """Measure all; 1 where a limit is passed."""
    read_text(plan(SIZES[0], READINGS))
    faults = [*slow_plans(), *growth(), *hostile()]
    if faults:
        print(f"FAILED: {'; '.join(faults)}")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
