"""Whether reading is linear: `python -m tests.benchmarks.reading` reads one text at three lengths."""

import time

from plans.reading.reader import read_text
from tests.plans.reading import samples

SIZES = (20, 200, 1000)  # times the middle of a sample plan: about 18 kB, 170 kB, 820 kB


def longer(times: int) -> str:
    """Return a plan with its middle so many times over."""
    head, _, rest = samples.UNION_REMEDIATION.partition("III. GIẢI PHÁP")
    middle, _, tail = rest.partition("Trên đây")
    return head + ("III. GIẢI PHÁP" + middle) * times + "Trên đây" + tail


def seconds(text: str) -> float:
    """Return the least CPU time of three readings of `text`."""
    taken = []
    for _ in range(3):
        start = time.process_time()
        read_text(text)
        taken.append(time.process_time() - start)
    return min(taken)


def main() -> None:
    """Print a line a size."""
    read_text(longer(1))
    first: float | None = None
    for times in SIZES:
        text = longer(times)
        taken = seconds(text)
        each = taken / len(text)
        first = first or each
        print(f"{len(text.encode()):>9} bytes {taken:>7.2f} s   {each / first:>5.2f} x a character of the first")


if __name__ == "__main__":
    main()
